// Owns the layout of linked code. Must never decode a program image (bytecode/link.ts) or run one (interpreter/).
//
//   CODE cell
//   +0   meta        0, or bits that a call must look at (below)
//   +8   fields      program, index, flags, registers, limits, name, … (ts/defs/kinds.ts)
//   +56  words       instructions and their extension words, registers multiplied by 8
//   tables:          (offset `tables` from the cell)
//        caches      16 bytes each: shape u32, offset i32, holder u32, epoch u32      weak
//        relocations u32 each: offset from the cell << 1 | 1 if the word holds a value, 0 if an address
//        handlers    16 bytes each: start u32, end u32, target u32 (byte offsets from the first word), register · 8
//        positions   u32 count, then {word u32, source offset u32} each
//        range       source start u32, source length u32 (objects/source-range.ts)
//
// A code cell of the base image is a *stub*: fields only, meta STUB. Once the function has been called (bytecode/prelude-code.ts),
// `tables` is the address of the loaded cell in the heap; before that it is 0.
import { addressOf } from "../core/value";
import {
  CODE_CACHES, CODE_HANDLERS, CODE_LIMITS, CODE_REGISTERS, CODE_RELOCATIONS, CODE_SIZE, CODE_TABLES, FUNCTION_CODE,
} from "../generated/kinds";

export const CODE_ENTRY: usize = CODE_SIZE;

/** CODE meta: a class constructor, which only `new` may call. */
export const NOT_CALLABLE: u32 = 1;
/** CODE meta: the prologue asks for surplus arguments (rest, arguments). */
export const USES_SURPLUS: u32 = 2;
/** CODE meta: it has no words. */
export const STUB: u32 = 4;
/** CODE meta: FUEL does not pay for all long straight-line code in it, so calls and back-edges pay for all they may run. */
export const PAYS_BY_LENGTH: u32 = 8;

export const CACHE_SIZE: usize = 16;
export const CACHE_SHAPE: usize = 0;
export const CACHE_OFFSET: usize = 4;
export const CACHE_HOLDER: usize = 8;
export const CACHE_EPOCH: usize = 12;
export const HANDLER_SIZE: usize = 16;

/** Number of registers a frame needs. */
// @ts-ignore: decorator
@inline
export function codeRegisters(code: usize): usize {
  return <usize>load<u16>(code, CODE_REGISTERS);
}
/** Number of registers after the parameters that a call clears. */
// @ts-ignore: decorator
@inline
export function codeClears(code: usize): usize {
  return <usize>load<u16>(code, CODE_REGISTERS + 2);
}
/** Number of parameters, which have the registers from r2 up. */
// @ts-ignore: decorator
@inline
export function codeParameters(code: usize): i32 {
  return <i32>load<u16>(code, CODE_LIMITS);
}
/** The `length` that guests see. */
// @ts-ignore: decorator
@inline
export function codeLength(code: usize): i32 {
  return <i32>load<u16>(code, CODE_LIMITS + 2);
}
export function cachesOf(code: usize): usize {
  return code + <usize>load<u32>(code, CODE_TABLES);
}
export function relocationsOf(code: usize): usize {
  return cachesOf(code) + <usize>load<u32>(code, CODE_CACHES) * CACHE_SIZE;
}
export function handlersOf(code: usize): usize {
  return relocationsOf(code) + ((<usize>load<u32>(code, CODE_RELOCATIONS) * 4 + 7) & ~7);
}
export function positionsOf(code: usize): usize {
  return handlersOf(code) + <usize>load<u32>(code, CODE_HANDLERS) * HANDLER_SIZE;
}

/** The code for a new closure: the loaded cell if there is one, else the stub. */
// @ts-ignore: decorator
@inline
export function knownCode(code: usize): usize {
  if ((load<u32>(code) & STUB) == 0) return code;
  const known = <usize>load<u32>(code, CODE_TABLES);
  return known == 0 ? code : known;
}

/** Code cell of the function running in the frame at fp. */
// @ts-ignore: decorator
@inline
export function frameCode(fp: usize): usize {
  return <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_CODE);
}
