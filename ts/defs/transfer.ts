// Owns the form in which values cross between host and guest: inputs, arguments, answers, outputs, thrown values. The form is used
// during one crossing and never stored, so it has no version, and the ABI hash need not cover it.
//
// One pass, depth first. Every object is numbered when its tag is met, from 0; a later REF says which. Numbers are unsigned
// LEB128 (`v`) or zigzag LEB128 (`s`), anything wider is little-endian and unaligned.
//
//   UNDEFINED NULL FALSE TRUE     nothing more
//   HOLE                          only as an element of ARRAY
//   INT s · DOUBLE f64            -0, NaN and infinities are doubles
//   ASCII v bytes · LATIN1 v bytes · UTF16 v units           length in code units, then the characters
//   BIGINT sign u8, v limbs, then u32 each, least significant first
//   REF v                         the object of that number
//   OBJECT shape values · NULL_OBJECT like OBJECT, but without prototype
//   INDEXED_OBJECT u8 (1: no prototype), v count, {v index, value} each, shape, values
//   ARRAY v length, values
//   SPARSE_ARRAY v length, v count, {v index, value} each, shape, values
//   MAP v size, {key, value} each · SET v size, values
//   DATE f64                      time value, NaN if invalid
//   ARRAY_BUFFER v byte length, u8 resizable, then [v most bytes], then the bytes
//   VIEW v element type (VIEW_TYPES), u8 follows the length of its buffer, v byte offset, v length, then its buffer: ARRAY_BUFFER or REF
//   REGEXP v flags (regexp/source.ts), then the source as a key is written; lastIndex is 0 again
//   ERROR u8 kind (ERROR_KINDS), u8 fields (ERROR_FIELDS), then the values of those fields in order; of PROPERTIES shape, values
//
//   shape    v number of a shape met before, or the next number, then: v count, keys
//   key      v length << 2 | 0 ASCII, 1 Latin-1, 2 UTF-16, then the characters; never an array index

export const TRANSFER_TAGS = {
  UNDEFINED: 0, NULL: 1, FALSE: 2, TRUE: 3, HOLE: 4, INT: 5, DOUBLE: 6, ASCII: 7, LATIN1: 8, UTF16: 9, BIGINT: 10, REF: 11,
  OBJECT: 12, NULL_OBJECT: 13, INDEXED_OBJECT: 14, ARRAY: 15, SPARSE_ARRAY: 16, MAP: 17, SET: 18, ERROR: 19, DATE: 20, ARRAY_BUFFER: 21, VIEW: 22, REGEXP: 23,
} as const;

/** Kinds of VIEW, by element type. */
export const VIEW_TYPES = [
  "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float16Array", "Float32Array", "Float64Array",
  "BigInt64Array", "BigUint64Array", "DataView",
] as const;

/** Bits of the fields of an ERROR, in the order in which their values follow. */
export const ERROR_FIELDS = { MESSAGE: 1, NAME: 2, STACK: 4, CAUSE: 8, ERRORS: 16, PROPERTIES: 32 } as const;

/**
 * When a value cannot leave the guest, the output is REFUSED with `u8 reason` and the path to it: v count, then per step `u8 kind`
 * and a key (PROPERTY) or v number (the others).
 */
export const REFUSALS = {
  FUNCTION: 1, SYMBOL: 2, PROMISE: 3, PROXY: 4, ACCESSOR: 5, PRIVATE: 6, BIGINT: 7, ITERATOR: 8, WEAK: 9, WRAPPER: 10, OTHER: 11, DETACHED: 12, LARGE: 13,
} as const;
export const PATH_STEPS = { PROPERTY: 0, INDEX: 1, MAP_KEY: 2, MAP_VALUE: 3, SET_MEMBER: 4 } as const;
