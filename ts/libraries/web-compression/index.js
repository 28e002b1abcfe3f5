// Owns the library `fermata-vm/web-compression`: CompressionStream over fflate, DecompressionStream over inflate.js. fflate is evaluated
// when the first stream is made: it fills tables as it loads.
// https://compression.spec.whatwg.org/

import { define, need } from "../shared/idl.js";
import { Decompressor } from "./inflate.js";

const { TransformStream } = globalThis;

const FORMATS = ["deflate", "deflate-raw", "gzip"];

function formatOf(value, given, name) {
  need(1, given, `Failed to construct '${name}'`);
  const format = `${value}`;
  if (!FORMATS.includes(format))
    throw new TypeError(`Failed to construct '${name}': Unsupported compression format: '${format}'`);
  return format;
}

function bytesOf(chunk) {
  const buffer = ArrayBuffer.isView(chunk) ? chunk.buffer : chunk;
  if (!(buffer instanceof ArrayBuffer))
    throw new TypeError("The provided value is not of type '(ArrayBuffer or ArrayBufferView)'.");
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(buffer);
}

export class CompressionStream {
  #stream;

  constructor(format) {
    const name = formatOf(format, arguments.length, "CompressionStream");
    const { Deflate, Gzip, Zlib } = require("./deflate.js");
    let out;
    const onBytes = (bytes) => bytes.length > 0 && out.enqueue(bytes);
    const compressor =
      name === "gzip"
        ? new Gzip({ mtime: 0 }, onBytes)
        : name === "deflate"
          ? new Zlib({}, onBytes)
          : new Deflate({}, onBytes);
    this.#stream = new TransformStream({
      start: (controller) => void (out = controller),
      transform: (chunk) => compressor.push(bytesOf(chunk).slice()),
      flush: () => compressor.push(new Uint8Array(0), true),
    });
  }

  get readable() {
    return this.#stream.readable;
  }

  get writable() {
    return this.#stream.writable;
  }
}

export class DecompressionStream {
  #stream;

  constructor(format) {
    const name = formatOf(format, arguments.length, "DecompressionStream");
    let out;
    const decompressor = new Decompressor(name, (bytes) => out.enqueue(bytes));
    this.#stream = new TransformStream({
      start: (controller) => void (out = controller),
      transform: (chunk) => decompressor.push(bytesOf(chunk).slice()),
      flush: () => decompressor.end(),
    });
  }

  get readable() {
    return this.#stream.readable;
  }

  get writable() {
    return this.#stream.writable;
  }
}

define(CompressionStream, "CompressionStream");
define(DecompressionStream, "DecompressionStream");
