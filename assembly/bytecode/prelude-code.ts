// Owns the way from a stub, the code cell of a prelude function in the base image, to code that runs. Most programs call few prelude
// functions, so a machine does not have the code of one before it is called. Then the wrapper, which has linked it, writes it into the
// heap. The code never changes, so it is not state, and a snapshot has stubs only. Must never take fuel or count as memory: whether a
// machine has a function's code depends on where it was resumed.
import {
  CODE_FLAGS, CODE_INDEX, CODE_PROGRAM, CODE_TABLES, FUNCTION_CODE, Kind, POINTERS_SIZE, PROGRAM_FUNCTIONS, PROGRAM_ID,
} from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { STUB } from "../heap/code";
import { allocateUncounted, kindOf, sizeOf } from "../heap/memory";

/** Bytes of the code cell of a prelude function; writes the cell to `at` unless that is 0. */
// @ts-ignore: decorator
@external("fermata", "preludeCode")
declare function preludeCode(program: u32, index: u32, at: usize): u32;

/** Code cell of function `index` of a program. */
export function programFunction(program: usize, index: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(program, PROGRAM_FUNCTIONS) + POINTERS_SIZE + (<usize>index << 2));
}

function loadedCode(stub: usize): usize {
  const known = <usize>load<u32>(stub, CODE_TABLES);
  if (known != 0) return known;
  const program = load<u32>(<usize>load<u32>(stub, CODE_PROGRAM), PROGRAM_ID);
  const index = load<u32>(stub, CODE_INDEX);
  const bytes = <usize>preludeCode(program, index, 0);
  const code = allocateUncounted(bytes);
  preludeCode(program, index, code);
  // Code of another build would be run on trust, so a mismatch is fatal.
  if (bytes == 0 || kindOf(code) != Kind.CODE || sizeOf(code) != bytes) unreachable();
  store<u32>(stub, <u32>code, CODE_TABLES);
  return code;
}

/** Code of a FUNCTION that is about to run or to be examined. */
// @ts-ignore: decorator
@inline
export function runnableCode(fn: usize): usize {
  const code = <usize>load<u32>(fn, FUNCTION_CODE);
  return load<u32>(code) & STUB ? loadCode(fn, code) : code;
}

function loadCode(fn: usize, stub: usize): usize {
  const code = loadedCode(stub);
  store<u32>(fn, <u32>code, FUNCTION_CODE);
  return code;
}

/** The one cell that identifies a function's code wherever it is compared or named: for prelude functions, the stub. */
export function codeIdentity(code: usize): usize {
  if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) return code;
  return programFunction(<usize>load<u32>(code, CODE_PROGRAM), load<u32>(code, CODE_INDEX));
}
