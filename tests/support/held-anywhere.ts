// Owns the law that a program can be held anywhere: every guest script that any test starts is run again after the tests of its file,
// in slices of one unit of fuel, with a collection at every safepoint, and through snapshot, dump, load and restore at every
// stop, and must give the same output, texts, fuel and error each time; and at places spread over its whole way the same bytes. A set-up file of vitest. Must never call a test's tools:
// calls are answered by what they are, so that all runs get the same answers.
//
// Long scripts: slices are one unit for the first stops of each way and then grow; a script is followed for FOLLOWED units of fuel
// and compared there as far as it got; very long ones only at places spread over their way. Every script's bytes are compared; a sixteenth
// of the scripts goes through bytes at every stop, two sixteenths in slices, with collections and with a look at the heap: the script's own
// hash says which. A file whose scripts take more than FILE_PATIENCE together is left there, in the order of the hashes.
// FERMATA_HELD=all holds every script in every way, at more stops; FERMATA_HELD=0 leaves all of it out.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { serialize } from "node:v8";
import { afterAll } from "vitest";
import type { BundleOptions, CompileOptions, Files } from "../../ts/api/compile.ts";
import { Program } from "../../ts/api/program.ts";
import { createRuntimeFrom, Runtime } from "../../ts/api/runtime.ts";
import { GuestError, LimitError, MarshalError, type PendingCall, type State } from "../../ts/index.ts";
import type { StartOptions } from "../../ts/machine/launch.ts";
import { hostZones } from "../../ts/machine/host-zones.ts";
import { timeZoneRules } from "../../ts/machine/time-zone.ts";
import { heldDifference } from "./equal-held.ts";
import { notedLibraries } from "./held-libraries.ts";
import { NOT_HELD } from "./not-held.ts";
import { canVerify, checkingRuntime, heapProblem } from "./verify-heap.ts";

const builds = {
  release: process.env["FERMATA_WASM"] ?? fileURLToPath(new URL("../../build/fermata.wasm", import.meta.url)),
  stress:
    process.env["FERMATA_STRESS_WASM"] ?? fileURLToPath(new URL("../../build/fermata.stress.wasm", import.meta.url)),
};

/** Every script is held in every way, which takes twice the time of all tests. */
const HOLDS_ALL = process.env["FERMATA_HELD"] === "all";
/** Stops of one unit of fuel, before they grow, where a script goes through bytes. */
const SINGLE_STOPS = HOLDS_ALL ? 150 : 75;

/** Fuel for which a script is followed. */
const FOLLOWED = 100_000;
/** The same where every safepoint is a collection, each of which looks at all that lives. */
const FOLLOWED_STRESS = 4000;
/** Milliseconds for one script in one way: with a large heap every stop takes its time. What is left then has been the same so far. */
const PATIENCE = 1000;
/** Milliseconds for all scripts of a file. */
const FILE_PATIENCE = HOLDS_ALL ? Infinity : 2500;
/** Snapshots of more than this are taken at few stops only. */
const LARGE = 2 * 1024 * 1024;

/** Characters of source: longer ones are held only at places spread over their way. */
const LONG = 14_000;
/** The same from which on a script is not looked at: bundles of whole libraries are held by their own tests. */
const LONGEST = 60_000;
/** Whether the bytes of every script are compared at many places: that takes minutes. tests/snapshot/equal-held.test.ts always does. */
const COMPARES_MORE = process.env["FERMATA_HELD_BYTES"] === "1";
/** Places at which bytes are compared, of a script and of a long one. */
const PLACES = COMPARES_MORE ? 16 : 3;
const FEW_PLACES = COMPARES_MORE ? 5 : 2;
/** Milliseconds after which no more places of a script are compared. */
const PLACES_PATIENCE = COMPARES_MORE ? 500 : 60;

/** A snapshot of a very deep stack takes its time. */
const DEEPEST = 2000;

/** A script that a test started, with what a guest could tell apart. */
interface Script {
  /** Which ways it is held in: 0 through bytes, 1 and 2 all others; the rest is compared at places only. */
  readonly share: number;
  readonly source: string | Files;
  readonly compile: CompileOptions | BundleOptions;
  readonly start: StartOptions;
}

interface Outcome {
  readonly end: string;
  readonly output: unknown;
  readonly fuel: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly hostCalls: number;
}

/** Fuel of slice number `stop`, and what to do with the state there. */
interface Way {
  readonly followed: number;
  slice(stop: number): number;
  through(state: State, stop: number): State;
}

const scripts = new Map<string, Script>();
let isChecking = false;

// --- recording

type Compile = (this: Runtime, source: string | Files, options?: CompileOptions | BundleOptions) => Program;
const sources = new WeakMap<Program, Pick<Script, "source" | "compile">>();
const compile = Runtime.prototype.compile as Compile;

function isTimeZone(name: string): boolean {
  try {
    timeZoneRules(name, hostZones);
    return true;
  } catch {
    return false;
  }
}

function sizeOf(source: string | Files): number {
  return typeof source === "string" ? source.length : JSON.stringify(source).length;
}

function record(program: Program, { inputs, timeZone, limits }: StartOptions): void {
  const known = sources.get(program);
  if (isChecking || known === undefined || sizeOf(known.source) > LONGEST) return;
  if ("filename" in known.compile && known.compile.filename === NOT_HELD) return;
  // Limits of compiling are the host's, and no part of a state: each load says them again.
  if (known.compile.limits !== undefined) return;
  if (timeZone !== undefined && !isTimeZone(timeZone)) return;
  // What stops a run or takes its time is this file's business.
  const { memoryBytes, stackDepth = DEEPEST, stdoutBytes, hostCalls } = limits ?? {};
  const start = { inputs, timeZone, limits: { memoryBytes, stackDepth, stdoutBytes, hostCalls } };
  const share = parseInt(program.hash.slice(0, 2), 16) % 16;
  scripts.set(`${program.hash} ${JSON.stringify(start.limits)}`, { ...known, start, share });
}

Runtime.prototype.compile = function (this: Runtime, source: string | Files, options = {}): Program {
  const program = compile.call(this, source, options);
  sources.set(program, { source, compile: options });
  return program;
} as Compile as Runtime["compile"];
for (const name of ["start", "run", "drive"] as const) {
  const original = Program.prototype[name] as (this: Program, options?: StartOptions) => never;
  Program.prototype[name] = function (this: Program, options: StartOptions = {}): never {
    record(this, options);
    return original.call(this, options);
  };
}

// --- running

/** The answer to a call: it depends on nothing but the call. */
function answerTo({ id, kind, args, filename }: PendingCall): { value: unknown } | { error: unknown } {
  if (kind === "timer") return { value: undefined };
  if (kind === "module") {
    // Such a module exports whatever is asked for by these names.
    const source = `export const name = ${JSON.stringify(filename)}; export let a = 1, b = ${id}; export default name;`;
    return { value: id % 5 === 4 ? undefined : source };
  }
  if (id % 7 === 6) return { error: new RangeError(`no answer to call ${id}`) };
  return { value: id % 3 === 0 ? { id, list: [1, null, "x"], given: args.length } : id * 10 };
}

function answered(state: State & { readonly status: "suspended" }, fuel: number): State {
  const timers = state.calls.filter(({ kind }) => kind === "timer").sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
  const call =
    state.calls.find(({ kind }) => kind === "sync") ?? state.calls.find(({ kind }) => kind !== "timer") ?? timers[0]!;
  return state.resumeCalls(new Map([[call.id, answerTo(call)]]), { fuel });
}

function failure(error: unknown): string {
  if (error instanceof LimitError) return `LimitError ${error.limit}`;
  if (error instanceof GuestError) return `GuestError ${error.guestStack ?? error.message}`;
  // Such as an input that does not exist, or an output that cannot leave the guest: the same wherever it was held.
  if (error instanceof MarshalError || error instanceof TypeError) return String(error);
  throw error;
}

/** Runs a script in one way, to its end or for as long as it is followed. */
function outcome(runtime: Runtime, script: Script, way: Way): Outcome {
  const program = (runtime.compile as Compile).call(runtime, script.source, script.compile);
  const began = performance.now();
  let stop = 0;
  let left = way.followed;
  const next = (): number => Math.min(way.slice(stop++), Math.max(1, left));
  let state: State | undefined;
  try {
    state = program.start({
      ...script.start,
      seed: 7,
      now: 1_700_000_000_000,
      limits: { ...script.start.limits, fuel: next(), onFuel: "pause", timeMs: Infinity },
    });
    for (;;) {
      const { usage, stdout, stderr } = state;
      left = way.followed - usage.fuel;
      const isLate = performance.now() - began > PATIENCE;
      const so = { fuel: usage.fuel, stdout, stderr, hostCalls: usage.hostCalls };
      if (state.status === "complete") return { end: "complete", output: state.output, ...so };
      // An interval never ends, nor does a storm of calls.
      if (left <= 0 || usage.hostCalls > 300 || stop > 50_000) {
        state.dispose();
        return { end: "followed", output: undefined, ...so };
      }
      if (isLate) {
        state.dispose();
        return { end: "given up", output: undefined, ...so };
      }
      state = way.through(state, stop);
      if (state.status === "paused") state = state.resume({ fuel: next() });
      else if (state.status === "suspended") state = answered(state, next());
    }
  } catch (error) {
    const end = failure(error);
    const { run } = error as GuestError | LimitError;
    // When memory is found to be short depends on when garbage was looked for.
    if (run === undefined || end === "LimitError memoryBytes") {
      return { end, output: undefined, fuel: 0, stdout: "", stderr: "", hostCalls: 0 };
    }
    const { stdout, stderr, usage } = run;
    return { end, output: undefined, fuel: usage.fuel, stdout, stderr, hostCalls: usage.hostCalls };
  }
}

const same = (state: State): State => state;
const whole = (followed: number): Way => ({ followed, slice: () => followed, through: same });
/** In slices only so that one can give up. */
const stressed: Way = { followed: FOLLOWED_STRESS, slice: () => 100, through: same };
const sliced: Way = {
  followed: FOLLOWED,
  slice: (stop) => (stop < 2000 ? 1 : 1 + Math.floor((stop - 2000) / 25)),
  through: same,
};

/** What a script was started with is what it gets. */
const GENEROUS = { memoryBytes: 1e9, timeMs: Infinity, stackDepth: 1e6, stdoutBytes: 1e9 };

function carried(runtime: Runtime): Way {
  return {
    followed: FOLLOWED,
    slice: (stop) => (stop < SINGLE_STOPS ? 1 : 1 + Math.floor((stop - SINGLE_STOPS) ** 2 / (HOLDS_ALL ? 100 : 40))),
    through(state, stop) {
      if (state.status === "complete" || (state.usage.memoryBytes > LARGE && stop % 50 !== 0)) return state;
      const bytes = state.snapshot().dump({ level: 1 });
      state.dispose();
      return runtime.load(bytes, { limits: GENEROUS, allowEval: true }).restore();
    },
  };
}

const SOUND = "with a sound heap at every stop";
/** Stops at which the heap of a script is looked at: each look goes through all cells. */
const LOOKS = 6;

/** Stops a few times on the way, and looks at the heap there. */
function verified(fuel: number): Way {
  const slice = Math.max(1, Math.ceil(fuel / LOOKS));
  return {
    followed: FOLLOWED,
    slice: () => slice,
    through(state) {
      const found = state.status === "complete" ? undefined : heapProblem(state);
      if (found !== undefined) throw new Error(`the heap is not sound: ${found}`);
      return state;
    },
  };
}

/** Two invalid dates are not equal for Node's comparison, but their bytes are. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b) || serialize(a).equals(serialize(b));
}

/** The first difference between two outcomes, as text. */
function difference(expected: Outcome, actual: Outcome): string | undefined {
  const { fuel, ...rest } = actual;
  // Where a script is left depends on where a stop was possible.
  if (actual.end === "followed" && ["followed", "LimitError memoryBytes"].includes(expected.end)) return undefined;
  // One long step can take a script that is not stopped before it beyond what is followed, to its end or to a limit.
  const isOver = expected.end === "complete" || expected.end.startsWith("LimitError");
  if (actual.end === "followed" && isOver && expected.fuel + 1 >= fuel) return undefined;
  // Also with an output that cannot cross: such an error tells no fuel.
  if (actual.end === "followed" && expected.end.startsWith("MarshalError")) return undefined;
  if (actual.end === "given up") return undefined;
  if (fuel !== expected.fuel) return `fuel ${expected.fuel} became ${fuel} (${expected.end} / ${actual.end})`;
  for (const key of Object.keys(rest) as (keyof typeof rest)[]) {
    if (!isSame(rest[key], expected[key])) {
      return `${key} ${JSON.stringify(expected[key])?.slice(0, 300)} became ${JSON.stringify(rest[key])?.slice(0, 300)}`;
    }
  }
  return undefined;
}

/** What differs between the snapshots of a script that is held, and of one that is not, on a way of that much fuel. */
function bytesDiffer(runtimes: readonly Runtime[], script: Script, fuel: number): string | undefined {
  const program = compile.call(runtimes[0]!, script.source, script.compile);
  const stops = sizeOf(script.source) > LONG ? FEW_PLACES : PLACES;
  const slice = Math.max(1, Math.ceil(fuel / stops));
  const limits = { ...script.start.limits, timeMs: Infinity };
  return heldDifference({
    start: (first) =>
      program.start({ ...script.start, seed: 7, now: 1_700_000_000_000, limits: { ...limits, fuel: first } }),
    answer: (state, next) => answered(state, next),
    runtimes,
    fuel: slice,
    stops,
    patience: PLACES_PATIENCE,
  });
}

/** What differs when a script is held in every way. */
async function check(scripts: readonly Script[]): Promise<string[]> {
  const differences: string[] = [];
  const libraries = notedLibraries();
  const release = await createRuntimeFrom({ module: readFileSync(builds.release), poolSize: 8, libraries });
  const stress = await createRuntimeFrom({ module: readFileSync(builds.stress), poolSize: 8, libraries });
  const checking = canVerify() ? await checkingRuntime(libraries) : undefined;
  const ways = (script: Script, fuel: number): [string, () => Runtime, Way][] => {
    const inBytes: [string, () => Runtime, Way][] = [["through bytes at every stop", () => release, carried(release)]];
    const others: [string, () => Runtime, Way][] = [
      ["in slices of one unit of fuel", () => release, sliced],
      ["with a collection at every safepoint", () => stress, stressed],
    ];
    if (checking !== undefined) others.push([SOUND, () => checking, verified(fuel)]);
    if (HOLDS_ALL) return [...inBytes, ...others];
    return [inBytes, others, others][script.share] ?? [];
  };
  const second = await createRuntimeFrom({ module: readFileSync(builds.release), poolSize: 8, libraries });
  const began = performance.now();
  for (const script of scripts) {
    if (performance.now() - began > FILE_PATIENCE) break;
    const longRun = outcome(release, script, whole(FOLLOWED));
    const bytes = bytesDiffer([release, second], script, longRun.fuel);
    if (bytes !== undefined)
      differences.push(`with other bytes: ${bytes}\n    ${JSON.stringify(script.source).slice(0, 400)}`);
    if (sizeOf(script.source) > LONG) continue;
    const shortRun = longRun.fuel <= FOLLOWED_STRESS ? longRun : outcome(release, script, whole(FOLLOWED_STRESS));
    for (const [how, runtime, way] of ways(script, longRun.fuel)) {
      let what: string | undefined;
      try {
        const expected = way.followed === FOLLOWED ? longRun : shortRun;
        what = difference(expected, outcome(runtime(), script, way));
      } catch (error) {
        what = String(error);
      }
      if (what !== undefined) differences.push(`${how}: ${what}\n    ${JSON.stringify(script.source).slice(0, 400)}`);
    }
  }
  return differences;
}

if (process.env["FERMATA_HELD"] !== "0") {
  afterAll(async () => {
    isChecking = true;
    const differences = await check([...scripts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, script]) => script));
    if (differences.length > 0) {
      throw new Error(`${differences.length} differences when held:\n${differences.slice(0, 12).join("\n")}`);
    }
  }, 240_000);
}
