// Owns the way from source text to program image: strip types, parse, analyse, emit. Must never run anything, and must
// turn every failure into a CompileError with a position in the user's own source.
//
//   source ─ strip ─▶ code ─ parse ─▶ tree ─ Analyzer ─▶ Analysis ─ FunctionCompiler ─▶ records ─ ImageBuilder ─▶ image
//            (.ts)           (wrapped for some evaluated code)
//
// Offsets in the tree refer to `parsed.text`. They become offsets in the user's source by two steps back, `toSource`: `shift` undoes what
// the parser put in front, the stripper's map undoes what it inserted.

import { CompileError } from "../errors.ts";
import { FunctionCompiler } from "./emit/function.ts";
import type { Node, PendingFunction, Unit } from "./emit/state.ts";
import { ImageBuilder } from "./image-builder.ts";
import { type Mode, type Parsed, ParseFailure, parseProgram, tryProgram } from "./parse.ts";
import { deepest, TOO_DEEP } from "./syntax-messages.ts";
import { Positions } from "./positions.ts";
import type { Analysis } from "./scope/analysis.ts";
import { assignSlots } from "./scope/assign-slots.ts";
import { Analyzer } from "./scope/find-bindings.ts";
import { describeModule, type Descriptor, MODULE_KIND } from "./scope/modules.ts";
import { releaseRefs } from "./scope/resolver.ts";
import { mayHaveTypeArguments } from "./type-arguments.ts";

/** Maps an offset in stripped code back to one in the source. */
export interface OffsetMap {
  toSource(offset: number): number;
}

/** What the caller decides. Everything that would import a large module (stripper, RegExp parser) is passed in. */
export interface CompilerOptions {
  filename: string;
  mode: Mode;
  /** In mode "script": a source that imports or exports is compiled as a module. Default true. */
  mayBeModule?: boolean;
  /** Top-level let, const and class live in the realm's global lexical record, as in a REPL. */
  persistentTopLevel?: boolean;
  /** Names of the top level may have been declared before, as in a browser's console. */
  mayRedeclare?: boolean;
  /** Calls of `eval` may be direct, so they see the scopes around them. */
  allowEval?: boolean;
  /** A STEP instruction before every statement. */
  step?: boolean;
  /** Removes the types from TypeScript; passed by the caller, which loads the stripper. */
  strip?: (
    source: string,
    options: { filename: string; earlier?: readonly string[]; check?: (() => void) | undefined },
  ) => { code: string; map: OffsetMap | null };
  /** The error message for a regular expression literal, null if it is valid; passed by the owner of the RegExp parser. */
  validateRegExp?: (pattern: string, flags: string) => string | null;
  /** Called between stages, functions and regular expressions: throws when compiling takes too long. */
  check?: () => void;
  /** The code of a library program: `$host` is what libraries share (ts/prelude/library.js). */
  library?: boolean;
  /** For a module: a descriptor to use instead of the one of its source. */
  descriptor?: Descriptor;
  /** Gets what is known of the program when its code is made; valid only until it returns. */
  onCompiled?: (known: CompiledUnit) => void;
  prelude?: {
    /** Stable ids by name, without the `$`. */
    natives: ReadonlyMap<string, number>;
    intrinsics: ReadonlyMap<string, number>;
  };
}

/** What `onCompiled` gets. */
export interface CompiledUnit {
  readonly analysis: Analysis;
  /** The functions by index. */
  readonly functions: readonly PendingFunction[];
  readonly statements: readonly Node[];
  /** Length of the parsed text. */
  readonly length: number;
  readonly toSource: (offset: number) => number;
  /** The program is the body of a function. */
  readonly isFunctionBody: boolean;
}

/** A compiled program. */
export interface CompiledImage {
  readonly image: Uint8Array;
  /** Names by function index; "" for anonymous ones. */
  readonly functionNames: readonly string[];
  /** True if the top level awaits: running it gives a promise. */
  readonly isAsync: boolean;
  readonly isModule: boolean;
}

/** Thrown inside the compiler, with an offset in the user's source; turned into a CompileError at its boundary (`withCompileErrors`). */
class CompileFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Compiles a source to a program image.
 *
 * @throws CompileError for invalid programs and for those too large; whatever `options.check` throws
 */
export function compileToImage(source: string, options: CompilerOptions): CompiledImage {
  return compileParsed(source, options, (code) => parseProgram(code, options.mode, options.mayBeModule), undefined);
}

/** Code from a string: the scopes around it (scope/eval-scopes.ts), "" for global code; and whether it is the text of one function. */
export interface CodeFromString {
  readonly scopes: string;
  readonly isFunction: boolean;
}

/**
 * Compiles a program, or code from a string (`evaluated`, evaluate.ts).
 *
 * @param parse reads the stripped code with the grammar that fits
 * @throws CompileError, and whatever `options.check` throws
 */
export function compileParsed(
  source: string,
  options: CompilerOptions,
  parse: (code: string) => Parsed,
  evaluated: CodeFromString | undefined,
): CompiledImage {
  return withCompileErrors(source, options, parse, (parsed, toSource, fail) => {
    options.check?.();
    const analysis = analyze(parsed, options, fail, evaluated?.scopes);
    const image = new ImageBuilder(256 + (parsed.text.length >> 1));
    const { module } = analysis;
    const unit: Unit = {
      image,
      analysis,
      source: parsed.text,
      toSource,
      step: options.step === true,
      check: options.check ?? (() => {}),
      allowEval: options.allowEval === true,
      isFunction: evaluated?.isFunction === true,
      isFunctionBody: options.mode === "function-body",
      persistent: options.persistentTopLevel === true,
      mayRedeclare: options.mayRedeclare === true,
      descriptor:
        module === null ? null : (options.descriptor ?? describeModule(module, analysis.program.async, toSource)),
      isLibrary: options.library === true,
      prelude: options.mode === "prelude" ? (options.prelude ?? { natives: new Map(), intrinsics: new Map() }) : null,
      fail,
    };
    const end = parsed.shift === 0 ? parsed.text.length : parsed.text.length - 2;
    const compiler = new FunctionCompiler(unit);
    const functionNames = compiler.compileAll(parsed.statements, end);
    const { text, statements } = parsed;
    const { isFunctionBody } = unit;
    options.onCompiled?.({
      analysis,
      functions: compiler.queue,
      statements,
      length: text.length,
      toSource,
      isFunctionBody,
    });
    releaseRefs(analysis.refs);
    return { image: image.finish(), functionNames, isAsync: analysis.program.async, isModule: parsed.isModule };
  });
}

/** A module whose default export is the value of a JSON text. Errors in the text are reported when the module is loaded. */
export function compileJson(text: string, filename: string): CompiledImage {
  return compileToImage("", { filename, mode: "module", descriptor: [MODULE_KIND.JSON, text] });
}

/** The finished scope analysis of a source, for tests and tools. */
export function analyzeSource(source: string, options: CompilerOptions): Analysis {
  const parse = (code: string): Parsed => parseProgram(code, options.mode, options.mayBeModule);
  return withCompileErrors(source, options, parse, (parsed, _toSource, fail) =>
    analyze(parsed, options, fail, undefined),
  );
}

/** Scope analysis with places: all three passes of scope/analysis.ts. */
function analyze(
  parsed: Parsed,
  options: CompilerOptions,
  fail: Unit["fail"],
  evalScopes: string | undefined,
): Analysis {
  const analyzer = new Analyzer({
    length: parsed.text.length,
    strict: parsed.isModule || options.mode === "prelude",
    isModule: parsed.isModule,
    isFunctionBody: options.mode === "function-body",
    persistent: options.persistentTopLevel === true && !parsed.isModule,
    // A source that does not mention `eval` cannot call it directly.
    allowEval: options.allowEval === true && /eval/.test(parsed.text),
    evalScopes,
    validateRegExp: options.validateRegExp,
    fail,
  });
  const analysis = analyzer.program(parsed.program, parsed.statements);
  assignSlots(analysis.functions);
  return analysis;
}

/** Reads a source and does `work` on its tree. Every failure on the way becomes a CompileError with line, column and code frame. */
function withCompileErrors<T>(
  source: string,
  options: CompilerOptions,
  parse: (code: string) => Parsed,
  work: (parsed: Parsed, toSource: (offset: number) => number, fail: Unit["fail"]) => T,
): T {
  try {
    const { parsed, map } =
      options.strip === undefined
        ? { parsed: parse(source), map: null }
        : readTypeScript(source, options, options.strip, parse);
    const { shift } = parsed;
    const toSource =
      map !== null
        ? (offset: number) => map.toSource(Math.max(0, offset - shift))
        : shift === 0
          ? (offset: number) => offset
          : (offset: number) => Math.max(0, offset - shift);
    const fail = (message: string, node: Node): never => {
      throw new CompileFailure(message, toSource(node.start ?? 0));
    };
    return work(parsed, toSource, fail);
  } catch (error) {
    throw asCompileError(error, source, options.filename);
  }
}

/** A tree, and the map from its offsets back to the source. */
interface Read {
  readonly parsed: Parsed;
  readonly map: OffsetMap | null;
}

type Strip = NonNullable<CompilerOptions["strip"]>;

/**
 * Parses a source directly if it is certainly JavaScript, or if it cannot be read as TypeScript; else strips its types first. A plain source is
 * then read once, by one parser.
 */
function readTypeScript(source: string, options: CompilerOptions, strip: Strip, parse: (code: string) => Parsed): Read {
  const { filename, mode, mayBeModule } = options;
  // A file that is refused for its name (.tsx, .jsx) is refused even if it contains only JavaScript.
  const plain = /\.[jt]sx$/i.test(filename) ? null : tryProgram(source, mode, mayBeModule);
  if (plain !== null && !mayHaveTypeArguments(source, plain.program)) return { parsed: plain, map: null };
  try {
    return readStripped(strip(source, { filename, check: options.check }), parse);
  } catch (error) {
    if (plain === null) throw asJavaScript(error, source, parse);
    return { parsed: plain, map: null };
  }
}

/** Messages of the stripper about any mistake. Its other messages explain what it does not support. */
const GENERIC = /^(?:Unexpected|Unterminated|Invalid Unicode)/;
/** Messages about syntax of TypeScript that is refused. */
const UNSUPPORTED = / not supported/;
/** Words with which no syntax of TypeScript begins. */
const ONLY_JAVASCRIPT = /(?:await|yield)\b/y;

/**
 * The error of a source that is neither TypeScript nor JavaScript: that of the JavaScript parser if it came as far, so that a program
 * without types gets the same words in both languages.
 */
function asJavaScript(error: unknown, source: string, parse: (code: string) => Parsed): unknown {
  const { offset, message } = error as { offset?: number; message: string };
  if (offset === undefined || UNSUPPORTED.test(message)) return error;
  if (error instanceof SyntaxError && !GENERIC.test(message)) return error;
  try {
    parse(source);
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) return error;
    ONLY_JAVASCRIPT.lastIndex = failure.offset;
    if (failure.offset >= offset || ONLY_JAVASCRIPT.test(source)) return failure;
  }
  return error;
}

/** Parses stripped code. The place of a syntax error is mapped back here, since the parser knows only the stripped code. */
function readStripped({ code, map }: ReturnType<Strip>, parse: (code: string) => Parsed): Read {
  try {
    return { parsed: parse(code), map };
  } catch (error) {
    if (!(error instanceof ParseFailure) || map === null) throw error;
    throw new ParseFailure(error.message, map.toSource(error.offset));
  }
}

/** The CompileError for a failure in the compiler; any other error is returned as it is: a bug, or a limit of `check`. */
function asCompileError(error: unknown, source: string, filename: string): unknown {
  let message: string;
  let offset = 0;
  if (error instanceof ParseFailure) {
    message = error.message;
    offset = error.offset;
  } else if (error instanceof CompileFailure) {
    message = error.message;
    offset = error.offset;
  } else if (error instanceof SyntaxError && "offset" in error && typeof error.offset === "number") {
    // The stripper's offsets refer to the source itself.
    message = error.message;
    offset = error.offset;
  } else if (error instanceof RangeError) {
    // The host's stack ran out in a walk over the tree.
    message = TOO_DEEP;
    offset = deepest(source);
  } else {
    return error;
  }
  const positions = new Positions(source);
  const { line, column } = positions.at(offset);
  return new CompileError(message, { filename, line, column, codeFrame: positions.codeFrame(offset) });
}
