// Owns an encoding of keys for engines that sort text by its UTF-8 bytes: so encoded, keys sort as the store's interface promises. Must
// never change how a key is encoded: entries that are there would not be found.

/** Prefix of units that databases refuse. */
const LOW = "\u0001";
/** Prefix of units from here on, which UTF-8 would sort otherwise, or cannot write alone. */
const HIGH_FROM = 0xd7ff;
const HIGH = String.fromCharCode(HIGH_FROM);
const HIGH_TO = 0x1000;
/** Added to the encoded beginning of keys: after all keys that begin so. */
export const AFTER_ALL = "\ue000";

/**
 * Encodes a key so that the bytes of its UTF-8 sort as its UTF-16 units do, and no unit is one that databases refuse. A beginning of a
 * key is encoded as the beginning of the encoded key.
 */
export function encodeKey(key: string): string {
  let text = "";
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code < 2) text += LOW + String.fromCharCode(code + 1);
    else if (code < HIGH_FROM) text += key[i]!;
    else text += HIGH + String.fromCharCode(code - HIGH_FROM + HIGH_TO);
  }
  return text;
}

/** Decodes what {@link encodeKey} made. */
export function decodeKey(text: string): string {
  let key = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] === LOW) key += String.fromCharCode(text.charCodeAt(++i) - 1);
    else if (text[i] === HIGH) key += String.fromCharCode(text.charCodeAt(++i) - HIGH_TO + HIGH_FROM);
    else key += text[i]!;
  }
  return key;
}
