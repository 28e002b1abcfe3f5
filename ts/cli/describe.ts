// Owns what the command line prints of an error, and its exit code. Must never print a stack of the package's own.

import {
  CompileError,
  FermataError,
  GuestError,
  LimitError,
  MissingExternalError,
  MissingModuleError,
  SnapshotError,
} from "../errors.ts";
import { UsageError } from "./arguments.ts";
import { shown } from "./show.ts";
import { EXIT } from "./terminal.ts";

/** Causes that are printed; a program may chain as many as it likes. */
const MAX_CAUSES = 10;

function causes(error: unknown): string {
  let text = "";
  let cause = (error as { cause?: unknown }).cause;
  for (let i = 0; i < MAX_CAUSES && cause !== undefined; i++) {
    if (!(cause instanceof Error)) return `${text}Caused by: ${shown(cause, 4)}\n`;
    // The message of a guest's error begins with its name.
    text += `Caused by: ${cause instanceof GuestError ? "" : `${cause.name}: `}${cause.message}\n`;
    ({ cause } = cause);
  }
  return text;
}

function framed(head: string, codeFrame: string): string {
  return `${head}\n${codeFrame === "" ? "" : `\n${codeFrame}\n`}`;
}

interface Description {
  readonly text: string;
  readonly code: number;
}

/** Options that set limits. */
const OPTION_OF: Readonly<Record<string, string>> = { timeMs: "--time", fuel: "--fuel" };

/** The message of the error, with the option of the command line that sets the limit in place of the name of the limit. */
function limitText({ limit, message }: LimitError): string {
  const option = OPTION_OF[limit];
  return option === undefined ? message : message.replace(`raise limits.${limit}`, `pass a larger ${option}`);
}

export function describe(error: unknown): Description {
  if (error instanceof UsageError) {
    // What comes after the first line is a list, such as that of the calls.
    const [fault, ...rest] = error.message.split("\n");
    const lines = [`fermata: ${fault} (fermata --help lists commands and options)`, ...rest];
    return { text: `${lines.join("\n")}\n`, code: EXIT.USAGE };
  }
  if (error instanceof MissingModuleError) return { text: `${error.message}\n${error.codeFrame}\n`, code: EXIT.USAGE };
  if (error instanceof MissingExternalError)
    return { text: `${error.message}: export it from the module given as --tools\n`, code: EXIT.USAGE };
  if (error instanceof CompileError) {
    const { filename, line, column, message, codeFrame } = error;
    return { text: `${filename}:${line}:${column}: ${message}\n${codeFrame}\n`, code: EXIT.GUEST };
  }
  if (error instanceof GuestError) {
    const stack = error.guestStack === "" ? `Uncaught ${error.message}` : error.guestStack;
    return { text: `${framed(stack, error.codeFrame)}${causes(error)}`, code: EXIT.GUEST };
  }
  if (error instanceof LimitError) return { text: `${limitText(error)}\n`, code: EXIT.LIMIT };
  if (error instanceof SnapshotError)
    return { text: `bad snapshot (${error.reason}): ${error.message}\n`, code: EXIT.SNAPSHOT };
  if (error instanceof FermataError) return { text: `fermata: ${error.name}: ${error.message}\n`, code: EXIT.FAILED };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { text: `fermata: ${text}\n${causes(error)}`, code: EXIT.FAILED };
}
