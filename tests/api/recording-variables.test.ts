// Owns the tests of what a recording shows of variables: which a frame sees, and their values. Must never look at registers.

import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../ts/api/recording.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { CompileOptions } from "../../ts/api/compile.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;

beforeAll(async () => {
  runtime = await testRuntime();
});

const RUN = { seed: 1, now: 1000 };

/** The recording at the first `here` in a program, which is a statement of its own there: a call of a host function. */
async function at(source: string, options: CompileOptions = {}): Promise<Recording> {
  const program = runtime.compile(source, { step: true, externals: { here: "sync" }, ...options });
  const recording = program.startRecording({ ...RUN, inputs: options.inputs === undefined ? {} : { question: 41 } });
  await recording.drive({ hold: ["here"] });
  return recording;
}

/** Names and values, functions left out. */
function values(recording: Recording, frame?: number): Record<string, unknown> {
  const plain = recording.variables(frame).filter(({ isWhole, value }) => isWhole || typeof value !== "string");
  return Object.fromEntries(plain.map(({ name, value }) => [name, value]));
}

describe("what a frame sees", () => {
  it("has the variables of the scopes around it, the inner ones of equal names", async () => {
    const recording = await at(`const outer = 1; let same = "outer"; var old = 2;
function f(first, { second } = { second: "s" }, ...rest) {
  const same = "inner";
  for (const item of [10]) {
    let late = 5;
    { const late = 6; here(); }
    const later = 7;
  }
  return () => outer + first;
}
f("a", undefined, 3, 4);`);
    expect(values(recording)).toEqual({
      late: 6,
      item: 10,
      same: "inner",
      first: "a",
      second: "s",
      rest: [3, 4],
      outer: 1,
      old: 2,
    });
    expect(values(recording, 1)).toEqual({ outer: 1, same: "outer", old: 2 });
    expect(() => recording.variables(2)).toThrow("there is no frame 2");
  });

  it("leaves out what has no value yet, in a second round of a loop too", async () => {
    const recording = await at(`for (const round of [1, 2]) {
  if (round === 2) here();
  const made = round;
  let kept = () => made;
}`);
    expect(values(recording)).toEqual({ round: 2 });
  });

  it("has variables of closures, generators, async functions, classes and catch clauses", async () => {
    const recording =
      await at(`function counter() { let count = 40; return () => { count++; return sure(); function sure() { here(); return count; } }; }
function* numbers(from) { let n = from; while (true) { const seen = n; yield n++; try { throw n } catch (thrown) { yield await0(counter()) } } }
const await0 = (f) => f();
class Box { #secret = 1; open(key) { const [a, ...others] = numbersOf(key); return a + others.length; } }
function numbersOf(key) { const it = numbers(key); return [it.next().value, it.next().value]; }
async function main(task) { const before = task + 1; await null; const after = before + 1; return new Box().open(after); }
await main(1);`);
    const frames = recording.frames();
    const of = (name: string) =>
      values(
        recording,
        frames.findIndex((frame) => frame.function === name),
      );
    expect(of("sure")).toEqual({ count: 41 });
    expect(of("numbers")).toMatchObject({ from: 3, n: 4, seen: 3, thrown: 4 });
    expect(of("open")).toMatchObject({ key: 3 });
    expect(of("main")).toMatchObject({ task: 1, before: 2, after: 3 });
  });

  it("has inputs, sloppy arguments, and names of scripts that are global", async () => {
    const recording = await at(
      `var shared = question + 1; function f(a) { a = a * 2; arguments[0] = 9; here(); return a } f(1)`,
      {
        inputs: ["question"],
        filename: "p.js",
      },
    );
    expect(values(recording)).toEqual({ a: 9, shared: 42, question: 41 });
  });

  it("has the variables of modules, of others too, and of function bodies", async () => {
    const program = runtime.compile(
      {
        "main.ts": `import { twice, type N } from "./lib";\nconst two: N = twice(1);\ntwo;`,
        "lib.ts": `export type N = number;\nlet calls: number = 0;\nexport function twice(n: N): N {\n  calls++;\n  return n * 2;\n}`,
      },
      { entry: "main.ts", step: true },
    );
    const recording = program.startRecording(RUN);
    expect(recording.runTo(5, { filename: "lib.ts" })).toMatchObject({ filename: "lib.ts", function: "twice" });
    expect(values(recording)).toEqual({ n: 1, calls: 1 });
    recording.runTo(3, { filename: "main.ts" });
    expect(values(recording)).toEqual({ two: 2 });
    expect(recording.variables().find(({ name }) => name === "twice")).toMatchObject({ kind: "import" });
    const body = await at(`const mine: number = await 5; enum Color { Red = 3 } here(); return mine;`, {
      type: "function-body",
    });
    expect(values(body)).toMatchObject({ mine: 5, Color: { Red: 3, 3: "Red" } });
  });

  it("has values of every kind, as copies, with texts for what cannot leave", async () => {
    const recording =
      await at(`const none = undefined, text = "t", big = 10n, map = new Map([[1, { x: 1 }]]), when = new Date(0);
const made = { f: () => 1, deep: [1] }, symbol = Symbol("s"), cycle = []; cycle.push(cycle); here();`);
    const all = Object.fromEntries(recording.variables().map((one) => [one.name, one]));
    expect(all["none"]).toEqual({ name: "none", kind: "const", value: undefined, isWhole: true });
    expect([all["text"]!.value, all["big"]!.value, all["when"]!.value]).toEqual(["t", 10n, new Date(0)]);
    expect(all["map"]!.value).toEqual(new Map([[1, { x: 1 }]]));
    expect(all["made"]).toMatchObject({ isWhole: false, value: { f: "() => 1", deep: [1] } });
    expect(all["symbol"]).toMatchObject({ isWhole: false, value: "Symbol(s)" });
    expect((all["cycle"]!.value as unknown[])[0]).toBe(all["cycle"]!.value);
    (all["made"]!.value as { deep: number[] }).deep.push(2);
    expect(recording.variables().find(({ name }) => name === "made")!.value).toMatchObject({ deep: [1] });
  });

  it("is empty for code from strings, and where TypeScript cannot be compiled again", async () => {
    const recording = await at(`eval("let inner = 1; here(); inner")`, { allowEval: true, filename: "p.js" });
    expect(recording.variables(0)).toEqual([]);
    const state = runtime.compile(`const n: number = 1; here();`, { externals: { here: "sync" } }).start();
    if (state.status !== "suspended") throw new Error("not suspended");
    const plain = await testRuntime({ typescript: false });
    const moved = plain.load(state.snapshot().dump()).restore();
    if (moved.status !== "suspended") throw new Error("not suspended");
    const other = moved.record();
    expect(other.here).toMatchObject({ status: "suspended", line: 1 });
    expect(other.variables()).toEqual([]);
    expect(() => other.backTo("n")).toThrow(RangeError);
  });
});

describe("other places to record from", () => {
  it("records a snapshot that goes on here, and leaves the state as it was", async () => {
    const source = `let n = 1;\nn += ask();\nn += ask();\nn;`;
    const first = runtime.compile(source, { step: true, externals: { ask: "sync" } }).start(RUN);
    if (first.status !== "suspended") throw new Error("not suspended");
    const state = runtime.load(first.snapshot().dump()).restore();
    if (state.status !== "suspended") throw new Error("not suspended");
    const recording = state.record();
    await recording.drive({ tools: { ask: () => 10 } });
    expect(recording.state).toMatchObject({ output: 21 });
    recording.stepBack();
    expect(recording.backTo("n")).toMatchObject({ line: 3 });
    expect(values(recording)).toEqual({ n: 11 });
    expect(recording.backTo("n")).toMatchObject({ line: 2 });
    expect(recording.backTo("n")).toBeUndefined();
    expect((await state.answer("ask", 1).run({ tools: { ask: () => 2 } })).output).toBe(4);
  });

  it("records a chunk of a session, with what earlier chunks declared", async () => {
    const session = runtime.session({ externals: { ask: "sync" } });
    await session.run("let kept = 1; var old = 2;", { hold: ["ask"] });
    const state = session.start("kept += ask(); const mine = kept; mine + old;");
    if (state.status !== "suspended") throw new Error("not suspended");
    const recording = state.record();
    await recording.drive({ tools: { ask: () => 40 } });
    expect(recording.state).toMatchObject({ output: 43 });
    recording.goTo(recording.first);
    expect(recording.here.calls).toMatchObject([{ name: "ask" }]);
    expect(state.answer("ask", 1)).toMatchObject({ output: 4 });
  });

  it("goes back over code from strings, and over modules that were loaded meanwhile", async () => {
    const program = runtime.compile(
      `const { add } = await import("add");\nconst four = eval("2 + 2");\nadd(four, await Promise.resolve(1));`,
      { step: true, allowEval: true },
    );
    const recording = program.startRecording({ ...RUN, every: 3 });
    let loads = 0;
    const loader = () => (loads++, `export const add = (a, b) => a + b;`);
    await recording.drive({ loader });
    expect(recording.state).toMatchObject({ output: 5 });
    const positions: number[] = [];
    for (let moment = recording.stepBack(); moment !== undefined; moment = recording.stepBack())
      positions.push(moment.position);
    for (const position of positions.toReversed()) expect(recording.goTo(position).position).toBe(position);
    expect(recording.here).toMatchObject({ status: "paused" });
    while (recording.stepForward() !== undefined);
    expect([recording.here.status, loads]).toEqual(["complete", 1]);
  });
});
