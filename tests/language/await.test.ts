// `await` at the top of a program: it waits whatever is behind it, in JavaScript and TypeScript, in programs and in the chunks of sessions,
// and it is a name where the program can only mean a name.

import { describe, expect, it } from "vitest";
import { CompileError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const LANGUAGES = ["javascript", "typescript"] as const;

const WAITS: readonly (readonly [source: string, output: unknown])[] = [
  ["await (async () => 3)()", 3],
  ["async function main() { return 7 } String(await (main()))", "7"],
  ["await [Promise.resolve(4)][0]", 4],
  ["await (Promise.resolve(1)), await (Promise.resolve(2))", 2],
  ["await -(1)", -1],
  ["await +'1'", 1],
  ["let n = 1; await ++n", 2],
  ["await /b/.exec('abc').index", 1],
  ["await `t${1}`", "t1"],
  ["await (await (Promise.resolve(Promise.resolve(5))))", 5],
  ["await\n(Promise.resolve(6))", 6],
  ["[await (Promise.resolve(1)), ...await [2, 3]]", [1, 2, 3]],
  ["({ [await ('k')]: await (1) })", { k: 1 }],
  ["`${await (1)}${`${await [2]}`}`", "12"],
  ["let sum = 0; for await (const n of [Promise.resolve(1), 2]) sum += n; sum", 3],
  ["let out = 0; { if (true) { out = await (Promise.resolve(1)) } } out", 1],
  ["let out = 0; try { throw await (1) } catch (e) { out = e } finally { out += await (1) } out", 2],
  ["let i = 0; do i += await (1); while (await (i < 3)); i", 3],
  ["let out; switch (await (2)) { case await [2][0]: out = 'two' } out", "two"],
  ["const { a = await (8) } = {}; a", 8],
  ["class A { [await ('m')]() { return 9 } } new A().m()", 9],
  ["class A extends (await (Array)) {} new A().length", 0],
  ["label: await (1)", 1],
  ["delete await (1)", true],
  ["(await (x => x + 1))(2)", 3],
  ["function f(await) { return await + 1 } await (f(1))", 2],
  ["function f() { var await = x => x + 1; return await (4) } await (f())", 5],
  ["const o = { await: 1 }; o.await + await (1)", 2],
  ["'use strict'; await (this === globalThis)", true],
];

const NAMES: readonly (readonly [source: string, output: unknown])[] = [
  ["var await = x => x + 1; await (4)", 5],
  ["let await = [7]; await [0]", 7],
  ["function await(x) { return x * 2 } await (4)", 8],
  ["await = x => x + 1; await (4)", 5],
  ["await: for (;;) { break await; } 1", 1],
  ["const f = await => await + 1; f(1)", 2],
  ["const f = (await, b) => await + b; f(1, 2)", 3],
  ["typeof await", "undefined"],
  ["'x' in { await: 1 } || typeof await", "undefined"],
  ["({ await() { return 1 } }).await()", 1],
  ["class await {} await.name", "await"],
  ["for (var await of [1, 2]); await", 2],
];

const MISTAKES: readonly (readonly [source: string, message: string, column: number])[] = [
  [
    "function f() { return await g() }",
    "await is only valid in async functions and the top level bodies of modules",
    23,
  ],
  ["function f() { g(await h()) }", "await is only valid in async functions and the top level bodies of modules", 18],
  ["() => await x", "await is only valid in async functions and the top level bodies of modules", 7],
  ["await (1); return 1", "Illegal return statement", 12],
  ["await (1) +", "Unexpected end of input", 12],
  ["await (1); let a; let a", "Identifier 'a' has already been declared", 23],
];

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

describe.each(LANGUAGES)("in %s", (language) => {
  it.each(WAITS)("waits: %s", async (source, output) => {
    const program = runtime.compile(source, { language });
    expect(plain((await program.run()).output)).toEqual(output);
  });

  it.each(NAMES)("is a name: %s", async (source, output) => {
    const program = runtime.compile(source, { language });
    expect((await program.run()).output).toEqual(output);
  });

  it("is the same in the chunks of a session", async () => {
    const session = runtime.session();
    await session.run("const one = async () => 1; function f(await) { return await }", { language });
    expect((await session.run("await (one()) + f(1)", { language })).output).toBe(2);
    expect((await session.run("await [one()][0]", { language })).output).toBe(1);
  });

  it("is not a name in a module", async () => {
    const source = "export default 1; let out = await (Promise.resolve(2)); out";
    expect((await runtime.compile(source, { language, type: "module" }).run()).output).toBe(2);
    expect(() => runtime.compile("var await = 1; export {}", { language, type: "module" })).toThrow(CompileError);
  });
});

it("shows where a mistake is", () => {
  for (const [source, message, column] of MISTAKES) {
    try {
      runtime.compile(source, { language: "javascript" });
      expect.unreachable(source);
    } catch (error) {
      expect(error).toBeInstanceOf(CompileError);
      const { guestMessage, message: text, line, column: at } = error as CompileError & { guestMessage?: string };
      expect([(guestMessage ?? text).includes(message), line, at]).toEqual([true, 1, column]);
    }
  }
});

it("does not make a program wait that awaits in its functions only", () => {
  const state = runtime.compile("let log = []; async function f() { await (1); log.push(1) } f(); log.length").start();
  expect(state.status === "complete" && state.output).toBe(0);
});

it("does not wait in code from strings", async () => {
  const source =
    "let out = []; try { eval('await (1)') } catch (e) { out.push(e.name) } try { eval('await 1') } catch (e) { out.push(e.name) } out";
  const { output } = await runtime.compile(source, { allowEval: true }).run();
  expect(output).toEqual(["ReferenceError", "SyntaxError"]);
});
