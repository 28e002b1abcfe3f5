// Owns the beginning of a run: limits, seed, clock, linking, host functions and inputs, in that order. Must never run guest code.

import { didYouMean, type OptionNames } from "./option-names.ts";
import type { CompileLimits } from "../compiler/compile-limits.ts";
import { LimitError } from "../errors.ts";
import type { Core } from "./core.ts";
import { linkAs } from "./evaluate.ts";
import { coreList } from "./externals.ts";
import { type Limits, limitWord, type ResolvedLimits, resolveLimits } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { putBytes, putValue, writeValue } from "./marshal.ts";
import type { ProgramRecord } from "./records.ts";
import type { SliceListener } from "./run-loop.ts";
import { grantTime, runOf } from "./run.ts";
import { setTimeZone, timeZoneRules } from "./time-zone.ts";

/** Options for starting a program. They include everything that a guest could observe: equal options give equal runs. */
export interface StartOptions {
  /** Values of the inputs that the program declares; missing ones are undefined. */
  inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Limits of the run; each has a default. */
  limits?: Limits | undefined;
  /** Seed of `Math.random`; random by default. */
  seed?: number | string | undefined;
  /** The program's clock at the start: a Date or milliseconds since 1970. Default: now. */
  now?: number | Date | undefined;
  /**
   * Time zone of the program: an IANA name that the runtime knows (`createRuntime({ zones })`), or an offset such as `"+02:00"`. Its rules become part of the
   * state, so they are the same wherever the program is resumed. Default `"UTC"`.
   */
  timeZone?: string | undefined;
  /** May the guest compile code from strings? This can only forbid what the program was compiled to allow. */
  allowEval?: boolean | undefined;
  /**
   * Keeps the state before an uncaught error or an exceeded limit: the `state` of the error is then a paused state from the start
   * of the slice (`limits.fuelSlice`) in which it happened. Each slice begins with a copy of the memory. Default false.
   */
  keepState?: boolean | undefined;
  /** Called between slices; may request a hold. */
  onSlice?: SliceListener | undefined;
}

export const START_OPTIONS: OptionNames<StartOptions> = {
  inputs: true,
  limits: true,
  seed: true,
  now: true,
  timeZone: true,
  allowEval: true,
  keepState: true,
  onSlice: true,
};

/** Bytes that every start of a program needs, made once per program. */
interface Prepared {
  readonly filename: Uint8Array;
  readonly externals: Uint8Array | undefined;
}

const prepared = new WeakMap<ProgramRecord, Prepared>();

function preparedOf(record: ProgramRecord): Prepared {
  let bytes = prepared.get(record);
  if (bytes === undefined) {
    bytes = {
      filename: writeValue(record.filename, "filename").slice(),
      externals: record.externals.size > 0 ? writeValue(coreList(record.externals), "externals").slice() : undefined,
    };
    prepared.set(record, bytes);
  }
  return bytes;
}

/** Returns the names of host functions that the libraries in a machine wrap. */
export function wrappedIn(machine: Machine): ReadonlySet<string> {
  return new Set(machine.programs.flatMap(({ library }) => library?.externals ?? []));
}

/** Links a program into a machine as its next one, and returns its number there. */
export function linkInto(machine: Machine, record: ProgramRecord): number {
  const id = machine.programs.length;
  linkAs(machine, record, preparedOf(record).filename, id);
  machine.programs.push(record);
  return id;
}

function refuseMemory(machine: Machine): never {
  const allowed = machine.word("memoryLimit");
  throw new LimitError("memoryBytes", allowed, Math.max(allowed, machine.exports.usedMemory()));
}

function define(machine: Machine, externals: Uint8Array, wrapped: boolean): void {
  if (machine.exports.defineExternals(putBytes(machine, externals), wrapped ? 1 : 0) === 0) refuseMemory(machine);
}

/** Returns the first step of a canonical name: the global that it is, or is in. */
function globalOf(name: string): string {
  return /^[^.[]+/.exec(name)![0];
}

/** Gives libraries the host functions of a program that their globals wrap; returns whether there are any. */
export function defineWrapped(machine: Machine, record: ProgramRecord, wrapped: ReadonlySet<string>): boolean {
  const own = [...record.externals].filter(([name]) => wrapped.has(globalOf(name)));
  if (own.length > 0) define(machine, writeValue(coreList(new Map(own)), "externals"), true);
  return own.length > 0;
}

/** Defines the program's host functions as globals, and namespaces of them. */
function defineExternals(machine: Machine, record: ProgramRecord, wrapped: ReadonlySet<string>): void {
  const { externals } = preparedOf(record);
  if (externals === undefined) return;
  if (wrapped.size === 0 || !defineWrapped(machine, record, wrapped)) {
    define(machine, externals, false);
    return;
  }
  const others = [...record.externals].filter(([name]) => !wrapped.has(globalOf(name)));
  if (others.length > 0) define(machine, writeValue(coreList(new Map(others)), "externals"), false);
}

/** Defines the program's inputs as global variables. */
export function defineInputs(machine: Machine, record: ProgramRecord, inputs: StartOptions["inputs"]): void {
  const given = inputs ?? {};
  for (const name of Object.keys(given)) {
    if (!record.inputs.includes(name)) {
      const declared =
        record.inputs.length === 0
          ? "it declares no inputs: list them in `inputs` where it is compiled"
          : `it declares ${record.inputs.join(", ")}${didYouMean(name, record.inputs)}`;
      throw new TypeError(`the program has no input ${JSON.stringify(name)}: ${declared}`);
    }
  }
  if (record.inputs.length === 0) return;
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of record.inputs) values[name] = Object.hasOwn(given, name) ? given[name] : undefined;
  if (machine.exports.defineInputs(putValue(machine, values, "inputs")) === 0) refuseMemory(machine);
}

const seeds = new Uint32Array(4);

/** https://prng.di.unimi.it/splitmix64.c in 32 bits: spreads one word over many. */
function spread(state: number): void {
  for (let i = 0; i < 4; i++) {
    state = (state + 0x9e37_79b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    seeds[i] = z ^ (z >>> 15);
  }
}

function hashText(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash;
}

function hashNumber(n: number): number {
  const words = new Uint32Array(new Float64Array([n]).buffer);
  return Number.isInteger(n) && Math.abs(n) < 0x1_0000_0000 ? n | 0 : Math.imul(words[0]!, 0x9e37_79b1) ^ words[1]!;
}

function setSeed(machine: Machine, seed: number | string | undefined): void {
  if (seed === undefined) {
    for (let i = 0; i < 4; i++) seeds[i] = Math.random() * 0x1_0000_0000;
  } else spread(typeof seed === "string" ? hashText(seed) : hashNumber(seed));
  // The generator never leaves a state of zeros.
  if ((seeds[0]! | seeds[1]! | seeds[2]! | seeds[3]!) === 0) seeds[0] = 1;
  machine.setWord("randomS0", seeds[0]!);
  machine.setWord("randomS1", seeds[1]!);
  machine.setWord("randomS2", seeds[2]!);
  machine.setWord("randomS3", seeds[3]!);
}

/**
 * Makes a fresh machine ready for programs. `fill` may bring it into a state in which nothing of a program has happened: with
 * libraries in it.
 */
export function beginRun(
  core: Core,
  machine: Machine,
  options: StartOptions,
  allowEval: boolean,
  compileLimits?: CompileLimits,
  fill?: (machine: Machine) => void,
): ResolvedLimits {
  const limits = resolveLimits(options.limits);
  const now = Number(options.now ?? Date.now());
  if (!Number.isFinite(now)) throw new RangeError("now must be a date or a number of milliseconds");
  const timeZone = options.timeZone ?? "UTC";
  // Done before the machine is used: an unknown zone must not cost a machine.
  timeZoneRules(timeZone, core.zones);
  core.begin(machine, limits);
  if (fill !== undefined) {
    fill(machine);
    setCoreLimits(machine, limits);
    if (machine.exports.usedMemory() > limits.memoryBytes) refuseMemory(machine);
  }
  setSeed(machine, options.seed);
  machine.exports.setClock(now);
  setTimeZone(machine, timeZone, core.zones);
  machine.run = {
    limits,
    elapsedMs: 0,
    peakBytes: 0,
    stillFuel: 0,
    fuelLeft: limits.fuel,
    timeUpAtMs: limits.timeMs,
    pausedBy: undefined,
    keepState: options.keepState === true,
    allowEval: allowEval && options.allowEval !== false,
    compileLimits,
  };
  return limits;
}

function setCoreLimits(machine: Machine, { memoryBytes, stackDepth, stdoutBytes, hostCalls }: ResolvedLimits): void {
  machine.exports.setLimits(
    limitWord(memoryBytes),
    limitWord(stackDepth),
    limitWord(stdoutBytes),
    limitWord(hostCalls),
  );
}

/** Changes the limits of a machine from here on. */
export function changeLimits(machine: Machine, limits: Limits): void {
  const run = runOf(machine);
  machine.written = undefined;
  run.limits = resolveLimits(limits, run.limits);
  setCoreLimits(machine, run.limits);
  machine.untimed = -1;
  if (limits.timeMs !== undefined) grantTime(machine);
}

/** Makes a program the next to run in a machine; it can import `modules`. */
export function enterProgram(
  machine: Machine,
  record: ProgramRecord,
  inputs: StartOptions["inputs"],
  modules: readonly ProgramRecord[] = [],
): void {
  const id = linkInto(machine, record);
  for (const module of modules) linkInto(machine, module);
  defineExternals(machine, record, wrappedIn(machine));
  defineInputs(machine, record, inputs);
  machine.exports.startProgram(id);
}
