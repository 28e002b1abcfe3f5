// Owns the variables of frames, and the frames of what is suspended: async functions and generators. Must never run anything, and must
// take no more time than in proportion to the snapshot, whatever that claims.
//
// Names and places come from compiling the source again (compiler/program-scopes.ts): they are used only if that gives exactly the
// program that is here.

import type { FunctionLayout, ProgramScopes, ScopeLayout, ScopeVariable } from "../compiler/program-scopes.ts";
import { GENERATOR_ASYNC, REACTION_KINDS } from "../defs/states.ts";
import { VALUE_TAGS } from "../defs/values.ts";
import { FN } from "../generated/emit.ts";
import * as at from "../generated/machine.ts";
import type { Machine } from "../machine/machine.ts";
import type { ProgramRecord } from "../machine/records.ts";
import { frameAt, type InspectedFrame, type PlacedFrame, type Places } from "./frames.ts";
import { NOT_KEPT, NOT_KEPT_BITS, Previewer, type ValuePreview } from "./preview.ts";
import { snapshotExports } from "./environment.ts";

/** The variables of one scope. */
export interface InspectedScope {
  /** `"local"`: of the function; `"block"`: of a statement in it; `"closure"`: of a function around it; `"module"`, `"global"`. */
  readonly kind: "local" | "block" | "closure" | "module" | "global";
  /** Variables by name, in the order of their declaration. */
  readonly variables: readonly { readonly name: string; readonly value: ValuePreview }[];
}

/** An async function or a generator that is suspended. */
export interface SuspendedFrame extends InspectedFrame {
  readonly kind: "async" | "generator" | "async-generator";
  /** The id of the pending call for whose answer it waits, if it awaits that itself. */
  readonly call?: number;
  /** Its caller, if that awaits its result: an index in the list. */
  readonly awaitedBy?: number;
}

/** Finds the variables of a program; undefined if they are not known. */
export type ScopesOf = (program: ProgramRecord) => ProgramScopes | undefined;

/** What is looked at, and with what. */
export interface Looked {
  readonly machine: Machine;
  readonly places: Places;
  readonly scopesOf: ScopesOf;
  /** Bytes of the snapshot's graph. */
  readonly size: number;
}

/** Innermost frames whose variables are shown, and suspended functions that are. */
const MAX_FRAMES = 200;
/** Values that a description shows, at least, and for each byte of the snapshot. */
const ROOM = { least: 4000, perByte: 0.25 } as const;
const { KIND } = at;

const NO_LAYOUT = { scopes: undefined, this: undefined };

/** Shows the variables of frames. One object for each look: equal objects have equal ids in it. */
class Looker {
  readonly values: Previewer;
  readonly #looked: Looked;

  constructor(looked: Looked) {
    this.values = previewerOf(looked);
    this.#looked = looked;
  }

  frame({ shown, registers, code, offset, program }: PlacedFrame): InspectedFrame {
    const { values } = this;
    const known = program === undefined ? undefined : this.#looked.scopesOf(program);
    const layout = known?.functions[values.word(code + at.CODE_INDEX)];
    if (layout === undefined) return { ...shown, ...NO_LAYOUT };
    const chain = this.#chain(layout, registers, offset);
    const scopes = chain
      .map(({ scope, kind, environment, registers: own }) => ({
        kind,
        variables: this.#variables(scope, environment, own, offset),
      }))
      .filter(({ variables }) => variables.length > 0);
    const global = this.#global(known!.globals);
    if (global.variables.length > 0) scopes.push(global);
    const self = this.#self(layout, chain, registers, code);
    return { ...shown, scopes, this: self };
  }

  /** The open scopes, innermost first, with their environments: those of the function, then those around it. */
  #chain(layout: FunctionLayout, registers: number, offset: number): Open[] {
    const { values } = this;
    const open: Open[] = [];
    const own = layout.scopes.filter(({ start, end }) => start <= offset && offset < end);
    for (const scope of own.toReversed()) {
      const environment = scope.hasEnvironment ? this.#environment(registers + 8 * scope.envRegister) : 0;
      const kind = isBlock(scope) ? "block" : "local";
      open.push({ scope, kind, environment, registers });
    }
    let environment = values.word(values.word(registers) + at.FUNCTION_ENV);
    for (let scope = layout.around; scope !== undefined; scope = scope.parent) {
      const kind = scope.kind === "module" || scope.kind === "program" ? "module" : "closure";
      open.push({ scope, kind, environment: scope.hasEnvironment ? environment : 0, registers: 0 });
      if (scope.hasEnvironment && environment !== 0) environment = this.#isEnvironment(values.word(environment));
    }
    return open;
  }

  /** The environment in a register; 0 if it is not there yet, NO_ENVIRONMENT if it was not kept. */
  #environment(register: number): number {
    const { low, high } = this.values.bits(register);
    if (high === VALUE_TAGS.SPECIAL && low === NOT_KEPT_BITS) return NO_ENVIRONMENT;
    return high === VALUE_TAGS.CELL ? this.#isEnvironment(low) : 0;
  }

  #isEnvironment(cell: number): number {
    return cell !== 0 && this.values.kindOf(cell) === KIND.ENV ? cell : 0;
  }

  #variables(scope: ScopeLayout, environment: number, registers: number, offset: number): InspectedScope["variables"] {
    const variables: { name: string; value: ValuePreview }[] = [];
    for (const variable of scope.variables) {
      const value = this.#value(variable, environment, registers, offset);
      if (value !== undefined) variables.push({ name: variable.name, value });
    }
    return variables;
  }

  /** The value of a variable; undefined if it is out of reach: a register of a function that is not this one. */
  #value(variable: ScopeVariable, environment: number, registers: number, offset: number): ValuePreview | undefined {
    const { values } = this;
    if (variable.register >= 0) {
      if (registers === 0) return undefined;
      return offset < variable.from ? NOT_YET : values.preview(registers + 8 * variable.register);
    }
    if (environment === NO_ENVIRONMENT) return NOT_KEPT;
    const slot = variable.cell >= 0 ? variable.cell : variable.slot;
    if (environment === 0 || slot < 0) return variable.cell >= 0 ? undefined : NOT_YET;
    const address = environment + at.ENV_SIZE + 8 * slot;
    if (address >= environment + 8 * (values.word(environment + 4) & 0xff_ffff)) return undefined;
    const cell = values.addressOf(values.bits(address));
    if (variable.cell < 0 || cell === 0 || values.kindOf(cell) !== KIND.ENV) return values.preview(address);
    return values.preview(cell + at.ENV_SIZE);
  }

  #self(layout: FunctionLayout, chain: readonly Open[], registers: number, code: number): ValuePreview | undefined {
    if (!layout.isArrow) {
      const isProgram = (this.values.word(code + at.CODE_FLAGS) & FN.PROGRAM) !== 0;
      return isProgram ? undefined : this.values.preview(registers + 8);
    }
    for (const { scope, environment } of chain)
      if (scope.self !== undefined) return this.#value(scope.self, environment, 0, Infinity);
    return undefined;
  }

  #global(names: readonly string[]): InspectedScope {
    const { values } = this;
    const { machine } = this.#looked;
    const variables: { name: string; value: ValuePreview }[] = [];
    for (const name of names.slice(0, MAX_FRAMES)) {
      for (const place of ["globalLexical", "globalObject"] as const) {
        const found = values.own(values.addressOf(machine.value(place)), name);
        if (found === undefined) continue;
        variables.push({ name, value: values.of(found) });
        break;
      }
    }
    return { kind: "global", variables };
  }
}

interface Open {
  readonly scope: ScopeLayout;
  readonly kind: InspectedScope["kind"];
  readonly environment: number;
  /** Address of the registers of its function; 0 if that is not this one. */
  readonly registers: number;
}

const NO_ENVIRONMENT = -1;
const NOT_YET: ValuePreview = { type: "uninitialized", text: "uninitialized" };

function isBlock({ kind }: ScopeLayout): boolean {
  return kind !== "params" && kind !== "body" && kind !== "program" && kind !== "module" && kind !== "eval";
}

const lookers = new WeakMap<Looked, Looker>();

function lookerOf(looked: Looked): Looker {
  const known = lookers.get(looked);
  if (known !== undefined) return known;
  const made = new Looker(looked);
  lookers.set(looked, made);
  return made;
}

function previewerOf({ machine, size }: Looked): Previewer {
  return new Previewer(machine, ROOM.least + ROOM.perByte * size);
}

/** The frames of the stack with their variables. */
export function withScopes(stack: readonly PlacedFrame[], looked: Looked): InspectedFrame[] {
  if (stack.length > 0) snapshotExports(looked.machine).markDeadRegisters(0);
  const looker = lookerOf(looked);
  return stack.map((frame, i) => (i < MAX_FRAMES ? looker.frame(frame) : { ...frame.shown, ...NO_LAYOUT }));
}

/** What is suspended, with what it waits for. */
interface Task {
  /** Address of the generator, or of the coroutine of an async function. */
  readonly cell: number;
  readonly kind: SuspendedFrame["kind"];
  readonly frame: number;
  /** Address of the promise of its result; 0 if it has none. */
  readonly promise: number;
}

/** The async functions and generators that are suspended, in the order in which they are in memory. */
export function suspendedFrames(looked: Looked): SuspendedFrame[] {
  const { machine, places } = looked;
  const looker = lookerOf(looked);
  const { tasks, awaits, calls } = tasksOf(machine, looker.values);
  const byPromise = new Map(tasks.map(({ promise }, i) => [promise, i]));
  const awaitedBy = new Map<number, number>();
  tasks.forEach(({ cell }, i) => {
    const caller = byPromise.get(awaits.get(cell) ?? -1);
    if (caller !== undefined) awaitedBy.set(caller, i);
  });
  const { markDeadRegisters } = snapshotExports(machine);
  for (const { frame } of tasks) markDeadRegisters(frame);
  return tasks.map(({ cell, kind, frame }, i) => {
    const word = looker.values.word(frame + at.FRAME_POSITION);
    const shown = looker.frame(frameAt(machine, places, frame + at.FRAME_SIZE, word));
    const call = calls.get(awaits.get(cell) ?? -1);
    const caller = awaitedBy.get(i);
    return {
      ...shown,
      kind,
      ...(call === undefined ? {} : { call }),
      ...(caller === undefined ? {} : { awaitedBy: caller }),
    };
  });
}

/** Goes through all cells once: what is suspended, which promise each of them awaits, and which promises calls will settle. */
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
    if (kind === KIND.PROMISE) {
      let reaction = values.word(cell + at.PROMISE_REACTIONS);
      for (
        ;
        reaction !== 0 && values.kindOf(reaction) === KIND.REACTION;
        reaction = values.word(reaction + at.REACTION_NEXT)
      )
        if ((values.word(reaction + at.REACTION_KIND) & 255) === REACTION_KINDS.AWAIT)
          awaits.set(values.addressOf(values.bits(reaction + at.REACTION_TARGET)), cell);
    } else if (kind === KIND.CALLRECORD) {
      calls.set(values.addressOf(values.bits(cell + at.CALLRECORD_TARGET)), values.word(cell + at.CALLRECORD_ID));
    } else if (tasks.length < MAX_FRAMES) {
      const task = taskAt(values, cell, kind);
      if (task !== undefined) tasks.push(task);
    }
    const size = 8 * (header & 0xff_ffff);
    if (size === 0) break;
    cell += size;
  }
  return { tasks, awaits, calls };
}

/** What a cell is, if it is a suspended function: its frame has its registers, as those of one that runs have not. */
function taskAt(values: Previewer, cell: number, kind: number): Task | undefined {
  if (kind !== KIND.COROUTINE && kind !== KIND.GENERATOR) return undefined;
  const isGenerator = kind === KIND.GENERATOR;
  const frame = values.word(cell + (isGenerator ? at.GENERATOR_FRAME : at.COROUTINE_FRAME));
  if (frame === 0 || values.kindOf(frame) !== KIND.FRAME) return undefined;
  const callee = values.addressOf(values.bits(frame + at.FRAME_SIZE));
  if (callee === 0 || values.kindOf(callee) !== KIND.FUNCTION) return undefined;
  if (!isGenerator) {
    const promise = values.addressOf(values.bits(cell + at.COROUTINE_PROMISE));
    return { cell, kind: "async", frame, promise };
  }
  const isAsync = (values.word(cell + at.GENERATOR_STATE) & GENERATOR_ASYNC) !== 0;
  return { cell, kind: isAsync ? "async-generator" : "generator", frame, promise: 0 };
}
