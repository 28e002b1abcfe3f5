// Owns random functions, parameters and classes. Every body begins with a tick, so that no recursion lasts.
import { expr, list, other, type Tree } from "../tree.ts";
import type { Allowed, Generator } from "./context.ts";
import { key, methodDefinition, objectKey, propertyName } from "./expressions.ts";

const PLAIN: Partial<Allowed> = { labels: [], inLoop: false, inSwitch: false, returns: true, noVar: false };

/**
 * A default of a parameter. The parser takes a yield or await of a function in it for one of the parameters, and `arguments` of an
 * arrow in it for those of a class field around, so there are none.
 */
function initializer(g: Generator): Tree {
  return g.within({ args: false }, () =>
    g.leavesOnly(() =>
      g.random.chance(0.35)
        ? expr`(() => ($t(), log(${g.label()}, ${g.expression()}), ${g.makers.assignment(g)}))`
        : g.random.chance(0.4)
          ? g.makers.assignment(g)
          : g.expression(),
    ),
  );
}

/** Parameters, declared in the present scope. */
function parameters(g: Generator): Tree {
  const { random } = g;
  const made: Tree[] = [];
  const count = random.weighted([
    [3, 0],
    [4, 1],
    [3, 2],
    [1, 3],
  ]);
  for (let i = 0; i < count; i++) {
    if (random.chance(0.2)) {
      const inner = g.leavesOnly(() => g.makers.bindingPattern(g, "let"));
      made.push(random.chance(0.3) ? other`${inner} = ${initializer(g)}` : inner);
      continue;
    }
    const name = g.freeName("let");
    const isLast = i === count - 1;
    if (isLast && random.chance(0.2)) {
      made.push(other`...${name}`);
      g.scope.declare(name, "let", "array");
      break;
    }
    const value = random.chance(0.3) ? other`${name} = ${initializer(g)}` : other`${name}`;
    g.scope.declare(name, "let", "any");
    made.push(value);
  }
  // A var in the body may have the name of a parameter.
  for (const name of g.scope.lexical) g.scope.vars.add(name);
  g.scope.lexical.clear();
  return list(made, ", ");
}

interface Shape {
  readonly isGenerator: boolean;
  readonly isAsync: boolean;
  readonly isArrow: boolean;
}

function shape(g: Generator, canBeArrow: boolean): Shape {
  const { random } = g;
  const isArrow = canBeArrow && random.chance(0.45);
  return { isArrow, isAsync: random.chance(0.18), isGenerator: !isArrow && random.chance(0.2) };
}

function parametersAndBody(g: Generator, { isGenerator, isAsync, isArrow }: Shape): { head: Tree; body: Tree } {
  const { random } = g;
  const change: Partial<Allowed> = isArrow
    ? { ...PLAIN, yields: false, awaits: isAsync }
    : {
        ...PLAIN,
        yields: isGenerator,
        awaits: isAsync,
        superProperty: false,
        superCall: false,
        newTarget: true,
        args: true,
      };
  return g.scoped(true, () => {
    // Neither yield nor await may stand in parameters.
    const head = g.within({ ...change, yields: false, awaits: false }, () => parameters(g));
    const body = g.within(change, () => g.makers.block(g, 1 + random.below(g.isTired ? 1 : 4)));
    return { head, body };
  });
}

export function functionExpression(g: Generator): Tree {
  const { random } = g;
  const made = shape(g, true);
  const { head, body } = parametersAndBody(g, made);
  const prefix = made.isAsync ? "async " : "";
  if (made.isArrow) return expr`(${prefix}(${head}) => { $t(); ${body} })`;
  const name = random.chance(0.3) ? random.pick(["a", "b", "c", "f"]) : "";
  return expr`(${prefix}function${made.isGenerator ? "*" : ""} ${name}(${head}) { $t(); ${body} })`;
}

/** A function declaration; its name is declared by whoever places it. */
export function functionDeclaration(g: Generator, name: string): Tree {
  const made = shape(g, false);
  const { head, body } = parametersAndBody(g, made);
  return other`${made.isAsync ? "async " : ""}function${made.isGenerator ? "*" : ""} ${name}(${head}) { $t(); ${body} }`;
}

/** A function for a built-in to call: short, and now and then one that changes what it is called about. */
export function callback(g: Generator): Tree {
  const { random } = g;
  if (g.isTired || random.chance(0.15)) return expr`((x, y) => ($t(), log(${g.label()}, x, y)))`;
  return g.scoped(true, () => {
    g.scope.declare("x", "let", "any");
    g.scope.declare("y", "let", "any");
    g.scope.declare("z", "let", "array");
    const kind = random.below(4);
    return g.within({ ...PLAIN, yields: false, awaits: false }, () => {
      if (kind < 2) return expr`((x, y, z) => ($t(), ${g.expression()}))`;
      if (kind < 3)
        return expr`((x, y, z) => { $t(); ${g.makers.block(g, 1 + random.below(2))} return ${g.expression()}; })`;
      return g.within(
        { superProperty: false, superCall: false, newTarget: true, args: true },
        () => expr`(function (x, y, z) { $t(); ${g.makers.block(g, 1)} return ${g.expression()}; })`,
      );
    });
  });
}

/** A name that is evaluated when the class is: now and then it says so, or is an object that becomes one. */
function computedName(g: Generator, isDerived: boolean): Tree {
  const { random } = g;
  // The host engine looks at the parent after the names.
  if (isDerived || random.chance(0.4)) return other`[${key(g)}]`;
  if (random.chance(0.5)) return other`[(log(${g.label()}), ${key(g)})]`;
  return other`[${objectKey(g)}]`;
}

/** What a class may hold, without modifiers. */
function classElement(g: Generator, isPrivate: string | null, isStatic: boolean, isDerived: boolean): Tree {
  const { random } = g;
  const name =
    isPrivate !== null
      ? other`${isPrivate}`
      : random.chance(0.15)
        ? computedName(g, isDerived)
        : other`${propertyName(g)}`;
  const prefix = isStatic ? "static " : "";
  const field: Partial<Allowed> = {
    ...PLAIN,
    yields: false,
    awaits: false,
    superProperty: true,
    superCall: false,
    newTarget: true,
    args: false,
  };
  // An assignment to a private method, or accessor without a setter, fails too early in the host engine: those have a name of their own.
  if (isPrivate === "#p" || (isPrivate === null && random.chance(0.4)) || g.isTired) {
    return g.scoped(true, () => g.within(field, () => other`${prefix}${name} = ${g.expression()};`));
  }
  if (isStatic && isPrivate === null && random.chance(0.35)) {
    return g.scoped(true, () =>
      g.within(
        { ...field, returns: false, noVar: true },
        () => other`static { ${g.makers.block(g, 1 + random.below(2))} }`,
      ),
    );
  }
  return other`${prefix}${methodDefinition(g, name)}`;
}

function constructorOf(g: Generator, isDerived: boolean): Tree {
  const { random } = g;
  return g.scoped(true, () => {
    const change: Partial<Allowed> = {
      ...PLAIN,
      yields: false,
      awaits: false,
      superProperty: true,
      superCall: isDerived,
      newTarget: true,
      args: true,
    };
    const head = g.within({ ...change, superCall: false }, () => parameters(g));
    return g.within(change, () => {
      const before = isDerived && random.chance(0.25) ? g.makers.block(g, 1) : other``;
      const call = isDerived && random.chance(0.9) ? other`super(${list([g.expression()], ", ")});` : other``;
      return other`constructor(${head}) { $t(); ${before} ${call} ${g.makers.block(g, 1 + random.below(2))} }`;
    });
  });
}

/** Everything of a class behind its name. */
export function classBody(g: Generator, name: string | null): Tree {
  const { random } = g;
  const isDerived = random.chance(0.4);
  return g.scoped(false, () => {
    if (name !== null) g.scope.declare(name, "const", "class");
    const parent = isDerived
      ? other`extends ${g.within({ strict: true }, () => g.expression(random.chance(0.9) ? "class" : "any"))} `
      : other``;
    const own = ["#p", "#q"].slice(0, random.below(3));
    const change = { strict: true, privateNames: [...new Set([...g.allowed.privateNames, ...own])] };
    return g.within(change, () => {
      const elements: Tree[] = [];
      for (const privateName of own) elements.push(classElement(g, privateName, random.chance(0.25), isDerived));
      if (random.chance(0.45)) elements.push(constructorOf(g, isDerived));
      for (let i = random.below(4); i > 0; i--) elements.push(classElement(g, null, random.chance(0.25), isDerived));
      return other`${parent}{ ${list(elements, " ")} }`;
    });
  });
}
