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

describe("a call of more arguments than source can list", () => {
  const many = (count: number): string => `Array.from({ length: ${count} }, (_, i) => i & 63)`;
  const CASES: Record<string, (list: string) => string> = {
    spread: (list) => `((...a) => a.length + a.at(-1))(...${list})`,
    "spread between others": (list) => `((...a) => a.length - 2 + a.at(-2))(0, ...${list}, 0)`,
    apply: (list) => `(function (a, b) { return arguments.length + arguments[119999] }).apply(null, ${list})`,
    "Reflect.apply": (list) => `Reflect.apply((...a) => a.length + a.at(-1), null, ${list})`,
    "Reflect.construct": (list) => `Reflect.construct(Array, ${list}).length + 63`,
    "array-like": (list) => `((...a) => a.length + a.at(-1)).apply(null, { ...${list}, length: 120000 })`,
    new: (list) => `new (class { constructor(...a) { this.n = a.length + a.at(-1) } })(...${list}).n`,
    super: (list) =>
      `class A { constructor(...a) { this.n = a.length + a.at(-1) } } class B extends A {} new B(...${list}).n`,
    bound: (list) => `((...a) => a.length + a.at(-1)).bind(null, ...${list})()`,
    call: (list) => `((...a) => a.length + a.at(-1)).call(null, ...${list})`,
    proxy: (list) => `new Proxy((...a) => a.length + a.at(-1), {})(...${list})`,
    generator: (list) => `[...(function* (...a) { yield a.length + a.at(-1) })(...${list})][0]`,
    "String.fromCharCode": (list) => `String.fromCharCode(...${list}).length + 63`,
    "Math.max": (list) => `Math.max(...${list}) + 120000`,
    push: (list) => `[].push(...${list}) + 63`,
    splice: (list) => `const s = []; s.splice(0, 0, ...${list}); s.length + 63`,
    concat: (list) => `[].concat(...${list}).length + 63`,
  };
  it.each(Object.entries(CASES))("%s", (_name, source) => {
    expect(output(source("LIST").replaceAll("LIST", many(120_000)))).toBe(120_063);
  });

  it.each(Object.entries(CASES))("%s: too many are a RangeError", (_name, source) => {
    const call = source("LIST").replaceAll("LIST", many(130_000)).replace("length: 120000", "length: 130000");
    const guarded = `let r; try { r = eval(${JSON.stringify(call)}) } catch (e) { r = e.name + ": " + e.message } r`;
    const state = runtime.compile(guarded, { allowEval: true }).start({ limits: { memoryBytes: 128e6 } });
    expect((state as CompleteState).output).toBe("RangeError: Maximum call stack size exceeded");
  });

  it("is refused before the list is made", () => {
    const source = (length: string): string =>
      `let r; try { Math.max.apply(null, { length: ${length} }) } catch (e) { r = e.name + ": " + e.message } r`;
    expect(output(source("1e7"))).toBe("RangeError: Maximum call stack size exceeded");
    expect(output(source("2 ** 27"))).toBe("RangeError: Invalid array length");
  });

  it("is held and resumes inside", () => {
    const source = `(function (...a) { let s = 0; for (let i = 0; i < a.length; i += 100) s += a[i]; return s + arguments.length })(...${many(120_000)})`;
    expect(heldOutput(source, 12)).toBe(output(source));
    const deep = `const l = ${many(120_000)}; (function f(n, ...a) { return n > 0 ? f(n - 1, ...a) + 1 : a.length })(4, ...l)`;
    expect(heldOutput(deep, 9)).toBe(120_004);
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
    "class with 5,000 methods": [
      `new (class { ${list(5000, (i) => `m${i}() { return ${i} }`, "\n")} })().m4999()`,
      4999,
    ],
    members: [`const o = {}; o.a = o; o${".a".repeat(20_000)} === o`, true],
    elements: [`const o = {}; o.a = o; o${'["a"]'.repeat(20_000)} === o`, true],
    "optional members": [`const o = {}; o.a = o; o${"?.a".repeat(20_000)} === o`, true],
    "calls of members": [
      `let n = 0; const o = { f(x) { n += x; return this } }; o${".f(1)".repeat(20_000)}; n`,
      20_000,
    ],
    "optional calls": [`let n = 0; const o = { f() { n++; return this } }; o${"?.f?.()".repeat(20_000)}; n`, 20_000],
    "calls of results": [`let n = 0; const f = () => (n++, f); f${"()".repeat(20_000)}; n`, 20_000],
    templates: ["let n = 0; const f = () => (n++, f); f" + "``".repeat(20_000) + "; n", 20_000],
    "private members": [
      `class A { #a = this; static f(x) { return x${".#a".repeat(20_000)} === x } } A.f(new A())`,
      true,
    ],
    "the end of an optional chain": [`let o = null; o?.a${".a()".repeat(20_000)}`, undefined],
    "else if": [
      `let r; const x = 9999; ${list(20_000, (i) => `if (x === ${i}) r = ${i};`, " else ")} else r = -1; r`,
      9999,
    ],
    "else if with blocks": [
      `let r; const x = -5; ${list(20_000, (i) => `if (x === ${i}) { let q = ${i}; r = q }`, " else ")} else { r = -1 } r`,
      -1,
    ],
    "x = y = z": [`let ${list(6000, (i) => `v${i}`)}; ${list(6000, (i) => `v${i} = `, "")}5; v0 + v5999`, 10],
    "o.x = o.y = o.z": [`const o = {}; ${list(6000, (i) => `o.x${i} = `, "")}5; o.x0 + o.x5999`, 10],
    "assignments in a function that closures see": [
      `(() => { let ${list(6000, (i) => `v${i}`)}; const f = () => v0 + v5999; ${list(6000, (i) => `v${i} = `, "")}5; return f() })()`,
      10,
    ],
    "a ? b : c ? d : e": [`const x = 1500; ${list(1600, (i) => `x === ${i} ? ${i} : `, "")}-1`, 1500],
    "20,000 functions": [`${list(20_000, (i) => `function f${i}() { return ${i} }`, "\n")} f19999() + f5()`, 20_004],
  };
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    expect(output(source)).toBe(expected);
  });

  it.each(Object.entries(CASES))("%s, beside types", (_name, [source, expected]) => {
    const state = runtime.compile(`const typed: number = 1; ${source}`, { filename: "large.ts" }).start({
      limits: { memoryBytes: 128e6 },
    });
    expect((state as CompleteState).output).toBe(expected);
  });

  it("assigns from the right, to what was found from the left", () => {
    const keys = list(40, (i) => `o[log("k${i}")] = `, "");
    expect(
      output(`const said = []; const log = (x) => (said.push(x), x);
        const o = new Proxy({}, { set(t, k, v) { said.push("set " + k); t[k] = v; return true } });
        ${keys}log("value"); said.join()`),
    ).toBe(
      [
        ...Array.from({ length: 40 }, (_, i) => `k${i}`),
        "value",
        ...Array.from({ length: 40 }, (_, i) => `set k${39 - i}`),
      ].join(),
    );
    const names = list(40, (i) => `v${i} = `, "");
    expect(output(`let ${list(40, (i) => `v${i}`)}; ${names}() => 1; v0.name`)).toBe("v39");
    expect(
      output(
        `const v5 = 0; let m; try { ${list(40, (i) => `v${i} = `, "")}1 } catch (e) { m = e.message } [m, typeof v6, typeof v4].join()`,
      ),
    ).toBe("Assignment to constant variable.,number,undefined");
    expect(output(`"use strict"; let m; try { ${names}1 } catch (e) { m = e.message } m`)).toBe("v39 is not defined");
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
    ["arrow functions", `${"() => ".repeat(20_000)}1`],
    ["functions", `${"(function () { return ".repeat(20_000)}1${"})()".repeat(20_000)}`],
    ["template literals", `${"`${".repeat(20_000)}1${"}`".repeat(20_000)}`],
    ["types", `type T = ${"[".repeat(20_000)}1${"]".repeat(20_000)};`],
  ])("is refused when it nests too deeply: %s", (_name, source) => {
    for (const filename of ["large.js", "large.ts"]) {
      if (source.startsWith("type") && filename.endsWith(".js")) continue;
      const error = thrownBy(() => runtime.compile(`let before = 1;\n${source}`, { filename }));
      expect(error).toBeInstanceOf(CompileError);
      expect((error as CompileError).message).toBe("nesting too deep");
      expect((error as CompileError).line).toBe(2);
    }
  });
});
