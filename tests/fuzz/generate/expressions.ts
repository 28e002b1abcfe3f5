// Owns random expressions. Each is closed towards all sides. Must never make a loop, and must never make a value that could grow
// with every turn of one without passing it through $s.
import { beginning, expr, list, nothing, other, pattern, type Tree } from "../tree.ts";
import { BUILTINS } from "./builtins.ts";
import { place, read, type Allowed, type Generator, type Sort } from "./context.ts";
import { annotation, argumentsOfTypes, asserted, assertedPlace, parametersOfTypes, returned } from "./types.ts";

const NUMBERS = [
  "0", "1", "2", "3", "(-1)", "(-0)", "NaN", "0.5", "1.5", "(-2.25)", "7", "10", "31", "32", "33", "255", "65535",
  "2147483647", "(-2147483648)", "2147483648", "4294967295", "4294967296", "9007199254740991", "9007199254740993",
  "1e21", "1e-7", "123456789.125", "Infinity", "(-Infinity)", "5e-324", "1e300",
] as const; // prettier-ignore
const STRINGS = ["", "a", "ab", "abc", "b", " x ", "0", "1", "-0", "01", "12", "1e3", "0x1f", "é", "ß", "İ", "\u{1f600}x",
  "\ud800", "length", "a,b,c", "NaN", "true", "1n", "$&-$1", "\u2028"] as const; // prettier-ignore
const BIGINTS = [
  "0n",
  "1n",
  "(-1n)",
  "7n",
  "2n",
  "9007199254740993n",
  "(-123456789012345678901n)",
  "0xffffffffffffffffn",
];
const KEYS = ["a", "b", "x", "y", "0", "1", "length", "name", "constructor", "toString", "valueOf", "m"] as const;
const NAMES = ["a", "b", "x", "y", "m", "z"] as const;
const JSONS = [
  '"[1,2,{\\"a\\":[]}]"',
  '"{\\"b\\":1,\\"a\\":{\\"0\\":2},\\"1\\":null}"',
  '"[1,"',
  '"1e5"',
  '"[[],\\"\\\\u0041\\"]"',
];
const SYMBOLS = [
  "Symbol.iterator", "Symbol.asyncIterator", "Symbol.toPrimitive", "Symbol.toStringTag", "Symbol.hasInstance", "Symbol.species",
  "Symbol.isConcatSpreadable", "Symbol.unscopables", "Symbol.match", "Symbol.replace", "Symbol.split", "Symbol.search",
] as const; // prettier-ignore
const ERRORS = [
  "Error", "TypeError", "RangeError", "(class extends Error {})", "(class extends Error { name = \"E\"; })",
  "(class extends TypeError { constructor(x) { super(x, { cause: x }); this.a = x; } })", "(class extends (class extends Error {}) {})",
] as const; // prettier-ignore
const SORTS: readonly Sort[] = [
  "number", "string", "boolean", "bigint", "array", "object", "function", "class", "iterable", "map", "set", "promise", "weakmap", "weakset", "symbol", "error",
]; // prettier-ignore
const ARITHMETIC = ["+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"] as const;
const COMPARE = ["<", ">", "<=", ">=", "==", "!=", "===", "!=="] as const;

export function key(g: Generator): Tree {
  return g.random.chance(0.1)
    ? expr`${g.random.chance(0.5) ? "Symbol.for('s')" : g.random.pick(SYMBOLS)}`
    : expr`"${g.random.pick(KEYS)}"`;
}

export function propertyName(g: Generator): string {
  return g.random.pick(NAMES);
}

/** A leaf of a sort. */
function leaf(g: Generator, sort: Sort): Tree {
  const { random } = g;
  switch (sort) {
    case "number":
      return expr`${random.pick(NUMBERS).replace(/^\d+$/, "($&)")}`;
    case "string":
      return expr`${JSON.stringify(random.pick(STRINGS))}`;
    case "boolean":
      return expr`${random.pick(["true", "false"])}`;
    case "bigint":
      return expr`${random.pick(BIGINTS)}`;
    case "array":
      return expr`${random.pick(["[]", "[1, 2, 3]", "[3, 1, 2]", "[1, , 3]", '["a", "b"]', "[[1], [2]]", "[undefined, null]"])}`;
    case "object":
      return expr`${random.pick(["({})", "({ a: 1 })", "({ x: 1, y: 2, 0: 3 })", "({ m() { $t(); return this.a; }, a: 5 })", "[1]"])}`;
    case "function":
      return expr`${random.pick(["((x) => ($t(), x))", "(function () { $t(); return this; })", "Object", "String", "((x, y) => ($t(), log('fn', x, y)))", "(function* () { $t(); yield 1; })", "(async (x) => { $t(); return x; })"])}`;
    case "class":
      return expr`${random.pick(["Object", "Array", "Error", "Map", "(class extends Error {})", "(class {})", "(function () { this.a = 1; })", "Number", "(class extends Array {})"])}`;
    case "iterable":
      return random.chance(0.5) ? expr`$it(${g.label()}, ${random.below(4)}, ${how(g)})` : leaf(g, "array");
    case "map":
      return expr`new Map([[1, "a"], ["1", 2], [NaN, 3]])`;
    case "set":
      return expr`new Set([1, -0, NaN, "a"])`;
    case "promise":
      return expr`Promise.resolve(${random.below(9)})`;
    case "weakmap":
      return expr`new WeakMap([[Symbol.iterator, 1]])`;
    case "weakset":
      return expr`new WeakSet()`;
    case "symbol":
      return expr`${random.pick(["Symbol.for('t')", "Symbol.for('s')", "Symbol('u')", "Symbol()", ...SYMBOLS])}`;
    case "error":
      return expr`new ${random.pick(ERRORS)}("e")`;
    case "any":
      return random.chance(0.12)
        ? expr`${random.pick(["undefined", "null", "Symbol.for('t')"])}`
        : leaf(g, random.pick(SORTS));
  }
}

function how(g: Generator): string {
  return g.random.chance(0.45) ? "0" : String(g.random.below(9));
}

const COMPARATORS = [
  "(x, y) => (typeof x === 'number' && typeof y === 'number' ? x - y || 0 : 0)",
  "$cmp",
  "() => 0",
] as const;
/** Comparators that say what is compared, that never find two equal, and that contradict themselves: engines agree about the order. */
const ORDERS = [
  "(x, y) => (x < y ? -1 : 1)",
  "(x, y) => (x > y ? 1 : -1)",
  "() => 1",
  "() => -1",
  "(x, y) => ($t(), log($log, x, y), 0)",
  "(x, y) => ($t(), log($log, x, y), x < y ? -1 : 1)",
  "(x, y) => ($t(), log($log, x), $number)",
  "$callback",
] as const;
/** Patterns of regular expressions that find nothing twice in many ways. */
const PATTERNS = ["a", "b|c", "(a)(b)?", "(?<x>[a-c])\\k<x>?", "[^ ]", "\\d+", "(?:)", "^.", "x?$", "(?=b)", "(?<!a)b", "\\w(?<y>.)?", "[\\s,]", "(a|ab)(c|bcd)?", "."] as const; // prettier-ignore
const HOLE =
  /\$(small|regexp|pattern|key|name|log|how|json|callback|compare|order|generated|generatorCall|asyncCall|any|number|string|boolean|bigint|array|object|function|class|iterable|map|set|promise|weakmap|weakset|symbol|error|types)\b/;

const APART: Partial<Allowed> = { yields: false, awaits: false, superProperty: false, superCall: false, args: false };

/** Fills a text with holes. */
function fill(g: Generator, text: string): Tree {
  const make = (): (string | Tree)[] => text.split(HOLE).map((piece, i) => (i % 2 === 0 ? piece : hole(g, piece)));
  // What stands in a function of the text is not in the function around it.
  const parts = /=>|function|\) \{/.test(text) ? g.within(APART, make) : make();
  return { category: "expression", parts: ["(", ...parts, ")"] };
}

function hole(g: Generator, name: string): Tree {
  switch (name) {
    case "types":
      return argumentsOfTypes(g, 0.4);
    case "small":
      return expr`${g.random.chance(0.85) ? String(g.random.below(8) - 2).replace(/^-.$/, "($&)") : "(NaN | 0)"}`;
    case "pattern":
      return other`${g.random.pick(PATTERNS)}`;
    case "regexp":
      return expr`/${g.random.pick(PATTERNS)}/${g.random.pick(["", "", "g", "i", "y", "u", "gu", "gy", "s", "dg"])}`;
    case "key":
      return key(g);
    case "name":
      return other`${propertyName(g)}`;
    case "log":
      return other`${g.label()}`;
    case "how":
      return other`${how(g)}`;
    case "json":
      return expr`${g.random.pick(JSONS)}`;
    case "callback":
      return g.makers.callback(g);
    case "compare":
      // Which elements a sort compares, and how often, is left open: only what is consistent, silent and not counted may be given to it.
      return expr`${g.random.pick(COMPARATORS)}`;
    case "order":
      return fill(g, g.random.pick(ORDERS));
    case "generated":
    case "generatorCall":
      return call(g, true);
    case "asyncCall":
      return call(g, false);
    default:
      return g.expression(name as Sort);
  }
}

/** A generator or async function, called on the spot. */
function call(g: Generator, isGenerator: boolean): Tree {
  const { random } = g;
  const isAsync = !isGenerator || random.chance(0.1);
  const body = g.scoped(true, () =>
    g.within(
      {
        yields: isGenerator,
        awaits: isAsync,
        returns: true,
        labels: [],
        inLoop: false,
        inSwitch: false,
        noVar: false,
        args: true,
        superProperty: false,
        superCall: false,
        newTarget: true,
      },
      () => g.makers.block(g, 1 + random.below(3)),
    ),
  );
  return expr`(${isAsync ? "async " : ""}function${isGenerator ? "*" : ""} ${parametersOfTypes(g)}()${returned(g)} { $t(); ${body} })()`;
}

function binary(g: Generator, sort: Sort): Tree {
  const { random } = g;
  const operator = random.pick(ARITHMETIC);
  // Powers and shifts of BigInts and what is added may grow.
  if (sort === "bigint") {
    const small = random.pick(["+", "-", "*", "/", "%", "&", "|", "^"] as const);
    return random.chance(0.2)
      ? expr`$s(${g.expression("bigint")} ${random.pick(["**", "<<", ">>"])} ${random.below(7)}n)`
      : expr`$s(${g.expression("bigint")} ${small} ${g.expression("bigint")})`;
  }
  if (sort === "string") return expr`$s(${g.expression("string")} + ${g.expression()})`;
  const operand = random.chance(0.75) ? "number" : "any";
  // The last digits of powers are the engine's.
  if (operator === "**") return expr`$pow(${g.expression("number")} ** ${g.expression("number")})`;
  if (operator === "<<") return expr`(${g.expression("number")} << ${g.expression("number")})`;
  return expr`$s(${g.expression("number")} ${operator} ${g.expression(operand)})`;
}

/** What may stand left of an assignment. */
function target(g: Generator): Tree {
  const { random } = g;
  const variable = random.chance(0.55) ? g.variable("any", random.chance(0.95)) : undefined;
  // The compiler knows what members of enums are.
  const isFixed = variable?.isConstant === true && variable.twin !== undefined;
  if (variable !== undefined && !isFixed) return g.typed(0.06) ? assertedPlace(g, place(variable)) : place(variable);
  if (g.allowed.privateNames.includes("#p") && random.chance(0.3)) return other`this.#p`;
  if (g.allowed.superProperty && random.chance(0.2))
    return random.chance(0.7) ? other`super.${propertyName(g)}` : other`super[${key(g)}]`;
  if (g.allowed.args && random.chance(0.1)) return other`arguments[${random.below(3)}]`;
  return member(g, true);
}

/** An object that becomes a key. */
export function objectKey(g: Generator): Tree {
  return expr`$o(${g.label()}, ${key(g)}, ${g.random.below(5)})`;
}

function member(g: Generator, isTarget: boolean): Tree {
  const { random } = g;
  const object = g.expression(random.chance(0.6) ? "object" : random.chance(0.6) ? "array" : "any");
  if (random.chance(0.55)) return other`${object}.${propertyName(g)}`;
  if (random.chance(0.4)) return other`${object}[${random.below(5)}]`;
  // Not where the place is read and written: the host engine asks for the key twice.
  if (!isTarget && random.chance(0.15)) return other`${object}[${objectKey(g)}]`;
  if (isTarget) return other`${object}[${key(g)}]`;
  return other`${object}[${g.expression()}]`;
}

/** A pattern of assignment. */
function assignmentPattern(g: Generator, depth: number): Tree {
  const { random } = g;
  // In patterns of objects, the host engine evaluates what a member is taken of before it looks whether the value is an object.
  const isArray = random.chance(0.6);
  const left = (): Tree => {
    const variable = isArray ? undefined : g.variable("any", true);
    return variable === undefined ? target(g) : place(variable);
  };
  if (!isArray && g.variable("any", true) === undefined) return pattern`[]`;
  const element = (): Tree => {
    const inner = depth < 2 && random.chance(0.2) ? assignmentPattern(g, depth + 1) : left();
    return random.chance(0.25) ? other`${inner} = ${g.expression()}` : inner;
  };
  if (isArray) {
    const elements = Array.from({ length: random.below(4) }, () => (random.chance(0.15) ? other`` : element()));
    const rest = random.chance(0.25) ? [other`...${target(g)}`] : [];
    return pattern`[${list([...elements, ...rest], ", ")}]`;
  }
  const properties = Array.from({ length: 1 + random.below(3) }, () =>
    random.chance(0.2) ? other`[${g.expression()}]: ${element()}` : other`${propertyName(g)}: ${element()}`,
  );
  const rest = random.chance(0.25) ? [other`...${left()}`] : [];
  return pattern`{${list([...properties, ...rest], ", ")}}`;
}

export function assignment(g: Generator): Tree {
  const { random } = g;
  const kind = random.below(10);
  if (kind < 2) {
    const from = random.chance(0.6) ? "iterable" : random.chance(0.6) ? "object" : "any";
    return expr`(${assignmentPattern(g, 0)} = ${g.expression(from)})`;
  }
  if (kind < 4) return expr`(${target(g)}${random.pick(["++", "--"])})`;
  if (kind < 5) return expr`(${random.pick(["++", "--"])}${target(g)})`;
  if (kind < 7)
    return expr`(${target(g)} ${random.pick(["-", "*", "|", "&", ">>>", "%", ">>"])}= ${g.expression("number")})`;
  if (kind < 8) return expr`(${target(g)} ${random.pick(["&&", "||", "??"])}= ${g.expression()})`;
  if (random.chance(0.1)) return expr`(${g.expression("object")}[${objectKey(g)}] = ${g.expression()})`;
  return expr`(${target(g)} = ${g.expression()})`;
}

function element(g: Generator): Tree {
  const { random } = g;
  if (random.chance(0.08)) return other``;
  if (random.chance(0.12)) return other`...${g.expression("iterable")}`;
  return g.expression();
}

function arrayLiteral(g: Generator): Tree {
  return expr`$s([${list(
    Array.from({ length: g.random.below(5) }, () => element(g)),
    ", ",
  )}])`;
}

function method(g: Generator, parameters: string, isGenerator: boolean, isAsync: boolean, isAccessor = false): Tree {
  return g.scoped(true, () =>
    g.within(
      {
        yields: isGenerator,
        awaits: isAsync,
        returns: true,
        superProperty: true,
        superCall: false,
        newTarget: true,
        args: true,
        labels: [],
        inLoop: false,
        inSwitch: false,
        noVar: false,
      },
      () => {
        if (parameters !== "") g.scope.declare(parameters, "var", "any");
        const isSetter = isAccessor && parameters !== "";
        const types = isAccessor ? nothing : parametersOfTypes(g);
        const annotated = parameters === "" ? nothing : annotation(g);
        const result = isSetter ? nothing : returned(g);
        return other`${types}(${parameters}${annotated})${result} { $t(); ${g.makers.block(g, 1 + g.random.below(2))} }`;
      },
    ),
  );
}

/** A method, getter, setter or generator for an object or a class, without modifiers. */
export function methodDefinition(g: Generator, name: Tree): Tree {
  const { random } = g;
  switch (random.below(6)) {
    case 0:
      return other`get ${name}${method(g, "", false, false, true)}`;
    case 1:
      return other`set ${name}${method(g, "v", false, false, true)}`;
    case 2:
      return other`*${name}${method(g, "", true, false)}`;
    case 3:
      return random.chance(0.5)
        ? other`async ${name}${method(g, "x", false, true)}`
        : other`async *${name}${method(g, "x", true, true)}`;
    default:
      return other`${name}${method(g, "x", false, false)}`;
  }
}

function property(g: Generator): Tree {
  const { random } = g;
  const name = random.chance(0.2)
    ? other`[${key(g)}]`
    : other`${random.chance(0.8) ? propertyName(g) : random.below(3)}`;
  const kind = random.below(10);
  if (kind < 5 || g.isTired) return other`${name}: ${g.expression()}`;
  if (kind < 6) return other`...${g.expression()}`;
  if (kind < 7) return other`__proto__: ${g.expression("object")}`;
  return methodDefinition(g, name);
}

function objectLiteral(g: Generator): Tree {
  let hasProto = false;
  // Behind a spread or a computed name, the host engine puts accessors after all that follows, and forgets where a name stood first.
  let hasComputed = false;
  const names = new Set<string | undefined>();
  const properties: Tree[] = [];
  for (let i = g.random.below(5); i > 0; i--) {
    const made = property(g);
    const isProto = made.parts[0] === "__proto__: ";
    const text = beginning(made, 30);
    hasComputed ||= /^(?:\.\.\.|(?:async )?\*?\[)/.test(text);
    const isAccessor = /^[gs]et [^(]/.test(text);
    const name = /^(?:async )?\*?(\w+)/.exec(text)?.[1];
    if (!(isProto && hasProto) && !(hasComputed && (isAccessor || names.has(name)))) properties.push(made);
    names.add(name);
    hasProto ||= isProto;
  }
  return expr`({ ${list(properties, ", ")} })`;
}

function special(g: Generator): Tree | undefined {
  const { allowed, random } = g;
  const choices: (() => Tree)[] = [];
  if (allowed.yields) {
    choices.push(() => expr`(yield ${g.expression()})`);
    choices.push(() => expr`(yield)`);
    if (random.chance(0.4)) choices.push(() => expr`(yield* ${g.expression("iterable")})`);
  }
  if (allowed.awaits) {
    choices.push(() => expr`(await ${g.expression(random.chance(0.5) ? "promise" : "any")})`);
    choices.push(() => expr`(await $th(${g.label()}, ${g.expression()}, ${random.below(4)}))`);
  }
  if (allowed.superProperty)
    choices.push(
      () => expr`super.${propertyName(g)}`,
      () => expr`super[${g.expression("string")}]`,
      () => expr`(super.${propertyName(g)}?.(${g.expression()}))`,
    );
  if (allowed.superCall) choices.push(() => expr`super(${g.expression()})`);
  if (allowed.privateNames.length > 0) {
    const name = random.pick(allowed.privateNames);
    choices.push(
      () => expr`this.${name}`,
      () => expr`(${name} in ${g.expression("object")})`,
    );
  }
  if (allowed.args)
    choices.push(
      () => expr`arguments.length`,
      () => expr`arguments[${random.below(3)}]`,
    );
  return choices.length === 0 ? undefined : random.pick(choices)();
}

/** Ways to make an expression that have no sort. */
function general(g: Generator): Tree {
  const { random } = g;
  return random.weighted<() => Tree>([
    [4, () => assignment(g)],
    [3, () => expr`(${g.expression("boolean")} ? ${g.expression()} : ${g.expression()})`],
    [3, () => expr`(${g.expression()} ${random.pick(["&&", "||", "??"])} ${g.expression()})`],
    [1, () => expr`(${g.expression()}, ${g.expression()})`],
    [3, () => expr`(${member(g, false)})`],
    [
      2,
      () =>
        expr`(${g.expression("any")}?.${random.pick([propertyName(g), `[${random.below(3)}]`, `${propertyName(g)}?.(1)`])})`,
    ],
    [1, () => expr`(delete ${member(g, true)})`],
    [1, () => expr`(${random.pick(["typeof", "void", "!"])} ${g.expression()})`],
    [1, () => expr`(${random.pick(["-", "~", "+"])}${g.expression(random.chance(0.8) ? "number" : "any")})`],
    [2, () => expr`$o(${g.label()}, ${g.expression("number")}, ${random.below(5)})`],
    [2, () => g.makers.functionExpression(g)],
    [1, () => expr`(class ${g.makers.classBody(g, null)})`],
    [3, () => objectLiteral(g)],
    [2, () => arrayLiteral(g)],
    [4, () => special(g) ?? arrayLiteral(g)],
  ])();
}

/** Ways to make an expression of a sort. */
function sorted(g: Generator, sort: Sort): Tree {
  const { random } = g;
  if (sort === "any") return random.chance(0.55) ? general(g) : sorted(g, random.pick(SORTS));
  const table = BUILTINS[sort];
  if (table !== undefined && random.chance(0.5)) return fill(g, random.pick(table));
  switch (sort) {
    case "number":
    case "bigint":
      return binary(g, sort);
    case "string":
      return random.chance(0.5)
        ? binary(g, sort)
        : expr`$s(\`${random.pick(STRINGS.slice(0, 6))}\${${g.expression()}}\`)`;
    case "boolean":
      return random.chance(0.8)
        ? expr`(${g.expression()} ${random.pick(COMPARE)} ${g.expression()})`
        : expr`(!${g.expression()})`;
    case "array":
      return arrayLiteral(g);
    case "object":
      return random.chance(0.3)
        ? expr`new ${g.expression("class")}${argumentsOfTypes(g)}(${g.expression()})`
        : objectLiteral(g);
    case "function":
      return g.makers.functionExpression(g);
    case "class":
      return random.chance(0.6) ? expr`(class ${g.makers.classBody(g, null)})` : leaf(g, "class");
    case "iterable":
      return random.chance(0.5) ? call(g, true) : leaf(g, "iterable");
    case "error":
      return random.chance(0.5) ? expr`new ${random.pick(ERRORS)}(${g.expression()})` : leaf(g, "error");
    default:
      return leaf(g, sort);
  }
}

export function expression(g: Generator, sort: Sort): Tree {
  const { random } = g;
  const variable = random.chance(g.isTired ? 0.6 : 0.4) ? g.variable(sort) : undefined;
  if (variable !== undefined) return g.typed(0.1) ? asserted(g, read(variable)) : read(variable);
  if (g.isTired || random.chance(0.12)) return leaf(g, sort);
  // A wrong sort now and then.
  const made = sorted(g, random.chance(0.04) ? "any" : sort);
  return g.typed(0.1) ? asserted(g, made) : made;
}
