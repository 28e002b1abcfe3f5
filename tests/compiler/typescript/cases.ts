// Owns the programs that are stripped, run and compared with what TypeScript's own output does. Must never hold a program
// without an `out(…)`: a case that observes nothing proves nothing. Grouped by what could go wrong.

import { containers, grammar } from "./cases-names.ts";

/** Name and source; the source is a script that reports through `out`. */
export type Case = readonly [name: string, source: string];

const annotations: readonly Case[] = [
  ["variable", "let x: number = 1; out(x)"],
  ["variable without value", "let x: number | undefined; out(x)"],
  ["definite assignment", "let x!: number; x = 2; out(x)"],
  ["several declarators", "const a: string = 'a', b: number = 2, c = 3; out(a, b, c)"],
  ["destructuring object", "const { a, b: c }: { a: number; b: string } = { a: 1, b: 'x' }; out(a, c)"],
  ["destructuring array", "const [a, ...rest]: number[] = [1, 2, 3]; out(a, rest)"],
  [
    "parameters",
    "function f(a: number, b?: string, c: boolean = true, ...d: number[]) { return [a, b, c, d] } out(f(1), f(1, 'b', false, 1, 2))",
  ],
  ["destructured parameter", "function f({ a = 1, b }: { a?: number; b: string }) { return a + b } out(f({ b: 'x' }))"],
  ["return type", "function f(): number { return 1 } out(f())"],
  ["type predicate", "function isS(x: unknown): x is string { return typeof x === 'string' } out(isS('a'), isS(1))"],
  ["asserts", "function check(x: unknown): asserts x { if (!x) throw 1 } check(1); out('ok')"],
  ["asserts is", "function check(x: unknown): asserts x is string {} check(1); out('ok')"],
  ["this predicate", "class A { is(): this is A { return true } } out(new A().is())"],
  ["asserts this", "class A { ok(): asserts this is A {} } out(new A().ok())"],
  ["type named asserts", "type asserts = number; function f(): asserts { return 1 } out(f())"],
  [
    "this parameter",
    "function f(this: { a: number }, b: number) { return this.a + b } out(f.call({ a: 1 }, 2), f.length)",
  ],
  ["this parameter alone", "function f(this: { a: number }) { return this.a } out(f.call({ a: 1 }), f.length)"],
  ["this parameter, trailing comma", "function f(this: { a: number },) { return this.a } out(f.call({ a: 1 }))"],
  ["optional arrow parameter", "const f = (a?: number, b?) => [a, b]; out(f())"],
  ["optional parameter in a conditional", "const f = true ? (a?: number) => a : (b) => b; out(f(1))"],
  ["catch variable", "try { throw 1 } catch (e: unknown) { out(e) }"],
  ["for of", "for (const x of [1, 2] as number[]) out(x)"],
  ["for with types", "for (let i: number = 0, n: number = 2; i < n; i++) out(i)"],
  ["unique symbol", "const s: unique symbol = Symbol('s'); out(typeof s)"],
  ["union over lines", "let x:\n  | 'a'\n  | 'b' = 'a'; out(x)"],
  ["function type", "let f: (a: number, b?: string) => void = () => {}; out(typeof f)"],
  ["constructor type", "let f: new (a: number) => object = class {}; out(typeof f)"],
  ["abstract constructor type", "let f: abstract new () => object = class {}; out(typeof f)"],
  ["generic function type", "let f: <T>(a: T) => T = (a) => a; out(f(1))"],
  ["nested generics", "let m: Map<string, Array<Set<number>>>= new Map(); out(m.size)"],
  ["type arguments that begin with type parameters", "let a: Array<<T>(a: T) => T> = [(a) => a]; out(a[0](1))"],
  ["shift left", "const n = 2; const a = 1 << n, b = 1<<n; let c = 1; c <<= 2; out(a, b, c, '<<')"],
  [
    "shift and type parameters",
    "const k = 3; const a = 1 << Number(k - 1); const f = ((x) => x) as (<T>(x: T) => T); out(a, f(a))",
  ],
  [
    "shift before a generic cast",
    "const a = 1 << Number(2 - 1); const f = ((x: any) => x) as ReturnType<<T>(a: T, b: T) => T>; out(a)",
  ],
  ["import type in a type", "let x: import('./x').Y | typeof import('./z') = 1 as any; out(x)"],
  [
    "import type with attributes",
    "let x: import('./x', { with: { 'resolution-mode': 'import' } }).Y<1>[] | typeof import('./z', { with: { 'resolution-mode': 'require' } }) = 1 as any; const marker = 2; out(x, marker)",
  ],
  [
    "members called new",
    "interface A { new: 1; old?: A; new?: 2; new (a: 1): A }\nclass B { new: number = 1; static new?: string = 'b' }\nconst o = { new: 3, f: (a: number) => a }; out(new B().new, B.new, o.new, o.f(4))",
  ],
  ["typeof", "const a = 1; let b: typeof a = 1; let c: typeof globalThis.Math; out(b, c)"],
  ["keyof and indexed access", "let k: keyof { a: 1; b: 2 } = 'a'; let v: { a: number }['a'] = 1; out(k, v)"],
  ["tuple", "let t: [a: number, b?: string, ...rest: boolean[]] = [1]; out(t)"],
  ["readonly array", "let t: readonly number[] = [1]; out(t)"],
  ["template literal type", "type A = `a${string}b${number}`; let x: A = 'ab1' as A; out(x)"],
  ["template literal type over lines", "type A = `a\n${string}\nb`; out(new Error().stack === undefined, 1)"],
  [
    "template literal type in a type in parentheses",
    "let f = (a: ({ k: `a${keyof {}}b` }), b: (`x${unique symbol}`)[] = []): ({ k: 1 }) => { return { k: 1 } }; out(f({ k: 'ab' } as any))",
  ],
  [
    "object type in parentheses before a body",
    "const f = (): ({ a: -1 }) => { return { a: -1 } }; const g = (): ({ a: typeof f; b?: [number] }) => { function* h() {} return h as any }; out(f(), typeof g())",
  ],
  [
    "pattern as a parameter of a type",
    "let f: ({ a: b }) => void = () => {}; let g: ({ a }: any, [c, , ...d]: any) => 1 = () => 1; let h: ({ a: { b = 1 } }) => 2 = () => 2; out(f(1 as any), g(1, 2), h(3 as any))",
  ],
  [
    "conditional type",
    "type A<T> = T extends (infer U extends string)[] ? U : never; let x: A<string[]> = 'a'; out(x)",
  ],
  [
    "mapped type",
    "type M<T> = { -readonly [K in keyof T as `x${string & K}`]+?: T[K] }; let x: M<{ a: 1 }> = {}; out(x)",
  ],
  [
    "object type members",
    "type A = { a: number, b?(): void; readonly c: 1\n get d(): number; set d(v: number); new (): A; (): void; [k: string]: any; [Symbol.iterator]: any }; out(1)",
  ],
  [
    "a type literal with get:",
    "const f = (o: { get: number; set: string\n static: 1 }) => o; out(f({ get: 1, set: '2', static: 1 }))",
  ],
  ["parameters called get and set", "function f(get: number,\n set: string\n) { return [get, set] } out(f(1, 'a'))"],
  ["keywords as type names", "type of = number; type type = string; let a: of = 1; let b: type = 'b'; out(a, b)"],
  [
    "contextual words as values",
    "let type = 1, declare = 2, abstract = 3, as = 4, namespace = 5, module = 6, readonly = 7; type = 8; out(type, declare, abstract, as, namespace, module, readonly)",
  ],
  ["contextual words as statements", "let type = 1, declare = 2\ntype\ndeclare\nout(type)"],
  ["getter and setter", "const o = { get a(): number { return 1 }, set a(v: number) { out(v) } }; o.a = 2; out(o.a)"],
  [
    "object methods",
    "const o = { m<T>(a: T): T { return a }, async n(): Promise<void> {}, *g(): Iterable<number> { yield 1 } }; out(o.m(1), [...o.g()])",
  ],
];

const expressions: readonly Case[] = [
  ["as", "const x = 1 as number; out(x as any as string)"],
  ["as const", "const x = { a: [1, 2] } as const; out(x)"],
  ["satisfies", "const x = { a: 1 } satisfies Record<string, number>; out(x)"],
  ["as in operators", "const a = 1 as number + 2, b = (1 as number) * 3; out(a, b, (4 as any) > 3, a as number >= 2)"],
  [
    "as and precedence",
    "const a = 1, b = 2, c = 3; out(a + b as number * c, a < b as any + c, a << b as number + c, a + b as number + c, a == b as any * c, a * b as number ** c, 1 + a * b as any as number * c * 2)",
  ],
  [
    "as and precedence over lines",
    "let a = 1, b = 2\na = a + b\nb = (a) - b as number\n  * 2\nconst f = (x: number) => x + a as number * 2, o = { k: a + b as number * 3, l: [a - b as any / 2] }\nout(a, b, f(1), o, `${a + b as number * 2}`, a ** b as number ** 2)",
  ],
  ["as then greater", "const x = 5; out(x as number > 4, (x as number) < 4)"],
  ["as in a conditional", "const x = true as boolean ? 1 as number : 2 as number; out(x)"],
  ["as with a function type", "const f = ((a) => a) as (a: number) => number; out(f(1))"],
  ["as with an object type over lines", "const x = { a: 1 } as {\n  a: number\n}; out(x)"],
  ["as target of assignment", "let x: any = 1; (x as number) = 2; [x as any] = [3]; out(x)"],
  ["as in a call", "const f = (...a: any[]) => a.length; out(f(1 as any, 2 as any, ...([3] as number[])))"],
  ["non-null", "const o: { a?: { b?: number } } = { a: { b: 1 } }; out(o!.a!.b!, o.a![('b' as 'b')]!)"],
  ["non-null call", "const f: undefined | (() => number) = () => 1; out(f!(), f!)"],
  ["non-null assignment", "let x: number | undefined = 1; x! += 1; x!++; out(x)"],
  ["non-null in an optional chain", "const o: any = undefined; out(o?.a!.b, (o?.a)!)"],
  ["non-null then operators", "const a: any = 3; out(a! / 3, a! < 4, a! === 3, !a!)"],
  ["cast", "const x = <number>1; out(x, <any>'a' + <any>'b')"],
  ["cast of a call", "const f = () => 1; out(<number>f(), (<any>f).name)"],
  ["cast with an object type", "const x = <{ a: number }>{ a: 1 }; out(x)"],
  ["nested casts", "const x = <any>(<unknown>(<string>'a')); out(x)"],
  ["cast of an object in an arrow", "const f = () => <any>{ a: 1 }; out(f())"],
  ["short cast of an object in an arrow", "type T = any; const f = () => <T>{ a: 1 }; out(f(), f())"],
  ["cast of an object as a statement", "<any>{ a: out('ran') }; out(2)"],
  [
    "cast of a function as a statement",
    "<any>function () {}; <any>function f() {}; <any>async function () {}; out(typeof f)",
  ],
  ["call with type arguments", "const f = <T,>(a: T) => a; out(f<number>(1), f<Array<string>>(['a']))"],
  ["call with a type argument over lines", "const f = <T,>(a: T) => a; out(f<\n  number\n>\n(1))"],
  ["optional call with type arguments", "const f: any = (a: any) => a; out(f?.<number>(1))"],
  [
    "new with type arguments",
    "out(new Map<string, number>().size, new Set<number>([1]).size, new Array<Array<number>>)",
  ],
  [
    "tagged template with type arguments",
    "const tag = <T,>(s: any, ...v: T[]) => s.raw.length + v.length; out(tag<number>`a${1}b`)",
  ],
  ["instantiation expression", "const f = <T,>(a: T) => a; const g = f<number>; out(g(1))"],
  ["instantiation expression, next line", "const f = <T,>(a: T) => a; const g = f<number>\nout(g(1))"],
  [
    "comparison that looks like type arguments",
    "const a = 1, b = 2, c = 3; out(a < b || b > c, a < b, c > 2, a < b && c > 2)",
  ],
  [
    "comparison in a call",
    "const f = (...x: any[]) => x, a = 1, b = 2, c = 3, d = 4; out(f(a < b, c > d), f(a < b, c >= d))",
  ],
  [
    "arrow generics",
    "const f = <T>(a: T): T => a; const g = <T extends object, U = T>(a: T, b?: U) => a; out(f(1), g({}))",
  ],
  [
    "const type parameter",
    "const f = <const T>(a: T) => a; function g<const T extends readonly unknown[]>(a: T) { return a } out(f(1), g([1]))",
  ],
  ["async arrow generics", "const f = async <T>(a: T): Promise<T> => a; out(typeof f, f.constructor.name)"],
  ["async arrow with type parameters over lines", "const f = async <\n  T,\n>(a: T) => a; out(f.constructor.name)"],
  ["call of a function named async", "const async = <T,>(a?: T) => 1; out(async<number>(2), async(3))"],
  ["arrow return type", "const f = (a: number): number => a; out(f(1))"],
  ["arrow return type over lines", "const f = (a: number): {\n  b: number\n} => ({ b: a }); out(f(1))"],
  ["arrow return type over lines, union", "const f = (\n  a: number,\n):\n  | number\n  | string => a; out(f(1))"],
  [
    "async arrow return type over lines",
    "const f = async (a: number): Promise<\n  number\n> => a; out(f.constructor.name)",
  ],
  ["arrow predicate return type", "const f = (a: unknown): a is {\n  b: 1\n} => true; out(f(1))"],
  [
    "arrow returning an arrow",
    "const f = (a: number): ((b: number) => number) => (b: number): number => a + b; out(f(1)(2))",
  ],
  ["arrow in a conditional", "const a = true; const f = a ? (b): number => b : (c): number => c; out(f(1))"],
  ["parentheses and colon in a conditional", "const a = true, b = 1, c = 2; out(a ? (b) : c, a ? (b, c) : (c))"],
  ["class expression with type parameters", "const C = class<T> { x!: T }; out(new C<number>())"],
  ["accessors in calls", "const o = { f<T>(this: any, a: T) { return a } }; out(o.f<number>(1), o['f']<string>('a'))"],
  ["new without arguments", "class A<T> { x = 1 } const a = new A<number>; out(a.x)"],
  ["parenthesised callee", "const o = { f() { return this === o } }; out((o.f as any)(), (o.f!)(), (<any>o.f)())"],
  ["await and as", "const f = async () => (await Promise.resolve(1)) as number; out(typeof f)"],
  ["yield and cast", "function* g() { const x = yield <any>1; return x as number } out([...g()])"],
  ["regular expressions", "const a = /<T>/ as RegExp, b = (1 as number) / 2 / 1; out(a.source, b)"],
  ["division after as", "const x = 4 as any\n/2/1; out(x)"],
  [
    "template with types inside",
    "const f = (a: number) => `${(a as any)!}-${f0<number>(a)}`; function f0<T>(a: T) { return a } out(f(1))",
  ],
  ["comments inside types", "let x: /* a */ number /* b */ = /* c */ 1 // d\nout(x /* e */ as /* f */ any)"],
  ["line comment inside a removed type", "let x: {\n  // comment ( [ `\n  a: number } = { a: 1 }; out(x)"],
  ["astral characters", "const 𝒳: '😀' = '😀', s: string = '😀' as string; out(𝒳, s)"],
];

/** Run, and compared with what TypeScript makes of them. */
const namespaces: readonly Case[] = [
  [
    "namespace",
    "namespace N {\n  export const a: number = 1\n  export function f(b = a): number { return a + b }\n}\nout(N.a, N.f(), N)",
  ],
  [
    "namespace: comparisons and shifts",
    "namespace N {\n  let a = 8; a >>= 1; a >>>= 1\n  export const all = [a >= 1, a >> 1, a >>> 1, a > 1]\n  export const m: Map<string, Array<number>> = new Map()\n  export const f = (b: number): boolean => { if (b >= 2) return true; return b < 1 }\n}\nconst g: Array<Array<number>>= [[1 >> 1]]; out(N.all, N.f(2), N.f(1), g)",
  ],
  [
    "namespace: comparisons without spaces",
    "namespace N { export const f = (a: number) => a>=1 && a>>1; export let b = 8; b>>=2; b>>>=1 }\nout(N.f(5), N.b)",
  ],
  ["namespace keyword module", "module M { export let a = 1; a++ }\nout(M.a)"],
  [
    "namespace: locals stay local",
    "namespace N { const hidden = 5; export const seen = hidden * 2 }\nout(N, typeof hidden)",
  ],
  [
    "namespace: live variables",
    "namespace N { export let n = 0; export function up() { n++; n += 2; return [n] } }\nN.up(); N.n = 10; out(N.up(), N.n)",
  ],
  [
    "namespace: without value",
    "namespace N { export let a: number, b = 2, c; export let d; export function set() { a = 1; c = 3 } }\nout(Object.keys(N)); N.set(); out(N)",
  ],
  [
    "namespace: patterns",
    "namespace N { export const { a, b: [c = a, ...d], ...e } = { a: 1, b: [undefined, 2, 3], x: 4, y: 5 }, f = a; export const [g] = [f] }\nout(N)",
  ],
  [
    "namespace: shadows",
    "namespace N { export const a = 1; export function f(a: number) { return a } export const g = (b: number) => { const a = b; return { a } };\n { let a = 7; out(a) } for (const a of [8]) out(a); try { throw 9 } catch (a) { out(a) } out(a, { a }, function a() { return typeof a }()) }\nout(N.f(2), N.g(3))",
  ],
  [
    "namespace: classes",
    "namespace N { export class A { x = new B().y; static z = 1 } export class B extends (class { y = 2 }) { } export abstract class C { abstract f(): void } }\nout(new N.A().x, N.A.z, Object.keys(N))",
  ],
  [
    "namespace: async and generator functions",
    "namespace N { export async function a() {} export function* g(): Generator<number> { yield 1 } export function o(a: string): void; export function o(a: number): void; export function o(a: any) { return a } }\nout([...N.g()], typeof N.a, N.o(1))",
  ],
  [
    "namespace: enums",
    "namespace N { export enum E { A = 1, B = A << 1 } enum H { X = 'x' } export const h = H.X, e = E.B }\nout(N)",
  ],
  [
    "enum: its name within it, assigned where a block hides it elsewhere",
    "const id = (x: any) => x;\nfunction of(work: () => void) { try { work(); out('fine') } catch (e) { out(String(e)) } }\nof(() => { enum f { A = id((() => { try { ({ [0]: f } = 0 as any) } catch (f) { } return 1 })()), B = id(0) } })\nof(() => { enum g { A = id((() => { try { (g as any) = undefined } catch (g) { } return 1 })()), B = id(0) } })\nenum h { A = 1, B = id(((h: any) => typeof h)(5)), C = id((() => { { let h = 7; return h } })()) }\nout(h)",
  ],
  [
    "namespace: nested",
    "namespace A { export const x = 1; export namespace B { export const y = x + 1; export namespace C { export const z = x + y } namespace D { export const w = 4 } export const v = D.w } }\nout(A)",
  ],
  [
    "namespace: dotted",
    "namespace A.B.C { export const x = 1; export const y = () => x }\nnamespace A.B { export const z = C.x + 1 }\nout(A, A.B.C.y())",
  ],
  [
    "namespace: merged",
    "namespace N { export let a = 1; export function f() { return 'f' } export class K {} export enum E { Q } const local = 1 }\nnamespace N { export const b = a + 1; a = 5; export const c = f(), d = new K() instanceof K, e = E.Q }\nout(N.a, N.b, N.c, N.d, N.e)",
  ],
  [
    "namespace: merged and nested",
    "namespace A { export namespace B { export const x = 1 } }\nnamespace A { export namespace B { export const y = x + 1 } export const z = B.x + B.y }\nout(A)",
  ],
  [
    "namespace: merged with a function",
    "function f() { return f.x }\nnamespace f { export const x = 3 }\nout(f(), f.x)",
  ],
  [
    "namespace: merged with a class",
    "class A { m() { return A.x } }\nnamespace A { export const x = 3; export function make() { return new A() } }\nout(new A().m(), A.make() instanceof A)",
  ],
  [
    "namespace: merged with an enum",
    "enum E { A, B }\nnamespace E { export function name(e: E) { return E[e] } }\nout(E.name(E.B))",
  ],
  [
    "namespace: exported and merged with a class",
    "namespace N { export class A {} export namespace A { export const x = 1 } }\nout(N.A.x)",
  ],
  ["namespace: same name inside", "namespace N { export const N = 1; out(N) }"],
  [
    "namespace: types are erased",
    "namespace N { export interface I { a: number } export type T = I; export const v: T = { a: 1 }; declare const z: number; export declare let q: number; namespace Empty { type X = 1 } }\nlet t: N.I = N.v; out(t, Object.keys(N))",
  ],
  [
    "namespace: alias",
    "namespace N { export namespace M { export const v = 3 } }\nimport q = N.M; import w = q.v; import T = N.Unused\nout(q.v, w)",
  ],
  [
    "namespace: exported alias",
    "namespace N { export namespace M { export const v = 3 } export import q = M.v; import r = M; export const s = r.v + q }\nout(N.q, N.s)",
  ],
  [
    "namespace: statements",
    "namespace N { for (let i = 0; i < 3; i++) out(i)\n if (1) { out('if') } else out('else')\n export const done = true }\nout(N.done)",
  ],
  [
    "namespace: in closures later",
    "namespace N { export let n = 1; setter = (v: number) => { n = v } }\nvar setter: any; setter(4); out(N.n)",
  ],
  ["namespace: behind an expression", "let a = 1\nnamespace N { export const b = a }\nout(N.b)"],
  [
    "namespace: shorthand methods, labels and keys",
    "namespace N { export const a = 1; export const o = { a, b: a, a2() { return a }, ['a']: a, get c() { return a } }; a: for (;;) break a; b: for (const i of [1]) { continue b }\n let t = o ? a : 1\n a: for (;;) { t = o\n ? a\n : a; break a }; out(t, o.a, o.a2(), o.c, o) }",
  ],
  ["namespace: declared only", "declare namespace D { namespace E { const x: number } }\nout(typeof D)"],
  [
    "namespace: templates and line ends",
    "namespace N {\n  export const a = `x\n${1}`\n  export const b = `${a}!`\n}\nout(N)",
  ],
];

const statements: readonly Case[] = [
  ["interface", "interface A { a: number; b(): void }\nout(1)"],
  ["interface extends", "interface A<T = any> extends B, C<T> { }\nout(1)"],
  ["type alias", "type A = number; type B<T> = T[]\nout(1)"],
  ["declare variable", "declare const a: number; declare let b: string, c: any; declare var d\nout(1)"],
  ["declare function", "declare function f(a: number): void\nout(typeof f)"],
  ["declare class", "declare class A { a: number; constructor(x: number); static b(): void }\nout(typeof A)"],
  ["declare namespace", "declare namespace N { const a: number; function f(): void }\nout(typeof N)"],
  ["declare module", "declare module 'x' { export const a: number }\nout(1)"],
  ["declare enum", "declare enum E { A } declare const enum F { B }\nout(typeof E)"],
  [
    "namespace of types",
    "namespace N { export interface A { a: 1 }\n export type B = A; namespace M { type C = 1 } }\nlet x: N.A = { a: 1 }; out(x)",
  ],
  ...namespaces,
  [
    "overloads",
    "function f(a: number): number\nfunction f(a: string): string\nfunction f(a: any) { return a }\nout(f(1), f('a'))",
  ],
  [
    "async overloads",
    "async function f(a: number): Promise<number>;\nasync function f(a: any) { return a }\nout(typeof f)",
  ],
  ["type alias before a parenthesis", "let n = 0; const f = () => () => n++\nout(1)\ntype X = number\n;(f)(); out(n)"],
  ["guard: type alias, then parenthesis", "let n = 0\nconst a = () => n++\ntype X = number\n(a)(); out(n)"],
  ["guard: interface, then array", "let n = 1\nconst a = n\ninterface X { }\n[1, 2].forEach((x) => out(x, a))"],
  ["guard: declare, then template", "const a = 1\ndeclare const b: number\n`${out(a)}`"],
  ["guard: type, then regular expression", "const a = 1, g = 2\ntype X = 1\n/g/.test('g') && out(a)"],
  ["guard: type, then sign", "let a = 1\ntype X = 1\n+a\ntype Y = 1\n-a; out(a)"],
  ["guard: object literal, then parenthesis", "const a = { b: 1 }\ntype X = 1\n(() => out(a))()"],
  ["guard: as, then parenthesis", "const a = 1 as any\n(() => out(a))()"],
  ["guard: as, then array", "const a = 1 as any\n[2].forEach((x) => out(x, a))"],
  ["guard: non-null, type, then template", "const a: any = 1\na!\ntype X =\n  1\n`${out(a)}`"],
  ["no type arguments before a sign", "const f = 3, T = 2, a = 1\nlet b: any = f<T>\n+a\nout(b, <any>-a, f<T>-a)"],
  ["variable, then regular expression", "let v: string | number\n/re/.test('re') && out(v)"],
  ["guard: satisfies, then template", "const a = 1 satisfies number\n`${out(a)}`"],
  ["guard: as, type, then parenthesis", "const a = 1 as any\ntype X = {\n  a: 1 }\n(() => out(a))()"],
  ["guard: type over lines, then parenthesis", "const a = 1\ntype X =\n  | 1\n  | 2\n(() => out(a))()"],
  ["no guard: type as the last of a call's line", "const f = (a: any) => (b: any) => out(a, b)\nf(1)\n(2)"],
  ["no guard: non-null continues", "const f: any = (a: any) => out(a)\nf!\n(1)"],
  ["variable without value, then parenthesis", "let x: number\n(() => out('ran'))()"],
  ["increment on the next line", "let a = 1, b = 2\na as any\n++b; out(a, b)"],
  ["type as the body of if", "if (false) interface X { }\nout('ran')"],
  ["type in a case", "switch (1 as number) { case 1:\n type X = 1\n out('one') }"],
  ["type first, then a directive", "type X = 1\n'use strict'; out((function () { return this })() === undefined)"],
  ["return and cast over lines", "const f = () => { return <any>\n5 }; out(f())"],
  ["return and short cast over lines", "type T = any; const f = () => { return <T>\n5 + 1, 7 }; out(f())"],
  ["return and cast of parentheses over lines", "const f = () => { return <any>\n(5) + 1 }; out(f())"],
  ["return and generic arrow over lines", "const f = () => { return <T\n>(x: T) => x }; out(f()(1))"],
  ["throw and cast over lines", "try { throw <any>\n5 } catch (e) { out(e) }"],
  [
    "yield and cast over lines",
    "function* g() { const a = true; yield <any>\na ? 1 : 2; yield <any>\n(3) } out([...g()])",
  ],
  [
    "yield and short cast over lines",
    "type T = any; function* g() { let a; yield <T>\n(a = 5); yield <T>\na } out([...g()])",
  ],
  ["return, then a type", "const f = () => { return\ntype X = 1 }; out(f())"],
  ["labels", "a: for (const x of [1, 2] as number[]) { type X = 1; continue a }\nout('done')"],
  ["empty file with types", "out(1)\nexport_: { type A = 1 }"],
  ["windows line ends", "type A =\r\n  | 1\r\n\r\nlet x: A\r\n  = 1\r\nout(x)"],
  ["line separators", "type A = 1\u2028let x: A = 1\u2029out(x)"],
  ["hashbang-free start comment", "// comment\n/* more */ type A = 1; out(1)"],
  ["abstract as a name", "let abstract = 1\nabstract\nclass A {}\nout(abstract, typeof A)"],
  ["using", "{ using x: any = null; out(x === null) }"],
];

const classes: readonly Case[] = [
  [
    "fields",
    "class A { a: number = 1; b?: string; c!: boolean; readonly d = 4; static e: number = 5; 'f-g': number = 6; [`h`]: number = 7; 8: number = 8 }\nout(new A(), A.e)",
  ],
  [
    "modifiers",
    "class A { public a = 1; private b = 2; protected c = 3; public static readonly d = 4; private async e() {} protected get f() { return 1 } static override: number = 1 }\nout(new A(), A.d, A.override)",
  ],
  [
    "override",
    "class A { m() { return 1 } } class B extends A { override m(): number { return 2 } public override readonly x = 1 }\nout(new B().m(), new B())",
  ],
  [
    "private names",
    "class A { #a: number = 1; readonly #b?: string; #m(): number { return this.#a } static #c: number; get(): number { return this.#m() } }\nout(new A().get())",
  ],
  [
    "declare field",
    "class A { a = 1 } class B extends A { declare a: number; declare readonly b: string\n c = 3 }\nout(new B())",
  ],
  [
    "abstract class",
    "abstract class A { abstract a: number; abstract m(): void; abstract get b(): number; protected abstract readonly c?: string\n d = 1 }\nclass B extends A { a = 2; m() {} get b() { return 1 } }\nout(new B())",
  ],
  [
    "abstract without semicolons",
    "abstract class A {\n abstract a: number\n abstract m(): void\n abstract n(x: number): string\n x = 1\n}\nout(new (A as any)())",
  ],
  [
    "method overloads",
    "class A { m(a: number): number; m(a: string): string\n m(a: any) { return a } constructor(a: number); constructor(a: any) {} static s(): void; static s() { return 1 } }\nout(new A(1).m(2), A.s())",
  ],
  ["optional method", "class A { m?(): void; n?<T>(a: T): T\n o = 1 }\nout(new A())"],
  [
    "index signature",
    "class A { [k: string]: any; static [k: string]: any; readonly [k: number]: any\n a = 1 }\nout(new A())",
  ],
  [
    "implements",
    "class A<T> implements I<T>, J.K<Array<T>> { a = 1 }\nclass B extends A<number> implements I<1> {}\nout(new B())",
  ],
  [
    "extends with type arguments",
    "class A<T> { x?: T } const mix = <T,>(a: T) => a; class B extends mix(A)<number> {} class C extends A<Array<number>> {}\nout(new B() instanceof A, new C() instanceof A)",
  ],
  ["type parameters over lines", "class A<\n  T,\n  U = T\n> {\n  a: T | U = 1 as any\n}\nout(new A())"],
  [
    "guard: readonly computed after a field",
    "const y = [1], k = 'k'; class A {\n x = y\n readonly [k] = 2\n}\nout(new A())",
  ],
  [
    "guard: private generator after a field",
    "class A {\n x = 2\n private *g() { yield 1 }\n}\nout(new A(), [...(new A() as any).g()])",
  ],
  ["guard: public in", "class A {\n x = 2\n public in = 3\n private instanceof = 4\n}\nout(new A())"],
  ["guard: as before a computed member", "const k = 'k'; class A {\n x = [1] as any\n [k] = 2\n}\nout(new A())"],
  [
    "guard: overload before a computed member",
    "const k = 'k'; class A {\n x = [1]\n m(): void\n [k]() { return 1 }\n}\nout(Object.getOwnPropertyNames(A.prototype))",
  ],
  [
    "guard: index signature before a computed member",
    "const k = 'k'; class A {\n x = [1]\n readonly [n: string]: any\n [k] = 1\n}\nout(new A())",
  ],
  [
    "guard: declare before a computed member",
    "const k = 'k'; class A {\n x = [1]\n declare y: number\n [k] = 1\n}\nout(new A())",
  ],
  [
    "field without value before a computed member",
    "const k = 'k'; class A {\n x: number\n [k]: string\n *g(): any {}\n}\nout(new A())",
  ],
  ["field named get", "class A {\n get: number\n m() { return 1 }\n}\nout(new A(), new A().m())"],
  ["field named set", "class A {\n set?: number\n m(a) { return 1 }\n}\nout(new A(), new A().m(1))"],
  ["field named static", "class A {\n static: number\n m() { return 1 }\n}\nout(new A(), new A().m())"],
  [
    "fields named get with values",
    "class A {\n get: number = 1\n static set: number = 2\n async?: number\n m() {} }\nout(new A(), A.set)",
  ],
  [
    "methods named by keywords",
    "class A { get(): number { return 1 } set(a: number): void {} static(): void {} async(): void {} readonly(): number { return 2 } declare() { return 3 } abstract?: number; public?: number; type: number = 1 }\nout(new A().get(), new A().readonly(), new A())",
  ],
  [
    "static block",
    "class A { static a: number; static { A.a = 1 as number } private static readonly b: number = 2 }\nout(A.a, (A as any).b)",
  ],
  ["accessor keyword as a name", "class A { accessor: number = 1 }\nout(new A().accessor)"],
  [
    "getter types",
    "class A { get a(): number { return 1 } set a(v: number) {} static get b(): string { return 'b' } }\nout(new A().a, A.b)",
  ],
  ["constructor", "class A { a: number; constructor(a: number, b?: string) { this.a = a } }\nout(new A(1))"],
  [
    "this types",
    "class A { m(this: this): this { return this } n(this: A, a: number) { return a } }\nout(new A().m().n(1))",
  ],
  [
    "class expression",
    "const A = class<T> implements I { private x: number = 1 }; const B = class implements I {}\nout(new A(), B.name)",
  ],
  [
    "new.target and super",
    "class A { constructor(public n: any = new.target.name) {} } class B extends A { m(): any { return super.constructor as any } }\nout(new B().n, new B().m().name)",
  ],
  [
    "parameter property",
    "class A { constructor(private a: number, public readonly b = 2, c: number = 3) {} }\nout(new A(1))",
  ],
  [
    "parameter property with other fields",
    "class A { y = 1; constructor(readonly x: number) { this.y += this.x } z = 3 }\nout(new A(1), Object.keys(new A(1)))",
  ],
  [
    "parameter property in a derived class",
    "class A { a = 1 } class B extends A { b = 2; constructor(public c: number, protected override d = 4) { const e = 1; super(); out(this.c + e) } f = 6 }\nout(Object.entries(new B(3)))",
  ],
  [
    "parameter property, super without semicolon",
    "class A { constructor(...a: any[]) {} } class B extends A { constructor(public c: number) {\n  super(c, (1 as any))\n  out(this.c)\n} }\nnew B(3)",
  ],
  [
    "parameter property, empty constructor over lines",
    "class A {\n  constructor(\n    private readonly a: number,\n    // why\n    protected b?: string,\n  ) {}\n  m() { return [this.a, this.b] }\n}\nout(new A(1, 'b').m())",
  ],
  [
    "parameter property with overloads",
    "class A { constructor(a: number); constructor(public a: any) {} }\nout(new A(1))",
  ],
  [
    "parameter property with nested classes",
    "class A { constructor(public a = class { constructor(public b = 1) {} }) {} }\nout(new (new A().a)())",
  ],
  [
    "parameters named by modifiers",
    "class A { constructor(readonly: number, override = 2) { out(readonly, override) } }\nnew A(1)",
  ],
];

const enums: readonly Case[] = [
  ["numbers", "enum E { A, B, C = 5, D }\nout(E, E.A, E[5], E.D)"],
  ["strings", "enum E { A = 'a', B = \"b\", C = `c` }\nout(E)"],
  ["mixed", "enum E { A = 'a', B = 2, C }\nout(E)"],
  ["trailing comma", "enum E {\n  A, // first\n  B, /* second */\n}\nout(E)"],
  ["no trailing comma", "enum E {\n  A = 1, // first\n  B // second\n}\nout(E)"],
  ["references", "enum E { A = 1, B = A << 1, C = A | B, D = E.C + 1, F }\nout(E)"],
  [
    "string references",
    "enum E { A = 'a', B = A, C = A + 'c', D = `${A}d`, F = E.A, G = E['A'], H = ('x' + A) }\nout(E)",
  ],
  ["computed", "const f = (n: number) => n * 2; enum E { A = f(1), B = 'abc'.length, C = Math.max(1, 2) }\nout(E)"],
  ["negative and floats", "enum E { A = -1, B, C = 1.5, D, F = 0x10, G, H = 1_000, I = ~1, J = +2, K }\nout(E)"],
  ["quoted names", "enum E { 'a-b' = 1, \"c d\", 'e' = 'x', f = e }\nout(E)"],
  ["keyword names", "enum E { default, delete, in = 5, new, constructor_ }\nout(E)"],
  ["const enum", "const enum E { A = 1, B = 2 }\nout(E.A, E.B)"],
  ["merged", "enum E { A } enum E { B = 1, C = A + 5 }\nout(E)"],
  ["in a function", "function f() { enum E { A, B } return E }\nout(f())"],
  ["in a block", "{ enum E { A } out(E) }\nout(typeof E)"],
  ["merged in a function", "function f() { enum E { A } enum E { B = 1 } return E } out(f())"],
  ["empty", "enum E { }\nout(E)"],
  ["with casts", "enum E { A = 1 as any as number, B = <any>'b', C = ('c' as string) }\nout(E.A, E.B, E.C)"],
  ["followed on the same line", "enum E { A } out(E.A); const marker: number = 1; out(marker)"],
  ["without semicolons around", "let a = 1\nenum E { A = 3 }\n(() => out(a, E.A))()"],
  ["functions in initializers", "enum E { A = 1, B = ((A: number) => A * 10)(2) }\nout(E.A)"],
];

/** Every program to run, with its group in its name. */
const groups = { annotations, expressions, statements, classes, enums, grammar, containers };
export const cases: readonly Case[] = Object.entries(groups).flatMap(([group, list]) =>
  list.map(([name, source]): Case => [`${group}: ${name}`, source]),
);

/** Modules, compared with TypeScript's output as syntax trees. */
export const moduleCases: readonly Case[] = [
  [
    "import type",
    "import type A from 'a'; import type { B } from 'b'; import type * as C from 'c'; export const x = 1",
  ],
  ["import type only sometimes", "import type from 'a'; import { type as b } from 'b'; type\nb"],
  [
    "alias of what is imported as a type",
    "import type * as a from 'a'; import A = a.A; import B = A.B; const x = 0; export { A, B, x }",
  ],
  ["import type named from", "import type from from 'bar'; let q: from; export { q }"],
  ["import default named from", "import from from 'bar'; export const q = from"],
  [
    "import names that are words",
    "import { type as as2, type as as as3, type as, type type } from 'a'; export const x = as2",
  ],
  ["import of the name of a value", "import { A, b } from 'a'; const A = 1; export { A, b }"],
  ["export an empty list", "export {} from 'a'; export const x = 1"],
  [
    "ambient modules",
    "declare module 'x' { export = y; import z = require('q'); export default z } declare module '*.css'; export {}",
  ],
  ["import named type", "import type, { a } from 'a'; type\na"],
  ["inline type", "import { type A, b, type C as D } from 'a'; b"],
  ["only inline types", "import { type A, type B } from 'a'; export {}"],
  ["unused import", "import { A } from 'a'; let x: A; export { x }"],
  ["partly used", "import D, { A, b, C } from 'a'; let x: A | C = b; export { x }"],
  ["default unused", "import D, { a } from 'a'; a; let x: D"],
  ["only default used", "import D, { a } from 'a'; D; let x: a"],
  ["only default used, namespace", "import D, * as N from 'a'; D; let x: N.A"],
  ["only namespace used", "import D, * as N from 'a'; N; let x: D"],
  ["namespace unused", "import * as N from 'a'; let x: N.A; export {}"],
  ["side effects", "import 'a'; import 'b' with { type: 'json' }"],
  ["empty list", "import {} from 'a'; export const x = 1"],
  ["attributes", "import a from 'a' with { type: 'json' }; import B from 'b' with { type: 'json' }; a; let x: B"],
  ["shadowed", "import { a, b } from 'a'; function f(a: number) { return a } let x: b; export { f }"],
  ["shadowed by a block", "import { a } from 'a'; { const a = 1; a } { let x: a }"],
  ["used in shorthand", "import { a } from 'a'; export const o = { a }"],
  ["used as a decorator", "import { a, b } from 'a'; @a class A { @b.c() m() {} } export { A }"],
  ["used in extends", "import { A, I } from 'a'; export class B extends A<I> implements I {}"],
  ["used in typeof type", "import { a } from 'a'; export let x: typeof a"],
  ["used in a computed type member", "import { k } from 'a'; export interface I { [k]: string }"],
  ["exported again", "import { A, B } from 'a'; export { A }; export default B"],
  ["exported as a type", "import { A } from 'a'; export type { A }"],
  ["exported after a type import", "import type { A } from 'a'; export { A }; export const b = 1"],
  ["same name exported from elsewhere", "import { A } from 'a'; export { A as B } from 'b'; let x: A"],
  ["assignment and update", "import { a, b } from 'a'; a.x = 1; b.y++"],
  ["used in a template", "import { a } from 'a'; export const s = `${a}`"],
  ["name escapes nothing", "import { a } from 'a'; o.a; ({ a: 1 }); class A { a = 1 } let x: a; export { x }"],
  [
    "export type list",
    "type A = 1; export type { A }; export type { B } from 'b'; export type * from 'c'; export type * as D from 'd'",
  ],
  [
    "export inline type",
    "type A = 1; const b = 1; export { type A, b }; export { type C } from 'c'; export { type D, e } from 'd'",
  ],
  ["export a local type", "interface A {} type B = 1; const c = 1; export { A, B as D, c }"],
  ["export only local types", "interface A {} export { A }; export const x = 1"],
  ["export a type and a value of one name", "interface A {} const A = 1; export { A }"],
  [
    "export declarations",
    "export interface A {} export type B = 1; export declare const c: number; export declare function d(): void; export abstract class E {}",
  ],
  ["export default interface", "export default interface A { a: 1 }\nexport const x = 1"],
  ["export default abstract class", "export default abstract class A { abstract m(): void }"],
  ["export default a type", "interface A {} export default A; export const x = 1"],
  [
    "export default overloads",
    "export default function f(a: number): void\nexport default function f(a: any) { return a }",
  ],
  [
    "export overloads",
    "export function f(a: number): void;\nexport function f(a: any) { return a }\nexport async function g(): Promise<void> {}",
  ],
  ["export star", "export * from 'a'; export * as b from 'b'"],
  ["export a cast", "export default <any>1; export const y = 2 as number"],
  ["export default as", "export default { a: 1 } satisfies object"],
  ["export namespace of types", "export namespace N { export type A = 1 }\nexport const x: N.A = 1"],
  ["declare global", "declare global { interface Window { a: 1 } var b: number }\nexport {}"],
  ["export as namespace", "export const x = 1; export as namespace X"],
  [
    "import equals of a type",
    "import type A = require('a'); import B = require('b'); import C = N.D; let x: A | B | C; export { x }",
  ],
  ["import type then code", "const f = () => 1\nimport type { A } from 'a'\n(f)(); export {}"],
  ["dynamic import", "export const f = async () => ((await import('a')) as any).b; import.meta.url as string"],
  [
    "decorators",
    "@a @b.c<number>(1 as any) export class A<T> { @d readonly x: number = 1; @e() private m(): void {} @(f as any) static y?: string; @g accessor z: number = 1 }",
  ],
  ["decorator before abstract", "@a abstract class A { @b() public x = 1\n @c readonly y: number }"],
  [
    "accessor",
    "export class A { accessor a: number = 1; static accessor b: string; private accessor c = 1; declare accessor: number }",
  ],
  ["await using", "await using x: any = null; using y: any = null; export {}"],
  ["namespace exported", "export namespace N { export const a = 1; export function f() { return a } }"],
  ["namespace exported twice", "export namespace N { export let a = 1 } export namespace N { export let b = a }"],
  ["namespace exported alias", "namespace N { export const a = 1 } export import b = N.a"],
  ["namespace unexported values", "export namespace N { let a = 1; foo(a) }"],
  ["enum exported", "export enum E { A, B = 'b' } export const enum F { C = 3 } export const x: E = E.A"],
  ["enum default export", "enum E { A } export default E"],
  ["enum merged export", "export enum E { A } export enum E { B = 1 }"],
];
