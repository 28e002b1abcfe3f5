// Owns what a stranger does to a snapshot: its parts changed, its checksum repaired.

import { SECTIONS } from "../../ts/defs/snapshot-format.ts";
import { readContainer, writeContainer } from "../../ts/snapshot/container.ts";

/** Words with which the graph begins, by what they are. */
export const WORD = { nextCallId: 2, hostCalls: 3, stdoutBytes: 6, fuelUsedLow: 14, fuelUsedHigh: 15 } as const;

/** The bytes with some of their sections changed. */
export function withSections(
  bytes: Uint8Array,
  change: (sections: Map<number, Uint8Array>) => void,
): Uint8Array<ArrayBuffer> {
  const { buildId, sections } = readContainer(bytes, 1e9);
  const changed = new Map(sections);
  change(changed);
  return writeContainer(buildId, changed, 0);
}

/** The bytes with the host's account of the run changed: l limits, e elapsed, m peak of memory, f fuel left, t when time is up, p pause, a eval. */
export function withRun(bytes: Uint8Array, change: (run: Record<string, unknown>) => void): Uint8Array<ArrayBuffer> {
  return withSections(bytes, (sections) => {
    const run = sections.get(SECTIONS.run);
    const json = (run === undefined ? {} : JSON.parse(new TextDecoder().decode(run))) as Record<string, unknown>;
    change(json);
    sections.set(SECTIONS.run, new TextEncoder().encode(JSON.stringify(json)));
  });
}

class Numbers {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

export function written(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return [...out, rest];
}

/** The bytes with words of the machine changed. */
export function withWords(bytes: Uint8Array, change: (words: number[]) => void): Uint8Array<ArrayBuffer> {
  return withSections(bytes, (sections) => {
    const graph = sections.get(SECTIONS.graph)!;
    const reader = new Numbers(graph);
    const words = Array.from({ length: reader.next() }, () => reader.next());
    change(words);
    const head = [words.length, ...words].flatMap(written);
    sections.set(SECTIONS.graph, Uint8Array.from([...head, ...graph.subarray(reader.at)]));
  });
}
