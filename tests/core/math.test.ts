// Math, %, ToInt32: bit for bit with V8 where both port fdlibm, close to it elsewhere, and the specification's tables.

import { beforeAll, describe, expect, it } from "vitest";
import {
  type BinaryName,
  compileNumbers,
  Differences,
  type Numbers,
  Random,
  type UnaryName,
  ulps,
} from "./compile-numbers.ts";

let numbers: Numbers;
let points: number[];

beforeAll(async () => {
  numbers = await compileNumbers();
  const random = new Random(21);
  points = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    NaN,
    Infinity,
    -Infinity,
    5e-324,
    -5e-324,
    1.7976931348623157e308,
    2 ** -1022,
  ];
  points.push(709.782712893384, -745.1332191019412, 710.4758600739439, 710.475860073944, 2 ** 52 + 0.5, 2 ** 53 - 1);
  points.push(0.49999999999999994, -0.49999999999999994, 2 ** -28, 2 ** 28, Math.PI, Math.PI / 2, 1796111.5111227592);
  for (let i = 0; i < 40_000; i++) {
    const u = random.fraction();
    points.push(random.bits(), u * 2 - 1, (u - 0.5) * 20, (u - 0.5) * 1500, u * 1e7, 1 + u, (u - 0.5) * 1e-5);
    points.push(random.below(4000) / 2 - 1000);
  }
});

function unary(name: UnaryName): (x: number) => number {
  return numbers.exports[`math${name}`];
}

function binary(name: BinaryName): (a: number, b: number) => number {
  return numbers.exports[`math${name}`];
}

describe("equal to V8 in every bit", () => {
  const names = [
    ["Asin", Math.asin],
    ["Acos", Math.acos],
    ["Atan", Math.atan],
    ["Exp", Math.exp],
    ["Expm1", Math.expm1],
    ["Log", Math.log],
    ["Log1p", Math.log1p],
    ["Log2", Math.log2],
    ["Log10", Math.log10],
    ["Sinh", Math.sinh],
    ["Cosh", Math.cosh],
    ["Tanh", Math.tanh],
    ["Asinh", Math.asinh],
    ["Acosh", Math.acosh],
    ["Atanh", Math.atanh],
    ["Cbrt", Math.cbrt],
    ["Round", Math.round],
    ["Fround", Math.fround],
    ["Sign", Math.sign],
  ] as const;

  it.each(names)("Math: %s", (name, reference) => {
    const ours = unary(name);
    const differences = new Differences();
    for (const x of points) differences.compare(ours(x), reference(x), x);
    expect(differences.list).toEqual([]);
  });

  // Beyond, V8 keeps fewer bits of the reduced angle.
  it("Math: Tan below 2^19 × π/2", () => {
    const differences = new Differences();
    for (const x of points) if (!(Math.abs(x) > 823549)) differences.compare(unary("Tan")(x), Math.tan(x), x);
    expect(differences.list).toEqual([]);
  });

  it.each([
    ["Atan2", Math.atan2],
    ["Fmod", (a: number, b: number) => a % b],
  ] as const)("%s", (name, reference) => {
    const random = new Random(22);
    const ours = binary(name);
    const differences = new Differences();
    for (let i = 0; i < 150_000; i++) {
      const a = points[i < 441 ? i % 21 : random.below(points.length)]!;
      const b = points[i < 441 ? Math.trunc(i / 21) : random.below(points.length)]!;
      differences.compare(ours(a, b), reference(a, b), a, b);
      // Integers below and above 2^31, and subnormals, take ways of their own.
      const m = (random.word() | 0) * 2 ** random.below(30);
      const n = (random.word() | 0) >> random.below(32);
      differences.compare(ours(m, n), reference(m, n), m, n);
      differences.compare(ours(a, n * 5e-324), reference(a, n * 5e-324), a, n * 5e-324);
    }
    expect(differences.list).toEqual([]);
  });
});

describe("close to V8", () => {
  it.each([
    ["Sin", Math.sin],
    ["Cos", Math.cos],
    ["Tan", Math.tan],
  ] as const)("Math: %s within 1 ulp, for huge angles too", (name, reference) => {
    const ours = unary(name);
    let worst = 0;
    for (const x of points) worst = Math.max(worst, ulps(ours(x), reference(x)));
    expect(worst).toBeLessThanOrEqual(1);
  });

  it.each([
    ["Pow", Math.pow, 2],
    ["Hypot2", Math.hypot, 2],
  ] as const)("Math: %s within a few ulp", (name, reference, limit) => {
    const random = new Random(23);
    const ours = binary(name);
    let worst = 0;
    for (let i = 0; i < 200_000; i++) {
      const a = points[random.below(points.length)]!;
      const b = points[random.below(points.length)]!;
      worst = Math.max(worst, ulps(ours(a, b), reference(a, b)), ulps(ours(Math.abs(a), b), reference(Math.abs(a), b)));
    }
    expect(worst).toBeLessThanOrEqual(limit);
  });

  // Computed with 1400 bits.
  it("reduces huge angles correctly", () => {
    expect(unary("Sin")(1e22)).toBe(-0.8522008497671888);
    expect(unary("Cos")(1e22)).toBe(0.523214785395139);
    expect(unary("Sin")(2 ** 1023)).toBe(0.563127779850884);
    expect(unary("Cos")(1.7976931348623157e308)).toBe(-0.9999876894265599);
    // The double that comes nearest to a multiple of π/2.
    expect(unary("Cos")(6381956970095103 * 2 ** 797)).toBe(-4.6871659242546277e-19);
    expect(unary("Sin")(Math.PI)).toBe(1.2246467991473532e-16);
  });
});

describe("pow", () => {
  it("is the correctly rounded power of whole numbers", () => {
    const differences = new Differences();
    for (let a = 2; a < 400; a++) {
      for (let n = 2; n <= 512; n++) {
        const exact = BigInt(a) ** BigInt(n);
        if (exact >= 1n << 1023n) break;
        differences.compare(binary("Pow")(a, n), Number(exact), a, "**", n);
        if (n % 2 === 1) differences.compare(binary("Pow")(-a, n), -Number(exact), -a, "**", n);
      }
    }
    expect(differences.list).toEqual([]);
  });

  it("gives the powers of ten and two as they are written", () => {
    const differences = new Differences();
    for (let n = -307; n <= 308; n++) differences.compare(binary("Pow")(10, n), Number(`1e${n}`), "10 **", n);
    let power = 5e-324;
    for (let n = -1074; n <= 1023; n++, power *= 2) differences.compare(binary("Pow")(2, n), power, "2 **", n);
    expect(differences.list).toEqual([]);
  });

  it("squares, inverts and takes roots exactly", () => {
    const differences = new Differences();
    for (const x of points) {
      differences.compare(binary("Pow")(x, 2), x * x, x, "** 2");
      differences.compare(binary("Pow")(x, 1), x, x, "** 1");
      differences.compare(binary("Pow")(x, -1), 1 / x, x, "** -1");
      if (x >= 0) differences.compare(binary("Pow")(x, 0.5), x === 0 ? 0 : Math.sqrt(x), x, "** 0.5");
    }
    expect(differences.list).toEqual([]);
  });

  it("follows the specification's special cases", () => {
    const special = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, 2 ** 53, 5e-324, NaN, Infinity, -Infinity];
    const differences = new Differences();
    for (const x of special) for (const y of special) differences.compare(binary("Pow")(x, y), x ** y, x, "**", y);
    expect(differences.list).toEqual([]);
    expect(binary("Pow")(1, Infinity)).toBeNaN();
    expect(binary("Pow")(-1, -Infinity)).toBeNaN();
    expect(binary("Pow")(1, NaN)).toBeNaN();
    expect(binary("Pow")(NaN, 0)).toBe(1);
    expect(binary("Pow")(-8, 1 / 3)).toBeNaN();
    expect(binary("Pow")(-0, -3)).toBe(-Infinity);
    expect(binary("Pow")(-0, 0.5)).toBe(0);
    expect(binary("Pow")(-Infinity, 0.5)).toBe(Infinity);
    expect(binary("Pow")(-Infinity, -3)).toBe(-0);
  });
});

describe("special values", () => {
  const table: [UnaryName, number, number][] = [
    ["Acos", 1, 0],
    ["Acos", 1.0000000000000002, NaN],
    ["Acosh", 1, 0],
    ["Acosh", 0.5, NaN],
    ["Asin", -0, -0],
    ["Asinh", -Infinity, -Infinity],
    ["Atanh", 1, Infinity],
    ["Atanh", -1, -Infinity],
    ["Atanh", 1.5, NaN],
    ["Cbrt", -27, -3],
    ["Cos", Infinity, NaN],
    ["Exp", 1, Math.E],
    ["Exp", -Infinity, 0],
    ["Expm1", -Infinity, -1],
    ["Expm1", -0, -0],
    ["Log", -0, -Infinity],
    ["Log", -1, NaN],
    ["Log1p", -1, -Infinity],
    ["Log1p", -0, -0],
    ["Log2", 8, 3],
    ["Log2", 2 ** -1074, -1074],
    ["Log10", 1000, 3],
    ["Log10", 1e22, 22],
    ["Round", -0.5, -0],
    ["Round", 2.5, 3],
    ["Round", -2.5, -2],
    ["Round", 0.49999999999999994, 0],
    ["Sign", -0, -0],
    ["Sin", -0, -0],
    ["Sinh", -Infinity, -Infinity],
    ["Tan", -0, -0],
    ["Tanh", -Infinity, -1],
  ];

  it.each(table)("Math: %s(%d) is %d", (name, x, want) => {
    expect(unary(name)(x)).toBe(want);
  });

  it("every function gives the canonical NaN for every NaN", () => {
    const names = Object.keys(numbers.exports).filter((name) => name.startsWith("math")) as `math${UnaryName}`[];
    expect(names.length).toBeGreaterThan(25);
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, 0xfff8000000001234n);
    const odd = view.getFloat64(0);
    for (const name of names) {
      for (const x of [odd, -Infinity, Infinity, -2, 2]) {
        const result = numbers.exports[name](x, odd);
        if (!Number.isNaN(result)) continue;
        view.setFloat64(0, result);
        expect(`${name} ${view.getBigUint64(0).toString(16)}`).toBe(`${name} 7ff8000000000000`);
      }
    }
  });

  it("hypot of two", () => {
    expect(binary("Hypot2")(3, 4)).toBe(5);
    expect(binary("Hypot2")(NaN, -Infinity)).toBe(Infinity);
    expect(binary("Hypot2")(NaN, 1)).toBeNaN();
    expect(binary("Hypot2")(-0, -0)).toBe(0);
    expect(binary("Hypot2")(3e300, 4e300)).toBe(5e300);
    expect(binary("Hypot2")(3 * 5e-324, 4 * 5e-324)).toBe(5 * 5e-324);
  });
});

describe("conversions", () => {
  it("ToInt32 and ToUint32 equal the engine's", () => {
    const random = new Random(24);
    const differences = new Differences();
    const check = (x: number) => {
      differences.compare(numbers.exports.toInt32(x), x | 0, "toInt32", x);
      // A wasm i32 arrives signed.
      differences.compare(numbers.exports.toUint32(x) >>> 0, x >>> 0, "toUint32", x);
    };
    for (const x of points) check(x);
    for (let i = 0; i < 100_000; i++)
      check((random.word() - 2 ** 31 + random.fraction()) * 2 ** (random.below(100) - 10));
    for (let e = 0; e < 100; e++) for (const x of [2 ** e, -(2 ** e), 2 ** e - 1, 1 - 2 ** e, 2 ** e + 0.5]) check(x);
    expect(differences.list).toEqual([]);
  });

  it("f16round gives the nearest of all half floats, ties to even", () => {
    const halves: number[] = [];
    for (let bits = 0; bits < 0x7c00; bits++) {
      const exponent = bits >> 10;
      const fraction = bits & 0x3ff;
      halves.push(exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
    }
    const round = unary("F16round");
    const differences = new Differences();
    for (let i = 0; i + 1 < halves.length; i++) {
      const [low, high] = [halves[i]!, halves[i + 1]!];
      const middle = (low + high) / 2;
      const nudge = middle * 2 ** -52;
      differences.compare(round(low), low, low);
      differences.compare(round(-low), -low, -low);
      differences.compare(round(middle), i % 2 === 0 ? low : high, "tie", middle);
      differences.compare(round(middle + nudge), high, "above", middle);
      differences.compare(round(nudge - middle), -low, "below", -middle);
    }
    for (const [x, want] of [
      [65519.99, 65504],
      [65520, Infinity],
      [-65520, -Infinity],
      [NaN, NaN],
      [5e-324, 0],
    ] as const) {
      differences.compare(round(x), want, x);
    }
    expect(differences.list).toEqual([]);
  });
});
