// Owns the loading of modules into a machine: the host's answer to an import is compiled and linked between two slices, and the
// guest gets the number of the program. Must never link anything before it is certain that the run continues with it.

import { CompileError, GuestError, MissingModuleError, type SourcePosition } from "../errors.ts";
import { type Answer, givePrepared, prepareAnswer, type PreparedAnswer } from "../machine/answers.ts";
import { positionOf } from "../machine/guest-error.ts";
import { linkInto } from "../machine/launch.ts";
import type { Machine } from "../machine/machine.ts";
import { writeValue } from "../machine/marshal.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import type { ProgramRecord } from "../machine/records.ts";
import type { Libraries } from "./libraries.ts";
import type { ImportAttributes, ModuleCompiler, ModuleSource } from "./module-types.ts";

/** An answer that is known to be acceptable: a value, or a module that is still to be linked. */
export type ReadyAnswer = PreparedAnswer | { readonly record: ProgramRecord };

/** Compiles the modules that a host provides, and has the libraries that they may name. */
export interface ModuleHost extends ModuleCompiler {
  readonly libraries: Libraries;
}

/** Returns the number of the machine's module with that name, -1 if there is no such module. */
function numberOf(machine: Machine, filename: string): number {
  return machine.programs.findLastIndex((program) => program.isModule && program.filename === filename);
}

function nameOf(call: PendingCall): string {
  return call.filename ?? String(call.args[0]);
}

function notFound(call: PendingCall): Error {
  const [specifier, referrer] = call.args;
  return new TypeError(`Cannot find module '${String(specifier)}' imported from ${String(referrer)}`);
}

function sourceOf(answer: unknown): ModuleSource {
  if (typeof answer === "string") return { source: answer };
  const given = answer as ModuleSource;
  if (typeof answer !== "object" || typeof given.source !== "string")
    throw new TypeError("the answer to an import must be the module's source, or { source, filename }");
  return given;
}

/**
 * Makes an answer ready for a call of any kind.
 *
 * @throws MarshalError, or TypeError for an answer that is not a module; the machine is unchanged then
 */
export function readyAnswer(compiler: ModuleHost, machine: Machine, call: PendingCall, answer: Answer): ReadyAnswer {
  if (call.kind === "timer") return prepareAnswer({ value: undefined });
  if (call.kind !== "module" || "error" in answer) return prepareAnswer(answer);
  if (answer.value === undefined || answer.value === null) return prepareAnswer({ error: notFound(call) });
  const given = sourceOf(answer.value);
  const filename = given.filename ?? nameOf(call);
  const known = numberOf(machine, filename);
  if (known >= 0) return prepareAnswer({ value: known });
  const { type: attribute } = call.args[2] as ImportAttributes;
  const isJson = given.type === undefined ? attribute === "json" || /\.json$/i.test(filename) : given.type === "json";
  try {
    const type = isJson ? "json" : "module";
    const allowEval = machine.run?.allowEval === true;
    const limits = machine.run?.compileLimits;
    const record = compiler.compileModule(given.source, { ...given, filename, type, allowEval, limits });
    if (machine.word("currentCall") !== 0 && compiler.libraries.isIncomplete(machine, record))
      throw new TypeError(
        `module ${filename} needs a library that the program does not have yet: answer the sync call first, at which the program is held`,
      );
    return { record };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    // For the code frame of the error that the guest is about to throw.
    machine.refused.set(filename, given.source);
    return prepareAnswer({ value: [error.message, `${filename}:${error.line}:${error.column}`] });
  }
}

/** Gives an answer that was made ready, linking it first if it is a module. */
export function giveReady(compiler: ModuleHost, machine: Machine, id: number, ready: ReadyAnswer): void {
  if (!("record" in ready)) {
    givePrepared(machine, id, ready);
    return;
  }
  machine.log?.linked(machine, ready.record);
  const known = numberOf(machine, ready.record.filename);
  if (known < 0) {
    try {
      compiler.libraries.enter(machine, ready.record);
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      givePrepared(machine, id, prepareAnswer({ error: new Error(error.message) }));
      return;
    }
  }
  const number = known >= 0 ? known : linkInto(machine, ready.record);
  givePrepared(machine, id, { bytes: writeValue(number, "module").slice(), isError: false });
}

/** Makes the error for an import in a run without a loader. */
export function missingModule(machine: Machine, call: PendingCall): MissingModuleError {
  const [specifier, referrer] = call.args;
  return new MissingModuleError(String(specifier), String(referrer), placeOf(machine, call));
}

/** Returns the position of the import. */
export function placeOf(machine: Machine, call: PendingCall): SourcePosition {
  return call.stack === undefined ? {} : positionOf(call.stack, machine.programs);
}
