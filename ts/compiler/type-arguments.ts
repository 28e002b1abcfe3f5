// Owns the question whether a JavaScript source could mean something else as TypeScript; if it could not, it skips the TypeScript stage.
// Must never decide what a type is: when in doubt, the source could.
//
// The syntax that TypeScript adds is not valid JavaScript, except for type arguments: `f<T>(x)` also compares `f < T` with `x`.
import type { ESTree } from "meriyah";

type Node = ESTree.Node;

/** Whether JavaScript has comparisons that could be type arguments. `program`: its tree. */
export function mayHaveTypeArguments(source: string, program: Node): boolean {
  for (let open = source.indexOf("<"); open >= 0; open = source.indexOf("<", open + 1)) {
    // A shift. TypeScript splits it for type arguments of a generic function type, but that is not valid JavaScript.
    if (source[open - 1] === "<") continue;
    const close = closingAngle(source, open);
    if (close >= 0 && isComparison(program, open, "<") && isComparison(program, close, ">")) return true;
  }
  return false;
}

/** Tokens that type arguments and expressions can both contain; `<` and `>` themselves are not among them. */
const SKIPPED =
  /\s+|[\w$\\.,|&?:\x80-\uffff-]+|=>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\/\*[^]*?\*\/|\/\/.*/y;

/** Index of the `>` that could close the `<` at `open`; -1 if there is no such `>`. */
function closingAngle(source: string, open: number): number {
  let depth = 0;
  for (let at = open + 1; at < source.length;) {
    const c = source[at]!;
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) {
      if (--depth < 0) return -1;
    } else if (c === ">") return depth === 0 ? at : -1;
    else {
      SKIPPED.lastIndex = at;
      const found = SKIPPED.exec(source);
      if (found === null) return -1;
      at += found[0].length;
      continue;
    }
    at++;
  }
  return -1;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}

/** The child node that contains an offset; null if no child does. */
function childAround(node: Node, at: number): Node | null {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child) && child.start! <= at && at < child.end!) return child;
    }
  }
  return null;
}

/** True if an operator that begins with `sign` is at `at`, not in a string or a comment. */
function isComparison(program: Node, at: number, sign: string): boolean {
  let node: Node | null = program;
  while (node !== null) {
    const child: Node | null = childAround(node, at);
    if (child === null) return node.type === "BinaryExpression" && node.operator.startsWith(sign);
    node = child;
  }
  return false;
}
