// Owns the way of modules into a machine: what the host answers to an import is compiled and linked between two slices, and the
// guest gets the number of the program. Must never link anything before it is sure that the run goes on with it.

import { CompileError, MissingModuleError, type SourcePosition } from "../errors.ts";
import type { CompileLimits } from "./compile-limits.ts";
import { positionOf } from "./guest-error.ts";
import { linkInto } from "./launch.ts";
import type { Language, Machine, ProgramRecord } from "./machine.ts";
import { writeValue } from "./marshal.ts";
import { givePrepared, prepareAnswer, type Answer, type PendingCall, type PreparedAnswer } from "./run-loop.ts";

/** A module as the host gives it: the answer to a call of kind `"module"`. */
export interface ModuleSource {
  readonly source: string;
  /**
   * What the module is known by, in errors and to those who import it: two answers with one name are one module. Relative
   * specifiers in it start from here. Default: the specifier, joined with the name of the importing module where it is relative.
   */
  readonly filename?: string | undefined;
  /** Default: by the ending of the name; where that says nothing, TypeScript if the runtime has it. */
  readonly language?: Language | undefined;
  /** `"json"`: the value of a JSON text is the default export. Default: by the import attribute, or the ending of the name. */
  readonly type?: "module" | "json" | undefined;
}

/** Attributes of an import (`with { type: "json" }`). */
export type ImportAttributes = Readonly<Record<string, string>>;

/**
 * Finds a module. `name` is the specifier, joined with the name of the importing module where it is relative. Without a result
 * the import fails in the guest, as with an error.
 */
export type ModuleLoader = (
  specifier: string,
  referrer: string,
  attributes: ImportAttributes,
  name: string,
) => LoadedModule | PromiseLike<LoadedModule>;
export type LoadedModule = string | ModuleSource | undefined | null;

/** Compiles what a host gave. */
export interface ModuleCompiler {
  compileModule(
    source: string,
    options: ModuleSource & {
      readonly filename: string;
      readonly type: "module" | "json";
      readonly allowEval: boolean;
      readonly limits: CompileLimits | undefined;
    },
  ): ProgramRecord;
}

/** An answer that is sure to be taken: a value, or a module that is still to be linked. */
export type ReadyAnswer = PreparedAnswer | { readonly record: ProgramRecord };

/** The module of that name that the machine has, -1 if there is none. */
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
    throw new TypeError("a module is answered with its source, or with { source, filename }");
  return given;
}

/**
 * Makes an answer ready for a call of any kind.
 *
 * @throws MarshalError, or TypeError for what is no module; nothing has happened then
 */
export function readyAnswer(
  compiler: ModuleCompiler,
  machine: Machine,
  call: PendingCall,
  answer: Answer,
): ReadyAnswer {
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
    return { record: compiler.compileModule(given.source, { ...given, filename, type, allowEval, limits }) };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    // For the code frame of the error that the guest is about to throw.
    machine.refused.set(filename, given.source);
    return prepareAnswer({ value: [error.message, `${filename}:${error.line}:${error.column}`] });
  }
}

/** Gives an answer that was made ready. */
export function giveReady(machine: Machine, id: number, ready: ReadyAnswer): void {
  if (!("record" in ready)) {
    givePrepared(machine, id, ready);
    return;
  }
  const known = numberOf(machine, ready.record.filename);
  const number = known >= 0 ? known : linkInto(machine, ready.record);
  givePrepared(machine, id, { bytes: writeValue(number, "module").slice(), isError: false });
}

/** The error for an import that nobody answers. */
export function missingModule(machine: Machine, call: PendingCall): MissingModuleError {
  const [specifier, referrer] = call.args;
  return new MissingModuleError(String(specifier), String(referrer), placeOf(machine, call));
}

/** Where a module is imported. */
export function placeOf(machine: Machine, call: PendingCall): SourcePosition {
  return call.stack === undefined ? {} : positionOf(call.stack, machine.programs);
}
