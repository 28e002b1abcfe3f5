// Owns the checks of a program and of the state of a match that came out of a snapshot: after them the machine of regexp/match.ts can
// do no harm, whatever the two contain. Must read nothing outside the cell it is given.
import { BYTES_LENGTH } from "../generated/kinds";
import {
  CLASS_BITMAP, HEADER_BYTES, HEADER_CLASSES, HEADER_CLASSES_END, HEADER_CODE_BYTES, HEADER_FLAGS, HEADER_GROUPS, HEADER_MAGIC, HEADER_NAME_COUNT, HEADER_NAMES,
  HEADER_PREFIX, HEADER_PREFIX_AT, HEADER_PREFIX_OTHERS, HEADER_REGISTERS, HEADER_SIZE, headerOf, LAZY, NO_REGISTER, Prefix, PROGRAM_MAGIC, Step, STEP_COUNT, STEP_WORDS,
} from "./program";

/** Words of the step at `at`, 0 if it does not fit. */
function wordsOf(at: usize, left: u32): u32 {
  const w = load<u32>(at);
  const op = w & 255;
  if (op >= STEP_COUNT) return 0;
  let words = <u32>load<u8>(STEP_WORDS + <usize>op);
  if (words > left) return 0;
  if (op == Step.STRING) words += ((w >> 8) + 1) >> 1;
  else if (op == Step.BACKREFERENCE) {
    const count = load<u32>(at, 4);
    if (count > left) return 0;
    words += count;
  }
  return words <= left ? words : 0;
}

/** Is there a step at that offset? Steps are found by walking from the start; `starts` has a bit per word. */
function isStep(starts: usize, offset: u32, codeBytes: u32): bool {
  if (offset >= codeBytes || (offset & 3) != 0) return false;
  const i = offset >> 2;
  return ((<u32>load<u8>(starts + <usize>(i >> 3)) >> (i & 7)) & 1) != 0;
}

function isClass(header: usize, argument: u32): bool {
  const at = <u64>argument << 2;
  const end = load<u32>(header, HEADER_CLASSES_END);
  if (at < <u64>load<u32>(header, HEADER_CLASSES) || at + <u64>CLASS_BITMAP + 4 > <u64>end) return false;
  return at + <u64>CLASS_BITMAP + 4 + ((<u64>load<u32>(header + <usize>at, CLASS_BITMAP)) << 3) <= <u64>end;
}

function isSingle(header: usize, op: u32, argument: u32): bool {
  if (op < <u32>Step.CHAR || op > <u32>Step.CLASS_POINT || op == <u32>Step.STRING) return false;
  return (op != <u32>Step.CLASS_UNIT && op != <u32>Step.CLASS_POINT) || isClass(header, argument);
}

function isFine(header: usize, at: usize, starts: usize): bool {
  const w = load<u32>(at);
  const argument = w >> 8;
  const code = load<u32>(header, HEADER_CODE_BYTES);
  const registers = load<u32>(header, HEADER_REGISTERS);
  const groups = load<u32>(header, HEADER_GROUPS);
  switch (w & 255) {
    case Step.STRING: return argument > 0;
    case Step.CLASS_UNIT:
    case Step.CLASS_POINT: return isClass(header, argument);
    case Step.JUMP:
    case Step.SPLIT:
    case Step.SPLIT_LAZY: return isStep(starts, argument, code);
    case Step.SAVE:
    case Step.ZERO:
    case Step.COUNT:
    case Step.LOOK_NOT_END: return argument < registers;
    case Step.CLEAR: return argument <= load<u32>(at, 4) && load<u32>(at, 4) <= registers;
    case Step.LOOP: return argument < registers && isStep(starts, load<u32>(at, 12) & ~LAZY, code);
    case Step.PROGRESS: return argument < registers && (load<u32>(at, 4) == NO_REGISTER || load<u32>(at, 4) < registers);
    case Step.LOOK:
    case Step.LOOK_END: return argument + 1 < registers;
    case Step.LOOK_NOT: return argument < registers && isStep(starts, load<u32>(at, 4), code);
    case Step.BACKREFERENCE:
      for (let i: u32 = 0; i < load<u32>(at, 4); i++) if (load<u32>(at + 8 + (<usize>i << 2)) >= groups) return false;
      return true;
    case Step.GREEDY: return isSingle(header, argument, load<u32>(at, 4)) && load<u32>(at, 8) <= load<u32>(at, 12);
  }
  return true;
}

/** True for steps that never continue with the step after them. */
function endsWay(op: u32): bool {
  return op == Step.MATCH || op == Step.FAIL || op == Step.JUMP || op == Step.LOOK_NOT_END;
}

function checkCode(header: usize, starts: usize): bool {
  const code = header + HEADER_SIZE;
  const bytes = load<u32>(header, HEADER_CODE_BYTES);
  let last: u32 = 255;
  for (let offset: u32 = 0; offset < bytes; ) {
    const words = wordsOf(code + <usize>offset, (bytes - offset) >> 2);
    if (words == 0) return false;
    const i = offset >> 2;
    store<u8>(starts + <usize>(i >> 3), load<u8>(starts + <usize>(i >> 3)) | <u8>((<u32>1) << (i & 7)));
    last = load<u32>(code + <usize>offset) & 255;
    offset += words << 2;
  }
  if (!endsWay(last)) return false;
  for (let offset: u32 = 0; offset < bytes; offset += wordsOf(code + <usize>offset, 0xffffff) << 2) if (!isFine(header, code + <usize>offset, starts)) return false;
  return true;
}

function checkNames(header: usize, end: u32): bool {
  let at = <u64>load<u32>(header, HEADER_NAMES);
  const count = load<u32>(header, HEADER_NAME_COUNT);
  if (count == 0) return true;
  if ((at & 3) != 0) return false;
  for (let i: u32 = 0; i < count; i++) {
    if (at + 8 > <u64>end || load<u32>(header + <usize>at) >= load<u32>(header, HEADER_GROUPS)) return false;
    at += 8 + ((<u64>load<u32>(header + <usize>at, 4) * 2 + 3) & ~3);
    if (at > <u64>end) return false;
  }
  return true;
}

function checkPrefix(header: usize, end: u32): bool {
  const at = load<u32>(header, HEADER_PREFIX_AT);
  switch (load<u32>(header, HEADER_PREFIX)) {
    case Prefix.ANYTHING:
    case Prefix.START: return true;
    case Prefix.CHARACTER: return at < 256;
    case Prefix.SET: return <u64>at + 32 <= <u64>end && load<u32>(header, HEADER_PREFIX_OTHERS) < 2;
  }
  return false;
}

/** True if the BYTES cell holds a program. `starts`: zeroed scratch memory with a bit per word of it; the bits then mark the steps. */
export function isProgram(cell: usize, starts: usize): bool {
  const bytes = load<u32>(cell, BYTES_LENGTH);
  const header = headerOf(cell);
  if (bytes < <u32>HEADER_SIZE + 4 || (bytes & 3) != 0 || load<u32>(header, HEADER_MAGIC) != PROGRAM_MAGIC || load<u32>(header, HEADER_BYTES) != bytes) return false;
  const code = load<u32>(header, HEADER_CODE_BYTES);
  const groups = load<u32>(header, HEADER_GROUPS);
  const registers = load<u32>(header, HEADER_REGISTERS);
  if (code == 0 || (code & 3) != 0 || code > 0x800000 || code > bytes - <u32>HEADER_SIZE || load<u32>(header, HEADER_FLAGS) > 255) return false;
  if (groups == 0 || groups > 32768 || registers < groups * 2 || registers > 0xffff) return false;
  const classes = load<u32>(header, HEADER_CLASSES);
  const classesEnd = load<u32>(header, HEADER_CLASSES_END);
  if ((classes & 3) != 0 || classes > classesEnd || classesEnd > bytes || classes < <u32>HEADER_SIZE) return false;
  return checkCode(header, starts) && checkNames(header, bytes) && checkPrefix(header, bytes);
}

// --- the state of a match -----------------------------------------------------------------------------------------

/** True if `entries` of a stack can be tried on a text of that length; `starts` is the bitmap of steps that isProgram made. */
export function isStack(header: usize, starts: usize, stack: usize, entries: u32, length: u32): bool {
  const code = load<u32>(header, HEADER_CODE_BYTES);
  for (let i: u32 = 0; i < entries; i++) {
    const at = stack + (<usize>i << 3);
    const tag = load<u32>(at);
    const value = load<u32>(at, 4);
    switch (tag & 3) {
      case 0:
        if (!isStep(starts, tag >> 2, code) || value > length) return false;
        break;
      case 1:
        if (tag >> 2 >= load<u32>(header, HEADER_REGISTERS)) return false;
        break;
      case 2:
        if (!isStep(starts, tag >> 2, code) || value > length || i == 0) return false;
        if ((load<u32>(at - 8) & 3) != 3 || load<u32>(at - 4) >= value) return false;
        break;
      case 3:
        if (tag >> 2 > 1) return false;
        break;
    }
  }
  return true;
}
// @ts-ignore: decorator
@inline
export function isStepAt(header: usize, starts: usize, pc: u32): bool {
  return isStep(starts, pc, load<u32>(header, HEADER_CODE_BYTES));
}
