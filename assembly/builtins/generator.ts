// Owns the natives of generator and async generator objects. Resuming one makes its frame the current one. Must never call
// guest code itself. https://tc39.es/ecma262/#sec-generator-objects
import { addressOf, boxBool, UNDEFINED, Value } from "../core/value";
import { lit, throwError } from "../errors/throw";
import { ErrorKind } from "../generated/layout";
import { GeneratorState, Resumption } from "../generated/states";
import { awaitHead, enqueueReturn, headValue, settleReturn } from "../interpreter/async-queue";
import { valueText } from "../interpreter/describe";
import { argAt, thisOf } from "../interpreter/native";
import { requestAsync, resumeGenerator } from "../interpreter/resume";
import { generatorState, isGenerator } from "../objects/generator";
import { concat } from "../strings/string";
import { refuseState } from "./arguments";

function resume(area: usize, argc: i32, mode: i32, name: string): Value {
  const self = thisOf(area);
  if (!isGenerator(self, false)) {
    return throwError(ErrorKind.TypeError, concat(concat(concat(lit("Method [Generator].prototype."), lit(name)), lit(" called on incompatible receiver ")), valueText(self)));
  }
  return resumeGenerator(addressOf(self), mode, argAt(area, argc, 0));
}

/** https://tc39.es/ecma262/#sec-generator.prototype.next */
export function generatorPrototypeNext(area: usize, argc: i32): Value {
  return resume(area, argc, Resumption.NEXT, "next");
}
/** https://tc39.es/ecma262/#sec-generator.prototype.return */
export function generatorPrototypeReturn(area: usize, argc: i32): Value {
  return resume(area, argc, Resumption.RETURN, "return");
}
/** https://tc39.es/ecma262/#sec-generator.prototype.throw */
export function generatorPrototypeThrow(area: usize, argc: i32): Value {
  return resume(area, argc, Resumption.THROW, "throw");
}

/** https://tc39.es/ecma262/#sec-%asynciteratorprototype%-%symbol.asynciterator% */
export function asyncIteratorPrototypeSymbolAsyncIterator(area: usize, argc: i32): Value {
  return thisOf(area);
}

/** https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next */
export function asyncGeneratorPrototypeNext(area: usize, argc: i32): Value {
  return requestAsync(thisOf(area), Resumption.NEXT, argAt(area, argc, 0));
}
/** https://tc39.es/ecma262/#sec-asyncgenerator-prototype-return */
export function asyncGeneratorPrototypeReturn(area: usize, argc: i32): Value {
  return requestAsync(thisOf(area), Resumption.RETURN, argAt(area, argc, 0));
}
/** https://tc39.es/ecma262/#sec-asyncgenerator-prototype-throw */
export function asyncGeneratorPrototypeThrow(area: usize, argc: i32): Value {
  return requestAsync(thisOf(area), Resumption.THROW, argAt(area, argc, 0));
}

// --- for the prelude ----------------------------------------------------------------------------------------------

/** (generator) → value of its first request */
export function asyncGeneratorHeadValue(area: usize, argc: i32): Value {
  return headValue(addressOf(argAt(area, argc, 0)));
}
/** (generator, reason): rejects the first request; false if the next one takes guest code */
export function asyncGeneratorRejectHead(area: usize, argc: i32): Value {
  return boxBool(settleReturn(addressOf(argAt(area, argc, 0)), argAt(area, argc, 1), true));
}
/** (generator, promise): the first request, a return, waits for it */
export function asyncGeneratorAwaitHead(area: usize, argc: i32): Value {
  awaitHead(addressOf(argAt(area, argc, 0)), addressOf(argAt(area, argc, 1)));
  return UNDEFINED;
}
/** (generator, value) → promise of a new `return` request; the generator is ended */
export function asyncGeneratorEnqueueReturn(area: usize, argc: i32): Value {
  const generator = addressOf(argAt(area, argc, 0));
  const state = generatorState(generator);
  // One whose body still runs would lose the frame it is to be suspended in.
  if (state != GeneratorState.START && state != GeneratorState.DONE) return refuseState();
  return enqueueReturn(generator, argAt(area, argc, 1));
}
