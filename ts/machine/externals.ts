// Owns the host functions that a program declares: namespaces, canonical names, and the list of them that the core takes. Must
// never look for a function: that is ts/api/tools.ts.
//
// Everywhere but in options, a function goes by its canonical name, which is how a program writes it: `ask`, `tools.search`,
// `tools["read-file"]`. A step is `.name` where that is a plain ASCII name, and a JSON text in brackets where it is not.

import type { ExternalMode } from "./records.ts";
import { IDENTIFIER } from "./marshal-in.ts";

/**
 * Host functions by name. An object is a namespace, which the program sees as a frozen object without a prototype; in a list, all
 * functions are async. At the top, `"tools.search"` means the same as `{ tools: { search } }`.
 */
export type Externals = readonly string[] | { readonly [name: string]: ExternalMode | Externals };

/** How a list in the options declares its functions: `load` allows them both modes, `compile` makes them async. */
export type DeclaredMode = ExternalMode | "either";

/** Most steps of a name. */
const MAX_STEPS = 8;

const PLAIN = /^[A-Za-z_$][\w$]*$/;
const FIRST_STEP = /[^.["]+/y;
const STEP = /\.([A-Za-z_$][\w$]*)|\[("(?:[^"\\]|\\.)*")\]/y;

/** True for a plain ASCII name, which may follow a dot. */
export const isPlainName = (name: string): boolean => PLAIN.test(name);

/** True if a program can mention that name. */
export function isIdentifier(name: unknown): name is string {
  return typeof name === "string" && IDENTIFIER.test(name);
}

/** Returns the name by which a function goes everywhere but in options: `tools.search`. */
export function canonicalName([first, ...steps]: readonly string[]): string {
  return first! + steps.map((step) => (isPlainName(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join("");
}

/** Returns the steps of a canonical name; undefined: it is not canonical. */
export function stepsOf(name: string): readonly string[] | undefined {
  if (isPlainName(name)) return [name];
  FIRST_STEP.lastIndex = 0;
  const first = FIRST_STEP.exec(name)?.[0];
  if (first === undefined) return undefined;
  const steps = [first];
  for (let at = first.length; at < name.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(name);
    if (match === null || steps.length === MAX_STEPS) return undefined;
    try {
      steps.push(match[1] ?? (JSON.parse(match[2]!) as string));
    } catch {
      return undefined;
    }
  }
  // There may be other ways to write a step.
  return canonicalName(steps) === name ? steps : undefined;
}

/** Returns the canonical names of the namespaces that a function is in, the outermost first. */
export function namespacesOf(name: string): readonly string[] {
  const steps = stepsOf(name) ?? [];
  return steps.slice(1).map((_, i) => canonicalName(steps.slice(0, i + 1)));
}

/** Adds functions to others by canonical name. */
class Declarations {
  readonly modes = new Map<string, DeclaredMode>();
  readonly #namespaces = new Set<string>();

  add(steps: readonly string[], mode: unknown): void {
    const name = canonicalName(steps);
    if (mode !== "async" && mode !== "sync" && mode !== "either") {
      throw new TypeError(
        `external function ${name} must be "async" or "sync", or a namespace of such, not ${String(mode)}`,
      );
    }
    if (this.#namespaces.has(name)) throw new TypeError(`external ${name} is a namespace and a function`);
    for (let i = 1; i < steps.length; i++) {
      const namespace = canonicalName(steps.slice(0, i));
      if (this.modes.has(namespace)) throw new TypeError(`external ${namespace} is a namespace and a function`);
      this.#namespaces.add(namespace);
    }
    const known = this.modes.get(name);
    if (known !== undefined && known !== mode) {
      throw new TypeError(`external function ${name} is declared twice, as ${known} and as ${mode}`);
    }
    this.modes.set(name, mode);
  }

  addAll(given: Externals, within: readonly string[]): void {
    if (within.length === MAX_STEPS) {
      throw new RangeError(
        `namespace ${canonicalName(within)} is nested too deep: a name has at most ${MAX_STEPS} steps`,
      );
    }
    const entries: [string, unknown][] = Array.isArray(given)
      ? given.map((name: string) => [name, "either"])
      : Object.entries(given);
    for (const [name, what] of entries) {
      const steps = within.length > 0 ? [...within, String(name)] : topLevel(name);
      if (typeof what === "object" && what !== null) this.addAll(what as Externals, steps);
      else this.add(steps, what);
    }
  }
}

function topLevel(name: unknown): readonly string[] {
  const steps = typeof name === "string" ? stepsOf(name) : undefined;
  if (steps === undefined || !isIdentifier(steps[0])) {
    throw new TypeError(`external function ${JSON.stringify(name)} is not a valid name of a variable`);
  }
  return steps;
}

/**
 * Reads the option: functions by canonical name, in order.
 *
 * @throws TypeError for a name or a mode that cannot be, or one that is a function and a namespace
 */
export function declaredExternals(given: Externals | undefined): ReadonlyMap<string, DeclaredMode> {
  const declarations = new Declarations();
  if (given !== undefined) declarations.addAll(given, []);
  return declarations.modes;
}

/** As `declaredExternals`, for a program: those of lists are async. */
export function externalsOf(given: Externals | undefined): Map<string, ExternalMode> {
  return new Map([...declaredExternals(given)].map(([name, mode]) => [name, mode === "either" ? "async" : mode]));
}

/**
 * Adds functions to those that are declared already; of one that is declared twice, the later mode counts.
 *
 * @throws TypeError for one that is a function here and a namespace there
 */
export function withExternals(
  known: ReadonlyMap<string, ExternalMode>,
  more: Externals | undefined,
): Map<string, ExternalMode> {
  const both = new Map([...known, ...externalsOf(more)]);
  checkExternals(both);
  return both;
}

/** @throws TypeError if a name is not canonical, or is a function and a namespace */
export function checkExternals(externals: ReadonlyMap<string, ExternalMode>): void {
  const declarations = new Declarations();
  for (const [name, mode] of externals) {
    const steps = stepsOf(name);
    if (steps === undefined) throw new TypeError(`external function ${JSON.stringify(name)} has no canonical name`);
    declarations.add(steps, mode);
  }
}

/** Name, name for the host, mode or namespace, and so on: the form that the core takes. */
type CoreList = (string | number | CoreList)[];

/** Returns the functions in the form that the core takes. */
export function coreList(externals: ReadonlyMap<string, ExternalMode>): CoreList {
  const top: CoreList = [];
  const namespaces = new Map<string, CoreList>();
  const listOf = (steps: readonly string[]): CoreList => {
    if (steps.length === 0) return top;
    const name = canonicalName(steps);
    let list = namespaces.get(name);
    if (list === undefined) {
      namespaces.set(name, (list = []));
      listOf(steps.slice(0, -1)).push(steps.at(-1)!, "", list);
    }
    return list;
  };
  for (const [name, mode] of externals) {
    const steps = stepsOf(name)!;
    listOf(steps.slice(0, -1)).push(steps.at(-1)!, name, mode === "sync" ? 1 : 0);
  }
  return top;
}
