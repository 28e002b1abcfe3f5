// Owns the compiler as runtimes have it. Must never be imported by what `fermata-vm/resume` is made of.

import { compileJson, compileToImage } from "../compiler/compile.ts";
import { compileSource } from "../compiler/evaluate.ts";
import { EvalScopesError } from "../compiler/scope/eval-scopes.ts";
import { mapVariables } from "../compiler/variable-map.ts";
import { SnapshotError } from "../errors.ts";
import type { FrontEnd, Strip } from "../machine/front-end.ts";

const evaluated: FrontEnd["compileSource"] = (source, kind, extra, options) => {
  try {
    return compileSource(source, kind, extra, options);
  } catch (error) {
    if (error instanceof EvalScopesError) throw new SnapshotError("malformed", `code that evaluates: ${error.message}`);
    throw error;
  }
};

/** Returns the compiler, with or without the stripper. */
export function frontEndWith(strip: Strip | undefined): FrontEnd {
  return { compileToImage, compileJson, compileSource: evaluated, mapVariables, strip };
}
