import { beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { defineTools, typed } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";
import ts from "typescript";

interface Order {
  readonly id: string;
  readonly total: number;
}

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const shop = () =>
  defineTools(
    {
      price: {
        description: "Price of a trip.",
        signature: "(city: string) => number",
        run: async (city: string) => city.length,
      },
      now: { mode: "sync", signature: "() => number", run: () => 7 },
      approve: { description: "Asks a person.\nMay take days.", signature: "(order: Order) => { ok: boolean }" },
      files: {
        "read-file": { signature: "(path: string) => string", run: (path: string) => `text of ${path}` },
        list: () => ["a"],
      },
    },
    {
      inputs: { city: "string", order: typed<Order>("Order"), tags: "string[]" },
      output: "number",
      types: "interface Order { id: string; total: number }",
    },
  );

/** What TypeScript says about a program with these declarations. */
function mistakes(declarations: string, program: string): string[] {
  const files = new Map([
    [
      "lib.d.ts",
      ts.sys.readFile(
        ts.getDefaultLibFilePath({ target: ts.ScriptTarget.ES2022 }).replace(/lib\.[^/]*$/, "lib.es2022.d.ts"),
      )!,
    ],
    ["program.ts", `${declarations}\nasync function main() { ${program} }`],
  ]);
  const options = { strict: true, target: ts.ScriptTarget.ES2022, noEmit: true, types: [], lib: ["lib.es2022.d.ts"] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version) =>
    name === "program.ts"
      ? ts.createSourceFile(name, files.get(name)!, version)
      : getSourceFile.call(host, name, version);
  return ts
    .getPreEmitDiagnostics(ts.createProgram(["program.ts"], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("defineTools", () => {
  it("gives what compile and run take", async () => {
    const { externals, inputs, hold, tools } = shop();
    expect(JSON.stringify(externals)).toBe(
      '{"price":"async","now":"sync","approve":"async","files":{"read-file":"async","list":"async"}}',
    );
    expect(inputs).toEqual(["city", "order", "tags"]);
    expect(hold).toEqual(["approve"]);
    expect(await tools.price("Oslo")).toBe(4);
    expect(tools.files["read-file"]("x")).toBe("text of x");
  });

  it("declares for TypeScript what the program can name", () => {
    const { declarations } = shop();
    expect(declarations).toBe(`interface Order { id: string; total: number }
/** Price of a trip. */
declare function price(city: string): Promise<number>;
declare function now(): number;
/** Asks a person.
 * May take days. */
declare function approve(order: Order): Promise<{ ok: boolean }>;
declare const files: {
  readonly "read-file": (path: string) => Promise<string>;
  readonly list: (...args: any[]) => Promise<any>;
};
declare const city: string;
declare const order: Order;
declare const tags: string[];
`);
    const right =
      'const n: number = await price(city) + now(); const { ok } = await approve(order); await files["read-file"](tags[0]!); ok; n;';
    expect(mistakes(declarations, right)).toEqual([]);
    expect(mistakes(declarations, "await price(7); prize(city);")).toEqual([
      "Argument of type 'number' is not assignable to parameter of type 'string'.",
      expect.stringMatching(/^Cannot find name 'prize'/),
    ]);
  });

  it("types inputs and output", async () => {
    const api = defineTools(
      { double: { mode: "sync", run: (n: number) => n * 2 } },
      { inputs: { n: "number" }, output: "number" },
    );
    const program = api.compile(runtime, "double(n)");
    const { output } = await api.run(program, { inputs: { n: 21 } });
    expectTypeOf(output).toEqualTypeOf<number>();
    expect(output).toBe(42);
    // @ts-expect-error: n is a number
    await expect(api.run(program, { inputs: { n: "21", m: 1 } })).rejects.toThrow('the program has no input "m"');
    expectTypeOf(shop().tools.price).toEqualTypeOf<(city: string) => Promise<number>>();
    expectTypeOf(shop().tools).not.toHaveProperty("approve");
  });

  it("holds the tools that have no function", async () => {
    const api = shop();
    const program = api.compile(runtime, "(await approve(order)).ok ? await price(city) : 0");
    const inputs = { city: "Rome", order: { id: "1", total: 3 }, tags: [] };
    await expect(api.run(program, { inputs })).rejects.toThrow(
      "approve has no function: drive the program with `tools` and `hold`",
    );
    const state = await program.drive({ inputs, tools: api.tools, hold: api.hold });
    if (state.status !== "suspended") throw new Error(state.status);
    const done = await state.answer("approve", { ok: true }).drive({ tools: api.tools, hold: api.hold });
    expect(done.status === "complete" && done.output).toBe(4);
  });

  it("takes a namespace with a tool called run", () => {
    const { externals, tools } = defineTools({ job: { run: () => 1, stop: () => 2 }, one: { run: () => 3 } });
    expect(JSON.stringify(externals)).toBe('{"job":{"run":"async","stop":"async"},"one":"async"}');
    expect([tools.job.run(), tools.job.stop(), tools.one()]).toEqual([1, 2, 3]);
  });

  it.each([
    [{ a: { mode: "sink" } }, 'tool a: mode must be "async" or "sync", not sink'],
    [{ a: { signiture: "() => 1" } }, 'tool a has no option "signiture": did you mean "signature"?'],
    [{ a: { signature: "number" } }, 'tool a: signature must be like "(city: string) => number", not "number"'],
    [{ a: { signature: "(a: number" } }, "tool a: signature must be like"],
    [{ "a-b": () => 1 }, 'external function "a-b" is not a valid name of a variable'],
    [{ n: { a: 1 } }, 'tool n has no option "a". It has mode, description, signature, run'],
    [{ a: null }, "tool a must be a function, its description or a namespace, not null"],
  ])("refuses %j", (definitions, message) => {
    expect(() => defineTools(definitions as never).compile(runtime, "1")).toThrow(message);
  });
});
