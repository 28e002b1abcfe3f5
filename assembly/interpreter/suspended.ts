// Owns frames of generators and async functions while they are not on the stack: FRAME cells, written and restored.
// Must never decide when a generator runs.
//
//   FRAME   code · position of the instruction to go on from · registers, callee first
//
//   stack, running                                     FRAME cell, suspended
//   fp ┌────────┬──────┬────────────┬───────┬──────┐    ┌──────┬────────┬──────────┬───────┬────────┬──────┬─────
//      │ callee │ this │ parameters │ owner │ r…   │ ◀▶ │ meta │ header │ position │ count │ callee │ this │ …
//      └────────┴──────┴────────────┴───────┴──────┘    └──────┴────────┴──────────┴───────┴────────┴──────┴─────
//                                     └ generator or coroutine; its own field leads to the FRAME cell
//
// Exactly one of the two is filled. While the frame runs, its cell holds zeros: the collector finds no reference there, and a snapshot
// writes one word for it. The cell is made once, when the frame is first suspended, and is as large as the frame is.
import { addressOf, boxBool, boxCell, boxObject, isCell, RETRY, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt, intrinsic, Kept } from "../generated/intrinsics";
import {
  COROUTINE_FRAME, COROUTINE_STATE, FRAME_COUNT, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, GENERATOR_FRAME, GENERATOR_STATE, Kind,
} from "../generated/kinds";
import { ErrorKind, VM_FP, VM_STACK_BASE, VM_STACK_DEPTH_LIMIT } from "../generated/layout";
import { CoroutineBit, GeneratorState } from "../generated/states";
import { CODE_ENTRY, codeParameters, codeRegisters, frameCode } from "../heap/code";
import { allocate, chargeBytes, chargeFuel, reserve } from "../heap/memory";
import { setGeneratorState } from "../objects/generator";
import { addProperty, intrinsicAddress, newObjectOfShape, newPlainObject } from "../objects/object";
import { inlineBase, PLAIN, shapeOf } from "../objects/shape";
import { CONTEXT_CALLER_FP } from "./action";
import { frameEnd, stackDepth, stackFits } from "./frame";


/** Least room required above a caller, so that a prelude function fits in the place of the generator. */
export const MIN_ROOM: usize = 1024;

/** Generator or coroutine of the frame at fp. */
export function ownerOf(fp: usize): Value {
  return load<u64>(fp + 16 + (<usize>codeParameters(frameCode(fp)) << 3));
}

// --- iterator results ---------------------------------------------------------------------------------------------

/** CreateIterResultObject. https://tc39.es/ecma262/#sec-createiterresultobject */
export function iteratorResult(value: Value, done: bool): Value {
  const known = intrinsic(Kept.GENERATOR_RESULT_SHAPE);
  if (known != 0) {
    const shape = addressOf(known);
    const object = newObjectOfShape(Kind.OBJECT, shape);
    const slots = object + inlineBase(shape);
    store<u64>(slots, value);
    store<u64>(slots, boxBool(done), 8);
    return boxObject(object);
  }
  const object = newPlainObject(2);
  addProperty(object, atomAt(Atom.value), value, PLAIN);
  addProperty(object, atomAt(Atom.done), boxBool(done), PLAIN);
  store<u64>(intrinsicAddress(Kept.GENERATOR_RESULT_SHAPE), boxCell(shapeOf(object)));
  return boxObject(object);
}

// --- frames -------------------------------------------------------------------------------------------------------

/** An empty FRAME cell for the registers of `code`. The caller has checked the heap (heapFits). */
export function newFrame(code: usize): usize {
  const count = codeRegisters(code);
  const frame = allocate(Kind.FRAME, FRAME_SIZE + (count << 3));
  store<u32>(frame, 0);
  store<u32>(frame, <u32>count, FRAME_COUNT);
  return frame;
}

/**
 * Moves the frame at fp, suspended by the instruction at pc, into its cell. The position is a word number, not an address: code may be
 * linked elsewhere when the frame goes on, after a snapshot or a collection.
 */
export function saveFrame(frame: usize, pc: usize, fp: usize): void {
  store<u32>(frame, <u32>((pc - frameCode(fp) - CODE_ENTRY) >> 3), FRAME_POSITION);
  memory.copy(frame + FRAME_SIZE, fp, <usize>load<u32>(frame, FRAME_COUNT) << 3);
}

/** Code of the function whose frame is in the cell. */
function suspendedCode(frame: usize): usize {
  return <usize>load<u32>(addressOf(load<u64>(frame, FRAME_SIZE)), FUNCTION_CODE);
}

// @ts-ignore: decorator
@inline
function bytesOf(frame: usize): usize {
  return <usize>load<u32>(frame, FRAME_COUNT) << 3;
}

/** Moves a frame to `area`; its record has been pushed. Returns the address of the instruction that suspended it. */
export function restoreFrame(frame: usize, area: usize): usize {
  const pc = suspendedCode(frame) + CODE_ENTRY + (<usize>load<u32>(frame, FRAME_POSITION) << 3);
  const bytes = bytesOf(frame);
  memory.copy(area, frame + FRAME_SIZE, bytes);
  memory.fill(frame + FRAME_SIZE, 0, bytes);
  chargeBytes(bytes);
  store<u32>(VM_FP, <u32>area);
  return pc;
}

/**
 * Address for a frame that runs above the one at callerFp. Above all registers of the caller, also those that are dead now: the caller is
 * in the middle of an instruction that may need them.
 */
export function areaAbove(callerFp: usize): usize {
  return callerFp == 0 ? <usize>load<u32>(VM_STACK_BASE) : frameEnd(callerFp);
}

/** 1 if there is room for the frame; else the signal that a native must return: EXCEPTION or RETRY. */
export function roomFor(frame: usize, callerFp: usize): Value {
  if (stackDepth() >= load<u32>(VM_STACK_DEPTH_LIMIT)) return throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded");
  const bytes = bytesOf(frame);
  return stackFits(areaAbove(callerFp), bytes < MIN_ROOM ? MIN_ROOM : bytes) ? 1 : RETRY;
}

/** True if the heap has room for a frame of `code`; only a large one must ask. */
export function heapFits(code: usize): bool {
  const bytes = codeRegisters(code) << 3;
  return bytes <= 512 || reserve(bytes);
}

/** 1 if a native may enter the generator for the current call; else the signal for the native to return. */
export function roomToEnter(generator: usize): Value {
  return roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), <usize>load<u32>(CONTEXT_CALLER_FP));
}

/** Moves the frame of a running generator into its cell. */
export function suspendGenerator(generator: usize, pc: usize, fp: usize): void {
  chargeFuel(1);
  setGeneratorState(generator, GeneratorState.SUSPENDED);
  saveFrame(<usize>load<u32>(generator, GENERATOR_FRAME), pc, fp);
}

/** Marks a generator that will never run again as done, and drops its frame. */
export function finish(generator: usize): void {
  setGeneratorState(generator, GeneratorState.DONE);
  store<u32>(generator, 0, GENERATOR_FRAME);
}

/** The prelude has found the promise (or the exception) for the AWAIT at which `self` is suspended. */
export function readyAwait(self: Value, threw: bool): void {
  const at = addressOf(self) + (isCell(self) ? COROUTINE_STATE : GENERATOR_STATE);
  store<u32>(at, load<u32>(at) | (threw ? CoroutineBit.AWAIT_THREW : CoroutineBit.AWAIT_READY));
}

/** Bytes of the suspended frame of a coroutine or async generator. */
export function suspendedBytes(self: Value): usize {
  return bytesOf(<usize>load<u32>(addressOf(self) + (isCell(self) ? COROUTINE_FRAME : GENERATOR_FRAME)));
}
