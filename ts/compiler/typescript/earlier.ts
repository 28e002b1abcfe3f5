// Owns what a source knows of those before it in the same realm, as the chunks of a session: in one file, namespaces and enums of one name
// would be parts of one, and a class or function of that name would be the object of them. Must never change those sources, and must never
// let a source that does not compile leave anything.

import { valueOf } from "./constants.ts";
import { Edits } from "./edits.ts";
import { ModuleParser } from "./modules.ts";
import { type Binding, type Constant, Container, Names, S, Scope } from "./names.ts";

/** Words without which a source declares nothing that a later one can go on with. */
const DECLARES = /\b(?:enum|namespace|module|class|function)\b/;

interface Known {
  /** The number of sources that it is made of. */
  count: number;
  readonly file: Scope;
}

/** By the list of sources, which only grows. */
const known = new WeakMap<readonly string[], Known>();

/** A fresh scope with what the sources, in order, have declared. */
export function scopeAfter(sources: readonly string[]): Scope {
  let all = known.get(sources);
  if (all === undefined) known.set(sources, (all = { count: 0, file: new Scope(S.file, null) }));
  for (; all.count < sources.length; all.count++) {
    const source = sources[all.count]!;
    if (DECLARES.test(source)) read(source, all.file);
  }
  return new Copy().scope(all.file);
}

/** Adds the declarations of a source, which compiled once. */
function read(source: string, file: Scope): void {
  const names = new Names(true, new Copy().scope(file));
  const edits = new Edits(source);
  try {
    new ModuleParser(source, edits, names).parse();
    edits.render();
  } catch {
    // JavaScript that cannot be read as TypeScript declares no namespace.
    return;
  }
  settle(names, names.file);
  file.names = names.file.names;
  file.emitted = names.file.emitted;
}

/** Computes the constants of a scope for good: their offsets mean nothing in another source. */
function settle(names: Names, scope: Scope): void {
  for (const binding of scope.names?.values() ?? []) settleBinding(names, binding);
}

function settleBinding(names: Names, binding: Binding): void {
  if (binding.constant !== undefined) valueOf(names, binding.constant);
  for (const member of binding.container?.exports.values() ?? []) settleBinding(names, member);
}

/** Copies declarations, so that a source may add to them. Containers and bindings that are one stay one. */
class Copy {
  readonly #containers = new Map<Container, Container>();
  readonly #bindings = new Map<Binding, Binding>();

  scope(from: Scope): Scope {
    const to = new Scope(S.file, null);
    to.names = this.#table(from.names ?? new Map<string, Binding>(), to);
    to.emitted = new Set(from.emitted);
    return to;
  }

  #table(from: ReadonlyMap<string, Binding>, file: Scope): Map<string, Binding> {
    return new Map(Array.from(from, ([name, binding]) => [name, this.#binding(binding, file)]));
  }

  #binding(from: Binding, file: Scope): Binding {
    const copied = this.#bindings.get(from);
    if (copied !== undefined) return copied;
    const to: Binding = { isProperty: from.isProperty, isValue: from.isValue };
    this.#bindings.set(from, to);
    if (from.container !== undefined) to.container = this.#container(from.container, file);
    if (from.constant !== undefined) to.constant = fixed(from.constant, file);
    return to;
  }

  #container(from: Container, file: Scope): Container {
    const copied = this.#containers.get(from);
    if (copied !== undefined) return copied;
    const to = new Container(from.isEnum);
    this.#containers.set(from, to);
    to.hasValue = from.hasValue;
    for (const type of from.types) to.types.add(type);
    for (const [name, binding] of from.exports) to.exports.set(name, this.#binding(binding, file));
    return to;
  }
}

/** A constant of an earlier source: it comes before everything in this one. */
function fixed({ isMember, known: value }: Constant, scope: Scope): Constant {
  return { start: -1, scope, isMember, tree: null, known: value ?? { value: undefined, isString: false } };
}
