// Owns what the commands need of the process they run in. Must never be used by anything but the command line.

import type { Runtime } from "../api/runtime.ts";
import type { Library } from "../machine/library.ts";

/** The environment of the commands; tests bring their own. */
export interface Terminal {
  /** Paths are relative to it. */
  readonly cwd: string;
  readonly version: string;
  out(text: string): void;
  err(text: string): void;
  /** Resolves to all of the standard input. */
  stdin(): Promise<string>;
  /** Calls a function when the user wants the program to stop (Ctrl-C); returns the way to end that. A second time ends the process. */
  onInterrupt(listener: () => void): () => void;
  createRuntime(options?: { readonly libraries: readonly Library[] }): Promise<Runtime>;
}

/** Exit codes; scripts rely on them. */
export const EXIT = { COMPLETE: 0, FAILED: 1, USAGE: 2, GUEST: 3, LIMIT: 4, SNAPSHOT: 5, STOPPED: 10 } as const;
