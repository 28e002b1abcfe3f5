// Owns the form in which programs are made and shrunk: texts with holes. A node knows what it may be replaced by, and what it is in
// JavaScript if it is TypeScript; it does not know what it means. Must never know the grammar beyond that; whether a smaller tree
// still is a program is the parser's business.

/** What can stand in for what. */
export type Category = "expression" | "statement" | "pattern" | "other";

export type Language = "javascript" | "typescript";

type Part = string | Tree;

export interface Tree {
  readonly category: Category;
  readonly parts: readonly Part[];
  /** Elements that may be left out, one by one, with what stands between them. */
  readonly separator?: string;
  /** True for what only TypeScript has, such as an annotation: the JavaScript has nothing in its place. */
  readonly isType?: true;
  /** What the node is in JavaScript, made from its present parts; the parts themselves if absent. */
  readonly twin?: (parts: readonly Part[]) => Tree;
  /** What the maker of `twin` must know about this node. */
  readonly note?: unknown;
}

const make =
  (category: Category) =>
  (texts: TemplateStringsArray, ...holes: readonly (string | number | Tree)[]): Tree => {
    const parts: Part[] = [];
    for (let i = 0; i < texts.length; i++) {
      if (texts[i] !== "") parts.push(texts[i]!);
      const hole = holes[i];
      if (hole !== undefined && hole !== "") parts.push(typeof hole === "number" ? String(hole) : hole);
    }
    return { category, parts };
  };

/** An expression: the text must be closed towards all sides, so parenthesised where precedence could matter. */
export const expr = make("expression");
export const stmt = make("statement");
export const pattern = make("pattern");
export const other = make("other");

export function list(parts: readonly Tree[], separator: string): Tree {
  return { category: "other", parts, separator };
}

/** Text that only TypeScript has. */
export function typeOnly(text: string): Tree {
  return { category: "other", parts: [text], isType: true };
}

export const nothing: Tree = { category: "other", parts: [] };

/** What a tree is in a language: the node whose parts are written. */
function written(tree: Tree, language: Language): Tree {
  if (language === "typescript") return tree;
  if (tree.isType === true) return nothing;
  return tree.twin === undefined ? tree : tree.twin(tree.parts);
}

/** Writes a tree, text by text; each comes with its node, its number there, and the node of which that is what is written. */
function write(
  tree: Tree,
  language: Language,
  visit: (text: string, node: Tree, index: number, origin: Tree) => void,
): void {
  const node = written(tree, language);
  const { parts, separator } = node;
  for (let i = 0; i < parts.length; i++) {
    if (i > 0 && separator !== undefined) visit(separator, node, -i, tree);
    const part = parts[i]!;
    if (typeof part === "string") visit(part, node, i, tree);
    else write(part, language, visit);
  }
}

export function print(tree: Tree, language: Language = "javascript"): string {
  let text = "";
  write(tree, language, (piece) => {
    text += piece;
  });
  return text;
}

/** The beginning of a tree's text in TypeScript, a little more than `length` characters of it. */
export function beginning(tree: Tree, length: number): string {
  let text = "";
  for (const part of tree.parts) {
    if (text.length >= length) break;
    text += typeof part === "string" ? part : beginning(part, length - text.length);
  }
  return text;
}

/** Where the texts of a tree's JavaScript stand in its TypeScript. */
export class Places {
  /** Begin in JavaScript, length, and begin in TypeScript of each text that both have, in order. */
  readonly #pieces: (readonly [number, number, number])[] = [];

  constructor(tree: Tree) {
    const there = new Map<Tree, Map<number, number>>();
    let offset = 0;
    write(tree, "typescript", (text, node, index) => {
      let known = there.get(node);
      if (known === undefined) there.set(node, (known = new Map<number, number>()));
      known.set(index, offset);
      offset += text.length;
    });
    offset = 0;
    write(tree, "javascript", (text, node, index, origin) => {
      const begin = there.get(node)?.get(index);
      // Another word for the same name: it begins where that does.
      const name = begin === undefined && node.parts.length === 1 ? there.get(origin)?.get(0) : undefined;
      if (begin !== undefined) this.#pieces.push([offset, text.length, begin]);
      else if (name !== undefined) this.#pieces.push([offset, 1, name]);
      offset += text.length;
    });
  }

  /** The offset in TypeScript; undefined for what only the JavaScript has. */
  inTypeScript(offset: number): number | undefined {
    let low = 0;
    let high = this.#pieces.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.#pieces[middle]![0] <= offset) low = middle;
      else high = middle;
    }
    const piece = this.#pieces[low];
    if (piece === undefined || offset < piece[0] || offset >= piece[0] + piece[1]) return undefined;
    return piece[2] + offset - piece[0];
  }
}

/** How many nodes a tree has. */
export function size(tree: Tree): number {
  let sum = 1;
  for (const part of tree.parts) if (typeof part !== "string") sum += size(part);
  return sum;
}
