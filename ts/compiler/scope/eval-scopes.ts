// Owns the description of scopes that code with a direct eval call carries along, and its conversion back to scopes in which the
// evaluated code is resolved. Must never trust a description: it may come out of a snapshot from a stranger.
//
// A description is a constant of the code with the call (`evaluate`, emit/names.ts), so it travels in snapshots: the lists of kinds are
// appended to only. For the call in `function f() { eval("x"); let y }`:
//
//   [0, [[0,0],[1,0]], [[0,0,1,0,["f",1,0]], [1,1,1,0,["%vars",17,0],["y",2,1],["this",12,2],["%callee",14,3],…]]]
//    │    │              │ │ │ │  └ name, binding kind, slot
//    │    │              │ │ │ └ is a pattern (a catch clause: `var` of its names is an error)
//    │    │              │ │ └ has an environment
//    │    │              └─┴ scope kind, index of its function
//    │    └ function kind, has instance elements (super() must then run initialisers)
//    └ strict
//
// Scopes and functions come outermost first. All bindings live in environments; the slot of one that lives in a cell of its module
// is followed by the number of that cell. The cells count as a scope of the module's top level.
//
// Names resolve as if the evaluated code were in that place. A made-up description does no harm: instructions check slots when they run
// (`slot` in CHECKS, ts/defs/opcodes.ts), so a wrong one can only end the run.
import type { ESTree } from "meriyah";
import {
  ClassInfo,
  FunctionInfo,
  NOT_YET,
  Scope,
  type Binding,
  type BindingKind,
  type FunctionKind,
  type ScopeKind,
} from "./model.ts";
import { hasNewTarget, type Resolver } from "./resolver.ts";

const FUNCTIONS: readonly FunctionKind[] = [
  "program",
  "function",
  "arrow",
  "method",
  "constructor",
  "derived",
  "fields",
  "statics",
];
const SCOPES: readonly ScopeKind[] = [
  "program",
  "params",
  "body",
  "block",
  "for",
  "catch",
  "switch",
  "class",
  "static",
  "with",
  "eval",
  "module",
];
const BINDINGS: readonly BindingKind[] = [
  "var",
  "function",
  "let",
  "const",
  "param",
  "class",
  "catch",
  "fname",
  "cname",
  "private",
  "pmethod",
  "fieldkey",
  "this",
  "newtarget",
  "callee",
  "arguments",
  "with",
  "vars",
  "import",
];
/** Bindings without a name in the source. */
const HIDDEN: ReadonlySet<BindingKind> = new Set<BindingKind>([
  "pmethod",
  "fieldkey",
  "this",
  "newtarget",
  "callee",
  "with",
  "vars",
]);
/** Bindings that are surely initialised once their scope has been entered. */
const READY: ReadonlySet<BindingKind> = new Set<BindingKind>(["var", "function", "fname", "private", "arguments"]);

/**
 * Makes the descriptions of one program. Many calls are in the same scopes, so both whole descriptions and those of single scopes are
 * kept. Slots must be assigned by then.
 */
export class ScopeDescriber {
  private readonly whole = new Map<Scope, string>();
  private readonly parts = new Map<Scope, string>();

  /** The description of the scopes around a place in a function. */
  describe(innermost: Scope, strict: boolean): string {
    const known = this.whole.get(innermost);
    // A scope has code of one kind only.
    if (known !== undefined) return known;
    const scopes: Scope[] = [];
    for (let scope: Scope | null = innermost; scope !== null; scope = scope.parent) scopes.push(scope);
    scopes.reverse();
    const functionOf = (scope: Scope): FunctionInfo => (scope.kind === "module" ? scopes[1]! : scope).func;
    const functions = [...new Set(scopes.map(functionOf))];
    const heads = functions.map(({ kind, classInfo }) => [
      FUNCTIONS.indexOf(kind),
      classInfo?.hasInstanceElements === true ? 1 : 0,
    ]);
    const bodies = scopes.map(
      (scope) => `[${SCOPES.indexOf(scope.kind)},${functions.indexOf(functionOf(scope))},${this.part(scope)}]`,
    );
    const text = `[${strict ? 1 : 0},${JSON.stringify(heads)},[${bodies.join(",")}]]`;
    this.whole.set(innermost, text);
    return text;
  }

  /** The description of one scope, without its kind and function. */
  private part(scope: Scope): string {
    let text = this.parts.get(scope);
    if (text === undefined) {
      const bindings = scope.bindings.map(({ name, kind, slot, cell }) =>
        JSON.stringify(cell < 0 ? [name, BINDINGS.indexOf(kind), slot] : [name, BINDINGS.indexOf(kind), 0, cell]),
      );
      text = [scope.envSize > 0 ? 1 : 0, scope.isPattern ? 1 : 0, ...bindings].join(",");
      this.parts.set(scope, text);
    }
    return text;
  }
}

/** Bounds the number of environments, which must fit an operand. */
const MAX_SCOPES = 10_000;

/** The description is malformed: no compiled program carries it. */
export class EvalScopesError extends Error {}

/** The first `count` items of a list, which must be integers from 0 up. */
function numbers(list: unknown, count: number): number[] {
  if (!Array.isArray(list) || list.length < count) throw new EvalScopesError("bad description of scopes");
  const head = list.slice(0, count) as unknown[];
  for (const n of head) if (!Number.isInteger(n) || (n as number) < 0) throw new EvalScopesError("bad number");
  return head as number[];
}

/** An item of a list of kinds; throws for a number that this build does not know. */
function entry<T>(list: readonly T[], n: number): T {
  const found = list[n];
  if (found === undefined) throw new EvalScopesError("number out of range");
  return found;
}

/** Facts about the code around an eval call, for the evaluated code. */
export interface EvalPlace {
  readonly strict: boolean;
  readonly functions: readonly FunctionInfo[];
  readonly privateNames: readonly string[];
  readonly scopes: readonly Scope[];
}

/** Node of functions whose source is not at hand. */
const NOWHERE = { type: "Program", sourceType: "script", body: [], start: 0, end: 0 } as unknown as ESTree.Program;

/**
 * Makes the functions and scopes of a description, with bindings in the slots and cells it names.
 *
 * @param declare the analysis that gets the bindings; null: only their names are wanted, to choose a grammar (evaluate.ts)
 * @throws EvalScopesError for a malformed description
 */
export function readScopes(text: string, declare: Pick<Resolver, "declare" | "declareHidden"> | null): EvalPlace {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EvalScopesError("bad description of scopes");
  }
  const [strict, functionList, scopeList] = (Array.isArray(json) ? json : []) as unknown[];
  if (!Array.isArray(functionList) || !Array.isArray(scopeList)) throw new EvalScopesError("bad description of scopes");
  const functions: FunctionInfo[] = [];
  for (const item of functionList as unknown[]) {
    const [kind, elements] = numbers(item, 2);
    const info = new FunctionInfo(entry(FUNCTIONS, kind!), NOWHERE, functions[functions.length - 1] ?? null);
    info.usesThis = true;
    functions.push(info);
    if (elements !== 0) info.classInfo = withElements(info);
  }
  const scopes: Scope[] = [];
  const privateNames: string[] = [];
  for (const item of scopeList as unknown[]) {
    const [kind, func, size, pattern] = numbers(item, 4);
    const info = entry(functions, func!);
    const scope = new Scope(entry(SCOPES, kind!), info, scopes[scopes.length - 1] ?? null);
    scopes.push(scope);
    scope.hasEval = true;
    scope.envSize = size!;
    scope.isPattern = pattern !== 0;
    if (info.params === undefined && scope.kind !== "module") info.params = info.body = scope;
    readBindings(scope, (item as unknown[]).slice(4), declare, privateNames);
  }
  if (scopes.length === 0 || scopes.length > MAX_SCOPES) throw new EvalScopesError("bad number of scopes");
  checkFunctions(functions, declare !== null);
  return { strict: strict !== 0, functions, privateNames, scopes };
}

/** Checks what evaluated code takes for granted: the function around has bindings for `this` and its relatives. */
function checkFunctions(functions: readonly FunctionInfo[], hasBindings: boolean): void {
  const innermost = functions[functions.length - 1];
  if (innermost === undefined || functions.some(({ params }) => params === undefined))
    throw new EvalScopesError("a function without scopes");
  const { owner } = innermost;
  if (!hasBindings) return;
  if (
    owner.thisBinding === null ||
    owner.calleeBinding === null ||
    (hasNewTarget(owner) && owner.newTargetBinding === null)
  )
    throw new EvalScopesError("a function lacks what it has of its own");
}

/** A substitute for the class of a constructor, whose super() call must run the initialisers of fields. */
function withElements(info: FunctionInfo): ClassInfo {
  const classInfo = new ClassInfo(null as unknown as Scope, null, true);
  classInfo.hasInstanceElements = true;
  info.classInfo = classInfo;
  return classInfo;
}

/**
 * Makes the bindings of a scope. They are captured, and code around them uses them, so nothing is assumed of their values: most may still
 * be in their dead zone.
 */
function readBindings(
  scope: Scope,
  list: readonly unknown[],
  declare: Pick<Resolver, "declare" | "declareHidden"> | null,
  privateNames: string[],
): void {
  for (const item of list) {
    if (!Array.isArray(item) || typeof item[0] !== "string") throw new EvalScopesError("bad binding");
    const name: string = item[0];
    const [number, slot] = numbers(item.slice(1), 2);
    const kind = entry(BINDINGS, number!);
    if (slot! > 0xffff) throw new EvalScopesError("bad slot");
    if (kind === "private") privateNames.push(name);
    if (declare === null) continue;
    const binding = HIDDEN.has(kind)
      ? declare.declareHidden(scope, name, kind)
      : declare.declare(scope, name, kind, READY.has(kind) ? 0 : NOT_YET);
    binding.captured = true;
    binding.primitive = false;
    binding.slot = slot!;
    if (item.length > 3) binding.cell = cellOf(item[3], scope);
    giveTo(scope.func, binding);
  }
}

/** Checks the number of a cell; fails if the scopes have no cells. */
function cellOf(cell: unknown, scope: Scope): number {
  let outermost = scope;
  while (outermost.parent !== null) outermost = outermost.parent;
  if (outermost.kind !== "module" || outermost.envSize === 0) throw new EvalScopesError("a cell without a module");
  const [number] = numbers([cell], 1);
  if (number! > 0xffff) throw new EvalScopesError("bad cell");
  return number!;
}

/** Stores a pseudo-binding in its function, where arrow functions look it up. */
function giveTo(func: FunctionInfo, binding: Binding): void {
  switch (binding.kind) {
    case "this":
      func.thisBinding = binding;
      break;
    case "newtarget":
      func.newTargetBinding = binding;
      break;
    case "callee":
      func.calleeBinding = binding;
      break;
    case "arguments":
      func.argumentsBinding = binding;
      break;
    default:
      break;
  }
}
