// Owns running an example in a Worker of the page. Must never run anything that the page's own pages do not have, nor block the page.

export interface Listeners {
  /** A line that the example has written. */
  readonly onLine: (text: string) => void;
  /** It has ended; `error` if it threw. */
  readonly onEnd: (error?: string) => void;
}

/** The start of every example: what is written goes to the page, values as Node prints the simple ones. */
const BEFORE = `
const show = (value, depth = 0) => {
  if (typeof value === "string") return depth === 0 ? value : "'" + value + "'";
  if (typeof value === "bigint") return value + "n";
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Error) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "[ " + value.map((one) => show(one, 1)).join(", ") + " ]";
  const rows = Object.entries(value).map(([key, one]) => key + ": " + show(one, 1));
  return rows.length === 0 ? "{}" : "{ " + rows.join(", ") + " }";
};
for (const name of ["log", "info", "warn", "error"])
  console[name] = (...values) => postMessage({ line: values.map((one) => show(one)).join(" ") });
const end = (error) => postMessage({ end: true, error: error === undefined ? undefined : String(error) });
addEventListener("error", (event) => end(event.message));
addEventListener("unhandledrejection", (event) => end(event.reason));
`;

/** Runs an example; the returned function stops it. */
export function runExample(code: string, packageUrl: string, { onLine, onEnd }: Listeners): () => void {
  const linked = code.replaceAll(/from "package:([^"]+)"/g, (_, file: string) => `from "${packageUrl}${file}"`);
  const blob = new Blob([BEFORE, linked, "\nend();"], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: "module" });
  const stop = (): void => {
    worker.terminate();
    URL.revokeObjectURL(address);
  };
  const finish = (error?: string): void => {
    stop();
    onEnd(error);
  };
  worker.addEventListener("message", ({ data }: MessageEvent<{ line?: string; end?: true; error?: string }>) => {
    if (data.line !== undefined) onLine(data.line);
    if (data.end) finish(data.error);
  });
  worker.addEventListener("error", (event) => finish(event.message || "the example cannot be loaded"));
  return stop;
}
