// Owns the memory map and the VM block: every word of machine state outside the heap and the stack.
// Must never move a field silently: the ABI hash covers this file.
//
//   0        1024            16384       BASE_START        baseEnd     stackEnd             heapTop      heapLimit
//   ┌────────┬───────────────┬───────────┬─────────────────┬───────────┬────────────────────┬───────────┐
//   │ guard  │ VM block      │ static    │ base image      │ stack     │ heap (one space;   │ free      │
//   │        │               │ data      │ (does not move) │ ↑ values  │ the other is made  │           │
//   │        │               │           │                 │ records ↓ │ while collecting)  │           │
//   └────────┴───────────────┴───────────┴─────────────────┴───────────┴────────────────────┴───────────┘

export const VM_BLOCK = 1024;
export const STATIC_DATA = 16384;
export const BASE_START = 139264;
/** Bytes of a fresh stack; it grows at a safepoint. */
export const STACK_INITIAL = 32768;
/** Registers a callee may use without a check of its own beyond its declared count (native call areas). */
export const STACK_SLACK = 1024;
/** Bytes of one control record: return pc u32, caller fp u32, destination u16, kind u16 (its high byte is a generator's), argc u24, flags u8. */
export const RECORD_SIZE = 16;

/**
 * How a word of machine state is treated when a snapshot is written and read:
 *
 *   written   it is in the snapshot: WORDS, LISTS, VALUES or KEPT_ROOTS of snapshot-format.ts
 *   frames    it is in the snapshot as the frames on the stack
 *   linked    it is made again when the programs of the snapshot are linked, or while cells are read
 *   host      the wrapper sets it from the limits of the run, which travel in the container
 *   place     it says where things are in this machine's memory, or how that has been used
 *   slice     the account of a slice: at a stop it has nothing but a debt, which is in the snapshot
 *   cache     it may be as in a fresh machine at any stop: only speed and memory depend on it
 *   passing   it means nothing at a stop
 *   base      it belongs to the base image; what a program changes there is found by comparing
 *
 * tests/snapshot/words.test.ts checks each word against its entry here.
 */
export type Fate = "written" | "frames" | "linked" | "host" | "place" | "slice" | "cache" | "passing" | "base";

/** Plain 32-bit words of the VM block, in order. */
export const VM_WORD_ROWS = [
  ["fuel", "slice"], // i32: rest of this slice's fuel; < 0 when a safepoint has work to do
  ["fuelHeld", "slice"], // i32: fuel set aside while `fuel` is forced negative by a request
  ["requests", "slice"], // u32: bits of REQUESTS
  ["status", "written"], // u32: RunStatus
  ["pc", "frames"], // u32: next instruction while the loop is not running
  ["fp", "frames"], // u32
  ["csp", "frames"], // u32: control stack pointer (grows down)
  ["stackBase", "place"], // u32
  ["stackEnd", "place"], // u32: one above the highest control record
  ["heapBase", "place"], // u32: start of the current space
  ["heapTop", "place"], // u32: next free byte
  ["heapSoft", "place"], // u32: allocation beyond this takes the slow path: memory grows, or a collection is asked for
  ["memoryEnd", "place"], // u32: end of linear memory
  ["baseEnd", "place"], // u32: end of the base image
  ["epoch", "cache"], // u32: changes when a prototype changes shape
  ["memoryLimit", "host"], // u32: bytes of live heap + stack that the guest may use
  ["liveAfterCollect", "place"], // u32: bytes
  ["peakMemory", "linked"], // u32: most bytes that were in use
  ["stackDepthLimit", "host"], // u32
  ["symbolCounter", "written"], // u32
  ["hashCounter", "cache"], // u32: identity hashes
  ["nextCallId", "written"], // u32
  ["hostCalls", "written"], // u32
  ["hostCallLimit", "host"], // u32
  ["newTargetLow", "passing"], // u32: new.target of the construct call being made (object address or 0)
  ["limitKind", "written"], // u32: LimitKind that ended the run
  ["limitUsed", "written"], // u32 (low word)
  ["atomTable", "linked"], // p
  ["programs", "linked"], // p: POINTERS of PROGRAM cells
  ["jobHead", "written"], // p: REACTION list
  ["jobTail", "written"], // p
  ["callHead", "written"], // p: CALLRECORD list
  ["callTail", "written"], // p
  ["pendingRetry", "passing"], // u32
  ["stdoutBytes", "written"], // u32
  ["stdoutLimit", "host"], // u32
  ["stepping", "written"], // u32
  ["collections", "place"], // u32: number of collections so far; the host forgets addresses when it changes
  ["weakPointLow", "written"], // u64: total fuel at which WeakRef targets may be cleared next, 0 while there was no WeakRef (interpreter/weak-points.ts)
  ["weakPointHigh", "written"],
  ["randomS0", "written"], // xoshiro128++
  ["randomS1", "written"],
  ["randomS2", "written"],
  ["randomS3", "written"],
  ["fuelUsedLow", "written"], // u64: fuel spent since the start, without this slice
  ["fuelUsedHigh", "written"],
  ["sliceFuel", "slice"], // i32: what this slice began with
  ["currentCall", "written"], // p: CALLRECORD of the sync call the guest is held at
  ["unhandledHead", "written"], // p: REACTION list of promises rejected without a handler so far
  ["stackWanted", "passing"], // u32: bytes a grown stack must have free
  ["singleChars", "cache"], // p: POINTERS, the atoms of one Latin-1 character (strings/string.ts)
  ["smallIntegers", "cache"], // p: POINTERS, texts of small integers (primitives/convert.ts)
  ["rootShapes", "cache"], // p: POINTERS, root shapes made lately (objects/object.ts)
  ["evaluated", "linked"], // u32: weak chain of PROGRAM cells of code from strings, newest first (bytecode/evaluated.ts)
  ["heapTarget", "place"], // u32: where the next collection is asked for; at or above `heapSoft`
  ["scratchEnd", "place"], // u32: highest address that was written above the heap
  ["allocated", "written"], // u32: bytes allocated since the start, as far as counted (heap/account.ts)
  ["countedFrom", "place"], // u32: cells from here on are not in `allocated` yet
  ["keptMark", "written"], // u32: peak of memory as builds before noted it (heap/account.ts); 0 in a run that began on this one
  ["preludeBytes", "place"], // u32: bytes of prelude code in the heap, which no limit counts (bytecode/prelude-code.ts)
  ["hashSeed", "place"], // u32: secret of this machine that tables of names, and hashes of objects and symbols, are mixed with (core/hash.ts)
  ["callIndex", "place"], // u32: BYTES cell by which pending calls are found, or 0; a collection drops it (jobs/calls.ts)
  ["maxWork", "passing"], // u32: fuel that work which cannot be interrupted may take in the time that is left, 0: any (heap/memory.ts)
] as const satisfies readonly (readonly [name: string, fate: Fate])[];
export const VM_WORDS = VM_WORD_ROWS.map(([name]) => name);

/** Words of the VM block that hold cell addresses and are roots. */
export const VM_POINTER_ROOTS = [
  "atomTable", "programs", "jobHead", "jobTail", "callHead", "callTail", "currentCall", "unhandledHead", "singleChars", "smallIntegers", "rootShapes",
] as const;

/** Values of the VM block that are roots, after the words, 8 bytes each. */
export const VM_VALUE_ROWS = [
  ["exception", "written"], // pending exception, the hole if there is no exception
  ["result", "written"], // completion value, or the value that a native passes to the loop
  ["stdout", "written"], // all text written, a string
  ["stderr", "written"],
  ["globalObject", "base"],
  ["globalLexical", "base"], // ordinary object without prototype: bindings let, const, class
  ["clockNow", "written"], // number: ms
  ["mainPromise", "written"], // promise of an async program, undefined otherwise
  ["sourceRequest", "passing"], // array of source, kind and more: what the wrapper is asked to compile
  ["sourceEnvironment", "passing"], // environment in which that code runs
  ["transferred", "passing"], // value that came in through the transfer area
  ["timeZone", "written"], // undefined: UTC; else a text, see assembly/builtins/time-zone.ts
] as const satisfies readonly (readonly [name: string, fate: Fate])[];
export const VM_VALUES = VM_VALUE_ROWS.map(([name]) => name);

/** Number of intrinsic slots, which follow the values (ids in intrinsics.ts). */
export const MAX_INTRINSICS = 1400;

/** Number of well-known atoms (u32 addresses), which follow the intrinsics. */
export const MAX_ATOMS = 704;

/** Requests that a safepoint serves. */
export const REQUESTS = { COLLECT: 1, HOLD: 2, LIMIT: 4, GROW_STACK: 8 } as const;

/** What DECLLEX does: bits for a constant and for a name that may be declared already; REMOVE makes way for a global variable. */
export const LEXICAL_MODES = { CONST: 1, AGAIN: 2, REMOVE: 4 } as const;

/** Results of `run`. */
export const RUN_STATUS = { DONE: 0, FUEL: 1, HOLD: 2, WAITING: 3, SYNC_CALL: 4, THREW: 5, LIMIT: 6, IDLE: 7, SOURCE: 8 } as const;

/** Kinds of control record: the meaning of a return into it. */
export const RECORD_KINDS = {
  ENTRY: 0, // bottom: leaves the loop
  CALL: 1, // dst := result
  DISCARD: 2, // setters
  CONSTRUCT: 3, // dst := result if an object, else the callee's this
  BRANCH: 4, // the fused instruction before the return pc jumps by the truth of the result
  NEXT: 5, // FORNEXT of a guest iterator: the hole means done
  GENERATOR: 6, // resumed generator: result is wrapped as {value, done: true}
  JOB: 7, // a job: the result goes nowhere
  NOT: 8, // dst := !result
  BOOLEAN: 9, // dst := !!result
  CONSTRUCT_DERIVED: 10, // dst := result, which CTORRESULT has checked
  KEEP: 11, // dst keeps what it holds; the result is ignored
  ITERATOR: 12, // iterator group at dst := the pair (iterator, next) that the prelude returns
} as const;
