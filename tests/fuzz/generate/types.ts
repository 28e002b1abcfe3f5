// Owns what only TypeScript writes: random types and the places that take them. All of it disappears; nothing here may change what
// a program does. Must never draw anything in a JavaScript program, which would be another program then.
import { nothing, other, stmt, typeOnly, type Tree } from "../tree.ts";
import type { Generator } from "./context.ts";

const SIMPLE = [
  "any", "unknown", "number", "string", "boolean", "object", "bigint", "symbol", "never", "void", "null", "undefined",
  '"a"', "1", "-1", "true", "2n", "this", "T", "N.A", "N.B<number>", "typeof x", "typeof x.y", "keyof T", "unique symbol", "{}",
  "Array<Array<number>>", "Map<string, Set<number>>", "async", "type", "get", "of", "is",
] as const; // prettier-ignore

/** The text of a random type. */
export function type(g: Generator, depth = 0): string {
  const { random } = g;
  const inner = (): string => type(g, depth + 1);
  if (depth > 2 || random.chance(0.4)) return random.pick(SIMPLE);
  switch (random.below(16)) {
    case 0:
      return `(${inner()})[]`;
    case 1:
      return `readonly (${inner()})[]`;
    case 2:
      return random.pick([
        `[${inner()}, (${inner()})?]`,
        `[a: ${inner()}, b?: ${inner()}, ...c: (${inner()})[]]`,
        `[...${inner()}]`,
      ]);
    case 3:
      return `{ a: ${inner()}; b?: ${inner()}, readonly c: ${inner()} }`;
    case 4:
      return `{ [k: string]: ${inner()}; m<T>(x: T, ...y: ${inner()}): ${inner()} }`;
    case 5:
      return `{ new (x?: ${inner()}): ${inner()}; (y: ${inner()}): void; get z(): ${inner()}; set z(v) }`;
    case 6:
      return `((x: ${inner()}, y?: ${inner()}) => ${inner()})`;
    case 7:
      return `(<T extends ${inner()}, const U = ${inner()}>(...x: T[]) => U)`;
    case 8:
      return random.pick([`(new (x: ${inner()}) => T)`, `(abstract new () => ${inner()})`]);
    case 9:
      return `(${inner()}) | (${inner()})`;
    case 10:
      return `(${inner()}) & { x: ${inner()} }`;
    case 11:
      return `(T extends ${random.pick(["infer U", "(infer U extends string)[]", "[infer A, ...infer B]"])} ? ${inner()} : ${inner()})`;
    case 12:
      return `{ ${random.pick(["", "readonly ", "-readonly "])}[K in keyof T as \`x\${K}\`]${random.pick(["", "?", "-?"])}: T[K] }`;
    case 13:
      return `\`a\${${inner()}}b\${string}\``;
    case 14:
      return `(${inner()})["a"]`;
    default:
      return random.pick([`Promise<${inner()}>`, `Record<string, ${inner()}>`, `Map<${inner()}, Array<${inner()}>>`]);
  }
}

/** `: T`, now and then. */
export function annotation(g: Generator, probability = 0.35): Tree {
  return g.typed(probability) ? typeOnly(`: ${type(g)}`) : nothing;
}

const PREDICATES = ["x is string", "asserts x", "asserts x is T", "this is T"] as const;

/** What a function says that it returns. */
export function returned(g: Generator, isArrow = false): Tree {
  if (!g.typed(0.3)) return nothing;
  if (g.random.chance(0.1)) return typeOnly(`: ${g.random.pick(PREDICATES)}`);
  const text = type(g);
  // `(x) =>` would begin the type of a function.
  return typeOnly(`: ${isArrow ? `((${text}))` : text}`);
}

/** `<T>` behind a function's or class's name. */
export function parametersOfTypes(g: Generator, probability = 0.15): Tree {
  if (!g.typed(probability)) return nothing;
  const list = [
    "<T>",
    "<T,>",
    `<T extends ${type(g, 1)}>`,
    `<T, U = ${type(g, 1)}>`,
    `<const T extends ${type(g, 1)} = any>`,
  ];
  return typeOnly(g.random.pick(list));
}

/** `<number>` behind what is called. */
export function argumentsOfTypes(g: Generator, probability = 0.2): Tree {
  if (!g.typed(probability)) return nothing;
  return typeOnly(`<${type(g)}${g.random.chance(0.3) ? `, ${type(g, 1)}` : ""}>`);
}

/** An expression with an assertion around it. */
export function asserted(g: Generator, made: Tree): Tree {
  const { random } = g;
  const wrap = (before: Tree, after: Tree): Tree => ({ ...other`(${before}${made}${after})`, category: "expression" });
  switch (random.below(6)) {
    case 0:
    case 1:
      return wrap(nothing, typeOnly(` as ${type(g)}`));
    case 2:
      return wrap(nothing, typeOnly(` satisfies ${type(g)}`));
    case 3:
      return wrap(nothing, typeOnly("!"));
    case 4:
      return wrap(typeOnly(`<${type(g)}>`), nothing);
    default:
      return wrap(nothing, typeOnly(` as ${type(g)} as ${type(g)}`));
  }
}

/** A place to write to, with an assertion. */
export function assertedPlace(g: Generator, made: Tree): Tree {
  return g.random.chance(0.5) ? other`${made}${typeOnly("!")}` : other`(${made}${typeOnly(` as ${type(g)}`)})`;
}

/** `private readonly ` and the like before a member. */
export function modifiers(
  g: Generator,
  isPrivate: boolean,
  isStatic: boolean,
  isField: boolean,
  isDerived: boolean,
): Tree {
  const { random } = g;
  const words: string[] = [];
  if (!isPrivate && g.typed(0.3)) words.push(random.pick(["public", "private", "protected"]));
  if (isStatic) words.push("static");
  if (isDerived && !isPrivate && g.typed(0.15)) words.push("override");
  if (isField && g.typed(0.2)) words.push("readonly");
  if (words.length === 0) return nothing;
  const parts = words.map((word) => (word === "static" ? "static " : typeOnly(`${word} `)));
  return { category: "other", parts };
}

/** Members of a class that leave nothing. */
export function memberOnly(g: Generator, isAbstract: boolean): Tree {
  const { random } = g;
  const name = random.pick(["a", "b", "x", "y", "m", "z"]);
  const texts = [
    `[k: string]: ${type(g)};`,
    `declare ${name}: ${type(g)};`,
    `declare readonly ${name}?: ${type(g)};`,
    ...(isAbstract
      ? [
          `abstract ${name}: ${type(g)};`,
          `abstract ${name}(x: ${type(g)}): ${type(g)};`,
          `protected abstract get ${name}(): ${type(g)};`,
        ]
      : []),
  ];
  return typeOnly(random.pick(texts));
}

/** Statements that leave nothing. */
export function statementOnly(g: Generator): Tree {
  const { random } = g;
  const name = random.pick(["I", "J", "K"]);
  return stmt`${typeOnly(
    random.pick([
      `type ${name}<T = any> = ${type(g)};`,
      `type ${name} = ${type(g)}\n`,
      `interface ${name}<T> extends A, B<T> { a: ${type(g)}; m?(x: T): ${type(g)}; readonly [k: number]: any; }`,
      `declare const ${name.toLowerCase()}0: ${type(g)};`,
      `declare function ${name}(x: ${type(g)}): ${type(g)};`,
      `declare class ${name} extends T { m(): void; static x: ${type(g)}; }`,
      `declare enum ${name} { A, B = 1 }`,
      `declare namespace ${name} { const x: ${type(g)}; function f(): void; }`,
      `namespace ${name} { export interface A { x: ${type(g)} } export type B = A; }`,
      `declare abstract class ${name} { abstract m(): ${type(g)} }`,
    ]),
  )}`;
}
