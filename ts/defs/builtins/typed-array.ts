// Owns the declaration of typed arrays. https://tc39.es/ecma262/#sec-typedarray-objects
import { alias, type BuiltinFile, constructor, getter, method, object, value } from "./rows.ts";

const T = "TypedArray.prototype";
/** Sizes of elements by constructor, in the order of their numbers. */
const SIZES = {
  Int8Array: 1, Uint8Array: 1, Uint8ClampedArray: 1, Int16Array: 2, Uint16Array: 2, Int32Array: 4, Uint32Array: 4, Float16Array: 2, Float32Array: 4,
  Float64Array: 8, BigInt64Array: 8, BigUint64Array: 8,
};
const METHODS = {
  at: 1, copyWithin: 2, entries: 0, every: 1, fill: 1, filter: 1, find: 1, findIndex: 1, findLast: 1, findLastIndex: 1, forEach: 1, includes: 1, indexOf: 1,
  join: 1, keys: 0, lastIndexOf: 1, map: 1, reduce: 1, reduceRight: 1, reverse: 0, set: 1, slice: 2, some: 1, sort: 1, subarray: 2, toLocaleString: 0,
  toReversed: 0, toSorted: 1, values: 0, with: 2,
};

export const TYPED_ARRAY: BuiltinFile = {
  rows: [
    object(T),
    constructor("TypedArray", 0, "js", { global: false }),
    method("TypedArray", "from", 1, "js"),
    method("TypedArray", "of", 0, "js"),
    getter("TypedArray", "[Symbol.species]", "native"),
    getter(T, "buffer", "native"),
    getter(T, "byteLength", "native"),
    getter(T, "byteOffset", "native"),
    getter(T, "length", "native+js"),
    ...Object.entries(METHODS).map(([name, length]) => method(T, name, length, "js")),
    alias(T, "toString", "Array.prototype.toString"),
    alias(T, "[Symbol.iterator]", `${T}.values`),
    getter(T, "[Symbol.toStringTag]", "native"),
    ...Object.entries(SIZES).flatMap(([name, size]) => [
      object(`${name}.prototype`, { parent: T }),
      constructor(name, 3, "js", { parent: "TypedArray" }),
      value(name, "BYTES_PER_ELEMENT", size),
      value(`${name}.prototype`, "BYTES_PER_ELEMENT", size),
    ]),
  ],
  natives: ["typedKind", "typedName", "typedNameOf", "validateTyped", "typedArrayLengthOrHole", "typedFill", "typedMove", "typedStoreList", "typedSearch", "typedReverse", "typedSort"],
};
