// Owns the section `numbering`: numbering systems that are made of ten digits. https://tc39.es/ecma402/#table-numbering-system-digits

import { cldr, textSection } from "./locales.ts";

const { numberingSystems } = cldr<{
  supplemental: { numberingSystems: Readonly<Record<string, { readonly _type: string; readonly _digits?: string }>> };
}>("cldr-core/supplemental/numberingSystems.json").supplemental;

/** ` latn>0123456789 …`, in the order of the alphabet. */
export function source(): string {
  const rows = Object.entries(numberingSystems)
    .flatMap(([name, { _digits }]) => (_digits === undefined ? [] : [`${name}>${_digits}`]))
    .sort();
  return textSection(` ${rows.join(" ")} `);
}
