// Owns domain names with characters beyond ASCII: UTS 46 processing and Punycode, as the URL standard asks for them. Takes the place
// of the package tr46 in whatwg-url, whose tables are 144 KB compressed. Must never decode its data into the heap: it is searched as text.
// https://www.unicode.org/reports/tr46/

import { BIDI, EXCEPTIONS, JOINING, MAPPED, STATUS, VIRAMA } from "./generated/idna-data.js";

const DISALLOWED = 1;
const IGNORED = 2;
const EXCEPTION = 3;

/** Bidi classes in the order of BIDI_CLASSES in ts/build/idna-data.ts. 0: none of these. */
const [L, R, AL, AN, EN, , , , , , NSM] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const [LEFT_JOINING, DUAL_JOINING, RIGHT_JOINING, TRANSPARENT] = [1, 2, 3, 4];

/** The number at an entry of packed text: 20 bits of a code point, 4 of its class. */
function entryAt(text, index) {
  let value = 0;
  for (let at = index * 4; at < index * 4 + 4; at++) {
    const code = text.charCodeAt(at);
    value = value * 64 + code - (code > 91 ? 49 : 48);
  }
  return value;
}

/** The last entry whose code point is at most that one. */
function entryBefore(text, codePoint) {
  let low = 0;
  let high = text.length / 4;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (entryAt(text, middle) >> 4 <= codePoint) low = middle;
    else high = middle;
  }
  return low;
}

const classOf = (text, codePoint) => entryAt(text, entryBefore(text, codePoint)) & 15;

/** What most code points are mapped to. */
const fold = (text) => text.normalize("NFKC").toLowerCase().normalize("NFKC");

function mappedCharacter(char, codePoint, status) {
  if (status === IGNORED) return "";
  if (status === DISALLOWED) return char;
  return status === EXCEPTION ? MAPPED.split("|")[entryBefore(EXCEPTIONS, codePoint)] : fold(char);
}

/** True for a code point that a label may contain unchanged. */
function isValid(char) {
  const codePoint = char.codePointAt(0);
  if (codePoint < 0x80) return codePoint < 0x41 || codePoint > 0x5a;
  const status = classOf(STATUS, codePoint);
  return status !== DISALLOWED && status !== IGNORED && mappedCharacter(char, codePoint, status) === char;
}

function mapCharacters(text) {
  let mapped = "";
  for (const char of text) {
    const codePoint = char.codePointAt(0);
    if (codePoint < 0x80) mapped += char.toLowerCase();
    else mapped += mappedCharacter(char, codePoint, classOf(STATUS, codePoint));
  }
  return mapped;
}

const isAscii = (text) => !/[^\0-\x7f]/.test(text);

// --- Punycode (RFC 3492) ------------------------------------------------------------------------------------------

const MOST = 0x7fffffff;

function adapt(delta, count, isFirst) {
  delta = isFirst ? Math.floor(delta / 700) : delta >> 1;
  delta += Math.floor(delta / count);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}

const threshold = (k, bias) => Math.min(Math.max(k - bias, 1), 26);

function digitOf(code) {
  if (code >= 0x30 && code <= 0x39) return code - 22;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  return code >= 0x61 && code <= 0x7a ? code - 0x61 : 36;
}

/** The text of a label without its `xn--`, or null. */
function decodePunycode(input) {
  const basic = Math.max(input.lastIndexOf("-"), 0);
  const output = Array.from(input.slice(0, basic), (char) => char.charCodeAt(0));
  let codePoint = 128;
  let bias = 72;
  let position = 0;
  for (let at = basic > 0 ? basic + 1 : 0; at < input.length;) {
    const before = position;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const digit = at < input.length ? digitOf(input.charCodeAt(at++)) : 36;
      position += digit * weight;
      if (digit === 36 || position > MOST) return null;
      const most = threshold(k, bias);
      if (digit < most) break;
      weight *= 36 - most;
    }
    const length = output.length + 1;
    bias = adapt(position - before, length, before === 0);
    codePoint += Math.floor(position / length);
    position %= length;
    if (codePoint > 0x10ffff) return null;
    output.splice(position++, 0, codePoint);
  }
  let text = "";
  for (const one of output) text += String.fromCodePoint(one);
  return text;
}

const digitText = (digit) => String.fromCharCode(digit < 26 ? digit + 0x61 : digit + 22);

function encodeDelta(delta, bias) {
  let text = "";
  for (let k = 36; ; k += 36) {
    const most = threshold(k, bias);
    if (delta < most) return text + digitText(delta);
    text += digitText(most + ((delta - most) % (36 - most)));
    delta = Math.floor((delta - most) / (36 - most));
  }
}

function encodePunycode(label) {
  const input = Array.from(label, (char) => char.codePointAt(0));
  let output = "";
  for (const one of input) if (one < 128) output += String.fromCharCode(one);
  const basic = output.length;
  let handled = basic;
  if (basic > 0) output += "-";
  let codePoint = 128;
  let delta = 0;
  let bias = 72;
  while (handled < input.length) {
    let next = MOST;
    for (const one of input) if (one >= codePoint && one < next) next = one;
    delta += (next - codePoint) * (handled + 1);
    codePoint = next;
    for (const one of input) {
      if (one < codePoint) delta++;
      if (one !== codePoint) continue;
      output += encodeDelta(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    codePoint++;
  }
  return output;
}

// --- validity of labels -------------------------------------------------------------------------------------------

/** https://www.rfc-editor.org/rfc/rfc5892#appendix-A.1: the first character to one side that is not transparent joins to this one. */
function joins(points, from, step, type) {
  for (let at = from; at >= 0 && at < points.length; at += step) {
    const here = classOf(JOINING, points[at]);
    if (here !== TRANSPARENT) return here === type || here === DUAL_JOINING;
  }
  return false;
}

function hasValidJoiners(points) {
  return points.every((point, at) => {
    if (point !== 0x200c && point !== 0x200d) return true;
    if (at > 0 && classOf(VIRAMA, points[at - 1]) === 1) return true;
    return point === 0x200c && joins(points, at - 1, -1, LEFT_JOINING) && joins(points, at + 1, 1, RIGHT_JOINING);
  });
}

/** https://www.rfc-editor.org/rfc/rfc5893#section-2 */
function hasValidDirections(points) {
  const classes = points.map((point) => classOf(BIDI, point));
  const [first] = classes;
  const ending = classes.findLast((one) => one !== NSM);
  if (first === R || first === AL)
    return (
      classes.every((one) => one >= R) &&
      (ending === R || ending === AL || ending === EN || ending === AN) &&
      !(classes.includes(EN) && classes.includes(AN))
    );
  return first === L && classes.every((one) => one === L || one >= EN) && (ending === L || ending === EN);
}

function isValidLabel(label, { checkHyphens, checkBidi, checkJoiners, useSTD3ASCIIRules }, isBidi) {
  if (label === "") return true;
  if (label.normalize("NFC") !== label || /^\p{M}/u.test(label) || label.includes(".")) return false;
  if (checkHyphens ? label.slice(2, 4) === "--" || /^-|-$/.test(label) : label.startsWith("xn--")) return false;
  for (const char of label) if (!isValid(char)) return false;
  if (useSTD3ASCIIRules && /[\0-,./:-`{-\x7f]/.test(label)) return false;
  const points = Array.from(label, (char) => char.codePointAt(0));
  return (!checkJoiners || hasValidJoiners(points)) && (!checkBidi || !isBidi || hasValidDirections(points));
}

const isRightToLeft = (label) =>
  Array.from(label).some((char) => {
    const one = classOf(BIDI, char.codePointAt(0));
    return one === R || one === AL || one === AN;
  });

/** The labels as they are read, and whether all are valid. */
function process(domain, options) {
  let isAllowed = true;
  const encoded = mapCharacters(domain).normalize("NFC").split(".");
  const labels = encoded.map((label) => {
    if (!label.startsWith("xn--")) return label;
    const text = isAscii(label) ? decodePunycode(label.slice(4)) : null;
    if (text === null || text === "" || isAscii(text)) isAllowed = false;
    return text ?? label;
  });
  const isBidi = options.checkBidi && labels.some(isRightToLeft);
  return { labels, isAllowed: isAllowed && labels.every((label) => isValidLabel(label, options, isBidi)) };
}

/** https://www.unicode.org/reports/tr46/#ToASCII; null when the name is not allowed. */
export function toASCII(domain, options) {
  const { labels, isAllowed } = process(domain, options);
  if (!isAllowed) return null;
  const ascii = labels.map((label) => (isAscii(label) ? label : `xn--${encodePunycode(label)}`));
  if (options.verifyDNSLength) {
    const { length } = ascii.join(".");
    if (length === 0 || length > 253 || ascii.some((label) => label === "" || label.length > 63)) return null;
  }
  return ascii.join(".");
}

/** https://www.unicode.org/reports/tr46/#ToUnicode: the text, and whether it is none that is allowed. */
export function toUnicode(domain, options) {
  const { labels, isAllowed } = process(domain, options);
  return { domain: labels.join("."), error: !isAllowed };
}
