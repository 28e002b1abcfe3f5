// Owns the attacks on natives that work longer than they were paid for of a first attack on the machine: colliding keys,
// memory that is asked for again and again, scans of sparse and empty values, texts. Costs are compared with those of ordinary work in the
// same process.

import { beforeAll, describe, expect, it, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { LimitError } from "../../ts/errors.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime({ poolSize: 1 });
});

interface Cost {
  readonly fuel: number;
  readonly ms: number;
  readonly outcome: unknown;
}

/** What a program costs; the least time of three runs. */
function costOf(source: string, limits: { readonly fuel?: number; readonly memoryBytes?: number } = {}): Cost {
  const program = runtime.compile(source, { filename: "attack.js" });
  let best: Cost | undefined;
  for (let round = 0; round < 3; round++) {
    const began = process.cpuUsage();
    let outcome: unknown;
    let fuel = 0;
    try {
      const state = program.start({ limits: { fuel: 20e6, timeMs: 60_000, memoryBytes: 64 << 20, ...limits } });
      fuel = state.usage.fuel;
      outcome = state.status === "complete" ? state.output : state.status;
      if (state.status !== "complete") state.dispose();
    } catch (error) {
      outcome = error;
      fuel = (error as LimitError).run?.usage.fuel ?? 0;
    }
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    if (best === undefined || ms < best.ms) best = { fuel, ms, outcome };
  }
  return best!;
}

let unit = 0;
/** Milliseconds of a unit of fuel of ordinary code. */
function ordinary(): number {
  if (unit === 0) {
    const { fuel, ms } = costOf("const f = (x) => x + 1; let a = 0; for (;;) a = f(a) | 0;", { fuel: 2e6 });
    unit = ms / fuel;
  }
  return unit;
}

/** Time of making the machine and linking the program, which no fuel is for. */
const STARTING_MS = 25;

/** Was at least a tenth of the time paid for? */
const isPaid = ({ fuel, ms }: Cost): boolean => ms < STARTING_MS + 10 * ordinary() * fuel;

// --- keys that collided in the hash that tables had before

const M = (1n << 64n) - 1n;

function collidingDoubles(count: number): string {
  const C = 0xd6e8feb86659fd93n;
  let inverse = 1n;
  for (let i = 0; i < 7; i++) inverse = (inverse * (2n - C * inverse)) & M;
  const view = new DataView(new ArrayBuffer(8));
  const list: number[] = [];
  let x = ((0x1234n << 32n) * inverse) & M;
  while (list.length < count) {
    x = (x + inverse) & M;
    const bits = x ^ (x >> 32n);
    if ((bits & 0x7ff0000000000000n) === 0x7ff0000000000000n) continue;
    view.setBigUint64(0, bits);
    list.push(view.getFloat64(0));
  }
  return `[${list.join(", ")}]`;
}

/** Texts of 16 characters whose second half undid what the first had done. */
function collidingTexts(count: number): string {
  const step = 0x9e3779b97f4a7c15n;
  const start = (0x8f5c29c36f1d7a43n + 16n * step) & M;
  const list: string[] = [];
  for (let i = 0n; list.length < count; i++) {
    const first = 0x6161616161616161n + i;
    let h = ((start ^ first) * step) & M;
    h ^= h >> 32n;
    const second = h ^ 0x1234567812345678n;
    const text = [first, second].flatMap((w) =>
      Array.from({ length: 8 }, (_, k) => Number((w >> BigInt(8 * k)) & 255n)),
    );
    list.push(JSON.stringify(String.fromCharCode(...text)));
  }
  return `[${list.join(", ")}]`;
}

describe("keys that collide", () => {
  const N = 16_000;
  const doubles = collidingDoubles(N);
  const texts = collidingTexts(N);
  test.each([
    ["doubles in a Set", `new Set(${doubles}).size`],
    ["doubles in a Map", `const m = new Map(); for (const d of ${doubles}) m.set(d, 1); m.size`],
    ["texts in a Set", `new Set(${texts}).size`],
    ["texts in a Map", `const m = new Map(); for (const t of ${texts}) m.set(t, 1); m.size`],
    ["texts as names", `const o = {}; for (const t of ${texts}) o[t] = 1; Object.keys(o).length`],
    [
      "indices of an array",
      `const inverse = 0x144cbc89, a = []; for (let i = 1; i <= ${N}; i++) a[Math.imul(i << 17, inverse) >>> 1] = 1; Object.keys(a).length`,
    ],
  ])("are paid for: %s", (_, source) => {
    const cost = costOf(source);
    expect(isPaid(cost)).toBe(true);
    expect(cost.outcome).toBeGreaterThan(N / 2);
  });
});

describe("memory that a native asks for more than once", () => {
  test.each([
    ["concat", "s.concat(s, s)"],
    ["concat of many", "s.concat(...Array(9).fill(s))"],
    ["join", 'Array(9).fill(s).join("")'],
    ["replaceAll", 's.replaceAll("x", "yy")'],
    [
      "splice",
      "Array(4e5).fill(0).splice(0, 0, ...Array(50000).fill(1)).concat(Array(4e6).fill(0), Array(4e6).fill(0))",
    ],
    ["JSON", "JSON.parse(JSON.stringify([s, s, s, s]))"],
    ["padEnd", "s.padEnd(40e6, s)"],
    ["normalize", '"\\u4e2d".repeat(3e6).normalize("NFD")'],
  ])("ends the run, or is there: %s", (_, expression) => {
    const { outcome, ms } = costOf(`const s = "x".repeat(5.5e6); (${expression}).length`, {
      memoryBytes: 32 << 20,
      fuel: 1e9,
    });
    if (typeof outcome !== "number") expect(outcome).toBeInstanceOf(LimitError);
    expect(ms).toBeLessThan(5000);
  });

  it("ends the run when an instruction fails again, however often the rest of it succeeds", () => {
    const { outcome } = costOf('const s = "x".repeat(5.5e6); s.concat(s, s).length', { memoryBytes: 32 << 20 });
    expect(outcome).toMatchObject({ limit: "memoryBytes" });
  });
});

describe("sparse and empty values", () => {
  test.each([
    [
      "the length of a sparse array",
      "const a = []; for (let i = 0; i < 3e4; i++) a[i * 2 + 1e6] = 1; for (let i = 0; i < 3e4; i++) a.length -= 1;",
    ],
    [
      "elements that were deleted",
      "const a = []; for (let i = 0; i < 3e4; i++) a[i * 2000 + 5000] = 1; for (let i = 1; i < 3e4; i++) delete a[i * 2000 + 5000]; for (let i = 0; i < 2000; i++) Object.keys(a);",
    ],
    [
      "names that come and go",
      'const o = {}; for (let i = 0; i < 1000; i++) o["k" + i] = 1; for (let i = 0; i < 1e5; i++) { o.a = 1; delete o.a; }',
    ],
    ["holes", "const a = []; for (let i = 0; i < 1e5; i++) { a[1000] = 1; a.length = 0; }"],
    [
      "prototypes",
      "let o = {}; for (let i = 0; i < 1e4; i++) o = Object.create(o); for (let i = 0; i < 1000; i++) o.x;",
    ],
  ])("is paid for: %s", (_, source) => {
    expect(isPaid(costOf(source))).toBe(true);
  });
});

describe("long texts", () => {
  test.each([
    ["Number", 'const s = "1".repeat(1e6); for (let i = 0; i < 20; i++) Number(s)', 1e6],
    ["parseFloat", 'const s = "1".repeat(1e6); for (let i = 0; i < 20; i++) parseFloat(s)', 1e6],
    ["replaceAll", 'const s = "a".repeat(1e6); for (let i = 0; i < 5; i++) s.replaceAll("a", "bb")', 5e6],
    ["split", 'const s = "a".repeat(1e5); for (let i = 0; i < 5; i++) s.split("a")', 5e5],
    [
      "nearly found",
      'const s = "a".repeat(1e6), p = "a".repeat(1e5) + "b"; for (let i = 0; i < 20; i++) s.indexOf(p)',
      1e6,
    ],
    ["trim", 'const s = " ".repeat(1e6); for (let i = 0; i < 20; i++) s.trim()', 1e6],
    ["normalize", '"\\u4e2d".repeat(3e5).normalize("NFC").length', 3e5],
    ["normalize of what is composed", '"\\u1e69".repeat(1e5).normalize("NFKC").length', 1e5],
  ])("are paid for: %s", (_, source, fuel) => {
    const cost = costOf(source);
    expect(cost.fuel).toBeGreaterThan(fuel);
    expect(isPaid(cost)).toBe(true);
  });
});

it("a chain of ephemerons is followed in one pass", () => {
  const chain = (length: number): number =>
    costOf(
      `const w = new WeakMap(), l = []; for (let i = 0; i < ${length}; i++) l.push({}); for (let i = l.length - 1; i > 0; i--) w.set(l[i - 1], l[i]);
       const first = l[0]; l.length = 0; for (let i = 0; i < 3000; i++) new Array(1000).fill({});`,
    ).ms;
  const short = chain(10_000);
  expect(chain(80_000)).toBeLessThan(20 * short);
});

it("entries of weak maps live as long as their keys, in whatever order they were made", () => {
  const { outcome } = costOf(`
    const maps = [new WeakMap(), new WeakMap(), new WeakMap()];
    let first = {}, last = first;
    for (let i = 0; i < 5000; i++) { const next = { i }; maps[i % 3].set(last, next); if (i % 7 === 0) maps[(i + 1) % 3].set(last, { other: next }); last = next; }
    last = null;
    for (let i = 0; i < 3000; i++) new Array(1000).fill({});
    let n = 0, at = first;
    for (;;) { const next = maps[n % 3].get(at); if (next === undefined) break; if (n % 7 === 0 && maps[(n + 1) % 3].get(at).other !== next) throw n; n++; at = next; }
    n`);
  expect(outcome).toBe(5000);
});

it("a full heap is not collected for each small thing", () => {
  const { fuel, ms } = costOf("const keep = []; try { for (;;) keep.push([1, 2, 3, 4]); } catch {} ", {
    memoryBytes: 16 << 20,
  });
  expect(ms).toBeLessThan(50 + 20 * ordinary() * fuel);
});

it("`new` of a long chain of bound functions does not recurse", () => {
  const { outcome } = costOf(
    "let f = function () {}; for (let i = 0; i < 2e5; i++) f = f.bind(null, 1); try { new f; 0 } catch (e) { e instanceof RangeError ? 1 : 2 }",
  );
  expect(outcome).toBe(1);
});

it("many named groups are linear", () => {
  const { outcome, ...cost } = costOf(
    'let p = ""; for (let i = 0; i < 20000; i++) p += "(?<n" + i + ">)"; new RegExp(p).source.length',
  );
  expect(outcome).toBeGreaterThan(20000);
  expect(isPaid({ ...cost, outcome })).toBe(true);
});
