// Host functions in namespaces: what the guest sees of them, and that their canonical names go through everything.

import { describe, expect, it } from "vitest";
import { decodeProgram, encodeProgram, partsOf } from "../../ts/machine/program-bytes.ts";
import type { Externals } from "../../ts/machine/externals.ts";
import { MissingExternalError, type CompleteState, type SuspendedState, type Tools } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const other = await testRuntime();
const externals = { tools: { search: "async", "read-file": "sync", "0": "sync" }, ask: "sync" } as const;
// Objects have their index keys first.
const NAMES = ['tools["0"]', "tools.search", 'tools["read-file"]', "ask"];

describe("a namespace in the guest", () => {
  it("is a frozen object without a prototype", () => {
    const source = `
      const own = Object.getOwnPropertyDescriptor(globalThis, "tools");
      const seen = [Object.getPrototypeOf(tools), Object.isFrozen(tools), Object.keys(tools).join(), own.writable, own.enumerable,
        typeof tools.search, tools.search.name, tools["read-file"].name, tools.search.length, "toString" in tools, typeof tools[0]];
      for (const change of [() => { tools.search = 1 }, () => { tools.more = 1 }, () => { delete tools.search }])
        try { (function () { "use strict"; change() })(); } catch (e) { seen.push(e.name) }
      seen`;
    const { output } = runtime.compile(source, { filename: "a.js", externals }).start() as CompleteState;
    expect(output).toEqual([
      null,
      true,
      "0,search,read-file",
      true,
      false,
      "function",
      "search",
      "read-file",
      0,
      false,
      "function",
    ]);
    const strict = runtime.compile(
      `"use strict"; const seen = [];
      for (const change of [() => { tools.search = 1 }, () => { tools.more = 1 }, () => { delete tools.search }, () => Object.setPrototypeOf(tools, {})])
        try { change(); seen.push("changed") } catch (e) { seen.push(e.name) }
      seen`,
      { filename: "a.js", externals },
    );
    expect(strict.start()).toMatchObject({ output: Array(4).fill("TypeError") });
  });

  it("may be nested, and shadowed", () => {
    const program = runtime.compile("const f = a.b.c; { const a = 1; f(a) } ", {
      externals: { a: { b: { c: "sync" } } },
    });
    expect((program.start() as SuspendedState).calls).toMatchObject([{ name: "a.b.c", args: [1] }]);
    expect(runtime.compile("const tools = 5; tools", { externals }).start()).toMatchObject({ output: 5 });
  });
});

describe("canonical names", () => {
  const source = `const found = tools.search("x"); const text = tools["read-file"]("y"), n = tools[0](), a = ask(); [await found, text, n, a]`;

  it("travel in snapshots and are those of calls, inspections and errors", () => {
    const program = runtime.compile(source, { externals });
    let state = program.start() as SuspendedState;
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      const snapshot = other.load(state.snapshot().dump(), { externals });
      expect(Object.keys(snapshot.inspect().externals)).toEqual(NAMES);
      state = snapshot.restore() as SuspendedState;
      seen.push(state.calls.at(-1)!.name);
      state = state.resume(i) as SuspendedState;
    }
    expect(seen).toEqual(['tools["read-file"]', 'tools["0"]', "ask"]);
    expect(state.calls.map(({ name }) => name)).toEqual(["tools.search"]);
    const done = other.load(state.snapshot().dump()).resume("found");
    expect(done).toMatchObject({ output: ["found", 0, 1, 2] });
    expect(decodeProgram(encodeProgram(partsOf(program.record))).externals).toEqual(program.record.externals);
  });

  it("are forms of the option, so that an inspection can be given back", () => {
    const program = runtime.compile(source, { externals });
    const snapshot = runtime.load((program.start() as SuspendedState).snapshot().dump());
    const again = runtime.compile(source, { externals: snapshot.inspect().externals });
    expect(again.hash).toBe(program.hash);
    expect(runtime.compile("tools.a()", { externals: ["tools.a"] }).record.externals).toEqual(
      new Map([["tools.a", "async"]]),
    );
    const inList = runtime.compile("1", { externals: { tools: ["a", "b-c"] } }).record.externals;
    expect([...inList.keys()]).toEqual(["tools.a", 'tools["b-c"]']);
  });

  it.each<[Externals, RegExp]>([
    [{ "a-b": "async" }, /"a-b" is not a valid name of a variable/],
    [["tools['x']"], /is not a valid name of a variable/],
    [["tools."], /is not a valid name of a variable/],
    [['tools["x"]'], /is not a valid name of a variable/],
    [{ tools: { a: "asynchronous" as "async" } }, /tools.a must be "async" or "sync", or a namespace/],
    [{ tools: null as never }, /must be/],
    [{ tools: "async", "tools.a": "async" }, /tools is a namespace and a function/],
    [{ "tools.a": "async", tools: "async" }, /tools is a namespace and a function/],
    [{ "tools.a": "async", tools: { a: "sync" } }, /tools.a is declared twice/],
  ])("are refused where they are wrong: %j", (wrong, message) => {
    expect(() => runtime.compile("1", { externals: wrong })).toThrow(message);
  });

  it("are bounded in depth, also where an object contains itself", () => {
    const within: Record<string, unknown> = {};
    within["a"] = within;
    expect(() => runtime.compile("1", { externals: within as never })).toThrow(/nested too deep/);
  });

  it("of a forged program are refused", () => {
    const parts = partsOf(runtime.compile("1").record);
    for (const names of [["tools['x']"], ["a..b"], ["tools", "tools.a"], ["a.b.c.d.e.f.g.h.i"]]) {
      const bytes = encodeProgram({ ...parts, externals: new Map(names.map((name) => [name, "async"])) });
      expect(() => decodeProgram(bytes)).toThrow(/program: .*(canonical|namespace)/);
    }
  });
});

describe("ceilings of load", () => {
  const bytes = (
    runtime.compile("tools.search(1); 1", { externals: { tools: { search: "async" } } }).start() as SuspendedState
  )
    .snapshot()
    .dump();
  it.each<[Externals, boolean]>([
    [{ tools: { search: "async", more: "sync" } }, true],
    [["tools.search"], true],
    [{ tools: ["search"] }, true],
    [{ tools: { search: "sync" } }, false],
    [{ tools: { other: "async" } }, false],
    [{ search: "async" }, false],
    [[], false],
  ])("%j: %s", (allowed, may) => {
    if (may) expect(runtime.load(bytes, { externals: allowed }).restore().status).toBe("suspended");
    else expect(thrownBy(() => runtime.load(bytes, { externals: allowed }))).toMatchObject({ names: ["tools.search"] });
  });
});

describe("tools of namespaces", () => {
  const program = runtime.compile(`[await tools.search("x"), tools["read-file"]("y"), tools[0](), ask()]`, {
    externals,
  });
  const search = async (text: string): Promise<string> => `found ${text}`;

  it("are nested objects, with their object as `this`", async () => {
    class Files {
      readonly #root = "/";
      search = search;
      "read-file"(name: string): string {
        return this.#root + name;
      }
      "0"(): number {
        return 0;
      }
    }
    const { output } = await program.run({ tools: { tools: new Files() as unknown as Tools, ask: () => "yes" } });
    expect(output).toEqual(["found x", "/y", 0, "yes"]);
  });

  it("may be given by their canonical names", async () => {
    const flat = { "tools.search": search, 'tools["read-file"]': () => "text", 'tools["0"]': () => 1, ask: () => 2 };
    expect((await program.run({ tools: flat })).output).toEqual(["found x", "text", 1, 2]);
  });

  it("are never what objects and functions inherit", async () => {
    const names = ["toString", "constructor", "hasOwnProperty", "__defineGetter__", "isPrototypeOf", "call", "bind"];
    const hostile = runtime.compile("1", {
      externals: { tools: names, toString: ["call"], f: { prototype: ["constructor"] } },
    });
    const f = Object.assign(() => 1, { search });
    const holders: unknown[] = [
      {},
      { tools: {} },
      { tools: f },
      { tools: [] },
      { tools: "text" },
      { tools: Object.create({ toString: f }) },
      { f },
    ];
    for (const tools of holders) {
      const error: unknown = await hostile.run({ tools: tools as Tools }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(MissingExternalError);
      expect((error as MissingExternalError).names).toEqual([
        ...names.map((name) => `tools.${name}`),
        "toString.call",
        "f.prototype.constructor",
      ]);
    }
  });
});

describe("namespaces in a session", () => {
  it("grow from chunk to chunk", async () => {
    const session = runtime.session({ externals: { tools: { a: "sync" } } });
    const tools = { tools: { a: () => 1, b: () => 2 } };
    expect((await session.run("tools.a()", { tools })).output).toBe(1);
    const more = { externals: { tools: { b: "sync" } } } as const;
    expect((await session.run("tools.a() + tools.b()", { ...more, tools })).output).toBe(3);
    const again = other.session({ from: other.load(session.snapshot().dump()) });
    expect((await again.run("tools.b()", { tools })).output).toBe(2);
    expect(() => again.start("1", { externals: ["tools"] })).toThrow(/namespace and a function/);
    expect(again.start("1")).toMatchObject({ output: 1 });
  });
});
