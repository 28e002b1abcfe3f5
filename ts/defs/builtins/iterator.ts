// Owns the declaration of Iterator, its helpers and its wrappers.
import { accessor, alias, type BuiltinFile, CONFIGURABLE, constructor, method, object, value } from "./rows.ts";

const I = "Iterator.prototype";
const js = (key: string, length: number) => method(I, key, length, "js");

export const ITERATOR: BuiltinFile = {
  rows: [
    object(I, { intrinsic: "IteratorPrototype" }),
    // Its prototype's `constructor` is an accessor, for web compatibility.
    constructor("Iterator", 0, "js", { prototype: null }),
    alias("Iterator", "prototype", I, 0),
    accessor(I, "constructor", "js", "js", CONFIGURABLE),
    method("Iterator", "concat", 0, "js"),
    method("Iterator", "from", 1, "js"),
    method("Iterator", "zip", 1, "js"),
    method("Iterator", "zipKeyed", 1, "js"),
    js("chunks", 1), js("drop", 1), js("every", 1), js("filter", 1), js("find", 1), js("flatMap", 1), js("forEach", 1), js("includes", 1), js("map", 1),
    js("reduce", 1), js("some", 1), js("take", 1), js("toArray", 0), js("windows", 1),
    js("[Symbol.iterator]", 0), js("[Symbol.dispose]", 0),
    accessor(I, "[Symbol.toStringTag]", "js", "js", CONFIGURABLE),
    object("WrapForValidIteratorPrototype", { parent: I, intrinsic: "WrapForValidIteratorPrototype" }),
    method("WrapForValidIteratorPrototype", "next", 0, "js"),
    method("WrapForValidIteratorPrototype", "return", 0, "js"),
    object("IteratorHelperPrototype", { parent: I, intrinsic: "IteratorHelperPrototype" }),
    method("IteratorHelperPrototype", "next", 0, "js"),
    method("IteratorHelperPrototype", "return", 0, "js"),
    value("IteratorHelperPrototype", "[Symbol.toStringTag]", "Iterator Helper", CONFIGURABLE),
  ],
  natives: ["dropFirst"],
};
