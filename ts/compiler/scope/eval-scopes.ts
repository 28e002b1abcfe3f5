// Owns the description of scopes that code with a direct eval call carries along, and its conversion back to scopes in which the
// evaluated code is resolved. Must never trust a description: it may come out of a snapshot from a stranger.
//
// It travels in snapshots: the lists of kinds are appended to only.
// JSON: [strict, [[function kind, has instance elements], …], [[scope kind, function, has an environment, is a pattern, [name, binding
// kind, slot], …], …]], outermost first. All bindings live in environments; the slot of one that lives in a cell of its module
// is followed by the number of that cell. The cells count as a scope of the module's top level.
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

/** Makes the descriptions of one program: many calls are in the same scopes. */
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

function numbers(list: unknown, count: number): number[] {
  if (!Array.isArray(list) || list.length < count) throw new EvalScopesError("bad description of scopes");
  const head = list.slice(0, count) as unknown[];
  for (const n of head) if (!Number.isInteger(n) || (n as number) < 0) throw new EvalScopesError("bad number");
  return head as number[];
}

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

const NOWHERE = { type: "Program", sourceType: "script", body: [], start: 0, end: 0 } as unknown as ESTree.Program;

/** Makes the functions and scopes of a description, with bindings in the slots and cells it names. */
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

/** Checks the assumptions of evaluated code about the functions around it. */
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

/** Construction by super() must run initialisers of fields. */
function withElements(info: FunctionInfo): ClassInfo {
  const classInfo = new ClassInfo(null as unknown as Scope, null, true);
  classInfo.hasInstanceElements = true;
  info.classInfo = classInfo;
  return classInfo;
}

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
