// Owns what a long chain is made of, of members and calls (`a.b().c[d]`) or of one logical operator, for the walks that go along it without
// recursion. Must never know what the links are for.
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** A part of a chain: it begins with what the link inside it gives. */
export type Link = ESTree.MemberExpression | ESTree.CallExpression | ESTree.TaggedTemplateExpression;

function isLink(node: Node): node is Link {
  return node.type === "MemberExpression" || node.type === "CallExpression" || node.type === "TaggedTemplateExpression";
}

/** The operands of a chain of one logical operator (`a && b && c`), in order. */
export function operandsOf(node: ESTree.LogicalExpression): Node[] {
  const operands: Node[] = [];
  let left: Node = node;
  for (; left.type === "LogicalExpression" && left.operator === node.operator; left = left.left)
    operands.push(left.right);
  operands.push(left);
  operands.reverse();
  return operands;
}

export function calleeOf(link: ESTree.CallExpression | ESTree.TaggedTemplateExpression): Node {
  return link.type === "CallExpression" ? link.callee : link.tag;
}

/**
 * The link that is evaluated first when this one is; null if this one begins with something else. The member that a call calls is no
 * link of its own: it gives the call its `this`.
 */
export function innerLink(link: Link): Link | null {
  let inner: Node;
  if (link.type === "MemberExpression") inner = link.object;
  else {
    inner = calleeOf(link);
    if (inner.type === "MemberExpression") inner = inner.object;
  }
  return isLink(inner) ? inner : null;
}
