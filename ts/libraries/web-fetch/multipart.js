// Owns bodies of forms: multipart/form-data in both directions.
// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data

import { bytesOf, decodeText, encodeText, fileOf, joined, makeBlob } from "./blob.js";
import { entriesOf, FormData } from "./form-data.js";

const lines = (text) => text.replace(/\r\n?|\n/g, "\r\n");
const escaped = (text) => text.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
const unescaped = (text) => text.replace(/%0A/gi, "\n").replace(/%0D/gi, "\r").replace(/%22/g, '"');

/** The bytes of a form, and the boundary between its parts. */
export function encodeForm(data) {
  const boundary = `----formdata-fermata-0${`${Math.floor(Math.random() * 1e11)}`.padStart(11, "0")}`;
  const parts = [];
  for (const [name, value] of entriesOf(data)) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(lines(name))}"`;
    if (typeof value === "string") parts.push(encodeText(`${head}\r\n\r\n${lines(value)}\r\n`));
    else {
      const type = value.type || "application/octet-stream";
      parts.push(encodeText(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
      parts.push(bytesOf(value), encodeText("\r\n"));
    }
  }
  parts.push(encodeText(`--${boundary}--\r\n`));
  return { bytes: joined(parts), boundary };
}

function indexOf(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    let length = 1;
    while (length < wanted.length && bytes[at + length] === wanted[length]) length++;
    if (length === wanted.length) return at;
  }
  return -1;
}

const startsWith = (bytes, at, wanted) => wanted.every((byte, index) => bytes[at + index] === byte);

const CRLF = [13, 10];
const BLANK_LINE = [13, 10, 13, 10];

/** Name, file name and type of a part, from its header lines. */
function readHead(text) {
  let name;
  let filename;
  let type = "text/plain";
  for (const line of text.split("\r\n")) {
    const [, field, value] = /^([!#$%&'*+\-.^`|~\w]+):[\t ]*(.*?)[\t ]*$/s.exec(line) ?? [];
    if (field === undefined) throw new TypeError("a header of a part is malformed");
    if (field.toLowerCase() === "content-type") type = value;
    if (field.toLowerCase() !== "content-disposition") continue;
    const match = /^form-data;\s*name="([^"]*)"(?:;\s*filename="([^"]*)")?/i.exec(value);
    if (match === null) throw new TypeError("a part has no name");
    name = unescaped(match[1]);
    if (match[2] !== undefined) filename = unescaped(match[2]);
  }
  if (name === undefined) throw new TypeError("a part has no name");
  return { name, filename, type };
}

/** https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser; throws what is wrong. */
export function parseForm(bytes, boundary) {
  const data = new FormData();
  const delimiter = [...encodeText(`--${boundary}`)];
  const next = [...CRLF, ...delimiter];
  let at = startsWith(bytes, 0, CRLF) ? 2 : 0;
  if (!startsWith(bytes, at, delimiter)) throw new TypeError("it does not begin with the boundary");
  at += delimiter.length;
  while (!startsWith(bytes, at, [45, 45])) {
    if (!startsWith(bytes, at, CRLF)) throw new TypeError("a boundary is not alone on its line");
    const headEnd = indexOf(bytes, BLANK_LINE, at);
    if (headEnd < 0) throw new TypeError("a part has no end");
    const { name, filename, type } = readHead(decodeText(bytes.subarray(at + 2, headEnd)));
    const end = indexOf(bytes, next, headEnd + 2);
    if (end < 0) throw new TypeError("a part has no end");
    const value = bytes.slice(headEnd + 4, Math.max(end, headEnd + 4));
    if (filename === undefined) data.append(name, decodeText(value));
    else data.append(name, fileOf(makeBlob(value, type), filename));
    at = end + next.length;
  }
  return data;
}
