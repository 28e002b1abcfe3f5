// Owns the program that calls natives with what they do not expect. Everything it needs itself is kept aside before the first call, because any
// call may change anything. It is started once; every batch of calls goes on from a snapshot of it, with the answer of `begin()` as the seed.

import { NATIVE_ARGUMENTS } from "../../../ts/defs/native-arguments.ts";

/** Makes the values that are receivers and arguments. Each batch has its own: calls spoil them. */
const VALUES = `
function makeValues() {
  const plain = new ArrayBuffer(64), growing = new ArrayBuffer(32, { maxByteLength: 256 }), gone = new ArrayBuffer(8), shared = [3, 1, 2, 5, 4];
  const stale = new Int8Array(gone); gone.transfer();
  const tracking = new Uint16Array(growing), fixed = new Int32Array(growing, 4, 3), bytes = Uint8Array.from([1, 2, 3, 250]);
  // What answers a conversion by changing what is being worked on.
  const spoilers = [() => { shared.length = 0; return 1; }, () => { growing.resize(0); return 2; }, () => { try { plain.transfer(); } catch {} return 3; },
    () => { growing.resize(256); return 4; }, () => { shared.push(...shared.slice(0, 50)); return 0; }, () => { map.clear(); set.add({}); return 5; },
    () => { throw new RangeError("spoiled"); }, () => { Object.setPrototypeOf(list, null); return 1; }, () => "x".repeat(300), () => 10n];
  const spoiling = spoilers.map((f) => ({ valueOf: f, toString: f, get length() { return f(); }, [Symbol.iterator]: () => ({ next: () => ({ value: f(), done: false }) }) }));
  const primitive = { [Symbol.toPrimitive]: () => { shared.length = 2; return 3; } };
  const map = new Map([[1, 2], ["a", {}], [NaN, 3], [{}, 4]]), set = new Set([1, "b", Symbol.iterator, 2n]), list = [1, , "three", null, 5.5, { x: 1 }];
  const traps = new Proxy({}, { get: (_, key) => key === "then" ? undefined : (...args) => { shared.push(args.length); return args[0]; } });
  const fn = function (a, b) { return a > b ? 1 : -1; }, sparse = [1]; sparse[1000000] = 2;
  let rope = "ab".repeat(200); for (let i = 0; i < 12; i++) rope = rope + i + rope.slice(0, 300);
  const running = (function* () { yield 1; yield* list; })(), asyncGenerator = (async function* () { yield 1; await 2; yield 3; })();
  const revocable = Proxy.revocable([], {}); revocable.revoke();
  const awaiting = (async function* () { await 1; yield 2; })(); awaiting.next();
  const late = new Promise(() => {}), no = Promise.reject(1); no.catch(() => {});
  const sub = class extends Array {}, species = class extends Uint8Array { static get [Symbol.species]() { return Float64Array; } };
  const sticky = /a(b)?(?<n>c)*/y, globalRe = /(?:)|x/g, insensitive = /\\p{Lu}+/giu; sticky.lastIndex = 2 ** 31; const sets = /[\\q{ab|c}--[c]]/v;
  const frozen = Object.freeze([1, 2, 3]), sealed = Object.seal({ a: 1 }), strange = { length: 2 ** 53 - 1, 0: 1 }, alike = { length: 4, 0: "a", 2: 3 };
  const values = [undefined, null, true, false, 0, -0, 1, -1, 2, 7, 0.5, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e21, 5e-324,
    0n, 5n, -5n, 2n ** 64n, -(2n ** 200n), 3n ** 2000n, "", "a", "abc", "0", "12", "-0", "1e3", "length", "constructor", "__proto__", "2020-01-01T00:00:00Z", "\\ud800", "\\u1234é",
    "ab".repeat(2000), rope, rope.slice(5, 400), "(a+)+$", "[", '{"a":[1,2,{"b":null}]}', "\\u0130\\ufb01", Symbol("s"), Symbol.iterator, Symbol.for("reg"), Symbol.toPrimitive,
    [], list, shared, frozen, sparse, [1.5, 2.5, 3.5], [[1, [2, [3]]]], new Array(50), new sub(3), Array.from({ length: 100 }, (_, i) => i), new Array(2 ** 32 - 1), {}, Object.create(null), sealed, strange, alike,
    { a: 1, b: { c: [1] }, get d() { return shared.pop(); } }, { then(a) { a(1); } }, { next() { return { done: false }; }, return() { return {}; }, [Symbol.iterator]() { return this; } },
    { enumerable: true, configurable: true, value: 1 }, { get: fn, set: fn }, { raw: ["a", "b"] }, { maxByteLength: 100 }, { cause: 1 }, { done: true, value: 1 }, { has: () => true, keys: () => [].values(), size: 3 },
    ...spoiling, primitive, fn, () => 1, (x) => x, class A { #p = 1; static m() { return this.#p; } }, fn.bind(null, 1), fn.bind().bind(), async () => 1, function* () { yield 1; }, async function* () {}, sub, species, eval, Function,
    running, asyncGenerator, awaiting, late, no, Promise.resolve(list), traps, new Proxy(list, {}), new Proxy(fn, {}), revocable.proxy, new Proxy(traps, traps), map, set, new WeakMap([[list, 1]]), new WeakSet([map]), new WeakRef(set),
    new FinalizationRegistry(fn), map.entries(), set.values(), list.values(), "abc"[Symbol.iterator](), "abab".matchAll(/a/g), list.values().map(fn), Iterator.from({ next: fn }), sticky, globalRe, insensitive, sets, new RegExp("a|b", "d"),
    new Date(0), new Date(NaN), new Date(2024, 1, 29), new Error("e"), new AggregateError([1]), new TypeError("t", { cause: fn }), plain, growing, gone, tracking, fixed, bytes, new Float64Array(plain), new Float32Array(plain, 4), new BigInt64Array(plain, 8, 2),
    new Uint8ClampedArray(growing, 8), stale, new species(4), new DataView(plain), new DataView(growing), new DataView(growing, 4, 4), (function (a, b) { return arguments; })(1, 2, 3), Object(1), Object("str"), Object(Symbol.iterator), Object(2n), Object(true),
    globalThis, Object.prototype, Array.prototype, new TextEncoder(), new TextDecoder(), new DisposableStack(), Math, JSON, Reflect, console, async function () { await late; }];
  try { values.push(structuredClone(list)); } catch {}
  return values;
}
`;

/** Calls: each is announced by name, so that the host knows what does not come back. */
const LOOP = `
const { apply, construct, ownKeys, getOwnPropertyDescriptor: describe, getPrototypeOf } = Reflect;
const { imul } = Math, text = String, push = Function.prototype.call.bind(Array.prototype.push);
const seen = new Set(), functions = [], names = [];
function walk(o, path) {
  if (o === null || (typeof o !== "object" && typeof o !== "function") || seen.has(o)) return;
  seen.add(o);
  if (typeof o === "function") { functions.push(o); names.push(path); }
  for (const key of ownKeys(o)) {
    const property = describe(o, key);
    for (const part of ["value", "get", "set"]) if (part in property) walk(property[part], path + "." + text(key) + (part === "value" ? "" : " " + part));
  }
  walk(getPrototypeOf(o), path + ".prototype of");
}
const fresh = makeValues();
walk(globalThis, "");
seen.delete(globalThis);
for (let i = 0; i < fresh.length; i++) try { walk(getPrototypeOf(Object(fresh[i] ?? 0)), "value " + i); } catch {}
for (const own of [walk, makeValues, begin, step]) { const at = functions.indexOf(own); if (at >= 0) { functions.splice(at, 1); names.splice(at, 1); } }
let state = begin(functions.length);
function below(end) {
  state = (state + 0x6d2b79f5) | 0;
  let t = imul(state ^ (state >>> 15), state | 1);
  t ^= t + imul(t ^ (t >>> 7), t | 61);
  return (((t ^ (t >>> 14)) >>> 0) / 4294967296 * end) >>> 0;
}
const values = makeValues(), base = values.length;
/** Which of the values they are; those from \`base\` on came out of calls. */
function places(receiver, args) {
  let out = "";
  for (let i = 0; i <= args.length; i++) {
    const value = i === 0 ? receiver : args[i - 1];
    let at = 0;
    while (at < values.length && values[at] !== value) at++;
    out = out + (i > 0 ? "," : "") + at;
  }
  return out;
}
for (;;) {
  const args = [];
  for (let n = below(5); n > 0; n--) args[args.length] = values[below(values.length)];
  const receiver = values[below(values.length)], how = below(8), newTarget = values[below(values.length)];
  let result;
  CALL
  // What came out is worked on, too.
  if (result !== undefined) values[values.length < base + 60 ? values.length : base + below(60)] = result;
}
`;

const REALM = `
  const at = below(functions.length), f = functions[at];
  step(names[at], places(receiver, args));
  try { result = how === 0 ? construct(f, args) : how === 1 ? construct(f, args, newTarget) : apply(f, receiver, args); } catch (error) { result = error; }
`;

/** Natives that guest code reaches: all functions of the realm. */
export const REALM_SOURCE = VALUES + LOOP.replace("CALL", () => REALM);

/** Chooses arguments of the kinds that a native is checked for: what is wrong with them then is their size, their place or their state. */
const FITTING = `
const numbers = [-2147483648, -1e9, -65536, -5, -1, 0, 1, 3, 8, 63, 64, 1e6, 2147483647, -0.5, 0.5, 2.5, 4294967295, 4294967296, -1e300, 1e18, NaN, Infinity, -Infinity];
const { isArray } = Array, { isView } = ArrayBuffer;
const classes = { B: ArrayBuffer, D: ArrayBuffer, T: getPrototypeOf(Uint8Array), W: DataView, P: Promise, R: RegExp, A: Date, K: WeakRef };
function isOf(letter, value) {
  const type = typeof value;
  if (letter === "s") return type === "string";
  if (letter === "U") return type === "bigint";
  if (letter === "S") return type === "symbol";
  if (letter === "L" || letter === "l" || letter === "a") return isArray(value);
  if (letter === "V") return isView(value);
  if (letter === "M" || letter === "m") return value instanceof Map || value instanceof Set || (letter === "M" && value instanceof WeakMap);
  if (letter === "c") return type === "function";
  return classes[letter] === undefined ? value !== null && (type === "object" || type === "function") : value instanceof classes[letter];
}
function fitting(letter) {
  if (letter === "n" || letter === "i" || letter === "u" || letter === "k") return numbers[below(numbers.length)];
  let value = values[below(values.length)];
  if (letter === ".") return value;
  try { for (let tries = 0; tries < 60 && !isOf(letter, value); tries++) value = values[below(values.length)]; } catch {}
  return value;
}
function fitted(signature, at, other) {
  const letter = signature[at];
  return letter === undefined || below(8) === 0 ? other : fitting(letter);
}
`;

/** The letters of a native's signature, one for each argument. */
function lettersOf(name: string): string {
  return (NATIVE_ARGUMENTS[name] ?? "").replaceAll("?", "");
}

/** Natives that only the prelude calls: `probe` is code of the prelude that calls native number `at`. */
export function internalSource(natives: readonly string[]): string {
  const call = `
  const at = below(8) === 0 ? below(${natives.length}) : checked[below(checked.length)], signature = signatures[at];
  const a = fitted(signature, 0, receiver), rest = [];
  for (let i = 0; i < 5; i++) rest[i] = fitted(signature, i + 1, args[i]);
  step(natives[at], places(a, rest));
  try { result = probe(at, a, rest[0], rest[1], rest[2], rest[3], rest[4]); } catch (error) { result = error; }
`;
  // The others mostly end the batch: they go on in the prelude, which did not call them.
  const checked = natives.flatMap((name, i) => (lettersOf(name) === "" ? [] : [i]));
  const known = `const checked = ${JSON.stringify(checked)}, natives = ${JSON.stringify(natives)}, signatures = ${JSON.stringify(natives.map(lettersOf))};`;
  const loop = LOOP.replace("CALL", () => call).replace("for (;;) {", () => `${FITTING}for (;;) {`);
  return `let probe; new Promise((resolve) => { probe = resolve; });\n${known}${VALUES}${loop}`;
}

/** The code of the prelude that calls any of those natives. */
export function probeSource(natives: readonly string[]): string {
  const cases = natives.map((name, i) => `case ${i}: return $${name}(a, b, c, d, e, f);`);
  return `function probe(at, a, b, c, d, e, f) { switch (at) { ${cases.join(" ")} } }`;
}
