// Owns the natives by which console inspects values without running guest code, and the writing of its text. Must never call guest
// code, and never read a property that is not data. ts/prelude/console.js decides how values are shown.
import {
  addressOf, asInt, boxBool, boxInt, boxString, boxU32, FALSE, isBigInt, isBoolean, isNumber, isObject, isString, NULL, RETRY, TRUE,
  UNDEFINED, Value,
} from "../core/value";
import { captureStack } from "../errors/stack-trace";
import { Atom, atomAt, intrinsic, Kept } from "../generated/intrinsics";
import {
  ARRAY_LENGTH, CODE_FLAGS, ELEMENTS_LENGTH, FUNCTION_CODE, INTERNAL_CLASS, Kind, PRIMITIVE_PRIMITIVE, PROMISE_PROMISE_STATE,
  PROMISE_RESULT, WEAKREF_TARGET,
} from "../generated/kinds";
import {
  FunctionFlag, LimitKind, Request, VM_CLOCK_NOW, VM_LIMIT_KIND, VM_LIMIT_USED, VM_STDERR, VM_STDOUT, VM_STDOUT_BYTES, VM_STDOUT_LIMIT,
} from "../generated/layout";
import { countNewCells, skipNewCells } from "../heap/account";
import { chargeBytes, chargeFuel, fuelLeft, kindOf, request, reserve, setFuelLeft } from "../heap/memory";
import { NO_ROOM } from "../interpreter/source-text";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { isCallableObject } from "../objects/function";
import { chargeSteps, DATA, FOUND_VALUE } from "../objects/lookup";
import { intrinsicAddress } from "../objects/object";
import { getOwn, lookup } from "../objects/property";
import { prototypeOf } from "../objects/shape";
import { charsOf } from "../strings/rope";
import { emptyString } from "../strings/single-chars";
import { canConcat, codeUnitAt, concat, isTwoByte, lengthOf } from "../strings/string";
import { utf8Length } from "../strings/utf";
import { refuseState } from "./arguments";
import { functionSource } from "./function-source";
import {
  beginText, finishText, putLatin1, putString, putUnit, putUtf16, textAt, textFailure, textRoom, textUsed, textWrote, widenText,
} from "./text-buffer";

// --- output ---------------------------------------------------------------------------------------------------------------

/** (1 stdout or 2 stderr, text): appends. Beyond the limit of output the run ends at the next safepoint. */
export function writeText(area: usize, argc: i32): Value {
  const to = asInt(load<u64>(area, 16)) == 1 ? VM_STDOUT : VM_STDERR;
  const text = addressOf(load<u64>(area, 24));
  const old = load<u64>(to);
  const before = isString(old) ? addressOf(old) : emptyString();
  const bytes = <u32>utf8Length(text);
  const used = load<u32>(VM_STDOUT_BYTES);
  if (bytes > load<u32>(VM_STDOUT_LIMIT) - min<u32>(used, load<u32>(VM_STDOUT_LIMIT)) || !canConcat(lengthOf(before), lengthOf(text))) {
    store<u32>(VM_LIMIT_KIND, LimitKind.STDOUT_BYTES);
    store<u32>(VM_LIMIT_USED, used + bytes);
    request(Request.LIMIT);
    return UNDEFINED;
  }
  if (!reserve(<usize>lengthOf(text) * 4 + 64)) return RETRY;
  store<u32>(VM_STDOUT_BYTES, used + bytes);
  // The buffer's layout depends on when the host last read it, so the layout must not affect the fuel charged here.
  const left = fuelLeft();
  countNewCells();
  store<u64>(to, boxString(concat(before, text)));
  skipNewCells();
  setFuelLeft(left);
  chargeBytes(<usize>lengthOf(text));
  return UNDEFINED;
}

/** The internal array [indentation, counters, timers]; undefined until the prelude has made it. */
export function consoleState(area: usize, argc: i32): Value {
  const state = intrinsic(Kept.CONSOLE_STATE);
  return state == 0 ? UNDEFINED : state;
}
/** (state) */
export function setConsoleState(area: usize, argc: i32): Value {
  store<u64>(intrinsicAddress(Kept.CONSOLE_STATE), load<u64>(area, 16));
  return UNDEFINED;
}
/** The VM's clock in milliseconds. */
export function clockNow(area: usize, argc: i32): Value {
  return load<u64>(VM_CLOCK_NOW);
}
/** (header): that line, followed by the text of the guest's stack */
export function stackText(area: usize, argc: i32): Value {
  return boxString(captureStack(addressOf(load<u64>(area, 16))));
}

// --- kinds of values ------------------------------------------------------------------------------------------------------

/** (value): a number by which the prelude tells objects apart; see ts/prelude/console.js. */
export function inspectKind(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  if (!isObject(v)) return boxInt(-1);
  const object = addressOf(v);
  const kind = kindOf(object);
  switch (kind) {
    case Kind.ARRAY: return boxInt(1);
    case Kind.FUNCTION: case Kind.NATIVE: case Kind.BOUND: case Kind.EXTERNAL: return boxInt(2);
    case Kind.ERROR: return boxInt(3);
    case Kind.MAP: return boxInt(4);
    case Kind.SET: return boxInt(5);
    case Kind.PROMISE: return boxInt(6);
    case Kind.WEAKMAP: return boxInt(7);
    case Kind.WEAKSET: return boxInt(8);
    case Kind.WEAKREF: return boxInt(9);
    case Kind.PRIMITIVE: return boxInt(10);
    case Kind.PROXY: return boxInt(11);
    case Kind.ARGUMENTS: return boxInt(12);
    case Kind.GENERATOR: return boxInt(13);
    case Kind.DATE: return boxInt(20);
    case Kind.ARRAYBUFFER: return boxInt(24);
    case Kind.TYPEDARRAY: return boxInt(25);
    case Kind.DATAVIEW: return boxInt(26);
    case Kind.REGEXP: return boxInt(21);
    case Kind.INTERNAL: return boxInt(100 + load<i32>(object, INTERNAL_CLASS));
    default: return boxInt(0);
  }
}

/** (value): 1 Number, 2 String, 3 Boolean, 4 BigInt, 6 Symbol object; 5 raw JSON; 0 anything else. */
export function wrapperKind(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  if (!isObject(v)) return boxInt(0);
  const object = addressOf(v);
  if (kindOf(object) == Kind.INTERNAL) return boxInt(load<u32>(object, INTERNAL_CLASS) == 23 ? 5 : 0);
  if (kindOf(object) != Kind.PRIMITIVE) return boxInt(0);
  const p = load<u64>(object, PRIMITIVE_PRIMITIVE);
  return boxInt(isNumber(p) ? 1 : isString(p) ? 2 : isBoolean(p) ? 3 : isBigInt(p) ? 4 : 6);
}
/** (wrapper object): its primitive */
export function wrapped(area: usize, argc: i32): Value {
  return load<u64>(addressOf(load<u64>(area, 16)), PRIMITIVE_PRIMITIVE);
}
/** (promise): 0 pending, 1 fulfilled, 2 rejected */
export function promiseStatus(area: usize, argc: i32): Value {
  return boxInt(<i32>(load<u32>(addressOf(load<u64>(area, 16)), PROMISE_PROMISE_STATE) & 255));
}
/** (promise): its value or reason */
export function promiseOutcome(area: usize, argc: i32): Value {
  return load<u64>(addressOf(load<u64>(area, 16)), PROMISE_RESULT);
}
/** (function): 1 async, 2 generator, 4 class */
export function functionTraits(area: usize, argc: i32): Value {
  const f = addressOf(load<u64>(area, 16));
  if (kindOf(f) != Kind.FUNCTION) return boxInt(0);
  const flags = load<u32>(<usize>load<u32>(f, FUNCTION_CODE), CODE_FLAGS);
  if (flags & FunctionFlag.PRELUDE) return boxInt(0);
  return boxInt((flags & FunctionFlag.ASYNC ? 1 : 0) | (flags & FunctionFlag.GENERATOR ? 2 : 0) | (flags & FunctionFlag.CLASS_CONSTRUCTOR ? 4 : 0));
}
/** (function): is it the guest's own code? */
export function isGuestFunction(area: usize, argc: i32): Value {
  const f = addressOf(load<u64>(area, 16));
  return boxBool(kindOf(f) == Kind.FUNCTION && (load<u32>(<usize>load<u32>(f, FUNCTION_CODE), CODE_FLAGS) & FunctionFlag.PRELUDE) == 0);
}
/** (function): its source text */
export function functionText(area: usize, argc: i32): Value {
  const text = functionSource(addressOf(load<u64>(area, 16)));
  return text == NO_ROOM ? RETRY : boxString(text);
}
/** (WeakRef): its target */
export function weakTarget(area: usize, argc: i32): Value {
  return load<u64>(addressOf(load<u64>(area, 16)), WEAKREF_TARGET);
}
/** (array): its length, from the array itself */
export function arraySize(area: usize, argc: i32): Value {
  return boxU32(load<u32>(addressOf(load<u64>(area, 16)), ARRAY_LENGTH));
}

/** True if `proto` is in the prototype chain of the object. */
function inherits(object: usize, proto: usize): bool {
  let steps = 0;
  for (let p = prototypeOf(object); p != 0; p = prototypeOf(p)) {
    if (++steps == 1024) {
      chargeSteps(steps);
      steps = 0;
    }
    if (p == proto) return true;
    if (kindOf(p) == Kind.PROXY) return false;
  }
  return false;
}

/** (object): name of the constructor that made it, as it or its nearest prototype names that; null if they name no such one. */
export function constructorName(area: usize, argc: i32): Value {
  const object = addressOf(load<u64>(area, 16));
  let hops = 0;
  for (let p = object; p != 0; p = prototypeOf(p)) {
    if ((++hops & 3) == 0) chargeFuel(1);
    if (kindOf(p) == Kind.PROXY) return NULL;
    if (getOwn(p, boxString(atomAt(Atom.constructor))) != DATA) continue;
    const c = load<u64>(FOUND_VALUE);
    if (!isObject(c) || !isCallableObject(addressOf(c)) || kindOf(addressOf(c)) == Kind.PROXY) continue;
    if (lookup(addressOf(c), boxString(atomAt(Atom.prototype))) != DATA) continue;
    const proto = load<u64>(FOUND_VALUE);
    if (!isObject(proto) || !inherits(object, addressOf(proto))) continue;
    if (lookup(addressOf(c), boxString(atomAt(Atom.name))) != DATA) continue;
    const name = load<u64>(FOUND_VALUE);
    if (isString(name) && lengthOf(addressOf(name)) != 0) return name;
  }
  return NULL;
}

// --- text -------------------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function hexUnit(n: u32, letters: u32): u32 {
  return n < 10 ? n + 0x30 : n - 10 + letters;
}

/** (string): quoted as util.inspect quotes it. */
export function quoteText(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const n = lengthOf(s);
  const wide = isTwoByte(s);
  const chars = charsOf(s);
  chargeBytes(<usize>n << 2);
  let single = false;
  let double = false;
  let back = false;
  for (let i = 0; i < n; i++) {
    const c: u32 = wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
    if (c == 0x27) single = true;
    else if (c == 0x22) double = true;
    else if (c == 0x60 || (c == 0x24 && i + 1 < n && codeUnitAt(s, i + 1) == 0x7b)) back = true;
  }
  const quote: u32 = !single ? 0x27 : !double ? 0x22 : !back ? 0x60 : 0x27;
  beginText();
  if (wide && !widenText()) return textFailure();
  if (!textRoom(<u32>n + 2)) return textFailure();
  putUnit(quote);
  for (let i = 0; i < n; i++) {
    const c: u32 = wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
    if (!textRoom(6)) return textFailure();
    if (c >= 0x20 && c < 0x7f && c != quote && c != 0x5c) putUnit(c);
    else if (c == quote || c == 0x5c) {
      putUnit(0x5c);
      putUnit(c);
    } else if (c < 0xa0) {
      putUnit(0x5c);
      const short: u32 = c == 8 ? 0x62 : c == 9 ? 0x74 : c == 10 ? 0x6e : c == 12 ? 0x66 : c == 13 ? 0x72 : 0;
      if (short != 0) putUnit(short);
      else {
        putUnit(0x78);
        putUnit(hexUnit(c >> 4, 0x41));
        putUnit(hexUnit(c & 15, 0x41));
      }
    } else if ((c & 0xf800) == 0xd800) {
      const pair = c < 0xdc00 && i + 1 < n && (codeUnitAt(s, i + 1) & 0xfc00) == 0xdc00;
      if (pair) {
        putWide(c);
        putWide(<u32>codeUnitAt(s, ++i));
      } else {
        putUnit(0x5c);
        putUnit(0x75);
        for (let shift = 12; shift >= 0; shift -= 4) putUnit(hexUnit((c >> <u32>shift) & 15, 0x61));
      }
    } else if (wide) putWide(c);
    else putUnit(c);
  }
  if (!textRoom(1)) return textFailure();
  putUnit(quote);
  return boxString(finishText());
}

function putWide(c: u32): void {
  store<u16>(textAt(textUsed()), <u16>c);
  textWrote(1);
}

/** (string): is it a name that needs no quotes as a key? */
export function isPlainKey(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const n = lengthOf(s);
  if (n == 0) return FALSE;
  for (let i = 0; i < n; i++) {
    const c = codeUnitAt(s, i);
    const letter = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c == 0x5f;
    if (!letter && !(i > 0 && c >= 0x30 && c <= 0x39)) return FALSE;
  }
  return TRUE;
}

function isWide(c: u32): bool {
  return (
    c >= 0x1100 &&
    (c <= 0x115f || c == 0x2329 || c == 0x232a || (c >= 0x2e80 && c <= 0x3247 && c != 0x303f) || (c >= 0x3250 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0xa4c6) ||
      (c >= 0xa960 && c <= 0xa97c) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe10 && c <= 0xfe19) || (c >= 0xfe30 && c <= 0xfe6b) ||
      (c >= 0xff01 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1b000 && c <= 0x1b001) || (c >= 0x1f200 && c <= 0x1f251) || (c >= 0x1f300 && c <= 0x1f64f) ||
      (c >= 0x1f680 && c <= 0x1f6ff) || (c >= 0x1f900 && c <= 0x1f9ff) || (c >= 0x20000 && c <= 0x3fffd))
  );
}
function isZeroWidth(c: u32): bool {
  return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || (c >= 0x20d0 && c <= 0x20ff) ||
    (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xfe20 && c <= 0xfe2f) || (c >= 0xe0100 && c <= 0xe01ef);
}

/** (string): columns it takes on a terminal */
export function textWidth(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const n = lengthOf(s);
  chargeBytes(<usize>n);
  let width = 0;
  for (let i = 0; i < n; i++) {
    let c = <u32>codeUnitAt(s, i);
    if (c >= 0x20 && c < 0x7f) {
      width++;
      continue;
    }
    if ((c & 0xfc00) == 0xd800 && i + 1 < n) {
      const d = <u32>codeUnitAt(s, i + 1);
      if ((d & 0xfc00) == 0xdc00) {
        c = ((c - 0xd800) << 10) + (d - 0xdc00) + 0x10000;
        i++;
      }
    }
    width += isWide(c) ? 2 : isZeroWidth(c) ? 0 : 1;
  }
  return boxInt(width);
}

/** (internal array of strings, separator) */
export function joinTexts(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const n = denseLength(elements);
  beginText();
  for (let i: u32 = 0; i < n; i++) {
    if (i > 0 && !putString(addressOf(load<u64>(area, 24)))) return textFailure();
    const text = load<u64>(elementAt(elements, i));
    if (!isString(text)) return refuseState();
    if (!putString(addressOf(text))) return textFailure();
  }
  return boxString(finishText());
}

/** (string, spaces): the text with that many spaces after each newline */
export function indentLines(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const n = lengthOf(s);
  const spaces = asInt(load<u64>(area, 24));
  const wide = isTwoByte(s);
  const chars = charsOf(s);
  beginText();
  if (wide && !widenText()) return textFailure();
  let from = 0;
  for (let i = 0; i <= n; i++) {
    if (i < n && codeUnitAt(s, i) != 10) continue;
    const end = i < n ? i + 1 : n;
    if (end > from) {
      if (wide ? !putUtf16(chars + (<usize>from << 1), <u32>(end - from)) : !putLatin1(chars + <usize>from, <u32>(end - from))) return textFailure();
    }
    from = end;
    if (i == n) break;
    if (!textRoom(<u32>spaces)) return textFailure();
    for (let j = 0; j < spaces; j++) putUnit(0x20);
  }
  return boxString(finishText());
}

/** (string, width, at the start): padded with spaces to that many code units */
export function padText(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const missing = asInt(load<u64>(area, 24)) - lengthOf(s);
  if (missing <= 0) return boxString(s);
  const atStart = load<u64>(area, 32) == TRUE;
  beginText();
  if (!atStart && !putString(s)) return textFailure();
  if (!textRoom(<u32>missing)) return textFailure();
  for (let i = 0; i < missing; i++) putUnit(0x20);
  if (atStart && !putString(s)) return textFailure();
  return boxString(finishText());
}

/** (internal array): removes the last element. */
export function dropLast(area: usize, argc: i32): Value {
  const array = addressOf(load<u64>(area, 16));
  const elements = elementsOf(array);
  if (denseLength(elements) == 0) return refuseState();
  const n = load<u32>(elements, ELEMENTS_LENGTH) - 1;
  store<u64>(elementAt(elements, n), 0);
  store<u32>(elements, n, ELEMENTS_LENGTH);
  store<u32>(array, n, ARRAY_LENGTH);
  return UNDEFINED;
}
