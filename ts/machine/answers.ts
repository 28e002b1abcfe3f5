// Owns answers to pending calls on their way into a machine. Must never leave one half written.

import { InternalError, LimitError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import type { PreparedAnswer } from "./records.ts";
import { fitsMailbox, putAnswerInMailbox, putBytes, writeThrown, writeValue } from "./marshal.ts";
import { guarded, runOf } from "./run.ts";

/**
 * The host's answer to a call. `{ value }` is what the call returns, or what its promise is resolved with; `{ error }` is thrown, or the
 * promise is rejected with it.
 */
export type Answer = { readonly value: unknown } | { readonly error: unknown };

export function memoryExceeded(machine: Machine, bytes: number): LimitError {
  return new LimitError("memoryBytes", runOf(machine).limits.memoryBytes, bytes + machine.exports.usedMemory());
}

/** Replaces an answer that cannot enter the guest by a TypeError that says so. */
export function explain(error: unknown): WrittenAnswer {
  return writeError(new TypeError(error instanceof Error ? error.message : String(error)));
}

export type { PreparedAnswer };

/** An answer in the transfer form. */
type WrittenAnswer = Extract<PreparedAnswer, { readonly bytes: Uint8Array }>;

function writeError(error: unknown): WrittenAnswer {
  return { bytes: writeThrown(error).slice(), isError: true };
}

export function prepareAnswer(answer: Answer): PreparedAnswer {
  if ("error" in answer) return writeError(answer.error);
  const { value } = answer;
  if (fitsMailbox(value)) return { primitive: value };
  return { bytes: writeValue(value, "value").slice(), isError: false };
}

/** Gives an answer that was prepared. */
export function givePrepared(machine: Machine, id: number, prepared: PreparedAnswer): void {
  machine.log?.answered(machine, id, prepared);
  const result = guarded(machine, () => {
    if ("primitive" in prepared) {
      putAnswerInMailbox(machine, prepared.primitive);
      return machine.exports.answerFromMailbox(id);
    }
    return machine.exports.answer(id, putBytes(machine, prepared.bytes), prepared.isError ? 1 : 0);
  });
  if (result === 2) throw memoryExceeded(machine, "bytes" in prepared ? prepared.bytes.length : 0);
  if (result !== 0) throw new InternalError(`the core knows no call ${id}`);
}

/** Gives one answer at once. `work` runs when the value is known to be able to cross, before anything is changed. */
export function giveAnswer(machine: Machine, id: number, answer: Answer, work: () => void): void {
  if ("value" in answer && putAnswerInMailbox(machine, answer.value)) {
    work();
    machine.log?.answered(machine, id, { primitive: answer.value });
    if (guarded(machine, () => machine.exports.answerFromMailbox(id)) !== 0) {
      throw new InternalError(`the core knows no call ${id}`);
    }
    return;
  }
  // Nothing crosses in `work`: the bytes need not be copied before.
  const isError = "error" in answer;
  const bytes = isError ? writeThrown(answer.error) : writeValue(answer.value, "value");
  work();
  // A logged answer is kept; the bytes are valid until the next crossing.
  givePrepared(machine, id, { bytes: machine.log === undefined ? bytes : bytes.slice(), isError });
}

/** As `prepareAnswer`, but an answer that cannot cross becomes a TypeError that says so. */
export function prepareOrExplain(answer: Answer): PreparedAnswer {
  try {
    return prepareAnswer(answer);
  } catch (error) {
    return explain(error);
  }
}
