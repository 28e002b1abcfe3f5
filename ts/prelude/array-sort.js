// Owns sorting with comparators. Must never sort in place what a comparator can see: the elements are taken out first, as
// SortIndexedProperties says.

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
  if (comparator !== undefined && !$isCallable(comparator))
    $throwTypeError("The comparison function must be either a function or undefined");
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
  if (comparator !== undefined && !$isCallable(comparator))
    $throwTypeError("The comparison function must be either a function or undefined");
  const o = $toObject(this);
  const length = $lengthOfArrayLike(o);
  if (length > 4294967295) $throwRangeError("Invalid array length");
  return $sortIndexedProperties(o, length, comparator, false);
}
