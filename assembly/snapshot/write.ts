// Owns the order in which a machine at rest is written: words, values, lists, frames, changes of the base, bodies of cells, entries of
// weak tables. Must leave heap, stack and VM block as they were, except the account of memory (heap/account.ts); works in the free memory
// above the heap.
//
//   main stream    words · roots · frames · changes of the base · bodies · {count, weak entries, bodies} … · 0
//   texts          characters of strings, bytes of buffers, one after the other
//   numbers        doubles that have no shorter form, 8 bytes each
//
// Three streams, because unlike bytes compress badly together. The order is fixed: the reader makes the same walk, and takes from each
// stream what the main stream announces (ts/defs/snapshot-format.ts has every byte).
//
//   free memory above the heap, while a snapshot is written
//   heap top │ pristine copies │ ids │ atoms │ space of the writer: marks, streams, tables …      snapshotRoom · openSpace
import { addressOf, isObject, isPointer, UNDEFINED, Value } from "../core/value";
import {
  RESULT_CELL, RESULT_CODES, RESULT_COUNTS, RESULT_FAULT, RESULT_GRAPH, RESULT_NUMBERS, RESULT_TEXTS, SNAPSHOT_RESULT_WORDS,
} from "../generated/exchange";
import { intrinsic } from "../generated/intrinsics";
import {
  CODE_INDEX, CODE_PROGRAM, HASHTABLE_SIZE, HASHTABLE_USED, Kind, MAP_TABLE, PROGRAM_ID,
} from "../generated/kinds";
import {
  BASE_START, VM_FUEL, VM_FUEL_HELD, VM_HEAP_TOP,
} from "../generated/layout";
import {
  Count, KEPT_COUNT, KEPT_ROOTS, LIST_COUNT, LISTS, VALUE_COUNT, VALUES, WORD_COUNT, WORDS,
} from "../generated/snapshot-format";
import { countNewCells } from "../heap/account";
import { ensureMemory, fuelLeft, kindOf, usesScratch } from "../heap/memory";
import { clearList, listBytes, listStart, openList, openSpace, pushWord, putNumber, takeSpace } from "../heap/scratch";
import { HASHTABLE_ENTRY } from "../heap/trace-custom";
import { resetPlaces } from "../interpreter/live-registers";
import { templateCount } from "./templates";
import { writeBase } from "./write-base";
import { openShapes, shapeCount, writeBody } from "./write-cell";
import { frameCount, stackBytes, writeFrames } from "./write-stack";
import {
  cellCount, CODES, FAULT, FAULT_CELL, isReached, KEYS, MAIN, NUMBERS, openWriter, PENDING, QUEUE, textCount, TEXTS, writeReference,
  writeValue,
} from "./write-value";

/** The result for the wrapper: its words are in ts/defs/exchange.ts. */
const RESULT: usize = memory.data(4 * SNAPSHOT_RESULT_WORDS, 8);
const CODE_NUMBERS: usize = memory.data(12, 8);

/** Room above the heap for the pristine copies and the table of ids; grows memory. */
export function snapshotRoom(bytes: u32): usize {
  const at = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  ensureMemory(at + <usize>bytes + 0x10000);
  usesScratch(at + <usize>bytes);
  return at;
}

function writeWords(): void {
  countNewCells();
  putNumber(MAIN, WORD_COUNT);
  for (let i: u32 = 0; i < WORD_COUNT; i++) {
    putNumber(MAIN, load<u32>(<usize>load<u32>(WORDS + (<usize>i << 2))));
  }
  // `countNewCells` comes first: it brings the account of allocated bytes, one of the words, up to date.
  // At rest no slice is under way: charges since the last slice are below zero, and the next slice pays them.
  const left = fuelLeft();
  putNumber(MAIN, left < 0 ? <u32>-left : 0);
}

function writeRoots(): void {
  for (let i: u32 = 0; i < VALUE_COUNT; i++) writeValue(load<u64>(<usize>load<u32>(VALUES + (<usize>i << 2))));
  // Heads and tails only: the rest of a list follows by the `next` fields of its cells, in the order of the list.
  for (let i: u32 = 0; i < LIST_COUNT; i++) writeReference(<usize>load<u32>(<usize>load<u32>(LISTS + (<usize>i << 3))));
  let count = KEPT_COUNT;
  // A program that never used Symbol.for or console has none of these objects, and its snapshot no bytes for them.
  while (count > 0 && !isObject(keptRoot(count - 1))) count--;
  putNumber(MAIN, count);
  for (let i: u32 = 0; i < count; i++) writeValue(isObject(keptRoot(i)) ? keptRoot(i) : UNDEFINED);
}

function keptRoot(i: u32): Value {
  return intrinsic(<i32>load<u32>(KEPT_ROOTS + (<usize>i << 2)));
}

/**
 * Writes the bodies of all cells mentioned so far, and of those that they mention. `from`: the first cell without a body; returns
 * the next.
 */
function writeBodies(from: u32): u32 {
  let n = from;
  while (n < cellCount() && load<u32>(FAULT) == 0) {
    const cell = <usize>load<u32>(listStart(QUEUE) + (<usize>n << 2));
    n++;
    writeBody(cell);
  }
  return n;
}

// Entries of weak tables are written in rounds: first those whose table and key are reachable from the roots, then those whose table or
// key was reached by the round before. Each entry is looked at when its table gets a body. If its key has not been reached by then, the
// entry waits in the chain of that key, which CHAINS has a word for; a cell that gets a body has its chain looked at.
//
//   WAITING    {number of the table u32 · address of the entry u32 · place of the next in the chain + 1 u32} each
//   READY      {number of the table u32 · address of the entry u32} each

/** u32 per 8 bytes from BASE_START up: place + 1 of the first entry in WAITING; 0 if there is no weak table. */
const CHAINS: usize = memory.data(4, 4);
const WAITING: usize = memory.data(12, 4);
const READY: usize = memory.data(12, 4);

function chainOf(cell: usize): usize {
  return <usize>load<u32>(CHAINS) + (((cell - BASE_START) >> 3) << 2);
}

function openChains(): void {
  if (load<u32>(CHAINS) != 0) return;
  const bytes = ((<usize>load<u32>(VM_HEAP_TOP) - BASE_START) >> 1) + 8;
  store<u32>(CHAINS, <u32>takeSpace(bytes));
  memory.fill(<usize>load<u32>(CHAINS), 0, bytes);
  openList(WAITING, 1024);
}

function pushReady(number: u32, entry: usize): void {
  pushWord(READY, number);
  pushWord(READY, <u32>entry);
}

/** Sorts the entries of a table: those with reached keys are ready, the others wait. */
function sortEntries(number: u32, owner: usize): void {
  const table = <usize>load<u32>(owner, MAP_TABLE);
  if (table == 0) return;
  openChains();
  let entry = table + HASHTABLE_SIZE;
  // A removed entry has a key that is not a pointer (HOLE), and takes no part.
  const end = entry + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  for (; entry < end; entry += HASHTABLE_ENTRY) {
    const key: Value = load<u64>(entry);
    if (!isPointer(key)) continue;
    if (isReached(addressOf(key))) pushReady(number, entry);
    else {
      const chain = chainOf(addressOf(key));
      pushWord(WAITING, number);
      pushWord(WAITING, <u32>entry);
      pushWord(WAITING, load<u32>(chain));
      store<u32>(chain, listBytes(WAITING) / 12);
    }
  }
}

/** Makes the entries that waited for the cell ready. */
function wakeEntries(cell: usize): void {
  for (let place = load<u32>(chainOf(cell)); place != 0; ) {
    const at = listStart(WAITING) + <usize>(place - 1) * 12;
    pushReady(load<u32>(at), <usize>load<u32>(at, 4));
    place = load<u32>(at, 8);
  }
}

/**
 * Finds the entries that became ready by the bodies of the cells from `from` up to `to`; returns their count. Two ways to become ready, and
 * each entry takes exactly one: its table gets a body when the key has been reached already (sortEntries), or it waits in the chain of its
 * key and is woken by the body of that. So no entry is written twice, and none whose key only the entry itself keeps alive is written at
 * all: as if a collection had come first. https://tc39.es/ecma262/#sec-weakref-processing-model
 */
function findReady(from: u32, to: u32): u32 {
  clearList(READY);
  for (let n = from; n < to; n++) {
    const cell = <usize>load<u32>(listStart(QUEUE) + (<usize>n << 2));
    if (load<u32>(CHAINS) != 0) wakeEntries(cell);
    const kind = kindOf(cell);
    if (kind == Kind.WEAKMAP || kind == Kind.WEAKSET) sortEntries(n + 1, cell);
  }
  return listBytes(READY) >> 3;
}

function writeReady(): void {
  const end = listBytes(READY);
  for (let at: u32 = 0; at < end; at += 8) {
    const ready = listStart(READY) + <usize>at;
    const entry = <usize>load<u32>(ready, 4);
    putNumber(MAIN, load<u32>(ready));
    writeValue(load<u64>(entry));
    writeValue(load<u64>(entry, 8));
  }
}

/** Writes everything that the roots reach, and the live part of weak tables. */
function writeGraph(): void {
  store<u32>(CHAINS, 0);
  openList(READY, 64);
  let from = templateCount();
  let to = writeBodies(from);
  while (load<u32>(FAULT) == 0) {
    // No entry waits for a template: they are reached from the start.
    const entries = findReady(from, to);
    putNumber(MAIN, entries);
    if (entries == 0) break;
    // The reader puts an entry off as four words (readWeakEntries).
    store<u32>(PENDING, load<u32>(PENDING) + entries * 4);
    writeReady();
    from = to;
    to = writeBodies(from);
  }
}

/**
 * Writes the machine. list: `count` entries of base objects to be compared (write-base.ts), in room from snapshotRoom · ids: the base
 * objects and symbols that have a stable id, `idCount` times {address u32, id u32}, in order of their addresses · atoms: see openWriter · end:
 * first free byte after them. Returns the address of RESULT.
 */
export function snapshotWrite(list: usize, count: u32, ids: usize, idCount: u32, atoms: usize, end: usize): usize {
  // Hashing and comparing take fuel, which must not be charged to the guest.
  // Restored at the end, with the part that a pending request holds back (VM_FUEL_HELD): a run that is held spends the same fuel.
  const fuel = load<i32>(VM_FUEL);
  const held = load<i32>(VM_FUEL_HELD);
  openSpace(end);
  resetPlaces();
  openWriter(ids, idCount, atoms);
  openShapes();
  writeWords();
  writeRoots();
  writeFrames();
  writeBase(list, count);
  writeGraph();
  store<i32>(VM_FUEL, fuel);
  store<i32>(VM_FUEL_HELD, held);
  return result();
}

function result(): usize {
  store<u32>(RESULT, load<u32>(FAULT), RESULT_FAULT);
  store<u32>(RESULT, load<u32>(FAULT_CELL), RESULT_CELL);
  stream(RESULT_GRAPH, MAIN);
  stream(RESULT_TEXTS, TEXTS);
  stream(RESULT_NUMBERS, NUMBERS);
  // Copied after everything else, since the list of codes grows until the last body is written.
  // Code cells as {program id, function index}.
  const codes = listBytes(CODES) >> 2;
  openList(CODE_NUMBERS, (codes << 3) + 8);
  for (let i: u32 = 0; i < codes; i++) {
    const code = <usize>load<u32>(listStart(CODES) + (<usize>i << 2));
    pushWord(CODE_NUMBERS, load<u32>(<usize>load<u32>(code, CODE_PROGRAM), PROGRAM_ID));
    pushWord(CODE_NUMBERS, load<u32>(code, CODE_INDEX));
  }
  stream(RESULT_CODES, CODE_NUMBERS);
  const counts = RESULT + RESULT_COUNTS;
  store<u32>(counts + (<usize>Count.CELLS << 2), cellCount());
  store<u32>(counts + (<usize>Count.TEXTS << 2), textCount());
  store<u32>(counts + (<usize>Count.SHAPES << 2), shapeCount());
  store<u32>(counts + (<usize>Count.PENDING << 2), load<u32>(PENDING));
  store<u32>(counts + (<usize>Count.CODES << 2), listBytes(CODES) >> 2);
  store<u32>(counts + (<usize>Count.STACK_BYTES << 2), stackBytes());
  store<u32>(counts + (<usize>Count.FRAMES << 2), frameCount());
  store<u32>(counts + (<usize>Count.KEYS << 2), load<u32>(KEYS));
  return RESULT;
}

function stream(at: usize, list: usize): void {
  store<u32>(RESULT + at, <u32>listStart(list));
  store<u32>(RESULT + at, listBytes(list), 4);
}
