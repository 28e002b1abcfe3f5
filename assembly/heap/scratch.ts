// Owns the free memory above the heap while a snapshot is written: regions and growing lists in it. Must never touch the heap;
// nothing here means anything once the writer has returned.
import { VM_MEMORY_END } from "../generated/layout";
import { ensureMemory, usesScratch } from "./memory";

const STATE: usize = memory.data(8, 8);

export function openSpace(from: usize): void {
  store<u32>(STATE, <u32>((from + 15) & ~15));
}

/** Takes a region of that many bytes; its content is arbitrary. */
export function takeSpace(bytes: usize): usize {
  const at = <usize>load<u32>(STATE);
  const end = (at + bytes + 15) & ~15;
  if (end + 64 > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + 64);
  store<u32>(STATE, <u32>end);
  usesScratch(end);
  return at;
}

// A list: address u32 · bytes used u32 · bytes it has room for u32.
export const LIST_SIZE: usize = 12;

export function openList(list: usize, bytes: usize): void {
  store<u32>(list, <u32>takeSpace(bytes));
  store<u32>(list, 0, 4);
  store<u32>(list, <u32>bytes, 8);
}

/** Empties a list; its room stays. */
export function clearList(list: usize): void {
  store<u32>(list, 0, 4);
}

// @ts-ignore: decorator
@inline
export function listStart(list: usize): usize {
  return <usize>load<u32>(list);
}
// @ts-ignore: decorator
@inline
export function listBytes(list: usize): u32 {
  return load<u32>(list, 4);
}

function growList(list: usize, needed: u32): void {
  let room = load<u32>(list, 8) << 1;
  while (room < needed) room <<= 1;
  const used = load<u32>(list, 4);
  const fresh = takeSpace(room);
  memory.copy(fresh, <usize>load<u32>(list), used);
  store<u32>(list, <u32>fresh);
  store<u32>(list, room, 8);
}

/** Address of `bytes` new bytes at the end of the list. */
// @ts-ignore: decorator
@inline
export function extendList(list: usize, bytes: u32): usize {
  const used = load<u32>(list, 4);
  if (used + bytes > load<u32>(list, 8)) growList(list, used + bytes);
  store<u32>(list, used + bytes, 4);
  return <usize>load<u32>(list) + used;
}

export function pushWord(list: usize, word: u32): void {
  store<u32>(extendList(list, 4), word);
}

/** Unsigned LEB128. */
export function putNumber(list: usize, n: u32): void {
  if (n < 128) {
    store<u8>(extendList(list, 1), <u8>n);
    return;
  }
  putLong(list, <u64>n);
}

export function putLong(list: usize, n: u64): void {
  let rest = n;
  const start = extendList(list, 10);
  let at = start;
  while (rest > 127) {
    store<u8>(at++, <u8>rest | 128);
    rest >>= 7;
  }
  store<u8>(at++, <u8>rest);
  store<u32>(list, load<u32>(list, 4) - 10 + <u32>(at - start), 4);
}

/** Zigzag form of a signed number. */
// @ts-ignore: decorator
@inline
export function zigzag(n: i64): u64 {
  return (<u64>n << 1) ^ <u64>(n >> 63);
}
