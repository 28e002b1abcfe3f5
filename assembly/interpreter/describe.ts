// Owns the words with which errors name what was wrong: the expression that was called, the value that was read from. Must
// never call guest code.
import { addressOf, isObject, isString, Value } from "../core/value";
import { toStringPrimitive } from "../core/convert";
import { Kind } from "../generated/kinds";
import { Op } from "../generated/opcodes";
import { Atom, atomAt } from "../generated/intrinsics";
import { kindOf } from "../heap/memory";
import { concat } from "../strings/string";
import { isSymbol } from "../core/value";
import { CODE_ENTRY } from "../bytecode/code";
import { frameCode } from "./frame";
import { lit } from "./native";
import { SYMBOL_DESCRIPTION } from "../generated/kinds";

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
