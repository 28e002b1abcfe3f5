// Owns the section `names`: what languages, regions and scripts are called.

import { cldr, keyedSection } from "./locales.ts";

type Names = Readonly<Record<string, string>>;

export function displayNames(tag: string, file: string, part: string): Names {
  const { main } = cldr<{ main: Readonly<Record<string, { localeDisplayNames: Readonly<Record<string, Names>> }>> }>(
    `cldr-localenames-full/main/${tag}/${file}.json`,
  );
  return main[tag]!.localeDisplayNames[part] ?? {};
}

/** Keys are `l` language, `r` region, `s` script, each with the code; forms other than the usual one end in `-short` and `-menu` and so on. */
export function source(): string {
  return keyedSection((tag) => {
    const rows: Record<string, string> = {};
    const add = (prefix: string, names: Names): void => {
      for (const [code, name] of Object.entries(names)) {
        const [key, form] = code.split("-alt-");
        if (form !== undefined && form !== "short") continue;
        if (name !== key) rows[`${prefix}${key}${form === undefined ? "" : "-short"}`] = name;
      }
    };
    add("l", displayNames(tag, "languages", "languages"));
    add("r", displayNames(tag, "territories", "territories"));
    add("s", displayNames(tag, "scripts", "scripts"));
    return rows;
  });
}
