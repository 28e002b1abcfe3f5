// Owns the form in which the images of the prelude travel in the wasm, and the way back from it. Must never trust less than it has to:
// the bytes are part of the build and were checked when it was made (ts/build/pack-prelude.ts).
//
// What is alike stands together, which a sixth less of gzip is worth: each stream holds one kind of thing of all images, in the
// order in which an image has them (ts/defs/image-format.ts). Numbers are unsigned LEB128; what is signed in an image is zigzag
// here as there. Registers are written as the distance from the register that the function wrote last. A string is mostly one of the
// base image: 1 + the distance, in zigzag form, from the one behind the last that was named; 0: it stands in the streams.
//
//   v image count, then for each stream v length, then the streams

import { CONSTANT } from "../compiler/assembler.ts";
import { IMAGE_MAGIC, IMAGE_VERSION } from "../defs/image-format.ts";
import { ROWS } from "../generated/emit.ts";

// prettier-ignore
/** Streams by what they hold; the longest come first, where what comes after can refer to them. */
export const STREAM = {
  register: 0, chars: 1, op: 2, u16: 3, jump: 4, imm: 5, length: 6, constant: 7, i: 8, index: 9, words: 10, name: 11, flags: 12,
  parameters: 13, registers: 14, clear: 15, handler: 16, count: 17, tag: 18, rest: 19, string: 20,
} as const;
export const STREAMS = Object.keys(STREAM).length;

/** Streams of what stands at the head of a function. */
export const HEAD = [
  STREAM.flags,
  STREAM.name,
  STREAM.parameters,
  STREAM.parameters,
  STREAM.registers,
  STREAM.clear,
  STREAM.rest,
  STREAM.rest,
] as const;

/** Stream of an operand by its type; those of registers are distances. */
export const STREAM_OF: Readonly<Record<string, number>> = {
  dst: STREAM.register,
  src: STREAM.register,
  rw: STREAM.register,
  base: STREAM.register,
  out: STREAM.register,
  top: STREAM.register,
  u16: STREAM.u16,
  i16: STREAM.i,
  i32: STREAM.i,
  jump16: STREAM.jump,
  jump32: STREAM.jump,
  jump: STREAM.jump,
  imm: STREAM.imm,
  const: STREAM.index,
  key: STREAM.index,
  name: STREAM.index,
  fn: STREAM.index,
};

/** Does an operand of that type say which register is written? */
export function isWritten(type: string): boolean {
  return type === "dst" || type === "base";
}

/** A string of the base image. */
export interface BaseString {
  readonly bytes: Uint8Array;
  readonly isWide: boolean;
}

/** Per opcode the streams of its operands; registers that are written are marked. */
const WRITTEN = 255;
const OPERANDS: readonly Uint8Array[] = ROWS.map(([, , types]) =>
  Uint8Array.from(types === "" ? [] : types.split(","), (type) => (isWritten(type) ? WRITTEN : STREAM_OF[type]!)),
);

/** This runs once, before any engine has looked at it: calls and private names are few on purpose. */
class Unpacker {
  private readonly bytes: Uint8Array;
  /** Where each stream goes on. */
  private readonly at: number[] = [0];
  private out = new Uint8Array(0);
  private end = 0;
  private readonly strings: readonly BaseString[];
  /** The base string that is the likeliest to come. */
  private next = 0;

  constructor(bytes: Uint8Array, strings: readonly BaseString[]) {
    this.bytes = bytes;
    this.strings = strings;
  }

  /** A number from a stream to the image. */
  private pass(stream: number): number {
    const { bytes, out } = this;
    let at = this.at[stream]!;
    let byte = bytes[at++]!;
    out[this.end++] = byte;
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = bytes[at++]!;
      out[this.end++] = byte;
      value |= (byte & 127) << shift;
    }
    this.at[stream] = at;
    return value;
  }

  private raw(stream: number, length: number): void {
    const at = this.at[stream]!;
    this.out.set(this.bytes.subarray(at, at + length), this.end);
    this.at[stream] = at + length;
    this.end += length;
  }

  images(): Uint8Array[] {
    // What is passed before the images goes nowhere.
    const count = this.pass(0);
    const lengths = Array.from({ length: STREAMS }, () => this.pass(0));
    let at = this.at[0]!;
    lengths.forEach((length, stream) => {
      this.at[stream] = at;
      at += length;
    });
    // A register may take a byte more than its distance.
    const named = this.strings.reduce((sum, { bytes }) => sum + bytes.length + 5, 0);
    this.out = new Uint8Array(this.bytes.length + 2 * lengths[STREAM.register]! + 4 * count + named);
    return Array.from({ length: count }, () => this.image());
  }

  private image(): Uint8Array {
    this.end = 0;
    for (const byte of [...IMAGE_MAGIC, IMAGE_VERSION]) this.out[this.end++] = byte;
    for (let left = this.pass(STREAM.count); left > 0; left--) this.string();
    for (let left = this.pass(STREAM.count); left > 0; left--) this.function();
    return this.out.slice(0, this.end);
  }

  private string(): void {
    const { end } = this;
    const name = this.pass(STREAM.string);
    this.end = end;
    if (name === 0) {
      const head = this.pass(STREAM.length);
      this.raw(STREAM.chars, (head >>> 1) << (head & 1));
      return;
    }
    const n = this.next + (((name - 1) >>> 1) ^ -((name - 1) & 1));
    this.next = n + 1;
    const { bytes, isWide } = this.strings[n]!;
    this.number(isWide ? bytes.length + 1 : bytes.length * 2);
    this.out.set(bytes, this.end);
    this.end += bytes.length;
  }

  private number(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.out[this.end++] = (rest & 127) | 128;
    this.out[this.end++] = rest;
  }

  private function(): void {
    for (const stream of HEAD) this.pass(stream);
    for (let left = this.pass(STREAM.count); left > 0; left--) this.constant();
    this.code(this.pass(STREAM.words));
    for (let left = 4 * this.pass(STREAM.count); left > 0; left--) this.pass(STREAM.handler);
    for (let left = 2 * this.pass(STREAM.count); left > 0; left--) this.pass(STREAM.rest);
  }

  private constant(): void {
    const tag = this.pass(STREAM.tag);
    if (tag === CONSTANT.DOUBLE) this.raw(STREAM.rest, 8);
    else if (tag === CONSTANT.TEMPLATE)
      for (let left = 2 * this.pass(STREAM.count); left > 0; left--) this.pass(STREAM.constant);
    else this.pass(STREAM.constant);
  }

  private code(words: number): void {
    let near = 0;
    for (let word = 0; word < words;) {
      const op = this.pass(STREAM.op);
      for (const stream of OPERANDS[op]!) {
        if (stream !== STREAM.register && stream !== WRITTEN) {
          this.pass(stream);
          continue;
        }
        const { end } = this;
        const distance = this.pass(STREAM.register);
        const register = near + ((distance >>> 1) ^ -(distance & 1));
        if (stream === WRITTEN) near = register;
        this.end = end;
        this.number(register);
      }
      word += ROWS[op]![4];
    }
  }
}

/** The images of the files of the prelude, from the section `fermata.prelude`. */
export function unpackPrelude(section: Uint8Array, strings: readonly BaseString[]): Uint8Array[] {
  return new Unpacker(section, strings).images();
}
