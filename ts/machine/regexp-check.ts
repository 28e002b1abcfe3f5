// Owns the check of regular expression literals. Only the core has a parser for them, so an idle machine is used. Must never keep a
// machine beyond the compilation for which it was acquired.

import type { Machine } from "./machine.ts";
import type { MachinePool } from "./pool.ts";

/**
 * Returns the error message for a literal, or null if it is valid. The machine may hold a stopped program: only memory above its
 * heap is used.
 */
export function regExpMessage(machine: Machine, pattern: string, flags: string): string | null {
  const text = pattern + flags;
  const at = machine.exports.regExpSpace(text.length);
  const { u16 } = machine.views;
  for (let i = 0; i < text.length; i++) u16[(at >>> 1) + i] = text.charCodeAt(i);
  const answer = machine.exports.regExpCheck(at, pattern.length, flags.length);
  if (answer === 0) return null;
  if (answer === 1) return "Invalid regular expression flags";
  const { u16: units, u32 } = machine.views;
  const from = u32[answer >>> 2]! >>> 1;
  const why = String.fromCharCode(...units.subarray(from, from + u32[(answer >>> 2) + 1]!));
  const shown = flags.split("").sort().join("");
  return `Invalid regular expression: /${pattern}/${shown}: ${why}`;
}

/** Checks the literals of a program, all with one machine of a pool. */
export class RegExpChecker {
  readonly #pool: MachinePool;
  #machine: Machine | undefined;

  constructor(pool: MachinePool) {
    this.#pool = pool;
  }

  /** Checks a literal, as {@link regExpMessage}. */
  readonly check = (pattern: string, flags: string): string | null =>
    regExpMessage((this.#machine ??= this.#pool.acquire()), pattern, flags);

  /** Returns the machine to the pool. */
  end(): void {
    if (this.#machine !== undefined) this.#pool.release(this.#machine);
    this.#machine = undefined;
  }
}
