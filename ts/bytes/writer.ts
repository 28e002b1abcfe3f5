// Owns writing bytes: fixed numbers, LEB128, texts, into a buffer that grows. Must never know what the bytes mean.

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
/** NaN has one form in an image. */
const NAN_BYTES = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];

/** A growing byte buffer with the image's number forms. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    bigger.set(this.bytes.subarray(0, this.length));
    this.bytes = bigger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned LEB128 of a 32-bit number. */
  v(value: number): void {
    if (this.length + 5 > this.bytes.length) this.reserve(5);
    const bytes = this.bytes;
    let at = this.length;
    let rest = value >>> 0;
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.length = at;
  }

  /** Zigzag LEB128. */
  s(value: number): void {
    this.v((value << 1) ^ (value >> 31));
  }

  f64(value: number): void {
    this.reserve(8);
    float[0] = value;
    this.bytes.set(value === value ? floatBytes : NAN_BYTES, this.length);
    this.length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
