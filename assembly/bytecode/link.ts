// Owns the step from a program image (ts/defs/image-format.ts) to linked code cells, and the refusal of images that are not
// what they claim. Must never trust a byte of the image, and must never move a word: a position in the portable form is one
// in the linked form.
//
// One function at a time is put together above the heap's top, where nothing is allocated meanwhile, and then moved to
// where its cell begins:
//
//   heapTop    constants (8 bytes each) · flags (u32 per word) · code cell: words · caches · relocations · handlers · positions
import { addressOf, boxInt, boxNumber, boxObject, boxString, HOLE, isPointer, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt, PRELUDE_COUNT, PRELUDE_FIRST } from "../generated/intrinsics";
import {
  ARRAY_ARRAY_FLAGS, BYTES_SIZE, CODE_CACHES, CODE_FLAGS, CODE_HANDLERS, CODE_INDEX, CODE_INSTANCE_CAPACITY, CODE_LIMITS, CODE_NAME, CODE_PROGRAM,
  CODE_REGISTERS, CODE_RELOCATIONS, CODE_TABLES, CODE_WORDS, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_COUNT, PROGRAM_FILENAME, PROGRAM_FUNCTIONS,
  PROGRAM_ID, PROGRAM_LINES, PROGRAM_PAD, PROGRAM_SIZE, PROGRAM_STRINGS, PROGRAM_TEMPLATES, BYTES_LENGTH,
} from "../generated/kinds";
import { FunctionFlag, IMAGE_MAGIC, VM_HEAP_TOP, VM_MEMORY_END, VM_PROGRAMS } from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import { Op, Operand, OPCODE_FLAGS, OPERAND_SHAPES, PORTABLE_COUNT } from "../generated/opcodes";
import { allocate, ensureMemory, MAX_CELL_BYTES, sizeOf } from "../heap/memory";
import { NOT_CALLABLE, USES_SURPLUS } from "../interpreter/frame";
import { FROZEN, restrictElements } from "../objects/elements";
import { arrayPush, newArray } from "../objects/object";
import { defineHidden } from "../objects/property";
import { preventExtensions } from "../objects/shape";
import { intern, internLatin1 } from "../strings/atom";
import { flagsOf, INDEX, MAX_LENGTH } from "../strings/cells";
import { newFromUtf16 } from "../strings/string";
import { CACHE_SIZE, CODE_ENTRY, HANDLER_SIZE } from "./code";
import { BOUNDARY, fusePairs, STARTS } from "./fuse";
import { fieldOffset, groupSize } from "./operands";
import { openReader, readByte, readBytes, readDouble, readFailed, readPosition, readSigned, readUnsigned, remaining, rewind } from "./reader";

/** Why an image was refused. */
export const enum LinkError {
  NONE = 0,
  TRUNCATED = 1, // ends too early, or a number is not 32 bits wide
  MAGIC = 2, // not an image, or of another version
  TRAILING = 3, // bytes behind the end
  STRING = 4, // string index or length
  FUNCTION = 5, // function count, index or flags
  LIMIT = 6, // an operand or count is out of its range
  CONSTANT = 7, // constant index or tag
  BIGINT = 8, // BigInt constants are not supported
  OPCODE = 9, // unknown, or not allowed there
  REGISTER = 10, // register number
  JUMP = 11, // target or direction of a jump
  HANDLER = 12,
  POSITION = 13,
  SIZE = 14, // a cell would be too large
}

const STATE: usize = memory.data(128, 8);
/** LinkError of the last link, and the byte of the image at which it was noticed. */
export const LINK_ERROR: usize = STATE;
export const LINK_ERROR_AT: usize = STATE + 4;
const PROGRAM: usize = STATE + 8;
const STRINGS: usize = STATE + 12;
const STRING_COUNT: usize = STATE + 16;
const FUNCTION_COUNT: usize = STATE + 20;
const LENGTH: usize = STATE + 24;
/** 1: functions with the PRELUDE flag are allowed. */
const PRIVILEGED: usize = STATE + 28;
/** Operands that name a function, chained through their upper halves; set when all cells exist. */
const FUNCTION_CHAIN: usize = STATE + 32;
/** Number of the next template object among those of the program. */
const TEMPLATE_NEXT: usize = STATE + 36;
// The function being linked.
const CONSTANTS: usize = STATE + 40;
const CONSTANT_COUNT: usize = STATE + 44;
const FLAGS: usize = STATE + 48;
const CELL: usize = STATE + 52;
const WORDS: usize = STATE + 56;
const CACHES: usize = STATE + 60;
const RELOCATIONS: usize = STATE + 64;
/** Where relocations are gathered until the number of caches is known. */
const STAGING: usize = STATE + 68;
const REGISTERS: usize = STATE + 72;
const FUNCTION_FLAGS: usize = STATE + 76;
/** Word of the last instruction that must run before any safepoint, -1: none. */
const LAST_PROLOGUE: usize = STATE + 80;
const SAFEPOINT_SEEN: usize = STATE + 84;
const META: usize = STATE + 88;
const IMAGE: usize = STATE + 92;

/** Highest register count whose registers, multiplied by 8, fit an operand. */
const MAX_REGISTERS: u32 = 8191;
const KNOWN_FLAGS: u32 = 4095;
const EXTENDED: u32 = 1;
const SAFEPOINT: u32 = 2;
const NO_FALL_THROUGH: u32 = 8;
const PRELUDE_ONLY: u32 = 32;

function fail(error: LinkError): bool {
  if (load<u32>(LINK_ERROR) == LinkError.NONE) {
    store<u32>(LINK_ERROR, error);
    store<u32>(LINK_ERROR_AT, <u32>readPosition() - load<u32>(IMAGE));
  }
  return false;
}

// --- strings and constants ----------------------------------------------------------------------------------------

function newPointers(capacity: u32): usize {
  const list = allocate(Kind.POINTERS, POINTERS_SIZE + (<usize>capacity << 2));
  store<u32>(list, 0);
  store<u64>(list, 0, POINTERS_COUNT);
  return list;
}

function stringAt(index: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(STRINGS) + POINTERS_SIZE + (<usize>index << 2));
}

function linkStrings(): bool {
  const count = readUnsigned();
  if (count > remaining()) return fail(LinkError.TRUNCATED);
  if (<usize>count << 2 > MAX_CELL_BYTES - 64) return fail(LinkError.SIZE);
  const list = newPointers(count);
  store<u32>(load<u32>(PROGRAM), <u32>list, PROGRAM_STRINGS);
  store<u32>(STRINGS, <u32>list);
  store<u32>(STRING_COUNT, count);
  for (let i: u32 = 0; i < count; i++) {
    const head = readUnsigned();
    const length = head >> 1;
    if (length > <u32>MAX_LENGTH) return fail(LinkError.STRING);
    const at = readBytes(head & 1 ? length << 1 : length);
    if (readFailed()) return fail(LinkError.TRUNCATED);
    const atom = head & 1 ? intern(newFromUtf16(at, <i32>length)) : internLatin1(at, <i32>length);
    store<u32>(list + POINTERS_SIZE + (<usize>i << 2), <u32>atom);
  }
  store<u32>(list, count, POINTERS_COUNT);
  return true;
}

function frozen(array: usize): void {
  restrictElements(array, FROZEN);
  store<u32>(array, load<u32>(array, ARRAY_ARRAY_FLAGS) | 1, ARRAY_ARRAY_FLAGS);
  preventExtensions(array);
}

/** Keeps a template object in the program's list; answers its number. */
function keepTemplate(template: usize): void {
  const program = <usize>load<u32>(PROGRAM);
  let list = <usize>load<u32>(program, PROGRAM_TEMPLATES);
  const count: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
  if (list == 0 || POINTERS_SIZE + (<usize>(count + 1) << 2) > sizeOf(list)) {
    const grown = newPointers(count == 0 ? 4 : count * 2);
    if (list != 0) memory.copy(grown + POINTERS_SIZE, list + POINTERS_SIZE, <usize>count << 2);
    store<u32>(program, <u32>grown, PROGRAM_TEMPLATES);
    list = grown;
  }
  store<u32>(list + POINTERS_SIZE + (<usize>count << 2), <u32>template);
  store<u32>(list, count + 1, POINTERS_COUNT);
}

/** https://tc39.es/ecma262/#sec-gettemplateobject */
function linkTemplate(): bool {
  const count = readUnsigned();
  if (count == 0 || count > remaining()) return fail(LinkError.CONSTANT);
  const cooked = newArray(count);
  const raw = newArray(count);
  for (let i: u32 = 0; i < count; i++) {
    const cookedIndex = readUnsigned();
    const rawIndex = readUnsigned();
    if (cookedIndex > load<u32>(STRING_COUNT) || rawIndex >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
    arrayPush(cooked, cookedIndex == 0 ? UNDEFINED : boxString(stringAt(cookedIndex - 1)));
    arrayPush(raw, boxString(stringAt(rawIndex)));
  }
  frozen(raw);
  defineHidden(cooked, boxString(atomAt(Atom.raw)), boxObject(raw), 0);
  frozen(cooked);
  keepTemplate(cooked);
  return true;
}

/** Checks the constants of a function and makes what they need from the heap. */
function checkConstants(): bool {
  const count = readUnsigned();
  if (count > remaining()) return fail(LinkError.TRUNCATED);
  store<u32>(CONSTANT_COUNT, count);
  for (let i: u32 = 0; i < count; i++) {
    const tag = readByte();
    if (tag == 0) readSigned();
    else if (tag == 1) readDouble();
    else if (tag == 2) {
      if (readUnsigned() >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
    } else if (tag == 3) {
      if (!linkTemplate()) return false;
    } else if (tag == 5) {
      if (readUnsigned() > 4) return fail(LinkError.CONSTANT);
    } else return fail(tag == 4 ? LinkError.BIGINT : LinkError.CONSTANT);
  }
  return !readFailed() || fail(LinkError.TRUNCATED);
}

/** Reads the constants a second time, into the table. */
function readConstant(): Value {
  const tag = readByte();
  if (tag == 0) return boxInt(readSigned());
  if (tag == 1) return boxNumber(readDouble());
  if (tag == 2) return boxString(stringAt(readUnsigned()));
  if (tag == 5) return UNDEFINED | <u64>readUnsigned();
  const count = readUnsigned();
  for (let i: u32 = 0; i < count * 2; i++) readUnsigned();
  const n = load<u32>(TEMPLATE_NEXT);
  store<u32>(TEMPLATE_NEXT, n + 1);
  const list = <usize>load<u32>(load<u32>(PROGRAM), PROGRAM_TEMPLATES);
  return boxObject(<usize>load<u32>(list + POINTERS_SIZE + (<usize>n << 2)));
}

// --- instructions -------------------------------------------------------------------------------------------------

/** Makes sure that linear memory reaches up to `end`, with some room. */
function reach(end: usize): void {
  if (end + 64 > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + 64);
}

function relocate(slot: usize, isValue: u32): void {
  const n = load<u32>(RELOCATIONS);
  const offset = <u32>slot - load<u32>(CELL);
  store<u32>(<usize>load<u32>(STAGING) + (<usize>n << 2), (offset << 1) | isValue);
  store<u32>(RELOCATIONS, n + 1);
}

function linkJump(op: i32, word: i32, distance: i32): bool {
  const target = <i64>word + <i64>distance;
  if (target < 0 || target >= <i64>load<u32>(WORDS)) return fail(LinkError.JUMP);
  const isLoop = op == Op.LOOP || op == Op.LOOPT;
  // Only LOOP and LOOPT, which are safepoints, go back: nothing else can run without taking fuel.
  if (isLoop ? distance > 0 || target <= <i64>load<i32>(LAST_PROLOGUE) : distance <= 0) return fail(LinkError.JUMP);
  const flag = <usize>load<u32>(FLAGS) + (<usize>target << 2);
  store<u32>(flag, load<u32>(flag) | BOUNDARY);
  return true;
}

function linkIndexed(type: i32, at: usize, index: u32): bool {
  const slot = at + 8;
  if (type == Operand.CONST) {
    if (index >= load<u32>(CONSTANT_COUNT)) return fail(LinkError.CONSTANT);
    const value: Value = load<u64>(<usize>load<u32>(CONSTANTS) + (<usize>index << 3));
    store<u64>(slot, value);
    if (isPointer(value)) relocate(slot, 1);
    return true;
  }
  if (type == Operand.FN) {
    if (index >= load<u32>(FUNCTION_COUNT)) return fail(LinkError.FUNCTION);
    store<u32>(slot, index);
    // The address this slot will have once the cell stands where it belongs.
    const final = <u32>slot - load<u32>(CELL) + load<u32>(VM_HEAP_TOP);
    store<u32>(slot, load<u32>(FUNCTION_CHAIN), 4);
    store<u32>(FUNCTION_CHAIN, final);
    relocate(slot, 0);
    return true;
  }
  if (index >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
  const atom = stringAt(index);
  store<u32>(slot, <u32>atom);
  relocate(slot, 0);
  if (type == Operand.KEY) {
    if (flagsOf(atom) & INDEX) return fail(LinkError.STRING);
    const n = load<u32>(CACHES);
    store<u32>(CACHES, n + 1);
    const caches = load<u32>(CELL) + <u32>CODE_ENTRY + (load<u32>(WORDS) << 3);
    store<u32>(slot, caches + n * <u32>CACHE_SIZE - <u32>at, 4);
  }
  return true;
}

function linkOperand(op: i32, type: i32, field: u32, at: usize, word: i32): bool {
  const slot = at + fieldOffset(field);
  if (type <= Operand.TOP) {
    const r = readUnsigned();
    // The first of an empty group may stand behind the last register.
    if (r >= load<u32>(REGISTERS) + (type == Operand.TOP || type == Operand.BASE ? 1 : 0)) return fail(LinkError.REGISTER);
    store<u16>(slot, <u16>(r << 3));
    return true;
  }
  switch (type) {
    case Operand.U16: {
      const n = readUnsigned();
      if (n > 0xffff) return fail(LinkError.LIMIT);
      store<u16>(slot, <u16>n);
      return true;
    }
    case Operand.I16: {
      const n = readSigned();
      if (n < -0x8000 || n > 0x7fff) return fail(LinkError.LIMIT);
      store<u16>(slot, <u16>n);
      return true;
    }
    case Operand.I32:
      store<i32>(slot, readSigned());
      return true;
    case Operand.JUMP16: {
      const n = readSigned();
      if (n < -0x8000 || n > 0x7fff) return fail(LinkError.JUMP);
      store<u16>(slot, <u16>n);
      return linkJump(op, word, n);
    }
    case Operand.JUMP32:
    case Operand.JUMP: {
      const n = readSigned();
      store<i32>(slot, n);
      return linkJump(op, word, n);
    }
    case Operand.IMM:
      store<u32>(slot, readUnsigned());
      return true;
    default:
      return linkIndexed(type, at, readUnsigned());
  }
}

function needs(flag: u32): bool {
  return (load<u32>(FUNCTION_FLAGS) & flag) != 0 || fail(LinkError.OPCODE);
}
function atMost(n: u32, limit: u32): bool {
  return n <= limit || fail(LinkError.LIMIT);
}

/** ARGUMENTS, REST, NEWTARGET, ARGC look at the call that made the frame: they run once, before anything can stop it. */
function prologue(word: i32): bool {
  if (load<u32>(SAFEPOINT_SEEN) != 0) return fail(LinkError.OPCODE);
  store<i32>(LAST_PROLOGUE, word);
  return true;
}

/** What the types of the operands do not say. */
function checkInstruction(op: i32, at: usize, word: i32): bool {
  const a = <u32>load<u16>(at, 2);
  const b = <u32>load<u16>(at, 4);
  switch (op) {
    case Op.LOADS: return atMost(b, 4);
    case Op.THROWERROR: return atMost(a, 8);
    case Op.DECLLEX:
    case Op.GETITER: return atMost(op == Op.GETITER ? <u32>load<u16>(at, 6) : a, 1);
    case Op.DEFPRIVM: return atMost(load<u32>(at, 8), 2);
    case Op.DEFMETHOD: return atMost(load<u32>(at, 8), 7) && atMost(load<u32>(at, 8) & 3, 2);
    case Op.SETNAME: return atMost(<u32>load<u16>(at, 6), 2);
    // What makes something large must itself be described by as many bytes.
    case Op.NEWENV: return atMost(<u32>load<u16>(at, 6), load<u32>(LENGTH));
    case Op.NEWOBJ: return atMost(b, load<u32>(LENGTH));
    case Op.NEWARR: return atMost(load<u32>(at, 4), load<u32>(LENGTH));
    case Op.DIVI: return load<u16>(at, 6) != 0 || fail(LinkError.LIMIT);
    case Op.MODI: return load<i16>(at, 6) > 0 || fail(LinkError.LIMIT);
    case Op.SHLI:
    case Op.SHRI:
    case Op.USHRI: return atMost(<u32>load<u16>(at, 6), 31);
    case Op.ARGUMENTS:
      store<u32>(META, load<u32>(META) | USES_SURPLUS);
      return atMost(b, 1) && prologue(word);
    case Op.REST:
      store<u32>(META, load<u32>(META) | USES_SURPLUS);
      return prologue(word);
    case Op.NEWTARGET:
    case Op.ARGC: return prologue(word);
    case Op.GENSTART:
    case Op.YIELD: return needs(FunctionFlag.GENERATOR);
    case Op.ASYNCSTART:
    case Op.AWAIT:
    case Op.ASYNCRETURN:
    case Op.ASYNCTHROW: return needs(FunctionFlag.ASYNC);
    case Op.CALLN: return (load<u32>(at, 8) < <u32>NATIVE_COUNT && b >= 16) || fail(LinkError.LIMIT);
    case Op.LOADINTR: return atMost(b, <u32>(PRELUDE_FIRST + PRELUDE_COUNT - 1));
    case Op.GETTEMPLATE: return isPointer(load<u64>(at, 8)) || fail(LinkError.CONSTANT);
    case Op.CLOSURE:
    case Op.NEWCLASS: return true;
  }
  return true;
}

function checkGroup(op: i32, at: usize): bool {
  for (let shape = load<u32>(OPERAND_SHAPES + (<usize>op << 2)); shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type != Operand.BASE && type != Operand.OUT) continue;
    const first = <u64>load<u16>(at + fieldOffset((shape >> 5) & 7)) >> 3;
    if (first + <u64>groupSize(op, at) > <u64>load<u32>(REGISTERS)) return fail(LinkError.REGISTER);
  }
  return true;
}

/** Links the instruction at `word`; answers how many words it takes, 0 if it was refused. */
function linkInstruction(word: i32): i32 {
  const op = <i32>readUnsigned();
  if (readFailed() || <u32>op >= <u32>PORTABLE_COUNT) {
    fail(readFailed() ? LinkError.TRUNCATED : LinkError.OPCODE);
    return 0;
  }
  const rowFlags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
  const size: i32 = rowFlags & EXTENDED ? 2 : 1;
  if (word + size > <i32>load<u32>(WORDS) || (rowFlags & PRELUDE_ONLY && (load<u32>(FUNCTION_FLAGS) & FunctionFlag.PRELUDE) == 0)) {
    fail(LinkError.OPCODE);
    return 0;
  }
  const at = <usize>load<u32>(CELL) + CODE_ENTRY + (<usize>word << 3);
  store<u64>(at, <u64>op);
  if (size == 2) store<u64>(at, 0, 8);
  const flag = <usize>load<u32>(FLAGS) + (<usize>word << 2);
  store<u32>(flag, load<u32>(flag) | STARTS);
  for (let shape = load<u32>(OPERAND_SHAPES + (<usize>op << 2)); shape != 0; shape >>= 8) {
    if (!linkOperand(op, <i32>(shape & 31), (shape >> 5) & 7, at, word)) return 0;
  }
  if (!checkGroup(op, at) || !checkInstruction(op, at, word)) return 0;
  if (rowFlags & SAFEPOINT) store<u32>(SAFEPOINT_SEEN, 1);
  if (word + size == <i32>load<u32>(WORDS) && (rowFlags & NO_FALL_THROUGH) == 0) {
    fail(LinkError.OPCODE);
    return 0;
  }
  return size;
}

function linkWords(): bool {
  const count = <i32>load<u32>(WORDS);
  for (let word = 0; word < count; ) {
    const size = linkInstruction(word);
    if (size == 0) return false;
    word += size;
  }
  if (readFailed()) return fail(LinkError.TRUNCATED);
  const flags = <usize>load<u32>(FLAGS);
  for (let word = 0; word < count; word++) {
    if ((load<u32>(flags + (<usize>word << 2)) & (STARTS | BOUNDARY)) == BOUNDARY) return fail(LinkError.JUMP);
  }
  return true;
}

// --- tables -------------------------------------------------------------------------------------------------------

function markBoundary(word: u32): bool {
  const flag = <usize>load<u32>(FLAGS) + (<usize>word << 2);
  if ((load<u32>(flag) & STARTS) == 0) return false;
  store<u32>(flag, load<u32>(flag) | BOUNDARY);
  return true;
}

function linkHandlers(at: usize, count: u32): bool {
  const words = load<u32>(WORDS);
  for (let i: u32 = 0; i < count; i++) {
    const start = readUnsigned();
    const end = readUnsigned();
    const target = readUnsigned();
    const register = readUnsigned();
    if (readFailed()) return fail(LinkError.TRUNCATED);
    // A handler stands behind what it guards: a throw cannot make a loop that takes no fuel.
    if (start >= end || end > words || target >= words || target < end) return fail(LinkError.HANDLER);
    if (register >= load<u32>(REGISTERS)) return fail(LinkError.REGISTER);
    if (!markBoundary(start) || !markBoundary(target) || (end < words && !markBoundary(end))) return fail(LinkError.HANDLER);
    const handler = at + <usize>i * HANDLER_SIZE;
    store<u32>(handler, start << 3);
    store<u32>(handler, end << 3, 4);
    store<u32>(handler, target << 3, 8);
    store<u32>(handler, register << 3, 12);
  }
  return true;
}

function linkPositions(at: usize, count: u32): bool {
  store<u32>(at, count);
  let word: u64 = 0;
  let offset: i64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    word += <u64>readUnsigned();
    offset += <i64>readSigned();
    if (readFailed()) return fail(LinkError.TRUNCATED);
    if (word > <u64>load<u32>(WORDS) || offset < 0 || offset > 0x7fffffff) return fail(LinkError.POSITION);
    store<u32>(at + 4 + (<usize>i << 3), <u32>word);
    store<u32>(at + 8 + (<usize>i << 3), <u32>offset);
  }
  return true;
}

// --- functions ----------------------------------------------------------------------------------------------------

/** Lays out the room for one function above the heap's top and reads constants and words into it. */
function openFunction(constantsAt: usize, codeAt: usize): bool {
  const constants = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const flags = constants + (<usize>load<u32>(CONSTANT_COUNT) << 3);
  const words = <usize>load<u32>(WORDS);
  const cell = (flags + (words << 2) + 7) & ~7;
  // At most one cache and one relocation per two words.
  const staging = cell + CODE_ENTRY + (words << 3) + (words << 3);
  reach(staging + (words << 1) + 64);
  store<u32>(CONSTANTS, <u32>constants);
  store<u32>(FLAGS, <u32>flags);
  store<u32>(CELL, <u32>cell);
  store<u32>(STAGING, <u32>staging);
  store<u32>(CACHES, 0);
  store<u32>(RELOCATIONS, 0);
  store<i32>(LAST_PROLOGUE, -1);
  store<u32>(SAFEPOINT_SEEN, 0);
  memory.fill(flags, 0, words << 2);
  rewind(constantsAt);
  const count = readUnsigned();
  for (let i: u32 = 0; i < count; i++) store<u64>(constants + (<usize>i << 3), readConstant());
  rewind(codeAt);
  return linkWords();
}

/** Puts the tables behind the words; answers the cell's size, 0 if something was refused. */
function closeFunction(): usize {
  const cell = <usize>load<u32>(CELL);
  const words = <usize>load<u32>(WORDS);
  const caches = cell + CODE_ENTRY + (words << 3);
  const relocations = caches + <usize>load<u32>(CACHES) * CACHE_SIZE;
  const relocationBytes = <usize>load<u32>(RELOCATIONS) << 2;
  memory.copy(relocations, <usize>load<u32>(STAGING), relocationBytes);
  memory.fill(caches, 0, relocations - caches);
  const handlers = (relocations + relocationBytes + 7) & ~7;
  if (handlers > relocations + relocationBytes) store<u32>(handlers - 4, 0);
  const handlerCount = readUnsigned();
  if (handlerCount > remaining()) {
    fail(LinkError.TRUNCATED);
    return 0;
  }
  reach(handlers + <usize>handlerCount * HANDLER_SIZE);
  if (!linkHandlers(handlers, handlerCount)) return 0;
  fusePairs(cell + CODE_ENTRY, <i32>words, <usize>load<u32>(FLAGS), handlers, handlerCount);
  const positions = handlers + <usize>handlerCount * HANDLER_SIZE;
  const positionCount = readUnsigned();
  if (positionCount > remaining()) {
    fail(LinkError.TRUNCATED);
    return 0;
  }
  const range = positions + 4 + (<usize>positionCount << 3);
  reach(range + 16);
  if (!linkPositions(positions, positionCount)) return 0;
  store<u32>(cell, <u32>words, CODE_WORDS);
  store<u32>(cell, <u32>(caches - cell), CODE_TABLES);
  store<u32>(cell, load<u32>(CACHES), CODE_CACHES);
  store<u32>(cell, load<u32>(RELOCATIONS), CODE_RELOCATIONS);
  store<u32>(cell, handlerCount, CODE_HANDLERS);
  const end = range + 8;
  const size = (end - cell + 7) & ~7;
  if (end < cell + size) store<u32>(end, 0);
  if (size > MAX_CELL_BYTES) {
    fail(LinkError.SIZE);
    return 0;
  }
  // The caller puts the source range there.
  store<u32>(STAGING, <u32>range);
  return size;
}

function checkFlags(flags: u32): bool {
  if (flags & ~KNOWN_FLAGS) return fail(LinkError.FUNCTION);
  if (flags & FunctionFlag.PRELUDE && load<u32>(PRIVILEGED) == 0) return fail(LinkError.FUNCTION);
  // Generators, async functions and arrows cannot be constructors.
  const isConstructor = (flags & FunctionFlag.CONSTRUCTOR) != 0;
  if (isConstructor && flags & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC | FunctionFlag.ARROW)) return fail(LinkError.FUNCTION);
  if (flags & FunctionFlag.CLASS_CONSTRUCTOR && !isConstructor) return fail(LinkError.FUNCTION);
  return true;
}

/** Links one function; the answer is its cell, 0 if it was refused. */
function linkFunction(index: u32): usize {
  const flags = readUnsigned();
  const name = readUnsigned();
  const parameters = readUnsigned();
  const length = readUnsigned();
  const registers = readUnsigned();
  const clears = readUnsigned();
  const sourceStart = readUnsigned();
  const sourceLength = readUnsigned();
  if (!checkFlags(flags)) return 0;
  if (name > load<u32>(STRING_COUNT)) fail(LinkError.STRING);
  if (registers > MAX_REGISTERS || length > 0xffff || <u64>parameters + <u64>clears + 2 > <u64>registers) fail(LinkError.LIMIT);
  const constantsAt = readPosition();
  if (load<u32>(LINK_ERROR) != LinkError.NONE || !checkConstants()) return 0;
  const words = readUnsigned();
  if (words == 0 || words > remaining()) fail(LinkError.TRUNCATED);
  if (<u64>words * 32 > <u64>MAX_CELL_BYTES) fail(LinkError.SIZE);
  if (load<u32>(LINK_ERROR) != LinkError.NONE) return 0;
  store<u32>(WORDS, words);
  store<u32>(REGISTERS, registers);
  store<u32>(FUNCTION_FLAGS, flags);
  store<u32>(META, flags & FunctionFlag.CLASS_CONSTRUCTOR ? NOT_CALLABLE : 0);
  if (!openFunction(constantsAt, readPosition())) return 0;
  const size = closeFunction();
  if (size == 0) return 0;
  const cell = <usize>load<u32>(CELL);
  store<u32>(<usize>load<u32>(STAGING), sourceStart);
  store<u32>(<usize>load<u32>(STAGING), sourceLength, 4);
  store<u32>(cell, load<u32>(META));
  store<u32>(cell, load<u32>(PROGRAM), CODE_PROGRAM);
  store<u32>(cell, index, CODE_INDEX);
  store<u32>(cell, flags, CODE_FLAGS);
  store<u32>(cell, registers | (clears << 16), CODE_REGISTERS);
  store<u32>(cell, parameters | (length << 16), CODE_LIMITS);
  store<u32>(cell, name == 0 ? 0 : <u32>stringAt(name - 1), CODE_NAME);
  store<u32>(cell, 0, CODE_INSTANCE_CAPACITY);
  // The cell goes to where the next allocation will be.
  memory.copy(<usize>load<u32>(VM_HEAP_TOP), cell, size);
  return allocate(Kind.CODE, size);
}

/** Sets the operands that name functions, now that all have a cell. */
function linkFunctionOperands(functions: usize): void {
  let slot = <usize>load<u32>(FUNCTION_CHAIN);
  while (slot != 0) {
    const next = <usize>load<u32>(slot, 4);
    const index = load<u32>(slot);
    store<u64>(slot, <u64>load<u32>(functions + POINTERS_SIZE + (<usize>index << 2)));
    slot = next;
  }
}

function linkAll(): bool {
  if (remaining() < 4) return fail(LinkError.TRUNCATED);
  if (load<u32>(readBytes(4)) != IMAGE_MAGIC) return fail(LinkError.MAGIC);
  if (!linkStrings()) return false;
  const count = readUnsigned();
  if (count == 0 || count > remaining()) return fail(LinkError.FUNCTION);
  if (<usize>count << 2 > MAX_CELL_BYTES - 64) return fail(LinkError.SIZE);
  store<u32>(FUNCTION_COUNT, count);
  const functions = newPointers(count);
  const program = <usize>load<u32>(PROGRAM);
  store<u32>(program, <u32>functions, PROGRAM_FUNCTIONS);
  store<u32>(program, count, PROGRAM_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const code = linkFunction(i);
    if (code == 0) return fail(LinkError.TRUNCATED);
    store<u32>(functions + POINTERS_SIZE + (<usize>i << 2), <u32>code);
  }
  if (remaining() != 0) return fail(LinkError.TRAILING);
  store<u32>(functions, count, POINTERS_COUNT);
  linkFunctionOperands(functions);
  return true;
}

function newProgram(id: u32): usize {
  const lines = allocate(Kind.BYTES, BYTES_SIZE);
  store<u32>(lines, 0);
  store<u64>(lines, 0, BYTES_LENGTH);
  const program = allocate(Kind.PROGRAM, PROGRAM_SIZE);
  store<u32>(program, 0);
  store<u32>(program, id, PROGRAM_ID);
  store<u32>(program, 0, PROGRAM_COUNT);
  store<u32>(program, <u32>atomAt(Atom.empty), PROGRAM_FILENAME);
  store<u32>(program, <u32>lines, PROGRAM_LINES);
  store<u32>(program, 0, PROGRAM_FUNCTIONS);
  store<u32>(program, 0, PROGRAM_STRINGS);
  store<u32>(program, 0, PROGRAM_TEMPLATES);
  store<u32>(program, 0, PROGRAM_PAD);
  return program;
}

function link(bytes: usize, length: i32, programId: u32, privileged: u32): usize {
  store<u32>(LINK_ERROR, LinkError.NONE);
  store<u32>(LINK_ERROR_AT, 0);
  store<u32>(IMAGE, <u32>bytes);
  store<u32>(LENGTH, <u32>length);
  store<u32>(PRIVILEGED, privileged);
  store<u32>(FUNCTION_CHAIN, 0);
  store<u32>(TEMPLATE_NEXT, 0);
  openReader(bytes, <usize>length);
  const program = newProgram(programId);
  store<u32>(PROGRAM, <u32>program);
  return linkAll() ? program : 0;
}

/**
 * Links the program image in `length` bytes at `bytes`. Answers the PROGRAM cell, or 0: then LINK_ERROR and LINK_ERROR_AT say
 * why and where. Nothing roots the program yet (addProgram does).
 */
export function linkProgram(bytes: usize, length: i32, programId: u32): usize {
  return link(bytes, length, programId, 0);
}

/** The same for code that is trusted like the prelude: its functions may carry the PRELUDE flag and call natives directly. */
export function linkPrelude(bytes: usize, length: i32, programId: u32): usize {
  return link(bytes, length, programId, 1);
}

/** filename: string cell · lines: BYTES cell with the line starts (u32 each), ascending. */
export function setProgramSource(program: usize, filename: usize, lines: usize): void {
  store<u32>(program, <u32>filename, PROGRAM_FILENAME);
  store<u32>(program, <u32>lines, PROGRAM_LINES);
}

/** Code cell of function `index` of a program. */
export function programFunction(program: usize, index: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(program, PROGRAM_FUNCTIONS) + POINTERS_SIZE + (<usize>index << 2));
}

/** Adds a program to the list in the VM block. */
export function addProgram(program: usize): void {
  let list = <usize>load<u32>(VM_PROGRAMS);
  const count: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
  if (list == 0 || POINTERS_SIZE + (<usize>(count + 1) << 2) > sizeOf(list)) {
    const grown = newPointers(count == 0 ? 2 : count * 2);
    if (list != 0) memory.copy(grown + POINTERS_SIZE, list + POINTERS_SIZE, <usize>count << 2);
    store<u32>(VM_PROGRAMS, <u32>grown);
    list = grown;
  }
  store<u32>(list + POINTERS_SIZE + (<usize>count << 2), <u32>program);
  store<u32>(list, count + 1, POINTERS_COUNT);
}
