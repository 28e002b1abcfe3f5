// Owns attacks on hash tables: keys that collide because someone chose them, deleted entries that are still passed, and holes. Costs are
// compared with those of ordinary keys in the same process.

import { beforeAll, describe, expect, it, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState } from "../../ts/index.ts";
import { compileStrings } from "../core/compile-strings.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime({ poolSize: 1 });
});

interface Cost {
  readonly fuel: number;
  readonly ms: number;
  readonly output: unknown;
}

/** What a program costs; the least time of three runs. */
function costOf(source: string): Cost {
  const program = runtime.compile(source, { filename: "tables.js" });
  let best: Cost | undefined;
  for (let round = 0; round < 3; round++) {
    const began = process.cpuUsage();
    const state = program.start({ limits: { timeMs: 60_000, memoryBytes: 64 << 20 } }) as CompleteState;
    const { user } = process.cpuUsage(began);
    if (best === undefined || user / 1000 < best.ms)
      best = { fuel: state.usage.fuel, ms: user / 1000, output: state.output };
  }
  return best!;
}

/** Texts of eight characters whose hashes have low bits below `end`, of thirteen. */
async function alike(count: number, end: number): Promise<string[]> {
  const strings = await compileStrings("strings-entry.ts");
  const cell = strings.make("a0000000");
  const list: string[] = [];
  const memory = new DataView(strings.x.memory.buffer);
  for (let i = 0; list.length < count; i++) {
    const text = `a${i.toString(36).padStart(7, "0")}`;
    for (let k = 0; k < 8; k++) memory.setUint8(cell + STRING_SIZE + k, text.charCodeAt(k));
    // Forgets the hash of the text before.
    memory.setUint32(cell, 0, true);
    if ((strings.call("hashOf", cell) & 8191) < end) list.push(text);
  }
  return list;
}
const STRING_SIZE = 16;

test("names that would be neighbours in a table without a secret are not", async () => {
  const texts = await alike(800, 16);
  const program = (list: readonly string[]): string =>
    `const list = ${JSON.stringify(list)}; let n = 0; for (let r = 0; r < 30; r++) { const o = {}; for (const k of list) o[k] = 1; n += Object.keys(o).length; } n`;
  const ordinary = costOf(program(texts.map((_, i) => `a${(i * 7919).toString(36).padStart(7, "0")}`)));
  const colliding = costOf(program(texts));
  expect(colliding.output).toBe(ordinary.output);
  expect(colliding.fuel).toBe(ordinary.fuel);
  expect(colliding.ms).toBeLessThan(3 * ordinary.ms + 10);
}, 60_000);

describe("what was deleted", () => {
  test.each([
    ["a Set", "s.add(-1); s.delete(-1);"],
    ["a Map", "m.set(-1, 1); m.delete(-1);"],
    ["a Map with texts", 'm.set("x", 1); m.delete("x");'],
    ["a Map with objects", "m.set(o, 1); m.delete(o);"],
  ])("is no longer passed by searches: %s", (_, change) => {
    const run = (size: number): number =>
      costOf(
        `const s = new Set(), m = new Map(), o = {}; for (let i = 0; i < ${size}; i++) { s.add(i); m.set(i, i); } for (let i = 0; i < 30000; i++) { ${change} } 1`,
      ).ms;
    const small = run(100);
    expect(run(33_000)).toBeLessThan(6 * small + 40);
  });

  it("is paid for by those that pass it", () => {
    // Two entries, and between them the places of very many that were deleted.
    const { fuel } = costOf(
      "const s = new Set(); for (let i = 0; i < 20000; i++) s.add(i); for (let i = 1; i < 19999; i++) s.delete(i); for (let i = 0; i < 100; i++) for (const x of s); s.size",
    );
    expect(fuel).toBeGreaterThan(100 * (20_000 / 16));
  });
});

it("objects whose hashes would collide if counting began at nothing do not", () => {
  const mix = (n: number): number => {
    let h = Math.imul(n ^ (n >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    return (h ^ (h >>> 16)) >>> 0;
  };
  // The guest makes many objects that get a hash one after the other, and keeps those of one bucket.
  const kept = new Set<number>();
  for (let i = 1; i <= 600_000; i++) if ((mix(i) & 511) === 7) kept.add(i);
  const indices = [...kept];
  const program = (list: readonly number[]): string => `
    const wanted = new Set(${JSON.stringify(list)}), all = new WeakSet(), keys = [];
    for (let i = 1; i <= 600000; i++) { const o = {}; all.add(o); if (wanted.has(i)) keys.push(o); }
    const m = new Map(keys.map((k) => [k, 1])); let n = 0;
    for (let r = 0; r < 100; r++) for (const k of keys) n += m.get(k);
    n`;
  const colliding = costOf(program(indices));
  const ordinary = costOf(program(indices.map((_, i) => 1 + i * 511)));
  expect(colliding.output).toBe(ordinary.output);
  expect(colliding.ms).toBeLessThan(2 * ordinary.ms + 50);
});
