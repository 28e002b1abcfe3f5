// Owns the seams: wherever tokens were removed, the two that now stand side by side must mean what they meant in the
// source. Writes `;`, moves a parenthesis, or joins lines, always over removed characters where they suffice. Must never
// change a seam that automatic semicolons already treat as TypeScript did.

import type { Edits } from "./edits.ts";
import {
  endsDecorator,
  hasLineBreak,
  isClosing,
  isErasedModifier,
  isOpening,
  keyword,
  openingIndex,
  precedenceOf,
  textOf,
  tokenAt,
  tt,
  type Token,
} from "./parser.ts";

/** What a run of removed tokens holds at its top level. */
interface RunContent {
  /** A statement or a class member begins in the run, or a semicolon stands in it. */
  readonly startsStatement: boolean;
  /** A class member's modifier stands in it. */
  readonly hasModifier: boolean;
  /** An `as` or `satisfies` stands in it: no call, element access or template can follow its type. */
  readonly hasAs: boolean;
}

/** Makes every seam safe. */
export function guardSeams(edits: Edits): void {
  const { removed, parsed } = edits;
  const { tokens } = parsed;
  for (let start = 0; start < tokens.length; start++) {
    if (removed[start] !== 1) continue;
    let end = start + 1;
    while (removed[end] === 1) end++;
    const content = readRun(edits, start, end);
    start = guardRun(edits, start, end, content);
  }
}

function readRun(edits: Edits, start: number, end: number): RunContent {
  const { source, tokens } = edits.parsed;
  let depth = 0;
  let startsStatement = false;
  let hasModifier = false;
  let hasAs = false;
  for (let at = start; at < end; at++) {
    const token = tokens[at] as Token;
    const { type } = token;
    if (depth === 0) {
      if (type === tt.semi) startsStatement = true;
      else if (isErasedModifier(type) || type === tt._static) hasModifier = true;
      else if (isAsOrSatisfies(token)) hasAs = true;
      else if (isStatementHead(token) && (at === start || endsBefore(source, tokenAt(tokens, at - 1), token))) {
        startsStatement = true;
      }
    }
    if (isOpening(type) || type === tt.lessThan) depth++;
    else if ((isClosing(type) || type === tt.greaterThan) && depth > 0) depth--;
  }
  return { startsStatement, hasModifier, hasAs };
}

function isAsOrSatisfies(token: Token): boolean {
  const { contextualKeyword } = token;
  return token.type === tt.name && (contextualKeyword === keyword._as || contextualKeyword === keyword._satisfies);
}

function isStatementHead({ type }: Token): boolean {
  return (
    type === tt.name ||
    type === tt.string ||
    type === tt._import ||
    type === tt._export ||
    type === tt._function ||
    type === tt._const ||
    type === tt._let ||
    type === tt._var ||
    type === tt._class ||
    type === tt._async ||
    type === tt._get ||
    type === tt._set ||
    type === tt.hash
  );
}

/** Words that need a type behind them, on the next line too. */
const typeOperators = new Set(["keyof", "unique", "infer", "readonly", "is", "asserts", "abstract", "as", "satisfies"]);

/** Whether a type or declaration can end with `last` so that `next`, on a new line, begins something else. */
function endsBefore(source: string, last: Token, next: Token): boolean {
  if (!hasLineBreak(source, last.end, next.start)) return false;
  const { type } = last;
  if (type === tt.name) return !typeOperators.has(textOf(source, last));
  return isClosing(type) || isTypeLiteral(type);
}

function isTypeLiteral(type: number): boolean {
  return (
    type === tt.greaterThan ||
    type === tt.backQuote ||
    type === tt.string ||
    type === tt.num ||
    type === tt.bigint ||
    type === tt._null ||
    type === tt._void ||
    type === tt._true ||
    type === tt._false ||
    type === tt._this ||
    type === tt.question ||
    type === tt.bang ||
    type === tt.nonNullAssertion ||
    type === tt.postIncDec
  );
}

/** Guards the run of removed tokens [start, end) and gives the index of the last token that is settled. */
function guardRun(edits: Edits, start: number, end: number, content: RunContent): number {
  const { source, tokens } = edits.parsed;
  const before = start > 0 ? (tokens[start - 1] as Token) : null;
  const first = tokens[start] as Token;
  const last = tokens[end - 1] as Token;
  const next = tokenAt(tokens, end);

  if (needsSemicolon(edits, start, before, next, content)) {
    edits.overwrite(first.start, ";");
    return end - 1;
  }
  if (before !== null && next.type === tt.arrow && before.type === tt.parenR && first.type === tt.colon) {
    // `(a): {⏎} => b`: no line may end between `)` and `=>`.
    if (hasLineBreak(source, before.end, next.start)) {
      edits.remove(start - 1);
      edits.overwrite(last.end - 1, ")");
    }
    return end - 1;
  }
  if (content.hasAs && before !== null) guardPrecedence(edits, start, end);
  if (first.type === tt.lessThan) return guardAngleBrackets(edits, start, end, before, next);
  // The JavaScript parser does not start a regular expression on the line after `let a`.
  if (first.type === tt.colon && next.type === tt.regexp && hasLineBreak(source, last.end, next.start)) {
    edits.overwrite(first.start, ";");
    return end - 1;
  }
  if (before !== null && isNameThatCouldBeAccessor(source, before) && couldBeAccessed(first, next)) {
    if (hasLineBreak(source, last.end, next.start)) edits.overwrite(first.start, ";");
  }
  return end - 1;
}

/** The precedence of `as` and `satisfies`, which is that of `<`. */
const asPrecedence = 8;

/**
 * `a + b as T * c` means `(a + b) * c`: what stands before `as` is complete, whatever operator follows the type. Where
 * that operator binds more strongly than one on the left, the parentheses have to be written.
 */
function guardPrecedence(edits: Edits, start: number, end: number): void {
  const { source, tokens } = edits.parsed;
  const next = tokenAt(tokens, end);
  const precedence = precedenceOf(source, next);
  if (precedence <= asPrecedence) return;
  const operand = leftOperand(edits, start, next.type === tt.exponent ? precedence : precedence - 1);
  if (operand < 0) return;
  let at = start;
  while (!isAsOrSatisfies(tokenAt(tokens, at))) at++;
  edits.insert(tokenAt(tokens, operand).start, "(");
  edits.overwrite(tokenAt(tokens, at).start, ")");
}

/**
 * The index of the first token of the operand that ends before `end`, when it holds an operator of precedence
 * `asPrecedence` to `highest`; else −1.
 */
function leftOperand(edits: Edits, end: number, highest: number): number {
  const { source, tokens } = edits.parsed;
  let first = end;
  let isHazard = false;
  for (let at = end - 1; at >= 0; at--) {
    const token = tokenAt(tokens, at);
    if (edits.removed[at] === 1) continue;
    const { type } = token;
    if (isClosing(type)) {
      at = openingIndex(tokens, at);
      if (tokenAt(tokens, at).type === tt.dollarBraceL) continue;
      first = at;
      continue;
    }
    let before = at - 1;
    while (before >= 0 && edits.removed[before] === 1) before--;
    const precedence = precedenceOf(source, token);
    const isBinary = precedence > 0 && before >= 0 && endsOperand(tokenAt(tokens, before));
    if (isBinary && precedence < asPrecedence) break;
    if (isBinary) {
      if (precedence <= highest) isHazard = true;
    } else if (endsExpressionStart(type)) break;
    else if (before >= 0 && endsOperand(token) && endsOperand(tokenAt(tokens, before))) {
      // Two operands without an operator: one of them is a word such as `await`, or a line ended a statement.
      first = at;
      if (hasLineBreak(source, tokenAt(tokens, before).end, token.start)) break;
    }
    first = at;
  }
  return isHazard ? first : -1;
}

function endsOperand({ type }: Token): boolean {
  return (
    type === tt.name ||
    type === tt.num ||
    type === tt.bigint ||
    type === tt.string ||
    type === tt.regexp ||
    type === tt.backQuote ||
    type === tt._this ||
    type === tt._super ||
    type === tt._null ||
    type === tt._true ||
    type === tt._false ||
    type === tt.postIncDec ||
    isClosing(type)
  );
}

/** Tokens behind which an expression begins, and which are no operators inside one. */
function endsExpressionStart(type: number): boolean {
  return (
    isOpening(type) ||
    type === tt.comma ||
    type === tt.semi ||
    type === tt.eq ||
    type === tt.assign ||
    type === tt.question ||
    type === tt.colon ||
    type === tt.arrow ||
    type === tt.ellipsis ||
    type === tt._return ||
    type === tt._throw ||
    type === tt._yield ||
    type === tt._default ||
    type === tt._else ||
    type === tt._do ||
    type === tt._case ||
    type === tt._extends
  );
}

/** A run that starts with `<`: type parameters, type arguments or a cast. */
function guardAngleBrackets(edits: Edits, start: number, end: number, before: Token | null, next: Token): number {
  const { source } = edits.parsed;
  const first = edits.parsed.tokens[start] as Token;
  if (before !== null && isComparison(source, before, next)) {
    edits.keep(start, end);
    return end - 1;
  }
  const isRestricted =
    before !== null &&
    (before.type === tt._return ||
      before.type === tt._throw ||
      before.type === tt._yield ||
      ((before.type === tt.name || before.type === tt._async) && before.contextualKeyword === keyword._async));
  if (isRestricted && !hasLineBreak(source, before.end, first.start)) {
    if (!hasLineBreak(source, first.start, next.start)) return end - 1;
    if (next.type === tt.parenL) {
      // `return <T⏎>(a) => b`, `async <T⏎>(a) => b`: the parenthesis goes where the type parameters began.
      edits.remove(end);
      edits.overwrite(first.start, "(");
      return end;
    }
    // `return <T>⏎a`: something must stand on the line of `return`, and bind more weakly than all that follows.
    if (before.type === tt._return || before.type === tt._throw) edits.overwriteOrInsert(start, "0,");
    else if (before.type === tt._yield) edits.overwriteOrInsert(start, "0?0:");
    return end - 1;
  }
  if (before?.type === tt.arrow) {
    // `() => <T>{}` would become a block.
    if (next.type === tt.braceL) edits.overwriteOrInsert(start, "0?0:");
  } else if (startsDeclaration(edits, end, next) && couldStartStatement(before)) {
    // `<T>{}`, `<T>function () {}` at the start of a statement would become a block, a declaration.
    edits.overwriteOrInsert(start, "0,");
  }
  return end - 1;
}

/** `f<T>⏎+a` compares: the parser takes type arguments before a sign on a new line, which TypeScript never does. */
function isComparison(source: string, before: Token, next: Token): boolean {
  if (next.type !== tt.plus && next.type !== tt.minus) return false;
  if (!endsOperand(before) || before.type === tt.braceR) return false;
  return before.type !== tt.name || textOf(source, before) !== "await";
}

function startsDeclaration({ parsed: { source, tokens } }: Edits, index: number, next: Token): boolean {
  if (next.type === tt.braceL || next.type === tt._class) return true;
  // The parser makes a name of the word `function` where it begins an expression.
  const text = textOf(source, next);
  if (text === "function") return true;
  return text === "async" && textOf(source, tokenAt(tokens, index + 1)) === "function";
}

function couldStartStatement(before: Token | null): boolean {
  if (before === null) return true;
  const { type } = before;
  return type === tt.semi || type === tt.braceL || type === tt.braceR || type === tt._else || type === tt._do;
}

function needsSemicolon(edits: Edits, start: number, before: Token | null, next: Token, content: RunContent): boolean {
  const first = tokenAt(edits.parsed.tokens, start);
  const { startsStatement, hasModifier, hasAs } = content;
  if (before === null || !(startsStatement || hasModifier || hasAs)) return false;
  const { type } = before;
  if (type === tt.semi || type === tt.braceL || type === tt.parenL || type === tt.comma) return false;
  // Inside one member or one statement: `static readonly [a]`, `export abstract class`, `import a, * as b`.
  if (type === tt._static || type === tt._async || type === tt._get || type === tt._set) return false;
  if (type === tt._export || type === tt._default || type === tt._import) return false;
  // A function's return type; its body or its arrow follows.
  if (type === tt.parenR && first.type === tt.colon) return false;
  const { source, tokens } = edits.parsed;
  if (continuesAnything(next)) return !endsDecorator(tokens, start - 1);
  if (!startsStatement && !hasModifier) return false;
  if (continuesExpression(source, next)) return !endsDecorator(tokens, start - 1);
  // A field called `get` in front of the next member's name; a type as the body of an `if`.
  if (isNameThatCouldBeAccessor(source, before)) return next.type !== tt.braceR && next.type !== tt.eq;
  if (!startsStatement || hasModifier) return false;
  return type === tt.parenR || type === tt._else || type === tt._do || type === tt.colon;
}

/** Tokens that continue whatever stands before them, even on a new line. */
function continuesAnything({ type }: Token): boolean {
  return type === tt.parenL || type === tt.bracketL || type === tt.backQuote;
}

/** Tokens that start a statement or a member, but would continue an expression that stands before them. */
function continuesExpression(source: string, token: Token): boolean {
  const { type } = token;
  if (type === tt.plus || type === tt.minus || type === tt.star || type === tt.slash || type === tt.regexp) return true;
  if (type !== tt.name) return false;
  const text = textOf(source, token);
  return text === "in" || text === "instanceof";
}

function isNameThatCouldBeAccessor(source: string, token: Token): boolean {
  if (token.type !== tt.name) return false;
  const text = textOf(source, token);
  return text === "get" || text === "set" || text === "static";
}

/** Whether a type or `?`, `!` was taken away between a name and something that could be the name of an accessor. */
function couldBeAccessed(first: Token, next: Token): boolean {
  if (first.type !== tt.colon && first.type !== tt.question && first.type !== tt.bang) return false;
  const { type } = next;
  const isEnd = isClosing(type) || type === tt.eq || type === tt.comma || type === tt.semi || type === tt.eof;
  return !isEnd && type !== tt.parenL && type !== tt.arrow;
}
