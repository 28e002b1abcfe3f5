// Owns durations: the record that is made of a program's value. https://tc39.es/ecma402/#sec-todurationrecord

export const UNITS = [
  "years",
  "months",
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
  "microseconds",
  "nanoseconds",
];
const ALPHABETICAL = [
  "days",
  "hours",
  "microseconds",
  "milliseconds",
  "minutes",
  "months",
  "nanoseconds",
  "seconds",
  "weeks",
  "years",
];

const isDigit = (c) => c !== undefined && c >= "0" && c <= "9";

function refuse(value) {
  throw new RangeError("Invalid duration: " + value);
}

/** Puts a fraction of an hour, a minute or a second into the smaller units. */
function addFraction(record, unit, fraction) {
  let nanoseconds = BigInt((fraction + "000000000").slice(0, 9));
  if (unit === "hours") nanoseconds *= 3600n;
  else if (unit === "minutes") nanoseconds *= 60n;
  const take = (name, size) => {
    record[name] = Number(nanoseconds / size);
    nanoseconds %= size;
  };
  if (unit === "hours") take("minutes", 60_000_000_000n);
  if (unit !== "seconds") take("seconds", 1_000_000_000n);
  take("milliseconds", 1_000_000n);
  take("microseconds", 1000n);
  record.nanoseconds = Number(nanoseconds);
}

/** `P1Y2M3W4DT5H6M7.008S`. https://tc39.es/proposal-temporal/#sec-temporal-parsetemporaldurationstring */
function ofText(text) {
  const record = { __proto__: null };
  for (let i = 0; i < UNITS.length; i++) record[UNITS[i]] = 0;
  let at = 0;
  const sign = text[0] === "-" ? -1 : 1;
  if (text[0] === "-" || text[0] === "+") at++;
  if (text[at] !== "P" && text[at] !== "p") refuse(text);
  at++;
  let designators = "YMWD";
  let first = 0;
  let isTime = false;
  let count = 0;
  let hasFraction = false;
  while (at < text.length) {
    if (!isTime && (text[at] === "T" || text[at] === "t")) {
      isTime = true;
      designators = "HMS";
      first = 0;
      at++;
      if (at === text.length) refuse(text);
      continue;
    }
    const from = at;
    while (isDigit(text[at])) at++;
    if (at === from || hasFraction) refuse(text);
    const whole = Number(text.slice(from, at));
    let fraction = "";
    if (text[at] === "." || text[at] === ",") {
      const begin = ++at;
      while (isDigit(text[at])) at++;
      fraction = text.slice(begin, at);
      if (fraction === "" || fraction.length > 9 || !isTime) refuse(text);
      hasFraction = true;
    }
    const index = at < text.length ? designators.indexOf(text[at].toUpperCase(), first) : -1;
    if (index < 0) refuse(text);
    first = index + 1;
    at++;
    const unit = UNITS[isTime ? index + 4 : index];
    record[unit] = whole;
    if (fraction !== "") addFraction(record, unit, fraction);
    count++;
  }
  if (count === 0) refuse(text);
  for (let i = 0; i < UNITS.length; i++) if (record[UNITS[i]] !== 0) record[UNITS[i]] *= sign;
  return record;
}

/** https://tc39.es/proposal-temporal/#sec-tointegerifintegral */
function integral(value) {
  const number = Number(typeof value === "bigint" ? refuseBigInt() : value);
  if (number !== Math.trunc(number) || number - number !== 0) throw new RangeError("Invalid duration value " + number);
  return number + 0;
}

function refuseBigInt() {
  throw new TypeError("Cannot convert a BigInt value to a number");
}

function ofObject(object) {
  const record = { __proto__: null };
  let isEmpty = true;
  for (let i = 0; i < ALPHABETICAL.length; i++) {
    const value = object[ALPHABETICAL[i]];
    record[ALPHABETICAL[i]] = value === undefined ? 0 : integral(value);
    if (value !== undefined) isEmpty = false;
  }
  if (isEmpty) throw new TypeError("Invalid duration: it has none of the units");
  return record;
}

/** -1, 0 or 1. */
export function signOfDuration(record) {
  for (let i = 0; i < UNITS.length; i++) if (record[UNITS[i]] !== 0) return record[UNITS[i]] < 0 ? -1 : 1;
  return 0;
}

/** https://tc39.es/proposal-temporal/#sec-temporal-isvalidduration */
function check(record) {
  const sign = signOfDuration(record);
  for (let i = 0; i < UNITS.length; i++) {
    const value = record[UNITS[i]];
    if ((value < 0 && sign > 0) || (value > 0 && sign < 0))
      throw new RangeError("Invalid duration: its signs are mixed");
  }
  for (let i = 0; i < 3; i++) if (Math.abs(record[UNITS[i]]) >= 2 ** 32) refuse(record[UNITS[i]] + " " + UNITS[i]);
  const { days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } = record;
  const whole = BigInt(days) * 86400n + BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
  const parts = BigInt(milliseconds) * 1_000_000n + BigInt(microseconds) * 1000n + BigInt(nanoseconds);
  const total = whole * 1_000_000_000n + parts;
  const limit = 9007199254740992n * 1_000_000_000n;
  if (total >= limit || total <= -limit) refuse("its time is too long");
  return record;
}

/** The units of a duration by name; a TypeError or a RangeError if it is none. */
export function durationOf(value) {
  if (typeof value === "string") return check(ofText(value));
  if ((typeof value !== "object" || value === null) && typeof value !== "function")
    throw new TypeError("A duration must be an object or a string");
  return check(ofObject(value));
}
