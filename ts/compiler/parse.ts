// Owns parsing: the choice of the grammar for a source, and the messages of parser errors. Must never look inside the tree.
//
//   mode             tried in this order
//   script           a script whose top level may await · a module, if it has `import` or `export` · a script where `await` is a name
//   module           a module
//   function-body    the body of an async function
//   prelude          a script
//
// Each way is a whole parse, so it is tried only if the text has a word that makes it worth while.
import { parseModule, parseScript, type MendedOptions } from "#meriyah";
import type { ESTree } from "meriyah";
import { deepest, explain, TOO_DEEP } from "./syntax-messages.ts";

const OPTIONS: MendedOptions = { next: true, lexical: true, validateRegex: false, ranges: { start: true, end: true } };
const SCRIPT_OPTIONS: MendedOptions = { ...OPTIONS, webcompat: true };
const AWAITING_OPTIONS: MendedOptions = { ...SCRIPT_OPTIONS, globalAwait: true };
const BODY_OPTIONS: MendedOptions = { ...AWAITING_OPTIONS, globalReturn: true };

export interface Parsed {
  readonly program: ESTree.Program;
  readonly statements: readonly ESTree.Node[];
  /** The text the offsets of the tree refer to. */
  readonly text: string;
  /** Subtracted from an offset in `text`, it gives one in the source. */
  readonly shift: number;
  /** Strict, everything at the top level is local. */
  readonly isModule: boolean;
}

/** A syntax error, by offset in the given source. */
export class ParseFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The ParseFailure for an error of the parser, whose message begins with a place. `shift`: length of the text in front of the source. */
function failure(error: unknown, shift: number): ParseFailure {
  if (error instanceof RangeError) return new ParseFailure(TOO_DEEP, 0);
  const { start, description, message } = error as { start?: number; description?: string; message: string };
  const text = (description ?? message).replace(/^\[\d+:\d+(?:-\d+:\d+)?\]:\s*/, "");
  return new ParseFailure(text, Math.max(0, (start ?? 0) - shift));
}

/** Parses; a failure is returned and not thrown, so that the next way can be tried. */
function attempt(parse: () => Parsed, shift: number): Parsed | ParseFailure {
  try {
    return parse();
  } catch (error) {
    return failure(error, shift);
  }
}

function asModule(source: string): Parsed {
  const program = parseModule(source, OPTIONS);
  return { program, statements: program.body, text: source, shift: 0, isModule: true };
}

function asScript(source: string, options = SCRIPT_OPTIONS): Parsed {
  const program = parseScript(source, options);
  return { program, statements: program.body, text: source, shift: 0, isModule: false };
}

/** `"function-body"`: the body of an async function. */
export type Mode = "script" | "module" | "function-body" | "prelude";

/** Without one of these words a script is the same whether its top level may await or not. */
const AWAITS = /\b(?:await|using)\b/;

/**
 * Parses a program; throws ParseFailure. `mayBeModule`: a source that is not a script may be a module.
 *
 * At the top of a script, `await` is the operator, whatever follows it. It is a name only if the script cannot be parsed that way:
 * where the script itself declares it, assigns it, or mentions it alone.
 */
export function parseProgram(source: string, mode: Mode, mayBeModule = true): Parsed {
  return settled(attemptsAt(source, mode, mayBeModule), source);
}

/** A program; null if it cannot be parsed. */
export function tryProgram(source: string, mode: Mode, mayBeModule = true): Parsed | null {
  const attempts = attemptsAt(source, mode, mayBeModule);
  const last = attempts[attempts.length - 1]!;
  return last instanceof ParseFailure ? null : last;
}

/** The failure of a function body, with the way out for one that wants to be a module. */
function ofBody(result: Parsed | ParseFailure): Parsed | ParseFailure {
  const keyword = result instanceof ParseFailure ? /^The (import|export) keyword/.exec(result.message)?.[1] : undefined;
  if (keyword === undefined) return result;
  const wayOut = keyword === "import" ? "use `await import(…)`" : "return the value";
  return new ParseFailure(`A function body cannot ${keyword}: ${wayOut}`, (result as ParseFailure).offset);
}

/** Each way to read a program, up to the first that parses. */
function attemptsAt(source: string, mode: Mode, mayBeModule: boolean): (Parsed | ParseFailure)[] {
  if (mode === "module") return [attempt(() => asModule(source), 0)];
  if (mode === "function-body") return [ofBody(attempt(() => asScript(source, BODY_OPTIONS), 0))];
  const mayAwait = mode === "script" && AWAITS.test(source);
  const ways = [() => asScript(source, mayAwait ? AWAITING_OPTIONS : SCRIPT_OPTIONS)];
  if (mode === "script") {
    if (mayBeModule && /\b(?:import|export)\b/.test(source)) ways.push(() => asModule(source));
    if (mayAwait) ways.push(() => asScript(source));
  }
  const attempts: (Parsed | ParseFailure)[] = [];
  for (const way of ways) {
    const result = attempt(way, 0);
    attempts.push(result);
    if (!(result instanceof ParseFailure)) break;
  }
  return attempts;
}

/** Returns the first result that parsed; else throws the failure that came furthest, most likely that of the intended grammar. */
function settled(attempts: readonly (Parsed | ParseFailure)[], source: string): Parsed {
  let furthest: ParseFailure | null = null;
  for (const result of attempts) {
    if (!(result instanceof ParseFailure)) return result;
    if (furthest === null || result.offset > furthest.offset) furthest = result;
  }
  throw explained(furthest!, source);
}

/** The failure with a message that programmers know from V8. */
function explained({ message, offset }: ParseFailure, source: string): ParseFailure {
  if (message === TOO_DEEP) return new ParseFailure(message, deepest(source));
  let isEnd = message === "Unexpected token: 'end of source'" || offset >= source.trimEnd().length;
  if (!isEnd && /^(?:Expected|Dot property)/.test(message)) {
    // At the end of the source the parser points to the last token. Does it still fail there when something follows?
    const again = attempt(() => asScript(`${source}\n\0`, AWAITING_OPTIONS), 0);
    isEnd = again instanceof ParseFailure && again.offset >= source.length;
  }
  const explanation = explain(message, source, offset, isEnd);
  return new ParseFailure(explanation.message, explanation.offset);
}

// --- code from strings

/** The syntax that evaluated code may use, by the place of its eval call. */
export interface EvalGrammar {
  readonly strict: boolean;
  /** Kind of the nearest function around it that is not an arrow function. */
  readonly around: "program" | "function" | "method" | "derived";
  /** Private names of the classes around it. */
  readonly privateNames: readonly string[];
}

const STRICT_PREFIX = '"use strict";';
/** Syntax that a plain script may not contain, wherever it is evaluated. */
const NEEDS_CONTEXT = /\bsuper\b|\btarget\b|#/;

/** Parses a source between a prefix and a suffix, and takes its statements out. */
function wrapped(prefix: string, source: string, suffix: string, bodyOf: (program: ESTree.Program) => unknown): Parsed {
  const text = prefix + source + suffix;
  const result = attempt(() => {
    const program = parseScript(text, SCRIPT_OPTIONS);
    const body = bodyOf(program) as ESTree.BlockStatement | undefined;
    const [statement] = program.body;
    // A source that closes the wrapper itself is not a program.
    if (program.body.length !== 1 || statement?.end !== text.length || body?.type !== "BlockStatement")
      throw new SyntaxError("Unexpected token: '}'");
    return { program, statements: body.body, text, shift: prefix.length, isModule: false };
  }, prefix.length);
  return settled([result], source);
}

type Expression = { readonly expression: ESTree.Node };

/** The expression that a wrapper made of the program. */
function expressionOf(program: ESTree.Program): ESTree.Node | undefined {
  return (program.body[0] as unknown as Expression | undefined)?.expression;
}

/** Body of the last element of a class, or of the only one of an object. */
function methodBody(program: ESTree.Program): unknown {
  const expression = expressionOf(program);
  if (expression?.type === "ClassExpression") {
    const method = expression.body.body[expression.body.body.length - 1] as ESTree.MethodDefinition | undefined;
    return method?.value?.body;
  }
  if (expression?.type !== "ObjectExpression" || expression.properties.length !== 1) return undefined;
  return ((expression.properties[0] as ESTree.Property).value as ESTree.FunctionExpression).body;
}

/**
 * Parses code for eval. `super`, new.target and private names are valid only inside of methods and classes, so code that mentions them is
 * parsed inside a wrapper that gives what the place of the call has:
 *
 *   around a function    (function(){ … })                     new.target
 *   around a method      ({m(){ … }})                          super.x
 *   a derived class      (class extends a{constructor(){ … }}) super()
 *   private names        (class{#x;m(){ … }})                  this.#x, in a method
 *                        (class{#x;static{(function(){ … })}}) this.#x, in a function
 *
 * @throws ParseFailure
 */
export function parseEvaluated(given: string, { strict, around, privateNames }: EvalGrammar): Parsed {
  const directive = strict ? STRICT_PREFIX : "";
  // A hashbang comment must come first, which it does not when something is put in front.
  const source = given.startsWith("#!") ? `//${given.slice(2)}` : given;
  if (!NEEDS_CONTEXT.test(source) || (around === "program" && privateNames.length === 0)) {
    const text = directive + source;
    const result = settled([attempt(() => asScript(text), directive.length)], source);
    return { ...result, shift: directive.length, statements: result.statements.slice(strict ? 1 : 0) };
  }
  if (privateNames.length === 0 && around !== "derived") {
    if (around === "method") return unstrict(wrapped(`({m(){${directive}`, source, "\n}})", methodBody), strict);
    return unstrict(
      wrapped(`(function(){${directive}`, source, "\n})", (program) => {
        const expression = expressionOf(program);
        return expression?.type === "FunctionExpression" ? expression.body : undefined;
      }),
      strict,
    );
  }
  const fields = privateNames.map((name) => `${name};`).join("");
  const head = around === "derived" ? `(class extends a{${fields}constructor(){` : `(class{${fields}m(){`;
  if (around === "program" || around === "function") return functionInClass(fields, source);
  return wrapped(head, source, "\n}})", methodBody);
}

/** Code of a function inside a class: no super, but private names. */
function functionInClass(fields: string, source: string): Parsed {
  return wrapped(`(class{${fields}static{(function(){`, source, "\n})}})", (program) => {
    const expression = expressionOf(program);
    if (expression?.type !== "ClassExpression") return undefined;
    const block = expression.body.body[expression.body.body.length - 1] as ESTree.StaticBlock | undefined;
    if (block?.type !== "StaticBlock" || block.body.length !== 1) return undefined;
    const inner = (block.body[0] as unknown as Expression).expression;
    return inner?.type === "FunctionExpression" ? inner.body : undefined;
  });
}

/** Without the directive that was put in front. */
function unstrict(parsed: Parsed, strict: boolean): Parsed {
  return strict ? { ...parsed, statements: parsed.statements.slice(1) } : parsed;
}

const FUNCTION_HEADS = ["function", "function*", "async function", "async function*"] as const;

/** Kinds of functions made from strings: 0 plain, 1 generator, 2 async, 3 async generator. */
export type FunctionKindNumber = 0 | 1 | 2 | 3;

/** https://tc39.es/ecma262/#sec-createdynamicfunction, steps 12 to 15: the source text of a function from strings */
export function functionText(kind: FunctionKindNumber, parameters: string, body: string): string {
  return `${FUNCTION_HEADS[kind]} anonymous(${parameters}\n) {\n${body}\n}`;
}

/** Parses a function from strings. The parameters and the body must each be valid by themselves. Throws ParseFailure. */
export function parseFunction(kind: FunctionKindNumber, parameters: string, body: string): Parsed {
  const parse = (text: string): Parsed => {
    const result = attempt(() => {
      const program = parseScript(`(${text})`, SCRIPT_OPTIONS);
      const expression = expressionOf(program);
      if (program.body.length !== 1 || expression?.type !== "FunctionExpression" || expression.end !== text.length + 1)
        throw new SyntaxError("Unexpected token: '}'");
      // The name does not make a binding.
      expression.id = null;
      return { program, statements: program.body, text: `(${text})`, shift: 1, isModule: false };
    }, 1);
    return settled([result], text);
  };
  parse(functionText(kind, "", body));
  parse(functionText(kind, parameters, ""));
  return parse(functionText(kind, parameters, body));
}
