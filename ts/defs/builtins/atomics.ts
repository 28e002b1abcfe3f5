// Owns the declaration of SharedArrayBuffer and Atomics. https://tc39.es/ecma262/#sec-sharedarraybuffer-objects https://tc39.es/ecma262/#sec-atomics-object
import { alias, type BuiltinFile, CONFIGURABLE, constructor, getter, method, object, value } from "./rows.ts";

const B = "SharedArrayBuffer.prototype";
const OPERATIONS: readonly (readonly [key: string, length: number])[] = [
  ["add", 3], ["and", 3], ["compareExchange", 4], ["exchange", 3], ["isLockFree", 1], ["load", 2], ["notify", 3], ["or", 3], ["pause", 0], ["store", 3],
  ["sub", 3], ["wait", 4], ["waitAsync", 4], ["xor", 3],
];

export const ATOMICS: BuiltinFile = {
  rows: [
    object(B),
    constructor("SharedArrayBuffer", 1, "js"),
    getter("SharedArrayBuffer", "[Symbol.species]", "js"),
    getter(B, "byteLength", "js"),
    getter(B, "growable", "js"),
    getter(B, "maxByteLength", "js"),
    method(B, "grow", 1, "js"),
    method(B, "slice", 2, "js"),
    value(B, "[Symbol.toStringTag]", "SharedArrayBuffer", CONFIGURABLE),
    object("Atomics"),
    alias("globalThis", "Atomics", "Atomics"),
    ...OPERATIONS.map(([key, length]) => method("Atomics", key, length, "js")),
    value("Atomics", "[Symbol.toStringTag]", "Atomics", CONFIGURABLE),
    // Who waits by waitAsync (ts/prelude/atomics.js).
    object("AtomicsState", { parent: null, intrinsic: "AtomicsState" }),
  ],
  natives: [],
};
