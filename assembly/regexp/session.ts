// Owns matching a program on a string over and over: one match, all of them, or the places to split at. The result is a list of
// positions. The machine's own state is in the arena (quick), or in a cell that is held with the frame that waits for it.
//
//   quick     registers and stack above the heap, a fixed number of steps; a match that does not fit is done again in the other way
//   held      an object of internal class HELD_CLASS, run in parts of PART steps, each of which is charged for
import { asInt, boxCell, boxInt, boxString, addressOf, UNDEFINED, Value } from "../core/value";
import { intrinsic, Kept } from "../generated/intrinsics";
import { BYTES_LENGTH, BYTES_SIZE, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind } from "../generated/kinds";
import { VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import { InternalClass, RegExpFlag } from "../generated/states";
import { allocate, chargeFuel, ensureMemory, kindOf, reserve, usesScratch } from "../heap/memory";
import { intrinsicAddress, newObjectOfShape } from "../objects/object";
import { newRootShape } from "../objects/shape";
import { flagsOf, lengthOf, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/string";
import { keep } from "./arena";
import { beginAt, CHARS, LEFT, LENGTH, Outcome, PC, POSITION, PROGRAM, REGISTERS, run, STACK, STACK_LIMIT, START, STICKY, TOP } from "./match";
import { groupsOf, HEADER_REGISTERS, headerOf } from "./program";
import { isStack, isStepAt } from "./verify";

const STATE: usize = memory.data(40, 8);
/** Where the next search begins. */
const NEXT: usize = STATE;
/** Where the last match ended. */
const LAST_END: usize = STATE + 4;
/** Matches found, and their positions. */
const FOUND: usize = STATE + 8;
const POSITIONS: usize = STATE + 12;
/** Room for positions, in words. */
const ROOM: usize = STATE + 16;
const MODE: usize = STATE + 20;
const MAX_MATCHES: usize = STATE + 24;
const PHASE: usize = STATE + 28;
const GROUPS: usize = STATE + 32;
const IS_WIDE: usize = STATE + 36;

/** Modes. All: every match, as with flag g; else the first. */
export const ALL: u32 = 1;
export const AT_START: u32 = 2;
/** Matches at which a text is split: not at its end, not empty ones where the last match ended. */
export const SPLITS: u32 = 4;

const enum Phase {
  SEARCH = 0,
  RUNNING = 1,
  RECORD = 2,
  DONE = 3,
}

/** Steps per unit of fuel, as a shift. */
const PRICE: u32 = 3;
const QUICK_STEPS: i32 = 40000;
const QUICK_STACK: usize = 0x4000;
const QUICK_POSITIONS: usize = 0x6000;
const PART: i32 = 40000;

/** Returned by `record` and `collect` besides the phases and outcomes: the list of positions is full. */
const NO_ROOM: u32 = 4;

function open(program: usize, s: usize, mode: u32, most: u32): void {
  store<u32>(CHARS, <u32>charsOf(s));
  store<u32>(LENGTH, <u32>lengthOf(s));
  store<u32>(IS_WIDE, flagsOf(s) & TWO_BYTE);
  store<u32>(PROGRAM, <u32>headerOf(program));
  store<u32>(STICKY, mode & AT_START ? 1 : 0);
  store<u32>(GROUPS, groupsOf(program));
  store<u32>(MODE, mode);
  store<u32>(MAX_MATCHES, most);
}

function isUnicodeProgram(): bool {
  return (load<u32>(<usize>load<u32>(PROGRAM), 4) & (RegExpFlag.UNICODE | RegExpFlag.SETS)) != 0;
}

/** The index after the character at i. https://tc39.es/ecma262/#sec-advancestringindex */
function advance(i: u32): u32 {
  if (!isUnicodeProgram() || load<u32>(IS_WIDE) == 0 || i + 1 >= load<u32>(LENGTH)) return i + 1;
  const at = <usize>load<u32>(CHARS) + (<usize>i << 1);
  return (load<u16>(at) & 0xfc00) == 0xd800 && (load<u16>(at, 2) & 0xfc00) == 0xdc00 ? i + 2 : i + 1;
}

/** Begins the search from NEXT; false: there is nothing more to find. */
function search(): bool {
  const next = load<u32>(NEXT);
  const length = load<u32>(LENGTH);
  if (next > length || (next == length && load<u32>(MODE) & SPLITS)) return false;
  memory.fill(<usize>load<u32>(REGISTERS), 255, <usize>load<u32>(<usize>load<u32>(PROGRAM), HEADER_REGISTERS) << 2);
  return load<u32>(IS_WIDE) ? beginAt<u16>(next) : beginAt<u8>(next);
}

/** Copies the positions of all groups; a pair outside of the text, which a made-up snapshot can hold, becomes undefined. */
function copyCaptures(to: usize, registers: usize, words: u32): void {
  const length = load<u32>(LENGTH);
  store<u32>(to, min<u32>(load<u32>(registers), load<u32>(registers, 4)));
  store<u32>(to, load<u32>(registers, 4), 4);
  for (let i: usize = 8; i < <usize>words << 2; i += 8) {
    const pair = load<u64>(registers + i);
    const isPart = <u32>pair <= <u32>(pair >> 32) && <u32>(pair >> 32) <= length;
    store<u64>(to + i, isPart ? pair : 0xffffffff_ffffffff);
  }
}

/**
 * Records the match in the registers.
 *    SEARCH    go on from NEXT
 *    DONE      nothing more is to be found
 *    NO_ROOM   the list of positions is full
 */
function record(): u32 {
  const registers = <usize>load<u32>(REGISTERS);
  const start = load<u32>(registers);
  const end = load<u32>(registers, 4);
  const mode = load<u32>(MODE);
  if (mode & SPLITS) {
    if (start >= load<u32>(LENGTH)) return Phase.DONE;
    if (end == load<u32>(LAST_END)) {
      store<u32>(NEXT, advance(start));
      return Phase.SEARCH;
    }
  }
  const words = load<u32>(GROUPS) << 1;
  const at = load<u32>(FOUND) * words;
  if (at + words > load<u32>(ROOM)) return NO_ROOM;
  copyCaptures(<usize>load<u32>(POSITIONS) + (<usize>at << 2), registers, words);
  store<i32>(LEFT, load<i32>(LEFT) - <i32>(words >> 2));
  store<u32>(FOUND, load<u32>(FOUND) + 1);
  store<u32>(LAST_END, end);
  if ((mode & (ALL | SPLITS)) == 0 || load<u32>(FOUND) >= load<u32>(MAX_MATCHES)) return Phase.DONE;
  store<u32>(NEXT, end == start && (mode & SPLITS) == 0 ? advance(end) : end);
  return Phase.SEARCH;
}

/** Goes on until everything asked for is found (MATCHED); any other result says why it stopped. */
function collect(): u32 {
  while (true) {
    switch (load<u32>(PHASE)) {
      case Phase.SEARCH:
        if (!search()) {
          store<u32>(PHASE, Phase.DONE);
          break;
        }
        store<u32>(PHASE, Phase.RUNNING);
        break;
      case Phase.RUNNING: {
        const outcome = load<u32>(IS_WIDE) ? run<u16>() : run<u8>();
        if (outcome > Outcome.MATCHED) return outcome;
        store<u32>(PHASE, outcome == Outcome.MATCHED ? Phase.RECORD : Phase.DONE);
        break;
      }
      case Phase.RECORD: {
        const next = record();
        if (next == NO_ROOM) return NO_ROOM;
        store<u32>(PHASE, next);
        break;
      }
      default: return Outcome.MATCHED;
    }
  }
  return Outcome.MATCHED;
}

// --- quick --------------------------------------------------------------------------------------------------------

/**
 * Tries in the memory above the heap, from a position that is within the text. Returns the number of matches, or -1: that memory or
 * the steps are not enough, and nothing has happened. The positions stay in the arena until a cell is allocated: quickPosition, keepFound.
 */
export function matchQuickly(program: usize, s: usize, from: u32, mode: u32, most: u32): i32 {
  open(program, s, mode, most);
  const registers = (<usize>load<u32>(VM_HEAP_TOP) + 127) & ~7;
  const stack = (registers + (<usize>load<u32>(headerOf(program), HEADER_REGISTERS) << 2) + 7) & ~7;
  const end = stack + QUICK_STACK + QUICK_POSITIONS;
  if (end > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end);
  usesScratch(end);
  store<u32>(REGISTERS, <u32>registers);
  store<u32>(STACK, <u32>stack);
  store<u32>(STACK_LIMIT, <u32>(stack + QUICK_STACK));
  store<u32>(POSITIONS, <u32>(stack + QUICK_STACK));
  store<u32>(ROOM, <u32>(QUICK_POSITIONS >> 2));
  store<i32>(LEFT, QUICK_STEPS);
  store<u32>(NEXT, from);
  store<u32>(LAST_END, 0);
  store<u32>(FOUND, 0);
  store<u32>(PHASE, Phase.SEARCH);
  return collect() == Outcome.MATCHED && load<i32>(LEFT) >= 0 ? load<i32>(FOUND) : -1;
}

/** Charges the fuel for matchQuickly. To be called once the native cannot end with RETRY or DEFER any more. */
export function payQuickly(): void {
  chargeFuel((QUICK_STEPS - load<i32>(LEFT)) >> PRICE);
}

/** Word i of the positions found; only before anything is allocated. */
// @ts-ignore: decorator
@inline
export function quickPosition(i: u32): u32 {
  return load<u32>(<usize>load<u32>(POSITIONS) + (<usize>i << 2));
}

/** Address of the positions found; only before anything is allocated. */
export function quickPositions(): usize {
  return <usize>load<u32>(POSITIONS);
}

/** A BYTES cell with the positions found. */
export function keepFound(): usize {
  return keep(<usize>load<u32>(POSITIONS), <usize>(load<u32>(FOUND) * load<u32>(GROUPS)) << 3);
}

// --- held ---------------------------------------------------------------------------------------------------------

const HELD_SLOTS: u32 = 7;
/** Words of the state before the registers. */
const STATE_WORDS: usize = 8;

// @ts-ignore: decorator
@inline
function internalSlot(object: usize, i: usize): usize {
  return object + INTERNAL_SIZE + (i << 3);
}

function heldShape(): usize {
  const known = intrinsic(Kept.HELD_MATCH_SHAPE);
  if (known != 0) return addressOf(known);
  const shape = newRootShape(0, INTERNAL_SIZE + (<usize>HELD_SLOTS << 3), 0, 0);
  store<u64>(intrinsicAddress(Kept.HELD_MATCH_SHAPE), boxCell(shape));
  return shape;
}

function stateBytes(program: usize, entries: usize): usize {
  return ((STATE_WORDS + <usize>load<u32>(headerOf(program), HEADER_REGISTERS) + 1) & ~1) * 4 + (entries << 3);
}

function newBytes(bytes: usize): usize {
  const cell = allocate(Kind.BYTES, BYTES_SIZE + bytes);
  store<u32>(cell, 0);
  store<u64>(cell, <u64>bytes, BYTES_LENGTH);
  memory.fill(cell + BYTES_SIZE, 0, bytes);
  return cell;
}

/** A separate copy of the program for a held match: sharing one would depend on the cache, and show in snapshots. */
function ownProgram(program: usize): usize {
  const bytes = <usize>load<u32>(program, BYTES_LENGTH);
  chargeFuel(<i32>(bytes >> 6));
  const own = newBytes(bytes);
  memory.copy(own + BYTES_SIZE, program + BYTES_SIZE, bytes);
  return own;
}

/** A match that can be held; 0: there is no memory for it now. */
export function newHeld(program: usize, s: usize, from: u32, mode: u32, most: u32): usize {
  const bytes = stateBytes(program, 64);
  if (!reserve(bytes + 512 + (<usize>groupsOf(program) << 5) + <usize>load<u32>(program, BYTES_LENGTH))) return 0;
  const held = newObjectOfShape(Kind.INTERNAL, heldShape());
  store<u32>(held, InternalClass.SUSPENDED_MATCH, INTERNAL_CLASS);
  store<u32>(held, HELD_SLOTS, INTERNAL_COUNT);
  store<u64>(internalSlot(held, 0), boxCell(ownProgram(program)));
  store<u64>(internalSlot(held, 1), boxString(s));
  const state = newBytes(bytes);
  store<u64>(internalSlot(held, 2), boxCell(state));
  store<u64>(internalSlot(held, 3), boxCell(newBytes(<usize>groupsOf(program) << 5)));
  store<u64>(internalSlot(held, 4), boxInt(0));
  store<u64>(internalSlot(held, 5), boxInt(<i32>mode));
  store<u64>(internalSlot(held, 6), boxInt(<i32>most));
  store<i32>(state + BYTES_SIZE + 16, PART);
  store<u32>(state + BYTES_SIZE + 24, from);
  return held;
}

function cellIn(held: usize, slot: usize): usize {
  return addressOf(load<u64>(internalSlot(held, slot)));
}
export function heldProgram(held: usize): usize {
  return cellIn(held, 0);
}
export function heldString(held: usize): usize {
  return cellIn(held, 1);
}
export function heldPositions(held: usize): usize {
  return cellIn(held, 3);
}
export function heldCount(held: usize): u32 {
  return <u32>asInt(load<u64>(internalSlot(held, 4)));
}

/** State words: pc · position · entries on the stack · start · steps left · phase · next · last end. */
function resume(held: usize): void {
  const program = heldProgram(held);
  open(program, heldString(held), <u32>asInt(load<u64>(internalSlot(held, 5))), <u32>asInt(load<u64>(internalSlot(held, 6))));
  const cell = cellIn(held, 2);
  const state = cell + BYTES_SIZE;
  const stack = state + stateBytes(program, 0);
  store<u32>(REGISTERS, <u32>(state + (STATE_WORDS << 2)));
  store<u32>(STACK, <u32>stack);
  store<u32>(STACK_LIMIT, <u32>(state + <usize>load<u32>(cell, BYTES_LENGTH)));
  store<u32>(PC, load<u32>(state));
  store<u32>(POSITION, load<u32>(state, 4));
  store<u32>(TOP, <u32>stack + (load<u32>(state, 8) << 3));
  store<u32>(START, load<u32>(state, 12));
  store<u32>(LEFT, load<u32>(state, 16));
  store<u32>(PHASE, load<u32>(state, 20));
  store<u32>(NEXT, load<u32>(state, 24));
  store<u32>(LAST_END, load<u32>(state, 28));
  store<u32>(FOUND, heldCount(held));
  const positions = heldPositions(held);
  store<u32>(POSITIONS, <u32>(positions + BYTES_SIZE));
  store<u32>(ROOM, load<u32>(positions, BYTES_LENGTH) >> 2);
}

function suspend(held: usize): void {
  const state = cellIn(held, 2) + BYTES_SIZE;
  store<u32>(state, load<u32>(PC));
  store<u32>(state, load<u32>(POSITION), 4);
  store<u32>(state, (load<u32>(TOP) - load<u32>(STACK)) >> 3, 8);
  store<u32>(state, load<u32>(START), 12);
  store<u32>(state, load<u32>(LEFT), 16);
  store<u32>(state, load<u32>(PHASE), 20);
  store<u32>(state, load<u32>(NEXT), 24);
  store<u32>(state, load<u32>(LAST_END), 28);
  store<u64>(internalSlot(held, 4), boxInt(load<i32>(FOUND)));
}

/** Gives a slot's BYTES cell twice the room; false: there is no memory for that now. */
function double(held: usize, slot: usize): bool {
  const old = cellIn(held, slot);
  const bytes = <usize>load<u32>(old, BYTES_LENGTH);
  const wanted = (bytes << 1) + 1024;
  if (!reserve(wanted + BYTES_SIZE)) return false;
  chargeFuel(<i32>(bytes >> 6));
  const cell = newBytes(wanted);
  memory.copy(cell + BYTES_SIZE, old + BYTES_SIZE, bytes);
  store<u64>(internalSlot(held, slot), boxCell(cell));
  return true;
}

export const enum Part {
  DONE = 0,
  MORE = 1,
  /** No memory: the native is to be run again. */
  SHORT = 2,
}

/** Runs one part of a held match, and charges for it afterwards. */
export function runPart(held: usize): Part {
  while (true) {
    resume(held);
    const outcome = collect();
    suspend(held);
    if (outcome == Outcome.MATCHED || outcome == Outcome.PAUSED) {
      chargeFuel((PART - load<i32>(LEFT)) >> PRICE);
      store<i32>(cellIn(held, 2) + BYTES_SIZE + 16, PART);
      return outcome == Outcome.MATCHED ? Part.DONE : Part.MORE;
    }
    if (!double(held, outcome == Outcome.FULL ? 2 : 3)) return Part.SHORT;
  }
  return Part.DONE;
}

// --- out of a snapshot --------------------------------------------------------------------------------------------

function isNumberUpTo(v: Value, most: i32): bool {
  return v >> 32 == 0xffffffff && <i32>(<u32>v) >= 0 && <i32>(<u32>v) <= most;
}

/** True if a held match that came out of a snapshot can be run. Its text is flat, as newHeld was given it: making it so later is not paid for. `steps`: the bitmap of its program's steps that isProgram made. */
export function isHeld(held: usize, steps: usize): bool {
  for (let slot: usize = 0; slot < 4; slot++) if (load<u64>(internalSlot(held, slot)) == UNDEFINED) return false;
  const program = heldProgram(held);
  const header = headerOf(program);
  if (kindOf(heldString(held)) == Kind.ROPE) return false;
  const length = <u32>lengthOf(heldString(held));
  const mode = load<u64>(internalSlot(held, 5));
  if (!isNumberUpTo(load<u64>(internalSlot(held, 4)), 0x7fffffff) || !isNumberUpTo(mode, 7) || !isNumberUpTo(load<u64>(internalSlot(held, 6)), 0x7fffffff)) return false;
  const positions = heldPositions(held);
  const words = load<u32>(positions, BYTES_LENGTH) >> 2;
  if (<u64>heldCount(held) * <u64>groupsOf(program) * 2 > <u64>words || (load<u32>(positions, BYTES_LENGTH) & 7) != 0) return false;
  for (let i: u32 = 0; i < heldCount(held) * groupsOf(program); i++) {
    const start = load<u32>(positions + BYTES_SIZE + (<usize>i << 3));
    const end = load<u32>(positions + BYTES_SIZE + (<usize>i << 3), 4);
    const isAbsent = i % groupsOf(program) != 0 && start == 0xffffffff;
    if (!isAbsent && (start > end || end > length)) return false;
  }
  const cell = cellIn(held, 2);
  const bytes = load<u32>(cell, BYTES_LENGTH);
  if ((bytes & 7) != 0 || bytes < <u32>stateBytes(program, 16)) return false;
  const state = cell + BYTES_SIZE;
  const entries = load<u32>(state, 8);
  if (<u64>entries << 3 > <u64>(bytes - <u32>stateBytes(program, 0)) || load<u32>(state, 20) > <u32>Phase.DONE) return false;
  // The step and the position of the machine mean something only while it runs.
  if (load<u32>(state, 20) == Phase.RUNNING && (!isStepAt(header, steps, load<u32>(state)) || load<u32>(state, 4) > length || load<u32>(state, 12) > length)) return false;
  if (load<i32>(state, 16) < -0x40000000 || load<i32>(state, 16) > PART) return false;
  const registers = state + (STATE_WORDS << 2);
  if (load<u32>(state, 20) == Phase.RECORD && (load<u32>(registers) > length || load<u32>(registers, 4) > length)) return false;
  return isStack(header, steps, state + stateBytes(program, 0), entries, length);
}
