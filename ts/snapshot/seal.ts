// Owns the seal: only a holder of the key can read, change or make a sealed snapshot. Must never open bytes that it cannot
// authenticate.
//
//   "FMX" 2 · key id (8 bytes) · context tag (16) · expires f64 ms, 0: never · nonce (12) · AES-256-GCM-SIV of a snapshot, its tag last
//
// Everything before the ciphertext, and the context, is authenticated with it. The nonce is a keyed digest of all sealed data:
// equal states sealed with the same key and context give equal bytes, and without the key it cannot be used to verify a guess of
// the content. GCM-SIV tolerates nonces that repeat (https://www.rfc-editor.org/rfc/rfc8452). Seals of version 1 ("FMX" 1 · nonce
// (12) · ciphertext under the key itself) can be opened, but are no longer made.

import { gcmsiv } from "@noble/ciphers/aes.js";
import { hmac } from "../bytes/sha256.ts";
import { LAST_TIME } from "../defs/limits.ts";
import { SnapshotError } from "../errors.ts";

const MAGIC = Uint8Array.of(0x46, 0x4d, 0x58);
const VERSION = 2;
const NONCE = 12;
const TAG = 16;
const KEY_BYTES = 32;
const AT = { version: 3, keyId: 4, context: 12, expires: 28, nonce: 36, sealed: 48 } as const;
const OLD = { version: 1, nonce: 4, sealed: 16 } as const;

/** A secret of 32 bytes, such as `crypto.getRandomValues(new Uint8Array(32))`. */
export type SnapshotKey = Uint8Array;

/**
 * The context to which a sealed snapshot is bound besides its key: a tenant, a run, a generation. A string, bytes, or strings and
 * numbers by name (in any order). It is not stored, so `load` must be given the same context.
 */
export type SnapshotContext = string | Uint8Array | Readonly<Record<string, string | number>>;

/** Options for sealing a snapshot. */
export interface SealOptions {
  readonly key: SnapshotKey;
  readonly context?: SnapshotContext | undefined;
  readonly expires?: number | Date | undefined;
}

/** Requirements on a seal. */
export interface UnsealOptions {
  readonly keys?: SnapshotKey | readonly SnapshotKey[] | undefined;
  readonly context?: SnapshotContext | undefined;
}

const encoder = new TextEncoder();

// --- keys and contexts

/** Labels of the keys derived from a key, one for each purpose. */
const PURPOSES = {
  id: "fermata seal 2 id",
  context: "fermata seal 2 context",
  nonce: "fermata seal 2 nonce",
  cipher: "fermata seal 2 cipher",
};

function derived(key: SnapshotKey, purpose: keyof typeof PURPOSES): Uint8Array {
  return hmac(key, encoder.encode(PURPOSES[purpose]));
}

function checkKey(key: unknown): SnapshotKey {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES)
    throw new TypeError(`key must be a Uint8Array of ${KEY_BYTES} bytes`);
  return key;
}

function keyId(key: SnapshotKey): Uint8Array {
  return derived(key, "id").subarray(0, AT.context - AT.keyId);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Encodes a context. Different contexts have different bytes; without a context there are no bytes. */
function contextBytes(context: SnapshotContext | undefined): Uint8Array {
  if (context === undefined) return new Uint8Array(0);
  if (context instanceof Uint8Array) return joined(Uint8Array.of(1), context);
  if (typeof context === "string") return encoder.encode(`2${JSON.stringify(context)}`);
  if (typeof context !== "object" || context === null || Array.isArray(context))
    throw new TypeError("context must be a string, bytes, or an object of strings and numbers");
  // The entries of a Map, and what a class keeps to itself, are no properties: contexts that differ only in those would be one.
  const prototype: unknown = Object.getPrototypeOf(context);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError("context must be a string, bytes, or a plain object: not one of a class, such as a Map");
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of entries) {
    if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value)))
      throw new TypeError(`context.${name} must be a string or a number`);
  }
  return encoder.encode(`3${JSON.stringify(entries)}`);
}

function contextTag(key: SnapshotKey, nonce: Uint8Array, context: Uint8Array): Uint8Array {
  return hmac(derived(key, "context"), nonce, context).subarray(0, AT.expires - AT.context);
}

/** Compares in constant time, wherever the bytes differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

// --- sealing

function expiryOf(expires: number | Date | undefined): number {
  if (expires === undefined) return 0;
  const at = Number(expires);
  if (!(at > 0 && at <= LAST_TIME)) throw new RangeError("expires must be a Date or milliseconds since 1970");
  return at;
}

/**
 * Seals bytes with a key.
 *
 * @throws TypeError, RangeError for invalid options
 */
export function seal(bytes: Uint8Array, options: SealOptions): Uint8Array<ArrayBuffer> {
  const key = checkKey(options.key);
  const context = contextBytes(options.context);
  const sealed = new Uint8Array(AT.sealed + bytes.length + TAG);
  sealed.set(MAGIC);
  sealed[AT.version] = VERSION;
  sealed.set(keyId(key), AT.keyId);
  const expires = sealed.subarray(AT.expires, AT.nonce);
  new DataView(sealed.buffer).setFloat64(AT.expires, expiryOf(options.expires), true);
  const length = new Uint8Array(new Float64Array([context.length]).buffer);
  const nonce = hmac(derived(key, "nonce"), expires, length, context, bytes).subarray(0, NONCE);
  sealed.set(nonce, AT.nonce);
  sealed.set(contextTag(key, nonce, context), AT.context);
  // The head is authenticated, followed by the context.
  const head = joined(sealed.subarray(0, AT.sealed), context);
  sealed.set(gcmsiv(derived(key, "cipher"), nonce, head).encrypt(bytes), AT.sealed);
  return sealed;
}

// --- opening

function isSealed(bytes: Uint8Array): boolean {
  // The version is checked later, with the rest.
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Opens a seal with this key; undefined: it was sealed with another key. */
function opened(
  bytes: Uint8Array,
  key: Uint8Array,
  at: { nonce: number; sealed: number },
  head: Uint8Array,
): Uint8Array | undefined {
  try {
    return gcmsiv(key, bytes.subarray(at.nonce, at.nonce + NONCE), head).decrypt(bytes.subarray(at.sealed));
  } catch {
    return undefined;
  }
}

function unsealOld(bytes: Uint8Array, keys: readonly SnapshotKey[], context: Uint8Array): Uint8Array {
  for (const key of keys) {
    const plain = opened(bytes, key, OLD, bytes.subarray(0, OLD.nonce));
    if (plain === undefined) continue;
    if (context.length > 0)
      throw new SnapshotError(
        "context",
        "the snapshot has a seal of version 1, which has no context: load it without `context`",
      );
    return plain;
  }
  throw new SnapshotError(
    "key",
    "none of the keys opens the snapshot: it was sealed with another key, or altered since",
  );
}

function unsealNew(bytes: Uint8Array, keys: readonly SnapshotKey[], context: Uint8Array): Uint8Array {
  const id = bytes.subarray(AT.keyId, AT.context);
  const key = keys.find((one) => isSame(keyId(one), id));
  if (key === undefined)
    throw new SnapshotError(
      "key",
      `the snapshot was sealed with another key (id ${hex(id)}), which is not among the keys given`,
    );
  const nonce = bytes.subarray(AT.nonce, AT.sealed);
  if (!isSame(contextTag(key, nonce, context), bytes.subarray(AT.context, AT.expires)))
    throw new SnapshotError("context", "the snapshot was sealed for another context");
  const plain = opened(bytes, derived(key, "cipher"), AT, joined(bytes.subarray(0, AT.sealed), context));
  if (plain === undefined) throw new SnapshotError("altered", "the snapshot was altered after it was sealed");
  const expires = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(AT.expires, true);
  if (expires !== 0 && !(Date.now() < expires))
    throw new SnapshotError("expired", `the sealed snapshot expired at ${new Date(expires).toISOString()}`);
  return plain;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Opens a seal with one of the keys. If `keys` (even an empty list) or a context is given, a seal is required; otherwise unsealed
 * bytes are returned as they are.
 *
 * @throws SnapshotError (`key`, `context`, `altered`, `expired`, `unsealed`, `unsupported-version`, `truncated`), TypeError for an
 * invalid key or context. An error about the head reports what the head says: an attacker who alters the head can choose which
 * error, and no more.
 */
export function unseal(bytes: Uint8Array, { keys, context }: UnsealOptions): Uint8Array {
  const list: unknown = keys === undefined ? [] : keys instanceof Uint8Array ? [keys] : keys;
  if (!Array.isArray(list)) throw new TypeError("keys must be a key or an array of keys");
  const checked = list.map(checkKey);
  const bound = contextBytes(context);
  if (!isSealed(bytes)) {
    if (keys === undefined && context === undefined) return bytes;
    throw new SnapshotError(
      "unsealed",
      "the snapshot is not sealed, but a seal is required because `keys` or `context` was given",
    );
  }
  if (checked.length === 0) throw new SnapshotError("key", "the snapshot is sealed: give its key as `keys`");
  const version = bytes[AT.version];
  if (version === OLD.version && bytes.length >= OLD.sealed + TAG) return unsealOld(bytes, checked, bound);
  if (bytes.length < AT.sealed + TAG) throw new SnapshotError("truncated", "the sealed snapshot is truncated");
  if (version !== VERSION)
    throw new SnapshotError(
      "unsupported-version",
      `the seal has version ${version}; this build reads version ${VERSION}`,
    );
  return unsealNew(bytes, checked, bound);
}
