// Sessions in which names may be declared again, as in a browser's console.

import { describe, expect, it } from "vitest";
import type { CompleteState, Session, SuspendedState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const other = await testRuntime();

function run(session: Session, chunk: string, filename?: string): unknown {
  return (session.start(chunk, { filename }) as CompleteState).output;
}

describe.each(["javascript", "typescript"] as const)("redeclare (%s)", (language) => {
  const open = (): Session => runtime.session({ redeclare: true, language });

  it("lets every kind of declaration follow every other", () => {
    const kinds: Record<string, string> = {
      let: "let x = V; x",
      const: "const x = V; x",
      class: "class x { static v = V } x.v",
      var: "var x = V; x",
      function: "function x() { return V } x()",
      pattern: "const { x, ...rest } = { x: V, y: 1 }; x",
    };
    for (const first of Object.values(kinds)) {
      for (const second of Object.values(kinds)) {
        const session = open();
        expect(run(session, first.replace("V", "1"))).toBe(1);
        expect(run(session, second.replace("V", "2"))).toBe(2);
        expect(run(session, first.replace("V", "3"))).toBe(3);
        expect(run(session, "typeof x")).not.toBe("undefined");
      }
    }
  });

  it("takes the name over for functions that mention it, whatever they have cached", () => {
    const session = open();
    run(
      session,
      "let n = 1; var v = 10; const get = () => n + v; const set = (m) => { n = m }; for (let i = 0; i < 100; i++) get();",
    );
    expect(run(session, "let n = 2; get()")).toBe(12);
    expect(run(session, "const v = 20; get()")).toBe(22);
    run(session, "set(5)");
    expect(run(session, "get()")).toBe(25);
    run(session, "const n = 7");
    expect(run(session, "let seen; try { set(1) } catch (e) { seen = e.message } [seen, get()]")).toEqual([
      "Assignment to constant variable.",
      27,
    ]);
    expect(run(session, "var n = 8; set(9); [get(), globalThis.n]")).toEqual([29, 9]);
  });

  it("has a dead zone before each declaration", () => {
    const session = open();
    run(session, "let n = 1; const get = () => n; get(); get();");
    expect(() => run(session, "get(); let n = 2;")).toThrow("Cannot access 'n' before initialization");
    expect(run(session, "let n = 3; get()")).toBe(3);
    expect(() => run(session, "const n = missing()")).toThrow("missing is not defined");
    expect(run(session, "const n = 4; get()")).toBe(4);
  });

  it("still refuses two declarations in one chunk, and what no script can declare", () => {
    const session = open();
    expect(() => run(session, "let a = 1; let a = 2")).toThrow(/already been declared/);
    expect(() => run(session, "let undefined = 1")).toThrow(/already been declared/);
    expect(() => run(session, "function NaN() {}")).toThrow(/cannot be declared/);
    expect(run(session, "const a = 5; a")).toBe(5);
    const plain = runtime.session({ language });
    run(plain, "let a = 1");
    expect(() => run(plain, "let a = 2")).toThrow("Identifier 'a' has already been declared");
  });

  it("works over awaits, forks and snapshots", () => {
    const session = runtime.session({ redeclare: true, language, externals: ["f"] });
    run(session, "let n = 1; const get = () => n;");
    const state = session.start("const n = await f(); get()") as SuspendedState;
    const fork = session.fork();
    const later = other.session({ from: other.load(session.snapshot().dump()), redeclare: true, language });
    expect(state.resume(2)).toMatchObject({ output: 2 });
    expect((fork.state() as SuspendedState).resume(3)).toMatchObject({ output: 3 });
    expect((later.state() as SuspendedState).resume(4)).toMatchObject({ output: 4 });
    for (const one of [session, fork, later]) expect(run(one, "class n {} get() === n")).toBe(true);
  });

  it("stays quick with many names", () => {
    const session = open();
    const chunk = Array.from({ length: 500 }, (_, i) => `let name${i} = ${i};`).join("");
    const usage = [0, 1, 2, 3].map(() => {
      const before = session.start("0").usage.fuel;
      return session.start(chunk).usage.fuel - before;
    });
    expect(usage[3]! / usage[0]!).toBeLessThan(1.5);
    expect(run(session, "name499 + name0")).toBe(499);
  });
});

describe("redeclare in TypeScript", () => {
  it("covers what types are written with", () => {
    const session = runtime.session({ redeclare: true });
    run(session, "interface A { n: number } type B = A; const a: A = { n: 1 }; enum E { One = 1 }");
    expect(run(session, "interface A { n: string } const a: A = { n: 'x' }; enum E { Two = 2 } [a.n, E.Two]")).toEqual([
      "x",
      2,
    ]);
  });
});
