// Owns the mark: a rough peak of memory use, if it was large, in one byte of every snapshot. Must never depend on how cells are laid out
// or when garbage was collected.
import { VM_KEPT_MARK } from "../generated/layout";

/** Smaller amounts of live memory, or of one allocation, are not noted. */
export const LARGE: u32 = 512 * 1024;
/** Largest mark there is: 1.5 GB. */
export const MOST_MARK: u32 = 59;

/** Bytes that a mark denotes: 2 or 3 times a power of two; 0: nothing has been noted. */
export function bytesOf(mark: u32): u32 {
  return mark == 0 ? 0 : (mark & 1 ? <u32>3 : <u32>2) << (mark >> 1);
}

/** Notes that so many bytes were alive. Garbage not yet collected makes the memory in use half as much again. */
export function noteKept(bytes: u32): void {
  if (bytes < LARGE) return;
  const used = bytes + (bytes >> 1);
  let mark = load<u32>(VM_KEPT_MARK);
  while (mark < MOST_MARK && bytesOf(mark) < used) mark++;
  store<u32>(VM_KEPT_MARK, mark);
}
