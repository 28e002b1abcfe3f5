// How frames of a stack are named and where an error is located: as V8 words it, written down here because it differs between its versions.

import { describe, expect, it } from "vitest";
import { GuestError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

async function errorOf(source: string): Promise<GuestError> {
  try {
    await runtime.compile(source, { filename: "t.js", allowEval: true }).run({});
  } catch (error) {
    if (error instanceof GuestError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The frames of the stack, without `at`, from the second on: the first is always that of `die`. */
async function callers(source: string): Promise<string[]> {
  const { guestStack } = await errorOf(`const die = () => { throw new Error("x"); };\n${source}`);
  const frames = guestStack.split("\n").map((line) => line.replace("    at ", ""));
  expect(frames.slice(0, 2)).toEqual(["Error: x", "die (t.js:1:27)"]);
  return frames.slice(2);
}

const CLASS =
  "class Foo { m() { die(); } static s() { die(); } #p() { die(); } q() { this.#p(); } arrow = () => die(); }";

/** Source from its second line on, the frames below `die`. */
const FRAMES: readonly (readonly [source: string, ...frames: string[]])[] = [
  [`${CLASS} new Foo().m();`, "Foo.m (t.js:2:19)", "t.js:2:118"],
  [`${CLASS} Foo.s();`, "Foo.s (t.js:2:41)", "t.js:2:112"],
  [`${CLASS} new Foo().arrow();`, "Foo.arrow (t.js:2:99)", "t.js:2:118"],
  [`${CLASS} class B extends Foo {} new B().m();`, "B.m (t.js:2:19)", "t.js:2:139"],
  ["class D { constructor() { die(); } }\nnew D();", "new D (t.js:2:27)", "t.js:3:1"],
  ["class D { x = die(); }\nnew D();", "<instance_members_initializer> (t.js:2:15)", "new D (t.js:2:1)", "t.js:3:1"],
  ["function Old() { die(); }\nnew Old();", "new Old (t.js:2:18)", "t.js:3:1"],
  ["function Old() {} Old.prototype.mm = function () { die(); };\nnew Old().mm();", "Old.mm (t.js:2:52)", "t.js:3:11"],
  ["const o = { m() { die(); } };\no.m();", "Object.m (t.js:2:19)", "t.js:3:3"],
  ["const o = { f: function () { die(); } };\no.f();", "Object.f (t.js:2:30)", "t.js:3:3"],
  ["const o = { g: () => die() };\no.g();", "Object.g (t.js:2:22)", "t.js:3:3"],
  ["const o = { get y() { return die(); } };\no.y;", "get y [as y] (t.js:2:30)", "t.js:3:3"],
  [
    "const o = { m() { die(); } };\nconst p = { other: o.m };\np.other();",
    "Object.m [as other] (t.js:2:19)",
    "t.js:4:3",
  ],
  ["const o = { m() { die(); } };\nconst { m } = o;\nm();", "m (t.js:2:19)", "t.js:4:1"],
  ["function m() { die(); }\nm.call(5);", "Number.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call('s');", "String.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call([]);", "Array.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.apply(new Map());", "Map.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call(Object.create(null));", "Object.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call(() => 1);", "Function.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call(class K {});", "K.m (t.js:2:16)", "t.js:3:3"],
  ["function m() { die(); }\nm.call(new Proxy({}, {}));", "Proxy.m (t.js:2:16)", "t.js:3:3"],
  ["[1].map(() => die());", "t.js:2:15", "Array.map (<anonymous>)", "t.js:2:5"],
  ["[2, 1].sort(() => die());", "t.js:2:19", "Array.sort (<anonymous>)", "t.js:2:8"],
  ["'a'.replace(/a/, () => die());", "t.js:2:24", "String.replace (<anonymous>)", "t.js:2:5"],
  ["new Map([[1, 2]]).forEach(() => die());", "t.js:2:33", "Map.forEach (<anonymous>)", "t.js:2:19"],
  ["JSON.parse('{}', () => die());", "Object.<anonymous> (t.js:2:24)", "JSON.parse (<anonymous>)", "t.js:2:6"],
  ["JSON.stringify({ toJSON() { die(); } });", "Object.toJSON (t.js:2:29)", "JSON.stringify (<anonymous>)", "t.js:2:6"],
  ["Array.from([1], () => die());", "t.js:2:23", "Function.from (<anonymous>)", "t.js:2:7"],
  ["(function f() { die(); }).call(1);", "Number.f (t.js:2:17)", "t.js:2:27"],
  ["function* g() { die(); }\ng().next();", "g (t.js:2:17)", "g.next (<anonymous>)", "t.js:3:5"],
  ["Reflect.apply(function f() { die(); }, undefined, []);", "f (t.js:2:30)", "t.js:2:9"],
  ["eval('die()');", "eval (<eval>:1:1)", "t.js:2:1"],
  // A function without a name has that of what it is assigned to.
  ["const o = {}; o.f = function () { die(); };\no.f();", "o.f (t.js:2:35)", "t.js:3:3"],
  ["const o = { p: {} }; o.p['q'] = () => die();\nconst { q } = o.p; q();", "o.p.q (t.js:2:39)", "t.js:3:20"],
  ["const o = {}, k = 'f'; o[k] = () => die();\no.f();", "o.<computed> [as f] (t.js:2:37)", "t.js:3:3"],
  ["function Old() {} Old.s = () => die();\nOld.s();", "Old.s (t.js:2:33)", "t.js:3:5"],
  ["const o = {}; o.f = o.f || (() => 1); o.g = o.g || function () { die(); };\no.g();", "o.g (t.js:2:66)", "t.js:3:3"],
  ["const o = {}, p = {}; p.x = o.F = function () { die(); };\nnew o.F();", "new p.x.o.F (t.js:2:49)", "t.js:3:1"],
  ["const o = {}; o.K = class { m() { die(); } static s() { die(); } };\no.K.s();", "o.K.s (t.js:2:57)", "t.js:3:5"],
  // A name that is a keyword and a private name are no place of a call.
  ["const o = { delete() { die(); } };\no.delete();", "Object.delete (t.js:2:24)", "t.js:3:9"],
  ["class P { #m() { die(); } go() { this.#m(); } }\nnew P().go();", "#m (t.js:2:18)", "P.go (t.js:2:41)", "t.js:3:9"],
  // Iterators are asked where what they give is bound.
  [
    "const i = { [Symbol.iterator]() { return { next() { die(); } }; } };\nfor (const x of i);",
    "Object.next (t.js:2:53)",
    "t.js:3:12",
  ],
  ["function* g() { die(); }\nfor (const [a, b] of g());", "g (t.js:2:17)", "g.next (<anonymous>)", "t.js:3:17"],
  [
    "function* g() { die(); }\nfunction* h() { yield* g(); }\nh().next();",
    "g (t.js:2:17)",
    "g.next (<anonymous>)",
    "h (t.js:3:24)",
    "h.next (<anonymous>)",
    "t.js:4:5",
  ],
];

const ASYNC =
  "async function inner() { await 0; die(); }\nclass G { async m() { await inner(); } static async s() { await inner(); } }\n";
const WAITING: readonly (readonly [source: string, ...frames: string[]])[] = [
  ["await new G().m();", "inner (t.js:2:35)", "async G.m (t.js:3:23)", "async t.js:4:1"],
  ["await G.s();", "inner (t.js:2:35)", "async G.s (t.js:3:59)", "async t.js:4:1"],
  ["await Promise.all([1, inner()]);", "inner (t.js:2:35)", "async Promise.all (index 1)", "async t.js:4:1"],
  ["await Promise.race([inner()]);", "inner (t.js:2:35)", "async t.js:4:1"],
  ["await inner().then((x) => x);", "inner (t.js:2:35)", "async t.js:4:1"],
  ["await inner().finally(() => 1);", "inner (t.js:2:35)", "async t.js:4:1"],
  ["await Promise.resolve().then(() => die());", "t.js:4:36", "async t.js:4:1"],
  [
    "for await (const x of (async function* ag() { yield 1; await inner(); })());",
    "inner (t.js:2:35)",
    "async ag (t.js:4:56)",
    "async t.js:4:18",
  ],
];

describe("frames", () => {
  it.each(FRAMES)("%s", async (source, ...frames) => {
    expect(await callers(source)).toEqual(frames);
  });

  it.each(WAITING)("of what waits: %s", async (source, ...frames) => {
    expect(await callers(ASYNC + source)).toEqual(frames);
  });

  it("tell of the builtin that throws", async () => {
    const first = async (source: string): Promise<string> => (await errorOf(source)).guestStack.split("\n    at ")[1]!;
    const sources = [
      "JSON.parse('{')",
      "(5).toFixed(1000)",
      "[].reduce((a) => a)",
      "'x'.repeat(-1)",
      "Object.keys(null)",
      "new RegExp('(')",
    ];
    expect(await Promise.all(sources.map(first))).toEqual(
      ["JSON.parse", "Number.toFixed", "Array.reduce", "String.repeat", "Function.keys", "new RegExp"].map(
        (name) => `${name} (<anonymous>)`,
      ),
    );
    expect(await Promise.all(["null.x", "new Array(-1)", "Symbol() + ''"].map(first))).toEqual([
      expect.stringMatching(/^t\.js/),
      "t.js:1:1",
      expect.stringMatching(/^t\.js/),
    ]);
  });
});

describe("where an error is located", () => {
  const located = async (source: string): Promise<(number | string | undefined)[]> => {
    const { line, column, guestStack } = await errorOf(source);
    return [line, column, guestStack.split("\n")[0]];
  };

  it("is where a class of errors is made, however it is written", async () => {
    const classes = [
      "class E extends Error {}",
      "class E extends Error { constructor(m) { super(m); this.name = 'E'; } }",
      "class A extends TypeError {} class E extends A { constructor(m) { super(m); } }",
      "class E extends Error { constructor(m) { super(m); Error.captureStackTrace(this, E); } }",
      "class E extends Error { code = 5; }",
    ];
    for (const text of classes)
      expect((await located(`${text}\nfunction go() {\n  throw new E('m');\n}\ngo();`)).slice(0, 2)).toEqual([3, 9]);
  });

  it("has the name and message that the error has when it is asked for", async () => {
    const source = "const e = new Error('a');\ne.name = 'N'; e.message = 'b';\nthrow e;";
    expect(await located(source)).toEqual([1, 11, "N: b"]);
  });

  it("is the place of the throw for values that are not errors", async () => {
    for (const value of [
      "'boom'",
      "{ code: 1 }",
      "42",
      "null",
      "undefined",
      "[1]",
      "Symbol('s')",
      "new (class Odd { x = 1; })()",
    ]) {
      expect((await located(`function go() {\n  throw ${value};\n}\ngo();`)).slice(0, 2)).toEqual([2, 3]);
      expect((await located(`await 0;\nfunction go() {\n  throw ${value};\n}\ngo();`)).slice(0, 2)).toEqual([3, 3]);
      expect(
        (await located(`async function go() {\n  await 0;\n  throw ${value};\n}\nawait go();`)).slice(0, 2),
      ).toEqual([3, 3]);
      expect((await located(`async function go() {\n  throw ${value};\n}\ngo();`)).slice(0, 2)).toEqual([2, 3]);
    }
    const error = await errorOf("function go() {\n  throw 'boom';\n}\ngo();");
    expect(error.guestStack).toBe("boom\n    at go (t.js:2:3)\n    at t.js:4:1");
    expect(error.codeFrame).toContain("throw 'boom'");
  });

  it("is not that of another value that was caught", async () => {
    const source =
      "try { throw 'a'; } catch {}\nasync function f() { throw 'b'; }\nf().catch(() => {});\nPromise.reject('c');";
    expect((await located(source)).slice(0, 2)).toEqual([undefined, undefined]);
  });
});
