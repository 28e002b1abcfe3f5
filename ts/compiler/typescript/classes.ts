// Owns what is special inside classes: `declare` and `abstract` fields, which disappear whole, and parameter properties,
// which become a field and an assignment. Must never touch a method's code beyond the assignments it has to insert.

import { TypeScriptSyntaxError } from "./errors.ts";
import type { Edits } from "./edits.ts";
import {
  closingIndex,
  endsDecorator,
  hasLineBreak,
  isErasedModifier,
  keyword,
  textOf,
  tokenAt,
  tt,
  type Token,
} from "./parser.ts";

/** A class whose body is being walked. */
export interface ClassFrame {
  readonly classIndex: number;
  /** The token index of the body's `{`; −1 until it is reached. */
  bodyIndex: number;
}

function isMemberModifier(token: Token): boolean {
  const { type } = token;
  return (
    isErasedModifier(type) ||
    type === tt._static ||
    type === tt._async ||
    type === tt._get ||
    type === tt._set ||
    type === tt.star ||
    type === tt.hash ||
    (type === tt.name && token.contextualKeyword === keyword._accessor && token.contextId !== null)
  );
}

/** Handles the class member whose name stands at `index`. */
export function eraseMember(edits: Edits, frame: ClassFrame, index: number): void {
  const { tokens } = edits.parsed;
  const name = tokens[index] as Token;
  if (name.type === tt.bracketR || name.type === tt._async || name.type === tt._get || name.type === tt._set) return;
  let start = index;
  let isErased = false;
  while (start - 1 > frame.bodyIndex && isMemberModifier(tokenAt(tokens, start - 1))) {
    start--;
    const { type } = tokenAt(tokens, start);
    if (type === tt._declare || type === tt._abstract) isErased = true;
  }
  if (isErased) eraseField(edits, start, index);
  else if (name.contextualKeyword === keyword._constructor && start === index)
    eraseParameterModifiers(edits, frame, index);
  else if (start < index && isConstructor(tokens, start, index)) eraseParameterModifiers(edits, frame, index);
}

/** `declare static: T`: the parser does not mark a member name that is the word `static`. */
export function eraseFieldNamedStatic(edits: Edits, modifier: number): void {
  const { source, tokens } = edits.parsed;
  const name = tokenAt(tokens, modifier + 1);
  if (name.type !== tt.name || name.contextId !== null || textOf(source, name) !== "static") return;
  eraseField(edits, modifier, modifier + 1);
}

/** `public constructor` is one too; `static constructor` and `get constructor` are not. */
function isConstructor(tokens: readonly Token[], start: number, index: number): boolean {
  if (tokenAt(tokens, index).contextualKeyword !== keyword._constructor) return false;
  for (let at = start; at < index; at++) if (!isErasedModifier(tokenAt(tokens, at).type)) return false;
  return true;
}

function eraseField(edits: Edits, start: number, name: number): void {
  const { tokens } = edits.parsed;
  if (start > 0 && endsDecorator(tokens, start - 1)) {
    throw new TypeScriptSyntaxError(
      "Decorators are not valid on a member without an implementation",
      tokenAt(tokens, start).start,
    );
  }
  let end = tokenAt(tokens, name).type === tt.bracketL ? closingIndex(tokens, name) + 1 : name + 1;
  while (tokenAt(tokens, end).isType) end++;
  if (tokenAt(tokens, end).type === tt.parenL) {
    throw new TypeScriptSyntaxError("An abstract method cannot have an implementation", tokenAt(tokens, name).start);
  }
  if (tokenAt(tokens, end).type === tt.eq) end = tokenAt(tokens, end).rhsEndIndex ?? end + 1;
  if (tokenAt(tokens, end).type === tt.semi) end++;
  edits.remove(start, end);
}

function isParameterModifier(type: number): boolean {
  return isErasedModifier(type) && type !== tt._abstract && type !== tt._declare;
}

/** Turns `constructor(private a: T)` into a field, a plain parameter and an assignment, in TypeScript's order. */
function eraseParameterModifiers(edits: Edits, frame: ClassFrame, index: number): void {
  const { source, tokens } = edits.parsed;
  let open = index + 1;
  while (tokenAt(tokens, open).isType) open++;
  if (tokenAt(tokens, open).type !== tt.parenL) return;
  const close = closingIndex(tokens, open);
  const { contextId } = tokenAt(tokens, open);
  const names: string[] = [];
  for (let at = open; at < close; at++) {
    // The parser marks the parenthesis and the commas of the list itself, so nested ones cannot be mistaken.
    if (tokenAt(tokens, at).contextId !== contextId) continue;
    let name = at + 1;
    while (isParameterModifier(tokenAt(tokens, name).type)) name++;
    if (name === at + 1) continue;
    if (tokenAt(tokens, name).type !== tt.name) {
      throw new TypeScriptSyntaxError(
        "A parameter property cannot be a binding pattern or a rest parameter",
        tokenAt(tokens, name).start,
      );
    }
    names.push(textOf(source, tokenAt(tokens, name)));
  }
  if (names.length === 0) return;
  let body = close + 1;
  while (tokenAt(tokens, body).isType) body++;
  if (tokenAt(tokens, body).type !== tt.braceL) return;

  edits.insert(tokenAt(tokens, frame.bodyIndex).end, names.map((name) => `${name};`).join(""));
  const assignments = names.map((name) => `this.${name}=${name};`).join("");
  if (!isDerived(tokens, frame)) {
    edits.insert(tokenAt(tokens, body).end, assignments);
    return;
  }
  const end = endOfSuperCall(edits, body);
  if (end < 0) {
    throw new TypeScriptSyntaxError(
      "A constructor with parameter properties must call 'super' in a statement of its own",
      tokenAt(tokens, index).start,
    );
  }
  const before = tokenAt(tokens, end - 1).type === tt.semi ? "" : ";";
  edits.insert(tokenAt(tokens, end - 1).end, before + assignments);
}

function isDerived(tokens: readonly Token[], frame: ClassFrame): boolean {
  for (let at = frame.classIndex; at < frame.bodyIndex; at++) {
    const token = tokenAt(tokens, at);
    if (token.type === tt._extends && !token.isType) return true;
  }
  return false;
}

/** The index behind the statement `super(…)` among the statements of a body; −1 when there is none. */
function endOfSuperCall({ parsed: { source, tokens } }: Edits, body: number): number {
  const bodyEnd = closingIndex(tokens, body);
  for (let at = body + 1; at < bodyEnd; at++) {
    const token = tokenAt(tokens, at);
    const isOpening = token.type === tt.braceL || token.type === tt.parenL || token.type === tt.bracketL;
    if (isOpening) {
      at = closingIndex(tokens, at);
      continue;
    }
    if (token.type !== tt._super) continue;
    const before = tokenAt(tokens, at - 1);
    const startsStatement =
      before.type === tt.braceL ||
      before.type === tt.semi ||
      before.type === tt.braceR ||
      hasLineBreak(source, before.end, token.start);
    let open = at + 1;
    while (tokenAt(tokens, open).isType) open++;
    if (!startsStatement || tokenAt(tokens, open).type !== tt.parenL) continue;
    const close = closingIndex(tokens, open);
    const after = tokenAt(tokens, close + 1);
    if (after.type === tt.semi) return close + 2;
    if (after.type === tt.braceR || hasLineBreak(source, tokenAt(tokens, close).end, after.start)) return close + 1;
  }
  return -1;
}
