// Owns the search for functions that contain a direct eval call, which must be known before any of their names is resolved: such a call
// may add variables to the function, and names inside must look for them first. Must never look at scopes.
//
// It is a walk of its own, over all properties of all nodes, and runs only for sources that mention `eval`.
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** A call of `eval` that is direct if the callee is %eval%: https://tc39.es/ecma262/#sec-function-calls-runtime-semantics-evaluation. */
export function isDirectEval(node: Node): node is ESTree.CallExpression {
  return (
    node.type === "CallExpression" &&
    node.optional !== true &&
    node.callee.type === "Identifier" &&
    node.callee.name === "eval"
  );
}

/** Bits for the place of a direct eval call in a function. With parameter expressions, the two places have variables of their own. */
export const IN_PARAMETERS = 1;
export const IN_BODY = 2;

/** Functions with direct eval calls of their own; the bits say where the calls are. */
export function findEvals(program: ESTree.Program): ReadonlyMap<Node, number> {
  const found = new Map<Node, number>();
  const open: { readonly node: unknown; readonly func: Node; readonly part: number }[] = [
    { node: program, func: program, part: IN_BODY },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, func, part } = next;
    if (Array.isArray(node)) {
      for (const element of node) open.push({ node: element, func, part });
    } else if (typeof node === "object" && node !== null && "type" in node) {
      const tree = node as Node;
      if (isDirectEval(tree)) found.set(func, (found.get(func) ?? 0) | part);
      const isFunction =
        tree.type === "FunctionDeclaration" ||
        tree.type === "FunctionExpression" ||
        tree.type === "ArrowFunctionExpression";
      for (const [key, child] of Object.entries(tree)) {
        if (typeof child !== "object" || child === null) continue;
        if (isFunction && key === "params") open.push({ node: child, func: tree, part: IN_PARAMETERS });
        else if (isFunction && key === "body") open.push({ node: child, func: tree, part: IN_BODY });
        else open.push({ node: child, func, part });
      }
    }
  }
  return found;
}
