// Owns the command: generates programs, compares both engines, shrinks what differs and writes it down.
//
//   npm run fuzz -- [--count N] [--seed N] [--from N] [--jobs N] [--held] [--show N] [--language javascript|typescript]

import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Runtime } from "../../ts/api/runtime.ts";
import { testRuntime } from "../support/runtime.ts";
import { goAway, HOSTS } from "./away.ts";
import { runInHost, sourceOf } from "./engines.ts";
import { together } from "./generate/program.ts";
import { Holder } from "./held.ts";
import { complaint, type Counts, type Failure, joined, noCounts, runBatch } from "./run-batch.ts";
import { shrink } from "./shrink.ts";
import { type Language, print, type Tree } from "./tree.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: "1" },
    held: { type: "boolean", default: false },
    language: { type: "string" },
    show: { type: "string", default: "5" },
    /** Programs in one message to a process. */
    batch: { type: "string", default: "1000" },
    child: { type: "boolean", default: false },
  },
});
const seed = Number(options.seed);
const file = fileURLToPath(import.meta.url);
const found = fileURLToPath(new URL("../../build/fuzz", import.meta.url));

/** What kind of failure it is: while it shrinks it should stay one of the same kind. */
function kindOf(what: string): string {
  return what
    .replace(/^line \d+: /, "line ")
    .replaceAll(/\d+/g, "0")
    .replace(/"(?!\\u0003).*/, "")
    .replace(/^line expected "\\u0003.*/, "place");
}

interface Report {
  readonly counts: Counts;
  readonly failures: readonly {
    readonly seed: number;
    readonly what: string;
    readonly text: string;
    readonly language: Language;
  }[];
}

/** Programs after which what is to be done elsewhere goes there: starting another host takes its time. */
const TRIP = 8000;
/** Batches from one process before it is replaced. */
const BATCHES = 30;

interface Batch {
  readonly from: number;
  readonly count: number;
  /** The last one for this process. */
  readonly isLast: boolean;
}

/** The small text of a failing program. */
function shrunk(runtime: Runtime, holder: Holder | undefined, { way, what, programs }: Failure): [string, string] {
  const kind = kindOf(what.replace("together: ", ""));
  const program = joined(programs);
  const now = (body: Tree): string | null | undefined => complaint(runtime, [{ ...program, body }], way, holder).what;
  const body = shrink(program.body, (tree) => {
    const { end } = runInHost(sourceOf(together([{ ...program, body: tree }], way.isOpen), way.language), 500);
    if (end === "syntax" || end === "limit") return false;
    const complains = now(tree);
    return complains != null && kindOf(complains) === kind;
  });
  return [now(body) ?? what, `${program.strict ? '"use strict";\n' : ""}${print(body, way.language)}`];
}

/** Checks batches until the last one. */
async function child(): Promise<void> {
  // Rejections that nobody handles belong to the programs.
  process.on("unhandledRejection", () => {});
  const runtime = await testRuntime({ poolSize: 2 });
  const holder = options.held ? await Holder.create(runtime) : undefined;
  const language = options.language as Language | undefined;
  let left = Number(options.show);
  let since = 0;
  const check = async ({ from, count, isLast }: Batch): Promise<Report> => {
    const failures: Report["failures"][number][] = [];
    const onFailure = (failure: Failure): void => {
      const isShown = left-- > 0;
      const [what, text] = isShown ? shrunk(runtime, holder, failure) : [failure.what, ""];
      failures.push({ seed: failure.seed, what, text, language: failure.way.language });
    };
    const counts = runBatch(runtime, { seed, from, count, language }, onFailure, holder);
    since += count;
    if (holder !== undefined && (isLast || since >= TRIP)) {
      since = 0;
      const legs = holder.legs.splice(0);
      // Each trip goes to another host.
      const host = HOSTS[Math.floor(from / Number(options.batch)) % HOSTS.length]!;
      for (const { index, what } of await goAway(host, legs)) {
        counts.differed++;
        failures.push({ seed: index, what, text: "", language: "javascript" });
      }
      counts.away += legs.length;
    }
    return { counts, failures };
  };
  process.on("message", (batch: Batch) => {
    void check(batch).then((report) => process.send!(report, () => batch.isLast && process.exit(0)));
  });
}

/** A process that checks batches, one at a time. */
class Worker {
  readonly #process: ChildProcess;
  #answer: ((report: Report | undefined) => void) | undefined;

  constructor() {
    const args = ["--child", "--seed", options.seed, "--batch", options.batch, "--show", options.show];
    if (options.held) args.push("--held");
    if (options.language !== undefined) args.push("--language", options.language);
    this.#process = fork(file, args, { execArgv: process.execArgv });
    this.#process.on("message", (report: Report) => this.#answer?.(report));
    this.#process.on("exit", () => this.#answer?.(undefined));
  }

  /** What came of a batch; undefined if the process ends or hangs. */
  check(batch: Batch): Promise<Report | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), 240_000 + batch.count * 500);
      this.#answer = (report) => {
        clearTimeout(timer);
        resolve(report);
      };
      this.#process.send(batch);
    });
  }
}

function write({ failures }: Report): void {
  for (const { seed: one, what, text, language } of failures) {
    console.log(`DIFFERS seed ${one} (${language}): ${what}\n${text}\n`);
    if (text === "") continue;
    const name = `${one}.${language === "javascript" ? "js" : "ts"}`;
    writeFileSync(join(found, name), `// ${what}\n${text}\n`);
  }
}

async function parent(): Promise<void> {
  const began = performance.now();
  const total = noCounts();
  const end = Number(options.from) + Number(options.count);
  const size = Number(options.batch);
  let next = Number(options.from);
  let lost = 0;
  mkdirSync(found, { recursive: true });
  const say = (): void => {
    const seconds = (performance.now() - began) / 1000;
    const { agreed, differed, left, lines, typescript, held, away } = total;
    const all = agreed + differed + left + lost;
    console.log(
      `seed ${seed}, up to ${next}: ${agreed} of ${all} programs agree, ${differed} differ, ${left} wanted too much, ${lost} lost; ` +
        `${typescript} in TypeScript, ${held} held, ${away} stops gone on from elsewhere; ` +
        `${(lines / Math.max(1, agreed)).toFixed(1)} lines of trace each; ${seconds.toFixed(0)} s, ${(all / seconds).toFixed(0)} a second`,
    );
  };
  const work = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let done = 1; next < end; done++) {
      const from = next;
      const count = Math.min(size, end - from);
      next += count;
      const isLast = next + (Number(options.jobs) - 1) * size >= end || done % BATCHES === 0;
      worker ??= new Worker();
      const report = await worker.check({ from, count, isLast });
      if (isLast || report === undefined) worker = undefined;
      if (report === undefined) {
        lost += count;
        console.log(`LOST programs ${from} to ${from + count}: their process ended or hung`);
        continue;
      }
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += report.counts[key];
      write(report);
      if (done % 10 === 0) say();
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));
  say();
  process.exitCode = total.differed + lost === 0 ? 0 : 1;
}

await (options.child ? child() : parent());
