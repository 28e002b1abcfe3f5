// Owns iterator helper objects: what makes them and how they step and close. Must never touch an underlying iterator except as the
// specification says.
//
// INTERNAL class 20, an iterator helper; slots:
//   0 kind  1 underlying iterator  2 its next method  3 function, limit or size  4 counter or what remains
//   5 state: 0 not started, 1 suspended, 2 running, 3 done  6 inner iterator, buffer or list of iterators  7 its next method, or options
// Kinds: 0 map, 1 filter, 2 take, 3 drop, 4 flatMap, 5 concat, 6 zip, 7 chunks, 8 windows, 9 the last partial chunk or window was yielded

function newHelper(kind, iterator, next, f, count) {
  const helper = $newInternal(20, $IteratorHelperPrototype, 8);
  $setSlot(helper, 0, kind);
  $setSlot(helper, 1, iterator);
  $setSlot(helper, 2, next);
  $setSlot(helper, 3, f);
  $setSlot(helper, 4, count);
  $setSlot(helper, 5, 0);
  return helper;
}

// --- helpers that return helpers ------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-iterator.prototype.map
function iteratorPrototypeMap(mapper) {
  $requireIterator(this, "map");
  $requireCallableOrClose(this, mapper);
  return $newHelper(0, this, this.next, mapper, 0);
}
// https://tc39.es/ecma262/#sec-iterator.prototype.filter
function iteratorPrototypeFilter(predicate) {
  $requireIterator(this, "filter");
  $requireCallableOrClose(this, predicate);
  return $newHelper(1, this, this.next, predicate, 0);
}
// https://tc39.es/ecma262/#sec-iterator.prototype.flatmap
function iteratorPrototypeFlatMap(mapper) {
  $requireIterator(this, "flatMap");
  $requireCallableOrClose(this, mapper);
  return $newHelper(4, this, this.next, mapper, 0);
}

// The limit of take and drop.
function iteratorLimit(o, limit) {
  let n;
  try {
    n = $toNumber(limit);
  } catch (error) {
    $iteratorCloseQuietly(o);
    throw error;
  }
  if (n !== n) $closeAndThrowRange(o, $describe(limit) + " must be positive");
  n = $toIntegerOrInfinity(n);
  if (n < 0) $closeAndThrowRange(o, $describe(limit) + " must be positive");
  if (n > 9007199254740991 && n !== Infinity) $closeAndThrowRange(o, $describe(limit) + " is too large");
  return n;
}
// https://tc39.es/ecma262/#sec-iterator.prototype.take
function iteratorPrototypeTake(limit) {
  $requireIterator(this, "take");
  const n = $iteratorLimit(this, limit);
  return $newHelper(2, this, this.next, undefined, n);
}
// https://tc39.es/ecma262/#sec-iterator.prototype.drop
function iteratorPrototypeDrop(limit) {
  $requireIterator(this, "drop");
  const n = $iteratorLimit(this, limit);
  return $newHelper(3, this, this.next, undefined, n);
}

// The size of chunks and windows. https://tc39.es/proposal-iterator-chunking/
function iteratorPartSize(o, size) {
  if (typeof size !== "number" || $toIntegerOrInfinity(size) !== size || size === Infinity || size === -Infinity) {
    $closeAndThrowType(o, $describe(size) + " is not an integral number");
  }
  if (size < 1 || size > 4294967295) $closeAndThrowRange(o, size + " is out of range");
}
// https://tc39.es/proposal-iterator-chunking/#sec-iterator.prototype.chunks
function iteratorPrototypeChunks(chunkSize) {
  $requireIterator(this, "chunks");
  $iteratorPartSize(this, chunkSize);
  return $newHelper(7, this, this.next, chunkSize, 0);
}
// https://tc39.es/proposal-iterator-chunking/#sec-iterator.prototype.windows
function iteratorPrototypeWindows(windowSize, undersized) {
  $requireIterator(this, "windows");
  $iteratorPartSize(this, windowSize);
  if (undersized !== undefined && undersized !== "only-full" && undersized !== "allow-partial") {
    $closeAndThrowType(this, "undersized must be 'only-full' or 'allow-partial'");
  }
  const helper = $newHelper(8, this, this.next, windowSize, 0);
  $setSlot(helper, 6, $newArray(0));
  $setSlot(helper, 7, undersized === "allow-partial");
  return helper;
}

// https://tc39.es/ecma262/#sec-iterator.concat
function iteratorConcat(...items) {
  const list = $newArray(items.length * 2);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (!$isObject(item)) $throwTypeError($describe(item) + " is not an object");
    const method = $getMethod(item, $Symbol_iterator);
    if (method === undefined) $throwTypeError($notIterableText(item));
    $arrayAppend(list, item);
    $arrayAppend(list, method);
  }
  return $newHelper(5, undefined, undefined, list, 0);
}

// --- zip -----------------------------------------------------------------------------------------------------------------

// IteratorCloseAll with a throw completion: what the iterators' `return` throws is ignored.
function closeAllQuietly(iterators) {
  for (let i = iterators.length - 1; i >= 0; i--) if (iterators[i] !== undefined) $iteratorCloseQuietly(iterators[i]);
}
// IteratorCloseAll with a normal completion: the first error wins. https://tc39.es/ecma262/#sec-iteratorcloseall
function closeAll(iterators) {
  let failed = false;
  let failure;
  for (let i = iterators.length - 1; i >= 0; i--) {
    const iterator = iterators[i];
    if (iterator === undefined) continue;
    if (failed) $iteratorCloseQuietly(iterator);
    else {
      try {
        $iteratorClose(iterator);
      } catch (error) {
        failed = true;
        failure = error;
      }
    }
  }
  if (failed) throw failure;
}

// The options of zip and zipKeyed: the internal array [mode, padding].
function zipOptions(options) {
  if (options === undefined) return ["shortest", undefined];
  if (!$isObject(options)) $throwTypeError("options must be an object");
  let mode = options.mode;
  if (mode === undefined) mode = "shortest";
  if (mode !== "shortest" && mode !== "longest" && mode !== "strict")
    $throwTypeError("mode must be 'shortest', 'longest' or 'strict'");
  let padding;
  if (mode === "longest") {
    padding = options.padding;
    if (padding !== undefined && !$isObject(padding)) $throwTypeError("padding must be an object");
  }
  return [mode, padding];
}

// zip state: [iterators, next methods, open iterators (undefined: closed), padding, mode, keys or undefined]
function newZip(iterators, nexts, padding, mode, keys) {
  const open = $newArray(iterators.length);
  for (let i = 0; i < iterators.length; i++) $arrayAppend(open, iterators[i]);
  const helper = $newHelper(6, undefined, undefined, undefined, 0);
  $setSlot(helper, 6, [iterators, nexts, open, padding, mode, keys]);
  return helper;
}

// https://tc39.es/ecma262/#sec-iterator.zip
function iteratorZip(iterables, options) {
  if (!$isObject(iterables)) $throwTypeError($describe(iterables) + " is not an object");
  const chosen = $zipOptions(options);
  const mode = chosen[0];
  const iterators = $newArray(4);
  const nexts = $newArray(4);
  const input = $opGetIterator(iterables);
  const inputNext = input.next;
  while (true) {
    let item;
    try {
      item = $iteratorStep(input, inputNext);
    } catch (error) {
      $closeAllQuietly(iterators);
      throw error;
    }
    if (item === $hole) break;
    try {
      const iterator = $getIteratorFlattenable(item, false);
      const next = iterator.next;
      $arrayAppend(iterators, iterator);
      $arrayAppend(nexts, next);
    } catch (error) {
      $closeAllQuietly(iterators);
      $iteratorCloseQuietly(input);
      throw error;
    }
  }
  const count = iterators.length;
  const padding = $newArray(count);
  if (mode === "longest") {
    const source = chosen[1];
    if (source === undefined) {
      for (let i = 0; i < count; i++) $arrayAppend(padding, undefined);
    } else {
      try {
        const filler = $opGetIterator(source);
        const fillerNext = filler.next;
        let using = true;
        for (let i = 0; i < count; i++) {
          let v = undefined;
          if (using) {
            v = $iteratorStep(filler, fillerNext);
            if (v === $hole) {
              using = false;
              v = undefined;
            }
          }
          $arrayAppend(padding, v);
        }
        if (using) $iteratorClose(filler);
      } catch (error) {
        $closeAllQuietly(iterators);
        throw error;
      }
    }
  }
  return $newZip(iterators, nexts, padding, mode, undefined);
}

// https://tc39.es/ecma262/#sec-iterator.zipkeyed
function iteratorZipKeyed(iterables, options) {
  if (!$isObject(iterables)) $throwTypeError($describe(iterables) + " is not an object");
  const chosen = $zipOptions(options);
  const mode = chosen[0];
  const iterators = $newArray(4);
  const nexts = $newArray(4);
  const keys = $newArray(4);
  const all = $ownPropertyKeys(iterables);
  for (let i = 0; i < all.length; i++) {
    const key = all[i];
    try {
      const descriptor = $getOwnProperty(iterables, key);
      if (descriptor === undefined || (descriptor[0] & 2) === 0) continue;
      const value = iterables[key];
      if (value === undefined) continue;
      const iterator = $getIteratorFlattenable(value, false);
      const next = iterator.next;
      $arrayAppend(keys, key);
      $arrayAppend(iterators, iterator);
      $arrayAppend(nexts, next);
    } catch (error) {
      $closeAllQuietly(iterators);
      throw error;
    }
  }
  const count = iterators.length;
  const padding = $newArray(count);
  if (mode === "longest") {
    for (let i = 0; i < count; i++) {
      if (chosen[1] === undefined) $arrayAppend(padding, undefined);
      else {
        try {
          $arrayAppend(padding, chosen[1][keys[i]]);
        } catch (error) {
          $closeAllQuietly(iterators);
          throw error;
        }
      }
    }
  }
  return $newZip(iterators, nexts, padding, mode, keys);
}

// One row of zip, or $hole. https://tc39.es/ecma262/#sec-iteratorzip
function zipStep(state) {
  const iterators = state[0];
  const nexts = state[1];
  const open = state[2];
  const mode = state[4];
  const keys = state[5];
  const count = iterators.length;
  if (count === 0) return $hole;
  const row = $newArray(count);
  for (let i = 0; i < count; i++) {
    let v = undefined;
    if (open[i] === undefined) v = state[3][i];
    else {
      try {
        v = $iteratorStep(iterators[i], nexts[i]);
      } catch (error) {
        open[i] = undefined;
        $closeAllQuietly(open);
        throw error;
      }
      if (v === $hole) {
        open[i] = undefined;
        if (mode === "shortest") {
          $closeAll(open);
          return $hole;
        }
        if (mode === "strict") {
          if (i === 0) $zipExpectDone(iterators, nexts, open);
          else {
            $closeAllQuietly(open);
            $throwTypeError("Iterators have different lengths");
          }
          return $hole;
        }
        let left = false;
        for (let j = 0; j < count; j++) if (open[j] !== undefined) left = true;
        if (!left) return $hole;
        v = state[3][i];
      }
    }
    $arrayAppend(row, v);
  }
  if (keys === undefined) return row;
  const result = $newObject(null);
  for (let i = 0; i < count; i++) $createDataPropertyOrThrow(result, keys[i], row[i]);
  return result;
}

// Strict mode: the first iterator is done, so all others must be.
function zipExpectDone(iterators, nexts, open) {
  for (let k = 1; k < iterators.length; k++) {
    let done;
    try {
      done = $iteratorSkip(iterators[k], nexts[k]);
    } catch (error) {
      open[k] = undefined;
      $closeAllQuietly(open);
      throw error;
    }
    if (!done) {
      $closeAllQuietly(open);
      $throwTypeError("Iterators have different lengths");
    }
    open[k] = undefined;
  }
}

// --- the helper object ------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%iteratorhelperprototype%.next
function iteratorHelperPrototypeNext() {
  if (!$isInternal(this, 20))
    $throwTypeError("Method Iterator Helper.prototype.next called on incompatible receiver " + $describe(this));
  const state = $slot(this, 5);
  if (state === 2) $throwTypeError("Generator is already running");
  if (state === 3) return { value: undefined, done: true };
  $setSlot(this, 5, 2);
  let v;
  try {
    v = $helperStep(this, $slot(this, 0), $slot(this, 1), $slot(this, 2));
  } catch (error) {
    $setSlot(this, 5, 3);
    throw error;
  }
  if (v === $hole) {
    $setSlot(this, 5, 3);
    return { value: undefined, done: true };
  }
  $setSlot(this, 5, 1);
  return { value: v, done: false };
}

// https://tc39.es/ecma262/#sec-%iteratorhelperprototype%.return
function iteratorHelperPrototypeReturn() {
  if (!$isInternal(this, 20))
    $throwTypeError("Method Iterator Helper.prototype.return called on incompatible receiver " + $describe(this));
  const state = $slot(this, 5);
  if (state === 2) $throwTypeError("Generator is already running");
  if (state === 3) return { value: undefined, done: true };
  // Before the first step nothing runs that could be re-entered.
  $setSlot(this, 5, state === 0 ? 3 : 2);
  try {
    const kind = $slot(this, 0);
    const iterator = $slot(this, 1);
    const inner = $slot(this, 6);
    if (kind === 6) $closeAll(inner[2]);
    else if (kind === 5) {
      if (inner !== undefined) $iteratorClose(inner);
    } else if (kind === 4 && inner !== undefined) {
      try {
        $iteratorClose(inner);
      } catch (error) {
        $iteratorCloseQuietly(iterator);
        throw error;
      }
      $iteratorClose(iterator);
    } else if (kind !== 9) $iteratorClose(iterator);
  } finally {
    $setSlot(this, 5, 3);
  }
  return { value: undefined, done: true };
}

// The next value of a helper, $hole at the end.
function helperStep(helper, kind, iterator, next) {
  if (kind === 0) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return $hole;
    const counter = $slot(helper, 4);
    $setSlot(helper, 4, counter + 1);
    try {
      return $call($slot(helper, 3), undefined, v, counter);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
  if (kind === 1) return $filterStep(helper, iterator, next);
  if (kind === 2) {
    const remaining = $slot(helper, 4);
    if (remaining === 0) {
      $iteratorClose(iterator);
      return $hole;
    }
    $setSlot(helper, 4, remaining - 1);
    return $iteratorStep(iterator, next);
  }
  if (kind === 3) {
    let remaining = $slot(helper, 4);
    $setSlot(helper, 4, 0);
    for (; remaining > 0; remaining--) if ($iteratorSkip(iterator, next)) return $hole;
    return $iteratorStep(iterator, next);
  }
  if (kind === 4) return $flatMapStep(helper, iterator, next);
  if (kind === 5) return $concatStep(helper);
  if (kind === 6) return $zipStep($slot(helper, 6));
  if (kind === 7) return $chunkStep(helper, iterator, next);
  if (kind === 8) return $windowStep(helper, iterator, next);
  return $hole;
}

function filterStep(helper, iterator, next) {
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) return $hole;
    const counter = $slot(helper, 4);
    $setSlot(helper, 4, counter + 1);
    try {
      if ($call($slot(helper, 3), undefined, v, counter)) return v;
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
}

function flatMapStep(helper, iterator, next) {
  while (true) {
    let inner = $slot(helper, 6);
    if (inner === undefined) {
      const v = $iteratorStep(iterator, next);
      if (v === $hole) return $hole;
      const counter = $slot(helper, 4);
      $setSlot(helper, 4, counter + 1);
      try {
        inner = $getIteratorFlattenable($call($slot(helper, 3), undefined, v, counter), false);
        $setSlot(helper, 7, inner.next);
      } catch (error) {
        $iteratorCloseQuietly(iterator);
        throw error;
      }
      $setSlot(helper, 6, inner);
    }
    let v;
    try {
      v = $iteratorStep(inner, $slot(helper, 7));
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
    if (v !== $hole) return v;
    $setSlot(helper, 6, undefined);
  }
}

function concatStep(helper) {
  const list = $slot(helper, 3);
  while (true) {
    let inner = $slot(helper, 6);
    if (inner === undefined) {
      const position = $slot(helper, 4);
      if (position === list.length) return $hole;
      $setSlot(helper, 4, position + 2);
      inner = $call(list[position + 1], list[position]);
      if (!$isObject(inner)) $throwTypeError($describe(inner) + " is not an object");
      $setSlot(helper, 7, inner.next);
      $setSlot(helper, 6, inner);
    }
    const v = $iteratorStep(inner, $slot(helper, 7));
    if (v !== $hole) return v;
    $setSlot(helper, 6, undefined);
  }
}

function chunkStep(helper, iterator, next) {
  const size = $slot(helper, 3);
  const chunk = $newArray(0);
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) {
      if (chunk.length === 0) return $hole;
      $setSlot(helper, 0, 9);
      return chunk;
    }
    $arrayAppend(chunk, v);
    if (chunk.length === size) return chunk;
  }
}

function windowStep(helper, iterator, next) {
  const size = $slot(helper, 3);
  const buffer = $slot(helper, 6);
  while (true) {
    const v = $iteratorStep(iterator, next);
    if (v === $hole) {
      if (!$slot(helper, 7) || buffer.length === 0 || buffer.length === size) return $hole;
      $setSlot(helper, 0, 9);
      return buffer;
    }
    if (buffer.length === size) $dropFirst(buffer);
    $arrayAppend(buffer, v);
    if (buffer.length === size) return $copyRange(buffer, 0, size);
  }
}
