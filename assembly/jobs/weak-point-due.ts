// Owns the fuel at which weak references are looked at next. Must never depend on when memory was collected.
import { VM_WEAK_POINT_LOW } from "../generated/layout";

/** Total fuel at which the next point is due (u64), 0 while no WeakRef was ever made. */
export const DUE: usize = VM_WEAK_POINT_LOW;

/** A WeakRef was made: from now on there are such points. */
export function needWeakPoints(): void {
  if (load<u64>(DUE) == 0) store<u64>(DUE, 1);
}
