// Owns the texts of numbers and dates in the one locale there is, that of the United States in English, with the options that
// Intl.NumberFormat and Intl.DateTimeFormat take, written as V8 writes them. Must never ask a host for its locale.
// https://tc39.es/ecma402/#numberformat-objects https://tc39.es/ecma402/#datetimeformat-objects

// The option as one of the words in the list, which are separated and enclosed by spaces. https://tc39.es/ecma402/#sec-getoption
function optionOf(options, name, words, otherwise, where) {
  const value = options[name];
  if (value === undefined) return otherwise;
  const text = $toString(value);
  if (text === "" || $stringIncludes(text, " ") || !$stringIncludes(words, " " + text + " "))
    $throwRangeError("Value " + text + " out of range for " + where + " options property " + name);
  return text;
}

// https://tc39.es/ecma402/#sec-defaultnumberoption
function digitOption(options, name, least, most, otherwise) {
  const value = options[name];
  if (value === undefined) return otherwise;
  const n = $toNumber(value);
  if (!(n >= least && n <= most)) $throwRangeError(name + " value is out of range.");
  return $mathFloor(n);
}

// Options without support are refused, but for the value that means doing nothing.
function refuseOption(options, name, words, where) {
  $optionOf(options, name, words, "", where);
}

// --- numbers -------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma402/#sup-number.prototype.tolocalestring
function numberPrototypeToLocaleString(locales, options) {
  return $localeNumber($thisNumber(this, "toLocaleString"), locales, options, "Number.prototype.toLocaleString");
}
// https://tc39.es/ecma402/#sup-bigint.prototype.tolocalestring
function bigIntPrototypeToLocaleString(locales, options) {
  return $localeNumber($thisBigInt(this, "toLocaleString"), locales, options, "BigInt.prototype.toLocaleString");
}

function localeNumber(x, locales, options, where) {
  $requireLocale(locales);
  options = options === undefined ? $newObject(null) : $toObject(options);
  const style = $optionOf(options, "style", " decimal percent currency ", "decimal", where);
  let currency = options.currency;
  if (currency !== undefined) {
    currency = $stringToUpperCase($toString(currency));
    if (currency.length !== 3) $throwRangeError("Invalid currency code : " + currency);
  } else if (style === "currency") $throwTypeError("Currency code is required with currency style.");
  const display = $optionOf(options, "currencyDisplay", " symbol narrowSymbol code ", "symbol", where);
  const accounting = $optionOf(options, "currencySign", " standard accounting ", "standard", where) === "accounting";
  const compact = $optionOf(options, "notation", " standard compact ", "standard", where) === "compact";
  const isLong = $optionOf(options, "compactDisplay", " short long ", "short", where) === "long";
  const digits = $digitOptions(options, style, currency, compact);
  $refuseOption(options, "numberingSystem", " latn ", where);
  $refuseOption(options, "roundingIncrement", " 1 ", where);
  $refuseOption(options, "roundingMode", " halfExpand ", where);
  $refuseOption(options, "roundingPriority", " auto ", where);
  $refuseOption(options, "trailingZeroDisplay", " auto ", where);
  const grouping = options.useGrouping;
  const sign = $optionOf(options, "signDisplay", " auto always never exceptZero negative ", "auto", where);
  let isNegative = x < 0 || (x === 0 && typeof x === "number" && 1 / x < 0);
  let text;
  let isZero = false;
  if (x !== x) text = "NaN";
  else if (typeof x === "number" && x !== 0 && x - x !== 0) text = "∞";
  else {
    const number = $decimalOf($toStringPrimitive(x), style === "percent" ? 2 : 0);
    text = $digitText(number, digits, compact, isLong, !grouping && grouping !== undefined);
    isZero = number[0].length === 0;
  }
  if (sign === "never" || (sign === "negative" && isZero) || (sign === "exceptZero" && isZero)) isNegative = false;
  const plus = !isNegative && (sign === "always" || (sign === "exceptZero" && !isZero && x === x));
  if (style === "percent") text += "%";
  else if (style === "currency") text = $currencyMark(currency, display) + text;
  if (isNegative && accounting && style === "currency") return "(" + text + ")";
  return (isNegative ? "-" : plus ? "+" : "") + text;
}

// [integer digits at least, fraction digits at least and at most, significant digits at least and at most (0: do not count),
// rounded as compact numbers are]. https://tc39.es/ecma402/#sec-setnfdigitoptions
function digitOptions(options, style, currency, compact) {
  const usual =
    style !== "currency"
      ? 0
      : $stringIncludes(" JPY KRW VND CLP ISK XAF XOF XPF PYG UGX ", " " + currency + " ")
        ? 0
        : $stringIncludes(" BHD JOD KWD OMR TND LYD IQD ", " " + currency + " ")
          ? 3
          : 2;
  const integers = $digitOption(options, "minimumIntegerDigits", 1, 21, 1);
  let least = $digitOption(options, "minimumFractionDigits", 0, 100, undefined);
  let most = $digitOption(options, "maximumFractionDigits", 0, 100, undefined);
  const significant = $digitOption(options, "minimumSignificantDigits", 1, 21, undefined);
  const atMost = $digitOption(
    options,
    "maximumSignificantDigits",
    significant === undefined ? 1 : significant,
    21,
    undefined,
  );
  if (significant !== undefined || atMost !== undefined)
    return [integers, 0, 0, significant === undefined ? 1 : significant, atMost === undefined ? 21 : atMost, false];
  if (compact && least === undefined && most === undefined) return [integers, 0, 0, 0, 0, true];
  const leastUsual = compact ? 0 : usual;
  const mostUsual = compact ? 0 : style === "decimal" ? 3 : usual;
  if (least === undefined) least = most === undefined || leastUsual < most ? leastUsual : most;
  else if (most === undefined) most = mostUsual > least ? mostUsual : least;
  else if (least > most) $throwRangeError("maximumFractionDigits value is out of range.");
  if (most === undefined) most = mostUsual > least ? mostUsual : least;
  return [integers, least, most, 0, 0, false];
}

function currencyMark(currency, display) {
  if (display !== "code") {
    const known =
      " USD$ EUR€ GBP£ JPY¥ INR₹ KRW₩ ILS₪ VND₫ PHP₱ BRLR$ CADCA$ AUDA$ MXNMX$ NZDNZ$ TWDNT$ HKDHK$ XCDEC$ CNYCN¥ ";
    const at = $stringIndexOf(known, " " + currency, 0);
    if (at >= 0) {
      const mark = $stringSlice(known, at + 4, $stringIndexOf(known, " ", at + 4));
      return display === "narrowSymbol" ? mark[mark.length - 1] : mark;
    }
  }
  return currency + "\u00a0";
}

// [digits without zeros at their ends, place of the decimal point in them] of the text of a number, times a power of ten.
function decimalOf(text, power) {
  let from = text[0] === "-" ? 1 : 0;
  const e = $stringIndexOf(text, "e", 0);
  let end = e < 0 ? text.length : e;
  let point = $stringIndexOf(text, ".", 0);
  let digits;
  if (point < 0) {
    digits = $stringSlice(text, from, end);
    point = digits.length;
  } else {
    digits = $stringSlice(text, from, point) + $stringSlice(text, point + 1, end);
    point -= from;
  }
  if (e >= 0) point += $toNumber($stringSlice(text, e + 1, text.length));
  from = 0;
  while (from < digits.length && digits[from] === "0") from++;
  end = digits.length;
  while (end > from && digits[end - 1] === "0") end--;
  return [$stringSlice(digits, from, end), from === end ? 0 : point - from + power];
}

// Rounds to that many digits, halves away from zero.
function roundDecimal(number, keep) {
  const digits = number[0];
  if (keep >= digits.length) return;
  let up = keep >= 0 && digits[keep] >= "5";
  let end = keep < 0 ? 0 : keep;
  if (up) while (end > 0 && digits[end - 1] === "9") end--;
  else while (end > 0 && digits[end - 1] === "0") end--;
  if (!up) number[0] = $stringSlice(digits, 0, end);
  else if (end > 0) number[0] = $stringSlice(digits, 0, end - 1) + ($toNumber(digits[end - 1]) + 1);
  else {
    number[0] = "1";
    number[1]++;
  }
}

function zeros(n) {
  let text = "";
  for (; n > 0; n--) text += "0";
  return text;
}

// The number, rounded, without its sign; it is left as it was rounded.
function digitText(number, o, compact, isLong, ungrouped) {
  let suffix = "";
  if (compact) {
    // A number that is rounded up to the next power of a thousand is counted in it.
    let step = 0;
    for (let i = 0; i < 2; i++) {
      const whole = number[1];
      const next = whole < 4 ? 0 : whole > 15 ? 4 : $mathFloor((whole - 1) / 3);
      number[1] -= (next - step) * 3;
      step = next;
      if (i === 0) {
        $roundTo(number, o);
        number[1] += step * 3;
        step = 0;
      }
    }
    if (step > 0)
      suffix = isLong
        ? " " + (step === 1 ? "thousand" : step === 2 ? "million" : step === 3 ? "billion" : "trillion")
        : "KMBT"[step - 1];
  } else $roundTo(number, o);
  const digits = number[0];
  const point = number[1];
  let whole =
    point <= 0 ? "" : digits.length >= point ? $stringSlice(digits, 0, point) : digits + $zeros(point - digits.length);
  let fraction =
    point >= digits.length ? "" : point >= 0 ? $stringSlice(digits, point, digits.length) : $zeros(-point) + digits;
  let least = o[1];
  if (o[3] > 0) least = digits.length === 0 ? o[3] - 1 : o[3] - point;
  fraction += $zeros(least - fraction.length);
  whole = $zeros(o[0] - whole.length) + whole;
  // Compact numbers of four digits have no comma.
  if (!ungrouped && !(compact && whole.length < 5)) whole = $grouped(whole);
  return whole + (fraction === "" ? "" : "." + fraction) + suffix;
}

function roundTo(number, o) {
  if (o[4] > 0) $roundDecimal(number, o[4]);
  else if (o[5]) $roundDecimal(number, number[1] > 2 ? number[1] : 2);
  else $roundDecimal(number, number[1] + o[2]);
  if (number[0].length === 0) number[1] = 0;
}

function grouped(whole) {
  let text = "";
  let at = whole.length % 3;
  if (at > 0) text = $stringSlice(whole, 0, at);
  for (; at < whole.length; at += 3) text += (at > 0 ? "," : "") + $stringSlice(whole, at, at + 3);
  return text;
}

// --- dates ---------------------------------------------------------------------------------------------------------

// https://tc39.es/ecma402/#sup-date.prototype.tolocalestring
function datePrototypeToLocaleString(locales, options) {
  return $localeDate($dateNumber(this), locales, options, 3, 3, "Date.prototype.toLocaleString");
}
// https://tc39.es/ecma402/#sup-date.prototype.tolocaledatestring
function datePrototypeToLocaleDateString(locales, options) {
  return $localeDate($dateNumber(this), locales, options, 1, 1, "Date.prototype.toLocaleDateString");
}
// https://tc39.es/ecma402/#sup-date.prototype.tolocaletimestring
function datePrototypeToLocaleTimeString(locales, options) {
  return $localeDate($dateNumber(this), locales, options, 2, 2, "Date.prototype.toLocaleTimeString");
}

// needed, given: 1 date, 2 time, 3 either or both: which fields must be asked for, and the fields shown if no field is.
function localeDate(t, locales, options, needed, given, where) {
  const localeCycle = $requireLocale(locales);
  options = options === undefined ? $newObject(null) : $toObject(options);
  $refuseOption(options, "calendar", " gregory ", where);
  $refuseOption(options, "numberingSystem", " latn ", where);
  $refuseOption(options, "era", " ", where);
  $refuseOption(options, "dayPeriod", " ", where);
  const numeric = " numeric 2-digit ";
  const names = " narrow short long ";
  let weekday = $optionOf(options, "weekday", names, "", where);
  let year = $optionOf(options, "year", numeric, "", where);
  let month = $optionOf(options, "month", numeric + $stringSlice(names, 1, names.length), "", where);
  let day = $optionOf(options, "day", numeric, "", where);
  let hour = $optionOf(options, "hour", numeric, "", where);
  let minute = $optionOf(options, "minute", numeric, "", where);
  let second = $optionOf(options, "second", numeric, "", where);
  const fractional = $digitOption(options, "fractionalSecondDigits", 1, 3, 0);
  let zoneName = $optionOf(
    options,
    "timeZoneName",
    " short long shortOffset longOffset shortGeneric longGeneric ",
    "",
    where,
  );
  const hour12 = options.hour12;
  const cycle = $optionOf(options, "hourCycle", " h11 h12 h23 h24 ", localeCycle, where);
  const zone = options.timeZone;
  const dateStyle = $optionOf(options, "dateStyle", " full long medium short ", "", where);
  const timeStyle = $optionOf(options, "timeStyle", " full long medium short ", "", where);
  const rules = zone === undefined ? undefined : $zoneRules($toString(zone));
  const hasDate = weekday + year + month + day !== "";
  const hasTime = hour + minute + second !== "" || fractional > 0;
  if (dateStyle + timeStyle !== "") {
    if (hasDate || hasTime || zoneName !== "")
      $throwTypeError(
        "Can't set option " +
          $firstGiven(weekday, year, month, day, hour, minute, second) +
          " when " +
          (dateStyle !== "" ? "dateStyle" : "timeStyle") +
          " is used",
      );
    if (needed === 1 && timeStyle !== "") $throwTypeError("Invalid option : timeStyle");
    if (needed === 2 && dateStyle !== "") $throwTypeError("Invalid option : dateStyle");
    if (dateStyle !== "") {
      if (dateStyle === "full") weekday = "long";
      year = dateStyle === "short" ? "2-digit" : "numeric";
      month = dateStyle === "short" ? "numeric" : dateStyle === "medium" ? "short" : "long";
      day = "numeric";
    }
    if (timeStyle !== "") {
      hour = minute = "numeric";
      if (timeStyle !== "short") second = "numeric";
      if (timeStyle === "full") zoneName = "long";
      else if (timeStyle === "long") zoneName = "short";
    }
  } else if (!((needed & 1) !== 0 && hasDate) && !((needed & 2) !== 0 && hasTime)) {
    if ((given & 1) !== 0) year = month = day = "numeric";
    if ((given & 2) !== 0) hour = minute = second = "numeric";
  }
  if (t !== t) return "Invalid Date";
  const offset = typeof rules === "string" ? $zoneOffsetIn(rules, t) : rules;
  const fields = $newArray(8);
  for (let i = 0; i < 8; i++)
    $arrayAppend(fields, offset === undefined ? $dateField(t, i, 0) : $dateField(t + offset, i, 1));
  const date = $dateParts(fields, weekday, year, month, day);
  let time =
    hour + minute + second === "" && fractional === 0
      ? ""
      : $timeParts(fields, hour, minute, second, fractional, $hourMode(hour12, cycle));
  if (zoneName !== "") {
    const name = $zoneLabel(t, rules, zoneName);
    time = time === "" ? name : time + " " + name;
  }
  if (date === "" || time === "") return date + time;
  if (month === "" && year === "" && day === "") return date + " " + time;
  return date + (month === "long" ? " at " : ", ") + time;
}

function firstGiven(weekday, year, month, day, hour, minute, second) {
  return weekday !== ""
    ? "weekday"
    : year !== ""
      ? "year"
      : month !== ""
        ? "month"
        : day !== ""
          ? "day"
          : hour !== ""
            ? "hour"
            : minute !== ""
              ? "minute"
              : second !== ""
                ? "second"
                : "timeZoneName";
}

// 0: twelve hours, 1: 0 … 23, 2: 1 … 24
function hourMode(hour12, cycle) {
  if (hour12 !== undefined) return hour12 ? 0 : 2;
  return cycle === "h23" ? 1 : cycle === "h24" ? 2 : 0;
}

function twoDigits(n) {
  return n < 10 ? "0" + n : "" + n;
}

function dateName(names, i, form) {
  let from = 0;
  for (; i > 0; i--) from = $stringIndexOf(names, " ", from) + 1;
  const length = form === "narrow" ? 1 : form === "short" ? 3 : $stringIndexOf(names, " ", from) - from;
  return $stringSlice(names, from, from + length);
}

function dateParts(fields, weekday, year, month, day) {
  const w =
    weekday === "" ? "" : $dateName("Sunday Monday Tuesday Wednesday Thursday Friday Saturday ", fields[7], weekday);
  const count = fields[0] > 0 ? fields[0] : 1 - fields[0];
  const y = year === "" ? "" : year === "2-digit" ? $twoDigits(count % 100) : "" + count;
  const d = day === "" ? "" : day === "2-digit" ? $twoDigits(fields[2]) : "" + fields[2];
  if (month === "") {
    if (y !== "" && d !== "") return y + " (day: " + d + ")" + (w === "" ? "" : " " + w);
    return y + d + (w === "" ? "" : y + d === "" ? w : " " + w);
  }
  let text;
  if (month === "numeric" || month === "2-digit") {
    text = month === "2-digit" ? $twoDigits(fields[1] + 1) : "" + (fields[1] + 1);
    if (d !== "") text += "/" + d;
    if (y !== "") text += "/" + y;
  } else {
    text = $dateName(
      "January February March April May June July August September October November December ",
      fields[1],
      month,
    );
    if (d !== "") text += " " + d;
    if (y !== "") text += (d === "" ? " " : ", ") + y;
  }
  return w === "" ? text : w + ", " + text;
}

function timeParts(fields, hour, minute, second, fractional, mode) {
  const s =
    second === "" ? "" : minute !== "" || hour !== "" || second === "2-digit" ? $twoDigits(fields[5]) : "" + fields[5];
  let fraction = "";
  if (fractional > 0) fraction = $stringSlice($zeros(3 - ("" + fields[6]).length) + fields[6], 0, fractional);
  if (hour === "") {
    // Alone neither has a second digit.
    if (minute === "") return second === "" ? fraction : "" + fields[5] + (fraction === "" ? "" : "." + fraction);
    return s === "" ? "" + fields[4] : $twoDigits(fields[4]) + ":" + s + (fraction === "" ? "" : "." + fraction);
  }
  let h = fields[3];
  if (mode === 0) h = h % 12 === 0 ? 12 : h % 12;
  else if (mode === 2 && h === 0) h = 24;
  let text = hour === "2-digit" || mode !== 0 ? $twoDigits(h) : "" + h;
  if (minute !== "") text += ":" + $twoDigits(fields[4]);
  if (minute !== "" && s !== "") text += ":" + s + (fraction === "" ? "" : "." + fraction);
  if (mode === 0) text += fields[3] < 12 ? " AM" : " PM";
  if (minute === "" && s !== "") text += " (second: " + fields[5] + ")";
  return text;
}
