// Owns the limits of compiling, in source size and time. Must never run anything.

import { LimitError } from "../errors.ts";

/** Limits of compiling. Nesting that is too deep for the host's stack is a CompileError. */
export interface CompileLimits {
  /** Bytes of source in UTF-8, of all files together. Default 16 MiB. */
  sourceBytes?: number | undefined;
  /** Milliseconds, checked between functions, regular expressions and stages. Default 10,000; `Infinity` for no limit. */
  timeMs?: number | undefined;
}

const DEFAULTS = { sourceBytes: 16 * 1024 * 1024, timeMs: 10_000 } as const;

/** The value of a limit, or its default. @throws RangeError */
function amount(limits: CompileLimits | undefined, name: keyof CompileLimits): number {
  const value = limits?.[name] ?? DEFAULTS[name];
  if (typeof value !== "number" || !(value >= 0))
    throw new RangeError(`limits.${name} must be a number from 0 up, not ${String(value)}`);
  return value;
}

/** Bytes of a source in UTF-8, exact only where it matters for the limit: more than `enough`, or not. */
function bytesOf(source: string, enough: number): number {
  // A UTF-16 unit takes 1 to 3 bytes, which usually settles the question.
  return source.length > enough || 3 * source.length <= enough
    ? source.length
    : new TextEncoder().encode(source).length;
}

/** The source and time that a compilation may still use. */
export class CompileBudget {
  readonly #sourceBytes: number;
  readonly #timeMs: number;
  readonly #began = performance.now();
  #used = 0;

  /** @throws RangeError for invalid amounts, TypeError for unknown limits */
  constructor(limits: CompileLimits | undefined) {
    for (const name of Object.keys(limits ?? {}))
      if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`unknown limit: ${name}`);
    this.#sourceBytes = amount(limits, "sourceBytes");
    this.#timeMs = amount(limits, "timeMs");
  }

  /**
   * Charges a source before it is compiled.
   *
   * @throws LimitError
   */
  take(source: string): void {
    this.#used += bytesOf(source, this.#sourceBytes - this.#used);
    if (this.#used > this.#sourceBytes) throw new LimitError("sourceBytes", this.#sourceBytes, this.#used);
  }

  /** Called by the compiler now and then. Throws LimitError when time has run out. */
  readonly check = (): void => {
    const used = performance.now() - this.#began;
    if (used > this.#timeMs) throw new LimitError("timeMs", this.#timeMs, used);
  };
}
