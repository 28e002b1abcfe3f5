// Owns the iteration instructions. Must never call guest code itself.
//
//   iterator group   +0 iterator · +8 next method · +16 state
//   state            undefined: running · true: done · int: position in the array (or typed array) at +0 (pristine iteration)
import {
  addressOf, asInt, boxInt, boxObject, DEFER, EXCEPTION, HOLE, isInt, isNullish, isObject, isString, RETRY, TRUE, UNDEFINED, Value,
} from "../core/value";
import { Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import { ARRAY_LENGTH, Kind, NATIVE_NATIVE } from "../generated/kinds";
import { RecordKind, STACK_SLACK, VM_PC } from "../generated/layout";
import { callNative, Native } from "../generated/natives";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { ABSENT_PROPERTY, DATA, FOUND_VALUE } from "../objects/lookup";
import { arrayPush, newArray } from "../objects/object";
import { isPristineArray, isPristineTyped } from "../objects/pristine";
import { lookup } from "../objects/property";
import { elementAddress, isOutOfBounds, readElement, typeOf, viewLength } from "../objects/typed";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { damaged } from "./action";
import { callPrelude1, callPrelude2 } from "./call";
import { openArray } from "./definitions";
import { frameEnd, stackFits } from "./frame";
import { resumeGeneratorRaw } from "./generator";
import { BARE_RESULT, deliverNext, jumpDone, STATE } from "./iterator-group";
import { atA, atB, fieldA, fieldC, regA, regB, saveRegisters } from "./operands";
import { afterSignal } from "./signal";

/**
 * GETITER a: group, b: iterable, c: kind. https://tc39.es/ecma262/#sec-getiterator. *Pristine*: Array.prototype[Symbol.iterator] and the
 * `next` of array iterators are the original ones (objects/pristine.ts). If the body of the loop changes them later, that no longer
 * matters: `next` was read here.
 */
export function getIterSlow(pc: usize, fp: usize): i32 {
  const group = atA(pc, fp);
  const iterable = regB(pc, fp);
  const kind = <i32>fieldC(pc);
  const isAsync = kind == 1;
  // kind 2 (yield*) passes the iterator itself on, so it must be a real one.
  if (kind == 0 && (isPristineArray(iterable) || isPristineTyped(iterable))) {
    store<u64>(group, iterable);
    store<u64>(group, UNDEFINED, 8);
    store<u64>(group, boxInt(0), STATE);
    return 8;
  }
  return callPrelude1(isAsync ? Prelude.asyncIteratorPair : Prelude.iteratorPair, pc, fp, iterable, pc + 8, fieldA(pc), RecordKind.ITERATOR);
}

/** Value of an array at a position of pristine iteration; HOLE for holes and accessors, which need a proper Get. */
function arrayStep(array: usize, index: u32): Value {
  const elements = elementsOf(array);
  if (index < denseLength(elements)) return load<u64>(elementAt(elements, index));
  return HOLE;
}

// A group is three registers: iterator (or array) · its `next` · a state. The state says which of three ways the iteration goes:
//
//   an int        position in a pristine array or typed array, read without an iterator object: no guest code can tell the difference,
//                 because the iterator protocol of arrays is checked to be untouched when the iteration begins
//   TRUE          it is over, or failed, or was closed: closing it again does nothing
//   other         the first register is an iterator, the second its `next`
//
/** 0: stepped, value in `out`; 1: done; 2: needs guest code or a prototype lookup through the prelude. */
function fastStep(group: usize, out: usize): i32 {
  const state = load<u64>(group, STATE);
  const v = load<u64>(group);
  // In a forged frame the registers may hold anything: whatever does not look like a pristine iteration goes the long way.
  if (!isInt(state) || !isObject(v)) return 2;
  const array = addressOf(v);
  const index = <u32>asInt(state);
  if (kindOf(array) == Kind.TYPEDARRAY) {
    // Its buffer was shrunk or detached in between: the prelude throws.
    if (isOutOfBounds(array)) return 2;
    if (index < viewLength(array)) {
      store<u64>(group, boxInt(<i32>index + 1), STATE);
      store<u64>(out, readElement(elementAddress(array, index), typeOf(array)));
      return 0;
    }
    store<u64>(group, TRUE, STATE);
    return 1;
  }
  if (kindOf(array) != Kind.ARRAY) return 2;
  // The length is read at each step: the body of the loop may have changed it.
  if (index >= load<u32>(array, ARRAY_LENGTH)) {
    store<u64>(group, TRUE, STATE);
    return 1;
  }
  // A hole takes its value from the prototypes, which are searched here; only a getter among them needs the guest.
  let value = arrayStep(array, index);
  if (value == HOLE) {
    const found = lookup(array, 0xffffffff_00000000 | <u64>index);
    if (found > DATA) return 2;
    value = found == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  }
  store<u64>(group, boxInt(<i32>index + 1), STATE);
  store<u64>(out, value);
  return 0;
}

/** FORNEXT a: group, b: destination, x: jump when done */
export function forNextSlow(pc: usize, fp: usize): i32 {
  const group = atA(pc, fp);
  const step = fastStep(group, atB(pc, fp));
  if (step == 0) return 16;
  if (step == 1) return jumpDone(pc, fp);
  return stepIterator(group, pc, fp, pc + 16, 0);
}

/** True for the `next` methods of the iterators of arrays, strings, Maps and Sets. */
function isBareNext(next: Value): bool {
  if (!isObject(next) || kindOf(addressOf(next)) != Kind.NATIVE) return false;
  const id = load<u32>(addressOf(next), NATIVE_NATIVE);
  return (
    id == Native.arrayIteratorPrototypeNext || id == Native.mapIteratorPrototypeNext || id == Native.setIteratorPrototypeNext || id == Native.stringIteratorPrototypeNext
  );
}

/** A step of an iterator with such a `next`: the value, HOLE at the end, or DEFER if it needs guest code or is an error. */
function bareStep(iterator: Value, next: Value, pc: usize, fp: usize): Value {
  if (!isObject(iterator) || kindOf(addressOf(iterator)) != Kind.INTERNAL || !isBareNext(next)) return DEFER;
  // The native runs in an area above the frame as if it had been called, but returns the bare value: no result object is made for each
  // step of a Map or a string.
  const area = frameEnd(fp);
  if (!stackFits(area, STACK_SLACK)) return RETRY;
  saveRegisters(pc, fp);
  store<u64>(area, next);
  store<u64>(area, iterator, 8);
  store<u32>(BARE_RESULT, 1);
  const value = callNative(<i32>load<u32>(addressOf(next), NATIVE_NATIVE), area, 0);
  store<u32>(BARE_RESULT, 0);
  return value;
}

/** One step of an iterator that is not a pristine array. */
function stepIterator(group: usize, pc: usize, fp: usize, returnPc: usize, which: u32): i32 {
  const iterator = load<u64>(group);
  if (isInt(load<u64>(group, STATE))) {
    // A pristine array turned out to have an accessor here: read it through the prelude, with the position advanced.
    const index = load<u64>(group, STATE);
    return callPrelude2(Prelude.arrayElementStep, pc, fp, iterator, index, returnPc, which, RecordKind.NEXT);
  }
  const next = load<u64>(group, 8);
  // A generator whose `next` is untouched is entered directly: its YIELD hands over the value without a result object.
  if (isObject(iterator) && kindOf(addressOf(iterator)) == Kind.GENERATOR && next == intrinsic(Intrinsic.GeneratorPrototype_next)) {
    return resumeGeneratorRaw(addressOf(iterator), pc, fp, returnPc, which);
  }
  const value = bareStep(iterator, next, pc, fp);
  if (value == EXCEPTION || value == RETRY) return afterSignal(value, pc, fp);
  if (value != DEFER) {
    store<u32>(VM_PC, <u32>returnPc);
    return deliverNext(value, returnPc, fp, which);
  }
  return callPrelude2(Prelude.opIteratorNext, pc, fp, iterator, next, returnPc, which, RecordKind.NEXT);
}

/**
 * ITERSTEP a: destination, b: group. https://tc39.es/ecma262/#sec-iteratorstepvalue, for patterns: past the end it gives undefined
 * instead of a jump.
 */
export function iterStepSlow(pc: usize, fp: usize): i32 {
  const destination = atA(pc, fp);
  const group = atB(pc, fp);
  if (load<u64>(group, STATE) == TRUE) {
    store<u64>(destination, UNDEFINED);
    return 8;
  }
  const step = fastStep(group, destination);
  if (step == 0) return 8;
  if (step == 1) {
    store<u64>(destination, UNDEFINED);
    return 8;
  }
  return stepIterator(group, pc, fp, pc + 8, 1);
}

/** ITERREST a: destination, b: group */
export function iterRestSlow(pc: usize, fp: usize): i32 {
  const group = atB(pc, fp);
  const a = fieldA(pc);
  const state = load<u64>(group, STATE);
  if (state == TRUE) {
    store<u64>(fp + <usize>a, boxObject(newArray(0)));
    return 8;
  }
  if (isInt(state)) {
    if (!isObject(load<u64>(group))) return damaged();
    const array = addressOf(load<u64>(group));
    const from = <u32>asInt(state);
    const isArray = kindOf(array) == Kind.ARRAY;
    const length: u32 = isArray ? load<u32>(array, ARRAY_LENGTH) : 0;
    // The rest of a dense array is copied at once; a hole in it would have to be read through the prototypes.
    if (isArray && (length <= denseLength(elementsOf(array)) || from >= length)) {
      const count = from < length ? length - from : 0;
      if (!reserve((<usize>count << 3) + 64)) return afterSignal(RETRY, pc, fp);
      chargeFuel(<i32>(count >> 2));
      const rest = newArray(count);
      let plain = true;
      for (let i = from; i < length; i++) {
        const v = load<u64>(elementAt(elementsOf(array), i));
        if (v == HOLE) plain = false;
        arrayPush(rest, v);
      }
      if (plain) {
        store<u64>(group, TRUE, STATE);
        store<u64>(fp + <usize>a, boxObject(rest));
        return 8;
      }
    }
    // Over from here on: an error in the rest does not close the iterator, and the instruction must not begin anew after the call.
    if (!stackFits(frameEnd(fp), STACK_SLACK)) return afterSignal(RETRY, pc, fp);
    store<u64>(group, TRUE, STATE);
    return callPrelude2(Prelude.arrayRest, pc, fp, boxObject(array), boxInt(<i32>from), pc + 8, a, RecordKind.CALL);
  }
  if (!stackFits(frameEnd(fp), STACK_SLACK)) return afterSignal(RETRY, pc, fp);
  store<u64>(group, TRUE, STATE);
  return callPrelude2(Prelude.opIteratorRest, pc, fp, load<u64>(group), load<u64>(group, 8), pc + 8, a, RecordKind.CALL);
}

/**
 * ITERCLOSE and ITERCLOSEQ a: group. https://tc39.es/ecma262/#sec-iteratorclose. Q (quiet) is the close after a throw: an exception of
 * `return` must not hide the first one.
 */
export function iterCloseSlow(pc: usize, fp: usize, quiet: bool): i32 {
  const group = atA(pc, fp);
  const state = load<u64>(group, STATE);
  // If the stack must grow, the instruction runs again: the state must not change before this check.
  if (state != TRUE && !isInt(state) && !stackFits(frameEnd(fp), STACK_SLACK)) return afterSignal(RETRY, pc, fp);
  store<u64>(group, TRUE, STATE);
  // A pristine iteration has no iterator object, and arrays have no `return` method.
  if (state == TRUE || isInt(state)) return 8;
  const iterator = load<u64>(group);
  return callPrelude1(quiet ? Prelude.opIteratorCloseQuietly : Prelude.opIteratorClose, pc, fp, iterator, pc + 8, 0, RecordKind.DISCARD);
}

/** ARRSPREAD a: array, b: iterable */
export function arrSpreadSlow(pc: usize, fp: usize): i32 {
  const target = openArray(regA(pc, fp));
  if (target == 0) return damaged();
  const iterable = regB(pc, fp);
  if (isPristineArray(iterable)) {
    const source = addressOf(iterable);
    const length = load<u32>(source, ARRAY_LENGTH);
    const elements = elementsOf(source);
    if (length <= denseLength(elements)) {
      let plain = true;
      for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(elements, i)) == HOLE) plain = false;
      // Priced with all that the target may grow to.
      if (plain) {
        if (!reserve((<usize>(length + denseLength(elementsOf(target))) << 4) + 64)) return afterSignal(RETRY, pc, fp);
        chargeFuel(<i32>(length >> 2));
        for (let i: u32 = 0; i < length; i++) arrayPush(target, load<u64>(elementAt(elements, i)));
        return 8;
      }
    }
  }
  if (isPristineTyped(iterable)) {
    const view = addressOf(iterable);
    const length = viewLength(view);
    // Includes a BigInt for each element.
    if (!reserve((<usize>(length + denseLength(elementsOf(target))) << 4) + <usize>length * 24 + 64)) return afterSignal(RETRY, pc, fp);
    chargeFuel(<i32>(length >> 2));
    for (let i: u32 = 0; i < length; i++) arrayPush(target, readElement(elementAddress(view, i), typeOf(view)));
    return 8;
  }
  return callPrelude2(Prelude.opArrSpread, pc, fp, boxObject(target), iterable, pc + 8, 0, RecordKind.DISCARD);
}

// --- for-in: group = object, array of keys, position ------------------------------------------------------------------

/**
 * FORIN a: group, b: object. https://tc39.es/ecma262/#sec-enumerate-object-properties. The keys of the whole prototype chain are listed
 * once, by the prelude, since a proxy in the chain may call the guest.
 */
export function forInSlow(pc: usize, fp: usize): i32 {
  const a = fieldA(pc);
  const group = fp + <usize>a;
  const object = regB(pc, fp);
  store<u64>(group, boxInt(0), STATE);
  if (isNullish(object)) {
    store<u64>(group, UNDEFINED);
    store<u64>(group, UNDEFINED, 8);
    return 8;
  }
  store<u64>(group, object);
  store<u64>(group, UNDEFINED, 8);
  return callPrelude1(Prelude.opForInKeys, pc, fp, object, pc + 8, a + 8, RecordKind.CALL);
}

/** FORINNEXT a: group, b: destination, x: jump when done */
export function forInNextSlow(pc: usize, fp: usize): i32 {
  const group = atA(pc, fp);
  const keys = load<u64>(group, 8);
  const position = load<u64>(group, STATE);
  if (!isObject(keys) || !isInt(position) || kindOf(addressOf(keys)) != Kind.ARRAY) return jumpDone(pc, fp);
  const object = load<u64>(group);
  let index = <u32>asInt(position);
  const elements = elementsOf(addressOf(keys));
  // Keys were listed when the loop began: those added since are not visited, those deleted are skipped.
  while (index < denseLength(elements)) {
    const key = load<u64>(elementAt(elements, index++));
    store<u64>(group, boxInt(<i32>index), STATE);
    if (!isObject(object) || isStillThere(addressOf(object), key)) {
      store<u64>(atB(pc, fp), key);
      return 16;
    }
  }
  return jumpDone(pc, fp);
}

/** A property deleted before it is visited is skipped. */
function isStillThere(object: usize, key: Value): bool {
  if (!isString(key)) return false;
  return lookup(object, toPropertyKeyPrimitive(key)) != ABSENT_PROPERTY;
}
