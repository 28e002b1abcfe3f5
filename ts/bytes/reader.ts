// Owns reading bytes: every read is bounds-checked. Must never return less than was asked for.

import { SnapshotError } from "../errors.ts";

/** Reads numbers and bytes that may come from a stranger. `what` names them in errors. */
export class ByteReader {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #what: string;

  constructor(bytes: Uint8Array, what = "snapshot") {
    this.bytes = bytes;
    this.#what = what;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws SnapshotError */
  fail(problem: string): never {
    throw new SnapshotError("malformed", `malformed ${this.#what}: ${problem} (at byte ${this.at})`);
  }

  #end(): never {
    throw new SnapshotError("truncated", `the ${this.#what} is truncated: a part of it ends too early`);
  }

  byte(): number {
    if (this.at >= this.bytes.length) this.#end();
    return this.bytes[this.at++]!;
  }

  /** Reads an unsigned LEB128 number of at most 32 bits. */
  v(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 15) this.fail("a number is too large");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** Reads a count of items that take at least a byte each. */
  count(): number {
    const count = this.v();
    if (count > this.left) this.fail("a count is larger than the bytes that are left");
    return count;
  }

  take(length: number): Uint8Array {
    if (length > this.left) this.#end();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    let text = "";
    for (const byte of this.take(Math.min(this.count(), 4096))) text += String.fromCharCode(byte);
    return text;
  }
}
