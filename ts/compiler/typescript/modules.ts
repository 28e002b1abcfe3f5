// Owns which import and export specifiers disappear: those that are types, and imports that nothing uses as a value, as
// TypeScript does without verbatimModuleSyntax. Must never drop an import that could have been used as a value.

import { TypeScriptSyntaxError } from "./errors.ts";
import type { Edits } from "./edits.ts";
import { closingIndex, keyword, role, textOf, tokenAt, tt, type Parsed, type Scope, type Token } from "./parser.ts";

/** One imported name: where its tokens stand, and what it is called here. */
interface Specifier {
  readonly local: string;
  readonly start: number;
  readonly end: number;
  readonly typeOnly: boolean;
}

interface ImportClause {
  readonly start: number;
  /** One past the last token of the statement. */
  readonly end: number;
  readonly typeOnly: boolean;
  readonly specifiers: readonly Specifier[];
  /** The whole `{ … }` as token indices, when there is one. */
  readonly braces: readonly [open: number, close: number] | null;
  /** Set for `import a = …`, which has no run-time form here. */
  readonly equals: boolean;
}

/** Erases the type-only parts of the import and export statements that start at the given token indices. */
export function eraseModuleTypes(edits: Edits, imports: readonly number[], exports: readonly number[]): void {
  const { parsed } = edits;
  const clauses = imports.map((start) => readImport(parsed, start));
  const typeOnlyExports = new Set<number>();
  for (const start of exports) markNonLocalExports(parsed, start, typeOnlyExports);

  const locals = new Set<string>();
  for (const clause of clauses) for (const { local } of clause.specifiers) locals.add(local);
  const used = locals.size === 0 ? new Set<string>() : namesUsedAsValues(parsed, edits, locals, typeOnlyExports);
  for (const clause of clauses) {
    // An exported alias counts as used.
    if (tokenAt(parsed.tokens, clause.start - 1).type === tt._export) used.add(clause.specifiers[0]?.local ?? "");
    eraseImport(edits, clause, used);
  }
  if (exports.length > 0) {
    const types = locallyDeclaredTypes(parsed, clauses);
    for (const start of exports) eraseExport(edits, start, types);
  }
}

function isKeyword(token: Token, which: number): boolean {
  return token.type === tt.name && token.contextualKeyword === which;
}

/** The index behind a module specifier at `index`, its attributes and its semicolon. */
function endOfModuleSpecifier(tokens: readonly Token[], index: number): number {
  let end = index + 1;
  const next = tokenAt(tokens, end);
  if ((next.type === tt._with || next.type === tt.name) && tokenAt(tokens, end + 1).type === tt.braceL) {
    end = closingIndex(tokens, end + 1) + 1;
  }
  return tokenAt(tokens, end).type === tt.semi ? end + 1 : end;
}

function readSpecifiers({ source, tokens }: Parsed, open: number, close: number): Specifier[] {
  const specifiers: Specifier[] = [];
  for (let start = open + 1; start < close;) {
    let end = start;
    while (end < close && tokenAt(tokens, end).type !== tt.comma) end++;
    // One to four names tell the form apart: `a`, `type a`, `a as b`, `type a as b`.
    const typeOnly = end - start === 2 || end - start === 4;
    specifiers.push({ local: textOf(source, tokenAt(tokens, end - 1)), start, end, typeOnly });
    start = end + 1;
  }
  return specifiers;
}

function readImport(parsed: Parsed, start: number): ImportClause {
  const { source, tokens } = parsed;
  let at = start + 1;
  let typeOnly = false;
  if (isKeyword(tokenAt(tokens, at), keyword._type)) {
    const next = tokenAt(tokens, at + 1);
    typeOnly =
      (next.type === tt.name && next.contextualKeyword !== keyword._from) ||
      next.type === tt.braceL ||
      next.type === tt.star;
    if (typeOnly) at++;
  }
  const specifiers: Specifier[] = [];
  let braces: readonly [number, number] | null = null;
  const nameAt = (index: number): string => textOf(source, tokenAt(tokens, index));
  if (tokenAt(tokens, at).type === tt.name && tokenAt(tokens, at + 1).type === tt.eq) {
    specifiers.push({ local: nameAt(at), start: at, end: at + 1, typeOnly });
    let end = at + 3;
    if (tokenAt(tokens, end).type === tt.parenL) end += 3;
    while (tokenAt(tokens, end).type === tt.dot) end += 2;
    if (tokenAt(tokens, end).type === tt.semi) end++;
    return { start, end, typeOnly, specifiers, braces, equals: true };
  }
  if (tokenAt(tokens, at).type === tt.name) {
    specifiers.push({ local: nameAt(at), start: at, end: at + 1, typeOnly });
    at++;
    if (tokenAt(tokens, at).type === tt.comma) at++;
  }
  if (tokenAt(tokens, at).type === tt.star) {
    specifiers.push({ local: nameAt(at + 2), start: at, end: at + 3, typeOnly });
    at += 3;
  } else if (tokenAt(tokens, at).type === tt.braceL) {
    const close = closingIndex(tokens, at);
    braces = [at, close];
    specifiers.push(...readSpecifiers(parsed, at, close));
    at = close + 1;
  }
  if (isKeyword(tokenAt(tokens, at), keyword._from)) at++;
  return { start, end: endOfModuleSpecifier(tokens, at), typeOnly, specifiers, braces, equals: false };
}

function eraseImport(edits: Edits, clause: ImportClause, used: ReadonlySet<string>): void {
  const { tokens } = edits.parsed;
  const isKept = (one: Specifier): boolean => !clause.typeOnly && !one.typeOnly && used.has(one.local);
  const isSideEffect = clause.specifiers.length === 0 && clause.braces === null;
  if (isSideEffect) return;
  if (!clause.specifiers.some(isKept)) {
    edits.remove(clause.start, clause.end);
    return;
  }
  if (clause.equals && tokenAt(tokens, clause.start + 4).type !== tt.parenL) {
    // `import a = N.b` is a variable.
    edits.remove(clause.start);
    edits.overwrite(tokenAt(tokens, clause.start).start, "var");
    return;
  }
  if (clause.equals) {
    throw new TypeScriptSyntaxError(
      "'import … = require(…)' is not supported: write an 'import … from' declaration",
      tokenAt(tokens, clause.start).start,
    );
  }
  const [open, close] = clause.braces ?? [-1, -1];
  for (const one of clause.specifiers) {
    if (isKept(one)) continue;
    edits.remove(one.start, one.end);
    if (tokenAt(tokens, one.end).type === tt.comma) edits.remove(one.end);
    // What stands behind the default import is its list: `import a, * as b` and `import a, { b }` lose the comma too.
    else if (tokenAt(tokens, one.start).type === tt.star) edits.remove(one.start - 1);
  }
  // `import a, { }` would still be valid, but only when the default import stays.
  const namedKept = clause.specifiers.some((one) => one.start > open && one.start < close && isKept(one));
  if (clause.braces !== null && !namedKept) edits.remove(open - 1, close + 1);
}

/** Marks the names of exports that say nothing about values of this file: `export { a } from`, `export type { a }`. */
function markNonLocalExports({ tokens }: Parsed, start: number, marked: Set<number>): void {
  const typeOnly = isKeyword(tokenAt(tokens, start + 1), keyword._type);
  const open = typeOnly ? start + 2 : start + 1;
  if (tokenAt(tokens, open).type !== tt.braceL) return;
  const close = closingIndex(tokens, open);
  if (!typeOnly && !isKeyword(tokenAt(tokens, close + 1), keyword._from)) return;
  for (let index = open + 1; index < close; index++) marked.add(index);
}

function eraseExport(edits: Edits, start: number, types: ReadonlySet<string>): void {
  const { source, tokens } = edits.parsed;
  const offset = tokenAt(tokens, start).start;
  const next = tokenAt(tokens, start + 1);
  if (next.type === tt.eq) {
    throw new TypeScriptSyntaxError("'export =' is not supported: write 'export default'", offset);
  }
  if (next.type === tt._import) {
    const isType = isKeyword(tokenAt(tokens, start + 2), keyword._type) && tokenAt(tokens, start + 3).type !== tt.eq;
    if (isType) edits.remove(start);
    return;
  }
  if (isKeyword(next, keyword._as)) {
    edits.remove(start, tokenAt(tokens, start + 4).type === tt.semi ? start + 5 : start + 4);
    return;
  }
  if (next.type === tt._default) {
    const name = tokenAt(tokens, start + 2);
    const end = tokenAt(tokens, start).rhsEndIndex ?? 0;
    const length = tokenAt(tokens, end - 1).type === tt.semi ? end - 1 - start : end - start;
    if (length === 3 && name.type === tt.name && types.has(textOf(source, name))) edits.remove(start, end);
    return;
  }
  const typeOnly = isKeyword(next, keyword._type);
  const list = typeOnly ? start + 2 : start + 1;
  if (tokenAt(tokens, list).type === tt.braceL) eraseExportList(edits, start, list, typeOnly, types);
  else if (typeOnly && tokenAt(tokens, list).type === tt.star) {
    let at = list + 1;
    while (tokenAt(tokens, at).type !== tt.string && tokenAt(tokens, at).type !== tt.eof) at++;
    edits.remove(start, endOfModuleSpecifier(tokens, at));
  }
}

function eraseExportList(
  edits: Edits,
  start: number,
  open: number,
  typeOnly: boolean,
  types: ReadonlySet<string>,
): void {
  const { source, tokens } = edits.parsed;
  const close = closingIndex(tokens, open);
  const isFrom = isKeyword(tokenAt(tokens, close + 1), keyword._from);
  let end = isFrom ? endOfModuleSpecifier(tokens, close + 2) : close + 1;
  if (!isFrom && tokenAt(tokens, end).type === tt.semi) end++;
  if (typeOnly) {
    edits.remove(start, end);
    return;
  }
  const specifiers = readSpecifiers(edits.parsed, open, close);
  const isErased = (one: Specifier): boolean =>
    one.typeOnly || (!isFrom && types.has(textOf(source, tokenAt(tokens, one.start))));
  // A list of nothing but types loads nothing; without `from`, `export {}` stays and keeps the file a module.
  if (isFrom && specifiers.length > 0 && specifiers.every(isErased)) {
    edits.remove(start, end);
    return;
  }
  for (const one of specifiers) {
    if (!isErased(one)) continue;
    edits.remove(one.start, one.end);
    if (tokenAt(tokens, one.end).type === tt.comma) edits.remove(one.end);
  }
}

/** The names that this file declares, or imports, only as types. */
function locallyDeclaredTypes({ source, tokens }: Parsed, clauses: readonly ImportClause[]): Set<string> {
  const types = new Set<string>();
  const values = new Set<string>();
  for (const clause of clauses) {
    for (const one of clause.specifiers) (clause.typeOnly || one.typeOnly ? types : values).add(one.local);
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const { identifierRole } = token;
    if (identifierRole !== role.TopLevelDeclaration && identifierRole !== role.ObjectShorthandTopLevelDeclaration) {
      continue;
    }
    const before = tokenAt(tokens, index - 1);
    const isTypeName =
      token.isType &&
      before.type === tt.name &&
      (before.contextualKeyword === keyword._interface ||
        before.contextualKeyword === keyword._type ||
        before.contextualKeyword === keyword._namespace);
    (isTypeName ? types : values).add(textOf(source, token));
  }
  for (const name of values) types.delete(name);
  return types;
}

/** Those of the names that some expression or export of the file reads, local declarations of the name respected. */
function namesUsedAsValues(
  parsed: Parsed,
  edits: Edits,
  names: ReadonlySet<string>,
  ignored: ReadonlySet<number>,
): Set<string> {
  const { source, tokens } = parsed;
  const used = new Set<string>();
  const uses: { name: string; index: number }[] = [];
  const shadows = new Map<string, Scope[]>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    const which = token.identifierRole;
    // An expression inside a type is a computed name, `{ [key]: T }`: TypeScript counts it.
    if (token.type !== tt.name || (edits.removed[index] === 1 && !(token.isType && which === role.Access))) continue;
    if (which === role.ImportDeclaration || which === role.TopLevelDeclaration) continue;
    const isShadow =
      which === role.BlockScopedDeclaration ||
      which === role.FunctionScopedDeclaration ||
      which === role.ObjectShorthandBlockScopedDeclaration ||
      which === role.ObjectShorthandFunctionScopedDeclaration;
    const isUse =
      which === role.Access ||
      which === role.ObjectShorthand ||
      (which === role.ExportAccess && !ignored.has(index)) ||
      // The parser gives a decorator's name no role.
      (which === null && index > 0 && (tokens[index - 1] as Token).type === tt.at);
    if (!isShadow && !isUse) continue;
    const name = textOf(source, token);
    if (!names.has(name)) continue;
    if (isUse) {
      uses.push({ name, index });
      continue;
    }
    const functionScoped =
      which === role.FunctionScopedDeclaration || which === role.ObjectShorthandFunctionScopedDeclaration;
    const scope = enclosingScope(parsed.scopes, index, functionScoped);
    if (scope === undefined) continue;
    const list = shadows.get(name);
    if (list === undefined) shadows.set(name, [scope]);
    else list.push(scope);
  }
  for (const { name, index } of uses) {
    if (used.has(name)) continue;
    const isShadowed = shadows
      .get(name)
      ?.some((scope) => scope.startTokenIndex <= index && index < scope.endTokenIndex);
    if (isShadowed !== true) used.add(name);
  }
  return used;
}

function enclosingScope(scopes: readonly Scope[], index: number, functionScoped: boolean): Scope | undefined {
  // Scopes come in the order of their ends, so the first that holds the token is the innermost. The last is the file's.
  for (let at = 0; at < scopes.length - 1; at++) {
    const scope = scopes[at] as Scope;
    if (scope.startTokenIndex > index || index >= scope.endTokenIndex) continue;
    if (!functionScoped || scope.isFunctionScope) return scope;
  }
  return undefined;
}
