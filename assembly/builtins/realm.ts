// Owns the two functions of a realm that have no name. Must never grow: builtins belong in the file of their object.
import { addressOf, isObject, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { CODE_FLAGS, FUNCTION_CODE, Kind } from "../generated/kinds";
import { ErrorKind, FunctionFlag } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { thisOf } from "../interpreter/native";

/** https://tc39.es/ecma262/#sec-properties-of-the-function-prototype-object */
export function functionPrototypeEmpty(area: usize, argc: i32): Value {
  return UNDEFINED;
}

/** A plain function of sloppy code: its `caller` and `arguments` are not forbidden, only unknown. */
function isSloppyFunction(v: Value): bool {
  if (!isObject(v) || kindOf(addressOf(v)) != Kind.FUNCTION) return false;
  const flags = load<u32>(<usize>load<u32>(addressOf(v), FUNCTION_CODE), CODE_FLAGS);
  return (flags & (FunctionFlag.CONSTRUCTOR | FunctionFlag.STRICT)) == FunctionFlag.CONSTRUCTOR;
}

/** https://tc39.es/ecma262/#sec-%throwtypeerror% */
export function throwTypeErrorFunction(area: usize, argc: i32): Value {
  if (isSloppyFunction(thisOf(area))) return UNDEFINED;
  return throwLiteral(
    ErrorKind.TypeError,
    "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them",
  );
}
