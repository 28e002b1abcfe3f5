// Owns namespaces that hold values: `namespace N { export const a = 1; f(a) }` becomes
// `var N;(function(N) { N.a = 1; f(N.a) })(N||(N={}));` on the same lines. Must never add or drop a line end, and must
// leave a name alone that something nearer declares.

import type { Edits, Rendered } from "./edits.ts";
import { TypeScriptSyntaxError } from "./errors.ts";
import type { InsertionRecord } from "./offset-map.ts";
import { closingIndex, hasLineBreak, keyword, role, textOf, tokenAt, tt, type Parsed, type Token } from "./parser.ts";

/** What all blocks of one namespace export together: each of them sees the exports of those before it. */
export class NamespaceRecord {
  readonly exports = new Set<string>();
  readonly #inner = new Map<string, NamespaceRecord>();

  inner(name: string): NamespaceRecord {
    const known = this.#inner.get(name);
    if (known !== undefined) return known;
    const record = new NamespaceRecord();
    this.#inner.set(name, record);
    return record;
  }
}

/** The namespace whose body is translated, and what names mean there that belong to namespaces around. */
export interface NamespaceBody {
  /** What the body calls the object that holds its exports. */
  readonly name: string;
  readonly record: NamespaceRecord;
  /** What to write before a name: `"N."` for an export of N. */
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Translates a body, already cut out of its source. */
export type TranslateBody = (source: string, body: NamespaceBody | null) => Edits;

/** The namespaces of one source, or of one namespace's body. */
export class Namespaces {
  readonly #edits: Edits;
  readonly #body: NamespaceBody | null;
  readonly #translate: TranslateBody;
  readonly #records = new NamespaceRecord();
  #declared: Set<string> | undefined;
  readonly #qualifiers: ReadonlyMap<string, string>;

  constructor(edits: Edits, body: NamespaceBody | null, translate: TranslateBody) {
    this.#edits = edits;
    this.#body = body;
    this.#translate = translate;
    this.#qualifiers = body === null ? new Map() : qualifiersIn(edits.parsed, body);
  }

  /** Qualifies names in a body, and makes its exports properties. */
  finishBody(exports: readonly number[]): void {
    const body = this.#body;
    if (body === null) return;
    for (const index of exports) exportFrom(this.#edits, index, body);
    qualify(this.#edits, this.#qualifiers);
  }

  /** Translates the namespace whose head stands at `index` and gives its last token; −1 if it holds nothing but types. */
  visit(index: number): number {
    const { source, tokens } = this.#edits.parsed;
    const names: Token[] = [tokenAt(tokens, index + 1)];
    let open = index + 2;
    for (; tokenAt(tokens, open).type === tt.dot; open += 2) names.push(tokenAt(tokens, open + 1));
    const close = closingIndex(tokens, open);
    const bodyStart = tokenAt(tokens, open).end;
    const text = source.slice(bodyStart, tokenAt(tokens, close).start);
    if (this.#holdsTypesOnly(text, bodyStart)) return -1;

    const isExported = tokenAt(tokens, index - 1).type === tt._export;
    const first = isExported ? index - 1 : index;
    const name = textOf(source, names[0]!);
    const declared = (this.#declared ??= namesOfMergeable(this.#edits.parsed));
    const isNew = !declared.has(name);
    declared.add(name);
    const owner = isExported ? this.#body : null;
    owner?.record.exports.add(name);

    const records: InsertionRecord[] = [];
    let code = "";
    const insert = (inserted: string): void => {
      records.push([code.length, inserted.length]);
      code += inserted;
    };
    const start = tokenAt(tokens, first).start;
    const head = tokenAt(tokens, index);
    const keepsExport = isExported && this.#body === null && isNew;
    code += keepsExport ? source.slice(start, head.start) : blankOf(source.slice(start, head.start));
    code += (isNew ? (this.#body === null ? "var" : "let") : "").padEnd(head.end - head.start);
    let record = (owner?.record ?? this.#records).inner(name);
    let end = `)(${owner === null ? name : `${name}=${owner.name}.${name}`}||(${owner === null ? name : `${owner.name}.${name}`}={}));`;
    let cursor = head.end;
    for (const [depth, token] of names.entries()) {
      const text = textOf(source, token);
      code += blankOf(source.slice(cursor, token.start));
      if (depth > 0) {
        const before = textOf(source, names[depth - 1]!);
        insert("{let ");
        record.exports.add(text);
        record = record.inner(text);
        end = `)(${text}=${before}.${text}||(${before}.${text}={}));}${end}`;
      }
      code += depth > 0 || isNew ? text : blankOf(text);
      insert(`;(function(${text})`);
      cursor = token.end;
    }
    code += blankOf(source.slice(cursor, bodyStart - 1)) + "{";
    const body = { name: textOf(source, names.at(-1)!), record, qualifiers: this.#qualifiersFor(names) };
    const inner = this.#render(text, body, bodyStart);
    for (const [offset, length] of inner.map?.records ?? []) records.push([code.length + offset, length]);
    code += `${inner.code}}`;
    insert(end);
    this.#edits.keep(first, close + 1);
    this.#edits.replace(start, tokenAt(tokens, close).end, { code, records });
    return close;
  }

  /** The head's own names mean the parameters of the functions that they become. */
  #qualifiersFor(names: readonly Token[]): ReadonlyMap<string, string> {
    const map = new Map(this.#qualifiers);
    for (const token of names) map.delete(textOf(this.#edits.parsed.source, token));
    return map;
  }

  #render(text: string, body: NamespaceBody, base: number): Rendered {
    return shifted(base, () => this.#translate(text, body).render());
  }

  #holdsTypesOnly(text: string, base: number): boolean {
    const scratch = { name: "", record: new NamespaceRecord(), qualifiers: new Map<string, string>() };
    const edits = shifted(base, () => this.#translate(text, scratch));
    if (edits.replaces) return false;
    const { tokens } = edits.parsed;
    // The last token is the end of the body.
    for (let index = 0; index < tokens.length - 1; index++) {
      if (edits.removed[index] !== 1 && (tokens[index] as Token).type !== tt.semi) return false;
    }
    return true;
  }
}

/** Whether a namespace begins at `index` that is not `declare`d. */
export function isNamespaceHead(tokens: readonly Token[], index: number): boolean {
  const token = tokenAt(tokens, index);
  if (token.type !== tt.name || !token.isType) return false;
  if (token.contextualKeyword !== keyword._namespace && token.contextualKeyword !== keyword._module) return false;
  if (tokenAt(tokens, index + 1).type !== tt.name) return false;
  if (index > 0 && tokenAt(tokens, index - 1).type === tt._declare) return false;
  let body = index + 2;
  while (tokenAt(tokens, body).type === tt.dot) body += 2;
  return tokenAt(tokens, body).type === tt.braceL;
}

/** Errors inside a body speak of offsets in it. */
function shifted<T>(base: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeScriptSyntaxError)) throw error;
    throw new TypeScriptSyntaxError(error.message, error.offset + base);
  }
}

function blankOf(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, " ");
}

const isTopDeclaration = (token: Token): boolean =>
  !token.isType &&
  (token.identifierRole === role.TopLevelDeclaration ||
    token.identifierRole === role.ObjectShorthandTopLevelDeclaration ||
    token.identifierRole === role.ImportDeclaration);

/** Names of functions, classes and enums at the top level: a namespace of that name adds to them. */
function namesOfMergeable({ source, tokens }: Parsed): Set<string> {
  const names = new Set<string>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokenAt(tokens, index);
    if (token.identifierRole !== role.TopLevelDeclaration || token.isType) continue;
    const { type } = tokenAt(tokens, index - 1);
    if (type === tt._function || type === tt._class || type === tt._enum || type === tt.star) {
      names.add(textOf(source, token));
    }
  }
  return names;
}

/** What names have to be qualified in a body: exports of the namespaces around it that nothing nearer declares. */
function qualifiersIn({ source, tokens }: Parsed, body: NamespaceBody): Map<string, string> {
  const qualifiers = new Map(body.qualifiers);
  for (const name of body.record.exports) qualifiers.set(name, `${body.name}.`);
  for (const token of tokens) if (isTopDeclaration(token)) qualifiers.delete(textOf(source, token));
  for (const name of exportedVariables({ source, tokens })) {
    qualifiers.set(name, `${body.name}.`);
    body.record.exports.add(name);
  }
  return qualifiers;
}

/** Calls `visit` for each declarator of the statement `export const …` at `index`: where its parts begin. */
function eachDeclarator(
  tokens: readonly Token[],
  index: number,
  visit: (start: number, patternEnd: number, end: number) => void,
): void {
  let at = index + 2;
  for (;;) {
    const start = at;
    const { type } = tokenAt(tokens, at);
    at = type === tt.braceL || type === tt.bracketL ? closingIndex(tokens, at) + 1 : at + 1;
    const patternEnd = at;
    while (tokenAt(tokens, at).isType || tokenAt(tokens, at).type === tt.bang) at++;
    if (tokenAt(tokens, at).type === tt.eq) at = tokenAt(tokens, at).rhsEndIndex ?? at + 1;
    visit(start, patternEnd, at);
    if (tokenAt(tokens, at).type !== tt.comma) return;
    at++;
  }
}

function isVariableKeyword(type: number): boolean {
  return type === tt._const || type === tt._let || type === tt._var;
}

function* exportedVariables({ source, tokens }: Pick<Parsed, "source" | "tokens">): Generator<string> {
  for (const [index, token] of tokens.entries()) {
    if (token.type !== tt._export || token.isType) continue;
    const next = tokenAt(tokens, index + 1);
    if (next.type === tt._import) yield textOf(source, tokenAt(tokens, index + 2));
    if (!isVariableKeyword(next.type) || tokenAt(tokens, index + 2).type === tt._enum) continue;
    const names: string[] = [];
    eachDeclarator(tokens, index, (start, end) => {
      for (let at = start; at < end; at++) {
        const name = tokenAt(tokens, at);
        if (isTopDeclaration(name)) names.push(textOf(source, name));
      }
    });
    yield* names;
  }
}

/** Makes what the `export` at `index` declares a property of the namespace's object. */
function exportFrom(edits: Edits, index: number, body: NamespaceBody): void {
  const { source, tokens } = edits.parsed;
  if (edits.removed[index] === 1) return;
  let at = index + 1;
  while (tokenAt(tokens, at).isType || edits.removed[at] === 1) at++;
  const { type } = tokenAt(tokens, at);
  // Enums see to their own export.
  if (type === tt._enum || (type === tt._const && tokenAt(tokens, at + 1).type === tt._enum)) return;
  edits.remove(index);
  if (isVariableKeyword(type)) return exportVariables(edits, index, body.name);
  if (type === tt._import) {
    edits.remove(at);
    edits.insert(tokenAt(tokens, at + 1).start, `${body.name}.`);
    return;
  }
  const isFunction = type === tt._function || tokenAt(tokens, at).contextualKeyword === keyword._async;
  if (!isFunction && type !== tt._class) {
    const text = textOf(source, tokenAt(tokens, at));
    throw new TypeScriptSyntaxError(`'export ${text}' is not allowed in a namespace`, tokenAt(tokens, index).start);
  }
  let name = at + 1;
  while (tokenAt(tokens, name).identifierRole !== role.TopLevelDeclaration) name++;
  const text = textOf(source, tokenAt(tokens, name));
  body.record.exports.add(text);
  const end = type === tt._class ? endOfClass(tokens, at) : endOfFunction(tokens, name);
  edits.insert(tokenAt(tokens, end).end, ` ${body.name}.${text}=${text};`);
}

function endOfClass(tokens: readonly Token[], index: number): number {
  const { contextId } = tokenAt(tokens, index);
  let open = index + 1;
  while (tokenAt(tokens, open).type !== tt.braceL || tokenAt(tokens, open).contextId !== contextId) open++;
  return closingIndex(tokens, open);
}

function endOfFunction(tokens: readonly Token[], name: number): number {
  let at = name + 1;
  while (tokenAt(tokens, at).isType || tokenAt(tokens, at).type !== tt.parenL) at++;
  at = closingIndex(tokens, at) + 1;
  while (tokenAt(tokens, at).isType || tokenAt(tokens, at).type !== tt.braceL) at++;
  return closingIndex(tokens, at);
}

/** `export const a = 1, {b} = o` becomes `N.a = 1, ({b:N.b} = o)`; what has no value disappears. */
function exportVariables(edits: Edits, index: number, namespace: string): void {
  const { tokens } = edits.parsed;
  edits.remove(index + 1);
  let kept = 0;
  eachDeclarator(tokens, index, (start, patternEnd, end) => {
    const isPattern = patternEnd > start + 1;
    if (!tokens.slice(patternEnd, end).some((token) => token.type === tt.eq && !token.isType)) {
      edits.remove(start, end);
      if (kept > 0) edits.remove(start - 1);
      else edits.remove(end, tokenAt(tokens, end).type === tt.comma ? end + 1 : end);
      return;
    }
    if (isPattern) edits.insert(tokenAt(tokens, start).start, kept === 0 ? ";(" : "(");
    kept++;
    for (let at = start; at < patternEnd; at++) qualifyDeclaration(edits, at, `${namespace}.`);
    if (isPattern) edits.insert(tokenAt(tokens, end - 1).end, ")");
  });
}

function qualifyDeclaration(edits: Edits, at: number, qualifier: string): void {
  const token = tokenAt(edits.parsed.tokens, at);
  if (!isTopDeclaration(token)) return;
  const name = textOf(edits.parsed.source, token);
  if (token.identifierRole === role.TopLevelDeclaration) edits.insert(token.start, qualifier);
  else edits.insert(token.end, `:${qualifier}${name}`);
}

/** Writes the qualifier before every reference that means an export of a namespace around. */
function qualify(edits: Edits, qualifiers: ReadonlyMap<string, string>): void {
  if (qualifiers.size === 0) return;
  const { source, tokens } = edits.parsed;
  const shadows = shadowsOf(edits.parsed, qualifiers);
  for (const [index, token] of tokens.entries()) {
    const { identifierRole } = token;
    const isShorthand = identifierRole === role.ObjectShorthand;
    // The parser gives a decorator's name no role.
    const isDecorator = identifierRole === null && index > 0 && tokenAt(tokens, index - 1).type === tt.at;
    if (!isShorthand && !isDecorator && identifierRole !== role.Access && identifierRole !== role.ExportAccess)
      continue;
    if (token.isType || edits.removed[index] === 1) continue;
    const name = textOf(source, token);
    const qualifier = qualifiers.get(name);
    if (qualifier === undefined || isLabel(edits.parsed, index)) continue;
    if (shadows.get(name)?.some(([start, end]) => index >= start && index < end) === true) continue;
    if (isShorthand) edits.insert(token.end, `:${qualifier}${name}`);
    else edits.insert(token.start, qualifier);
  }
}

/** `a: for (…)`: the parser gives labels the role of a use. What stands before tells them from `b ? a : c`. */
function isLabel({ source, tokens }: Parsed, index: number): boolean {
  if (tokenAt(tokens, index + 1).type !== tt.colon) return false;
  const before = tokenAt(tokens, index - 1);
  const { type } = before;
  if (index === 0 || type === tt.semi || type === tt.braceL || type === tt.braceR || type === tt.parenR) return true;
  if (type === tt._else || type === tt._do) return true;
  const endsValue = type === tt.name || type === tt.num || type === tt.string || type === tt.bracketR;
  return endsValue && hasLineBreak(source, before.end, tokenAt(tokens, index).start);
}

/** Where inner scopes declare names of their own: ranges of tokens by name. */
function shadowsOf(
  { source, tokens, scopes }: Parsed,
  names: ReadonlyMap<string, string>,
): Map<string, (readonly [start: number, end: number])[]> {
  const shadows = new Map<string, (readonly [number, number])[]>();
  for (const [index, token] of tokens.entries()) {
    const { identifierRole } = token;
    const inBlock =
      identifierRole === role.BlockScopedDeclaration || identifierRole === role.ObjectShorthandBlockScopedDeclaration;
    const inFunction =
      identifierRole === role.FunctionScopedDeclaration ||
      identifierRole === role.ObjectShorthandFunctionScopedDeclaration;
    const name = inBlock || inFunction ? textOf(source, token) : "";
    if (!names.has(name)) continue;
    // Scopes end in the order of the list, so the first that holds the token is the innermost.
    const scope = scopes.find(
      (one) => one.startTokenIndex <= index && index < one.endTokenIndex && (inBlock || one.isFunctionScope),
    );
    if (scope === undefined) continue;
    const ranges = shadows.get(name) ?? [];
    shadows.set(name, [...ranges, [scope.startTokenIndex, scope.endTokenIndex]]);
  }
  return shadows;
}
