// Owns the order in which a machine at rest is written: words, values, lists, frames, changes of the base, bodies of cells,
// entries of weak tables. Must leave heap, stack and VM block as they were, but for the account of memory (heap/account.ts); it works in the
// free memory above the heap.
import { addressOf, isObject, isPointer, UNDEFINED, Value } from "../core/value";
import { Count, KEPT_COUNT, KEPT_ROOTS, LIST_COUNT, LISTS, VALUE_COUNT, VALUES, Word, WORD_COUNT, WORDS } from "./format";
import { intrinsic } from "../generated/intrinsics";
import { CODE_INDEX, CODE_PROGRAM, FIRST_OBJECT_KIND, HASHTABLE_SIZE, HASHTABLE_USED, Kind, MAP_TABLE, PROGRAM_ID } from "../generated/kinds";
import { VM_FUEL, VM_FUEL_HELD, VM_HEAP_TOP, VM_KEPT_MARK } from "../generated/layout";
import { countNewCells, keptSize } from "../heap/account";
import { noteKept } from "../heap/mark";
import { ensureMemory, fuelLeft, kindOf } from "../heap/memory";
import { HASHTABLE_ENTRY } from "../heap/trace-custom";
import { elementsOf } from "../objects/elements";
import { resetLiveness } from "./liveness";
import { listBytes, listStart, openList, openSpace, pushWord, putNumber } from "./space";
import { templateCount } from "./templates";
import { writeBase } from "./write-base";
import { openShapes, shapeCount, writeBody } from "./write-cell";
import { frameCount, stackBytes, writeFrames } from "./write-stack";
import {
  cellCount, CODES, FAULT, FAULT_CELL, isReached, KEYS, MAIN, markOf, NUMBERS, openWriter, PENDING, QUEUE, textCount, TEXTS, writeReference, writeValue,
} from "./write-value";

/** What the wrapper reads: Fault · its cell · {start, bytes} of the main stream, texts, numbers, code numbers · COUNTS. */
const RESULT: usize = memory.data(96, 8);
/** Numbers of WeakMaps and WeakSets. */
const WEAK: usize = memory.data(12, 8);
const CODE_NUMBERS: usize = memory.data(12, 8);
/** What a short text counts for while it is alive. */
const TEXT_BYTES: u32 = 24;

/** Room above the heap for a pristine copy of the base image and the tables of ids; grows memory. */
export function snapshotRoom(bytes: u32): usize {
  const at = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  ensureMemory(at + <usize>bytes + 0x10000);
  return at;
}

/** Where the mark of what is kept alive is in the main stream: it is known when everything is written, and fits a byte. */
const MARK_AT: usize = memory.data(4, 4);

function writeWords(): void {
  countNewCells();
  putNumber(MAIN, WORD_COUNT);
  for (let i: u32 = 0; i < WORD_COUNT; i++) {
    if (i == Word.KEPT_MARK) store<u32>(MARK_AT, listBytes(MAIN));
    putNumber(MAIN, load<u32>(<usize>load<u32>(WORDS + (<usize>i << 2))));
  }
  // At rest no slice is under way; what was charged since the last one is below zero, and the next one pays it.
  const left = fuelLeft();
  putNumber(MAIN, left < 0 ? <u32>-left : 0);
}

function writeRoots(): void {
  for (let i: u32 = 0; i < VALUE_COUNT; i++) writeValue(load<u64>(<usize>load<u32>(VALUES + (<usize>i << 2))));
  for (let i: u32 = 0; i < LIST_COUNT; i++) writeReference(<usize>load<u32>(<usize>load<u32>(LISTS + (<usize>i << 3))));
  let count = KEPT_COUNT;
  while (count > 0 && !isObject(keptRoot(count - 1))) count--;
  putNumber(MAIN, count);
  for (let i: u32 = 0; i < count; i++) writeValue(isObject(keptRoot(i)) ? keptRoot(i) : UNDEFINED);
}

function keptRoot(i: u32): Value {
  return intrinsic(<i32>load<u32>(KEPT_ROOTS + (<usize>i << 2)));
}

/** Bodies of all cells mentioned so far, and of those that they mention; `from`: the first without a body. */
function writeBodies(from: u32): u32 {
  let n = from;
  while (n < cellCount() && load<u32>(FAULT) == 0) {
    const cell = <usize>load<u32>(listStart(QUEUE) + (<usize>n << 2));
    n++;
    writeBody(cell);
    const kind = kindOf(cell);
    if (kind == Kind.WEAKMAP || kind == Kind.WEAKSET) pushWord(WEAK, n);
  }
  return n;
}

/**
 * Entries of weak tables whose table and key have numbers up to `bound`, but not both up to `before`: those that this round
 * reached. Their count if `write` is false.
 */
function weakEntries(before: u32, bound: u32, write: bool): u32 {
  const tables = listBytes(WEAK) >> 2;
  let found: u32 = 0;
  for (let i: u32 = 0; i < tables; i++) {
    const number = load<u32>(listStart(WEAK) + (<usize>i << 2));
    const owner = <usize>load<u32>(listStart(QUEUE) + (<usize>(number - 1) << 2));
    const table = <usize>load<u32>(owner, MAP_TABLE);
    if (table == 0 || number > bound) continue;
    let entry = table + HASHTABLE_SIZE;
    const end = entry + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
    for (; entry < end; entry += HASHTABLE_ENTRY) {
      const key: Value = load<u64>(entry);
      if (!isPointer(key) || !isReached(addressOf(key))) continue;
      const reached = max<u32>(number, load<u32>(markOf(addressOf(key))));
      if (reached <= before || reached > bound) continue;
      found++;
      if (!write) continue;
      putNumber(MAIN, number);
      writeValue(key);
      writeValue(load<u64>(entry, 8));
    }
  }
  return found;
}

/** Notes how much is alive: all cells that have been written. */
function noteWritten(): void {
  let bytes = textCount() * TEXT_BYTES;
  const count = cellCount();
  for (let n: u32 = 0; n < count; n++) {
    const cell = <usize>load<u32>(listStart(QUEUE) + (<usize>n << 2));
    bytes += keptSize(cell);
    if (kindOf(cell) >= FIRST_OBJECT_KIND && elementsOf(cell) != 0) bytes += keptSize(elementsOf(cell));
  }
  noteKept(bytes);
  store<u8>(listStart(MAIN) + <usize>load<u32>(MARK_AT), <u8>load<u32>(VM_KEPT_MARK));
}

/** Everything that hangs on the roots, and the live part of weak tables. */
function writeGraph(): void {
  openList(WEAK, 64);
  let n = writeBodies(templateCount());
  let before: u32 = 0;
  while (load<u32>(FAULT) == 0) {
    const bound = cellCount();
    const entries = weakEntries(before, bound, false);
    putNumber(MAIN, entries);
    if (entries == 0) break;
    store<u32>(PENDING, load<u32>(PENDING) + entries * 4);
    weakEntries(before, bound, true);
    before = bound;
    n = writeBodies(n);
  }
}

/**
 * Writes the machine. copy: pristine base image, in room that snapshotRoom gave · idOf: u32 per 8 bytes of the image, stable
 * id + 1 · addresses: u32 per stable id · end: first free byte behind them. Answers where RESULT is.
 */
export function snapshotWrite(copy: usize, idOf: usize, addresses: usize, ids: u32, end: usize): usize {
  // Hashing and comparing take fuel, which is none of the guest's business here.
  const fuel = load<i32>(VM_FUEL);
  const held = load<i32>(VM_FUEL_HELD);
  openSpace(end);
  resetLiveness();
  openWriter(idOf);
  openShapes();
  writeWords();
  writeRoots();
  writeFrames();
  writeBase(copy, addresses, ids);
  writeGraph();
  noteWritten();
  store<i32>(VM_FUEL, fuel);
  store<i32>(VM_FUEL_HELD, held);
  return result();
}

function result(): usize {
  store<u32>(RESULT, load<u32>(FAULT));
  store<u32>(RESULT, load<u32>(FAULT_CELL), 4);
  stream(8, MAIN);
  stream(16, TEXTS);
  stream(24, NUMBERS);
  // Code cells as {program id, function index}.
  const codes = listBytes(CODES) >> 2;
  openList(CODE_NUMBERS, (codes << 3) + 8);
  for (let i: u32 = 0; i < codes; i++) {
    const code = <usize>load<u32>(listStart(CODES) + (<usize>i << 2));
    pushWord(CODE_NUMBERS, load<u32>(<usize>load<u32>(code, CODE_PROGRAM), PROGRAM_ID));
    pushWord(CODE_NUMBERS, load<u32>(code, CODE_INDEX));
  }
  stream(32, CODE_NUMBERS);
  const counts = RESULT + 40;
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
