// Owns enums: `enum E { A, B = 2 }` becomes `var E;(function(E) { E[E["A"]=0]="A"; … })(E||(E={}));` on the same lines.
// Must never put a line end into the output, and must give members the values that TypeScript gives them.

import { TypeScriptSyntaxError } from "./errors.ts";
import type { Edits } from "./edits.ts";
import type { NamespaceBody } from "./namespaces.ts";
import { closingIndex, isClosing, isOpening, role, textOf, tokenAt, tt, type Token } from "./parser.ts";

/** What is known about an enum's members while its code is written. */
interface EnumState {
  readonly name: string;
  /** Every member so far, by name; true when its value is certainly a string. */
  readonly members: Map<string, boolean>;
  /** The value of the member before this one where it is certain, else the code that reads it, else null. */
  previous: number | string | null;
}

/** The enums met so far, by the scope they stand in and their name: a second declaration adds to the first. */
export class EnumScopes {
  private readonly members = new Map<string, Map<string, boolean>>();

  /** The members of an enum declared before in the same scope, or null for a new one, which is then known. */
  enter(scope: number, name: string): { readonly members: Map<string, boolean>; readonly isNew: boolean } {
    const key = `${scope} ${name}`;
    const known = this.members.get(key);
    if (known !== undefined) return { members: known, isNew: false };
    const members = new Map<string, boolean>();
    this.members.set(key, members);
    return { members, isNew: true };
  }
}

/**
 * Rewrites the enum whose keyword `enum` stands at `index`; `scope` is the index of the block around it, or −1;
 * `namespace` is the one whose body is translated.
 */
export function rewriteEnum(
  edits: Edits,
  scopes: EnumScopes,
  index: number,
  scope: number,
  namespace: NamespaceBody | null,
): void {
  const { source, tokens } = edits.parsed;
  const keywordToken = tokens[index] as Token;
  const nameToken = tokenAt(tokens, index + 1);
  const name = textOf(source, nameToken);
  const open = index + 2;
  const close = closingIndex(tokens, open);
  const { members, isNew } = scopes.enter(scope, name);
  const isConst = tokenAt(tokens, index - 1).type === tt._const;
  const first = isConst ? index - 1 : index;
  const isExported = tokenAt(tokens, first - 1).type === tt._export;

  if (isConst) edits.remove(index - 1);
  edits.remove(index);
  const owner = isExported && namespace !== null ? `${namespace.name}.${name}` : null;
  if (owner !== null) {
    namespace?.record.exports.add(name);
    edits.remove(first - 1);
  }
  if (isNew) {
    // `enum` is longer than what replaces it; in a block the name must not leave the block.
    edits.overwrite(keywordToken.start, scope < 0 && namespace === null ? "var" : "let");
    edits.insert(nameToken.end, `;(function(${name})`);
  } else {
    if (isExported) edits.remove(first - 1);
    edits.remove(index + 1);
    edits.insert(nameToken.end, `;(function(${name})`);
  }
  const state: EnumState = { name, members, previous: -1 };
  let at = open + 1;
  while (at < close) at = rewriteMember(edits, state, at, close);
  edits.insert(tokenAt(tokens, close).end, `)(${owner === null ? name : `${name}=${owner}`}||(${owner ?? name}={}));`);
}

/** Rewrites the member at `index` and gives the index of the next one. */
function rewriteMember(edits: Edits, state: EnumState, index: number, close: number): number {
  const { source, tokens } = edits.parsed;
  const key = tokens[index] as Token;
  const keyText = textOf(source, key);
  if (key.type !== tt.string && !/^[\p{ID_Start}$_\\]/u.test(keyText)) {
    const message = /^[0-9]/.test(keyText)
      ? "An enum member cannot have a numeric name"
      : "Computed property names are not allowed in enums";
    throw new TypeScriptSyntaxError(message, key.start);
  }
  const quoted = key.type === tt.string ? keyText : `"${keyText}"`;
  const plain = key.type === tt.string ? keyText.slice(1, -1) : keyText;
  let end = index + 1;
  let isString = false;
  let value: number | null = null;
  const target = `${state.name}[${quoted}]`;
  // The key's own characters stay where they are: `E[E["` + A + `"]`.
  const [before, after] = key.type === tt.string ? [`${state.name}[`, "]"] : [`${state.name}["`, `"]`];

  if (tokenAt(tokens, end).type === tt.eq) {
    const valueStart = end + 1;
    end = tokenAt(tokens, end).rhsEndIndex ?? close;
    qualifyMembers(edits, state, valueStart, end);
    isString = isStringExpression(edits, state, valueStart, end);
    value = numericLiteral(edits, valueStart, end);
    edits.insert(key.start, isString ? before : `${state.name}[${before}`);
    edits.insert(key.end, after);
    edits.insert(tokenAt(tokens, end - 1).end, isString ? ";" : `]=${quoted};`);
    state.previous = isString ? null : (value ?? target);
  } else {
    if (state.previous === null) throw new TypeScriptSyntaxError("This enum member must have a value", key.start);
    const next = typeof state.previous === "number" ? state.previous + 1 : `${state.previous}+1`;
    edits.insert(key.start, `${state.name}[${before}`);
    edits.insert(key.end, `${after}=${next}]=${quoted};`);
    state.previous = typeof next === "number" ? next : target;
  }
  state.members.set(plain, isString);

  const separator = tokenAt(tokens, end);
  if (end < close && separator.type !== tt.comma) {
    throw new TypeScriptSyntaxError("Expected ',' after an enum member", separator.start);
  }
  if (end < close) edits.remove(end);
  return end + 1;
}

/** Inside an initializer, the bare name of a member means that member. */
function qualifyMembers(edits: Edits, state: EnumState, start: number, end: number): void {
  const { source, tokens } = edits.parsed;
  for (let at = start; at < end; at++) {
    const token = tokens[at] as Token;
    if (token.type !== tt.name || token.isType) continue;
    if (token.identifierRole === role.ObjectShorthand && state.members.has(textOf(source, token))) {
      edits.insert(token.end, `:${state.name}.${textOf(source, token)}`);
    } else if (token.identifierRole === role.Access && state.members.has(textOf(source, token))) {
      edits.insert(token.start, `${state.name}.`);
    }
  }
}

function numericLiteral({ parsed: { source, tokens } }: Edits, start: number, end: number): number | null {
  const negative = tokenAt(tokens, start).type === tt.minus;
  const at = negative ? start + 1 : start;
  if (end !== at + 1 || tokenAt(tokens, at).type !== tt.num) return null;
  const value = Number(textOf(source, tokenAt(tokens, at)).replaceAll("_", ""));
  if (!Number.isSafeInteger(value)) return null;
  return negative ? -value : value;
}

/** TypeScript's rule for members without a reverse entry: strings, templates, and additions with one of them. */
function isStringExpression(edits: Edits, state: EnumState, start: number, end: number): boolean {
  const { source, tokens } = edits.parsed;
  let operandIsString = false;
  let operandLength = 0;
  for (let at = start; at < end; at++) {
    const token = tokens[at] as Token;
    if (token.isType || token.type === tt.nonNullAssertion) continue;
    if (token.type === tt.plus && operandLength > 0) {
      if (operandIsString) return true;
      operandLength = 0;
      continue;
    }
    operandLength++;
    if (token.type === tt.string) operandIsString = operandLength === 1;
    else if (token.type === tt.backQuote && operandLength === 1) {
      operandIsString = true;
      at = endOfTemplate(tokens, at);
    } else if (token.type === tt.parenL && operandLength === 1) {
      const close = closingIndex(tokens, at);
      operandIsString = isStringExpression(edits, state, at + 1, close);
      at = close;
    } else if (token.type === tt.name && operandLength === 1) {
      const length = memberReferenceLength(edits, state, at, end);
      operandIsString = length > 0 && state.members.get(lastName(source, tokens, at + length - 1)) === true;
      if (length > 1) at += length - 1;
    } else if (isOpening(token.type)) {
      operandIsString = false;
      at = closingIndex(tokens, at);
    } else {
      // Any other operator or a longer operand: not a sum of strings.
      operandIsString = false;
      if (!isClosing(token.type) && token.type !== tt.dot && operandLength > 1 && token.type !== tt.name) return false;
    }
  }
  return operandIsString;
}

/** How many tokens a reference to a member of this enum takes at `at`: `A`, `E.A`, `E["A"]`; 0 when it is none. */
function memberReferenceLength(
  { parsed: { source, tokens } }: Edits,
  state: EnumState,
  at: number,
  end: number,
): number {
  const text = textOf(source, tokenAt(tokens, at));
  const next = tokenAt(tokens, at + 1).type;
  if (text === state.name && at + 2 < end && next === tt.dot) return 3;
  if (text === state.name && at + 3 < end && next === tt.bracketL && tokenAt(tokens, at + 2).type === tt.string)
    return 4;
  return state.members.has(text) ? 1 : 0;
}

function lastName(source: string, tokens: readonly Token[], index: number): string {
  const token = tokenAt(tokens, index);
  if (token.type !== tt.bracketR) return textOf(source, token);
  return textOf(source, tokenAt(tokens, index - 1)).slice(1, -1);
}

function endOfTemplate(tokens: readonly Token[], start: number): number {
  for (let at = start + 1; at < tokens.length; at++) {
    const { type } = tokens[at] as Token;
    if (type === tt.backQuote) return at;
    if (type === tt.dollarBraceL) at = closingIndex(tokens, at);
  }
  return tokens.length - 1;
}
