// Owns the price of straight-line code. Back-edges and calls take a unit of fuel each. If the code between them is longer than such
// a unit should cover, it pays for itself (FUEL), so that no unit buys much more time than another.
//
// Code is measured in words. The weight of an instruction is its length in words. An instruction that may take a slow path has the
// weight of that path, even if a cache avoids it: one word for about 6 ns, where the median unit of fuel buys 20. Costs that depend
// only on values (the length of a text, the exponents of %, a sparse array) are charged where they occur.

/** Words of straight-line code that may run for the unit of the next safepoint. */
export const MAX_UNPAID_WORDS = 32;

/** Words as which catching an exception counts: it is paid for at once. */
export const CAUGHT_WORDS = MAX_UNPAID_WORDS;

/** Words of long straight-line code that cost one unit. */
export const WORDS_PER_UNIT = 16;

/** Words per unit in code that does not pay for itself, whatever the instructions. */
export const FOREIGN_WORDS_PER_UNIT = 8;

/** Weights of the instructions that are heavier than their length. */
export const WEIGHTS: Readonly<Record<string, number>> = {
  NEWENV: 3,
  COPYENV: 4,
  GETGLOBAL: 6,
  TYPEOFGLOBAL: 6,
  SETGLOBAL: 6,
  DECLVAR: 8,
  DECLFN: 8,
  DECLLEX: 8,
  INITLEX: 8,
  MOD: 2,
  MODI: 2,
  EXP: 10,
  LT: 2,
  LE: 2,
  GT: 2,
  GE: 2,
  EQ: 2,
  NE: 2,
  SEQ: 2,
  SNE: 2,
  INSTANCEOF: 12,
  IN: 6,
  PRIVIN: 4,
  TOKEY: 3,
  CONCAT: 4,
  GETPROP: 6,
  SETPROP: 6,
  GETELEM: 4,
  SETELEM: 4,
  DELELEM: 10,
  GETSUPER: 6,
  SETSUPER: 6,
  GETPRIV: 4,
  SETPRIV: 4,
  DEFPRIV: 12,
  DEFPRIVM: 16,
  NEWPRIV: 8,
  NEWOBJ: 3,
  NEWARR: 3,
  DEFFIELD: 18,
  DEFELEM: 12,
  DEFPROTO: 20,
  DEFMETHOD: 24,
  SETNAME: 10,
  ARRPUSH: 2,
  ARRHOLE: 2,
  SPREADOBJ: 10,
  OBJREST: 20,
  NEWREGEXP: 28,
  GETSUPERCTOR: 4,
  ARGUMENTS: 10,
  REST: 8,
  CLOSURE: 6,
  NEWCLASS: 32,
  SETHOME: 4,
  SETFIELDS: 4,
  ASYNCSTART: 10,
  THROW: 8,
  IMPORTMETA: 8,
  DELGLOBAL: 10,
};

/** Returns the weight of an instruction in words. */
export function weightOf(name: string, words: number): number {
  return Math.max(words, WEIGHTS[name] ?? 0);
}

/** Unpaid words from which a conditional back-edge pays first, although that prevents its fusion with the comparison. */
export const MAX_UNPAID_AT_LOOP = 2 * MAX_UNPAID_WORDS;

/**
 * Unpaid words at a safepoint above which the linker assumes that another compiler made the code (an older build's, or a
 * stranger's): its back-edges and calls then pay for all the words that they may run.
 */
export const MAX_TRUSTED_WORDS = 4 * MAX_UNPAID_WORDS;
