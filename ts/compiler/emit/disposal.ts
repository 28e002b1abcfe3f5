// Owns `using` and `await using`: where resources are kept, how they are added, and their disposal on every way out of a scope.
// Must never dispose by itself: the helpers of ts/prelude/disposable.js do. https://tc39.es/ecma262/#sec-disposeresources
//
// A scope with such declarations is a try with a finally. Its resources are a chain in a register without a name, the last one first,
// which is the order of disposal:
//
//     LOADS resources, undefined
//     HELPER resources, addDisposable(resources, value, hint); MOVE name, value       at each declaration
//     …                                                                               the statements
//     HELPER t, disposeAll(resources, kind, value)                                    the finalizer, on every way out
//
// The helper gets kind and value of the finally block: if a disposal throws while an exception is under way, it throws a SuppressedError
// that holds both. The chain is a value of the program, since only run time knows how many resources there are when an exception leaves.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import type { Disposal } from "../scope/hoist.ts";
import { Expressions } from "./expressions.ts";
import { SPECIAL } from "./state.ts";

/** How a resource was declared, for addDisposable: it looks for Symbol.dispose, or first for Symbol.asyncDispose. */
const HINT = { using: 0, "await using": 1 } as const;

export abstract class Disposals extends Expressions {
  /** Register with the resources of the innermost scope that has any; -1: no scope does. */
  protected resources = -1;

  /** Emits `body`, and the disposal of the resources it adds. `disposal`: what `disposalOf` found among its declarations. */
  protected disposing(disposal: Disposal, body: () => void): void {
    if (disposal === "none") {
      body();
      return;
    }
    const outer = this.resources;
    const mark = this.top;
    const resources = (this.resources = this.reserve());
    this.LOADS(resources, SPECIAL.UNDEFINED);
    this.withFinally(body, (kind, value) => {
      if (disposal === "sync") this.helper("disposeAll", this.top, [resources, kind, value]);
      else this.disposeAwaiting(resources, kind, value);
    });
    this.resources = outer;
    this.top = mark;
  }

  /**
   * The finalizer of a scope with `await using`. A helper cannot await for its caller, so the loop over the resources is here:
   *
   *     HELPER disposal, beginDisposal(resources, kind, value)
   *   1 HELPER awaited, disposeStep(disposal); JHOLE awaited, →3      the hole: all are disposed of
   *     AWAIT awaited, awaited; LOOP →1                               handler → 2, exception in awaited
   *   2 HELPER t, disposalFailed(disposal, awaited); LOOP →1
   *   3 HELPER t, endDisposal(disposal)                               throws what has come together
   */
  private disposeAwaiting(resources: number, kind: number, value: number): void {
    const mark = this.top;
    const disposal = this.reserve();
    const awaited = this.reserve();
    const failed = new Label();
    const finished = new Label();
    this.helper("beginDisposal", disposal, [resources, kind, value]);
    const again = this.here();
    this.helper("disposeStep", awaited, [disposal]);
    this.JHOLE(awaited, finished);
    this.guarded(failed, awaited, () => this.awaitInto(awaited, awaited));
    this.LOOP(this.top, again);
    this.emitLabel(failed);
    this.helper("disposalFailed", this.top, [disposal, awaited]);
    this.LOOP(this.top, again);
    this.emitLabel(finished);
    this.helper("endDisposal", this.top, [disposal]);
    this.top = mark;
  }

  /**
   * Adds the value of a `using` declaration to its scope, before the name gets it: a value that cannot be disposed of must not be visible.
   * https://tc39.es/ecma262/#sec-createdisposableresource
   */
  protected addResource(kind: ESTree.VariableDeclaration["kind"], value: number): void {
    if (kind !== "using" && kind !== "await using") return;
    const mark = this.top;
    const hint = this.reserve();
    this.LOADI(hint, HINT[kind]);
    this.helper("addDisposable", this.resources, [this.resources, value, hint]);
    this.top = mark;
  }
}
