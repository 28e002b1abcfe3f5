// Owns showing a program's values on the command line. The values may be hostile: an object may contain another a thousand times,
// which contains another a thousand times. Must never print more than a terminal can use.

import { inspect } from "node:util";
import { plainJson } from "../hosts/plain-json.ts";

/** Most nested values that are shown. */
const MAX_VALUES = 10_000;
/** Most elements that are shown of each list. */
const MAX_ELEMENTS = 100;
/** Most characters that are shown of each text. */
const MAX_TEXT = 10_000;

function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return [];
  if (Array.isArray(value)) return value.slice(0, MAX_ELEMENTS);
  if (value instanceof Map) return [...value].slice(0, MAX_ELEMENTS).flat();
  if (value instanceof Set) return [...value].slice(0, MAX_ELEMENTS);
  return Object.values(value);
}

/** Returns the rest of `room` after a value and its content are shown to that depth; negative: they do not fit. */
function roomLeft(value: unknown, depth: number, room: number): number {
  let left = room - 1;
  if (typeof value !== "object" || value === null || depth < 0) return left;
  for (const part of partsOf(value)) {
    if (left < 0) return left;
    left = roomLeft(part, depth - 1, left);
  }
  return left;
}

/** Formats a value for people, to a depth of `most` or as deep as there is room. */
export function shown(value: unknown, most: number): string {
  let depth = most;
  while (depth > 0 && roomLeft(value, depth, MAX_VALUES) < 0) depth--;
  return inspect(value, { depth, maxArrayLength: MAX_ELEMENTS, maxStringLength: MAX_TEXT });
}

/** Returns a value as JSON of two spaces, with text where JSON has no form: for bigints, functions, cycles. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(plainJson(value, { values: MAX_VALUES, text: 100 * MAX_TEXT, marks: true }), undefined, 2);
}
