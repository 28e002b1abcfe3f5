// Owns the types of `#meriyah`: the published parser's, and the options that the patches in ts/build/meriyah add.
import type { ESTree, Options } from "meriyah";

/** Options of the published parser and of its patches. */
export interface MendedOptions extends Options {
  /** In a script, the top level may await, and declare with `using`. */
  globalAwait?: boolean;
}

export function parseScript(source: string, options?: MendedOptions): ESTree.Program;
export function parseModule(source: string, options?: MendedOptions): ESTree.Program;
