// Owns the crossing of values between the host and one machine: where the bytes go, and the short cut for primitives. The form
// of the bytes is marshal-in.ts's and marshal-out.ts's. Must never hold a view of memory over a call into the core.

import { MAILBOX } from "../defs/exchange.ts";
import { MAX_CELL_BYTES } from "../defs/limits.ts";
import { FIRST_TAG, NAN_HIGH, VALUE_TAGS } from "../defs/values.ts";
import { LimitError, MarshalError } from "../errors.ts";
import { SPECIAL_VALUES as SPECIALS } from "../generated/emit.ts";
import type { Machine } from "./machine.ts";
import { MarshalWriter } from "./marshal-in.ts";
import { MarshalReader } from "./marshal-out.ts";
import { crossing, hasHiddenCode } from "./thrown-error.ts";

const shared = new MarshalWriter();
const reader = new MarshalReader();

/** The largest cell of the guest's heap, with room for its header. */
const MAX_TRANSFER = MAX_CELL_BYTES - 64;

/** Writes a value in the transfer form. The bytes are valid until the next crossing, of any machine. */
export function writeValue(value: unknown, root: string): Uint8Array {
  // A getter of the host may call back into here in the middle of a value.
  return (shared.busy ? new MarshalWriter() : shared).write(value, root);
}

/**
 * Writes what a host function has thrown: of an error its name, message, cause, code, status and own properties that are plain data,
 * never its stack. What of them cannot cross is left out. The bytes are valid until the next crossing.
 *
 * @throws MarshalError for another value that cannot enter the guest
 */
export function writeThrown(thrown: unknown): Uint8Array {
  if (!(thrown instanceof Error)) return writeValue(thrown, "error");
  try {
    return writeValue(hasHiddenCode(thrown) ? crossing(thrown) : thrown, "error");
  } catch (error) {
    if (!(error instanceof MarshalError)) throw error;
    return writeValue(crossing(thrown), "error");
  }
}

/**
 * Puts bytes of the transfer form where the core can read them, and returns their address.
 *
 * @throws LimitError if they alone exceed the guest's memory limit
 */
export function putBytes(machine: Machine, bytes: Uint8Array): number {
  let at = machine.transferArea;
  if (bytes.length > machine.transferAreaSize) {
    const allowed = Math.min(machine.word("memoryLimit"), MAX_TRANSFER);
    if (bytes.length > allowed) throw new LimitError("memoryBytes", allowed, bytes.length);
    at = machine.exports.transferSpace(bytes.length);
  }
  machine.views.u8.set(bytes, at);
  return at;
}

/** Writes a value where the core can read it, and returns its address. */
export function putValue(machine: Machine, value: unknown, root: string): number {
  return putBytes(machine, writeValue(value, root));
}

/** Returns the length in bytes of the core's last output. */
export function outputLength(machine: Machine): number {
  return mailboxWord(machine, MAILBOX.LENGTH);
}

/** Returns the bytes of the core's last output. They are valid until the next call into the core. */
export function outputBytes(machine: Machine): Uint8Array {
  const at = mailboxWord(machine, MAILBOX.ADDRESS);
  return machine.views.u8.subarray(at, at + outputLength(machine));
}

/** Reads the core's last output. */
export function readOutput(machine: Machine): unknown {
  const { u8, data } = machine.views;
  return reader.read(u8, data, mailboxWord(machine, MAILBOX.ADDRESS));
}

/**
 * Reads the core's last output, named `root` in errors; or returns why this host cannot represent it: for example, a regular
 * expression that is too new for its engine.
 */
export function readCrossing(
  machine: Machine,
  root: string,
): { readonly value: unknown } | { readonly refused: MarshalError } {
  try {
    return { value: readOutput(machine) };
  } catch (error) {
    if (!(error instanceof MarshalError)) throw error;
    return { refused: new MarshalError(root, error.message) };
  }
}

/** Reads why the core could not write a value, named `root` in errors. */
export function readRefusal(machine: Machine, root: string): MarshalError {
  const { u8, data } = machine.views;
  return reader.readRefusal(u8, data, mailboxWord(machine, MAILBOX.ADDRESS), root);
}

// --- primitives without any bytes ---------------------------------------------------------------------------------
// The encoding is that of ts/defs/values.ts.

const { INT: TAG_INT, SPECIAL: TAG_SPECIAL } = VALUE_TAGS;
const UNDEFINED = SPECIALS.indexOf("undefined");
const NULL = SPECIALS.indexOf("null");
const FALSE = SPECIALS.indexOf("false");
const TRUE = SPECIALS.indexOf("true");

/** Returns a word of the mailbox. */
function mailboxWord(machine: Machine, offset: number): number {
  return machine.views.u32[(machine.mailbox + offset) >>> 2]!;
}

/** Returns the id of the call in the mailbox. */
export function mailboxCall(machine: Machine): number {
  return mailboxWord(machine, MAILBOX.CALL_ID);
}

/** Returns the address of the pending call after the one in the mailbox, 0 if that is the last. */
export function mailboxNext(machine: Machine): number {
  return mailboxWord(machine, MAILBOX.CALL_NEXT);
}

/** Returns the kind of the call in the mailbox. */
export function mailboxKind(machine: Machine): number {
  return mailboxWord(machine, MAILBOX.CALL_KIND);
}

/** Returns the address of the name of the call in the mailbox. It is valid until the next collection. */
export function mailboxName(machine: Machine): number {
  return mailboxWord(machine, MAILBOX.CALL_NAME);
}

/** Returns the arguments of the call in the mailbox if all are numbers, booleans, null or undefined; otherwise undefined. */
export function mailboxArguments(machine: Machine): unknown[] | undefined {
  const { u32, i32, f64 } = machine.views;
  const count = i32[(machine.mailbox + MAILBOX.CALL_COUNT) >>> 2]!;
  if (count < 0) return undefined;
  const out: unknown[] = [];
  for (let i = 0, at = machine.mailbox + MAILBOX.CALL_ARGUMENTS; i < count; i++, at += 8) {
    const high = u32[(at + 4) >>> 2]!;
    if (high === TAG_INT) out.push(i32[at >>> 2]);
    else if (high < FIRST_TAG) out.push(f64[at >>> 3]);
    else {
      const low = u32[at >>> 2]!;
      out.push(low === NULL ? null : low === FALSE ? false : low === TRUE ? true : undefined);
    }
  }
  return out;
}

/** True if the value fits the mailbox as an answer. */
export function fitsMailbox(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean" || value === undefined || value === null;
}

/** Puts a number, boolean, null or undefined into the mailbox as an answer; returns false for any other value. */
export function putAnswerInMailbox(machine: Machine, value: unknown): boolean {
  const { u32, i32, f64 } = machine.views;
  const at = machine.mailbox + MAILBOX.ANSWER;
  if (typeof value === "number") {
    const int = value | 0;
    if (int === value && (int !== 0 || 1 / value > 0)) {
      i32[at >>> 2] = int;
      u32[(at + 4) >>> 2] = TAG_INT;
    } else if (value === value) f64[at >>> 3] = value;
    else {
      // A host may write any NaN; the machine has only one.
      u32[at >>> 2] = 0;
      u32[(at + 4) >>> 2] = NAN_HIGH;
    }
    return true;
  }
  const special =
    value === undefined ? UNDEFINED : value === null ? NULL : value === false ? FALSE : value === true ? TRUE : -1;
  if (special < 0) return false;
  u32[at >>> 2] = special;
  u32[(at + 4) >>> 2] = TAG_SPECIAL;
  return true;
}
