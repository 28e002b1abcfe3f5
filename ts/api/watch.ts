// Owns watching one variable while a recorded run is gone through: which variable a name means, and whether its value has changed. Must
// never change the machine it looks at.

import type { VariableInfo, VariableMap } from "../compiler/variable-map.ts";
import { FN } from "../generated/emit.ts";
import { CODE_FLAGS, VM_WORD } from "../generated/machine.ts";
import type { Machine } from "../machine/machine.ts";
import { outputBytes } from "../machine/marshal.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { type Frame, functionIndex, stackFrames, topFrame } from "../snapshot/frames.ts";
import { sameBytes } from "../snapshot/parts.ts";
import { findVariables, isInScope, readVariable, writeVariable } from "../snapshot/variables.ts";

/** The value of a variable at a stop. */
export interface Sample {
  /** The bytes in which it leaves the program; undefined: it has no value. */
  readonly bytes: Uint8Array | undefined;
  /** The call whose variable it is has not begun, or is over. */
  readonly isAbsent: boolean;
  /** Its bits, which mean the same while nothing is collected. */
  readonly bits: string;
  readonly collections: number;
}

function equalBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}

/** Watches a variable. */
export class Watch {
  readonly #info: VariableInfo;
  readonly #map: VariableMap;
  readonly #program: ProgramRecord;
  /** The frame whose own variable it is: its registers, and its function; undefined for a variable that outlives its frame. */
  readonly #own: { readonly fp: number; readonly index: number; readonly mayMove: boolean } | undefined;

  private constructor(
    info: VariableInfo,
    map: VariableMap,
    program: ProgramRecord,
    own: { readonly fp: number; readonly index: number; readonly mayMove: boolean } | undefined,
  ) {
    this.#info = info;
    this.#map = map;
    this.#program = program;
    this.#own = own;
  }

  /** Watches the variable that a name means in a frame; undefined: the frame sees no such variable. */
  static of(machine: Machine, frame: Frame, map: VariableMap, name: string): Watch | undefined {
    const program = frame.program!;
    const found = findVariables(machine, frame, map, program.inputs).find(({ info }) => info.name === name);
    if (found === undefined) return undefined;
    const { info } = found;
    const isOwn = "register" in info.place || "environment" in info.place;
    const flags = machine.views.u32[(frame.code + CODE_FLAGS) >>> 2]!;
    const mayMove = (flags & (FN.ASYNC | FN.GENERATOR | FN.PROGRAM)) !== 0;
    const own = isOwn ? { fp: frame.fp, index: functionIndex(machine, frame.code), mayMove } : undefined;
    return new Watch(info, map, program, own);
  }

  /** The frame from which the variable can be read. */
  #frame(machine: Machine): { readonly frame: Frame; readonly info: VariableInfo } | undefined {
    for (const frame of stackFrames(machine)) {
      if (frame.program !== this.#program) continue;
      const index = functionIndex(machine, frame.code);
      const own = this.#own;
      if (own === undefined) {
        const info = this.#map.functions[index]?.find(({ id }) => id === this.#info.id);
        if (info !== undefined) return { frame, info };
      } else if (index === own.index && (own.mayMove || frame.fp === own.fp)) return { frame, info: this.#info };
    }
    return undefined;
  }

  /** Reads the value; undefined: nothing can be said of it here. */
  sample(machine: Machine): Sample | undefined {
    const collections = machine.wordAt(VM_WORD.collections);
    const none = { bytes: undefined, isAbsent: false, bits: "", collections };
    const there = "global" in this.#info.place ? { frame: NOWHERE, info: this.#info } : this.#frame(machine);
    if (there === undefined)
      return this.#own === undefined || this.#own.mayMove ? undefined : { ...none, isAbsent: true };
    const { frame, info } = there;
    const found = frame === NOWHERE || isInScope(machine, frame, info) ? readVariable(machine, frame, info) : undefined;
    if (found === undefined) return none;
    writeVariable(machine, found.at);
    const { low, high } = found.bits;
    return { bytes: outputBytes(machine).slice(), isAbsent: false, bits: `${high} ${low}`, collections };
  }

  /** True at a stop in a function that declares or assigns the variable. */
  mayAssign(machine: Machine): boolean {
    const writers = this.#map.writers.get(this.#info.id);
    if (writers === undefined) return true;
    const top = topFrame(machine);
    return top !== undefined && top.program === this.#program && writers.has(functionIndex(machine, top.code));
  }
}

/** A global is read from no frame. */
const NOWHERE: Frame = { fp: 0, code: 0, word: 0, program: undefined };

/** Finds the changes of a variable among stops, in the order in which they are visited. */
export class Changes {
  readonly #watch: Watch;
  #before: Sample | undefined;
  #first: Sample | undefined;
  #lastStop: number | undefined;
  #lastAssignment: number | undefined;
  #found: number | undefined;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** The first value that was seen. */
  get first(): Sample | undefined {
    return this.#first;
  }

  visit({ machine, position }: { readonly machine: Machine; readonly position: number }): void {
    const sample = this.#watch.sample(machine);
    if (sample !== undefined) {
      this.#found = this.#change(sample) ?? this.#found;
      this.#first ??= sample;
      this.#before = sample;
    }
    this.#lastStop = position;
    if (this.#watch.mayAssign(machine)) this.#lastAssignment = position;
  }

  /** Returns the stop after which the value became this one; undefined: it was that already. */
  #change(sample: Sample): number | undefined {
    const before = this.#before;
    if (before === undefined || equalBytes(before.bytes, sample.bytes)) return undefined;
    // What an object holds can be changed anywhere; a variable is assigned where it can be seen.
    const isMutated = before.bits !== "" && before.bits === sample.bits && before.collections === sample.collections;
    return isMutated || before.isAbsent ? this.#lastStop : (this.#lastAssignment ?? this.#lastStop);
  }

  /** Returns the last stop before a change, of those visited, given the value that came after them. */
  lastBefore(later: Sample): number | undefined {
    return this.#change(later) ?? this.#found;
  }
}
