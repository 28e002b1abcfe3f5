// Shows values of a program as text that reads like source: results and the arguments of calls.
//
// Runs in the worker, on host copies of guest values. Must never call anything the value itself brought along.

const MAX_DEPTH = 5;
const MAX_ENTRIES = 50;
const WIDTH = 72;

/** The value as text, on several lines if it is long. */
export function formatValue(value: unknown): string {
  return format(value, 0, []);
}

function format(value: unknown, depth: number, above: readonly object[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return String(value);
  if (above.includes(value)) return "[circular]";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[…]" : "{…}";
  const inner = (each: unknown) => format(each, depth + 1, [...above, value]);
  if (Array.isArray(value)) return wrap("[", arrayParts(value, inner), "]", depth);
  if (ArrayBuffer.isView(value)) {
    const numbers = "length" in value ? Array.from(value as Uint8Array) : [];
    return wrap(`${value.constructor.name} [`, limit(numbers.map(String)), "]", depth);
  }
  if (value instanceof Map) {
    const parts = Array.from(value, ([key, entry]) => `${inner(key)} => ${inner(entry)}`);
    return wrap(`Map(${value.size}) {`, limit(parts), "}", depth);
  }
  if (value instanceof Set) return wrap(`Set(${value.size}) {`, limit(Array.from(value, inner)), "}", depth);
  const parts = Object.entries(value).map(([key, entry]) => `${keyText(key)}: ${inner(entry)}`);
  return wrap("{", limit(parts), "}", depth);
}

function arrayParts(array: readonly unknown[], inner: (each: unknown) => string): string[] {
  const parts: string[] = [];
  for (let i = 0; i < array.length && parts.length <= MAX_ENTRIES; i++) parts.push(i in array ? inner(array[i]) : "");
  return limit(parts, array.length);
}

function limit(parts: string[], length = parts.length): string[] {
  return length <= MAX_ENTRIES ? parts : [...parts.slice(0, MAX_ENTRIES), `… ${length - MAX_ENTRIES} more`];
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function wrap(open: string, parts: readonly string[], close: string, depth: number): string {
  if (parts.length === 0) return open.trimEnd() + close;
  const space = close === "}" ? " " : "";
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (line.length + depth * 2 <= WIDTH && !line.includes("\n")) return line;
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${parts.map((part) => indent + part).join(",\n")}\n${"  ".repeat(depth)}${close}`;
}
