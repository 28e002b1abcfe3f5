// Owns the time zones that programs name when they write dates. Their rules are asked of the host once, and kept in %TimeZones%, an object
// that no guest gets hold of, so that they travel with the program. Must never ask twice for one zone.

/**
 * undefined: the machine's own zone; a number: so many milliseconds from UTC, always; else a text with the rules of the zone
 * (assembly/builtins/time-zone.ts).
 */
function zoneRules(zone) {
  const upper = $stringToUpperCase(zone);
  if (upper === "UTC" || upper === "GMT" || upper === "ETC/UTC" || upper === "ETC/GMT") return 0;
  if (upper === $stringToUpperCase($zoneIdentifier())) return undefined;
  const offset = $offsetOfText(zone);
  if (offset !== undefined) return offset;
  const rules = zone.length > 64 ? "" : $namedZone(zone, upper);
  if (rules === "") $throwRangeError("Invalid time zone specified: " + zone);
  return rules === "UTC" ? 0 : rules;
}

/** "+05:30", "-0930", "+9" is not one. */
function offsetOfText(zone) {
  const first = zone[0];
  if ((first !== "+" && first !== "-") || (zone.length !== 3 && zone.length !== 5 && zone.length !== 6))
    return undefined;
  const hours = $toNumber($stringSlice(zone, 1, 3));
  const minutes = zone.length === 3 ? 0 : $toNumber($stringSlice(zone, zone.length - 2, zone.length));
  if (!(hours < 24 && minutes < 60)) return undefined;
  return (first === "-" ? -60000 : 60000) * (hours * 60 + minutes);
}

/** "": there is no such zone. */
function namedZone(zone, upper) {
  const known = $TimeZones[upper];
  if (typeof known === "string") return known;
  const rules = $askTimeZone(zone);
  if (rules !== "") $TimeZones[upper] = rules;
  return rules;
}

/** What the zone is called at a time, in one of the forms of the option timeZoneName. */
function zoneLabel(t, rules, form) {
  const isUTC = rules === 0 || (rules === undefined && $zoneIdentifier() === "UTC");
  const isLong = form === "long" || form === "longGeneric";
  if (isUTC && isLong) return "Coordinated Universal Time";
  if (typeof rules !== "number") {
    const which =
      form === "long" ? 0 : form === "short" ? 1 : form === "longGeneric" ? 2 : form === "shortGeneric" ? 3 : -1;
    const name = isUTC || which < 0 ? undefined : $zoneNameIn(rules, t, which);
    if (name !== undefined) return name;
  }
  let minutes = (typeof rules === "number" ? rules : $truncate($zoneOffsetIn(rules, t))) / 60000;
  minutes = $truncate(minutes);
  if (minutes === 0) return form === "short" && isUTC ? "UTC" : "GMT";
  const sign = minutes < 0 ? "-" : "+";
  if (minutes < 0) minutes = -minutes;
  const hours = $mathFloor(minutes / 60);
  minutes -= hours * 60;
  if (isLong || form === "longOffset") return "GMT" + sign + $twoDigits(hours) + ":" + $twoDigits(minutes);
  return "GMT" + sign + hours + (minutes === 0 ? "" : ":" + $twoDigits(minutes));
}
