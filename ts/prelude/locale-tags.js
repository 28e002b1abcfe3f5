// Owns which locales there are: English as in the United States, which every text in these files is written in. Must never take
// another one for it: that is a RangeError, so that no program shows English where it asked for something else.
// https://tc39.es/ecma402/#sec-canonicalizelocalelist

/** Refuses a list without a known locale. Returns the hour cycle of the first known one, "" if it names no cycle. */
function requireLocale(locales) {
  if (locales === undefined || locales === "en-US") return "";
  let cycle;
  let refused = "";
  const list = $localeList(locales);
  for (let k = 0; k < list.length; k++) {
    const asked = $cycleOfLocale(list[k]);
    if (asked === undefined) {
      if (refused === "") refused = list[k];
    } else if (cycle === undefined) cycle = asked;
  }
  if (cycle !== undefined) return cycle;
  if (refused !== "")
    $throwRangeError(
      "Unsupported locale: " + refused + " (only en-US is available here; format for others on the host)",
    );
  return "";
}

/** The tags as texts, each of them well-formed, in an internal array. */
function localeList(locales) {
  const tags = $newArray(0);
  if (typeof locales === "string") {
    $arrayAppend(tags, $wellFormedTag(locales));
    return tags;
  }
  const list = $toObject(locales);
  const length = $lengthOfArrayLike(list);
  for (let k = 0; k < length; k++) {
    if (!(k in list)) continue;
    const tag = list[k];
    if (typeof tag !== "string" && !$isObject(tag)) $throwTypeError("Language ID should be string or object.");
    $arrayAppend(tags, $wellFormedTag($toString(tag)));
  }
  return tags;
}

/** Parts between hyphens, in lower case. */
function subtagsOf(tag) {
  const parts = $newArray(0);
  let from = 0;
  while (from <= tag.length) {
    let end = $stringIndexOf(tag, "-", from);
    if (end < 0) end = tag.length;
    $arrayAppend(parts, $stringToLowerCase($stringSlice(tag, from, end)));
    from = end + 1;
  }
  return parts;
}

/** 1: letters only, 2: digits only, 3: both, 0: anything else, or nothing. */
function kindOfSubtag(text) {
  let kind = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c >= "a" && c <= "z") kind |= 1;
    else if (c >= "0" && c <= "9") kind |= 2;
    else return 0;
  }
  return kind;
}

/** https://unicode.org/reports/tr35/#Unicode_locale_identifier */
function wellFormedTag(tag) {
  const parts = tag.length > 255 ? $newArray(0) : $subtagsOf(tag);
  let ok = parts.length > 0 && $kindOfSubtag(parts[0]) === 1 && parts[0].length > 1 && parts[0].length !== 4;
  let inExtension = false;
  for (let i = 1; ok && i < parts.length; i++) {
    const part = parts[i];
    const kind = $kindOfSubtag(part);
    const n = part.length;
    ok = kind !== 0 && n <= 8;
    if (n === 1) {
      inExtension = true;
      ok = ok && i + 1 < parts.length && parts[i + 1].length > (part === "x" ? 0 : 1);
      if (part === "x") break;
    } else if (!inExtension) {
      if (n === 4) ok = ok && (kind === 1 ? i === 1 : part[0] <= "9");
      else if (n < 4) ok = ok && kind === (n === 2 ? 1 : 2);
    }
  }
  if (!ok) $throwRangeError("Incorrect locale information provided");
  return tag;
}

/** The hour cycle that a tag of the one locale asks for, "" if it names no cycle; undefined for every other tag. */
function cycleOfLocale(tag) {
  const parts = $subtagsOf(tag);
  if (parts[0] !== "en") return undefined;
  let i = 1;
  if (i < parts.length && parts[i] === "latn") i++;
  if (i < parts.length && parts[i] === "us") i++;
  if (i === parts.length) return "";
  if (parts[i] !== "u") return undefined;
  let cycle = "";
  for (i++; i < parts.length; i += 2) {
    const key = parts[i];
    const value = i + 1 < parts.length ? parts[i + 1] : "";
    if (key === "hc" && (value === "h11" || value === "h12" || value === "h23" || value === "h24")) cycle = value;
    else if (!((key === "nu" && value === "latn") || (key === "ca" && value === "gregory"))) return undefined;
  }
  return cycle;
}

// --- letters -------------------------------------------------------------------------------------------------------

/**
 * True for Turkish and Azeri, whose i has its dot in both cases. Languages with other rules of their own are refused; those named in
 * `refused` have some for this case. https://tc39.es/ecma402/#sup-string.prototype.tolocalelowercase
 */
function isTurkic(locales, refused) {
  if (locales === undefined) return false;
  const list = $localeList(locales);
  if (list.length === 0) return false;
  const language = $subtagsOf(list[0])[0];
  if ($stringIncludes(refused, " " + language + " ", 0))
    $throwRangeError("Unsupported locale: " + list[0] + " (its rules for letters are not available here)");
  return language === "tr" || language === "az";
}

// https://tc39.es/ecma262/#sec-string.prototype.tolocalelowercase
function stringPrototypeToLocaleLowerCase(locales) {
  const s = $stringOfThis(this, "toLocaleLowerCase");
  if (!$isTurkic(locales, " lt ")) return $stringToLowerCase(s);
  let text = "";
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (c === "I") {
      const hasDot = i + 1 < s.length && s[i + 1] === "\u0307";
      text += hasDot ? "i" : "\u0131";
      if (hasDot) i++;
    } else text += c === "\u0130" ? "i" : c;
  }
  return $stringToLowerCase(text);
}

// https://tc39.es/ecma262/#sec-string.prototype.tolocaleuppercase
function stringPrototypeToLocaleUpperCase(locales) {
  const s = $stringOfThis(this, "toLocaleUpperCase");
  if (!$isTurkic(locales, " lt el hy ")) return $stringToUpperCase(s);
  let text = "";
  for (let i = 0; i < s.length; i++) text += s[i] === "i" ? "\u0130" : s[i];
  return $stringToUpperCase(text);
}
