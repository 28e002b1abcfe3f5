// Owns SharedArrayBuffer and Atomics, for the one agent that there is: every operation is atomic, and no other agent ever wakes a waiter.
// https://tc39.es/ecma262/#sec-sharedarraybuffer-objects https://tc39.es/ecma262/#sec-atomics-object

function requireShared(v, name) {
  if (!$isShared(v))
    $throwTypeError("Method SharedArrayBuffer.prototype." + name + " called on incompatible receiver " + $describe(v));
}

/** https://tc39.es/ecma262/#sec-sharedarraybuffer-length */
function sharedArrayBufferConstructor(length, options) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor SharedArrayBuffer requires 'new'");
  const byteLength = $toIndex(length, "Invalid array buffer length");
  const max = $maxByteLengthOf(options, byteLength);
  const prototype = $getPrototypeFromConstructor(new.target, $sharedArrayBufferConstructor.prototype);
  return $createBuffer(prototype, byteLength, max, true);
}
/** https://tc39.es/ecma262/#sec-get-sharedarraybuffer-@@species */
function getSharedArrayBufferSymbolSpecies() {
  return this;
}
/** https://tc39.es/ecma262/#sec-get-sharedarraybuffer.prototype.bytelength */
function getSharedArrayBufferPrototypeByteLength() {
  $requireShared(this, "byteLength");
  return $bufferLength(this);
}
/** https://tc39.es/ecma262/#sec-get-sharedarraybuffer.prototype.growable */
function getSharedArrayBufferPrototypeGrowable() {
  $requireShared(this, "growable");
  return $bufferResizable(this);
}
/** https://tc39.es/ecma262/#sec-get-sharedarraybuffer.prototype.maxbytelength */
function getSharedArrayBufferPrototypeMaxByteLength() {
  $requireShared(this, "maxByteLength");
  return $bufferMax(this);
}
/** https://tc39.es/ecma262/#sec-sharedarraybuffer.prototype.grow */
function sharedArrayBufferPrototypeGrow(newLength) {
  $requireShared(this, "grow");
  if (!$bufferResizable(this))
    $throwTypeError("Method SharedArrayBuffer.prototype.grow called on incompatible receiver " + $describe(this));
  const length = $toIndex(newLength, "SharedArrayBuffer.prototype.grow: Invalid length parameter");
  if (length < $bufferLength(this) || length > $bufferMax(this))
    $throwRangeError("SharedArrayBuffer.prototype.grow: Invalid length parameter");
  $bufferResize(this, length);
}
/** https://tc39.es/ecma262/#sec-sharedarraybuffer.prototype.slice */
function sharedArrayBufferPrototypeSlice(start, end) {
  $requireShared(this, "slice");
  const length = $bufferLength(this);
  const first = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  const size = final > first ? final - first : 0;
  const c = $speciesConstructor(this, $sharedArrayBufferConstructor);
  const target = $construct(c, c, size);
  $requireShared(target, "slice");
  if (target === this) $throwTypeError("SharedArrayBuffer subclass returned this from species constructor");
  if ($bufferLength(target) < size) $throwTypeError("Species constructor returned a too small SharedArrayBuffer");
  $bufferCopy(target, this, first, size);
  return target;
}

// --- Atomics ----------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-validateintegertypedarray: the number of the type */
function requireAtomic(array, waitable) {
  const type = $typedKind(array);
  if (type < 0)
    $throwTypeError("[object " + ($isArray(array) ? "Array" : "Object") + "] is not an integer typed array.");
  $validateTyped(array);
  if (waitable ? type !== 5 && type !== 10 : type === 2 || (type > 6 && type < 10))
    $throwTypeError(
      waitable
        ? "[object Array] is not an int32 or BigInt64 typed array."
        : "[object Array] is not an integer typed array.",
    );
  return type;
}
/** https://tc39.es/ecma262/#sec-validateatomicaccess */
function atomicIndex(array, index) {
  const length = $viewSize(array);
  const at = $toIndex(index, "Invalid atomic access index");
  if (at >= length) $throwRangeError("Invalid atomic access index");
  return at;
}
/** The operand of an operation. */
function atomicOperand(type, v) {
  return type > 9 ? $toBigInt(v) : $toIntegerOrInfinity(v);
}
/** https://tc39.es/ecma262/#sec-revalidateatomicaccess */
function requireAccess(array, at) {
  $validateTyped(array);
  if (at >= $viewSize(array)) $throwRangeError("Invalid atomic access index");
}

/** https://tc39.es/ecma262/#sec-atomicreadmodifywrite; operations: 0 add · 1 sub · 2 and · 3 or · 4 xor · 5 exchange */
function atomicUpdate(array, index, value, operation) {
  const type = $requireAtomic(array, false);
  const at = $atomicIndex(array, index);
  const v = $atomicOperand(type, value);
  $requireAccess(array, at);
  const old = array[at];
  // Numbers are taken modulo 2³² first: sums stay exact.
  const n = type > 9 || operation === 5 ? v : v | 0;
  if (operation === 0) array[at] = old + n;
  else if (operation === 1) array[at] = old - n;
  else if (operation === 2) array[at] = old & n;
  else if (operation === 3) array[at] = old | n;
  else if (operation === 4) array[at] = old ^ n;
  else array[at] = n;
  return old;
}
function atomicsAdd(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 0);
}
function atomicsAnd(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 2);
}
/** https://tc39.es/ecma262/#sec-atomics.compareexchange */
function atomicsCompareExchange(typedArray, index, expectedValue, replacementValue) {
  const type = $requireAtomic(typedArray, false);
  const at = $atomicIndex(typedArray, index);
  const expected = $createTyped(type, $typedConstructorOf(type).prototype, 1);
  expected[0] = $atomicOperand(type, expectedValue);
  const replacement = $atomicOperand(type, replacementValue);
  $requireAccess(typedArray, at);
  const old = typedArray[at];
  if (old === expected[0]) typedArray[at] = replacement;
  return old;
}
function atomicsExchange(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 5);
}
/** https://tc39.es/ecma262/#sec-atomics.islockfree */
function atomicsIsLockFree(size) {
  const n = $toIntegerOrInfinity(size);
  return n === 1 || n === 2 || n === 4 || n === 8;
}
/** https://tc39.es/ecma262/#sec-atomics.load */
function atomicsLoad(typedArray, index) {
  $requireAtomic(typedArray, false);
  const at = $atomicIndex(typedArray, index);
  $requireAccess(typedArray, at);
  return typedArray[at];
}
function atomicsOr(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 3);
}
/** https://tc39.es/ecma262/#sec-atomics.pause */
function atomicsPause(n) {
  if (n !== undefined && !(typeof n === "number" && $truncate(n) === n && n - n === 0))
    $throwTypeError("Argument of Atomics.pause must be an integer");
}
/** https://tc39.es/ecma262/#sec-atomics.store */
function atomicsStore(typedArray, index, value) {
  const type = $requireAtomic(typedArray, false);
  const at = $atomicIndex(typedArray, index);
  const v = $atomicOperand(type, value);
  $requireAccess(typedArray, at);
  typedArray[at] = v;
  return v;
}
function atomicsSub(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 1);
}
function atomicsXor(typedArray, index, value) {
  return $atomicUpdate(typedArray, index, value, 4);
}

// --- waiting ----------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-dowait: [place, does it have the value, milliseconds] */
function atomicWait(array, index, value, timeout) {
  const type = $requireAtomic(array, true);
  const buffer = $viewBuffer(array);
  if (!$isShared(buffer)) $throwTypeError("[object Array] is not a shared typed array.");
  const at = $atomicIndex(array, index);
  const v = type > 9 ? $bigIntAsIntN(64, $toBigInt(value)) : $toNumber(value) | 0;
  const q = $toNumber(timeout);
  const wait = q !== q ? Infinity : q > 0 ? q : 0;
  return [buffer, $viewOffset(array) + at * $sizeOfType(type), array[at] === v, wait];
}
/** https://tc39.es/ecma262/#sec-atomics.wait: the one agent must not block */
function atomicsWait(typedArray, index, value, timeout) {
  $atomicWait(typedArray, index, value, timeout);
  $throwTypeError("Atomics.wait cannot be called in this context");
}
/** https://tc39.es/ecma262/#sec-atomics.waitasync */
function atomicsWaitAsync(typedArray, index, value, timeout) {
  const asked = $atomicWait(typedArray, index, value, timeout);
  if (!asked[2]) return { async: false, value: "not-equal" };
  if (asked[3] === 0) return { async: false, value: "timed-out" };
  const waiter = $newObject(null);
  waiter.buffer = asked[0];
  waiter.at = asked[1];
  waiter.promise = $makePromise($PromisePrototype);
  waiter.timer = 0;
  const state = $AtomicsState;
  if (state.waiters === undefined) state.waiters = [waiter];
  else $arrayAppend(state.waiters, waiter);
  if (asked[3] !== Infinity)
    waiter.timer = $armTimer(() => $wakeWaiter(waiter, "timed-out"), asked[3], false, undefined);
  return { async: true, value: waiter.promise };
}
/** Takes a waiter off the list. */
function wakeWaiter(waiter, how) {
  const list = $AtomicsState.waiters;
  const rest = $newArray(0);
  for (let i = 0; i < list.length; i++) if (list[i] !== waiter) $arrayAppend(rest, list[i]);
  $AtomicsState.waiters = rest.length === 0 ? undefined : rest;
  $settleFulfilled(waiter.promise, how);
}
/** https://tc39.es/ecma262/#sec-atomics.notify */
function atomicsNotify(typedArray, index, count) {
  const type = $requireAtomic(typedArray, true);
  const at = $atomicIndex(typedArray, index);
  let most = Infinity;
  if (count !== undefined) {
    const n = $toIntegerOrInfinity(count);
    most = n > 0 ? n : 0;
  }
  const buffer = $viewBuffer(typedArray);
  const list = $AtomicsState.waiters;
  if (list === undefined || !$isShared(buffer)) return 0;
  const place = $viewOffset(typedArray) + at * $sizeOfType(type);
  let woken = 0;
  for (let i = 0; i < list.length && woken < most; i++) {
    const waiter = list[i];
    if (waiter.buffer !== buffer || waiter.at !== place) continue;
    if (waiter.timer > 0) $stopTimer(waiter.timer);
    $wakeWaiter(waiter, "ok");
    woken++;
  }
  return woken;
}
