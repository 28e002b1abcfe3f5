// Libraries: guest code that a runtime adds to the realms of programs that name it. Which programs have one, what they can see of its
// evaluation (nothing), and how snapshots name it.

import { beforeAll, describe, expect, test } from "vitest";
import type { LibrarySource } from "../../ts/api/library-build.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import {
  GuestError,
  type Library,
  libraryModule,
  LimitError,
  type Program,
  SnapshotError,
  type State,
  type SuspendedState,
} from "../../ts/index.ts";
import { noteLibraries } from "../support/held-libraries.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

/** A stack with a class, a wrapped host function, a module that shares its state, and work at evaluation. */
const SHAPES: LibrarySource = {
  name: "test/shapes",
  version: "1.2.0",
  script: `(() => {
    class Circle {
      #radius;
      constructor(radius) {
        if (typeof radius !== "number") throw new TypeError("a radius must be a number");
        this.#radius = radius;
      }
      get area() { return Math.PI * this.#radius ** 2; }
    }
    const table = [];
    for (let i = 0; i < 1000; i++) table[i % 50] = (i % 50) ** 2;
    let made = 0;
    const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    define("Circle", Circle);
    define("squareOf", function squareOf(n) { made++; return table[n]; });
    define("lookUp", async (what) => {
      if ($host.lookUp === undefined) throw new TypeError('lookUp is not available: the program declares no external function "lookUp"');
      return (await $host.lookUp({ what })).found;
    });
    Array.prototype.second ??= undefined;
    delete Array.prototype.second;
    $host.shapes = { count: () => made, stamp: [Date.now(), Math.random()] };
  })();`,
  modules: {
    "shapes:count": `export const count = $host.shapes.count; export const stamp = $host.shapes.stamp; export default 7;`,
  },
  triggers: ["toShape"],
  externals: ["lookUp"],
};

let bare: Runtime;
let runtime: Runtime;
let second: Runtime;
let shapes: Library;

beforeAll(async () => {
  bare = await testRuntime();
  shapes = bare.compileLibrary(SHAPES);
  runtime = await testRuntime({ libraries: [shapes] });
  second = await testRuntime({ libraries: [shapes] });
});

function run(source: string, options: Parameters<Runtime["compile"]>[1] = {}, on = runtime): State {
  return on.compile(source, { filename: "main.js", ...options }).start({ seed: 1, now: 5 });
}

function outputOf(source: string, options?: Parameters<Runtime["compile"]>[1]): unknown {
  const state = run(source, options);
  if (state.status !== "complete") throw new Error(state.status);
  return state.output;
}

/** The files in the realm of a program that is held before its first instruction. */
function filesOf(program: Program): string[] {
  const state = program.start({ limits: { fuel: 0 } });
  if (state.status === "complete") throw new Error("it cannot be held");
  return state
    .snapshot()
    .inspect()
    .programs.map(({ filename }) => filename);
}

/** True if a program with that source has the library. */
function has(source: string, options?: Parameters<Runtime["compile"]>[1]): boolean {
  return filesOf(runtime.compile(source, { filename: "main.js", ...options })).includes("test/shapes");
}

describe("which programs have a library", () => {
  test("the descriptor lists what the script defines", () => {
    expect(shapes).toMatchObject({
      name: "test/shapes",
      version: "1.2.0",
      globals: ["Circle", "lookUp", "squareOf"],
      modules: ["shapes:count"],
      externals: ["lookUp"],
    });
    expect(shapes.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    "new Circle(1).area",
    "typeof Circle",
    "const { Circle } = globalThis; 1",
    "globalThis.squareOf",
    "'Circle' in globalThis",
    "(() => () => squareOf(3))()",
    "({}).toShape",
    "class A extends Circle {}",
  ])("%s: it does", (source) => expect(has(source)).toBe(true));

  test.each([
    "1 + 1",
    "const Circle = 1; Circle",
    "({ Circle: 1 }).Circle",
    "'Circle'",
    "globalThis.x",
    "typeof square",
    "function f(squareOf) { return squareOf; } f(2)",
  ])("%s: it does not", (source) => {
    expect(has(source)).toBe(false);
  });

  test("a module does that imports one of its modules", () => {
    expect(has("import { count } from 'shapes:count'; export default count();")).toBe(true);
    const files = { "main.js": "import './b.js'; 1", "b.js": "export default new Circle(2).area" };
    expect(filesOf(runtime.compile(files, { entry: "main.js" }))).toEqual([
      "test/shapes",
      "shapes:count",
      "main.js",
      "b.js",
    ]);
  });

  test("a program that may compile code from strings has all", () => {
    expect(has("1", { allowEval: true })).toBe(true);
    expect(outputOf("eval('new Cir' + 'cle(1).area')", { allowEval: true })).toBe(Math.PI);
  });

  test("`always` gives it to every program, `requires` with what it needs", async () => {
    const more = bare.compileLibrary({
      name: "test/more",
      version: "1",
      script: "globalThis.Disc = class Disc extends Circle {};",
      requires: [shapes],
    });
    expect(more.globals).toEqual(["Disc"]);
    const both = await testRuntime({ libraries: [{ library: more, always: true }, shapes] });
    expect(filesOf(both.compile("1", { filename: "a.js" }))).toEqual([
      "test/shapes",
      "shapes:count",
      "test/more",
      "a.js",
    ]);
    await expect(testRuntime({ libraries: [more] })).rejects.toThrow(
      "library test/more requires test/shapes: give that to createRuntime as well",
    );
  });
});

describe("what a program sees of its evaluation", () => {
  test("no fuel, time, randomness or output", () => {
    const source = "typeof Circle; [Date.now(), Math.random(), Math.random()]";
    const state = run(source);
    const plain = run(source, {}, bare);
    expect(state.usage.fuel).toBe(plain.usage.fuel);
    expect(state.usage.hostCalls).toBe(0);
    expect([state.stdout, state.stderr]).toEqual(["", ""]);
    expect((state as { output?: unknown }).output).toEqual((plain as { output?: unknown }).output);
    expect(outputOf("import { stamp } from 'shapes:count'; stamp[0]")).toBe(0);
  });

  test("what its functions do costs fuel", () => {
    const fuelOf = (body: string): number => run(`for (let i = 0; i < 1000; i++) ${body}`).usage.fuel;
    expect(fuelOf("squareOf(5)")).toBe(fuelOf("(function (n) { n++; return n; })(5)"));
  });

  test("its functions have names, but no source; places of errors are the program's own", () => {
    expect(outputOf("[Circle.name, squareOf.name, squareOf.length]")).toEqual(["Circle", "squareOf", 1]);
    expect(outputOf("String(squareOf)")).toContain("[native code]");
    expect(thrownBy(() => run("\n  new Circle('x');"))).toMatchObject({
      guestName: "TypeError",
      guestMessage: "a radius must be a number",
      line: 2,
      column: 3,
      guestStack: expect.stringContaining("at new Circle (test/shapes:") as string,
    });
  });

  test("it counts in memory", () => {
    const limits = { memoryBytes: 4096 };
    const start = (): State => runtime.compile("typeof Circle", { filename: "a.js" }).start({ limits });
    expect(thrownBy(start)).toBeInstanceOf(LimitError);
  });

  test("`$host` is no name for programs", () => {
    expect(outputOf("typeof Circle + typeof $host")).toBe("functionundefined");
  });
});

describe("a host function that it wraps", () => {
  const SOURCE = "const found = await lookUp('a'); [found, lookUp.length]";

  test("is called by its own", () => {
    const state = run(SOURCE, { externals: ["lookUp"] });
    if (state.status !== "suspended") throw new Error(state.status);
    expect(state.calls).toMatchObject([{ name: "lookUp", args: [{ what: "a" }] }]);
    const carried = second.load(state.snapshot().dump()).restore();
    if (carried.status !== "suspended") throw new Error(carried.status);
    expect(carried.resume({ found: 3 })).toMatchObject({ output: [3, 1] });
  });

  test("without it, the error names it", () => {
    expect(thrownBy(() => run(SOURCE))).toMatchObject({
      guestMessage: 'lookUp is not available: the program declares no external function "lookUp"',
    });
  });

  test("a runtime without the library leaves the host function as it is", () => {
    const state = run("await lookUp('a')", { externals: ["lookUp"] }, bare);
    expect(state).toMatchObject({ status: "suspended", calls: [{ args: ["a"] }] });
  });
});

describe("later", () => {
  test("a chunk of a session brings it in", () => {
    const session = runtime.session({ language: "javascript", seed: 1, now: 5 });
    const fuel = session.start("let a = 1; globalThis.Math.random()").usage.fuel;
    expect(session.snapshot().inspect().programs).toHaveLength(1);
    const state = session.start("new Circle(a).area");
    expect(state).toMatchObject({ output: Math.PI });
    // It is paid for: a program has run in the realm.
    expect(state.usage.fuel - fuel).toBeGreaterThan(1000);
    expect(state.usage.fuel - fuel).toBeLessThan(1200);
    expect(session.start("[Date.now(), typeof lookUp]")).toMatchObject({ output: [5, "function"] });
    const again = runtime.session({ from: second.load(session.snapshot().dump()) });
    expect(again.start("squareOf(4)", { filename: "c.js" })).toMatchObject({ output: 16 });
    expect(
      again
        .snapshot()
        .inspect()
        .programs.filter(({ library }) => library !== undefined),
    ).toHaveLength(2);
  });

  test("a chunk that declares the host function later gives it to the library", () => {
    const session = runtime.session({ language: "javascript" });
    session.start("typeof lookUp");
    const state = session.start("lookUp('b')", { externals: ["lookUp"] });
    expect(state).toMatchObject({ status: "suspended", calls: [{ args: [{ what: "b" }] }] });
  });

  test("in a realm in which it cannot be evaluated, the chunk throws, and the session goes on", () => {
    const session = runtime.session({ language: "javascript" });
    session.start("Object.defineProperty = () => { throw new RangeError('no'); };");
    expect(thrownBy(() => session.start("new Circle(1)"))).toBeInstanceOf(GuestError);
    expect(session.start("1 + 1")).toMatchObject({ output: 2 });
  });

  test("a module that was loaded brings it in, while other answers wait", async () => {
    const source = `
      const slow = ask("x");
      const { default: area } = await import("./late.js");
      [area, await slow];`;
    const program = runtime.compile(source, { filename: "main.mjs", externals: ["ask"] });
    const late = "export default new Circle(1).area";
    expect((await program.run({ tools: { ask: () => 4 }, loader: () => late })).output).toEqual([Math.PI, 4]);
    const state = program.start();
    if (state.status !== "suspended") throw new Error(state.status);
    const answers = new Map(state.calls.map(({ id, kind }) => [id, { value: kind === "module" ? late : 5 }]));
    expect(state.resumeCalls(answers)).toMatchObject({ output: [Math.PI, 5] });
  });

  test("not while the program is held at a sync call", () => {
    const source = "import('./late.js').then((m) => out(m.default)); const a = ask(); out(a)";
    const state = run(source, { externals: { ask: "sync", out: "async" } });
    if (state.status !== "suspended") throw new Error(state.status);
    const load = state.calls.find(({ kind }) => kind === "module")!;
    const answers = new Map([[load.id, { value: "export default new Circle(1).area" }]]);
    expect(thrownBy(() => state.resumeCalls(answers))).toMatchObject({
      message:
        "module late.js needs a library that the program does not have yet: answer the sync call first, at which the program is held",
    });
  });
});

describe("snapshots", () => {
  const SOURCE = "const c = new Circle(2); const answer = await ask(); [c.area, squareOf(answer), c instanceof Circle]";
  const OPTIONS = { externals: ["ask"] };

  function held(): SuspendedState {
    return run(SOURCE, OPTIONS) as SuspendedState;
  }

  test("name it, and do not contain it", () => {
    const snapshot = held().snapshot();
    const plain = snapshot.dump({ elapsed: false });
    const embedded = snapshot.dump({ elapsed: false, libraries: "embed" });
    expect(plain.length).toBeLessThan(1100);
    expect(embedded.length).toBeGreaterThan(plain.length + 500);
    const program = runtime.compile(SOURCE, { filename: "main.js", ...OPTIONS });
    const reference = snapshot.dump({ program: "reference" });
    expect(reference.length).toBeLessThan(plain.length);
    for (const [bytes, options] of [
      [plain, {}],
      [embedded, {}],
      [reference, { program, requireProgram: true }],
    ] as const)
      expect(second.load(bytes, options).resume(3)).toMatchObject({ output: [4 * Math.PI, 9, true] });
    expect(bare.load(embedded).resume(3)).toMatchObject({ output: [4 * Math.PI, 9, true] });
  });

  test("the same bytes wherever it was held", () => {
    const state = held();
    const bytes = state.snapshot().dump({ elapsed: false });
    expect((second.load(bytes).restore() as SuspendedState).snapshot().dump({ elapsed: false })).toEqual(bytes);
    expect((run(SOURCE, OPTIONS, second) as SuspendedState).snapshot().dump({ elapsed: false })).toEqual(bytes);
    const embedded = state.snapshot().dump({ elapsed: false, libraries: "embed" });
    expect((bare.load(embedded).restore() as SuspendedState).snapshot().dump({ elapsed: false })).toEqual(embedded);
  });

  test("without it, they are refused with its name and version", async () => {
    const bytes = held().snapshot().dump();
    const error = thrownBy(() => bare.load(bytes));
    expect(error).toBeInstanceOf(SnapshotError);
    expect(error).toMatchObject({
      reason: "missing-library",
      message: expect.stringContaining("needs library test/shapes 1.2.0") as string,
    });
    const newer = bare.compileLibrary({ ...SHAPES, version: "1.3.0", script: `${SHAPES.script}\n1;` });
    const other = await testRuntime({ libraries: [newer] });
    expect(thrownBy(() => other.load(bytes))).toMatchObject({
      message: expect.stringContaining("the runtime has version 1.3.0") as string,
    });
    const asked: unknown[] = [];
    const resolve = (hash: string, library: unknown): Library => {
      asked.push(hash, library);
      return shapes;
    };
    expect(other.load(bytes, { libraries: resolve }).resume(3)).toMatchObject({ output: [4 * Math.PI, 9, true] });
    expect(asked).toContainEqual({ name: "test/shapes", version: "1.2.0" });
    expect(asked).toContain(shapes.hash);
    expect(other.load(bytes, { libraries: [shapes] }).resume(3)).toMatchObject({ output: [4 * Math.PI, 9, true] });
    expect(thrownBy(() => other.load(bytes, { libraries: () => newer }))).toMatchObject({ reason: "missing-library" });
  });

  test("a host that accepts only its own code takes only its own libraries", () => {
    const program = bare.compile(SOURCE, { filename: "main.js", ...OPTIONS });
    const embedded = held().snapshot().dump({ libraries: "embed" });
    expect(thrownBy(() => bare.load(embedded, { program }))).toMatchObject({ reason: "missing-library" });
    expect(second.load(embedded, { program }).resume(3)).toMatchObject({ output: [4 * Math.PI, 9, true] });
  });
});

describe("making one", () => {
  test("its module is plain data", async () => {
    const text = libraryModule(shapes);
    const { default: again } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      default: Library;
    };
    expect(again).toEqual(shapes);
    const other = await testRuntime({ libraries: [again] });
    expect(other.compile("squareOf(5)", { filename: "a.js" }).start()).toMatchObject({ output: 25 });
  });

  test.each([
    ["Promise.resolve().then(() => 1);", "leaves jobs"],
    ["setTimeout(() => 1, 5);", "leaves timers or host calls"],
    ["console.log(1);", "leaves output on the console"],
    ["null.x;", "cannot be evaluated in this realm: TypeError: Cannot read properties of null"],
    ["for (;;);", "limit exceeded: fuel"],
  ])("%s is refused", (script, message) => {
    expect(() => bare.compileLibrary({ name: "a", version: "1", script })).toThrow(message);
  });

  test("damaged data is refused", async () => {
    const damaged = { ...shapes, hash: "0".repeat(64) };
    const other = await testRuntime({ libraries: [damaged] });
    expect(() => other.compile("typeof Circle", { filename: "a.js" }).start()).toThrow(
      "library test/shapes 1.2.0 is damaged",
    );
    // The scripts of this file are held with the library as it should be.
    noteLibraries([shapes]);
  });
});
