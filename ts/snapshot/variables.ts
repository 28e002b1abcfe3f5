// Owns reading the variables of a frame out of a machine at rest. Must never run guest code, and must never trust that a register or a
// slot holds what the compiler put there.

import type { VariableInfo, VariableKind, VariableMap, VariablePlace } from "../compiler/variable-map.ts";
import { VALUE_TAGS } from "../defs/values.ts";
import { SPECIAL_VALUES } from "../generated/emit.ts";
import { CODE_REGISTERS, ENV_SIZE, FUNCTION_ENV, KIND } from "../generated/machine.ts";
import type { Machine, ValueBits } from "../machine/machine.ts";
import { putValue, readCrossing } from "../machine/marshal.ts";
import { type Frame, functionIndex, offsetOf } from "./frames.ts";

/** A variable as it is at a stop. */
export interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
  /** A copy of its value. Where that cannot leave the program, a part of it or all of it is a text that describes it. */
  readonly value: unknown;
  /** False if a text is in the place of the value, or of a part of it. */
  readonly isWhole: boolean;
}

/** The number of the special value that only the machine sees: no element, or a variable before its declaration. */
export const HOLE = SPECIAL_VALUES.indexOf("hole");
const ENV_KIND = KIND.ENV;

/** True if the address is that of an environment with that slot. */
function hasSlot(machine: Machine, env: number, slot: number): boolean {
  const { u8, u32 } = machine.views;
  if (env === 0 || env % 8 !== 0 || env + 8 > u8.length || u8[env + 7] !== ENV_KIND) return false;
  return ENV_SIZE + 8 * slot < (u32[(env + 4) >>> 2]! & 0xff_ffff) * 8;
}

function slotOf(machine: Machine, env: number, slot: number): number {
  return hasSlot(machine, env, slot) ? env + ENV_SIZE + 8 * slot : 0;
}

/** Returns the cell that a register or slot holds; 0: it holds something else. */
function cellAt(machine: Machine, at: number): number {
  const { u32 } = machine.views;
  return u32[(at + 4) >>> 2] === VALUE_TAGS.CELL ? u32[at >>> 2]! : 0;
}

/** Returns the address of the value of a variable that a function has around it; 0: it has no value now. */
function addressAround(machine: Machine, fn: number, place: Extract<VariablePlace, { readonly up: number }>): number {
  const { u32 } = machine.views;
  let env = u32[(fn + FUNCTION_ENV) >>> 2]!;
  for (let i = place.up; i > 0 && env !== 0; i--) env = u32[env >>> 2]!;
  const at = slotOf(machine, env, place.slot);
  return at !== 0 && place.isCell ? slotOf(machine, cellAt(machine, at), 0) : at;
}

/** Returns the address of a variable's value; 0: it has no value now. */
function addressIn(machine: Machine, frame: Frame, place: VariablePlace): number {
  const { u16, u32 } = machine.views;
  if ("global" in place) return machine.exports.globalSlot(putValue(machine, place.global, "name"));
  if ("up" in place) return addressAround(machine, u32[frame.fp >>> 2]!, place);
  const register = "register" in place ? place.register : place.environment;
  if (register < 0 || register >= u16[(frame.code + CODE_REGISTERS) >>> 1]!) return 0;
  const at = frame.fp + 8 * register;
  return "register" in place ? at : slotOf(machine, cellAt(machine, at), place.slot);
}

/** Returns the bits of a value that a guest can have; undefined: it is a hole, or the compiler's own. */
function bitsAt(machine: Machine, at: number): ValueBits | undefined {
  const { u32 } = machine.views;
  const low = u32[at >>> 2]!;
  const high = u32[(at + 4) >>> 2]!;
  if (high === VALUE_TAGS.CELL || (high === VALUE_TAGS.SPECIAL && low >= HOLE)) return undefined;
  return { low, high };
}

/** Returns the address of the value at a place, from a frame; 0: there is none that a guest can have. */
export function valueAt(machine: Machine, frame: Frame, place: VariablePlace): number {
  const at = addressIn(machine, frame, place);
  return at === 0 || bitsAt(machine, at) === undefined ? 0 : at;
}

/** As valueAt, from a function that is not under way. */
export function valueAround(machine: Machine, fn: number, place: VariablePlace): number {
  const at = "up" in place ? addressAround(machine, fn, place) : 0;
  return at === 0 || bitsAt(machine, at) === undefined ? 0 : at;
}

/** A variable of a frame, and where its value is. */
export interface FoundVariable {
  readonly info: VariableInfo;
  readonly at: number;
  readonly bits: ValueBits;
}

/** The variables that a frame can see and that have a value, the innermost first. */
export function findVariables(
  machine: Machine,
  frame: Frame,
  map: VariableMap,
  inputs: readonly string[] = [],
): FoundVariable[] {
  const offset = offsetOf(machine, frame);
  const seen = new Set<string>();
  const found: FoundVariable[] = [];
  const all = map.functions[functionIndex(machine, frame.code)] ?? [];
  for (const info of [...all, ...inputs.map(inputInfo)]) {
    if (seen.has(info.name) || offset <= info.from || offset >= info.to) continue;
    seen.add(info.name);
    const one = isSet(offset, info) ? readVariable(machine, frame, info) : undefined;
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** True if the declaration was passed, of a variable whose register cannot say that itself. */
function isSet(offset: number, { place, since }: VariableInfo): boolean {
  return !("register" in place) || offset >= since;
}

/** True if a frame is where the variable is in scope and may have a value. */
export function isInScope(machine: Machine, frame: Frame, info: VariableInfo): boolean {
  const offset = offsetOf(machine, frame);
  return offset > info.from && offset < info.to && isSet(offset, info);
}

function inputInfo(name: string, index: number): VariableInfo {
  const home = { kind: "global" } as const;
  return { name, kind: "input", place: { global: name }, home, from: -1, to: Infinity, since: -1, id: -1e6 - index };
}

/** Finds the value of one variable from a frame of a function that sees it; undefined: it has no value now. */
export function readVariable(machine: Machine, frame: Frame, info: VariableInfo): FoundVariable | undefined {
  const at = addressIn(machine, frame, info.place);
  const bits = at === 0 ? undefined : bitsAt(machine, at);
  return bits === undefined ? undefined : { info, at, bits };
}

/** Writes the value at an address to the output. False: what cannot leave the program was described instead. */
export function writeVariable(machine: Machine, at: number): boolean {
  const isWhole = machine.exports.writeValueAt(at, 0) !== 0;
  if (!isWhole) machine.exports.writeValueAt(at, 1);
  return isWhole;
}

/** Copies the value of a variable out of the machine. */
export function showVariable(machine: Machine, { info, at }: FoundVariable): Variable {
  const { name, kind } = info;
  const isWhole = writeVariable(machine, at);
  const shown = readCrossing(machine, name);
  return "value" in shown
    ? { name, kind, value: shown.value, isWhole }
    : { name, kind, value: shown.refused.message, isWhole: false };
}
