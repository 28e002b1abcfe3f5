// Owns hexadecimal texts of bytes. Must never be slow: hashes are compared as such texts at every load.

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Returns two lower-case digits for each byte. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += DIGITS[bytes[i]!]!;
  return text;
}
