// Owns the elements of typed arrays: where they are, how they are read and written, which keys name them. Must never call guest
// code: a value that must be converted first is not stored here.
// https://tc39.es/ecma262/#sec-typedarray-exotic-objects
//
//   view    +16 buffer · +20 byte offset · +24 length · +28 type word: type | log2 of its size << 8 | TRACKING | CHANGING
//   buffer  +16 BLOCK or 0 when detached · +20 byte length · +24 maximal byte length · +28 flags
import { boxBigInt, countOf, fromI64, fromU64, isNegative, limbsOf } from "../bigint/bigint";
import { halfBits, halfValue } from "../core/half";
import {
  addressOf, asInt, boxDoubleRaw, boxInt, boxNumber, boxU32, HOLE, isBigInt, isDouble, isInt, isNumber, isString, toDouble, Value,
} from "../core/value";
import {
  ARRAYBUFFER_BUFFER_FLAGS, ARRAYBUFFER_BYTE_LENGTH, ARRAYBUFFER_DATA, BLOCK_SIZE, Kind, TYPEDARRAY_BUFFER, TYPEDARRAY_BYTE_OFFSET, TYPEDARRAY_ELEMENT_TYPE,
  TYPEDARRAY_LENGTH,
} from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { numberToString, stringToDouble, toInt32Value } from "../primitives/convert";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { equals } from "../strings/string";

/** Element types, in the order of the table of constructors. Snapshots hold them. */
export const enum Type {
  Int8 = 0,
  Uint8 = 1,
  Uint8Clamped = 2,
  Int16 = 3,
  Uint16 = 4,
  Int32 = 5,
  Uint32 = 6,
  Float16 = 7,
  Float32 = 8,
  Float64 = 9,
  BigInt64 = 10,
  BigUint64 = 11,
}
export const TYPE_COUNT: u32 = 12;
/** In a type word: the view tracks the length of the buffer. */
export const TRACKING: u32 = 1 << 16;
/** In a type word: the buffer is resizable. A view with a smaller word does not track it, and can only be lost as a whole (detached). */
export const CHANGING: u32 = 1 << 17;
/** In the flags of a buffer. */
export const RESIZABLE: u32 = 1;
/** Flag of a buffer: a SharedArrayBuffer. It is never detached, and only grows. */
export const SHARED: u32 = 2;
export const NO_ELEMENT: u32 = 0xffffffff;

/** log2 of the element size, four bits for each type. */
const SHIFTS: u64 = 0x333212211000;

/** The type word of a view of a buffer that cannot be resized. */
export function typeWord(type: u32): u32 {
  return type | ((<u32>(SHIFTS >> (<u64>type << 2)) & 15) << 8);
}
// @ts-ignore: decorator
@inline
export function shiftOf(word: u32): u32 {
  return (word >> 8) & 255;
}
// @ts-ignore: decorator
@inline
export function typeOf(view: usize): u32 {
  return load<u32>(view, TYPEDARRAY_ELEMENT_TYPE) & 255;
}
// @ts-ignore: decorator
@inline
export function bufferOf(view: usize): usize {
  return <usize>load<u32>(view, TYPEDARRAY_BUFFER);
}
// @ts-ignore: decorator
@inline
export function isDetached(buffer: usize): bool {
  return load<u32>(buffer, ARRAYBUFFER_DATA) == 0;
}

/** Elements that a view has now; 0 if it is out of bounds. https://tc39.es/ecma262/#sec-typedarraylength */
export function viewLength(view: usize): u32 {
  const bytes = load<u32>(bufferOf(view), ARRAYBUFFER_BYTE_LENGTH);
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  const offset = load<u32>(view, TYPEDARRAY_BYTE_OFFSET);
  if (word & TRACKING) return offset <= bytes ? (bytes - offset) >> shiftOf(word) : 0;
  const length = load<u32>(view, TYPEDARRAY_LENGTH);
  return offset + (length << shiftOf(word)) <= bytes ? length : 0;
}

/** https://tc39.es/ecma262/#sec-istypedarrayoutofbounds, of a DataView too */
export function isOutOfBounds(view: usize): bool {
  const buffer = bufferOf(view);
  if (isDetached(buffer)) return true;
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  const offset = load<u32>(view, TYPEDARRAY_BYTE_OFFSET);
  const end = word & TRACKING ? offset : offset + (load<u32>(view, TYPEDARRAY_LENGTH) << shiftOf(word));
  return end > load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH);
}

/** https://tc39.es/ecma262/#sec-istypedarrayfixedlength */
export function isFixedLength(view: usize): bool {
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  // Shared memory only grows: a view of a given length keeps it.
  return word < TRACKING || ((word & TRACKING) == 0 && (load<u32>(bufferOf(view), ARRAYBUFFER_BUFFER_FLAGS) & SHARED) != 0);
}

/** Address of the first element of a view that is not detached. */
// @ts-ignore: decorator
@inline
export function viewStart(view: usize): usize {
  return <usize>load<u32>(bufferOf(view), ARRAYBUFFER_DATA) + BLOCK_SIZE + <usize>load<u32>(view, TYPEDARRAY_BYTE_OFFSET);
}
/** Address of an element that is known to exist. */
// @ts-ignore: decorator
@inline
export function elementAddress(view: usize, index: u32): usize {
  return viewStart(view) + (<usize>index << shiftOf(load<u32>(view, TYPEDARRAY_ELEMENT_TYPE)));
}

// --- elements -----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-rawbytestonumeric */
export function readElement(at: usize, type: u32): Value {
  switch (type) {
    case Type.Int8: return boxInt(<i32>load<i8>(at));
    case Type.Uint8:
    case Type.Uint8Clamped: return boxInt(<i32>load<u8>(at));
    case Type.Int16: return boxInt(<i32>load<i16>(at));
    case Type.Uint16: return boxInt(<i32>load<u16>(at));
    case Type.Int32: return boxInt(load<i32>(at));
    case Type.Uint32: return boxU32(load<u32>(at));
    case Type.Float16: return boxNumber(halfValue(<u32>load<u16>(at)));
    case Type.Float32: return boxNumber(<f64>load<f32>(at));
    case Type.Float64: return boxNumber(load<f64>(at));
    case Type.BigInt64: return boxBigInt(fromI64(load<i64>(at)));
    default: return boxBigInt(fromU64(load<u64>(at), false));
  }
}

/** The 64 low bits of a BigInt in two's complement. */
function bigIntBits(cell: usize): u64 {
  const count = countOf(cell);
  const limbs = limbsOf(cell);
  const magnitude: u64 = count == 0 ? 0 : count == 1 ? <u64>load<u32>(limbs) : load<u64>(limbs);
  return isNegative(cell) ? 0 - magnitude : magnitude;
}

/** Stores a number as Float16, Float32 or Float64. */
function writeDouble(at: usize, type: u32, d: f64): void {
  if (type == Type.Float64) store<f64>(at, d);
  else if (type == Type.Float16) store<u16>(at, <u16>halfBits(d));
  // Narrowing a NaN gives different bits on different machines, so they are fixed here.
  else if (d != d) store<u32>(at, 0x7fc00000);
  else store<f32>(at, <f32>d);
}

/** https://tc39.es/ecma262/#sec-numerictorawbytes of a value that isStorable. */
export function writeElement(at: usize, type: u32, v: Value): void {
  if (type >= <u32>Type.BigInt64) {
    store<u64>(at, bigIntBits(addressOf(v)));
    return;
  }
  if (type == Type.Uint8Clamped) {
    const d = toDouble(v);
    store<u8>(at, <u8>nearest<f64>(d > 0 ? min<f64>(d, 255) : 0));
    return;
  }
  if (type >= <u32>Type.Float16) {
    writeDouble(at, type, toDouble(v));
    return;
  }
  const i = isInt(v) ? asInt(v) : toInt32Value(v);
  if (type < <u32>Type.Int16) store<u8>(at, <u8>i);
  else if (type < <u32>Type.Int32) store<u16>(at, <u16>i);
  else store<i32>(at, i);
}

/** True if elements of that type can take the value without conversion: a BigInt or a number. */
// @ts-ignore: decorator
@inline
export function isStorable(type: u32, v: Value): bool {
  return type >= <u32>Type.BigInt64 ? isBigInt(v) : isNumber(v);
}

// --- fast paths of the loop ---------------------------------------------------------------------------------------

/** Address of the view's first element if it has an element `index`, else 0. */
// @ts-ignore: decorator
@inline
function startFor(view: usize, index: u32, word: u32): usize {
  // A buffer that cannot be resized keeps its length until it is detached.
  if (index >= (word < CHANGING ? load<u32>(view, TYPEDARRAY_LENGTH) : viewLength(view))) return 0;
  const data = <usize>load<u32>(bufferOf(view), ARRAYBUFFER_DATA);
  return data == 0 ? 0 : data + BLOCK_SIZE + <usize>load<u32>(view, TYPEDARRAY_BYTE_OFFSET);
}

/** The element `index`; HOLE if it is out of range. */
export function typedElementSlow(view: usize, index: u32): Value {
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  const start = startFor(view, index, word);
  if (start == 0) return HOLE;
  switch (word & 255) {
    case Type.Int8: return boxInt(<i32>load<i8>(start + <usize>index));
    case Type.Uint8:
    case Type.Uint8Clamped: return boxInt(<i32>load<u8>(start + <usize>index));
    case Type.Int16: return boxInt(<i32>load<i16>(start + (<usize>index << 1)));
    case Type.Uint16: return boxInt(<i32>load<u16>(start + (<usize>index << 1)));
    case Type.Int32: return boxInt(load<i32>(start + (<usize>index << 2)));
    case Type.Uint32: return boxU32(load<u32>(start + (<usize>index << 2)));
    case Type.Float32: return boxDoubleRaw(<f64>load<f32>(start + (<usize>index << 2)));
    case Type.Float64: return boxDoubleRaw(load<f64>(start + (<usize>index << 3)));
    default: return readElement(start + (<usize>index << shiftOf(word)), word & 255);
  }
}

/** Stores an element; false if the index is out of range or the value must be converted. */
export function setTypedElementSlow(view: usize, index: u32, v: Value): bool {
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  const start = startFor(view, index, word);
  if (start == 0) return false;
  if (isInt(v)) {
    switch (word & 255) {
      case Type.Int8:
      case Type.Uint8: store<u8>(start + <usize>index, <u8>asInt(v)); return true;
      case Type.Int16:
      case Type.Uint16: store<u16>(start + (<usize>index << 1), <u16>asInt(v)); return true;
      case Type.Int32:
      case Type.Uint32: store<i32>(start + (<usize>index << 2), asInt(v)); return true;
      case Type.Float32: store<f32>(start + (<usize>index << 2), <f32>asInt(v)); return true;
      case Type.Float64: store<f64>(start + (<usize>index << 3), <f64>asInt(v)); return true;
    }
  } else if (isDouble(v) && (word & 255) == <u32>Type.Float64) {
    store<u64>(start + (<usize>index << 3), v);
    return true;
  }
  if (!isStorable(word & 255, v)) return false;
  writeElement(start + (<usize>index << shiftOf(word)), word & 255, v);
  return true;
}

// --- keys ---------------------------------------------------------------------------------------------------------

/** True for a canonical numeric string. https://tc39.es/ecma262/#sec-canonicalnumericindexstring */
function isNumericText(text: usize): bool {
  const length = lengthOf(text);
  if (length == 0 || length > 32 || isTwoByte(text)) return false;
  const first = <u32>load<u8>(charsOf(text));
  if (first - 0x30 > 9 && first != 0x2d && first != 0x49 && first != 0x4e) return false;
  const d = stringToDouble(text);
  if (d == 0) return length == 2 && first == 0x2d ? load<u8>(charsOf(text), 1) == 0x30 : length == 1;
  return equals(numberToString(d), text);
}

/** True if the property key names an element of a typed array, whether or not it is in range. */
function isElementKey(key: Value): bool {
  return isInt(key) || (isString(key) && isNumericText(addressOf(key)));
}

/** Index of the element that an element key names; NO_ELEMENT if it is out of range. https://tc39.es/ecma262/#sec-isvalidintegerindex */
// @ts-ignore: decorator
@inline
export function elementIndex(view: usize, key: Value): u32 {
  return isInt(key) && <u32>key < viewLength(view) ? <u32>key : NO_ELEMENT;
}

/** True for a typed array and a key that names an element: its prototypes are not asked for it. */
// @ts-ignore: decorator
@inline
export function ownsKey(object: usize, key: Value): bool {
  return kindOf(object) == Kind.TYPEDARRAY && isElementKey(key);
}
