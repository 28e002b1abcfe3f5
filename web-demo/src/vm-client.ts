// The page's end of the VM worker: requests with replies, and the stream of views. Must never wait for ever: a worker that
// does not reply is replaced, because a program from a stranger's link may do what it likes with its worker.

import type { ErrorView, FromWorker, PlayView, Request, ToWorker } from "./protocol.ts";

/** A request that the worker refused, with what to show. */
export class Refusal extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(view.message);
    this.view = view;
  }
}

/** What the client tells its page. */
export interface ClientEvents {
  ready(milliseconds: number): void;
  view(view: PlayView): void;
  /** What is wrong with a source that was to be checked. */
  checked(fault: ErrorView | undefined): void;
  /** The worker cannot work at all, or was replaced because it no longer answered. */
  broken(error: ErrorView): void;
}

/** A worker hears messages between slices of some milliseconds; this long without a reply, it is stuck. */
const PATIENCE_MS = 5000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

/** One VM worker at a time. */
export class VmClient {
  readonly #events: ClientEvents;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker;
  #lastNumber = 0;
  #isReady = false;

  constructor(events: ClientEvents) {
    this.#events = events;
    this.#worker = this.#open();
  }

  /** @throws Refusal when the worker says no, or is silent */
  ask(request: Request): Promise<unknown> {
    const number = ++this.#lastNumber;
    return new Promise((resolve, reject) => {
      // Loading the wasm over a slow network is not being stuck.
      const patience = this.#isReady ? PATIENCE_MS : 60_000;
      const timer = setTimeout(() => this.#replace(), patience);
      this.#waiting.set(number, { resolve, reject, timer });
      this.#worker.postMessage({ ...request, number } satisfies ToWorker, []);
    });
  }

  #open(): Worker {
    const worker = new Worker(new URL("./vm-worker.ts", import.meta.url), { type: "module", name: "fermata" });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = (event) => {
      const message = event.message || "its script could not be loaded";
      this.#fail({ title: "The VM worker failed", message, code: "" });
    };
    return worker;
  }

  #hear(message: FromWorker): void {
    switch (message.is) {
      case "ready":
        this.#isReady = true;
        return this.#events.ready(message.milliseconds);
      case "view":
        return this.#events.view(message.view);
      case "checked":
        return this.#events.checked(message.fault);
      case "broken":
        return this.#fail(message.error);
      case "reply":
        return this.#take(message.number)?.resolve(message.value);
      case "refusal":
        return this.#take(message.number)?.reject(new Refusal(message.error));
    }
  }

  #take(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #replace(): void {
    this.#worker.terminate();
    this.#isReady = false;
    this.#fail({
      title: "The VM worker was replaced",
      message: "It no longer answered. The program is gone from it; what was saved is still there.",
      code: "",
    });
    this.#worker = this.#open();
  }

  #fail(error: ErrorView): void {
    for (const number of this.#waiting.keys()) this.#take(number)?.reject(new Refusal(error));
    this.#events.broken(error);
  }
}
