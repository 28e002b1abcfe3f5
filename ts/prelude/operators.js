// Owns the halves of the operators that may call guest code: conversions of objects, inherited hooks, iterators, proxies.
// The interpreter has already done what it can for primitives and ordinary objects. Must never be called with fewer
// arguments than its instruction has operands.

// --- arithmetic ----------------------------------------------------------------------------------------------------

// The interpreter does the arithmetic of numbers and BigInts: converted operands go back to it.

/** https://tc39.es/ecma262/#sec-applystringornumericbinaryoperator */
function opAdd(l, r) {
  l = $toPrimitive(l, "default");
  r = $toPrimitive(r, "default");
  if (typeof l === "symbol" || typeof r === "symbol") return $addPrimitives(l, r);
  return l + r;
}
function opSub(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l - r;
}
function opMul(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l * r;
}
function opDiv(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l / r;
}
function opMod(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l % r;
}
function opExp(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l ** r;
}
function opBitand(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l & r;
}
function opBitor(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l | r;
}
function opBitxor(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l ^ r;
}
function opShl(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l << r;
}
function opShr(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l >> r;
}
function opUshr(l, r) {
  l = $toNumeric(l);
  r = $toNumeric(r);
  return l >>> r;
}

function opNeg(v) {
  return -$toNumeric(v);
}
function opPlus(v) {
  return $toNumber(v);
}
function opBitnot(v) {
  return ~$toNumeric(v);
}
function opInc(v) {
  let n = $toNumeric(v);
  return ++n;
}
function opDec(v) {
  let n = $toNumeric(v);
  return --n;
}
function opToNumeric(v) {
  return $toNumeric(v);
}
function opToString(v) {
  return $toString(v);
}
function opToKey(v) {
  return $toPropertyKey(v);
}

// --- comparison ----------------------------------------------------------------------------------------------------

/** A primitive that has an order: a symbol throws. */
function comparable(v) {
  if (typeof v === "symbol") $toNumberPrimitive(v);
  return v;
}
/** https://tc39.es/ecma262/#sec-islessthan; the left operand is always converted first */
function opLt(l, r) {
  l = $toPrimitive(l, "number");
  r = $toPrimitive(r, "number");
  return $comparable(l) < $comparable(r);
}
function opLe(l, r) {
  l = $toPrimitive(l, "number");
  r = $toPrimitive(r, "number");
  return $comparable(l) <= $comparable(r);
}
function opGt(l, r) {
  l = $toPrimitive(l, "number");
  r = $toPrimitive(r, "number");
  return $comparable(l) > $comparable(r);
}
function opGe(l, r) {
  l = $toPrimitive(l, "number");
  r = $toPrimitive(r, "number");
  return $comparable(l) >= $comparable(r);
}

/** https://tc39.es/ecma262/#sec-islooselyequal */
function opEq(l, r) {
  if ($isObject(l)) {
    if ($isObject(r)) return l === r;
    if (r === undefined || r === null) return false;
    return $looseEqualsPrimitives($toPrimitive(l, "default"), r);
  }
  if ($isObject(r)) {
    if (l === undefined || l === null) return false;
    return $looseEqualsPrimitives(l, $toPrimitive(r, "default"));
  }
  return $looseEqualsPrimitives(l, r);
}
function opNe(l, r) {
  return !$opEq(l, r);
}

/** https://tc39.es/ecma262/#sec-instanceofoperator */
function opInstanceof(v, target) {
  if (!$isObject(target)) $throwTypeError("Right-hand side of 'instanceof' is not an object");
  const hook = target[$Symbol_hasInstance];
  if (hook === undefined || hook === null) {
    if (!$isCallable(target)) $throwTypeError("Right-hand side of 'instanceof' is not callable");
    return $ordinaryHasInstance(target, v);
  }
  if (!$isCallable(hook)) $throwTypeError($typedText(hook) + " is not a function");
  return !!$call(hook, target, v);
}

/** https://tc39.es/ecma262/#sec-ordinaryhasinstance */
function ordinaryHasInstance(c, o) {
  if (!$isCallable(c)) return false;
  const target = $boundTarget(c);
  if (target !== undefined) return $opInstanceof(o, target);
  if (!$isObject(o)) return false;
  const prototype = c.prototype;
  if (!$isObject(prototype))
    $throwTypeError("Function has non-object prototype '" + $describe(prototype) + "' in instanceof check");
  return $isPrototypeInChain(prototype, o);
}

/** True if `prototype` is in the prototype chain of o, without o itself. */
function isPrototypeInChain(prototype, o) {
  const found = $isInChain(o, prototype);
  if (found !== $hole) return found;
  while (true) {
    o = $getPrototypeOf(o);
    if (o === null) return false;
    if (o === prototype) return true;
  }
}

/** https://tc39.es/ecma262/#sec-relational-operators-runtime-semantics-evaluation, `in` */
function opIn(key, object) {
  if (!$isObject(object))
    $throwTypeError(
      "Cannot use 'in' operator to search for '" +
        $keyText(key) +
        "' in " +
        (typeof object === "string" ? object : $describe(object)),
    );
  return $hasProperty(object, $toPropertyKey(key));
}

// --- properties ----------------------------------------------------------------------------------------------------

function opGetElem(object, key) {
  if (object === undefined || object === null) $throwTypeError("Cannot read properties of " + $describe(object));
  return object[$toPropertyKey(key)];
}

function opSetElem(object, key, value) {
  if (object === undefined || object === null) $throwTypeError("Cannot set properties of " + $describe(object));
  object[$toPropertyKey(key)] = value;
}

/** opSetElem of sloppy code: a refusal is not reported. https://tc39.es/ecma262/#sec-putvalue */
function opSetElemSloppy(object, key, value) {
  if (object === undefined || object === null) $throwTypeError("Cannot set properties of " + $describe(object));
  $opSetReceiver($toObject(object), $toPropertyKey(key), value, object);
}

/** strict: a refusal throws */
function opDeleteElem(object, key, strict) {
  if (object === undefined || object === null) $throwTypeError("Cannot convert undefined or null to object");
  key = $toPropertyKey(key);
  const o = $toObject(object);
  if ($deleteProperty(o, key)) return true;
  if (strict) $refuseDeletion(o, key);
  return false;
}

/** `array.length = value` in strict code, with a value that is not a number that a length can be. */
function opSetArrayLength(array, value) {
  if (!$opSetReceiver(array, "length", value, array)) {
    $throwTypeError("Cannot assign to read only property 'length' of object '[object Array]'");
  }
}

/** object.[[Get]](key, receiver) */
function opGetReceiver(object, key, receiver) {
  const value = $getOrdinary(object, key);
  if (value !== $hole) return value;
  do {
    const d = $getOwnOrdinary(object, key);
    if (d === $hole) return $proxyGet(object, key, receiver);
    if (d !== undefined) {
      if ((d[0] & 256) === 0) return d[1];
      const getter = d[2];
      return getter === undefined ? undefined : $call(getter, receiver);
    }
    if ($isElement(object, key)) return undefined;
    object = $prototypeOfOrdinary(object);
  } while (object !== null);
  return undefined;
}

/** object.[[Set]](key, value, receiver): true or false. https://tc39.es/ecma262/#sec-ordinarysetwithowndescriptor */
function opSetReceiver(object, key, value, receiver) {
  if (object === receiver) {
    const done = $assignOrdinary(object, key, value);
    if (done !== $hole) return done;
  }
  do {
    const d = $getOwnOrdinary(object, key);
    if (d === $hole) return $proxySet(object, key, value, receiver);
    if (object === receiver || d === undefined) {
      const element = $isElement(object, key);
      if (element && object === receiver) {
        $setElement(object, key, value);
        return true;
      }
      if (element && d === undefined) return true;
    }
    if (d !== undefined) {
      if ((d[0] & 256) !== 0) {
        const setter = d[3];
        if (setter === undefined) return false;
        $call(setter, receiver, value);
        return true;
      }
      if ((d[0] & 1) === 0) return false;
      break;
    }
    object = $prototypeOfOrdinary(object);
  } while (object !== null);
  return $setOnReceiver(key, value, receiver);
}

/** OrdinarySetWithOwnDescriptor, step 2: the property is data and writable, or it is absent. */
function setOnReceiver(key, value, receiver) {
  if (!$isObject(receiver)) return false;
  const own = $getOwnProperty(receiver, key);
  if (own === undefined) return $createDataProperty(receiver, key, value);
  if ((own[0] & 256) !== 0 || (own[0] & 1) === 0) return false;
  return $defineOwnProperty(receiver, key, [16, value, undefined, undefined]);
}

/** https://tc39.es/ecma262/#sec-makesuperpropertyreference and GetValue of it */
function opSuperGet(home, key, receiver) {
  const parent = home === undefined ? null : $getPrototypeOf(home);
  key = $toPropertyKey(key);
  if (parent === null) $throwTypeError("Cannot read properties of null (reading '" + $keyText(key) + "')");
  return $opGetReceiver(parent, key, receiver);
}

function opSuperSet(home, key, receiver, value) {
  if (!$opSuperSetSloppy(home, key, receiver, value))
    $throwTypeError("Cannot assign to read only property '" + $keyText(key) + "' of object");
}

/** opSuperSet of sloppy code: returns true, or false if it was refused. */
function opSuperSetSloppy(home, key, receiver, value) {
  const parent = home === undefined ? null : $getPrototypeOf(home);
  key = $toPropertyKey(key);
  if (parent === null) $throwTypeError("Cannot set properties of null (setting '" + $keyText(key) + "')");
  return $opSetReceiver(parent, key, value, receiver);
}

// --- references that are read and then written: helpers of compiled programs, safe with anything

/** GetSuperBase of a method; undefined for what has no home. https://tc39.es/ecma262/#sec-getsuperbase */
function superBase(method) {
  const home = $homeOf(method);
  return home === undefined ? null : $getPrototypeOf(home);
}

/** Reads a super property whose base and key are known. */
function superRead(base, key, receiver) {
  if ($isObject(base)) return $opGetReceiver(base, $toPropertyKey(key), receiver);
  $throwTypeError("Cannot read properties of null (reading '" + $keyText($toPropertyKey(key)) + "')");
}

function superWrite(base, key, receiver, value) {
  if (!$superWriteSloppy(base, key, receiver, value))
    $throwTypeError("Cannot assign to read only property '" + $keyText(key) + "' of object");
}

function superWriteSloppy(base, key, receiver, value) {
  if ($isObject(base)) return $opSetReceiver(base, $toPropertyKey(key), value, receiver);
  $throwTypeError("Cannot set properties of null (setting '" + $keyText($toPropertyKey(key)) + "')");
}

/** HasBinding of the global environment. https://tc39.es/ecma262/#sec-global-environment-records-hasbinding-n */
function hasGlobal(name) {
  return $hasGlobalBinding($toString(name));
}

/** CopyDataProperties of an object literal's spread. https://tc39.es/ecma262/#sec-copydataproperties */
function opCopyData(target, source) {
  if (source === undefined || source === null) return;
  if ($copyDataOrdinary(target, source, undefined) === $hole) $copyDataSlow(target, $toObject(source), undefined);
}

/** `const { a, ...rest } = source` */
function opObjectRest(source, keys) {
  const target = {};
  if ($copyDataOrdinary(target, source, keys) === $hole) $copyDataSlow(target, $toObject(source), keys);
  return target;
}

function copyDataSlow(target, from, excluded) {
  const keys = $ownPropertyKeys(from);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (excluded !== undefined && $listsKey(excluded, key)) continue;
    const d = $getOwnProperty(from, key);
    if (d !== undefined && (d[0] & 2) !== 0) $createDataPropertyOrThrow(target, key, from[key]);
  }
}

function listsKey(list, key) {
  key = $toKeyPrimitive(key);
  for (let i = 0; i < list.length; i++) if ($toKeyPrimitive(list[i]) === key) return true;
  return false;
}

// --- construction --------------------------------------------------------------------------------------------------

/** OrdinaryCreateFromConstructor and the constructor's body, where finding the prototype takes guest code. */
function constructOrdinary(constructor, newTarget, args) {
  const o = $newObject($getPrototypeFromConstructor(newTarget, $ObjectPrototype));
  return $constructWithThis(constructor, o, newTarget, args);
}

// --- iteration -----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-getiterator, sync: the iterator object */
function opGetIterator(iterable) {
  if (iterable === undefined || iterable === null) $throwTypeError($notIterableText(iterable));
  const method = iterable[$Symbol_iterator];
  if (!$isCallable(method)) $throwTypeError($notIterableText(iterable));
  const iterator = $call(method, iterable);
  if (!$isObject(iterator)) $throwTypeError("Result of the Symbol.iterator method is not an object");
  return iterator;
}

/** https://tc39.es/ecma262/#sec-getiterator, async */
function opGetAsyncIterator(iterable) {
  const method = iterable[$Symbol_asyncIterator];
  if (method === undefined || method === null) {
    const sync = iterable[$Symbol_iterator];
    if (!$isCallable(sync)) $throwTypeError($notIterableText(iterable, true));
    const inner = $call(sync, iterable);
    if (!$isObject(inner)) $throwTypeError("Result of the Symbol.iterator method is not an object");
    return $createAsyncFromSyncIterator(inner, inner.next);
  }
  if (!$isCallable(method)) $throwTypeError($typedText(method) + " is not a function");
  const iterator = $call(method, iterable);
  if (!$isObject(iterator)) $throwTypeError("Result of the Symbol.asyncIterator method is not an object");
  return iterator;
}

/** The next value, or $hole when done. */
function opIteratorNext(iterator, next) {
  const result = $call(next, iterator);
  if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  if (result.done) return $hole;
  return result.value;
}

function opIteratorClose(iterator) {
  $iteratorClose(iterator);
}
function opIteratorCloseQuietly(iterator) {
  $iteratorCloseQuietly(iterator);
}

/** Appends everything of an iterable to an array under construction. */
function opArrSpread(array, iterable) {
  if ($appendPristine(array, iterable)) return;
  const iterator = $opGetIterator(iterable);
  $appendRest(array, iterator, iterator.next);
}

function opIteratorRest(iterator, next) {
  const rest = $newArray(0);
  $appendRest(rest, iterator, next);
  return rest;
}

function appendRest(array, iterator, next) {
  while (true) {
    const result = $call(next, iterator);
    if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
    if (result.done) return;
    $arrayAppend(array, result.value);
  }
}

// --- for-in --------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-enumerate-object-properties: the keys to visit, as an internal array of strings */
function opForInKeys(object) {
  const o = $toObject(object);
  const keys = $forInKeysOrdinary(o);
  return keys === $hole ? $forInKeysSlow(o) : keys;
}

function forInKeysSlow(o) {
  const keys = $newArray(0);
  const visited = $newObject(null);
  do {
    const own = $ownPropertyKeys(o);
    for (let i = 0; i < own.length; i++) {
      const key = own[i];
      if (typeof key === "symbol" || $hasOwnOrdinary(visited, key)) continue;
      const d = $getOwnProperty(o, key);
      if (d === undefined) continue;
      visited[key] = true;
      if ((d[0] & 2) !== 0) $arrayAppend(keys, key);
    }
    o = $getPrototypeOf(o);
  } while (o !== null);
  return keys;
}
