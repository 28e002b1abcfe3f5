// Owns the programs that were compiled from strings at run time. They are held weakly, in a chain: a collection drops a program whose
// functions are all gone. Must never be asked about the other programs (link.ts).
import { POINTERS_COUNT, POINTERS_SIZE, PROGRAM_ID, PROGRAM_NEEDED, PROGRAM_NEXT, PROGRAM_SERIAL } from "../generated/kinds";
import { VM_EVALUATED, VM_PROGRAMS } from "../generated/layout";
import { addProgram } from "./link";

/** Adds a program under the number by which the wrapper knows it; the newest comes first. */
function addEvaluated(program: usize, serial: u32): void {
  store<u32>(program, serial, PROGRAM_SERIAL);
  store<u32>(program, load<u32>(VM_EVALUATED), PROGRAM_NEXT);
  store<u32>(VM_EVALUATED, <u32>program);
}

/** Address of the next older program (0: of the newest); 0 at the end. Addresses hold until the next collection. */
export function nextEvaluated(program: usize): usize {
  return program == 0 ? <usize>load<u32>(VM_EVALUATED) : <usize>load<u32>(program, PROGRAM_NEXT);
}

/** The number of a program; numbers begin with 1. */
export function evaluatedSerial(program: usize): u32 {
  return load<u32>(program, PROGRAM_SERIAL);
}

/** 1 if the last snapshot written needs that program. */
export function isNeeded(program: usize): u32 {
  return load<u32>(program, PROGRAM_NEEDED);
}

/**
 * For a snapshot: appends these programs to the others, oldest first, until `unpin` removes them; all of them, or those that the
 * last snapshot written needs. Returns how many.
 */
export function pinEvaluated(neededOnly: u32): u32 {
  let count: u32 = 0;
  for (let p = <usize>load<u32>(VM_EVALUATED); p != 0; p = <usize>load<u32>(p, PROGRAM_NEXT)) {
    if (neededOnly != 0 && load<u32>(p, PROGRAM_NEEDED) == 0) continue;
    addProgram(p);
    count++;
  }
  if (count == 0) return 0;
  const list = <usize>load<u32>(VM_PROGRAMS);
  let i = load<u32>(list, POINTERS_COUNT);
  for (let p = <usize>load<u32>(VM_EVALUATED); p != 0; p = <usize>load<u32>(p, PROGRAM_NEXT)) {
    if (neededOnly != 0 && load<u32>(p, PROGRAM_NEEDED) == 0) continue;
    i--;
    store<u32>(list + POINTERS_SIZE + (<usize>i << 2), <u32>p);
    store<u32>(p, i, PROGRAM_ID);
    store<u32>(p, 0, PROGRAM_NEEDED);
  }
  return count;
}

/** Removes the last `count` programs from the list. */
export function unpin(count: u32): void {
  if (count == 0) return;
  const list = <usize>load<u32>(VM_PROGRAMS);
  store<u32>(list, load<u32>(list, POINTERS_COUNT) - count, POINTERS_COUNT);
}

/** As unpin, but for programs that came out of a snapshot: they also join the chain, under the numbers from `serial` up. */
export function unpinAs(count: u32, serial: u32): void {
  const list = <usize>load<u32>(VM_PROGRAMS);
  unpin(count);
  for (let i: u32 = 0; i < count; i++) {
    addEvaluated(<usize>load<u32>(list + POINTERS_SIZE + (<usize>(load<u32>(list, POINTERS_COUNT) + i) << 2)), serial + i);
  }
}
