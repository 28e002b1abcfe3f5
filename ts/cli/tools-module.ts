// Owns reading the tools of the command line from a module: its functions, and those in plain objects that it exports, are what the
// program may call. Must never call one.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Tools } from "../api/tools.ts";
import type { Externals } from "../machine/externals.ts";
import type { ExternalMode } from "../machine/records.ts";
import { UsageError } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

/** How deep a module of tools may nest its namespaces. */
const MAX_NAMESPACES = 4;

export interface LoadedTools {
  readonly tools: Tools;
  readonly externals: Record<string, ExternalMode | Externals>;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Externals for the functions of a module, and of plain objects in it that have any; `declared` says which are sync. */
function declaredBy(members: object, declared: unknown, depth = 0): LoadedTools["externals"] {
  const externals: LoadedTools["externals"] = {};
  const modes = (typeof declared === "object" && declared !== null ? declared : {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(members)) {
    const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
    if (typeof value === "function") externals[name] = (mode as ExternalMode | undefined) ?? "async";
    else if (isPlainObject(value) && depth < MAX_NAMESPACES) {
      const namespace = declaredBy(value, mode, depth + 1);
      if (Object.keys(namespace).length > 0) externals[name] = namespace;
    }
  }
  return externals;
}

/** Loads the tools in a module; those that are answered by hand are left out. */
export async function loadTools(
  terminal: Terminal,
  file: string | undefined,
  byHand: readonly string[],
): Promise<LoadedTools> {
  if (file === undefined) return { tools: {}, externals: {} };
  let module: Record<string, unknown>;
  const path = resolve(terminal.cwd, file);
  if (!existsSync(path)) throw new UsageError(`cannot load the tools in ${file}: there is no such file`);
  try {
    module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`cannot load the tools in ${file}: ${(error as Error).message}`);
  }
  const all: Record<string, unknown> = { ...(module["default"] as object | undefined), ...module };
  const { default: _, externals: declared, ...members } = all;
  for (const name of byHand) delete members[name];
  return { tools: members as Tools, externals: declaredBy(members, declared) };
}
