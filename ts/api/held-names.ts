// Owns which calls a drive leaves alone. Must never call anything.

import { namespacesOf } from "../machine/externals.ts";
import { NAMES, type PendingCall } from "../machine/pending-calls.ts";
import type { ModuleLoader } from "./module-types.ts";
import { toolOf, type ToolTree } from "./tools.ts";

/** The options that say which calls are left alone. */
interface HoldOptions {
  readonly hold?: readonly string[] | true | undefined;
  readonly tools?: ToolTree | undefined;
  readonly loader?: ModuleLoader | undefined;
}

/** The functions that a drive does not call. */
export class HeldNames {
  readonly #names: ReadonlySet<string>;
  /** Given where every function without a tool is held. */
  readonly #rest: HoldOptions | undefined;
  readonly #known = new Map<string, boolean>();

  constructor(options: HoldOptions) {
    const { hold } = options;
    if (hold !== undefined && hold !== true && !Array.isArray(hold)) {
      throw new TypeError("hold must be a list of names, or true for every function that has no tool");
    }
    this.#rest = hold === true ? options : undefined;
    this.#names = new Set(hold === true ? [] : hold);
  }

  /** True if that function is not called. */
  has(name: string): boolean {
    if (this.#rest === undefined && this.#names.size === 0) return false;
    let held = this.#known.get(name);
    if (held === undefined) this.#known.set(name, (held = this.#isHeld(name)));
    return held;
  }

  /** True if that call is not answered. */
  hasCall({ kind, name }: PendingCall): boolean {
    if (kind === "timer") return this.#names.has(NAMES["timer"]!);
    if (kind !== "module") return this.has(name);
    return this.#names.has(NAMES["module"]!) || (this.#rest !== undefined && this.#rest.loader === undefined);
  }

  #isHeld(name: string): boolean {
    if (this.#rest !== undefined) return toolOf(this.#rest.tools ?? {}, name) === undefined;
    if (this.#names.has(name)) return true;
    return namespacesOf(name).some((namespace) => this.#names.has(namespace));
  }
}
