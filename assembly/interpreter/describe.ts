// Owns the words with which errors name what was wrong: the expression that was called, the value that was read from. Must
// never call guest code.
import { addressOf, isObject, isString, NULL, UNDEFINED, Value } from "../core/value";
import { toStringPrimitive, typeofAtom } from "../core/convert";
import { Kind } from "../generated/kinds";
import { Op } from "../generated/opcodes";
import { Atom, atomAt } from "../generated/intrinsics";
import { kindOf } from "../heap/memory";
import { codeUnitAt, concat, lengthOf } from "../strings/string";
import { isSymbol } from "../core/value";
import { CODE_ENTRY } from "../bytecode/code";
import { FunctionFlag, RECORD_SIZE, VM_CSP } from "../generated/layout";
import { frameCode } from "./frame";
import { lit } from "./native";
import { CALLEE, CONSTRUCTOR, DESTRUCTURED, VALUE, wordsAt } from "./source-text";
import { CODE_FLAGS, SYMBOL_DESCRIPTION } from "../generated/kinds";

/** Text of a property key for messages. */
export function keyText(key: Value): usize {
  if (isSymbol(key)) {
    const description = load<u64>(addressOf(key), SYMBOL_DESCRIPTION);
    return concat(concat(lit("Symbol("), isString(description) ? addressOf(description) : atomAt(Atom.empty)), lit(")"));
  }
  return toStringPrimitive(key);
}

/** Short text of any value for messages. */
export function valueText(v: Value): usize {
  if (isString(v)) return concat(concat(lit('"'), addressOf(v)), lit('"'));
  if (isSymbol(v)) return keyText(v);
  if (!isObject(v)) return toStringPrimitive(v);
  const kind = kindOf(addressOf(v));
  if (kind == Kind.ARRAY) return lit("[object Array]");
  if (kind >= Kind.FUNCTION && kind <= Kind.EXTERNAL) return lit("function");
  return lit("#<Object>");
}

/** What a call instruction at pc calls: `f`, `o.m`, `(intermediate value).m` or the value itself. */
export function describeCallee(pc: usize, fp: usize, callee: Value): usize {
  const op = <i32>load<u16>(pc);
  const isNew = op == Op.NEW || op == Op.NEWSPREAD;
  if (isNew || op == Op.CALL || op == Op.CALLU || op == Op.CALLSPREAD || op == Op.TAILCALL) {
    const words = wordsAt(frameCode(fp), pc, isNew ? CONSTRUCTOR : CALLEE);
    if (words != 0) return words;
  }
  if (op == Op.CALL || op == Op.CALLU || op == Op.TAILCALL || op == Op.NEW) {
    const area = load<u16>(pc, 4);
    const start = frameCode(fp) + CODE_ENTRY;
    // The instruction that loaded the callee stands a little before, behind those of the arguments.
    for (let at = pc - 8; at >= start && pc - at < 400; at -= 8) {
      const loader = <i32>load<u16>(at);
      if (load<u16>(at, 2) != area) continue;
      if (loader == Op.GETGLOBAL) return <usize>load<u32>(at, 8);
      if (loader == Op.GETPROP) return concat(concat(ownerText(at, start), lit(".")), <usize>load<u32>(at, 8));
    }
  }
  return valueText(callee);
}

/** Message for a value that is not iterable, which the instruction that called the prelude function now running takes apart. */
export function notIterable(v: Value): usize {
  let record = <usize>load<u32>(VM_CSP);
  let fp = <usize>load<u32>(record, 4);
  while (fp != 0 && load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE) {
    record += RECORD_SIZE;
    fp = <usize>load<u32>(record, 4);
  }
  if (fp != 0) {
    const pc = <usize>load<u32>(record) - 8;
    const op = <i32>load<u16>(pc);
    if (op == Op.GETITER || op == Op.ARRSPREAD) {
      const words = wordsAt(frameCode(fp), pc, VALUE);
      if (words != 0) return concat(words, lit(" is not iterable"));
    }
  }
  let text = atomAt(typeofAtom(v));
  if (isString(v)) text = concat(concat(text, lit(" ")), valueText(v));
  else if (!isObject(v) && !isSymbol(v) && v != UNDEFINED) text = concat(concat(text, lit(" ")), toStringPrimitive(v));
  return concat(text, lit(" is not iterable (cannot read property Symbol(Symbol.iterator))"));
}

/** Message for undefined or null where an object is taken apart, by the instruction at pc; `name`: the property asked for, or 0. */
export function cannotDestructure(pc: usize, fp: usize, v: Value, name: usize): usize {
  const words = wordsAt(frameCode(fp), pc, DESTRUCTURED);
  if (words == 0) return 0;
  let text = lit("Cannot destructure ");
  if (name != 0) text = concat(concat(concat(text, lit("property '")), name), lit("' of "));
  // One character stands for a place that no expression fills.
  const what = lengthOf(words) > 1 || codeUnitAt(words, 0) != 0x3f ? words : v == NULL ? lit("object null") : lit("undefined");
  text = concat(concat(concat(text, lit("'")), what), lit("' as it is "));
  return concat(concat(text, toStringPrimitive(v)), lit("."));
}

/** The object of a GETPROP, if it was itself a named load just before. */
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
