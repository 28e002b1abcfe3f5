// Owns the numbers in cells that say what a thing is or how far it has come: kinds of reactions and calls, states of promises,
// generators and coroutines, flags of a RegExp. Snapshots contain them: append only.

/**
 * Kinds of REACTION cells. A reaction of a pending promise waits in the promise's list; once that is settled it is a job. An entry
 * in the queue of an async generator has the kind of its resumption (RESUMPTIONS) instead.
 */
export const REACTION_KINDS = {
  THEN: 1, // handler, extra: callbacks or undefined; target: a native promise, an internal array [promise, resolve, reject], or undefined
  AWAIT: 2, // target: COROUTINE or async generator that is suspended at an AWAIT
  AWAIT_RETURN: 3, // target: async generator whose first request is a `return` with a settled value
  PASS: 4, // target: promise that follows this one (resolved with it, so nothing else can settle it)
  THENABLE: 5, // job only: call handler (a `then`) on extra (a thenable) with functions that resolve target
  CALLBACK: 6, // job only: call handler with the arguments in extra (array or undefined)
  RESOLVE: 7, // job only: resolve target with extra, which needs guest code
  TASK: 8, // job only: a macrotask, which runs after all other jobs; otherwise as CALLBACK
} as const;
/** Bit of a job's kind: the promise was rejected. */
export const JOB_REJECTED = 256;

/** States of a PROMISE. */
export const PROMISE_STATES = { PENDING: 0, FULFILLED: 1, REJECTED: 2 } as const;
/** Bit of a PROMISE's state: it has a handler or does not need one, so its rejection is not reported. */
export const PROMISE_HANDLED = 256;

/** States of a GENERATOR: one of these, and the bits below. */
export const GENERATOR_STATES = {
  START: 0,
  SUSPENDED: 1,
  RUNNING: 2,
  DONE: 3,
  DRAINING: 4, // async generators only: done, with requests still to be settled
} as const;
export const GENERATOR_STATE_MASK = 7;
/** Bit of a GENERATOR's state: it is an async generator. */
export const GENERATOR_ASYNC = 8;

/** Bits in the state of a COROUTINE. An async generator has the AWAIT_ bits in its own state. */
export const COROUTINE_BITS = {
  DETACHED: 1, // it has been suspended before, so its caller already has the promise
  AWAIT_READY: 16, // its AWAIT runs again, with the promise in the destination register …
  AWAIT_THREW: 32, // … or with the exception to throw there
  NOT_STARTED: 64, // the code of a module, instantiated; suspended at its first AWAIT until switchToModule
} as const;

/** How a generator is resumed; the kind of a request in the queue of an async generator. */
export const RESUMPTIONS = { NEXT: 0, THROW: 1, RETURN: 2 } as const;

/** Kinds of CALLRECORD cells, and the words for them in the API. */
export const CALL_KINDS = { ASYNC: 0, SYNC: 1, TIMER: 2, MODULE: 3 } as const;
/** State of a timer that was stopped when its task was in the queue already. */
export const CALL_CANCELLED = 1;

/** Mode of an EXTERNAL: how a call of the host function is answered. */
export const EXTERNAL_MODES = { ASYNC: 0, SYNC: 1 } as const;

/** Flags of a control record, in its low byte. A GENERATOR's record has the kind of the call that resumed it above them. */
export const RECORD_FLAGS = {
  CONSTRUCT_CALL: 1, // the call was made by `new`
  RAW: 2, // of a generator: a FORNEXT or ITERSTEP takes the value without an iterator result
  RETURNS: 4, // of a generator: `return` resumed it
  THROWS: 8, // of a generator: `throw` resumed it
} as const;

/** Flags of a RegExp, by letter. */
export const REGEXP_FLAGS = {
  IGNORE_CASE: ["i", 1],
  MULTILINE: ["m", 2],
  DOT_ALL: ["s", 4],
  UNICODE: ["u", 8],
  SETS: ["v", 16],
  GLOBAL: ["g", 32],
  STICKY: ["y", 64],
  INDICES: ["d", 128],
} as const satisfies Readonly<Record<string, readonly [letter: string, bit: number]>>;
