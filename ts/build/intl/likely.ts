// Owns the section `likely`: the script and region that a language is likely to have. https://unicode.org/reports/tr35/#Likely_Subtags

import { cldr, textSection } from "./locales.ts";

const { likelySubtags } = cldr<{ supplemental: { likelySubtags: Readonly<Record<string, string>> } }>(
  "cldr-core/supplemental/likelySubtags.json",
).supplemental;

/** Languages grouped by what they get: `|Latn-NG aaa aab |…`; after a line feed ` und-AD>ca-Latn-AD` for all other keys. */
export function source(): string {
  const groups = new Map<string, string[]>();
  const others: string[] = [];
  for (const [key, value] of Object.entries(likelySubtags)) {
    const rest = value.startsWith(`${key}-`) ? value.slice(key.length + 1) : "";
    if (!/^[a-z]+$/.test(key) || rest === "") others.push(`${key}>${value}`);
    else groups.set(rest, [...(groups.get(rest) ?? []), key]);
  }
  const lines = [...groups].map(([rest, languages]) => `|${rest} ${languages.join(" ")} `);
  return textSection(`${lines.join("")}\n ${others.join(" ")} `);
}
