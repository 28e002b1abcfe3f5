// Owns the writing of wasm: instructions, labels, locals, modules of one exported function. Must never know what the code is for.

import { leb } from "../../../ts/build/wasm-sections.ts";

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export type ValueType = typeof I32 | typeof I64 | typeof F64;

/** Instructions without operands, and those with a memory operand (`load`, `store`). */
export const OP = {
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32_load: 0x28,
  i64_load: 0x29,
  f64_load: 0x2b,
  i32_load8_u: 0x2d,
  i32_load16_u: 0x2f,
  i32_store: 0x36,
  i64_store: 0x37,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_gt_u: 0x4b,
  i32_le_s: 0x4c,
  i32_le_u: 0x4d,
  i32_ge_s: 0x4e,
  i32_ge_u: 0x4f,
  i64_eqz: 0x50,
  i64_eq: 0x51,
  i64_ne: 0x52,
  i64_lt_u: 0x54,
  i64_gt_s: 0x55,
  i64_gt_u: 0x56,
  i64_ge_u: 0x5a,
  f64_eq: 0x61,
  f64_ne: 0x62,
  f64_lt: 0x63,
  f64_gt: 0x64,
  f64_le: 0x65,
  f64_ge: 0x66,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_rem_s: 0x6f,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_s: 0x75,
  i32_shr_u: 0x76,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_rem_s: 0x81,
  i64_and: 0x83,
  i64_or: 0x84,
  i64_shl: 0x86,
  i64_shr_u: 0x88,
  f64_abs: 0x99,
  f64_neg: 0x9a,
  f64_add: 0xa0,
  f64_sub: 0xa1,
  f64_mul: 0xa2,
  f64_div: 0xa3,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_s: 0xac,
  i64_extend_i32_u: 0xad,
  f64_convert_i32_s: 0xb7,
  f64_convert_i64_s: 0xb9,
  i64_reinterpret_f64: 0xbd,
  f64_reinterpret_i64: 0xbf,
} as const;

const EMPTY = 0x40;

function signed(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) {
      out.push(low);
      return;
    }
    out.push(low | 128);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** A place that `br` can go to. */
export interface Label {
  readonly depth: number;
}

/** The body of a function under construction. Muted, it keeps count of labels and locals and writes nothing. */
export class Code {
  #bytes: number[] = [];
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;
  #depth = 0;
  muted = false;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** Starts again, with the locals made so far. */
  restart(): void {
    this.#bytes = [];
    this.#depth = 0;
  }

  local(type: ValueType): number {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  op(...bytes: number[]): this {
    if (!this.muted) this.#bytes.push(...bytes);
    return this;
  }

  /** Truncates without trapping: to i32, or to i64. */
  truncate(type: typeof I32 | typeof I64): this {
    return this.op(0xfc, type === I32 ? 2 : 6);
  }

  get(local: number): this {
    return this.#with(0x20, local);
  }

  set(local: number): this {
    return this.#with(0x21, local);
  }

  tee(local: number): this {
    return this.#with(0x22, local);
  }

  i32(value: number): this {
    if (this.muted) return this;
    this.#bytes.push(0x41);
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.#bytes.push((rest & 127) | 128);
      rest >>= 7;
    }
    this.#bytes.push(rest & 127);
    return this;
  }

  i64(value: bigint): this {
    if (this.muted) return this;
    this.#bytes.push(0x42);
    signed(this.#bytes, BigInt.asIntN(64, value));
    return this;
  }

  f64(value: number): this {
    if (this.muted) return this;
    scratch.setFloat64(0, value, true);
    this.#bytes.push(0x44, ...new Uint8Array(scratch.buffer));
    return this;
  }

  /** A load or a store. The address, and for a store the value, are on the stack. */
  memory(opcode: number, offset: number): this {
    if (this.muted) return this;
    this.#bytes.push(opcode, 0);
    this.#bytes.push(...leb(offset));
    return this;
  }

  block(): Label {
    return this.#open(0x02);
  }

  loop(): Label {
    return this.#open(0x03);
  }

  if(): Label {
    return this.#open(0x04);
  }

  else(): this {
    return this.op(0x05);
  }

  end(): this {
    this.#depth--;
    return this.op(0x0b);
  }

  br(label: Label): this {
    return this.#with(0x0c, this.#depth - label.depth);
  }

  brIf(label: Label): this {
    return this.#with(0x0d, this.#depth - label.depth);
  }

  brTable(labels: readonly Label[], otherwise: Label): this {
    if (this.muted) return this;
    this.#bytes.push(0x0e);
    this.#bytes.push(...leb(labels.length));
    for (const label of [...labels, otherwise]) this.#bytes.push(...leb(this.#depth - label.depth));
    return this;
  }

  callIndirect(type: number): this {
    return this.#with(0x11, type).op(0);
  }

  /** The body with its locals, as the code section has it. */
  body(): number[] {
    const head = leb(this.#locals.length);
    for (const type of this.#locals) head.push(1, type);
    return leb(head.length + this.#bytes.length + 1).concat(head, this.#bytes, [0x0b]);
  }

  #with(opcode: number, operand: number): this {
    if (this.muted) return this;
    this.#bytes.push(opcode);
    this.#bytes.push(...leb(operand));
    return this;
  }

  #open(opcode: number): Label {
    this.op(opcode, EMPTY);
    return { depth: ++this.#depth };
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Type 0 is that of compiled functions: (fp, code, word) → 1 go on in the frame at VM_FP, 0 leave. Type 1 is () → i32. */
const TYPES = [2, 0x60, 3, I32, I32, I32, 1, I32, 0x60, 0, 1, I32];

/**
 * A module that imports the machine's memory, if `usesTable` the table of compiled functions too, and exports one function of that type
 * as `run`.
 */
export function moduleOf(code: Code, type: 0 | 1, usesTable: boolean): Uint8Array<ArrayBuffer> {
  const imports = [...name("m"), ...name("memory"), 2, 0, 0];
  if (usesTable) imports.push(...name("m"), ...name("table"), 1, 0x70, 0, 0);
  return new Uint8Array([
    ...HEAD,
    ...section(1, TYPES),
    ...section(2, [usesTable ? 2 : 1, ...imports]),
    ...section(3, [1, type]),
    ...section(7, [1, ...name("run"), 0, 0]),
    ...section(10, [1].concat(code.body())),
  ]);
}
