// Owns the values that TypeScript computes while compiling: those of enum members, and of the names in their initialisers. Where
// TypeScript leaves the code to run, it must never give a value that differs from running the code.

//
// As TypeScript's evaluator does: literals, + - * / % ** and bit operators, templates, names of `const` variables and enum members. A
// member that is not known has no member after it without an initialiser, and its reverse entry is made when the code runs.
import type { Binding, Constant, Names, Scope, Tree, Value } from "./names.ts";

const UNKNOWN: Value = { value: undefined, isString: false };

/** The place in the source where a value is needed, and its scope. */
interface Place {
  readonly names: Names;
  readonly scope: Scope;
  readonly offset: number;
  /** The constant whose value is computed. */
  readonly self: Constant | null;
}

/** The value of a constant. Computed once, when first asked for. A constant that (by others) mentions itself is unknown. */
export function valueOf(names: Names, constant: Constant): Value {
  if (constant.known !== undefined) return constant.known;
  if (constant.isPending) return UNKNOWN;
  constant.isPending = true;
  const place = { names, scope: constant.scope, offset: constant.start, self: constant };
  constant.known = constant.compute?.() ?? evaluate(constant.tree, place);
  names.check();
  constant.isPending = false;
  return constant.known;
}

/** The value of an expression. `isString` is known more often than the text: then the enum member gets no reverse entry. */
function evaluate(tree: Tree | null, place: Place): Value {
  switch (tree?.kind) {
    case "value":
      return { value: tree.value, isString: typeof tree.value === "string" };
    case "name":
      return evaluateName(tree.path, place);
    case "element":
      return evaluateElement(tree.path, tree.key, place);
    case "unary":
      return evaluateUnary(tree.operator, evaluate(tree.operand, place));
    case "binary":
      return counted(evaluateBinary(tree.operator, evaluate(tree.left, place), evaluate(tree.right, place)), place);
    case "template":
      return evaluateTemplate(tree.texts, tree.parts, place);
    default:
      return UNKNOWN;
  }
}

/** A value whose text, if it has one, was put together here. */
function counted(value: Value, { names, offset }: Place): Value {
  names.takeText(value.value, offset);
  return value;
}

/** `+`, `-` and `~` of a number; every other operand is unknown. */
function evaluateUnary(operator: string, { value }: Value): Value {
  if (typeof value !== "number") return UNKNOWN;
  return { value: operator === "-" ? -value : operator === "~" ? ~value : value, isString: false };
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "|": (a, b) => a | b,
  "&": (a, b) => a & b,
  "^": (a, b) => a ^ b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
};

/** Numbers by ARITHMETIC, in doubles as at run time; `+` joins if one side is a string. */
function evaluateBinary(operator: string, left: Value, right: Value): Value {
  const isString = operator === "+" && (left.isString || right.isString);
  if (left.value === undefined || right.value === undefined) return { value: undefined, isString };
  if (typeof left.value === "number" && typeof right.value === "number") {
    return { value: ARITHMETIC[operator]?.(left.value, right.value), isString };
  }
  return { value: operator === "+" ? `${left.value}${right.value}` : undefined, isString };
}

/** A template is a string, whatever its parts are. */
function evaluateTemplate(texts: readonly string[], parts: readonly (Tree | null)[], place: Place): Value {
  let text = texts[0] ?? "";
  for (const [index, part] of parts.entries()) {
    const { value } = evaluate(part, place);
    if (value === undefined) return { value: undefined, isString: true };
    place.names.takeText(value, place.offset);
    text += `${value}${texts[index + 1] ?? ""}`;
  }
  return counted({ value: text, isString: true }, place);
}

/** `A`, `E.A`, `N.E.A`; NaN and Infinity, unless the file declares them. */
function evaluateName(path: readonly string[], place: Place): Value {
  const binding = bindingOf(path, place);
  if (binding === null) {
    const [name] = path;
    if (path.length === 1 && (name === "NaN" || name === "Infinity")) return { value: Number(name), isString: false };
    return UNKNOWN;
  }
  return evaluateBinding(binding, place);
}

/** `E["A"]` */
function evaluateElement(path: readonly string[], key: string, place: Place): Value {
  const container = bindingOf(path, place)?.container;
  const member = container?.isEnum === true ? container.exports.get(key) : undefined;
  return member === undefined ? UNKNOWN : evaluateBinding(member, place);
}

/** The value of a name at the place that mentions it: TypeScript reads declarations before that place only. */
function evaluateBinding({ constant }: Binding, place: Place): Value {
  if (constant === undefined || constant === place.self) return UNKNOWN;
  // A declaration further down: a member counts as 0, a variable as unknown.
  if (constant.start > place.offset) return constant.isMember ? { value: 0, isString: false } : UNKNOWN;
  return valueOf(place.names, constant);
}

/** The binding of a dotted name; null if the file does not declare it. */
export function bindingOf(path: readonly string[], { names, scope }: Pick<Place, "names" | "scope">): Binding | null {
  let binding = names.resolve(path[0]!, scope)?.binding ?? null;
  for (let at = 1; at < path.length && binding !== null; at++) {
    const alias = binding.imported?.alias;
    if (alias !== undefined) binding = bindingOf(alias.path, { names, scope: alias.root.scope });
    binding = binding?.container?.exports.get(path[at]!) ?? null;
  }
  return binding;
}

/** Does the expression contain a name, so that its text alone does not determine its value? */
export function mentionsNames(tree: Tree | null): boolean {
  switch (tree?.kind) {
    case "name":
    case "element":
      return true;
    case "unary":
      return mentionsNames(tree.operand);
    case "binary":
      return mentionsNames(tree.left) || mentionsNames(tree.right);
    case "template":
      return tree.parts.some(mentionsNames);
    default:
      return false;
  }
}

/** The value as a literal, on one line. */
export function literalOf(value: number | string): string {
  if (typeof value === "string")
    return JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
  return String(value);
}

/** https://tc39.es/ecma262/#prod-SingleEscapeCharacter, and `\0`. */
const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", 0: "\0" };

/** The value of a string literal or of the text of a template. */
export function cooked(text: string): string {
  if (!text.includes("\\")) return text.replace(/\r\n?/g, "\n");
  return text.replace(
    /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\s\S]))|\r\n?/g,
    (_, long?: string, short?: string, byte?: string, simple?: string) => {
      const digits = long ?? short ?? byte;
      if (digits !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(digits, 16), 0x10ffff));
      if (simple === undefined) return "\n";
      return /^[\r\n\u2028\u2029]/.test(simple) ? "" : (SIMPLE[simple] ?? simple);
    },
  );
}
