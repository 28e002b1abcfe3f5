// Runs a script on the host engine, in a realm of its own whose timers fall due as the machine's do: in order, in no time, each
// behind all jobs of the one before.

import { createContext, runInContext } from "node:vm";

interface Timer {
  readonly id: number;
  readonly every: number | undefined;
  due: number;
  readonly run: () => void;
}

class Clock {
  #now = 0;
  #next = 1;
  readonly #timers = new Map<number, Timer>();

  set(callback: (...args: unknown[]) => void, wait: number, args: unknown[], isInterval: boolean): number {
    const id = this.#next++;
    const ms = Math.max(1, Number(wait) || 0);
    this.#timers.set(id, { id, due: this.#now + ms, every: isInterval ? ms : undefined, run: () => callback(...args) });
    return id;
  }

  clear(id: number): void {
    this.#timers.delete(id);
  }

  /** Lets the next timer fall due; false if there is none. */
  tick(): boolean {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) if (first === undefined || timer.due < first.due) first = timer;
    if (first === undefined) return false;
    this.#now = Math.max(this.#now, first.due);
    if (first.every === undefined) this.#timers.delete(first.id);
    else first.due = this.#now + first.every;
    first.run();
    return true;
  }
}

/** The completion value of the script, awaited, as data of this realm. */
export async function runOnHost(script: string, filename: string): Promise<unknown> {
  const clock = new Clock();
  const context = createContext({
    setTimeout: (f: () => void, wait: number, ...args: unknown[]) => clock.set(f, wait, args, false),
    setInterval: (f: () => void, wait: number, ...args: unknown[]) => clock.set(f, wait, args, true),
    clearTimeout: (id: number) => clock.clear(id),
    clearInterval: (id: number) => clock.clear(id),
    queueMicrotask,
    structuredClone,
    console,
  });
  const progress = { isSettled: false };
  const result: unknown = runInContext(script, context, { filename });
  const done = Promise.resolve(result).finally(() => (progress.isSettled = true));
  done.catch(() => undefined);
  do await new Promise(setImmediate);
  while (!progress.isSettled && clock.tick());
  return structuredClone(await done);
}
