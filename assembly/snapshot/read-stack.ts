// Owns the reading of frames into the stack or into a cell. Their claims about functions are checked once those exist (check-frames.ts).
// Must never write outside the room it was given.
//
// What a frame claims cannot be checked while it is read: its function may be a cell whose body comes later. So here only sizes are checked
// (registers fit the stack, frames do not run into the records), positions stay word numbers, and FRAMES remembers where each frame is.
// checkStack compares all of it with the functions, and only then makes addresses of the positions.
import { codeIdentity } from "../bytecode/prelude-code";
import { addressOf, boxObject, isObject, UNDEFINED, Value } from "../core/value";
import { FRAME_COUNT, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, Kind } from "../generated/kinds";
import {
  BASE_START, MAX_CALL_ARGUMENTS, MAX_REGISTERS, RECORD_SIZE, STACK_SLACK, VM_BASE_END, VM_CSP, VM_FP, VM_PC, VM_STACK_BASE, VM_STACK_END,
} from "../generated/layout";
import { Fault } from "../generated/snapshot-format";
import { allocate, kindOf } from "../heap/memory";
import { fillRecord } from "../heap/record";
import { newClosure } from "../objects/function";
import { CODE_COUNT, CODE_TABLE, fail, failed, GUEST, readCount, readNumber, readValue, REGISTER, room } from "./read-value";

const STATE: usize = memory.data(16, 8);
/** {address, registers} of each frame on the stack, from the bottom. */
export const FRAMES: usize = STATE;
export const FRAME_TOTAL: usize = STATE + 4;
/** Position (in words) of the last frame read, and the number of registers of its function. */
const POSITION: usize = STATE + 8;
const REGISTERS: usize = STATE + 12;

/**
 * Reads the function of a frame. If the snapshot brings prelude code that differs from the code of today's object, the frame gets
 * a function object of its own: the guest cannot tell, as it never sees the callee of such a frame.
 */
function readCallee(): Value {
  const callee = readValue(GUEST);
  if (failed()) return UNDEFINED;
  const object = addressOf(callee);
  if (!isObject(callee)) fail(Fault.FRAME);
  else if (object - BASE_START < <usize>load<u32>(VM_BASE_END) - BASE_START) {
    const ordinal = readNumber();
    if (ordinal >= load<u32>(CODE_COUNT) || kindOf(object) != Kind.FUNCTION) fail(Fault.CODE);
    else {
      const code = load<u32>(<usize>load<u32>(CODE_TABLE) + (<usize>ordinal << 2));
      if (<usize>code != codeIdentity(<usize>load<u32>(object, FUNCTION_CODE)) && room(64)) return boxObject(newClosure(<usize>code, 0));
    }
  }
  return callee;
}

/**
 * Reads a frame to `at`, which has room for `limit` registers; if `at` is 0, to a new FRAME cell. Returns its address, 0 after a
 * fault.
 */
export function readFrame(at: usize, limit: u32): usize {
  const callee = readCallee();
  const position = readNumber();
  const registers = readNumber();
  const count = readCount() ;
  // r0 and r1, the function and `this`, are always written.
  if (registers < 2 || registers > MAX_REGISTERS || count > registers || count < 2) fail(Fault.FRAME);
  if (at != 0 && registers > limit) fail(Fault.FRAME);
  if (failed()) return 0;
  let to = at;
  let frame = at;
  if (at == 0) {
    const bytes = FRAME_SIZE + (<usize>registers << 3);
    if (!room(bytes)) return 0;
    frame = allocate(Kind.FRAME, bytes);
    store<u32>(frame, 0);
    store<u32>(frame, position, FRAME_POSITION);
    store<u32>(frame, registers, FRAME_COUNT);
    to = frame + FRAME_SIZE;
  }
  // Every register gets a value before the first is read: a fault in the middle leaves a stack that the collector can scan.
  for (let r: u32 = 0; r < registers; r++) store<u64>(to + (<usize>r << 3), UNDEFINED);
  store<u64>(to, callee);
  for (let r: u32 = 1; r < count && !failed(); r++) store<u64>(to + (<usize>r << 3), readValue(REGISTER));
  store<u32>(POSITION, position);
  store<u32>(REGISTERS, registers);
  return failed() ? 0 : frame;
}

/** Reads the stack. Positions stay relative to their functions until those exist. */
export function readStack(): void {
  const count = readCount();
  if (count != load<u32>(FRAME_TOTAL)) fail(Fault.COUNT);
  if (failed() || count == 0) return;
  const end = <usize>load<u32>(VM_STACK_END);
  // Before the product below, which a count of zeros from a stranger could make larger than 32 bits.
  if (count > <u32>(end - <usize>load<u32>(VM_STACK_BASE)) / <u32>RECORD_SIZE) {
    fail(Fault.FRAME);
    return;
  }
  const lowest = end - <usize>count * RECORD_SIZE;
  let fp = <usize>load<u32>(VM_STACK_BASE);
  let record = end;
  let below: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    record -= RECORD_SIZE;
    const kind = readNumber();
    const destination = readNumber();
    const argc = readNumber();
    const flags = readNumber();
    const distance = readNumber();
    if ((destination | flags) > 0xffff || kind > 0xff || argc > <u32>MAX_CALL_ARGUMENTS || distance > 0x3ffff) fail(Fault.RECORD);
    if (below != 0 && distance < 2) fail(Fault.FRAME);
    if (failed()) return;
    fp += <usize>distance << 3;
    // Values grow up, records grow down: the last record is known before the first frame is read, and no frame may reach it.
    if (fp + STACK_SLACK > lowest) {
      fail(Fault.FRAME);
      return;
    }
    store<u32>(record, below == 0 ? 0 : load<u32>(POSITION));
    store<u32>(record, <u32>below, 4);
    fillRecord(record, destination, kind, argc, flags);
    if (readFrame(fp, <u32>(lowest - STACK_SLACK - fp) >> 3) == 0) return;
    const entry = <usize>load<u32>(FRAMES) + (<usize>i << 3);
    store<u32>(entry, <u32>fp);
    store<u32>(entry, load<u32>(REGISTERS), 4);
    below = fp;
  }
  store<u32>(VM_FP, <u32>fp);
  store<u32>(VM_CSP, <u32>record);
  store<u32>(VM_PC, load<u32>(POSITION));
}
