// Owns names during pass 1 of scope analysis: the stack of open scopes, the current meaning of every name, and the binding of
// each identifier, with whether it is surely initialised. Must never walk the tree.
//
// Resolution needs one map lookup per identifier: `entries` holds, for each name, the binding it means; scopes push and pop. Within
// `let x; { let x; … }`:
//
//   entries: x → the inner x          while the block is open
//   inner x.shadowed = the outer x    what `pop` puts back
//
// A walk outwards through the scopes would cost as many lookups as scopes are open, for each identifier.
import type { ESTree } from "meriyah";
import {
  Binding,
  FunctionInfo,
  NOT_YET,
  Scope,
  REF_CHECK,
  REF_DEAD,
  REF_READY,
  type BindingKind,
  type ClassInfo,
  type FunctionKind,
  type FunctionNode,
  type ScopeKind,
} from "./model.ts";
import { placeInCell, type ModuleInfo } from "./modules.ts";

type Node = ESTree.Node;

export interface AnalyzeOptions {
  /** For code from a string: the scopes around it (eval-scopes.ts), "" for global code. */
  readonly evalScopes?: string | undefined;
  /** Length of the parsed text: bound of all offsets. */
  readonly length: number;
  readonly strict: boolean;
  /** Modules and function bodies: `var` and functions are local too. */
  readonly isModule: boolean;
  readonly isFunctionBody: boolean;
  /** Top-level lexical declarations go to the global lexical record. */
  readonly persistent: boolean;
  /** Calls of `eval` may be direct: they see and change the scopes around them. */
  readonly allowEval: boolean;
  /** Returns the error in a regular expression literal; null: it is valid. */
  readonly validateRegExp?: ((pattern: string, flags: string) => string | null) | undefined;
  /** Reports code that the language forbids but the parser accepts. */
  readonly fail: (message: string, node: Node) => never;
}

/** The current meaning of a name. */
interface NameEntry {
  current: Binding | null;
}

/**
 * The table of references is as long as the source; it is kept from one compilation to the next. One that is longer than
 * MAX_SPARE_REFS is left to the collector of the host.
 */
let spareRefs: Int32Array = new Int32Array(0);
const MAX_SPARE_REFS = 1 << 20;

/** A table of zeros for offsets below `length`. Nested compilations get one of their own. */
function borrowRefs(length: number): Int32Array {
  const spare = spareRefs;
  spareRefs = new Int32Array(0);
  if (spare.length < length) return new Int32Array(length);
  spare.fill(0, 0, length);
  return spare;
}

/** Gives the table back once nothing looks at the analysis any more. */
export function releaseRefs(refs: Int32Array): void {
  if (refs.length <= MAX_SPARE_REFS && refs.length > spareRefs.length) spareRefs = refs;
}

const PRIMITIVE_RESULTS = new Set(["BinaryExpression", "UnaryExpression", "UpdateExpression", "TemplateLiteral"]);

export class Resolver {
  /** Function and scope being visited. */
  func!: FunctionInfo;
  scope!: Scope;
  /** Time of the analysis: it goes on with each initialisation. */
  clock = 1;
  /** Class whose elements are being visited. */
  classInfo: ClassInfo | null = null;
  readonly scopes = new Map<Node, Scope>();
  readonly options: AnalyzeOptions;
  /** Set while a module is analysed. */
  protected module: ModuleInfo | null = null;
  protected readonly functions: FunctionInfo[] = [];
  protected readonly bindings: (Binding | null)[] = [null];
  protected readonly refs: Int32Array;
  /** Objects whose properties are names at the current place of the analysis, outermost first. */
  protected readonly objects: Binding[] = [];
  /** Names in the code being visited that such an object may have. */
  protected readonly dynamics = new Map<number, readonly Binding[]>();
  /** Hoisted functions being visited: bindings at or above `depth` count as initialised only up to `time`. */
  protected readonly deferrals: { readonly depth: number; readonly time: number }[] = [];
  private readonly entries = new Map<string, NameEntry>();
  private readonly entryOf: (NameEntry | null)[] = [null];

  constructor(options: AnalyzeOptions) {
    this.options = options;
    this.refs = borrowRefs(options.length + 1);
  }

  // --- scopes and bindings

  /** A new function inside the current one, not yet entered. */
  newFunction(kind: FunctionKind, node: FunctionNode): FunctionInfo {
    const info = new FunctionInfo(kind, node, this.func ?? null);
    info.classInfo = this.classInfo;
    this.functions.push(info);
    return info;
  }

  /** Opens a scope inside the current one. `node`: under which the emitter finds it, or null. */
  open(kind: ScopeKind, node: Node | null): Scope {
    const scope = new Scope(kind, this.func, this.scope ?? null);
    if (node !== null) this.scopes.set(node, scope);
    // Code to be evaluated later can call any function at any time.
    if (this.options.allowEval) scope.releaseTime = 0;
    this.scope = scope;
    return scope;
  }

  /** A scope whose names are the properties of an object, found at run time. */
  protected declareObject(scope: Scope, kind: "with" | "vars"): Binding {
    const binding = this.declareHidden(scope, `%${kind}`, kind);
    this.objects.push(binding);
    return binding;
  }

  /** Ends the innermost scope: its names get back the meaning they had outside. */
  protected pop(): void {
    const scope = this.scope;
    const bindings = scope.bindings;
    for (let i = bindings.length - 1; i >= 0; i--) {
      const binding = bindings[i]!;
      const entry = this.entryOf[binding.id];
      if (entry != null) entry.current = binding.shadowed;
      if (scope.hasEval) {
        binding.captured = true;
        binding.primitive = false;
      }
    }
    while (this.objects.length > 0 && this.objects[this.objects.length - 1]!.scope === scope) this.objects.pop();
    this.scope = scope.parent!;
  }

  /** The entry of a name, which stays in the map for good: bindings come and go in it. */
  private entry(name: string): NameEntry {
    let entry = this.entries.get(name);
    if (entry === undefined) {
      entry = { current: null };
      this.entries.set(name, entry);
    }
    return entry;
  }

  /** Declares a name in an open scope: from now on the name means the new binding. `initTime`: 0 if it has a value from the start. */
  declare(scope: Scope, name: string, kind: BindingKind, initTime: number): Binding {
    const entry = this.entry(name);
    const binding = new Binding(this.bindings.length, name, kind, scope, initTime);
    binding.shadowed = entry.current;
    entry.current = binding;
    this.entryOf.push(entry);
    this.bindings.push(binding);
    scope.bindings.push(binding);
    const cell = scope.cells?.get(name);
    if (cell !== undefined) placeInCell(binding, cell);
    return binding;
  }

  /** Declares a binding that no name in the source refers to. */
  declareHidden(scope: Scope, name: string, kind: BindingKind): Binding {
    const binding = new Binding(this.bindings.length, name, kind, scope, 0);
    this.entryOf.push(null);
    this.bindings.push(binding);
    scope.bindings.push(binding);
    return binding;
  }

  /** The binding of a name if `scope` itself declares it. */
  own(scope: Scope, name: string): Binding | null {
    const current = this.entries.get(name)?.current ?? null;
    return current !== null && current.scope === scope ? current : null;
  }

  // --- references

  /** REF_READY, REF_CHECK or REF_DEAD for a use in the current function at the current time (see the head of find-bindings.ts). */
  private readiness(binding: Binding): number {
    const time = binding.initTime;
    if (time === 0) return REF_READY;
    // An import is initialised by another module.
    if (binding.kind === "import") return REF_CHECK;
    const scope = binding.scope;
    if (scope.func === this.func) {
      if (time === NOT_YET) return REF_DEAD;
      if (scope.kind === "switch" && scope.clause !== binding.clause) {
        binding.needsHole = true;
        return REF_CHECK;
      }
      return REF_READY;
    }
    if (time === NOT_YET || scope.kind === "switch") return REF_CHECK;
    for (const deferral of this.deferrals) {
      if (scope.depth <= deferral.depth && time > deferral.time) return REF_CHECK;
    }
    return REF_READY;
  }

  /**
   * Resolves an identifier and notes what it refers to at its offset. A use from another function than the binding's captures it. Returns
   * null for a global.
   */
  resolve(name: string, offset: number): Binding | null {
    const entry = this.entries.get(name);
    let binding = entry === undefined ? null : entry.current;
    if (name === "arguments") binding = this.resolveArguments(binding);
    if (this.objects.length > 0) this.passObjects(name, binding, offset);
    if (binding === null) return null;
    if (binding.kind === "arguments") binding.scope.func.argumentsUses++;
    const scope = binding.scope;
    if (scope.func !== this.func) binding.captured = true;
    if (binding.kind === "function" && scope.releaseTime === NOT_YET) scope.releaseTime = this.clock;
    this.refs[offset] = (binding.id << 2) | this.readiness(binding);
    return binding;
  }

  /** Notes the objects that may have the name before its binding does: they belong to scopes inside that of the binding. */
  private passObjects(name: string, binding: Binding | null, offset: number): void {
    if (name.startsWith("#")) return;
    // The name of a function expression lies outside its variables, though in one scope with them.
    const depth = binding === null ? -1 : binding.scope.depth - (binding.kind === "fname" ? 0.5 : 0);
    const passed: Binding[] = [];
    for (let i = this.objects.length - 1; i >= 0 && this.objects[i]!.scope.depth > depth; i--) {
      const object = this.objects[i]!;
      passed.push(object);
      if (object.scope.func !== this.func) object.captured = true;
    }
    if (passed.length > 0) this.dynamics.set(offset, passed);
  }

  /**
   * `arguments` means the object of the nearest function that is not an arrow, unless something nearer has that name. Its binding is made
   * at the first mention, so that other functions pay nothing. Programs and fields have no such object.
   */
  protected resolveArguments(found: Binding | null): Binding | null {
    const owner = this.func.owner;
    if (owner.kind === "program" || owner.kind === "fields" || owner.kind === "statics") return found;
    if (found !== null && found.scope.depth >= owner.params.depth) return found;
    owner.argumentsBinding = this.declare(owner.params, "arguments", "arguments", 0);
    return owner.argumentsBinding;
  }

  /** An assignment. `value` is the expression assigned; null if the new value is a primitive in any case (`+=`, `++`). */
  write(node: ESTree.Identifier, value: Node | null): void {
    const binding = this.resolve(node.name, node.start!);
    if (binding === null) return;
    const { writes } = binding;
    if (writes === null) binding.writes = [node.start!];
    else {
      if (writes[writes.length - 1]! > node.start!) binding.writesSorted = false;
      writes.push(node.start!);
    }
    if (binding.kind === "param") binding.scope.func.assignsParameters = true;
    if (!isPrimitive(value)) binding.primitive = false;
  }

  /** A declared name receives its value here: from now on it is out of its dead zone. Its own offset counts as READY. */
  initialize(node: ESTree.Identifier, value: Node | null): void {
    const binding = this.resolve(node.name, node.start!);
    if (binding === null) return;
    if (binding.initTime === NOT_YET && binding.scope.func === this.func) binding.initTime = ++this.clock;
    binding.clause = binding.scope.clause;
    if (binding.kind === "param" && binding.scope.func.hasParameters) binding.scope.func.assignsParameters = true;
    this.refs[node.start!] = binding.id << 2;
    if (!isPrimitive(value)) binding.primitive = false;
  }

  /** `this` is used: in an arrow, the function around it must keep it in a binding. */
  useThis(): void {
    const owner = this.func.owner;
    owner.usesThis = true;
    if (owner !== this.func) (owner.thisBinding ??= this.declareHidden(owner.params, "this", "this")).captured = true;
  }

  /** The running function is used, for `super`. */
  useCallee(): void {
    const owner = this.func.owner;
    if (owner !== this.func)
      (owner.calleeBinding ??= this.declareHidden(owner.params, "%callee", "callee")).captured = true;
  }

  /** new.target is used, also by `super()`. Even without arrows it gets a binding: the machine knows it only in the prologue. */
  useNewTarget(): void {
    const owner = this.func.owner;
    if (!hasNewTarget(owner)) return;
    const binding = (owner.newTargetBinding ??= this.declareHidden(owner.params, "new.target", "newtarget"));
    if (owner !== this.func) binding.captured = true;
  }
}

/** False if new.target is always undefined in the function. */
export function hasNewTarget(owner: FunctionInfo): boolean {
  return owner.kind !== "program" && owner.kind !== "fields" && owner.kind !== "statics";
}

/** True if every value the node can give is a primitive. */
function isPrimitive(node: Node | null): boolean {
  if (node === null) return true;
  if (PRIMITIVE_RESULTS.has(node.type)) return true;
  return node.type === "Literal" && !("regex" in node);
}
