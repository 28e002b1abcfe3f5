// Owns the module node:string_decoder: text from bytes that come in pieces, no character split.
// https://nodejs.org/api/string_decoder.html

const { Buffer } = $host.node;

/** Bytes that a group of characters is made of, where the encoding is none of text. */
const GROUPS = { base64: 3, base64url: 3, hex: 1, latin1: 1, binary: 1, ascii: 1 };

export class StringDecoder {
  #decoder = null;
  #rest = Buffer.alloc(0);
  #group = 1;

  constructor(encoding = "utf8") {
    const name = `${encoding}`.toLowerCase();
    if (!Buffer.isEncoding(name))
      throw Object.assign(new TypeError(`Unknown encoding: ${encoding}`), { code: "ERR_UNKNOWN_ENCODING" });
    this.encoding = name === "utf-8" ? "utf8" : ["ucs2", "ucs-2", "utf-16le"].includes(name) ? "utf16le" : name;
    if (this.encoding === "utf8" || this.encoding === "utf16le")
      this.#decoder = new TextDecoder(this.encoding === "utf8" ? "utf-8" : "utf-16le", { ignoreBOM: true });
    else this.#group = GROUPS[this.encoding] ?? 1;
  }

  write(bytes) {
    if (typeof bytes === "string") return bytes;
    if (this.#decoder !== null) return this.#decoder.decode(bytes, { stream: true });
    const all = Buffer.concat([this.#rest, bytes]);
    const whole = all.length - (all.length % this.#group);
    this.#rest = all.subarray(whole);
    return all.toString(this.encoding, 0, whole);
  }

  end(bytes = undefined) {
    const text = bytes === undefined ? "" : this.write(bytes);
    if (this.#decoder !== null) return text + this.#decoder.decode();
    const rest = this.#rest.toString(this.encoding);
    this.#rest = Buffer.alloc(0);
    return text + rest;
  }
}

export default { StringDecoder };
