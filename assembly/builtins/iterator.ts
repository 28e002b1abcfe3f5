// Owns the natives of iterator helpers. Must never call guest code.
import { addressOf, UNDEFINED, Value } from "../core/value";
import { ARRAY_LENGTH, ELEMENTS_LENGTH } from "../generated/kinds";
import { chargeFuel } from "../heap/memory";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { refuseState } from "./arguments";

/** (internal array): removes the first element. */
export function dropFirst(area: usize, argc: i32): Value {
  const array = addressOf(load<u64>(area, 16));
  const elements = elementsOf(array);
  if (denseLength(elements) == 0) return refuseState();
  const n = load<u32>(elements, ELEMENTS_LENGTH) - 1;
  chargeFuel(<i32>(n >> 5));
  memory.copy(elementAt(elements, 0), elementAt(elements, 1), <usize>n << 3);
  store<u64>(elementAt(elements, n), 0);
  store<u32>(elements, n, ELEMENTS_LENGTH);
  store<u32>(array, n, ARRAY_LENGTH);
  return UNDEFINED;
}
