// Owns the verifier's checks of cells whose content is a table: property tables, elements, hash tables, atoms, linked code. Must never
// change a cell.
import { bucketOf, mix32 } from "../core/hash";
import { HOLE, isBigInt, isObject, isString, isSymbol, Value } from "../core/value";
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_COUNT, ATOMTABLE_SIZE, CODE_HANDLERS, CODE_NAME, CODE_PROGRAM, CODE_RELOCATIONS, CODE_SIZE,
  CODE_TABLES, CODE_WORDS, HASHTABLE_BUCKETS, HASHTABLE_CAPACITY, HASHTABLE_LIVE, HASHTABLE_NEXT, HASHTABLE_FIRST, HASHTABLE_SIZE,
  HASHTABLE_USED, Kind, POINTERS_COUNT, POINTERS_SIZE, PROPTABLE_CAPACITY, PROPTABLE_HASH_SIZE, PROPTABLE_LIVE, PROPTABLE_SIZE,
  PROPTABLE_USED, SPARSE_CAPACITY, SPARSE_LIVE, SPARSE_SIZE, SPARSE_USED, TRANSITIONS_CAPACITY, TRANSITIONS_COUNT, TRANSITIONS_SIZE,
} from "../generated/kinds";
import { VM_ATOM_TABLE } from "../generated/layout";
import { FIRST_FUSED, OPCODE_FLAGS } from "../generated/opcodes";
import {
  CACHE_HOLDER, CACHE_SHAPE, CACHE_SIZE, cachesOf, CODE_ENTRY, codeParameters, codeRegisters, HANDLER_SIZE, handlersOf, STUB,
  positionsOf, relocationsOf,
} from "../heap/code";
import { kindOf, sizeOf } from "../heap/memory";
import { HASHTABLE_ENTRY, SPARSE_ENTRY } from "../heap/trace-custom";
import { MAPPED } from "../objects/elements";
import { ACCESSOR } from "../objects/shape";
import { flagsOf, INTERNED } from "../strings/cells";
import { checkPointer, checkValue, checkWeakPointer, checkWeakValue, isCellStart, Problem, problem } from "./reach";

/** All attributes a property can have. */
const ATTRIBUTES: u32 = 15;

function isPowerOfTwo(n: u32): bool {
  return n != 0 && (n & (n - 1)) == 0;
}

/** True for cells that can be keys of properties. */
export function isKey(p: usize): bool {
  return kindOf(p) == Kind.SYMBOL || (kindOf(p) == Kind.STRING && (flagsOf(p) & INTERNED) != 0);
}

// --- property tables ----------------------------------------------------------------------------------------------

export function checkProptable(p: usize): void {
  const used = load<u32>(p, PROPTABLE_USED);
  const capacity = load<u32>(p, PROPTABLE_CAPACITY);
  const hashes = load<u32>(p, PROPTABLE_HASH_SIZE);
  const bytes = <u64>PROPTABLE_SIZE + (<u64>capacity << 3) + (<u64>hashes << 2);
  if (used > capacity || bytes > <u64>sizeOf(p) || (hashes != 0 && (!isPowerOfTwo(hashes) || hashes <= used))) {
    problem(Problem.PROPERTIES);
    return;
  }
  let live: u32 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const entry = p + PROPTABLE_SIZE + (<usize>i << 3);
    checkPointer(entry);
    const key = <usize>load<u32>(entry);
    if (key == 0) continue;
    live++;
    if (!isCellStart(key) || !isKey(key) || load<u32>(entry, 4) > ATTRIBUTES || !isHashed(p, key, i)) problem(Problem.PROPERTIES);
  }
  if (live != load<u32>(p, PROPTABLE_LIVE)) problem(Problem.PROPERTIES);
}

/** True if a search for the key of entry `i` comes past it. Children of one parent may have the same key in two entries of one table. */
function isHashed(table: usize, key: usize, i: u32): bool {
  const size = load<u32>(table, PROPTABLE_HASH_SIZE);
  if (size == 0) return true;
  const hashes = table + PROPTABLE_SIZE + (<usize>load<u32>(table, PROPTABLE_CAPACITY) << 3);
  let at = bucketOf(load<u32>(key), load<u32>(table), size);
  for (let steps: u32 = 0; steps < size; steps++) {
    const n = load<u32>(hashes + (<usize>at << 2));
    if (n == i + 1) return true;
    if (n == 0) return false;
    at = (at + 1) & (size - 1);
  }
  return false;
}

export function checkTransitions(p: usize): void {
  const count = load<u32>(p, TRANSITIONS_COUNT);
  const capacity = load<u32>(p, TRANSITIONS_CAPACITY);
  if (count > capacity || <u64>TRANSITIONS_SIZE + (<u64>capacity << 2) > <u64>sizeOf(p)) {
    problem(Problem.SHAPE);
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    const child = <usize>load<u32>(p + TRANSITIONS_SIZE + (<usize>i << 2));
    if (!isCellStart(child) || kindOf(child) != Kind.SHAPE) problem(Problem.SHAPE);
  }
}

// --- elements -----------------------------------------------------------------------------------------------------

export function checkSparse(p: usize): void {
  const used = load<u32>(p, SPARSE_USED);
  const capacity = load<u32>(p, SPARSE_CAPACITY);
  const bytes = <u64>SPARSE_SIZE + <u64>capacity * (<u64>SPARSE_ENTRY + 8);
  if (load<u32>(p) != 0 || used > capacity || !isPowerOfTwo(capacity) || bytes > <u64>sizeOf(p)) {
    problem(Problem.ELEMENTS);
    return;
  }
  let live: u32 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const entry = p + SPARSE_SIZE + <usize>i * SPARSE_ENTRY;
    checkValue(entry + 8);
    const v = load<u64>(entry, 8);
    if (v == HOLE) continue;
    live++;
    const attributes = load<u32>(entry, 4);
    if ((attributes & ~MAPPED) > ATTRIBUTES || !isSparseHashed(p, load<u32>(entry), i)) problem(Problem.ELEMENTS);
    const kind: i32 = attributes & MAPPED ? Kind.ENV : attributes & ACCESSOR ? Kind.ACCESSOR : 0;
    if (kind != 0 && (<u32>(v >> 32) != 0xfffffffc || kindOf(<usize><u32>v) != kind)) problem(Problem.ELEMENTS);
  }
  if (live != load<u32>(p, SPARSE_LIVE)) problem(Problem.ELEMENTS);
}

/** True if a search for that index finds entry `i`. */
function isSparseHashed(sparse: usize, index: u32, i: u32): bool {
  const capacity = load<u32>(sparse, SPARSE_CAPACITY);
  const mask = capacity * 2 - 1;
  const hashes = sparse + SPARSE_SIZE + <usize>capacity * SPARSE_ENTRY;
  let at = mix32(index) & mask;
  for (let steps: u32 = 0; steps <= mask; steps++) {
    const n = load<u32>(hashes + (<usize>at << 2));
    if (n == i + 1) return true;
    if (n == 0 || n > load<u32>(sparse, SPARSE_USED)) return false;
    const other = sparse + SPARSE_SIZE + <usize>(n - 1) * SPARSE_ENTRY;
    // An index has one entry that lives.
    if (load<u32>(other) == index && load<u64>(other, 8) != HOLE) return false;
    at = (at + 1) & mask;
  }
  return false;
}

// --- hash tables --------------------------------------------------------------------------------------------------

export function checkHashtable(p: usize): void {
  checkPointer(p + HASHTABLE_NEXT);
  const used = load<u32>(p, HASHTABLE_USED);
  const capacity = load<u32>(p, HASHTABLE_CAPACITY);
  const buckets = load<u32>(p, HASHTABLE_BUCKETS);
  const bytes = <u64>HASHTABLE_SIZE + <u64>capacity * <u64>HASHTABLE_ENTRY + (<u64>buckets << 2);
  if (used > capacity || !isPowerOfTwo(buckets) || bytes > <u64>sizeOf(p) || load<u32>(p, HASHTABLE_FIRST) > used) {
    problem(Problem.TABLE);
    return;
  }
  const next = <usize>load<u32>(p, HASHTABLE_NEXT);
  if (next != 0 && (!isCellStart(next) || kindOf(next) != Kind.HASHTABLE)) problem(Problem.TABLE);
  const isWeak = load<u32>(p) != 0;
  let live: u32 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const entry = p + HASHTABLE_SIZE + <usize>i * HASHTABLE_ENTRY;
    if (isWeak) {
      checkWeakValue(entry);
      checkWeakValue(entry + 8);
    } else {
      checkValue(entry);
      checkValue(entry + 8);
    }
    const key = load<u64>(entry);
    if (key == HOLE) continue;
    live++;
    if (i < load<u32>(p, HASHTABLE_FIRST)) problem(Problem.TABLE);
    // A table that another replaced is only walked: nothing is looked for in it.
    if (next == 0 && (!isTableKey(key, isWeak) || !isChained(p, entry, i))) problem(Problem.TABLE);
  }
  if (next == 0 && live != load<u32>(p, HASHTABLE_LIVE)) problem(Problem.TABLE);
}

function isTableKey(key: Value, isWeak: bool): bool {
  if (isWeak) return isObject(key) || isSymbol(key);
  return <u32>(key >> 32) != 0xfffffffc && (isObject(key) || isString(key) || isSymbol(key) || isBigInt(key) || key != HOLE);
}

/** True if entry `i` is in the chain of its hash. */
function isChained(table: usize, entry: usize, i: u32): bool {
  const heads = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_CAPACITY) * HASHTABLE_ENTRY;
  const used = load<u32>(table, HASHTABLE_USED);
  let n = load<u32>(heads + (<usize>(load<u32>(entry, 20) & (load<u32>(table, HASHTABLE_BUCKETS) - 1)) << 2));
  for (let steps: u32 = 0; n != 0 && n <= used && steps <= used; steps++) {
    if (n == i + 1) return true;
    n = load<u32>(table + HASHTABLE_SIZE + <usize>(n - 1) * HASHTABLE_ENTRY, 16);
  }
  return false;
}

// --- atoms --------------------------------------------------------------------------------------------------------

export function checkAtomtable(p: usize): void {
  // The table of the base image has had its day once a larger one took its place.
  if (<u32>p != load<u32>(VM_ATOM_TABLE)) return;
  const count = load<u32>(p, ATOMTABLE_COUNT);
  const capacity = load<u32>(p, ATOMTABLE_CAPACITY);
  if (count >= capacity || !isPowerOfTwo(capacity) || <u64>ATOMTABLE_SIZE + (<u64>capacity << 2) > <u64>sizeOf(p)) {
    problem(Problem.ATOMS);
    return;
  }
  let entries: u32 = 0;
  for (let i: u32 = 0; i < capacity; i++) {
    const s = <usize>load<u32>(p + ATOMTABLE_SIZE + (<usize>i << 2));
    if (s != 0) entries++;
    if (s <= 1) continue;
    if (!isCellStart(s) || kindOf(s) != Kind.STRING || (flagsOf(s) & INTERNED) == 0 || !isEntered(p, s)) problem(Problem.ATOMS);
  }
  if (entries != count) problem(Problem.ATOMS);
}

/** True if a search for the string comes past it. */
export function isEntered(table: usize, s: usize): bool {
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let at = bucketOf(load<u32>(s), load<u32>(table), mask + 1);
  for (let steps: u32 = 0; steps <= mask; steps++) {
    const other = load<u32>(table + ATOMTABLE_SIZE + (<usize>at << 2));
    if (other == <u32>s) return true;
    if (other == 0) return false;
    at = (at + 1) & mask;
  }
  return false;
}

// --- code ---------------------------------------------------------------------------------------------------------

export function checkPointers(p: usize): void {
  const count = load<u32>(p, POINTERS_COUNT);
  if (<u64>POINTERS_SIZE + (<u64>count << 2) > <u64>sizeOf(p)) {
    problem(Problem.FIELD);
    return;
  }
  for (let i: u32 = 0; i < count; i++) checkPointer(p + POINTERS_SIZE + (<usize>i << 2));
}

function hasKind(p: usize, kind: i32): bool {
  return isCellStart(p) && kindOf(p) == kind;
}

export function checkCode(p: usize): void {
  if (!hasKind(<usize>load<u32>(p, CODE_PROGRAM), Kind.PROGRAM) || load<u32>(p) > 15) problem(Problem.CODE);
  const name = <usize>load<u32>(p, CODE_NAME);
  if (name != 0 && !hasKind(name, Kind.STRING)) problem(Problem.CODE);
  if (load<u32>(p) & STUB) {
    checkPointer(p + CODE_TABLES);
    const whole = <usize>load<u32>(p, CODE_TABLES);
    if (whole != 0 && !hasKind(whole, Kind.CODE)) problem(Problem.CODE);
    return;
  }
  const words = load<u32>(p, CODE_WORDS);
  const tables = <u64>load<u32>(p, CODE_TABLES);
  if (tables < <u64>CODE_SIZE + (<u64>words << 3) || tables > <u64>sizeOf(p) || words > 0x1000000) problem(Problem.CODE);
  else if (positionsOf(p) < p || positionsOf(p) + 4 > p + sizeOf(p)) problem(Problem.CODE);
  else {
    checkInstructions(p, words);
    checkCaches(p);
    checkRelocations(p);
    checkHandlers(p, words);
  }
  if (<usize>codeParameters(p) + 2 > codeRegisters(p)) problem(Problem.CODE);
}

function checkInstructions(code: usize, words: u32): void {
  let at: u32 = 0;
  while (at < words) {
    const op = <i32>load<u16>(code + CODE_ENTRY + (<usize>at << 3));
    at += op < FIRST_FUSED && load<u8>(OPCODE_FLAGS + <usize>op) & 1 ? 2 : 1;
  }
  if (at != words) problem(Problem.CODE);
}

function checkCaches(code: usize): void {
  const end = relocationsOf(code);
  for (let at = cachesOf(code); at < end; at += CACHE_SIZE) {
    const shape = <usize>load<u32>(at, CACHE_SHAPE);
    // 0: empty; 1: the place has met too many shapes, or no shape yet.
    if (shape <= 1) continue;
    if (!hasKind(shape, Kind.SHAPE)) problem(Problem.CODE);
    checkWeakPointer(at + CACHE_HOLDER);
  }
}

function checkRelocations(code: usize): void {
  let at = relocationsOf(code);
  const end = at + (<usize>load<u32>(code, CODE_RELOCATIONS) << 2);
  const tables = <usize>load<u32>(code, CODE_TABLES);
  for (; at < end; at += 4) {
    const entry = load<u32>(at);
    const offset = <usize>(entry >> 1);
    if (offset < CODE_ENTRY || offset >= tables) problem(Problem.CODE);
    else if (entry & 1) checkValue(code + offset);
    else checkPointer(code + offset);
  }
}

function checkHandlers(code: usize, words: u32): void {
  const count = load<u32>(code, CODE_HANDLERS);
  const bytes = words << 3;
  for (let i: u32 = 0; i < count; i++) {
    const at = handlersOf(code) + <usize>i * HANDLER_SIZE;
    const start = load<u32>(at);
    const end = load<u32>(at, 4);
    const register = load<u32>(at, 12);
    if (start > end || end > bytes || load<u32>(at, 8) >= bytes || register & 7 || <usize>(register >> 3) >= codeRegisters(code)) problem(Problem.CODE);
  }
}
