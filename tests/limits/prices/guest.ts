// Owns what natives are called with when their price is measured: the program that finds every function of a realm and makes what is
// worst for each kind of them, at a size. Nothing here measures.

/** Finds the functions, and makes what they are called with. Its value is the list of the functions' paths. */
export const setupSource = (size: number): string => `
var natives = [];
(() => {
  const seen = new Set();
  const walk = (object, path) => {
    if (object === null || (typeof object !== "object" && typeof object !== "function") || seen.has(object)) return;
    seen.add(object);
    if (typeof object === "function") natives.push({ f: object, path });
    for (const key of Reflect.ownKeys(object)) {
      const own = Reflect.getOwnPropertyDescriptor(object, key);
      const name = path + (typeof key === "symbol" ? "[" + key.description + "]" : "." + key);
      if (own.get !== undefined) walk(own.get, name + " get");
      if (own.set !== undefined) walk(own.set, name + " set");
      if ("value" in own) walk(own.value, name);
    }
    walk(Reflect.getPrototypeOf(object), path + ".__proto__");
  };
  walk(globalThis, "");
  const made = { generator: (function* () {})(), asyncGenerator: (async function* () {})(), async: async () => {}, arrayIterator: [].values(),
    mapIterator: new Map().keys(), setIterator: new Set().keys(), stringIterator: ""[Symbol.iterator](), regexpIterator: "".matchAll(/a/g),
    helper: [].values().map((x) => x), wrapped: Iterator.from({ next() {} }) };
  for (const key in made) walk(made[key], key);
})();
var size = ${size}, some = Math.min(size, 3000);
var text = "a".repeat(size) + "b", near = "a".repeat(size >> 1) + "c", wide = "\\u4e2d\\u0301".repeat(size >> 1), digits = "1".repeat(size), fraction = "0." + digits;
var spaces = " ".repeat(size), percent = "%41".repeat(size / 3 | 0), many = "ab".repeat(size >> 1), json = "[".repeat(size / 4 | 0) + "]".repeat(size / 4 | 0);
var hangul = "\\uac01".repeat(size), escapes = "\\u0001".repeat(size), lone = "\\ud800".repeat(size), objectText = JSON.stringify(Object.fromEntries(Array.from({ length: size >> 2 }, (_, i) => ["k" + i, i])));
var rope = () => { let r = "x"; for (let i = 0; i < size >> 3; i++) r = i & 1 ? r + "ab" : "cd" + r; return r; };
var list = Array.from({ length: size }, (_, i) => size - i), texts = list.map((n) => "text " + n), nested = list.map((n) => [n, n]), floats = list.map((n) => n + 0.1);
var holes = new Array(size * 100), far = []; far[size * 100000] = 1; holes[1] = 1;
var sparse = []; for (let i = 0; i < size; i++) sparse[i * 2000 + 5000] = i;
var like = { length: 2 ** 53 - 1 }, likeShort = { length: size }, chain = []; for (let i = 0, c = chain; i < some; i++) c.push(c = []);
var dictionary = {}; for (let i = 0; i < size; i++) dictionary["k" + i] = i; delete dictionary.k3;
var symbols = {}; for (let i = 0; i < some; i++) symbols[Symbol("s" + i)] = i;
var accessors = {}; for (let i = 0; i < some; i++) Object.defineProperty(accessors, "g" + i, { get() { return 1; }, enumerable: true });
var mapOf = new Map(texts.map((t, i) => [t, i])), setOf = new Set(list), weak = new WeakMap(nested.map((n) => [n, n])), weakSet = new WeakSet(nested);
var holed = new Map(list.map((n) => [n, n])); for (let i = 2; i < size; i++) holed.delete(i);
var holedSet = new Set(list); for (let i = 2; i < size; i++) holedSet.delete(i);
var large = (1n << BigInt(Math.min(size * 8, 30000))) - 1n, big = 12345678901234567890n, hex = "0x" + "f".repeat(size);
var view = new Float64Array(size), bytes = new Uint8Array(size), buffer = bytes.buffer, dataView = new DataView(buffer), random = Float64Array.from(list, (n) => Math.imul(n, 0x9e3779b1));
var growing = new ArrayBuffer(size, { maxByteLength: size * 2 }), tracking = new Uint8Array(growing), gone = new ArrayBuffer(size), stale = new Uint8Array(gone); gone.transfer();
var deep = { a: 1 }; for (let i = 0; i < size; i++) deep = Object.create(deep);
var deepArray = [1, 2, 3]; for (let i = 0; i < size; i++) deepArray = Object.create(deepArray);
var proxied = {}; for (let i = 0; i < some; i++) proxied = new Proxy(proxied, {});
var proxiedList = list; for (let i = 0; i < 9; i++) proxiedList = new Proxy(proxiedList, {});
var bound = function () {}; for (let i = 0; i < some; i++) bound = bound.bind(null, 1);
var cut = /(a+)+$/g, plain = /a/g, sticky = /b/y, unicode = /\\p{L}+?\\P{Lu}/giu, groups = new RegExp("(?<n1>a)|b|" + "(a)".repeat(Math.min(size, 200)));
var named = ""; for (let i = 0; i < some; i++) named += "(?<n" + i + ">a)";
var alternatives = ""; for (let i = 0; i < some; i++) alternatives += "a" + i + "|";
var classes = "[" + "a-z\\\\d\\\\p{L}".repeat(some >> 3) + "]";
var error = new Error(text), date = new Date(0), f = (a, b) => (a > b ? 1 : -1), promise = Promise.resolve(1), symbol = Symbol(text.slice(0, 5000)), caused = error;
for (let i = 0; i < some; i++) caused = new Error("e" + i, { cause: caused });
var iterator = () => list.values(), args = list.slice(0, 5000), promises = list.slice(0, 500).map((n) => Promise.resolve(n));
var dateText = "Jan 1 2000 " + "(".repeat(size) + ")".repeat(size), isoText = "2000-01-01T00:00:00." + digits + "Z";
natives.map((n) => n.path).join("\\n")`;

type Rows = readonly (readonly [RegExp, readonly string[]])[];

/** Receivers, by where a function was found. */
const RECEIVERS: Rows = [
  [
    /^\.Array\.prototype/,
    [
      "list",
      "texts",
      "floats",
      "holes",
      "far",
      "sparse",
      "like",
      "likeShort",
      "nested",
      "chain",
      "deepArray",
      "proxiedList",
      "view",
    ],
  ],
  [/^\.String\.prototype/, ["text", "wide", "many", "spaces", "rope()", "hangul", "lone", "escapes", "digits", "list"]],
  [/^\.Map\.prototype|mapIterator/, ["mapOf", "holed", "mapOf.entries()", "holed.keys()"]],
  [/^\.Set\.prototype|setIterator/, ["setOf", "holedSet", "setOf.values()", "holedSet.values()"]],
  [/^\.Weak|Finalization/, ["weak", "weakSet", "new WeakRef(list)", "new FinalizationRegistry(f)"]],
  [/TypedArray|Int\d*Array|Uint\d*C?|Float\d*Array/, ["view", "bytes", "random", "tracking", "stale", "list"]],
  [/ArrayBuffer|DataView/, ["buffer", "dataView", "growing", "gone"]],
  [/RegExp|regexpIterator/, ["cut", "plain", "groups", "sticky", "unicode", "text.matchAll(plain)"]],
  [/BigInt/, ["large", "big"]],
  [/Number|Math/, ["1e300", "1.5", "5e-324", "123456789.125"]],
  [/Date|Temporal|Intl/, ["date", "new Date(8.64e15)"]],
  [/Error/, ["error", "caused"]],
  [/Promise|async/, ["promise", "(async function* () {})()", "Promise"]],
  [/Function/, ["f", "bound", "natives[0].f"]],
  [/Symbol/, ["symbol"]],
  [
    /[iI]terator|helper|wrapped|generator/,
    [
      "iterator()",
      "iterator().map((x) => x)",
      "iterator().flatMap((x) => [x])",
      "(function* () { yield* list })()",
      "holed.keys()",
      "iterator().filter((x) => x < 2)",
    ],
  ],
  [/./, ["globalThis", "list", "dictionary", "proxied", "deep", "sparse"]],
];

/** Arguments, by what a function is likely to be about. */
const ARGUMENTS: Rows = [
  [
    /^\.Array\.prototype|TypedArray|Int\d*Array|Uint\d*C?|Float\d*Array|Array$/,
    [
      "0",
      "1, size",
      "texts[0]",
      "f",
      "undefined",
      "NaN",
      "0, 0, 1",
      "list",
      "...args",
      "near",
      "view",
      "-1, -size",
      "sparse",
      "holes, 3",
      "tracking",
      "large",
      "setOf",
      "chain",
      "1",
      "f, 0",
      "size",
      "Infinity",
    ],
  ],
  [
    /^\.String/,
    [
      "near",
      "'a'",
      "'b', 'cc'",
      "'a', '$&$&'",
      "'a', '$`'",
      "size * 2, near",
      "'NFC'",
      "'NFKD'",
      "plain, 'x'",
      "cut",
      "plain, '$1'",
      "size, size * 2",
      "...texts.slice(0, 99)",
      "rope()",
      "''",
      "wide",
      "unicode, f",
      "/(?:)/, 5",
    ],
  ],
  [
    /RegExp|regexp/,
    [
      "text",
      "text, '$&'",
      "named",
      "alternatives",
      "many",
      "wide",
      "classes",
      "classes, 'vi'",
      "text, 'gimsuyd'",
      "rope()",
      "text, f",
      "'(' .repeat(100), ''",
    ],
  ],
  [
    /JSON/,
    [
      "json",
      "list",
      "dictionary",
      "texts, null, 2",
      "deep",
      "escapes",
      "lone",
      "objectText",
      "sparse",
      "accessors",
      "chain",
      "objectText, f",
      "dictionary, texts",
      "nested, null, spaces.slice(0, 10)",
      "digits",
      "text",
    ],
  ],
  [
    /Object|Reflect/,
    [
      "dictionary",
      "list",
      "sparse",
      "deep",
      "proxied",
      "deep, deep",
      "dictionary, 'k1'",
      "texts",
      "f, null, list",
      "{}, dictionary",
      "f, list",
      "symbols",
      "accessors",
      "'k1'",
      "holes",
      "text",
      "rope()",
      "view",
      "mapOf",
      "{}, accessors",
      "texts, f",
      "likeShort, f",
      "nested",
      "deep, 'zz'",
      "f, f, like",
    ],
  ],
  [
    /Map|Set|Weak|Finalization/,
    [
      "setOf",
      "texts[1], 1",
      "holed",
      "1.5",
      "list",
      "f",
      "symbol",
      "large",
      "mapOf",
      "holedSet",
      "nested",
      "text",
      "rope()",
      "wide, 1",
      "nested[1], 1",
      "texts, (x) => x",
    ],
  ],
  [
    /BigInt|Number|parse|Math|isNaN|isFinite/,
    [
      "digits",
      "large",
      "64, large",
      "36",
      "100",
      "20",
      "1e300, 1e-300",
      "spaces",
      "...args",
      "fraction",
      "hex",
      "rope()",
      "list",
      "1.5, 2.5",
      "2, 1e9",
      "floats",
      "digits, 7",
    ],
  ],
  [/Function|bind|call|apply/, ["null, args", "null, ...args", "deep", "text", "null, likeShort", "bound"]],
  [
    /URI|escape|Encoder|Decoder|atob|btoa|structuredClone|console|queue|set[TI]|clear/,
    [
      "percent",
      "wide",
      "text",
      "dictionary",
      "nested",
      "deep",
      "bytes",
      "digits",
      "lone",
      "mapOf",
      "chain",
      "caused",
      "sparse",
      "accessors",
      "f, 1e9",
      "rope()",
      "proxied",
      "holes",
      "list",
      "date",
      "view",
      "hangul",
      "'%s'.repeat(99), ...args",
    ],
  ],
  [
    /Date|Error|Symbol|Intl/,
    [
      "text",
      "digits",
      "error",
      "dictionary",
      "dateText",
      "isoText",
      "texts",
      "spaces",
      "1e15, 1e300",
      "rope()",
      "'en', { timeZone: text }",
      "caused",
      "texts, text",
    ],
  ],
  [/Promise|async|Async/, ["promises", "list", "iterator()", "f, f", "text", "setOf"]],
  [
    /./,
    [
      "f",
      "list",
      "text",
      "dictionary, f",
      "iterator()",
      "size",
      "proxied",
      "bound",
      "setOf",
      "1, 2",
      "texts",
      "sparse",
      "accessors",
    ],
  ],
];

const rowOf = (rows: Rows, path: string): readonly string[] => rows.find(([pattern]) => pattern.test(path))![1];

/** A call of one native. */
export interface Call {
  readonly path: string;
  readonly source: string;
  /** The call in words. */
  readonly name: string;
}

/** Calls of the native at `index`: each of its arguments and each of its receivers at least once; with `turn`, in other pairs. */
export function callsOf(path: string, index: number, turn: number): Call[] {
  const receivers = rowOf(RECEIVERS, path);
  const lists = rowOf(ARGUMENTS, path);
  const isClass = /^\.[A-Z]\w*$/.test(path);
  return Array.from({ length: Math.max(receivers.length, lists.length) }, (_, i) => {
    const receiver = receivers[(i + turn) % receivers.length]!;
    const list = lists[i % lists.length]!;
    const made = isClass && i % 2 === turn % 2;
    const what = made ? `new (${list})` : `.call(${receiver}, ${list})`;
    return {
      path,
      source: made ? `new natives[${index}].f(${list})` : `natives[${index}].f.call(${receiver}, ${list})`,
      name: `${path} ${what}`,
    };
  });
}
