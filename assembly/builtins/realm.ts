// Owns the two functions that every realm has without a name. Must never grow: builtins belong to their object's file.
import { addressOf, isObject, NULL, UNDEFINED, Value } from "../core/value";
import { CODE_FLAGS, FUNCTION_CODE, Kind } from "../generated/kinds";
import { ErrorKind, FunctionFlag } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { thisOf, throwLiteral } from "../interpreter/native";

/** https://tc39.es/ecma262/#sec-properties-of-the-function-prototype-object */
export function functionPrototypeEmpty(area: usize, argc: i32): Value {
  return UNDEFINED;
}

/**
 * https://tc39.es/ecma262/#sec-%throwtypeerror%. What a plain sloppy function has as `caller` and `arguments` is left open
 * (https://tc39.es/ecma262/#sec-forbidden-extensions): nothing, as on the web.
 */
export function throwTypeErrorFunction(area: usize, argc: i32): Value {
  const receiver = thisOf(area);
  if (argc == 0 && isObject(receiver) && kindOf(addressOf(receiver)) == Kind.FUNCTION) {
    const flags = load<u32>(<usize>load<u32>(addressOf(receiver), FUNCTION_CODE), CODE_FLAGS);
    if ((flags & (FunctionFlag.STRICT | FunctionFlag.CONSTRUCTOR | FunctionFlag.PRELUDE)) == FunctionFlag.CONSTRUCTOR) return NULL;
  }
  return throwLiteral(
    ErrorKind.TypeError,
    "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them",
  );
}
