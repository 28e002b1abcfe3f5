// Owns enums and namespaces, each with its twin: the function that TypeScript's compiler emits for it. Must never use what depends on
// the function around (this, arguments, yield), which is another one in the twin.
import { list, other, stmt, typeOnly, type Tree } from "../tree.ts";
import { place, type Allowed, type Generator, type Sort } from "./context.ts";
import { functionDeclaration } from "./functions.ts";
import { type } from "./types.ts";

const APART: Partial<Allowed> = {
  labels: [],
  inLoop: false,
  inSwitch: false,
  returns: false,
  yields: false,
  awaits: false,
  superProperty: false,
  superCall: false,
  args: false,
  noVar: false,
};

/** None that a variable has: inside the enum the member would be meant. */
const MEMBERS = ["A", "B", "C", "D", "default", '"x-y"', "length"] as const;

/** What a member of an enum is known to be. */
interface Member {
  readonly name: string;
  readonly kind: "next" | "number" | "text" | "computed" | "same";
  /** A number that is written, or the name of the member before. */
  readonly value?: number | string;
}

const keyOf = (name: string): string => (name.startsWith('"') ? name : `"${name}"`);

function memberNode(name: string, kind: Member["kind"], init?: Tree, value?: number | string): Tree {
  const note: Member = { name, kind, ...(value !== undefined && { value }) };
  return { ...(init === undefined ? other`${name}` : other`${name} = ${init}`), note };
}

/** The assignments that an enum's members become. */
function assigned(owner: string, members: readonly Tree[]): Tree {
  const kinds = new Map<string, Member["kind"]>();
  // A name means the constant that its member was given, even if the object has another value since.
  const constants = new Map<string, Tree>();
  let last: number | undefined = -1;
  const made = members.map((node): Tree => {
    const { name, kind, value } = node.note as Member;
    const key = keyOf(name);
    const init = node.parts[2] as Tree | undefined;
    if (kind === "next") {
      last = last === undefined ? undefined : last + 1;
      kinds.set(name, "number");
      if (last !== undefined) constants.set(name, other`${last}`);
      return other`${owner}[${owner}[${key}] = ${last ?? "void 0"}] = ${key};`;
    }
    last = kind === "number" ? (value as number) : undefined;
    const isText = kind === "text" || (kind === "same" && kinds.get(value as string) === "text");
    kinds.set(name, isText ? "text" : kind);
    const constant = kind === "same" ? constants.get(value as string) : kind === "computed" ? undefined : init;
    if (constant !== undefined) constants.set(name, constant);
    const right = kind === "same" ? (constant ?? other`${owner}[${keyOf(value as string)}]`) : init!;
    return isText ? other`${owner}[${key}] = ${right};` : other`${owner}[${owner}[${key}] = ${right}] = ${key};`;
  });
  return list(made, " ");
}

/** Members of one part of an enum; two parts of one have different names. */
function members(g: Generator, owner: string, taken: readonly Tree[] = []): Tree[] {
  const { random } = g;
  const used = taken.map(({ note }) => (note as Member).name);
  const names = MEMBERS.filter((name) => !used.includes(name))
    .sort(() => random.next() - 0.5)
    .slice(0, random.below(5));
  const made: Tree[] = [];
  let hasNext = true;
  for (const name of names) {
    const before = made.map((node) => node.note as Member).filter((member) => /^[A-D]$/.test(member.name));
    const kind = random.below(hasNext ? 7 : 4);
    if (kind === 0) {
      const value = random.below(9) - 2;
      made.push(memberNode(name, "number", other`${value}`, value));
    } else if (kind === 1)
      made.push(memberNode(name, "text", other`${JSON.stringify(random.pick(["s", "A", "", "0"]))}`));
    else if (kind === 2) made.push(memberNode(name, "computed", computed(g, owner, made)));
    else if (kind === 3 && before.length > 0) {
      const { name: same } = random.pick(before);
      made.push(memberNode(name, "same", other`${same}`, same));
    } else if (kind === 3) made.push(memberNode(name, "number", other`1 << 4`, 16));
    else made.push(memberNode(name, "next"));
    const { kind: is } = made.at(-1)!.note as Member;
    hasNext = is === "next" || is === "number";
  }
  return made;
}

/** An initialiser that is not constant; it may name the members before. */
function computed(g: Generator, owner: string, before: readonly Tree[]): Tree {
  return g.within({ ...APART, inEnum: true }, () =>
    g.scoped(true, () => {
      for (const { note } of before) {
        const { name } = note as Member;
        if (/^[A-D]$/.test(name)) g.scope.declare(name, "const", "any", `${owner}.${name}`);
      }
      // A call, for TypeScript computes what it can, and then knows more of it.
      return other`$s(${g.expression("number")})`;
    }),
  );
}

const partsOf = (tree: Tree | string | undefined): readonly Tree[] => (tree as Tree).parts as readonly Tree[];

/** An enum, in one part or two. `owner` is the namespace that exports it. */
function enumeration(g: Generator, name: string, owner?: string): Tree {
  const { random } = g;
  const word = `${owner === undefined ? "" : "export "}${random.chance(0.15) ? "const " : ""}enum`;
  // What is exported must stay in its namespace.
  const make = owner === undefined ? stmt : other;
  const begin = members(g, name);
  const first = list(begin, ", ");
  const second = random.chance(0.12) ? list(members(g, name, begin), ", ") : undefined;
  const value =
    owner === undefined ? `${name} || (${name} = {})` : `${name} = ${owner}.${name} || (${owner}.${name} = {})`;
  const block = (parts: readonly Tree[]): Tree => other`(function (${name}) { ${assigned(name, parts)} })(${value});`;
  const tree =
    second === undefined
      ? make`${word} ${name} { ${first} }`
      : make`${word} ${name} { ${first} } ${word} ${name} { ${second} }`;
  return {
    ...tree,
    twin: (parts) => {
      const lists = parts.filter((part) => typeof part !== "string");
      const blocks = lists.map((part) => block(partsOf(part)));
      return other`let ${name}; ${list(blocks, " ")}`;
    },
  };
}

/** The name of a namespace: now and then one that something in it has as well. */
function spaceName(g: Generator): string {
  return g.freeName("let");
}

/** One statement of a namespace's body. */
function exported(g: Generator, owner: string): Tree {
  const { random } = g;
  switch (random.below(8)) {
    case 0:
    case 1: {
      const sort = random.pick<Sort>(["number", "string", "array", "object", "any"]);
      const word = random.pick(["const", "let", "var"] as const);
      const value = g.expression(sort);
      // Anything in the namespace that has the name means what is exported, before it is declared, too.
      const name = `E${g.number()}`;
      g.scope.declare(name, "let", sort, `${owner}.${name}`);
      const annotation = random.chance(0.3) ? typeOnly(`: ${type(g)}`) : other``;
      const tree = other`export ${word} ${name}${annotation} = ${value};`;
      return { ...tree, twin: (parts) => other`${owner}.${name} = ${parts.at(-2) as Tree};` };
    }
    case 2: {
      const name = g.freeName("function");
      g.scope.declare(name, "function", "function");
      const made = functionDeclaration(g, name, "export ");
      return { ...other`export ${made}`, twin: (parts) => other`${parts[1] as Tree} ${owner}.${name} = ${name};` };
    }
    case 3: {
      const name = g.freeName("class");
      g.scope.declare(name, "class", "class");
      const body = g.makers.classBody(g, name);
      return {
        ...other`export class ${name} ${body}`,
        twin: (parts) => other`class ${name} ${parts.at(-1) as Tree} ${owner}.${name} = ${name};`,
      };
    }
    case 4: {
      const name = g.freeName("let");
      g.scope.declare(name, "let", "object");
      return enumeration(g, name, owner);
    }
    case 5: {
      if (g.isTired) return g.statement();
      const name = spaceName(g);
      g.scope.declare(name, "let", "object");
      return space(g, name, owner);
    }
    case 6:
      return other`${typeOnly(`export ${random.chance(0.5) ? `type A = ${type(g)};` : `interface B { x: ${type(g)} }`}`)}`;
    default:
      return g.statement();
  }
}

/**
 * The body of the namespace `name`. What the name means inside depends on whether anything there declares it, so nothing but such a
 * declaration is meant by it.
 */
function body(g: Generator, own: string, name: string): Tree {
  return g.within(APART, () =>
    g.scoped(true, () => {
      g.scope.hidden.add(name);
      const statements = Array.from({ length: 1 + g.random.below(3) }, () => exported(g, own));
      return list(statements, "\n");
    }),
  );
}

/** A namespace; `owner` is the one that exports it. */
function space(g: Generator, name: string, owner?: string): Tree {
  const own = `$${name}${g.number()}`;
  const value =
    owner === undefined ? `${name} || (${name} = {})` : `${name} = ${owner}.${name} || (${owner}.${name} = {})`;
  const inner = body(g, own, name);
  // What holds nothing but types would leave nothing.
  const first = other`const z0 = 0;`;
  const tree = (owner === undefined
    ? stmt
    : other)`${owner === undefined ? "" : "export "}namespace ${name} { ${first} ${inner} }`;
  return {
    ...tree,
    twin: (parts) => other`let ${name}; (function (${own}) { ${first} ${parts.at(-2) as Tree} })(${value});`,
  };
}

/** A function or class with a namespace of the same name. */
function merged(g: Generator): Tree {
  const isClass = g.random.chance(0.5);
  const name = g.freeName(isClass ? "class" : "function");
  g.scope.declare(name, isClass ? "class" : "function", isClass ? "class" : "function");
  const made = isClass ? other`class ${name} ${g.makers.classBody(g, name)}` : functionDeclaration(g, name);
  const own = `$${name}${g.number()}`;
  const inner = body(g, own, name);
  const first = other`const z0 = 0;`;
  return {
    ...stmt`${made} namespace ${name} { ${first} ${inner} }`,
    twin: (parts) =>
      other`${parts[0] as Tree} (function (${own}) { ${first} ${parts.at(-2) as Tree} })(${name} || (${name} = {}));`,
  };
}

/** An enum or a namespace, declared where it stands, and something that uses it. */
export function declareSpace(g: Generator): Tree {
  const { random } = g;
  if (random.chance(0.2)) return merged(g);
  const isEnum = random.chance(0.5);
  const name = isEnum ? g.freeName("let") : spaceName(g);
  if (!isEnum) g.scope.declare(name, "let", "object");
  const made = isEnum ? enumeration(g, name) : space(g, name);
  if (isEnum) g.scope.declare(name, "let", "object");
  return random.chance(0.6)
    ? stmt`${made} log(${g.label()}, ${place({ name, sort: "object", isConstant: false })});`
    : made;
}
