// Owns which command does what. Must never end the process, or write anywhere but to the given terminal: tests run it as a function.

import { type Arguments, parseArguments, UsageError } from "./arguments.ts";
import { describe } from "./describe.ts";
import { buildLibrary } from "./library.ts";
import { disassembled, inspect } from "./look.ts";
import { completionFor, USAGE } from "./options.ts";
import { Running } from "./running.ts";
import { EXIT, type Terminal } from "./terminal.ts";

export { EXIT, type Terminal };

function completion(terminal: Terminal, { source }: Arguments): number {
  const shell = source.from === "file" ? source.file : "-";
  const script = completionFor(shell);
  if (script === undefined) throw new UsageError(`completions are there for bash, zsh and fish, not for ${shell}`);
  terminal.out(script);
  return EXIT.COMPLETE;
}

function say(terminal: Terminal, text: string): number {
  terminal.out(text);
  return EXIT.COMPLETE;
}

const COMMANDS: Readonly<
  Record<Arguments["command"], (terminal: Terminal, args: Arguments) => number | Promise<number>>
> = {
  run: (terminal, args) => new Running(terminal, args).run(),
  resume: (terminal, args) => new Running(terminal, args).resume(),
  inspect,
  disassemble: disassembled,
  library: buildLibrary,
  completion,
  help: (terminal) => say(terminal, USAGE),
  version: (terminal) => say(terminal, `${terminal.version}\n`),
};

/** Executes a command line; returns the exit code. */
export async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const args = parseArguments(argv);
    return await COMMANDS[args.command](terminal, args);
  } catch (error) {
    const { text, code } = describe(error);
    terminal.err(text);
    return code;
  }
}
