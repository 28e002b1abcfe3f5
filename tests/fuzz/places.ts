// Owns the places of errors at which V8 has no choice of its own. V8 locates an error at the instruction that threw it, and an
// instruction without a position at the last one before it that has one: there the place depends on how V8 compiles what comes before,
// the parentheses around it and the version. Each such kind is named here with what V8 throws and with the only places that Fermata may
// show instead. Must never allow a place by its distance, nor any place where V8 has a position of its own.
import { parse, type AnyNode, type AssignmentExpression, getLineInfo, type Node } from "acorn";

type Placed = Pick<Node, "loc">;
/** A place that only the JavaScript has. */
export const NOWHERE = "?";

/** The operator of an assignment. */
function sign({ left }: AssignmentExpression, script: string): Placed {
  const before = script.slice(left.end);
  const skipped = before.slice(0, before.indexOf("=")).split("\n");
  const { line, column } = left.loc!.end;
  const start =
    skipped.length === 1
      ? { line, column: column + skipped[0]!.length }
      : { line: line + skipped.length - 1, column: skipped.at(-1)!.length };
  return { loc: { start, end: start } };
}

/** An offset as a place. */
function placeAt(script: string, offset: number): Placed {
  const start = getLineInfo(script, offset);
  return { loc: { start, end: start } };
}

/** The parenthesis that opens the parameters. */
function parenthesis(node: { readonly id?: Node | null; readonly start: number }, script: string): Placed {
  return placeAt(script, script.indexOf("(", node.id?.end ?? node.start));
}

interface Accident {
  /** The instruction without a position. */
  readonly what: string;
  readonly message: RegExp;
  /** True if its places may be ones that only the JavaScript has. */
  readonly isMoved?: true;
  /** Where Fermata shows the error of such an instruction: offsets that a node of the program allows. `named` is what the message names. */
  places(node: AnyNode, named: string | undefined, script: string): readonly (Placed | null | undefined)[];
}

/** The last part of a member expression, at which it is read. */
function property(node: AnyNode): readonly Node[] {
  if (node.type === "ChainExpression") return property(node.expression);
  return node.type === "MemberExpression" ? [node.property] : [];
}

/** The last link of a chain: where it begins, after the parentheses around what it is a link of, and what comes after its `?.`. */
function linkParts(link: AnyNode, script: string): readonly Placed[] {
  if (link.type !== "MemberExpression" && link.type !== "CallExpression") return lastParts(link, script);
  const { end } = link.type === "MemberExpression" ? link.object : link.callee;
  const begin = end + /^[\s)]*/.exec(script.slice(end, end + 100))![0].length;
  return [
    placeAt(script, begin),
    placeAt(script, begin + 2),
    ...(link.type === "MemberExpression" ? [link.property] : lastParts(link, script)),
  ];
}

/** The parts of an expression of which one is evaluated last. */
function lastParts(node: AnyNode, script: string): readonly Placed[] {
  if (node.type === "ConditionalExpression")
    return [node, ...lastParts(node.consequent, script), ...lastParts(node.alternate, script)];
  if (node.type === "LogicalExpression")
    return [node, ...lastParts(node.left, script), ...lastParts(node.right, script)];
  if (node.type === "SequenceExpression") return [node, ...lastParts(node.expressions.at(-1)!, script)];
  if (node.type === "ChainExpression") return [node, ...linkParts(node.expression, script)];
  if (node.type !== "CallExpression") return [node, ...property(node)];
  // A call is at its name, or at its parenthesis.
  const { end } = node.callee.loc!;
  return [node, ...property(node.callee), { loc: { start: end, end } }];
}

/** What a pattern writes to. */
function target(node: AnyNode | null): AnyNode | null {
  if (node?.type === "AssignmentPattern") return node.left;
  return node?.type === "RestElement" ? node.argument : node;
}

const isPattern = (node: AnyNode | null): boolean => node?.type === "ArrayPattern" || node?.type === "ObjectPattern";

const ITERATION =
  /is not (?:async )?iterable|is not a function|has been revoked|Spread syntax|is not an object|Cannot destructure property 'Symbol\(Symbol.iterator\)'|undefined is not/;

export const ACCIDENTS: readonly Accident[] = [
  {
    what: "a name is looked up, or looked at in its dead zone",
    message: /^ReferenceError: (?:Cannot access '(.+)' before initialization|(.+) is not defined)$/,
    places: (node, named) => (node.type === "Identifier" && node.name === named ? [node] : []),
  },
  {
    what: "a property is read in order to be changed",
    message: /^TypeError: (?:Cannot read p|.* is not a function|Cannot convert|.* has been revoked)/,
    places: (node) =>
      node.type === "UpdateExpression"
        ? property(node.argument)
        : node.type === "AssignmentExpression" && node.operator !== "="
          ? property(node.left)
          : [],
  },
  {
    what: "the operation of a compound assignment, and of ++ and --",
    message: /^(?:TypeError|RangeError|SyntaxError): /,
    places: (node) =>
      node.type === "UpdateExpression" || (node.type === "AssignmentExpression" && node.operator !== "=") ? [node] : [],
  },
  {
    what: "a property is taken by a pattern inside a pattern",
    message: /^TypeError: Cannot (?:read properties|destructure|perform 'get' on a proxy that has been revoked)/,
    places: (node) => (node.type === "Property" && isPattern(target(node.value)) ? [node.key] : []),
  },
  {
    what: "a pattern looks whether its value is an object before its first name is read",
    message: /^TypeError: Cannot (?:read properties|destructure|perform 'get' on a proxy that has been revoked)/,
    places: (node) => (node.type === "ObjectPattern" ? [node, node.properties.at(-1)] : []),
  },
  {
    what: "a private method is looked for",
    message: /^TypeError: Cannot use 'in' operator/,
    places(node, _, script) {
      if (node.type !== "BinaryExpression" || node.left.type !== "PrivateIdentifier") return [];
      return [placeAt(script, script.indexOf("in", node.left.end))];
    },
  },
  {
    what: "a computed key becomes a property key",
    message: /^(?:TypeError|RangeError): Cannot convert/,
    places: (node) => (node.type === "Property" && node.computed ? [node.key] : []),
  },
  {
    what: "a property is written by a pattern",
    message: /^(?:TypeError|RangeError): /,
    places: (node) =>
      node.type === "ArrayPattern"
        ? node.elements.map(target).filter((to) => to?.type === "MemberExpression")
        : node.type === "ObjectPattern"
          ? node.properties
              .map((one) => target(one.type === "Property" ? one.value : one))
              .filter((to) => to?.type === "MemberExpression")
          : [],
  },
  {
    what: "a property is written, and the last of several values is loaded by an instruction without a place",
    message: /^TypeError: Cannot set properties/,
    places: (node, _, script) =>
      node.type === "AssignmentExpression" && node.right.type === "SequenceExpression" ? [sign(node, script)] : [],
  },
  {
    what: "a constant is written by a pattern",
    message: /^TypeError: Assignment to constant variable/,
    places: (node) =>
      node.type === "ArrayPattern"
        ? node.elements.map(target)
        : node.type === "ObjectPattern"
          ? node.properties.map((one) => target(one.type === "Property" ? one.value : one))
          : [],
  },
  {
    what: "a property is deleted",
    message: /^TypeError: /,
    places: (node) => (node.type === "UnaryExpression" && node.operator === "delete" ? property(node.argument) : []),
  },
  {
    what: "an object is put in front of the names",
    message: /^TypeError: Cannot convert undefined or null to object/,
    places: (node) => (node.type === "WithStatement" ? [node.object] : []),
  },
  {
    what: "a class looks at its parent",
    message: /^TypeError: Class extends value/,
    places: (node) => (node.type === "ClassDeclaration" || node.type === "ClassExpression" ? [node.superClass] : []),
  },
  {
    what: "V8 leaves out a default constructor that is called by super()",
    message: /^\w*Error/,
    places: (node) =>
      (node.type === "ClassDeclaration" || node.type === "ClassExpression") &&
      node.superClass != null &&
      !node.body.body.some((one) => one.type === "MethodDefinition" && one.kind === "constructor")
        ? [node]
        : [],
  },
  {
    what: "a value becomes text in a template",
    message: /^(?:TypeError|RangeError): /,
    places: (node, _, script) =>
      node.type === "TemplateLiteral" ? node.expressions.flatMap((one) => lastParts(one, script)) : [],
  },
  {
    what: "a constructor looks at its this",
    message: /super constructor|Super constructor|Derived constructors/i,
    places: (node) =>
      ["ThisExpression", "Super", "ClassExpression", "ClassDeclaration"].includes(node.type)
        ? [node]
        : node.type === "ReturnStatement"
          ? [node, node.argument]
          : node.type === "MethodDefinition" && node.kind === "constructor"
            ? [node, node.value]
            : [],
  },
  {
    what: "the pattern of an assignment asks for an iterator: where loading the value left no instruction, V8 shows the statement",
    message: ITERATION,
    places: (node, _, script) =>
      node.type === "AssignmentExpression" && node.left.type === "ArrayPattern" ? [sign(node, script)] : [],
  },
  {
    what: "the pattern of a parameter asks for an iterator: V8 shows what an initializer before it did last",
    message: ITERATION,
    isMoved: true,
    places: (node, _, script) =>
      (node.type === "FunctionExpression" || node.type === "FunctionDeclaration") &&
      node.params.some((parameter) => target(parameter)?.type === "ArrayPattern")
        ? [parenthesis(node, script)]
        : [],
  },
  {
    what: "an iterator is asked for, goes on, or is closed",
    message: ITERATION,
    places(node, _, script) {
      if (node.type === "ForOfStatement") return lastParts(node.right, script);
      if (node.type === "SpreadElement") return [node, ...lastParts(node.argument, script)];
      if (node.type === "YieldExpression" && node.delegate) return [node];
      if (node.type === "ReturnStatement") return [node, node.argument];
      if (node.type === "BreakStatement" || node.type === "ContinueStatement") return [node];
      if (node.type === "AssignmentPattern") return node.left.type === "ArrayPattern" ? [node.right] : [];
      return node.type === "ArrayPattern" ? [node, ...node.elements] : [];
    },
  },
];

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function visit(node: AnyNode, look: (node: AnyNode) => boolean): boolean {
  if (look(node)) return true;
  for (const value of Object.values(node) as unknown[]) {
    for (const inner of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(inner) && visit(inner, look)) return true;
  }
  return false;
}

/** A script usually fails at several places, and at each of them in every run of it. */
let latest: { readonly script: string; readonly program: AnyNode; readonly found: Map<string, boolean> } | undefined;

/** The tree of a script; an empty one if acorn takes it for no script, though both engines run it. */
function tree(script: string): AnyNode {
  const options = { ecmaVersion: "latest", locations: true } as const;
  try {
    return parse(script, options);
  } catch {
    return parse("", options);
  }
}

function parsed(script: string): NonNullable<typeof latest> {
  if (latest?.script !== script) latest = { script, program: tree(script), found: new Map() };
  return latest;
}

/**
 * Is `place` one that Fermata may show for an error with that message, for which V8 has no position? `moved` says where a place of the
 * JavaScript is in what Fermata ran.
 */
export function isAccident(
  script: string,
  message: string,
  place: string,
  moved: (line: number, column: number) => string,
): boolean {
  const fitting = ACCIDENTS.flatMap((accident) => {
    const match = accident.message.exec(message);
    return match === null ? [] : [{ accident, named: match[1] ?? match[2] }];
  });
  if (fitting.length === 0) return false;
  const { program, found } = parsed(script);
  const key = `${place} ${message}`;
  let isOne = found.get(key);
  if (isOne === undefined) {
    isOne = visit(program, (node) =>
      fitting.some(({ accident, named }) =>
        accident.places(node, named, script).some((at) => {
          const start = at?.loc?.start;
          if (start === undefined) return false;
          const there = moved(start.line, start.column + 1);
          // Of a constructor with properties among its parameters, the JavaScript has a parenthesis of its own.
          return there === place || (there === NOWHERE && accident.isMoved === true);
        }),
      ),
    );
    found.set(key, isOne);
  }
  return isOne;
}
