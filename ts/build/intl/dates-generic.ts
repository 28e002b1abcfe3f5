// Owns the section `dates-generic`: patterns of calendars that are not Gregorian.

export { genericSource as source } from "./dates.ts";
