// Owns the declaration of the functions that convert bytes to text and back.
import { type BuiltinFile, CONFIGURABLE, constructor, ENUMERABLE, getter, method, object, value, WRITABLE } from "./rows.ts";

const E = "TextEncoder.prototype";
const D = "TextDecoder.prototype";
const U = "Uint8Array.prototype";
/** Attributes like those of web interfaces. */
const OPEN = { attributes: WRITABLE | ENUMERABLE | CONFIGURABLE };

export const ENCODING: BuiltinFile = {
  rows: [
    method("Uint8Array", "fromBase64", 1, "js"),
    method("Uint8Array", "fromHex", 1, "js"),
    method(U, "setFromBase64", 1, "js"),
    method(U, "setFromHex", 1, "js"),
    method(U, "toBase64", 0, "js"),
    method(U, "toHex", 0, "js"),
    method("globalThis", "atob", 1, "js", OPEN),
    method("globalThis", "btoa", 1, "js", OPEN),
    object(E),
    constructor("TextEncoder", 0, "js"),
    getter(E, "encoding", "js", CONFIGURABLE | ENUMERABLE),
    method(E, "encode", 0, "js", OPEN),
    method(E, "encodeInto", 2, "js", OPEN),
    value(E, "[Symbol.toStringTag]", "TextEncoder", CONFIGURABLE),
    object(D),
    constructor("TextDecoder", 0, "js"),
    getter(D, "encoding", "js", CONFIGURABLE | ENUMERABLE),
    getter(D, "fatal", "js", CONFIGURABLE | ENUMERABLE),
    getter(D, "ignoreBOM", "js", CONFIGURABLE | ENUMERABLE),
    method(D, "decode", 0, "js", OPEN),
    value(D, "[Symbol.toStringTag]", "TextDecoder", CONFIGURABLE),
  ],
  natives: [
    "base64Encode", "base64Decode", "hexEncode", "hexDecode", "utf8Size", "utf8Encode", "utf8EncodeInto", "utf8Decode", "utf8Valid", "utf8Incomplete",
    "isUtf8Label", "latin1Decode", "latin1Encode", "utf16Decode", "utf16Valid", "windows1252Decode",
  ],
};
