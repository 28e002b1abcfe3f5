// Owns safepoints: fuel, requests, collection, stack growth, and the end of a run at a limit. Must never be entered unless the
// whole state is in memory.
import { throwLiteral } from "../errors/throw";
import {
  ErrorKind, LimitKind, Request, RunStatus, STACK_INITIAL, STACK_SLACK, VM_CSP, VM_FP, VM_FUEL, VM_FUEL_HELD, VM_MEMORY_LIMIT, VM_PC,
  VM_PENDING_RETRY, VM_REQUESTS, VM_STACK_BASE, VM_STACK_END, VM_STACK_WANTED, VM_STATUS,
} from "../generated/layout";
import { FIRST_FUSED, FUSED_JUMP_COUNT, FusedJump, OPCODE_FLAGS, OpcodeFlag } from "../generated/opcodes";
import { frameCode } from "../heap/code";
import { collectTo } from "../heap/collect";
import { fuelLeft, heapUsed, memoryUsed, refund, takeRequests, URGENT, wantedMemory } from "../heap/memory";
import { CONTEXT_SPENT, LEAVE, limitReached, RELOAD } from "./action";
import { frameEnd } from "./frame";
import { opcode, saveRegisters } from "./operands";
import { unwind } from "./return";

/** First address the heap may use. */
function heapFloor(): usize {
  return (<usize>load<u32>(VM_STACK_END) + 15) & ~15;
}

/** Collects with everything below stackTop alive; false if the live heap is over its limit. */
function collect(stackTop: usize): bool {
  collectTo(heapFloor(), stackTop, false);
  return memoryUsed() <= <usize>load<u32>(VM_MEMORY_LIMIT);
}

/** Results of growStack. */
const GROWN: i32 = 0;
const NO_MEMORY: i32 = 1;
const TOO_DEEP: i32 = 2;

/**
 * Gives the stack the requested room, but at most half of the memory: a program that needs more is lost in recursion. The heap begins at
 * the end of the stack, so a larger stack moves the heap: it is collected to its new place.
 *
 *   before   base │ values ─▶      ◀─ records │ heap …
 *   after    base │ values ─▶                     ◀─ records │ heap, compacted …
 *
 * Values stay where they are, so every fp stays valid; records move up, and only VM_CSP points at them.
 */
function growStack(stackTop: usize): i32 {
  const base = <usize>load<u32>(VM_STACK_BASE);
  const csp = <usize>load<u32>(VM_CSP);
  const end = <usize>load<u32>(VM_STACK_END);
  const needed = stackTop - base + (end - csp) + <usize>load<u32>(VM_STACK_WANTED) + STACK_SLACK;
  store<u32>(VM_STACK_WANTED, 0);
  const most = <usize>(load<u32>(VM_MEMORY_LIMIT) >> 1);
  if (needed > most && needed > STACK_INITIAL * 2) return TOO_DEEP;
  let size = (max(needed, min(most, (end - base) * 2)) + 15) & ~15;
  // It may fit without the garbage, or without the extra room for later growth.
  if (heapUsed() + size > <usize>load<u32>(VM_MEMORY_LIMIT) && !collect(stackTop)) return NO_MEMORY;
  if (heapUsed() + size > <usize>load<u32>(VM_MEMORY_LIMIT)) size = (needed + 15) & ~15;
  if (heapUsed() + size > <usize>load<u32>(VM_MEMORY_LIMIT)) return NO_MEMORY;
  const newEnd = base + size;
  collectTo(newEnd, stackTop, false);
  const records = end - csp;
  memory.copy(newEnd - records, csp, records);
  memory.fill(csp, 0, newEnd - records - csp < records ? newEnd - records - csp : records);
  memory.fill(stackTop, 0, newEnd - records - stackTop);
  store<u32>(VM_STACK_END, <u32>newEnd);
  store<u32>(VM_CSP, <u32>(newEnd - records));
  return GROWN;
}

/** Grows the stack or collects, as requested; else the run ends at its memory limit, or recursion throws. */
function serveMemory(requests: u32, stackTop: usize): i32 {
  if (requests & Request.GROW_STACK) {
    const wanted = load<u32>(VM_STACK_WANTED);
    const how = growStack(stackTop);
    if (how == TOO_DEEP && load<u32>(VM_FP) != 0) {
      throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded");
      return unwind();
    }
    if (how != GROWN) return limitReached(LimitKind.MEMORY_BYTES, <u32>memoryUsed() + wanted);
  } else if (requests & Request.COLLECT) {
    if (!collect(stackTop)) return limitReached(LimitKind.MEMORY_BYTES, <u32>memoryUsed());
  }
  return RELOAD;
}

/**
 * A safepoint found the fuel counter below zero: the instruction at `pc` has not begun and is run (again) afterwards.
 * stackTop: first dead stack address.
 */
export function safepointSlow(pc: usize, fp: usize, stackTop: usize): i32 {
  saveRegisters(pc, fp);
  const requests = takeRequests();
  if (requests == 0) {
    store<i32>(VM_FUEL, load<i32>(VM_FUEL) + 1);
    store<u32>(VM_STATUS, RunStatus.FUEL);
    return LEAVE;
  }
  const action = serveMemory(requests, stackTop);
  if (action != RELOAD) return action;
  if (requests & Request.LIMIT) {
    store<u32>(VM_STATUS, RunStatus.LIMIT);
    return LEAVE;
  }
  if (requests & Request.HOLD) {
    store<u32>(VM_STATUS, RunStatus.HOLD);
    return LEAVE;
  }
  return RELOAD;
}

/** True for instructions that take a unit of fuel before they do anything (flag R): a retry gives it back. */
export function takesFuel(pc: usize): bool {
  const op = opcode(pc);
  if (op >= FIRST_FUSED) return (op - FIRST_FUSED) % FUSED_JUMP_COUNT == FusedJump.LOOPT;
  return (load<u8>(OPCODE_FLAGS + <usize>op) & OpcodeFlag.RETRIES) != 0;
}

/**
 * The instruction for which this slice has collected last: its position in its code, and the fuel that was left. If the same instruction
 * asks again with the same fuel, the collection did not help, and the run ends at its memory limit.
 */
const RETRIED: usize = memory.data(8, 8);

/**
 * A native or slow path needs memory or stack first: provides it and runs the instruction at VM_PC again. The fuel it took is
 * given back: the number of retries depends on garbage, which must not show in the fuel.
 */
export function retryLater(): i32 {
  refund(load<i32>(CONTEXT_SPENT) + <i32>takesFuel(<usize>load<u32>(VM_PC)));
  store<i32>(CONTEXT_SPENT, 0);
  const stackTop = frameEnd(<usize>load<u32>(VM_FP));
  const requests = load<u32>(VM_REQUESTS) & (Request.COLLECT | Request.GROW_STACK);
  if (requests & Request.GROW_STACK) {
    const all = takeRequests();
    const action = serveMemory(requests, stackTop);
    keepRequests(all & ~(Request.COLLECT | Request.GROW_STACK));
    return action;
  }
  const place = load<u32>(VM_PC) - <u32>frameCode(<usize>load<u32>(VM_FP));
  if (load<u32>(VM_PENDING_RETRY) != 0 && load<u32>(RETRIED) == place && load<i32>(RETRIED, 4) == fuelLeft()) {
    return limitReached(LimitKind.MEMORY_BYTES, wantedMemory());
  }
  store<u32>(VM_PENDING_RETRY, 1);
  store<u32>(RETRIED, place);
  store<i32>(RETRIED, fuelLeft(), 4);
  const all = takeRequests();
  const action = serveMemory(Request.COLLECT, stackTop);
  keepRequests(all & ~Request.COLLECT);
  return action;
}

/** Puts requests back that were taken but not served. */
function keepRequests(rest: u32): void {
  if (rest == 0) return;
  store<i32>(VM_FUEL_HELD, load<i32>(VM_FUEL));
  store<i32>(VM_FUEL, URGENT);
  store<u32>(VM_REQUESTS, rest);
}

/** Stress builds: a collection at every safepoint. Returns where pc is after it. */
export function stressCollect(pc: usize, fp: usize, stackTop: usize): usize {
  saveRegisters(pc, fp);
  collectTo(heapFloor(), stackTop, false);
  return <usize>load<u32>(VM_PC);
}

/** A collection while the machine does not run (between runs, for snapshots); weakRefs: also clears WeakRef targets. */
export function collectAtRest(weakRefs: bool): void {
  const fp = <usize>load<u32>(VM_FP);
  collectTo(heapFloor(), fp == 0 ? <usize>load<u32>(VM_STACK_BASE) : frameEnd(fp), weakRefs);
}
