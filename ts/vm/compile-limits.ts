// Owns the limits of compiling: how much source, and for how long. Must never run anything.

import { LimitError } from "../errors.ts";

/** What compiling may take. Nesting that is too deep for the host's stack is a CompileError. */
export interface CompileLimits {
  /** Bytes of source in UTF-8, of all files together. Default 16 MiB. */
  sourceBytes?: number | undefined;
  /** Milliseconds; it is looked at between functions, regular expressions and stages. Default 10,000. `Infinity` for none. */
  timeMs?: number | undefined;
}

const DEFAULTS = { sourceBytes: 16 * 1024 * 1024, timeMs: 10_000 } as const;

function amount(limits: CompileLimits | undefined, name: keyof CompileLimits): number {
  const value = limits?.[name] ?? DEFAULTS[name];
  if (typeof value !== "number" || !(value >= 0))
    throw new RangeError(`limits.${name} must be a number from 0 up, not ${String(value)}`);
  return value;
}

function bytesOf(source: string, enough: number): number {
  // A unit is 1 to 3 bytes: mostly that says enough.
  return source.length > enough || 3 * source.length <= enough
    ? source.length
    : new TextEncoder().encode(source).length;
}

/** What is left for a compilation. */
export class CompileBudget {
  readonly #sourceBytes: number;
  readonly #timeMs: number;
  readonly #began = performance.now();
  #used = 0;

  /** @throws RangeError for limits that are none, TypeError for unknown ones */
  constructor(limits: CompileLimits | undefined) {
    for (const name of Object.keys(limits ?? {}))
      if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`unknown limit: ${name}`);
    this.#sourceBytes = amount(limits, "sourceBytes");
    this.#timeMs = amount(limits, "timeMs");
  }

  /**
   * Takes account of a source before it is compiled.
   *
   * @throws LimitError
   */
  take(source: string): void {
    this.#used += bytesOf(source, this.#sourceBytes - this.#used);
    if (this.#used > this.#sourceBytes) throw new LimitError("sourceBytes", this.#sourceBytes, this.#used);
  }

  /** Called by the compiler now and then. Throws LimitError when the time is up. */
  readonly check = (): void => {
    const used = performance.now() - this.#began;
    if (used > this.#timeMs) throw new LimitError("timeMs", this.#timeMs, used);
  };
}
