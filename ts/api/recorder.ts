// Owns the record of a run: checkpoints in a ring, and everything that entered the run after each. Must never run anything
// (traveller.ts does), and must never keep more than it was given room for, but for the newest checkpoint.
//
//   checkpoint 7 ─ answer, clock, answer …   checkpoint 8 ─ answer …   checkpoint 9 ─ …   the run itself
//
// A position is the fuel used plus the number of batches: what entered the run at one stop is one batch. So it grows with whatever
// happens, and says both how far to run and how much to give.

import { RUN_STATUS } from "../defs/layout.ts";
import { VM_WORD } from "../generated/machine.ts";
import type { Core } from "../machine/core.ts";
import type { Machine, RunLog } from "../machine/machine.ts";
import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import type { PreparedAnswer, ProgramRecord } from "../machine/records.ts";
import { fuelUsed } from "../machine/run.ts";
import { park, type Parked } from "../snapshot/checkpoint.ts";

/** Options for recording a run. */
export interface RecordOptions {
  /**
   * Fuel between two checkpoints, at least; large states are kept less often, so that the copies cost no more than the run. The fewer,
   * the longer it takes to go back. Default 100,000: about a millisecond of running.
   */
  every?: number | undefined;
  /**
   * Bytes that checkpoints and recorded answers may take together. When they are full, the oldest checkpoint is given up with the answers
   * that follow it, and the recording begins at the next one. Default 64 MiB.
   */
  bytes?: number | undefined;
}

export const RECORD_OPTIONS: OptionNames<RecordOptions> = { every: true, bytes: true };

/** Checks the options of a recording, and fills in defaults. */
export function resolveRecordOptions(options: RecordOptions): { readonly every: number; readonly bytes: number } {
  checkOptions("record", options, RECORD_OPTIONS);
  const { every = 100_000, bytes = 64 * 1024 * 1024 } = options;
  if (!(every >= 1)) throw new RangeError(`every must be a number of fuel from 1 up, not ${String(every)}`);
  if (!(bytes >= 0)) throw new RangeError(`bytes must be a number from 0 up, not ${String(bytes)}`);
  return { every, bytes };
}

/** Something that entered the run. */
export interface Entry {
  /** Fuel used then. */
  readonly fuel: number;
  /** Status of the machine at the start of the batch: whether it waited, or was between two slices. */
  readonly status: number;
  readonly batch: number;
  /** The call that was answered; 0: no call. */
  readonly id: number;
  /** The answer to that call, a module that was linked, or the time to which the clock was set. */
  readonly what: PreparedAnswer | ProgramRecord | number;
}

/** Numbers of an entry: fuel, status, batch, id, and 1 if its answer is a primitive, which is kept as it is. */
const COLUMNS = 5;

/** Entries in columns: a run may be answered a million times, and an object for each would cost more than the call. */
export class Entries {
  #numbers = new Float64Array(16 * COLUMNS);
  readonly #what: unknown[] = [];

  get length(): number {
    return this.#what.length;
  }

  push(fuel: number, status: number, batch: number, id: number, what: Entry["what"]): void {
    const at = this.#what.length * COLUMNS;
    if (at === this.#numbers.length) {
      const longer = new Float64Array(2 * at);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    const numbers = this.#numbers;
    numbers[at] = fuel;
    numbers[at + 1] = status;
    numbers[at + 2] = batch;
    numbers[at + 3] = id;
    const isPrimitive = typeof what === "object" && "primitive" in what;
    numbers[at + 4] = isPrimitive ? 1 : 0;
    this.#what.push(isPrimitive ? what.primitive : what);
  }

  /** The entry of that number; undefined: there are not so many. */
  at(i: number): Entry | undefined {
    if (i >= this.#what.length) return undefined;
    const [fuel, status, batch, id, isPrimitive] = this.#numbers.subarray(i * COLUMNS, (i + 1) * COLUMNS);
    const kept = this.#what[i];
    const what = isPrimitive === 1 ? { primitive: kept } : (kept as Entry["what"]);
    return { fuel: fuel!, status: status!, batch: batch!, id: id!, what };
  }
}

/** A checkpoint, and what entered the run from there to the next one. */
export interface Segment {
  readonly parked: Parked;
  readonly fuel: number;
  /** Batches before the checkpoint. */
  readonly batches: number;
  readonly entries: Entries;
  /** Bytes of the checkpoint, and of the entries so far. */
  readonly bytes: number;
  entryBytes: number;
}

/** Bytes of an entry without its value, about. */
const ENTRY_BYTES = 64;
/** Bytes of a checkpoint besides its copy of memory. */
const SEGMENT_BYTES = 512;
/** A unit of fuel between checkpoints pays for copying so many bytes: copies take less than half of the time of the run. */
const BYTES_PER_FUEL = 12;
/** Bytes of entries that are recorded after one checkpoint, at least. */
const MIN_ENTRIES = 65_536;

/** The end of the record. */
export interface RecordedEnd<S> {
  readonly position: number;
  /** Undefined after a failure. */
  readonly state?: S;
  readonly failure?: { readonly error: unknown };
}

/** Records the run of one machine. `S`: its states. */
export class Recorder<S = unknown> implements RunLog {
  readonly #core: Core;
  readonly every: number;
  readonly #room: number;
  readonly segments: Segment[] = [];
  /** The newest of them. */
  #last!: Segment;
  /** Fuel at which the next one is due. */
  #due = 0;
  /** Bytes of entries after which it is due. */
  #mostEntries = 0;
  #bytes = 0;
  #batches = 0;
  #isBatchOpen = false;
  #hasAnswers = false;
  #status = 0;
  #end: RecordedEnd<S> = { position: 0 };
  /** The run is going on. */
  #isRunning = false;
  #runs = 0;

  constructor(core: Core, options: RecordOptions) {
    this.#core = core;
    const { every, bytes } = resolveRecordOptions(options);
    this.every = every;
    this.#room = bytes;
  }

  /** Where the recording begins. */
  get first(): number {
    const { fuel, batches } = this.segments[0]!;
    return fuel + batches;
  }

  get end(): RecordedEnd<S> {
    return this.#end;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#bytes;
  }

  positionOf(machine: Machine): number {
    return fuelUsed(machine) + this.#batches;
  }

  // --- checkpoints

  /** Keeps a checkpoint of a machine at a safepoint, if it is time for one. */
  atSafepoint(machine: Machine): void {
    if (fuelUsed(machine) >= this.#due || this.#last.entryBytes >= this.#mostEntries) this.keep(machine);
  }

  /** Keeps a checkpoint. */
  keep(machine: Machine): void {
    const parked = park(this.#core, machine);
    const bytes = SEGMENT_BYTES + parked.data.length + parked.runs.byteLength;
    const fuel = fuelUsed(machine);
    this.#last = { parked, fuel, batches: this.#batches, entries: new Entries(), bytes, entryBytes: 0 };
    this.segments.push(this.#last);
    this.#due = fuel + Math.max(this.every, bytes / BYTES_PER_FUEL);
    this.#mostEntries = Math.max(MIN_ENTRIES, bytes, this.#room / 16);
    this.#bytes += bytes;
    while (this.#bytes > this.#room && this.segments.length > 1) {
      const old = this.segments.shift()!;
      this.#bytes -= old.bytes + old.entryBytes;
    }
  }

  // --- what enters

  answered(machine: Machine, id: number, answer: PreparedAnswer): void {
    const value = "bytes" in answer ? answer.bytes.length : 0;
    this.#enter(machine, id, answer, value);
  }

  linked(machine: Machine, module: ProgramRecord): void {
    this.#enter(machine, 0, module, module.image.length + module.source.length);
  }

  clockSet(machine: Machine, now: number): void {
    this.#enter(machine, 0, now, 0);
  }

  #enter(machine: Machine, id: number, what: Entry["what"], bytes: number): void {
    if (!this.#isBatchOpen) {
      this.#isBatchOpen = true;
      this.#hasAnswers = false;
      this.#batches++;
      this.#status = machine.wordAt(VM_WORD.status);
    }
    if (id !== 0) this.#hasAnswers = true;
    this.#last.entries.push(fuelUsed(machine), this.#status, this.#batches, id, what);
    this.#last.entryBytes += ENTRY_BYTES + bytes;
    this.#bytes += ENTRY_BYTES + bytes;
  }

  wentOn(machine: Machine): void {
    if (!this.#isBatchOpen) return;
    // A wait that only looked at the clock goes on: what comes next belongs to the same stop.
    if (!this.#hasAnswers && this.#status === RUN_STATUS.WAITING) return;
    this.#isBatchOpen = false;
    mustGoOn(machine);
  }

  // --- the end

  /** How often the run has gone on. */
  get runs(): number {
    return this.#runs;
  }

  left(): void {
    this.#isRunning = true;
    this.#runs++;
  }

  reached(machine: Machine, state: S): void {
    this.#isRunning = false;
    this.#isBatchOpen = false;
    this.#end = { position: this.positionOf(machine), state };
  }

  failed(error: unknown): void {
    this.#isRunning = false;
    this.#end = { position: Infinity, failure: { error } };
  }

  /** Says where the last stop before a failure was. */
  settleAt(position: number): void {
    this.#end = { ...this.#end, position };
  }
}

/** A machine whose calls were answered while it waited is not at a stop any more: even without fuel it goes on to a safepoint. */
export function mustGoOn(machine: Machine): void {
  if (machine.wordAt(VM_WORD.status) === RUN_STATUS.WAITING) machine.setWordAt(VM_WORD.status, RUN_STATUS.IDLE);
}
