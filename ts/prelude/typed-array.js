// Owns the halves of typed arrays that may call guest code: construction, species, callbacks, conversions of elements. Must never hold
// a length for longer than the specification does: guest code may resize or detach a buffer whenever it runs.
// https://tc39.es/ecma262/#sec-typedarray-objects

// The interpreter recognises the native by its prelude half, which is never reached.
function getTypedArrayPrototypeLength() {}

// --- elements -------------------------------------------------------------------------------------------------------------

/** The value as elements of that type have it: a number or a BigInt. */
function toElement(type, v) {
  return type > 9 ? $toBigInt(v) : $toNumber(v);
}

/** Assignment of what has to be converted. https://tc39.es/ecma262/#sec-typedarraysetelement */
function setElement(o, key, v) {
  v = $toElement($typedKind(o), v);
  o[key] = v;
}

/** [[DefineOwnProperty]] of a proxy, or of an element with a value to convert: true or false. */
function defineExotic(o, key, d) {
  const type = $typedKind(o);
  if (type < 0) return $proxyDefineOwnProperty(o, key, d);
  if (!$defineOrdinary(o, key, d[0] & ~16, undefined, d[2], d[3])) return false;
  $setElement(o, key, d[1]);
  return true;
}

// --- construction -----------------------------------------------------------------------------------------------------------

function typedConstructorOf(type) {
  switch (type) {
    case 0:
      return $int8ArrayConstructor;
    case 1:
      return $uint8ArrayConstructor;
    case 2:
      return $uint8ClampedArrayConstructor;
    case 3:
      return $int16ArrayConstructor;
    case 4:
      return $uint16ArrayConstructor;
    case 5:
      return $int32ArrayConstructor;
    case 6:
      return $uint32ArrayConstructor;
    case 7:
      return $float16ArrayConstructor;
    case 8:
      return $float32ArrayConstructor;
    case 9:
      return $float64ArrayConstructor;
    case 10:
      return $bigInt64ArrayConstructor;
    default:
      return $bigUint64ArrayConstructor;
  }
}

function sizeOfType(type) {
  return type < 3 ? 1 : type < 5 || type === 7 ? 2 : type === 5 || type === 6 || type === 8 ? 4 : 8;
}

/** A new typed array with a buffer of its own. https://tc39.es/ecma262/#sec-allocatetypedarray */
function createTyped(type, proto, length) {
  const buffer = $createBuffer($arrayBufferConstructor.prototype, length * $sizeOfType(type), undefined);
  return $createView(type, proto, buffer, 0, length);
}
/** https://tc39.es/ecma262/#sec-typedarraycreatesametype */
function createSameType(o, length) {
  const type = $typedKind(o);
  return $createTyped(type, $typedConstructorOf(type).prototype, length);
}

/** Stores the values of an internal array in a typed array, converted. */
function storeAll(target, list) {
  const length = list.length;
  for (let k = $typedStoreList(target, 0, list); k < length; k++) target[k] = list[k];
}

/** The values of an iterable as an internal array. https://tc39.es/ecma262/#sec-iteratortolist */
function listFromMethod(iterable, method) {
  const known = $listOfIterable(iterable, method);
  if (known !== $hole) return known;
  const iterator = $call(method, iterable);
  if (!$isObject(iterator)) $throwTypeError("Result of the Symbol.iterator method is not an object");
  const next = iterator.next;
  const list = $newArray(0);
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return list;
    $arrayAppend(list, v);
  }
}

/** https://tc39.es/ecma262/#sec-typedarray, of the constructor for that type */
function constructTyped(type, newTarget, first, byteOffset, length) {
  if (newTarget === undefined) $throwTypeError("Constructor " + $typedNameOf(type) + " requires 'new'");
  const fallback = $typedConstructorOf(type).prototype;
  if (!$isObject(first)) {
    const n = $toIndex(first, "Invalid typed array length: %");
    return $createTyped(type, $getPrototypeFromConstructor(newTarget, fallback), n);
  }
  const proto = $getPrototypeFromConstructor(newTarget, fallback);
  if ($isBuffer(first)) return $typedFromBuffer(type, proto, first, byteOffset, length);
  if ($typedKind(first) >= 0) return $typedFromTyped(type, proto, first);
  const method = $getMethod(first, $Symbol_iterator);
  if (method !== undefined) {
    const list = $listFromMethod(first, method);
    const target = $createTyped(type, proto, list.length);
    $storeAll(target, list);
    return target;
  }
  const n = $lengthOfArrayLike(first);
  const target = $createTyped(type, proto, n);
  for (let k = 0; k < n; k++) target[k] = first[k];
  return target;
}

/** https://tc39.es/ecma262/#sec-initializetypedarrayfromtypedarray */
function typedFromTyped(type, proto, source) {
  const n = $validateTyped(source);
  const target = $createTyped(type, proto, n);
  if (type > 9 !== $typedKind(source) > 9)
    $throwTypeError("Cannot mix BigInt and other types, use explicit conversions");
  $typedMove(target, 0, source, 0, n);
  return target;
}

/** https://tc39.es/ecma262/#sec-initializetypedarrayfromarraybuffer */
function typedFromBuffer(type, proto, buffer, byteOffset, length) {
  const size = $sizeOfType(type);
  const offset = $toIndex(byteOffset, "Start offset % is outside the bounds of the buffer");
  if (offset % size !== 0)
    $throwRangeError("start offset of " + $typedNameOf(type) + " should be a multiple of " + size);
  const n = length === undefined ? 0 : $toIndex(length, "Invalid typed array length: %");
  if ($bufferDetached(buffer)) $throwTypeError("Cannot perform Construct on a detached ArrayBuffer");
  const bytes = $bufferLength(buffer);
  if (length !== undefined) {
    if (offset + n * size > bytes) $throwRangeError("Invalid typed array length: " + n);
    return $createView(type, proto, buffer, offset, n);
  }
  if ($bufferResizable(buffer)) {
    if (offset > bytes) $throwRangeError("Start offset " + offset + " is outside the bounds of the buffer");
    return $createView(type, proto, buffer, offset, undefined);
  }
  if (bytes % size !== 0) $throwRangeError("byte length of " + $typedNameOf(type) + " should be a multiple of " + size);
  if (offset > bytes) $throwRangeError("Start offset " + offset + " is outside the bounds of the buffer");
  return $createView(type, proto, buffer, offset, (bytes - offset) / size);
}

/** https://tc39.es/ecma262/#sec-%typedarray% */
function typedArrayConstructor() {
  "use constructor";
  $throwTypeError("Abstract class TypedArray not directly constructable");
}
function int8ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(0, new.target, first, byteOffset, length);
}
function uint8ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(1, new.target, first, byteOffset, length);
}
function uint8ClampedArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(2, new.target, first, byteOffset, length);
}
function int16ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(3, new.target, first, byteOffset, length);
}
function uint16ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(4, new.target, first, byteOffset, length);
}
function int32ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(5, new.target, first, byteOffset, length);
}
function uint32ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(6, new.target, first, byteOffset, length);
}
function float16ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(7, new.target, first, byteOffset, length);
}
function float32ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(8, new.target, first, byteOffset, length);
}
function float64ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(9, new.target, first, byteOffset, length);
}
function bigInt64ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(10, new.target, first, byteOffset, length);
}
function bigUint64ArrayConstructor(first, byteOffset, length) {
  "use constructor";
  return $constructTyped(11, new.target, first, byteOffset, length);
}

/** https://tc39.es/ecma262/#sec-typedarraycreatefromconstructor with a length */
function createTypedFrom(c, length) {
  const created = $construct(c, c, length);
  if ($validateTyped(created) < length)
    $throwTypeError("Derived TypedArray constructor created an array which was too small");
  return created;
}
function requireSameContent(o, created) {
  if ($typedKind(o) > 9 !== $typedKind(created) > 9) $throwTypeError("Content type of the species does not match");
}
/** https://tc39.es/ecma262/#sec-typedarray-create-same-type with a length */
function typedSpeciesCreate(o, length) {
  const c = $speciesConstructor(o, $typedConstructorOf($typedKind(o)));
  const created = $createTypedFrom(c, length);
  $requireSameContent(o, created);
  return created;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.from */
function typedArrayFrom(source, mapper, thisArg) {
  if (!$isConstructor(this)) $throwTypeError($describe(this) + " is not a constructor");
  const mapping = mapper !== undefined;
  if (mapping) $requireCallable(mapper);
  const method = $getMethod(source, $Symbol_iterator);
  let from;
  let n;
  if (method !== undefined) {
    from = $listFromMethod(source, method);
    n = from.length;
  } else {
    from = $toObject(source);
    n = $lengthOfArrayLike(from);
  }
  const target = $createTypedFrom(this, n);
  if (!mapping && method !== undefined) $storeAll(target, from);
  else for (let k = 0; k < n; k++) target[k] = mapping ? $call(mapper, thisArg, from[k], k) : from[k];
  return target;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.of */
function typedArrayOf(...items) {
  if (!$isConstructor(this)) $throwTypeError($describe(this) + " is not a constructor");
  const target = $createTypedFrom(this, items.length);
  $storeAll(target, items);
  return target;
}

// --- copies -------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.set */
function typedArrayPrototypeSet(source, offset) {
  const type = $typedKind(this);
  if (type < 0) $throwTypeError("this is not a typed array.");
  const at = $toIntegerOrInfinity(offset);
  if (at < 0) $throwRangeError("offset is out of bounds");
  const length = $validateTyped(this);
  if ($typedKind(source) >= 0) {
    const n = $validateTyped(source);
    if (type > 9 !== $typedKind(source) > 9)
      $throwTypeError("Cannot mix BigInt and other types, use explicit conversions");
    if (n + at > length) $throwRangeError("offset is out of bounds");
    $typedMove(this, at, source, 0, n);
    return;
  }
  const from = $toObject(source);
  const n = $lengthOfArrayLike(from);
  if (n + at > length) $throwRangeError("offset is out of bounds");
  for (let k = $isPackedArray(from) ? $typedStoreList(this, at, from) : 0; k < n; k++) this[at + k] = from[k];
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.slice */
function typedArrayPrototypeSlice(start, end) {
  const length = $validateTyped(this);
  const first = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  const n = final > first ? final - first : 0;
  const target = $typedSpeciesCreate(this, n);
  if (n > 0) {
    const now = $validateTyped(this);
    $typedMove(target, 0, this, first, final < now ? final - first : now - first, true);
  }
  return target;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.subarray */
function typedArrayPrototypeSubarray(start, end) {
  const type = $typedKind(this);
  if (type < 0)
    $throwTypeError("Method %TypedArray%.prototype.subarray called on incompatible receiver " + $describe(this));
  const buffer = $viewBuffer(this);
  const length = $viewSize(this);
  const first = $relativeIndex(start, length);
  const offset = $viewOffset(this) + first * $sizeOfType(type);
  const tracking = $viewTracks(this) && end === undefined;
  const final = $relativeEnd(end, length);
  const c = $speciesConstructor(this, $typedConstructorOf(type));
  const created = tracking
    ? $construct(c, c, buffer, offset)
    : $construct(c, c, buffer, offset, final > first ? final - first : 0);
  $validateTyped(created);
  $requireSameContent(this, created);
  return created;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.copywithin */
function typedArrayPrototypeCopyWithin(target, start, end) {
  const length = $validateTyped(this);
  const to = $relativeIndex(target, length);
  const from = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  const n = final - from < length - to ? final - from : length - to;
  if (n > 0) {
    $validateTyped(this);
    $typedMove(this, to, this, from, n);
  }
  return this;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.fill */
function typedArrayPrototypeFill(value, start, end) {
  const length = $validateTyped(this);
  value = $toElement($typedKind(this), value);
  const first = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  $validateTyped(this);
  $typedFill(this, value, first, final);
  return this;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.with */
function typedArrayPrototypeWith(index, value) {
  const length = $validateTyped(this);
  const relative = $toIntegerOrInfinity(index);
  const at = relative >= 0 ? relative : length + relative;
  value = $toElement($typedKind(this), value);
  if (at < 0 || at >= $viewSize(this)) $throwRangeError("Invalid typed array index");
  const copy = $createSameType(this, length);
  $typedMove(copy, 0, this, 0, length);
  // Elements that are gone read as undefined.
  for (let k = $viewSize(this); k < length; k++) copy[k] = undefined;
  copy[at] = value;
  return copy;
}

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.reverse */
function typedArrayPrototypeReverse() {
  $validateTyped(this);
  $typedReverse(this);
  return this;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.toreversed */
function typedArrayPrototypeToReversed() {
  const length = $validateTyped(this);
  const copy = $createSameType(this, length);
  $typedMove(copy, 0, this, 0, length);
  $typedReverse(copy);
  return copy;
}

/** Sorts elements by the comparator, into target. https://tc39.es/ecma262/#sec-sortindexedproperties */
function sortTyped(o, length, comparator, target) {
  let list = $newArray(length);
  for (let k = 0; k < length; k++) $arrayAppend(list, o[k]);
  if (length > 1 && !$sortNumbers(list, length, comparator)) {
    const sorted = $copyRange(list, 0, length);
    $sortHalves(list, 0, length, sorted, comparator);
    list = sorted;
  }
  for (let k = $typedStoreList(target, 0, list); k < length; k++) target[k] = list[k];
  return target;
}

/** Sorts source[from … to) into target, which has the same elements there. Who is compared with whom is as in V8: programs can see it. */
function sortHalves(source, from, to, target, comparator) {
  const middle = from + ((to - from) >> 1);
  if (middle - from > 1) $sortHalves(target, from, middle, source, comparator);
  if (to - middle > 1) $sortHalves(target, middle, to, source, comparator);
  let left = from;
  let right = middle;
  for (let k = from; k < to; k++) {
    const takesLeft =
      left < middle && (right === to || !(+$call(comparator, undefined, source[left], source[right]) > 0));
    target[k] = takesLeft ? source[left++] : source[right++];
  }
}

function requireComparator(comparator) {
  if (comparator !== undefined && !$isCallable(comparator))
    $throwTypeError("The comparison function must be either a function or undefined");
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.sort */
function typedArrayPrototypeSort(comparator) {
  $requireComparator(comparator);
  const length = $validateTyped(this);
  if (comparator !== undefined) return $sortTyped(this, length, comparator, this);
  $typedSort(this);
  return this;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.tosorted */
function typedArrayPrototypeToSorted(comparator) {
  $requireComparator(comparator);
  const length = $validateTyped(this);
  const copy = $createSameType(this, length);
  if (comparator !== undefined) return $sortTyped(this, length, comparator, copy);
  $typedMove(copy, 0, this, 0, length);
  $typedSort(copy);
  return copy;
}

// --- one element ----------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.at */
function typedArrayPrototypeAt(index) {
  const length = $validateTyped(this);
  const relative = $toIntegerOrInfinity(index);
  const at = relative >= 0 ? relative : length + relative;
  return at < 0 || at >= length ? undefined : this[at];
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.indexof */
function typedArrayPrototypeIndexOf(wanted, fromIndex) {
  const length = $validateTyped(this);
  if (length === 0) return -1;
  return $typedSearch(this, wanted, $relativeIndex(fromIndex, length), 1, 0, length);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.lastindexof */
function typedArrayPrototypeLastIndexOf(wanted, fromIndex) {
  const given = $argc() > 1;
  const length = $validateTyped(this);
  if (length === 0) return -1;
  const n = given ? $toIntegerOrInfinity(fromIndex) : length - 1;
  const from = n < 0 ? length + n : n < length ? n : length - 1;
  return from < 0 ? -1 : $typedSearch(this, wanted, from, -1, 0, length);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.includes */
function typedArrayPrototypeIncludes(wanted, fromIndex) {
  const length = $validateTyped(this);
  if (length === 0) return false;
  const from = $relativeIndex(fromIndex, length);
  // Elements that are gone read as undefined.
  if (wanted === undefined) return from < length && $viewSize(this) < length;
  return $typedSearch(this, wanted, from, 1, 1, length) >= 0;
}

// --- callbacks ------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.every */
function typedArrayPrototypeEvery(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = 0; k < length; k++) if (!$call(callback, thisArg, this[k], k, this)) return false;
  return true;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.some */
function typedArrayPrototypeSome(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = 0; k < length; k++) if ($call(callback, thisArg, this[k], k, this)) return true;
  return false;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.foreach */
function typedArrayPrototypeForEach(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = 0; k < length; k++) $call(callback, thisArg, this[k], k, this);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.map */
function typedArrayPrototypeMap(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  const target = $typedSpeciesCreate(this, length);
  for (let k = 0; k < length; k++) target[k] = $call(callback, thisArg, this[k], k, this);
  return target;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.filter */
function typedArrayPrototypeFilter(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  const kept = $newArray(0);
  for (let k = 0; k < length; k++) {
    const v = this[k];
    if ($call(callback, thisArg, v, k, this)) $arrayAppend(kept, v);
  }
  const target = $typedSpeciesCreate(this, kept.length);
  $storeAll(target, kept);
  return target;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.find */
function typedArrayPrototypeFind(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = 0; k < length; k++) {
    const v = this[k];
    if ($call(callback, thisArg, v, k, this)) return v;
  }
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.findindex */
function typedArrayPrototypeFindIndex(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = 0; k < length; k++) if ($call(callback, thisArg, this[k], k, this)) return k;
  return -1;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.findlast */
function typedArrayPrototypeFindLast(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = length - 1; k >= 0; k--) {
    const v = this[k];
    if ($call(callback, thisArg, v, k, this)) return v;
  }
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.findlastindex */
function typedArrayPrototypeFindLastIndex(callback, thisArg) {
  const length = $validateTyped(this);
  $requireCallable(callback);
  for (let k = length - 1; k >= 0; k--) if ($call(callback, thisArg, this[k], k, this)) return k;
  return -1;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.reduce */
function typedArrayPrototypeReduce(callback, initial) {
  const given = $argc() > 1;
  const length = $validateTyped(this);
  $requireCallable(callback);
  if (length === 0 && !given) $throwTypeError("Reduce of empty array with no initial value");
  let result = given ? initial : this[0];
  for (let k = given ? 0 : 1; k < length; k++) result = $call(callback, undefined, result, this[k], k, this);
  return result;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.reduceright */
function typedArrayPrototypeReduceRight(callback, initial) {
  const given = $argc() > 1;
  const length = $validateTyped(this);
  $requireCallable(callback);
  if (length === 0 && !given) $throwTypeError("Reduce of empty array with no initial value");
  let result = given ? initial : this[length - 1];
  for (let k = length - (given ? 1 : 2); k >= 0; k--) result = $call(callback, undefined, result, this[k], k, this);
  return result;
}

// --- text and iterators ---------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.join */
function typedArrayPrototypeJoin(separator) {
  const length = $validateTyped(this);
  const between = separator === undefined ? "," : $toString(separator);
  let text = "";
  for (let k = 0; k < length; k++) {
    if (k > 0) text += between;
    const v = this[k];
    if (v !== undefined) text += $toStringPrimitive(v);
  }
  return text;
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.tolocalestring */
function typedArrayPrototypeToLocaleString(locales, options) {
  const isGiven = $argc() > 0;
  return $joinLocaleTexts(this, $validateTyped(this), isGiven, locales, options);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.keys */
function typedArrayPrototypeKeys() {
  $validateTyped(this);
  return $newArrayIterator(this, 0);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.values */
function typedArrayPrototypeValues() {
  $validateTyped(this);
  return $newArrayIterator(this, 1);
}
/** https://tc39.es/ecma262/#sec-%typedarray%.prototype.entries */
function typedArrayPrototypeEntries() {
  $validateTyped(this);
  return $newArrayIterator(this, 2);
}
