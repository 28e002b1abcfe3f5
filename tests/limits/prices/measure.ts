// Owns the measuring of what a unit of fuel buys in a call of a native: time inside the machine, without compiling the call and without
// making the machine.

import type { Runtime } from "../../../ts/api/runtime.ts";
import type { Session } from "../../../ts/api/session.ts";
import type { State } from "../../../ts/api/state.ts";
import type { LimitError } from "../../../ts/errors.ts";
import { type Call, callsOf, setupSource } from "./guest.ts";

/** Sizes of what natives are called with, in elements or characters. */
const SIZES: readonly number[] = [100, 1500, 12_000];
/** Fuel for which a call is repeated, first and where a price is in doubt. */
const FUEL = 5000;
const DOUBT_FUEL = 100_000;
const LIMITS = { memoryBytes: 64 << 20, timeMs: 60_000 };
/** How often the median of five is taken before a price counts as too high. */
const ATTEMPTS = 6;
/** A unit may buy that many times what the median of all calls buys. */
const MOST = 10;

export const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** Nanoseconds of a unit of fuel in a run of nothing but one call; NaN if it cannot be made for long enough. */
function priceOf(session: Session, call: Call, fuel: number): number {
  let state: State;
  try {
    state = session.start(`for (;;) try { ${call.source}; } catch {}`, {
      limits: { ...LIMITS, fuel: 1, onFuel: "pause" },
    });
  } catch {
    return NaN;
  }
  if (state.status !== "paused") return NaN;
  const before = state.usage.fuel;
  const began = process.cpuUsage();
  const start = performance.now();
  let used = before;
  try {
    state.resume({ limits: { ...LIMITS, fuel, onFuel: "fail" } });
  } catch (error) {
    used = (error as LimitError).run?.usage.fuel ?? before;
  }
  const elapsed = performance.now() - start;
  // Elapsed time has what the kernel does: fresh memory is paid for by the limit of memory, not by fuel. The time of the processor has what
  // other threads do, such as compiling the wasm. Neither is the call's: the smaller one counts.
  const { user } = process.cpuUsage(began);
  const nanoseconds = user === 0 ? elapsed * 1e6 : Math.min(user * 1000, elapsed * 1e6);
  return used - before < fuel / 10 ? NaN : nanoseconds / (used - before);
}

/** As priceOf, with everything as it was when the session began. */
function freshPrice(session: Session, call: Call, fuel: number): number {
  const copy = session.fork();
  try {
    return priceOf(copy, call, fuel);
  } finally {
    copy.dispose();
  }
}

/** A call whose unit of fuel buys too much, and how many times the median that is. */
export interface Dear {
  readonly name: string;
  readonly size: number;
  readonly ratio: number;
}

/** What was measured. */
export interface Prices {
  readonly calls: number;
  readonly natives: number;
  /** Nanoseconds of a unit of fuel in the median of all calls. */
  readonly median: number;
  readonly dear: readonly Dear[];
}

/** What is measured. */
export interface Selection {
  /** How often each native is measured at each size; with as much as there is for it, at most. */
  readonly share: number;
  /** One of so many natives is measured at each size, another one at each. */
  readonly part?: number;
  readonly seed: number;
  /** Only calls that are named so. */
  readonly only?: RegExp;
}

export function measureNatives(runtime: Runtime, { share, part = 1, seed, only = /./ }: Selection): Prices {
  const all: { session: Session; call: Call; size: number; price: number }[] = [];
  let natives = 0;
  for (const [turn, size] of SIZES.entries()) {
    const session = runtime.session({ limits: { ...LIMITS, fuel: 1e9 } });
    const setup = session.start(setupSource(size), { filename: "prices.js" });
    if (setup.status !== "complete") throw new Error(setup.status);
    const paths = (setup.output as string).split("\n");
    natives = paths.length;
    for (const [index, path] of paths.entries()) {
      if ((index + turn) % part !== 0) continue;
      const calls = callsOf(path, index, turn + seed);
      let copy = session.fork();
      for (let i = 0; i < Math.min(share, calls.length); i++) {
        const call = calls[(i * 7 + turn * 5 + seed) % calls.length]!;
        if (!only.test(call.name)) continue;
        const price = priceOf(copy, call, FUEL);
        if (price > 0) all.push({ session, call, size, price });
        else {
          copy.dispose();
          copy = session.fork();
        }
      }
      copy.dispose();
    }
  }
  const median = middle(all.map(({ price }) => price));
  const dear = all
    .filter(({ price }) => price > MOST * median)
    .map(({ session, call, size }) => {
      // Another process may disturb five in a row, but not each time.
      let ratio = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && ratio > MOST; attempt++) {
        const prices = Array.from({ length: 5 }, () => freshPrice(session, call, DOUBT_FUEL));
        ratio = Math.min(ratio, middle(prices) / median);
      }
      return { name: call.name, size, ratio };
    })
    .filter(({ ratio }) => ratio > MOST)
    .toSorted((a, b) => b.ratio - a.ratio);
  return { calls: all.length, natives, median, dear };
}
