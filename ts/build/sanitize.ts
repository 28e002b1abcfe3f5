// Owns the rewriting of the core's sources for the targets `check` and `stress`: every load and store first asks assembly/core/checked.ts
// whether it is allowed. An access to a field of a kind must be at a live cell of that kind. Must never change what a program does.

import { FIRST_OBJECT_KIND, OBJECT_KINDS, PLAIN_KINDS } from "../defs/kinds.ts";

/** Files that work on memory without live cells: they are not changed. */
const LEFT_ALONE =
  /^assembly\/(?:heap\/|debug\/|core\/checked|generated\/|runtime\/|host\/(?:unpack|builder)|objects\/realm)/;
/** Files that build cells in space the heap has not reached yet, read copies, or treat a word as a cell: only the region is checked. */
const REGION_ONLY = /^assembly\/(?:bytecode\/|snapshot\/|host\/|objects\/hash-table)/;

/** Kinds that share a layout, as far as the fields of one of them go. */
const ALIKE: readonly (readonly string[])[] = [
  ["STRING", "SLICE", "ROPE", "STRBUF"],
  ["ELEMENTS", "SPARSE"],
  ["MAP", "SET", "WEAKMAP", "WEAKSET"],
  ["TYPEDARRAY", "DATAVIEW"],
];

const NUMBERS = new Map<string, number>([
  ...PLAIN_KINDS.map(({ name }, i) => [name, i + 1] as const),
  ...OBJECT_KINDS.map(({ name }, i) => [name, FIRST_OBJECT_KIND + i] as const),
]);

/** Names of the constants of assembly/generated/kinds.ts that are offsets in a cell, with the kinds that have it. */
const FIELDS = new Map<string, readonly number[]>(
  [...PLAIN_KINDS, ...OBJECT_KINDS].flatMap(({ name, fields }) => {
    const kinds = (ALIKE.find((group) => group.includes(name)) ?? [name]).map((kind) => NUMBERS.get(kind)!);
    const constants = [
      ...fields.map(([field]) => field.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()),
      "SIZE",
    ];
    return constants.map((constant) => [`${name}_${constant}`, kinds] as const);
  }),
);

/** Kinds as two words of bits: kinds that are not objects, and objects. */
function bitsOf(kinds: readonly number[]): string {
  const bits = (from: number): bigint =>
    kinds
      .filter((kind) => kind >= from && kind < from + 64)
      .reduce((sum, kind) => sum | (1n << BigInt(kind - from)), 0n);
  return `0x${bits(0).toString(16)}, 0x${bits(FIRST_OBJECT_KIND).toString(16)}`;
}

/** The starts of the arguments of the call that opens at `open`, and its end. */
function argumentsAt(text: string, open: number): { readonly starts: readonly number[]; readonly end: number } {
  const starts = [open + 1];
  let depth = 0;
  for (let at = open; ; at++) {
    const c = text[at];
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") {
      if (--depth === 0) return { starts, end: at };
    } else if (c === "," && depth === 1) starts.push(at + 1);
    else if (c === undefined) throw new Error("a call does not end");
  }
}

/** The text of a file of assembly/ as a checking target compiles it. `path` from the root. */
export function sanitized(path: string, text: string): string {
  if (!path.startsWith("assembly/") || LEFT_ALONE.test(path)) return text;
  const isTyped = !REGION_ONLY.test(path);
  let out = "";
  let copied = 0;
  for (const match of text.matchAll(/\b(load|store)<(\w+)>\(/g)) {
    const open = match.index + match[0].length - 1;
    const { starts, end } = argumentsAt(text, open);
    const at = match[1] === "load" ? 1 : 2;
    const offset = starts.length > at ? text.slice(starts[at], starts[at + 1] ?? end).trim() : "";
    const kinds = isTyped ? FIELDS.get(offset) : undefined;
    const name = match[1] === "load" ? "Load" : "Store";
    out += text.slice(copied, match.index);
    out += kinds === undefined ? `checked${name}<${match[2]}>(` : `checked${name}Of<${match[2]}>(${bitsOf(kinds)}, `;
    copied = open + 1;
  }
  const whole = `${out}${text.slice(copied)}`.replaceAll(/\bmemory\.(copy|fill)\(/g, (_, name: string) =>
    name === "copy" ? "checkedCopy(" : "checkedFill(",
  );
  if (whole === text) return text;
  const up = "../".repeat(path.split("/").length - 2) || "./";
  return `import { checkedCopy, checkedFill, checkedLoad, checkedLoadOf, checkedStore, checkedStoreOf } from "${up}core/checked"; ${whole}`;
}
