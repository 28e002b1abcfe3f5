// A program that is held at every stop spends the fuel of one that is not, and leaves the same bytes at the next stop; and what it had used
// before is not forgotten. Each program here once did not.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState, State, SuspendedState } from "../../ts/index.ts";
import { heldDifference } from "../support/equal-held.ts";
import { START, testRuntime } from "./support.ts";

let runtimes: readonly Runtime[];
beforeAll(async () => {
  runtimes = [await testRuntime(), await testRuntime()];
});

function answer(state: SuspendedState, fuel: number): State {
  const [first] = [...state.calls].sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || a.id - b.id);
  return state.resumeCalls(new Map([[first!.id, { value: undefined }]]), { fuel });
}

function difference(source: string, fuel: number, stops = 120): string | undefined {
  const program = runtimes[0]!.compile(source, { filename: "a.js" });
  const start = (slice: number): State => program.start({ ...START, limits: { fuel: slice } });
  return heldDifference({ start, answer, runtimes, fuel, stops });
}

function run(source: string, fuel: number): CompleteState {
  let state: State = runtimes[0]!.compile(source, { filename: "a.js" }).start({ ...START, limits: { fuel } });
  for (let n = 0; state.status !== "complete"; n++) {
    const again = runtimes[n % 2]!.load(state.snapshot().dump()).restore();
    state =
      again.status === "suspended" ? answer(again, fuel) : (again as State & { status: "paused" }).resume({ fuel });
  }
  return state;
}

describe("fuel and bytes do not depend on being held", () => {
  const programs: Readonly<Record<string, string>> = {
    "a weak table some of whose keys are dead": `const s = new WeakMap(); const f = () => 1; for (let i = 0; i < 20; i++) { s.set({ i }, i); f(); } const k = [{}, {}, {}, {}, {}, {}]; for (const x of k) { s.set(x, 1); f(); } k.length`,
    "an array as a weak key": `const seen = new WeakMap(); const once = (v) => { if (!seen.has(v)) seen.set(v, { v }); return seen.get(v); };
      const o = { list: [{ n: 1 }, { n: 2 }, { n: 3 }] }; once(o); once(o.list); o.list.map(once).length`,
    "long keys whose atoms are dropped": `const memo = {}; let hits = 0; const key = (i) => "a long key of some object, which is longer than a text may be to be free: " + (i % 7) + ":" + ((i * 3) % 5);
      for (let i = 0; i < 60; i++) { const k = key(i); if (memo[k] === undefined) memo[k] = i; else hits++; if (i % 9 === 0) delete memo[key(i - 3)]; } hits`,
    "keys of an object that lost some": `const o = {}; for (let i = 0; i < 30; i++) o["k" + i] = i; for (let i = 0; i < 25; i += 2) delete o["k" + i]; const lists = []; for (let i = 0; i < 5; i++) { lists.push(Reflect.ownKeys(o), Object.isFrozen(Object.preventExtensions({ ...o }))); } lists.length`,
    "texts that grow": `const row = { id: 12, name: "x".repeat(30), nested: [1.5, null, { "a key": true }] }; const rows = []; let n = 0; for (let i = 0; i < 12; i++) { rows.push({ ...row, i }); n += JSON.stringify(rows).length + rows.map((r) => r.id + i).join(" and ").length; } n`,
    "constructors that are left to the prelude": `const f = (x) => x; const log = []; for (let i = 0; i < 6; i++) { f([i]); log.push(new Map([[f(i), { i }]]).size, new Set(new Set([i])).size, new Promise((r) => r(f(i))) instanceof Promise, new Date(f({ valueOf: () => i })).getTime()); } log.join()`,
    "errors about BigInts": `const log = []; const f = (v) => v; function g(a) { f(a); switch (1n / (7)) { case 1: } } for (let i = 0; i < 4; i++) { try { g([1].map(f)); } catch (e) { log.push(e.stack); } try { f(i); +(1n + BigInt(i)); } catch (e) { log.push(e.stack); } } log.join()`,
    "matches in the callbacks of matches": `let n = 0; const f = (m) => { for (let i = 0; i < 9; i++) n += i; return n < 300 ? "a1b2".replace(/[a-z](\\d)/g, f) : m; }; f("") + "xyz".replace(/[a-z](\\d)?/g, f)`,
    "much that is kept for a while": `let n = 0; const fill = () => { const list = []; for (let i = 0; i < 4000; i++) list.push([i, { i }, "text " + i]); return list.length; };
      for (let i = 0; i < 5; i++) n += fill(); for (let i = 0; i < 30; i++) n += i; n`,
    "tables made for more entries than they get": `const many = Array(300).fill(1); const s = new Set(many), t = new Set(s), m = new Map(many.map((n) => [n, n])); const f = () => 1; for (let i = 0; i < 20; i++) { s.add(i); f(); m.set(i, t); } s.size + t.size + m.size`,
    "BigInt literals that are evaluated again": `const kept = []; const f = (v) => v; for (let i = 0; i < 12; i++) { kept.push([f(9007199254740993n), f(0xffffffffffffffffffffffffn), f(12n) === 3n * 4n, { v: -9007199254740993n, i }]); } const s = new Set(kept.flat()); s.size`,
    "large BigInt literals": `const kept = []; const f = (v) => v; let same = 0; for (let i = 0; i < 12; i++) { kept.push(f(${"1234567890".repeat(40)}n)); for (const v of kept) if (v === f(${"1234567890".repeat(40)}n)) same++; } same`,
    // A snapshot writes their values, and not that they are held as doubles: 0.5 + 0.5 is.
    "integers that are held as doubles": `const f = (v) => v; const whole = (n) => n - 0.5 + 0.5; const log = []; const r = /a+/g, y = /a/y;
      for (let i = 0; i < 6; i++) { const list = [whole(i), whole(1), whole(-7), 2.5]; f(); const n = whole(300 + i), radix = whole(10), at = whole(1); f(list);
        log.push(list.join(), parseInt(n), parseInt(n, radix), parseFloat(n), String(n), n.toString(radix), list.indexOf(at), "abc".charAt(at), "abc".slice(at), [1, 2, 3].at(at), [3, 1].includes(at));
        r.lastIndex = whole(1); y.lastIndex = whole(2); f(); log.push(r.exec("baab"), y.test("bcab"), "xaay".replace(r, "-"), r.test("caa"));
        const g = function () { arguments.length = whole(1); f(); return f.apply(null, arguments); }; log.push(g(i, 2), JSON.stringify(list), Math.max(...list), list.toSorted().length, Array(at).length, "ab".repeat(at), new Date(n).getTime(), n % 7, n ** 2, n << 1, list[at]); }
      log.flat().length`,
    // What the core had in a buffer of its own was taken for a change of the global object, which has no fields.
    "long digits": `const f = (v) => v; for (let i = 0; i < 9; i++) f(5e-324.toString(2 + i)); for (let i = 0; i < 9; i++) f(i);`,
    "console and garbage": `for (let i = 0; i < 60; i++) { console.log("line", i, [i, { i }]); } 1`,
  };

  it.each(Object.entries(programs))("%s", (_, source) => {
    for (const fuel of [2, 17, 9973]) expect(difference(source, fuel)).toBeUndefined();
  });

  it("shows where BigInts were mixed, whatever was called before", () => {
    const { output } = runtimes[0]!
      .compile(
        "function f() { return 1 }\nfunction g(a) { [1].map(f);\n return 1n * a; }\ntry { g(1) } catch (e) { e.stack }",
        { filename: "a.js" },
      )
      .start() as CompleteState;
    expect(String(output).split("\n")[1]).toMatch(/g \(a\.js:3:\d+\)/);
  });
});

describe("a snapshot does not forget", () => {
  it("registered symbols", () => {
    const source = `const before = { k: Symbol.for("k") }; const work = () => { let n = 0; for (let i = 0; i < 50; i++) n += i; return n; };
      work(); const after = Symbol.for("k"); [before.k === after, Symbol.for("k") === after, Symbol.keyFor(before.k)].join()`;
    expect(run(source, 7).output).toBe("true,true,k");
  });

  it("what console counts, times and how far it indents", () => {
    const source = `const work = () => { for (let i = 0; i < 9; i++); }; console.count("a"); console.group("g"); console.time("t"); work(); console.count("a"); console.log("in"); console.groupEnd(); work(); console.timeEnd("t"); console.count("a");`;
    expect(run(source, 1).stdout).toBe("a: 1\ng\n  a: 2\n  in\nt: 0ms\na: 3\n");
  });

  it("the most memory that was in use", () => {
    const many = `let a = []; for (let i = 0; i < 30000; i++) a.push({ i }); a = null; await new Promise((r) => setTimeout(r, 1)); 1`;
    const garbage = `let n = 0; for (let i = 0; i < 4000; i++) n += [i, { i }, "text " + i].length; await new Promise((r) => setTimeout(r, 1)); n`;
    for (const source of [many, garbage]) {
      const state = runtimes[0]!.compile(source, { filename: "a.js" }).start(START) as SuspendedState;
      const { peakMemoryBytes } = state.usage;
      expect(peakMemoryBytes).toBeGreaterThan(200_000);
      const again = runtimes[1]!.load(state.snapshot().dump()).restore();
      expect(again.usage.peakMemoryBytes).toBe(peakMemoryBytes);
      expect(again.usage.memoryBytes).toBeLessThan(100_000);
      expect(run(source, 20_000).usage.peakMemoryBytes).toBeGreaterThan(peakMemoryBytes / 2);
    }
  }, 60_000);

  it("the most memory that a deep recursion took", () => {
    const source = `const f = () => "a".replace(/a/, f); try { f(); } catch {} for (let i = 0; i < 50000; i++); 1`;
    const whole = runtimes[0]!.compile(source, { filename: "a.js" }).start(START) as CompleteState;
    expect(run(source, 3_000).usage.peakMemoryBytes).toBeGreaterThan(whole.usage.peakMemoryBytes / 2);
  }, 60_000);

  it("a program that was started without fuel", () => {
    const state = runtimes[0]!
      .compile("let a = 1; a + 1", { filename: "a.js" })
      .start({ limits: { fuel: 0 } }) as SuspendedState;
    const again = runtimes[1]!.load(state.snapshot().dump()).restore() as State & { status: "paused" };
    expect((again.resume({ fuel: 1000 }) as CompleteState).output).toBe(2);
    const session = runtimes[0]!.session({ limits: { fuel: 0 } });
    const held = session.start("const b = 2; b * 3") as State & { status: "paused" };
    const later = runtimes[1]!.session({ from: runtimes[1]!.load(held.snapshot().dump()) }).state() as State & {
      status: "paused";
    };
    expect((later.resume({ fuel: 1000 }) as CompleteState).output).toBe(6);
  });
});
