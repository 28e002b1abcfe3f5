// Owns the interface through which machines and runtimes call the compiler. Must never import more of it than types: a runtime of
// `fermata-vm/resume` has no compiler.

import type { compileJson, compileToImage, CompilerOptions } from "../compiler/compile.ts";
import type { compileSource } from "../compiler/evaluate.ts";
import type { mapVariables } from "../compiler/variable-map.ts";

/** The compiler. */
export interface FrontEnd {
  readonly compileToImage: typeof compileToImage;
  readonly compileJson: typeof compileJson;
  /** Compiles code from strings. Throws SnapshotError for a description of scopes that no compiler has written. */
  readonly compileSource: typeof compileSource;
  readonly mapVariables: typeof mapVariables;
  /** Removes types; undefined: it was not loaded. */
  readonly strip: Strip | undefined;
}

/** The TypeScript stripper, after it has been loaded. */
export type Strip = NonNullable<CompilerOptions["strip"]>;

/** What helps where there is no compiler. */
export const NO_COMPILER = `"fermata-vm/resume" has no compiler: import from "fermata-vm"`;
