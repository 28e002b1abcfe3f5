// Owns the way of values into the guest: one pass over the transfer form (ts/defs/transfer.ts), which only the wrapper of this build
// writes. Must never call guest code, never recurse, and never cost the guest fuel. There can be no collection meanwhile, so addresses
// are kept in plain lists.
import { newBlock, newBuffer, newView, prototypeOfBuiltin, typedConstructor } from "../builtins/array-buffer";
import { addressOf, boxInt, boxNumber, boxObject, boxString, FALSE, HOLE, NULL, TRUE, UNDEFINED, Value } from "../core/value";
import { errorPrototype, newBareError } from "../errors/errors";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import {
  ARRAY_LENGTH, BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, BLOCK_SIZE, DATE_TIME, ELEMENTS_LENGTH, Kind, MAP_PAD, MAP_TABLE, STRING_SIZE,
} from "../generated/kinds";
import { allocate, sizeOf } from "../heap/memory";
import { elementAt, putElement } from "../objects/elements";
import { mapSet } from "../objects/hash-table";
import { addProperty, ensureSlot, newArray, newObject, newObjectOfShape, newPlainObject, slotAddress } from "../objects/object";
import { defineHidden } from "../objects/property";
import { CONFIGURABLE, PLAIN, shapeOf, shapeWith, UNIQUE, WRITABLE } from "../objects/shape";
import { TYPE_COUNT } from "../objects/typed";
import { newRegExpLazily } from "../regexp/object";
import { intern, internLatin1 } from "../strings/atom";
import { newTwoByte } from "../strings/cells";
import { newFromLatin1, newFromUtf16 } from "../strings/single-chars";
import { ErrorField, growBlock, resetBlock, Tag } from "./transfer-format";

const HIDDEN: u32 = WRITABLE | CONFIGURABLE;

const STATE: usize = memory.data(64, 8);
/** Address of the next byte. */
const AT: usize = STATE;
/** Blocks: frames; objects met (u32 each); shapes met (SHAPE_ENTRY bytes each). */
const STACK: usize = STATE + 8;
const DEPTH: usize = STATE + 16;
const OBJECTS: usize = STATE + 20;
const OBJECT_COUNT: usize = STATE + 28;
const SHAPES: usize = STATE + 32;
const SHAPE_COUNT: usize = STATE + 40;
/** 1: the memory limit forbade something. */
const FAILED: usize = STATE + 44;

const STACK_START: usize = memory.data(1024, 8);
const OBJECTS_START: usize = memory.data(512, 8);
const SHAPES_START: usize = memory.data(512, 8);

// {shape address, 0 if objects cannot share it; address of the keys; number of keys; unused}
const SHAPE_ENTRY: u32 = 16;

/** A frame: {container u32 · mode u32 · index u32 · count u32 · aux u32 · pad u32 · key u64} */
const FRAME: u32 = 32;
const F_MODE: usize = 4;
const F_INDEX: usize = 8;
const F_COUNT: usize = 12;
/** Index of the element that comes next, or keys still to be added. */
const F_AUX: usize = 16;
/** Key of a map entry whose value comes next. */
const F_KEY: usize = 24;

const SLOTS: u32 = 0; // values of an object that has its final shape
const KEYS: u32 = 1; // values of an object whose properties are added one by one; aux: address of the next key
const INDEXED: u32 = 2; // elements with their indices; then a shape part
const ARRAY: u32 = 3;
const MAP: u32 = 4; // index counts keys and values
const SET: u32 = 5;
const ERROR: u32 = 6; // count: fields still to come; then, if it has properties, a shape part

function number(): u32 {
  let at = <usize>load<u32>(AT);
  let next = <u32>load<u8>(at);
  at++;
  let n = next & 127;
  let shift: u32 = 7;
  while (next > 127) {
    next = <u32>load<u8>(at);
    at++;
    n |= (next & 127) << shift;
    shift += 7;
  }
  store<u32>(AT, <u32>at);
  return n;
}
function byte(): u32 {
  const at = <usize>load<u32>(AT);
  store<u32>(AT, <u32>(at + 1));
  return <u32>load<u8>(at);
}
// @ts-ignore: decorator
@inline
function take(bytes: usize): usize {
  const at = <usize>load<u32>(AT);
  store<u32>(AT, <u32>(at + bytes));
  return at;
}

function readLatin1(): Value {
  const length = number();
  return boxString(newFromLatin1(take(<usize>length), <i32>length));
}
function readUtf16(): Value {
  const length = number();
  const at = take((<usize>length) << 1);
  if (length < 2) return boxString(newFromUtf16(at, <i32>length));
  const s = newTwoByte(<i32>length);
  memory.copy(s + STRING_SIZE, at, (<usize>length) << 1);
  return boxString(s);
}
function readBigInt(): Value {
  const sign = byte();
  const limbs = number();
  const p = allocate(Kind.BIGINT, BIGINT_SIZE + ((<usize>limbs) << 2));
  // The padding after an odd number of limbs is zero, so that equal values have equal cells.
  if (limbs > 0) store<u64>(p + sizeOf(p) - 8, 0);
  store<u32>(p, 0);
  store<u32>(p, sign, BIGINT_SIGN);
  store<u32>(p, limbs, BIGINT_LENGTH);
  memory.copy(p + BIGINT_SIZE, take((<usize>limbs) << 2), (<usize>limbs) << 2);
  return 0xfffffffb_00000000 | (<u64>p);
}

/** Reads a property key, which is never an array index; returns the address of its atom. */
function readKey(): usize {
  const head = number();
  const length = <i32>(head >> 2);
  if ((head & 3) == 2) return intern(newFromUtf16(take((<usize>length) << 1), length));
  return internLatin1(take(<usize>length), length);
}

// --- lists --------------------------------------------------------------------------------------------------------

function remember(object: usize): void {
  const count = load<u32>(OBJECT_COUNT);
  store<u32>(growBlock(OBJECTS, (count + 1) << 2) + ((<usize>count) << 2), <u32>object);
  store<u32>(OBJECT_COUNT, count + 1);
}

function push(container: usize, mode: u32, count: u32, aux: u32): void {
  const depth = load<u32>(DEPTH);
  const frame = growBlock(STACK, (depth + 1) * FRAME) + <usize>(depth * FRAME);
  store<u32>(frame, <u32>container);
  store<u32>(frame, mode, F_MODE);
  store<u32>(frame, 0, F_INDEX);
  store<u32>(frame, count, F_COUNT);
  store<u32>(frame, aux, F_AUX);
  store<u32>(DEPTH, depth + 1);
}

/** Reads a shape part; returns the address of its entry, valid until the next one is read. */
function readShape(): usize {
  const n = number();
  const count = load<u32>(SHAPE_COUNT);
  if (n < count) return <usize>load<u32>(SHAPES) + <usize>(n * SHAPE_ENTRY);
  const entry = growBlock(SHAPES, (n + 1) * SHAPE_ENTRY) + <usize>(n * SHAPE_ENTRY);
  store<u32>(SHAPE_COUNT, n + 1);
  const keys = number();
  store<u32>(entry, load<u32>(AT), 4);
  store<u32>(entry, keys, 8);
  // The shape that a fresh object with these keys grows into; 0 once a shape on that path would belong to one object alone.
  let shape = shapeOf(newPlainObject(keys));
  for (let i: u32 = 0; i < keys; i++) {
    const key = readKey();
    if (shape != 0) {
      const next = shapeWith(shape, key, PLAIN);
      shape = load<u32>(next) & UNIQUE ? 0 : next;
    }
  }
  store<u32>(entry, <u32>shape);
  return entry;
}

/** Begins the properties of an object that already exists. */
function pushKeys(object: usize, entry: usize): void {
  const count = load<u32>(entry, 8);
  if (count > 0) push(object, KEYS, count, load<u32>(entry, 4));
}

function newBare(): usize {
  return newObject(Kind.OBJECT, 0, 4);
}

function beginObject(): Value {
  const entry = readShape();
  const shape = <usize>load<u32>(entry);
  const count = load<u32>(entry, 8);
  if (shape == 0) {
    const object = newPlainObject(count);
    remember(object);
    pushKeys(object, entry);
    return boxObject(object);
  }
  const object = newObjectOfShape(Kind.OBJECT, shape);
  remember(object);
  if (count > 0) {
    ensureSlot(object, count - 1);
    push(object, SLOTS, count, 0);
  }
  return boxObject(object);
}

function beginArray(): Value {
  const length = number();
  const array = newArray(length);
  remember(array);
  store<u32>(array, length, ARRAY_LENGTH);
  if (length > 0) push(array, ARRAY, length, 0);
  return boxObject(array);
}

function beginIndexed(object: usize): Value {
  remember(object);
  push(object, INDEXED, number(), 0);
  return boxObject(object);
}

function beginTable(kind: i32, mode: u32): Value {
  const object = newObject(
    kind,
    addressOf(intrinsic(kind == Kind.MAP ? Intrinsic.MapPrototype : Intrinsic.SetPrototype)),
    0,
  );
  store<u32>(object, 0, MAP_TABLE);
  store<u32>(object, 0, MAP_PAD);
  remember(object);
  const size = number();
  if (size > 0) push(object, mode, mode == MAP ? size << 1 : size, 0);
  return boxObject(object);
}

function beginError(): Value {
  const kind = byte();
  const fields = byte();
  const error = newBareError(errorPrototype(<i32>kind), 4);
  remember(error);
  if (fields != 0) push(error, ERROR, fields, 0);
  return boxObject(error);
}

/** Reads a buffer after its tag. */
function readBuffer(): usize {
  const length = number();
  const resizable = byte();
  const max = resizable == 1 ? number() : length;
  const block = newBlock(length);
  const buffer = newBuffer(prototypeOfBuiltin(Prelude.arrayBufferConstructor), block, length, max, resizable);
  memory.copy(block + BLOCK_SIZE, take(<usize>length), <usize>length);
  remember(buffer);
  return buffer;
}

function readView(): Value {
  const type = number();
  const tracking = byte() == 1;
  const offset = number();
  const length = number();
  const place = load<u32>(OBJECT_COUNT);
  remember(0);
  const buffer = byte() == Tag.REF ? <usize>load<u32>(<usize>load<u32>(OBJECTS) + ((<usize>number()) << 2)) : readBuffer();
  const proto = prototypeOfBuiltin(type == TYPE_COUNT ? <i32>Prelude.dataViewConstructor : typedConstructor(type));
  const view = newView(type, proto, buffer, offset, length, tracking);
  store<u32>(<usize>load<u32>(OBJECTS) + ((<usize>place) << 2), <u32>view);
  return boxObject(view);
}

/** Reads one value. An object is returned as soon as it exists, with a frame for the rest of it. */
function begin(): Value {
  switch (byte()) {
    case Tag.UNDEFINED:
      return UNDEFINED;
    case Tag.NULL:
      return NULL;
    case Tag.FALSE:
      return FALSE;
    case Tag.TRUE:
      return TRUE;
    case Tag.HOLE:
      return HOLE;
    case Tag.INT: {
      const n = number();
      return boxInt((<i32>(n >> 1)) ^ -(<i32>(n & 1)));
    }
    case Tag.DOUBLE:
      return boxNumber(load<f64>(take(8)));
    case Tag.ASCII:
    case Tag.LATIN1:
      return readLatin1();
    case Tag.UTF16:
      return readUtf16();
    case Tag.BIGINT:
      return readBigInt();
    case Tag.REF:
      return boxObject(<usize>load<u32>(<usize>load<u32>(OBJECTS) + ((<usize>number()) << 2)));
    case Tag.OBJECT:
      return beginObject();
    case Tag.NULL_OBJECT: {
      const object = newBare();
      remember(object);
      pushKeys(object, readShape());
      return boxObject(object);
    }
    case Tag.INDEXED_OBJECT:
      return beginIndexed(byte() == 1 ? newBare() : newPlainObject(4));
    case Tag.ARRAY:
      return beginArray();
    case Tag.SPARSE_ARRAY: {
      const length = number();
      const array = newArray(0);
      store<u32>(array, length, ARRAY_LENGTH);
      return beginIndexed(array);
    }
    case Tag.MAP:
      return beginTable(Kind.MAP, MAP);
    case Tag.SET:
      return beginTable(Kind.SET, SET);
    case Tag.ERROR:
      return beginError();
    case Tag.REGEXP: {
      const flags = number();
      const head = number();
      const length = <i32>(head >> 2);
      const source = (head & 3) == 2 ? newFromUtf16(take((<usize>length) << 1), length) : newFromLatin1(take(<usize>length), length);
      const rx = newRegExpLazily(source, flags);
      remember(rx);
      return boxObject(rx);
    }
    case Tag.DATE: {
      const date = newObject(Kind.DATE, addressOf(intrinsic(Intrinsic.DatePrototype)), 0);
      store<u64>(date, boxNumber(load<f64>(take(8))), DATE_TIME);
      remember(date);
      return boxObject(date);
    }
    case Tag.ARRAY_BUFFER:
      return boxObject(readBuffer());
    case Tag.VIEW:
      return readView();
    default:
      unreachable();
  }
  return UNDEFINED;
}

// --- putting values where they belong -----------------------------------------------------------------------------

function putKeyed(frame: usize, object: usize, value: Value): void {
  const here = load<u32>(AT);
  store<u32>(AT, load<u32>(frame, F_AUX));
  const key = readKey();
  store<u32>(frame, load<u32>(AT), F_AUX);
  store<u32>(AT, here);
  addProperty(object, key, value, PLAIN);
}

/** Stores a field of an error. The host's own stack never crosses. */
function putField(frame: usize, error: usize, value: Value): void {
  const fields = load<u32>(frame, F_COUNT);
  const field = fields & (0 - fields);
  const left = fields & ~field;
  store<u32>(frame, left, F_COUNT);
  if (field == ErrorField.MESSAGE) defineHidden(error, boxString(atomAt(Atom.message)), value, HIDDEN);
  else if (field == ErrorField.NAME) defineHidden(error, boxString(atomAt(Atom.name)), value, HIDDEN);
  else if (field == ErrorField.CAUSE) defineHidden(error, boxString(atomAt(Atom.cause)), value, HIDDEN);
  else if (field == ErrorField.ERRORS) defineHidden(error, boxString(atomAt(Atom.errors)), value, HIDDEN);
}

/** Stores the value that a frame waited for. */
function put(frame: usize, value: Value): void {
  const container = <usize>load<u32>(frame);
  const i = load<u32>(frame, F_INDEX);
  store<u32>(frame, i + 1, F_INDEX);
  switch (load<u32>(frame, F_MODE)) {
    case SLOTS:
      store<u64>(slotAddress(container, i), value);
      return;
    case KEYS:
      putKeyed(frame, container, value);
      return;
    case INDEXED:
      putElement(container, load<u32>(frame, F_AUX), value, PLAIN);
      return;
    case ARRAY: {
      const elements = <usize>load<u32>(container, 12);
      store<u64>(elementAt(elements, i), value);
      store<u32>(elements, i + 1, ELEMENTS_LENGTH);
      return;
    }
    case MAP:
      if ((i & 1) == 0) store<u64>(frame, value, F_KEY);
      else if (!mapSet(container, load<u64>(frame, F_KEY), value)) store<u32>(FAILED, 1);
      return;
    case SET:
      if (!mapSet(container, value, UNDEFINED)) store<u32>(FAILED, 1);
      return;
    default:
      putField(frame, container, value);
  }
}

/** True if the frame waits for another value, which comes next in the bytes. */
function wantsMore(frame: usize): bool {
  const mode = load<u32>(frame, F_MODE);
  if (mode == ERROR) {
    const fields = load<u32>(frame, F_COUNT);
    if (fields != <u32>ErrorField.PROPERTIES) return fields != 0;
  } else if (load<u32>(frame, F_INDEX) < load<u32>(frame, F_COUNT)) {
    if (mode == INDEXED) store<u32>(frame, number(), F_AUX);
    return true;
  }
  if (mode != INDEXED && mode != ERROR) return false;
  const entry = readShape();
  const count = load<u32>(entry, 8);
  store<u32>(frame, KEYS, F_MODE);
  store<u32>(frame, 0, F_INDEX);
  store<u32>(frame, count, F_COUNT);
  store<u32>(frame, load<u32>(entry, 4), F_AUX);
  return count > 0;
}

/**
 * Makes the value at `at` in the transfer form and stores it in `result`. False: the memory limit does not allow it; nothing
 * refers to the part that was made.
 */
export function transferIn(at: usize, result: usize): bool {
  store<u32>(AT, <u32>at);
  resetBlock(STACK, STACK_START, 1024);
  resetBlock(OBJECTS, OBJECTS_START, 512);
  resetBlock(SHAPES, SHAPES_START, 512);
  store<u32>(DEPTH, 0);
  store<u32>(OBJECT_COUNT, 0);
  store<u32>(SHAPE_COUNT, 0);
  store<u32>(FAILED, 0);
  const root = begin();
  // `begin` pushes at most one frame, for the object it returns. So a value is put into the frame below the one it pushed.
  let depth = load<u32>(DEPTH);
  while (depth > 0) {
    const top = depth - 1;
    if (!wantsMore(<usize>load<u32>(STACK) + <usize>(top * FRAME))) {
      depth = top;
      store<u32>(DEPTH, depth);
      continue;
    }
    const value = begin();
    put(<usize>load<u32>(STACK) + <usize>(top * FRAME), value);
    if (load<u32>(FAILED) != 0) return false;
    depth = load<u32>(DEPTH);
  }
  store<u64>(result, root);
  return true;
}
