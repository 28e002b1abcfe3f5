// Owns reading pending calls out of a machine. Must never answer one.

import { CALL_KINDS } from "../defs/states.ts";
import { InternalError, LimitError, SnapshotError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import { givePrepared, prepareAnswer } from "./answers.ts";
import type { Machine } from "./machine.ts";
import {
  mailboxArguments,
  mailboxCall,
  mailboxKind,
  mailboxName,
  mailboxNext,
  outputLength,
  readCrossing,
  readOutput,
  readRefusal,
} from "./marshal.ts";
import { addTime, asInternalError, runOf } from "./run.ts";

/** What the guest waits for: `"async"` and `"sync"` calls of host functions, a `"timer"`, or a `"module"` to import. */
export type CallKind = Lowercase<keyof typeof CALL_KINDS>;

/** Kinds of pending call, indexed by the core's number. */
export const CALL_KIND_NAMES: readonly (CallKind | undefined)[] = Object.keys(CALL_KINDS).map(
  (name) => name.toLowerCase() as CallKind,
);

/** A call or timer that waits for its host. */
export interface PendingCall {
  /** Unique in the run; answers refer to it. */
  readonly id: number;
  /** `"async"`: the guest continues with a promise; `"sync"`: it is held at the call. */
  readonly kind: CallKind;
  /** Name of the external function, `"tools.search"` for one in a namespace; `"setTimeout"` for timers, `"import"` for modules. */
  readonly name: string;
  /** Arguments of the call; for a module: specifier, name of the importing file, attributes. */
  readonly args: readonly unknown[];
  /** Timers: when the timer is due, in milliseconds on the program's clock. */
  readonly dueAt?: number;
  /** Modules: the name that the module will have, unless the answer gives another. */
  readonly filename?: string;
  /** Modules: the frames of the guest's stack where it is imported. */
  readonly stack?: string;
}

export const NAMES: Readonly<Record<string, string>> = { timer: "setTimeout", module: "import" };

/** True if a program of the machine declares that host function. */
function isDeclared(machine: Machine, name: string, kind: CallKind | undefined): boolean {
  return machine.programs.some(({ externals }) => externals.get(name) === kind);
}

/** Returns the name of the host function in the call that the core has just reported. */
export function nameOf(machine: Machine, record: number): string {
  // A name called both async and sync means two functions, so the key includes the kind: addresses are multiples of 8.
  const kind = mailboxKind(machine);
  const place = mailboxName(machine) + kind;
  const known = machine.names.get(place);
  if (known !== undefined) return known;
  machine.exports.writeCallName(record);
  const name = String(readOutput(machine));
  // Programs can call only functions that they declare; any other can only come from a forged snapshot.
  if (!isDeclared(machine, name, CALL_KIND_NAMES[kind])) {
    machine.broken = true;
    throw new SnapshotError(
      "malformed",
      `malformed snapshot: it calls ${JSON.stringify(name.slice(0, 100))}, which none of its programs declares`,
    );
  }
  machine.names.set(place, name);
  return name;
}

export function readCall(
  machine: Machine,
  record: number,
  room: Room,
): PendingCall | { readonly id: number; readonly refused: Error } {
  const id = mailboxCall(machine);
  const kind = CALL_KIND_NAMES[mailboxKind(machine)];
  if (kind === undefined) throw new InternalError("the core made a call of an unknown kind");
  if (kind === "timer") return { id, kind, name: NAMES[kind]!, args: [], dueAt: machine.exports.callDueOf(record) };
  if (kind === "module") return readImport(machine, id, record, room);
  const args = mailboxArguments(machine);
  const name = nameOf(machine, record);
  if (args !== undefined) return { id, kind, name, args };
  const told = toldArguments(machine, record, room);
  if ("refused" in told) return { id, refused: told.refused };
  return { id, kind, name, args: (told.value as unknown[] | undefined) ?? [] };
}

/** Returns the call that the core has just reported, if the mailbox holds all of it. */
function callInMailbox(machine: Machine, record: number): PendingCall | undefined {
  const args = mailboxArguments(machine);
  if (args === undefined || mailboxKind(machine) !== CALL_KINDS.SYNC) return undefined;
  return { id: mailboxCall(machine), kind: "sync", name: nameOf(machine, record), args };
}

/** Bytes that the arguments of all pending calls may take together in the transfer form. */
interface Room {
  bytes: number;
}

/** Reads the arguments of a call, or why they cannot cross. */
function toldArguments(machine: Machine, record: number, room?: Room): ReturnType<typeof readCrossing> {
  const isTold = machine.exports.writeCallArguments(record) !== 0;
  if (room !== undefined) room.bytes -= outputLength(machine);
  return isTold ? readCrossing(machine, "args") : { refused: readRefusal(machine, "args") };
}

function readImport(
  machine: Machine,
  id: number,
  record: number,
  room: Room,
): PendingCall | { readonly id: number; readonly refused: Error } {
  const isTold = machine.exports.writeCallArguments(record) !== 0;
  room.bytes -= outputLength(machine);
  const list = isTold ? (readOutput(machine) as unknown[] | undefined) : undefined;
  const [specifier, referrer, attributes, filename, stack] = list ?? [];
  const texts = [specifier, referrer, filename, stack];
  // Only a forged snapshot requests a module without a name.
  if (texts.some((text) => typeof text !== "string") || typeof attributes !== "object" || attributes === null)
    return { id, refused: new Error("a module without a name") };
  const args = [specifier, referrer, attributes];
  return { id, kind: "module", name: NAMES["module"]!, args, filename: filename as string, stack: stack as string };
}

/** Returns the name of the function in the call at which the guest is held. */
export function heldName(machine: Machine): string {
  return nameOf(machine, machine.word("currentCall"));
}

/** Returns the arguments of the call at which the guest is held; undefined: they cannot cross, and the call has failed in the guest. */
export function heldArguments(machine: Machine): unknown[] | undefined {
  const told = toldArguments(machine, machine.word("currentCall"));
  machine.crossed += outputLength(machine);
  if ("value" in told) return told.value as unknown[];
  givePrepared(machine, mailboxCall(machine), prepareAnswer({ error: new TypeError(told.refused.message) }));
  return undefined;
}

/** Reading so much takes time that counts as the guest's: bytes of arguments, and for each call as much as a few bytes take. */
const LARGE = 32_768;
const CALL_WORK = 64;

const clock: { now(): number } = performance;

/** Any number of calls may share the same large arguments; written out, all of them may take at most this many times the guest's memory. */
const MAX_TOLD = 4;

/**
 * Returns the pending calls. `isTold`: the core has just reported the one at which the guest is held. Calls whose arguments cannot
 * leave the guest never reach the host: they fail with a TypeError in the guest, and `failed` says that the guest can go on.
 *
 * @throws LimitError if the arguments take much more memory than the guest may hold
 */
export function pendingCalls(
  machine: Machine,
  isTold = false,
): { readonly calls: readonly PendingCall[]; readonly failed: boolean } {
  try {
    // The mailbox already describes the call at which the guest is held; usually there is no other.
    const held = machine.wordAt(VM_WORD.currentCall);
    if (isTold && machine.wordAt(VM_WORD.callHead) === held && mailboxNext(machine) === 0) {
      const call = callInMailbox(machine, held);
      if (call !== undefined) return { calls: [call], failed: false };
    }
    const calls: PendingCall[] = [];
    const refused: { readonly id: number; readonly refused: Error }[] = [];
    const { memoryBytes } = runOf(machine).limits;
    const most = MAX_TOLD * memoryBytes;
    const room = { bytes: most };
    const since = clock.now();
    for (let record = machine.exports.nextCall(0); record !== 0; record = machine.exports.nextCall(record)) {
      const call = readCall(machine, record, room);
      if (room.bytes < 0) throw new LimitError("memoryBytes", memoryBytes, most - room.bytes);
      if ("refused" in call) refused.push(call);
      else calls.push(call);
    }
    // Where the clock does not move, a byte counts as a unit of fuel, and a call as some.
    const work = most - room.bytes + CALL_WORK * calls.length;
    if (work > LARGE) addTime(runOf(machine), clock.now() - since, work);
    for (const { id, refused: why } of refused) {
      givePrepared(machine, id, prepareAnswer({ error: new TypeError(why.message) }));
    }
    return { calls, failed: refused.length > 0 };
  } catch (error) {
    throw asInternalError(machine, error);
  }
}
