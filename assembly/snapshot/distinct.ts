// Owns the test that keys are all different, even if an attacker chose them: they are hashed with a number that the host drew for this
// one snapshot, so nothing chosen in advance collides. Works in the free memory above the heap: must never be used when something may be
// allocated in between.
import { mix64 } from "../core/hash";
import { BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, Kind } from "../generated/kinds";
import { VM_HEAP_TOP } from "../generated/layout";
import { ensureMemory, kindOf, usesScratch } from "../heap/memory";
import { sameBigInt } from "../primitives/convert";
import { flagsOf, lengthOf, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { equals } from "../strings/string";

const STATE: usize = memory.data(40, 8);
/** Factor and summand of a multiplicative hash (u64), base of polynomials. */
const FACTOR: usize = STATE;
const SUMMAND: usize = STATE + 8;
const BASE: usize = STATE + 16;
/** The set: {code u64, cell u32, used u32} each; the shift that makes a place of a hash. */
const SET: usize = STATE + 20;
const SHIFT: usize = STATE + 24;

/** Number of keys that had the code of a different key, and how many are allowed. */
const ALIKE: usize = STATE + 28;
const MAX_ALIKE: usize = STATE + 32;

const ENTRY: usize = 16;
const PRIME: u64 = 0x7fffffff;

export function openSecret(secret: u32): void {
  const seed = <u64>secret * 0x9e3779b97f4a7c15;
  store<u64>(FACTOR, mix64(seed) | 1);
  store<u64>(SUMMAND, mix64(seed + 0x9e3779b97f4a7c15));
  store<u32>(BASE, <u32>(mix64(seed + 2 * 0x9e3779b97f4a7c15) % (PRIME - 0x10000)) + 0x10000);
}

/**
 * Opens an empty set with room for `count` keys. At most half full; the place is the top bits of code × FACTOR + SUMMAND, which no author
 * of a snapshot can predict.
 */
export function openDistinct(count: u32): void {
  let bits: u32 = 3;
  while (<u64>1 << bits < <u64>count << 1) bits++;
  const at = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  const bytes = ENTRY << bits;
  ensureMemory(at + bytes);
  usesScratch(at + bytes);
  memory.fill(at, 0, bytes);
  store<u32>(SET, <u32>at);
  store<u32>(SHIFT, 64 - bits);
  store<u32>(ALIKE, 0);
  store<u32>(MAX_ALIKE, count << 4);
}

// @ts-ignore: decorator
@inline
function step(h: u64, base: u64, unit: u64): u64 {
  return (h * base + unit + 1) % PRIME;
}

/** Keyed hash of the content of a flat string, a slice or a bigint: never 0, below 2^31. */
export function contentCode(cell: usize): u32 {
  const base = <u64>load<u32>(BASE);
  let h: u64 = 1;
  if (kindOf(cell) == Kind.BIGINT) {
    h += <u64>load<u32>(cell, BIGINT_SIGN);
    const end = cell + BIGINT_SIZE + (<usize>load<u32>(cell, BIGINT_LENGTH) << 2);
    for (let at = cell + BIGINT_SIZE; at < end; at += 2) h = step(h, base, <u64>load<u16>(at));
    return <u32>h + 1;
  }
  const chars = charsOf(cell);
  const length = <usize>lengthOf(cell);
  if (flagsOf(cell) & TWO_BYTE) for (let i: usize = 0; i < length; i++) h = step(h, base, <u64>load<u16>(chars + (i << 1)));
  else for (let i: usize = 0; i < length; i++) h = step(h, base, <u64>load<u8>(chars + i));
  return <u32>h + 1;
}

function sameContent(a: usize, b: usize): bool {
  if (a == b) return true;
  if ((kindOf(a) == Kind.BIGINT) != (kindOf(b) == Kind.BIGINT)) return false;
  return kindOf(a) == Kind.BIGINT ? sameBigInt(a, b) : equals(a, b);
}

/** True if isDistinct gave up because too many different keys had equal codes. */
export function tooManyAlike(): bool {
  return load<u32>(ALIKE) > load<u32>(MAX_ALIKE);
}

/** True if the entry with the same code holds a different key. */
function isOther(entry: usize, cell: usize): bool {
  if (cell == 0 || sameContent(<usize>load<u32>(entry, 8), cell)) return false;
  store<u32>(ALIKE, load<u32>(ALIKE) + 1);
  return !tooManyAlike();
}

/**
 * Adds a key to the set. False: it is there already, or tooManyAlike. cell: 0 if the code alone identifies the key, else the
 * string or bigint of which the code is a hash.
 */
export function isDistinct(code: u64, cell: usize): bool {
  const shift = load<u32>(SHIFT);
  const mask = (<u64>1 << (64 - shift)) - 1;
  let i = (code * load<u64>(FACTOR) + load<u64>(SUMMAND)) >> <u64>shift;
  while (true) {
    const at = <usize>load<u32>(SET) + <usize>i * ENTRY;
    if (load<u32>(at, 12) == 0) {
      store<u64>(at, code);
      store<u32>(at, <u32>cell, 8);
      store<u32>(at, 1, 12);
      return true;
    }
    if (load<u64>(at) == code && (load<u32>(at, 8) == 0) == (cell == 0) && !isOther(at, cell)) return false;
    i = (i + 1) & mask;
  }
  return true;
}
