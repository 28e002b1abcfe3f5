// Owns a synchronous SHA-256, for the identity of programs and for seals. Hosts have one, but only as a promise.
// https://csrc.nist.gov/pubs/fips/180-4/upd1/final

import { hexOf } from "./hex.ts";

/** Fractions of the roots of the first 64 primes, made when first needed. */
let constants: { readonly k: Uint32Array; readonly h: Uint32Array } | undefined;

function makeConstants(): { readonly k: Uint32Array; readonly h: Uint32Array } {
  const k = new Uint32Array(64);
  const h = new Uint32Array(8);
  const fraction = (x: number): number => ((x - Math.floor(x)) * 0x1_0000_0000) >>> 0;
  let n = 0;
  for (let candidate = 2; n < 64; candidate++) {
    let isPrime = true;
    for (let d = 2; d * d <= candidate && isPrime; d++) isPrime = candidate % d !== 0;
    if (!isPrime) continue;
    if (n < 8) h[n] = fraction(Math.sqrt(candidate));
    k[n++] = fraction(Math.cbrt(candidate));
  }
  return { k, h };
}

function block(w: Uint32Array, k: Uint32Array, state: Uint32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** The message schedule, which is written anew for each block. */
const schedule = new Uint32Array(64);

/** SHA-256 of some bytes, as eight words. */
function digest(bytes: Uint8Array): Uint32Array {
  constants ??= makeConstants();
  const state = constants.h.slice();
  const w = schedule;
  const blocks = (bytes.length + 9 + 63) >>> 6;
  const tail = new Uint8Array(blocks * 64 - (bytes.length & ~63));
  tail.set(bytes.subarray(bytes.length & ~63));
  tail[bytes.length & 63] = 0x80;
  const length = new DataView(tail.buffer);
  length.setUint32(tail.length - 8, Math.floor(bytes.length / 0x2000_0000));
  length.setUint32(tail.length - 4, bytes.length << 3);
  const whole = bytes.length >>> 6;
  for (let n = 0; n < blocks; n++) {
    const source = n < whole ? bytes : tail;
    const from = n < whole ? n * 64 : (n - whole) * 64;
    for (let i = 0; i < 16; i++) {
      const at = from + 4 * i;
      w[i] = (source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!;
    }
    block(w, constants.k, state);
  }
  return state;
}

/** SHA-256 of some bytes, as 64 hex digits. */
export function sha256(bytes: Uint8Array): string {
  return hexOf(digestBytes(bytes));
}

function digestBytes(bytes: Uint8Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(32));
  digest(bytes).forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}

/** Bytes of a block of SHA-256. */
const BLOCK = 64;

/** Joins one block, which is the key XOR `pad`, and the parts after it. */
function padded(key: Uint8Array, pad: number, parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, BLOCK));
  for (let i = 0; i < BLOCK; i++) out[i] = (key[i] ?? 0) ^ pad;
  let at = BLOCK;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** HMAC-SHA-256 of some bytes in a row under a key of at most 64 bytes. https://www.rfc-editor.org/rfc/rfc2104 */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const inner = digestBytes(padded(key, 0x36, parts));
  return digestBytes(padded(key, 0x5c, [inner]));
}
