// TypeScript inside the machine: that what has a run-time meaning runs, and that errors stand at the line and column of the source,
// whatever was taken out or put in before them on the same line.

import { describe, expect, it } from "vitest";
import { CompileError, GuestError } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

const run = async (source: string): Promise<unknown> =>
  (await runtime.compile(source, { filename: "a.ts" }).run()).output;

/** Where a program fails, and where its innermost frames stand. */
async function failure(source: string): Promise<{ line: number; column: number; stack: string }> {
  const error = (await run(source).catch((e: unknown) => e)) as GuestError;
  expect(error).toBeInstanceOf(GuestError);
  return { line: error.line!, column: error.column!, stack: error.guestStack ?? "" };
}

/** Line and column, from 1, of `mark` in a source. */
function placeOf(source: string, mark: string): { line: number; column: number } {
  const before = source.slice(0, source.indexOf(mark)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

describe("programs", () => {
  it.each<[string, string, unknown]>([
    [
      "enums",
      "enum E { A = 1, B = A << 2, C = 'c', D = C + 'd' } const enum F { X = E.B } [E.A, E[4], E.D, F.X]",
      [1, "B", "cd", 4],
    ],
    ["merged enums", "enum E { A } enum E { B = 5 } JSON.stringify(E)", '{"0":"A","5":"B","A":0,"B":5}'],
    [
      "namespaces",
      "namespace A.B { export let n = 1; export const up = () => ++n >= 2; } namespace A { export const seen = B.n } A.B.n = 5; [A.B.up(), A.B.n, A.seen]",
      [true, 6, 1],
    ],
    ["namespaces on functions", "function f(): number { return f.n } namespace f { export const n = 3 } f()", 3],
    [
      "parameter properties and fields",
      "class P { constructor(protected readonly a: number) {} } class A extends P { b = this.a; constructor(public c: number, d = 2) { super(c + d); } } JSON.stringify(new A(1))",
      '{"a":3,"c":1,"b":3}',
    ],
    [
      "abstract classes and overloads",
      "abstract class A { abstract m(): string; declare x: number; n(a: string): void; n(a: number): void; n(a: any) { return this.m() + a } } class B extends A { override m() { return 'b' } } [new B().n(1), 'x' in new B()]",
      ["b1", false],
    ],
    [
      "casts over lines",
      "const f = () => { return <any>\n5 }; const g = () => { return <T\n>(x: T): T => x }; [f(), g()(6)]",
      [5, 6],
    ],
    [
      "accessors with types",
      "class A { accessor x: number = 1; static accessor y: string | undefined; accessor z!: number } const a = new A(); a.x += 1; [a.x, A.y, a.z]",
      [2, undefined, undefined],
    ],
    [
      "decorators with types",
      "const d = <T extends Function>(f: T, c: ClassMethodDecoratorContext) => function (this: any, ...a: any[]): any { return [c.name, f.apply(this, a)] }; class A { @d m<T>(x?: T): T | undefined { return x } } new A().m<number>(3)",
      ["m", 3],
    ],
    [
      "using with types",
      "const log: string[] = []; { using a: Disposable = { [Symbol.dispose](): void { log.push('a') } }; await using b: AsyncDisposable | null = null; } log",
      ["a"],
    ],
  ])("%s", async (_name, source, expected) => {
    expect(await run(source)).toEqual(expected);
  });
});

describe("an error keeps its place after", () => {
  it.each<[string, string]>([
    ["annotations", "let a: Map<string, number[]> | undefined; const b = (a as any)!.size"],
    ["an enum", "enum E { A = 1, B, C = `c` } const x: any = null; x.size"],
    ["an exported const enum", "{ const enum E { A } ; } const x = undefined as any; x.size"],
    ["enums of several lines", "enum E {\n  A = 1,\n  B = A << 1, } const x: any = null; x.size"],
    ["a namespace", "namespace N { export const a: number = 1; export let b = a } const x: any = null; x.size"],
    [
      "dotted and merged namespaces",
      "namespace A.B { export const a = 1 } namespace A.B { export const b = a + 1 } const x: any = A.B.b; x.y.size",
    ],
    [
      "a namespace merged with a class",
      "class K<T> {} namespace K { export enum E { A } } const x: any = null; x.size",
    ],
    [
      "parameter properties",
      "class A { constructor(private a: number, public readonly b = 2) {} } const x: any = null; x.size",
    ],
    [
      "parameter properties, in the constructor",
      "class A { constructor(public a: any, private b?: string) { a.size } } new A(null)",
    ],
    [
      "parameter properties behind super",
      "class P {} class A extends P { constructor(public a: any) { super(); a.size } } new A(null)",
    ],
    ["a cast of a returned value", "const f = (x: any) => { return <number>\n  x.size }; f(null)"],
    ["decorators and accessors", "const d: any = () => {}; class A { @d accessor x: number = 1; @d() y?: string }"],
    [
      "what is inside of a namespace",
      "namespace N { export const a: number = 1; export function f(x: any): number { return a + x.size } } N.f(null)",
    ],
    ["an initialiser of an enum", "const x: any = null; enum E { A = 1, B = x.size }"],
    [
      "a field initialiser",
      "class A { a: number = 1; constructor(public b: any) {} c: any = this.b.size } new A(null)",
    ],
  ])("%s", async (_name, source) => {
    // The property read of nothing, or the decorator that is none.
    const mark = /\.size/.test(source) ? "size" : "@d()";
    const { line, column, stack } = await failure(source);
    const expected = placeOf(source, mark);
    expect([line, column]).toEqual([expected.line, expected.column]);
    expect(stack).toContain(`a.ts:${expected.line}:`);
  });

  it("in every frame of a stack", async () => {
    const source = `enum E { A } function inner(x: any): void { x.size }\nnamespace N { export const go = (x: any): void => { inner(x) } }  class A { constructor(private x: any) { N.go(x) } }\n/* */ new A(null)`;
    const { stack } = await failure(source);
    const frames = [...stack.matchAll(/a\.ts:(\d+):(\d+)/g)].map(([, line, column]) => [Number(line), Number(column)]);
    const places = ["size", "inner(x) }", "go(x) }", "new A(null)"].map((mark) => placeOf(source, mark));
    expect(frames.slice(0, 4)).toEqual(places.map(({ line, column }) => [line, column]));
  });

  it("when the source does not compile", () => {
    for (const [source, line, column] of [
      ["enum E { A } let a = 1; let a = 2", 1, 29],
      ["namespace N { export const a = 1 }\nclass A { constructor(private b: string) {} constructor() {} }", 2, 45],
      ["const x: number = ;", 1, 19],
      ["type A = 1; enum E { A } return 1", 1, 26],
    ] as const) {
      const error = thrownBy(() => runtime.compile(source, { filename: "a.ts" })) as CompileError;
      expect(error).toBeInstanceOf(CompileError);
      expect([error.line, error.column], source).toEqual([line, column]);
      expect(error.codeFrame).toContain(source.split("\n")[line - 1]!.slice(0, 20));
    }
  });
});

describe("syntax that is refused", () => {
  it.each<[string, string, RegExp]>([
    ["import = require", "import a = require('b'); a()", /require/],
    ["export =", "const a = 1; export = a", /export =/],
    ["JSX", "const a = <div>text</div>", /JSX is not supported/],
    ["decorators on parameters", "class A { m(@d x: number) {} }", /decorators on parameters are not supported/],
  ])("%s", (_name, source, message) => {
    const error = thrownBy(() => runtime.compile(source, { filename: "a.ts" })) as CompileError;
    expect(error).toBeInstanceOf(CompileError);
    expect(error.message).toMatch(message);
    expect(error.filename).toBe("a.ts");
  });

  it(".tsx files", () => {
    expect(() => runtime.compile("1", { filename: "a.tsx" })).toThrow(/JSX is not supported/);
  });
});
