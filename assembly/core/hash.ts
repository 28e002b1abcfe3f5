// Owns the mixing of integers into hashes. Must never depend on an address: hashes of what a snapshot holds are the same in every process.
// Tables that cost nothing to search have a secret of their machine in addition, so that keys that collide there cannot be chosen; the
// order of their entries must show nowhere.
import { VM_HASH_SEED } from "../generated/layout";

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

/** The odd factor of a new table for `bucketOf`; 1 while the base image is made. */
// @ts-ignore: decorator
@inline
export function secretFactor(): u32 {
  return load<u32>(VM_HASH_SEED) | 1;
}

/**
 * Place of a hash in a table of `size` places, a power of two above 1. With a secret odd factor two different hashes meet with a
 * probability of 2 / size at most (multiply-shift, https://doi.org/10.1006/jagm.1997.0873).
 */
// @ts-ignore: decorator
@inline
export function bucketOf(hash: u32, factor: u32, size: u32): u32 {
  return (hash * factor) >> (clz<u32>(size) + 1);
}

/** Mixes a number that is known outside, such as a counter, with the secret of this machine. */
// @ts-ignore: decorator
@inline
export function secretHash(n: u32): u32 {
  return mix32(n ^ load<u32>(VM_HASH_SEED));
}
