// Owns the bytes of a compiled program, which `program.dump()` returns and snapshots embed. Must never trust them: they may come
// from a stranger (the image inside is verified by ts/compiler/verify.ts and again by the linker).
//
//   "FMPR" u8 version · v flags (1 module, 2 allowEval, 4 TypeScript, 8 from a string, 16 loaded at run time) · text filename · text source
//   v count, text each: inputs · v count, {text, u8 mode} each: externals · v length, image
//   A program of several files: "FMPB" u8 version · v count, each: v length, bytes of a program; the first is the entry
//   text: v bytes << 1, UTF-8; or, with lone surrogates in it, v units << 1 | 1, UTF-16LE

import { sha256 } from "../bytes/sha256.ts";
import { ByteReader } from "../bytes/reader.ts";
import { ByteWriter } from "../bytes/writer.ts";
import type { ImageRoom } from "../compiler/image.ts";
import { verifyImage } from "../compiler/verify.ts";
import { SnapshotError } from "../errors.ts";
import { checkExternals } from "./externals.ts";
import type { ExternalMode, ProgramRecord } from "./records.ts";

const MAGIC = [0x46, 0x4d, 0x50, 0x52] as const; // "FMPR"
const VERSION = 1;
const MODULE = 1;
const ALLOW_EVAL = 2;
const TYPESCRIPT = 4;
const EVALUATED = 8;
const LOADED = 16;

const encoder = new TextEncoder();

function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit & 0xf800) !== 0xd800) continue;
    if (unit >= 0xdc00 || (text.charCodeAt(i + 1) & 0xfc00) !== 0xdc00) return false;
    i++;
  }
  return true;
}

function writeText(out: ByteWriter, text: string): void {
  if (isWellFormed(text)) {
    const bytes = encoder.encode(text);
    out.v(bytes.length << 1);
    out.raw(bytes);
    return;
  }
  out.v((text.length << 1) | 1);
  for (let i = 0; i < text.length; i++) {
    out.byte(text.charCodeAt(i) & 255);
    out.byte(text.charCodeAt(i) >>> 8);
  }
}

/**
 * Returns the start of the line after the next line terminator; 0 if there are no more lines. `isPlain`: all line terminators are
 * line feeds.
 */
function nextLine(source: string, from: number, isPlain: boolean): number {
  if (isPlain) return source.indexOf("\n", from) + 1;
  for (let i = from; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    if (unit === 13 && source.charCodeAt(i + 1) === 10) continue;
    if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) return i + 1;
  }
  return 0;
}

/** Returns the offsets at which lines begin, by the line terminators of the language. */
export function lineStartsOf(source: string): Uint32Array<ArrayBuffer> {
  const isPlain = !source.includes("\r") && !source.includes("\u2028") && !source.includes("\u2029");
  let starts = new Uint32Array(16 + (source.length >>> 4));
  let count = 1;
  for (let start = nextLine(source, 0, isPlain); start > 0; start = nextLine(source, start, isPlain)) {
    if (count === starts.length) {
      const bigger = new Uint32Array(2 * count);
      bigger.set(starts);
      starts = bigger;
    }
    starts[count++] = start;
  }
  return starts.slice(0, count);
}

/** The parts of a record that are not derived from others. */
export type ProgramParts = Omit<ProgramRecord, "hash" | "lineStarts">;

class Record implements ProgramRecord {
  readonly image: Uint8Array;
  readonly source: string;
  readonly filename: string;
  readonly language: ProgramRecord["language"];
  readonly inputs: readonly string[];
  readonly externals: ReadonlyMap<string, ExternalMode>;
  readonly allowEval: boolean;
  readonly isModule: boolean;
  readonly isEvaluated: boolean;
  readonly isLoaded: boolean;
  readonly library: ProgramRecord["library"];
  #hash: string | undefined;
  #lineStarts: Uint32Array<ArrayBuffer> | undefined;

  constructor(parts: ProgramParts) {
    this.image = parts.image;
    this.source = parts.source;
    this.filename = parts.filename;
    this.language = parts.language;
    this.inputs = parts.inputs;
    this.externals = parts.externals;
    this.allowEval = parts.allowEval;
    this.isModule = parts.isModule;
    this.isEvaluated = parts.isEvaluated;
    this.isLoaded = parts.isLoaded;
    this.library = parts.library;
  }

  get hash(): string {
    return (this.#hash ??= sha256(encodeProgram(this)));
  }

  get lineStarts(): Uint32Array<ArrayBuffer> {
    return (this.#lineStarts ??= lineStartsOf(this.source));
  }
}

/** Returns the parts of a record, to make one that differs in some of them. */
export function partsOf(record: ProgramRecord): ProgramParts {
  const { image, source, filename, language, inputs, externals, allowEval } = record;
  const { isModule, isEvaluated, isLoaded, library } = record;
  return { image, source, filename, language, inputs, externals, allowEval, isModule, isEvaluated, isLoaded, library };
}

/** Makes a record whose hash and line table are computed when first read. */
export function programRecord(parts: ProgramParts): ProgramRecord {
  return new Record(parts);
}

/** Encodes a program. Equal programs have equal bytes. */
export function encodeProgram(record: ProgramParts): Uint8Array {
  const out = new ByteWriter();
  for (const byte of MAGIC) out.byte(byte);
  out.byte(VERSION);
  out.v(
    (record.isModule ? MODULE : 0) |
      (record.allowEval ? ALLOW_EVAL : 0) |
      (record.language === "typescript" ? TYPESCRIPT : 0) |
      (record.isEvaluated ? EVALUATED : 0) |
      (record.isLoaded ? LOADED : 0),
  );
  writeText(out, record.filename);
  writeText(out, record.source);
  out.v(record.inputs.length);
  for (const name of record.inputs) writeText(out, name);
  out.v(record.externals.size);
  for (const [name, mode] of record.externals) {
    writeText(out, name);
    out.byte(mode === "sync" ? 1 : 0);
  }
  out.v(record.image.length);
  out.raw(record.image);
  return out.done();
}

class ProgramReader extends ByteReader {
  constructor(bytes: Uint8Array) {
    super(bytes, "program");
  }

  override text(): string {
    const head = this.v();
    if ((head & 1) === 0) {
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(head >>> 1));
      } catch (error) {
        if (error instanceof SnapshotError) throw error;
        return this.fail("a text is not UTF-8");
      }
    }
    const units = this.take(head & ~1);
    let text = "";
    for (let i = 0; i < units.length; i += 2) text += String.fromCharCode(units[i]! | (units[i + 1]! << 8));
    return text;
  }
}

/**
 * Reads the bytes of a program and verifies all of them.
 *
 * @param room what may be read of its code; default: as much as there is
 * @throws SnapshotError if `encodeProgram` could not have written them
 */
export function decodeProgram(bytes: Uint8Array, room?: ImageRoom): ProgramRecord {
  const reader = new ProgramReader(bytes);
  for (const byte of MAGIC) {
    if (bytes.length < 5 || reader.byte() !== byte)
      throw new SnapshotError("not-a-snapshot", "not a program: the bytes do not begin as program.dump() writes them");
  }
  const version = reader.byte();
  if (version !== VERSION) {
    throw new SnapshotError(
      "unsupported-version",
      `the program has format version ${version}; this build reads version ${VERSION}`,
    );
  }
  const flags = reader.v();
  if (flags > 31) reader.fail("unknown flags");
  const filename = reader.text();
  const source = reader.text();
  const inputs = Array.from({ length: reader.count() }, () => reader.text());
  const externals = new Map<string, ExternalMode>();
  for (let left = reader.count(); left > 0; left--) {
    const name = reader.text();
    const mode = reader.byte();
    if (mode > 1 || externals.has(name)) reader.fail("a bad external function");
    externals.set(name, mode === 1 ? "sync" : "async");
  }
  try {
    checkExternals(externals);
  } catch (error) {
    reader.fail((error as Error).message);
  }
  const image = reader.take(reader.v()).slice();
  if (reader.left !== 0) reader.fail("bytes after the end");
  try {
    verifyImage(image, room);
  } catch (error) {
    const reason = room?.isSpent === true ? "too-large" : "malformed";
    throw new SnapshotError(reason, `program: ${(error as Error).message}`, { cause: error });
  }
  return programRecord({
    image,
    source,
    filename,
    language: (flags & TYPESCRIPT) !== 0 ? "typescript" : "javascript",
    inputs,
    externals,
    allowEval: (flags & ALLOW_EVAL) !== 0,
    isModule: (flags & MODULE) !== 0,
    isEvaluated: (flags & EVALUATED) !== 0,
    isLoaded: (flags & LOADED) !== 0,
  });
}

const BUNDLE_MAGIC = [0x46, 0x4d, 0x50, 0x42] as const; // "FMPB"

/** Encodes a program with its modules. */
export function encodeBundle(record: ProgramRecord, modules: readonly ProgramRecord[]): Uint8Array {
  if (modules.length === 0) return encodeProgram(record);
  const out = new ByteWriter();
  for (const byte of BUNDLE_MAGIC) out.byte(byte);
  out.byte(VERSION);
  out.v(modules.length + 1);
  for (const one of [record, ...modules]) {
    const bytes = encodeProgram(one);
    out.v(bytes.length);
    out.raw(bytes);
  }
  return out.done();
}

/**
 * Reads the bytes of a program, of one file or of several, and verifies all of them; the first is the entry.
 *
 * @throws SnapshotError if `encodeBundle` could not have written them
 */
export function decodeBundle(bytes: Uint8Array): readonly [ProgramRecord, ...ProgramRecord[]] {
  if (BUNDLE_MAGIC.some((byte, i) => bytes[i] !== byte)) return [decodeProgram(bytes)];
  const reader = new ProgramReader(bytes.subarray(BUNDLE_MAGIC.length));
  if (reader.byte() !== VERSION) throw new SnapshotError("unsupported-version", "a program of an unknown version");
  const records = Array.from({ length: reader.count() }, () => decodeProgram(reader.take(reader.v())));
  if (reader.left !== 0 || records.length === 0) reader.fail("bytes after the end");
  return records as [ProgramRecord, ...ProgramRecord[]];
}
