// Owns the question which registers of a frame may still be read. Must never keep a register alive that no instruction reads:
// snapshots must not depend on it.
import { jumpDistance } from "../bytecode/fuse";
import { liveAmong, liveInHandler, resetLiveness } from "../bytecode/liveness";
import { registerBits } from "../bytecode/operands";
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

/** The registers that the result writes for which the frame waits: bits of the 64 from `first` up (multiplied by 8). */
function awaited(code: usize, word: u32, mode: u32, kind: u32, destination: u32, first: u32): u64 {
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (mode == AFTER_WAIT) {
    const register = <u32>load<u16>(at, 2);
    // The first next() delivers no value.
    if (<i32>load<u16>(at) == Op.GENSTART) return 0;
    return registerBits(register, register + (<i32>load<u16>(at) == Op.AWAIT ? 8 : 16), first);
  }
  if (deliversTo(kind)) return registerBits(destination, destination + 8, first);
  if (kind == RecordKind.ITERATOR) return registerBits(destination, destination + 24, first);
  // FORNEXT writes its b, ITERSTEP its a, unless it is done.
  if (kind != RecordKind.NEXT || destination != 1) return 0;
  const register = <u32>load<u16>(at - 6);
  return registerBits(register, register + 8, first);
}

/** Which of the registers `wanted`, bits of the 64 from `first` up (multiplied by 8), will be read. */
function neededAmong(code: usize, word: u32, mode: u32, kind: u32, destination: u32, first: u32, wanted: u64): u64 {
  if (mode == AT_INSTRUCTION) return liveAmong(code, word, first, wanted);
  const before = mode == AFTER_WAIT ? word : word - 1;
  let needed = liveInHandler(code, before, first, wanted);
  let rest = wanted;
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (kind == RecordKind.BRANCH) {
    needed |= liveAmong(code, before + <u32>jumpDistance(<i32>load<u16>(at - 8), at - 8), first, rest & ~needed);
  } else if (kind == RecordKind.NEXT && destination == 0) {
    needed |= liveAmong(code, word - 2 + load<u32>(at - 8), first, rest & ~needed);
    const variable = <u32>load<u16>(at - 12);
    rest &= ~registerBits(variable, variable + 8, first);
  }
  rest &= ~awaited(code, word, mode, kind, destination, first);
  return needed | liveAmong(code, mode == AFTER_WAIT ? word + 1 : word, first, rest & ~needed);
}

// The registers needed at a place are computed once for all frames at it: {code u32 · word u32 · awaited result u32 · bits}, at the
// address that a slot for the place holds. A place whose slot was taken by another is computed again.
const SLOTS: u32 = 4096;
const PLACE_BITS: usize = 16;
const PLACES: usize = memory.data(4, 4);

/** Forgets all places; their memory may hold something else now. */
export function resetPlaces(): void {
  store<u32>(PLACES, 0);
  resetLiveness();
}

function makePlace(code: usize, word: u32, mode: u32, kind: u32, destination: u32, result: u32): usize {
  const registers = <u32>codeRegisters(code);
  const bytes = <usize>(registers + 63) >> 6 << 3;
  const place = takeSpace(PLACE_BITS + bytes);
  store<u32>(place, <u32>code);
  store<u32>(place, word, 4);
  store<u32>(place, result, 8);
  for (let r: u32 = 0; r < registers; r += 64) {
    const wanted = registerBits(fixedRegisters(code) << 3, registers << 3, r << 3);
    store<u64>(place + PLACE_BITS + (<usize>r >> 3), neededAmong(code, word, mode, kind, destination, r << 3, wanted));
  }
  return place;
}

/** Bits of the registers that are needed, from r0 up, without those that are always written. */
export function neededAt(code: usize, word: u32, mode: u32, kind: u32, destination: u32): usize {
  if (load<u32>(PLACES) == 0) {
    store<u32>(PLACES, <u32>takeSpace(SLOTS << 2));
    memory.fill(<usize>load<u32>(PLACES), 0, SLOTS << 2);
  }
  const result = (destination << 8) | (kind << 2) | mode;
  const hash = ((<u32>code >> 3) + word * 31 + result * 17) * 0x9e3779b1;
  const slot = <usize>load<u32>(PLACES) + (<usize>(hash >> 20) << 2);
  let place = <usize>load<u32>(slot);
  if (place == 0 || load<u32>(place) != <u32>code || load<u32>(place, 4) != word || load<u32>(place, 8) != result) {
    place = makePlace(code, word, mode, kind, destination, result);
    store<u32>(slot, <u32>place);
  }
  return place + PLACE_BITS;
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
