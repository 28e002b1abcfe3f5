// Owns texts of intervals between two times, as ICU's DateIntervalFormat makes them.
// https://unicode.org/reports/tr35/tr35-dates.html#intervalFormats

import { patternData, withCycle } from "./best.js";
import { timeFields } from "./fields.js";
import { joined } from "../shared/parts.js";
import { patternParts } from "./format.js";
import { insertInto, patternOf, skeletonOf, tokensOf } from "./pattern.js";

/** Fields in which two times may differ, the largest first. */
const ORDER = ["G", "y", "M", "d", "a", "h", "m", "s", "S"];

function largestDifference(from, to) {
  if (from.era !== to.era) return "G";
  if (from.year !== to.year) return "y";
  if (from.month !== to.month) return "M";
  if (from.day !== to.day) return "d";
  if (from.hour < 12 !== to.hour < 12) return "a";
  if (from.hour !== to.hour) return "h";
  if (from.minute !== to.minute) return "m";
  if (from.second !== to.second) return "s";
  return from.millisecond === to.millisecond ? undefined : "S";
}

const RANKS = {
  __proto__: null,
  G: 0,
  y: 1,
  u: 1,
  U: 1,
  r: 1,
  Q: 2,
  M: 2,
  L: 2,
  E: 3,
  c: 3,
  d: 3,
  a: 4,
  b: 4,
  B: 4,
  h: 5,
  H: 5,
  k: 5,
  K: 5,
  m: 6,
  s: 7,
  S: 8,
};

/** Does the pattern show nothing as small as that field? */
function ignores(pattern, field) {
  const rank = ORDER.indexOf(field);
  const tokens = tokensOf(pattern);
  return !tokens.some(([letter]) => letter !== "" && (RANKS[letter] ?? -1) >= rank);
}

function countsOf(skeleton) {
  const counts = { __proto__: null };
  for (let i = 0; i < skeleton.length; i++) counts[skeleton[i]] = (counts[skeleton[i]] ?? 0) + 1;
  return counts;
}

const repeated = (counts, letter, most) => letter.repeat(Math.min(counts[letter] ?? 0, most));

/** [date, time] of a skeleton, each in the order and with the lengths that intervals have. */
function normalized(skeleton) {
  const counts = countsOf(skeleton.replaceAll("k", "H").replaceAll("K", "h"));
  const months = counts.M ?? 0;
  const weekdays = counts.E ?? 0;
  const date =
    repeated(counts, "G", 5) +
    repeated(counts, "y", 5) +
    (months < 3 ? repeated(counts, "M", 1) : repeated(counts, "M", 5)) +
    repeated(counts, "L", 5) +
    repeated(counts, "c", 6) +
    repeated(counts, "e", 6) +
    (weekdays > 3 ? "E".repeat(weekdays) : repeated(counts, "E", 1)) +
    repeated(counts, "d", 1);
  const time =
    repeated(counts, "B", 1) +
    (counts.H !== undefined ? "H" : repeated(counts, "h", 1)) +
    repeated(counts, "m", 1) +
    repeated(counts, "s", 1) +
    repeated(counts, "S", 9) +
    repeated(counts, "z", 1) +
    repeated(counts, "v", 1);
  return [date, time];
}

/** [the nearest skeleton that has intervals, 0 equal · 1 other lengths · 2 another zone · -1 other fields]. */
function nearest(skeletons, given) {
  const swapped = given.includes("z");
  const wanted = countsOf(swapped ? given.replaceAll("z", "v") : given);
  let best;
  let least = Infinity;
  let difference = -1;
  for (let i = 0; i < skeletons.length; i++) {
    const counts = countsOf(skeletons[i]);
    let distance = 0;
    let kind = 1;
    const letters = Object.keys({ ...counts, ...wanted });
    for (let k = 0; k < letters.length; k++) {
      const own = wanted[letters[k]] ?? 0;
      const other = counts[letters[k]] ?? 0;
      if (own === other) continue;
      if (own === 0 || other === 0) {
        kind = -1;
        distance += 0x1000;
      } else if (letters[k] === "M" && own <= 2 !== other <= 2) distance += 0x100;
      else distance += Math.abs(own - other);
    }
    if (distance < least) {
      best = skeletons[i];
      least = distance;
      difference = kind;
    }
    if (distance === 0) {
      difference = 0;
      break;
    }
  }
  return [best, swapped && difference !== -1 ? 2 : difference];
}

/** Makes fields as long as they were asked for. */
function widened(pattern, given, best, difference) {
  if (difference === 0) return pattern;
  const wanted = countsOf(given);
  const had = countsOf(best);
  const tokens = tokensOf(pattern);
  for (let i = 0; i < tokens.length; i++) {
    let [letter, length] = tokens[i];
    if (letter === "") continue;
    if (difference === 2 && letter === "v") letter = "z";
    const key = letter === "L" ? "M" : letter;
    if (had[key] === length && (wanted[key] ?? 0) > length) length = wanted[key];
    tokens[i] = [letter, length];
  }
  return patternOf(tokens);
}

/** The skeletons of a locale that have intervals. */
function skeletonsIn(rows) {
  const skeletons = [];
  const keys = Object.keys(rows).sort();
  for (let i = 0; i < keys.length; i++) {
    if (keys[i][0] !== "i") continue;
    const skeleton = keys[i].slice(1, keys[i].indexOf(" "));
    if (!skeletons.includes(skeleton)) skeletons[skeletons.length] = skeleton;
  }
  return skeletons;
}

/** The pattern of a skeleton for times that differ in a field. */
function rowOf(rows, skeleton, field) {
  const own = (letter) => rows["i" + skeleton + " " + letter];
  if (field === "a") return own("a") ?? own("B") ?? own("h") ?? own("H");
  return field === "h" ? (own("h") ?? own("H")) : own(field);
}

/** [field, pattern] of a skeleton without hours. */
function datePatterns(rows, skeletons, date, found, difference) {
  const patterns = [];
  let given = date;
  let from = found;
  for (const field of ["d", "M", "y", "G"]) {
    const pattern = rowOf(rows, from, field);
    if (pattern !== undefined) {
      patterns.push([field, widened(pattern, given, from, difference)]);
      continue;
    }
    if (ignores(from, field)) continue;
    let source = field + from;
    let own = rowOf(rows, source, field);
    if (own === undefined && difference === 0) {
      const [other, kind] = nearest(skeletons, source);
      if (other !== undefined && kind !== -1) {
        own = rowOf(rows, other, field);
        source = other;
      }
    }
    if (own === undefined) continue;
    patterns.push([field, widened(own, field + given, source, difference)]);
    if (field === "M") {
      given = field + given;
      from = source;
    }
  }
  return patterns;
}

/** Skeletons of single times, where the date must be shown too. */
function wholeSkeletons(skeleton, date) {
  if (date === "") {
    const time = skeleton.replace(/B+/, "B");
    return [
      ["G", "GyMd" + time],
      ["y", "yMd" + time],
      ["M", "yMd" + time],
      ["d", "yMd" + time],
    ];
  }
  const whole = [];
  let longer = skeleton;
  for (const field of ["d", "M", "y"]) {
    if (!longer.includes(field) && !(field === "M" && longer.includes("L"))) longer = field + longer;
    if (longer !== skeleton) whole.push([field, longer]);
  }
  return whole;
}

/** Patterns of intervals by the largest field that differs; a pattern under `whole` is of one time. */
function intervalPatterns(slots) {
  const { rows, matcher } = patternData(slots);
  const skeletons = skeletonsIn(rows);
  const skeleton = skeletonOf(slots.pattern);
  const [date, time] = normalized(skeleton);
  const best = (one) => withCycle(matcher.best(one, false), slots.cycle);
  const result = { patterns: { __proto__: null }, whole: { __proto__: null }, fallback: rows.I };
  result.usual = best(skeleton);
  if (date !== "" && time !== "") {
    result.date = best(date);
    result.time = best(time);
    result.glue = rows.J;
  }
  const [found, difference] = nearest(skeletons, time === "" ? date : time);
  const isFound = found !== undefined && difference !== -1;
  if (time !== "" && (isFound || date === ""))
    for (const [field, longer] of wholeSkeletons(skeleton, date)) result.whole[field] = best(longer);
  if (!isFound) return result;
  const own =
    time === ""
      ? datePatterns(rows, skeletons, date, found, difference)
      : ["a", "h", "m"].flatMap((field) => {
          const pattern = rowOf(rows, found, field);
          return pattern === undefined ? [] : [[field, widened(pattern, time, found, difference)]];
        });
  for (const [field, pattern] of own) {
    const shown = withCycle(pattern, slots.cycle);
    result.patterns[field] =
      date === "" || time === "" ? shown : insertInto(result.glue, shown, best(skeleton.replaceAll(/[^GyMLEcd]/g, "")));
  }
  return result;
}

/** The tokens of a pattern cut before the first field that is there a second time. */
function halves(pattern) {
  const tokens = tokensOf(pattern);
  let seen = "";
  for (let i = 0; i < tokens.length; i++) {
    const letter = tokens[i][0];
    if (letter === "") continue;
    const key = letter === "L" ? "M" : letter;
    if (seen.includes(key)) return [patternOf(tokens.slice(0, i)), patternOf(tokens.slice(i))];
    seen += key;
  }
  return [pattern, ""];
}

const sourced = (parts, source) => parts.map(([type, value]) => [type, value, source]);

/** What both times have in common belongs to both. */
function withShared(slots, first, second, from, to) {
  const early = patternParts(slots, first, from, true);
  const late = patternParts(slots, second, to, true);
  const own = (parts, others, source) => {
    let start = parts.findIndex(([type]) => others.some(([other]) => other === type && type !== "literal"));
    let end = parts.findLastIndex(([type]) => others.some(([other]) => other === type && type !== "literal"));
    if (start < 0) start = end = source === "startRange" ? parts.length : -1;
    return parts.map(([type, value], index) => [type, value, index >= start && index <= end ? source : "shared"]);
  };
  return joined(own(early, late, "startRange").concat(own(late, early, "endRange")));
}

/** Parts [type, text, source] of an interval. */
export function rangeParts(slots, from, to) {
  const zone = slots.isPlain ? undefined : slots.timeZone;
  const field = largestDifference(timeFields(from, zone), timeFields(to, zone));
  const one = () => sourced(patternParts(slots, slots.pattern, from), "shared");
  if (field === undefined) return one();
  const own = intervalPatterns(slots);
  const { whole, usual } = own;
  const pattern = own.patterns[field];
  if (pattern === undefined) {
    const single = whole[field];
    if (single === undefined && ignores(slots.pattern, field)) return one();
    return fallbackParts(slots, own, single ?? usual, "ahmsS".includes(field), from, to);
  }
  const [first, second] = halves(pattern);
  return second === "" ? one() : withShared(slots, first, second, from, to);
}

/** Both times in full; on one day, the date only once. */
function fallbackParts(slots, own, pattern, isOneDay, from, to) {
  if (isOneDay && own.date !== undefined) {
    const parts = [];
    const texts = own.glue.split(/(\{[01]\})/);
    for (let i = 0; i < texts.length; i++) {
      if (texts[i] === "{0}") parts.push(...bothParts(slots, own.fallback, own.time, from, to));
      else if (texts[i] === "{1}") parts.push(...sourced(patternParts(slots, own.date, from, true), "shared"));
      else if (texts[i] !== "") parts.push(["literal", texts[i].replaceAll("'", ""), "shared"]);
    }
    return joined(parts);
  }
  return bothParts(slots, own.fallback, pattern, from, to);
}

function bothParts(slots, fallback, pattern, from, to) {
  const parts = [];
  const texts = fallback.split(/(\{[01]\})/);
  for (let i = 0; i < texts.length; i++) {
    if (texts[i] === "{0}") parts.push(...sourced(patternParts(slots, pattern, from, true), "startRange"));
    else if (texts[i] === "{1}") parts.push(...sourced(patternParts(slots, pattern, to, true), "endRange"));
    else if (texts[i] !== "") parts.push(["literal", texts[i], "shared"]);
  }
  return joined(parts);
}
