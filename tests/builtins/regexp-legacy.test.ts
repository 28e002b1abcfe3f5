// RegExp.$1 and its relatives. https://github.com/tc39/proposal-regexp-legacy-features
import { describe, expect, it } from "vitest";
import { runInNewContext } from "node:vm";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const output = (source: string): unknown =>
  (runtime.compile(source, { filename: "legacy.js" }).start() as CompleteState).output;

const SHOW = `JSON.stringify([RegExp.$1, RegExp.$2, RegExp.$9, RegExp.input, RegExp.$_, RegExp.lastMatch, RegExp["$&"], RegExp.lastParen, RegExp["$+"],
  RegExp.leftContext, RegExp["$\`"], RegExp.rightContext, RegExp["$'"]])`;

/** What follows a match with one group on another text. */
const AFTER: Record<string, string> = {
  nothing: "",
  exec: `/(b)(c)?/.exec("abcd")`,
  test: `/x(.)/.test("1xy2")`,
  "a test that fails": `/zzz/.test("q")`,
  match: `"a1b2c3".match(/([a-z])(\\d)/g)`,
  search: `"hello".search(/l(.)/)`,
  "search with g": `"hello".search(/l(.)/g)`,
  replace: `"aXbXc".replace(/X(.)/g, "-")`,
  "replace by a function": `"aXbXc".replace(/X(.)/g, () => RegExp.$1)`,
  "replace of nothing": `"abc".replace(/X(.)/g, "-")`,
  split: `"a1b2c".split(/(\\d)/)`,
  "split between": `"abc".split(/(?:)/)`,
  "split at the end": `"aX".split(/X/)`,
  "split up to a limit": `"ab,cd,ef".split(/,/, 2)`,
  "split of nothing": `"abc".split(/z/)`,
  matchAll: `[..."p1q2".matchAll(/([a-z])(\\d)/g)]`,
  "one of matchAll": `"p1q2".matchAll(/([a-z])(\\d)/g).next()`,
  "eleven groups": `/(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)(b)/.exec("-123456789ab-")`,
  "a group without a part": `/(a)|(b)/.exec("b")`,
  lookbehind: `/(?<=(a))b/.exec("ab")`,
  "an assignment to input": `RegExp.input = 5`,
  "an assignment to $_": `RegExp.$_ = "zz"`,
  unicode: `/(.)/u.exec("😀x")`,
  compile: `const r = /a(.)/; r.compile("b(.)"); r.exec("bz")`,
  "match by a text": `"abc".match("b(c)")`,
  "replace of a text": `"abc".replace("b", "z")`,
  "exec that goes on": `const r = /(.)/g; r.exec("xy"); r.exec("xy"); r.exec("xy")`,
  "exec of one's own": `const r = /q/; r.exec = () => null; r.test("q")`,
  "a long match": `/(a|ab)*(c)$/.exec("ab".repeat(3000) + "c")`,
};

describe("what RegExp shows of the last match", () => {
  it("is nothing before there is one", () => {
    expect(output(SHOW)).toBe(runInNewContext(SHOW));
  });

  it.each(Object.entries(AFTER))("is that of V8 after %s", (_name, statement) => {
    const source = `/<(.)>/.exec("1<2>3"); ${statement}; ${SHOW}`;
    expect(output(source)).toBe(runInNewContext(source));
  });

  it("can be used in the callback of a replacement", () => {
    const source = `"k1=v1;".replace(/(\\w+)=(\\w+);/, () => RegExp.$2 + ":" + RegExp.$1)`;
    expect(output(source)).toBe("v1:k1");
  });

  it("is refused to subclasses, and of their matches", () => {
    const source = `class R extends RegExp {}
      const attempt = (f) => { try { return f() } catch (e) { return e.name } };
      /(q)/.exec("q");
      const before = [attempt(() => R.$1), attempt(() => RegExp.$1), attempt(() => Reflect.get(RegExp, "input", {}))];
      new R("x(.)").exec("xy");
      const after = [attempt(() => RegExp.$1), attempt(() => RegExp.input), attempt(() => RegExp.lastMatch)];
      RegExp.input = "in";
      const set = [RegExp.input, attempt(() => RegExp.$1)];
      /(z)/.exec("z");
      [before, after, set, [RegExp.$1, RegExp.input], attempt(() => new R("x").compile("y"))].join("; ")`;
    expect(output(source)).toBe("TypeError,q,TypeError; TypeError,TypeError,TypeError; in,TypeError; z,z; TypeError");
  });

  it("has the accessors of the proposal", () => {
    const source = `const d = (k) => { const p = Object.getOwnPropertyDescriptor(RegExp, k); return [p.get.name, p.set?.name, p.enumerable, p.configurable].join() };
      [d("$1"), d("$&"), d("lastParen"), d("input"), d("$_")].join(" ")`;
    expect(output(source)).toBe(
      "get $1,,false,true get $&,,false,true get lastParen,,false,true get input,set input,false,true get $_,set $_,false,true",
    );
  });

  it("travels in snapshots, but not before the first match", () => {
    const held = (statement: string): Uint8Array => {
      const source = `${statement}; await new Promise((r) => setTimeout(r, 5)); [RegExp.$1, RegExp.rightContext].join()`;
      const state = runtime.compile(source, { filename: "legacy.js" }).start();
      if (state.status !== "suspended") throw new Error(state.status);
      return state.snapshot().dump({ level: 0 });
    };
    const plain = held("0");
    const bytes = held(`/a(.)/.exec("xabc")`);
    expect(bytes.length - plain.length).toBeGreaterThan(0);
    expect(bytes.length - plain.length).toBeLessThan(260);
    const other = runtime.load(bytes).restore();
    if (other.status !== "suspended") throw new Error(other.status);
    const end = other.resumeCalls(new Map([[other.calls[0]!.id, { value: undefined }]])) as CompleteState;
    expect(end.output).toBe("b,c");
  });
});
