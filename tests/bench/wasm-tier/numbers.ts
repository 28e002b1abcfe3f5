// Owns arithmetic, bits and comparisons of numbers in compiled code, with the form of each result (int32 or double) that the interpreter
// gives it (assembly/interpreter/dispatch.ts, arithmetic.ts). Must never compute what would call guest code: that leaves for the interpreter.
//
// Where a form depends on the values, the one that was seen before is assumed, and the code leaves if it is another. After some such
// exits the instruction is compiled as generic: then the form is computed as a flag.

import { EXPECT, FALSE, FORM, INT_BITS, type Registers, TRUE } from "./registers.ts";
import { type Code, I32, I64, type Label, OP } from "./wasm.ts";

/** A register, or a number in the instruction. */
export type Operand = { readonly register: number } | { readonly value: number };

const INT_COMPARE: Readonly<Record<string, number>> = {
  LT: OP.i32_lt_s,
  LE: OP.i32_le_s,
  GT: OP.i32_gt_s,
  GE: OP.i32_ge_s,
  EQ: OP.i32_eq,
  SEQ: OP.i32_eq,
  NE: OP.i32_ne,
  SNE: OP.i32_ne,
};
const DOUBLE_COMPARE: Readonly<Record<string, number>> = {
  LT: OP.f64_lt,
  LE: OP.f64_le,
  GT: OP.f64_gt,
  GE: OP.f64_ge,
  EQ: OP.f64_eq,
  SEQ: OP.f64_eq,
  NE: OP.f64_ne,
  SNE: OP.f64_ne,
};
const BITS: Readonly<Record<string, number>> = {
  BITAND: OP.i32_and,
  BITOR: OP.i32_or,
  BITXOR: OP.i32_xor,
  SHL: OP.i32_shl,
  SHR: OP.i32_shr_s,
  USHR: OP.i32_shr_u,
};
/** Integers that doubles hold exactly, and doubles that an i64 holds. */
const EXACT = 2 ** 53;
const LONG = 2 ** 63;

const isPowerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;

/** Writes the operators of one instruction at a time. */
export class Numbers {
  readonly #registers: Registers;
  readonly #code: Code;
  /** Where the instruction leaves for the interpreter. */
  slow!: Label;
  isGeneric = false;

  constructor(registers: Registers) {
    this.#registers = registers;
    this.#code = registers.code;
  }

  // --- operands

  /** Brings a register into a form of number; leaves if it holds none. */
  resolve(register: number): number {
    const { state } = this.#registers;
    this.#registers.load(register);
    if (state.form[register] !== FORM.WORD) return state.form[register]!;
    const expected = this.isGeneric ? EXPECT.NUMBER : state.expect[register];
    if (expected === EXPECT.INT) {
      this.#registers.wordToInt(register, this.slow);
      return (state.form[register] = FORM.INT);
    }
    if (expected === EXPECT.DOUBLE) {
      this.#registers.wordToDouble(register, this.slow);
      return (state.form[register] = FORM.DOUBLE);
    }
    this.#registers.wordToNumber(register, this.slow);
    return (state.form[register] = FORM.NUMBER);
  }

  #formOf(operand: Operand): number {
    return "value" in operand ? FORM.INT : this.resolve(operand.register);
  }

  pushInt(operand: Operand): void {
    if ("value" in operand) this.#code.i32(operand.value);
    else this.#code.get(this.#registers.int(operand.register));
  }

  #pushDouble(operand: Operand, form: number): void {
    const code = this.#code;
    if ("value" in operand) code.f64(operand.value);
    else if (form === FORM.INT) code.get(this.#registers.int(operand.register)).op(OP.f64_convert_i32_s);
    else code.get(this.#registers.double(operand.register));
  }

  /** Pushes 1 if the interpreter holds the operand, which is in the form of a number, as an int32. */
  #pushFlag(operand: Operand): void {
    if ("register" in operand) this.#code.get(this.#registers.flag(operand.register));
  }

  /** Brings a register into the form of an int32; leaves if it holds anything else. */
  asInt(register: number): void {
    this.#toInt({ register }, this.#expectInt(register));
  }

  #expectInt(register: number): number {
    const { state } = this.#registers;
    this.#registers.load(register);
    if (state.form[register] === FORM.WORD) state.expect[register] = EXPECT.INT;
    const form = this.resolve(register);
    if (form === FORM.DOUBLE) this.#code.br(this.slow);
    return form;
  }

  /** Turns a number that must be an int32 into one. */
  #toInt(operand: Operand, form: number): void {
    if (!("register" in operand) || form !== FORM.NUMBER) return;
    const { register } = operand;
    this.#code.get(this.#registers.flag(register)).op(OP.i32_eqz).brIf(this.slow);
    this.#code.get(this.#registers.double(register)).truncate(I32).set(this.#registers.int(register));
    this.#registers.state.form[register] = FORM.INT;
  }

  /** Leaves the operand on the stack as ToInt32 has it. */
  #pushBits(operand: Operand): void {
    const form = this.#formOf(operand);
    if (form === FORM.INT) {
      this.pushInt(operand);
      return;
    }
    this.#pushDouble(operand, form);
    this.#code.op(OP.f64_abs).f64(LONG).op(OP.f64_lt, OP.i32_eqz).brIf(this.slow);
    this.#pushDouble(operand, form);
    this.#code.truncate(I64).op(OP.i32_wrap_i64);
  }

  // --- results

  #set(register: number, form: number): void {
    const { state } = this.#registers;
    state.form[register] = form;
    state.dirty[register] = 1;
  }

  setInt(register: number): void {
    this.#code.set(this.#registers.int(register));
    this.#set(register, FORM.INT);
  }

  #setDouble(register: number): void {
    this.#code.set(this.#registers.double(register));
    this.#set(register, FORM.DOUBLE);
  }

  /** The double is in the temporary, the flag on the stack. */
  #setNumber(register: number): void {
    this.#code.set(this.#registers.flag(register));
    this.#code.get(this.#registers.tempDouble).set(this.#registers.double(register));
    this.#set(register, FORM.NUMBER);
  }

  setConstant(register: number, value: number, isInt: boolean): void {
    if (isInt) {
      this.#code.i32(value);
      this.setInt(register);
    } else {
      this.#code.f64(value);
      this.#setDouble(register);
    }
  }

  setWord(register: number, expect: number): void {
    this.#code.set(this.#registers.word(register));
    this.#set(register, FORM.WORD);
    this.#registers.state.expect[register] = expect;
  }

  setBoolean(register: number): void {
    this.#code.op(OP.i64_extend_i32_u).i64(FALSE).op(OP.i64_or);
    this.setWord(register, EXPECT.OTHER);
  }

  /** Copies a register in the form it has. */
  move(to: number, from: number): void {
    const { state } = this.#registers;
    const registers = this.#registers;
    registers.load(from);
    const form = state.form[from]!;
    const code = this.#code;
    if (form === FORM.WORD) code.get(registers.word(from)).set(registers.word(to));
    else if (form === FORM.INT) code.get(registers.int(from)).set(registers.int(to));
    else code.get(registers.double(from)).set(registers.double(to));
    if (form === FORM.NUMBER) code.get(registers.flag(from)).set(registers.flag(to));
    state.expect[to] = state.expect[from]!;
    this.#set(to, form);
  }

  /** Pushes 1 if the interpreter holds both operands as int32. */
  #pushBothInts(left: Operand, l: number, right: Operand, r: number): void {
    if (l === FORM.NUMBER) this.#pushFlag(left);
    if (r === FORM.NUMBER) this.#pushFlag(right);
    if (l === FORM.NUMBER && r === FORM.NUMBER) this.#code.op(OP.i32_and);
    if (l !== FORM.NUMBER && r !== FORM.NUMBER) this.#code.i32(1);
  }

  /** Turns a flag on the stack to 0 if the double in the temporary is no int32. Rarely set, and then the conversion takes its time. */
  #andFits(): void {
    const { tempInt } = this.#registers;
    this.#code.tee(tempInt).if();
    this.#pushFits();
    this.#code.set(tempInt).end().get(tempInt);
  }

  /** Pushes 1 if the double in the temporary is an int32; -0 counts as one. */
  #pushFits(): void {
    const { tempDouble } = this.#registers;
    this.#code.get(tempDouble).truncate(I32).op(OP.f64_convert_i32_s).get(tempDouble).op(OP.f64_eq);
  }

  #pushIsPlusZero(): void {
    this.#code.get(this.#registers.tempDouble).op(OP.i64_reinterpret_f64, OP.i64_eqz);
  }

  /** Pushes 1 if `boxNumber` makes an int32 of the double in the temporary. */
  #pushBoxesAsInt(): void {
    this.#pushFits();
    this.#code.get(this.#registers.tempDouble).f64(0).op(OP.f64_ne);
    this.#pushIsPlusZero();
    this.#code.op(OP.i32_or, OP.i32_and);
  }

  /** Delivers the double in the temporary as `boxNumber` does, in the form that was seen before. */
  #setBoxed(register: number): void {
    const { tempDouble, seen } = this.#registers;
    const expected = this.isGeneric ? EXPECT.NUMBER : seen[register];
    this.#pushBoxesAsInt();
    if (expected === EXPECT.INT) {
      this.#code.op(OP.i32_eqz).brIf(this.slow).get(tempDouble).truncate(I32);
      this.setInt(register);
    } else if (expected === EXPECT.DOUBLE) {
      this.#code.brIf(this.slow).get(tempDouble);
      this.#setDouble(register);
    } else this.#setNumber(register);
  }

  // --- operators

  /** ADD, SUB, and their relatives with a number in the instruction. */
  sum(op: "ADD" | "SUB", to: number, left: Operand, right: Operand): void {
    let l = this.#formOf(left);
    let r = this.#formOf(right);
    const maybeInts = l !== FORM.DOUBLE && r !== FORM.DOUBLE;
    this.isGeneric ||= this.#registers.seen[to] === EXPECT.NUMBER && (l !== FORM.INT || r !== FORM.INT);
    if (maybeInts && !this.isGeneric && this.#registers.seen[to] === EXPECT.INT) {
      this.#toInt(left, l);
      this.#toInt(right, r);
      l = r = FORM.INT;
    }
    if (l === FORM.INT && r === FORM.INT && !this.isGeneric) {
      this.#intSum(op, to, left, right);
      return;
    }
    const { tempDouble } = this.#registers;
    this.#pushDouble(left, l);
    this.#pushDouble(right, r);
    this.#code.op(op === "ADD" ? OP.f64_add : OP.f64_sub).set(tempDouble);
    if (maybeInts) {
      this.#pushBothInts(left, l, right, r);
      if (this.isGeneric) {
        this.#andFits();
        this.#setNumber(to);
        return;
      }
      this.#code.brIf(this.slow);
    }
    this.#code.get(tempDouble);
    this.#setDouble(to);
  }

  #intSum(op: "ADD" | "SUB", to: number, left: Operand, right: Operand): void {
    const code = this.#code;
    const { tempInt } = this.#registers;
    this.pushInt(left);
    this.pushInt(right);
    code.op(op === "ADD" ? OP.i32_add : OP.i32_sub).set(tempInt);
    if ("value" in right) {
      const isUp = op === "ADD" ? right.value >= 0 : right.value < 0;
      code.get(tempInt);
      this.pushInt(left);
      code.op(isUp ? OP.i32_lt_s : OP.i32_gt_s).brIf(this.slow);
    } else {
      // The signs tell: a sum overflows if both operands differ from it, a difference if the left one differs from both others.
      this.pushInt(left);
      code.get(tempInt).op(OP.i32_xor);
      this.pushInt(op === "ADD" ? right : left);
      if (op === "ADD") code.get(tempInt);
      else this.pushInt(right);
      code.op(OP.i32_xor, OP.i32_and).i32(0).op(OP.i32_lt_s).brIf(this.slow);
    }
    code.get(tempInt);
    this.setInt(to);
  }

  product(to: number, left: Operand, right: Operand): void {
    const l = this.#formOf(left);
    const r = this.#formOf(right);
    if (l === FORM.INT && r === FORM.INT && !this.isGeneric) {
      this.#intProduct(to, left, right);
      return;
    }
    const { tempDouble } = this.#registers;
    const code = this.#code;
    this.isGeneric ||= this.#registers.seen[to] === EXPECT.NUMBER;
    const maybeInts = l !== FORM.DOUBLE && r !== FORM.DOUBLE;
    this.#pushDouble(left, l);
    this.#pushDouble(right, r);
    code.op(OP.f64_mul).set(tempDouble);
    // +0 is an int32 whatever the operands are.
    this.#pushIsPlusZero();
    if (maybeInts) {
      this.#pushBothInts(left, l, right, r);
      if (this.isGeneric) {
        this.#andFits();
        code.get(tempDouble).f64(0).op(OP.f64_ne, OP.i32_and);
      }
      code.op(OP.i32_or);
    }
    if (this.isGeneric) {
      this.#setNumber(to);
      return;
    }
    code.brIf(this.slow).get(tempDouble);
    this.#setDouble(to);
  }

  #intProduct(to: number, left: Operand, right: Operand): void {
    const code = this.#code;
    const { tempInt, tempWord } = this.#registers;
    this.pushInt(left);
    code.op(OP.i64_extend_i32_s);
    this.pushInt(right);
    code.op(OP.i64_extend_i32_s, OP.i64_mul).tee(tempWord).op(OP.i32_wrap_i64).tee(tempInt);
    code.op(OP.i64_extend_i32_s).get(tempWord).op(OP.i64_ne).brIf(this.slow);
    if (!("value" in right) || right.value <= 0) {
      // 0 times a negative number is -0.
      code.get(tempInt).op(OP.i32_eqz);
      this.pushInt(left);
      this.pushInt(right);
      code.op(OP.i32_or).i32(0).op(OP.i32_lt_s, OP.i32_and).brIf(this.slow);
    }
    code.get(tempInt);
    this.setInt(to);
  }

  quotient(to: number, left: Operand, right: Operand): void {
    const l = this.#formOf(left);
    const isSeenInt = this.#registers.seen[to] === EXPECT.INT && !this.isGeneric;
    if (l === FORM.INT && isSeenInt && "value" in right && isPowerOfTwo(right.value)) {
      this.pushInt(left);
      this.#code
        .i32(right.value - 1)
        .op(OP.i32_and)
        .brIf(this.slow);
      this.pushInt(left);
      this.#code.i32(31 - Math.clz32(right.value)).op(OP.i32_shr_s);
      this.setInt(to);
      return;
    }
    this.#pushDouble(left, l);
    this.#pushDouble(right, this.#formOf(right));
    this.#code.op(OP.f64_div).set(this.#registers.tempDouble);
    this.#setBoxed(to);
  }

  remainder(to: number, left: Operand, right: Operand): void {
    const l = this.#formOf(left);
    const r = this.#formOf(right);
    if (l !== FORM.INT || r !== FORM.INT) {
      this.#longRemainder(to, left, l, right, r);
      return;
    }
    const code = this.#code;
    const { tempInt, tempDouble } = this.#registers;
    if (!("value" in right)) {
      this.pushInt(right);
      code.i32(0).op(OP.i32_le_s).brIf(this.slow);
    }
    if (!this.isGeneric) {
      this.pushInt(left);
      code.i32(0).op(OP.i32_lt_s).brIf(this.slow);
    }
    this.pushInt(left);
    if ("value" in right && isPowerOfTwo(right.value) && !this.isGeneric) code.i32(right.value - 1).op(OP.i32_and);
    else {
      this.pushInt(right);
      code.op(OP.i32_rem_s);
    }
    if (!this.isGeneric) {
      this.setInt(to);
      return;
    }
    // The remainder of a negative number is -0 rather than 0.
    code.set(tempInt).f64(-0).get(tempInt).op(OP.f64_convert_i32_s).get(tempInt).op(OP.i32_eqz);
    this.pushInt(left);
    code.i32(0).op(OP.i32_lt_s, OP.i32_and, OP.select).set(tempDouble);
    this.#pushBoxesAsInt();
    this.#setNumber(to);
  }

  /** The remainder of integers of up to 53 bits, the left one not negative, the right one positive. */
  #longRemainder(to: number, left: Operand, l: number, right: Operand, r: number): void {
    const code = this.#code;
    const { tempDouble } = this.#registers;
    for (const [operand, form] of [
      [left, l],
      [right, r],
    ] as const) {
      this.#pushDouble(operand, form);
      code.tee(tempDouble).truncate(I64).op(OP.f64_convert_i64_s).get(tempDouble).op(OP.f64_eq);
      code.get(tempDouble).f64(EXACT).op(OP.f64_lt, OP.i32_and);
      // -0 has a sign bit, and is refused with the negative numbers.
      code
        .get(tempDouble)
        .op(OP.i64_reinterpret_f64)
        .i64(operand === left ? -1n : 0n)
        .op(OP.i64_gt_s, OP.i32_and);
      code.op(OP.i32_eqz).brIf(this.slow);
    }
    this.#pushDouble(left, l);
    code.truncate(I64);
    this.#pushDouble(right, r);
    code.truncate(I64).op(OP.i64_rem_s, OP.f64_convert_i64_s).set(tempDouble);
    this.#setBoxed(to);
  }

  bits(op: string, to: number, left: Operand, right: Operand): void {
    this.#pushBits(left);
    this.#pushBits(right);
    this.#code.op(BITS[op]!);
    if (op === "USHR") this.#unsigned(to);
    else this.setInt(to);
  }

  /** The u32 on the stack as a number. */
  #unsigned(to: number): void {
    const { tempInt, tempDouble } = this.#registers;
    this.#code.set(tempInt);
    if (this.isGeneric) {
      this.#code.get(tempInt).op(OP.i64_extend_i32_u, OP.f64_convert_i64_s).set(tempDouble);
      this.#code.get(tempInt).i32(0).op(OP.i32_ge_s);
      this.#setNumber(to);
      return;
    }
    this.#code.get(tempInt).i32(0).op(OP.i32_lt_s).brIf(this.slow).get(tempInt);
    this.setInt(to);
  }

  negative(to: number, from: number): void {
    const form = this.resolve(from);
    const operand = { register: from };
    if (form === FORM.INT && !this.isGeneric) {
      // Neither 0 nor the smallest int32 has a negative among them: both are unchanged by doubling, but for the carry.
      this.pushInt(operand);
      this.#code.i32(1).op(OP.i32_shl, OP.i32_eqz).brIf(this.slow).i32(0);
      this.pushInt(operand);
      this.#code.op(OP.i32_sub);
      this.setInt(to);
      return;
    }
    this.#pushDouble(operand, form);
    this.#code.op(OP.f64_neg).set(this.#registers.tempDouble);
    this.#setBoxed(to);
  }

  inverted(to: number, from: number): void {
    this.#pushBits({ register: from });
    this.#code.i32(-1).op(OP.i32_xor);
    this.setInt(to);
  }

  /** Pushes 1 or 0. */
  compare(op: string, left: Operand, right: Operand): void {
    const l = this.#formOf(left);
    const r = this.#formOf(right);
    if (l === FORM.INT && r === FORM.INT) {
      this.pushInt(left);
      this.pushInt(right);
      this.#code.op(INT_COMPARE[op]!);
      return;
    }
    this.#pushDouble(left, l);
    this.#pushDouble(right, r);
    this.#code.op(DOUBLE_COMPARE[op]!);
  }

  /** Pushes 1 if a number or a boolean is true; leaves for anything else. */
  truth(register: number): void {
    const { state } = this.#registers;
    const code = this.#code;
    this.#registers.load(register);
    if (state.form[register] === FORM.WORD && state.expect[register] !== EXPECT.OTHER) {
      if (state.expect[register] !== EXPECT.UNKNOWN) this.resolve(register);
    }
    if (state.form[register] === FORM.WORD) {
      const local = this.#registers.word(register);
      code.get(local).i64(1n).op(OP.i64_or).i64(TRUE).op(OP.i64_ne).brIf(this.slow);
      code.get(local).i64(TRUE).op(OP.i64_eq);
    } else if (state.form[register] === FORM.INT) code.get(this.#registers.int(register)).i32(0).op(OP.i32_ne);
    else code.get(this.#registers.double(register)).op(OP.f64_abs).f64(0).op(OP.f64_gt);
  }
}

/** The number that a linked constant is; undefined: it is none. */
export function numberOf(bits: bigint): { readonly value: number; readonly isInt: boolean } | undefined {
  if (bits >= INT_BITS) return { value: Number(BigInt.asIntN(32, bits)), isInt: true };
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return bits >> 48n < 0xfff9n ? { value: view.getFloat64(0), isInt: false } : undefined;
}
