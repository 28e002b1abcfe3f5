// Owns making a failing program small: parts are left out, replaced by parts of themselves, or by the smallest of their category,
// as long as the program still fails. Must never decide what failing means.
import { size, type Category, type Tree } from "./tree.ts";

const SMALLEST: Readonly<Partial<Record<Category, readonly string[]>>> = {
  expression: ["0", "undefined"],
  statement: [";"],
};

type Path = readonly number[];

function at(tree: Tree, path: Path): Tree {
  return path.reduce((node, index) => node.parts[index] as Tree, tree);
}

function replaced(tree: Tree, path: Path, by: Tree): Tree {
  if (path.length === 0) return by;
  const [index, ...rest] = path as [number, ...number[]];
  const parts = [...tree.parts];
  parts[index] = replaced(parts[index] as Tree, rest, by);
  return { ...tree, parts };
}

/** Where the nodes are, the largest first. */
function paths(tree: Tree): Path[] {
  const found: { path: Path; size: number }[] = [];
  const walk = (node: Tree, path: Path): void => {
    found.push({ path, size: size(node) });
    node.parts.forEach((part, i) => {
      if (typeof part !== "string") walk(part, [...path, i]);
    });
  };
  walk(tree, []);
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
}

/** Nodes inside one that could stand in its place, the largest first. */
function inner(tree: Tree, category: Category): Tree[] {
  const found: Tree[] = [];
  const walk = (node: Tree): void => {
    for (const part of node.parts) {
      if (typeof part === "string") continue;
      if (part.category === category) found.push(part);
      walk(part);
    }
  };
  walk(tree);
  return found.sort((a, b) => size(b) - size(a)).slice(0, 12);
}

function* candidates(node: Tree): Generator<Tree> {
  if (node.separator !== undefined) {
    const { length } = node.parts;
    for (let chunk = length; chunk >= 1; chunk = Math.floor(chunk / 2)) {
      for (let start = 0; start < length; start += chunk) {
        yield { ...node, parts: [...node.parts.slice(0, start), ...node.parts.slice(start + chunk)] };
      }
    }
    return;
  }
  const { category } = node;
  if (node.isType === true && node.parts.length > 0) yield { ...node, parts: [] };
  if (category === "other") return;
  for (const text of SMALLEST[category] ?? []) {
    if (node.parts.length !== 1 || node.parts[0] !== text) yield { category, parts: [text] };
  }
  yield* inner(node, category);
}

/** Milliseconds after which what was found so far is small enough. */
const PATIENCE = 30_000;

/** The smallest tree found that still fails; at most `tries` are tried. */
export function shrink(tree: Tree, fails: (tree: Tree) => boolean, tries = 3000): Tree {
  const began = performance.now();
  let best = tree;
  let left = tries;
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const path of paths(best)) {
      let node: Tree;
      try {
        node = at(best, path);
      } catch {
        continue;
      }
      if (node === undefined || typeof node === "string") continue;
      for (const candidate of candidates(node)) {
        if (left-- <= 0 || performance.now() - began > PATIENCE) return best;
        const smaller = replaced(best, path, candidate);
        if (!fails(smaller)) continue;
        best = smaller;
        hasChanged = true;
        break;
      }
      if (hasChanged && size(node) > 3) break;
    }
  }
  return best;
}
