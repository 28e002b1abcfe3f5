// Where stacks locate errors of instructions that have no sign of their own (iteration, conversion, patterns, keys), and their messages, as
// V8 of Node 24 shows them: at the last place that the code before them has set.
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** A line of source, the column of its error, and what the error says. `u`, `x` and `y` are undefined, `f` returns undefined. */
const CASES: readonly (readonly [line: string, column: number, message: string])[] = [
  [
    "for (const d of (undefined && undefined)) ;",
    31,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (u && u)) ;",
    23,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (undefined || undefined)) ;",
    31,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (u || u)) ;",
    23,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (u || undefined)) ;",
    23,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (undefined && u)) ;",
    31,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (const d of undefined) ;", 17, "TypeError: undefined is not iterable"],
  ["for (const d of u) ;", 17, "TypeError: u is not iterable"],
  [
    "for (const d of (n ? undefined : undefined)) ;",
    34,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = (([] = undefined) => {}); a();",
    16,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = (([] = u) => {}); a();",
    16,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = ((q = undefined, []) => {}); a();",
    15,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = ((q = u, []) => {}); a();",
    15,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = ((q = 1, []) => {}); a();",
    10,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var a = (([]) => {}); a();",
    10,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(undefined[Symbol.iterator]--);",
    19,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(u[Symbol.iterator]--);",
    11,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["(undefined.m = (n, n));", 14, "TypeError: Cannot set properties of undefined (setting 'm')"],
  ["(u.m = (n, n));", 6, "TypeError: Cannot set properties of undefined (setting 'm')"],
  ["(undefined.m = n);", 14, "TypeError: Cannot set properties of undefined (setting 'm')"],
  ["(undefined.m = f());", 14, "TypeError: Cannot set properties of undefined (setting 'm')"],
  ["(u.m = f());", 6, "TypeError: Cannot set properties of undefined (setting 'm')"],
  ["`b${(undefined ? ([] = undefined) : Symbol.replace)}`", 44, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${(u ? ([] = u) : Symbol.replace)}`", 28, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${(n ? 1 : Symbol.replace)}`", 21, "TypeError: Cannot convert a Symbol value to a string"],
  ["for (var m of (--((x, y, z) => undefined).a)) ;", 43, "TypeError: (--(intermediate value).a) is not iterable"],
  ["for (var m of (--o.a)) ;", 20, "TypeError: (--o.a) is not iterable"],
  ["for (var m of (++o[undefined])) ;", 29, "TypeError: (++o[undefined]) is not iterable"],
  ["[...(--o.a)];", 10, "TypeError: (--o.a) is not iterable"],
  ["[...n.b];", 7, "TypeError: n.b is not iterable"],
  ["let [] = n?.b;", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["for (var q of n?.b) ;", 16, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["`abc${(o.x = Symbol.match)}`;", 12, "TypeError: Cannot convert a Symbol value to a string"],
  [
    "var {[undefined]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    7,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[u]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    7,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    'var {["a"]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));',
    13,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {a: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    9,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "(function* () { yield* u })().next();",
    17,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* 5 })().next();",
    17,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* {} })().next();",
    17,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* (n || 5) })().next();",
    17,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* (n ? 1 : 5) })().next();",
    17,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* (n ? u : 5) })().next();",
    29,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["`b${n ? o.x : Symbol.iterator}`", 22, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${n ? o.x : Symbol.iterator ? Symbol.match : 1}`", 40, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${!n ? Symbol.match : o.x}`", 27, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${!n ? Symbol.match : 1}`", 17, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${!n ? Symbol.match : u}`", 25, "TypeError: Cannot convert a Symbol value to a string"],
  ['`b${!n ? Symbol.match : "s"}`', 17, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${!n ? Symbol.match : f()}`", 25, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${Symbol.match || 1}`", 12, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${Symbol.match || u}`", 21, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${n || Symbol.match}`", 17, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${Symbol.match && Symbol.iterator}`", 28, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${n, Symbol.match}`", 15, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${Symbol.match ?? u}`", 21, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${x = Symbol.match}`", 7, "TypeError: Cannot convert a Symbol value to a string"],
  ["`b${(() => Symbol.match)()}`", 25, "TypeError: Cannot convert a Symbol value to a string"],
  ["u[Symbol.iterator]--;", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["u[Symbol.iterator]++;", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["++u[Symbol.iterator];", 12, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "u[Symbol.iterator] += 1;",
    10,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["u[Symbol.iterator] = 1;", 20, "TypeError: Cannot set properties of undefined (setting 'Symbol(Symbol.iterator)')"],
  ["u[Symbol.iterator]();", 2, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["u[o.x]--;", 5, "TypeError: Cannot read properties of undefined (reading 'undefined')"],
  ["u[n]--;", 3, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["u[n] += 1;", 3, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["++u[n];", 5, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["(([x] = o.q) => {})();", 11, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "(([x] = u && u) => {})();",
    14,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["(([] = 5) => {})();", 2, "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["(([] = {}) => {})();", 2, "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "((q = o.x.y, []) => {})(1);",
    11,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = o.x, [], r = 1) => {})();",
    9,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["((q = -n, []) => {})();", 7, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "((q = n + n, []) => {})();",
    9,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = 5, r = u, []) => {})();",
    14,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = u, r = 5, []) => {})();",
    7,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = [n], []) => {})();",
    8,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = {n}, []) => {})();",
    8,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function ([] = u) {})();",
    17,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function foo(q = u, []) {})();",
    19,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["(function foo(q = u, {}) {})();", 22, "TypeError: Cannot destructure 'undefined' as it is undefined."],
  ["((q = u, {}) => {})();", 10, "TypeError: Cannot destructure 'undefined' as it is undefined."],
  ["(([], q = u) => {})();", 2, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["({m([] = u) {}}).m();", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "((q = () => u, []) => {})();",
    2,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((q = class {}, []) => {})();",
    2,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(([a1] = [1], [b1] = u) => {})();",
    22,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["((q, [b1]) => {})(n);", 2, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "var {[o.x]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    9,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[f()]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    7,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[n + n]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    9,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[-n]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    7,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[`a${n}`]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    11,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "var {[n && n]: p} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {})));",
    12,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "({[u]: x} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {}))));",
    4,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "({[u]: o.q} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {}))));",
    8,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "({[u]: x = 5} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {}))));",
    4,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  [
    "({a, ...x} = (((x) => (x.revoke(), x.proxy))(Proxy.revocable({}, {}))));",
    3,
    "TypeError: Cannot perform 'get' on a proxy that has been revoked",
  ],
  ["var {[n]: []} = {0: u};", 7, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["var {[n]: []} = {};", 7, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["f(...(++o.a));", 1, "TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function"],
  ["f(...(u && o.x), 1);", 9, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["[...u, ...(++o.a)];", 5, "TypeError: u is not iterable"],
  [
    "for (const d of (o.x || 5)) ;",
    20,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (const d of [n, 5][1]) ;", 23, "TypeError: [n,5][1] is not iterable"],
  [
    "for (const d of (n || {n})) ;",
    24,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || void n)) ;",
    28,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || o[n])) ;",
    24,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    'for (const d of (n || o["z"])) ;',
    24,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || o?.z)) ;",
    24,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (u && u))) ;",
    29,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (n ? 1 : u))) ;",
    32,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (n ? u : 1))) ;",
    28,
    "TypeError: number 1 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (o.x ?? 5)) ;",
    20,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (x += 1))) ;",
    26,
    "TypeError: number NaN is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (o.x ||= 1))) ;",
    28,
    "TypeError: number 1 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (x ||= 1))) ;",
    26,
    "TypeError: number 1 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (x ??= 1))) ;",
    26,
    "TypeError: number 1 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || delete o.x)) ;",
    30,
    "TypeError: boolean true is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || !n)) ;",
    24,
    "TypeError: boolean true is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || n++)) ;",
    24,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || o.x--)) ;",
    26,
    "TypeError: number NaN is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (const d of (n || o.x.y?.z)) ;", 27, "TypeError: Cannot read properties of undefined (reading 'y')"],
  ["u[n + n]--;", 5, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["u[f()]++;", 3, "TypeError: Cannot read properties of undefined (reading 'undefined')"],
  ["u[o.x] += 1;", 5, "TypeError: Cannot read properties of undefined (reading 'undefined')"],
  ["u[o.x] &&= 1;", 5, "TypeError: Cannot read properties of undefined (reading 'undefined')"],
  ["u[`${n}`]++;", 6, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["u[-n]++;", 3, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["u[n || n]++;", 8, "TypeError: Cannot read properties of undefined (reading '0')"],
  ["++u[o.x];", 7, "TypeError: Cannot read properties of undefined (reading 'undefined')"],
  [
    "(([a1], []) => {})([1]);",
    4,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(([a1] = [1], []) => {})();",
    4,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(([a1 = 5], []) => {})([]);",
    4,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(({[n]: a}, []) => {})({});",
    5,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["((...[a1]) => { let [] = u; })();", 26, "TypeError: u is not iterable"],
  ["((...[[]]) => {})();", 7, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "((q = u, ...[[]]) => {})();",
    14,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* !n })().next();",
    17,
    "TypeError: boolean true is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* {n} })().next();",
    25,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["var {[n]: [] = u} = {};", 16, "TypeError: u is not iterable"],
  ["var {[n]: [] = 5} = {};", 7, "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["var {x: [] = u} = {};", 14, "TypeError: u is not iterable"],
  ["var [[] = u] = [];", 11, "TypeError: u is not iterable"],
  [
    "var [[] = u && u] = [];",
    16,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["var [[] = o.x] = [];", 13, "TypeError: o.x is not iterable"],
  ["[[] = o.x] = [];", 9, "TypeError: o.x is not iterable"],
  ["({[n]: []} = {});", 4, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["({[n]: [] = o.x} = {});", 15, "TypeError: o.x is not iterable"],
  ["for (const [] of [u]) ;", 13, "TypeError: .for is not iterable"],
  ["for (const [] of [o.x]) ;", 13, "TypeError: .for is not iterable"],
  [
    "for (const [a1 = u, []] of [[]]) ;",
    21,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["let [a2 = u, []] = [];", 14, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "let [a2 = o.x, []] = [];",
    16,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["let [a2, []] = [];", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "for (const d of (u && o.x)) ;",
    25,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || o.x)) ;",
    25,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (const d of (n || o.p.q)) ;", 27, "TypeError: Cannot read properties of undefined (reading 'q')"],
  [
    "for (const d of (n || -n)) ;",
    23,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || n + n)) ;",
    25,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (x = 5))) ;",
    26,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n || (o.z = 5))) ;",
    28,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n ? 1 : u)) ;",
    26,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n ? u : 5)) ;",
    22,
    "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const d of (n ? u : o.x)) ;",
    28,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (const d of ++n) ;", 19, "TypeError: (++n) is not iterable"],
  ["for (const d of f()) ;", 17, "TypeError: f is not a function or its return value is not iterable"],
  ["[...(++n)];", 8, "TypeError: (++n) is not iterable"],
  ["[...(++o.a)];", 10, "TypeError: (++o.a) is not iterable"],
  ["let [] = (u && u);", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [] = (u || u);", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [] = (n ? 1 : u);", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [] = (u ?? u);", 10, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [] = ++n;", 10, "TypeError: number 1 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [] = ++o.a;", 10, "TypeError: number NaN is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let [p1] = (u && u);", 12, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["[] = (u && u);", 4, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["[] = u;", 4, "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["[] = ++o.a;", 4, "TypeError: number NaN is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "(function* () { yield* (u && u) })().next();",
    30,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(function* () { yield* n?.b })().next();",
    25,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["Math.max(...(u && u));", 6, "TypeError: (u && u) is not iterable (cannot read property undefined)"],
  ["Math.max(...(++o.a));", 6, "TypeError: Spread syntax requires ...iterable[Symbol.iterator] to be a function"],
  ["[...(n?.b.c)];", 10, "TypeError: Cannot read properties of undefined (reading 'c')"],
  [
    "for (let q of ({ y: undefined, *b() {} })) ;",
    32,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b() {} })) ;",
    24,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, get b() {return 1} })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, set b(v) {} })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: () => 1 })) ;",
    27,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: function () {} })) ;",
    27,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: 1 })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, [n]: 1 })) ;",
    29,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, [n]: u })) ;",
    29,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: class {} })) ;",
    27,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: {} })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: [] })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: [u] })) ;",
    28,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, b: /x/ })) ;",
    27,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, async b() {} })) ;",
    24,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, [n]() {} })) ;",
    24,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, __proto__: o })) ;",
    35,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u, 1: 2 })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ b() {} })) ;",
    18,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (let q of ({ b: 1 })) ;", 16, "TypeError: {(intermediate value)} is not iterable"],
  [
    "for (let q of { b() {} }) ;",
    17,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (let q of ({ y: u })) ;",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["for (let q of ({})) ;", 16, "TypeError: {} is not iterable"],
  [
    "for (let q of ({ y: o.x })) ;",
    23,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["[...({ y: undefined, *b() {} })];", 6, "TypeError: {(intermediate value)(intermediate value)} is not iterable"],
  ["[...({ y: u })];", 6, "TypeError: {(intermediate value)} is not iterable"],
  [
    "const [[] = ({ async *[0](x) {  }, m: 0 })] = [];",
    39,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const e of ({ async *x(x) {  }, __proto__: 0 })) ;",
    49,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const e of ({ [n]: 1, m: u, k: n ? 0 : u })) ;",
    45,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const e of ({ m: n ? 0 : u })) ;",
    31,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ['`${({ ["toString"]: (true ? 0 : undefined) })}`;', 22, "TypeError: Cannot convert object to primitive value"],
  ["`${({ toString: u, ...o })}`;", 23, "TypeError: Cannot convert object to primitive value"],
  [
    "for (var {} of ({ z: (class extends (class {  }) { constructor() { super() } [0](x) { } }) })) ;",
    79,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (var {} of ({ z: 1, z2: (class { [n] = 2; b() {} }) })) ;",
    39,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (var m of (undefined, (undefined && undefined))) ;",
    41,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (var m of (n, (u && u))) ;",
    25,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "(([...c], [] = 0) => {})([1]);",
    4,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "({[u]: [] = (void u)} = 0);",
    19,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "((...c) => { let [] = (class extends (class extends Array { static #p = 0; }) {}) && 0 })();",
    23,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const [] of ((class extends (class extends Array { static #p = 0; }) {}) && 0)) ;",
    49,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const [] of ((class extends (class extends Array {}) { [0]() {} static [n]() {} }) && 0)) ;",
    78,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "for (const [] of ((class { x = u; [0] = u }) && 0)) ;",
    36,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "var [[] = (void u)] = [];",
    17,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["var [[] = !u] = [];", 12, "TypeError: boolean true is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "var {a: [] = (0 ? undefined : 0)} = {};",
    9,
    "TypeError: number 0 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["({[n]: [] = 5} = {});", 4, "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  [
    "var {[0]: [] = (undefined ? undefined : (-2147483648))} = {};",
    29,
    "TypeError: number -2147483648 is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "let [[] = (0, ({ b: undefined }))] = [];",
    21,
    "TypeError: object is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ['`ab${({ ["toString"]: undefined, 0: 0 })}`;', 37, "TypeError: Cannot convert object to primitive value"],
  [
    "({[({ b: undefined, 1: 0 })]: []} = 0);",
    10,
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
];

/** Lines of the program for each case; the line of the case is the fourth. */
const LINES = 6;

describe("the place and the message of an error", async () => {
  // One program for all: each would be held by itself.
  const bodies = CASES.map(
    ([line]) => `(function () {
let u, x, y, n = 0, o = {}, f = () => u;
try {
${line}
} catch (e) { return e.stack }
})()
`,
  );
  const stacks = (await outputOf(runtime, `[\n${bodies.join(",")}]`)) as readonly string[];
  it.each(CASES.map((row, i) => [...row, i] as const))("of %s", (_, column, message, i) => {
    const stack = stacks[i]!;
    expect(stack.split("\n")[0]).toBe(message);
    expect(/test\.js:(\d+:\d+)/.exec(stack)?.[1]).toBe(`${i * LINES + 5}:${column}`);
  });
});
