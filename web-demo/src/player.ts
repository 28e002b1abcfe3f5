// Plays one program at a time: spends fuel in slices, waits for answers and timers, holds, steps, captures. Runs in the
// worker and must give way to messages after each slice, so that a hold is heard however long the program loops.

import {
  CompileError,
  FermataError,
  GuestError,
  LimitError,
  MarshalError,
  SnapshotError,
  type CompleteState,
  type Inspection,
  type Moment,
  type Recording,
  type Runtime,
  type ScopedFrame,
  type Snapshot,
  type State,
  type SuspendedState,
} from "fermata-vm";
import { findExternals } from "./externals.ts";
import { formatValue } from "./format.ts";
import type {
  AnswerView,
  CallView,
  CaptureView,
  ErrorView,
  FrameView,
  InsideView,
  PlayStatus,
  PlayView,
  RestoredView,
  ValueView,
} from "./protocol.ts";
import { treeOf } from "./tree.ts";

/** A slice should take about this long: short enough to hear a hold at once, long enough to cost nothing. */
const SLICE_MS = 8;
const FIRST_SLICE_FUEL = 100_000;
const VIEWS_EVERY_MS = 100;
const CAPTURES_EVERY_MS = 2000;
const MOST_BYTES_OUT = 4 * 1024 * 1024;
/** A step that is no further then stops wherever it is. */
const LONGEST_STEP_MS = 300;
/** A loop on one line is gone through this many stops at a time. */
const STOPS_ON_A_LINE = 4;
/** What setTimeout can wait for at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** What a state shows, and so does a run that failed. */
type Seen = Pick<State, "stdout" | "stderr" | "usage">;

/** Plays a program and tells what becomes of it. */
export class Player {
  readonly #runtime: Runtime;
  readonly #tell: (view: PlayView) => void;
  readonly #channel = new MessageChannel();
  #state: State | undefined;
  /** What has happened so far; undefined if the program ended before anything could be recorded. */
  #recording: Recording | undefined;
  #seen: Seen | undefined;
  #status: PlayStatus = "idle";
  #error: ErrorView | undefined;
  /** Goes up with each new decision about what happens next; earlier plans are void then. */
  #plan = 0;
  #sliceFuel = FIRST_SLICE_FUEL;
  #wakeUp: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;
  #capturedAt = 0;
  #toldOut = 0;
  #toldErr = 0;
  #isWhole = true;
  #restored: RestoredView | undefined;

  constructor(runtime: Runtime, tell: (view: PlayView) => void) {
    this.#runtime = runtime;
    this.#tell = tell;
    // A task of its own for each slice, after the messages that came meanwhile; timers would be slowed down to 4 ms.
    this.#channel.port1.onmessage = ({ data }: MessageEvent<number>) => {
      if (data === this.#plan) this.#playSlice();
    };
  }

  /** Compiles and starts; a program to be stepped is held before its first statement. */
  run(source: string, filename: string, step: boolean): void {
    this.reset();
    try {
      const externals = Object.fromEntries(findExternals(source).map(({ name, mode }) => [name, mode]));
      const options = { filename, externals, step: true };
      const program = this.#runtime.compile(source, options);
      // Limits travel with each snapshot. What paces a run here is no limit.
      const recording = program.startRecording({ limits: { timeMs: Infinity, stdoutBytes: MOST_BYTES_OUT } });
      this.#record(recording);
      if (recording.here.status === "failed") throw recording.here.error;
    } catch (error) {
      return this.#fail(error);
    }
    if (step) this.#settle("held");
    else this.#play();
  }

  /** Compiles, and returns what is wrong. */
  check(source: string, filename: string, type?: "module"): ErrorView | undefined {
    try {
      const externals = Object.fromEntries(findExternals(source).map(({ name, mode }) => [name, mode]));
      this.#runtime.compile(source, { filename, externals, type });
      return undefined;
    } catch (error) {
      return error instanceof CompileError ? viewOf(error) : undefined;
    }
  }

  hold(): void {
    if (this.#status === "running" || this.#status === "waiting") this.#stop("held");
  }

  /** Goes on from the end of what has happened. */
  resume(): void {
    if (this.#status !== "held") return;
    this.#toEnd();
    this.#play();
  }

  /**
   * Goes on to the next line or call of the program itself: in what has happened already, or for real. What lies between, inside built-in
   * functions, is not shown. Where a call must be answered first, nothing happens.
   */
  step(): void {
    const recording = this.#recording;
    if (this.#status !== "held" || recording === undefined) return;
    try {
      this.#walk(() => recording.stepForward());
    } catch (error) {
      this.#state = recording.state;
      return this.#fail(error);
    }
    this.#seen = this.#state = recording.state;
    this.#settle("held");
  }

  /** Goes back to the line or call before, also from where a program has ended or failed. */
  stepBack(): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    this.#replan();
    this.#walk(() => recording.stepBack());
    this.#settle("held");
  }

  /** Looks at a moment of the past. */
  goTo(position: number): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    this.#replan();
    recording.goTo(Math.min(recording.last, Math.max(recording.first, position)));
    this.#settle("held");
  }

  #walk(go: () => Moment | undefined): void {
    const from = this.#recording!.here;
    const deadline = performance.now() + LONGEST_STEP_MS;
    for (let there = 0; there < STOPS_ON_A_LINE && performance.now() < deadline;) {
      const moment = go();
      if (moment === undefined) break;
      if (moment.line === undefined && moment.status === "paused") continue;
      if (moment.line !== from.line || moment.depth !== from.depth || moment.calls.length !== from.calls.length) break;
      there++;
    }
  }

  /** Where the page looks, if that is not the end. */
  get #past(): Moment | undefined {
    const recording = this.#recording;
    return recording === undefined || recording.isAtEnd ? undefined : recording.here;
  }

  #toEnd(): void {
    const recording = this.#recording;
    if (recording !== undefined && !recording.isAtEnd) recording.goTo(recording.last);
    this.#isWhole = true;
  }

  /** Answers a call, and goes on. A call that is no longer there was answered already. */
  answer(id: number, answer: AnswerView): void {
    // Another answer in the past begins another future.
    if (this.#past !== undefined) this.#record(this.#recording!.fork());
    const state = this.#state;
    if (state?.status !== "suspended" || !state.calls.some((call) => call.id === id)) return;
    const given = "error" in answer ? { error: new Error(answer.error) } : answer;
    this.#resumeCalls(state, new Map([[id, given]]));
  }

  /** The arguments of a pending call, none of one that is no longer there. */
  argsOf(id: number): readonly unknown[] {
    const state = this.#past === undefined ? this.#state : undefined;
    return (state?.status === "suspended" ? state.calls.find((call) => call.id === id)?.args : undefined) ?? [];
  }

  /** Forgets the program. */
  reset(): void {
    this.#replan();
    if (this.#state?.status !== "complete") this.#state?.dispose();
    this.#state = undefined;
    this.#recording?.dispose();
    this.#recording = undefined;
    this.#seen = undefined;
    this.#error = undefined;
    this.#status = "idle";
    this.#toldOut = 0;
    this.#toldErr = 0;
    this.#isWhole = true;
    this.#sliceFuel = FIRST_SLICE_FUEL;
    this.#show();
  }

  /**
   * Takes up a snapshot, held.
   *
   * @throws SnapshotError when the bytes are no snapshot, or not a sound one; what was playing plays on
   */
  restore(bytes: Uint8Array): void {
    const snapshot = this.#runtime.load(bytes);
    const state = snapshot.restore();
    this.reset();
    this.#record(state);
    this.#restored = describe(snapshot);
    this.#settle("held");
  }

  // --- playing ------------------------------------------------------------------------------------------------------

  #record(what: State | Recording): void {
    const old = this.#recording;
    const isState = "stdout" in what;
    this.#recording = !isState ? what : what.status === "complete" ? undefined : what.record();
    this.#seen = this.#state = this.#recording === undefined ? (what as State) : this.#recording.state;
    if (isState && what.status !== "complete") what.dispose();
    if (old !== this.#recording) old?.dispose();
    this.#error = undefined;
    this.#capturedAt = 0;
    this.#isWhole = true;
  }

  /** Makes void whatever was planned. */
  #replan(): void {
    this.#plan++;
    clearTimeout(this.#wakeUp);
  }

  #play(): void {
    this.#replan();
    const state = this.#state;
    if (state === undefined || state.status === "complete") return this.#stop("complete");
    if (state.status === "suspended") return this.#wait(state);
    this.#status = "running";
    this.#showNowAndThen();
    this.#channel.port2.postMessage(this.#plan, []);
  }

  #playSlice(): void {
    const state = this.#state;
    if (state?.status !== "paused") return this.#play();
    const began = performance.now();
    if (!this.#advance(() => state.resume({ fuel: this.#sliceFuel, now: Date.now() }))) return;
    const took = Math.max(0.05, performance.now() - began);
    const wanted = this.#sliceFuel * Math.min(4, Math.max(0.25, SLICE_MS / took));
    this.#sliceFuel = Math.round(Math.min(20_000_000, Math.max(2000, wanted)));
    this.#play();
  }

  /** Waits for answers, and for the timer that falls due first. */
  #wait(state: SuspendedState): void {
    this.#status = "waiting";
    this.#show(true);
    const timers = state.calls.filter((call) => call.kind === "timer");
    if (timers.length === 0) return;
    const due = Math.min(...timers.map((timer) => timer.dueAt ?? 0));
    this.#wakeUp = setTimeout(
      () => {
        if (due > Date.now()) return this.#play();
        const first = timers.find((timer) => timer.dueAt === due)!;
        this.#resumeCalls(state, new Map([[first.id, { value: undefined }]]));
      },
      Math.min(LONGEST_WAIT_MS, Math.max(0, due - Date.now())),
    );
  }

  #resumeCalls(state: SuspendedState, answers: Parameters<SuspendedState["resumeCalls"]>[0]): void {
    this.#replan();
    if (this.#advance(() => state.resumeCalls(answers, { fuel: this.#sliceFuel, now: Date.now() }))) this.#play();
  }

  /** False if the program has failed. */
  #advance(go: () => State): boolean {
    try {
      this.#seen = this.#state = go();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #stop(status: PlayStatus): void {
    this.#replan();
    this.#settle(status);
  }

  #settle(status: PlayStatus): void {
    const isPast = this.#past !== undefined;
    this.#status = !isPast && this.#state?.status === "complete" ? "complete" : status;
    if (isPast) this.#isWhole = true;
    this.#show(this.#status === "held");
  }

  #fail(error: unknown): void {
    this.#replan();
    this.#status = "failed";
    // Nothing can go on from here, but what it wrote until then is told, and one can go back.
    this.#state = undefined;
    if (error instanceof GuestError || error instanceof LimitError) this.#seen = error.run ?? this.#seen;
    this.#error = viewOf(error);
    this.#show();
  }

  // --- telling ------------------------------------------------------------------------------------------------------

  #showNowAndThen(): void {
    const now = performance.now();
    if (now - this.#toldAt < VIEWS_EVERY_MS) return;
    this.#show(now - this.#capturedAt >= CAPTURES_EVERY_MS);
  }

  #show(capture = false): void {
    const past = this.#past;
    const state = past === undefined ? this.#state : undefined;
    this.#toldAt = performance.now();
    const captured = capture ? this.#capture() : {};
    const { stdout = "", stderr = "", usage } = past ?? this.#seen ?? {};
    const from = this.#isWhole ? { out: 0, err: 0 } : { out: this.#toldOut, err: this.#toldErr };
    const isEnd = this.#status === "complete" || this.#status === "failed";
    const calls = past === undefined ? (state?.status === "suspended" ? state.calls : []) : past.calls;
    const recording = this.#recording;
    const isStill = this.#status === "held" || isEnd || this.#status === "waiting";
    this.#tell({
      status: this.#status,
      stdout: stdout.slice(from.out),
      stderr: stderr.slice(from.err),
      isWhole: this.#isWhole,
      fuel: usage?.fuel ?? 0,
      memoryBytes: usage?.memoryBytes ?? 0,
      peakMemoryBytes: usage?.peakMemoryBytes ?? 0,
      hostCalls: usage?.hostCalls ?? 0,
      timeMs: usage?.timeMs ?? 0,
      calls: calls.map(callView),
      ...(isEnd && state?.status === "complete" ? resultOf(state) : {}),
      error: past === undefined ? this.#error : undefined,
      ...captured,
      ...(recording === undefined || !isStill
        ? {}
        : { time: { first: recording.first, last: recording.last, position: recording.here.position } }),
      restored: this.#restored,
    });
    this.#restored = undefined;
    this.#isWhole = false;
    this.#toldOut = stdout.length;
    this.#toldErr = stderr.length;
  }

  #capture(): { readonly capture?: CaptureView; readonly line?: number | undefined; readonly inside?: InsideView } {
    const state = this.#past === undefined ? this.#state : this.#recording!.fork();
    if (state === undefined || state.status === "complete") return {};
    this.#capturedAt = performance.now();
    try {
      const snapshot = state.snapshot();
      const bytes = snapshot.dump();
      const milliseconds = performance.now() - this.#capturedAt;
      const rawBytes = snapshot.dump({ level: 0 }).length;
      const inspection = snapshot.inspect({ scopes: true });
      const frames = framesIn(inspection);
      // Frames of the prelude, such as that of Array.prototype.sort, have no line.
      const line = frames.find((frame) => frame.line !== undefined)?.line;
      if (this.#status !== "failed") this.#error = undefined;
      return { capture: { bytes, rawBytes, milliseconds }, line, inside: { frames, parts: inspection.bytes } };
    } catch (error) {
      // Too large to be written. It plays on.
      this.#error = viewOf(error);
      return {};
    } finally {
      if (state !== this.#state) state.dispose();
    }
  }
}

/** What is under way: the stack, then what waits for calls, and who waits for that. */
function framesIn({ frames, suspended = [] }: Inspection): FrameView[] {
  const waiting: FrameView[] = [];
  const seen = new Set<number>();
  const add = (index: number): void => {
    for (let i: number | undefined = index; i !== undefined && !seen.has(i); i = suspended[i]!.awaitedBy) {
      seen.add(i);
      const frame = suspended[i]!;
      waiting.push(frameView(frame, frame.awaitedBy === undefined && frame.call === undefined));
    }
  };
  suspended.forEach(({ call }, i) => call !== undefined && add(i));
  suspended.forEach((_, i) => add(i));
  // The first frame of all is that of the program, unless a job or a timer has begun the stack.
  const stack = frames.map((frame, i) => frameView(frame, i === frames.length - 1));
  return [...stack.filter(({ line }) => line !== undefined), ...waiting];
}

function frameView(frame: ScopedFrame, isOutermost: boolean): FrameView {
  return { ...frame, scopes: frame.scopes ?? [], isProgram: isOutermost && frame.function === "" };
}

function callView({ id, kind, name, args, dueAt }: Moment["calls"][number]): CallView {
  return { id, kind, name, args: args.map(formatValue), dueAt };
}

function resultOf(state: CompleteState): { readonly result: string; readonly resultTree?: ValueView | undefined } {
  try {
    const { output } = state;
    return { result: formatValue(output), resultTree: treeOf(output) };
  } catch (error) {
    // A function, say. It is a result all the same.
    if (error instanceof MarshalError) return { result: `a value that cannot leave the program (${error.message})` };
    throw error;
  }
}

/** Any error in a form to show. */
export function viewOf(error: unknown): ErrorView {
  if (error instanceof GuestError) {
    const { guestName, guestMessage, line, column, codeFrame, guestStack } = error;
    return { title: guestName, message: guestMessage, code: error.code, line, column, codeFrame, stack: guestStack };
  }
  if (error instanceof CompileError) {
    const { message, code, line, column, codeFrame } = error;
    return { title: "This is not a valid program", message, code, line, column, codeFrame };
  }
  if (error instanceof LimitError) {
    const message = `It needed more than it was granted: ${error.limit}, ${error.allowed.toLocaleString("en")} allowed.`;
    return { title: "A limit was reached", message, code: error.code };
  }
  if (error instanceof SnapshotError) {
    return { title: "Snapshot refused", message: error.message, code: error.code, reason: error.reason };
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { title: name, message, code: error instanceof FermataError ? error.code : "" };
}

function describe(snapshot: Snapshot): RestoredView {
  const [program] = snapshot.inspect().programs;
  const source = program !== undefined && "source" in program ? String(program.source) : "";
  return { filename: program?.filename ?? "program.ts", source };
}
