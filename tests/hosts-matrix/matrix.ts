// Owns what a row of the matrix is, how it is judged, and the table. Must never know a host.

/** What is asked of one process. */
export interface Request {
  readonly bytes?: readonly number[];
  readonly decision?: unknown;
}

/** Hosts that run one turn each time, in a process of its own. */
export interface Host {
  turn(request: Request): Promise<unknown>;
  close?(): Promise<void>;
}

export interface Row {
  readonly name: string;
  /** What the user adds; empty if nothing. */
  readonly needs: string;
  /** What the error says, of a set-up that cannot work: the way out. */
  readonly fails?: RegExp;
  open(): Promise<Host>;
}

export interface Verdict {
  readonly row: Row;
  readonly seconds: number;
  /** Bytes of the snapshot that went from one process to the other. */
  readonly bytes?: number;
  readonly fault?: string;
}

const DECISION = { approved: ["INV-304"], by: "Ingrid" };
const ASKED = JSON.stringify([["requestApproval", 18_620.8]]);
const DONE = JSON.stringify({
  paid: 3,
  references: ["PAY-301", "PAY-302", "PAY-304"],
  refused: 1,
  by: "Ingrid",
});

/** Runs the program to its question in one process and to its end in another. */
async function runBoth(host: Host): Promise<number> {
  const first = (await host.turn({})) as { asks: unknown; bytes: number[] };
  if (JSON.stringify(first.asks) !== ASKED) throw new Error(`it asks ${JSON.stringify(first.asks)}, not ${ASKED}`);
  const second = (await host.turn({ bytes: first.bytes, decision: DECISION })) as { output: unknown };
  if (JSON.stringify(second.output) !== DONE) throw new Error(`its output is ${JSON.stringify(second.output)}`);
  return first.bytes.length;
}

/** Whether a host does what its row promises. */
export async function judge(row: Row): Promise<Verdict> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let host: Host | undefined;
  try {
    host = await row.open();
    const bytes = await runBoth(host);
    if (row.fails === undefined) return { row, seconds: seconds(), bytes };
    return { row, seconds: seconds(), bytes, fault: `it works, but the row says that it cannot: mend ${row.name}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (row.fails?.test(message)) return { row, seconds: seconds() };
    return { row, seconds: seconds(), fault: message };
  } finally {
    await host?.close?.().catch(() => {});
  }
}

/** The table that ends a run, as Markdown. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ row, seconds, bytes, fault }) => [
    row.name,
    row.needs === "" ? "nothing" : row.needs,
    fault !== undefined ? "FAILED" : row.fails === undefined ? "held and resumed" : "its error says what to add",
    bytes === undefined ? "" : String(bytes),
    seconds.toFixed(1),
  ]);
  const table = [["host", "what the user adds", "result", "bytes", "seconds"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i > 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i > 2 ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return [line(table[0]!), rule, ...table.slice(1).map(line)].join("\n");
}
