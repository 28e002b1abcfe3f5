// Owns the outermost form of a snapshot: magic, version, checksum, compression, sections (ts/defs/snapshot-format.ts). Must
// never trust a length, and must never inflate more than it was allowed to.

//
//   0      3      4        8                                       one section
//   ┌──────┬──────┬────────┬──────────┬───────┬──────────┬─ … ─┐   ┌────────────────┬──────────┬─────────────────┬───────┐
//   │ FMS  │ ver. │ CRC-32 │ build id │ count │ section  │     │   │ tag << 1 | def │ v stored │ [def: v length] │ bytes │
//   └──────┴──────┴────────┴──────────┴───────┴──────────┴─ … ─┘   └────────────────┴──────────┴─────────────────┴───────┘
//
// The CRC finds accidents, not attackers: who alters a snapshot can write a new one. The seal is for that (seal.ts).
import { deflateSync, inflateSync } from "fflate";
import { bytesOfBase64 } from "../bytes/base64.ts";
import { CRC_TABLE, crc32 } from "../bytes/crc32.ts";
import { Deflater, MAX_WINDOW } from "../bytes/deflate.ts";
import { ByteReader } from "../bytes/reader.ts";
import { ByteWriter } from "../bytes/writer.ts";
import { SNAPSHOT_DICTIONARY } from "../defs/snapshot-dictionary.ts";
import { PLAIN_VERSION, SECTIONS, SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from "../defs/snapshot-format.ts";
import { SnapshotError } from "../errors.ts";

/** Compression levels of fflate; 0 stores. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Magic, version, checksum. */
const HEAD = 8;
/** How far back deflate can look. */
const WINDOW = 32768;
/** Sections shorter than this are not worth deflating: without the prepared dictionary, and with it. */
const SHORT = 48;
const SHORT_PREPARED = 16;
/** Snapshots whose graph and texts are smaller get the higher level, which then takes only a fraction of a millisecond. */
const SMALL = 65536;
const SMALL_LEVEL: Level = 6;
const LARGE_LEVEL: Level = 3;
/**
 * Most sections in a container. There are eight, and later builds may add some; the bound limits the work of building a dictionary
 * for each.
 */
const MAX_SECTIONS = 64;

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

/**
 * The last 32 KB of the sections before the current one. Deflate looks back into it as if it were one text, so code that repeats words of
 * the source costs little.
 */
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

function open(out: ByteWriter, version: number, buildId: string, count: number): void {
  for (const byte of SNAPSHOT_MAGIC) out.byte(byte);
  out.byte(version);
  for (let i = 0; i < 4; i++) out.byte(0);
  out.v(buildId.length);
  for (let i = 0; i < buildId.length; i++) out.byte(buildId.charCodeAt(i) & 127);
  out.v(count);
}

function close(out: ByteWriter): Uint8Array<ArrayBuffer> {
  const whole = out.done() as Uint8Array<ArrayBuffer>;
  const checksum = crc32(whole, HEAD);
  for (let i = 0; i < 4; i++) whole[4 + i] = checksum >>> (8 * i);
  return whole;
}

/** The bytes of the prepared dictionary, made when first needed. */
let prepared: Uint8Array<ArrayBuffer> | undefined;

function preparedDictionary(): Uint8Array<ArrayBuffer> {
  return (prepared ??= bytesOfBase64(SNAPSHOT_DICTIONARY));
}

/** What writing small containers needs, kept from one to the next. */
let quick: { readonly deflater: Deflater; readonly out: ByteWriter; readonly room: Uint8Array } | undefined;

/** Cache of the programs of small containers, deflated; null: not worth it. They remain the same from stop to stop. */
const preparedPrograms = new WeakMap<Uint8Array, Uint8Array | null>();

/** Deflates a section after the prepared dictionary; returns null if the bytes are better stored as they are. */
function deflateQuickly(deflater: Deflater, room: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < SHORT_PREPARED) {
    deflater.pass(bytes);
    return null;
  }
  const end = deflater.deflate(bytes, room, 0);
  return end < 0 || end + 2 >= bytes.length ? null : room.subarray(0, end);
}

/**
 * Programs are deflated by themselves, so that their result is the same from stop to stop. A later section may still look back at them:
 * `pass` and `deflate` both add to the window, `forget` ends it.
 */
function deflateProgram(deflater: Deflater, room: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  const known = preparedPrograms.get(bytes);
  if (known !== undefined) {
    deflater.pass(bytes);
    return known;
  }
  deflater.forget();
  const packed = deflateQuickly(deflater, room, bytes)?.slice() ?? null;
  deflater.forget();
  preparedPrograms.set(bytes, packed);
  return packed;
}

/** Puts few bytes into a container. Equal sections give equal bytes. */
function writeSmall(buildId: string, sections: Sections): Uint8Array<ArrayBuffer> {
  quick ??= {
    deflater: new Deflater(preparedDictionary()),
    out: new ByteWriter(4096),
    room: new Uint8Array(MAX_WINDOW),
  };
  const { deflater, out, room } = quick;
  out.length = 0;
  deflater.open();
  open(out, SNAPSHOT_VERSION, buildId, sections.size);
  for (const [tag, bytes] of sections) {
    const isProgram = tag === SECTIONS.programs || tag === SECTIONS.images;
    const packed = isProgram ? deflateProgram(deflater, room, bytes) : deflateQuickly(deflater, room, bytes);
    out.v((tag << 1) | (packed === null ? 0 : 1));
    out.v((packed ?? bytes).length);
    if (packed !== null) out.v(bytes.length);
    out.raw(packed ?? bytes);
  }
  return close(out);
}

/**
 * Puts sections into a container, in their order. Equal sections and equal level give equal bytes. `level`: by default that which
 * fits the size.
 */
export function writeContainer(buildId: string, sections: Sections, level?: Level): Uint8Array<ArrayBuffer> {
  if (level === undefined) {
    let total = 0;
    for (const bytes of sections.values()) total += bytes.length;
    if (total <= MAX_WINDOW - preparedDictionary().length) return writeSmall(buildId, sections);
    const state = sections.get(SECTIONS.graph)!.length + (sections.get(SECTIONS.texts)?.length ?? 0);
    return writePlain(buildId, sections, state < SMALL ? SMALL_LEVEL : LARGE_LEVEL);
  }
  return writePlain(buildId, sections, level);
}

function writePlain(buildId: string, sections: Sections, level: Level): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  open(out, PLAIN_VERSION, buildId, sections.size);
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
  return close(out);
}

/** The content of a container. */
export interface Container {
  readonly buildId: string;
  readonly sections: Sections;
}

function inflate(packed: Uint8Array, out: Uint8Array, dictionary: Uint8Array): void {
  let bytes: Uint8Array;
  try {
    // So no bytes can inflate to more than the length that was checked against the limit.
    // Given an output buffer, fflate stops when it is full.
    bytes = inflateSync(packed, { out, dictionary });
  } catch (error) {
    throw new SnapshotError(
      "malformed",
      `malformed snapshot: a section does not inflate: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  if (bytes.length !== out.length)
    throw new SnapshotError(
      "malformed",
      "malformed snapshot: a section inflates to a length other than the one it claims",
    );
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
  if (version !== SNAPSHOT_VERSION && version !== PLAIN_VERSION) {
    throw new SnapshotError(
      "unsupported-version",
      `the snapshot has format version ${version}; this build reads versions ${PLAIN_VERSION} and ${SNAPSHOT_VERSION}`,
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
  const heads = readHeads(reader, limit);
  return { buildId, sections: inflateAll(reader, heads, version === PLAIN_VERSION ? NOTHING : preparedDictionary()) };
}

const NOTHING = new Uint8Array(0);

/** What precedes a section's bytes. */
interface Head {
  readonly tag: number;
  readonly isDeflated: boolean;
  /** Where its bytes are in the container, how many they are there, and how many they become. */
  readonly at: number;
  readonly stored: number;
  readonly length: number;
}

/** Reads the heads of all sections, up to the last byte of the container. */
function readHeads(reader: ByteReader, limit: number): Head[] {
  const heads: Head[] = [];
  let total = 0;
  const count = reader.count();
  if (count > MAX_SECTIONS) throw new SnapshotError("malformed", "malformed snapshot: too many sections");
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
    // Checked before anything is allocated: the sum of all claimed lengths is bounded by `limit`, each one by the bytes that are there.
    // Deflate packs at most 1032 to 1.
    if (length > stored * 1040 + 1024)
      throw new SnapshotError("malformed", "malformed snapshot: a section claims more bytes than it can inflate to");
    if (heads.some((other) => other.tag === tag))
      throw new SnapshotError("malformed", `malformed snapshot: section ${tag} appears twice`);
    heads.push({ tag, isDeflated, at: reader.at, stored, length });
    reader.take(stored);
  }
  if (reader.left !== 0) throw new SnapshotError("malformed", "malformed snapshot: bytes after the last section");
  return heads;
}

/** Inflates the sections in their order, after the dictionary, so that each has those before it as its history. */
function inflateAll({ bytes }: ByteReader, heads: readonly Head[], dictionary: Uint8Array): Sections {
  const sections = new Map<number, Uint8Array>();
  // Without deflated sections there is no history, and nothing to copy.
  const isStored = heads.every(({ isDeflated }) => !isDeflated);
  const total = heads.reduce((sum, { length }) => sum + length, 0);
  const all = isStored ? NOTHING : new Uint8Array(dictionary.length + total);
  all.set(isStored ? NOTHING : dictionary);
  let end = dictionary.length;
  for (const { tag, isDeflated, at, stored, length } of heads) {
    const body = bytes.subarray(at, at + stored);
    if (isStored) sections.set(tag, body);
    else {
      const content = all.subarray(end, end + length);
      if (isDeflated) inflate(body, content, all.subarray(Math.max(0, end - WINDOW), end));
      else content.set(body);
      sections.set(tag, content);
      end += length;
    }
  }
  return sections;
}
