// Owns the natives of RegExp: objects, accessors, and matching where no guest code can be called in between. Must never call guest
// code; a match that takes long is left to ts/prelude/regexp.js, which runs it in parts (regexp/session.ts).
//
// A RegExp is *plain* if it has no own property but lastIndex and its prototype is RegExp.prototype. It is *pristine* if the methods
// and accessors on that prototype are ours too.
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxString, DEFER, HOLE, isInt, isNumber, isObject, isString, NULL, RETRY, toDouble, TRUE,
  UNDEFINED, isWhole, Value, wholeOf,
} from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, NativeId } from "../generated/intrinsics";
import { ACCESSOR_GETTER, BYTES_SIZE, Kind, NATIVE_NATIVE, REGEXP_SOURCE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { InternalClass, RegExpFlag } from "../generated/states";
import { chargeFuel, kindOf } from "../heap/memory";
import { argAt, thisOf } from "../interpreter/native";
import { ACCESSOR_PROPERTY, DATA, FOUND_VALUE } from "../objects/lookup";
import { lookup } from "../objects/property";
import { shapeOf } from "../objects/shape";
import { toStringPrimitive, toUint32Value } from "../primitives/convert";
import {
  becomeSubclassed, bitsOf, flagText, initialize, isSubclassed, LAST_INDEX, newRegExp, plainShape, priceFlat, programOf, READY, regExpOf,
  sourceOf, withoutProgram,
} from "../regexp/object";
import { groupsOf, HEADER_WORK, headerOf } from "../regexp/program";
import {
  ALL, AT_START, heldCount, heldPositions, heldProgram, heldString, keepFound, matchQuickly, newHeld, Part, payQuickly, quickPosition,
  quickPositions, runPart, SPLITS,
} from "../regexp/session";
import { SUBCLASSED } from "../regexp/source";
import { charsOf, concat, isTwoByte, lengthOf } from "../strings/string";
import { internalOf } from "./array-iterator";
import { escapeForPattern, patternSource } from "./regexp-escape";
import { rememberMatch } from "./regexp-legacy";
import { foundParts, foundStrings, foundText, matchResult, namedIn, partsIn } from "./regexp-results";
import { FINE, refuseNumber, refuseString } from "./shared";

const MANY: u32 = 0x7fffffff;

// --- for the prelude ----------------------------------------------------------------------------------------------

/** (v): has it [[RegExpMatcher]]? */
export function isRegExpObject(area: usize, argc: i32): Value {
  return boxBool(regExpOf(load<u64>(area, 16)) != 0);
}
/** (prototype, is it a subclass that makes it?): a new object that regExpInitialize is to be called on. */
export function regExpAlloc(area: usize, argc: i32): Value {
  const rx = newRegExp(addressOf(load<u64>(area, 16)));
  if (argAt(area, argc, 1) == TRUE) becomeSubclassed(rx);
  store<u32>(rx, <u32>atomAt(Atom.empty), REGEXP_SOURCE);
  return boxObject(rx);
}
/** (RegExp, pattern string, flags string): the caller sets lastIndex. */
export function regExpInitialize(area: usize, argc: i32): Value {
  const rx = regExpOf(load<u64>(area, 16));
  const signal = initialize(rx, addressOf(load<u64>(area, 24)), addressOf(load<u64>(area, 32)));
  return signal == READY ? boxObject(rx) : signal;
}
/** (RegExp): its [[OriginalSource]]. */
export function regExpPattern(area: usize, argc: i32): Value {
  return boxString(sourceOf(regExpOf(load<u64>(area, 16))));
}
/** (RegExp): its flags as bits: 32 global, 64 sticky, 8 unicode, 16 unicodeSets; 256: a subclass made it. */
export function regExpBits(area: usize, argc: i32): Value {
  const rx = regExpOf(load<u64>(area, 16));
  return boxInt(<i32>(bitsOf(rx) | (isSubclassed(rx) ? SUBCLASSED : 0)));
}
/** (RegExp): its [[OriginalFlags]] as a string. */
export function regExpFlags(area: usize, argc: i32): Value {
  return boxString(flagText(regExpOf(load<u64>(area, 16))));
}

/** (RegExp): its text as a literal. */
export function regExpText(area: usize, argc: i32): Value {
  const rx = regExpOf(load<u64>(area, 16));
  const source = patternSource(sourceOf(rx));
  return isString(source) ? boxString(concat(concat(lit("/"), addressOf(source)), concat(lit("/"), flagText(rx)))) : source;
}

// --- accessors ----------------------------------------------------------------------------------------------------

function flagGetter(area: usize, flag: u32, name: string): Value {
  const v = thisOf(area);
  const rx = regExpOf(v);
  if (rx != 0) return boxBool((bitsOf(rx) & flag) != 0);
  if (v == intrinsic(Intrinsic.RegExpPrototype)) return UNDEFINED;
  return throwError(ErrorKind.TypeError, concat(concat(lit("RegExp.prototype."), lit(name)), lit(" getter called on non-RegExp object")));
}
/** https://tc39.es/ecma262/#sec-get-regexp.prototype.hasIndices and those below */
export function getRegExpPrototypeHasIndices(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.INDICES, "hasIndices");
}
export function getRegExpPrototypeGlobal(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.GLOBAL, "global");
}
export function getRegExpPrototypeIgnoreCase(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.IGNORE_CASE, "ignoreCase");
}
export function getRegExpPrototypeMultiline(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.MULTILINE, "multiline");
}
export function getRegExpPrototypeDotAll(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.DOT_ALL, "dotAll");
}
export function getRegExpPrototypeUnicode(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.UNICODE, "unicode");
}
export function getRegExpPrototypeUnicodeSets(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.SETS, "unicodeSets");
}
export function getRegExpPrototypeSticky(area: usize, argc: i32): Value {
  return flagGetter(area, RegExpFlag.STICKY, "sticky");
}

/** https://tc39.es/ecma262/#sec-get-regexp.prototype.source */
export function getRegExpPrototypeSource(area: usize, argc: i32): Value {
  const v = thisOf(area);
  const rx = regExpOf(v);
  if (rx != 0) return patternSource(sourceOf(rx));
  if (v == intrinsic(Intrinsic.RegExpPrototype)) return boxString(lit("(?:)"));
  return throwLiteral(ErrorKind.TypeError, "RegExp.prototype.source getter called on non-RegExp object");
}

/** https://tc39.es/ecma262/#sec-get-regexp.prototype.flags of a pristine RegExp */
export function getRegExpPrototypeFlags(area: usize, argc: i32): Value {
  const rx = regExpOf(thisOf(area));
  return rx != 0 && isPlain(rx) && hasOurFlags() ? boxString(flagText(rx)) : DEFER;
}

/** https://tc39.es/ecma262/#sec-get-regexp-%symbol.species% */
export function getRegExpSymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}

/** https://tc39.es/ecma262/#sec-regexp.escape */
export function regExpEscape(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isString(v)) return throwLiteral(ErrorKind.TypeError, "RegExp.escape: argument must be a string");
  return escapeForPattern(addressOf(v));
}

// --- pristine -----------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function isPlain(rx: usize): bool {
  return shapeOf(rx) == plainShape();
}

function isOurs(v: Value, native: i32): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.NATIVE && load<u32>(addressOf(v), NATIVE_NATIVE) == <u32>native;
}
function hasOurMethod(key: Value, native: i32): bool {
  return lookup(addressOf(intrinsic(Intrinsic.RegExpPrototype)), key) == DATA && isOurs(load<u64>(FOUND_VALUE), native);
}
function hasOurGetter(key: i32, native: i32): bool {
  return lookup(addressOf(intrinsic(Intrinsic.RegExpPrototype)), boxString(atomAt(key))) == ACCESSOR_PROPERTY && isOurs(load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER), native);
}
function hasOurExec(): bool {
  return hasOurMethod(boxString(atomAt(Atom.exec)), NativeId.regExpPrototypeExec);
}
function hasOurFlags(): bool {
  return (
    hasOurGetter(Atom.hasIndices, NativeId.getRegExpPrototypeHasIndices) && hasOurGetter(Atom.global, NativeId.getRegExpPrototypeGlobal) &&
    hasOurGetter(Atom.ignoreCase, NativeId.getRegExpPrototypeIgnoreCase) && hasOurGetter(Atom.multiline, NativeId.getRegExpPrototypeMultiline) &&
    hasOurGetter(Atom.dotAll, NativeId.getRegExpPrototypeDotAll) && hasOurGetter(Atom.unicode, NativeId.getRegExpPrototypeUnicode) &&
    hasOurGetter(Atom.unicodeSets, NativeId.getRegExpPrototypeUnicodeSets) && hasOurGetter(Atom.sticky, NativeId.getRegExpPrototypeSticky)
  );
}
function hasOurSpecies(): bool {
  if (lookup(addressOf(intrinsic(Intrinsic.RegExpPrototype)), boxString(atomAt(Atom.constructor))) != DATA || load<u64>(FOUND_VALUE) != intrinsic(Intrinsic.RegExp)) return false;
  if (lookup(addressOf(intrinsic(Intrinsic.RegExp)), intrinsic(Intrinsic.Symbol_species)) != ACCESSOR_PROPERTY) return false;
  return isOurs(load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER), NativeId.getRegExpSymbolSpecies);
}

/** lastIndex if it is an int32 that is not negative; else -1. */
function lastIndexOf(rx: usize): i32 {
  const last = load<u64>(rx, LAST_INDEX);
  return isWhole(last) ? max(wholeOf(last), -1) : -1;
}

/** The RegExp if it is plain, exec is ours and lastIndex a small number; else 0. */
function quickRegExp(v: Value): usize {
  const rx = regExpOf(v);
  if (rx == 0 || !isPlain(rx)) return 0;
  return lastIndexOf(rx) >= 0 && hasOurExec() ? rx : 0;
}

/** As quickRegExp, but its flags must come from our getters too. */
function quickWithFlags(v: Value): usize {
  const rx = quickRegExp(v);
  return rx != 0 && hasOurGetter(Atom.flags, NativeId.getRegExpPrototypeFlags) && hasOurFlags() ? rx : 0;
}

/** (v, species): is it a pristine RegExp whose lastIndex is a small number? species: its constructor counts too. */
export function isPristineRegExp(area: usize, argc: i32): Value {
  return boxBool(quickWithFlags(load<u64>(area, 16)) != 0 && (load<u64>(area, 24) != TRUE || hasOurSpecies()));
}

// --- one match ----------------------------------------------------------------------------------------------------

/**
 * Looks for one match as RegExpBuiltinExec does, but leaves lastIndex alone.
 *    1   found
 *    0   not found
 *   -1   the prelude has to do it
 *   -2   there is no program, or no memory
 */
function execQuickly(rx: usize, s: usize): i32 {
  if (!priceFlat(s)) return -2;
  const program = programOf(rx);
  if (program == 0) return -2;
  const bits = bitsOf(rx);
  const from: u32 = bits & (RegExpFlag.GLOBAL | RegExpFlag.STICKY) ? <u32>lastIndexOf(rx) : 0;
  return matchQuickly(program, s, from, bits & RegExpFlag.STICKY ? AT_START : 0, 1);
}

function signalOf(outcome: i32, rx: usize): Value {
  return outcome == -2 ? withoutProgram(rx) : DEFER;
}

/** Makes the last of `found` matches the one that RegExp.$1 and its relatives show. */
function rememberFound(rx: usize, s: usize, positions: usize, found: u32): void {
  if (found == 0) return;
  const groups = groupsOf(programOf(rx));
  rememberMatch(rx, s, positions + BYTES_SIZE + (<usize>((found - 1) * groups) << 3), groups);
}

function setLastIndex(rx: usize, index: u32): void {
  if (bitsOf(rx) & (RegExpFlag.GLOBAL | RegExpFlag.STICKY)) store<u64>(rx, boxInt(<i32>index), LAST_INDEX);
}

/** https://tc39.es/ecma262/#sec-regexp.prototype.exec */
export function regExpPrototypeExec(area: usize, argc: i32): Value {
  const rx = regExpOf(thisOf(area));
  const v = argAt(area, argc, 0);
  if (rx == 0 || !isPlain(rx) || !isString(v) || lastIndexOf(rx) < 0) return DEFER;
  const s = addressOf(v);
  const found = execQuickly(rx, s);
  if (found < 0) return signalOf(found, rx);
  if (found == 0) {
    payQuickly();
    setLastIndex(rx, 0);
    return NULL;
  }
  const end = quickPosition(1);
  const positions = keepFound();
  const result = matchResult(programOf(rx), s, positions, 0);
  if (result == RETRY) return RETRY;
  rememberFound(rx, s, positions, 1);
  payQuickly();
  setLastIndex(rx, end);
  return result;
}

/** https://tc39.es/ecma262/#sec-regexp.prototype.test */
export function regExpPrototypeTest(area: usize, argc: i32): Value {
  const rx = quickRegExp(thisOf(area));
  const v = argAt(area, argc, 0);
  if (rx == 0 || !isString(v)) return DEFER;
  const found = execQuickly(rx, addressOf(v));
  if (found < 0) return signalOf(found, rx);
  setLastIndex(rx, found > 0 ? quickPosition(1) : 0);
  payQuickly();
  if (found > 0) rememberMatch(rx, addressOf(v), quickPositions(), groupsOf(programOf(rx)));
  return boxBool(found > 0);
}

/** https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.search% */
function searchQuickly(v: Value, s: usize): Value {
  const rx = quickRegExp(v);
  if (rx == 0) return DEFER;
  if (!priceFlat(s)) return RETRY;
  const program = programOf(rx);
  if (program == 0) return withoutProgram(rx);
  const found = matchQuickly(program, s, 0, bitsOf(rx) & RegExpFlag.STICKY ? AT_START : 0, 1);
  if (found < 0) return DEFER;
  payQuickly();
  if (found == 0) return boxInt(-1);
  const start = quickPosition(0);
  rememberMatch(rx, s, quickPositions(), groupsOf(program));
  return boxInt(<i32>start);
}
export function regExpPrototypeSymbolSearch(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isString(v) ? searchQuickly(thisOf(area), addressOf(v)) : DEFER;
}

// --- all matches --------------------------------------------------------------------------------------------------

/** Looks for all matches of a global RegExp, or the first of another one. Returns their number, or -1 and -2 as execQuickly. */
function findQuickly(rx: usize, s: usize): i32 {
  if ((bitsOf(rx) & RegExpFlag.GLOBAL) == 0) return execQuickly(rx, s);
  if (!priceFlat(s)) return -2;
  const program = programOf(rx);
  return program == 0 ? -2 : matchQuickly(program, s, 0, bitsOf(rx) & RegExpFlag.STICKY ? ALL | AT_START : ALL, MANY);
}

/** Sets lastIndex after a search for one match or for all. `end`: where the first match ends, if there is one. */
function settleLastIndex(rx: usize, found: i32, end: u32): void {
  setLastIndex(rx, bitsOf(rx) & RegExpFlag.GLOBAL || found == 0 ? 0 : end);
}

/** https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.match% */
function matchAllQuickly(v: Value, s: usize): Value {
  const rx = quickWithFlags(v);
  if (rx == 0) return DEFER;
  const found = findQuickly(rx, s);
  if (found < 0) return signalOf(found, rx);
  if (found == 0) {
    payQuickly();
    settleLastIndex(rx, 0, 0);
    return NULL;
  }
  const end = quickPosition(1);
  const program = programOf(rx);
  const positions = keepFound();
  const result = bitsOf(rx) & RegExpFlag.GLOBAL ? foundStrings(s, positions, <u32>found, groupsOf(program)) : matchResult(program, s, positions, 0);
  if (result == RETRY) return RETRY;
  rememberFound(rx, s, positions, <u32>found);
  payQuickly();
  settleLastIndex(rx, found, end);
  return result;
}
export function regExpPrototypeSymbolMatch(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isString(v) ? matchAllQuickly(thisOf(area), addressOf(v)) : DEFER;
}

/** https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.replace% with a string */
function replaceQuickly(v: Value, s: usize, template: Value): Value {
  const rx = quickWithFlags(v);
  if (rx == 0 || isObject(template)) return DEFER;
  const refused = refuseString(template);
  if (refused != FINE) return refused;
  const text = toStringPrimitive(template);
  if (!priceFlat(text)) return RETRY;
  charsOf(text);
  const found = findQuickly(rx, s);
  if (found < 0) return signalOf(found, rx);
  const end: u32 = found > 0 ? quickPosition(1) : 0;
  const positions = found == 0 ? 0 : keepFound();
  const result = found == 0 ? boxString(s) : foundText(programOf(rx), s, positions, <u32>found, text);
  if (result == RETRY) return RETRY;
  rememberFound(rx, s, positions, <u32>found);
  payQuickly();
  settleLastIndex(rx, found, end);
  return result;
}
export function regExpPrototypeSymbolReplace(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isString(v) ? replaceQuickly(thisOf(area), addressOf(v), argAt(area, argc, 1)) : DEFER;
}

/** https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.split% */
function splitQuickly(v: Value, s: usize, limitValue: Value): Value {
  const rx = quickWithFlags(v);
  if (rx == 0 || !hasOurSpecies() || lengthOf(s) == 0) return DEFER;
  const refused = refuseNumber(limitValue);
  if (refused != FINE) return refused;
  const limit: u32 = limitValue == UNDEFINED ? 0xffffffff : toUint32Value(limitValue);
  if (limit == 0) return DEFER;
  if (!priceFlat(s)) return RETRY;
  const program = programOf(rx);
  if (program == 0) return withoutProgram(rx);
  const found = matchQuickly(program, s, 0, SPLITS, min<u32>(MANY, limit));
  if (found < 0) return DEFER;
  const positions = keepFound();
  const result = foundParts(s, positions, <u32>found, groupsOf(program), limit);
  if (result == RETRY) return RETRY;
  rememberFound(rx, s, positions, <u32>found);
  payQuickly();
  // The specification makes a separate splitter, which compiles the pattern once more.
  chargeFuel(load<i32>(headerOf(program), HEADER_WORK));
  return result;
}
export function regExpPrototypeSymbolSplit(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isString(v) ? splitQuickly(thisOf(area), addressOf(v), argAt(area, argc, 1)) : DEFER;
}

// --- from String.prototype ----------------------------------------------------------------------------------------

/** String.prototype.match and its like with a RegExp as argument: the result of the RegExp's own method, or DEFER. */
export function matchFromString(v: Value, s: usize): Value {
  return regExpOf(v) != 0 && hasOurMethod(intrinsic(Intrinsic.Symbol_match), NativeId.regExpPrototypeSymbolMatch) ? matchAllQuickly(v, s) : DEFER;
}
export function searchFromString(v: Value, s: usize): Value {
  return regExpOf(v) != 0 && hasOurMethod(intrinsic(Intrinsic.Symbol_search), NativeId.regExpPrototypeSymbolSearch) ? searchQuickly(v, s) : DEFER;
}
export function replaceFromString(v: Value, s: usize, template: Value, all: bool): Value {
  const rx = regExpOf(v);
  if (rx == 0 || (all && (bitsOf(rx) & RegExpFlag.GLOBAL) == 0)) return DEFER;
  if (all && !hasOurMatch()) return DEFER;
  return hasOurMethod(intrinsic(Intrinsic.Symbol_replace), NativeId.regExpPrototypeSymbolReplace) ? replaceQuickly(v, s, template) : DEFER;
}
/** True if IsRegExp of a plain RegExp runs no guest code. */
function hasOurMatch(): bool {
  return hasOurMethod(intrinsic(Intrinsic.Symbol_match), NativeId.regExpPrototypeSymbolMatch);
}
export function splitFromString(v: Value, s: usize, limit: Value): Value {
  return regExpOf(v) != 0 && hasOurMethod(intrinsic(Intrinsic.Symbol_split), NativeId.regExpPrototypeSymbolSplit) ? splitQuickly(v, s, limit) : DEFER;
}

// --- held matches -------------------------------------------------------------------------------------------------

/** The held match in argument 0. 0: it is not a held match, for the frame may come from a made-up snapshot. */
function heldOf(area: usize): usize {
  return internalOf(load<u64>(area, 16), InternalClass.SUSPENDED_MATCH);
}
function noMatch(): Value {
  return throwLiteral(ErrorKind.TypeError, "not a match");
}

/** (RegExp, string, from, mode, most): a match that regExpPart runs. Modes are those of regexp/session.ts. */
export function regExpHeld(area: usize, argc: i32): Value {
  const rx = regExpOf(load<u64>(area, 16));
  const text = load<u64>(area, 24);
  if (rx == 0 || !isString(text)) return noMatch();
  const s = addressOf(text);
  if (!priceFlat(s)) return RETRY;
  const program = programOf(rx);
  if (program == 0) return withoutProgram(rx);
  charsOf(s);
  const held = newHeld(program, s, toUint32Value(load<u64>(area, 32)), toUint32Value(load<u64>(area, 40)) & 7, min<u32>(MANY, toUint32Value(load<u64>(area, 48))));
  return held == 0 ? RETRY : boxObject(held);
}

/** (held match): the number of matches found, or the hole if there is more to do. */
export function regExpPart(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0) return noMatch();
  const part = runPart(held);
  return part == Part.SHORT ? RETRY : part == Part.MORE ? HOLE : boxInt(<i32>heldCount(held));
}

/** (RegExp, held match): makes its last match the one that RegExp.$1 and its relatives show. */
export function regExpRemember(area: usize, argc: i32): Value {
  const rx = regExpOf(load<u64>(area, 16));
  const held = internalOf(load<u64>(area, 24), InternalClass.SUSPENDED_MATCH);
  if (rx == 0 || held == 0) return noMatch();
  const count = heldCount(held);
  const groups = groupsOf(heldProgram(held));
  if (count > 0) rememberMatch(rx, heldString(held), heldPositions(held) + BYTES_SIZE + (<usize>((count - 1) * groups) << 3), groups);
  return UNDEFINED;
}

function indexArgument(area: usize, held: usize): u32 {
  const v = load<u64>(area, 24);
  return isInt(v) && <u32>asInt(v) < heldCount(held) ? <u32>asInt(v) : 0xffffffff;
}

/** (held match, i): the result of match i as exec returns it. */
export function regExpHeldResult(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0 || indexArgument(area, held) == 0xffffffff) return noMatch();
  return matchResult(heldProgram(held), heldString(held), heldPositions(held), indexArgument(area, held));
}
/** (held match, i, 0 or 1): where match i starts or ends. */
export function regExpHeldPosition(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0) return noMatch();
  const i = indexArgument(area, held);
  if (i == 0xffffffff) return noMatch();
  const at = heldPositions(held) + 16 + (<usize>(i * groupsOf(heldProgram(held))) << 3);
  return boxInt(<i32>(load<u64>(area, 32) == boxInt(0) ? load<u32>(at) : load<u32>(at, 4)));
}
/** (held match, i): an array of the captures of match i, the whole match first. */
export function regExpHeldCaptures(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0 || indexArgument(area, held) == 0xffffffff) return noMatch();
  return partsIn(heldProgram(held), heldString(held), heldPositions(held), indexArgument(area, held));
}
/** (held match, i): the object of named groups of match i; undefined if the pattern has no named groups. */
export function regExpHeldNamed(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0 || indexArgument(area, held) == 0xffffffff) return noMatch();
  return namedIn(heldProgram(held), heldString(held), heldPositions(held), indexArgument(area, held));
}
/** (held match): an array of all matches. */
export function regExpHeldStrings(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0) return noMatch();
  return foundStrings(heldString(held), heldPositions(held), heldCount(held), groupsOf(heldProgram(held)));
}
/** (held match, template): the string with all matches replaced. */
export function regExpHeldReplace(area: usize, argc: i32): Value {
  const held = heldOf(area);
  const template = load<u64>(area, 24);
  if (held == 0 || !isString(template)) return noMatch();
  if (!priceFlat(addressOf(template))) return RETRY;
  charsOf(addressOf(template));
  return foundText(heldProgram(held), heldString(held), heldPositions(held), heldCount(held), addressOf(template));
}
/** (held match, limit): the parts between the matches, and the captures of each match. */
export function regExpHeldSplit(area: usize, argc: i32): Value {
  const held = heldOf(area);
  if (held == 0) return noMatch();
  return foundParts(heldString(held), heldPositions(held), heldCount(held), groupsOf(heldProgram(held)), toUint32Value(load<u64>(area, 24)));
}

/** (string, index, unicode): https://tc39.es/ecma262/#sec-advancestringindex; index: any number that a length can be */
export function advanceStringIndex(area: usize, argc: i32): Value {
  const index = load<u64>(area, 24);
  const s = addressOf(load<u64>(area, 16));
  if (load<u64>(area, 32) != TRUE || !isNumber(index) || !(toDouble(index) >= 0) || !isTwoByte(s) || toDouble(index) + 1 >= <f64>lengthOf(s)) return HOLE;
  const i = <i32>toDouble(index);
  const at = charsOf(s) + (<usize>i << 1);
  return (load<u16>(at) & 0xfc00) == 0xd800 && (load<u16>(at, 2) & 0xfc00) == 0xdc00 ? boxInt(i + 2) : HOLE;
}
