// Owns the command: generates programs, compares both engines, shrinks what differs and writes it down.
//
//   npm run fuzz -- [--count N] [--seed N] [--from N] [--jobs N] [--held] [--show N] [--language javascript|typescript]
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { testRuntime } from "../support/runtime.ts";
import { goAway, HOSTS } from "./away.ts";
import { complaint, joined, noCounts, runBatch, type Counts, type Failure } from "./run-batch.ts";
import { runInHost, sourceOf } from "./engines.ts";
import { together } from "./generate/program.ts";
import { Holder } from "./held.ts";
import { shrink } from "./shrink.ts";
import { print, type Language, type Tree } from "./tree.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: "1" },
    held: { type: "boolean", default: false },
    language: { type: "string" },
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

async function child(): Promise<Report> {
  // Rejections that nobody handles belong to the programs.
  process.on("unhandledRejection", () => {});
  const runtime = await testRuntime({ poolSize: 2 });
  const holder = options.held ? await Holder.create(runtime) : undefined;
  const failures: Report["failures"][number][] = [];
  let left = Number(options.show);
  const onFailure = ({ seed: one, way, what, programs }: Failure): void => {
    if (left-- <= 0) {
      failures.push({ seed: one, what, text: "", language: way.language });
      return;
    }
    const kind = kindOf(what.replace("together: ", ""));
    const program = joined(programs);
    const now = (body: Tree): string | null | undefined => complaint(runtime, [{ ...program, body }], way, holder).what;
    const body = shrink(program.body, (tree) => {
      const { end } = runInHost(sourceOf(together([{ ...program, body: tree }], way.isOpen), way.language), 500);
      if (end === "syntax" || end === "limit") return false;
      const complains = now(tree);
      return complains != null && kindOf(complains) === kind;
    });
    const text = `${program.strict ? '"use strict";\n' : ""}${print(body, way.language)}`;
    failures.push({ seed: one, what: now(body) ?? what, text, language: way.language });
  };
  const language = options.language as Language | undefined;
  const range = { seed, from: Number(options.from), count: Number(options.count), language };
  const counts = runBatch(runtime, range, onFailure, holder);
  // Each batch goes to another host.
  const host = HOSTS[Math.floor(Number(options.from) / Number(options.batch)) % HOSTS.length]!;
  for (const { index, what } of await goAway(host, holder?.legs ?? [])) {
    counts.differed++;
    failures.push({ seed: index, what, text: "", language: "javascript" });
  }
  counts.away = holder?.legs.length ?? 0;
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
      "--batch",
      options.batch,
      "--show",
      options.show,
    ];
    if (options.held) args.push("--held");
    if (options.language !== undefined) args.push("--language", options.language);
    const process_ = fork(file, args, { execArgv: process.execArgv });
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
  const total = noCounts();
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
        console.log(`DIFFERS seed ${failure.seed} (${failure.language}): ${failure.what}\n${failure.text}\n`);
        if (failure.text !== "")
          writeFileSync(
            join(found, `${failure.seed}.${failure.language === "javascript" ? "js" : "ts"}`),
            `// ${failure.what}\n${failure.text}\n`,
          );
      }
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));
  const seconds = (performance.now() - began) / 1000;
  const { agreed, differed, left, lines, typescript, held, away } = total;
  const all = agreed + differed + left + lost;
  console.log(
    `seed ${seed}: ${agreed} of ${all} programs agree, ${differed} differ, ${left} wanted too much, ${lost} lost; ` +
      `${typescript} in TypeScript, ${held} held, ${away} stops gone on from elsewhere; ` +
      `${(lines / Math.max(1, agreed)).toFixed(1)} lines of trace each; ${seconds.toFixed(0)} s, ${(all / seconds).toFixed(0)} a second`,
  );
  process.exitCode = differed + lost === 0 ? 0 : 1;
}

if (options.child) {
  const report = await child();
  process.send!(report, () => process.exit(0));
} else await parent();
