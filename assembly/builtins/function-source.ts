// Owns the text of functions, Function.prototype.toString. Must never show code of the prelude.
// https://tc39.es/ecma262/#sec-function.prototype.tostring
import { addressOf, boxString, isString } from "../core/value";
import { lit } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { CODE_NAME, FUNCTION_CODE, Kind } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { NO_TEXT, textOfCode } from "../interpreter/source-text";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { getOwn } from "../objects/property";
import { codeUnitAt, concat, lengthOf } from "../strings/string";

// --- text -----------------------------------------------------------------------------------------------------------

/** True if a name may appear in `function name() { [native code] }`: words, dots and brackets. */
function isPlainName(name: usize): bool {
  const length = lengthOf(name);
  for (let i = 0; i < length; i++) {
    const c = codeUnitAt(name, i);
    const letter = (c | 32) - 0x61;
    if (<u32>letter < 26 || c == 0x5f || c == 0x24) continue;
    if (i > 0 && (<u32>(c - 0x30) < 10 || c == 0x2e || c == 0x5d)) continue;
    if (c == 0x5b || (c == 0x20 && i == 3)) continue;
    return false;
  }
  return length < 80;
}

/** Source text of a function, NO_ROOM if there is no memory for it now. https://tc39.es/ecma262/#prod-NativeFunction */
export function functionSource(fn: usize): usize {
  const kind = kindOf(fn);
  if (kind == Kind.FUNCTION) {
    const text = textOfCode(<usize>load<u32>(fn, FUNCTION_CODE));
    if (text != NO_TEXT) return text;
  }
  if (kind == Kind.BOUND || kind == Kind.PROXY) return lit("function () { [native code] }");
  let name = atomAt(Atom.empty);
  if (kind == Kind.FUNCTION) {
    const own = <usize>load<u32>(<usize>load<u32>(fn, FUNCTION_CODE), CODE_NAME);
    if (own != 0) name = own;
  }
  if (kind == Kind.NATIVE || kind == Kind.FUNCTION) {
    if (getOwn(fn, boxString(atomAt(Atom.name))) == DATA && isString(load<u64>(FOUND_VALUE)))
      name = addressOf(load<u64>(FOUND_VALUE));
  }
  if (!isPlainName(name)) name = atomAt(Atom.empty);
  return concat(concat(lit("function "), name), lit("() { [native code] }"));
}
