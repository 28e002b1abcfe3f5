// Owns base64 texts of bytes (RFC 4648, section 4). Must never use what only one host has.

/** Units that are made text at once: more arguments would overflow the stack of some hosts. */
const AT_ONCE = 0x8000;

/** Returns the bytes as a text. */
export function base64Of(bytes: Uint8Array): string {
  let units = "";
  for (let i = 0; i < bytes.length; i += AT_ONCE) units += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  return btoa(units);
}

/**
 * Returns the bytes of a text.
 *
 * @throws DOMException if it is not base64
 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}
