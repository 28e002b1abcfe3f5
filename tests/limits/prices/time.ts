// Owns the command that shows when programs end whose single calls take longest: by `timeMs`, and by fuel.
//
//   npm run prices:time -- [--only REGEXP] [--ms N] [--fuel N]
import { parseArgs } from "node:util";
import { createRuntimeFrom, type Runtime } from "../../../ts/api/runtime.ts";
import { readFileSync } from "node:fs";
import type { Limits } from "../../../ts/machine/limits.ts";
import { discard, WASM } from "../../snapshot/support.ts";
import { LOADS, sourceOf } from "./programs.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "." },
    from: { type: "string", default: "" },
    ms: { type: "string", default: "500" },
    fuel: { type: "string", default: "4000000" },
  },
});

/** How a run ended. */
interface End {
  readonly ms: number;
  /** Milliseconds of this process: what else the computer does is not in it. */
  readonly cpuMs: number;
  readonly why: string;
  readonly fuel: number;
}

/** Runs a program until a limit ends it. */
function endOf(runtime: Runtime, source: string, limits: Limits): End {
  const program = runtime.compile(source, { filename: "load.js", allowEval: true });
  const began = performance.now();
  const cpu = process.cpuUsage();
  const end = (why: string, fuel: number): End => {
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - began, cpuMs: (user + system) / 1000, why, fuel };
  };
  try {
    const state = program.start({ limits });
    const ended = end(state.status === "paused" ? state.reason : state.status, state.usage.fuel);
    discard(state);
    return ended;
  } catch (error) {
    const { name, message, limit, run } = error as Error & { limit?: string; run?: { usage: { fuel: number } } };
    return end(limit ?? `${name}: ${message.slice(0, 60)}`, run?.usage.fuel ?? 0);
  }
}

/** Nanoseconds that a unit of fuel may take: 20 million are to end within about two seconds. */
const MAX_PER_UNIT = 100;

const allowed = Number(values.ms);
const only = new RegExp(values.only);
const runtime = await createRuntimeFrom({ module: readFileSync(WASM), typescript: false, poolSize: 2 });
let late = 0;
let dear = 0;
let begun = values.from === "";
for (const [name, load] of Object.entries(LOADS)) {
  begun ||= name === values.from;
  if (!begun || !only.test(name)) continue;
  const source = sourceOf(load);
  const byTime = endOf(runtime, source, { timeMs: allowed });
  const byFuel = endOf(runtime, source, { timeMs: 60_000, fuel: Number(values.fuel) });
  const perUnit = (byFuel.cpuMs * 1e6) / byFuel.fuel;
  const isLate = byTime.ms > 1.5 * allowed;
  const isDear = perUnit > MAX_PER_UNIT && byFuel.why === "fuel";
  late += Number(isLate);
  dear += Number(isDear);
  const marks = `${isLate ? "late" : ""} ${isDear ? "dear" : ""}`.padEnd(10);
  const time = `${byTime.ms.toFixed(0).padStart(6)} ms (${byTime.why})`;
  console.log(`${marks}${time} ${perUnit.toFixed(0).padStart(6)} ns a unit (${byFuel.fuel}, ${byFuel.why})  ${name}`);
}
console.log(
  `${late} end later than in 1.5 times ${allowed} ms; of ${dear} a unit of fuel buys more than ${MAX_PER_UNIT} ns`,
);
process.exitCode = late > 0 || dear > 0 ? 1 : 0;
