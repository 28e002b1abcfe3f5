// What a careless host function returns: objects with a `then` of their own making. The program gets one answer, or one error.

/* oxlint-disable unicorn/no-thenable -- they are what is tested */
import { beforeAll, describe, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const ANSWERS: Readonly<Record<string, readonly [() => unknown, unknown]>> = {
  "settles twice": [() => ({ then: (one: (v: unknown) => void) => (one(1), one(2)) }), 1],
  "settles and then fails": [
    () => ({ then: (one: (v: unknown) => void, two: (e: unknown) => void) => (one(1), two(new Error("late"))) }),
    1,
  ],
  "throws in its then": [
    () => ({
      then: () => {
        throw new Error("in then");
      },
    }),
    "in then",
  ],
  "settles and then throws": [
    () => ({
      then: (one: (v: unknown) => void) => {
        one(1);
        throw new Error("late");
      },
    }),
    1,
  ],
  "has a then that throws when it is read": [
    () => ({
      get then() {
        throw new Error("no then");
      },
    }),
    "no then",
  ],
  "is a revoked proxy": [revoked, "Cannot perform 'get' on a proxy that has been revoked"],
};

describe.each(Object.entries(ANSWERS))("a function whose result %s", (_, [make, expected]) => {
  test.each(["sync", "async"] as const)("%s", async (mode) => {
    const call = mode === "sync" ? "ask(1)" : "await ask(1)";
    const source = `let got; try { got = ${call}; } catch (error) { got = error.message; } [got, ${call.replace("1", "2")}]`;
    const program = runtime.compile(source, { filename: "a.js", externals: { ask: mode } });
    const { output } = await program.run({ tools: { ask: (n: number) => (n === 1 ? make() : "next") } });
    expect(output).toEqual([expected, "next"]);
  });
});
