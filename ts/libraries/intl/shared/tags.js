// Owns locale tags: their parts, and their canonical form. https://unicode.org/reports/tr35/#Unicode_locale_identifier
// Must never use a regular expression: programs see the last match (RegExp.$1).

import aliases from "intl-data:aliases";
import { valueIn } from "./data.js";
import { addLikely } from "./likely.js";

/** Adds to a list: no assignment, as a program may have put a setter into Object.prototype. */
export function append(list, value) {
  Object.defineProperty(list, list.length, { value, writable: true, enumerable: true, configurable: true });
}

const isDigit = (c) => c >= "0" && c <= "9";
const isLetter = (c) => c >= "a" && c <= "z";

/** All characters of a text in lower case are of the kinds; at least `least` and at most `most` of them. */
function matches(text, least, most, letters, digits) {
  if (text === undefined || text.length < least || text.length > most) return false;
  for (let i = 0; i < text.length; i++)
    if (!((letters && isLetter(text[i])) || (digits && isDigit(text[i])))) return false;
  return true;
}

export const isLanguage = (text) => matches(text, 2, 3, true, false) || matches(text, 5, 8, true, false);
export const isScript = (text) => matches(text, 4, 4, true, false);
export const isRegion = (text) => matches(text, 2, 2, true, false) || matches(text, 3, 3, false, true);
export const isVariant = (text) =>
  matches(text, 5, 8, true, true) || (matches(text, 4, 4, true, true) && isDigit(text[0]));
const isAlphanumeric = (text, least, most) => matches(text, least, most, true, true);

/** Reads language, script, region and variants; returns where it stopped, or -1 if a variant is there twice. */
function readLanguage(parts, at, into) {
  into.language = parts[at++];
  into.script = isScript(parts[at]) ? parts[at++] : undefined;
  into.region = isRegion(parts[at]) ? parts[at++] : undefined;
  into.variants = [];
  for (; isVariant(parts[at]); at++) {
    if (into.variants.includes(parts[at])) return -1;
    append(into.variants, parts[at]);
  }
  return at;
}

function readUnicode(parts, at, extension) {
  extension.attributes = [];
  extension.keywords = [];
  for (; isAlphanumeric(parts[at], 3, 8); at++) append(extension.attributes, parts[at]);
  while (isAlphanumeric(parts[at], 2, 2) && isLetter(parts[at][1])) {
    const key = parts[at++];
    const from = at;
    while (isAlphanumeric(parts[at], 3, 8)) at++;
    append(extension.keywords, [key, parts.slice(from, at).join("-")]);
  }
  return at;
}

const isFieldKey = (text) => isAlphanumeric(text, 2, 2) && isLetter(text[0]) && isDigit(text[1]);

function readTransformed(parts, at, extension) {
  extension.tag = undefined;
  extension.fields = [];
  if (isLanguage(parts[at])) {
    extension.tag = { __proto__: null };
    at = readLanguage(parts, at, extension.tag);
    if (at < 0) return -1;
  }
  while (isFieldKey(parts[at])) {
    const key = parts[at++];
    const from = at;
    while (isAlphanumeric(parts[at], 3, 8)) at++;
    if (at === from) return -1;
    append(extension.fields, [key, parts.slice(from, at).join("-")]);
  }
  return at;
}

/** The parts of a tag, in lower case; undefined if it is not well-formed. */
export function parseTag(tag) {
  const parts = lowerCase(tag).split("-");
  if (!isLanguage(parts[0])) return undefined;
  const parsed = { __proto__: null, extensions: [], rest: undefined };
  let at = readLanguage(parts, 0, parsed);
  if (at < 0) return undefined;
  let seen = "";
  while (at < parts.length) {
    const singleton = parts[at++];
    if (!isAlphanumeric(singleton, 1, 1) || seen.includes(singleton)) return undefined;
    seen += singleton;
    const from = at;
    if (singleton === "x") {
      while (isAlphanumeric(parts[at], 1, 8)) at++;
      if (at === from || at < parts.length) return undefined;
      parsed.rest = parts.slice(from).join("-");
      break;
    }
    const extension = { __proto__: null, singleton };
    if (singleton === "u") at = readUnicode(parts, at, extension);
    else if (singleton === "t") at = readTransformed(parts, at, extension);
    else {
      while (isAlphanumeric(parts[at], 2, 8)) at++;
      extension.value = parts.slice(from, at).join("-");
    }
    if (at <= from) return undefined;
    append(parsed.extensions, extension);
  }
  return parsed;
}

/** Only ASCII letters: the Kelvin sign is no k. */
function lowerCase(tag) {
  let text = "";
  for (let i = 0; i < tag.length; i++) {
    const c = tag[i];
    text += c >= "A" && c <= "Z" ? c.toLowerCase() : c;
  }
  return text;
}

// --- canonical form ------------------------------------------------------------------------------------------------

const titleCase = (text) => text[0].toUpperCase() + text.slice(1);

function sortBy(list, keyOf) {
  for (let i = 1; i < list.length; i++) {
    const item = list[i];
    let k = i;
    for (; k > 0 && keyOf(list[k - 1]) > keyOf(item); k--) list[k] = list[k - 1];
    list[k] = item;
  }
}

/** Replaces a deprecated language, alone or with a variant or region; returns whether one was replaced. */
function replaceLanguage(tag, list) {
  const { language, variants } = tag;
  const region = tag.region === undefined ? undefined : tag.region.toUpperCase();
  const apply = (found, variant) => {
    const by = { __proto__: null };
    readLanguage(lowerCase(found).split("-"), 0, by);
    if (by.language !== "und") tag.language = by.language;
    if (tag.script === undefined) tag.script = by.script;
    if (tag.region === undefined) tag.region = by.region;
    if (variant !== undefined) tag.variants = variants.filter((other) => other !== variant).concat(by.variants);
  };
  if (variants.includes("hepburn") && variants.includes("heploc")) {
    tag.variants = variants.filter((other) => other !== "hepburn" && other !== "heploc");
    if (!tag.variants.includes("alalc97")) append(tag.variants, "alalc97");
    return true;
  }
  for (let i = 0; i < variants.length; i++) {
    const found = valueIn(list, language + "-" + variants[i]) ?? valueIn(list, "und-" + variants[i]);
    if (found === undefined) continue;
    apply(found, variants[i]);
    return true;
  }
  const regional = region === undefined ? undefined : valueIn(list, language + "-" + region);
  if (regional !== undefined) {
    tag.region = undefined;
    apply(regional);
    return true;
  }
  const found = valueIn(list, language);
  if (found === undefined) return false;
  apply(found);
  return true;
}

/** Of several regions that took the place of one, the one where the language is most spoken. */
function regionOf(replacements, tag) {
  const regions = replacements.split(",");
  if (regions.length === 1) return regions[0];
  const likely = addLikely({ language: tag.language, script: tag.script, region: undefined }).region;
  return regions.includes(likely) ? likely : regions[0];
}

/** Replaces what is deprecated, and gives each part its case. */
export function canonicalizeLanguage(tag) {
  const [languages, scripts, regions, variants] = aliases().split("|");
  for (let rounds = 0; rounds < 8 && replaceLanguage(tag, languages); rounds++);
  if (tag.script !== undefined) {
    const script = titleCase(tag.script);
    tag.script = valueIn(scripts, script) ?? script;
    tag.script = titleCase(tag.script.toLowerCase());
  }
  if (tag.region !== undefined) {
    const region = tag.region.toUpperCase();
    const found = valueIn(regions, region);
    tag.region = found === undefined ? region : regionOf(found, tag);
  }
  for (let i = 0; i < tag.variants.length; i++) tag.variants[i] = valueIn(variants, tag.variants[i]) ?? tag.variants[i];
  tag.variants = tag.variants.filter((variant, index) => tag.variants.indexOf(variant) === index);
  sortBy(tag.variants, (variant) => variant);
}

/** Types of Unicode extensions that have another name now, of CLDR's common/bcp47: ` key-type>type`. */
const TYPES =
  " ca-ethiopic-amete-alem>ethioaa ca-islamicc>islamic-civil ks-primary>level1 ks-tertiary>level3" +
  " ms-imperial>uksystem tz-aqams>nzakl tz-cnckg>cnsha tz-cnhrb>cnsha tz-cnkhg>cnurc tz-cuba>cuhav tz-egypt>egcai tz-eire>iedub" +
  " tz-est>papty tz-gmt0>gmt tz-hongkong>hkhkg tz-hst>ushnl tz-iceland>isrey tz-iran>irthr tz-israel>jeruslm tz-jamaica>jmkin" +
  " tz-japan>jptyo tz-kwajalein>mhkwa tz-libya>lytip tz-mncoq>mnuln tz-mst>usphx tz-navajo>usden tz-poland>plwaw tz-portugal>ptlis" +
  " tz-prc>cnsha tz-roc>twtpe tz-rok>krsel tz-singapore>sgsin tz-turkey>trist tz-uct>utc tz-umjon>ushnl tz-usnavajo>usden" +
  " tz-zulu>utc tz-caffs>cawnp tz-camtr>cator tz-canpg>cator tz-capnt>caiql tz-cathu>cator tz-cayzf>caedm tz-gaza>gazastrp" +
  " tz-ruasha>tmasb tz-uauzh>uaiev tz-uaozhh>uaiev tz-mxstis>mxtij tz-usxul>usxul m0-names>prprname ";

/** Keys whose type `yes` says the same as `true`, which is left out. */
const YES = " kb kc kh kk kn ";

function canonicalType(key, type) {
  const known = valueIn(TYPES, key + "-" + type);
  if (known !== undefined) return known;
  if (type === "true" || (type === "yes" && YES.includes(" " + key + " "))) return "";
  if (key !== "rg" && key !== "sd") return type;
  const [, , regions, , subdivisions] = aliases().split("|");
  let found = valueIn(subdivisions, type) ?? valueIn(regions, type.toUpperCase());
  if (found === undefined) return type;
  found = lowerCase(found.split(",")[0]);
  return found.length === 2 ? found + "zzzz" : found;
}

function unicodeText({ attributes, keywords }) {
  const own = attributes.filter((attribute, index) => attributes.indexOf(attribute) === index);
  sortBy(own, (attribute) => attribute);
  let text = "u";
  for (let i = 0; i < own.length; i++) text += "-" + own[i];
  for (let i = 0; i < keywords.length; i++)
    text += "-" + keywords[i][0] + (keywords[i][1] === "" ? "" : "-" + keywords[i][1]);
  return text;
}

function transformedText({ tag, fields }) {
  let text = "t";
  if (tag !== undefined) {
    canonicalizeLanguage(tag);
    text += "-" + lowerCase(languageText(tag));
  }
  sortBy(fields, ([key]) => key);
  for (let i = 0; i < fields.length; i++) {
    const [key, value] = fields[i];
    text += "-" + key + "-" + (valueIn(TYPES, key + "-" + value) ?? value);
  }
  return text;
}

/** Sorts the keywords, each once, with canonical types. */
function canonicalizeKeywords(extension) {
  const own = extension.keywords.filter(
    ([key], index) => extension.keywords.findIndex(([other]) => other === key) === index,
  );
  for (let i = 0; i < own.length; i++) own[i] = [own[i][0], canonicalType(own[i][0], own[i][1])];
  sortBy(own, ([key]) => key);
  extension.keywords = own;
}

export function languageText({ language, script, region, variants }) {
  let text = language;
  if (script !== undefined) text += "-" + script;
  if (region !== undefined) text += "-" + region;
  for (let i = 0; i < variants.length; i++) text += "-" + variants[i];
  return text;
}

/** The text of a parsed tag, which is made canonical by it. */
export function canonicalText(parsed) {
  canonicalizeLanguage(parsed);
  let text = languageText(parsed);
  const { extensions } = parsed;
  sortBy(extensions, ({ singleton }) => singleton);
  for (let i = 0; i < extensions.length; i++) {
    const extension = extensions[i];
    if (extension.singleton === "u") {
      canonicalizeKeywords(extension);
      text += "-" + unicodeText(extension);
    } else if (extension.singleton === "t") text += "-" + transformedText(extension);
    else text += "-" + extension.singleton + "-" + extension.value;
  }
  return parsed.rest === undefined ? text : text + "-x-" + parsed.rest;
}

/** The canonical form of a tag; a RangeError if it is not well-formed. */
export function canonicalTag(tag) {
  const parsed = parseTag(tag);
  if (parsed === undefined) throw new RangeError("Incorrect locale information provided: " + JSON.stringify(tag));
  return canonicalText(parsed);
}
