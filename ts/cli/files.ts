// Owns reading and writing the files that the command line names. A file that cannot be read or written is a mistake in the command line,
// and says which file and why.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type Source, UsageError } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "part of its path is no folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}

export async function readBytes(terminal: Terminal, file: string): Promise<Buffer> {
  try {
    return await readFile(resolve(terminal.cwd, file));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/** Writes a snapshot; folders that are not there are made. */
export async function writeSnapshot(terminal: Terminal, file: string, bytes: Uint8Array): Promise<void> {
  const path = resolve(terminal.cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  } catch (error) {
    throw new UsageError(`cannot write the snapshot to ${file}: ${reasonOf(error)}`);
  }
}

/** A program as it was named. */
export interface NamedSource {
  readonly text: string;
  /** The name in messages and stacks; its ending says the language. */
  readonly filename: string;
  /** Where its modules are; undefined if it is in no folder. */
  readonly folder: string | undefined;
  /** Where a snapshot goes by default. */
  readonly snapshot: string;
}

export async function readSource(terminal: Terminal, source: Source): Promise<NamedSource> {
  switch (source.from) {
    case "file": {
      const { file } = source;
      const text = (await readBytes(terminal, file)).toString("utf8");
      return { text, filename: basename(file), folder: dirname(file), snapshot: `${file}.fermata` };
    }
    case "stdin":
      return { text: await terminal.stdin(), filename: "stdin.ts", folder: undefined, snapshot: "stdin.fermata" };
    case "text":
      return { text: source.text, filename: "eval.ts", folder: undefined, snapshot: "eval.fermata" };
  }
}

/** The bytes of the file that a command is about; `what` says what the file should be. */
export async function readOperand(terminal: Terminal, source: Source, what: string): Promise<Buffer> {
  if (source.from === "file") return readBytes(terminal, source.file);
  throw new UsageError(`${what} is read from a file`);
}
