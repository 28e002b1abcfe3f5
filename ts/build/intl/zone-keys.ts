// Owns the section `zone-keys`: the English names of time zones, by which a zone's names in other languages are found.

export { keysSource as source } from "./zone-names.ts";
