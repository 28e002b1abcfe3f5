// Owns random statements and patterns that declare. Every loop begins its turns with a tick outside of any try of its own, so
// that all of them end.
import { list, nothing, other, pattern, stmt, typeOnly, type Tree } from "../tree.ts";
import { declareSpace } from "./namespaces.ts";
import { annotation, argumentsOfTypes, statementOnly, type as typeText } from "./types.ts";
import { declarator, read, type Generator, type Kind, type Sort } from "./context.ts";
import { functionDeclaration } from "./functions.ts";
import { propertyName } from "./expressions.ts";

const DECLARED: readonly Sort[] = [
  "number",
  "string",
  "array",
  "object",
  "function",
  "iterable",
  "map",
  "set",
  "promise",
  "bigint",
  "weakmap",
  "weakset",
  "symbol",
  "error",
  "any",
];

export function bindingPattern(g: Generator, kind: Kind): Tree {
  return nested(g, kind, 0);
}

function nested(g: Generator, kind: Kind, depth: number): Tree {
  const { random } = g;
  const name = (sort: Sort): Tree => {
    const free = g.freeName(kind);
    g.scope.declare(free, kind, sort);
    return other`${free}`;
  };
  const element = (): Tree => {
    const value = random.chance(0.3) && !g.isTired ? g.expression() : undefined;
    const inner = depth < 2 && random.chance(0.2) ? nested(g, kind, depth + 1) : name("any");
    return value === undefined ? inner : other`${inner} = ${value}`;
  };
  if (random.chance(0.55)) {
    const elements = Array.from({ length: random.below(4) }, () => (random.chance(0.12) ? other`` : element()));
    if (random.chance(0.2)) elements.push(other`...${name("array")}`);
    return pattern`[${list(elements, ", ")}]`;
  }
  const properties = Array.from({ length: random.below(3) }, () =>
    random.chance(0.15) ? other`[${g.expression("string")}]: ${element()}` : other`${propertyName(g)}: ${element()}`,
  );
  if (random.chance(0.2)) properties.push(other`...${name("object")}`);
  return pattern`{${list(properties, ", ")}}`;
}

function declaration(g: Generator): Tree {
  const { random } = g;
  const kind = declarator(g);
  if (random.chance(0.2)) {
    const value = g.expression(random.chance(0.6) ? "iterable" : "object");
    return stmt`${kind} ${bindingPattern(g, kind)}${annotation(g)} = ${value};`;
  }
  const sort = random.pick(DECLARED);
  const name = g.freeName(kind);
  // Often in its own dead zone.
  const early = random.chance(0.04);
  if (early) g.scope.declare(name, kind, sort);
  const value = g.expression(sort);
  if (!early) g.scope.declare(name, kind, sort);
  if (kind !== "const" && random.chance(0.08)) {
    return stmt`${kind} ${name}${g.typed(0.4) ? typeOnly(`!: ${typeText(g)}`) : nothing};`;
  }
  return stmt`${kind} ${name}${annotation(g)} = ${value};`;
}

function body(g: Generator, inLoop: boolean, label?: string): Tree {
  const { allowed } = g;
  const labels = label === undefined ? allowed.labels : [...allowed.labels, { name: label, isLoop: true }];
  return g.within({ inLoop: inLoop || allowed.inLoop, labels }, () =>
    g.scoped(false, () => other`{ $t(); ${block(g, 1 + g.random.below(3))} }`),
  );
}

function newLabel(g: Generator): string | undefined {
  if (!g.random.chance(0.3)) return undefined;
  return ["L", "M", "N", "O", "P"].find((name) => g.allowed.labels.every((label) => label.name !== name));
}

/** The left side of a for-in or for-of. */
function loopTarget(g: Generator, kind: "let" | "const" | "var"): Tree {
  if (g.random.chance(0.25)) return other`${kind} ${bindingPattern(g, kind)}`;
  const name = g.freeName(kind);
  g.scope.declare(name, kind, "any");
  return other`${kind} ${name}`;
}

function loop(g: Generator): Tree {
  const { random } = g;
  const label = newLabel(g);
  const prefix = label === undefined ? "" : `${label}: `;
  const kind = declarator(g);
  return g.scoped(false, () => {
    switch (random.below(7)) {
      case 0: {
        const name = g.freeName("let");
        g.scope.declare(name, "let", "number");
        const turns = 1 + random.below(4);
        return stmt`${prefix}for (let ${name} = 0; ${name} < ${turns}; ${name}++) ${body(g, true, label)}`;
      }
      case 1: {
        const name = g.freeName("let");
        g.scope.declare(name, "let", "any");
        return stmt`${prefix}for (let ${name} = ${g.expression("number")}, i = 0; i < ${random.below(4)}; ${g.expression()}, i++) ${body(g, true, label)}`;
      }
      case 2: {
        const value = g.expression("object");
        // The order in which for-in asks a proxy is left open.
        return stmt`${prefix}for (${loopTarget(g, kind)} in $fi(${value})) ${body(g, true, label)}`;
      }
      case 3:
        return stmt`${prefix}while (${g.expression("boolean")}) ${body(g, true, label)}`;
      case 4:
        return stmt`${prefix}do ${body(g, true, label)} while (${g.expression("boolean")});`;
      default: {
        const value = g.expression(
          random.chance(0.8) ? "iterable" : random.pick(["map", "set", "string", "any"] as const),
        );
        const wait = g.allowed.awaits && random.chance(0.5) ? " await" : "";
        return stmt`${prefix}for${wait} (${loopTarget(g, kind)} of ${value}) ${body(g, true, label)}`;
      }
    }
  });
}

function jump(g: Generator): Tree {
  const { allowed, random } = g;
  const choices: (() => Tree)[] = [() => stmt`throw ${g.expression()};`];
  if (allowed.returns)
    choices.push(
      () => stmt`return ${g.expression()};`,
      () => stmt`return;`,
    );
  if (allowed.inLoop)
    choices.push(
      () => stmt`continue;`,
      () => stmt`break;`,
    );
  else if (allowed.inSwitch) choices.push(() => stmt`break;`);
  for (const { name, isLoop } of allowed.labels) {
    choices.push(() => stmt`break ${name};`);
    if (isLoop) choices.push(() => stmt`continue ${name};`);
  }
  const made = random.pick(choices)();
  return random.chance(0.75) ? stmt`if (${g.expression("boolean")}) ${made}` : made;
}

function tryStatement(g: Generator): Tree {
  const { random } = g;
  const tried = g.scoped(false, () => block(g, 1 + random.below(3)));
  const hasCatch = random.chance(0.75);
  const caught = hasCatch
    ? g.scoped(false, () => {
        const parameter = random.chance(0.2) ? bindingPattern(g, "let") : other`${g.freeName("let")}`;
        const name = parameter.parts[0] as string;
        if (parameter.category === "other") g.scope.declare(name, "let", "any");
        const seen = parameter.category === "other" ? `$e("caught", ${name});` : "";
        const typed = g.typed(0.4) ? typeOnly(random.pick([": any", ": unknown"])) : nothing;
        return random.chance(0.1)
          ? other` catch { ${g.scoped(false, () => block(g, 1))} }`
          : other` catch (${parameter}${typed}) { ${seen} ${block(g, random.below(3))} }`;
      })
    : other``;
  const last =
    !hasCatch || random.chance(0.4)
      ? g.scoped(false, () => other` finally { ${block(g, 1 + random.below(2))} }`)
      : other``;
  return stmt`try { ${tried} }${caught}${last}`;
}

function switchStatement(g: Generator): Tree {
  const { random } = g;
  const value = g.expression(random.chance(0.6) ? "number" : "any");
  return g.scoped(false, () =>
    g.within({ inSwitch: true }, () => {
      const defaultAt = random.below(6);
      const clauses = Array.from({ length: random.below(5) }, (_, i) => {
        const head =
          i === defaultAt ? other`default:` : other`case ${g.expression(random.chance(0.6) ? "number" : "any")}:`;
        return other`${head} ${block(g, random.below(3))} ${random.chance(0.4) ? "break;" : ""}`;
      });
      return stmt`switch (${value}) { ${list(clauses, " ")} }`;
    }),
  );
}

/** Uses what the program declared before. */
function use(g: Generator): Tree {
  const { random } = g;
  const args = (): Tree =>
    list(
      Array.from({ length: random.below(3) }, () => g.expression()),
      ", ",
    );
  const choices: (() => Tree)[] = [];
  const named = (sort: Sort): Tree | undefined => {
    const found = g.scope.visible().filter((variable) => variable.sort === sort);
    return found.length === 0 ? undefined : read(random.pick(found));
  };
  const types = argumentsOfTypes(g);
  const f = named("function");
  if (f !== undefined)
    choices.push(
      () => stmt`log(${g.label()}, ${f}${types}(${args()}));`,
      () => stmt`log(${g.label()}, [...${f}${types}(${args()})]);`,
    );
  const c = named("class");
  if (c !== undefined) {
    choices.push(
      () => stmt`log(${g.label()}, new ${c}${types}(${args()}));`,
      () => stmt`log(${g.label()}, new ${c}(${args()}).${propertyName(g)}?.(${args()}));`,
      () => stmt`log(${g.label()}, ${c}.${propertyName(g)});`,
    );
  }
  for (const sort of ["iterable", "map", "set"] as const) {
    const it = named(sort);
    if (it !== undefined)
      choices.push(() => stmt`for (const x of ${it}) { $t(); log(${g.label()}, x); ${g.makers.assignment(g)}; }`);
  }
  const p = named("promise");
  if (p !== undefined) choices.push(() => stmt`${p}.then((x) => log(${g.label()}, x), (x) => log(${g.label()}, x));`);
  return choices.length === 0 ? declaration(g) : random.pick(choices)();
}

/** Names are looked for in an object first; never in a proxy, of which engines ask more or less. */
function withStatement(g: Generator): Tree {
  const value = g.expression("object");
  return g.scoped(false, () => stmt`with ($fi(${value})) { ${block(g, 1 + g.random.below(2))} }`);
}

function declareFunction(g: Generator): Tree {
  const name = g.freeName("function");
  g.scope.declare(name, "function", "function");
  return stmt`${functionDeclaration(g, name)}`;
}

function declareClass(g: Generator): Tree {
  const name = g.freeName("class");
  g.scope.declare(name, "class", "class");
  const isAbstract = g.typed(0.15);
  return stmt`${isAbstract ? typeOnly("abstract ") : nothing}class ${name} ${g.makers.classBody(g, name, isAbstract)}`;
}

/** A class of errors, thrown in one of the ways in which errors go: at once, out of a promise, with a cause. */
function throwError(g: Generator): Tree {
  // The error is made in functions of its own.
  const apart = { yields: false, awaits: false, superProperty: false, superCall: false, args: false };
  return g.within({ ...apart, labels: [], inLoop: false, inSwitch: false }, () => errorThrown(g));
}

function errorThrown(g: Generator): Tree {
  const { random } = g;
  const name = g.freeName("class");
  g.scope.declare(name, "class", "class");
  const parent = random.pick(["Error", "TypeError", "RangeError", "(class extends Error {})"]);
  const errorClass = (): Tree => {
    g.scope.declare("x", "let", "any");
    const members = list(
      [
        other`constructor(x${annotation(g)}, y${annotation(g)}) { $t(); super(x, { cause: y }); this.name = "N${name}"; ${g.makers.assignment(g)}; }`,
        other`get a() { $t(); return this.cause; }`,
        other`static of(x) { $t(); return new this(x); }`,
      ].filter(() => random.chance(0.6)),
      " ",
    );
    return stmt`class ${name} extends ${parent} { ${members} }`;
  };
  const made = g.scoped(true, () => g.within({ strict: true }, errorClass));
  const error = other`new ${name}(${g.expression("string")}, ${g.expression()})`;
  const seen = g.label();
  const use = random.pick<() => Tree>([
    () =>
      stmt`try { throw ${error}; } catch (e) { $e(${seen}, e); log(${seen}, e.cause, e instanceof ${name}, e.name); }`,
    () =>
      stmt`(async () => { $t(); throw ${error}; })().catch((e) => { $t(); $e(${seen}, e); log(${seen}, e.cause); });`,
    () =>
      stmt`(async () => { $t(); try { await ${g.expression("promise")}; ${g.statement()} throw ${error}; } catch (e) { $e(${seen}, e); } finally { log(${seen}); } })();`,
    () =>
      stmt`Promise.any([Promise.reject(${error}), Promise.reject(${g.expression("error")})]).catch((e) => log(${seen}, e.errors));`,
    () =>
      stmt`try { try { throw ${error}; } catch (e) { throw new Error("outer", { cause: e }); } } catch (e) { $e(${seen}, e); $e(${seen}, e.cause); }`,
    () =>
      stmt`try { ((x) => ($t(), x.${propertyName(g)}.${propertyName(g)}()))(${error}); } catch (e) { $e(${seen}, e); }`,
  ])();
  return stmt`${made} ${use}`;
}
/** A block, or another statement that is no loop, which can be left by its label. */
function labeled(g: Generator): Tree {
  const { random } = g;
  const label = newLabel(g);
  if (label === undefined) return stmt`{ ${g.scoped(false, () => block(g, 2))} }`;
  return g.within({ labels: [...g.allowed.labels, { name: label, isLoop: false }] }, () =>
    g.scoped(false, () => {
      switch (random.below(6)) {
        case 0:
          return stmt`${label}: ${tryStatement(g)}`;
        case 1:
          return stmt`${label}: ${switchStatement(g)}`;
        case 2:
          return stmt`${label}: if (${g.expression("boolean")}) { ${block(g, 2)} } else { ${block(g, 1)} }`;
        case 3:
          return stmt`${label}: for (const x of ${g.expression("iterable")}) { $t(); try { ${leave(g, label)} ${block(g, 1)} } finally { log(${g.label()}); ${block(g, 1)} } }`;
        case 4:
          return stmt`${label}: { for (const x of ${g.expression("iterable")}) { $t(); switch (x) { case ${g.expression("number")}: ${leave(g, label)} default: ${block(g, 1)} } } }`;
        default:
          return stmt`${label}: { ${block(g, 1 + random.below(3))} }`;
      }
    }),
  );
}

function leave(g: Generator, label: string): Tree {
  return stmt`if (${g.expression("boolean")}) break ${label};`;
}

export function statement(g: Generator): Tree {
  const { random } = g;
  if (g.isTired)
    return random.chance(0.5) ? stmt`log(${g.label()}, ${g.expression()});` : stmt`${g.makers.assignment(g)};`;
  return random.weighted<() => Tree>([
    [7, () => declaration(g)],
    [8, () => use(g)],
    [7, () => stmt`log(${g.label()}, ${g.expression()});`],
    [4, () => stmt`${g.makers.assignment(g)};`],
    [2, () => stmt`${g.expression()};`],
    [4, () => tryStatement(g)],
    [4, () => loop(g)],
    [
      2,
      () =>
        stmt`if (${g.expression("boolean")}) { ${g.scoped(false, () => block(g, 1 + random.below(2)))} } else { ${g.scoped(false, () => block(g, 1))} }`,
    ],
    [2, () => switchStatement(g)],
    [3, () => declareFunction(g)],
    [2, () => declareClass(g)],
    [1.5, () => labeled(g)],
    [1.2, () => throwError(g)],
    [g.language === "typescript" && !g.allowed.inEnum ? 2.5 : 0, () => declareSpace(g)],
    [g.language === "typescript" ? 0.8 : 0, () => statementOnly(g)],
    // TypeScript is strict.
    [g.allowed.strict || g.language === "typescript" ? 0 : 0.6, () => withStatement(g)],
    [2.5, () => jump(g)],
  ])();
}

/** Statements in the present scope; now and then functions come first, which are hoisted anyway, or last. */
export function block(g: Generator, count: number): Tree {
  return list(
    Array.from({ length: count }, () => g.statement()),
    "\n",
  );
}
