// Owns the section `locale-list`: the tags that the library accepts, and from which locale each has its data.

import { DEFAULT_REGIONS, LOCALES, namedParents, SAME, textSection } from "./locales.ts";

/** Tags, between spaces; then, after a bar, ` tag>parent` for those whose parent is not the tag without its last part. */
export function source(): string {
  const tags = [...LOCALES, ...DEFAULT_REGIONS, ...SAME.map(([tag]) => tag)];
  const pairs = [...namedParents(), ...SAME].map(([tag, parent]) => `${tag}>${parent}`);
  return textSection(` ${tags.sort().join(" ")} | ${pairs.join(" ")} `);
}
