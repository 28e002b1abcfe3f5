// Owns what patterns and statements do in pass 1 of scope analysis: which names they bind, which scopes they open, in the order of
// execution. Must never decide what an expression does (`find-bindings.ts`).

import type { ESTree } from "meriyah";
import { Declarations } from "./declarations.ts";
import { hasLexical } from "./hoist.ts";

type Node = ESTree.Node;

export abstract class StatementBindings extends Declarations {
  /** The node under an optional chain that is not only read (a callee or an operand of `delete`). */
  protected place: Node | null = null;

  abstract visit(node: Node): void;
  /** Leaves a scope: visits the functions that were hoisted into it. */
  abstract close(): void;
  protected abstract identifier(node: ESTree.Identifier): void;
  protected abstract member(node: ESTree.MemberExpression, isPlace: boolean): void;

  // --- patterns

  /**
   * A binding pattern of a declaration: visits initialisers and keys, initialises the names in order. In `let { a, b = a } = o` the second
   * a is READY. `value`: the value of a plain name, if it is known; parts of patterns may have any value.
   */
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

  /** An assignment target: as `bind`, but its names are assigned, and members are evaluated. */
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
  protected visitPlace(node: Node): void {
    switch (node.type) {
      case "Identifier":
        this.identifier(node);
        break;
      case "MemberExpression":
        this.member(node, true);
        break;
      // `a?.b()` and `delete a?.b`: the member under the chain is the place, not the chain.
      case "ChainExpression":
        this.place = node.expression;
        this.visit(node.expression);
        break;
      default:
        this.visit(node);
    }
  }

  // --- statements that open scopes

  /** A block without lexical declarations opens no scope: at run time it would only cost an environment. */
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

  /**
   * A static block has `var`s of its own, as a function has: https://tc39.es/ecma262/#sec-runtime-semantics-evaluateclassstaticblockbody
   */
  staticBlock(node: ESTree.StaticBlock): void {
    const scope = this.open("static", node);
    this.hoistInto(scope, node.body, true);
    this.declareBlock(scope, node.body);
    for (const statement of node.body) this.visit(statement);
    this.close();
  }

  /** https://tc39.es/ecma262/#sec-runtime-semantics-forloopevaluation; the body comes before the update, as it runs. */
  protected forStatement(node: ESTree.ForStatement): void {
    const init = node.init;
    // `let` of a loop head: each iteration has bindings of its own, a copy of those of the iteration before.
    const lexical = init !== null && init !== undefined && init.type === "VariableDeclaration" && init.kind !== "var";
    if (lexical) this.declareLexical(this.open("for", node), init);
    const functionsBefore = this.functions.length;
    if (init) this.visit(init);
    // A closure made in the head sees the bindings that come before the first iteration, so these need an environment apart.
    if (lexical) this.scope.headCaptured = this.functions.length > functionsBefore || this.scope.hasEval;
    if (node.test) this.visit(node.test);
    this.statement(node.body);
    if (node.update) this.visit(node.update);
    if (lexical) this.close();
  }

  /** https://tc39.es/ecma262/#sec-runtime-semantics-forinofheadevaluation; the target is bound after the right side, in each iteration. */
  protected forEach(node: ESTree.ForInStatement | ESTree.ForOfStatement): void {
    const left = node.left;
    if (node.type === "ForOfStatement" && node.await && this.func.kind === "program") this.func.async = true;
    if (left.type === "VariableDeclaration") {
      const declarator = left.declarations[0]!;
      const lexical = left.kind !== "var";
      this.disposal(left);
      // The bindings of the head exist, uninitialised, while the right side is evaluated: `for (const x of x)` is a ReferenceError.
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

  /**
   * A sub-statement: a lone function declaration behaves as if it were in a block.
   * https://tc39.es/ecma262/#sec-functiondeclarations-in-ifstatement-statement-clauses
   */
  protected statement(node: Node): void {
    if (node.type === "FunctionDeclaration") {
      const scope = this.open("block", node);
      this.declareBlock(scope, [node]);
      this.close();
    } else {
      this.visit(node);
    }
  }

  /** https://tc39.es/ecma262/#sec-runtime-semantics-caseblockevaluation. The walk passes through all clauses, a run may enter at any. */
  protected switchStatement(node: ESTree.SwitchStatement): void {
    // All clauses share one scope, but a declaration in one clause is not initialised by jumping into a later one (`clause`).
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

  /**
   * https://tc39.es/ecma262/#sec-try-statement-runtime-semantics-evaluation. What the block initialises is in its own scope, gone in the
   * handler.
   */
  protected tryStatement(node: ESTree.TryStatement): void {
    this.block(node.block, node.block.body);
    const handler = node.handler;
    if (handler) {
      if (handler.param) {
        const scope = this.open("catch", handler);
        // Annex B lets `var e` share the name of a plain catch parameter, not of one in a pattern.
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

  /** The resources of `await using` are awaited when their scope is left: at the top level, that makes the program async. */
  protected disposal(node: ESTree.VariableDeclaration): void {
    if (node.kind === "await using" && this.func.kind === "program") this.func.async = true;
  }
}
