// Owns one wasm instance in use: its exports, its views of memory, the programs linked into it, and the little that a run
// keeps on the host's side. Must never run anything by itself (vm/run-loop.ts does) and never know a value's encoding
// (vm/values.ts, vm/marshal.ts) or a snapshot's (ts/snapshot).
//
// A machine is either in the pool or in the hands of exactly one state. Whoever takes one from a `MachineHost` gives it to
// `stateOf` or back with `release`; a machine in which anything trapped is marked `broken` and never used again.

import { VM_VALUE, VM_WORD } from "../generated/machine.ts";
import type { ColdExports } from "./as-bind.ts";
import type { CompileLimits } from "./compile-limits.ts";
import type { Core, CoreExports } from "./instance.ts";
import type { ResolvedLimits } from "./limits.ts";
import type { ModuleCompiler } from "./modules.ts";
import type { State } from "./state.ts";

/** Names of the 32-bit words of the VM block. */
export type VmWord = keyof typeof VM_WORD;
/** Names of the values of the VM block. */
export type VmValue = keyof typeof VM_VALUE;

/** A value as it stands in memory: two words. */
export interface ValueBits {
  readonly low: number;
  readonly high: number;
}

/** How a program may call a host function: it awaits a promise, or it is held at the call. */
export type ExternalMode = "async" | "sync";

/** The languages a program can be written in. */
export type Language = "typescript" | "javascript";

/** All there is to know about a compiled program: enough to link it, to show errors in it, and to write it into a snapshot. */
export interface ProgramRecord {
  /** The program image (ts/defs/image-format.ts). */
  readonly image: Uint8Array;
  /** The source as its author wrote it (TypeScript included). */
  readonly source: string;
  readonly filename: string;
  readonly language: Language;
  /** Names bound as variables at the start, in order. */
  readonly inputs: readonly string[];
  /** Host functions by name, in order. */
  readonly externals: ReadonlyMap<string, ExternalMode>;
  /** Offsets at which the lines of `source` begin, in UTF-16 units. */
  readonly lineStarts: Uint32Array<ArrayBuffer>;
  /** A module: linked and evaluated by ts/prelude/module.js. */
  readonly isModule: boolean;
  /** Hex digest of everything above that changes what the program does; equal programs have equal hashes. */
  readonly hash: string;
  /** May guest code be compiled from strings? */
  readonly allowEval: boolean;
  /** It was compiled from a string while a program ran: snapshots always bring it. */
  readonly isEvaluated: boolean;
  /** A module that was found while the program ran: whoever loads a snapshot cannot be expected to have it. */
  readonly isLoaded: boolean;
}

/** What a run keeps on the host's side. It travels in snapshots, so it is plain data. */
export interface RunRecord {
  limits: ResolvedLimits;
  /** Wall-clock milliseconds spent running so far, waiting for the host left out. */
  elapsedMs: number;
  /** Fuel used since the host's clock has moved last. */
  stillFuel: number;
  /** Fuel that may still be spent before the run stops with reason "fuel"; Infinity when unlimited. */
  fuelLeft: number;
  /** `elapsedMs` at which the time is up. */
  timeUpAtMs: number;
  /** Why a paused machine stands still; undefined while it is not paused. */
  pausedBy: PauseReason | undefined;
  /** Is a copy of the machine kept from the start of each slice, for the error that may come? */
  keepState?: boolean;
  /** May guest code be compiled from strings? */
  allowEval: boolean;
  /** Of what is compiled while it runs; it does not travel, and the defaults hold elsewhere. */
  compileLimits?: CompileLimits | undefined;
}

/** Why a run stopped without needing anything from its host. */
export type PauseReason = "fuel" | "time" | "hold";

/** Memory seen as each type that is needed; made again when memory has grown. */
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

/** What slow paths may have written behind the heap's top without moving it. */
const SLACK = 8192;

/** One instance of the core, with a realm in it. */
export class Machine {
  readonly exports: CoreExports;
  /** Addresses of what the core and the wrapper write for each other (assembly/host/exports.ts). */
  readonly mailbox: number;
  readonly transferArea: number;
  readonly transferAreaSize: number;
  /** Programs linked into this machine; their ids are their positions here. */
  readonly programs: ProgramRecord[] = [];
  /** Programs from strings, by the numbers that the core knows them by; it drops them when nothing needs them (vm/evaluate.ts). */
  readonly evaluated = new Map<number, ProgramRecord>();
  readonly #evaluatedNumbers = new Map<string, number>();
  /** Number of the next one. */
  nextSerial = 1;
  /** Collections there had been when the core was asked last which of them there are. */
  evaluatedAt = 0;
  /** The host's part of the run. */
  run: RunRecord | undefined;
  /** Set when anything trapped: the memory can no longer be trusted. */
  broken = false;
  /** Set by whoever writes above the heap's top (a snapshot being written or read): a reset then leaves nothing as it was. */
  usedAboveHeap = false;
  /** Images of prelude code that came into it out of a snapshot, by the number of their program (ts/snapshot/environment.ts). */
  readonly foreignImages: Uint8Array[] = [];
  /** Sources of modules that do not compile, by name: for code frames. */
  readonly refused = new Map<string, string>();
  /** Short advances since one was timed; -1: the next one is (vm/run-loop.ts). */
  untimed = -1;
  /** Everything written so far, as read from memory when the run last stopped. */
  stdout = "";
  stderr = "";
  /** Names of host functions by the address of their text; forgotten when a collection has moved them. */
  #names = new Map<number, string>();
  #namedAt = -1;
  readonly #cold: () => ColdExports;
  #views: Views;

  constructor(exports: CoreExports, cold: () => ColdExports) {
    this.exports = exports;
    this.#cold = cold;
    this.mailbox = exports.mailbox();
    this.transferArea = exports.transferArea();
    this.transferAreaSize = exports.transferAreaSize();
    this.#views = makeViews(exports.memory);
  }

  /** Exports that take strings and byte arrays. */
  get cold(): ColdExports {
    return this.#cold();
  }

  /** Views of memory as it is now. Read it again after any call into the core: views die when memory grows. */
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

  /** The same by address, for hot paths: engines fold `VM_WORD.status`, but look a name up at each call. */
  wordAt(address: number): number {
    return this.views.u32[address >>> 2]!;
  }

  /** Writes a word of the VM block. */
  setWord(name: VmWord, value: number): void {
    this.views.u32[VM_WORD[name] >>> 2] = value;
  }

  /** Reads a value of the VM block as its two words. */
  value(name: VmValue): ValueBits {
    const at = VM_VALUE[name] >>> 2;
    const { u32 } = this.views;
    return { low: u32[at]!, high: u32[at + 1]! };
  }

  /** Writes a value of the VM block. Only bits that the core itself made may be written: addresses are not checked. */
  setValue(name: VmValue, bits: ValueBits): void {
    const at = VM_VALUE[name] >>> 2;
    const { u32 } = this.views;
    u32[at] = bits.low;
    u32[at + 1] = bits.high;
  }

  /** One behind the highest address that can hold anything of a run. */
  highWater(): number {
    if (this.usedAboveHeap || this.word("collections") !== 0) return this.memoryBytes;
    return Math.max(this.word("heapTop") + SLACK, this.word("scratchEnd"));
  }

  /** Notes a program from a string. */
  addEvaluated(number: number, record: ProgramRecord): void {
    this.evaluated.set(number, record);
    this.#evaluatedNumbers.set(record.hash, number);
  }

  /** All programs from strings that there are. */
  setEvaluated(list: Iterable<readonly [number, ProgramRecord]>): void {
    this.evaluated.clear();
    this.#evaluatedNumbers.clear();
    for (const [number, record] of list) this.addEvaluated(number, record);
  }

  /** Number under which that code was linked last, if it is known. */
  evaluatedNumber(hash: string): number | undefined {
    return this.#evaluatedNumbers.get(hash);
  }

  /** Forgets the host's part of a run. */
  forget(): void {
    this.programs.length = 0;
    if (this.evaluated.size > 0) this.setEvaluated([]);
    this.untimed = -1;
    this.nextSerial = 1;
    this.evaluatedAt = 0;
    if (this.refused.size > 0) this.refused.clear();
    this.foreignImages.length = 0;
    if (this.#names.size > 0) this.#names.clear();
    this.#namedAt = -1;
    this.run = undefined;
    this.stdout = "";
    this.stderr = "";
    this.usedAboveHeap = false;
  }

  /** Bytes of linear memory now. */
  get memoryBytes(): number {
    return this.views.u8.length;
  }
}

/** Machines ready to be used, and the core they are of. */
export interface MachinePool {
  readonly core: Core;
  /** A machine with a fresh realm and nothing linked, from the pool or new. */
  acquire(): Machine;
  /** Gives a machine back to the pool; its memory is cleared before anyone else gets it. */
  release(machine: Machine): void;
}

/** What states and snapshots need of their runtime. */
export interface MachineHost extends ModuleCompiler, MachinePool {
  /** The state in which the machine now is, by VM_STATUS. The machine belongs to that state from then on. */
  stateOf(machine: Machine): State;
}
