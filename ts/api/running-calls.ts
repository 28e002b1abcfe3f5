// Owns the calls whose host functions are running, and answers that are not given yet. They outlive a drive that ends before
// them, so that the next drive of the same machine does not make them again. Must never touch a machine.

import type { Answer } from "../machine/answers.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import type { ReadyAnswer } from "./modules.ts";

/** The answer to a call: ready to be given, or, for a module, as the loader gave it. */
export interface Arrived {
  readonly call: PendingCall;
  readonly answer: { readonly ready: ReadyAnswer } | { readonly raw: Answer };
}

/** True for what `await` would wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Calls of one machine. */
export class RunningCalls {
  readonly #running = new Set<number>();
  /** By the id of the call, in the order in which they came. */
  #arrived = new Map<number, Arrived>();
  /** Called when an answer arrives. */
  onArrival: () => void = () => {};

  /** Number of calls whose functions have not finished. */
  get running(): number {
    return this.#running.size;
  }

  /** True if answers have arrived that were not taken. */
  get hasArrived(): boolean {
    return this.#arrived.size > 0;
  }

  /** True if the call was made, and its answer was not taken. */
  has(id: number): boolean {
    return this.#running.has(id) || this.#arrived.has(id);
  }

  isRunning(id: number): boolean {
    return this.#running.has(id);
  }

  begin(id: number): void {
    this.#running.add(id);
  }

  settle(arrived: Arrived): void {
    this.#running.delete(arrived.call.id);
    this.#arrived.set(arrived.call.id, arrived);
    this.onArrival();
  }

  /** Takes the answers that have arrived; with an id, only that to this call. */
  take(id?: number): readonly Arrived[] {
    if (id === undefined) {
      const taken = [...this.#arrived.values()];
      this.#arrived = new Map();
      return taken;
    }
    const one = this.#arrived.get(id);
    this.#arrived.delete(id);
    return one === undefined ? [] : [one];
  }
}
