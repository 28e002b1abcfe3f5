// Only the host sets limits: what a snapshot says of itself is a stranger's word.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { LoadOptions } from "../../ts/api/snapshot.ts";
import { crc32 } from "../../ts/bytes/crc32.ts";
import {
  LimitError,
  MissingExternalError,
  type Program,
  type Snapshot,
  SnapshotError,
  type State,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { withRun, withWords, WORD } from "./forge.ts";

const SYNC = { externals: { ask: "sync" }, filename: "a.js" } as const;
const WIDE = { timeMs: Infinity, fuelSlice: 1e9, memoryBytes: 1e9, stackDepth: 1e6, stdoutBytes: 1e9 };

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

/** A program that is held at its first call. */
function snapshotOf(program: Program, limits = {}): Snapshot {
  return (program.start({ limits, seed: 1, now: 0 }) as SuspendedState).snapshot();
}

const bytesOf = (program: Program, limits = {}): Uint8Array => snapshotOf(program, limits).dump({ level: 0 });

/** Its bytes. */
function held(source: string, options: Parameters<Runtime["compile"]>[1] = SYNC, limits = {}): Uint8Array {
  return bytesOf(runtime.compile(source, options), limits);
}

const load = (bytes: Uint8Array, options?: LoadOptions): SuspendedState =>
  runtime.load(bytes, options).restore() as SuspendedState;

function reasonOf(work: () => unknown): string {
  const error = thrownBy(work);
  if (!(error instanceof SnapshotError)) throw error;
  return error.reason;
}

/** The limit that a state runs into. */
function limitOf(work: () => State): string {
  const error = thrownBy(work);
  if (!(error instanceof LimitError)) throw error;
  return `${error.limit} ${error.allowed}`;
}

describe("limits in a snapshot", () => {
  it("are at most those of the loading host, by default those of start", () => {
    const endless = held("ask(); for (;;);", SYNC, WIDE);
    expect(limitOf(() => load(endless, { limits: { timeMs: 50 } }).resume(1))).toMatch(/^timeMs/);
    const deep = held("ask(); let n = 0; function f() { n++; f() } try { f() } catch {} n", SYNC, WIDE);
    expect(load(deep, { limits: { stackDepth: 50 } }).resume(1)).toMatchObject({
      output: expect.toSatisfy((n: number) => n < 60),
    });
    const large = held("ask(); const a = []; for (;;) a.push('x'.repeat(1000) + a.length);", SYNC, WIDE);
    expect(limitOf(() => load(large, { limits: { memoryBytes: 2e6 } }).resume(1))).toBe("memoryBytes 2000000");
    expect(limitOf(() => load(large).resume(1))).toBe(`memoryBytes ${32 * 1024 * 1024}`);
    const loud = held("ask(); for (;;) console.log('x'.repeat(1000));", SYNC, WIDE);
    expect(limitOf(() => load(loud, { limits: { stdoutBytes: 5000 } }).resume(1))).toBe("stdoutBytes 5000");
    const calls = held("for (;;) ask();", SYNC, WIDE);
    expect(
      limitOf(
        () =>
          load(calls, { limits: { hostCalls: 2 } }).resume(1).status &&
          load(calls, { limits: { hostCalls: 1 } }).resume(1),
      ),
    ).toBe("hostCalls 1");
  });

  it("stay where they are narrower", () => {
    const bytes = held("ask(); for (;;);", SYNC, { fuel: 5000, onFuel: "fail" });
    expect(limitOf(() => load(bytes, { limits: { fuel: 1e9 } }).resume(1))).toBe("fuel 5000");
    expect(limitOf(() => load(bytes, { limits: { fuel: 1000 } }).resume(1))).toBe("fuel 1000");
    expect(load(bytes, { limits: { onFuel: "pause" } }).resume(1)).toMatchObject({ status: "paused", reason: "fuel" });
  });

  it("leave slices to the host: a signal and time are seen to", async () => {
    const bytes = held("await go(); for (;;);", { externals: ["go"], filename: "a.js" }, WIDE);
    const state = load(bytes, { limits: { timeMs: 60 } });
    await expect(state.run({ tools: { go: () => 1 } })).rejects.toMatchObject({ limit: "timeMs" });
    let slices = 0;
    const sliced = load(bytes, { limits: { fuelSlice: 1000, fuel: 10_000 } });
    const paused = await sliced.drive({ tools: { go: () => 1 }, onSlice: () => void slices++ });
    expect(paused).toMatchObject({ status: "paused", reason: "fuel" });
    expect(slices).toBeGreaterThan(5);
  });

  it("can be set where a state is run or driven", async () => {
    const bytes = held("await go(); for (;;);", { externals: ["go"], filename: "a.js" });
    const tools = { go: () => 1 };
    await expect(load(bytes).run({ tools, limits: { timeMs: 50 } })).rejects.toMatchObject({ limit: "timeMs" });
    await expect(load(bytes).drive({ tools, limits: { fuel: 5000 } })).resolves.toMatchObject({ reason: "fuel" });
    await expect(load(bytes).run({ tools, limits: { fuel: -1 } })).rejects.toBeInstanceOf(RangeError);
  });

  it("are refused when they are not limits", () => {
    const bytes = held("ask()");
    for (const l of [
      { fuel: "1e9" },
      { fuel: -5 },
      { fuel: 1.5 },
      { fuel: 1e300 },
      { constructor: 1 },
      { onFuel: 1 },
      5,
      null,
    ]) {
      expect(
        reasonOf(() => runtime.load(withRun(bytes, (run) => void (run["l"] = l)))),
        JSON.stringify(l),
      ).toBe("malformed");
    }
    expect(() => runtime.load(bytes, { limits: { fuel: -1 } })).toThrow(RangeError);
    expect(() => runtime.load(bytes, { limits: JSON.parse('{"toString": 1}') as object })).toThrow(TypeError);
  });
});

describe("the usage that a snapshot claims", () => {
  it("must be what a run can come to", () => {
    const bytes = held("ask()");
    const runs: Record<string, unknown[]> = {
      e: [1e18, -1, 0.5, "1", null, 1e308],
      f: [0.5, 1e17, "9", {}],
      t: [-2, 0.5, "1", 1e17],
      p: [4, -1, "length", 1.5, {}],
      a: [2, true, "1"],
    };
    for (const [name, values] of Object.entries(runs)) {
      for (const value of values)
        expect(
          reasonOf(() => runtime.load(withRun(bytes, (run) => void (run[name] = value)))),
          `${name} ${String(value)}`,
        ).toBe("malformed");
    }
    const words: Record<keyof typeof WORD, number[]> = {
      fuelUsedHigh: [0x0010_0001, 0x7fff_ffff, 0xffff_ffff],
      fuelUsedLow: [],
      hostCalls: [50, 0xffff_ffff],
      nextCallId: [0xffff_ffff],
      stdoutBytes: [],
    };
    for (const [name, values] of Object.entries(words)) {
      for (const value of values)
        expect(
          reasonOf(() => runtime.load(withWords(bytes, (all) => void (all[WORD[name as "hostCalls"]] = value)))),
          `${name} ${value}`,
        ).toBe("malformed");
    }
  });

  it("switches off neither time nor fuel", () => {
    const bytes = held("ask(); for (;;);");
    const old = withRun(bytes, (run) => void Object.assign(run, { e: 3e13, t: 9e15, f: 9e15 }));
    expect(limitOf(() => load(old, { limits: { timeMs: 50 } }).resume(1))).toMatch(/^timeMs/);
    expect(limitOf(() => load(old).resume(1, { limits: { timeMs: 50 } }))).toMatch(/^timeMs/);
    const most = withWords(bytes, (words) => void (words[WORD.fuelUsedHigh] = 0x000f_ffff));
    expect(load(most, { limits: { fuel: 5000 } }).resume(1)).toMatchObject({ status: "paused", reason: "fuel" });
    const forged = withRun(bytes, (run) => void (run["f"] = -1));
    expect(load(forged, { limits: { fuel: 5000 } }).resume(1)).toMatchObject({ status: "paused" });
  });
});

describe("code from strings", () => {
  const SOURCE = "ask(); let r; try { r = eval('6 * 7') } catch (e) { r = e.name } r";
  it("is compiled if the program was compiled to allow it, unless the host that loads it forbids that", () => {
    const program = runtime.compile(SOURCE, { ...SYNC, allowEval: true });
    const bytes = bytesOf(program);
    const outputOf = (options?: LoadOptions): unknown =>
      (load(bytes, options).resume(1) as { output?: unknown }).output;
    expect(outputOf()).toBe(42);
    expect(outputOf({ allowEval: true })).toBe(42);
    expect(outputOf({ allowEval: false })).toBe("EvalError");
    expect(outputOf({ program })).toBe(42);
    expect(outputOf({ program, allowEval: false })).toBe("EvalError");
  });

  it("is not granted by the snapshot alone", () => {
    const program = runtime.compile(SOURCE, SYNC);
    const bytes = withRun(bytesOf(program), (run) => void (run["a"] = 1));
    expect(load(bytes).resume(1)).toMatchObject({ output: "EvalError" });
    expect(load(bytes, { program }).resume(1)).toMatchObject({ output: "EvalError" });
  });

  it("stays forbidden where the run could not", () => {
    const bytes = held(SOURCE);
    expect(load(bytes, { allowEval: true }).resume(1)).toMatchObject({ output: "EvalError" });
  });
});

describe("host functions", () => {
  it("are those that the host allows", () => {
    const bytes = held("ask(); other", { externals: { ask: "sync", other: "async" }, filename: "a.js" });
    expect(thrownBy(() => runtime.load(bytes, { externals: ["ask"] }))).toMatchObject({ names: ["other"] });
    expect(thrownBy(() => runtime.load(bytes, { externals: {} }))).toBeInstanceOf(MissingExternalError);
    expect(thrownBy(() => runtime.load(bytes, { externals: { ask: "async", other: "async" } }))).toMatchObject({
      names: ["ask"],
    });
    expect(runtime.load(bytes, { externals: ["ask", "other", "more"] }).restore().status).toBe("suspended");
    expect(runtime.load(bytes, { externals: { ask: "sync", other: "async" } }).restore().status).toBe("suspended");
    expect(
      thrownBy(() =>
        runtime.load(held("toString(1)", { externals: { ["toString" as string]: "sync" }, filename: "a.js" }), {
          externals: {},
        }),
      ),
    ).toMatchObject({ names: ["toString"] });
  });

  it("are refused when no program in the snapshot declares them", () => {
    const bytes = held("ask(1)");
    const text = new TextEncoder();
    const forged = (from: string, to: string): Uint8Array => {
      // The name stands in the head of the program, where it is declared, and among the texts of the graph.
      const out = bytes.slice();
      const at = Buffer.from(out).lastIndexOf(Buffer.from(from));
      out.set(text.encode(to), at);
      return withWords(repaired(out), () => {});
    };
    expect(reasonOf(() => runtime.load(forged("ask", "del")))).toBe("malformed");
  });
});

/** The checksum made to fit. */
function repaired(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  new DataView(out.buffer).setUint32(4, crc32(out, 8), true);
  return out;
}

describe("programs", () => {
  const source = "const n = ask(); n + 1";
  it("are those that are given, embedded or by reference", () => {
    const program = runtime.compile(source, SYNC);
    const other = runtime.compile(`${source};`, SYNC);
    const snapshot = snapshotOf(program);
    for (const mode of ["embed", "reference"] as const) {
      const bytes = snapshot.dump({ program: mode });
      expect(load(bytes, { program }).resume(1)).toMatchObject({ output: 2 });
      expect(load(bytes, { program: [other, program] }).resume(1)).toMatchObject({ output: 2 });
      expect(reasonOf(() => runtime.load(bytes, { program: other }))).toBe("program-mismatch");
    }
  });

  it("can be required not to come from the snapshot", () => {
    const program = runtime.compile(source, SYNC);
    const snapshot = snapshotOf(program);
    const options = { program, requireProgram: true };
    expect(load(snapshot.dump({ program: "reference" }), options).resume(1)).toMatchObject({ output: 2 });
    expect(reasonOf(() => runtime.load(snapshot.dump(), options))).toBe("embedded-program");
    expect(() => runtime.load(snapshot.dump(), { requireProgram: true })).toThrow(TypeError);
  });

  it("may bring what they evaluated, but not begin with it", () => {
    const program = runtime.compile("const f = eval('() => 5'); ask(); f()", { ...SYNC, allowEval: true });
    const snapshot = snapshotOf(program);
    const bytes = snapshot.dump({ program: "reference" });
    expect(load(bytes, { program }).resume(1)).toMatchObject({ output: 5 });
    expect(reasonOf(() => runtime.load(bytes, { program, requireProgram: true }))).toBe("embedded-program");
    expect(reasonOf(() => runtime.load(bytes, { program, allowEval: false }))).toBe("embedded-program");
  });
});
