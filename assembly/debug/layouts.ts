// Owns the verifier's checks of single cells: that lengths lie within the cell, that fields refer to cells of the kinds that the layouts
// name, that objects, shapes and elements fit each other. Must never change a cell, nor take fuel.
import { addressOf, isCell, isString, UNDEFINED } from "../core/value";
import {
  ARRAY_LENGTH, BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, BLOCK_LENGTH, BLOCK_SIZE, BYTES_LENGTH, BYTES_SIZE, ELEMENTS_CAPACITY,
  ELEMENTS_LENGTH, ELEMENTS_SIZE, FIRST_OBJECT_KIND, FRAME_COUNT, FRAME_SIZE, FUNCTION_INITIAL_SHAPE, INTERNAL_COUNT, Kind, KIND_END,
  PROGRAM_COUNT, PROGRAM_FUNCTIONS, POINTERS_COUNT, PROPTABLE_USED, ROPE_FLAGS, ROPE_LEFT, ROPE_LENGTH, ROPE_RIGHT, SHAPE_COUNT,
  SHAPE_LAST_KEY, SHAPE_MAKER, SHAPE_PROTO, SHAPE_TABLE, SHAPE_TRANSITIONS, SLICE_BASE, SLICE_FLAGS, SLICE_LENGTH, SLICE_START,
  SLOTS_SIZE, STRBUF_CAPACITY, STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED, STRING_FLAGS, STRING_LENGTH, STRING_SIZE, SYMBOL_DESCRIPTION,
} from "../generated/kinds";
import { VM_ATOM_TABLE } from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import { CELL_OF_KIND, FIELDS, FIELDS_SIZE, FieldType, KIND_OF_CELL, NOT_PORTABLE } from "../generated/snapshot-format";
import { UNCOUNTED } from "../heap/account";
import { fuelLeft, kindOf, setFuelLeft, sizeOf } from "../heap/memory";
import { denseLength } from "../objects/elements";
import { OBJECT_SLOTS, slotAddress } from "../objects/object";
import { ACCESSOR, entryAttributes, entryKey, findEntry, inlineBase, inlineCapacity, PROXY_CONSTRUCTOR, UNIQUE } from "../objects/shape";
import { BUILT, INDEX, INTERNED, MAX_LENGTH, TWO_BYTE } from "../strings/cells";
import { hashOf } from "../strings/string";
import { hasProblem, isCellStart, Problem, problem } from "./reach";
import { isEntered, isKey } from "./tables";

function hasKind(p: usize, kind: i32): bool {
  return isCellStart(p) && kindOf(p) == kind;
}

function isNoneOr(p: usize, kind: i32): bool {
  return p == 0 || hasKind(p, kind);
}

function isStringCell(p: usize): bool {
  return isCellStart(p) && (kindOf(p) == Kind.STRING || kindOf(p) == Kind.SLICE || kindOf(p) == Kind.ROPE);
}

function isNoneOrObject(p: usize): bool {
  return p == 0 || (isCellStart(p) && kindOf(p) >= FIRST_OBJECT_KIND);
}

/** All flags a string can have. */
const FLAGS: u32 = TWO_BYTE | INTERNED | INDEX | BUILT | UNCOUNTED;

// --- strings ------------------------------------------------------------------------------------------------------

/** A hash that is known is that of the characters. Computing it anew leaves no trace. */
function isHashRight(s: usize): bool {
  const known = load<u32>(s);
  if (known == 0 || kindOf(s) == Kind.ROPE) return true;
  const fuel = fuelLeft();
  store<u32>(s, 0);
  const hash = hashOf(s);
  store<u32>(s, known);
  setFuelLeft(fuel);
  return hash == known;
}

function checkString(s: usize): void {
  const length = load<u32>(s, STRING_LENGTH);
  const flags = load<u32>(s, STRING_FLAGS);
  if (length > <u32>MAX_LENGTH || flags & ~FLAGS || <u64>STRING_SIZE + (<u64>length << <u64>(flags & TWO_BYTE)) > <u64>sizeOf(s)) problem(Problem.TEXT);
  else if (!isHashRight(s)) problem(Problem.TEXT);
  else if (flags & INTERNED && !isEntered(<usize>load<u32>(VM_ATOM_TABLE), s)) problem(Problem.ATOMS);
}

function checkSlice(s: usize): void {
  const base = <usize>load<u32>(s, SLICE_BASE);
  const isBuffer = hasKind(base, Kind.STRBUF);
  if (!isBuffer && !hasKind(base, Kind.STRING)) {
    problem(Problem.SORT);
    return;
  }
  const flags = isBuffer ? load<u32>(base, STRBUF_FLAGS) : load<u32>(base, STRING_FLAGS);
  const there = isBuffer ? load<u32>(base, STRBUF_USED) : load<u32>(base, STRING_LENGTH);
  const end = <u64>load<u32>(s, SLICE_START) + <u64>load<u32>(s, SLICE_LENGTH);
  if (end > <u64>there || ((flags ^ load<u32>(s, SLICE_FLAGS)) & TWO_BYTE) != 0 || !isHashRight(s)) problem(Problem.TEXT);
}

function checkRope(s: usize): void {
  const left = <usize>load<u32>(s, ROPE_LEFT);
  const right = <usize>load<u32>(s, ROPE_RIGHT);
  if (!isStringCell(left) || !isStringCell(right)) {
    problem(Problem.SORT);
    return;
  }
  const a = load<u32>(left, STRING_LENGTH);
  const b = load<u32>(right, STRING_LENGTH);
  const width = (load<u32>(left, STRING_FLAGS) | load<u32>(right, STRING_FLAGS)) & TWO_BYTE;
  if (a == 0 || b == 0 || a + b != load<u32>(s, ROPE_LENGTH) || (load<u32>(s, ROPE_FLAGS) & TWO_BYTE) != width) problem(Problem.TEXT);
}

function checkBuffer(p: usize): void {
  const capacity = load<u32>(p, STRBUF_CAPACITY);
  const bytes = <u64>STRBUF_SIZE + (<u64>capacity << <u64>(load<u32>(p, STRBUF_FLAGS) & TWO_BYTE));
  if (load<u32>(p, STRBUF_USED) > capacity || capacity > <u32>MAX_LENGTH || bytes > <u64>sizeOf(p)) problem(Problem.TEXT);
}

function checkBigInt(p: usize): void {
  const limbs = load<u32>(p, BIGINT_LENGTH);
  const sign = load<u32>(p, BIGINT_SIGN);
  if (<u64>BIGINT_SIZE + (<u64>limbs << 2) > <u64>sizeOf(p) || sign > 1) problem(Problem.FIELD);
  else if (limbs == 0 ? sign != 0 : load<u32>(p + BIGINT_SIZE + (<usize>(limbs - 1) << 2)) == 0) problem(Problem.VALUE);
}

function checkLength(p: usize, field: usize, start: usize, shift: u64, what: Problem): void {
  if (<u64>start + (<u64>load<u32>(p + field) << shift) > <u64>sizeOf(p)) problem(what);
}

// --- shapes and objects -------------------------------------------------------------------------------------------

function checkShape(shape: usize): void {
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const flags = load<u32>(shape);
  if (flags >= PROXY_CONSTRUCTOR << 1 || !isNoneOrObject(<usize>load<u32>(shape, SHAPE_PROTO)) || !isNoneOr(table, Kind.PROPTABLE)) {
    problem(Problem.SHAPE);
    return;
  }
  const child = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  if (child != 0 && !hasKind(child, Kind.SHAPE) && !hasKind(child, Kind.TRANSITIONS)) problem(Problem.SHAPE);
  const last = <usize>load<u32>(shape, SHAPE_LAST_KEY);
  if (last != 0 && (!isCellStart(last) || !isKey(last))) problem(Problem.SHAPE);
  const maker = <usize>load<u32>(shape, SHAPE_MAKER);
  if (!isNoneOr(maker, Kind.CODE)) problem(Problem.SHAPE);
  // The table of a unique shape is shared with the shapes that the object had before, which may still be referred to from caches: only the
  // one that the object has now must fit it (checkObject).
  if ((flags & UNIQUE) == 0) checkKeys(shape);
}

/** A shape sees the first `count` entries of its table, and finds each of them by its key. */
function checkKeys(shape: usize): void {
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const count = load<u32>(shape, SHAPE_COUNT);
  if (count > (table == 0 ? 0 : load<u32>(table, PROPTABLE_USED))) {
    problem(Problem.SHAPE);
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    // Only a shape that belongs to one object has lost properties.
    if (key == 0 ? (load<u32>(shape) & UNIQUE) == 0 : !isCellStart(key) || findEntry(shape, key) != <i32>i) problem(Problem.PROPERTIES);
  }
}

/** Every property has a slot in the object or in its SLOTS cell, which holds an ACCESSOR cell if and only if the property is one. */
function checkProperties(object: usize, shape: usize): void {
  const count = load<u32>(shape, SHAPE_COUNT);
  const capacity = inlineCapacity(shape);
  const slots = <usize>load<u32>(object, OBJECT_SLOTS);
  if (count > capacity && (slots == 0 || SLOTS_SIZE + (<usize>(count - capacity) << 3) > sizeOf(slots))) {
    problem(Problem.PROPERTIES);
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    if (entryKey(shape, i) == 0) continue;
    const v = load<u64>(slotAddress(object, i));
    const isAccessor = isCell(v) && hasKind(addressOf(v), Kind.ACCESSOR);
    if (isAccessor != ((entryAttributes(shape, i) & ACCESSOR) != 0) || (isCell(v) && !isAccessor)) problem(Problem.PROPERTIES);
  }
}

function checkObject(object: usize, kind: i32): void {
  const shape = <usize>load<u32>(object);
  if (!hasKind(shape, Kind.SHAPE)) {
    problem(Problem.SHAPE);
    return;
  }
  if (!isNoneOr(<usize>load<u32>(object, OBJECT_SLOTS), Kind.SLOTS)) {
    problem(Problem.SORT);
    return;
  }
  const elements = <usize>load<u32>(object, 12);
  if (elements != 0 && !hasKind(elements, Kind.ELEMENTS) && !hasKind(elements, Kind.SPARSE)) problem(Problem.ELEMENTS);
  if (load<u32>(shape) & UNIQUE) {
    checkKeys(shape);
    if (hasProblem()) return;
  }
  let end = <usize>load<u8>(KIND_END + <usize>kind);
  if (kind == Kind.INTERNAL) end += <usize>load<u32>(object, INTERNAL_COUNT) << 3;
  if (inlineBase(shape) < end || inlineBase(shape) + (<usize>inlineCapacity(shape) << 3) > sizeOf(object)) problem(Problem.SHAPE);
  else checkProperties(object, shape);
  if (kind == Kind.ARRAY && load<u32>(object, ARRAY_LENGTH) < denseLength(elements)) problem(Problem.ELEMENTS);
  if (kind == Kind.FUNCTION && !isNoneOr(<usize>load<u32>(object, FUNCTION_INITIAL_SHAPE), Kind.SHAPE)) problem(Problem.SHAPE);
}

/** The fields of kinds that snapshots have refer to what their description says (ts/defs/snapshot-format.ts). */
function checkFields(p: usize, kind: i32): void {
  const portable = load<u8>(CELL_OF_KIND + <usize>kind);
  if (portable == NOT_PORTABLE) return;
  let field = FIELDS + <usize>portable * FIELDS_SIZE;
  for (; load<u8>(field) != FieldType.END; field += 3) {
    const at = p + <usize>load<u8>(field, 1);
    const cell = <usize>load<u32>(at);
    let isFine = true;
    switch (<i32>load<u8>(field)) {
      case FieldType.NATIVE: isFine = load<u32>(at) < <u32>NATIVE_COUNT; break;
      case FieldType.GUEST: isFine = !isCell(load<u64>(at)) || kind == Kind.ACCESSOR || kind == Kind.COROUTINE; break;
      case FieldType.OBJECT: isFine = isNoneOrObject(cell); break;
      case FieldType.STRING: isFine = cell == 0 || isStringCell(cell); break;
      case FieldType.CELL: isFine = isNoneOr(cell, <i32>load<u8>(KIND_OF_CELL + <usize>load<u8>(field, 2))); break;
      case FieldType.CODE: isFine = hasKind(cell, Kind.CODE); break;
    }
    if (!isFine) problem(Problem.SORT);
  }
}

function checkProgram(p: usize): void {
  const functions = <usize>load<u32>(p, PROGRAM_FUNCTIONS);
  if (!hasKind(functions, Kind.POINTERS) || load<u32>(functions, POINTERS_COUNT) != load<u32>(p, PROGRAM_COUNT)) problem(Problem.CODE);
}

/** Checks a cell that has been reached, and whose references all lead to cells. */
export function checkLayout(p: usize): void {
  const kind = kindOf(p);
  checkFields(p, kind);
  if (kind >= FIRST_OBJECT_KIND) {
    checkObject(p, kind);
    return;
  }
  switch (kind) {
    case Kind.STRING: checkString(p); break;
    case Kind.SLICE: checkSlice(p); break;
    case Kind.ROPE: checkRope(p); break;
    case Kind.STRBUF: checkBuffer(p); break;
    case Kind.SYMBOL: if (load<u64>(p, SYMBOL_DESCRIPTION) != UNDEFINED && !isString(load<u64>(p, SYMBOL_DESCRIPTION))) problem(Problem.VALUE); break;
    case Kind.BIGINT: checkBigInt(p); break;
    case Kind.SHAPE: checkShape(p); break;
    case Kind.ELEMENTS:
      checkLength(p, ELEMENTS_CAPACITY, ELEMENTS_SIZE, 3, Problem.ELEMENTS);
      if (load<u32>(p, ELEMENTS_LENGTH) > load<u32>(p, ELEMENTS_CAPACITY) || load<u32>(p) > 3) problem(Problem.ELEMENTS);
      break;
    case Kind.ENV: if (!isNoneOr(<usize>load<u32>(p), Kind.ENV)) problem(Problem.SORT); break;
    case Kind.FRAME: checkLength(p, FRAME_COUNT, FRAME_SIZE, 3, Problem.FIELD); break;
    case Kind.BYTES: checkLength(p, BYTES_LENGTH, BYTES_SIZE, 0, Problem.FIELD); break;
    case Kind.BLOCK: checkLength(p, BLOCK_LENGTH, BLOCK_SIZE, 0, Problem.FIELD); break;
    case Kind.PROGRAM: checkProgram(p); break;
  }
}
