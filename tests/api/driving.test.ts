// Driving: what is held, what is answered by name, timers by their due times, turns of the host, aborts, listeners, stop by stop.

import { describe, expect, it } from "vitest";
import {
  AbortError,
  type AnswerError,
  type CallEvent,
  type LimitError,
  MissingExternalError,
  type PausedState,
  type State,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

const runtime = await testRuntime();
const other = await testRuntime();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("hold", () => {
  const source = `const [a, b] = await Promise.all([search("x"), approve("pay")]); [a, b, await search(b)]`;
  const externals = ["search", "approve"];

  it("answers what it has tools for, and stops at the rest", async () => {
    const made: string[] = [];
    const search = async (text: string): Promise<string> => {
      made.push(text);
      await pause(5);
      return `found ${text}`;
    };
    const options = { tools: { search }, hold: ["approve"] };
    const state = (await runtime.compile(source, { externals }).drive(options)) as SuspendedState;
    expect(state).toMatchObject({ status: "suspended", calls: [{ name: "approve", args: ["pay"] }] });
    const later = other.load(state.snapshot().dump()).restore() as SuspendedState;
    const done = await later.answer("approve", "yes").drive(options);
    expect(done).toMatchObject({ status: "complete", output: ["found x", "yes", "found yes"] });
    expect(made).toEqual(["x", "yes"]);
    expect(await done.drive(options)).toBe(done);
  });

  it("holds sync calls too, and loses no answer of the others", async () => {
    const program = runtime.compile(`const p = search("x"); const yes = approve(); [yes, await p]`, {
      externals: { search: "async", approve: "sync" },
    });
    let made = 0;
    const tools = { search: async () => (await pause(5), ++made) };
    const first = (await program.drive({ tools, hold: ["approve"] })) as SuspendedState;
    expect(first.calls.map(({ name }) => name)).toEqual(["search", "approve"]);
    // The guest is held before its promise could be awaited, so nothing was called yet.
    expect(made).toBe(0);
    const driven = (await first.drive({ tools, hold: ["approve"] })) as SuspendedState;
    const rest = driven.answer("approve", true) as SuspendedState;
    expect(await rest.run({ tools, hold: ["approve"] })).toMatchObject({ output: [true, 1] });
  });

  it("takes namespaces, timers, imports, and all that has no tool", async () => {
    const program = runtime.compile(
      `await Promise.all([db.read(1), db.write(2), mail(3), new Promise((r) => setTimeout(r, 1e6)), import("x")])`,
      { externals: { db: ["read", "write"], mail: "async" } },
    );
    const names = async (options: object): Promise<unknown> =>
      ((await program.drive(options)) as State as SuspendedState).calls.map(({ name }) => name);
    const tools = { db: { read: () => 1, write: () => 2 }, mail: () => 3 };
    const loader = (): string => "export {}";
    expect(await names({ tools, loader, hold: ["db"] })).toEqual(["db.read", "db.write", "setTimeout"]);
    expect(await names({ tools, loader, hold: ["db.write", "setTimeout"] })).toEqual(["db.write", "setTimeout"]);
    expect(await names({ tools, hold: ["import"] })).toEqual(["setTimeout", "import"]);
    expect(await names({ tools: { db: { read: () => 1 } }, hold: true })).toEqual([
      "db.write",
      "mail",
      "setTimeout",
      "import",
    ]);
  });

  it("waits for timers while nothing is held, and not while something is", async () => {
    const sleep = "const sleep = (ms) => new Promise((r) => setTimeout(r, ms));";
    const first = runtime.compile(`${sleep} await sleep(20); await approve()`, { externals: ["approve"] });
    expect(await first.drive({ hold: true })).toMatchObject({ calls: [{ name: "approve" }] });
    const race = runtime.compile(`${sleep} await Promise.race([approve(), sleep(1e9)])`, { externals: ["approve"] });
    const state = (await race.drive({ hold: ["approve"] })) as SuspendedState;
    expect(state.calls.map(({ name }) => name)).toEqual(["approve", "setTimeout"]);
  });

  it("names the functions that are neither held nor there, before anything runs", async () => {
    const program = runtime.compile(`console.log("ran"); search(1); approve(2)`, { externals });
    const error = await failureOf(program.drive({ hold: ["approve"] }));
    expect(error).toBeInstanceOf(MissingExternalError);
    expect((error as MissingExternalError).names).toEqual(["search"]);
    await expect(program.drive({ hold: "approve" as never })).rejects.toThrow(/hold must be a list/);
    const state = program.start() as SuspendedState;
    expect(await failureOf(state.drive({ hold: ["approve"] }))).toBeInstanceOf(MissingExternalError);
    expect(state.calls).toHaveLength(2);
    state.snapshot();
  });

  it("of run ends with the suspended state too", async () => {
    const state = await runtime.compile("await approve()", { externals: ["approve"] }).run({ hold: true });
    expect(state.status).toBe("suspended");
    const session = runtime.session({ externals: ["approve"] });
    const held = (await session.run("const yes = await approve()", { hold: true })) as SuspendedState;
    held.answer("approve", 5);
    expect(session.start("yes")).toMatchObject({ output: 5 });
  });
});

describe("answer", () => {
  const source = `const results = await Promise.allSettled([f(1), f(2), tools.g(3)]);
    results.map((r) => r.value ?? [r.reason.name, r.reason.message, r.reason.code, r.reason.status, r.reason.cause, r.reason.extra, r.reason instanceof Error])`;
  const start = (): SuspendedState =>
    runtime.compile(source, { externals: { f: "async", tools: ["g"] } }).start() as SuspendedState;

  it("takes a name or an id", () => {
    let state = start();
    const [first, second] = state.calls.map(({ id }) => id) as [number, number];
    state = state.answer("tools.g", "g") as SuspendedState;
    state = state.answer(second, "second") as SuspendedState;
    expect(state.answer(first, "first")).toMatchObject({ status: "complete", output: ["first", "second", "g"] });
  });

  it("refuses what is unknown, ambiguous or answered already, and the state stays usable", () => {
    let state = start();
    const { id } = state.calls[0];
    const reasonOf = (nameOrId: string | number): unknown =>
      (thrownBy(() => state.answer(nameOrId, 1)) as AnswerError).reason;
    const ambiguous = thrownBy(() => state.answer("f", 1)) as AnswerError;
    expect(ambiguous).toMatchObject({ name: "AnswerError", code: "FERMATA_ANSWER", reason: "ambiguous", call: "f" });
    expect(ambiguous.message).toBe(
      `several calls of f are pending, answer by id: f (id ${id}), f (id ${id + 1}), tools.g (id ${id + 2})`,
    );
    state = state.answer(id, 1) as SuspendedState;
    expect([id, id + 9, 0, -1, NaN, "h", "g", "constructor"].map(reasonOf)).toEqual([
      "answered",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
      "unknown",
    ]);
    const again = other.load(state.snapshot().dump()).restore() as SuspendedState;
    expect((thrownBy(() => again.answer(id, 1)) as AnswerError).reason).toBe("answered");
    expect(again.answer("f", 2).status).toBe("suspended");
  });

  it("gives errors with code, status, cause and their own properties", () => {
    class HttpError extends Error {
      override readonly name = "HttpError";
      readonly status = 503;
      readonly code = "UNAVAILABLE";
      readonly extra = { retryAfter: 5 };
    }
    let state = start();
    const cause = { host: "example.org" };
    state = state.answerError(state.calls[0].id, new HttpError("down", { cause })) as SuspendedState;
    state = state.answerError("f", Object.assign(new TypeError("bad"), { code: 7 })) as SuspendedState;
    const { output } = state.answer("tools.g", 3) as unknown as { output: unknown };
    expect(output).toEqual([
      ["HttpError", "down", "UNAVAILABLE", 503, cause, { retryAfter: 5 }, true],
      ["TypeError", "bad", 7, undefined, undefined, undefined, true],
      3,
    ]);
  });

  it("gives an error whose cause or properties cannot cross without those", async () => {
    const program = runtime.compile(
      `const seen = []; for (const f of [a, b, c]) try { await f() } catch (e) { seen.push([e.name, e.message, "cause" in e && e.cause.message, e.code]) } seen`,
      { externals: ["a", "b", "c"] },
    );
    const inner = Object.assign(new Error("inner"), { socket: Object.create({ inherited: 1 }) as object });
    const tools = {
      a: () => Promise.reject(new Error("a", { cause: () => 1 })),
      b: () => Promise.reject(Object.assign(new Error("b", { cause: inner }), { code: "E", agent: new Map() })),
      c: () => Promise.reject(new DOMException("c", "TimeoutError")),
    };
    expect((await program.run({ tools })).output).toEqual([
      ["Error", "a", false, undefined],
      ["Error", "b", "inner", "E"],
      ["TimeoutError", "c", false, 23],
    ]);
  });
});

describe("timers", () => {
  const source = `const log = []; const at = (ms) => new Promise((r) => setTimeout(() => { log.push([ms, Date.now()]); r() }, ms));
    await Promise.all([at(2000), at(1000), f()]); log`;
  const T = Date.UTC(2026, 0, 1);

  it("are due at a time, and fire when it has come", () => {
    const start = runtime.compile(source, { externals: ["f"] }).start({ now: T }) as SuspendedState;
    expect(start.nextDueAt).toBe(T + 1000);
    expect(start.resumeTimers(T + 999)).toBe(start);
    let state = start.resumeTimers(new Date(T + 1500)) as SuspendedState;
    expect(state.nextDueAt).toBe(T + 2000);
    state = (other.load(state.snapshot().dump()).restore() as SuspendedState).resumeTimers(T + 9000) as SuspendedState;
    expect(state.nextDueAt).toBeUndefined();
    expect(state.resumeTimers()).toBe(state);
    expect(state.answer("f")).toMatchObject({
      output: [
        [1000, T + 1500],
        [2000, T + 9000],
      ],
    });
    expect(() => state.resumeTimers(NaN)).toThrow(RangeError);
  });

  it("that fell due meanwhile fire at once when a drive is told the time", async () => {
    const program = runtime.compile("await new Promise((r) => setTimeout(r, 3600_000)); Date.now()");
    const state = program.start({ now: T }) as SuspendedState;
    const done = await state.drive({ now: new Date(T + 7200_000) });
    expect((done as { output: number }).output - T).toBeGreaterThanOrEqual(7200_000);
  });
});

describe("fork", () => {
  it("copies a state", () => {
    const state = runtime.compile("let n = 1; n += await f(); n", { externals: ["f"] }).start() as SuspendedState;
    const fork = state.fork();
    expect(state.resume(1)).toMatchObject({ output: 2 });
    expect(fork.resume(10)).toMatchObject({ output: 11 });
    const paused = runtime.compile("let n = 0; while (n < 1e4) n++; n").start({ limits: { fuel: 100 } }) as PausedState;
    expect(paused.fork().resume({ fuel: Infinity })).toMatchObject({ output: 10_000 });
  });
});

/** Longest time of computing in which the host's event loop got no turn while `work` ran, in milliseconds. */
async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let last = cpuMs();
  let longest = 0;
  let isOver = false;
  const tick = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  isOver = true;
  return Math.max(longest, cpuMs() - last);
}

describe("the host's event loop", () => {
  // Several threads compute for this process, and some turns see a collection.
  const MOST = 60;
  const busy = "let n = 0; while (n < 6e7) n++; n";

  it("gets its turns while a program computes", async () => {
    const program = runtime.compile(busy);
    const limits = { timeMs: Infinity };
    const gap = await longestGap(async () => expect((await program.run({ limits })).output).toBe(6e7));
    expect(gap).toBeLessThan(MOST);
    const without = await longestGap(() => program.run({ limits, yieldEveryMs: Infinity }));
    expect(without).toBeGreaterThan(2 * MOST);
  });

  it("gets its turns between sync calls, and calls that are answered at once", async () => {
    const limits = { timeMs: Infinity };
    const sync = runtime.compile("let s = 0; for (let i = 0; i < 600_000; i++) s += f(i); s", {
      externals: { f: "sync" },
    });
    expect(await longestGap(() => sync.run({ tools: { f: () => 1 }, limits }))).toBeLessThan(MOST);
    const slow = (ms: number) => (): void => {
      for (const until = performance.now() + ms; performance.now() < until;);
    };
    const few = runtime.compile("for (let i = 0; i < 60; i++) f(i)", { externals: { f: "sync" } });
    expect(await longestGap(() => few.run({ tools: { f: slow(5) }, limits }))).toBeLessThan(MOST);
    const async = runtime.compile("for (let i = 0; i < 30_000; i++) await f(i)", { externals: ["f"] });
    expect(await longestGap(() => async.run({ tools: { f: () => 1 }, limits }))).toBeLessThan(MOST);
  });

  it("is shared fairly by a thousand programs", async () => {
    const program = runtime.compile("let n = 0; while (n < 6e4) n++; await f(id); id", {
      inputs: ["id"],
      externals: ["f"],
    });
    const long = runtime.compile(busy);
    const order: number[] = [];
    let longDone = false;
    const gap = await longestGap(async () => {
      const running = long.run({ limits: { timeMs: Infinity } }).then(() => (longDone = true));
      const all = Array.from({ length: 1000 }, (_, id) =>
        program.run({ inputs: { id }, tools: { f: async () => void order.push(id) } }),
      );
      const outputs = await Promise.all(all);
      expect(outputs.map(({ output }) => output)).toEqual(outputs.map((_, id) => id));
      await running;
    });
    expect(longDone).toBe(true);
    // Those that began first come first; one whose turn was over in the middle comes again after all others, in the next round. A busy
    // computer makes more rounds, never another order within one.
    expect(order.filter((id, place) => place > 0 && id < order[place - 1]!).length).toBeLessThan(20);
    expect(gap).toBeLessThan(MOST);
  });

  it("is refused nonsense", async () => {
    await expect(runtime.compile("1").run({ yieldEveryMs: -1 })).rejects.toThrow(/yieldEveryMs must be/);
  });
});

describe("an abort", () => {
  it("stops a program that computes, and leaves its state", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 15);
    const program = runtime.compile("let n = 0; while (n < 2e7) n++; n");
    const limits = { timeMs: Infinity };
    const error = (await failureOf(program.run({ limits, signal: controller.signal }))) as AbortError;
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: "AbortError", code: "FERMATA_ABORTED", message: "enough" });
    expect((error.cause as Error).message).toBe("enough");
    const state = error.state as PausedState;
    expect(state).toMatchObject({ status: "paused", reason: "hold" });
    const copy = other.load(state.snapshot().dump(), { limits }).restore() as PausedState;
    expect((await state.run({ limits })).output).toBe(2e7);
    expect((await copy.run({ limits })).output).toBe(2e7);
  });

  it("leaves running calls to the next drive of the state, which makes none of them again", async () => {
    let made = 0;
    let whenMade = (): void => {};
    const tools = {
      f: async () => (made++, whenMade(), await pause(30), made),
      g: async () => (made++, await pause(30), "g"),
    };
    for (const mode of ["async", "sync"] as const) {
      made = 0;
      const program = runtime.compile("const a = await f(), b = await g(); [a, b]", {
        externals: { f: mode, g: mode },
      });
      const controller = new AbortController();
      // Once the call is running: how long the program takes to get there is the computer's affair.
      whenMade = () => void setTimeout(() => controller.abort(), 5);
      const error = (await failureOf(program.run({ tools, signal: controller.signal }))) as AbortError;
      expect(error.state).toMatchObject({ status: "suspended", calls: [{ name: "f" }] });
      whenMade = () => {};
      await pause(mode === "async" ? 60 : 0);
      expect((await (error.state as SuspendedState).run({ tools })).output).toEqual([1, "g"]);
      expect(made).toBe(2);
    }
  });

  it("gives every run of one signal an error and a state of its own", async () => {
    const controller = new AbortController();
    const program = runtime.compile("await f(id)", { inputs: ["id"], externals: ["f"] });
    let made = 0;
    // Both calls are running then.
    const tools = { f: () => (++made === 2 && setTimeout(() => controller.abort(), 1), new Promise(() => {})) };
    const runs = [1, 2].map((id) => failureOf(program.run({ inputs: { id }, tools, signal: controller.signal })));
    const errors = (await Promise.all(runs)) as AbortError[];
    expect(errors.map(({ state }) => (state as SuspendedState).answer("f", 1))).toMatchObject([
      { output: 1 },
      { output: 1 },
    ]);
  });

  it("before the start leaves a state too, and one in a session leaves its chunk", async () => {
    const signal = AbortSignal.abort("no");
    const error = (await failureOf(runtime.compile("1 + 1").run({ signal }))) as AbortError;
    expect(error.message).toBe("the run was aborted: no");
    expect((error.state as PausedState).resume()).toMatchObject({ output: 2 });
    const session = runtime.session({ externals: ["f"] });
    const controller = new AbortController();
    const tools = { f: () => (setTimeout(() => controller.abort(), 1), new Promise(() => {})) };
    const aborted = (await failureOf(
      session.run("var x = await f()", { tools, signal: controller.signal }),
    )) as AbortError;
    expect(() => session.start("x")).toThrow(/not complete/);
    (aborted.state as SuspendedState).answer("f", 3);
    expect(session.start("x")).toMatchObject({ output: 3 });
    await expect(session.run("f()")).rejects.toBeInstanceOf(MissingExternalError);
    expect(session.start("x")).toMatchObject({ output: 3 });
  });
});

describe("a drive that fails", () => {
  it("leaves its state when fuel is spent, a module is missing, or a listener throws", async () => {
    const program = runtime.compile("let n = 0; while (n < 1e5) n++; n");
    const spent = (await failureOf(program.run({ limits: { fuel: 1000 } }))) as LimitError;
    expect(spent).toMatchObject({ name: "LimitError", limit: "fuel" });
    expect(spent.run?.usage.fuel).toBeGreaterThanOrEqual(1000);
    expect((await spent.state!.run({ limits: { fuel: Infinity } })).output).toBe(1e5);

    const importing = runtime.compile("const m = await import('m'); m.a");
    const missing = (await failureOf(importing.run())) as { state: SuspendedState };
    expect((await missing.state.run({ loader: () => "export const a = 1" })).output).toBe(1);

    const onSlice = (): never => {
      throw new Error("listener");
    };
    const thrown = (await failureOf(program.run({ onSlice, limits: { fuelSlice: 1000 } }))) as Error & { state: State };
    expect(thrown.message).toBe("listener");
    expect((await (thrown.state as PausedState).run()).output).toBe(1e5);

    const calling = runtime.compile("await f(1)", { externals: ["f"] });
    for (const phase of ["start", "end"]) {
      const onCall = (event: CallEvent): void => {
        if (event.phase === phase) throw new Error(phase);
      };
      const failed = (await failureOf(calling.run({ tools: { f: (n: number) => n }, onCall }))) as {
        state: SuspendedState;
      };
      expect((await failed.state.run({ tools: { f: (n: number) => n } })).output).toBe(1);
    }
  });

  it("has no state after an uncaught error, unless the run keeps one", async () => {
    const program = runtime.compile("await f(); throw new Error('x')", { externals: ["f"] });
    const tools = { f: () => 1 };
    expect(await failureOf(program.run({ tools }))).toMatchObject({ guestMessage: "x", state: undefined });
    expect(await failureOf(program.run({ tools, keepState: true }))).toMatchObject({ state: { status: "paused" } });
  });
});

describe("listeners", () => {
  it("get text as it is written, in order with the calls", async () => {
    const events: unknown[] = [];
    const program = runtime.compile(
      `console.log("a"); ask(1); console.error("b"); await f(2); console.log("c"); throw new Error("d")`,
      { externals: { ask: "sync", f: "async" } },
    );
    const tools = { ask: () => 1, f: async () => 2 };
    const options = {
      tools,
      onStdout: (text: string) => events.push(["out", text]),
      onStderr: (text: string) => events.push(["err", text]),
      onCall: ({ phase, name }: CallEvent) => events.push([phase, name]),
    };
    await expect(program.run(options)).rejects.toThrow("d");
    expect(events).toEqual([
      ["out", "a\n"],
      ["start", "ask"],
      ["end", "ask"],
      ["err", "b\n"],
      ["start", "f"],
      ["end", "f"],
      ["out", "c\n"],
    ]);
    events.length = 0;
    const loop = runtime.compile("for (let i = 0; i < 2000; i++) console.log(i)");
    const { stdout } = await loop.run({ onStdout: options.onStdout, limits: { fuelSlice: 1000 } });
    expect(events.length).toBeGreaterThan(3);
    expect(events.map((event) => (event as [string, string])[1]).join("")).toBe(stdout);
  });

  it("get only what a drive of a later state writes", async () => {
    const state = runtime
      .compile("console.log(1); await f(); console.log(2)", { externals: ["f"] })
      .start() as SuspendedState;
    const later = other.load(state.snapshot().dump()).restore() as SuspendedState;
    let text = "";
    await later.run({ tools: { f: () => 0 }, onStdout: (more) => (text += more) });
    expect(text).toBe("2\n");
  });

  it("are told what was called, with what, how long it took and what came of it", async () => {
    const program = runtime.compile(
      `const got = []; try { await tools.f({ n: 1 }) } catch (e) { got.push(e.message) } got.push(ask("q"), (await import("m")).a); got`,
      { externals: { tools: ["f"], ask: "sync" } },
    );
    const events: CallEvent[] = [];
    const tools = {
      "tools.f": async () => {
        await pause(5);
        throw new Error("no");
      },
      ask: () => 2,
    };
    const { output } = await program.run({ tools, loader: () => "export const a = 3", onCall: (e) => events.push(e) });
    expect(output).toEqual(["no", 2, 3]);
    expect(events).toMatchObject([
      { phase: "start", id: 1, kind: "async", name: "tools.f", args: [{ n: 1 }] },
      { phase: "end", id: 1, name: "tools.f", outcome: "error", error: { message: "no" } },
      { phase: "start", kind: "sync", name: "ask", args: ["q"] },
      { phase: "end", kind: "sync", name: "ask", outcome: "value", value: 2 },
      { phase: "start", kind: "module", name: "import" },
      { phase: "end", kind: "module", name: "import", outcome: "value" },
    ]);
    expect((events[1] as { ms: number }).ms).toBeGreaterThan(3);
  });
});

describe("states", () => {
  const source = `const a = await f(1); const [b, c] = await Promise.all([f(a), ask(a)]); [a, b, c]`;
  const externals = ["f", "ask"];

  it("are all stops, before their calls are made", async () => {
    const program = runtime.compile(source, { externals });
    const made: number[] = [];
    const tools = { f: async (n: number) => (made.push(n), n + 1), ask: () => "yes" };
    const seen: unknown[] = [];
    let last: State | undefined;
    for await (const state of program.states({ tools })) {
      seen.push([state.status, state.status === "suspended" ? state.calls.map(({ name }) => name) : [], made.length]);
      if (state.status === "suspended") {
        const copy = other.load(state.snapshot().dump()).restore() as SuspendedState;
        expect((await copy.run({ tools: { f: (n: number) => n + 1, ask: () => "yes" } })).output).toEqual([
          2,
          3,
          "yes",
        ]);
      }
      last = state;
    }
    expect(seen[0]).toEqual(["suspended", ["f"], 0]);
    expect(seen[1]).toEqual(["suspended", ["f", "ask"], 1]);
    expect(seen.at(-1)).toEqual(["complete", [], 2]);
    expect(last).toMatchObject({ output: [2, 3, "yes"] });
  });

  it("end at what is held, unless it is answered in between", async () => {
    const program = runtime.compile(source, { externals });
    const options = { tools: { f: (n: number) => n + 1 }, hold: ["ask"] };
    let last: State | undefined;
    for await (const state of program.states(options)) last = state;
    expect(last).toMatchObject({ status: "suspended", calls: [{ name: "ask" }] });
    for await (const state of (last as SuspendedState).states(options)) {
      if (state.status === "suspended") state.answer("ask", "me");
      last = state;
    }
    expect(last).toMatchObject({ output: [2, 3, "me"] });
  });

  it("stay usable when the loop is left", async () => {
    let kept: State | undefined;
    for await (const state of runtime.compile(source, { externals }).states({ hold: true })) {
      kept = state;
      break;
    }
    expect((kept as SuspendedState).resume(1).status).toBe("suspended");
    for await (const state of runtime.compile(source, { externals }).states({ hold: true }))
      (state as SuspendedState).dispose();
    await expect(runtime.compile(source, { externals }).states().next()).rejects.toBeInstanceOf(MissingExternalError);
  });
});
