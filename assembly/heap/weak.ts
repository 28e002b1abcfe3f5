// Owns everything weak: inline caches, shape transitions, atoms, ephemerons, WeakRef targets. Runs inside a collection
// when all strong references have been followed. Must never copy anything except what an ephemeron's live key holds.
import { addressOf, HOLE, isPointer, UNDEFINED, Value } from "../core/value";
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_SIZE, CODE_CACHES, HASHTABLE_LIVE, HASHTABLE_SIZE, HASHTABLE_USED, Kind, PROGRAM_NEXT, SHAPE_TRANSITIONS,
  TRANSITIONS_COUNT, TRANSITIONS_SIZE, WEAKREF_TARGET,
} from "../generated/kinds";
import { VM_ATOM_TABLE, VM_EVALUATED, VM_MEMORY_END } from "../generated/layout";
import { CACHE_HOLDER, CACHE_SHAPE, CACHE_SIZE, cachesOf } from "./code";
import { ensureMemory, kindOf, usesScratch } from "./memory";
import { HASHTABLE_ENTRY } from "./trace-custom";
import {
  CLEAR_WEAK_REFS, forward, inFromSpace, isMarked, LIST_CODE, LIST_SHAPES, LIST_WEAK_REFS, LIST_WEAK_TABLES, movedTo, READY, visitValue,
  WAITING, WAITING_CAPACITY, WAITING_COUNT, waitingSlot,
} from "./visit";

/** Moves or clears the inline caches of one code cell (at its new address). */
function settleCaches(code: usize): void {
  let at = cachesOf(code);
  const end = at + <usize>load<u32>(code, CODE_CACHES) * CACHE_SIZE;
  for (; at < end; at += CACHE_SIZE) {
    const shape = <usize>load<u32>(at, CACHE_SHAPE);
    if (shape == 0) continue;
    const holder = <usize>load<u32>(at, CACHE_HOLDER);
    if (isMarked(shape) && isMarked(holder)) {
      store<u32>(at, <u32>movedTo(shape), CACHE_SHAPE);
      store<u32>(at, <u32>movedTo(holder), CACHE_HOLDER);
    } else store<u32>(at, 0, CACHE_SHAPE);
  }
}

/** Drops the dead children of one shape (at its new address). */
export function settleTransitions(shape: usize): void {
  let child = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  if (child == 0) return;
  // SHAPE_TRANSITIONS is either a single child, which is weak, or a list that belongs to this shape alone and lives with it.
  if (inFromSpace(child)) {
    if (kindOf(child) != Kind.TRANSITIONS) {
      store<u32>(shape, isMarked(child) ? <u32>movedTo(child) : 0, SHAPE_TRANSITIONS);
      return;
    }
    child = forward(child);
    store<u32>(shape, <u32>child, SHAPE_TRANSITIONS);
  } else if (kindOf(child) != Kind.TRANSITIONS) return;
  const count = load<u32>(child, TRANSITIONS_COUNT);
  let live: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const s = <usize>load<u32>(child + TRANSITIONS_SIZE + (<usize>i << 2));
    if (!isMarked(s)) continue;
    store<u32>(child + TRANSITIONS_SIZE + (<usize>live << 2), <u32>movedTo(s));
    live++;
  }
  store<u32>(child, live, TRANSITIONS_COUNT);
}

// --- ephemerons
//
// Entries whose key has not been reached yet wait for it, in a table by the key's address; copying the key makes them ready. So each is
// looked at no more than twice, in whatever order keys are found. The waiting table lies above both spaces. The nodes of a key's list,
// {the entry's new address u32, next u32}, overwrite the entries of the old copy of the weak table, which are no longer needed.

const FIRST_WAITING: u32 = 256;
/** From here on, the list of weak tables has been looked through. FREE: address for the next (larger) waiting table. */
const SCANNED: usize = memory.data(8, 8);
const FREE: usize = SCANNED + 4;

/** Begins a collection. `free`: first address above both spaces. */
export function startEphemerons(free: usize): void {
  store<u32>(WAITING, 0);
  store<u32>(WAITING_COUNT, 0);
  store<u32>(READY, 0);
  store<u32>(SCANNED, 0);
  store<u32>(FREE, <u32>((free + 15) & ~15));
}

function newWaiting(capacity: u32): void {
  const at = <usize>load<u32>(FREE);
  const end = at + (<usize>capacity << 3);
  if (end > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end);
  usesScratch(end);
  memory.fill(at, 0, <usize>capacity << 3);
  store<u32>(FREE, <u32>end);
  store<u32>(WAITING, <u32>at);
  store<u32>(WAITING_CAPACITY, capacity);
}

/** Moves the waiting table to one of twice the size, above the old one. */
function growWaiting(): void {
  const old = <usize>load<u32>(WAITING);
  const capacity = old == 0 ? 0 : load<u32>(WAITING_CAPACITY);
  newWaiting(max(FIRST_WAITING, capacity << 1));
  const end = old + (<usize>capacity << 3);
  for (let at = old; at < end; at += 8) if (load<u32>(at) != 0) store<u64>(waitingSlot(load<u32>(at)), load<u64>(at));
}

/** Makes an entry wait for its key. node: where to put the list node, in the old copy of the weak table. */
function waitFor(key: usize, entry: usize, node: usize): void {
  const count = load<u32>(WAITING_COUNT);
  if (load<u32>(WAITING) == 0 || count << 1 >= load<u32>(WAITING_CAPACITY)) growWaiting();
  const at = waitingSlot(<u32>key);
  if (load<u32>(at) == 0) {
    store<u32>(at, <u32>key);
    store<u32>(WAITING_COUNT, count + 1);
  }
  store<u32>(node, <u32>entry);
  store<u32>(node, load<u32>(at, 4), 4);
  store<u32>(at, <u32>node, 4);
}

/** Follows the values of entries whose key is alive; the others wait. `old`: where the table was. */
function followEphemerons(table: usize, old: usize): void {
  const end = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  for (let at = table + HASHTABLE_SIZE; at < end; at += HASHTABLE_ENTRY) {
    const key: Value = load<u64>(at);
    if (!isPointer(key)) continue;
    if (isMarked(addressOf(key))) visitValue(at + 8);
    // A value that is not a reference, or is marked already, need not wait.
    else if (isPointer(load<u64>(at, 8)) && !isMarked(addressOf(load<u64>(at, 8)))) waitFor(addressOf(key), at, old + (at - table));
  }
}

/** Follows the ephemerons that became ready, and the weak tables met since the last round; true if another round is needed. */
export function ephemeronRound(toTop: usize): bool {
  const before = load<u32>(toTop);
  while (load<u32>(READY) != 0) {
    const node = <usize>load<u32>(READY);
    store<u32>(READY, load<u32>(node, 4));
    visitValue(<usize>load<u32>(node) + 8);
  }
  const first = <usize>load<u32>(LIST_WEAK_TABLES);
  const known = <usize>load<u32>(SCANNED);
  store<u32>(SCANNED, <u32>first);
  for (let old = first; old != known; old = <usize>load<u32>(old, 8)) followEphemerons(<usize>load<u32>(old), old);
  return load<u32>(toTop) != before || load<u32>(READY) != 0;
}

/** Deletes the entries of a weak table whose key died, and updates the others. */
function clearDeadEntries(table: usize): void {
  const end = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  let live = load<u32>(table, HASHTABLE_LIVE);
  for (let at = table + HASHTABLE_SIZE; at < end; at += HASHTABLE_ENTRY) {
    const key: Value = load<u64>(at);
    if (!isPointer(key)) continue;
    if (isMarked(addressOf(key))) {
      visitValue(at);
      visitValue(at + 8);
    } else {
      store<u64>(at, HOLE);
      store<u64>(at, UNDEFINED, 8);
      live--;
    }
  }
  store<u32>(table, live, HASHTABLE_LIVE);
}

/** Updates the atom table; dead atoms become tombstones (1). */
function settleAtoms(): void {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  if (table == 0) return;
  const end = table + ATOMTABLE_SIZE + (<usize>load<u32>(table, ATOMTABLE_CAPACITY) << 2);
  for (let at = table + ATOMTABLE_SIZE; at < end; at += 4) {
    const p = <usize>load<u32>(at);
    if (!inFromSpace(p)) continue;
    if (isMarked(p)) store<u32>(at, <u32>movedTo(p));
    else store<u32>(at, 1);
  }
}

/** Settles everything weak, after the last ephemeron round. Base cells are settled by the caller. */
export function settleWeak(): void {
  for (let old = <usize>load<u32>(LIST_WEAK_TABLES); old != 0; old = <usize>load<u32>(old, 8)) clearDeadEntries(<usize>load<u32>(old));
  for (let old = <usize>load<u32>(LIST_SHAPES); old != 0; old = <usize>load<u32>(old, 8)) settleTransitions(<usize>load<u32>(old));
  for (let old = <usize>load<u32>(LIST_CODE); old != 0; old = <usize>load<u32>(old, 8)) settleCaches(<usize>load<u32>(old));
  if (load<u32>(CLEAR_WEAK_REFS) != 0) {
    for (let old = <usize>load<u32>(LIST_WEAK_REFS); old != 0; old = <usize>load<u32>(old, 8)) {
      const at = <usize>load<u32>(old) + WEAKREF_TARGET;
      const target: Value = load<u64>(at);
      if (!isPointer(target)) continue;
      if (isMarked(addressOf(target))) visitValue(at);
      else store<u64>(at, UNDEFINED);
    }
  }
  settleAtoms();
  settleEvaluated();
}

/** Called by the collector once all live cells have moved: unlinks the programs that died. */
function settleEvaluated(): void {
  let program = <usize>load<u32>(VM_EVALUATED);
  let at = VM_EVALUATED;
  while (program != 0) {
    if (isMarked(program)) {
      program = movedTo(program);
      store<u32>(at, <u32>program);
      at = program + PROGRAM_NEXT;
    }
    program = <usize>load<u32>(program, PROGRAM_NEXT);
  }
  store<u32>(at, 0);
}
