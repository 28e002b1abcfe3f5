// Owns the encoding of values as 64 bits: the upper word tells the sort, the lower word is an integer, an address or a number of
// SPECIALS (opcodes.ts). Must never change: linked code, the base image and the mailbox contain such values.
//
//   double      any bits below 0xFFF9_0000_0000_0000 (NaN only as 0x7FF8_0000_0000_0000)
//   the others  tag in the upper word
//
// Snapshots have a form of their own (snapshot-format.ts).

/** Upper words of values that are not doubles. */
export const VALUE_TAGS = {
  SPECIAL: 0xffff_fff0,
  OBJECT: 0xffff_fff8,
  STRING: 0xffff_fff9,
  SYMBOL: 0xffff_fffa,
  BIGINT: 0xffff_fffb,
  CELL: 0xffff_fffc, // an internal cell, which no guest sees
  INT: 0xffff_ffff,
} as const;
/** Upper words from here up are not those of doubles. */
export const FIRST_TAG = 0xfff9_0000;
/** Upper word of NaN; its lower word is 0. */
export const NAN_HIGH = 0x7ff8_0000;
