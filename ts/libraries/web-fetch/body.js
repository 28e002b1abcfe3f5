// Owns bodies of requests and responses: bytes at hand or a stream, read once. A stream over bytes is made only when a program asks for it.
// https://fetch.spec.whatwg.org/#body-mixin

import { isObject, usv } from "../shared/idl.js";
import {
  bytesOf,
  copyOf,
  decodeText,
  decodeWhole,
  encodeText,
  isBlob,
  isBufferSource,
  joined,
  makeBlob,
  streamOf,
} from "./blob.js";
import { FormData } from "./form-data.js";
import { extractMime, serializeMime } from "./mime.js";
import { encodeForm, parseForm } from "./multipart.js";

const { ReadableByteStreamController, ReadableStream, TransformStream, URLSearchParams } = globalThis;

const isDisturbed = (stream) => stream._disturbed;

/** Chunks are shared by the branches of a stream unless the second gets copies. */
const cloner = () =>
  new TransformStream({ transform: (chunk, controller) => controller.enqueue(structuredClone(chunk)) });

export class Body {
  /** The bytes if they are at hand, else null. */
  bytes;
  /** The stream if there is one, else null. */
  stream;
  isUsed = false;

  constructor(bytes, stream = null) {
    this.bytes = bytes;
    this.stream = stream;
  }

  /** The stream that the program sees. */
  visible() {
    if (this.stream === null) {
      this.stream = streamOf(this.bytes);
      // Read before: as if it had been through this stream.
      if (this.isUsed) void this.stream.getReader().cancel();
    }
    return this.stream;
  }

  isRead() {
    return this.isUsed || (this.stream !== null && isDisturbed(this.stream));
  }

  isUnusable() {
    return this.isRead() || (this.stream !== null && this.stream.locked);
  }

  /** Two bodies with the same content. */
  clone() {
    if (this.stream === null) return new Body(this.bytes);
    const isOfBytes = this.stream._readableStreamController instanceof ReadableByteStreamController;
    const [mine, other] = this.stream.tee();
    this.stream = mine;
    return new Body(this.bytes, isOfBytes ? other : other.pipeThrough(cloner()));
  }

  /** All bytes; after it the body is used. They are the body's own: copy them before they leave it. */
  async read() {
    this.isUsed = true;
    if (this.stream === null) return this.bytes;
    const reader = this.stream.getReader();
    const parts = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined([new Uint8Array(0), ...parts]);
      if (!(value instanceof Uint8Array)) throw new TypeError("Received non-Uint8Array chunk");
      parts.push(value);
    }
  }
}

/** The body and its type that a `BodyInit` means. https://fetch.spec.whatwg.org/#concept-bodyinit-extract */
export function extractBody(init) {
  if (isObject(init)) {
    if (init instanceof ReadableStream) {
      if (isDisturbed(init) || init.locked)
        throw new TypeError("Response body object should not be disturbed or locked");
      return { body: new Body(null, init), type: null };
    }
    if (isBlob(init)) return { body: new Body(bytesOf(init)), type: init.type || null };
    if (isBufferSource(init)) return { body: new Body(copyOf(init)), type: null };
    if (init instanceof FormData) {
      const { bytes, boundary } = encodeForm(init);
      return { body: new Body(bytes), type: `multipart/form-data; boundary=${boundary}` };
    }
    if (init instanceof URLSearchParams)
      return { body: new Body(encodeText(init.toString())), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  return { body: new Body(encodeText(usv(init))), type: "text/plain;charset=UTF-8" };
}

function readForm(bytes, mime) {
  try {
    if (mime?.essence === "multipart/form-data") {
      const boundary = mime.parameters.get("boundary");
      if (boundary === undefined) throw new TypeError("its type names no boundary");
      return parseForm(bytes, boundary);
    }
  } catch (cause) {
    throw new TypeError("Failed to parse body as FormData.", { cause });
  }
  if (mime?.essence !== "application/x-www-form-urlencoded")
    throw new TypeError('Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".');
  const data = new FormData();
  for (const [name, value] of new URLSearchParams(decodeWhole(bytes).replace(/^\?/, "&?"))) data.append(name, value);
  return data;
}

/** Adds the members that Request and Response share. `stateOf` returns `{ body, headers }`, or throws for another object. */
export function addBody(constructor, stateOf) {
  /** The bytes, once. */
  async function consume(owner) {
    const { body } = stateOf(owner);
    if (body === null) return new Uint8Array(0);
    if (body.isUnusable())
      throw new TypeError(`Body is unusable: ${body.isRead() ? "Body has already been read" : "Body is locked"}`);
    return body.read();
  }
  const mimeOf = (owner) => extractMime(stateOf(owner).headers.get("content-type"));
  const members = {
    get body() {
      return stateOf(this).body?.visible() ?? null;
    },
    get bodyUsed() {
      return stateOf(this).body?.isRead() ?? false;
    },
    async text() {
      return decodeText(await consume(this));
    },
    async json() {
      return JSON.parse(decodeText(await consume(this)));
    },
    async arrayBuffer() {
      return (await consume(this)).slice().buffer;
    },
    async bytes() {
      return (await consume(this)).slice();
    },
    async blob() {
      const bytes = await consume(this);
      const mime = mimeOf(this);
      return makeBlob(bytes.slice(), mime === null ? "" : serializeMime(mime));
    },
    async formData() {
      return readForm(await consume(this), mimeOf(this));
    },
  };
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(members)))
    Object.defineProperty(constructor.prototype, key, descriptor);
}
