// Owns the halves of String methods that may call guest code: conversions of the receiver and of arguments in the order of the
// specification, then the native of the same work with primitives. Must never do work that a native can do.

/** RequireObjectCoercible and ToString of the receiver. */
function stringOfThis(v, name) {
  if (v === undefined || v === null)
    $throwTypeError("String.prototype" + (name[0] === "[" ? name : "." + name) + " called on null or undefined");
  return $toString(v);
}

// https://tc39.es/ecma262/#sec-string-constructor-string-value
function stringConstructor(value) {
  let s = "";
  if ($argc() > 0)
    s = new.target === undefined && typeof value === "symbol" ? $stringOfSymbol(value) : $toString(value);
  if (new.target === undefined) return s;
  return $stringWrapper(s, $getPrototypeFromConstructor(new.target, $StringPrototype));
}

// https://tc39.es/ecma262/#sec-string.fromcharcode
function stringFromCharCode(...units) {
  let result = "";
  for (let i = 0; i < units.length; i++) result += $stringCodeUnit($toNumber(units[i]));
  return result;
}

// https://tc39.es/ecma262/#sec-string.fromcodepoint
function stringFromCodePoint(...points) {
  let result = "";
  for (let i = 0; i < points.length; i++) result += $stringCodePoint($toNumber(points[i]));
  return result;
}

// https://tc39.es/ecma262/#sec-string.raw
function stringRaw(template, ...substitutions) {
  const literals = $toObject($toObject(template).raw);
  const count = $lengthOfArrayLike(literals);
  let result = "";
  for (let i = 0; i < count; i++) {
    result += $toString(literals[i]);
    if (i + 1 < count && i < substitutions.length) result += $toString(substitutions[i]);
  }
  return result;
}

// https://tc39.es/ecma262/#sec-string.prototype.at
function stringPrototypeAt(index) {
  const s = $stringOfThis(this, "at");
  return $stringAt(s, $toIntegerOrInfinity(index));
}

// https://tc39.es/ecma262/#sec-string.prototype.charat
function stringPrototypeCharAt(position) {
  const s = $stringOfThis(this, "charAt");
  return $stringCharAt(s, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.charcodeat
function stringPrototypeCharCodeAt(position) {
  const s = $stringOfThis(this, "charCodeAt");
  return $stringCharCodeAt(s, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.codepointat
function stringPrototypeCodePointAt(position) {
  const s = $stringOfThis(this, "codePointAt");
  return $stringCodePointAt(s, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.concat
function stringPrototypeConcat(...parts) {
  let s = $stringOfThis(this, "concat");
  for (let i = 0; i < parts.length; i++) s += $toString(parts[i]);
  return s;
}

/** https://tc39.es/ecma262/#sec-isregexp */
function isRegExp(v) {
  if (!$isObject(v)) return false;
  const matcher = v[$Symbol_match];
  return matcher === undefined ? $isRegExpObject(v) : !!matcher;
}

/** A search string: anything but a regular expression. */
function searchString(v, name) {
  if ($isRegExp(v)) $throwTypeError("First argument to String.prototype." + name + " must not be a regular expression");
  return $toString(v);
}

// https://tc39.es/ecma262/#sec-string.prototype.endswith
function stringPrototypeEndsWith(search, endPosition) {
  const s = $stringOfThis(this, "endsWith");
  const pattern = $searchString(search, "endsWith");
  return $stringEndsWith(s, pattern, endPosition === undefined ? undefined : $toIntegerOrInfinity(endPosition));
}

// https://tc39.es/ecma262/#sec-string.prototype.includes
function stringPrototypeIncludes(search, position) {
  const s = $stringOfThis(this, "includes");
  const pattern = $searchString(search, "includes");
  return $stringIncludes(s, pattern, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.startswith
function stringPrototypeStartsWith(search, position) {
  const s = $stringOfThis(this, "startsWith");
  const pattern = $searchString(search, "startsWith");
  return $stringStartsWith(s, pattern, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.indexof
function stringPrototypeIndexOf(search, position) {
  const s = $stringOfThis(this, "indexOf");
  const pattern = $toString(search);
  return $stringIndexOf(s, pattern, $toIntegerOrInfinity(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.lastindexof
function stringPrototypeLastIndexOf(search, position) {
  const s = $stringOfThis(this, "lastIndexOf");
  const pattern = $toString(search);
  return $stringLastIndexOf(s, pattern, $toNumber(position));
}

// https://tc39.es/ecma262/#sec-string.prototype.iswellformed
function stringPrototypeIsWellFormed() {
  return $stringIsWellFormed($stringOfThis(this, "isWellFormed"));
}

// https://tc39.es/ecma262/#sec-string.prototype.localecompare
function stringPrototypeLocaleCompare(that, locales, options) {
  const s = $stringOfThis(this, "localeCompare");
  that = $toString(that);
  $requireLocale(locales);
  let how = 6;
  if (options !== undefined) {
    options = $toObject(options);
    const sensitivity = $optionOf(
      options,
      "sensitivity",
      " base accent case variant ",
      "variant",
      "String.prototype.localeCompare",
    );
    how = sensitivity === "base" ? 0 : sensitivity === "accent" ? 2 : sensitivity === "case" ? 4 : 6;
    if (options.numeric) how++;
  }
  return $stringLocaleCompare(s, that, how);
}

// https://tc39.es/ecma262/#sec-string.prototype.match
function stringPrototypeMatch(regexp) {
  if (this === undefined || this === null) $stringOfThis(this, "match");
  if ($isObject(regexp)) {
    const matcher = $getMethod(regexp, $Symbol_match);
    if (matcher !== undefined) return $call(matcher, regexp, this);
  }
  const s = $toString(this);
  const rx = $regExpCreate(regexp, "");
  return $call(rx[$Symbol_match], rx, s);
}

// https://tc39.es/ecma262/#sec-string.prototype.matchall
function stringPrototypeMatchAll(regexp) {
  if (this === undefined || this === null) $stringOfThis(this, "matchAll");
  if ($isObject(regexp)) {
    if ($isRegExp(regexp)) {
      const flags = regexp.flags;
      if (flags === undefined || flags === null)
        $throwTypeError("flags of a regular expression must not be null or undefined");
      if (!$stringIncludes($toString(flags), "g", 0))
        $throwTypeError("String.prototype.matchAll called with a non-global RegExp argument");
    }
    const matcher = $getMethod(regexp, $Symbol_matchAll);
    if (matcher !== undefined) return $call(matcher, regexp, this);
  }
  const s = $toString(this);
  const rx = $regExpCreate(regexp, "g");
  return $call(rx[$Symbol_matchAll], rx, s);
}

// https://tc39.es/ecma262/#sec-string.prototype.search
function stringPrototypeSearch(regexp) {
  if (this === undefined || this === null) $stringOfThis(this, "search");
  if ($isObject(regexp)) {
    const searcher = $getMethod(regexp, $Symbol_search);
    if (searcher !== undefined) return $call(searcher, regexp, this);
  }
  const s = $toString(this);
  const rx = $regExpCreate(regexp, "");
  return $call(rx[$Symbol_search], rx, s);
}

// https://tc39.es/ecma262/#sec-string.prototype.normalize
function stringPrototypeNormalize(form) {
  const s = $stringOfThis(this, "normalize");
  return $stringNormalize(s, form === undefined ? undefined : $toString(form));
}

// https://tc39.es/ecma262/#sec-string.prototype.padend
function stringPrototypePadEnd(maxLength, fill) {
  const s = $stringOfThis(this, "padEnd");
  const length = $toLength(maxLength);
  if (length <= s.length) return s;
  return $stringPadEnd(s, length, fill === undefined ? undefined : $toString(fill));
}

// https://tc39.es/ecma262/#sec-string.prototype.padstart
function stringPrototypePadStart(maxLength, fill) {
  const s = $stringOfThis(this, "padStart");
  const length = $toLength(maxLength);
  if (length <= s.length) return s;
  return $stringPadStart(s, length, fill === undefined ? undefined : $toString(fill));
}

// https://tc39.es/ecma262/#sec-string.prototype.repeat
function stringPrototypeRepeat(count) {
  const s = $stringOfThis(this, "repeat");
  return $stringRepeat(s, $toIntegerOrInfinity(count));
}

// https://tc39.es/ecma262/#sec-string.prototype.replace
function stringPrototypeReplace(search, replacement) {
  if (this === undefined || this === null) $stringOfThis(this, "replace");
  if ($isObject(search)) {
    const replacer = $getMethod(search, $Symbol_replace);
    if (replacer !== undefined) return $call(replacer, search, this, replacement);
  }
  const s = $toString(this);
  const pattern = $toString(search);
  if (!$isCallable(replacement)) return $stringReplace(s, pattern, $toString(replacement));
  const position = $stringIndexOf(s, pattern, 0);
  if (position < 0) return s;
  const text = $toString($call(replacement, undefined, pattern, position, s));
  return $stringSubstring(s, 0, position) + text + $stringSubstring(s, position + pattern.length);
}

// https://tc39.es/ecma262/#sec-string.prototype.replaceall
function stringPrototypeReplaceAll(search, replacement) {
  if (this === undefined || this === null) $stringOfThis(this, "replaceAll");
  if ($isObject(search)) {
    if ($isRegExp(search)) {
      const flags = search.flags;
      if (flags === undefined || flags === null)
        $throwTypeError("flags of a regular expression must not be null or undefined");
      if (!$stringIncludes($toString(flags), "g", 0))
        $throwTypeError("String.prototype.replaceAll called with a non-global RegExp argument");
    }
    const replacer = $getMethod(search, $Symbol_replace);
    if (replacer !== undefined) return $call(replacer, search, this, replacement);
  }
  const s = $toString(this);
  const pattern = $toString(search);
  if (!$isCallable(replacement)) return $stringReplaceAll(s, pattern, $toString(replacement));
  const step = pattern.length === 0 ? 1 : pattern.length;
  let result = "";
  let end = 0;
  let position = $stringIndexOf(s, pattern, 0);
  while (position >= 0) {
    result += $stringSubstring(s, end, position) + $toString($call(replacement, undefined, pattern, position, s));
    end = position + pattern.length;
    position = position + step > s.length ? -1 : $stringIndexOf(s, pattern, position + step);
  }
  return result + $stringSubstring(s, end);
}

// https://tc39.es/ecma262/#sec-string.prototype.slice
function stringPrototypeSlice(start, end) {
  const s = $stringOfThis(this, "slice");
  const from = $toIntegerOrInfinity(start);
  return $stringSlice(s, from, end === undefined ? undefined : $toIntegerOrInfinity(end));
}

// https://tc39.es/ecma262/#sec-string.prototype.split
function stringPrototypeSplit(separator, limit) {
  if (this === undefined || this === null) $stringOfThis(this, "split");
  if ($isObject(separator)) {
    const splitter = $getMethod(separator, $Symbol_split);
    if (splitter !== undefined) return $call(splitter, separator, this, limit);
  }
  const s = $toString(this);
  const most = limit === undefined ? undefined : $toNumber(limit);
  return $stringSplit(s, separator === undefined ? undefined : $toString(separator), most);
}

// https://tc39.es/ecma262/#sec-string.prototype.substr
function stringPrototypeSubstr(start, length) {
  const s = $stringOfThis(this, "substr");
  const from = $toIntegerOrInfinity(start);
  return $stringSubstr(s, from, length === undefined ? undefined : $toIntegerOrInfinity(length));
}

// https://tc39.es/ecma262/#sec-string.prototype.substring
function stringPrototypeSubstring(start, end) {
  const s = $stringOfThis(this, "substring");
  const from = $toIntegerOrInfinity(start);
  return $stringSubstring(s, from, end === undefined ? undefined : $toIntegerOrInfinity(end));
}

// https://tc39.es/ecma262/#sec-string.prototype.tolowercase
function stringPrototypeToLowerCase() {
  return $stringToLowerCase($stringOfThis(this, "toLowerCase"));
}

// https://tc39.es/ecma262/#sec-string.prototype.touppercase
function stringPrototypeToUpperCase() {
  return $stringToUpperCase($stringOfThis(this, "toUpperCase"));
}

// https://tc39.es/ecma262/#sec-string.prototype.towellformed
function stringPrototypeToWellFormed() {
  return $stringToWellFormed($stringOfThis(this, "toWellFormed"));
}

// https://tc39.es/ecma262/#sec-string.prototype.trim
function stringPrototypeTrim() {
  return $stringTrim($stringOfThis(this, "trim"));
}

// https://tc39.es/ecma262/#sec-string.prototype.trimend
function stringPrototypeTrimEnd() {
  return $stringTrimEnd($stringOfThis(this, "trimEnd"));
}

// https://tc39.es/ecma262/#sec-string.prototype.trimstart
function stringPrototypeTrimStart() {
  return $stringTrimStart($stringOfThis(this, "trimStart"));
}

// https://tc39.es/ecma262/#sec-string.prototype-%symbol.iterator%
function stringPrototypeSymbolIterator() {
  return $stringIterator($stringOfThis(this, "[Symbol.iterator]"));
}
