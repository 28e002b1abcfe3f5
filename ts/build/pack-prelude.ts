// Owns the packing of the prelude's images (ts/defs/packed-format.ts). Must never lose a byte: the build of the base image unpacks the
// result and compares (ts/build/build-base-image.ts).

import { ByteWriter } from "../bytes/writer.ts";
import { CONSTANT, type Constant } from "../compiler/assembler.ts";
import { decodeImage, type FunctionImage, type ProgramImage } from "../compiler/image.ts";
import { STREAMS, WRITTEN } from "../defs/packed-format.ts";
import { REGISTER_TYPES, ROWS } from "../generated/emit.ts";
import type { BaseString } from "./pack-base.ts";

/** Does an operand of that type say which register is written? */
const isWritten = (type: string): boolean => type === "dst" || type === "base";

/** Stream of an operand by its type. */
function streamOf(type: string): number {
  if (REGISTER_TYPES.has(type)) return STREAMS.register;
  if (type.startsWith("jump")) return STREAMS.jump;
  if (type === "u16") return STREAMS.u16;
  if (type === "imm") return STREAMS.imm;
  return type === "i16" || type === "i32" ? STREAMS.signed : STREAMS.index;
}

const typesOf = (op: number): string[] => ROWS[op]![2].split(",").filter((type) => type !== "");

class Packer {
  readonly streams = Array.from(Object.keys(STREAMS), () => new ByteWriter());
  private readonly numbers: ReadonlyMap<string, number>;
  private next = 0;

  constructor(strings: readonly BaseString[]) {
    this.numbers = new Map(strings.map((string, n) => [keyOf(string), n]));
  }

  private v(stream: number, value: number): void {
    this.streams[stream]!.v(value);
  }

  image({ strings, functions }: ProgramImage): void {
    this.v(STREAMS.count, strings.length);
    for (const text of strings) {
      const isWide = /[^\0-\xff]/.test(text);
      const bytes = Buffer.from(text, isWide ? "utf16le" : "latin1");
      const n = this.numbers.get(keyOf({ bytes, isWide }));
      if (n === undefined) {
        this.v(STREAMS.string, 0);
        this.v(STREAMS.length, (text.length << 1) | (isWide ? 1 : 0));
        this.streams[STREAMS.chars]!.raw(bytes);
      } else {
        const distance = n - this.next;
        this.v(STREAMS.string, 1 + ((distance << 1) ^ (distance >> 31)));
        this.next = n + 1;
      }
    }
    this.v(STREAMS.count, functions.length);
    for (const fn of functions) this.function(fn);
  }

  private function(fn: FunctionImage): void {
    this.v(STREAMS.flags, fn.flags);
    this.v(STREAMS.name, fn.name);
    this.v(STREAMS.parameters, fn.parameterCount);
    this.v(STREAMS.arity, fn.length);
    this.v(STREAMS.registers, fn.registerCount);
    this.v(STREAMS.clear, fn.clearCount);
    this.v(STREAMS.start, fn.sourceStart);
    this.v(STREAMS.extent, fn.sourceLength);
    this.v(STREAMS.count, fn.constants.length);
    for (const constant of fn.constants) this.constant(constant);
    this.v(STREAMS.words, fn.wordCount);
    this.code(fn);
    this.v(STREAMS.count, fn.handlers.length);
    for (const { start, end, target, register } of fn.handlers)
      for (const value of [start, end, target, register]) this.v(STREAMS.handler, value);
    this.v(STREAMS.count, fn.positions.length / 2);
    let word = 0;
    let offset = 0;
    for (let i = 0; i < fn.positions.length; i += 2) {
      this.v(STREAMS.rest, fn.positions[i]! - word);
      this.streams[STREAMS.rest]!.s(fn.positions[i + 1]! - offset);
      word = fn.positions[i]!;
      offset = fn.positions[i + 1]!;
    }
  }

  private constant({ tag, value, template }: Constant): void {
    this.v(STREAMS.tag, tag);
    if (tag === CONSTANT.DOUBLE) this.streams[STREAMS.rest]!.f64(value);
    else if (tag === CONSTANT.INT) this.streams[STREAMS.constant]!.s(value);
    else if (tag === CONSTANT.TEMPLATE) {
      this.v(STREAMS.count, template!.length / 2);
      for (const index of template!) this.v(STREAMS.constant, index);
    } else this.v(STREAMS.constant, value);
  }

  private code(fn: FunctionImage): void {
    let near = 0;
    for (const { op, operands } of fn.code) {
      this.v(STREAMS.op, op);
      const types = typesOf(op);
      operands.forEach((operand, i) => {
        const type = types[i]!;
        const stream = streamOf(type);
        const out = this.streams[stream]!;
        if (stream === STREAMS.register) {
          out.s(operand - near);
          if (isWritten(type)) near = operand;
        } else if (stream === STREAMS.signed || stream === STREAMS.jump) out.s(operand);
        else out.v(operand);
      });
    }
  }
}

function keyOf({ bytes, isWide }: BaseString): string {
  return `${isWide ? 2 : 1}${Buffer.from(bytes).toString("latin1")}`;
}

/** The section `fermata.prelude`. `strings`: those of the base image, in their order. */
export function packPrelude(images: readonly Uint8Array[], strings: readonly BaseString[]): Uint8Array {
  const packer = new Packer(strings);
  for (const image of images) packer.image(decodeImage(image));
  const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
  const out = new ByteWriter();
  out.raw(u32(images.length, ROWS.length));
  ROWS.forEach(([, , , , words], op) => {
    const streams = typesOf(op).map((type) => (isWritten(type) ? WRITTEN : streamOf(type)));
    out.raw(Uint8Array.from({ length: 8 }, (_, i) => [words, streams.length, ...streams][i] ?? 0));
  });
  out.raw(u32(...packer.streams.map(({ length }) => length)));
  for (const stream of packer.streams) out.raw(stream.done());
  return out.done();
}
