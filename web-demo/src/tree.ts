// Makes a value that has left the program into one that can be unfolded. Must never follow a cycle, or more than is shown.

import { formatValue } from "./format.ts";
import type { ValueView } from "./protocol.ts";

const MOST_ENTRIES = 100;
const DEEPEST = 6;

/** The tree of a value; undefined if it has no parts. */
export function treeOf(value: unknown): ValueView | undefined {
  const tree = viewOf(value, 0, new Set());
  return tree.entries === undefined ? undefined : tree;
}

function viewOf(value: unknown, depth: number, around: Set<object>): ValueView {
  const type = typeof value;
  const text = formatValue(value).split("\n", 1)[0]!;
  if (typeof value !== "object" || value === null) return { type: value === null ? "null" : type, text };
  if (around.has(value) || depth >= DEEPEST) return { type, text: "…" };
  around.add(value);
  const parts = partsOf(value);
  const entries = parts.slice(0, MOST_ENTRIES).map(([key, part]) => ({ key, value: viewOf(part, depth + 1, around) }));
  around.delete(value);
  const more = parts.length - entries.length;
  const line = oneLine(value, entries);
  return { type, text: line, ...(entries.length > 0 ? { entries } : {}), ...(more > 0 ? { more } : {}) };
}

function partsOf(value: object): (readonly [string, unknown])[] {
  if (value instanceof Map) return [...value].map(([key, part]) => [formatValue(key), part] as const);
  if (value instanceof Set) return [...value].map((part, i) => [String(i), part] as const);
  if (value instanceof Date || value instanceof RegExp || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return [];
  if (value instanceof Error)
    return Object.entries({ ...value, ...(value.cause === undefined ? {} : { cause: value.cause }) });
  return Object.entries(value);
}

function oneLine(value: object, entries: readonly { readonly key: string; readonly value: ValueView }[]): string {
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date || value instanceof RegExp || entries.length === 0)
    return formatValue(value).split("\n", 1)[0]!;
  const names = entries.map(({ key }) => key).join(", ");
  return names.length > 60 ? `{ ${names.slice(0, 59)}… }` : `{ ${names} }`;
}
