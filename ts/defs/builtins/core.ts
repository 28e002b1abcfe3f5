// Owns the list of natives that the prelude's abstract operations stand on. They are in assembly/builtins/core.ts and
// know ordinary objects only: for a proxy they answer the hole.
import type { BuiltinFile } from "./rows.ts";

export const CORE: BuiltinFile = {
  rows: [],
  natives: [
    // tests
    "isObject", "isCallable", "isConstructor", "isArray", "isArrayLength", "isProxy", "proxyTarget", "proxyHandler", "sameValue", "sameValueZero",
    // conversions of primitives
    "toNumberPrimitive", "toStringPrimitive", "toKeyPrimitive", "truncate", "clampLength", "toObject", "keyText", "describe",
    "addPrimitives", "looseEqualsPrimitives",
    // internal methods of ordinary objects
    "prototypeOfOrdinary", "setPrototypeOrdinary", "isExtensibleOrdinary", "preventExtensionsOrdinary", "getOwnOrdinary", "defineOrdinary",
    "hasOwnOrdinary", "hasOrdinary", "deleteOrdinary", "ownKeysOrdinary", "createDataOrdinary", "assignOrdinary", "getOrdinary",
    // what operators need
    "isInChain", "boundTarget", "forInKeysOrdinary", "forInHasOrdinary", "copyDataOrdinary", "appendPristine", "constructWithThis",
    // making
    "newObject", "newInternal", "isInternal", "slot", "setSlot", "newArray", "arrayAppend",
    // errors
    "throwTypeError", "throwRangeError", "throwSyntaxError", "throwReferenceError", "throwEvalError", "throwURIError",
  ],
};
