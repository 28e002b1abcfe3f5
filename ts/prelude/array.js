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
  for (let i = 0; i < length; i++) if (i in o) $createDataPropertyOrThrow(result, i, $call(callback, thisArg, o[i], i, o));
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

// --- copies ----------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-flattenintoarray; mapper: undefined if there is none
function flattenIntoArray(target, source, length, start, depth, mapper, thisArg) {
  let to = start;
  for (let i = 0; i < length; i++) {
    if (!(i in source)) continue;
    let v = source[i];
    if (mapper !== undefined) v = $call(mapper, thisArg, v, i, source);
    if (depth > 0 && $isArray(v)) {
      to = $flattenIntoArray(target, v, $lengthOfArrayLike(v), to, depth - 1, undefined, undefined);
    } else {
      if (to >= 9007199254740991) $throwTypeError("Invalid array length");
      $createDataPropertyOrThrow(target, to, v);
      to++;
    }
  }
  return to;
}

// https://tc39.es/ecma262/#sec-array.prototype.flat
function arrayPrototypeFlat(depth) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let levels = 1;
  if (depth !== undefined) {
    levels = $toIntegerOrInfinity(depth);
    if (levels < 0) levels = 0;
  }
  const result = $arraySpeciesCreate(o, 0);
  $flattenIntoArray(result, o, length, 0, levels, undefined, undefined);
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.slice
function arrayPrototypeSlice(start, end) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let k = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  const result = $arraySpeciesCreate(o, final > k ? final - k : 0);
  let n = 0;
  for (; k < final; k++) {
    if (k in o) $createDataPropertyOrThrow(result, n, o[k]);
    n++;
  }
  result.length = n;
  return result;
}

// https://tc39.es/ecma262/#sec-isconcatspreadable
function isConcatSpreadable(o) {
  if (!$isObject(o)) return false;
  const spreadable = o[$Symbol_isConcatSpreadable];
  return spreadable !== undefined ? !!spreadable : $isArray(o);
}

// https://tc39.es/ecma262/#sec-array.prototype.concat
function arrayPrototypeConcat(...items) {
  const o = $toObject(this);
  const result = $arraySpeciesCreate(o, 0);
  const count = items.length;
  let n = 0;
  for (let i = -1; i < count; i++) {
    const item = i < 0 ? o : items[i];
    if ($isConcatSpreadable(item)) {
      const length = $lengthOfArrayLike(item);
      if (n + length > 9007199254740991) $throwTypeError("Invalid array length");
      for (let k = 0; k < length; k++) {
        if (k in item) $createDataPropertyOrThrow(result, n, item[k]);
        n++;
      }
    } else {
      if (n >= 9007199254740991) $throwTypeError("Invalid array length");
      $createDataPropertyOrThrow(result, n, item);
      n++;
    }
  }
  result.length = n;
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.toreversed
function arrayPrototypeToReversed() {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const result = $arrayCreate(length);
  for (let k = 0; k < length; k++) $createDataPropertyOrThrow(result, k, o[length - k - 1]);
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.tospliced
function arrayPrototypeToSpliced(start, deleteCount, ...items) {
  const given = $argc();
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const from = $relativeIndex(start, length);
  const added = items.length;
  let skipped = 0;
  if (given === 1) skipped = length - from;
  else if (given > 1) {
    skipped = $toIntegerOrInfinity(deleteCount);
    if (skipped < 0) skipped = 0;
    if (skipped > length - from) skipped = length - from;
  }
  const end = length + added - skipped;
  if (end > 9007199254740991) $throwTypeError("Invalid array length");
  const result = $arrayCreate(end);
  let i = 0;
  for (; i < from; i++) $createDataPropertyOrThrow(result, i, o[i]);
  for (let j = 0; j < added; j++) $createDataPropertyOrThrow(result, i++, items[j]);
  for (let r = from + skipped; i < end; i++) $createDataPropertyOrThrow(result, i, o[r++]);
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.with
function arrayPrototypeWith(index, value) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const relative = $toIntegerOrInfinity(index);
  const at = relative >= 0 ? relative : length + relative;
  if (at >= length || at < 0) $throwRangeError("Invalid index");
  const result = $arrayCreate(length);
  for (let k = 0; k < length; k++) $createDataPropertyOrThrow(result, k, k === at ? value : o[k]);
  return result;
}

// --- in place ----------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.push
function arrayPrototypePush(...items) {
  const o = $toObject(this);
  let length = $lengthOfArrayLike(o);
  const count = items.length;
  if (length + count > 9007199254740991) $throwTypeError("Pushing " + count + " elements on an array-like of length " + length + " is disallowed by ECMA-262");
  for (let i = 0; i < count; i++) o[length++] = items[i];
  o.length = length;
  return length;
}

// https://tc39.es/ecma262/#sec-array.prototype.pop
function arrayPrototypePop() {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length === 0) {
    o.length = 0;
    return undefined;
  }
  const last = o[length - 1];
  delete o[length - 1];
  o.length = length - 1;
  return last;
}

// https://tc39.es/ecma262/#sec-array.prototype.shift
function arrayPrototypeShift() {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length === 0) {
    o.length = 0;
    return undefined;
  }
  const first = o[0];
  for (let k = 1; k < length; k++) {
    if (k in o) o[k - 1] = o[k];
    else delete o[k - 1];
  }
  delete o[length - 1];
  o.length = length - 1;
  return first;
}

// https://tc39.es/ecma262/#sec-array.prototype.unshift
function arrayPrototypeUnshift(...items) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const count = items.length;
  if (count > 0) {
    if (length + count > 9007199254740991) $throwTypeError("Invalid array length");
    for (let k = length; k > 0; k--) {
      if (k - 1 in o) o[k + count - 1] = o[k - 1];
      else delete o[k + count - 1];
    }
    for (let j = 0; j < count; j++) o[j] = items[j];
  }
  o.length = length + count;
  return length + count;
}

// https://tc39.es/ecma262/#sec-array.prototype.splice
function arrayPrototypeSplice(start, deleteCount, ...items) {
  const given = $argc();
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const from = $relativeIndex(start, length);
  const added = items.length;
  let removed = 0;
  if (given === 1) removed = length - from;
  else if (given > 1) {
    removed = $toIntegerOrInfinity(deleteCount);
    if (removed < 0) removed = 0;
    if (removed > length - from) removed = length - from;
  }
  if (length + added - removed > 9007199254740991) $throwTypeError("Invalid array length");
  const result = $arraySpeciesCreate(o, removed);
  for (let k = 0; k < removed; k++) if (from + k in o) $createDataPropertyOrThrow(result, k, o[from + k]);
  result.length = removed;
  if (added < removed) {
    for (let k = from; k < length - removed; k++) {
      if (k + removed in o) o[k + added] = o[k + removed];
      else delete o[k + added];
    }
    for (let k = length; k > length - removed + added; k--) delete o[k - 1];
  } else if (added > removed) {
    for (let k = length - removed; k > from; k--) {
      if (k + removed - 1 in o) o[k + added - 1] = o[k + removed - 1];
      else delete o[k + added - 1];
    }
  }
  for (let j = 0; j < added; j++) o[from + j] = items[j];
  o.length = length - removed + added;
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.reverse
function arrayPrototypeReverse() {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const lowThere = low in o;
    const lowValue = lowThere ? o[low] : undefined;
    const highThere = high in o;
    const highValue = highThere ? o[high] : undefined;
    if (highThere) o[low] = highValue;
    else if (lowThere) delete o[low];
    if (lowThere) o[high] = lowValue;
    else if (highThere) delete o[high];
    low++;
    high--;
  }
  return o;
}

// https://tc39.es/ecma262/#sec-array.prototype.fill
function arrayPrototypeFill(value, start, end) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let k = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  for (; k < final; k++) o[k] = value;
  return o;
}

// https://tc39.es/ecma262/#sec-array.prototype.copywithin
function arrayPrototypeCopyWithin(target, start, end) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let to = $relativeIndex(target, length);
  let from = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  let count = final - from < length - to ? final - from : length - to;
  let step = 1;
  if (from < to && to < from + count) {
    step = -1;
    from += count - 1;
    to += count - 1;
  }
  for (; count > 0; count--) {
    if (from in o) o[to] = o[from];
    else delete o[to];
    from += step;
    to += step;
  }
  return o;
}

// --- searching -----------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.at
function arrayPrototypeAt(index) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const relative = $toIntegerOrInfinity(index);
  const at = relative >= 0 ? relative : length + relative;
  return at < 0 || at >= length ? undefined : o[at];
}

// https://tc39.es/ecma262/#sec-array.prototype.indexof
function arrayPrototypeIndexOf(wanted, fromIndex) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length === 0) return -1;
  const n = $toIntegerOrInfinity(fromIndex);
  let k = n >= 0 ? n : length + n > 0 ? length + n : 0;
  for (; k < length; k++) if (k in o && o[k] === wanted) return k;
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.lastindexof
function arrayPrototypeLastIndexOf(wanted, fromIndex) {
  const given = $argc() > 1;
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length === 0) return -1;
  const n = given ? $toIntegerOrInfinity(fromIndex) : length - 1;
  let k = n >= 0 ? (n < length - 1 ? n : length - 1) : length + n;
  for (; k >= 0; k--) if (k in o && o[k] === wanted) return k;
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.includes
function arrayPrototypeIncludes(wanted, fromIndex) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length === 0) return false;
  const n = $toIntegerOrInfinity(fromIndex);
  let k = n >= 0 ? n : length + n > 0 ? length + n : 0;
  for (; k < length; k++) if ($sameValueZero(o[k], wanted)) return true;
  return false;
}

// --- text ------------------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.join
function arrayPrototypeJoin(separator) {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const between = separator === undefined ? "," : $toString(separator);
  let text = "";
  for (let k = 0; k < length; k++) {
    if (k > 0) text += between;
    const v = o[k];
    if (v !== undefined && v !== null) text += $toString(v);
  }
  return text;
}

// https://tc39.es/ecma262/#sec-array.prototype.tostring
function arrayPrototypeToString() {
  const o = $toObject(this);
  const join = o.join;
  return $isCallable(join) ? $call(join, o) : $call($objectPrototypeToString, o);
}

// https://tc39.es/ecma262/#sec-array.prototype.tolocalestring
function arrayPrototypeToLocaleString() {
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  let text = "";
  for (let k = 0; k < length; k++) {
    if (k > 0) text += ",";
    const v = o[k];
    if (v !== undefined && v !== null) text += $toString(v.toLocaleString());
  }
  return text;
}

// --- sorting ---------------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-sortindexedproperties: an internal array, sorted
function sortIndexedProperties(o, length, comparator, skipHoles) {
  let list;
  if ($isPackedArray(o)) list = $copyRange(o, 0, length);
  else {
    list = $newArray(length);
    for (let k = 0; k < length; k++) if (!skipHoles || k in o) $arrayAppend(list, o[k]);
  }
  const n = $undefinedLast(list);
  if (n < 2) return list;
  if (comparator === undefined) return $sortTexts(list, n) ? list : $mergeSort(list, n, $compareTexts);
  if ($sortNumbers(list, n, comparator)) return list;
  return $mergeSort(list, n, comparator);
}

// SortCompare without a comparator. https://tc39.es/ecma262/#sec-comparearrayelements
function compareTexts(x, y) {
  const a = $toString(x);
  const b = $toString(y);
  return a < b ? -1 : b < a ? 1 : 0;
}

// Stable merge sort of the first n elements of an internal array: runs of 12 by binary insertion, then merges, which are
// skipped where two runs already stand in order. NaN counts as equal. Answers the array that holds the result.
function mergeSort(list, n, comparator) {
  for (let start = 0; start < n; start += 12) {
    const end = start + 12 < n ? start + 12 : n;
    for (let i = start + 1; i < end; i++) {
      const v = list[i];
      if (!(+$call(comparator, undefined, list[i - 1], v) > 0)) continue;
      let low = start;
      let high = i - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (+$call(comparator, undefined, list[middle], v) > 0) high = middle;
        else low = middle + 1;
      }
      $moveDown(list, i, low);
    }
  }
  if (n <= 12) return list;
  let source = list;
  let target = $copyRange(list, 0, list.length);
  for (let width = 12; width < n; width += width) {
    for (let low = 0; low < n; low += width + width) {
      const middle = low + width < n ? low + width : n;
      const high = middle + width < n ? middle + width : n;
      if (middle === high || !(+$call(comparator, undefined, source[middle - 1], source[middle]) > 0)) {
        $copyPart(target, low, source, low, high);
        continue;
      }
      let i = low;
      let j = middle;
      let k = low;
      let x = source[i];
      let y = source[j];
      while (true) {
        if (+$call(comparator, undefined, x, y) > 0) {
          target[k] = y;
          k++;
          if (++j === high) {
            $copyPart(target, k, source, i, middle);
            break;
          }
          y = source[j];
        } else {
          target[k] = x;
          k++;
          if (++i === middle) {
            $copyPart(target, k, source, j, high);
            break;
          }
          x = source[i];
        }
      }
    }
    const swap = source;
    source = target;
    target = swap;
  }
  return source;
}

// https://tc39.es/ecma262/#sec-array.prototype.sort
function arrayPrototypeSort(comparator) {
  if (comparator !== undefined && !$isCallable(comparator)) $throwTypeError("The comparison function must be either a function or undefined");
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  const sorted = $sortIndexedProperties(o, length, comparator, true);
  const count = sorted.length;
  if (!$writeBack(o, sorted)) for (let k = 0; k < count; k++) o[k] = sorted[k];
  for (let k = count; k < length; k++) delete o[k];
  return o;
}

// https://tc39.es/ecma262/#sec-array.prototype.tosorted
function arrayPrototypeToSorted(comparator) {
  if (comparator !== undefined && !$isCallable(comparator)) $throwTypeError("The comparison function must be either a function or undefined");
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length > 4294967295) $throwRangeError("Invalid array length");
  return $sortIndexedProperties(o, length, comparator, false);
}

// --- iterators ---------------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-array.prototype.keys
function arrayPrototypeKeys() {
  return $newArrayIterator($toObject(this), 0);
}
// https://tc39.es/ecma262/#sec-array.prototype.values
function arrayPrototypeValues() {
  return $newArrayIterator($toObject(this), 1);
}
// https://tc39.es/ecma262/#sec-array.prototype.entries
function arrayPrototypeEntries() {
  return $newArrayIterator($toObject(this), 2);
}

// https://tc39.es/ecma262/#sec-%arrayiteratorprototype%.next
function arrayIteratorPrototypeNext() {
  if (!$isInternal(this, 1)) $throwTypeError("next method called on incompatible receiver " + $describe(this));
  const o = $slot(this, 0);
  if (o === undefined) return { value: undefined, done: true };
  const index = $slot(this, 1);
  const kind = $slot(this, 2);
  const length = $iterationLength(o);
  if (index >= length) {
    $setSlot(this, 0, undefined);
    return { value: undefined, done: true };
  }
  $setSlot(this, 1, index + 1);
  if (kind === 0) return { value: index, done: false };
  const v = o[index];
  return { value: kind === 1 ? v : [index, v], done: false };
}

// Typed arrays have a length of their own, which throws when their buffer is gone.
function iterationLength(o) {
  const length = $typedArrayLengthOrHole(o);
  return length === $hole ? $lengthOfArrayLike(o) : length;
}
