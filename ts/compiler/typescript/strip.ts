// Owns TypeScript → JavaScript: finds what has no run-time meaning and turns it into spaces, so that every token that
// stays keeps its line and column. Must never drop something that has a run-time meaning: what cannot be translated
// throws. Early errors are left to the JavaScript parser, which reads the result.

import { eraseFieldNamedStatic, eraseMember, type ClassFrame } from "./classes.ts";
import { Edits } from "./edits.ts";
import { EnumScopes, rewriteEnum } from "./enums.ts";
import { TypeScriptSyntaxError } from "./errors.ts";
import { guardSeams } from "./guards.ts";
import { eraseModuleTypes } from "./modules.ts";
import { isNamespaceHead, Namespaces, type NamespaceBody } from "./namespaces.ts";
import type { OffsetMap } from "./offset-map.ts";
import {
  closingIndex,
  isClosing,
  isErasedModifier,
  isOpening,
  parseTypeScript,
  textOf,
  tokenAt,
  tt,
  type Token,
} from "./parser.ts";

export { TypeScriptSyntaxError } from "./errors.ts";
export { OffsetMap } from "./offset-map.ts";

/** JavaScript made from TypeScript. */
export interface StripResult {
  readonly code: string;
  /** The way back to source offsets; null when every offset is the same in both. */
  readonly map: OffsetMap | null;
}

/** What the stripper has to know besides the source. */
export interface StripOptions {
  /** Decides nothing but JSX, which is refused by extension. */
  readonly filename: string;
}

/**
 * Turns TypeScript into JavaScript in which everything that remains keeps its line and column.
 *
 * @throws {@link TypeScriptSyntaxError} for source that is not TypeScript or not supported.
 */
export function stripTypes(source: string, options: StripOptions): StripResult {
  if (/\.[jt]sx$/i.test(options.filename)) {
    throw new TypeScriptSyntaxError("JSX is not supported: .tsx and .jsx files cannot be compiled", 0);
  }
  return eraseTypes(source).render();
}

function eraseTypes(source: string, body: NamespaceBody | null = null): Edits {
  const edits = new Edits(parseTypeScript(source));
  markTokens(edits, body);
  guardSeams(edits);
  return edits;
}

/** Marks every token that has no run-time meaning. */
function markTokens(edits: Edits, body: NamespaceBody | null): void {
  const { tokens } = edits.parsed;
  const classes = new Map<number, ClassFrame>();
  const enums = new EnumScopes();
  const namespaces = new Namespaces(edits, body, eraseTypes);
  let ambientEnd = -1;
  const imports: number[] = [];
  const exports: number[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const { type } = token;
    if (type === tt._declare) ambientEnd = Math.max(ambientEnd, endOfAmbientBlock(edits, index));
    if (index > ambientEnd && isNamespaceHead(tokens, index)) {
      const end = namespaces.visit(index);
      if (end >= 0) {
        index = end;
        continue;
      }
    }
    if (token.isType || type === tt.nonNullAssertion || isErasedModifier(type)) {
      edits.remove(index);
      if (!token.isType && (type === tt._declare || type === tt._abstract)) eraseFieldNamedStatic(edits, index);
      continue;
    }
    if (token.contextId !== null) visitClassToken(edits, classes, index, token.contextId);
    if (type === tt._import) {
      const next = tokenAt(tokens, index + 1).type;
      const isExported = body !== null && tokenAt(tokens, index - 1).type === tt._export;
      if (next !== tt.parenL && next !== tt.dot && !isExported) imports.push(index);
    } else if (type === tt._export) exports.push(index);
    else if (type === tt._enum) rewriteEnum(edits, enums, index, enclosingBlock(tokens, index), body);
  }
  if (body !== null) namespaces.finishBody(exports);
  if (imports.length > 0 || exports.length > 0) eraseModuleTypes(edits, imports, body === null ? exports : []);
}

function visitClassToken(edits: Edits, classes: Map<number, ClassFrame>, index: number, contextId: number): void {
  const { type } = edits.parsed.tokens[index] as Token;
  if (type === tt._class) {
    classes.set(contextId, { classIndex: index, bodyIndex: -1 });
    return;
  }
  const frame = classes.get(contextId);
  if (frame === undefined) return;
  if (frame.bodyIndex < 0) frame.bodyIndex = index;
  else if (type !== tt.braceR) eraseMember(edits, frame, index);
}

/** The index of the `{` of the block around a token; −1 at the top level. */
function enclosingBlock(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    const { type } = tokens[at] as Token;
    if (isClosing(type)) depth++;
    else if (isOpening(type) && --depth < 0) return at;
  }
  return -1;
}

/** The last token of the block behind `declare namespace`, `declare module` or `declare global`; −1 for other declarations. */
function endOfAmbientBlock({ parsed: { source, tokens } }: Edits, index: number): number {
  const head = textOf(source, tokenAt(tokens, index + 1));
  if (head !== "namespace" && head !== "module" && head !== "global") return -1;
  let open = index + 2;
  while (tokenAt(tokens, open).type === tt.name || tokenAt(tokens, open).type === tt.dot) open++;
  if (tokenAt(tokens, open).type === tt.string) open++;
  return tokenAt(tokens, open).type === tt.braceL ? closingIndex(tokens, open) : -1;
}
