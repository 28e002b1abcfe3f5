// Owns finding the host function of a name. The names come from the guest: they must never reach members that every object
// inherits.

import { stepsOf } from "../machine/externals.ts";
import { nearestName } from "../machine/option-names.ts";

/** A host function. Its result, or the value of the promise it returns, is the answer; an error it throws is thrown in the guest. */
// oxlint-disable-next-line typescript/no-explicit-any -- tools take the arguments that they declare, which are not checked here
export type Tool = (...args: any[]) => unknown;

/** Host functions by the names under which the program calls them: own properties of an object, or methods of a class of the host. */
export type Tools = Readonly<Record<string, Tool>>;

/**
 * As {@link Tools}, with namespaces: their functions are in an object of their name, `{ tools: { search } }`, or under their canonical
 * name, `{ "tools.search": search }`.
 */
export interface ToolTree {
  readonly [name: string]: Tool | ToolTree;
}

const NATIVE = /\{\s*\[native code\]\s*\}$/;

/** True for the prototype of a class that the host wrote. Engine prototypes have methods that the host did not mean to expose. */
function isOfOwnClass(prototype: object): boolean {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return (
    typeof constructor === "function" &&
    constructor.prototype === prototype &&
    !NATIVE.test(Function.prototype.toString.call(constructor))
  );
}

/** Returns a member that the host meant to expose: an own one, or one of a class of the host's. */
function memberOf(holder: object, name: string): unknown {
  let owner: object | null = holder;
  while (owner !== null && !Object.hasOwn(owner, name)) {
    owner = Object.getPrototypeOf(owner) as object | null;
    if (owner !== null && !isOfOwnClass(owner)) return undefined;
  }
  if (owner === null || (owner !== holder && name === "constructor")) return undefined;
  return (holder as Readonly<Record<string, unknown>>)[name];
}

function methodOf(holder: object, name: string): Tool | undefined {
  const tool = memberOf(holder, name);
  return typeof tool === "function" ? (...args) => Reflect.apply(tool, holder, args) as unknown : undefined;
}

/** Returns the tool of that canonical name, bound to the object that has it; undefined if there is no such tool. */
export function toolOf(tools: ToolTree, name: string): Tool | undefined {
  const direct = methodOf(tools, name);
  const steps = direct === undefined ? stepsOf(name) : undefined;
  if (steps === undefined || steps.length === 1) return direct;
  let holder: unknown = tools;
  for (const step of steps.slice(0, -1)) {
    holder = memberOf(holder as object, step);
    // A function is no namespace: its other properties, such as `prototype`, were not meant to be exposed.
    if (typeof holder !== "object" || holder === null) return undefined;
  }
  return methodOf(holder as object, steps.at(-1)!);
}

/** Returns the name in `tools` that was probably meant by that canonical name; undefined if no name is alike. */
export function nearestTool(name: string, tools: ToolTree): string | undefined {
  return nearestName(name, functionNames(tools, ""));
}

function functionNames(tools: ToolTree, before: string): readonly string[] {
  return Object.entries(tools).flatMap(([name, tool]) => {
    if (typeof tool === "function") return [before + name];
    return typeof tool === "object" && tool !== null && before === "" ? functionNames(tool, `${name}.`) : [];
  });
}
