// Compiles numbers-entry.ts with asc, in memory, and gives its exports with the text and value buffers in reach.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

type NumberFunction = (...values: number[]) => number;
type FormatName =
  "formatNumber" | "formatInt" | "formatRadix" | "formatFixed" | "formatExponential" | "formatPrecision";
type ParseName = "parseDecimal" | "stringToNumber" | "parseFloatPrefix" | "parseIntPrefix" | "isWhiteSpaceOrTerminator";
type TestName = "textBuffer" | "valueBuffer" | "roundTrip" | "copyPower" | "timeFormat" | "timeParse";
export type UnaryName =
  | "Acos"
  | "Acosh"
  | "Asin"
  | "Asinh"
  | "Atan"
  | "Atanh"
  | "Cbrt"
  | "Cos"
  | "Cosh"
  | "Exp"
  | "Expm1"
  | "F16round"
  | "Fround"
  | "Log"
  | "Log10"
  | "Log1p"
  | "Log2"
  | "Round"
  | "Sign"
  | "Sin"
  | "Sinh"
  | "Tan"
  | "Tanh";
export type BinaryName = "Atan2" | "Fmod" | "Hypot2" | "Pow";
type MathName = `math${UnaryName | BinaryName}` | "toInt32" | "toUint32";

export type NumbersExports = { memory: WebAssembly.Memory } & Record<
  FormatName | ParseName | TestName | MathName,
  NumberFunction
>;

interface Asc {
  ready: Promise<void>;
  createMemoryStream(): { toString(): string };
  main(argv: string[], options: object, callback: (error: Error | null) => number): number;
}

export interface Numbers {
  exports: NumbersExports;
  /** Address of 16 KiB for text. */
  text: number;
  values: Float64Array;
  /** The text a format function left. */
  read(length: number): string;
  /** Puts text there, in code units of one or two bytes. */
  write(text: string, stride: 1 | 2): void;
}

export async function compileNumbers(): Promise<Numbers> {
  const asc = createRequire(import.meta.url)("assemblyscript/cli/asc") as Asc;
  await asc.ready;
  const messages = asc.createMemoryStream();
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const flags = "--runtime stub -O3 --noAssert --enable bulk-memory --enable nontrapping-f2i --use abort=".split(" ");
  await new Promise<void>((resolve, reject) => {
    asc.main(
      ["numbers-entry.ts", "--baseDir", folder, "--binaryFile", "numbers.wasm", ...flags],
      {
        stdout: asc.createMemoryStream(),
        stderr: messages,
        writeFile: (name: string, contents: Uint8Array<ArrayBuffer>) => {
          if (name.endsWith("numbers.wasm")) binary = contents;
        },
      },
      (error) => {
        if (error) reject(new Error(`${error.message}\n${messages.toString()}`));
        else resolve();
        return 0;
      },
    );
  });
  const { instance } = await WebAssembly.instantiate(binary!, {});
  const exports = instance.exports as NumbersExports;
  const text = exports.textBuffer();
  const bytes = Buffer.from(exports.memory.buffer);
  return {
    exports,
    text,
    values: new Float64Array(exports.memory.buffer, exports.valueBuffer(), 4096),
    read: (length) => bytes.toString("latin1", text, text + length),
    write: (value, stride) => void bytes.write(value, text, stride === 1 ? "latin1" : "utf16le"),
  };
}

/** The same random numbers in every run. */
export class Random {
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 … 2^32 − 1 */
  word(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s;
    return s >>> 0;
  }

  below(limit: number): number {
    return this.word() % limit;
  }

  /** 0 ≤ x < 1, 64 random bits. */
  fraction(): number {
    return (this.word() + this.word() / 2 ** 32) / 2 ** 32;
  }

  /** Any double: all bit patterns are equally likely. */
  bits(): number {
    this.#words[0] = this.word();
    this.#words[1] = this.word();
    return this.#double[0]!;
  }
}

/** How many doubles lie between a and b; 0 and −0, and NaN and anything else, are infinitely far apart. */
export function ulps(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const bits = new BigInt64Array(new Float64Array([a, b]).buffer);
  if (Number.isNaN(a) || Number.isNaN(b) || bits[0]! < 0n !== bits[1]! < 0n) return Infinity;
  const distance = Number(bits[0]! - bits[1]!);
  return Math.abs(distance);
}

/** Keeps the first few differences of a long comparison: an empty list is a pass. */
export class Differences {
  readonly list: string[] = [];
  count = 0;

  compare(got: string | number | boolean, want: string | number | boolean, ...what: (string | number)[]): void {
    if (Object.is(got, want)) return;
    this.count++;
    if (this.list.length < 10) this.list.push(`${what.join(" ").slice(0, 120)}: got ${got}, want ${want}`);
  }
}
