// Owns the compilation of code from strings: eval and the constructors of functions. Must never run it, and must never trust the
// description of scopes: it may come out of a snapshot from a stranger.
import { SOURCE_KIND } from "../defs/source-kinds.ts";
import { compileParsed, type CompiledImage, type CompilerOptions } from "./compile.ts";
import { functionText, parseEvaluated, parseFunction, type EvalGrammar, type FunctionKindNumber } from "./parse.ts";
import { readScopes } from "./scope/eval-scopes.ts";

/** Code from a string, compiled. */
export interface Evaluated {
  readonly compiled: CompiledImage;
  /** The text that positions are in. */
  readonly source: string;
}

/** The syntax that the place of a direct eval allows: `super`, new.target and private names of the code around it. */
function grammarAt(scopes: string): EvalGrammar {
  const { strict, functions, privateNames } = readScopes(scopes, null);
  const around = functions[functions.length - 1]!.owner.kind;
  return {
    strict,
    around: around === "program" || around === "function" || around === "derived" ? around : "method",
    privateNames: [...new Set(privateNames)],
  };
}

/**
 * Compiles a source.
 *
 * @param extra the description of scopes (direct), or the parameters (functions)
 * @throws CompileError, EvalScopesError
 */
export function compileSource(
  source: string,
  kind: number,
  extra: string,
  options: Pick<CompilerOptions, "check" | "filename" | "validateRegExp">,
): Evaluated {
  const all: CompilerOptions = { ...options, mode: "script", allowEval: true };
  if (kind >= SOURCE_KIND.FUNCTION) {
    const functionKind = (kind - SOURCE_KIND.FUNCTION) as FunctionKindNumber;
    const text = functionText(functionKind, extra, source);
    return {
      compiled: compileParsed(text, all, () => parseFunction(functionKind, extra, source), {
        scopes: "",
        isFunction: true,
      }),
      source: text,
    };
  }
  const scopes = kind === SOURCE_KIND.DIRECT ? extra : "";
  const grammar: EvalGrammar =
    scopes === "" ? { strict: false, around: "program", privateNames: [] } : grammarAt(scopes);
  return {
    compiled: compileParsed(source, all, (code) => parseEvaluated(code, grammar), { scopes, isFunction: false }),
    source,
  };
}
