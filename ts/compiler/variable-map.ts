// Owns where the variables of a program are while it runs, for debuggers: which names can be seen at a place of the source, and the
// register or slot of each. Must never be needed to run a program, and must never name what the compiler made for itself.
//
//   a frame's own scopes     register, or slot of the environment that a register holds
//   scopes around it         slot of an environment that its closure reaches, so many steps up
//   cells of a module        slot of the outermost environment, which holds a cell
//   names of a script        by name: a property of the global object, or in the lexical record

import type { ESTree } from "meriyah";
import type { CompiledUnit } from "./compile.ts";
import type { PendingFunction } from "./emit/state.ts";
import type { Binding, BindingKind, FunctionInfo, Scope } from "./scope/model.ts";

/** How a variable was declared. */
export type VariableKind = "var" | "let" | "const" | "function" | "class" | "parameter" | "import" | "input";

/** Where the value of a variable is, from a frame. */
export type VariablePlace =
  | { readonly register: number }
  | { readonly environment: number; readonly slot: number }
  | { readonly up: number; readonly slot: number; readonly isCell: boolean }
  | { readonly global: string };

/** Where a variable is declared, from a function that sees it: in itself, in one around it, or at the top level of a module or a script. */
export type VariableHome =
  | { readonly kind: "local" | "module" | "global" }
  /** One object for all variables of that function. Blocks at the top level, of which each pass has its own, count as a function without name. */
  | { readonly kind: "closure"; readonly function: string };

/** A variable that a function can see. */
export interface VariableInfo {
  readonly name: string;
  readonly kind: VariableKind;
  readonly place: VariablePlace;
  readonly home: VariableHome;
  /** Offsets in the source between which it is in scope: after `from`, before `to`. */
  readonly from: number;
  readonly to: number;
  /** Offset up to which it has no value yet, unless its slot says so itself. */
  readonly since: number;
  /** Number of the declaration: equal for every function that sees the same variable. */
  readonly id: number;
}

/** The variables of a program. */
export interface VariableMap {
  /** By index of the function: what it sees, the innermost scope first. */
  readonly functions: readonly (readonly VariableInfo[])[];
  /** By index of the function: where the value of `this` is; undefined: it has none of its own, and none that it has captured. */
  readonly selves: readonly (VariablePlace | undefined)[];
  /** By number of the declaration: the functions that declare or assign the variable. */
  readonly writers: ReadonlyMap<number, ReadonlySet<number>>;
}

const KINDS: Partial<Record<BindingKind, VariableKind>> = {
  var: "var",
  function: "function",
  let: "let",
  const: "const",
  class: "class",
  param: "parameter",
  catch: "let",
  import: "import",
};

interface Span {
  readonly start: number;
  readonly end: number;
}

const EVERYWHERE: Span = { start: -1, end: Infinity };
const LOCAL: VariableHome = { kind: "local" };
const MODULE: VariableHome = { kind: "module" };
const GLOBAL: VariableHome = { kind: "global" };
/** Register of `this`. */
const SELF = 1;

/** Calls `visit` for a node and all below it. */
function walk(node: unknown, visit: (node: ESTree.Node) => void): void {
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...(next as unknown[]));
    else if (typeof next === "object" && next !== null && !(next instanceof RegExp)) {
      if (typeof (next as { type?: unknown }).type === "string") visit(next as ESTree.Node);
      waiting.push(...Object.values(next));
    }
  }
}

/** The scopes around a function, innermost first, and how many environments lie between. */
function* scopesAround(info: FunctionInfo): Generator<{ readonly scope: Scope; readonly up: number }> {
  let up = 0;
  for (let scope = info.params.parent; scope !== null; scope = scope.parent) {
    yield { scope, up };
    if (scope.envSize > 0) up++;
  }
}

/** Builds the map of one program. */
class MapBuilder {
  readonly #unit: CompiledUnit;
  readonly #spans = new Map<Scope, Span>();
  /** By offset of a declared name: where its declaration ends. */
  readonly #ends = new Map<number, number>();
  /** First offset at which a binding is mentioned: its declaration, but for what is hoisted. */
  readonly #first = new Map<Binding, number>();
  readonly #writers = new Map<number, Set<number>>();
  readonly #homes = new Map<FunctionInfo, VariableHome>();

  constructor(unit: CompiledUnit) {
    this.#unit = unit;
    for (const [node, scope] of unit.analysis.scopes) this.#spans.set(scope, this.#span(node));
    for (const { info, name, start, end } of unit.functions) {
      if (info === null) continue;
      this.#homes.set(info, { kind: "closure", function: name });
      if (info.kind === "program") continue;
      const span = { start: unit.toSource(start) - 1, end: unit.toSource(end) };
      this.#spans.set(info.params, span);
      this.#spans.set(info.body, span);
    }
    walk(unit.statements, (node) => this.#noteDeclaration(node));
    this.#noteMentions();
  }

  #span(node: ESTree.Node): Span {
    return { start: this.#unit.toSource(node.start!), end: this.#unit.toSource(node.end!) };
  }

  #noteDeclaration(node: ESTree.Node): void {
    if (node.type === "VariableDeclarator")
      walk(node.id, (part) => {
        if (part.type === "Identifier") this.#ends.set(part.start!, node.end!);
      });
    else if (node.type === "ClassDeclaration" && node.id) this.#ends.set(node.id.start!, node.end!);
  }

  #noteMentions(): void {
    const { refs, bindings } = this.#unit.analysis;
    const { length } = this.#unit;
    const innermost = this.#functionByOffset();
    for (let offset = 0; offset < length; offset++) {
      const binding = refs[offset] === 0 ? null : bindings[refs[offset]! >>> 2]!;
      if (binding === null || binding === undefined) continue;
      if (!this.#first.has(binding)) {
        this.#first.set(binding, offset);
        this.#addWriter(binding, innermost(offset));
      }
    }
    for (const binding of bindings)
      for (const offset of binding?.writes ?? []) this.#addWriter(binding!, innermost(offset));
  }

  #addWriter({ id }: Binding, index: number): void {
    let writers = this.#writers.get(id);
    if (writers === undefined) this.#writers.set(id, (writers = new Set()));
    writers.add(index);
  }

  /** Returns the innermost function around an offset in the parsed text. */
  #functionByOffset(): (offset: number) => number {
    const spans = this.#unit.functions
      .map(({ info, start, end }, index) => ({ index, start, end, isReal: info !== null }))
      .filter(({ isReal }) => isReal)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    return (offset) => spans.find(({ start, end }) => start <= offset && offset < end)?.index ?? 0;
  }

  /** Home of what a scope around a function declares. */
  #home({ kind, func }: Scope): VariableHome {
    const isTop = (kind === "program" || kind === "module") && !this.#unit.isFunctionBody;
    if (isTop) return func.isModule || kind === "module" ? MODULE : GLOBAL;
    return this.#homes.get(func) ?? GLOBAL;
  }

  #info(binding: Binding, place: VariablePlace, scope: Scope, home: VariableHome): VariableInfo | undefined {
    const kind = KINDS[binding.kind];
    if (kind === undefined || !/^[\p{ID_Start}$_]/u.test(binding.name)) return undefined;
    const { start, end } = scope.kind === "program" || scope.kind === "module" ? EVERYWHERE : this.#spanOf(scope);
    const isLate = (kind === "let" || kind === "const" || kind === "class") && binding.kind !== "catch";
    const first = this.#first.get(binding);
    const since = isLate && first !== undefined ? this.#unit.toSource(this.#ends.get(first) ?? first) : -1;
    return { name: binding.name, kind, place, home, from: start, to: end, since, id: binding.id };
  }

  #spanOf(scope: Scope): Span {
    return this.#spans.get(scope) ?? EVERYWHERE;
  }

  /** What the function declares itself, the innermost scopes first. */
  #own(info: FunctionInfo): VariableInfo[] {
    const found: VariableInfo[] = [];
    const add = (binding: Binding, place: VariablePlace, scope: Scope, home = LOCAL): void =>
      this.#add(found, binding, place, scope, home);
    for (const scope of info.scopes.toReversed()) {
      for (const binding of scope.bindings) {
        const { register, slot, cell, captured } = binding;
        if (cell >= 0) add(binding, this.#cellPlace(info, cell), scope, MODULE);
        else if (captured) add(binding, { environment: scope.envRegister, slot }, scope);
        else if (register >= 0) add(binding, { register }, scope);
      }
    }
    return found;
  }

  #add(found: VariableInfo[], binding: Binding, place: VariablePlace, scope: Scope, home: VariableHome): void {
    const info = this.#info(binding, place, scope, home);
    if (info !== undefined) found.push(info);
  }

  /** Place of a cell: a slot of the outermost environment. */
  #cellPlace(info: FunctionInfo, cell: number): VariablePlace {
    let up = 0;
    let scope = info.params;
    for (; scope.parent !== null; scope = scope.parent) if (scope.func !== info && scope.envSize > 0) up++;
    return { up, slot: cell, isCell: true };
  }

  /** What the function sees of the scopes around it. */
  #around(info: FunctionInfo): VariableInfo[] {
    const found: VariableInfo[] = [];
    for (const { scope, up } of scopesAround(info)) {
      const home = this.#home(scope);
      for (const binding of scope.bindings) {
        const { cell, captured, slot } = binding;
        if (cell >= 0) this.#add(found, binding, this.#cellPlace(info, cell), scope, MODULE);
        else if (captured && slot >= 0) this.#add(found, binding, { up, slot, isCell: false }, scope, home);
      }
    }
    return found;
  }

  /** Where a function finds `this`. An arrow function finds what it has captured; nothing is captured for it that no arrow needs. */
  #self(info: FunctionInfo | null): VariablePlace | undefined {
    if (info === null) return { register: SELF };
    if (info.kind === "program") return undefined;
    const binding = info.owner.thisBinding;
    const isCaptured = binding !== null && binding.captured && binding.slot >= 0;
    if (info.kind !== "arrow") {
      // That of a derived class is there when super() has returned, and may be set by an arrow function.
      if (info.kind !== "derived" || !isCaptured) return { register: SELF };
      return { environment: info.params.envRegister, slot: binding.slot };
    }
    if (!isCaptured) return undefined;
    for (const { scope, up } of scopesAround(info))
      if (scope === binding.scope) return { up, slot: binding.slot, isCell: false };
    return undefined;
  }

  #globals(): VariableInfo[] {
    const { globalVars, globalFunctions, globalLexicals } = this.#unit.analysis;
    const all: (readonly [string, VariableKind])[] = [
      ...globalLexicals.map(({ name, isConst }) => [name, isConst ? "const" : "let"] as const),
      ...globalVars.map((name) => [name, "var"] as const),
      ...globalFunctions.flatMap(({ id }) => (id ? [[id.name, "function"] as const] : [])),
    ];
    return all.map(([name, kind], i) => ({
      name,
      kind,
      place: { global: name },
      home: GLOBAL,
      from: -1,
      to: Infinity,
      since: -1,
      id: -1 - i,
    }));
  }

  build(): VariableMap {
    const globals = this.#globals();
    const of = ({ info }: PendingFunction): VariableInfo[] =>
      info === null ? globals : [...this.#own(info), ...this.#around(info), ...globals];
    const { functions } = this.#unit;
    return {
      functions: functions.map(of),
      selves: functions.map(({ info }) => this.#self(info)),
      writers: this.#writers,
    };
  }
}

/** Maps the variables of a program that was just compiled. */
export function mapVariables(unit: CompiledUnit): VariableMap {
  return new MapBuilder(unit).build();
}
