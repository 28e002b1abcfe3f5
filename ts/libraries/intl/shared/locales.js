// Owns which locale a program gets for the list it asks for. https://tc39.es/ecma402/#sec-internal-slots
// A locale that is not here falls back as the specification says: to a shorter tag, and last to the run's default.

import { coerceOptions, MATCHERS, stringOption } from "./options.js";
import { isAvailable } from "./data.js";
import { findSlots } from "./service.js";
import { append, canonicalTag, parseTag } from "./tags.js";

export const DEFAULT_LOCALE = "en-US";

/** https://tc39.es/ecma402/#sec-canonicalizelocalelist */
export function canonicalLocales(locales) {
  if (locales === undefined) return [];
  const list = [];
  if (typeof locales === "string") return [canonicalTag(locales)];
  const own = findSlots(locales, "Locale");
  if (own !== undefined) return [own.locale];
  if (locales === null) throw new TypeError("Incorrect locale information provided");
  const object = Object(locales);
  const length = Math.min(Math.max(Math.trunc(Number(object.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
  for (let k = 0; k < length; k++) {
    if (!(k in object)) continue;
    const value = object[k];
    if (typeof value !== "string" && ((typeof value !== "object" && typeof value !== "function") || value === null))
      throw new TypeError("Language ID should be string or object.");
    const slots = findSlots(value, "Locale");
    const tag = slots === undefined ? canonicalTag(String(value)) : slots.locale;
    if (!list.includes(tag)) append(list, tag);
  }
  return list;
}

/** The tag without its Unicode extension. */
export function withoutExtension(tag) {
  if (!tag.includes("-u-")) return tag;
  const parts = tag.split("-");
  const from = parts.indexOf("u");
  const end = parts.indexOf("x");
  if (from < 0 || (end >= 0 && end < from)) return tag;
  let to = from + 1;
  while (to < parts.length && parts[to].length > 1) to++;
  return parts.slice(0, from).concat(parts.slice(to)).join("-");
}

/** The longest tag here that it begins with; undefined without one. https://tc39.es/ecma402/#sec-lookupmatchinglocalebyprefix */
export function bestAvailable(tag, own = undefined) {
  let candidate = tag;
  for (;;) {
    if (isAvailable(candidate)) return candidate;
    let end = candidate.lastIndexOf("-");
    // A service may know languages of its own.
    if (end < 0) return own === undefined ? undefined : own(tag);
    if (end >= 2 && candidate[end - 2] === "-") end -= 2;
    candidate = candidate.slice(0, end);
  }
}

/** [the locale that is here, the keywords of the tag that asked for it]. */
function match(requested, own) {
  for (let i = 0; i < requested.length; i++) {
    const found = bestAvailable(withoutExtension(requested[i]), own);
    if (found === undefined) continue;
    const extension = parseTag(requested[i]).extensions.find(({ singleton }) => singleton === "u");
    return [found, extension === undefined ? [] : extension.keywords];
  }
  return [DEFAULT_LOCALE, []];
}

/**
 * https://tc39.es/ecma402/#sec-resolvelocale: `{ locale, dataLocale, [key]: value }`. `options`: key → type that an option asks for, or
 * undefined. `valuesOf(key, dataLocale)`: the types there are, the default first. `own(tag)`: the locale of the service alone for a tag
 * that the others do not know, or undefined.
 */
export function resolveLocale(requested, options, keys, valuesOf, own = undefined) {
  const [dataLocale, keywords] = match(requested, own);
  const result = { __proto__: null, dataLocale, locale: dataLocale };
  let extension = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const values = valuesOf(key, dataLocale);
    let value = values[0];
    let supported = "";
    const keyword = keywords.find(([other]) => other === key);
    if (keyword !== undefined) {
      const asked = keyword[1];
      if (asked !== "") {
        if (values.includes(asked)) {
          value = asked;
          supported = "-" + key + "-" + asked;
        }
      } else if (values.includes("true")) {
        value = "true";
        supported = "-" + key;
      }
    }
    let option = options[key];
    if (typeof option === "string") {
      option = canonicalOption(key, option);
      if (option === "") option = "true";
    }
    if (option !== undefined && option !== value && values.includes(option)) {
      value = option;
      supported = "";
    }
    result[key] = value;
    extension += supported;
  }
  if (extension !== "") result.locale = withExtension(dataLocale, extension);
  return result;
}

/** The canonical form of a type that an option names. */
function canonicalOption(key, type) {
  const extension = parseTag("und-u-" + key + "-" + type)?.extensions[0];
  if (extension === undefined) return type;
  const canonical = canonicalTag("und-u-" + key + "-" + type);
  const at = canonical.indexOf("-u-" + key);
  return at < 0 ? type : canonical.slice(at + key.length + 4);
}

/** Puts the keywords, which begin with a hyphen, in their place. */
export function withExtension(tag, keywords) {
  const at = tag.indexOf("-x-");
  return at < 0 ? tag + "-u" + keywords : tag.slice(0, at) + "-u" + keywords + tag.slice(at);
}

/** `supportedLocalesOf` of every service. https://tc39.es/ecma402/#sec-filterlocales */
export function supportedLocales(locales, options, own = undefined) {
  const requested = canonicalLocales(locales);
  stringOption(coerceOptions(options), "localeMatcher", MATCHERS, "best fit");
  return requested.filter((tag) => bestAvailable(withoutExtension(tag), own) !== undefined);
}
