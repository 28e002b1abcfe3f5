// Owns the commands that run a program: run and resume. What no tool answers is held, and the snapshot is written. Must never lose a
// program that was interrupted.

import { resolve } from "node:path";
import type { CompleteState } from "../api/complete.ts";
import type { DriveOptions } from "../api/driver.ts";
import type { ModuleLoader } from "../api/module-types.ts";
import type { Runtime } from "../api/runtime.ts";
import type { PausedState, State, SuspendedState } from "../api/state.ts";
import { AbortError, GuestError, LimitError } from "../errors.ts";
import type { Answer } from "../machine/answers.ts";
import { didYouMean } from "../machine/option-names.ts";
import type { Limits } from "../machine/limits.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import { type Arguments, type Reply, UsageError } from "./arguments.ts";
import { readOperand, readSource, writeSnapshot } from "./files.ts";
import { loadLibraries } from "./library.ts";
import { modulesIn } from "./module-files.ts";
import { shown } from "./show.ts";
import { EXIT, type Terminal } from "./terminal.ts";
import { loadTools } from "./tools-module.ts";

/** What every drive of the command line is given. */
type Driving = DriveOptions & { readonly hold: true; readonly limits: Limits };

/** A program that has stopped or completed. */
type Ended = CompleteState | SuspendedState | PausedState;

function describeCall({ id, kind, name, args, dueAt }: PendingCall): string {
  if (kind === "timer") return `  #${id} timer, due ${new Date(dueAt!).toISOString()}\n`;
  return `  #${id} ${kind} ${name}(${args.map((value) => shown(value, 4)).join(", ")})\n`;
}

/** The call that a reply is for. */
function repliedCall({ to }: Reply, calls: readonly PendingCall[]): PendingCall {
  const asked = calls.filter(({ kind }) => kind !== "timer");
  const candidates =
    to === undefined ? asked : asked.filter(({ id, name }) => (typeof to === "number" ? id : name) === to);
  if (candidates.length === 1) return candidates[0]!;
  const list = asked.map(describeCall).join("");
  if (candidates.length > 1) {
    const way = to === undefined ? "--answer NAME=JSON" : `--answer ID=JSON`;
    throw new UsageError(`${candidates.length} calls are pending: answer them by ${way}\n${list}`.trimEnd());
  }
  const names = asked.map(({ name }) => name);
  const what = to === undefined ? "there" : typeof to === "number" ? `#${to}` : `${to}${didYouMean(to, names)}`;
  throw new UsageError(`no pending call is ${what}\n${list}`.trimEnd());
}

/** One program on the command line, from its start to its next stop. */
export class Running {
  readonly #terminal: Terminal;
  readonly #arguments: Arguments;
  readonly #interrupt = new AbortController();
  /** Where a snapshot is written. */
  #snapshot = "";
  /** How much of the program's output has been shown already. */
  #shownOut = 0;
  #shownErr = 0;

  constructor(terminal: Terminal, args: Arguments) {
    this.#terminal = terminal;
    this.#arguments = args;
  }

  async #runtime(): Promise<Runtime> {
    return this.#terminal.createRuntime({
      libraries: await loadLibraries(this.#terminal, this.#arguments.libraries),
    });
  }

  async run(): Promise<number> {
    const { source, inputs, externals, seed, allowEval, checkOnly, snapshot, tools: file } = this.#arguments;
    const { text, filename, folder, snapshot: path } = await readSource(this.#terminal, source);
    this.#snapshot = snapshot ?? path;
    const loaded = await loadTools(this.#terminal, file, Object.keys(externals));
    const runtime = await this.#runtime();
    const program = runtime.compile(text, {
      filename,
      inputs: Object.keys(inputs),
      externals: { ...loaded.externals, ...externals },
      allowEval,
    });
    if (checkOnly) return EXIT.COMPLETE;
    const options = {
      inputs,
      ...(seed === undefined ? {} : { seed }),
      tools: loaded.tools,
      loader: this.#loader(folder),
    };
    return this.#finish((shared) => program.drive({ ...options, ...shared }));
  }

  async resume(): Promise<number> {
    const { source, replies, snapshot, tools: file } = this.#arguments;
    const bytes = await readOperand(this.#terminal, source, "a snapshot");
    this.#snapshot = snapshot ?? (source.from === "file" ? source.file : "");
    const { tools } = await loadTools(this.#terminal, file, []);
    const runtime = await this.#runtime();
    const state = runtime.load(bytes, { limits: this.#limits }).restore();
    this.#shownOut = state.stdout.length;
    this.#shownErr = state.stderr.length;
    const loader = this.#loader(undefined);
    this.#mustGoOn(state, file !== undefined || replies.length > 0);
    return this.#finish(async (shared) => this.#replied(state, replies).drive({ ...shared, tools, loader }));
  }

  /** Gives the answers of the command line. The program runs for a slice at most: all else is up to the drive, which can be interrupted. */
  #replied(state: State, replies: readonly Reply[]): State {
    if (replies.length === 0) return state;
    if (state.status !== "suspended")
      throw new UsageError(`the program is ${state.status} and waits for no call: resume it without an answer`);
    const answers = new Map<number, Answer>();
    for (const reply of replies) {
      const { id, name } = repliedCall(reply, state.calls);
      if (answers.has(id)) throw new UsageError(`${name} (#${id}) is answered twice`);
      answers.set(id, reply.answer);
    }
    return state.resumeCalls(answers, { onSlice: (control) => control.hold() });
  }

  /** Refuses to go on if nothing can: the user forgot the answer. */
  #mustGoOn(state: State, isAnswered: boolean): void {
    if (isAnswered || state.status !== "suspended") return;
    const asked = state.calls.filter(
      ({ kind }) => kind !== "timer" && !(kind === "module" && this.#arguments.modules !== undefined),
    );
    if (asked.length === 0) return;
    const list = asked.map(describeCall).join("");
    throw new UsageError(
      `the program waits for an answer: pass --answer, --value, --error or --tools\n${list}`.trimEnd(),
    );
  }

  get #limits(): Limits {
    const { fuel, time } = this.#arguments;
    // The user at the terminal can interrupt the program, so there is no time limit by default.
    return { timeMs: time ?? Infinity, ...(fuel === undefined ? {} : { fuel }) };
  }

  /** Finds the modules that the program imports. */
  #loader(folder: string | undefined): ModuleLoader | undefined {
    const { modules } = this.#arguments;
    const given = modules ?? folder;
    return given === undefined ? undefined : modulesIn(resolve(this.#terminal.cwd, given), modules !== undefined);
  }

  #driving(): Driving {
    const { holdAfter } = this.#arguments;
    const until = holdAfter === undefined ? Infinity : performance.now() + holdAfter;
    return {
      hold: true,
      limits: this.#limits,
      signal: this.#interrupt.signal,
      onSlice: (control) => {
        if (performance.now() >= until) control.hold();
      },
      onStdout: (text) => {
        this.#shownOut += text.length;
        this.#terminal.out(text);
      },
      onStderr: (text) => {
        this.#shownErr += text.length;
        this.#terminal.err(text);
      },
    };
  }

  /** Runs the program to its next stop. */
  async #finish(drive: (options: Driving) => Promise<Ended>): Promise<number> {
    const forget = this.#terminal.onInterrupt(() => this.#interrupt.abort());
    try {
      return await this.#end(await drive(this.#driving()));
    } catch (error) {
      const held = error instanceof AbortError ? error.state : undefined;
      if (held !== undefined && held.status !== "complete") return await this.#end(held, "held (interrupted)");
      if ((error instanceof GuestError || error instanceof LimitError) && error.run !== undefined)
        this.#show(error.run);
      throw error;
    } finally {
      forget();
    }
  }

  #show({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
    if (stdout.length > this.#shownOut) this.#terminal.out(stdout.slice(this.#shownOut));
    if (stderr.length > this.#shownErr) this.#terminal.err(stderr.slice(this.#shownErr));
    this.#shownOut = stdout.length;
    this.#shownErr = stderr.length;
  }

  async #end(state: Ended, interrupted?: string): Promise<number> {
    this.#show(state);
    if (state.status === "complete") {
      const { output } = state;
      if (output !== undefined) this.#terminal.out(`${typeof output === "string" ? output : shown(output, 8)}\n`);
      return EXIT.COMPLETE;
    }
    const calls = state.status === "suspended" ? state.calls : [];
    const why = interrupted ?? (state.status === "paused" ? `paused (${state.reason})` : "suspended, waiting for");
    const bytes = state.snapshot().dump();
    await writeSnapshot(this.#terminal, this.#snapshot, bytes);
    this.#terminal.err(
      `${why}\n${calls.map(describeCall).join("")}${bytes.length} bytes written to ${this.#snapshot}\n`,
    );
    return EXIT.STOPPED;
  }
}
