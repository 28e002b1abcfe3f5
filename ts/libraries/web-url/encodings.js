// Owns the one encoding in which URLs are written here. Takes the place of @exodus/bytes in whatwg-url, which has tables for all
// encodings of the Web; the API never asks for another.

const encoder = new TextEncoder();

/** https://url.spec.whatwg.org/#string-percent-encode-after-encoding: controls, non-ASCII and `set` as `%XX`. */
export function percentEncodeAfterEncoding(_encoding, text, set) {
  let output = "";
  for (const byte of encoder.encode(text)) {
    const char = String.fromCharCode(byte);
    if (byte > 0x1f && byte < 0x7f && !set.includes(char)) output += char;
    else output += `%${byte < 16 ? "0" : ""}${byte.toString(16).toUpperCase()}`;
  }
  return output;
}
