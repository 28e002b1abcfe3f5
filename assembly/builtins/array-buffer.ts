// Owns the natives of ArrayBuffer and DataView. Must never call guest code: objects among the arguments are converted in
// ts/prelude/array-buffer.js. https://tc39.es/ecma262/#sec-structured-data
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxString, boxU32, DEFER, FALSE, isNumber, isObject, RETRY, toDouble, TRUE, UNDEFINED,
  Value,
} from "../core/value";
import { builtinName } from "../errors/stack-trace";
import { lit, throwError, throwLiteral, throwNamed } from "../errors/throw";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { Atom, atomAt, intrinsic, Prelude } from "../generated/intrinsics";
import {
  ARRAYBUFFER_BUFFER_FLAGS, ARRAYBUFFER_BYTE_LENGTH, ARRAYBUFFER_DATA, ARRAYBUFFER_MAX_BYTE_LENGTH, BLOCK_LENGTH, BLOCK_SIZE, Kind,
  TYPEDARRAY_BUFFER, TYPEDARRAY_BYTE_OFFSET, TYPEDARRAY_ELEMENT_TYPE, TYPEDARRAY_LENGTH,
} from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { affords, allocate, chargeBytes, kindOf, reserve } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, thisOf } from "../interpreter/native";
import { newObject } from "../objects/object";
import { getData } from "../objects/property";
import {
  bufferOf, CHANGING, isDetached, isOutOfBounds, isStorable, readElement, RESIZABLE, SHARED, shiftOf, TRACKING, Type, TYPE_COUNT, typeWord,
  viewLength, viewStart, writeElement,
} from "../objects/typed";
import { toBoolean } from "../primitives/convert";
import { substring } from "../strings/single-chars";
import { codeUnitAt, concat, lengthOf } from "../strings/string";
import { FINE, integerOf, refuseState } from "./shared";

export function objectOfKind(v: Value, kind: i32): usize {
  return isObject(v) && kindOf(addressOf(v)) == kind ? addressOf(v) : 0;
}
export function throwReceiver(what: string, v: Value): Value {
  return throwError(ErrorKind.TypeError, concat(concat(lit("Method "), lit(what)), concat(lit(" called on incompatible receiver "), valueText(v))));
}
// @ts-ignore: decorator
@inline
export function numberAt(area: usize, argc: i32, i: i32): u32 {
  return <u32>toDouble(argAt(area, argc, i));
}

// --- blocks -------------------------------------------------------------------------------------------------------------

/** True if a block of that size may be made now; charges for it. */
function priceBlock(bytes: usize): bool {
  if (bytes > 256 && !reserve(bytes + BLOCK_SIZE)) return false;
  chargeBytes(bytes);
  return true;
}

/** A block of zeros; the caller has charged for it. */
export function newBlock(bytes: u32): usize {
  const size = (<usize>bytes + 7) & ~7;
  const block = allocate(Kind.BLOCK, BLOCK_SIZE + size);
  store<u32>(block, 0);
  store<u32>(block, bytes, BLOCK_LENGTH);
  store<u32>(block, 0, BLOCK_LENGTH + 4);
  memory.fill(block + BLOCK_SIZE, 0, size);
  return block;
}

export function newBuffer(proto: usize, data: usize, byteLength: u32, maxByteLength: u32, flags: u32): usize {
  const buffer = newObject(Kind.ARRAYBUFFER, proto, 0);
  store<u32>(buffer, <u32>data, ARRAYBUFFER_DATA);
  store<u32>(buffer, byteLength, ARRAYBUFFER_BYTE_LENGTH);
  store<u32>(buffer, maxByteLength, ARRAYBUFFER_MAX_BYTE_LENGTH);
  store<u32>(buffer, flags, ARRAYBUFFER_BUFFER_FLAGS);
  return buffer;
}

/** FINE if a buffer of that size can be made, else the signal. https://tc39.es/ecma262/#sec-createbytedatablock */
function refuseLength(d: f64): Value {
  // A length beyond every limit is an error that the guest can catch. A length that only the current limits forbid ends the run.
  if (d > 4294967295.0 || (d > <f64>(MAX_CELL_BYTES - 64) && affords(<usize>d))) return throwLiteral(ErrorKind.RangeError, "Array buffer allocation failed");
  return priceBlock(<usize>d) ? FINE : RETRY;
}

/** (prototype, byte length, most bytes or undefined, is it shared) https://tc39.es/ecma262/#sec-allocatearraybuffer */
export function createBuffer(area: usize, argc: i32): Value {
  const d = toDouble(argAt(area, argc, 1));
  const most = argAt(area, argc, 2);
  const max = most == UNDEFINED ? d : toDouble(most);
  if (max > 4294967295.0) return throwLiteral(ErrorKind.RangeError, "Array buffer allocation failed");
  const refused = refuseLength(d);
  if (refused != FINE) return refused;
  const flags = (most == UNDEFINED ? 0 : RESIZABLE) | (argAt(area, argc, 3) == TRUE ? SHARED : 0);
  return boxObject(newBuffer(addressOf(argAt(area, argc, 0)), newBlock(<u32>d), <u32>d, <u32>max, flags));
}

/** (value): is it a SharedArrayBuffer? */
export function isShared(area: usize, argc: i32): Value {
  const buffer = objectOfKind(argAt(area, argc, 0), Kind.ARRAYBUFFER);
  return boxBool(buffer != 0 && (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & SHARED) != 0);
}
/** The ArrayBuffer that a value is; 0: it is another value, or shared. */
function unsharedOf(v: Value): usize {
  const buffer = objectOfKind(v, Kind.ARRAYBUFFER);
  return buffer != 0 && (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & SHARED) == 0 ? buffer : 0;
}
/** (value): is it an ArrayBuffer or a SharedArrayBuffer? */
export function isBuffer(area: usize, argc: i32): Value {
  return boxBool(objectOfKind(argAt(area, argc, 0), Kind.ARRAYBUFFER) != 0);
}
/** (buffer) */
export function bufferLength(area: usize, argc: i32): Value {
  return boxU32(load<u32>(addressOf(argAt(area, argc, 0)), ARRAYBUFFER_BYTE_LENGTH));
}
/** (buffer) https://tc39.es/ecma262/#sec-isdetachedbuffer */
export function bufferDetached(area: usize, argc: i32): Value {
  return boxBool(isDetached(addressOf(argAt(area, argc, 0))));
}
/** (buffer) */
export function bufferResizable(area: usize, argc: i32): Value {
  return boxBool((load<u32>(addressOf(argAt(area, argc, 0)), ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) != 0);
}

/** (buffer that is not detached, byte length) https://tc39.es/ecma262/#sec-arraybuffer.prototype.resize */
export function bufferResize(area: usize, argc: i32): Value {
  const buffer = addressOf(argAt(area, argc, 0));
  const d = toDouble(argAt(area, argc, 1));
  if (!(d >= 0) || (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) == 0) return refuseState();
  if (d > <f64>load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH)) {
    return throwLiteral(ErrorKind.RangeError, "ArrayBuffer.prototype.resize: Invalid length parameter");
  }
  const data = <usize>load<u32>(buffer, ARRAYBUFFER_DATA);
  const length = <u32>d;
  const old = load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH);
  if (length > load<u32>(data, BLOCK_LENGTH)) {
    const refused = refuseLength(d);
    if (refused != FINE) return refused;
    const fresh = newBlock(length);
    memory.copy(fresh + BLOCK_SIZE, data + BLOCK_SIZE, <usize>old);
    store<u32>(buffer, <u32>fresh, ARRAYBUFFER_DATA);
  } else if (length < old) {
    chargeBytes(<usize>(old - length));
    memory.fill(data + BLOCK_SIZE + <usize>length, 0, <usize>(old - length));
  }
  store<u32>(buffer, length, ARRAYBUFFER_BYTE_LENGTH);
  return UNDEFINED;
}

function detach(buffer: usize): void {
  store<u32>(buffer, 0, ARRAYBUFFER_DATA);
  store<u32>(buffer, 0, ARRAYBUFFER_BYTE_LENGTH);
}

/** (buffer that is not detached, byte length, prototype, stays resizable) https://tc39.es/ecma262/#sec-arraybuffercopyanddetach */
export function bufferTransfer(area: usize, argc: i32): Value {
  const buffer = addressOf(argAt(area, argc, 0));
  const d = toDouble(argAt(area, argc, 1));
  if (!(d >= 0)) return refuseState();
  const resizable = argAt(area, argc, 3) == TRUE && (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) != 0;
  const max = load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH);
  if (resizable && d > <f64>max) return throwLiteral(ErrorKind.RangeError, "Invalid array buffer max length");
  let data = <usize>load<u32>(buffer, ARRAYBUFFER_DATA);
  const old = load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH);
  if (d != <f64>old) {
    const refused = refuseLength(d);
    if (refused != FINE) return refused;
    const fresh = newBlock(<u32>d);
    memory.copy(fresh + BLOCK_SIZE, data + BLOCK_SIZE, <usize>min<u32>(old, <u32>d));
    data = fresh;
  }
  detach(buffer);
  return boxObject(newBuffer(addressOf(argAt(area, argc, 2)), data, <u32>d, resizable ? max : <u32>d, resizable ? RESIZABLE : 0));
}

/** (buffer) */
export function bufferMax(area: usize, argc: i32): Value {
  return boxU32(load<u32>(addressOf(argAt(area, argc, 0)), ARRAYBUFFER_MAX_BYTE_LENGTH));
}
/** (buffer, prototype): a detached buffer that its bytes can move to */
export function bufferPlaceholder(area: usize, argc: i32): Value {
  const buffer = addressOf(argAt(area, argc, 0));
  const max = load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH);
  return boxObject(newBuffer(addressOf(argAt(area, argc, 1)), 0, 0, max, load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS)));
}
/** (placeholder, buffer) */
export function bufferMove(area: usize, argc: i32): Value {
  const target = addressOf(argAt(area, argc, 0));
  const buffer = addressOf(argAt(area, argc, 1));
  if (!isDetached(target) || load<u32>(target, ARRAYBUFFER_MAX_BYTE_LENGTH) != load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH) || load<u32>(target, ARRAYBUFFER_BUFFER_FLAGS) != load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS)) return refuseState();
  store<u32>(target, load<u32>(buffer, ARRAYBUFFER_DATA), ARRAYBUFFER_DATA);
  store<u32>(target, load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH), ARRAYBUFFER_BYTE_LENGTH);
  detach(buffer);
  return UNDEFINED;
}

/** (target, source, start, count): copies the bytes of that range that exist. */
export function bufferCopy(area: usize, argc: i32): Value {
  const to = <usize>load<u32>(addressOf(argAt(area, argc, 0)), ARRAYBUFFER_DATA) + BLOCK_SIZE;
  const from = <usize>load<u32>(addressOf(argAt(area, argc, 1)), ARRAYBUFFER_DATA) + BLOCK_SIZE + <usize>numberAt(area, argc, 2);
  const count = <usize>numberAt(area, argc, 3);
  const given = <u64>load<u32>(addressOf(argAt(area, argc, 1)), ARRAYBUFFER_BYTE_LENGTH);
  if (<u64>numberAt(area, argc, 2) + <u64>count > given || <u64>count > <u64>load<u32>(addressOf(argAt(area, argc, 0)), ARRAYBUFFER_BYTE_LENGTH)) return refuseState();
  chargeBytes(count);
  memory.copy(to, from, count);
  return UNDEFINED;
}

// --- ArrayBuffer ----------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-arraybuffer.isview */
export function arrayBufferIsView(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(objectOfKind(v, Kind.TYPEDARRAY) != 0 || objectOfKind(v, Kind.DATAVIEW) != 0);
}
/** https://tc39.es/ecma262/#sec-get-arraybuffer-@@species */
export function getArrayBufferSymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}
/** https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.bytelength */
export function getArrayBufferPrototypeByteLength(area: usize, argc: i32): Value {
  const buffer = unsharedOf(thisOf(area));
  return buffer == 0 ? throwReceiver("get ArrayBuffer.prototype.byteLength", thisOf(area)) : boxU32(load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH));
}
/** https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.maxbytelength */
export function getArrayBufferPrototypeMaxByteLength(area: usize, argc: i32): Value {
  const buffer = unsharedOf(thisOf(area));
  if (buffer == 0) return throwReceiver("get ArrayBuffer.prototype.maxByteLength", thisOf(area));
  return isDetached(buffer) ? boxInt(0) : boxU32(load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH));
}
/** https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.resizable */
export function getArrayBufferPrototypeResizable(area: usize, argc: i32): Value {
  const buffer = unsharedOf(thisOf(area));
  if (buffer == 0) return throwReceiver("get ArrayBuffer.prototype.resizable", thisOf(area));
  return boxBool((load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) != 0);
}
/** https://tc39.es/ecma262/#sec-get-arraybuffer.prototype.detached */
export function getArrayBufferPrototypeDetached(area: usize, argc: i32): Value {
  const buffer = unsharedOf(thisOf(area));
  return buffer == 0 ? throwReceiver("get ArrayBuffer.prototype.detached", thisOf(area)) : boxBool(isDetached(buffer));
}

// --- views ----------------------------------------------------------------------------------------------------------------

/** Type number of a DataView, after those of the element types. */
const DATA_VIEW: u32 = 12;

export function newView(type: u32, proto: usize, buffer: usize, offset: u32, length: u32, tracking: bool): usize {
  const view = newObject(type == DATA_VIEW ? Kind.DATAVIEW : Kind.TYPEDARRAY, proto, 0);
  store<u32>(view, <u32>buffer, TYPEDARRAY_BUFFER);
  store<u32>(view, offset, TYPEDARRAY_BYTE_OFFSET);
  store<u32>(view, tracking ? 0 : length, TYPEDARRAY_LENGTH);
  const resizable = load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE;
  store<u32>(view, typeWord(type == DATA_VIEW ? 0 : type) | (tracking ? TRACKING : 0) | (resizable ? CHANGING : 0), TYPEDARRAY_ELEMENT_TYPE);
  return view;
}

/** True if the view fits into the longest length the buffer can ever have. length undefined: the view tracks a resizable buffer. */
function isWithin(buffer: usize, type: u32, offset: f64, length: Value): bool {
  const shift = shiftOf(typeWord(type == DATA_VIEW ? 0 : type));
  const size = <f64>(<u32>1 << shift);
  if (!(offset >= 0) || offset / size != trunc<f64>(offset / size)) return false;
  if (length == UNDEFINED && (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) == 0) return false;
  const count = length == UNDEFINED ? 0 : toDouble(length);
  return count >= 0 && offset + trunc<f64>(count) * size <= <f64>load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH);
}

/** (type, 12 for a DataView; prototype, buffer, byte offset, length or undefined: that of the buffer); all of it within bounds. */
export function createView(area: usize, argc: i32): Value {
  const length = argAt(area, argc, 4);
  const tracking = length == UNDEFINED;
  const type = <u32>asInt(argAt(area, argc, 0));
  if (type > DATA_VIEW || !isWithin(addressOf(argAt(area, argc, 2)), type, toDouble(argAt(area, argc, 3)), length)) return refuseState();
  return boxObject(
    newView(
      type,
      addressOf(argAt(area, argc, 1)),
      addressOf(argAt(area, argc, 2)),
      numberAt(area, argc, 3),
      tracking ? 0 : <u32>toDouble(length),
      tracking,
    ),
  );
}

/** (value): is it a DataView? */
export function isDataView(area: usize, argc: i32): Value {
  return boxBool(objectOfKind(argAt(area, argc, 0), Kind.DATAVIEW) != 0);
}
/** (view) */
export function viewBuffer(area: usize, argc: i32): Value {
  return boxObject(bufferOf(addressOf(argAt(area, argc, 0))));
}
/** (view) */
export function viewOffset(area: usize, argc: i32): Value {
  return boxU32(load<u32>(addressOf(argAt(area, argc, 0)), TYPEDARRAY_BYTE_OFFSET));
}
/** (view): does its length follow the buffer's? */
export function viewTracks(area: usize, argc: i32): Value {
  return boxBool((load<u32>(addressOf(argAt(area, argc, 0)), TYPEDARRAY_ELEMENT_TYPE) & TRACKING) != 0);
}
/** (view): elements it has now, 0 if it is out of bounds */
export function viewSize(area: usize, argc: i32): Value {
  return boxU32(viewLength(addressOf(argAt(area, argc, 0))));
}
/** (view) https://tc39.es/ecma262/#sec-istypedarrayoutofbounds */
export function viewOutOfBounds(area: usize, argc: i32): Value {
  return boxBool(isOutOfBounds(addressOf(argAt(area, argc, 0))));
}

/** Intrinsic number of the constructor for an element type. */
export function typedConstructor(type: u32): i32 {
  switch (type) {
    case Type.Int8: return Prelude.int8ArrayConstructor;
    case Type.Uint8: return Prelude.uint8ArrayConstructor;
    case Type.Uint8Clamped: return Prelude.uint8ClampedArrayConstructor;
    case Type.Int16: return Prelude.int16ArrayConstructor;
    case Type.Uint16: return Prelude.uint16ArrayConstructor;
    case Type.Int32: return Prelude.int32ArrayConstructor;
    case Type.Uint32: return Prelude.uint32ArrayConstructor;
    case Type.Float16: return Prelude.float16ArrayConstructor;
    case Type.Float32: return Prelude.float32ArrayConstructor;
    case Type.Float64: return Prelude.float64ArrayConstructor;
    case Type.BigInt64: return Prelude.bigInt64ArrayConstructor;
    default: return Prelude.bigUint64ArrayConstructor;
  }
}
/** `prototype` of a constructor of the prelude, which the guest cannot change. */
export function prototypeOfBuiltin(constructor: i32): usize {
  return addressOf(getData(addressOf(intrinsic(constructor)), boxString(atomAt(Atom.prototype))));
}

// --- DataView -------------------------------------------------------------------------------------------------------------

function outOfBounds(): Value {
  let name = builtinName();
  if (lengthOf(name) > 4 && codeUnitAt(name, 3) == 0x20) name = substring(name, 4, lengthOf(name));
  return throwNamed(ErrorKind.TypeError, "Cannot perform DataView.prototype.", name, " on a detached ArrayBuffer");
}

/** https://tc39.es/ecma262/#sec-get-dataview.prototype.buffer */
export function getDataViewPrototypeBuffer(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.DATAVIEW);
  return view == 0 ? throwReceiver("get DataView.prototype.buffer", thisOf(area)) : boxObject(bufferOf(view));
}
/** https://tc39.es/ecma262/#sec-get-dataview.prototype.bytelength */
export function getDataViewPrototypeByteLength(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.DATAVIEW);
  if (view == 0) return throwReceiver("get DataView.prototype.byteLength", thisOf(area));
  return isOutOfBounds(view) ? outOfBounds() : boxU32(viewLength(view));
}
/** https://tc39.es/ecma262/#sec-get-dataview.prototype.byteoffset */
export function getDataViewPrototypeByteOffset(area: usize, argc: i32): Value {
  const view = objectOfKind(thisOf(area), Kind.DATAVIEW);
  if (view == 0) return throwReceiver("get DataView.prototype.byteOffset", thisOf(area));
  return isOutOfBounds(view) ? outOfBounds() : boxU32(load<u32>(view, TYPEDARRAY_BYTE_OFFSET));
}

/** Address of the bytes of an element of that type at index d. 0: it has thrown. */
function placeOf(view: usize, d: f64, type: u32): usize {
  if (isOutOfBounds(view)) outOfBounds();
  else if (d >= 0 && d + <f64>(<u32>1 << shiftOf(typeWord(type))) <= <f64>viewLength(view)) return viewStart(view) + <usize>d;
  else throwLiteral(ErrorKind.RangeError, "Offset is outside the bounds of the DataView");
  return 0;
}

const THROWN: Value = 0xfffffff0_00000010;
/** The bytes of an element in the machine's order. */
const SWAPPED: usize = memory.data(8, 8);

function swap(to: usize, from: usize, type: u32): void {
  switch (shiftOf(typeWord(type))) {
    case 0: store<u8>(to, load<u8>(from)); return;
    case 1: store<u16>(to, bswap<u16>(load<u16>(from))); return;
    case 2: store<u32>(to, bswap<u32>(load<u32>(from))); return;
    default: store<u64>(to, bswap<u64>(load<u64>(from)));
  }
}

/** https://tc39.es/ecma262/#sec-getviewvalue after the conversions */
function getValue(view: usize, type: u32, index: f64, little: bool): Value {
  const at = placeOf(view, index, type);
  if (at == 0) return THROWN;
  if (little) return readElement(at, type);
  swap(SWAPPED, at, type);
  return readElement(SWAPPED, type);
}
/** https://tc39.es/ecma262/#sec-setviewvalue after the conversions */
function setValue(view: usize, type: u32, index: f64, v: Value, little: bool): Value {
  const at = placeOf(view, index, type);
  if (at == 0) return THROWN;
  if (little) writeElement(at, type, v);
  else {
    writeElement(SWAPPED, type, v);
    swap(at, SWAPPED, type);
  }
  return UNDEFINED;
}

/** (view, type, index, little endian) */
export function viewGet(area: usize, argc: i32): Value {
  if (<u32>asInt(argAt(area, argc, 1)) >= TYPE_COUNT) return refuseState();
  return getValue(addressOf(argAt(area, argc, 0)), <u32>asInt(argAt(area, argc, 1)), toDouble(argAt(area, argc, 2)), argAt(area, argc, 3) != FALSE);
}
/** (view, type, index, number, little endian) */
export function viewSet(area: usize, argc: i32): Value {
  if (<u32>asInt(argAt(area, argc, 1)) >= TYPE_COUNT || !isStorable(<u32>asInt(argAt(area, argc, 1)), argAt(area, argc, 3))) return refuseState();
  return setValue(
    addressOf(argAt(area, argc, 0)), <u32>asInt(argAt(area, argc, 1)), toDouble(argAt(area, argc, 2)), argAt(area, argc, 3), argAt(area, argc, 4) != FALSE,
  );
}

/** An index whose conversion takes no guest code; -1 for any other value. */
function plainIndex(v: Value): f64 {
  if (v == UNDEFINED) return 0;
  if (!isNumber(v)) return -1;
  const d = integerOf(v);
  return d <= 9007199254740991.0 ? d : -1;
}

function getMethod(area: usize, argc: i32, type: u32): Value {
  const view = objectOfKind(thisOf(area), Kind.DATAVIEW);
  const index = plainIndex(argAt(area, argc, 0));
  return view == 0 || index < 0 ? DEFER : getValue(view, type, index, toBoolean(argAt(area, argc, 1)));
}
function setMethod(area: usize, argc: i32, type: u32): Value {
  const view = objectOfKind(thisOf(area), Kind.DATAVIEW);
  const index = plainIndex(argAt(area, argc, 0));
  const v = argAt(area, argc, 1);
  return view == 0 || index < 0 || !isStorable(type, v) ? DEFER : setValue(view, type, index, v, toBoolean(argAt(area, argc, 2)));
}

/** https://tc39.es/ecma262/#sec-dataview.prototype.getint8 */
export function dataViewPrototypeGetInt8(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Int8);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setint8 */
export function dataViewPrototypeSetInt8(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Int8);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getuint8 */
export function dataViewPrototypeGetUint8(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Uint8);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setuint8 */
export function dataViewPrototypeSetUint8(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Uint8);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getint16 */
export function dataViewPrototypeGetInt16(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Int16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setint16 */
export function dataViewPrototypeSetInt16(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Int16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getuint16 */
export function dataViewPrototypeGetUint16(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Uint16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setuint16 */
export function dataViewPrototypeSetUint16(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Uint16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getint32 */
export function dataViewPrototypeGetInt32(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Int32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setint32 */
export function dataViewPrototypeSetInt32(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Int32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getuint32 */
export function dataViewPrototypeGetUint32(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Uint32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setuint32 */
export function dataViewPrototypeSetUint32(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Uint32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getfloat16 */
export function dataViewPrototypeGetFloat16(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Float16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setfloat16 */
export function dataViewPrototypeSetFloat16(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Float16);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getfloat32 */
export function dataViewPrototypeGetFloat32(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Float32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setfloat32 */
export function dataViewPrototypeSetFloat32(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Float32);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getfloat64 */
export function dataViewPrototypeGetFloat64(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.Float64);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setfloat64 */
export function dataViewPrototypeSetFloat64(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.Float64);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getbigint64 */
export function dataViewPrototypeGetBigInt64(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.BigInt64);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setbigint64 */
export function dataViewPrototypeSetBigInt64(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.BigInt64);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.getbiguint64 */
export function dataViewPrototypeGetBigUint64(area: usize, argc: i32): Value {
  return getMethod(area, argc, Type.BigUint64);
}
/** https://tc39.es/ecma262/#sec-dataview.prototype.setbiguint64 */
export function dataViewPrototypeSetBigUint64(area: usize, argc: i32): Value {
  return setMethod(area, argc, Type.BigUint64);
}
