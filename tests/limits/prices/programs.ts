// Owns the programs whose end by time is measured: each does what takes longest for one call at default limits, again and again. Nothing
// here measures.

/** What to do without end, by name; `before` runs once. */
interface Load {
  readonly before?: string;
  readonly each: string;
}

const TEXTS = `const million = "a".repeat(1e6), wide = "\\u4e2d\\u0301".repeat(5e5), hangul = "\\uac01".repeat(2e6), lone = "\\ud800".repeat(1e6);`;
const LIST = `const list = Array.from({ length: 5e5 }, (_, i) => i * 7919 % 500009);`;
const ROPE = `const rope = (n) => { let r = "x"; for (let i = 0; i < n; i++) r = i & 1 ? r + "ab" : "cd" + r; return r; };`;

/** Each of those takes a native as long as it can for its memory. */
export const LOADS: Readonly<Record<string, Load>> = {
  // Texts
  localeCompare: {
    before: `const a = "\\u00e9a\\u0301".repeat(8e5) + "b", b = "\\u00e9a\\u0301".repeat(8e5) + "c";`,
    each: `a.localeCompare(b)`,
  },
  "localeCompare of hangul": { before: TEXTS + `const other = hangul + "x";`, each: `hangul.localeCompare(other)` },
  normalize: { before: TEXTS, each: `for (const f of ["NFC", "NFD", "NFKC", "NFKD"]) wide.normalize(f)` },
  "normalize of hangul": { before: TEXTS, each: `hangul.normalize("NFD")` },
  "normalize of marks": { before: `const marks = "a" + "\\u0301\\u0316".repeat(5e5);`, each: `marks.normalize("NFC")` },
  "normalize of what grows": { before: `const grows = "\\ufdfa".repeat(3e5);`, each: `grows.normalize("NFKC")` },
  "upper case": {
    before: `const sharp = "\\u00df\\u0130\\ufb03".repeat(5e5);`,
    each: `sharp.toUpperCase(); sharp.toLowerCase()`,
  },
  "case of sigmas": {
    before: `const sigma = "\\u03a3".repeat(2e6), dots = "A" + "\\u00ad".repeat(2e6) + "\\u03a3";`,
    each: `sigma.toLowerCase(); dots.toLowerCase()`,
  },
  "case of many sigmas": {
    before: `const sigmas = ("\\u03a3" + "\\u00ad".repeat(1000)).repeat(2000);`,
    each: `sigmas.toLowerCase()`,
  },
  replaceAll: { before: TEXTS, each: `million.replaceAll("a", "bb")` },
  "replaceAll with itself": { before: `const t = "a".repeat(2000);`, each: `t.replaceAll("a", "$\`")` },
  "replace with itself": { before: TEXTS, each: `million.replace("a", "$\`$'$&".repeat(9))` },
  "replaceAll of nothing": { before: TEXTS, each: `million.replaceAll("", "-")` },
  split: { before: TEXTS, each: `million.split("")` },
  "split by what is nearly there": {
    before: TEXTS + `const near = "a".repeat(5e5) + "b";`,
    each: `million.split(near)`,
  },
  indexOf: { before: TEXTS + `const near = "a".repeat(5e5) + "b";`, each: `million.indexOf(near)` },
  "indexOf of halves": {
    before: TEXTS + `const near = "a".repeat(25e4) + "b" + "a".repeat(25e4);`,
    each: `million.indexOf(near); million.lastIndexOf(near); million.includes(near)`,
  },
  lastIndexOf: { before: TEXTS + `const near = "b" + "a".repeat(5e5);`, each: `million.lastIndexOf(near)` },
  "repeat and indexOf": { each: `"ab".repeat(4e6).indexOf("ba".repeat(1e6) + "c")` },
  padStart: { each: `"x".padStart(1e7, "abc"); "x".padEnd(1e7, "abcd")` },
  "concat of texts": { before: TEXTS, each: `"".concat(million, million, million, million)` },
  "equal texts": {
    before: TEXTS + `const other = "a".repeat(1e6);`,
    each: `for (let i = 0; i < 100; i++) million === other`,
  },
  "comparison of texts": {
    before: TEXTS + `const other = "a".repeat(1e6) + "b";`,
    each: `for (let i = 0; i < 100; i++) million < other`,
  },
  "texts as names": { before: ROPE, each: `({})[rope(3e5)]` },
  "flat ropes": { before: ROPE, each: `rope(3e5).charCodeAt(5)` },
  "ropes of ropes": {
    each: `let r = "abc".repeat(20); for (let i = 0; i < 15; i++) r = r + "-" + r; r.charCodeAt(3); r === r + ""`,
  },
  trim: { before: `const spaces = " ".repeat(4e6);`, each: `spaces.trim(); spaces.trimEnd()` },
  "string iterator": { before: TEXTS, each: `[...million]` },
  "well formed": { before: TEXTS, each: `lone.toWellFormed(); lone.isWellFormed()` },
  "String.raw": { before: `const raw = Array.from({ length: 3e5 }, () => "ab");`, each: `String.raw({ raw }, 1, 2)` },
  "String.raw of a length": { each: `String.raw({ raw: { length: 2 ** 53 - 1 } })` },
  fromCharCode: {
    before: `const codes = new Array(5000).fill(65);`,
    each: `for (let i = 0; i < 50; i++) String.fromCharCode(...codes)`,
  },
  anchors: { before: TEXTS, each: `"x".anchor('"'.repeat(1e6))` },
  "at, slice, substring": {
    before: TEXTS,
    each: `for (let i = 0; i < 1e4; i++) million.slice(i, -i).substring(1).at(5)`,
  },

  // Numbers
  "BigInt to text": { before: `const big = 1n << 1000000n;`, each: `big.toString()` },
  "BigInt to text, base 3": { before: `const big = 1n << 1000000n;`, each: `big.toString(3)` },
  "text to BigInt": { before: `const digits = "7".repeat(300000);`, each: `BigInt(digits)` },
  "hex to BigInt": { before: `const digits = "0x" + "7".repeat(250000);`, each: `BigInt(digits)` },
  "product of BigInts": { before: `const big = (1n << 524000n) - 1n;`, each: `big * big` },
  "quotient of BigInts": {
    before: `const big = (1n << 1000000n) - 1n, half = (1n << 500000n) - 5n;`,
    each: `big / half; big % half`,
  },
  "power of BigInts": { each: `3n ** 600000n` },
  "powers of BigInts": { each: `7n ** 1000n` },
  "BigInt.asUintN": {
    before: `const big = -(1n << 1000000n);`,
    each: `BigInt.asUintN(999999, big); BigInt.asIntN(999999, big)`,
  },
  "bits of BigInts": {
    before: `const big = (1n << 1000000n) - 1n;`,
    each: `big & -big; big ^ -big; ~big; big << 3n; big >> 5n`,
  },
  "comparison of BigInt and text": {
    before: `const big = 10n ** 200000n, digits = "1" + "0".repeat(200000);`,
    each: `big == digits; big < digits`,
  },
  "BigInt of doubles": { each: `BigInt(1.7e308)` },
  "BigInt to locale": { before: `const big = 1n << 300000n;`, each: `big.toLocaleString()` },
  "number of text": {
    before: `const digits = "1".repeat(4e6);`,
    each: `Number(digits); parseFloat(digits); parseInt(digits, 7)`,
  },
  "number of spaces": {
    before: `const spaces = " ".repeat(4e6) + "x";`,
    each: `Number(spaces); parseFloat(spaces); parseInt(spaces)`,
  },
  "number of a fraction": { before: `const digits = "0." + "0".repeat(4e6) + "1";`, each: `+digits` },
  "numbers to text": { each: `for (let i = 0; i < 1e4; i++) (i * 1.1e-290).toString(36)` },
  toFixed: { each: `for (let i = 0; i < 1e4; i++) (1e20 + i).toFixed(100)` },
  toPrecision: { each: `for (let i = 0; i < 1e4; i++) (1.1e-300 + i).toPrecision(100)` },
  "toLocaleString of numbers": {
    each: `for (let i = 0; i < 100; i++) (1e20 + i / 3).toLocaleString("en", { maximumFractionDigits: 100 })`,
  },
  "Math.max of many": {
    before: `const args = new Array(6000).fill(1.5);`,
    each: `for (let i = 0; i < 20; i++) Math.max(...args), Math.hypot(...args)`,
  },
  "Math.sumPrecise": { before: LIST, each: `Math.sumPrecise?.(list.map((n) => n * 1e300)); Math.sin(1e300)` },
  remainders: { each: `let r = 0; for (let i = 0; i < 1e4; i++) r += (1e308 + i) % 1.1e-300` },
  "powers of numbers": { each: `let r = 0; for (let i = 0; i < 1e4; i++) r += 1.0001 ** (i + 0.5)` },

  // Arrays
  join: { before: LIST, each: `list.join("-")` },
  "join of holes": { before: `const holes = new Array(2 ** 32 - 1);`, each: `holes.join()` },
  "join of doubles": {
    before: `const list = Array.from({ length: 2e5 }, (_, i) => i * 1.1e-290);`,
    each: `list.join()`,
  },
  "join with a long text": { before: `const list = new Array(1000);`, each: `list.join("x".repeat(1e4))` },
  sort: { before: LIST, each: `list.toSorted()` },
  "sort of doubles": {
    before: `const list = Array.from({ length: 2e5 }, (_, i) => 1.1e-290 * (i * 7919 % 500009));`,
    each: `list.toSorted()`,
  },
  "sort of long texts": {
    before: `const list = Array.from({ length: 100 }, (_, i) => "a".repeat(1e5) + i);`,
    each: `list.toSorted()`,
  },
  "sort by function": { before: LIST, each: `list.toSorted((a, b) => a - b)` },
  "sort of holes": { before: `const holes = new Array(2 ** 32 - 1); holes[5] = 1;`, each: `holes.sort()` },
  reverse: { before: LIST, each: `list.reverse(); list.toReversed()` },
  "reverse of holes": { before: `const holes = new Array(2 ** 32 - 1); holes[5] = 1;`, each: `holes.reverse()` },
  flat: { before: `let deep = []; for (let i = 0; i < 5e4; i++) deep = [deep, i];`, each: `deep.flat(Infinity)` },
  "flat of itself": { before: `const self = [1]; self.push(self, self);`, each: `self.flat(Infinity)` },
  "flat of lists": { before: `const lists = new Array(300).fill(new Array(1000).fill(1));`, each: `lists.flat()` },
  "Array.from of a length": { each: `Array.from({ length: 1e9 })` },
  "Array.from of a list": { before: LIST, each: `Array.from(list); [...list]; Array.of(...list.slice(0, 5000))` },
  "Array.from of a Set": {
    before: LIST + `const set = new Set(list.slice(0, 2e5));`,
    each: `Array.from(set); [...set]`,
  },
  "new Array": { each: `new Array(1e6).fill(0)` },
  fill: { before: LIST, each: `list.fill(1)` },
  "fill of a length": { each: `Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0)` },
  indexOfList: { before: LIST, each: `list.indexOf("x"); list.includes(NaN); list.lastIndexOf(-1)` },
  "indexOf in texts": {
    before: `const a = "a".repeat(1e4), list = Array.from({ length: 200 }, (_, i) => "a".repeat(9999) + String.fromCharCode(98 + i));`,
    each: `list.indexOf(a + "b"); list.includes(a + "z")`,
  },
  "includes of a length": { each: `Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 5); ` },
  "indexOf of holes": {
    before: `const holes = new Array(2 ** 32 - 1);`,
    each: `holes.indexOf(1); holes.lastIndexOf(1)`,
  },
  "at the end of holes": {
    before: `const holes = []; holes[2 ** 32 - 2] = 1;`,
    each: `holes.pop(); holes.length = 2 ** 32 - 1; holes.shift()`,
  },
  splice: { before: LIST, each: `list.splice(0, 1, 5); list.splice(1, 0, 1); list.splice(1, 1)` },
  "unshift and shift": { before: LIST, each: `list.unshift(1); list.shift()` },
  concat: { before: LIST, each: `list.concat(list)` },
  "concat of holes": { before: `const holes = new Array(2 ** 31);`, each: `[].concat(holes)` },
  slice: { before: LIST, each: `list.slice(); list.with(5, 1); list.toSpliced(1, 2)` },
  copyWithin: { before: LIST, each: `list.copyWithin(0, 1)` },
  length: { each: `const a = []; a[1e5] = 1; for (let i = 0; i < 1e5; i++) a[i * 1000 + 5e5] = 1; a.length = 0` },
  "sparse keys": {
    before: `const s = []; for (let i = 0; i < 1e5; i++) s[i * 2000 + 5000] = i;`,
    each: `Object.keys(s); s.forEach(() => 0); JSON.stringify(Object.keys(s))`,
  },
  "map, filter, reduce": {
    before: LIST,
    each: `list.map(Boolean); list.filter(Boolean); list.reduce((a, b) => a + b)`,
  },
  "callbacks of a length": { each: `Array.prototype.forEach.call({ length: 2 ** 53 - 1 }, () => 1)` },
  "concat of spreadables": {
    before: `const s = { length: 2 ** 53 - 2, [Symbol.isConcatSpreadable]: true };`,
    each: `[].concat(s)`,
  },
  groupBy: { before: LIST, each: `Object.groupBy(list, (n) => n & 7); Map.groupBy(list, (n) => n & 1023)` },
  "Object.fromEntries": {
    before: `const entries = Array.from({ length: 5e4 }, (_, i) => ["k" + i, i]);`,
    each: `Object.fromEntries(entries)`,
  },
  "apply of a length": {
    each: `try { Math.max.apply(null, { length: 2 ** 53 - 1 }) } catch {} try { Reflect.construct(Object, { length: 1e6 }) } catch {}`,
  },

  // Maps and Sets
  "new Set": { before: LIST, each: `new Set(list)` },
  "new Map": { before: `const entries = Array.from({ length: 1e5 }, (_, i) => [i, i]);`, each: `new Map(entries)` },
  "new Set of texts": {
    before: `const list = Array.from({ length: 1e5 }, (_, i) => "text " + i);`,
    each: `new Set(list)`,
  },
  "new Set of equal hashes": {
    before: `const list = Array.from({ length: 1e5 }, (_, i) => i * 2 ** 32 + 0.5);`,
    each: `new Set(list)`,
  },
  "new Set of long texts": {
    before: `const list = Array.from({ length: 100 }, (_, i) => "a".repeat(5e4) + i);`,
    each: `new Set(list)`,
  },
  "methods of Sets": {
    before: LIST + `const a = new Set(list.slice(0, 2e5)), b = new Set(list.slice(1e5, 3e5));`,
    each: `a.union(b); a.intersection(b); a.difference(b); a.isSubsetOf(a); a.symmetricDifference(b)`,
  },
  "deleted entries": {
    before: `const m = new Map(); for (let i = 0; i < 2e5; i++) m.set(i, i); for (let i = 0; i < 2e5 - 1; i++) m.delete(i);`,
    each: `for (const k of m) k; m.forEach(() => 1); m.keys().next(); m.clear(); for (let i = 0; i < 1000; i++) m.set(i)`,
  },
  clear: { before: `const m = new Set();`, each: `for (let i = 0; i < 1e5; i++) m.add(i); m.clear()` },
  "weak keys": {
    before: `const keys = Array.from({ length: 1e5 }, () => ({}));`,
    each: `const w = new WeakMap(keys.map((k) => [k, 1])); keys.forEach((k) => w.delete(k))`,
  },
  "chains of weak keys": {
    each: `const w = new WeakMap(); let k = {}; const first = k; for (let i = 0; i < 5e4; i++) { const n = {}; w.set(k, n); k = n; } globalThis.first = [first, w]`,
  },
  WeakRefs: { each: `for (let i = 0; i < 1e5; i++) new WeakRef({})` },
  FinalizationRegistries: {
    before: `const r = new FinalizationRegistry(() => 1);`,
    each: `for (let i = 0; i < 1e5; i++) r.register({}, 1)`,
  },
  unregister: {
    before: `const r = new FinalizationRegistry(() => 1), t = {}, kept = []; for (let i = 0; i < 1e5; i++) { const o = {}; kept.push(o); r.register(o, 1, {}); }`,
    each: `r.unregister(t)`,
  },

  // Typed arrays
  "fill of bytes": { before: `const bytes = new Uint8Array(2e7);`, each: `bytes.fill(7)` },
  "fill of floats": { before: `const floats = new Float64Array(2e6);`, each: `floats.fill(7)` },
  "set of floats": {
    before: `const floats = new Float64Array(1e6), bytes = new Uint8Array(1e6);`,
    each: `floats.set(bytes); bytes.set(floats)`,
  },
  "set of a list": { before: LIST + `const bytes = new Uint8Array(5e5);`, each: `bytes.set(list)` },
  "set of a length": { before: `const bytes = new Uint8Array(1e7);`, each: `bytes.set({ length: 1e7 })` },
  "sort of floats": {
    before: `const floats = Float64Array.from({ length: 1e6 }, (_, i) => i * 7919 % 1000003);`,
    each: `floats.toSorted()`,
  },
  "sort of floats by function": {
    before: `const floats = Float64Array.from({ length: 1e6 }, (_, i) => i * 7919 % 1000003);`,
    each: `floats.toSorted((a, b) => a - b)`,
  },
  "sort of organ pipes": {
    before: `const floats = Float64Array.from({ length: 1e6 }, (_, i) => i < 5e5 ? i : 1e6 - i);`,
    each: `floats.toSorted()`,
  },
  "slices of bytes": {
    before: `const bytes = new Uint8Array(5e6);`,
    each: `bytes.slice(); bytes.buffer.slice(1); structuredClone(bytes)`,
  },
  "search in bytes": {
    before: `const bytes = new Uint8Array(2e7);`,
    each: `bytes.indexOf(1); bytes.includes(1); bytes.lastIndexOf(1)`,
  },
  "copies of bytes": { before: `const bytes = new Uint8Array(2e7);`, each: `bytes.copyWithin(0, 1); bytes.reverse()` },
  "text of bytes": { before: `const bytes = new Uint8Array(1e6);`, each: `bytes.join(); bytes.toString()` },
  conversion: {
    before: `const floats = new Float32Array(2e6);`,
    each: `new Float64Array(floats); new Uint8ClampedArray(floats)`,
  },
  resizing: { before: `const b = new ArrayBuffer(0, { maxByteLength: 2e7 });`, each: `b.resize(2e7); b.resize(0)` },
  transfer: { each: `new ArrayBuffer(1e7).transfer(1.2e7)` },
  "base64 of bytes": {
    before: `const bytes = new Uint8Array(3e6);`,
    each: `Uint8Array.fromBase64(bytes.toBase64()); bytes.toHex()`,
  },
  "base64 with spaces": { before: `const t = " ".repeat(8e6);`, each: `Uint8Array.fromBase64(t); atob(t)` },

  // Text and bytes
  TextDecoder: {
    before: `const bytes = new Uint8Array(8e6).fill(0xe4), d = new TextDecoder();`,
    each: `d.decode(bytes)`,
  },
  TextEncoder: { before: TEXTS + `const e = new TextEncoder();`, each: `e.encode(wide); e.encode(lone)` },
  atob: { before: `const t = "QUJD".repeat(1e6);`, each: `btoa(atob(t))` },
  encodeURI: { before: TEXTS, each: `encodeURIComponent(wide)` },
  decodeURI: { before: `const t = "%e4%b8%ad".repeat(3e5);`, each: `decodeURIComponent(t)` },
  escape: { before: TEXTS, each: `unescape(escape(wide))` },

  // JSON and clones
  "JSON of a list": { before: LIST, each: `JSON.parse(JSON.stringify(list))` },
  "JSON of objects": {
    before: `const o = Array.from({ length: 3e4 }, (_, i) => ({ id: i, name: "n" + i, tags: ["a", "b"] }));`,
    each: `JSON.parse(JSON.stringify(o))`,
  },
  "JSON of escapes": { before: `const t = "\\u0001".repeat(1e6);`, each: `JSON.parse(JSON.stringify(t))` },
  "JSON of depth": { before: `const t = "[".repeat(1e6) + "]".repeat(1e6);`, each: `JSON.parse(t)` },
  "JSON of one graph": { before: `let o = [1]; for (let i = 0; i < 40; i++) o = [o, o];`, each: `JSON.stringify(o)` },
  "JSON of a deep graph": { before: `let o = []; for (let i = 0; i < 1e5; i++) o = [o];`, each: `JSON.stringify(o)` },
  "JSON of indented depth": {
    before: `let o = []; for (let i = 0; i < 2000; i++) o = [o, 1];`,
    each: `JSON.stringify(o, null, 10)`,
  },
  "JSON of names": {
    before: `const t = "{" + Array.from({ length: 5e4 }, (_, i) => '"k' + i + '":1').join() + "}";`,
    each: `JSON.parse(t)`,
  },
  "JSON of one name": { before: `const t = "{" + '"a":1,'.repeat(5e5) + '"a":1}';`, each: `JSON.parse(t)` },
  "JSON of digits": { before: `const t = "1".repeat(4e6);`, each: `JSON.parse(t)` },
  "JSON with a list of names": {
    before: `const names = Array.from({ length: 5e4 }, (_, i) => "k" + i), o = { a: 1, b: { c: 1 } };`,
    each: `JSON.stringify(o, names)`,
  },
  "JSON that fails": { before: `const t = "[" + "1,".repeat(1e6) + "x";`, each: `JSON.parse(t)` },
  "JSON of a proxy": {
    before: `const p = new Proxy([], { get: (t, k) => k === "length" ? 2 ** 53 - 1 : 1 });`,
    each: `JSON.stringify(p)`,
  },
  "structuredClone of depth": {
    before: `let o = []; for (let i = 0; i < 1e5; i++) o = [o];`,
    each: `structuredClone(o)`,
  },
  "structuredClone of a list": { before: LIST, each: `structuredClone(list)` },
  "structuredClone of lists": {
    before: `const o = Array.from({ length: 1e5 }, (_, i) => [i]);`,
    each: `structuredClone(o)`,
  },
  "structuredClone of a Map": {
    before: `const m = new Map(Array.from({ length: 1e5 }, (_, i) => [i, {}]));`,
    each: `structuredClone(m)`,
  },
  "structuredClone of what is sparse": {
    before: `const s = []; for (let i = 0; i < 1e5; i++) s[i * 2000 + 5000] = i;`,
    each: `structuredClone(s)`,
  },
  "structuredClone of texts": {
    before: `const t = Array.from({ length: 1e5 }, (_, i) => "t" + i);`,
    each: `structuredClone(t)`,
  },
  "structuredClone of errors": {
    before: `let e = new Error("x"); for (let i = 0; i < 5000; i++) e = new Error("x", { cause: e });`,
    each: `structuredClone(e)`,
  },

  // Objects
  "Object.keys": {
    before: `const o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i;`,
    each: `Object.keys(o); Object.entries(o); ({ ...o })`,
  },
  "Object.assign": {
    before: `const o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i;`,
    each: `Object.assign({}, o)`,
  },
  "Object.freeze": {
    each: `const o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i; Object.freeze(o); Object.isFrozen(o)`,
  },
  "freeze of a list": { before: LIST, each: `Object.freeze(list.slice()); Object.isFrozen(list)` },
  descriptors: {
    before: `const o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i;`,
    each: `Object.getOwnPropertyDescriptors(o)`,
  },
  "names of a text": { before: TEXTS, each: `Object.getOwnPropertyNames(million)` },
  "deep prototypes": {
    before: `let d = {}; for (let i = 0; i < 1e5; i++) d = Object.create(d);`,
    each: `for (let i = 0; i < 100; i++) d.zz; "x" in d; d instanceof Map; for (const k in d);`,
  },
  "deep proxies": {
    before: `let p = {}; for (let i = 0; i < 5e4; i++) p = new Proxy(p, {});`,
    each: `p.x; "x" in p; Object.keys(p); Object.getPrototypeOf(p); Array.isArray(p)`,
  },
  "Array.isArray of proxies": {
    before: `let p = []; for (let i = 0; i < 2e5; i++) p = new Proxy(p, {});`,
    each: `Array.isArray(p)`,
  },
  "bound functions": {
    before: `let f = () => 1; for (let i = 0; i < 5e4; i++) f = f.bind(null, 1);`,
    each: `try { f() } catch {} try { new f() } catch {} ({}) instanceof f`,
  },
  "for in": {
    before: `const o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i; const p = Object.create(o);`,
    each: `for (const k in p);`,
  },
  "for in of deep objects": {
    before: `let d = {}; for (let i = 0; i < 3000; i++) { d = Object.create(d); d["k" + i] = 1; }`,
    each: `for (const k in d);`,
  },
  delete: {
    before: `const o = {}; for (let i = 0; i < 5e4; i++) o["k" + i] = i;`,
    each: `for (let i = 0; i < 5e4; i++) { delete o["k" + i]; o["k" + i] = 1; }`,
  },
  "cycles of setPrototypeOf": {
    before: `let d = {}; const bottom = d; for (let i = 0; i < 1e5; i++) d = Object.create(d);`,
    each: `for (let i = 0; i < 100; i++) try { Object.setPrototypeOf(bottom, d) } catch {}`,
  },
  symbols: { each: `for (let i = 0; i < 1e5; i++) Symbol.for("s" + i)` },
  "concatenated names": { each: `const o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = 1` },
  "class fields": { each: `class A { a = 1; b = 2; #c = 3; static d = 4; } for (let i = 0; i < 1e4; i++) new A()` },
  "long names": { before: TEXTS, each: `({ [million + 1]: 1 })` },
  "Symbol with a long text": { before: TEXTS, each: `String(Symbol(million)); Symbol.for(million + "b")` },

  // Regular expressions
  "catastrophic backtracking": { each: `/^(a+)+$/.test("a".repeat(40) + "b")` },
  "backtracking over a long text": { before: TEXTS, each: `/(a*)*b/.test(million)` },
  "quadratic search": { before: TEXTS, each: `/a*b/.test(million)` },
  backreferences: { before: TEXTS, each: `/^(a+)\\1+b/.test(million)` },
  lookbehind: { before: TEXTS, each: `/(?<=a+)b/.test(million)` },
  "classes of Unicode": { each: `new RegExp("[\\\\p{L}\\\\p{N}--[a-z]]".repeat(300), "v")` },
  "case folding of classes": {
    each: `new RegExp("[\\\\u{0}-\\\\u{10ffff}]".repeat(100), "iu").test("x"); /[^\\P{Lu}]/iv.test("a")`,
  },
  "large patterns": {
    before: `const alternatives = Array.from({ length: 2e4 }, (_, i) => "w" + i).join("|");`,
    each: `new RegExp(alternatives).test("w9999999")`,
  },
  "counted patterns": { each: `new RegExp("(?:(?:a{1,100}){1,100}){1,100}").test("a".repeat(1000) + "b")` },
  "nested patterns": { each: `new RegExp("(".repeat(5000) + ")".repeat(5000)).test("")` },
  "named groups": {
    before: `const names = Array.from({ length: 3000 }, (_, i) => "(?<n" + i + ">a)?").join("");`,
    each: `new RegExp(names).exec("aaa")`,
  },
  matchAll: { before: TEXTS, each: `[...million.matchAll(/a/g)].length` },
  "match of all": { before: TEXTS, each: `million.match(/a/g)` },
  "replace by a pattern": { before: TEXTS, each: `million.replace(/a/g, "$&$&")` },
  "replace by a function": { before: TEXTS, each: `million.replace(/a/g, () => "b")` },
  "replace by what is before": { before: `const t = "a".repeat(3000);`, each: `t.replace(/a/g, "$\`")` },
  "split by a pattern": { before: TEXTS, each: `million.split(/(?:)/); million.split(/(a)/)` },
  "many groups": { before: `const groups = new RegExp("(a)?".repeat(5000));`, each: `groups.exec("aaaa")` },
  "RegExp.escape": { before: TEXTS, each: `RegExp.escape?.(million)` },
  "text of a RegExp": { before: `const r = new RegExp("/".repeat(1e5));`, each: `String(r); r.source; r.flags` },
  sticky: { before: TEXTS + `const y = /b/y;`, each: `million.search(y); million.split(y)` },
  "legacy properties": {
    before: TEXTS,
    each: `/(a)/.exec(million); RegExp.leftContext; RegExp.rightContext; RegExp.input`,
  },

  // Errors, functions, dates
  throwing: { each: `for (let i = 0; i < 4000; i++) try { throw i } catch {}` },
  errors: { each: `for (let i = 0; i < 1000; i++) new Error("x").stack` },
  "deep stacks": {
    each: `Error.stackTraceLimit = 200; const f = (n) => n ? f(n - 1) + 1 : new Error("x").stack.length; f(3000)`,
  },
  "long messages": { before: TEXTS, each: `String(new Error(million)); new Error(million).stack` },
  recursion: { each: `const f = () => f() + 1; try { f() } catch {}` },
  "recursion of toString": { each: `const o = { toString() { return "" + o } }; try { "" + o } catch {}` },
  "recursion of getters": { each: `const o = { get a() { return this.a } }; try { o.a } catch {}` },
  "text of functions": { each: `for (let i = 0; i < 1000; i++) String(class { a = 1; b() {} })` },
  spread: {
    before: `const args = new Array(8000).fill(1), f = (...a) => a.length;`,
    each: `for (let i = 0; i < 50; i++) f(...args)`,
  },
  "spread of too many": { before: LIST, each: `try { Math.max(...list) } catch {}` },
  dates: {
    each: `for (let i = 0; i < 1e3; i++) { Date.parse("Jan 1 2000 10:00 (x)"); new Date(8.64e15).toString(); new Date(i * 1e12).toLocaleString("en", { timeZone: "Europe/Berlin" }) }`,
  },
  "long dates": {
    before: `const t = "Jan 1 2000 " + "(".repeat(1e6) + ")".repeat(1e6), s = "2000-01-01T00:00:00." + "1".repeat(1e6) + "Z";`,
    each: `Date.parse(t); Date.parse(s)`,
  },
  generators: {
    each: `const g = function* () { yield* [1, 2, 3]; }; for (let i = 0; i < 1e4; i++) for (const x of g());`,
  },
  "iterators that never end": {
    each: `const it = { [Symbol.iterator]() { return this }, next() { return { value: 1, done: false } } }; try { new Set(it) } catch {}`,
  },
  "iterators of lists that never end": {
    each: `try { Array.from({ [Symbol.iterator]: () => ({ next: () => ({ value: 1 }) }) }) } catch {}`,
  },
  promises: { each: `for (let i = 0; i < 1e4; i++) Promise.resolve(i).then((x) => x)` },
  timers: { each: `for (let i = 0; i < 1e4; i++) setTimeout(() => 1, 1e9 - i)` },
  "timers that are cleared": {
    before: `const ids = []; for (let i = 0; i < 2e4; i++) ids.push(setTimeout(() => 1, i));`,
    each: `for (const id of ids) clearTimeout(id); for (let i = 0; i < 2e4; i++) ids[i] = setTimeout(() => 1, i)`,
  },
  "console.log": {
    before: `const o = Array.from({ length: 1e3 }, (_, i) => ({ i, a: [i] }));`,
    each: `console.log(o)`,
  },
  "console.log of a long text": { before: TEXTS, each: `console.log(million)` },
  "console.table": {
    before: `const o = Array.from({ length: 1e3 }, (_, i) => ({ i, ["k" + i]: 1 }));`,
    each: `console.table(o)`,
  },
  "console.log of formats": { each: `console.log("%s%d%o".repeat(1000), ...new Array(3000).fill({ a: 1 }))` },
  "console.log of depth": {
    before: `let o = {}; for (let i = 0; i < 1e5; i++) o = { o };`,
    each: `console.dir(o, { depth: Infinity })`,
  },
  "console.log of errors": {
    before: `let e = new Error("x"); for (let i = 0; i < 3000; i++) e = new Error("x", { cause: e });`,
    each: `console.log(e)`,
  },
  "console.log of a Map": {
    before: `const m = new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]));`,
    each: `console.log(m)`,
  },
  "console.log of bytes": { before: `const m = new Uint8Array(1e6);`, each: `console.log(m)` },
  templates: { each: `const t = (s) => s; for (let i = 0; i < 1e4; i++) t\`a\${i}b\`` },
  eval: { each: `for (let i = 0; i < 100; i++) eval("var a = " + i + "; (() => a)()")` },
  "evaluated long code": { before: `const code = "a = 1;\\n".repeat(1e5); let a;`, each: `eval(code)` },
  "evaluated deep code": {
    before: `const code = "(".repeat(1e4) + "1" + ")".repeat(1e4);`,
    each: `try { eval(code) } catch {}`,
  },
  "functions from strings": { each: `for (let i = 0; i < 100; i++) new Function("a", "return a + " + i)` },
  "collections of garbage": { each: `const keep = []; for (let i = 0; i < 1e5; i++) keep.push([i, {}, "t" + i])` },
  "a large live heap": {
    before: `const kept = []; for (let i = 0; i < 3e5; i++) kept.push({ i });`,
    each: `"a".repeat(1e6) + 1; new Array(1e5)`,
  },
};

/** The program that does one of them without end. */
export function sourceOf({ before = "", each }: Load): string {
  return `${before}\nfor (;;) { try { ${each} } catch (error) { if (error instanceof ReferenceError || error instanceof SyntaxError) throw error; } }`;
}
