// The command line: what it prints, what it writes, and its exit codes.

import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute } from "../../ts/cli/commands.ts";
import { testRuntime } from "../support/runtime.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fermata-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function fermata(...argv: string[]): Promise<Result> {
  let out = "";
  let err = "";
  const code = await execute(argv, {
    cwd: folder,
    version: "1.2.3",
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    createRuntime: () => testRuntime(),
  });
  return { code, out, err };
}

const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

describe("run", () => {
  it("prints what the program writes, then its value: 0", async () => {
    await put(
      "hello.ts",
      "const who: string = name; console.log('hello', who); console.error('careful'); ({ who, n })",
    );
    const { code, out, err } = await fermata("run", "hello.ts", "--input", "name=World", "--input", 'n={"a":1}');
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "hello World\n{ who: 'World', n: { a: 1 } }\n",
      err: "careful\n",
    });
  });
  it("uses the functions of a module: 0", async () => {
    await put(
      "tools.mjs",
      "export const add = (a, b) => a + b; export async function later(x) { return x * 2 } export const externals = { add: 'sync' }; export const notOne = 5;",
    );
    await put("uses.ts", "add(await later(4), 1)");
    expect(await fermata("run", "uses.ts", "--tools", "tools.mjs")).toEqual({ code: 0, out: "9\n", err: "" });
  });
  it("compiles code from strings where it may: 0, else 3", async () => {
    await put("strings.js", "new Function('a', 'return a + 1')(eval('40 + 1'))");
    expect(await fermata("run", "strings.js", "--allow-eval")).toEqual({ code: 0, out: "42\n", err: "" });
    const { code, err } = await fermata("run", "strings.js");
    expect(code).toBe(3);
    expect(err).toContain("EvalError");
  });
  it("waits for timers: 0", async () => {
    await put("timer.js", "setTimeout(() => console.log('later'), 5); console.log('now')");
    expect(await fermata("run", "timer.js")).toMatchObject({ code: 0, out: "now\nlater\n" });
  });
  it("shows errors with stack and lines: 3", async () => {
    await put("bad.ts", "console.log('so far');\nfunction f() { null.x }\nf();\n");
    const { code, out, err } = await fermata("run", "bad.ts");
    expect(code).toBe(3);
    expect(out).toBe("so far\n");
    expect(err).toMatch(/^TypeError: .*\n {4}at f \(bad\.ts:2:\d+\)\n {4}at bad\.ts:3:1\n\n.*\n> 2 \| function f/s);
    await put("syntax.ts", "let a = ;");
    expect(await fermata("run", "syntax.ts")).toMatchObject({
      code: 3,
      err: expect.stringContaining("syntax.ts:1:9: "),
    });
  });
  it("names the limit that was reached: 4", async () => {
    await put("big.js", "const a = []; while (true) a.push({})");
    expect(await fermata("run", "big.js")).toMatchObject({ code: 4, err: expect.stringContaining("memoryBytes") });
  });
  it("stops when its fuel is spent or its time is up, and writes that down: 10", async () => {
    await put("long.js", "let n = 0; for (let i = 0; i < 1e9; i++) n += i; n");
    const fuel = await fermata("run", "long.js", "--fuel", "5000");
    expect(fuel).toMatchObject({
      code: 10,
      err: expect.stringMatching(/paused \(fuel\)\n\d+ bytes written to long\.js\.fermata/),
    });
    expect((await stat(join(folder, "long.js.fermata"))).size).toBeGreaterThan(100);
    const hold = await fermata("run", "long.js", "--hold-after", "5", "--snapshot", "held.snap");
    expect(hold).toMatchObject({ code: 10, err: expect.stringContaining("paused (hold)") });
    expect(await fermata("resume", "held.snap", "--fuel", "100")).toMatchObject({
      code: 10,
      err: expect.stringContaining("to held.snap"),
    });
  });
  it("refuses what makes no sense: 2", async () => {
    await put("one.js", "1");
    for (const argv of [
      [],
      ["walk", "one.js"],
      ["run"],
      ["run", "none.js"],
      ["run", "one.js", "two.js"],
      ["run", "one.js", "--nope"],
      ["run", "one.js", "--value", "1"],
      ["run", "one.js", "--fuel", "much"],
      ["run", "one.js", "--input", "x"],
      ["run", "one.js", "--tools", "none.mjs"],
      ["resume", "x", "--value", "1", "--error", "e"],
      ["resume", "x", "--value", "{"],
    ]) {
      const { code, err } = await fermata(...argv);
      expect({ argv, code, explains: err.includes("fermata --help") }).toEqual({ argv, code: 2, explains: true });
    }
  });
});

describe("resume", () => {
  it("resumes with a value, repeatedly: 10, 10, 0", async () => {
    await put(
      "ask.ts",
      "console.log('start'); const a = await ask('first?'); console.log('got', a); const b = ask2('second?'); [a, b]",
    );
    const first = await fermata(
      "run",
      "ask.ts",
      "--external",
      "ask",
      "--external",
      "ask2:sync",
      "--snapshot",
      "ask.snap",
    );
    expect(first).toMatchObject({ code: 10, out: "start\n", err: expect.stringContaining("#1 async ask('first?')") });
    const second = await fermata("resume", "ask.snap", "--value", '{"x":1}');
    expect(second).toMatchObject({
      code: 10,
      out: "got { x: 1 }\n",
      err: expect.stringContaining("#2 sync ask2('second?')"),
    });
    const third = await fermata("resume", "ask.snap", "--value", "2");
    expect(third).toEqual({ code: 0, out: "[ { x: 1 }, 2 ]\n", err: "" });
  });
  it("resumes with an error: 3, or the program's own result", async () => {
    await put("err.js", "await f()");
    await fermata("run", "err.js", "--external", "f", "--snapshot", "err.snap");
    expect(await fermata("resume", "err.snap", "--error", "refused")).toMatchObject({
      code: 3,
      err: expect.stringContaining("Error: refused"),
    });
    await put("caught.js", "try { await f() } catch (e) { e.message }");
    await fermata("run", "caught.js", "--external", "f", "--snapshot", "caught.snap");
    expect(await fermata("resume", "caught.snap", "--error", "refused")).toMatchObject({ code: 0, out: "refused\n" });
  });
  it("resumes with tools: 0", async () => {
    await put("f.mjs", "export const f = (n) => n + 1");
    await put("more.js", "await f(1) + await f(10)");
    await fermata("run", "more.js", "--external", "f", "--snapshot", "more.snap");
    expect(await fermata("resume", "more.snap", "--tools", "f.mjs")).toEqual({ code: 0, out: "13\n", err: "" });
    await put("none.mjs", "export const g = 1");
    await fermata("run", "more.js", "--external", "f", "--snapshot", "more.snap");
    expect(await fermata("resume", "more.snap", "--tools", "none.mjs")).toMatchObject({
      code: 2,
      err: "missing external function: f: export it from the module given as --tools\n",
    });
  });
  it("lists the pending calls when no answer is given: 2", async () => {
    await put("wait.js", "await f({ deep: [1] })");
    await fermata("run", "wait.js", "--external", "f", "--snapshot", "wait.snap");
    const { code, err } = await fermata("resume", "wait.snap");
    expect(code).toBe(2);
    expect(err).toContain("#1 async f({ deep: [ 1 ] })");
  });
  it("refuses bytes that are not a snapshot: 5", async () => {
    await put("not.snap", "this is no snapshot at all, but a text");
    expect(await fermata("resume", "not.snap", "--value", "1")).toMatchObject({
      code: 5,
      err: expect.stringContaining("not-a-snapshot"),
    });
    await put("cut.js", "await f()");
    await fermata("run", "cut.js", "--external", "f", "--snapshot", "cut.snap");
    const bytes = await readFile(join(folder, "cut.snap"));
    await writeFile(join(folder, "cut.snap"), bytes.subarray(0, bytes.length - 7));
    expect((await fermata("resume", "cut.snap", "--value", "1")).code).toBe(5);
  });
});

describe("inspect and disassemble", () => {
  it("prints what a snapshot contains: 0", async () => {
    await put("in.js", "await f('x')");
    await fermata("run", "in.js", "--external", "f", "--snapshot", "in.snap");
    const { code, out } = await fermata("inspect", "in.snap");
    expect(code).toBe(0);
    expect(out).toContain("status: 'suspended'");
    expect(out).toContain("name: 'f'");
  });
  it("tell what a program was compiled to: 0", async () => {
    await put("dis.ts", "const add = (a: number, b: number) => a + b; add(1, 2)");
    const { code, out } = await fermata("disassemble", "dis.ts");
    expect(code).toBe(0);
    expect(out).toMatch(/ADD/);
  });
});

describe("help and version", () => {
  it("are given on request: 0", async () => {
    expect(await fermata("--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("fermata inspect FILE"),
      err: "",
    });
    expect(await fermata("--version")).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });
});
