// Owns the natives that the prelude's operators need for objects: instanceof, super, typeof of a global, new with a given `this`. Must
// never call guest code: a native that meets a proxy returns HOLE, and the prelude goes on.
import { addressOf, boxBool, boxObject, HOLE, isObject as isObjectValue, RETRY, SWITCH, TRUE, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { BOUND_TARGET, FUNCTION_CODE, FUNCTION_HOME, Kind } from "../generated/kinds";
import {
  ErrorKind, MAX_CALL_ARGUMENTS, RecordKind, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT, VM_NEW_TARGET_LOW, VM_STACK_DEPTH_LIMIT,
} from "../generated/layout";
import { RecordFlag } from "../generated/states";
import { kindOf } from "../heap/memory";
import { CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_RETURN_PC, RELOAD } from "../interpreter/action";
import { enterFrame, frameBytes, stackDepth, stackFits } from "../interpreter/frame";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { ABSENT_PROPERTY, chargeSteps } from "../objects/lookup";
import { getOwn, lookup } from "../objects/property";
import { prototypeOf } from "../objects/shape";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { ordinary } from "./ordinary";
import { listAt, refuseState } from "./shared";

/** (object, prototype): is it in the chain? HOLE if a proxy is. https://tc39.es/ecma262/#sec-ordinaryhasinstance */
export function isInChain(area: usize, argc: i32): Value {
  if (!isObjectValue(load<u64>(area, 16))) return refuseState();
  let p = addressOf(load<u64>(area, 16));
  const wanted = addressOf(load<u64>(area, 24));
  let steps = 0;
  while (kindOf(p) != Kind.PROXY) {
    p = prototypeOf(p);
    steps++;
    if (p != 0 && p != wanted) continue;
    chargeSteps(steps);
    return boxBool(p != 0);
  }
  return HOLE;
}

/** [[BoundTargetFunction]], or undefined. */
export function boundTarget(area: usize, argc: i32): Value {
  const f = ordinary(area);
  return f != 0 && kindOf(f) == Kind.BOUND ? boxObject(<usize>load<u32>(f, BOUND_TARGET)) : UNDEFINED;
}

/** [[HomeObject]], or undefined. */
export function homeOf(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  if (!isObjectValue(v) || kindOf(addressOf(v)) != Kind.FUNCTION) return UNDEFINED;
  const home = <usize>load<u32>(addressOf(v), FUNCTION_HOME);
  return home == 0 ? UNDEFINED : boxObject(home);
}

/** (name): is there a global binding? A proxy in the chain of the global object counts as yes. */
export function hasGlobalBinding(area: usize, argc: i32): Value {
  const key = toPropertyKeyPrimitive(load<u64>(area, 16));
  if (getOwn(addressOf(load<u64>(VM_GLOBAL_LEXICAL)), key) != ABSENT_PROPERTY) return TRUE;
  return boxBool(lookup(addressOf(load<u64>(VM_GLOBAL_OBJECT)), key) != ABSENT_PROPERTY);
}

/**
 * (constructor, this, newTarget, arguments array): runs the body of a base constructor on an object that was made for it.
 * The frame is pushed above this call area, so that the call can be tried again.
 */
export function constructWithThis(area: usize, argc: i32): Value {
  const fn = ordinary(area);
  const given = listAt(area, 3);
  if (fn == 0 || given == 0 || kindOf(fn) != Kind.FUNCTION || !isObjectValue(load<u64>(area, 32))) return refuseState();
  const list = elementsOf(given);
  const count = <i32>denseLength(list);
  if (count > MAX_CALL_ARGUMENTS || stackDepth() >= load<u32>(VM_STACK_DEPTH_LIMIT))
    return throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded");
  const callee = area + 48;
  if (!stackFits(callee, frameBytes(<usize>load<u32>(fn, FUNCTION_CODE), count) + ((<usize>count) << 3))) return RETRY;
  store<u64>(callee, load<u64>(area, 16));
  store<u64>(callee, load<u64>(area, 24), 8);
  for (let i = 0; i < count; i++) store<u64>(callee + 16 + ((<usize>i) << 3), load<u64>(elementAt(list, i)));
  store<u32>(VM_NEW_TARGET_LOW, <u32>addressOf(load<u64>(area, 32)));
  enterFrame(
    callee,
    count,
    <usize>load<u32>(CONTEXT_RETURN_PC),
    <usize>load<u32>(CONTEXT_CALLER_FP),
    load<u32>(CONTEXT_DESTINATION),
    RecordKind.CONSTRUCT,
    RecordFlag.CONSTRUCT_CALL,
  );
  store<i32>(CONTEXT_ACTION, RELOAD);
  return SWITCH;
}
