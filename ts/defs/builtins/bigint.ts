// Owns the rows of BigInt. https://tc39.es/ecma262/#sec-bigint-objects
import { constructor, method, object, value, CONFIGURABLE, type BuiltinFile } from "./rows.ts";

const P = "BigInt.prototype";

export const BIGINT: BuiltinFile = {
  rows: [
    object(P, { intrinsic: "BigIntPrototype" }),
    constructor("BigInt", 1, "native+js"),
    method("BigInt", "asIntN", 2, "js"),
    method("BigInt", "asUintN", 2, "js"),
    method(P, "toLocaleString", 0, "js"),
    method(P, "toString", 0, "native+js"),
    method(P, "valueOf", 0, "native"),
    value(P, "[Symbol.toStringTag]", "BigInt", CONFIGURABLE),
  ],
  natives: ["bigIntOf", "bigIntWrap", "bigIntToNumber", "thisBigInt", "bigIntFormat"],
};
