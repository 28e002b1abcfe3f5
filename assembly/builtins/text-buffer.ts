// Owns a text under construction whose length is not known beforehand (join, JSON, console): one STRING cell that grows in place
// at the end of the heap. One text at a time, within one native. Must never outlive the native that began it.
//
// Nothing observable happens before finishText. When a writer returns false, the text is given up with textFailure, which asks for
// a collection the first time and ends the run at its memory limit the second time.
import { formatInt, formatNumber } from "../core/number-format";
import { RETRY, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Kind, STRING_FLAGS, STRING_LENGTH, STRING_SIZE } from "../generated/kinds";
import { ErrorKind, VM_HEAP_TOP } from "../generated/layout";
import { UNCOUNTED } from "../heap/account";
import { affords, allocate, chargeBytes, fuelLeft, setFuelLeft, sizeOf, usesScratch } from "../heap/memory";
import { copyBytes, flagsOf, lengthOf, MAX_LENGTH, TWO_BYTE, widen } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { newFromLatin1, newFromUtf16 } from "../strings/single-chars";

const STATE: usize = memory.data(32, 8);
const CELL: usize = STATE;
/** Code units written. */
const USED: usize = STATE + 4;
/** Code units that fit. */
const ROOM: usize = STATE + 8;
/** TWO_BYTE or 0. */
const WIDTH: usize = STATE + 12;
/** 1: no memory, 2: too long. */
const FAILED: usize = STATE + 16;
const DIGITS: usize = memory.data(64, 8);

// @ts-ignore: decorator
@inline
export function textUsed(): u32 {
  return load<u32>(USED);
}
/** Address of code unit `i`; one byte each unless textIsWide. */
// @ts-ignore: decorator
@inline
export function textAt(i: u32): usize {
  return <usize>load<u32>(CELL) + STRING_SIZE + (<usize>i << load<u32>(WIDTH));
}
/** Says that `n` more units have been written at textAt(textUsed()). */
// @ts-ignore: decorator
@inline
export function textWrote(n: u32): void {
  store<u32>(USED, load<u32>(USED) + n);
}

function fits(bytes: usize): bool {
  return affords(bytes);
}

function begin(room: u32, width: u32): void {
  const cell = allocate(Kind.STRING, STRING_SIZE + (<usize>room << width));
  store<u32>(cell, 0);
  // Only the finished text counts as allocated: whether the cell could grow in place depends on other cells made meanwhile.
  store<u32>(cell, UNCOUNTED, STRING_FLAGS);
  store<u32>(CELL, <u32>cell);
  store<u32>(USED, 0);
  store<u32>(ROOM, <u32>((sizeOf(cell) - STRING_SIZE) >> width));
  store<u32>(WIDTH, width);
  store<u32>(FAILED, 0);
}

/** Begins a text. */
export function beginText(): void {
  begin(240, 0);
}

function fail(why: u32): bool {
  store<u32>(FAILED, why);
  return false;
}

/** Moves the text to a cell of `room` units of `width`. */
function moveText(room: u32, width: u32): bool {
  if (!fits(<usize>room << width)) return fail(1);
  const old = <usize>load<u32>(CELL);
  const used = load<u32>(USED);
  const oldWidth = load<u32>(WIDTH);
  begin(room, width);
  store<u32>(USED, used);
  const to = <usize>load<u32>(CELL) + STRING_SIZE;
  if (width == oldWidth) memory.copy(to, old + STRING_SIZE, <usize>used << width);
  else widen(to, old + STRING_SIZE, <i32>used);
  return true;
}

/** Growing takes the same fuel whether the text stays in place or moves, since that depends on the cells after it. */
function growText(units: u32): bool {
  chargeBytes(<usize>load<u32>(USED) << load<u32>(WIDTH));
  const needed = load<u32>(USED) + units;
  if (needed > <u32>MAX_LENGTH || units > <u32>MAX_LENGTH) return fail(2);
  const width = load<u32>(WIDTH);
  const room = load<u32>(ROOM);
  let wanted = min<u32>(MAX_LENGTH, max<u32>(needed, room < 0x100000 ? room * 2 : room + (room >> 1)));
  const cell = <usize>load<u32>(CELL);
  const have = sizeOf(cell);
  // Where memory is short, it still grows by at least a sixteenth: smaller steps would be charged for far too often.
  if (!fits(<usize>wanted << width)) wanted = max<u32>(needed, room + (room >> 4));
  if (cell + have != <usize>load<u32>(VM_HEAP_TOP)) return moveText(wanted, width);
  const bytes = ((STRING_SIZE + (<usize>wanted << width) + 7) & ~7) - have;
  if (!fits(bytes)) return fail(1);
  // The new cell is directly after the text and becomes part of it.
  allocate(Kind.BYTES, bytes);
  store<u32>(cell + 4, (<u32>Kind.STRING << 24) | <u32>((have + bytes) >> 3));
  store<u32>(ROOM, <u32>((have + bytes - STRING_SIZE) >> width));
  return true;
}

/** Makes room for `units` more; false: give up with textFailure. */
// @ts-ignore: decorator
@inline
export function textRoom(units: u32): bool {
  return load<u32>(USED) + units <= load<u32>(ROOM) && units < 0x8000000 ? true : growText(units);
}

/** Makes the text take two bytes a unit from now on. */
export function widenText(): bool {
  return load<u32>(WIDTH) != 0 || moveText(load<u32>(ROOM) + 64, TWO_BYTE);
}

/** One unit below 256, for which there is room. */
// @ts-ignore: decorator
@inline
export function putUnit(c: u32): void {
  const used = load<u32>(USED);
  if (load<u32>(WIDTH) != 0) store<u16>(<usize>load<u32>(CELL) + STRING_SIZE + (<usize>used << 1), <u16>c);
  else store<u8>(<usize>load<u32>(CELL) + STRING_SIZE + <usize>used, <u8>c);
  store<u32>(USED, used + 1);
}

/** `n` one-byte characters. */
export function putLatin1(at: usize, n: u32): bool {
  if (!textRoom(n)) return false;
  const to = textAt(load<u32>(USED));
  if (load<u32>(WIDTH) != 0) widen(to, at, <i32>n);
  else copyBytes(to, at, <usize>n);
  textWrote(n);
  return true;
}

/** `n` two-byte characters; the text must be wide. */
export function putUtf16(at: usize, n: u32): bool {
  if (!textRoom(n)) return false;
  copyBytes(textAt(load<u32>(USED)), at, <usize>n << 1);
  textWrote(n);
  return true;
}

/** A string. */
export function putString(s: usize): bool {
  // Flattening may allocate, so it must be done before room is asked for.
  const chars = charsOf(s);
  const n = <u32>lengthOf(s);
  if (n == 0) return true;
  if ((flagsOf(s) & TWO_BYTE) == 0) return putLatin1(chars, n);
  if (!widenText()) return false;
  return putUtf16(chars, n);
}

/** A literal of characters below 128. */
export function putLiteral(text: string): bool {
  const n = <u32>text.length;
  if (!textRoom(n)) return false;
  for (let i: u32 = 0; i < n; i++) putUnit(<u32>load<u16>(changetype<usize>(text) + (<usize>i << 1)));
  return true;
}

/** An int32 in decimal. */
export function putInt(n: i32): bool {
  if (!textRoom(16)) return false;
  if (load<u32>(WIDTH) == 0) {
    textWrote(<u32>formatInt(n, textAt(load<u32>(USED))));
    return true;
  }
  return putLatin1(DIGITS, <u32>formatInt(n, DIGITS));
}

/** A number as ToString gives it. */
export function putNumber(d: f64): bool {
  const n = <i32>d;
  if (<f64>n == d) return putInt(n);
  if (!textRoom(32)) return false;
  return putLatin1(DIGITS, <u32>formatNumber(d, DIGITS));
}

/** A separate string with those characters; the text has been charged for. */
function copyOf(chars: usize, length: u32, width: u32): usize {
  const left = fuelLeft();
  const s = width ? newFromUtf16(chars, <i32>length) : newFromLatin1(chars, <i32>length);
  setFuelLeft(left);
  return s;
}

/** The string. */
export function finishText(): usize {
  const cell = <usize>load<u32>(CELL);
  const used = load<u32>(USED);
  const width = load<u32>(WIDTH);
  const chars = cell + STRING_SIZE;
  const exact = (STRING_SIZE + (<usize>used << width) + 7) & ~7;
  const have = sizeOf(cell);
  if (cell + have == <usize>load<u32>(VM_HEAP_TOP)) {
    usesScratch(cell + have);
    if (used < 2) {
      const short = copyOf(chars, used, width);
      if (cell + have == <usize>load<u32>(VM_HEAP_TOP)) store<u32>(VM_HEAP_TOP, <u32>cell);
      return short;
    }
    store<u32>(VM_HEAP_TOP, <u32>(cell + exact));
    store<u32>(cell + 4, (<u32>Kind.STRING << 24) | <u32>(exact >> 3));
  } else if (have - exact > 256 || used < 2) {
    return copyOf(chars, used, width);
  }
  const end = chars + (<usize>used << width);
  memory.fill(end, 0, cell + sizeOf(cell) - end);
  store<u32>(cell, 0);
  store<u32>(cell, used, STRING_LENGTH);
  store<u32>(cell, width, STRING_FLAGS);
  return cell;
}

/** The signal of a native whose text could not grow. */
export function textFailure(): Value {
  if (load<u32>(FAILED) == 2) {
    return throwLiteral(ErrorKind.RangeError, "Invalid string length");
  }
  return RETRY;
}
