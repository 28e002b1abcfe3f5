// Owns a process that sweeps: it wakes due runs until it is told to end, and bears a store that fails for a while. Must never end
// while a call is in flight, unless its time to end is over.

import type { Runner, WorkOptions } from "../runner/index.ts";
import { serveRuns } from "./serve.ts";

/** Options of {@link runWorker}. */
export interface RunWorkerOptions extends Omit<WorkOptions, "signal"> {
  /** Ends the worker, besides the signals of the process. */
  readonly signal?: AbortSignal | undefined;
  /** Signals of the process that end the worker. Default SIGTERM and SIGINT. */
  readonly endOn?: readonly NodeJS.Signals[] | undefined;
  /** Called when the store or a sweep failed; the worker tries again. Default: written to stderr. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const LONGEST_DELAY_MS = 30_000;

/**
 * Wakes due runs until the process is told to end; resolves when calls in flight have ended or were given up, and leases were given
 * back. Any number of processes may do so on one store (Postgres, SQLite, files).
 */
export async function runWorker(runner: Runner, options: RunWorkerOptions = {}): Promise<void> {
  const { signal, endOn = ["SIGTERM", "SIGINT"], onError = console.error, ...rest } = options;
  const end = new AbortController();
  const stop = (): void => end.abort(new Error("the worker was told to end"));
  for (const name of endOn) process.on(name, stop);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    for (let delay = 1000; !end.signal.aborted; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      try {
        const onSweep: WorkOptions["onSweep"] = (report) => {
          delay = 1000;
          rest.onSweep?.(report);
        };
        await runner.work({ ...rest, onSweep, signal: end.signal });
      } catch (error) {
        onError(error);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, delay);
          end.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
        });
      }
    }
  } finally {
    for (const name of endOn) process.off(name, stop);
    signal?.removeEventListener("abort", stop);
  }
}

/** A request as `node:http` gives it. */
interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** An answer as `node:http` takes it. */
interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/** `serveRuns` for `node:http`: returns false if the request is about something else. */
export async function serveNode(
  request: NodeRequest,
  response: NodeResponse,
  ...[runner, programs, changed]: [
    runner: Runner,
    programs: Parameters<typeof serveRuns>[1],
    changed?: Parameters<typeof serveRuns>[3],
  ]
): Promise<boolean> {
  const { method = "GET", url = "/" } = request;
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = method === "GET" || method === "HEAD" ? undefined : Buffer.concat(chunks);
  const answer = await serveRuns(runner, programs, new Request(new URL(url, "http://node"), { method, body }), changed);
  if (answer === undefined) return false;
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(await answer.text());
  return true;
}
