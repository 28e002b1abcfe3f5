// Owns the loop: fetch, decode, and the fast path of every instruction. Must never call itself, nor enter a native that
// could. All other cases go to a `…Slow` function, which returns an action (call.ts).
//
// pc and fp live in locals; a slow path that needs them in the VM block writes them there. `run` has exactly one br_table
// (checked on the built wasm), and stays under 40 KB: cold bodies belong elsewhere.
import {
  addressOf, asDouble, asInt, boxBool, boxDoubleRaw, boxInt, boxNumber, boxObject, boxString, boxSymbol, boxU32, CALL, EXCEPTION, FALSE,
  HOLE, INT_BITS, isBoolean, isCell, isDouble, isInt, isNullish, isNumber, isObject, NULL, RETRY, toDouble, TRUE, UNDEFINED, Value,
} from "../core/value";
import { throwNamed, throwValue } from "../errors/throw";
import { intrinsic, Prelude } from "../generated/intrinsics";
import { ELEMENTS_LENGTH, ENV_SIZE, FUNCTION_CODE, FUNCTION_ENV, Kind } from "../generated/kinds";
import {
  ErrorKind, RECORD_SIZE, RecordKind, STACK_SLACK, VM_CSP, VM_EPOCH, VM_FP, VM_FUEL, VM_NEW_TARGET_LOW, VM_PC, VM_STACK_DEPTH_LIMIT,
  VM_STACK_END,
} from "../generated/layout";
import { MAX_TRUSTED_WORDS, Op } from "../generated/opcodes";
import { TAG_OBJECT } from "../generated/values";
import { CACHE_EPOCH, CACHE_HOLDER, CACHE_OFFSET, CACHE_SHAPE, CODE_ENTRY, codeClears, codeParameters, codeRegisters } from "../heap/code";
import { kindOf, sizeOf } from "../heap/memory";
import { RECORD_ARGC, RECORD_FLAGS, RECORD_KIND } from "../heap/record";
import { elementAt, elementsOf } from "../objects/elements";
import { newClosure } from "../objects/function";
import { ABSENT_PROPERTY } from "../objects/lookup";
import { newArray, newPlainObject, OBJECT_SLOTS } from "../objects/object";
import { prototypeOf } from "../objects/shape";
import { setTypedElementSlow, typedElementSlow } from "../objects/typed";
import { toBoolean } from "../primitives/convert";
import { newSymbol, SYMBOL_PRIVATE } from "../strings/atom";
import {
  delElemSlow, deleteGlobalSlow, getElemSlow, getGlobalSlow, getPropSlow, getSuperSlow, setElemSlow, setGlobalSlow, setPropSlow,
  setSuperSlow,
} from "./access";
import { CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC, damaged, damagedSlot } from "./action";
import { addSlow, branchSlow, compareSlow, concatSlow, numericSlow, toKeySlow, toStringSlow, typeofValue, unarySlow } from "./arithmetic";
import { callArea, callNativeOf, callPrelude2, constructArea, tryAgain } from "./call";
import {
  arrPushSlow, checkGlobalSlow, copyEnvironment, ctorResultSlow, declareFunction, declareLexical, declareVar, defElemSlow, defFieldSlow,
  defMethodSlow, defPrivMethodSlow, defPrivSlow, defProtoSlow, findPrivate, getPrivSlow, initializeLexical, makeArguments, newClassSlow,
  newEnvironment, notSearchable, objRestSlow, restArguments, runFieldsSlow, setFieldsSlow, setHomeSlow, setNameSlow, setPrivSlow,
  thisNotReady,
} from "./definitions";
import { frameEnd, payForLoopSlow } from "./frame";
import { asyncReturnSlow, asyncStartSlow, asyncThrowSlow, awaitSlow, genStartSlow, yieldResultSlow, yieldSlow } from "./generator";
import { arrSpreadSlow, forInNextSlow, forInSlow, forNextSlow, getIterSlow, iterCloseSlow, iterRestSlow, iterStepSlow } from "./iterate";
import { safepointSlow, stressCollect } from "./limits";
import {
  checkObjectSlow, helperSlow, importCallSlow, importMetaSlow, newRegExpSlow, requireObjectSlow, thisSloppy, throwConstantSlow,
} from "./rare";
import { inSlow, instanceofSlow } from "./relational";
import { returnSlow } from "./return";
import { afterSignal } from "./signal";
import { spreadArguments } from "./spread";
import { canReuseFrame, isTailDeep, tailCallSlow } from "./tail-call";

/** Takes one unit of fuel; true if a safepoint is due (the counter went below zero). */
// @ts-ignore: decorator
@inline
function takeFuel(): bool {
  const left = load<i32>(VM_FUEL) - 1;
  store<i32>(VM_FUEL, left);
  return left < 0;
}

/** Environment `depth` parents above the one the function at fp closed over; 0 if the chain is shorter. */
// @ts-ignore: decorator
@inline
function outerEnvironment(fp: usize, depth: u32): usize {
  let env = <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_ENV);
  for (let i = depth; i > 0; i--) env = <usize>load<u32>(env);
  return env;
}

/** The environment a register holds, or 0. */
// @ts-ignore: decorator
@inline
function environmentIn(v: Value): usize {
  return isCell(v) ? addressOf(v) : 0;
}

/** The address of a slot, checked: a resumed snapshot's registers may hold any value. */
// @ts-ignore: decorator
@inline
function envSlot(env: usize, slot: u32): usize {
  if (kindOf(env) != Kind.ENV || ENV_SIZE + (<usize>slot << 3) >= sizeOf(env)) return damagedSlot();
  return env + ENV_SIZE + (<usize>slot << 3);
}

/**
 * Runs from VM_PC in the frame at VM_FP until the host must act; VM_STATUS has the reason. The state is then complete in memory.
 */
export function run(): void {
  let pc = <usize>load<u32>(VM_PC);
  let fp = <usize>load<u32>(VM_FP);
  while (true) {
    let act: i32 = 0;
    switch (<i32>load<u16>(pc)) {
      case Op.NOP: {
        pc += 8;
        continue;
      }
      case Op.LOADK: {
        store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(pc, 8));
        pc += 16;
        continue;
      }
      case Op.LOADI: {
        store<u64>(fp + <usize>load<u16>(pc, 2), INT_BITS | <u64>load<u32>(pc, 4));
        pc += 8;
        continue;
      }
      case Op.LOADS: {
        store<u64>(fp + <usize>load<u16>(pc, 2), UNDEFINED | <u64>load<u16>(pc, 4));
        pc += 8;
        continue;
      }
      case Op.MOVE: {
        store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(fp + <usize>load<u16>(pc, 4)));
        pc += 8;
        continue;
      }
      case Op.NEWENV: {
        store<u64>(fp + <usize>load<u16>(pc, 2), newEnvironment(load<u64>(fp + <usize>load<u16>(pc, 4)), <u32>load<u16>(pc, 6)));
        pc += 8;
        continue;
      }
      case Op.COPYENV: {
        store<u64>(fp + <usize>load<u16>(pc, 2), copyEnvironment(load<u64>(fp + <usize>load<u16>(pc, 4))));
        pc += 8;
        continue;
      }
      case Op.CALLEEENV: {
        const env = load<u32>(addressOf(load<u64>(fp)), FUNCTION_ENV);
        store<u64>(fp + <usize>load<u16>(pc, 2), env == 0 ? UNDEFINED : 0xfffffffc_00000000 | <u64>env);
        pc += 8;
        continue;
      }
      case Op.GETENV: {
        store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(envSlot(environmentIn(load<u64>(fp + <usize>load<u16>(pc, 4))), <u32>load<u16>(pc, 6))));
        pc += 8;
        continue;
      }
      case Op.SETENV: {
        store<u64>(envSlot(environmentIn(load<u64>(fp + <usize>load<u16>(pc, 4))), <u32>load<u16>(pc, 6)), load<u64>(fp + <usize>load<u16>(pc, 2)));
        pc += 8;
        continue;
      }
      case Op.GETUP: {
        store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(envSlot(outerEnvironment(fp, <u32>load<u16>(pc, 4)), <u32>load<u16>(pc, 6))));
        pc += 8;
        continue;
      }
      case Op.SETUP: {
        store<u64>(envSlot(outerEnvironment(fp, <u32>load<u16>(pc, 4)), <u32>load<u16>(pc, 6)), load<u64>(fp + <usize>load<u16>(pc, 2)));
        pc += 8;
        continue;
      }
      case Op.CHECKTDZ: {
        if (load<u64>(fp + <usize>load<u16>(pc, 2)) != HOLE) {
          pc += 16;
          continue;
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = afterSignal(throwNamed(ErrorKind.ReferenceError, "Cannot access '", <usize>load<u32>(pc, 8), "' before initialization"), pc, fp);
        break;
      }
      case Op.CHECKTHIS: {
        if (load<u64>(fp + <usize>load<u16>(pc, 2)) != HOLE) {
          pc += 8;
          continue;
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = thisNotReady(pc, fp);
        break;
      }
      case Op.THROWCONST:
      case Op.THROWERROR: {
        act = throwConstantSlow(pc, fp);
        break;
      }

      // --- globals
      case Op.GETGLOBAL: {
        const cache = pc + <usize>load<u32>(pc, 12);
        const holder = <usize>load<u32>(cache, CACHE_HOLDER);
        if (load<u32>(cache, CACHE_SHAPE) != 0 && load<u32>(holder) == load<u32>(cache, CACHE_SHAPE) && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
          const offset = load<i32>(cache, CACHE_OFFSET);
          const v = load<u64>(offset & 1 ? <usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - 1) : holder + <usize>offset);
          if (v != HOLE) {
            store<u64>(fp + <usize>load<u16>(pc, 2), v);
            pc += 16;
            continue;
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = getGlobalSlow(pc, fp, false);
        break;
      }
      case Op.TYPEOFGLOBAL: {
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = getGlobalSlow(pc, fp, true);
        break;
      }
      case Op.SETGLOBAL: {
        const cache = pc + <usize>load<u32>(pc, 12);
        const holder = <usize>load<u32>(cache, CACHE_HOLDER);
        if (load<u32>(cache, CACHE_SHAPE) != 0 && load<u32>(holder) == load<u32>(cache, CACHE_SHAPE) && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
          const offset = load<i32>(cache, CACHE_OFFSET);
          const at = offset & 1 ? <usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - 1) : holder + <usize>offset;
          if (load<u64>(at) != HOLE) {
            store<u64>(at, load<u64>(fp + <usize>load<u16>(pc, 2)));
            pc += 16;
            continue;
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = setGlobalSlow(pc, fp);
        break;
      }
      case Op.CHECKVAR: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = checkGlobalSlow(pc, fp, 0); break; }
      case Op.CHECKFN: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = checkGlobalSlow(pc, fp, 1); break; }
      case Op.CHECKLEX: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = checkGlobalSlow(pc, fp, 2); break; }
      case Op.DECLVAR: {
        declareVar(<usize>load<u32>(pc, 8));
        pc += 16;
        continue;
      }
      case Op.DECLFN: {
        declareFunction(<usize>load<u32>(pc, 8), load<u64>(fp + <usize>load<u16>(pc, 2)));
        pc += 16;
        continue;
      }
      case Op.DECLLEX: {
        declareLexical(<usize>load<u32>(pc, 8), load<u16>(pc, 2));
        pc += 16;
        continue;
      }
      case Op.INITLEX: {
        initializeLexical(<usize>load<u32>(pc, 8), load<u64>(fp + <usize>load<u16>(pc, 2)));
        pc += 16;
        continue;
      }

      // --- operators
      case Op.ADD: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          const s = <i64>asInt(l) + <i64>asInt(r);
          store<u64>(fp + <usize>load<u16>(pc, 2), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(toDouble(l) + toDouble(r)));
          pc += 8;
          continue;
        }
        act = addSlow(pc, fp, l, r);
        break;
      }
      case Op.SUB: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          const s = <i64>asInt(l) - <i64>asInt(r);
          store<u64>(fp + <usize>load<u16>(pc, 2), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(toDouble(l) - toDouble(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SUB, l, r);
        break;
      }
      case Op.ADDI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          const s = <i64>asInt(l) + <i64>load<i16>(pc, 6);
          store<u64>(fp + <usize>load<u16>(pc, 2), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(asDouble(l) + <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = addSlow(pc, fp, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SUBI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          const s = <i64>asInt(l) - <i64>load<i16>(pc, 6);
          store<u64>(fp + <usize>load<u16>(pc, 2), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(asDouble(l) - <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SUB, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.MUL: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          const p = <i64>asInt(l) * <i64>asInt(r);
          if (p != 0 && p == <i64><i32>p) {
            store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(<i32>p));
            pc += 8;
            continue;
          }
        }
        if (isNumber(l) && isNumber(r)) {
          const product = toDouble(l) * toDouble(r);
          store<u64>(fp + <usize>load<u16>(pc, 2), product == 0 ? boxNumber(product) : boxDoubleRaw(product));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MUL, l, r);
        break;
      }
      case Op.MULI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          const p = <i64>asInt(l) * <i64>load<i16>(pc, 6);
          if (p != 0 && p == <i64><i32>p) {
            store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(<i32>p));
            pc += 8;
            continue;
          }
        }
        if (isNumber(l)) {
          const product = toDouble(l) * <f64>load<i16>(pc, 6);
          store<u64>(fp + <usize>load<u16>(pc, 2), product == 0 ? boxNumber(product) : boxDoubleRaw(product));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MUL, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.DIV: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxNumber(toDouble(l) / toDouble(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.DIV, l, r);
        break;
      }
      case Op.DIVI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isNumber(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxNumber(toDouble(l) / <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.DIV, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.MOD: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS && asInt(l) >= 0 && asInt(r) > 0) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) % asInt(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MOD, l, r);
        break;
      }
      case Op.MODI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l) && asInt(l) >= 0) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) % <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MOD, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.EXP: {
        act = numericSlow(pc, fp, Op.EXP, load<u64>(fp + <usize>load<u16>(pc, 4)), load<u64>(fp + <usize>load<u16>(pc, 6)));
        break;
      }
      case Op.BITAND: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) & asInt(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITAND, l, r);
        break;
      }
      case Op.BITANDI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) & <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITAND, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.BITOR: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) | asInt(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITOR, l, r);
        break;
      }
      case Op.BITORI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) | <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        // Doubles outside the i64 range (whose conversion would saturate), NaN and other values take the slow path.
        if (isDouble(l) && abs<f64>(asDouble(l)) < 9223372036854775808.0) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(<i32><i64>asDouble(l) | <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITOR, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.BITXOR: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) ^ asInt(r)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITXOR, l, r);
        break;
      }
      case Op.BITXORI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) ^ <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITXOR, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SHL: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) << ((asInt(r)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SHL, l, r);
        break;
      }
      case Op.SHLI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) << ((<i32>load<i16>(pc, 6)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SHL, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SHR: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) >> ((asInt(r)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SHR, l, r);
        break;
      }
      case Op.SHRI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(l) >> ((<i32>load<i16>(pc, 6)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.SHR, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.USHR: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxU32(<u32>asInt(l) >> (<u32>(asInt(r)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.USHR, l, r);
        break;
      }
      case Op.USHRI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxU32(<u32>asInt(l) >> (<u32>(<i32>load<i16>(pc, 6)) & 31)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.USHR, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) < asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) < toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LT_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) < asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) < toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LT_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) < asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) < toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LT_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) < asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) < toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LTI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) < <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) < <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.LT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LTI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) < <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) < <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LTI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) < <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) < <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LTI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) < <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) < <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LE: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) <= asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) <= toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) <= asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) <= toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) <= asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) <= toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) <= asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) <= toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LEI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) <= <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) <= <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.LE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LEI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) <= <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) <= <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LEI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) <= <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) <= <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.LEI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) <= <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) <= <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) > asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) > toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) > asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) > toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) > asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) > toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) > asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) > toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GTI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) > <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) > <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.GT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GTI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) > <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) > <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GTI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) > <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) > <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GTI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) > <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) > <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GE: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) >= asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) >= toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) >= asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) >= toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) >= asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) >= toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) >= asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) >= toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GEI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) >= <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) >= <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.GE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GEI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) >= <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) >= <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GEI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) >= <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) >= <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.GEI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) >= <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) >= <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.EQ: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) == asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) == toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) == asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) == toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) == asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) == toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) == asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) == toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.NE: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) != asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) != toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) != asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) != toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) != asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) != toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) != asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) != toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.SEQ: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) == asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) == toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) == asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) == toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) == asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) == toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) == asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) == toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) == <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) == <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.SEQ, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SEQI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) == <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) == <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SEQI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) == <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) == <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SEQI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) == <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) == <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SNE: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) != asInt(r)));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(toDouble(l) != toDouble(r)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) != asInt(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) != toDouble(r) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += !(asInt(l) != asInt(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += !(toDouble(l) != toDouble(r)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        const r = load<u64>(fp + <usize>load<u16>(pc, 6));
        if ((l & r) >= INT_BITS) {
          pc += asInt(l) != asInt(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isNumber(l) && isNumber(r)) {
          pc += toDouble(l) != toDouble(r) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNEI: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asInt(l) != <i32>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        if (isDouble(l)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(asDouble(l) != <f64>load<i16>(pc, 6)));
          pc += 8;
          continue;
        }
        act = compareSlow(pc, fp, Op.SNE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SNEI_JT: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) != <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) != <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SNEI_JF: {
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += !(asInt(l) != <i32>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += !(asDouble(l) != <f64>load<i16>(pc, 6)) ? 8 + (<isize>load<i32>(pc, 12) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.SNEI_LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        const l = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(l)) {
          pc += asInt(l) != <i32>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        if (isDouble(l)) {
          pc += asDouble(l) != <f64>load<i16>(pc, 6) ? 8 + (<isize>load<i16>(pc, 14) << 3) : 16;
          continue;
        }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(<i32>load<i16>(pc, 6)));
        break;
      }
      case Op.INSTANCEOF: { act = instanceofSlow(pc, fp); break; }
      case Op.IN: { act = inSlow(pc, fp); break; }
      case Op.PRIVIN: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = privateInSlow(pc, fp); break; }
      case Op.NEG: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(v) && asInt(v) != 0 && asInt(v) != i32.MIN_VALUE) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(-asInt(v)));
          pc += 8;
          continue;
        }
        if (isDouble(v)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxNumber(-asDouble(v)));
          pc += 8;
          continue;
        }
        act = unarySlow(pc, fp, Op.NEG);
        break;
      }
      case Op.PLUS:
      case Op.TONUMERIC: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isNumber(v)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), v);
          pc += 8;
          continue;
        }
        act = unarySlow(pc, fp, <i32>load<u16>(pc));
        break;
      }
      case Op.NOT: {
        store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(!toBoolean(load<u64>(fp + <usize>load<u16>(pc, 4)))));
        pc += 8;
        continue;
      }
      case Op.BITNOT: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(v)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(~asInt(v)));
          pc += 8;
          continue;
        }
        act = unarySlow(pc, fp, Op.BITNOT);
        break;
      }
      case Op.TYPEOF: {
        store<u64>(fp + <usize>load<u16>(pc, 2), typeofValue(load<u64>(fp + <usize>load<u16>(pc, 4))));
        pc += 8;
        continue;
      }
      case Op.INC: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(v) && asInt(v) != i32.MAX_VALUE) {
          store<u64>(fp + <usize>load<u16>(pc, 2), v + 1);
          pc += 8;
          continue;
        }
        if (isNumber(v)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(toDouble(v) + 1));
          pc += 8;
          continue;
        }
        act = unarySlow(pc, fp, Op.INC);
        break;
      }
      case Op.DEC: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (isInt(v) && asInt(v) != i32.MIN_VALUE) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(asInt(v) - 1));
          pc += 8;
          continue;
        }
        if (isNumber(v)) {
          store<u64>(fp + <usize>load<u16>(pc, 2), boxDoubleRaw(toDouble(v) - 1));
          pc += 8;
          continue;
        }
        act = unarySlow(pc, fp, Op.DEC);
        break;
      }
      case Op.TOKEY: { act = toKeySlow(pc, fp); break; }
      case Op.TOSTRING: { act = toStringSlow(pc, fp); break; }
      case Op.CONCAT: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = concatSlow(pc, fp); break; }

      // --- jumps
      case Op.JMP: {
        pc += <isize>load<i32>(pc, 4) << 3;
        continue;
      }
      case Op.JT: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        const taken = isBoolean(v) ? v == TRUE : toBoolean(v);
        pc += taken ? <isize>load<i32>(pc, 4) << 3 : 8;
        continue;
      }
      case Op.JF: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        const taken = isBoolean(v) ? v == FALSE : !toBoolean(v);
        pc += taken ? <isize>load<i32>(pc, 4) << 3 : 8;
        continue;
      }
      case Op.JNULLISH: {
        pc += isNullish(load<u64>(fp + <usize>load<u16>(pc, 2))) ? <isize>load<i32>(pc, 4) << 3 : 8;
        continue;
      }
      case Op.JNOTNULLISH: {
        pc += isNullish(load<u64>(fp + <usize>load<u16>(pc, 2))) ? 8 : <isize>load<i32>(pc, 4) << 3;
        continue;
      }
      case Op.JUNDEF: {
        pc += load<u64>(fp + <usize>load<u16>(pc, 2)) == UNDEFINED ? <isize>load<i32>(pc, 4) << 3 : 8;
        continue;
      }
      case Op.JNOTUNDEF: {
        pc += load<u64>(fp + <usize>load<u16>(pc, 2)) == UNDEFINED ? 8 : <isize>load<i32>(pc, 4) << 3;
        continue;
      }
      case Op.JHOLE: {
        pc += load<u64>(fp + <usize>load<u16>(pc, 2)) == HOLE ? <isize>load<i32>(pc, 4) << 3 : 8;
        continue;
      }
      case Op.LOOP: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 2));
          break;
        }
        const distance = <isize>load<i32>(pc, 4);
        if (distance < -(<isize>MAX_TRUSTED_WORDS)) payForLoopSlow(fp, <u32>-distance);
        pc += distance << 3;
        continue;
      }
      case Op.LOOPT: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 4));
          break;
        }
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        const taken = isBoolean(v) ? v == TRUE : toBoolean(v);
        const distance = <isize>load<i16>(pc, 6);
        if (distance < -(<isize>MAX_TRUSTED_WORDS)) payForLoopSlow(fp, <u32>-distance);
        pc += taken ? distance << 3 : 8;
        continue;
      }
      case Op.STEP: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 2));
          break;
        }
        pc += 8;
        continue;
      }

      case Op.FUEL: {
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, frameEnd(fp));
          pc = <usize>load<u32>(VM_PC);
        }
        if (takeFuel()) {
          act = safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 2));
          break;
        }
        store<i32>(VM_FUEL, load<i32>(VM_FUEL) + 1 - <i32>load<u16>(pc, 4));
        pc += 8;
        continue;
      }

      // --- properties
      case Op.GETPROP: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = pc + <usize>load<u32>(pc, 12);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            if ((offset & 7) == 0) {
              store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(object + <usize>offset));
              pc += 16;
              continue;
            }
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = getPropSlow(pc, fp);
        break;
      }
      case Op.SETPROP: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = pc + <usize>load<u32>(pc, 12);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            if ((offset & 7) == 0) {
              store<u64>(object + <usize>offset, load<u64>(fp + <usize>load<u16>(pc, 4)));
              pc += 16;
              continue;
            }
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = setPropSlow(pc, fp);
        break;
      }
      case Op.GETELEM: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        const k = load<u64>(fp + <usize>load<u16>(pc, 6));
        if (<u32>(v >> 32) == TAG_OBJECT && isInt(k)) {
          // Address 0 is never a cell, its kind byte is 0: no elements, no hit.
          const elements = <usize>load<u32>(addressOf(v), 12);
          if (kindOf(elements) == Kind.ELEMENTS && <u32>asInt(k) < load<u32>(elements, ELEMENTS_LENGTH)) {
            const e = load<u64>(elementAt(elements, <u32>asInt(k)));
            if (e != HOLE) {
              store<u64>(fp + <usize>load<u16>(pc, 2), e);
              pc += 8;
              continue;
            }
          }
          if (kindOf(addressOf(v)) == Kind.TYPEDARRAY) {
            const e = typedElementSlow(addressOf(v), <u32>asInt(k));
            if (e != HOLE) {
              store<u64>(fp + <usize>load<u16>(pc, 2), e);
              pc += 8;
              continue;
            }
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = getElemSlow(pc, fp);
        break;
      }
      case Op.SETELEM: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        const k = load<u64>(fp + <usize>load<u16>(pc, 4));
        if (<u32>(v >> 32) == TAG_OBJECT && isInt(k)) {
          const elements = <usize>load<u32>(addressOf(v), 12);
          if (kindOf(elements) == Kind.ELEMENTS && <u32>asInt(k) < load<u32>(elements, ELEMENTS_LENGTH) && load<u32>(elements) == 0) {
            const at = elementAt(elements, <u32>asInt(k));
            if (load<u64>(at) != HOLE) {
              store<u64>(at, load<u64>(fp + <usize>load<u16>(pc, 6)));
              pc += 8;
              continue;
            }
          }
          if (kindOf(addressOf(v)) == Kind.TYPEDARRAY && setTypedElementSlow(addressOf(v), <u32>asInt(k), load<u64>(fp + <usize>load<u16>(pc, 6)))) {
            pc += 8;
            continue;
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = setElemSlow(pc, fp);
        break;
      }
      case Op.DELELEM: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = delElemSlow(pc, fp); break; }
      case Op.GETSUPER: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = getSuperSlow(pc, fp); break; }
      case Op.SETSUPER: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = setSuperSlow(pc, fp); break; }
      case Op.GETPRIV: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = getPrivSlow(pc, fp); break; }
      case Op.SETPRIV: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = setPrivSlow(pc, fp); break; }
      case Op.DEFPRIV: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = defPrivSlow(pc, fp); break; }
      case Op.DEFPRIVM: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = defPrivMethodSlow(pc, fp); break; }
      case Op.NEWPRIV: {
        store<u64>(fp + <usize>load<u16>(pc, 2), boxSymbol(newSymbol(boxString(<usize>load<u32>(pc, 8)), SYMBOL_PRIVATE)));
        pc += 16;
        continue;
      }

      // --- literals
      case Op.NEWOBJ: {
        store<u64>(fp + <usize>load<u16>(pc, 2), boxObject(newPlainObject(<u32>load<u16>(pc, 4))));
        pc += 8;
        continue;
      }
      case Op.NEWARR: {
        store<u64>(fp + <usize>load<u16>(pc, 2), boxObject(newArray(<u32>load<i32>(pc, 4))));
        pc += 8;
        continue;
      }
      case Op.DEFFIELD: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 2));
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = pc + <usize>load<u32>(pc, 12);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            if (offset > 7) {
              store<u32>(object, load<u32>(cache, CACHE_HOLDER));
              store<u64>(object + <usize>(offset & ~7), load<u64>(fp + <usize>load<u16>(pc, 4)));
              pc += 16;
              continue;
            }
          }
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = defFieldSlow(pc, fp);
        break;
      }
      case Op.DEFELEM: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = defElemSlow(pc, fp); break; }
      case Op.DEFPROTO: {
        act = defProtoSlow(pc, fp);
        break;
      }
      case Op.DEFMETHOD: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = defMethodSlow(pc, fp); break; }
      case Op.SETNAME: {
        setNameSlow(pc, fp);
        pc += 8;
        continue;
      }
      case Op.ARRPUSH: {
        act = arrPushSlow(load<u64>(fp + <usize>load<u16>(pc, 2)), load<u64>(fp + <usize>load<u16>(pc, 4)));
        break;
      }
      case Op.ARRHOLE: {
        act = arrPushSlow(load<u64>(fp + <usize>load<u16>(pc, 2)), HOLE);
        break;
      }
      case Op.ARRSPREAD: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = arrSpreadSlow(pc, fp);
        break;
      }
      case Op.SPREADOBJ: { act = !isObject(load<u64>(fp + <usize>load<u16>(pc, 2))) ? damaged() : callPrelude2(Prelude.opCopyData, pc, fp, load<u64>(fp + <usize>load<u16>(pc, 2)), load<u64>(fp + <usize>load<u16>(pc, 4)), pc + 8, 0, RecordKind.DISCARD); break; }
      case Op.OBJREST: { act = objRestSlow(pc, fp); break; }
      case Op.GETTEMPLATE: {
        store<u64>(fp + <usize>load<u16>(pc, 2), load<u64>(pc, 8));
        pc += 16;
        continue;
      }
      case Op.NEWREGEXP: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = newRegExpSlow(pc, fp); break; }

      // --- calls
      case Op.TAILCALL: {
        if (isTailDeep() && canReuseFrame(pc, fp)) {
          act = takeFuel() ? safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 4) + 16 + (<usize>load<u16>(pc, 6) << 3)) : tailCallSlow(pc, fp);
          break;
        }
      }
      // falls through
      case Op.CALL:
      case Op.CALLU: {
        const area = fp + <usize>load<u16>(pc, 4);
        const argc = <i32>load<u16>(pc, 6);
        if (takeFuel()) {
          act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3));
          break;
        }
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, area + 16 + (<usize>argc << 3));
          pc = <usize>load<u32>(VM_PC);
        }
        if (<i32>load<u16>(pc) == Op.CALLU) store<u64>(area, UNDEFINED, 8);
        const callee = load<u64>(area);
        if (<u32>(callee >> 32) == TAG_OBJECT && kindOf(addressOf(callee)) == Kind.FUNCTION) {
          const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
          const csp = <usize>load<u32>(VM_CSP) - RECORD_SIZE;
          // meta 0: callable without new, no surplus arguments wanted
          if (load<u32>(code) == 0 && area + (codeRegisters(code) << 3) + STACK_SLACK <= csp && load<u32>(VM_STACK_END) - <u32>csp <= load<u32>(VM_STACK_DEPTH_LIMIT) << 4) {
            const parameters = codeParameters(code);
            let at = area + 16 + (<usize>(argc < parameters ? argc : parameters) << 3);
            const end = area + 16 + ((<usize>parameters + codeClears(code)) << 3);
            for (; at < end; at += 8) store<u64>(at, UNDEFINED);
            store<u64>(csp, <u64>(pc + 8) | (<u64>fp << 32));
            store<u64>(csp, <u64>load<u16>(pc, 2) | (<u64>RecordKind.CALL << 16) | (<u64>argc << 32), 8);
            store<u32>(VM_CSP, <u32>csp);
            fp = area;
            pc = code + CODE_ENTRY;
            continue;
          }
        }
        act = callArea(pc, fp, area, argc, pc + 8, <u32>load<u16>(pc, 2), RecordKind.CALL);
        break;
      }
      case Op.NEW:
      case Op.SUPERCALL: {
        const area = fp + <usize>load<u16>(pc, 4);
        const argc = <i32>load<u16>(pc, 6);
        if (takeFuel()) {
          act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3));
          break;
        }
        const newTarget = load<u64>(<i32>load<u16>(pc) == Op.NEW ? area : area + 8);
        act = constructArea(pc, fp, area, argc, newTarget, pc + 8, <u32>load<u16>(pc, 2));
        break;
      }
      case Op.CALLSPREAD:
      case Op.NEWSPREAD: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, fp + <usize>load<u16>(pc, 4) + 24);
          break;
        }
        act = callSpreadSlow(pc, fp);
        break;
      }
      case Op.GETSUPERCTOR: {
        const v = load<u64>(fp + <usize>load<u16>(pc, 4));
        const proto = isObject(v) ? prototypeOf(addressOf(v)) : 0;
        store<u64>(fp + <usize>load<u16>(pc, 2), proto == 0 ? NULL : boxObject(proto));
        pc += 8;
        continue;
      }
      case Op.RETURN:
      case Op.RETURNU: {
        const value = <i32>load<u16>(pc) == Op.RETURN ? load<u64>(fp + <usize>load<u16>(pc, 2)) : UNDEFINED;
        const csp = <usize>load<u32>(VM_CSP);
        if (load<u16>(csp, RECORD_KIND) == RecordKind.CALL) {
          pc = <usize>load<u32>(csp);
          fp = <usize>load<u32>(csp, 4);
          store<u64>(fp + <usize>load<u16>(csp, 8), value);
          store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
          continue;
        }
        act = returnSlow(fp, value);
        break;
      }
      case Op.CTORRESULT: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = ctorResultSlow(pc, fp); break; }

      // --- prologue
      case Op.THISSLOPPY: {
        if (!isObject(load<u64>(fp, 8))) thisSloppy(fp);
        pc += 8;
        continue;
      }
      case Op.ARGUMENTS: {
        makeArguments(pc, fp);
        pc += 8;
        continue;
      }
      case Op.REST: {
        restArguments(pc, fp);
        pc += 8;
        continue;
      }
      case Op.NEWTARGET: {
        const isConstruct = load<u16>(<usize>load<u32>(VM_CSP), RECORD_FLAGS) & 1;
        store<u64>(fp + <usize>load<u16>(pc, 2), isConstruct ? boxObject(<usize>load<u32>(VM_NEW_TARGET_LOW)) : UNDEFINED);
        pc += 8;
        continue;
      }
      case Op.ARGC: {
        store<u64>(fp + <usize>load<u16>(pc, 2), boxInt(<i32>load<u16>(<usize>load<u32>(VM_CSP), RECORD_ARGC)));
        pc += 8;
        continue;
      }

      // --- closures and classes
      case Op.CLOSURE: {
        const env = load<u64>(fp + <usize>load<u16>(pc, 4));
        store<u64>(fp + <usize>load<u16>(pc, 2), boxObject(newClosure(<usize>load<u32>(pc, 8), isCell(env) ? addressOf(env) : 0)));
        pc += 16;
        continue;
      }
      case Op.NEWCLASS: { store<u32>(VM_PC, <u32>pc); store<u32>(VM_FP, <u32>fp); act = newClassSlow(pc, fp); break; }
      case Op.SETHOME: {
        act = setHomeSlow(pc, fp);
        break;
      }
      case Op.SETFIELDS: {
        act = setFieldsSlow(pc, fp);
        break;
      }
      case Op.RUNFIELDS: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = runFieldsSlow(pc, fp);
        break;
      }

      // --- iteration
      case Op.GETITER: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = getIterSlow(pc, fp);
        break;
      }
      case Op.FORNEXT: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = forNextSlow(pc, fp);
        break;
      }
      case Op.ITERSTEP: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = iterStepSlow(pc, fp);
        break;
      }
      case Op.ITERREST: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = iterRestSlow(pc, fp);
        break;
      }
      case Op.ITERCLOSE:
      case Op.ITERCLOSEQ: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = iterCloseSlow(pc, fp, <i32>load<u16>(pc) == Op.ITERCLOSEQ);
        break;
      }
      case Op.FORIN: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = forInSlow(pc, fp);
        break;
      }
      case Op.FORINNEXT: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = forInNextSlow(pc, fp);
        break;
      }

      // --- generators and async
      case Op.GENSTART: { act = genStartSlow(pc, fp); break; }
      case Op.YIELD: { act = yieldSlow(pc, fp); break; }
      case Op.ASYNCSTART: { act = asyncStartSlow(pc, fp); break; }
      case Op.AWAIT: { act = awaitSlow(pc, fp); break; }
      case Op.ASYNCRETURN: { act = asyncReturnSlow(pc, fp); break; }
      case Op.ASYNCTHROW: { act = asyncThrowSlow(pc, fp); break; }
      case Op.CHECKOBJECT: {
        if (isObject(load<u64>(fp + <usize>load<u16>(pc, 2)))) {
          pc += 16;
          continue;
        }
        act = checkObjectSlow(pc, fp);
        break;
      }
      case Op.THROW: {
        act = afterSignal(throwValue(load<u64>(fp + <usize>load<u16>(pc, 2))), pc, fp);
        break;
      }

      // --- prelude
      case Op.CALLN: {
        const area = fp + <usize>load<u16>(pc, 4) - 16;
        const argc = <i32>load<u16>(pc, 6);
        if (takeFuel()) {
          act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3));
          break;
        }
        if (isDefined(VM_STRESS)) {
          stressCollect(pc, fp, area + 16 + (<usize>argc << 3));
          pc = <usize>load<u32>(VM_PC);
        }
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        store<u32>(CONTEXT_RETURN_PC, <u32>(pc + 16));
        store<u32>(CONTEXT_CALLER_FP, <u32>fp);
        store<u32>(CONTEXT_DESTINATION, <u32>load<u16>(pc, 2));
        store<u32>(CONTEXT_KIND, RecordKind.CALL);
        const value = callNativeOf(<i32>load<u32>(pc, 8), area, argc);
        if (value < EXCEPTION || value > CALL) {
          store<u64>(fp + <usize>load<u16>(pc, 2), value);
          pc += 16;
          continue;
        }
        act = value == RETRY ? tryAgain(pc, fp) : afterSignal(value, pc, fp);
        break;
      }
      case Op.LOADINTR: {
        store<u64>(fp + <usize>load<u16>(pc, 2), intrinsic(<i32>load<u16>(pc, 4)));
        pc += 8;
        continue;
      }
      case Op.REQUIREOBJ: {
        if (!isNullish(load<u64>(fp + <usize>load<u16>(pc, 2)))) {
          pc += 8;
          continue;
        }
        act = requireObjectSlow(pc, fp);
        break;
      }
      case Op.IMPORTCALL: { act = importCallSlow(pc, fp); break; }
      case Op.IMPORTMETA: { act = importMetaSlow(pc, fp); break; }
      case Op.DELGLOBAL: {
        store<u32>(VM_PC, <u32>pc);
        store<u32>(VM_FP, <u32>fp);
        act = deleteGlobalSlow(pc, fp);
        break;
      }
      case Op.YIELDRESULT: {
        act = yieldResultSlow(pc, fp);
        break;
      }
      case Op.HELPER: {
        if (takeFuel()) {
          act = safepointSlow(pc, fp, frameEnd(fp));
          break;
        }
        act = helperSlow(pc, fp);
        break;
      }
      default:
        unreachable();
    }
    if (act > 0) pc += <usize>act;
    else if (act == 0) {
      pc = <usize>load<u32>(VM_PC);
      fp = <usize>load<u32>(VM_FP);
    } else return;
  }
}

/** CALLSPREAD and NEWSPREAD a: destination, b: area (callee, this or newTarget, array) */
function callSpreadSlow(pc: usize, fp: usize): i32 {
  const source = fp + <usize>load<u16>(pc, 4);
  const construct = <i32>load<u16>(pc) == Op.NEWSPREAD;
  const list = load<u64>(source, 16);
  // The arguments go above the frame, so that the array stays where it is should the instruction be run again.
  const area = frameEnd(fp);
  const count = spreadArguments(pc, fp, area, isObject(list) ? elementsOf(addressOf(list)) : 0);
  if (count < 0) return load<i32>(CONTEXT_ACTION);
  const callee = load<u64>(source);
  store<u64>(area, callee);
  store<u64>(area, load<u64>(source, 8), 8);
  const destination = <u32>load<u16>(pc, 2);
  if (!construct) return callArea(pc, fp, area, count, pc + 8, destination, RecordKind.CALL);
  const newTarget = load<u64>(source, 8);
  return constructArea(pc, fp, area, count, newTarget == UNDEFINED ? callee : newTarget, pc + 8, destination);
}

/** PRIVIN a: destination, b: key, c: object */
function privateInSlow(pc: usize, fp: usize): i32 {
  const v = load<u64>(fp + <usize>load<u16>(pc, 6));
  if (!isObject(v)) return notSearchable(pc, fp, load<u64>(fp + <usize>load<u16>(pc, 4)), v);
  store<u64>(fp + <usize>load<u16>(pc, 2), boxBool(findPrivate(v, load<u64>(fp + <usize>load<u16>(pc, 4))) != ABSENT_PROPERTY));
  return 8;
}
