// Owns properties of Unicode by name: General_Category, Script, Script_Extensions, binary properties, properties of strings. Must
// never hold decoded tables: sets are decoded into the arena when a pattern names them.
import { contains, rangeSet, END_OF_UNICODE } from "./set";
import { KNOWN_SETS } from "./source";

export function propertySet(name: usize, value: usize): usize {
  return 0;
}
export function propertyStrings(name: usize): usize {
  return 0;
}
export function prepareIdentifiers(): void {}
export function isIdStart(c: u32): bool {
  return (c | 0x20) - 0x61 < 26 || c == 0x24 || c == 0x5f || c > 0x7f;
}
export function isIdContinue(c: u32): bool {
  return isIdStart(c) || c - 0x30 < 10 || c == 0x200c || c == 0x200d;
}
