// The state before an uncaught error or limit, limits that change on the way, and what limits and usage say. See ts/machine/launch.ts.

import { describe, expect, it } from "vitest";
import {
  GuestError,
  LimitError,
  StateError,
  type CompleteState,
  type Limits,
  type PausedState,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const compile = (source: string): ReturnType<typeof runtime.compile> =>
  runtime.compile(source, { filename: "kept.js", externals: { ask: "sync", later: "async" } });

describe("keepState", () => {
  it("gives the state before an uncaught error, which can be looked into and runs into it again", () => {
    const source = "console.log('begun'); let n = 0; for (let i = 0; i < 5000; i++) n++; console.log(n); null.x;";
    const program = compile(source);
    const error = thrownBy(() => program.start({ now: 0, keepState: true, limits: { fuelSlice: 100 } })) as GuestError;
    expect(error).toBeInstanceOf(GuestError);
    const state = error.state!;
    expect(state.status).toBe("paused");
    expect(state.stdout).toBe("begun\n");
    expect(error.run?.stdout).toBe("begun\n5000\n");
    expect(state.usage.fuel).toBeLessThan(error.run!.usage.fuel + 1);
    expect(state.usage.fuel).toBeGreaterThan(error.run!.usage.fuel - 200);
    const elsewhere = runtime.load(state.snapshot().dump()).restore() as PausedState;
    for (const again of [state, elsewhere]) {
      const second = thrownBy(() => again.resume()) as GuestError;
      expect(second.guestMessage).toBe(error.guestMessage);
      expect(second.run?.usage.fuel).toBe(error.run?.usage.fuel);
    }
  });

  it.each<[string, Limits, Limits]>([
    ["memoryBytes", { memoryBytes: 1 << 20 }, { memoryBytes: 64 << 20 }],
    ["stdoutBytes", { stdoutBytes: 100 }, { stdoutBytes: 1 << 20 }],
    ["hostCalls", { hostCalls: 10 }, { hostCalls: 1000 }],
    ["fuel", { fuel: 1000, onFuel: "fail" }, { fuel: 10_000_000 }],
  ])("lets a program go on that came to the limit %s, with more of it", (limit, limits, more) => {
    const source =
      "const all = []; for (let i = 0; i < 40000; i++) { all.push({ i }); if (i < 100) { later(i); console.log(i); } } all.length";
    const error = thrownBy(() =>
      compile(source).start({ now: 0, keepState: true, limits: { fuelSlice: 500, ...limits } }),
    ) as LimitError;
    expect(error).toBeInstanceOf(LimitError);
    expect(error.limit).toBe(limit);
    const state = error.state!.resume({ limits: more }) as SuspendedState;
    expect(state.status).toBe("suspended");
    const end = state.resumeCalls(new Map(state.calls.map(({ id }) => [id, { value: 0 }]))) as CompleteState;
    expect(end.output).toBe(40_000);
    expect(end.stdout.split("\n").length).toBe(101);
    expect(end.usage.hostCalls).toBe(100);
  });

  it("holds for run and drive, and for the chunks of a session", async () => {
    const source = "let n = 0; for (let i = 0; i < 1000; i++) n++; throw new Error('' + ask(n));";
    const tools = { ask: (n: number) => n + 1, later: () => 0 };
    for (const how of ["run", "drive"] as const) {
      const options = { now: 0, keepState: true, tools };
      const running = how === "run" ? compile(source).run(options) : compile(source).drive(options);
      const error = (await running.catch((e: unknown) => e)) as GuestError;
      expect(error.guestMessage).toBe("1001");
      const state = error.state!.resume() as SuspendedState;
      expect(state.calls[0]).toMatchObject({ name: "ask", args: [1000] });
      expect((thrownBy(() => state.resume(7)) as GuestError).guestMessage).toBe("7");
    }
    const session = runtime.session({ keepState: true, now: 0 });
    session.start("var x = 1;");
    const error = thrownBy(() => session.start("x = 2; throw new Error('no')")) as GuestError;
    expect(error.state).toBeDefined();
    // The session itself goes on from what the chunk had done.
    expect((session.start("x") as CompleteState).output).toBe(2);
    session.dispose();
  });

  it("is not there unless it was asked for, nor when all went well", () => {
    expect((thrownBy(() => compile("null.x").start()) as GuestError).state).toBeUndefined();
    expect((compile("1").start({ keepState: true }) as CompleteState).output).toBe(1);
  });
});

describe("limits on the way", () => {
  it("refuses an invalid limit, and the state stays usable", () => {
    const state = compile("for (let i = 0; i < 10; i++); 5").start({ limits: { fuel: 3 } }) as PausedState;
    expect(state.reason).toBe("fuel");
    expect(thrownBy(() => state.resume({ fuel: -1 }))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => state.resume({ limits: { fule: 1 } as Limits }))).toBeInstanceOf(TypeError);
    expect((state.resume({ fuel: Infinity }) as CompleteState).output).toBe(5);
    expect(thrownBy(() => state.resume())).toBeInstanceOf(StateError);
  });

  it("lower limits hold from there on", () => {
    const state = compile("let s = ''; for (;;) { s += 'xxxxxxxx'; }").start({ limits: { fuel: 10 } }) as PausedState;
    const error = thrownBy(() => state.resume({ fuel: Infinity, limits: { memoryBytes: 1 << 20 } })) as LimitError;
    expect([error.limit, error.allowed]).toEqual(["memoryBytes", 1 << 20]);
  });

  it("usage is since the start, and goes along in snapshots", () => {
    const source = "let n = 0; for (let i = 0; i < 500; i++) n++; later(1); for (let i = 0; i < 500; i++) n++; ask(n)";
    const whole = compile(source).start({ now: 0 }) as SuspendedState;
    let state = compile(source).start({ now: 0, limits: { fuel: 100 } }) as PausedState | SuspendedState;
    let last = 0;
    while (state.status === "paused") {
      expect(state.usage.fuel).toBeGreaterThanOrEqual(last);
      last = state.usage.fuel;
      state = (runtime.load(state.snapshot().dump()).restore() as PausedState).resume({ fuel: 100 }) as PausedState;
    }
    expect(state.usage.fuel).toBe(whole.usage.fuel);
    expect(state.usage.hostCalls).toBe(2);
    expect(state.usage.peakMemoryBytes).toBeGreaterThanOrEqual(state.usage.memoryBytes);
    expect(state.usage.timeMs).toBeGreaterThan(0);
  });

  it("an answer with no fuel to go on with leaves a state that can be held", () => {
    const state = compile("try { ask(() => 1); } catch (e) { e.name; }").start({ limits: { fuel: 1 } });
    let now = state as PausedState | SuspendedState | CompleteState;
    for (let i = 0; i < 50 && now.status !== "complete"; i++) {
      now = runtime.load(now.snapshot().dump()).restore();
      if (now.status === "paused") now = now.resume({ fuel: 0.5 });
      if (now.status === "suspended") now = now.resume(1, { fuel: 0 });
      if (now.status === "paused") now = now.resume({ fuel: 1 });
    }
    expect((now as CompleteState).output).toBe("TypeError");
  });

  it("snapshotBytes, stackDepth and timeMs", () => {
    const state = compile("const a = []; for (let i = 0; i < 3000; i++) a.push(Math.random()); ask(a)").start({
      limits: { snapshotBytes: 1000 },
    }) as SuspendedState;
    expect(thrownBy(() => state.snapshot().dump())).toMatchObject({ name: "SnapshotError", reason: "too-large" });
    const paused = compile("for (;;);").start({ limits: { timeMs: 10, onTime: "pause" } }) as PausedState;
    expect(paused.reason).toBe("time");
    expect(paused.usage.timeMs).toBeGreaterThanOrEqual(10);
  });
});
