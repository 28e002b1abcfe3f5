// Owns the natives of typed arrays: the loops over elements that need no guest code. Must never call guest code; every native reads
// lengths anew, since guest code may have run before it. https://tc39.es/ecma262/#sec-typedarray-objects
import {
  addressOf, asInt, boxInt, boxObject, boxString, boxU32, HOLE, isBigInt, isInt, isNumber, isObject, RETRY, toDouble, UNDEFINED, Value,
} from "../core/value";
import { builtinName } from "../errors/stack-trace";
import { lit, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { Kind, TYPEDARRAY_BYTE_OFFSET } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { allocate, chargeBytes, chargeFuel, chargeWork, kindOf, reserve } from "../heap/memory";
import { argAt, thisOf } from "../interpreter/native";
import { denseLength, elementAt, elementsOf, isSparse } from "../objects/elements";
import {
  bufferOf, elementAddress, isOutOfBounds, isStorable, readElement, shiftOf, Type, TYPE_COUNT, typeOf, typeWord, viewLength, viewStart,
  writeElement,
} from "../objects/typed";
import { sameBigInt } from "../primitives/convert";
import { internLatin1 } from "../strings/atom";
import { codeUnitAt, equals, lengthOf } from "../strings/string";
import { refuseState } from "./arguments";
import { numberAt, objectOfKind, throwReceiver } from "./array-buffer";

/** (value): its element type, -1 if it is no typed array */
export function typedKind(area: usize, argc: i32): Value {
  const view = objectOfKind(argAt(area, argc, 0), Kind.TYPEDARRAY);
  return boxInt(view == 0 ? -1 : <i32>typeOf(view));
}

/** The buffer is detached or too short. As in V8, the message names the method that runs. */
function outOfBounds(): Value {
  const name = builtinName();
  const first = lengthOf(name) == 0 ? 0 : codeUnitAt(name, 0);
  // A name in capitals is that of a constructor.
  if (first >= 0x41 && first <= 0x5a) return throwLiteral(ErrorKind.TypeError, "Cannot perform Construct on a detached ArrayBuffer");
  const method = first == 0 || equals(name, atomAt(Atom.next)) ? lit("values") : name;
  return throwNamed(ErrorKind.TypeError, "Cannot perform %TypedArray%.prototype.", method, " on a detached ArrayBuffer");
}

/** (value): its length. https://tc39.es/ecma262/#sec-validatetypedarray */
export function validateTyped(area: usize, argc: i32): Value {
  const view = objectOfKind(argAt(area, argc, 0), Kind.TYPEDARRAY);
  if (view == 0) return throwLiteral(ErrorKind.TypeError, "this is not a typed array.");
  return isOutOfBounds(view) ? outOfBounds() : boxU32(viewLength(view));
}

/** (object): the length of a typed array; HOLE if it is not a typed array */
export function typedArrayLengthOrHole(area: usize, argc: i32): Value {
  const view = objectOfKind(argAt(area, argc, 0), Kind.TYPEDARRAY);
  if (view == 0) return HOLE;
  return isOutOfBounds(view) ? outOfBounds() : boxU32(viewLength(view));
}

// --- properties of the prototype --------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.buffer */
export function getTypedArrayPrototypeBuffer(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.TYPEDARRAY);
  return view == 0 ? throwReceiver("get TypedArray.prototype.buffer", thisOf(area)) : boxObject(bufferOf(view));
}
/** https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.bytelength */
export function getTypedArrayPrototypeByteLength(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.TYPEDARRAY);
  if (view == 0) return throwReceiver("get TypedArray.prototype.byteLength", thisOf(area));
  return boxU32(viewLength(view) << shiftOf(typeWord(typeOf(view))));
}
/** https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.byteoffset */
export function getTypedArrayPrototypeByteOffset(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.TYPEDARRAY);
  if (view == 0) return throwReceiver("get TypedArray.prototype.byteOffset", thisOf(area));
  return isOutOfBounds(view) ? boxInt(0) : boxU32(load<u32>(view, TYPEDARRAY_BYTE_OFFSET));
}
/** https://tc39.es/ecma262/#sec-get-%typedarray%.prototype.length */
export function getTypedArrayPrototypeLength(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.TYPEDARRAY);
  return view == 0 ? throwReceiver("get TypedArray.prototype.length", thisOf(area)) : boxU32(viewLength(view));
}

/** Names of the types, each after its length. */
const NAMES: usize = memory.data<u8>([
  4, 73, 110, 116, 56, 5, 85, 105, 110, 116, 56, 12, 85, 105, 110, 116, 56, 67, 108, 97, 109, 112, 101, 100, 5, 73, 110, 116, 49, 54, 6, 85, 105, 110, 116, 49, 54,
  5, 73, 110, 116, 51, 50, 6, 85, 105, 110, 116, 51, 50, 7, 70, 108, 111, 97, 116, 49, 54, 7, 70, 108, 111, 97, 116, 51, 50, 7, 70, 108, 111, 97, 116, 54, 52,
  8, 66, 105, 103, 73, 110, 116, 54, 52, 9, 66, 105, 103, 85, 105, 110, 116, 54, 52,
]);
const NAME: usize = memory.data(24, 8);

/** (typed array): name of the constructor for its type */
export function typedName(area: usize, argc: i32): Value {
  return nameOf(addressOf(argAt(area, argc, 0)));
}
/** (number of a type): name of the constructor for it */
export function typedNameOf(area: usize, argc: i32): Value {
  const type = argAt(area, argc, 0);
  return isInt(type) && asInt(type) >= 0 && <u32>asInt(type) < TYPE_COUNT ? nameOfType(asInt(type)) : UNDEFINED;
}
/** https://tc39.es/ecma262/#sec-get-%typedarray%.prototype-@@tostringtag */
export function getTypedArrayPrototypeSymbolToStringTag(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.TYPEDARRAY);
  return view == 0 ? UNDEFINED : nameOf(view);
}
function nameOf(view: usize): Value {
  return nameOfType(<i32>typeOf(view));
}
function nameOfType(number: i32): Value {
  let at = NAMES;
  for (let type = number; type > 0; type--) at += 1 + <usize>load<u8>(at);
  const length = <usize>load<u8>(at);
  memory.copy(NAME, at + 1, length);
  // "Array"
  store<u32>(NAME + length, 0x61727241);
  store<u8>(NAME + length, 0x79, 4);
  return boxString(internLatin1(NAME, <i32>length + 5));
}
/** https://tc39.es/ecma262/#sec-get-%typedarray%-@@species */
export function getTypedArraySymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}

// --- filling and copying ------------------------------------------------------------------------------------------------------

/** Fills `bytes` bytes with the element of `size` bytes at their beginning. */
function repeat(at: usize, size: usize, bytes: usize): void {
  for (let done = size; done < bytes;) {
    const more = min<usize>(done, bytes - done);
    memory.copy(at + done, at, more);
    done += more;
  }
}

/** (typed array, number, from, to): fills the part of the range that still exists. https://tc39.es/ecma262/#sec-%typedarray%.prototype.fill */
export function typedFill(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const from = numberAt(area, argc, 2);
  const to = min<u32>(numberAt(area, argc, 3), viewLength(view));
  if (from >= to) return UNDEFINED;
  const type = typeOf(view);
  if (!isStorable(type, argAt(area, argc, 1))) return refuseState();
  const shift = shiftOf(typeWord(type));
  const bytes = <usize>(to - from) << shift;
  chargeBytes(bytes);
  const at = elementAddress(view, from);
  writeElement(at, type, argAt(area, argc, 1));
  if (shift == 0) memory.fill(at, load<u8>(at), bytes);
  else repeat(at, <usize>1 << shift, bytes);
  return UNDEFINED;
}

/** Converts elements of one type into elements of another, first to last, in memory that no other code changes meanwhile. */
function convertElements(to: usize, toType: u32, from: usize, fromType: u32, count: u32): void {
  const toStep = <usize>1 << shiftOf(typeWord(toType));
  const fromStep = <usize>1 << shiftOf(typeWord(fromType));
  for (let i: u32 = 0; i < count; i++) {
    writeElement(to, toType, readElement(from, fromType));
    to += toStep;
    from += fromStep;
  }
}

/** True if bytes of one type are good as elements of the other. */
function sameBytes(a: u32, b: u32): bool {
  return a == b || (a >= <u32>Type.BigInt64 && b >= <u32>Type.BigInt64) || (a < <u32>Type.Uint8Clamped && b < <u32>Type.Uint8Clamped);
}

/**
 * (target, index, source, index, count, bytewise): copies as many elements as both still have, as if the source were read before the
 * target is written; with bytewise, bytes are copied one after another. https://tc39.es/ecma262/#sec-settypedarrayfromtypedarray
 */
export function typedMove(area: usize, argc: i32): Value {
  const target = addressOf(argAt(area, argc, 0));
  const source = addressOf(argAt(area, argc, 2));
  const at = numberAt(area, argc, 1);
  const first = numberAt(area, argc, 3);
  const have = viewLength(target);
  const given = viewLength(source);
  if (at >= have || first >= given) return UNDEFINED;
  const count = min<u32>(numberAt(area, argc, 4), min<u32>(have - at, given - first));
  const toType = typeOf(target);
  const fromType = typeOf(source);
  // Numbers are no BigInts: the bits of one would be the address of the other.
  if ((toType >= <u32>Type.BigInt64) != (fromType >= <u32>Type.BigInt64)) return refuseState();
  const bytes = <usize>count << shiftOf(typeWord(fromType));
  const isPlain = sameBytes(toType, fromType);
  if (!isPlain && bufferOf(target) == bufferOf(source) && !reserve(bytes + 64)) return RETRY;
  chargeBytes(bytes);
  let from = elementAddress(source, first);
  const to = elementAddress(target, at);
  if (isPlain) {
    // Where the target begins inside the source, bytes already copied are copied again.
    if (argc > 5 && to > from && to < from + bytes) repeat(from, to - from, to - from + bytes);
    else memory.copy(to, from, bytes);
    return UNDEFINED;
  }
  chargeFuel(<i32>(count >> 3));
  if (bufferOf(target) == bufferOf(source)) {
    const copy = allocate(Kind.BYTES, 16 + bytes);
    store<u32>(copy, 0);
    store<u64>(copy, <u64>bytes, 8);
    memory.copy(copy + 16, from, bytes);
    from = copy + 16;
  }
  convertElements(to, toType, from, fromType, count);
  return UNDEFINED;
}

/** (typed array, index, array, from): stores elements of a plain array up to the first that needs conversion; returns their number. */
export function typedStoreList(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const at = numberAt(area, argc, 1);
  const v = argAt(area, argc, 2);
  const elements = isObject(v) && kindOf(addressOf(v)) == Kind.ARRAY ? elementsOf(addressOf(v)) : 0;
  const have = viewLength(view);
  if (isSparse(elements) || at >= have) return boxInt(0);
  const count = min<u32>(denseLength(elements), have - at);
  const type = typeOf(view);
  const step = <usize>1 << shiftOf(typeWord(type));
  chargeFuel(<i32>(count >> 3));
  let to = elementAddress(view, at);
  for (let i: u32 = 0; i < count; i++) {
    const e = load<u64>(elementAt(elements, i));
    if (!isStorable(type, e)) return boxU32(i);
    writeElement(to, type, e);
    to += step;
  }
  return boxU32(count);
}

// --- searching ----------------------------------------------------------------------------------------------------------------

const WANTED: usize = memory.data(8, 8);

/** True if no element of the type can be equal to the number; else its bits are in WANTED. */
function cannotBe(type: u32, wanted: Value): bool {
  writeElement(WANTED, type, wanted);
  const back = readElement(WANTED, type);
  return isBigInt(back) ? !sameBigInt(addressOf(back), addressOf(wanted)) : toDouble(back) != toDouble(wanted);
}

function bitsAt(at: usize, shift: u32): u64 {
  return shift == 0 ? <u64>load<u8>(at) : shift == 1 ? <u64>load<u16>(at) : shift == 2 ? <u64>load<u32>(at) : load<u64>(at);
}

/** Index of an element that equals NaN or a zero: these have more than one representation. */
function findLoose(start: usize, type: u32, wanted: f64, i: i32, end: i32, step: i32): i32 {
  const shift = shiftOf(typeWord(type));
  for (; i != end; i += step) {
    const d = toDouble(readElement(start + (<usize>i << shift), type));
    if (wanted == wanted ? d == wanted : d != d) return i;
  }
  return -1;
}

/** (typed array, value, from, direction 1 or -1, does NaN equal itself, elements looked at): index of an equal element or -1 */
export function typedSearch(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const wanted = argAt(area, argc, 1);
  const step = asInt(argAt(area, argc, 3));
  if ((step != 1 && step != -1) || !(toDouble(argAt(area, argc, 2)) >= (step > 0 ? 0 : -1))) return refuseState();
  const length = <i32>min<u32>(viewLength(view), numberAt(area, argc, 5));
  let i = <i32>min<f64>(toDouble(argAt(area, argc, 2)), step > 0 ? <f64>length : <f64>(length - 1));
  const end = step > 0 ? length : -1;
  const type = typeOf(view);
  if (i == end || length == 0 || !isStorable(type, wanted)) return boxInt(-1);
  chargeFuel((step > 0 ? length - i : i + 1) >> 4);
  const start = viewStart(view);
  if (isNumber(wanted)) {
    const d = toDouble(wanted);
    if (d != d || d == 0) return boxInt(d == d || asInt(argAt(area, argc, 4)) == 1 ? findLoose(start, type, d, i, end, step) : -1);
  }
  if (cannotBe(type, wanted)) return boxInt(-1);
  const shift = shiftOf(typeWord(type));
  const bits = bitsAt(WANTED, shift);
  for (; i != end; i += step) if (bitsAt(start + (<usize>i << shift), shift) == bits) return boxInt(i);
  return boxInt(-1);
}

// --- order --------------------------------------------------------------------------------------------------------------------

function swapElements(a: usize, b: usize, shift: u32): void {
  const x = bitsAt(a, shift);
  putBits(a, shift, bitsAt(b, shift));
  putBits(b, shift, x);
}
function putBits(at: usize, shift: u32, bits: u64): void {
  if (shift == 0) store<u8>(at, <u8>bits);
  else if (shift == 1) store<u16>(at, <u16>bits);
  else if (shift == 2) store<u32>(at, <u32>bits);
  else store<u64>(at, bits);
}

/** (typed array) https://tc39.es/ecma262/#sec-%typedarray%.prototype.reverse */
export function typedReverse(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  if (length < 2) return UNDEFINED;
  const shift = shiftOf(typeWord(typeOf(view)));
  chargeFuel(<i32>(length >> 4));
  let low = viewStart(view);
  let high = low + (<usize>(length - 1) << shift);
  while (low < high) {
    swapElements(low, high, shift);
    low += <usize>1 << shift;
    high -= <usize>1 << shift;
  }
  return UNDEFINED;
}

const COUNTS: usize = memory.data(1024, 8);

/** Maps the bits of an element to an unsigned number of the same order, or back. NaN comes last, and becomes the canonical NaN. */
function orderKey(bits: u64, type: u32, shift: u32, back: bool): u64 {
  const sign = <u64>1 << ((<u64>8 << shift) - 1);
  if (type >= <u32>Type.Float16 && type <= <u32>Type.Float64) {
    if (back) return bits & sign ? bits ^ sign : ~bits;
    const infinity: u64 = shift == 1 ? 0x7c00 : shift == 2 ? 0x7f800000 : 0x7ff0000000000000;
    if ((bits & (sign - 1)) > infinity) return ((infinity >> 1) | infinity) | sign;
    return bits & sign ? ~bits : bits | sign;
  }
  return type == Type.Int8 || type == Type.Int16 || type == Type.Int32 || type == Type.BigInt64 ? bits ^ sign : bits;
}
function changeKeys(start: usize, count: u32, type: u32, shift: u32, back: bool): void {
  const end = start + (<usize>count << shift);
  for (let at = start; at < end; at += <usize>1 << shift) putBits(at, shift, orderKey(bitsAt(at, shift), type, shift, back));
}

/** Distributes by one byte of the key; false if it is the same in all of them, and nothing was done. */
function distribute(to: usize, from: usize, count: u32, shift: u32, byte: usize): bool {
  memory.fill(COUNTS, 0, 1024);
  const end = from + (<usize>count << shift);
  const step = <usize>1 << shift;
  for (let at = from + byte; at < end; at += step) {
    const slot = COUNTS + (<usize>load<u8>(at) << 2);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  if (load<u32>(COUNTS + (<usize>load<u8>(from + byte) << 2)) == count) return false;
  let sum: u32 = 0;
  for (let i: usize = 0; i < 256; i++) {
    const slot = COUNTS + (i << 2);
    const n = load<u32>(slot);
    store<u32>(slot, sum);
    sum += n;
  }
  for (let at = from; at < end; at += step) {
    const slot = COUNTS + (<usize>load<u8>(at + byte) << 2);
    const place = load<u32>(slot);
    store<u32>(slot, place + 1);
    putBits(to + (<usize>place << shift), shift, bitsAt(at, shift));
  }
  return true;
}

/** (typed array): by value, -0 before 0, NaN last. https://tc39.es/ecma262/#sec-comparetypedarrayelements */
export function typedSort(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  if (length < 2) return UNDEFINED;
  const type = typeOf(view);
  const shift = shiftOf(typeWord(type));
  const bytes = <usize>length << shift;
  if (!reserve(bytes + 64)) return RETRY;
  if (!chargeWork((<i64>length >> 2) * ((1 << shift) + 2))) return UNDEFINED;
  const room = allocate(Kind.BYTES, 16 + bytes);
  store<u32>(room, 0);
  store<u64>(room, <u64>bytes, 8);
  const start = viewStart(view);
  changeKeys(start, length, type, shift, false);
  let from = start;
  let to = room + 16;
  for (let byte: usize = 0; byte < (<usize>1 << shift); byte++) {
    if (!distribute(to, from, length, shift, byte)) continue;
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != start) memory.copy(start, from, bytes);
  changeKeys(start, length, type, shift, true);
  return UNDEFINED;
}
