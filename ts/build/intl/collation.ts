// Owns the section `collation`: the orders of texts, as ts/libraries/intl/collator reads them.

import { COMBINING_CLASSES } from "../combining-classes.ts";
import { packTable, readCollations, stages } from "../collation/collations.ts";

function classes(): readonly string[] {
  const values = new Map<number, number>();
  for (const row of COMBINING_CLASSES.trim().split(/\s+/)) {
    const [, first, last, value] = /^([0-9a-f]+)(?:-([0-9a-f]+))?:(\d+)$/.exec(row)!;
    const from = Number.parseInt(first!, 16);
    const to = last === undefined ? from : Number.parseInt(last, 16);
    for (let c = from; c <= to; c++) values.set(c, Number(value));
  }
  const [index, , lower] = stages(values, 0);
  return [index, lower];
}

/**
 * `root`: the strings of the root's table. `tailoring(name)`: those of `tag` or `tag|collation`, undefined without one. `list`: for each name
 * ` name>bits`. `reordering(name)`: [table of 256 characters, limit, ranges as pairs of characters]. `classes`: the two stages of combining
 * classes. `last`: a character for each kind of what can be ignored.
 */
export function source(): string {
  const { tables, metadata, reorderings, lastPrimaries } = readCollations();
  const text = (value: unknown): string => JSON.stringify(value);
  const cases = (rows: readonly (readonly [string, unknown])[]): string =>
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
  const list = Object.entries(metadata).map(([name, bits]) => `${name}>${bits}`);
  return `export default {
  root: () => ${text(packTable(root!, true))},
  tailoring: ${cases(tailorings)},
  reordering: ${cases(reordered)},
  list: () => ${text(` ${list.join(" ")} `)},
  classes: () => ${text(classes())},
  last: () => ${text(String.fromCharCode(...lastPrimaries))},
};
`;
}
