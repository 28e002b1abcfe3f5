// Owns the question whether a regular expression literal is one: the core has the only parser of them, so a machine that nothing runs
// in is asked. Must never keep a machine beyond the compilation it was taken for.

import type { Machine, MachinePool } from "./machine.ts";

/**
 * The message of the error that a literal is, or null. The machine may hold a program that stands still: memory behind its heap is
 * used, nothing else.
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

/** Asks machines of a pool, one for all literals of a program. */
export class RegExpChecker {
  readonly #pool: MachinePool;
  #machine: Machine | undefined;

  constructor(pool: MachinePool) {
    this.#pool = pool;
  }

  /** What {@link regExpMessage} says. */
  readonly check = (pattern: string, flags: string): string | null =>
    regExpMessage((this.#machine ??= this.#pool.acquire()), pattern, flags);

  /** Gives the machine back. */
  end(): void {
    if (this.#machine !== undefined) this.#pool.release(this.#machine);
    this.#machine = undefined;
  }
}
