// Owns the rows of Number. https://tc39.es/ecma262/#sec-number-objects
import { alias, constructor, method, object, value, type BuiltinFile } from "./rows.ts";

const P = "Number.prototype";

export const NUMBER: BuiltinFile = {
  rows: [
    // Is itself a wrapper, of +0.
    object(P, { kind: "PRIMITIVE", intrinsic: "NumberPrototype" }),
    constructor("Number", 1, "native+js"),
    method("Number", "isFinite", 1, "native"),
    method("Number", "isInteger", 1, "native"),
    method("Number", "isNaN", 1, "native"),
    method("Number", "isSafeInteger", 1, "native"),
    alias("Number", "parseFloat", "parseFloat"),
    alias("Number", "parseInt", "parseInt"),
    value("Number", "MAX_VALUE", Number.MAX_VALUE),
    value("Number", "MIN_VALUE", Number.MIN_VALUE),
    value("Number", "NaN", NaN),
    value("Number", "NEGATIVE_INFINITY", -Infinity),
    value("Number", "POSITIVE_INFINITY", Infinity),
    value("Number", "MAX_SAFE_INTEGER", Number.MAX_SAFE_INTEGER),
    value("Number", "MIN_SAFE_INTEGER", Number.MIN_SAFE_INTEGER),
    value("Number", "EPSILON", Number.EPSILON),
    method(P, "toExponential", 1, "native+js"),
    method(P, "toFixed", 1, "native+js"),
    method(P, "toPrecision", 1, "native+js"),
    method(P, "toString", 1, "native+js"),
    method(P, "valueOf", 0, "native"),
    method(P, "toLocaleString", 0, "js"),
  ],
  natives: ["thisNumber", "numberFormat", "sumPrecise"],
};
