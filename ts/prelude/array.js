// Owns the halves of Array that may call guest code: callbacks, array-likes, holes that prototypes fill, species. Must never
// read a guest's property except where the specification does.
//
// Loops over a plain array (arrayLoop >= 0) ask `i in a` only when the element reads as undefined: on such an array nothing
// can tell the difference.

function requireCallable(f) {
  if (!$isCallable(f)) $throwTypeError($describe(f) + " is not a function");
}

/** A relative index clamped to 0 … length. */
function relativeIndex(v, length) {
  const n = $toIntegerOrInfinity(v);
  if (n >= 0) return n < length ? n : length;
  return n + length > 0 ? n + length : 0;
}

function relativeEnd(v, length) {
  return v === undefined ? length : $relativeIndex(v, length);
}

// --- construction --------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array for subclasses and other new targets
function arrayConstructor(...values) {
  "use constructor";
  const proto = $getPrototypeFromConstructor(new.target, $ArrayPrototype);
  const count = values.length;
  if (count === 1 && typeof values[0] === "number") {
    const length = values[0];
    if (length >>> 0 !== length) $throwRangeError("Invalid array length");
    return $arrayCreate(length, proto);
  }
  const array = $arrayCreate(0, proto);
  for (let i = 0; i < count; i++) $arrayAppend(array, values[i]);
  return array;
}

// https://tc39.es/ecma262/#sec-get-array-@@species
function getArraySymbolSpecies() {
  return this;
}

// https://tc39.es/ecma262/#sec-arrayspeciescreate
function arraySpeciesCreate(original, length) {
  if (!$isArray(original)) return $arrayCreate(length);
  let c = original.constructor;
  if ($isObject(c)) {
    c = c[$Symbol_species];
    if (c === null) c = undefined;
  }
  if (c === undefined) return $arrayCreate(length);
  if (!$isConstructor(c)) $throwTypeError("object.constructor[Symbol.species] is not a constructor");
  return $construct(c, c, length);
}

// https://tc39.es/ecma262/#sec-array.from
function arrayFrom(items, mapper, thisArg) {
  const c = this;
  const mapping = mapper !== undefined;
  if (mapping) $requireCallable(mapper);
  const method = $getMethod(items, $Symbol_iterator);
  if (method !== undefined) {
    if (!mapping && c === $Array) {
      const list = $listOfIterable(items, method);
      if (list !== $hole) return list;
    }
    const target = $isConstructor(c) ? $construct(c, c) : $newArray(0);
    const iterator = $call(method, items);
    if (!$isObject(iterator)) $throwTypeError("Result of the Symbol.iterator method is not an object");
    const next = iterator.next;
    let k = 0;
    while (true) {
      let v = $iteratorStep(iterator, next);
      if (v === $hole) {
        target.length = k;
        return target;
      }
      try {
        if (mapping) v = $call(mapper, thisArg, v, k);
        $createDataPropertyOrThrow(target, k, v);
      } catch (error) {
        $iteratorCloseQuietly(iterator);
        throw error;
      }
      k++;
    }
  }
  const source = $toObject(items);
  const length = $lengthOfArrayLike(source);
  if (c === $Array) {
    if (length > 4294967295) $throwRangeError("Invalid array length");
    const list = $newArray(length);
    for (let k = 0; k < length; k++) $arrayAppend(list, mapping ? $call(mapper, thisArg, source[k], k) : source[k]);
    return list;
  }
  const target = $isConstructor(c) ? $construct(c, c, length) : $arrayCreate(length);
  for (let k = 0; k < length; k++) {
    const v = source[k];
    $createDataPropertyOrThrow(target, k, mapping ? $call(mapper, thisArg, v, k) : v);
  }
  target.length = length;
  return target;
}

// https://tc39.es/ecma262/#sec-array.fromasync
async function arrayFromAsync(items, mapper, thisArg) {
  const c = this;
  const mapping = mapper !== undefined;
  if (mapping) $requireCallable(mapper);
  const asyncMethod = $getMethod(items, $Symbol_asyncIterator);
  const syncMethod = asyncMethod === undefined ? $getMethod(items, $Symbol_iterator) : undefined;
  if (asyncMethod === undefined && syncMethod === undefined) {
    const source = $toObject(items);
    const length = $lengthOfArrayLike(source);
    const target = $isConstructor(c) ? $construct(c, c, length) : $arrayCreate(length);
    for (let k = 0; k < length; k++) {
      let v = await source[k];
      if (mapping) v = await $call(mapper, thisArg, v, k);
      $createDataPropertyOrThrow(target, k, v);
    }
    target.length = length;
    return target;
  }
  const target = $isConstructor(c) ? $construct(c, c) : $newArray(0);
  let iterator;
  if (asyncMethod !== undefined) {
    iterator = $call(asyncMethod, items);
    if (!$isObject(iterator)) $throwTypeError("Result of the Symbol.asyncIterator method is not an object");
  } else {
    const inner = $call(syncMethod, items);
    if (!$isObject(inner)) $throwTypeError("Result of the Symbol.iterator method is not an object");
    iterator = $createAsyncFromSyncIterator(inner, inner.next);
  }
  const next = iterator.next;
  let k = 0;
  while (true) {
    const result = await $call(next, iterator);
    if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
    if (result.done) {
      target.length = k;
      return target;
    }
    let v = result.value;
    try {
      if (mapping) v = await $call(mapper, thisArg, v, k);
      $createDataPropertyOrThrow(target, k, v);
    } catch (error) {
      try {
        const method = iterator.return;
        if (method !== undefined && method !== null) await $call(method, iterator);
      } catch {
        // the first exception wins
      }
      throw error;
    }
    k++;
  }
}

// https://tc39.es/ecma262/#sec-array.of
function arrayOf(...items) {
  const c = this;
  const length = items.length;
  const target = $isConstructor(c) ? $construct(c, c, length) : $arrayCreate(length);
  for (let k = 0; k < length; k++) $createDataPropertyOrThrow(target, k, items[k]);
  target.length = length;
  return target;
}

// --- callbacks -----------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.foreach
function arrayPrototypeForEach(callback, thisArg) {
  const a = this;
  let length = $arrayLoop(a, callback);
  if (length >= 0) {
    for (let i = 0; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) continue;
      $call(callback, thisArg, v, i, a);
    }
    return;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  for (let i = 0; i < length; i++) if (i in o) $call(callback, thisArg, o[i], i, o);
}

// https://tc39.es/ecma262/#sec-array.prototype.map
function arrayPrototypeMap(callback, thisArg) {
  const a = this;
  let length = $arrayLoop(a, callback);
  if (length >= 0 && $hasArraySpecies(a)) {
    const result = $newArray(length);
    for (let i = 0; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) $arrayAppend(result, $hole);
      else $arrayAppend(result, $call(callback, thisArg, v, i, a));
    }
    return result;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  const result = $arraySpeciesCreate(o, length);
  for (let i = 0; i < length; i++)
    if (i in o) $createDataPropertyOrThrow(result, i, $call(callback, thisArg, o[i], i, o));
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.filter
function arrayPrototypeFilter(callback, thisArg) {
  const a = this;
  let length = $arrayLoop(a, callback);
  if (length >= 0 && $hasArraySpecies(a)) {
    const result = $newArray(0);
    for (let i = 0; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) continue;
      if ($call(callback, thisArg, v, i, a)) $arrayAppend(result, v);
    }
    return result;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  const result = $arraySpeciesCreate(o, 0);
  let to = 0;
  for (let i = 0; i < length; i++) {
    if (!(i in o)) continue;
    const v = o[i];
    if ($call(callback, thisArg, v, i, o)) $createDataPropertyOrThrow(result, to++, v);
  }
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.some
function arrayPrototypeSome(callback, thisArg) {
  const a = this;
  let length = $arrayLoop(a, callback);
  if (length >= 0) {
    for (let i = 0; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) continue;
      if ($call(callback, thisArg, v, i, a)) return true;
    }
    return false;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  for (let i = 0; i < length; i++) if (i in o && $call(callback, thisArg, o[i], i, o)) return true;
  return false;
}

// https://tc39.es/ecma262/#sec-array.prototype.every
function arrayPrototypeEvery(callback, thisArg) {
  const a = this;
  let length = $arrayLoop(a, callback);
  if (length >= 0) {
    for (let i = 0; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) continue;
      if (!$call(callback, thisArg, v, i, a)) return false;
    }
    return true;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  for (let i = 0; i < length; i++) if (i in o && !$call(callback, thisArg, o[i], i, o)) return false;
  return true;
}

// https://tc39.es/ecma262/#sec-array.prototype.find
function arrayPrototypeFind(predicate, thisArg) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  $requireCallable(predicate);
  for (let i = 0; i < length; i++) {
    const v = o[i];
    if ($call(predicate, thisArg, v, i, o)) return v;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.findindex
function arrayPrototypeFindIndex(predicate, thisArg) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  $requireCallable(predicate);
  for (let i = 0; i < length; i++) if ($call(predicate, thisArg, o[i], i, o)) return i;
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.findlast
function arrayPrototypeFindLast(predicate, thisArg) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  $requireCallable(predicate);
  for (let i = length - 1; i >= 0; i--) {
    const v = o[i];
    if ($call(predicate, thisArg, v, i, o)) return v;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.findlastindex
function arrayPrototypeFindLastIndex(predicate, thisArg) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  $requireCallable(predicate);
  for (let i = length - 1; i >= 0; i--) if ($call(predicate, thisArg, o[i], i, o)) return i;
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.reduce
function arrayPrototypeReduce(callback, initial) {
  const given = $argc() > 1;
  const a = this;
  let length = $arrayLoop(a, callback);
  let i = 0;
  let result = initial;
  if (length > 0) {
    if (!given) {
      while (i < length && !(i in a)) i++;
      if (i === length) $throwTypeError("Reduce of empty array with no initial value");
      result = a[i++];
    }
    for (; i < length; i++) {
      const v = a[i];
      if (v === undefined && !(i in a)) continue;
      result = $call(callback, undefined, result, v, i, a);
    }
    return result;
  }
  const o = $toObject(a);
  length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  if (!given) {
    while (i < length && !(i in o)) i++;
    if (i >= length) $throwTypeError("Reduce of empty array with no initial value");
    result = o[i++];
  }
  for (; i < length; i++) if (i in o) result = $call(callback, undefined, result, o[i], i, o);
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.reduceright
function arrayPrototypeReduceRight(callback, initial) {
  const given = $argc() > 1;
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  $requireCallable(callback);
  let i = length - 1;
  let result = initial;
  if (!given) {
    while (i >= 0 && !(i in o)) i--;
    if (i < 0) $throwTypeError("Reduce of empty array with no initial value");
    result = o[i--];
  }
  for (; i >= 0; i--) if (i in o) result = $call(callback, undefined, result, o[i], i, o);
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.flatmap
function arrayPrototypeFlatMap(mapper, thisArg) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (!$isCallable(mapper)) $throwTypeError("flatMap mapper function is not callable");
  if ($hasArraySpecies(o)) {
    const list = $newArray(0);
    for (let i = 0; i < length; i++) {
      if (!(i in o)) continue;
      const v = $call(mapper, thisArg, o[i], i, o);
      if (!$isArray(v)) $arrayAppend(list, v);
      else {
        const count = $lengthOfArrayLike(v);
        for (let j = 0; j < count; j++) if (j in v) $arrayAppend(list, v[j]);
      }
    }
    return list;
  }
  const result = $arraySpeciesCreate(o, 0);
  $flattenIntoArray(result, o, length, 0, 1, mapper, thisArg);
  return result;
}
