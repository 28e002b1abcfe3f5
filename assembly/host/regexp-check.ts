// Owns the check of regular expression literals, which the compiler asks of the core. The machine that is asked runs nothing meanwhile.
// Must never leave anything on the heap.
import { openArena, take } from "../regexp/arena";
import { checkUnits } from "../regexp/compile";
import { messageAt, messageLength } from "../regexp/source";

const ANSWER: usize = memory.data(8, 4);

/** Address for `units` two-byte units of pattern and flags, valid until the next call. */
export function regExpSpace(units: u32): usize {
  openArena();
  return take((<usize>units << 1) + 16);
}

/**
 * Checks the pattern and the flags after it. Returns
 *   0 both are fine
 *   1 the flags are wrong
 *   else the address of {message, its length}
 */
export function regExpCheck(at: usize, units: u32, flags: u32): usize {
  const answer = checkUnits(at, units, <i32>flags);
  if (answer == 1) return 0;
  if (answer < 0) return 1;
  store<u32>(ANSWER, <u32>messageAt());
  store<i32>(ANSWER, messageLength(), 4);
  return ANSWER;
}
