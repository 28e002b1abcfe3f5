// Owns the type of what scope analysis knows of a program. Must never hold code.
//
// Three passes make it. Each knows only the results of the one before:
//
//   1 find-bindings.ts   walks the tree: scopes, bindings, the binding of each identifier, captured ones, those surely initialised
//   2 assign-slots.ts    captured bindings get slots of environments
//   3 assign-slots.ts    all others get registers (one walk over the scopes does both)
//
// The result for this function, as print.ts shows it:
//
//   function f(a, b) { let x = a; { const y = x; g(() => y + b) } switch (a) { case 1: let z; default: z } }
//
//   function f
//     params env(1) in r5              r0 callee, r1 this, r2 a, r3 the argument for b
//       param a: r2                    where the caller puts it
//       param b: slot 0                the arrow uses it: the prologue moves it there
//       let x: r4                      no CHECKTDZ: each use comes after its initialisation
//       block env(1) in r6
//         const y: slot 0
//         arrow                        reads y as GETUP 0, 0 and b as GETUP 1, 0
//       switch
//         let z: r6 (starts as hole)   r6 again, since the block is over; `default` may be reached without `case 1`

import type { ESTree } from "meriyah";
import type { Binding, ClassInfo, FunctionInfo, Scope } from "./model.ts";
import { type EvalCode } from "./model.ts";
import type { ModuleInfo } from "./modules.ts";

/** What the emitter reads. Nodes are the keys of its maps, and source offsets those of its tables: no node gets a property of ours. */
export interface Analysis {
  readonly program: FunctionInfo;
  readonly functions: readonly FunctionInfo[];
  /** By id; entry 0 is unused. */
  readonly bindings: readonly (Binding | null)[];
  /**
   * By source offset of an identifier: binding id << 2 | readiness (REF_READY, REF_CHECK, REF_DEAD); 0: a global. An offset is a key that
   * costs no property of a node, and no two references begin at one place.
   */
  readonly refs: Int32Array;
  /** By the node that opens the scope. */
  readonly scopes: ReadonlyMap<ESTree.Node, Scope>;
  /** By function node. Classes are not here, but their methods are. */
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
