// Owns code from strings between two slices: the core has stopped at a source, which is compiled and linked, and the core gets its
// answer before anything else happens. Must never let a host error about a source be anything but a SyntaxError in the guest, and
// must never keep a program that the core has dropped.

import { CompileBudget } from "../compiler/compile-limits.ts";
import { ZONE_REQUEST } from "../defs/exchange.ts";
import { linkErrorText } from "../defs/link-errors.ts";
import { SOURCE_KIND } from "../defs/source-kinds.ts";
import { CompileError, InternalError, LimitError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { putBytes, readOutput, writeValue } from "./marshal.ts";
import { programRecord } from "./program-bytes.ts";
import type { ProgramRecord, RunRecord } from "./records.ts";
import { regExpMessage } from "./regexp-check.ts";
import { namedZone } from "./time-zone.ts";

/** Answer to a guest that may not compile code; the prelude turns it into an EvalError. */
const FORBIDDEN = "";

/** Recently compiled sources, with the program or the error message: many programs evaluate the same source again and again. */
const recent = new Map<string, ProgramRecord | string>();
const RECENT = 64;
/** Longer sources are compiled each time. */
const LONGEST_RECENT = 16_384;

function timeLeft({ timeUpAtMs, elapsedMs }: RunRecord): number {
  return Math.max(0, timeUpAtMs - elapsedMs);
}

/** Tells a limit of compiling as that of the run, if it is. */
function limitOf(run: RunRecord | undefined, error: LimitError): LimitError {
  if (error.limit !== "timeMs" || run?.limits.onTime !== "fail" || error.allowed !== timeLeft(run)) return error;
  return new LimitError("timeMs", run.timeUpAtMs, run.elapsedMs + error.used, { cause: error });
}

/** Returns the budget for code from a string: as much source as the program itself, and at most the remaining time of its run. */
function budgetOf(machine: Machine): CompileBudget {
  const { run } = machine;
  const own = run?.compileLimits?.timeMs;
  // A run that is paused when its time is up is not ended by what it compiles.
  const timeMs = run?.limits.onTime === "fail" ? Math.min(own ?? Infinity, timeLeft(run)) : own;
  return new CompileBudget({ ...run?.compileLimits, timeMs });
}

function compile(machine: Machine, source: string, kind: number, extra: string): ProgramRecord | string {
  const { frontEnd } = machine;
  if (frontEnd === undefined) throw new InternalError("a run that may evaluate code was let in without a compiler");
  const filename = kind >= SOURCE_KIND.FUNCTION ? "<Function>" : "<eval>";
  const budget = budgetOf(machine);
  budget.take(source);
  try {
    const { compiled, source: text } = frontEnd.compileSource(source, kind, extra, {
      filename,
      check: budget.check,
      validateRegExp: (pattern, flags) => {
        budget.check();
        return regExpMessage(machine, pattern, flags);
      },
    });
    return programRecord({
      image: compiled.image,
      source: text,
      filename,
      language: "javascript",
      inputs: [],
      externals: new Map(),
      allowEval: true,
      isModule: false,
      isEvaluated: true,
      isLoaded: false,
    });
  } catch (error) {
    if (error instanceof LimitError) throw limitOf(machine.run, error);
    if (!(error instanceof CompileError)) throw error;
    return `${error.message} (${filename}:${error.line}:${error.column})`;
  }
}

function compiledLately(machine: Machine, source: string, kind: number, extra: string): ProgramRecord | string {
  if (source.length + extra.length > LONGEST_RECENT) return compile(machine, source, kind, extra);
  const key = `${kind}:${extra.length}:${extra}${source}`;
  let result = recent.get(key);
  if (result === undefined) {
    result = compile(machine, source, kind, extra);
    if (recent.size >= RECENT) recent.delete(recent.keys().next().value!);
    recent.set(key, result);
  }
  return result;
}

/** Links a program as number `id` of the machine. */
export function linkAs(machine: Machine, record: ProgramRecord, filename: Uint8Array, id: number): void {
  const error = machine.cold.link(record.image, filename, record.lineStarts, id);
  if (error !== 0) {
    throw new InternalError(`the linker refused ${record.filename}: ${linkErrorText(error)}`);
  }
}

/** Lists the programs from strings that the machine still has, oldest first, and whether the last snapshot written needs each. */
export function evaluatedPrograms(
  machine: Machine,
): readonly { readonly program: ProgramRecord; readonly isNeeded: boolean }[] {
  const { evaluated, exports, evaluatedPlaces } = machine;
  evaluatedPlaces.clear();
  const alive: { readonly serial: number; readonly program: ProgramRecord; readonly isNeeded: boolean }[] = [];
  for (let at = exports.nextEvaluated(0); at !== 0; at = exports.nextEvaluated(at)) {
    const serial = exports.evaluatedSerial(at);
    evaluatedPlaces.set(serial, at);
    alive.push({ serial, program: evaluated.get(serial)!, isNeeded: exports.isNeeded(at) !== 0 });
  }
  alive.reverse();
  if (alive.length < evaluated.size) machine.setEvaluated(alive.map(({ serial, program }) => [serial, program]));
  return alive;
}

/**
 * Returns the address of a program with exactly that code in the machine; links it if it is not there. Those that the last collection
 * left must be known (evaluatedPrograms): walking the chain of all of them would take the longer the more there are.
 */
function placeOf(machine: Machine, record: ProgramRecord): number {
  // Each evaluation must make its own template objects, so code with templates is not shared.
  const isShared = !record.source.includes("`");
  const known = isShared ? machine.evaluatedNumber(record.hash) : undefined;
  const place = known === undefined ? undefined : machine.evaluatedPlaces.get(known);
  if (place !== undefined) return place;
  const serial = machine.nextSerial++;
  linkAs(machine, record, writeValue(record.filename, "filename").slice(), machine.programs.length);
  machine.exports.keepEvaluated(1, serial);
  machine.addEvaluated(serial, record);
  // The newest comes first.
  const added = machine.exports.nextEvaluated(0);
  machine.evaluatedPlaces.set(serial, added);
  return added;
}

/** Compiles the source at which the core has stopped, or finds the time zone it requests, and answers: the core can then go on. */
export function answerSource(machine: Machine): void {
  const { exports } = machine;
  // Programs collected since the last time need not be kept any longer.
  if (machine.word("collections") !== machine.evaluatedAt) {
    evaluatedPrograms(machine);
    machine.evaluatedAt = machine.word("collections");
  }
  exports.writeSource();
  const [source, kind, extra] = readOutput(machine) as unknown[];
  const result =
    kind === ZONE_REQUEST && typeof source === "string"
      ? namedZone(source, machine.zones)
      : machine.run?.allowEval === true && typeof source === "string" && typeof kind === "number"
        ? compiledLately(machine, source, kind, typeof extra === "string" ? extra : "")
        : FORBIDDEN;
  if (typeof result !== "string") {
    exports.answerEvaluated(placeOf(machine, result));
    return;
  }
  const bytes = writeValue(result, "message");
  if (exports.answerSourceError(putBytes(machine, bytes)) === 0) {
    const allowed = machine.word("memoryLimit");
    throw new LimitError("memoryBytes", allowed, bytes.length + exports.usedMemory());
  }
}
