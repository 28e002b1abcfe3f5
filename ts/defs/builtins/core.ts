// Owns the lists of natives on which the prelude's abstract operations are built.
import type { BuiltinFile } from "./rows.ts";

/** assembly/builtins/core.ts */
export const CORE: BuiltinFile = {
  rows: [],
  natives: [
    // tests
    "isObject",
    "isCallable",
    "isConstructor",
    "isArray",
    "isArrayLength",
    "isProxy",
    "proxyTarget",
    "proxyHandler",
    "sameValue",
    "sameValueZero",
    // conversions of primitives
    "toNumberPrimitive",
    "toStringPrimitive",
    "toKeyPrimitive",
    "truncate",
    "clampLength",
    "toObject",
    "keyText",
    "describe",
    "typedText",
    "notIterableText",
    "addPrimitives",
    "looseEqualsPrimitives",
    // making
    "newObject",
    "newInternal",
    "isInternal",
    "slot",
    "setSlot",
    "newArray",
    "arrayAppend",
    // errors
    "throwTypeError",
    "throwRangeError",
    "throwSyntaxError",
    "throwReferenceError",
    "throwEvalError",
    "throwURIError",
  ],
};

/** assembly/builtins/ordinary.ts: they handle only ordinary objects and return the hole for a proxy. */
export const ORDINARY: BuiltinFile = {
  rows: [],
  natives: [
    // internal methods
    "prototypeOfOrdinary",
    "setPrototypeOrdinary",
    "isExtensibleOrdinary",
    "preventExtensionsOrdinary",
    "getOwnOrdinary",
    "defineOrdinary",
    "hasOwnOrdinary", "isUnconstrained",
    "hasOrdinary",
    "deleteOrdinary",
    "ownKeysOrdinary",
    "createDataOrdinary",
    "assignOrdinary",
    "getOrdinary",
    "isElement",
    // what operators need
    "isInChain",
    "boundTarget",
    "forInKeysOrdinary",
    "forInHasOrdinary",
    "copyDataOrdinary",
    "appendPristine",
    "constructWithThis",
    // references
    "homeOf",
    "hasGlobalBinding",
  ],
  elsewhere: {
    operators: ["isInChain", "boundTarget", "constructWithThis", "homeOf", "hasGlobalBinding"],
    "for-in": ["forInKeysOrdinary", "forInHasOrdinary"],
    "copy-data": ["copyDataOrdinary", "appendPristine"],
  },
};
