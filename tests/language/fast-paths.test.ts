// What the interpreter does itself where no guest code is called: the same must come out as where some is.
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const run = (source: string): Promise<unknown> => outputOf(runtime, source);

describe("builtin iterators in for-of and destructuring", () => {
  it("walk Maps, Sets, strings and arrays", async () => {
    const source = `
      const seen = [];
      const map = new Map([["a", 1], ["b", 2]]);
      for (const [key, value] of map) { seen.push(key + value); if (key === "a") map.set("c", 3); }
      for (const value of new Set([1, , 2])) seen.push(value);
      for (const c of "a😀\\ud800") seen.push(c.length);
      for (const [i, x] of ["x", , "z"].entries()) seen.push(i, x);
      for (const key of map.keys()) { seen.push(key); map.delete("b"); }
      const [first, ...rest] = map.values();
      const [, c2] = "xyz";
      seen.push(first, rest, c2, [...new Uint8Array([7, 8]).entries()]);
      seen`;
    expect(await run(source)).toEqual(
      ["a1", "b2", "c3", 1, undefined, 2, 1, 2, 1, 0, "x", 1, undefined, 2, "z", "a", "c", 1, [3], "y", [[0, 7], [1, 8]]], // prettier-ignore
    );
  });

  it("call a method next of the guest's, and see what it answers", async () => {
    const source = `
      const seen = [];
      const proto = Object.getPrototypeOf(new Map().entries());
      const { next } = proto;
      proto.next = function () { const step = next.call(this); seen.push(Object.keys(step).join()); return step; };
      for (const [key] of new Map([[1, 2]])) seen.push(key);
      proto.next = next;
      const set = new Set([1]).values();
      set.next = () => ({ done: true, value: 1 });
      for (const x of set) seen.push(x);
      const wrong = { [Symbol.iterator]: () => ({ next }) };
      try { for (const x of wrong); } catch (error) { seen.push(error.name); }
      const other = new Set([1]).values();
      other.next = next;
      try { for (const x of other); } catch (error) { seen.push(error.name); }
      const step = new Map([[1, 2]]).entries().next();
      seen.push(step.done, step.value);
      seen`;
    expect(await run(source)).toEqual(["value,done", 1, "value,done", "TypeError", "TypeError", false, [1, 2]]);
  });

  it("run getters of array-likes, which may be held", async () => {
    const program = runtime.compile(
      `const seen = [];
       const list = Object.defineProperty([1, 2, 3], 1, { get: () => ask() });
       for (const [i, x] of list.entries()) seen.push(i + ":" + x);
       for (const x of Array.prototype.values.call({ length: 2, 0: "a", get 1() { return ask(); } })) seen.push(x);
       seen.join()`,
      { filename: "test.js", externals: { ask: "sync" } },
    );
    expect((await program.run({ tools: { ask: () => "answer" } })).output).toBe("0:1,1:answer,2:3,a,answer");
  });
});

describe("in and instanceof", () => {
  it("look along prototypes, without and with traps", async () => {
    const source = `
      const key = Symbol();
      const object = Object.create({ far: undefined, [key]: 1, 3: 1 });
      const trapped = Object.create(new Proxy({}, { has: (_, name) => name === "any" }));
      ["far" in object, key in object, 3 in object, "3" in object, "x".repeat(100) in object, 0 in [1], 1 in [1], "length" in [], "1.0" in new Uint8Array(2),
       1 in new Uint8Array(2), "any" in trapped, "none" in trapped, { toString: () => "far" } in object, "raw" in String]`;
    expect(await run(source)).toEqual(
      [true, true, true, true, false, true, false, true, false, true, true, false, true, true], // prettier-ignore
    );
  });

  it("use the methods that the class defines", async () => {
    const source = `
      class A {} class B extends A {}
      class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
      const bound = A.bind(null);
      const seen = [new B() instanceof A, new A() instanceof B, 1 instanceof A, Object.create(null) instanceof Object, 2 instanceof Even, 3 instanceof Even,
        new B() instanceof bound, new Proxy(new B(), {}) instanceof A, new Proxy({}, { getPrototypeOf: () => A.prototype }) instanceof A, [] instanceof Array,
        new RangeError() instanceof Error, (() => {}) instanceof Function];
      for (const target of [1, {}, () => {}]) try { ({}) instanceof target; seen.push("no error"); } catch (error) { seen.push(error.name); }
      function F() {}
      const f = new F();
      F.prototype = {};
      seen.push(f instanceof F, new F() instanceof F);
      seen`;
    expect(await run(source)).toEqual(
      [true, false, false, false, true, false, true, true, true, true, true, true, "TypeError", "TypeError", "TypeError", false, true], // prettier-ignore
    );
  });
});

describe("a property that hides one of a prototype", () => {
  it.each([
    ["a class with a parent", "class P { static n = 1 } class C extends P {} const o = C;"],
    ["an object that lost a property", "const o = Object.assign(Object.create({ n: 1 }), { a: 1, b: 2 }); delete o.a;"],
    ["an object with another prototype", "const o = {}; Object.setPrototypeOf(o, { n: 1 });"],
    [
      "an object of very many properties",
      "const o = Object.create({ n: 1 }); for (let i = 0; i < 3000; i++) o['k' + i] = i;",
    ],
    [
      "a far prototype",
      "let o = { n: 1 }; for (let i = 0; i < 40; i++) o = Object.create(o); Object.setPrototypeOf(o, Object.getPrototypeOf(o));",
    ],
  ])("is read from then on: of %s", async (_, source) => {
    const read = "const read = () => o.n; const before = [read(), read()];";
    expect(await run(`${source} ${read} o.n = 2; [...before, read()]`)).toEqual([1, 1, 2]);
    expect(await run(`${source} ${read} Object.defineProperty(o, "n", { value: 2 }); [...before, read()]`)).toEqual([
      1, 1, 2,
    ]);
  });

  it("is called when a class converts itself", async () => {
    const source = `class P {} class C extends P {} String(C); C.toString = () => "C"; String(C) + C`;
    expect(await run(source)).toBe("CC");
  });
});
