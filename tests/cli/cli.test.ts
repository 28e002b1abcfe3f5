// The command line: what it prints, what it writes, and its exit codes.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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

/** What is typed while a command runs. */
interface Typed {
  readonly stdin?: string;
  /** Presses Ctrl-C when that text has been printed. */
  readonly interruptAt?: string;
  /** Presses it after so many milliseconds. */
  readonly interruptAfter?: number;
}

async function fermataWith(typed: Typed, ...argv: string[]): Promise<Result> {
  let out = "";
  let err = "";
  let interrupt = (): void => {};
  const code = await execute(argv, {
    cwd: folder,
    version: "1.2.3",
    out(text) {
      out += text;
      if (typed.interruptAt !== undefined && out.includes(typed.interruptAt)) interrupt();
    },
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(typed.stdin ?? ""),
    onInterrupt(listener) {
      interrupt = listener;
      if (typed.interruptAfter !== undefined) setTimeout(listener, typed.interruptAfter);
      return () => (interrupt = () => {});
    },
    createRuntime: (options) => testRuntime(options),
  });
  return { code, out, err };
}

const fermata = (...argv: string[]): Promise<Result> => fermataWith({}, ...argv);

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
  it("says which limit was reached: 4", async () => {
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
  it("ends when it has computed too long: 4", async () => {
    await put("endless.js", "for (;;);");
    expect(await fermata("run", "endless.js", "--time", "20")).toMatchObject({
      code: 4,
      err: expect.stringContaining("timeMs"),
    });
  });
  it("is held by Ctrl-C, and goes on from there: 10, 0", async () => {
    await put("count.js", "let i = 0; while (i < 3e6) { if (i % 1e5 === 0) console.log(i); i++ } 'counted ' + i");
    const held = await fermataWith({ interruptAt: "\n" }, "run", "count.js");
    expect(held).toMatchObject({
      code: 10,
      err: expect.stringMatching(/^held \(interrupted\)\n\d+ bytes written to count/),
    });
    const rest = await fermata("resume", "count.js.fermata");
    expect(rest).toMatchObject({ code: 0, out: expect.stringMatching(/\ncounted 3000000\n$/) });
    // What was printed before is not printed again.
    expect(`${held.out}${rest.out}`.match(/^\d+$/gm)).toHaveLength(30);
  });
  it("is held by Ctrl-C while a tool works, whose call is made again", async () => {
    await put("slow.mjs", "let n = 0; export const slow = () => (n++ === 0 ? new Promise(() => {}) : 'at last')");
    await put("slow.js", "console.log('asking'); await slow()");
    const held = await fermataWith({ interruptAfter: 100 }, "run", "slow.js", "--tools", "slow.mjs");
    expect(held).toMatchObject({ code: 10, err: expect.stringContaining("#1 async slow()") });
    expect(await fermata("resume", "slow.js.fermata", "--tools", "slow.mjs")).toMatchObject({
      code: 0,
      out: "at last\n",
    });
  });
  it("reads a program from the standard input or the command line: 0", async () => {
    expect(await fermataWith({ stdin: "const n: number = 6; n * 7" }, "run", "-")).toMatchObject({
      code: 0,
      out: "42\n",
    });
    expect(await fermata("run", "--eval", "name.length", "--input", "name=Ida")).toMatchObject({ code: 0, out: "3\n" });
    expect(await fermata("run", "-e", "await ask()", "--external", "ask")).toMatchObject({
      code: 10,
      err: expect.stringContaining("bytes written to eval.fermata"),
    });
  });
  it("only compiles if that is asked: 0, or 3", async () => {
    await put("loud.ts", "console.log('loud')");
    expect(await fermata("run", "loud.ts", "--check-only")).toEqual({ code: 0, out: "", err: "" });
    expect(await fermata("run", "-e", "let 1", "--check-only")).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^eval\.ts:1:/),
    });
  });
  it("prints the causes of an error", async () => {
    await put("cause.js", "throw new Error('outer', { cause: new RangeError('inner', { cause: { code: 7 } }) })");
    const { code, err } = await fermata("run", "cause.js");
    expect(code).toBe(3);
    expect(err).toMatch(/\nCaused by: RangeError: inner\nCaused by: \{ code: 7 \}\n$/);
  });
  it("makes the folder of a snapshot, and says where none can be: 10, 2", async () => {
    await put("held.js", "await f()");
    expect((await fermata("run", "held.js", "--external", "f", "--snapshot", "new/deep/a.fermata")).code).toBe(10);
    expect(await fermata("run", "held.js", "--external", "f", "--snapshot", "held.js/a.fermata")).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^fermata: cannot write the snapshot to held\.js\/a\.fermata: [^\n]*\n$/),
    });
  });
  it("refuses what makes no sense, in one line: 2", async () => {
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
      ["resume", "x", "--answer", "f"],
      ["resume", "x", "--answer", "f={"],
      ["resume", "x", "--answer", "f=1", "--value", "1"],
      ["resume", "-"],
      ["run", "one.js", "--eval", "1"],
      ["completion", "tcsh"],
      ["inspect", "none.fermata", "--json"],
    ]) {
      const { code, err } = await fermata(...argv);
      expect({ argv, code, err }).toEqual({
        argv,
        code: 2,
        err: expect.stringMatching(/^fermata: [^\n]+ \(fermata --help lists commands and options\)\n$/),
      });
    }
  });

  it.each([
    [["rnu", "a.js"], 'unknown command "rnu": did you mean "run"?'],
    [["run", "a.js", "--tool", "x.mjs"], "Unknown option '--tool': did you mean --tools?"],
    [["run", "a.js", "--time", "300ms"], '--time takes milliseconds, such as 500, not "300ms"'],
    [["--eval", "1 + 2"], "no command given: code is run by fermata run --eval CODE"],
    [["run", "--eval", "1", "--tools", "./tols.mjs"], "cannot load the tools in ./tols.mjs: there is no such file"],
  ])("says what was probably meant: %s", async (argv, message) => {
    const { code, err } = await fermata(...argv);
    expect({ code, err }).toEqual({
      code: 2,
      err: `fermata: ${message} (fermata --help lists commands and options)\n`,
    });
  });

  it("says which option sets a limit", async () => {
    expect((await fermata("run", "--eval", "for (;;);", "--time", "20")).err).toMatch(
      /To allow more, pass a larger --time\n$/,
    );
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
  it("goes on with an error: 3, or what the program makes of it", async () => {
    await put("err.js", "await f()");
    await fermata("run", "err.js", "--external", "f", "--snapshot", "err.snap");
    expect(await fermata("resume", "err.snap", "--error", "refused")).toMatchObject({
      code: 3,
      err: expect.stringContaining("Error: refused"),
    });
    await put("told.js", "const a = await f(); console.log('got', a); null.x");
    await fermata("run", "told.js", "--external", "f", "--snapshot", "told.snap");
    expect(await fermata("resume", "told.snap", "--value", "7")).toMatchObject({ code: 3, out: "got 7\n" });
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
      code: 10,
      err: expect.stringContaining("#1 async f(1)"),
    });
  });
  it("goes through an approval: tools answer what they can, the rest by name: 10, 10, 0", async () => {
    await put(
      "shop.mjs",
      "export const quote = (s) => ({ price: s.length }); export const tools = { ship: (id) => 'sent ' + id };",
    );
    await put(
      "agent.ts",
      `const all = await Promise.all(["a", "bb"].map((s: string) => quote(s)));
       const [first, second] = await Promise.all([requestApproval(all[0]), requestApproval(all[1])]);
       const who = await whoIs(second.by);
       [first.approved, second.approved, who, await tools.ship(9)]`,
    );
    const args = ["--tools", "shop.mjs"];
    const first = await fermata("run", "agent.ts", ...args, "--external", "requestApproval", "--external", "whoIs");
    expect(first).toMatchObject({
      code: 10,
      err: expect.stringMatching(
        /#3 async requestApproval\(\{ price: 1 \}\)\n {2}#4 async requestApproval\(\{ price: 2 \}\)/,
      ),
    });
    const file = "agent.ts.fermata";
    const yes = '{"approved":true,"by":"Ida"}';
    // A name is not enough where there are two.
    expect(await fermata("resume", file, "--answer", `requestApproval=${yes}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining("2 calls are pending: answer them by --answer ID=JSON"),
    });
    expect(await fermata("resume", file, "--value", yes)).toMatchObject({ code: 2 });
    expect(await fermata("resume", file, "--answer", "nobody=1")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no pending call is nobody"),
    });
    const half = await fermata("resume", file, "--answer", `3=${yes}`, ...args);
    expect(half).toMatchObject({ code: 10, err: expect.not.stringContaining("#3") });
    const both = await fermata("resume", file, "--answer", `#4=${yes}`, ...args);
    expect(both).toMatchObject({ code: 10, err: expect.stringContaining("whoIs('Ida')") });
    expect(await fermata("resume", file, "--answer", 'whoIs="a clerk"', ...args)).toEqual({
      code: 0,
      out: "[ true, true, 'a clerk', 'sent 9' ]\n",
      err: "",
    });
  });
  it("answers several calls at once, with errors too: 0", async () => {
    await put("two.js", "const r = await Promise.allSettled([f(1), g(2)]); [r[0].value, r[1].reason.message]");
    await fermata("run", "two.js", "--external", "f", "--external", "g", "--snapshot", "two.snap");
    expect(await fermata("resume", "two.snap", "--answer", "f=[1]", "--answer-error", "g=too late")).toMatchObject({
      code: 0,
      out: "[ [ 1 ], 'too late' ]\n",
    });
  });
  it("says which call was probably meant: 2", async () => {
    await put("typo.js", "await requestApproval(1)");
    await fermata("run", "typo.js", "--external", "requestApproval", "--snapshot", "typo.fmta");
    const { code, err } = await fermata("resume", "typo.fmta", "--answer", "requestAproval=true");
    expect(code).toBe(2);
    expect(err.split("\n")[0]).toBe(
      'fermata: no pending call is requestAproval: did you mean "requestApproval"? (fermata --help lists commands and options)',
    );
  });

  it("lists the pending calls when no answer is given: 2", async () => {
    await put("wait.js", "await f({ deep: [1] })");
    await fermata("run", "wait.js", "--external", "f", "--snapshot", "wait.snap");
    const { code, err } = await fermata("resume", "wait.snap");
    expect(code).toBe(2);
    expect(err).toContain("#1 async f({ deep: [ 1 ] })");
  });
  it("refuses bytes that are no snapshot: 5", async () => {
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
  it("tell what is in a snapshot: 0", async () => {
    await put("in.js", "await f('x')");
    await fermata("run", "in.js", "--external", "f", "--snapshot", "in.snap");
    const { code, out } = await fermata("inspect", "in.snap");
    expect(code).toBe(0);
    expect(out).toContain("status: 'suspended'");
    expect(out).toContain("name: 'f'");
  });
  it("tell it as JSON: 0", async () => {
    await put("json.js", "const a = [1n, new Map([[1, NaN]])]; a.push(a); await f('x', a)");
    await fermata("run", "json.js", "--external", "f", "--snapshot", "json.snap");
    const { out } = await fermata("inspect", "json.snap", "--json");
    expect(JSON.parse(out)).toMatchObject({
      status: "suspended",
      calls: [{ name: "f", args: ["x", ["1n", [[1, "NaN"]], "[circular]"]] }],
    });
  });
  it("tell the variables of what is under way: 0", async () => {
    await put("in.js", "const list = [1, 2]; async function work(n) { await f(n); return list[n]; }\nawait work(1);");
    await fermata("run", "in.js", "--external", "f", "--snapshot", "vars.snap");
    const { code, out } = await fermata("inspect", "vars.snap", "--scopes");
    expect(code).toBe(0);
    expect(out).toMatch(
      /function: 'work',[^}]*line: 1,[^}]*call: 1,[^}]*variables: \{[^}]*n: '1'[^}]*\},\s*global: \{[^}]*list: '\[1, 2\]'/,
    );
    const { suspended } = JSON.parse((await fermata("inspect", "vars.snap", "--scopes", "--json")).out) as {
      suspended: { scopes: { variables: { name: string; value: { text: string } }[] }[] }[];
    };
    expect(suspended[0]!.scopes[0]!.variables).toMatchObject([{ name: "n", value: { text: "1" } }]);
  });
  it("tell what the program in a snapshot was compiled to: 0", async () => {
    await put("code.js", "await f('x' + g)");
    await fermata("run", "code.js", "--external", "f", "--input", "g=1", "--snapshot", "code.snap");
    expect(await fermata("disassemble", "code.snap")).toMatchObject({ code: 0, out: expect.stringMatching(/ADD/) });
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
    for (const line of (await fermata("--help")).out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    expect(await fermata("--version")).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("has every command and option: %s", async (shell) => {
    const { code, out } = await fermata("completion", shell);
    expect(code).toBe(0);
    for (const word of ["run", "resume", "inspect", "answer-error", "check-only"]) expect(out).toContain(word);
  });
  it("is a script that the shell takes", async () => {
    await put(
      "completion.bash",
      `${(await fermata("completion", "bash")).out}
COMP_WORDS=(fermata resume --ans); COMP_CWORD=2; _fermata; echo "\${COMPREPLY[@]}"`,
    );
    const { stdout } = await promisify(execFile)("bash", ["completion.bash"], { cwd: folder });
    expect(stdout).toBe("--answer --answer-error\n");
  });
});

describe("library", () => {
  it("makes a module of a bundle, which programs are then given: 0", async () => {
    await put(
      "shapes.js",
      "globalThis.areaOf = (radius) => Math.PI * radius ** 2; Array.prototype.second = function () { return this[1]; };",
    );
    expect(await fermata("library", "build", "shapes.js", "--name", "@me/shapes@1.2.3", "--globals", "shapes")).toEqual(
      {
        code: 0,
        out: "shapes.library.mjs: @me/shapes 1.2.3, globals: areaOf, shapes\n",
        err: "",
      },
    );
    await put("area.js", "const r = ask(); areaOf(r)");
    const library = ["--library", "./shapes.library.mjs"];
    expect(
      await fermata("run", "area.js", ...library, "--external", "ask:sync", "--snapshot", "a.fermata"),
    ).toMatchObject({ code: 10 });
    expect(await fermata("resume", "a.fermata", "--value", "1")).toMatchObject({
      code: 5,
      err: expect.stringContaining("needs library @me/shapes 1.2.3"),
    });
    expect((await fermata("inspect", "a.fermata", ...library)).out).toContain("@me/shapes");
    expect(await fermata("resume", "a.fermata", "--value", "1", ...library)).toEqual({
      code: 0,
      out: "3.141592653589793\n",
      err: "",
    });
  });
  it("says what is wrong: 2, 3", async () => {
    await put("bad.js", "null.x");
    await put("other.mjs", "export default 1;");
    expect(await fermata("library", "make", "bad.js")).toMatchObject({
      code: 2,
      err: expect.stringContaining("build FILE"),
    });
    expect(await fermata("library", "build", "bad.js", "--name", "x")).toMatchObject({
      code: 2,
      err: expect.stringContaining("NAME@VERSION"),
    });
    expect(await fermata("library", "build", "bad.js")).toMatchObject({
      code: 3,
      err: expect.stringContaining("at bad:1:6"),
    });
    expect(await fermata("run", "area.js", "--library", "other.mjs")).toMatchObject({
      code: 2,
      err: expect.stringContaining("other.mjs is not a library"),
    });
  });
});
