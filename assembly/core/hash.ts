// Owns the mixing of integers into hashes. Must never depend on an address: hashes of what a snapshot holds are the same in every process.

/** Mixes 32 bits: each bit of the result depends on all of `n`. The multipliers are those of https://github.com/skeeto/hash-prospector. */
// @ts-ignore: decorator
@inline
export function mix32(n: u32): u32 {
  let h = (n ^ (n >> 16)) * 0x7feb352d;
  h = (h ^ (h >> 15)) * 0x846ca68b;
  return h ^ (h >> 16);
}

/** Mixes 64 bits. https://prng.di.unimi.it/splitmix64.c */
export function mix64(n: u64): u64 {
  let h = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
  return h ^ (h >> 31);
}
