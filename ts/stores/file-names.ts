// Owns converting keys to file names that are safe on every file system, and back.
//
// Two keys must never share a file, even on a case-insensitive file system; no key may reach outside the folder.

import { createHash } from "node:crypto";

/** Extension of the files that hold snapshots. */
export const SNAPSHOT_ENDING = ".snapshot";
/** Extension of the files that hold the key of an entry whose name had to be shortened. */
export const KEY_ENDING = ".key";

// Leaves room for the longest suffix of a temporary file or lock: file systems allow 255 bytes.
const MAX_NAME_LENGTH = 180;
const HASHED_MARK = "~";
// Names that Windows reserves for devices, with any extension.
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

function escape(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Returns the file name (without extension) for a key. Upper case and dots are escaped, so extensions are always ours. */
export function nameOfKey(key: string): string {
  const name = key.replace(/[^a-z0-9_-]+/g, escape);
  if (name.length > MAX_NAME_LENGTH) return HASHED_MARK + createHash("sha256").update(key).digest("hex");
  return RESERVED.test(name) ? escape(name[0]!) + name.slice(1) : name;
}

/** Whether the key cannot be derived from the name, and is therefore stored in a file of its own. */
export function isHashedName(name: string): boolean {
  return name.startsWith(HASHED_MARK);
}

/** Returns the key of a name that is not hashed; undefined if no key has this name, so the file is not ours. */
export function keyOfName(name: string): string | undefined {
  let key;
  try {
    key = decodeURIComponent(name);
  } catch {
    return undefined;
  }
  return nameOfKey(key) === name ? key : undefined;
}
