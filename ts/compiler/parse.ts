// Owns parsing: which grammar a source is tried with, and what a parser error says. Must never look inside the tree.
import { parseModule, parseScript, type ESTree, type Options } from "meriyah";

const OPTIONS: Options = { lexical: true, validateRegex: false, ranges: { start: true, end: true } };
const SCRIPT_OPTIONS: Options = { ...OPTIONS, webcompat: true };

export interface Parsed {
  readonly program: ESTree.Program;
  readonly statements: readonly ESTree.Node[];
  /** The text the offsets of the tree refer to. */
  readonly text: string;
  /** What to subtract from an offset in `text` to get one in the source. */
  readonly shift: number;
  /** Strict, everything at the top level is local. */
  readonly isModule: boolean;
  /** A script whose top level awaits. */
  readonly isAsync: boolean;
}

/** A syntax error, by offset in the given source. */
export class ParseFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Around a script that awaits: meriyah knows top-level await in modules only, and modules are strict. */
const ASYNC_PREFIX = "async()=>{";
const ASYNC_SUFFIX = "\n}";

function failure(error: unknown, shift: number): ParseFailure {
  if (error instanceof RangeError) return new ParseFailure("nesting too deep", 0);
  const { start, description, message } = error as { start?: number; description?: string; message: string };
  const text = (description ?? message).replace(/^\[\d+:\d+(?:-\d+:\d+)?\]:\s*/, "");
  return new ParseFailure(text, Math.max(0, (start ?? 0) - shift));
}

function attempt(parse: () => Parsed, shift: number): Parsed | ParseFailure {
  try {
    return parse();
  } catch (error) {
    return failure(error, shift);
  }
}

function asModule(source: string): Parsed {
  const program = parseModule(source, OPTIONS);
  return { program, statements: program.body, text: source, shift: 0, isModule: true, isAsync: false };
}

function asScript(source: string): Parsed {
  const program = parseScript(source, SCRIPT_OPTIONS);
  return { program, statements: program.body, text: source, shift: 0, isModule: false, isAsync: false };
}

function asAsyncScript(source: string): Parsed {
  const text = ASYNC_PREFIX + source + ASYNC_SUFFIX;
  const program = parseScript(text, SCRIPT_OPTIONS);
  const statement = program.body[0] as ESTree.ExpressionStatement | undefined;
  const arrow = statement?.expression as ESTree.ArrowFunctionExpression | undefined;
  // Source that closes the wrapper itself is no program.
  if (program.body.length !== 1 || arrow?.type !== "ArrowFunctionExpression" || arrow.end !== text.length) {
    throw new SyntaxError("Unexpected token: '}'");
  }
  const statements = (arrow.body as ESTree.BlockStatement).body;
  return { program, statements, text, shift: ASYNC_PREFIX.length, isModule: false, isAsync: true };
}

/** Parses a program; throws ParseFailure. `mayBeModule`: what is no script may be a module. */
export function parseProgram(source: string, mode: "script" | "module" | "prelude", mayBeModule = true): Parsed {
  if (mode === "module") return settled([attempt(() => asModule(source), 0)]);
  const script = attempt(() => asScript(source), 0);
  if (!(script instanceof ParseFailure) || mode === "prelude") return settled([script]);
  const attempts: (Parsed | ParseFailure)[] = [script];
  // `using` may stand at the top level of a script that awaits, and of a module.
  if (/\b(?:await|using)\b/.test(source)) attempts.push(attempt(() => asAsyncScript(source), ASYNC_PREFIX.length));
  if (mayBeModule && /\b(?:import|export)\b/.test(source)) attempts.push(attempt(() => asModule(source), 0));
  return settled(attempts);
}

/** The first that parsed; else the failure that came furthest, which is most likely about what was meant. */
function settled(attempts: readonly (Parsed | ParseFailure)[]): Parsed {
  let furthest: ParseFailure | null = null;
  for (const result of attempts) {
    if (!(result instanceof ParseFailure)) return result;
    if (furthest === null || result.offset > furthest.offset) furthest = result;
  }
  throw furthest!;
}
