// Owns the declaration of ArrayBuffer and DataView. https://tc39.es/ecma262/#sec-structured-data
import { type BuiltinFile, CONFIGURABLE, constructor, getter, method, object, value } from "./rows.ts";

const B = "ArrayBuffer.prototype";
const V = "DataView.prototype";
const ELEMENTS = ["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float16", "Float32", "Float64", "BigInt64", "BigUint64"];

export const ARRAY_BUFFER: BuiltinFile = {
  rows: [
    object(B),
    constructor("ArrayBuffer", 1, "js"),
    method("ArrayBuffer", "isView", 1, "native"),
    getter("ArrayBuffer", "[Symbol.species]", "native"),
    getter(B, "byteLength", "native"),
    getter(B, "maxByteLength", "native"),
    getter(B, "resizable", "native"),
    getter(B, "detached", "native"),
    method(B, "resize", 1, "js"),
    method(B, "slice", 2, "js"),
    method(B, "transfer", 0, "js"),
    method(B, "transferToFixedLength", 0, "js"),
    value(B, "[Symbol.toStringTag]", "ArrayBuffer", CONFIGURABLE),
    object(V),
    constructor("DataView", 1, "js"),
    getter(V, "buffer", "native"),
    getter(V, "byteLength", "native"),
    getter(V, "byteOffset", "native"),
    ...ELEMENTS.flatMap((name) => [method(V, `get${name}`, 1, "native+js"), method(V, `set${name}`, 2, "native+js")]),
    value(V, "[Symbol.toStringTag]", "DataView", CONFIGURABLE),
  ],
  natives: [
    "createBuffer", "isShared", "isBuffer", "bufferLength", "bufferDetached", "bufferResizable", "bufferResize", "bufferTransfer", "bufferCopy", "bufferMax", "bufferPlaceholder", "bufferMove", "createView", "isDataView",
    "viewBuffer", "viewOffset", "viewTracks", "viewSize", "viewOutOfBounds", "viewGet", "viewSet",
  ],
};
