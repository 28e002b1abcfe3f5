// Owns the reading of dates: the format of the specification, and the forms that V8 accepts besides, which are those people write.
// Must never look at a character twice without need: a text is charged for first, then read once from left to right.
//
// The forms that V8 accepts: words before the first number are ignored, as is text in parentheses; a number before a colon is part
// of the time; month names, AM and PM, UTC and the zones of the United States have their meaning; a sign after a time begins an
// offset; any other number belongs to the day, as month day year, or year first if it cannot be a day.
import { makeDate, makeDay, makeTime, timeClip } from "../core/time";
import { isWhiteSpaceOrTerminator } from "../core/number-parse";
import { chargeFuel } from "../heap/memory";
import { charsOf } from "../strings/rope";
import { isTwoByte, lengthOf } from "../strings/string";
import { utcTime } from "./time-zone";

// Tokens. A symbol is its character.
const END: i32 = 0;
const NUMBER: i32 = 1;
const SPACE: i32 = 2;
const OTHER: i32 = 3;
const MONTH_NAME: i32 = 4;
const AM_PM: i32 = 5;
const ZONE_NAME: i32 = 6;
const T_WORD: i32 = 7;
const WORD: i32 = 8;

const COLON: i32 = 0x3a;
const MINUS: i32 = 0x2d;
const PLUS: i32 = 0x2b;
const DOT: i32 = 0x2e;
const CLOSE: i32 = 0x29;

/** A number that was not given. */
const NONE: i32 = i32.MIN_VALUE;

/** Words by their first three letters in lower case: {letters, kind, value}; months may go on. */
const WORDS: usize = memory.data<u8>([
  106, 97, 110, 4, 1, 102, 101, 98, 4, 2, 109, 97, 114, 4, 3, 97, 112, 114, 4, 4, 109, 97, 121, 4, 5, 106, 117, 110, 4, 6, 106, 117, 108, 4, 7, 97,
  117, 103, 4, 8, 115, 101, 112, 4, 9, 111, 99, 116, 4, 10, 110, 111, 118, 4, 11, 100, 101, 99, 4, 12, 97, 109, 0, 5, 0, 112, 109, 0, 5, 12, 117, 116,
  0, 6, 16, 117, 116, 99, 6, 16, 122, 0, 0, 6, 16, 103, 109, 116, 6, 16, 116, 0, 0, 7, 0, 101, 115, 116, 6, 11, 101, 100, 116, 6, 12, 99, 115, 116, 6, 10,
  99, 100, 116, 6, 11, 109, 115, 116, 6, 9, 109, 100, 116, 6, 10, 112, 115, 116, 6, 8, 112, 100, 116, 6, 9,
]);
const WORD_COUNT: i32 = 27;
/** Hours added to the offsets of zones in the table, so that each is a positive byte. */
const ZONE_BIAS: i32 = 16;

const STATE: usize = memory.data(96, 8);
const AT: usize = STATE;
const END_AT: usize = STATE + 4;
const STEP: usize = STATE + 8;
/** The token that comes next: its kind, number or value, length. */
const KIND: usize = STATE + 12;
const N: usize = STATE + 16;
const LENGTH: usize = STATE + 20;
// What has been read so far.
const DAY_COUNT: usize = STATE + 24;
const DAYS: usize = STATE + 28; // 3 numbers
const NAMED_MONTH: usize = STATE + 40;
const IS_ISO: usize = STATE + 44;
const TIME_COUNT: usize = STATE + 48;
const TIMES: usize = STATE + 52; // 4 numbers
const HOUR_OFFSET: usize = STATE + 68;
const ZONE_SIGN: usize = STATE + 72;
const ZONE_HOUR: usize = STATE + 76;
const ZONE_MINUTE: usize = STATE + 80;
const HAS_NUMBER: usize = STATE + 84;

// --- tokens ---------------------------------------------------------------------------------------------------------

/** The character that comes next; 0 at the end. */
function peekUnit(): i32 {
  const at = load<u32>(AT);
  if (at >= load<u32>(END_AT)) return 0;
  return load<u32>(STEP) == 2 ? <i32>load<u16>(<usize>at) : <i32>load<u8>(<usize>at);
}
// @ts-ignore: decorator
@inline
function step(): void {
  store<u32>(AT, load<u32>(AT) + load<u32>(STEP));
}
// @ts-ignore: decorator
@inline
function isDigit(c: i32): bool {
  return <u32>(c - 0x30) < 10;
}

function readNumber(): i32 {
  const from = load<u32>(AT);
  while (peekUnit() == 0x30) step();
  let n = 0;
  for (let digits = 0; isDigit(peekUnit()); digits++) {
    if (digits < 9) n = n * 10 + peekUnit() - 0x30;
    step();
  }
  store<i32>(N, n);
  store<u32>(LENGTH, (load<u32>(AT) - from) / load<u32>(STEP));
  return NUMBER;
}

function readWord(): i32 {
  let letters: u32 = 0;
  let length = 0;
  for (let c = peekUnit(); c >= 0x41 && !isWhiteSpaceOrTerminator(c); c = peekUnit()) {
    if (length < 3) letters |= (c < 128 ? <u32>(c <= 0x5a ? c | 32 : c) : 127) << (<u32>length * 8);
    length++;
    step();
  }
  store<i32>(LENGTH, length);
  for (let i = 0, at = WORDS; i < WORD_COUNT; i++, at += 5) {
    if ((load<u32>(at) & 0xffffff) != letters) continue;
    const kind = <i32>load<u8>(at, 3);
    if (length > 3 && kind != MONTH_NAME) break;
    store<i32>(N, <i32>load<u8>(at, 4));
    return kind;
  }
  return WORD;
}

function skipParentheses(): void {
  let open = 0;
  do {
    const c = peekUnit();
    if (c == CLOSE) open--;
    else if (c == 0x28) open++;
    step();
  } while (open > 0 && load<u32>(AT) < load<u32>(END_AT));
}

function scan(): i32 {
  if (load<u32>(AT) >= load<u32>(END_AT)) return END;
  const c = peekUnit();
  if (isDigit(c)) return readNumber();
  if (c == COLON || c == MINUS || c == PLUS || c == DOT || c == CLOSE) {
    step();
    return c;
  }
  if (isWhiteSpaceOrTerminator(c)) {
    step();
    return SPACE;
  }
  if (c >= 0x41) return readWord();
  if (c == 0x28) skipParentheses();
  else step();
  return OTHER;
}

/** The kind of the token that comes next. */
// @ts-ignore: decorator
@inline
function peek(): i32 {
  return load<i32>(KIND);
}
/** Takes the token; N and LENGTH then describe the next one. */
function next(): i32 {
  const kind = peek();
  store<i32>(KIND, scan());
  return kind;
}
function skip(symbol: i32): bool {
  if (peek() != symbol) return false;
  next();
  return true;
}
function isFixed(digits: i32): bool {
  return peek() == NUMBER && load<i32>(LENGTH) == digits;
}
/** Takes a number. */
function takeNumber(): i32 {
  const n = load<i32>(N);
  next();
  return n;
}
/** Takes the digits after a decimal point as milliseconds; smaller digits are cut off. */
function takeMilliseconds(): i32 {
  let length = load<i32>(LENGTH);
  let n = takeNumber();
  for (; length < 3; length++) n *= 10;
  for (length = min<i32>(length, 9); length > 3; length--) n /= 10;
  return n;
}

// --- composing ------------------------------------------------------------------------------------------------------

function addDay(n: i32): bool {
  const count = load<u32>(DAY_COUNT);
  if (count == 3) return false;
  store<i32>(DAYS + (<usize>count << 2), n);
  store<u32>(DAY_COUNT, count + 1);
  return true;
}
function addTime(n: i32): bool {
  const count = load<u32>(TIME_COUNT);
  if (count == 4) return false;
  store<i32>(TIMES + (<usize>count << 2), n);
  store<u32>(TIME_COUNT, count + 1);
  return true;
}
function endTime(n: i32): void {
  addTime(n);
  while (addTime(0)) {}
}
/** Can the number be the next part of the time? */
function timeExpects(n: i32): bool {
  const count = load<u32>(TIME_COUNT);
  return count == 1 || count == 2 ? n < 60 : count == 3 && n < 1000;
}
function setZone(sign: i32, hour: i32, minute: i32): void {
  store<i32>(ZONE_SIGN, sign);
  store<i32>(ZONE_HOUR, hour);
  store<i32>(ZONE_MINUTE, minute);
}
// @ts-ignore: decorator
@inline
function between(n: i32, low: i32, high: i32): bool {
  return n >= low && n <= high;
}
function dayAt(i: usize): i32 {
  return load<i32>(DAYS + (i << 2));
}
function timeAt(i: usize): i32 {
  return load<i32>(TIMES + (i << 2));
}

/** The day as a number; NaN if it is not a day. */
function composeDay(): f64 {
  const count = load<u32>(DAY_COUNT);
  if (count == 0) return NaN;
  while (addDay(1)) {}
  let year = 0;
  let month = load<i32>(NAMED_MONTH);
  let day: i32;
  const firstIsDay = between(dayAt(0), 1, 31);
  if (month != NONE) {
    day = firstIsDay ? dayAt(0) : dayAt(1);
    year = firstIsDay ? dayAt(1) : dayAt(0);
  } else if (load<u32>(IS_ISO) || !firstIsDay) {
    // The list has been filled, so that a single number is a month of the year 1.
    year = dayAt(0);
    month = dayAt(1);
    day = dayAt(2);
  } else {
    month = dayAt(0);
    day = dayAt(1);
    year = dayAt(2);
  }
  if (!load<u32>(IS_ISO)) {
    if (between(year, 0, 49)) year += 2000;
    else if (between(year, 50, 99)) year += 1900;
  }
  if (!between(month, 1, 12) || !between(day, 1, 31)) return NaN;
  return makeDay(<f64>year, <f64>(month - 1), <f64>day);
}

/** The time within the day; NaN if it is not a time. */
function composeTime(): f64 {
  while (addTime(0)) {}
  let hour = timeAt(0);
  if (load<i32>(HOUR_OFFSET) != NONE) {
    if (hour > 12) return NaN;
    hour = (hour % 12) + load<i32>(HOUR_OFFSET);
  }
  const isMidnight = hour == 24 && (timeAt(1) | timeAt(2) | timeAt(3)) == 0;
  if (!isMidnight && (hour > 23 || timeAt(1) > 59 || timeAt(2) > 59 || timeAt(3) > 999)) return NaN;
  return makeTime(<f64>hour, <f64>timeAt(1), <f64>timeAt(2), <f64>timeAt(3));
}

function compose(): f64 {
  const t = makeDate(composeDay(), composeTime());
  const sign = load<i32>(ZONE_SIGN);
  if (sign == NONE) return timeClip(utcTime(t));
  const hour = max<i32>(load<i32>(ZONE_HOUR), 0);
  const minute = max<i32>(load<i32>(ZONE_MINUTE), 0);
  return timeClip(t - <f64>sign * makeTime(<f64>hour, <f64>minute, 0, 0));
}

// --- the format of the specification ----------------------------------------------------------------------------------

const DONE: i32 = -1;
const BAD: i32 = -2;
const REST: i32 = -3;

/** https://tc39.es/ecma262/#sec-date-time-string-format. REST: from the present token on, the text is not in this format. */
function readIso(): i32 {
  if (peek() == PLUS || peek() == MINUS) {
    const sign = next();
    if (!isFixed(6)) return REST;
    const year = takeNumber();
    if (sign == MINUS && year == 0) return REST;
    addDay(sign == MINUS ? -year : year);
  } else if (isFixed(4)) addDay(takeNumber());
  else return REST;
  if (skip(MINUS)) {
    if (!isFixed(2) || !between(load<i32>(N), 1, 12)) return REST;
    addDay(takeNumber());
    if (skip(MINUS)) {
      if (!isFixed(2) || !between(load<i32>(N), 1, 31)) return REST;
      addDay(takeNumber());
    }
  }
  if (peek() == T_WORD) {
    next();
    if (!readIsoTime() || !readIsoZone() || peek() != END) return BAD;
  } else if (peek() != END) return REST;
  else setZone(1, 0, 0);
  store<u32>(IS_ISO, 1);
  return DONE;
}

function readIsoTime(): bool {
  if (!isFixed(2) || load<i32>(N) > 24) return false;
  const highest = load<i32>(N) == 24 ? 0 : 59;
  addTime(takeNumber());
  if (!skip(COLON) || !isFixed(2) || load<i32>(N) > highest) return false;
  addTime(takeNumber());
  if (!skip(COLON)) return true;
  if (!isFixed(2) || load<i32>(N) > highest) return false;
  addTime(takeNumber());
  if (!skip(DOT)) return true;
  if (peek() != NUMBER || (highest == 0 && load<i32>(N) > 0)) return false;
  addTime(takeMilliseconds());
  return true;
}

/** Z, or an offset in either of two forms; without one it is local time. */
function readIsoZone(): bool {
  if (isZ()) {
    next();
    setZone(1, 0, 0);
    return true;
  }
  if (peek() != PLUS && peek() != MINUS) return true;
  const sign = next() == PLUS ? 1 : -1;
  let hour: i32;
  let minute: i32;
  if (isFixed(4)) {
    const n = takeNumber();
    hour = n / 100;
    minute = n % 100;
  } else {
    if (!isFixed(2)) return false;
    hour = takeNumber();
    if (!skip(COLON) || !isFixed(2)) return false;
    minute = takeNumber();
  }
  setZone(sign, hour, minute);
  return hour < 24 && minute < 60;
}

// @ts-ignore: decorator
@inline
function isZ(): bool {
  return peek() == ZONE_NAME && load<i32>(LENGTH) == 1;
}

// --- further forms that V8 accepts --------------------------------------------------------------------------------------

function legacyNumber(): bool {
  store<u32>(HAS_NUMBER, 1);
  const n = takeNumber();
  if (skip(COLON)) {
    if (skip(COLON)) {
      if (load<u32>(TIME_COUNT) != 0) return false;
      addTime(n);
      return addTime(0);
    }
    if (!addTime(n)) return false;
    skip(DOT);
    return true;
  }
  if (peek() == DOT && timeExpects(n)) {
    next();
    addTime(n);
    if (peek() != NUMBER) return false;
    endTime(takeMilliseconds());
    return true;
  }
  if (load<i32>(ZONE_HOUR) != NONE && load<i32>(ZONE_MINUTE) == NONE && n < 60) {
    store<i32>(ZONE_MINUTE, n);
    return true;
  }
  if (timeExpects(n)) {
    endTime(n);
    const kind = peek();
    return kind == END || kind == SPACE || kind == PLUS || kind == MINUS || isZ();
  }
  if (!addDay(n)) return false;
  skip(MINUS);
  return true;
}

function legacyWord(): bool {
  const value = load<i32>(N);
  const kind = next();
  if (kind == AM_PM && load<u32>(TIME_COUNT) != 0) store<i32>(HOUR_OFFSET, value);
  else if (kind == MONTH_NAME) {
    store<i32>(NAMED_MONTH, value);
    skip(MINUS);
  } else if (kind == ZONE_NAME && load<u32>(HAS_NUMBER)) {
    const hours = value - ZONE_BIAS;
    setZone(hours < 0 ? -1 : 1, abs<i32>(hours), 0);
  } else return !load<u32>(HAS_NUMBER) && peek() != NUMBER;
  return true;
}

/** The offset after a sign; it may be missing. */
function legacyOffset(sign: i32): bool {
  store<i32>(ZONE_SIGN, sign == PLUS ? 1 : -1);
  let n = 0;
  let length = 0;
  if (peek() == NUMBER) {
    length = load<i32>(LENGTH);
    n = takeNumber();
  }
  store<u32>(HAS_NUMBER, 1);
  if (peek() == COLON) {
    store<i32>(ZONE_HOUR, n);
    store<i32>(ZONE_MINUTE, NONE);
    return true;
  }
  store<i32>(ZONE_HOUR, length < 3 ? n : n / 100);
  store<i32>(ZONE_MINUTE, length < 3 ? 0 : n % 100);
  return length > 0 && length < 5;
}

function legacySign(sign: i32): bool {
  const isUtc = load<i32>(ZONE_HOUR) == 0 && load<i32>(ZONE_MINUTE) == 0;
  if (isUtc || load<u32>(TIME_COUNT) != 0) return legacyOffset(sign);
  return !load<u32>(HAS_NUMBER);
}

/** Reads the rest of the text; false: it is not a date. */
function readLegacy(): bool {
  while (peek() != END) {
    let fine: bool;
    switch (peek()) {
      case NUMBER:
        fine = legacyNumber();
        break;
      case PLUS:
      case MINUS:
        fine = legacySign(next());
        break;
      case CLOSE:
        next();
        fine = !load<u32>(HAS_NUMBER);
        break;
      case MONTH_NAME:
      case AM_PM:
      case ZONE_NAME:
      case T_WORD:
      case WORD:
        fine = legacyWord();
        break;
      default:
        next();
        fine = true;
    }
    if (!fine) return false;
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-date.parse: the time value; NaN for a text that is not a date. */
export function parseDate(s: usize): f64 {
  chargeFuel(lengthOf(s) >> 2);
  const chars = charsOf(s);
  const stride: u32 = isTwoByte(s) ? 2 : 1;
  memory.fill(STATE, 0, 96);
  store<u32>(AT, <u32>chars);
  store<u32>(STEP, stride);
  store<u32>(END_AT, <u32>chars + <u32>lengthOf(s) * stride);
  store<i32>(NAMED_MONTH, NONE);
  store<i32>(HOUR_OFFSET, NONE);
  setZone(NONE, NONE, NONE);
  next();
  const iso = readIso();
  if (iso == DONE) return compose();
  store<u32>(HAS_NUMBER, load<u32>(DAY_COUNT) != 0 ? 1 : 0);
  return iso == REST && readLegacy() ? compose() : NaN;
}
