// What older hosts do not know of regular expressions, literals as the compiler sees them, and how they are shown, cloned and carried.

import { describe, expect, it } from "vitest";
import { CompileError, type CompleteState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const complete = (source: string, inputs: Record<string, unknown> = {}): CompleteState =>
  runtime.compile(source, { filename: "a.js", inputs: Object.keys(inputs) }).start({ inputs }) as CompleteState;
const outputOf = (source: string, inputs?: Record<string, unknown>): unknown => complete(source, inputs).output;

describe("syntax", () => {
  it.each([
    ["/(?i:a)b/", "Ab", true],
    ["/(?i:a)b/", "AB", false],
    ["/(?-i:a)b/i", "aB", true],
    ["/(?-i:a)b/i", "Ab", false],
    ["/^(?m:^b)/", "a\nb", false],
    ["/a(?s:.)b/", "a\nb", true],
    ["/(?:(?<y>\\d{4})|(?<y>x))\\k<y>/", "xx", true],
    ["/^[\\p{L}--[a-z]]$/v", "A", true],
    ["/^[\\p{L}--[a-z]]$/v", "a", false],
    ["/^[\\w&&\\d]+$/v", "12", true],
    ["/^[\\q{abc|d}x]$/v", "abc", true],
    ["/^[^\\d]$/v", "1", false],
    ["/^\\p{RGI_Emoji}$/v", "👨‍👩‍👧‍👦", true],
    ["/^\\p{Emoji_Keycap_Sequence}$/v", "4️⃣", true],
    ["/^\\p{RGI_Emoji_Flag_Sequence}$/v", "🇳🇴", true],
    ["/^\\p{Basic_Emoji}$/v", "🇳🇴", false],
    ["/^[[a-z]&&[^aeiou]]$/v", "b", true],
    ["/^\\p{Lu}$/iv", "a", true],
    ["/^[^\\p{Lu}]$/iv", "a", false],
  ])("%s on %j: %s", (literal, text, matches) => {
    expect(outputOf(`${literal}.test(text)`, { text })).toBe(matches);
  });

  it.each([
    ["let x = 1;\nlet r = /(/;", "Invalid regular expression: /(/: Unterminated group", 2, 9],
    ["\n\n  f(/[b-a]/u)", "Invalid regular expression: /[b-a]/u: Range out of order in character class", 3, 5],
    ["/(?ii:a)/", "Invalid regular expression: /(?ii:a)/: Repeated flag in flag group", 1, 1],
    ["/(?<a>.)(?<a>.)/", "Invalid regular expression: /(?<a>.)(?<a>.)/: Duplicate capture group name", 1, 1],
  ])("%j does not compile", (source, message, line, column) => {
    const error = thrownBy(() => runtime.compile(source, { filename: "a.js" })) as CompileError;
    expect(error).toBeInstanceOf(CompileError);
    expect([error.message.includes(message), error.line, error.column]).toEqual([true, line, column]);
  });

  it("a literal makes a new object each time", () => {
    expect(outputOf("const f = () => /x/g; f().lastIndex = 3; [f() === f(), f().lastIndex]")).toEqual([false, 0]);
  });

  it("deep nesting is refused, long patterns are not", () => {
    const source = 'try { new RegExp("(".repeat(n) + ")".repeat(n)); "fine" } catch (e) { e.message.slice(-28) }';
    expect(outputOf(source, { n: 400 })).toBe("fine");
    expect(outputOf(source, { n: 5000 })).toBe("Regular expression too large");
    expect(outputOf('new RegExp("a?".repeat(5000)).exec("aaa")[0]')).toBe("aaa");
  });
});

describe("as objects", () => {
  it("shown as Node shows them", () => {
    const { stdout } = complete(`console.log(/a\\/b/gi, [/x/], { r: /y/u });
      const r = /z/; r.more = 1; console.log(r); class R extends RegExp {} console.log(new R("q", "g")); console.log("%s", /t/, new RegExp("\\n/"));`);
    expect(stdout).toBe("/a\\/b/gi [ /x/ ] { r: /y/u }\n/z/ { more: 1 }\nR /q/g\n/t/ /\\n\\//\n");
  });

  it("cross the border and are cloned, with lastIndex 0", () => {
    const shared = /a(b)c/giu;
    shared.lastIndex = 2;
    const output = outputOf(
      "input.lastIndex = 1; const c = structuredClone(input); [input, [input], c, c.lastIndex, String(input)]",
      {
        input: shared,
      },
    ) as [RegExp, [RegExp], RegExp, number, string];
    expect(output).toEqual([/a(b)c/giu, [/a(b)c/giu], /a(b)c/giu, 0, "/a(b)c/giu"]);
    expect(output[0]).toBe(output[1][0]);
    expect(outputOf("JSON.stringify([/x/])")).toBe("[{}]");
  });

  it("RegExp.escape", () => {
    expect(outputOf(`RegExp.escape("1a.b*c-\\n é\\ud800")`)).toBe("\\x31a\\.b\\*c\\x2d\\n\\x20é\\ud800");
  });
});

describe("with code of the program in between", () => {
  it("exec of a subclass is called by all methods", () => {
    const source = `let calls = 0;
      class R extends RegExp { exec(s) { calls++; return super.exec(s); } }
      const all = ["aXbX".replace(new R("X", "g"), "-"), "aXbX".match(new R("X", "g")), "aXb".split(new R("X")), "aXb".search(new R("X")), [..."aXbX".matchAll(new R("X", "g"))].length, new R("X").test("X")];
      [all, calls]`;
    expect(outputOf(source)).toEqual([["a-b-", ["X", "X"], ["a", "b"], 1, 2, true], 14]);
  });

  it("a replacement function sees groups, and may change the pattern under way", () => {
    const source = `const r = /(?<n>\\d)/g; "a1b2".replace(r, (m, n, at, s, groups) => { r.compile("x"); return [m, n, at, s, groups.n]; })`;
    expect(outputOf(source)).toBe("a1,1,1,a1b2,1b2,2,3,a1b2,2");
  });

  it("lastIndex is converted, and put back", () => {
    expect(
      outputOf(`const r = /a/g; const log = []; r.lastIndex = { valueOf() { log.push("valueOf"); return 1; } };
        const m = r.exec("aaa"); [m.index, r.lastIndex, log]`),
    ).toEqual([1, 2, ["valueOf"]]);
    expect(outputOf(`const r = Object.freeze(/a/g); try { r.exec("a") } catch (e) { e.name }`)).toBe("TypeError");
  });
});
