// Owns the step from a program image (ts/defs/image-format.ts) to linked code cells, and the refusal of malformed images. Must never
// trust a byte of the image, and must never move a word: a position in the portable form is also one in the linked form.
//
// A function at a time is put together above the heap's top, where nothing is allocated meanwhile. Its cell is then moved to where the
// next allocation begins:
//
//   heapTop    constants (8 bytes each) · flags (u32 per word) · code cell: words · caches · relocations · handlers · positions
import { LinkError, MAX_CELL_BYTES } from "../generated/exchange";
import { Atom, atomAt } from "../generated/intrinsics";
import {
  BYTES_LENGTH, BYTES_SIZE, CODE_CACHES, CODE_FLAGS, CODE_HANDLERS, CODE_INDEX, CODE_INSTANCE_CAPACITY, CODE_LIMITS, CODE_NAME,
  CODE_PROGRAM, CODE_REGISTERS, CODE_RELOCATIONS, CODE_TABLES, CODE_WORDS, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_COUNT,
  PROGRAM_FILENAME, PROGRAM_FUNCTIONS, PROGRAM_ID, PROGRAM_LINES, PROGRAM_NEEDED, PROGRAM_NEXT, PROGRAM_SERIAL, PROGRAM_SIZE,
  PROGRAM_STRINGS, PROGRAM_TEMPLATES,
} from "../generated/kinds";
import {
  FunctionFlag, IMAGE_MAGIC, KNOWN_FUNCTION_FLAGS, MAX_FUNCTION_WORDS, MAX_REGISTERS, VM_HEAP_TOP, VM_PROGRAMS,
} from "../generated/layout";
import { MAX_TRUSTED_WORDS } from "../generated/opcodes";
import { CACHE_SIZE, CODE_ENTRY, HANDLER_SIZE, NOT_CALLABLE, STUB, PAYS_BY_LENGTH } from "../heap/code";
import { allocate, sizeOf, usesScratch } from "../heap/memory";
import { BOUNDARY, fusePairs, STARTS } from "./fuse";
import { checkConstants, linkStrings, readConstant, resetBigInts } from "./link-constants";
import { linkWords } from "./link-instructions";
import {
  CACHES, CELL, CONSTANT_COUNT, CONSTANTS, fail, FLAGS, FUNCTION_CHAIN, FUNCTION_COUNT, FUNCTION_FLAGS, IMAGE, LENGTH, LINK_ERROR,
  LINK_ERROR_AT, MAX_UNPAID, META, newPointers, STUBS, PARAMETERS, PRIVILEGED, PROGRAM, reach, REGISTERS, RELOCATIONS, STAGING,
  STRING_COUNT, stringAt, TEMPLATE_NEXT, UNPAID, WORDS,
} from "./link-state";
import { openReader, readBytes, readFailed, readPosition, readSigned, readUnsigned, remaining, rewind } from "./reader";
import { openVerifier, verifyHandler } from "./verify";

export { LINK_ERROR, LINK_ERROR_AT } from "./link-state";

// --- tables -------------------------------------------------------------------------------------------------------

function markBoundary(word: u32): bool {
  const flag = <usize>load<u32>(FLAGS) + ((<usize>word) << 2);
  if ((load<u32>(flag) & STARTS) == 0) return false;
  store<u32>(flag, load<u32>(flag) | BOUNDARY);
  return true;
}

function linkHandlers(at: usize, count: u32): bool {
  const words = load<u32>(WORDS);
  for (let i: u32 = 0; i < count; i++) {
    const start = readUnsigned();
    const end = readUnsigned();
    const target = readUnsigned();
    const register = readUnsigned();
    if (readFailed()) return fail(LinkError.TRUNCATED);
    // A handler comes after the code it guards: a throw cannot make a loop that takes no fuel.
    if (start >= end || end > words || target >= words || target < end) return fail(LinkError.HANDLER);
    if (register >= load<u32>(REGISTERS)) return fail(LinkError.REGISTER);
    if (!verifyHandler(start, target, register)) return false;
    if (!markBoundary(start) || !markBoundary(target) || (end < words && !markBoundary(end)))
      return fail(LinkError.HANDLER);
    const handler = at + <usize>i * HANDLER_SIZE;
    store<u32>(handler, start << 3);
    store<u32>(handler, end << 3, 4);
    store<u32>(handler, target << 3, 8);
    store<u32>(handler, register << 3, 12);
  }
  return true;
}

/** Number of positions that are kept: prelude functions never show a position. */
function keptPositions(count: u32): u32 {
  return load<u32>(FUNCTION_FLAGS) & FunctionFlag.PRELUDE ? 0 : count;
}

function linkPositions(at: usize, count: u32): bool {
  const kept = keptPositions(count);
  store<u32>(at, kept);
  let word: u64 = 0;
  let offset: i64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    word += <u64>readUnsigned();
    offset += <i64>readSigned();
    if (readFailed()) return fail(LinkError.TRUNCATED);
    if (word > <u64>load<u32>(WORDS) || offset < 0 || offset > 0x7fffffff) return fail(LinkError.POSITION);
    if (i >= kept) continue;
    store<u32>(at + 4 + ((<usize>i) << 3), <u32>word);
    store<u32>(at + 8 + ((<usize>i) << 3), <u32>offset);
  }
  return true;
}

// --- functions ----------------------------------------------------------------------------------------------------

/** Lays out the room for one function above the heap's top and reads constants and words into it. */
function openFunction(constantsAt: usize, codeAt: usize): bool {
  const constants = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const flags = constants + ((<usize>load<u32>(CONSTANT_COUNT)) << 3);
  const words = <usize>load<u32>(WORDS);
  const cell = (flags + (words << 2) + 7) & ~7;
  // At most one cache and one relocation per two words.
  const staging = cell + CODE_ENTRY + (words << 3) + (words << 3);
  reach(staging + (words << 1) + 64);
  usesScratch(staging + (words << 1) + 64);
  store<u32>(CONSTANTS, <u32>constants);
  store<u32>(FLAGS, <u32>flags);
  store<u32>(CELL, <u32>cell);
  store<u32>(STAGING, <u32>staging);
  store<u32>(CACHES, 0);
  store<u32>(RELOCATIONS, 0);
  store<u32>(UNPAID, 0);
  store<u32>(MAX_UNPAID, 0);
  memory.fill(flags, 0, words << 2);
  rewind(constantsAt);
  const count = readUnsigned();
  for (let i: u32 = 0; i < count; i++) store<u64>(constants + ((<usize>i) << 3), readConstant());
  rewind(codeAt);
  return linkWords();
}

/** Appends the tables to the words; returns the cell's size, 0 if something was refused. */
function closeFunction(): usize {
  const cell = <usize>load<u32>(CELL);
  const words = <usize>load<u32>(WORDS);
  const caches = cell + CODE_ENTRY + (words << 3);
  const relocations = caches + <usize>load<u32>(CACHES) * CACHE_SIZE;
  const relocationBytes = (<usize>load<u32>(RELOCATIONS)) << 2;
  memory.copy(relocations, <usize>load<u32>(STAGING), relocationBytes);
  memory.fill(caches, 0, relocations - caches);
  const handlers = (relocations + relocationBytes + 7) & ~7;
  if (handlers > relocations + relocationBytes) store<u32>(handlers - 4, 0);
  const handlerCount = readUnsigned();
  if (handlerCount > remaining()) {
    fail(LinkError.TRUNCATED);
    return 0;
  }
  reach(handlers + <usize>handlerCount * HANDLER_SIZE);
  if (!linkHandlers(handlers, handlerCount)) return 0;
  if (load<u32>(MAX_UNPAID) > MAX_TRUSTED_WORDS) store<u32>(META, load<u32>(META) | PAYS_BY_LENGTH);
  else fusePairs(cell + CODE_ENTRY, <i32>words, <usize>load<u32>(FLAGS), handlers, handlerCount);
  const positions = handlers + <usize>handlerCount * HANDLER_SIZE;
  const positionCount = readUnsigned();
  if (positionCount > remaining()) {
    fail(LinkError.TRUNCATED);
    return 0;
  }
  const range = positions + 4 + ((<usize>keptPositions(positionCount)) << 3);
  reach(range + 16);
  if (!linkPositions(positions, positionCount)) return 0;
  store<u32>(cell, <u32>words, CODE_WORDS);
  store<u32>(cell, <u32>(caches - cell), CODE_TABLES);
  store<u32>(cell, load<u32>(CACHES), CODE_CACHES);
  store<u32>(cell, load<u32>(RELOCATIONS), CODE_RELOCATIONS);
  store<u32>(cell, handlerCount, CODE_HANDLERS);
  const end = range + 8;
  const size = (end - cell + 7) & ~7;
  if (end < cell + size) store<u32>(end, 0);
  if (size > MAX_CELL_BYTES) {
    fail(LinkError.SIZE);
    return 0;
  }
  // The caller stores the source range there.
  store<u32>(STAGING, <u32>range);
  return size;
}

function checkFlags(flags: u32): bool {
  if (flags & ~KNOWN_FUNCTION_FLAGS) return fail(LinkError.FUNCTION);
  if (flags & FunctionFlag.PRELUDE && load<u32>(PRIVILEGED) == 0) return fail(LinkError.FUNCTION);
  // Generators, async functions and arrows cannot be constructors.
  const isConstructor = (flags & FunctionFlag.CONSTRUCTOR) != 0;
  if (isConstructor && flags & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC | FunctionFlag.ARROW))
    return fail(LinkError.FUNCTION);
  if (flags & FunctionFlag.CLASS_CONSTRUCTOR && !isConstructor) return fail(LinkError.FUNCTION);
  return true;
}

/** Links one function; returns its cell, 0 if it was refused. */
function linkFunction(index: u32): usize {
  const flags = readUnsigned();
  const name = readUnsigned();
  const parameters = readUnsigned();
  const length = readUnsigned();
  const registers = readUnsigned();
  const clears = readUnsigned();
  const sourceStart = readUnsigned();
  const sourceLength = readUnsigned();
  if (!checkFlags(flags)) return 0;
  if (name > load<u32>(STRING_COUNT)) fail(LinkError.STRING);
  if (registers > MAX_REGISTERS || length > 0xffff || <u64>parameters + <u64>clears + 2 > <u64>registers)
    fail(LinkError.LIMIT);
  const constantsAt = readPosition();
  if (load<u32>(LINK_ERROR) != LinkError.NONE || !checkConstants()) return 0;
  const words = readUnsigned();
  if (words == 0 || words > remaining()) fail(LinkError.TRUNCATED);
  if (words > MAX_FUNCTION_WORDS) fail(LinkError.SIZE);
  if (load<u32>(LINK_ERROR) != LinkError.NONE) return 0;
  store<u32>(WORDS, words);
  store<u32>(REGISTERS, registers);
  store<u32>(PARAMETERS, parameters);
  store<u32>(FUNCTION_FLAGS, flags);
  store<u32>(META, flags & FunctionFlag.CLASS_CONSTRUCTOR ? NOT_CALLABLE : 0);
  if (!openVerifier(clears) || !openFunction(constantsAt, readPosition())) return 0;
  const size = closeFunction();
  if (size == 0) return 0;
  const cell = <usize>load<u32>(CELL);
  store<u32>(<usize>load<u32>(STAGING), sourceStart);
  store<u32>(<usize>load<u32>(STAGING), sourceLength, 4);
  store<u32>(cell, load<u32>(META));
  store<u32>(cell, load<u32>(PROGRAM), CODE_PROGRAM);
  store<u32>(cell, index, CODE_INDEX);
  store<u32>(cell, flags, CODE_FLAGS);
  store<u32>(cell, registers | (clears << 16), CODE_REGISTERS);
  store<u32>(cell, parameters | (length << 16), CODE_LIMITS);
  store<u32>(cell, name == 0 ? 0 : <u32>stringAt(name - 1), CODE_NAME);
  store<u32>(cell, 0, CODE_INSTANCE_CAPACITY);
  return load<u32>(STUBS) ? allocateStub(cell) : allocateCode(cell, size);
}

function allocateCode(cell: usize, size: usize): usize {
  // The cell is copied to the address of the next allocation.
  memory.copy(<usize>load<u32>(VM_HEAP_TOP), cell, size);
  return allocate(Kind.CODE, size);
}

function allocateStub(cell: usize): usize {
  const stub = allocateCode(cell, CODE_ENTRY);
  store<u32>(stub, load<u32>(stub) | STUB);
  memory.fill(stub + CODE_WORDS, 0, CODE_ENTRY - CODE_WORDS);
  return stub;
}

/** Sets the operands that name functions, now that all functions have cells. */
function linkFunctionOperands(functions: usize): void {
  let slot = <usize>load<u32>(FUNCTION_CHAIN);
  while (slot != 0) {
    const next = <usize>load<u32>(slot, 4);
    const index = load<u32>(slot);
    store<u64>(slot, <u64>load<u32>(functions + POINTERS_SIZE + ((<usize>index) << 2)));
    slot = next;
  }
}

function linkAll(): bool {
  if (remaining() < 4) return fail(LinkError.TRUNCATED);
  if (load<u32>(readBytes(4)) != IMAGE_MAGIC) return fail(LinkError.MAGIC);
  if (!linkStrings()) return false;
  const count = readUnsigned();
  if (count == 0 || count > remaining()) return fail(LinkError.FUNCTION);
  if ((<usize>count) << 2 > MAX_CELL_BYTES - 64) return fail(LinkError.SIZE);
  store<u32>(FUNCTION_COUNT, count);
  const functions = newPointers(count);
  const program = <usize>load<u32>(PROGRAM);
  store<u32>(program, <u32>functions, PROGRAM_FUNCTIONS);
  store<u32>(program, count, PROGRAM_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const code = linkFunction(i);
    if (code == 0) return fail(LinkError.TRUNCATED);
    store<u32>(functions + POINTERS_SIZE + ((<usize>i) << 2), <u32>code);
  }
  if (readFailed()) return fail(LinkError.TRUNCATED);
  if (remaining() != 0) return fail(LinkError.TRAILING);
  store<u32>(functions, count, POINTERS_COUNT);
  if (load<u32>(STUBS) == 0) linkFunctionOperands(functions);
  return true;
}

function newProgram(id: u32): usize {
  const lines = allocate(Kind.BYTES, BYTES_SIZE);
  store<u32>(lines, 0);
  store<u64>(lines, 0, BYTES_LENGTH);
  const program = allocate(Kind.PROGRAM, PROGRAM_SIZE);
  store<u32>(program, 0);
  store<u32>(program, id, PROGRAM_ID);
  store<u32>(program, 0, PROGRAM_COUNT);
  store<u32>(program, <u32>atomAt(Atom.empty), PROGRAM_FILENAME);
  store<u32>(program, <u32>lines, PROGRAM_LINES);
  store<u32>(program, 0, PROGRAM_FUNCTIONS);
  store<u32>(program, 0, PROGRAM_STRINGS);
  store<u32>(program, 0, PROGRAM_TEMPLATES);
  store<u32>(program, 0, PROGRAM_NEXT);
  store<u32>(program, 0, PROGRAM_SERIAL);
  store<u32>(program, 0, PROGRAM_NEEDED);
  return program;
}

function link(bytes: usize, length: i32, programId: u32, privileged: u32, stubs: u32): usize {
  store<u32>(LINK_ERROR, LinkError.NONE);
  store<u32>(LINK_ERROR_AT, 0);
  store<u32>(IMAGE, <u32>bytes);
  store<u32>(LENGTH, <u32>length);
  store<u32>(PRIVILEGED, privileged);
  store<u32>(STUBS, stubs);
  store<u32>(FUNCTION_CHAIN, 0);
  store<u32>(TEMPLATE_NEXT, 0);
  resetBigInts();
  openReader(bytes, <usize>length);
  const program = newProgram(programId);
  store<u32>(PROGRAM, <u32>program);
  return linkAll() ? program : 0;
}

/**
 * Links the program image in `length` bytes at `bytes`. Returns the PROGRAM cell, or 0: then LINK_ERROR and LINK_ERROR_AT say why
 * and where. The program is not a root yet (addProgram makes it one).
 */
export function linkProgram(bytes: usize, length: i32, programId: u32): usize {
  return link(bytes, length, programId, 0, 0);
}

/** As linkProgram, for code that is trusted like the prelude: its functions may carry the PRELUDE flag and call natives directly. */
export function linkPrelude(bytes: usize, length: i32, programId: u32): usize {
  return link(bytes, length, programId, 1, 0);
}

/** As linkPrelude, but keeps only stubs. */
export function linkStubs(bytes: usize, length: i32, programId: u32): usize {
  return link(bytes, length, programId, 1, 1);
}

/** filename: string cell · lines: BYTES cell with the line starts (u32 each), ascending. */
export function setProgramSource(program: usize, filename: usize, lines: usize): void {
  store<u32>(program, <u32>filename, PROGRAM_FILENAME);
  store<u32>(program, <u32>lines, PROGRAM_LINES);
}

/** Adds a program to the list in the VM block. */
export function addProgram(program: usize): void {
  let list = <usize>load<u32>(VM_PROGRAMS);
  const count: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
  if (list == 0 || POINTERS_SIZE + ((<usize>(count + 1)) << 2) > sizeOf(list)) {
    const grown = newPointers(count == 0 ? 2 : count * 2);
    if (list != 0) memory.copy(grown + POINTERS_SIZE, list + POINTERS_SIZE, (<usize>count) << 2);
    store<u32>(VM_PROGRAMS, <u32>grown);
    list = grown;
  }
  store<u32>(list + POINTERS_SIZE + ((<usize>count) << 2), <u32>program);
  store<u32>(list, count + 1, POINTERS_COUNT);
}
