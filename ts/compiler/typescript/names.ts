// Owns the meaning of names: scopes and their declarations, references, and the members of namespaces and enums. Must never know how a
// declaration is written, and must never change the source.

import { TOO_DEEP } from "../syntax-messages.ts";
import { TypeScriptSyntaxError } from "./errors.ts";

/**
 * The combined members of all declarations of one namespace or enum.
 *
 *   file ─ namespace N ─ function f ─ block ─ …        Scope: who can see what, by `parent`
 *            └ container ─ exports: a, f, M             Container: one for all declarations of N
 *
 * A reference is resolved only at the end: outwards from its scope, and in each namespace through the exports of all its declarations, so
 * that `a` in a second `namespace N { … }` means the `a` exported from the first.
 */
export class Container {
  readonly isEnum: boolean;
  readonly exports = new Map<string, Binding>();
  /** Names of exported types. */
  readonly types = new Set<string>();
  /** Does it exist at run time? A namespace may hold only types. */
  hasValue: boolean;

  constructor(isEnum: boolean) {
    this.isEnum = isEnum;
    this.hasValue = isEnum;
  }
}

/** An enum member, or a `const` that an enum may mention. */
export interface Constant {
  /** Where it is declared. */
  readonly start: number;
  readonly scope: Scope;
  readonly isMember: boolean;
  readonly tree: Tree | null;
  /** For a member without an initialiser. */
  readonly compute?: (() => Value) | undefined;
  /** Its value, once computed. */
  known?: Value;
  isPending?: boolean;
}

/** The meaning of a name in its scope. */
export interface Binding {
  /** Is the value a property of the container's object only, without a variable? */
  readonly isProperty: boolean;
  /** False for a namespace that so far holds only types. */
  isValue: boolean;
  container?: Container | undefined;
  constant?: Constant | undefined;
  /** An imported name: does anything read it as a value? */
  imported?: Imported | undefined;
}

export interface Imported {
  isUsed: boolean;
  /** For `import a = b.c`: its right side, which is a use of `b` if `a` is used itself. */
  readonly alias?: { readonly root: Reference; readonly path: readonly string[] } | undefined;
}

/** The kinds of scopes; `var` declares in the nearest one that is not a block. */
export const S = { file: 0, function: 1, block: 2, namespace: 3, enum: 4 } as const;
export type ScopeKind = (typeof S)[keyof typeof S];

export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  readonly depth: number;
  readonly container: Container | null;
  /** For a namespace: is it ambient? Then all its declarations are exported. */
  isAmbient = false;
  /** Name of the container's object in the emitted code. */
  parameter = "";
  names: Map<string, Binding> | null = null;
  /** Names that are declared as types here. */
  types: Set<string> | null = null;
  /** Functions, classes, enums and namespaces declared so far: another namespace of that name needs no variable. */
  emitted: Set<string> | null = null;

  constructor(kind: ScopeKind, parent: Scope | null, container: Container | null = null) {
    this.kind = kind;
    this.parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.container = container;
  }
}

/** Deepest nesting of scopes: `N.M` opens two without taking any of the host's stack. */
const MAX_DEPTH = 4000;

/** Characters of all texts that are computed for the enums of a source: each member can double the one before it. */
const MAX_TEXT = 4 * 1024 * 1024;

/** How a reference is written: as a name, as `{ a }`, or in erased code. */
export const R = { plain: 0, shorthand: 1, erased: 2 } as const;

export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly scope: Scope;
  kind: (typeof R)[keyof typeof R];
}

/** The meaning of a name, and, if it is a property, the scope whose container holds it. */
export interface Meaning {
  readonly binding: Binding;
  readonly owner: Scope | null;
}

/** The number of records at some moment. */
export interface NamesMark {
  readonly scope: Scope;
  readonly scopes: number;
  readonly references: number;
}

/** The names of one source. */
export class Names {
  /** False if nothing in the source depends on the meaning of names. */
  readonly matter: boolean;
  readonly file: Scope;
  readonly scopes: Scope[];
  readonly references: Reference[] = [];
  scope: Scope;
  readonly #check: () => void;
  #steps = 0;
  #text = 0;

  /**
   * `file`: the scope of the source, which may have declarations of earlier sources in the same realm. `check`: throws when the time for
   * compiling is up.
   */
  constructor(matter: boolean, file = new Scope(S.file, null), check: () => void = () => {}) {
    this.matter = matter;
    this.#check = check;
    this.file = this.scope = file;
    this.scopes = [file];
  }

  /** Notes how much there is, for a guess. Declarations made in scopes that remain are not undone: only scopes of the guess hold any. */
  mark(): NamesMark {
    return { scope: this.scope, scopes: this.scopes.length, references: this.references.length };
  }

  backTo({ scope, scopes, references }: NamesMark): void {
    this.scope = scope;
    this.scopes.length = scopes;
    this.references.length = references;
  }

  /** To be called in loops over names: looks at the time now and then. */
  check(): void {
    if ((++this.#steps & 255) === 0) this.#check();
  }

  /** Counts text that is computed, or written in the place of an expression. */
  takeText(value: Value["value"], offset: number): void {
    if (typeof value === "string") this.#text += value.length;
    if (this.#text > MAX_TEXT) throw new TypeScriptSyntaxError("The texts of the enums are too long together", offset);
  }

  /**
   * Enters a scope; `close` leaves it.
   *
   * @throws TypeScriptSyntaxError if it is nested too deep
   */
  open(kind: ScopeKind, container: Container | null = null): Scope {
    const scope = new Scope(kind, this.scope, container);
    if (scope.depth > MAX_DEPTH) throw new RangeError(TOO_DEEP);
    this.scopes.push(scope);
    this.scope = scope;
    return scope;
  }

  close(): void {
    this.scope = this.scope.parent ?? this.file;
  }

  /** The scope in which `var` declares. */
  get variables(): Scope {
    let { scope } = this;
    while (scope.kind === S.block && scope.parent !== null) scope = scope.parent;
    return scope;
  }

  /** Declares a value. Declarations of one name join: a function and a namespace, several namespaces, an import and a type. */
  declare(name: string, scope: Scope = this.scope, given?: Partial<Binding>): void {
    if (!this.matter) return;
    const names = (scope.names ??= new Map<string, Binding>());
    const known = names.get(name);
    if (known === undefined) names.set(name, { isProperty: false, isValue: true, ...given });
    else {
      known.isValue = true;
      known.constant ??= given?.constant;
      // An import of that name can only be a type.
      if (given?.imported === undefined) known.imported = undefined;
    }
  }

  /** A namespace turns out to hold values. */
  giveValue(container: Container, name: string, scope: Scope): void {
    container.hasValue = true;
    const binding = scope.names?.get(name);
    if (binding !== undefined) binding.imported = undefined;
  }

  /** Is a declaration here a member of the enclosing namespace? */
  isMember(isExported: boolean): boolean {
    return this.scope.kind === S.namespace && (isExported || this.scope.isAmbient);
  }

  /** Declares a member of the namespace at hand: by a variable, or as a property only. */
  declareMember(name: string, isProperty: boolean): void {
    const { scope } = this;
    this.declare(name, scope, { isProperty });
    const exports = scope.container?.exports;
    if (exports === undefined) return;
    const known = exports.get(name);
    if (known === undefined) exports.set(name, scope.names!.get(name)!);
    else known.isValue = true;
  }

  /** Declares a name that has no value. */
  declareType(name: string, isExported: boolean): void {
    if (!this.matter) return;
    (this.scope.types ??= new Set()).add(name);
    if (isExported) this.scope.container?.types.add(name);
  }

  /** Notes that a name is mentioned here. */
  refer(name: string, start: number, end: number, kind: Reference["kind"]): void {
    if (this.matter) this.references.push({ name, start, end, scope: this.scope, kind });
  }

  /** The namespace or enum that is declared here by that name: the known one, or a new one. */
  container(name: string, isEnum: boolean, isExported: boolean): Container {
    const { scope } = this;
    const names = (scope.names ??= new Map<string, Binding>());
    const exports = isExported ? scope.container?.exports : undefined;
    const local = names.get(name);
    const exported = exports?.get(name);
    const known = exported?.container ?? local?.container;
    const container = known?.isEnum === isEnum ? known : new Container(isEnum);
    const binding: Binding = local ?? { isProperty: false, isValue: isEnum };
    binding.container = container;
    names.set(name, binding);
    if (exported !== undefined) exported.container = container;
    else exports?.set(name, binding);
    return container;
  }

  /** The meaning of a name in a scope; null if the file does not declare it. Namespaces of types are skipped unless `withTypes`. */
  resolve(name: string, from: Scope, withTypes = false): Meaning | null {
    for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
      const local = scope.names?.get(name);
      if (local !== undefined && (withTypes || isValue(local))) {
        return { binding: local, owner: local.isProperty ? scope : null };
      }
      const exported = scope.container?.exports.get(name);
      if (exported !== undefined && (withTypes || isValue(exported))) return { binding: exported, owner: scope };
    }
    return null;
  }
}

/** Does it exist at run time? */
export function isValue({ isValue: isDeclared, container }: Binding): boolean {
  return isDeclared || container?.hasValue === true;
}

/** An expression whose value may be computable; any other expression is null. */
export type Tree =
  | { readonly kind: "value"; readonly value: number | string }
  | { readonly kind: "name"; readonly path: readonly string[] }
  | { readonly kind: "element"; readonly path: readonly string[]; readonly key: string }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Tree | null }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Tree | null; readonly right: Tree | null }
  | { readonly kind: "template"; readonly texts: readonly string[]; readonly parts: readonly (Tree | null)[] };

export interface Value {
  /** undefined: not known before the program runs. */
  readonly value: number | string | undefined;
  /** True if it is certainly a string, even if its text is unknown. */
  readonly isString: boolean;
}
