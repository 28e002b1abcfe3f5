// Owns the reading of the data of the crate icu_collator_data: byte strings in Rust, its tries, and the contexts of its contractions. What it
// returns has no trie any more. Must never be shipped.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Code points, in runs of one value. */
export type Runs = readonly (readonly [first: number, length: number, value: number])[];

/** A context of a contraction (what follows) or of a prefix (what precedes, the nearest first), and the CE32 that it leads to. */
export type Contexts = readonly (readonly [text: string, ce32: number])[];

/** The mappings of the root or of a tailoring; CE32s are those of ICU, but that those of contexts name a list in `contexts`. */
export interface Mappings {
  readonly runs: Runs;
  readonly ce32s: readonly number[];
  /** Each is its upper and its lower half. */
  readonly ces: readonly number[];
  readonly contexts: readonly (readonly [otherwise: number, entries: Contexts])[];
}

const PREFIX = 8;
const CONTRACTION = 9;
const SPECIAL = 0xc0;
const CODE_POINTS = 0x110000;

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, "0": 0, "\\": 92, '"': 34, "'": 39 };

/** The bytes of what is between the quotes of a Rust literal. */
function bytesOf(literal: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < literal.length; at++) {
    if (literal[at] !== "\\") bytes.push(literal.charCodeAt(at));
    else if (literal[++at] === "x") {
      bytes.push(Number.parseInt(literal.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(ESCAPES[literal[at]!]!);
  }
  return Buffer.from(bytes);
}

/** The text with `#N#` in place of each byte string, and these. */
function withoutLiterals(text: string): readonly [text: string, literals: readonly Buffer[]] {
  const literals: Buffer[] = [];
  let rest = "";
  let from = 0;
  for (let at = text.indexOf('b"'); at >= 0; at = text.indexOf('b"', from)) {
    let end = at + 2;
    while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    rest += `${text.slice(from, at)}#${literals.push(bytesOf(text.slice(at + 2, end))) - 1}#`;
    from = end + 1;
  }
  return [rest + text.slice(from), literals];
}

function words(bytes: Buffer, size: 2 | 4): number[] {
  const list: number[] = [];
  for (let at = 0; at < bytes.length; at += size)
    list.push(size === 2 ? bytes.readUInt16LE(at) : bytes.readUInt32LE(at));
  return list;
}

/** Reads a CodePointTrie of the type Small, whose layout is in ICU's ucptrie.h. */
function runsOf(index: readonly number[], data: readonly number[], highStart: number): Runs {
  const offsetOf = (c: number): number => {
    if (c >= highStart) return data.length - 2;
    if (c < 0x1000) return index[c >> 6]! + (c & 63);
    const block = index[index[(c >> 14) + 64]! + ((c >> 9) & 31)]!;
    let third = (c >> 4) & 31;
    if ((block & 0x8000) === 0) return index[block + third]! + (c & 15);
    const at = (block & 0x7fff) + (third & ~7) + (third >> 3);
    third &= 7;
    return (((index[at]! << (2 + 2 * third)) & 0x30000) | index[at + 1 + third]!) + (c & 15);
  };
  const runs: [number, number, number][] = [];
  for (let c = 0; c < CODE_POINTS; c++) {
    const value = data[offsetOf(c)]!;
    const last = runs.at(-1);
    if (last !== undefined && last[2] === value) last[1]++;
    else runs.push([c, 1, value]);
  }
  return runs;
}

/** Lists the texts of a UCharsTrie with their values; its layout is in ICU's ucharstrie.h. */
function entriesOf(trie: readonly number[], start: number): [string, number][] {
  const entries: [string, number][] = [];
  const valueAt = (at: number): [value: number, end: number] => {
    const lead = trie[at]! & 0x7fff;
    if (lead < 0x4000) return [lead, at + 1];
    if (lead < 0x7fff) return [((lead - 0x4000) << 16) | trie[at + 1]!, at + 2];
    return [((trie[at + 1]! << 16) | trie[at + 2]!) >>> 0, at + 3];
  };
  const deltaAt = (at: number): [delta: number, end: number] => {
    const lead = trie[at]!;
    if (lead < 0xfc00) return [lead, at + 1];
    if (lead < 0xffff) return [((lead - 0xfc00) << 16) | trie[at + 1]!, at + 2];
    return [((trie[at + 1]! << 16) | trie[at + 2]!) >>> 0, at + 3];
  };
  const branch = (at: number, length: number, before: string): void => {
    while (length > 5) {
      const [delta, end] = deltaAt(at + 1);
      branch(end + delta, length >> 1, before);
      length -= length >> 1;
      at = end;
    }
    for (; length > 1; length--) {
      const text = before + String.fromCharCode(trie[at]!);
      const isFinal = (trie[at + 1]! & 0x8000) !== 0;
      const [value, end] = valueAt(at + 1);
      if (isFinal) entries.push([text, value]);
      else walk(end + value, text);
      at = end;
    }
    walk(at + 1, before + String.fromCharCode(trie[at]!));
  };
  const walk = (at: number, before: string): void => {
    for (;;) {
      let node = trie[at]!;
      if (node >= 0x40) {
        if ((node & 0x8000) !== 0) {
          entries.push([before, valueAt(at)[0]]);
          return;
        }
        if (node < 0x4040) entries.push([before, (node >> 6) - 1]);
        else if (node < 0x7fc0) entries.push([before, (((node & 0x7fc0) - 0x4040) << 10) | trie[++at]!]);
        else {
          entries.push([before, ((trie[at + 1]! << 16) | trie[at + 2]!) >>> 0]);
          at += 2;
        }
        node &= 0x3f;
      }
      at++;
      if (node < 0x30) {
        const length = node === 0 ? trie[at++]! : node;
        branch(at, length + 1, before);
        return;
      }
      for (let left = node - 0x30 + 1; left > 0; left--) before += String.fromCharCode(trie[at++]!);
    }
  };
  walk(start, "");
  return entries;
}

const tagOf = (ce32: number): number => ((ce32 & 0xff) < SPECIAL ? -1 : ce32 & 15);

/** Gives each list of contexts that a CE32 leads to a number, and the CE32 that number in place of its address. */
function withLists(
  runs: Runs,
  ce32s: readonly number[],
  units: readonly number[],
): Pick<Mappings, "runs" | "ce32s" | "contexts"> {
  const contexts: [number, Contexts][] = [];
  const known = new Map<number, number>();
  const changed = (ce32: number): number => {
    const tag = tagOf(ce32);
    if (tag !== PREFIX && tag !== CONTRACTION) return ce32;
    let number = known.get(ce32);
    if (number === undefined) {
      const at = ce32 >>> 13;
      const otherwise = changed(((units[at]! << 16) | units[at + 1]!) >>> 0);
      const entries = entriesOf(units, at + 2).map(([text, value]) => [text, changed(value)] as const);
      number = contexts.push([otherwise, entries]) - 1;
      known.set(ce32, number);
    }
    return number * 0x2000 + SPECIAL + tag;
  };
  return {
    runs: runs.map(([first, length, value]) => [first, length, changed(value)] as const),
    ce32s: ce32s.map(changed),
    contexts,
  };
}

const TRIE =
  /CodePointTrieHeader \{ high_start: (\d+)u32,[^}]*TrieType::(\w+) \}, [^#]*#(\d+)#[^#]*#(\d+)#.*?, ces: (.*?), ce32s: (.*?), contexts: (.*?) \}/g;

function mappingsIn(file: string): Mappings[] {
  const [text, literals] = withoutLiterals(file);
  const one = (field: string): Buffer => literals[Number(/#(\d+)#/.exec(field)?.[1] ?? -1)] ?? Buffer.alloc(0);
  return [...text.matchAll(TRIE)].map(([, highStart, type, index, data, ces, ce32s, contexts]) => {
    if (type !== "Small") throw new Error(`a trie is of the type ${type}, not Small`);
    const pairs = words(one(ces!), 4);
    for (let at = 0; at < pairs.length; at += 2) [pairs[at], pairs[at + 1]] = [pairs[at + 1]!, pairs[at]!];
    const runs = runsOf(words(literals[Number(index)]!, 2), words(literals[Number(data)]!, 4), Number(highStart));
    return { ces: pairs, ...withLists(runs, words(one(ce32s!), 4), words(one(contexts!), 2)) };
  });
}

/** Lists the keys and values of a ZeroTrieSimpleAscii; its layout is in the crate zerotrie. */
function zeroTrie(store: Buffer): [key: string, value: number][] {
  const entries: [string, number][] = [];
  const number = (at: number, bits: number): [value: number, end: number] => {
    let value = store[at]! & ((1 << bits) - 1);
    if ((store[at]! & (1 << bits)) === 0) return [value, at + 1];
    let next: number;
    do {
      next = store[++at]!;
      value = (value << 7) | (next & 0x7f);
    } while ((next & 0x80) !== 0);
    return [value + (1 << bits), at + 1];
  };
  const walk = (at: number, end: number, before: string): void => {
    while (at < end) {
      const byte = store[at]!;
      if (byte < 0x80) {
        before += String.fromCharCode(byte);
        at++;
      } else if (byte < 0xc0) {
        const [value, next] = number(at, 4);
        entries.push([before, value]);
        at = next;
      } else {
        const [packed, next] = number(at, 5);
        const count = packed & 0xff;
        const width = (packed >> 8) + 1;
        const offsets = next + count;
        const body = offsets + (count - 1) * width;
        const place = (k: number): number => {
          if (k === 0) return body;
          if (k === count) return end;
          let offset = 0;
          for (let byteAt = 0; byteAt < width; byteAt++)
            offset = (offset << 8) | store[offsets + byteAt * (count - 1) + k - 1]!;
          return body + offset;
        };
        for (let k = 0; k < count; k++) walk(place(k), place(k + 1), before + String.fromCharCode(store[next + k]!));
        return;
      }
    }
  };
  walk(0, store.length, "");
  return entries;
}

/** The values of a section by locale: `de`, `de|phonebk`. */
function byLocale<T>(file: string, values: readonly T[]): Map<string, T> {
  const [text, literals] = withoutLiterals(file);
  const store = literals[Number(/store: #(\d+)#/.exec(text)![1])]!;
  return new Map(zeroTrie(store).map(([key, value]) => [key.replace("\u001e", "|"), values[value]!]));
}

/** How the primary weights of scripts are exchanged. */
export interface Reordering {
  /** First primary that stays where it is. */
  readonly limit: number;
  /** By the upper byte of a primary: another, or 0 where `ranges` say more. */
  readonly table: readonly number[];
  /** Each: a limit of the upper half of primaries, and in the lower half what is added to their upper byte. */
  readonly ranges: readonly number[];
}

/** All that the crate has: by tag, and `tag|collation` for those that are not the usual one of the locale. */
export interface Crate {
  readonly root: Mappings;
  readonly tailorings: ReadonlyMap<string, Mappings>;
  readonly reorderings: ReadonlyMap<string, Reordering>;
  /** The bits are those of CollationMetadata in icu_collator. */
  readonly metadata: ReadonlyMap<string, number>;
  /** Secondary weights of the marks from U+0300 on, by locale. */
  readonly diacritics: ReadonlyMap<string, readonly number[]>;
  /** CE32s of the jamo from U+1100 on. */
  readonly jamo: readonly number[];
  /** Upper halves of the first primaries after spaces, punctuation, symbols and currencies. */
  readonly lastPrimaries: readonly number[];
}

/** Reads the folder `data` of the crate. */
export function readCrate(folder: string): Crate {
  const read = (name: string): string => readFileSync(join(folder, `collation_${name}_v1.rs.data`), "latin1");
  const tailoring = read("tailoring");
  const metadata = read("metadata");
  const reordering = read("reordering");
  const diacritics = read("diacritics");
  const [marks, secondaries] = withoutLiterals(diacritics);
  const [reorderText, literals] = withoutLiterals(reordering);
  const reorderings = [
    ...reorderText.matchAll(
      /min_high_no_reorder: (\d+)u32, reorder_table: [^#]*#(\d+)#\) \}, reorder_ranges: (.*?) \}/g,
    ),
  ].map(([, limit, table, ranges]) => {
    const found = /#(\d+)#/.exec(ranges!)?.[1];
    return {
      limit: Number(limit),
      table: [...literals[Number(table)]!],
      ranges: found === undefined ? [] : words(literals[Number(found)]!, 4),
    };
  });
  return {
    root: mappingsIn(read("root"))[0]!,
    tailorings: byLocale(tailoring, mappingsIn(tailoring)),
    reorderings: byLocale(reordering, reorderings),
    metadata: byLocale(
      metadata,
      [...metadata.matchAll(/bits: (\d+)u32/g)].map(([, bits]) => Number(bits)),
    ),
    diacritics: byLocale(
      diacritics,
      [...marks.matchAll(/secondaries: [^#]*#(\d+)#/g)].map(([, index]) => words(secondaries[Number(index)]!, 2)),
    ),
    jamo: words(withoutLiterals(read("jamo"))[1][0]!, 4),
    lastPrimaries: words(withoutLiterals(read("special_primaries"))[1][0]!, 2),
  };
}
