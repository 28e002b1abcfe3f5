// Owns pass 1 of scope analysis: walks the tree once in the order of execution, opens scopes, declares bindings and has every
// identifier resolved. That tells which bindings are captured, which are surely initialised, and where they are assigned.
// Must never decide where a binding lives (`assign-slots.ts`).
//
// Function declarations are hoisted, so their bodies are visited when their scope closes; they may rely on the bindings
// that were initialised when one of them was first mentioned (`releaseTime`).

import type { ESTree } from "meriyah";
import type { Analysis } from "./analysis.ts";
import { visitClass } from "./class-bindings.ts";
import { Declarations, PARAMETER_VARIABLES } from "./declarations.ts";
import { readScopes } from "./eval-scopes.ts";
import { findEvals, IN_BODY, IN_PARAMETERS, isDirectEval } from "./find-evals.ts";
import { boundNames, declarationOf, hasLexical, labelledFunction } from "./hoist.ts";
import {
  type Binding,
  type ClassInfo,
  type EvalCode,
  FunctionInfo,
  type FunctionKind,
  NOT_YET,
  type Scope,
} from "./model.ts";
import { collectModule } from "./modules.ts";
import { hasNewTarget } from "./resolver.ts";

type Node = ESTree.Node;

export class Analyzer extends Declarations {
  /** The node under an optional chain that is not only read (a callee or an operand of `delete`). */
  private place: Node | null = null;
  readonly infos = new Map<Node, FunctionInfo>();
  readonly classes = new Map<Node, ClassInfo>();
  private readonly globalFunctions: ESTree.FunctionDeclaration[] = [];
  private readonly globalLexicals: { name: string; isConst: boolean }[] = [];

  // --- program

  program(node: ESTree.Program, statements: readonly Node[]): Analysis {
    const { evalScopes, persistent, isFunctionBody } = this.options;
    if (this.options.allowEval) this.evals = findEvals(node);
    if (evalScopes !== undefined && evalScopes !== "") this.enterPlace(evalScopes);
    const module = this.options.isModule ? collectModule(statements, new FunctionInfo("program", node, null)) : null;
    this.module = module;
    if (module !== null) this.scope = module.scope;
    const info = this.newFunction("program", node);
    info.isModule = module !== null;
    info.strict = this.strict = this.strict || this.options.strict || hasUseStrict(statements);
    this.func = info;
    const scope = this.open(evalScopes === undefined ? "program" : "eval", node);
    info.params = info.body = scope;
    if (evalScopes !== undefined && !info.strict) this.evalTarget = this.findTarget();
    // Global functions can be reached through the global object, which this analysis does not see.
    if (!isFunctionBody) scope.releaseTime = 0;
    else if (!info.strict && this.evals.has(node)) this.declareObject(scope, "vars");
    if (module !== null) {
      scope.cells = module.cells;
      for (const { local: name, imported } of module.imports)
        this.declare(scope, name, "import", imported === null ? 0 : NOT_YET).primitive = false;
    }
    const local = module !== null || isFunctionBody || (evalScopes !== undefined && info.strict);
    this.hoistInto(scope, statements, local);
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? declarationOf(statement);
      if (plain.type === "FunctionDeclaration") {
        if (local) this.declareFunction(scope, plain);
        else if (plain.id !== null) this.topFunction(plain);
      } else if (persistent && plain.type === "ClassDeclaration" && plain.id !== null) {
        this.globalLexicals.push({ name: plain.id.name, isConst: false });
      } else if (persistent && plain.type === "VariableDeclaration" && plain.kind !== "var") {
        const isConst = plain.kind !== "let";
        for (const d of plain.declarations)
          boundNames(d.id, (id) => this.globalLexicals.push({ name: id.name, isConst }));
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
      dynamics: this.dynamics,
      evalCode: evalScopes === undefined ? null : this.evalCode(),
      globalVars: [...this.globalVars].filter((name) => !functionNames.has(name)),
      globalFunctions: this.globalFunctions,
      globalLexicals: this.globalLexicals,
      module,
    };
  }

  // --- code from strings

  /** The evaluated code is in the initialiser of a field. */
  private inFields = false;

  /** Functions that contain direct eval calls, and where. */
  private evals: ReadonlyMap<Node, number> = new Map();
  /** The variables whose values are the top-level functions of evaluated code. */
  private readonly evalFunctions = new Map<Node, Binding | null>();

  /** Opens the scopes around the eval call. */
  private enterPlace(text: string): void {
    const { strict, functions, scopes } = readScopes(text, this);
    for (const scope of scopes) {
      for (const binding of scope.bindings) {
        if (binding.kind === "with" || binding.kind === "vars") this.objects.push(binding);
      }
    }
    this.strict = strict;
    this.func = functions[functions.length - 1]!;
    this.scope = scopes[scopes.length - 1]!;
    this.inFields = this.func.owner.kind === "fields" || this.func.owner.kind === "statics";
  }

  /** The place for variables of sloppy evaluated code. */
  private findTarget(): "global" | Binding {
    for (let scope = this.scope.parent; scope !== null; scope = scope.parent) {
      const variables = scope.bindings.find(({ kind }) => kind === "vars");
      if (variables !== undefined) return variables;
    }
    return "global";
  }

  private topFunction(node: ESTree.FunctionDeclaration): void {
    this.globalFunctions.push(node);
    if (this.evalTarget !== null) this.evalFunctions.set(node, this.evalVariable(this.evalTarget, node.id!.name, node));
  }

  private evalCode(): EvalCode {
    return {
      target: this.evalTarget ?? "own",
      variables: [...this.evalVariables],
      functions: this.globalFunctions.map((node) => ({ node, binding: this.evalFunctions.get(node) ?? null })),
      optional: [...this.evalOptional],
    };
  }

  /** Everything around a direct eval call can be seen from the code it evaluates. */
  private directEval(): void {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) scope.hasEval = true;
    const { owner } = this.func;
    owner.usesThis = owner.usesSuper = true;
    owner.thisBinding ??= this.declareHidden(owner.params, "this", "this");
    owner.calleeBinding ??= this.declareHidden(owner.params, "%callee", "callee");
    if (!hasNewTarget(owner)) return;
    owner.newTargetBinding ??= this.declareHidden(owner.params, "new.target", "newtarget");
    this.resolve("arguments", this.options.length);
  }

  close(): void {
    const scope = this.scope;
    if (scope.functions !== null) {
      const time = scope.releaseTime === NOT_YET ? this.clock : scope.releaseTime;
      this.deferrals.push({ depth: scope.depth, time });
      for (const node of scope.functions) this.visitFunction(node, "function");
      this.deferrals.pop();
    }
    this.pop();
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

    const params = (info.params = info.body = this.open("params", null));
    const evals = info.strict ? 0 : (this.evals.get(node) ?? 0);
    for (const param of node.params) {
      if (param.type === "Identifier") continue;
      info.simpleParameters = false;
      if (hasExpression(param)) info.parameterExpressions = true;
    }
    if (info.parameterExpressions ? evals & IN_PARAMETERS : evals) {
      const variables = this.declareObject(params, "vars");
      if (info.parameterExpressions) variables.name = PARAMETER_VARIABLES;
    }
    const initTime = info.parameterExpressions ? NOT_YET : 0;
    for (let i = 0; i < node.params.length; i++) this.declareParameter(params, node.params[i]!, i, initTime);

    if (info.parameterExpressions) {
      this.declareFunctionName(node, info);
      for (const param of node.params) this.bind(param, null);
      if (statements !== null) {
        info.body = this.open("body", null);
        if (evals & IN_BODY) this.declareObject(info.body, "vars");
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
        info.hasParameters = true;
        for (const statement of statements) this.visit(statement);
      } else {
        this.declareFunctionName(node, info);
        for (const param of node.params) this.bind(param, null);
        info.hasParameters = true;
        this.visit(body);
      }
    }
    this.close();
    this.func = outerFunc;
    this.strict = outerStrict;
  }

  private declareParameter(params: Scope, param: Node, index: number, initTime: number): void {
    const target = param.type === "AssignmentPattern" ? param.left : param;
    // Of duplicate names, the last one counts.
    if (target.type === "Identifier") this.ownParameter(params, target.name, initTime).argument = index;
    else this.declareParameters(params, target, initTime);
  }

  private declareParameters(params: Scope, pattern: Node, initTime: number): void {
    boundNames(pattern, (id) => this.ownParameter(params, id.name, initTime));
  }

  private ownParameter(params: Scope, name: string, initTime: number): Binding {
    const known = this.own(params, name);
    if (known !== null) return known;
    const binding = this.declare(params, name, "param", initTime);
    binding.primitive = false;
    return binding;
  }

  private functionBody(info: FunctionInfo, statements: readonly Node[]): void {
    this.declareBody(info, statements);
    for (const binding of info.body.bindings) {
      // A variable of the body begins with the value of the parameter of its name.
      if (
        binding.kind === "var" &&
        binding.name === "arguments" &&
        info.kind !== "arrow" &&
        this.own(info.params, "arguments") === null
      ) {
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
  synthetic(
    kind: "fields" | "statics",
    node: ESTree.ClassDeclaration | ESTree.ClassExpression,
    elements: () => void,
  ): FunctionInfo {
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
        this.visitPlace(node);
    }
  }

  /** A node that is not only read: the target of an assignment, a callee (which gets its object as `this`), an operand of `delete`. */
  private visitPlace(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.identifier(node);
        break;
      case "MemberExpression":
        this.member(node, true);
        break;
      case "ChainExpression":
        this.place = node.expression;
        this.visit(node.expression);
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
    if (lexical) this.scope.headCaptured = this.functions.length > functionsBefore || this.scope.hasEval;
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
      this.disposal(left);
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

  /** A sub-statement: a lone function declaration behaves as if it were in a block. */
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
        scope.isPattern = handler.param.type !== "Identifier";
        this.declarePattern(scope, handler.param, "catch");
        this.bind(handler.param, handler);
        this.block(handler.body, handler.body.body);
        this.close();
      } else {
        this.block(handler.body, handler.body.body);
      }
    }
    if (node.finalizer) this.block(node.finalizer, node.finalizer.body);
  }

  /** The resources of `await using` are awaited when their scope is left. */
  private disposal(node: ESTree.VariableDeclaration): void {
    if (node.kind === "await using" && this.func.kind === "program") this.func.async = true;
  }

  // --- the walk

  visit(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.identifier(node);
        break;
      case "Literal":
        if ("regex" in node && node.regex) this.regExp(node, node.regex);
        break;
      case "MemberExpression":
        this.member(node, node === this.place);
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
          this.visitPlace(node.callee);
        }
        for (const argument of node.arguments) this.visit(argument);
        if (this.options.allowEval && isDirectEval(node)) this.directEval();
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
          this.visitPlace(node.left);
          this.visit(node.right);
        }
        break;
      case "BinaryExpression":
      case "LogicalExpression":
        this.binary(node);
        break;
      case "UpdateExpression":
        if (node.argument.type === "Identifier") this.write(node.argument, null);
        else this.visitPlace(node.argument);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") this.visitPlace(node.argument);
        else this.visit(node.argument);
        break;
      case "SpreadElement":
        if (isArguments(node.argument)) this.readArguments();
        this.visit(node.argument);
        break;
      case "ReturnStatement":
        if (this.func.kind === "program" && !this.options.isFunctionBody)
          this.options.fail("Illegal return statement", node);
        if (node.argument) this.visit(node.argument);
        break;
      case "ThrowStatement":
        this.visit(node.argument);
        break;
      case "VariableDeclaration":
        this.disposal(node);
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
          if (property.method || property.kind !== "init")
            this.visitFunction(property.value as ESTree.FunctionExpression, "method");
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
        this.visitPlace(node.tag);
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
      case "ImportDeclaration":
      case "ExportAllDeclaration":
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
        else if (this.module !== null && this.module.metaCell < 0) this.module.metaCell = this.module.newCell();
        break;
      case "ImportExpression":
        this.visit(node.source);
        if (node.options) this.visit(node.options);
        break;
      case "ExportNamedDeclaration":
        if (node.declaration) this.visit(node.declaration);
        break;
      case "ExportDefaultDeclaration":
        this.visit(node.declaration);
        break;
      case "WithStatement":
        this.visit(node.object);
        this.declareObject(this.open("with", node), "with");
        this.visit(node.body);
        this.close();
        break;
      default:
        this.options.fail(`${node.type} is not supported`, node);
    }
  }

  private identifier(node: ESTree.Identifier): void {
    if (this.inFields && node.name === "arguments" && this.func.owner.node.type === "Program")
      this.options.fail("'arguments' is not allowed in class field initializer", node);
    this.resolve(node.name, node.start!);
  }

  /** `isPlace`: it is not only read. */
  private member(node: ESTree.MemberExpression, isPlace: boolean): void {
    const { object, property } = node;
    switch (object.type) {
      case "Super":
        this.superProperty();
        break;
      case "Identifier":
        if (object.name === "arguments" && !isPlace) this.readArguments();
        this.identifier(object);
        break;
      case "ThisExpression":
        this.useThis();
        break;
      default:
        this.visit(object);
    }
    if (node.computed || property.type === "PrivateIdentifier") this.visit(property as Node);
  }

  /** Long chains lean to the left: they must not cost host stack. */
  private binary(node: ESTree.BinaryExpression | ESTree.LogicalExpression): void {
    let left = node.left as Node;
    if (left.type === "BinaryExpression" || left.type === "LogicalExpression") {
      const rights: Node[] = [];
      do {
        rights.push(left.right);
        left = left.left as Node;
      } while (left.type === "BinaryExpression" || left.type === "LogicalExpression");
      this.visit(left);
      for (let i = rights.length - 1; i >= 0; i--) this.visit(rights[i]!);
    } else this.visit(left);
    this.visit(node.right);
  }

  private regExp(node: Node, { pattern, flags }: { pattern: string; flags: string }): void {
    const message = this.options.validateRegExp?.(pattern, flags) ?? null;
    if (message !== null) this.options.fail(message, node);
  }

  /** An element or a property of `arguments` is read. */
  private readArguments(): void {
    this.func.owner.argumentsReads++;
  }

  private superProperty(): void {
    this.func.owner.usesSuper = true;
    this.useThis();
    this.useCallee();
  }
}

function isArguments(node: Node): boolean {
  return node.type === "Identifier" && node.name === "arguments";
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
      return pattern.properties.some((p) =>
        p.type === "RestElement" ? hasExpression(p.argument) : p.computed || hasExpression(p.value),
      );
    default:
      return false;
  }
}
