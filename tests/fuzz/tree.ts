// Owns the form in which programs are made and shrunk: texts with holes. A node knows what it may be replaced by, not what it
// means. Must never know the grammar beyond that; whether a smaller tree still is a program is the parser's business.

/** What can stand in for what. */
export type Category = "expression" | "statement" | "pattern" | "other";

export interface Tree {
  readonly category: Category;
  readonly parts: readonly (string | Tree)[];
  /** Elements that may be left out, one by one, with what stands between them. */
  readonly separator?: string;
}

const make =
  (category: Category) =>
  (texts: TemplateStringsArray, ...holes: readonly (string | number | Tree)[]): Tree => {
    const parts: (string | Tree)[] = [texts[0]!];
    holes.forEach((hole, i) => parts.push(typeof hole === "number" ? String(hole) : hole, texts[i + 1]!));
    return { category, parts: parts.filter((part) => part !== "") };
  };

/** An expression: the text must be closed towards all sides, so parenthesised where precedence could matter. */
export const expr = make("expression");
export const stmt = make("statement");
export const pattern = make("pattern");
export const other = make("other");

export function list(parts: readonly Tree[], separator: string): Tree {
  return { category: "other", parts, separator };
}

export function print(tree: Tree): string {
  const { parts, separator } = tree;
  if (separator === undefined) return parts.map((part) => (typeof part === "string" ? part : print(part))).join("");
  return parts.map((part) => print(part as Tree)).join(separator);
}

/** How many nodes a tree has. */
export function size(tree: Tree): number {
  let sum = 1;
  for (const part of tree.parts) if (typeof part !== "string") sum += size(part);
  return sum;
}
