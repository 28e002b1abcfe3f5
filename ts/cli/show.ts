// Owns showing a program's values on the command line. The values may be hostile: an object may contain another a thousand times,
// which contains another a thousand times. Must never print more than a terminal can use.

import { inspect } from "node:util";

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
  let room = MAX_VALUES;
  const plain = (one: unknown, outer: readonly unknown[]): unknown => {
    if (--room < 0) return "…";
    if (typeof one === "bigint") return `${one}n`;
    if (typeof one === "number" && !Number.isFinite(one)) return String(one);
    if (typeof one === "string") return one.slice(0, MAX_TEXT);
    if (typeof one !== "object" || one === null) return one;
    if (outer.includes(one)) return "[circular]";
    const inner = [...outer, one];
    if (one instanceof Date) return one.toJSON();
    if (one instanceof Error) return { name: one.name, message: one.message };
    if (one instanceof Map) return Array.from(one, ([key, item]) => [plain(key, inner), plain(item, inner)]);
    if (Array.isArray(one) || one instanceof Set) return Array.from(one, (item) => plain(item, inner));
    if (ArrayBuffer.isView(one)) return Array.from(new Uint8Array(one.buffer, one.byteOffset, one.byteLength));
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, plain(item, inner)]));
  };
  return JSON.stringify(plain(value, []), undefined, 2);
}
