// Owns what the snapshot fuzzer begins with: snapshots of programs that between them use every kind of cell and every instruction, taken
// at many stops. Must be the same for the same build.

import type { Runtime } from "../../../ts/api/runtime.ts";
import type { State } from "../../../ts/index.ts";
import { PROGRAMS, type SnapshotProgram } from "../../snapshot/programs.ts";
import { answerTo, compile, START } from "../../snapshot/support.ts";

/** Programs that stop with many kinds of value in registers, for mutated code to work on. */
const HELD: readonly SnapshotProgram[] = [
  {
    name: "values at a host call",
    externals: { ask: "sync" },
    source: `const env = { n: 1 }; class A { #p = 1; static s = 2; m() { return super.toString; } get p() { return this.#p; } }
    class B extends A { f = () => this; constructor() { super(); this.z = ask("in"); } }
    function take(a, [b, ...c], { d, ...e }, ...rest) {
      const map = new Map([[a, b]]), text = "text" + a, big = 12345678901234567890n, sym = Symbol("s"), re = /a(b)?/g, date = new Date(5);
      const view = new Uint8Array(8), list = [1, , 3], fn = function () { return map; }, b1 = new B(), gen = (function* () { yield* list; })();
      let n = 0; for (const v of new Set([1, 2])) { n += v; ask("loop"); }
      for (const k in e) n += k.length;
      try { ask("try"); null.x; } catch (error) { n += error.message.length; } finally { n++; }
      return [...gen, n, text, big > 1n, typeof sym, re.test("ab"), +date, view.length, fn().size, b1.z, c.length, e.x, rest.length, \`t\${n}\`].join();
    }
    take(1, [2, 3, 4], { d: 5, x: 6 }, 7, 8) + ask("end");`,
  },
  {
    name: "values in generators",
    externals: { ask: "sync", later: "async" },
    source: `function* g(a = ask("default"), { b } = { b: 2 }) { const env = () => a; try { const x = yield a; yield* [x, b]; return env(); } finally { ask("finally"); } }
    async function f(p = 1) { const all = []; for await (const v of ag()) all.push(v); try { await later("fail"); } catch (e) { all.push(e.name); } return all.concat(await later("ok")).length; }
    async function* ag() { yield 1; await later("x"); const [a, ...rest] = [yield 2, 3]; yield rest.length; }
    const it = g(); const r = [it.next().value, it.next(5).value, ask("between"), ...it]; const n = await f(); [r.join(), n, ask("end")].join()`,
  },
];

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Goes on from a stop, as the answers to its calls say. */
export function goOn(state: State, fuel: number): State {
  if (state.status === "complete") return state;
  if (state.status === "paused") return state.resume({ fuel });
  const call = state.calls[0];
  if (call === undefined) return state;
  // Code written at random imports modules; there are none.
  const isPlain = call.kind === "async" || call.kind === "sync";
  const answer =
    call.kind === "timer" ? { value: undefined } : isPlain ? answerTo(call) : { error: new Error("no module") };
  return state.resumeCalls(new Map([[call.id, answer]]), { fuel });
}

export function makeCorpus(runtime: Runtime): readonly Seed[] {
  const corpus: Seed[] = [];
  for (const program of [...HELD, ...PROGRAMS]) {
    const stops = HELD.includes(program) ? 40 : 14;
    let state: State = compile(runtime, program).start({ ...START, limits: { fuel: HELD.includes(program) ? 9 : 40 } });
    for (let i = 0; i < stops && state.status !== "complete"; i++) {
      corpus.push({ name: `${program.name} ${i}`, bytes: state.snapshot().dump({ level: 0, elapsed: false }) });
      state = goOn(state, HELD.includes(program) ? 5 : 11 + 3 * i);
    }
    if (state.status !== "complete") state.dispose();
  }
  return corpus;
}
