// Owns the question which function a host means by a name. The names are the guest's: they must never reach what every object
// inherits.

/** A host function. What it returns or is fulfilled with is the answer; what it throws is thrown in the guest. */
// oxlint-disable-next-line typescript/no-explicit-any -- tools take what they declare, and are checked by nobody here
export type Tool = (...args: any[]) => unknown;

/** Host functions by the names under which the program calls them: own properties, or methods of a class of the host's. */
export type Tools = Readonly<Record<string, Tool>>;

const NATIVE = /\{\s*\[native code\]\s*\}$/;

/** Is it the prototype of a class that the host wrote? Those of the engine have methods that nobody meant to give away. */
function isOfOwnClass(prototype: object): boolean {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return (
    typeof constructor === "function" &&
    constructor.prototype === prototype &&
    !NATIVE.test(Function.prototype.toString.call(constructor))
  );
}

/** The tool of that name, as a function to call with its arguments; undefined if there is none. */
export function toolOf(tools: Tools, name: string): Tool | undefined {
  let holder: object | null = tools;
  while (holder !== null && !Object.hasOwn(holder, name)) {
    holder = Object.getPrototypeOf(holder) as object | null;
    if (holder !== null && !isOfOwnClass(holder)) return undefined;
  }
  if (holder === null || (holder !== tools && name === "constructor")) return undefined;
  const tool: unknown = tools[name];
  return typeof tool === "function" ? (...args) => Reflect.apply(tool, tools, args) as unknown : undefined;
}
