// Owns the rows of Function and Function.prototype (which every realm is built around: realm.ts). https://tc39.es/ecma262/#sec-function-objects
import { constructor, method, value, type BuiltinFile } from "./rows.ts";

const P = "Function.prototype";

export const FUNCTION: BuiltinFile = {
  rows: [
    constructor("Function", 1, "js"),
    method(P, "apply", 2, "native+js"),
    method(P, "bind", 1, "native+js"),
    method(P, "call", 1, "native"),
    method(P, "toString", 0, "native"),
    method(P, "[Symbol.hasInstance]", 1, "native+js", { attributes: 0, name: "[Symbol.hasInstance]" }),
    // https://tc39.es/proposal-decorator-metadata/
    value(P, "[Symbol.metadata]", null, 0),
  ],
  natives: ["makeBound"],
};
