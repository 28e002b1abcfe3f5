// Owns the edits of the source and the writing of the result: ranges that become spaces, characters written over such ranges, and
// inserted texts. Must never move a line, and must record every insertion in the map.

//
//   source      const a: number = <T>b ;         erase(7, 15), erase(18, 21)
//   result      const a         =    b ;         every token on its line and in its column
//
//   erase       a range becomes spaces; its line ends stay. Ranges may overlap and come in any order
//   eraseCode   as erase, and nothing is inserted in it: inner edits of a statement that turned out to be a type are dropped
//   overwrite   characters in the place of erased ones: `;`, `(`, `var`. They take room that is there, so no offset changes
//   insert      text that has no room: the only edit that shifts offsets, and the only one in the map
//
// Prefer overwriting to inserting: a source without insertions needs no map, and columns in errors are right without one.
import { OffsetMap, type InsertionRecord } from "./offset-map.ts";

const spaces = " ".repeat(512);
const lineEnds = /[\n\r\u2028\u2029]/;
const allButLineEnds = /[^\n\r\u2028\u2029]/g;

/** As many spaces as the text has characters; its line ends stay. */
function blankOf(text: string): string {
  if (lineEnds.test(text)) return text.replace(allButLineEnds, " ");
  return text.length <= spaces.length ? spaces.slice(0, text.length) : " ".repeat(text.length);
}

/** Finished code, and the map back to its source; null if every offset is the same in both. */
export interface Rendered {
  readonly code: string;
  readonly map: OffsetMap | null;
}

interface Text {
  readonly offset: number;
  readonly text: string;
}

/** The number of edits of each kind at some moment. */
export interface EditsMark {
  readonly ranges: number;
  readonly overwrites: number;
  readonly insertions: number;
  readonly dead: number;
  readonly later: number;
}

/** All edits of one source. */
export class Edits {
  readonly #source: string;
  /** Pairs of start and end. */
  readonly #ranges: number[] = [];
  readonly #overwrites: Text[] = [];
  readonly #insertions: Text[] = [];
  /** Pairs of start and end of code that is erased together with all insertions in it. */
  readonly #dead: number[] = [];
  readonly #later: (() => void)[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Notes how many edits there are: a failed guess drops those after it. */
  mark(): EditsMark {
    return {
      ranges: this.#ranges.length,
      overwrites: this.#overwrites.length,
      insertions: this.#insertions.length,
      dead: this.#dead.length,
      later: this.#later.length,
    };
  }

  /** Undoes all edits since the mark. */
  backTo({ ranges, overwrites, insertions, dead, later }: EditsMark): void {
    this.#ranges.length = ranges;
    this.#overwrites.length = overwrites;
    this.#insertions.length = insertions;
    this.#dead.length = dead;
    this.#later.length = later;
  }

  /** Work to do when the whole source has been read. */
  later(work: () => void): void {
    this.#later.push(work);
  }

  /** Does that work, in the order in which it was put off. */
  doLater(): void {
    for (const work of this.#later) work();
  }

  /** Replaces a range by spaces; ranges may overlap. */
  erase(start: number, end: number): void {
    if (end > start) this.#ranges.push(start, end);
  }

  /** Erases a statement or a member: nothing is inserted in it. */
  eraseCode(start: number, end: number): void {
    this.erase(start, end);
    this.#dead.push(start, end);
  }

  /** The start of the erased range that ends at `end`; −1 if no recent range does. */
  erasedUpTo(end: number): number {
    for (let at = this.#ranges.length - 2; at >= 0 && at >= this.#ranges.length - 8; at -= 2) {
      if (this.#ranges[at + 1] === end) return this.#ranges[at]!;
    }
    return -1;
  }

  /** Writes over erased characters. */
  overwrite(offset: number, text: string): void {
    for (let index = 0; index < text.length; index++) {
      this.#overwrites.push({ offset: offset + index, text: text[index]! });
    }
  }

  /** Inserts text before the character at `offset`; texts for one offset keep the order of the calls. */
  insert(offset: number, text: string): void {
    this.#insertions.push({ offset, text });
  }

  /** Overwrites the erased characters from `offset` on if there are enough of them, else inserts the text. */
  overwriteOrInsert(offset: number, end: number, text: string): void {
    if (end - offset >= text.length && !lineEnds.test(this.#source.slice(offset, offset + text.length))) {
      this.overwrite(offset, text);
    } else this.insert(offset, text);
  }

  /** The edited source, and the map back if text was inserted. */
  render(): Rendered {
    if (this.#ranges.length === 0 && this.#insertions.length === 0) return { code: this.#source, map: null };
    this.#overwrites.sort((a, b) => a.offset - b.offset);
    const insertions = this.#insertions.filter(({ offset }) => !this.#isDead(offset));
    insertions.sort((a, b) => a.offset - b.offset);
    const output = new Output(this.#source, this.#overwrites, insertions);
    for (const [start, end] of this.#disjointRanges()) {
      output.keepUpTo(start);
      output.blankUpTo(end);
    }
    return output.finish();
  }

  #isDead(offset: number): boolean {
    for (let at = 0; at < this.#dead.length; at += 2) {
      if (this.#dead[at]! < offset && offset < this.#dead[at + 1]!) return true;
    }
    return false;
  }

  #disjointRanges(): (readonly [start: number, end: number])[] {
    const pairs: [number, number][] = [];
    let isSorted = true;
    for (let at = 0; at < this.#ranges.length; at += 2) {
      const start = this.#ranges[at]!;
      if (at > 0 && start < this.#ranges[at - 2]!) isSorted = false;
      pairs.push([start, this.#ranges[at + 1]!]);
    }
    if (!isSorted) pairs.sort(([a], [b]) => a - b);
    const disjoint: [number, number][] = [];
    for (const pair of pairs) {
      const last = disjoint.at(-1);
      if (last !== undefined && pair[0] <= last[1]) last[1] = Math.max(last[1], pair[1]);
      else disjoint.push(pair);
    }
    return disjoint;
  }
}

/** The result as it grows, from the beginning of the source to its end. */
class Output {
  readonly #source: string;
  readonly #overwrites: readonly Text[];
  readonly #insertions: readonly Text[];
  readonly #records: InsertionRecord[] = [];
  #code = "";
  #cursor = 0;
  #nextOverwrite = 0;
  #nextInsertion = 0;

  constructor(source: string, overwrites: readonly Text[], insertions: readonly Text[]) {
    this.#source = source;
    this.#overwrites = overwrites;
    this.#insertions = insertions;
  }

  /** Takes the source as it is, with the insertions up to and at `end`. */
  keepUpTo(end: number): void {
    this.#eachInsertion(end, (offset) => {
      this.#code += this.#source.slice(this.#cursor, offset);
      this.#cursor = offset;
    });
    this.#code += this.#source.slice(this.#cursor, end);
    this.#cursor = end;
  }

  /** Writes spaces instead of the source, with the overwritten characters and the insertions in that range. */
  blankUpTo(end: number): void {
    this.#eachInsertion(end - 1, (offset) => this.#blank(offset));
    this.#blank(end);
  }

  /** The rest of the source, and a map if anything was inserted. */
  finish(): Rendered {
    this.keepUpTo(this.#source.length);
    return { code: this.#code, map: this.#records.length === 0 ? null : new OffsetMap(this.#records) };
  }

  #eachInsertion(last: number, moveTo: (offset: number) => void): void {
    for (; this.#nextInsertion < this.#insertions.length; this.#nextInsertion++) {
      const { offset, text } = this.#insertions[this.#nextInsertion]!;
      if (offset > last) break;
      moveTo(offset);
      this.#records.push([this.#code.length, text.length]);
      this.#code += text;
    }
  }

  #blank(end: number): void {
    for (; this.#nextOverwrite < this.#overwrites.length; this.#nextOverwrite++) {
      const { offset, text } = this.#overwrites[this.#nextOverwrite]!;
      if (offset >= end) break;
      // Two edits may overwrite the same character: the first one wins.
      if (offset < this.#cursor) continue;
      this.#code += blankOf(this.#source.slice(this.#cursor, offset)) + text;
      this.#cursor = offset + 1;
    }
    if (end > this.#cursor) {
      this.#code += blankOf(this.#source.slice(this.#cursor, end));
      this.#cursor = end;
    }
  }
}
