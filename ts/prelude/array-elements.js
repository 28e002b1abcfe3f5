// Owns the halves of Array that copy, change or search elements where holes, accessors, species or array-likes are in the way. Must
// never read a guest's property except where the specification does.

// --- copies ----------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-flattenintoarray; mapper: may be undefined
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
  if (at >= length || at < 0) $throwRangeError("Invalid index : " + relative);
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
  if (length + count > 9007199254740991)
    $throwTypeError(
      "Pushing " + count + " elements on an array-like of length " + length + " is disallowed by ECMA-262",
    );
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
  return $joinElements(o, length, separator === undefined ? "," : $toString(separator));
}

/**
 * Does an element take locales? Those that are numbers, dates or lists of them do. Objects of the program are called without arguments,
 * as by a host without Intl.
 */
function takesLocales(v) {
  return typeof v !== "object" || $dateOf(v) || $isArray(v);
}

/** The texts of elements in locales, with options if the caller gave any. https://tc39.es/ecma402/#sup-array.prototype.tolocalestring */
function joinLocaleTexts(o, length, isGiven, locales, options) {
  let text = "";
  if ($isEntered(o)) return text;
  for (let k = 0; k < length; k++) {
    if (k > 0) text += ",";
    const v = o[k];
    if (v !== undefined && v !== null)
      text += $toString(isGiven && $takesLocales(v) ? v.toLocaleString(locales, options) : v.toLocaleString());
  }
  return text;
}

/** Joins an array. One that is being joined already is "", as in every engine: by the specification it would never end. */
function joinElements(o, length, between) {
  let text = "";
  if ($isEntered(o)) return text;
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
function arrayPrototypeToLocaleString(locales, options) {
  const isGiven = $argc() > 0;
  const o = $toObject(this);
  return $joinLocaleTexts(o, $lengthOfArrayLike(o), isGiven, locales, options);
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
  if (!$isInternal(this, 1))
    $throwTypeError("Method Array Iterator.prototype.next called on incompatible receiver " + $describe(this));
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
