// Owns what the code of library programs can do and other code cannot: reaching what they share ($host), which has the machine's time zones
// and the way in which console shows values.

/** `$host` in the code of a library. */
function libraryHost() {
  return $LibraryHost;
}

/** `$host.zoneName()`: the name of the program's time zone. */
function libraryHostZoneName() {
  return $zoneIdentifier();
}
/** `$host.zoneOffset(zone, t)`: milliseconds to be added to UTC in a zone at a time; a RangeError if there is no such zone. */
function libraryHostZoneOffset(zone, t) {
  const rules = $zoneRules($toString(zone));
  const time = $toNumber(t);
  if (typeof rules === "number") return rules;
  return time === time && time - time === 0 ? $zoneOffsetIn(rules, time) : 0;
}
/**
 * `$host.zoneText(zone, t, form)`: what a zone is called in English at a time: 0 long, 1 short, 2 long generic, 3 short generic; 4: its name as
 * it is written, 5: the primary name of the zone, if that is another. undefined: in UTC, and without such a name. A RangeError if there
 * is no such zone.
 */
function libraryHostZoneText(zone, t, form) {
  const rules = $zoneRules($toString(zone));
  const time = $toNumber(t);
  const which = $truncate($toNumber(form));
  if (typeof rules === "number" || !(which >= 0 && which < 6)) return undefined;
  return $zoneNameIn(rules, time === time && time - time === 0 ? time : 0, which);
}
/** `$host.inspect(value, depth)`: as console shows it. */
function libraryHostInspect(value, depth) {
  return $inspect(value, $toNumber(depth));
}
/** `$host.format(...args)`: what console.log writes, without its end. */
function libraryHostFormat(...args) {
  return $formatLog(args);
}
