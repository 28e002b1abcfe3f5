// Owns Blob and File: bytes that never change, shared by slices. Must never hand out its own bytes.
// https://w3c.github.io/FileAPI/

import { dictionary, isObject, iterate, need, usv } from "../shared/idl.js";

const { ReadableStream } = globalThis;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a stream of a blob yields at a time. */
const CHUNK_BYTES = 65_536;

/** A copy of the bytes of an ArrayBuffer or a view of one. */
export function copyOf(source) {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source).slice();
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
}

export const isBufferSource = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

export function joined(parts) {
  if (parts.length === 1) return parts[0];
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A stream over bytes, which it copies chunk by chunk. */
export function streamOf(bytes) {
  let at = 0;
  return new ReadableStream(
    {
      type: "bytes",
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += CHUNK_BYTES)));
        if (at < bytes.length) return;
        controller.close();
        controller.byobRequest?.respond(0);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Line ends of the one kind that this platform has. */
const nativeEndings = (text) => text.replace(/\r\n?/g, "\n");

function bytesOfParts(parts, endings) {
  const list = [];
  for (const part of parts) {
    if (isBufferSource(part)) list.push(copyOf(part));
    else if (isObject(part) && isBlob(part)) list.push(bytesOf(part));
    else list.push(encoder.encode(endings === "native" ? nativeEndings(usv(part)) : usv(part)));
  }
  return joined(list);
}

const typeOf = (value) => (/[^ -~]/.test(value) ? "" : value.toLowerCase());

/** https://webidl.spec.whatwg.org/#es-long-long with [Clamp], against a length. */
function clamped(value, length, otherwise) {
  if (value === undefined) return otherwise;
  const number = Number(value);
  const whole = Number.isNaN(number) ? 0 : Math.round(number);
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length);
}

export let bytesOf;
export let isBlob;
export let makeBlob;

export class Blob {
  #bytes;
  #type;

  constructor(parts = undefined, options = undefined) {
    const what = "Failed to construct 'Blob'";
    let list = [];
    if (parts !== undefined) {
      const method = isObject(parts) ? parts[Symbol.iterator] : undefined;
      if (typeof method !== "function")
        throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
      list = [...iterate(parts, method)];
    }
    const { endings = "transparent", type = "" } = dictionary(options, what);
    const ending = `${endings}`;
    if (ending !== "transparent" && ending !== "native")
      throw new TypeError(`${what}: The provided value '${ending}' is not a valid enum value of type EndingType.`);
    const mime = typeOf(`${type}`);
    this.#bytes = list.length === 0 ? new Uint8Array(0) : bytesOfParts(list, ending);
    this.#type = mime;
  }

  static {
    isBlob = (value) => #bytes in value;
    bytesOf = (blob) => blob.#bytes;
    makeBlob = (bytes, type) => {
      const blob = new Blob();
      blob.#bytes = bytes;
      blob.#type = typeOf(type);
      return blob;
    };
  }

  get size() {
    return this.#bytes.length;
  }

  get type() {
    return this.#type;
  }

  slice(start = undefined, end = undefined, contentType = "") {
    const bytes = this.#bytes;
    const from = clamped(start, bytes.length, 0);
    const to = clamped(end, bytes.length, bytes.length);
    return makeBlob(bytes.subarray(from, Math.max(from, to)), `${contentType}`);
  }

  stream() {
    return streamOf(this.#bytes);
  }

  async text() {
    return decodeWhole(this.#bytes);
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }
}

export class File extends Blob {
  #name;
  #lastModified;

  constructor(bits, name, options = undefined) {
    const what = "Failed to construct 'File'";
    need(2, arguments.length, what);
    if (bits === undefined) throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
    super(bits, options);
    this.#name = usv(name);
    const { lastModified } = dictionary(options, what);
    this.#lastModified = lastModified === undefined ? Date.now() : Math.trunc(Number(lastModified)) || 0;
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get webkitRelativePath() {
    return (this.#name, "");
  }
}

/** A file with the bytes of a blob. */
export const fileOf = (blob, name, lastModified) => new File([blob], name, { type: blob.type, lastModified });

export const decodeText = (bytes) => decoder.decode(bytes);
/** With a byte order mark, if there is one. */
export const decodeWhole = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
export const encodeText = (text) => encoder.encode(text);
