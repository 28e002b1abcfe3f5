// Owns the reading of a snapshot: the order of its parts, the room for it, and the machine it becomes. No byte can be trusted: after any
// fault the machine is worthless and must be reset.
//
// A machine to read into is fresh. snapshotOpen puts the room for streams and tables at the start of the heap; the programs are linked
// after it, then the cells are made. The room is given back by letting the heap begin after it.
//
//   memory while it is read
//   base end │ stack │ streams · ids · codes · TABLE · MASKS · texts · descriptions · PENDING · FRAMES · columns │ code cells │ cells …
//                    └ room, from snapshotOpen: addresses stay, since no collection runs before the end            └ heap begins
//
//   1 counts      are they possible, do they fit what the host grants?        snapshotOpen
//   2 programs    linked from their images by the wrapper                     linkPrograms (ts/snapshot/restore.ts)
//   3 bodies      every cell is made, references are places in TABLE          readAll
//   4 settle …    references, strings, shapes, tables, changes, weak entries  build.ts
//   5 check       everything native code takes for granted                    check.ts
//
// Law: bytes from a stranger. A step may trust only what the steps before it have proved, and the machine runs nothing before step 5.
import { linkPrelude } from "../bytecode/link";
import { programFunction } from "../bytecode/prelude-code";
import { boxCell, UNDEFINED } from "../core/value";
import {
  INPUT_COUNTS, INPUT_GRANTED, INPUT_GRAPH, INPUT_IDS, INPUT_IMAGES, INPUT_NUMBERS, INPUT_PROGRAMS, INPUT_SECRET, INPUT_TEXTS, OUTPUT_CODES,
  OUTPUT_GRAPH, OUTPUT_IDS, OUTPUT_NUMBERS, OUTPUT_TEXTS, SNAPSHOT_INPUT_WORDS,
} from "../generated/exchange";
import { PROGRAM_COUNT as FUNCTION_COUNT } from "../generated/kinds";
import {
  STACK_INITIAL, VM_FUEL, VM_FUEL_HELD, VM_HEAP_BASE, VM_HEAP_TOP, VM_LIVE_AFTER_COLLECT, VM_REQUESTS, VM_SLICE_FUEL, VM_STACK_BASE,
} from "../generated/layout";
import {
  Cell, Count, Fault, FIRST_WORDS, KEPT_COUNT, KEPT_ROOTS, LIST_COUNT, LISTS, VALUE_COUNT, VALUES, WORD_COUNT, WORDS,
} from "../generated/snapshot-format";
import { restorePeak, skipNewCells } from "../heap/account";
import { setSoftLimit } from "../heap/collect";
import { ensureMemory } from "../heap/memory";
import { intrinsicAddress } from "../objects/object";
import { layOut } from "../objects/realm";
import {
  CHANGES_END, FIRST_CELL, linkWeakEntry, openBuild, readChanges, settleChanges, settleReferences, settleShapes, settleStrings,
  settleTables, settleWeakEntries,
} from "./build";
import { checkMachine } from "./check";
import { openSecret } from "./distinct";
import { settleRegistry } from "./kept";
import {
  COLUMN_COUNT, COLUMNS, defer, DESCRIPTION, DESCRIPTION_COUNT, DESCRIPTION_NEXT, DESCRIPTIONS, openColumns, PENDING, PENDING_COUNT,
  PENDING_ROOM, readBody,
} from "./read-cell";
import { FRAME_TOTAL, FRAMES, readStack } from "./read-stack";
import {
  BASE_COUNT, BASE_TABLE, CELLS, CODE_COUNT, CODE_TABLE, fail, failed, FAULT, FAULT_AT, GUEST, HOLES, indexKnownStrings, KNOWN_STARTS,
  LIMIT, MAIN, MAIN_START, MASKS, NEXT, NUMBERS, PROGRAM_COUNT, readCount, readNumber, readReference, readValue, remaining, TABLE,
  TEXT_COUNT, TEXT_NEXT, TEXT_TABLE, TEXTS,
} from "./read-value";
import { countTemplates, listTemplates, templateCount } from "./templates";
import { COLUMN_SIZE } from "./write-value";

/**
 * What the wrapper fills in before it calls snapshotOpen, and where that says the streams and tables belong: the words are in
 * ts/defs/exchange.ts.
 */
const INPUT: usize = memory.data(4 * SNAPSHOT_INPUT_WORDS, 8);
const STREAM_MAIN: usize = INPUT + INPUT_GRAPH;
const STREAM_TEXTS: usize = INPUT + INPUT_TEXTS;
const STREAM_NUMBERS: usize = INPUT + INPUT_NUMBERS;
const COUNTS: usize = INPUT + INPUT_COUNTS;
const IDS: usize = INPUT + INPUT_IDS;
const GRANTED: usize = INPUT + INPUT_GRANTED;
const PROGRAMS: usize = INPUT + INPUT_PROGRAMS;
const IMAGES: usize = INPUT + INPUT_IMAGES;
const SECRET: usize = INPUT + INPUT_SECRET;
const STATE: usize = memory.data(8, 8);
/** Fuel that the next slice pays before it begins. */
const DEBT: usize = STATE;
/** 1: the snapshot has KEPT_ROOTS. */
const HAS_KEPT: usize = STATE + 4;

/** Address of INPUT. */
export function snapshotInput(): usize {
  return INPUT;
}

/** Bytes that the tables may take however little memory is granted. */
const FREE_TABLES: u64 = 65536;

function countOf(i: Count): u32 {
  return load<u32>(COUNTS + (<usize>i << 2));
}

/**
 * True if the counts are no larger than the streams allow: each thing takes at least a byte, except templates. The tables are made by these
 * counts, so without this test a snapshot of a few bytes could ask for gigabytes. The absolute bounds keep all sums below 2 ** 32.
 */
function countsFit(): bool {
  const bytes = load<u32>(STREAM_MAIN);
  const ids = load<u32>(IDS);
  if (bytes > 0x20000000 || load<u32>(STREAM_TEXTS) > 0x20000000 || load<u32>(STREAM_NUMBERS) > 0x20000000 || ids > 0x100000) return false;
  if (load<u32>(PROGRAMS) > 0x10000000 || load<u32>(IMAGES) > 0x20000000) return false;
  if (countOf(Count.CELLS) > bytes + load<u32>(IMAGES) || countOf(Count.TEXTS) > bytes || countOf(Count.SHAPES) > bytes || countOf(Count.SHAPES) >= 1 << 24) return false;
  if (countOf(Count.KEYS) > bytes || countOf(Count.CODES) > bytes || countOf(Count.FRAMES) > bytes || countOf(Count.PENDING) > bytes * 4 + 64) return false;
  return countOf(Count.STACK_BYTES) < 0x10000000;
}

/** Bytes of the tables that are needed while the snapshot is read. */
function tableBytes(): u64 {
  return <u64>countOf(Count.CELLS) * 16 + <u64>countOf(Count.TEXTS) * 4 + <u64>countOf(Count.SHAPES) * DESCRIPTION + <u64>countOf(Count.PENDING) * 8 +
    <u64>countOf(Count.FRAMES) * 8 + <u64>countOf(Count.KEYS) * COLUMN_SIZE + <u64>load<u32>(IDS) * 4 + <u64>countOf(Count.CODES) * 4 +
    <u64>load<u32>(PROGRAMS) * 4 + 4;
}

/** Takes bytes at the top of the heap for a stream or a table; notes and returns their address. */
function take(at: usize, bytes: usize): usize {
  const start = <usize>load<u32>(VM_HEAP_TOP);
  store<u32>(at, <u32>start);
  store<u32>(VM_HEAP_TOP, <u32>((start + bytes + 15) & ~15));
  return start;
}

/**
 * Makes room: a stack as deep as the snapshot's, streams, tables. False: the sizes make no sense or exceed the memory granted.
 * On success the wrapper copies the streams and tables to the addresses that are then in OUTPUT_GRAPH … OUTPUT_CODES, and links the
 * programs.
 */
export function snapshotOpen(): bool {
  store<u32>(FAULT, 0);
  store<u32>(FAULT_AT, 0);
  store<u32>(MAIN, 0);
  store<u32>(MAIN_START, 0);
  if (!countsFit()) return fail(Fault.COUNT);
  const granted = load<u32>(GRANTED);
  const stack = max<usize>(STACK_INITIAL, ((<usize>countOf(Count.STACK_BYTES) + 15) & ~15));
  const cells = <usize>countOf(Count.CELLS);
  const tables = tableBytes();
  const streams = <u64>load<u32>(STREAM_MAIN) + <u64>load<u32>(STREAM_TEXTS) + <u64>load<u32>(STREAM_NUMBERS);
  // Cells that fit the granted memory need tables of at most five quarters of it.
  const most = <u64>granted + (granted >> 2) + FREE_TABLES + <u64>load<u32>(IDS) * 4 + <u64>load<u32>(PROGRAMS) * 4;
  if (stack > <usize>granted || tables > most || tables + streams > 0x60000000) return fail(Fault.LARGE);
  const base = <usize>load<u32>(VM_STACK_BASE);
  const heap = (base + stack + 15) & ~15;
  layOut(base, stack, heap);
  ensureMemory(heap + <usize>(tables + streams) + 0x10000);
  take(INPUT + OUTPUT_GRAPH, <usize>load<u32>(STREAM_MAIN));
  take(INPUT + OUTPUT_TEXTS, <usize>load<u32>(STREAM_TEXTS));
  take(INPUT + OUTPUT_NUMBERS, <usize>load<u32>(STREAM_NUMBERS));
  take(INPUT + OUTPUT_IDS, <usize>load<u32>(IDS) * 4);
  take(INPUT + OUTPUT_CODES, <usize>countOf(Count.CODES) * 4);
  take(KNOWN_STARTS, <usize>load<u32>(PROGRAMS) * 4 + 4);
  // TABLE: a reference is an address in here until its cell exists. MASKS: the kinds that all mentions of a cell so far allow.
  take(TABLE, cells * 8);
  take(MASKS, cells * 8);
  take(TEXT_TABLE, <usize>countOf(Count.TEXTS) * 4);
  take(DESCRIPTIONS, <usize>countOf(Count.SHAPES) * DESCRIPTION);
  take(PENDING, <usize>countOf(Count.PENDING) * 8);
  take(FRAMES, <usize>countOf(Count.FRAMES) * 8);
  take(COLUMNS, <usize>countOf(Count.KEYS) * COLUMN_SIZE);
  const end = <usize>load<u32>(VM_HEAP_TOP);
  // Nothing that is made from here on is garbage: the soft limit must not end the reading.
  store<u32>(VM_HEAP_BASE, <u32>end);
  setSoftLimit();
  // Programs are linked after the room, which holds no cells to count.
  skipNewCells();
  store<u32>(LIMIT, granted);
  return true;
}

function openStreams(): void {
  open(MAIN, OUTPUT_GRAPH, INPUT_GRAPH);
  open(TEXTS, OUTPUT_TEXTS, INPUT_TEXTS);
  open(NUMBERS, OUTPUT_NUMBERS, INPUT_NUMBERS);
  store<u32>(MAIN_START, load<u32>(MAIN));
  store<u32>(CELLS, countOf(Count.CELLS));
  store<u32>(TEXT_COUNT, countOf(Count.TEXTS));
  store<u32>(DESCRIPTION_COUNT, countOf(Count.SHAPES));
  store<u32>(PENDING_ROOM, countOf(Count.PENDING));
  store<u32>(COLUMN_COUNT, countOf(Count.KEYS));
  openColumns();
  store<u32>(CODE_COUNT, countOf(Count.CODES));
  store<u32>(FRAME_TOTAL, countOf(Count.FRAMES));
  store<u32>(BASE_TABLE, load<u32>(INPUT, OUTPUT_IDS));
  store<u32>(CODE_TABLE, load<u32>(INPUT, OUTPUT_CODES));
  store<u32>(BASE_COUNT, load<u32>(IDS));
  store<u32>(PROGRAM_COUNT, load<u32>(PROGRAMS));
  store<u32>(NEXT, 0);
  store<u32>(TEXT_NEXT, 0);
  store<u32>(DESCRIPTION_NEXT, 0);
  store<u32>(PENDING_COUNT, 0);
}

/** Puts a cursor at the start of a stream: where its address and its bytes are, in INPUT. */
function open(cursor: usize, address: usize, bytes: usize): void {
  const at = load<u32>(INPUT + address);
  store<u32>(cursor, at);
  store<u32>(cursor, at + load<u32>(INPUT + bytes), 4);
}

function readWords(): void {
  const count = readNumber();
  if (count < FIRST_WORDS || count > WORD_COUNT + 64) fail(Fault.COUNT);
  store<u32>(HAS_KEPT, count > FIRST_WORDS ? 1 : 0);
  for (let i: u32 = 0; i < count && !failed(); i++) {
    const word = readNumber();
    // Words beyond those known here come from a later build; a build that does not know them may ignore them.
    if (i < WORD_COUNT) store<u32>(<usize>load<u32>(WORDS + (<usize>i << 2)), word);
  }
  // No native can owe that much.
  const debt = readNumber();
  if (debt > 0x40000000) fail(Fault.WORD);
  store<u32>(DEBT, debt);
  store<u32>(VM_SLICE_FUEL, 0);
}

function readRoots(): void {
  for (let i: u32 = 0; i < VALUE_COUNT && !failed(); i++) store<u64>(<usize>load<u32>(VALUES + (<usize>i << 2)), readValue(HOLES));
  for (let i: u32 = 0; i < LIST_COUNT && !failed(); i++) {
    const list = LISTS + (<usize>i << 3);
    store<u32>(<usize>load<u32>(list), <u32>readReference(<u64>1 << <u64>load<u32>(list, 4)));
  }
  const count: u32 = load<u32>(HAS_KEPT) == 0 ? 0 : readNumber();
  if (count > KEPT_COUNT) fail(Fault.COUNT);
  for (let i: u32 = 0; i < count && !failed(); i++) {
    const v = readValue(GUEST);
    if (v != UNDEFINED) store<u64>(intrinsicAddress(<i32>load<u32>(KEPT_ROOTS + (<usize>i << 2))), v);
  }
}

function readBodies(from: u32): u32 {
  let n = from;
  while (n < load<u32>(NEXT) && !failed()) readBody(n++);
  return n;
}

/**
 * Reads entries of weak tables, put off as {owner, key, value, place of the next entry + 1}. Put off, because keys cannot be hashed before
 * they are whole. `made`: only a table whose body has been read can own an entry.
 */
function readWeakEntries(count: u32, made: u32): void {
  for (let i: u32 = 0; i < count && !failed(); i++) {
    const number = readNumber();
    if (number == 0 || number > made) {
      fail(Fault.REFERENCE);
      return;
    }
    const kinds = load<u64>(<usize>load<u32>(MASKS) + (<usize>(number - 1) << 3));
    if (kinds != <u64>1 << Cell.WEAKMAP && kinds != <u64>1 << Cell.WEAKSET) fail(Fault.CLASS);
    const place = load<u32>(PENDING_COUNT);
    defer(boxCell(<usize>load<u32>(TABLE) + (<usize>(number - 1) << 3)));
    defer(readValue(GUEST));
    defer(readValue(GUEST));
    defer(0);
    linkWeakEntry(place);
  }
}

/** Makes the templates, which came with the programs, the first cells. */
function placeTemplates(): void {
  const templates = countTemplates();
  if (templates > load<u32>(CELLS)) {
    fail(Fault.COUNT);
    return;
  }
  memory.fill(<usize>load<u32>(TABLE), 0, <usize>templates << 3);
  listTemplates(<usize>load<u32>(TABLE), 8);
  for (let i: u32 = 0; i < templates; i++) store<u64>(<usize>load<u32>(MASKS) + (<usize>i << 3), <u64>1 << Cell.ARRAY);
  store<u32>(NEXT, templates);
}

/** Reads everything in the streams, to the last byte. */
function readAll(): void {
  placeTemplates();
  indexKnownStrings();
  if (!failed()) readWords();
  if (!failed()) readRoots();
  if (!failed()) readStack();
  if (!failed()) readChanges();
  store<u32>(CHANGES_END, load<u32>(PENDING_COUNT));
  let made = readBodies(templateCount());
  while (!failed()) {
    const entries = readCount();
    if (entries == 0) break;
    readWeakEntries(entries, made);
    made = readBodies(made);
  }
  if (failed()) return;
  if (made != load<u32>(CELLS) || load<u32>(TEXT_NEXT) != load<u32>(TEXT_COUNT) || load<u32>(DESCRIPTION_NEXT) != load<u32>(DESCRIPTION_COUNT)) fail(Fault.COUNT);
  // No byte may be left over: a wrong count shows here, and nothing can travel in a snapshot that no check looks at.
  if (remaining() != 0 || load<u32>(TEXTS) != load<u32>(TEXTS, 4) || load<u32>(NUMBERS) != load<u32>(NUMBERS, 4)) fail(Fault.TRAILING);
}

/**
 * Reads the streams that the wrapper has put in place, after it linked the programs. Returns
 *   0 if the machine is as it was when the snapshot was written
 *   else a Fault, with its place in the main stream × 256
 */
export function snapshotRead(): u32 {
  openStreams();
  openBuild();
  openSecret(load<u32>(SECRET));
  store<u32>(FIRST_CELL, load<u32>(VM_HEAP_TOP));
  readAll();
  // The order matters: shapes hold keys (whole strings), tables hash keys, changes of base objects make shapes, and Symbol.for's registry
  // is a Map. Each step gives up at the first fault, and the wrapper resets the machine.
  if (!failed()) settleReferences();
  if (!failed()) settleStrings();
  if (!failed()) settleShapes();
  if (!failed()) settleTables();
  if (!failed()) settleChanges(load<u32>(CHANGES_END));
  if (!failed()) settleWeakEntries();
  if (!failed()) settleRegistry(load<u32>(HAS_KEPT) != 0);
  if (!failed()) checkMachine();
  // Making cells and hashing took fuel and requested collections, which must not be charged to the guest.
  store<i32>(VM_FUEL, -load<i32>(DEBT));
  store<i32>(VM_FUEL_HELD, 0);
  store<u32>(VM_REQUESTS, 0);
  skipNewCells();
  restorePeak();
  store<u32>(VM_LIVE_AFTER_COLLECT, load<u32>(VM_HEAP_TOP) - load<u32>(VM_HEAP_BASE));
  setSoftLimit();
  return load<u32>(FAULT) | (load<u32>(FAULT_AT) << 8);
}

/** Links prelude code that the snapshot brings; 0 if it is refused. snapshotFunction finds its functions. */
export function snapshotLink(at: usize, bytes: i32, id: u32): usize {
  return linkPrelude(at, bytes, id);
}
/**
 * Code cell of a function of a program that snapshotLink made (or, for id from PRELUDE_PROGRAM up, of the base image); 0: there is
 * no such function.
 */
export function snapshotFunction(program: usize, index: u32): usize {
  return index < load<u32>(program, FUNCTION_COUNT) ? programFunction(program, index) : 0;
}
