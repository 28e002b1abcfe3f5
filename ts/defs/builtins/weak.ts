// Owns the declaration of WeakMap, WeakSet, WeakRef and FinalizationRegistry.
import { type BuiltinFile, CONFIGURABLE, constructor, method, object, value } from "./rows.ts";

const M = "WeakMap.prototype";
const S = "WeakSet.prototype";
const R = "WeakRef.prototype";
const F = "FinalizationRegistry.prototype";

export const WEAK: BuiltinFile = {
  rows: [
    object(M, { intrinsic: "WeakMapPrototype" }),
    constructor("WeakMap", 0, "native+js"),
    method(M, "delete", 1, "native"),
    method(M, "get", 1, "native"),
    method(M, "set", 2, "native"),
    method(M, "has", 1, "native"),
    method(M, "getOrInsert", 2, "native"),
    method(M, "getOrInsertComputed", 2, "js"),
    value(M, "[Symbol.toStringTag]", "WeakMap", CONFIGURABLE),
    object(S, { intrinsic: "WeakSetPrototype" }),
    constructor("WeakSet", 0, "native+js"),
    method(S, "delete", 1, "native"),
    method(S, "has", 1, "native"),
    method(S, "add", 1, "native"),
    value(S, "[Symbol.toStringTag]", "WeakSet", CONFIGURABLE),
    object(R, { intrinsic: "WeakRefPrototype" }),
    constructor("WeakRef", 1, "js"),
    method(R, "deref", 0, "native"),
    value(R, "[Symbol.toStringTag]", "WeakRef", CONFIGURABLE),
    object(F, { intrinsic: "FinalizationRegistryPrototype" }),
    constructor("FinalizationRegistry", 1, "js"),
    method(F, "register", 2, "js"),
    method(F, "unregister", 1, "js"),
    value(F, "[Symbol.toStringTag]", "FinalizationRegistry", CONFIGURABLE),
  ],
  natives: ["createWeakRef", "isWeakKey", "weakSetEntry"],
};
