// Owns finding the tool of a name and its rules. Must never reach members that every object inherits: names come from the guest.

import { type Tool, toolOf, type Tools } from "../api/tools.ts";
import type { ModuleLoader } from "../api/module-types.ts";
import { stepsOf } from "../machine/externals.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import type { CallContext, RunnerTool, RunnerTools } from "./types.ts";

/** Tools whose calls may be repeated without harm, unless they say otherwise. */
const LOADING: RunnerTool = { uncertain: "retry", retry: { attempts: 3 } };

/** What answers the calls of a runner's programs. */
export class Toolbox {
  readonly #tools: RunnerTools;
  readonly #loader: ModuleLoader | undefined;

  constructor(tools: RunnerTools, loader: ModuleLoader | undefined) {
    this.#tools = tools;
    this.#loader = loader;
  }

  /** The tool for a call; undefined if it has no tool. */
  of({ kind, name, filename, args }: Pick<PendingCall, "kind" | "name" | "filename" | "args">): RunnerTool | undefined {
    if (kind === "module") {
      const loader = this.#loader;
      if (loader === undefined) return undefined;
      const [specifier, referrer, attributes] = args as Parameters<ModuleLoader>;
      return { ...LOADING, call: () => loader(specifier, referrer, attributes, filename ?? specifier) };
    }
    return this.named(name);
  }

  /** The tool of that name. */
  named(name: string): RunnerTool | undefined {
    const own: unknown = Object.hasOwn(this.#tools, name) ? this.#tools[name] : undefined;
    if (typeof own === "object" && own !== null) return own as RunnerTool;
    // Tools in namespaces go by their whole name. Looking into objects would find the function of a tool without its rules.
    if (own === undefined && stepsOf(name)?.length !== 1) return undefined;
    const tool: Tool | undefined = toolOf(this.#tools as Tools, name);
    return tool && { call: (_ctx: CallContext, ...args: unknown[]) => tool(...args) };
  }

  /** True if all of these are there. */
  hasAll(names: readonly string[]): boolean {
    return names.every((name) =>
      name.startsWith("import ") ? this.#loader !== undefined : this.named(name) !== undefined,
    );
  }
}

/** The name by which a call that has no tool is reported. */
export function missingName({ kind, name, args }: Pick<PendingCall, "kind" | "name" | "args">): string {
  return kind === "module" ? `import ${String(args[0])}` : name;
}
