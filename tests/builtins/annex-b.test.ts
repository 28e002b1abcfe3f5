// What only old programs use (Annex B of the specification), where it is easily wrong.
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const run = (source: string): Promise<unknown> => outputOf(runtime, source);

describe("Annex B", () => {
  it("makes HTML of strings", async () => {
    const source = `["a".anchor('"'), "a".big(), "a".blink(), "a".bold(), "a".fixed(), "a".fontcolor(1), "a".fontsize(2), "a".italics(),
      "a".link("u"), "a".small(), "a".strike(), "a".sub(), "a".sup(), String.prototype.link.length, String.prototype.big.name]`;
    expect(await run(source)).toEqual([
      '<a name="&quot;">a</a>', "<big>a</big>", "<blink>a</blink>", "<b>a</b>", "<tt>a</tt>", '<font color="1">a</font>', '<font size="2">a</font>', "<i>a</i>",
      '<a href="u">a</a>', "<small>a</small>", "<strike>a</strike>", "<sub>a</sub>", "<sup>a</sup>", 1, "big",
    ]); // prettier-ignore
  });

  it("sets years of dates", async () => {
    const source = `const d = new Date(Date.UTC(2015, 8, 17));
      [d.setYear(70) && d.getYear(), d.setYear(2020) && d.getYear(), d.setYear(), d.getYear()]`;
    expect(await run(source)).toEqual([70, 120, Number.NaN, Number.NaN]);
  });
});

describe("regular expressions with u", () => {
  it("do not find half a pair again", async () => {
    const source = String.raw`[/foo(.+)bar\1/u.test("foo\uD834bar\uD834\uDC00"), /foo(.+)bar\1/u.test("foo\uD834bar\uD834A"), /(?<=\1x(.))!/u.test("\uD834\uDC00x\uDC00!")]`;
    expect(await run(source)).toEqual([false, true, false]);
  });
});

describe("super properties", () => {
  it("are those of the prototype there was before the value was evaluated", async () => {
    const source = `
      class A { set x(v) { this.seen = ["A", v]; } get y() { return "y of A"; } set y(v) { this.seen = v; } }
      class B extends A {
        ruin(v) { Object.setPrototypeOf(B.prototype, null); return v; }
        set() { super.x = this.ruin(1); }
        add() { super.y += this.ruin(1); }
        key() { super[{ toString: () => (this.order = [...(this.order ?? []), "key"], "x") }] = (this.order = ["value"], 2); }
      }
      const b = new B();
      const seen = [];
      for (const name of ["set", "add", "key"]) {
        b[name]();
        seen.push(b.seen, b.order);
        Object.setPrototypeOf(B.prototype, A.prototype);
      }
      seen`;
    expect(await run(source)).toEqual([["A", 1], undefined, "y of A1", undefined, ["A", 2], ["value", "key"]]);
  });
});

describe("large programs", () => {
  it("may have more constants than 16 bits count", async () => {
    const list = Array.from({ length: 70_000 }, (_, i) => `"s${i}"`).join();
    expect(await run(`[${list}].filter((s, i) => s === "s" + i).length`)).toBe(70_000);
  });
});
