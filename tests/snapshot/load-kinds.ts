// Owns programs that hold very many of one thing when they stop, for each kind of cell and for what else a snapshot is made of: to see that
// writing and loading take time in proportion.

import type { CompileOptions } from "../../ts/api/compile.ts";
import { SNAPSHOT_KINDS } from "../../ts/defs/snapshot-format.ts";

/** Makes a program with `n` of something; it stops at `ask()`. */
export interface Maker {
  readonly source: (n: number) => string;
  readonly options?: (n: number) => CompileOptions;
  /** Modules beside it. */
  readonly files?: (n: number) => Readonly<Record<string, string>>;
  /** Of how many there are at most in a machine, or of how many it takes seconds to make one: the size in tests. */
  readonly most?: number;
}

/** An expression of the variables that are declared there, so that they live on. */
const kept = (declarations: string): string =>
  `[${[...declarations.matchAll(/(?:let|const|,) *(\w+)(?= =|;|$)/g)].map(([, name]) => name).join()}]`;

/** `body` is run for i from 0 up to n; what it pushes to `a` is there when the program stops. */
const each = (body: string, before = "", behind = "", most?: number): Maker => ({
  source: (n) =>
    `const a = []; ${before}; for (let i = 0; i < ${n}; i++) { ${body} } a.push(() => ${kept(before)}); ${behind}; ask(); a.length`,
  ...(most === undefined ? {} : { most }),
});

/** Of which no snapshot brings any, and why. */
export const NEVER_BROUGHT: Readonly<Record<string, string>> = {
  NATIVE: "all native functions are in the base image",
};

/** By name in SNAPSHOT_KINDS. */
export const OF_KINDS: Readonly<Record<string, Maker>> = {
  OBJECT: each("a.push({ x: i })"),
  ARRAY: each("a.push([i])"),
  FUNCTION: each("a.push(() => 1)"),
  BOUND: each("a.push(f.bind(null, i))", "const f = () => 1"),
  EXTERNAL: {
    source: (n) => `const a = [${Array.from({ length: n }, (_, i) => `e${i}`).join()}]; ask(); a.length`,
    options: (n) => ({ externals: Object.fromEntries(Array.from({ length: n }, (_, i) => [`e${i}`, "async"])) }),
    most: 10_000,
  },
  ERROR: each("a.push(new Error('e' + i))"),
  PRIMITIVE: each("a.push(Object(i))"),
  MAP: each("a.push(new Map([[i, i]]))"),
  SET: each("a.push(new Set([i]))"),
  WEAKMAP: each("a.push(new WeakMap([[a, i]]))"),
  WEAKSET: each("a.push(new WeakSet([a]))"),
  WEAKREF: each("a.push(new WeakRef(a))"),
  PROMISE: each("a.push(new Promise(() => 1))"),
  GENERATOR: each("const it = g(i); it.next(); a.push(it)", "function* g(n) { yield n; return n }"),
  ARGUMENTS: each("a.push(f(i))", "function f(x) { x++; return arguments }"),
  INTERNAL: each("a.push([i].values())"),
  PROXY: each("a.push(new Proxy({}, {}))"),
  DATE: each("a.push(new Date(i))"),
  ARRAYBUFFER: each("a.push(new ArrayBuffer(8))"),
  TYPEDARRAY: each("a.push(new Uint8Array(b))", "const b = new ArrayBuffer(8)"),
  DATAVIEW: each("a.push(new DataView(b))", "const b = new ArrayBuffer(8)"),
  REGEXP: each("a.push(new RegExp('a+' + i))"),
  STRING: each("a.push(('x'.repeat(70) + i).toUpperCase())"),
  SLICE: each("a.push(s.slice(i % 100, 80 + (i % 100)))", "const s = 'abcdefghij'.repeat(20)"),
  ROPE: each("s = 'y'.repeat(70) + s; a.push(s)", "let s = 'x'.repeat(300)"),
  STRBUF: each("let s = 'x'.repeat(300) + i; s += 'z'; s += s.charCodeAt(3); a.push(s)"),
  SYMBOL: each("a.push(Symbol(i))"),
  BIGINT: each("a.push((1n << 70n) + BigInt(i))"),
  ENV: each("a.push(((x) => () => x)(i))"),
  HASHTABLE: each("m.set(i, i); m.set('k' + i, i); m.set({}, i); m.set(i + 0.5, i)", "const m = new Map()"),
  ACCESSOR: each("a.push({ get x() { return 1 } })"),
  FRAME: { source: (n) => `function f(n) { if (n === 0) ask(); else f(n - 1); return 1 } f(${n})`, most: 20_000 },
  COROUTINE: each("a.push(f())", "const p = new Promise(() => 1); async function f() { await p; await p }"),
  REACTION: each("p.then(() => 1)", "const p = new Promise(() => 1)"),
  CALLRECORD: each("other(i)"),
  ELEMENTS: each("a.push([i, , i])"),
  BYTES: {
    source: (n) => `function f(n) { return 'abc'.replace(/b/g, () => n === 0 ? ask() : f(n - 1)) } f(${n})`,
    most: 4000,
  },
  BLOCK: each("a.push(new Uint8Array(8).fill(i))"),
};

const TINY = "export default 1";

/** What else there can be very many of. */
export const OTHERS: Readonly<Record<string, Maker>> = {
  texts: each("a.push('text ' + i)"),
  "texts that do not resemble the one before": each("a.push((i * 2654435761 % 4294967296).toString(36))"),
  "long texts": each("a.push('x'.repeat(1000) + i)", "", "a.forEach((s) => ({})[s])", 2000),
  "one list of numbers": each("a.push(i * 0.1)"),
  "one list with holes": each("a[i * 3] = i"),
  "a sparse list": each("o[i * 100000] = i", "const o = {}"),
  "keys of an object": each("o['k' + i] = i", "const o = {}"),
  "keys of an object, some deleted": each("o['k' + i] = i; if (i % 3 === 0) delete o['k' + (i >> 1)]", "const o = {}"),
  "symbols as keys": each("o[Symbol()] = i", "const o = {}"),
  shapes: each("a.push({ ['k' + i]: i })"),
  "shapes in a chain": each("if (i % 100 === 0) o = {}; o['k' + (i % 100)] = i; a.push({ ...o })", "let o", "", 20_000),
  prototypes: each("a.push(Object.create({ x: i }))"),
  "prototypes in a chain": each("o = Object.create(o)", "let o = {}"),
  classes: each("class C { #x = i; static y = 1; m() {} }; a.push(new C())"),
  "frozen objects": each("a.push(Object.freeze({ x: i, y: 1 }))"),
  globals: each("globalThis['g' + i] = i"),
  "properties of base objects": each("Object.prototype['p' + i] = i; Math['m' + i] = i"),
  "registered symbols": each("a.push(Symbol.for('s' + i))"),
  "a set of texts": each("m.add('k' + i)", "const m = new Set()"),
  "old tables of a map": each("m.set(i, 1); const it = m.keys(); it.next(); a.push(it)", "const m = new Map()"),
  "a weak map": each("const k = {}; m.set(k, i); a.push(k)", "const m = new WeakMap()"),
  "a chain through a weak map": each(
    "const k = {}; m.set(last, k); last = k",
    "const m = new WeakMap(), first = {}; let last = first",
    "a.push(first, m)",
  ),
  "finalization registry": each(
    "const k = {}; r.register(k, i, k); a.push(k)",
    "const r = new FinalizationRegistry(() => 1)",
  ),
  "environments in a chain": each("f = ((g) => (x) => (g, x))(f)", "let f = null", "a.push(f)"),
  "bound functions in a chain": each("f = f.bind()", "let f = () => 1", "a.push(f)", 20_000),
  "proxies in a chain": each("f = new Proxy(f, {})", "let f = {}", "a.push(f)", 20_000),
  "ropes to the right": each("s = s + 'y'.repeat(70 + i % 2); a.push(s)", "let s = 'x'.repeat(300)", "", 20_000),
  "ropes that share": each(
    "const t = s + ('z'.repeat(200) + i); if (i % 20 === 0) s = t.length > 1e5 ? 'x'.repeat(300) : t + t; a.push(t)",
    "let s = 'x'.repeat(300)",
    "",
    2000,
  ),
  "slices as keys": each("m.add(s.slice(i % 900, 900))", "const s = 'abcdefghij'.repeat(100), m = new Set()"),
  "patterns with one long source": each("a.push(new RegExp(s))", "const s = 'abc(d|e)'.repeat(1000)", "", 20_000),
  timers: each("setTimeout(() => 1, i)"),
  jobs: each("Promise.resolve().then(() => 1)"),
  rejections: each("a.push(Promise.reject(i))"),
  "requests of an async generator": each(
    "it.next()",
    "async function* g() { for (;;) await p } const p = new Promise(() => 1), it = g()",
  ),
  "suspended frames of a long function": {
    source: (n) => `function* g() { yield 0; ${"x.y; ".repeat(2000)} yield 1; ${"x.y; ".repeat(2000)} yield 2 }
      const x = {}, a = []; for (let i = 0; i < ${n}; i++) { const it = g(); it.next(); it.next(); a.push(it) } ask(); a.length`,
    most: 10_000,
  },
  "suspended frames with many registers": {
    source: (n) => {
      const names = Array.from({ length: 100 }, (_, i) => `v${i}`);
      return `function* g() { let ${names.map((name, i) => `${name} = ${i}`).join()}; yield 0; ${"x.y; ".repeat(1000)} return ${names.join(" + ")} }
        const x = {}, a = []; for (let i = 0; i < ${n}; i++) { const it = g(); it.next(); a.push(it) } ask(); a.length`;
    },
    most: 10_000,
  },
  "frames of a long function": {
    source: (n) =>
      `function f(n) { if (n < 0) { ${"n.a; ".repeat(3000)} } if (n === 0) ask(); else f(n - 1); return 1 } f(${n})`,
    most: 10_000,
  },
  "functions in the source": {
    source: (n) => `${Array.from({ length: n }, (_, i) => `function f${i}(x) { return x + ${i} }`).join("\n")}; ask()`,
    most: 10_000,
  },
  "statements in the source": {
    source: (n) => `let x = 0; ${Array.from({ length: n }, (_, i) => `x += ${i}; `).join("\n")}; ask()`,
    most: 10_000,
  },
  "texts in the source": {
    source: (n) => `const a = [${Array.from({ length: n }, (_, i) => `"\\x74ext ${i}"`).join()}]; ask(); a.length`,
    most: 10_000,
  },
  "templates in the source": {
    source: (n) =>
      `const t = (s) => s; const a = [${Array.from({ length: n }, (_, i) => `t\`x${i}\``).join()}]; ask(); a.length`,
    most: 10_000,
  },
  "evaluated programs": {
    source: (n) =>
      `const a = []; for (let i = 0; i < ${n}; i++) a.push((0, eval)('(function () { return ' + i + ' })')); ask(); a.length`,
    options: () => ({ allowEval: true }),
    most: 1000,
  },
  modules: {
    source: (n) => `${Array.from({ length: n }, (_, i) => `import m${i} from "./m${i}.js";`).join("\n")} ask()`,
    files: (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`m${i}.js`, TINY])),
    most: 1000,
  },
};

/** Names of kinds that nothing here makes. */
export function kindsWithoutMaker(): string[] {
  const names = SNAPSHOT_KINDS.map(({ kind }) => kind).filter((name) => name !== "");
  return names.filter((name) => !(name in OF_KINDS) && !(name in NEVER_BROUGHT));
}

/** All makers by name. */
export function makers(): readonly (readonly [string, Maker])[] {
  return [...Object.entries(OF_KINDS), ...Object.entries(OTHERS)];
}
