// Owns the data model of scope analysis: functions, scopes, bindings, and how an identifier at a source offset refers to a
// binding. Must never look at the syntax tree: `find-bindings.ts` fills it, `assign-slots.ts` decides, `print.ts` prints.

import type { ESTree } from "meriyah";

export type BindingKind =
  | "var"
  | "function" // function declaration
  | "let"
  | "const"
  | "class" // class declaration
  | "param"
  | "catch"
  | "fname" // name of a function expression, inside it
  | "cname" // name of a class, inside it
  | "private" // private name; holds the private name value
  | "pmethod" // function of a private method or accessor, until it is installed
  | "fieldkey" // computed key of a field; record of a decorated element or class
  | "this" // pseudo-bindings of a non-arrow function, made when an arrow function needs them
  | "newtarget"
  | "callee"
  | "arguments"
  | "import" // imported by a module
  | "with" // object of a `with` statement
  | "vars"; // object with the variables that direct eval has added to a function, undefined until it adds one

/**
 * Later than any time of the analysis. Times count up as pass 1 walks in the order of execution (`clock`, resolver.ts); 0 is the time at
 * which a function is entered.
 */
export const NOT_YET = 0x3fff_ffff;

/** One declared name, or one hidden variable of the compiler. Pass 1 makes it; passes 2 and 3 give it a place. */
export class Binding {
  /** Used by a function other than the one it is declared in: lives in an environment. */
  captured = false;
  /** Slot of the environment of its scope, when captured. */
  slot = -1;
  /** Register, when not captured. */
  register = -1;
  /** For a parameter: the index of the argument that is its value; -1 if no argument is, unchanged. */
  argument = -1;
  /** Cell of the module that holds it, -1 if it is not shared with other modules. */
  cell = -1;
  /** Time of its initialisation in the order of execution; NOT_YET while it is in its temporal dead zone. */
  initTime: number;
  /** Its register must start as the hole, because a use in another clause of the switch may come before its initialisation. */
  needsHole = false;
  /** Every value assigned to it is surely a primitive, so converting it to a property key twice is not noticed. */
  primitive = true;
  /** Source offsets of assignments to it, ascending once `writesSorted`; null: no assignments. */
  writes: number[] | null = null;
  writesSorted = true;
  /** Which clause of a switch declared it. */
  clause = 0;
  /** The binding that its name had outside, while its scope is open. */
  shadowed: Binding | null = null;

  readonly id: number;
  name: string;
  readonly kind: BindingKind;
  readonly scope: Scope;

  constructor(id: number, name: string, kind: BindingKind, scope: Scope, initTime: number) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.scope = scope;
    this.initTime = initTime;
  }
}

export type ScopeKind =
  | "module" // cells of a module
  | "program"
  | "params"
  | "body"
  | "block"
  | "for"
  | "catch"
  | "switch"
  | "class"
  | "static"
  | "with"
  | "eval"; // of code from a string

const NO_BINDINGS: readonly Binding[] = [];

/** Names that come and go together. At run time it is nothing but an environment, and only if a binding of it is captured. */
export class Scope {
  readonly bindings: Binding[] = [];
  /** Function declarations instantiated when the scope is entered. */
  functions: ESTree.FunctionDeclaration[] | null = null;
  /**
   * Time from which the functions above may have been called: that of the first mention of one of them. Only what was initialised by then
   * is surely initialised in their bodies.
   */
  releaseTime = NOT_YET;
  /** Clause being analysed, in a switch. */
  clause = 0;
  /** The initialiser of a `for` makes closures: the first iteration needs a copy of the environment too. */
  headCaptured = false;
  /** It contains a direct eval, at any depth: all its bindings live in its environment. */
  hasEval = false;
  /** A catch clause whose parameter is a pattern: `var` of its name in eval code is an error. */
  isPattern = false;
  /** Top level of a module: cells of names that it shares with others. */
  cells: ReadonlyMap<string, number> | null = null;
  /** Slots of its environment; 0: it has no environment. */
  envSize = 0;
  /** Register that holds its environment. */
  envRegister = -1;
  /** First register after those of its bindings. */
  registerEnd = 0;

  readonly kind: ScopeKind;
  readonly func: FunctionInfo;
  readonly parent: Scope | null;
  readonly depth: number;

  private byName: Map<string, Binding[]> | null = null;
  private indexed = 0;

  constructor(kind: ScopeKind, func: FunctionInfo, parent: Scope | null) {
    this.kind = kind;
    this.func = func;
    this.parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
    func.scopes.push(this);
  }

  /** Its bindings of that name, in order. Scopes can be large, and this is called for each of their names. */
  named(name: string): readonly Binding[] {
    const byName = (this.byName ??= new Map());
    for (; this.indexed < this.bindings.length; this.indexed++) {
      const binding = this.bindings[this.indexed]!;
      const known = byName.get(binding.name);
      if (known === undefined) byName.set(binding.name, [binding]);
      else known.push(binding);
    }
    return byName.get(name) ?? NO_BINDINGS;
  }
}

export type FunctionKind =
  | "program"
  | "function"
  | "arrow"
  | "method" // also accessors
  | "constructor"
  | "derived"
  | "fields" // synthetic: initialises the instance fields of a class
  | "statics"; // synthetic: static fields and static blocks

/** The nodes that have a FunctionInfo; classes have it for their synthetic functions and default constructors. */
export type FunctionNode =
  | ESTree.Program
  | ESTree.FunctionDeclaration
  | ESTree.FunctionExpression
  | ESTree.ArrowFunctionExpression
  | ESTree.ClassDeclaration
  | ESTree.ClassExpression;

/** One function, or the program, or a synthetic function of a class. */
export class FunctionInfo {
  readonly scopes: Scope[] = [];
  strict = false;
  async = false;
  generator = false;
  /** Simple parameter list: identifiers only. */
  simpleParameters = true;
  /** Initialisers or computed keys among the parameters: they get a scope of their own. */
  parameterExpressions = false;
  /** It, or an arrow in it, uses `this`: sloppy code must convert it (THISSLOPPY). */
  usesThis = false;
  usesSuper = false;
  /** Hidden bindings of `this` and its relatives, made when an arrow inside needs one. Only then do they live in an environment. */
  thisBinding: Binding | null = null;
  newTargetBinding: Binding | null = null;
  calleeBinding: Binding | null = null;
  argumentsBinding: Binding | null = null;
  /** Mentions of `arguments`, and how many of them only read its length or an element. */
  argumentsUses = 0;
  argumentsReads = 0;
  /** Something assigns to a parameter. */
  assignsParameters = false;
  /** The parameters are initialised: any further value of their names is an assignment. */
  hasParameters = false;
  /** Its arguments object shares the parameters: parameter i lives in slot i of the environment of `params`. */
  mapsArguments = false;
  nameBinding: Binding | null = null;
  /** The class whose element it is (constructor, method, synthetic function), or that its arrows belong to. */
  classInfo: ClassInfo | null = null;
  /** Scopes of parameters and of the body; the same object unless there are parameter expressions. */
  params!: Scope;
  body!: Scope;
  /** Coroutine, generator, or -1. */
  coroutineRegister = -1;
  /** Completion value of a program, or -1. */
  completionRegister = -1;
  parameterCount = 0;
  /** Top level of a module: it is instantiated first and run later. */
  isModule = false;
  /** First register after all locals. */
  localsEnd = 2;

  readonly kind: FunctionKind;
  readonly node: FunctionNode;
  readonly parent: FunctionInfo | null;
  /** Nearest function that is not an arrow: the one `this` and the like belong to. */
  readonly owner: FunctionInfo;

  constructor(kind: FunctionKind, node: FunctionNode, parent: FunctionInfo | null) {
    this.kind = kind;
    this.node = node;
    this.parent = parent;
    this.owner = (kind === "arrow" || kind === "program") && parent !== null ? parent.owner : this;
  }
}

/** The declarations of code from a string. */
export interface EvalCode {
  /** Where its `var`s and functions go: its own scope, the global object, or the variables of a function. */
  readonly target: "own" | "global" | Binding;
  /** Names that it adds to the variables of a function. */
  readonly variables: readonly string[];
  /** Top-level functions that do not go to its own scope, and the variable each is stored in; null: by name. */
  readonly functions: readonly { readonly node: ESTree.FunctionDeclaration; readonly binding: Binding | null }[];
  /** Names of functions in blocks (Annex B) that become variables where possible. */
  readonly optional: readonly string[];
}

/** Facts about a class for the emitter. */
export class ClassInfo {
  fields: FunctionInfo | null = null;
  statics: FunctionInfo | null = null;
  /** Instance fields, private methods or accessors: construction must run the initialiser. */
  hasInstanceElements = false;
  nameBinding: Binding | null = null;
  /** Bindings of computed field keys and of private methods and getters of accessors, by element. */
  readonly elementBindings = new Map<ESTree.Node, Binding>();
  /** Private names under which auto-accessors keep their values. */
  readonly storages = new Map<ESTree.Node, Binding>();
  /** Functions of the setters of private accessors. */
  readonly setters = new Map<ESTree.Node, Binding>();
  /** Computed keys of accessors whose values are named by them. */
  readonly accessorKeys = new Map<ESTree.Node, Binding>();
  /** Holds the decoration (ts/prelude/decorators.js) of a class that has decorators, the records of decorated fields and accessors. */
  decoration: Binding | null = null;
  readonly records = new Map<ESTree.Node, Binding>();
  readonly scope: Scope;
  readonly constructorNode: ESTree.FunctionExpression | null;
  readonly derived: boolean;

  constructor(scope: Scope, constructorNode: ESTree.FunctionExpression | null, derived: boolean) {
    this.scope = scope;
    this.constructorNode = constructorNode;
    this.derived = derived;
  }
}

/**
 * Whether a referenced binding is known to be initialised where it is used. READY: surely, so no check is emitted. CHECK: only run time
 * knows (CHECKTDZ). DEAD: surely not, so the use throws.
 */
export const REF_READY = 0;
export const REF_CHECK = 1;
export const REF_DEAD = 2;
