// Modules as a host sees them: pending calls that survive snapshots, loaders, programs of several files, errors.

import { describe, expect, it } from "vitest";
import {
  CompileError,
  MissingModuleError,
  SnapshotError,
  type CompleteState,
  type GuestError,
  type State,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

function suspended(state: State): SuspendedState {
  expect(state.status).toBe("suspended");
  return state as SuspendedState;
}

function carried(state: State): SuspendedState {
  return suspended(runtime.load(suspended(state).snapshot().dump()).restore());
}

describe("pending modules", () => {
  const program = runtime.compile(
    `import { double } from "./lib/math"; import config from "./config.json" with { type: "json" };
     export const answer: number = double(config.n); answer`,
    { filename: "app/main.ts" },
  );

  it("are calls with specifier and importer, several at a time, answered in any order and process", () => {
    let state = carried(program.start());
    expect(state.calls.map(({ kind, name, args, filename }) => [kind, name, args, filename])).toEqual([
      ["module", "import", ["./lib/math", "app/main.ts", {}], "app/lib/math"],
      ["module", "import", ["./config.json", "app/main.ts", { type: "json" }], "app/config.json"],
    ]);
    const [math, config] = state.calls;
    state = carried(state.resumeCalls(new Map([[config!.id, { value: `{ "n": 21 }` }]])));
    expect(state.calls.map(({ id }) => id)).toEqual([math.id]);
    state = carried(
      state.resume({
        source: `import { two } from "../two"; export const double = (n: number) => n * two;`,
        filename: "app/lib/math.ts",
      }),
    );
    expect(state.calls[0].args).toEqual(["../two", "app/lib/math.ts", {}]);
    const done = state.resume("export const two: number = 2;") as CompleteState;
    expect(done.output).toBe(42);
  });

  it("can be refused, and a bad answer leaves the state usable", () => {
    const state = suspended(program.start());
    const [math, config] = state.calls;
    expect(() => state.resumeCalls(new Map([[math.id, { value: 5 }]]))).toThrow(TypeError);
    const error = thrownBy(() =>
      state.resumeCalls(new Map([[config!.id, { error: new RangeError("no such file") }]])),
    ) as GuestError;
    expect([error.guestName, error.guestMessage]).toEqual(["RangeError", "no such file"]);
    expect([error.filename, error.line, error.column]).toEqual(["app/main.ts", 1, 57]);
    expect(error.codeFrame).toContain('import config from "./config.json"');
  });

  it("that do not exist are named", () => {
    const error = thrownBy(() =>
      suspended(runtime.compile(`import "lodash";`).start()).resume(undefined),
    ) as GuestError;
    expect(error.guestMessage).toBe("Cannot find module 'lodash' imported from program.ts");
    expect(error.codeFrame).toContain('import "lodash"');
  });

  it("that do not parse show where, in their own source", () => {
    const state = suspended(runtime.compile(`import "./bad";`).start());
    const error = thrownBy(() => state.resume({ source: "let a = 1;\nlet a = 2;", filename: "bad.ts" })) as GuestError;
    expect([error.guestName, error.filename, error.line]).toEqual(["SyntaxError", "bad.ts", 2]);
    expect(error.codeFrame).toContain("let a = 2;");
    expect(error.guestStack).toContain("at bad.ts:2:");
  });

  it("stay known by hash, and what was loaded travels along", () => {
    const state = carried(program.start());
    const [math, config] = state.calls;
    const next = suspended(state.resumeCalls(new Map([[config!.id, { value: `{ "n": 1 }` }]])));
    const bytes = next.snapshot().dump({ program: "reference" });
    expect(thrownBy(() => runtime.load(bytes))).toBeInstanceOf(SnapshotError);
    const again = suspended(runtime.load(bytes, { program }).restore());
    expect(again.calls[0].id).toBe(math.id);
    expect((again.resume("export const double = (n: number) => n + n;") as CompleteState).output).toBe(2);
  });

  it("are asked for again after a failure, and not while they are on their way", () => {
    let state = suspended(
      runtime
        .compile(
          `const a = import("./x"), b = import("./x"); const r = await Promise.allSettled([a, b]); [r.map((x) => x.status), (await import("./x")).n]`,
        )
        .start(),
    );
    expect(state.calls.length).toBe(1);
    state = suspended(state.resumeError(new Error("busy")));
    expect((state.resume("export const n = 1") as CompleteState).output).toEqual([["rejected", "rejected"], 1]);
  });
});

describe("loaders", () => {
  const files: Readonly<Record<string, string>> = {
    "src/a.ts": `import { b } from "./deep/b.ts"; export const a: string = "a" + b;`,
    "src/deep/b.ts": `import "pkg"; export const b: string = "b";`,
    pkg: `console.log("pkg");`,
  };
  const program = runtime.compile(`import { a } from "./a.ts"; a`, { filename: "src/main.ts" });

  it("may be synchronous or asynchronous", async () => {
    const asked: string[] = [];
    const sync = await program.run({
      loader: (specifier, referrer, _attributes, name) => (asked.push(`${specifier} < ${referrer}`), files[name]),
    });
    const later = await program.run({ loader: async (_s, _r, _a, name) => ({ source: files[name]!, filename: name }) });
    expect([sync.output, sync.stdout, later.output]).toEqual(["ab", "pkg\n", "ab"]);
    expect(asked).toEqual(["./a.ts < src/main.ts", "./deep/b.ts < src/a.ts", "pkg < src/deep/b.ts"]);
  });

  it("fail the import when they throw or find nothing, and the run when there is no loader", async () => {
    const failing = program.run({ loader: () => { throw new Error("offline"); } }); // prettier-ignore
    await expect(failing).rejects.toMatchObject({ guestMessage: "offline", line: 1, column: 19 });
    await expect(program.run({ loader: () => null })).rejects.toMatchObject({ guestName: "TypeError" });
    const error = (await program.run().catch((e: unknown) => e)) as MissingModuleError;
    expect(error).toBeInstanceOf(MissingModuleError);
    expect([error.code, error.specifier, error.referrer, error.line, error.column]).toEqual([
      "FERMATA_MISSING_MODULE",
      "./a.ts",
      "src/main.ts",
      1,
      19,
    ]);
    expect(error.codeFrame).toContain('import { a } from "./a.ts"');
  });

  it("serve sessions, whose chunks may be modules", async () => {
    const session = runtime.session();
    const loader = () => "export let n = 1; export const up = () => ++n;";
    await session.run(`const lib = await import("./lib"); lib.up()`, { loader });
    expect((await session.run(`import { n } from "./lib"; n`)).output).toBe(2);
    const later = runtime.session({ from: runtime.load(session.snapshot().dump()) });
    expect((await later.run("lib.up()")).output).toBe(3);
    session.dispose();
    later.dispose();
  });
});

describe("programs of several files", () => {
  const FILES = {
    "./main.ts": `import type { Shape } from "./shapes"; import { area, type Unit } from "./shapes"; import { unit } from "./lib/unit.js"; import helper from "./lib";
      import names from "./names.json"; const s: Shape = { w: 2, h: 3 }; const u: Unit = unit; [area(s), u, helper(names), scale]`,
    "shapes.ts": `export interface Shape { w: number; h: number } export type Unit = string; export const area = ({ w, h }: Shape): number => w * h;`,
    "lib/unit.ts": `export const unit = "cm" as const;`,
    "lib/index.ts": `import { Unused } from "../never"; import { area } from "../shapes.ts"; export default (n: string[]) => n.length + area({ w: 1, h: 1 }); export type T = Unused;`,
    "never.ts": `throw new Error("an import of types only loads nothing"); export type Unused = number;`,
    "names.json": `["a", "b"]`,
  };

  it("run from one entry, in TypeScript, with or without endings", () => {
    const program = runtime.compile(FILES, { entry: "main.ts", inputs: ["scale"] });
    expect((program.start({ inputs: { scale: 4 } }) as CompleteState).output).toEqual([6, "cm", 3, 4]);
    expect(program.filename).toBe("main.ts");
    expect(program.hash).toBe(runtime.compile(FILES, { entry: "./main.ts", inputs: ["scale"] }).hash);
    expect(program.hash).not.toBe(
      runtime.compile({ ...FILES, "names.json": "[]" }, { entry: "main.ts", inputs: ["scale"] }).hash,
    );
  });

  it("carry all files in snapshots, and are known by reference", () => {
    const program = runtime.compile(
      {
        "main.ts": `const name: string = await pick(); (await import("./" + name)).default`,
        "one.ts": `export default 1 as number;`,
        "two.ts": `export default 2;`,
      },
      { entry: "main.ts", externals: ["pick"] },
    );
    const state = suspended(program.start());
    expect((carried(state).resume("two") as CompleteState).output).toBe(2);
    const bytes = state.snapshot().dump({ program: "reference" });
    expect((suspended(runtime.load(bytes, { program }).restore()).resume("one") as CompleteState).output).toBe(1);
    expect(program.dump().length).toBeGreaterThan(200);
  });

  it("say in which file something is wrong", () => {
    const bad = thrownBy(() =>
      runtime.compile({ "main.ts": `import "./b";`, "b.ts": "const x = ;" }, { entry: "main.ts" }),
    ) as CompileError;
    expect([bad.name, bad.filename, bad.line]).toEqual(["CompileError", "b.ts", 1]);
    expect(() => runtime.compile({ "a.ts": "" }, { entry: "main.ts" })).toThrow(TypeError);
    const thrown = thrownBy(() =>
      runtime
        .compile(
          {
            "main.ts": `import { f } from "./b"; f();`,
            "b.ts": `\nexport function f(): void { throw new Error("here"); }`,
          },
          { entry: "main.ts" },
        )
        .start(),
    ) as GuestError;
    expect([thrown.filename, thrown.line]).toEqual(["b.ts", 2]);
    expect(thrown.guestStack).toContain("at main.ts:1:");
  });

  it("are not scripts: options say what a file is", () => {
    expect(() => runtime.compile(`export const a = 1;`, { type: "script" })).toThrow(CompileError);
    const isModule = (type?: "script" | "module") =>
      (runtime.compile("this === undefined", { type }).start() as CompleteState).output;
    expect([isModule("module"), isModule("script"), isModule()]).toEqual([true, false, false]);
  });
});
