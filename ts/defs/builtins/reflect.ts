// Owns the rows of Reflect. https://tc39.es/ecma262/#sec-reflect-object
import { method, object, value, CONFIGURABLE, type BuiltinFile } from "./rows.ts";

const both = (key: string, length: number) => method("Reflect", key, length, "native+js");

export const REFLECT: BuiltinFile = {
  rows: [
    object("Reflect", { intrinsic: "Reflect", global: true }),
    method("Reflect", "defineProperty", 3, "js"),
    method("Reflect", "deleteProperty", 2, "js"),
    both("apply", 3),
    method("Reflect", "construct", 2, "js"),
    both("get", 2),
    method("Reflect", "getOwnPropertyDescriptor", 2, "js"),
    both("getPrototypeOf", 1),
    both("has", 2),
    method("Reflect", "isExtensible", 1, "js"),
    both("ownKeys", 1),
    method("Reflect", "preventExtensions", 1, "js"),
    both("set", 3),
    method("Reflect", "setPrototypeOf", 2, "js"),
    value("Reflect", "[Symbol.toStringTag]", "Reflect", CONFIGURABLE),
  ],
  natives: [],
};
