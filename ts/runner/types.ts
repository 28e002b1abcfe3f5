// Owns the public types of the runner: what users pass in and get back. Must never hold code.

import type { ModuleLoader } from "../api/module-types.ts";
import type { ResumeRuntime } from "../api/resume-runtime.ts";
import type { Inspection, SnapshotKey } from "../api/snapshot.ts";
import type { Tool } from "../api/tools.ts";
import type { CallKind } from "../machine/pending-calls.ts";
import type { Usage } from "../machine/run.ts";
import type { SnapshotStore } from "../stores/store.ts";
import type { RunEvent } from "./events.ts";
import type { RetryPolicy } from "./retry.ts";

/**
 * - `running`: it can go on now, or a worker is at it
 * - `waiting`: for answers, a timer, or a retry; `dueAt` says when it goes on by itself
 * - `done`: complete; `output` has the result
 * - `failed`: ended by an uncaught guest error, a limit, or its deadline; `error` says which
 * - `stuck`: cannot go on until a person mends something, which `reason` names. It is kept, and goes on afterwards
 * - `canceled`: ended by `cancel`
 */
export type RunStatus = "running" | "waiting" | "done" | "failed" | "stuck" | "canceled";

/** What a tool learns of the call that it answers. */
export interface CallContext {
  /** Id of the run that makes the call. */
  readonly runId: string;
  /** Tenant of the run. */
  readonly tenant: string;
  /** Id of the call, unique in the run. */
  readonly callId: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Names this call for ever: the same at every attempt, after any crash, on every worker. Pass it to the service that is called. */
  readonly idempotencyKey: string;
  /** Aborts when the call times out, the run is canceled, or another worker has taken over the run. */
  readonly signal: AbortSignal;
}

/** Decides whether a call needs a person: true, or the reason as a text; false to go on. */
export type ApprovalRule =
  boolean | ((ctx: CallContext, ...args: unknown[]) => ApprovalAnswer | Promise<ApprovalAnswer>);
type ApprovalAnswer = boolean | string;

/** A tool with rules. A plain function is a tool without any. */
export interface RunnerTool {
  /** Makes the call. Left out: a person answers (`runner.answer(…, { respond })`). */
  // oxlint-disable-next-line typescript/no-explicit-any -- tools take the arguments that they declare, which are not checked here
  readonly call?: ((ctx: CallContext, ...args: any[]) => unknown) | undefined;
  /** Whether a person must approve each call before it is made. If the rule itself fails, approval is needed. Default false. */
  readonly approval?: ApprovalRule | undefined;
  /** How often and when a call that failed is made again. Default: never. */
  readonly retry?: RetryPolicy | undefined;
  /**
   * What happens to a call whose worker ended between making it and storing its answer, so that it is unknown whether it ran:
   *
   * - `"retry"`: it is made again, with the same idempotency key. For calls that only read, and services that honour the key
   * - `"ask"` (default): a person decides: approve (make it again), respond (give its answer), deny
   * - `"fail"`: the guest gets an Error
   */
  readonly uncertain?: "retry" | "ask" | "fail" | undefined;
  /** Milliseconds that one attempt may take. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds that a call may wait for a person; then the guest gets an Error. Default: no limit. */
  readonly expiresMs?: number | undefined;
}

/** Tools by the names under which programs call them; in namespaces by the whole name: `{ "tools.search": search }`. */
export type RunnerTools = Readonly<Record<string, Tool | RunnerTool>>;

/** A key for sealing records. */
export interface RunKey {
  /** Its name, which is stored in the clear so that the right key is found after a rotation. */
  readonly id: string;
  /** 32 random bytes. */
  readonly key: SnapshotKey;
}

/** Options for creating a runner. */
export interface RunnerOptions {
  /** Compiles and runs the programs of these runs. */
  readonly runtime: ResumeRuntime;
  /** Where runs are kept. It must honour `ifVersion`. */
  readonly store: SnapshotStore;
  /** What answers the calls of programs. */
  readonly tools?: RunnerTools | undefined;
  /** Finds modules that a program imports but does not contain. */
  readonly loader?: ModuleLoader | undefined;
  /**
   * Keys for sealing records: the first seals, the others still open, and a run is sealed anew at each step. Without keys, records
   * are stored in the clear. With keys, a record that is not sealed is refused.
   */
  readonly keys?: readonly RunKey[] | undefined;
  /** The tenant whose runs these are. Default `"default"`. A run of one tenant does not exist for another. */
  readonly tenant?: string | undefined;
  /** Keeps runners that share a store apart. Default `"fermata/"`. */
  readonly prefix?: string | undefined;
  /**
   * Name of this worker in leases; random by default. A worker that gives its own name takes over the leases of its earlier life at
   * once, so two that live at the same time should not share one.
   */
  readonly owner?: string | undefined;
  /** Milliseconds after which another worker may take over a run whose worker is silent. Default 60,000. */
  readonly leaseMs?: number | undefined;
  /** Calls of one run that are made at a time. Default 16. */
  readonly callsPerRun?: number | undefined;
  /** Calls of one tenant that this process makes at a time. Default 64. */
  readonly callsPerTenant?: number | undefined;
  /** Turns without progress after which a run is stuck. Default 5. */
  readonly strikes?: number | undefined;
  /** Milliseconds that calls get to end when a drive is aborted. Default 5,000. */
  readonly graceMs?: number | undefined;
  /** The clock, for the record, due times and the guest: milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Numbers from 0 up to 1 for the jitter of retries. Default: a hash of call and attempt. */
  readonly random?: (() => number) | undefined;
  /** Called when a run was stored that goes on by itself at that time: set an alarm, or call `wake` then. */
  readonly onDue?: ((dueAt: number, run: { readonly id: string; readonly tenant: string }) => void) | undefined;
}

/** Limits of a run. Totals count from its start, through all snapshots. */
export interface RunLimits {
  /** Fuel in total. Default 10,000,000,000 (some minutes of computing). */
  readonly fuel?: number | undefined;
  /** Milliseconds of running time in total, waiting not counted. Default: no limit. */
  readonly timeMs?: number | undefined;
  /** Calls of external functions in total. Default: no limit. */
  readonly hostCalls?: number | undefined;
  /** Bytes of heap and stack at one time. Default 32 MiB. */
  readonly memoryBytes?: number | undefined;
  /** Depth of nested calls, beyond which the guest gets a RangeError. Default 40,000. */
  readonly stackDepth?: number | undefined;
  /** Bytes written to stdout and stderr in total. Default 1 MiB. */
  readonly stdoutBytes?: number | undefined;
  /** Bytes of the largest snapshot that may be written or read. Default 64 MiB. */
  readonly snapshotBytes?: number | undefined;
  /** Fuel between two commits. Default 20,000,000 (about a second). */
  readonly turnFuel?: number | undefined;
  /** Milliseconds between two commits. Default 5,000. */
  readonly turnMs?: number | undefined;
}

/** Options for starting a run. */
export interface StartRunOptions {
  /** The run's id: 1 to 128 of `A–Z a–z 0–9 . _ ~ : @ -`. Default: random. Starting an id that exists returns that run, unchanged. */
  readonly id?: string | undefined;
  /** Values of the inputs that the program declares; missing ones are undefined. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Limits of the whole run. */
  readonly limits?: RunLimits | undefined;
  /** Seed of `Math.random`. Default: random. */
  readonly seed?: number | string | undefined;
  /** Time zone of the program: an IANA name, or an offset such as `"+02:00"`. Default `"UTC"`. */
  readonly timeZone?: string | undefined;
  /** By which `list` finds the run. Kept in the clear. At most 16. */
  readonly tags?: readonly string[] | undefined;
  /** Deadline of the run: a Date, or milliseconds since 1970. Calls that are pending then fail with an Error in the guest. */
  readonly expiresAt?: number | Date | undefined;
}

/** Who decided, and why: kept in the run's events. */
export interface DecisionNote {
  /** Name of the person or service that decided. Not checked: authenticate before you call. */
  readonly by?: string | undefined;
  /** Text for the log; of a denial, also in the message of the guest's error. */
  readonly reason?: string | undefined;
}

/** A decision about a pending call. */
export type Decision = DecisionNote &
  (
    | { /** Make the call. */ readonly approve: true }
    | { /** Make the call with these arguments instead. */ readonly edit: readonly unknown[] }
    | { /** Do not make the call; this is its answer. */ readonly respond: unknown }
    | { /** Do not make the call; the guest gets an Error. */ readonly deny: true }
  );

/** What became of an answer. A second answer changes nothing, and says so. */
export type AnswerResult =
  /** The decision is stored; `run` is the run with it. */
  | { readonly accepted: true; readonly run: RunView }
  | {
      /** Nothing was changed. */
      readonly accepted: false;
      /**
       * - `answered`: the call has an answer, or its decision was taken
       * - `running`: the call is being made
       * - `ended`: the run has ended
       * - `expired`: the call waited too long, or the run's deadline has passed: the guest gets an Error
       */
      readonly why: "answered" | "running" | "ended" | "expired";
      /** The run as it is. */
      readonly run: RunView;
    };

/** Why a call waits for a person: it needs approval, has no tool function, or may have run already. */
export type WaitReason = "approval" | "hold" | "uncertain";

/** A call that waits for a person. */
export interface PendingAnswer {
  /** Id of the run, for `runner.answer(runId, callId, …)`. */
  readonly runId: string;
  /** Id of the call in the run. */
  readonly callId: number;
  /** Canonical name of the function, such as `tools.search`. */
  readonly name: string;
  /** As they are in the snapshot: exactly what will be called. */
  readonly args: readonly unknown[];
  /** Why it waits. */
  readonly why: WaitReason;
  /** The text that the tool's approval rule gave. */
  readonly reason: string | undefined;
  /** Attempts so far. */
  readonly attempt: number;
  /** When the guest made the call: milliseconds since 1970. */
  readonly since: number;
  /** When the guest gets an Error instead of an answer: milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

/** A pending call in a view of a run. */
export interface CallView {
  /** Id of the call in the run. */
  readonly id: number;
  /** Canonical name of the function; `"setTimeout"` for a timer, `"import"` for a module. */
  readonly name: string;
  /** `"async"` and `"sync"` calls of functions, timers, and modules to load. */
  readonly kind: CallKind;
  /** `ready`: to be made · `claimed`: being made by a worker · `waiting`: for a person · `decided`: the guest gets its answer next. */
  readonly state: "ready" | "claimed" | "waiting" | "decided";
  /** Attempts so far. */
  readonly attempt: number;
  /** Timers: when it fires, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
  /** The error of the last attempt, if it failed. */
  readonly lastError: string | undefined;
}

/** The error with which a run ended. */
export interface RunFailure {
  /** `name` of the error: that of the guest's error, or of Fermata's (`"LimitError"`). */
  readonly name: string;
  /** Message of the error. */
  readonly message: string;
  /** Code of the FermataError: `FERMATA_GUEST`, `FERMATA_LIMIT`, or `FERMATA_RUN` for a deadline. */
  readonly code: string;
  /** The guest's stack, `file:line:column` in your source. */
  readonly guestStack?: string | undefined;
  /** File in which it was thrown. */
  readonly filename?: string | undefined;
  /** 1-based line. */
  readonly line?: number | undefined;
  /** 1-based column, in UTF-16 units. */
  readonly column?: number | undefined;
  /** A few lines of source with a marker under the position, ready to print. */
  readonly codeFrame?: string | undefined;
}

/** Why a run is stuck. */
export interface StuckReason {
  /** `missing`: it needs tools that are not there; `poison`: it ended several workers, or failed in several, without any progress. */
  readonly kind: "missing" | "poison";
  /** For people: the names that are missing, or the last error. */
  readonly message: string;
  /** The tools that are missing. */
  readonly names?: readonly string[] | undefined;
}

/** A run as it is stored. */
export interface RunView {
  /** Id of the run. */
  readonly id: string;
  /** Tenant of the run. */
  readonly tenant: string;
  /** See {@link RunStatus}. */
  readonly status: RunStatus;
  /** Tags given to `start`, without repetition. */
  readonly tags: readonly string[];
  /** When it was started: milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was last stored: milliseconds since 1970. */
  readonly updatedAt: number;
  /** When it goes on by itself; undefined if it waits for answers only, or has ended. */
  readonly dueAt: number | undefined;
  /** Its deadline: milliseconds since 1970. */
  readonly expiresAt: number | undefined;
  /** The worker that is at it until that time, if any. */
  readonly lease: { readonly owner: string; readonly until: number } | undefined;
  /** `Program.hash` and `Program.filename` of the program that was started. */
  readonly program: { readonly hash: string; readonly filename: string };
  /** Pending calls and timers, in the order in which they were made; empty once the run has ended. */
  readonly calls: readonly CallView[];
  /** What the run has used since its start. */
  readonly usage: Usage;
  /** Status `done`: the program's completion value. */
  readonly output: unknown;
  /** Status `failed`. */
  readonly error: RunFailure | undefined;
  /** Status `stuck`. */
  readonly reason: StuckReason | undefined;
  /** Everything written so far. */
  readonly stdout: string;
  /** Everything written by `console.error` and `console.warn` so far. */
  readonly stderr: string;
  /** The run from which it was forked. */
  readonly forkOf: string | undefined;
}

/** Which runs `list` gives. */
export interface ListOptions {
  /** Only runs with this status. */
  readonly status?: RunStatus | undefined;
  /** Only runs with this tag. */
  readonly tag?: string | undefined;
  /** Only runs that go on by themselves before this time. */
  readonly dueBefore?: number | undefined;
  /** Most runs of a page. Default 100. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of runs. */
export interface RunPage {
  /** At most `limit` of them. */
  readonly runs: readonly RunView[];
  /** For the next page; undefined on the last. */
  readonly cursor: string | undefined;
  /** Records that cannot be read: they do not keep the others from being listed. */
  readonly damaged: readonly { readonly id: string; readonly error: unknown }[];
}

/** A run, described without running anything of it. */
export interface RunInspection {
  /** The run as it is stored. */
  readonly run: RunView;
  /** Milliseconds since the run's last step. */
  readonly ageMs: number;
  /**
   * What its snapshot holds: programs, pending calls with arguments, the stack (`frames`) and the functions that await something
   * (`suspended`), both with source lines and variables. Undefined if the run has ended.
   */
  readonly snapshot: Inspection | undefined;
}

/** What a sweep did. */
export interface WakeReport {
  /** The runs that went on, as they are now. */
  readonly runs: readonly RunView[];
  /** Runs that could not go on; they do not keep others from it. */
  readonly errors: readonly { readonly id: string; readonly tenant: string; readonly error: unknown }[];
  /** When the next run falls due, as far as is known now. */
  readonly nextDueAt: number | undefined;
}

export type { RunEvent };
