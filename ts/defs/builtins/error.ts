// Owns the rows of Error, the native error kinds, AggregateError and SuppressedError. https://tc39.es/ecma262/#sec-error-objects
import { CONFIGURABLE, constructor, ENUMERABLE, method, object, value, HIDDEN, WRITABLE, type BuiltinFile, type BuiltinRow, type Code } from "./rows.ts";

function kind(name: string, length: number, code: Code): BuiltinRow[] {
  const prototype = `${name}.prototype`;
  return [
    object(prototype, { parent: "Error.prototype", intrinsic: `${name}Prototype` }),
    constructor(name, length, code, { parent: "Error" }),
    value(prototype, "name", name, HIDDEN),
    value(prototype, "message", "", HIDDEN),
  ];
}

export const ERROR: BuiltinFile = {
  rows: [
    object("Error.prototype", { intrinsic: "ErrorPrototype" }),
    constructor("Error", 1, "native+js"),
    method("Error", "isError", 1, "native"),
    // https://v8.dev/docs/stack-trace-api
    method("Error", "captureStackTrace", 2, "js"),
    value("Error", "stackTraceLimit", 10, WRITABLE | ENUMERABLE | CONFIGURABLE),
    value("Error.prototype", "name", "Error", HIDDEN),
    value("Error.prototype", "message", "", HIDDEN),
    method("Error.prototype", "toString", 0, "native+js"),
    ...kind("TypeError", 1, "native+js"),
    ...kind("RangeError", 1, "native+js"),
    ...kind("SyntaxError", 1, "native+js"),
    ...kind("ReferenceError", 1, "native+js"),
    ...kind("EvalError", 1, "native+js"),
    ...kind("URIError", 1, "native+js"),
    ...kind("AggregateError", 2, "js"),
    ...kind("SuppressedError", 3, "js"),
  ],
  natives: ["newError", "installStack", "guestStack", "attachStack", "waitingStack", "stackWith", "settleStack", "plainStack"],
};
