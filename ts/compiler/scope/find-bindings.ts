// Owns pass 1 of scope analysis: walks the tree once in the order of execution, opens scopes, declares bindings, resolves
// every identifier, and learns what is captured, what is proven to be initialised, and what is assigned where.
// Must never decide where a binding lives (`assign-slots.ts`).
//
// Resolution needs one map lookup per identifier: `names` holds, for each name, the binding it means right now; scopes
// push and pop. Function declarations are hoisted, so their bodies are visited when their scope closes; what they may
// rely on is what was initialised when one of them was first mentioned (`releaseTime`).
import type { ESTree } from "meriyah";
import { visitClass } from "./class-bindings.ts";
import { boundNames, declarationOf, hasLexical, hoist, labelledFunction } from "./hoist.ts";
import {
  Binding,
  FunctionInfo,
  Scope,
  REF_CHECK,
  REF_DEAD,
  REF_READY,
  type Analysis,
  type BindingKind,
  type ClassInfo,
  type FunctionKind,
  type FunctionNode,
  type ScopeKind,
} from "./model.ts";

type Node = ESTree.Node;

export interface AnalyzeOptions {
  /** Length of the parsed text: bound of all offsets. */
  readonly length: number;
  readonly strict: boolean;
  /** Modules: `var` and functions are local too. */
  readonly local: boolean;
  /** Top-level lexical declarations go to the global lexical record. */
  readonly persistent: boolean;
  /** Reports what the language forbids but the parser let through. */
  readonly fail: (message: string, node: Node) => never;
}

/** What a name means at the moment. */
interface NameEntry {
  current: Binding | null;
}

/** The table of references is as long as the source; it is kept from one compilation to the next. */
let spareRefs: Int32Array = new Int32Array(0);
const MAX_SPARE_REFS = 1 << 20;

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

export class Analyzer {
  func!: FunctionInfo;
  scope!: Scope;
  strict = false;
  clock = 1;
  /** Class whose elements are being visited. */
  classInfo: ClassInfo | null = null;
  readonly infos = new Map<Node, FunctionInfo>();
  readonly scopes = new Map<Node, Scope>();
  readonly classes = new Map<Node, ClassInfo>();
  readonly options: AnalyzeOptions;
  private readonly functions: FunctionInfo[] = [];
  private readonly bindings: (Binding | null)[] = [null];
  private readonly entries = new Map<string, NameEntry>();
  private readonly entryOf: (NameEntry | null)[] = [null];
  private readonly refs: Int32Array;
  private readonly annexB = new Map<Node, Binding | null>();
  private readonly globalVars = new Set<string>();
  private readonly globalFunctions: ESTree.FunctionDeclaration[] = [];
  private readonly globalLexicals: { name: string; isConst: boolean }[] = [];
  /** Hoisted functions being visited: bindings at or above `depth` count as initialised only up to `time`. */
  private readonly deferrals: { readonly depth: number; readonly time: number }[] = [];

  constructor(options: AnalyzeOptions) {
    this.options = options;
    this.refs = borrowRefs(options.length + 1);
  }

  // --- program

  program(node: ESTree.Program, statements: readonly Node[]): Analysis {
    const info = this.newFunction("program", node);
    info.strict = this.strict = this.options.strict || hasUseStrict(statements);
    this.func = info;
    const scope = this.open("program", node);
    info.params = info.body = scope;
    // Global functions can be reached through the global object, behind the back of this analysis.
    scope.releaseTime = 0;
    const { local, persistent } = this.options;
    this.hoistInto(scope, statements, local);
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? declarationOf(statement);
      if (plain.type === "FunctionDeclaration") {
        if (local) this.declareFunction(scope, plain);
        else if (plain.id !== null) this.globalFunctions.push(plain);
      } else if (persistent && plain.type === "ClassDeclaration" && plain.id !== null) {
        this.globalLexicals.push({ name: plain.id.name, isConst: false });
      } else if (persistent && plain.type === "VariableDeclaration" && plain.kind !== "var") {
        const isConst = plain.kind === "const";
        for (const d of plain.declarations) boundNames(d.id, (id) => this.globalLexicals.push({ name: id.name, isConst }));
      } else {
        this.declareLexical(scope, plain);
      }
    }
    for (const statement of statements) this.visit(statement);
    this.deferrals.push({ depth: scope.depth, time: 0 });
    for (const node of this.globalFunctions) this.visitFunction(node, "function");
    this.deferrals.pop();
    this.close();
    const functionNames = new Set(this.globalFunctions.map((f) => f.id!.name));
    return {
      program: info,
      functions: this.functions,
      bindings: this.bindings,
      refs: this.refs,
      scopes: this.scopes,
      infos: this.infos,
      classes: this.classes,
      annexB: this.annexB,
      globalVars: [...this.globalVars].filter((name) => !functionNames.has(name)),
      globalFunctions: this.globalFunctions,
      globalLexicals: this.globalLexicals,
    };
  }

  // --- scopes and bindings

  newFunction(kind: FunctionKind, node: FunctionNode): FunctionInfo {
    const info = new FunctionInfo(kind, node, this.func ?? null);
    info.classInfo = this.classInfo;
    this.functions.push(info);
    return info;
  }

  open(kind: ScopeKind, node: Node | null): Scope {
    const scope = new Scope(kind, this.func, this.scope ?? null);
    if (node !== null) this.scopes.set(node, scope);
    this.scope = scope;
    return scope;
  }

  close(): void {
    const scope = this.scope;
    if (scope.functions !== null) {
      const time = scope.releaseTime === Infinity ? this.clock : scope.releaseTime;
      this.deferrals.push({ depth: scope.depth, time });
      for (const node of scope.functions) this.visitFunction(node, "function");
      this.deferrals.pop();
    }
    const bindings = scope.bindings;
    for (let i = bindings.length - 1; i >= 0; i--) {
      const binding = bindings[i]!;
      const entry = this.entryOf[binding.id];
      if (entry != null) entry.current = binding.shadowed;
    }
    this.scope = scope.parent!;
  }

  private entry(name: string): NameEntry {
    let entry = this.entries.get(name);
    if (entry === undefined) {
      entry = { current: null };
      this.entries.set(name, entry);
    }
    return entry;
  }

  declare(scope: Scope, name: string, kind: BindingKind, initTime: number): Binding {
    const entry = this.entry(name);
    const binding = new Binding(this.bindings.length, name, kind, scope, initTime);
    binding.shadowed = entry.current;
    entry.current = binding;
    this.entryOf.push(entry);
    this.bindings.push(binding);
    scope.bindings.push(binding);
    return binding;
  }

  /** A binding that no name leads to. */
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

  private declareFunction(scope: Scope, node: ESTree.FunctionDeclaration): void {
    (scope.functions ??= []).push(node);
    if (node.id === null) return; // export default
    const known = this.own(scope, node.id.name);
    if (known === null) this.declare(scope, node.id.name, "function", 0);
    else known.primitive = false;
  }

  /** Declares what a statement of `scope` declares lexically, functions excepted. */
  private declareLexical(scope: Scope, statement: Node): void {
    if (statement.type === "VariableDeclaration") {
      if (statement.kind === "var") return;
      if (statement.kind !== "let" && statement.kind !== "const") {
        this.options.fail(`'${statement.kind}' declarations are not supported yet`, statement);
      }
      const kind = statement.kind;
      for (const declarator of statement.declarations) {
        if (declarator.id.type === "Identifier") this.declare(scope, declarator.id.name, kind, Infinity);
        else boundNames(declarator.id, (id) => this.declare(scope, id.name, kind, Infinity));
      }
    } else if (statement.type === "ClassDeclaration" && statement.id !== null) {
      this.declare(scope, statement.id.name, "class", Infinity);
    }
  }

  /** Declares the lexical names and functions of a block. */
  private declareBlock(scope: Scope, statements: readonly Node[]): void {
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? statement;
      if (plain.type === "FunctionDeclaration") {
        this.declareFunction(scope, plain);
        // Through its outer variable the function can be called before it is mentioned here.
        if (this.annexB.has(plain)) scope.releaseTime = 0;
      } else {
        this.declareLexical(scope, plain);
      }
    }
  }

  /** Declares `var` names and Annex B functions of a body in its scope, or as globals. */
  private hoistInto(scope: Scope, statements: readonly Node[], local: boolean): void {
    const blockFunctions: ESTree.FunctionDeclaration[] = [];
    const info = scope.func;
    const variable = (name: string): Binding | null => {
      if (!local) {
        this.globalVars.add(name);
        return null;
      }
      const known = this.own(scope, name);
      if (known !== null) return known;
      if (name === "arguments" && scope === info.params && info.kind !== "arrow" && info.kind !== "program" && scope.kind === "params") {
        return (info.argumentsBinding = this.declare(scope, name, "arguments", 0));
      }
      return this.declare(scope, name, "var", 0);
    };
    hoist(statements, this.strict, {
      variable: (id) => variable(id.name),
      blockFunction: (node) => blockFunctions.push(node),
    });
    if (blockFunctions.length === 0) return;
    const lexical = new Set<string>();
    for (const statement of statements) {
      if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
        for (const d of statement.declarations) boundNames(d.id, (id) => lexical.add(id.name));
      } else if (statement.type === "ClassDeclaration" && statement.id !== null) {
        lexical.add(statement.id.name);
      }
    }
    const params = info.params as Scope | undefined;
    for (const node of blockFunctions) {
      const name = node.id!.name;
      if (lexical.has(name)) continue;
      if (local && params !== undefined && params.kind === "params") {
        const param = this.own(params, name);
        if (param !== null && param.kind === "param") continue;
      }
      this.annexB.set(node, variable(name));
    }
  }

  // --- references

  private readiness(binding: Binding): number {
    const time = binding.initTime;
    if (time === 0) return REF_READY;
    const scope = binding.scope;
    if (scope.func === this.func) {
      if (time === Infinity) return REF_DEAD;
      if (scope.kind === "switch" && scope.clause !== binding.clause) {
        binding.needsHole = true;
        return REF_CHECK;
      }
      return REF_READY;
    }
    if (time === Infinity || scope.kind === "switch") return REF_CHECK;
    for (const deferral of this.deferrals) {
      if (scope.depth <= deferral.depth && time > deferral.time) return REF_CHECK;
    }
    return REF_READY;
  }

  /** Resolves an identifier; null = global. */
  resolve(name: string, offset: number): Binding | null {
    const entry = this.entries.get(name);
    let binding = entry === undefined ? null : entry.current;
    if (name === "arguments") binding = this.resolveArguments(binding);
    if (binding === null) return null;
    const scope = binding.scope;
    if (scope.func !== this.func) binding.captured = true;
    if (binding.kind === "function" && scope.releaseTime === Infinity) scope.releaseTime = this.clock;
    this.refs[offset] = (binding.id << 2) | this.readiness(binding);
    return binding;
  }

  private resolveArguments(found: Binding | null): Binding | null {
    const owner = this.func.owner;
    if (owner.kind === "program" || owner.kind === "fields" || owner.kind === "statics") return found;
    if (found !== null && found.scope.depth >= owner.params.depth) return found;
    owner.argumentsBinding = this.declare(owner.params, "arguments", "arguments", 0);
    return owner.argumentsBinding;
  }

  /** An assignment; `value` is what is assigned where that is known. */
  write(node: ESTree.Identifier, value: Node | null): void {
    const binding = this.resolve(node.name, node.start!);
    if (binding === null) return;
    const writes = (binding.writes ??= []);
    if (writes.length > 0 && writes[writes.length - 1]! > node.start!) binding.writesSorted = false;
    writes.push(node.start!);
    if (!isPrimitive(value)) binding.primitive = false;
  }

  /** A declared name receives its value. */
  initialize(node: ESTree.Identifier, value: Node | null): void {
    const binding = this.resolve(node.name, node.start!);
    if (binding === null) return;
    if (binding.initTime === Infinity && binding.scope.func === this.func) binding.initTime = ++this.clock;
    binding.clause = binding.scope.clause;
    this.refs[node.start!] = binding.id << 2;
    if (!isPrimitive(value)) binding.primitive = false;
  }

  useThis(): void {
    const owner = this.func.owner;
    owner.usesThis = true;
    if (owner !== this.func) (owner.thisBinding ??= this.declareHidden(owner.params, "this", "this")).captured = true;
  }

  useCallee(): void {
    const owner = this.func.owner;
    if (owner !== this.func) (owner.calleeBinding ??= this.declareHidden(owner.params, "%callee", "callee")).captured = true;
  }

  useNewTarget(): void {
    const owner = this.func.owner;
    const binding = (owner.newTargetBinding ??= this.declareHidden(owner.params, "new.target", "newtarget"));
    if (owner !== this.func) binding.captured = true;
  }

  // --- functions

  visitFunction(
    node: ESTree.FunctionDeclaration | ESTree.FunctionExpression | ESTree.ArrowFunctionExpression,
    kind: FunctionKind,
  ): void {
    const outerFunc = this.func;
    const outerStrict = this.strict;
    const info = this.newFunction(kind, node);
    this.infos.set(node, info);
    if (kind === "arrow") info.classInfo = outerFunc.classInfo;
    const body = node.body!;
    const statements = body.type === "BlockStatement" ? body.body : null;
    if (!this.strict && statements !== null && hasUseStrict(statements)) this.strict = true;
    info.strict = this.strict;
    info.async = node.async;
    info.generator = "generator" in node && node.generator === true;
    this.func = info;

    const params = (info.params = info.body = this.open("params", node));
    for (const param of node.params) {
      if (param.type === "Identifier") continue;
      info.simpleParameters = false;
      if (hasExpression(param)) info.parameterExpressions = true;
    }
    const initTime = info.parameterExpressions ? Infinity : 0;
    for (const param of node.params) {
      boundNames(param, (id) => {
        if (this.own(params, id.name) === null) this.declare(params, id.name, "param", initTime).primitive = false;
      });
    }

    if (info.parameterExpressions) {
      this.declareFunctionName(node, info);
      for (const param of node.params) this.bind(param, null);
      if (statements !== null) {
        info.body = this.open("body", body);
        this.functionBody(info, statements);
        this.close();
      } else {
        this.visit(body);
      }
    } else {
      if (statements !== null) {
        this.declareBody(info, statements);
        this.declareFunctionName(node, info);
        for (const param of node.params) this.bind(param, null);
        for (const statement of statements) this.visit(statement);
      } else {
        this.declareFunctionName(node, info);
        for (const param of node.params) this.bind(param, null);
        this.visit(body);
      }
    }
    this.close();
    this.func = outerFunc;
    this.strict = outerStrict;
  }

  private functionBody(info: FunctionInfo, statements: readonly Node[]): void {
    this.declareBody(info, statements);
    for (const binding of info.body.bindings) {
      // A variable of the body begins with the value of the parameter of its name.
      if (binding.kind === "var" && binding.name === "arguments" && info.kind !== "arrow" && this.own(info.params, "arguments") === null) {
        if (info.argumentsBinding === null) this.hiddenArguments(info);
      }
      if (binding.kind === "var") binding.primitive = false;
    }
    for (const statement of statements) this.visit(statement);
  }

  /** `var arguments` in a body with a parameter scope of its own still starts as the arguments object. */
  private hiddenArguments(info: FunctionInfo): void {
    const known = info.params.bindings.find((b) => b.name === "arguments");
    info.argumentsBinding = known ?? this.declareHidden(info.params, "arguments", "arguments");
  }

  private declareBody(info: FunctionInfo, statements: readonly Node[]): void {
    const scope = info.body;
    this.hoistInto(scope, statements, true);
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? statement;
      if (plain.type === "FunctionDeclaration") this.declareFunction(scope, plain);
      else this.declareLexical(scope, plain);
    }
  }

  private declareFunctionName(node: Node, info: FunctionInfo): void {
    if (node.type !== "FunctionExpression" || !node.id) return;
    if (this.own(info.params, node.id.name) !== null) return;
    info.nameBinding = this.declare(info.params, node.id.name, "fname", 0);
    info.nameBinding.primitive = false;
  }

  /** The synthetic functions of a class: opens the function, runs `elements`, closes it. */
  synthetic(kind: "fields" | "statics", node: ESTree.ClassDeclaration | ESTree.ClassExpression, elements: () => void): FunctionInfo {
    const outerFunc = this.func;
    const info = this.newFunction(kind, node);
    info.strict = true;
    this.func = info;
    info.params = info.body = this.open("params", null);
    elements();
    this.close();
    this.func = outerFunc;
    return info;
  }

  // --- patterns

  /** A binding pattern of a declaration: visits initialisers and keys, initialises the names in order. */
  bind(node: Node, value: Node | null): void {
    switch (node.type) {
      case "Identifier":
        this.initialize(node, value);
        break;
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") {
            this.bind(property.argument, property);
          } else {
            if (property.computed) this.visit(property.key);
            this.bind(property.value, property);
          }
        }
        break;
      case "ArrayPattern":
        for (const element of node.elements) if (element !== null) this.bind(element, element);
        break;
      case "AssignmentPattern":
        if (node.right) this.visit(node.right);
        this.bind(node.left, node);
        break;
      case "RestElement":
        this.bind(node.argument, node);
        break;
      default:
        this.options.fail("Invalid binding pattern", node);
    }
  }

  /** An assignment target. */
  assign(node: Node, value: Node | null): void {
    switch (node.type) {
      case "Identifier":
        this.write(node, value);
        break;
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") {
            this.assign(property.argument, property);
          } else {
            if (property.computed) this.visit(property.key);
            this.assign(property.value, property);
          }
        }
        break;
      case "ArrayPattern":
        for (const element of node.elements) if (element !== null) this.assign(element, element);
        break;
      case "AssignmentPattern":
        if (node.right) this.visit(node.right);
        this.assign(node.left, node);
        break;
      case "RestElement":
        this.assign(node.argument, node);
        break;
      default:
        this.visit(node);
    }
  }

  // --- statements that open scopes

  block(node: Node, statements: readonly Node[]): void {
    if (!hasLexical(statements)) {
      for (const statement of statements) this.visit(statement);
      return;
    }
    const scope = this.open("block", node);
    this.declareBlock(scope, statements);
    for (const statement of statements) this.visit(statement);
    this.close();
  }

  staticBlock(node: ESTree.StaticBlock): void {
    const scope = this.open("static", node);
    this.hoistInto(scope, node.body, true);
    this.declareBlock(scope, node.body);
    for (const statement of node.body) this.visit(statement);
    this.close();
  }

  private forStatement(node: ESTree.ForStatement): void {
    const init = node.init;
    const lexical = init !== null && init !== undefined && init.type === "VariableDeclaration" && init.kind !== "var";
    if (lexical) this.declareLexical(this.open("for", node), init);
    const functionsBefore = this.functions.length;
    if (init) this.visit(init);
    if (lexical) this.scope.headCaptured = this.functions.length > functionsBefore;
    if (node.test) this.visit(node.test);
    this.statement(node.body);
    if (node.update) this.visit(node.update);
    if (lexical) this.close();
  }

  private forEach(node: ESTree.ForInStatement | ESTree.ForOfStatement): void {
    const left = node.left;
    if (node.type === "ForOfStatement" && node.await && this.func.kind === "program") this.func.async = true;
    if (left.type === "VariableDeclaration") {
      const declarator = left.declarations[0]!;
      const lexical = left.kind !== "var";
      if (lexical) this.declareLexical(this.open("for", node), left);
      else if (declarator.init) {
        // Annex B: `for (var x = 1 in o)`
        this.visit(declarator.init);
        this.bind(declarator.id, declarator.init);
      }
      this.visit(node.right);
      this.bind(declarator.id, declarator);
      this.statement(node.body);
      if (lexical) this.close();
    } else {
      this.visit(node.right);
      this.assign(left, left);
      this.statement(node.body);
    }
  }

  /** A sub-statement: a lone function declaration behaves as if it stood in a block. */
  private statement(node: Node): void {
    if (node.type === "FunctionDeclaration") {
      const scope = this.open("block", node);
      this.declareBlock(scope, [node]);
      this.close();
    } else {
      this.visit(node);
    }
  }

  private switchStatement(node: ESTree.SwitchStatement): void {
    this.visit(node.discriminant);
    const lexical = node.cases.some((clause) => hasLexical(clause.consequent));
    const scope = lexical ? this.open("switch", node) : null;
    if (scope !== null) {
      for (const clause of node.cases) this.declareBlock(scope, clause.consequent);
    }
    for (const clause of node.cases) {
      if (scope !== null) scope.clause++;
      if (clause.test) this.visit(clause.test);
      for (const statement of clause.consequent) this.visit(statement);
    }
    if (scope !== null) this.close();
  }

  private tryStatement(node: ESTree.TryStatement): void {
    this.block(node.block, node.block.body);
    const handler = node.handler;
    if (handler) {
      if (handler.param) {
        const scope = this.open("catch", handler);
        boundNames(handler.param, (id) => this.declare(scope, id.name, "catch", Infinity));
        this.bind(handler.param, handler);
        this.block(handler.body, handler.body.body);
        this.close();
      } else {
        this.block(handler.body, handler.body.body);
      }
    }
    if (node.finalizer) this.block(node.finalizer, node.finalizer.body);
  }

  // --- the walk

  visit(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.resolve(node.name, node.start!);
        break;
      case "Literal":
        break;
      case "MemberExpression":
        if (node.object.type === "Super") this.superProperty();
        else this.visit(node.object);
        if (node.computed || node.property.type === "PrivateIdentifier") this.visit(node.property as Node);
        break;
      case "ExpressionStatement":
        this.visit(node.expression);
        break;
      case "CallExpression":
        if (node.callee.type === "Super") {
          this.useCallee();
          this.useNewTarget();
          this.useThis();
        } else {
          this.visit(node.callee);
        }
        for (const argument of node.arguments) this.visit(argument);
        break;
      case "AssignmentExpression":
        if (node.operator === "=") {
          if (node.left.type === "Identifier") {
            this.visit(node.right);
            this.write(node.left, node.right);
          } else {
            this.assign(node.left, node.right);
            this.visit(node.right);
          }
        } else if (node.left.type === "Identifier") {
          this.visit(node.right);
          this.write(node.left, node.operator.length > 2 && /^(&&|\|\||\?\?)/.test(node.operator) ? node.right : null);
        } else {
          this.visit(node.left);
          this.visit(node.right);
        }
        break;
      case "BinaryExpression":
      case "LogicalExpression":
        this.binary(node);
        break;
      case "UpdateExpression":
        if (node.argument.type === "Identifier") this.write(node.argument, null);
        else this.visit(node.argument);
        break;
      case "UnaryExpression":
      case "SpreadElement":
        this.visit(node.argument);
        break;
      case "ReturnStatement":
        if (this.func.kind === "program") this.options.fail("Illegal return statement", node);
        if (node.argument) this.visit(node.argument);
        break;
      case "ThrowStatement":
        this.visit(node.argument);
        break;
      case "VariableDeclaration":
        for (const declarator of node.declarations) {
          if (declarator.init) this.visit(declarator.init);
          if (declarator.init || node.kind !== "var") this.bind(declarator.id, declarator.init);
        }
        break;
      case "IfStatement":
        this.visit(node.test);
        this.statement(node.consequent);
        if (node.alternate) this.statement(node.alternate);
        break;
      case "ConditionalExpression":
        this.visit(node.test);
        this.visit(node.consequent);
        this.visit(node.alternate);
        break;
      case "BlockStatement":
        this.block(node, node.body);
        break;
      case "FunctionExpression":
        this.visitFunction(node, "function");
        break;
      case "ArrowFunctionExpression":
        this.visitFunction(node, "arrow");
        break;
      case "ThisExpression":
        this.useThis();
        break;
      case "ObjectExpression":
        for (const property of node.properties) {
          if (property.type !== "Property") {
            this.visit(property as Node);
            continue;
          }
          if (property.computed) this.visit(property.key);
          if (property.method || property.kind !== "init") this.visitFunction(property.value as ESTree.FunctionExpression, "method");
          else this.visit(property.value);
        }
        break;
      case "ArrayExpression":
        for (const element of node.elements) if (element !== null) this.visit(element);
        break;
      case "TemplateLiteral":
      case "SequenceExpression":
        for (const expression of node.expressions) this.visit(expression);
        break;
      case "TaggedTemplateExpression":
        this.visit(node.tag);
        this.visit(node.quasi);
        break;
      case "NewExpression":
        this.visit(node.callee);
        for (const argument of node.arguments) this.visit(argument);
        break;
      case "ForStatement":
        this.forStatement(node);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        this.forEach(node);
        break;
      case "WhileStatement":
        this.visit(node.test);
        this.statement(node.body);
        break;
      case "DoWhileStatement":
        this.statement(node.body);
        this.visit(node.test);
        break;
      case "SwitchStatement":
        this.switchStatement(node);
        break;
      case "TryStatement":
        this.tryStatement(node);
        break;
      case "LabeledStatement":
        this.visit(node.body);
        break;
      case "FunctionDeclaration":
      case "EmptyStatement":
      case "BreakStatement":
      case "ContinueStatement":
      case "DebuggerStatement":
        break; // a function declaration is visited when its scope closes
      case "ClassDeclaration":
        visitClass(this, node);
        if (node.id !== null) this.initialize(node.id, node);
        break;
      case "ClassExpression":
        visitClass(this, node);
        break;
      case "ChainExpression":
        this.visit(node.expression);
        break;
      case "AwaitExpression":
        if (this.func.kind === "program") this.func.async = true;
        this.visit(node.argument);
        break;
      case "YieldExpression":
        if (node.argument) this.visit(node.argument);
        break;
      case "PrivateIdentifier":
        this.resolve(`#${node.name}`, node.start!);
        break;
      case "MetaProperty":
        if (node.meta.name === "new") this.useNewTarget();
        break;
      case "ImportExpression":
        this.visit(node.source);
        if (node.options) this.visit(node.options);
        break;
      case "ExportNamedDeclaration":
        if (node.source) this.options.fail("modules are not supported yet", node);
        if (node.declaration) this.visit(node.declaration);
        break;
      case "ExportDefaultDeclaration":
        this.visit(node.declaration);
        break;
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        this.options.fail("modules are not supported yet", node);
        break;
      case "WithStatement":
        this.options.fail("'with' statements are not supported", node);
        break;
      default:
        this.options.fail(`${node.type} is not supported`, node);
    }
  }

  /** Long chains lean to the left: they must not cost host stack. */
  private binary(node: ESTree.BinaryExpression | ESTree.LogicalExpression): void {
    const rights: Node[] = [node.right];
    let left = node.left as Node;
    while (left.type === "BinaryExpression" || left.type === "LogicalExpression") {
      rights.push(left.right);
      left = left.left as Node;
    }
    this.visit(left);
    for (let i = rights.length - 1; i >= 0; i--) this.visit(rights[i]!);
  }

  private superProperty(): void {
    this.func.owner.usesSuper = true;
    this.useThis();
    this.useCallee();
  }
}

/** True if every value the node can give is a primitive. */
function isPrimitive(node: Node | null): boolean {
  if (node === null) return true;
  if (PRIMITIVE_RESULTS.has(node.type)) return true;
  return node.type === "Literal" && !("regex" in node);
}

function hasUseStrict(statements: readonly Node[]): boolean {
  for (const statement of statements) {
    if (statement.type !== "ExpressionStatement" || statement.directive === undefined) return false;
    if (statement.directive === "use strict") return true;
  }
  return false;
}

function hasExpression(pattern: Node): boolean {
  switch (pattern.type) {
    case "AssignmentPattern":
      return true;
    case "RestElement":
      return hasExpression(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.some((element) => element !== null && hasExpression(element));
    case "ObjectPattern":
      return pattern.properties.some((p) => (p.type === "RestElement" ? hasExpression(p.argument) : p.computed || hasExpression(p.value)));
    default:
      return false;
  }
}
