// Owns the list of base objects that the program may have changed: a snapshot compares only those with the pristine image. An object
// comes onto it before its first change that the guest could see (shape, properties, elements), and stays. Must never miss one: what is
// missing here is lost from every snapshot.
//
// Not noted, because they are compared each time (ts/snapshot/pristine.ts): the global object, the global lexical record, and objects
// of kinds that natives change by their fields. Caches write without asking, so they are filled only for shapes of objects that are noted,
// and for shapes that no object of the base image has.
import { VM_BASE_END } from "../generated/layout";
import { MAX_TOUCHED } from "../generated/snapshot-format";

/** Count u32 (one more than MAX_TOUCHED: all) · address u32 each. */
const TOUCHED: usize = memory.data(252, 8); // 4 + 4 · MAX_TOUCHED

/** Address of the list, for the wrapper. */
export function touchedObjects(): usize {
  return TOUCHED;
}

function note(object: usize): void {
  const count = load<u32>(TOUCHED);
  if (count > MAX_TOUCHED) return;
  for (let i: u32 = 1; i <= count; i++) if (load<u32>(TOUCHED + (<usize>i << 2)) == <u32>object) return;
  store<u32>(TOUCHED, count + 1);
  if (count < MAX_TOUCHED) store<u32>(TOUCHED + (<usize>(count + 1) << 2), <u32>object);
}

/** Notes that an object is about to change, if it is in the base image. */
// @ts-ignore: decorator
@inline
export function touch(object: usize): void {
  if (<u32>object < load<u32>(VM_BASE_END)) note(object);
}
