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

/** The attempt has succeeded: its whole text goes to the first two registers. */
function matched(pc: usize, position: u32, top: usize, left: i32): Outcome {
  const registers = <usize>load<u32>(REGISTERS);
  store<u32>(registers, load<u32>(START));
  store<u32>(registers, position, 4);
  return stop(pc, position, top, left, Outcome.MATCHED);
}

/** Begins a look-around: keeps the height of the stack and the position, for its end. */
function beginLook(top: usize, stack: usize, registers: usize, argument: u32, i: u32): usize {
  const register = registers + (<usize>argument << 2);
  top = push(top, (argument << 2) | 1, load<u32>(register));
  top = push(top, ((argument + 1) << 2) | 1, load<u32>(register, 4));
  store<u32>(register, <u32>((top - stack) >> 3));
  store<u32>(register, i, 4);
  return top;
}

/** Begins a negative one; `after`: where it goes on if what it looks for is not there. */
function beginLookNot(top: usize, stack: usize, registers: usize, argument: u32, after: u32, i: u32): usize {
  const register = registers + (<usize>argument << 2);
  top = push(top, (argument << 2) | 1, load<u32>(register));
  store<u32>(register, <u32>((top - stack) >> 3));
  return push(top, after << 2, i);
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

/**
 * Makes the next attempt begin where one can after START: no match begins there, and registers have their earlier values again. Returns how
 * far that is; -1 if there is no such place, or the expression is sticky.
 */
function beginNext<T>(): i32 {
  const length = load<u32>(LENGTH);
  const start = load<u32>(START);
  if (load<u32>(STICKY) != 0 || start >= length) return -1;
  const unicode = (load<u32>(<usize>load<u32>(PROGRAM), HEADER_FLAGS) & (RegExpFlag.UNICODE | RegExpFlag.SETS)) != 0;
  const isFound = beginAt<T>(start + (unicode && start + 1 < length && isInPair<T>(<usize>load<u32>(CHARS), start + 1) ? 2 : 1));
  return isFound ? <i32>(load<u32>(START) - start) : -1;
}

// @ts-ignore: decorator
@inline
function wordAt(base: usize, index: u32): usize {
  return base + (<usize>index << 2);
}

// --- steps --------------------------------------------------------------------------------------------------------
// They are inlined: a call for each step would cost as much as the step.

/** True if the text of a STRING of that many units comes next. */
// @ts-ignore: decorator
@inline
function isString<T>(at: usize, units: u32, chars: usize, i: u32, length: u32): bool {
  if (units > length - i) return false;
  let k: u32 = 0;
  while (k < units && unitAt<T>(chars, i + k) == <u32>load<u16>(at + 4 + (<usize>k << 1))) k++;
  return k == units;
}

/** Bytes of a STRING of that many units. */
// @ts-ignore: decorator
@inline
function stringBytes(units: u32): usize {
  return 4 + (<usize>((units + 1) >> 1) << 2);
}

/** Saves a register, so that backtracking restores it, and changes it; returns the new top. */
// @ts-ignore: decorator
@inline
function setRegister(top: usize, registers: usize, number: u32, value: u32): usize {
  const register = registers + (<usize>number << 2);
  const next = push(top, (number << 2) | 1, load<u32>(register));
  store<u32>(register, value);
  return next;
}

/** Clears the registers from … last - 1; there is room for all of them. */
function clearRegisters(top: usize, registers: usize, from: u32, last: u32): usize {
  for (let r = from; r < last; r++) {
    if (load<u32>(registers + (<usize>r << 2)) != UNDEFINED_POSITION) top = setRegister(top, registers, r, UNDEFINED_POSITION);
  }
  return top;
}

/** True if a pass of a loop moved on, or has to be made whether it does or not. */
// @ts-ignore: decorator
@inline
function isProgress(at: usize, registers: usize, argument: u32, i: u32): bool {
  const counter = load<u32>(at, 4);
  const counts = counter == NO_REGISTER || load<u32>(registers + (<usize>counter << 2)) > load<u32>(at, 8);
  return !counts || load<u32>(registers + (<usize>argument << 2)) != i;
}

/** True if a GREEDY of that step goes by code points, of which a text may have fewer than units. */
// @ts-ignore: decorator
@inline
function isByPoints<T>(step: u32): bool {
  return sizeof<T>() == 2 && (step == Step.ANY_POINT || step == Step.DOT_POINT || step == Step.CLASS_POINT);
}

/** The lowest index to which a GREEDY that took i … after may go back; NO_REGISTER if it took less than it must. */
// @ts-ignore: decorator
@inline
function lowestOf<T>(step: u32, least: u32, chars: usize, i: u32, after: u32): u32 {
  if (!isByPoints<T>(step)) return after - i >= least ? i + least : NO_REGISTER;
  return countPoints<T>(chars, i, after, least) >= least ? afterPoints<T>(chars, i, after, least) : NO_REGISTER;
}

/** Pushes what a GREEDY that took characters up to `after` may give back. */
// @ts-ignore: decorator
@inline
function pushGreedy<T>(step: u32, top: usize, pc: usize, lowest: u32, after: u32): usize {
  return push(push(top, isByPoints<T>(step) ? 7 : 3, lowest), (<u32>pc << 2) | 2, after);
}

/** Index at which a greedy loop goes on after it gave back a character; or several, if a certain one must come next. */
// @ts-ignore: decorator
@inline
function giveBack<T>(chars: usize, byPoints: bool, next: u32, i: u32, lowest: u32): u32 {
  if (byPoints) return i - unitsBefore<T>(chars, i);
  let at = i - 1;
  if ((next & 255) == Step.CHAR) while (at > lowest && unitAt<T>(chars, at) != next >> 8) at--;
  return at;
}

/** What a LOOP does: another pass, no more, or either, with the other one to come back to. */
const enum LoopWay { ENTER, EXIT, LAZY, GREEDY }

// @ts-ignore: decorator
@inline
function loopWay(at: usize, count: u32): LoopWay {
  if (count < load<u32>(at, 4)) return LoopWay.ENTER;
  if (count >= load<u32>(at, 8)) return LoopWay.EXIT;
  return load<u32>(at, 12) & LAZY ? LoopWay.LAZY : LoopWay.GREEDY;
}

/** Pushes the other way of a loop that has two. */
// @ts-ignore: decorator
@inline
function pushLoop(way: LoopWay, top: usize, at: usize, pc: usize, i: u32): usize {
  if (way == LoopWay.GREEDY) return push(top, load<u32>(at, 12) << 2, i);
  return way == LoopWay.LAZY ? push(top, (<u32>pc + 16) << 2, i) : top;
}

/** True if an assertion that looks at no more than the characters next to i holds. */
// @ts-ignore: decorator
@inline
function holds<T>(step: u32, argument: u32, chars: usize, i: u32, length: u32): bool {
  switch (step) {
    case Step.START: return i == 0;
    case Step.START_LINE: return i == 0 || isTerminator(unitAt<T>(chars, i - 1));
    case Step.END: return i == length;
    case Step.END_LINE: return i == length || isTerminator(unitAt<T>(chars, i));
  }
  return isBoundary<T>(argument, i);
}

/** How a rare step ends: with a failure, with PC and POSITION where it goes on, or for want of stack. */
const enum RareEnd { FAILED, WENT, FULL }

/** Stores what a rare step leaves. */
// @ts-ignore: decorator
@inline
function went(pc: usize, i: u32, top: usize, left: i32): RareEnd {
  stop(pc, i, top, left, Outcome.FAILED);
  return RareEnd.WENT;
}

/** Look-arounds, references and resets of groups. They return by way of PC, POSITION, TOP and LEFT, which `run` has in locals. */
// @ts-ignore: decorator
@inline
function rareStep<T>(at: usize, pc: usize, i: u32, top: usize, left: i32): RareEnd {
  const registers = <usize>load<u32>(REGISTERS);
  const stack = <usize>load<u32>(STACK);
  const w = load<u32>(at);
  const argument = w >> 8;
  const register = wordAt(registers, argument);
  switch (w & 255) {
    case Step.CLEAR: {
      const last = load<u32>(at, 4);
      if (top + (<usize>(last - argument) << 3) > <usize>load<u32>(STACK_LIMIT) - SLACK) {
        went(pc, i, top, left + 1);
        return RareEnd.FULL;
      }
      return went(pc + 8, i, clearRegisters(top, registers, argument, last), left - <i32>((last - argument) >> 2));
    }
    case Step.ZERO: return went(pc + 4, i, setRegister(top, registers, argument, 0), left);
    case Step.BACK_POINT: if (i > 0) return went(pc + 4, i - unitsBefore<T>(<usize>load<u32>(CHARS), i), top, left); break;
    case Step.PROGRESS: if (isProgress(at, registers, argument, i)) return went(pc + 12, i, top, left); break;
    case Step.LOOK: return went(pc + 4, i, beginLook(top, stack, registers, argument, i), left);
    case Step.LOOK_END: {
      const now = forget(load<u32>(register), top);
      return went(pc + 4, min<u32>(load<u32>(LENGTH), load<u32>(register, 4)), now, left - <i32>((top - now) >> 5));
    }
    case Step.LOOK_NOT: return went(pc + 8, i, beginLookNot(top, stack, registers, argument, load<u32>(at, 4), i), left);
    case Step.LOOK_NOT_END: {
      const now = takeBack(load<u32>(register), top);
      went(pc, i, now, left - <i32>((top - now) >> 5));
      return RareEnd.FAILED;
    }
    case Step.BACKREFERENCE: {
      const after = matchReference<T>(at, argument, i);
      if (after == NO_REGISTER) break;
      return went(pc + 8 + (<usize>load<u32>(at, 4) << 2), after, top, left - <i32>((after > i ? after - i : i - after) >> 2));
    }
  }
  // FAIL, too.
  went(pc, i, top, left);
  return RareEnd.FAILED;
}

/**
 * Runs until the attempts from START on have an outcome, or the machine must stop. A step that succeeds goes on with `continue`; after `break`
 * the newest alternative is taken.
 */
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
      case Step.MATCH: return matched(pc, i, top, left);
      case Step.CHAR: if (i < length && unitAt<T>(chars, i) == argument) { i++; pc += 4; continue; } break;
      case Step.STRING:
        if (!isString<T>(at, argument, chars, i, length)) break;
        i += argument; left -= <i32>(argument >> 3); pc += stringBytes(argument); continue;
      case Step.ANY_UNIT: if (i < length) { i++; pc += 4; continue; } break;
      case Step.DOT_UNIT: if (i < length && !isTerminator(unitAt<T>(chars, i))) { i++; pc += 4; continue; } break;
      case Step.CLASS_UNIT: if (i < length && inClass<T>(wordAt(program, argument), unitAt<T>(chars, i))) { i++; pc += 4; continue; } break;
      case Step.ANY_POINT: case Step.DOT_POINT: case Step.CLASS_POINT: {
        const after = i < length ? takeMany<T>(w & 255, argument, program, chars, i, length, 1) : i;
        if (after > i) { i = after; pc += 4; continue; } break;
      }
      case Step.JUMP: pc = <usize>argument; continue;
      case Step.SPLIT: top = push(top, argument << 2, i); pc += 4; continue;
      case Step.SPLIT_LAZY: top = push(top, (<u32>pc + 4) << 2, i); pc = <usize>argument; continue;
      case Step.SAVE: top = setRegister(top, registers, argument, i); pc += 4; continue;
      case Step.LOOP: {
        const way = loopWay(at, load<u32>(wordAt(registers, argument)));
        top = pushLoop(way, top, at, pc, i);
        pc = way == LoopWay.EXIT || way == LoopWay.LAZY ? <usize>(load<u32>(at, 12) & ~LAZY) : pc + 16; continue;
      }
      case Step.COUNT: top = setRegister(top, registers, argument, load<u32>(wordAt(registers, argument)) + 1); pc += 4; continue;
      case Step.START: case Step.START_LINE: case Step.END: case Step.END_LINE: case Step.BOUNDARY:
        if (holds<T>(w & 255, argument, chars, i, length)) { pc += 4; continue; } break;
      case Step.BACK_UNIT: if (i > 0) { i--; pc += 4; continue; } break;
      case Step.GREEDY: {
        const after = takeMany<T>(argument, load<u32>(at, 4), program, chars, i, length, load<u32>(at, 12));
        left -= <i32>((after - i) >> 3);
        const lowest = lowestOf<T>(argument, load<u32>(at, 8), chars, i, after);
        if (lowest == NO_REGISTER) break;
        if (load<u32>(at, 16) == 0 && after > lowest) top = pushGreedy<T>(argument, top, pc + 20, lowest, after);
        i = after; pc += 20; continue;
      }
      default: {
        const end = rareStep<T>(at, pc, i, top, left);
        top = <usize>load<u32>(TOP); left = load<i32>(LEFT);
        if (end == RareEnd.FULL) return Outcome.FULL;
        if (end == RareEnd.FAILED) break;
        pc = <usize>load<u32>(PC); i = load<u32>(POSITION); continue;
      }
    }
    while (true) {
      if (top == stack) {
        const skipped = beginNext<T>();
        if (skipped < 0) return stop(pc, i, top, left, Outcome.FAILED);
        left -= skipped >> 3; pc = 0; i = load<u32>(START); break;
      }
      top -= 8;
      const tag = load<u32>(top);
      const kind = tag & 3; if (kind == 3) continue;
      if (kind == 1) { store<u32>(registers + (<usize>(tag >> 2) << 2), load<u32>(top, 4)); continue; }
      pc = <usize>(tag >> 2); i = load<u32>(top, 4);
      if (kind == 0) break;
      const lowest = load<u32>(top - 4);
      const taken = i - 1;
      i = giveBack<T>(chars, load<u32>(top - 8) >> 2 != 0, load<u32>(code + pc), i, lowest); left -= <i32>((taken - min(taken, i)) >> 3);
      if (i > lowest) { store<u32>(top, i, 4); top += 8; } else top -= 8;
      break;
    }
  }
}
