// Owns guest programs that ask for more than they may have, by what must stop them. Each stands for a way to take time or memory
// that was not granted.

import type { Limits } from "../../ts/index.ts";

export interface GreedyProgram {
  readonly name: string;
  readonly source: string;
  readonly limits?: Limits;
}

const program = (name: string, source: string, limits: Limits = {}): GreedyProgram => ({ name, source, limits });

/** They go on for ever: only the fuel ends them. */
export const ENDLESS: readonly GreedyProgram[] = [
  program("while", "while (true);"),
  program("for", "for (;;) {}"),
  program("do while", "do {} while (1)"),
  program("for of", "for (const x of { [Symbol.iterator]() { return { next() { return { done: false }; } }; } });"),
  program("labelled continue", "a: for (;;) { for (const k in { x: 1 }) continue a; }"),
  program("continue in finally", "for (;;) { try { throw 1; } catch {} finally { continue; } }"),
  program("generator", "function* g() { for (;;) yield 1; } for (const x of g());"),
  program(
    "map that grows as it is walked",
    "const m = new Map([[1, 1]]); for (const [k] of m) { m.delete(k); m.set(k, 1); }",
  ),
  program("thenable that resolves to itself", "const t = { then(r) { r(t); } }; Promise.resolve(t);"),
  program("microtask storm", "function f() { queueMicrotask(f); } f();"),
  program("promise chain of its own", "let n = 0; async function f() { for (;;) { await null; n++; } } f();"),
  program("recursion that catches its overflow", "function f() { try { f(); } catch { f(); } } f();"),
  program(
    "getters that double, without a loop or a call",
    `const o = { get a0() { return 1; } }; ${Array.from({ length: 40 }, (_, i) => `Object.defineProperty(o, "a${i + 1}", { get() { return this.a${i} + this.a${i}; } });`).join("")} o.a40`,
  ),
  program(
    "setters that double",
    "class C { #n = 0; get x() { return this.#n; } set x(v) { if (v > 0) { this.x = v - 1; this.x = v - 1; } } } new C().x = 60;",
  ),
  program(
    "valueOf that doubles",
    "const f = (n) => ({ valueOf() { return n === 0 ? 1 : f(n - 1) + f(n - 1); } }); +f(60)",
  ),
  program(
    "lookups along a long prototype chain",
    "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); for (let i = 0; ; i++) o['y' + i];",
  ),
  program(
    "in along a long prototype chain",
    "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); for (;;) 'y' in o;",
  ),
  program(
    "instanceof along a long prototype chain",
    "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); class C {} for (;;) o instanceof C;",
  ),
  program(
    "assignments past a long prototype chain",
    "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); for (let i = 0; ; i++) { const p = Object.create(o); p.x = 1; }",
  ),
  program("isFrozen of a large array", "const a = Object.freeze(Array(300000).fill(1)); for (;;) Object.isFrozen(a);"),
  program("sort of a sparse array", "const a = []; a[2 ** 32 - 2] = 1; a.sort();"),
  program("reverse of what says it is long", "Array.prototype.reverse.call({ length: 2 ** 53 - 1 });"),
  program("indexOf in what says it is long", "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);"),
  program("every over a long hole", "Array(4e9).every(() => true)"),
  program("splice of a long hole", "Array(4e9).splice(1, 1)"),
  program("drop of everything", "Iterator.from({ next() { return { done: false }; } }).drop(Infinity).next()"),
  program(
    "comparison of long strings",
    "const a = 'x'.repeat(2 ** 21), b = 'x'.repeat(2 ** 21); let n = 0; for (;;) n += a === b;",
  ),
  program("search in a long string", "const s = 'a'.repeat(2 ** 21); let n = 0; for (;;) n += s.indexOf('b');"),
  program("copies of a large array", "const a = Array(100000).fill(1); for (;;) a.slice();"),
  program("calls with very many arguments", "const a = Array(60000).fill(1); for (;;) Math.max(...a);"),
  program("errors with stacks", "function f(n) { if (n) return f(n - 1); for (;;) new Error('x'); } f(100);"),
  program("decimal digits", "for (;;) (1e20 + 0.1).toFixed(100);"),
  program("deleting and adding", "for (;;) { const o = { a: 1, b: 2 }; delete o.a; }"),
];

/** They pile things up: memory ends them. */
export const HOARDING: readonly GreedyProgram[] = [
  program("array doubling", "let a = [1]; for (;;) a = [...a, ...a];"),
  program("concat doubling", "let a = [1]; for (;;) a = a.concat(a);"),
  program("push while walking", "const a = [1]; for (const x of a) a.push(x);"),
  program("string doubling", "let s = 'x'; for (;;) s += s;", { memoryBytes: 8 << 20 }),
  program("flattened string doubling", "let s = 'x'; for (;;) { s += s; s.charCodeAt(0); }", { memoryBytes: 8 << 20 }),
  program("padStart", "'x'.padStart(2 ** 25, 'ab')"),
  program("join of holes", "new Array(1e7).join('xxxxxxxxxxxxxxxx')"),
  program("fill", "Array(2 ** 32 - 1).fill(0)"),
  program("Array.from", "Array.from({ length: 1e8 })"),
  program(
    "sort by a comparator",
    "const a = []; for (let i = 0; ; i++) { a.push(-i); if (i % 100000 === 0) a.sort((x, y) => x - y); }",
  ),
  program(
    "sort of ropes that share a part",
    "const a = [], b = 'x'.repeat(1e6); for (let i = 0; i < 3000; i++) a.push(b + i); a.sort();",
  ),
  program(
    "search among ropes that share a part",
    "const a = [], b = 'x'.repeat(1e6); for (let i = 1000; i < 4000; i++) a.push(b + i); a.includes(b + 'none')",
  ),
  program("JSON text that never ends", "JSON.parse('['.repeat(2e6))"),
  program("JSON of a graph that shares", "let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; JSON.stringify(a)", {
    memoryBytes: 4 << 20,
  }),
  program("JSON with indentation", "let a = []; for (let i = 0; i < 20000; i++) a = [a]; JSON.stringify(a, null, 10)", {
    memoryBytes: 4 << 20,
  }),
  program("map", "const m = new Map(); for (let i = 0; ; i++) m.set(i, i);"),
  program("set of objects", "const s = new Set(); for (;;) s.add({});"),
  program("keys of an object", "const o = {}; for (let i = 0; ; i++) o['k' + i] = i;"),
  program(
    "weak map with its keys",
    "const m = new WeakMap(), l = []; for (;;) { const k = {}; l.push(k); m.set(k, 1); }",
  ),
  program(
    "structuredClone",
    "const a = []; for (let i = 0; i < 3e5; i++) a.push({ i }); const all = []; for (;;) all.push(structuredClone(a));",
  ),
  program(
    "console.log of something large",
    "const a = []; for (let i = 0; i < 1e6; i++) a.push({ i }); console.log(a);",
  ),
  program("promise storm", "for (;;) Promise.resolve().then(() => {});"),
  program("promises that make promises", "function f() { Promise.resolve().then(f); Promise.resolve().then(f); } f();"),
  program("promise chain", "let p = Promise.resolve(); for (;;) p = p.then(() => 1);"),
  program("timer storm", "for (;;) setTimeout(() => {}, 1);"),
  program(
    "generator storm",
    "const l = []; function* g() { yield 1; } for (;;) { const h = g(); h.next(); l.push(h); }",
  ),
  program("async function storm", "for (;;) (async () => { await null; })();"),
  program(
    "functions that wait for ever",
    "const l = []; for (;;) l.push((async () => { await new Promise(() => {}); })());",
  ),
  program("unhandled rejections", "for (;;) Promise.reject(1);"),
  program("requests of an async generator", "async function* g() { yield 1; } const h = g(); for (;;) h.next();"),
  program("awaits within awaits", "async function f() { await 1; await f(); } f();"),
  program("pending host calls", "for (;;) later(1);"),
  program("registered symbols", "for (let i = 0; ; i++) Symbol.for('k' + i);"),
  program("classes", "const l = []; for (;;) l.push(class { #a = 1; static b = 2; m() {} });"),
  program("closures", "const l = []; for (;;) l.push(() => l);"),
  program("globals", "for (let i = 0; ; i++) globalThis['x' + i] = 1;"),
  program("sparse elements", "const a = []; for (let i = 0; ; i += 1000) a[i] = 1;"),
  program("errors kept", "const l = []; for (;;) l.push(new Error('x'));"),
  program("spread that grows with the depth", "function f(...a) { return f(...a, 1); } f();"),
  program(
    "toArray of an iterator without end",
    "Iterator.from({ next() { return { done: false, value: 1 }; } }).toArray()",
  ),
];

/** They call too deep: the guest gets a RangeError, which it can catch. */
export const DEEP: readonly GreedyProgram[] = [
  program("function", "function f() { return f() + 1; } f();"),
  program(
    "function with many variables",
    `function f(n) { ${Array.from({ length: 200 }, (_, i) => `let v${i} = n + ${i};`).join("")} return f(n + 1)${Array.from({ length: 200 }, (_, i) => ` + v${i}`).join("")}; } f(0);`,
  ),
  program("method", "const o = { m() { return this.m() + 1; } }; o.m();"),
  program("getter", "const o = { get x() { return this.x + 1; } }; o.x;"),
  program("setter", "const o = { set a(v) { this.a = v; } }; o.a = 1;"),
  program("private accessor", "class C { get #x() { return this.#x + 1; } m() { return this.#x; } } new C().m();"),
  program("toString", "const o = { toString() { return '' + this; } }; '' + o;"),
  program("valueOf", "const o = { valueOf() { return +this; } }; +o;"),
  program("comparator", "function c() { return [2, 1].sort(c), 1; } c();"),
  program("generator by yield*", "function* g() { yield* g(); } [...g()];"),
  program("generator by for of", "function* g() { for (const x of g()) yield x; } for (const x of g());"),
  program("iterator of its own", "const o = { *[Symbol.iterator]() { yield* this; } }; [...o];"),
  program("apply with arguments", "function f() { return f.apply(null, arguments); } f(1, 2);"),
  program("Reflect.apply", "function f() { return Reflect.apply(f, null, []); } f();"),
  program(
    "bound functions of bound functions",
    "let f = () => { f(); }; for (let i = 0; i < 100; i++) f = f.bind(null); f();",
  ),
  program("toJSON", "const o = { toJSON() { return JSON.stringify(this); } }; JSON.stringify(o);"),
  program("reviver", "JSON.parse('['.repeat(50000) + ']'.repeat(50000), (k, v) => v);"),
  program("constructor", "class A { constructor() { new A(); } } new A();"),
  program("chain of constructors", "class A { constructor() { new B(); } } class B extends A {} new B();"),
  program("field initializer", "class A { x = new A(); } new A();"),
  program("static block", "class A { static { const f = () => f() + 1; f(); } }"),
  program("default parameter", "function f(a = f()) {} f();"),
  program("tagged template", "function t() { return t`a`; } t`x`;"),
  program("Symbol.hasInstance", "const C = { [Symbol.hasInstance](x) { return x instanceof C; } }; ({}) instanceof C;"),
  program("map", "function f() { return [1].map(f); } f();"),
  program("flatMap", "function f() { return [1].flatMap(f); } f();"),
  program("flat of a cycle", "const a = []; a.push(a); a.flat(Infinity);"),
  program("structuredClone", "let a = []; for (let i = 0; i < 2e5; i++) a = [a]; structuredClone(a);"),
  program("destructuring with getters", "const o = { get a() { const { a } = this; return a; } }; o.a;"),
];

/** They are deep or large, and end well. */
export const WELL: readonly (GreedyProgram & { readonly output: unknown })[] = [
  { ...program("20,000 calls", "function f(n) { return n ? f(n - 1) + 1 : 0; } f(20000)"), output: 20_000 },
  {
    ...program("20,000 methods", "class A { m(n) { return n ? this.m(n - 1) + 1 : 0; } } new A().m(20000)"),
    output: 20_000,
  },
  {
    ...program(
      "an overflow caught",
      "function f() { return f() + 1; } let r; try { f(); } catch (e) { r = e.name + ': ' + e.message; } r",
    ),
    output: "RangeError: Maximum call stack size exceeded",
  },
  {
    ...program(
      "finally on the way back from an overflow",
      "let n = 0; function f() { try { f(); } finally { n++; } } try { f(); } catch {} n > 30000",
    ),
    output: true,
  },
  {
    ...program(
      "an iterator closed where the stack is full",
      "let closed = 0; const it = { [Symbol.iterator]() { return this; }, next() { return { done: false }; }, return() { closed++; return {}; } }; function f(n) { if (n === 0) { for (const x of it) break; return; } f(n - 1); } for (let i = 0; i < 3000; i += 7) f(i); closed",
    ),
    output: 429,
  },
  {
    ...program(
      "rest elements where the stack is full",
      "let bad = 0; const it = { *[Symbol.iterator]() { yield 1; yield 2; yield 3; } }; function f(n) { if (n === 0) { const [a, ...rest] = it; if (rest.length !== 2) bad++; return; } f(n - 1); } for (let i = 0; i < 3000; i += 7) f(i); bad",
    ),
    output: 0,
  },
  {
    ...program(
      "JSON nested 100,000 deep",
      "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a).length + JSON.stringify(JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))).length",
    ),
    output: 400_002,
  },
  {
    ...program(
      "a cycle far down",
      "const end = {}; let a = end; for (let i = 0; i < 1000; i++) a = [a]; end.a = a; try { JSON.stringify(a); } catch (e) { e.name; }",
    ),
    output: "TypeError",
  },
  {
    ...program(
      "a rope of three million parts",
      "let s = ''; for (let i = 0; i < 3e6; i++) s += 'x'; let t = ''; for (let i = 0; i < 1e5; i++) t = 'y' + t; s.charCodeAt(5) + t.charCodeAt(7)",
    ),
    output: 241,
  },
  {
    ...program(
      "a chain of 100,000 bound functions",
      "let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); f()",
    ),
    output: 1,
  },
  {
    ...program(
      "new of a chain of bound functions",
      "let f = function () { this.ok = new.target !== undefined; }; for (let i = 0; i < 5000; i++) f = f.bind(null, i); new f().ok",
    ),
    output: true,
  },
  {
    ...program(
      "a getter 20,000 prototypes away",
      "let o = { get x() { return 1; } }; for (let i = 0; i < 20000; i++) o = Object.create(o); let n = 0; for (let i = 0; i < 50; i++) n += o.x; n",
    ),
    output: 50,
  },
  {
    ...program(
      "a list of 100,000 objects",
      "let l = null; for (let i = 0; i < 1e5; i++) l = { l, i }; let n = 0; for (let p = l; p; p = p.l) n++; n",
    ),
    output: 100_000,
  },
];
