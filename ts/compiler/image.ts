// Owns reading program images: decoding with full validation of the format, encoding of decoded images, and taking
// functions out of an image. Must never trust a byte: an image may come out of a snapshot from a stranger.
// verify.ts checks how instructions relate to each other (registers, jump targets).
//
// Every image has one encoding: "number has a second form" and the like refuse all others. So `encodeImage(decodeImage(x))` is x, and
// hashes of images may be compared. Counts are checked against the bytes that are left before anything is made: a made-up count of a
// thousand million costs nothing.

import { ByteWriter } from "../bytes/writer.ts";
import { IMAGE_MAGIC, IMAGE_VERSION } from "../defs/image-format.ts";
import { MAX_REGISTERS } from "../defs/limits.ts";
import { KNOWN_FUNCTION_FLAGS, OP, ROWS, SPECIAL_VALUES } from "../generated/emit.ts";
import { type Constant, CONSTANT } from "./assembler.ts";
import { ENCODING, writeConstants, writeStrings } from "./image-builder.ts";

/** One decoded instruction. */
export interface Instruction {
  /** Word where it begins. */
  readonly word: number;
  readonly op: number;
  readonly operands: number[];
}

/** Exceptions in the words from `start` up to `end` go to `target`. */
export interface HandlerRange {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  readonly register: number;
}

/** One function; the fields are those of ts/defs/image-format.ts, in its order. */
export interface FunctionImage {
  readonly flags: number;
  /** String index + 1, 0 = anonymous. */
  readonly name: number;
  readonly parameterCount: number;
  readonly length: number;
  readonly registerCount: number;
  readonly clearCount: number;
  readonly sourceStart: number;
  readonly sourceLength: number;
  readonly constants: readonly Constant[];
  readonly wordCount: number;
  readonly code: readonly Instruction[];
  readonly handlers: readonly HandlerRange[];
  /** Pairs of (word, source offset), ascending by word. */
  readonly positions: readonly number[];
}

export interface ProgramImage {
  readonly strings: readonly string[];
  readonly functions: readonly FunctionImage[];
}

/** The bytes are not a program image of this format. */
export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
  }
}

/** Types of the operands of each opcode. */
const TYPES: readonly (readonly string[])[] = ROWS.map(([, , types]) => (types === "" ? [] : types.split(",")));

/** Reads the numbers and strings of an image. Every method throws ImageError where the bytes are not what they must be. */
class Reader {
  at = 0;
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly room: ImageRoom | undefined;

  constructor(bytes: Uint8Array, room?: ImageRoom) {
    this.bytes = bytes;
    this.room = room;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(message: string): never {
    throw new ImageError(message, this.at);
  }

  byte(): number {
    if (this.at >= this.bytes.length) this.fail("unexpected end");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 of at most 32 bits, without padding: a last byte of 0 would be a second form. */
  v(): number {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      if (shift === 28 && byte > 15) this.fail("number too large");
      value |= (byte & 127) << shift;
      if (byte < 128) {
        if (byte === 0 && shift > 0) this.fail("number has a second form");
        return value >>> 0;
      }
      shift += 7;
    }
  }

  /** A signed number in zigzag form: 0, -1, 1, -2 are 0, 1, 2, 3. */
  s(): number {
    const value = this.v();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A count of things that take at least `size` bytes each. */
  count(size: number): number {
    const count = this.v();
    if (this.room?.take(count) === false) this.fail(NO_ROOM);
    if (count * size > this.bytes.length - this.at) this.fail("count is larger than the image");
    return count;
  }

  /** A number below `limit`. `what`: its name in the error. */
  index(limit: number, what: string): number {
    const value = this.v();
    if (value >= limit) this.fail(`${what} is out of range`);
    return value;
  }

  /** A double. Only one NaN is allowed: the bits of others could pass for tagged values in the machine. */
  f64(): number {
    if (this.at + 8 > this.bytes.length) this.fail("unexpected end");
    const value = this.view.getFloat64(this.at, true);
    if (
      value !== value &&
      (this.view.getUint32(this.at, true) !== 0 || this.view.getUint32(this.at + 4, true) !== 0x7ff80000)
    ) {
      this.fail("NaN has a second form");
    }
    this.at += 8;
    return value;
  }

  /** A string. One that fits Latin-1 must be encoded as such. The text is made in pieces, as a call takes only so many arguments. */
  string(): string {
    const header = this.v();
    const length = header >>> 1;
    const wide = (header & 1) === 1;
    const size = wide ? length * 2 : length;
    if (size > this.bytes.length - this.at) this.fail("string is longer than the image");
    const parts: string[] = [];
    let narrow = true;
    for (let i = 0; i < length; i += 4096) {
      const units: number[] = [];
      for (let j = i; j < Math.min(length, i + 4096); j++) {
        const unit = wide ? this.view.getUint16(this.at + 2 * j, true) : this.bytes[this.at + j]!;
        if (unit > 255) narrow = false;
        units.push(unit);
      }
      parts.push(String.fromCharCode(...units));
    }
    if (wide && narrow) this.fail("string has a second form");
    this.at += size;
    return parts.join("");
  }
}

/** What is said of code that the memory which the host grants has no room for. */
export const NO_ROOM = "there is more code than the memory allowed has room for";

/**
 * How many strings, constants, words and positions may still be read. A stranger's few bytes inflate and unpack to very many, each of
 * which takes some hundred bytes while it is looked at. Linked, a word takes eight: what is granted for the machine bounds their number.
 */
export class ImageRoom {
  #left: number;

  /** @param memoryBytes what the machine may have */
  constructor(memoryBytes: number) {
    this.#left = memoryBytes / 4;
  }

  /** False if there is no room for so many more. */
  take(count: number): boolean {
    this.#left -= count;
    return !this.isSpent;
  }

  /** True once more was asked for than there was. */
  get isSpent(): boolean {
    return this.#left < 0;
  }
}

/** Reads the head of an image and its strings. */
function readStrings(reader: Reader): string[] {
  for (const byte of IMAGE_MAGIC) if (reader.byte() !== byte) reader.fail("not a program image");
  if (reader.byte() !== IMAGE_VERSION) reader.fail("unknown image version");
  const strings: string[] = [];
  for (let i = reader.count(1); i > 0; i--) strings.push(reader.string());
  return strings;
}

/** Returns the strings of an image. */
export function imageStrings(bytes: Uint8Array): readonly string[] {
  return readStrings(new Reader(bytes));
}

/**
 * Decodes an image.
 *
 * @param room what may be read; default: as much as there is
 * @throws ImageError if the bytes are not exactly one image
 */
export function decodeImage(bytes: Uint8Array, room?: ImageRoom): ProgramImage {
  const reader = new Reader(bytes, room);
  const strings = readStrings(reader);
  const functionCount = reader.count(13);
  if (functionCount === 0) reader.fail("no functions");
  const functions: FunctionImage[] = [];
  for (let i = 0; i < functionCount; i++) functions.push(readFunction(reader, strings, functionCount));
  if (reader.at !== bytes.length) reader.fail("bytes after the image");
  return { strings, functions };
}

/** One function. 13 bytes, the least that it takes, bound their count. */
function readFunction(reader: Reader, strings: readonly string[], functionCount: number): FunctionImage {
  const flags = reader.v();
  if ((flags & ~KNOWN_FUNCTION_FLAGS) !== 0) reader.fail("unknown function flags");
  const name = reader.index(strings.length + 1, "function name");
  const parameterCount = reader.v();
  const length = reader.v();
  const registerCount = reader.v();
  if (registerCount > MAX_REGISTERS || parameterCount + 2 > registerCount) reader.fail("bad register count");
  if (length > parameterCount) reader.fail("bad length");
  const clearCount = reader.v();
  if (clearCount > registerCount - 2 - parameterCount) reader.fail("bad clear count");
  const sourceStart = reader.v();
  const sourceLength = reader.v();
  const constants: Constant[] = [];
  for (let i = reader.count(2); i > 0; i--) constants.push(readConstant(reader, strings));
  const wordCount = reader.count(1);
  const code: Instruction[] = [];
  for (let word = 0; word < wordCount;) {
    const instruction = readInstruction(reader, word, strings.length, constants.length, functionCount);
    code.push(instruction);
    word += ROWS[instruction.op]![4];
    if (word > wordCount) reader.fail("an instruction is cut off");
  }
  const handlers: HandlerRange[] = [];
  for (let i = reader.count(4); i > 0; i--) {
    const start = reader.v();
    const end = reader.v();
    if (start >= end || end > wordCount) reader.fail("bad handler range");
    const target = reader.index(wordCount, "handler target");
    const register = reader.index(registerCount, "handler register");
    handlers.push({ start, end, target, register });
  }
  const positions: number[] = [];
  let word = 0;
  let offset = 0;
  for (let i = reader.count(2); i > 0; i--) {
    const step = reader.v();
    if (positions.length > 0 && step === 0) reader.fail("positions do not ascend");
    word += step;
    offset += reader.s();
    if (word >= wordCount || offset < 0 || offset > 0x7fffffff) reader.fail("bad position");
    positions.push(word, offset);
  }
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

/** One constant. Values must be in the form that the compiler gives them: no integer as a double, no sign in a BigInt's digits. */
function readConstant(reader: Reader, strings: readonly string[]): Constant {
  const tag = reader.byte();
  let value = 0;
  let template: number[] | null = null;
  switch (tag) {
    case CONSTANT.INT:
      value = reader.s();
      break;
    case CONSTANT.DOUBLE:
      value = reader.f64();
      if ((value | 0) === value && !Object.is(value, -0)) reader.fail("an integer is encoded as a double");
      break;
    case CONSTANT.STRING:
      value = reader.index(strings.length, "string");
      break;
    case CONSTANT.TEMPLATE:
      template = [];
      for (let i = reader.count(2); i > 0; i--) {
        template.push(reader.index(strings.length + 1, "string"), reader.index(strings.length, "string"));
      }
      if (template.length === 0) reader.fail("empty template");
      break;
    case CONSTANT.BIGINT:
      value = reader.index(strings.length, "string");
      if (!/^(?:0|[1-9]\d*)$/.test(strings[value]!)) reader.fail("bad BigInt");
      break;
    case CONSTANT.SPECIAL:
      value = reader.index(SPECIAL_VALUES.length, "special value");
      break;
    default:
      reader.fail("unknown constant");
  }
  return { tag, value, template };
}

/** One instruction. Operands that are indices must be below the counts given. */
function readInstruction(
  reader: Reader,
  word: number,
  strings: number,
  constants: number,
  functions: number,
): Instruction {
  const op = reader.index(ROWS.length, "opcode");
  const encoding = ENCODING[op]!;
  const types = TYPES[op]!;
  const operands: number[] = [];
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    if (encoding & (8 << i)) {
      const value = reader.s();
      if (type === "i16" && (value < -32768 || value > 32767)) reader.fail("immediate is out of range");
      operands.push(value);
      continue;
    }
    switch (type) {
      case "const":
        operands.push(reader.index(constants, "constant"));
        break;
      case "key":
      case "name":
        operands.push(reader.index(strings, "string"));
        break;
      case "fn":
        operands.push(reader.index(functions, "function"));
        break;
      case "imm":
        operands.push(reader.v());
        break;
      default:
        operands.push(reader.index(0x10000, type));
    }
  }
  return { word, op, operands };
}

/** The bytes of a decoded image: exactly those it was decoded from. */
export function encodeImage(image: ProgramImage): Uint8Array {
  const out = new ByteWriter();
  for (const byte of IMAGE_MAGIC) out.byte(byte);
  out.byte(IMAGE_VERSION);
  writeStrings(out, image.strings);
  out.v(image.functions.length);
  for (const fn of image.functions) writeFunction(out, fn);
  return out.done();
}

/** Writes a function, the counterpart of `readFunction`. */
function writeFunction(out: ByteWriter, fn: FunctionImage): void {
  out.v(fn.flags);
  out.v(fn.name);
  out.v(fn.parameterCount);
  out.v(fn.length);
  out.v(fn.registerCount);
  out.v(fn.clearCount);
  out.v(fn.sourceStart);
  out.v(fn.sourceLength);
  writeConstants(out, fn.constants);
  out.v(fn.wordCount);
  for (const { op, operands } of fn.code) {
    out.v(op);
    const encoding = ENCODING[op]!;
    operands.forEach((operand, i) => {
      if (encoding & (8 << i)) out.s(operand);
      else out.v(operand);
    });
  }
  out.v(fn.handlers.length);
  for (const { start, end, target, register } of fn.handlers) {
    out.v(start);
    out.v(end);
    out.v(target);
    out.v(register);
  }
  out.v(fn.positions.length / 2);
  let word = 0;
  let offset = 0;
  for (let i = 0; i < fn.positions.length; i += 2) {
    out.v(fn.positions[i]! - word);
    out.s(fn.positions[i + 1]! - offset);
    word = fn.positions[i]!;
    offset = fn.positions[i + 1]!;
  }
}

// --- extraction

/** Calls `visit` with each string, function and constant operand of an instruction, and replaces the operand by its result. */
function mapOperands(instruction: Instruction, visit: (type: string, operand: number) => number): Instruction {
  const types = TYPES[instruction.op]!;
  return { ...instruction, operands: instruction.operands.map((operand, i) => visit(types[i]!, operand)) };
}

/**
 * A new image with the functions at `indices`, all functions nested in them and the strings they use. Function 0 is a stub
 * that returns; `map` gives the new index of each function taken.
 */
export function extractFunctions(
  bytes: Uint8Array,
  indices: readonly number[],
): { image: Uint8Array; map: ReadonlyMap<number, number> } {
  return extractFrom(decodeImage(bytes), indices);
}

/**
 * As `extractFunctions`, but from an image that has been decoded.
 *
 * @throws ImageError if there is no such function
 */
export function extractFrom(
  source: ProgramImage,
  indices: readonly number[],
): { image: Uint8Array; map: ReadonlyMap<number, number> } {
  const map = new Map<number, number>();
  const order: number[] = [];
  /** New index of a function, which joins the queue at its first mention. Function 0 is the stub, so the first one gets 1. */
  const take = (index: number): number => {
    const known = map.get(index);
    if (known !== undefined) return known;
    if (index >= source.functions.length) throw new ImageError(`there is no function ${index}`, 0);
    order.push(index);
    map.set(index, order.length);
    return order.length;
  };
  for (const index of indices) take(index);

  const strings = new Map<string, number>();
  const string = (index: number): number => {
    const text = source.strings[index]!;
    let known = strings.get(text);
    if (known === undefined) strings.set(text, (known = strings.size));
    return known;
  };
  const functions: FunctionImage[] = [STUB];
  // `order` grows while nested functions are found.
  for (let i = 0; i < order.length; i++) {
    const fn = source.functions[order[i]!]!;
    functions.push({
      ...fn,
      name: fn.name === 0 ? 0 : string(fn.name - 1) + 1,
      constants: fn.constants.map((constant) => moveConstant(constant, string)),
      code: fn.code.map((instruction) =>
        mapOperands(instruction, (type, operand) =>
          type === "fn" ? take(operand) : type === "key" || type === "name" ? string(operand) : operand,
        ),
      ),
    });
  }
  return { image: encodeImage({ strings: [...strings.keys()], functions }), map };
}

/** A function that returns undefined. */
export const STUB: FunctionImage = {
  flags: 0,
  name: 0,
  parameterCount: 0,
  length: 0,
  registerCount: 2,
  clearCount: 0,
  sourceStart: 0,
  sourceLength: 0,
  constants: [],
  wordCount: 1,
  code: [{ word: 0, op: OP.RETURNU, operands: [] }],
  handlers: [],
  positions: [0, 0],
};

/** A constant with its string indices replaced. In templates, even items are index + 1, 0 for undefined. */
function moveConstant(constant: Constant, string: (index: number) => number): Constant {
  switch (constant.tag) {
    case CONSTANT.STRING:
    case CONSTANT.BIGINT:
      return { ...constant, value: string(constant.value) };
    case CONSTANT.TEMPLATE: {
      const template = constant.template!.map((index, i) =>
        i % 2 === 1 ? string(index) : index === 0 ? 0 : string(index - 1) + 1,
      );
      return { ...constant, template };
    }
    default:
      return constant;
  }
}
