// Owns going through a recorded run again: from a checkpoint forwards, with the answers that were recorded. Must never ask the host for
// anything, and must never go further than the recording.

import { RUN_STATUS } from "../defs/layout.ts";
import { OP } from "../generated/emit.ts";
import { VM_WORD } from "../generated/machine.ts";
import { decodeImage } from "../compiler/image.ts";
import { GuestError, LimitError } from "../errors.ts";
import { givePrepared } from "../machine/answers.ts";
import { linkInto } from "../machine/launch.ts";
import type { Machine } from "../machine/machine.ts";
import type { ProgramRecord, RunRecord } from "../machine/records.ts";
import { advance } from "../machine/run-loop.ts";
import { fuelUsed, runOf } from "../machine/run.ts";
import { forkMachine, unpark } from "../snapshot/checkpoint.ts";
import { topFrame } from "../snapshot/frames.ts";
import type { MachinePool } from "../machine/pool.ts";
import type { Libraries } from "./libraries.ts";
import { type Entry, mustGoOn, type Recorder, type Segment } from "./recorder.ts";

/** What going through a run needs of its runtime. */
type TravellerHost = MachinePool & { readonly libraries: Libraries };

const { FUEL, HOLD, WAITING, SYNC_CALL, IDLE } = RUN_STATUS;

const stepped = new WeakMap<ProgramRecord, boolean>();

/** True if the program was compiled for stepping. */
export function isStepped(program: ProgramRecord): boolean {
  let known = stepped.get(program);
  if (known === undefined) {
    known = decodeImage(program.image).functions.some(({ code }) => code.some(({ op }) => op === OP.STEP));
    stepped.set(program, known);
  }
  return known;
}

/**
 * True if a machine is at a stop: it waits for its host, or it is about to run a statement of the program. In a program that was not
 * compiled for stepping: it is at a call or at the end of a loop's round.
 */
export function isStop(machine: Machine): boolean {
  const status = machine.wordAt(VM_WORD.status);
  if (status === WAITING || status === SYNC_CALL) return true;
  if (status !== FUEL && status !== HOLD) return false;
  const program = topFrame(machine)?.program;
  if (program === undefined || program.library !== undefined) return false;
  return !isStepped(program) || machine.views.u16[machine.wordAt(VM_WORD.pc) >>> 1] === OP.STEP;
}

const isPaused = (status: number): boolean => status === FUEL || status === HOLD;

/** A machine on its way through a recorded run. */
export class Traveller {
  readonly machine: Machine;
  readonly #host: TravellerHost;
  readonly #recorder: Recorder;
  /** Its own run, without the limits under which it is gone through again: they were kept the first time. */
  readonly #run: RunRecord;
  #segment: Segment;
  #entry = 0;
  #batches: number;
  #isOver = false;

  private constructor(host: TravellerHost, recorder: Recorder, segment: Segment, machine: Machine, run: RunRecord) {
    this.#host = host;
    this.#recorder = recorder;
    this.#segment = segment;
    this.#batches = segment.batches;
    this.machine = machine;
    this.#run = run;
  }

  /** Begins at the last checkpoint that is not after `position`. */
  static before(host: TravellerHost, recorder: Recorder, position: number): Traveller {
    const { segments } = recorder;
    const segment = segments.findLast(({ fuel, batches }) => fuel + batches <= position) ?? segments[0]!;
    const machine = host.acquire();
    unpark(machine, segment.parked);
    const run = { ...runOf(machine) };
    machine.run = {
      ...run,
      limits: { ...run.limits, onFuel: "pause", onTime: "pause", fuelSlice: 0x3fff_ffff },
      timeUpAtMs: Infinity,
      keepState: false,
    };
    return new Traveller(host, recorder, segment, machine, run);
  }

  get position(): number {
    return fuelUsed(this.machine) + this.#batches;
  }

  /** A machine in this state, as it was when it was recorded. */
  fork(fuelSlice: number): Machine {
    const machine = forkMachine(this.#host, this.machine);
    const { limits, elapsedMs, timeUpAtMs, keepState } = this.#run;
    machine.run = {
      ...runOf(machine),
      limits: { ...limits, fuelSlice },
      elapsedMs,
      timeUpAtMs,
      fuelLeft: limits.fuel,
      pausedBy: isPaused(machine.word("status")) ? "hold" : undefined,
      ...(keepState === undefined ? {} : { keepState }),
    };
    return machine;
  }

  release(): void {
    this.#host.release(this.machine);
  }

  // --- going on

  #next(): Entry | undefined {
    while (this.#entry >= this.#segment.entries.length) {
      const { segments } = this.#recorder;
      const place = segments.indexOf(this.#segment);
      const next = segments[place + 1];
      if (place < 0 || next === undefined) return undefined;
      this.#segment = next;
      this.#entry = 0;
    }
    return this.#segment.entries.at(this.#entry);
  }

  #isAt(entry: Entry): boolean {
    if (fuelUsed(this.machine) < entry.fuel) return false;
    const status = this.machine.wordAt(VM_WORD.status);
    // Where a run was paused, only its clock can have been set. Without fuel it may have gone on a little, but not as far as to ask for it.
    return isPaused(entry.status) ? status !== IDLE : status === entry.status;
  }

  #apply({ batch }: Entry): void {
    const { machine } = this;
    for (let entry = this.#next(); entry?.batch === batch; entry = this.#next()) {
      this.#entry++;
      const { id, what } = entry;
      if (typeof what === "number") machine.exports.setClock(what);
      else if ("image" in what) this.#link(what);
      else givePrepared(machine, id, what);
    }
    this.#batches = batch;
    mustGoOn(machine);
  }

  #link(module: ProgramRecord): void {
    const { machine } = this;
    if (machine.programs.some((program) => program.isModule && program.filename === module.filename)) return;
    try {
      this.#host.libraries.enter(machine, module);
    } catch (error) {
      if (error instanceof GuestError) return;
      throw error;
    }
    linkInto(machine, module);
  }

  /** Runs for so much fuel. */
  #run1(fuel: number): void {
    const run = runOf(this.machine);
    run.fuelLeft = fuel;
    try {
      const stop = advance(this.machine, {});
      if (stop === "done") this.#isOver = true;
    } catch (error) {
      if (!(error instanceof GuestError || error instanceof LimitError)) throw error;
      this.#isOver = true;
    }
  }

  /** Goes on to the first safepoint at or after a position, at most to the end of the recording. */
  goTo(target: number): void {
    const { machine } = this;
    while (!this.#isOver) {
      const next = this.#next();
      if (next !== undefined && this.#isAt(next)) {
        if (this.position >= target) return;
        this.#apply(next);
        continue;
      }
      const status = machine.wordAt(VM_WORD.status);
      if (this.position >= target && status !== IDLE) return;
      if (next === undefined && (status === WAITING || status === SYNC_CALL)) {
        this.#isOver = true;
        return;
      }
      this.#run1(this.#fuelTo(target, next));
    }
  }

  /** Fuel to the target, and at most to the next entry. */
  #fuelTo(target: number, next: Entry | undefined): number {
    const left = Math.max(0, target - this.position);
    if (next === undefined) return left;
    const toNext = next.fuel - fuelUsed(this.machine);
    // It waits there, and is paused before the wait.
    if (toNext <= 0) return isPaused(next.status) ? 0 : 1;
    return Math.min(left, toNext);
  }

  /** Goes on to the next stop; false: there is no further stop. */
  toNextStop(): boolean {
    const { machine } = this;
    while (!this.#isOver) {
      const next = this.#next();
      if (next !== undefined && this.#isAt(next)) {
        this.#apply(next);
        // Held at a sync call, a program may get answers to other calls: it is suspended again.
        if (machine.wordAt(VM_WORD.status) === SYNC_CALL) return true;
        // More may have come in at the same place.
        continue;
      }
      const status = machine.wordAt(VM_WORD.status);
      if (status === WAITING || status === SYNC_CALL) {
        this.#isOver = true;
        break;
      }
      this.#run1(status === IDLE ? 0 : 1);
      if (!this.#isOver && isStop(machine)) return true;
    }
    return false;
  }
}
