// Owns Iterator, Iterator.from and the helpers that return a result. Must never touch an underlying iterator except as the
// specification says.
//
// INTERNAL class 21, a wrapper of Iterator.from; slots: 0 iterator, 1 its next method.

// https://tc39.es/ecma262/#sec-iterator
function iteratorConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor Iterator requires 'new'");
  if (new.target === $Iterator) $throwTypeError("Abstract class Iterator not directly constructable");
  return $newObject($getPrototypeFromConstructor(new.target, $IteratorPrototype));
}

// https://tc39.es/ecma262/#sec-%iterator.prototype%-%symbol.iterator%
function iteratorPrototypeSymbolIterator() {
  return this;
}

// https://tc39.es/ecma262/#sec-%iterator.prototype%-%symbol.dispose%
function iteratorPrototypeSymbolDispose() {
  const method = $getMethod(this, "return");
  if (method !== undefined) $call(method, this);
}

// https://tc39.es/ecma262/#sec-SetterThatIgnoresPrototypeProperties
function setIgnoringPrototype(o, key, value) {
  if (!$isObject(o)) $throwTypeError($describe(o) + " is not an object");
  if (o === $IteratorPrototype)
    $throwTypeError("Cannot assign to read only property '" + $keyText(key) + "' of object '[object Object]'");
  if ($hasOwn(o, key)) o[key] = value;
  else $createDataPropertyOrThrow(o, key, value);
}
// https://tc39.es/ecma262/#sec-get-iterator.prototype-%symbol.tostringtag%
function getIteratorPrototypeSymbolToStringTag() {
  return "Iterator";
}
function setIteratorPrototypeSymbolToStringTag(v) {
  $setIgnoringPrototype(this, $Symbol_toStringTag, v);
}
// https://tc39.es/ecma262/#sec-get-iterator.prototype.constructor
function getIteratorPrototypeConstructor() {
  return $Iterator;
}
function setIteratorPrototypeConstructor(v) {
  $setIgnoringPrototype(this, "constructor", v);
}

// --- shared ----------------------------------------------------------------------------------------------------------

function requireIterator(o, name) {
  if (!$isObject(o)) $throwTypeError("Iterator.prototype." + name + " called on non-object");
}

// IfAbruptCloseIterator for an argument that is wrong: what `return` does is ignored.
function closeAndThrowType(o, message) {
  $iteratorCloseQuietly(o);
  $throwTypeError(message);
}
function closeAndThrowRange(o, message) {
  $iteratorCloseQuietly(o);
  $throwRangeError(message);
}
function requireCallableOrClose(o, f) {
  if (!$isCallable(f)) $closeAndThrowType(o, $typedText(f) + " is not a function");
}

// https://tc39.es/ecma262/#sec-getiteratorflattenable: the iterator; strings: whether primitive strings are taken
function getIteratorFlattenable(o, strings) {
  if (!$isObject(o) && !(strings && typeof o === "string")) $throwTypeError($describe(o) + " is not an object");
  const method = $getMethod(o, $Symbol_iterator);
  const iterator = method === undefined ? o : $call(method, o);
  if (!$isObject(iterator)) $throwTypeError($describe(iterator) + " is not an object");
  return iterator;
}

// One step without reading the value: true when done. https://tc39.es/ecma262/#sec-iteratorstep
function iteratorSkip(iterator, next) {
  const result = $call(next, iterator);
  if (!$isObject(result)) $throwTypeError("Iterator result " + $describe(result) + " is not an object");
  return !!result.done;
}

// --- Iterator.from -----------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-iterator.from
function iteratorFrom(o) {
  const iterator = $getIteratorFlattenable(o, true);
  const next = iterator.next;
  if ($ordinaryHasInstance($Iterator, iterator)) return iterator;
  const wrapper = $newInternal(21, $WrapForValidIteratorPrototype, 2);
  $setSlot(wrapper, 0, iterator);
  $setSlot(wrapper, 1, next);
  return wrapper;
}
// https://tc39.es/ecma262/#sec-%wrapforvaliditeratorprototype%.next
function wrapForValidIteratorPrototypeNext() {
  if (!$isInternal(this, 21))
    $throwTypeError("Method %WrapForValidIteratorPrototype%.next called on incompatible receiver " + $describe(this));
  return $call($slot(this, 1), $slot(this, 0));
}
// https://tc39.es/ecma262/#sec-%wrapforvaliditeratorprototype%.return
function wrapForValidIteratorPrototypeReturn() {
  if (!$isInternal(this, 21))
    $throwTypeError("Method %WrapForValidIteratorPrototype%.return called on incompatible receiver " + $describe(this));
  const iterator = $slot(this, 0);
  const method = $getMethod(iterator, "return");
  if (method === undefined) return { value: undefined, done: true };
  return $call(method, iterator);
}

// --- helpers that return a result --------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-iterator.prototype.reduce
function iteratorPrototypeReduce(reducer, initial) {
  const given = $argc() > 1;
  $requireIterator(this, "reduce");
  $requireCallableOrClose(this, reducer);
  const next = this.next;
  let result = initial;
  let counter = 0;
  if (!given) {
    result = $iteratorStep(this, next);
    if (result === $hole) $throwTypeError("Reduce of a done iterator with no initial value");
    counter = 1;
  }
  while (true) {
    const v = $iteratorStep(this, next);
    if (v === $hole) return result;
    try {
      result = $call(reducer, undefined, result, v, counter++);
    } catch (error) {
      $iteratorCloseQuietly(this);
      throw error;
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.toarray
function iteratorPrototypeToArray() {
  $requireIterator(this, "toArray");
  const next = this.next;
  const list = $newArray(0);
  while (true) {
    const v = $iteratorStep(this, next);
    if (v === $hole) return list;
    $arrayAppend(list, v);
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.foreach
function iteratorPrototypeForEach(callback) {
  $requireIterator(this, "forEach");
  $requireCallableOrClose(this, callback);
  const next = this.next;
  let counter = 0;
  while (true) {
    const v = $iteratorStep(this, next);
    if (v === $hole) return;
    try {
      $call(callback, undefined, v, counter++);
    } catch (error) {
      $iteratorCloseQuietly(this);
      throw error;
    }
  }
}

// Steps until the predicate returns `wanted`: that value, or $hole at the end. The iterator is closed on the way out.
function iteratorSeek(iterator, predicate, wanted, name) {
  $requireIterator(iterator, name);
  $requireCallableOrClose(iterator, predicate);
  const next = iterator.next;
  let counter = 0;
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return $hole;
    let answer;
    try {
      answer = $call(predicate, undefined, v, counter++);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
    if (!!answer === wanted) {
      $iteratorClose(iterator);
      return v;
    }
  }
}
// https://tc39.es/ecma262/#sec-iterator.prototype.some
function iteratorPrototypeSome(predicate) {
  return $iteratorSeek(this, predicate, true, "some") !== $hole;
}
// https://tc39.es/ecma262/#sec-iterator.prototype.every
function iteratorPrototypeEvery(predicate) {
  return $iteratorSeek(this, predicate, false, "every") === $hole;
}
// https://tc39.es/ecma262/#sec-iterator.prototype.find
function iteratorPrototypeFind(predicate) {
  const v = $iteratorSeek(this, predicate, true, "find");
  return v === $hole ? undefined : v;
}

// https://tc39.es/proposal-iterator-includes/#sec-iterator.prototype.includes
function iteratorPrototypeIncludes(wanted, skippedElements) {
  $requireIterator(this, "includes");
  let skip = 0;
  if (skippedElements !== undefined) {
    skip = skippedElements;
    if (typeof skip !== "number" || $toIntegerOrInfinity(skip) !== skip)
      $closeAndThrowType(this, $describe(skip) + " is not an integral number");
    if (skip < 0 || (skip > 9007199254740991 && skip !== Infinity))
      $closeAndThrowRange(this, skip + " is out of range");
  }
  const next = this.next;
  while (true) {
    const v = $iteratorStep(this, next);
    if (v === $hole) return false;
    if (skip > 0) skip--;
    else if ($sameValueZero(v, wanted)) {
      $iteratorClose(this);
      return true;
    }
  }
}
