// Owns JSON.parse: text to values in one pass, with the open arrays and objects on a stack in memory. Must never call guest code
// and never recurse. A reviver is the prelude's (ts/prelude/json.js).
//
// The stack is a BYTES cell of u64: values of the open array, below them its frame. A frame is two words:
//   array    previous frame << 1 | 0 (u64), unused           object   previous frame << 1 | 1, object u32 | key u32 << 32
// The guest can observe nothing of this before the end, so that running out of memory can give up with RETRY.
import { parseDecimal } from "../core/number-parse";
import {
  addressOf, boxInt, boxNumber, boxObject, boxString, DEFER, EXCEPTION, FALSE, HOLE, INT_BITS, isObject, isString, NULL, RETRY, TRUE, UNDEFINED,
  Value,
} from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import {
  BYTES_SIZE, Kind, SHAPE_COUNT, SHAPE_LAST_ATTRIBUTES, SHAPE_LAST_KEY, SHAPE_TRANSITIONS, STRING_SIZE, TRANSITIONS_COUNT,
  TRANSITIONS_SIZE,
} from "../generated/kinds";
import { VM_MEMORY_LIMIT } from "../generated/layout";
import { affords, allocate, chargeBytes, chargeWork, kindOf, memoryUsed, sizeOf } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { addProperty, ensureSlot, newPlainObject, slotAddress } from "../objects/object";
import { createDataProperty } from "../objects/property";
import { findEntry, PLAIN, shapeOf } from "../objects/shape";
import { toStringPrimitive } from "../primitives/convert";
import { arrayIndexOf, intern, internLatin1 } from "../strings/atom";
import { flagsOf, INDEX, isTwoByte, lengthOf, newLatin1, newTwoByte, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { newFromLatin1, newFromUtf16 } from "../strings/single-chars";
import { newCopiedArray } from "./array-core";
import { Fault, syntaxError } from "./json-errors";
import { refuseString } from "./shared";

/** State of the parser; it is valid within one native only. */
const STATE: usize = memory.data(64, 8);
/** End of the text. */
const END: usize = STATE;
const WIDE: usize = STATE + 4;
/** Position of the parser. */
const AT: usize = STATE + 8;
const STACK: usize = STATE + 12;
const STACK_ROOM: usize = STATE + 16;
/** Fault, where something was wrong. */
const FAULT: usize = STATE + 20;
const FAULT_AT: usize = STATE + 24;
/** 1: primitives become their source text. */
const SOURCES: usize = STATE + 28;
const START: usize = STATE + 32;
const TEXT: usize = STATE + 36;
const NUMBER: usize = STATE + 40;
/** Properties of the last object that ended, by depth & 15. */
const HINTS: usize = memory.data(16, 8);

/** Result of a step that failed. */
const BAD: Value = EXCEPTION;

// @ts-ignore: decorator
@inline
function unit(at: usize): u32 {
  return load<u32>(WIDE) ? <u32>load<u16>(at) : <u32>load<u8>(at);
}

function fault(kind: i32, at: usize): Value {
  store<i32>(FAULT, kind);
  store<u32>(FAULT_AT, <u32>at);
  return BAD;
}

function unexpected(at: usize): Value {
  return fault(at >= <usize>load<u32>(END) ? Fault.END : Fault.TOKEN, at);
}

/** Skips white space from AT and returns the unit after it, 0xffffffff at the end. */
// @ts-ignore: decorator
@inline
function skipSpace(): u32 {
  let p = <usize>load<u32>(AT);
  const end = <usize>load<u32>(END);
  const step: usize = load<u32>(WIDE) ? 2 : 1;
  while (p < end) {
    const c = unit(p);
    if (c > 0x20 || (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09)) {
      store<u32>(AT, <u32>p);
      return c;
    }
    p += step;
  }
  store<u32>(AT, <u32>p);
  return 0xffffffff;
}

// --- numbers ------------------------------------------------------------------------------------------------------------

/** A number from AT. https://tc39.es/ecma404/ */
function parseNumber(): Value {
  const start = <usize>load<u32>(AT);
  const end = <usize>load<u32>(END);
  const wide = load<u32>(WIDE) != 0;
  const step: usize = wide ? 2 : 1;
  let p = start;
  let c = unit(p);
  const negative = c == 0x2d;
  if (negative) {
    p += step;
    if (p >= end) return fault(Fault.NO_DIGITS, p);
    c = unit(p);
  }
  if (c - 0x30 > 9) return fault(Fault.NO_DIGITS, p);
  let n: i64 = 0;
  const digits = p;
  if (c == 0x30) {
    p += step;
    if (p < end && unit(p) - 0x30 <= 9) return fault(Fault.NUMBER, p);
  } else {
    do {
      n = n * 10 + <i64>(c - 0x30);
      p += step;
      if (p >= end) break;
      c = unit(p);
    } while (c - 0x30 <= 9);
  }
  c = p < end ? unit(p) : 0;
  if (c != 0x2e && c != 0x65 && c != 0x45 && p - digits <= 9 * step) {
    store<u32>(AT, <u32>p);
    if (negative) return n == 0 ? boxNumber(-0.0) : boxInt(-(<i32>n));
    return boxInt(<i32>n);
  }
  if (c == 0x2e) {
    p += step;
    if (p >= end || unit(p) - 0x30 > 9) return fault(Fault.FRACTION, p);
    while (p < end && unit(p) - 0x30 <= 9) p += step;
    c = p < end ? unit(p) : 0;
  }
  if (c == 0x65 || c == 0x45) {
    p += step;
    if (p < end && (unit(p) == 0x2b || unit(p) == 0x2d)) p += step;
    if (p >= end || unit(p) - 0x30 > 9) return fault(Fault.EXPONENT, p);
    while (p < end && unit(p) - 0x30 <= 9) p += step;
  }
  parseDecimal(start, <i32>((p - start) >> (wide ? 1 : 0)), wide ? 2 : 1, NUMBER);
  store<u32>(AT, <u32>p);
  return boxNumber(load<f64>(NUMBER));
}

// --- strings ------------------------------------------------------------------------------------------------------------

const LOW: u64 = 0x0101010101010101;
const HIGH: u64 = 0x8080808080808080;

/** First unit from p on that is a quote, a backslash or a control character; END if there is no such unit. */
function findSpecial(p: usize): usize {
  const end = <usize>load<u32>(END);
  if (load<u32>(WIDE)) {
    while (p < end) {
      const c = load<u16>(p);
      if (c == 0x22 || c == 0x5c || c < 0x20) return p;
      p += 2;
    }
    return end;
  }
  while (p + 8 <= end) {
    const x = load<u64>(p);
    const quote = x ^ 0x2222222222222222;
    const slash = x ^ 0x5c5c5c5c5c5c5c5c;
    const hit = (((quote - LOW) & ~quote) | ((slash - LOW) & ~slash) | ((x - 0x2020202020202020) & ~x)) & HIGH;
    if (hit != 0) return p + <usize>(ctz<u64>(hit) >> 3);
    p += 8;
  }
  while (p < end) {
    const c = load<u8>(p);
    if (c == 0x22 || c == 0x5c || c < 0x20) return p;
    p++;
  }
  return end;
}

function hexDigit(c: u32): i32 {
  if (c - 0x30 <= 9) return <i32>(c - 0x30);
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? <i32>(letter - 0x57) : -1;
}

/** The unit that the escape with its backslash at p means; -1: fault. The length in units goes to ESCAPE. */
const ESCAPE: usize = memory.data(8, 8);
function readEscape(p: usize): i32 {
  const end = <usize>load<u32>(END);
  const step: usize = load<u32>(WIDE) ? 2 : 1;
  store<u32>(ESCAPE, 2);
  if (p + step >= end) {
    fault(Fault.END, end);
    return -1;
  }
  const c = unit(p + step);
  switch (c) {
    case 0x22: case 0x5c: case 0x2f: return <i32>c;
    case 0x62: return 8;
    case 0x66: return 12;
    case 0x6e: return 10;
    case 0x72: return 13;
    case 0x74: return 9;
    case 0x75: break;
    default:
      fault(c > 255 ? Fault.TOKEN : Fault.ESCAPE, p + step);
      return -1;
  }
  let value = 0;
  for (let i: usize = 2; i < 6; i++) {
    const at = p + i * step;
    const digit = at < end ? hexDigit(unit(at)) : -1;
    if (digit < 0) {
      fault(Fault.UNICODE, min(at, end));
      return -1;
    }
    value = (value << 4) | digit;
  }
  store<u32>(ESCAPE, 6);
  return value;
}

/** A string with escapes: from its first unit; `p` is at the first backslash. 0: fault. */
function parseEscaped(first: usize, special: usize): usize {
  const step: usize = load<u32>(WIDE) ? 2 : 1;
  const end = <usize>load<u32>(END);
  // First pass: the length, and whether it needs two bytes.
  let length: i32 = 0;
  let widest: u32 = load<u32>(WIDE) ? 256 : 0;
  let p = first;
  let q = special;
  while (true) {
    length += <i32>((q - p) / step);
    if (q >= end) {
      fault(Fault.UNTERMINATED, end);
      return 0;
    }
    const c = unit(q);
    if (c == 0x22) break;
    if (c != 0x5c) {
      fault(Fault.CONTROL, q);
      return 0;
    }
    const e = readEscape(q);
    if (e < 0) return 0;
    widest |= <u32>e;
    length++;
    p = q + <usize>load<u32>(ESCAPE) * step;
    q = findSpecial(p);
  }
  const last = q;
  const two = widest > 255;
  const s = two ? newTwoByte(length) : newLatin1(length);
  let out = s + STRING_SIZE;
  p = first;
  while (p < last) {
    let c = unit(p);
    if (c == 0x5c) {
      c = <u32>readEscape(p);
      p += <usize>load<u32>(ESCAPE) * step;
    } else p += step;
    if (two) {
      store<u16>(out, <u16>c);
      out += 2;
    } else store<u8>(out++, <u8>c);
  }
  store<u32>(AT, <u32>(last + step));
  return s;
}

/** The string whose first unit, after the quote, is at p; sets AT past its closing quote. 0: fault. */
function parseString(p: usize): usize {
  const q = findSpecial(p);
  if (q >= <usize>load<u32>(END)) {
    fault(Fault.UNTERMINATED, <usize>load<u32>(END));
    return 0;
  }
  const c = unit(q);
  if (c == 0x22) {
    if (load<u32>(WIDE)) {
      store<u32>(AT, <u32>(q + 2));
      return newFromUtf16(p, <i32>((q - p) >> 1));
    }
    store<u32>(AT, <u32>(q + 1));
    return newFromLatin1(p, <i32>(q - p));
  }
  if (c != 0x5c) {
    fault(Fault.CONTROL, q);
    return 0;
  }
  return parseEscaped(p, q);
}

/** Atom of the property name whose first unit, after the quote, is at p; sets AT past its closing quote. 0: fault. */
function parseKey(p: usize): usize {
  if (!load<u32>(WIDE)) {
    const q = findSpecial(p);
    if (q < <usize>load<u32>(END) && load<u8>(q) == 0x22) {
      store<u32>(AT, <u32>(q + 1));
      return internLatin1(p, <i32>(q - p));
    }
  }
  const s = parseString(p);
  return s == 0 ? 0 : intern(s);
}

/** The child shape whose last key is spelled at p and closed by a quote; sets AT past the quote. 0: no such child is known. */
function predictShape(shape: usize, p: usize): usize {
  const child = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  if (child == 0) return 0;
  if (kindOf(child) == Kind.SHAPE) return spells(child, p) ? child : 0;
  const count = load<u32>(child, TRANSITIONS_COUNT);
  for (let i = count; i > 0 && count - i < 8; i--) {
    const s = <usize>load<u32>(child + TRANSITIONS_SIZE + (<usize>(i - 1) << 2));
    if (spells(s, p)) return s;
  }
  return 0;
}

function spells(shape: usize, p: usize): bool {
  const key = <usize>load<u32>(shape, SHAPE_LAST_KEY);
  if (load<u32>(shape, SHAPE_LAST_ATTRIBUTES) != PLAIN || key == 0 || kindOf(key) != Kind.STRING || flagsOf(key) & TWO_BYTE) return false;
  const n = <usize>lengthOf(key);
  if (p + n >= <usize>load<u32>(END) || load<u8>(p + n) != 0x22) return false;
  const chars = key + STRING_SIZE;
  let i: usize = 0;
  for (; i + 8 <= n; i += 8) if (load<u64>(chars + i) != load<u64>(p + i)) return false;
  for (; i < n; i++) if (load<u8>(chars + i) != load<u8>(p + i)) return false;
  // A key that contains a backslash or a control character can only be spelled with escapes.
  if (findSpecial(p) != p + n) return false;
  store<u32>(AT, <u32>(p + n + 1));
  return true;
}

// --- the stack ------------------------------------------------------------------------------------------------------------

function outOfMemory(): bool {
  return memoryUsed() > <usize>load<u32>(VM_MEMORY_LIMIT);
}

/** Makes room for two more words on the stack; false: no memory. */
function growStack(top: usize): bool {
  const old = <usize>load<u32>(STACK);
  const size = sizeOf(old) - BYTES_SIZE;
  if (size * 2 > MAX_CELL_BYTES - 64 || !affords(size * 2)) return false;
  const fresh = allocate(Kind.BYTES, BYTES_SIZE + size * 2);
  memory.copy(fresh + BYTES_SIZE, old + BYTES_SIZE, top);
  store<u32>(STACK, <u32>fresh);
  store<u32>(STACK_ROOM, <u32>(size * 2));
  chargeBytes(top);
  return true;
}

/** Makes sure that the stack has room at offset `top`; false: no memory. */
// @ts-ignore: decorator
@inline
function hasRoom(top: usize): bool {
  return top + 16 <= <usize>load<u32>(STACK_ROOM) || growStack(top);
}
// @ts-ignore: decorator
@inline
function stackAt(offset: usize): usize {
  return <usize>load<u32>(STACK) + BYTES_SIZE + offset;
}

// --- values ----------------------------------------------------------------------------------------------------------------

function matches(p: usize, word: string): bool {
  const n = word.length;
  const step: usize = load<u32>(WIDE) ? 2 : 1;
  const end = <usize>load<u32>(END);
  for (let i = 0; i < n; i++) {
    const at = p + <usize>i * step;
    if (at >= end || unit(at) != <u32>load<u16>(changetype<usize>(word) + (<usize>i << 1))) {
      unexpected(at);
      return false;
    }
  }
  store<u32>(AT, <u32>(p + <usize>n * step));
  return true;
}

/** A primitive that begins with unit c at AT. */
function parsePrimitive(c: u32): Value {
  const p = <usize>load<u32>(AT);
  let v: Value = BAD;
  if (c == 0x22) {
    const s = parseString(p + (load<u32>(WIDE) ? 2 : 1));
    if (s == 0) return BAD;
    v = boxString(s);
  } else if (c == 0x2d || c - 0x30 <= 9) v = parseNumber();
  else if (c == 0x74) v = matches(p, "true") ? TRUE : BAD;
  else if (c == 0x66) v = matches(p, "false") ? FALSE : BAD;
  else if (c == 0x6e) v = matches(p, "null") ? NULL : BAD;
  else return unexpected(p);
  if (v != BAD && load<u32>(SOURCES) != 0) {
    const n = <usize>load<u32>(AT) - p;
    return boxString(load<u32>(WIDE) ? newFromUtf16(p, <i32>(n >> 1)) : newFromLatin1(p, <i32>n));
  }
  return v;
}

/** Stores a property of an object under construction. key: an atom, or a shape that adds the key. */
function storeProperty(object: usize, key: usize, value: Value): void {
  if (kindOf(key) == Kind.SHAPE) {
    const index = load<u32>(key, SHAPE_COUNT) - 1;
    ensureSlot(object, index);
    store<u32>(object, <u32>key);
    store<u64>(slotAddress(object, index), value);
    return;
  }
  if (flagsOf(key) & INDEX) {
    createDataProperty(object, INT_BITS | <u64>arrayIndexOf(key), value);
    return;
  }
  if (findEntry(shapeOf(object), key) >= 0) createDataProperty(object, boxString(key), value);
  else addProperty(object, key, value, PLAIN);
}

/** Reads `"name":` from AT: a predicted shape or an atom; 0: fault. */
function parseName(object: usize, first: bool): usize {
  const c = skipSpace();
  const p = <usize>load<u32>(AT);
  if (c != 0x22) {
    fault(first ? Fault.NAME_OR_BRACE : Fault.NAME, p);
    if (c == 0xffffffff && !first) fault(Fault.NAME, p);
    return 0;
  }
  let key: usize = 0;
  if (!load<u32>(WIDE)) key = predictShape(shapeOf(object), p + 1);
  if (key == 0) key = parseKey(p + (load<u32>(WIDE) ? 2 : 1));
  if (key == 0) return 0;
  if (skipSpace() != 0x3a) {
    if (first) fault(Fault.COLON, <usize>load<u32>(AT));
    else unexpected(<usize>load<u32>(AT));
    return 0;
  }
  store<u32>(AT, load<u32>(AT) + (load<u32>(WIDE) ? 2 : 1));
  return key;
}

/** Result of openObject and openArray unless the text is empty brackets: a frame is on the stack, its first value comes next. */
const OPEN: Value = HOLE;

/** Skips the character at AT. */
// @ts-ignore: decorator
@inline
function skipOne(): void {
  store<u32>(AT, load<u32>(AT) + (load<u32>(WIDE) ? 2 : 1));
}

/** Begins an object at AT inside of `frame`: OPEN, the value of an empty one, BAD or RETRY. */
function openObject(top: usize, frame: usize, depth: u32): Value {
  if (!hasRoom(top) || outOfMemory()) return RETRY;
  const object = newPlainObject(<u32>load<u8>(HINTS + <usize>(depth & 15)));
  skipOne();
  if (skipSpace() == 0x7d) {
    skipOne();
    return boxObject(object);
  }
  const key = parseName(object, true);
  if (key == 0) return BAD;
  store<u64>(stackAt(top), (<u64>frame << 1) | 1);
  store<u64>(stackAt(top), <u64>object | (<u64>key << 32), 8);
  return OPEN;
}

/** Begins an array at AT inside of `frame`: OPEN, the value of an empty one, or RETRY. */
function openArray(top: usize, frame: usize): Value {
  skipOne();
  if (skipSpace() == 0x5d) {
    if (outOfMemory()) return RETRY;
    skipOne();
    return boxObject(newCopiedArray(0, 0));
  }
  if (!hasRoom(top)) return RETRY;
  store<u64>(stackAt(top), <u64>frame << 1);
  return OPEN;
}

/** The object that ends at AT. Its number of properties is remembered for the next object of its depth. */
function closedObject(object: usize, depth: u32): Value {
  const count = load<u32>(shapeOf(object), SHAPE_COUNT);
  store<u8>(HINTS + <usize>((depth - 1) & 15), <u8>min<u32>(16, count));
  return boxObject(object);
}

/** The array that ends at AT: of the values above its frame; RETRY: no memory. */
function closedArray(frame: usize, top: usize): Value {
  const n = <u32>((top - (frame + 15)) >> 3);
  if (n > 0xfffff0 || !affords(<usize>n << 3)) return RETRY;
  return boxObject(newCopiedArray(stackAt(frame + 15), n));
}

/** The value of the text; BAD: a fault, RETRY: no memory. */
function parseText(): Value {
  let top: usize = 0;
  /** Offset of the innermost frame + 1; 0: nothing is open. */
  let frame: usize = 0;
  let inObject = false;
  let depth: u32 = 0;
  let value: Value = UNDEFINED;
  while (true) {
    // A value begins at AT.
    const c = skipSpace();
    if (c == 0x7b || c == 0x5b) {
      value = c == 0x7b ? openObject(top, frame, depth) : openArray(top, frame);
      if (value == OPEN) {
        frame = top + 1;
        inObject = c == 0x7b;
        depth++;
        top += 16;
        continue;
      }
      if (value == RETRY) return RETRY;
    } else value = parsePrimitive(c);
    if (value == BAD) return BAD;
    // A value is complete: it goes into the open array or object, which is closed too if it ends here.
    while (true) {
      if (frame == 0) return value;
      const d = skipSpace();
      if (inObject) {
        const entry = stackAt(frame - 1);
        const object = <usize>load<u32>(entry, 8);
        storeProperty(object, <usize>load<u32>(entry, 12), value);
        if (d == 0x2c) {
          skipOne();
          const key = parseName(object, false);
          if (key == 0) return BAD;
          store<u32>(stackAt(frame - 1), <u32>key, 12);
          break;
        }
        if (d != 0x7d) return fault(Fault.BRACE, <usize>load<u32>(AT));
        value = closedObject(object, depth);
      } else {
        if (!hasRoom(top)) return RETRY;
        store<u64>(stackAt(top), value);
        top += 8;
        if (d == 0x2c) {
          skipOne();
          break;
        }
        if (d != 0x5d) return fault(Fault.BRACKET, <usize>load<u32>(AT));
        value = closedArray(frame, top);
        if (value == RETRY) return RETRY;
      }
      skipOne();
      top = frame - 1;
      frame = <usize>(load<u64>(stackAt(top)) >> 1);
      inObject = frame != 0 && (load<u64>(stackAt(frame - 1)) & 1) != 0;
      depth--;
    }
  }
  return BAD;
}

/** The value of a string; sources: primitives become their source text. */
function parseJson(text: usize, sources: bool): Value {
  const chars = charsOf(text);
  const bytes = <usize>lengthOf(text) << (isTwoByte(text) ? 1 : 0);
  if (!affords(bytes)) return RETRY;
  if (!chargeWork(<i64>bytes >> 2) && !sources) return NULL;
  store<u32>(START, <u32>chars);
  store<u32>(AT, <u32>chars);
  store<u32>(END, <u32>(chars + bytes));
  store<u32>(WIDE, isTwoByte(text) ? 1 : 0);
  store<u32>(TEXT, <u32>text);
  store<u32>(SOURCES, sources ? 1 : 0);
  store<u64>(HINTS, 0x0404040404040404);
  store<u64>(HINTS, 0x0404040404040404, 8);
  const stack = allocate(Kind.BYTES, BYTES_SIZE + 512);
  store<u32>(STACK, <u32>stack);
  store<u32>(STACK_ROOM, 512);
  const value = parseText();
  if (value == RETRY) return RETRY;
  if (value != BAD && skipSpace() != 0xffffffff) fault(Fault.TRAILING, <usize>load<u32>(AT));
  else if (value != BAD) return value;
  const width: u32 = load<u32>(WIDE) ? 1 : 0;
  return syntaxError(load<i32>(FAULT), text, <i32>((load<u32>(FAULT_AT) - load<u32>(START)) >> width));
}

/** https://tc39.es/ecma262/#sec-json.parse of anything but an object, without a reviver */
export function jsonParse(area: usize, argc: i32): Value {
  if (isObject(argAt(area, argc, 1))) return DEFER;
  const v = argAt(area, argc, 0);
  if (isString(v)) return parseJson(addressOf(v), false);
  const refused = refuseString(v);
  return refused != 0 ? refused : parseJson(toStringPrimitive(v), false);
}

/** (string): its value */
export function jsonValue(area: usize, argc: i32): Value {
  return parseJson(addressOf(load<u64>(area, 16)), false);
}

/** (string that parses): its value with the source text in place of each primitive */
export function jsonSources(area: usize, argc: i32): Value {
  return parseJson(addressOf(load<u64>(area, 16)), true);
}
