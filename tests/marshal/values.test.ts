// Values that go into a guest and come out again are the same values.

import * as fc from "fast-check";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";
import type { CompleteState } from "../../ts/index.ts";

const runtime = await testRuntime({ typescript: false });
const identity = runtime.compile("value", { language: "javascript", inputs: ["value"] });

/** In as an input, out as the output. */
function through(value: unknown): unknown {
  return (identity.start({ inputs: { value } }) as CompleteState).output;
}

/** The output of a program. */
function outputOf(source: string): unknown {
  return (runtime.compile(source, { language: "javascript" }).start() as CompleteState).output;
}

describe("primitives", () => {
  const numbers = [
    0,
    -0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53,
    0.1,
    -1.5,
    5e-324,
    1.7976931348623157e308,
    NaN,
    Infinity,
    -Infinity,
  ];
  it.each(numbers)("number %d", (value) => {
    expect(Object.is(through(value), value)).toBe(true);
  });
  it.each([undefined, null, true, false])("%s", (value) => {
    expect(through(value)).toBe(value);
  });
  const strings = [
    "",
    "a",
    "ä",
    "é€",
    "plain ascii text that is longer than any short cut",
    "ÿ".repeat(70),
    "€".repeat(70),
    "a".repeat(5000) + "ß",
    "x".repeat(100_000),
    "\u0000\u0001",
    "\ud800",
    "a\udc00b",
    "\ud83d\ude00",
    "\ufeffbom",
    "\u0080\u009f".repeat(20),
    "\ufffd".repeat(80),
  ];
  it.each(strings.map((s, i) => [i, s] as const))("string %i", (_i, value) => {
    expect(through(value)).toBe(value);
  });
  it("the machine has one NaN, whatever bits the host's has", () => {
    const strange = new Float64Array(new Uint32Array([1, 0xfff8_dead]).buffer)[0];
    expect(through([strange])).toEqual([NaN]);
    const program = runtime.compile("f() === f() ? 1 : typeof f()", {
      language: "javascript",
      externals: { f: "sync" },
    });
    return expect(program.run({ tools: { f: () => strange } })).resolves.toMatchObject({ output: "number" });
  });
});

describe("objects", () => {
  it("keeps the order of properties", () => {
    const value = { z: 1, a: 2, m: 3, "": 4, "1x": 5 };
    expect(Object.entries(through(value) as object)).toEqual(Object.entries(value));
  });
  it("takes index keys, which come first", () => {
    const value = { b: 1, 7: "seven", a: 2, 0: "zero", 4294967294: "last index", 4294967295: "no index" };
    expect(Object.entries(through(value) as object)).toEqual(Object.entries(value));
  });
  it("keeps objects without prototype apart from others", () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    const out = through([bare, { a: 1 }, Object.assign(Object.create(null) as object, { 0: 1, b: 2 })]) as object[];
    expect(out.map((o) => Object.getPrototypeOf(o) as unknown)).toEqual([null, Object.prototype, null]);
    expect(Object.entries(out[2]!)).toEqual([
      ["0", 1],
      ["b", 2],
    ]);
  });
  it("takes objects with very many properties, and many of them", () => {
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key${i}`, i]));
    expect(through([wide, wide, { ...wide }])).toEqual([wide, wide, wide]);
  });
  it("takes records that share their keys", () => {
    const records = Array.from({ length: 2000 }, (_, id) => ({ id, name: `n${id}`, nested: { x: id / 2 } }));
    expect(through(records)).toEqual(records);
  });
  it("does not let __proto__ change a prototype", () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"__proto__": 5}}') as object;
    const out = through(value) as object;
    expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
    expect(Object.keys(out)).toEqual(["__proto__", "a"]);
    expect("polluted" in out).toBe(false);
    const inside = outputOf(
      'const o = JSON.parse(\'{"__proto__": {"p": 1}}\'); [o, o.p === undefined, Object.keys(o)]',
    ) as unknown[];
    expect(inside[1]).toBe(true);
    expect(inside[2]).toEqual(["__proto__"]);
    expect(Object.getOwnPropertyDescriptor(inside[0], "__proto__")?.value).toEqual({ p: 1 });
  });
  it("takes the own properties of instances, on both sides", () => {
    class Point {
      x = 1;
      y = 2;
      get sum(): number {
        return this.x + this.y;
      }
    }
    expect(through(new Point())).toEqual({ x: 1, y: 2 });
    expect(outputOf("class P { constructor() { this.x = 1 } get y() { return 2 } } new P()")).toEqual({ x: 1 });
  });
  it("omits properties that are not enumerable or have a symbol as key", () => {
    expect(outputOf("const o = { a: 1, [Symbol('s')]: 2 }; Object.defineProperty(o, 'h', { value: 3 }); o")).toEqual({
      a: 1,
    });
  });
  it("takes objects of another realm", () => {
    const foreign: unknown = runInNewContext("({ a: [1, { b: new Map([[1, 2]]) }], e: new TypeError('x') })");
    const out = through(foreign) as { a: [number, { b: Map<number, number> }]; e: TypeError };
    expect(out.a[1].b).toEqual(new Map([[1, 2]]));
    expect(out.e).toBeInstanceOf(TypeError);
  });
});

describe("arrays", () => {
  it("keeps holes", () => {
    // oxlint-disable-next-line no-sparse-arrays -- what is tested
    const value = [1, , 3, , ,];
    const out = through(value) as unknown[];
    expect(out.length).toBe(5);
    expect(Object.keys(out)).toEqual(["0", "2"]);
  });
  it("keeps undefined apart from holes", () => {
    expect(Object.keys(through([undefined, 1]) as object)).toEqual(["0", "1"]);
  });
  it("takes huge sparse arrays without spending their length", () => {
    const value: unknown[] = [];
    value[4_000_000_000] = "far";
    value[3] = "near";
    const out = through(value) as unknown[];
    expect(out.length).toBe(4_000_000_001);
    expect(Object.entries(out)).toEqual([
      ["3", "near"],
      ["4000000000", "far"],
    ]);
  });
  it("keeps named properties", () => {
    const value = Object.assign([1, 2], { index: 7, groups: { a: "b" } });
    expect(Object.entries(through(value) as object)).toEqual(Object.entries(value));
    expect(Object.entries(outputOf("Object.assign([1], { x: 2 })") as object)).toEqual([
      ["0", 1],
      ["x", 2],
    ]);
  });
  it("takes a hundred thousand numbers", () => {
    const value = Array.from({ length: 100_000 }, (_, i) => i * 1.5);
    expect(through(value)).toEqual(value);
  });
  it("takes an empty array and trailing holes of the guest", () => {
    expect(outputOf("[]")).toEqual([]);
    expect((outputOf("const a = [1]; a.length = 50000; a") as unknown[]).length).toBe(50_000);
  });
});

describe("maps and sets", () => {
  it("keeps order and any keys", () => {
    const key = { k: 1 };
    const value = new Map<unknown, unknown>([
      [NaN, 1],
      ["a", new Set([1, "1", null])],
      [key, key],
      [undefined, undefined],
    ]);
    const out = through(value) as Map<unknown, unknown>;
    expect(out).toEqual(value);
    expect([...out.keys()][2]).toBe([...out.values()][2]);
  });
  it("makes maps the guest can use", () => {
    const program = runtime.compile("[m.get('x'), m.size, s.has(3), [...m.keys()].length]", {
      language: "javascript",
      inputs: ["m", "s"],
    });
    const { output } = program.start({
      inputs: {
        m: new Map([
          ["x", 1],
          ["y", 2],
        ]),
        s: new Set([3]),
      },
    }) as CompleteState;
    expect(output).toEqual([1, 2, true, 2]);
  });
  it("takes a guest's map after deletions", () => {
    expect(
      outputOf(
        "const m = new Map(); for (let i = 0; i < 100; i++) m.set(i, i); for (let i = 0; i < 100; i++) if (i % 10) m.delete(i); m",
      ),
    ).toEqual(new Map(Array.from({ length: 10 }, (_, i) => [i * 10, i * 10])));
  });
});

describe("identity", () => {
  it("keeps cycles and shared references", () => {
    const shared = { s: 1 };
    const value: Record<string, unknown> = { a: shared, b: [shared, shared] };
    value["self"] = value;
    const map = new Map<unknown, unknown>();
    map.set(map, value);
    value["map"] = map;
    const out = through(value) as { a: object; b: object[]; self: unknown; map: Map<unknown, unknown> };
    expect(out.self).toBe(out);
    expect(out.b[0]).toBe(out.a);
    expect(out.b[1]).toBe(out.a);
    expect(out.map.get(out.map)).toBe(out);
  });
  it("keeps many shared references", () => {
    const objects = Array.from({ length: 500 }, (_, i) => ({ i }));
    const out = through([...objects, ...objects]) as object[];
    expect(out.slice(500).every((o, i) => o === out[i])).toBe(true);
  });
  it("goes as deep as a value goes", () => {
    let value: unknown = "bottom";
    for (let i = 0; i < 100_000; i++) value = i % 2 === 0 ? [value] : { v: value };
    let out = through(value);
    let depth = 0;
    for (; typeof out === "object"; depth++) out = Array.isArray(out) ? (out[0] as unknown) : (out as { v: unknown }).v;
    expect(out).toBe("bottom");
    expect(depth).toBe(100_000);
  });
});

describe("errors", () => {
  it("become errors of their kind in the guest, without the host's stack", () => {
    const program = runtime.compile(
      "[e instanceof RangeError, e.name, e.message, e.cause.x, e.stack, Object.keys(e)]",
      {
        language: "javascript",
        inputs: ["e"],
      },
    );
    const { output } = program.start({
      inputs: { e: new RangeError("too far", { cause: { x: 7 } }) },
    }) as CompleteState;
    expect(output).toEqual([true, "RangeError", "too far", 7, "RangeError: too far", []]);
  });
  it("keep names of their own", () => {
    class HttpError extends Error {
      override name = "HttpError";
    }
    const program = runtime.compile("[e instanceof Error, e.name, String(e)]", {
      language: "javascript",
      inputs: ["e"],
    });
    const { output } = program.start({ inputs: { e: new HttpError("404") } }) as CompleteState;
    expect(output).toEqual([true, "HttpError", "HttpError: 404"]);
  });
  it("become errors of the host with the guest's stack", () => {
    const error = outputOf("function f() { return new TypeError('bad', { cause: [1] }) }\nf()") as TypeError;
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: "TypeError", message: "bad", cause: [1] });
    expect(error.stack).toBe("TypeError: bad\n    at f (program.ts:1:23)\n    at program.ts:2:1");
    expect(Object.keys(error)).toEqual([]);
  });
  it("bring their own plain properties along, both ways", () => {
    const hostError = Object.assign(new Error("gone"), {
      code: "ENOENT",
      status: 404,
      details: { list: [1, { deep: new Date(0) }] },
    });
    const seen = runtime
      .compile("[Object.keys(e), e.code, e.status, e.details.list[1].deep.getTime(), e.stack, String(e)]", {
        language: "javascript",
        inputs: ["e"],
      })
      .start({ inputs: { e: hostError } }) as CompleteState;
    expect(seen.output).toEqual([["code", "status", "details"], "ENOENT", 404, 0, "Error: gone", "Error: gone"]);
    const error = outputOf("Object.assign(new TypeError('bad'), { code: 7, list: [1, { a: null }] })") as TypeError;
    expect(error).toMatchObject({ code: 7, list: [1, { a: null }] });
    expect(Object.keys(error)).toEqual(["code", "list"]);
    expect(through(hostError)).toMatchObject({
      code: "ENOENT",
      status: 404,
      details: { list: [1, { deep: new Date(0) }] },
    });
  });

  it("omit what is not plain data, and what only looks like a field", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const hostError = Object.assign(new Error("e"), {
      send: () => 1,
      socket: new WeakMap(),
      symbol: Symbol("s"),
      circle,
      ok: 1,
      5: "five",
    });
    Object.defineProperty(hostError, "lazy", { enumerable: true, get: () => expect.fail("a getter was called") });
    Object.defineProperty(hostError, "hidden", { value: 1 });
    expect(Object.keys(through(hostError) as object)).toEqual(["ok"]);
    const error = outputOf(
      "const e = Object.assign(new Error('e'), { f() {}, p: Promise.resolve(), deep: { g() {} }, ok: [2] }); Object.defineProperty(e, 'lazy', { enumerable: true, get() { throw 1; } }); e.self = { e: {} }; e.self.e.self = e.self; e",
    ) as object;
    expect(Object.entries(error)).toEqual([["ok", [2]]]);
  });

  it("share objects between properties and the rest", () => {
    const shared = { n: 1 };
    const out = through({ e: Object.assign(new Error("e"), { shared }), shared, list: [shared] }) as {
      e: { shared: unknown };
      shared: unknown;
      list: unknown[];
    };
    expect(out.e.shared).toBe(out.shared);
    expect(out.list[0]).toBe(out.shared);
  });

  it("keep the errors of an AggregateError, and causes in a circle", () => {
    const error = through(new AggregateError([new SyntaxError("s"), 5], "many")) as AggregateError;
    expect(error.errors).toMatchObject([{ name: "SyntaxError", message: "s" }, 5]);
    const circle = new Error("round");
    circle.cause = circle;
    const out = through(circle) as Error;
    expect(out.cause).toBe(out);
  });
  it("take instances of the guest's own classes", () => {
    const error = outputOf(
      "class Mine extends RangeError { get name() { return 'Mine' } } class Named extends Error {} Named.prototype.name = 'Named'; [new Named('a'), new Mine('b')]",
    ) as Error[];
    expect(error[0]).toMatchObject({ name: "Named", message: "a" });
    expect(error[1]).toBeInstanceOf(RangeError);
  });
});

describe("any value", () => {
  it("is the same on the other side", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
    );
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("any")),
        fc.dictionary(fc.string(), tie("any")),
        fc.array(fc.tuple(tie("any"), tie("any"))).map((entries) => new Map(entries)),
        fc.array(tie("any")).map((members) => new Set(members)),
      ),
    }));
    fc.assert(
      fc.property(any, (value) => {
        expect(through(value)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});
