// Owns the static semantics of declarations that need no scope: bound names of patterns, lexically declared names of
// statement lists, `var` names and Annex B functions of a function body. Must never create bindings.
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** Calls `found` with every identifier a binding pattern binds. */
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

/** A function or class without a name of its own: it takes the name of what it is assigned to. */
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

/** The declaration a statement stands for: `export` is looked through. */
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

/** How resources of a statement list are disposed of: none, at once, or with awaits. */
export type Disposal = "none" | "sync" | "async";

/** What the `using` declarations right in a statement list call for. */
export function disposalOf(statements: readonly Node[]): Disposal {
  let disposal: Disposal = "none";
  for (const statement of statements) {
    if (statement.type !== "VariableDeclaration") continue;
    if (statement.kind === "await using") return "async";
    if (statement.kind === "using") disposal = "sync";
  }
  return disposal;
}

/** `l: function f() {}` (sloppy). */
export function labelledFunction(statement: Node): ESTree.FunctionDeclaration | null {
  let body: Node = statement;
  while (body.type === "LabeledStatement") body = body.body;
  return body.type === "FunctionDeclaration" ? body : null;
}

/** The names that a block, loop, switch or catch clause declares lexically. */
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
      // A plain catch parameter does not stand in the way (B.3.4).
      if (scopeNode.param !== null && scopeNode.param.type !== "Identifier") boundNames(scopeNode.param, see);
      break;
    default:
      break;
  }
  return found;
}

export interface HoistSink {
  /** A `var` name. */
  variable(id: ESTree.Identifier): void;
  /** A function in a block of sloppy code that would also make a `var` (Annex B.3.3); the sink decides by its name. */
  blockFunction(node: ESTree.FunctionDeclaration): void;
}

/** Walks the statements of a function body (expressions are not entered) and reports what is hoisted out of blocks. */
export function hoist(statements: readonly Node[], strict: boolean, sink: HoistSink): void {
  const enclosing: Node[] = [];
  const known = new Map<Node, ReadonlySet<string>>();
  const namesOf = (scopeNode: Node): ReadonlySet<string> => {
    let names = known.get(scopeNode);
    if (names === undefined) known.set(scopeNode, (names = lexicalNames(scopeNode)));
    return names;
  };

  const variables = (node: ESTree.VariableDeclaration): void => {
    if (node.kind !== "var") return;
    for (const declarator of node.declarations) boundNames(declarator.id, (id) => sink.variable(id));
  };

  const inBlock = (node: ESTree.FunctionDeclaration): void => {
    if (strict || node.async || node.generator || node.id === null) return;
    // The innermost entry is the block the function stands in.
    for (let i = 0; i < enclosing.length - 1; i++) {
      if (namesOf(enclosing[i]!).has(node.id.name)) return;
    }
    sink.blockFunction(node);
  };

  const list = (body: readonly Node[], scopeNode: Node | null): void => {
    if (scopeNode !== null) enclosing.push(scopeNode);
    for (const statement of body) visit(statement, scopeNode !== null);
    if (scopeNode !== null) enclosing.pop();
  };

  const within = (scopeNode: Node, body: Node): void => {
    enclosing.push(scopeNode);
    visit(body, false);
    enclosing.pop();
  };

  const visit = (node: Node, block: boolean): void => {
    switch (node.type) {
      case "VariableDeclaration":
        variables(node);
        break;
      case "FunctionDeclaration":
        if (block) inBlock(node);
        break;
      case "IfStatement":
        branch(node.consequent);
        if (node.alternate) branch(node.alternate);
        break;
      case "ForStatement":
        if (node.init && node.init.type === "VariableDeclaration") variables(node.init);
        within(node, node.body);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        if (node.left.type === "VariableDeclaration") variables(node.left);
        within(node, node.body);
        break;
      case "WhileStatement":
      case "DoWhileStatement":
      case "WithStatement":
        visit(node.body, false);
        break;
      case "LabeledStatement":
        visit(node.body, block);
        break;
      case "BlockStatement":
        list(node.body, node);
        break;
      case "SwitchStatement":
        enclosing.push(node);
        for (const clause of node.cases) {
          list(clause.consequent, null);
          blockFunctionsOf(clause.consequent);
        }
        enclosing.pop();
        break;
      case "TryStatement":
        list(node.block.body, node.block);
        if (node.handler) {
          enclosing.push(node.handler);
          list(node.handler.body.body, node.handler.body);
          enclosing.pop();
        }
        if (node.finalizer) list(node.finalizer.body, node.finalizer);
        break;
      case "ExportNamedDeclaration":
        if (node.declaration !== null) visit(node.declaration, false);
        break;
      default:
        break;
    }
  };

  // `if (x) function f() {}` behaves as if the function stood in a block.
  const branch = (node: Node): void => {
    if (node.type === "FunctionDeclaration") {
      enclosing.push(node);
      inBlock(node);
      enclosing.pop();
    } else {
      visit(node, false);
    }
  };

  const blockFunctionsOf = (body: readonly Node[]): void => {
    for (const statement of body) {
      const plain = statement.type === "LabeledStatement" ? labelledFunction(statement) : statement;
      if (plain !== null && plain.type === "FunctionDeclaration") inBlock(plain);
    }
  };

  list(statements, null);
}
