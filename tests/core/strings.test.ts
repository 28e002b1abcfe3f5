// Strings, atoms and conversions of the core against the strings of the engine that runs the tests.

import { beforeAll, describe, expect, it } from "vitest";
import { Differences, Random } from "./compile-numbers.ts";
import { compileStrings, type Strings } from "./compile-strings.ts";
import { cpuMs } from "../support/cpu-time.ts";

let s: Strings;

beforeAll(async () => {
  s = await compileStrings();
});

const INT = 0xffffffff00000000n;
const STRING = 0xfffffff900000000n;
const UNDEFINED = 0xfffffff000000000n;
const TRUE = 0xfffffff000000003n;
const FALSE = 0xfffffff000000002n;
const NULL = 0xfffffff000000001n;
const STBUF_KIND = 4;
const ROPE_KIND = 3;

const int = (n: number): bigint => INT | BigInt(n >>> 0);
const text = (cell: number): bigint => STRING | BigInt(cell);
const double = (d: number): bigint => new BigUint64Array(new Float64Array([d]).buffer)[0]!;

const ALPHABETS = [
  "ab",
  "0123456789",
  "aé\u00ff\u0100",
  "x\ud83d\ude00\udc00\ud800y",
  "abcdefghijklmnopqrstuvwxyz",
  "\u0000\u0001",
];

function randomText(random: Random, longest: number): string {
  const alphabet = ALPHABETS[random.below(ALPHABETS.length)]!;
  const length = random.below(4) === 0 ? random.below(longest) : random.below(12);
  let out = "";
  for (let i = 0; i < length; i++) out += alphabet[random.below(alphabet.length)];
  return out;
}

/** A cell with that content in one of the forms it may have. */
function anyForm(random: Random, content: string): number {
  switch (random.below(4)) {
    case 0:
      return s.make(content);
    case 1:
      return s.make(content, true);
    case 2: {
      const cut = random.below(content.length + 1);
      return s.call("concat", s.make(content.slice(0, cut)), s.make(content.slice(cut), random.below(2) === 0));
    }
    default: {
      const long = s.make("#".repeat(20) + content + "#".repeat(20));
      return s.call("substring", long, 20, 20 + content.length);
    }
  }
}

describe("content", () => {
  it("makes and reads every form", () => {
    const random = new Random(1);
    const differences = new Differences();
    for (let i = 0; i < 5000; i++) {
      const content = randomText(random, 400);
      const cell = anyForm(random, content);
      expect(s.read(cell)).toBe(content);
      expect(s.call("lengthOf", cell)).toBe(content.length);
      if (content.length === 0) continue;
      const at = random.below(content.length);
      differences.compare(s.call("codeUnitAt", cell, at), content.charCodeAt(at), "code unit");
      differences.compare(s.call("codePointOf", cell, at), content.codePointAt(at)!, "code point");
    }
    expect(differences.list).toEqual([]);
  });

  it("hashes, compares and equals alike in every form", () => {
    const random = new Random(2);
    const hashes = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const left = randomText(random, 100);
      const right = random.below(2) === 0 ? left : randomText(random, 100);
      const a = anyForm(random, left);
      const b = anyForm(random, right);
      expect(s.call("equals", a, b)).toBe(Number(left === right));
      const hash = s.call("hashOf", a) >>> 0;
      expect(hash).not.toBe(0);
      expect(hashes.get(left) ?? hash).toBe(hash);
      hashes.set(left, hash);
      expect(s.call("equals", a, b)).toBe(Number(left === right));
      expect(Math.sign(s.call("compare", a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
    }
    expect(new Set(hashes.values()).size).toBe(hashes.size);
  });

  it("takes substrings", () => {
    const random = new Random(3);
    for (let i = 0; i < 4000; i++) {
      const content = randomText(random, 200);
      const cell = anyForm(random, content);
      const from = random.below(content.length + 1);
      const to = from + random.below(content.length - from + 1);
      const part = s.call("substring", cell, from, to);
      expect(s.read(part)).toBe(content.slice(from, to));
      expect(s.read(cell)).toBe(content);
    }
  });

  it("makes single characters and code points", () => {
    for (const c of [0, 65, 255, 256, 0xd800, 0xffff])
      expect(s.read(s.call("fromCodeUnit", c))).toBe(String.fromCharCode(c));
    for (const c of [0, 255, 0x1f600, 0x10ffff])
      expect(s.read(s.call("fromCodePoint", c))).toBe(String.fromCodePoint(c));
    expect(s.call("fromCodeUnit", 65)).toBe(s.call("singleChar", 65));
  });
});

describe("concatenation", () => {
  it("keeps all of a family of strings that grow from each other", () => {
    const random = new Random(4);
    for (let round = 0; round < 60; round++) {
      const top = s.call("mark");
      const family: [number, string][] = [[s.call("emptyString"), ""]];
      for (let i = 0; i < 120; i++) {
        const [a, left] = family[Math.max(0, family.length - 1 - random.below(4))]!;
        const [b, right] =
          random.below(3) === 0
            ? family[random.below(family.length)]!
            : ([0, randomText(random, 40)] as [number, string]);
        if (left.length + right.length > 200_000) continue;
        const other = b === 0 ? anyForm(random, right) : b;
        family.push(
          random.below(6) === 0
            ? [s.call("concat", other, a), right + left]
            : [s.call("concat", a, other), left + right],
        );
        if (random.below(10) === 0) s.call("charsOf", family[family.length - 1]![0]);
      }
      expect(family.filter(([cell, content]) => s.read(cell) !== content)).toEqual([]);
      s.call("release", top);
    }
  });

  it("appends in place, in linear memory", () => {
    const top = s.call("mark");
    const cell = s.call("timeConcat", 20_000);
    expect(s.read(cell)).toBe("y" + "x".repeat(20_000));
    expect(s.call("kindName", s.call("sliceBase", cell))).toBe(STBUF_KIND);
    expect(s.call("mark") - top).toBeLessThan(20_000 * 32);
    s.call("release", top);
  });

  it("prepends without copying, and flattens without recursion", () => {
    const top = s.call("mark");
    let cell = s.make("z".repeat(300));
    const x = s.make("ab");
    const open = s.make("(");
    const close = s.make(")");
    const before = s.call("mark");
    for (let i = 0; i < 50_000; i++) cell = s.call("concat", x, cell);
    for (let i = 0; i < 50_000; i++) cell = s.call("concat", s.call("concat", open, cell), close);
    expect(s.call("kindName", cell)).toBe(ROPE_KIND);
    expect(s.call("mark") - before).toBeLessThan(150_000 * 40);
    expect(s.read(cell)).toBe("(".repeat(50_000) + "ab".repeat(50_000) + "z".repeat(300) + ")".repeat(50_000));
    s.call("release", top);
  });

  it("doubles a string into a deep graph", () => {
    const top = s.call("mark");
    let cell = s.make("0123456789".repeat(30));
    for (let i = 0; i < 10; i++) cell = s.call("concat", cell, cell);
    expect(s.read(cell)).toBe("0123456789".repeat(30 * 1024));
    s.call("release", top);
  });

  it("knows the longest string", () => {
    expect(s.call("canConcat", 2 ** 26 - 33, 1)).toBe(1);
    expect(s.call("canConcat", 2 ** 26 - 32, 1)).toBe(0);
    expect(s.call("canConcat", 2 ** 26 - 32, 2 ** 26 - 32)).toBe(0);
  });
});

describe("UTF-8", () => {
  it("reads bytes as TextDecoder does and writes as TextEncoder does", () => {
    const random = new Random(5);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const leads = [
      0x20, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xbb, 0xf0, 0x90, 0x8f, 0xf4, 0xf5,
      0xff,
    ];
    for (let i = 0; i < 5000; i++) {
      const length = random.below(30);
      const bytes = s.bytes(s.buffer, length);
      for (let k = 0; k < length; k++)
        bytes[k] = random.below(3) === 0 ? random.below(256) : leads[random.below(leads.length)]!;
      const want = decoder.decode(bytes.slice());
      expect(s.read(s.call("newFromUtf8", s.buffer, length))).toBe(want);
    }
    for (let i = 0; i < 3000; i++) {
      const content = randomText(random, 100);
      const cell = anyForm(random, content);
      const want = new TextEncoder().encode(content);
      expect(s.call("utf8Length", cell)).toBe(want.length);
      expect(s.call("writeUtf8", cell, s.buffer)).toBe(want.length);
      expect(Buffer.compare(s.bytes(s.buffer, want.length), want)).toBe(0);
      const well = content as unknown as { isWellFormed(): boolean; toWellFormed(): string };
      expect(s.call("isWellFormed", cell)).toBe(Number(well.isWellFormed()));
      expect(s.read(s.call("toWellFormed", cell))).toBe(well.toWellFormed());
    }
  });
});

describe("search", () => {
  it("finds what the engine finds", () => {
    const random = new Random(6);
    for (let i = 0; i < 20_000; i++) {
      const content = randomText(random, 120);
      const at = random.below(content.length + 1);
      const part = random.below(2) === 0 ? content.slice(at, at + random.below(8)) : randomText(random, 6);
      const cell = anyForm(random, content);
      const pattern = anyForm(random, part);
      const from = random.below(content.length + 2);
      expect(s.call("lastIndexOf", cell, pattern, from)).toBe(content.lastIndexOf(part, from));
      const start = Math.min(from, content.length);
      expect(s.call("indexOf", cell, pattern, start)).toBe(content.indexOf(part, start));
      expect(s.call("standsAt", cell, pattern, from)).toBe(
        Number(from + part.length <= content.length && content.startsWith(part, from)),
      );
    }
  });

  it("stays linear where comparing at every place is not", () => {
    const half = 100_000;
    for (const wide of [false, true]) {
      const top = s.call("mark");
      const long = "a".repeat(2 * half);
      const patterns = [
        "a".repeat(half) + "b",
        "b" + "a".repeat(half),
        "a".repeat(half / 2) + "b" + "a".repeat(half / 2),
      ];
      const cells = [long, ...patterns, "a".repeat(half) + "b" + "a".repeat(half)].map((t) => big(t, wide));
      // Where they stand in the last text, from the front and from the back.
      const places = [
        [0, 0],
        [half, half],
        [half / 2, half / 2],
      ];
      const started = cpuMs();
      for (let i = 1; i <= 3; i++) {
        expect(s.call("indexOf", cells[0]!, cells[i]!, 0)).toBe(-1);
        expect(s.call("lastIndexOf", cells[0]!, cells[i]!, 2 * half)).toBe(-1);
      }
      for (let i = 1; i <= 3; i++) {
        expect(s.call("indexOf", cells[4]!, cells[i]!, 0)).toBe(places[i - 1]![0]);
        expect(s.call("lastIndexOf", cells[4]!, cells[i]!, 2 * half)).toBe(places[i - 1]![1]);
      }
      expect(cpuMs() - started).toBeLessThan(500);
      s.call("release", top);
    }
  });
});

/** A flat cell longer than the buffer. */
function big(content: string, wide: boolean): number {
  let cell = s.call("emptyString");
  for (let i = 0; i < content.length; i += 20_000)
    cell = s.call("concat", cell, s.make(content.slice(i, i + 20_000), wide));
  return cell;
}

describe("atoms", () => {
  it("gives one cell per content", () => {
    const random = new Random(7);
    const atoms = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      const content = randomText(random, 60);
      const cell = anyForm(random, content);
      const atom = s.call("intern", cell);
      expect(atoms.get(content) ?? atom).toBe(atom);
      atoms.set(content, atom);
      expect(s.read(atom)).toBe(content);
      expect(s.read(cell)).toBe(content);
      expect(s.call("intern", cell)).toBe(atom);
      expect(s.call("intern", atom)).toBe(atom);
    }
    expect(new Set(atoms.values()).size).toBe(atoms.size);
    expect(s.call("intern", s.make("A"))).toBe(s.call("singleChar", 65));
  });

  it("outlives dead entries without growing", () => {
    const capacity = s.call("atomTableCapacity");
    for (let i = 0; i < 20_000; i++) {
      const atom = s.call("intern", s.make(`dead ${i}`));
      if (i % 64 !== 0) s.call("killAtom", atom);
    }
    expect(s.call("atomTableCapacity")).toBeLessThanOrEqual(Math.max(capacity, 8192) * 2);
    expect(s.read(s.call("intern", s.make("dead 64")))).toBe("dead 64");
  });

  it("knows array indices", () => {
    const cases = [
      "0",
      "00",
      "01",
      "1",
      "10",
      "4294967294",
      "4294967295",
      "4294967296",
      "9999999999",
      "12345678901",
      "",
      "-1",
      "1.0",
      " 1",
      "1a",
      "\u0661",
    ];
    for (const content of cases) {
      const n = Number(content);
      const isIndex = String(n >>> 0) === content && n < 4294967295;
      for (const cell of [s.make(content), s.make(content, true), s.call("intern", s.make(content))]) {
        expect(s.call("arrayIndexOf", cell) >>> 0).toBe(isIndex ? n : 0xffffffff);
        const key = s.value("toPropertyKeyPrimitive", text(cell));
        expect(key).toBe(isIndex ? INT | BigInt(n) : text(s.call("intern", cell)));
      }
    }
  });

  it("makes property keys of numbers and the rest", () => {
    const named = (content: string): bigint => text(s.call("intern", s.make(content)));
    expect(s.value("toPropertyKeyPrimitive", int(7))).toBe(int(7));
    expect(s.value("toPropertyKeyPrimitive", int(-7))).toBe(named("-7"));
    expect(s.value("toPropertyKeyPrimitive", double(4294967294))).toBe(INT | 4294967294n);
    expect(s.value("toPropertyKeyPrimitive", double(4294967295))).toBe(named("4294967295"));
    expect(s.value("toPropertyKeyPrimitive", double(-0))).toBe(int(0));
    expect(s.value("toPropertyKeyPrimitive", double(1.5))).toBe(named("1.5"));
    expect(s.value("toPropertyKeyPrimitive", double(NaN))).toBe(named("NaN"));
    expect(s.value("toPropertyKeyPrimitive", UNDEFINED)).toBe(named("undefined"));
    expect(s.value("toPropertyKeyPrimitive", TRUE)).toBe(named("true"));
    const symbol = s.value("symbolValue", s.call("newSymbol", UNDEFINED, 0));
    expect(s.value("toPropertyKeyPrimitive", symbol)).toBe(symbol);
  });
});

describe("conversions", () => {
  const samples = (): [bigint, unknown][] => [
    [UNDEFINED, undefined],
    [NULL, null],
    [TRUE, true],
    [FALSE, false],
    [int(0), 0],
    [int(1), 1],
    [int(-5), -5],
    [double(0), 0],
    [double(-0), -0],
    [double(1), 1],
    [double(NaN), NaN],
    [double(1.5), 1.5],
    [double(Infinity), Infinity],
    [double(4294967296.5), 4294967296.5],
    ...["", "0", "1", " 1 ", "1.5", "abc", "true", "NaN", "0x10", "-5", "\u2003\ufeff7"].flatMap(
      (t): [bigint, unknown][] => [
        [text(s.make(t)), t],
        [text(s.make(t, true)), t],
      ],
    ),
  ];

  it("to boolean, number, int32, string and typeof", () => {
    for (const [v, x] of samples()) {
      expect(s.call("toBoolean", v)).toBe(Number(Boolean(x)));
      expect(s.call("toNumberPrimitive", v)).toBe(Number(x));
      expect(s.call("toInt32Value", v)).toBe(Number(x) | 0);
      expect(s.call("toUint32Value", v) >>> 0).toBe(Number(x) >>> 0);
      expect(s.read(s.call("toStringPrimitive", v))).toBe(String(x));
      expect(s.call("boxNumber", Number(x))).toBeDefined();
    }
    for (const d of [0, -0, NaN, 1.9, -1.9, -0.5, Infinity, -Infinity]) {
      const want = Number.isNaN(d) ? 0 : Math.trunc(d) + 0;
      expect(s.call("toIntegerOrInfinity", d)).toBe(want);
    }
    const random = new Random(8);
    for (let i = 0; i < 3000; i++) {
      const d = i < 1500 ? i - 100 : random.bits();
      expect(s.read(s.call("numberToString", d))).toBe(String(d));
    }
    expect(s.call("numberToString", 12)).toBe(s.call("numberToString", 12));
  });

  it("compares like the engine", () => {
    const all = samples();
    for (const [v, x] of all) {
      for (const [w, y] of all) {
        expect(s.call("strictEquals", v, w)).toBe(Number(x === y));
        expect(s.call("sameValue", v, w)).toBe(Number(Object.is(x, y)));
        expect(s.call("sameValueZero", v, w)).toBe(Number([x].includes(y)));
        // oxlint-disable-next-line eqeqeq
        expect(s.call("looseEqualsPrimitive", v, w)).toBe(Number((x as number) == (y as number)));
      }
    }
  });

  it("compares bigints with numbers exactly", () => {
    const random = new Random(9);
    const cell = (n: bigint): number => {
      const m = n < 0n ? -n : n;
      return s.call("newBigInt", n < 0n ? 1 : 0, Number(m & 0xffffffffn), Number(m >> 32n));
    };
    for (let i = 0; i < 5000; i++) {
      const bits = random.below(64) + 1;
      let n = BigInt.asUintN(bits, (BigInt(random.word()) << 32n) | BigInt(random.word()));
      if (random.below(3) === 0) n = (n >> 11n) << 11n;
      if (random.below(2) === 0) n = -n;
      const d = random.below(4) === 0 ? random.below(100) / 4 : Number(n);
      // oxlint-disable-next-line eqeqeq
      expect(s.call("bigIntEqualsNumber", cell(n), d)).toBe(Number((n as unknown as number) == d));
      expect(s.call("sameBigInt", cell(n), cell(n))).toBe(1);
      expect(s.call("sameBigInt", cell(n), cell(n + 1n))).toBe(0);
    }
    expect(s.call("bigIntEqualsNumber", cell(0n), -0)).toBe(1);
    expect(s.call("bigIntEqualsNumber", cell(0n), 5e-324)).toBe(0);
  });
});
