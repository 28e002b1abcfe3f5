// Owns the instruction buffer of the function being compiled: records, labels, handler ranges, positions, constants.
// Must never know what an instruction means; the generated `Emitter` on top of it knows operands, the layers above
// that know semantics.
//
// A record is six integers, so that jumps can be patched in place and the encoder can run over them without decoding:
//
//   [ opcode, operand 0, operand 1, operand 2, operand 3, word ]
//
// A jump to a label that is not placed yet holds the index of the label's jump before it: a chain through the operands themselves, which
// `emitLabel` walks and replaces by distances. So forward jumps need no list.
//
//   label.lastUse ─▶ operand of JF #3 ─▶ operand of JMP #1 ─▶ 0

/** Integers per record. */
export const RECORD = 6;

/** A place in the code. Jumps to it may be emitted before or after it is placed. */
export class Label {
  /** Word where it is placed; -1 while unknown. */
  word = -1;
  /** Index of the last operand to patch, which holds the index of the one before it; 0: no operand. */
  lastUse = 0;
  /** The most words since the last safepoint on any path that jumps here. */
  unpaid = 0;
}

/** Range of words whose exceptions go to `target`, with the exception in `register`. */
export interface Handler {
  readonly start: number;
  readonly end: number;
  readonly target: Label;
  readonly register: number;
}

/** Kinds of constants; the number is the tag in the image. */
export const CONSTANT = { INT: 0, DOUBLE: 1, STRING: 2, TEMPLATE: 3, BIGINT: 4, SPECIAL: 5 } as const;

export interface Constant {
  readonly tag: number;
  /** int, double, string index or special. */
  readonly value: number;
  /** Pairs of (cooked string index + 1, raw string index). */
  readonly template: readonly number[] | null;
}

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(numbers.length * 2);
  bigger.set(numbers);
  return bigger;
}

/**
 * The code of one function while it grows. One buffer serves all functions of an image: `resetCode` forgets a function, the arrays stay.
 */
export class CodeBuffer {
  code = new Int32Array(RECORD * 128);
  /** Used length of `code`. */
  length = 0;
  /** Words emitted so far. */
  words = 0;
  /**
   * The most words that can have run since the last safepoint when control reaches this place. Straight-line code that gets too long pays
   * for itself with FUEL (ts/defs/fuel.ts); the generated emit methods add and reset this.
   */
  protected unpaid = 0;
  /** Source offset of the code being compiled; instructions that may throw or stop take it from here. */
  pos = 0;
  /** Pairs of (word, source offset), of which `positionsLength` numbers are in use. */
  positions = new Int32Array(128);
  positionsLength = 0;
  handlers: Handler[] = [];
  constants: Constant[] = [];
  /** The source offset that was marked last. */
  private markedPos = -1;
  /** Word of the last place that a jump may lead to. */
  private labelledWord = 0;
  private readonly numbers = new Map<number, number>();
  private readonly strings = new Map<number, number>();

  /** Forgets the function; the buffers are kept. */
  protected resetCode(): void {
    this.length = 0;
    this.words = 0;
    this.unpaid = 0;
    this.pos = 0;
    this.markedPos = -1;
    this.labelledWord = 0;
    this.positionsLength = 0;
    if (this.handlers.length > 0) this.handlers = [];
    if (this.constants.length > 0) this.constants = [];
    // Clearing a map makes a new table, even of an empty one.
    if (this.numbers.size > 0) this.numbers.clear();
    if (this.strings.size > 0) this.strings.clear();
  }

  // --- records

  protected put0(op: number, words: number): number {
    return this.put(op, 0, 0, 0, 0, words);
  }

  protected put1(op: number, a: number, words: number): number {
    return this.put(op, a, 0, 0, 0, words);
  }

  protected put2(op: number, a: number, b: number, words: number): number {
    return this.put(op, a, b, 0, 0, words);
  }

  protected put3(op: number, a: number, b: number, c: number, words: number): number {
    return this.put(op, a, b, c, 0, words);
  }

  protected put4(op: number, a: number, b: number, c: number, d: number, words: number): number {
    return this.put(op, a, b, c, d, words);
  }

  /** Appends a record of `words` words and returns its index. Unused operands are 0: the encoder never looks at them. */
  private put(op: number, a: number, b: number, c: number, d: number, words: number): number {
    const at = this.length;
    if (at + RECORD > this.code.length) this.code = grown(this.code);
    const code = this.code;
    code[at] = op;
    code[at + 1] = a;
    code[at + 2] = b;
    code[at + 3] = c;
    code[at + 4] = d;
    code[at + 5] = this.words;
    this.length = at + RECORD;
    this.words += words;
    this.unpaid += words;
    return at;
  }

  /**
   * Gives the next instruction the current source position. The generated emit methods call it for instructions that may throw or stop: no
   * other instruction is ever shown in a stack.
   */
  protected mark(): void {
    if (this.pos !== this.markedPos) {
      this.markedPos = this.pos;
      let at = this.positionsLength;
      // Nothing was emitted under the previous position: it is replaced.
      if (at > 0 && this.positions[at - 2] === this.words) at -= 2;
      if (at + 2 > this.positions.length) this.positions = grown(this.positions);
      this.positions[at] = this.words;
      this.positions[at + 1] = this.pos;
      this.positionsLength = at + 2;
    }
  }

  // --- labels

  /**
   * Makes an operand a jump to `label`. Distances are counted in words from the jumping instruction, whose word is the last integer of its
   * record.
   */
  protected refer(label: Label, operand: number): void {
    if (label.word >= 0) {
      this.code[operand] = label.word - this.code[operand - (operand % RECORD) + RECORD - 1]!;
    } else {
      this.code[operand] = label.lastUse;
      label.lastUse = operand;
      if (this.unpaid > label.unpaid) label.unpaid = this.unpaid;
    }
  }

  /** Places a label here, and patches all jumps that refer to it. */
  emitLabel(label: Label): void {
    const word = this.words;
    label.word = word;
    this.labelledWord = word;
    if (label.unpaid > this.unpaid) this.unpaid = label.unpaid;
    const { code } = this;
    let operand = label.lastUse;
    while (operand !== 0) {
      const before = code[operand]!;
      code[operand] = word - code[operand - (operand % RECORD) + RECORD - 1]!;
      operand = before;
    }
    label.lastUse = 0;
  }

  /** A new label at the current position, for backward jumps. Such a jump is a safepoint, so nothing unpaid comes with it. */
  here(): Label {
    const label = new Label();
    label.word = this.words;
    this.labelledWord = this.words;
    return label;
  }

  /** Opcode of the previous instruction; -1 if a jump may lead here, because control need not come from that instruction then. */
  protected lastOp(): number {
    return this.length === 0 || this.labelledWord === this.words ? -1 : this.code[this.length - RECORD]!;
  }

  /**
   * Adds a handler for the words from `start` up to now; an empty range is dropped. Inner ranges must be added before outer ones: the first
   * handler that covers a word is the one that is used.
   */
  addHandler(start: number, target: Label, register: number): void {
    if (this.words <= start) return;
    this.handlers.push({ start, end: this.words, target, register });
    // An exception may come from the end of the range.
    if (this.unpaid > target.unpaid) target.unpaid = this.unpaid;
  }

  // --- constants

  intConstant(value: number): number {
    return this.numberConstant(value);
  }

  /** Index of a number among the constants, each of which is there once. Integers are stored as such, -0 and NaN as doubles. */
  numberConstant(value: number): number {
    // A Map treats -0 as 0.
    const negativeZero = value === 0 && 1 / value < 0;
    const known = negativeZero ? undefined : this.numbers.get(value);
    if (known !== undefined) return known;
    const index = this.constants.length;
    const isInt = (value | 0) === value && !negativeZero;
    this.constants.push({ tag: isInt ? CONSTANT.INT : CONSTANT.DOUBLE, value, template: null });
    if (!negativeZero) this.numbers.set(value, index);
    return index;
  }

  stringConstant(stringIndex: number): number {
    const known = this.strings.get(stringIndex);
    if (known !== undefined) return known;
    const index = this.constants.length;
    this.constants.push({ tag: CONSTANT.STRING, value: stringIndex, template: null });
    this.strings.set(stringIndex, index);
    return index;
  }

  /** Index of a new BigInt constant; equal ones are not shared. `stringIndex`: its decimal digits. */
  bigintConstant(stringIndex: number): number {
    this.constants.push({ tag: CONSTANT.BIGINT, value: stringIndex, template: null });
    return this.constants.length - 1;
  }

  /** Index of a new template: each place in the source has a template object of its own. */
  templateConstant(template: readonly number[]): number {
    this.constants.push({ tag: CONSTANT.TEMPLATE, value: 0, template });
    return this.constants.length - 1;
  }
}
