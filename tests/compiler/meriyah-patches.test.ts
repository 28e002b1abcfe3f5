// Owns the proof that each patch over meriyah does what it says: programs parse, mistakes are refused, and two texts of one program give
// one tree. Each patch has cases that the published parser gets wrong.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript as parse, type MendedOptions } from "#meriyah";
import { parseScript as parsePublished } from "meriyah";
import { describe, expect, it } from "vitest";
import { mendedParser, PUBLISHED } from "../../ts/build/meriyah/mend.ts";
import { applyPatches } from "../../ts/build/meriyah/patch.ts";
import { PATCHES } from "../../ts/build/meriyah/patches.ts";
import { difference } from "./parser-suites/trees.ts";

interface Cases {
  readonly programs?: readonly string[];
  readonly mistakes?: readonly string[];
  /** Two texts of the same program. */
  readonly same?: readonly (readonly [string, string])[];
  readonly options?: MendedOptions;
}

const OPTIONS: MendedOptions = { next: true, lexical: true, webcompat: true, validateRegex: false };

const CASES: Readonly<Record<string, Cases>> = {
  "bad escapes of tagged templates": {
    programs: ["a.b[c]`\\u`", "this`\\u`", "(a)`\\xg${1}\\01`", "a`b``\\u`", "new a`\\u`", "a`\\u${b}\\u{`", "[]`\\9`"],
    mistakes: [
      "`\\u`",
      "`a${1}\\u`",
      "`a${1}b${2}\\u`",
      "a`${1}${`\\u`}`",
      "a`\\unicode\\`",
      "`\\u{110000}`",
      "`\\01`",
    ],
    same: [
      ["r`\\u \\${1 + 1}`; x", "r`\\u \\${1 + 1}`\nx"],
      ["r`\\u \\` \\\\`; x", "r`\\u \\` \\\\`\nx"],
    ],
  },
  "words with escapes": {
    programs: [
      "g\\u0065t",
      "var \\u006ff = 1",
      "l\\u0065t = 1",
      "ev\\u0061l(1)",
      "({ get \\u0069f() {} })",
      "\\u0061s => 1",
    ],
    mistakes: [
      "'use strict'; var ev\\u0061l",
      "'use strict'; \\u0061rguments = 1",
      "'use strict'; ({ y\\u0069eld })",
      "function f() { function* g() { y\\u0069eld } }",
      "\\u0061sync function f() {}",
      "({ g\\u0065t a() {} })",
    ],
  },
  "what follows a function or a class is in the code around it": {
    programs: [
      "class A {}\n010",
      "(class {})\n010",
      "function f() { 'use strict' }\n010",
      "x = function () { 'use strict' }\n010",
      "async function f() {} \\u0061wait",
      "function* g() {} y\\u0069eld",
      "async () => {}\n\\u0061wait",
      "async function f() { (function \\u0061wait() {}) }",
      "async function f() { class A { x = \\u0061wait } }",
    ],
    mistakes: ["'use strict'; function f() {} 010", "async x => \\u0061wait"],
  },
  "a string that ends with a backslash": { mistakes: ['"\\', "'a\\"] },
  "exponents of numbers that are not decimal": {
    programs: ["0x1e3", "08e1", "1e3", ".1e1"],
    mistakes: ["02e3", "0b1e1", "0o7e1"],
  },
  "a string that goes on is no directive": {
    programs: [
      "'use strict'\n.length; 010",
      "'use strict'\n+ 1; 010",
      "'use strict'\n, 1; 010",
      "'use strict'\n? 1 : 2; 010",
      "'use strict'\n`a`; 010",
      "'use strict'\nin a; 010",
      "function f() { 'use strict'\n[0]; with (a) b }",
    ],
    mistakes: [
      "'use strict'\n010",
      "'use strict'\nwith (a) b",
      "function f() { 'use strict'\n++x; 010 }",
      "'use strict'; 010",
    ],
  },
  "a regular expression on a new line": {
    programs: ["var x\n/foo/", "let x\n/foo/g", "var x\n/=foo/", "class A { x\n'y' }\n/foo/"],
    mistakes: ["var x /foo/", "var x\n/foo"],
    same: [["var x\n/b/g.test(y)", "var x;\n/b/g.test(y)"]],
  },
  "let and using as parameters of arrow functions": {
    programs: [
      "for (let => 1; ;) ;",
      "for (using => 1; ;) ;",
      "for (let => {}; ;) ;",
      "using => 1, 2",
      "let => 1, 2",
      "if (a) let = 1",
      "if (a) let => 1",
    ],
    mistakes: ["for (let => 1 of a) ;", "'use strict'; for (let => 1; ;) ;"],
  },
  "for of async": {
    programs: ["for (async of => {}; ;) ;", "for (async.x of []) ;", "for (\\u0061sync of []) ;", "for (async in a) ;"],
    mistakes: ["for (async\nof []) ;", "for (async of []) ;"],
  },
  "only a name is a label": { programs: ["a: 1", "async: 1", "yield: 1"], mistakes: ["a => b : 1", "a => b => c : 1"] },
  "the head of a for loop": {
    programs: ["for ({ a = 1 } in b) ;", "for ({ a = 1 } = b; ;) ;", "for (a, b; c in d;) ;"],
    mistakes: ["for ({ a = 1 }[b] in c) ;", "for (a, b in c; ;) ;", "for ({ a = 1 }; ;) ;"],
  },
  "nothing continues after an arrow function with a block": {
    programs: [
      "() => {}\n++x",
      "() => {}\n`a`",
      "() => {}\n+1",
      "() => {}\n(a)",
      "() => {}\n[a]",
      "[] = x\n[0]",
      "x++\n[0]",
    ],
    mistakes: [
      "() => {}`a`",
      "() => {}++",
      "() => {}\n.a",
      "({ a: () => {}\n(1) })",
      "[() => {}\n(1)]",
      "[] = x++[0]",
      "({ a: x++[0] })",
      "() => {} + 1",
    ],
    same: [
      ["f = () => {}\n+1", "f = () => {};\n+1"],
      ["let f = () => {}\n--x", "let f = () => {};\n--x"],
      ["[a] = () => {}\n(b)", "[a] = () => {};\n(b)"],
    ],
  },
  "in after an arrow function in the head of a loop": {
    programs: [
      "for (var x = () => a in b) ;",
      "for (var x = (a = b in c) => a; ;) ;",
      "for (var x = async () => a in b) ;",
    ],
    mistakes: ["for (let x = () => a in b) ;", "for (var x = () => a in b; ;) ;"],
  },
  "arguments of a call of async": {
    programs: [
      "async((1), ...a)",
      "async((1), )",
      "async((1), (2))",
      "async(x, )",
      "async([a].b = c)",
      "async({}.x ? 1 : 2)",
    ],
    mistakes: ["async((1), , )", "async((a), b) => c"],
  },
  "new is no target": { mistakes: ["new a(...b) = c", "new a(...b)++"], programs: ["new a(...b).c = 1"] },
  "one element of a pattern says nothing about the others": {
    programs: ["({ a: b, c: { d }.e } = f)", "[a, [b].c] = d", "({ a: 1, b: {} })", "[1, [a].b]"],
    mistakes: ["({ a: 1, b: {} } = c)", "[1, [a].b] = c", "({ a: b(), 'c': [d].e } = f)", "({ a: 1, [b]: {} }) => c"],
  },
  "a call is no target in a pattern": {
    programs: ["f() = a", "[f() = a]", "({ a: f() })", "f()++"],
    mistakes: [
      "({ a: f() = b } = c)",
      "[f() = a] = b",
      "[async(a) = b] = c",
      "({ a: async(b) } = c)",
      "(async(a)) => b",
    ],
  },
  "a rest parameter of an arrow function is a name or a pattern": {
    programs: ["(...a) => b", "(...[a]) => b"],
    mistakes: ["(...a.b) => c", "(a, ...b[0]) => c"],
  },
  "what is spread is an expression": { programs: ["({ ...{ a: 1 } })"], mistakes: ["({ ...{ a = 1 } })"] },
  "async fields": {
    programs: ["class A { async\na = 1 }", "class A { async = 1 }", "class A { async a() {} }"],
    mistakes: ["class A { async a = 1 }", "class A { async a }", "class A { async get\n*a() {} }"],
  },
  "elements are judged by their own name": {
    programs: [
      "class A extends B { constructor() { super() } }",
      "class A { static a\nprototype }",
      "class A { a\nconstructor() {} }",
      "class A { static constructor() {} }",
    ],
    mistakes: [
      "class A extends B { static constructor() { super() } }",
      "class A { constructor\na }",
      "class A { static prototype\na }",
      "class A { 'constructor' = 1 }",
    ],
  },
  "variables of static blocks": {
    programs: [
      "let a; class A { static { var a } }",
      "class A { static { function a() {} function a() {} } }",
      "class A { static { var a; function a() {} } }",
    ],
    mistakes: ["class A { static { let a; var a } }", "class A { static { let a; function a() {} } }"],
  },
  "arguments in fields": {
    programs: [
      "class A { x = function (a = () => arguments) {} }",
      "class A { x = a\narguments }",
      "class A { x = { m(a = () => arguments) {} } }",
    ],
    mistakes: ["class A { x = arguments\ny }", "class A { x = () => arguments }", "class A { static { arguments } }"],
  },
  "words in front of methods": {
    programs: ["({ async [a]() {} })", "({ get 'a'() {} })", "({ async *a() {} })"],
    mistakes: [
      "({ a [b]() {} })",
      "({ a 'b'() {} })",
      "({ async\n*a() {} })",
      "({ async\n[a]() {} })",
      "({ async\n'a'() {} })",
    ],
  },
  "decorators are no arrow functions": {
    programs: ["@(() => {}) class A {}", "@a.b(c) class A {}"],
    mistakes: ["@() => {} class A {}", "@(a) => {} class A {}"],
  },
  "parameters and fields that are missing": {
    programs: ["class A { static = 1 }"],
    mistakes: ["({ 'a'(b, = c) {} })", "({ a(= b) {} })", "class A { = 1 }", "class A { a; = 2 }"],
  },
  "delete of private names after an optional chain": {
    programs: ["class A { #a; b() { delete c?.d } }"],
    mistakes: ["class A { #a; b() { delete c?.#a } }", "class A { #a; b() { delete c?.d.#a } }"],
  },
  "new super()": {
    programs: ["class A extends B { constructor() { super(); new super.a() } }"],
    mistakes: ["class A extends B { constructor() { new super() } }"],
  },
  heritage: {
    programs: [
      "class A extends (b++) {}",
      "async function f() { class A extends (await b) {} }",
      "class A extends b() {}",
    ],
    mistakes: ["class A extends b++ {}", "async function f() { class A extends await b {} }", "(class extends b-- {})"],
  },
  "option globalAwait": {
    options: { ...OPTIONS, globalAwait: true },
    programs: [
      "await (a)",
      "for await (a of b) ;",
      "using a = b",
      "with (a) await b",
      "function f(await) { await (1) }",
    ],
    mistakes: ["var await", "() => await a", "function f() { await a }", "(a = await b) => c", "return await a"],
  },
  "await and yield in parameters of arrow functions": {
    programs: [
      "async function f() { (a = async () => (await b)) => c }",
      "function* f() { (a = function* () { (yield) }) => b }",
      "function* f() { (a = class { *m() { (yield) } }) => b }",
    ],
    mistakes: [
      "async function f() { (a = b ? await c : d) => e }",
      "function* f() { (a = b ? yield : d) => e }",
      "async function f() { (a = [await b, async () => 1]) => c }",
      "async (a = `${await b}`) => c",
    ],
  },
  "chains of members and calls": {
    programs: [".a", "?.a", "[0]", "()", ".a()", "``", "?.()", "[a()]?.b", ".a``.b().c"].map(
      (link) => `o${link.repeat(8000)}`,
    ),
    mistakes: ["a?.b``", "a.b?.c = 1", "new a?.b()", "a.b++.c", "a.b++ ++"],
    same: [["a.b(1)[2].c`x`.d", "a\n.b(1)\n[2]\n.c\n`x`\n.d"]],
  },
  "else if after else if": {
    programs: [
      `if (a) b; ${"else if (a) b; ".repeat(8000)} else c`,
      "x: if (a) break x; else if (b) break x; else y: if (c) break y",
    ],
    mistakes: [
      "if (a) b; else if (c) d; else e; else f",
      "if (a) b; else if (c) continue; else d",
      "x: if (a) b; else if (c) x: d",
    ],
    same: [["if (a) b; else if (c) { d } else e", "if (a) b\nelse if (c)\n{ d }\nelse\ne"]],
  },
  "assignment after assignment": {
    programs: [
      `${"x = ".repeat(8000)}1`,
      `${"o.x = ".repeat(8000)}1 ? a : b`,
      "[a = b = c] = d = e += f ??= g",
      "(a = b = c) => d",
      "a = b = async x => c",
    ],
    mistakes: [
      "a = b + c = d",
      "a = b() => c = d",
      "a = 1 = b",
      "'use strict'; a = eval = b",
      "a = b ? c : d = e = f = 1 = g",
    ],
    same: [
      ["a = b = c", "a = (b = c)"],
      ["a = b += c ? d : e", "a = (b += (c ? d : e))"],
    ],
  },
};

function problem(parser: typeof parse, source: string, options: MendedOptions): string | null {
  try {
    parser(source, options);
    return null;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : `no SyntaxError: ${String(error)}`;
  }
}

/** Everything that a parser gets wrong. */
function wrongBy(
  parser: typeof parse,
  { programs = [], mistakes = [], same = [], options = OPTIONS }: Cases,
): string[] {
  const wrong: string[] = [];
  for (const source of programs) {
    const found = problem(parser, source, options);
    if (found !== null) wrong.push(`${source}: ${found}`);
  }
  for (const source of mistakes) {
    const found = problem(parser, source, options);
    if (found === null || found.startsWith("no ")) wrong.push(`${source}: ${found ?? "accepted"}`);
  }
  for (const [a, b] of same) {
    const found = problem(parser, a, options) ?? difference(parser(a, options), parser(b, options), false);
    if (found !== null) wrong.push(`${a}: ${found}`);
  }
  return wrong;
}

describe("patches over meriyah", () => {
  it("have unique names, and cases", () => {
    const names = PATCHES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(CASES).sort()).toEqual([...names].sort());
  });

  it.each(Object.entries(CASES))("%s", (_name, cases) => {
    expect(wrongBy(parse, cases)).toEqual([]);
    // The published parser knows no such option: what it does not know it ignores.
    expect(wrongBy(parsePublished as typeof parse, cases)).not.toEqual([]);
  });

  it("are applied to the parser that everything uses", () => {
    const root = join(import.meta.dirname, "../..");
    expect(readFileSync(join(root, "build/meriyah.mjs"), "utf8")).toBe(mendedParser(root));
    expect(mendedParser(root)).not.toBe(readFileSync(join(root, PUBLISHED), "utf8"));
  });

  it("are refused when the text is another", () => {
    const patch = { name: "a patch", why: "", edits: [["abc", "d"]] } as const;
    expect(applyPatches("xabcx", [patch], "1.2.3")).toBe("xdx");
    expect(() => applyPatches("xabx", [patch], "1.2.3")).toThrow(
      'meriyah 1.2.3 is not the text that the patch "a patch" was written for. This is there 0 times instead of 1:\nabc',
    );
    expect(() => applyPatches("abcabc", [patch], "1.2.3")).toThrow("2 times instead of 1");
    const within = { name: "in one", why: "", edits: [["a", "b", "f", 2]] } as const;
    expect(applyPatches("\nfunction f() { a a\n}\na", [within], "1")).toBe("\nfunction f() { b b\n}\na");
    expect(() => applyPatches("\nfunction g() { a a\n}\na", [within], "1")).toThrow("0 times instead of 2");
  });
});
