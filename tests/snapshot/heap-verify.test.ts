// Holds the machine to the invariants of its heap at every kind of stop, and the verifier to what it promises: a planted fault of each kind
// is found. Needs build/fermata.check.wasm.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { KIND, VM_WORD } from "../../ts/generated/machine.ts";
import type { State } from "../../ts/index.ts";
import { checkingRuntime, heapProblem, machineOf } from "../support/verify-heap.ts";
import { PROGRAMS } from "./programs.ts";
import { compile, discard, trace } from "./support.ts";

/** Stops at which a program is looked at. */
const STOPS = 12;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await checkingRuntime();
});

describe.each(PROGRAMS.map((program) => [program.name, program] as const))("%s", (_, program) => {
  it("has a sound heap wherever it stops", () => {
    const compiled = compile(runtime, program);
    const whole = trace(compiled, (state) => state);
    const problems: string[] = [];
    const looked = trace(
      compiled,
      (state) => {
        const found = state.status === "complete" ? undefined : heapProblem(state);
        if (found !== undefined) problems.push(found);
        return state;
      },
      Math.max(1, Math.ceil(whole.fuel / STOPS)),
    );
    expect(problems).toEqual([]);
    // Looking at a heap changes nothing.
    expect({ ...looked, stops: 0 }).toEqual({ ...whole, stops: 0 });
  }, 120_000);
});

// --- planted faults

const HOLDER = `const list = [1, "two", { a: 1, b: "x".repeat(9) }], map = new Map([[1, list], ["k", "y"]]), big = 1n << 70n;
  const cut = "yz".repeat(300).slice(5, 400), inner = (() => { let kept = list; return () => kept; })(), promise = new Promise(() => {}), pattern = /a+b/, view = new Uint8Array(8);
  const sparse = []; sparse[9e6] = 1; let n = 0; for (;;) n++;`;

let held: State | undefined;
afterEach(() => {
  if (held !== undefined) discard(held);
  held = undefined;
});

/** A stopped program with something of everything. */
function stopped(): State {
  held = runtime.compile(HOLDER).start({ limits: { fuel: 5000 } });
  return held;
}

/** Changes every cell of a kind in the heap: some of them can be reached. */
function plant(state: State, kind: keyof typeof KIND, change: (words: Uint32Array, at: number) => void): number {
  const machine = machineOf(state);
  const end = machine.wordAt(VM_WORD.heapTop);
  const words = new Uint32Array(machine.exports.memory.buffer);
  let cells = 0;
  for (let p = machine.wordAt(VM_WORD.heapBase); p < end;) {
    const header = words[p / 4 + 1]!;
    const size = (header & 0xffffff) * 8;
    if (header >>> 24 === KIND[kind]) {
      change(words, p / 4);
      cells++;
    }
    p += size;
  }
  return cells;
}

type Fault = readonly [
  what: string,
  kind: keyof typeof KIND,
  change: (words: Uint32Array, at: number) => void,
  found: RegExp,
];

const FAULTS: readonly Fault[] = [
  ["a kind that does not exist", "STRING", (w, at) => void (w[at + 1] = (63 << 24) | (w[at + 1]! & 0xffffff)), /^kind/],
  ["a cell that reaches beyond the heap", "BIGINT", (w, at) => void (w[at + 1]! |= 0xffffff), /^size/],
  ["a reference into the middle of a cell", "ARRAY", (w, at) => void (w[at + 3]! += 8), /^reference/],
  ["a reference to a cell of another kind", "ENV", (w, at) => void (w[at] = w[VM_WORD.atomTable / 4]!), /^sort/],
  [
    "bits that are no value",
    "ELEMENTS",
    (w, at) => (w[at + 3] === 0 ? undefined : void w.set([7, 0xfffffff0], at + 4)),
    /^value/,
  ],
  ["a string longer than its cell", "STRING", (w, at) => void (w[at + 2]! += 4096), /^text/],
  [
    "a hash that is not that of the characters",
    "STRING",
    (w, at) => void (w[at] = w[at] === 0 ? 0 : w[at]! ^ 1),
    /^(text|atoms|properties|table)/,
  ],
  ["a rope or slice beyond its base", "SLICE", (w, at) => void (w[at + 5]! += 100_000), /^text/],
  ["a bigint with a leading zero", "BIGINT", (w, at) => void (w[at + 4 + w[at + 3]! - 1] = 0), /^value/],
  ["a shape with more properties than its table", "SHAPE", (w, at) => void (w[at + 4]! += 40), /^(shape|properties)/],
  ["a property table with too many live entries", "PROPTABLE", (w, at) => void w[at + 5]!++, /^properties/],
  ["elements longer than their room", "ELEMENTS", (w, at) => void (w[at + 2] = w[at + 3]! + 1), /^elements/],
  [
    "a sparse table that has lost its hashes",
    "SPARSE",
    (w, at) => void w.fill(0, at + 6 + w[at + 3]! * 4, at + 6 + w[at + 3]! * 6),
    /^elements/,
  ],
  ["an array shorter than its elements", "ARRAY", (w, at) => void (w[at + 4] = 0), /^elements/],
  ["a hash table that counts wrong", "HASHTABLE", (w, at) => void w[at + 3]!++, /^table/],
  [
    "a hash table whose chains are lost",
    "HASHTABLE",
    (w, at) => void w.fill(0, at + 8 + w[at + 4]! * 6, at + 8 + w[at + 4]! * 6 + w[at + 5]!),
    /^table/,
  ],
  ["code whose tables begin within its instructions", "CODE", (w, at) => void (w[at + 10] = 64), /^code/],
  ["a promise in a state that there is not", "PROMISE", (w, at) => void (w[at + 4] = 3), /^snapshot: value/],
  ["a view beyond its buffer", "TYPEDARRAY", (w, at) => void (w[at + 6] = 9), /^snapshot: value/],
  ["a pattern that is none", "REGEXP", (w, at) => void (w[at + 5] = 255), /^snapshot: value/],
];

describe("the heap verifier", () => {
  it("finds nothing in a machine that is sound", () => {
    expect(heapProblem(stopped())).toBeUndefined();
  });

  it.each(FAULTS)("finds %s", (_, kind, change, found) => {
    const state = stopped();
    expect(plant(state, kind, change)).toBeGreaterThan(0);
    expect(heapProblem(state)).toMatch(found);
  });

  it("finds a frame that is at no instruction", () => {
    const state = stopped();
    const words = new Uint32Array(machineOf(state).exports.memory.buffer);
    words[VM_WORD.pc / 4]! += 80_000;
    expect(heapProblem(state)).toMatch(/^snapshot: a frame|^snapshot: bad frame/);
  });

  it("finds a word of the machine that refers to no cell", () => {
    const state = stopped();
    const words = new Uint32Array(machineOf(state).exports.memory.buffer);
    words[VM_WORD.jobHead / 4] = machineOf(state).wordAt(VM_WORD.heapBase) + 8;
    expect(heapProblem(state)).toBe("reference at a root");
  });
});
