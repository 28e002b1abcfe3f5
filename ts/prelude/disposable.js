// Owns what `using` and `await using` do, DisposableStack and AsyncDisposableStack. https://tc39.es/ecma262/#sec-disposableresource-records
// Must never let a guest see a resource or a disposal; that a hostile snapshot shows one must do no harm: they are plain objects.
//
// A resource: { value, method, hint, next }, chained from the one added last. hint: 0 sync, 1 async, 2 async by a synchronous
// method, whose result counts for nothing. A running disposal: { list, failed, error, needsAwait, hasAwaited }.
// INTERNAL class 60 a DisposableStack, 61 an AsyncDisposableStack; slots: 0 resources · 1 true once disposed.

/** https://tc39.es/ecma262/#sec-adddisposableresource without a method: the chain with the new resource. */
function addDisposable(list, value, hint) {
  if (value === undefined || value === null) {
    return hint === 0 ? list : { value: undefined, method: undefined, hint: 1, next: list };
  }
  if (!$isObject(value)) $throwTypeError($describe(value) + " is not an object: it cannot be disposed of");
  let method;
  if (hint !== 0) method = $getMethod(value, $Symbol_asyncDispose);
  if (method === undefined) {
    method = $getMethod(value, $Symbol_dispose);
    if (hint !== 0) hint = 2;
  }
  if (method === undefined)
    $throwTypeError(
      hint === 0
        ? "The value has no method [Symbol.dispose]"
        : "The value has no method [Symbol.asyncDispose] or [Symbol.dispose]",
    );
  return { value, method, hint, next: list };
}

/** kind: 1 if the block was left by throwing `error` */
function beginDisposal(list, kind, error) {
  return { list, failed: kind === 1, error, needsAwait: false, hasAwaited: false };
}

/** https://tc39.es/ecma262/#sec-disposeresources up to where it awaits: what it awaits, $hole at its end. */
function disposeStep(disposal) {
  while (disposal.list !== undefined) {
    const { value, method, hint, next } = disposal.list;
    if (hint === 0 && disposal.needsAwait && !disposal.hasAwaited) {
      disposal.needsAwait = false;
      return undefined;
    }
    disposal.list = next;
    if (method === undefined) {
      disposal.needsAwait = true;
      continue;
    }
    try {
      const result = $call(method, value);
      if (hint === 0) continue;
      disposal.hasAwaited = true;
      return hint === 1 ? result : undefined;
    } catch (e) {
      if (hint === 2) {
        // It failed inside a promise: that is awaited.
        disposal.hasAwaited = true;
        const promise = $makePromise($PromisePrototype);
        $settleRejected(promise, e);
        return promise;
      }
      $disposalFailed(disposal, e);
    }
  }
  if (disposal.needsAwait && !disposal.hasAwaited) {
    disposal.needsAwait = false;
    return undefined;
  }
  return $hole;
}

/** A disposal threw: the first error goes on, each later one wraps what was there. */
function disposalFailed(disposal, e) {
  if (disposal.failed) {
    const error = $newError($SuppressedErrorPrototype);
    $definePropertyOrThrow(error, "error", e, 5);
    $definePropertyOrThrow(error, "suppressed", disposal.error, 5);
    e = error;
  }
  disposal.failed = true;
  disposal.error = e;
}

function endDisposal(disposal) {
  if (disposal.failed) throw disposal.error;
}

/** All of it where nothing awaits. */
function disposeAll(list, kind, error) {
  const disposal = $beginDisposal(list, kind, error);
  $disposeStep(disposal);
  if (disposal.failed) throw disposal.error;
}

// --- what both stacks share ------------------------------------------------------------------------------------------

function newDisposableStack(cls, prototype) {
  const stack = $newInternal(cls, prototype, 2);
  $setSlot(stack, 1, false);
  return stack;
}

function stackName(cls) {
  return cls === 60 ? "DisposableStack" : "AsyncDisposableStack";
}

function requireDisposableStack(o, cls, method) {
  if (!$isInternal(o, cls))
    $throwTypeError(
      "Method " + $stackName(cls) + ".prototype." + method + " called on incompatible receiver " + $describe(o),
    );
}

/** The receiver of a method that adds to it. */
function requirePendingStack(o, cls, method) {
  $requireDisposableStack(o, cls, method);
  if ($slot(o, 1)) $throwReferenceError("The " + $stackName(cls) + " is already disposed");
}

function stackUse(stack, value, hint) {
  $setSlot(stack, 0, $addDisposable($slot(stack, 0), value, hint));
  return value;
}

/** A callback as a resource: its method calls it. */
function stackCallback(stack, method, hint) {
  $setSlot(stack, 0, { value: undefined, method, hint, next: $slot(stack, 0) });
}

function stackMove(stack, cls, prototype) {
  const moved = $newDisposableStack(cls, prototype);
  $setSlot(moved, 0, $slot(stack, 0));
  $setSlot(stack, 0, undefined);
  $setSlot(stack, 1, true);
  return moved;
}

/** Takes all resources of a stack, which is empty from here on. */
function stackTake(stack) {
  const list = $slot(stack, 0);
  $setSlot(stack, 0, undefined);
  $setSlot(stack, 1, true);
  return list;
}

// --- DisposableStack -------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-disposablestack */
function disposableStackConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor DisposableStack requires 'new'");
  return $newDisposableStack(60, $getPrototypeFromConstructor(new.target, $DisposableStackPrototype));
}

/** https://tc39.es/ecma262/#sec-disposablestack.prototype.adopt */
function disposableStackPrototypeAdopt(value, onDispose) {
  $requirePendingStack(this, 60, "adopt");
  $requireCallable(onDispose);
  $stackCallback(this, () => $call(onDispose, undefined, value), 0);
  return value;
}

/** https://tc39.es/ecma262/#sec-disposablestack.prototype.defer */
function disposableStackPrototypeDefer(onDispose) {
  $requirePendingStack(this, 60, "defer");
  $requireCallable(onDispose);
  $stackCallback(this, onDispose, 0);
}

/** https://tc39.es/ecma262/#sec-disposablestack.prototype.dispose */
function disposableStackPrototypeDispose() {
  $requireDisposableStack(this, 60, "dispose");
  if (!$slot(this, 1)) $disposeAll($stackTake(this), 0, undefined);
}

/** https://tc39.es/ecma262/#sec-get-disposablestack.prototype.disposed */
function getDisposableStackPrototypeDisposed() {
  $requireDisposableStack(this, 60, "disposed");
  return $slot(this, 1);
}

/** https://tc39.es/ecma262/#sec-disposablestack.prototype.move */
function disposableStackPrototypeMove() {
  $requirePendingStack(this, 60, "move");
  return $stackMove(this, 60, $DisposableStackPrototype);
}

/** https://tc39.es/ecma262/#sec-disposablestack.prototype.use */
function disposableStackPrototypeUse(value) {
  $requirePendingStack(this, 60, "use");
  return $stackUse(this, value, 0);
}

// --- AsyncDisposableStack --------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-asyncdisposablestack */
function asyncDisposableStackConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor AsyncDisposableStack requires 'new'");
  return $newDisposableStack(61, $getPrototypeFromConstructor(new.target, $AsyncDisposableStackPrototype));
}

/** https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.adopt */
function asyncDisposableStackPrototypeAdopt(value, onDisposeAsync) {
  $requirePendingStack(this, 61, "adopt");
  $requireCallable(onDisposeAsync);
  $stackCallback(this, () => $call(onDisposeAsync, undefined, value), 1);
  return value;
}

/** https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.defer */
function asyncDisposableStackPrototypeDefer(onDisposeAsync) {
  $requirePendingStack(this, 61, "defer");
  $requireCallable(onDisposeAsync);
  $stackCallback(this, onDisposeAsync, 1);
}

/** https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.disposeAsync */
async function asyncDisposableStackPrototypeDisposeAsync() {
  $requireDisposableStack(this, 61, "disposeAsync");
  if ($slot(this, 1)) return;
  const disposal = $beginDisposal($stackTake(this), 0, undefined);
  while (true) {
    const pending = $disposeStep(disposal);
    if (pending === $hole) break;
    try {
      await pending;
    } catch (e) {
      $disposalFailed(disposal, e);
    }
  }
  $endDisposal(disposal);
}

/** https://tc39.es/ecma262/#sec-get-asyncdisposablestack.prototype.disposed */
function getAsyncDisposableStackPrototypeDisposed() {
  $requireDisposableStack(this, 61, "disposed");
  return $slot(this, 1);
}

/** https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.move */
function asyncDisposableStackPrototypeMove() {
  $requirePendingStack(this, 61, "move");
  return $stackMove(this, 61, $AsyncDisposableStackPrototype);
}

/** https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.use */
function asyncDisposableStackPrototypeUse(value) {
  $requirePendingStack(this, 61, "use");
  return $stackUse(this, value, 1);
}
