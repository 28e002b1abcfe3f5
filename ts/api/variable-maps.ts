// Owns finding where the variables of a program are: its source is compiled again, which must give the same code. Must never answer for
// code that this build would not make of that source: registers differ from build to build.

import { CompileBudget } from "../compiler/compile-limits.ts";
import type { CompiledUnit, CompilerOptions } from "../compiler/compile.ts";
import type { VariableMap } from "../compiler/variable-map.ts";
import type { FrontEnd } from "../machine/front-end.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { sameBytes } from "../snapshot/parts.ts";

type Ways = Pick<CompilerOptions, "mode" | "step" | "persistentTopLevel" | "mayRedeclare">;

/** The ways in which a source may have been compiled, the likely ones first. A record does not say. */
function* waysOf({ isModule }: ProgramRecord): Generator<Ways> {
  for (const step of [true, false]) {
    if (isModule) {
      yield { mode: "module", step };
      continue;
    }
    yield { mode: "script", step };
    yield { mode: "function-body", step };
    for (const mayRedeclare of [false, true]) yield { mode: "script", step, persistentTopLevel: true, mayRedeclare };
  }
}

function compiledAlike(
  record: ProgramRecord,
  frontEnd: FrontEnd,
  ways: Ways,
  check: () => void,
): VariableMap | undefined {
  let map: VariableMap | undefined;
  const options: CompilerOptions = {
    ...ways,
    filename: record.filename,
    allowEval: record.allowEval,
    check,
    ...(record.language === "typescript" ? { strip: frontEnd.strip! } : {}),
    onCompiled: (unit: CompiledUnit) => void (map = frontEnd.mapVariables(unit)),
  };
  try {
    return sameBytes(frontEnd.compileToImage(record.source, options).image, record.image) ? map : undefined;
  } catch {
    // Not a source of that sort, or it takes too long.
    return undefined;
  }
}

/** Maps of variables by program. */
export class VariableMaps {
  readonly #frontEnd: FrontEnd | undefined;
  readonly #known = new WeakMap<ProgramRecord, VariableMap | "none">();

  constructor(frontEnd: FrontEnd | undefined) {
    this.#frontEnd = frontEnd;
  }

  /** Returns the map of a program; undefined: it is not known where its variables are, or finding them took too long. */
  of(record: ProgramRecord): VariableMap | undefined {
    const known = this.#known.get(record);
    if (known !== undefined) return known === "none" ? undefined : known;
    const map = this.#make(record);
    this.#known.set(record, map ?? "none");
    return map;
  }

  #make(record: ProgramRecord): VariableMap | undefined {
    const frontEnd = this.#frontEnd;
    const { language, library, isEvaluated } = record;
    if (frontEnd === undefined || library !== undefined || isEvaluated) return undefined;
    if (language === "typescript" && frontEnd.strip === undefined) return undefined;
    // The source may be a stranger's: all ways together may take what compiling takes by default.
    const { check } = new CompileBudget(undefined);
    for (const ways of waysOf(record)) {
      const map = compiledAlike(record, frontEnd, ways, check);
      if (map !== undefined) return map;
    }
    return undefined;
  }
}
