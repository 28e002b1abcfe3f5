// Owns the outermost form of a snapshot: magic, version, checksum, compression, sections (ts/defs/snapshot-format.ts). Must
// never trust a length, and must never inflate more than it was allowed to.

import { deflateSync, inflateSync } from "fflate";
import { ByteWriter } from "../compiler/image-builder.ts";
import { FLAG_DEFLATED, SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from "../defs/snapshot-format.ts";
import { SnapshotError } from "../errors.ts";

/** Compression levels of fflate; 0 stores. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Magic, version, flags, checksum. */
const HEAD = 9;

const CRC_TABLE = Uint32Array.from({ length: 1024 }, () => 0);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb8_8320 ^ (c >>> 1) : c >>> 1;
  CRC_TABLE[n] = c;
}
for (let n = 0; n < 256; n++) {
  for (let slice = 1; slice < 4; slice++) {
    const before = CRC_TABLE[(slice - 1) * 256 + n]!;
    CRC_TABLE[slice * 256 + n] = CRC_TABLE[before & 255]! ^ (before >>> 8);
  }
}

/** CRC-32 (as in zip and PNG) of bytes from an offset on. */
export function crc32(bytes: Uint8Array, from: number): number {
  let crc = -1;
  let i = from;
  const table = CRC_TABLE;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc = table[768 + (crc & 255)]! ^ table[512 + ((crc >>> 8) & 255)]! ^ table[256 + ((crc >>> 16) & 255)]! ^ table[crc >>> 24]!;
  }
  for (; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A section of the payload. */
export type Sections = ReadonlyMap<number, Uint8Array>;

/** Puts sections into a container. Equal sections and equal level give equal bytes. */
export function writeContainer(buildId: string, sections: Sections, level: Level): Uint8Array<ArrayBuffer> {
  const payload = new ByteWriter();
  payload.reserve([...sections.values()].reduce((sum, bytes) => sum + bytes.length + 8, 64));
  payload.v(buildId.length);
  for (let i = 0; i < buildId.length; i++) payload.byte(buildId.charCodeAt(i) & 127);
  payload.v(sections.size);
  for (const [tag, bytes] of sections) {
    payload.v(tag);
    payload.v(bytes.length);
    payload.raw(bytes);
  }
  const raw = payload.bytes.subarray(0, payload.length);
  const packed = level === 0 ? raw : deflateSync(raw, { level });
  const isDeflated = packed.length < raw.length;
  const body = isDeflated ? packed : raw;
  const out = new ByteWriter();
  out.reserve(HEAD + 5 + body.length);
  for (const byte of SNAPSHOT_MAGIC) out.byte(byte);
  out.byte(SNAPSHOT_VERSION);
  out.byte(isDeflated ? FLAG_DEFLATED : 0);
  for (let i = 0; i < 4; i++) out.byte(0);
  out.v(raw.length);
  out.raw(body);
  const bytes = out.done() as Uint8Array<ArrayBuffer>;
  new DataView(bytes.buffer).setUint32(5, crc32(bytes, HEAD), true);
  return bytes;
}

/** Reads numbers and bytes of the wrapper's own parts of a snapshot. */
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

  /** A count of things that take at least a byte each. */
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
    return String.fromCharCode(...this.take(Math.min(this.count(), 4096)));
  }
}

/** What a container holds. */
export interface Container {
  readonly buildId: string;
  readonly sections: Sections;
}

function inflate(body: Uint8Array, length: number): Uint8Array {
  let raw: Uint8Array;
  try {
    // With a buffer of its own, fflate stops where that is full.
    raw = inflateSync(body, { out: new Uint8Array(length) });
  } catch (error) {
    throw new SnapshotError("malformed", `the snapshot does not inflate: ${(error as Error).message}`, { cause: error });
  }
  if (raw.length !== length) throw new SnapshotError("malformed", "the snapshot inflates to another length than it says");
  return raw;
}

/**
 * Opens a container.
 *
 * @param limit bytes that it may hold, inflated
 * @throws SnapshotError saying why not
 */
export function readContainer(bytes: Uint8Array, limit: number): Container {
  if (bytes.length < 4 || SNAPSHOT_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SnapshotError("not-a-snapshot", "the bytes do not begin as a snapshot does");
  }
  const version = bytes[3]!;
  if (version !== SNAPSHOT_VERSION) {
    throw new SnapshotError("unsupported-version", `the snapshot is of format ${version}; this build reads ${SNAPSHOT_VERSION}`);
  }
  if (bytes.length < HEAD + 1) throw new SnapshotError("truncated", "the snapshot ends within its head");
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(5, true);
  if (crc32(bytes, HEAD) !== checksum) throw new SnapshotError("checksum", "the snapshot was damaged: its checksum does not fit");
  const flags = bytes[4]!;
  if (flags > FLAG_DEFLATED) throw new SnapshotError("unsupported-version", `the snapshot has unknown flags ${flags}`);
  const head = new ByteReader(bytes);
  head.at = HEAD;
  const length = head.v();
  if (length > limit) throw new SnapshotError("too-large", `the snapshot holds ${length} bytes, ${limit} are allowed`);
  const body = bytes.subarray(head.at);
  if (flags === 0 && body.length !== length) throw new SnapshotError("truncated", "the snapshot is not as long as it says");
  // Deflate packs at most 1032 to 1.
  if (flags !== 0 && length > body.length * 1040 + 1024) throw new SnapshotError("malformed", "the snapshot cannot hold what it says");
  const reader = new ByteReader(flags === 0 ? body : inflate(body, length));
  const buildId = reader.text();
  const sections = new Map<number, Uint8Array>();
  for (let left = reader.count(); left > 0; left--) {
    const tag = reader.v();
    if (sections.has(tag)) throw new SnapshotError("malformed", `section ${tag} stands twice`);
    sections.set(tag, reader.take(reader.v()));
  }
  if (reader.left !== 0) throw new SnapshotError("malformed", "bytes behind the last section");
  return { buildId, sections };
}
