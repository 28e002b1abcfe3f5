// Owns running the user's tools.ts: in a Worker that has no origin, so that what a stranger's link brings reaches neither this page nor what
// this browser keeps for it. Must never run anything before it is told to, nor wait for ever.

import type { Stripped } from "../protocol.ts";
import { type Place, placeInSource, placeInStack, ToolsError } from "./places.ts";

/** What a tool gave; where it failed, if it was in its own text. */
export type ToolResult = { readonly value: unknown } | { readonly error: string; readonly place?: Place | undefined };

/** A result as the Worker tells it. */
type RawResult = { readonly value: unknown } | { readonly error: string; readonly stack?: unknown };

type FromTools =
  | { readonly is: "ready"; readonly names: readonly string[] }
  | { readonly is: "result"; readonly number: number; readonly result: RawResult };

/** A tool that takes longer, such as one that loops, has failed. */
const PATIENCE_MS = 30_000;
const OPENING_MS = 10_000;

/** In the Worker, after the tools themselves: it imports its own module to see what is exported. */
const WORKER = `
;(async () => {
  const tools = await import(import.meta.url);
  const names = Object.keys(tools).filter((name) => typeof tools[name] === "function");
  onmessage = async ({ data: { number, name, args } }) => {
    let result;
    try { result = { value: await tools[name](...args) }; }
    catch (error) { result = error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) }; }
    try { postMessage({ is: "result", number, result }); }
    catch (error) { postMessage({ is: "result", number, result: { error: name + " returned what cannot be sent: " + error.message } }); }
  };
  postMessage({ is: "ready", names });
})();`;

/** A Worker made of a data: URL has an opaque origin, in every browser. */
const addressOf = (code: string): string => `data:text/javascript;charset=utf-8,${encodeURIComponent(code + WORKER)}`;

/** Tools that are there to be called, until they are closed. */
export class Sandbox {
  readonly #waiting = new Map<number, (result: ToolResult) => void>();
  #worker: Worker | undefined;
  #stripped: Stripped | undefined;
  #lastNumber = 0;
  #settle: (names: readonly string[] | Error) => void = () => undefined;

  /**
   * @param stripped a module
   * @returns the names of the functions that it exports
   * @throws ToolsError if it cannot be loaded
   */
  async open(stripped: Stripped): Promise<readonly string[]> {
    this.#stripped = stripped;
    const opened = new Promise<readonly string[] | Error>((resolve) => (this.#settle = resolve));
    const worker = new Worker(addressOf(stripped.code), { type: "module", name: "tools.ts" });
    worker.onmessage = ({ data }: MessageEvent<FromTools>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const { message, lineno, colno } = event;
      const place = placeInSource(stripped, { line: lineno, column: colno });
      this.#settle(new ToolsError(message?.replace(/^Uncaught /, "") || "it cannot be loaded", place));
    };
    this.#worker = worker;
    const timer = setTimeout(() => this.#settle(new Error("it takes too long to load")), OPENING_MS);
    const result = await opened;
    clearTimeout(timer);
    if (result instanceof Error) throw result;
    return result;
  }

  call(name: string, args: readonly unknown[]): Promise<ToolResult> {
    const number = ++this.#lastNumber;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish({ error: `${name} has taken too long` }), PATIENCE_MS);
      const finish = (result: ToolResult): void => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(result);
      };
      this.#waiting.set(number, finish);
      this.#worker?.postMessage({ number, name, args });
    });
  }

  close(): void {
    this.#worker?.terminate();
    for (const finish of this.#waiting.values()) finish({ error: "tools.ts was switched off" });
  }

  #placed(result: RawResult): ToolResult {
    if (!("error" in result)) return result;
    return { error: String(result.error), place: placeInStack(this.#stripped!, result.stack) };
  }

  #hear(message: FromTools | null): void {
    // The tools may post what they like.
    if (typeof message !== "object" || message === null) return;
    if (message.is === "ready") this.#settle(message.names);
    else this.#waiting.get(message.number)?.(this.#placed(message.result));
  }
}
