// Owns TextEncoderStream and TextDecoderStream. Must never split a character between two chunks.
// https://encoding.spec.whatwg.org/#interface-textencoderstream

import { TransformStream } from "web-streams-polyfill";

const isLead = (code) => code >= 0xd800 && code <= 0xdbff;

export class TextEncoderStream {
  #stream;

  constructor() {
    const encoder = new TextEncoder();
    let lead = "";
    this.#stream = new TransformStream({
      transform(chunk, controller) {
        let text = `${lead}${chunk}`;
        lead = isLead(text.charCodeAt(text.length - 1)) ? text.slice(-1) : "";
        if (lead !== "") text = text.slice(0, -1);
        if (text !== "") controller.enqueue(encoder.encode(text));
      },
      flush(controller) {
        if (lead !== "") controller.enqueue(encoder.encode(lead));
      },
    });
  }

  get encoding() {
    return (this.#stream, "utf-8");
  }

  get readable() {
    return this.#stream.readable;
  }

  get writable() {
    return this.#stream.writable;
  }
}

export class TextDecoderStream {
  #stream;
  #decoder;

  constructor(label = "utf-8", options = undefined) {
    const decoder = new TextDecoder(label, options);
    this.#decoder = decoder;
    this.#stream = new TransformStream({
      transform(chunk, controller) {
        if (!ArrayBuffer.isView(chunk) && !(chunk instanceof ArrayBuffer))
          throw new TypeError(
            "Failed to execute 'decode' on 'TextDecoder': a chunk is not of type '(ArrayBuffer or ArrayBufferView)'.",
          );
        const text = decoder.decode(chunk, { stream: true });
        if (text !== "") controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text !== "") controller.enqueue(text);
      },
    });
  }

  get encoding() {
    return this.#decoder.encoding;
  }

  get fatal() {
    return this.#decoder.fatal;
  }

  get ignoreBOM() {
    return this.#decoder.ignoreBOM;
  }

  get readable() {
    return this.#stream.readable;
  }

  get writable() {
    return this.#stream.writable;
  }
}
