// Owns which locales `fermata-vm/intl` knows, how each inherits from another, and the form in which a section of their data is packed.
// The data are the JSON packages of one CLDR version, all exact devDependencies. Must never ask the host's Intl.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** JSON of a CLDR package, such as `cldr-core/availableLocales.json`. */
export function cldr<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, "node_modules", path), "utf8")) as T;
}

const LANGUAGES = "ar cs da de en es fr he hi it ja ko nl pl pt ru sv tr uk zh".split(" ");
/** Tags of CLDR in another script than the language is written in, which few programs name. */
const LEFT_OUT = new Set(["en-Dsrt", "en-Shaw", "hi-Latn", "zh-Latn"]);

const available = cldr<{ availableLocales: { full: readonly string[] } }>("cldr-core/availableLocales.json");
const parents = cldr<{ supplemental: { parentLocales: { parentLocale: Readonly<Record<string, string>> } } }>(
  "cldr-core/supplemental/parentLocales.json",
).supplemental.parentLocales.parentLocale;

/** Tags with data of their own in CLDR: a language always comes before its regions. */
export const LOCALES: readonly string[] = available.availableLocales.full.filter(
  (tag) => LANGUAGES.includes(tag.split("-")[0]!) && !LEFT_OUT.has(tag) && tag !== "zh-Hans",
);

/** The locale that has what this one does not say; undefined for one that says everything. */
export function parentOf(tag: string): string | undefined {
  const named = parents[tag];
  if (named !== undefined) return named === "und" ? undefined : named;
  const end = tag.lastIndexOf("-");
  if (end < 0) return undefined;
  const shorter = tag.slice(0, end);
  return shorter === "zh-Hans" ? "zh" : shorter;
}

/** Parents that are not the tag without its last part, for the guest. */
export function namedParents(): readonly (readonly [tag: string, parent: string])[] {
  return Object.entries(parents).filter(([tag, parent]) => LOCALES.includes(tag) && parent !== "und");
}

/** Tags that CLDR spells otherwise or takes from another: the guest accepts them. */
export const SAME: readonly (readonly [tag: string, as: string])[] = [
  ["zh-Hans", "zh"],
  ["zh-Hans-CN", "zh"],
  ["zh-CN", "zh"],
  ["zh-SG", "zh-Hans-SG"],
  ["zh-MY", "zh-Hans-MY"],
  ["zh-TW", "zh-Hant"],
  ["zh-Hant-TW", "zh-Hant"],
  ["zh-HK", "zh-Hant-HK"],
  ["zh-MO", "zh-Hant-MO"],
];

const likely = cldr<{ supplemental: { likelySubtags: Readonly<Record<string, string>> } }>(
  "cldr-core/supplemental/likelySubtags.json",
).supplemental.likelySubtags;

/** A language with the region where most of its speakers live: `de-DE`; has the data of the language. */
export const DEFAULT_REGIONS: readonly string[] = LANGUAGES.filter((language) => language !== "zh").map(
  (language) => `${language}-${likely[language]!.split("-")[2]!}`,
);

/** Last in the chain of parents: its data are whole. */
export function baseOf(tag: string): string {
  const parent = parentOf(tag);
  return parent === undefined ? tag : baseOf(parent);
}

/** A text as it can be packed: tabs are between fields, and line feeds between locales. */
function checked(field: string, tag: string): string {
  if (/[\t\n]/.test(field)) throw new Error(`a text of ${tag} has a tab or a line feed: ${JSON.stringify(field)}`);
  return field;
}

/**
 * The source of a module for a section of data that each locale has: `export default (base) => text`. The first line of a text is the whole
 * data of the base, a field between two tabs; each other line is a tag and the fields that differ from its parent's, as `index=field`.
 * ts/libraries/intl/shared/data.js reads it.
 */
export function localeSection(fieldsOf: (tag: string) => readonly string[]): string {
  const fields = new Map(LOCALES.map((tag) => [tag, fieldsOf(tag).map((field) => checked(field, tag))]));
  const texts = new Map<string, string>();
  for (const [tag, own] of fields) {
    const parent = parentOf(tag);
    if (parent === undefined) {
      texts.set(tag, own.join("\t"));
      continue;
    }
    const inherited = fields.get(parent)!;
    if (own.length !== inherited.length) throw new Error(`${tag} has another number of fields than ${parent}`);
    const differing = own.flatMap((field, index) => (field === inherited[index] ? [] : [`${index}=${field}`]));
    if (differing.length === 0) continue;
    const base = baseOf(tag);
    texts.set(base, `${texts.get(base)!}\n${tag}\t${differing.join("\t")}`);
  }
  return switchModule(texts);
}

function switchModule(texts: ReadonlyMap<string, string>): string {
  const cases = [...texts].map(([base, text]) => `    case ${JSON.stringify(base)}: return ${JSON.stringify(text)};\n`);
  return `export default (base) => {\n  switch (base) {\n${cases.join("")}  }\n};\n`;
}

/** The source of a module that has one text. */
export function textSection(text: string): string {
  return `export default () => ${JSON.stringify(text)};\n`;
}

/**
 * The source of a module for a section in which few keys are looked for at a time: `export default (base) => text`. Each line of a text is a
 * tag, then `\tkey>value` for each key, then a tab; a locale has those that differ from its parent's. A key that only the parent has gets
 * the value `absent`.
 */
export function keyedSection(rowsOf: (tag: string) => Readonly<Record<string, string>>, absent = ""): string {
  const rows = new Map(LOCALES.map((tag) => [tag, rowsOf(tag)]));
  const texts = new Map<string, string>();
  for (const [tag, own] of rows) {
    const parent = parentOf(tag);
    const inherited = parent === undefined ? {} : rows.get(parent)!;
    const lost = Object.keys(inherited).filter((key) => !(key in own) && inherited[key] !== absent);
    const pairs = Object.entries(own).filter(([key, value]) => inherited[key] !== value);
    const line = [...pairs, ...lost.map((key) => [key, absent])].map(
      ([key, value]) => `\t${key}>${checked(value!, tag)}`,
    );
    if (parent !== undefined && line.length === 0) continue;
    const base = baseOf(tag);
    texts.set(base, `${texts.get(base) ?? ""}\n${tag}${line.join("")}\t`);
  }
  return switchModule(texts);
}
