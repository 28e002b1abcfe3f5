// Owns random functions, parameters and classes. Every body begins with a tick, so that no recursion lasts.
import { expr, list, nothing, other, typeOnly, type Tree } from "../tree.ts";
import type { Allowed, Generator } from "./context.ts";
import { annotation, memberOnly, modifiers, parametersOfTypes, returned, type as typeText } from "./types.ts";
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
      const typed = other`${inner}${annotation(g)}`;
      made.push(random.chance(0.3) ? other`${typed} = ${initializer(g)}` : typed);
      continue;
    }
    const name = g.freeName("let");
    const isLast = i === count - 1;
    if (isLast && random.chance(0.2)) {
      made.push(other`...${name}${annotation(g)}`);
      g.scope.declare(name, "let", "array");
      break;
    }
    const hasDefault = random.chance(0.3);
    // What may be left out must be followed by nothing else.
    const optional = !hasDefault && isLast && g.typed(0.25) ? typeOnly("?") : nothing;
    const typed = other`${name}${optional}${annotation(g)}`;
    const value = hasDefault ? other`${typed} = ${initializer(g)}` : typed;
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

/** What a function says of its `this`. */
function self(g: Generator): Tree {
  return g.typed(0.1) ? typeOnly(`this: ${typeText(g)}, `) : nothing;
}

export function functionExpression(g: Generator): Tree {
  const { random } = g;
  const made = shape(g, true);
  const { head, body } = parametersAndBody(g, made);
  const prefix = made.isAsync ? "async " : "";
  const types = parametersOfTypes(g);
  const result = returned(g, made.isArrow);
  if (made.isArrow) return expr`(${prefix}${types}(${head})${result} => { $t(); ${body} })`;
  const name = random.chance(0.3) ? random.pick(["a", "b", "c", "f"]) : "";
  return expr`(${prefix}function${made.isGenerator ? "*" : ""} ${name}${types}(${self(g)}${head})${result} { $t(); ${body} })`;
}

/** A function declaration; its name is declared by whoever places it. */
export function functionDeclaration(g: Generator, name: string, exported = ""): Tree {
  const made = shape(g, false);
  const { head, body } = parametersAndBody(g, made);
  const types = parametersOfTypes(g);
  const overloads =
    g.typed(0.1) && !made.isGenerator
      ? typeOnly(`${made.isAsync ? "async " : ""}function ${name}(x: ${typeText(g)}): ${typeText(g)};\n${exported}`)
      : nothing;
  return other`${overloads}${made.isAsync ? "async " : ""}function${made.isGenerator ? "*" : ""} ${name}${types}(${self(g)}${head})${returned(g)} { $t(); ${body} }`;
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
      if (kind < 2) return expr`((x${annotation(g)}, y, z) => ($t(), ${g.expression()}))`;
      if (kind < 3)
        return expr`((x, y, z)${returned(g, true)} => { $t(); ${g.makers.block(g, 1 + random.below(2))} return ${g.expression()}; })`;
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
  const prefix = (isField: boolean): Tree => modifiers(g, isPrivate !== null, isStatic, isField, isDerived);
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
    return g.scoped(true, () =>
      g.within(field, () => {
        const mark = g.typed(0.1) ? typeOnly("!") : g.typed(0.05) ? typeOnly("?") : nothing;
        if (mark !== nothing || random.chance(0.1)) return other`${prefix(true)}${name}${mark}${typed(g, mark)};`;
        return other`${prefix(true)}${name}${annotation(g)} = ${g.expression()};`;
      }),
    );
  }
  if (isStatic && isPrivate === null && random.chance(0.35)) {
    return g.scoped(true, () =>
      g.within(
        { ...field, returns: false, noVar: true },
        () => other`static { ${g.makers.block(g, 1 + random.below(2))} }`,
      ),
    );
  }
  return other`${prefix(false)}${methodDefinition(g, name)}`;
}

/** The type of a field without a value: what is marked must have one. */
function typed(g: Generator, mark: Tree): Tree {
  return annotation(g, mark === nothing ? 0.5 : 1);
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
    if (g.typed(0.3)) return g.within(change, () => withFields(g, head, isDerived));
    return g.within(change, () => {
      const before = isDerived && random.chance(0.25) ? g.makers.block(g, 1) : other``;
      const call = isDerived && random.chance(0.9) ? other`super(${list([g.expression()], ", ")});` : other``;
      return other`constructor(${head}) { $t(); ${before} ${call} ${g.makers.block(g, 1 + random.below(2))} }`;
    });
  });
}

/** A constructor whose first parameters are fields: in the twin they are declared before it and assigned in it. */
function withFields(g: Generator, head: Tree, isDerived: boolean): Tree {
  const { random } = g;
  const names = ["a", "b", "x", "q"].filter((name) => random.chance(0.4) && g.scope.allows(name, "let"));
  const fields = names.map((name) => {
    const word = random.pick(["public", "private", "protected", "readonly", "public readonly"]);
    const value = random.chance(0.3) ? other` = ${initializer(g)}` : nothing;
    return { ...other`${typeOnly(`${word} `)}${name}${annotation(g)}${value}`, note: name };
  });
  for (const name of names) g.scope.declare(name, "var", "any");
  const call = isDerived ? other`super(${g.expression()});` : nothing;
  const rest = g.makers.block(g, 1 + random.below(2));
  return {
    ...other`constructor(${list(fields, ", ")}${names.length > 0 ? ", " : ""}${head}) { ${call} ${rest} }`,
    twin: (parts) => {
      const [before, last, first, then] = parts.filter((part) => typeof part !== "string") as [Tree, Tree, Tree, Tree];
      const left = before.parts.map((part) => (part as Tree).note as string);
      const declared = left.map((name) => `${name}; `).join("");
      const assigned = left.map((name) => `this.${name} = ${name}; `).join("");
      return other`${declared}constructor(${before}${left.length > 0 ? ", " : ""}${last}) { ${first} ${assigned} ${then} }`;
    },
  };
}

/** Everything of a class behind its name. */
export function classBody(g: Generator, name: string | null, isAbstract = false): Tree {
  const { random } = g;
  const isDerived = random.chance(0.4);
  return g.scoped(false, () => {
    if (name !== null) g.scope.declare(name, "const", "class");
    const types = name === null ? nothing : parametersOfTypes(g);
    const implemented = g.typed(0.15) ? typeOnly(`implements A, B<${typeText(g)}> `) : nothing;
    const parent = isDerived
      ? other`extends ${g.within({ strict: true }, () => g.expression(random.chance(0.9) ? "class" : "any"))} `
      : other``;
    const own = ["#p", "#q"].slice(0, random.below(3));
    const change = { strict: true, privateNames: [...new Set([...g.allowed.privateNames, ...own])] };
    return g.within(change, () => {
      const elements: Tree[] = [];
      if (g.language === "typescript" && random.chance(0.45)) elements.push(constructorOf(g, isDerived));
      const hasConstructor = elements.length > 0;
      if (isAbstract || g.typed(0.15)) elements.push(memberOnly(g, isAbstract));
      for (const privateName of own) elements.push(classElement(g, privateName, random.chance(0.25), isDerived));
      if (!hasConstructor && random.chance(0.45)) elements.push(constructorOf(g, isDerived));
      for (let i = random.below(4); i > 0; i--) elements.push(classElement(g, null, random.chance(0.25), isDerived));
      return other`${types}${parent}${implemented}{ ${list(elements, " ")} }`;
    });
  });
}
