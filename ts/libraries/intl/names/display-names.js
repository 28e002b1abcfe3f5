// Owns Intl.DisplayNames. https://tc39.es/ecma402/#intl-displaynames-objects The names are in the library fermata-vm/intl-names.

import { keyedData } from "../shared/data.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { isType, MATCHERS, optionsObject, stringOption, toText } from "../shared/options.js";
import { createFrom, defineService, setSlots, slotsOf } from "../shared/service.js";
import { canonicalText, isRegion, isScript, languageText, parseTag } from "../shared/tags.js";
import { currencyTitleOf, nameSections } from "../number/names.js";
import { isCurrencyCode, shownSlots } from "../number/number-format.js";

const KIND = "DisplayNames";
const WHERE = "Intl.DisplayNames";
const TYPES = ["language", "region", "script", "currency", "calendar", "dateTimeField"];
const FIELDS = " era year quarter month weekOfYear weekday day dayPeriod hour minute second timeZoneName ";

function refuse(code) {
  throw new RangeError("Invalid argument to Intl.DisplayNames.prototype.of: " + code);
}

/** https://tc39.es/ecma402/#sec-canonicalcodefordisplaynames */
function canonicalCode(type, code) {
  switch (type) {
    case "language": {
      const parsed = parseTag(code);
      if (parsed === undefined || parsed.extensions.length > 0 || parsed.rest !== undefined) return refuse(code);
      return canonicalText(parsed);
    }
    case "region":
      return isRegion(code.toLowerCase()) ? code.toUpperCase() : refuse(code);
    case "script":
      return isScript(code.toLowerCase()) ? code[0].toUpperCase() + code.slice(1).toLowerCase() : refuse(code);
    case "calendar":
      return isType(code) ? code.toLowerCase() : refuse(code);
    case "dateTimeField":
      return !code.includes(" ") && FIELDS.includes(" " + code + " ") ? code : refuse(code);
    default:
      return isCurrencyCode(code) ? code.toUpperCase() : refuse(code);
  }
}

/** The name of a key in the form that is asked for; narrow names are short ones, but for the fields of dates. */
function nameOf(slots, key) {
  const { names } = nameSections("DisplayNames");
  const { dataLocale, style } = slots;
  const short = style === "long" ? undefined : keyedData(dataLocale, names, key + "-short");
  return short ?? keyedData(dataLocale, names, key);
}

/** [the name of the first parts of a tag, what is left of it to be named in parentheses]. */
function languageName(slots, parsed) {
  const { language, script, region } = parsed;
  const named = (parts) => nameOf(slots, "l" + parts.join("-"));
  if (slots.languageDisplay === "dialect") {
    if (script !== undefined && region !== undefined) {
      const name = named([language, script, region]);
      if (name !== undefined) return [name, {}];
    }
    // As ICU has it: a name of language and script is not used for a region.
    const part = script ?? region;
    const name = (script === undefined) === (region === undefined) ? undefined : named([language, part]);
    if (name !== undefined) return [name, {}];
  }
  return [named([language]), { script, region }];
}

const inBrackets = (text) =>
  text.replaceAll("(", "[").replaceAll(")", "]").replaceAll("（", "［").replaceAll("）", "］");

function languageNames(slots, code) {
  const parsed = parseTag(code);
  canonicalText(parsed);
  const [name, { script, region }] = languageName(slots, parsed);
  const isAlone = languageText(parsed) === parsed.language;
  if (name === undefined && (isAlone || slots.fallback === "none")) return undefined;
  const rest = [];
  if (script !== undefined) rest[0] = nameOf(slots, "s" + script) ?? script;
  if (region !== undefined) rest[rest.length] = nameOf(slots, "r" + region) ?? region;
  for (let i = 0; i < parsed.variants.length; i++) rest[rest.length] = parsed.variants[i].toUpperCase();
  const first = name ?? parsed.language;
  if (rest.length === 0) return first;
  const { names } = nameSections("DisplayNames");
  const separator = keyedData(slots.dataLocale, names, "separator");
  let inner = inBrackets(rest[0]);
  for (let i = 1; i < rest.length; i++) {
    const next = inBrackets(rest[i]);
    const before = inner;
    inner = separator.replace("{0}", () => before).replace("{1}", () => next);
  }
  const pattern = keyedData(slots.dataLocale, names, "pattern");
  return pattern.replace("{0}", () => inBrackets(first)).replace("{1}", () => inner);
}

function fieldName(slots, code) {
  const { names } = nameSections("DisplayNames");
  return keyedData(slots.dataLocale, names, "f" + code + (slots.style === "long" ? "" : "-" + slots.style));
}

function foundName(slots, code) {
  switch (slots.type) {
    case "language":
      return languageNames(slots, code);
    case "region":
      return nameOf(slots, "r" + code);
    case "script":
      return nameOf(slots, "s" + code);
    case "calendar":
      return keyedData(slots.dataLocale, nameSections("DisplayNames").names, "c" + code);
    case "dateTimeField":
      return fieldName(slots, code);
    default:
      // In all styles: V8 shows no symbols here.
      return currencyTitleOf(slots.dataLocale, code);
  }
}

function DisplayNames(locales, options) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.DisplayNames requires 'new'");
  const object = createFrom(new.target, DisplayNames);
  const requested = canonicalLocales(locales);
  if (options === undefined) throw new TypeError("Cannot convert undefined or null to object");
  const given = optionsObject(options);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const { locale, dataLocale } = resolveLocale(requested, {}, [], () => []);
  const style = stringOption(given, "style", ["narrow", "short", "long"], "long", WHERE);
  const type = stringOption(given, "type", TYPES, undefined, WHERE);
  if (type === undefined) throw new TypeError('Required option "type" must not be undefined');
  const fallback = stringOption(given, "fallback", ["code", "none"], "code", WHERE);
  const display = stringOption(given, "languageDisplay", ["dialect", "standard"], "dialect", WHERE);
  const languageDisplay = type === "language" ? display : undefined;
  return setSlots(object, { kind: KIND, locale, dataLocale, style, type, fallback, languageDisplay });
}

export function installDisplayNames(Intl) {
  const methods = {
    of(code) {
      const slots = slotsOf(this, KIND, "of");
      const canonical = canonicalCode(slots.type, toText(code));
      return foundName(slots, canonical) ?? (slots.fallback === "code" ? canonical : undefined);
    },
    resolvedOptions() {
      const slots = slotsOf(this, KIND, "resolvedOptions");
      return shownSlots(slots, ["locale", "style", "type", "fallback", "languageDisplay"]);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, DisplayNames, methods, statics);
}
