// Owns the form in which the collations of CLDR are kept in the repository (cldr-48.txt), and how they are packed for the guest: strings in
// which a place is looked up without decoding anything. Must never be shipped.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import type { Reordering } from "./crate.ts";

/** In a tailoring: what the root says. */
export const FALLBACK = 0xc0;
/** In the root: a code point without a weight of its own. */
const UNASSIGNED = 0xffffffff;

/** Mappings of the root or of a tailoring, without those that are FALLBACK or UNASSIGNED. */
export interface Table {
  /** Three numbers a run: how far its first code point is from the end of the run before, its length, its CE32. */
  readonly runs: readonly number[];
  readonly ce32s: readonly number[];
  readonly ces: readonly number[];
  readonly contexts: readonly (readonly [
    otherwise: number,
    entries: readonly (readonly [text: string, ce32: number])[],
  ])[];
}

/** Tables by `tag` or `tag|collation`; `root` is the root. */
export interface Collations {
  readonly tables: Readonly<Record<string, Table>>;
  readonly metadata: Readonly<Record<string, number>>;
  readonly reorderings: Readonly<Record<string, Reordering>>;
  readonly lastPrimaries: readonly number[];
}

/** Reads cldr-48.txt. */
export function readCollations(): Collations {
  const text = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "cldr-48.txt"), "utf8");
  const packed = text.slice(text.indexOf("\n\n") + 2).replaceAll("\n", "");
  return JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString()) as Collations;
}

const BLOCK = 32;
const TAG = 15;
const PREFIX = 8;
const CONTRACTION = 9;

const unit = (value: number): string => String.fromCharCode(value);
const high = (value: number): number => Math.floor(value / 0x10000);
const low = (value: number): number => value & 0xffff;
const pair = (value: number): string => unit(high(value)) + unit(low(value));

/**
 * A table of two stages by code point: [index, upper halves, lower halves]. The index has the number of a block of 32 values for 32 code
 * points; what lies after its end has the value `otherwise`.
 */
export function stages(
  values: ReadonlyMap<number, number>,
  otherwise: number,
): [index: string, upper: string, lower: string] {
  const blocks = new Map<string, number>();
  const last = [...values.keys()].reduce((most, c) => Math.max(most, c), 0);
  let index = "";
  let upper = "";
  let lower = "";
  for (let first = 0; first <= last; first += BLOCK) {
    const block = Array.from({ length: BLOCK }, (_, i) => values.get(first + i) ?? otherwise);
    const key = block.join();
    let number = blocks.get(key);
    if (number === undefined) {
      blocks.set(key, (number = blocks.size));
      upper += block.map((value) => unit(high(value))).join("");
      lower += block.map((value) => unit(low(value))).join("");
    }
    index += unit(number);
  }
  return [index, upper, lower];
}

/** Code point → CE32. */
export function valuesOf({ runs }: Table): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  let next = 0;
  for (let at = 0; at < runs.length; at += 3) {
    next += runs[at]!;
    for (const end = next + runs[at + 1]!; next < end; next++) values.set(next, runs[at + 2]!);
  }
  return values;
}

/** The strings of a table: index, upper and lower halves, CE32s, CEs, contexts. ts/libraries/intl/collator/elements.js reads them. */
export function packTable(table: Table, isRoot: boolean): readonly string[] {
  const addresses: number[] = [];
  // Lists refer to each other by their number: their addresses are known once their sizes are.
  let size = 0;
  for (const [, entries] of table.contexts) {
    addresses.push(size);
    size += 3 + entries.reduce((sum, [text]) => sum + text.length + 3, 0);
  }
  if (size >= 0x80000) throw new Error("the contexts of a table are too many for an address of 19 bits");
  const placed = (ce32: number): number => {
    const tag = (ce32 & 0xff) < FALLBACK ? -1 : ce32 & TAG;
    if (tag !== PREFIX && tag !== CONTRACTION) return ce32;
    return addresses[ce32 >>> 13]! * 0x2000 + (ce32 & 0x1fff);
  };
  const contexts = table.contexts
    .map(([otherwise, entries]) => {
      const longestFirst = entries.toSorted(([a], [b]) => b.length - a.length);
      const texts = longestFirst.map(([text, ce32]) => unit(text.length) + text + pair(placed(ce32)));
      return pair(placed(otherwise)) + unit(entries.length) + texts.join("");
    })
    .join("");
  const values = new Map([...valuesOf(table)].map(([c, ce32]) => [c, placed(ce32)]));
  const ce32s = table.ce32s.map(placed).map(pair).join("");
  const staged = stages(values, isRoot ? UNASSIGNED : FALLBACK);
  return [...staged, ce32s, table.ces.map(pair).join(""), contexts];
}
