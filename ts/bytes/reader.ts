// Owns reading bytes: every read is bounds-checked. Must never return less than was asked for.

import { SnapshotError } from "../errors.ts";

/** Reads numbers and bytes of the parts of a snapshot that the host writes. */
export class ByteReader {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new SnapshotError("truncated", "a part of the snapshot ends too early");
    return this.bytes[this.at++]!;
  }

  v(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 15) throw new SnapshotError("malformed", "a number in the snapshot is too large");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** Reads a count of items that take at least a byte each. */
  count(): number {
    const count = this.v();
    if (count > this.left) throw new SnapshotError("malformed", "a count in the snapshot is larger than the snapshot");
    return count;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new SnapshotError("truncated", "a part of the snapshot ends too early");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    let text = "";
    for (const byte of this.take(Math.min(this.count(), 4096))) text += String.fromCharCode(byte);
    return text;
  }
}
