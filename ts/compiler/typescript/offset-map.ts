// Owns the map from an offset in stripped code back to the offset in the source. Stripping keeps every position except
// after the few texts it has to insert, so a list of insertions is the whole map. Must never know why text was inserted.

/** A text that is in the output but not in the source: where it begins in the output, and its length. */
export type InsertionRecord = readonly [offsetInOutput: number, insertedLength: number];

/** Maps offsets in stripped code back to the source it was made from. */
export class OffsetMap {
  /** The insertions, in ascending order of their offset. */
  readonly records: readonly InsertionRecord[];
  private readonly starts: Float64Array;
  private readonly removedBefore: Float64Array;

  constructor(records: readonly InsertionRecord[]) {
    this.records = records;
    this.starts = new Float64Array(records.length);
    this.removedBefore = new Float64Array(records.length);
    let total = 0;
    for (const [index, [start, length]] of records.entries()) {
      this.starts[index] = start;
      this.removedBefore[index] = total;
      total += length;
    }
  }

  /** The source offset of an output offset; inside inserted text, the place where the text was inserted. */
  toSource(offset: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    const record = this.records[low - 1];
    if (record === undefined) return offset;
    const [start, length] = record;
    const before = this.removedBefore[low - 1] as number;
    return Math.max(offset - length, start) - before;
  }
}
