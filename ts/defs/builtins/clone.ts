// Owns the declaration of structuredClone.
import { type BuiltinFile, CONFIGURABLE, ENUMERABLE, method, WRITABLE } from "./rows.ts";

export const CLONE: BuiltinFile = {
  rows: [method("globalThis", "structuredClone", 1, "js", { attributes: WRITABLE | ENUMERABLE | CONFIGURABLE })],
  natives: [],
};
