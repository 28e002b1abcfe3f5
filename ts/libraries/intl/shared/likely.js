// Owns likely subtags: the script and the region that a tag leaves out. https://unicode.org/reports/tr35/#Likely_Subtags

import likely from "intl-data:likely";
import { valueIn } from "./data.js";

/** Language, script and region that a key of CLDR's table means. */
function lookUp(list, key) {
  const found = valueIn(list, key);
  if (found !== undefined) return found;
  const at = list.indexOf(" " + key + " ");
  // Groups of languages come before the line feed.
  if (at < 0 || at > list.indexOf("\n")) return undefined;
  const group = list.lastIndexOf("|", at);
  return key + "-" + list.slice(group + 1, list.indexOf(" ", group));
}

/** https://tc39.es/ecma402/#sec-addlikelysubtags; parts that are missing are undefined, or the language "und". */
export function addLikely({ language, script, region }) {
  const list = likely();
  let found;
  if (script !== undefined && region !== undefined) found = lookUp(list, language + "-" + script + "-" + region);
  if (found === undefined && script !== undefined) found = lookUp(list, language + "-" + script);
  if (found === undefined && region !== undefined) found = lookUp(list, language + "-" + region);
  if (found === undefined) found = lookUp(list, language);
  if (found === undefined && language === "und" && script !== undefined) found = lookUp(list, "und-" + script);
  if (found === undefined) return { language, script, region };
  const parts = found.split("-");
  return { language: language === "und" ? parts[0] : language, script: script ?? parts[1], region: region ?? parts[2] };
}

/** https://tc39.es/ecma402/#sec-removelikelysubtags */
export function removeLikely(tag) {
  const most = addLikely(tag);
  const isSame = (trial) => {
    const { language, script, region } = addLikely(trial);
    return language === most.language && script === most.script && region === most.region;
  };
  const { language, script, region } = most;
  const trials = [
    { language, script: undefined, region: undefined },
    { language, script: undefined, region },
    { language, script, region: undefined },
  ];
  for (let i = 0; i < trials.length; i++) if (isSame(trials[i])) return trials[i];
  return most;
}
