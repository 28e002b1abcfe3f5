// Owns the reading and writing of a wasm binary's sections. Must never look inside a function body.

import { joinBytes } from "../bytes/join.ts";

export interface Section {
  /** Section id; 0 is a custom section. */
  readonly id: number;
  /** Name of a custom section, "" otherwise. */
  readonly name: string;
  /** The content; of a custom section, the part after the name. */
  readonly payload: Uint8Array;
}

export const TYPE = 1;
export const IMPORT = 2;
export const FUNCTION = 3;
export const GLOBAL = 6;
export const EXPORT = 7;
export const CODE = 10;
export const DATA = 11;

/** A cursor over wasm's number and name forms. */
export class Cursor {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error("the wasm ends too early");
    return value;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** Signed LEB128 of any width, as a number. */
  signed(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(byte & 64 ? value - (1n << (shift + 7n)) : value);
    }
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new Error("the wasm ends too early");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

export function leb(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest >>>= 7;
  }
  out.push(rest);
  return out;
}

function named(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}

export function readSections(wasm: Uint8Array): Section[] {
  const cursor = new Cursor(wasm);
  const magic = cursor.take(8);
  if (magic[0] !== 0 || magic[1] !== 0x61 || magic[4] !== 1) throw new Error("not a wasm binary");
  const sections: Section[] = [];
  while (!cursor.done) {
    const id = cursor.byte();
    const body = new Cursor(cursor.take(cursor.u32()));
    const name = id === 0 ? body.name() : "";
    sections.push({ id, name, payload: body.bytes.subarray(body.at) });
  }
  return sections;
}

export function writeSections(sections: readonly Section[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)];
  for (const { id, name, payload } of sections) {
    const prefix = id === 0 ? named(name) : [];
    parts.push(Uint8Array.from([id, ...leb(prefix.length + payload.length), ...prefix]), payload);
  }
  return joinBytes(parts);
}

export interface Export {
  readonly name: string;
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number;
  readonly index: number;
}

export function readExports(sections: readonly Section[]): Export[] {
  const section = sections.find(({ id }) => id === EXPORT);
  if (section === undefined) return [];
  const cursor = new Cursor(section.payload);
  return Array.from({ length: cursor.u32() }, () => ({
    name: cursor.name(),
    kind: cursor.byte(),
    index: cursor.u32(),
  }));
}

/** Where the static data of a binary ends in memory. Its segments are active, in one memory, at constant places. */
export function endOfData(wasm: Uint8Array): number {
  let end = 0;
  for (const { id, payload } of readSections(wasm)) {
    if (id !== DATA) continue;
    const cursor = new Cursor(payload);
    for (let left = cursor.u32(); left > 0; left--) {
      // Flags, then i32.const with its number, and the end of the expression.
      cursor.u32();
      cursor.byte();
      const at = cursor.signed();
      cursor.byte();
      const length = cursor.u32();
      cursor.take(length);
      end = Math.max(end, at + length);
    }
  }
  return end;
}

export function exportSection(exports: readonly Export[]): Section {
  const bytes = [...leb(exports.length)];
  for (const { name, kind, index } of exports) bytes.push(...named(name), kind, ...leb(index));
  return { id: EXPORT, name: "", payload: Uint8Array.from(bytes) };
}

/** The binary with those custom sections at its end, in place of any of the same names. */
export function withCustomSections(wasm: Uint8Array, custom: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const kept = readSections(wasm).filter(({ id, name }) => id !== 0 || !(name in custom));
  return writeSections([...kept, ...Object.entries(custom).map(([name, payload]) => ({ id: 0, name, payload }))]);
}
