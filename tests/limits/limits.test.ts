// Every limit ends what it should, says so truthfully, cannot be caught by the guest, and leaves a runtime that works. How long the
// host is kept between two safepoints is bounded, too.

import { describe, expect, it } from "vitest";
import { CompileError, GuestError, LimitError, type CompleteState, type Limits } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { DEEP, ENDLESS, HOARDING, WELL, type GreedyProgram } from "./programs.ts";
import { cpuMs } from "../support/cpu-time.ts";

const runtime = await testRuntime();

/** Machines of continuous integration are slow and shared; what has no bound takes minutes. */
const LONGEST_MS = 3000;

interface Run {
  readonly state?: CompleteState;
  readonly error?: unknown;
  /** Longest time between two looks at the clock. */
  readonly longestMs: number;
}

function run({ source, limits }: GreedyProgram, more: Limits = {}): Run {
  const program = runtime.compile(source, { filename: "greedy.js", externals: { later: "async" } });
  let longestMs = 0;
  let since = cpuMs();
  const look = (): void => {
    const now = cpuMs();
    longestMs = Math.max(longestMs, now - since);
    since = now;
  };
  try {
    const state = program.start({ seed: 1, now: 0, limits: { timeMs: 60_000, ...more, ...limits }, onSlice: look });
    look();
    return { state: state as CompleteState, longestMs };
  } catch (error) {
    look();
    return { error, longestMs };
  }
}

/** The runtime, and the machine that goes back to the pool, work as if nothing had been. */
function expectUsable(): void {
  const state = runtime.compile("[1, 2, 3].map((x) => x * 2).join()", { filename: "after.js" }).start({ now: 0 });
  expect((state as CompleteState).output).toBe("2,4,6");
}

describe("endless programs end with their fuel", () => {
  it.each(ENDLESS)("$name", (program) => {
    const { error, longestMs } = run(program, { fuel: 3_000_000, onFuel: "fail" });
    expect(error).toBeInstanceOf(LimitError);
    const { limit, allowed, used, run: done } = error as LimitError;
    expect({ limit, allowed }).toEqual({ limit: "fuel", allowed: 3_000_000 });
    expect(used).toBeGreaterThanOrEqual(allowed);
    expect(used).toBe(done?.usage.fuel);
    expect(longestMs).toBeLessThan(LONGEST_MS);
    expectUsable();
  });
});

describe("hoarding programs end at the memory limit", () => {
  it.each(HOARDING)("$name", (program) => {
    const { error, longestMs } = run(program, { fuel: 100_000_000, memoryBytes: 16 << 20 });
    expect(error).toBeInstanceOf(LimitError);
    const { limit, allowed, used, run: done } = error as LimitError;
    expect(limit).toBe("memoryBytes");
    expect(used).toBeGreaterThan(allowed);
    // Small things may go a little beyond the limit before the next safepoint looks.
    expect(done!.usage.peakMemoryBytes).toBeLessThan(allowed * 1.6 + (1 << 20));
    expect(longestMs).toBeLessThan(LONGEST_MS);
    expectUsable();
  });
});

describe("programs that call too deep get a RangeError", () => {
  it.each(DEEP)("$name", (program) => {
    const { error, longestMs } = run(program, { fuel: 100_000_000 });
    expect(error).toBeInstanceOf(GuestError);
    expect((error as GuestError).guestName).toBe("RangeError");
    expect((error as GuestError).guestMessage).toBe("Maximum call stack size exceeded");
    expect(longestMs).toBeLessThan(LONGEST_MS);
    const caught = run({ ...program, source: `let r; try { ${program.source} } catch (e) { r = e.name; } r` });
    expect(caught.error ?? caught.state!.output).toBe("RangeError");
    expectUsable();
  });

  it("by stackDepth", () => {
    const source = "let n = 0; function f() { n++; f(); } try { f(); } catch {} n";
    expect(run({ name: "", source }, { stackDepth: 100 }).state?.output).toBe(99);
  });
});

describe("deep and large programs end well", () => {
  it.each(WELL)("$name", (program) => {
    const { state, error, longestMs } = run(program);
    expect(error).toBeUndefined();
    expect(state!.output).toEqual(program.output);
    expect(longestMs).toBeLessThan(LONGEST_MS);
  });

  it("and their states can be held and resumed", () => {
    const source =
      "let l = null; for (let i = 0; i < 1e5; i++) l = [l]; function f(n) { return n ? f(n - 1) : later(l) && 7; } f(15000)";
    const program = runtime.compile(source, { filename: "deep.js", externals: { later: "sync" } });
    const state = program.start({ now: 0 });
    // What is so deep cannot be an argument, or it can: either way the program goes on.
    const end = state.status === "suspended" ? runtime.load(state.snapshot().dump()).restore() : state;
    expect(["suspended", "complete"]).toContain(end.status);
    if (end.status === "suspended") expect((end.resume(true) as CompleteState).output).toBe(7);
  });
});

describe("limits cannot be caught", () => {
  const source = (body: string): string =>
    `try { ${body} } catch (e) { console.log("caught"); } finally { console.log("finally"); }`;
  const cases: [string, string, Limits, string][] = [
    ["fuel", "for (;;);", { fuel: 10_000, onFuel: "fail" }, ""],
    ["timeMs", "for (;;);", { timeMs: 20 }, ""],
    ["memoryBytes", "let a = [1]; for (;;) a = [...a, ...a];", { memoryBytes: 4 << 20 }, ""],
    ["stdoutBytes", "for (;;) console.log('12345');", { stdoutBytes: 20 }, "12345\n12345\n12345\n"],
    ["hostCalls", "for (;;) later();", { hostCalls: 10 }, ""],
  ];
  it.each(cases)("%s", (limit, body, limits, stdout) => {
    const { error } = run({ name: limit, source: source(body), limits });
    expect(error).toBeInstanceOf(LimitError);
    const failed = error as LimitError;
    expect(failed.limit).toBe(limit);
    expect(failed.used).toBeGreaterThan(failed.allowed - 1);
    expect(failed.run?.stdout).toBe(stdout);
    expectUsable();
  });

  it("not by async functions and generators either", () => {
    const body = "try { await null; for (;;); } catch { console.log('caught'); } finally { console.log('finally'); }";
    for (const text of [
      `(async () => { ${body} })()`,
      `function* g() { try { yield 1; for (;;); } finally { console.log("f"); } } [...g()]`,
    ]) {
      const { error } = run({ name: "", source: text, limits: { fuel: 50_000, onFuel: "fail" } });
      expect((error as LimitError).limit).toBe("fuel");
      expect((error as LimitError).run?.stdout).toBe("");
    }
  });
});

describe("strings that no string can be", () => {
  it.each(["'x'.repeat(2 ** 30)", "'x'.padStart(2 ** 30)", "'x'.padEnd(2 ** 40, 'ab')"])("%s", (source) => {
    const { error } = run({ name: "", source });
    expect((error as GuestError).guestName).toBe("RangeError");
    expect((error as GuestError).guestMessage).toBe("Invalid string length");
  });
});

describe("sources nested too deep are a SyntaxError", () => {
  const depth = 100_000;
  const sources: [string, string][] = [
    ["parentheses", `${"(".repeat(depth)}1${")".repeat(depth)}`],
    ["arrays", `${"[".repeat(depth)}${"]".repeat(depth)}`],
    ["objects", `(${"{a:".repeat(depth)}1${"}".repeat(depth)})`],
    ["blocks", `${"{".repeat(depth)}${"}".repeat(depth)}`],
    ["functions", `${"function f(){".repeat(depth)}${"}".repeat(depth)}`],
    ["arrow functions", `${"()=>".repeat(depth)}1`],
    ["unary operators", `${"- ".repeat(depth)}1`],
    ["binary operators", `1${"+1".repeat(depth)}`],
    ["powers", `1${"**1".repeat(depth)}`],
    ["conditionals", `${"1?".repeat(depth)}1${":1".repeat(depth)}`],
    ["member accesses", `a${".a".repeat(depth)}`],
    ["calls", `a${"()".repeat(depth)}`],
    ["templates", `${"`${".repeat(depth)}1${"}`".repeat(depth)}`],
    ["else if", `${"if(0);else ".repeat(depth)};`],
    ["patterns", `let ${"[".repeat(depth)}a${"]".repeat(depth)}=1`],
    ["assignments", `let a;${"a=".repeat(depth)}1`],
    ["classes", `${"(class{static a=".repeat(depth)}1${"})".repeat(depth)}`],
  ];
  it.each(sources)("%s", (_name, source) => {
    for (const filename of ["deep.js", "deep.ts"]) {
      let error: unknown;
      try {
        const state = runtime.compile(source, { filename }).start({ now: 0 });
        // Long chains of operators may well be compiled.
        expect(["complete", "suspended"]).toContain(state.status);
        continue;
      } catch (thrown) {
        error = thrown;
      }
      if (error instanceof GuestError) continue;
      expect(error).toBeInstanceOf(CompileError);
      expect((error as CompileError).message).toMatch(/nested|too deep|too large|too many/i);
    }
    expectUsable();
  });
});

describe("in a session", () => {
  it("a limit ends the chunk, and the next one runs", () => {
    const session = runtime.session({ limits: { memoryBytes: 8 << 20, fuel: 1_000_000, onFuel: "fail" } });
    session.start("var kept = 1; let list = [];");
    for (const chunk of [
      "for (;;) list.push({});",
      "for (;;);",
      "function f() { f(); } f();",
      "for (;;) console.log('x'.repeat(1000));",
    ]) {
      expect(thrownBy(() => session.start(chunk))).toBeInstanceOf(Error);
      session.start("list = []; kept++;");
    }
    expect((session.start("kept") as CompleteState).output).toBe(5);
    session.dispose();
  });
});
