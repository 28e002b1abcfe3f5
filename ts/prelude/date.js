// Owns the halves of Date that call guest code: conversions of arguments, setters, toJSON, Symbol.toPrimitive. The arithmetic is
// assembly/builtins/date.ts. https://tc39.es/ecma262/#sec-date-objects

// Reached with an object among the arguments, or where new.target's prototype takes guest code.
// https://tc39.es/ecma262/#sec-date
function dateConstructor(year, month, day, hours, minutes, seconds, ms) {
  "use constructor";
  const count = $argc();
  let t;
  if (count === 0) t = $dateNow();
  else if (count === 1) {
    if ($dateOf(year)) t = $dateNumber(year);
    else {
      const v = $toPrimitive(year, "default");
      t = typeof v === "string" ? $dateParsed(v) : $toNumber(v);
    }
  } else t = $dateFromArguments(0, count, year, month, day, hours, minutes, seconds, ms);
  return $newDate($getPrototypeFromConstructor(new.target, $DatePrototype), t);
}

// https://tc39.es/ecma262/#sec-date.utc
function dateUTC(year, month, day, hours, minutes, seconds, ms) {
  return $dateFromArguments(1, $argc(), year, month, day, hours, minutes, seconds, ms);
}

// The time value of numbers that are converted here, in order; utc: 1, or 0 for local time.
function dateFromArguments(utc, count, year, month, day, hours, minutes, seconds, ms) {
  year = $toNumber(year);
  if (count < 2) return $dateFrom(utc, year);
  month = $toNumber(month);
  if (count < 3) return $dateFrom(utc, year, month);
  day = $toNumber(day);
  hours = count > 3 ? $toNumber(hours) : 0;
  minutes = count > 4 ? $toNumber(minutes) : 0;
  seconds = count > 5 ? $toNumber(seconds) : 0;
  ms = count > 6 ? $toNumber(ms) : 0;
  return $dateFrom(utc, year, month, day, hours, minutes, seconds, ms);
}

// https://tc39.es/ecma262/#sec-date.parse
function dateParse(text) {
  return $dateParsed($toString(text));
}

// --- setters -------------------------------------------------------------------------------------------------------

// Sets fields of a date in a row. mode: the first field, year 0 … milliseconds 6, and 8 for UTC. The time value is that before
// the conversions, whatever they do.
function setDateFields(date, mode, count, a, b, c, d) {
  const t = $dateNumber(date);
  a = $toNumber(a);
  if (count < 2) return $dateSet(date, t, mode, 1, a);
  b = $toNumber(b);
  if (count < 3) return $dateSet(date, t, mode, 2, a, b);
  c = $toNumber(c);
  if (count < 4) return $dateSet(date, t, mode, 3, a, b, c);
  return $dateSet(date, t, mode, 4, a, b, c, $toNumber(d));
}
function atMost(count, most) {
  return count < most ? count : most;
}

// https://tc39.es/ecma262/#sec-date.prototype.setfullyear
function datePrototypeSetFullYear(year, month, day) {
  return $setDateFields(this, 0, $atMost($argc(), 3), year, month, day);
}
function datePrototypeSetUTCFullYear(year, month, day) {
  return $setDateFields(this, 8, $atMost($argc(), 3), year, month, day);
}
// https://tc39.es/ecma262/#sec-date.prototype.setmonth
function datePrototypeSetMonth(month, day) {
  return $setDateFields(this, 1, $atMost($argc(), 2), month, day);
}
function datePrototypeSetUTCMonth(month, day) {
  return $setDateFields(this, 9, $atMost($argc(), 2), month, day);
}
// https://tc39.es/ecma262/#sec-date.prototype.setdate
function datePrototypeSetDate(day) {
  return $setDateFields(this, 2, 1, day);
}
function datePrototypeSetUTCDate(day) {
  return $setDateFields(this, 10, 1, day);
}
// https://tc39.es/ecma262/#sec-date.prototype.sethours
function datePrototypeSetHours(hours, minutes, seconds, ms) {
  return $setDateFields(this, 3, $argc(), hours, minutes, seconds, ms);
}
function datePrototypeSetUTCHours(hours, minutes, seconds, ms) {
  return $setDateFields(this, 11, $argc(), hours, minutes, seconds, ms);
}
// https://tc39.es/ecma262/#sec-date.prototype.setminutes
function datePrototypeSetMinutes(minutes, seconds, ms) {
  return $setDateFields(this, 4, $atMost($argc(), 3), minutes, seconds, ms);
}
function datePrototypeSetUTCMinutes(minutes, seconds, ms) {
  return $setDateFields(this, 12, $atMost($argc(), 3), minutes, seconds, ms);
}
// https://tc39.es/ecma262/#sec-date.prototype.setseconds
function datePrototypeSetSeconds(seconds, ms) {
  return $setDateFields(this, 5, $atMost($argc(), 2), seconds, ms);
}
function datePrototypeSetUTCSeconds(seconds, ms) {
  return $setDateFields(this, 13, $atMost($argc(), 2), seconds, ms);
}
// https://tc39.es/ecma262/#sec-date.prototype.setmilliseconds
function datePrototypeSetMilliseconds(ms) {
  return $setDateFields(this, 6, 1, ms);
}
function datePrototypeSetUTCMilliseconds(ms) {
  return $setDateFields(this, 14, 1, ms);
}
// https://tc39.es/ecma262/#sec-date.prototype.settime
function datePrototypeSetTime(time) {
  $dateNumber(this);
  return $dateSetTime(this, $toNumber(time));
}
// https://tc39.es/ecma262/#sec-date.prototype.setyear
function datePrototypeSetYear(year) {
  const t = $dateNumber(this);
  year = $toNumber(year);
  const whole = $toIntegerOrInfinity(year);
  return $dateSet(this, t, 0, 1, year === year && whole >= 0 && whole <= 99 ? 1900 + whole : year);
}

// --- conversions ---------------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-date.prototype.tojson
function datePrototypeToJSON(key) {
  const o = $toObject(this);
  const tv = $toPrimitive(o, "number");
  if (typeof tv === "number" && tv - tv !== 0) return null;
  return $call(o.toISOString, o);
}

// https://tc39.es/ecma262/#sec-date.prototype-%symbol.toprimitive%
function datePrototypeSymbolToPrimitive(hint) {
  if (!$isObject(this))
    $throwTypeError("Method Date.prototype [ @@toPrimitive ] called on incompatible receiver " + $describe(this));
  if (hint === "string" || hint === "default") return $ordinaryToPrimitive(this, "string");
  if (hint !== "number") $throwTypeError("Invalid hint: " + $describe(hint));
  return $ordinaryToPrimitive(this, "number");
}
