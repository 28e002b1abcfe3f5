// Owns what of the base image does not travel in the wasm because it follows from the rest: the hashes of interned strings, and the
// table of atoms. Must run once, in a memory that has the image without them and in which nothing else has happened.
import { ATOMTABLE_CAPACITY, ATOMTABLE_COUNT, ATOMTABLE_SIZE, Kind, STRING_FLAGS } from "../generated/kinds";
import { VM_ATOM_TABLE } from "../generated/layout";
import { kindOf, sizeOf } from "../heap/memory";
import { INTERNED } from "../strings/cells";
import { hashOf } from "../strings/string";

/** Completes the cells from `at` to `end`. What it charges and the VM block, then, are not to be kept. */
export function completeBase(at: usize, end: usize): void {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let count: u32 = 0;
  for (let cell = at; cell < end; cell += sizeOf(cell)) {
    if (kindOf(cell) != Kind.STRING || (load<u32>(cell, STRING_FLAGS) & INTERNED) == 0) continue;
    let i = hashOf(cell) & mask;
    while (load<u32>(table + ATOMTABLE_SIZE + ((<usize>i) << 2)) != 0) i = (i + 1) & mask;
    store<u32>(table + ATOMTABLE_SIZE + ((<usize>i) << 2), <u32>cell);
    count++;
  }
  store<u32>(table, count, ATOMTABLE_COUNT);
}
