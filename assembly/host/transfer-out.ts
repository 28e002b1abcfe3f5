// Owns the way of values out of the guest: one pass over the graph into the transfer form (ts/defs/transfer.ts). Must never call guest
// code (an object with an accessor is refused, not read), never recurse, and never cost the guest fuel: whether a host looks at a value,
// and how often, must not change how a program runs.
import { ABSENT, addressOf, boxString, HOLE, isCell, isObject, isString, isSymbol, toDouble, UNDEFINED, Value } from "../core/value";
import { errorPrototype } from "../errors/errors";
import { Atom, atomAt } from "../generated/intrinsics";
import {
  ARRAY_LENGTH, ARRAYBUFFER_BUFFER_FLAGS, ARRAYBUFFER_BYTE_LENGTH, ARRAYBUFFER_DATA, ARRAYBUFFER_MAX_BYTE_LENGTH, BLOCK_SIZE, DATE_TIME,
  HASHTABLE_LIVE, Kind, MAP_TABLE, REGEXP_SOURCE, SHAPE_COUNT, SHAPE_PROTO, SYMBOL_FLAGS, TYPEDARRAY_BYTE_OFFSET, TYPEDARRAY_ELEMENT_TYPE,
  TYPEDARRAY_LENGTH,
} from "../generated/kinds";
import { allocate, kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import {
  countElements, denseLength, elementAt, elementAttributes, elementsOf, findElement, isSparse, listElements,
} from "../objects/elements";
import { tableKey, tableNextEntry, tableValue } from "../objects/hash-table";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { addProperty, newPlainObject, slotAddress } from "../objects/object";
import { getOwn, lookup } from "../objects/property";
import { ACCESSOR, entryAttributes, entryKey, ENUMERABLE, PLAIN, shapeOf } from "../objects/shape";
import { stackTextOf } from "../objects/stack-trace";
import { bufferOf, isDetached, isOutOfBounds, RESIZABLE, TRACKING, TYPE_COUNT } from "../objects/typed";
import { bitsOf } from "../regexp/object";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { equals } from "../strings/string";
import { ErrorField, growBlock, Refusal, resetBlock, Step, Tag } from "./transfer-format";
import {
  isOverflown, meet, MAX_TRANSFER, outputLength, overflow, resetOutput, resetTable, writeByte, writeBytes, writeDate, writeKey, writeNumber,
  writePrimitive, writeString, writeTagged,
} from "./transfer-write";

const STATE: usize = memory.data(32, 8);
/** Block of the containers being written, FRAME bytes each; DEPTH of them. */
const STACK: usize = STATE;
const DEPTH: usize = STATE + 8;
const NEXT_OBJECT: usize = STATE + 12;
const NEXT_SHAPE: usize = STATE + 16;
/** Second result of judgeShape and listEnumerable. */
const NOTE: usize = STATE + 20;
/** 1: a value that cannot cross is written as its description instead of being refused. */
const LENIENT: usize = STATE + 24;

const STACK_START: usize = memory.data(1024, 8);

/** A frame: {container u32 · mode u32 · index u32 · count u32 · aux u32 · pad u32} */
const FRAME: u32 = 24;
/** Containers within containers, at most. */
const DEEPEST: u32 = 2000000;
const F_MODE: usize = 4;
const F_INDEX: usize = 8;
const F_COUNT: usize = 12;
const F_AUX: usize = 16;

// Mode of a frame: the values it goes through.
const OBJECT: u32 = 0; // property values: index over the entries of the shape
const INDEXED: u32 = 1; // elements: index over the list at aux; then OBJECT
const ARRAY: u32 = 2; // elements 0 … count
const MAP: u32 = 3; // aux: 0 the key is next, 1 the value
const SET: u32 = 4;
const ERROR: u32 = 5; // count: fields still to come; index: the current one

// --- objects ------------------------------------------------------------------------------------------------------

function push(container: usize, mode: u32, count: u32, aux: u32): void {
  const depth = load<u32>(DEPTH);
  if (depth >= DEEPEST) {
    overflow();
    return;
  }
  const frame = growBlock(STACK, (depth + 1) * FRAME) + <usize>(depth * FRAME);
  store<u32>(frame, <u32>container);
  store<u32>(frame, mode, F_MODE);
  store<u32>(frame, 0, F_INDEX);
  store<u32>(frame, count, F_COUNT);
  store<u32>(frame, aux, F_AUX);
  store<u32>(DEPTH, depth + 1);
}

/** True for a property that crosses: enumerable and named by a string. */
// @ts-ignore: decorator
@inline
function crosses(key: usize, attributes: u32): bool {
  return key != 0 && attributes & ENUMERABLE && kindOf(key) != Kind.SYMBOL;
}

/** Returns a Refusal if objects of that shape cannot cross. NOTE: the number of properties that cross, or the key of an accessor. */
function judgeShape(shape: usize): i32 {
  const count = load<u32>(shape, SHAPE_COUNT);
  let crossing: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
    const attributes = entryAttributes(shape, i);
    if (kindOf(key) == Kind.SYMBOL) {
      if (load<u32>(key, SYMBOL_FLAGS) & SYMBOL_PRIVATE && !load<u32>(LENIENT)) {
        store<u32>(NOTE, 0);
        return Refusal.PRIVATE;
      }
      continue;
    }
    if (attributes & ENUMERABLE) {
      if (attributes & ACCESSOR && !load<u32>(LENIENT)) {
        store<u32>(NOTE, <u32>key);
        return Refusal.ACCESSOR;
      }
      crossing++;
    }
  }
  store<u32>(NOTE, crossing);
  return Refusal.NONE;
}

/** Writes the shape part of an object that has been judged. */
function writeShape(shape: usize, crossing: u32): void {
  const known = meet(shape, load<u32>(NEXT_SHAPE));
  if (known >= 0) {
    writeNumber(<u32>known);
    return;
  }
  writeNumber(load<u32>(NEXT_SHAPE));
  store<u32>(NEXT_SHAPE, load<u32>(NEXT_SHAPE) + 1);
  writeNumber(crossing);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (crosses(key, entryAttributes(shape, i))) writeKey(key);
  }
}

/** Lists the enumerable elements, ascending, u32 each; the count is before the list. 0 if one is an accessor (NOTE holds its index). */
function listEnumerable(elements: usize): usize {
  const count = countElements(elements);
  const cell = allocate(Kind.BYTES, 24 + ((<usize>count) << 2));
  store<u32>(cell, 0);
  store<u64>(cell, 0, 8);
  const list = cell + 20;
  const found = listElements(elements, list);
  let n: u32 = 0;
  for (let i: u32 = 0; i < found; i++) {
    const index = load<u32>(list + ((<usize>i) << 2));
    const attributes = elementAttributes(elements, findElement(elements, index));
    if ((attributes & ENUMERABLE) == 0) continue;
    if (attributes & ACCESSOR && !load<u32>(LENIENT)) {
      store<u32>(NOTE, index);
      return 0;
    }
    store<u32>(list + ((<usize>n) << 2), index);
    n++;
  }
  store<u32>(list - 4, n);
  return list;
}

/** Refuses a property of a container that is not on the stack yet: pushes a frame that names the property. */
function refuseInside(container: usize, mode: u32, key: u32): void {
  push(container, mode, 0, key);
}

/** Mode of frames that only name the place of a refusal; aux is the key or the index. */
const AT_KEY: u32 = 8;
const AT_INDEX: u32 = 9;

function writeObject(object: usize): i32 {
  const shape = shapeOf(object);
  const why = judgeShape(shape);
  if (why != Refusal.NONE) {
    if (why == Refusal.ACCESSOR) refuseInside(object, AT_KEY, load<u32>(NOTE));
    return why;
  }
  const crossing = load<u32>(NOTE);
  const bare = load<u32>(shape, SHAPE_PROTO) == 0;
  const elements = elementsOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  if (elements == 0) {
    writeByte(bare ? Tag.NULL_OBJECT : Tag.OBJECT);
    writeShape(shape, crossing);
    if (crossing > 0) push(object, OBJECT, count, 0);
    return Refusal.NONE;
  }
  const list = listEnumerable(elements);
  if (list == 0) {
    refuseInside(object, AT_INDEX, load<u32>(NOTE));
    return Refusal.ACCESSOR;
  }
  writeTagged(Tag.INDEXED_OBJECT, bare ? 1 : 0);
  writeNumber(load<u32>(list - 4));
  push(object, INDEXED, load<u32>(list - 4), <u32>list);
  return Refusal.NONE;
}

function writeArray(array: usize): i32 {
  const shape = shapeOf(array);
  const why = judgeShape(shape);
  if (why != Refusal.NONE) {
    if (why == Refusal.ACCESSOR) refuseInside(array, AT_KEY, load<u32>(NOTE));
    return why;
  }
  const elements = elementsOf(array);
  const length = load<u32>(array, ARRAY_LENGTH);
  // Holes take a byte each in the dense form, and room in the host: a few of them are cheap.
  if (load<u32>(NOTE) == 0 && !isSparse(elements) && length - denseLength(elements) <= 16) {
    writeTagged(Tag.ARRAY, length);
    if (length > 0) push(array, ARRAY, length, 0);
    return Refusal.NONE;
  }
  const list = listEnumerable(elements);
  if (list == 0) {
    refuseInside(array, AT_INDEX, load<u32>(NOTE));
    return Refusal.ACCESSOR;
  }
  writeTagged(Tag.SPARSE_ARRAY, length);
  writeNumber(load<u32>(list - 4));
  push(array, INDEXED, load<u32>(list - 4), <u32>list);
  return Refusal.NONE;
}

function writeTable(object: usize, tag: u32, mode: u32): i32 {
  const table = <usize>load<u32>(object, MAP_TABLE);
  const live: u32 = table == 0 ? 0 : load<u32>(table, HASHTABLE_LIVE);
  writeTagged(tag, live);
  if (live > 0) push(object, mode, live, 0);
  return Refusal.NONE;
}

/** Own data property of an error, ABSENT if it has no such property. */
function ownData(error: usize, atom: i32): Value {
  return getOwn(error, boxString(atomAt(atom))) == DATA ? load<u64>(FOUND_VALUE) : ABSENT;
}

/** ErrorKind of an error object, by its prototype chain. */
function errorKindOf(error: usize): i32 {
  for (let proto = error; proto != 0; proto = <usize>load<u32>(shapeOf(proto), SHAPE_PROTO)) {
    for (let kind = 8; kind >= 0; kind--) if (proto == errorPrototype(kind)) return kind;
    if (kindOf(proto) == Kind.PROXY) return 0;
  }
  return 0;
}

/** The name an error shows, if it differs from that of its kind; else ABSENT. */
function errorName(error: usize, kind: i32): Value {
  if (lookup(error, boxString(atomAt(Atom.name))) != DATA) return ABSENT;
  const name = load<u64>(FOUND_VALUE);
  if (!isString(name)) return ABSENT;
  const usual = lookup(errorPrototype(kind), boxString(atomAt(Atom.name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  return isString(usual) && equals(addressOf(usual), addressOf(name)) ? ABSENT : name;
}

function errorField(error: usize, field: u32): Value {
  switch (field) {
    case ErrorField.MESSAGE:
      return ownData(error, Atom.message);
    case ErrorField.NAME:
      return errorName(error, errorKindOf(error));
    case ErrorField.STACK:
      return stackTextOf(error);
    case ErrorField.CAUSE:
      return ownData(error, Atom.cause);
    default:
      return ownData(error, Atom.errors);
  }
}

/** How deep nested objects are searched, and the number of values searched in all. */
const PLAIN_DEPTH: i32 = 5;
const PLAIN_VALUES: i32 = 500;
const PLAIN_LEFT: usize = memory.data(8, 8);

/** True for plain data, which contains no function, symbol or accessor. */
function isPlainData(v: Value, depth: i32): bool {
  const left = load<i32>(PLAIN_LEFT) - 1;
  store<i32>(PLAIN_LEFT, left);
  if (left < 0 || isSymbol(v)) return false;
  if (!isObject(v)) return true;
  const object = addressOf(v);
  const kind = kindOf(object);
  if (kind == Kind.ERROR || kind == Kind.DATE) return true;
  if ((kind != Kind.OBJECT && kind != Kind.ARRAY) || depth == PLAIN_DEPTH) return false;
  const elements = elementsOf(object);
  if (isSparse(elements)) return false;
  const length: u32 = elements == 0 ? 0 : denseLength(elements);
  for (let i: u32 = 0; i < length; i++) if (!isPlainData(load<u64>(elementAt(elements, i)), depth + 1)) return false;
  return arePlain(object, depth + 1);
}
function arePlain(object: usize, depth: i32): bool {
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const attributes = entryAttributes(shape, i);
    if (!crosses(entryKey(shape, i), attributes)) continue;
    if (attributes & ACCESSOR || !isPlainData(load<u64>(slotAddress(object, i)), depth)) return false;
  }
  return true;
}

/**
 * True if an error has enumerable properties of its own that are plain data and not fields; adds them to the object `to` unless
 * that is 0.
 */
function extraProperties(error: usize, to: usize): bool {
  const shape = shapeOf(error);
  const count = load<u32>(shape, SHAPE_COUNT);
  let any = false;
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    const attributes = entryAttributes(shape, i);
    if (!crosses(key, attributes) || attributes & ACCESSOR) continue;
    if (key == atomAt(Atom.message) || key == atomAt(Atom.name) || key == atomAt(Atom.stack) || key == atomAt(Atom.cause) || key == atomAt(Atom.errors)) continue;
    const value = load<u64>(slotAddress(error, i));
    store<i32>(PLAIN_LEFT, PLAIN_VALUES);
    if (!isPlainData(value, 0)) continue;
    if (to == 0) return true;
    any = true;
    addProperty(to, key, value, PLAIN);
  }
  return any;
}

function writeError(error: usize): i32 {
  let fields: u32 = 0;
  for (let field: u32 = ErrorField.MESSAGE; field <= <u32>ErrorField.ERRORS; field <<= 1) {
    const v = errorField(error, field);
    // The first three are texts on the other side; other values in their place do not cross.
    if (v != ABSENT && (isString(v) || field > <u32>ErrorField.STACK)) fields |= field;
  }
  if (extraProperties(error, 0)) fields |= <u32>ErrorField.PROPERTIES;
  writeTagged(Tag.ERROR, <u32>errorKindOf(error));
  writeByte(fields);
  if (fields != 0) push(error, ERROR, fields, 0);
  return Refusal.NONE;
}

function writeBuffer(buffer: usize): i32 {
  const length = load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH);
  const resizable = load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE;
  if (<usize>length + <usize>outputLength() > MAX_TRANSFER - 65536) return Refusal.LARGE;
  writeTagged(Tag.ARRAY_BUFFER, length);
  writeByte(resizable);
  if (resizable) writeNumber(load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH));
  writeBytes(<usize>load<u32>(buffer, ARRAYBUFFER_DATA) + BLOCK_SIZE, length);
  return Refusal.NONE;
}

/** Writes a view, then its buffer, unless that has been written. */
function writeView(view: usize, kind: i32): i32 {
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  writeTagged(Tag.VIEW, kind == Kind.DATAVIEW ? TYPE_COUNT : word & 255);
  writeByte(word & TRACKING ? 1 : 0);
  writeNumber(load<u32>(view, TYPEDARRAY_BYTE_OFFSET));
  writeNumber(load<u32>(view, TYPEDARRAY_LENGTH));
  const buffer = bufferOf(view);
  const known = meet(buffer, load<u32>(NEXT_OBJECT));
  if (known >= 0) {
    writeTagged(Tag.REF, <u32>known);
    return Refusal.NONE;
  }
  store<u32>(NEXT_OBJECT, load<u32>(NEXT_OBJECT) + 1);
  return writeBuffer(buffer);
}

function refusalOf(kind: i32, object: usize): i32 {
  if (kind >= Kind.FUNCTION && kind <= Kind.EXTERNAL) return Refusal.FUNCTION;
  switch (kind) {
    case Kind.OBJECT:
    case Kind.ARRAY:
    case Kind.MAP:
    case Kind.SET:
    case Kind.ERROR:
    case Kind.DATE:
    case Kind.REGEXP:
      return Refusal.NONE;
    case Kind.ARRAYBUFFER:
      return isDetached(object) ? Refusal.DETACHED : Refusal.NONE;
    case Kind.TYPEDARRAY:
    case Kind.DATAVIEW:
      return isOutOfBounds(object) ? Refusal.DETACHED : Refusal.NONE;
    case Kind.PROMISE:
      return Refusal.PROMISE;
    case Kind.PROXY:
      return Refusal.PROXY;
    case Kind.GENERATOR:
      return Refusal.ITERATOR;
    case Kind.WEAKMAP:
    case Kind.WEAKSET:
    case Kind.WEAKREF:
      return Refusal.WEAK;
    case Kind.PRIMITIVE:
      return Refusal.WRAPPER;
    default:
      return Refusal.OTHER;
  }
}

/** Writes a value; of an object the head, with a frame for the rest. Returns why it was refused, if it was. */
function write(v: Value): i32 {
  if (isSymbol(v)) return Refusal.SYMBOL;
  if (!isObject(v)) {
    writePrimitive(v);
    return Refusal.NONE;
  }
  const object = addressOf(v);
  const kind = kindOf(object);
  const refusal = refusalOf(kind, object);
  if (refusal != Refusal.NONE) return refusal;
  const known = meet(object, load<u32>(NEXT_OBJECT));
  if (known >= 0) {
    writeTagged(Tag.REF, <u32>known);
    return Refusal.NONE;
  }
  store<u32>(NEXT_OBJECT, load<u32>(NEXT_OBJECT) + 1);
  switch (kind) {
    case Kind.OBJECT:
      return writeObject(object);
    case Kind.ARRAY:
      return writeArray(object);
    case Kind.MAP:
      return writeTable(object, Tag.MAP, MAP);
    case Kind.SET:
      return writeTable(object, Tag.SET, SET);
    case Kind.REGEXP:
      writeTagged(Tag.REGEXP, bitsOf(object));
      writeKey(<usize>load<u32>(object, REGEXP_SOURCE));
      return Refusal.NONE;
    case Kind.DATE:
      writeDate(toDouble(load<u64>(object, DATE_TIME)));
      return Refusal.NONE;
    case Kind.ARRAYBUFFER:
      return writeBuffer(object);
    case Kind.TYPEDARRAY:
    case Kind.DATAVIEW:
      return writeView(object, kind);
    default:
      return writeError(object);
  }
}

// --- the walk -----------------------------------------------------------------------------------------------------

function nextProperty(frame: usize): Value {
  const object = <usize>load<u32>(frame);
  const shape = shapeOf(object);
  const count = load<u32>(frame, F_COUNT);
  for (let i = load<u32>(frame, F_INDEX); i < count; i++) {
    const attributes = entryAttributes(shape, i);
    if (!crosses(entryKey(shape, i), attributes)) continue;
    store<u32>(frame, i + 1, F_INDEX);
    return attributes & ACCESSOR ? UNDEFINED : load<u64>(slotAddress(object, i));
  }
  return ABSENT;
}

function nextIndexed(frame: usize): Value {
  const object = <usize>load<u32>(frame);
  const i = load<u32>(frame, F_INDEX);
  if (i < load<u32>(frame, F_COUNT)) {
    store<u32>(frame, i + 1, F_INDEX);
    const index = load<u32>(<usize>load<u32>(frame, F_AUX) + ((<usize>i) << 2));
    writeNumber(index);
    const at = findElement(elementsOf(object), index);
    return elementAttributes(elementsOf(object), at) & ACCESSOR ? UNDEFINED : load<u64>(at);
  }
  const shape = shapeOf(object);
  judgeShape(shape);
  writeShape(shape, load<u32>(NOTE));
  store<u32>(frame, OBJECT, F_MODE);
  store<u32>(frame, 0, F_INDEX);
  store<u32>(frame, load<u32>(shape, SHAPE_COUNT), F_COUNT);
  return nextProperty(frame);
}

function nextElement(frame: usize): Value {
  const i = load<u32>(frame, F_INDEX);
  if (i >= load<u32>(frame, F_COUNT)) return ABSENT;
  store<u32>(frame, i + 1, F_INDEX);
  const elements = elementsOf(<usize>load<u32>(frame));
  return i < denseLength(elements) ? load<u64>(elementAt(elements, i)) : HOLE;
}

function nextEntry(frame: usize, isMap: bool): Value {
  const table = <usize>load<u32>(<usize>load<u32>(frame), MAP_TABLE);
  if (isMap && load<u32>(frame, F_AUX) == 1) {
    store<u32>(frame, 0, F_AUX);
    return tableValue(table, <i32>load<u32>(frame, F_INDEX) - 1);
  }
  const i = tableNextEntry(table, load<u32>(frame, F_INDEX));
  if (i < 0) return ABSENT;
  store<u32>(frame, <u32>i + 1, F_INDEX);
  store<u32>(frame, 1, F_AUX);
  return tableKey(table, i);
}

function nextField(frame: usize): Value {
  const fields = load<u32>(frame, F_COUNT);
  if (fields == 0) return ABSENT;
  if (fields == <u32>ErrorField.PROPERTIES) {
    const extra = newPlainObject(4);
    extraProperties(<usize>load<u32>(frame), extra);
    const count = load<u32>(shapeOf(extra), SHAPE_COUNT);
    writeShape(shapeOf(extra), count);
    store<u32>(frame, <u32>extra);
    store<u32>(frame, OBJECT, F_MODE);
    store<u32>(frame, 0, F_INDEX);
    store<u32>(frame, count, F_COUNT);
    return nextProperty(frame);
  }
  const field = fields & (0 - fields);
  store<u32>(frame, field, F_INDEX);
  store<u32>(frame, fields & ~field, F_COUNT);
  return errorField(<usize>load<u32>(frame), field);
}

function nextOf(frame: usize): Value {
  switch (load<u32>(frame, F_MODE)) {
    case OBJECT:
      return nextProperty(frame);
    case INDEXED:
      return nextIndexed(frame);
    case ARRAY:
      return nextElement(frame);
    case MAP:
      return nextEntry(frame, true);
    case SET:
      return nextEntry(frame, false);
    default:
      return nextField(frame);
  }
}

function reset(): void {
  resetOutput();
  resetTable();
  resetBlock(STACK, STACK_START, 1024);
  store<u32>(DEPTH, 0);
  store<u32>(NEXT_OBJECT, 0);
  store<u32>(NEXT_SHAPE, 0);
}

// --- refusal ------------------------------------------------------------------------------------------------------

/** Number of live entries before entry `end` of a table. */
function liveBefore(table: usize, end: u32): u32 {
  let n: u32 = 0;
  for (let i = tableNextEntry(table, 0); i >= 0 && <u32>i < end; i = tableNextEntry(table, <u32>i + 1)) n++;
  return n;
}

function writeStep(frame: usize): void {
  const container = <usize>load<u32>(frame);
  const index = load<u32>(frame, F_INDEX);
  switch (load<u32>(frame, F_MODE)) {
    case OBJECT:
      writeByte(Step.PROPERTY);
      writeKey(entryKey(shapeOf(container), index - 1));
      return;
    case INDEXED:
      writeTagged(Step.INDEX, load<u32>(<usize>load<u32>(frame, F_AUX) + ((<usize>(index - 1)) << 2)));
      return;
    case ARRAY:
      writeTagged(Step.INDEX, index - 1);
      return;
    case MAP:
      writeTagged(
        load<u32>(frame, F_AUX) == 1 ? Step.MAP_KEY : Step.MAP_VALUE,
        liveBefore(<usize>load<u32>(container, MAP_TABLE), index - 1),
      );
      return;
    case SET:
      writeTagged(Step.SET_MEMBER, liveBefore(<usize>load<u32>(container, MAP_TABLE), index - 1));
      return;
    case AT_KEY:
      writeByte(Step.PROPERTY);
      writeKey(<usize>load<u32>(frame, F_AUX));
      return;
    case AT_INDEX:
      writeTagged(Step.INDEX, load<u32>(frame, F_AUX));
      return;
    default:
      writeByte(Step.PROPERTY);
      writeKey(atomAt(index == ErrorField.CAUSE ? Atom.cause : Atom.errors));
  }
}

/** Replaces the output by the reason and the path to the refused value. */
function writeRefusal(reason: i32): void {
  resetOutput();
  writeByte(<u32>reason);
  const depth = load<u32>(DEPTH);
  writeNumber(depth);
  for (let i: u32 = 0; i < depth && !isOverflown(); i++) writeStep(<usize>load<u32>(STACK) + <usize>(i * FRAME));
  if (!isOverflown()) return;
  // The path is too long to be written.
  resetOutput();
  writeByte(<u32>reason);
  writeNumber(0);
}

/** Code that no compiler wrote may pass on a value no guest has: the host sees undefined, except for holes of arrays. */
function shown(v: Value, mayBeHole: bool): Value {
  return (v == HOLE && !mayBeHole) || isCell(v) ? UNDEFINED : v;
}

/**
 * Writes a value in the transfer form. False: it cannot cross, and the output says why. `lenient`: values that cannot cross are
 * described instead. The output is outputLength() bytes at outputStart(), until the next call into the core.
 */
export function transferOut(v: Value, lenient: bool): bool {
  reset();
  store<u32>(LENIENT, lenient ? 1 : 0);
  let next = shown(v, false);
  while (true) {
    let reason = write(next);
    if (isOverflown()) {
      resetOutput();
      store<u32>(DEPTH, 0);
      reason = Refusal.LARGE;
    }
    if (reason != Refusal.NONE) {
      if (!lenient) {
        writeRefusal(reason);
        return false;
      }
      writeString(valueText(next));
      // The description itself is too long.
      if (isOverflown()) resetOutput();
      if (outputLength() == 0) writeString(atomAt(Atom.empty));
    }
    next = ABSENT;
    while (next == ABSENT) {
      const depth = load<u32>(DEPTH);
      if (depth == 0) return true;
      const frame = <usize>load<u32>(STACK) + <usize>((depth - 1) * FRAME);
      next = shown(nextOf(frame), load<u32>(frame, F_MODE) == ARRAY);
      if (next == ABSENT) store<u32>(DEPTH, depth - 1);
    }
  }
  return true;
}
