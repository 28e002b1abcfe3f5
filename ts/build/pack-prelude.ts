// Owns the packing of the prelude's images into streams (ts/vm/prelude-streams.ts says how they look and how they come out again).
// Must never answer with what does not come out as it went in.
import { CONSTANT, type Constant } from "../compiler/assembler.ts";
import { decodeImage, type FunctionImage, type ProgramImage } from "../compiler/image.ts";
import { ByteWriter } from "../compiler/image-builder.ts";
import { ROWS } from "../generated/emit.ts";
import { HEAD, isWritten, STREAM, STREAM_OF, STREAMS, unpackPrelude, type BaseString } from "../vm/prelude-streams.ts";

class Packer {
  readonly streams = Array.from({ length: STREAMS }, () => new ByteWriter());
  private readonly numbers: ReadonlyMap<string, number>;
  private next = 0;

  constructor(strings: readonly BaseString[]) {
    this.numbers = new Map(strings.map((string, n) => [keyOf(string), n]));
  }

  private v(stream: number, value: number): void {
    this.streams[stream]!.v(value);
  }

  image({ strings, functions }: ProgramImage): void {
    this.v(STREAM.count, strings.length);
    for (const text of strings) {
      const isWide = /[^\0-\xff]/.test(text);
      const bytes = Buffer.from(text, isWide ? "utf16le" : "latin1");
      const n = this.numbers.get(keyOf({ bytes, isWide }));
      if (n === undefined) {
        this.v(STREAM.string, 0);
        this.v(STREAM.length, (text.length << 1) | (isWide ? 1 : 0));
        this.streams[STREAM.chars]!.raw(bytes);
      } else {
        const distance = n - this.next;
        this.v(STREAM.string, 1 + ((distance << 1) ^ (distance >> 31)));
        this.next = n + 1;
      }
    }
    this.v(STREAM.count, functions.length);
    for (const fn of functions) this.function(fn);
  }

  private function(fn: FunctionImage): void {
    const { flags, name, parameterCount, length, registerCount, clearCount, sourceStart, sourceLength } = fn;
    [flags, name, parameterCount, length, registerCount, clearCount, sourceStart, sourceLength].forEach((value, i) =>
      this.v(HEAD[i]!, value),
    );
    this.v(STREAM.count, fn.constants.length);
    for (const constant of fn.constants) this.constant(constant);
    this.v(STREAM.words, fn.wordCount);
    this.code(fn);
    this.v(STREAM.count, fn.handlers.length);
    for (const { start, end, target, register } of fn.handlers)
      for (const value of [start, end, target, register]) this.v(STREAM.handler, value);
    this.v(STREAM.count, fn.positions.length / 2);
    let word = 0;
    let offset = 0;
    for (let i = 0; i < fn.positions.length; i += 2) {
      this.v(STREAM.rest, fn.positions[i]! - word);
      this.streams[STREAM.rest]!.s(fn.positions[i + 1]! - offset);
      word = fn.positions[i]!;
      offset = fn.positions[i + 1]!;
    }
  }

  private constant({ tag, value, template }: Constant): void {
    this.v(STREAM.tag, tag);
    if (tag === CONSTANT.DOUBLE) this.streams[STREAM.rest]!.f64(value);
    else if (tag === CONSTANT.INT) this.streams[STREAM.constant]!.s(value);
    else if (tag === CONSTANT.TEMPLATE) {
      this.v(STREAM.count, template!.length / 2);
      for (const index of template!) this.v(STREAM.constant, index);
    } else this.v(STREAM.constant, value);
  }

  private code(fn: FunctionImage): void {
    let near = 0;
    for (const { op, operands } of fn.code) {
      this.v(STREAM.op, op);
      const types = ROWS[op]![2].split(",");
      operands.forEach((operand, i) => {
        const type = types[i]!;
        const stream = STREAM_OF[type]!;
        const out = this.streams[stream]!;
        if (stream === STREAM.register) {
          out.s(operand - near);
          if (isWritten(type)) near = operand;
        } else if (stream === STREAM.i || stream === STREAM.jump) out.s(operand);
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
  const out = new ByteWriter();
  out.v(images.length);
  for (const stream of packer.streams) out.v(stream.length);
  for (const stream of packer.streams) out.raw(stream.done());
  const packed = out.done();
  const again = unpackPrelude(packed, strings);
  images.forEach((image, i) => {
    if (!Buffer.from(image).equals(again[i]!))
      throw new Error(`image ${i} of the prelude does not come out as it went in`);
  });
  return packed;
}
