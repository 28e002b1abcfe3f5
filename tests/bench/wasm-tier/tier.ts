// Owns the tier of one machine: which functions are hot, their modules, and a `drive` that runs compiled code and the interpreter in turns.
// Must never keep state of the guest: all of it is in the machine's memory whenever the interpreter, or anybody else, may look.
//
//   drive(fuel)   interpreter: a slice ──▶ stopped at a safepoint ──▶ compiled? run it ──▶ it left: the interpreter goes on there
//
// The interpreter has the last word: what ends a drive is always a stop of its own.

import { CODE_SIZE, readFunction } from "./bytecode.ts";
import { FunctionCompiler, type Seen } from "./function.ts";
import { EXPECT, GO_ON, LEAVE, MISSED } from "./registers.ts";
import { Code, I32, moduleOf, OP } from "./wasm.ts";
import { RUN_STATUS } from "../../../ts/defs/layout.ts";
import { FIRST_TAG, VALUE_TAGS } from "../../../ts/defs/values.ts";
import {
  CODE_INDEX,
  CODE_PROGRAM,
  CODE_REGISTERS,
  ELEMENTS_LENGTH,
  ELEMENTS_SIZE,
  FUNCTION_CODE,
  KIND,
  PROGRAM_COUNT,
  PROGRAM_ID,
  VM_WORD,
} from "../../../ts/generated/machine.ts";
import type { Machine } from "../../../ts/machine/machine.ts";

export interface TierOptions {
  /** Stops in a function before it is compiled. */
  readonly stops?: number;
  /** Fuel of a slice in which the interpreter looks for hot functions. */
  readonly slice?: number;
  /** Enters compiled code wherever it can, even if it never gets far. For tests. */
  readonly persists?: boolean;
  /** Keeps the bytes of the modules. */
  readonly keeps?: boolean;
}

/** What the tier has done so far. */
export interface TierCounts {
  compiled: number;
  bytes: number;
  /** Milliseconds: translating bytecode, and compiling and instantiating the wasm. */
  translateMs: number;
  engineMs: number;
  entries: number;
  fuel: number;
}

/** A function that was seen at a stop. */
interface Known {
  readonly index: number;
  stops: number;
  /** -1: it is not for this tier. */
  state: -1 | 0 | 1;
  readonly seen: Uint8Array;
  readonly elements: Map<number, number>;
  readonly generic: Set<number>;
  readonly open: Set<number>;
  /** How often compiled code left before each word, and missed what it expected there. */
  readonly exits: Map<number, number>;
  readonly misses: Map<number, number>;
  safepoints: ReadonlySet<number>;
  /** Words at which it leaves whatever is done about it: calls, returns, and what it does not know. */
  fixed: ReadonlySet<number>;
  /** `seen` when it was compiled. */
  expected: string;
  versions: number;
  /** Entries in a row that came to nothing, and the fuel for which the interpreter goes on alone. */
  idle: number;
}

/** The compiled functions of one program. */
interface Compiled {
  readonly functions: Map<number, Known>;
  readonly table: WebAssembly.Table;
  readonly run: () => number;
}

/** Exits at one word after which its function is compiled anew. */
const EXITS = 6;
const VERSIONS = 12;
/** An entry that gets less far came to nothing. */
const PROGRESS = 8;
const MAX_ALONE = 4096;

/** Runs compiled functions one after the other: calls and returns are jumps between them. */
function trampoline(programId: number): Uint8Array<ArrayBuffer> {
  const code = new Code(0);
  const fp = code.local(I32);
  const cell = code.local(I32);
  const program = code.local(I32);
  const again = code.loop();
  const leave = code.block();
  code
    .i32(0)
    .memory(OP.i32_load, VM_WORD.fp)
    .tee(fp)
    .memory(OP.i32_load, 0)
    .memory(OP.i32_load, FUNCTION_CODE)
    .set(cell);
  code.get(cell).memory(OP.i32_load, CODE_PROGRAM).tee(program).memory(OP.i32_load, PROGRAM_ID);
  code.i32(programId).op(OP.i32_ne).brIf(leave);
  code.get(fp).get(cell).i32(0).memory(OP.i32_load, VM_WORD.pc).get(cell).op(OP.i32_sub).i32(CODE_SIZE).op(OP.i32_sub);
  code.i32(3).op(OP.i32_shr_u).get(cell).memory(OP.i32_load, CODE_INDEX).callIndirect(0);
  code.tee(program).i32(GO_ON).op(OP.i32_eq).brIf(again);
  code.get(program).op(OP.return).end().end().i32(LEAVE);
  return moduleOf(code, 1, true);
}

/** A function that leaves at once. */
function missing(): Uint8Array<ArrayBuffer> {
  return moduleOf(new Code(3).i32(LEAVE), 0, false);
}

const missingModule = new WebAssembly.Module(missing());

interface Changeable {
  exports: Machine["exports"];
}

/** Calls and returns leave when the other frame is none for compiled code. */
const LEAVES = /^(CALL|RETURN)U?$/;

function newKnown(index: number, registers: number): Known {
  return {
    index,
    stops: 0,
    state: 0,
    seen: new Uint8Array(registers),
    elements: new Map(),
    generic: new Set(),
    open: new Set(),
    exits: new Map(),
    misses: new Map(),
    safepoints: new Set(),
    fixed: new Set(),
    expected: "",
    versions: 0,
    idle: 0,
  };
}

/** Gives a machine a tier. */
export class Tier {
  readonly counts: TierCounts = { compiled: 0, bytes: 0, translateMs: 0, engineMs: 0, entries: 0, fuel: 0 };
  /** The bytes of the modules, if they are kept. */
  readonly modules: Uint8Array[] = [];
  /** Names of the instructions at which compiled code leaves. */
  readonly unhandled = new Set<string>();
  readonly #machine: Machine;
  readonly #exports: Machine["exports"];
  readonly #drive: (fuel: number) => number;
  readonly #stops: number;
  readonly #slice: number;
  readonly #keeps: boolean;
  readonly #persists: boolean;
  readonly #programs = new Map<number, Compiled>();

  constructor(machine: Machine, { stops = 2, slice = 2000, keeps = false, persists = false }: TierOptions = {}) {
    const { exports } = machine;
    this.#machine = machine;
    this.#exports = exports;
    this.#drive = exports.drive;
    this.#stops = stops;
    this.#slice = slice;
    this.#keeps = keeps;
    this.#persists = persists;
    const drive = (fuel: number): number => this.drive(fuel);
    (machine as Changeable).exports = { ...exports, drive };
  }

  /** Leaves the machine to the interpreter alone. Needed before the machine is used for another program. */
  remove(): void {
    (this.#machine as Changeable).exports = this.#exports;
  }

  /** As the core's `drive`. */
  drive(fuel: number): number {
    let left = fuel;
    let slice = Math.min(left, this.#slice);
    for (;;) {
      const before = this.#used();
      const status = this.#drive(slice);
      const used = this.#used() - before;
      left -= used;
      if (status !== RUN_STATUS.FUEL || left < 0) return status;
      // A slice that ended in debt between two jobs has stopped where one drive, which had enough, would not have.
      if (left === 0) return this.#drive(0);
      const known = this.#look();
      slice = Math.min(left, this.#slice);
      if (known === undefined || known.state !== 1) continue;
      const place = this.#place();
      const { spent, result } = this.#enter(left);
      left -= spent;
      // Debt stays debt.
      if (left <= 0) slice = left;
      else {
        const price = this.#left(result === MISSED);
        // At a safepoint that compiled code does not enter, the interpreter would stay without fuel.
        slice = Math.max(place === this.#place() ? 1 : price, this.#alone(known, spent, left));
      }
    }
  }

  /** Where the machine is: different after each step, but for steps that come back to where they began. */
  #place(): number {
    const { u32 } = this.#machine.views;
    return u32[VM_WORD.fp >>> 2]! * 2 ** 21 + u32[VM_WORD.pc >>> 2]!;
  }

  #used(): number {
    const { u32 } = this.#machine.views;
    return u32[VM_WORD.fuelUsedHigh >>> 2]! * 0x1_0000_0000 + u32[VM_WORD.fuelUsedLow >>> 2]!;
  }

  /** The fuel of the interpreter's next slice: more the less compiled code achieves. */
  #alone(known: Known, spent: number, left: number): number {
    if (spent >= PROGRESS || this.#persists) {
      known.idle = 0;
      return 0;
    }
    known.idle++;
    return known.idle < 4 ? 0 : Math.min(left, MAX_ALONE, 2 ** Math.min(known.idle, 12));
  }

  /** Looks where the interpreter has stopped, and compiles what is hot there. */
  #look(): Known | undefined {
    const { data } = this.#machine.views;
    const fp = data.getUint32(VM_WORD.fp, true);
    if (fp === 0) return undefined;
    const cell = data.getUint32(data.getUint32(fp, true) + FUNCTION_CODE, true);
    const program = data.getUint32(cell + CODE_PROGRAM, true);
    const id = data.getUint32(program + PROGRAM_ID, true);
    const compiled = this.#compiledOf(id, data.getUint32(program + PROGRAM_COUNT, true));
    const index = data.getUint32(cell + CODE_INDEX, true);
    let known = compiled.functions.get(index);
    if (known === undefined) {
      const registers = data.getUint16(cell + CODE_REGISTERS, true);
      known = newKnown(index, registers);
      compiled.functions.set(index, known);
    }
    if (known.state === 0) {
      this.#sample(known, fp);
      if (++known.stops >= this.#stops) this.#compile(compiled, known, cell);
    }
    return known;
  }

  #compiledOf(id: number, count: number): Compiled {
    let compiled = this.#programs.get(id);
    if (compiled === undefined) {
      const { memory } = this.#machine.exports;
      const table = new WebAssembly.Table({ element: "anyfunc", initial: count });
      const absent = new WebAssembly.Instance(missingModule, { m: { memory } });
      for (let i = 0; i < count; i++) table.set(i, absent.exports["run"]);
      const module = new WebAssembly.Module(trampoline(id));
      const { exports } = new WebAssembly.Instance(module, { m: { memory, table } });
      compiled = { functions: new Map(), table, run: exports["run"] as () => number };
      this.#programs.set(id, compiled);
    }
    return compiled;
  }

  /** What the word at `at` holds. */
  #expectAt(at: number): number {
    const high = this.#machine.views.data.getUint32(at + 4, true);
    if (high === VALUE_TAGS.INT) return EXPECT.INT;
    return high < FIRST_TAG ? EXPECT.DOUBLE : EXPECT.OTHER;
  }

  #sample(known: Known, fp: number): void {
    const { data } = this.#machine.views;
    for (let register = 0; register < known.seen.length; register++) {
      const at = fp + 8 * register;
      const expect = this.#expectAt(at);
      known.seen[register] = met(known.seen[register]!, expect);
      if (expect !== EXPECT.OTHER || data.getUint32(at + 4, true) !== VALUE_TAGS.OBJECT) continue;
      const elements = data.getUint32(data.getUint32(at, true) + 12, true);
      if (elements === 0 || data.getUint8(elements + 7) !== KIND.ELEMENTS) continue;
      const length = data.getUint32(elements + ELEMENTS_LENGTH, true);
      for (let i = 0; i < length; i += Math.max(1, length >>> 4)) {
        const before = known.elements.get(register) ?? EXPECT.UNKNOWN;
        known.elements.set(register, met(before, this.#expectAt(elements + ELEMENTS_SIZE + 8 * i)));
      }
    }
  }

  #compile(compiled: Compiled, known: Known, cell: number): void {
    const { memory } = this.#machine.exports;
    const { data } = this.#machine.views;
    const begun = performance.now();
    const linked = readFunction(data, cell);
    if (linked === undefined) {
      known.state = -1;
      return;
    }
    const seen: Seen = {
      registers: known.seen,
      generic: known.generic,
      open: known.open,
      elements: ({ a, b }) => known.elements.get(b) ?? known.seen[a]!,
      cacheOffset: ({ word, distance }) => data.getUint32(cell + CODE_SIZE + 8 * word + distance + 4, true),
    };
    const { bytes, unhandled } = new FunctionCompiler(linked, seen).compile();
    if (this.#keeps) this.modules.push(bytes);
    const translated = performance.now();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { memory } });
    compiled.table.set(known.index, exports["run"]);
    for (const name of unhandled.values()) this.unhandled.add(name);
    const { instructions } = linked;
    known.safepoints = new Set(instructions.filter((one) => one.isSafepoint).map(({ word }) => word));
    const leaves = instructions.filter(({ word, op }) => LEAVES.test(op) || unhandled.has(word));
    known.fixed = new Set(leaves.map(({ word }) => word));
    known.expected = known.seen.join();
    known.state = 1;
    known.versions++;
    this.counts.compiled++;
    this.counts.bytes += bytes.length;
    this.counts.translateMs += translated - begun;
    this.counts.engineMs += performance.now() - translated;
  }

  /** Runs compiled code with so much fuel; returns what it has spent, and how it left. */
  #enter(fuel: number): { readonly spent: number; readonly result: number } {
    const { data } = this.#machine.views;
    const program = this.#programOf(data)!;
    data.setInt32(VM_WORD.fuel, fuel, true);
    const result = program.run();
    const spent = fuel - data.getInt32(VM_WORD.fuel, true);
    data.setInt32(VM_WORD.fuel, 0, true);
    const total = this.#used() + spent;
    data.setUint32(VM_WORD.fuelUsedLow, total >>> 0, true);
    data.setUint32(VM_WORD.fuelUsedHigh, Math.floor(total / 0x1_0000_0000), true);
    this.counts.entries++;
    this.counts.fuel += spent;
    return { spent, result };
  }

  #programOf(data: DataView): Compiled | undefined {
    const cell = this.#cell(data);
    return this.#programs.get(data.getUint32(data.getUint32(cell + CODE_PROGRAM, true) + PROGRAM_ID, true));
  }

  #cell(data: DataView): number {
    return data.getUint32(data.getUint32(data.getUint32(VM_WORD.fp, true), true) + FUNCTION_CODE, true);
  }

  /**
   * Compiled code has left before its fuel was spent. What is often not as it was expected is compiled again, for more kinds of values.
   * Returns the fuel that the instruction at which it left takes before it does anything.
   */
  #left(isMissed: boolean): 0 | 1 {
    const { data } = this.#machine.views;
    const cell = this.#cell(data);
    const known = this.#programOf(data)?.functions.get(data.getUint32(cell + CODE_INDEX, true));
    if (known === undefined || known.state !== 1) return 0;
    const word = (data.getUint32(VM_WORD.pc, true) - cell - CODE_SIZE) >>> 3;
    const price = known.safepoints.has(word) ? 1 : 0;
    const [counts, marks] = isMissed ? [known.misses, known.open] : [known.exits, known.generic];
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    if (count > EXITS || known.versions >= VERSIONS || (!isMissed && known.fixed.has(word))) return price;
    this.#sample(known, data.getUint32(VM_WORD.fp, true));
    if (count < EXITS || marks.has(word)) return price;
    // Registers that have been seen with other values since may be all that it takes.
    if (!isMissed || known.expected === known.seen.join()) marks.add(word);
    known.exits.clear();
    known.misses.clear();
    // It is compiled at the next stop in it, with what its frame holds then.
    known.state = 0;
    known.stops = this.#stops;
    return price;
  }
}

/** What is expected after both were seen. Only numbers are told apart: a register that held something else before says nothing. */
function met(a: number, b: number): number {
  if (a === b || a === EXPECT.UNKNOWN || a === EXPECT.OTHER) return b;
  return b === EXPECT.OTHER ? a : EXPECT.NUMBER;
}
