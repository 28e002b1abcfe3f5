// Owns the declaration of DisposableStack and AsyncDisposableStack. https://tc39.es/ecma262/#sec-disposablestack-objects
import { alias, type BuiltinFile, CONFIGURABLE, constructor, getter, method, object, value } from "./rows.ts";

const D = "DisposableStack.prototype";
const A = "AsyncDisposableStack.prototype";

export const DISPOSABLE: BuiltinFile = {
  rows: [
    object(D, { intrinsic: "DisposableStackPrototype" }),
    constructor("DisposableStack", 0, "js"),
    method(D, "adopt", 2, "js"),
    method(D, "defer", 1, "js"),
    method(D, "dispose", 0, "js"),
    getter(D, "disposed", "js"),
    method(D, "move", 0, "js"),
    method(D, "use", 1, "js"),
    alias(D, "[Symbol.dispose]", `${D}.dispose`),
    value(D, "[Symbol.toStringTag]", "DisposableStack", CONFIGURABLE),

    // https://tc39.es/ecma262/#sec-asyncdisposablestack-objects
    object(A, { intrinsic: "AsyncDisposableStackPrototype" }),
    constructor("AsyncDisposableStack", 0, "js"),
    method(A, "adopt", 2, "js"),
    method(A, "defer", 1, "js"),
    method(A, "disposeAsync", 0, "js"),
    getter(A, "disposed", "js"),
    method(A, "move", 0, "js"),
    method(A, "use", 1, "js"),
    alias(A, "[Symbol.asyncDispose]", `${A}.disposeAsync`),
    value(A, "[Symbol.toStringTag]", "AsyncDisposableStack", CONFIGURABLE),
  ],
  natives: [],
};
