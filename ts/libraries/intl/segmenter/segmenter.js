// Owns Intl.Segmenter, and its Segments and their iterators. https://tc39.es/ecma402/#segmenter-objects

import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { MATCHERS, optionsObject, stringOption, toText } from "../shared/options.js";
import { createFrom, defineAll, defineService, findSlots, setSlots, slotsOf } from "../shared/service.js";
import { shownSlots } from "../number/number-format.js";
import { segmentationData } from "./data.js";
import { graphemeEnd } from "./graphemes.js";
import { sentenceEnd } from "./sentences.js";
import { wordEnd } from "./words.js";

const KIND = "Segmenter";
const WHERE = "Intl.Segmenter";
const GRANULARITIES = ["grapheme", "word", "sentence"];
/** Boundaries that are kept of a text are at least so many code units apart. */
const APART = 64;

function Segmenter(locales = undefined, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.Segmenter requires 'new'");
  segmentationData();
  const object = createFrom(new.target, Segmenter);
  const requested = canonicalLocales(locales);
  const given = optionsObject(options);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const { locale } = resolveLocale(requested, {}, [], () => []);
  const granularity = stringOption(given, "granularity", GRANULARITIES, "grapheme", WHERE);
  return setSlots(object, { kind: KIND, locale, granularity });
}

/** The end of the segment that begins there; negative for what is like a word. */
function endFrom({ locale, granularity, text }, from) {
  const data = segmentationData();
  if (granularity === "grapheme") return graphemeEnd(data, text, from);
  if (granularity === "word") return wordEnd(data, text, from);
  return sentenceEnd(data, text, from, locale === "el" || locale.startsWith("el-"));
}

/** https://tc39.es/ecma402/#sec-createsegmentdataobject */
function segmentData({ granularity, text }, from, end) {
  const data = { segment: text.slice(from, Math.abs(end)), index: from, input: text };
  if (granularity === "word") data.isWordLike = end < 0;
  return data;
}

/** The boundary kept that is the last at or before a place, by halving. */
function keptBefore(kept, place) {
  let low = 0;
  let high = kept.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (kept[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return kept[low];
}

/**
 * The segment that has the place. What was passed over on the way is kept as boundaries some way apart, so that all places of a text together
 * cost as much as reading it once.
 */
function segmentAt(slots, place) {
  const { kept } = slots;
  let from = keptBefore(kept, place);
  for (;;) {
    const end = endFrom(slots, from);
    const to = Math.abs(end);
    if (to - kept[kept.length - 1] >= APART) kept[kept.length] = to;
    if (place < to) return segmentData(slots, from, end);
    from = to;
  }
}

const SegmentsPrototype = {};
const SegmentIteratorPrototype = Object.create(Iterator.prototype);

function incompatible(method, value) {
  throw new TypeError(
    "Method " +
      method +
      " called on incompatible receiver " +
      (typeof value === "symbol" ? value.toString() : typeof value),
  );
}

function slotsFor(value, kind, method) {
  return findSlots(value, kind) ?? incompatible(method, value);
}

export function installSegmenter(Intl) {
  const methods = {
    segment(string) {
      const { locale, granularity } = slotsOf(this, KIND, "segment");
      const slots = { kind: "Segments", locale, granularity, text: toText(string), kept: [0] };
      return setSlots(Object.create(SegmentsPrototype), slots);
    },
    resolvedOptions() {
      return shownSlots(slotsOf(this, KIND, "resolvedOptions"), ["locale", "granularity"]);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, Segmenter, methods, statics);
  defineAll(SegmentsPrototype, {
    containing(index) {
      const slots = slotsFor(this, "Segments", "%SegmentsPrototype%.containing");
      const place = Math.trunc(index) || 0;
      return place < 0 || place >= slots.text.length ? undefined : segmentAt(slots, place);
    },
    [Symbol.iterator]() {
      const { locale, granularity, text } = slotsFor(this, "Segments", "%SegmentsPrototype%[Symbol.iterator]");
      const slots = { kind: "SegmentIterator", locale, granularity, text, at: 0 };
      return setSlots(Object.create(SegmentIteratorPrototype), slots);
    },
  });
  defineAll(SegmentIteratorPrototype, {
    next() {
      const slots = slotsFor(this, "SegmentIterator", "%SegmentIteratorPrototype%.next");
      const from = slots.at;
      if (from >= slots.text.length) return { value: undefined, done: true };
      const end = endFrom(slots, from);
      slots.at = Math.abs(end);
      return { value: segmentData(slots, from, end), done: false };
    },
  });
  Object.defineProperty(SegmentIteratorPrototype, Symbol.toStringTag, {
    value: "Segmenter String Iterator",
    configurable: true,
  });
}
