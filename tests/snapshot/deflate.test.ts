// The deflate of small snapshots: every inflate undoes it, what was deflated before changes nothing, and the prepared dictionary is
// for ever the same.

import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { inflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import { Deflater, MAX_WINDOW } from "../../ts/bytes/deflate.ts";
import { SNAPSHOT_DICTIONARY } from "../../ts/defs/snapshot-dictionary.ts";
import { PLAIN_VERSION, SECTIONS, SNAPSHOT_VERSION } from "../../ts/defs/snapshot-format.ts";
import { SnapshotError } from "../../ts/errors.ts";
import { readContainer, writeContainer } from "../../ts/snapshot/container.ts";

const NOTHING = new Uint8Array(0);
const out = new Uint8Array(MAX_WINDOW);

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) % below;
}

/** Bytes of many kinds: few values or many, with repetitions near and far. */
function sample(seed: number): Uint8Array {
  const next = random(seed);
  const bytes = new Uint8Array(next(seed % 9 === 0 ? 30_000 : 900));
  const values = 1 + next(255);
  for (let i = 0; i < bytes.length; i++) {
    const back = 1 + next(Math.min(Math.max(i, 1), seed % 4 === 0 ? 5000 : 60));
    bytes[i] = i > back && next(4) > 0 ? bytes[i - back]! : next(values);
  }
  return bytes;
}

function undone(packed: Uint8Array, dictionary: Uint8Array, length: number): Uint8Array {
  const ours = inflateSync(packed, { out: new Uint8Array(length), dictionary });
  const theirs = inflateRawSync(packed, dictionary.length > 0 ? { dictionary } : {});
  expect(Buffer.compare(ours, theirs)).toBe(0);
  return ours;
}

describe("deflate", () => {
  it("is undone by every inflate, with a dictionary and without", () => {
    let gained = 0;
    for (let seed = 1; seed < 400; seed++) {
      const bytes = sample(seed);
      const cut = seed % 3 === 0 ? 0 : bytes.length >> 1;
      const deflater = new Deflater(bytes.subarray(0, cut));
      deflater.open();
      const end = deflater.deflate(bytes.subarray(cut), out, 0);
      if (end < 0) continue;
      expect(end).toBeLessThan(bytes.length - cut);
      gained++;
      const back = undone(out.subarray(0, end), bytes.subarray(0, cut), bytes.length - cut);
      expect(Buffer.compare(back, bytes.subarray(cut))).toBe(0);
    }
    expect(gained).toBeGreaterThan(150);
  });

  it("never depends on what was deflated before, and has nothing of it", () => {
    const used = new Deflater(NOTHING);
    for (let seed = 1; seed < 100; seed++) {
      const bytes = sample(seed);
      used.open();
      const end = used.deflate(bytes, out, 0);
      const again = new Uint8Array(MAX_WINDOW);
      const fresh = new Deflater(NOTHING);
      expect(fresh.deflate(bytes, again, 0)).toBe(end);
      if (end > 0) expect(Buffer.compare(out.subarray(0, end), again.subarray(0, end))).toBe(0);
    }
  });

  it("takes the longest codes that there are", () => {
    // Frequencies as of Fibonacci's numbers make a tree deeper than fifteen.
    const list: number[] = [];
    for (let symbol = 0, a = 1, b = 1; list.length + b < 25_000; symbol++, [a, b] = [b, a + b])
      for (let i = 0; i < b; i++) list.push(symbol * 7);
    const next = random(5);
    for (let i = list.length - 1; i > 0; i--) {
      const j = next(i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    const bytes = Uint8Array.from(list);
    const deflater = new Deflater(NOTHING);
    const end = deflater.deflate(bytes, out, 0);
    expect(end).toBeGreaterThan(0);
    expect(Buffer.compare(undone(out.subarray(0, end), NOTHING, bytes.length), bytes)).toBe(0);
  });
});

describe("containers", () => {
  const sections = new Map([
    [SECTIONS.programs, sample(11)],
    [SECTIONS.counts, Uint8Array.of(1, 2, 3)],
    [SECTIONS.graph, sample(12)],
    [SECTIONS.texts, sample(13)],
  ]);

  it("have a prepared dictionary that never changes", () => {
    const bytes = Buffer.from(SNAPSHOT_DICTIONARY, "base64");
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      "c51005d65e2b6e866b1d2b3cf9396a31700da6c8110e1d41f8e890efc0931654",
    );
    expect(bytes.length).toBe(1592);
  });

  it("are of two versions, and either is read", () => {
    const small = writeContainer("b", sections);
    const plain = writeContainer("b", sections, 6);
    expect([small[3], plain[3]]).toEqual([SNAPSHOT_VERSION, PLAIN_VERSION]);
    for (const bytes of [small, plain]) expect([...readContainer(bytes, 1e6).sections]).toEqual([...sections]);
    expect(writeContainer("b", sections)).toEqual(small);
    // Programs are deflated once; the result is the same whether they were or not.
    const copies = new Map([...sections].map(([tag, bytes]) => [tag, bytes.slice()]));
    expect(writeContainer("b", copies)).toEqual(small);
  });

  it("that are large have no dictionary", () => {
    const large = new Map([[SECTIONS.graph, new Uint8Array(MAX_WINDOW)]]);
    const bytes = writeContainer("b", large);
    expect(bytes[3]).toBe(PLAIN_VERSION);
    expect([...readContainer(bytes, 1e6).sections]).toEqual([...large]);
  });

  it("are refused if they reach for a dictionary that their version does not have", () => {
    const text = Buffer.from(SNAPSHOT_DICTIONARY, "base64").subarray(-200);
    const bytes = writeContainer("", new Map([[SECTIONS.graph, text]]));
    expect(readContainer(bytes, 1e6).sections.get(SECTIONS.graph)).toEqual(new Uint8Array(text));
    bytes[3] = PLAIN_VERSION;
    expect(() => readContainer(bytes, 1e6)).toThrow(SnapshotError);
  });
});
