// Owns the test whether a host value is plain data: only such properties of an error cross with it. Must never call a getter.

/** Deepest level of nested objects that is searched, and most values in all. */
const MAX_DEPTH = 5;
const MAX_VALUES = 500;

function isPlain(value: unknown, depth: number, left: { values: number }): boolean {
  if (--left.values < 0) return false;
  if (value === null) return true;
  if (typeof value !== "object") return typeof value !== "function" && typeof value !== "symbol";
  if (value instanceof Error || value instanceof Date) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  if (depth === MAX_DEPTH) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (d) => d.enumerable !== true || ("value" in d && isPlain(d.value, depth + 1, left)),
  );
}

/** True for primitives, dates, errors, and plain objects and arrays of such that are not large. */
export function isPlainData(value: unknown): boolean {
  return isPlain(value, 0, { values: MAX_VALUES });
}
