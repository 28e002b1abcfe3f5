// Owns the outermost form of a snapshot: magic, version, checksum, compression, sections (ts/defs/snapshot-format.ts). Must
// never trust a length, and must never inflate more than it was allowed to.

import { deflateSync, inflateSync } from "fflate";
import { CRC_TABLE, crc32 } from "../bytes/crc32.ts";
import { ByteReader } from "../bytes/reader.ts";
import { ByteWriter } from "../bytes/writer.ts";
import { SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from "../defs/snapshot-format.ts";
import { SnapshotError } from "../errors.ts";

/** Compression levels of fflate; 0 stores. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Magic, version, checksum. */
const HEAD = 8;
/** How far back deflate can look. */
const WINDOW = 32768;
/** Sections shorter than this are not worth deflating. */
const SHORT = 48;
/**
 * Most sections in a container. There are eight, and later builds may add some; the bound limits the work of building a dictionary
 * for each.
 */
const MOST_SECTIONS = 64;

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

/** A section of the payload. */
export type Sections = ReadonlyMap<number, Uint8Array>;

/** The last 32 KB of the sections before the current one. */
class History {
  #bytes = new Uint8Array(0);

  get dictionary(): Uint8Array {
    return this.#bytes;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length >= WINDOW) {
      this.#bytes = bytes.subarray(bytes.length - WINDOW) as Uint8Array<ArrayBuffer>;
      return;
    }
    const kept = this.#bytes.subarray(Math.max(0, this.#bytes.length + bytes.length - WINDOW));
    const joined = new Uint8Array(kept.length + bytes.length);
    joined.set(kept);
    joined.set(bytes, kept.length);
    this.#bytes = joined;
  }
}

/** Cache of the deflated first two sections: they are the programs, and remain the same from stop to stop. */
const deflatedBefore = new WeakMap<
  Uint8Array,
  { readonly level: Level; readonly before: Uint8Array | undefined; readonly packed: Uint8Array }
>();

/** Deflates a section. `before`: the first section, if this is the second; `isLater`: this is neither of those. */
function deflate(
  bytes: Uint8Array,
  level: Level,
  dictionary: Uint8Array,
  before: Uint8Array | undefined,
  isLater: boolean,
): Uint8Array {
  const known = isLater ? undefined : deflatedBefore.get(bytes);
  if (known !== undefined && known.level === level && known.before === before) return known.packed;
  const packed = deflateSync(bytes, { level, dictionary });
  if (!isLater) deflatedBefore.set(bytes, { level, before, packed });
  return packed;
}

/** Puts sections into a container, in their order. Equal sections and equal level give equal bytes. */
export function writeContainer(buildId: string, sections: Sections, level: Level): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  for (const byte of SNAPSHOT_MAGIC) out.byte(byte);
  out.byte(SNAPSHOT_VERSION);
  for (let i = 0; i < 4; i++) out.byte(0);
  out.v(buildId.length);
  for (let i = 0; i < buildId.length; i++) out.byte(buildId.charCodeAt(i) & 127);
  out.v(sections.size);
  const history = new History();
  let number = 0;
  let before: Uint8Array | undefined;
  for (const [tag, bytes] of sections) {
    const packed =
      level === 0 || bytes.length < SHORT ? bytes : deflate(bytes, level, history.dictionary, before, number > 1);
    number++;
    before = bytes;
    const isDeflated = packed.length + 2 < bytes.length;
    out.v((tag << 1) | (isDeflated ? 1 : 0));
    out.v(isDeflated ? packed.length : bytes.length);
    if (isDeflated) out.v(bytes.length);
    out.raw(isDeflated ? packed : bytes);
    history.add(bytes);
  }
  const whole = out.done() as Uint8Array<ArrayBuffer>;
  new DataView(whole.buffer).setUint32(4, crc32(whole, HEAD), true);
  return whole;
}

/** The content of a container. */
export interface Container {
  readonly buildId: string;
  readonly sections: Sections;
}

function inflate(packed: Uint8Array, length: number, dictionary: Uint8Array): Uint8Array {
  let bytes: Uint8Array;
  try {
    // Given an output buffer, fflate stops when it is full.
    bytes = inflateSync(packed, { out: new Uint8Array(length), dictionary });
  } catch (error) {
    throw new SnapshotError(
      "malformed",
      `malformed snapshot: a section does not inflate: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  if (bytes.length !== length)
    throw new SnapshotError(
      "malformed",
      "malformed snapshot: a section inflates to a length other than the one it claims",
    );
  return bytes;
}

/**
 * Opens a container.
 *
 * @param limit most bytes of its content, inflated
 * @throws SnapshotError with the reason
 */
export function readContainer(bytes: Uint8Array, limit: number): Container {
  if (bytes.length < 4 || SNAPSHOT_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SnapshotError("not-a-snapshot", "not a snapshot: the bytes do not begin as a snapshot does");
  }
  const version = bytes[3]!;
  if (version !== SNAPSHOT_VERSION) {
    throw new SnapshotError(
      "unsupported-version",
      `the snapshot has format version ${version}; this build reads version ${SNAPSHOT_VERSION}`,
    );
  }
  if (bytes.length < HEAD + 1)
    throw new SnapshotError("truncated", "the snapshot is truncated: it ends within its header");
  const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (crc32(bytes, HEAD) !== checksum)
    throw new SnapshotError("checksum", "the snapshot is damaged: its checksum does not match");
  const reader = new ByteReader(bytes);
  reader.at = HEAD;
  const buildId = reader.text();
  const sections = new Map<number, Uint8Array>();
  const history = new History();
  let total = 0;
  const count = reader.count();
  if (count > MOST_SECTIONS) throw new SnapshotError("malformed", "malformed snapshot: too many sections");
  for (let left = count; left > 0; left--) {
    const head = reader.v();
    const tag = head >>> 1;
    const isDeflated = (head & 1) === 1;
    const stored = reader.v();
    const length = isDeflated ? reader.v() : stored;
    total += length;
    if (total > limit)
      throw new SnapshotError(
        "too-large",
        `the content of the snapshot is larger than the ${limit} bytes allowed: raise limits.snapshotBytes`,
      );
    // Deflate packs at most 1032 to 1.
    if (length > stored * 1040 + 1024)
      throw new SnapshotError("malformed", "malformed snapshot: a section claims more bytes than it can inflate to");
    const body = reader.take(stored);
    if (sections.has(tag)) throw new SnapshotError("malformed", `malformed snapshot: section ${tag} appears twice`);
    const content = isDeflated ? inflate(body, length, history.dictionary) : body;
    sections.set(tag, content);
    history.add(content);
  }
  if (reader.left !== 0) throw new SnapshotError("malformed", "malformed snapshot: bytes after the last section");
  return { buildId, sections };
}
