// The names that a program calls are the guest's: they must not reach what every object of the host inherits.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Tools } from "../../ts/api/tools.ts";
import { MissingExternalError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

/** What a program gets that calls a host function. */
async function called(name: string, tools: unknown, mode: "async" | "sync" = "async"): Promise<unknown> {
  const program = runtime.compile(`await ${name}(1)`, { filename: "a.js", externals: { [name]: mode } });
  try {
    return (await program.run({ tools: tools as Tools })).output;
  } catch (error) {
    if (error instanceof MissingExternalError) return `missing ${error.names.join()}`;
    throw error;
  }
}

describe("tools", () => {
  it("are not what objects, functions and collections inherit", async () => {
    const names = [
      ...new Set(
        [Object.prototype, Function.prototype, Array.prototype, Map.prototype, Promise.prototype].flatMap((o) =>
          Object.getOwnPropertyNames(o),
        ),
      ),
    ];
    const holders = [
      {},
      () => 1,
      [],
      new Map(),
      Promise.resolve(),
      Object.create(null),
      class A {
        a = 1;
      },
      new (class B {
        b = 1;
      })(),
    ];
    for (const mode of ["async", "sync"] as const) {
      for (const name of names.filter(
        (n) =>
          /^[a-z_]+$/i.test(n) &&
          !["with", "arguments", "caller", "name", "length", "prototype", "catch", "finally", "delete"].includes(n),
      )) {
        for (const tools of mode === "sync" ? [holders[0]] : holders)
          expect(await called(name, tools, mode), `${name} of ${String(typeof tools)}`).toBe(`missing ${name}`);
      }
    }
  });

  it("are own properties, also by those names", async () => {
    expect(await called("toString", { toString: (n: number) => n + 1 })).toBe(2);
    expect(await called("constructor", { constructor: (n: number) => n + 2 })).toBe(3);
    const own = Object.assign(Object.create(null) as Tools, { valueOf: () => "own" });
    expect(await called("valueOf", own, "sync")).toBe("own");
  });

  it("are the methods of a class of the host's, with its object as `this`", async () => {
    class Base {
      readonly #n = 10;
      add(n: number): number {
        return this.#n + n;
      }
    }
    class Derived extends Base {
      async later(n: number): Promise<number> {
        return this.add(n) * 2;
      }
    }
    expect(await called("add", new Derived(), "sync")).toBe(11);
    expect(await called("later", new Derived())).toBe(22);
    expect(await called("constructor", new Derived())).toBe("missing constructor");
    expect(await called("push", new (class extends Array {})())).toBe("missing push");
  });

  it("do not come from an object that another was made from", async () => {
    expect(await called("hidden", Object.create({ hidden: () => 1 }))).toBe("missing hidden");
  });
});

describe("inputs", () => {
  it("are own properties of the object given", () => {
    const program = runtime.compile("[typeof toString, typeof constructor, a]", {
      filename: "a.js",
      inputs: ["toString", "constructor", "a"],
    });
    expect(program.start({ inputs: { a: 1 } })).toMatchObject({ output: ["undefined", "undefined", 1] });
  });
});
