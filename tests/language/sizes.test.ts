// Programs of unusual size: what has more variables, arguments, parts or levels than the machine has registers still runs, or is refused
// with its name and place.
import { describe, expect, it } from "vitest";
import { CompileError, type CompleteState, type State } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

const list = (count: number, part: (i: number) => string, between = ", "): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(between);

function output(source: string): unknown {
  const state = runtime.compile(source, { filename: "large.js" }).start({ limits: { memoryBytes: 128e6 } });
  return (state as CompleteState).output;
}

/** The same, written down and read again at about `stops` places. */
function heldOutput(source: string, stops: number): unknown {
  const program = runtime.compile(source, { filename: "large.js" });
  const whole = program.start() as CompleteState;
  const fuel = Math.ceil(whole.usage.fuel / stops);
  let state: State = program.start({ limits: { fuel } });
  while (state.status === "paused") {
    const restored = runtime.load(state.snapshot().dump({ elapsed: false })).restore();
    if (restored.status !== "paused") throw new Error(restored.status);
    state = restored.resume({ fuel });
  }
  expect(state.usage.fuel).toBe(whole.usage.fuel);
  return (state as CompleteState).output;
}

const lets = list(9000, (i) => `let v${i} = ${i};`, "\n");

describe("a function with more variables than registers", () => {
  const CASES: Record<string, readonly [source: string, expected: unknown]> = {
    let: [`(() => { ${lets} return v0 + v4500 + v8999 })()`, 13_499],
    "let in one statement": [`(() => { let ${list(9000, (i) => `v${i} = ${i}`)}; return v0 + v8999 })()`, 8999],
    var: [
      `(function () { ${list(9000, (i) => `var v${i} = ${i}`, ";")}; v8999++; v10 += 5; return v8999 + v10 })()`,
      9015,
    ],
    "top level": [`${lets} v0 + v8999`, 8999],
    "const, which stays so": [
      `(() => { ${list(9000, (i) => `const v${i} = ${i}`, ";")}; try { v8000 = 1 } catch (e) { return e.message + v8000 } })()`,
      "Assignment to constant variable.8000",
    ],
    "temporal dead zone": [
      `(() => { let r; try { v8999 } catch (e) { r = e.message } ${lets} return r })()`,
      "Cannot access 'v8999' before initialization",
    ],
    "a new one each time round a loop": [
      `(() => { const fs = []; for (let j = 0; j < 3; j++) { ${lets} v8999 += j; fs.push(() => v8999) } return fs.map((f) => f()).join() })()`,
      "8999,9000,9001",
    ],
    "shared with a closure": [`(() => { ${lets} const f = () => ++v8999 + v3; return f() + f() })()`, 18_007],
    generator: [`[...(function* () { ${lets} yield v1; yield v8999 })()].join()`, "1,8999"],
    functions: [
      `(() => { ${list(9000, (i) => `function f${i}() { return ${i} }`, "\n")} return f8999() + f5() })()`,
      9004,
    ],
    switch: [
      `function f(x) { switch (x) { ${list(9000, (i) => `case ${i}: let q${i} = ${i}; return q${i};`, "\n")} } } [f(8999), f(3)].join()`,
      "8999,3",
    ],
    "object pattern": [
      `const o = {}; for (let i = 0; i < 9002; i++) o["k" + i] = i;
       (() => { const { ${list(9000, (i) => `k${i}`)}, ...rest } = o; return k0 + k8999 + JSON.stringify(rest) })()`,
      '8999{"k9000":9000,"k9001":9001}',
    ],
    "array pattern": [
      `(() => { const [${list(9000, (i) => `k${i}`)}, ...rest] = Array.from({ length: 9002 }, (_, i) => i); return k8999 + "," + rest })()`,
      "8999,9000,9001",
    ],
    "65,535 of them": [`(() => { ${list(65_535, (i) => `let v${i} = ${i};`, "\n")} return v0 + v65534 })()`, 65_534],
  };
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    expect(output(source)).toBe(expected);
  });

  it("is held and resumes", () => {
    const some = list(4500, (i) => `let v${i} = ${i};`, "\n");
    expect(
      heldOutput(`(() => { let s = 0; for (let j = 0; j < 3; j++) { ${some} s += v4499 + v1 } return s })()`, 2),
    ).toBe(13_500);
  });
});

describe("a function with more parameters than registers", () => {
  const names = list(9000, (i) => `p${i}`);
  const all = "...Array.from({ length: 9003 }, (_, i) => i)";
  const CASES: Record<string, readonly [source: string, expected: unknown]> = {
    "all given": [`(function (${names}) { return [p0, p8999, p8998].join() })(${all})`, "0,8999,8998"],
    "few given": [
      `(function (${names}) { "use strict"; p8999 = 4; return [p0, p8999, p8998, arguments.length].join() })(1, 2)`,
      "1,4,,2",
    ],
    "whatever is on Array.prototype": [
      `Array.prototype[6951] = "no"; Object.prototype[6951] = "no"; (function (${names}) { return String(p8999) })()`,
      "undefined",
    ],
    length: [`(function (${names}) {}).length`, 9000],
    defaults: [`((${list(9000, (i) => `p${i} = ${i}`)}) => [p0, p8999].join())(1)`, "1,8999"],
    rest: [`((${names}, ...r) => [p8999, r.length, r[0]].join())(${all})`, "8999,3,9000"],
    patterns: [
      `(({ a }, ${list(9000, (i) => `[p${i}]`)}) => [a, p8999].join())({ a: 1 }, ...Array.from({ length: 9003 }, (_, i) => [i]))`,
      "1,8999",
    ],
    captured: [`((${names}) => () => p0 + p8999)(${all})()`, 8999],
    "one name twice": [`(function (${names}, p8999) { return p8999 })(${all})`, 9000],
    "strict arguments, which are copies": [
      `(function (${names}) { "use strict"; arguments[8999] = 1; return p8999 })(${all})`,
      8999,
    ],
  };
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    expect(output(source)).toBe(expected);
  });
});

describe("a call with more arguments than registers", () => {
  const numbers = list(9000, String);
  const CASES: Record<string, readonly [source: string, expected: unknown]> = {
    function: [`((...a) => a.length + a[8999])(${numbers})`, 17_999],
    "65,535 of them": [`((...a) => a.length + a[65534])(${list(65_535, String)})`, 131_069],
    method: [`({ k: 5, m(...a) { return this.k + a.length } }).m(${numbers})`, 9005],
    optional: [`({ k: 5, m(...a) { return this.k + a.length } }).m?.(${numbers})`, 9005],
    new: [`new (class { constructor(...a) { this.n = a[8999] } })(${numbers}).n`, 8999],
    super: [
      `class A { constructor(...a) { this.n = a[8999] } } class B extends A { constructor() { super(${numbers}) } } new B().n`,
      8999,
    ],
    "from left to right": [
      `let s = 0; const t = (x) => (s = (s * 3 + x) % 1000003); let e = 0; for (let i = 0; i < 9000; i++) e = (e * 3 + i) % 1000003;
       ((...a) => 0)(${list(9000, (i) => `t(${i})`)}); s === e`,
      true,
    ],
    "tagged template": [
      "((s, ...a) => s.raw.length + a.length + a[9999])`" + list(10_000, (i) => `a\${${i}}`, "") + "`",
      30_000,
    ],
  };
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    expect(output(source)).toBe(expected);
  });

  it("is refused where V8 refuses it, too", () => {
    const error = thrownBy(() => runtime.compile(`f(${list(65_536, String)})`, { filename: "large.js" }));
    expect(error).toBeInstanceOf(CompileError);
    expect((error as CompileError).message).toMatch(/Too many arguments in function call/);
  });
});

describe("expressions and statements of any length", () => {
  const CASES: Record<string, readonly [source: string, expected: unknown]> = {
    "array literal": [`const a = [${list(100_000, String)}]; a.length + a[99999]`, 199_999],
    "object literal": [`const o = { ${list(20_000, (i) => `k${i}: ${i}`)} }; Object.keys(o).length + o.k19999`, 39_999],
    template: ["const x = 1; `" + list(10_000, () => "a${x}", "") + "`.length", 20_000],
    sum: [`const x = 1; ${list(10_000, () => "x", " + ")}`, 10_000],
    "&&": [`const x = 1; ${list(10_000, () => "x", " && ")}`, 1],
    "||": [`const x = 0; ${list(10_000, () => "x", " || ")} || 7`, 7],
    "??": [`const x = null; ${list(10_000, () => "x", " ?? ")} ?? 5`, 5],
    "|| in a condition": [`const x = 0; if (${list(10_000, () => "x === 1", " || ")}) 1; else 2`, 2],
    "&& in a loop": [`let x = 0; while (${list(5000, () => "x < 3", " && ")}) x++; x`, 3],
    "|| in a loop": [`let x = 0; do x++; while (${list(5000, () => "x < 3", " || ")}); x`, 3],
    both: [`const x = 0; ${list(3000, () => "x && 1", " || ")} || 4`, 4],
    switch: [
      `function f(x) { switch (x) { ${list(10_000, (i) => `case ${i}: return ${i} * 2;`, "\n")} } } f(9999)`,
      19_998,
    ],
    "class with fields": [`new (class { ${list(9000, (i) => `f${i} = ${i};`, "\n")} })().f8999`, 8999],
    "class with private fields": [
      `new (class { ${list(9000, (i) => `#f${i} = ${i};`, "\n")} g() { return this.#f8999 } })().g()`,
      8999,
    ],
    "20,000 functions": [`${list(20_000, (i) => `function f${i}() { return ${i} }`, "\n")} f19999() + f5()`, 20_004],
  };
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    expect(output(source)).toBe(expected);
  });
});

describe("functions that are too large", () => {
  const refusal = (source: string): CompileError => {
    const error = thrownBy(() => runtime.compile(source, { filename: "large.js" }));
    expect(error).toBeInstanceOf(CompileError);
    return error as CompileError;
  };

  it("names the function and its line", () => {
    const error = refusal(`1;\n2;\nfunction huge() { ${list(70_000, (i) => `let v${i} = ${i};`, "\n")} }`);
    expect(error.message).toMatch(/function is too large: it 'huge' has too many variables/);
    expect(error.line).toBe(3);
  });

  it.each([
    ["parentheses", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["arrays", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["blocks", `${"{".repeat(20_000)}${"}".repeat(20_000)}`],
    ["calls", `f${".a()".repeat(100_000)}`],
    ["else if", list(30_000, () => "if (a) b;", " else ")],
    ["arrow functions", `${"() => ".repeat(20_000)}1`],
  ])("is refused when it nests too deeply: %s", (_name, source) => {
    expect(refusal(source).message).toBe("nesting too deep");
  });
});
