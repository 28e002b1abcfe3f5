// Owns holding a generated program on its way: it is stopped at random places, and at each its bytes go on in another runtime; a run
// that is stopped at the same places and never leaves its runtime says what fuel, text and bytes must be. Must never be random beyond
// the number of the program.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { GENEROUS } from "../support/equal-held.ts";
import { WASM } from "../support/runtime.ts";
import { compile, difference, FUEL, type Outcome, runInFermata, type Source } from "./engines.ts";
import { Random, seedOf } from "./random.ts";

const STRESS =
  process.env["FERMATA_STRESS_WASM"] ?? fileURLToPath(new URL("../../build/fermata.stress.wasm", import.meta.url));

/** One in a hundred of those that are held goes on in another kind of host. */
const AWAY = 0.01;
/** With a collection at every safepoint. */
const STRESSED = 0.01;
const STEPPED = 0.1;
/** Has the program in its bytes; the others name it. */
const EMBEDDED = 0.1;

/** What another host is to do, and what must come of it. */
export interface Leg {
  /** The number of the program that made it. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly fuel: number;
  readonly expected: Arrival;
}

/** How a leg ends: at the next stop, with its bytes, or at the program's end. */
export interface Arrival {
  readonly bytes?: Uint8Array;
  readonly fuel: number;
}

export class Holder {
  readonly #home: Runtime;
  readonly #second: Runtime;
  readonly #stress: Runtime;
  /** What is to be done elsewhere. */
  readonly legs: Leg[] = [];

  constructor(home: Runtime, second: Runtime, stress: Runtime) {
    this.#home = home;
    this.#second = second;
    this.#stress = stress;
  }

  static async create(home: Runtime): Promise<Holder> {
    const make = (wasm: string): Promise<Runtime> =>
      createRuntimeFrom({ module: new WebAssembly.Module(readFileSync(wasm)), typescript: false, poolSize: 2 });
    return new Holder(home, await make(WASM), await make(STRESS));
  }

  /** What changes when the program is held, `stops` times on average; undefined if nothing does. `whole`: its run without a stop. */
  complaint(source: Source, whole: Outcome, index: number, stops: number): string | undefined {
    const random = new Random(seedOf(77, index));
    const step = random.chance(STEPPED);
    const other = random.chance(STRESSED) ? this.#stress : this.#second;
    const isAway = random.chance(AWAY);
    const isEmbedded = isAway || random.chance(EMBEDDED);
    const options = { level: 0, elapsed: false, program: isEmbedded ? "embed" : "reference" } as const;
    const known = isEmbedded ? {} : { program: compile(this.#home, source, step) };
    const places = Array.from({ length: stops }, () => 1 + random.below(Math.max(1, whole.fuel - 1))).sort(
      (a, b) => a - b,
    );
    const slice = (stop: number): number => {
      const length = (places[stop] ?? Infinity) - (stop === 0 ? 0 : places[stop - 1]!);
      return length === Infinity ? FUEL : Math.max(1, length);
    };

    const bytes: Uint8Array[] = [];
    const fuels: number[] = [];
    const stayed = runInFermata(this.#home, source, {
      step,
      slice,
      through(state) {
        fuels.push(state.usage.fuel);
        bytes.push(state.snapshot().dump(options));
        return state;
      },
    });
    let changed: string | undefined;
    const hosts = [other, this.#home];
    const moved = runInFermata(this.#home, source, {
      step,
      slice,
      through(state, stop) {
        const taken = state.snapshot().dump(options);
        const expected = bytes[stop - 1];
        if (expected === undefined) changed ??= `stop ${stop} is one more`;
        else if (!Buffer.from(taken).equals(expected)) changed ??= `other bytes at stop ${stop}`;
        state.dispose();
        return hosts[(stop - 1) % 2]!.load(taken, { limits: GENEROUS, allowEval: true, ...known }).restore();
      },
    });
    if (isAway) {
      bytes.forEach((taken, i) => {
        const next = bytes[i + 1];
        const expected = { fuel: fuels[i + 1] ?? stayed.fuel, ...(next !== undefined && { bytes: next }) };
        this.legs.push({ index, bytes: taken, fuel: slice(i + 1), expected });
      });
    }
    const fuel = (a: Outcome, b: Outcome): string | undefined =>
      a.fuel === b.fuel ? undefined : `fuel ${a.fuel} became ${b.fuel}`;
    const stopped = difference(source, whole, stayed) ?? (step ? undefined : fuel(whole, stayed));
    if (stopped !== undefined) return `when stopped: ${stopped}`;
    const held = difference(source, stayed, moved) ?? fuel(stayed, moved) ?? changed;
    return held === undefined ? undefined : `when held: ${held}`;
  }
}
