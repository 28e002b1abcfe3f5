// A snapshot compares only base objects that were noted before they changed. These tests compare all of them, too: nothing may be
// missed, whatever changes them.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { KIND, VM_VALUE } from "../../ts/generated/machine.ts";
import type { State } from "../../ts/index.ts";
import { kindAndSize } from "../../ts/machine/base-image.ts";
import { Core } from "../../ts/machine/core.ts";
import { readContainer } from "../../ts/snapshot/container.ts";
import { environmentOf } from "../../ts/snapshot/environment.ts";
import { Pristine } from "../../ts/snapshot/pristine.ts";
import { PROGRAMS } from "./programs.ts";
import { answerTo, compile, START, testRuntime, WASM } from "./support.ts";

const list = Pristine.prototype.list;
let comparesAll = false;
let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
  Pristine.prototype.list = function (this: Pristine, touched) {
    return list.call(this, comparesAll ? undefined : touched);
  };
});
afterAll(() => {
  Pristine.prototype.list = list;
});

function graphOf(state: State, all: boolean): Uint8Array {
  if (state.status === "complete") throw new Error("it is complete");
  comparesAll = all;
  try {
    return readContainer(state.snapshot().dump({ level: 0 }), 1e9).sections.get(4)!;
  } finally {
    comparesAll = false;
  }
}

/** True if both ways give the same graph, in the state itself and after it was loaded. */
function isWhole(state: State): boolean {
  if (state.status === "complete") return true;
  if (Buffer.compare(graphOf(state, false), graphOf(state, true)) !== 0) return false;
  const again = runtime.load(state.snapshot().dump({ level: 0 })).restore();
  const same = Buffer.compare(graphOf(again, false), graphOf(state, true)) === 0;
  if (again.status !== "complete") again.dispose();
  return same;
}

/** Ways to change what every program has. Each runs twice, for what caches do the second time. */
const CHANGES: Readonly<Record<string, string>> = {
  assign: `Math.PI2 = i; Math.max = i; globalThis.x = i; JSON.a = { i };`,
  "assign to functions": `Array.from.x = i; parseInt.y = i; Object.z = i; Promise.resolve.w = i; eval.v = i;`,
  "assign by key": `Reflect["k" + i] = i; Reflect[i] = i; Map.prototype[Symbol.iterator] = i; Array.prototype[3] = i;`,
  "lengths and pushes": `Array.prototype.push(i); Array.prototype.length = 2;`,
  define: `Object.defineProperty(Number, "q", { value: i, writable: true, configurable: true }); Object.defineProperty(Math, "E", {}); Object.defineProperty(Set.prototype, "size", { get() { return i; } });`,
  accessors: `Object.prototype.__defineGetter__("g", () => i); Object.prototype.__defineSetter__("s", function (v) { Math.set = v; }); ({}).s = i;`,
  delete: `delete Math.abs; delete Array.prototype.map; delete globalThis.escape; Math.abs = i;`,
  "delete most": `for (const k of Object.getOwnPropertyNames(Math)) delete Math[k]; Math.one = i;`,
  prototypes: `Object.setPrototypeOf(Math, { i }); Object.setPrototypeOf(Map.prototype, null); Reflect.setPrototypeOf(Set, Map); JSON.__proto__ = Math;`,
  freeze: `Object.freeze(Math); Object.seal(JSON); Object.preventExtensions(Reflect);`,
  "return override": `class A { constructor(o) { return o; } } class B extends A { #p = i; f = i; set() { this.#p = i + 1; } } const b = new B(i % 2 ? Math : JSON.parse); B.prototype.set.call(b); if (i % 2) new B(String.raw);`,
  "captured stacks": `Error.captureStackTrace?.(Math); Math.stack; Error.stackTraceLimit = 3 + i; Error.prepareStackTrace = undefined;`,
  lexical: `let a = i; const c = a; (0, eval)("let l" + i + " = " + i + "; const k" + i + " = 1; var v" + i + " = 2; function f" + i + "() {}"); globalThis["v" + i]++;`,
  "hot stores": `for (let j = 0; j < 50; j++) { Math.h = j; JSON["h"] = j; Array.isArray.h = j; globalThis.hot = j; hot2 = j; }`,
  "keys of collections": `globalThis.m ??= new Map(); m.set(Math, i).set(Array.prototype.map, i); globalThis.w ??= new WeakMap(); w.set(JSON, i);`,
  "classes that extend": `class E extends Error {} class P extends Promise {} class F extends Function {} new E(); P.resolve(i); Object.assign(Intl ?? {}, { i });`,
  "very many": `for (const o of [Math, JSON, Reflect, Array.prototype, Object, Map.prototype]) for (const k of Object.getOwnPropertyNames(o)) { const f = o[k]; if (typeof f === "function" && Object.isExtensible(f)) f.many = i; }`,
  "symbols and privates": `Symbol.for("s" + i); Math[Symbol.for("s" + i)] = i; Object.groupBy.toString = i; RegExp.prototype.i = i; RegExp.lastMatch; /b(i)/.exec("abi");`,
};

describe("base objects that changed", () => {
  it.each(Object.entries(CHANGES))("are all written: %s", (_name, change) => {
    const source = `for (let i = 0; i < 3; i++) { try { ${change} } catch (e) { globalThis.failed = String(e); } ask(i); }`;
    const program = runtime.compile(source, { filename: "a.js", externals: { ask: "sync" }, allowEval: true });
    let state: State = program.start(START);
    for (let n = 0; state.status === "suspended"; n++) {
      expect(isWhole(state), `at call ${n}`).toBe(true);
      // Every other time in a machine that the snapshot was read into.
      const held: State = n % 2 === 0 ? runtime.load(state.snapshot().dump({ level: 0 })).restore() : state;
      if (held !== state) state.dispose();
      state = (held as typeof state).resume(n);
    }
    expect(state.status).toBe("complete");
  });

  it("of all programs are written at every stop", () => {
    let stops = 0;
    for (const given of PROGRAMS) {
      let state: State = compile(runtime, given).start({ ...START, limits: { fuel: 150 } });
      for (let n = 0; n < 12 && state.status !== "complete"; n++) {
        expect(isWhole(state), `${given.name}, stop ${n}`).toBe(true);
        stops++;
        try {
          state =
            state.status === "paused"
              ? state.resume({ fuel: 331 })
              : state.resumeCalls(new Map(state.calls.map((call) => [call.id, answerTo(call)])));
        } catch {
          break;
        }
      }
      if (state.status !== "complete") state.dispose();
    }
    expect(stops).toBeGreaterThan(100);
  });
});

/** What the writer, the notes and the caches take for granted of the base image. */
describe("the base image", () => {
  const core = new Core(new WebAssembly.Module(readFileSync(WASM)));
  const { at, bytes } = core.baseCells;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const objects: { readonly kind: number; readonly word: number }[] = [];
  for (let word = 0; word < words.length;) {
    const { kind, size } = kindAndSize(words[word + 1]!);
    if (kind >= KIND.OBJECT) objects.push({ kind, word });
    word += size / 4;
  }

  it("has objects of few kinds, whose fields do not change", () => {
    const kinds = new Set(objects.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      [KIND.OBJECT, KIND.ARRAY, KIND.FUNCTION, KIND.NATIVE, KIND.PRIMITIVE, KIND.GLOBAL].sort(),
    );
    const closures = objects.filter(({ kind, word }) => kind === KIND.FUNCTION && words[word + 5] !== 0);
    expect(closures).toEqual([]);
  });

  it("has no object with elements", () => {
    expect(objects.filter(({ word }) => words[word + 3] !== 0)).toEqual([]);
  });

  it("shares shapes between functions only, and guests' objects begin with shapes that none of its objects has", () => {
    const users = new Map<number, Set<number>>();
    const count = new Map<number, number>();
    for (const { kind, word } of objects) {
      const shape = words[word]!;
      users.set(shape, (users.get(shape) ?? new Set<number>()).add(kind));
      count.set(shape, (count.get(shape) ?? 0) + 1);
    }
    for (const [shape, kinds] of users) {
      const isUnique = (words[(shape - at) / 4]! & 1) !== 0;
      if (isUnique) expect(count.get(shape)).toBe(1);
      else expect([...kinds].every((kind) => kind === KIND.FUNCTION || kind === KIND.NATIVE)).toBe(true);
    }
  });

  it("is compared in what changes without a note", () => {
    const { pristine, addresses } = environmentOf(core);
    const { bytes: entries, count } = pristine.list(new Uint32Array(0));
    const view = new Uint32Array(entries.buffer, entries.byteOffset, entries.length / 4);
    const found: number[] = [];
    for (let word = 0; word < view.length; word += view[word]! / 4) found.push(view[word + 2]!);
    expect(found.length).toBe(count);
    const others = objects.filter(({ kind }) => kind === KIND.ARRAY || kind === KIND.GLOBAL);
    const wanted = others.map(({ word }) => at + 4 * word).filter((address) => addresses.includes(address));
    expect(found).toEqual(expect.arrayContaining([...wanted, core.wordOfBlock(VM_VALUE.globalLexical)]));
  });
});
