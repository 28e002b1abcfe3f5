// Owns the type of what scope analysis knows of a program. Must never hold code.

import type { ESTree } from "meriyah";
import type { Binding, ClassInfo, FunctionInfo, Scope } from "./model.ts";
import { type EvalCode } from "./model.ts";
import type { ModuleInfo } from "./modules.ts";

export interface Analysis {
  readonly program: FunctionInfo;
  readonly functions: readonly FunctionInfo[];
  /** By id; entry 0 is unused. */
  readonly bindings: readonly (Binding | null)[];
  /** By source offset of an identifier: binding id << 2 | readiness; 0 = global. */
  readonly refs: Int32Array;
  readonly scopes: ReadonlyMap<ESTree.Node, Scope>;
  readonly infos: ReadonlyMap<ESTree.Node, FunctionInfo>;
  readonly classes: ReadonlyMap<ESTree.Node, ClassInfo>;
  /** Function declarations in blocks that also assign a variable outside (Annex B); null = a global. */
  readonly annexB: ReadonlyMap<ESTree.Node, Binding | null>;
  /** By source offset of an identifier: the objects that may have the name before its binding does, innermost first. */
  readonly dynamics: ReadonlyMap<number, readonly Binding[]>;
  /** Set for code from strings. */
  readonly evalCode: EvalCode | null;
  /** Names a script declares on the global object. */
  readonly globalVars: readonly string[];
  readonly globalFunctions: readonly ESTree.FunctionDeclaration[];
  /** Top-level lexical names that live in the global lexical record. */
  readonly globalLexicals: readonly { readonly name: string; readonly isConst: boolean }[];
  /** Set for a module. */
  readonly module: ModuleInfo | null;
}
