// Owns the grammar of the command line and its help text. Must never read a file.

import { parseArgs } from "node:util";

/** The command line is invalid; `message` says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `fermata: runs JavaScript and TypeScript programs that can stop anywhere and continue later, elsewhere

  fermata run FILE [--input NAME=JSON]… [--tools MODULE] [--external NAME[:sync]]…
                   [--modules DIR] [--fuel N] [--hold-after MS] [--snapshot FILE] [--seed TEXT]
                   [--allow-eval]
  fermata resume FILE [--value JSON | --error TEXT | --tools MODULE] [--modules DIR]
                   [--fuel N] [--hold-after MS] [--snapshot FILE]
  fermata inspect FILE          prints what a snapshot contains; nothing in it runs
  fermata disassemble FILE      prints the bytecode of a source or a compiled program

  --input       defines a variable of the program: JSON, or a string if it is not JSON
  --tools       a module whose exported functions the program may call; its export \`externals\`
                may mark some of them as "sync"
  --external    a function that the program may call and that has no tool: a call suspends the program
  --modules     the folder of the modules and JSON files that the program may import
                (default for run: the folder of FILE, without JSON; for resume: no folder)
  --allow-eval  lets the program compile code from strings: eval, Function
  --fuel        stops the program after N units of fuel
  --hold-after  stops the program after MS milliseconds
  --snapshot    the file for a stopped program (default: FILE.fermata; resume overwrites FILE)
  --value       answers the pending call with a value; --error answers it with an error
  --seed        the seed of Math.random

Exit codes: 0 complete · 1 failure of fermata itself · 2 wrong usage · 3 error in the program
            4 limit exceeded · 5 bad snapshot · 10 suspended or paused, and the snapshot is written
`;

/** The arguments of a command. */
export interface Arguments {
  readonly command: "run" | "resume" | "inspect" | "disassemble" | "help" | "version";
  readonly file: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly tools: string | undefined;
  readonly externals: Readonly<Record<string, "async" | "sync">>;
  readonly modules: string | undefined;
  readonly fuel: number | undefined;
  readonly holdAfter: number | undefined;
  readonly snapshot: string | undefined;
  readonly seed: string | undefined;
  readonly allowEval: boolean;
  readonly answer: { readonly value: unknown } | { readonly error: Error } | undefined;
}

const OPTIONS = {
  input: { type: "string", multiple: true },
  tools: { type: "string" },
  external: { type: "string", multiple: true },
  modules: { type: "string" },
  fuel: { type: "string" },
  "hold-after": { type: "string" },
  snapshot: { type: "string" },
  seed: { type: "string" },
  "allow-eval": { type: "boolean" },
  value: { type: "string" },
  error: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type OptionName = keyof typeof OPTIONS;

/** Options of each command. */
const ALLOWED: Readonly<Record<string, readonly OptionName[]>> = {
  run: ["input", "tools", "external", "modules", "fuel", "hold-after", "snapshot", "seed", "allow-eval"],
  resume: ["value", "error", "tools", "modules", "fuel", "hold-after", "snapshot"],
  inspect: [],
  disassemble: [],
};

function number(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (text.trim() === "" || !(n >= 0))
    throw new UsageError(`--${option} takes a number of at least 0, not ${JSON.stringify(text)}`);
  return n;
}

function json(text: string): unknown {
  return JSON.parse(text) as unknown;
}

function inputsOf(list: readonly string[]): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const text of list) {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--input takes NAME=JSON, not ${JSON.stringify(text)}`);
    const raw = text.slice(at + 1);
    try {
      inputs[text.slice(0, at)] = json(raw);
    } catch {
      inputs[text.slice(0, at)] = raw;
    }
  }
  return inputs;
}

function externalsOf(list: readonly string[]): Record<string, "async" | "sync"> {
  return Object.fromEntries(
    list.map((text) => {
      const [name, mode = "async"] = text.split(":") as [string, string?];
      if (mode !== "async" && mode !== "sync")
        throw new UsageError(`--external takes NAME or NAME:sync, not ${JSON.stringify(text)}`);
      return [name, mode];
    }),
  );
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function answerOf(
  value: string | undefined,
  error: string | undefined,
  tools: string | undefined,
): Arguments["answer"] {
  if ([value, error, tools].filter((option) => option !== undefined).length > 1) {
    throw new UsageError("--value, --error and --tools exclude each other: pass one of them");
  }
  if (error !== undefined) return { error: new Error(error) };
  if (value === undefined) return undefined;
  try {
    return { value: json(value) };
  } catch {
    throw new UsageError(`--value takes JSON, not ${JSON.stringify(value)}`);
  }
}

const NOTHING: Arguments = {
  command: "help",
  file: "",
  inputs: {},
  tools: undefined,
  externals: {},
  modules: undefined,
  fuel: undefined,
  holdAfter: undefined,
  snapshot: undefined,
  seed: undefined,
  allowEval: false,
  answer: undefined,
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
  const [command, file, ...more] = positionals;
  if (command === undefined) throw new UsageError("no command given: run, resume, inspect or disassemble");
  const allowed = ALLOWED[command];
  if (allowed === undefined)
    throw new UsageError(`unknown command ${JSON.stringify(command)}: run, resume, inspect or disassemble`);
  if (file === undefined) throw new UsageError(`${command} needs a file`);
  if (more.length > 0) throw new UsageError(`${command} takes one file, not ${positionals.length - 1}`);
  for (const name of Object.keys(values) as OptionName[]) {
    if (!allowed.includes(name)) throw new UsageError(`${command} takes no --${name}`);
  }
  return {
    command: command as Arguments["command"],
    file,
    inputs: inputsOf(values.input ?? []),
    tools: values.tools,
    externals: externalsOf(values.external ?? []),
    modules: values.modules,
    fuel: number(values.fuel, "fuel"),
    holdAfter: number(values["hold-after"], "hold-after"),
    snapshot: values.snapshot,
    seed: values.seed,
    allowEval: values["allow-eval"] === true,
    answer: answerOf(values.value, values.error, values.tools),
  };
}
