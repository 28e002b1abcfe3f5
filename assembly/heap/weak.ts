// Owns everything weak: inline caches, shape transitions, atoms, ephemerons, WeakRef targets. Runs inside a collection
// when all strong references have been followed. Must never copy anything except what an ephemeron's live key holds.
import { addressOf, HOLE, isObject, isPointer, UNDEFINED, Value } from "../core/value";
import { cachesOf, CACHE_HOLDER, CACHE_SHAPE, CACHE_SIZE } from "../bytecode/code";
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_COUNT, ATOMTABLE_SIZE, CODE_CACHES, HASHTABLE_LIVE, HASHTABLE_SIZE, HASHTABLE_USED, Kind, SHAPE_TRANSITIONS,
  TRANSITIONS_COUNT, TRANSITIONS_SIZE, WEAKREF_TARGET,
} from "../generated/kinds";
import { VM_ATOM_TABLE } from "../generated/layout";
import { kindOf } from "./memory";
import { HASHTABLE_ENTRY } from "./trace-custom";
import { settleEvaluated } from "../bytecode/evaluated";
import { CLEAR_WEAK_REFS, forward, inFromSpace, isMarked, LIST_CODE, LIST_SHAPES, LIST_WEAK_REFS, LIST_WEAK_TABLES, movedTo, visitValue } from "./visit";

/** Moves or clears the inline caches of one code cell (at its new address). */
export function settleCaches(code: usize): void {
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
  // A list of transitions belongs to its shape alone and is kept with it; a single child stands there itself.
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

/** Follows the values of entries whose key is alive, once over; true if that reached anything new. */
function followEphemerons(table: usize, toTop: usize): bool {
  const end = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  const before = load<u32>(toTop);
  for (let at = table + HASHTABLE_SIZE; at < end; at += HASHTABLE_ENTRY) {
    const key: Value = load<u64>(at);
    if (isPointer(key) && isMarked(addressOf(key))) visitValue(at + 8);
  }
  return load<u32>(toTop) != before;
}

/** One round over all weak tables met so far; true if anything new was copied. */
export function ephemeronRound(toTop: usize): bool {
  let again = false;
  for (let old = <usize>load<u32>(LIST_WEAK_TABLES); old != 0; old = <usize>load<u32>(old, 8)) {
    if (followEphemerons(<usize>load<u32>(old), toTop)) again = true;
  }
  return again;
}

function clearDeadEntries(table: usize): void {
  const end = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  let live = load<u32>(table, HASHTABLE_LIVE);
  for (let at = table + HASHTABLE_SIZE; at < end; at += HASHTABLE_ENTRY) {
    const key: Value = load<u64>(at);
    if (!isPointer(key)) continue;
    if (isMarked(addressOf(key))) visitValue(at);
    else {
      store<u64>(at, HOLE);
      store<u64>(at, UNDEFINED, 8);
      live--;
    }
  }
  store<u32>(table, live, HASHTABLE_LIVE);
}

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
