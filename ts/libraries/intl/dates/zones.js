// Owns what time zones are called in texts, and which names of zones programs may use. Zones themselves are the machine's.

import zoneKeys from "intl-data:zone-keys";
import zoneNames from "intl-data:zone-names";
import { keyedData } from "../shared/data.js";
import { insertInto } from "./pattern.js";

/** Names of UTC as they are written. */
const UTC_NAMES =
  " UTC GMT Etc/UTC Etc/GMT Etc/UCT Etc/Zulu Etc/Universal Etc/Greenwich Etc/GMT0 Etc/GMT+0 Etc/GMT-0 UCT Universal Zulu Greenwich GMT0 GMT+0 GMT-0 ";

const two = (n) => (n < 10 ? "0" : "") + n;
const isDigits = (text) => {
  for (let i = 0; i < text.length; i++) if (!(text[i] >= "0" && text[i] <= "9")) return false;
  return text.length > 0;
};

/** "+05:30" of an offset as programs write it; undefined if it is no offset. */
function offsetIdentifier(zone) {
  const sign = zone[0];
  if (sign !== "+" && sign !== "-") return undefined;
  const rest = zone.slice(1);
  const hours = rest.slice(0, 2);
  const minutes =
    rest.length === 2
      ? "00"
      : rest.length === 4
        ? rest.slice(2)
        : rest[2] === ":" && rest.length === 5
          ? rest.slice(3)
          : "";
  if (!isDigits(hours) || hours.length !== 2 || !isDigits(minutes) || Number(hours) > 23 || Number(minutes) > 59)
    throw new RangeError("Invalid time zone specified: " + zone);
  return (hours === "00" && minutes === "00" ? "+" : sign) + hours + ":" + minutes;
}

/** Names that the IANA database never had; a host's data may. */
const NEVER = " ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST ";

/** The name of a zone as it is written; a RangeError if there is no such zone. */
export function zoneIdentifier(zone) {
  const offset = offsetIdentifier(zone);
  if (offset !== undefined) return offset;
  if (NEVER.includes(" " + zone.toUpperCase() + " ")) throw new RangeError("Invalid time zone specified: " + zone);
  $host.zoneOffset(zone, 0);
  const at = UTC_NAMES.toUpperCase().indexOf(" " + zone.toUpperCase() + " ");
  if (at >= 0) return UTC_NAMES.slice(at + 1, at + 1 + zone.length);
  return $host.zoneText(zone, 0, 4) ?? "UTC";
}

/** The zone of the program. */
export function ownZone() {
  const zone = $host.zoneName();
  const sign = zone[0];
  if (sign !== "+" && sign !== "-") return zone;
  const seconds = $host.zoneOffset(zone, 0) / 1000;
  const minutes = Math.abs(seconds) / 60;
  return (seconds < 0 ? "-" : "+") + two(Math.floor(minutes / 60)) + ":" + two(minutes % 60);
}

/** "GMT+5:30", long "GMT+05:30", as the locale writes it. */
function offsetText(locale, zone, time, isLong, digits) {
  const seconds = Math.trunc($host.zoneOffset(zone, time) / 1000);
  const size = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const forms = (keyedData(locale, zoneNames, "h") ?? "+HH:mm;-HH:mm").split(";");
  const form = forms[seconds < 0 ? 1 : 0];
  const at = form.indexOf("H");
  const colon = form[form.indexOf("m") - 1];
  const number = (n) => Array.from(n, (digit) => digits[Number(digit)]).join("");
  let text = form.slice(0, at) + number(isLong ? two(hours) : String(hours));
  if (isLong || minutes !== 0 || rest !== 0) text += colon + number(two(minutes));
  if (rest !== 0) text += colon + number(two(rest));
  text += form.slice(form.lastIndexOf("m") + 1);
  return insertInto(keyedData(locale, zoneNames, "g") ?? "GMT{0}", text);
}

/** Row of a thing that has names, by one of them in English: "12.1". */
function keyOf(english) {
  const keys = zoneKeys();
  const at = keys.indexOf("\t" + english + ">");
  if (at < 0) return undefined;
  const from = at + english.length + 2;
  return keys.slice(from, keys.indexOf("\t", from));
}

const isUTC = (zone) => UTC_NAMES.includes(" " + zone + " ");
const NUMBER_OF_UTC = 3;

/** What the zone is called: `form` is a letter of patterns with its length. */
export function zoneLabel(locale, zone, time, letter, length, digits) {
  const isLong = length > 3;
  if (letter !== "O") {
    const isGeneric = letter === "v";
    let key;
    if (isUTC(zone)) key = NUMBER_OF_UTC + ".1";
    else if (zone[0] !== "+" && zone[0] !== "-") {
      const english = $host.zoneText(zone, time, isGeneric ? 2 : 0);
      if (english !== undefined) key = keyOf(english);
    }
    if (key !== undefined) {
      const thing = key.slice(0, key.indexOf("."));
      const kind = key.slice(key.indexOf("."));
      const prefix = isLong ? "l" : "s";
      const name = keyedData(locale, zoneNames, prefix + thing + kind);
      if (name !== undefined) return name;
    }
  }
  return offsetText(locale, zone, time, isLong, digits);
}
