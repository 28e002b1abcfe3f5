// Owns the points at which a guest may see that an object was collected. WeakRef targets that nothing else holds are cleared between
// two jobs: first after a WeakRef was made, and then each time another INTERVAL of fuel has been used. Fuel does not depend on how a run
// is cut into slices, stopped and resumed, so neither do these points. Must never clear anywhere else: a target that a job has read
// stays alive until that job has ended. https://tc39.es/ecma262/#sec-weakref-processing-model
import { addressOf, isObject, UNDEFINED } from "../core/value";
import { FRAME_COUNT, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, Kind } from "../generated/kinds";
import { VM_FUEL_USED_LOW, VM_HEAP_BASE, VM_HEAP_TOP, VM_RESULT, VM_SOURCE_REQUEST, VM_TRANSFERRED, VM_SLICE_FUEL } from "../generated/layout";
import { codeRegisters } from "../heap/code";
import { fuelLeft, kindOf, sizeOf } from "../heap/memory";
import { openSpace } from "../heap/scratch";
import { DUE } from "../jobs/weak-point-due";
import { collectAtRest } from "./limits";
import { clearDeadRegisters, resetPlaces } from "./live-registers";

/** Fuel from one point to the next; a collection costs no more time than that. */
const INTERVAL: u64 = 2000000;

function totalFuel(): u64 {
  const left = <i64>fuelLeft();
  return load<u64>(VM_FUEL_USED_LOW) + <u64>(<i64>load<i32>(VM_SLICE_FUEL) - left);
}

/** Clears dead registers of suspended frames: after a snapshot they would be empty too, so they must not keep anything alive. */
function clearFrames(): void {
  openSpace(<usize>load<u32>(VM_HEAP_TOP));
  resetPlaces();
  const end = <usize>load<u32>(VM_HEAP_TOP);
  for (let p = <usize>load<u32>(VM_HEAP_BASE); p < end; p += sizeOf(p)) {
    if (kindOf(p) != Kind.FRAME) continue;
    const callee = load<u64>(p, FRAME_SIZE);
    if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) continue;
    const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
    if (<u32>codeRegisters(code) == load<u32>(p, FRAME_COUNT)) clearDeadRegisters(p + FRAME_SIZE, code, load<u32>(p, FRAME_POSITION));
  }
  resetPlaces();
}

/** Between two jobs; the stack is empty. All cells may move. */
export function passWeakPoint(): void {
  const due = load<u64>(DUE);
  if (due == 0) return;
  const total = totalFuel();
  if (total < due) return;
  store<u64>(DUE, total + INTERVAL);
  for (let at: usize = VM_SOURCE_REQUEST; at <= VM_TRANSFERRED; at += 8) store<u64>(at, UNDEFINED);
  store<u64>(VM_RESULT, UNDEFINED);
  clearFrames();
  collectAtRest(true);
}
