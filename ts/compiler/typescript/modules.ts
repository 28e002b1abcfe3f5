// Owns imports and exports, and which of them disappear: those of types, and imports never used as a value, as in TypeScript
// without verbatimModuleSyntax. Must never drop an import that could have been used as a value.

//
//   import a, { type B, c } from "d"     used: a, c          import a, {         c } from "d"
//                                        used: neither       ; and spaces
//   import { type B } from "d"           ; and spaces: nothing of it can run
//   import "d"                           stays: it is imported for its effects
//   import type …, export type …         (spaces)
//   import a = N.b                       var    a = N.b, if a is used as a value or visible to others
//   export { a, B }                      export { a    }, if B is only a type here
//
// Whether a name is a value is known when the whole source has been read, so all of this waits in a list (`#atEnd`). The order at the end:
// names of parameters, edits that were put off (`edits.later`), references, aliases, and then the imports and exports that disappear.
import { ContainerParser } from "./containers.ts";
import { isValue, R, S, type Binding, type Container, type Imported, type Reference, type Scope } from "./names.ts";
import { T } from "./scanner.ts";
import type { DeclarationHead } from "./statements.ts";

/** One imported or exported name of a list, or `* as a`. */
interface Specifier {
  readonly start: number;
  readonly end: number;
  /** The import; null if it is only a type. */
  readonly imported: Imported | null;
  /** For an export: its local name. */
  readonly local: string;
}

interface Braces {
  readonly start: number;
  end: number;
  readonly specifiers: Specifier[];
}

/** `import a, { b } from "c"` */
interface ImportClause {
  standard: Specifier | null;
  namespace: Specifier | null;
  braces: Braces | null;
}

/** The binding of a name that is only declared as a type. */
const TYPE: Binding = { isProperty: false, isValue: false };

export class ModuleParser extends ContainerParser {
  /** Is anything imported or exported at the top? */
  #isModule = false;
  /** Decisions that wait until it is known which names are used. */
  readonly #atEnd: (() => void)[] = [];
  readonly #aliases: Imported[] = [];

  /** Parses the whole source and makes all edits. */
  parse(): void {
    this.parseProgram();
    if (!this.names.matter) return;
    this.#nameParameters();
    this.edits.doLater();
    this.#resolveReferences();
    this.#useAliases();
    for (const work of this.#atEnd) work();
  }

  /**
   * An inner declaration with the name of its namespace would hide the object, so the parameter gets another name. TypeScript does not do
   * so for enums: there the name means the parameter, or what hides it.
   */
  #nameParameters(): void {
    const hidden = this.#hiddenParameters();
    if (hidden.size === 0) return;
    const words = new Set(this.source.match(/[\w$\u0080-\uffff]+/g));
    const numbers = new Map<string, number>();
    for (const scope of this.names.scopes) {
      if (!hidden.has(scope)) continue;
      const { parameter } = scope;
      let number = numbers.get(parameter) ?? 1;
      while (words.has(`${parameter}_${number}`)) number++;
      words.add((scope.parameter = `${parameter}_${number}`));
      numbers.set(parameter, number + 1);
    }
  }

  /** The namespaces in which, or in a scope inside which, the name of the parameter is declared. */
  #hiddenParameters(): ReadonlySet<Scope> {
    const { scopes } = this.names;
    const around = new Map<string, Set<Scope>>();
    for (const { kind, parameter } of scopes) if (kind === S.namespace) around.set(parameter, new Set());
    const hidden = new Set<Scope>();
    if (around.size === 0) return hidden;
    for (const scope of scopes) {
      for (const name of scope.names?.keys() ?? []) {
        const seen = around.get(name);
        if (seen === undefined) continue;
        // What is around a scope that was seen was seen as well.
        for (let at: Scope | null = scope; at !== null && !seen.has(at); at = at.parent) {
          seen.add(at);
          if (at.kind === S.namespace && at.parameter === name) hidden.add(at);
        }
      }
      this.names.check();
    }
    return hidden;
  }

  /** Marks imports that are used as values, and writes the object before names that are members of a namespace or an enum. */
  #resolveReferences(): void {
    for (const reference of this.names.references) {
      this.names.check();
      const meaning = this.names.resolve(reference.name, reference.scope);
      if (meaning === null) continue;
      const { binding, owner } = meaning;
      if (binding.imported !== undefined) binding.imported.isUsed = true;
      if (owner === null || reference.kind === R.erased) continue;
      const { start, end, name, kind } = reference;
      this.qualify(start, end, name, kind === R.shorthand, owner);
    }
  }

  /** `import a = b.c` uses `b` if it is used itself. */
  #useAliases(): void {
    // Usually later aliases use earlier ones.
    for (const { isUsed, alias } of this.#aliases.toReversed()) {
      if (!isUsed || alias === undefined) continue;
      const meaning = this.names.resolve(alias.root.name, alias.root.scope);
      if (meaning === null) continue;
      if (meaning.binding.imported !== undefined) meaning.binding.imported.isUsed = true;
      const { start, end, name } = alias.root;
      if (meaning.owner !== null) this.qualify(start, end, name, false, meaning.owner);
    }
  }

  // --- imports

  /** https://tc39.es/ecma262/#prod-ImportDeclaration, `import type`, `import a = …`. */
  protected override parseImport(head: DeclarationHead): void {
    this.typeStatement = head.start;
    const word = this.start;
    this.next();
    if (this.type === T.string) {
      this.#markModule();
      return this.#endModuleSpecifier();
    }
    const clause: ImportClause = { standard: null, namespace: null, braces: null };
    const isType = this.#takesType();
    if (isType) this.next();
    if (this.type === T.name) {
      const { value: local, start, end } = this;
      this.next();
      if (this.is("=")) return this.#parseAlias(head, word, isType, { local, start, end });
      if (!this.take(",") && !this.is("from")) this.#skipPhase();
      clause.standard = this.#specifier(local, start, end, isType);
    }
    this.#markModule();
    this.#parseBindings(clause, isType);
    this.expect("from");
    this.#endModuleSpecifier();
    if (this.context.isAmbient) return;
    const statement = { ...head, end: this.previousEnd };
    this.#atEnd.push(() => this.#eraseImport(statement, clause));
  }

  /** An import or export at the top makes the source a module: then its aliases are visible to nothing else. */
  #markModule(): void {
    if (this.names.scope.kind === S.file) this.#isModule = true;
  }

  /** `import defer * as a`: the JavaScript parser decides whether it is valid. */
  #skipPhase(): void {
    if (!this.is("*") && !this.is("{") && this.type !== T.name) this.unexpected("from");
    if (this.type === T.name) this.next();
  }

  /** Does the word `type` at hand make this an import of types? */
  #takesType(): boolean {
    if (!this.is("type")) return false;
    return this.ahead(() => {
      this.next();
      if (this.type === T.punctuator) return this.is("{") || this.is("*");
      if (this.type !== T.name) return false;
      if (!this.is("from")) return true;
      this.next();
      return this.is("from") || this.is("=");
    });
  }

  /** Declares what an import binds. */
  #specifier(local: string, start: number, end: number, isType: boolean): Specifier {
    if (isType) {
      this.names.declareType(local, false);
      return { start, end, imported: null, local };
    }
    const imported: Imported = { isUsed: false };
    this.names.declare(local, this.names.scope, { imported });
    return { start, end, imported, local };
  }

  /** `* as a`, `{ … }` */
  #parseBindings(clause: ImportClause, isType: boolean): void {
    if (this.is("*")) {
      const { start } = this;
      this.next();
      this.expect("as");
      const local = this.value;
      this.next();
      clause.namespace = this.#specifier(local, start, this.previousEnd, isType);
    } else if (this.is("{"))
      clause.braces = this.#parseBraces((one) => this.#specifier(one.local, one.start, one.end, isType || one.isType));
  }

  /** `{ a, type b, c as d }` */
  #parseBraces(
    specifier: (one: { local: string; start: number; end: number; isType: boolean; first: string }) => Specifier,
  ): Braces {
    const braces: Braces = { start: this.start, end: 0, specifiers: [] };
    this.next();
    while (!this.take("}")) {
      const { start } = this;
      const words: string[] = [];
      let second = start;
      while (!this.is(",") && !this.is("}")) {
        if (this.type !== T.name && this.type !== T.string) this.unexpected(",");
        if (words.length === 1) second = this.start;
        words.push(this.type === T.string ? "" : this.value);
        this.next();
      }
      // One to four names tell the form apart: `a`, `type a`, `a as b`, `type a as b`.
      const isType = words.length === 2 || words.length === 4;
      const first = words[isType ? 1 : 0]!;
      const isRenamed = words.length < 3 || words[words.length - 2] === "as";
      if (words.length > 4 || !isRenamed || (isType && words[0] !== "type"))
        this.fail(`Unexpected token '${words[1]}', expected ","`, second);
      braces.specifiers.push(specifier({ local: words.at(-1)!, start, end: this.previousEnd, isType, first }));
      this.take(",");
    }
    braces.end = this.previousEnd;
    return braces;
  }

  /** A module specifier at hand, its attributes and its semicolon. */
  #endModuleSpecifier(): void {
    if (this.type !== T.string) this.unexpected();
    this.next();
    if (this.is("with") || (this.is("assert") && !this.newline)) {
      this.next();
      this.parseExpression();
    }
    this.endStatement();
  }

  /** Erases the names that nothing uses as a value, with the commas that would be left over; all of it, if no name remains. */
  #eraseImport(head: DeclarationHead & { readonly end: number }, { standard, namespace, braces }: ImportClause): void {
    const isKept = (one: Specifier | null): boolean => one?.imported?.isUsed === true;
    const keepsBraces = braces?.specifiers.some(isKept) === true;
    if (!isKept(standard) && !isKept(namespace) && !keepsBraces) return this.#eraseAll(head);
    const list = namespace ?? braces;
    const keepsList = isKept(namespace) || keepsBraces;
    // `import a, { b }` loses the comma if one of the two is erased.
    if (standard !== null && list !== null) {
      if (!isKept(standard)) this.edits.erase(standard.start, list.start);
      else if (!keepsList) this.edits.erase(standard.end, list.end);
    }
    if (keepsBraces) this.#eraseSpecifiers(braces.specifiers, isKept);
  }

  /** Each erased name takes the comma after it along; a comma before the closing brace is allowed in JavaScript. */
  #eraseSpecifiers(specifiers: readonly Specifier[], isKept: (one: Specifier) => boolean): void {
    for (const one of specifiers) {
      if (isKept(one)) continue;
      this.edits.erase(one.start, one.end);
      const comma = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*,/.exec(this.source.slice(one.end));
      if (comma !== null) this.edits.erase(one.end + comma[0].length - 1, one.end + comma[0].length);
    }
  }

  /** Erases a statement that ended before. */
  #eraseAll({ start, end, needsEnd }: DeclarationHead & { readonly end: number }): void {
    this.edits.eraseCode(start, end);
    if (needsEnd || this.source[end - 1] !== ";") this.edits.overwrite(start, ";");
  }

  // --- import a = b.c

  /** `import a = b.c`: an alias of a namespace, a member or a type. It is emitted only if it is used as a value, or visible to others. */
  #parseAlias(
    head: DeclarationHead,
    word: number,
    isType: boolean,
    { local, start, end }: { readonly local: string; readonly start: number; readonly end: number },
  ): void {
    this.next();
    if (this.is("require") && this.peek().value === "(") return this.#parseRequire(head, word, isType, local);
    const root: Reference = {
      name: this.value,
      start: this.start,
      end: this.end,
      scope: this.names.scope,
      kind: R.plain,
    };
    const path: string[] = [];
    do {
      if (this.type !== T.name) this.unexpected();
      path.push(this.value);
      this.next();
    } while (this.take("."));
    const imported: Imported = { isUsed: false, alias: { root, path } };
    const { scope } = this.names;
    const isMember = this.names.isMember(head.isExported);
    if (isType) this.names.declareType(local, head.isExported);
    else if (isMember) this.names.declareMember(local, true);
    else this.names.declare(local, scope, { imported });
    const binding = scope.names?.get(local);
    if (binding !== undefined && !isType) binding.imported = imported;
    if (head.isExported) this.typeStatement = -1;
    if (head.isExported) this.#markModule();
    this.endStatement();
    if (this.context.isAmbient) return;
    const statement = { ...head, end: this.previousEnd };
    if (isType) return this.#eraseAll(statement);
    this.#writeAlias(statement, word, { start, end, local }, imported, isMember);
  }

  /** `var a = b.c`, or `N.a = b.c` for a member of a namespace. */
  #writeAlias(
    statement: DeclarationHead & { readonly end: number },
    word: number,
    name: { readonly start: number; readonly end: number; readonly local: string },
    imported: Imported,
    isMember: boolean,
  ): void {
    const { scope } = this.names;
    this.edits.later(() => {
      this.#aliases.push(imported);
      const isValue = this.#meansValue(imported);
      // In a script, a later program could use it.
      const isVisible = statement.isExported || (scope.kind === S.file && !this.#isModule);
      if (isVisible && isValue) imported.isUsed = true;
      if (isMember && isValue) this.edits.insert(name.start, `${scope.parameter}.`);
    });
    this.#atEnd.push(() => {
      if (!imported.isUsed || !this.#meansValue(imported)) return this.#eraseAll(statement);
      const from = isMember ? statement.start : word;
      this.edits.erase(from, name.start);
      if (!isMember) this.edits.overwrite(word, "var");
    });
  }

  /** Could the alias be a value? It could unless it is known to be only a type. */
  #meansValue({ alias }: Imported): boolean {
    const target = this.#targetOf(alias!);
    return target === null ? true : isValue(target);
  }

  /** The binding at the end of a chain of aliases; null if the file does not declare it. */
  #targetOf({ root, path }: NonNullable<Imported["alias"]>): Binding | null {
    let binding = this.names.resolve(root.name, root.scope, true)?.binding ?? null;
    if (binding === null && this.#isTypeImport(root)) return TYPE;
    for (const name of path.slice(1)) {
      if (binding?.imported?.alias !== undefined) binding = this.#targetOf(binding.imported.alias);
      if (binding === TYPE) return TYPE;
      const container: Container | undefined = binding?.container;
      if (container === undefined) return null;
      binding = container.exports.get(name) ?? (container.types.has(name) ? TYPE : null);
    }
    return binding?.imported?.alias === undefined ? binding : this.#targetOf(binding.imported.alias);
  }

  /** `import type a` */
  #isTypeImport({ name, scope }: Reference): boolean {
    for (let at: Scope | null = scope; at !== null; at = at.parent) if (at.types?.has(name) === true) return true;
    return false;
  }

  /** `import a = require("b")` is erased if it is never used as a value. */
  #parseRequire(head: DeclarationHead, word: number, isType: boolean, local: string): void {
    this.#markModule();
    this.next();
    this.next();
    if (this.type !== T.string) this.unexpected();
    this.next();
    this.expect(")");
    const { imported } = this.#specifier(local, word, word, isType);
    if (imported !== null && head.isExported && !this.context.isAmbient) imported.isUsed = true;
    this.endStatement();
    const statement = { ...head, end: this.previousEnd };
    if (this.context.isAmbient) return;
    this.#atEnd.push(() => {
      if (imported?.isUsed !== true) return this.#eraseAll(statement);
      this.fail("'import … = require(…)' is not supported: write an 'import … from' declaration", word);
    });
  }

  // --- exports

  /** https://tc39.es/ecma262/#prod-ExportDeclaration, `export type`, `export =`, `export as namespace`. */
  protected override parseExport(head: DeclarationHead): void {
    const word = this.start;
    this.next();
    const exported = { ...head, isExported: true, exportAt: word };
    if (this.is("import") && !/^[(.]$/.test(this.peek().value)) return this.parseImport(exported);
    this.#markModule();
    if (this.is("=")) return this.#parseExportEquals(head, word);
    if (this.is("as") && this.peek().value === "namespace") return this.#eraseExportAs(head);
    const isType = this.is("type") && /^[{*]$/.test(this.peek().value);
    if (isType) this.next();
    if (isType || this.is("{") || this.is("*") || this.is("default")) this.#refuseInNamespace(word);
    if (this.is("{")) return this.#parseExportList(head, isType);
    if (this.is("*")) return this.#parseExportAll(head, isType);
    if (this.is("default")) return this.#parseDefault(exported);
    if (this.is("@") && this.type === T.punctuator) this.parseDecorators();
    if (!this.parseDeclaration(exported)) this.unexpected();
  }

  /** Lists and defaults have no meaning in a namespace. */
  #refuseInNamespace(word: number): void {
    if (this.names.scope.kind !== S.namespace || this.context.isAmbient) return;
    this.fail(`'export ${this.value}' is not allowed in a namespace`, word);
  }

  /** `export = a` is the form of CommonJS: allowed for types, which leave nothing. */
  #parseExportEquals(head: DeclarationHead, word: number): void {
    this.next();
    const { value: name, start } = this;
    const { scope } = this.names;
    this.parseExpression();
    const isName = this.previousEnd === start + name.length;
    this.endStatement();
    const { isAmbient } = this.context;
    this.eraseStatement(head);
    this.#atEnd.push(() => {
      const isType = isAmbient || (isName && this.#isType(name, scope));
      if (!isType) this.fail("'export =' is not supported: write 'export default'", word);
    });
  }

  /** `export as namespace A;`, for scripts that read declarations. */
  #eraseExportAs(head: DeclarationHead): void {
    this.next();
    this.next();
    this.next();
    this.endStatement();
    this.eraseStatement(head);
  }

  /** `export * from "a"`, `export * as b from "a"` */
  #parseExportAll(head: DeclarationHead, isType: boolean): void {
    this.next();
    if (this.take("as")) this.next();
    this.expect("from");
    this.#endModuleSpecifier();
    if (isType) this.eraseStatement(head);
  }

  /**
   * `export { a, type B, c as d } [from "e"]`. Without `from`, exporting a name uses it: an import of it stays. With `from`, only `type`
   * says that a name is a type, since the other file is not read.
   */
  #parseExportList(head: DeclarationHead, isType: boolean): void {
    const locals: { readonly specifier: Specifier; readonly start: number }[] = [];
    const braces = this.#parseBraces(({ start, end, first, isType: isTypeToo }) => {
      const specifier = { start, end, imported: isTypeToo ? null : { isUsed: true }, local: first };
      locals.push({ specifier, start });
      return specifier;
    });
    const isFrom = this.is("from");
    if (isFrom) {
      this.next();
      this.#endModuleSpecifier();
    } else this.endStatement();
    if (this.context.isAmbient) return;
    if (isType) return this.eraseStatement(head);
    if (!isFrom) {
      for (const { specifier, start } of locals) {
        if (specifier.imported !== null) this.names.refer(specifier.local, start, start, R.erased);
      }
    }
    const statement = { ...head, end: this.previousEnd };
    const { scope } = this.names;
    this.#atEnd.push(() => this.#eraseExports(statement, braces.specifiers, isFrom, scope));
  }

  #eraseExports(
    statement: DeclarationHead & { readonly end: number },
    specifiers: readonly Specifier[],
    isFrom: boolean,
    scope: Scope,
  ): void {
    const isKept = (one: Specifier): boolean => one.imported !== null && (isFrom || !this.#isType(one.local, scope));
    // An empty list, or one of types only, loads nothing. Without `from`, `export {}` stays and keeps the file a module.
    if (isFrom && !specifiers.some(isKept)) this.#eraseAll(statement);
    else this.#eraseSpecifiers(specifiers, isKept);
  }

  /** Is the name declared here, and only as a type? */
  #isType(name: string, scope: Scope): boolean {
    const meaning = this.names.resolve(name, scope);
    if (meaning !== null) {
      const { imported } = meaning.binding;
      return imported?.alias !== undefined && !this.#meansValue(imported);
    }
    return scope.types?.has(name) === true || scope.names?.has(name) === true;
  }

  /** `export default` before a declaration or an expression; an interface disappears. */
  #parseDefault(head: DeclarationHead): void {
    this.next();
    if (this.is("@") && this.type === T.punctuator) this.parseDecorators();
    const next = this.peek();
    const isFunction = this.is("function") || (this.is("async") && next.value === "function" && !next.newline);
    const isClass = this.is("class") || (this.is("abstract") && next.value === "class" && !next.newline);
    const isInterface = this.is("interface") && next.type === T.name && !next.newline;
    if ((isFunction || isClass || isInterface) && this.parseDeclaration(head)) return;
    this.#parseDefaultExpression(head);
  }

  /** `export default a`: erased if `a` is only a type here, since the name would be unknown when it runs. */
  #parseDefaultExpression(head: DeclarationHead): void {
    const { start, value: name, type } = this;
    const { scope } = this.names;
    this.parseAssignment();
    const isName = type === T.name && this.previousEnd === start + name.length;
    // `export default <T>function () {}` would become a declaration.
    if (this.cast.start === start && /^(?:function|class)$/.test(this.cast.operand)) {
      this.guardCast("(");
      this.edits.insert(this.previousEnd, ")");
    }
    this.endStatement();
    if (!isName || this.context.isAmbient) return;
    const statement = { ...head, end: this.previousEnd };
    this.#atEnd.push(() => {
      if (this.#isType(name, scope)) this.#eraseAll(statement);
    });
  }
}
