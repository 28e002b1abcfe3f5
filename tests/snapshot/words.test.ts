// Every word of machine state has a fate in a snapshot (ts/defs/layout.ts, KEPT_FATES), and it is true: what is said to be written comes
// back, what is said to be a cache or to mean nothing at a stop can be as in a fresh machine, and no other word holds state.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { KEPT, KEPT_FATES } from "../../ts/defs/intrinsics.ts";
import { type Fate, MAX_INTRINSICS, VM_VALUE_ROWS, VM_WORD_ROWS } from "../../ts/defs/layout.ts";
import { KEPT_ROOTS, LISTS, VALUES, WORDS } from "../../ts/defs/snapshot-format.ts";
import { VM_ATOMS, VM_END, VM_INTRINSICS, VM_VALUE, VM_WORD } from "../../ts/generated/machine.ts";
import type { PausedState, State, SuspendedState } from "../../ts/index.ts";
import { Core } from "../../ts/machine/core.ts";
import { DEFAULT_LIMITS } from "../../ts/machine/limits.ts";
import type { Machine, VmWord } from "../../ts/machine/machine.ts";
import { PROGRAMS, type SnapshotProgram } from "./programs.ts";
import { answerTo, compile, START, testRuntime, WASM } from "./support.ts";

/** Programs that between them use everything that is written. */
const MORE: readonly SnapshotProgram[] = [
  {
    name: "registered symbols",
    source: `const a = Symbol.for("k"), long = Symbol.for("key ".repeat(30)); let n = 0; for (let i = 0; i < 5; i++) n += Symbol.for("k" + i) === Symbol.for("k" + i) ? 1 : 0;
    [a === Symbol.for("k"), long === Symbol.for("key ".repeat(30)), Symbol.keyFor(a), n].join()`,
  },
  {
    name: "console state",
    source: `console.error("e"); console.count("a"); console.group("g"); console.time("t"); for (let i = 0; i < 4; i++) console.log(i); console.count("a"); console.groupEnd(); console.timeEnd("t"); console.count("a"); 1`,
  },
  {
    name: "many objects",
    source: `let list = []; for (let i = 0; i < 12000; i++) list.push({ i, of: [i] }); const n = list.length; list = null; for (let i = 0; i < 3000; i++); n`,
  },
  {
    name: "a rejection that is handled late",
    source: `const log = []; const p = Promise.reject(new Error("late")); for (let i = 0; i < 4; i++) log.push(i); p.catch((e) => log.push(e.message)); await null; await null; log.join()`,
  },
];

/** No run of this build has a mark of memory. Between slices a run has been at no limit, is not stepped and throws nothing; no test spends 2^32 units of fuel. */
const NEVER_SEEN = ["limitKind", "limitUsed", "keptMark", "stepping", "exception", "fuelUsedHigh", "weakPointHigh"];

const fateOf = (
  fates: readonly Fate[],
): { words: VmWord[]; values: (keyof typeof VM_VALUE)[]; kept: (keyof typeof KEPT)[] } => ({
  words: VM_WORD_ROWS.flatMap(([name, fate]) => (fates.includes(fate) ? [name] : [])),
  values: VM_VALUE_ROWS.flatMap(([name, fate]) => (fates.includes(fate) ? [name] : [])),
  kept: (Object.keys(KEPT) as (keyof typeof KEPT)[]).filter((name) => fates.includes(KEPT_FATES[name])),
});

let runtime: Runtime;
let fresh: Machine;
beforeAll(async () => {
  runtime = await testRuntime();
  const core = new Core(new WebAssembly.Module(readFileSync(WASM)));
  fresh = core.create();
  core.begin(fresh, DEFAULT_LIMITS);
});

const machineOf = (state: State): Machine => (state as unknown as { machine: Machine }).machine;
const keptAt = (name: keyof typeof KEPT): number => VM_INTRINSICS + 8 * KEPT[name];
const bitsAt = (machine: Machine, address: number): bigint => machine.views.data.getBigUint64(address, true);
/** A value without its address: two machines have the same cells in different places. */
const kindOfBits = (bits: bigint): bigint =>
  bits >> 32n >= 0xfffffff0n && bits >> 32n < 0xffffffffn ? bits >> 32n : bits;

/** A state that can be held. */
type Held = SuspendedState | PausedState;
const bytesOf = (state: Held): string =>
  Buffer.from(state.snapshot().dump({ elapsed: false, level: 0 })).toString("latin1");

/** Runs a program in small slices; `at` sees the states that can be held and answers the one to go on from. */
function walk(program: SnapshotProgram, at: (state: Held, stop: number) => State): { output: unknown; fuel: number } {
  let stop = 0;
  const slice = (): number => (stop < 24 ? 1 + (stop % 4) : stop * stop);
  let state = compile(runtime, program).start({
    ...START,
    timeZone: "+02:00",
    limits: { fuel: slice(), stackDepth: 3000 },
  });
  while (state.status !== "complete") {
    if (state.usage.memoryBytes < 3_000_000 || stop % 8 === 0) state = at(state, stop);
    stop++;
    if (state.status === "complete") break;
    if (state.status === "paused") state = state.resume({ fuel: slice() });
    else {
      const timers = state.calls.filter(({ kind }) => kind === "timer").sort((a, b) => a.dueAt! - b.dueAt!);
      const call = state.calls.find(({ kind }) => kind !== "timer") ?? timers[0]!;
      const answer = call.kind === "timer" ? { value: undefined } : answerTo(call);
      state = state.resumeCalls(new Map([[call.id, answer]]), { fuel: slice() });
    }
  }
  return { output: state.output, fuel: state.usage.fuel };
}

const ALL = [...PROGRAMS.filter(({ name }) => name !== "recursion"), ...MORE];

describe("words with the fate written", () => {
  it("is what has that fate", () => {
    const { words, values, kept } = fateOf(["written"]);
    expect([...words].sort()).toEqual([...WORDS, ...LISTS.map(([name]) => name)].sort());
    expect([...values].sort()).toEqual([...VALUES].sort());
    expect([...kept].sort()).toEqual([...KEPT_ROOTS].sort());
  });

  it("comes back, and each of it is used by some program", () => {
    const { values, kept } = fateOf(["written"]);
    const seen = new Set<string>();
    for (const program of ALL) {
      walk(program, (state) => {
        const before = machineOf(state);
        const words = WORDS.map((name) => before.word(name));
        const lists = LISTS.map(([name]) => before.word(name) !== 0);
        const held = [...values.map((name) => VM_VALUE[name]), ...kept.map(keptAt)].map((at) =>
          kindOfBits(bitsAt(before, at)),
        );
        const again = runtime.load(state.snapshot().dump({ level: 0 })).restore();
        const after = machineOf(again);
        // Writing counts what was allocated.
        words[WORDS.indexOf("allocated")] = before.word("allocated");
        expect(
          WORDS.map((name) => after.word(name)),
          program.name,
        ).toEqual(words);
        expect(
          LISTS.map(([name]) => after.word(name) !== 0),
          program.name,
        ).toEqual(lists);
        const back = [...values.map((name) => VM_VALUE[name]), ...kept.map(keptAt)].map((at) =>
          kindOfBits(bitsAt(after, at)),
        );
        expect(back, program.name).toEqual(held);
        for (const name of [...WORDS, ...LISTS.map(([list]) => list)])
          if (before.word(name) !== fresh.word(name)) seen.add(name);
        for (const name of values)
          if (kindOfBits(bitsAt(before, VM_VALUE[name])) !== kindOfBits(bitsAt(fresh, VM_VALUE[name]))) seen.add(name);
        for (const name of kept) if (bitsAt(before, keptAt(name)) !== bitsAt(fresh, keptAt(name))) seen.add(name);
        // Texts change without another kind of value.
        if (before.stdout !== "") seen.add("stdout");
        if (before.stderr !== "") seen.add("stderr");
        return again;
      });
    }
    const { words } = fateOf(["written"]);
    expect([...words, ...values, ...kept].filter((name) => !seen.has(name)).sort()).toEqual([...NEVER_SEEN].sort());
  }, 120_000);

  it("comes with the limits that the run was given", () => {
    const { words } = fateOf(["host"]);
    walk(MORE[0]!, (state) => {
      const before = words.map((name) => machineOf(state).word(name));
      const again = runtime.load(state.snapshot().dump()).restore();
      expect(words.map((name) => machineOf(again).word(name))).toEqual(before);
      return again;
    });
  });
});

describe("words with another fate", () => {
  /** Puts everything that is a cache or means nothing now back to what a fresh machine has. */
  function forget(machine: Machine): void {
    const { words, values, kept } = fateOf(["cache", "passing"]);
    for (const name of words) machine.setWord(name, fresh.word(name));
    // Inline caches, which a loaded machine has not filled, hold for one epoch: any other will do.
    machine.setWord("epoch", machine.word("epoch") + 1000);
    for (const at of [...values.map((name) => VM_VALUE[name]), ...kept.map(keptAt)]) {
      machine.views.data.setBigUint64(at, bitsAt(fresh, at), true);
    }
  }

  it.each(ALL)(
    "can be as in a fresh machine at every stop: $name",
    (program) => {
      const bytes: string[] = [];
      const expected = walk(program, (state) => {
        bytes.push(bytesOf(state));
        return state;
      });
      let stop = 0;
      const actual = walk(program, (state) => {
        expect(bytesOf(state) === bytes[stop++], `bytes at stop ${stop}`).toBe(true);
        forget(machineOf(state));
        return state;
      });
      expect(actual).toEqual(expected);
    },
    60_000,
  );

  it("is not among the intrinsics and well-known atoms", () => {
    const kept = new Set(
      Object.values<number>(KEPT).flatMap((slot) =>
        slot === KEPT.PLAIN_SHAPES ? Array.from({ length: 17 }, (_, i) => slot + i) : [slot],
      ),
    );
    for (const program of ALL) {
      walk(program, (state) => {
        const machine = machineOf(state);
        for (let i = 0; i < MAX_INTRINSICS; i++) {
          if (!kept.has(i) && bitsAt(machine, VM_INTRINSICS + 8 * i) !== bitsAt(fresh, VM_INTRINSICS + 8 * i))
            expect(`intrinsic ${i} changed in ${program.name}`).toBe("");
        }
        const atoms = (of: Machine): Uint8Array => of.views.u8.slice(VM_ATOMS, VM_END);
        expect(Buffer.compare(atoms(machine), atoms(fresh))).toBe(0);
        return state;
      });
    }
  }, 60_000);

  it("has a place in the VM block that a fate explains", () => {
    expect(Object.keys(VM_WORD)).toEqual(VM_WORD_ROWS.map(([name]) => name));
    expect(Object.keys(VM_VALUE)).toEqual(VM_VALUE_ROWS.map(([name]) => name));
  });
});
