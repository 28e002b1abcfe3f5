// Owns tail calls that replace their caller. Must never do so while the stack is shallow: ordinary errors must show every caller, and only
// a recursion that may never end loses some. https://tc39.es/ecma262/#sec-preparefortailcall
import { addressOf, isObject, RETRY } from "../core/value";
import { FUNCTION_CODE, Kind } from "../generated/kinds";
import { RECORD_SIZE, RecordKind, VM_CSP, VM_STACK_DEPTH_LIMIT, VM_STACK_END } from "../generated/layout";
import { NOT_CALLABLE } from "../heap/code";
import { kindOf } from "../heap/memory";
import { RECORD_DESTINATION, RECORD_KIND } from "../heap/record";
import { RELOAD } from "./action";
import { argumentsAddress, enterFrame, frameBytes, stackFits } from "./frame";
import { atB, fieldC, regB } from "./operands";
import { afterSignal } from "./signal";

/** Stack depth from which on tail calls replace their caller; half of the depth limit if that is less. */
const DEEP: u32 = 256;

/** True if the stack is so deep that tail calls replace their caller. */
// @ts-ignore: decorator
@inline
export function isTailDeep(): bool {
  const used = load<u32>(VM_STACK_END) - load<u32>(VM_CSP);
  return used >= DEEP * RECORD_SIZE || used >= load<u32>(VM_STACK_DEPTH_LIMIT) << 3;
}

/** True if the callee is a plain function, and this frame is not special to its caller (a constructor's, a generator's). */
export function canReuseFrame(pc: usize, fp: usize): bool {
  const callee = regB(pc, fp);
  if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) return false;
  if (load<u32>(<usize>load<u32>(addressOf(callee), FUNCTION_CODE)) & NOT_CALLABLE) return false;
  const kind = <u32>load<u8>(<usize>load<u32>(VM_CSP), RECORD_KIND);
  return kind != RecordKind.CONSTRUCT && kind != RecordKind.CONSTRUCT_DERIVED && kind != RecordKind.GENERATOR;
}

/** TAILCALL a: destination, b: area, c: argument count; canReuseFrame has returned true. */
export function tailCallSlow(pc: usize, fp: usize): i32 {
  const area = atB(pc, fp);
  const argc = <i32>fieldC(pc);
  const code = <usize>load<u32>(addressOf(load<u64>(area)), FUNCTION_CODE);
  // The callee's frame begins where the caller's area began, surplus arguments included, or a loop of tail calls would creep up the stack.
  const place = argumentsAddress(fp) - 16;
  if (!stackFits(place, frameBytes(code, argc))) return afterSignal(RETRY, pc, fp);
  memory.copy(place, area, 16 + (<usize>argc << 3));
  const csp = <usize>load<u32>(VM_CSP);
  const destination = <u32>load<u16>(csp, RECORD_DESTINATION);
  const kind = <u32>load<u8>(csp, RECORD_KIND);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  enterFrame(place, argc, <usize>load<u32>(csp), <usize>load<u32>(csp, 4), destination, kind, 0);
  return RELOAD;
}
