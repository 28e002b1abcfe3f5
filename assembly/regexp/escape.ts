// Owns the escapes of a pattern, but for assertions and backreferences: characters, sets of characters, names of properties; and the
// names of groups. https://tc39.es/ecma262/#prod-CharacterEscape
import { RegExpFlag } from "../generated/states";
import { arenaTop, take } from "./arena";
import { closeOverCase } from "./fold";
import { isIdContinue, isIdStart, prepareIdentifiers, propertySet, propertyStrings } from "./property";
import { addRange, complement, END_OF_UNICODE, finishSet, newBuilder, newSet, rangeSet, rangesSet} from "./set";
import {
  eat, eatHex, goTo, has, hexValue, isDigit, isUnicode, isWrong, NAMED, newText, NOTHING, peek, peekAt, peekPoint, position, skip,
  unitAddress, work, wrong,
} from "./source";

const SPACES: usize = memory.data<u32>([
  9, 13, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
]);
const SPACE_RANGES: u32 = 10;

function isSyntaxCharacter(c: u32): bool {
  switch (c) {
    case 0x5e: case 0x24: case 0x5c: case 0x2e: case 0x2a: case 0x2b: case 0x3f: case 0x28: case 0x29: case 0x5b: case 0x5d: case 0x7b: case 0x7d: case 0x7c: case 0x2f:
      return true;
  }
  return false;
}

/** \uXXXX, \u{…} or a pair of \uXXXX, from after the u; NOTHING if it is no such escape, and then nothing is skipped. */
function eatUnicodeEscape(unicode: bool): u32 {
  const start = position();
  if (unicode && peek() == 0x7b) {
    skip(1);
    let value: u32 = 0;
    let digits = 0;
    while (hexValue(peek()) != NOTHING && value < END_OF_UNICODE) {
      value = (value << 4) | hexValue(peek());
      digits++;
      skip(1);
    }
    if (digits > 0 && value < END_OF_UNICODE && eat(0x7d)) return value;
    goTo(start);
    return NOTHING;
  }
  const first = eatHex(4);
  if (!unicode || first == NOTHING || (first & 0xfc00) != 0xd800 || peek() != 0x5c || peekAt(1) != 0x75) return first;
  const end = position();
  skip(2);
  const second = eatHex(4);
  if (second != NOTHING && (second & 0xfc00) == 0xdc00) return ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000;
  goTo(end);
  return first;
}

/** \0 … \377 of Annex B. */
function legacyOctal(): u32 {
  let value: u32 = 0;
  for (let i = 0; i < 3; i++) {
    const digit = peek() - 0x30;
    if (digit > 7 || value * 8 + digit > 255) break;
    value = value * 8 + digit;
    skip(1);
  }
  return value;
}

function controlEscape(inClass: bool): u32 {
  const letter = peekAt(1);
  if ((letter | 0x20) - 0x61 < 26 && letter < 0x80) {
    skip(2);
    return letter & 31;
  }
  if (isUnicode()) return <u32>wrong(inClass ? "Invalid class escape" : "Invalid Unicode escape");
  if (inClass && (isDigit(letter) || letter == 0x5f)) {
    skip(2);
    return letter & 31;
  }
  // The backslash means itself, and so does the c.
  return 0x5c;
}

function identityEscape(inClass: bool): u32 {
  const c = isUnicode() ? peekPoint() : peek();
  if (isUnicode()) {
    if (!isSyntaxCharacter(c) && !(inClass && c == 0x2d)) return <u32>wrong("Invalid escape");
  } else if (c == 0x6b && load<u32>(NAMED) != 0) return <u32>wrong(inClass ? "Invalid escape" : "Invalid named reference");
  skip(c > 0xffff ? 2 : 1);
  return c;
}

/** The character that an escape means; the backslash has been skipped. */
export function characterEscape(inClass: bool): u32 {
  const c = peek();
  switch (c) {
    case NOTHING: return <u32>wrong("\\ at end of pattern");
    case 0x66: skip(1); return 12;
    case 0x6e: skip(1); return 10;
    case 0x72: skip(1); return 13;
    case 0x74: skip(1); return 9;
    case 0x76: skip(1); return 11;
    case 0x63: return controlEscape(inClass);
    case 0x30:
      if (!isDigit(peekAt(1))) {
        skip(1);
        return 0;
      }
      if (isUnicode()) return <u32>wrong(inClass ? "Invalid class escape" : "Invalid decimal escape");
      return legacyOctal();
    case 0x31: case 0x32: case 0x33: case 0x34: case 0x35: case 0x36: case 0x37:
      if (isUnicode()) return <u32>wrong(inClass ? "Invalid class escape" : "Invalid escape");
      return legacyOctal();
    case 0x78: {
      const start = position();
      skip(1);
      const value = eatHex(2);
      if (value != NOTHING) return value;
      goTo(start);
      if (isUnicode()) return <u32>wrong("Invalid escape");
      break;
    }
    case 0x75: {
      const start = position();
      skip(1);
      const value = eatUnicodeEscape(isUnicode());
      if (value != NOTHING) return value;
      goTo(start);
      if (isUnicode()) return <u32>wrong("Invalid Unicode escape");
      break;
    }
  }
  return identityEscape(inClass);
}

// --- sets ---------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-wordcharacters */
function wordSet(): usize {
  const builder = newBuilder();
  addRange(builder, 0x30, 0x39);
  addRange(builder, 0x41, 0x5a);
  addRange(builder, 0x5f, 0x5f);
  addRange(builder, 0x61, 0x7a);
  if (has(RegExpFlag.IGNORE_CASE) && isUnicode()) {
    addRange(builder, 0x17f, 0x17f);
    addRange(builder, 0x212a, 0x212a);
  }
  return finishSet(builder);
}

/** The set for \d \D \s \S \w \W, whose letter is next; 0 if it is another letter. */
function shorthandSet(): usize {
  const c = peek();
  let set: usize = 0;
  switch (c | 0x20) {
    case 0x64: set = rangeSet(0x30, 0x39); break;
    case 0x73: set = rangesSet(SPACES, SPACE_RANGES); break;
    case 0x77: set = wordSet(); break;
    default: return 0;
  }
  if (c > 0x7f) return 0;
  skip(1);
  return c & 0x20 ? set : complement(set);
}

function isNameCharacter(c: u32): bool {
  return isDigit(c) || c == 0x5f || ((c | 0x20) - 0x61 < 26 && c < 0x80);
}

function propertyPart(): usize {
  const start = position();
  while (isNameCharacter(peek())) skip(1);
  return newText(unitAddress(start), position() - start);
}

/** Strings that the last set escape matches besides its set: a list {next, code points at, count}; 0 if it matches no strings. */
export const ESCAPE_STRINGS: usize = memory.data(8, 8);

/** \p{…} or \P{…}; the letter is next. */
function propertyEscape(inClass: bool): usize {
  const negated = peek() == 0x50;
  const message = inClass ? "Invalid property name in character class" : "Invalid property name";
  skip(1);
  if (!eat(0x7b)) return wrong(message);
  const name = propertyPart();
  let value: usize = 0;
  if (eat(0x3d)) value = propertyPart();
  if (peek() != 0x7d) return wrong(message);
  let set = propertySet(name, value);
  if (set == 0 && value == 0 && has(RegExpFlag.SETS)) {
    const strings = propertyStrings(name);
    if (strings != 0) {
      if (negated) return wrong(message);
      store<u32>(ESCAPE_STRINGS, load<u32>(strings));
      set = <usize>load<u32>(strings, 4);
      work(2000);
    }
  }
  if (set == 0) return wrong(message);
  skip(1);
  work(16 + load<u32>(set) / 8);
  // With flag v the complement is taken after case folding.
  if (has(RegExpFlag.SETS) && has(RegExpFlag.IGNORE_CASE)) {
    work(128 + load<u32>(set));
    set = closeOverCase(set, true);
  }
  return negated ? complement(set) : set;
}

/** The set of a class escape; the backslash has been skipped. 0: it is not a class escape, or something is wrong. */
export function setEscape(inClass: bool): usize {
  store<u32>(ESCAPE_STRINGS, 0);
  const c = peek();
  if ((c == 0x70 || c == 0x50) && isUnicode()) return propertyEscape(inClass);
  return c == NOTHING ? 0 : shorthandSet();
}

/** A set as matching needs it: closed over case with flag i. */
export function forMatching(set: usize): usize {
  if (!has(RegExpFlag.IGNORE_CASE)) return set;
  work(128 + load<u32>(set));
  return closeOverCase(set, isUnicode());
}

/** The set of one character, closed over case; 0 if that adds no other character. */
export function caseVariants(c: u32): usize {
  if (!has(RegExpFlag.IGNORE_CASE)) return 0;
  if (c < 0x80 && (c | 0x20) - 0x61 >= 26) return 0;
  const lower = c | 0x20;
  if (c < 0x80 && !(isUnicode() && (lower == 0x6b || lower == 0x73))) {
    const set = newSet(4);
    store<u32>(set, lower - 0x20, 4);
    store<u32>(set, lower - 0x1f, 8);
    store<u32>(set, lower, 12);
    store<u32>(set, lower + 1, 16);
    return set;
  }
  work(32);
  const single = rangeSet(c, c);
  const set = closeOverCase(single, isUnicode());
  return set == single ? 0 : set;
}

// --- names of groups ----------------------------------------------------------------------------------------------

/** A name up to its ">", which is skipped; a text in the arena, or 0 when something is wrong. https://tc39.es/ecma262/#prod-GroupName */
export function groupName(): usize {
  // The sets of identifiers take memory of the arena, which must not lie within the name.
  for (let ahead: u32 = 0; peekAt(ahead) != 0x3e && peekAt(ahead) != NOTHING; ahead++) {
    if (peekAt(ahead) > 0x7f || peekAt(ahead) == 0x5c) {
      prepareIdentifiers();
      break;
    }
  }
  const from = arenaTop();
  let units: u32 = 0;
  while (peek() != 0x3e && !isWrong()) {
    let c = peekPoint();
    if (c == NOTHING) return wrong("Invalid capture group name");
    skip(c > 0xffff ? 2 : 1);
    if (c == 0x5c) {
      c = eat(0x75) ? eatUnicodeEscape(true) : NOTHING;
      if (c == NOTHING) return wrong("Invalid Unicode escape");
    }
    const fine = units == 0 ? isIdStart(c) : isIdContinue(c);
    if (!fine) return wrong("Invalid capture group name");
    const bytes: usize = c > 0xffff ? 4 : 2;
    const at = take(4);
    store<u32>(at, c > 0xffff ? (0xd7c0 + (c >> 10)) | ((0xdc00 | (c & 0x3ff)) << 16) : c);
    units += <u32>(bytes >> 1);
  }
  skip(1);
  if (units == 0) return wrong("Invalid capture group name");
  return packName(from, units);
}

/** The units are in words that hold one or two of them; returns a text with the units packed. */
function packName(from: usize, units: u32): usize {
  let to = from;
  let done: u32 = 0;
  for (let at = from; done < units; at += 4) {
    const word = load<u32>(at);
    store<u16>(to, <u16>word);
    to += 2;
    done++;
    if (word > 0xffff) {
      store<u16>(to, <u16>(word >> 16));
      to += 2;
      done++;
    }
  }
  return newText(from, units);
}

export function sameText(a: usize, b: usize): bool {
  const n = load<u32>(a, 4);
  return n == load<u32>(b, 4) && memory.compare(<usize>load<u32>(a), <usize>load<u32>(b), <usize>n << 1) == 0;
}
