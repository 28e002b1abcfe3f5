// Owns the well-known strings and symbols that native code names. Append only.

/** Property keys and words used by natives; `atom("length")` in the core is `Atom.length`. */
export const ATOMS = [
  "", "length", "name", "prototype", "constructor", "value", "done", "next", "return", "throw", "get", "set", "enumerable",
  "configurable", "writable", "message", "stack", "cause", "errors", "toString", "valueOf", "toJSON", "then", "undefined", "null",
  "true", "false", "number", "string", "boolean", "symbol", "object", "function", "bigint", "callee", "arguments", "caller", "default",
  "proxy", "revoke", "index", "input", "groups", "raw", "NaN", "Infinity", "-Infinity", "0", "-0", "Object", "Array", "Error", "Function",
  "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError", "SuppressedError", "[object Object]",
  "__proto__", "size", "has", "keys", "add", "delete", "description", "anonymous", "eval", "globalThis", "resolve", "status", "reason",
  "fulfilled", "rejected", "promise", "reject", "Arguments", "Boolean", "Number", "String", "Date", "RegExp", "Symbol", "Promise", "Map", "Set",
  ",", "bound ", "get ", "set ", "fileName", "lineNumber", "join", "call", "apply", "error", "suppressed", "lastIndex", "flags", "source",
  "exec", "indices", "hasIndices", "global", "ignoreCase", "multiline", "dotAll", "unicode", "unicodeSets", "sticky", "stackTraceLimit", "prepareStackTrace",
] as const;

/** Well-known symbols; in the core `WellKnown.iterator`. */
export const WELL_KNOWN_SYMBOLS = [
  "iterator", "asyncIterator", "hasInstance", "toPrimitive", "toStringTag", "species", "isConcatSpreadable", "unscopables",
  "match", "matchAll", "replace", "search", "split", "dispose", "asyncDispose", "metadata",
] as const;
