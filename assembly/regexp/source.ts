// Owns the text of a pattern while it is parsed: the position of the parser, the flags in force, the error message. Must never look
// further than single characters.
import { RegExpFlag } from "../generated/states";
import { take } from "./arena";

const STATE: usize = memory.data(96, 8);
const TEXT: usize = STATE;
const END: usize = STATE + 4;
export const POSITION: usize = STATE + 8;
/** Flags in force at the position (modifiers change them). */
export const FLAGS: usize = STATE + 12;
const MESSAGE: usize = STATE + 16;
const MESSAGE_LENGTH: usize = STATE + 20;
const FAILED_AT: usize = STATE + 24;
/** 1: \k is a reference by name. */
export const NAMED: usize = STATE + 28;
/** Capturing groups in the whole pattern, and so far; the 0th not counted. */
export const GROUPS_TOTAL: usize = STATE + 32;
export const GROUPS: usize = STATE + 36;
export const DEPTH: usize = STATE + 40;
/** Names, newest first: {next, name, number of the group, branch, the one before of the same name} */
export const NAMES: usize = STATE + 44;
/** Branch the parser is in: {branch around it, disjunction, index} or 0. */
export const BRANCH: usize = STATE + 48;
export const DISJUNCTIONS: usize = STATE + 52;
/** Backreferences by name that are to be resolved: newest first, linked by c. */
export const REFERENCES: usize = STATE + 56;
/** Sets made once in a pattern: ID_Start, ID_Continue. */
export const KNOWN_SETS: usize = STATE + 60;
/** Root of the tree that finds NAMES by name (regexp/names.ts). */
export const NAME_TREE: usize = STATE + 76;
/** Most work that a pattern may take, in units of about 16 steps: a fraction of a second. A pattern that takes more is refused. */
const MAX_WORK: u64 = 0x1000000;
export const WORK: usize = STATE + 72;

/** Not a flag of the pattern: the object was made by a subclass of RegExp. */
export const SUBCLASSED: u32 = 256;

export const NOTHING: u32 = 0xffffffff;

/** Begins the parsing of `length` units at `at` with those flags. */
export function openSource(at: usize, length: u32, flags: u32): void {
  memory.fill(STATE, 0, 96);
  store<u32>(TEXT, <u32>at);
  store<u32>(END, length);
  store<u32>(FLAGS, flags);
}
// @ts-ignore: decorator
@inline
export function has(flag: u32): bool {
  return (load<u32>(FLAGS) & flag) != 0;
}
/** Flag u or v. */
// @ts-ignore: decorator
@inline
export function isUnicode(): bool {
  return (load<u32>(FLAGS) & (RegExpFlag.UNICODE | RegExpFlag.SETS)) != 0;
}

/** Records an error at the position of the parser; only the first error counts. Returns 0. */
export function wrong(text: string): usize {
  if (load<u32>(MESSAGE) == 0) {
    store<u32>(MESSAGE, <u32>changetype<usize>(text));
    store<u32>(MESSAGE_LENGTH, <u32>text.length);
    store<u32>(FAILED_AT, load<u32>(POSITION));
    // Code that reads on finds the end.
    store<u32>(END, load<u32>(POSITION));
  }
  return 0;
}
export function nothingWrong(): void {
  store<u32>(MESSAGE, 0);
}
// @ts-ignore: decorator
@inline
export function isWrong(): bool {
  return load<u32>(MESSAGE) != 0;
}
export function messageAt(): usize {
  return <usize>load<u32>(MESSAGE);
}
export function messageLength(): i32 {
  return load<i32>(MESSAGE_LENGTH);
}

// @ts-ignore: decorator
@inline
export function position(): u32 {
  return load<u32>(POSITION);
}
export function atEnd(): bool {
  return load<u32>(POSITION) >= load<u32>(END);
}
/** The unit `ahead` units after the next one; NOTHING at the end or beyond. */
export function peekAt(ahead: u32): u32 {
  const at = load<u32>(POSITION) + ahead;
  return at < load<u32>(END) ? <u32>load<u16>(<usize>load<u32>(TEXT) + (<usize>at << 1)) : NOTHING;
}
export function peek(): u32 {
  return peekAt(0);
}
export function skip(units: u32): void {
  store<u32>(POSITION, load<u32>(POSITION) + units);
}
/** Skips the unit if it is the next one. */
export function eat(c: u32): bool {
  if (peek() != c) return false;
  skip(1);
  return true;
}
export function goTo(at: u32): void {
  if (!isWrong()) store<u32>(POSITION, at);
}
/** Address of the unit at a position. */
export function unitAddress(at: u32): usize {
  return <usize>load<u32>(TEXT) + (<usize>at << 1);
}

/** The next code point, without skipping it. */
export function peekPoint(): u32 {
  const first = peek();
  if (first == NOTHING || (first & 0xfc00) != 0xd800) return first;
  const second = peekAt(1);
  return second != NOTHING && (second & 0xfc00) == 0xdc00 ? ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000 : first;
}
/** The next character: a code point with u or v, else a code unit. */
export function nextCharacter(): u32 {
  const c = isUnicode() ? peekPoint() : peek();
  skip(c > 0xffff ? 2 : 1);
  return c;
}

export function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}
export function hexValue(c: u32): u32 {
  if (c - 0x30 < 10) return c - 0x30;
  const lower = c | 0x20;
  return lower - 0x61 < 6 && c < 0x80 ? lower - 0x57 : NOTHING;
}
/** The value of `digits` hexadecimal digits, which are skipped; NOTHING, and nothing is skipped, if they are not there. */
export function eatHex(digits: u32): u32 {
  let value: u32 = 0;
  for (let i: u32 = 0; i < digits; i++) {
    const digit = hexValue(peekAt(i));
    if (digit == NOTHING) return NOTHING;
    value = (value << 4) | digit;
  }
  skip(digits);
  return value;
}
/** A decimal number, which is skipped; at most 0x7fffffff. The caller has seen a digit. */
export function eatNumber(): u32 {
  let value: u64 = 0;
  while (isDigit(peek())) {
    value = min<u64>(0x7fffffff, value * 10 + <u64>(peek() - 0x30));
    skip(1);
  }
  return <u32>value;
}

export function work(units: u32): void {
  const sum = <u64>load<u32>(WORK) + <u64>units;
  store<u32>(WORK, <u32>min<u64>(sum, MAX_WORK));
  if (sum > MAX_WORK) wrong("Regular expression too large");
}

/** Makes a text {at, units} of units that were written one by one from `at` to the top of the arena: they need not be copied. */
export function newText(at: usize, units: u32): usize {
  const text = take(8);
  store<u32>(text, <u32>at);
  store<u32>(text, units, 4);
  return text;
}
