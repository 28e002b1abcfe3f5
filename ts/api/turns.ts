// Owns when runs give way to their host's event loop, and in which order they go on: all runs of a process share its turns. Must
// never know what a run does.

/** A task after which the host has had the chance to do everything else that waits. */
type Later = (work: () => void) => void;

interface HostGlobals {
  readonly setImmediate?: (work: () => void) => unknown;
  readonly setTimeout: (work: () => void, ms: number) => unknown;
  readonly navigator?: { readonly userAgent?: string };
  readonly document?: unknown;
  readonly WorkerGlobalScope?: unknown;
}

const host = globalThis as unknown as HostGlobals;
// Taken now: tests of users may put other clocks in their places.
const { setImmediate, setTimeout } = host;
/** There, one request must never wake another, and the clock stands still until the host had its turn. */
const isWorkerd = host.navigator?.userAgent === "Cloudflare-Workers";
/** How often the host's event loop gets a turn, if nothing else is said. */
export const YIELD_EVERY_MS = 10;

/** The clock of turns. */
export const clock: { now(): number } = performance;

function hostLater(): Later {
  if (setImmediate !== undefined && !isWorkerd) return (work) => void setImmediate(work);
  const isBrowser = host.document !== undefined || host.WorkerGlobalScope !== undefined;
  if (!isBrowser || isWorkerd || typeof MessageChannel === "undefined") {
    return (work) => void setTimeout(work, 0);
  }
  // A browser delays nested timers by 4 ms; messages are tasks of their own without a delay.
  const { port1, port2 } = new MessageChannel();
  const works: (() => void)[] = [];
  port1.onmessage = () => works.shift()?.();
  return (work) => {
    works.push(work);
    port2.postMessage(0);
  };
}

let later: Later | undefined;
/** Runs that wait for a turn, the first first. */
const waiting: (() => void)[] = [];
let isScheduled = false;
/** When the turn began; undefined: no run has begun one since the host had its last. */
let begunAt: number | undefined;

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  (later ??= hostLater())(nextTurn);
}

/** One run gets each turn: the next one waits until the host has had its own. */
function nextTurn(): void {
  isScheduled = false;
  begunAt = undefined;
  const go = waiting.shift();
  if (go === undefined) return;
  enterTurn();
  go();
}

/** Begins a turn, unless it goes on since the host had its last. */
export function enterTurn(): void {
  if (isWorkerd) begunAt = clock.now();
  else if (begunAt === undefined) {
    begunAt = clock.now();
    schedule();
  }
}

/** Milliseconds since the turn began, to which other runs may have added. */
export function turnAge(now: number): number {
  return begunAt === undefined ? 0 : now - begunAt;
}

/** Begins a turn, unless it goes on; returns true if the host should have one before anything else begins. */
export function mustWait(yieldEveryMs = YIELD_EVERY_MS): boolean {
  if (yieldEveryMs === Infinity) return false;
  enterTurn();
  return turnAge(clock.now()) >= Math.max(yieldEveryMs, 1);
}

/** Waits until the host has had a turn, and those runs that asked before. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    if (isWorkerd) {
      (later ??= hostLater())(resolve);
      return;
    }
    waiting.push(resolve);
    schedule();
  });
}
