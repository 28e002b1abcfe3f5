// Owns the place of a function's source range in its code cell: two u32 after the positions.
import { positionsOf } from "../heap/code";

/** Address of {source start u32, source length u32}, in code units of the program's source. */
export function sourceRangeOf(code: usize): usize {
  const positions = positionsOf(code);
  return positions + 4 + ((<usize>load<u32>(positions)) << 3);
}
