// Owns copying and clearing a few bytes: engines leave the wasm code for memory.copy and memory.fill, which costs more than the bytes.
// Must never be used for ranges that overlap.

/** Above this many bytes the call is worth it. */
const FEW: usize = 96;

export function copyFew(to: usize, from: usize, bytes: usize): void {
  if (bytes > FEW) {
    memory.copy(to, from, bytes);
    return;
  }
  let at: usize = 0;
  for (; at + 8 <= bytes; at += 8) store<u64>(to + at, load<u64>(from + at));
  for (; at < bytes; at++) store<u8>(to + at, load<u8>(from + at));
}

/** Clears a multiple of eight bytes. */
export function clearFew(from: usize, bytes: usize): void {
  if (bytes > FEW) {
    memory.fill(from, 0, bytes);
    return;
  }
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(from + at, 0);
}
