// Owns the section `aliases`: what canonical tags say in place of deprecated languages, regions, scripts, variants and subdivisions.
// https://unicode.org/reports/tr35/#Canonical_Unicode_Locale_Identifiers

import { cldr, textSection } from "./locales.ts";

type Aliases = Readonly<Record<string, { readonly _replacement: string }>>;

const { alias } = cldr<{ supplemental: { metadata: { alias: Readonly<Record<string, Aliases>> } } }>(
  "cldr-core/supplemental/aliases.json",
).supplemental.metadata;

/** Of these types only those can be in a tag that is well-formed: a language, then a region or variants. */
const LANGUAGE = /^(?:[a-z]{2,3}|[a-z]{5,8})(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-[a-z0-9]{5,8})*$/;

function packed(kind: string, accepted: RegExp): string {
  const rows = Object.entries(alias[kind]!)
    .filter(([from]) => accepted.test(from))
    .map(([from, { _replacement }]) => `${from}>${_replacement.replaceAll(" ", ",")}`);
  return ` ${rows.join(" ")} `;
}

/** Five lists between bars, each of ` from>to` with spaces around; several replacements have commas between them. */
export function source(): string {
  const subdivision = packed("subdivisionAlias", /./);
  const region = packed("territoryAlias", /^(?:[A-Z]{2}|[0-9]{3})$/);
  const lists = [packed("languageAlias", LANGUAGE), packed("scriptAlias", /./), region, packed("variantAlias", /./)];
  return textSection([...lists, subdivision].join("|"));
}
