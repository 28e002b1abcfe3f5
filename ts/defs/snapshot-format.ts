// Owns the description of a snapshot: the container, the three streams of the graph in it, the portable numbers of kinds, fields
// and words. Must never change meaning under the same SNAPSHOT_VERSION: every list here is append only.
//
// CONTAINER (ts/snapshot/container.ts). Numbers are unsigned LEB128 (`v`), fixed ones little-endian.
//
//   "FMS" version u8 · checksum u32 (CRC-32 of all that follows) · v build id length, bytes (ASCII; information only)
//   v count, then sections: v tag << 1 | 1 if deflated (raw deflate), v length, [deflated: v length as it is here], bytes
//   A deflated section has the last 32 KB of the sections before it as its dictionary. Each section is deflated separately, with its
//   own Huffman codes: source, code, graph and texts have little in common. In version 2 the prepared dictionary of
//   ts/defs/snapshot-dictionary.ts comes before the first section; in version 1 nothing does. There is no other difference: small
//   snapshots are written as version 2, large ones and those of an explicit level as version 1.
//
//     1 programs  v count, each: u8 0 reference: SHA-256 (32 bytes) · 1 embedded: v length of what follows, without its image
//                 (ts/machine/program-bytes.ts), bytes · 2 of a library: its SHA-256 (32 bytes), text name, text version, v number of
//                 the program in it, v count, text each: host functions that it wraps · 3 embedded, of a library: both, in this order.
//                 text: v bytes, Latin-1
//     8 images    of embedded programs, each: v length << 1 | packed · packed: v length of that · program image
//                 (ts/defs/image-format.ts), packed as ts/snapshot/image-coder.ts does it
//     2 prelude   images of prelude functions that live frames and closures need: v count, each: v file of the prelude + 1 (0: an
//                 earlier snapshot brought it) · v count, v each: the functions' numbers in that file · v length, image;
//                 then v count of code ordinals, each: v image number, v function index in that image
//     3 counts    COUNTS, each v
//     4 graph     main stream · 5 texts · 6 numbers (doubles, 8 bytes each)
//     7 run       the host's part of the run (UTF-8 JSON)
//
// GRAPH (assembly/snapshot). A cell is numbered when it is first mentioned; its body follows all bodies of smaller numbers. Order
// of the main stream:
//
//   words       v count of words (WORDS), each v · fuel debt v
//   values      VALUES, each a value · LISTS, each a reference · if there are more than FIRST_WORDS words: v count of KEPT_ROOTS, each a
//               value; those at the end that are undefined are left out
//   frames      v count, then from the bottom: v record kind · v destination · v argument count · v flags · v distance of its first
//               register from that of the frame below · frame
//   base        changes of base objects in order of their ids: v id + 1 · v bits of CHANGES · as the bits say: prototype (value),
//               fields and extra, properties, elements; 0 ends
//   properties  of a base object, each: v 1 removed · key, or v 2 changed, 3 added · key · v attributes · value; 0 ends
//   bodies      in order of number (the first numbers are the template objects, which come with their programs); then, as often as there
//               is something: v count, each: reference of the owner's number, key, value (entries of WeakMaps and WeakSets with keys that
//               are alive), and the bodies of the cells they mention; count 0 ends
//
//   frame       callee (value) · [callee is a base object: v code ordinal] · v position in words · v registers of the function
//               v registers written · values from r1 up (DEAD: temporary that nothing will read)
//   value       v of (payload << 3 | tag); d is the difference, zigzag, from the last value of that sort in the column
//                 0 special: SPECIALS of the opcodes, DEAD = 5
//                 1 d of an int32
//                 2 object: 0 the next number, n: d + 1 of a number
//                 3 string cell: 0 the next number, n: number n - 1
//                 4 others: payload = reference << 2 | 0 symbol, 1 bigint, 2 internal cell; reference as in 3
//                 5 base object or symbol: stable id (base-ids.json)
//                 6 text: 0 new: v length << 3 | TEXT_* flags · if the column held a text of the same width: v units that it has in
//                   common with that one at its start, v at its end · the other characters in the texts · 1 known: v index (strings of all programs,
//                   then well-known atoms) · n: d + 2 of a text
//                 7 double: 0: 8 bytes in the numbers · k + 1: d of m (64 bits) for the double nearest m / 10^k; with another k
//                   than last time the difference is to 0
//   column      the same property of all objects of a shape; the elements of an array, beginning with the value that the first element of
//               the previous array left. Elsewhere every value is a column of its own, in which 0 came last.
//   reference   v: 0 no cell, 1 the next number, n: number n - 2
//   shape       v: 0 new, n: shape n - 1. New: v SHAPE_* flags · prototype (value) · v count, each: key (value), attributes v unless PLAIN_KEYS
//   body        v kind | 64 if there are elements · objects: [INTERNAL: v class · v slots] · shape · fields of the kind · extra of the
//               kind · values of the properties · elements. Other cells: what SNAPSHOT_KINDS says
//   elements    v count << 3 | 0 plain, room for no more · 1 frozen · 2 sealed · 4 sparse: each v index, v attributes, value
//               5 plain, with the room that appending one by one gives · 6 plain: v room beyond count. Growing
//               takes fuel, so room is part of the state. Not sparse: values
//   code        v program + 1, v function; 0: v code ordinal
//
// A text is a string of at most 64 bytes, or an interned one: equal content is one text. Longer strings are cells with an
// identity, because comparing two of them takes fuel and comparing one with itself does not.

export const SNAPSHOT_MAGIC = [0x46, 0x4d, 0x53] as const; // "FMS"
export const SNAPSHOT_VERSION = 2;
/** As SNAPSHOT_VERSION, without the prepared dictionary. */
export const PLAIN_VERSION = 1;
export const SECTIONS = { programs: 1, prelude: 2, counts: 3, graph: 4, texts: 5, numbers: 6, run: 7, images: 8 } as const;

/** Sizes that the reader reserves before it reads; it trusts them only up to the length of the streams. */
export const COUNTS = ["cells", "texts", "shapes", "pending", "codes", "stackBytes", "frames", "keys"] as const;

/** Types of the fields in SNAPSHOT_KINDS, by letter: name and number in the core, and what a field of the type holds. */
export const FIELD_TYPES = {
  u: ["NUMBER", 1, "number, as v"],
  v: ["GUEST", 2, "value of the guest"],
  a: ["ANY", 3, "any value, internal cells included"],
  o: ["OBJECT", 4, "object or nothing, as a value"],
  s: ["STRING", 5, "string, as a value"],
  p: ["CELL", 6, "reference to a cell of the kind named, or 0"],
  n: ["NATIVE", 7, "stable id of a native, as v"],
  c: ["CODE", 8, "code"],
} as const;

/** A kind of cell in snapshots: its name in kinds.ts, and its fields as `name:type`. */
export interface SnapshotKind {
  readonly kind: string;
  readonly fields: string;
}
const kind = (name: string, fields = ""): SnapshotKind => ({ kind: name, fields });

/** Portable kind numbers: positions in this list. "" reserves a position. Kinds from PLAIN_FROM on are not objects. */
export const PLAIN_FROM = 32;
export const SNAPSHOT_KINDS: readonly SnapshotKind[] = [
  kind("OBJECT"),
  kind("ARRAY"), // extra: v 1 if the length is not writable, else 0 · v length beyond the dense elements
  kind("FUNCTION", "code:c env:p:ENV home:o functionFlags:u fields:o"),
  kind("NATIVE", "native:n fallback:o functionFlags:u"),
  kind("BOUND", "target:o args:p:ELEMENTS boundThis:v"),
  kind("EXTERNAL", "name:s mode:u"),
  kind("ERROR"),
  kind("PRIMITIVE", "primitive:v"),
  kind("MAP", "table:p:HASHTABLE"),
  kind("SET", "table:p:HASHTABLE"),
  kind("WEAKMAP"),
  kind("WEAKSET"),
  kind("WEAKREF", "target:v"),
  kind("PROMISE", "promiseState:u reactions:p:REACTION result:v"),
  kind("GENERATOR", "state:u frame:p:FRAME queue:a"),
  kind("ARGUMENTS"),
  kind("INTERNAL"), // extra: a value for each slot, of any sort
  kind("PROXY", "target:v handler:v"),
  kind("DATE", "time:v"),
  kind("ARRAYBUFFER", "data:p:BLOCK byteLength:u maxByteLength:u bufferFlags:u"),
  kind("TYPEDARRAY", "buffer:o byteOffset:u length:u elementType:u"),
  kind("DATAVIEW", "buffer:o byteOffset:u length:u elementType:u"),
  kind("REGEXP", "source:s regexpFlags:u"),
  ...Array.from({ length: 9 }, () => kind("")),
  kind("STRING"), // v length << 3 | TEXT_* flags, characters in the texts
  kind("SLICE"), // v length << 1 | hash known · v start · 0 base (value) or 1 buffer (reference)
  kind("ROPE"), // left, right (values)
  kind("STRBUF"), // v used << 2 | moved << 1 | wide · v capacity - used, characters in the texts
  kind("SYMBOL", "flags:u id:u description:v"),
  kind("BIGINT"), // v limbs << 1 | negative, each limb v
  kind("ENV", "meta:p:ENV"), // v count, any values
  kind("HASHTABLE", "next:p:HASHTABLE"), // v used << 2 | old << 1 | set · v log2 capacity · entries: key [value]; of an old table HOLE or undefined
  kind("ACCESSOR", "getter:v setter:v"),
  kind("FRAME"), // 0 empty: v registers · 1 frame
  kind("COROUTINE", "promise:v frame:p:FRAME state:u"),
  kind("REACTION", "next:p:REACTION kind:u handler:a target:a extra:a"),
  kind("CALLRECORD", "next:p:CALLRECORD id:u kind:u state:u callee:a args:a target:a dueOrReturn:a"),
  kind("ELEMENTS"), // as elements
  kind("BYTES"), // v length, bytes in the texts
  kind("BLOCK"), // v length, v length without the zeros at its end, those bytes in the texts
];

/**
 * Types of slots of INTERNAL objects, on which native code relies. The snapshot's reader checks each slot against its type.
 */
export const SLOT_TYPES = {
  GUEST: "g", // a guest value
  OBJECT: "o", // object or undefined
  INTEGER: "i",
  PLACE: "p", // integer: a place in the table of the slot before it
  STRING: "s", // string or undefined
  TABLE: "t", // cell of a hash table or undefined
  WEAKMAP: "w", // WeakMap, or undefined while the object is being made
  ENVIRONMENT: "e",
  COROUTINE: "c",
  BYTES: "b", // BYTES cell or undefined
} as const;

/** Internal classes (objects of kind INTERNAL): number, type of each slot, and what the slots hold. Append only: numbers are in snapshots. */
export const INTERNAL_CLASS_ROWS = {
  ARRAY_ITERATOR: [1, "oii", "array, position, kind"],
  STRING_ITERATOR: [2, "sii", "string, position, unused"],
  MAP_ITERATOR: [3, "tpi", "table, place, kind"],
  SET_ITERATOR: [4, "tpi", "table, place, kind"],
  ITERATOR_HELPER: [20, "gggggggg", "see prelude/iterator-helper.js"],
  VALID_ITERATOR: [21, "gg", "wrapper of Iterator.from: iterator, next method"],
  FINALIZATION_REGISTRY: [22, "gw", "callback, cells"],
  RAW_JSON: [23, "g", "text"],
  DISPOSABLE_STACK: [60, "gg", "see prelude/disposable.js"],
  ASYNC_DISPOSABLE_STACK: [61, "gg", "see prelude/disposable.js"],
  TEXT_ENCODER: [70, "", "no slots"],
  TEXT_DECODER: [71, "ggog", "fatal, keeps the byte order mark, or that and the encoding (prelude/encoding.js), bytes left, is it in the middle of a stream"],
  EVENT: [72, "g", "see prelude/events.js"],
  EVENT_TARGET: [73, "g", "see prelude/events.js"],
  ABORT_SIGNAL: [74, "gg", "see prelude/events.js"],
  ABORT_CONTROLLER: [75, "g", "see prelude/events.js"],
  SUSPENDED_MATCH: [30, "bsbbiii", "program, string, state, positions, matches found, mode, limit (regexp/session.ts)"],
  REGEXP_STRING_ITERATOR: [31, "osggg", "see prelude/regexp.js"],
  LAST_MATCH: [32, "sbs", "last match of the realm: string, positions, input (builtins/regexp-legacy.ts)"],
  MODULE_CELLS: [80, "e", "cells of a module"],
  MODULE_CODE: [81, "c", "code of a module that waits to be started"],
  ASYNC_FROM_SYNC_ITERATOR: [90, "gg", "iterator, next method"],
  CALL_SITE: [100, "ggii", "function or name of a builtin, receiver, offset in the source, flags (objects/frame-text.ts)"],
} as const satisfies Readonly<Record<string, readonly [number: number, slots: string, text: string]>>;

/** Types of the slots by number of the class. */
export const INTERNAL_CLASSES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.values(INTERNAL_CLASS_ROWS).map(([number, slots]) => [number, slots]),
);

/** Words of the VM block that a snapshot contains, in order. The limits are in the host's part of the run. */
export const WORDS = [
  "status", "symbolCounter", "nextCallId", "hostCalls", "limitKind", "limitUsed", "stdoutBytes", "stepping", "weakPointLow", "weakPointHigh", "randomS0", "randomS1", "randomS2", "randomS3", "fuelUsedLow", "fuelUsedHigh",
  "allocated", "keptMark",
] as const;
/** Fewest words in a snapshot: those of the first builds. Missing words are as in a fresh machine. */
export const FIRST_WORDS = 16;
/** Values of the VM block that a snapshot contains, in order. */
export const VALUES = ["exception", "result", "stdout", "stderr", "clockNow", "mainPromise", "timeZone"] as const;
/** Words of the VM block that point to cells, with the kind. */
export const LISTS = [
  ["jobHead", "REACTION"], ["jobTail", "REACTION"], ["callHead", "CALLRECORD"], ["callTail", "CALLRECORD"], ["currentCall", "CALLRECORD"],
  ["unhandledHead", "REACTION"],
] as const;
/** Values among the core's intrinsics (KEPT in intrinsics.ts) that it cannot make again: objects, or undefined. Append only. */
export const KEPT_ROOTS = ["SYMBOL_REGISTRY", "CONSOLE_STATE"] as const;

/** Base objects that may have changed and are told apart; with more, a snapshot compares all of them. */
export const MAX_TOUCHED = 62;
/** Entries of the hash table of well-known atoms with which the writer begins: a power of two, more than twice as many as there are. */
export const ATOM_SLOTS = 2048;

/** Token of a register that nothing will read, among those of SPECIALS (opcodes.ts). */
export const DEAD = 5;
/** Forms of elements. Growing takes fuel, so room for more is part of the state. */
export const ELEMENT_MODES = { PLAIN: 0, FROZEN: 1, SEALED: 2, SPARSE: 4, APPENDED: 5, ROOM: 6 } as const;
export const TEXT_FLAGS = { WIDE: 1, BUILT: 2, INTERNED: 4, HASHED: 4 } as const;
export const SHAPE_FLAGS = { NOT_EXTENSIBLE: 1, CALLABLE: 2, CONSTRUCTOR: 4, PLAIN_KEYS: 8 } as const;
/** What happened to a property of a base object: 0 ends the list. */
export const PROPERTY_CHANGES = { END: 0, REMOVED: 1, CHANGED: 2, ADDED: 3 } as const;
export const CHANGES = { PROTOTYPE: 1, PROPERTIES: 2, ELEMENTS: 4, FIELDS: 8, NOT_EXTENSIBLE: 16 } as const;

/** Why the reader refused a graph (or the writer could not write one). The position is the number that the core returns. Append only. */
export const FAULTS = [
  ["NONE", "no fault"],
  ["TRUNCATED", "unexpected end of a stream"],
  ["TRAILING", "bytes after the end"],
  ["COUNT", "bad count"],
  ["KIND", "unknown kind of cell"],
  ["REFERENCE", "reference to a cell that does not exist"],
  ["CLASS", "reference to a cell of the wrong kind"],
  ["TEXT", "bad text"],
  ["SHAPE", "bad shape"],
  ["KEY", "bad property key"],
  ["ELEMENTS", "bad elements"],
  ["CODE", "bad code reference"],
  ["FRAME", "bad frame"],
  ["POSITION", "a frame is where no frame can be"],
  ["RECORD", "bad control record"],
  ["CYCLE", "cells form a cycle"],
  ["LARGE", "larger than allowed"],
  ["NATIVE", "unknown native function"],
  ["WORD", "bad machine word"],
  ["VALUE", "value not allowed here"],
  ["TABLE", "bad hash table"],
  ["BASE", "unknown base object"],
  ["CHANGE", "bad change of a base object"],
  ["COROUTINE", "bad coroutine or generator"],
  ["LIST", "bad list"],
  ["UNWRITABLE", "a cell cannot be written"],
] as const;
