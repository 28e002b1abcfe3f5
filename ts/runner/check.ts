// Owns the check of what a host gives to a runner: options, tools, limits and times. A misspelled rule must never be passed over: a tool
// whose `approval` is not read would run without it. Must never look into the host's own objects.

import { LAST_TIME } from "../defs/limits.ts";
import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import type { RunLimits, RunnerOptions, RunnerTool, RunnerTools, StartRunOptions } from "./types.ts";
import { isPlain } from "./values.ts";

const RUNNER_OPTIONS: OptionNames<RunnerOptions> = {
  runtime: true,
  store: true,
  tools: true,
  loader: true,
  keys: true,
  tenant: true,
  prefix: true,
  owner: true,
  leaseMs: true,
  callsPerRun: true,
  callsPerTenant: true,
  strikes: true,
  graceMs: true,
  now: true,
  random: true,
  onDue: true,
};

const START_OPTIONS: OptionNames<StartRunOptions> = {
  id: true,
  inputs: true,
  limits: true,
  seed: true,
  timeZone: true,
  tags: true,
  expiresAt: true,
};

const LIMITS: OptionNames<RunLimits> = {
  fuel: true,
  timeMs: true,
  hostCalls: true,
  memoryBytes: true,
  stackDepth: true,
  stdoutBytes: true,
  snapshotBytes: true,
  turnFuel: true,
  turnMs: true,
};

const TOOL_RULES: OptionNames<RunnerTool> = {
  call: true,
  approval: true,
  retry: true,
  uncertain: true,
  timeoutMs: true,
  expiresMs: true,
};

/** @throws RangeError if a number that is given is below `least`, or no number */
function checkNumber(what: string, value: unknown, least: number): void {
  if (value !== undefined && !(typeof value === "number" && value >= least))
    throw new RangeError(`${what} must be a number from ${least} up, not ${String(value)}`);
}

/**
 * Returns a time in milliseconds since 1970.
 *
 * @throws RangeError if it is no time
 */
export function checkTime(what: string, time: unknown): number {
  const ms = time instanceof Date || typeof time === "number" ? Number(time) : NaN;
  // Beyond the last time, keys of the index of due runs would no longer be in the order of time.
  if (!(Math.abs(ms) <= LAST_TIME))
    throw new RangeError(`${what} must be a valid Date or milliseconds since 1970, not ${String(time)}`);
  return ms;
}

function checkTool(name: string, tool: object): void {
  const { call, approval, uncertain, timeoutMs, expiresMs, retry } = tool as RunnerTool;
  checkOptions(`tool ${name}`, tool, TOOL_RULES);
  if (call !== undefined && typeof call !== "function") throw new TypeError(`tool ${name}: call must be a function`);
  if (approval !== undefined && typeof approval !== "boolean" && typeof approval !== "function")
    throw new TypeError(`tool ${name}: approval must be true, false or a function`);
  if (uncertain !== undefined && !["retry", "ask", "fail"].includes(uncertain))
    throw new TypeError(`tool ${name}: uncertain must be "retry", "ask" or "fail", not ${JSON.stringify(uncertain)}`);
  checkNumber(`tool ${name}: timeoutMs`, timeoutMs, 0);
  checkNumber(`tool ${name}: expiresMs`, expiresMs, 0);
  checkNumber(`tool ${name}: retry.attempts`, retry?.attempts, 1);
}

function checkTools(tools: RunnerTools): void {
  // An instance of a class may have fields that are not tools.
  if (!isPlain(tools)) return;
  for (const [name, tool] of Object.entries(tools) as [string, unknown][]) {
    if (typeof tool === "function" || tool === undefined) continue;
    if (typeof tool !== "object" || tool === null)
      throw new TypeError(`tool ${name} must be a function, or an object with rules, not ${String(tool)}`);
    if (isPlain(tool)) checkTool(name, tool);
  }
}

/** @throws TypeError, RangeError that names what is wrong */
export function checkRunnerOptions(options: RunnerOptions): void {
  checkOptions("createRunner", options, RUNNER_OPTIONS);
  const { tools, keys, leaseMs, callsPerRun, callsPerTenant, strikes, graceMs } = options;
  if (tools !== undefined) checkTools(tools);
  if (keys?.length === 0)
    throw new TypeError(
      "keys is empty: records would be stored in the clear. Give a key, or leave keys out to mean that",
    );
  checkNumber("leaseMs", leaseMs, 1);
  checkNumber("callsPerRun", callsPerRun, 1);
  checkNumber("callsPerTenant", callsPerTenant, 1);
  checkNumber("strikes", strikes, 1);
  checkNumber("graceMs", graceMs, 0);
}

/** @throws TypeError, RangeError that names what is wrong */
export function checkStartOptions(options: StartRunOptions): void {
  checkOptions("start", options, START_OPTIONS);
  const { limits, tags } = options;
  if (tags !== undefined && !Array.isArray(tags)) throw new TypeError("tags must be an array of strings");
  if (limits === undefined) return;
  checkOptions("limits", limits, LIMITS);
  checkNumber("limits.turnFuel", limits.turnFuel, 1);
  checkNumber("limits.turnMs", limits.turnMs, 1);
}
