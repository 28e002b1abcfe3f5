// Owns the words for the culprit in error messages: the expression that was called, the value that was read from. Must
// never call guest code.
// Nothing here is kept while a program runs. When an error is made, the instruction's position leads to the expression in the source, which
// the wrapper still has (source-text.ts). Without source text, the instructions before the call are read backwards: the one that loaded the
// callee names it.
import { addressOf, boxObject, boxString, isBoolean, isNumber, isObject, isString, isSymbol, NULL, UNDEFINED, Value } from "../core/value";
import { lit } from "../errors/throw";
import { ExpressionPart } from "../generated/exchange";
import { Atom, atomAt, intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import { CODE_FLAGS, Kind, PRIMITIVE_PRIMITIVE, PROXY_TARGET, SYMBOL_DESCRIPTION } from "../generated/kinds";
import { FunctionFlag, RECORD_SIZE, VM_CSP } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { CODE_ENTRY, frameCode } from "../heap/code";
import { kindOf } from "../heap/memory";
import { codeOf, functionName } from "../objects/frame-text";
import { isBuiltin, isCallable } from "../objects/function";
import { getData } from "../objects/property";
import { headerOf } from "../objects/stack-trace";
import { toStringPrimitive, typeofAtom } from "../primitives/convert";
import { substring } from "../strings/single-chars";
import { codeUnitAt, concat, equals, lengthOf } from "../strings/string";
import { opcode } from "./operands";
import { NO_ROOM, NO_TEXT, textOfCode, wordsAt } from "./source-text";

/** Text of a property key for messages. */
export function keyText(key: Value): usize {
  if (isSymbol(key)) {
    const description = load<u64>(addressOf(key), SYMBOL_DESCRIPTION);
    return concat(concat(lit("Symbol("), isString(description) ? addressOf(description) : atomAt(Atom.empty)), lit(")"));
  }
  return toStringPrimitive(key);
}

/** The text of a function longer than this is cut down to its beginning and its end. */
const LONGEST: i32 = 128;
const BEGINNING: i32 = 111;

/** Source of a function, shortened. */
function functionText(fn: usize): usize {
  const code = codeOf(boxObject(fn));
  let text = code == 0 ? NO_TEXT : textOfCode(code);
  if (text == NO_TEXT || text == NO_ROOM) text = concat(concat(lit("function "), functionName(boxObject(fn))), lit("() { [native code] }"));
  const length = lengthOf(text);
  if (length <= LONGEST) return text;
  return concat(concat(substring(text, 0, BEGINNING), lit("...<omitted>...")), substring(text, length - 2, length));
}

/** `[[Class]]` of an object, as Object.prototype.toString has it without a tag. https://tc39.es/ecma262/#sec-object.prototype.tostring */
function classText(kind: i32): usize {
  switch (kind) {
    case Kind.ARRAY: return atomAt(Atom.Array);
    case Kind.ERROR: return atomAt(Atom.Error);
    case Kind.ARGUMENTS: return atomAt(Atom.Arguments);
    case Kind.DATE: return atomAt(Atom.Date);
    case Kind.REGEXP: return atomAt(Atom.RegExp);
  }
  return atomAt(Atom.Object);
}

/** `[[Class]]` of a wrapper. */
function wrapperText(v: Value): usize {
  if (isString(v)) return atomAt(Atom.String);
  return isNumber(v) ? atomAt(Atom.Number) : isBoolean(v) ? atomAt(Atom.Boolean) : atomAt(Atom.Object);
}

/** Text of an object: `#<Constructor>` where it has the usual `toString`, an error's own text, else its class. */
function objectText(value: usize): usize {
  const text = plainText(value);
  if (text != 0) return text;
  const object = unproxied(value);
  const kind = kindOf(object);
  const tag = getData(object, intrinsic(Intrinsic.Symbol_toStringTag));
  return concat(concat(lit("[object "), isString(tag) ? addressOf(tag) : kind == Kind.PRIMITIVE ? wrapperText(load<u64>(object, PRIMITIVE_PRIMITIVE)) : classText(kind)), lit("]"));
}

function unproxied(value: usize): usize {
  let object = value;
  while (kindOf(object) == Kind.PROXY && isObject(load<u64>(object, PROXY_TARGET))) object = addressOf(load<u64>(object, PROXY_TARGET));
  return object;
}

/** Text of an object whose `toString` is known: a function, an error, or one with the usual `toString` and a constructor; else 0. */
export function plainText(value: usize): usize {
  const object = unproxied(value);
  const kind = kindOf(object);
  if (kind >= Kind.FUNCTION && kind <= Kind.EXTERNAL) return functionText(object);
  const toString = getData(object, boxString(atomAt(Atom.toString)));
  if (kind == Kind.ERROR || isBuiltin(toString, Prelude.errorPrototypeToString)) return headerOf(object);
  if (isBuiltin(toString, Prelude.objectPrototypeToString)) {
    const constructor = getData(object, boxString(atomAt(Atom.constructor)));
    const name = isCallable(constructor) && kindOf(addressOf(constructor)) != Kind.PROXY ? functionName(constructor) : atomAt(Atom.empty);
    if (lengthOf(name) > 0) return concat(concat(lit("#<"), name), lit(">"));
  }
  return 0;
}

/** Short text of any value for messages. */
export function valueText(v: Value): usize {
  if (isSymbol(v)) return keyText(v);
  return isObject(v) ? objectText(addressOf(v)) : toStringPrimitive(v);
}

/** The result of typeof. */
export function typeText(v: Value): usize {
  return atomAt(isCallable(v) ? <i32>Atom.function_ : typeofAtom(v));
}

/** A value without an expression in the source: its type, and the value itself if its text is short. */
export function typedText(v: Value): usize {
  const type = typeText(v);
  if (isObject(v) || isSymbol(v) || v == UNDEFINED) return type;
  const text = toStringPrimitive(v);
  return concat(concat(type, lit(" ")), isString(v) ? concat(concat(lit('"'), text), lit('"')) : text);
}

/** The callee of the call instruction at pc in words: `f`, `o.m`, `(intermediate value).m` or the value itself. */
export function describeCallee(pc: usize, fp: usize, callee: Value): usize {
  const op = opcode(pc);
  const isNew = op == Op.NEW || op == Op.NEWSPREAD;
  if (isNew || op == Op.CALL || op == Op.CALLU || op == Op.CALLSPREAD || op == Op.TAILCALL) {
    const words = wordsAt(frameCode(fp), pc, isNew ? ExpressionPart.CONSTRUCTOR : ExpressionPart.CALLEE);
    if (words != 0) return words;
  }
  if (op == Op.CALL || op == Op.CALLU || op == Op.TAILCALL || op == Op.NEW) {
    const area = load<u16>(pc, 4);
    const start = frameCode(fp) + CODE_ENTRY;
    // The instruction that loaded the callee is a little before the call; those of the arguments are in between.
    for (let at = pc - 8; at >= start && pc - at < 400; at -= 8) {
      const loader = <i32>load<u16>(at);
      // A word may be an extension of the instruction before it. A wrong match gives a message with another name in it, never a wrong
      // result.
      if (load<u16>(at, 2) != area) continue;
      if (loader == Op.GETGLOBAL) return <usize>load<u32>(at, 8);
      if (loader == Op.GETPROP) return concat(concat(ownerText(at, start), lit(".")), <usize>load<u32>(at, 8));
    }
  }
  return load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE ? typedText(callee) : valueText(callee);
}

/** Message for a value that is not iterable, iterated by the instruction that called the running prelude function. */
export function notIterable(v: Value, isAsync: bool): usize {
  let record = <usize>load<u32>(VM_CSP);
  let fp = <usize>load<u32>(record, 4);
  while (fp != 0 && load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE) {
    record += RECORD_SIZE;
    fp = <usize>load<u32>(record, 4);
  }
  if (fp != 0) {
    const pc = <usize>load<u32>(record) - 8;
    const op = opcode(pc);
    if (op == Op.GETITER || op == Op.ARRSPREAD) {
      if (op == Op.ARRSPREAD && spreadsIntoCall(pc)) {
        const spread = wordsAt(frameCode(fp), pc, ExpressionPart.SPREAD);
        if (spread != 0) return notSpreadable(v, spread);
      }
      const words = wordsAt(frameCode(fp), pc, ExpressionPart.VALUE);
      if (words != 0) return notIterableWords(words, isAsync);
    }
  }
  return isAsync ? concat(typedText(v), lit(" is not async iterable")) : notIterableValue(v);
}

/** `f is not a function or its return value is not iterable` if the expression is a call, as V8 words it in either case. */
function notIterableWords(words: usize, isAsync: bool): usize {
  // A question mark in front: V8 knows the expression by its callee alone.
  if (codeUnitAt(words, 0) == 0x3f) return concat(substring(words, 1, lengthOf(words)), lit(" is not iterable (cannot read property Symbol(Symbol.iterator))"));
  const call = lit("(...)");
  const at = lengthOf(words) - lengthOf(call);
  if (at <= 0 || !equals(substring(words, at, lengthOf(words)), call)) return concat(words, lit(isAsync ? " is not async iterable" : " is not iterable"));
  return concat(substring(words, 0, at), lit(isAsync ? NOT_ASYNC_ITERABLE_CALL : NOT_ITERABLE_CALL));
}

/** The kind of a GETITER that takes an async iterator. */
const ASYNC_ITERATION: u16 = 1;

const NOT_ITERABLE_CALL: string = " is not a function or its return value is not iterable";
const NOT_ASYNC_ITERABLE_CALL: string = " is not a function or its return value is not async iterable";

/** Is the result of the call at pc iterated by the next instruction? */
function isIterated(pc: usize): bool {
  const op = opcode(pc);
  if (op != Op.CALL && op != Op.CALLU) return false;
  const next = opcode(pc + 8);
  // A loop that awaits names the call in the usual way.
  if (next == Op.GETITER && load<u16>(pc + 8, 6) == ASYNC_ITERATION) return false;
  if (next != Op.GETITER && (next != Op.ARRSPREAD || spreadsIntoCall(pc + 8))) return false;
  return load<u16>(pc + 8, 4) == load<u16>(pc, 2);
}

/** Message for a callee that cannot be called. */
export function notCallableText(pc: usize, fp: usize, callee: Value): usize {
  return concat(describeCallee(pc, fp, callee), lit(isIterated(pc) ? NOT_ITERABLE_CALL : " is not a function"));
}

/** As notIterable, but for a value without an expression in the source. */
export function notIterableValue(v: Value): usize {
  return concat(typedText(v), lit(" is not iterable (cannot read property Symbol(Symbol.iterator))"));
}

/** True if the ARRSPREAD at pc is the last part of the arguments of a call. */
function spreadsIntoCall(pc: usize): bool {
  const next = <i32>load<u16>(pc + 8);
  return next == Op.CALLSPREAD || next == Op.NEWSPREAD;
}

function notSpreadable(v: Value, words: usize): usize {
  if (v != UNDEFINED && v != NULL) return lit("Spread syntax requires ...iterable[Symbol.iterator] to be a function");
  const text = toStringPrimitive(v);
  return concat(concat(concat(codeUnitAt(words, 0) == 0x3f ? text : words, lit(" is not iterable (cannot read property ")), text), lit(")"));
}

/** Message for the destructuring of undefined or null by the instruction at pc; `name`: the property read, or 0. */
export function cannotDestructure(pc: usize, fp: usize, v: Value, name: usize): usize {
  const words = wordsAt(frameCode(fp), pc, ExpressionPart.DESTRUCTURED);
  if (words == 0) return 0;
  let text = lit("Cannot destructure ");
  if (name != 0) text = concat(concat(concat(text, lit("property '")), name), lit("' of "));
  // The words are a single `?` if the value has no expression in the source.
  const what = lengthOf(words) > 1 || codeUnitAt(words, 0) != 0x3f ? words : v == NULL ? lit("object null") : lit("undefined");
  text = concat(concat(concat(text, lit("'")), what), lit("' as it is "));
  return concat(concat(text, toStringPrimitive(v)), lit("."));
}

/** Words for the object of the GETPROP at `at`: the name by which one of the instructions just before loaded it. */
function ownerText(at: usize, start: usize): usize {
  const register = load<u16>(at, 4);
  if (register == 8) return lit("this");
  for (let before = at - 8; before >= start && at - before <= 32; before -= 8) {
    if (load<u16>(before, 2) != register) continue;
    const loader = <i32>load<u16>(before);
    if (loader == Op.GETGLOBAL) return <usize>load<u32>(before, 8);
    if (loader == Op.GETPROP) return concat(concat(ownerText(before, start), lit(".")), <usize>load<u32>(before, 8));
  }
  return lit("(intermediate value)");
}
