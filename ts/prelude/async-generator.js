// Owns the few steps of generators that may call guest code: opening iterator results, and awaiting the value of a `return` of an
// async generator that has ended. Everything else is native (assembly/interpreter/async-queue.ts).

/** The iterator result of yield* for a loop over the outer generator: the value, or $hole when done. */
function iteratorResultStep(result) {
  if (result.done) return $hole;
  return result.value;
}

/**
 * AsyncGeneratorAwaitReturn where PromiseResolve takes guest code: the first request of the generator is a `return`.
 * https://tc39.es/ecma262/#sec-asyncgeneratorawaitreturn
 */
function asyncGeneratorAwaitReturn(generator, result) {
  while (true) {
    let promise;
    let threw = true;
    try {
      promise = $promiseResolveWith($Promise, $asyncGeneratorHeadValue(generator));
      threw = false;
    } catch (e) {
      promise = e;
    }
    if (threw) {
      // The queue goes on; true if nothing there takes guest code.
      if ($asyncGeneratorRejectHead(generator, promise)) return result;
    } else {
      $asyncGeneratorAwaitHead(generator, promise);
      return result;
    }
  }
}

/** https://tc39.es/ecma262/#sec-asyncgenerator-prototype-return of a generator that has ended or not begun */
function asyncGeneratorPrototypeReturn(value) {
  return $asyncGeneratorAwaitReturn(this, $asyncGeneratorEnqueueReturn(this, value));
}
