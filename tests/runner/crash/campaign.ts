// Owns a campaign of kills: processes that work on the same runs are killed by SIGKILL at random moments until all runs have ended;
// then their results and the ledger are judged.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bundle, bundleWorker } from "../../support/bundle.ts";
import { judgeLedger, parseLedger, RESULT } from "./workflow.ts";

export interface CampaignOptions {
  readonly store: string;
  readonly runs: number;
  readonly seed: number;
  /** Processes that work at the same time. */
  readonly workers: number;
  readonly wasm: string;
  /** After that many kills, the workers may end. */
  readonly kills: number;
  /** Folder of the socket of the Postgres to use. */
  readonly server?: string | undefined;
}

export interface CampaignResult {
  readonly runs: number;
  readonly kills: number;
  /** Calls that the outside world saw more than once. */
  readonly again: number;
  readonly wrong: readonly string[];
}

const root = join(import.meta.dirname, "../../..");

/** Numbers from 0 up to 1, the same for a seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}

/** Kills a process and what it has started (workerd), those first. */
function killAll(pid: number): void {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // Its parent is the second field after the name, which is in parentheses.
      const [, parent] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]!.split(" ");
      if (Number(parent) === pid) killAll(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // As above.
  }
}

/** One worker after another, each killed some time after it is ready, until one ends by itself. */
async function oneLine(
  command: readonly string[],
  random: () => number,
  mayKill: () => boolean,
): Promise<{ readonly id: string; readonly output: unknown }[]> {
  for (let life = 0; ; life++) {
    const [program, ...args] = command as [string, ...string[]];
    // Half of them are a new life of the same worker, and take over its leases at once; the others wait for the leases to end.
    const child = spawn(program, random() < 0.5 ? [...args, "same"] : args, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, FERMATA_ROOT: join(root, "package.json"), DENO_NO_UPDATE_CHECK: "1" },
    });
    const closed = once(child, "close") as Promise<[number | null, string | null]>;
    const results: { id: string; output: unknown }[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line !== "ready") results.push(JSON.parse(line) as { id: string; output: unknown });
      // The first kill comes before the runs can have ended, however fast the machine is.
      else if (mayKill()) timer = setTimeout(() => killAll(child.pid!), 5 + random() * (life === 0 ? 40 : 300));
    });
    const [code] = await closed;
    clearTimeout(timer);
    if (code === 0) return results;
    if (code !== null) throw new Error(`a worker ended with code ${code}`);
  }
}

/** The runtime that has the client of that store. */
function runtimeOf(store: string): string[] {
  const installed = (name: string): string => join(root, "node_modules/.bin", name);
  if (store === "sqlite") return [installed("bun")];
  if (store === "deno-kv") return [installed("deno"), "run", "--unstable-kv", "--allow-all", "--no-check"];
  return [process.execPath];
}

/** Runs the workflow that many times, killing its workers. */
export async function crashCampaign({
  store,
  runs,
  seed,
  workers,
  wasm,
  kills: most,
  server,
}: CampaignOptions): Promise<CampaignResult> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-crash-"));
  try {
    const script = join(folder, "worker.mjs");
    const ledger = join(folder, "ledger");
    const location = store === "postgres" ? `${server}#runs_${seed}` : join(folder, "store");
    if (store !== "postgres") await mkdir(location);
    await writeFile(ledger, "");
    const isObject = store === "durable-object";
    await writeFile(script, await bundle(new URL(isObject ? "object-host.ts" : "worker.ts", import.meta.url), "node"));
    if (isObject) {
      await writeFile(
        join(folder, "object-worker.mjs"),
        await bundleWorker(new URL("object-worker.ts", import.meta.url)),
      );
      await copyFile(wasm, join(folder, "fermata.wasm"));
    }
    const command = [...runtimeOf(store), script, store, location, ledger, String(runs), wasm];
    const random = randomOf(seed);
    let kills = 0;
    const mayKill = (): boolean => kills < most && ++kills > 0;
    const lines = await Promise.all(Array.from({ length: workers }, () => oneLine(command, random, mayKill)));
    const wrong = lines.flatMap((results) =>
      results.flatMap(({ id, output }) => (output === RESULT ? [] : [`${id} gave ${JSON.stringify(output)}`])),
    );
    for (const results of lines) if (results.length !== runs) wrong.push(`${results.length} of ${runs} runs are done`);
    const all = parseLedger(await readFile(ledger, "utf8"));
    let again = 0;
    for (let i = 0; i < runs; i++) {
      const judged = judgeLedger(all.filter(({ run }) => run === `run-${i}`));
      wrong.push(...judged.wrong);
      again += judged.again;
    }
    return { runs, kills, again, wrong };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
