// Owns promises: their states, their reactions, and the meaning of "resolve". Must never call guest code: where the specification
// reads a `then` or `constructor` that is an accessor, the function reports that and the prelude takes over.
// https://tc39.es/ecma262/#sec-promise-objects
//
//   REACTION of a pending promise    kind · handler, extra: callbacks for fulfilment, rejection · target: who gets the result
//   REACTION in the job queue        kind | JOB_REJECTED · handler: the callback · extra: the value · target: who gets the result
//
// One cell is first the former, then the latter. A promise lists its reactions in reverse order.
import { ABSENT, addressOf, boxCell, boxObject, boxString, isObject, UNDEFINED, Value } from "../core/value";
import { newErrorObject, notePlace, thrownPlace } from "../errors/errors";
import { lit } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Kept, Prelude } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, Kind, PROMISE_PROMISE_STATE, PROMISE_REACTIONS, PROMISE_RESULT, REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND,
  REACTION_NEXT, REACTION_SIZE, REACTION_TARGET,
} from "../generated/kinds";
import { ErrorKind, VM_UNHANDLED_HEAD } from "../generated/layout";
import { JOB_REJECTED, PROMISE_HANDLED, PromiseState, ReactionKind } from "../generated/states";
import { allocate, chargeFuel } from "../heap/memory";
import { isBuiltin, isCallable } from "../objects/function";
import { ACCESSOR_PROPERTY, DATA, FOUND_VALUE } from "../objects/lookup";
import { intrinsicAddress, newObject, newObjectOfShape, rootShape } from "../objects/object";
import { isPromise } from "../objects/promise";
import { getOwn, lookup } from "../objects/property";
import { enqueueJob } from "./list";

// @ts-ignore: decorator
@inline
export function stateOf(promise: usize): u32 {
  return load<u32>(promise, PROMISE_PROMISE_STATE) & 255;
}

function initialise(promise: usize): usize {
  store<u32>(promise, PromiseState.PENDING, PROMISE_PROMISE_STATE);
  store<u32>(promise, 0, PROMISE_REACTIONS);
  store<u64>(promise, UNDEFINED, PROMISE_RESULT);
  return promise;
}

/** A pending %Promise%. */
export function newPromise(): usize {
  const known = intrinsic(Kept.PROMISE_SHAPE);
  if (known != 0) return initialise(newObjectOfShape(Kind.PROMISE, addressOf(known)));
  const shape = rootShape(Kind.PROMISE, addressOf(intrinsic(Intrinsic.PromisePrototype)), 0);
  store<u64>(intrinsicAddress(Kept.PROMISE_SHAPE), boxCell(shape));
  return initialise(newObjectOfShape(Kind.PROMISE, shape));
}

/** A pending promise with another prototype. */
export function newPromiseOf(proto: usize): usize {
  if (boxObject(proto) == intrinsic(Intrinsic.PromisePrototype)) return newPromise();
  return initialise(newObject(Kind.PROMISE, proto, 0));
}

export function newReaction(kind: u32, handler: Value, target: Value, extra: Value): usize {
  const r = allocate(Kind.REACTION, REACTION_SIZE);
  store<u32>(r, 0);
  store<u32>(r, 0, REACTION_NEXT);
  store<u32>(r, kind, REACTION_KIND);
  store<u64>(r, handler, REACTION_HANDLER);
  store<u64>(r, target, REACTION_TARGET);
  store<u64>(r, extra, REACTION_EXTRA);
  return r;
}

// --- settling -----------------------------------------------------------------------------------------------------

/** Makes a job of a reaction. */
function trigger(reaction: usize, state: u32, value: Value): void {
  if (state == PromiseState.REJECTED) {
    store<u32>(reaction, load<u32>(reaction, REACTION_KIND) | JOB_REJECTED, REACTION_KIND);
    // An AWAIT has no handler, so the field holds the place where the reason was thrown.
    const isAwait = (load<u32>(reaction, REACTION_KIND) & ~JOB_REJECTED) == ReactionKind.AWAIT;
    store<u64>(reaction, isAwait ? thrownPlace() : load<u64>(reaction, REACTION_EXTRA), REACTION_HANDLER);
  }
  store<u64>(reaction, value, REACTION_EXTRA);
  enqueueJob(reaction);
}

/** Settles a pending promise and makes jobs of its reactions, in the order in which they were added. */
function settle(promise: usize, state: u32, value: Value): void {
  const was = load<u32>(promise, PROMISE_PROMISE_STATE);
  let list = <usize>load<u32>(promise, PROMISE_REACTIONS);
  store<u32>(promise, (was & ~255) | state, PROMISE_PROMISE_STATE);
  store<u32>(promise, 0, PROMISE_REACTIONS);
  store<u64>(promise, value, PROMISE_RESULT);
  if (state == PromiseState.REJECTED && (was & PROMISE_HANDLED) == 0) noteUnhandled(promise);
  let ordered: usize = 0;
  while (list != 0) {
    const next = <usize>load<u32>(list, REACTION_NEXT);
    store<u32>(list, <u32>ordered, REACTION_NEXT);
    ordered = list;
    list = next;
  }
  let count = 0;
  while (ordered != 0) {
    const next = <usize>load<u32>(ordered, REACTION_NEXT);
    trigger(ordered, state, value);
    ordered = next;
    count++;
  }
  chargeFuel(count >> 2);
}

/** https://tc39.es/ecma262/#sec-fulfillpromise; does nothing if it is settled. */
export function fulfillPromise(promise: usize, value: Value): void {
  if (stateOf(promise) == PromiseState.PENDING) settle(promise, PromiseState.FULFILLED, value);
}
/** https://tc39.es/ecma262/#sec-rejectpromise; does nothing if it is settled. */
export function rejectPromise(promise: usize, reason: Value): void {
  if (stateOf(promise) == PromiseState.PENDING) settle(promise, PromiseState.REJECTED, reason);
}

/**
 * The steps of a promise's resolve function after its "already resolved" test. False: nothing was done, because reading `then`
 * needs guest code. https://tc39.es/ecma262/#sec-promise-resolve-functions
 */
export function resolvePromise(promise: usize, value: Value): bool {
  if (!isObject(value)) {
    fulfillPromise(promise, value);
    return true;
  }
  if (addressOf(value) == promise) {
    rejectPromise(promise, boxObject(newErrorObject(ErrorKind.TypeError, lit("Chaining cycle detected for promise #<Promise>"))));
    return true;
  }
  const state = lookup(addressOf(value), boxString(atomAt(Atom.then)));
  if (state > DATA) return false;
  const then = state == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  if (isCallable(then)) enqueueJob(newReaction(ReactionKind.THENABLE, then, boxObject(promise), value));
  else fulfillPromise(promise, value);
  return true;
}

/** As resolvePromise, where guest code cannot be called now: a job does the part that needs it. */
export function resolveLater(promise: usize, value: Value): void {
  if (!resolvePromise(promise, value)) enqueueJob(newReaction(ReactionKind.RESOLVE, UNDEFINED, boxObject(promise), value));
}

// --- pristine? ----------------------------------------------------------------------------------------------------

/** `constructor` of a promise: 1 if it is %Promise%, 0 if it is anything else, 2 if reading it needs guest code. */
function constructorState(promise: usize): i32 {
  const state = lookup(promise, boxString(atomAt(Atom.constructor)));
  if (state > DATA) return 2;
  return state == DATA && load<u64>(FOUND_VALUE) == intrinsic(Intrinsic.Promise) ? 1 : 0;
}

/** True while Promise[Symbol.species] is the original getter. */
function isSpeciesPristine(): bool {
  if (getOwn(addressOf(intrinsic(Intrinsic.Promise)), intrinsic(Intrinsic.Symbol_species)) != ACCESSOR_PROPERTY) return false;
  const getter = load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER);
  return isBuiltin(getter, Prelude.getPromiseSymbolSpecies);
}

/** True for the original Promise.prototype.then. */
export function isOriginalThen(v: Value): bool {
  return isBuiltin(v, Prelude.promisePrototypeThen);
}

/** True if `then` of that promise makes a plain promise without calling the guest. */
export function thensPlainly(promise: usize): bool {
  return constructorState(promise) == 1 && isSpeciesPristine();
}

/** PromiseResolve(%Promise%, value): a promise, or 0 if that needs guest code. https://tc39.es/ecma262/#sec-promise-resolve */
export function promiseFor(value: Value): usize {
  if (isPromise(value)) {
    const state = constructorState(addressOf(value));
    if (state == 1) return addressOf(value);
    if (state == 2) return 0;
  }
  const promise = newPromise();
  return resolvePromise(promise, value) ? promise : 0;
}

// --- reactions ----------------------------------------------------------------------------------------------------

/** PerformPromiseThen; handlers are callable or undefined. https://tc39.es/ecma262/#sec-performpromisethen */
export function performThen(promise: usize, kind: u32, onFulfilled: Value, onRejected: Value, target: Value): void {
  const reaction = newReaction(kind, onFulfilled, target, onRejected);
  const flags = load<u32>(promise, PROMISE_PROMISE_STATE);
  const state = flags & 255;
  if (state == PromiseState.PENDING) {
    store<u32>(reaction, load<u32>(promise, PROMISE_REACTIONS), REACTION_NEXT);
    store<u32>(promise, <u32>reaction, PROMISE_REACTIONS);
  } else {
    notePlace(UNDEFINED);
    if (state == PromiseState.REJECTED && (flags & PROMISE_HANDLED) == 0) {
      notePlaceOf(promise);
      store<u32>(promise, flags | PROMISE_HANDLED, PROMISE_PROMISE_STATE);
      dropHandled();
    }
    trigger(reaction, state, load<u64>(promise, PROMISE_RESULT));
    notePlace(UNDEFINED);
  }
  store<u32>(promise, load<u32>(promise, PROMISE_PROMISE_STATE) | PROMISE_HANDLED, PROMISE_PROMISE_STATE);
}

// --- rejections without a handler ---------------------------------------------------------------------------------
// https://tc39.es/ecma262/#sec-host-promise-rejection-tracker
// The list starts with the latest: most promises get their handler at once, and are dropped from the front.

function isHandled(entry: usize): bool {
  return (load<u32>(addressOf(load<u64>(entry, REACTION_TARGET)), PROMISE_PROMISE_STATE) & PROMISE_HANDLED) != 0;
}

/** Drops handled promises from the front of the list. */
function dropHandled(): void {
  let entry = <usize>load<u32>(VM_UNHANDLED_HEAD);
  while (entry != 0 && isHandled(entry)) entry = <usize>load<u32>(entry, REACTION_NEXT);
  store<u32>(VM_UNHANDLED_HEAD, <u32>entry);
}

/** Adds a rejected promise to the list of those without a handler. extra: the place where its reason was thrown. */
function noteUnhandled(promise: usize): void {
  dropHandled();
  const entry = newReaction(0, UNDEFINED, boxObject(promise), thrownPlace());
  store<u32>(entry, load<u32>(VM_UNHANDLED_HEAD), REACTION_NEXT);
  store<u32>(VM_UNHANDLED_HEAD, <u32>entry);
}

/** Notes the place where the reason of a rejected promise without a handler was thrown. */
function notePlaceOf(promise: usize): void {
  let entry = <usize>load<u32>(VM_UNHANDLED_HEAD);
  while (entry != 0 && load<u64>(entry, REACTION_TARGET) != boxObject(promise)) entry = <usize>load<u32>(entry, REACTION_NEXT);
  notePlace(entry == 0 ? UNDEFINED : load<u64>(entry, REACTION_EXTRA));
}

/**
 * The promise that was rejected first and still has no handler; ABSENT if every rejection has one. Clears the whole list, so only
 * this one is ever reported. Called when the job queue is empty.
 */
export function firstUnhandled(): Value {
  let entry = <usize>load<u32>(VM_UNHANDLED_HEAD);
  let first: Value = ABSENT;
  notePlace(UNDEFINED);
  for (; entry != 0; entry = <usize>load<u32>(entry, REACTION_NEXT)) {
    if (isHandled(entry)) continue;
    first = load<u64>(entry, REACTION_TARGET);
    notePlace(load<u64>(entry, REACTION_EXTRA));
  }
  store<u32>(VM_UNHANDLED_HEAD, 0);
  return first;
}
