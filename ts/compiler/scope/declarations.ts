// Owns the declaring of names when a scope opens: lexical names, functions, `var` names hoisted out of blocks, functions in
// blocks (Annex B). Must never visit initialisers or bodies.
//
// All names of a scope are declared before anything in it is visited, so that each use finds the right binding, even before the
// declaration: it is then in its dead zone, or for a function or `var` has a value already.
//
//                       kind         initTime    goes to
//   let, const, class   lexical      NOT_YET     the scope of their block
//   function            function     0           the scope of their block, and Annex B the variable outside
//   var                 var          0           the body of the function, or the global object
import type { ESTree } from "meriyah";
import { boundNames, Hoister, labelledFunction } from "./hoist.ts";
import { NOT_YET, type Binding, type BindingKind, type Scope } from "./model.ts";
import { Resolver } from "./resolver.ts";

type Node = ESTree.Node;

/** Name of the hidden binding for variables that direct eval adds outside of a list of parameters with expressions. */
export const PARAMETER_VARIABLES = "%parameters";

export class Declarations extends Resolver {
  /** Code being visited is strict. */
  strict = false;
  /** Functions in blocks that also assign a variable outside; null = a global. */
  protected readonly annexB = new Map<Node, Binding | null>();
  /** Names that `var` declares on the global object. */
  protected readonly globalVars = new Set<string>();
  /** Where sloppy code from a string puts its variables; null: other code is being analysed. */
  protected evalTarget: "global" | Binding | null = null;
  /** Names it adds to the variables of a function. */
  protected readonly evalVariables = new Set<string>();
  /** Names of functions in its blocks that become global variables where possible. */
  protected readonly evalOptional = new Set<string>();
  private readonly hoister = new Hoister({
    variable: (id) => void this.variable(id),
    blockFunction: (node) => this.blockFunctions.push(node),
  });
  /** Scope that hoisted variables go to, unless they are globals. */
  private variables!: Scope;
  /** False while the top level of a script or of sloppy evaluated code is declared. */
  private areVariablesLocal = true;
  private readonly blockFunctions: ESTree.FunctionDeclaration[] = [];

  /**
   * True if a declaration between the eval call and the scope of its variables forbids a variable of that name: step 3 of
   * https://tc39.es/ecma262/#sec-evaldeclarationinstantiation. `optional`: the name is that of a function in a block (Annex B), which a
   * conflict only keeps from becoming a variable too; a `var` that conflicts is an error.
   */
  private lexicalConflict(target: "global" | Binding, name: string, optional: boolean): boolean {
    for (let scope = this.scope.parent; scope !== null; scope = scope.parent) {
      const isTarget = target !== "global" && scope === target.scope;
      for (const binding of scope.named(name)) {
        switch (binding.kind) {
          case "let":
          case "const":
          case "class":
          case "cname":
            return true;
          case "catch":
            if (optional || scope.isPattern) return true;
            break;
          case "function":
            if (!isTarget && scope.kind !== "params" && scope.kind !== "body") return true;
            break;
          case "param":
          case "arguments":
            if (isTarget && target.name === PARAMETER_VARIABLES) return true;
            break;
          default:
            break;
        }
      }
      if (isTarget) return false;
    }
    return false;
  }

  /** A `var` or function of sloppy code from a string: its binding, or null if it is found by name. */
  protected evalVariable(target: "global" | Binding, name: string, node: Node): Binding | null {
    if (this.lexicalConflict(target, name, false))
      this.options.fail(`Identifier '${name}' has already been declared`, node);
    return this.evalBinding(target, name);
  }

  /** The binding for a variable of evaluated code: one that the function around has already, or null for one found by name. */
  private evalBinding(target: "global" | Binding, name: string): Binding | null {
    if (target === "global") {
      this.globalVars.add(name);
      return null;
    }
    const known = target.scope.named(name).find(({ kind }) => kind !== "fname");
    if (known !== undefined) return known;
    this.evalVariables.add(name);
    return null;
  }

  /** A function in a block of sloppy code from a string (Annex B): it also becomes a variable, unless that would conflict. */
  private optionalVariable(target: "global" | Binding, name: string, node: Node): void {
    if (this.lexicalConflict(target, name, true)) return;
    if (target === "global") {
      this.evalOptional.add(name);
      this.annexB.set(node, null);
    } else {
      this.annexB.set(node, this.evalBinding(target, name) ?? target);
    }
  }

  /**
   * Declares a function, whose value is made when the scope is entered. A later function of the same name shares the binding, and its value
   * wins; one with the name of a parameter assigns that parameter.
   */
  protected declareFunction(scope: Scope, node: ESTree.FunctionDeclaration): void {
    (scope.functions ??= []).push(node);
    if (node.id === null) return; // export default: its cell has no name
    const known = this.own(scope, node.id.name);
    if (known === null) this.declare(scope, node.id.name, "function", 0);
    else {
      known.primitive = false;
      if (known.kind === "param") scope.func.assignsParameters = true;
    }
  }

  /** Declares the lexical names of a statement of `scope`, except functions. */
  protected declareLexical(scope: Scope, statement: Node): void {
    if (statement.type === "VariableDeclaration") {
      if (statement.kind === "var") return;
      // Names declared by `using` cannot be assigned either.
      const kind = statement.kind === "let" ? "let" : "const";
      for (const declarator of statement.declarations) {
        this.declarePattern(scope, declarator.id, kind);
      }
    } else if (statement.type === "ClassDeclaration" && statement.id !== null) {
      this.declare(scope, statement.id.name, "class", NOT_YET);
    }
  }

  /** Declares the names of a pattern, which are not initialised yet. */
  protected declarePattern(scope: Scope, pattern: Node, kind: BindingKind): void {
    if (pattern.type === "Identifier") this.declare(scope, pattern.name, kind, NOT_YET);
    else this.declareNames(scope, pattern, kind);
  }

  private declareNames(scope: Scope, pattern: Node, kind: BindingKind): void {
    boundNames(pattern, (id) => this.declare(scope, id.name, kind, NOT_YET));
  }

  /** Declares the lexical names and functions of a block. */
  protected declareBlock(scope: Scope, statements: readonly Node[]): void {
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? statement;
      if (plain.type === "FunctionDeclaration") {
        this.declareFunction(scope, plain);
        // The function can be called through its outer variable before it is mentioned here.
        if (this.annexB.has(plain)) scope.releaseTime = 0;
      } else {
        this.declareLexical(scope, plain);
      }
    }
  }

  /** Declares a hoisted variable; null = a global. */
  private variable(id: ESTree.Identifier): Binding | null {
    const { name } = id;
    if (!this.areVariablesLocal) {
      if (this.evalTarget !== null) return this.evalVariable(this.evalTarget, name, id);
      this.globalVars.add(name);
      return null;
    }
    const scope = this.variables;
    const known = this.own(scope, name);
    if (known !== null) return known;
    const info = scope.func;
    if (
      name === "arguments" &&
      scope === info.params &&
      info.kind !== "arrow" &&
      info.kind !== "program" &&
      scope.kind === "params"
    ) {
      return (info.argumentsBinding = this.declare(scope, name, "arguments", 0));
    }
    return this.declare(scope, name, "var", 0);
  }

  /**
   * Declares the `var` names and Annex B functions of a body. `local`: in `scope`, else as globals (or as variables of the function around
   * an eval). Annex B functions come last, because a lexical name or parameter of the body forbids them.
   */
  protected hoistInto(scope: Scope, statements: readonly Node[], local: boolean): void {
    this.variables = scope;
    this.areVariablesLocal = local;
    this.hoister.walk(statements, this.strict);
    if (this.blockFunctions.length === 0) return;
    const blockFunctions = this.blockFunctions.splice(0);
    const info = scope.func;
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
      // Such a function cannot be assigned to the arguments object, which is not a variable.
      if (name === "arguments" && info.kind !== "arrow" && info.kind !== "program") continue;
      if (local && params !== undefined && params.kind === "params") {
        const param = this.own(params, name);
        if (param !== null && param.kind === "param") continue;
      }
      if (!local && this.evalTarget !== null) this.optionalVariable(this.evalTarget, name, node);
      else this.annexB.set(node, this.variable(node.id!));
    }
  }
}
