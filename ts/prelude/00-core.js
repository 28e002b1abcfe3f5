// Owns the abstract operations that the whole prelude shares. Must never be observable in itself: every guest effect here is
// one that the specification names.
//
// Keys: $toPropertyKey returns a property key of the machine: a string, a symbol or an integer index.
// Descriptors: the prelude holds a property descriptor as a fresh array [flags, value, getter, setter]; flags are
// writable 1, enumerable 2, configurable 4, and which fields are there: value 16, writable 32, enumerable 64,
// configurable 128, get 256, set 512.
// Natives that know ordinary objects only return $hole for a proxy.

// --- conversions ---------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-toprimitive; hint: "default", "number" or "string" */
function toPrimitive(v, hint) {
  if (!$isObject(v)) return v;
  const exotic = v[$Symbol_toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    if (!$isCallable(exotic)) $throwTypeError($typedText(exotic) + " is not a function");
    const result = $call(exotic, v, hint);
    if (!$isObject(result)) return result;
    $throwTypeError("Cannot convert object to primitive value");
  }
  return $ordinaryToPrimitive(v, hint);
}

/** https://tc39.es/ecma262/#sec-ordinarytoprimitive */
function ordinaryToPrimitive(o, hint) {
  const first = hint === "string" ? o.toString : o.valueOf;
  if ($isCallable(first)) {
    const result = $call(first, o);
    if (!$isObject(result)) return result;
  }
  const second = hint === "string" ? o.valueOf : o.toString;
  if ($isCallable(second)) {
    const result = $call(second, o);
    if (!$isObject(result)) return result;
  }
  $throwTypeError("Cannot convert object to primitive value");
}

/** https://tc39.es/ecma262/#sec-tonumber */
function toNumber(v) {
  return $toNumberPrimitive($isObject(v) ? $toPrimitive(v, "number") : v);
}

/** https://tc39.es/ecma262/#sec-tonumeric */
function toNumeric(v) {
  if ($isObject(v)) v = $toPrimitive(v, "number");
  return typeof v === "bigint" ? v : $toNumberPrimitive(v);
}

/** https://tc39.es/ecma262/#sec-tostring */
function toString(v) {
  if (typeof v === "string") return v;
  return $toStringPrimitive($isObject(v) ? $toPrimitive(v, "string") : v);
}

/** https://tc39.es/ecma262/#sec-topropertykey */
function toPropertyKey(v) {
  return $toKeyPrimitive($isObject(v) ? $toPrimitive(v, "string") : v);
}

/** https://tc39.es/ecma262/#sec-tointegerorinfinity; never -0 */
function toIntegerOrInfinity(v) {
  return $truncate($isObject(v) ? $toPrimitive(v, "number") : v);
}

/** https://tc39.es/ecma262/#sec-tolength */
function toLength(v) {
  return $clampLength($isObject(v) ? $toPrimitive(v, "number") : v);
}

/** https://tc39.es/ecma262/#sec-toindex; `message` with `%` for the number, of a value that is not an index */
function toIndex(v, message) {
  if (v === undefined) return 0;
  const n = $toIntegerOrInfinity(v);
  if (n < 0 || n > 9007199254740991) {
    const at = $stringIndexOf(message, "%", 0);
    $throwRangeError(
      at < 0 ? message : $stringSlice(message, 0, at) + n + $stringSlice(message, at + 1, message.length),
    );
  }
  return n;
}

/** https://tc39.es/ecma262/#sec-lengthofarraylike */
function lengthOfArrayLike(o) {
  const length = o.length;
  return $clampLength($isObject(length) ? $toPrimitive(length, "number") : length);
}

/**
 * https://tc39.es/ecma262/#sec-createlistfromarraylike: an internal array, for a call. One that is longer than any call may be
 * (MAX_CALL_ARGUMENTS) is refused before it is made; between the two bounds the call itself refuses it.
 */
function createListFromArrayLike(o) {
  if (!$isObject(o)) $throwTypeError("CreateListFromArrayLike called on non-object");
  const length = $lengthOfArrayLike(o);
  if (length > 0x20000)
    $throwRangeError(length < 0x8000000 ? "Maximum call stack size exceeded" : "Invalid array length");
  const list = $newArray(length);
  for (let i = 0; i < length; i++) $arrayAppend(list, o[i]);
  return list;
}

// --- objects -------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-getmethod */
function getMethod(v, key) {
  const f = v[key];
  if (f === undefined || f === null) return undefined;
  if (!$isCallable(f)) $throwTypeError($typedText(f) + " is not a function");
  return f;
}

/** https://tc39.es/ecma262/#sec-speciesconstructor */
function speciesConstructor(o, defaultConstructor) {
  const c = o.constructor;
  if (c === undefined) return defaultConstructor;
  if (!$isObject(c)) $throwTypeError("The .constructor property is not an object");
  const s = c[$Symbol_species];
  if (s === undefined || s === null) return defaultConstructor;
  if (!$isConstructor(s)) $throwTypeError("object.constructor[Symbol.species] is not a constructor");
  return s;
}

/** https://tc39.es/ecma262/#sec-getprototypefromconstructor; one realm: the default is given as an object */
function getPrototypeFromConstructor(newTarget, defaultPrototype) {
  if (newTarget === undefined) return defaultPrototype;
  const prototype = newTarget.prototype;
  if ($isObject(prototype)) return prototype;
  // GetFunctionRealm, of which there is one: only a revoked proxy has no realm.
  while ($isProxy(newTarget)) {
    $proxyHandlerOf(newTarget, "construct");
    newTarget = $proxyTarget(newTarget);
  }
  return defaultPrototype;
}

/** https://tc39.es/ecma262/#sec-createdataproperty: true or false */
function createDataProperty(o, key, value) {
  const done = $createDataOrdinary(o, key, value);
  return done === $hole ? $defineExotic(o, key, [247, value, undefined, undefined]) : done;
}

/** https://tc39.es/ecma262/#sec-createdatapropertyorthrow */
function createDataPropertyOrThrow(o, key, value) {
  let done = $createDataOrdinary(o, key, value);
  if (done === $hole) done = $defineExotic(o, key, [247, value, undefined, undefined]);
  if (!done) $refuseDefinition(o, key);
}

/** DefinePropertyOrThrow of a data property; attributes: writable 1, enumerable 2, configurable 4. https://tc39.es/ecma262/#sec-definepropertyorthrow */
function definePropertyOrThrow(o, key, value, attributes) {
  if (!$defineOwnProperty(o, key, [240 | attributes, value, undefined, undefined])) $refuseDefinition(o, key);
}

/** A definition that was refused. */
function refuseDefinition(o, key) {
  if ($isProxy(o) && !$isNamespace(o))
    $throwTypeError("'defineProperty' on proxy: trap returned falsish for property '" + $keyText(key) + "'");
  if (!$hasOwn(o, key)) $throwTypeError("Cannot define property " + $keyText(key) + ", object is not extensible");
  $throwTypeError("Cannot redefine property: " + $keyText(key));
}

/** https://tc39.es/ecma262/#sec-hasownproperty; key: a property key */
function hasOwn(o, key) {
  const has = $hasOwnOrdinary(o, key);
  return has === $hole ? $proxyGetOwnProperty(o, key) !== undefined : has;
}

/** https://tc39.es/ecma262/#sec-hasproperty */
function hasProperty(o, key) {
  const has = $hasOrdinary(o, key);
  return has === $hole ? $hasSlow(o, key) : has;
}

/** HasProperty where a proxy is in the chain. https://tc39.es/ecma262/#sec-ordinaryhasproperty */
function hasSlow(o, key) {
  do {
    const has = $hasOwnOrdinary(o, key);
    if (has === $hole) return $proxyHas(o, key);
    if (has) return true;
    if ($isElement(o, key)) return false;
    o = $prototypeOfOrdinary(o);
  } while (o !== null);
  return false;
}

/** [[Delete]]: true or false */
function deleteProperty(o, key) {
  const done = $deleteOrdinary(o, key);
  return done === $hole ? $proxyDelete(o, key) : done;
}

/** A deletion that was refused. */
function refuseDeletion(o, key) {
  if ($isNamespace(o)) $throwTypeError("Cannot delete property '" + $keyText(key) + "' of [object Module]");
  if ($isProxy(o))
    $throwTypeError("'deleteProperty' on proxy: trap returned falsish for property '" + $keyText(key) + "'");
  $throwTypeError("Cannot delete property '" + $keyText(key) + "' of " + $describe(o));
}

/** Set(o, key, value, true) */
function setOrThrow(o, key, value) {
  o[key] = value;
}

// --- internal methods (proxies included) ----------------------------------------------------------------------------

/** [[GetPrototypeOf]] */
function getPrototypeOf(o) {
  const prototype = $prototypeOfOrdinary(o);
  return prototype === $hole ? $proxyGetPrototypeOf(o) : prototype;
}

/** [[SetPrototypeOf]]: true or false */
function setPrototypeOf(o, prototype) {
  const done = $setPrototypeOrdinary(o, prototype);
  return done === $hole ? $proxySetPrototypeOf(o, prototype) : done;
}

/** [[IsExtensible]] */
function isExtensible(o) {
  const extensible = $isExtensibleOrdinary(o);
  return extensible === $hole ? $proxyIsExtensible(o) : extensible;
}

/** [[PreventExtensions]]: true or false */
function preventExtensions(o) {
  const done = $preventExtensionsOrdinary(o);
  return done === $hole ? $proxyPreventExtensions(o) : done;
}

/** [[GetOwnProperty]]: a descriptor of the prelude or undefined */
function getOwnProperty(o, key) {
  const descriptor = $getOwnOrdinary(o, key);
  return descriptor === $hole ? $proxyGetOwnProperty(o, key) : descriptor;
}

/** [[DefineOwnProperty]] with a descriptor of the prelude: true or false */
function defineOwnProperty(o, key, d) {
  if ((d[0] & 16) !== 0 && $isArrayLength(o, key)) return $defineOwnLength(o, key, d);
  const done = $defineOrdinary(o, key, d[0], d[1], d[2], d[3]);
  return done === $hole ? $defineExotic(o, key, d) : done;
}

/** ArraySetLength, steps 3 to 5: the conversions come before everything else. https://tc39.es/ecma262/#sec-arraysetlength */
function defineOwnLength(array, key, d) {
  const length = $toArrayLength(d[1]);
  return $defineOrdinary(array, key, d[0], length, d[2], d[3]);
}

/** The value of an array's length from anything: two conversions, as the specification has it. */
function toArrayLength(v) {
  const length = $toNumber(v) >>> 0;
  if (length !== $toNumber(v)) $throwRangeError("Invalid array length");
  return length;
}

/** [[OwnPropertyKeys]]: an internal array of strings and symbols */
function ownPropertyKeys(o) {
  const keys = $ownKeysOrdinary(o, 3);
  return keys === $hole ? $proxyOwnKeys(o) : keys;
}

// --- iterators -----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-getiteratordirect; returns the next method, the iterator is o itself */
function getIteratorDirect(o) {
  if (!$isObject(o)) $throwTypeError($describe(o) + " is not an object");
  return o.next;
}

/** https://tc39.es/ecma262/#sec-iteratorstepvalue: the value, or $hole when done */
function iteratorStep(iterator, next) {
  const result = $call(next, iterator);
  if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  if (result.done) return $hole;
  return result.value;
}

/** https://tc39.es/ecma262/#sec-iteratorclose with a normal completion */
function iteratorClose(iterator) {
  const method = iterator.return;
  if (method === undefined || method === null) return;
  const result = $call(method, iterator);
  if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
}

/** IteratorClose while an exception is under way: nothing it does counts. */
function iteratorCloseQuietly(iterator) {
  try {
    const method = iterator.return;
    if (method !== undefined && method !== null) $call(method, iterator);
  } catch {
    // the first exception wins
  }
}
