// Owns ts/build/collation/cldr-48.txt: the root collation of CLDR 48 and the tailorings of its locales, as the crate icu_collator_data
// 2.1.1 has them (ICU4X, licence Unicode-3.0). Texts are compared in their form NFD, so there are no composed characters in it. Han
// characters are in the order of their code points in the root. Left out, for their size: the orders by strokes, by zhuyin and by radicals,
// that of emoji, and the readings of Korean Hanja. Must never be shipped.
//
//   node --import tsx ts/build/collation/import.ts FOLDER        FOLDER: `data` of that version of the crate

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { type Mappings, readCrate, type Runs } from "./crate.ts";
import { FALLBACK, type Collations, type Table } from "./collations.ts";

const HEADER = `The root collation and tailorings of CLDR 48, written by ts/build/collation/import.ts from icu_collator_data 2.1.1.
Copyright (c) 1991-2025 Unicode, Inc. Licence: https://www.unicode.org/license.txt (Unicode-3.0).
`;
const LEFT_OUT = /stroke|zhuyin|unihan|emoji|Hant|pinyin/;
/** A locale of which only the order of scripts is kept. */
const WITHOUT_TABLE = "ko";
/** Tags in the crate, and those of programs. */
const NAMES: Readonly<Record<string, string>> = { "und-Hans": "zh", no: "nb", "und|eor": "root|eor" };
const LONG_SECONDARY = 0xc2;
const COMMON_TERTIARY = 0x0500;

const tagOf = (name: string): string => NAMES[name] ?? name;

/** Runs in which the code points from `first` on have these values. */
function withValues(runs: Runs, first: number, values: readonly number[]): Runs {
  const end = first + values.length;
  const outside = runs.flatMap(([from, length, value]) => {
    const pieces: [number, number, number][] = [];
    if (from < first) pieces.push([from, Math.min(length, first - from), value]);
    const to = from + length;
    if (to > end) pieces.push([Math.max(from, end), to - Math.max(from, end), value]);
    return pieces;
  });
  return [...outside, ...values.map((value, index) => [first + index, 1, value] as const)].sort((a, b) => a[0] - b[0]);
}

const markValues = (secondaries: readonly number[]): number[] =>
  secondaries.map((secondary) => secondary * 0x10000 + COMMON_TERTIARY + LONG_SECONDARY);

function tableOf({ runs, ce32s, ces, contexts }: Mappings, otherwise: number): Table {
  const flat: number[] = [];
  let next = 0;
  for (const [first, length, value] of runs) {
    // Syllables of Hangul are not in NFD.
    if (value === otherwise || (first >= 0xac00 && first + length <= 0xd7a4)) continue;
    flat.push(first - next, length, value);
    next = first + length;
  }
  return { runs: flat, ce32s, ces, contexts };
}

function main(folder: string): void {
  const crate = readCrate(folder);
  const UNASSIGNED = 0xffffffff;
  const rootRuns = withValues(
    withValues(crate.root.runs, 0x300, markValues(crate.diacritics.get("und")!)),
    0x1100,
    crate.jamo,
  );
  const tables: Record<string, Table> = { root: tableOf({ ...crate.root, runs: rootRuns }, UNASSIGNED) };
  for (const [name, mappings] of crate.tailorings) {
    if (LEFT_OUT.test(name) || name === WITHOUT_TABLE) continue;
    const marks = crate.diacritics.get(name);
    const runs = marks === undefined ? mappings.runs : withValues(mappings.runs, 0x300, markValues(marks));
    tables[tagOf(name)] = tableOf({ ...mappings, runs }, FALLBACK);
  }
  const kept = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
    Object.fromEntries([...map].filter(([name]) => !LEFT_OUT.test(name)).map(([name, value]) => [tagOf(name), value]));
  const collations: Collations = {
    tables,
    metadata: kept(crate.metadata),
    reorderings: kept(crate.reorderings),
    lastPrimaries: crate.lastPrimaries.slice(0, 4),
  };
  const packed = deflateRawSync(JSON.stringify(collations), { level: 9 }).toString("base64");
  const lines = packed.match(/.{1,160}/g)!.join("\n");
  writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "cldr-48.txt"), `${HEADER}\n${lines}\n`);
}

main(process.argv[2]!);
