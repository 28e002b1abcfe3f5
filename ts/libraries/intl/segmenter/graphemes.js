// Owns the boundaries of characters as people see them. https://unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules

import { pointAt, propertyOf } from "./data.js";

// As in ts/build/intl/segmentation.ts.
const CR = 1;
const LF = 2;
const CONTROL = 3;
const EXTEND = 4;
const ZWJ = 5;
const REGIONAL = 6;
const PREPEND = 7;
const SPACING = 8;
const L = 9;
const V = 10;
const T = 11;
const LV = 12;
const LVT = 13;
const PICTOGRAPH = 14;
const CONSONANT = 15;
const LINKER = 16;
const OTHER_EXTEND = 17;

const extends_ = (property) => property === EXTEND || property === LINKER || property === OTHER_EXTEND;

/** Rules 6 to 9b: do two neighbours belong together, whatever is before? */
function areOne(before, after) {
  if (extends_(after) || after === ZWJ || after === SPACING || before === PREPEND) return true;
  if (before === L) return after === L || after === V || after === LV || after === LVT;
  if (before === LV || before === V) return after === V || after === T;
  return (before === LVT || before === T) && after === T;
}

/** The end of the character that begins there. */
export function graphemeEnd(data, text, from) {
  const { length } = text;
  let c = pointAt(text, from);
  let before = propertyOf(data, data.grapheme, c);
  let at = from + (c > 0xffff ? 2 : 1);
  // Of a flag, the first half; of an emoji, 1, and 2 after a joiner; of a conjunct, 1, and 2 after a linker.
  let isHalf = before === REGIONAL;
  let emoji = before === PICTOGRAPH ? 1 : 0;
  let conjunct = before === CONSONANT ? 1 : 0;
  while (at < length) {
    c = pointAt(text, at);
    const after = propertyOf(data, data.grapheme, c);
    if (before === CR) return after === LF ? at + 1 : at;
    if (before === LF || before === CONTROL || after === CR || after === LF || after === CONTROL) return at;
    const isJoined =
      areOne(before, after) ||
      (conjunct === 2 && after === CONSONANT) ||
      (emoji === 2 && after === PICTOGRAPH) ||
      (isHalf && before === REGIONAL && after === REGIONAL);
    if (!isJoined) return at;
    isHalf = false;
    if (after === PICTOGRAPH) emoji = 1;
    else if (after === ZWJ) emoji = emoji === 1 ? 2 : 0;
    else if (!extends_(after) || emoji === 2) emoji = 0;
    if (after === CONSONANT) conjunct = 1;
    else if (after === LINKER) conjunct = conjunct > 0 ? 2 : 0;
    else if (after !== EXTEND && after !== ZWJ) conjunct = 0;
    before = after;
    at += c > 0xffff ? 2 : 1;
  }
  return at;
}
