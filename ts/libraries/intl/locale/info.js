// Owns what a locale is used to: calendars, hour cycles, weeks, time zones. https://tc39.es/ecma402/#sec-Intl.Locale.prototype.getCalendars

import regions from "intl-data:regions";
import { valueIn } from "../shared/data.js";
import { addLikely } from "../shared/likely.js";
import { bestAvailable } from "../shared/locales.js";
import { canonicalText, languageText, parseTag } from "../shared/tags.js";
import { numberingSystemOf } from "../shared/numbering.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const CYCLES = { __proto__: null, h: "h12", H: "h23", k: "h24", K: "h11" };
/** Scripts that are written from right to left. */
const RIGHT_TO_LEFT =
  " Adlm Arab Aran Armi Avst Chrs Cprt Elym Garay Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh Ougr Palm" +
  " Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Syre Syrj Syrn Thaa Yezi ";

const isDigit = (c) => c >= "0" && c <= "9";

function valueFor(index, region) {
  const list = regions().split("|")[index];
  return valueIn(list, region) ?? valueIn(list, "001");
}

/** The region that decides: that of the keyword `rg`, of the tag, or the likely one. */
export function regionOfTag(parsed, keyword) {
  const asked = keyword("rg");
  if (asked !== undefined && asked.length === 6 && asked.endsWith("zzzz")) return asked.slice(0, 2).toUpperCase();
  if (parsed.region !== undefined) return parsed.region;
  const part = keyword("sd");
  if (part !== undefined && part.length > 2) return part.slice(0, isDigit(part[0]) ? 3 : 2).toUpperCase();
  return addLikely(parsed).region ?? "001";
}

/** Day of the week at which a region begins it: 1 is Monday. */
export const firstDayOf = (region) => DAYS.indexOf(valueFor(0, region)) + 1;

function weekInfo(region, keyword) {
  const asked = DAYS.indexOf(keyword("fw") ?? "");
  const [start, end] = valueFor(2, region).split(",");
  const weekend = [];
  for (let day = DAYS.indexOf(start); ; day = (day + 1) % 7) {
    weekend[weekend.length] = day + 1;
    if (day === DAYS.indexOf(end)) break;
  }
  weekend.sort((a, b) => a - b);
  return { firstDay: asked >= 0 ? asked + 1 : firstDayOf(region), weekend };
}

/** The hour cycles of a language in a region, the preferred one first. */
export function hourCycles(language, region) {
  const list = regions().split("|")[3];
  const kinds = valueIn(list, language + "-" + region) ?? valueIn(list, region) ?? valueIn(list, "001");
  const cycles = [];
  for (let i = 0; i < kinds.length; i++) {
    const cycle = CYCLES[kinds[i]];
    if (cycle !== undefined) cycles[cycles.length] = cycle;
  }
  return cycles;
}

/** The calendars of a region, the preferred one first. */
export const calendarsOf = (region) => valueFor(4, region).split(",");

function timeZones(parsed) {
  if (parsed.region === undefined) return undefined;
  const zones = valueIn(regions().split("|")[5], parsed.region);
  return zones === undefined ? [] : zones.split(",");
}

function direction(parsed) {
  const script = parsed.script ?? addLikely(parsed).script;
  return { direction: script !== undefined && RIGHT_TO_LEFT.includes(" " + script + " ") ? "rtl" : "ltr" };
}

/** Collations besides the standard order that fermata-vm/intl-collation has for a language; searches are no collations of their own. */
const COLLATIONS =
  " ar>compat,eor bn>eor,trad de>eor,phonebk es>eor,trad fi>eor,trad kn>eor,trad si>dict,eor sv>eor,trad vi>eor,trad zh>eor,pinyin ";

/** What the method of that name of Intl.Locale returns. */
export function localeInfo(tag, method) {
  const parsed = parseTag(tag);
  canonicalText(parsed);
  const extension = parsed.extensions.find(({ singleton }) => singleton === "u");
  const keyword = (key) => {
    const type = extension?.keywords.find(([other]) => other === key)?.[1];
    return type === "" ? undefined : type;
  };
  const preferred = (key, list) => {
    const type = keyword(key);
    return type === undefined ? list() : [type];
  };
  const region = () => regionOfTag(parsed, keyword);
  switch (method) {
    case "getCalendars":
      return preferred("ca", () => calendarsOf(region()));
    case "getCollations":
      return preferred("co", () => (valueIn(COLLATIONS, parsed.language) ?? "eor").split(","));
    case "getHourCycles":
      return preferred("hc", () => hourCycles(parsed.language, region()).slice(0, 1));
    case "getNumberingSystems":
      return preferred("nu", () => [numberingSystemOf(bestAvailable(languageText(parsed)))]);
    case "getTimeZones":
      return timeZones(parsed);
    case "getTextInfo":
      return direction(parsed);
    default:
      return weekInfo(region(), keyword);
  }
}

/** All collations of COLLATIONS, in the order of the alphabet. */
export function allCollations() {
  const all = ["eor"];
  const rows = COLLATIONS.slice(1, -1).split(" ");
  for (let i = 0; i < rows.length; i++) {
    const names = rows[i].slice(rows[i].indexOf(">") + 1).split(",");
    for (let k = 0; k < names.length; k++) if (!all.includes(names[k])) all[all.length] = names[k];
  }
  return all.sort();
}

/** All time zones of regions, and UTC, in the order of the alphabet. */
export function allTimeZones() {
  const rows = regions().split("|")[5].slice(1, -1).split(" ");
  const all = ["UTC"];
  for (let hours = -14; hours <= 12; hours++)
    if (hours !== 0) all[all.length] = "Etc/GMT" + (hours < 0 ? "" : "+") + hours;
  for (let i = 0; i < rows.length; i++) {
    const zones = rows[i].slice(rows[i].indexOf(">") + 1).split(",");
    for (let k = 0; k < zones.length; k++)
      if (zones[k] !== "" && !zones[k].startsWith("Etc/") && !all.includes(zones[k])) all[all.length] = zones[k];
  }
  return all.sort();
}
