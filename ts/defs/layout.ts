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
export const BASE_START = 131072;
/** Bytes of a fresh stack; it grows at a safepoint. */
export const STACK_INITIAL = 32768;
/** Registers a callee may use without a check of its own beyond its declared count (native call areas). */
export const STACK_SLACK = 1024;
/** Bytes of one control record: return pc u32, caller fp u32, destination u16, kind u16, argc u16, flags u16. */
export const RECORD_SIZE = 16;

/** Registers a function may have: an operand is a register times 8 in 16 bits. */
export const MAX_REGISTERS = 8191;
/** Words the code of a function may have; the linker needs 32 bytes for each while it builds the cell. */
export const MAX_FUNCTION_WORDS = 0x3fffff;
/** Slots an environment may have: an operand is a slot. */
export const MAX_ENVIRONMENT_SLOTS = 65535;
/** Arguments a call may have. */
export const MAX_ARGUMENTS = 65535;

/** Plain 32-bit words of the VM block, in order. */
export const VM_WORDS = [
  "fuel", // i32: what is left of this slice; < 0 when a safepoint has work to do
  "fuelHeld", // i32: fuel set aside while `fuel` is forced negative by a request
  "requests", // u32: bits of TRAP_*
  "status", // u32: RunStatus
  "pc", // u32: next instruction while the loop is not running
  "fp", // u32
  "csp", // u32: control stack pointer (grows down)
  "stackBase", // u32
  "stackEnd", // u32: one behind the highest control record
  "heapBase", // u32: start of the current space
  "heapTop", // u32: next free byte
  "heapSoft", // u32: allocation beyond this takes the slow path: memory grows, or a collection is asked for
  "memoryEnd", // u32: end of linear memory
  "baseEnd", // u32: end of the base image
  "epoch", // u32: changes when a prototype changes shape
  "memoryLimit", // u32: bytes of live heap + stack that the guest may use
  "liveAfterCollect", // u32
  "peakMemory", // u32
  "stackDepth", // u32: frames now
  "stackDepthLimit", // u32
  "symbolCounter", // u32
  "hashCounter", // u32: identity hashes
  "nextCallId", // u32
  "hostCalls", // u32
  "hostCallLimit", // u32
  "newTargetLow", // u32: new.target of the construct call being made (object address or 0)
  "limitKind", // u32: LimitKind that ended the run
  "limitUsed", // u32 (low word)
  "atomTable", // p
  "programs", // p: POINTERS of PROGRAM cells
  "jobHead", // p: REACTION list
  "jobTail", // p
  "callHead", // p: CALLRECORD list
  "callTail", // p
  "pendingRetry", // u32
  "stdoutBytes", // u32
  "stdoutLimit", // u32
  "stepping", // u32
  "collections", // u32
  "debugFlags", // u32
  "allocatedLow", // u64: total fuel at which WeakRef targets may be cleared next, 0 while there was no WeakRef (jobs/weak-points.ts)
  "allocatedHigh",
  "randomS0", "randomS1", "randomS2", "randomS3", // xoshiro128++
  "fuelUsedLow", "fuelUsedHigh", // u64: fuel spent since the start, without this slice
  "sliceFuel", // i32: what this slice began with
  "currentCall", // p: CALLRECORD of the sync call the guest is held at
  "unhandledHead", // p: REACTION list of promises rejected without a handler so far
  "stackWanted", // u32: bytes a grown stack must have free
  "spare0", "spare1", "spare2",
  "evaluated", // u32: weak chain of PROGRAM cells of code from strings, newest first (bytecode/evaluated.ts)
  "heapTarget", // u32: where the next collection is asked for; at or behind `heapSoft`
  "scratchEnd", // u32: highest address that was written behind the heap
  "preludeBytes", // u32: of the heap, code of the prelude, which no limit counts (bytecode/prelude-code.ts)
] as const;

/** Words of the VM block that hold cell addresses and are roots. */
export const VM_POINTER_ROOTS = ["atomTable", "programs", "jobHead", "jobTail", "callHead", "callTail", "currentCall", "unhandledHead"] as const;

/** Values of the VM block that are roots, behind the words, 8 bytes each. */
export const VM_VALUES = [
  "exception", // pending exception, hole when none
  "result", // completion value, or what a native hands to the loop
  "stdout", // all text written, a string
  "stderr",
  "globalObject",
  "globalLexical", // ordinary object without prototype: bindings let, const, class
  "clockNow", // number: ms
  "mainPromise", // promise of an async program, undefined otherwise
  "scratch0", "scratch1", "scratch2", "scratch3",
  "timeZone", // undefined: UTC; else a text, see assembly/builtins/time-zone.ts
] as const;

/** Number of intrinsic slots behind the values (ids in intrinsics.ts). */
export const MAX_INTRINSICS = 1400;

/** Number of well-known atoms (u32 addresses) behind the intrinsics. */
export const MAX_ATOMS = 704;

/** Requests that a safepoint serves. */
export const REQUESTS = { COLLECT: 1, HOLD: 2, LIMIT: 4, GROW_STACK: 8 } as const;

/** What `run` answers. */
export const RUN_STATUS = { DONE: 0, FUEL: 1, HOLD: 2, WAITING: 3, SYNC_CALL: 4, THREW: 5, LIMIT: 6, IDLE: 7, SOURCE: 8 } as const;

export const LIMIT_KINDS = ["none", "fuel", "memoryBytes", "timeMs", "stackDepth", "stdoutBytes", "snapshotBytes", "hostCalls"] as const;

/** Kinds of control record: what a return into it means. */
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
  ITERATOR: 12, // iterator group at dst := the pair (iterator, next) that the prelude answers
} as const;
