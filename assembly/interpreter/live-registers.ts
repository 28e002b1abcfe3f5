// Owns the question which registers of a frame may still be read. Must never keep a register alive that no instruction reads:
// snapshots must not depend on it.
import { jumpDistance } from "../bytecode/fuse";
import { isLive, isLiveInHandler, resetLiveness } from "../bytecode/liveness";
import { UNDEFINED } from "../core/value";
import { CODE_FLAGS } from "../generated/kinds";
import { FunctionFlag, RecordKind } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { CODE_ENTRY, codeParameters, codeRegisters } from "../heap/code";
import { takeSpace } from "../heap/scratch";

/**
 * Number of registers that are always written: the function's own two, the parameters, and then the one in which a generator keeps
 * itself. Dead values in the other registers depend on when there was a collection.
 */
export function fixedRegisters(code: usize): u32 {
  const keeps: u32 = load<u32>(code, CODE_FLAGS) & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC) ? 1 : 0;
  return 2 + <u32>codeParameters(code) + keeps;
}

/** Where a frame continues. */
export const AT_INSTRUCTION: u32 = 0; // the instruction at its position has not begun
export const AFTER_CALL: u32 = 1; // its position is after the call; the record says where the result goes
export const AFTER_WAIT: u32 = 2; // it is suspended in a cell, at a one-word instruction that receives the result

/** Record kinds whose result goes to the register at `destination`. For a resumed generator, the kind is in its flags: see resultKind. */
function deliversTo(kind: u32): bool {
  return kind == RecordKind.CALL || kind == RecordKind.CONSTRUCT || kind == RecordKind.CONSTRUCT_DERIVED || kind == RecordKind.NOT || kind == RecordKind.BOOLEAN;
}

/** True if the register (multiplied by 8) is written by the result that the frame waits for. */
function isAwaited(code: usize, word: u32, mode: u32, kind: u32, destination: u32, register: u32): bool {
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (mode == AFTER_WAIT) {
    const first = <u32>load<u16>(at, 2);
    // The first next() delivers no value.
    if (<i32>load<u16>(at) == Op.GENSTART) return false;
    return register == first || (<i32>load<u16>(at) != Op.AWAIT && register == first + 8);
  }
  if (deliversTo(kind)) return register == destination;
  if (kind == RecordKind.ITERATOR) return register >= destination && register < destination + 24;
  // FORNEXT writes its b, ITERSTEP its a, unless it is done.
  return kind == RecordKind.NEXT && destination == 1 && register == <u32>load<u16>(at - 6);
}

/** True if the register will be read. */
function isNeeded(code: usize, word: u32, mode: u32, kind: u32, destination: u32, register: u32): bool {
  if (mode == AT_INSTRUCTION) return isLive(code, word, register);
  const before = mode == AFTER_WAIT ? word : word - 1;
  if (isLiveInHandler(code, before, register)) return true;
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (kind == RecordKind.BRANCH) {
    if (isLive(code, before + <u32>jumpDistance(<i32>load<u16>(at - 8), at - 8), register)) return true;
  } else if (kind == RecordKind.NEXT && destination == 0) {
    if (isLive(code, word - 2 + load<u32>(at - 8), register)) return true;
    if (register == <u32>load<u16>(at - 12)) return false;
  }
  if (isAwaited(code, word, mode, kind, destination, register)) return false;
  return isLive(code, mode == AFTER_WAIT ? word + 1 : word, register);
}

// The registers needed at a place are computed once for all frames at it: {code u32 · word u32 · awaited result u32 · bits}, at the
// address that a slot for the place holds. A place whose slot was taken by another is computed again.
const SLOTS: u32 = 4096;
const PLACES: usize = memory.data(4, 4);

/** Forgets all places; their memory may hold something else now. */
export function resetPlaces(): void {
  store<u32>(PLACES, 0);
  resetLiveness();
}

function makePlace(code: usize, word: u32, mode: u32, kind: u32, destination: u32, awaited: u32): usize {
  const registers = <u32>codeRegisters(code);
  const place = takeSpace(16 + (<usize>(registers + 31) >> 5 << 2));
  store<u32>(place, <u32>code);
  store<u32>(place, word, 4);
  store<u32>(place, awaited, 8);
  memory.fill(place + 12, 0, <usize>(registers + 31) >> 5 << 2);
  for (let r = fixedRegisters(code); r < registers; r++) {
    if (!isNeeded(code, word, mode, kind, destination, r << 3)) continue;
    const bits = place + 12 + (<usize>(r >> 5) << 2);
    store<u32>(bits, load<u32>(bits) | (1 << (r & 31)));
  }
  return place;
}

/** Bits of the registers that are needed, from r0 up, without those that are always written. */
export function neededAt(code: usize, word: u32, mode: u32, kind: u32, destination: u32): usize {
  if (load<u32>(PLACES) == 0) {
    store<u32>(PLACES, <u32>takeSpace(SLOTS << 2));
    memory.fill(<usize>load<u32>(PLACES), 0, SLOTS << 2);
  }
  const awaited = (destination << 8) | (kind << 2) | mode;
  const hash = ((<u32>code >> 3) + word * 31 + awaited * 17) * 0x9e3779b1;
  const slot = <usize>load<u32>(PLACES) + (<usize>(hash >> 20) << 2);
  let place = <usize>load<u32>(slot);
  if (place == 0 || load<u32>(place) != <u32>code || load<u32>(place, 4) != word || load<u32>(place, 8) != awaited) {
    place = makePlace(code, word, mode, kind, destination, awaited);
    store<u32>(slot, <u32>place);
  }
  return place + 12;
}

// @ts-ignore: decorator
@inline
export function isBit(bits: usize, r: u32): bool {
  return ((load<u32>(bits + (<usize>(r >> 5) << 2)) >> (r & 31)) & 1) != 0;
}

/** Clears the registers of a suspended frame that nothing will read, which a snapshot would leave out. */
export function clearDeadRegisters(at: usize, code: usize, word: u32): void {
  const registers = <u32>codeRegisters(code);
  const needed = neededAt(code, word, AFTER_WAIT, 0, 0);
  for (let r = fixedRegisters(code); r < registers; r++) if (!isBit(needed, r)) store<u64>(at + (<usize>r << 3), UNDEFINED);
}
