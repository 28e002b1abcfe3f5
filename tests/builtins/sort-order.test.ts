// Which elements sorting compares, as which argument and how often: the host engine is V8, whose programs can see it, so both must agree.
import { describe, expect, it } from "vitest";
import { runInNewContext } from "node:vm";
import type { CompleteState } from "../../ts/index.ts";
import { NOT_HELD } from "../support/not-held.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
/** Random programs go by a name under which they are not all held anywhere as well (support/held-anywhere.ts). */
const output = (source: string, filename = "sort.js"): unknown =>
  (runtime.compile(source, { filename }).start() as CompleteState).output;

/** Elements { k, i }, whose order by k is of some kind, and comparators of k, most of which contradict themselves. */
const program = (seed: number, n: number, order: number, comparator: number, form: number): string => `
let s = ${seed}, n = ${n}, calls = 0, hash = 0;
const random = (k) => { s = (s * 1103515245 + 12345) % 2147483648; return Math.floor((s / 2147483648) * k); };
const key = [
  (i) => random(n), (i) => i, (i) => n - i, (i) => random(3), (i) => i % 37, (i) => (i < n / 2 ? i : n - i),
  (i) => (random(20) === 0 ? random(n) : i), (i) => (i >> 4) * (i & 1 ? 1 : -1), (i) => (i * 7919) % n,
][${order}];
const list = Array.from({ length: n }, (_, i) => ({ k: key(i), i }));
const note = (x, y) => { calls++; hash = (hash * 31 + x * 7 + y) % 1000000007; };
const compare = [
  (x, y) => x - y, (x, y) => (x < y ? -1 : 1), (x, y) => (x <= y ? -1 : 1), (x, y) => x > y, (x, y) => (x > y ? 1 : -1),
  (x, y) => ((x * 31 + y * 17) % 7) - 3, () => random(3) - 1, () => NaN, () => 1, () => -1, () => undefined,
  (x, y) => ({ valueOf: () => y - x }), (x, y) => { if (calls > n * 2) throw calls; return x - y; }, (x, y) => (x % 3) - (y % 3),
  (x, y) => String(x - y), (x, y) => (random(10) ? x - y : y - x),
][${comparator}];
let out;
try {
  out = [
    () => list.sort((x, y) => (note(x.i, y.i), compare(x.k, y.k))).map((x) => x.i),
    () => list.slice().sort((x, y) => { note(x.i, y.i); if (calls === 5) { list.length = 3; list[1] = null; } return compare(x.k, y.k); }).map((x) => x.i),
    () => Array.from(new Float64Array(list.map((x) => x.k)).sort((x, y) => (note(x, y), compare(x, y)))),
    () => { const b = list.map((x) => x.k); for (let i = 3; i < n; i += 11) delete b[i]; for (let i = 2; i < n; i += 13) b[i] = undefined;
            b.sort((x, y) => (note(x, y), compare(x, y))); return [b.length, Object.keys(b).length, b.join()]; },
    () => list.map((x) => ({ toString() { note(x.i, 0); return String(x.k); }, i: x.i })).sort().map((x) => x.i),
  ][${form}]();
} catch (e) { out = "threw " + e; }
JSON.stringify([calls, hash, out])`;

let seed = 20_26;
const random = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
};

describe("sorting compares as V8 does", () => {
  it.each(Array.from({ length: 150 }, (_, i) => i))("random list %i", (i) => {
    const n = i % 10 === 0 ? random(2001) : i % 3 === 0 ? random(300) : random(70);
    const source = program(random(1e6), n, random(9), random(16), random(5));
    expect(output(source, NOT_HELD)).toBe(runInNewContext(source));
  });

  it("toSorted of arrays and of typed arrays", () => {
    const source = (make: string, method: string): string => `const seen = [];
      const list = ${make}.${method}((x, y) => { seen.push(x + ":" + y); return x % 5 <= y % 5 ? -1 : 1; }); [Array.from(list).join(), seen.join(" ")].join("|")`;
    const numbers = `Array.from({ length: 90 }, (_, i) => (i * 37) % 101)`;
    for (const make of [numbers, `new Int16Array(${numbers})`, `new Uint8Array(${numbers})`])
      expect(output(source(make, "toSorted"))).toBe(runInNewContext(source(make, "toSorted")));
  });

  it("is held between any two comparisons", () => {
    const source = `const seen = []; const list = [5, 2, 9, 1, 5, 6, 3, 8, 7, 4, 0, 2, 5, 9, 1].sort((x, y) => { seen.push(x * 10 + y); return x < y ? -1 : 1; });
      [list.join(), seen.join()].join("|")`;
    expect(output(source)).toBe(runInNewContext(source));
  });
});
