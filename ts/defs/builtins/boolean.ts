// Owns the rows of Boolean. https://tc39.es/ecma262/#sec-boolean-objects
import { constructor, method, object, type BuiltinFile } from "./rows.ts";

export const BOOLEAN: BuiltinFile = {
  rows: [
    // Is itself a wrapper, of false.
    object("Boolean.prototype", { kind: "PRIMITIVE", intrinsic: "BooleanPrototype" }),
    constructor("Boolean", 1, "native+js"),
    method("Boolean.prototype", "toString", 0, "native"),
    method("Boolean.prototype", "valueOf", 0, "native"),
  ],
  natives: ["newWrapper"],
};
