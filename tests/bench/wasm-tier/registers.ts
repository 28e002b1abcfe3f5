// Owns where the value of each register is while compiled code runs, and in which form: in the frame, or in locals as the word that the
// interpreter would have there, an int32, a double, or a number of which a flag says which of the two the interpreter would have. Must
// never leave compiled code before every register that may still be read is in the frame in the interpreter's own form.

import { CODE_SIZE, type LinkedFunction } from "./bytecode.ts";
import { type Code, F64, I32, I64, type Label, OP } from "./wasm.ts";
import { SPECIALS } from "../../../ts/defs/opcodes.ts";
import { FIRST_TAG, NAN_HIGH, VALUE_TAGS } from "../../../ts/defs/values.ts";
import { VM_WORD } from "../../../ts/generated/machine.ts";

/** Forms of a register. FRAME: only in memory. Joins go up in this order, but that INT and DOUBLE meet in NUMBER. */
export const FORM = { FRAME: 0, INT: 1, DOUBLE: 2, NUMBER: 3, WORD: 4 } as const;
/** What a word is expected to be, from what was seen in frames and arrays. */
export const EXPECT = { UNKNOWN: 0, INT: 1, DOUBLE: 2, NUMBER: 3, OTHER: 4 } as const;

export const INT_BITS = BigInt(VALUE_TAGS.INT) << 32n;
export const DOUBLE_LIMIT = BigInt(FIRST_TAG) << 32n;
const CANONICAL_NAN = BigInt(NAN_HIGH) << 32n;
const special = (name: (typeof SPECIALS)[number]): bigint =>
  (BigInt(VALUE_TAGS.SPECIAL) << 32n) | BigInt(SPECIALS.indexOf(name));
export const UNDEFINED = special("undefined");
export const NULL = special("null");
export const FALSE = special("false");
export const TRUE = special("true");
export const HOLE = special("hole");

/** Results of compiled code: it leaves before an instruction, goes on in another frame, or leaves where a register is not as expected. */
export const LEAVE = 0;
export const GO_ON = 1;
export const MISSED = 2;

/** The registers of a frame at one place of the code. */
export class State {
  readonly form: Uint8Array;
  /** 1: the frame in memory has another value. */
  readonly dirty: Uint8Array;
  readonly expect: Uint8Array;

  constructor(registers: number, from?: State) {
    this.form = from?.form.slice() ?? new Uint8Array(registers);
    this.dirty = from?.dirty.slice() ?? new Uint8Array(registers);
    this.expect = from?.expect.slice() ?? new Uint8Array(registers);
  }

  clone(): State {
    return new State(0, this);
  }
}

function joined(a: number, b: number, seen: number, isOpen: boolean): number {
  if (a === b) return a;
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  if (low === FORM.FRAME) {
    if (isOpen) return FORM.WORD;
    return high !== FORM.WORD && seen === EXPECT.NUMBER ? FORM.NUMBER : high;
  }
  return high === FORM.WORD ? FORM.WORD : FORM.NUMBER;
}

/**
 * Joins `from` into `into`; true if that changed it. Registers that will not be read again count as in the frame. isOpen: what comes from the
 * frame may be anything.
 */
export function join(into: State, from: State, live: Uint8Array, seen: Uint8Array, isOpen: boolean): boolean {
  let isChanged = false;
  for (let r = 0; r < live.length; r++) {
    if (live[r] === 0) continue;
    const form = joined(into.form[r]!, from.form[r]!, seen[r]!, isOpen);
    const dirty = into.dirty[r]! | from.dirty[r]!;
    const expect = into.expect[r] === from.expect[r] ? into.expect[r]! : into.expect[r]! || from.expect[r]!;
    if (form !== into.form[r] || dirty !== into.dirty[r]) isChanged = true;
    into.form[r] = form;
    into.dirty[r] = dirty;
    into.expect[r] = expect;
  }
  return isChanged;
}

/** The state `from` where only these registers count. */
export function restricted(from: State, live: Uint8Array): State {
  const state = from.clone();
  for (let r = 0; r < live.length; r++) {
    if (live[r] === 1) continue;
    state.form[r] = FORM.FRAME;
    state.dirty[r] = 0;
  }
  return state;
}

type LocalMap = Map<number, number>;

/** Writes the code that moves registers between frame and locals. */
export class Registers {
  readonly code: Code;
  readonly linked: LinkedFunction;
  /** What the frames that were seen held. */
  readonly seen: Uint8Array;
  state: State;
  /** Locals: parameters of the compiled function, then the fuel that is left, then temporaries. */
  readonly fp = 0;
  readonly cell = 1;
  readonly fuel: number;
  readonly tempInt: number;
  readonly tempWord: number;
  readonly tempDouble: number;
  readonly #words: LocalMap = new Map();
  readonly #ints: LocalMap = new Map();
  readonly #doubles: LocalMap = new Map();
  readonly #flags: LocalMap = new Map();

  constructor(code: Code, linked: LinkedFunction, seen: Uint8Array) {
    this.code = code;
    this.linked = linked;
    this.seen = seen;
    this.state = new State(linked.registers);
    this.fuel = code.local(I32);
    this.tempInt = code.local(I32);
    this.tempWord = code.local(I64);
    this.tempDouble = code.local(F64);
  }

  word(register: number): number {
    return this.#local(this.#words, register, I64);
  }

  int(register: number): number {
    return this.#local(this.#ints, register, I32);
  }

  double(register: number): number {
    return this.#local(this.#doubles, register, F64);
  }

  /** 1: the interpreter would hold the number in `double` as an int32. */
  flag(register: number): number {
    return this.#local(this.#flags, register, I32);
  }

  #local(map: LocalMap, register: number, type: typeof I32 | typeof I64 | typeof F64): number {
    let local = map.get(register);
    if (local === undefined) map.set(register, (local = this.code.local(type)));
    return local;
  }

  /** Leaves the int32 on the stack as a word. */
  boxInt(): void {
    this.code.op(OP.i64_extend_i32_u).i64(INT_BITS).op(OP.i64_or);
  }

  /** Leaves the double on the stack as a word, NaN in its one form. */
  boxDouble(): void {
    const { code, tempDouble } = this;
    code.tee(tempDouble).op(OP.i64_reinterpret_f64).i64(CANONICAL_NAN);
    code.get(tempDouble).get(tempDouble).op(OP.f64_eq, OP.select);
  }

  /** Pushes the word of a register in the given state. */
  pushWord(register: number, state = this.state): void {
    const { code } = this;
    switch (state.form[register]) {
      case FORM.FRAME:
        code.get(this.fp).memory(OP.i64_load, register * 8);
        return;
      case FORM.WORD:
        code.get(this.word(register));
        return;
      case FORM.INT:
        code.get(this.int(register));
        this.boxInt();
        return;
      case FORM.DOUBLE:
        code.get(this.double(register));
        this.boxDouble();
        return;
      default:
        code.get(this.double(register)).truncate(I32);
        this.boxInt();
        code.get(this.double(register));
        this.boxDouble();
        code.get(this.flag(register)).op(OP.select);
    }
  }

  /** Stores all that differs from the frame and may be read at `word`. */
  flush(state: State, word: number): void {
    if (this.code.muted) return;
    const live = this.linked.live.get(word)!;
    for (let r = 0; r < live.length; r++) {
      if (live[r] === 0 || state.dirty[r] === 0) continue;
      this.code.get(this.fp);
      this.pushWord(r, state);
      this.code.memory(OP.i64_store, r * 8);
    }
  }

  /** Leaves before the instruction at `word`, with the registers as in `state`. */
  leaveAt(word: number, state: State, result: typeof LEAVE | typeof MISSED): void {
    const { code } = this;
    if (code.muted) return;
    this.flush(state, word);
    code
      .i32(0)
      .get(this.cell)
      .i32(CODE_SIZE + 8 * word)
      .op(OP.i32_add)
      .memory(OP.i32_store, VM_WORD.pc);
    code.i32(0).get(this.fp).memory(OP.i32_store, VM_WORD.fp);
    code.i32(0).get(this.fuel).memory(OP.i32_store, VM_WORD.fuel);
    code.i32(result).op(OP.return);
  }

  /** Brings a register from the frame into its word. */
  load(register: number): void {
    const { state, code } = this;
    if (state.form[register] !== FORM.FRAME) return;
    code
      .get(this.fp)
      .memory(OP.i64_load, register * 8)
      .set(this.word(register));
    state.form[register] = FORM.WORD;
    state.expect[register] = this.seen[register]!;
  }

  /** Turns the word of a register into an int32, or branches. */
  wordToInt(register: number, otherwise: Label): void {
    const { code } = this;
    code.get(this.word(register)).i64(INT_BITS).op(OP.i64_lt_u).brIf(otherwise);
    code.get(this.word(register)).op(OP.i32_wrap_i64).set(this.int(register));
  }

  wordToDouble(register: number, otherwise: Label): void {
    const { code } = this;
    code.get(this.word(register)).i64(DOUBLE_LIMIT).op(OP.i64_ge_u).brIf(otherwise);
    code.get(this.word(register)).op(OP.f64_reinterpret_i64).set(this.double(register));
  }

  wordToNumber(register: number, otherwise: Label): void {
    const { code } = this;
    const word = this.word(register);
    code.get(word).i64(INT_BITS).op(OP.i64_ge_u).set(this.flag(register));
    code
      .get(word)
      .i64(DOUBLE_LIMIT)
      .op(OP.i64_ge_u)
      .get(this.flag(register))
      .op(OP.i32_eqz, OP.i32_and)
      .brIf(otherwise);
    code.get(word).op(OP.i32_wrap_i64, OP.f64_convert_i32_s);
    code.get(word).op(OP.f64_reinterpret_i64);
    code.get(this.flag(register)).op(OP.select).set(this.double(register));
  }

  /** Brings one register from its form into another, for a jump. `otherwise`: where the word is not what was expected. */
  convert(register: number, to: number, otherwise: Label): void {
    const { code, state } = this;
    const from = state.form[register]!;
    if (from === to) return;
    if (to === FORM.WORD) {
      this.pushWord(register);
      code.set(this.word(register));
    } else if (from === FORM.FRAME) {
      code
        .get(this.fp)
        .memory(OP.i64_load, register * 8)
        .set(this.word(register));
      if (to === FORM.INT) this.wordToInt(register, otherwise);
      else if (to === FORM.DOUBLE) this.wordToDouble(register, otherwise);
      else this.wordToNumber(register, otherwise);
    } else if (from === FORM.INT) {
      code.get(this.int(register)).op(OP.f64_convert_i32_s).set(this.double(register));
      code.i32(1).set(this.flag(register));
    } else code.i32(0).set(this.flag(register));
  }

  /** True if a jump to a place with that state may find a word that was not expected. */
  mayMiss(to: State, live: Uint8Array): boolean {
    const from = this.state.form;
    for (let r = 0; r < live.length; r++)
      if (live[r] === 1 && from[r] === FORM.FRAME && to.form[r] !== FORM.FRAME && to.form[r]! < FORM.WORD) return true;
    return false;
  }
}
