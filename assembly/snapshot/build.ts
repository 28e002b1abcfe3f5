// Owns the steps that need all cells to exist: real references, shapes, hash chains, interned strings, changes of base objects, entries
// of weak tables. Must make shapes through objects/shape.ts, so that they are shared with the base image and with those that the program
// makes later.
//
// All loops here are over what the reader has made, so their number is bounded by the bytes of the snapshot. Work inside a step is not,
// where a stranger can choose its length (deep ropes, equal hashes, slices of one long text, prototypes in a ring). Each of these has its
// bound where it is done, named in a comment there.
import { addressOf, boxCell, CELL_BITS, HOLE, isBigInt, isObject, isString, isSymbol, Value } from "../core/value";
import { intrinsic, Intrinsic, Kept } from "../generated/intrinsics";
import {
  BIGINT_SIGN, FIRST_OBJECT_KIND, HASHTABLE_FIRST, HASHTABLE_LIVE, HASHTABLE_NEXT, HASHTABLE_SIZE, HASHTABLE_USED, Kind, ROPE_FLAGS,
  ROPE_LEFT, ROPE_LENGTH, ROPE_RIGHT, SHAPE_PROTO, SLICE_BASE, SLICE_FLAGS, SLICE_LENGTH, SLICE_START, STRBUF_USED, SYMBOL_ID,
  WEAKREF_TARGET,
} from "../generated/kinds";
import {
  BASE_START, POINTER_ROOT_COUNT, POINTER_ROOTS, VM_BASE_END, VM_CSP, VM_FP, VM_HEAP_TOP, VM_INTRINSICS, VM_STACK_BASE, VM_SYMBOL_COUNTER,
  VM_VALUES_START,
} from "../generated/layout";
import {
  Cell, CELL_OF_KIND, Change, Fault, KEPT_COUNT, KEPT_ROOTS, NOT_PORTABLE, PropertyChange,
  ShapeFlag,
} from "../generated/snapshot-format";
import { traceCell } from "../generated/trace";
import { ensureMemory, kindOf, sizeOf, usesScratch } from "../heap/memory";
import { HASHTABLE_ENTRY } from "../heap/trace-custom";
import { FROM_BASE, FROM_TOP, visitPointer, visitValue, visitValues } from "../heap/visit";
import { setElements } from "../objects/elements";
import { keyHash, mapAppend, normalizeKey, tableAppend, tableHas } from "../objects/hash-table";
import { addProperty, intrinsicAddress, slotAddress } from "../objects/object";
import { deleteOwn } from "../objects/property";
import {
  becomePrototype, CALLABLE, changeAttributes, changePrototype, entryAttributes, findEntry, newRootShape, preventExtensions, shapeOf,
  shapeWith, UNIQUE,
} from "../objects/shape";
import { touch } from "../objects/touched";
import { symbolHash } from "../strings/atom";
import { flagsOf, lengthOf, MAX_LENGTH, TWO_BYTE } from "../strings/cells";
import { hashOf } from "../strings/string";
import { contentCode, isDistinct, openDistinct, tooManyAlike } from "./distinct";
import {
  D_BASE, D_CAPACITY, D_ENTRY, D_FLAGS, D_KEYS, D_KIND, D_ROOT, D_SHAPE, defer, deferred, DESCRIPTION, DESCRIPTION_NEXT, DESCRIPTIONS,
  finishLength, PENDING, PENDING_COUNT, readElements, readExtra, readFields, readProperty,
} from "./read-cell";
import { baseCell, CELLS, fail, failed, HOLES, LIMIT, OBJECTS, readKey, readNumber, readObject, room, TABLE } from "./read-value";
import { templateCount } from "./templates";

const STATE: usize = memory.data(32, 8);
/** First cell that the reader made. */
export const FIRST_CELL: usize = STATE;
/** Number of entries of PENDING that belong to changes of base objects; they come first. */
export const CHANGES_END: usize = STATE + 4;
/** Place + 1 in PENDING of the first and of the last entry of weak tables; 0 if there are no entries. */
const WEAK_FIRST: usize = STATE + 8;
const WEAK_LAST: usize = STATE + 12;
/** 1: the changes included fields of base objects, so that base objects hold references too. */
const FIELDS_READ: usize = STATE + 16;
const WEAK_COUNT: usize = STATE + 20;

/** 1: the changes include prototypes of base objects. */
export const PROTOTYPES_CHANGED: usize = STATE + 24;

export function openBuild(): void {
  memory.fill(STATE, 0, 32);
}

function cellOf(n: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3));
}

// --- references ---------------------------------------------------------------------------------------------------

/**
 * Replaces all references into the table by addresses. The tracer knows every place that can hold a reference, so this step can forget
 * none. Roots, frames, values put off, all new cells, and the base image if changes have put references into it.
 */
export function settleReferences(): void {
  const table = load<u32>(TABLE);
  // To the tracer, the table is a space from which all cells have moved: an entry is the header of a moved cell, {new address, kind 0},
  // since a description number below 2^24 leaves the byte of the kind 0.
  //   entry of TABLE   +0 address of the cell · +4 description            as the tracer reads it
  //   moved cell       +0 new address         · +4 header, kind 0         the same two words
  store<u32>(FROM_BASE, table);
  store<u32>(FROM_TOP, table + (load<u32>(CELLS) << 3));
  for (let i = 0; i < POINTER_ROOT_COUNT; i++) visitPointer(<usize>load<u32>(POINTER_ROOTS + (<usize>i << 2)));
  visitValues(VM_VALUES_START, VM_INTRINSICS);
  for (let i: u32 = 0; i < KEPT_COUNT; i++) visitValue(intrinsicAddress(<i32>load<u32>(KEPT_ROOTS + (<usize>i << 2))));
  if (load<u32>(VM_FP) != 0) visitValues(<usize>load<u32>(VM_STACK_BASE), <usize>load<u32>(VM_CSP));
  const pending = <usize>load<u32>(PENDING);
  visitValues(pending, pending + (<usize>load<u32>(PENDING_COUNT) << 3));
  const end = <usize>load<u32>(VM_HEAP_TOP);
  for (let p = <usize>load<u32>(FIRST_CELL); p < end; p += sizeOf(p)) {
    const kind = kindOf(p);
    traceCell(p, kind, sizeOf(p));
    if (kind == Kind.WEAKREF) visitValue(p + WEAKREF_TARGET);
  }
  if (load<u32>(FIELDS_READ) == 0) return;
  const baseEnd = <usize>load<u32>(VM_BASE_END);
  for (let p = BASE_START; p < baseEnd; p += sizeOf(p)) if (kindOf(p) >= FIRST_OBJECT_KIND) traceCell(p, kindOf(p), sizeOf(p));
}

// --- strings ------------------------------------------------------------------------------------------------------

/** Length and width of a rope whose halves have theirs. Neither half may be empty, and the sum is a length that strings can have. */
function joinRope(rope: usize): void {
  const left = <usize>load<u32>(rope, ROPE_LEFT);
  const right = <usize>load<u32>(rope, ROPE_RIGHT);
  const a = load<u32>(left, ROPE_LENGTH);
  const b = load<u32>(right, ROPE_LENGTH);
  if (a == 0 || b == 0 || <u64>a + <u64>b > <u64>MAX_LENGTH) {
    fail(Fault.TEXT);
    return;
  }
  store<u32>(rope, a + b, ROPE_LENGTH);
  store<u32>(rope, (flagsOf(left) | flagsOf(right)) & TWO_BYTE, ROPE_FLAGS);
}

/** Length of a rope whose parts are being joined. */
const JOINING: u32 = 0xffffffff;

/** A half of the rope that is itself a rope without a length yet; 0 if both halves have their lengths. */
function unjoined(rope: usize): usize {
  const left = <usize>load<u32>(rope, ROPE_LEFT);
  if (kindOf(left) == Kind.ROPE && load<u32>(left, ROPE_LENGTH) + 1 <= 1) return left;
  const right = <usize>load<u32>(rope, ROPE_RIGHT);
  return kindOf(right) == Kind.ROPE && load<u32>(right, ROPE_LENGTH) + 1 <= 1 ? right : 0;
}

/** Joins a rope once its halves are joined. The ropes still to be joined are on a stack that grows up from `bottom`. */
function joinFrom(rope: usize, bottom: usize): void {
  let top = bottom;
  store<u32>(top, <u32>rope);
  while (top >= bottom && !failed()) {
    const node = <usize>load<u32>(top);
    store<u32>(node, JOINING, ROPE_LENGTH);
    const next = unjoined(node);
    if (next == 0) {
      joinRope(node);
      top -= 4;
    } else if (load<u32>(next, ROPE_LENGTH) == JOINING) fail(Fault.CYCLE);
    else {
      top += 4;
      store<u32>(top, <u32>next);
    }
  }
}

/** Computes lengths and widths of ropes from their parts; a rope in a cycle is refused. Each rope is visited at most three times. */
function joinRopes(ropes: u32): void {
  // Ropes can be as deep as there are cells: the recursion is a stack in free memory, never one of the host.
  const stack = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  const end = stack + (<usize>ropes << 2) + 16;
  ensureMemory(end);
  usesScratch(end);
  // A rope mentions its parts, so they mostly come after it: walking backwards keeps the stack mostly empty.
  for (let n = load<u32>(CELLS); n > templateCount() && !failed(); n--) {
    const cell = cellOf(n - 1);
    if (kindOf(cell) == Kind.ROPE && load<u32>(cell, ROPE_LENGTH) == 0) joinFrom(cell, stack);
  }
}

/** Whether the characters fit is known only now that the base exists; a slice of a slice does not exist. */
function settleSlice(s: usize): void {
  const base = <usize>load<u32>(s, SLICE_BASE);
  const isBuffer = kindOf(base) == Kind.STRBUF;
  if (!isBuffer && kindOf(base) != Kind.STRING) {
    fail(Fault.TEXT);
    return;
  }
  const there = isBuffer ? load<u32>(base, STRBUF_USED) : <u32>lengthOf(base);
  if (<u64>load<u32>(s, SLICE_START) + <u64>load<u32>(s, SLICE_LENGTH) > <u64>there) {
    fail(Fault.TEXT);
    return;
  }
  store<u32>(s, flagsOf(base) & TWO_BYTE, SLICE_FLAGS);
}

export function settleStrings(): void {
  const count = load<u32>(CELLS);
  let ropes: u32 = 0;
  let symbols: u32 = 0;
  let hashed: u64 = 0;
  for (let n = templateCount(); n < count; n++) {
    const kind = kindOf(cellOf(n));
    if (kind == Kind.SLICE) settleSlice(cellOf(n));
    else if (kind == Kind.ROPE) ropes++;
    else if (kind == Kind.SYMBOL) symbols++;
  }
  if (failed()) return;
  if (ropes != 0) joinRopes(ropes);
  if (failed()) return;
  if (symbols != 0) openDistinct(symbols);
  for (let n = templateCount(); n < count; n++) {
    const s = cellOf(n);
    const kind = kindOf(s);
    if (kind == Kind.SLICE && load<u32>(s) != 0) {
      store<u32>(s, 0);
      hashed += <u64>lengthOf(s);
      // Slices of one text may add up to far more than the text itself.
      if (hashed > <u64>load<u32>(LIMIT) << 4) {
        fail(Fault.LARGE);
        return;
      }
      hashOf(s);
    } else if (kind == Kind.SYMBOL) {
      const id = load<u32>(s, SYMBOL_ID);
      // The hash is computed from the id, so no two symbols may share one.
      if (id > load<u32>(VM_SYMBOL_COUNTER) || !isDistinct(<u64>id, 0)) {
        fail(Fault.VALUE);
        return;
      }
      store<u32>(s, symbolHash(id));
    }
  }
}

// --- shapes -------------------------------------------------------------------------------------------------------

function keptRoot(slot: i32, proto: usize, base: usize, capacity: u32): usize {
  const known = intrinsic(slot);
  if (known != 0) return addressOf(known);
  const shape = newRootShape(proto, base, capacity, 0);
  store<u64>(intrinsicAddress(slot), CELL_BITS | <u64>shape);
  return shape;
}

/**
 * The root from which shapes with that description grow. Only the inline base, the capacity, the prototype and the flags make a root; keys
 * come by growing it.
 */
function rootFor(description: usize, proto: usize, flags: u32): usize {
  const portable = load<u32>(description, D_KIND);
  const base = <usize>load<u32>(description, D_BASE);
  const capacity = load<u32>(description, D_CAPACITY);
  // Shapes that the machine keeps as roots for new objects must be the very cells that loaded objects grow from: otherwise an object made
  // after loading and one made before it would have different shapes, and each inline cache would meet both.
  if (flags == 0 && proto != 0) {
    if (portable == Cell.OBJECT && proto == addressOf(intrinsic(Intrinsic.ObjectPrototype))) return keptRoot(Kept.PLAIN_SHAPES + <i32>capacity, proto, base, capacity);
    if (portable == Cell.ARRAY && proto == addressOf(intrinsic(Intrinsic.ArrayPrototype))) return keptRoot(Kept.ARRAY_SHAPE, proto, base, 0);
    if (portable == Cell.REGEXP && proto == addressOf(intrinsic(Intrinsic.RegExpPrototype))) return keptRoot(Kept.REGEXP_ROOT_SHAPE, proto, base, 1);
    if (portable == Cell.PROMISE && proto == addressOf(intrinsic(Intrinsic.PromisePrototype))) return keptRoot(Kept.PROMISE_SHAPE, proto, base, 0);
    if (portable == Cell.FUNCTION) {
      const slot = proto == addressOf(intrinsic(Intrinsic.FunctionPrototype)) ? Kept.FUNCTION_SHAPE : proto == addressOf(intrinsic(Intrinsic.GeneratorFunctionPrototype)) ? Kept.GENERATOR_FUNCTION_SHAPE
        : proto == addressOf(intrinsic(Intrinsic.AsyncFunctionPrototype)) ? Kept.ASYNC_FUNCTION_SHAPE : proto == addressOf(intrinsic(Intrinsic.AsyncGeneratorFunctionPrototype)) ? Kept.ASYNC_GENERATOR_FUNCTION_SHAPE : 0;
      if (slot != 0) return keptRoot(slot, proto, base, 0);
    }
  }
  // Another description may have the same root. There are few such roots, so searching the last descriptions is enough.
  const table = <usize>load<u32>(DESCRIPTIONS);
  let looked = 0;
  for (let at = description - DESCRIPTION; at >= table && looked < 16; at -= DESCRIPTION) {
    looked++;
    const root = <usize>load<u32>(at, D_ROOT);
    if (root == 0 || load<u32>(root, SHAPE_PROTO) != <u32>proto || load<u32>(root) != flags) continue;
    if (load<u32>(at, D_BASE) == <u32>base && load<u32>(at, D_CAPACITY) == capacity) return root;
  }
  return newRootShape(proto, base, capacity, flags);
}

/**
 * Grows the shape of a description from its root; 0 after a fault. By the same transitions that the program would have taken, so an inline
 * cache filled before and one filled after loading agree.
 */
function growShape(description: usize): usize {
  const entry = load<u32>(description, D_ENTRY);
  const keys = load<u32>(description, D_KEYS);
  let shape = <usize>load<u32>(description, D_ROOT);
  for (let i: u32 = 0; i < keys; i++) {
    const key = addressOf(deferred(entry + 1 + i * 2));
    const kind = kindOf(key);
    // A key twice would give one property two slots.
    if ((kind != Kind.STRING && kind != Kind.SYMBOL) || findEntry(shape, key) >= 0) {
      fail(Fault.KEY);
      return 0;
    }
    shape = shapeWith(shape, key, <u32>deferred(entry + 2 + i * 2));
  }
  return shape;
}

function makeShapes(): void {
  const count = load<u32>(DESCRIPTION_NEXT);
  for (let i: u32 = 0; i < count && !failed(); i++) {
    const description = <usize>load<u32>(DESCRIPTIONS) + <usize>i * DESCRIPTION;
    const keys = load<u32>(description, D_KEYS);
    if (!room(256 + <usize>keys * 160)) return;
    const proto = addressOf(deferred(load<u32>(description, D_ENTRY)));
    if (proto != 0 && kindOf(proto) < FIRST_OBJECT_KIND) {
      fail(Fault.SHAPE);
      return;
    }
    // The literal 16 is PROXY_CONSTRUCTOR: whether a proxy can be constructed is a flag of its shape.
    // NOT_EXTENSIBLE comes last (settleShapes): with it, no property could be added any more.
    const given = load<u32>(description, D_FLAGS);
    const flags = (given & ShapeFlag.CALLABLE ? CALLABLE : 0) | (given & ShapeFlag.CONSTRUCTOR ? <u32>16 : 0);
    store<u32>(description, <u32>rootFor(description, proto, flags), D_ROOT);
    store<u32>(description, <u32>growShape(description), D_SHAPE);
  }
}

/** Gives every object its shape. */
function assignShapes(): void {
  const count = load<u32>(CELLS);
  for (let n = templateCount(); n < count && !failed(); n++) {
    const object = cellOf(n);
    if (kindOf(object) < FIRST_OBJECT_KIND) continue;
    const description = <usize>load<u32>(DESCRIPTIONS) + <usize>load<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3), 4) * DESCRIPTION;
    let shape = <usize>load<u32>(description, D_SHAPE);
    if (load<u32>(shape) & UNIQUE) {
      // This shape belongs to one object only; the next object with this description needs another.
      store<u32>(description, 0, D_SHAPE);
    } else if (shape == 0) {
      if (!room(256 + <usize>load<u32>(description, D_KEYS) * 160)) return;
      shape = growShape(description);
    }
    store<u32>(object, <u32>shape);
  }
}

export function settleShapes(): void {
  makeShapes();
  if (failed()) return;
  assignShapes();
  // Prototypes can be marked only now, when all objects have shapes.
  const shapes = load<u32>(DESCRIPTION_NEXT);
  for (let i: u32 = 0; i < shapes; i++) {
    const proto = addressOf(deferred(load<u32>(<usize>load<u32>(DESCRIPTIONS) + <usize>i * DESCRIPTION, D_ENTRY)));
    if (failed()) return;
    if (proto != 0) becomePrototype(proto);
  }
  const count = load<u32>(CELLS);
  for (let n = templateCount(); n < count; n++) {
    const object = cellOf(n);
    if (kindOf(object) < FIRST_OBJECT_KIND) continue;
    const description = <usize>load<u32>(DESCRIPTIONS) + <usize>load<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3), 4) * DESCRIPTION;
    if ((load<u32>(description, D_FLAGS) & ShapeFlag.NOT_EXTENSIBLE) == 0) continue;
    if (!room(256 + <usize>load<u32>(description, D_KEYS) * 32)) return;
    preventExtensions(object);
  }
}

// --- hash tables --------------------------------------------------------------------------------------------------

/** Keys of a table with at most this many entries are compared by walking its chains. */
const FEW: u32 = 16;

// @ts-ignore: decorator
@inline
function tableEntry(table: usize, i: u32): usize {
  return table + HASHTABLE_SIZE + <usize>i * HASHTABLE_ENTRY;
}

/** Bit of a bigint's sign word: its `meta` holds its hash, until all tables are done. */
const HASHED: u32 = 0x80000000;

/** As keyHash, but the hash of a bigint is computed only once. */
function hashOnce(key: Value): u32 {
  if (!isBigInt(key)) return keyHash(key);
  const cell = addressOf(key);
  if ((load<u32>(cell, BIGINT_SIGN) & HASHED) == 0) {
    store<u32>(cell, keyHash(key));
    store<u32>(cell, load<u32>(cell, BIGINT_SIGN) | HASHED, BIGINT_SIGN);
  }
  return load<u32>(cell);
}

function forgetHashes(count: u32): void {
  for (let n = templateCount(); n < count; n++) {
    const cell = cellOf(n);
    if (kindOf(cell) != Kind.BIGINT) continue;
    store<u32>(cell, 0);
    store<u32>(cell, load<u32>(cell, BIGINT_SIGN) & ~HASHED, BIGINT_SIGN);
  }
}

function chainEntry(table: usize, key: Value, value: Value, isCompared: bool): void {
  const hash = hashOnce(key);
  // A key twice would give a Map two entries of which only one can ever be found.
  if (isCompared && tableHas(table, key, hash)) fail(Fault.TABLE);
  else tableAppend(table, key, value, hash);
}

/** Builds the chains of a table in use. Returns true if it has too many keys to compare them along the chains. */
function chainTable(table: usize): bool {
  if (load<u32>(table, HASHTABLE_NEXT) != 0) return false;
  const used = load<u32>(table, HASHTABLE_USED);
  const first = load<u32>(table, HASHTABLE_FIRST);
  // The entries are appended again in place, each to the chain of its hash: an entry is read before the one written can reach it.
  store<u64>(table, 0, HASHTABLE_USED);
  for (let i: u32 = 0; i < used && !failed(); i++) {
    const entry = tableEntry(table, i);
    const key = load<u64>(entry);
    // A string was flattened when it was hashed as a key, so a rope cannot be one.
    if (isString(key) && kindOf(addressOf(key)) == Kind.ROPE) fail(Fault.TABLE);
    else if (key == HOLE) store<u32>(table, i + 1, HASHTABLE_USED);
    else if (room(64)) chainEntry(table, normalizeKey(key), load<u64>(entry, 8), used <= FEW);
  }
  store<u32>(table, first, HASHTABLE_FIRST);
  return used > FEW;
}

function hasContent(key: Value): bool {
  return isString(key) || isBigInt(key);
}

/** `meta` of a table in which many different keys share a hash. */
const CROWDED: u32 = 2;

/**
 * Compares keys by hash, and by content where hashes are equal. Returns true if different keys share a hash too often. Three measures, each
 * for what the one before cannot bound: chains of up to FEW entries are walked; larger tables compare by the hashes stored in their
 * entries; tables in which too many different keys share a hash (CROWDED) compare by a keyed hash (compareKeys).
 */
function isCrowded(table: usize): bool {
  const end = tableEntry(table, load<u32>(table, HASHTABLE_USED));
  // Chains cannot be trusted to be short: the author of a snapshot may choose ten thousand keys with one hash, and comparing each with all
  // others would take the time of a hundred million comparisons.
  openDistinct(load<u32>(table, HASHTABLE_LIVE));
  for (let entry = tableEntry(table, 0); entry < end; entry += HASHTABLE_ENTRY) {
    const key = load<u64>(entry);
    if (key == HOLE) continue;
    const cell = hasContent(key) ? addressOf(key) : 0;
    if (isDistinct(cell == 0 ? key : <u64>load<u32>(entry, HASHTABLE_ENTRY - 4), cell)) continue;
    if (tooManyAlike()) return true;
    fail(Fault.TABLE);
    return false;
  }
  return false;
}

/**
 * Compares the keys of a crowded table by keyed hashes, which for the time being replace the hashes stored in strings and bigints.
 * Phases:
 *   0 clears the stored hashes
 *   1 compares
 *   2 restores the hashes
 */
function compareKeys(table: usize, phase: i32): void {
  const end = tableEntry(table, load<u32>(table, HASHTABLE_USED));
  if (phase == 1) openDistinct(load<u32>(table, HASHTABLE_LIVE));
  else if (phase == 2) store<u32>(table, 0);
  for (let entry = tableEntry(table, 0); entry < end && !failed(); entry += HASHTABLE_ENTRY) {
    const key = load<u64>(entry);
    if (key == HOLE) continue;
    const cell = hasContent(key) ? addressOf(key) : 0;
    if (phase == 1) {
      if (cell != 0 && load<u32>(cell) == 0) store<u32>(cell, contentCode(cell));
      if (!isDistinct(cell == 0 ? key : <u64>load<u32>(cell), cell)) fail(Fault.TABLE);
    } else if (cell != 0) store<u32>(cell, phase == 2 && isString(key) ? load<u32>(entry, HASHTABLE_ENTRY - 4) : 0);
  }
}

/** Builds the hash chains of all tables; refuses a table in which two entries have the same key. */
export function settleTables(): void {
  const count = load<u32>(CELLS);
  let crowded: u32 = 0;
  for (let n = templateCount(); n < count && !failed(); n++) {
    const table = cellOf(n);
    if (kindOf(table) != Kind.HASHTABLE || !chainTable(table) || failed() || !isCrowded(table)) continue;
    store<u32>(table, CROWDED);
    crowded++;
  }
  forgetHashes(count);
  for (let phase = 0; phase < 3 && crowded != 0; phase++) {
    for (let n = templateCount(); n < count && !failed(); n++) {
      const table = cellOf(n);
      if (kindOf(table) == Kind.HASHTABLE && load<u32>(table) == CROWDED) compareKeys(table, phase);
    }
  }
}

/** Appends the entry at that place to the list of weak entries. */
export function linkWeakEntry(place: u32): void {
  if (failed()) return;
  // In the order in which they were read: the order of entries in a weak table decides how it grows.
  const last = load<u32>(WEAK_LAST);
  if (last == 0) store<u32>(WEAK_FIRST, place + 1);
  else store<u64>(<usize>load<u32>(PENDING) + (<usize>(last + 2) << 3), <u64>(place + 1));
  store<u32>(WEAK_LAST, place + 1);
  store<u32>(WEAK_COUNT, load<u32>(WEAK_COUNT) + 1);
}

/** True if each key may be held weakly, and occurs only once in its table. */
function checkWeakEntries(): bool {
  openDistinct(load<u32>(WEAK_COUNT));
  for (let i = load<u32>(WEAK_FIRST); i != 0; i = <u32>deferred(i + 2)) {
    const key = deferred(i);
    if (!isObject(key) && !isSymbol(key)) return fail(Fault.VALUE);
    if (!isDistinct((<u64>addressOf(deferred(i - 1)) << 32) | <u64>addressOf(key), 0)) return fail(Fault.TABLE);
  }
  return true;
}

/** Adds the entries of WeakMaps and WeakSets: owner, key, value, link. */
export function settleWeakEntries(): void {
  let i = load<u32>(WEAK_FIRST);
  if (i == 0 || !checkWeakEntries()) return;
  while (i != 0 && !failed()) {
    if (room(4096) && !mapAppend(addressOf(deferred(i - 1)), deferred(i), deferred(i + 1))) fail(Fault.LARGE);
    i = <u32>deferred(i + 2);
  }
}

// --- changes of base objects --------------------------------------------------------------------------------------

const BIT_CELL: u64 = CELL_BITS;

/** Reads the changes into PENDING, to be made once all cells exist: {object, change, prototype, properties…, elements} each. */
export function readChanges(): void {
  while (!failed()) {
    const id = readNumber();
    if (id == 0 || failed()) return;
    const object = baseCell(<u64>(id - 1));
    const change = readNumber();
    if (failed()) return;
    const kind = kindOf(object);
    // Only objects change; and a change of nothing would not have been written.
    if (kind < FIRST_OBJECT_KIND || change == 0 || change > 31) {
      fail(Fault.CHANGE);
      return;
    }
    defer(boxCell(object));
    defer(<u64>change);
    defer(BIT_CELL | (change & Change.PROTOTYPE ? <u64>readObject(OBJECTS) : 0));
    if (change & Change.FIELDS) {
      store<u32>(FIELDS_READ, 1);
      const portable = <u32>load<u8>(CELL_OF_KIND + <usize>kind);
      // The behaviour of functions of the base image never changes.
      if (kind == Kind.FUNCTION || kind == Kind.NATIVE) fail(Fault.CHANGE);
      else if (portable != NOT_PORTABLE) readFields(object, portable);
      readExtra(object, kind);
    }
    if (change & Change.PROPERTIES) readPropertyChanges();
    let elements: usize = 0;
    if (change & Change.ELEMENTS) elements = readElements(0);
    defer(BIT_CELL | <u64>elements);
    if (kind == Kind.ARRAY && change & Change.FIELDS) finishLength(object, elements);
  }
}

/** Reads the changes of one object's properties: key · what to do | attributes << 8 · [value], put off in that order; END ends them. */
function readPropertyChanges(): void {
  while (!failed()) {
    const op = readNumber();
    if (op == PropertyChange.END) return;
    if (op > <u32>PropertyChange.ADDED) fail(Fault.CHANGE);
    defer(readKey());
    const attributes = op == PropertyChange.REMOVED ? 0 : readNumber();
    if (attributes > 15 || (attributes & 9) == 9) fail(Fault.CHANGE);
    defer(<u64>(op | (attributes << 8)));
    // A binding of the global lexical record may not be initialised yet, so it may be a hole.
    if (op != PropertyChange.REMOVED) defer(readProperty(attributes, HOLES));
  }
}

/**
 * Makes one change; returns the index in PENDING of the next one.
 *   PENDING   object (cell) · change bits · prototype (cell) · {key, op | attributes << 8, [value]} … · elements (cell)
 */
function applyChange(from: u32): u32 {
  const object = addressOf(deferred(from));
  const change = <u32>deferred(from + 1);
  const proto = addressOf(deferred(from + 2));
  let i = from + 3;
  touch(object);
  if (change & Change.PROPERTIES) {
    while (!failed()) {
      const key = deferred(i);
      // The entry after the last property is a cell (the elements), and no key is a cell.
      if (key >> 32 == CELL_BITS >> 32) break;
      const how = <u32>deferred(i + 1);
      if ((how & 255) == PropertyChange.REMOVED) {
        removeProperty(object, key);
        i += 2;
      } else {
        putProperty(object, addressOf(key), how >> 8, deferred(i + 2));
        i += 3;
      }
    }
  }
  if (change & Change.PROTOTYPE) {
    store<u32>(PROTOTYPES_CHANGED, 1);
    changePrototype(object, proto);
  }
  const elements = addressOf(deferred(i));
  if (change & Change.ELEMENTS) setElements(object, elements);
  // Last, or the properties above could not have been added.
  if (change & Change.NOT_EXTENSIBLE) preventExtensions(object);
  return i + 1;
}

function removeProperty(object: usize, key: Value): void {
  if (!room(8192)) return;
  // The object of another build may not have this property at all.
  if (!deleteOwn(object, key)) fail(Fault.CHANGE);
}

function putProperty(object: usize, key: usize, attributes: u32, value: Value): void {
  if (!room(8192)) return;
  const index = findEntry(shapeOf(object), key);
  if (index < 0) addProperty(object, key, value, attributes);
  else {
    if (entryAttributes(shapeOf(object), <u32>index) != attributes) changeAttributes(object, <u32>index, attributes);
    store<u64>(slotAddress(object, <u32>index), value);
  }
}

/** Makes the changes of base objects. */
export function settleChanges(end: u32): void {
  let i: u32 = 0;
  while (i < end && !failed()) i = applyChange(i);
}
