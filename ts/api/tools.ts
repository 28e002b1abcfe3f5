// Owns finding the host function of a name. The names come from the guest: they must never reach members that every object
// inherits.

/** A host function. Its result, or the value of the promise it returns, is the answer; an error it throws is thrown in the guest. */
// oxlint-disable-next-line typescript/no-explicit-any -- tools take the arguments that they declare, which are not checked here
export type Tool = (...args: any[]) => unknown;

/** Host functions by the names under which the program calls them: own properties of an object, or methods of a class of the host. */
export type Tools = Readonly<Record<string, Tool>>;

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

/** Returns the tool of that name, bound to `tools`; undefined if there is no such tool. */
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
