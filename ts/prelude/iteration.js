// Owns the halves of the iteration instructions that may call guest code. Must never look up a global or a method of a
// built-in object by name.

// https://tc39.es/ecma262/#sec-getiterator for GETITER: iterator and next method, as an internal array.
function iteratorPair(iterable) {
  const iterator = $opGetIterator(iterable);
  const pair = $newArray(2);
  $arrayAppend(pair, iterator);
  $arrayAppend(pair, iterator.next);
  return pair;
}

// For `for await`: asynchronous iterators, or synchronous ones made asynchronous.
function asyncIteratorPair(iterable) {
  const iterator = $opGetAsyncIterator(iterable);
  const pair = $newArray(2);
  $arrayAppend(pair, iterator);
  $arrayAppend(pair, iterator.next);
  return pair;
}

// An element of an array under pristine iteration that is an accessor or is on a prototype.
function arrayElementStep(array, index) {
  // A typed array that is out of bounds throws.
  $typedArrayLengthOrHole(array);
  return array[index];
}

// The rest of an array under pristine iteration, as a fresh array.
function arrayRest(array, index) {
  const rest = $newArray(4);
  let length = $typedArrayLengthOrHole(array);
  if (length === $hole) for (let i = index; i < array.length; i++) $arrayAppend(rest, array[i]);
  else for (let i = index; i < length; i++) $arrayAppend(rest, array[i]);
  return rest;
}
