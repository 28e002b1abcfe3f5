// Owns the rows of Date. https://tc39.es/ecma262/#sec-date-objects
import { alias, constructor, method, object, CONFIGURABLE, type BuiltinFile, type BuiltinRow } from "./rows.ts";

const P = "Date.prototype";

const FIELDS = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Day"];
/** How many arguments the setter of each field takes. */
const TAKEN = [3, 2, 1, 4, 3, 2, 1];

const getters: BuiltinRow[] = FIELDS.flatMap((field) => [
  method(P, `get${field}`, 0, "native"),
  method(P, `getUTC${field}`, 0, "native"),
]);
const setters: BuiltinRow[] = TAKEN.flatMap((length, i) => [
  method(P, `set${FIELDS[i]!}`, length, "js"),
  method(P, `setUTC${FIELDS[i]!}`, length, "js"),
]);

export const DATE: BuiltinFile = {
  rows: [
    object(P, { intrinsic: "DatePrototype" }),
    // Rules of the zones that the program has named, by name (ts/prelude/locale-zone.js).
    object("TimeZones", { parent: null, intrinsic: "TimeZones" }),
    constructor("Date", 7, "native+js"),
    method("Date", "now", 0, "native"),
    method("Date", "parse", 1, "native+js"),
    method("Date", "UTC", 7, "native+js"),
    ...getters,
    ...setters,
    method(P, "getTime", 0, "native"),
    method(P, "getTimezoneOffset", 0, "native"),
    method(P, "getYear", 0, "native"),
    method(P, "setTime", 1, "js"),
    method(P, "setYear", 1, "js"),
    method(P, "toDateString", 0, "native"),
    method(P, "toISOString", 0, "native"),
    method(P, "toJSON", 1, "js"),
    method(P, "toLocaleDateString", 0, "js"),
    method(P, "toLocaleString", 0, "js"),
    method(P, "toLocaleTimeString", 0, "js"),
    method(P, "toString", 0, "native"),
    method(P, "toTimeString", 0, "native"),
    method(P, "toUTCString", 0, "native"),
    alias(P, "toGMTString", "Date.prototype.toUTCString"),
    method(P, "valueOf", 0, "native"),
    method(P, "[Symbol.toPrimitive]", 1, "js", { attributes: CONFIGURABLE }),
  ],
  natives: ["dateOf", "dateNumber", "dateText", "dateFrom", "dateParsed", "newDate", "dateSet", "dateSetTime", "dateField", "zoneIdentifier", "zoneNameOf", "zoneNameIn", "zoneOffsetIn", "zoneMinutes"],
};
