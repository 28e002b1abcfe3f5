// Owns the price of natives: every function that the globals lead to is called with what is worst for its kind, at three sizes, and a
// unit of fuel must not buy much more time in one than in the median of all. Times are compared within one process, as ratios.

import { expect, test } from "vitest";
import type { LimitError } from "../../ts/errors.ts";
import type { Runtime } from "../../ts/vm/runtime.ts";
import type { Session } from "../../ts/vm/session.ts";
import { testRuntime } from "../support/runtime.ts";

const SIZES = [100, 1500, 12_000];
const FUEL = 8000;
const MOST = 10;

/** Finds the functions, and makes what they are called with. */
const SETUP = (size: number): string => `
var natives = [], seen = new Set();
(() => {
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
var size = ${size};
var text = "a".repeat(size) + "b", near = "a".repeat(size >> 1) + "c", wide = "\\u4e2d\\u0301".repeat(size >> 1), digits = "1".repeat(size);
var spaces = " ".repeat(size), percent = "%41".repeat(size / 3 | 0), many = "ab".repeat(size >> 1), json = "[".repeat(size / 4 | 0) + "]".repeat(size / 4 | 0);
var list = Array.from({ length: size }, (_, i) => size - i), texts = list.map((n) => "text " + n), nested = list.map((n) => [n, n]);
var holes = new Array(size * 100), far = []; far[size * 100000] = 1; holes[1] = 1;
var sparse = []; for (let i = 0; i < size; i++) sparse[i * 2000 + 5000] = i;
var like = { length: 2 ** 53 - 1 }, likeShort = { length: size };
var dictionary = {}; for (let i = 0; i < size; i++) dictionary["k" + i] = i;
var mapOf = new Map(texts.map((t, i) => [t, i])), setOf = new Set(list), weak = new WeakMap(nested.map((n) => [n, n])), weakSet = new WeakSet(nested);
var holed = new Map(list.map((n) => [n, n])); for (let i = 2; i < size; i++) holed.delete(i);
var large = (1n << BigInt(Math.min(size * 8, 30000))) - 1n, big = 12345678901234567890n;
var view = new Float64Array(size), bytes = new Uint8Array(size), buffer = bytes.buffer, dataView = new DataView(buffer);
var deep = { a: 1 }; for (let i = 0; i < size; i++) deep = Object.create(deep);
var proxied = {}; for (let i = 0; i < Math.min(size, 3000); i++) proxied = new Proxy(proxied, {});
var bound = function () {}; for (let i = 0; i < Math.min(size, 3000); i++) bound = bound.bind(null, 1);
var cut = /(a+)+$/g, plain = /a/g, groups = new RegExp("(?<n1>a)|".repeat(1) + "b|" + "(a)".repeat(Math.min(size, 200)));
var named = ""; for (let i = 0; i < Math.min(size, 3000); i++) named += "(?<n" + i + ">a)";
var alternatives = ""; for (let i = 0; i < Math.min(size, 3000); i++) alternatives += "a" + i + "|";
var error = new Error(text), date = new Date(0), f = (a, b) => (a > b ? 1 : -1), promise = Promise.resolve(1), symbol = Symbol(text.slice(0, 5000));
var iterator = () => list.values(), args = list.slice(0, 5000);
natives.map((n) => n.path).join("\\n")`;

/** Receivers, by where a function was found. */
const RECEIVERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\.(Array\.prototype)/, ["list", "texts", "holes", "far", "sparse", "like", "nested", "view"]],
  [/^\.String\.prototype/, ["text", "wide", "many", "spaces", "list"]],
  [/^\.Map\.prototype|mapIterator/, ["mapOf", "holed", "mapOf.entries()"]],
  [/^\.Set\.prototype|setIterator/, ["setOf", "new Set(holed.keys())", "setOf.values()"]],
  [/^\.Weak/, ["weak", "weakSet", "new WeakRef(list)"]],
  [/TypedArray|Array\.prototype|Int|Uint|Float/, ["view", "bytes", "list"]],
  [/ArrayBuffer|DataView/, ["buffer", "dataView"]],
  [/RegExp|regexpIterator/, ["cut", "plain", "groups", "text.matchAll(plain)"]],
  [/BigInt/, ["large", "big"]],
  [/Number|Math/, ["1e300", "1.5"]],
  [/Date/, ["date"]],
  [/Error/, ["error"]],
  [/Promise|async/, ["promise", "(async function* () {})()"]],
  [/Function/, ["f", "bound"]],
  [/Symbol/, ["symbol"]],
  [
    /[iI]terator|helper|wrapped|generator/,
    ["iterator()", "iterator().map((x) => x)", "(function* () { yield* list })()", "mapOf.keys()"],
  ],
  [/./, ["globalThis", "list", "dictionary"]],
];

/** Arguments by what a function is likely to be about. */
const ARGUMENTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^\.Array\.prototype|TypedArray|Array$/,
    ["0", "1, size", "texts[0]", "f", "undefined", "NaN", "0, 0, 1", "list", "...args", "near"],
  ],
  [
    /^\.String/,
    [
      "near",
      "'a'",
      "'b', 'cc'",
      "'a', '$&$&'",
      "size * 2, near",
      "'NFC'",
      "plain, 'x'",
      "cut",
      "size, size * 2",
      "...texts.slice(0, 99)",
    ],
  ],
  [/RegExp/, ["text", "text, '$&'", "named", "alternatives", "many", "wide"]],
  [/JSON/, ["json", "list", "dictionary", "texts, null, 2", "deep"]],
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
    ],
  ],
  [/Map|Set|Weak/, ["setOf", "texts[1], 1", "holed", "1.5", "list", "f", "symbol", "large"]],
  [
    /BigInt|Number|parse|Math|isNaN|isFinite/,
    ["digits", "large", "64, large", "36", "100", "1e300, 1e-300", "spaces", "...args"],
  ],
  [/Function/, ["null, args", "null, ...args", "deep", "text"]],
  [
    /URI|escape|Encoder|Decoder|atob|btoa|structuredClone|console/,
    ["percent", "wide", "text", "dictionary", "nested", "deep", "bytes", "digits"],
  ],
  [/Date|Error|Symbol/, ["text", "digits", "error", "dictionary"]],
  [/./, ["f", "list", "text", "dictionary, f", "iterator()", "size", "proxied", "bound"]],
];

const first = <T>(rows: readonly (readonly [RegExp, T])[], path: string): T =>
  rows.find(([pattern]) => pattern.test(path))![1];

const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

let runtime: Runtime;

interface Call {
  readonly name: string;
  readonly source: string;
}

function callsOf(path: string, index: number, turn: number): Call[] {
  const receivers = first(RECEIVERS, path);
  const lists = first(ARGUMENTS, path);
  // Not everything with everything: each native meets each of its arguments and receivers at some size.
  const count = Math.max(receivers.length, lists.length);
  return Array.from({ length: count }, (_, i) => {
    const receiver = receivers[(i + turn) % receivers.length]!;
    const list = lists[i % lists.length]!;
    const plain = `natives[${index}].f.call(${receiver}, ${list})`;
    const source = /^\.[A-Z]\w*$/.test(path) && i % 2 === 1 ? `new natives[${index}].f(${list})` : plain;
    return { name: `${path} (${source.replace(`natives[${index}].f`, "")})`, source };
  });
}

/** Nanoseconds of processor and units of fuel that one slice of nothing but that call takes. */
function priceOf(session: Session, call: Call): number {
  let fuel = 0;
  const began = process.cpuUsage();
  try {
    session.start(`for (;;) try { ${call.source} } catch {}`, {
      limits: { fuel: FUEL, onFuel: "fail", timeMs: 20_000, memoryBytes: 64 << 20 },
    });
  } catch (error) {
    fuel = (error as LimitError).run?.usage.fuel ?? 0;
  }
  const { user, system } = process.cpuUsage(began);
  // A call that cannot be made leaves nothing to compare.
  return fuel < FUEL / 2 ? 0 : ((user + system) * 1000) / fuel;
}

/** What five runs cost in the middle, each beginning with what the call was found with. */
function middlePrice(session: Session, call: Call): number {
  return middle(
    Array.from({ length: 5 }, () => {
      const copy = session.fork();
      const price = priceOf(copy, call);
      copy.dispose();
      return price;
    }),
  );
}

test("no native costs more than ten times the median for a unit of fuel", async () => {
  runtime = await testRuntime({ poolSize: 2 });
  const prices: { session: Session; call: Call; price: number }[] = [];
  for (const [turn, size] of SIZES.entries()) {
    const session = runtime.session({ limits: { fuel: 1e9, memoryBytes: 64 << 20, timeMs: 60_000 } });
    const setup = session.start(SETUP(size));
    if (setup.status !== "complete") throw new Error(setup.status);
    const paths = (setup.output as string).split("\n");
    expect(paths.length).toBeGreaterThan(550);
    for (const [index, path] of paths.entries()) {
      const copy = session.fork();
      for (const call of callsOf(path, index, turn)) {
        const price = priceOf(copy, call);
        if (price > 0) prices.push({ session, call, price });
      }
      copy.dispose();
    }
  }
  const median = middle(prices.map((p) => p.price));
  const dear = prices
    .filter((p) => p.price > MOST * median)
    .map((p) => ({
      name: p.call.name,
      ratio: middlePrice(p.session, p.call) / median,
    }))
    .filter(({ ratio }) => ratio > MOST);
  if (process.env["FERMATA_PRICES"])
    console.log(
      prices.length,
      "calls, median",
      median,
      "ns",
      dear
        .toSorted((a, b) => b.ratio - a.ratio)
        .map((d) => `${d.ratio.toFixed(0)} ${d.name}`)
        .join("\n"),
    );
  expect(dear).toEqual([]);
}, 300_000);
