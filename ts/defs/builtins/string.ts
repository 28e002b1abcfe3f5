// Owns the rows of String: constructor, characters, searching, iteration (STRING), and the methods that make new strings
// (STRING_PARTS). https://tc39.es/ecma262/#sec-string-objects
import { alias, type BuiltinFile, CONFIGURABLE, constructor, method, object, value } from "./rows.ts";

const S = "String.prototype";
const both = (key: string, length: number) => method(S, key, length, "native+js");

/** assembly/builtins/string.ts. Natives: the methods as $name(string, …) for arguments that are primitive already. */
export const STRING: BuiltinFile = {
  rows: [
    object(S, { kind: "PRIMITIVE", intrinsic: "StringPrototype" }),
    constructor("String", 1, "native+js"),
    method("String", "fromCharCode", 1, "native+js"),
    method("String", "fromCodePoint", 1, "native+js"),
    method("String", "raw", 1, "js"),
    both("at", 1),
    both("charAt", 1),
    both("charCodeAt", 1),
    both("codePointAt", 1),
    both("endsWith", 1),
    both("includes", 1),
    both("indexOf", 1),
    both("lastIndexOf", 1),
    both("localeCompare", 1),
    both("match", 1),
    method(S, "matchAll", 1, "js"),
    both("search", 1),
    both("startsWith", 1),
    both("isWellFormed", 0),
    method(S, "toString", 0, "native"),
    method(S, "valueOf", 0, "native"),
    method(S, "[Symbol.iterator]", 0, "native+js", { name: "[Symbol.iterator]" }),
    object("StringIteratorPrototype", { parent: "Iterator.prototype", intrinsic: "StringIteratorPrototype" }),
    method("StringIteratorPrototype", "next", 0, "native"),
    value("StringIteratorPrototype", "[Symbol.toStringTag]", "String Iterator", CONFIGURABLE),
  ],
  natives: [
    "stringWrapper", "stringOfSymbol", "stringCodeUnit", "stringCodePoint", "stringAt", "stringCharAt", "stringCharCodeAt", "stringCodePointAt", "stringEndsWith", "stringIncludes", "stringIndexOf",
    "stringLastIndexOf", "stringLocaleCompare", "stringStartsWith", "stringIsWellFormed", "stringIterator",
  ],
};

/** assembly/builtins/string-parts.ts, in the same way. */
export const STRING_PARTS: BuiltinFile = {
  rows: [
    both("concat", 1),
    both("normalize", 0),
    both("padEnd", 1),
    both("padStart", 1),
    both("repeat", 1),
    both("replace", 2),
    both("replaceAll", 2),
    both("slice", 2),
    both("split", 2),
    both("substr", 2),
    both("substring", 2),
    both("toLocaleLowerCase", 0),
    both("toLocaleUpperCase", 0),
    both("toLowerCase", 0),
    both("toUpperCase", 0),
    both("toWellFormed", 0),
    both("trim", 0),
    both("trimEnd", 0),
    both("trimStart", 0),
    method(S, "anchor", 1, "js"),
    method(S, "big", 0, "js"),
    method(S, "blink", 0, "js"),
    method(S, "bold", 0, "js"),
    method(S, "fixed", 0, "js"),
    method(S, "fontcolor", 1, "js"),
    method(S, "fontsize", 1, "js"),
    method(S, "italics", 0, "js"),
    method(S, "link", 1, "js"),
    method(S, "small", 0, "js"),
    method(S, "strike", 0, "js"),
    method(S, "sub", 0, "js"),
    method(S, "sup", 0, "js"),
    alias(S, "trimLeft", "String.prototype.trimStart"),
    alias(S, "trimRight", "String.prototype.trimEnd"),
  ],
  natives: [
    "stringNormalize", "stringPadEnd", "stringPadStart", "stringRepeat", "stringReplace", "stringReplaceAll", "stringSlice", "stringSplit", "stringSubstr", "stringSubstring",
    "stringToLowerCase", "stringToUpperCase", "stringToWellFormed", "stringTrim", "stringTrimEnd", "stringTrimStart",
  ],
};
