// Owns the section `collation`: the orders of texts, as ts/libraries/intl/collator reads them.

import { combiningClasses } from "../combining-classes.ts";
import { packTable, readCollations, stages, type Table, valuesOf } from "../collation/collations.ts";
import type { Reordering } from "../collation/crate.ts";

function classes(): readonly string[] {
  const values = new Map<number, number>();
  for (const [from, to, kind] of combiningClasses()) for (let c = from; c <= to; c++) values.set(c, kind);
  const [index, , lower] = stages(values, 0);
  return [index, lower];
}

/** Code points below this one are compared by a table of their own, if they are as simple as letters are. */
const QUICK = 0x180;
const FALLBACK = 0xc0;
const DIGIT = 0xca;

/** Upper halves of the primaries of an order, by code point; 0: it has to be looked at closely. */
function quickPrimaries(root: Table, own: Table | undefined, reordering: Reordering | undefined): string {
  const [rootValues, ownValues] = [valuesOf(root), own === undefined ? new Map<number, number>() : valuesOf(own)];
  const primaryOf = (c: number): number => {
    const tailored = ownValues.get(c);
    let ce32 = tailored ?? rootValues.get(c) ?? FALLBACK;
    if ((ce32 & 0xff) === DIGIT) ce32 = (tailored === undefined ? root : own!).ce32s[ce32 >>> 13]!;
    if ((ce32 & 0xff) >= FALLBACK) return 0;
    const upper = ce32 >>> 16;
    if (reordering === undefined) return upper;
    return reordering.table[upper >> 8]! === 0 ? 0 : reordering.table[upper >> 8]! * 0x100 + (upper & 0xff);
  };
  const isMark = (c: number): boolean => {
    const ce32 = ownValues.get(c) ?? rootValues.get(c);
    return ce32 !== undefined && (ce32 & 0xff) === LONG_SECONDARY;
  };
  const units = Array.from({ length: QUICK }, (_, c) => {
    const [base, ...marks] = [...String.fromCharCode(c).normalize("NFD")].map((text) => text.codePointAt(0)!);
    return marks.every(isMark) ? primaryOf(base!) : 0;
  });
  return String.fromCharCode(...units);
}

const LONG_SECONDARY = 0xc2;

/**
 * `root()`: the strings of the root's table. `tailoring(name)`: those of `tag` or `tag|collation`. `list()`: for each name ` name>bits`.
 * `reordering(name)`: [table of 256 characters, limit, ranges as pairs of characters]. `quick(name)`: upper halves of primaries. `classes()`: the
 * two stages of combining classes. `last()`: a character for each kind of what can be ignored. All are functions: a snapshot names the strings that
 * are in the library's code, but has each object that the library made.
 */
export function source(): string {
  const { tables, metadata, reorderings, lastPrimaries } = readCollations();
  const text = (value: unknown): string => JSON.stringify(value);
  const choice = (rows: readonly (readonly [string, unknown])[]): string =>
    `(name) => {\n  switch (name) {\n${rows.map(([name, value]) => `    case ${text(name)}: return ${text(value)};\n`).join("")}  }\n}`;
  const { root, ...others } = tables;
  const tailorings = Object.entries(others).map(([name, table]) => [name, packTable(table, false)] as const);
  const reordered = Object.entries(reorderings).map(
    ([name, { limit, table, ranges }]) =>
      [
        name,
        [
          String.fromCharCode(...table),
          limit,
          ranges.map((range) => String.fromCharCode(range >>> 16, range & 0xffff)).join(""),
        ],
      ] as const,
  );
  const names = new Set(["root", ...Object.keys(others), ...Object.keys(metadata)]);
  const quick = [...names].map(
    (name) => [name, quickPrimaries(root!, name === "root" ? undefined : others[name], reorderings[name])] as const,
  );
  const list = Object.entries(metadata).map(([name, bits]) => `${name}>${bits}`);
  return `export default {
  root: () => ${text(packTable(root!, true))},
  tailoring: ${choice(tailorings)},
  reordering: ${choice(reordered)},
  quick: ${choice(quick)},
  list: () => ${text(` ${list.join(" ")} `)},
  classes: () => ${text(classes())},
  last: () => ${text(String.fromCharCode(...lastPrimaries))},
};
`;
}
