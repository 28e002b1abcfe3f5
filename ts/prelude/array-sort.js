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

// Merge sort that makes use of runs which are in order already, after the description that comes with Python's list.sort
// (listsort.txt). Which elements are compared, as what argument and how often, is that of V8, since programs can see it: later ones
// are asked about before earlier ones, and only whether the result is negative counts, so that NaN is as good as 0.

/** Sorts the first n elements of an internal array. */
function mergeSort(list, n, comparator) {
  const sort = { list, comparator, bases: $newArray(0), lengths: $newArray(0), runs: 0, minGallop: 7 };
  const minRun = $minRunLength(n);
  let low = 0;
  while (low < n) {
    let length = $makeRun(list, low, n, comparator);
    if (length < minRun) {
      const forced = n - low < minRun ? n - low : minRun;
      $insertionSort(list, low, low + length, low + forced, comparator);
      length = forced;
    }
    $pushRun(sort, low, length);
    $collapseRuns(sort);
    low += length;
  }
  while (sort.runs > 1) {
    const i = sort.runs - 2;
    $mergeRuns(sort, i > 0 && sort.lengths[i - 1] < sort.lengths[i + 1] ? i - 1 : i);
  }
  return list;
}

/** Shorter runs are made that long: 32 … 64, such that n divided by it is a power of two, or little less. */
function minRunLength(n) {
  let odd = 0;
  while (n >= 64) {
    odd |= n & 1;
    n >>= 1;
  }
  return n + odd;
}

/** Length of the run that begins at low; one that descends is turned round, wherefore it must do so strictly. */
function makeRun(list, low, high, comparator) {
  let i = low + 1;
  if (i === high) return 1;
  const descends = +$call(comparator, undefined, list[i], list[low]) < 0;
  for (i++; i < high; i++) {
    if (+$call(comparator, undefined, list[i], list[i - 1]) < 0 !== descends) break;
  }
  if (descends) {
    for (let a = low, b = i - 1; a < b; a++, b--) {
      const v = list[a];
      list[a] = list[b];
      list[b] = v;
    }
  }
  return i - low;
}

/** Sorts list[low … high), whose part before start is in order. */
function insertionSort(list, low, start, high, comparator) {
  for (; start < high; start++) {
    const v = list[start];
    let left = low;
    let right = start;
    while (left < right) {
      const middle = left + ((right - left) >> 1);
      if (+$call(comparator, undefined, v, list[middle]) < 0) right = middle;
      else left = middle + 1;
    }
    $moveDown(list, start, left);
  }
}

function pushRun(sort, base, length) {
  const { bases, lengths, runs } = sort;
  if (runs === bases.length) {
    $arrayAppend(bases, base);
    $arrayAppend(lengths, length);
  } else {
    bases[runs] = base;
    lengths[runs] = length;
  }
  sort.runs = runs + 1;
}

/** Merges until each run is longer than the two after it together, and longer than the next. */
function collapseRuns(sort) {
  const { lengths } = sort;
  while (sort.runs > 1) {
    const i = sort.runs - 2;
    if (
      (i > 0 && lengths[i - 1] <= lengths[i] + lengths[i + 1]) ||
      (i > 1 && lengths[i - 2] <= lengths[i - 1] + lengths[i])
    ) {
      $mergeRuns(sort, lengths[i - 1] < lengths[i + 1] ? i - 1 : i);
    } else if (lengths[i] <= lengths[i + 1]) $mergeRuns(sort, i);
    else return;
  }
}

/** Merges run i with the one after it. */
function mergeRuns(sort, i) {
  const { list, comparator, bases, lengths } = sort;
  let a = bases[i];
  let lengthA = lengths[i];
  const b = bases[i + 1];
  let lengthB = lengths[i + 1];
  lengths[i] = lengthA + lengthB;
  if (i === sort.runs - 3) {
    bases[i + 1] = bases[i + 2];
    lengths[i + 1] = lengths[i + 2];
  }
  sort.runs--;
  // Elements that are in their places already take no part.
  const before = $gallopRight(comparator, list[b], list, a, lengthA, 0);
  a += before;
  lengthA -= before;
  if (lengthA === 0) return;
  lengthB = $gallopLeft(comparator, list[a + lengthA - 1], list, b, lengthB, lengthB - 1);
  if (lengthB === 0) return;
  if (lengthA <= lengthB) $mergeUp(sort, a, lengthA, b, lengthB);
  else $mergeDown(sort, a, lengthA, b, lengthB);
}

/** Where the key goes in list[base … base + length), in front of its equals; looked for from base + hint on, in growing steps. */
function gallopLeft(comparator, key, list, base, length, hint) {
  let last = 0;
  let offset = 1;
  const at = base + hint;
  if (+$call(comparator, undefined, list[at], key) < 0) {
    const most = length - hint;
    while (offset < most && +$call(comparator, undefined, list[at + offset], key) < 0) {
      last = offset;
      offset = offset * 2 + 1;
    }
    if (offset > most) offset = most;
    last += hint + 1;
    offset += hint;
  } else {
    const most = hint + 1;
    while (offset < most && !(+$call(comparator, undefined, list[at - offset], key) < 0)) {
      last = offset;
      offset = offset * 2 + 1;
    }
    if (offset > most) offset = most;
    const nearer = last;
    last = hint - offset + 1;
    offset = hint - nearer;
  }
  while (last < offset) {
    const middle = last + ((offset - last) >> 1);
    if (+$call(comparator, undefined, list[base + middle], key) < 0) last = middle + 1;
    else offset = middle;
  }
  return offset;
}

/** As gallopLeft, but the place after all elements that equal the key. */
function gallopRight(comparator, key, list, base, length, hint) {
  let last = 0;
  let offset = 1;
  const at = base + hint;
  if (+$call(comparator, undefined, key, list[at]) < 0) {
    const most = hint + 1;
    while (offset < most && +$call(comparator, undefined, key, list[at - offset]) < 0) {
      last = offset;
      offset = offset * 2 + 1;
    }
    if (offset > most) offset = most;
    const nearer = last;
    last = hint - offset + 1;
    offset = hint - nearer;
  } else {
    const most = length - hint;
    while (offset < most && !(+$call(comparator, undefined, key, list[at + offset]) < 0)) {
      last = offset;
      offset = offset * 2 + 1;
    }
    if (offset > most) offset = most;
    last += hint + 1;
    offset += hint;
  }
  while (last < offset) {
    const middle = last + ((offset - last) >> 1);
    if (+$call(comparator, undefined, key, list[base + middle]) < 0) offset = middle;
    else last = middle + 1;
  }
  return offset;
}

/**
 * Merges neighbours of which the first is no longer than the second, from the front; the first is copied out of the way. The first of B
 * belongs before all of A, the last of A after all of B. Once one side wins often, it is asked how often it will go on to.
 */
function mergeUp(sort, a, lengthA, b, lengthB) {
  const { list, comparator } = sort;
  const copy = $copyRange(list, a, a + lengthA);
  let from = 0;
  let to = a;
  list[to++] = list[b++];
  lengthB--;
  while (lengthB > 0 && lengthA > 1) {
    let winsA = 0;
    let winsB = 0;
    while (lengthB > 0 && lengthA > 1 && winsA < sort.minGallop && winsB < sort.minGallop) {
      if (+$call(comparator, undefined, list[b], copy[from]) < 0) {
        list[to++] = list[b++];
        lengthB--;
        winsB++;
        winsA = 0;
      } else {
        list[to++] = copy[from++];
        lengthA--;
        winsA++;
        winsB = 0;
      }
    }
    if (lengthB === 0 || lengthA === 1) break;
    sort.minGallop++;
    do {
      if (sort.minGallop > 1) sort.minGallop--;
      winsA = $gallopRight(comparator, list[b], copy, from, lengthA, 0);
      if (winsA > 0) {
        $copyPart(list, to, copy, from, from + winsA);
        to += winsA;
        from += winsA;
        lengthA -= winsA;
        if (lengthA <= 1) break;
      }
      list[to++] = list[b++];
      if (--lengthB === 0) break;
      winsB = $gallopLeft(comparator, copy[from], list, b, lengthB, 0);
      if (winsB > 0) {
        $copyPart(list, to, list, b, b + winsB);
        to += winsB;
        b += winsB;
        lengthB -= winsB;
        if (lengthB === 0) break;
      }
      list[to++] = copy[from++];
      if (--lengthA === 1) break;
    } while (winsA >= 7 || winsB >= 7);
    if (lengthB > 0 && lengthA > 1) sort.minGallop++;
  }
  // A comparator that contradicts itself may leave any rest.
  if (lengthA === 1 && lengthB > 0) {
    $copyPart(list, to, list, b, b + lengthB);
    list[to + lengthB] = copy[from];
  } else $copyPart(list, to, copy, from, from + lengthA);
}

/** As mergeUp, from the back: for a second neighbour that is the shorter one. */
function mergeDown(sort, a, lengthA, b, lengthB) {
  const { list, comparator } = sort;
  const copy = $copyRange(list, b, b + lengthB);
  let from = lengthB - 1;
  let to = b + lengthB - 1;
  let last = a + lengthA - 1;
  list[to--] = list[last--];
  lengthA--;
  while (lengthA > 0 && lengthB > 1) {
    let winsA = 0;
    let winsB = 0;
    while (lengthA > 0 && lengthB > 1 && winsA < sort.minGallop && winsB < sort.minGallop) {
      if (+$call(comparator, undefined, copy[from], list[last]) < 0) {
        list[to--] = list[last--];
        lengthA--;
        winsA++;
        winsB = 0;
      } else {
        list[to--] = copy[from--];
        lengthB--;
        winsB++;
        winsA = 0;
      }
    }
    if (lengthA === 0 || lengthB === 1) break;
    sort.minGallop++;
    do {
      if (sort.minGallop > 1) sort.minGallop--;
      winsA = lengthA - $gallopRight(comparator, copy[from], list, a, lengthA, lengthA - 1);
      if (winsA > 0) {
        to -= winsA;
        last -= winsA;
        $copyPart(list, to + 1, list, last + 1, last + 1 + winsA);
        lengthA -= winsA;
        if (lengthA === 0) break;
      }
      list[to--] = copy[from--];
      if (--lengthB === 1) break;
      winsB = lengthB - $gallopLeft(comparator, list[last], copy, 0, lengthB, lengthB - 1);
      if (winsB > 0) {
        to -= winsB;
        from -= winsB;
        $copyPart(list, to + 1, copy, from + 1, from + 1 + winsB);
        lengthB -= winsB;
        if (lengthB <= 1) break;
      }
      list[to--] = list[last--];
      if (--lengthA === 0) break;
    } while (winsA >= 7 || winsB >= 7);
    if (lengthA > 0 && lengthB > 1) sort.minGallop++;
  }
  if (lengthB === 1 && lengthA > 0) {
    to -= lengthA;
    last -= lengthA;
    $copyPart(list, to + 1, list, last + 1, last + 1 + lengthA);
    list[to] = copy[from];
  } else $copyPart(list, to - lengthB + 1, copy, 0, lengthB);
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
