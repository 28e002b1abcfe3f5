// Owns TypeScript → JavaScript: syntax without run-time meaning becomes spaces, so that every remaining token keeps its line and column.
// Must never drop syntax that has a run-time meaning: if it cannot be translated, it throws. Early errors are left to the JavaScript
// parser, which reads the result.

import { scopeAfter } from "./earlier.ts";
import { Edits } from "./edits.ts";
import { TypeScriptSyntaxError } from "./errors.ts";
import { explained } from "./jsx.ts";
import { ModuleParser } from "./modules.ts";
import { Names } from "./names.ts";
import type { OffsetMap } from "./offset-map.ts";

export { TypeScriptSyntaxError } from "./errors.ts";
export { OffsetMap } from "./offset-map.ts";

/** JavaScript made from TypeScript. */
export interface StripResult {
  readonly code: string;
  /** The map back to source offsets; null if every offset is the same in both. */
  readonly map: OffsetMap | null;
}

/** Options of the stripper. */
export interface StripOptions {
  /** Used only to refuse JSX by its extension. */
  readonly filename: string;
  /** Sources of scripts that ran before in the same realm, in order: its namespaces and enums go on with theirs. The list may grow later. */
  readonly earlier?: readonly string[] | undefined;
  /** Called now and then; throws when the time for compiling is up. */
  readonly check?: (() => void) | undefined;
}

/** The meaning of names matters only if the source contains one of these words. */
const NAMES_MATTER = /\b(?:enum|namespace|module|import|export)\b/;

/**
 * Turns TypeScript into JavaScript in which everything that remains keeps its line and column.
 *
 * @throws {@link TypeScriptSyntaxError} for source that is not TypeScript or not supported.
 */
export function stripTypes(source: string, options: StripOptions): StripResult {
  if (/\.[jt]sx$/i.test(options.filename)) {
    throw new TypeScriptSyntaxError(
      "JSX is not supported, so .tsx and .jsx files are not compiled: write the equivalent calls in a .ts file",
      0,
    );
  }
  const edits = new Edits(source);
  try {
    const matter = NAMES_MATTER.test(source);
    const { earlier = [], check } = options;
    new ModuleParser(
      source,
      edits,
      new Names(matter, matter && earlier.length > 0 ? scopeAfter(earlier) : undefined, check),
    ).parse();
  } catch (error) {
    throw explained(error, source);
  }
  return edits.render();
}
