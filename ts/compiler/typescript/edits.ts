// Owns what is done to the source and the writing of the result: tokens that become spaces, single characters written
// over removed ones, and texts inserted between. Must never move a line, and must record every insertion in the map.

import { OffsetMap, type InsertionRecord } from "./offset-map.ts";
import { tt, type Parsed, type Token } from "./parser.ts";

const spaces = " ".repeat(512);

function blankOf(length: number): string {
  return length <= spaces.length ? spaces.slice(0, length) : " ".repeat(length);
}

/** Finished code, and the texts in it that its source does not have. */
export interface Rendered {
  readonly code: string;
  readonly map: OffsetMap | null;
}

interface Insertion {
  readonly offset: number;
  readonly text: string;
  /** Where the source goes on: behind `offset` when the text stands for a part of it. */
  readonly end: number;
  /** What of the text is inserted. */
  readonly records: readonly InsertionRecord[];
}

/** Everything the passes decided about one source. */
export class Edits {
  readonly parsed: Parsed;
  /** One per token: 1 when it becomes spaces. */
  readonly removed: Uint8Array;
  private readonly overwrites: { readonly offset: number; readonly text: string }[] = [];
  private readonly insertions: Insertion[] = [];
  private replacements = 0;

  constructor(parsed: Parsed) {
    this.parsed = parsed;
    this.removed = new Uint8Array(parsed.tokens.length);
  }

  /** Removes the tokens from `start` up to, not including, `end`. */
  remove(start: number, end: number = start + 1): void {
    this.removed.fill(1, start, end);
  }

  /** Takes back that the tokens from `start` up to, not including, `end` are removed. */
  keep(start: number, end: number): void {
    this.removed.fill(0, start, end);
  }

  /** Writes over characters of removed tokens; the text must fit into tokens that stand without a gap. */
  overwrite(offset: number, text: string): void {
    for (let index = 0; index < text.length; index++) {
      this.overwrites.push({ offset: offset + index, text: text[index] as string });
    }
  }

  /** Inserts text before the character at `offset`; texts for one offset keep the order in which they came. */
  insert(offset: number, text: string): void {
    this.insertions.push({ offset, text, end: offset, records: [[0, text.length]] });
  }

  /** Puts finished code in the place of a part of the source none of whose tokens is removed. */
  replace(start: number, end: number, { code, records }: { code: string; records: readonly InsertionRecord[] }): void {
    this.replacements++;
    this.insertions.push({ offset: start, text: code, end, records });
  }

  /** Is any part of the source replaced? */
  get replaces(): boolean {
    return this.replacements > 0;
  }

  /** Writes over the removed tokens from `index` on where the text fits, and inserts it where it does not. */
  overwriteOrInsert(index: number, text: string): void {
    const { tokens } = this.parsed;
    const start = (tokens[index] as Token).start;
    let end = start;
    for (let at = index; end - start < text.length; at++) {
      const token = tokens[at];
      if (token === undefined || this.removed[at] !== 1 || token.start !== end) return this.insert(start, text);
      end = token.end;
    }
    this.overwrite(start, text);
  }

  /** The edited source, and the map back when text was inserted. */
  render(): Rendered {
    const { source, tokens } = this.parsed;
    this.overwrites.sort((a, b) => a.offset - b.offset);
    this.insertions.sort((a, b) => a.offset - b.offset);
    const records: InsertionRecord[] = [];
    let code = "";
    let cursor = 0;
    let nextInsertion = 0;
    let nextOverwrite = 0;

    const keepUpTo = (end: number): void => {
      for (; nextInsertion < this.insertions.length; nextInsertion++) {
        const insertion = this.insertions[nextInsertion] as Insertion;
        if (insertion.offset > end) break;
        code += source.slice(cursor, insertion.offset);
        for (const [offset, length] of insertion.records) records.push([code.length + offset, length]);
        code += insertion.text;
        cursor = insertion.end;
      }
      if (end > cursor) {
        code += source.slice(cursor, end);
        cursor = end;
      }
    };

    for (let index = 0; index < tokens.length; index++) {
      if (this.removed[index] !== 1) continue;
      const token = tokens[index] as Token;
      keepUpTo(token.start);
      for (; nextOverwrite < this.overwrites.length; nextOverwrite++) {
        const { offset, text } = this.overwrites[nextOverwrite] as { offset: number; text: string };
        if (offset >= token.end) break;
        code += this.blank(token, cursor, offset) + text;
        cursor = offset + 1;
      }
      code += this.blank(token, cursor, token.end);
      cursor = token.end;
    }
    keepUpTo(source.length);
    return { code, map: records.length === 0 ? null : new OffsetMap(records) };
  }

  private blank(token: Token, start: number, end: number): string {
    // Only strings (continued lines) and templates can hold line ends, which must stay.
    if (token.type !== tt.template && token.type !== tt.string) return blankOf(end - start);
    return this.parsed.source.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ");
  }
}
