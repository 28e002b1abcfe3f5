// Owns the seal: snapshots that only those who have a key can read, change or make. Must never open what it cannot authenticate.
//
//   "FMX" version u8 · nonce (12 bytes) · AES-256-GCM-SIV of a snapshot, with its tag (16 bytes) at the end
//
// The nonce comes from the bytes, so that equal states give equal sealed bytes; GCM-SIV is made for nonces that may repeat
// (https://www.rfc-editor.org/rfc/rfc8452): what an observer learns is whether two snapshots are equal.

import { gcmsiv } from "@noble/ciphers/aes.js";
import { SnapshotError } from "../errors.ts";
import { sha256 } from "../vm/sha256.ts";

const MAGIC = Uint8Array.of(0x46, 0x4d, 0x58, 1);
const NONCE = 12;
const HEAD = MAGIC.length + NONCE;
const TAG = 16;
const KEY_BYTES = 32;

/** 32 bytes that nobody else has, such as `crypto.getRandomValues(new Uint8Array(32))`. */
export type SnapshotKey = Uint8Array;

function checkKey(key: unknown): SnapshotKey {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES)
    throw new TypeError(`the key of a snapshot is a Uint8Array of ${KEY_BYTES} bytes`);
  return key;
}

function isSealed(bytes: Uint8Array): boolean {
  // The version is looked at when the rest is.
  return bytes.length >= 3 && bytes[0] === MAGIC[0] && bytes[1] === MAGIC[1] && bytes[2] === MAGIC[2];
}

function nonceOf(bytes: Uint8Array): Uint8Array {
  const digest = sha256(bytes);
  return Uint8Array.from({ length: NONCE }, (_, i) => Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16));
}

/** The bytes under a key. */
export function seal(bytes: Uint8Array, key: SnapshotKey): Uint8Array<ArrayBuffer> {
  checkKey(key);
  const sealed = new Uint8Array(HEAD + bytes.length + TAG);
  const nonce = nonceOf(bytes);
  sealed.set(MAGIC);
  sealed.set(nonce, MAGIC.length);
  sealed.set(gcmsiv(key, nonce, MAGIC).encrypt(bytes), HEAD);
  return sealed;
}

/**
 * What is under the seal, for whoever has one of the keys (the newest first: older ones are for what was sealed before a
 * change of keys). Without keys: the bytes, if they are not sealed.
 *
 * @throws SnapshotError (`key`, `unsupported-version`, `truncated`), TypeError for what is no key
 */
export function unseal(bytes: Uint8Array, keys: SnapshotKey | readonly SnapshotKey[] | undefined): Uint8Array {
  const list = keys === undefined ? [] : keys instanceof Uint8Array ? [keys] : keys;
  if (!Array.isArray(list)) throw new TypeError("keys is a key or a list of keys");
  for (const key of list) checkKey(key);
  if (!isSealed(bytes)) {
    if (list.length > 0)
      throw new SnapshotError("key", "a key was given, but the snapshot is not sealed: anybody may have made it");
    return bytes;
  }
  if (list.length === 0) throw new SnapshotError("key", "the snapshot is sealed, and no key was given");
  if (bytes.length < HEAD + TAG) throw new SnapshotError("truncated", "the sealed snapshot ends too early");
  if (bytes[3] !== MAGIC[3])
    throw new SnapshotError("unsupported-version", `the seal is of version ${bytes[3]}, this build knows ${MAGIC[3]}`);
  const nonce = bytes.subarray(MAGIC.length, HEAD);
  for (const key of list) {
    try {
      return gcmsiv(key, nonce, MAGIC).decrypt(bytes.subarray(HEAD));
    } catch {
      // Another key's, or altered: which of the two cannot be told.
    }
  }
  throw new SnapshotError("key", "no key opens the snapshot: it was sealed with another one, or altered since");
}
