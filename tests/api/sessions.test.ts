// Sessions: chunks that share a realm, errors in between, forks, snapshots.

import { describe, expect, it } from "vitest";
import {
  StateError,
  type CompleteState,
  type GuestError,
  type PausedState,
  type Session,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

function run(session: Session, chunk: string): unknown {
  return (session.start(chunk) as CompleteState).output;
}

describe("a session", () => {
  it("keeps top-level bindings from chunk to chunk", () => {
    const session = runtime.session();
    run(session, "let a: number = 1; const b = 2; var c = 3; function d(x: number) { return x + a } class E { v = b }");
    expect(run(session, "a += 10; [a, b, c, d(1), new E().v]")).toEqual([11, 2, 3, 12, 2]);
    session.start("globalThis.g = () => a");
    expect(run(session, "a++; g()")).toBe(12);
  });
  it("awaits at the top of a chunk, and keeps what was bound there", async () => {
    const session = runtime.session({ externals: ["f"] });
    await session.run("const answer = await f(20)", { tools: { f: (n: number) => n + 1 } });
    expect(run(session, "answer * 2")).toBe(42);
  });
  it("outlives errors, with what was bound before", () => {
    const session = runtime.session();
    run(session, "let kept = 1");
    const error = thrownBy(() => run(session, "kept = 2;\nmissing()")) as GuestError;
    expect(error).toMatchObject({ guestName: "ReferenceError", filename: "chunk-2.ts", line: 2 });
    expect(() => run(session, "let 1")).toThrow();
    expect(run(session, "kept")).toBe(2);
    expect(thrownBy(() => session.start("while (true) {}", { limits: { fuel: 100, onFuel: "fail" } }))).toMatchObject({
      limit: "fuel",
    });
    expect((session.start("kept + 1", { limits: { fuel: Infinity } }) as CompleteState).output).toBe(3);
  });
  it("can be written after a chunk that failed", () => {
    const failures = [
      "kept = 2; missing()",
      "let kept = 3",
      "await Promise.reject(new Error('x'))",
      "Promise.reject(new Error('x')); 1",
      "throw 5",
      "while (true) {}",
      "let 1",
    ];
    for (const failure of failures) {
      const session = runtime.session({ limits: { fuel: 1000, onFuel: "fail" } });
      run(session, "let kept = 1");
      expect(() => session.start(failure)).toThrow();
      const again = runtime.session({ from: runtime.load(session.snapshot().dump()) });
      expect(again.state()).toBeUndefined();
      expect(run(again, "kept++; kept")).toBe(run(session, "kept++; kept"));
      expect(runtime.load(session.snapshot().dump()).restore()).toMatchObject({ status: "complete" });
    }
  });
  it("binds inputs and externals for one chunk and those after it", async () => {
    const session = runtime.session();
    expect((session.start("x * 2", { inputs: { x: 21 } }) as CompleteState).output).toBe(42);
    expect(run(session, "x")).toBe(21);
    const { output } = await session.run("twice(x)", {
      externals: { twice: "sync" },
      tools: { twice: (n: number) => n * 2 },
    });
    expect(output).toBe(42);
    expect((session.start("twice(1)") as SuspendedState).calls).toMatchObject([{ name: "twice", args: [1] }]);
  });
  it("waits for a chunk to be complete before the next", () => {
    const session = runtime.session({ externals: ["f"] });
    const state = session.start("const v = await f()") as SuspendedState;
    expect(() => session.start("1")).toThrow(StateError);
    expect(state.resume(5).status).toBe("complete");
    expect(run(session, "v")).toBe(5);
  });
  it("forgets a chunk that failed or was disposed, with the calls it had made", () => {
    const session = runtime.session({ externals: ["f"] });
    expect(() => session.start("let a = 1; f('lost'); throw new Error('x')")).toThrow("x");
    expect(run(session, "a")).toBe(1);
    const state = session.start("a = 2; await f('dropped'); a = 3") as SuspendedState;
    state.dispose();
    expect(() => state.resume()).toThrow(StateError);
    expect(run(session, "a")).toBe(2);
    const paused = session.start("while (true) a++", { limits: { fuel: 10 } });
    expect(() => session.start("a")).toThrow(/not complete/);
    (paused as PausedState).dispose();
    expect((session.start("a > 2", { limits: { fuel: Infinity } }) as CompleteState).output).toBe(true);
  });
  it("can be snapshotted while a chunk waits, and continues with that chunk", () => {
    const session = runtime.session({ externals: { ask: "sync" } });
    run(session, "let log = []");
    session.start("log.push(ask('name?')); log");
    const again = runtime.session({ from: runtime.load(session.snapshot().dump()) });
    const waiting = again.state() as SuspendedState;
    expect(waiting.calls).toMatchObject([{ name: "ask", args: ["name?"] }]);
    expect((waiting.resume("Ada") as CompleteState).output).toEqual(["Ada"]);
    expect(again.state()).toBeUndefined();
    expect(run(again, "log.length")).toBe(1);
  });
  it("counts output and fuel over all chunks", () => {
    const session = runtime.session();
    session.start("console.log('a')");
    const second = session.start("console.log('b')");
    expect(second.stdout).toBe("a\nb\n");
  });
  it("can be forked", () => {
    const session = runtime.session();
    run(session, "let n = 1; const list = [1]");
    const fork = session.fork();
    run(session, "n = 100; list.push(2)");
    expect(run(fork, "n++; list.push(9); [n, list]")).toEqual([2, [1, 9]]);
    expect(run(session, "[n, list]")).toEqual([100, [1, 2]]);
    fork.dispose();
    expect(() => fork.start("1")).toThrow(/disposed/);
    expect(run(session, "n")).toBe(100);
  });
  it("can be written and opened again elsewhere", async () => {
    const session = runtime.session({ externals: { ask: "sync" } });
    run(
      session,
      "let n = 41; const m = new Map([['k', { deep: [1] }]]); class P { #s = 7; get s() { return this.#s } } const p = new P()",
    );
    const bytes = session.snapshot().dump();
    const other = await testRuntime();
    for (let i = 0; i < 2; i++) {
      const again = other.session({ from: other.load(bytes) });
      expect(run(again, "n++; m.get('k').deep.push(n); [n, m, p.s]")).toEqual([
        42,
        new Map([["k", { deep: [1, 42] }]]),
        7,
      ]);
      const { output } = await again.run("ask(n)", { tools: { ask: (n: number) => n * 2 } });
      expect(output).toBe(84);
    }
  });
  it("takes JavaScript where the runtime has no TypeScript", async () => {
    const plain = await testRuntime({ typescript: false });
    const session = plain.session();
    expect(run(session, "let a = 1; a")).toBe(1);
    expect((session.start("a + 1") as CompleteState).output).toBe(2);
  });
});
