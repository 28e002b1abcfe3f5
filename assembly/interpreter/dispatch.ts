// Owns the loop: fetch, decode, and the fast path of every instruction. Must never call itself, nor enter a native that
// could. All other cases go to a `…Slow` function, which returns an action (call.ts).
//
// pc and fp live in locals; a slow path that needs them in the VM block writes them there. `run` has exactly one br_table
// (checked on the built wasm), and stays under 40 KB: cold bodies belong elsewhere.
import {
  addressOf, asDouble, asInt, boxBool, boxDoubleRaw, boxInt, boxNumber, boxObject, boxString, boxSymbol, boxU32, CALL, EXCEPTION, FALSE,
  HOLE, INT_BITS, isBoolean, isCell, isDouble, isInt, isNullish, isNumber, isObject, NULL, RETRY, toDouble, TRUE, UNDEFINED,
} from "../core/value";
import { throwNamed, throwValue } from "../errors/throw";
import { intrinsic, Prelude } from "../generated/intrinsics";
import { ELEMENTS_LENGTH, FUNCTION_CODE, FUNCTION_ENV, Kind } from "../generated/kinds";
import {
  ErrorKind, RECORD_SIZE, RecordKind, STACK_SLACK, VM_CSP, VM_EPOCH, VM_FP, VM_FUEL, VM_NEW_TARGET_LOW, VM_PC, VM_STACK_DEPTH_LIMIT,
  VM_STACK_END,
} from "../generated/layout";
import { MAX_TRUSTED_WORDS, Op } from "../generated/opcodes";
import { TAG_OBJECT } from "../generated/values";
import { CACHE_EPOCH, CACHE_HOLDER, CACHE_OFFSET, CACHE_SHAPE, CODE_ENTRY, codeClears, codeParameters, codeRegisters } from "../heap/code";
import { kindOf } from "../heap/memory";
import { RECORD_FLAGS, RECORD_KIND, recordArgumentCount } from "../heap/record";
import { elementAt } from "../objects/elements";
import { newClosure } from "../objects/function";
import { newArray, newPlainObject, OBJECT_SLOTS } from "../objects/object";
import { prototypeOf } from "../objects/shape";
import { setTypedElementSlow, typedElementSlow } from "../objects/typed";
import { toBoolean } from "../primitives/convert";
import { newSymbol, SYMBOL_PRIVATE } from "../strings/atom";
import {
  delElemSlow, deleteGlobalSlow, getElemSlow, getGlobalSlow, getPropSlow, getSuperSlow, setElemSlow, setGlobalSlow, setPropSlow,
  setSuperSlow,
} from "./access";
import { CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC, damaged } from "./action";
import { addSlow, branchSlow, compareSlow, concatSlow, numericSlow, toKeySlow, toStringSlow, typeofValue, unarySlow } from "./arithmetic";
import { callArea, callNativeOf, callPrelude2, constructArea, tryAgain } from "./call";
import { callSpreadSlow } from "./call-spread";
import {
  arrPushSlow, checkGlobalSlow, ctorResultSlow, declareFunction, declareLexical, declareVar, defElemSlow, defFieldSlow, defMethodSlow,
  defPrivMethodSlow, defPrivSlow, defProtoSlow, getPrivSlow, initializeLexical, makeArguments, newClassSlow, objRestSlow, privateInSlow,
  restArguments, runFieldsSlow, setFieldsSlow, setHomeSlow, setNameSlow, setPrivSlow, thisNotReady,
} from "./definitions";
import { copyEnvironment, environmentIn, envSlot, newEnvironment, outerEnvironment } from "./environment";
import { frameEnd, payForLoopSlow } from "./frame";
import { asyncReturnSlow, asyncStartSlow, asyncThrowSlow, awaitSlow, genStartSlow, yieldResultSlow, yieldSlow } from "./generator";
import { arrSpreadSlow, forInNextSlow, forInSlow, forNextSlow, getIterSlow, iterCloseSlow, iterRestSlow, iterStepSlow } from "./iterate";
import { safepointSlow, stressCollect } from "./limits";
import {
  atA, atB, cacheOf, distance, fieldA, fieldB, fieldC, fieldX, fusedLoopTarget, fusedTarget, immediate, opcode, regA, regB, regC,
  saveRegisters, wideImmediate,
} from "./operands";
import {
  checkObjectSlow, helperSlow, importCallSlow, importMetaSlow, newRegExpSlow, requireObjectSlow, thisSloppy, throwConstantSlow,
} from "./rare";
import { inSlow, instanceofSlow } from "./relational";
import { returnSlow } from "./return";
import { afterSignal } from "./signal";
import { canReuseFrame, isTailDeep, tailCallSlow } from "./tail-call";

/** Takes one unit of fuel; true if a safepoint is due (the counter went below zero). */
// @ts-ignore: decorator
@inline
function takeFuel(): bool {
  const left = load<i32>(VM_FUEL) - 1;
  store<i32>(VM_FUEL, left);
  return left < 0;
}

/** Runs from VM_PC in the frame at VM_FP until the host must act; VM_STATUS has the reason. The state is then complete in memory. */
export function run(): void {
  let pc = <usize>load<u32>(VM_PC);
  let fp = <usize>load<u32>(VM_FP);
  while (true) {
    // What a slow path returns: how many bytes to go on, RELOAD (0), or LEAVE (below 0).
    let act: i32 = 0;
    switch (opcode(pc)) {
      case Op.NOP: { pc += 8; continue; }
      case Op.LOADK: { store<u64>(atA(pc, fp), load<u64>(pc, 8)); pc += 16; continue; }
      case Op.LOADI: { store<u64>(atA(pc, fp), INT_BITS | <u64>load<u32>(pc, 4)); pc += 8; continue; }
      case Op.LOADS: { store<u64>(atA(pc, fp), UNDEFINED | <u64>load<u16>(pc, 4)); pc += 8; continue; }
      case Op.MOVE: { store<u64>(atA(pc, fp), regB(pc, fp)); pc += 8; continue; }
      case Op.NEWENV: { store<u64>(atA(pc, fp), newEnvironment(regB(pc, fp), fieldC(pc))); pc += 8; continue; }
      case Op.COPYENV: { store<u64>(atA(pc, fp), copyEnvironment(regB(pc, fp))); pc += 8; continue; }
      case Op.CALLEEENV: {
        const env = load<u32>(addressOf(load<u64>(fp)), FUNCTION_ENV);
        store<u64>(atA(pc, fp), env == 0 ? UNDEFINED : 0xfffffffc_00000000 | <u64>env);
        pc += 8;
        continue;
      }
      case Op.GETENV: { store<u64>(atA(pc, fp), load<u64>(envSlot(environmentIn(regB(pc, fp)), <u32>load<u16>(pc, 6)))); pc += 8; continue; }
      case Op.SETENV: { store<u64>(envSlot(environmentIn(regB(pc, fp)), <u32>load<u16>(pc, 6)), regA(pc, fp)); pc += 8; continue; }
      case Op.GETUP: { store<u64>(atA(pc, fp), load<u64>(envSlot(outerEnvironment(fp, <u32>load<u16>(pc, 4)), <u32>load<u16>(pc, 6)))); pc += 8; continue; }
      case Op.SETUP: { store<u64>(envSlot(outerEnvironment(fp, <u32>load<u16>(pc, 4)), <u32>load<u16>(pc, 6)), regA(pc, fp)); pc += 8; continue; }
      case Op.CHECKTDZ: {
        if (regA(pc, fp) != HOLE) { pc += 16; continue; }
        saveRegisters(pc, fp);
        act = afterSignal(throwNamed(ErrorKind.ReferenceError, "Cannot access '", fieldX(pc), "' before initialization"), pc, fp);
        break;
      }
      case Op.CHECKTHIS: {
        if (regA(pc, fp) != HOLE) { pc += 8; continue; }
        saveRegisters(pc, fp);
        act = thisNotReady(pc, fp);
        break;
      }
      case Op.THROWCONST:
      case Op.THROWERROR: { act = throwConstantSlow(pc, fp); break; }

      // --- globals
      case Op.GETGLOBAL: {
        // Valid while the global keeps its shape and no prototype changed. HOLE: a `let` in its dead zone, whose read must throw.
        const cache = cacheOf(pc);
        const holder = <usize>load<u32>(cache, CACHE_HOLDER);
        if (load<u32>(cache, CACHE_SHAPE) != 0 && load<u32>(holder) == load<u32>(cache, CACHE_SHAPE) && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
          const offset = load<i32>(cache, CACHE_OFFSET);
          const v = load<u64>(offset & 1 ? <usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - 1) : holder + <usize>offset);
          if (v != HOLE) { store<u64>(atA(pc, fp), v); pc += 16; continue; }
        }
        saveRegisters(pc, fp);
        act = getGlobalSlow(pc, fp, false);
        break;
      }
      case Op.TYPEOFGLOBAL: { saveRegisters(pc, fp); act = getGlobalSlow(pc, fp, true); break; }
      case Op.SETGLOBAL: {
        const cache = cacheOf(pc);
        const holder = <usize>load<u32>(cache, CACHE_HOLDER);
        if (load<u32>(cache, CACHE_SHAPE) != 0 && load<u32>(holder) == load<u32>(cache, CACHE_SHAPE) && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
          const offset = load<i32>(cache, CACHE_OFFSET);
          const at = offset & 1 ? <usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - 1) : holder + <usize>offset;
          if (load<u64>(at) != HOLE) { store<u64>(at, regA(pc, fp)); pc += 16; continue; }
        }
        saveRegisters(pc, fp);
        act = setGlobalSlow(pc, fp);
        break;
      }
      case Op.CHECKVAR: { saveRegisters(pc, fp); act = checkGlobalSlow(pc, fp, 0); break; }
      case Op.CHECKFN: { saveRegisters(pc, fp); act = checkGlobalSlow(pc, fp, 1); break; }
      case Op.CHECKLEX: { saveRegisters(pc, fp); act = checkGlobalSlow(pc, fp, 2); break; }
      case Op.DECLVAR: { declareVar(fieldX(pc)); pc += 16; continue; }
      case Op.DECLFN: { declareFunction(fieldX(pc), regA(pc, fp)); pc += 16; continue; }
      case Op.DECLLEX: { declareLexical(fieldX(pc), <u32>fieldA(pc)); pc += 16; continue; }
      case Op.INITLEX: { initializeLexical(fieldX(pc), regA(pc, fp)); pc += 16; continue; }

      // --- operators
      case Op.ADD: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        // Both are int32 if both have all bits above the number set. The sum of two such numbers fits 33 bits.
        if ((l & r) >= INT_BITS) {
          const s = <i64>asInt(l) + <i64>asInt(r);
          store<u64>(atA(pc, fp), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxDoubleRaw(toDouble(l) + toDouble(r))); pc += 8; continue; }
        act = addSlow(pc, fp, l, r);
        break;
      }
      case Op.SUB: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) {
          const s = <i64>asInt(l) - <i64>asInt(r);
          store<u64>(atA(pc, fp), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxDoubleRaw(toDouble(l) - toDouble(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SUB, l, r);
        break;
      }
      case Op.ADDI: {
        const l = regB(pc, fp);
        if (isInt(l)) {
          const s = <i64>asInt(l) + wideImmediate(pc);
          store<u64>(atA(pc, fp), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxDoubleRaw(asDouble(l) + <f64>immediate(pc))); pc += 8; continue; }
        act = addSlow(pc, fp, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SUBI: {
        const l = regB(pc, fp);
        if (isInt(l)) {
          const s = <i64>asInt(l) - wideImmediate(pc);
          store<u64>(atA(pc, fp), s == <i64><i32>s ? boxInt(<i32>s) : boxDoubleRaw(<f64>s));
          pc += 8;
          continue;
        }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxDoubleRaw(asDouble(l) - <f64>immediate(pc))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SUB, l, boxInt(immediate(pc)));
        break;
      }
      case Op.MUL: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) {
          const p = <i64>asInt(l) * <i64>asInt(r);
          // A product of 0 may have to be -0: the doubles tell.
          if (p != 0 && p == <i64><i32>p) { store<u64>(atA(pc, fp), boxInt(<i32>p)); pc += 8; continue; }
        }
        if (isNumber(l) && isNumber(r)) {
          const product = toDouble(l) * toDouble(r);
          store<u64>(atA(pc, fp), product == 0 ? boxNumber(product) : boxDoubleRaw(product));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MUL, l, r);
        break;
      }
      case Op.MULI: {
        const l = regB(pc, fp);
        if (isInt(l)) {
          const p = <i64>asInt(l) * wideImmediate(pc);
          if (p != 0 && p == <i64><i32>p) { store<u64>(atA(pc, fp), boxInt(<i32>p)); pc += 8; continue; }
        }
        if (isNumber(l)) {
          const product = toDouble(l) * <f64>immediate(pc);
          store<u64>(atA(pc, fp), product == 0 ? boxNumber(product) : boxDoubleRaw(product));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.MUL, l, boxInt(immediate(pc)));
        break;
      }
      case Op.DIV: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxNumber(toDouble(l) / toDouble(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.DIV, l, r);
        break;
      }
      case Op.DIVI: {
        const l = regB(pc, fp);
        if (isNumber(l)) { store<u64>(atA(pc, fp), boxNumber(toDouble(l) / <f64>immediate(pc))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.DIV, l, boxInt(immediate(pc)));
        break;
      }
      case Op.MOD: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        // A negative left operand could leave -0.
        if ((l & r) >= INT_BITS && asInt(l) >= 0 && asInt(r) > 0) { store<u64>(atA(pc, fp), boxInt(asInt(l) % asInt(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.MOD, l, r);
        break;
      }
      case Op.MODI: {
        const l = regB(pc, fp);
        if (isInt(l) && asInt(l) >= 0) { store<u64>(atA(pc, fp), boxInt(asInt(l) % immediate(pc))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.MOD, l, boxInt(immediate(pc)));
        break;
      }
      case Op.EXP: { act = numericSlow(pc, fp, Op.EXP, regB(pc, fp), regC(pc, fp)); break; }
      case Op.BITAND: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxInt(asInt(l) & asInt(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.BITAND, l, r);
        break;
      }
      case Op.BITANDI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxInt(asInt(l) & immediate(pc))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.BITAND, l, boxInt(immediate(pc)));
        break;
      }
      case Op.BITOR: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxInt(asInt(l) | asInt(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.BITOR, l, r);
        break;
      }
      case Op.BITORI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxInt(asInt(l) | immediate(pc))); pc += 8; continue; }
        // Doubles outside the i64 range (whose conversion would saturate), NaN and other values take the slow path.
        if (isDouble(l) && abs<f64>(asDouble(l)) < 9223372036854775808.0) {
          store<u64>(atA(pc, fp), boxInt(<i32><i64>asDouble(l) | immediate(pc)));
          pc += 8;
          continue;
        }
        act = numericSlow(pc, fp, Op.BITOR, l, boxInt(immediate(pc)));
        break;
      }
      case Op.BITXOR: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxInt(asInt(l) ^ asInt(r))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.BITXOR, l, r);
        break;
      }
      case Op.BITXORI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxInt(asInt(l) ^ immediate(pc))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.BITXOR, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SHL: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxInt(asInt(l) << ((asInt(r)) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SHL, l, r);
        break;
      }
      case Op.SHLI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxInt(asInt(l) << (immediate(pc) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SHL, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SHR: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxInt(asInt(l) >> ((asInt(r)) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SHR, l, r);
        break;
      }
      case Op.SHRI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxInt(asInt(l) >> (immediate(pc) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.SHR, l, boxInt(immediate(pc)));
        break;
      }
      case Op.USHR: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxU32(<u32>asInt(l) >> (<u32>(asInt(r)) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.USHR, l, r);
        break;
      }
      case Op.USHRI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxU32(<u32>asInt(l) >> (<u32>immediate(pc) & 31))); pc += 8; continue; }
        act = numericSlow(pc, fp, Op.USHR, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) < asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) < toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.LT, l, r);
        break;
      }
      // X_JT, X_JF, X_LOOPT: the jump is the next word. Not taken, both words are skipped; taken, the distance counts from that word.
      case Op.LT_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) < asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) < toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LT_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) < asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) < toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LT_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) < asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) < toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, r);
        break;
      }
      case Op.LTI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) < immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) < <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.LT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LTI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) < immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) < <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LTI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) < immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) < <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LTI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) < immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) < <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LE: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) <= asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) <= toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) <= asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) <= toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) <= asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) <= toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LE_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) <= asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) <= toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, r);
        break;
      }
      case Op.LEI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) <= immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) <= <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.LE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LEI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) <= immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) <= <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LEI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) <= immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) <= <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.LEI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) <= immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) <= <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.LE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) > asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) > toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) > asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) > toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) > asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) > toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GT_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) > asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) > toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, r);
        break;
      }
      case Op.GTI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) > immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) > <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.GT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GTI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) > immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) > <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GTI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) > immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) > <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GTI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) > immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) > <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GT, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GE: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) >= asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) >= toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) >= asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) >= toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) >= asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) >= toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GE_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) >= asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) >= toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, r);
        break;
      }
      case Op.GEI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) >= immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) >= <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.GE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GEI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) >= immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) >= <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GEI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) >= immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) >= <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.GEI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) >= immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) >= <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.GE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.EQ: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) == asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) == toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) == asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) == toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) == asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) == toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.EQ_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) == asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) == toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.EQ, l, r);
        break;
      }
      case Op.NE: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) != asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) != toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) != asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) != toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) != asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) != toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.NE_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) != asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) != toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.NE, l, r);
        break;
      }
      case Op.SEQ: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) == asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) == toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) == asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) == toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) == asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) == toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQ_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) == asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) == toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, r);
        break;
      }
      case Op.SEQI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) == immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) == <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.SEQ, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SEQI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) == immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) == <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SEQI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) == immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) == <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SEQI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) == immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) == <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SEQ, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SNE: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { store<u64>(atA(pc, fp), boxBool(asInt(l) != asInt(r))); pc += 8; continue; }
        if (isNumber(l) && isNumber(r)) { store<u64>(atA(pc, fp), boxBool(toDouble(l) != toDouble(r))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_JT: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) != asInt(r) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) != toDouble(r) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_JF: {
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += !(asInt(l) != asInt(r)) ? fusedTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += !(toDouble(l) != toDouble(r)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNE_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        const r = regC(pc, fp);
        if ((l & r) >= INT_BITS) { pc += asInt(l) != asInt(r) ? fusedLoopTarget(pc) : 16; continue; }
        if (isNumber(l) && isNumber(r)) { pc += toDouble(l) != toDouble(r) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, r);
        break;
      }
      case Op.SNEI: {
        const l = regB(pc, fp);
        if (isInt(l)) { store<u64>(atA(pc, fp), boxBool(asInt(l) != immediate(pc))); pc += 8; continue; }
        if (isDouble(l)) { store<u64>(atA(pc, fp), boxBool(asDouble(l) != <f64>immediate(pc))); pc += 8; continue; }
        act = compareSlow(pc, fp, Op.SNE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SNEI_JT: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) != immediate(pc) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) != <f64>immediate(pc) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SNEI_JF: {
        const l = regB(pc, fp);
        if (isInt(l)) { pc += !(asInt(l) != immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += !(asDouble(l) != <f64>immediate(pc)) ? fusedTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.SNEI_LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        const l = regB(pc, fp);
        if (isInt(l)) { pc += asInt(l) != immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        if (isDouble(l)) { pc += asDouble(l) != <f64>immediate(pc) ? fusedLoopTarget(pc) : 16; continue; }
        act = branchSlow(pc, fp, Op.SNE, l, boxInt(immediate(pc)));
        break;
      }
      case Op.INSTANCEOF: { act = instanceofSlow(pc, fp); break; }
      case Op.IN: { act = inSlow(pc, fp); break; }
      case Op.PRIVIN: { saveRegisters(pc, fp); act = privateInSlow(pc, fp); break; }
      case Op.NEG: {
        const v = regB(pc, fp);
        // 0 becomes -0, and the smallest int32 has no negative among them.
        if (isInt(v) && asInt(v) != 0 && asInt(v) != i32.MIN_VALUE) { store<u64>(atA(pc, fp), boxInt(-asInt(v))); pc += 8; continue; }
        if (isDouble(v)) { store<u64>(atA(pc, fp), boxNumber(-asDouble(v))); pc += 8; continue; }
        act = unarySlow(pc, fp, Op.NEG);
        break;
      }
      case Op.PLUS:
      case Op.TONUMERIC: {
        const v = regB(pc, fp);
        if (isNumber(v)) { store<u64>(atA(pc, fp), v); pc += 8; continue; }
        act = unarySlow(pc, fp, opcode(pc));
        break;
      }
      case Op.NOT: { store<u64>(atA(pc, fp), boxBool(!toBoolean(regB(pc, fp)))); pc += 8; continue; }
      case Op.BITNOT: {
        const v = regB(pc, fp);
        if (isInt(v)) { store<u64>(atA(pc, fp), boxInt(~asInt(v))); pc += 8; continue; }
        act = unarySlow(pc, fp, Op.BITNOT);
        break;
      }
      case Op.TYPEOF: { store<u64>(atA(pc, fp), typeofValue(regB(pc, fp))); pc += 8; continue; }
      case Op.INC: {
        const v = regB(pc, fp);
        if (isInt(v) && asInt(v) != i32.MAX_VALUE) { store<u64>(atA(pc, fp), v + 1); pc += 8; continue; }
        if (isNumber(v)) { store<u64>(atA(pc, fp), boxDoubleRaw(toDouble(v) + 1)); pc += 8; continue; }
        act = unarySlow(pc, fp, Op.INC);
        break;
      }
      case Op.DEC: {
        const v = regB(pc, fp);
        if (isInt(v) && asInt(v) != i32.MIN_VALUE) { store<u64>(atA(pc, fp), boxInt(asInt(v) - 1)); pc += 8; continue; }
        if (isNumber(v)) { store<u64>(atA(pc, fp), boxDoubleRaw(toDouble(v) - 1)); pc += 8; continue; }
        act = unarySlow(pc, fp, Op.DEC);
        break;
      }
      case Op.TOKEY: { act = toKeySlow(pc, fp); break; }
      case Op.TOSTRING: { act = toStringSlow(pc, fp); break; }
      case Op.CONCAT: { saveRegisters(pc, fp); act = concatSlow(pc, fp); break; }

      // --- jumps
      case Op.JMP: { pc += distance(pc); continue; }
      case Op.JT: {
        const v = regA(pc, fp);
        const taken = isBoolean(v) ? v == TRUE : toBoolean(v);
        pc += taken ? distance(pc) : 8;
        continue;
      }
      case Op.JF: {
        const v = regA(pc, fp);
        const taken = isBoolean(v) ? v == FALSE : !toBoolean(v);
        pc += taken ? distance(pc) : 8;
        continue;
      }
      case Op.JNULLISH: { pc += isNullish(regA(pc, fp)) ? distance(pc) : 8; continue; }
      case Op.JNOTNULLISH: { pc += isNullish(regA(pc, fp)) ? 8 : distance(pc); continue; }
      case Op.JUNDEF: { pc += regA(pc, fp) == UNDEFINED ? distance(pc) : 8; continue; }
      case Op.JNOTUNDEF: { pc += regA(pc, fp) == UNDEFINED ? 8 : distance(pc); continue; }
      case Op.JHOLE: { pc += regA(pc, fp) == HOLE ? distance(pc) : 8; continue; }
      case Op.LOOP: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, atA(pc, fp)); break; }
        const words = <isize>load<i32>(pc, 4);
        if (words < -(<isize>MAX_TRUSTED_WORDS)) payForLoopSlow(fp, <u32>-words);
        pc += words << 3;
        continue;
      }
      case Op.LOOPT: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, atB(pc, fp)); break; }
        const v = regA(pc, fp);
        const taken = isBoolean(v) ? v == TRUE : toBoolean(v);
        const words = <isize>load<i16>(pc, 6);
        if (words < -(<isize>MAX_TRUSTED_WORDS)) payForLoopSlow(fp, <u32>-words);
        pc += taken ? words << 3 : 8;
        continue;
      }
      case Op.STEP: {
        if (takeFuel()) { act = safepointSlow(pc, fp, atA(pc, fp)); break; }
        pc += 8;
        continue;
      }

      case Op.FUEL: {
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, frameEnd(fp));
        if (takeFuel()) { act = safepointSlow(pc, fp, atA(pc, fp)); break; }
        store<i32>(VM_FUEL, load<i32>(VM_FUEL) + 1 - <i32>fieldB(pc));
        pc += 8;
        continue;
      }

      // --- properties
      case Op.GETPROP: {
        const v = regB(pc, fp);
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = cacheOf(pc);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            // An own inline slot; other tags are the slow path's (access.ts).
            if ((offset & 7) == 0) { store<u64>(atA(pc, fp), load<u64>(object + <usize>offset)); pc += 16; continue; }
          }
        }
        saveRegisters(pc, fp);
        act = getPropSlow(pc, fp);
        break;
      }
      case Op.SETPROP: {
        const v = regA(pc, fp);
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = cacheOf(pc);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            if ((offset & 7) == 0) { store<u64>(object + <usize>offset, regB(pc, fp)); pc += 16; continue; }
          }
        }
        saveRegisters(pc, fp);
        act = setPropSlow(pc, fp);
        break;
      }
      case Op.GETELEM: {
        const v = regB(pc, fp);
        const k = regC(pc, fp);
        if (<u32>(v >> 32) == TAG_OBJECT && isInt(k)) {
          // Address 0 is never a cell, its kind byte is 0: no elements, no hit.
          const elements = <usize>load<u32>(addressOf(v), 12);
          if (kindOf(elements) == Kind.ELEMENTS && <u32>asInt(k) < load<u32>(elements, ELEMENTS_LENGTH)) {
            const e = load<u64>(elementAt(elements, <u32>asInt(k)));
            if (e != HOLE) { store<u64>(atA(pc, fp), e); pc += 8; continue; }
          }
          if (kindOf(addressOf(v)) == Kind.TYPEDARRAY) {
            const e = typedElementSlow(addressOf(v), <u32>asInt(k));
            if (e != HOLE) { store<u64>(atA(pc, fp), e); pc += 8; continue; }
          }
        }
        saveRegisters(pc, fp);
        act = getElemSlow(pc, fp);
        break;
      }
      case Op.SETELEM: {
        const v = regA(pc, fp);
        const k = regB(pc, fp);
        if (<u32>(v >> 32) == TAG_OBJECT && isInt(k)) {
          const elements = <usize>load<u32>(addressOf(v), 12);
          if (kindOf(elements) == Kind.ELEMENTS && <u32>asInt(k) < load<u32>(elements, ELEMENTS_LENGTH) && load<u32>(elements) == 0) {
            const at = elementAt(elements, <u32>asInt(k));
            if (load<u64>(at) != HOLE) { store<u64>(at, regC(pc, fp)); pc += 8; continue; }
          }
          if (kindOf(addressOf(v)) == Kind.TYPEDARRAY && setTypedElementSlow(addressOf(v), <u32>asInt(k), regC(pc, fp))) { pc += 8; continue; }
        }
        saveRegisters(pc, fp);
        act = setElemSlow(pc, fp);
        break;
      }
      case Op.DELELEM: { saveRegisters(pc, fp); act = delElemSlow(pc, fp); break; }
      case Op.GETSUPER: { saveRegisters(pc, fp); act = getSuperSlow(pc, fp); break; }
      case Op.SETSUPER: { saveRegisters(pc, fp); act = setSuperSlow(pc, fp); break; }
      case Op.GETPRIV: { saveRegisters(pc, fp); act = getPrivSlow(pc, fp); break; }
      case Op.SETPRIV: { saveRegisters(pc, fp); act = setPrivSlow(pc, fp); break; }
      case Op.DEFPRIV: { saveRegisters(pc, fp); act = defPrivSlow(pc, fp); break; }
      case Op.DEFPRIVM: { saveRegisters(pc, fp); act = defPrivMethodSlow(pc, fp); break; }
      case Op.NEWPRIV: { store<u64>(atA(pc, fp), boxSymbol(newSymbol(boxString(fieldX(pc)), SYMBOL_PRIVATE))); pc += 16; continue; }

      // --- literals
      case Op.NEWOBJ: { store<u64>(atA(pc, fp), boxObject(newPlainObject(fieldB(pc)))); pc += 8; continue; }
      case Op.NEWARR: { store<u64>(atA(pc, fp), boxObject(newArray(<u32>load<i32>(pc, 4)))); pc += 8; continue; }
      case Op.DEFFIELD: {
        const v = regA(pc, fp);
        if (<u32>(v >> 32) == TAG_OBJECT) {
          const object = addressOf(v);
          const cache = cacheOf(pc);
          if (load<u32>(object) == load<u32>(cache, CACHE_SHAPE)) {
            const offset = load<i32>(cache, CACHE_OFFSET);
            // The new slot is inline; the holder of the cache is the shape with the property.
            if (offset > 7) {
              store<u32>(object, load<u32>(cache, CACHE_HOLDER));
              store<u64>(object + <usize>(offset & ~7), regB(pc, fp));
              pc += 16;
              continue;
            }
          }
        }
        saveRegisters(pc, fp);
        act = defFieldSlow(pc, fp);
        break;
      }
      case Op.DEFELEM: { saveRegisters(pc, fp); act = defElemSlow(pc, fp); break; }
      case Op.DEFPROTO: { act = defProtoSlow(pc, fp); break; }
      case Op.DEFMETHOD: { saveRegisters(pc, fp); act = defMethodSlow(pc, fp); break; }
      case Op.SETNAME: { setNameSlow(pc, fp); pc += 8; continue; }
      case Op.ARRPUSH: { act = arrPushSlow(regA(pc, fp), regB(pc, fp)); break; }
      case Op.ARRHOLE: { act = arrPushSlow(regA(pc, fp), HOLE); break; }
      case Op.ARRSPREAD: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        saveRegisters(pc, fp);
        act = arrSpreadSlow(pc, fp);
        break;
      }
      case Op.SPREADOBJ: { act = !isObject(regA(pc, fp)) ? damaged() : callPrelude2(Prelude.opCopyData, pc, fp, regA(pc, fp), regB(pc, fp), pc + 8, 0, RecordKind.DISCARD); break; }
      case Op.OBJREST: { act = objRestSlow(pc, fp); break; }
      case Op.GETTEMPLATE: { store<u64>(atA(pc, fp), load<u64>(pc, 8)); pc += 16; continue; }
      case Op.NEWREGEXP: { saveRegisters(pc, fp); act = newRegExpSlow(pc, fp); break; }

      // --- calls
      case Op.TAILCALL: {
        // A shallow stack keeps every caller for error traces: then this is an ordinary call, and the RETURN after it passes the result on.
        if (isTailDeep() && canReuseFrame(pc, fp)) {
          act = takeFuel() ? safepointSlow(pc, fp, atB(pc, fp) + 16 + (<usize>fieldC(pc) << 3)) : tailCallSlow(pc, fp);
          break;
        }
      }
      // falls through
      case Op.CALL:
      case Op.CALLU: {
        const area = atB(pc, fp);
        const argc = <i32>fieldC(pc);
        if (takeFuel()) { act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3)); break; }
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, area + 16 + (<usize>argc << 3));
        if (opcode(pc) == Op.CALLU) store<u64>(area, UNDEFINED, 8);
        const callee = load<u64>(area);
        if (<u32>(callee >> 32) == TAG_OBJECT && kindOf(addressOf(callee)) == Kind.FUNCTION) {
          const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
          const csp = <usize>load<u32>(VM_CSP) - RECORD_SIZE;
          // The area becomes the frame: nothing is copied, only absent parameters and registers that must not hold old values are cleared.
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
        act = callArea(pc, fp, area, argc, pc + 8, fieldA(pc), RecordKind.CALL);
        break;
      }
      case Op.NEW:
      case Op.SUPERCALL: {
        const area = atB(pc, fp);
        const argc = <i32>fieldC(pc);
        if (takeFuel()) { act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3)); break; }
        const newTarget = load<u64>(opcode(pc) == Op.NEW ? area : area + 8);
        act = constructArea(pc, fp, area, argc, newTarget, pc + 8, fieldA(pc));
        break;
      }
      case Op.CALLSPREAD:
      case Op.NEWSPREAD: {
        if (takeFuel()) { act = safepointSlow(pc, fp, atB(pc, fp) + 24); break; }
        act = callSpreadSlow(pc, fp);
        break;
      }
      case Op.GETSUPERCTOR: {
        const v = regB(pc, fp);
        const proto = isObject(v) ? prototypeOf(addressOf(v)) : 0;
        store<u64>(atA(pc, fp), proto == 0 ? NULL : boxObject(proto));
        pc += 8;
        continue;
      }
      case Op.RETURN:
      case Op.RETURNU: {
        const value = opcode(pc) == Op.RETURN ? regA(pc, fp) : UNDEFINED;
        const csp = <usize>load<u32>(VM_CSP);
        // Any other kind of record does something with the value first.
        if (load<u8>(csp, RECORD_KIND) == RecordKind.CALL) {
          pc = <usize>load<u32>(csp);
          fp = <usize>load<u32>(csp, 4);
          store<u64>(fp + <usize>load<u16>(csp, 8), value);
          store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
          continue;
        }
        act = returnSlow(fp, value);
        break;
      }
      case Op.CTORRESULT: { saveRegisters(pc, fp); act = ctorResultSlow(pc, fp); break; }

      // --- prologue
      case Op.THISSLOPPY: { if (!isObject(load<u64>(fp, 8))) thisSloppy(fp); pc += 8; continue; }
      case Op.ARGUMENTS: { makeArguments(pc, fp); pc += 8; continue; }
      case Op.REST: { restArguments(pc, fp); pc += 8; continue; }
      case Op.NEWTARGET: {
        // The next `new` overwrites VM_NEW_TARGET_LOW: the linker refuses code with a safepoint before this instruction.
        const isConstruct = load<u8>(<usize>load<u32>(VM_CSP), RECORD_FLAGS) & 1;
        store<u64>(atA(pc, fp), isConstruct ? boxObject(<usize>load<u32>(VM_NEW_TARGET_LOW)) : UNDEFINED);
        pc += 8;
        continue;
      }
      case Op.ARGC: { store<u64>(atA(pc, fp), boxInt(recordArgumentCount(<usize>load<u32>(VM_CSP)))); pc += 8; continue; }

      // --- closures and classes
      case Op.CLOSURE: {
        const env = regB(pc, fp);
        store<u64>(atA(pc, fp), boxObject(newClosure(fieldX(pc), isCell(env) ? addressOf(env) : 0)));
        pc += 16;
        continue;
      }
      case Op.NEWCLASS: { saveRegisters(pc, fp); act = newClassSlow(pc, fp); break; }
      case Op.SETHOME: { act = setHomeSlow(pc, fp); break; }
      case Op.SETFIELDS: { act = setFieldsSlow(pc, fp); break; }
      case Op.RUNFIELDS: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = runFieldsSlow(pc, fp);
        break;
      }

      // --- iteration
      case Op.GETITER: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = getIterSlow(pc, fp);
        break;
      }
      case Op.FORNEXT: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = forNextSlow(pc, fp);
        break;
      }
      case Op.ITERSTEP: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = iterStepSlow(pc, fp);
        break;
      }
      case Op.ITERREST: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = iterRestSlow(pc, fp);
        break;
      }
      case Op.ITERCLOSE:
      case Op.ITERCLOSEQ: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = iterCloseSlow(pc, fp, opcode(pc) == Op.ITERCLOSEQ);
        break;
      }
      case Op.FORIN: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
        act = forInSlow(pc, fp);
        break;
      }
      case Op.FORINNEXT: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
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
        if (isObject(regA(pc, fp))) { pc += 16; continue; }
        act = checkObjectSlow(pc, fp);
        break;
      }
      case Op.THROW: { act = afterSignal(throwValue(regA(pc, fp)), pc, fp); break; }

      // --- prelude
      case Op.CALLN: {
        const area = atB(pc, fp) - 16;
        const argc = <i32>fieldC(pc);
        if (takeFuel()) { act = safepointSlow(pc, fp, area + 16 + (<usize>argc << 3)); break; }
        if (isDefined(VM_STRESS)) pc = stressCollect(pc, fp, area + 16 + (<usize>argc << 3));
        saveRegisters(pc, fp);
        store<u32>(CONTEXT_RETURN_PC, <u32>(pc + 16));
        store<u32>(CONTEXT_CALLER_FP, <u32>fp);
        store<u32>(CONTEXT_DESTINATION, fieldA(pc));
        store<u32>(CONTEXT_KIND, RecordKind.CALL);
        const value = callNativeOf(<i32>load<u32>(pc, 8), area, argc);
        if (value < EXCEPTION || value > CALL) { store<u64>(atA(pc, fp), value); pc += 16; continue; }
        act = value == RETRY ? tryAgain(pc, fp) : afterSignal(value, pc, fp);
        break;
      }
      case Op.LOADINTR: { store<u64>(atA(pc, fp), intrinsic(<i32>fieldB(pc))); pc += 8; continue; }
      case Op.REQUIREOBJ: {
        if (!isNullish(regA(pc, fp))) { pc += 8; continue; }
        act = requireObjectSlow(pc, fp);
        break;
      }
      case Op.IMPORTCALL: { act = importCallSlow(pc, fp); break; }
      case Op.IMPORTMETA: { act = importMetaSlow(pc, fp); break; }
      case Op.DELGLOBAL: { saveRegisters(pc, fp); act = deleteGlobalSlow(pc, fp); break; }
      case Op.YIELDRESULT: { act = yieldResultSlow(pc, fp); break; }
      case Op.HELPER: {
        if (takeFuel()) { act = safepointSlow(pc, fp, frameEnd(fp)); break; }
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
