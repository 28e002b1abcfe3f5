// Owns the comparison of a tree with the one that acorn makes of the same source. Must never parse.

type Value = unknown;

/** Where the parsers say the same in other words. */
const IGNORED = new Set([
  "raw",
  "directive",
  "decorators",
  "phase",
  "sourceType",
  "bigint",
  "range",
  "loc",
  "expression ",
]);

function isObject(value: Value): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is left out where it is empty. */
function isNothing(value: Value): boolean {
  return value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

/** The first place where two trees differ; null if they are the same. `positions`: where nodes are counts too. */
export function difference(a: Value, b: Value, positions: boolean, path = ""): string | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${path}: ${a.length} and ${b.length} elements`;
    for (let i = 0; i < a.length; i++) {
      const found = difference(a[i], b[i], positions, `${path}[${i}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (a instanceof RegExp || b instanceof RegExp) return null;
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (IGNORED.has(key) || (!positions && (key === "start" || key === "end"))) continue;
      if (isNothing(a[key]) && isNothing(b[key])) continue;
      if (key === "value" && "regex" in a) continue;
      const found = difference(a[key], b[key], positions, `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(a, b) ? null : `${path}: ${show(a)} and ${show(b)}`;
}

function show(value: Value): string {
  return isObject(value) ? `{${String(value["type"] ?? "")}}` : String(value).slice(0, 60);
}
