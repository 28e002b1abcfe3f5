// Owns the boundaries of sentences. https://unicode.org/reports/tr29/#Sentence_Boundary_Rules

import { pointAt, propertyOf } from "./data.js";

// As in ts/build/intl/segmentation.ts.
const CR = 1;
const LF = 2;
const SEPARATOR = 3;
const EXTEND = 4;
const FORMAT = 5;
const SPACE = 6;
const LOWER = 7;
const UPPER = 8;
const OTHER_LETTER = 9;
const NUMERIC = 10;
const DOT = 11;
const CONTINUE = 12;
const END = 13;
const CLOSE = 14;

const SEMICOLON = 0x3b;
const GREEK_QUESTION = 0x37e;

const isParagraphEnd = (property) => property === CR || property === LF || property === SEPARATOR;
const isEnd = (property) => property === DOT || property === END;

/** Rule 8: does a word in lower case follow, with neither letters nor ends of sentences before it? */
function goesOnInLowerCase(text, at, read) {
  while (at < text.length) {
    const c = pointAt(text, at);
    const property = read(c);
    if (property === LOWER) return true;
    if (property === UPPER || property === OTHER_LETTER || isParagraphEnd(property) || isEnd(property)) return false;
    at += c > 0xffff ? 2 : 1;
  }
  return false;
}

/** The end of the sentence that begins there. */
export function sentenceEnd(data, text, from, isGreek) {
  const { length } = text;
  // A Greek question ends with a semicolon.
  const read = (c) => (isGreek && (c === SEMICOLON || c === GREEK_QUESTION) ? END : propertyOf(data, data.sentence, c));
  let at = from;
  // `end`: DOT or END if the sentence may end here; then what has followed it: 0 nothing, 1 what closes, 2 spaces.
  let end = 0;
  let followed = 0;
  let before = 0;
  let beforeEnd = 0;
  while (at < length) {
    const c = pointAt(text, at);
    const after = read(c);
    const next = at + (c > 0xffff ? 2 : 1);
    if (at > from && (after === EXTEND || after === FORMAT)) {
      at = next;
      continue;
    }
    if (end !== 0) {
      const isJoined =
        (end === DOT && followed === 0 && after === NUMERIC) ||
        (end === DOT && followed === 0 && after === UPPER && (beforeEnd === UPPER || beforeEnd === LOWER)) ||
        after === CONTINUE ||
        isEnd(after) ||
        (after === CLOSE && followed < 2) ||
        after === SPACE ||
        isParagraphEnd(after) ||
        (end === DOT && goesOnInLowerCase(text, at, read));
      if (!isJoined) return at;
    }
    if (after === CR) return text.charCodeAt(next) === 0x0a ? next + 1 : next;
    if (after === LF || after === SEPARATOR) return next;
    if (isEnd(after)) {
      end = after;
      followed = 0;
      beforeEnd = before;
    } else if (end !== 0 && after === CLOSE && followed < 2) followed = 1;
    else if (end !== 0 && after === SPACE) followed = 2;
    else end = 0;
    before = after;
    at = next;
  }
  return at;
}
