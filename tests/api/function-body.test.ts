// Programs of type "function-body": `return` and `await` at the top, positions as written, everything else as in a function.

import { describe, expect, it } from "vitest";
import type { CompileError, GuestError, PausedState, SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const other = await testRuntime();
const LANGUAGES = ["body.js", "body.ts"] as const;

async function output(source: string, filename = "body.js", options: object = {}): Promise<unknown> {
  return (await runtime.compile(source, { filename, type: "function-body", ...options }).run()).output;
}

describe("a function body", () => {
  it.each(LANGUAGES)("returns its output, from anywhere (%s)", async (filename) => {
    expect(await output("const a = 1;\nreturn { a };", filename)).toEqual({ a: 1 });
    expect(await output("for (const x of [1, 2]) { try { if (x > 1) return x } finally { x } }", filename)).toBe(2);
    expect(await output("switch (1) { case 1: return 'one' } return 'two'", filename)).toBe("one");
    expect(await output("return Promise.resolve(4)", filename)).toBe(4);
    expect(await output("return\n1", filename)).toBeUndefined();
    expect(await output("1 + 1", filename)).toBeUndefined();
    expect(await output("// nothing", filename)).toBeUndefined();
    expect(await output("return 1 // at the end", filename)).toBe(1);
    expect(await output("#!/usr/bin/env node\nreturn 2", filename)).toBe(2);
  });

  it("awaits at its top", async () => {
    const program = runtime.compile(
      "const [a, b]: number[] = await Promise.all([f(1), f(2)]); for await (const x of [f(3)]) return a + b + x",
      { type: "function-body", externals: ["f"] },
    );
    expect((await program.run({ tools: { f: async (n: number) => n * 10 } })).output).toBe(60);
    expect(
      await output("await using r = { async [Symbol.asyncDispose]() { seen = 1 } }; let seen = 0; return seen"),
    ).toBe(0);
    const failure = thrownBy(() => runtime.compile("const await = 1; return await", { type: "function-body" }));
    expect(failure).toMatchObject({ name: "CompileError", line: 1 });
  });

  it("keeps what it declares to itself", async () => {
    const source = `var v = 1; function f() { return g() + late } function g() { return v } class C {} const late = 2;
      return [f(), ...["v", "f", "g", "C", "late"].map((name) => typeof globalThis[name]), typeof arguments, this === globalThis]`;
    for (const allowEval of [false, true]) {
      expect(await output(source, "body.js", { allowEval })).toEqual([3, ...Array<string>(6).fill("undefined"), true]);
    }
    expect(
      await output("let k = 1; eval('k = 4; var made = 5'); return [k, made, typeof globalThis.made]", "body.js", {
        allowEval: true,
      }),
    ).toEqual([4, 5, "undefined"]);
    expect(await output('"use strict"; return (function () { return this })()')).toBeUndefined();
  });

  it("may declare names of its inputs and host functions again", () => {
    const program = runtime.compile("const city = 'Rome', tools = 2; return [city, tools]", {
      type: "function-body",
      inputs: ["city"],
      externals: ["tools"],
    });
    expect(program.start({ inputs: { city: "Oslo" } })).toMatchObject({ output: ["Rome", 2] });
  });

  it("has dead zones where a function has them", () => {
    const error = thrownBy(() =>
      runtime.compile("f();\nlet x = 1;\nfunction f() { return x }", { type: "function-body" }).start(),
    ) as GuestError;
    expect(error.message).toBe("ReferenceError: Cannot access 'x' before initialization");
  });

  it.each(LANGUAGES)("keeps positions and stacks (%s)", (filename) => {
    const error = thrownBy(() =>
      runtime
        .compile("return f();\nfunction f() {\n  throw new Error('hi')\n}", { filename, type: "function-body" })
        .start(),
    ) as GuestError;
    expect(error).toMatchObject({ filename, line: 3, column: 9 });
    expect(error.guestStack).toBe(`Error: hi\n    at f (${filename}:3:9)\n    at ${filename}:1:8`);
    const syntax = thrownBy(() => runtime.compile("return 1\n}", { filename, type: "function-body" })) as CompileError;
    expect(syntax).toMatchObject({ name: "CompileError", message: "Unexpected token '}'", line: 2, column: 1 });
  });

  it("is TypeScript too", async () => {
    const source = `interface Row { n: number } enum Size { S = 3 } namespace N { export const k = 2 }
      const row = { n: 1 } satisfies Row as Row; return <number>row!.n + Size.S + N.k`;
    expect(await output(source, "body.ts")).toBe(6);
  });

  it("names the alternative to import and export", async () => {
    const messageOf = (source: string): string =>
      (thrownBy(() => runtime.compile(source, { type: "function-body" })) as CompileError).message;
    expect(messageOf("import x from 'y'; return x")).toBe("A function body cannot import: use `await import(…)`");
    expect(messageOf("export const x = 1")).toBe("A function body cannot export: return the value");
    const program = runtime.compile("return (await import('y')).a", { type: "function-body" });
    expect((await program.run({ loader: () => "export const a = 7" })).output).toBe(7);
  });

  it("travels in snapshots, and shows where it is", () => {
    const state = runtime
      .compile("let n = 1;\nn += await f(n);\nreturn n", { type: "function-body", externals: ["f"] })
      .start() as SuspendedState;
    const snapshot = other.load(state.snapshot().dump());
    expect(snapshot.inspect()).toMatchObject({ status: "suspended", calls: [{ name: "f", args: [1] }] });
    expect(snapshot.resume(41)).toMatchObject({ status: "complete", output: 42 });
  });

  it("can be stepped through", () => {
    const steps = (source: string, type: "script" | "function-body"): unknown => {
      let state = runtime.compile(source, { type, step: true }).start({ limits: { fuel: 1 } });
      const lines: (number | undefined)[] = [];
      while (state.status === "paused") {
        lines.push(state.snapshot().inspect().frames[0]?.line);
        state = (state as PausedState).resume({ fuel: 1 });
      }
      expect(state).toMatchObject({ output: 2 });
      return lines;
    };
    expect(steps("let n = 1;\nn++;\nreturn n", "function-body")).toEqual([2, 3]);
    expect(steps("let n = 1;\nn++;\nn", "script")).toEqual([2, 3]);
  });

  it("is refused as a chunk of a session, as is an unknown type", () => {
    const session = runtime.session();
    expect(() => session.start("return 1", { type: "function-body" as "script" })).toThrow(/cannot be of type/);
    expect(session.start("1 + 1")).toMatchObject({ output: 2 });
    expect(() => runtime.compile("1", { type: "function" as "script" })).toThrow(/type must be "script", "module" or/);
    expect(() => runtime.compile("return 1")).toThrow("Illegal return statement");
  });
});
