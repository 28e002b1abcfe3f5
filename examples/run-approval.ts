// The host of approval.ts: runs the agent until it waits for a person, writes it to a file, and ends. A second process, which
// shares nothing with the first but that file, brings the decision and finishes the work.
//
//   node --import tsx examples/run-approval.ts                       both, one after the other
//   node --import tsx examples/run-approval.ts resume FILE DECISION  the second process alone

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRuntime, type State, type Tools } from "fermata-vm";

const here = fileURLToPath(new URL(".", import.meta.url));

const INVOICES = [
  { id: "INV-301", vendor: "Nordic Paper", amount: 84.5, currency: "EUR", due: "2026-11-25" },
  { id: "INV-302", vendor: "Cloudberry Hosting", amount: 312, currency: "USD", due: "2026-11-27" },
  { id: "INV-303", vendor: "Harbour Catering", amount: 129.9, currency: "EUR", due: "2026-11-28" },
  { id: "INV-304", vendor: "Atlas Freight", amount: 18_400, currency: "EUR", due: "2026-12-01" },
  { id: "INV-305", vendor: "Unknown Consulting Ltd", amount: 240, currency: "USD", due: "2026-11-26" },
];

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What the agent may do. Only the person is missing: that call stays unanswered, and the agent is put away. */
const tools: Tools = {
  listInvoices: async () => INVOICES,
  exchangeRate: async () => (await pause(20), 0.92),
  assessRisk: async (vendor: string, amount: number) => {
    await pause(30);
    if (vendor.startsWith("Unknown")) return { score: 0.8, reason: "first invoice of this vendor" };
    return amount > 10_000 ? { score: 0.6, reason: "large amount" } : { score: 0.1, reason: "known vendor" };
  },
  pay: async (id: string) => ({ reference: `PAY-${id.slice(4)}-${(id.charCodeAt(6) * 7919) % 1000}` }),
};

const EXTERNALS = ["listInvoices", "exchangeRate", "assessRisk", "requestApproval", "pay"];

let shown = 0;
const since = performance.now();

function say(text: string): void {
  console.log(`${(performance.now() - since).toFixed(1).padStart(7)} ms  ${text}`);
}

/** Shows what the guest has written since the last stop. */
function echo(state: State): void {
  for (const line of state.stdout.slice(shown).split("\n")) if (line !== "") say(`  | ${line}`);
  shown = state.stdout.length;
}

/** Answers calls, all that wait at a time, until the agent is done or waits for something that no tool does. */
async function drive(first: State): Promise<State> {
  let state = first;
  for (;;) {
    echo(state);
    if (state.status !== "suspended") return state;
    const known = state.calls.filter(({ name }) => name in tools);
    if (known.length === 0) return state;
    say(`answering ${known.length} call${known.length === 1 ? "" : "s"}: ${known.map(({ name }) => name).join(", ")}`);
    const answers = await Promise.all(
      known.map(async ({ id, name, args }) => [id, { value: await tools[name]!(...args) }] as const),
    );
    state = state.resumeCalls(new Map(answers));
  }
}

function timed<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  const took = performance.now() - start;
  say(`${what} (${took < 1 ? `${(took * 1000).toFixed(0)} µs` : `${took.toFixed(1)} ms`})`);
  return result;
}

async function begin(file: string): Promise<void> {
  const source = await readFile(join(here, "approval.ts"), "utf8");
  const runtime = await createRuntime();
  say("runtime ready");
  const program = timed("compiled approval.ts", () =>
    runtime.compile(source, { filename: "approval.ts", inputs: ["autoPayBelow"], externals: EXTERNALS }),
  );
  const state = await drive(program.start({ inputs: { autoPayBelow: 300 } }));
  if (state.status !== "suspended") throw new Error(`expected the agent to wait, but it is ${state.status}`);
  const [call] = state.calls;
  say(`the agent waits for ${call!.name}: ${JSON.stringify(call!.args[0])}`);
  const bytes = timed("captured and compressed", () => state.snapshot().dump());
  await writeFile(file, bytes);
  say(`${bytes.length} bytes, program included, in ${basename(file)}`);
}

async function finish(file: string, decision: unknown): Promise<void> {
  const bytes = await readFile(file);
  const runtime = await createRuntime();
  say(`runtime ready in process ${process.pid}, which has never seen the program`);
  const waiting = timed(`loaded and verified ${bytes.length} bytes`, () => runtime.load(bytes).restore());
  if (waiting.status !== "suspended") throw new Error(`expected a suspended agent, got one that is ${waiting.status}`);
  shown = waiting.stdout.length;
  const state = await drive(waiting.resume(decision));
  if (state.status !== "complete") throw new Error(`expected the agent to finish, but it is ${state.status}`);
  say(`done: ${JSON.stringify(state.output)}`);
  say(
    `fuel ${state.usage.fuel}, host calls ${state.usage.hostCalls}, peak memory ${state.usage.peakMemoryBytes} bytes`,
  );
}

/** Runs the second process and waits for it. */
function inAnotherProcess(...args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

const [command, file, decision] = process.argv.slice(2);
if (command === "resume") {
  await finish(file!, JSON.parse(decision!));
} else {
  const folder = await mkdtemp(join(tmpdir(), "fermata-"));
  const path = join(folder, "approval.fermata");
  try {
    console.log("--- first process: works until it needs a person");
    await begin(path);
    console.log("--- hours later, second process: the decision arrives");
    const approval = { approved: ["INV-304"], by: "Ingrid", note: "INV-305 looks like a scam" };
    process.exitCode = await inAnotherProcess("resume", path, JSON.stringify(approval));
  } finally {
    await rm(folder, { recursive: true });
  }
}
