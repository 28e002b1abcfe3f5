// Owns pass 1 of scope analysis: walks the tree once in the order of execution, opens scopes, declares bindings and has every
// identifier resolved. The walk shows which bindings are captured, which are surely initialised, and where they are assigned.
// Must never decide where a binding lives (`assign-slots.ts`).
//
// Walking in the order of execution is what proves most checks of the temporal dead zone unnecessary. A use that the walk meets after
// the initialisation cannot run before it, if both are in one function: loops enter a scope anew. Three cases need care:
//
//   switch              a clause may be jumped over: its names are READY only within their clause (`clause`)
//   closures            run later: READY if the binding was initialised when the closure was made, else CHECK
//   hoisted functions   may run from their first mention on: their bodies are visited when their scope closes, and only bindings that
//                       were initialised at that mention are READY in them (`releaseTime`, `deferrals`)

import type { ESTree } from "meriyah";
import type { Analysis } from "./analysis.ts";
import { visitClass } from "./class-bindings.ts";
import { FunctionBindings, hasUseStrict } from "./function-bindings.ts";
import { readScopes } from "./eval-scopes.ts";
import { findEvals, isDirectEval } from "./find-evals.ts";
import { calleeOf, innerLink, type Link } from "./chains.ts";
import { boundNames, declarationOf, labelledFunction } from "./hoist.ts";
import { type Binding, type ClassInfo, type EvalCode, FunctionInfo, NOT_YET, type Scope } from "./model.ts";
import { collectModule } from "./modules.ts";
import { hasNewTarget } from "./resolver.ts";

type Node = ESTree.Node;

export class Analyzer extends FunctionBindings {
  readonly classes = new Map<Node, ClassInfo>();
  private readonly globalFunctions: ESTree.FunctionDeclaration[] = [];
  private readonly globalLexicals: { name: string; isConst: boolean }[] = [];

  // --- program

  /**
   * Analyses a whole program.
   *
   * @param node the program; `statements` are its own or, if the parser wrapped the source (parse.ts), those inside
   * @throws CompileError through `options.fail`, for what the parser lets pass
   */
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
        // Kept by the realm for later scripts: in this program they are globals, which it finds by name.
        this.globalLexicals.push({ name: plain.id.name, isConst: false });
      } else if (persistent && plain.type === "VariableDeclaration" && plain.kind !== "var") {
        const isConst = plain.kind !== "let";
        for (const d of plain.declarations)
          boundNames(d.id, (id) => this.globalLexicals.push({ name: id.name, isConst }));
      } else {
        this.declareLexical(scope, plain);
      }
    }
    // All names are declared: now the code, in the order of execution.
    for (const statement of statements) this.visit(statement);
    // The global object hands them out to any code at any time: in them nothing of the program is surely initialised.
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

  /** The evaluated code is in the initialiser of a field, where `arguments` is an error. */
  private inFields = false;

  /** The variables whose values are the top-level functions of evaluated code. */
  private readonly evalFunctions = new Map<Node, Binding | null>();

  /** Opens the scopes around the eval call, from their description (eval-scopes.ts): names resolve as they would have there. */
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

  /**
   * The place for variables of sloppy evaluated code: those of the nearest function around it with an object for them, else the global
   * object. https://tc39.es/ecma262/#sec-evaldeclarationinstantiation
   */
  private findTarget(): "global" | Binding {
    for (let scope = this.scope.parent; scope !== null; scope = scope.parent) {
      const variables = scope.bindings.find(({ kind }) => kind === "vars");
      if (variables !== undefined) return variables;
    }
    return "global";
  }

  /** A top-level function of a script or of sloppy evaluated code, which is not local to it. */
  private topFunction(node: ESTree.FunctionDeclaration): void {
    this.globalFunctions.push(node);
    if (this.evalTarget !== null) this.evalFunctions.set(node, this.evalVariable(this.evalTarget, node.id!.name, node));
  }

  /** Declarations of evaluated code that the emitter must make at run time. */
  private evalCode(): EvalCode {
    return {
      target: this.evalTarget ?? "own",
      variables: [...this.evalVariables],
      functions: this.globalFunctions.map((node) => ({ node, binding: this.evalFunctions.get(node) ?? null })),
      optional: [...this.evalOptional],
    };
  }

  /**
   * Everything around a direct eval call can be seen from the code it evaluates: all bindings must live in environments (`hasEval`), and
   * `this` and its relatives must have bindings, since the evaluated code may use them as an arrow function would. `arguments` is
   * resolved once at an offset beyond the source, which makes its binding and hits no identifier.
   */
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

  /** Leaves a scope: its hoisted functions are visited now, with the initialisations that were done when one was first mentioned. */
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

  // --- the walk

  /**
   * Visits a node and the nodes in it, in the order of execution. A `switch` over all types, as in the emitter: what a type needs is in one
   * case, and an unknown type is refused.
   */
  visit(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.identifier(node);
        break;
      case "Literal":
        if ("regex" in node && node.regex) this.regExp(node, node.regex);
        break;
      case "MemberExpression":
        if (innerLink(node) === null) this.member(node, node === this.place);
        else this.chain(node);
        break;
      case "ExpressionStatement":
        this.visit(node.expression);
        break;
      case "CallExpression":
        if (innerLink(node) === null) this.call(node);
        else this.chain(node);
        break;
      case "AssignmentExpression":
        this.assignment(node);
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
      // `f(...arguments)` is how most code passes arguments on: it reads them once, without needing the object.
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
        this.ifStatement(node);
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
        if (innerLink(node) === null) {
          this.visitPlace(node.tag);
          this.visit(node.quasi);
        } else this.chain(node);
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
      // Top-level await makes the whole program an async function.
      case "AwaitExpression":
        if (this.func.kind === "program") this.func.async = true;
        this.visit(node.argument);
        break;
      case "YieldExpression":
        if (node.argument) this.visit(node.argument);
        break;
      // Private names are bindings of the class scope, so that `#x` of an outer class is found as any variable is.
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

  /** A name that is read. */
  protected identifier(node: ESTree.Identifier): void {
    if (this.inFields && node.name === "arguments" && this.func.owner.node.type === "Program")
      this.options.fail("'arguments' is not allowed in class field initializer", node);
    this.resolve(node.name, node.start!);
  }

  /**
   * A member expression. `isPlace`: it is not only read. `arguments.length` and `arguments[i]` are counted as reads, for which the
   * arguments object and the parameters need not share values (assign-slots.ts).
   */
  protected member(node: ESTree.MemberExpression, isPlace: boolean): void {
    const { object } = node;
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
    this.visitKey(node);
  }

  /** An assignment, and those on its right (`x = y = z`), without host stack. */
  private assignment(node: ESTree.AssignmentExpression): void {
    // The right side comes first: a name that it initialises is initialised when this one is assigned.
    const names: ESTree.AssignmentExpression[] = [];
    let last = node;
    for (;;) {
      if (last.left.type === "Identifier") names.push(last);
      else if (last.operator === "=") this.assign(last.left, last.right);
      else this.visitPlace(last.left);
      if (last.right.type !== "AssignmentExpression") break;
      last = last.right;
    }
    this.visit(last.right);
    for (let i = names.length - 1; i >= 0; i--) {
      const { left, operator, right } = names[i]!;
      // `&&=`, `||=` and `??=` may assign the right side itself; every other operator makes a primitive.
      const gives = operator === "=" || (operator.length > 2 && /^(&&|\|\||\?\?)/.test(operator));
      this.write(left as ESTree.Identifier, gives ? right : null);
    }
  }

  private call(node: ESTree.CallExpression): void {
    // super() looks for the parent of the running function, passes new.target on, and binds `this`.
    if (node.callee.type === "Super") {
      this.useCallee();
      this.useNewTarget();
      this.useThis();
    } else {
      this.visitPlace(node.callee);
    }
    for (const argument of node.arguments) this.visit(argument);
    if (this.options.allowEval && isDirectEval(node)) this.directEval();
  }

  /** A link whose object is a link too: long chains must not cost host stack. */
  private chain(node: Link): void {
    const links: Link[] = [];
    let inner: Link = node;
    for (let next = innerLink(inner); next !== null; next = innerLink(inner)) {
      links.push(inner);
      inner = next;
    }
    this.visit(inner);
    for (let i = links.length - 1; i >= 0; i--) {
      const link = links[i]!;
      if (link.type === "MemberExpression") this.visitKey(link);
      else {
        const callee = calleeOf(link);
        if (callee.type === "MemberExpression") this.visitKey(callee);
        if (link.type === "CallExpression") for (const argument of link.arguments) this.visit(argument);
        else this.visit(link.quasi);
      }
    }
  }

  private visitKey({ computed, property }: ESTree.MemberExpression): void {
    if (computed || property.type === "PrivateIdentifier") this.visit(property as Node);
  }

  /** `else if` after `else if`, without host stack. */
  private ifStatement(node: ESTree.IfStatement): void {
    for (let branch: ESTree.IfStatement | null = node; branch !== null;) {
      this.visit(branch.test);
      this.statement(branch.consequent);
      const { alternate }: ESTree.IfStatement = branch;
      branch = null;
      if (alternate?.type === "IfStatement") branch = alternate;
      else if (alternate) this.statement(alternate);
    }
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

  /**
   * Early errors of a regular expression literal, which the parser leaves to the owner of the RegExp syntax:
   * https://tc39.es/ecma262/#sec-primary-expression-regular-expression-literals-static-semantics-early-errors
   */
  private regExp(node: Node, { pattern, flags }: { pattern: string; flags: string }): void {
    const message = this.options.validateRegExp?.(pattern, flags) ?? null;
    if (message !== null) this.options.fail(message, node);
  }

  /** An element or a property of `arguments` is read. */
  private readArguments(): void {
    this.func.owner.argumentsReads++;
  }

  /** `super.x` needs the function, which knows its home object, and `this`; in an arrow both come from the method around it. */
  private superProperty(): void {
    this.func.owner.usesSuper = true;
    this.useThis();
    this.useCallee();
  }
}

function isArguments(node: Node): boolean {
  return node.type === "Identifier" && node.name === "arguments";
}
