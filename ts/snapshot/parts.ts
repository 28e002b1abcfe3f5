// Owns the parts of a snapshot without its container, and the encoding of each part to bytes and back.

//
//   programs   v count, each: 1, v length, head │ 0, SHA-256          images   each: v length << 1 | packed, [v packed length,] bytes
//   prelude    images of functions, then where each code ordinal is   counts   COUNTS, v each
//   graph, texts, numbers: the core's streams as they are             run      JSON, if anything differs from the defaults
import { crc32 } from "../bytes/crc32.ts";
import { hexOf } from "../bytes/hex.ts";
import { ByteReader } from "../bytes/reader.ts";
import { ByteWriter } from "../bytes/writer.ts";
import { encodeImage, ImageRoom, STUB } from "../compiler/image.ts";
import { COUNTS, SECTIONS } from "../defs/snapshot-format.ts";
import { SnapshotError } from "../errors.ts";
import { decodeProgram, encodeProgram, partsOf, programRecord } from "../machine/program-bytes.ts";
import type { LibraryOrigin, ProgramRecord, RunRecord } from "../machine/records.ts";
import type { Sections } from "./container.ts";
import { packImage, unpackImage } from "./image-coder.ts";
import { decodeRun, encodeRun } from "./run-record.ts";

/** Prelude code that live frames and closures need. */
export interface PreludeParts {
  readonly images: readonly {
    /** File of the prelude from which it was extracted, -1 if it came from a snapshot. */ readonly file: number;
    readonly indices: readonly number[];
    readonly image: Uint8Array;
  }[];
  /** Image and function of each code cell, by ordinal. */
  readonly codes: readonly { readonly image: number; readonly index: number }[];
}

/** The parts of a snapshot. */
export interface Parts {
  readonly buildId: string;
  readonly programs: readonly ProgramRecord[];
  readonly prelude: PreludeParts;
  readonly counts: readonly number[];
  readonly graph: Uint8Array;
  readonly texts: Uint8Array;
  readonly numbers: Uint8Array;
  readonly run: RunRecord;
}

// --- programs -----------------------------------------------------------------------------------------------------

/** Programs that the host knows, and which others a snapshot may bring. */
export interface KnownPrograms {
  /** By hash: a snapshot may refer to them. */
  readonly byHash: ReadonlyMap<string, ProgramRecord>;
  /** `"any"`: any code; `"found"`: code evaluated or loaded while these programs ran; `"none"`: no code at all. */
  readonly brings: "any" | "found" | "none";
  /** May code be compiled from strings? */
  readonly allowEval: boolean;
  /** Memory that the machine may have, which bounds the code that the snapshot brings; default: as much as there is. */
  readonly memoryBytes?: number;
  /** Returns the programs of a library that the snapshot names; throws if this host has no such library. Without it, there are no libraries. */
  readonly libraryOf?: ((hash: string, name: string, version: string) => readonly ProgramRecord[]) | undefined;
}

/** What a snapshot contains itself; it names the rest by hashes. */
export interface Embedding {
  readonly programs: boolean;
  readonly libraries: boolean;
}

/**
 * Returns the bytes of a program without its image, which encodeProgram puts last, after its length: heads and images compress
 * better apart.
 */
function headOf(program: ProgramRecord): Uint8Array {
  const bytes = encodeProgram(program);
  const length = new ByteWriter();
  length.v(program.image.length);
  return bytes.subarray(0, bytes.length - program.image.length - length.length);
}

/** True if it was added while the program ran, from a string or a loader: the loading host cannot be expected to have it. */
function isBrought({ isEvaluated, isLoaded }: ProgramRecord): boolean {
  return isEvaluated || isLoaded;
}

/** How a program is in a snapshot: a bit each for its code being there, and for being part of a library. */
const EMBEDDED = 1;
const OF_LIBRARY = 2;

function formOf(program: ProgramRecord, embedding: Embedding): number {
  const { library } = program;
  if (library !== undefined) return OF_LIBRARY | (embedding.libraries || !library.isOwn ? EMBEDDED : 0);
  return embedding.programs || isBrought(program) ? EMBEDDED : 0;
}

function writeHash(out: ByteWriter, hash: string): void {
  for (let i = 0; i < 64; i += 2) out.byte(Number.parseInt(hash.slice(i, i + 2), 16));
}

const encoder = new TextEncoder();

function writeText(out: ByteWriter, text: string): void {
  const bytes = encoder.encode(text);
  out.v(bytes.length);
  out.raw(bytes);
}

function encodePrograms(programs: readonly ProgramRecord[], embedding: Embedding): Uint8Array {
  const out = new ByteWriter();
  out.v(programs.length);
  for (const program of programs) {
    const form = formOf(program, embedding);
    const { library } = program;
    out.byte(form);
    if (library !== undefined) {
      writeHash(out, library.hash);
      writeText(out, library.name);
      writeText(out, library.version);
      out.v(library.index);
      out.v(library.externals.length);
      for (const name of library.externals) writeText(out, name);
    }
    if ((form & EMBEDDED) !== 0) {
      const head = headOf(program);
      out.v(head.length);
      out.raw(head);
    } else if (library === undefined) writeHash(out, program.hash);
  }
  return out.done();
}

/**
 * Most bytes of an image per byte of its packed form, which bounds the memory that a stranger's few bytes can claim. An honest image is
 * about four times its packed form; very uniform ones are stored as they are.
 */
const MAX_PACKED = 256;

function isPlausible(length: number, packedLength: number): boolean {
  return length <= packedLength * MAX_PACKED + 1024;
}

/** Cache of packed images: a program that stops often is packed once. */
const packings = new WeakMap<Uint8Array, Uint8Array | null>();

/**
 * Returns the packed image, or null to store it unpacked: packing saves nothing, or the image is so uniform that the reader would
 * refuse it.
 */
function packedOf({ image, source }: ProgramRecord): Uint8Array | null {
  const known = packings.get(image);
  if (known !== undefined) return known;
  const made = packImage(image, source);
  const packed = made !== null && isPlausible(image.length, made.length) ? made : null;
  packings.set(image, packed);
  return packed;
}

function encodeImages(programs: readonly ProgramRecord[]): Uint8Array {
  const out = new ByteWriter();
  for (const program of programs) {
    const { image } = program;
    const packed = packedOf(program);
    out.v((image.length << 1) | (packed === null ? 0 : 1));
    if (packed !== null) out.v(packed.length);
    out.raw(packed ?? image);
  }
  return out.done();
}

/** Recently read programs: a host that resumes one snapshot of a program will resume others. */
const recent = new Map<
  string,
  { readonly head: Uint8Array; readonly packed: Uint8Array; readonly program: ProgramRecord }
>();
const RECENT = 8;

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function roomIn({ memoryBytes = Infinity }: KnownPrograms): ImageRoom {
  return new ImageRoom(memoryBytes);
}

/** For all the programs of a snapshot. */
interface Rooms {
  readonly unpacking: ImageRoom;
  readonly decoding: ImageRoom;
}

/** Reads the next image, for a program whose head has been read. */
function readProgram(reader: ByteReader, head: Uint8Array, { unpacking, decoding }: Rooms): ProgramRecord {
  const length = reader.v();
  const isPacked = (length & 1) === 1;
  const bytes = reader.take(isPacked ? reader.v() : length >>> 1);
  // The checksums only find the entry. The bytes are compared too: two programs made to have one checksum must not be swapped.
  const key = `${length}:${crc32(head, 0)}:${crc32(bytes, 0)}`;
  const known = recent.get(key);
  if (known !== undefined && sameBytes(known.head, head) && sameBytes(known.packed, bytes)) return known.program;
  const program = joinProgram(head, isPacked ? unpack(bytes, head, length >>> 1, unpacking) : bytes, decoding);
  if (recent.size >= RECENT) recent.delete(recent.keys().next().value!);
  const packed = bytes.slice();
  recent.set(key, { head: head.slice(), packed, program });
  if (isPacked) packings.set(program.image, packed);
  return program;
}

function unpack(bytes: Uint8Array, head: Uint8Array, length: number, room: ImageRoom): Uint8Array {
  if (!isPlausible(length, bytes.length))
    throw new SnapshotError("malformed", "malformed snapshot: a program image claims an impossible length");
  const image = unpackImage(bytes, joinProgram(head, STUB_IMAGE).source, length, room);
  if (image === null) throw new SnapshotError("malformed", "malformed snapshot: a program image does not unpack");
  return image;
}

/** A program that does nothing. */
const STUB_IMAGE = encodeImage({ strings: [], functions: [STUB] });

function joinProgram(head: Uint8Array, image: Uint8Array, room?: ImageRoom): ProgramRecord {
  const out = new ByteWriter();
  out.raw(head);
  out.v(image.length);
  out.raw(image);
  return decodeProgram(out.done(), room);
}

/**
 * Returns a program that the snapshot brings, or the host's own if it is equal; throws if the snapshot may not bring it. Its hash was
 * computed from the bytes just read, not taken from them, so it says what the code is.
 */
function broughtProgram(program: ProgramRecord, { byHash, brings, allowEval }: KnownPrograms): ProgramRecord {
  if (brings === "any") return program;
  if (brings === "none" || (program.isEvaluated && !allowEval))
    throw new SnapshotError(
      "embedded-program",
      `the snapshot contains the code of ${program.filename}, but this host accepts only code of its own: dump the snapshot with program: "reference"`,
    );
  if (isBrought(program)) return program;
  const own = byHash.get(program.hash);
  if (own !== undefined) return own;
  throw new SnapshotError(
    "program-mismatch",
    `the snapshot contains the program with hash ${program.hash}, which is not among those given as 'program'`,
  );
}

function namedProgram(hash: string, { byHash }: KnownPrograms): ProgramRecord {
  const program = byHash.get(hash);
  if (program !== undefined) return program;
  if (byHash.size === 0)
    throw new SnapshotError(
      "missing-program",
      `the snapshot refers to the program with hash ${hash}: give it to load as 'program'`,
    );
  throw new SnapshotError(
    "program-mismatch",
    `the snapshot refers to the program with hash ${hash}, which is not among those given as 'program'`,
  );
}

/** The place of a program in a library, as a snapshot states it. */
type Claim = Omit<LibraryOrigin, "isOwn">;

function namedOfLibrary({ hash, name, version, index }: Claim, { libraryOf }: KnownPrograms): ProgramRecord {
  if (libraryOf === undefined)
    throw new SnapshotError("missing-library", `the snapshot needs library ${name} ${version} (hash ${hash})`);
  const program = libraryOf(hash, name, version)[index];
  if (program !== undefined) return program;
  throw new SnapshotError("malformed", `malformed snapshot: library ${name} ${version} has no program ${index}`);
}

/**
 * Returns a program of a library whose code the snapshot contains: if this host accepts any code, that code; else the host's own, for
 * nothing says whose it is.
 */
function broughtOfLibrary(program: ProgramRecord, claim: Claim, known: KnownPrograms): ProgramRecord {
  if (known.brings !== "any" || program.isEvaluated) return namedOfLibrary(claim, known);
  return programRecord({ ...partsOf(program), library: { ...claim, isOwn: false } });
}

/** Checks that the first program of the run started it: it cannot be one that was evaluated or loaded. */
function checkFirst(programs: readonly ProgramRecord[], known: KnownPrograms): void {
  const first = programs.find(({ library }) => library === undefined);
  if (known.brings === "found" && first !== undefined && isBrought(first))
    throw new SnapshotError("program-mismatch", "the snapshot is of none of the programs given as `program`");
}

/**
 * True if a host that knows those programs would take these very records from a snapshot that was written with what `embedding` says.
 *
 * @throws SnapshotError as for the snapshot
 */
export function isAdmitted(programs: readonly ProgramRecord[], embedding: Embedding, known: KnownPrograms): boolean {
  const admitted = programs.every((program) => {
    const { library } = program;
    const isEmbedded = (formOf(program, embedding) & EMBEDDED) !== 0;
    if (library !== undefined) return !isEmbedded && program === namedOfLibrary(library, known);
    return program === (isEmbedded ? broughtProgram(program, known) : namedProgram(program.hash, known));
  });
  checkFirst(programs, known);
  return admitted;
}

/** Names and versions of libraries: they are shown in messages, and in a snapshot they come from a stranger. */
const PLAIN_NAME = /^[\w@/.+-]{1,214}$/;

function readClaim(reader: ByteReader): Claim {
  const name = (): string => {
    const text = reader.text();
    return PLAIN_NAME.test(text) ? text : reader.fail("a library has an impossible name");
  };
  const claim = { hash: hexOf(reader.take(32)), name: name(), version: name(), index: reader.v() };
  return { ...claim, externals: Array.from({ length: reader.count() }, name) };
}

function decodePrograms(bytes: Uint8Array, images: Uint8Array | undefined, known: KnownPrograms): ProgramRecord[] {
  const reader = new ByteReader(bytes);
  const imageReader = new ByteReader(images ?? NOTHING);
  const rooms = { unpacking: roomIn(known), decoding: roomIn(known) };
  const programs = Array.from({ length: reader.count() }, () => {
    const form = reader.byte();
    if (form > (EMBEDDED | OF_LIBRARY)) reader.fail("a program of an unknown form");
    const claim = (form & OF_LIBRARY) === 0 ? undefined : readClaim(reader);
    if ((form & EMBEDDED) === 0)
      return claim === undefined ? namedProgram(hexOf(reader.take(32)), known) : namedOfLibrary(claim, known);
    const program = readProgram(imageReader, reader.take(reader.v()), rooms);
    return claim === undefined ? broughtProgram(program, known) : broughtOfLibrary(program, claim, known);
  });
  if (reader.left !== 0 || imageReader.left !== 0)
    throw new SnapshotError("malformed", "malformed snapshot: bytes after the programs");
  checkFirst(programs, known);
  return programs;
}

const NOTHING = new Uint8Array(0);

// --- prelude ------------------------------------------------------------------------------------------------------

function encodePrelude({ images, codes }: PreludeParts): Uint8Array {
  const out = new ByteWriter();
  out.v(images.length);
  for (const { file, indices, image } of images) {
    out.v(file + 1);
    out.v(indices.length);
    for (const index of indices) out.v(index);
    out.v(image.length);
    out.raw(image);
  }
  out.v(codes.length);
  for (const { image, index } of codes) {
    out.v(image);
    out.v(index);
  }
  return out.done();
}

function decodePrelude(bytes: Uint8Array | undefined): PreludeParts {
  if (bytes === undefined) return { images: [], codes: [] };
  const reader = new ByteReader(bytes);
  const images = Array.from({ length: reader.count() }, () => {
    const file = reader.v() - 1;
    const indices = Array.from({ length: reader.count() }, () => reader.v());
    return { file, indices, image: reader.take(reader.v()) };
  });
  const codes = Array.from({ length: reader.count() }, () => ({ image: reader.v(), index: reader.v() }));
  if (codes.some(({ image }) => image >= images.length) || reader.left !== 0)
    throw new SnapshotError("malformed", "malformed snapshot: its section of prelude code is damaged");
  return { images, codes };
}

// --- all ----------------------------------------------------------------------------------------------------------

const countsWriter = new ByteWriter(64);

function encodeCounts(counts: readonly number[]): Uint8Array {
  countsWriter.length = 0;
  for (const count of counts) countsWriter.v(count);
  return countsWriter.done();
}

/** The sections that depend only on the programs. */
interface ProgramSections {
  readonly programs: Uint8Array;
  readonly images: Uint8Array | undefined;
}

/** Cache of these sections for states with one program: it is dumped again and again, and the container recognises the same arrays. */
const single: readonly [WeakMap<ProgramRecord, ProgramSections>, WeakMap<ProgramRecord, ProgramSections>] = [
  new WeakMap(),
  new WeakMap(),
];

function programSections(list: readonly ProgramRecord[], embedding: Embedding): ProgramSections {
  const cache = single[embedding.programs ? 1 : 0];
  const known = list.length === 1 ? cache.get(list[0]!) : undefined;
  if (known !== undefined) return known;
  const embedded = list.filter((program) => (formOf(program, embedding) & EMBEDDED) !== 0);
  const made = {
    programs: encodePrograms(list, embedding),
    images: embedded.length > 0 || embedding.programs ? encodeImages(embedded) : undefined,
  };
  if (list.length === 1) cache.set(list[0]!, made);
  return made;
}

/** Encodes a snapshot to sections. `embedding`: what it contains itself. */
export function encodeParts(parts: Parts, embedding: Embedding): Sections {
  const sections = new Map<number, Uint8Array>();
  const { programs, images } = programSections(parts.programs, embedding);
  sections.set(SECTIONS.programs, programs);
  if (images !== undefined) sections.set(SECTIONS.images, images);
  if (parts.prelude.codes.length > 0) sections.set(SECTIONS.prelude, encodePrelude(parts.prelude));
  sections.set(SECTIONS.counts, encodeCounts(parts.counts));
  sections.set(SECTIONS.graph, parts.graph);
  sections.set(SECTIONS.texts, parts.texts);
  if (parts.numbers.length > 0) sections.set(SECTIONS.numbers, parts.numbers);
  const run = encodeRun(parts.run);
  if (run.length > 0) sections.set(SECTIONS.run, run);
  return sections;
}

/** Decodes the sections of a snapshot to parts, without reading the graph. */
export function decodeParts(buildId: string, sections: Sections, known: KnownPrograms): Parts {
  const need = (tag: number): Uint8Array => {
    const bytes = sections.get(tag);
    if (bytes === undefined) throw new SnapshotError("malformed", `malformed snapshot: section ${tag} is missing`);
    return bytes;
  };
  const counts = new ByteReader(need(SECTIONS.counts));
  return {
    buildId,
    programs: decodePrograms(need(SECTIONS.programs), sections.get(SECTIONS.images), known),
    prelude: decodePrelude(sections.get(SECTIONS.prelude)),
    counts: COUNTS.map(() => counts.v()),
    graph: need(SECTIONS.graph),
    texts: need(SECTIONS.texts),
    numbers: sections.get(SECTIONS.numbers) ?? NOTHING,
    run: decodeRun(sections.get(SECTIONS.run) ?? NOTHING),
  };
}
