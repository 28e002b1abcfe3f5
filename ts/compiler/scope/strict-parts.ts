// Owns the heritage and computed keys of classes in sloppy code: they are strict code, but evaluated outside the class's functions.
// Linked code is strict or sloppy by the function, so a part that could notice becomes an arrow function that is called at once:
//
//   class extends (x = f()) {}       becomes       class extends (() => x = f())() {}      with a strict arrow function
//
// Must never touch a part that cannot notice: most classes extend a name. https://tc39.es/ecma262/#sec-strict-mode-code
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** `differs`: strict mode changes the code. `suspends`: it awaits or yields, so it cannot move to another function. */
interface Findings {
  differs: boolean;
  suspends: boolean;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}

/** Adds to `found` what the node contains. Assignments and `delete` fail in strict code where sloppy code ignores the failure. */
function look(node: Node, found: Findings): void {
  switch (node.type) {
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
      // They are strict by themselves.
      return;
    case "AssignmentExpression":
    case "UpdateExpression":
      found.differs = true;
      break;
    case "UnaryExpression":
      if (node.operator === "delete") found.differs = true;
      break;
    case "YieldExpression":
    case "AwaitExpression":
      found.suspends = true;
      break;
    default:
      break;
  }
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const one of value as unknown[]) if (isNode(one)) look(one, found);
    } else if (isNode(value)) look(value, found);
  }
}

/** The expression in a call that `strictPart` has made; undefined for other calls: they end after their callee. */
export function wrappedPart({ callee, end }: ESTree.CallExpression): Node | undefined {
  return callee.type === "ArrowFunctionExpression" && callee.end === end ? (callee.body as Node) : undefined;
}

/** The expression, wrapped in a call of an arrow function if it can tell strict code from sloppy. */
export function strictPart(expression: ESTree.Expression): ESTree.Expression {
  const found: Findings = { differs: false, suspends: false };
  look(expression, found);
  if (!found.differs || found.suspends) return expression;
  const place = { start: expression.start, end: expression.end };
  const callee = {
    type: "ArrowFunctionExpression",
    params: [],
    body: expression,
    async: false,
    expression: true,
    ...place,
  };
  return { type: "CallExpression", callee, arguments: [], optional: false, ...place } as unknown as ESTree.Expression;
}
