// Owns the only contact with sucrase's parser: parsing, its token and keyword numbers, and small questions about tokens.
// Must never import sucrase's root (it pulls in code the bundle does not need) and never change a token.

import { IdentifierRole as role } from "sucrase/dist/esm/parser/tokenizer/index.js";
import { ContextualKeyword as keyword } from "sucrase/dist/esm/parser/tokenizer/keywords.js";
import { TokenType as tt } from "sucrase/dist/esm/parser/tokenizer/types.js";
import { initParser, state, type SucraseScope, type SucraseToken } from "sucrase/dist/esm/parser/traverser/base.js";
import { parseFile } from "sucrase/dist/esm/parser/traverser/index.js";
import { TypeScriptSyntaxError } from "./errors.ts";

export { keyword, role, tt };

/** A token as the parser left it; `isType` marks what belongs to a type or to a declaration without run-time meaning. */
export type Token = Readonly<SucraseToken>;
/** A lexical scope, as a range of token indices. */
export type Scope = Readonly<SucraseScope>;

/** A source with its tokens; the last token is always end-of-file. */
export interface Parsed {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly scopes: readonly Scope[];
}

/** Parses TypeScript without JSX; any failure becomes a TypeScriptSyntaxError. */
export function parseTypeScript(source: string): Parsed {
  let furthest: TypeScriptSyntaxError | null = null;
  for (const candidate of candidatesOf(source)) {
    try {
      return { ...parse(candidate), source };
    } catch (error) {
      // Perhaps it was no shift: `f<<T>() => void>()`. Of several errors, the one that got furthest says most.
      const found = toSyntaxError(source, error);
      if (furthest === null || found.offset > furthest.offset) furthest = found;
    }
  }
  throw furthest ?? new TypeScriptSyntaxError("The source cannot be parsed as TypeScript", 0);
}

/**
 * What to give the parser: the source, or versions of the same length that keep it from errors of its own. The first that parses is
 * taken; the text of tokens always comes from the source.
 */
function* candidatesOf(source: string): Generator<string> {
  // A member of a type may be called `new`; a colon behind it never means anything else.
  const plain = source.replace(/\bnew(?=\s*\??:)/g, "nev");
  yield* withoutShifts(plain);
  yield plain;
  const bare = withoutImportAttributes(plain);
  if (bare !== plain) {
    yield* withoutShifts(bare);
    yield bare;
  }
  if (!/\b(?:namespace|module)\b/.test(source) || !/>[>=]/.test(source)) return;
  for (const rewrite of [withoutSpacedAngles, withoutAngles]) {
    for (const candidate of withoutShifts(plain)) yield rewrite(candidate);
    yield rewrite(plain);
    if (bare === plain) continue;
    for (const candidate of withoutShifts(bare)) yield rewrite(candidate);
    yield rewrite(bare);
  }
}

/**
 * `import("x", { with: { … } }).Y` as a type, which the parser does not know, becomes `Import<"x", { with: { … } }>|Y`: a type whose
 * tokens cover the same text.
 */
function withoutImportAttributes(source: string): string {
  return source.replace(
    /\bimport(\s*)\((\s*(?:"[^"\n]*"|'[^'\n]*')\s*,\s*\{[^{}]*\{[^{}]*\}[^{}]*\}\s*)\)(\s*\.)?/g,
    (_text, space: string, content: string, dot: string = "") => `Import${space}<${content}>${dot.replace(".", "|")}`,
  );
}

/**
 * In the body of a namespace the parser takes `>=` and `>>` apart, as within type arguments. What the body says is of no interest there:
 * it is parsed once more, by itself. With spaces around they are operators in all likelihood; without, they may be.
 */
function withoutSpacedAngles(source: string): string {
  return source.replace(/(?<=\s)(?:>>?>?=|>>>?)(?=\s)/g, asLogical);
}

function withoutAngles(source: string): string {
  return source.replace(/(?<!=)(?:>>?>?=(?!>)|>>>?)/g, asLogical);
}

function asLogical(operator: string): string {
  return (operator.length > 2 && operator.endsWith("=") ? "&&=" : "&&").padEnd(operator.length);
}

/**
 * The source with `&&` where `<<` stands. For `a << b(c)` the parser first tries type arguments that begin with type
 * parameters, and those it reads so loosely that it can take everything up to some later `>` for them. The length is the
 * same, and nothing but `precedenceOf` depends on which binary operator stands between two operands; type arguments written that way
 * do not parse, so that the second candidate spares what looks like them.
 */
function withoutShifts(source: string): string[] {
  if (!source.includes("<<")) return [];
  const typeParameters = /<<(?!\s*(?:const\s+|in\s+|out\s+)*[\w$]+\s*(?:>|,|=|extends\b))/g;
  return [source.replaceAll("<<", "&&"), source.replace(typeParameters, "&&")];
}

/**
 * The parser goes back and tries again where `(` or `<` could mean two things, which doubles the work for each level of
 * nesting. Tokens are counted, so that a small source cannot buy a lot of time.
 */
function parse(source: string): Pick<Parsed, "tokens" | "scopes"> {
  initParser(source, false, true, false);
  const { tokens } = state;
  let allowed = 200_000 + 20 * source.length;
  // An own property: the parser shortens the very same array when it goes back.
  Object.defineProperty(tokens, "push", {
    value: (token: Token): number => {
      if (--allowed < 0) throw new RangeError("too many attempts");
      tokens[tokens.length] = token;
      return tokens.length;
    },
  });
  try {
    const result = parseFile();
    if (state.error !== null) throw state.error;
    return result;
  } finally {
    // The parser would keep all of it until it is used again.
    initParser("", false, true, false);
  }
}

/** Where an element of JSX stands that the error at `offset` is about; −1: it is about something else. */
function beginOfJsx(source: string, offset: number, text: string): number {
  if (text.startsWith("Unterminated regular") && source.slice(offset - 2, offset) === "</") return offset - 2;
  if (source[offset] === ">" && source[offset - 1] === "<") return offset - 1;
  // `<a/>` and `<a b="…">`
  const open = /<[A-Za-z][\w.:-]*\s*$/.exec(source.slice(Math.max(0, offset - 200), offset));
  if (open === null || !/^(?:\/\s*>|[\w-]+\s*=\s*["'{])/.test(source.slice(offset, offset + 200))) return -1;
  return offset - open[0].length;
}

function toSyntaxError(source: string, error: unknown): TypeScriptSyntaxError {
  // The host's stack or the count of tokens: only nesting far beyond real programs gets here.
  if (error instanceof RangeError) return new TypeScriptSyntaxError("nesting too deep", 0);
  const { pos, message: text } = error as { pos?: unknown; message?: unknown };
  if (typeof pos !== "number" || typeof text !== "string") {
    return new TypeScriptSyntaxError("The source cannot be parsed as TypeScript", 0);
  }
  const offset = Math.min(Math.max(pos, 0), source.length);
  if (text.startsWith("Unexpectedly reached")) return new TypeScriptSyntaxError("Unexpected end of input", offset);
  const jsx = beginOfJsx(source, offset, text);
  if (jsx >= 0) return new TypeScriptSyntaxError("JSX is not supported", jsx);
  if (!text.startsWith("Unexpected token")) return new TypeScriptSyntaxError(text, offset);
  if (offset >= source.length) return new TypeScriptSyntaxError("Unexpected end of input", offset);
  if (source[offset] === "@") {
    return new TypeScriptSyntaxError("Unexpected '@': decorators on parameters are not supported", offset);
  }
  const found = /^(?:[\p{ID_Continue}$]+|[^\s])/u.exec(source.slice(offset, offset + 40))?.[0] ?? "";
  const expected = text.startsWith("Unexpected token, ") ? text.slice("Unexpected token".length) : "";
  return new TypeScriptSyntaxError(`Unexpected token '${found}'${expected}`, offset);
}

/** The token at an index; outside the list, the end-of-file token, so that callers can look around freely. */
export function tokenAt(tokens: readonly Token[], index: number): Token {
  return tokens[index] ?? (tokens[tokens.length - 1] as Token);
}

/** The source text of a token. */
export function textOf(source: string, token: Token): string {
  return source.slice(token.start, token.end);
}

/** Whether a line ends anywhere in the range, comments included: that is what automatic semicolons look at. */
export function hasLineBreak(source: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const code = source.charCodeAt(index);
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return true;
  }
  return false;
}

/** The precedence of a token that can be a binary operator, 1 to 12; 0 for any other. */
export function precedenceOf(source: string, token: Token): number {
  // What the parser was shown as `&&`, see withoutShifts.
  if (source.startsWith("<<", token.start) && token.end === token.start + 2) return 9;
  return token.type & tt.PRECEDENCE_MASK;
}

export function isOpening(type: number): boolean {
  return type === tt.parenL || type === tt.braceL || type === tt.bracketL || type === tt.dollarBraceL;
}

export function isClosing(type: number): boolean {
  return type === tt.parenR || type === tt.braceR || type === tt.bracketR;
}

/** The index of the bracket that closes the one at `open`. */
export function closingIndex(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { type } = tokens[index] as Token;
    if (isOpening(type)) depth++;
    else if (isClosing(type) && --depth === 0) return index;
  }
  return tokens.length - 1;
}

/** The index of the bracket that opens the one at `close`. */
export function openingIndex(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let index = close; index >= 0; index--) {
    const { type } = tokens[index] as Token;
    if (isClosing(type)) depth++;
    else if (isOpening(type) && --depth === 0) return index;
  }
  return 0;
}

/** Whether the token is a class member's modifier that only TypeScript knows. */
export function isErasedModifier(type: number): boolean {
  return (
    type === tt._public ||
    type === tt._private ||
    type === tt._protected ||
    type === tt._readonly ||
    type === tt._override ||
    type === tt._abstract ||
    type === tt._declare
  );
}

/** Whether the token at `index` is the last one of a decorator (`@a`, `@a.b`, `@a.b(…)`, `@(…)`). */
export function endsDecorator(tokens: readonly Token[], index: number): boolean {
  let at = index;
  if (tokenAt(tokens, at).type === tt.parenR) {
    at = openingIndex(tokens, at) - 1;
    if (tokenAt(tokens, at).type === tt.at) return true;
    while (at > 0 && tokenAt(tokens, at).isType) at--;
  }
  while (at > 1 && tokenAt(tokens, at).type === tt.name && tokenAt(tokens, at - 1).type === tt.dot) at -= 2;
  return at > 0 && tokenAt(tokens, at).type === tt.name && tokenAt(tokens, at - 1).type === tt.at;
}
