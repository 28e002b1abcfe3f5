// Owns the rows of Math. https://tc39.es/ecma262/#sec-math-object
import { method, object, value, CONFIGURABLE, type BuiltinFile } from "./rows.ts";

const both = (key: string, length: number) => method("Math", key, length, "native+js");
const one = [
  "abs", "ceil", "floor", "round", "sqrt", "trunc", "clz32", "acos", "acosh", "asin", "asinh", "atan",
  "atanh", "cbrt", "cos", "cosh", "exp", "expm1", "fround", "f16round", "log", "log1p", "log10", "log2",
  "sign", "sin", "sinh", "tan", "tanh",
];

export const MATH: BuiltinFile = {
  rows: [
    object("Math", { intrinsic: "Math" }),
    ...one.map((key) => both(key, 1)),
    both("atan2", 2),
    both("pow", 2),
    both("imul", 2),
    both("max", 2),
    both("min", 2),
    both("hypot", 2),
    method("Math", "random", 0, "native"),
    method("Math", "sumPrecise", 1, "js"),
    value("Math", "E", Math.E),
    value("Math", "LN10", Math.LN10),
    value("Math", "LN2", Math.LN2),
    value("Math", "LOG10E", Math.LOG10E),
    value("Math", "LOG2E", Math.LOG2E),
    value("Math", "PI", Math.PI),
    value("Math", "SQRT1_2", Math.SQRT1_2),
    value("Math", "SQRT2", Math.SQRT2),
    value("Math", "[Symbol.toStringTag]", "Math", CONFIGURABLE),
  ],
  natives: ["mathUnary", "mathBinary", "mathList"],
};
