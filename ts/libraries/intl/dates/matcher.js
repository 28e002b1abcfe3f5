// Owns which pattern is the best for a skeleton, as ICU's DateTimePatternGenerator finds it: https://unicode.org/reports/tr35/tr35-dates.html#Matching_Skeletons

import { insertInto, patternOf, tokensOf } from "./pattern.js";

const FIELDS = {
  __proto__: null,
  G: 0,
  y: 1,
  Y: 1,
  u: 1,
  U: 1,
  r: 1,
  Q: 2,
  q: 2,
  M: 3,
  L: 3,
  w: 4,
  W: 5,
  E: 6,
  c: 6,
  e: 6,
  D: 7,
  F: 8,
  d: 9,
  a: 10,
  b: 10,
  B: 10,
  H: 11,
  k: 11,
  h: 11,
  K: 11,
  m: 12,
  s: 13,
  S: 14,
  z: 15,
  Z: 15,
  O: 15,
  v: 15,
  V: 15,
};
const MONTH = 3;
const WEEKDAY = 6;
const DAY_PERIOD = 10;
const HOUR = 11;
const MINUTE = 12;
const SECOND = 13;
const FRACTION = 14;
const COUNT = 16;
const DATE_FIELDS = (1 << DAY_PERIOD) - 1;

const NUMERIC = 0x100;
const NARROW = -0x101;
const SHORTER = -0x102;
const SHORT = -0x103;
const LONG = -0x104;
const STEP = 0x10;

/** How far letters of one field are from each other, in steps. */
const STEPS = { __proto__: null, Y: 1, u: 2, r: 3, q: 1, L: 1, e: 1, c: 2, b: 1, B: 3, k: 11, H: 10, K: 1, v: 2, O: 1 };
/** Letters that are numbers up to a length of two, and names beyond. */
const MIXED = "QqMLec";
const NAMES = "GEabBzvOU";

/** What a field is like: letters of one kind are near each other. Numbers are positive. */
function kindOf(letter, length) {
  const steps = STEPS[letter] ?? 0;
  if (MIXED.includes(letter) ? length > 2 : NAMES.includes(letter)) {
    const width = length === 4 ? LONG : length === 5 ? NARROW : length === 6 ? SHORTER : SHORT;
    return width - steps * STEP;
  }
  return NUMERIC + steps * STEP + length;
}

/** The fields of a skeleton or pattern: letters, lengths and kinds by field. */
function fieldsOf(tokens) {
  const letters = [];
  const lengths = [];
  const kinds = [];
  for (let i = 0; i < COUNT; i++) {
    letters[i] = "";
    lengths[i] = 0;
    kinds[i] = 0;
  }
  const set = (field, letter, length) => {
    letters[field] = letter;
    lengths[field] = length;
    kinds[field] = kindOf(letter, length);
  };
  for (let i = 0; i < tokens.length; i++) {
    const [letter, length] = tokens[i];
    const field = FIELDS[letter];
    if (letter !== "" && field !== undefined) set(field, letter, length);
  }
  if (kinds[MINUTE] !== 0 && kinds[FRACTION] !== 0 && kinds[SECOND] === 0) set(SECOND, "s", 1);
  const hour = letters[HOUR];
  if (hour === "h" || hour === "K") {
    if (kinds[DAY_PERIOD] === 0) set(DAY_PERIOD, "a", 1);
  } else if (hour !== "") {
    letters[DAY_PERIOD] = "";
    lengths[DAY_PERIOD] = 0;
    kinds[DAY_PERIOD] = 0;
  }
  return { letters, lengths, kinds };
}

/** A skeleton without what length says: that of a name is three at most. */
function baseOf({ letters, lengths }) {
  let base = "";
  for (let i = 0; i < COUNT; i++) {
    const letter = letters[i];
    if (letter === "") continue;
    const isName = MIXED.includes(letter) ? lengths[i] > 2 : NAMES.includes(letter) && lengths[i] > 3;
    base += isName ? letter.repeat(3) : letter;
  }
  return base;
}

/** All patterns of a locale by skeleton, in the order in which ICU looks at them. */
export class Matcher {
  #entries = [];
  #rows;
  #hour;

  /** `rows`: those of the section; `hour`: the letter of hours in the locale. */
  constructor(rows, hour) {
    this.#rows = rows;
    this.#hour = hour;
    const letters = "GyQMwWEDFdaHmsSv";
    for (let i = 0; i < letters.length; i++) this.#addOwn(letters[i]);
    for (let style = 0; style < 4; style++) {
      this.#addOwn(rows["D" + style]);
      this.#addOwn(rows["T" + style]);
    }
    // Of two that are equally near, the first counts: ICU has them in this order.
    const keys = Object.keys(rows).sort();
    for (let i = 0; i < keys.length; i++) if (keys[i][0] === "f") this.#addAvailable(keys[i].slice(1), rows[keys[i]]);
    this.#entries.sort((a, b) => (a.base[0] < b.base[0] ? -1 : a.base[0] > b.base[0] ? 1 : a.order - b.order));
  }

  #addOwn(pattern) {
    const fields = fieldsOf(tokensOf(pattern));
    const base = baseOf(fields);
    if (this.#entries.some((entry) => entry.base === base)) return;
    this.#entries[this.#entries.length] = { base, fields, pattern, isNamed: false, order: this.#entries.length };
  }

  #addAvailable(skeleton, pattern) {
    const fields = fieldsOf(tokensOf(skeleton));
    const base = baseOf(fields);
    const same = this.#entries.find(
      (entry) => entry.base === base && entry.fields.kinds.every((kind, index) => kind === fields.kinds[index]),
    );
    if (same !== undefined) {
      same.pattern = pattern;
      same.isNamed = true;
    } else this.#entries[this.#entries.length] = { base, fields, pattern, isNamed: true, order: this.#entries.length };
  }

  /** { entry, missing }: the nearest entry for those fields of a skeleton, and those it has not. */
  #nearest(fields, included) {
    let best = Infinity;
    let entry;
    let missing = -1;
    for (let i = 0; i < this.#entries.length; i++) {
      const other = this.#entries[i].fields.kinds;
      let distance = 0;
      let absent = 0;
      for (let k = 0; k < COUNT; k++) {
        const own = (included & (1 << k)) === 0 ? 0 : fields.kinds[k];
        if (own === other[k]) continue;
        if (own === 0) distance += 0x10000;
        else if (other[k] === 0) {
          distance += 0x1000;
          absent |= 1 << k;
        } else distance += Math.abs(own - other[k]);
      }
      if (distance < best || (distance === best && missing < absent)) {
        best = distance;
        entry = this.#entries[i];
        missing = absent;
        if (distance === 0) break;
      }
    }
    return { entry, missing, isExact: best < 0x1000 };
  }

  /** Gives the fields of a pattern the lengths that were asked for. */
  #adjusted(entry, fields, withFraction, isHourMatched = true) {
    const tokens = tokensOf(entry.pattern);
    for (let i = 0; i < tokens.length; i++) {
      const [letter, length] = tokens[i];
      const field = FIELDS[letter];
      if (letter === "" || field === undefined) continue;
      if (field === SECOND && withFraction) {
        tokens.splice(i + 1, 0, ["", this.#rows.decimal], ["S", fields.lengths[FRACTION]]);
        i += 2;
        continue;
      }
      if (fields.kinds[field] === 0) continue;
      const asked = fields.letters[field];
      let askedLength = fields.lengths[field];
      if (asked === "E" && askedLength < 3) askedLength = 3;
      let adjusted = askedLength;
      if ((field === HOUR && !isHourMatched) || field === MINUTE || field === SECOND) adjusted = length;
      else if (entry.isNamed && asked !== "c" && asked !== "e") {
        const isNumber = kindOf(letter, length) > 0;
        if (entry.fields.lengths[field] === askedLength || isNumber !== fields.kinds[field] > 0) adjusted = length;
      }
      let made =
        field !== HOUR && field !== MONTH && field !== WEEKDAY && (field !== 1 || asked === "Y") ? asked : letter;
      if (field === HOUR) made = this.#hourLetter(asked, made);
      tokens[i] = [made, adjusted];
    }
    return patternOf(tokens);
  }

  #hourLetter(asked, made) {
    const own = this.#hour;
    if (asked === own) return own;
    if (asked === "h" && own === "K") return "K";
    if (asked === "H" && own === "k") return "k";
    if (asked === "k" && own === "H") return "H";
    if (asked === "K" && own === "h") return "h";
    return made;
  }

  #appended(fields, included, isHourMatched) {
    if (included === 0) return "";
    let { entry, missing } = this.#nearest(fields, included);
    let current = entry;
    let result = this.#adjusted(entry, fields, false, isHourMatched);
    for (let last = 0; missing !== 0 && missing !== last;) {
      last = missing;
      if (missing === 1 << FRACTION && (included & (1 << SECOND)) !== 0) {
        const fixed = { ...current, pattern: result, isNamed: current.isNamed };
        result = this.#adjusted(fixed, fields, true, isHourMatched);
        missing = 0;
        continue;
      }
      const next = this.#nearest(fields, missing);
      if (next.missing === missing) break;
      const found = missing & ~next.missing;
      const top = 31 - Math.clz32(found);
      const name = this.#rows["n" + top] ?? "";
      const how = this.#rows["a" + top] ?? "{0} {1}";
      result = insertInto(how, result, this.#adjusted(next.entry, fields, false, isHourMatched), "'" + name + "'");
      missing = next.missing;
    }
    return result;
  }

  /** The pattern for a skeleton. */
  best(skeleton, isHourMatched = true) {
    const fields = fieldsOf(tokensOf(skeleton));
    let all = 0;
    for (let i = 0; i < COUNT; i++) if (fields.kinds[i] !== 0) all |= 1 << i;
    const { entry, isExact } = this.#nearest(fields, all);
    if (isExact) return this.#adjusted(entry, fields, false, isHourMatched);
    const date = this.#appended(fields, all & DATE_FIELDS, isHourMatched);
    const time = this.#appended(fields, all & ~DATE_FIELDS, isHourMatched);
    if (date === "" || time === "") return date + time;
    const month = fields.letters[MONTH] === "" ? 0 : fields.lengths[MONTH];
    const style = month === 4 ? (fields.kinds[WEEKDAY] !== 0 ? 0 : 1) : month === 3 ? 2 : 3;
    return insertInto(this.#rows["A" + style], time, date);
  }
}
