// Owns the rows of the global object's own values and the two functions every realm has without a name.
import { alias, object, value, type BuiltinFile } from "./rows.ts";

export const REALM: BuiltinFile = {
  rows: [
    // https://tc39.es/ecma262/#sec-global-object
    object("globalThis", { kind: "GLOBAL" }),
    alias("globalThis", "globalThis", "globalThis"),
    value("globalThis", "Infinity", Infinity),
    value("globalThis", "NaN", NaN),
    value("globalThis", "undefined", undefined),
  ],
  // The builder makes Function.prototype and %ThrowTypeError% from these.
  natives: ["functionPrototypeEmpty", "throwTypeErrorFunction"],
};
