// Owns reading programs from the base image. Must never interpret any other cells.

import { KIND, POINTERS_SIZE, PROGRAM_COUNT, PROGRAM_FUNCTIONS, PROGRAM_ID } from "../generated/machine.ts";

/** Kind and size in bytes of the cell whose second word this is. */
export function kindAndSize(header: number): { readonly kind: number; readonly size: number } {
  return { kind: header >>> 24, size: (header & 0xff_ffff) * 8 };
}

/** Addresses of the programs of the prelude by id, from the cells of a base image that starts at `start`. */
export function programsOf(cells: Uint8Array, start: number): Map<number, number> {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  const programs = new Map<number, number>();
  for (let at = 0; at < cells.length;) {
    const { kind, size } = kindAndSize(view.getUint32(at + 4, true));
    if (kind === KIND.PROGRAM) programs.set(view.getUint32(at + PROGRAM_ID, true), start + at);
    at += size;
  }
  return programs;
}

/** Where the code of a program lies: address of each function's CODE cell. */
export function codesOf(u32: Uint32Array, program: number): Uint32Array {
  const functions = (u32[(program + PROGRAM_FUNCTIONS) >>> 2]! + POINTERS_SIZE) >>> 2;
  return u32.subarray(functions, functions + u32[(program + PROGRAM_COUNT) >>> 2]!);
}
