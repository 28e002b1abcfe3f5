// Owns the fixed limits that the compiler, the linker and the wrapper share, and the numbers of the limits of a run. Must never be
// lowered: a snapshot may contain anything that an earlier build allowed.

/** Most registers of a function: an operand is a register times 8 in 16 bits. */
export const MAX_REGISTERS = 8191;
/** Most words of a function's code; the linker needs 32 bytes for each while it builds the cell. */
export const MAX_FUNCTION_WORDS = 0x3fffff;
/** Most slots of an environment: an operand is a slot. */
export const MAX_ENVIRONMENT_SLOTS = 65535;
/** Most arguments that a call has in the source, as in V8. */
export const MAX_ARGUMENTS = 65535;
/** Most arguments of any call (spread, `apply`): about what V8 manages on a stack of the usual size. More are a RangeError. */
export const MAX_CALL_ARGUMENTS = 123_150;

/** Size of the largest cell: its header has 24 bits for the size in units of 8 bytes. */
export const MAX_CELL_BYTES = 0xff_ffff * 8;
/** Bytes up to which texts and BigInts are compared without fuel. */
export const UNCHARGED_BYTES = 64;
/** Longest text that the wrapper may give for an expression, in code units. */
export const MAX_EXPRESSION_UNITS = 160;

/** Limits of a run that the core enforces, by number. Snapshots contain the number: append only. */
export const LIMIT_KINDS = ["none", "fuel", "memoryBytes", "timeMs", "stackDepth", "stdoutBytes", "snapshotBytes", "hostCalls"] as const;

/** The last time that a Date can have, in milliseconds since 1970. */
export const LAST_TIME = 8.64e15;
