// Owns the places in memory through which the core and the wrapper exchange words: the mailbox, the result of writing a snapshot, the
// input of reading one, and the head of the base image in the wasm. Must never hold state: all of it is meaningless after the next call.

/** The mailbox, which the wrapper reads without another call: byte offsets. */
export const MAILBOX = {
  ADDRESS: 0, // u32: where the last output is
  LENGTH: 4, // u32: its bytes
  CALL_ID: 8, // u32
  CALL_NAME: 12, // u32: address of the name
  CALL_COUNT: 16, // i32: number of arguments, -1 if they must be fetched
  CALL_KIND: 20, // u32: CALL_KINDS; after status THREW: UNHANDLED, or 0
  CALL_ARGUMENTS: 24, // MAX_MAILBOX_ARGUMENTS values
  ANSWER: 88, // value: the host's answer, a primitive other than a string
  CALL_NEXT: 96, // u32: the record after that of the call, 0 at the end
} as const;
export const MAILBOX_SIZE = 104;
/** Most arguments that the mailbox takes; each is a value of 8 bytes that refers to no cell. */
export const MAX_MAILBOX_ARGUMENTS = 8;
/** In place of the kind after status THREW: the exception is that of a promise without a handler. */
export const UNHANDLED = 1;

/** The part of a place in a source that a message names: the question of the import `fermata.expressionText`. */
export const EXPRESSION_PARTS = {
  CALLEE: 0, // of a call; the offset is that of its last identifier, or of the parenthesis after any other callee
  CONSTRUCTOR: 1, // the callee of the `new` at the offset
  VALUE: 2, // the expression whose value is iterated, by the place that stacks show for it; for an array pattern, what it destructures
  DESTRUCTURED: 3, // the expression that an object pattern destructures; the offset is that of a key in it
  ASSIGNED: 4, // the property to which the function that begins at the offset is assigned
  SPREAD: 5, // the last argument, which is spread, of the call at the offset
} as const;

/** In place of the kind of code that SOURCE asks for: the rules of a time zone are wanted. */
export const ZONE_REQUEST = -1;

/** Result of snapshotWrite, in words. Of each stream its address and its bytes; COUNTS (snapshot-format.ts) come last. */
export const SNAPSHOT_RESULT = { FAULT: 0, CELL: 1, GRAPH: 2, TEXTS: 4, NUMBERS: 6, CODES: 8, COUNTS: 10 } as const;
export const SNAPSHOT_RESULT_WORDS = 18;

/** What the wrapper fills in before snapshotOpen, in words at snapshotInput(). */
export const SNAPSHOT_INPUT = {
  GRAPH: 0, // bytes of the streams
  TEXTS: 1,
  NUMBERS: 2,
  COUNTS: 3, // COUNTS (snapshot-format.ts)
  IDS: 11, // number of stable ids
  GRANTED: 12, // bytes of memory that reading may take
  PROGRAMS: 13, // number of programs
  IMAGES: 20, // bytes of their images
  SECRET: 21, // a number that the author of the snapshot cannot know
} as const;
/** Where snapshotOpen says that the streams, the addresses by stable id and the codes belong, in words at snapshotInput(). */
export const SNAPSHOT_OUTPUT = { GRAPH: 14, TEXTS: 15, NUMBERS: 16, IDS: 17, CODES: 18 } as const;

/** Head of the custom section `fermata.base`: byte offsets. The ABI hash has 8 bytes, the others are u32. */
export const BASE_HEAD = { VERSION: 0, ABI_HASH: 4, BLOCK_AT: 12, BLOCK_BYTES: 16, CELLS_AT: 20, CELLS_BYTES: 24 } as const;
export const BASE_HEAD_BYTES = 28;
export const BASE_VERSION = 4;
