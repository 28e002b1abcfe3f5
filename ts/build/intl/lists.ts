// Owns the section `lists`: how the items of a list are put together.

import { cldr, localeSection } from "./locales.ts";

type Patterns = Readonly<Record<string, string>>;

/** For standard, or, unit, each long, short and narrow: start, middle, end, and the pattern of two. */
export function source(): string {
  return localeSection((tag) => {
    const all = cldr<{ main: Readonly<Record<string, { listPatterns: Readonly<Record<string, Patterns>> }>> }>(
      `cldr-misc-full/main/${tag}/listPatterns.json`,
    ).main[tag]!.listPatterns;
    return ["standard", "or", "unit"].flatMap((type) =>
      ["", "-short", "-narrow"].flatMap((style) => {
        const patterns = all[`listPattern-type-${type}${style}`]!;
        return ["start", "middle", "end", "2"].map((part) => patterns[part]!);
      }),
    );
  });
}
