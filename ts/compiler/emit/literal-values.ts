// Owns which expressions V8 takes for literals while it parses: they set no place, and what they decide is compiled as decided. Must never
// be used for what a program computes (constantOf in operators.ts is).
import type { Node } from "./state.ts";

type Value = string | number | boolean | bigint | null;

/** Deeper literals are not worth the time. */
const MAX_DEPTH = 20;

/** The literal that V8 makes of an expression; undefined if it makes none. */
export function literalOf(node: Node, depth = 0): { readonly value: Value } | undefined {
  switch (node.type) {
    case "Literal":
      if ("regex" in node) return undefined;
      if ("bigint" in node && typeof node.bigint === "string") return { value: BigInt(node.bigint) };
      return { value: node.value as Value };
    case "TemplateLiteral":
      return node.expressions.length === 0 ? { value: node.quasis[0]!.value.cooked ?? "" } : undefined;
    case "UnaryExpression": {
      if (depth > MAX_DEPTH || !"!+-~".includes(node.operator)) return undefined;
      const literal = literalOf(node.argument, depth + 1);
      if (literal === undefined) return undefined;
      const { value } = literal;
      if (node.operator === "!") return { value: !value };
      if (typeof value !== "number") return undefined;
      return { value: node.operator === "+" ? value : node.operator === "-" ? -value : ~value };
    }
    case "BinaryExpression": {
      if (depth > MAX_DEPTH) return undefined;
      const right = literalOf(node.right, depth + 1)?.value;
      if (typeof right !== "number" && typeof right !== "string") return undefined;
      const left = literalOf(node.left as Node, depth + 1)?.value;
      if (typeof left === "number" && typeof right === "number") return numeric(node.operator, left, right);
      const isText = node.operator === "+" && typeof left === "string" && typeof right === "string";
      return isText ? { value: left + right } : undefined;
    }
    default:
      return undefined;
  }
}

/** `left operator right` for the operators that V8 computes while it parses. */
export function numeric(operator: string, left: number, right: number): { readonly value: number } | undefined {
  switch (operator) {
    case "+":
      return { value: left + right };
    case "-":
      return { value: left - right };
    case "*":
      return { value: left * right };
    case "/":
      return { value: left / right };
    case "%":
      return { value: left % right };
    case "**":
      return { value: left ** right };
    case "|":
      return { value: left | right };
    case "&":
      return { value: left & right };
    case "^":
      return { value: left ^ right };
    case "<<":
      return { value: left << right };
    case ">>":
      return { value: left >> right };
    case ">>>":
      return { value: left >>> right };
    default:
      return undefined;
  }
}
