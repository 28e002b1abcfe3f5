// Owns Buffer: that of the package buffer, and what it lacks of Node's: base64url, and views of text by the machine's own decoders.

import { Buffer, constants, kMaxLength, SlowBuffer } from "buffer";

const { from, isEncoding, byteLength } = Buffer;
const { toString, write } = Buffer.prototype;

const isUrl = (encoding) => typeof encoding === "string" && encoding.toLowerCase() === "base64url";
const toUrl = (text) => text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

Buffer.isEncoding = (encoding) => isUrl(encoding) || isEncoding(encoding);
Buffer.byteLength = (text, encoding) => byteLength(text, isUrl(encoding) ? "base64" : encoding);
Buffer.from = (value, encodingOrOffset, length) =>
  from(value, isUrl(encodingOrOffset) ? "base64" : encodingOrOffset, length);
Buffer.prototype.toString = function (encoding, start, end) {
  return isUrl(encoding) ? toUrl(toString.call(this, "base64", start, end)) : toString.call(this, encoding, start, end);
};
Buffer.prototype.toLocaleString = Buffer.prototype.toString;
Buffer.prototype.write = function (text, ...rest) {
  return write.call(this, text, ...rest.map((one) => (isUrl(one) ? "base64" : one)));
};

export { Buffer, constants, kMaxLength, SlowBuffer };
