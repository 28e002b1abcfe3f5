// Owns what follows a native that returned a signal in place of a value. Must never call a native.
import { EXCEPTION, RETRY, SWITCH, Value } from "../core/value";
import { CONTEXT_ACTION, damaged } from "./action";
import { retryLater } from "./limits";
import { saveRegisters } from "./operands";
import { unwind } from "./return";

/** Handles the signal of a native: a pending exception, a retry, a frame it made. */
export function afterSignal(signal: Value, pc: usize, fp: usize): i32 {
  // The native has put the next pc and fp into the VM block itself.
  if (signal == SWITCH) return load<i32>(CONTEXT_ACTION);
  saveRegisters(pc, fp);
  if (signal == EXCEPTION) return unwind();
  if (signal == RETRY) return retryLater();
  return damaged();
}
