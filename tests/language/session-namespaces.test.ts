// Chunks of a session whose namespaces, enums, classes and functions are parts of one, as they would be in one file of TypeScript.
import { describe, expect, it } from "vitest";
import { type CompleteState, CompileError, type Session } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

const run = (session: Session, chunk: string): unknown => (session.start(chunk) as CompleteState).output;

/** The output of the last chunk; `between` may replace the session after each chunk. */
function last(chunks: readonly string[], between: (session: Session) => Session = (session) => session): unknown {
  let session = runtime.session();
  let output: unknown;
  for (const chunk of chunks) {
    output = run(session, chunk);
    session = between(session);
  }
  return output;
}

const CASES: Record<string, readonly [chunks: readonly string[], expected: unknown]> = {
  "a namespace sees what another part exports": [
    ["namespace N { export const a = 1 }", "namespace N { export const b = a + 1 }", "[N.a, N.b].join()"],
    "1,2",
  ],
  "it sees the value of now": [
    ["namespace N { export let a = 1 }", "N.a = 7", "namespace N { export const b = a }", "N.b"],
    7,
  ],
  "it writes to the other part": [
    ["namespace N { export function f() { return a } export let a = 1 }", "namespace N { a = 5 }", "N.f()"],
    5,
  ],
  "what a part does not export stays its own": [
    ["namespace N { const own = 1 }", "namespace N { export const a = typeof own }", "N.a"],
    "undefined",
  ],
  "nested namespaces": [
    [
      "namespace A.B { export const c = 1 }",
      "namespace A { export const d = B.c + 1 }",
      "namespace A.B { export const e = c + d }",
      "A.B.e",
    ],
    3,
  ],
  patterns: [
    ["namespace N { export const { x, y: [z] } = { x: 1, y: [2] } }", "namespace N { export const c = x + z }", "N.c"],
    3,
  ],
  "an enum goes on": [["enum E { A, B }", "enum E { C = 2, D }", "[E.A, E.D, E[2], E[0]].join()"], "0,3,C,A"],
  "members of the other part are known": [
    ["enum E { A = 1 << 3 }", "enum E { B = A | 1, C }", "[E.B, E.C].join()"],
    "9,10",
  ],
  "of strings too": [['enum S { A = "x" }', "enum S { B = `${A}y` }", "S.B"], "xy"],
  "of const enums too": [["const enum E { A = 1 }", "enum F { B = E.A + 1 }", "F.B"], 2],
  "a namespace of a class": [
    ["class C { m() { return 1 } }", "namespace C { export const x = 2 }", "new C().m() + C.x"],
    3,
  ],
  "a namespace of a function": [["function f() { return 1 }", "namespace f { export const x = 2 }", "f() + f.x"], 3],
  "an alias": [["namespace N { export namespace M { export const a = 4 } }", "import M = N.M", "M.a"], 4],
  "types and ambient declarations leave nothing": [
    [
      "interface I { a: number }",
      "declare const q: number; declare namespace D { const z: number }",
      "const i: I = { a: 1 }; [i.a, typeof q, typeof D].join()",
    ],
    "1,undefined,undefined",
  ],
  "chunks of JavaScript in between": [
    [
      "namespace N { export const a = 1 }",
      "var x = [1, 2].map((y) => y < 2 ? y : 0)",
      "namespace N { export const b = a + x[0] }",
      "N.b",
    ],
    2,
  ],
};

describe("namespaces and enums over chunks", () => {
  it.each(Object.entries(CASES))("%s", (_name, [chunks, expected]) => {
    expect(last(chunks)).toBe(expected);
  });

  it.each(Object.entries(CASES))("%s, through a snapshot after each chunk", (_name, [chunks, expected]) => {
    const again = (session: Session): Session => runtime.session({ from: runtime.load(session.snapshot().dump()) });
    expect(last(chunks, again)).toBe(expected);
    expect(last(chunks, (session) => session.fork())).toBe(expected);
  });

  it("a chunk that does not compile declares nothing", () => {
    const session = runtime.session();
    run(session, "namespace N { export const a = 1 }");
    expect(
      thrownBy(() => session.start("namespace N { export const b = 2 } namespace M { export const c = 3 } let let")),
    ).toBeInstanceOf(CompileError);
    run(session, "namespace M { export const d = typeof c } namespace N { export const e = typeof b + a }");
    expect(run(session, "M.d + N.e")).toBe("undefinedundefined1");
  });

  it("a fork goes its own way", () => {
    const session = runtime.session();
    run(session, "enum E { A = 1 }");
    const fork = session.fork();
    run(fork, "enum E { B = 5 }");
    run(session, "enum E { B = 2 }");
    expect([run(session, "enum E { C = B } E.C"), run(fork, "enum E { C = B } E.C")]).toEqual([2, 5]);
  });
});
