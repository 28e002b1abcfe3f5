// Owns the two functions that every realm has without a name. Must never grow: builtins belong to their object's file.
import { UNDEFINED, Value } from "../core/value";
import { ErrorKind } from "../generated/layout";
import { throwLiteral } from "../interpreter/native";

/** https://tc39.es/ecma262/#sec-properties-of-the-function-prototype-object */
export function functionPrototypeEmpty(area: usize, argc: i32): Value {
  return UNDEFINED;
}

/** https://tc39.es/ecma262/#sec-%throwtypeerror% */
export function throwTypeErrorFunction(area: usize, argc: i32): Value {
  return throwLiteral(
    ErrorKind.TypeError,
    "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them",
  );
}
