// Owns what the linker proves of an instruction beyond the types of its operands: the checks in ts/defs/opcodes.ts, and the rules that
// hold for all code. So no instruction can write the function that runs (r0) or the register in which a generator keeps itself, and a
// frame of a generator suspends only as its own. Must never take anything on trust: the instruction itself looks at anything not proved
// here.
import { isPointer, Value } from "../core/value";
import { LinkError } from "../generated/exchange";
import { HELPER_COUNT, MAX_HELPER_ARGUMENTS, PRELUDE_COUNT, PRELUDE_FIRST } from "../generated/intrinsics";
import { FunctionFlag } from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import { Check, Op, OPCODE_FLAGS, OpcodeFlag, Operand, OPERAND_CHECKS, OPERAND_LIMITS, OPERAND_SHAPES } from "../generated/opcodes";
import { USES_SURPLUS } from "../heap/code";
import {
  fail, FARTHEST, FUNCTION_FLAGS, LAST_PROLOGUE, LENGTH, MAY_STOP, META, OWNER, PARAMETERS, REGISTERS, SAFEPOINT_SEEN, START,
} from "./link-state";
import { fieldOffset, groupSize } from "./operands";

/** OWNER in functions that are neither generators nor async. */
const NO_OWNER: u32 = 0xffff;
const NOT_STARTED: u32 = 0xffffffff;

/** Begins a function whose flags, parameters and registers have been read. False: a generator has no register for itself. */
export function openVerifier(clears: u32): bool {
  const flags = load<u32>(FUNCTION_FLAGS);
  const keeps = (flags & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC)) != 0;
  store<u32>(OWNER, keeps ? 2 + load<u32>(PARAMETERS) : NO_OWNER);
  store<u32>(START, NOT_STARTED);
  store<u32>(FARTHEST, 0);
  store<i32>(LAST_PROLOGUE, -1);
  store<u32>(SAFEPOINT_SEEN, 0);
  store<u32>(MAY_STOP, 0);
  // The call clears that register: until the generator has begun, it must not find that of another call there.
  return !keeps || clears > 0 || fail(LinkError.LIMIT);
}

function needs(flag: u32): bool {
  return (load<u32>(FUNCTION_FLAGS) & flag) != 0 || fail(LinkError.OPCODE);
}
function lacks(flag: u32): bool {
  return (load<u32>(FUNCTION_FLAGS) & flag) == 0 || fail(LinkError.OPCODE);
}
function atMost(n: u32, limit: u32): bool {
  return n <= limit || fail(LinkError.LIMIT);
}

/** Registers `first` to `first + count - 1` may be written. */
function mayWrite(first: u32, count: u32): bool {
  const owner = load<u32>(OWNER);
  return (first >= 1 && (owner < first || owner >= first + count)) || fail(LinkError.REGISTER);
}

/** First register after all that a call must leave unchanged. */
function firstFree(): u32 {
  const owner = load<u32>(OWNER);
  return owner == NO_OWNER ? 1 : owner + 1;
}

/** First register that may be dead at a safepoint: a generator that has begun needs the register in which it keeps itself. */
function firstMortal(): u32 {
  return 2 + load<u32>(PARAMETERS) + (load<u32>(START) == NOT_STARTED ? 0 : 1);
}

/** True for the register that keeps the generator or coroutine, at or after the instruction that puts it there. */
function isOwner(op: i32, register: u32): bool {
  if (register != load<u32>(OWNER)) return fail(LinkError.REGISTER);
  return op == Op.GENSTART || op == Op.ASYNCSTART || load<u32>(START) != NOT_STARTED || fail(LinkError.OPCODE);
}

function checkRegister(op: i32, at: usize, type: i32, check: i32, register: u32): bool {
  switch (check) {
    case Check.OWNER: return isOwner(op, register);
    case Check.LIVE: return register >= firstMortal() || fail(LinkError.REGISTER);
    case Check.AREA: return register >= firstFree() || fail(LinkError.REGISTER);
    case Check.ARGUMENTS: return register >= 2 || fail(LinkError.REGISTER);
    case Check.WRITTEN:
    case Check.ITERATOR: return mayWrite(register, groupSize(op, at));
  }
  return (type != Operand.DST && type != Operand.RW) || mayWrite(register, 1);
}

function checkNumber(check: i32, n: u32, limit: u32, constant: Value): bool {
  switch (check) {
    case Check.AT_MOST: return atMost(n, limit);
    case Check.NOT_ZERO: return n != 0 || fail(LinkError.LIMIT);
    case Check.POSITIVE: return <i32>n > 0 || fail(LinkError.LIMIT);
    case Check.METHOD: return (n <= 6 && (n & 3) <= 2) || fail(LinkError.LIMIT);
    case Check.IMAGE: return atMost(n, load<u32>(LENGTH));
    case Check.REGISTER: return atMost(n, load<u32>(REGISTERS) - 1);
    case Check.NATIVE: return atMost(n, <u32>NATIVE_COUNT - 1);
    case Check.HELPER: return atMost(n, <u32>HELPER_COUNT - 1);
    case Check.HELPER_ARGUMENTS: return atMost(n, <u32>MAX_HELPER_ARGUMENTS);
    case Check.INTRINSIC: return atMost(n, <u32>(PRELUDE_FIRST + PRELUDE_COUNT - 1));
    case Check.TEMPLATE: return isPointer(constant) || fail(LinkError.CONSTANT);
  }
  return true;
}

function numberAt(type: i32, at: usize): u32 {
  return type == Operand.U16 ? <u32>load<u16>(at) : type == Operand.I16 || type == Operand.JUMP16 ? <u32><i32>load<i16>(at) : load<u32>(at);
}

/** ARGUMENTS, REST, NEWTARGET look at the call that made the frame: they run once, before anything can stop the function. */
function prologue(word: i32): bool {
  if (load<u32>(SAFEPOINT_SEEN) != 0 || load<u32>(MAY_STOP) != 0) return fail(LinkError.OPCODE);
  store<i32>(LAST_PROLOGUE, word);
  return true;
}

/** GENSTART or ASYNCSTART: it runs before all code after it, so no jump passes it. Handlers: see verifyHandler. */
function start(word: i32): bool {
  if (load<u32>(START) != NOT_STARTED || load<u32>(FARTHEST) > <u32>word) return fail(LinkError.OPCODE);
  store<u32>(START, <u32>word);
  store<i32>(LAST_PROLOGUE, word);
  return true;
}

/** Checks instructions that belong to some kinds of functions only, or to a place in them. */
function checkPlace(op: i32, word: i32): bool {
  switch (op) {
    case Op.ARGUMENTS:
    case Op.REST:
      store<u32>(META, load<u32>(META) | USES_SURPLUS);
      return prologue(word);
    case Op.NEWTARGET: return prologue(word);
    case Op.GENSTART: return needs(FunctionFlag.GENERATOR) && start(word);
    case Op.ASYNCSTART: return needs(FunctionFlag.ASYNC) && lacks(FunctionFlag.GENERATOR) && start(word);
    case Op.YIELD: return needs(FunctionFlag.GENERATOR);
    case Op.YIELDRESULT: return needs(FunctionFlag.GENERATOR) && lacks(FunctionFlag.ASYNC);
    case Op.AWAIT:
    case Op.ASYNCRETURN:
    case Op.ASYNCTHROW: return needs(FunctionFlag.ASYNC);
    case Op.TAILCALL: return lacks(FunctionFlag.GENERATOR | FunctionFlag.ASYNC);
  }
  return true;
}


/** Checks the instruction at `word`, whose operands are linked at `at`. */
export function verifyInstruction(op: i32, at: usize, word: i32): bool {
  if (!checkPlace(op, word)) return false;
  let checks = load<u32>(OPERAND_CHECKS + (<usize>op << 2));
  let limits = load<u32>(OPERAND_LIMITS + (<usize>op << 2));
  for (let shape = load<u32>(OPERAND_SHAPES + (<usize>op << 2)); shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    const slot = at + fieldOffset((shape >> 5) & 7);
    const good = type <= Operand.TOP ? checkRegister(op, at, type, <i32>(checks & 255), <u32>load<u16>(slot) >> 3)
      : checkNumber(<i32>(checks & 255), numberAt(type, slot), limits & 255, type == Operand.CONST ? load<u64>(slot) : 0);
    if (!good) return false;
    checks >>= 8;
    limits >>= 8;
  }
  const flags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
  if (flags & OpcodeFlag.SAFEPOINT) store<u32>(SAFEPOINT_SEEN, 1);
  if (flags & OpcodeFlag.MAY_THROW) store<u32>(MAY_STOP, 1);
  return true;
}

/** Checks a handler of the words from `first` on. A throw before a generator has begun must not land after its start. */
export function verifyHandler(first: u32, target: u32, register: u32): bool {
  if (!mayWrite(register, 1)) return false;
  const began = load<u32>(START);
  return began == NOT_STARTED || first > began || target <= began || fail(LinkError.HANDLER);
}
