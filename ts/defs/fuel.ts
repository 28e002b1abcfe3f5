// Owns the price of straight-line code. Back-edges and calls take a unit of fuel each; code between them that is longer
// than they are meant to cover pays for itself (FUEL), so that no unit buys much more time than another.

/** Words of straight-line code that may run for the unit of the next safepoint. */
export const MAX_UNPAID_WORDS = 32;

/** Words of long straight-line code that cost a unit. */
export const WORDS_PER_UNIT = 8;

/** Unpaid words from which a conditional back-edge pays first, although that keeps it from being fused with its comparison. */
export const MAX_UNPAID_AT_LOOP = 2 * MAX_UNPAID_WORDS;

/**
 * Unpaid words at a safepoint above which the linker takes code for that of another compiler (an older build's, or a
 * stranger's): its back-edges and calls then pay for all the words they may run.
 */
export const MAX_TRUSTED_WORDS = 3 * MAX_UNPAID_WORDS;
