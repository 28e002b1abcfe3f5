// Descriptions of scopes come out of snapshots, which are bytes from strangers: whatever is done to one, compiling code against it
// gives an image that verifies, or one of two errors.

import { describe, expect, it } from "vitest";
import { compileToImage } from "../../ts/compiler/compile.ts";
import { compileSource } from "../../ts/compiler/evaluate.ts";
import { decodeImage } from "../../ts/compiler/image.ts";
import { SOURCE_KIND } from "../../ts/defs/source-kinds.ts";
import { EvalScopesError } from "../../ts/compiler/scope/eval-scopes.ts";
import { verifyImage } from "../../ts/compiler/verify.ts";
import { CompileError } from "../../ts/errors.ts";

const PROGRAM = `
  let top = 1;
  class A extends Object { #p = 1; x = eval("this"); constructor(a, b = eval("a")) { { try { super(); } catch ([e]) { let l; for (const k in a) { switch (k) { case 1: (() => eval(""))(); } } } } } }
  function* g(p) { var v; with (p) { function f() {} let l = () => eval("v"); } return eval("p"); }`;

const CODE = `var a = 1; let b = this; function c() { return [a, top, p, v, typeof l, arguments]; } { function d() {} } new.target; super.x; #p in b; delete v; e = k; eval("1")`;

/** The descriptions that a compiled program carries. */
const descriptions = decodeImage(
  compileToImage(PROGRAM, { filename: "a.js", mode: "script", allowEval: true }).image,
).strings.filter((text) => text.startsWith("[0,[[") || text.startsWith("[1,[["));

let state = 4711;
const dice = (n: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 0x1_0000_0000) * n);
};

function mutated(text: string): string {
  const at = dice(text.length);
  switch (dice(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + dice(4));
    case 1:
      return text.slice(0, at) + '0123456789[],"-.nul{}'[dice(21)]! + text.slice(at + 1);
    case 2: {
      const from = dice(text.length);
      return text.slice(0, at) + text.slice(from, from + dice(20)) + text.slice(at);
    }
    case 3:
      return text.replace(/\d+/g, (digits) => (dice(6) === 0 ? String(dice(70_000)) : digits));
    default:
      return text.replace(/\[[^[\]]*\],?/g, (part) => (dice(5) === 0 ? "" : part));
  }
}

/** What became of code compiled against a description. */
function outcome(code: string, description: string): string {
  try {
    verifyImage(compileSource(code, SOURCE_KIND.DIRECT, description, { filename: "<eval>" }).compiled.image);
    return "compiled";
  } catch (error) {
    if (error instanceof EvalScopesError) return "refused";
    if (error instanceof CompileError) return "no program";
    throw new Error(`${description}: ${String(error)}`, { cause: error });
  }
}

describe("descriptions of scopes", () => {
  it("are carried by each direct call, and taken", () => {
    expect(descriptions.length).toBeGreaterThan(4);
    for (const description of descriptions) expect(outcome("1 + 1", description)).toBe("compiled");
  });

  it("are refused, or harmless, when they were tampered with", () => {
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      let description = descriptions[dice(descriptions.length)]!;
      for (let times = 1 + dice(3); times > 0; times--) description = mutated(description);
      const result = outcome(dice(2) === 0 ? CODE : "this; top = a; var n; (() => super.x)", description);
      seen.set(result, (seen.get(result) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["compiled", "no program", "refused"]);
  });
});
