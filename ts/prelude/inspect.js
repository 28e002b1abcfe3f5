// Owns how console shows values: as util.inspect of Node does, with depth 2, line width 80 and compact 3. Guest code runs only where Node
// runs it: for tags, for the name and stack of errors, and for methods that show their own object. All else is read through natives.
//
// Context c: [0 indentation level, 1 seen objects, 2 circular objects, 3 current depth, 4 depth limit, 5 show hidden properties,
// 6 line width, 7 elements shown]
// Kinds (inspectKind): 0 object, 1 array, 2 function, 3 error, 4 Map, 5 Set, 6 Promise, 7 WeakMap, 8 WeakSet, 9 WeakRef, 10 wrapper,
// 11 proxy, 12 arguments, 13 generator, 14 copy of a module namespace, 24 ArrayBuffer, 25 typed array, 26 DataView, 100 + class of internal objects.

function inspect(value, depth) {
  return $formatValue([0, $newArray(4), undefined, 0, depth, false, 80, 100], value, 0);
}

function formatPrimitive(c, value, isString) {
  if (isString) {
    if (value.length > 16 && value.length > c[6] - c[0] - 4) {
      const lines = $splitLines(value);
      for (let i = 0; i < lines.length; i++) lines[i] = $quoteText(lines[i]);
      return $joinTexts(lines, " +\n" + $padText("", c[0] + 2, true));
    }
    return $quoteText(value);
  }
  if (typeof value === "number") return value === 0 && 1 / value < 0 ? "-0" : $toString(value);
  if (typeof value === "bigint") return $toString(value) + "n";
  return typeof value === "symbol" ? $keyText(value) : $toString(value);
}

// The lines of a text, each with its newline.
function splitLines(text) {
  const lines = $newArray(4);
  let from = 0;
  while (true) {
    const at = $stringIndexOf(text, "\n", from);
    if (at < 0 || at === text.length - 1) break;
    $arrayAppend(lines, $stringSlice(text, from, at + 1));
    from = at + 1;
  }
  $arrayAppend(lines, $stringSlice(text, from, text.length));
  return lines;
}

function formatValue(c, value, level) {
  if (!$isObject(value)) return $formatPrimitive(c, value, typeof value === "string");
  if (value === $uninitialized) return "<uninitialized>";
  const context = value;
  let kind = $inspectKind(value);
  if (kind === 11 && $isNamespace(value)) kind = 14;
  while (kind === 11) {
    value = $proxyTarget(value);
    if (value === null) return "<Revoked Proxy>";
    kind = $inspectKind(value);
  }
  const symbol = $knownSymbol("nodejs.util.inspect.custom");
  if (symbol !== undefined) {
    const method = value[symbol];
    if (typeof method === "function") {
      const shown = $formatByMethod(c, context, level, method);
      if (shown !== undefined) return shown;
    }
  }
  const seen = c[1];
  for (let i = 0; i < seen.length; i++) {
    if (seen[i] !== value) continue;
    if (c[2] === undefined) c[2] = $newArray(2);
    let index = 0;
    while (index < c[2].length && c[2][index] !== value) index++;
    if (index === c[2].length) $arrayAppend(c[2], value);
    return "[Circular *" + (index + 1) + "]";
  }
  if (kind !== 14) return $formatObject(c, value, level, kind, value);
  return level > c[4]
    ? "[Object: null prototype] [Module]"
    : $formatObject(c, $namespaceCopy(value), level, kind, value);
}

/** What an object's own method shows of it; undefined if the method leaves it to us. https://nodejs.org/api/util.html#custom-inspection-functions-on-objects */
function formatByMethod(c, value, level, method) {
  const depth = c[4] - level;
  const options = { depth, showHidden: c[5], breakLength: c[6], maxArrayLength: c[7], stylize: (text) => "" + text };
  const shown = $call(method, value, depth, options, (v, wanted) =>
    $inspect(v, $isObject(wanted) && typeof wanted.depth === "number" ? wanted.depth : 2),
  );
  if (shown === value) return undefined;
  if (!$isObject(shown)) return typeof shown === "symbol" ? $toString(shown) : "" + shown;
  return $indentLines($formatValue(c, shown, level), c[0]);
}

// Own data property along the chain, undefined for anything else.
function dataOf(o, key) {
  const v = $getOrdinary(o, key);
  return v === $hole ? undefined : v;
}

// Own enumerable keys, or all; withoutIndices where elements are listed by themselves.
function shownKeys(c, o, withoutIndices) {
  const all = $ownKeysOrdinary(o, c[5] ? 3 : 7);
  if (!withoutIndices) return all;
  const keys = $newArray(4);
  for (let i = 0; i < all.length; i++) {
    const key = all[i];
    if (typeof key === "symbol" || typeof $toKeyPrimitive(key) !== "number") $arrayAppend(keys, key);
  }
  return keys;
}

function tagOf(c, o) {
  const tag = o[$Symbol_toStringTag];
  if (typeof tag !== "string" || tag === "") return "";
  const own = $getOwnOrdinary(o, $Symbol_toStringTag);
  return own !== undefined && (c[5] || (own[0] & 2) !== 0) ? "" : tag;
}

// Name of the constructor; null if the object has no prototype.
function nameOfConstructor(o) {
  const name = $constructorName(o);
  if (name !== null) return name;
  return $prototypeOfOrdinary(o) === null
    ? null
    : "Object <" +
        ($prototypeOfOrdinary($prototypeOfOrdinary(o)) === null ? "[Object: null prototype] {}" : "Complex prototype") +
        ">";
}

function prefixOf(constructor, tag, fallback, size) {
  if (constructor === null) {
    if (tag !== "" && fallback !== tag) return "[" + fallback + size + ": null prototype] [" + tag + "] ";
    return "[" + fallback + size + ": null prototype] ";
  }
  if (tag !== "" && constructor !== tag) return constructor + size + " [" + tag + "] ";
  return constructor + size + " ";
}

// How an object is shown around its properties, [base, open, close, keys, listing]; or the whole text, if there is nothing in it.
function headOf(c, value, kind, constructor, tag) {
  if (kind === 1) {
    const size = $arraySize(value);
    const keys = $shownKeys(c, value, true);
    const prefix = constructor !== "Array" || tag !== "" ? $prefixOf(constructor, tag, "Array", "(" + size + ")") : "";
    return size === 0 && keys.length === 0 ? prefix + "[]" : ["", prefix + "[", "]", keys, 1];
  }
  if (kind === 4 || kind === 5) {
    const size = $tableSize(value);
    const keys = $shownKeys(c, value, false);
    const open = $prefixOf(constructor, tag, kind === 4 ? "Map" : "Set", "(" + size + ")") + "{";
    return size === 0 && keys.length === 0 ? open + "}" : ["", open, "}", keys, kind];
  }
  if (kind === 103 || kind === 104) {
    const name = $slot(value, 2) === 2 ? (kind === 103 ? "Map Entries" : "Set Entries") : tag;
    return ["", "[" + name + "] {", "}", $shownKeys(c, value, false), kind];
  }
  const special = $inspectSpecial(c, value, kind, constructor, tag);
  if (special !== undefined)
    return special[0] !== "" && special[3].length === 0 && special[4] === 0 ? special[0] : special;
  const keys = $shownKeys(c, value, kind === 10 && $wrapperKind(value) === 2);
  const base = $baseOf(c, value, kind, constructor, tag, keys);
  if (base !== undefined) return keys.length === 0 ? base : [base, "{", "}", keys, 0];
  const listing = kind === 8 ? 7 : kind === 6 || kind === 7 || kind === 9 ? kind : 0;
  const fallback =
    kind === 6 ? "Promise" : kind === 7 ? "WeakMap" : kind === 8 ? "WeakSet" : kind === 9 ? "WeakRef" : "Object";
  let open = "{";
  if (kind === 12 && constructor === "Object") open = "[Arguments] {";
  else if (kind === 14) open = "[Module: null prototype] {";
  else if (listing !== 0 || constructor !== "Object" || tag !== "")
    open = $prefixOf(constructor, tag, fallback, "") + "{";
  return listing === 0 && keys.length === 0 ? open + "}" : ["", open, "}", keys, listing];
}

// The text that says what an object is, before its properties; undefined for a kind that has no such text.
function baseOf(c, value, kind, constructor, tag, keys) {
  if (kind === 2) return $functionBase(value, constructor, tag);
  if (kind === 3) return $errorBase(c, value, constructor, tag, keys);
  if (kind === 10) return $wrapperBase(c, value, constructor, tag);
  if (kind !== 20 && kind !== 21) return undefined;
  const name = kind === 20 ? "Date" : "RegExp";
  const text = kind === 20 ? $dateText(value) : $regExpText(value);
  return constructor !== name || tag !== "" ? $prefixOf(constructor, tag, name, "") + text : text;
}

// self: what it is known by, the value but for copies
function formatObject(c, value, level, kind, self) {
  const constructor = $nameOfConstructor(value);
  const tag = $tagOf(c, value);
  if (kind === 0 && constructor !== "Object" && $isInChain(value, $ErrorPrototype) === true) kind = 3;
  const head = $headOf(c, value, kind, constructor, tag);
  if (typeof head === "string") return head;
  if (level > c[4]) {
    const name = $prefixOf(constructor, tag, kind === 1 ? "Array" : "Object", "");
    return "[" + $stringSlice(name, 0, name.length - 1) + "]";
  }
  let base = head[0];
  const keys = head[3];
  const listing = head[4];
  level++;
  $arrayAppend(c[1], self);
  c[3] = level;
  const output = $newArray(8);
  if (listing !== 0) $listContents(c, value, level, listing, output);
  for (let i = 0; i < keys.length; i++) $arrayAppend(output, $formatProperty(c, value, level, keys[i], false));
  if (c[2] !== undefined) {
    for (let i = 0; i < c[2].length; i++) {
      if (c[2][i] !== self) continue;
      const reference = "<ref *" + (i + 1) + ">";
      base = base === "" ? reference : reference + " " + base;
    }
  }
  $dropLast(c[1]);
  const isList = listing === 1 || listing === 20 || listing === 21;
  return $reduceToText(c, output, base, head[1], head[2], isList, level, value);
}

// Objects of classes that other files own: [base, open, close, keys, listing] or undefined.
function inspectSpecial(c, value, kind, constructor, tag) {
  if (kind >= 24 && kind <= 26) return $inspectBinary(c, value, kind, constructor);
  return undefined;
}

function listContents(c, value, level, listing, output) {
  if (listing >= 21 && listing <= 23) $listBinary(c, value, level, listing, output);
  else if (listing === 1) $listArray(c, value, level, output);
  else if (listing === 4 || listing === 5) {
    c[0] += 2;
    const steps = $newTableIterator(value);
    let left = $tableSize(value);
    for (let i = 0; i < c[7]; i++) {
      const key = $tableStep(steps);
      if (key === $hole) break;
      let text = $formatValue(c, key, level);
      if (listing === 4) text += " => " + $formatValue(c, $tableStepValue(steps), level);
      $arrayAppend(output, text);
      left--;
    }
    if (left > 0) $arrayAppend(output, $moreItems(left));
    c[0] -= 2;
  } else if (listing === 6) {
    const status = $promiseStatus(value);
    if (status === 0) $arrayAppend(output, "<pending>");
    else {
      c[0] += 2;
      const text = $formatValue(c, $promiseOutcome(value), level);
      c[0] -= 2;
      $arrayAppend(output, status === 2 ? "<rejected> " + text : text);
    }
  } else if (listing === 7) $arrayAppend(output, "<items unknown>");
  else if (listing === 9) {
    c[0] += 2;
    $arrayAppend(output, $formatValue(c, $weakTarget(value), level));
    c[0] -= 2;
  } else if (listing === 103 || listing === 104) {
    c[0] += 2;
    const entries = $restOfIterator(value);
    const both = $slot(value, 2) === 2;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      $arrayAppend(
        output,
        both
          ? "[ " + $formatValue(c, entry[0], level) + ", " + $formatValue(c, entry[1], level) + " ]"
          : $formatValue(c, entry, level),
      );
    }
    c[0] -= 2;
  }
}

function moreItems(n) {
  return "... " + n + " more item" + (n > 1 ? "s" : "");
}

function listArray(c, value, level, output) {
  const size = $arraySize(value);
  const shown = size < c[7] ? size : c[7];
  let i = 0;
  for (; i < shown; i++) {
    if (!$hasOwnOrdinary(value, i)) break;
    $arrayAppend(output, $formatProperty(c, value, level, i, true));
  }
  if (i === shown) {
    if (size > shown) $arrayAppend(output, $moreItems(size - shown));
    return;
  }
  // Sparse: runs of holes count as one entry each.
  const keys = $ownKeysOrdinary(value, 5);
  let index = i;
  for (; i < keys.length && output.length < shown; i++) {
    const key = $toKeyPrimitive(keys[i]);
    if (typeof key !== "number") break;
    if (key !== index) {
      const empty = key - index;
      $arrayAppend(output, "<" + empty + " empty item" + (empty > 1 ? "s" : "") + ">");
      index = key;
      if (output.length === shown) break;
    }
    $arrayAppend(output, $formatProperty(c, value, level, key, true));
    index++;
  }
  const left = size - index;
  if (output.length !== shown) {
    if (left > 0) $arrayAppend(output, "<" + left + " empty item" + (left > 1 ? "s" : "") + ">");
  } else if (left > 0) $arrayAppend(output, $moreItems(left));
}

function formatProperty(c, value, level, key, isElement) {
  const d = $getOwnOrdinary(value, key);
  let text = "undefined";
  if (d !== undefined) {
    if ((d[0] & 768) !== 0 || d[2] !== undefined || d[3] !== undefined) {
      if (d[2] !== undefined) text = d[3] !== undefined ? "[Getter/Setter]" : "[Getter]";
      else if (d[3] !== undefined) text = "[Setter]";
    } else if (d[1] !== undefined) {
      c[0] += 2;
      text = $formatValue(c, d[1], level);
      c[0] -= 2;
    }
  }
  if (isElement) return text;
  let name;
  if (typeof key === "symbol") name = "[" + $keyText(key) + "]";
  else if (key === "__proto__") name = "['__proto__']";
  else {
    key = $toStringPrimitive(key);
    if (d !== undefined && (d[0] & 2) === 0) name = "[" + key + "]";
    else name = $isPlainKey(key) ? key : $quoteText(key);
  }
  return name + ": " + text;
}

function functionBase(value, constructor, tag) {
  const traits = $functionTraits(value);
  const own = $getOwnOrdinary(value, "name");
  const name = own === undefined ? $dataOf(value, "name") : own[1];
  if ((traits & 4) !== 0) {
    let text = "class " + (own !== undefined && typeof name === "string" && name !== "" ? name : "(anonymous)");
    if (constructor !== "Function" && constructor !== null) text += " [" + constructor + "]";
    if (tag !== "" && constructor !== tag) text += " [" + tag + "]";
    if (constructor === null) text += " extends null";
    else {
      const parent = $dataOf($prototypeOfOrdinary(value), "name");
      if (typeof parent === "string" && parent !== "") text += " extends " + parent;
    }
    return "[" + text + "]";
  }
  const type = ((traits & 1) !== 0 ? "Async" : "") + ((traits & 2) !== 0 ? "Generator" : "") + "Function";
  let text = "[" + type;
  if (constructor === null) text += " (null prototype)";
  text +=
    name === "" || name === undefined || $isObject(name) || typeof name === "symbol" ? " (anonymous)" : ": " + name;
  text += "]";
  if (constructor !== type && constructor !== null) text += " " + constructor;
  if (tag !== "" && constructor !== tag) text += " [" + tag + "]";
  return text;
}

function wrapperBase(c, value, constructor, tag) {
  const kind = $wrapperKind(value);
  const type =
    kind === 1 ? "Number" : kind === 2 ? "String" : kind === 3 ? "Boolean" : kind === 4 ? "BigInt" : "Symbol";
  let text = "[" + type;
  if (type !== constructor) text += constructor === null ? " (null prototype)" : " (" + constructor + ")";
  const primitive = $wrapped(value);
  text += ": " + $formatPrimitive(c, primitive, kind === 2) + "]";
  if (tag !== "" && tag !== constructor) text += " [" + tag + "]";
  return text;
}

function startsWithName(stack, name) {
  const next = stack[name.length];
  return $stringStartsWith(stack, name) && (next === undefined || next === ":" || next === "\n");
}

// Removes keys that the stack shows already, adds cause and errors, and returns the stack.
function errorBase(c, value, constructor, tag, keys) {
  const rawName = value.name;
  const name = rawName === undefined || rawName === null ? "Error" : $toString(rawName);
  const rawMessage = $dataOf(value, "message");
  const message = typeof rawMessage === "string" ? rawMessage : "";
  const rawStack = value.stack;
  let stack = rawStack ? $toString(rawStack) : $call($errorPrototypeToString, value);
  let kept = 0;
  const count = keys.length;
  let hasCause = false;
  let hasErrors = false;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    if (key === "name" || key === "message" || key === "stack") {
      const v = $dataOf(value, key);
      if (typeof v !== "string" || $stringIncludes(stack, v)) continue;
    }
    if (key === "cause") hasCause = true;
    if (key === "errors") hasErrors = true;
    keys[kept++] = key;
  }
  while (keys.length > kept) $dropLast(keys);
  if (!hasCause && $hasOrdinary(value, "cause") === true) $arrayAppend(keys, "cause");
  if (!hasErrors && $inspectKind($dataOf(value, "errors")) === 1) $arrayAppend(keys, "errors");
  const length = name.length;
  if (constructor === null || ($stringEndsWith(name, "Error") && $startsWithName(stack, name))) {
    const shown = $prefixOf(constructor, tag, constructor === null ? name : "Error", "");
    const prefix = $stringSlice(shown, 0, shown.length - 1);
    if (name !== prefix) {
      const rest = $stringSlice(stack, length, stack.length);
      stack = $stringIncludes(prefix, name)
        ? length === 0
          ? prefix + ": " + stack
          : prefix + rest
        : prefix + " [" + name + "]" + rest;
    }
  }
  let at = message === "" ? -1 : $stringIndexOf(stack, message, 0);
  if (at >= 0) at += message.length;
  if ($stringIndexOf(stack, "\n    at", at < 0 ? 0 : at) < 0) stack = "[" + stack + "]";
  return c[0] === 0 ? stack : $indentLines(stack, c[0]);
}

// --- lines -------------------------------------------------------------------------------------------------------------------

function reduceToText(c, output, base, open, close, isList, level, value) {
  const entries = output.length;
  if (isList && entries > 6) output = $groupElements(c, output, value);
  const lead = base === "" ? "" : base + " ";
  if (c[3] - level < 3 && entries === output.length) {
    const start = output.length + c[0] + open.length + base.length + 10;
    if ($fitsOneLine(output, start, base, c[6])) {
      const joined = $joinTexts(output, ", ");
      if (!$stringIncludes(joined, "\n")) return lead + open + " " + joined + " " + close;
    }
  }
  const indentation = "\n" + $padText("", c[0], true);
  return lead + open + indentation + "  " + $joinTexts(output, "," + indentation + "  ") + indentation + close;
}

function fitsOneLine(output, start, base, width) {
  let total = output.length + start;
  if (total + output.length > width) return false;
  for (let i = 0; i < output.length; i++) {
    total += output[i].length;
    if (total > width) return false;
  }
  return base === "" || !$stringIncludes(base, "\n");
}

function groupElements(c, output, value) {
  let total = 0;
  let longest = 0;
  let count = output.length;
  // "... more items" is not part of the grid.
  const extra = count > c[7];
  if (extra) count--;
  const widths = $newArray(count);
  for (let i = 0; i < count; i++) {
    const width = $textWidth(output[i]);
    $arrayAppend(widths, width);
    total += width + 2;
    if (width > longest) longest = width;
  }
  const actual = longest + 2;
  if (!(actual * 3 + c[0] < c[6] && (total / actual > 5 || longest <= 6))) return output;
  const bias = $mathSqrt(actual - total / output.length);
  const biased = actual - 3 - bias > 1 ? actual - 3 - bias : 1;
  const ideal = $mathRound($mathSqrt(2.5 * biased * count) / biased);
  const fit = c[6] === Infinity ? 15 : $mathFloor((c[6] - c[0]) / actual);
  let columns = ideal < fit ? ideal : fit;
  if (columns > 12) columns = 12;
  if (columns <= 1) return output;
  const lineWidths = $newArray(columns);
  for (let i = 0; i < columns; i++) {
    let width = 0;
    for (let j = i; j < count; j += columns) if (widths[j] > width) width = widths[j];
    $arrayAppend(lineWidths, width + 2);
  }
  let atStart = true;
  if (value !== undefined) {
    for (let i = 0; i < output.length; i++) {
      const v = $dataOf(value, i);
      if (typeof v !== "number" && typeof v !== "bigint") {
        atStart = false;
        break;
      }
    }
  }
  const lines = $newArray(8);
  for (let i = 0; i < count; i += columns) {
    const end = i + columns < count ? i + columns : count;
    let line = "";
    let j = i;
    for (; j < end - 1; j++)
      line += $padText(output[j] + ", ", lineWidths[j - i] + output[j].length - widths[j], atStart);
    line += atStart ? $padText(output[j], lineWidths[j - i] + output[j].length - widths[j] - 2, true) : output[j];
    $arrayAppend(lines, line);
  }
  if (extra) $arrayAppend(lines, output[count]);
  return lines;
}
