// Many states that wait: most of them without a machine, some forked, some whose snapshot is loaded again by the runtime that wrote it.
// None of that may be noticed.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState, PausedState, Snapshot, State, SuspendedState } from "../../ts/index.ts";
import { Core } from "../../ts/machine/core.ts";
import { Lease } from "../../ts/api/lease.ts";
import { WASM } from "../support/runtime.ts";

const module = new WebAssembly.Module(readFileSync(WASM));
let runtime: Runtime;
let other: Runtime;
beforeAll(async () => {
  runtime = await createRuntimeFrom({ module, typescript: false });
  other = await createRuntimeFrom({ module, typescript: false });
});

const SOURCE = `
  globalThis.mine = { id };
  Math.id = id;
  const list = [];
  for (let i = 0; i < 40; i++) list.push({ i, text: "item " + i + " of " + id });
  const weak = new WeakMap([[list, id]]);
  const gen = (function* () { for (let i = id; ; i++) yield i; })();
  console.log("started", id);
  let total = 0;
  for (let n = 0; n < 3; n++) { total += await ask(id, gen.next().value); console.log(total, list.length, weak.get(list), Math.id, mine.id); list.push(eval("total + " + n)); }
  ({ total, id, last: list.at(-1), random: Math.random() })`;
const begin = (id: number, from = runtime): SuspendedState =>
  from
    .compile(SOURCE, { filename: "a.js", inputs: ["id"], externals: ["ask"], allowEval: true })
    .start({ inputs: { id }, seed: id, now: 0 }) as SuspendedState;

function finish(state: State): { output: unknown; stdout: string; fuel: number } {
  let now = state;
  while (now.status === "suspended") now = now.resume(now.calls[0].args.length + Number(now.calls[0].args[1]));
  return { output: (now as CompleteState).output, stdout: now.stdout, fuel: now.usage.fuel };
}

/** Counts how often a state is parked. */
function countingParks<T>(work: () => T): { result: T; parks: number } {
  const park = Lease.prototype.park;
  let parks = 0;
  Lease.prototype.park = function (this: Lease) {
    parks++;
    return park.call(this);
  };
  try {
    return { result: work(), parks };
  } finally {
    Lease.prototype.park = park;
  }
}

describe("many states that wait", () => {
  it("are as if each had a machine, in whatever order they go on", () => {
    const COUNT = 150;
    const { result, parks } = countingParks(() => {
      const states: State[] = Array.from({ length: COUNT }, (_, id) => begin(id));
      for (let step = 0; step < 2; step++) {
        for (let k = 0; k < COUNT; k++) {
          const id = (k * 67) % COUNT;
          const state = states[id] as SuspendedState;
          expect(state.calls[0].args).toEqual([id, id + step]);
          states[id] = state.resume(2 + id + step);
        }
      }
      return states.map((state) => finish(state));
    });
    expect(parks).toBeGreaterThan(COUNT);
    for (const id of [0, 1, 31, 77, 149]) expect(result[id]).toEqual(finish(begin(id, other)));
  });

  it("write the bytes that they would have written with a machine", () => {
    const states = Array.from({ length: 60 }, (_, id) => begin(id));
    for (const id of [0, 5, 40, 59]) {
      const theirs = begin(id, other).snapshot().dump({ elapsed: false });
      expect(states[id]!.snapshot().dump({ elapsed: false })).toEqual(theirs);
    }
    for (const state of states) state.dispose();
  });

  it("survive a collection, a stack and much memory", () => {
    const source = `let a = []; for (let i = 0; i < 60_000; i++) { a.push({ i }); if (a.length > 500) a = []; }
      function deep(n) { return n === 0 ? ask(a.length) : deep(n - 1) + 1 } deep(500) + a.length`;
    const program = runtime.compile(source, { filename: "a.js", externals: { ask: "sync" } });
    const states = Array.from({ length: 40 }, () => program.start({ seed: 1 }) as SuspendedState);
    const others = Array.from({ length: 40 }, (_, id) => begin(id));
    const outputs = states.map((state) => (state.resume(7) as CompleteState).output);
    expect(new Set(outputs)).toEqual(new Set([7 + 500 + Number(states[0]!.calls[0].args[0])]));
    for (const state of others) state.dispose();
  });

  it("can be disposed, and are refused once they have gone on", () => {
    const states = Array.from({ length: 50 }, (_, id) => begin(id));
    states[0]!.dispose();
    expect(() => states[0]!.resume(1)).toThrow(/disposed/);
    const next = states[1]!.resume(1);
    expect(() => states[1]!.resume(1)).toThrow(/already resumed/);
    expect(next.status).toBe("suspended");
    for (const state of [...states.slice(2), next as SuspendedState]) state.dispose();
  });

  it("go on after the runtime was disposed", async () => {
    const mortal = await createRuntimeFrom({ module, typescript: false });
    const states = Array.from({ length: 50 }, (_, id) => begin(id, mortal));
    mortal.dispose();
    expect(finish(states[0]!)).toEqual(finish(begin(0, other)));
  });

  it("of sessions wait without a machine, too", () => {
    const sessions = Array.from({ length: 50 }, () => runtime.session({ language: "javascript", externals: ["ask"] }));
    const states = sessions.map((session, i) => session.start(`let v = ${i}; v += await ask(v); v`) as SuspendedState);
    const outputs = states.map((state, i) => (state.resume(i) as CompleteState).output);
    expect(outputs).toEqual(states.map((_, i) => 2 * i));
    expect((sessions[7]!.start("v") as CompleteState).output).toBe(14);
    for (const session of sessions) session.dispose();
  });
});

describe("fork", () => {
  it("gives independent states", () => {
    const state = begin(3);
    const forks = Array.from({ length: 3 }, () => state.fork());
    const later = (forks[0]!.resume(100) as SuspendedState).fork();
    const [a, b, c] = [forks[1]!, state, forks[2]!].map((one) => finish(one));
    expect(a).toEqual(finish(begin(3, other)));
    expect([b, c]).toEqual([a, a]);
    expect(finish(later).output).not.toEqual(a!.output);
    expect(() => state.fork()).toThrow(/complete|resumed/);
  });

  it("of a paused state goes on at the same instruction", () => {
    const program = runtime.compile("let n = 0; for (let i = 0; i < 1000; i++) n += i; n", { filename: "a.js" });
    const paused = program.start({ limits: { fuel: 300 } }) as PausedState;
    const fork = paused.fork();
    expect(fork.reason).toBe("fuel");
    const ends = [fork, paused].map((one) => one.resume({ fuel: 1e6 }) as CompleteState);
    expect(ends.map((one) => [one.output, one.usage.fuel])).toEqual([0, 1].map(() => [499_500, ends[0]!.usage.fuel]));
  });

  it("leaves nothing of one in the machine of another", () => {
    const fresh = new Core(module).create().views.u8;
    const reset = Core.prototype.reset;
    let resets = 0;
    Core.prototype.reset = function (this: Core, machine) {
      reset.call(this, machine);
      resets++;
      const { u8 } = machine.views;
      expect(Buffer.compare(u8.subarray(0, fresh.length), fresh)).toBe(0);
      expect(u8.subarray(fresh.length).every((byte) => byte === 0)).toBe(true);
    };
    try {
      const states: SuspendedState[] = [];
      for (let id = 0; id < 60; id++) {
        const state = begin(id);
        states.push(state, state.fork());
        if (id % 3 === 0) state.snapshot().dump();
      }
      for (const state of states) state.dispose();
      begin(1).dispose();
    } finally {
      Core.prototype.reset = reset;
    }
    expect(resets).toBeGreaterThan(60);
  });
});

describe("bytes that the runtime has just written", () => {
  it("give the state that they give elsewhere, any number of times", () => {
    const state = begin(5).resume(6) as SuspendedState;
    const bytes = state.snapshot().dump();
    const { calls, stdout } = state;
    state.dispose();
    const first = runtime.load(bytes);
    const states = [first.restore(), runtime.load(bytes).restore(), first.restore(), other.load(bytes).restore()];
    for (const one of states) {
      expect((one as SuspendedState).calls).toEqual(calls);
      expect(one.stdout).toBe(stdout);
    }
    const ends = states.map((one) => finish(one));
    for (const end of ends) expect(end).toEqual(ends[3]);
  });

  it("are known by every byte, and only while the state is as it was written", () => {
    const state = begin(8);
    const snapshot = state.snapshot();
    const bytes = snapshot.dump();
    const next = state.resume(9) as SuspendedState;
    next.dispose();
    const loaded = runtime.load(bytes).restore() as SuspendedState;
    expect(loaded.calls[0].args).toEqual([8, 8]);
    loaded.dispose();
    // The array belongs to the caller.
    const again = bytes.slice();
    bytes.fill(0);
    expect(finish(runtime.load(again).restore())).toEqual(finish(begin(8, other)));
    again[again.length - 1]! ^= 1;
    expect(() => runtime.load(again)).toThrow(/checksum/);
  });

  it("get no more than the options of load grant", () => {
    const written = (): Uint8Array => {
      const state = begin(9);
      const bytes = state.snapshot().dump();
      state.dispose();
      return bytes;
    };
    expect(() => runtime.load(written(), { externals: ["other"] })).toThrow(/ask/);
    const poor = runtime.load(written(), { limits: { hostCalls: 1 } }).restore() as SuspendedState;
    expect(() => poor.resume(1)).toThrow(/hostCalls/);
    const mute = runtime.load(written(), { allowEval: false }).restore() as SuspendedState;
    expect(() => mute.resume(1)).toThrow(/EvalError|not allowed|Code generation/);
    const other = runtime.compile("1", { filename: "a.js" });
    expect(() => runtime.load(written(), { program: other })).toThrow(/hash/);
  });

  it("may be inspected, and then still be resumed", () => {
    const state = begin(4);
    const bytes = state.snapshot().dump();
    state.dispose();
    const snapshot = runtime.load(bytes);
    // What is garbage, and how much memory that takes, is no part of the state.
    const shown = (from: Snapshot): unknown => {
      const { usage, ...rest } = from.inspect();
      return { ...rest, fuel: usage.fuel, hostCalls: usage.hostCalls };
    };
    expect(shown(snapshot)).toEqual(shown(other.load(bytes)));
    expect(finish(snapshot.restore())).toEqual(finish(begin(4, other)));
  });
});
