// Owns how the loop and its slow paths read an instruction: its fields, the registers they name, its jumps. Must never be a call in the
// built wasm: everything here is inlined, and reads each field once.
//
//   instruction   +0 opcode u16 · +2 a u16 · +4 b u16 · +6 c u16      extension   +8 x u32 or k u64 · +12 cache or distance
//
// A field that names a register holds its offset from fp in bytes: the linker multiplies once, so that the loop never does.
import { Value } from "../core/value";
import { VM_FP, VM_PC } from "../generated/layout";

// @ts-ignore: decorator
@inline
export function opcode(pc: usize): i32 {
  return <i32>load<u16>(pc);
}

// @ts-ignore: decorator
@inline
export function fieldA(pc: usize): u32 {
  return <u32>load<u16>(pc, 2);
}

// @ts-ignore: decorator
@inline
export function fieldB(pc: usize): u32 {
  return <u32>load<u16>(pc, 4);
}

// @ts-ignore: decorator
@inline
export function fieldC(pc: usize): u32 {
  return <u32>load<u16>(pc, 6);
}

/** Field c as a signed number: the immediate operand of ADDI and its relatives. */
// @ts-ignore: decorator
@inline
export function immediate(pc: usize): i32 {
  return <i32>load<i16>(pc, 6);
}

// @ts-ignore: decorator
@inline
export function wideImmediate(pc: usize): i64 {
  return <i64>load<i16>(pc, 6);
}

/** The word after the instruction: the address of a constant (an atom, code), or a number. */
// @ts-ignore: decorator
@inline
export function fieldX(pc: usize): usize {
  return <usize>load<u32>(pc, 8);
}

/** The inline cache of a property access: the extension holds its distance from the instruction. */
// @ts-ignore: decorator
@inline
export function cacheOf(pc: usize): usize {
  return pc + <usize>load<u32>(pc, 12);
}

/** The address of register a, b or c. */
// @ts-ignore: decorator
@inline
export function atA(pc: usize, fp: usize): usize {
  return fp + <usize>load<u16>(pc, 2);
}

// @ts-ignore: decorator
@inline
export function atB(pc: usize, fp: usize): usize {
  return fp + <usize>load<u16>(pc, 4);
}


// @ts-ignore: decorator
@inline
export function atC(pc: usize, fp: usize): usize {
  return fp + <usize>load<u16>(pc, 6);
}

/** The value in register a, b or c. */
// @ts-ignore: decorator
@inline
export function regA(pc: usize, fp: usize): Value {
  return load<u64>(fp + <usize>load<u16>(pc, 2));
}

// @ts-ignore: decorator
@inline
export function regB(pc: usize, fp: usize): Value {
  return load<u64>(fp + <usize>load<u16>(pc, 4));
}

// @ts-ignore: decorator
@inline
export function regC(pc: usize, fp: usize): Value {
  return load<u64>(fp + <usize>load<u16>(pc, 6));
}

/** The distance of a jump (JMP, JT, …) in bytes. */
// @ts-ignore: decorator
@inline
export function distance(pc: usize): usize {
  return <usize>(<isize>load<i32>(pc, 4) << 3);
}

/** How far a comparison goes that takes the branch of the JT or JF fused with it; without it, it goes past both. */
// @ts-ignore: decorator
@inline
export function fusedTarget(pc: usize): usize {
  return <usize>(8 + (<isize>load<i32>(pc, 12) << 3));
}

/** How far a comparison goes that takes the branch of the LOOPT fused with it. */
// @ts-ignore: decorator
@inline
export function fusedLoopTarget(pc: usize): usize {
  return <usize>(8 + (<isize>load<i16>(pc, 14) << 3));
}

/** Puts pc and fp where what runs outside the loop finds them. */
// @ts-ignore: decorator
@inline
export function saveRegisters(pc: usize, fp: usize): void {
  store<u32>(VM_PC, <u32>pc);
  store<u32>(VM_FP, <u32>fp);
}
