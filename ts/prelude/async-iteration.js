// Owns synchronous iterators made asynchronous, for `for await` and yield* in async generators, and the disposal of asynchronous
// ones. Guests must never see the former.
// https://tc39.es/ecma262/#sec-async-from-sync-iterator-objects
//
//   INTERNAL class 90, slots: 0 the sync iterator · 1 its next method

/** https://tc39.es/ecma262/#sec-createasyncfromsynciterator */
function createAsyncFromSyncIterator(iterator, next) {
  const o = $newInternal(90, $AsyncFromSyncIteratorPrototype, 2);
  $setSlot(o, 0, iterator);
  $setSlot(o, 1, next);
  return o;
}

/** https://tc39.es/ecma262/#sec-asyncfromsynciteratorcontinuation; result: what the sync iterator answered */
function asyncFromSyncContinue(result, promise, iterator, closeOnRejection) {
  let done;
  let wrapper;
  let closing = false;
  try {
    done = !!result.done;
    const value = result.value;
    closing = !done && closeOnRejection;
    wrapper = $promiseResolveWith($Promise, value);
  } catch (e) {
    if (closing) $iteratorCloseQuietly(iterator);
    $settleRejected(promise, e);
    return promise;
  }
  const unwrap = (value) => ({ value, done });
  if (!closing) return $addReactions(wrapper, unwrap, undefined, promise);
  return $addReactions(
    wrapper,
    unwrap,
    (error) => {
      $iteratorCloseQuietly(iterator);
      throw error;
    },
    promise,
  );
}

/** https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.next */
function asyncFromSyncIteratorPrototypeNext(value) {
  const iterator = $slot(this, 0);
  const promise = $makePromise($PromisePrototype);
  let result;
  try {
    result = $argc() > 0 ? $call($slot(this, 1), iterator, value) : $call($slot(this, 1), iterator);
    if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  return $asyncFromSyncContinue(result, promise, iterator, true);
}

/** https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.return */
function asyncFromSyncIteratorPrototypeReturn(value) {
  const iterator = $slot(this, 0);
  const promise = $makePromise($PromisePrototype);
  const given = $argc() > 0;
  let result;
  try {
    const method = $getMethod(iterator, "return");
    if (method === undefined) {
      $resolvePromise(promise, { value, done: true });
      return promise;
    }
    result = given ? $call(method, iterator, value) : $call(method, iterator);
    if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  return $asyncFromSyncContinue(result, promise, iterator, false);
}

/** https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.throw */
function asyncFromSyncIteratorPrototypeThrow(value) {
  const iterator = $slot(this, 0);
  const promise = $makePromise($PromisePrototype);
  const given = $argc() > 0;
  let result;
  try {
    const method = $getMethod(iterator, "throw");
    if (method === undefined) {
      $iteratorClose(iterator);
      $throwTypeError("The iterator does not provide a 'throw' method.");
    }
    result = given ? $call(method, iterator, value) : $call(method, iterator);
    if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  return $asyncFromSyncContinue(result, promise, iterator, true);
}

/** https://tc39.es/ecma262/#sec-%asynciteratorprototype%-%symbol.asyncdispose% */
function asyncIteratorPrototypeSymbolAsyncDispose() {
  const promise = $makePromise($PromisePrototype);
  let wrapper;
  try {
    const method = $getMethod(this, "return");
    if (method === undefined) {
      $settleFulfilled(promise, undefined);
      return promise;
    }
    wrapper = $promiseResolveWith($Promise, $call(method, this));
  } catch (e) {
    $settleRejected(promise, e);
    return promise;
  }
  return $addReactions(wrapper, () => undefined, undefined, promise);
}
