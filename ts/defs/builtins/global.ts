// Owns the rows of the global object's functions (its values: realm.ts). https://tc39.es/ecma262/#sec-global-object
import { method, type BuiltinFile } from "./rows.ts";

const both = (key: string, length: number) => method("globalThis", key, length, "native+js");

export const GLOBAL: BuiltinFile = {
  rows: [
    method("globalThis", "eval", 1, "js"),
    both("isFinite", 1),
    both("isNaN", 1),
    both("parseFloat", 1),
    both("parseInt", 2),
    both("decodeURI", 1),
    both("decodeURIComponent", 1),
    both("encodeURI", 1),
    both("encodeURIComponent", 1),
    both("escape", 1),
    both("unescape", 1),
  ],
  natives: ["globalText"],
};
