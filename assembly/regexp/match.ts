// Owns matching: the backtracking machine that runs a program on a text. All its state is in registers, a stack and CONTEXT, so that it
// can stop after any step and go on later. Must never allocate, never look at anything but the program, the text and its state.
//
// Positions are indices of code units. The stack grows upwards in entries of two words:
//
//   step << 2 | 0, position        an alternative to try: a step (offset from the first instruction) at a position
//   register << 2 | 1, value       the value that a register held before
//   step << 2 | 2, position        a greedy loop that has taken up to the position and can give back; the entry below it is
//   points << 2 | 3, position         the position below which it cannot go, and whether it goes by code points
import { RegExpFlag } from "../generated/states";
import { canonicalize } from "./fold";
import {
  CLASS_BITMAP, HEADER_FLAGS, HEADER_PREFIX, HEADER_PREFIX_AT, HEADER_PREFIX_OTHERS, HEADER_SIZE, LAZY, NO_REGISTER, Prefix, Step, UNDEFINED_POSITION,
} from "./program";

const CONTEXT: usize = memory.data(64, 8);
/** Header of the program. */
export const PROGRAM: usize = CONTEXT;
export const CHARS: usize = CONTEXT + 4;
export const LENGTH: usize = CONTEXT + 8;
export const REGISTERS: usize = CONTEXT + 12;
/** First entry of the stack, and the end of the room for entries. */
export const STACK: usize = CONTEXT + 16;
export const STACK_LIMIT: usize = CONTEXT + 20;
/** Next free entry. */
export const TOP: usize = CONTEXT + 24;
export const PC: usize = CONTEXT + 28;
export const POSITION: usize = CONTEXT + 32;
/** Where this attempt began. */
export const START: usize = CONTEXT + 36;
/** Steps that may still be done. */
export const LEFT: usize = CONTEXT + 40;
/** 1: only at START. */
export const STICKY: usize = CONTEXT + 44;

export const enum Outcome {
  FAILED = 0,
  MATCHED = 1,
  /** No steps left. */
  PAUSED = 2,
  /** No room left on the stack. */
  FULL = 3,
}

/** Room in bytes for the entries that a step may push without a check. */
const SLACK: usize = 32;

// @ts-ignore: decorator
@inline
function unitAt<T>(chars: usize, i: u32): u32 {
  return sizeof<T>() == 1 ? <u32>load<u8>(chars + <usize>i) : <u32>load<u16>(chars + (<usize>i << 1));
}

/** Is a code point of 256 or more in the class? */
function inRanges(cls: usize, c: u32): bool {
  let low: u32 = 0;
  let high = load<u32>(cls, CLASS_BITMAP);
  const ranges = cls + CLASS_BITMAP + 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(ranges + (<usize>middle << 3)) <= c) low = middle + 1;
    else high = middle;
  }
  return low > 0 && c <= load<u32>(ranges + (<usize>(low - 1) << 3), 4);
}

// @ts-ignore: decorator
@inline
function inClass<T>(cls: usize, c: u32): bool {
  if (sizeof<T>() == 1 || c < 256) return ((<u32>load<u8>(cls + <usize>(c >> 3)) >> (c & 7)) & 1) != 0;
  return inRanges(cls, c);
}

// @ts-ignore: decorator
@inline
function isTerminator(c: u32): bool {
  return c == 10 || c == 13 || (c & 0xfffe) == 0x2028;
}

// @ts-ignore: decorator
@inline
function isWord(c: u32, wide: bool): bool {
  if (c < 128) return c - 0x30 < 10 || (c | 0x20) - 0x61 < 26 || c == 0x5f;
  return wide && (c == 0x17f || c == 0x212a);
}

/** The code point at i, which is in the text. */
function pointAt<T>(chars: usize, i: u32, length: u32): u32 {
  const first = unitAt<T>(chars, i);
  if (sizeof<T>() == 1 || (first & 0xfc00) != 0xd800 || i + 1 >= length) return first;
  const second = unitAt<T>(chars, i + 1);
  return (second & 0xfc00) == 0xdc00 ? ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000 : first;
}

/** Units of the code point that ends before i > 0. */
function unitsBefore<T>(chars: usize, i: u32): u32 {
  if (sizeof<T>() == 1 || i < 2) return 1;
  return (unitAt<T>(chars, i - 1) & 0xfc00) == 0xdc00 && (unitAt<T>(chars, i - 2) & 0xfc00) == 0xd800 ? 2 : 1;
}

/** With u or v, a match that would begin in the middle of a pair begins at the start of the pair. */
function snapStart<T>(chars: usize, i: u32, length: u32): u32 {
  return i > 0 && i < length && unitsBefore<T>(chars, i + 1) == 2 ? i - 1 : i;
}

// --- searching ----------------------------------------------------------------------------------------------------

/** First index from `from` up with that one-byte character, or `length`. */
function findByte(chars: usize, from: u32, length: u32, c: u32): u32 {
  const pattern = <u64>c * 0x0101010101010101;
  let i = from;
  while (i + 8 <= length) {
    const x = load<u64>(chars + <usize>i) ^ pattern;
    const hit = (x - 0x0101010101010101) & ~x & 0x8080808080808080;
    if (hit != 0) return i + (<u32>ctz<u64>(hit) >> 3);
    i += 8;
  }
  while (i < length && <u32>load<u8>(chars + <usize>i) != c) i++;
  return i;
}

function isInPair<T>(chars: usize, i: u32): bool {
  return sizeof<T>() == 2 && i > 0 && (unitAt<T>(chars, i) & 0xfc00) == 0xdc00 && (unitAt<T>(chars, i - 1) & 0xfc00) == 0xd800;
}

/** The first index from `from` up at which a match can begin; above the length: there is no such index. */
function findStart<T>(from: u32, unicode: bool): u32 {
  const program = <usize>load<u32>(PROGRAM);
  const chars = <usize>load<u32>(CHARS);
  const length = load<u32>(LENGTH);
  switch (load<u32>(program, HEADER_PREFIX)) {
    case Prefix.START: return from == 0 ? 0 : length + 1;
    case Prefix.CHARACTER: {
      const c = load<u32>(program, HEADER_PREFIX_AT);
      let i = from;
      if (sizeof<T>() == 1) i = findByte(chars, from, length, c);
      else while (i < length && unitAt<T>(chars, i) != c) i++;
      return i < length ? i : length + 1;
    }
    case Prefix.SET: {
      const bits = program + <usize>load<u32>(program, HEADER_PREFIX_AT);
      const others = load<u32>(program, HEADER_PREFIX_OTHERS) != 0;
      for (let i = from; i < length; i++) {
        const c = unitAt<T>(chars, i);
        if (sizeof<T>() == 1 || c < 256) {
          if ((<u32>load<u8>(bits + <usize>(c >> 3)) >> (c & 7)) & 1) return i;
        } else if (others && !(unicode && isInPair<T>(chars, i))) return i;
      }
      return length + 1;
    }
  }
  return unicode && from < length && isInPair<T>(chars, from) ? from + 1 : from;
}

// --- parts of steps -----------------------------------------------------------------------------------------------

/** Takes as many matching characters as there are from i up, at most `most`; returns the index after them. */
function takeMany<T>(op: u32, argument: u32, program: usize, chars: usize, i: u32, length: u32, most: u32): u32 {
  const end = most < length - i ? i + most : length;
  switch (op) {
    case Step.CHAR:
      while (i < end && unitAt<T>(chars, i) == argument) i++;
      return i;
    case Step.ANY_UNIT: return end;
    case Step.DOT_UNIT:
      while (i < end && !isTerminator(unitAt<T>(chars, i))) i++;
      return i;
    case Step.CLASS_UNIT: {
      const cls = program + (<usize>argument << 2);
      while (i < end && inClass<T>(cls, unitAt<T>(chars, i))) i++;
      return i;
    }
  }
  // By code points.
  const cls = program + (<usize>argument << 2);
  while (most > 0 && i < length) {
    const c = pointAt<T>(chars, i, length);
    if (op == Step.DOT_POINT ? isTerminator(c) : op == Step.CLASS_POINT && !inClass<T>(cls, c)) break;
    i += c > 0xffff ? 2 : 1;
    most--;
  }
  return i;
}

/** Number of code points in from … to, counted up to `enough`: to test a minimum. */
function countPoints<T>(chars: usize, from: u32, to: u32, enough: u32): u32 {
  let count: u32 = 0;
  for (let i = from; i < to && count < enough; count++) i += i + 1 < to && isInPair<T>(chars, i + 1) ? 2 : 1;
  return count;
}

/** Index after `count` code points from `from`. */
function afterPoints<T>(chars: usize, from: u32, to: u32, count: u32): u32 {
  let i = from;
  for (; count > 0 && i < to; count--) i += i + 1 < to && isInPair<T>(chars, i + 1) ? 2 : 1;
  return i;
}

/** Position after (or before) a text equal to start … end at i; NO_REGISTER if there is no such text. */
function matchAgain<T>(flags: u32, start: u32, end: u32, i: u32): u32 {
  const chars = <usize>load<u32>(CHARS);
  const length = load<u32>(LENGTH);
  if (start > end || end > length) return NO_REGISTER;
  const n = end - start;
  const back = (flags & 2) != 0;
  if (back ? n > i : n > length - i) return NO_REGISTER;
  const from = back ? i - n : i;
  for (let k: u32 = 0; k < n; k++) {
    const a = unitAt<T>(chars, start + k);
    const b = unitAt<T>(chars, from + k);
    if (a == b) continue;
    if ((flags & 1) == 0) return NO_REGISTER;
    if (flags & 4) {
      // Case mapping does not lead from one plane to another: pairs are compared with pairs.
      const low: u32 = k > 0 && isInPair<T>(chars, start + k) && isInPair<T>(chars, from + k) ? 1 : 0;
      if (canonicalize(pointAt<T>(chars, start + k - low, end), true) != canonicalize(pointAt<T>(chars, from + k - low, from + n), true)) return NO_REGISTER;
    } else if (canonicalize(a, false) != canonicalize(b, false)) return NO_REGISTER;
  }
  const after = back ? from : i + n;
  // Half of a pair is not a character.
  return flags & 4 && after > 0 && after < length && isInPair<T>(chars, after) ? NO_REGISTER : after;
}

function matchReference<T>(at: usize, flags: u32, i: u32): u32 {
  const registers = <usize>load<u32>(REGISTERS);
  const count = load<u32>(at, 4);
  for (let k: u32 = 0; k < count; k++) {
    const pair = registers + (<usize>load<u32>(at + 8 + (<usize>k << 2)) << 3);
    const start = load<u32>(pair);
    const end = load<u32>(pair, 4);
    if (start != UNDEFINED_POSITION && end != UNDEFINED_POSITION) return matchAgain<T>(flags, start, end, i);
  }
  return i;
}

function isBoundary<T>(argument: u32, i: u32): bool {
  const chars = <usize>load<u32>(CHARS);
  const wide = (argument & 2) != 0;
  const before = i > 0 && isWord(unitAt<T>(chars, i - 1), wide);
  const after = i < load<u32>(LENGTH) && isWord(unitAt<T>(chars, i), wide);
  return (before != after) != ((argument & 1) != 0);
}

/** Drops the alternatives from entry `height` up, but keeps the saved values of registers; returns the new top. */
function forget(height: u32, top: usize): usize {
  const from = <usize>load<u32>(STACK) + (<usize>height << 3);
  if (from > top) return top;
  let to = from;
  for (let at = from; at < top; at += 8) {
    if ((load<u32>(at) & 3) != 1) continue;
    store<u64>(to, load<u64>(at));
    to += 8;
  }
  return to;
}

/** Restores the registers saved from entry `height` up and drops those entries; returns the new top. */
function takeBack(height: u32, top: usize): usize {
  const to = <usize>load<u32>(STACK) + (<usize>height << 3);
  const registers = <usize>load<u32>(REGISTERS);
  while (top > to) {
    top -= 8;
    const tag = load<u32>(top);
    if ((tag & 3) == 1) store<u32>(registers + (<usize>(tag >> 2) << 2), load<u32>(top, 4));
  }
  return top;
}

// @ts-ignore: decorator
@inline
function push(top: usize, tag: u32, value: u32): usize {
  store<u64>(top, <u64>tag | (<u64>value << 32));
  return top + 8;
}

function stop(pc: usize, position: u32, top: usize, left: i32, outcome: Outcome): Outcome {
  store<u32>(PC, <u32>pc);
  store<u32>(POSITION, position);
  store<u32>(TOP, <u32>top);
  store<i32>(LEFT, left);
  return outcome;
}

// --- the machine --------------------------------------------------------------------------------------------------

/** Sets PC, POSITION and TOP to begin at `start` or, unless STICKY is set, at the first possible place from there. False: no such place. */
export function beginAt<T>(start: u32): bool {
  const unicode = (load<u32>(<usize>load<u32>(PROGRAM), HEADER_FLAGS) & (RegExpFlag.UNICODE | RegExpFlag.SETS)) != 0;
  const length = load<u32>(LENGTH);
  let at = unicode ? snapStart<T>(<usize>load<u32>(CHARS), start, length) : start;
  if (load<u32>(STICKY) == 0) at = findStart<T>(at, unicode);
  store<u32>(START, at);
  store<u32>(POSITION, at);
  store<u32>(PC, 0);
  store<u32>(TOP, load<u32>(STACK));
  if (at > start) store<i32>(LEFT, load<i32>(LEFT) - <i32>((at - start) >> 3));
  return at <= length;
}

/** Runs until the attempts from START on have an outcome, or the machine must stop. */
export function run<T>(): Outcome {
  const program = <usize>load<u32>(PROGRAM);
  const code = program + HEADER_SIZE;
  const chars = <usize>load<u32>(CHARS);
  const length = load<u32>(LENGTH);
  const registers = <usize>load<u32>(REGISTERS);
  const stack = <usize>load<u32>(STACK);
  const limit = <usize>load<u32>(STACK_LIMIT) - SLACK;
  let left = load<i32>(LEFT);
  let top = <usize>load<u32>(TOP);
  let pc = <usize>load<u32>(PC);
  let i = load<u32>(POSITION);
  while (true) {
    if (top > limit) return stop(pc, i, top, left, Outcome.FULL);
    if (--left < 0) return stop(pc, i, top, 0, Outcome.PAUSED);
    const at = code + pc;
    const w = load<u32>(at);
    const argument = w >> 8;
    switch (w & 255) {
      case Step.MATCH:
        store<u32>(registers, load<u32>(START));
        store<u32>(registers, i, 4);
        return stop(pc, i, top, left, Outcome.MATCHED);
      case Step.FAIL: break;
      case Step.CHAR:
        if (i < length && unitAt<T>(chars, i) == argument) {
          i++;
          pc += 4;
          continue;
        }
        break;
      case Step.STRING: {
        if (argument <= length - i) {
          let k: u32 = 0;
          while (k < argument && unitAt<T>(chars, i + k) == <u32>load<u16>(at + 4 + (<usize>k << 1))) k++;
          if (k == argument) {
            i += k;
            left -= <i32>(k >> 3);
            pc += 4 + (<usize>((argument + 1) >> 1) << 2);
            continue;
          }
        }
        break;
      }
      case Step.ANY_UNIT:
        if (i < length) {
          i++;
          pc += 4;
          continue;
        }
        break;
      case Step.DOT_UNIT:
        if (i < length && !isTerminator(unitAt<T>(chars, i))) {
          i++;
          pc += 4;
          continue;
        }
        break;
      case Step.CLASS_UNIT:
        if (i < length && inClass<T>(program + (<usize>argument << 2), unitAt<T>(chars, i))) {
          i++;
          pc += 4;
          continue;
        }
        break;
      case Step.ANY_POINT:
      case Step.DOT_POINT:
      case Step.CLASS_POINT: {
        const after = i < length ? takeMany<T>(w & 255, argument, program, chars, i, length, 1) : i;
        if (after > i) {
          i = after;
          pc += 4;
          continue;
        }
        break;
      }
      case Step.JUMP:
        pc = <usize>argument;
        continue;
      case Step.SPLIT:
        top = push(top, argument << 2, i);
        pc += 4;
        continue;
      case Step.SPLIT_LAZY:
        top = push(top, (<u32>pc + 4) << 2, i);
        pc = <usize>argument;
        continue;
      case Step.SAVE: {
        const register = registers + (<usize>argument << 2);
        top = push(top, (argument << 2) | 1, load<u32>(register));
        store<u32>(register, i);
        pc += 4;
        continue;
      }
      case Step.CLEAR: {
        const last = load<u32>(at, 4);
        if (top + (<usize>(last - argument) << 3) > limit) return stop(pc, i, top, left + 1, Outcome.FULL);
        for (let r = argument; r < last; r++) {
          const register = registers + (<usize>r << 2);
          const old = load<u32>(register);
          if (old == UNDEFINED_POSITION) continue;
          top = push(top, (r << 2) | 1, old);
          store<u32>(register, UNDEFINED_POSITION);
        }
        left -= <i32>((last - argument) >> 2);
        pc += 8;
        continue;
      }
      case Step.ZERO: {
        const register = registers + (<usize>argument << 2);
        top = push(top, (argument << 2) | 1, load<u32>(register));
        store<u32>(register, 0);
        pc += 4;
        continue;
      }
      case Step.LOOP: {
        const count = load<u32>(registers + (<usize>argument << 2));
        const exit = load<u32>(at, 12);
        if (count < load<u32>(at, 4)) pc += 16;
        else if (count >= load<u32>(at, 8)) pc = <usize>(exit & ~LAZY);
        else if (exit & LAZY) {
          top = push(top, (<u32>pc + 16) << 2, i);
          pc = <usize>(exit & ~LAZY);
        } else {
          top = push(top, exit << 2, i);
          pc += 16;
        }
        continue;
      }
      case Step.COUNT: {
        const register = registers + (<usize>argument << 2);
        const count = load<u32>(register);
        top = push(top, (argument << 2) | 1, count);
        store<u32>(register, count + 1);
        pc += 4;
        continue;
      }
      case Step.PROGRESS: {
        const counter = load<u32>(at, 4);
        const counts = counter == NO_REGISTER || load<u32>(registers + (<usize>counter << 2)) > load<u32>(at, 8);
        if (!counts || load<u32>(registers + (<usize>argument << 2)) != i) {
          pc += 12;
          continue;
        }
        break;
      }
      case Step.START:
        if (i == 0) {
          pc += 4;
          continue;
        }
        break;
      case Step.START_LINE:
        if (i == 0 || isTerminator(unitAt<T>(chars, i - 1))) {
          pc += 4;
          continue;
        }
        break;
      case Step.END:
        if (i == length) {
          pc += 4;
          continue;
        }
        break;
      case Step.END_LINE:
        if (i == length || isTerminator(unitAt<T>(chars, i))) {
          pc += 4;
          continue;
        }
        break;
      case Step.BOUNDARY:
        if (isBoundary<T>(argument, i)) {
          pc += 4;
          continue;
        }
        break;
      case Step.LOOK: {
        const register = registers + (<usize>argument << 2);
        top = push(top, (argument << 2) | 1, load<u32>(register));
        top = push(top, ((argument + 1) << 2) | 1, load<u32>(register, 4));
        store<u32>(register, <u32>((top - stack) >> 3));
        store<u32>(register, i, 4);
        pc += 4;
        continue;
      }
      case Step.LOOK_END: {
        const register = registers + (<usize>argument << 2);
        const before = top;
        top = forget(load<u32>(register), top);
        left -= <i32>((before - top) >> 5);
        i = min<u32>(length, load<u32>(register, 4));
        pc += 4;
        continue;
      }
      case Step.LOOK_NOT: {
        const register = registers + (<usize>argument << 2);
        top = push(top, (argument << 2) | 1, load<u32>(register));
        store<u32>(register, <u32>((top - stack) >> 3));
        top = push(top, load<u32>(at, 4) << 2, i);
        pc += 8;
        continue;
      }
      case Step.LOOK_NOT_END: {
        const before = top;
        top = takeBack(load<u32>(registers + (<usize>argument << 2)), top);
        left -= <i32>((before - top) >> 5);
        break;
      }
      case Step.BACKREFERENCE: {
        const after = matchReference<T>(at, argument, i);
        if (after != NO_REGISTER) {
          left -= <i32>((after > i ? after - i : i - after) >> 2);
          i = after;
          pc += 8 + (<usize>load<u32>(at, 4) << 2);
          continue;
        }
        break;
      }
      case Step.BACK_UNIT:
        if (i > 0) {
          i--;
          pc += 4;
          continue;
        }
        break;
      case Step.BACK_POINT:
        if (i > 0) {
          i -= unitsBefore<T>(chars, i);
          pc += 4;
          continue;
        }
        break;
      case Step.GREEDY: {
        const least = load<u32>(at, 8);
        const after = takeMany<T>(argument, load<u32>(at, 4), program, chars, i, length, load<u32>(at, 12));
        left -= <i32>((after - i) >> 3);
        const points: u32 = sizeof<T>() == 2 && (argument == Step.ANY_POINT || argument == Step.DOT_POINT || argument == Step.CLASS_POINT) ? 1 : 0;
        const enough = points ? countPoints<T>(chars, i, after, least) >= least : after - i >= least;
        if (!enough) break;
        pc += 20;
        if (load<u32>(at, 16) == 0) {
          const lowest = points ? afterPoints<T>(chars, i, after, least) : i + least;
          if (after > lowest) {
            top = push(top, (points << 2) | 3, lowest);
            top = push(top, (<u32>pc << 2) | 2, after);
          }
        }
        i = after;
        continue;
      }
    }
    // That failed: backtrack to the newest alternative.
    while (true) {
      if (top == stack) {
        // No match begins here. Registers have their earlier values again.
        if (load<u32>(STICKY) != 0) return stop(pc, i, top, left, Outcome.FAILED);
        const start = load<u32>(START);
        if (start >= length || !beginAt<T>(start + (load<u32>(program, HEADER_FLAGS) & (RegExpFlag.UNICODE | RegExpFlag.SETS) && start + 1 < length && isInPair<T>(chars, start + 1) ? 2 : 1))) {
          return stop(pc, i, top, left, Outcome.FAILED);
        }
        left -= <i32>((load<u32>(START) - start) >> 3);
        pc = 0;
        i = load<u32>(START);
        break;
      }
      top -= 8;
      const tag = load<u32>(top);
      const value = load<u32>(top, 4);
      const kind = tag & 3;
      if (kind == 1) {
        store<u32>(registers + (<usize>(tag >> 2) << 2), value);
        continue;
      }
      if (kind == 3) continue;
      pc = <usize>(tag >> 2);
      i = value;
      if (kind == 0) break;
      // A greedy loop gives back one character; if a certain character must come next, it gives back until that is there.
      const lowest = load<u32>(top - 4);
      if (load<u32>(top - 8) >> 2) i -= unitsBefore<T>(chars, i);
      else {
        i--;
        const next = load<u32>(code + pc);
        if ((next & 255) == Step.CHAR) {
          const from = i;
          while (i > lowest && unitAt<T>(chars, i) != next >> 8) i--;
          left -= <i32>((from - i) >> 3);
        }
      }
      if (i > lowest) {
        store<u32>(top, i, 4);
        top += 8;
      } else top -= 8;
      break;
    }
  }
  return Outcome.FAILED;
}
