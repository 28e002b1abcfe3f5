// The linker: what the compiler makes links into exactly the code it describes, and nothing else links, whatever it is.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { buildBaseImage } from "../../ts/build/build-base-image.ts";
import { compileToImage } from "../../ts/compiler/compile.ts";
import { decodeImage, encodeImage, type FunctionImage, type ProgramImage } from "../../ts/compiler/image.ts";
import { FUSED_COMPARES, FUSED_JUMPS, LINKED_ONLY } from "../../ts/defs/fused.ts";
import { FUNCTION_FLAGS, PORTABLE, type OperandType } from "../../ts/defs/opcodes.ts";
import { VM_WORD } from "../../ts/generated/machine.ts";

const builderFile = fileURLToPath(new URL("../../build/fermata.builder.wasm", import.meta.url));
const OPCODES = Object.fromEntries(PORTABLE.map(({ name }, i) => [name, i])) as Readonly<Record<string, number>>;
const ERROR = {
  TRUNCATED: 1,
  MAGIC: 2,
  TRAILING: 3,
  STRING: 4,
  FUNCTION: 5,
  LIMIT: 6,
  CONSTANT: 7,
  OPCODE: 9,
  REGISTER: 10,
  JUMP: 11,
  HANDLER: 12,
  POSITION: 13,
} as const;

interface Exports {
  readonly memory: WebAssembly.Memory;
  builderSpace(bytes: number): number;
  builderLinkGuest(length: number, id: number): number;
  builderError(): number;
  builderFunction(program: number, index: number): number;
}

let x: Exports;
let pristine: Uint8Array;

beforeAll(async () => {
  const { exports } = await buildBaseImage(readFileSync(builderFile));
  x = exports as unknown as Exports;
  pristine = new Uint8Array(x.memory.buffer.slice(0, u32(VM_WORD.heapTop)));
}, 60_000);

function u32(at: number): number {
  return new DataView(x.memory.buffer).getUint32(at, true);
}

/** Links in a machine that has linked nothing yet. */
function link(image: Uint8Array): number {
  new Uint8Array(x.memory.buffer).set(pristine);
  new Uint8Array(x.memory.buffer, x.builderSpace(image.length), image.length).set(image);
  return x.builderLinkGuest(image.length, 7);
}

function errorOf(image: Uint8Array): number {
  return link(image) === 0 ? x.builderError() & 255 : 0;
}

function compile(source: string): Uint8Array {
  return compileToImage(source, { filename: "test.js", mode: "script" }).image;
}

const SOURCES = [
  "let s = 0; for (let i = 0; i < 10; i++) s += i; s",
  "function f(a, b = 2, ...rest) { return arguments.length + a + b + rest.length } f(1)",
  "class A { #x = 1; static y = 2; get z() { return this.#x } constructor() { this.q = new.target } } class B extends A { m() { return super.z } } new B().m()",
  "function* g() { try { yield 1; yield* [2, 3] } finally { yield 4 } } [...g()]",
  "async function h(x) { for await (const y of x) { if (y) break; } try { return await x } catch ({ message }) { return message } } h([1])",
  "const t = (s, ...v) => s.raw[0] + v; t`a\\n${1}b`; label: for (const k in { a: 1 }) { for (;;) { continue label } }",
  "var { a, ...o } = { a: 1, b: 2, 'é': 3, '日本': 0.1, n: NaN, [Symbol.iterator]: null }; o?.b ?? /x/g; switch (a) { case 1: case 2: break; default: a = -0 }",
];

describe("what the compiler makes", () => {
  test.each(SOURCES)("links with every word in its place: %s", (source) => {
    const image = compile(source);
    const decoded = decodeImage(image);
    const program = link(image);
    expect(program).not.toBe(0);
    decoded.functions.forEach((portable, index) =>
      checkFunction(decoded, portable, program, x.builderFunction(program, index)),
    );
  });

  test("the base image comes out the same twice", async () => {
    const { image } = await buildBaseImage(readFileSync(builderFile));
    const again = await buildBaseImage(readFileSync(builderFile));
    expect(Buffer.from(image.base).equals(Buffer.from(again.image.base))).toBe(true);
  }, 60_000);
});

function checkFunction(image: ProgramImage, portable: FunctionImage, program: number, code: number): void {
  const memory = new DataView(x.memory.buffer);
  expect(memory.getUint32(code + 8, true)).toBe(program);
  expect(memory.getUint32(code + 36, true)).toBe(portable.wordCount);
  expect(memory.getUint16(code + 20, true)).toBe(portable.registerCount);
  const caches: number[] = [];
  const linked = portable.code.map(({ word, op, operands }) => {
    const at = code + 56 + 8 * word;
    const found = memory.getUint16(at, true);
    const isFused = found >= PORTABLE.length;
    const row = PORTABLE[op]!;
    const back = row.operands.map(([field, type], i) => {
      const slot = at + { a: 2, b: 4, c: 6, bc: 4, x: 8 }[field];
      if (type === "key") caches.push(at + memory.getUint32(slot + 4, true));
      if (type === "const") return isConstant(image, portable, operands[i]!, slot) ? operands[i]! : -1;
      return portableOperand(image, program, type, slot);
    });
    return {
      word,
      op: isFused ? OPCODES[LINKED_ONLY[found - PORTABLE.length]!.split("_")[0]!] : found,
      operands: back,
    };
  });
  expect(linked).toEqual(portable.code);
  const tables = code + memory.getUint32(code + 40, true);
  expect(caches).toEqual(caches.map((_, i) => tables + 16 * i));
  expect(memory.getUint32(code + 44, true)).toBe(caches.length);
}

/** The number that stands in the image for a linked operand. */
function portableOperand(image: ProgramImage, program: number, type: OperandType, slot: number): number {
  const memory = new DataView(x.memory.buffer);
  switch (type) {
    case "u16":
      return memory.getUint16(slot, true);
    case "i16":
    case "jump16":
      return memory.getInt16(slot, true);
    case "i32":
    case "jump32":
    case "jump":
      return memory.getInt32(slot, true);
    case "imm":
      return memory.getUint32(slot, true);
    case "fn":
      return image.functions.findIndex((_, i) => x.builderFunction(program, i) === memory.getUint32(slot, true));
    case "name":
    case "key":
      return image.strings.indexOf(text(memory.getUint32(slot, true)));
    default:
      return memory.getUint16(slot, true) / 8;
  }
}

function isConstant(image: ProgramImage, portable: FunctionImage, index: number, slot: number): boolean {
  const memory = new DataView(x.memory.buffer);
  const { tag, value } = portable.constants[index]!;
  const low = memory.getInt32(slot, true);
  const high = memory.getUint32(slot + 4, true);
  if (tag === 0) return high === 0xffffffff && low === value;
  if (tag === 1) return Object.is(memory.getFloat64(slot, true), value);
  if (tag === 2) return high === 0xfffffff9 && text(low) === image.strings[value];
  return high === 0xfffffff8;
}

/** Characters of an interned string. */
function text(cell: number): string {
  const memory = new DataView(x.memory.buffer);
  const length = memory.getUint32(cell + 8, true);
  const wide = (memory.getUint32(cell + 12, true) & 1) !== 0;
  return String.fromCharCode(
    ...Array.from({ length }, (_, i) =>
      wide ? memory.getUint16(cell + 16 + 2 * i, true) : memory.getUint8(cell + 16 + i),
    ),
  );
}

/** Names of the fused instructions of function `index`. */
function fusedIn(image: Uint8Array, index = 0): string[] {
  const program = link(image);
  expect(program).not.toBe(0);
  const code = x.builderFunction(program, index);
  return decodeImage(image)
    .functions[index]!.code.map(({ word }) => new DataView(x.memory.buffer).getUint16(code + 56 + 8 * word, true))
    .filter((op) => op >= PORTABLE.length)
    .map((op) => LINKED_ONLY[op - PORTABLE.length]!);
}

// --- images made by hand ------------------------------------------------------------------------------------------

type Instruction = readonly [name: string, ...operands: number[]];

/** An image with one function of those instructions. */
function assemble(code: readonly Instruction[], head: Partial<FunctionImage> = {}): Uint8Array {
  let word = 0;
  const instructions = code.map(([name, ...operands]) => {
    const op = OPCODES[name]!;
    const here = word;
    word += PORTABLE[op]!.operands.some(([field]) => field === "x") ? 2 : 1;
    return { word: here, op, operands };
  });
  return encodeImage({
    strings: ["name", "0"],
    functions: [
      {
        flags: 1,
        name: 0,
        parameterCount: 0,
        length: 0,
        registerCount: 10,
        clearCount: 4,
        sourceStart: 0,
        sourceLength: 0,
        constants: [],
        wordCount: word,
        code: instructions,
        handlers: [],
        positions: [],
        ...head,
      },
    ],
  });
}

describe("fusing", () => {
  const END: Instruction = ["RETURNU"];

  test("every comparison fuses with every jump", () => {
    for (const compare of FUSED_COMPARES) {
      for (const jump of FUSED_JUMPS) {
        const image = assemble([["NOP"], [compare, 5, 3, 4], jump === "LOOPT" ? [jump, 5, 6, -2] : [jump, 5, 1], END]);
        expect(fusedIn(image)).toEqual([`${compare}_${jump}`]);
      }
    }
  });

  test.each<[string, readonly Instruction[], Partial<FunctionImage>?]>([
    [
      "read behind the jump",
      [
        ["LT", 5, 3, 4],
        ["JF", 5, 1],
        ["RETURN", 5],
      ],
    ],
    ["read at the target", [["LT", 5, 3, 4], ["JF", 5, 2], ["RETURNU"], ["MOVE", 2, 5], END]],
    ["read in a later round of a loop", [["MOVE", 2, 5], ["LT", 5, 3, 4], ["LOOPT", 5, 6, -2], END]],
    ["read as part of a group", [["LT", 5, 3, 4], ["JF", 5, 1], ["CALL", 2, 4, 1], END]],
    ["the jump reads another register", [["LT", 5, 3, 4], ["JF", 6, 1], END]],
    ["the jump is a target", [["JMP", 2], ["LT", 5, 3, 4], ["JF", 5, 1], END]],
    [
      "read by a handler",
      [
        ["LT", 5, 3, 4],
        ["JF", 5, 1],
        ["THROW", 3],
        ["RETURN", 5],
      ],
      { handlers: [{ start: 0, end: 3, target: 3, register: 6 }] },
    ],
  ])("not when the result is missed: %s", (_, code, head) => {
    expect(fusedIn(assemble(code, head))).toEqual([]);
  });

  test.each<[string, readonly Instruction[], Partial<FunctionImage>?]>([
    ["written before it is read", [["LT", 5, 3, 4], ["JF", 5, 1], ["LOADI", 5, 1], ["RETURNU"]]],
    ["overlaid by a call", [["LT", 5, 3, 4], ["JF", 5, 1], ["CALL", 2, 3, 0], END]],
    ["dead at a back-edge", [["JMP", 2], ["MOVE", 2, 3], ["LT", 5, 3, 4], ["JF", 5, 2], ["LOOP", 5, -3], END]],
    [
      "the handler writes it",
      [
        ["LT", 5, 3, 4],
        ["JF", 5, 1],
        ["THROW", 3],
        ["RETURN", 5],
      ],
      { handlers: [{ start: 0, end: 3, target: 3, register: 5 }] },
    ],
  ])("when nobody can miss it: %s", (_, code, head) => {
    expect(fusedIn(assemble(code, head))).toEqual(["LT_JF"]);
  });

  test("loops and conditions of compiled code", () => {
    expect(fusedIn(compile("for (let i = 0; i < 9; i++) { if (i === 3) i++ }"))).toEqual(
      expect.arrayContaining(["LTI_LOOPT"]),
    );
  });
});

describe("images that are refused", () => {
  const END: Instruction = ["RETURNU"];
  const flags = (...names: (keyof typeof FUNCTION_FLAGS)[]): number =>
    names.reduce((sum, name) => sum | FUNCTION_FLAGS[name], 0);

  test.each<[string, number, Uint8Array | (() => Uint8Array)]>([
    ["nothing", ERROR.TRUNCATED, new Uint8Array(0)],
    ["something else", ERROR.MAGIC, Uint8Array.of(0x46, 0x4d, 0x50, 2, 0, 0)],
    ["no function", ERROR.FUNCTION, Uint8Array.of(0x46, 0x4d, 0x50, 1, 0, 0)],
    ["bytes behind the end", ERROR.TRAILING, () => Uint8Array.of(...assemble([END]), 0)],
    [
      "a number of more than 32 bits",
      ERROR.TRUNCATED,
      Uint8Array.of(0x46, 0x4d, 0x50, 1, 0xff, 0xff, 0xff, 0xff, 0x1f),
    ],
    ["falling off the end", ERROR.OPCODE, () => assemble([["LOADI", 2, 1]])],
    ["a register that is not there", ERROR.REGISTER, () => assemble([["MOVE", 2, 10], END])],
    ["a group that ends behind the registers", ERROR.REGISTER, () => assemble([["CALL", 2, 7, 2], END])],
    ["an iterator group that does", ERROR.REGISTER, () => assemble([["GETITER", 8, 2, 0], END])],
    ["keys of a rest that do", ERROR.REGISTER, () => assemble([["OBJREST", 2, 3, 4, 0xffffffff], END])],
    ["parameters and locals that do", ERROR.LIMIT, () => assemble([END], { parameterCount: 5, clearCount: 4 })],
    ["too many registers", ERROR.LIMIT, () => assemble([END], { registerCount: 8192 })],
    ["a jump backwards", ERROR.JUMP, () => assemble([["NOP"], ["JMP", -1], END])],
    ["a jump to itself", ERROR.JUMP, () => assemble([["JMP", 0], END])],
    ["a jump out of the code", ERROR.JUMP, () => assemble([["JMP", 2], END])],
    ["a jump into an instruction", ERROR.JUMP, () => assemble([["JMP", 2], ["GETPROP", 2, 3, 0], END])],
    ["a loop forwards", ERROR.JUMP, () => assemble([["LOOP", 2, 1], END])],
    ["an iteration that jumps back", ERROR.JUMP, () => assemble([["NOP"], ["FORNEXT", 2, 5, -1], END])],
    [
      "a handler in front of what it guards",
      ERROR.HANDLER,
      () => assemble([["NOP"], ["THROW", 2]], { handlers: [{ start: 1, end: 2, target: 0, register: 2 }] }),
    ],
    [
      "a handler into an instruction",
      ERROR.HANDLER,
      () =>
        assemble([["NOP"], ["GETPROP", 2, 3, 0], END], { handlers: [{ start: 0, end: 1, target: 2, register: 2 }] }),
    ],
    [
      "a handler with a register that is not there",
      ERROR.REGISTER,
      () => assemble([["THROW", 2], END], { handlers: [{ start: 0, end: 1, target: 1, register: 10 }] }),
    ],
    ["positions behind the end", ERROR.POSITION, () => assemble([END], { positions: [2, 0] })],
    ["a prelude function", ERROR.FUNCTION, () => assemble([END], { flags: flags("PRELUDE") })],
    ["unknown flags", ERROR.FUNCTION, () => assemble([END], { flags: 8192 })],
    ["a native call", ERROR.OPCODE, () => assemble([["CALLN", 2, 3, 0, 0], END])],
    ["an intrinsic", ERROR.OPCODE, () => assemble([["LOADINTR", 2, 0], END])],
    ["a yield in no generator", ERROR.OPCODE, () => assemble([["YIELD", 2, 4, 5], END])],
    ["an await in no async function", ERROR.OPCODE, () => assemble([["AWAIT", 2, 4, 5], END])],
    ["new.target behind a safepoint", ERROR.OPCODE, () => assemble([["CALL", 2, 3, 0], ["NEWTARGET", 2], END])],
    [
      "new.target in a loop",
      ERROR.JUMP,
      () =>
        assemble([
          ["NEWTARGET", 2],
          ["LOOP", 3, -1],
        ]),
    ],
    ["a special that does not exist", ERROR.LIMIT, () => assemble([["LOADS", 2, 16], END])],
    ["an array that claims to be huge", ERROR.LIMIT, () => assemble([["NEWARR", 2, 1 << 28], END])],
    ["division by zero", ERROR.LIMIT, () => assemble([["DIVI", 2, 3, 0], END])],
    ["a constant that is not there", ERROR.CONSTANT, () => assemble([["LOADK", 2, 0], END])],
    ["a string that is not there", ERROR.STRING, () => assemble([["GETPROP", 2, 3, 2], END])],
    ["an index as a key", ERROR.STRING, () => assemble([["GETPROP", 2, 3, 1], END])],
    ["a function that is not there", ERROR.FUNCTION, () => assemble([["CLOSURE", 2, 3, 1], END])],
  ])("%s", (_, error, image) => {
    expect(errorOf(typeof image === "function" ? image() : image)).toBe(error);
  });

  test("every beginning of an image", () => {
    const image = compile(SOURCES[2]!);
    for (let length = 0; length < image.length; length++) expect(link(image.subarray(0, length))).toBe(0);
  });

  test("images with a changed byte link or are refused, and never trap", () => {
    let refused = 0;
    let linked = 0;
    for (const source of SOURCES) {
      const image = compile(source);
      for (let at = 0; at < image.length; at++) {
        for (const flip of [1, 2, 0x40, 0x80, 0xff]) {
          const changed = image.slice();
          changed[at]! ^= flip;
          if (link(changed) === 0) refused++;
          else linked++;
        }
      }
    }
    expect(refused).toBeGreaterThan(linked / 2);
  }, 60_000);
});
