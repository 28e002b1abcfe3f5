// Owns compiling: options, languages, bundles of files, to records of programs. Must never start one.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { CompileBudget, type CompileLimits } from "../compiler/compile-limits.ts";
import type { CompiledImage, CompilerOptions } from "../compiler/compile.ts";
import type { FrontEnd } from "../machine/front-end.ts";
import { type Externals, externalsOf, isIdentifier } from "../machine/externals.ts";
import { partsOf, programRecord } from "../machine/program-bytes.ts";
import type { Language, ProgramRecord } from "../machine/records.ts";
import { RegExpChecker } from "../machine/regexp-check.ts";
import type { MachinePool } from "../machine/pool.ts";

/** What a source is. */
export type ProgramType = "script" | "module" | "function-body";

/** Options for compiling a program. */
export interface CompileOptions {
  /** Shown in errors and stacks; its extension selects the language. Default `"program.ts"`. */
  filename?: string | undefined;
  /** Overrides the extension of `filename`. `.js`, `.mjs` and `.cjs` are JavaScript, every other extension is TypeScript. */
  language?: Language | undefined;
  /** Names that `start` binds as global variables. */
  inputs?: readonly string[] | undefined;
  /**
   * Host functions that the program may call, by name: `{ search: "async", ask: "sync" }`, or `["search"]`, where all are async.
   * `{ tools: { search: "async", "read-file": "async" } }` is a namespace: a frozen object without a prototype. Elsewhere such a
   * function goes by its canonical name, `tools.search` or `tools["read-file"]`.
   */
  externals?: Externals | undefined;
  /** May guest code be compiled from strings? Default false. */
  allowEval?: boolean | undefined;
  /**
   * `"module"`: a module, whatever its filename. `"function-body"`: the body of an async function, which may `return` and `await`
   * at its top; its output is the returned value, undefined if it returns nothing, and what it declares is local. Default: `.mjs` and
   * `.mts` files and sources that import or export are modules; all others are scripts, whose output is the value of the last
   * statement.
   */
  type?: ProgramType | undefined;
  /** Limits of source size and time for compiling. They also apply to each source that the program evaluates or loads. */
  limits?: CompileLimits | undefined;
  /** Lets the program stop at every statement, so that fuel of 1 steps through it. Default false. */
  step?: boolean | undefined;
}

/** Options for compiling a program of several files. */
export interface BundleOptions extends Omit<CompileOptions, "filename" | "type"> {
  /** Name of the file that is run. */
  entry: string;
}

const SOURCE_OPTIONS: OptionNames<CompileOptions> = {
  filename: true,
  language: true,
  inputs: true,
  externals: true,
  allowEval: true,
  type: true,
  limits: true,
  step: true,
};
const { filename: _, type: __, ...COMMON_OPTIONS } = SOURCE_OPTIONS;
const FILES_OPTIONS: OptionNames<BundleOptions> = { ...COMMON_OPTIONS, entry: true };

/** @throws TypeError for an option of another name */
export function checkCompileOptions(options: CompileOptions | BundleOptions, isBundle: boolean): void {
  checkOptions("compile", options, isBundle ? FILES_OPTIONS : SOURCE_OPTIONS);
}

/** Sources by name. A `.json` file is a module whose default export is its value. */
export type Files = Readonly<Record<string, string>>;

function checkName(name: unknown, what: string): string {
  if (!isIdentifier(name)) {
    throw new TypeError(`${what} ${JSON.stringify(name)} is not a valid name of a variable`);
  }
  return name;
}

function languageOf(filename: string, language: Language | undefined): Language {
  if (language !== undefined) {
    if (language !== "typescript" && language !== "javascript") {
      throw new TypeError(`language must be "typescript" or "javascript", not ${String(language)}`);
    }
    return language;
  }
  return /\.[mc]?js$/i.test(filename) ? "javascript" : "typescript";
}

function modeOf(filename: string, type: ProgramType | undefined): ProgramType {
  if (type === undefined) return /\.m[jt]s$/i.test(filename) ? "module" : "script";
  if (type !== "script" && type !== "module" && type !== "function-body") {
    throw new TypeError(`type must be "script", "module" or "function-body", not ${String(type)}`);
  }
  return type;
}

type RegExpCheck = NonNullable<CompilerOptions["validateRegExp"]>;

/** Checks the time budget before each regular expression. */
function withBudget(validate: RegExpCheck, { check }: CompileBudget): RegExpCheck {
  return (pattern, flags) => {
    check();
    return validate(pattern, flags);
  };
}

/** A source that is run in the realm of those before it. */
export interface Chunk {
  /** It may declare names of theirs again. */
  readonly mayRedeclare: boolean;
}

/**
 * Compiles a source to a record. `host` provides the machine that checks regular expression literals; without it, they are first
 * checked when they run.
 *
 * @throws CompileError if the source is not a valid program, LimitError if compiling exceeds a limit
 */
export function compileRecord(
  source: string,
  options: CompileOptions,
  frontEnd: FrontEnd,
  chunk: Chunk | undefined,
  host?: MachinePool,
  budget = new CompileBudget(options.limits),
): ProgramRecord {
  budget.take(source);
  const filename = options.filename ?? "program.ts";
  const language = languageOf(filename, options.language);
  const { strip } = frontEnd;
  const inputs = [...new Set((options.inputs ?? []).map((name) => checkName(name, "input")))];
  const externals = externalsOf(options.externals);
  if (language === "typescript" && strip === undefined) {
    throw new TypeError(
      `cannot compile ${filename}: it is TypeScript, and the runtime was created without that. Create it with typescript: true, or pass language: "javascript"`,
    );
  }
  const mode = modeOf(filename, options.type);
  const checker = host === undefined ? undefined : new RegExpChecker(host);
  const compilerOptions: CompilerOptions = {
    filename,
    mode,
    mayBeModule: options.type !== "script",
    // Code that is evaluated later must find the names of the top level.
    persistentTopLevel: mode === "script" && (chunk !== undefined || options.allowEval === true),
    mayRedeclare: chunk?.mayRedeclare === true,
    step: options.step === true,
    allowEval: options.allowEval === true,
    check: budget.check,
    ...(language === "typescript" ? { strip: strip! } : {}),
    ...(checker === undefined ? {} : { validateRegExp: withBudget(checker.check, budget) }),
  };
  let compiled: CompiledImage;
  try {
    compiled = frontEnd.compileToImage(source, compilerOptions);
  } finally {
    checker?.end();
  }
  return programRecord({
    image: compiled.image,
    source,
    filename,
    language,
    inputs,
    externals,
    allowEval: options.allowEval ?? false,
    isModule: compiled.isModule,
    isEvaluated: false,
    isLoaded: false,
  });
}

/**
 * Compiles a module, JavaScript, TypeScript or JSON, to a record.
 *
 * @throws CompileError if the source is not a valid module
 */
export function moduleRecord(
  source: string,
  options: CompileOptions & { readonly filename: string },
  type: "module" | "json",
  frontEnd: FrontEnd,
  isLoaded: boolean,
  host: MachinePool,
  budget = new CompileBudget(options.limits),
): ProgramRecord {
  const { filename } = options;
  if (type === "json") {
    budget.take(source);
    const { image } = frontEnd.compileJson(source, filename);
    const rest = { inputs: [], externals: new Map(), allowEval: false, isModule: true, isEvaluated: false, isLoaded };
    return programRecord({ image, source, filename, language: "javascript", ...rest });
  }
  // If neither the options nor the extension give a language, a runtime without TypeScript assumes JavaScript.
  const language =
    options.language ?? (frontEnd.strip === undefined && !/\.[mc]?tsx?$/i.test(filename) ? "javascript" : undefined);
  const record = compileRecord(source, { ...options, language, type: "module" }, frontEnd, undefined, host, budget);
  return isLoaded ? programRecord({ ...partsOf(record), isLoaded }) : record;
}

/** Compiles the files of a program: first the entry, then the others in the order of their names. */
export function bundleRecords(
  files: Files,
  options: BundleOptions,
  frontEnd: FrontEnd,
  host: MachinePool,
): readonly [ProgramRecord, ...ProgramRecord[]] {
  const plain = (name: string): string => name.replace(/^(?:\.\/)+/, "");
  const sources = new Map(Object.entries(files).map(([name, source]) => [plain(name), source]));
  const entry = plain(options.entry);
  const names = [...sources.keys()].filter((name) => name !== entry).sort();
  const { step, language, ...common } = options;
  const budget = new CompileBudget(options.limits);
  const compile = (name: string, own: CompileOptions): ProgramRecord => {
    const source = sources.get(name);
    if (typeof source !== "string") throw new TypeError(`the source of ${JSON.stringify(name)} is not a string`);
    const type = /\.json$/i.test(name) ? "json" : "module";
    return moduleRecord(source, { ...own, filename: name }, type, frontEnd, false, host, budget);
  };
  return [
    compile(entry, { ...common, step, language }),
    ...names.map((name) => compile(name, { step, language, allowEval: options.allowEval })),
  ];
}
