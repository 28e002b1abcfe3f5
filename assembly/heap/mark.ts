// Owns the mark of how much memory was in use at most, if that was much: a byte of every snapshot, so it is rough. Must never depend on how
// cells are laid out or when garbage was collected.
import { VM_KEPT_MARK } from "../generated/layout";

/** What is kept alive, or made at once, is noted from here on. */
export const LARGE: u32 = 512 * 1024;
/** Largest mark there is: 1.5 GB. */
export const MOST_MARK: u32 = 59;

/** Bytes that a mark stands for: 2 or 3 times a power of two; 0: nothing has been noted. */
export function bytesOf(mark: u32): u32 {
  return mark == 0 ? 0 : (mark & 1 ? <u32>3 : <u32>2) << (mark >> 1);
}

/** Notes that so many bytes were alive: with the garbage that a collector lets lie, half as much again was in use. */
export function noteKept(bytes: u32): void {
  if (bytes < LARGE) return;
  const used = bytes + (bytes >> 1);
  let mark = load<u32>(VM_KEPT_MARK);
  while (mark < MOST_MARK && bytesOf(mark) < used) mark++;
  store<u32>(VM_KEPT_MARK, mark);
}
