// Owns the declaration of Array and of array iterators.
import { alias, accessor, type BuiltinFile, CONFIGURABLE, constructor, ENUMERABLE, getter, method, object, value, WRITABLE } from "./rows.ts";

const ARRAY = "Array.prototype";
const js = (key: string, length: number) => method(ARRAY, key, length, "js");
const fast = (key: string, length: number) => method(ARRAY, key, length, "native+js");
void accessor;

/** Names that `with` does not see on arrays. https://tc39.es/ecma262/#sec-array.prototype-@@unscopables */
const UNSCOPABLES = [
  "at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast", "findLastIndex", "flat", "flatMap", "includes", "keys", "toReversed", "toSorted",
  "toSpliced", "values",
];

export const ARRAYS: BuiltinFile = {
  rows: [
    object(ARRAY, { kind: "ARRAY" }),
    constructor("Array", 1, "native+js"),
    method("Array", "from", 1, "js"),
    method("Array", "fromAsync", 1, "js"),
    method("Array", "isArray", 1, "native"),
    method("Array", "of", 0, "native+js"),
    getter("Array", "[Symbol.species]", "native+js"),
    fast("at", 1), fast("concat", 1), fast("copyWithin", 2), js("every", 1), fast("fill", 1), js("filter", 1), js("find", 1), js("findIndex", 1),
    js("findLast", 1), js("findLastIndex", 1), fast("flat", 0), js("flatMap", 1), js("forEach", 1), js("map", 1), fast("pop", 0), fast("push", 1),
    js("reduce", 1), js("reduceRight", 1), fast("reverse", 0), fast("shift", 0), fast("slice", 2), js("some", 1), js("sort", 1), fast("splice", 2),
    js("toLocaleString", 0), fast("toReversed", 0), js("toSorted", 1), fast("toSpliced", 2), js("toString", 0), fast("unshift", 1), fast("with", 2),
    object(`${ARRAY}[Symbol.unscopables]`, { parent: null }),
    ...UNSCOPABLES.map((name) => value(`${ARRAY}[Symbol.unscopables]`, name, true, WRITABLE | ENUMERABLE | CONFIGURABLE)),
    alias(ARRAY, "[Symbol.unscopables]", `${ARRAY}[Symbol.unscopables]`, CONFIGURABLE),
  ],
  natives: ["arrayCreate", "arrayLoop", "hasArraySpecies", "isPackedArray", "copyRange", "writeBack"],
};

export const ARRAY_SEARCH: BuiltinFile = {
  rows: [fast("includes", 1), fast("indexOf", 1), fast("join", 1), fast("lastIndexOf", 1)],
  natives: ["isEntered"],
};

export const ARRAY_SORT: BuiltinFile = {
  rows: [],
  natives: ["undefinedLast", "moveDown", "copyPart", "sortNumbers", "sortTexts"],
};

export const ARRAY_ITERATOR: BuiltinFile = {
  rows: [
    fast("keys", 0), fast("entries", 0), fast("values", 0),
    alias(ARRAY, "[Symbol.iterator]", `${ARRAY}.values`),
    object("ArrayIteratorPrototype", { parent: "Iterator.prototype", intrinsic: "ArrayIteratorPrototype" }),
    method("ArrayIteratorPrototype", "next", 0, "native+js"),
    value("ArrayIteratorPrototype", "[Symbol.toStringTag]", "Array Iterator", CONFIGURABLE),
  ],
  natives: ["newArrayIterator"],
};

/** assembly/builtins/iterables.ts */
export const ITERABLES: BuiltinFile = { rows: [], natives: ["listOfIterable"] };
