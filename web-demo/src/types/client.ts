// The page's end of the type check: one question at a time, asked when the browser has nothing else to do. Must never keep the page from
// working where the checker cannot be loaded.

import type { FromTypes, ToTypes, TypeFinding } from "./protocol.ts";

/** A page that was only looked at for so long has time for the checker, which is a large download. */
const FIRST_MS = 6000;
/** After the last key. */
const AFTER_MS = 700;

const whenIdle = (work: () => void): void => {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 200);
};

const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

export class TypeCheck {
  readonly #tell: (findings: readonly TypeFinding[]) => void;
  #worker: Worker | undefined;
  #number = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBroken = savesData();

  constructor(tell: (findings: readonly TypeFinding[]) => void) {
    this.#tell = tell;
  }

  /** Checks a source soon; what was found of another one before is void. */
  soon(source: () => string): void {
    this.#number++;
    clearTimeout(this.#timer);
    if (this.#isBroken) return;
    this.#timer = setTimeout(
      () => whenIdle(() => this.#check(source())),
      this.#worker === undefined ? FIRST_MS : AFTER_MS,
    );
  }

  /** Somebody writes: the checker is wanted. */
  wake(): void {
    if (this.#isBroken) return;
    this.#worker ??= this.#open();
  }

  #check(source: string): void {
    this.wake();
    this.#worker?.postMessage({ number: ++this.#number, source } satisfies ToTypes);
  }

  #open(): Worker | undefined {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "types" });
    worker.onmessage = ({ data }: MessageEvent<FromTypes>) => {
      if (data.number === this.#number) this.#tell(data.findings);
    };
    worker.onerror = (event) => {
      // Without a network it may not be there.
      event.preventDefault();
      this.#isBroken = true;
      worker.terminate();
    };
    return worker;
  }
}
