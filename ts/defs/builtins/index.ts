// Owns the list of builtin files. The key is the file of assembly/builtins/ in which the natives of that file live.
import { CORE } from "./core.ts";
import type { BuiltinFile } from "./rows.ts";

export const BUILTIN_FILES: Readonly<Record<string, BuiltinFile>> = {
  core: CORE,
};
