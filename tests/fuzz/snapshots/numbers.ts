// Owns the parts of a snapshot as lists of numbers, to be changed one by one: the graph is nothing else. Must never read a graph as the
// core does: it finds the frames, and that is all.

import { ByteWriter } from "../../../ts/bytes/writer.ts";
import { FIRST_WORDS, LISTS, VALUES } from "../../../ts/defs/snapshot-format.ts";

/** LEB128 numbers of up to 64 bits; undefined if the bytes are not a whole number of them. */
export function readNumbers(bytes: Uint8Array): bigint[] {
  const numbers: bigint[] = [];
  for (let at = 0; at < bytes.length;) {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128 || at > bytes.length) break;
    }
    numbers.push(value);
  }
  return numbers;
}

export function writeNumbers(numbers: readonly bigint[]): Uint8Array {
  const out = new ByteWriter();
  for (const number of numbers) {
    let rest = BigInt.asUintN(64, number);
    while (rest > 127n) {
      out.byte(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    out.byte(Number(rest));
  }
  return out.done();
}

/** A frame on the stack: where its numbers stand. */
export interface FramePlace {
  /** Kind, destination, argument count, flags, distance of the record. */
  readonly record: number;
  readonly callee: number;
  readonly position: number;
  readonly registers: number;
  /** First number of each value that it has, from r1 on. */
  readonly values: readonly number[];
  /** How many cells have been mentioned before each of them. */
  readonly known: readonly number[];
}

export interface GraphPlaces {
  readonly words: number;
  readonly wordCount: number;
  readonly frames: readonly FramePlace[];
  /** First number behind the frames. */
  readonly end: number;
}

/** How many numbers the value at `at` takes, read outside of columns. */
function valueLength(numbers: readonly bigint[], at: number): number {
  const token = numbers[at] ?? 0n;
  const payload = token >> 3n;
  switch (Number(token & 7n)) {
    case 6:
      return payload < 2n ? 2 : 1;
    case 7:
      return payload === 0n ? 1 : 2;
    default:
      return 1;
  }
}

/** True if the value mentions a cell or text for the first time: without it all numbers behind it mean something else. */
export function isNew(token: bigint): boolean {
  const payload = token >> 3n;
  const tag = Number(token & 7n);
  return tag === 4 ? payload >> 2n === 0n : (tag === 2 || tag === 3 || tag === 6) && payload === 0n;
}

/** Finds the words and frames of a graph that is as it was written. */
export function findPlaces(numbers: readonly bigint[]): GraphPlaces {
  const wordCount = Number(numbers[0]);
  let at = 1 + wordCount + 1;
  let cells = 0;
  const value = (): number => {
    const token = numbers[at]!;
    if (isNew(token) && (token & 7n) !== 6n) cells++;
    at += valueLength(numbers, at);
    return at;
  };
  for (let i = 0; i < VALUES.length; i++) value();
  for (let i = 0; i < LISTS.length; i++) if (numbers[at++] === 1n) cells++;
  // Roots that the core keeps.
  if (wordCount > FIRST_WORDS) for (let count = Number(numbers[at++]); count > 0; count--) value();
  const frames: FramePlace[] = [];
  for (let count = Number(numbers[at++]); count > 0; count--) {
    const record = at;
    at += 5;
    const callee = at;
    const isBase = (numbers[at]! & 7n) === 5n;
    value();
    if (isBase) at++;
    const position = at++;
    const registers = at++;
    const values: number[] = [];
    const known: number[] = [];
    for (let r = Number(numbers[at++]); r > 1; r--) {
      values.push(at);
      known.push(cells);
      value();
    }
    frames.push({ record, callee, position, registers, values, known });
  }
  return { words: 1, wordCount, frames, end: at };
}
