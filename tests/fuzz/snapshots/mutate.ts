// Owns what is done to a snapshot: to numbers of its graph, to frames and records, to its account of the run, to its code. The checksum is
// mended each time. Must never depend on anything but the seed.

import { ByteWriter } from "../../../ts/bytes/writer.ts";
import { decodeImage, encodeImage } from "../../../ts/compiler/image.ts";
import { SECTIONS } from "../../../ts/defs/snapshot-format.ts";
import { readContainer, writeContainer } from "../../../ts/snapshot/container.ts";
import { decodeParts } from "../../../ts/snapshot/parts.ts";
import type { Random } from "../random.ts";
import { mutateCode } from "./code.ts";
import type { Seed } from "./corpus.ts";
import { findPlaces, type GraphPlaces, isNew, readNumbers, writeNumbers } from "./numbers.ts";

export const SORTS = ["graph", "frames", "run", "code"] as const;
export type Sort = (typeof SORTS)[number];

/** A snapshot taken apart once, for many mutations. */
export interface Opened {
  readonly name: string;
  readonly buildId: string;
  readonly sections: ReadonlyMap<number, Uint8Array>;
  readonly numbers: readonly bigint[];
  readonly places: GraphPlaces;
  readonly images: readonly Uint8Array[];
}

export function open({ name, bytes }: Seed): Opened {
  const { buildId, sections } = readContainer(bytes, 1 << 28);
  const numbers = readNumbers(sections.get(SECTIONS.graph)!);
  const images = decodeParts(buildId, sections, { byHash: new Map(), brings: "any", allowEval: true }).programs.map(
    ({ image }) => image,
  );
  // Packed, they would be unpacked at every try.
  const plain = new Map(sections).set(SECTIONS.images, imagesSection(images));
  return { name, buildId, sections: plain, numbers, places: findPlaces(numbers), images };
}

/** Numbers that are at an edge of something. */
const EDGES = [
  0n,
  1n,
  2n,
  3n,
  5n,
  7n,
  8n,
  31n,
  32n,
  127n,
  255n,
  256n,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0xffffffffn,
  1n << 53n,
  (1n << 64n) - 1n,
];

function changeNumber(random: Random, value: bigint, others: readonly bigint[]): bigint {
  switch (random.below(8)) {
    case 0:
      return value + 1n;
    case 1:
      return value === 0n ? 1n : value - 1n;
    case 2:
      return value ^ (1n << BigInt(random.below(random.chance(0.5) ? 4 : 33)));
    case 3:
      return random.pick(EDGES);
    case 4:
      return others[random.below(others.length)]!;
    // Another sort of value with the same payload.
    case 5:
      return (value & ~7n) | BigInt(random.below(8));
    case 6:
      return BigInt(random.below(40) * 8 + random.below(8));
    default:
      return value + BigInt(8 * (random.below(9) - 4));
  }
}

function mutateGraph(random: Random, { numbers, places }: Opened): bigint[] {
  const out = [...numbers];
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.chance(0.1)
      ? random.below(out.length)
      : Math.min(out.length - 1, places.end + random.below(out.length - places.end));
    const how = random.below(12);
    if (how < 8) out[at] = BigInt.asUintN(64, changeNumber(random, out[at]!, numbers));
    else if (how === 8) [out[at], out[(at + 1) % out.length]] = [out[(at + 1) % out.length]!, out[at]!];
    else if (how === 9) out.splice(at, 1);
    else if (how === 10) out.splice(at, 0, out[at]!);
    else {
      const from = random.below(out.length);
      const length = Math.min(1 + random.below(6), out.length - from, out.length - at);
      for (let i = 0; i < length; i++) out[at + i] = numbers[from + i] ?? 0n;
    }
  }
  return out;
}

/** A value of any sort for a register: cells that there are, base objects, numbers, the hole. */
function anyValue(random: Random, known: number): bigint {
  const sort = random.weighted([
    [2, 0],
    [2, 1],
    [6, 2],
    [2, 3],
    [6, 4],
    [3, 5],
  ]);
  const reference = BigInt(1 + random.below(Math.max(1, known)));
  switch (sort) {
    case 0:
      return BigInt(random.below(6)) << 3n;
    case 1:
      return (BigInt(random.below(1 << random.below(32))) << 3n) | 1n;
    // The difference to the number before, in zigzag form, + 1: outside of columns that is the number itself.
    case 2:
      return ((reference * 2n + 1n) << 3n) | 2n;
    case 3:
      return (reference << 3n) | 3n;
    case 4:
      return (
        (((reference << 2n) |
          BigInt(
            random.weighted([
              [1, 0],
              [1, 1],
              [8, 2],
            ]),
          )) <<
          3n) |
        4n
      );
    default:
      return (BigInt(random.below(1200)) << 3n) | 5n;
  }
}

function mutateFrames(random: Random, opened: Opened): bigint[] {
  const { numbers, places } = opened;
  const out = [...numbers];
  if (places.frames.length === 0) return mutateGraph(random, opened);
  for (let times = 1 + random.below(3); times > 0; times--) {
    const frame = random.pick(places.frames);
    switch (random.below(10)) {
      case 0: {
        const at = frame.record + random.below(5);
        out[at] = BigInt.asUintN(
          64,
          random.chance(0.5) ? BigInt(random.below(16)) : changeNumber(random, out[at]!, numbers),
        );
        break;
      }
      case 1:
        out[frame.position] = BigInt(Math.max(0, Number(out[frame.position]) + random.below(31) - 15));
        break;
      case 2:
        out[frame.callee] = BigInt.asUintN(64, changeNumber(random, out[frame.callee]!, numbers));
        break;
      case 3:
        out[frame.registers] = BigInt.asUintN(64, changeNumber(random, out[frame.registers]!, numbers));
        break;
      default: {
        if (frame.values.length === 0) break;
        const which = random.below(frame.values.length);
        const at = frame.values[which]!;
        if (isNew(out[at]!) && random.chance(0.95)) break;
        // Values of more than one number keep their second.
        out[at] = valueIsLong(out[at]!)
          ? changeNumber(random, out[at]!, numbers)
          : anyValue(random, frame.known[which]!);
      }
    }
  }
  return out;
}

function valueIsLong(token: bigint): boolean {
  return ((token & 7n) === 6n && token >> 3n < 2n) || ((token & 7n) === 7n && token >> 3n !== 0n);
}

/** The words of the VM block, and the host's account of the run. */
function mutateRun(random: Random, sections: Map<number, Uint8Array>, { numbers, places }: Opened): void {
  if (random.chance(0.6)) {
    const out = [...numbers];
    for (let times = 1 + random.below(3); times > 0; times--) {
      const at = random.below(places.frames[0]?.record ?? places.wordCount + 12);
      out[at] = BigInt.asUintN(64, changeNumber(random, out[at]!, numbers));
    }
    sections.set(SECTIONS.graph, writeNumbers(out));
    return;
  }
  const text = new TextDecoder().decode(sections.get(SECTIONS.run) ?? new Uint8Array());
  const run = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const amounts = [-1, -2, 0, 1, 7, 1e3, 1e6, 4e9, 1e15, 1e308, 0.5, "x", null, true, [], {}];
  for (let times = 1 + random.below(3); times > 0; times--) {
    const name = random.pick(["l", "e", "f", "t", "p", "a", "x"]);
    const limits = (typeof run.l === "object" && run.l !== null ? run.l : {}) as Record<string, unknown>;
    if (name !== "l") run[name] = random.pick(amounts);
    else {
      limits[
        random.pick(["fuel", "timeMs", "memoryBytes", "stackDepth", "fuelSlice", "stdoutBytes", "onFuel", "hostCalls"])
      ] = random.pick(amounts);
      run.l = limits;
    }
  }
  sections.set(SECTIONS.run, new TextEncoder().encode(JSON.stringify(run)));
}

function imagesSection(images: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  for (const image of images) {
    out.v(image.length << 1);
    out.raw(image);
  }
  return out.done();
}

/** The position in words of the top frame, if it is code of program 0. */
function standsAt({ numbers, places }: Opened): { readonly position: number; readonly registers: number } | undefined {
  const top = places.frames.at(-1);
  return top === undefined
    ? undefined
    : { position: Number(numbers[top.position]), registers: Number(numbers[top.registers]) };
}

/** A mutated snapshot. */
export function mutate(random: Random, opened: Opened, sort: Sort): Uint8Array {
  const sections = new Map(opened.sections);
  if (sort === "graph") sections.set(SECTIONS.graph, writeNumbers(mutateGraph(random, opened)));
  else if (sort === "frames") sections.set(SECTIONS.graph, writeNumbers(mutateFrames(random, opened)));
  else if (sort === "run") mutateRun(random, sections, opened);
  else {
    const images = [...opened.images];
    const which = random.below(images.length);
    images[which] = encodeImage(mutateCode(random, decodeImage(images[which]!), standsAt(opened)));
    sections.set(SECTIONS.images, imagesSection(images));
    // Now and then what is in the registers changes as well.
    if (random.chance(0.15)) sections.set(SECTIONS.graph, writeNumbers(mutateFrames(random, opened)));
  }
  return writeContainer(opened.buildId, sections, 0);
}
