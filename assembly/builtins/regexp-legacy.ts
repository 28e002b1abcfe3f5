// Owns RegExp.$1 and its relatives, which show parts of the realm's last match. Must never hold more of a match than they need, and
// nothing at all before the first match. https://github.com/tc39/proposal-regexp-legacy-features
//
// The last match is an object of an internal class. A property of a base object of its own refers to it, so that it is part of
// snapshots like everything else that a program changes. Slots:
//
//   string     the text that was matched; undefined: a subclass's match was the last, of which nothing may be shown
//   positions  BYTES cell of PAIRS pairs {start u32, end u32}: the match, groups 1 … 9, the last group
//   input      the value of RegExp.input: the text, or the value assigned last; undefined: it may not be shown
import { addressOf, boxCell, boxObject, boxString, isString, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Kept } from "../generated/intrinsics";
import { BYTES_LENGTH, BYTES_SIZE, INTERNAL_CLASS, INTERNAL_COUNT, Kind } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { InternalClass } from "../generated/states";
import { allocate } from "../heap/memory";
import { thisOf } from "../interpreter/native";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { intrinsicAddress, newObjectOfShape } from "../objects/object";
import { createDataProperty, getOwn } from "../objects/property";
import { isSubclassed } from "../regexp/object";
import { substring } from "../strings/single-chars";
import { lengthOf } from "../strings/string";
import { internalOf, internalShape, internalSlot } from "./array-iterator";

const STRING: usize = 0;
const POSITIONS: usize = 1;
const INPUT: usize = 2;
const SLOTS: u32 = 3;

const GROUPS: u32 = 10;
const PAIRS: usize = 11;
const LAST_GROUP: u32 = 10;
const ABSENT: u64 = 0xffffffff_ffffffff;

/** Holds positions that are copied out of memory which an allocation may overwrite. */
const STASH: usize = memory.data(80, 8);

/** The object that holds the last match; 0: there was no match yet. */
function lastMatch(): usize {
  const known = intrinsic(Kept.LAST_MATCH);
  if (known != 0) return addressOf(known);
  if (getOwn(addressOf(intrinsic(Intrinsic.RegExpLegacy)), boxString(atomAt(Atom.input))) != DATA) return 0;
  const last = load<u64>(FOUND_VALUE);
  if (!isWhole(last)) return 0;
  store<u64>(intrinsicAddress(Kept.LAST_MATCH), last);
  return addressOf(last);
}

/** False for an object that a made-up snapshot put there. */
function isWhole(v: Value): bool {
  const last = internalOf(v, InternalClass.LAST_MATCH);
  if (last == 0 || load<u64>(internalSlot(last, POSITIONS)) == UNDEFINED) return false;
  return load<u32>(addressOf(load<u64>(internalSlot(last, POSITIONS))), BYTES_LENGTH) == <u32>(PAIRS << 3);
}

/** A last match of an empty text, so that everything it shows is empty. */
function newLastMatch(): usize {
  const positions = allocate(Kind.BYTES, BYTES_SIZE + (PAIRS << 3));
  store<u32>(positions, 0);
  store<u64>(positions, <u64>(PAIRS << 3), BYTES_LENGTH);
  memory.fill(positions + BYTES_SIZE, 255, PAIRS << 3);
  store<u64>(positions, 0, BYTES_SIZE);
  const last = newObjectOfShape(Kind.INTERNAL, internalShape(Kept.LAST_MATCH_SHAPE, Intrinsic.ObjectPrototype, SLOTS));
  store<u32>(last, InternalClass.LAST_MATCH, INTERNAL_CLASS);
  store<u32>(last, SLOTS, INTERNAL_COUNT);
  store<u64>(internalSlot(last, STRING), boxString(atomAt(Atom.empty)));
  store<u64>(internalSlot(last, POSITIONS), boxCell(positions));
  store<u64>(internalSlot(last, INPUT), boxString(atomAt(Atom.empty)));
  createDataProperty(addressOf(intrinsic(Intrinsic.RegExpLegacy)), boxString(atomAt(Atom.input)), boxObject(last));
  store<u64>(intrinsicAddress(Kept.LAST_MATCH), boxObject(last));
  return last;
}

/** UpdateLegacyRegExpStaticProperties for a match of `rx` on s, with the positions of its groups at `at`. */
export function rememberMatch(rx: usize, s: usize, at: usize, groups: u32): void {
  let last = lastMatch();
  const count = <usize>min<u32>(groups, GROUPS) << 3;
  const lastGroup = groups > 1 ? load<u64>(at + (<usize>(groups - 1) << 3)) : ABSENT;
  if (last == 0) {
    memory.copy(STASH, at, count);
    at = STASH;
    last = newLastMatch();
  }
  if (isSubclassed(rx)) {
    store<u64>(internalSlot(last, STRING), UNDEFINED);
    store<u64>(internalSlot(last, INPUT), UNDEFINED);
    return;
  }
  store<u64>(internalSlot(last, STRING), boxString(s));
  store<u64>(internalSlot(last, INPUT), boxString(s));
  const positions = addressOf(load<u64>(internalSlot(last, POSITIONS))) + BYTES_SIZE;
  memory.copy(positions, at, count);
  memory.fill(positions + count, 255, (PAIRS << 3) - count);
  store<u64>(positions, lastGroup, <usize>LAST_GROUP << 3);
}

// --- accessors ----------------------------------------------------------------------------------------------------

function empty(): Value {
  return boxString(atomAt(Atom.empty));
}
function wrongReceiver(): Value {
  return throwLiteral(ErrorKind.TypeError, "a static property of the last match is one of RegExp itself, not of another object");
}
function notShown(): Value {
  return throwLiteral(ErrorKind.TypeError, "the last match was that of a subclass of RegExp, which RegExp does not show");
}

/** The last match for an accessor; 0: the accessor returns the value in ANSWER instead. */
const ANSWER: usize = memory.data(8, 8);
function opened(area: usize): usize {
  store<u64>(ANSWER, empty());
  if (thisOf(area) != intrinsic(Intrinsic.RegExp)) {
    store<u64>(ANSWER, wrongReceiver());
    return 0;
  }
  const last = lastMatch();
  if (last == 0 || isString(load<u64>(internalSlot(last, STRING)))) return last;
  store<u64>(ANSWER, notShown());
  return 0;
}

/** A part of the text; empty for a group that took no part, and for positions that a snapshot made up. */
function between(last: usize, start: u32, end: u32): Value {
  const s = addressOf(load<u64>(internalSlot(last, STRING)));
  if (start > end || end > <u32>lengthOf(s)) return empty();
  return boxString(substring(s, <i32>start, <i32>end));
}
function startOf(last: usize, i: u32): u32 {
  return load<u32>(addressOf(load<u64>(internalSlot(last, POSITIONS))) + BYTES_SIZE + (<usize>i << 3));
}
function endOf(last: usize, i: u32): u32 {
  return load<u32>(addressOf(load<u64>(internalSlot(last, POSITIONS))) + BYTES_SIZE + (<usize>i << 3), 4);
}
function part(area: usize, i: u32): Value {
  const last = opened(area);
  return last == 0 ? load<u64>(ANSWER) : between(last, startOf(last, i), endOf(last, i));
}

export function getRegExpInput(area: usize, argc: i32): Value {
  if (thisOf(area) != intrinsic(Intrinsic.RegExp)) return wrongReceiver();
  const last = lastMatch();
  if (last == 0) return empty();
  const input = load<u64>(internalSlot(last, INPUT));
  return isString(input) ? input : notShown();
}
/** (receiver): throws unless RegExp.input may be assigned on it. */
export function requireRegExpItself(area: usize, argc: i32): Value {
  return load<u64>(area, 16) == intrinsic(Intrinsic.RegExp) ? UNDEFINED : wrongReceiver();
}
/** (text): the value of RegExp.input from now on. */
export function setLastInput(area: usize, argc: i32): Value {
  let last = lastMatch();
  if (last == 0) last = newLastMatch();
  store<u64>(internalSlot(last, INPUT), load<u64>(area, 16));
  return UNDEFINED;
}
export function getRegExpLastMatch(area: usize, argc: i32): Value {
  return part(area, 0);
}
export function getRegExpLastParen(area: usize, argc: i32): Value {
  return part(area, LAST_GROUP);
}
export function getRegExpLeftContext(area: usize, argc: i32): Value {
  const last = opened(area);
  return last == 0 ? load<u64>(ANSWER) : between(last, 0, startOf(last, 0));
}
export function getRegExpRightContext(area: usize, argc: i32): Value {
  const last = opened(area);
  if (last == 0) return load<u64>(ANSWER);
  return between(last, endOf(last, 0), <u32>lengthOf(addressOf(load<u64>(internalSlot(last, STRING)))));
}
export function getRegExp$1(area: usize, argc: i32): Value {
  return part(area, 1);
}
export function getRegExp$2(area: usize, argc: i32): Value {
  return part(area, 2);
}
export function getRegExp$3(area: usize, argc: i32): Value {
  return part(area, 3);
}
export function getRegExp$4(area: usize, argc: i32): Value {
  return part(area, 4);
}
export function getRegExp$5(area: usize, argc: i32): Value {
  return part(area, 5);
}
export function getRegExp$6(area: usize, argc: i32): Value {
  return part(area, 6);
}
export function getRegExp$7(area: usize, argc: i32): Value {
  return part(area, 7);
}
export function getRegExp$8(area: usize, argc: i32): Value {
  return part(area, 8);
}
export function getRegExp$9(area: usize, argc: i32): Value {
  return part(area, 9);
}
