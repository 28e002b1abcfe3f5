// Owns enums and namespaces: `enum E { A }` becomes `var E;(function(E) { E[E["A"]=0]="A"; })(E||(E={}));` and
// `namespace N { export const a = 1 }` becomes `var N;(function(N) { N.a = 1 })(N||(N={}));`, on the same lines. Must never add or drop a
// line end, and must give names and members the meaning and the values that TypeScript gives them.

//
//   enum E { A, B = A + 1, C = f() }                                         some spaces left out below
//   var E;(function(E) { E[E["A"]=0]="A"; E[E["B"] =1]="B"; E[E["C"] = f()]="C"; })(E||(E={}));
//
//   namespace N.M { export const a = 1; export function f() { return a } let b = a; }
//   var N;(function(N) {let M;(function(M) { M.a = 1; function f() { return M.a } M.f=f; let b = M.a; })(M=N.M||(N.M={}));})(N||(N={}));
//
// Insertions cannot be written at once: the parameter of the function gets another name if the body declares one like it, and
// a name in the body becomes a property only if no scope in between declares it. Both are known at the end: `edits.later` waits for that.
import { cooked, literalOf, mentionsNames, valueOf } from "./constants.ts";
import type { Declared } from "./functions.ts";
import { type Constant, type Container, R, S, type Scope, type Tree, type Value } from "./names.ts";
import { T } from "./scanner.ts";
import { type DeclarationHead, StatementParser } from "./statements.ts";

/** A member as written in the source. */
interface EnumMember {
  readonly start: number;
  readonly end: number;
  /** The text before and after the key's characters that turns them into a property access. */
  readonly before: string;
  readonly after: string;
  readonly name: string;
  /** The initialiser, with the range of its references; null if the member has no initialiser. */
  readonly initializer: {
    readonly start: number;
    readonly end: number;
    readonly references: readonly [number, number];
  } | null;
  readonly constant: Constant;
}

/** A name in the head of a namespace. */
interface Level {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly scope: Scope;
  readonly container: Container;
}

/** The parts of a declarator in an exported statement. */
interface Declarator {
  readonly start: number;
  readonly end: number;
  readonly hasValue: boolean;
}

export abstract class ContainerParser extends StatementParser {
  // --- both

  /**
   * The head becomes `var N` (`let N` in an inner scope) if the name was not declared before; else it is erased. A second `namespace N`, or
   * one after a function or class N, adds to the same object.
   */
  #writeVariable(head: DeclarationHead, from: number, word: number, name: Pick<Level, "name" | "start" | "end">): void {
    const { scope } = this.names;
    const emitted = (scope.emitted ??= new Set());
    const isFirst = !emitted.has(name.name);
    emitted.add(name.name);
    const keepsExport = isFirst && head.isExported && scope.kind !== S.namespace;
    this.edits.erase(keepsExport ? from : head.start, isFirst ? name.start : name.end);
    if (isFirst) this.edits.overwrite(word, scope.kind === S.file ? "var" : "let");
  }

  /** The argument for the function, the container's object: a member of the namespace around, or the variable. */
  #argument(name: string, owner: Scope | null): string {
    if (owner === null) return `${name}||(${name}={})`;
    const member = `${owner.parameter}.${name}`;
    return `${name}=${member}||(${member}={})`;
  }

  // --- enums

  /** `[declare] [const] enum E { … }`. A `const enum` becomes an object, too: other files, and `E[…]`, can reach it. */
  protected override parseEnum(head: DeclarationHead, from: number): void {
    const word = this.start;
    this.next();
    if (this.type !== T.name) this.unexpected();
    const { value: name, start, end } = this;
    const owner = this.names.isMember(head.isExported) ? this.names.scope : null;
    const container = this.names.container(name, true, owner !== null);
    const { isAmbient } = this.context;
    if (!isAmbient) this.#writeVariable(head, from, word, { name, start, end });
    this.next();
    const scope = this.names.open(S.enum, container);
    scope.parameter = name;
    const members = this.#parseEnumMembers(container);
    this.names.close();
    const close = this.previousEnd;
    this.afterLine = false;
    if (isAmbient) return;
    this.edits.later(() => {
      this.edits.insert(end, `;(function(${scope.parameter})`);
      for (const member of members) this.#writeEnumMember(member, scope.parameter);
      this.edits.insert(close, `)(${this.#argument(name, owner)});`);
    });
  }

  /** The members between the braces. Each is known to those after it, which may mention it without `E.`. */
  #parseEnumMembers(container: Container): EnumMember[] {
    const members: EnumMember[] = [];
    this.expect("{");
    while (!this.take("}")) {
      const member = this.#parseEnumMember(members.at(-1)?.constant);
      members.push(member);
      if (!container.exports.has(member.name)) {
        container.exports.set(member.name, { isProperty: true, isValue: true, constant: member.constant });
      }
      const { start, end } = this;
      if (this.take(",")) this.edits.erase(start, end);
      else if (!this.is("}")) this.fail("Expected ',' after an enum member");
    }
    return members;
  }

  /** `A`, `A = 1`, `"a b" = "x"`, `["a"]`. References in the initialiser are remembered as a range, to be dropped if it is replaced. */
  #parseEnumMember(previous: Constant | undefined): EnumMember {
    const { start, type } = this;
    const key = this.#parseEnumKey();
    const end = this.previousEnd;
    const { scope } = this.names;
    if (!this.take("=")) {
      const compute = (): Value => this.#nextValue(previous, start);
      const constant: Constant = { start, scope, isMember: true, tree: null, compute };
      return { start, end, ...key, initializer: null, constant };
    }
    const from = this.start;
    const first = this.names.references.length;
    const tree = this.#parseInitializer();
    const initializer = {
      start: from,
      end: this.previousEnd,
      references: [first, this.names.references.length] as const,
    };
    if (type === T.number) this.fail("An enum member cannot have a numeric name", start);
    return { start, end, ...key, initializer, constant: { start, scope, isMember: true, tree } };
  }

  /** The key, and the texts that make an access of it: `A` → `["A"]`, `"a"` → `["a"]`, `["a"]` as it is. */
  #parseEnumKey(): { name: string; before: string; after: string } {
    const { start, end, value, type } = this;
    if (type === T.number) this.fail("An enum member cannot have a numeric name");
    if (type === T.name) {
      this.next();
      return { name: value, before: `["`, after: `"]` };
    }
    if (type === T.string) {
      this.next();
      return { name: cooked(this.source.slice(start + 1, end - 1)), before: "[", after: "]" };
    }
    if (!this.is("[")) this.unexpected();
    this.next();
    const inner = this.start;
    const isText = this.type === T.string || this.is("`");
    if (isText) this.#skipText();
    if (!isText || !this.is("]")) {
      this.fail("Computed property names are not allowed in enums: write a name or a string", start);
    }
    const name = cooked(this.source.slice(inner + 1, this.previousEnd - 1));
    this.next();
    return { name, before: "", after: "" };
  }

  /** A string, or a template without holes. */
  #skipText(): void {
    if (this.type !== T.string && !this.readTemplateText())
      this.fail("Computed property names are not allowed in enums: write a name or a string");
    this.next();
  }

  /** Reads the expression, and its tree for the value. */
  #parseInitializer(): Tree | null {
    const saved = this.wantsTree;
    this.wantsTree = true;
    this.parseAssignment();
    this.wantsTree = saved;
    return this.tree;
  }

  /** The value of a member that has no initialiser. */
  #nextValue(previous: Constant | undefined, offset: number): Value {
    if (previous === undefined) return { value: 0, isString: false };
    const { value } = valueOf(this.names, previous);
    if (typeof value === "number") return { value: value + 1, isString: false };
    return this.fail(
      "This enum member must have a value: the one before it is not a number that is known while compiling",
      offset,
    );
  }

  /**
   *   number, or unknown    E[E["A"]=VALUE]="A";      also a reverse entry
   *   string                E["A"]="text";            TypeScript makes no reverse entry for strings
   */
  #writeEnumMember({ start, end, before, after, name, initializer, constant }: EnumMember, parameter: string): void {
    const { value, isString } = valueOf(this.names, constant);
    const isWithoutReverse = isString || typeof value === "string";
    this.edits.insert(start, isWithoutReverse ? `${parameter}${before}` : `${parameter}[${parameter}${before}`);
    this.names.takeText(value, start);
    const literal = value === undefined ? "" : literalOf(value);
    if (initializer === null) this.edits.insert(end, `${after}=${literal}`);
    else {
      this.edits.insert(end, after);
      // An expression of literals gives its value when it runs. One with names may not: a `const` may not be initialised yet, and members
      // are read by their own names. TypeScript writes −0 as a literal 0.
      const isInlined = value !== undefined && (mentionsNames(constant.tree) || Object.is(value, -0));
      if (isInlined) this.#inline(initializer, literal);
    }
    this.edits.insert(initializer?.end ?? end, isWithoutReverse ? ";" : `]=${literalOf(name)};`);
  }

  /** Writes the value instead of its expression. */
  #inline({ start, end, references }: NonNullable<EnumMember["initializer"]>, literal: string): void {
    for (let at = references[0]; at < references[1]; at++) this.names.references[at]!.kind = R.erased;
    this.edits.erase(start, end);
    this.edits.insert(end, literal);
  }

  // --- namespaces

  /** A namespace of types only disappears; whether it holds a value is known once its block has been read. */
  protected override parseNamespace(head: DeclarationHead): void {
    const word = this.start;
    const isGlobal = this.is("global");
    this.next();
    if (isGlobal || this.type === T.string) return this.#parseAmbientModule(head);
    const member = this.names.isMember(head.isExported);
    const owner = member ? this.names.scope : null;
    const levels = this.#parseLevels(member);
    this.parseBlock();
    this.names.scope = levels[0]!.scope.parent!;
    if (this.heldTypes) this.typeStatement = head.start;
    else for (const { container, scope, name } of levels) this.names.giveValue(container, name, scope.parent!);
    if (this.context.isAmbient) return;
    if (this.typeStatement === head.start) return this.eraseStatement(head);
    this.#writeNamespace(head, word, levels, owner);
  }

  /** Parses the names of the head and leaves their scopes open. */
  #parseLevels(isMember: boolean): Level[] {
    const levels: Level[] = [];
    do {
      if (this.type !== T.name) this.unexpected();
      const { value: name, start, end } = this;
      const container = this.names.container(name, false, isMember || levels.length > 0);
      const scope = this.names.open(S.namespace, container);
      scope.parameter = name;
      scope.isAmbient = this.context.isAmbient;
      levels.push({ name, start, end, scope, container });
      this.next();
    } while (this.take("."));
    return levels;
  }

  /** `declare global { … }`, `declare module "x" { … }`, `declare module "x";` */
  #parseAmbientModule(head: DeclarationHead): void {
    if (this.type === T.string) this.next();
    if (this.is("{")) {
      this.names.open(S.block);
      this.within({ isAmbient: true, isErased: true }, () => this.parseBlock());
      this.names.close();
    } else this.take(";");
    if (!this.context.isAmbient) this.eraseStatement(head);
  }

  /** Writes the functions around the body, from the outermost name of `N.M` in, and their ends in the reverse order. */
  #writeNamespace(head: DeclarationHead, word: number, levels: readonly Level[], owner: Scope | null): void {
    const close = this.previousEnd;
    const first = levels[0]!;
    this.#writeVariable(head, word, word, first);
    for (const [depth, { start }] of levels.entries()) {
      if (depth > 0) this.edits.erase(levels[depth - 1]!.end, start);
    }
    this.edits.later(() => {
      let end = "";
      let around = owner;
      for (const [depth, { name, start, end: nameEnd, scope }] of levels.entries()) {
        if (depth > 0) this.edits.insert(start, "{let ");
        this.edits.insert(nameEnd, `;(function(${scope.parameter})`);
        end = `)(${this.#argument(name, around)});${depth > 0 ? "}" : ""}${end}`;
        around = scope;
      }
      this.edits.insert(close, end);
    });
  }

  /** `export function f() {}` → `function f() {} N.f=f;`: the declaration stays, since its own body may mention it. */
  protected override exportMember(name: string, { exportAt }: DeclarationHead): void {
    const { scope } = this.names;
    if (exportAt !== undefined) this.edits.erase(exportAt, exportAt + "export".length);
    const end = this.previousEnd;
    this.edits.later(() => this.edits.insert(end, ` ${scope.parameter}.${name}=${name};`));
  }

  /** `export const a = 1, {b} = o` becomes `N.a = 1, ({b:N.b} = o)`; a declarator without a value disappears. */
  protected override parseMemberVariables(head: DeclarationHead): void {
    const { scope } = this.names;
    const isConst = this.is("const");
    this.next();
    const first = this.start;
    const declarators: Declarator[] = [];
    const declared: Declared[] = [];
    do
      declarators.push(
        this.#parseMemberVariable(
          isConst,
          declared,
          declarators.some((one) => one.hasValue),
        ),
      );
    while (this.take(","));
    if (this.context.isAmbient) return this.endStatement();
    if (!declarators.some((one) => one.hasValue)) {
      const { needsEnd } = head;
      this.endStatement();
      return this.eraseStatement({ ...head, needsEnd });
    }
    this.edits.erase(head.start, first);
    this.#dropEmpty(declarators);
    this.endStatement();
    this.edits.later(() => {
      for (const one of declared) this.qualify(one.start, one.end, one.name, one.isShorthand, scope);
    });
  }

  #parseMemberVariable(isConst: boolean, declared: Declared[], hasValueBefore: boolean): Declarator {
    const { start } = this;
    const isPattern = this.type === T.punctuator;
    const names: Declared[] = [];
    const hasValue = this.parseDeclarator("member", isConst, names);
    if (hasValue) declared.push(...names);
    if (isPattern && hasValue && !this.context.isAmbient) {
      // `{b} = o` must not begin a block, and the `(` must not call what the line before ended with.
      this.edits.insert(start, hasValueBefore ? "(" : ";(");
      this.edits.insert(this.previousEnd, ")");
    }
    return { start, end: this.previousEnd, hasValue };
  }

  /** Erases the declarators without a value, with one comma each. */
  #dropEmpty(declarators: readonly Declarator[]): void {
    let isAfterValue = false;
    for (const [index, { start, end, hasValue }] of declarators.entries()) {
      if (hasValue) isAfterValue = true;
      else if (isAfterValue) this.edits.erase(declarators[index - 1]!.end, end);
      else this.edits.erase(start, declarators[index + 1]?.start ?? end);
    }
  }

  /** Writes the object before a name that refers to one of its properties. */
  protected qualify(start: number, end: number, name: string, isShorthand: boolean, owner: Scope): void {
    if (isShorthand) this.edits.insert(end, `:${owner.parameter}.${name}`);
    else this.edits.insert(start, `${owner.parameter}.`);
  }
}
