// Owns call sites, which describe the frames to `Error.prepareStackTrace`. Must never call guest code. https://v8.dev/docs/stack-trace-api
//
// A call site has the four values of its frame in slots (objects/stack-trace.ts).
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxString, EXCEPTION, isObject, isString, NULL, UNDEFINED, Value,
} from "../core/value";
import { lit, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt, intrinsic, Intrinsic } from "../generated/intrinsics";
import { CODE_FLAGS, CODE_PROGRAM, INTERNAL_CLASS, INTERNAL_SIZE, Kind, PROGRAM_FILENAME } from "../generated/kinds";
import { ErrorKind, FunctionFlag, VM_GLOBAL_OBJECT } from "../generated/layout";
import { InternalClass } from "../generated/states";
import { kindOf } from "../heap/memory";
import { thisOf } from "../interpreter/native";
import {
  AWAITS, codeOf, COMBINATOR, CONSTRUCTED, frameText, isEvalCode, lastColumn, lineOf, methodName, nameIn, TEXT, typeName,
} from "../objects/frame-text";
import { newInternalObject } from "../objects/internal";
import { arrayPush, newArray } from "../objects/object";
import { sourceRangeOf } from "../objects/source-range";
import { frameCount, frameFlags, framePlace, frameValue, ownTrace } from "../objects/stack-trace";
import { equals, lengthOf } from "../strings/string";

const SLOTS: u32 = 4;

function slotOf(site: usize, slot: u32): Value {
  return load<u64>(site + INTERNAL_SIZE + (<usize>slot << 3));
}
function setSlotOf(site: usize, slot: u32, value: Value): void {
  store<u64>(site + INTERNAL_SIZE + (<usize>slot << 3), value);
}

/** (object): call sites of the stack that waits for its text */
export function callSites(area: usize, argc: i32): Value {
  const trace = ownTrace(addressOf(load<u64>(area, 16)));
  const count: u32 = trace == 0 ? 0 : frameCount(trace);
  const list = newArray(count);
  for (let i: u32 = 0; i < count; i++) {
    const flags = frameFlags(trace, i);
    if (flags & TEXT) continue;
    const site = newInternalObject(InternalClass.CALL_SITE, addressOf(intrinsic(Intrinsic.CallSitePrototype)), SLOTS);
    setSlotOf(site, 0, frameValue(trace, i, 0));
    setSlotOf(site, 1, frameValue(trace, i, 1));
    setSlotOf(site, 2, boxInt(framePlace(trace, i)));
    setSlotOf(site, 3, boxInt(flags));
    arrayPush(list, boxObject(site));
  }
  return boxObject(list);
}

export function callSiteConstructor(area: usize, argc: i32): Value {
  return throwLiteral(ErrorKind.TypeError, "Illegal constructor");
}

/** The call site that a method is called on; 0: it throws. */
function siteOf(area: usize, method: string): usize {
  const v = thisOf(area);
  if (isObject(v) && kindOf(addressOf(v)) == Kind.INTERNAL && load<u32>(addressOf(v), INTERNAL_CLASS) == InternalClass.CALL_SITE) return addressOf(v);
  throwNamed(ErrorKind.TypeError, "CallSite method ", lit(method), " expects CallSite as receiver");
  return 0;
}

function flagsOf(site: usize): i32 {
  return asInt(slotOf(site, 3));
}
function placeOf(site: usize): i32 {
  return asInt(slotOf(site, 2));
}
function code(site: usize): usize {
  return codeOf(slotOf(site, 0));
}
/** False for strict code, which does not reveal its function and receiver. */
function isOpen(site: usize): bool {
  const c = code(site);
  return c != 0 && (load<u32>(c, CODE_FLAGS) & FunctionFlag.STRICT) == 0;
}
function textOrNull(text: usize): Value {
  return text == 0 || lengthOf(text) == 0 ? NULL : boxString(text);
}

/** Line of an offset in the program of a code cell, or its column; null if it is unknown. */
function lineOrColumn(c: usize, offset: i32, isColumn: bool): Value {
  if (c == 0 || offset < 0) return NULL;
  const line = lineOf(<usize>load<u32>(c, CODE_PROGRAM), <u32>offset);
  return boxInt(isColumn ? lastColumn() : <i32>line);
}
/** Where the function of a code cell begins. */
function startOf(c: usize): i32 {
  if (c == 0) return -1;
  return <i32>load<u32>(sourceRangeOf(c));
}
function fileName(c: usize): Value {
  return c == 0 ? NULL : boxString(<usize>load<u32>(<usize>load<u32>(c, CODE_PROGRAM), PROGRAM_FILENAME));
}

export function callSitePrototypeGetColumnNumber(area: usize, argc: i32): Value {
  const site = siteOf(area, "getColumnNumber");
  return site == 0 ? EXCEPTION : lineOrColumn(code(site), placeOf(site), true);
}
export function callSitePrototypeGetEnclosingColumnNumber(area: usize, argc: i32): Value {
  const site = siteOf(area, "getEnclosingColumnNumber");
  return site == 0 ? EXCEPTION : lineOrColumn(code(site), startOf(code(site)), true);
}
export function callSitePrototypeGetEnclosingLineNumber(area: usize, argc: i32): Value {
  const site = siteOf(area, "getEnclosingLineNumber");
  return site == 0 ? EXCEPTION : lineOrColumn(code(site), startOf(code(site)), false);
}
export function callSitePrototypeGetEvalOrigin(area: usize, argc: i32): Value {
  return siteOf(area, "getEvalOrigin") == 0 ? EXCEPTION : UNDEFINED;
}
export function callSitePrototypeGetFileName(area: usize, argc: i32): Value {
  const site = siteOf(area, "getFileName");
  return site == 0 ? EXCEPTION : fileName(code(site));
}
export function callSitePrototypeGetFunction(area: usize, argc: i32): Value {
  const site = siteOf(area, "getFunction");
  if (site == 0) return EXCEPTION;
  return isOpen(site) ? slotOf(site, 0) : UNDEFINED;
}
export function callSitePrototypeGetFunctionName(area: usize, argc: i32): Value {
  const site = siteOf(area, "getFunctionName");
  if (site == 0) return EXCEPTION;
  const fn = slotOf(site, 0);
  return isString(fn) ? fn : textOrNull(isObject(fn) ? nameIn(fn, code(site), slotOf(site, 1)) : atomAt(Atom.empty));
}
export function callSitePrototypeGetLineNumber(area: usize, argc: i32): Value {
  const site = siteOf(area, "getLineNumber");
  return site == 0 ? EXCEPTION : lineOrColumn(code(site), placeOf(site), false);
}
export function callSitePrototypeGetMethodName(area: usize, argc: i32): Value {
  const site = siteOf(area, "getMethodName");
  return site == 0 ? EXCEPTION : textOrNull(methodName(slotOf(site, 1), slotOf(site, 0)));
}
export function callSitePrototypeGetPosition(area: usize, argc: i32): Value {
  const site = siteOf(area, "getPosition");
  return site == 0 ? EXCEPTION : boxInt(max<i32>(placeOf(site), 0));
}
export function callSitePrototypeGetPromiseIndex(area: usize, argc: i32): Value {
  const site = siteOf(area, "getPromiseIndex");
  if (site == 0) return EXCEPTION;
  return flagsOf(site) & COMBINATOR ? boxInt(placeOf(site)) : NULL;
}
export function callSitePrototypeGetScriptNameOrSourceURL(area: usize, argc: i32): Value {
  const site = siteOf(area, "getScriptNameOrSourceURL");
  return site == 0 ? EXCEPTION : fileName(code(site));
}
export function callSitePrototypeGetScriptHash(area: usize, argc: i32): Value {
  return siteOf(area, "getScriptHash") == 0 ? EXCEPTION : boxString(atomAt(Atom.empty));
}
export function callSitePrototypeGetThis(area: usize, argc: i32): Value {
  const site = siteOf(area, "getThis");
  if (site == 0) return EXCEPTION;
  if (!isOpen(site)) return UNDEFINED;
  const receiver = slotOf(site, 1);
  return receiver == UNDEFINED && (flagsOf(site) & CONSTRUCTED) == 0 ? load<u64>(VM_GLOBAL_OBJECT) : receiver;
}
export function callSitePrototypeGetTypeName(area: usize, argc: i32): Value {
  const site = siteOf(area, "getTypeName");
  if (site == 0) return EXCEPTION;
  return textOrNull(typeName(slotOf(site, 1)));
}
export function callSitePrototypeIsAsync(area: usize, argc: i32): Value {
  const site = siteOf(area, "isAsync");
  return site == 0 ? EXCEPTION : boxBool((flagsOf(site) & AWAITS) != 0);
}
export function callSitePrototypeIsConstructor(area: usize, argc: i32): Value {
  const site = siteOf(area, "isConstructor");
  return site == 0 ? EXCEPTION : boxBool((flagsOf(site) & CONSTRUCTED) != 0);
}
export function callSitePrototypeIsEval(area: usize, argc: i32): Value {
  const site = siteOf(area, "isEval");
  return site == 0 ? EXCEPTION : boxBool(code(site) != 0 && isEvalCode(code(site)));
}
export function callSitePrototypeIsNative(area: usize, argc: i32): Value {
  return siteOf(area, "isNative") == 0 ? EXCEPTION : boxBool(false);
}
export function callSitePrototypeIsPromiseAll(area: usize, argc: i32): Value {
  const site = siteOf(area, "isPromiseAll");
  if (site == 0) return EXCEPTION;
  const name = slotOf(site, 0);
  return boxBool((flagsOf(site) & COMBINATOR) != 0 && isString(name) && equals(addressOf(name), lit("all")));
}
export function callSitePrototypeIsToplevel(area: usize, argc: i32): Value {
  const site = siteOf(area, "isToplevel");
  return site == 0 ? EXCEPTION : boxBool(slotOf(site, 1) == UNDEFINED && (flagsOf(site) & CONSTRUCTED) == 0);
}
export function callSitePrototypeToString(area: usize, argc: i32): Value {
  const site = siteOf(area, "toString");
  return site == 0 ? EXCEPTION : boxString(frameText(slotOf(site, 0), slotOf(site, 1), placeOf(site), flagsOf(site)));
}
