// What a host makes of a guest's error takes time in proportion to it, whatever the guest has put there.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { GuestError } from "../../ts/index.ts";
import { EXPRESSION_PARTS } from "../../ts/defs/exchange.ts";
import { expressionText } from "../../ts/machine/expression-text.ts";
import { frameOf, MAX_TEXT, thrownText } from "../../ts/machine/thrown-text.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

function thrownIn(source: string): GuestError {
  const error = thrownBy(() => runtime.compile(source, { filename: "a.js" }).start({ limits: { memoryBytes: 6e7 } }));
  if (!(error instanceof GuestError)) throw error;
  return error;
}

/** Milliseconds of the fastest of three. */
function time(work: () => void): number {
  return Math.min(
    ...Array.from({ length: 3 }, () => {
      const began = cpuMs();
      work();
      return cpuMs() - began;
    }),
  );
}

describe("a stack that the guest has written", () => {
  it("is read in one pass", () => {
    const forged = [
      `"    at " + " (".repeat(200000) + ":1:1x"`,
      `"    at " + " (a:1:1".repeat(100000)`,
      `("    at " + "(".repeat(500) + ":1:1x\\n").repeat(500)`,
      `"    at x:" + "1:".repeat(200000) + "x"`,
      `"    at x:" + "1".repeat(400000) + ":1"`,
      `"\\n".repeat(400000)`,
      `"    at a.js:1:" + "9".repeat(300000)`,
    ];
    for (const stack of forged) {
      let error: GuestError | undefined;
      expect(
        time(() => void (error = thrownIn(`const e = new Error("x"); e.stack = ${stack}; throw e`))),
        stack,
      ).toBeLessThan(1000);
      expect(error!.guestMessage).toBe("x");
    }
  });

  it("has the frames that stacks have", () => {
    expect(frameOf("    at f (a.js:3:14)")).toEqual({ filename: "a.js", line: 3, column: 14 });
    expect(frameOf("    at a.js:3:14")).toEqual({ filename: "a.js", line: 3, column: 14 });
    expect(frameOf("    at async Promise.all (index 0)")).toBeUndefined();
    expect(frameOf("    at new A (C:\\x (1)\\a b.ts:10:2)")).toEqual({ filename: "1)\\a b.ts", line: 10, column: 2 });
    expect(frameOf("    at http://x/a.js:3:14")).toEqual({ filename: "http://x/a.js", line: 3, column: 14 });
    for (const none of [
      "",
      "    at ",
      "   at a.js:1:1",
      "    at f (a.js:1)",
      "    at a.js:x:1",
      "    at :1",
      "Error: at a.js:1:1",
    ])
      expect(frameOf(none), none).toBeUndefined();
    expect(frameOf(`    at a.js:1:${"1".repeat(11)}`)).toBeUndefined();
  });

  it("reports no place that does not exist", () => {
    const error = thrownIn(`const e = new Error("x"); e.stack = "Error: x\\n    at f (a.js:1:999999999)"; throw e`);
    expect(error).toMatchObject({ line: 1, column: 999_999_999 });
    expect(error.codeFrame.length).toBeLessThan(500);
  });
});

describe("a thrown object", () => {
  it("becomes a text of bounded length, however often it has the same parts", () => {
    for (const source of [
      "let a = {}; for (let i = 0; i < 60; i++) a = { a, b: a }; throw a",
      "let a = []; for (let i = 0; i < 60; i++) a = [a, a]; throw a",
      "const a = []; for (let i = 0; i < 100000; i++) a.push({ i }); throw a",
      "throw new Uint8Array(3e6)",
      "throw { a: 'x'.repeat(3e6) }",
      "let a = {}; for (let i = 0; i < 3000; i++) a = { a }; throw a",
      "const a = {}; for (let i = 0; i < 20000; i++) a['k' + i] = undefined; throw a",
      "throw 3n ** 200000n",
    ]) {
      let error: GuestError | undefined;
      expect(
        time(() => void (error = thrownIn(source))),
        source,
      ).toBeLessThan(1500);
      expect(error!.guestMessage.length, source).toBeLessThanOrEqual(MAX_TEXT + 1);
    }
  });

  it("has the text that JSON has", () => {
    const values = [
      {},
      [],
      Object.assign(Array(3), [1, undefined]),
      [undefined, null, "x"],
      { a: 1, b: undefined, c: { d: [NaN, -0, Infinity] } },
      new Date(0),
      { d: new Date(NaN) },
      new Map([[1, 2]]),
      /x/,
      { '"': "\ud800\n" },
      new Uint8Array([1, 2]),
      [[[]]],
      { a: true },
      Object.create(null) as object,
    ];
    for (const value of values) expect(thrownText(value)).toBe(JSON.stringify(value));
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(thrownText(cyclic)).toBe("[object Object]");
    expect(thrownText({ a: 1n })).toBe("[object Object]");
    expect([
      thrownText(-0),
      thrownText(5n),
      thrownText(undefined),
      thrownText("x"),
      thrownText(-(1n << 20000n)).slice(0, 5),
    ]).toEqual(["-0", "5", "undefined", "x", "-0x10"]);
    const twice = { x: 1 };
    expect(thrownText([twice, twice])).toBe('[{"x":1},{"x":1}]');
  });
});

describe("errors in an error", () => {
  it("are described as far as there is room, however often they hold each other", () => {
    const nested =
      "let e = new Error('x'); for (let i = 0; i < 8; i++) e = new AggregateError(Array(20).fill(e), 'm'); throw e";
    const wide = "throw new AggregateError(Array.from({ length: 5000 }, () => new Error('x')), 'm')";
    const long = `/*${"\n".repeat(300_000)}*/`;
    for (const source of [nested, long + wide]) {
      let error: GuestError | undefined;
      expect(
        time(() => void (error = thrownIn(source))),
        source.slice(0, 50),
      ).toBeLessThan(2500);
      expect(error!.guestName).toBe("AggregateError");
      expect(error!.errors[0]).toBeInstanceOf(GuestError);
      expect(error!.errors.every((one) => one instanceof Error)).toBe(true);
    }
  });

  it("have their places", () => {
    const { errors, codeFrame } = thrownIn("const e = [1, 2].map((n) => new Error(n));\nthrow new AggregateError(e)");
    expect(codeFrame).toContain("> 2 |");
    expect(errors).toMatchObject([{ guestMessage: "1", line: 1, codeFrame: expect.stringContaining("> 1 |") }, {}]);
  });
});

describe("the words for an expression", () => {
  it("are looked for nearby only", () => {
    const far = 2_000_000;
    const sources: [string, number][] = [
      [`${" ".repeat(far)}.b()`, far + 1],
      [`x${" ".repeat(far)}.b()`, far + 2],
      [`x["${"'".repeat(far)}"].b()`, far + 7],
      [`${"(".repeat(far / 2)}x${")".repeat(far / 2)}.b()`, far + 2],
      [`${"a.".repeat(far / 2)}b()`, far],
      [`/*${"*".repeat(far)}*/.b()`, far + 5],
      [`({${"a,".repeat(far / 2)}b}) => 0`, far + 2],
    ];
    for (const [source, at] of sources) {
      for (const what of Object.values(EXPRESSION_PARTS))
        expect(
          time(() => expressionText(source, at, what)),
          `${source.slice(0, 8)} ${what}`,
        ).toBeLessThan(100);
    }
  });
});
