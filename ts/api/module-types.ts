// Owns the types of module loading. Must never load one.

import type { CompileLimits } from "../compiler/compile-limits.ts";
import type { Language, ProgramRecord } from "../machine/records.ts";

/** A module as the host provides it: the answer to a call of kind `"module"`. */
export interface ModuleSource {
  /** The text of the module. */
  readonly source: string;
  /**
   * Name of the module, in errors and for its importers: two answers with the same name are one module. Relative specifiers in the
   * module are resolved against it. Default: the specifier; if relative, joined with the name of the importing module.
   */
  readonly filename?: string | undefined;
  /** Default: by the extension of the name; if that does not decide, TypeScript if the runtime has it. */
  readonly language?: Language | undefined;
  /** `"json"`: the value of a JSON text is the default export. Default: by the import attribute, or the extension of the name. */
  readonly type?: "module" | "json" | undefined;
}

/** Attributes of an import (`with { type: "json" }`). */
export type ImportAttributes = Readonly<Record<string, string>>;

/**
 * Finds a module. `name` is the specifier; if relative, joined with the name of the importing module. If the loader throws or
 * returns no module, the import fails in the guest.
 */
export type ModuleLoader = (
  specifier: string,
  referrer: string,
  attributes: ImportAttributes,
  name: string,
) => LoadedModule | PromiseLike<LoadedModule>;
/** What a loader returns: the text of a module, the text with its name and language, or nothing if there is no such module. */
export type LoadedModule = string | ModuleSource | undefined | null;

/** Compiles modules that a host provides. */
export interface ModuleCompiler {
  compileModule(
    source: string,
    options: ModuleSource & {
      readonly filename: string;
      readonly type: "module" | "json";
      readonly allowEval: boolean;
      readonly limits: CompileLimits | undefined;
    },
  ): ProgramRecord;
}
