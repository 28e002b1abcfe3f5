// Owns the comparison of two texts, level by level: letters, then accents, then cases. https://unicode.org/reports/tr35/tr35-collation.html

import { END, END_LOWER, makeReader, nextPrimary, SEPARATOR } from "./elements.js";

const CASES = 0xc000;
const TERTIARY = 0x3f3f;
const PUNCTUATION = 1;
/** Code points below this one have an entry in `quick`. */
const QUICK = 0x180;

/** How texts are compared: the strings of an order, by its name, and what the options say. */
export function rulesFor(data, order, numeric, ignorePunctuation) {
  return {
    root: data.root(),
    tailoring: order === "root" ? undefined : data.tailoring(order),
    reordering: data.reordering(order),
    classes: data.classes(),
    quick: data.quick(order),
    numeric,
    variableTop: ignorePunctuation ? data.last().charCodeAt(PUNCTUATION) * 0x10000 - 1 : 0,
  };
}

/**
 * Compares the letters of texts that are simple up to the first difference: -1 or 1, and 0 where more has to be known. Simple are letters below
 * U+0180 that no contraction of the order begins with, and digits and signs that are no numbers and not ignored.
 */
function compareQuickly({ quick, numeric, variableTop }, a, b) {
  const least = Math.floor(variableTop / 0x10000);
  for (let at = 0; ; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x >= QUICK || y >= QUICK) return 0;
    const left = x !== x ? 0 : quick.charCodeAt(x);
    const right = x === y ? left : y !== y ? 0 : quick.charCodeAt(y);
    if (left === right) {
      // Both are simple and have the same letter, or the texts end, or one of them is not simple.
      if (left <= least || (numeric && (isDigit(x) || isDigit(y)))) return 0;
      continue;
    }
    if ((left <= least && x === x) || (right <= least && y === y)) return 0;
    if (numeric && (isDigit(x) || isDigit(y))) return 0;
    return left < right ? -1 : 1;
  }
}

const isDigit = (c) => c >= 0x30 && c <= 0x39;

/** The lower half of the next element from the index on that is not 0 under the mask: [its value under the mask, the index after it, the half]. */
function nextLower(lowers, at, shift, mask) {
  while (at < lowers.length) {
    const lower = lowers[at++];
    const value = (lower >>> shift) & mask;
    if (value !== 0) return [value, at, lower];
  }
  return [(END_LOWER >>> shift) & mask, -1, END_LOWER];
}

function compareAccents(x, y) {
  for (let i = 0, k = 0; ;) {
    const [a, nextI] = nextLower(x, i, 16, 0xffff);
    const [b, nextK] = nextLower(y, k, 16, 0xffff);
    if (a !== b) return a < b ? -1 : 1;
    if (nextI < 0) return 0;
    i = nextI;
    k = nextK;
  }
}

/** The secondary weights of each part of a text, the last first. */
function accentsBackwards({ primaries, lowers }) {
  const parts = [[]];
  for (let i = 0; i < lowers.length; i++) {
    const secondary = lowers[i] >>> 16;
    if (primaries[i] > 0 && primaries[i] <= SEPARATOR) parts[parts.length] = [];
    else if (secondary !== 0) parts[parts.length - 1][parts[parts.length - 1].length] = secondary;
  }
  return parts.map((part) => part.toReversed());
}

/** As in the French of Canada: the last difference counts. */
function compareAccentsBackwards(x, y) {
  const [left, right] = [accentsBackwards(x), accentsBackwards(y)];
  for (let part = 0; part < left.length && part < right.length; part++) {
    const [a, b] = [left[part], right[part]];
    for (let i = 0; i < a.length || i < b.length; i++) {
      const [one, other] = [a[i] ?? 0, b[i] ?? 0];
      if (one !== other) return one < other ? -1 : 1;
    }
  }
  return 0;
}

/** Compares cases where accents do not count. */
function compareCases(x, y, upperFirst) {
  const next = ({ primaries, lowers }, at) => {
    while (at < lowers.length && (primaries[at] === 0 || lowers[at] === 0)) at++;
    return at;
  };
  for (let i = 0, k = 0; ; i++, k++) {
    i = next(x, i);
    k = next(y, k);
    const a = i < x.lowers.length ? x.lowers[i] & CASES : 0;
    const b = k < y.lowers.length ? y.lowers[k] & CASES : 0;
    if (a !== b) return a < b === upperFirst ? 1 : -1;
    if (i >= x.lowers.length) return 0;
  }
}

/** Tertiary weights where upper case comes first; an element of its own keeps the weight of upper case. */
function upperFirstWeight(value, lower) {
  if (value <= (END_LOWER & 0xffff)) return value;
  return lower > 0xffff ? value ^ CASES : value + 0x4000;
}

function compareTertiary(x, y, caseFirst) {
  const mask = caseFirst === "false" ? TERTIARY : TERTIARY | CASES;
  for (let i = 0, k = 0; ;) {
    const [a, nextI, left] = nextLower(x, i, 0, mask);
    const [b, nextK, right] = nextLower(y, k, 0, mask);
    if (a !== b) {
      if (caseFirst !== "upper") return a < b ? -1 : 1;
      return upperFirstWeight(a, left) < upperFirstWeight(b, right) ? -1 : 1;
    }
    if (nextI < 0) return 0;
    i = nextI;
    k = nextK;
  }
}

/** -1, 0 or 1. `how`: the slots of a Collator. */
export function compareTexts(how, a, b) {
  if (a === b) return 0;
  const { rules } = how;
  const quickly = compareQuickly(rules, a, b);
  if (quickly !== 0) return quickly;
  const x = makeReader(a, rules);
  const y = makeReader(b, rules);
  for (;;) {
    const left = nextPrimary(x);
    const right = nextPrimary(y);
    if (left !== right) return left < right ? -1 : 1;
    if (left === END) break;
  }
  const { sensitivity, caseFirst, backwards } = how;
  if (sensitivity === "base") return 0;
  if (sensitivity === "case") return compareCases(x, y, caseFirst === "upper");
  const accents = backwards ? compareAccentsBackwards(x, y) : compareAccents(x.lowers, y.lowers);
  return accents !== 0 || sensitivity === "accent" ? accents : compareTertiary(x.lowers, y.lowers, caseFirst);
}
