// Owns libraries: guest code that a host adds to the realm of the programs that name it. A library is a script that defines globals,
// and modules, compiled without their source. It is evaluated before the program goes on, which tells the program nothing: no clock, no
// randomness, no output. In a fresh realm it costs no fuel; in one in which a program has run, it is paid for. Must never run anything
// while guest code is on the stack.

import { unzlibSync, zlibSync } from "fflate";
import { base64Of, bytesOfBase64 } from "../bytes/base64.ts";
import { sha256 } from "../bytes/sha256.ts";
import { RUN_STATUS } from "../defs/layout.ts";
import { InternalError, LimitError } from "../errors.ts";
import { answerSource } from "./evaluate.ts";
import { linkInto } from "./launch.ts";
import type { Machine } from "./machine.ts";
import { decodeBundle, encodeBundle, partsOf, programRecord } from "./program-bytes.ts";
import type { LibraryOrigin, ProgramRecord, RunRecord } from "./records.ts";
import { addTime, fuelUsed, setFuelUsed } from "./run.ts";
import { limitReached, maxWork, uncaught } from "./run-loop.ts";

/**
 * A library: guest code, compiled, that a host adds to the realms of programs. Made by `fermata library build`; the package brings
 * some, as the default exports of their entries.
 */
export interface Library {
  /** Name of the package, or of the entry, that has the library. */
  readonly name: string;
  /** Version of the library. */
  readonly version: string;
  /** SHA-256 of its code in hex: snapshots name the library by it. */
  readonly hash: string;
  /** Globals that it defines. A program that names one has the library. */
  readonly globals: readonly string[];
  /** Modules that it has, by specifier. A program that imports one has the library. */
  readonly modules: readonly string[];
  /** Names of libraries that are evaluated before it. */
  readonly requires: readonly string[];
  /** Names of properties: a program that mentions one has the library. */
  readonly triggers: readonly string[];
  /** Globals that wrap the host function of the same name, if the program declares it. */
  readonly externals: readonly string[];
  /** Its programs, deflated, in base64. */
  readonly data: string;
}

/** Text of the bytes, for a descriptor. */
export function packLibrary(records: readonly ProgramRecord[]): { readonly hash: string; readonly data: string } {
  const [script, ...modules] = records;
  const bytes = encodeBundle(script!, modules);
  const packed = zlibSync(bytes, { level: 9 });
  return { hash: sha256(bytes), data: base64Of(packed) };
}

const opened = new WeakMap<Library, readonly ProgramRecord[]>();

/**
 * Returns the programs of a library: its script, then its modules.
 *
 * @throws TypeError if the descriptor is damaged
 */
export function programsOfLibrary(library: Library): readonly ProgramRecord[] {
  const known = opened.get(library);
  if (known !== undefined) return known;
  const { name, version, hash, externals } = library;
  let records: readonly ProgramRecord[];
  try {
    const bytes = unzlibSync(bytesOfBase64(library.data));
    if (sha256(bytes) !== hash) throw new Error("its data does not have its hash");
    records = decodeBundle(bytes);
  } catch (error) {
    throw new TypeError(`library ${name} ${version} is damaged: ${(error as Error).message}`, { cause: error });
  }
  const made = records.map((record, index) =>
    programRecord({ ...partsOf(record), library: { name, version, hash, index, externals, isOwn: true } }),
  );
  opened.set(library, made);
  return made;
}

/** Returns the libraries in a machine, by name. */
export function librariesIn(machine: Machine): ReadonlyMap<string, LibraryOrigin> {
  const found = new Map<string, LibraryOrigin>();
  for (const { library } of machine.programs) if (library !== undefined) found.set(library.name, library);
  return found;
}

// --- evaluation ---------------------------------------------------------------------------------------------------

/** Most fuel of evaluating one library, and how much of it is granted at a time. */
const MAX_FUEL = 50_000_000;
const SLICE = 200_000;

/** Words that a program could observe, or that its account is kept in: they are as they were after a library was evaluated. */
const HIDDEN_WORDS = ["randomS0", "randomS1", "randomS2", "randomS3", "fuelUsedLow", "fuelUsedHigh"] as const;

/** Drives a library's script to its end; returns the status. `most`: fuel that it may take; `afterSlice` may end it by an error. */
function driveToEnd(machine: Machine, most: number, afterSlice: () => void): number {
  const { exports } = machine;
  let isHeld = false;
  let status: number = RUN_STATUS.FUEL;
  for (let left = most; left > 0; left = most - fuelUsed(machine)) {
    status = exports.driveLibrary(Math.min(SLICE, Math.ceil(left)));
    afterSlice();
    if (status === RUN_STATUS.SOURCE) answerSource(machine);
    else if (status === RUN_STATUS.HOLD) isHeld = true;
    else if (status !== RUN_STATUS.FUEL) break;
  }
  // The request was for the program.
  if (isHeld) exports.hold();
  return status;
}

const clock: { now(): number } = performance;

/** Returns the work to do after each slice of a library that the run pays for: it counts the time, and ends when that is up. */
function timeKeeper(machine: Machine, run: RunRecord): () => void {
  let since = clock.now();
  let used = 0;
  machine.setWord("maxWork", maxWork(run));
  return () => {
    const now = clock.now();
    const total = fuelUsed(machine);
    addTime(run, now - since, total - used);
    since = now;
    used = total;
    machine.setWord("maxWork", maxWork(run));
    if (run.elapsedMs > run.timeUpAtMs && run.limits.onTime === "fail")
      throw new LimitError("timeMs", run.timeUpAtMs, run.elapsedMs);
  };
}

/** Makes the error for a library whose script did not end. */
function failureOf(machine: Machine, name: string, status: number, most: number): Error {
  if (status === RUN_STATUS.THREW) {
    const error = uncaught(machine);
    error.message = `library ${name} cannot be evaluated in this realm: ${error.message}`;
    return error;
  }
  if (status === RUN_STATUS.LIMIT) return limitReached(machine);
  if (status === RUN_STATUS.FUEL) return new LimitError("fuel", most, fuelUsed(machine));
  machine.broken = true;
  return new InternalError(`library ${name} stopped with status ${status}`);
}

/**
 * Links a library into a machine and evaluates its script. No guest code may be on the stack; what waits goes on waiting. `payer`: the run of
 * the program whose realm it is; what that has changed there may make the script work much longer, so it is paid for.
 *
 * @throws GuestError if it fails in this realm, LimitError
 */
export function evaluateLibrary(machine: Machine, library: Library, payer?: RunRecord): void {
  const { exports } = machine;
  const status = machine.word("status");
  const words = HIDDEN_WORDS.map((name) => machine.word(name));
  const before = fuelUsed(machine);
  const now = exports.clock();
  const [script, ...modules] = programsOfLibrary(library);
  const charged = exports.beginLibrary();
  const id = linkInto(machine, script!);
  for (const module of modules) linkInto(machine, module);
  HIDDEN_WORDS.forEach((name) => machine.setWord(name, name === "randomS0" ? 1 : 0));
  exports.setClock(0);
  exports.startProgram(id);
  const most = payer?.limits.onFuel === "fail" ? Math.min(MAX_FUEL, Math.max(0, payer.fuelLeft)) : MAX_FUEL;
  try {
    const end = driveToEnd(machine, most, payer === undefined ? () => {} : timeKeeper(machine, payer));
    if (end !== RUN_STATUS.DONE) throw failureOf(machine, library.name, end, most);
  } finally {
    const used = fuelUsed(machine);
    exports.endLibrary(status, charged);
    HIDDEN_WORDS.forEach((name, i) => machine.setWord(name, words[i]!));
    exports.setClock(now);
    if (payer !== undefined) {
      payer.fuelLeft -= used;
      setFuelUsed(machine, before + used);
    }
  }
}
