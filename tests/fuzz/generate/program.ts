// Owns whole programs: one for each seed. Must never give another program for the same seed within one version of this folder.
import { Random } from "../random.ts";
import { framed } from "../frame.ts";
import { list, other, print, stmt, type Tree } from "../tree.ts";
import { Generator, type Makers } from "./context.ts";
import { assignment, expression } from "./expressions.ts";
import { callback, classBody, functionExpression } from "./functions.ts";
import { bindingPattern, block, statement } from "./statements.ts";

const MAKERS: Makers = {
  expression,
  assignment,
  statement,
  block,
  functionExpression,
  callback,
  classBody,
  bindingPattern,
};

export interface FuzzProgram {
  readonly body: Tree;
  readonly strict: boolean;
}

export function generate(seed: number): FuzzProgram {
  const random = new Random(seed);
  const strict = random.chance(0.3);
  const budget = random.weighted([
    [3, 40],
    [4, 100],
    [2, 220],
  ]);
  const g = new Generator(random, MAKERS, budget, strict);
  const statements: Tree[] = [];
  while (g.budget > 0) {
    // What declares stays open, so that what follows can use it; the rest is guarded, so that what follows is reached.
    const made = g.statement();
    const isDeclaration = /^(?:let|const|var|class|function|async)\b/.test(print(made));
    statements.push(isDeclaration || random.chance(0.1) ? made : stmt`try { ${made} } catch (e) { log("top", e); }`);
  }
  return { body: list([...statements, other``], "\n"), strict };
}

/** A source with these programs, one after the other. */
export function textOf(...programs: readonly FuzzProgram[]): string {
  return framed(programs.map(({ body, strict }) => ({ text: print(body), strict })));
}
