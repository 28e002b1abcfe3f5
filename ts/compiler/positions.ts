// Owns the step from a source offset to line, column and code frame. Must never be needed to run a program: only to
// report about one, so the line table is made on first use.

export interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;

/** Lines and columns of one source. */
export class Positions {
  readonly source: string;
  private starts: number[] | null = null;

  constructor(source: string) {
    this.source = source;
  }

  /** Offsets at which lines begin; lines end as in https://tc39.es/ecma262/#sec-line-terminators. */
  private lineStarts(): number[] {
    if (this.starts !== null) return this.starts;
    const { source } = this;
    const starts = [0];
    for (let i = 0; i < source.length; i++) {
      const unit = source.charCodeAt(i);
      if (unit === 13 && source.charCodeAt(i + 1) === 10) continue;
      if (unit === 10 || unit === 13 || unit === LINE_SEPARATOR || unit === PARAGRAPH_SEPARATOR) starts.push(i + 1);
    }
    return (this.starts = starts);
  }

  /** Line and column of an offset, by a binary search. An offset outside of the source counts as its nearest end. */
  at(offset: number): Place {
    const starts = this.lineStarts();
    const clamped = Math.max(0, Math.min(offset, this.source.length));
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= clamped) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: clamped - starts[low]! + 1 };
  }

  /** The text of a line, without its terminator. */
  private lineText(line: number): string {
    const starts = this.lineStarts();
    const end = starts[line] ?? this.source.length + 1;
    return this.source.slice(starts[line - 1]!, end).replace(/[\r\n\u2028\u2029]+$/, "");
  }

  /** Up to three lines of source with a marker under the position. Long lines are cut around it. */
  codeFrame(offset: number): string {
    const { line, column } = this.at(offset);
    const first = Math.max(1, line - 1);
    const last = Math.min(this.lineStarts().length, line + 1);
    const width = String(last).length;
    const from = Math.max(0, column - 60);
    const out: string[] = [];
    for (let i = first; i <= last; i++) {
      const text = this.lineText(i)
        .slice(from, from + 120)
        .replaceAll("\t", " ");
      out.push(`${i === line ? ">" : " "} ${String(i).padStart(width)} | ${text}`.trimEnd());
      if (i === line) out.push(`  ${" ".repeat(width)} | ${" ".repeat(column - 1 - from)}^`);
    }
    return out.join("\n");
  }
}
