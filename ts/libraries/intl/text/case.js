// Owns `toLocaleLowerCase` and `toLocaleUpperCase` of String for languages with letters of their own.
// https://tc39.es/ecma402/#sup-string.prototype.tolocalelowercase https://unicode.org/Public/UCD/latest/ucd/SpecialCasing.txt

import { canonicalLocales } from "../shared/locales.js";
import { defineAll } from "../shared/service.js";
import { parseTag } from "../shared/tags.js";

// The machine's own toLocaleUpperCase knows Turkish and Azeri.
const { toLocaleUpperCase, toLowerCase, toUpperCase, normalize } = String.prototype;
const lower = (text) => Reflect.apply(toLowerCase, text, []);
const upper = (text) => Reflect.apply(toUpperCase, text, []);
const normal = (text, form) => Reflect.apply(normalize, text, [form]);

function textOfThis(value, method) {
  if (value === undefined || value === null)
    throw new TypeError("String.prototype." + method + " called on null or undefined");
  return String(typeof value === "symbol" ? refuseSymbol() : value);
}

function refuseSymbol() {
  throw new TypeError("Cannot convert a Symbol value to a string");
}

const languageOf = (locales) => {
  const requested = canonicalLocales(locales);
  return requested.length === 0 ? "en" : parseTag(requested[0]).language;
};

const isBetween = (c, first, last) => c >= first && c <= last;
const isCombining = (c) =>
  isBetween(c, "\u0300", "\u036f") ||
  isBetween(c, "\u1dc0", "\u1dff") ||
  isBetween(c, "\u20d0", "\u20f0") ||
  isBetween(c, "\ufe20", "\ufe2f") ||
  (c.length === 2 &&
    (c === "\u{101fd}" ||
      isBetween(c, "\u{1d165}", "\u{1d169}") ||
      isBetween(c, "\u{1d16d}", "\u{1d18b}") ||
      isBetween(c, "\u{1d1aa}", "\u{1d1ad}")));
/** Marks above a letter, of class 230. */
const isAbove = (c) =>
  isBetween(c, "\u0300", "\u0314") ||
  isBetween(c, "\u033d", "\u0344") ||
  c === "\u0346" ||
  isBetween(c, "\u034a", "\u034c") ||
  (c.length === 2 && (isBetween(c, "\u{1d185}", "\u{1d189}") || isBetween(c, "\u{1d1aa}", "\u{1d1ad}")));

/** Place of the first mark above the letter at this place, -1 without one. Characters are code points. */
function markAbove(characters, at) {
  for (let i = at + 1; i < characters.length && isCombining(characters[i]); i++) if (isAbove(characters[i])) return i;
  return -1;
}

/** Turkish and Azeri: a capital I has no dot unless one is above it. */
function turkicLower(text) {
  const characters = Array.from(text);
  let result = "";
  let dropped = -1;
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i];
    if (i === dropped) continue;
    if (c === "I") {
      const mark = markAbove(characters, i);
      const isDotted = mark >= 0 && characters[mark] === "\u0307";
      if (isDotted) dropped = mark;
      result += isDotted ? "i" : "\u0131";
    } else result += c === "\u0130" ? "i" : c;
  }
  return lower(result);
}

/** Lithuanian: the dot stays where there are marks above it. */
function lithuanianLower(text) {
  const characters = Array.from(text);
  let result = "";
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i];
    if (c === "\u00cc") result += "i\u0307\u0300";
    else if (c === "\u00cd") result += "i\u0307\u0301";
    else if (c === "\u0128") result += "i\u0307\u0303";
    else if ((c === "I" || c === "J" || c === "\u012e") && markAbove(characters, i) >= 0) result += lower(c) + "\u0307";
    else result += c;
  }
  return lower(result);
}

/** Letters whose dot is in the letter. */
const SOFT_DOTTED =
  "ij\u012f\u0249\u0268\u029d\u02b2\u03f3\u0456\u0458\u1d62\u1d96\u1da4\u1da8\u1e2d\u1ecb\u2071\u2148\u2149\u2c7c";

function lithuanianUpper(text) {
  let result = "";
  let isDotted = false;
  for (const c of text) {
    if (c === "\u0307" && isDotted) {
      isDotted = false;
      continue;
    }
    result += c;
    if (!isCombining(c))
      isDotted =
        SOFT_DOTTED.includes(c) ||
        "\u{1d422}\u{1d423}\u{1d456}\u{1d457}\u{1d48a}\u{1d48b}\u{1d4be}\u{1d4bf}\u{1d4f2}\u{1d4f3}\u{1d526}\u{1d527}\u{1d55a}\u{1d55b}\u{1d58e}\u{1d58f}\u{1d5c2}\u{1d5c3}\u{1d5f6}\u{1d5f7}\u{1d62a}\u{1d62b}\u{1d65e}\u{1d65f}\u{1d692}\u{1d693}".includes(
          c,
        );
    else if (isAbove(c)) isDotted = false;
  }
  return upper(result);
}

const isGreekVowel = (c) => c !== undefined && "αεηιουωΑΕΗΙΟΥΩ".includes(c);
const isGreek = (c) => (c >= "\u0370" && c <= "\u03ff") || (c >= "\u1f00" && c <= "\u1fff");

/** Greek in capitals has no accents; a diphthong that only an accent kept apart gets its dots. */
function greekUpper(text) {
  const marked = normal(text, "NFD");
  let result = "";
  let wasAccented = false;
  for (let i = 0; i < marked.length; i++) {
    const c = marked[i];
    if (!isGreek(c)) {
      result += c;
      wasAccented = false;
      continue;
    }
    let marks = "";
    let end = i + 1;
    while (end < marked.length && isCombining(marked[end])) marks += marked[end++];
    const isAccented = ["\u0300", "\u0301", "\u0342"].some((mark) => marks.includes(mark));
    let dots = marks.includes("\u0308") ? "\u0308" : "";
    if (wasAccented && dots === "" && !isAccented && (c === "ι" || c === "υ" || c === "Ι" || c === "Υ"))
      dots = "\u0308";
    const isAlone = (c === "η" || c === "Η") && isAccented && !isLetterAt(marked, i - 1) && !isLetterAt(marked, end);
    result += upper(c) + (isAlone ? "\u0301" : "") + dots + (marks.includes("\u0345") ? "Ι" : "");
    wasAccented = isGreekVowel(c) && isAccented && dots === "";
    i = end - 1;
  }
  return normal(upper(result), "NFC");
}

function isLetterAt(text, at) {
  const c = text[at];
  return c !== undefined && (isCombining(c) || lower(c) !== upper(c));
}

export function installCases() {
  defineAll(String.prototype, {
    toLocaleLowerCase(locales = undefined) {
      const text = textOfThis(this, "toLocaleLowerCase");
      const language = languageOf(locales);
      if (language === "lt") return lithuanianLower(text);
      return language === "tr" || language === "az" ? turkicLower(text) : lower(text);
    },
    toLocaleUpperCase(locales = undefined) {
      const text = textOfThis(this, "toLocaleUpperCase");
      const language = languageOf(locales);
      if (language === "lt") return lithuanianUpper(text);
      if (language === "el") return greekUpper(text);
      // Armenian: the ligature is spelled as it is spoken.
      if (language === "hy") return upper(text.replaceAll("\u0587", "եվ"));
      return language === "tr" || language === "az" ? Reflect.apply(toLocaleUpperCase, text, [language]) : upper(text);
    },
  });
}
