// Goes back through random programs: wherever a recording is, the program is there as it was, byte for byte, whether it was kept often or
// once, and what is forked there ends as the program ends.
//
//   node --import tsx tests/fuzz/recordings.ts [--seed N] [--from N] [--count N]
import { isDeepStrictEqual, parseArgs } from "node:util";
import type { Recording } from "../../ts/api/recording.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import { CompileError, GuestError, LimitError } from "../../ts/errors.ts";
import { bytesAt } from "../support/recording.ts";
import { compile, sourceOf } from "./engines.ts";
import { generate, together } from "./generate/program.ts";
import { Random, seedOf } from "./random.ts";
import type { Language } from "./tree.ts";

const LIMITS = { fuel: 200_000, memoryBytes: 16 * 1024 * 1024, timeMs: 20_000 };
const START = { seed: 1, now: 0, limits: LIMITS };
/** Places that are gone to in each program. */
const PLACES = 6;

/** How a run ended. */
interface End {
  readonly status: string;
  readonly stdout: string;
  readonly fuel: number;
  readonly output: unknown;
}

async function endOf(
  run: () => Promise<{ status: string; stdout: string; usage: { fuel: number }; output?: unknown }>,
): Promise<End> {
  try {
    const { status, stdout, usage, output } = await run();
    return { status, stdout, fuel: usage.fuel, output: JSON.stringify(output) };
  } catch (error) {
    if (!(error instanceof GuestError || error instanceof LimitError)) throw error;
    const { stdout, usage } = error.run!;
    return { status: error.name, stdout, fuel: usage.fuel, output: error.message };
  }
}

/** What differs at a place; undefined: nothing. */
async function differsAt(position: number, often: Recording, once: Recording, end: End): Promise<string | undefined> {
  const here = often.goTo(position);
  if (here.position < position && here.status !== "failed") return `is before it, at ${here.position}`;
  if (here.status === "complete") return undefined;
  const there = once.goTo(position);
  if (there.position !== here.position || there.line !== here.line || there.stdout !== here.stdout)
    return "another stop";
  if (bytesAt(often) !== bytesAt(once)) return "other bytes";
  const innermost = often.frames().slice(0, 3);
  const shown = innermost.map((_, i) => often.variables(i));
  if (
    !isDeepStrictEqual(
      shown,
      innermost.map((_, i) => once.variables(i)),
    )
  )
    return "other variables";
  if (bytesAt(often) !== bytesAt(once)) return "other bytes, once variables were shown";
  const forked = often.fork();
  const forkEnd = await endOf(() => forked.drive({ limits: LIMITS }));
  if (JSON.stringify(forkEnd) !== JSON.stringify(end))
    return `a fork ends otherwise: ${JSON.stringify(forkEnd).slice(0, 300)}`;
  const before = often.stepBack();
  if (before !== undefined) {
    if (before.position >= here.position) return "a step back does not go back";
    if (here.status !== "failed" && often.stepForward()?.position !== here.position)
      return "a step back and forth ends elsewhere";
  }
  return undefined;
}

/** What is wrong with the recordings of a program; undefined: nothing; null: it cannot be recorded. */
export async function recordingProblem(
  runtime: Runtime,
  seed: number,
  language: Language,
): Promise<string | undefined | null> {
  const source = sourceOf(together([generate(seed, language)]), language);
  let program;
  try {
    program = compile(runtime, source, true);
  } catch (error) {
    if (error instanceof CompileError) return null;
    throw error;
  }
  const plain = await endOf(() => program.drive(START));
  if (plain.status === "paused" || plain.status === "LimitError") return null;
  const often = program.startRecording({ ...START, every: 100 });
  const once = program.startRecording({ ...START, every: 1e9 });
  try {
    for (const recording of [often, once]) {
      const end = await endOf(async () => (await recording.drive(), recording.state as never));
      if (JSON.stringify(end) !== JSON.stringify(plain))
        return `the recorded run ends otherwise: ${JSON.stringify(end).slice(0, 300)}`;
    }
    const random = new Random(seed);
    for (let i = 0; i < PLACES; i++) {
      const position = random.below(often.last + 1);
      const wrong = await differsAt(position, often, once, plain);
      if (wrong !== undefined) return `at ${position} of ${often.last}: ${wrong}`;
    }
  } finally {
    often.dispose();
    once.dispose();
  }
  return undefined;
}

async function main(): Promise<void> {
  const { testRuntime } = await import("../support/runtime.ts");
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
      count: { type: "string", default: "300" },
    },
  });
  const runtime = await testRuntime();
  let [tried, left, wrong] = [0, 0, 0];
  for (let i = Number(values.from); i < Number(values.from) + Number(values.count); i++) {
    const language = i % 2 === 0 ? "javascript" : "typescript";
    const what = await recordingProblem(runtime, seedOf(Number(values.seed), i), language);
    if (what === null) left++;
    else tried++;
    if (typeof what === "string") {
      wrong++;
      console.log(`number ${i}, ${language}: ${what}`);
    }
  }
  console.log(`${tried} programs, ${left} left out, ${wrong} wrong`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

if (import.meta.url === `file://${process.argv[1]}`) await main();
