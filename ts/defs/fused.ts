// Owns the linked-only instructions, which the linker makes from pairs of portable ones, and their names. Must never appear in a
// snapshot. A fused instruction is in the first word of its pair and reads the rest of the pair's words.

/** Comparisons that fuse with the jump after them if both use the same dead temporary. */
export const FUSED_COMPARES = ["LT", "LE", "GT", "GE", "SEQ", "SNE", "EQ", "NE", "LTI", "LEI", "GTI", "GEI", "SEQI", "SNEI"] as const;

/** The jumps they fuse with. */
export const FUSED_JUMPS = ["JT", "JF", "LOOPT"] as const;

/** Names of all linked-only instructions, in order. */
export const LINKED_ONLY: readonly string[] = FUSED_COMPARES.flatMap((compare) => FUSED_JUMPS.map((jump) => `${compare}_${jump}`));
