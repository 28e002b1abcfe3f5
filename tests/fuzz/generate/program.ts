// Owns whole programs: one for each seed. Must never give another program for the same seed within one version of this folder.
import { Random } from "../random.ts";
import { framed } from "../frame.ts";
import { beginning, list, other, stmt, type Language, type Tree } from "../tree.ts";
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

const DECLARATION =
  /^\s*(?:let|const|var|class|function|async function|abstract class|enum|namespace|module|interface|type|declare)\b/;

export interface FuzzProgram {
  readonly body: Tree;
  readonly strict: boolean;
  readonly language: Language;
}

export function generate(seed: number, language: Language): FuzzProgram {
  const random = new Random(seed);
  const strict = random.chance(0.3);
  const budget = random.weighted([
    [5, 25],
    [3, 70],
    [1, 180],
  ]);
  const g = new Generator(random, MAKERS, budget, strict, language);
  const statements: Tree[] = [];
  while (g.budget > 0) {
    // What declares stays open, so that what follows can use it; the rest is guarded, so that what follows is reached.
    const made = g.statement();
    const isDeclaration = DECLARATION.test(beginning(made, 30));
    statements.push(isDeclaration || random.chance(0.1) ? made : stmt`try { ${made} } catch (e) { $e("top", e); }`);
  }
  return { body: list([...statements, other``], "\n"), strict, language };
}

/** A whole source with these programs, one after the other; `isOpen` if the last one's error may leave it. */
export function together(programs: readonly FuzzProgram[], isOpen = false): Tree {
  return framed(
    programs.map(({ body, strict }) => ({ tree: body, strict })),
    isOpen,
  );
}
