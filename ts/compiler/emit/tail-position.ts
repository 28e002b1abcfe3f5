// Owns the question whether an expression ends in a call, which may then take the place of its caller. Must never emit anything.
// https://tc39.es/ecma262/#sec-static-semantics-hascallintailposition
import type { Node } from "./state.ts";

/** True if a call may be the last step that produces the value of the node (it is in tail position). */
export function endsInCall(node: Node): boolean {
  switch (node.type) {
    case "CallExpression":
    case "TaggedTemplateExpression":
      return true;
    case "ChainExpression":
      return endsInCall(node.expression);
    case "ConditionalExpression":
      return endsInCall(node.consequent) || endsInCall(node.alternate);
    case "LogicalExpression":
      return endsInCall(node.right);
    case "SequenceExpression":
      return endsInCall(node.expressions[node.expressions.length - 1]!);
    default:
      return false;
  }
}
