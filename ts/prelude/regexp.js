// Owns RegExp as far as it may call guest code, and matches that take long: they are run in parts between which the program can be
// held. Modes of $regExpHeld: 1 all matches, 2 at the start only, 4 places to split at.

/** https://tc39.es/ecma262/#sec-regexpcreate */
function regExpCreate(pattern, flags) {
  const rx = $regExpAlloc($RegExpPrototype);
  return $regExpInitialize(rx, pattern === undefined ? "" : $toString(pattern), flags);
}

// https://tc39.es/ecma262/#sec-regexp-pattern-flags
function regExpConstructor(pattern, flags) {
  "use constructor";
  const patternIsRegExp = $isRegExp(pattern);
  let newTarget = new.target;
  if (newTarget === undefined) {
    newTarget = $RegExp;
    if (patternIsRegExp && flags === undefined && pattern.constructor === newTarget) return pattern;
  }
  let source = pattern;
  if ($isRegExpObject(pattern)) {
    source = $regExpPattern(pattern);
    if (flags === undefined) flags = $regExpFlags(pattern);
  } else if (patternIsRegExp) {
    source = pattern.source;
    if (flags === undefined) flags = pattern.flags;
  }
  const rx = $regExpAlloc($getPrototypeFromConstructor(newTarget, $RegExpPrototype), newTarget !== $RegExp);
  source = source === undefined ? "" : $toString(source);
  return $regExpInitialize(rx, source, flags === undefined ? "" : $toString(flags));
}

// https://tc39.es/ecma262/#sec-regexp.prototype.compile
function regExpPrototypeCompile(pattern, flags) {
  if (!$isRegExpObject(this)) $throwIncompatibleRegExp("compile", this);
  // https://github.com/tc39/proposal-regexp-legacy-features
  if (($regExpBits(this) & 256) !== 0)
    $throwTypeError("RegExp.prototype.compile cannot be used on objects of a subclass");
  let source = pattern;
  if ($isRegExpObject(pattern)) {
    if (flags !== undefined) $throwTypeError("Invalid flags: they come with the RegExp that is given");
    source = $regExpPattern(pattern);
    flags = $regExpFlags(pattern);
  }
  source = source === undefined ? "" : $toString(source);
  $regExpInitialize(this, source, flags === undefined ? "" : $toString(flags));
  this.lastIndex = 0;
  return this;
}

/** https://github.com/tc39/proposal-regexp-legacy-features */
function setRegExpInput(value) {
  $requireRegExpItself(this);
  $setLastInput($toString(value));
}

function throwIncompatibleRegExp(name, receiver) {
  if (name === "flags") $throwTypeError("RegExp.prototype.flags getter called on non-object " + $describe(receiver));
  if (name[0] === "[") name = "@@" + $stringSlice(name, 8, name.length - 1);
  $throwTypeError("Method RegExp.prototype." + name + " called on incompatible receiver " + $describe(receiver));
}

function requireRegExpReceiver(receiver, name) {
  if (!$isObject(receiver)) $throwIncompatibleRegExp(name, receiver);
}

// --- matching --------------------------------------------------------------------------------------------------------

/** A match that has been run to its end, null if nothing was found. */
function heldMatch(rx, s, from, mode, most) {
  const held = $regExpHeld(rx, s, from, mode, most);
  let found = $regExpPart(held);
  while (found === $hole) found = $regExpPart(held);
  if (found === 0) return null;
  $regExpRemember(rx, held);
  return held;
}

/** https://tc39.es/ecma262/#sec-regexpbuiltinexec */
function regExpBuiltinExec(rx, s) {
  const lastIndex = $toLength(rx.lastIndex);
  const bits = $regExpBits(rx);
  const keeps = (bits & 96) !== 0;
  const held =
    keeps && lastIndex > s.length ? null : $heldMatch(rx, s, keeps ? lastIndex : 0, (bits & 64) !== 0 ? 2 : 0, 1);
  if (held === null) {
    if (keeps) rx.lastIndex = 0;
    return null;
  }
  if (keeps) rx.lastIndex = $regExpHeldPosition(held, 0, 1);
  return $regExpHeldResult(held, 0);
}

/** https://tc39.es/ecma262/#sec-regexpexec */
function regExpExec(rx, s) {
  const exec = rx.exec;
  if ($isCallable(exec)) {
    const result = $call(exec, rx, s);
    if (result !== null && !$isObject(result)) $throwTypeError($describe(result) + " is not an object or null");
    return result;
  }
  if (!$isRegExpObject(rx)) $throwIncompatibleRegExp("exec", rx);
  return $regExpBuiltinExec(rx, s);
}

// https://tc39.es/ecma262/#sec-regexp.prototype.exec
function regExpPrototypeExec(string) {
  if (!$isRegExpObject(this)) $throwIncompatibleRegExp("exec", this);
  return $regExpBuiltinExec(this, $toString(string));
}

// https://tc39.es/ecma262/#sec-regexp.prototype.test
function regExpPrototypeTest(string) {
  $requireRegExpReceiver(this, "test");
  return $regExpExec(this, $toString(string)) !== null;
}

// https://tc39.es/ecma262/#sec-regexp.prototype.tostring
function regExpPrototypeToString() {
  $requireRegExpReceiver(this, "toString");
  const source = $toString(this.source);
  return "/" + source + "/" + $toString(this.flags);
}

// https://tc39.es/ecma262/#sec-get-regexp.prototype.flags
function getRegExpPrototypeFlags() {
  $requireRegExpReceiver(this, "flags");
  let flags = this.hasIndices ? "d" : "";
  if (this.global) flags += "g";
  if (this.ignoreCase) flags += "i";
  if (this.multiline) flags += "m";
  if (this.dotAll) flags += "s";
  if (this.unicode) flags += "u";
  if (this.unicodeSets) flags += "v";
  if (this.sticky) flags += "y";
  return flags;
}

/** The index after the character at an index. */
function advanceIndex(s, index, unicode) {
  const next = $advanceStringIndex(s, index, unicode);
  return next === $hole ? index + 1 : next;
}

function isUnicodeFlags(flags) {
  return $stringIncludes(flags, "u", 0) || $stringIncludes(flags, "v", 0);
}

/** Moves lastIndex past an empty match. */
function stepLastIndex(rx, s, unicode) {
  const index = $toLength(rx.lastIndex);
  rx.lastIndex = $advanceIndex(s, index, unicode);
}

/** All matches of a global pristine RegExp, or the first of another one; lastIndex as exec leaves it. */
function pristineMatches(rx, s) {
  const bits = $regExpBits(rx);
  if ((bits & 32) !== 0) {
    const held = $heldMatch(rx, s, 0, (bits & 64) !== 0 ? 3 : 1, 2147483647);
    rx.lastIndex = 0;
    return held;
  }
  const sticky = (bits & 64) !== 0;
  const from = sticky ? rx.lastIndex : 0;
  const held = from > s.length ? null : $heldMatch(rx, s, from, sticky ? 2 : 0, 1);
  if (sticky) rx.lastIndex = held === null ? 0 : $regExpHeldPosition(held, 0, 1);
  return held;
}

// https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.match%
function regExpPrototypeSymbolMatch(string) {
  $requireRegExpReceiver(this, "[Symbol.match]");
  const s = $toString(string);
  if ($isPristineRegExp(this, false)) {
    const held = $pristineMatches(this, s);
    if (held === null) return null;
    return ($regExpBits(this) & 32) !== 0 ? $regExpHeldStrings(held) : $regExpHeldResult(held, 0);
  }
  const flags = $toString(this.flags);
  if (!$stringIncludes(flags, "g", 0)) return $regExpExec(this, s);
  const unicode = $isUnicodeFlags(flags);
  this.lastIndex = 0;
  const matches = $newArray(0);
  while (true) {
    const result = $regExpExec(this, s);
    if (result === null) return matches.length === 0 ? null : matches;
    const text = $toString(result[0]);
    $arrayAppend(matches, text);
    if (text === "") $stepLastIndex(this, s, unicode);
  }
}

// https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.search%
function regExpPrototypeSymbolSearch(string) {
  $requireRegExpReceiver(this, "[Symbol.search]");
  const s = $toString(string);
  const before = this.lastIndex;
  if (!$sameValue(before, 0)) this.lastIndex = 0;
  const result = $regExpExec(this, s);
  if (!$sameValue(this.lastIndex, before)) this.lastIndex = before;
  return result === null ? -1 : result.index;
}

// --- replacing -------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-getsubstitution; captures: an internal array, the 0th is not used */
function getSubstitution(matched, s, position, captures, named, template) {
  const n = template.length;
  let result = "";
  let from = 0;
  let i = $stringIndexOf(template, "$", 0);
  while (i >= 0) {
    result += $stringSubstring(template, from, i);
    from = i;
    const c = i + 1 < n ? $stringCharCodeAt(template, i + 1) : 0;
    if (c === 36) {
      result += "$";
      from = i + 2;
    } else if (c === 38) {
      result += matched;
      from = i + 2;
    } else if (c === 96) {
      result += $stringSubstring(s, 0, position);
      from = i + 2;
    } else if (c === 39) {
      const end = position + matched.length;
      result += $stringSubstring(s, end < s.length ? end : s.length);
      from = i + 2;
    } else if (c >= 48 && c <= 57) {
      let index = c - 48;
      let end = i + 2;
      const second = end < n ? $stringCharCodeAt(template, end) - 48 : 10;
      if (second >= 0 && second <= 9 && index * 10 + second < captures.length) {
        index = index * 10 + second;
        end++;
      }
      if (index > 0 && index < captures.length) {
        if (captures[index] !== undefined) result += captures[index];
        from = end;
      }
    } else if (c === 60 && named !== undefined) {
      const end = $stringIndexOf(template, ">", i + 2);
      if (end >= 0) {
        const capture = named[$stringSubstring(template, i + 2, end)];
        if (capture !== undefined) result += $toString(capture);
        from = end + 1;
      }
    }
    // A `$` that begins no reference is a `$`.
    if (from === i) {
      result += "$";
      from = i + 1;
    }
    i = from >= n ? -1 : $stringIndexOf(template, "$", from);
  }
  return result + $stringSubstring(template, from);
}

/** Calls a replacement function for a match; captures: the whole match and what the groups captured. */
function callReplacer(replacer, captures, position, s, named) {
  $arrayAppend(captures, position);
  $arrayAppend(captures, s);
  if (named !== undefined) $arrayAppend(captures, named);
  return $toString($callSpread(replacer, undefined, captures));
}

/** All matches of a pristine RegExp, replaced by the results of a function. */
function replacePristine(rx, s, replacer) {
  const held = $pristineMatches(rx, s);
  if (held === null) return s;
  const found = $regExpPart(held);
  let result = "";
  let from = 0;
  for (let i = 0; i < found; i++) {
    const position = $regExpHeldPosition(held, i, 0);
    const named = $regExpHeldNamed(held, i);
    const text = $callReplacer(replacer, $regExpHeldCaptures(held, i), position, s, named);
    result += $stringSubstring(s, from, position) + text;
    from = $regExpHeldPosition(held, i, 1);
  }
  return from >= s.length ? result : result + $stringSubstring(s, from);
}

// https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.replace%
function regExpPrototypeSymbolReplace(string, replacement) {
  $requireRegExpReceiver(this, "[Symbol.replace]");
  const s = $toString(string);
  const functional = $isCallable(replacement);
  if (!functional) replacement = $toString(replacement);
  if ($isPristineRegExp(this, false)) {
    if (functional) return $replacePristine(this, s, replacement);
    const held = $pristineMatches(this, s);
    return held === null ? s : $regExpHeldReplace(held, replacement);
  }
  const flags = $toString(this.flags);
  const isGlobal = $stringIncludes(flags, "g", 0);
  const unicode = $isUnicodeFlags(flags);
  if (isGlobal) this.lastIndex = 0;
  const results = $newArray(0);
  while (true) {
    const result = $regExpExec(this, s);
    if (result === null) break;
    $arrayAppend(results, result);
    if (!isGlobal) break;
    if ($toString(result[0]) === "") $stepLastIndex(this, s, unicode);
  }
  return $replaceResults(results, s, functional, replacement);
}

/** The string with what the results of exec are replaced. */
function replaceResults(results, s, functional, replacement) {
  let text = "";
  let from = 0;
  for (let i = 0; i < results.length; i++) {
    const result = results[i];
    const count = $lengthOfArrayLike(result);
    const matched = $toString(result[0]);
    const index = $toIntegerOrInfinity(result.index);
    const position = index < 0 ? 0 : index > s.length ? s.length : index;
    const captures = $newArray(0);
    $arrayAppend(captures, matched);
    for (let n = 1; n < count; n++) {
      const capture = result[n];
      $arrayAppend(captures, capture === undefined ? undefined : $toString(capture));
    }
    let named = result.groups;
    let replaced;
    if (functional) replaced = $callReplacer(replacement, captures, position, s, named);
    else {
      if (named !== undefined) named = $toObject(named);
      replaced = $getSubstitution(matched, s, position, captures, named, replacement);
    }
    if (position >= from) {
      text += $stringSubstring(s, from, position) + replaced;
      from = position + matched.length;
    }
  }
  return from >= s.length ? text : text + $stringSubstring(s, from);
}

// --- splitting -------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.split%
function regExpPrototypeSymbolSplit(string, limit) {
  $requireRegExpReceiver(this, "[Symbol.split]");
  const s = $toString(string);
  if (s.length > 0 && !$isObject(limit) && $isPristineRegExp(this, true)) {
    const most = limit === undefined ? 4294967295 : $toNumber(limit) >>> 0;
    if (most > 0) {
      // The splitter that is to be made compiles the pattern once more.
      const splitter = $regExpCreate($regExpPattern(this), $regExpFlags(this));
      const held = $regExpHeld(splitter, s, 0, 4, most < 2147483647 ? most : 2147483647);
      while ($regExpPart(held) === $hole);
      $regExpRemember(splitter, held);
      return $regExpHeldSplit(held, most);
    }
  }
  const constructor = $speciesConstructor(this, $RegExp);
  const flags = $toString(this.flags);
  const unicode = $isUnicodeFlags(flags);
  const splitter = $construct(constructor, constructor, this, $stringIncludes(flags, "y", 0) ? flags : flags + "y");
  const parts = $newArray(0);
  const most = limit === undefined ? 4294967295 : $toNumber(limit) >>> 0;
  if (most === 0) return parts;
  if (s.length === 0) {
    if ($regExpExec(splitter, s) === null) $arrayAppend(parts, s);
    return parts;
  }
  let from = 0;
  let at = 0;
  while (at < s.length) {
    splitter.lastIndex = at;
    const result = $regExpExec(splitter, s);
    if (result === null) {
      at = $advanceIndex(s, at, unicode);
      continue;
    }
    const last = $toLength(splitter.lastIndex);
    const end = last < s.length ? last : s.length;
    if (end === from) {
      at = $advanceIndex(s, at, unicode);
      continue;
    }
    $arrayAppend(parts, $stringSubstring(s, from, at));
    if (parts.length === most) return parts;
    from = end;
    const count = $lengthOfArrayLike(result);
    for (let i = 1; i < count; i++) {
      $arrayAppend(parts, result[i]);
      if (parts.length === most) return parts;
    }
    at = from;
  }
  $arrayAppend(parts, $stringSubstring(s, from));
  return parts;
}

// --- iterating -------------------------------------------------------------------------------------------------------

// INTERNAL class 31; slots: RegExp, string, global, unicode, done.

// https://tc39.es/ecma262/#sec-regexp.prototype-%symbol.matchall%
function regExpPrototypeSymbolMatchAll(string) {
  $requireRegExpReceiver(this, "[Symbol.matchAll]");
  const s = $toString(string);
  const constructor = $speciesConstructor(this, $RegExp);
  const flags = $toString(this.flags);
  const matcher = $construct(constructor, constructor, this, flags);
  matcher.lastIndex = $toLength(this.lastIndex);
  const iterator = $newInternal(31, $RegExpStringIteratorPrototype, 5);
  $setSlot(iterator, 0, matcher);
  $setSlot(iterator, 1, s);
  $setSlot(iterator, 2, $stringIncludes(flags, "g", 0));
  $setSlot(iterator, 3, $isUnicodeFlags(flags));
  $setSlot(iterator, 4, false);
  return iterator;
}

// https://tc39.es/ecma262/#sec-%regexpstringiteratorprototype%.next
function regExpStringIteratorPrototypeNext() {
  if (!$isInternal(this, 31))
    $throwTypeError("Method %RegExpStringIterator%.prototype.next called on incompatible receiver " + $describe(this));
  if ($slot(this, 4)) return { value: undefined, done: true };
  const rx = $slot(this, 0);
  const s = $slot(this, 1);
  // An error ends the iteration.
  $setSlot(this, 4, true);
  const result = $regExpExec(rx, s);
  if (result === null) return { value: undefined, done: true };
  if ($slot(this, 2)) {
    if ($toString(result[0]) === "") $stepLastIndex(rx, s, $slot(this, 3));
    $setSlot(this, 4, false);
  }
  return { value: result, done: false };
}
