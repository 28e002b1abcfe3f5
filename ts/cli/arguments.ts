// Owns the grammar of the command line: which options each command takes, and what their values mean. Must never read a file.

import { parseArgs } from "node:util";
import { didYouMean, nearestName } from "../machine/option-names.ts";
import { COMMAND_NAMES, OPTIONS, optionsOf, type OptionName } from "./options.ts";

/** The command line is invalid; `message` says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Where a program comes from. */
export type Source =
  | { readonly from: "file"; readonly file: string }
  | { readonly from: "stdin" }
  | { readonly from: "text"; readonly text: string };

/** What answers one call: the id of a call, or the name of a function; undefined: the only call that is pending. */
export interface Reply {
  readonly to: string | number | undefined;
  readonly answer: { readonly value: unknown } | { readonly error: Error };
}

/** The arguments of a command. */
export interface Arguments {
  readonly command: "run" | "resume" | "inspect" | "disassemble" | "library" | "completion" | "help" | "version";
  readonly source: Source;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly tools: string | undefined;
  readonly externals: Readonly<Record<string, "async" | "sync">>;
  readonly modules: string | undefined;
  readonly fuel: number | undefined;
  /** Milliseconds of computing. */
  readonly time: number | undefined;
  readonly holdAfter: number | undefined;
  readonly snapshot: string | undefined;
  readonly seed: string | undefined;
  readonly allowEval: boolean;
  readonly checkOnly: boolean;
  readonly json: boolean;
  /** Show variables. */
  readonly scopes: boolean;
  readonly replies: readonly Reply[];
  /** Modules of libraries. */
  readonly libraries: readonly string[];
  readonly name: string | undefined;
  readonly globals: readonly string[];
  readonly output: string | undefined;
}

/** Reads a number of at least 0; `what` says of what. */
function number(text: string | undefined, option: string, what = "a number of at least 0"): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (text.trim() === "" || !(n >= 0)) throw new UsageError(`--${option} takes ${what}, not ${JSON.stringify(text)}`);
  return n;
}

const MILLISECONDS = "milliseconds, such as 500";

/** Splits `NAME=REST`. */
function named(text: string, option: string, form: string): readonly [name: string, rest: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--${option} takes ${form}, not ${JSON.stringify(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function json(text: string, option: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`--${option} takes JSON, not ${JSON.stringify(text)}`);
  }
}

function inputsOf(list: readonly string[]): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const text of list) {
    const [name, raw] = named(text, "input", "NAME=JSON");
    try {
      inputs[name] = JSON.parse(raw) as unknown;
    } catch {
      inputs[name] = raw;
    }
  }
  return inputs;
}

function externalsOf(list: readonly string[]): Record<string, "async" | "sync"> {
  return Object.fromEntries(
    list.map((text) => {
      const [name, mode = "async"] = text.split(":") as [string, string?];
      if (name === "" || (mode !== "async" && mode !== "sync"))
        throw new UsageError(`--external takes NAME or NAME:sync, not ${JSON.stringify(text)}`);
      return [name, mode];
    }),
  );
}

/** The call that a name means: `#3` and `3` are ids, all else is the name of a function. */
function callOf(name: string): string | number {
  const id = /^#?(\d+)$/.exec(name)?.[1];
  return id === undefined ? name : Number(id);
}

type Values = ReturnType<typeof parse>["values"];

function repliesOf(values: Values): Reply[] {
  const { value, error } = values;
  const replies: Reply[] = [
    ...(values.answer ?? []).map((text) => {
      const [name, raw] = named(text, "answer", "NAME=JSON or ID=JSON");
      return { to: callOf(name), answer: { value: json(raw, "answer") } };
    }),
    ...(values["answer-error"] ?? []).map((text) => {
      const [name, message] = named(text, "answer-error", "NAME=TEXT or ID=TEXT");
      return { to: callOf(name), answer: { error: new Error(message) } };
    }),
  ];
  if (value !== undefined && error !== undefined) throw new UsageError("--value and --error exclude each other");
  if (value === undefined && error === undefined) return replies;
  if (replies.length > 0)
    throw new UsageError(`--${value === undefined ? "error" : "value"} is for a single call: give it by --answer too`);
  const answer = value === undefined ? { error: new Error(error) } : { value: json(value, "value") };
  return [{ to: undefined, answer }];
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Only the first sentence is about the fault; the others are about parseArgs itself.
    const fault = (error as Error).message.split(/\. (?=[A-Z])/)[0]!.replace(/\.$/, "");
    const unknown = /^Unknown option '--([^']*)'$/.exec(fault)?.[1];
    const meant = unknown === undefined ? undefined : nearestName(unknown, Object.keys(OPTIONS));
    throw new UsageError(meant === undefined ? fault : `${fault}: did you mean --${meant}?`);
  }
}

function sourceOf(command: string, positionals: readonly string[], text: string | undefined): Source {
  const [file, ...more] = positionals;
  if (text !== undefined) {
    if (file !== undefined) throw new UsageError(`${command} takes a file or --eval, not both`);
    return { from: "text", text };
  }
  if (file === undefined) throw new UsageError(`${command} needs a ${command === "completion" ? "shell" : "file"}`);
  if (more.length > 0) throw new UsageError(`${command} takes one file, not ${positionals.length}`);
  return file === "-" ? { from: "stdin" } : { from: "file", file };
}

/** Returns the operands that follow the verb of `library`. */
function builtFile([what, ...files]: readonly string[]): readonly string[] {
  if (what !== "build") throw new UsageError("library takes: build FILE");
  return files;
}

const NOTHING: Arguments = {
  command: "help",
  source: { from: "text", text: "" },
  inputs: {},
  tools: undefined,
  externals: {},
  modules: undefined,
  fuel: undefined,
  time: undefined,
  holdAfter: undefined,
  snapshot: undefined,
  seed: undefined,
  allowEval: false,
  checkOnly: false,
  json: false,
  scopes: false,
  replies: [],
  libraries: [],
  name: undefined,
  globals: [],
  output: undefined,
};

/**
 * Reads a command line, without the program's own name.
 *
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.help === true) return NOTHING;
  if (values.version === true) return { ...NOTHING, command: "version" };
  const [command, ...files] = positionals;
  if (command === undefined) {
    if (values.eval !== undefined) throw new UsageError("no command given: code is run by fermata run --eval CODE");
    throw new UsageError(`no command given: ${COMMAND_NAMES.join(", ")}`);
  }
  const allowed = optionsOf(command);
  if (allowed === undefined) {
    const meant = didYouMean(command, COMMAND_NAMES) || `: the commands are ${COMMAND_NAMES.join(", ")}`;
    throw new UsageError(`unknown command ${JSON.stringify(command)}${meant}`);
  }
  for (const name of Object.keys(values) as OptionName[]) {
    if (!allowed.includes(name)) throw new UsageError(`${command} takes no --${name}`);
  }
  return {
    command: command as Arguments["command"],
    source: sourceOf(command, command === "library" ? builtFile(files) : files, values.eval),
    inputs: inputsOf(values.input ?? []),
    tools: values.tools,
    externals: externalsOf(values.external ?? []),
    modules: values.modules,
    fuel: number(values.fuel, "fuel"),
    time: number(values.time, "time", MILLISECONDS),
    holdAfter: number(values["hold-after"], "hold-after", MILLISECONDS),
    snapshot: values.snapshot,
    seed: values.seed,
    allowEval: values["allow-eval"] === true,
    checkOnly: values["check-only"] === true,
    json: values.json === true,
    scopes: values.scopes === true,
    replies: repliesOf(values),
    libraries: values.library ?? [],
    name: values.name,
    globals: values.globals?.split(",").filter((name) => name !== "") ?? [],
    output: values.output,
  };
}
