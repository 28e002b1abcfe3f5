// Owns the command: generates programs, compares both engines, shrinks what differs and writes it down.
//
//   npm run fuzz -- [--count N] [--seed N] [--from N] [--jobs N] [--held] [--show N]
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { testRuntime } from "../support/runtime.ts";
import { complaint, runBatch, type Counts, type Failure } from "./run-batch.ts";
import { runInHost } from "./engines.ts";
import { textOf } from "./generate/program.ts";
import { heldWays } from "./held.ts";
import { shrink } from "./shrink.ts";
import { print } from "./tree.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: "1" },
    held: { type: "boolean", default: false },
    show: { type: "string", default: "5" },
    /** Programs from one process before it is replaced. */
    batch: { type: "string", default: "1000" },
    child: { type: "boolean", default: false },
  },
});
const seed = Number(options.seed);
const file = fileURLToPath(import.meta.url);
const found = fileURLToPath(new URL("../../build/fuzz", import.meta.url));

/** What kind of failure it is: while it shrinks it should stay one of the same kind. */
function kindOf(what: string): string {
  return what.replace(/^line \d+: /, "line ").replace(/".*/, "");
}

interface Report {
  readonly counts: Counts;
  readonly failures: readonly { readonly seed: number; readonly what: string; readonly text: string }[];
}

async function child(): Promise<Report> {
  // Rejections that nobody handles belong to the programs.
  process.on("unhandledRejection", () => {});
  const runtime = await testRuntime({ typescript: false, poolSize: 2 });
  const ways = options.held ? await heldWays(runtime) : undefined;
  const failures: Report["failures"][number][] = [];
  let left = Number(options.show);
  const onFailure = ({ seed: one, way, what, program }: Failure): void => {
    if (left-- <= 0) {
      failures.push({ seed: one, what, text: "" });
      return;
    }
    const kind = kindOf(what);
    const body = shrink(program.body, (tree) => {
      const text = textOf({ ...program, body: tree });
      const { end } = runInHost(text, 500);
      if (end === "syntax" || end === "limit") return false;
      const now = complaint(runtime, text, ways?.(way)).what;
      return now != null && kindOf(now) === kind;
    });
    const small = { ...program, body };
    failures.push({
      seed: one,
      what: complaint(runtime, textOf(small), ways?.(way)).what ?? what,
      text: `${program.strict ? '"use strict";\n' : ""}${print(body)}`,
    });
  };
  const counts = runBatch(runtime, { seed, from: Number(options.from), count: Number(options.count) }, onFailure, ways);
  return { counts, failures };
}

/** Runs a batch in a process of its own; undefined if that ends or hangs. */
function batch(from: number, count: number): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const args = [
      "--child",
      "--seed",
      options.seed,
      "--from",
      String(from),
      "--count",
      String(count),
      "--show",
      options.show,
    ];
    const process_ = fork(file, options.held ? [...args, "--held"] : args, { execArgv: process.execArgv });
    let report: Report | undefined;
    const timer = setTimeout(() => process_.kill("SIGKILL"), 60_000 + count * 500);
    process_.on("message", (message: Report) => {
      report = message;
    });
    process_.on("exit", () => {
      clearTimeout(timer);
      resolve(report);
    });
  });
}

async function parent(): Promise<void> {
  const began = performance.now();
  const total: Counts = { agreed: 0, differed: 0, left: 0, lines: 0 };
  const end = Number(options.from) + Number(options.count);
  const size = Number(options.batch);
  let next = Number(options.from);
  let lost = 0;
  mkdirSync(found, { recursive: true });
  const work = async (): Promise<void> => {
    while (next < end) {
      const from = next;
      const count = Math.min(size, end - from);
      next += count;
      const report = await batch(from, count);
      if (report === undefined) {
        lost += count;
        console.log(`LOST programs ${from} to ${from + count}: their process ended or hung`);
        continue;
      }
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += report.counts[key];
      for (const failure of report.failures) {
        console.log(`DIFFERS seed ${failure.seed}: ${failure.what}\n${failure.text}\n`);
        if (failure.text !== "")
          writeFileSync(join(found, `${failure.seed}.js`), `// ${failure.what}\n${failure.text}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));
  const seconds = (performance.now() - began) / 1000;
  const { agreed, differed, left, lines } = total;
  const all = agreed + differed + left + lost;
  console.log(
    `seed ${seed}: ${agreed} of ${all} programs agree, ${differed} differ, ${left} wanted too much, ${lost} lost; ` +
      `${(lines / Math.max(1, agreed)).toFixed(1)} lines of trace each; ${seconds.toFixed(0)} s, ${(all / seconds).toFixed(0)} a second`,
  );
  process.exitCode = differed + lost === 0 ? 0 : 1;
}

if (options.child) {
  const report = await child();
  process.send!(report, () => process.exit(0));
} else await parent();
