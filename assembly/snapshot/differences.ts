// Owns finding the parts of memory in which a machine differs from a fresh one, for checkpoints (ts/snapshot/checkpoint.ts). Must never
// write anything but the list of them.

/** Differences that are so near to each other are one. */
const NEAR: usize = 32;
const LINE: usize = 64;

// @ts-ignore: decorator
@inline
function differs(at: usize, copy: usize): u64 {
  return copy == 0 ? load<u64>(at) : load<u64>(at) ^ load<u64>(copy);
}

// @ts-ignore: decorator
@inline
function lineDiffers(at: usize, copy: usize): bool {
  if (copy == 0) return (load<u64>(at) | load<u64>(at, 8) | load<u64>(at, 16) | load<u64>(at, 24) | load<u64>(at, 32) | load<u64>(at, 40) | load<u64>(at, 48) | load<u64>(at, 56)) != 0;
  return ((load<u64>(at) ^ load<u64>(copy)) | (load<u64>(at, 8) ^ load<u64>(copy, 8)) | (load<u64>(at, 16) ^ load<u64>(copy, 16)) | (load<u64>(at, 24) ^ load<u64>(copy, 24)) |
    (load<u64>(at, 32) ^ load<u64>(copy, 32)) | (load<u64>(at, 40) ^ load<u64>(copy, 40)) | (load<u64>(at, 48) ^ load<u64>(copy, 48)) | (load<u64>(at, 56) ^ load<u64>(copy, 56))) != 0;
}

/**
 * Lists the runs of memory from `from` to `to` (multiples of 8) that differ from the bytes at `copy` (0: from zeros): {address u32, bytes u32}
 * each at `out`, where there must be 8 bytes for each 40 that are compared. Returns how many there are.
 */
export function differences(from: usize, to: usize, copy: usize, out: usize): u32 {
  let runs = out;
  let start: usize = 0;
  let end: usize = 0;
  for (let at = from; at < to;) {
    const other = copy == 0 ? 0 : copy + (at - from);
    if (at + LINE <= to && !lineDiffers(at, other)) {
      at += LINE;
      continue;
    }
    const stop = min(at + LINE, to);
    for (; at < stop; at += 8) {
      if (differs(at, copy == 0 ? 0 : copy + (at - from)) == 0) continue;
      if (end != 0 && at - end > NEAR) {
        store<u32>(runs, <u32>start);
        store<u32>(runs, <u32>(end - start), 4);
        runs += 8;
        start = at;
      } else if (end == 0) start = at;
      end = at + 8;
    }
  }
  if (end != 0) {
    store<u32>(runs, <u32>start);
    store<u32>(runs, <u32>(end - start), 4);
    runs += 8;
  }
  return <u32>(runs - out) >> 3;
}
