// Owns promises where guest code may be called: executors, subclasses, thenables, the combinators, and the jobs that call
// handlers. The states themselves are native (assembly/jobs/promise.ts). Must never call a method of a promise by itself, only
// where the specification says Invoke.
//
// A capability is an internal array [promise, resolve, reject]. Closures that a guest can get hold of are made in array literals or
// argument lists, where they get no name.

// --- resolving -----------------------------------------------------------------------------------------------------

/** What a resolve function does after its "already resolved" test. https://tc39.es/ecma262/#sec-promise-resolve-functions */
function resolvePromise(promise, value) {
  if ($tryResolve(promise, value)) return;
  let then;
  try {
    then = value.then;
  } catch (e) {
    $settleRejected(promise, e);
    return;
  }
  if ($isCallable(then)) $queueThenable(promise, value, then);
  else $settleFulfilled(promise, value);
}

/** https://tc39.es/ecma262/#sec-createresolvingfunctions: [resolve, reject] */
function resolvingFunctions(promise) {
  let done = false;
  return [
    (value) => {
      if (done) return;
      done = true;
      $resolvePromise(promise, value);
    },
    (reason) => {
      if (done) return;
      done = true;
      $settleRejected(promise, reason);
    },
  ];
}

/** https://tc39.es/ecma262/#sec-newpromisecapability */
function newPromiseCapability(C) {
  if (C === $Promise) {
    const promise = $makePromise($PromisePrototype);
    const functions = $resolvingFunctions(promise);
    return [promise, functions[0], functions[1]];
  }
  if (!$isConstructor(C)) $throwTypeError($describe(C) + " is not a constructor");
  const capability = [undefined, undefined, undefined];
  const promise = $construct(C, C, (resolve, reject) => {
    if (capability[1] !== undefined || capability[2] !== undefined)
      $throwTypeError("Promise executor has already been invoked with non-undefined arguments");
    capability[1] = resolve;
    capability[2] = reject;
  });
  if (!$isCallable(capability[1]) || !$isCallable(capability[2]))
    $throwTypeError("Promise resolve or reject function is not callable");
  capability[0] = promise;
  return capability;
}

/** https://tc39.es/ecma262/#sec-promise-resolve */
function promiseResolveWith(C, value) {
  if ($isPromise(value) && value.constructor === C) return value;
  if (C === $Promise) {
    const promise = $makePromise($PromisePrototype);
    $resolvePromise(promise, value);
    return promise;
  }
  const capability = $newPromiseCapability(C);
  $call(capability[1], undefined, value);
  return capability[0];
}

// --- jobs ----------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-newpromisereactionjob where the result goes to a native promise, or nowhere. */
function runReaction(handler, promise, value) {
  let result;
  try {
    result = $call(handler, undefined, value);
  } catch (e) {
    if (promise !== undefined) $settleRejected(promise, e);
    return;
  }
  if (promise !== undefined) $resolvePromise(promise, result);
}

/** runReaction for a promise of a subclass, which is resolved by its capability. */
function runCapabilityReaction(handler, capability, value) {
  let result;
  try {
    result = $call(handler, undefined, value);
  } catch (e) {
    $call(capability[2], undefined, e);
    return;
  }
  $call(capability[1], undefined, result);
}

/** A reaction without a handler, for a capability; which: 1 resolve, 2 reject */
function passToCapability(capability, value, which) {
  $call(capability[which], undefined, value);
}

/** https://tc39.es/ecma262/#sec-newpromiseresolvethenablejob */
function runThenable(promise, thenable, then) {
  const functions = $resolvingFunctions(promise);
  try {
    $call(then, thenable, functions[0], functions[1]);
  } catch (e) {
    $call(functions[1], undefined, e);
  }
}

/** queueMicrotask and timers */
function runCallback(callback, args) {
  if (args === undefined) $call(callback, undefined);
  else $callSpread(callback, undefined, args);
}

/** ASYNCRETURN of a value whose `then` takes guest code to read: takes the place of the frame. */
function finishAsync(promise, value) {
  $resolvePromise(promise, value);
  return promise;
}

/** PromiseResolve for an AWAIT: the promise to wait for, or what to throw there. */
function awaitPromise(value, coroutine) {
  let promise;
  try {
    promise = $promiseResolveWith($Promise, value);
  } catch (e) {
    $readyAwait(coroutine, true);
    return e;
  }
  $readyAwait(coroutine, false);
  return promise;
}

// --- the constructor ------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-promise-executor */
function promiseConstructor(executor) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Promise constructor cannot be invoked without 'new'");
  if (!$isCallable(executor)) $throwTypeError("Promise resolver " + $describe(executor) + " is not a function");
  const promise = $makePromise($getPrototypeFromConstructor(new.target, $PromisePrototype));
  const functions = $resolvingFunctions(promise);
  try {
    $call(executor, undefined, functions[0], functions[1]);
  } catch (e) {
    $call(functions[1], undefined, e);
  }
  return promise;
}

/** https://tc39.es/ecma262/#sec-get-promise-%symbol.species% */
function getPromiseSymbolSpecies() {
  return this;
}

/** https://tc39.es/ecma262/#sec-promise.resolve */
function promiseResolve(value) {
  if (!$isObject(this)) $throwTypeError("PromiseResolve called on non-object");
  return $promiseResolveWith(this, value);
}

/** https://tc39.es/ecma262/#sec-promise.reject */
function promiseReject(reason) {
  const capability = $newPromiseCapability(this);
  $call(capability[2], undefined, reason);
  return capability[0];
}

/** https://tc39.es/ecma262/#sec-promise.withResolvers */
function promiseWithResolvers() {
  if (!$isObject(this)) $throwTypeError("Promise.withResolvers called on non-object");
  const capability = $newPromiseCapability(this);
  return { promise: capability[0], resolve: capability[1], reject: capability[2] };
}

/** https://tc39.es/ecma262/#sec-promise.try */
function promiseTry(callback, ...args) {
  if (!$isObject(this)) $throwTypeError("Promise.try called on non-object");
  const capability = $newPromiseCapability(this);
  let result;
  try {
    result = $callSpread(callback, undefined, args);
  } catch (e) {
    $call(capability[2], undefined, e);
    return capability[0];
  }
  $call(capability[1], undefined, result);
  return capability[0];
}

// --- combinators ----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-getpromiseresolve */
function getPromiseResolve(C) {
  const resolve = C.resolve;
  if (!$isCallable(resolve)) $throwTypeError("Promise resolve or reject function is not callable");
  return resolve;
}

/** onEach for Promise.all. https://tc39.es/ecma262/#sec-promise.all-resolve-element-functions */
function promiseAllElement(all, index) {
  let called = false;
  return (value) => {
    if (called) return;
    called = true;
    all.values[index] = value;
    if (--all.remaining === 0) return $call(all.finish, undefined, all.values);
  };
}

/**
 * https://tc39.es/ecma262/#sec-promise.allsettled-resolve-element-functions and -reject-element-functions: [fulfilled, rejected]
 */
function promiseSettledElements(all, index) {
  let called = false;
  return [
    (value) => {
      if (called) return;
      called = true;
      all.values[index] = { status: "fulfilled", value };
      if (--all.remaining === 0) return $call(all.finish, undefined, all.values);
    },
    (reason) => {
      if (called) return;
      called = true;
      all.values[index] = { status: "rejected", reason };
      if (--all.remaining === 0) return $call(all.finish, undefined, all.values);
    },
  ];
}

/** https://tc39.es/ecma262/#sec-promise.any-reject-element-functions */
function promiseAnyElement(all, index) {
  let called = false;
  return (reason) => {
    if (called) return;
    called = true;
    all.values[index] = reason;
    if (--all.remaining === 0) return $call(all.finish, undefined, $newAggregateError(all.values));
  };
}

/** The loops of the four combinators; how: 0 all, 1 allSettled, 2 any, 3 race */
function promiseCombine(C, iterable, how) {
  const capability = $newPromiseCapability(C);
  let iterator;
  // True while the iterator must not be closed: it threw, or it is done.
  let done = true;
  try {
    const resolve = $getPromiseResolve(C);
    iterator = $opGetIterator(iterable);
    const next = iterator.next;
    // Stacks tell of it by name and promise (assembly/errors/stack-trace.ts).
    const name = how === 0 ? "all" : how === 1 ? "allSettled" : "any";
    const finish = how === 2 ? capability[2] : capability[1];
    const all = { values: $newArray(0), remaining: 1, finish, name, promise: capability[0] };
    for (let index = 0; ; index++) {
      done = true;
      const value = $opIteratorNext(iterator, next);
      if (value === $hole) break;
      done = false;
      if (how !== 3) $arrayAppend(all.values, undefined);
      const promise = $call(resolve, C, value);
      let onFulfilled = capability[1];
      let onRejected = capability[2];
      if (how === 0) onFulfilled = $promiseAllElement(all, index);
      else if (how === 1) {
        const functions = $promiseSettledElements(all, index);
        onFulfilled = functions[0];
        onRejected = functions[1];
      } else if (how === 2) onRejected = $promiseAnyElement(all, index);
      all.remaining++;
      promise.then(onFulfilled, onRejected);
    }
    if (how !== 3 && --all.remaining === 0) {
      if (how === 2) throw $newAggregateError(all.values);
      $call(all.finish, undefined, all.values);
    }
  } catch (e) {
    if (!done) $iteratorCloseQuietly(iterator);
    $call(capability[2], undefined, e);
  }
  return capability[0];
}

/** https://tc39.es/ecma262/#sec-promise.all */
function promiseAll(iterable) {
  if (!$isObject(this)) $throwTypeError("Promise.all called on non-object");
  return $promiseCombine(this, iterable, 0);
}
/** https://tc39.es/ecma262/#sec-promise.allsettled */
function promiseAllSettled(iterable) {
  if (!$isObject(this)) $throwTypeError("Promise.allSettled called on non-object");
  return $promiseCombine(this, iterable, 1);
}
/** https://tc39.es/ecma262/#sec-promise.any */
function promiseAny(iterable) {
  if (!$isObject(this)) $throwTypeError("Promise.any called on non-object");
  return $promiseCombine(this, iterable, 2);
}
/** https://tc39.es/ecma262/#sec-promise.race */
function promiseRace(iterable) {
  if (!$isObject(this)) $throwTypeError("Promise.race called on non-object");
  return $promiseCombine(this, iterable, 3);
}

// --- the prototype --------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-promise.prototype.then */
function promisePrototypeThen(onFulfilled, onRejected) {
  const C = $speciesConstructor(this, $Promise);
  const capability = C === $Promise ? $makePromise($PromisePrototype) : $newPromiseCapability(C);
  return $addReactions(this, onFulfilled, onRejected, capability);
}

/** https://tc39.es/ecma262/#sec-promise.prototype.catch */
function promisePrototypeCatch(onRejected) {
  return this.then(undefined, onRejected);
}

/** https://tc39.es/ecma262/#sec-promise.prototype.finally */
function promisePrototypeFinally(onFinally) {
  if (!$isObject(this)) $throwTypeError("Promise.prototype.finally called on non-object");
  const C = $speciesConstructor(this, $Promise);
  if (!$isCallable(onFinally)) return this.then(onFinally, onFinally);
  return this.then(
    (value) => {
      const result = $call(onFinally, undefined);
      return $promiseResolveWith(C, result).then(() => value);
    },
    (reason) => {
      const result = $call(onFinally, undefined);
      return $promiseResolveWith(C, result).then(() => {
        throw reason;
      });
    },
  );
}

// --- timers ---------------------------------------------------------------------------------------------------------

/** https://html.spec.whatwg.org/#dom-settimeout with a delay that is an object */
function globalThisSetTimeout(callback, delay, ...args) {
  return $startTimer(callback, $toNumber(delay), args, false);
}
function globalThisSetInterval(callback, delay, ...args) {
  return $startTimer(callback, $toNumber(delay), args, true);
}
