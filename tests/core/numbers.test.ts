// Number formatting and parsing against the engine that runs the tests.

import { beforeAll, describe, expect, it } from "vitest";
import { compileNumbers, Differences, type Numbers, Random } from "./compile-numbers.ts";

let numbers: Numbers;

beforeAll(async () => {
  numbers = await compileNumbers();
});

function format(x: number): string {
  return numbers.read(numbers.exports.formatNumber(x, numbers.text));
}

function fixed(x: number, digits: number): string {
  return numbers.read(numbers.exports.formatFixed(x, digits, numbers.text));
}

function nextDouble(x: number, steps: bigint): number {
  const bits = new BigInt64Array(new Float64Array([x]).buffer);
  bits[0]! += steps;
  return new Float64Array(bits.buffer)[0]!;
}

const EDGES = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  1.7976931348623157e308,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1e21,
  1e-7,
  1e-6,
  123456789012345680000,
  9007199254740991,
  9007199254740992,
  9007199254740994,
  2147483647,
  2147483648,
  -2147483648,
  -2147483649,
  4294967295,
  0.1 + 0.2,
  29.700000000000003,
  5e-7,
  9.5,
  0.000001,
  99999999,
  100000000,
];

/** Doubles of every kind a program prints. */
function* sample(seed: number, count: number): Generator<number> {
  const random = new Random(seed);
  yield* EDGES;
  for (let i = 0; i < count; i++) {
    yield random.bits();
    yield random.word() / random.word();
    yield Math.round(random.word() / 100) / 100;
    yield (random.below(200000) - 100000) / 1000;
    yield random.word() * random.word();
    yield i * 0.1;
    yield random.below(10 ** random.below(10)) / 10 ** random.below(25);
  }
}

describe("powers of ten", () => {
  it("are exact to 128 bits: rounded up below 1, down above", () => {
    const words = new BigUint64Array(numbers.exports.memory.buffer, numbers.exports.valueBuffer(), 2);
    const differences = new Differences();
    for (let q = -342; q <= 324; q++) {
      const power = 5n ** BigInt(Math.abs(q));
      const bits = power.toString(2).length;
      let want: bigint;
      if (q >= 0) {
        want = bits > 128 ? power >> BigInt(bits - 128) : power << BigInt(128 - bits);
      } else {
        want = (1n << BigInt(bits + 127)) / power + 1n;
      }
      numbers.exports.copyPower(q);
      differences.compare(`${(words[0]! << 64n) | words[1]!}`, `${want}`, "10 **", q);
    }
    expect(differences.list).toEqual([]);
  });
});

describe("Number::toString", () => {
  it("equals String(x) for 350 000 random bit patterns", () => {
    const random = new Random(1);
    const differences = new Differences();
    for (let i = 0; i < 350_000; i++) {
      const x = random.bits();
      differences.compare(format(x), String(x), x);
    }
    expect(differences.list).toEqual([]);
  });

  it("equals String(x) for decimals, fractions, products and edges", () => {
    const differences = new Differences();
    for (const x of sample(2, 60_000)) differences.compare(format(x), String(x), x);
    expect(differences.list).toEqual([]);
  });

  it("equals String(x) for powers of ten and two, their neighbours, and subnormals", () => {
    const differences = new Differences();
    const check = (x: number) => {
      for (const steps of [-2n, -1n, 0n, 1n, 2n]) {
        const y = x === 0 ? x : nextDouble(x, steps);
        differences.compare(format(y), String(y), y);
        differences.compare(format(-y), String(-y), -y);
      }
    };
    for (let e = -324; e <= 308; e++) check(Number(`1e${e}`));
    for (let e = -1074; e <= 1023; e++) check(2 ** e);
    for (let i = 1; i <= 3000; i++) check(i * 5e-324);
    expect(differences.list).toEqual([]);
  });

  it("formats int32 and writes nothing beyond 32 bytes", () => {
    const differences = new Differences();
    const memory = new Uint8Array(numbers.exports.memory.buffer);
    const random = new Random(3);
    for (let i = 0; i < 100_000; i++) {
      const x = i < 1000 ? i - 500 : (random.word() | 0) >> random.below(32);
      differences.compare(numbers.read(numbers.exports.formatInt(x, numbers.text)), String(x), x);
    }
    for (const x of sample(4, 3000)) {
      memory.fill(0xee, numbers.text, numbers.text + 64);
      numbers.exports.formatNumber(x, numbers.text);
      differences.compare(
        memory.subarray(numbers.text + 32, numbers.text + 64).every((b) => b === 0xee),
        true,
        x,
      );
    }
    expect(differences.list).toEqual([]);
  });

  it("reads back as the same double", () => {
    const random = new Random(5);
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 4096; i++) {
        let x = random.bits();
        while (!Number.isFinite(x)) x = random.bits();
        // -0 prints as 0.
        numbers.values[i] = x === 0 ? 1 : x;
      }
      expect(numbers.exports.roundTrip(4096)).toBe(-1);
    }
  });
});

describe("Number.prototype", () => {
  const methods = [
    ["toFixed", "formatFixed", 0, 100],
    ["toExponential", "formatExponential", 0, 100],
    ["toPrecision", "formatPrecision", 1, 100],
  ] as const;

  it.each(methods)("%s equals the engine's", (method, name, least, most) => {
    const random = new Random(6);
    const differences = new Differences();
    const check = (x: number, digits: number) => {
      const got = numbers.read(numbers.exports[name](x, digits, numbers.text));
      differences.compare(got, x[method](digits), method, x, digits);
    };
    for (const x of sample(7, 8000)) {
      check(x, least + random.below(8));
      check(x, least + random.below(most + 1 - least));
    }
    for (const x of EDGES) for (let digits = least; digits <= most; digits++) check(x, digits);
    // Ties, which round up in size.
    for (let i = -2000; i < 2000; i++) for (let digits = least; digits < 5; digits++) check(i / 16, digits);
    expect(differences.list).toEqual([]);
  });

  it("toExponential without digits equals the engine's", () => {
    const differences = new Differences();
    for (const x of sample(8, 8000)) {
      differences.compare(numbers.read(numbers.exports.formatExponential(x, -1, numbers.text)), x.toExponential(), x);
    }
    expect(differences.list).toEqual([]);
  });

  it("rounds ties up, as in the specification", () => {
    expect(fixed(0.5, 0)).toBe("1");
    expect(fixed(-2.5, 0)).toBe("-3");
    expect(fixed(1.005, 2)).toBe("1.00");
    expect(fixed(-0.0000001, 2)).toBe("-0.00");
    expect(fixed(-0, 2)).toBe("0.00");
    expect(fixed(999.995, 2)).toBe("1000.00");
    expect(fixed(0.999, 2)).toBe("1.00");
    expect(fixed(2147483647.9, 0)).toBe("2147483648");
    expect(fixed(1e21, 2)).toBe("1e+21");
  });

  it("toString(radix) equals the engine's", () => {
    const random = new Random(9);
    const differences = new Differences();
    for (const x of sample(10, 8000)) {
      const radix = 2 + random.below(35);
      const got = numbers.read(numbers.exports.formatRadix(x, radix, numbers.text));
      differences.compare(got, x.toString(radix), "radix", radix, x);
    }
    for (const x of EDGES) {
      for (let radix = 2; radix <= 36; radix++) {
        const got = numbers.read(numbers.exports.formatRadix(x, radix, numbers.text));
        differences.compare(got, x.toString(radix), "radix", radix, x);
      }
    }
    expect(differences.list).toEqual([]);
  });
});

/** Compares StringToNumber in both widths, and parseFloat, with the engine's. */
function checkText(text: string, differences: Differences): void {
  const { exports, text: at } = numbers;
  const narrow = !/[^\0-\xff]/.test(text);
  for (const stride of [1, 2] as const) {
    if (stride === 1 && !narrow) continue;
    numbers.write(text, stride);
    differences.compare(exports.stringToNumber(at, text.length, stride), Number(text), "Number", stride, text);
    differences.compare(
      exports.parseFloatPrefix(at, text.length, stride),
      parseFloat(text),
      "parseFloat",
      stride,
      text,
    );
  }
}

/** All digits of mantissa × 2^exponent. */
function exactDecimal(mantissa: bigint, exponent: number): string {
  if (exponent >= 0) return (mantissa << BigInt(exponent)).toString();
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString().padStart(1 - exponent, "0");
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

describe("text to number", () => {
  it("equals the engine for random digit strings of 1 to 800 digits", () => {
    const random = new Random(11);
    const differences = new Differences();
    for (let i = 0; i < 60_000; i++) {
      const length = 1 + random.below(i % 20 === 0 ? 800 : 25);
      let digits = "";
      while (digits.length < length) digits += random.word();
      digits = digits.slice(0, length);
      const point = random.below(length + 1);
      let text = i % 3 === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
      if (i % 2 === 0) text += `${i % 4 === 0 ? "e" : "E+"}${random.below(330)}`;
      else if (i % 5 === 0) text += `e-${random.below(700)}`;
      checkText(i % 7 === 0 ? `-${text}` : text, differences);
    }
    expect(differences.list).toEqual([]);
  });

  it("equals the engine for the texts of random doubles", () => {
    const random = new Random(12);
    const differences = new Differences();
    for (let i = 0; i < 30_000; i++) {
      const x = random.bits();
      checkText(String(x), differences);
      checkText(x.toExponential(i % 25), differences);
    }
    expect(differences.list).toEqual([]);
  });

  it("rounds half-way points, and what lies a digit beside them, as the engine", () => {
    const random = new Random(13);
    const differences = new Differences();
    for (let i = 0; i < 2500; i++) {
      const exponent = i % 3 === 0 ? random.below(200) - 100 : random.below(2045) - 1074;
      const wide = (1n << 52n) | (BigInt(random.word()) << 20n) | BigInt(random.below(1 << 20));
      const mantissa = i % 5 === 0 ? BigInt(random.word()) : wide;
      const half = exactDecimal(2n * mantissa + 1n, exponent - 1);
      checkText(half, differences);
      checkText(half.includes(".") ? `${half}0000000001` : `${half}.0000000001`, differences);
      checkText(
        half.replace(/[1-9](?=0*$)/, (digit) => String(Number(digit) - 1)),
        differences,
      );
      checkText(`${half.replace(".", "")}e-30`, differences);
    }
    expect(differences.list).toEqual([]);
  });

  it("knows the grammar of StringToNumber and parseFloat", () => {
    const differences = new Differences();
    const texts =
      `|  |\n 12 \t|\ufeff1\u2028|\u30001|\u180e1|1_0|0x|0X1f|0x1g|0b101|0b2|0B|0o17|0o8|-0x10|+0x10|+5|-|+|+-1|.|.5|5.|-.5e1|..5
|1e|1e+|e1|1e1000|1e-1000|-1e-1000|Infinity|-Infinity|+Infinity|infinity|Infinityx|Infinit|-0|0|00012|1e5 |0e99999999999999999999
|1e99999999999999999999|1e-99999999999999999999|1.7976931348623158e308|1.7976931348623159e308|2.4703282292062327e-324
|2.4703282292062328e-324|4.9e-324|2.2250738585072011e-308|2.2250738585072014e-308|9007199254740993|0x20000000000001
|0x20000000000003|0x3fffffffffffff80000000001|1.5.5|1e5.5|12px|1e+x|0.|0.e1|.e1|1n|NaN|1\0|\u00a01\u00a0|1\u0301|\uff11`
        .replaceAll("\n|", "|")
        .split("|");
    for (const text of texts) checkText(text, differences);
    checkText(`0.${"0".repeat(1000)}1e1001`, differences);
    checkText(`1${"0".repeat(1000)}e-1000`, differences);
    checkText(`0x${"f".repeat(300)}`, differences);
    checkText(`0b${"1".repeat(54)}${"0".repeat(900)}`, differences);
    checkText(`0b${"10".repeat(27)}${"0".repeat(900)}1`, differences);
    expect(differences.list).toEqual([]);
  });

  it("returns how many code units of a StrDecimalLiteral it used", () => {
    const used = (text: string) => {
      numbers.write(text, 2);
      return numbers.exports.parseDecimal(numbers.text, text.length, 2, numbers.exports.valueBuffer());
    };
    expect(
      ["1", "1.", "1.5e", "1.5e+", "1.5e+3x", "-.5", ".", "-", "", "Infinity", "-Infinityy", "x1", " 1"].map(used),
    ).toEqual([1, 2, 3, 3, 6, 3, 0, 0, 0, 8, 9, 0, 0]);
    numbers.write("-12.5e1,", 1);
    expect(numbers.exports.parseDecimal(numbers.text, 8, 1, numbers.exports.valueBuffer())).toBe(7);
    expect(numbers.values[0]).toBe(-125);
  });

  it("parseInt equals the engine's", () => {
    const random = new Random(14);
    const differences = new Differences();
    for (let i = 0; i < 80_000; i++) {
      const radix = random.below(39) - 1;
      const base = Math.max(2, Math.min(36, radix || 10));
      let text = "";
      for (let n = random.below(i % 10 === 0 ? 90 : 14); n >= 0; n--) text += random.below(base).toString(base);
      if (i % 3 === 0) text = text.toUpperCase();
      if (i % 4 === 0) text = `0x${text}`;
      if (i % 5 === 0) text = ` -${text}`;
      if (i % 6 === 0) text += ".5z";
      for (const stride of [1, 2] as const) {
        numbers.write(text, stride);
        const got = numbers.exports.parseIntPrefix(numbers.text, text.length, stride, radix);
        differences.compare(got, parseInt(text, radix), "parseInt", text, radix);
      }
    }
    for (const text of [
      "",
      "0x",
      "-0x",
      "0",
      "-0",
      "+",
      "08",
      "9007199254740993",
      "z",
      "\u20281",
      "0X1F",
      "1".repeat(400),
    ]) {
      numbers.write(text, 2);
      const got = numbers.exports.parseIntPrefix(numbers.text, text.length, 2, 0);
      differences.compare(got, parseInt(text, 0), "parseInt", text);
    }
    expect(differences.list).toEqual([]);
  });

  it("knows white space and line terminators", () => {
    const differences = new Differences();
    for (let c = 0; c < 0x10000; c++) {
      differences.compare(numbers.exports.isWhiteSpaceOrTerminator(c) !== 0, /^\s$/.test(String.fromCharCode(c)), c);
    }
    expect(differences.list).toEqual([]);
  });
});
