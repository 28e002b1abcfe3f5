// Owns the rows of Promise, the timers and queueMicrotask.
import { CONFIGURABLE, constructor, getter, HIDDEN, method, object, value, type BuiltinFile } from "./rows.ts";

/** https://html.spec.whatwg.org/#windoworworkerglobalscope-mixin: enumerable, as all operations of Web IDL. */
const WEB = HIDDEN | 2;

export const PROMISE: BuiltinFile = {
  rows: [
    object("Promise.prototype", { intrinsic: "PromisePrototype" }),
    constructor("Promise", 1, "js"),
    method("Promise", "all", 1, "js"),
    method("Promise", "allSettled", 1, "js"),
    method("Promise", "any", 1, "js"),
    method("Promise", "race", 1, "js"),
    method("Promise", "reject", 1, "native+js"),
    method("Promise", "resolve", 1, "native+js"),
    method("Promise", "try", 1, "js"),
    method("Promise", "withResolvers", 0, "js"),
    getter("Promise", "[Symbol.species]", "native+js"),
    method("Promise.prototype", "catch", 1, "native+js"),
    method("Promise.prototype", "finally", 1, "js"),
    method("Promise.prototype", "then", 2, "native+js"),
    value("Promise.prototype", "[Symbol.toStringTag]", "Promise", CONFIGURABLE),

    method("globalThis", "queueMicrotask", 1, "native", { attributes: WEB }),
    method("globalThis", "setTimeout", 1, "native+js", { attributes: WEB }),
    method("globalThis", "setInterval", 1, "native+js", { attributes: WEB }),
    method("globalThis", "clearTimeout", 0, "native", { attributes: WEB }),
    method("globalThis", "clearInterval", 0, "native", { attributes: WEB }),
  ],
  natives: [
    "makePromise", "isPromise", "settleFulfilled", "settleRejected", "tryResolve", "queueThenable", "addReactions", "readyAwait", "newAggregateError", "startTimer",
  ],
};
