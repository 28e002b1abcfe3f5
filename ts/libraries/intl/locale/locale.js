// Owns Intl.Locale. https://tc39.es/ecma402/#locale-objects

import { booleanOption, coerceOptions, stringOption, toText, typeOption } from "../shared/options.js";
import { addLikely, removeLikely } from "../shared/likely.js";
import {
  canonicalTag,
  canonicalText,
  isLanguage,
  isRegion,
  isScript,
  isVariant,
  languageText,
  parseTag,
} from "../shared/tags.js";
import { createFrom, defineService, findSlots, setSlots, slotsOf } from "../shared/service.js";
import { localeInfo } from "./info.js";

const WHERE = "Intl.Locale";
const HOUR_CYCLES = ["h11", "h12", "h23", "h24"];
const CASE_FIRST = ["upper", "lower", "false"];
/** Getter → key of the Unicode extension. */
const KEYS = {
  __proto__: null,
  calendar: "ca",
  collation: "co",
  firstDayOfWeek: "fw",
  hourCycle: "hc",
  caseFirst: "kf",
  numeric: "kn",
  numberingSystem: "nu",
};
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function refuse(value, name) {
  throw new RangeError("Invalid " + name + " : " + value);
}

/** A part of the tag that an option replaces, in lower case. */
function partOption(options, name, isPart) {
  const text = stringOption(options, name, undefined, undefined, WHERE);
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  return isPart(lower) && lower.length === text.length ? lower : refuse(text, name);
}

function isVariants(text) {
  const parts = text.split("-");
  return parts.every((part, index) => isVariant(part) && parts.indexOf(part) === index);
}

/** https://tc39.es/ecma402/#sec-updatelanguageid */
function updateLanguage(parsed, options) {
  parsed.language = partOption(options, "language", isLanguage) ?? parsed.language;
  parsed.script = partOption(options, "script", isScript) ?? parsed.script;
  parsed.region = partOption(options, "region", isRegion) ?? parsed.region;
  const variants = partOption(options, "variants", isVariants);
  if (variants !== undefined) parsed.variants = variants.split("-");
}

/** The day as a type: numbers and their texts are those of the week. */
function dayOption(options) {
  const value = stringOption(options, "firstDayOfWeek", undefined, undefined, WHERE);
  if (value === undefined) return undefined;
  const day = value.length === 1 ? DAYS[value] : undefined;
  return typeOption({ firstDayOfWeek: day ?? value }, "firstDayOfWeek", WHERE);
}

function keywordOptions(options) {
  const calendar = typeOption(options, "calendar", WHERE);
  const collation = typeOption(options, "collation", WHERE);
  const firstDayOfWeek = dayOption(options);
  const hourCycle = stringOption(options, "hourCycle", HOUR_CYCLES, undefined, WHERE);
  const caseFirst = stringOption(options, "caseFirst", CASE_FIRST, undefined, WHERE);
  const isNumeric = booleanOption(options, "numeric", undefined);
  const numeric = isNumeric === undefined ? undefined : String(isNumeric);
  const numberingSystem = typeOption(options, "numberingSystem", WHERE);
  return { calendar, collation, firstDayOfWeek, hourCycle, caseFirst, numeric, numberingSystem };
}

/** Puts what the options say in the place of the tag's own keywords. */
function updateKeywords(parsed, given) {
  let extension = parsed.extensions.find(({ singleton }) => singleton === "u");
  const names = Object.keys(KEYS);
  for (let i = 0; i < names.length; i++) {
    const value = given[names[i]];
    if (value === undefined) continue;
    if (extension === undefined) {
      extension = { singleton: "u", attributes: [], keywords: [] };
      parsed.extensions[parsed.extensions.length] = extension;
    }
    const others = extension.keywords.filter(([key]) => key !== KEYS[names[i]]);
    others[others.length] = [KEYS[names[i]], value];
    extension.keywords = others;
  }
}

function tagOf(value) {
  const own = findSlots(value, "Locale");
  if (own !== undefined) return own.locale;
  if (typeof value === "string") return value;
  if ((typeof value !== "object" || value === null) && typeof value !== "function")
    throw new TypeError("First argument to Intl.Locale constructor can't be empty or missing");
  return toText(value);
}

/** https://tc39.es/ecma402/#sec-Intl.Locale */
function Locale(tag, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.Locale requires 'new'");
  const object = createFrom(new.target, Locale);
  const text = tagOf(tag);
  const given = coerceOptions(options);
  const parsed = parseTag(canonicalTag(text));
  updateLanguage(parsed, given);
  // What was replaced may be deprecated itself.
  const updated = parseTag(canonicalText(parsed));
  updateKeywords(updated, keywordOptions(given));
  return setSlots(object, { kind: "Locale", locale: canonicalText(updated) });
}

const localeOf = (object, method) => slotsOf(object, "Locale", method).locale;
const parsedOf = (object, method) => parseTagAsIs(localeOf(object, method));

/** The parts of a canonical tag, with the case of a canonical tag. */
function parseTagAsIs(tag) {
  const parsed = parseTag(tag);
  canonicalText(parsed);
  return parsed;
}

/** The type of a keyword in the tag; "" for one without a type, undefined without the keyword. */
export function keywordOf(tag, key) {
  const extension = parseTag(tag).extensions.find(({ singleton }) => singleton === "u");
  return extension?.keywords.find(([other]) => other === key)?.[1];
}

/** A Locale with the same extensions and another language, script and region. */
function withLanguage(object, method, change) {
  const parsed = parsedOf(object, method);
  const { language, script, region } = change(parsed);
  const changed = canonicalText(parseTag(languageText({ language, script, region, variants: parsed.variants })));
  const rest = localeOf(object, method).slice(languageText(parsed).length);
  return setSlots(Object.create(Locale.prototype), { kind: "Locale", locale: changed + rest });
}

const info = (object, name) => localeInfo(localeOf(object, name), name);

export function installLocale(Intl) {
  const methods = {
    maximize() {
      return withLanguage(this, "maximize", addLikely);
    },
    minimize() {
      return withLanguage(this, "minimize", removeLikely);
    },
    toString() {
      return localeOf(this, "toString");
    },
    get baseName() {
      return languageText(parsedOf(this, "baseName"));
    },
    get calendar() {
      return keywordOf(localeOf(this, "calendar"), "ca");
    },
    get caseFirst() {
      return keywordOf(localeOf(this, "caseFirst"), "kf");
    },
    get collation() {
      return keywordOf(localeOf(this, "collation"), "co");
    },
    get firstDayOfWeek() {
      return keywordOf(localeOf(this, "firstDayOfWeek"), "fw");
    },
    get hourCycle() {
      return keywordOf(localeOf(this, "hourCycle"), "hc");
    },
    get numeric() {
      const value = keywordOf(localeOf(this, "numeric"), "kn");
      return value === "" || value === "true";
    },
    get numberingSystem() {
      return keywordOf(localeOf(this, "numberingSystem"), "nu");
    },
    get language() {
      return parsedOf(this, "language").language;
    },
    get script() {
      return parsedOf(this, "script").script;
    },
    get region() {
      return parsedOf(this, "region").region;
    },
    get variants() {
      const { variants } = parsedOf(this, "variants");
      return variants.length === 0 ? undefined : variants.join("-");
    },
    getCalendars() {
      return info(this, "getCalendars");
    },
    getCollations() {
      return info(this, "getCollations");
    },
    getHourCycles() {
      return info(this, "getHourCycles");
    },
    getNumberingSystems() {
      return info(this, "getNumberingSystems");
    },
    getTimeZones() {
      return info(this, "getTimeZones");
    },
    getTextInfo() {
      return info(this, "getTextInfo");
    },
    getWeekInfo() {
      return info(this, "getWeekInfo");
    },
  };
  defineService(Intl, "Locale", Locale, methods, {});
}
