// Loading takes time and memory in proportion to the bytes and to the memory that is granted, whatever a stranger made them like. That it does for
// very many of each kind of cell is tested in tests/snapshot/load-linear.test.ts.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { ByteReader } from "../../ts/bytes/reader.ts";
import { ByteWriter } from "../../ts/bytes/writer.ts";
import { COUNTS, SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { SnapshotError, type SuspendedState } from "../../ts/index.ts";
import { discard, dumped, testRuntime } from "../snapshot/support.ts";
import { withSections } from "./forge.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

function bytesOf(source: string, memoryBytes = 3e8): Uint8Array {
  const program = runtime.compile(source, { externals: { ask: "sync" }, filename: "a.js" });
  const state = program.start({ limits: { timeMs: 60_000, memoryBytes }, seed: 1, now: 0 }) as SuspendedState;
  return state.snapshot().dump({ level: 0 });
}

/** What loading came to, and the milliseconds it took. */
function loaded(bytes: Uint8Array, limits = {}): { readonly error: unknown; readonly ms: number } {
  const began = cpuMs();
  let error: unknown;
  try {
    discard(runtime.load(bytes, { limits: { memoryBytes: 3e8, ...limits }, snapshotBytes: 2 ** 30 }).restore());
  } catch (caught) {
    error = caught;
  }
  return { error, ms: cpuMs() - began };
}

function numbers(...list: readonly number[]): Uint8Array {
  const out = new ByteWriter();
  for (const n of list) out.v(n);
  return out.done();
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  for (const part of parts) out.raw(part);
  return out.done();
}

function repeated(part: Uint8Array, times: number): Uint8Array {
  const out = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) out.set(part, i * part.length);
  return out;
}

/** The bytes with `count` more programs, all of them empty. */
function withPrograms(bytes: Uint8Array, count: number): Uint8Array {
  let one = new Uint8Array();
  let image = new Uint8Array();
  withSections(dumped(runtime.compile("", { filename: "b.js" }).start({ limits: { fuel: 0 } })), (sections) => {
    one = sections.get(SECTIONS.programs)!.slice(1) as Uint8Array<ArrayBuffer>;
    image = sections.get(SECTIONS.images)!.slice() as Uint8Array<ArrayBuffer>;
  });
  return withSections(bytes, (sections) => {
    const reader = new ByteReader(sections.get(SECTIONS.programs)!);
    const total = reader.v() + count;
    sections.set(SECTIONS.programs, joined(numbers(total), reader.take(reader.left), repeated(one, count)));
    sections.set(SECTIONS.images, joined(sections.get(SECTIONS.images)!, repeated(image, count)));
  });
}

describe("loading", () => {
  it("finds the strings of many programs by their number", () => {
    const texts = 200_000;
    const bytes = bytesOf(`const a = Array(${texts}).fill(Object.getOwnPropertyNames(Math)[5]); ask(); a.length`);
    const many = withSections(withPrograms(bytes, 30_000), (sections) => {
      const graph = sections.get(SECTIONS.graph)!;
      const at = graph.indexOf(22);
      // Every element is known text 60, which is a well-known atom behind the strings of all programs.
      const known = repeated(Uint8Array.of(14, 60), texts - 1);
      sections.set(SECTIONS.graph, joined(graph.subarray(0, at), known, graph.subarray(at + texts - 1)));
    });
    const { error, ms } = loaded(many);
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(4000);
  });

  it("joins each rope once, whatever their order", () => {
    const left =
      "const a = []; let s = 'x'.repeat(100); for (let i = 0; i < 12000; i++) { s = 'y'.repeat(70) + s; a.push(s) } ask(); a.length";
    expect(loaded(bytesOf(left)).ms).toBeLessThan(1000);
    const right =
      "const a = []; let s = 'x'.repeat(300); for (let i = 0; i < 12000; i++) { s += 'y'.repeat(70); a.unshift(s) } ask(); a.length";
    expect(loaded(bytesOf(right)).ms).toBeLessThan(1000);
    const shared =
      "const a = []; let s = 'x'.repeat(300); for (let i = 0; i < 14; i++) { s = s + s; a.push(s + 'y'.repeat(300)) } ask(); a.length";
    expect(loaded(bytesOf(shared, 1e9), { memoryBytes: 1e9 }).ms).toBeLessThan(1000);
  });

  it("believes no count that the bytes and the memory granted do not bear out", () => {
    const zeros = new Uint8Array(20_000_000);
    for (const name of ["cells", "texts", "shapes", "pending", "frames", "keys"] as const) {
      const bytes = withSections(bytesOf("ask()"), (sections) => {
        sections.set(SECTIONS.graph, zeros);
        sections.set(SECTIONS.counts, numbers(...COUNTS.map((count) => (count === name ? zeros.length : 0))));
      });
      const before = process.memoryUsage().rss;
      const { error, ms } = loaded(bytes, { memoryBytes: 32 * 1024 * 1024 });
      expect(error, name).toBeInstanceOf(SnapshotError);
      expect(ms, name).toBeLessThan(2000);
      expect(process.memoryUsage().rss - before, name).toBeLessThan(5e8);
    }
  });

  it("distinguishes keys of maps without walking chains of them", () => {
    // Numbers whose hashes end in the same bits: each is found at the end of one long chain.
    const collide = `const a = []; for (let h = 1; a.length < 8000; h++) { let m = (h * 0x20000) | 0; m ^= (m >>> 15) ^ (m >>> 30); a.push(Math.imul(m, 0xe8b2f51)) }`;
    const source = (keys: string): string =>
      `${keys}; const maps = Array.from({ length: 3 }, () => new Map(a.map((k, i) => [k, i]))); ask(); maps.length`;
    const even = loaded(bytesOf(source("const a = Array.from({ length: 8000 }, (_, i) => i * 7919)"))).ms;
    const { error, ms } = loaded(bytesOf(source(collide)));
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(4 * even + 100);
  });

  it("reads a pattern once, however many have it, and only so much of views of one text", () => {
    const one =
      "const s = '(a|b)'.repeat(20000), a = []; for (let i = 0; i < 2000; i++) a.push(new RegExp(s)); ask(); a.length";
    expect(loaded(bytesOf(one)).ms).toBeLessThan(1000);
  });

  it("hashes views of one text only as far as memory is granted", () => {
    const views =
      "let s = ''; for (let i = 0; i < 20000; i++) s += i + ' '; const a = new Set(); for (let i = 0; i < 3000; i++) a.add(s.slice(i, 70000 + i)); ask(); a.size";
    const bytes = bytesOf(views);
    expect(loaded(bytes).error).toBeUndefined();
    const { error, ms } = loaded(bytes, { memoryBytes: 1e6 });
    expect(error).toMatchObject({ reason: "too-large" });
    expect(ms).toBeLessThan(1000);
  });

  it("takes no two symbols with one number", () => {
    const bytes = bytesOf("const a = [Symbol('first'), Symbol('second')]; ask(); a.length");
    const flags = new Map<number, number>();
    const forged = withSections(bytes, (sections) => {
      // SYMBOL: flags, number, description. The second number follows that of the first.
      const graph = sections.get(SECTIONS.graph)!.slice();
      const first = graph.findIndex((byte, i) => byte === 36 && graph[i + 1] === 0 && graph.includes(36, i + 1));
      const second = graph.indexOf(36, first + 1);
      flags.set(first, second);
      graph[second + 2] = graph[first + 2]!;
      sections.set(SECTIONS.graph, graph);
    });
    expect(flags.size).toBe(1);
    expect(loaded(bytes).error).toBeUndefined();
    expect(loaded(forged).error).toBeInstanceOf(SnapshotError);
  });

  it("looks at no more sections than there can be", () => {
    const many = withSections(bytesOf("ask()"), (sections) => {
      for (let tag = 100; tag < 5000; tag++) sections.set(tag, new Uint8Array(1));
    });
    const { error, ms } = loaded(many);
    expect(error).toBeInstanceOf(SnapshotError);
    expect(ms).toBeLessThan(200);
  });
});

describe("a program that was started without fuel", () => {
  it("can be written and loaded before it has run anything", () => {
    const state = runtime.compile("let a = 1; a + 1", { filename: "a.js" }).start({ limits: { fuel: 0 } });
    const done = runtime.load(dumped(state)).resume(undefined, { fuel: 1000 });
    expect(done.status === "complete" && done.output).toBe(2);
  });
});

describe("writing", () => {
  it("goes through a weak map once, however its entries hang together", () => {
    const chain =
      "const m = new WeakMap(), first = {}; let last = first; for (let i = 0; i < 30000; i++) { const k = {}; m.set(last, k); last = k } ask(); m.has(first)";
    const program = runtime.compile(chain, { externals: { ask: "sync" }, filename: "a.js" });
    const state = program.start({ limits: { timeMs: 60_000 }, seed: 1, now: 0 }) as SuspendedState;
    const began = cpuMs();
    const bytes = state.snapshot().dump({ level: 0 });
    expect(cpuMs() - began).toBeLessThan(1000);
    const { output } = runtime.load(bytes).resume(undefined) as { readonly output?: unknown };
    expect(output).toBe(true);
  });

  it("looks for the strings of a program in its source only so often", () => {
    const source = `const a = [${Array.from({ length: 6000 }, (_, i) => `"\\x74ext ${i}"`).join()}]; ask(); a.length; // ${"x".repeat(300_000)}`;
    const program = runtime.compile(source, { externals: { ask: "sync" }, filename: "a.js" });
    const state = program.start({ seed: 1, now: 0 }) as SuspendedState;
    const began = cpuMs();
    const bytes = state.snapshot().dump({ level: 0 });
    expect(cpuMs() - began).toBeLessThan(1500);
    expect(loaded(bytes).error).toBeUndefined();
  });
});
