// Owns the bytes of the program image while it grows: the string table and the encoded functions. Must never look at the
// tree; the layout is that of ts/defs/image-format.ts.
//
// The string table comes first in an image, but is complete only when the last function is encoded. So functions go to `body` one by one,
// and `finish` puts table and body together. Numbers are LEB128 (`v`, zigzag `s`): most operands take one byte.

import { ByteWriter } from "../bytes/writer.ts";
import { IMAGE_MAGIC, IMAGE_VERSION } from "../defs/image-format.ts";
import { ROWS, SIGNED_TYPES } from "../generated/emit.ts";
import { type CodeBuffer, CONSTANT, type Constant, type Handler, RECORD } from "./assembler.ts";

/** Per opcode: operand count | (bit per operand that is signed) << 3. */
export const ENCODING: Uint8Array = Uint8Array.from(ROWS, ([, , types]) => {
  const list = types === "" ? [] : types.split(",");
  return list.reduce((bits, type, i) => (SIGNED_TYPES.has(type) ? bits | (8 << i) : bits), list.length);
});

/** Everything about a function but its code. */
export interface FunctionHead {
  readonly flags: number;
  readonly name: string;
  readonly parameterCount: number;
  readonly length: number;
  readonly registerCount: number;
  readonly clearCount: number;
  readonly sourceStart: number;
  readonly sourceLength: number;
}

/** One image. Strings are numbered as they are first mentioned, so equal sources give equal images. */
export class ImageBuilder {
  private readonly indices = new Map<string, number>();
  private readonly strings: string[] = [];
  private readonly body: ByteWriter;
  private functions = 0;

  /** @param expected about how many bytes there will be */
  constructor(expected: number) {
    this.body = new ByteWriter(expected);
  }

  /** Index of a text in the string table. */
  string(text: string): number {
    const known = this.indices.get(text);
    if (known !== undefined) return known;
    const index = this.strings.push(text) - 1;
    this.indices.set(text, index);
    return index;
  }

  /** Encodes the function a code buffer holds. Functions come in the order of their index. */
  addFunction(head: FunctionHead, code: CodeBuffer, toSource: (offset: number) => number): void {
    const out = this.body;
    this.functions++;
    out.v(head.flags);
    out.v(head.name === "" ? 0 : this.string(head.name) + 1);
    out.v(head.parameterCount);
    out.v(head.length);
    out.v(head.registerCount);
    out.v(head.clearCount);
    out.v(head.sourceStart);
    out.v(head.sourceLength);
    writeConstants(out, code.constants);
    writeCode(out, code);
    writeHandlers(out, code.handlers);
    writePositions(out, code, toSource);
  }

  /** The finished image. */
  finish(): Uint8Array {
    const { body, strings } = this;
    const head = new ByteWriter(16 * strings.length + 64);
    for (const byte of IMAGE_MAGIC) head.byte(byte);
    head.byte(IMAGE_VERSION);
    writeStrings(head, strings);
    head.v(this.functions);
    const image = new Uint8Array(head.length + body.length);
    image.set(head.bytes.subarray(0, head.length));
    image.set(body.bytes.subarray(0, body.length), head.length);
    return image;
  }
}

/**
 * Writes the string table. A string is first written as Latin-1: whether it has wider units is known at its end, and for nearly all strings
 * the second loop is not needed.
 */
export function writeStrings(out: ByteWriter, strings: readonly string[]): void {
  out.v(strings.length);
  for (const text of strings) {
    const { length } = text;
    out.reserve(2 * length + 5);
    const start = out.length;
    out.v(length << 1);
    const { bytes } = out;
    let at = out.length;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bytes[at++] = unit;
    }
    if (all > 255) {
      // The bit at its start marks the string as wide.
      bytes[start]! |= 1;
      at = out.length;
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i);
        bytes[at++] = unit;
        bytes[at++] = unit >> 8;
      }
    }
    out.length = at;
  }
}

/** Writes the constants of a function: a tag and a payload that depends on it. */
export function writeConstants(out: ByteWriter, constants: readonly Constant[]): void {
  out.v(constants.length);
  for (const { tag, value, template } of constants) {
    out.byte(tag);
    switch (tag) {
      case CONSTANT.INT:
        out.s(value);
        break;
      case CONSTANT.DOUBLE:
        out.f64(value);
        break;
      case CONSTANT.TEMPLATE:
        out.v(template!.length / 2);
        for (const index of template!) out.v(index);
        break;
      default:
        out.v(value);
    }
  }
}

/** Writes the instructions. The opcode alone says how many operands follow and which are signed (ENCODING). */
function writeCode(out: ByteWriter, buffer: CodeBuffer): void {
  out.v(buffer.words);
  const { code, length } = buffer;
  for (let at = 0; at < length; at += RECORD) {
    const op = code[at]!;
    out.v(op);
    const encoding = ENCODING[op]!;
    const count = encoding & 7;
    for (let i = 0; i < count; i++) {
      const operand = code[at + 1 + i]!;
      if (encoding & (8 << i)) out.s(operand);
      else out.v(operand);
    }
  }
}

/** Writes the handlers in their order, which says which one wins. */
export function writeHandlers(out: ByteWriter, handlers: readonly Handler[]): void {
  out.v(handlers.length);
  for (const { start, end, target, register } of handlers) {
    out.v(start);
    out.v(end);
    out.v(target.word);
    out.v(register);
  }
}

/** Writes the positions as differences from the one before: word and source offset mostly grow by little. */
function writePositions(out: ByteWriter, buffer: CodeBuffer, toSource: (offset: number) => number): void {
  const { positions, positionsLength } = buffer;
  out.v(positionsLength / 2);
  let word = 0;
  let offset = 0;
  for (let i = 0; i < positionsLength; i += 2) {
    const source = toSource(positions[i + 1]!);
    out.v(positions[i]! - word);
    out.s(source - offset);
    word = positions[i]!;
    offset = source;
  }
}
