// Owns the cases in which it matters what names mean: merged namespaces, enums that TypeScript computes, and the constructs that look like
// something else. Must never hold a program without an `out(…)`, as those of cases.ts.

import type { Case } from "./cases.ts";

export const grammar: readonly Case[] = [
  [
    "parentheses and an arrow in a conditional",
    "const ok = false, x = 1; const p: any = ok ? (x) : z => z + 1; out(p(1)); const q: any = !ok ? (x) : (z: number) => z; out(q)",
  ],
  [
    "assignment in parentheses and an arrow in a conditional",
    "let a = true, b: any, c = 2; const d = a ? (b = c) : e => e, f: any = !a ? (b = c) : (e, g = 1): number => e + g; out(d, b, f(1))",
  ],
  [
    "arrows with return types in a conditional",
    "const a = false; const f: any = a ? (b): number => b : a ? (c) : (d): number => d + 1; out(f(1)); const g: any = a ? async (b) : (c) => c; out(g(2))",
  ],
  [
    "as a keyword type, then a comparison",
    "const v: unknown = 3; out(v as number < 5, v as any < 1, v as any as number > 2)",
  ],
  [
    "labels of tuples that are keywords",
    "type A = [readonly: number]; type B = [keyof: string, infer?: number]; type C = [import: string, unique?: boolean, ...new: any[]]; let x: A = [1]; out(x)",
  ],
  ["a name async with as", "const g = (x: any) => x; function h(async?: any) { return g(async as number) } out(h(2))"],
  [
    "type arguments that are types of generic functions",
    "const f = <T,>(x?: T) => x; out(f<<T>(x: T) => void>(), f<<T>() => Array<<U>(x: U) => T>>(), 1 << 2)",
  ],
  [
    "an instantiation, then as or satisfies",
    "type G<T> = any; const m = Map<string, number> as G<1>; const n = Map<string, number> satisfies G<1>; const o = [Map<string, 1>, Set<1>]; out(m === n, o.length)",
  ],
  [
    "an instantiation, then the next line",
    "const f = Map<string, number>\nlet g = 1\nconst h = Map<string, 1>\n;[g] = [2]; out(f === h, g)",
  ],
  [
    "a constructor whose name is a string",
    "class M { \"constructor\"(protected x: number, private y: string) {} s() { return this.x + this.y } } out(new (M as any)(1, 'b').s())",
  ],
  [
    "parameter properties behind directives and in a try",
    "class A { constructor(public a: number) { 'use strict'; out(this.a) } } class B extends A { constructor(public b: number) { try { super(1) } finally { out(this.b) } } } out(new B(2))",
  ],
  [
    "accessors, marks and modifiers",
    "abstract class A { abstract a: number; b: number = 1; static c?: number; optional?(): void; declare readonly d: string; override e = 1; [k: string]: any; static [k: string]: any; get f(): any { return 2 } abstract get g(): number; readonly #h?: number = 3; i() { return this.#h! } }\nconst a = new (A as any)(); out(a.b, (A as any).c, a.e, a.f, a.i(), Object.keys(a))",
  ],
  ["type predicates of this", "class A { is(): this is { b: 1 } { return true } p?: this is A } out(new A().is())"],
  ["for of with as", "let x; for (x as any of [1, 2]) out(x); for (const y of <any>[3]) out(y)"],
  [
    "assignments to what is asserted",
    "let a: any, o: any = {}; a! = 1; (a as any) += 1; o!.p! ??= 3; a!++; [a!, (o.q as any)] = [4, 5]; out(a, o)",
  ],
  [
    "a conditional over lines whose type has arguments",
    "type A<T> = T extends Array<any> ?\n  T\n  : never; type B<S> = S extends (infer U extends string)[] ? U : S extends (() => infer R extends string) ? R : 1\nout(1)",
  ],
  [
    "a type of a getter that asserts",
    "interface A { get x(): number; set x(v: number); assert(v: any): asserts v; is(v: any): asserts v is 1; new <T>(x: T): A; <T>(x: T): asserts x is T }\nout(1)",
  ],
  [
    "words that look like declarations",
    "var type = 1, namespace = 2, module = 3, declare = 4, abstract = 5, global = 6, using = 7\ntype\nnamespace\nmodule\ndeclare\nabstract\nglobal\nusing\nout(type, namespace, module, declare, abstract, global, using)",
  ],
  [
    "marks in object literals",
    "const a = 1; out({ a, b: <any>2, c<T>(x?: T) { return x }, async d<T>() {}, get e(): number { return 3 } }.e)",
  ],
];

export const containers: readonly Case[] = [
  [
    "a class of its name",
    "namespace A { export class A { v = 1 } export const make = () => new A() } out(A.make().v, new A.A().v)",
  ],
  [
    "a function or a variable of its name",
    "namespace F { export function F() { return 3 } export const k = F() } namespace C { export const C = 4; export const D = C + 1 } out(F.k, C.D)",
  ],
  [
    "parameters and locals of its name",
    "namespace F { export const v = 2; export function g(F: number) { return F + v } export const h = () => { const F = 5; return F + v } } out(F.g(1), F.h())",
  ],
  [
    "names of its name at three levels",
    "namespace A { export const a = 1; export namespace A { export const b = a + 1; export namespace A { export const c = a + b } } export const y = A.A.c } out(A.y, A)",
  ],
  [
    "an enum and a namespace of its name",
    "namespace N { export enum N { a = 1, b } export namespace N { export const c = N.b } } out(N)",
  ],
  [
    "equal names in dotted and nested parts",
    "namespace A.A { export const x = 1 } namespace A { export import B = A.A } out(A.A.x, A.B === A.A)",
  ],
  [
    "parts that export and parts that do not",
    "namespace N { export const a = 1; const b = 2; export const c = b } namespace N { const b = 3; export const d = a + b; { const a = 9; out(a) } } out(N)",
  ],
  [
    "merged with a class, a function and an enum",
    "class C { static z = 1; m() { return C.q } } namespace C { export const q = 2; export let r = q + C.z } function f(): number { return f.n } namespace f { export let n = 3 } enum E { A = 1 } namespace E { export const s = E[A(E.A)] } function A(x: E) { return x } out(new C().m(), C.r, f(), E.s)",
  ],
  [
    "merged enums within merged namespaces",
    "namespace N { export enum E { a = 1, b } } namespace N { export enum E { c = a + 10, d = E.b } export const all = [E.a, E.c, E.d] } out(N.all, N.E)",
  ],
  [
    "declared parts",
    "declare namespace D { const q: number; function f(): void } namespace D { export const r = 1 } namespace M { declare let t: number; export let s = 1; t_ = s } var t_: number; out(D, M, t_)",
  ],
  [
    "only declarations still make an object",
    "namespace N { declare const x: number } out(typeof N); namespace T { interface A {} namespace U { type B = 1 } } out(typeof (globalThis as any).T)",
  ],
  [
    "aliases of types and of values",
    "namespace N { export interface I {} export namespace M { export const v = 1 } } import I = N.I; import M = N.M; import v = M.v; let i: I = {}; out(v, i)",
  ],
  [
    "default values see the parameter's scope",
    "namespace N { export const a = 1; export function f(b = a, c = () => a) { var a = 5; return [b, c(), a] } } out(N.f())",
  ],
  [
    "hoisted variables and functions hide",
    "namespace N { export const a = 1; export function f() { if (true) { var a = 2 } return a } export function g() { return typeof a; function a() {} } } out(N.f(), N.g())",
  ],
  [
    "patterns with defaults",
    "namespace N { export const k = 1; export const { a = k, ...b } = { c: 2 } as any, [d = a] = []; export let { x: { y = d } } = { x: {} } as any } out(N)",
  ],
  [
    "shorthand, decorators and templates",
    "const log: any[] = []; namespace N { export const a = 1; export const d = (x: any) => (..._: any[]) => { log.push(x) }; export const o = { a, [`${a}`]: a } } out(N.o, log)",
  ],
  [
    "no semicolon before",
    "let a = 1\nnamespace N { export let b }\nnamespace N { export const c = a }\n(() => out(N))()",
  ],

  [
    "enum: reserved names",
    "enum E { await = 1, z = await, default = 3, class, yield, 'a b', ['c'] = 7, [`d`] = 8 } out(E)",
  ],
  [
    "enum: strings that are only asserted",
    "enum A { w = 's' as any, x = <any>'t', y = ('u'), z = 'v' satisfies string as any } out({ ...A })",
  ],
  [
    "enum: functions in initialisers",
    "enum E { a = 1, c = ((a: number) => a)(50) as any, d = (() => { const a = 7; return a })(), e = [a].map((c) => c)[0]!, f = ((x = a) => x)() } out(E)",
  ],
  [
    "enum: computed strings",
    "enum E { a = 'x', b = a + 'y', c = `${a}-${b}`, d = `${'q'.length}`, e = 'q'.length + 'z', f = E.a + E['b'] } out(E)",
  ],
  [
    "enum: numbers that are special",
    "enum E { a = -0, b = 1 / 0, c = 0 / 0, d = -1 / 0, e = NaN, f = -Infinity, g = 2 ** 31, h = 1 << 31, i = ~5, j = -5, k, l = 0xff, m = 1_000, n = 1e3 } out(E, Object.is(E.a, 0), E[NaN], E[-5])",
  ],
  [
    "enum: other enums and constants",
    "const k = 5, s = 'q'; enum A { x = 1, y } enum B { x = A.y + 1, y, z = A['x'], w = k, v, t = s + 'r', u = `${A.y}` } namespace N { export const c = 9; export enum D { a = c, b } } out(B, N.D)",
  ],
  [
    "enum: members further down",
    "enum E { a = b_() , b = 2, c = E.b | 4 } function b_() { return typeof E.b as any } out(E)",
  ],
  [
    "enum: const",
    "const enum C { a = 'x' as any, b = 2, c = b << 2 } namespace N { export const enum D { q = C.b } } out(C, N.D, C.c)",
  ],
  [
    "enum: merged",
    "enum E { a, b } enum E { c = b + 5, d, e = 'a' } out(E); function f() { enum E { z = 3 } enum E { y = z * 2 } return E } out(f())",
  ],
  [
    "enum: in a switch and a loop",
    "for (const i of [1, 2]) { enum E { a = i, b = 7 } out(E) } switch (1 as number) { case 1: enum F { a = 1 } out(F) }",
  ],
  [
    "enum: shadowed by its own members' names",
    "enum E { E = 1, F = E + 1 } out(E); enum NaN_ { NaN = 4, a = NaN } out(NaN_)",
  ],
];
