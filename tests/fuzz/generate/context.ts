// Owns what a generator must know at each point of a program: which names are visible and of which sort, and what the grammar allows
// there. Must never make text.
import type { Random } from "../random.ts";
import { expr, other, type Language, type Tree } from "../tree.ts";

/** What a value probably is. Programs are allowed to be wrong about it, seldom. */
export type Sort =
  | "number"
  | "string"
  | "boolean"
  | "bigint"
  | "array"
  | "object"
  | "function"
  | "class"
  | "iterable"
  | "map"
  | "set"
  | "promise"
  | "weakmap"
  | "weakset"
  | "symbol"
  | "error"
  | "any";

export interface Variable {
  readonly name: string;
  readonly sort: Sort;
  readonly isConstant: boolean;
  /** What it is in JavaScript: what a namespace exports is a property there. */
  readonly twin?: string;
}

export type Kind = "var" | "let" | "const" | "class" | "function";

/** A scope of names; the innermost comes first. */
export class Scope {
  readonly parent: Scope | null;
  readonly isFunction: boolean;
  readonly variables: Variable[] = [];
  /** Names that let, const, class and functions in blocks have taken here. */
  readonly lexical = new Set<string>();
  /** Names of scopes outside that must not be used here. */
  readonly hidden = new Set<string>();
  /** Names that var has taken here, or carries through here. */
  readonly vars = new Set<string>();

  constructor(parent: Scope | null, isFunction: boolean) {
    this.parent = parent;
    this.isFunction = isFunction;
  }

  /** May this be declared here without being an early error? */
  allows(name: string, kind: Kind): boolean {
    if (this.lexical.has(name)) return false;
    if (kind !== "var") return !this.vars.has(name);
    return this.isFunction || this.parent === null || this.parent.allows(name, kind);
  }

  declare(name: string, kind: Kind, sort: Sort, twin?: string): void {
    const variable = { name, sort, isConstant: kind === "const", ...(twin && { twin }) };
    if (kind !== "var") {
      this.lexical.add(name);
      this.variables.push(variable);
      return;
    }
    this.vars.add(name);
    if (this.isFunction || this.parent === null) this.variables.push(variable);
    else this.parent.declare(name, kind, sort);
  }

  /** All visible variables, the inner ones first, without those that are shadowed. */
  visible(seen = new Set<string>(), found: Variable[] = []): Variable[] {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      const variable = this.variables[i]!;
      if (seen.has(variable.name)) continue;
      seen.add(variable.name);
      found.push(variable);
    }
    for (const name of this.hidden) seen.add(name);
    return this.parent === null ? found : this.parent.visible(seen, found);
  }
}

/** What the grammar allows inside a function. */
export interface Allowed {
  readonly yields: boolean;
  readonly awaits: boolean;
  readonly returns: boolean;
  readonly strict: boolean;
  readonly superProperty: boolean;
  readonly superCall: boolean;
  readonly newTarget: boolean;
  /** `arguments` is a name here. */
  readonly args: boolean;
  readonly privateNames: readonly string[];
  readonly labels: readonly { readonly name: string; readonly isLoop: boolean }[];
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
  /** Directly in a static block, where the parser takes a var for one of the function around the class. */
  readonly noVar: boolean;
  /** In the initialiser of an enum's member, where the names of another enum's members would hide those of this one. */
  readonly inEnum: boolean;
}

export interface Makers {
  expression(g: Generator, sort: Sort): Tree;
  assignment(g: Generator): Tree;
  statement(g: Generator): Tree;
  block(g: Generator, count: number): Tree;
  functionExpression(g: Generator): Tree;
  callback(g: Generator): Tree;
  classBody(g: Generator, name: string | null, isAbstract?: boolean): Tree;
  bindingPattern(g: Generator, kind: Kind): Tree;
}

/** The state of one program's generation. */
export class Generator {
  readonly random: Random;
  readonly makers: Makers;
  readonly language: Language;
  scope = new Scope(null, true);
  allowed: Allowed;
  /** Nodes that may still be made; when it is spent only leaves are. */
  budget: number;
  #depth = 0;
  #nesting = 0;
  #isPlain = false;
  #names = 0;

  constructor(random: Random, makers: Makers, budget: number, strict: boolean, language: Language) {
    this.random = random;
    this.language = language;
    this.makers = makers;
    this.budget = budget;
    this.allowed = {
      yields: false,
      awaits: false,
      returns: true,
      strict,
      superProperty: false,
      superCall: false,
      newTarget: true,
      args: true,
      privateNames: [],
      labels: [],
      inLoop: false,
      inSwitch: false,
      noVar: false,
      inEnum: false,
    };
  }

  expression(sort: Sort = "any"): Tree {
    this.budget--;
    this.#depth++;
    const made = this.makers.expression(this, sort);
    this.#depth--;
    return made;
  }

  statement(): Tree {
    this.budget--;
    const depth = this.#depth;
    this.#depth = 0;
    this.#nesting++;
    const made = this.makers.statement(this);
    this.#nesting--;
    this.#depth = depth;
    return made;
  }

  /** Makes nothing but leaves. */
  leavesOnly<T>(make: () => T): T {
    const was = this.#isPlain;
    this.#isPlain = true;
    try {
      return make();
    } finally {
      this.#isPlain = was;
    }
  }

  /** True when it is time for leaves. */
  get isTired(): boolean {
    return this.#isPlain || this.budget <= 0 || this.#depth + this.#nesting > 6 || this.#depth > 3;
  }

  /** A number that nothing else in the program has. */
  number(): number {
    return this.#names++;
  }

  /** A name for a text that reports itself. */
  label(): string {
    return `"${"pqrstuvwxyz"[this.#names++ % 11]}${Math.floor(this.#names / 11) || ""}"`;
  }

  /** A name that may be declared here; often one that is in use outside. */
  freeName(kind: Kind): string {
    for (let tries = 0; tries < 8; tries++) {
      const name = this.random.pick(NAMES);
      if (this.scope.allows(name, kind)) return name;
    }
    for (let i = 0; ; i++) {
      const name = `v${i}`;
      if (this.scope.allows(name, kind)) return name;
    }
  }

  /** Runs with other permissions; labels and loops do not reach into functions. */
  within<T>(change: Partial<Allowed>, make: () => T): T {
    const { allowed } = this;
    this.allowed = { ...allowed, ...change };
    try {
      return make();
    } finally {
      this.allowed = allowed;
    }
  }

  /** Runs in a scope of its own. */
  scoped<T>(isFunction: boolean, make: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer, isFunction);
    try {
      return make();
    } finally {
      this.scope = outer;
    }
  }

  /** In TypeScript, now and then: never in JavaScript, and then nothing is drawn. */
  typed(probability: number): boolean {
    return this.language === "typescript" && this.random.chance(probability);
  }

  variable(sort: Sort, mutable = false): Variable | undefined {
    const all = this.scope.visible().filter((v) => !(mutable && v.isConstant));
    const fitting = sort === "any" ? all : all.filter((v) => v.sort === sort || v.sort === "any");
    const from = fitting.length > 0 ? fitting : [];
    return from.length === 0 ? undefined : this.random.pick(from);
  }
}

/** A variable that is read. */
export function read({ name, twin }: Variable): Tree {
  return twin === undefined ? expr`${name}` : { ...expr`${name}`, twin: () => expr`${twin}` };
}

/** A variable that is written. */
export function place({ name, twin }: Variable): Tree {
  return twin === undefined ? other`${name}` : { ...other`${name}`, twin: () => other`${twin}` };
}

const DECLARATORS = ["let", "const", "var"] as const;

/** A kind of declaration that may stand here. */
export function declarator(g: Generator): (typeof DECLARATORS)[number] {
  const kind = g.random.pick(DECLARATORS);
  return kind === "var" && g.allowed.noVar ? "let" : kind;
}

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h", "k", "m", "n"] as const;
