// Owns the packing of program images into snapshots: an arithmetic coder that knows the layout of an image, with results about a
// third smaller than deflate's. Must be exact (unpacking gives the image, to the byte), and must never loop or grow beyond the
// stated length of the image. Its model is part of the snapshot format: it never changes under one SNAPSHOT_VERSION.
//
// One walk serves both directions: a Coder is given every value and returns it; a decoder ignores the value it is given.

import { CONSTANT, type Constant } from "../compiler/assembler.ts";
import {
  decodeImage,
  encodeImage,
  type FunctionImage,
  type HandlerRange,
  type ImageRoom,
  type Instruction,
  NO_ROOM,
  type ProgramImage,
} from "../compiler/image.ts";
import { SnapshotError } from "../errors.ts";
import { OPERAND_TYPES, REGISTER_TYPES, ROWS, SIGNED_TYPES } from "../generated/emit.ts";

// An arithmetic coder narrows an interval [low, high] of 32 bits by each bit, in proportion to how likely the bit was. Leading bytes that
// both bounds share are settled and go out.
//
//   low ├──────────── 1 ────────────┼──── 0 ────┤ high         chance of a 1: 70 %; cut() finds the point
//
// Every bit has a model, chosen by its *context*: its place in the image (an opcode after a MOVE, the second bit of a register). A model is
// a probability that moves towards each bit it sees. Both directions make the same moves, so no table travels with the bytes.

// --- coding bits --------------------------------------------------------------------------------------------------

/** A model adapts quickly at first, then by about a 24th. */
const DIVISORS = Float64Array.from({ length: 24 }, (_, n) => n + 1.5);
const MAX_SHORT = 23;
const FIRST_MODELS = 8192;

/** Adaptive binary models, and numbers made of them. */
abstract class Coder {
  #chances = new Uint16Array(FIRST_MODELS).fill(32768);
  #counts = new Uint8Array(FIRST_MODELS);
  #used = 0;
  readonly #contexts = new Map<number, number>();

  /**
   * Codes a bit whose probability to be 1 is `chance` / 65536. The encoder writes `bit` and returns it; the decoder ignores it and returns
   * the bit that it reads.
   */
  protected abstract code(bit: number, chance: number): number;

  /** Returns the `size` models of a context, made when first needed. */
  #models(context: number, size: number): number {
    let at = this.#contexts.get(context);
    if (at === undefined) {
      at = this.#used;
      this.#contexts.set(context, at);
      this.#used += size;
      if (this.#used > this.#chances.length) {
        const chances = new Uint16Array(this.#used * 2).fill(32768);
        chances.set(this.#chances);
        const counts = new Uint8Array(this.#used * 2);
        counts.set(this.#counts);
        this.#chances = chances;
        this.#counts = counts;
      }
    }
    return at;
  }

  // Clamped, so that a bit that was never seen still has a code, and one that is never wrong still costs 1/177 of a bit.
  #bit(model: number, bit: number): number {
    const chance = this.#chances[model]!;
    const coded = this.code(bit, Math.min(Math.max(chance, 256), 65280));
    const count = this.#counts[model]!;
    this.#chances[model] = (chance + ((coded === 1 ? 65535 : 0) - chance) / DIVISORS[count]!) | 0;
    if (count < MAX_SHORT) this.#counts[model] = count + 1;
    return coded;
  }

  /**
   * Codes a number of `bits` bits, all of them modelled. As a walk down a binary tree: `node` is 1, then 1b, 1bb …, and each node is a
   * model.
   */
  symbol(context: number, bits: number, value: number): number {
    const at = this.#models(context, 1 << bits);
    let node = 1;
    for (let i = bits - 1; i >= 0; i--) node = (node << 1) | this.#bit(at + node, (value >>> i) & 1);
    return node - (1 << bits);
  }

  /**
   * Codes an unsigned number below 2^32 - 1: its number of bits, then the bits, of which the first three are modelled.
   *   models of a context   │ 33: is it longer? │ 33 · 8: by length, the first three bits │ 33: all further bits, by length │
   */
  number(context: number, value: number): number {
    const at = this.#models(context, 33 + 33 * 8 + 33);
    const length = 32 - Math.clz32(value + 1);
    let bits = 1;
    while (bits < 32 && this.#bit(at + bits, length > bits ? 1 : 0) === 1) bits++;
    let node = 1;
    for (let j = bits - 2; j >= 0; j--) {
      const model = j >= bits - 4 ? at + 33 + bits * 8 + node : at + 297 + bits;
      const bit = this.#bit(model, ((value + 1) >>> j) & 1);
      node = node * 2 + bit;
    }
    return node - 1;
  }

  /** Codes a signed number. */
  signed(context: number, value: number): number {
    const coded = this.number(context, ((value << 1) ^ (value >> 31)) >>> 0);
    return (coded >>> 1) ^ -(coded & 1);
  }
}

/**
 * Returns where the range between two bounds is divided for a bit. In 32-bit integers only: a product of doubles could be rounded
 * differently, and the reader would lose its place.
 */
function cut(low: number, high: number, chance: number): number {
  const range = (high - low) >>> 0;
  return (low + (range >>> 16) * chance + (((range & 0xffff) * chance) >>> 16)) >>> 0;
}

class Encoder extends Coder {
  #low = 0;
  #high = 0xffff_ffff;
  readonly #out: number[] = [];

  protected code(bit: number, chance: number): number {
    const middle = cut(this.#low, this.#high, chance);
    if (bit === 1) this.#high = middle;
    else this.#low = middle + 1;
    while (((this.#low ^ this.#high) & 0xff00_0000) === 0) {
      this.#out.push(this.#high >>> 24);
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 255) >>> 0;
    }
    return bit;
  }

  finish(): Uint8Array {
    // The decoder reads zeros after the end: any number between the bounds will do, and this one is the shortest.
    if (this.#low !== 0) this.#out.push((this.#low >>> 24) + 1);
    return Uint8Array.from(this.#out);
  }
}

class Decoder extends Coder {
  #low = 0;
  #high = 0xffff_ffff;
  #value = 0;
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#next();
  }

  #next(): void {
    this.#value = ((this.#value << 8) | (this.#bytes[this.#at++] ?? 0)) >>> 0;
  }

  protected code(_bit: number, chance: number): number {
    const middle = cut(this.#low, this.#high, chance);
    const bit = this.#value <= middle ? 1 : 0;
    if (bit === 1) this.#high = middle;
    else this.#low = middle + 1;
    while (((this.#low ^ this.#high) & 0xff00_0000) === 0) {
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 255) >>> 0;
      this.#next();
    }
    return bit;
  }
}

// --- the model ----------------------------------------------------------------------------------------------------

/** Contexts. Those of opcodes and operands have room for 256 opcodes. */
const C = {
  counts: 0,
  head: 8,
  constant: 24,
  handler: 40,
  position: 48,
  string: 56,
  type: 64,
  chars: 128,
  op: 512,
  register: 1024,
} as const;
const TYPES: readonly (readonly string[])[] = ROWS.map(([, , types]) => (types === "" ? [] : types.split(",")));
const TYPE_NAMES: readonly string[] = OPERAND_TYPES;

/** The image cannot be packed, or the bytes are not a packed image. */
class Unpackable extends Error {}

/** Most characters searched for strings, as a multiple of the source's length: most strings occur in the source one after the other. */
const LOOKS = 64;

/** The walk over an image: encoding if it is given one, decoding if it is given undefined. The order of the calls is the format. */
class Walk {
  readonly #coder: Coder;
  readonly #source: string;
  /** Items that may still follow: each takes at least a byte of the image. */
  #left: number;
  #foundEnd = 0;
  /** Characters of the source that may still be searched for strings, so that the work does not depend on the number of strings. */
  #looks: number;
  /** Strings are numbered by first use, so the next number is the most likely. */
  #nextString = 0;
  #start = 0;

  readonly #room: ImageRoom | undefined;

  constructor(coder: Coder, source: string, length: number, room?: ImageRoom) {
    this.#coder = coder;
    this.#room = room;
    this.#source = source;
    this.#left = length;
    this.#looks = LOOKS * source.length;
  }

  /** Returns where the source contains a string, if possible after the one found last; -1: nowhere, or the search budget is spent. */
  #find(text: string): number {
    const source = this.#source;
    if (this.#looks < 0) return -1;
    let at = source.indexOf(text, this.#foundEnd);
    this.#looks -= (at < 0 ? source.length : at) - this.#foundEnd;
    if (at >= 0 || this.#looks < 0) return at;
    // Its end may be after the start of the first search.
    at = source.slice(0, this.#foundEnd + text.length - 1).indexOf(text);
    this.#looks -= at < 0 ? this.#foundEnd : at;
    return at;
  }

  #count(context: number, value: number): number {
    const count = this.#coder.number(C.counts + context, value);
    this.#left -= count;
    if (this.#left < 0) throw new Unpackable();
    if (this.#room?.take(count) === false)
      throw new SnapshotError("too-large", `the snapshot is too large: ${NO_ROOM}`);
    return count;
  }

  image(image: ProgramImage | undefined): ProgramImage {
    const strings: string[] = [];
    const stringCount = this.#count(0, image?.strings.length ?? 0);
    for (let i = 0; i < stringCount; i++) strings.push(this.#string(image?.strings[i]));
    const functions: FunctionImage[] = [];
    const functionCount = this.#count(1, image?.functions.length ?? 0);
    for (let i = 0; i < functionCount; i++) functions.push(this.#function(image?.functions[i]));
    return { strings, functions };
  }

  /** Codes a string. Most strings occur in the source, one after the other. */
  #string(text: string | undefined): string {
    const coder = this.#coder;
    const at = text !== undefined && text.length > 0 ? this.#find(text) : -1;
    const length = coder.number(C.string, text?.length ?? 0);
    this.#left -= length;
    if (this.#left < 0) throw new Unpackable();
    if (length > 0 && coder.symbol(C.string + 1, 1, at >= 0 ? 1 : 0) === 1) {
      const start = this.#foundEnd + coder.signed(C.string + 2, at - this.#foundEnd);
      if (start < 0 || start + length > this.#source.length) throw new Unpackable();
      this.#foundEnd = start + length;
      return this.#source.slice(start, start + length);
    }
    let out = "";
    let last = 0;
    for (let i = 0; i < length; i++) {
      const unit = text?.charCodeAt(i) ?? 0;
      const isWide = coder.symbol(C.string + 3, 1, unit > 255 ? 1 : 0);
      const low = coder.symbol(C.chars + (last & 255), 8, unit & 255);
      last = low;
      out += String.fromCharCode(isWide === 1 ? (coder.symbol(C.string + 4, 8, unit >>> 8) << 8) | low : low);
    }
    return out;
  }

  #stringIndex(context: number, index: number): number {
    // 0: the next new string. Positive: one that was used before, counted backwards.
    const coded = this.#nextString - this.#coder.signed(context, this.#nextString - index);
    if (coded >= this.#nextString) this.#nextString = coded + 1;
    return coded;
  }

  #function(fn: FunctionImage | undefined): FunctionImage {
    const coder = this.#coder;
    const flags = coder.number(C.head, fn?.flags ?? 0);
    const isNamed = coder.symbol(C.head + 1, 1, (fn?.name ?? 0) === 0 ? 0 : 1);
    const name = isNamed === 0 ? 0 : this.#stringIndex(C.head + 2, (fn?.name ?? 0) - 1) + 1;
    const parameterCount = coder.number(C.head + 3, fn?.parameterCount ?? 0);
    const length = coder.number(C.head + 4, fn?.length ?? 0);
    const registerCount = coder.number(C.head + 5, fn?.registerCount ?? 0);
    const clearCount = coder.number(C.head + 6, fn?.clearCount ?? 0);
    const sourceStart = this.#start + coder.signed(C.head + 7, (fn?.sourceStart ?? 0) - this.#start);
    this.#start = sourceStart;
    const sourceLength = coder.number(C.head + 8, fn?.sourceLength ?? 0);
    const constants: Constant[] = [];
    const constantCount = this.#count(2, fn?.constants.length ?? 0);
    for (let i = 0; i < constantCount; i++) constants.push(this.#constant(fn?.constants[i]));
    const { code, wordCount } = this.#code(fn);
    const handlers: HandlerRange[] = [];
    const handlerCount = this.#count(3, fn?.handlers.length ?? 0);
    for (let i = 0; i < handlerCount; i++) handlers.push(this.#handler(fn?.handlers[i]));
    const positions = this.#positions(fn);
    return {
      flags,
      name,
      parameterCount,
      length,
      registerCount,
      clearCount,
      sourceStart,
      sourceLength,
      constants,
      wordCount,
      code,
      handlers,
      positions,
    };
  }

  #constant(constant: Constant | undefined): Constant {
    const coder = this.#coder;
    const tag = coder.symbol(C.constant, 3, constant?.tag ?? 0);
    const value = constant?.value ?? 0;
    switch (tag) {
      case CONSTANT.INT:
        return { tag, value: coder.signed(C.constant + 1, value), template: null };
      case CONSTANT.DOUBLE: {
        const words = new Uint32Array(new Float64Array([value]).buffer);
        for (let i = 0; i < 8; i++) {
          const shift = 8 * (i & 3);
          const byte = coder.symbol(C.constant + 2 + (i >> 1), 8, (words[i >> 2]! >>> shift) & 255);
          words[i >> 2] = ((words[i >> 2]! & ~(255 << shift)) | (byte << shift)) >>> 0;
        }
        return { tag, value: new Float64Array(words.buffer)[0]!, template: null };
      }
      case CONSTANT.TEMPLATE: {
        const template: number[] = [];
        const count = this.#count(4, constant?.template?.length ?? 0);
        for (let i = 0; i < count; i++) template.push(coder.number(C.constant + 6, constant?.template?.[i] ?? 0));
        return { tag, value: 0, template };
      }
      case CONSTANT.STRING:
      case CONSTANT.BIGINT:
        return { tag, value: this.#stringIndex(C.constant + 7, value), template: null };
      default:
        return { tag, value: coder.number(C.constant + 8, value), template: null };
    }
  }

  #code(fn: FunctionImage | undefined): { code: Instruction[]; wordCount: number } {
    const coder = this.#coder;
    const code: Instruction[] = [];
    const count = this.#count(5, fn?.code.length ?? 0);
    let wordCount = 0;
    let before = 0;
    // Registers are usually near the one written last.
    let near = 0;
    for (let i = 0; i < count; i++) {
      const instruction = fn?.code[i];
      const op = coder.symbol(C.op + before, 8, instruction?.op ?? 0);
      const row = ROWS[op];
      if (row === undefined) throw new Unpackable();
      const operands: number[] = [];
      for (const [n, type] of TYPES[op]!.entries()) {
        const given = instruction?.operands[n] ?? 0;
        let operand: number;
        if (REGISTER_TYPES.has(type)) {
          operand = near + coder.signed(C.register + op * 4 + n, given - near);
          if (type === "dst" || type === "base") near = operand;
        } else if (type === "key" || type === "name")
          operand = this.#stringIndex(C.type + TYPE_NAMES.indexOf(type), given);
        else if (SIGNED_TYPES.has(type)) operand = coder.signed(C.type + TYPE_NAMES.indexOf(type), given);
        else operand = coder.number(C.type + TYPE_NAMES.indexOf(type), given);
        operands.push(operand);
      }
      code.push({ word: wordCount, op, operands });
      wordCount += row[4];
      before = op;
    }
    return { code, wordCount };
  }

  #handler(handler: HandlerRange | undefined): HandlerRange {
    const coder = this.#coder;
    const start = coder.number(C.handler, handler?.start ?? 0);
    const end = start + coder.number(C.handler + 1, handler === undefined ? 0 : handler.end - handler.start);
    const target = end + coder.signed(C.handler + 2, handler === undefined ? 0 : handler.target - handler.end);
    return { start, end, target, register: coder.number(C.handler + 3, handler?.register ?? 0) };
  }

  #positions(fn: FunctionImage | undefined): number[] {
    const coder = this.#coder;
    const positions: number[] = [];
    const count = this.#count(6, (fn?.positions.length ?? 0) / 2);
    let word = 0;
    let offset = 0;
    for (let i = 0; i < count; i++) {
      word += coder.number(C.position, (fn?.positions[2 * i] ?? 0) - word);
      offset += coder.signed(C.position + 1, (fn?.positions[2 * i + 1] ?? 0) - offset);
      positions.push(word, offset);
    }
    return positions;
  }
}

const packed = new WeakMap<Uint8Array, Uint8Array | null>();

/**
 * Packs an image; returns null if that does not pay. `source`: the text from which it was compiled. Names and literals are found in the
 * source, which the snapshot has anyway, so most strings cost a few bits.
 */
export function packImage(image: Uint8Array, source: string): Uint8Array | null {
  const known = packed.get(image);
  if (known !== undefined) return known;
  let bytes: Uint8Array | null = null;
  try {
    const encoder = new Encoder();
    new Walk(encoder, source, image.length).image(decodeImage(image));
    bytes = encoder.finish();
    // Unpacking must give the same image, however the image was made.
    const again = unpackImage(bytes, source, image.length);
    if (bytes.length >= image.length || again === null || again.some((byte, i) => byte !== image[i])) bytes = null;
  } catch (error) {
    if (!(error instanceof Unpackable)) throw error;
  }
  packed.set(image, bytes);
  return bytes;
}

/**
 * Unpacks an image; returns null if the bytes are not a packed image. From a stranger: every count lowers a budget of `length` items
 * (#left), so no bytes can make the walk longer than the image they claim.
 */
export function unpackImage(bytes: Uint8Array, source: string, length: number, room?: ImageRoom): Uint8Array | null {
  try {
    const image = encodeImage(new Walk(new Decoder(bytes), source, length, room).image(undefined));
    return image.length === length ? image : null;
  } catch (error) {
    if (error instanceof Unpackable) return null;
    throw error;
  }
}
