// Owns the declaration of RegExp and its string iterator. https://tc39.es/ecma262/#sec-regexp-regular-expression-objects
import { accessor, accessorLike, type BuiltinFile, CONFIGURABLE, constructor, getter, method, object, value } from "./rows.ts";

const R = "RegExp.prototype";

const input = accessor("RegExp", "input", "native", "js");
const lastMatch = getter("RegExp", "lastMatch", "native");
const lastParen = getter("RegExp", "lastParen", "native");
const leftContext = getter("RegExp", "leftContext", "native");
const rightContext = getter("RegExp", "rightContext", "native");

/** Static properties of RegExp about the last match. https://github.com/tc39/proposal-regexp-legacy-features */
export const REGEXP_LEGACY: BuiltinFile = {
  rows: [
    object("RegExpLegacy", { parent: null, intrinsic: "RegExpLegacy" }),
    input,
    accessorLike(input, "$_"),
    lastMatch,
    accessorLike(lastMatch, "$&"),
    lastParen,
    accessorLike(lastParen, "$+"),
    leftContext,
    accessorLike(leftContext, "$`"),
    rightContext,
    accessorLike(rightContext, "$'"),
    ...Array.from({ length: 9 }, (_, i) => getter("RegExp", `$${i + 1}`, "native")),
  ],
  natives: ["requireRegExpItself", "setLastInput"],
};

/** assembly/builtins/regexp.ts: the objects and their matching. */
export const REGEXP: BuiltinFile = {
  rows: [
    object(R, { intrinsic: "RegExpPrototype" }),
    constructor("RegExp", 2, "js"),
    getter("RegExp", "[Symbol.species]", "native"),
    method("RegExp", "escape", 1, "native"),
    method(R, "exec", 1, "native+js"),
    getter(R, "dotAll", "native"),
    getter(R, "flags", "native+js"),
    getter(R, "global", "native"),
    getter(R, "hasIndices", "native"),
    getter(R, "ignoreCase", "native"),
    getter(R, "multiline", "native"),
    getter(R, "source", "native"),
    getter(R, "sticky", "native"),
    getter(R, "unicode", "native"),
    getter(R, "unicodeSets", "native"),
    method(R, "compile", 2, "js"),
    method(R, "toString", 0, "js"),
    method(R, "test", 1, "native+js"),
    method(R, "[Symbol.match]", 1, "native+js", { name: "[Symbol.match]" }),
    method(R, "[Symbol.matchAll]", 1, "js", { name: "[Symbol.matchAll]" }),
    method(R, "[Symbol.replace]", 2, "native+js", { name: "[Symbol.replace]" }),
    method(R, "[Symbol.search]", 1, "native+js", { name: "[Symbol.search]" }),
    method(R, "[Symbol.split]", 2, "native+js", { name: "[Symbol.split]" }),
    object("RegExpStringIteratorPrototype", { parent: "Iterator.prototype", intrinsic: "RegExpStringIteratorPrototype" }),
    method("RegExpStringIteratorPrototype", "next", 0, "js"),
    value("RegExpStringIteratorPrototype", "[Symbol.toStringTag]", "RegExp String Iterator", CONFIGURABLE),
  ],
  natives: [
    "isRegExpObject", "regExpAlloc", "regExpInitialize", "regExpPattern", "regExpBits", "regExpFlags", "regExpText", "regExpRemember", "isPristineRegExp", "regExpHeld", "regExpPart", "regExpHeldResult",
    "regExpHeldPosition", "regExpHeldCaptures", "regExpHeldNamed", "regExpHeldStrings", "regExpHeldReplace", "regExpHeldSplit", "advanceStringIndex",
  ],
};
