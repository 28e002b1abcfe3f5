// Owns the variables of frames as previews, and the frames of suspended async functions and generators. Must never run anything,
// and must take no more time than in proportion to the snapshot, whatever that claims.

import type { VariableHome, VariableInfo, VariableMap } from "../compiler/variable-map.ts";
import { GENERATOR_ASYNC, REACTION_KINDS } from "../defs/states.ts";
import * as at from "../generated/machine.ts";
import type { Machine } from "../machine/machine.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { snapshotExports } from "./environment.ts";
import { codeOfFrame, describeFrame, type Frame, functionIndex, type InspectedFrame, programOf } from "./frames.ts";
import { type Captured, Previewer, type ValuePreview } from "./preview.ts";
import { findVariables, type FoundVariable, valueAround, valueAt } from "./variables.ts";

/** The variables of one sort that a frame sees. */
export interface InspectedScope {
  /**
   * `"local"`: of the function and the blocks in it; `"closure"`: of one function around it; `"module"`, `"global"`: of the top level of a
   * module or a script, if the function captured them or they are shared.
   */
  readonly kind: "local" | "closure" | "module" | "global";
  /** Of a closure: the name of the function around; empty if it has none, and for blocks at the top level. */
  readonly function?: string;
  /** Those that have a value, innermost first. */
  readonly variables: readonly { readonly name: string; readonly value: ValuePreview }[];
  /** How many were left out, in a state that has very many. */
  readonly more?: number;
}

/** A frame with its variables. */
export interface ScopedFrame extends InspectedFrame {
  /**
   * What the function sees here, innermost first: its own variables, those of each function around it that it has captured, then the top
   * level. A name that is declared again is listed once. Undefined where the names are not known:
   * in builtins, code from strings, TypeScript in a runtime without it, code that another compiler made, and beyond the 200 innermost
   * frames. Of a program that was not compiled with `step`, variables that nothing will read are not in a snapshot.
   */
  readonly scopes?: readonly InspectedScope[] | undefined;
  /**
   * The value of `this`; undefined at the top level, before `super()` has returned, and in arrow functions where no arrow function uses
   * it.
   */
  readonly this?: ValuePreview | undefined;
}

/** An async function or a generator that is suspended. */
export interface SuspendedFrame extends ScopedFrame {
  readonly kind: "async" | "generator" | "async-generator";
  /** The id of the pending call for whose answer it waits, if it awaits that itself. */
  readonly call?: number;
  /** Its caller, if that awaits its result: an index in the list. */
  readonly awaitedBy?: number;
}

/** Finds where the variables of a program are; undefined if that is not known. */
export type MapOf = (program: ProgramRecord) => VariableMap | undefined;

/** Innermost frames whose variables are shown, and suspended functions that are. */
const MAX_FRAMES = 200;
/** Values that a description shows, at least, and for each byte of the snapshot's graph. */
const ROOM = { least: 4000, perByte: 0.25 } as const;
/** Variables that all frames together list, at least, and for each byte: each frame lists what it sees of the functions around it. */
const NAMES = { least: 10_000, perByte: 0.25 } as const;
/** Variables that are looked at of those that a function has captured. */
const MAX_CAPTURED = 200;
const { KIND } = at;
const ORDER: readonly VariableHome["kind"][] = ["local", "closure", "module", "global"];

/** Variables by where they are declared: first their own, then those of the functions around, then the top level. */
function grouped<T extends { readonly info: VariableInfo }>(all: readonly T[]): [VariableHome, T[]][] {
  const groups = new Map<VariableHome | string, [VariableHome, T[]]>();
  for (const one of all) {
    const { home } = one.info;
    const key = home.kind === "closure" ? home : home.kind;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [home, [one]]);
    else group[1].push(one);
  }
  return [...groups.values()].sort(([a], [b]) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Looks at a machine once: equal objects have equal ids in what it shows. The machine must not run afterwards. */
export class Looker {
  readonly #machine: Machine;
  readonly #mapOf: MapOf;
  readonly #values: Previewer;
  /** By what the compiler knows of a function: what of it is captured. */
  readonly #captures = new Map<readonly VariableInfo[], readonly VariableInfo[]>();
  #names: number;

  /** @param size bytes of the snapshot's graph */
  constructor(machine: Machine, mapOf: MapOf, size: number) {
    this.#machine = machine;
    this.#mapOf = mapOf;
    this.#names = NAMES.least + NAMES.perByte * size;
    this.#values = new Previewer(machine, ROOM.least + ROOM.perByte * size, (fn) => this.#capturedBy(fn));
  }

  /** The frames of the stack with their variables. */
  stack(frames: readonly Frame[]): ScopedFrame[] {
    // What lies in registers that nothing will read are no values of variables.
    if (frames.length > 0) snapshotExports(this.#machine).markDeadRegisters(0);
    return frames.map((frame, i) => (i < MAX_FRAMES ? this.#frame(frame) : describeFrame(this.#machine, frame)));
  }

  #frame(frame: Frame): ScopedFrame {
    const machine = this.#machine;
    const shown = describeFrame(machine, frame);
    const { program } = frame;
    const map = program === undefined ? undefined : this.#mapOf(program);
    if (map === undefined) return shown;
    const found = findVariables(machine, frame, map, program!.inputs);
    const scopes = grouped(found).map(([home, variables]) => this.#scope(home, variables));
    const place = map.selves[functionIndex(machine, frame.code)];
    const self = place === undefined ? 0 : valueAt(machine, frame, place);
    return { ...shown, scopes, this: self === 0 ? undefined : this.#values.preview(self) };
  }

  #scope(home: VariableHome, found: readonly FoundVariable[]): InspectedScope {
    const listed = found.slice(0, Math.max(0, this.#names));
    this.#names -= listed.length;
    const variables = listed.map(({ info, at: address }) => ({
      name: info.name,
      value: this.#values.preview(address),
    }));
    const more = found.length - listed.length;
    return { ...home, variables, ...(more > 0 ? { more } : {}) };
  }

  /** What a function has captured of the functions around it, and its `this` if it is an arrow function. */
  #capturedBy(fn: number): Captured[] {
    const machine = this.#machine;
    const code = this.#values.word(fn + at.FUNCTION_CODE);
    const program = programOf(machine, code);
    const map = program === undefined ? undefined : this.#mapOf(program);
    if (map === undefined) return [];
    const index = functionIndex(machine, code);
    const found = this.#captured(map.functions[index] ?? [])
      .map((info) => ({ info, name: info.name, address: valueAround(machine, fn, info.place) }))
      .filter(({ address }) => address !== 0);
    const all: Captured[] = grouped(found).map(([home, variables]) => ({
      key: `[[${home.kind === "closure" && home.function !== "" ? home.function : "closure"}]]`,
      variables,
    }));
    const place = map.selves[index];
    const self = place === undefined ? 0 : valueAround(machine, fn, place);
    if (self !== 0) all.push({ key: "[[this]]", address: self });
    return all;
  }

  #captured(infos: readonly VariableInfo[]): readonly VariableInfo[] {
    const known = this.#captures.get(infos);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const captured = infos
      .filter(({ name, home }) => home.kind === "closure" && !seen.has(name) && seen.add(name))
      .slice(0, MAX_CAPTURED);
    this.#captures.set(infos, captured);
    return captured;
  }

  /** The async functions and generators that are suspended, in the order in which they are in memory. */
  suspended(): SuspendedFrame[] {
    const machine = this.#machine;
    const values = this.#values;
    const { tasks, awaits, calls } = tasksOf(machine, values);
    const { markDeadRegisters } = snapshotExports(machine);
    for (const { frame } of tasks) markDeadRegisters(frame);
    const byPromise = new Map(tasks.map(({ promise }, i) => [promise, i]));
    const awaitedBy = new Map<number, number>();
    tasks.forEach(({ cell }, i) => {
      const callee = byPromise.get(awaits.get(cell) ?? -1);
      if (callee !== undefined) awaitedBy.set(callee, i);
    });
    return tasks.map(({ cell, kind, frame }, i) => {
      const fp = frame + at.FRAME_SIZE;
      const code = codeOfFrame(machine, fp);
      const word = values.word(frame + at.FRAME_POSITION);
      const call = calls.get(awaits.get(cell) ?? -1);
      const caller = awaitedBy.get(i);
      return {
        ...this.#frame({ fp, code, word, program: programOf(machine, code) }),
        kind,
        ...(call === undefined ? {} : { call }),
        ...(caller === undefined ? {} : { awaitedBy: caller }),
      };
    });
  }
}

/** A suspended function. */
interface Task {
  /** Address of the generator, or of the coroutine of an async function. */
  readonly cell: number;
  readonly kind: SuspendedFrame["kind"];
  readonly frame: number;
  /** Address of the promise of its result; 0 without one. */
  readonly promise: number;
}

/** Goes through all cells once: the suspended functions, which promise each of them awaits, and which promises calls will settle. */
function tasksOf(
  machine: Machine,
  values: Previewer,
): { tasks: Task[]; awaits: ReadonlyMap<number, number>; calls: ReadonlyMap<number, number> } {
  const tasks: Task[] = [];
  const awaits = new Map<number, number>();
  const calls = new Map<number, number>();
  const top = machine.word("heapTop");
  for (let cell = machine.word("heapBase"); cell < top;) {
    const header = values.word(cell + 4);
    const kind = header >>> 24;
    if (kind === KIND.PROMISE) noteAwaits(values, cell, awaits);
    else if (kind === KIND.CALLRECORD)
      calls.set(values.addressOf(values.bits(cell + at.CALLRECORD_TARGET)), values.word(cell + at.CALLRECORD_ID));
    else if (tasks.length < MAX_FRAMES) tasks.push(...taskAt(values, cell, kind));
    const size = 8 * (header & 0xff_ffff);
    if (size === 0) break;
    cell += size;
  }
  return { tasks, awaits, calls };
}

/** Notes what awaits a promise. */
function noteAwaits(values: Previewer, promise: number, awaits: Map<number, number>): void {
  let reaction = values.word(promise + at.PROMISE_REACTIONS);
  while (reaction !== 0 && values.kindOf(reaction) === KIND.REACTION) {
    if ((values.word(reaction + at.REACTION_KIND) & 255) === REACTION_KINDS.AWAIT)
      awaits.set(values.addressOf(values.bits(reaction + at.REACTION_TARGET)), promise);
    reaction = values.word(reaction + at.REACTION_NEXT);
  }
}

/** The suspended function that a cell is, if it is one: its frame has its registers, as that of one that runs has not. */
function taskAt(values: Previewer, cell: number, kind: number): Task[] {
  if (kind !== KIND.COROUTINE && kind !== KIND.GENERATOR) return [];
  const isGenerator = kind === KIND.GENERATOR;
  const frame = values.word(cell + (isGenerator ? at.GENERATOR_FRAME : at.COROUTINE_FRAME));
  if (frame === 0 || values.kindOf(frame) !== KIND.FRAME) return [];
  const callee = values.addressOf(values.bits(frame + at.FRAME_SIZE));
  if (callee === 0 || values.kindOf(callee) !== KIND.FUNCTION) return [];
  if (!isGenerator)
    return [{ cell, kind: "async", frame, promise: values.addressOf(values.bits(cell + at.COROUTINE_PROMISE)) }];
  const isAsync = (values.word(cell + at.GENERATOR_STATE) & GENERATOR_ASYNC) !== 0;
  return [{ cell, kind: isAsync ? "async-generator" : "generator", frame, promise: 0 }];
}
