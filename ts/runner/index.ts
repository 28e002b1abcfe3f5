// Owns the list of exports of `fermata-vm/runner`. Must never import anything that only one host has.

export { createRunner, Runner } from "./runner.ts";
export type { DriveRunOptions } from "./drive.ts";
export type { EventData } from "./events.ts";
export type { RetryPolicy } from "./retry.ts";
export type { SweepOptions, WorkOptions } from "./sweep.ts";
export type {
  AnswerResult,
  ApprovalRule,
  CallContext,
  CallView,
  Decision,
  DecisionNote,
  ListOptions,
  PendingAnswer,
  RunEvent,
  RunFailure,
  RunInspection,
  RunKey,
  RunLimits,
  RunnerOptions,
  RunnerTool,
  RunnerTools,
  RunPage,
  RunStatus,
  RunView,
  StartRunOptions,
  StuckReason,
  WaitReason,
  WakeReport,
} from "./types.ts";
export { RunError, type RunErrorReason } from "../errors.ts";
