// Owns the declaring of names when a scope opens: lexical names, functions, `var` names hoisted out of blocks, functions in
// blocks (Annex B). Must never visit initialisers or bodies.
import type { ESTree } from "meriyah";
import { boundNames, hoist, labelledFunction } from "./hoist.ts";
import type { Binding, Scope } from "./model.ts";
import { Resolver } from "./resolver.ts";

type Node = ESTree.Node;

export class Declarations extends Resolver {
  /** Code being visited is strict. */
  strict = false;
  /** Functions in blocks that also assign a variable outside; null = a global. */
  protected readonly annexB = new Map<Node, Binding | null>();
  protected readonly globalVars = new Set<string>();

  protected declareFunction(scope: Scope, node: ESTree.FunctionDeclaration): void {
    (scope.functions ??= []).push(node);
    if (node.id === null) return; // export default: its cell has no name
    const known = this.own(scope, node.id.name);
    if (known === null) this.declare(scope, node.id.name, "function", 0);
    else known.primitive = false;
  }

  /** Declares what a statement of `scope` declares lexically, functions excepted. */
  protected declareLexical(scope: Scope, statement: Node): void {
    if (statement.type === "VariableDeclaration") {
      if (statement.kind === "var") return;
      // What `using` declares cannot be assigned either.
      const kind = statement.kind === "let" ? "let" : "const";
      for (const declarator of statement.declarations) {
        if (declarator.id.type === "Identifier") this.declare(scope, declarator.id.name, kind, Infinity);
        else boundNames(declarator.id, (id) => this.declare(scope, id.name, kind, Infinity));
      }
    } else if (statement.type === "ClassDeclaration" && statement.id !== null) {
      this.declare(scope, statement.id.name, "class", Infinity);
    }
  }

  /** Declares the lexical names and functions of a block. */
  protected declareBlock(scope: Scope, statements: readonly Node[]): void {
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
  protected hoistInto(scope: Scope, statements: readonly Node[], local: boolean): void {
    const blockFunctions: ESTree.FunctionDeclaration[] = [];
    const info = scope.func;
    const variable = (name: string): Binding | null => {
      if (!local) {
        this.globalVars.add(name);
        return null;
      }
      const known = this.own(scope, name);
      if (known !== null) return known;
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
}
