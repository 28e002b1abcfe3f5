// Owns the rows of Symbol and Symbol.prototype.
// https://tc39.es/ecma262/#sec-symbol-objects
import { WELL_KNOWN_SYMBOLS } from "../atoms.ts";
import { alias, constructor, getter, method, object, value, CONFIGURABLE, type BuiltinFile } from "./rows.ts";

const P = "Symbol.prototype";

export const SYMBOL: BuiltinFile = {
  rows: [
    object(P, { intrinsic: "SymbolPrototype" }),
    constructor("Symbol", 0, "native+js"),
    method("Symbol", "for", 1, "native+js"),
    method("Symbol", "keyFor", 1, "native"),
    ...WELL_KNOWN_SYMBOLS.map((name) => alias("Symbol", name, `@@${name}`, 0)),
    method(P, "toString", 0, "native"),
    method(P, "valueOf", 0, "native"),
    getter(P, "description", "native"),
    value(P, "[Symbol.toStringTag]", "Symbol", CONFIGURABLE),
    method(P, "[Symbol.toPrimitive]", 1, "native", { attributes: CONFIGURABLE, name: "[Symbol.toPrimitive]" }),
  ],
  natives: ["makeSymbol", "registeredSymbol", "knownSymbol"],
};
