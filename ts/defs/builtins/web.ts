// Owns the declaration of what the web's platform has everywhere: DOMException, events, abort signals, performance, crypto, navigator.
import {
  accessor, alias, type BuiltinFile, type BuiltinRow, CONFIGURABLE, constructor, ENUMERABLE, getter, method, object, value, WRITABLE,
} from "./rows.ts";

/** Attributes like those of web interfaces. */
const OPEN = { attributes: WRITABLE | ENUMERABLE | CONFIGURABLE };
const ATTRIBUTE = CONFIGURABLE | ENUMERABLE;

/** https://webidl.spec.whatwg.org/#idl-DOMException; the number of each is its place */
const CODES = [
  "INDEX_SIZE_ERR", "DOMSTRING_SIZE_ERR", "HIERARCHY_REQUEST_ERR", "WRONG_DOCUMENT_ERR", "INVALID_CHARACTER_ERR", "NO_DATA_ALLOWED_ERR",
  "NO_MODIFICATION_ALLOWED_ERR", "NOT_FOUND_ERR", "NOT_SUPPORTED_ERR", "INUSE_ATTRIBUTE_ERR", "INVALID_STATE_ERR", "SYNTAX_ERR", "INVALID_MODIFICATION_ERR",
  "NAMESPACE_ERR", "INVALID_ACCESS_ERR", "VALIDATION_ERR", "TYPE_MISMATCH_ERR", "SECURITY_ERR", "NETWORK_ERR", "ABORT_ERR", "URL_MISMATCH_ERR",
  "QUOTA_EXCEEDED_ERR", "TIMEOUT_ERR", "INVALID_NODE_TYPE_ERR", "DATA_CLONE_ERR",
];
const PHASES = ["NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE"];

function constants(path: string, names: readonly string[], first: number): BuiltinRow[] {
  return [path, `${path}.prototype`].flatMap((holder) => names.map((name, i) => value(holder, name, first + i, ENUMERABLE)));
}
const attributes = (path: string, ...names: string[]): BuiltinRow[] => names.map((name) => getter(path, name, "js", ATTRIBUTE));
const operation = (path: string, key: string, length: number) => method(path, key, length, "js", OPEN);
const tag = (name: string) => value(`${name}.prototype`, "[Symbol.toStringTag]", name, CONFIGURABLE);

/** An interface whose prototype object is made before it; `parent` names the one it inherits from. */
function face(name: string, length: number, parent?: string): BuiltinRow[] {
  return [
    object(`${name}.prototype`, parent === undefined ? {} : { parent: `${parent}.prototype` }),
    constructor(name, length, "js", parent === undefined ? {} : { parent }),
  ];
}
/** An interface of which there is one object, a global. */
function single(name: string, key: string): BuiltinRow[] {
  return [...face(name, 0), object(key, { parent: `${name}.prototype` }), alias("globalThis", key, key, ATTRIBUTE | WRITABLE)];
}

const E = "Event.prototype";
const T = "EventTarget.prototype";
const S = "AbortSignal.prototype";

export const WEB: BuiltinFile = {
  rows: [
    object("DOMException.prototype", { parent: "Error.prototype", intrinsic: "DOMExceptionPrototype" }),
    constructor("DOMException", 0, "js"),
    ...constants("DOMException", CODES, 1),
    tag("DOMException"),

    ...face("Event", 1),
    ...attributes(E, "type", "target", "srcElement", "currentTarget"),
    operation(E, "composedPath", 0),
    ...attributes(E, "eventPhase"),
    operation(E, "stopPropagation", 0),
    accessor(E, "cancelBubble", "js", "js", ATTRIBUTE),
    operation(E, "stopImmediatePropagation", 0),
    ...attributes(E, "bubbles", "cancelable"),
    accessor(E, "returnValue", "js", "js", ATTRIBUTE),
    operation(E, "preventDefault", 0),
    ...attributes(E, "defaultPrevented", "composed", "isTrusted", "timeStamp"),
    operation(E, "initEvent", 1),
    ...constants("Event", PHASES, 0),
    tag("Event"),
    ...face("CustomEvent", 1, "Event"),
    ...attributes("CustomEvent.prototype", "detail"),
    operation("CustomEvent.prototype", "initCustomEvent", 1),
    tag("CustomEvent"),
    ...face("ErrorEvent", 1, "Event"),
    ...attributes("ErrorEvent.prototype", "message", "filename", "lineno", "colno", "error"),
    tag("ErrorEvent"),
    ...face("PromiseRejectionEvent", 2, "Event"),
    ...attributes("PromiseRejectionEvent.prototype", "promise", "reason"),
    tag("PromiseRejectionEvent"),

    ...face("EventTarget", 0),
    operation(T, "addEventListener", 2),
    operation(T, "removeEventListener", 2),
    operation(T, "dispatchEvent", 1),
    tag("EventTarget"),

    ...face("AbortSignal", 0, "EventTarget"),
    operation("AbortSignal", "abort", 0),
    operation("AbortSignal", "any", 1),
    operation("AbortSignal", "timeout", 1),
    ...attributes(S, "aborted", "reason"),
    operation(S, "throwIfAborted", 0),
    accessor(S, "onabort", "js", "js", ATTRIBUTE),
    tag("AbortSignal"),
    ...face("AbortController", 0),
    ...attributes("AbortController.prototype", "signal"),
    operation("AbortController.prototype", "abort", 0),
    tag("AbortController"),

    ...single("Performance", "performance"),
    ...attributes("Performance.prototype", "timeOrigin"),
    operation("Performance.prototype", "now", 0),
    operation("Performance.prototype", "toJSON", 0),
    tag("Performance"),
    // When the program first asked for the time.
    object("PerformanceState", { parent: null, intrinsic: "PerformanceState" }),
    ...single("Crypto", "crypto"),
    operation("Crypto.prototype", "getRandomValues", 1),
    operation("Crypto.prototype", "randomUUID", 0),
    tag("Crypto"),
    ...single("Navigator", "navigator"),
    ...attributes("Navigator.prototype", "userAgent"),
    tag("Navigator"),

    alias("globalThis", "self", "globalThis", ATTRIBUTE | WRITABLE),
    operation("globalThis", "reportError", 1),
    operation("globalThis", "setImmediate", 1),
    operation("globalThis", "clearImmediate", 1),
  ],
  natives: ["fillRandom", "armTimer", "stopTimer"],
};
