// Owns the natives on which modules are built, and three objects that a guest can never reach.
import { method, object, type BuiltinFile } from "./rows.ts";

const TRAPS = "ModuleNamespaceTraps";

export const MODULE: BuiltinFile = {
  rows: [
    // https://tc39.es/ecma262/#sec-module-namespace-exotic-objects: a namespace object is a proxy with these traps.
    object(TRAPS, { parent: null, intrinsic: TRAPS }),
    method(TRAPS, "get", 3, "js"),
    method(TRAPS, "set", 4, "js"),
    method(TRAPS, "deleteProperty", 2, "js"),
    method(TRAPS, "getOwnPropertyDescriptor", 2, "js"),
    method(TRAPS, "defineProperty", 3, "js"),
    method(TRAPS, "ownKeys", 1, "js"),
    // The realm's record of its modules; ts/prelude/module.js stores it as properties.
    object("ModuleRegistry", { parent: null, intrinsic: "ModuleRegistry" }),
    // `$host` in the code of a library program (ts/machine/library.ts): host functions that it wraps, by name, and what libraries keep there for each other.
    object("LibraryHost", { parent: null, intrinsic: "LibraryHost" }),
    method("LibraryHost", "zoneName", 0, "js"),
    method("LibraryHost", "zoneOffset", 2, "js"),
    method("LibraryHost", "inspect", 2, "js"),
    method("LibraryHost", "format", 0, "js"),
    method("LibraryHost", "zoneText", 3, "js"),
  ],
  natives: [
    "moduleDescriptor", "moduleFile", "findModule", "modulePlace", "locateError", "newModuleCells", "cellValue", "setCellValue", "shareCell", "moduleFunction", "startModule",
    "requestModule",
  ],
};
