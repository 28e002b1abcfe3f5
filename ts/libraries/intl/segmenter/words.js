// Owns the boundaries of words. https://unicode.org/reports/tr29/#Word_Boundary_Rules There are no dictionaries: each letter of Han, Hiragana,
// Thai and other scripts that are written without spaces is a word.

import { pointAt, propertyOf } from "./data.js";

// As in ts/build/intl/segmentation.ts.
const CR = 1;
const LF = 2;
const NEWLINE = 3;
const EXTEND = 4;
const ZWJ = 5;
const FORMAT = 6;
const REGIONAL = 7;
const KATAKANA = 8;
const HEBREW = 9;
const LETTER = 10;
const SINGLE_QUOTE = 11;
const DOUBLE_QUOTE = 12;
const MID_NUMBER_LETTER = 13;
const MID_LETTER = 14;
const MID_NUMBER = 15;
const NUMERIC = 16;
const EXTEND_LETTER = 17;
const SPACE = 18;
const DICTIONARY = 19;
const PICTOGRAPH = 32;
const VALUES = 31;

const isIgnored = (property) => property === EXTEND || property === ZWJ || property === FORMAT;
const isLetter = (property) => property === LETTER || property === HEBREW;
const isWordPart = (property) =>
  isLetter(property) || property === NUMERIC || property === KATAKANA || property === DICTIONARY;
const isBetweenLetters = (property) =>
  property === MID_LETTER || property === MID_NUMBER_LETTER || property === SINGLE_QUOTE;
const isBetweenNumbers = (property) =>
  property === MID_NUMBER || property === MID_NUMBER_LETTER || property === SINGLE_QUOTE;

/** Rules 5, 8 to 10 and 13 to 13b: do two neighbours belong together, whatever is around? */
function areOne(before, after) {
  if (isLetter(before) || before === NUMERIC)
    return (
      isLetter(after) || after === NUMERIC || after === EXTEND_LETTER || (before === HEBREW && after === SINGLE_QUOTE)
    );
  if (before === KATAKANA) return after === KATAKANA || after === EXTEND_LETTER;
  return (
    before === EXTEND_LETTER && (isLetter(after) || after === NUMERIC || after === KATAKANA || after === EXTEND_LETTER)
  );
}

/** Rules 6, 7, 7b, 7c, 11 and 12 for what is between `first` and `last`. */
function isBridge(first, middle, last) {
  if (isLetter(first) && isBetweenLetters(middle) && isLetter(last)) return true;
  if (first === HEBREW && middle === DOUBLE_QUOTE && last === HEBREW) return true;
  return first === NUMERIC && isBetweenNumbers(middle) && last === NUMERIC;
}

/** The end of the word, or of what is between words, that begins there; negative if it is like a word. */
export function wordEnd(data, text, from) {
  const { length } = text;
  const read = (c) => propertyOf(data, data.word, c);
  /** The property of the next that is not ignored, from that place on. */
  const following = (at) => {
    while (at < length) {
      const c = pointAt(text, at);
      const property = read(c) & VALUES;
      if (!isIgnored(property)) return property;
      at += c > 0xffff ? 2 : 1;
    }
    return 0;
  };
  let c = pointAt(text, from);
  let before = read(c) & VALUES;
  let at = from + (c > 0xffff ? 2 : 1);
  if (before === CR) return text.charCodeAt(at) === 0x0a ? at + 1 : at;
  if (before === LF || before === NEWLINE) return at;
  // `last`: the property just before, ignored or not; `before`: of the last that is not ignored; `earlier`: of the one before that.
  let last = before;
  let earlier = 0;
  let isHalf = before === REGIONAL;
  let isWord = isWordPart(before);
  while (at < length) {
    c = pointAt(text, at);
    const value = read(c);
    const after = value & VALUES;
    if (after === CR || after === LF || after === NEWLINE) break;
    const step = c > 0xffff ? 2 : 1;
    const isEmoji = last === ZWJ && value >= PICTOGRAPH;
    const isSpace = last === SPACE && after === SPACE;
    if (isIgnored(after) && !isEmoji) {
      last = after;
      at += step;
      continue;
    }
    const isJoined =
      isEmoji ||
      isSpace ||
      areOne(before, after) ||
      isBridge(earlier, before, after) ||
      (isHalf && before === REGIONAL && after === REGIONAL) ||
      ((isBetweenLetters(after) || after === DOUBLE_QUOTE || after === MID_NUMBER) &&
        isBridge(before, after, following(at + step)));
    if (!isJoined) break;
    isHalf = false;
    // As in ICU, `__` is like a word and `_` is not.
    isWord ||= isWordPart(after) || after === EXTEND_LETTER;
    earlier = before;
    before = after;
    last = after;
    at += step;
  }
  return isWord ? -at : at;
}
