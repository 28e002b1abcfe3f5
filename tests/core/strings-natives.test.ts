// The natives of String against the methods of the engine that runs the tests, with primitive arguments only: the rest is the
// prelude's and needs the whole machine.

import { beforeAll, describe, expect, it } from "vitest";
import { ATOMS } from "../../ts/defs/atoms.ts";
import { INTRINSIC_OBJECTS } from "../../ts/defs/intrinsics.ts";
import { VM_ATOMS, VM_INTRINSICS } from "../../ts/generated/machine.ts";
import { Differences, Random } from "./compile-numbers.ts";
import { compileStrings, type Strings } from "./compile-strings.ts";

let s: Strings;
let area: number;

const UNDEFINED = 0xfffffff000000000n;
const OBJECT = 0xfffffff8n;
const STRING = 0xfffffff9n;
const SYMBOL = 0xfffffffan;
const DEFER = 0xfffffff000000011n;
const RETRY = 0xfffffff000000012n;

const u32 = (at: number): number => new DataView(s.x.memory.buffer).getUint32(at, true);

beforeAll(async () => {
  s = await compileStrings("strings-natives-entry.ts");
  s.call("resetRealm");
  ATOMS.forEach((text, i) => {
    const atom = s.call("intern", s.make(text));
    new DataView(s.x.memory.buffer).setUint32(VM_ATOMS + 4 * i, atom, true);
  });
  area = s.call("callArea");
});

type Primitive = string | number | boolean | null | undefined;

function encode(v: Primitive, wide: boolean): bigint {
  if (v === undefined) return UNDEFINED;
  if (v === null) return UNDEFINED + 1n;
  if (typeof v === "boolean") return UNDEFINED + (v ? 3n : 2n);
  if (typeof v === "number") return s.value("boxNumber", v);
  return (STRING << 32n) | BigInt(s.make(v, wide));
}

function decode(v: bigint): unknown {
  const tag = v >> 32n;
  const low = Number(v & 0xffffffffn);
  if (tag === 0xffffffffn) return low | 0;
  if (tag === STRING) return s.read(low);
  if (tag === OBJECT)
    return Array.from({ length: s.call("arrayLength", low) }, (_, i) => decode(s.value("arrayElement", low, i)));
  if (v === UNDEFINED + 0x10n) {
    const error = Number(s.value("exception") & 0xffffffffn);
    const proto = u32(u32(error) + 8);
    const name = INTRINSIC_OBJECTS.find((_, i) => u32(VM_INTRINSICS + 8 * i) === proto);
    return { throws: name?.replace("Prototype", "") };
  }
  if (tag === 0xfffffff0n)
    return [undefined, null, false, true][low] ?? (low === 0 ? undefined : low === 1 ? null : `signal ${low}`);
  return new Float64Array(new BigUint64Array([v]).buffer)[0];
}

function callRaw(native: string, receiver: bigint, args: readonly bigint[]): bigint {
  const view = new DataView(s.x.memory.buffer);
  view.setBigUint64(area, UNDEFINED, true);
  view.setBigUint64(area + 8, receiver, true);
  args.forEach((v, i) => view.setBigUint64(area + 16 + 8 * i, v, true));
  return s.value(native, area, args.length);
}

function want(f: () => unknown): unknown {
  try {
    return f();
  } catch (error) {
    return { throws: (error as Error).name };
  }
}

const pieces = [
  "",
  "a",
  "b",
  "ab",
  "aa",
  "é",
  "ÿ",
  "Ā",
  "😀",
  "\ud83d",
  "\udc00",
  " ",
  "\t\u00a0",
  "$",
  "$$",
  "$&",
  "$`",
  "$'",
  "$1",
  "$<x>",
  "xyz",
  "-",
  ",",
];
const numbers = [
  undefined,
  0,
  1,
  2,
  3,
  5,
  10,
  -1,
  -2,
  -3,
  -100,
  1e9,
  1.7,
  -1.2,
  NaN,
  Infinity,
  -Infinity,
  null,
  true,
  "2",
  "x",
  -0,
  4294967297,
];

const calls: Record<string, (random: Random, text: () => string, number: () => Primitive) => Primitive[]> = {
  at: (_, __, n) => [n()],
  charAt: (_, __, n) => [n()],
  charCodeAt: (_, __, n) => [n()],
  codePointAt: (_, __, n) => [n()],
  concat: (r, t, n) => [t(), n(), t()].slice(r.below(4)),
  endsWith: (r, t, n) => [t(), n()].slice(0, 1 + r.below(2)),
  includes: (r, t, n) => [t(), n()].slice(0, 1 + r.below(2)),
  startsWith: (r, t, n) => [t(), n()].slice(0, 1 + r.below(2)),
  indexOf: (r, t, n) => [t(), n()].slice(0, r.below(3)),
  lastIndexOf: (r, t, n) => [t(), n()].slice(0, r.below(3)),
  isWellFormed: () => [],
  normalize: (r) => [["NFC", "NFD", "NFKC", "NFKD", undefined, "x"][r.below(6)]],
  padEnd: (_, t, n) => [clampSize(n()), t()],
  padStart: (r, t, n) => [clampSize(n()), t()].slice(0, 1 + r.below(2)),
  repeat: (_, __, n) => [clampSize(n())],
  replace: (_, t) => [t(), t()],
  replaceAll: (_, t) => [t(), t()],
  slice: (r, __, n) => [n(), n()].slice(r.below(3)),
  split: (r, t, n) => [t(), n()].slice(0, r.below(3)),
  substr: (r, __, n) => [n(), n()].slice(r.below(3)),
  substring: (r, __, n) => [n(), n()].slice(r.below(3)),
  toLowerCase: () => [],
  toLocaleUpperCase: () => [],
  toUpperCase: () => [],
  toWellFormed: () => [],
  trim: () => [],
  trimEnd: () => [],
  trimStart: () => [],
  toString: () => [],
  valueOf: () => [],
};

const clampSize = (n: Primitive): Primitive => (typeof n === "number" && n > 1000 ? (n === Infinity ? n : 20) : n);

describe("natives", () => {
  it.each(Object.keys(calls))("String.prototype.%s", (method) => {
    const random = new Random(method.length * 77 + 5);
    const differences = new Differences();
    const native = `stringPrototype${method[0]!.toUpperCase()}${method.slice(1)}`;
    const text = (): string => {
      let out = "";
      for (let k = random.below(4); k > 0; k--) out += pieces[random.below(pieces.length)]!;
      return out;
    };
    for (let i = 0; i < 3000; i++) {
      let receiver = "";
      for (let k = random.below(9); k > 0; k--) receiver += pieces[random.below(pieces.length)]!;
      const args = calls[method]!(random, text, () => numbers[random.below(numbers.length)]);
      const got = decode(
        callRaw(
          native,
          encode(receiver, random.below(2) === 0),
          args.map((v) => encode(v, random.below(2) === 0)),
        ),
      );
      const expected = want(() =>
        (receiver as unknown as Record<string, (...a: Primitive[]) => unknown>)[method]!(...args),
      );
      differences.compare(
        JSON.stringify(got) ?? "undefined",
        JSON.stringify(expected) ?? "undefined",
        method,
        JSON.stringify(receiver),
        JSON.stringify(args),
      );
    }
    expect(differences.list).toEqual([]);
  });

  it("String.fromCharCode and String.fromCodePoint", () => {
    const random = new Random(3);
    const points = [
      0,
      65,
      255,
      256,
      0xd83d,
      0xde00,
      0xffff,
      65536,
      65601,
      0x1f600,
      0x10ffff,
      "66",
      null,
      true,
      1.5,
      -1,
      NaN,
      0x110000,
    ];
    for (let i = 0; i < 3000; i++) {
      const args = Array.from({ length: random.below(5) }, () => points[random.below(points.length)]) as number[];
      const values = args.map((v) => encode(v, false));
      expect(decode(callRaw("stringFromCharCode", UNDEFINED, values))).toEqual(String.fromCharCode(...args));
      expect(decode(callRaw("stringFromCodePoint", UNDEFINED, values))).toEqual(
        want(() => String.fromCodePoint(...args)),
      );
    }
  });

  it("iterates over code points", () => {
    const receiver = "a😀\ud83dé\udc00b";
    const iterator = callRaw("stringPrototypeSymbolIterator", encode(receiver, false), []);
    const got: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      const result = Number(callRaw("stringIteratorPrototypeNext", iterator, []) & 0xffffffffn);
      if (decode(s.value("property", result, s.call("intern", s.make("done")))) === true) break;
      got.push(decode(s.value("property", result, s.call("intern", s.make("value")))));
    }
    expect(got).toEqual([...receiver]);
  });

  it("defers objects, refuses symbols and missing receivers", () => {
    const object = s.value("objectValue", s.call("newObject"));
    const symbol = s.value("symbolValue", s.call("newSymbol", UNDEFINED, 0));
    expect(symbol >> 32n).toBe(SYMBOL);
    for (const method of Object.keys(calls)) {
      if (method === "toString" || method === "valueOf") continue;
      const native = `stringPrototype${method[0]!.toUpperCase()}${method.slice(1)}`;
      expect(callRaw(native, object, [])).toBe(DEFER);
      for (const bad of [UNDEFINED, UNDEFINED + 1n, symbol])
        expect(decode(callRaw(native, bad, []))).toEqual({ throws: "TypeError" });
      if (
        calls[method]!(
          new Random(1),
          () => "",
          () => 0,
        ).length === 0 &&
        !["concat", "slice", "substr", "substring", "indexOf", "split"].includes(method)
      )
        continue;
      expect(callRaw(native, encode("abc", false), [object])).toBe(DEFER);
      expect(decode(callRaw(native, encode("abc", false), [symbol]))).toEqual({ throws: "TypeError" });
    }
    expect(decode(callRaw("stringPrototypeToString", object, []))).toEqual({ throws: "TypeError" });
  });

  it("asks before it makes something large", () => {
    s.call("setMemoryLimit", s.call("heapUsed") + 100_000);
    const million = encode(1_000_000, false);
    expect(callRaw("stringPrototypeRepeat", encode("x", false), [million])).toBe(RETRY);
    expect(callRaw("stringPrototypePadStart", encode("x", false), [million])).toBe(RETRY);
    s.call("setMemoryLimit", 0x70000000);
    expect(String(decode(callRaw("stringPrototypeRepeat", encode("xy", false), [million]))).length).toBe(2_000_000);
    expect(decode(callRaw("stringPrototypeRepeat", encode("xy", false), [encode(2 ** 27, false)]))).toEqual({
      throws: "RangeError",
    });
    expect(decode(callRaw("stringPrototypePadEnd", encode("xy", false), [encode(2 ** 27, false)]))).toEqual({
      throws: "RangeError",
    });
  });
});
