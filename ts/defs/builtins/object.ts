// Owns the rows of Object and Object.prototype. https://tc39.es/ecma262/#sec-object-objects
import { accessor, constructor, method, object, type BuiltinFile } from "./rows.ts";

const P = "Object.prototype";
const both = (key: string, length: number) => method("Object", key, length, "native+js");

export const OBJECT: BuiltinFile = {
  rows: [
    object(P, { parent: null, intrinsic: "ObjectPrototype" }),
    constructor("Object", 1, "native+js"),
    both("assign", 2),
    both("getOwnPropertyDescriptor", 2),
    method("Object", "getOwnPropertyDescriptors", 1, "js"),
    both("getOwnPropertyNames", 1),
    both("getOwnPropertySymbols", 1),
    both("hasOwn", 2),
    method("Object", "is", 2, "native"),
    both("preventExtensions", 1),
    both("seal", 1),
    both("create", 2),
    method("Object", "defineProperties", 2, "js"),
    both("defineProperty", 3),
    both("freeze", 1),
    both("getPrototypeOf", 1),
    both("setPrototypeOf", 2),
    both("isExtensible", 1),
    both("isFrozen", 1),
    both("isSealed", 1),
    both("keys", 1),
    both("entries", 1),
    method("Object", "fromEntries", 1, "js"),
    both("values", 1),
    method("Object", "groupBy", 2, "js"),
    method(P, "__defineGetter__", 2, "js"),
    method(P, "__defineSetter__", 2, "js"),
    method(P, "hasOwnProperty", 1, "native+js"),
    method(P, "__lookupGetter__", 1, "js"),
    method(P, "__lookupSetter__", 1, "js"),
    method(P, "isPrototypeOf", 1, "native+js"),
    method(P, "propertyIsEnumerable", 1, "native+js"),
    method(P, "toString", 0, "native+js"),
    method(P, "valueOf", 0, "native"),
    accessor(P, "__proto__", "native+js", "native+js"),
    method(P, "toLocaleString", 0, "js"),
  ],
  natives: ["objectTag"],
  elsewhere: {
    "object-descriptors": [
      "objectDefineProperty", "objectGetOwnPropertyDescriptor", "objectHasOwn", "objectPrototypeHasOwnProperty",
      "objectPrototypePropertyIsEnumerable",
    ],
    "object-integrity": [
      "objectFreeze", "objectSeal", "objectPreventExtensions", "objectIsFrozen", "objectIsSealed", "objectIsExtensible",
    ],
    "object-text": ["objectPrototypeToString", "objectTag", "objectPrototypeValueOf"],
  },
};
