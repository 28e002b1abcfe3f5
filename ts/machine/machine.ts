// Owns one wasm instance in use: its exports, its views of memory, the programs linked into it, and the part of a run that is kept
// on the host's side. Must never run anything by itself (machine/run-loop.ts does) and never know the encoding of a value
// (machine/marshal.ts) or of a snapshot (ts/snapshot).
//
// A machine is either in the pool or in the hands of exactly one state. A caller that acquires one from a `MachineHost` passes it
// to `stateOf` or returns it with `release`. A machine in which anything trapped is marked `broken` and never used again.

import { VM_VALUE, VM_WORD } from "../generated/machine.ts";
import type { ColdExports, CoreExports } from "../generated/core-exports.ts";
import type { FrontEnd } from "./front-end.ts";
import type { PreparedAnswer, ProgramRecord, RunRecord } from "./records.ts";
import type { TimeZones } from "./zone-rules.ts";

/** Names of the 32-bit words of the VM block. */
export type VmWord = keyof typeof VM_WORD;
/** Names of the values of the VM block. */
export type VmValue = keyof typeof VM_VALUE;

/** A value as stored in memory: two words. */
export interface ValueBits {
  readonly low: number;
  readonly high: number;
}

/** Views of memory in each element type that is needed; made again when memory has grown. */
export interface Views {
  readonly u8: Uint8Array<ArrayBuffer>;
  readonly u16: Uint16Array<ArrayBuffer>;
  readonly u32: Uint32Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly f64: Float64Array<ArrayBuffer>;
  readonly data: DataView<ArrayBuffer>;
}

function makeViews(memory: WebAssembly.Memory): Views {
  const buffer = memory.buffer as ArrayBuffer;
  return {
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    u32: new Uint32Array(buffer),
    i32: new Int32Array(buffer),
    f64: new Float64Array(buffer),
    data: new DataView(buffer),
  };
}

/** The part of a machine's state that is not in its memory. */
export interface Carried {
  readonly programs: readonly ProgramRecord[];
  readonly evaluated: readonly (readonly [number, ProgramRecord])[];
  readonly nextSerial: number;
  readonly run: RunRecord | undefined;
  readonly carriedPrelude: readonly Uint8Array[];
  readonly refused: readonly (readonly [string, string])[];
  readonly stdout: string;
  readonly stderr: string;
  readonly written: Written | undefined;
}

/** A snapshot that was taken of a machine at rest: exactly the state in which it is. */
export interface Written {
  /** Its bytes, once they have been written. */
  bytes: Uint8Array | undefined;
}

/** Learns all that enters a run from outside, before it does, so that it can be done again at the same places. */
export interface RunLog {
  /** A call is about to be answered. */
  answered(machine: Machine, id: number, answer: PreparedAnswer): void;
  /** A module is about to be linked. */
  linked(machine: Machine, record: ProgramRecord): void;
  /** The clock is about to be set. */
  clockSet(machine: Machine, now: number): void;
  /** The run is about to go on: what enters from here on does so at another stop. */
  wentOn(machine: Machine): void;
}

/** Bytes above the heap's top that slow paths may have written without moving it. */
const SLACK = 8192;

/** One instance of the core, with a realm in it. */
export class Machine {
  readonly exports: CoreExports;
  /** Where it has time zones from. */
  readonly zones: TimeZones;
  /** Address of the words that the core and the host exchange (assembly/host/exports.ts). */
  readonly mailbox: number;
  readonly transferArea: number;
  readonly transferAreaSize: number;
  /** Programs linked into this machine; their ids are their positions here. */
  readonly programs: ProgramRecord[] = [];
  /** Programs from strings, by the core's numbers; the core drops them when nothing needs them (machine/evaluate.ts). */
  readonly evaluated = new Map<number, ProgramRecord>();
  #evaluatedList: readonly ProgramRecord[] | undefined;
  readonly #evaluatedNumbers = new Map<string, number>();
  /** Number of the next program from a string. */
  nextSerial = 1;
  /** Count of collections when the core was last asked which of them are still alive; -1: it has not been asked. */
  evaluatedAt = -1;
  /** Addresses of those programs by number, as of that collection and since. */
  readonly evaluatedPlaces = new Map<number, number>();
  /** The host's part of the run. */
  run: RunRecord | undefined;
  /** What learns of all that enters the run. A copy of the machine has no log. */
  log: RunLog | undefined;
  /** Set when anything trapped: the memory can no longer be trusted. */
  broken = false;
  /**
   * Set while a stranger's bytes are read, and until they are verified: what they have made the core write, and where, is not known.
   * A reset must then restore all memory.
   */
  isSuspect = false;
  /** The snapshot that holds the present state; undefined as soon as the machine goes on. */
  written: Written | undefined;
  /** Images of prelude code that came from a snapshot, by the number of their program (ts/snapshot/environment.ts). */
  readonly carriedPrelude: Uint8Array[] = [];
  /** Sources of modules that failed to compile, by name, for code frames. */
  readonly refused = new Map<string, string>();
  /** Short advances since one was timed; -1: the next one is timed (machine/run-loop.ts). */
  untimed = -1;
  /** Bytes of arguments that the host read for sync calls since the clock was last read (machine/run-loop.ts). */
  crossed = 0;
  /** Everything written so far, as read from memory when the run last stopped. */
  stdout = "";
  stderr = "";
  /** Names of host functions by the address of their text; cleared when a collection has moved the texts. */
  #names = new Map<number, string>();
  #namedAt = -1;
  /** Compiles what the run evaluates; undefined where there is no compiler. */
  readonly frontEnd: FrontEnd | undefined;
  readonly #cold: () => ColdExports;
  #views: Views;

  constructor(exports: CoreExports, cold: () => ColdExports, zones: TimeZones, frontEnd: FrontEnd | undefined) {
    this.exports = exports;
    this.zones = zones;
    this.#cold = cold;
    this.frontEnd = frontEnd;
    this.mailbox = exports.mailbox();
    this.transferArea = exports.transferArea();
    this.transferAreaSize = exports.transferAreaSize();
    this.#views = makeViews(exports.memory);
  }

  /** Exports that take strings and byte arrays. */
  get cold(): ColdExports {
    return this.#cold();
  }

  /** Current views of memory. Read this again after any call into the core: views are detached when memory grows. */
  get views(): Views {
    // A detached view has no length; asking that is much cheaper than asking the memory for its buffer.
    if (this.#views.u8.length === 0) this.#views = makeViews(this.exports.memory);
    return this.#views;
  }

  /** Names of host functions by the address of their text, as far as they have been read since the last collection. */
  get names(): Map<number, string> {
    const collections = this.wordAt(VM_WORD.collections);
    if (collections !== this.#namedAt) {
      this.#names.clear();
      this.#namedAt = collections;
    }
    return this.#names;
  }

  /** Reads a word of the VM block, unsigned. */
  word(name: VmWord): number {
    return this.wordAt(VM_WORD[name]);
  }

  /** Reads a word of the VM block by address, for hot paths: engines fold `VM_WORD.status`, but look a name up at each call. */
  wordAt(address: number): number {
    return this.views.u32[address >>> 2]!;
  }

  /** Writes a word of the VM block. */
  setWord(name: VmWord, value: number): void {
    this.views.u32[VM_WORD[name] >>> 2] = value;
  }

  /** Writes a word of the VM block by address; see {@link wordAt}. */
  setWordAt(address: number, value: number): void {
    this.views.u32[address >>> 2] = value;
  }

  /** Reads a value of the VM block as its two words. */
  value(name: VmValue): ValueBits {
    const at = VM_VALUE[name] >>> 2;
    const { u32 } = this.views;
    return { low: u32[at]!, high: u32[at + 1]! };
  }

  /** Writes a value of the VM block. The bits must come from the core: addresses are not checked. */
  setValue(name: VmValue, bits: ValueBits): void {
    const at = VM_VALUE[name] >>> 2;
    const { u32 } = this.views;
    u32[at] = bits.low;
    u32[at + 1] = bits.high;
  }

  /** Returns the end of the memory that can hold anything of a run. */
  highWater(): number {
    if (this.isSuspect || this.word("collections") !== 0) return this.memoryBytes;
    return Math.max(this.word("heapTop") + SLACK, this.word("scratchEnd"));
  }

  /** Records a program from a string. */
  addEvaluated(number: number, record: ProgramRecord): void {
    this.evaluated.set(number, record);
    this.#evaluatedList = undefined;
    this.#evaluatedNumbers.set(record.hash, number);
  }

  /** The programs from strings, oldest first. */
  get evaluatedPrograms(): readonly ProgramRecord[] {
    return (this.#evaluatedList ??= [...this.evaluated.values()]);
  }

  /** Replaces the list of programs from strings. */
  setEvaluated(list: Iterable<readonly [number, ProgramRecord]>): void {
    this.evaluated.clear();
    this.#evaluatedList = undefined;
    this.#evaluatedNumbers.clear();
    for (const [number, record] of list) this.addEvaluated(number, record);
  }

  /** Returns the number under which code with that hash was last linked, if known. */
  evaluatedNumber(hash: string): number | undefined {
    return this.#evaluatedNumbers.get(hash);
  }

  /** Returns the state outside memory, for a copy of the machine. */
  carried(): Carried {
    return {
      programs: [...this.programs],
      evaluated: [...this.evaluated],
      nextSerial: this.nextSerial,
      run: this.run === undefined ? undefined : { ...this.run },
      carriedPrelude: [...this.carriedPrelude],
      refused: [...this.refused],
      stdout: this.stdout,
      stderr: this.stderr,
      written: this.written,
    };
  }

  /** Takes over the state of another machine whose memory was copied into this fresh one. */
  take(carried: Carried): void {
    this.programs.push(...carried.programs);
    if (carried.evaluated.length > 0) this.setEvaluated(carried.evaluated);
    this.nextSerial = carried.nextSerial;
    this.run = carried.run;
    this.carriedPrelude.push(...carried.carriedPrelude);
    for (const [name, source] of carried.refused) this.refused.set(name, source);
    this.stdout = carried.stdout;
    this.stderr = carried.stderr;
    this.written = carried.written;
  }

  /** Forgets the host's part of a run. */
  forget(): void {
    this.programs.length = 0;
    if (this.evaluated.size > 0) this.setEvaluated([]);
    this.untimed = -1;
    this.crossed = 0;
    this.nextSerial = 1;
    this.evaluatedAt = -1;
    if (this.evaluatedPlaces.size > 0) this.evaluatedPlaces.clear();
    if (this.refused.size > 0) this.refused.clear();
    this.carriedPrelude.length = 0;
    if (this.#names.size > 0) this.#names.clear();
    this.#namedAt = -1;
    this.run = undefined;
    this.log = undefined;
    this.written = undefined;
    this.stdout = "";
    this.stderr = "";
    this.isSuspect = false;
  }

  /** Bytes of linear memory now. */
  get memoryBytes(): number {
    return this.views.u8.length;
  }
}
