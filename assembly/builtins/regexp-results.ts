// Owns the results made from the positions of matches: result arrays, lists of matches, replaced strings, parts of a split. Positions
// are a BYTES cell {start u32, end u32} × groups × matches, 0xffffffff for a group that took no part. Every function returns RETRY if
// there is no memory for its result, before it has made anything.
import { addressOf, boxCell, boxInt, boxObject, boxString, RETRY, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic, Kept } from "../generated/intrinsics";
import { BYTES_SIZE, Kind, SLOTS_SIZE } from "../generated/kinds";
import { RegExpFlag } from "../generated/states";
import { allocate, chargeFuel, reserve } from "../heap/memory";
import { elementAt, elementsOf } from "../objects/elements";
import { DATA } from "../objects/lookup";
import { addProperty, arrayPush, intrinsicAddress, newArray, newObject, rootShape } from "../objects/object";
import { createDataProperty, getOwn } from "../objects/property";
import { PLAIN, shapeWith } from "../objects/shape";
import { flagsOfProgram, groupsOf, HEADER_NAME_COUNT, HEADER_NAMES, headerOf } from "../regexp/program";
import { intern } from "../strings/atom";
import { newFromUtf16, substring } from "../strings/single-chars";
import { codeUnitAt, lengthOf } from "../strings/string";
import { newFilledArray } from "./array-core";
import { pairOf } from "./array-iterator";
import { beginCount, beginWrite, put, putPart, written } from "./regexp-sink";

const ABSENT: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline
function startAt(positions: usize, i: u32): u32 {
  return load<u32>(positions + BYTES_SIZE + (<usize>i << 3));
}
// @ts-ignore: decorator
@inline
function endAt(positions: usize, i: u32): u32 {
  return load<u32>(positions + BYTES_SIZE + (<usize>i << 3), 4);
}

/** The text that group i (counted over all matches) captured. */
function captured(s: usize, positions: usize, i: u32): Value {
  const start = startAt(positions, i);
  return start == ABSENT ? UNDEFINED : boxString(substring(s, <i32>start, <i32>endAt(positions, i)));
}

// --- results of exec ----------------------------------------------------------------------------------------------

function resultShape(): usize {
  const known = intrinsic(Kept.REGEXP_RESULT_SHAPE);
  if (known != 0) return addressOf(known);
  const root = rootShape(Kind.ARRAY, addressOf(intrinsic(Intrinsic.ArrayPrototype)), 0);
  const shape = shapeWith(shapeWith(shapeWith(root, atomAt(Atom.index), PLAIN), atomAt(Atom.input), PLAIN), atomAt(Atom.groups), PLAIN);
  store<u64>(intrinsicAddress(Kept.REGEXP_RESULT_SHAPE), boxCell(shape));
  return shape;
}

/** An object with a property per name. indices: pairs of positions instead of texts. */
function namedGroups(program: usize, s: usize, positions: usize, first: u32, indices: bool): Value {
  const header = headerOf(program);
  const count = load<u32>(header, HEADER_NAME_COUNT);
  if (count == 0) return UNDEFINED;
  const groups = newObject(Kind.OBJECT, 0, 0);
  let at = header + <usize>load<u32>(header, HEADER_NAMES);
  for (let i: u32 = 0; i < count; i++) {
    const units = load<u32>(at, 4);
    const name = boxString(intern(newFromUtf16(at + 8, <i32>units)));
    const group = first + load<u32>(at);
    // Of the groups that share a name, the one that took part counts.
    const isKnown = getOwn(groups, name) == DATA;
    if (!isKnown || startAt(positions, group) != ABSENT) {
      createDataProperty(groups, name, indices ? pairAt(positions, group) : captured(s, positions, group));
    }
    at += 8 + <usize>((units * 2 + 3) & ~3);
  }
  return boxObject(groups);
}

function pairAt(positions: usize, i: u32): Value {
  return startAt(positions, i) == ABSENT ? UNDEFINED : pairOf(boxInt(<i32>startAt(positions, i)), boxInt(<i32>endAt(positions, i)));
}

/** https://tc39.es/ecma262/#sec-makematchindicesindexpairarray */
function indicesOf(program: usize, s: usize, positions: usize, first: u32): Value {
  const groups = groupsOf(program);
  const array = newArray(groups);
  for (let i: u32 = 0; i < groups; i++) arrayPush(array, pairAt(positions, first + i));
  addProperty(array, atomAt(Atom.groups), namedGroups(program, s, positions, first, true), PLAIN);
  return boxObject(array);
}

/** The array that exec returns for match `index`. */
export function matchResult(program: usize, s: usize, positions: usize, index: u32): Value {
  const groups = groupsOf(program);
  const first = index * groups;
  const hasIndices = (flagsOfProgram(program) & RegExpFlag.INDICES) != 0;
  const price = <usize>groups * (hasIndices ? 400 : 120) + <usize>load<u32>(headerOf(program), HEADER_NAME_COUNT) * 200;
  if (price > 4096) {
    if (!reserve(price)) return RETRY;
    chargeFuel(<i32>(price >> 6));
  }
  const array = newFilledArray(groups);
  const elements = elementsOf(array);
  for (let i: u32 = 0; i < groups; i++) store<u64>(elementAt(elements, i), captured(s, positions, first + i));
  const slots = allocate(Kind.SLOTS, SLOTS_SIZE + 32);
  store<u32>(slots, 0);
  store<u64>(slots, boxInt(<i32>startAt(positions, first)), SLOTS_SIZE);
  store<u64>(slots, boxString(s), SLOTS_SIZE + 8);
  store<u64>(slots, UNDEFINED, SLOTS_SIZE + 16);
  store<u64>(slots, 0, SLOTS_SIZE + 24);
  store<u32>(array, <u32>resultShape());
  store<u32>(array, <u32>slots, 8);
  const named = namedGroups(program, s, positions, first, false);
  store<u64>(slots, named, SLOTS_SIZE + 16);
  if (hasIndices) addProperty(array, atomAt(Atom.indices), indicesOf(program, s, positions, first), PLAIN);
  return boxObject(array);
}

/** The object of named groups of match `index`. */
export function namedIn(program: usize, s: usize, positions: usize, index: u32): Value {
  if (!reserve(<usize>load<u32>(headerOf(program), HEADER_NAME_COUNT) * 200 + 64)) return RETRY;
  return namedGroups(program, s, positions, index * groupsOf(program), false);
}

/** An array of the captures of match `index`. */
export function partsIn(program: usize, s: usize, positions: usize, index: u32): Value {
  const groups = groupsOf(program);
  if (groups > 32 && !reserve(<usize>groups * 64)) return RETRY;
  const array = newFilledArray(groups);
  for (let i: u32 = 0; i < groups; i++) store<u64>(elementAt(elementsOf(array), i), captured(s, positions, index * groups + i));
  return boxObject(array);
}

// --- lists --------------------------------------------------------------------------------------------------------

/** An array of the texts of all matches. */
export function foundStrings(s: usize, positions: usize, found: u32, groups: u32): Value {
  if (found > 64) {
    if (!reserve(<usize>found * 64)) return RETRY;
    chargeFuel(<i32>(found >> 1));
  }
  const array = newFilledArray(found);
  for (let i: u32 = 0; i < found; i++) store<u64>(elementAt(elementsOf(array), i), captured(s, positions, i * groups));
  return boxObject(array);
}

/** The array that split returns: the parts between the matches, and the captures of each match. */
export function foundParts(s: usize, positions: usize, found: u32, groups: u32, limit: u32): Value {
  const all = <u64>found * <u64>groups + 1;
  const count = <u32>min<u64>(all, <u64>limit);
  if (count > 64) {
    if (!reserve(<usize>min<u64>(0x40000000, <u64>count * 64))) return RETRY;
    chargeFuel(<i32>(count >> 1));
  }
  const array = newFilledArray(count);
  const elements = elementsOf(array);
  let k: u32 = 0;
  let last: u32 = 0;
  for (let i: u32 = 0; i < found && k < count; i++) {
    store<u64>(elementAt(elements, k++), boxString(substring(s, <i32>last, <i32>startAt(positions, i * groups))));
    last = endAt(positions, i * groups);
    for (let group: u32 = 1; group < groups && k < count; group++) store<u64>(elementAt(elements, k++), captured(s, positions, i * groups + group));
  }
  if (k < count) store<u64>(elementAt(elements, k), boxString(substring(s, <i32>last, lengthOf(s))));
  return boxObject(array);
}

// --- replacing ----------------------------------------------------------------------------------------------------

function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

function unitOr0(s: usize, i: i32): u32 {
  return i < lengthOf(s) ? <u32>codeUnitAt(s, i) : 0;
}

function putCapture(s: usize, positions: usize, i: u32): void {
  if (startAt(positions, i) != ABSENT) putPart(s, startAt(positions, i), endAt(positions, i));
}

/** Writes the capture for $1 … $99 at i; returns its length in the template, 0 if there is no such group. */
function putNumbered(template: usize, i: i32, s: usize, positions: usize, first: u32, groups: u32): i32 {
  const one = unitOr0(template, i + 1) - 0x30;
  const second = unitOr0(template, i + 2);
  let index = one;
  let units = 2;
  if (isDigit(second) && one * 10 + second - 0x30 < groups) {
    index = one * 10 + second - 0x30;
    units = 3;
  }
  if (index == 0 || index >= groups) return 0;
  putCapture(s, positions, first + index);
  return units;
}

/** Writes the capture for $<name> at i; returns its length in the template, 0 if it is not a $<name>. */
function putNamed(template: usize, i: i32, program: usize, s: usize, positions: usize, first: u32): i32 {
  const header = headerOf(program);
  const count = load<u32>(header, HEADER_NAME_COUNT);
  if (count == 0) return 0;
  let end = i + 2;
  while (end < lengthOf(template) && codeUnitAt(template, end) != 0x3e) end++;
  if (end >= lengthOf(template)) return 0;
  const length = <u32>(end - i - 2);
  let at = header + <usize>load<u32>(header, HEADER_NAMES);
  for (let k: u32 = 0; k < count; k++) {
    const units = load<u32>(at, 4);
    let same = units == length;
    for (let j: u32 = 0; j < length && same; j++) same = <u32>load<u16>(at + 8 + (<usize>j << 1)) == <u32>codeUnitAt(template, i + 2 + <i32>j);
    if (same) putCapture(s, positions, first + load<u32>(at));
    at += 8 + <usize>((units * 2 + 3) & ~3);
  }
  return end - i + 1;
}

/** https://tc39.es/ecma262/#sec-getsubstitution for a match of the program */
function putSubstitution(template: usize, program: usize, s: usize, positions: usize, first: u32): void {
  const n = lengthOf(template);
  let plain = 0;
  for (let i = 0; i < n; i++) {
    if (codeUnitAt(template, i) != 0x24) continue;
    const c = unitOr0(template, i + 1);
    let units = 0;
    // The plain text before it comes first.
    if (c == 0x24 || c == 0x26 || c == 0x60 || c == 0x27 || isDigit(c) || c == 0x3c) putPart(template, <u32>plain, <u32>i);
    else continue;
    plain = i;
    if (c == 0x24) {
      put(c);
      units = 2;
    } else if (c == 0x26) {
      putCapture(s, positions, first);
      units = 2;
    } else if (c == 0x60) {
      putPart(s, 0, startAt(positions, first));
      units = 2;
    } else if (c == 0x27) {
      putPart(s, endAt(positions, first), <u32>lengthOf(s));
      units = 2;
    } else if (c == 0x3c) units = putNamed(template, i, program, s, positions, first);
    else units = putNumbered(template, i, s, positions, first, groupsOf(program));
    if (units == 0) continue;
    i += units - 1;
    plain = i + 1;
  }
  putPart(template, <u32>plain, <u32>n);
}

function putReplaced(program: usize, s: usize, positions: usize, found: u32, template: usize, simple: bool): void {
  const groups = groupsOf(program);
  let last: u32 = 0;
  for (let i: u32 = 0; i < found; i++) {
    putPart(s, last, startAt(positions, i * groups));
    if (simple) putPart(template, 0, <u32>lengthOf(template));
    else putSubstitution(template, program, s, positions, i * groups);
    last = endAt(positions, i * groups);
  }
  putPart(s, last, <u32>lengthOf(s));
}

/** The flat string with all matches replaced by a flat template. */
export function foundText(program: usize, s: usize, positions: usize, found: u32, template: usize): Value {
  if (found == 0) return boxString(s);
  let simple = true;
  for (let i = 0; i < lengthOf(template) && simple; i++) simple = codeUnitAt(template, i) != 0x24;
  beginCount();
  putReplaced(program, s, positions, found, template, simple);
  const signal = beginWrite();
  if (signal != 0) return signal;
  chargeFuel(<i32>min<u64>(0x7fffffff, (<u64>found * (simple ? 2 : <u64>lengthOf(template) + 2)) >> 3));
  putReplaced(program, s, positions, found, template, simple);
  return written();
}
