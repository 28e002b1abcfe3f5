// Owns JSON.stringify of plain data: no toJSON, no getters, no replacer. Must never call guest code and never recurse. For other
// data it returns DEFER before anything is observable, and ts/prelude/json.js does all the work.
//
// The stack is a BYTES cell of frames, 16 bytes each: object u32 · position u32 · written u32.
// Position counts elements first, then named properties (from NAMED on).
import {
  addressOf, asInt, boxString, DEFER, FALSE, HOLE, isBigInt, isInt, isNumber, isObject, isString, isSymbol, RETRY, toDouble, TRUE,
  UNDEFINED, Value,
} from "../core/value";
import { lit } from "../errors/throw";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { Atom, atomAt } from "../generated/intrinsics";
import { ARRAY_LENGTH, BYTES_SIZE, Kind, SHAPE_COUNT } from "../generated/kinds";
import { affords, allocate, chargeBytes, chargeFuel, kindOf, sizeOf } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { denseLength, elementAt, elementsOf, isSparse } from "../objects/elements";
import { isCallableObject } from "../objects/function";
import { ABSENT_PROPERTY } from "../objects/lookup";
import { slotAddress } from "../objects/object";
import { lookup } from "../objects/property";
import { ACCESSOR, entryAttributes, entryKey, ENUMERABLE, shapeOf } from "../objects/shape";
import { toIntegerOrInfinity } from "../primitives/convert";
import { flagsOf, lengthOf, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { substring } from "../strings/single-chars";
import { bareChain } from "./array-core";
import {
  beginText, finishText, putInt, putLatin1, putLiteral, putNumber, putString, putUnit, textAt, textFailure, textRoom, textUsed, textWrote,
  widenText,
} from "./text-buffer";

const NAMED: u32 = 0x80000000;
const FRAME: usize = 16;
const POSITION_AT: usize = 4;
const WRITTEN_AT: usize = 8;
const MAX_TEXT: u32 = 0x400000;

const STATE: usize = memory.data(64, 8);
const STACK: usize = STATE;
const STACK_ROOM: usize = STATE + 4;
/** Indentation: a string, or 0. */
const GAP: usize = STATE + 8;
/** Shapes last seen without a toJSON, with their object kind and prototypes known to be harmless. */
const KNOWN: usize = STATE + 16;

/** 1: escaped as \uXXXX, other: escaped as backslash and that character, 0: as it is. */
const ESCAPES: usize = memory.data<u8>([
  1, 1, 1, 1, 1, 1, 1, 1, 0x62, 0x74, 0x6e, 1, 0x66, 0x72, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  0, 0, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5c, 0, 0, 0,
]);
const LOW: u64 = 0x0101010101010101;
const HIGH: u64 = 0x8080808080808080;

// --- strings ------------------------------------------------------------------------------------------------------------

function hexUnit(n: u32): u32 {
  return n < 10 ? n + 0x30 : n + 0x57;
}

/** Writes the escape of a unit; there is room for 6. */
function putEscape(c: u32): void {
  putUnit(0x5c);
  const kind: u32 = c < 0x60 ? <u32>load<u8>(ESCAPES + <usize>c) : 1;
  if (kind > 1) {
    putUnit(kind);
    return;
  }
  putUnit(0x75);
  putUnit(hexUnit(c >> 12));
  putUnit(hexUnit((c >> 8) & 15));
  putUnit(hexUnit((c >> 4) & 15));
  putUnit(hexUnit(c & 15));
}

function quoteLatin1(chars: usize, n: usize): bool {
  let p = chars;
  const end = chars + n;
  while (true) {
    // Up to the next unit that needs an escape.
    let q = p;
    while (q + 8 <= end) {
      const x = load<u64>(q);
      const quote = x ^ 0x2222222222222222;
      const slash = x ^ 0x5c5c5c5c5c5c5c5c;
      const hit = (((quote - LOW) & ~quote) | ((slash - LOW) & ~slash) | ((x - 0x2020202020202020) & ~x)) & HIGH;
      if (hit != 0) {
        q += <usize>(ctz<u64>(hit) >> 3);
        break;
      }
      q += 8;
    }
    while (q < end) {
      const c = <u32>load<u8>(q);
      if (c < 0x60 && load<u8>(ESCAPES + <usize>c) != 0) break;
      q++;
    }
    if (q > p && !putLatin1(p, <u32>(q - p))) return false;
    if (q == end) return true;
    if (!textRoom(6)) return false;
    putEscape(<u32>load<u8>(q));
    p = q + 1;
  }
  return true;
}

function quoteWide(chars: usize, n: u32): bool {
  if (!widenText()) return false;
  for (let i: u32 = 0; i < n; i++) {
    if (!textRoom(6)) return false;
    const c = <u32>load<u16>(chars + (<usize>i << 1));
    if (c < 0x60 ? load<u8>(ESCAPES + <usize>c) != 0 : (c & 0xf800) == 0xd800) {
      if (c >= 0xd800 && c < 0xdc00 && i + 1 < n && (load<u16>(chars + (<usize>(i + 1) << 1)) & 0xfc00) == 0xdc00) {
        store<u16>(textAt(textUsed()), <u16>c);
        store<u16>(textAt(textUsed()), load<u16>(chars + (<usize>(i + 1) << 1)), 2);
        textWrote(2);
        i++;
      } else putEscape(c);
    } else {
      store<u16>(textAt(textUsed()), <u16>c);
      textWrote(1);
    }
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-quotejsonstring */
function putQuoted(s: usize): bool {
  const chars = charsOf(s);
  const n = <u32>lengthOf(s);
  if (!textRoom(n + 2)) return false;
  putUnit(0x22);
  if (flagsOf(s) & TWO_BYTE ? !quoteWide(chars, n) : !quoteLatin1(chars, <usize>n)) return false;
  if (!textRoom(1)) return false;
  putUnit(0x22);
  return true;
}

// --- plain data -----------------------------------------------------------------------------------------------------------

/** True if reading toJSON of that object finds nothing. */
function hasNoToJson(object: usize): bool {
  const shape = <u32>shapeOf(object);
  const at = KNOWN + (<usize>((shape >> 3) & 7) << 2);
  if (load<u32>(at) == shape) return true;
  if (lookup(object, boxString(atomAt(Atom.toJSON))) != ABSENT_PROPERTY) return false;
  store<u32>(at, shape);
  return true;
}

/** True if beginning with the value takes no guest code: it is an object that can be entered, or any primitive but a bigint. */
function isPlain(v: Value): bool {
  if (!isObject(v)) return !isBigInt(v);
  const object = addressOf(v);
  const kind = kindOf(object);
  if (kind == Kind.PROXY || kind == Kind.INTERNAL || kind == Kind.PRIMITIVE || kind == Kind.TYPEDARRAY) return false;
  if (kind == Kind.ARRAY && (isSparse(elementsOf(object)) || !bareChain(object))) return false;
  if (isSparse(elementsOf(object))) return false;
  return hasNoToJson(object);
}

// --- the walk ----------------------------------------------------------------------------------------------------------------

function growStack(): bool {
  const old = <usize>load<u32>(STACK);
  const size = sizeOf(old) - BYTES_SIZE;
  if (size * 2 > MAX_CELL_BYTES - 64 || !affords(size * 2)) return false;
  const fresh = allocate(Kind.BYTES, BYTES_SIZE + size * 2);
  memory.copy(fresh + BYTES_SIZE, old + BYTES_SIZE, size);
  store<u32>(STACK, <u32>fresh);
  store<u32>(STACK_ROOM, <u32>(size * 2));
  return true;
}

// @ts-ignore: decorator
@inline
function frameAt(offset: usize): usize {
  return <usize>load<u32>(STACK) + BYTES_SIZE + offset;
}

/**
 * True if the object is open already, which is a cycle. Beyond a depth of 256, only depths that are powers of two are tested: a
 * cycle is still open at the next of them, and the text written in vain until then is at most as long again.
 */
function isOpen(object: usize, top: usize): bool {
  chargeFuel(1);
  if (top > (FRAME << 8) && (top & (top - 1)) != 0) return false;
  chargeFuel(<i32>(top >> 9));
  for (let at: usize = 0; at < top; at += FRAME) if (load<u32>(frameAt(at)) == <u32>object) return true;
  return false;
}

/** Newline and indentation for `depth`. */
function putLine(depth: u32): bool {
  if (!textRoom(1)) return false;
  putUnit(10);
  for (let i: u32 = 0; i < depth; i++) if (!putString(<usize>load<u32>(GAP))) return false;
  return true;
}

/** Writes a primitive that has a text; the caller handles undefined, symbols and functions. */
function putPrimitive(v: Value): bool {
  if (isString(v)) return putQuoted(addressOf(v));
  if (isInt(v)) return putInt(asInt(v));
  if (isNumber(v)) {
    const d = toDouble(v);
    return d - d == 0 ? putNumber(d) : putLiteral("null");
  }
  return putLiteral(v == TRUE ? "true" : v == FALSE ? "false" : "null");
}

/** True for values that objects leave out and arrays write as null. */
// @ts-ignore: decorator
@inline
function isLeftOut(v: Value): bool {
  return v == UNDEFINED || isSymbol(v) || (isObject(v) && isCallableObject(addressOf(v)));
}

/** How writing ended. */
const enum Written {
  ALL = 0,
  /** The text could not grow. */
  NO_TEXT_ROOM = 1,
  /** No memory for the stack. */
  NO_STACK = 2,
  /** Something needs guest code, or would take too long in one native. */
  NOT_PLAIN = 3,
}

/** What nextValue returns for a property that only the prelude can write. */
const NOT_PLAIN_VALUE: Value = DEFER;

/** Writes the beginning of a value; an object becomes the frame at `top`. */
// @ts-ignore: decorator
@inline
function beginValue(v: Value, top: usize): Written {
  if (!isObject(v)) return putPrimitive(v) ? Written.ALL : Written.NO_TEXT_ROOM;
  const object = addressOf(v);
  if (isOpen(object, top)) return Written.NOT_PLAIN;
  if (top + FRAME > <usize>load<u32>(STACK_ROOM) && !growStack()) return Written.NO_STACK;
  const frame = frameAt(top);
  store<u32>(frame, <u32>object);
  store<u32>(frame, 0, POSITION_AT);
  store<u32>(frame, 0, WRITTEN_AT);
  if (!textRoom(1)) return Written.NO_TEXT_ROOM;
  putUnit(kindOf(object) == Kind.ARRAY ? 0x5b : 0x7b);
  return Written.ALL;
}

/** The next element of an array from `position` on; HOLE at the end. */
// @ts-ignore: decorator
@inline
function nextElement(frame: usize, object: usize, position: u32): Value {
  if (position >= load<u32>(object, ARRAY_LENGTH)) return HOLE;
  store<u32>(frame, position + 1, POSITION_AT);
  const elements = elementsOf(object);
  const v = position < denseLength(elements) ? load<u64>(elementAt(elements, position)) : UNDEFINED;
  return v == HOLE ? UNDEFINED : v;
}

/** The next property of an object from `position` on that has a text; HOLE at the end. */
// @ts-ignore: decorator
@inline
function nextProperty(frame: usize, object: usize, position: u32): Value {
  const elements = elementsOf(object);
  while (position < NAMED && position < denseLength(elements)) {
    const v = load<u64>(elementAt(elements, position++));
    store<u32>(frame, position, POSITION_AT);
    if (v != HOLE && !isLeftOut(v)) return v;
  }
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = position < NAMED ? 0 : position - NAMED; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0 || kindOf(key) == Kind.SYMBOL) continue;
    const attributes = entryAttributes(shape, i);
    if ((attributes & ENUMERABLE) == 0) continue;
    if (attributes & ACCESSOR) return NOT_PLAIN_VALUE;
    const v = load<u64>(slotAddress(object, i));
    if ((isObject(v) && !isPlain(v)) || isBigInt(v)) return NOT_PLAIN_VALUE;
    if (isLeftOut(v)) continue;
    store<u32>(frame, NAMED + i + 1, POSITION_AT);
    return v;
  }
  return HOLE;
}

/** Ends the innermost object, whose frame is at `top` now. */
// @ts-ignore: decorator
@inline
function endObject(object: usize, frame: usize, top: usize): bool {
  if (load<u32>(GAP) != 0 && load<u32>(frame, WRITTEN_AT) != 0 && !putLine(<u32>(top / FRAME))) return false;
  if (!textRoom(1)) return false;
  putUnit(kindOf(object) == Kind.ARRAY ? 0x5d : 0x7d);
  return true;
}

/** Writes what comes before a value of the innermost object: comma, line, and its name. */
// @ts-ignore: decorator
@inline
function putSeparator(object: usize, frame: usize, top: usize): bool {
  const hasGap = load<u32>(GAP) != 0;
  if (load<u32>(frame, WRITTEN_AT) != 0) {
    if (!textRoom(1)) return false;
    putUnit(0x2c);
  }
  store<u32>(frame, 1, WRITTEN_AT);
  if (hasGap && !putLine(<u32>(top / FRAME))) return false;
  if (kindOf(object) == Kind.ARRAY) return true;
  const last = load<u32>(frame, POSITION_AT) - 1;
  if (last < NAMED) {
    if (!textRoom(16)) return false;
    putUnit(0x22);
    if (!putInt(<i32>last)) return false;
    putUnit(0x22);
  } else if (!putQuoted(entryKey(shapeOf(object), last - NAMED))) return false;
  if (!textRoom(2)) return false;
  putUnit(0x3a);
  if (hasGap) putUnit(0x20);
  return true;
}

/** Writes a value with all that is in it. */
function writeJson(root: Value): Written {
  let top: usize = 0;
  let v = root;
  let work: u32 = 0;
  while (true) {
    const begun = beginValue(v, top);
    if (begun != Written.ALL) return begun;
    if (isObject(v)) top += FRAME;
    // The next value to write: of the innermost object that still has one.
    while (true) {
      if (top == 0) return Written.ALL;
      const frame = frameAt(top - FRAME);
      const object = <usize>load<u32>(frame);
      const position = load<u32>(frame, POSITION_AT);
      v = kindOf(object) == Kind.ARRAY ? nextElement(frame, object, position) : nextProperty(frame, object, position);
      work++;
      if (v == HOLE) {
        top -= FRAME;
        if (!endObject(object, frame, top)) return Written.NO_TEXT_ROOM;
        continue;
      }
      if (v == NOT_PLAIN_VALUE) return Written.NOT_PLAIN;
      if (!putSeparator(object, frame, top)) return Written.NO_TEXT_ROOM;
      if (!isPlain(v)) return Written.NOT_PLAIN;
      if (isLeftOut(v)) {
        if (!putLiteral("null")) return Written.NO_TEXT_ROOM;
        continue;
      }
      if ((work & 63) == 0) {
        chargeFuel(16);
        // A text this long must not be written in one native. The prelude can be stopped in the middle.
        if (textUsed() > MAX_TEXT) return Written.NOT_PLAIN;
      }
      break;
    }
  }
  return Written.ALL;
}

/** Room for ten spaces. */
function spaces(n: i32): usize {
  return substring(lit("          "), 0, n);
}

/** Sets GAP from the third argument; false: it needs guest code. */
function setGap(v: Value): bool {
  store<u32>(GAP, 0);
  if (isNumber(v)) {
    const n = <i32>min<f64>(10, toIntegerOrInfinity(toDouble(v)));
    if (n >= 1) store<u32>(GAP, <u32>spaces(n));
  } else if (isString(v)) {
    const s = addressOf(v);
    if (lengthOf(s) > 0) store<u32>(GAP, <u32>(lengthOf(s) > 10 ? substring(s, 0, 10) : s));
  } else if (isObject(v)) return false;
  if (load<u32>(GAP) != 0) charsOf(<usize>load<u32>(GAP));
  return true;
}

/** https://tc39.es/ecma262/#sec-json.stringify of plain data without a replacer */
export function jsonStringify(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isObject(argAt(area, argc, 1)) || !isPlain0(v) || !setGap(argAt(area, argc, 2))) return DEFER;
  if (isLeftOut(v)) return UNDEFINED;
  const stack = allocate(Kind.BYTES, BYTES_SIZE + 512);
  store<u32>(STACK, <u32>stack);
  store<u32>(STACK_ROOM, 512);
  beginText();
  switch (writeJson(v)) {
    case Written.NO_TEXT_ROOM: return textFailure();
    case Written.NO_STACK: return RETRY;
    case Written.NOT_PLAIN: return DEFER;
  }
  chargeBytes(<usize>textUsed() << 1);
  return boxString(finishText());
}

/** isPlain for the first value: forgets the shapes of the last run. */
function isPlain0(v: Value): bool {
  memory.fill(KNOWN, 0, 32);
  return isPlain(v);
}

/** (string): quoted. https://tc39.es/ecma262/#sec-quotejsonstring */
export function jsonQuote(area: usize, argc: i32): Value {
  beginText();
  return putQuoted(addressOf(load<u64>(area, 16))) ? boxString(finishText()) : textFailure();
}
