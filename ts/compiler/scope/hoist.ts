// Owns the static semantics of declarations that need no scope: bound names of patterns, lexically declared names of
// statement lists, `var` names and Annex B functions of a function body. Must never create bindings.
//
//   function f() { { var a; let b; function g() {} } }
//     a    VarDeclaredNames: belongs to f's scope                        Hoister reports it
//     b    LexicallyDeclaredNames: belongs to the block                  hasLexical says that the block needs a scope
//     g    belongs to the block; in sloppy code also a `var` of f,       Hoister reports it (Annex B)
//          unless a `let g` in between would then conflict
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** Calls `found` with every identifier that a binding pattern binds: https://tc39.es/ecma262/#sec-static-semantics-boundnames */
export function boundNames(pattern: Node, found: (id: ESTree.Identifier) => void): void {
  switch (pattern.type) {
    case "Identifier":
      found(pattern);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        boundNames(property.type === "RestElement" ? property.argument : property.value, found);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) boundNames(element, found);
      break;
    case "AssignmentPattern":
      boundNames(pattern.left, found);
      break;
    case "RestElement":
      boundNames(pattern.argument, found);
      break;
    default:
      break;
  }
}

/**
 * True for a function or class without a name of its own: it takes the name of the variable or property it is assigned to.
 * https://tc39.es/ecma262/#sec-isanonymousfunctiondefinition
 */
export function isAnonymousFunction(node: Node): boolean {
  switch (node.type) {
    case "ArrowFunctionExpression":
      return true;
    case "FunctionExpression":
    case "ClassExpression":
      return !node.id;
    default:
      return false;
  }
}

/** The declaration in a statement: of an `export`, the one that is exported; of any other statement, itself. */
export function declarationOf(statement: Node): Node {
  if (statement.type === "ExportNamedDeclaration" && statement.declaration !== null) return statement.declaration;
  if (statement.type === "ExportDefaultDeclaration") return statement.declaration;
  return statement;
}

/** True if a block needs a scope: it declares something lexically. */
export function hasLexical(statements: readonly Node[]): boolean {
  for (const statement of statements) {
    switch (statement.type) {
      case "VariableDeclaration":
        if (statement.kind !== "var") return true;
        break;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return true;
      case "LabeledStatement":
        if (labelledFunction(statement) !== null) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

/** How the resources of a statement list are disposed of: not at all, synchronously, or with awaits. */
export type Disposal = "none" | "sync" | "async";

/** The kind of disposal that the `using` declarations directly in a statement list need. */
export function disposalOf(statements: readonly Node[]): Disposal {
  let disposal: Disposal = "none";
  for (const statement of statements) {
    if (statement.type !== "VariableDeclaration") continue;
    if (statement.kind === "await using") return "async";
    if (statement.kind === "using") disposal = "sync";
  }
  return disposal;
}

/** The function in `l: function f() {}`, which only sloppy code may declare; null for other statements. */
export function labelledFunction(statement: Node): ESTree.FunctionDeclaration | null {
  let body: Node = statement;
  while (body.type === "LabeledStatement") body = body.body;
  return body.type === "FunctionDeclaration" ? body : null;
}

/**
 * The names that a block, loop, switch or catch clause declares lexically:
 * https://tc39.es/ecma262/#sec-static-semantics-lexicallydeclarednames. A `var` of such a name inside would be an early error.
 */
function lexicalNames(scopeNode: Node): ReadonlySet<string> {
  const found = new Set<string>();
  const see = (id: ESTree.Identifier): void => void found.add(id.name);
  const statements = (list: readonly Node[]): void => {
    for (const statement of list) {
      if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
        for (const declarator of statement.declarations) boundNames(declarator.id, see);
      } else if (statement.type === "ClassDeclaration" || statement.type === "FunctionDeclaration") {
        if (statement.id !== null) see(statement.id);
      } else if (statement.type === "LabeledStatement") {
        const labelled = labelledFunction(statement);
        if (labelled !== null && labelled.id !== null) see(labelled.id);
      }
    }
  };
  switch (scopeNode.type) {
    case "BlockStatement":
      statements(scopeNode.body);
      break;
    case "SwitchStatement":
      for (const clause of scopeNode.cases) statements(clause.consequent);
      break;
    case "ForStatement":
      if (scopeNode.init !== null) statements([scopeNode.init]);
      break;
    case "ForInStatement":
    case "ForOfStatement":
      statements([scopeNode.left]);
      break;
    case "CatchClause":
      // A plain catch parameter does not prevent hoisting: https://tc39.es/ecma262/#sec-variablestatements-in-catch-blocks
      if (scopeNode.param !== null && scopeNode.param.type !== "Identifier") boundNames(scopeNode.param, see);
      break;
    default:
      break;
  }
  return found;
}

/** Receives the declarations that are hoisted, in the order of the source. */
export interface HoistSink {
  /** A `var` name. */
  readonly variable: (id: ESTree.Identifier) => void;
  /** A function in a block of sloppy code that would also make a `var` (Annex B.3.3); the sink decides by its name. */
  readonly blockFunction: (node: ESTree.FunctionDeclaration) => void;
}

/**
 * Walks the statements of function bodies and reports the declarations that are hoisted out of blocks. Expressions and nested functions
 * are not entered: no `var` of theirs belongs to this body. https://tc39.es/ecma262/#sec-static-semantics-vardeclarednames
 */
export class Hoister {
  private readonly sink: HoistSink;
  private strict = false;
  /** Nodes that may declare something lexically, around the current place. */
  private readonly enclosing: Node[] = [];
  /** The names they declare, computed on demand. */
  private known: Map<Node, ReadonlySet<string>> | null = null;

  constructor(sink: HoistSink) {
    this.sink = sink;
  }

  /** Walks the statements of one body. `strict`: Annex B does not apply. */
  walk(statements: readonly Node[], strict: boolean): void {
    this.strict = strict;
    for (const statement of statements) this.visit(statement, false);
    this.known = null;
  }

  private namesOf(scopeNode: Node): ReadonlySet<string> {
    const known = (this.known ??= new Map());
    let names = known.get(scopeNode);
    if (names === undefined) known.set(scopeNode, (names = lexicalNames(scopeNode)));
    return names;
  }

  private variables(node: ESTree.VariableDeclaration): void {
    if (node.kind !== "var") return;
    for (const { id } of node.declarations) {
      if (id.type === "Identifier") this.sink.variable(id);
      else boundNames(id, this.sink.variable);
    }
  }

  /**
   * A function in a block is also a variable outside, if replacing it by `var` would give no early error: no block between it and the body
   * declares its name. https://tc39.es/ecma262/#sec-block-level-function-declarations-web-legacy-compatibility-semantics
   */
  private inBlock(node: ESTree.FunctionDeclaration): void {
    if (this.strict || node.async || node.generator || node.id === null) return;
    // The innermost entry is the block that contains the function.
    for (let i = 0; i < this.enclosing.length - 1; i++) {
      if (this.namesOf(this.enclosing[i]!).has(node.id.name)) return;
    }
    this.sink.blockFunction(node);
  }

  private block(node: ESTree.BlockStatement): void {
    this.enclosing.push(node);
    for (const statement of node.body) this.visit(statement, true);
    this.enclosing.pop();
  }

  /** `else if` after `else if`, without host stack. */
  private ifStatement(node: ESTree.IfStatement): void {
    let last = node;
    this.branch(last.consequent);
    for (; last.alternate?.type === "IfStatement"; this.branch(last.consequent)) last = last.alternate;
    if (last.alternate) this.branch(last.alternate);
  }

  private within(scopeNode: Node, body: Node): void {
    this.enclosing.push(scopeNode);
    this.visit(body, false);
    this.enclosing.pop();
  }

  /** `block`: the node is a direct child of a block. */
  private visit(node: Node, block: boolean): void {
    switch (node.type) {
      case "VariableDeclaration":
        this.variables(node);
        break;
      case "FunctionDeclaration":
        if (block) this.inBlock(node);
        break;
      case "IfStatement":
        this.ifStatement(node);
        break;
      case "ForStatement":
        if (node.init && node.init.type === "VariableDeclaration") this.variables(node.init);
        this.within(node, node.body);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type === "VariableDeclaration") this.variables(node.left);
        this.within(node, node.body);
        break;
      case "WhileStatement":
      case "DoWhileStatement":
      case "WithStatement":
        this.visit(node.body, false);
        break;
      case "LabeledStatement":
        this.visit(node.body, block);
        break;
      case "BlockStatement":
        this.block(node);
        break;
      case "SwitchStatement":
        this.switchStatement(node);
        break;
      case "TryStatement":
        this.block(node.block);
        if (node.handler) {
          this.enclosing.push(node.handler);
          this.block(node.handler.body);
          this.enclosing.pop();
        }
        if (node.finalizer) this.block(node.finalizer);
        break;
      case "ExportNamedDeclaration":
        if (node.declaration !== null) this.visit(node.declaration, false);
        break;
      default:
        break;
    }
  }

  /** All clauses of a switch are one block. Functions directly in a clause are in it, though the clause is no block statement. */
  private switchStatement(node: ESTree.SwitchStatement): void {
    this.enclosing.push(node);
    for (const { consequent } of node.cases) {
      for (const statement of consequent) this.visit(statement, false);
      for (const statement of consequent) {
        const plain = statement.type === "LabeledStatement" ? labelledFunction(statement) : statement;
        if (plain !== null && plain.type === "FunctionDeclaration") this.inBlock(plain);
      }
    }
    this.enclosing.pop();
  }

  /** `if (x) function f() {}` behaves as if the function were in a block. */
  private branch(node: Node): void {
    if (node.type === "FunctionDeclaration") {
      this.enclosing.push(node);
      this.inBlock(node);
      this.enclosing.pop();
    } else {
      this.visit(node, false);
    }
  }
}
