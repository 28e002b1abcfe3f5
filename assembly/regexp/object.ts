// Owns RegExp objects: making them, their source, flags and program. Must never call guest code, and never touch lastIndex once an
// object is made. https://tc39.es/ecma262/#sec-regexp-pattern-flags
import { addressOf, boxCell, boxInt, boxObject, isObject, RETRY, Value } from "../core/value";
import { lit, throwError } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Kept } from "../generated/intrinsics";
import { Kind, REGEXP_PROGRAM, REGEXP_REGEXP_FLAGS, REGEXP_SIZE, REGEXP_SOURCE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { RegExpFlag } from "../generated/states";
import { chargeFuel, chargeWork, kindOf, reserve } from "../heap/memory";
import { addProperty, intrinsicAddress, newObjectOfShape, rootShape } from "../objects/object";
import { shapeWith, WRITABLE } from "../objects/shape";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf, flatteningBytes } from "../strings/rope";
import { newFromUtf16 } from "../strings/single-chars";
import { concat } from "../strings/string";
import { arenaIsShort } from "./arena";
import { flagsOfString, NO_FLAGS, programFor } from "./compile";
import { HEADER_WORK, headerOf } from "./program";
import { isWrong, messageAt, messageLength, nothingWrong, SUBCLASSED } from "./source";

/** Where a plain RegExp has lastIndex. */
export const LAST_INDEX: usize = REGEXP_SIZE;
/** Returned by `initialize` when it has succeeded. */
export const READY: Value = 0;

export function plainShape(): usize {
  const known = intrinsic(Kept.REGEXP_SHAPE);
  if (known != 0) return addressOf(known);
  let root = intrinsic(Kept.REGEXP_ROOT_SHAPE);
  if (root == 0) {
    root = boxCell(rootShape(Kind.REGEXP, addressOf(intrinsic(Intrinsic.RegExpPrototype)), 1));
    store<u64>(intrinsicAddress(Kept.REGEXP_ROOT_SHAPE), root);
  }
  const shape = shapeWith(addressOf(root), atomAt(Atom.lastIndex), WRITABLE);
  store<u64>(intrinsicAddress(Kept.REGEXP_SHAPE), boxCell(shape));
  return shape;
}

/** https://tc39.es/ecma262/#sec-regexpalloc; not initialized yet */
export function newRegExp(proto: usize): usize {
  const isPlain = proto == addressOf(intrinsic(Intrinsic.RegExpPrototype));
  const object = newObjectOfShape(Kind.REGEXP, isPlain ? plainShape() : rootShape(Kind.REGEXP, proto, 1));
  if (!isPlain) addProperty(object, atomAt(Atom.lastIndex), boxInt(0), WRITABLE);
  else store<u64>(object, boxInt(0), LAST_INDEX);
  store<u64>(object, 0, REGEXP_SOURCE);
  store<u64>(object, 0, REGEXP_PROGRAM);
  return object;
}

/** The address of a RegExp, or 0. */
// @ts-ignore: decorator
@inline
export function regExpOf(v: Value): usize {
  return isObject(v) && kindOf(addressOf(v)) == Kind.REGEXP ? addressOf(v) : 0;
}
// @ts-ignore: decorator
@inline
export function bitsOf(rx: usize): u32 {
  return load<u32>(rx, REGEXP_REGEXP_FLAGS) & ~SUBCLASSED;
}
/** True for an object that a subclass of RegExp made: [[LegacyFeaturesEnabled]] is false. */
// @ts-ignore: decorator
@inline
export function isSubclassed(rx: usize): bool {
  return (load<u32>(rx, REGEXP_REGEXP_FLAGS) & SUBCLASSED) != 0;
}
export function becomeSubclassed(rx: usize): void {
  store<u32>(rx, load<u32>(rx, REGEXP_REGEXP_FLAGS) | SUBCLASSED, REGEXP_REGEXP_FLAGS);
}
// @ts-ignore: decorator
@inline
export function sourceOf(rx: usize): usize {
  return <usize>load<u32>(rx, REGEXP_SOURCE);
}

/** The signal of a native that has no program, by the reason for that. */
function noProgram(source: usize, flags: usize): Value {
  if (!isWrong() || arenaIsShort()) return RETRY;
  const text = newFromUtf16(messageAt(), messageLength());
  const shown = concat(concat(lit("/"), source), concat(lit("/"), flags));
  return throwError(ErrorKind.SyntaxError, concat(concat(lit("Invalid regular expression: "), shown), concat(lit(": "), text)));
}

export function priceFlat(s: usize): bool {
  const bytes = flatteningBytes(s);
  return bytes == 0 || reserve(bytes);
}

/** Fuel of a property of characters in a pattern (`\p`), and of one whose cases are looked for, too. */
const PROPERTY_WORK: i64 = 100;
const FOLDED_WORK: i64 = 500;

/** Fuel of reading a pattern, whether it is valid or not. */
function patternWork(source: usize, flags: u32): i64 {
  const n = lengthOf(source);
  const chars = charsOf(source);
  const wide = isTwoByte(source);
  let properties: i64 = 0;
  let before: u32 = 0;
  for (let i = 0; i < n; i++) {
    const c = wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
    // A backslash and a p in either case.
    if (before == 0x5c && (c | 32) == 0x70) properties++;
    before = c;
  }
  return <i64>(n >> 2) + properties * ((flags & <u32>RegExpFlag.IGNORE_CASE) != 0 ? FOLDED_WORK : PROPERTY_WORK);
}

/** Gives the object a pattern and flags; READY or a signal. https://tc39.es/ecma262/#sec-regexpinitialize */
export function initialize(rx: usize, source: usize, flagText: usize): Value {
  if (!priceFlat(source) || !priceFlat(flagText)) return RETRY;
  const flags = flagsOfString(flagText);
  if (flags == NO_FLAGS) {
    return throwError(ErrorKind.SyntaxError, concat(concat(lit("Invalid flags supplied to RegExp constructor '"), flagText), lit("'")));
  }
  // Where the time is too short for it, the run ends at the next safepoint, and any error will do.
  if (!chargeWork(patternWork(source, flags))) return throwError(ErrorKind.SyntaxError, lit("Invalid regular expression"));
  const program = programFor(source, flags);
  if (program == 0) return noProgram(source, flagLetters(flags));
  chargeFuel(load<i32>(headerOf(program), HEADER_WORK));
  store<u32>(rx, <u32>source, REGEXP_SOURCE);
  store<u32>(rx, flags | (load<u32>(rx, REGEXP_REGEXP_FLAGS) & SUBCLASSED), REGEXP_REGEXP_FLAGS);
  store<u32>(rx, <u32>program, REGEXP_PROGRAM);
  return READY;
}

/** The program of a RegExp; 0: it could not be compiled, see withoutProgram. */
export function programOf(rx: usize): usize {
  const known = <usize>load<u32>(rx, REGEXP_PROGRAM);
  if (known != 0) return known;
  nothingWrong();
  if (!priceFlat(sourceOf(rx))) return 0;
  const program = programFor(sourceOf(rx), bitsOf(rx));
  store<u32>(rx, <u32>program, REGEXP_PROGRAM);
  return program;
}

/** The signal of a native whose RegExp has no program: there is no memory for one now, or the host supplied an invalid pattern. */
export function withoutProgram(rx: usize): Value {
  return noProgram(sourceOf(rx), flagText(rx));
}

/** A RegExp of the realm that is not compiled yet; lastIndex is 0. */
export function newRegExpLazily(source: usize, flags: u32): usize {
  const rx = newRegExp(addressOf(intrinsic(Intrinsic.RegExpPrototype)));
  store<u32>(rx, <u32>source, REGEXP_SOURCE);
  store<u32>(rx, flags, REGEXP_REGEXP_FLAGS);
  return rx;
}

/** A new RegExp of the realm with that source and those flags, both strings; a signal if they are not valid. */
export function newRegExpOf(source: usize, flags: usize): Value {
  const rx = newRegExp(addressOf(intrinsic(Intrinsic.RegExpPrototype)));
  const signal = initialize(rx, source, flags);
  return signal == READY ? boxObject(rx) : signal;
}

/** Text of the flags of a RegExp. */
export function flagText(rx: usize): usize {
  return flagLetters(bitsOf(rx));
}

function flagLetters(bits: u32): usize {
  let text = lit("");
  if (bits & RegExpFlag.INDICES) text = concat(text, lit("d"));
  if (bits & RegExpFlag.GLOBAL) text = concat(text, lit("g"));
  if (bits & RegExpFlag.IGNORE_CASE) text = concat(text, lit("i"));
  if (bits & RegExpFlag.MULTILINE) text = concat(text, lit("m"));
  if (bits & RegExpFlag.DOT_ALL) text = concat(text, lit("s"));
  if (bits & RegExpFlag.UNICODE) text = concat(text, lit("u"));
  if (bits & RegExpFlag.SETS) text = concat(text, lit("v"));
  if (bits & RegExpFlag.STICKY) text = concat(text, lit("y"));
  return text;
}
