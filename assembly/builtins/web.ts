// Owns the natives of performance, crypto and abort signals: random bytes, and timers of any delay. Must never read a clock or a
// source of randomness of the host.
import { addressOf, boxU32, isObject, toDouble, TRUE, UNDEFINED, Value } from "../core/value";
import { TYPEDARRAY_ELEMENT_TYPE } from "../generated/kinds";
import { chargeBytes } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { startTimerIn, stopTimer as stopTimerOf } from "../jobs/timers";
import { shiftOf, viewLength, viewStart } from "../objects/typed";
import { randomWord } from "./math";

/** (typed array): fills it from the run's generator */
export function fillRandom(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  if (length == 0) return UNDEFINED;
  const bytes = <usize>length << <usize>shiftOf(load<u32>(view, TYPEDARRAY_ELEMENT_TYPE));
  chargeBytes(bytes << 1);
  const start = viewStart(view);
  for (let i: usize = 0; i < bytes; i += 4) {
    let word = randomWord();
    for (let j = i; j < min(i + 4, bytes); j++, word >>= 8) store<u8>(start + j, <u8>word);
  }
  return UNDEFINED;
}

/** (callback, milliseconds, is it quiet, array of arguments or undefined) → id */
export function armTimer(area: usize, argc: i32): Value {
  const args = argAt(area, argc, 3);
  return boxU32(startTimerIn(argAt(area, argc, 0), toDouble(argAt(area, argc, 1)), isObject(args) ? args : UNDEFINED, argAt(area, argc, 2) == TRUE));
}
/** (id) */
export function stopTimer(area: usize, argc: i32): Value {
  const id = toDouble(argAt(area, argc, 0));
  if (id >= 1 && id < 4294967296.0) stopTimerOf(<u32>id);
  return UNDEFINED;
}
