// Owns the halves of Map and Set that call guest code: construction from iterables, callbacks, set methods. Must never look at
// a table except through natives, which follow it when it is replaced.

// Functions that the natives recognise by their prelude half; the native half never defers.
function mapPrototypeSet() {}
function mapPrototypeKeys() {}
function mapPrototypeValues() {}
function mapPrototypeEntries() {}
function mapIteratorPrototypeNext() {}
function setPrototypeAdd() {}
function setPrototypeValues() {}
function setIteratorPrototypeNext() {}

// https://tc39.es/ecma262/#sec-map-iterable
function mapConstructor(iterable) {
  "use constructor";
  const map = $createCollection(0, $getPrototypeFromConstructor(new.target, $MapPrototype));
  if (iterable === undefined || iterable === null) return map;
  $addEntriesFromIterable(map, iterable, map.set);
  return map;
}

// https://tc39.es/ecma262/#sec-add-entries-from-iterable
function addEntriesFromIterable(target, iterable, adder) {
  if (!$isCallable(adder))
    $throwTypeError("'" + $describe(adder) + "' returned for property 'set' of object '#<Map>' is not a function");
  const iterator = $opGetIterator(iterable);
  const next = iterator.next;
  while (true) {
    const item = $iteratorStep(iterator, next);
    if (item === $hole) return;
    try {
      if (!$isObject(item)) $throwTypeError("Iterator value " + $describe(item) + " is not an entry object");
      $call(adder, target, item[0], item[1]);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
}

// https://tc39.es/ecma262/#sec-map.groupby
function mapGroupBy(items, callback) {
  if (items === undefined || items === null) $throwTypeError("Map.groupBy called on null or undefined");
  $requireCallable(callback);
  const map = $createCollection(0, $MapPrototype);
  const iterator = $opGetIterator(items);
  const next = iterator.next;
  let k = 0;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return map;
    let key;
    try {
      key = $call(callback, undefined, v, k);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
    let group = $tableGet(map, key);
    if (group === $hole) {
      group = $newArray(0);
      $tableSet(map, key, group);
    }
    $arrayAppend(group, v);
    k++;
  }
}

// https://tc39.es/ecma262/#sec-map.prototype.foreach
function mapPrototypeForEach(callback, thisArg) {
  if (!$isCollection(this, 0))
    $throwTypeError("Method Map.prototype.forEach called on incompatible receiver " + $describe(this));
  $requireCallable(callback);
  const steps = $newTableIterator(this);
  while (true) {
    const key = $tableStep(steps);
    if (key === $hole) return;
    $call(callback, thisArg, $tableStepValue(steps), key, this);
  }
}

// https://tc39.es/ecma262/#sec-map.prototype.getorinsertcomputed
function mapPrototypeGetOrInsertComputed(key, callback) {
  if (!$isCollection(this, 0))
    $throwTypeError("Method Map.prototype.getOrInsertComputed called on incompatible receiver " + $describe(this));
  $requireCallable(callback);
  const k = $canonicalKey(key);
  const known = $tableGet(this, k);
  if (known !== $hole) return known;
  const value = $call(callback, undefined, k);
  $tableSet(this, k, value);
  return value;
}

// https://tc39.es/ecma262/#sec-set-iterable
function setConstructor(iterable) {
  "use constructor";
  const set = $createCollection(1, $getPrototypeFromConstructor(new.target, $SetPrototype));
  if (iterable === undefined || iterable === null) return set;
  $addValuesFromIterable(set, iterable, set.add);
  return set;
}

function addValuesFromIterable(target, iterable, adder) {
  if (!$isCallable(adder))
    $throwTypeError("'" + $describe(adder) + "' returned for property 'add' of object '#<Set>' is not a function");
  const iterator = $opGetIterator(iterable);
  const next = iterator.next;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return;
    try {
      $call(adder, target, v);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.foreach
function setPrototypeForEach(callback, thisArg) {
  if (!$isCollection(this, 1))
    $throwTypeError("Method Set.prototype.forEach called on incompatible receiver " + $describe(this));
  $requireCallable(callback);
  const steps = $newTableIterator(this);
  while (true) {
    const v = $tableStep(steps);
    if (v === $hole) return;
    $call(callback, thisArg, v, v, this);
  }
}

// --- set methods ---------------------------------------------------------------------------------------------------------

function requireSet(o, name) {
  if (!$isCollection(o, 1))
    $throwTypeError("Method Set.prototype." + name + " called on incompatible receiver " + $describe(o));
}

// https://tc39.es/ecma262/#sec-getsetrecord: the internal array [set, size, has, keys]
function getSetRecord(o, name) {
  if (!$isObject(o)) $throwTypeError("Set.prototype." + name + " argument must be an object");
  const rawSize = o.size;
  const numSize = $toNumber(rawSize);
  if (numSize !== numSize) $throwTypeError("The .size property is NaN");
  const size = $toIntegerOrInfinity(numSize);
  if (size < 0) $throwRangeError("'" + size + "' is an invalid size");
  const has = o.has;
  if (!$isCallable(has)) $throwTypeError("The 'has' property must be a function");
  const keys = o.keys;
  if (!$isCallable(keys)) $throwTypeError("The 'keys' property must be a function");
  return [o, size, has, keys];
}

// The iterator of a set record's keys. https://tc39.es/ecma262/#sec-getiteratorfrommethod
function iterateKeys(record) {
  const iterator = $call(record[3], record[0]);
  if (!$isObject(iterator)) $throwTypeError($describe(iterator) + " is not an object");
  return iterator;
}

// https://tc39.es/ecma262/#sec-set.prototype.union
function setPrototypeUnion(other) {
  $requireSet(this, "union");
  const record = $getSetRecord(other, "union");
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  const result = $copySet(this);
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return result;
    $tableSet(result, v, undefined);
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.intersection
function setPrototypeIntersection(other) {
  $requireSet(this, "intersection");
  const record = $getSetRecord(other, "intersection");
  const result = $createCollection(1, $SetPrototype);
  if ($tableSize(this) <= record[1]) {
    const steps = $newTableIterator(this);
    while (true) {
      const v = $tableStep(steps);
      if (v === $hole) return result;
      if ($call(record[2], other, v)) $tableSet(result, v, undefined);
    }
  }
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return result;
    if ($tableHas(this, v)) $tableSet(result, v, undefined);
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.difference
function setPrototypeDifference(other) {
  $requireSet(this, "difference");
  const record = $getSetRecord(other, "difference");
  const result = $copySet(this);
  if ($tableSize(this) <= record[1]) {
    const steps = $newTableIterator(result);
    while (true) {
      const v = $tableStep(steps);
      if (v === $hole) return result;
      if ($call(record[2], other, v)) $tableDelete(result, v);
    }
  }
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return result;
    $tableDelete(result, v);
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.symmetricdifference
function setPrototypeSymmetricDifference(other) {
  $requireSet(this, "symmetricDifference");
  const record = $getSetRecord(other, "symmetricDifference");
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  const result = $copySet(this);
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return result;
    if ($tableHas(this, v)) $tableDelete(result, v);
    else $tableSet(result, v, undefined);
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.issubsetof
function setPrototypeIsSubsetOf(other) {
  $requireSet(this, "isSubsetOf");
  const record = $getSetRecord(other, "isSubsetOf");
  if ($tableSize(this) > record[1]) return false;
  const steps = $newTableIterator(this);
  while (true) {
    const v = $tableStep(steps);
    if (v === $hole) return true;
    if (!$call(record[2], other, v)) return false;
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.issupersetof
function setPrototypeIsSupersetOf(other) {
  $requireSet(this, "isSupersetOf");
  const record = $getSetRecord(other, "isSupersetOf");
  if ($tableSize(this) < record[1]) return false;
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return true;
    if (!$tableHas(this, v)) {
      $iteratorClose(iterator);
      return false;
    }
  }
}

// https://tc39.es/ecma262/#sec-set.prototype.isdisjointfrom
function setPrototypeIsDisjointFrom(other) {
  $requireSet(this, "isDisjointFrom");
  const record = $getSetRecord(other, "isDisjointFrom");
  if ($tableSize(this) <= record[1]) {
    const steps = $newTableIterator(this);
    while (true) {
      const v = $tableStep(steps);
      if (v === $hole) return true;
      if ($call(record[2], other, v)) return false;
    }
  }
  const iterator = $iterateKeys(record);
  const next = iterator.next;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return true;
    if ($tableHas(this, v)) {
      $iteratorClose(iterator);
      return false;
    }
  }
}
