// Suspended states: answers, errors, subsets, order, and states that were left behind.

import { describe, expect, it } from "vitest";
import {
  StateError,
  type CompleteState,
  type GuestError,
  type PausedState,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

function suspended(source: string, externals: Parameters<typeof runtime.compile>[1] = {}): SuspendedState {
  const state = runtime.compile(source, externals).start({ now: 1000 });
  expect(state.status).toBe("suspended");
  return state as SuspendedState;
}

const ASYNC = { externals: ["f", "g"] };
const SYNC = { externals: { ask: "sync" as const, f: "async" as const } };

describe("async calls", () => {
  it("show id, kind, name and arguments", () => {
    const { calls } = suspended("await Promise.all([f(1, { a: [true] }), g('x')])", ASYNC);
    expect(calls).toEqual([
      { id: 1, kind: "async", name: "f", args: [1, { a: [true] }] },
      { id: 2, kind: "async", name: "g", args: ["x"] },
    ]);
  });
  it("are all pending at once, and may be answered in any order", () => {
    const source = "const [a, b, c] = await Promise.all([f(1), f(2), f(3)]); `${a}${b}${c}`";
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1],
    ]) {
      let state = suspended(source, ASYNC) as SuspendedState | CompleteState;
      for (const id of order)
        state = (state as SuspendedState).resumeCalls(new Map([[id, { value: id * 10 }]])) as CompleteState;
      expect((state as CompleteState).output).toBe("102030");
    }
  });
  it("may be answered several at a time", () => {
    const state = suspended(
      "const r = await Promise.allSettled([f(), f(), f()]); r.map((x) => x.value ?? x.reason.message)",
      ASYNC,
    );
    const next = state.resumeCalls(
      new Map<number, { value: unknown } | { error: unknown }>([
        [3, { error: new Error("third") }],
        [1, { value: "first" }],
      ]),
    ) as SuspendedState;
    expect(next.calls.map(({ id }) => id)).toEqual([2]);
    expect((next.resume("second") as CompleteState).output).toEqual(["first", "second", "third"]);
  });
  it("let races be won", () => {
    const state = suspended("const who = await Promise.race([f('slow'), f('fast')]); who", ASYNC);
    const next = state.resumeCalls(new Map([[2, { value: "fast" }]]));
    // The call that lost is still pending: the program is not complete before it is answered.
    expect(next.status).toBe("suspended");
    expect(((next as SuspendedState).resume("slow") as CompleteState).output).toBe("fast");
  });
  it("that are not awaited keep the program from being complete", () => {
    const state = suspended("f('log'); 'done'", ASYNC);
    expect((state.resume() as CompleteState).output).toBe("done");
  });
  it("throw what the host throws, as an error of that kind, without its stack", () => {
    const state = suspended(
      "try { await f() } catch (e) { [e instanceof TypeError, e.name, e.message, e.cause, e.stack] }",
      ASYNC,
    );
    const { output } = state.resumeError(new TypeError("no", { cause: "because" })) as CompleteState;
    expect((output as unknown[]).slice(0, 4)).toEqual([true, "TypeError", "no", "because"]);
    expect((output as string[])[4]).not.toContain(".ts:");
  });
  it("may be rejected with any value", () => {
    const state = suspended("try { await f() } catch (e) { e }", ASYNC);
    expect((state.resumeError({ code: 7 }) as CompleteState).output).toEqual({ code: 7 });
  });
  it("keep an error's own properties on the way in and on the way out", () => {
    const refused = Object.assign(new Error("refused"), { code: "EACCES", status: 403 });
    const seen = suspended("try { await f() } catch (e) { [e.code, e.status, Object.keys(e).join()] }", ASYNC);
    expect((seen.resumeError(refused) as CompleteState).output).toEqual(["EACCES", 403, "code,status"]);
    const error = thrownBy(() => suspended("await f()", ASYNC).resumeError(refused)) as GuestError;
    expect(error.properties).toEqual({ code: "EACCES", status: 403 });
    // The host's error has no place in the program: where it was awaited is the next best.
    expect(error).toMatchObject({ line: 1, column: 1, guestStack: expect.stringContaining("Error: refused\n    at ") });
    const source =
      "throw new AggregateError([Object.assign(new Error('a'), { at: 1 }), 2], 'many', { cause: Object.assign(new TypeError('c'), { why: 'w' }) })";
    const many = thrownBy(() => runtime.compile(source).start()) as GuestError;
    expect(many.errors).toMatchObject([{ guestName: "Error", guestMessage: "a", properties: { at: 1 } }, 2]);
    expect(many.cause).toMatchObject({ guestName: "TypeError", properties: { why: "w" } });
    const thrown = thrownBy(() => runtime.compile("throw { code: 5, list: [1] }").start()) as GuestError;
    expect(thrown).toMatchObject({ guestName: "object", properties: { code: 5, list: [1] }, line: 1, column: 1 });
  });

  it("that are not caught end the run", () => {
    const error = thrownBy(() => suspended("await f()", ASYNC).resumeError(new RangeError("far"))) as GuestError;
    expect(error).toMatchObject({ guestName: "RangeError", guestMessage: "far" });
  });
});

describe("sync calls", () => {
  it("hold the guest in the middle of an expression", () => {
    const state = suspended("const list = [1]; list.push(ask('a') + ask('b') * 10); list", SYNC);
    expect(state.calls).toEqual([{ id: 1, kind: "sync", name: "ask", args: ["a"] }]);
    const next = state.resume(2) as SuspendedState;
    expect(next.calls).toMatchObject([{ name: "ask", args: ["b"] }]);
    expect((next.resume(3) as CompleteState).output).toEqual([1, 32]);
  });
  it("may be made inside callbacks of natives, getters and constructors", () => {
    const source = `class A { constructor() { this.v = ask("new") } get g() { return ask("get") } }
      [[1, 2].map((x) => ask(x)), new A().v, new A().g, [3, 1, 2].sort((a, b) => ask([a, b])), JSON.stringify({ toJSON: () => ask("json") }), \`\${{ toString: () => ask("text") }}\`]`;
    let state = runtime.compile(source, SYNC).start();
    for (let n = 0; state.status === "suspended"; n++) {
      const [arg] = (state as SuspendedState).calls[0]!.args as [unknown];
      state = state.resume(Array.isArray(arg) ? arg[0] - arg[1] : `${String(arg)}!`);
      expect(n).toBeLessThan(30);
    }
    expect((state as CompleteState).output).toEqual([["1!", "2!"], "new!", "get!", [1, 2, 3], '"json!"', "text!"]);
  });
  it("throw at the call", () => {
    const state = suspended("try { ask() } catch (e) { e.message + '!' }", SYNC);
    expect((state.resumeError(new Error("held")) as CompleteState).output).toBe("held!");
    const error = thrownBy(() => suspended("\n  ask()", SYNC).resumeError(new Error("held"))) as GuestError;
    expect(error).toMatchObject({ guestMessage: "held", line: 2, column: 3 });
  });
  it("are what resume answers when async calls are pending too", () => {
    const state = suspended("const p = f('later'); const now = ask('now'); [now, await p]", SYNC);
    expect(state.calls.map(({ name }) => name)).toEqual(["f", "ask"]);
    const next = state.resume("sync answer") as SuspendedState;
    expect((next.resume("async answer") as CompleteState).output).toEqual(["sync answer", "async answer"]);
  });
  it("can be answered with objects and with undefined", () => {
    const source = "const seen = []; for (let i = 0; i < 6; i++) seen.push(ask(i, i > 2 ? [i] : i)); seen";
    let state = suspended(source, SYNC) as SuspendedState | CompleteState;
    const answers = [0, -0, NaN, undefined, { deep: ["x"] }, "text"];
    for (const [i, answer] of answers.entries()) {
      expect((state as SuspendedState).calls).toEqual([
        { id: i + 1, kind: "sync", name: "ask", args: [i, i > 2 ? [i] : i] },
      ]);
      state = (state as SuspendedState).resume(answer) as SuspendedState;
    }
    expect((state as unknown as CompleteState).output).toEqual(answers);
  });
  it("go on to a pause when fuel is up, and to the error that an answer leads to", () => {
    const state = suspended("let n = ask(); while (n > 0) n--; null.x", SYNC);
    const paused = state.resume(1000, { fuel: 10 }) as PausedState;
    expect([paused.status, paused.reason]).toEqual(["paused", "fuel"]);
    expect((thrownBy(() => paused.resume()) as GuestError).guestName).toBe("TypeError");
    const none = suspended("ask() + 1", SYNC).resume(1, { fuel: 0 });
    const end = none.status === "paused" ? none.resume({ fuel: 10 }) : none;
    expect((end as CompleteState).output).toBe(2);
  });
  it("show the time that many short answers took together", () => {
    let state = suspended("let t = 0; for (let i = 0; i < 2000; i++) t += ask(i); t", SYNC) as SuspendedState;
    const since = performance.now();
    while (state.status === "suspended") state = state.resume(1) as SuspendedState;
    const all = performance.now() - since;
    expect(state.usage.timeMs).toBeGreaterThan(0);
    // Only some are timed, and stand for the others.
    expect(state.usage.timeMs).toBeLessThan(all * 4 + 20);
  });
  it("leave the others to be answered first, too", () => {
    const state = suspended(
      "const p = f(); p.then((v) => { seen = v }); let seen = 'not yet'; const now = ask(); [now, seen, await p]",
      SYNC,
    );
    const next = state.resumeCalls(new Map([[1, { value: "early" }]])) as SuspendedState;
    expect(next.calls).toMatchObject([{ kind: "sync" }]);
    expect((next.resume(1) as CompleteState).output).toEqual([1, "not yet", "early"]);
  });
});

describe("timers", () => {
  it("are pending calls with a time", () => {
    const state = suspended(
      "const out = []; setTimeout(() => out.push('b'), 20); setTimeout(() => out.push('a'), 10); globalThis.out = out; out",
    );
    expect(state.calls).toEqual([
      { id: 1, kind: "timer", name: "setTimeout", args: [], dueAt: 1020 },
      { id: 2, kind: "timer", name: "setTimeout", args: [], dueAt: 1010 },
    ]);
    const done = state.resumeCalls(
      new Map([
        [1, { value: 0 }],
        [2, { value: 0 }],
      ]),
    ) as CompleteState;
    expect(done.output).toEqual(["a", "b"]);
  });
  it("are waited for by run, with the program's clock going along", async () => {
    const source =
      "const t = []; for (const ms of [30, 10]) setTimeout(() => t.push(ms), ms); await new Promise((r) => setTimeout(r, 40)); t";
    const began = performance.now();
    expect((await runtime.compile(source).run()).output).toEqual([10, 30]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(38);
  });
});

describe("a state", () => {
  it("is spent when it was resumed", () => {
    const state = suspended("await f(1) + await f(2)", ASYNC);
    const next = state.resume(1) as SuspendedState;
    expect(() => state.resume(5)).toThrow(StateError);
    expect(() => state.snapshot()).toThrow(/take a snapshot before you resume/);
    expect((next.resume(2) as CompleteState).output).toBe(3);
    expect(() => next.resume(2)).toThrow(/complete/);
  });
  it("keeps what it showed", () => {
    const state = suspended("console.log('one'); await f(); console.log('two')", ASYNC);
    const next = state.resume();
    expect(state.stdout).toBe("one\n");
    expect(next.stdout).toBe("one\ntwo\n");
  });
  it("can be disposed", () => {
    const state = suspended("await f()", ASYNC);
    state.dispose();
    expect(() => state.resume(1)).toThrow(/disposed/);
    state.dispose();
  });
  it("refuses answers that make no sense, and stays usable", () => {
    const state = suspended("[await f(), await f()]; await Promise.all([f(), f()])", ASYNC);
    expect(() => state.resumeCalls(new Map())).toThrow(RangeError);
    expect(() => state.resumeCalls(new Map([[99, { value: 1 }]]))).toThrow("no call with id 99 is pending");
    const two = (state.resume(1) as SuspendedState).resume(2) as SuspendedState;
    expect(() => two.resume(3)).toThrow("2 calls are pending");
    expect(
      two.resumeCalls(
        new Map([
          [3, { value: 1 }],
          [4, { value: 1 }],
        ]),
      ).status,
    ).toBe("complete");
  });
  it("that is paused while calls are pending continues to them", () => {
    const program = runtime.compile("const p = f(); let n = 0; while (n < 1000) n++; [n, await p]", ASYNC);
    const paused = program.start({ limits: { fuel: 100 } }) as PausedState;
    expect(paused.status).toBe("paused");
    const state = paused.resume({ fuel: Infinity }) as SuspendedState;
    expect(state.calls).toHaveLength(1);
    expect((state.resume("late") as CompleteState).output).toEqual([1000, "late"]);
  });
  it("counts host calls and fuel from the start", () => {
    const state = suspended("await f(); await f()", ASYNC);
    const next = state.resume() as SuspendedState;
    expect(next.usage.hostCalls).toBe(2);
    expect(next.usage.fuel).toBeGreaterThan(state.usage.fuel);
    next.dispose();
  });
  it("does not share machines with others", () => {
    const states = Array.from(
      { length: 12 },
      (_, i) => runtime.compile(`const mine = ${i}; mine + await f()`, ASYNC).start() as SuspendedState,
    );
    expect(states.map((state, i) => (state.resume(i * 100) as CompleteState).output)).toEqual(
      states.map((_, i) => i * 101),
    );
  });
});

describe("a state that cannot be used", () => {
  const waiting = (): SuspendedState =>
    runtime.compile("await ask(1)", { externals: ["ask"], filename: "a.js" }).start() as SuspendedState;
  const problemOf = (work: () => unknown): unknown => {
    const { message, reason } = thrownBy(work) as StateError;
    return [reason, message];
  };

  it("says whether it was resumed, disposed or is being driven", async () => {
    const resumed = waiting();
    resumed.resume(2);
    const again =
      "this state was already resumed, and it is complete: to go on from it twice, fork() it or take a snapshot before you resume";
    expect(problemOf(() => resumed.resume(2))).toEqual(["resumed", again]);
    const disposed = waiting();
    disposed.dispose();
    expect(problemOf(() => disposed.snapshot())).toEqual([
      "disposed",
      "this state cannot be used any more: it was disposed",
    ]);
    const driven = waiting();
    const end = driven.run({ tools: { ask: async () => 3 } });
    expect(problemOf(() => driven.snapshot())).toEqual([
      "running",
      expect.stringContaining("is being driven") as string,
    ]);
    expect((await end).output).toBe(3);
    expect(problemOf(() => driven.snapshot())).toMatchObject({ 0: "resumed" });
  });

  it("names the limit to raise", () => {
    const loop = runtime.compile("for (;;);", { filename: "a.js" });
    expect(() => loop.start({ limits: { timeMs: 5 } })).toThrow(
      /^limit exceeded: timeMs \(.*\)\. To allow more, raise limits\.timeMs$/,
    );
  });
});
