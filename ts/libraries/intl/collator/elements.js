// Owns the reading of a text as collation elements: primary weights, and the secondary and tertiary weights of each. Elements are read as far as
// a comparison asks for them. https://unicode.org/reports/tr10/ https://unicode.org/reports/tr35/tr35-collation.html
//
// A CE32 has the forms that ICU gives it (collation.h): it is an element, or its lowest byte is 0xC0 and more, and says how the elements are
// found. Both its halves are in strings of the library intl-collation; nothing of them is decoded beforehand.

const INDEX = 0;
const UPPER = 1;
const LOWER = 2;
const CE32S = 3;
const CES = 4;
const CONTEXTS = 5;

const SPECIAL = 0xc0;
const COMMON = 0x05000500;

/** The primary weight at the end of a text: less than all others. */
export const END = 1;
/** Secondary and tertiary weights at the end of a text. */
export const END_LOWER = 0x01000100;

/** What is read of a text: its primaries, and the lower halves of its elements. */
export function makeReader(text, rules) {
  return {
    text: text.normalize("NFD"),
    rules,
    at: 0,
    // Marks that a contraction has passed over.
    pending: "",
    primaries: [],
    lowers: [],
    next: 0,
    afterVariable: false,
  };
}

function push(reader, primary, lower) {
  const { length } = reader.primaries;
  reader.primaries[length] = primary;
  reader.lowers[length] = lower;
}

/** The code unit that many places on, NaN after the end. */
function ahead(reader, places) {
  const { pending } = reader;
  return places < pending.length
    ? pending.charCodeAt(places)
    : reader.text.charCodeAt(reader.at + places - pending.length);
}

function skip(reader, places) {
  const { length } = reader.pending;
  if (places <= length) reader.pending = reader.pending.slice(places);
  else {
    reader.pending = "";
    reader.at += places - length;
  }
}

/** The code point that many places on, -1 after the end. */
function codePointAhead(reader, places) {
  const first = ahead(reader, places);
  if (first !== first) return -1;
  if (first < 0xd800 || first > 0xdbff) return first;
  const second = ahead(reader, places + 1);
  return second >= 0xdc00 && second <= 0xdfff ? ((first - 0xd800) << 10) + second - 0xdc00 + 0x10000 : first;
}

/** Where the halves of the value for a code point are; -1: there are none. */
function placeOf(index, c) {
  const at = c >> 5;
  return at < index.length ? (index.charCodeAt(at) << 5) + (c & 31) : -1;
}

/** The canonical combining class. */
function classOf(rules, c) {
  if (c < 0x300) return 0;
  const place = placeOf(rules.classes[0], c);
  return place < 0 ? 0 : rules.classes[1].charCodeAt(place);
}

/** Reads the elements of one character, or of a contraction; there must be one. */
function readElements(reader) {
  const c = codePointAhead(reader, 0);
  const fromText = reader.pending === "";
  const start = reader.at;
  skip(reader, c > 0xffff ? 2 : 1);
  const { tailoring, root } = reader.rules;
  if (tailoring !== undefined) {
    const place = placeOf(tailoring[INDEX], c);
    if (place >= 0) {
      const lower = tailoring[LOWER].charCodeAt(place);
      if (lower !== SPECIAL) {
        append(reader, tailoring, tailoring[UPPER].charCodeAt(place), lower, c, fromText ? start : -1);
        return;
      }
    }
  }
  appendRoot(reader, root, c, fromText ? start : -1);
}

function appendRoot(reader, root, c, start) {
  const place = placeOf(root[INDEX], c);
  if (place < 0) push(reader, unassigned(c), COMMON);
  else append(reader, root, root[UPPER].charCodeAt(place), root[LOWER].charCodeAt(place), c, start);
}

/** Appends the elements of a CE32; `start` is the place of the character in the text, -1 for a mark out of order. */
function append(reader, table, upper, lower, c, start) {
  const low = lower & 0xff;
  if (low < SPECIAL) {
    push(reader, upper * 0x10000, (((lower & 0xff00) << 16) | (low << 8)) >>> 0);
    return;
  }
  switch (lower & 15) {
    case 0:
      appendRoot(reader, reader.rules.root, c, start);
      return;
    case 1:
      push(reader, upper * 0x10000 + (lower & 0xff00), COMMON);
      return;
    case 2:
      push(reader, 0, upper * 0x10000 + (lower & 0xff00));
      return;
    case 4:
      push(reader, (upper >> 8) * 0x1000000, 0x05000000 | ((upper & 0xff) << 8));
      push(reader, 0, (((lower & 0xff00) << 16) | 0x0500) >>> 0);
      return;
    case 14:
      push(reader, offsetPrimary(table[CES], indexOf(upper, lower) * 4, c), COMMON);
      return;
    case 15:
      push(reader, unassigned(c), COMMON);
      return;
    default:
      appendSeveral(reader, table, upper, lower, c, start);
  }
}

const indexOf = (upper, lower) => (upper << 3) | (lower >> 13);

function appendSeveral(reader, table, upper, lower, c, start) {
  const index = indexOf(upper, lower);
  const count = (lower >> 8) & 31;
  const ce32s = table[CE32S];
  switch (lower & 15) {
    case 5:
      for (let at = index * 2; at < (index + count) * 2; at += 2)
        append(reader, table, ce32s.charCodeAt(at), ce32s.charCodeAt(at + 1), c, start);
      return;
    case 6: {
      const ces = table[CES];
      for (let at = index * 4; at < (index + count) * 4; at += 4)
        push(
          reader,
          ces.charCodeAt(at) * 0x10000 + ces.charCodeAt(at + 1),
          ces.charCodeAt(at + 2) * 0x10000 + ces.charCodeAt(at + 3),
        );
      return;
    }
    case 8: {
      const at = prefixAt(reader, table[CONTEXTS], index, start);
      append(reader, table, table[CONTEXTS].charCodeAt(at), table[CONTEXTS].charCodeAt(at + 1), c, start);
      return;
    }
    case 9: {
      const at = contractionAt(reader, table[CONTEXTS], index);
      append(reader, table, table[CONTEXTS].charCodeAt(at), table[CONTEXTS].charCodeAt(at + 1), c, start);
      return;
    }
    case 10:
      if (reader.rules.numeric) appendNumber(reader, (lower >> 8) & 15);
      else append(reader, table, ce32s.charCodeAt(index * 2), ce32s.charCodeAt(index * 2 + 1), c, start);
      return;
    default:
      // 11: the character U+0000.
      append(reader, table, ce32s.charCodeAt(0), ce32s.charCodeAt(1), c, start);
  }
}

// --- contexts: [what applies without one: 2 units, count, then for each its length, its units, 2 units] ----------------

/** The place of the value for the longest text that precedes. */
function prefixAt(reader, contexts, address, start) {
  const count = start < 0 ? 0 : contexts.charCodeAt(address + 2);
  let at = address + 3;
  for (let i = 0; i < count; i++) {
    const length = contexts.charCodeAt(at);
    let k = 0;
    while (k < length && contexts.charCodeAt(at + 1 + k) === reader.text.charCodeAt(start - 1 - k)) k++;
    if (k === length) return at + 1 + length;
    at += length + 3;
  }
  return address;
}

/** The place of the value for exactly this text, -1 without one. */
function entryOf(contexts, address, text) {
  const count = contexts.charCodeAt(address + 2);
  let at = address + 3;
  for (let i = 0; i < count; i++) {
    const length = contexts.charCodeAt(at);
    if (length === text.length && contexts.startsWith(text, at + 1)) return at + 1 + length;
    at += length + 3;
  }
  return -1;
}

/** Takes what follows into the contraction, marks after other marks too; returns the place of its value. */
function contractionAt(reader, contexts, address) {
  const count = contexts.charCodeAt(address + 2);
  let at = address + 3;
  let found = address;
  let matched = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const length = contexts.charCodeAt(at);
    if (length > longest) longest = length;
    let k = 0;
    while (k < length && contexts.charCodeAt(at + 1 + k) === ahead(reader, k)) k++;
    if (k === length) {
      found = at + 1 + length;
      matched = length;
      break;
    }
    at += length + 3;
  }
  const after = codePointAhead(reader, matched);
  const { rules } = reader;
  if (after < 0x300 || matched >= longest || classOf(rules, after) === 0) {
    if (matched > 0) skip(reader, matched);
    return found;
  }
  let text = "";
  for (let k = 0; k < matched; k++) text += String.fromCharCode(ahead(reader, k));
  let skipped = "";
  let last = 0;
  let places = matched;
  let end = matched;
  let endSkipped = "";
  for (;;) {
    const c = codePointAhead(reader, places);
    const kind = c < 0x300 ? 0 : classOf(rules, c);
    if (kind === 0) break;
    const mark = String.fromCodePoint(c);
    places += mark.length;
    // A mark of the class of one that was passed over is blocked by it.
    const entry = kind === last ? -1 : entryOf(contexts, address, text + mark);
    if (entry >= 0) {
      text += mark;
      found = entry;
      end = places;
      endSkipped = skipped;
      if (text.length >= longest) break;
    } else {
      skipped += mark;
      last = kind;
    }
  }
  skip(reader, end);
  if (endSkipped !== "") reader.pending = endSkipped + reader.pending;
  return found;
}

// --- weights that are computed -------------------------------------------------------------------------------------------

/** A code point that no table has comes after all others. */
function unassigned(c) {
  let rest = c + 1;
  let primary = 2 + (rest % 18) * 14;
  rest = Math.floor(rest / 18);
  primary += (2 + (rest % 254)) * 0x100;
  rest = Math.floor(rest / 254);
  return primary + (4 + (rest % 251)) * 0x10000 + 0xfe000000;
}

/** A primary weight that is counted from that of the first of many characters. */
function offsetPrimary(ces, at, c) {
  const upper = ces.charCodeAt(at);
  const middle = ces.charCodeAt(at + 1);
  const first = ces.charCodeAt(at + 2) * 0x100 + (ces.charCodeAt(at + 3) >> 8);
  const step = ces.charCodeAt(at + 3) & 0x7f;
  const isCompressible = (ces.charCodeAt(at + 3) & 0x80) !== 0;
  let offset = (c - first) * step + (middle >> 8) - 2;
  let primary = ((offset % 254) + 2) * 0x100;
  offset = Math.floor(offset / 254);
  const [least, values] = isCompressible ? [4, 251] : [2, 254];
  offset += (upper & 0xff) - least;
  primary += ((offset % values) + least) * 0x10000;
  return primary + ((upper >> 8) + Math.floor(offset / values)) * 0x1000000;
}

/** The value of the digit that comes next, -1 if none does. */
function digitAhead(reader) {
  const c = codePointAhead(reader, 0);
  if (c < 0x30 || (c > 0x39 && c < 0x80)) return -1;
  if (c <= 0x39) return c - 0x30;
  const { root, tailoring } = reader.rules;
  const own = tailoring === undefined ? -1 : placeOf(tailoring[INDEX], c);
  const table = own >= 0 && tailoring[LOWER].charCodeAt(own) !== SPECIAL ? tailoring : root;
  const place = table === root ? placeOf(root[INDEX], c) : own;
  const lower = place < 0 ? 0 : table[LOWER].charCodeAt(place);
  return (lower & 0xff) === SPECIAL + 10 ? (lower >> 8) & 15 : -1;
}

const NUMBERS = 0x0f000000;
/** As many digits as one weight can tell. */
const MOST_DIGITS = 254;

/** Reads a run of digits as a number. */
function appendNumber(reader, first) {
  let digits = [first];
  for (;;) {
    const digit = digitAhead(reader);
    if (digit >= 0) skip(reader, codePointAhead(reader, 0) > 0xffff ? 2 : 1);
    // Zeros before other digits do not count.
    if (digits.length === 1 && digits[0] === 0 && digit >= 0) digits = [];
    if (digits.length > 0 && (digit < 0 || digits.length === MOST_DIGITS)) {
      if (digits.length < 7) appendSmall(reader, digits);
      else appendLarge(reader, digits);
      digits = [];
    }
    if (digit < 0) return;
    digits[digits.length] = digit;
  }
}

function appendSmall(reader, digits) {
  let value = 0;
  for (let i = 0; i < digits.length; i++) value = value * 10 + digits[i];
  let primary = NUMBERS;
  if (value < 74) primary += (2 + value) << 16;
  else if ((value -= 74) < 40 * 254) primary += ((76 + Math.floor(value / 254)) << 16) + ((2 + (value % 254)) << 8);
  else {
    value -= 40 * 254;
    const tens = Math.floor(value / 254);
    if (tens >= 16 * 254) {
      appendLarge(reader, digits);
      return;
    }
    primary += 2 + (value % 254) + ((2 + (tens % 254)) << 8) + ((116 + Math.floor(tens / 254)) << 16);
  }
  push(reader, primary, COMMON);
}

/** The number of pairs of digits, then the pairs, three in each element. */
function appendLarge(reader, digits) {
  let { length } = digits;
  let primary = NUMBERS + ((128 + ((length + 1) >> 1)) << 16);
  while (length > 1 && digits[length - 1] === 0 && digits[length - 2] === 0) length -= 2;
  let at = length & 1;
  let pair = 11 + 2 * (at === 1 ? digits[0] : digits[0] * 10 + digits[1]);
  if (at === 0) at = 2;
  let shift = 8;
  for (; at < length; at += 2) {
    primary += pair << shift;
    if (shift === 0) {
      push(reader, primary, COMMON);
      primary = NUMBERS;
      shift = 16;
    } else shift -= 8;
    pair = 11 + 2 * (digits[at] * 10 + digits[at + 1]);
  }
  push(reader, primary + ((pair - 1) << shift), COMMON);
}

// --- primaries -----------------------------------------------------------------------------------------------------------

/** U+FFFE: texts are compared part by part between these. */
export const SEPARATOR = 0x02000000;

/** Has the text no element after that index? */
export function isRead(reader) {
  return reader.pending === "" && reader.at >= reader.text.length;
}

/** The next primary weight that counts, END after the last. Elements that are ignored lose their lower halves. */
export function nextPrimary(reader) {
  const { primaries, lowers, rules } = reader;
  for (;;) {
    const { next } = reader;
    if (next === primaries.length) {
      if (isRead(reader)) return END;
      readElements(reader);
      continue;
    }
    reader.next = next + 1;
    const primary = primaries[next];
    if (primary === 0) {
      if (reader.afterVariable) lowers[next] = 0;
      continue;
    }
    reader.afterVariable = primary <= rules.variableTop && primary > SEPARATOR;
    if (reader.afterVariable) {
      lowers[next] = 0;
      continue;
    }
    return rules.reordering === undefined ? primary : reordered(rules.reordering, primary);
  }
}

/** Exchanges scripts. */
function reordered([table, limit, ranges], primary) {
  const byte = Math.floor(primary / 0x1000000);
  const to = table.charCodeAt(byte);
  if (to !== 0 || primary <= END) return to * 0x1000000 + (primary % 0x1000000);
  if (primary >= limit) return primary;
  const upper = Math.floor(primary / 0x10000);
  for (let at = 0; at < ranges.length; at += 2)
    if (upper < ranges.charCodeAt(at)) return (primary + ranges.charCodeAt(at + 1) * 0x1000000) % 0x100000000;
  return primary;
}
