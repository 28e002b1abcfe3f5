// Owns CRC-32, the checksum of containers. Must never be taken for protection against a stranger: seals are.

export const CRC_TABLE = Uint32Array.from({ length: 1024 }, () => 0);

/** Returns the CRC-32 (as in zip and PNG) of the bytes from an offset on. */
export function crc32(bytes: Uint8Array, from: number): number {
  let crc = -1;
  let i = from;
  const table = CRC_TABLE;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      table[768 + (crc & 255)]! ^
      table[512 + ((crc >>> 8) & 255)]! ^
      table[256 + ((crc >>> 16) & 255)]! ^
      table[crc >>> 24]!;
  }
  for (; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
