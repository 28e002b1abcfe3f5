// Owns elements, properties, environments, calls and returns in compiled code: the hits of the interpreter's loop and of its inline caches,
// which it reads where the interpreter keeps them. Must never fill a cache, allocate, or change a cell in a way that a hit does not.

import { CODE_SIZE, type Instruction } from "./bytecode.ts";
import type { Numbers } from "./numbers.ts";
import { EXPECT, FORM, GO_ON, HOLE, type Registers, UNDEFINED } from "./registers.ts";
import { type Code, I32, type Label, OP } from "./wasm.ts";
import { RECORD_KINDS, RECORD_SIZE, STACK_SLACK } from "../../../ts/defs/layout.ts";
import { VALUE_TAGS } from "../../../ts/defs/values.ts";
import {
  ARRAY_LENGTH,
  CODE_LIMITS,
  CODE_REGISTERS,
  ELEMENTS_LENGTH,
  ELEMENTS_SIZE,
  ENV_SIZE,
  FUNCTION_CODE,
  FUNCTION_ENV,
  KIND,
  VM_WORD,
} from "../../../ts/generated/machine.ts";

/** Where a cell has its kind, an object its slots and elements, a record its destination and kind. */
const CELL_KIND = 7;
const OBJECT_SLOTS = 8;
const OBJECT_ELEMENTS = 12;
const RECORD_DESTINATION = 8;
const RECORD_KIND_AT = 10;
/** Fields of an inline cache, and the tags of its offset (assembly/interpreter/access.ts). */
const CACHE = { SHAPE: 0, OFFSET: 4, HOLDER: 8, EPOCH: 12 } as const;
const TAG = { OWN: 0, OWN_OUTER: 1, HOLDER: 2, HOLDER_OUTER: 3, LENGTH: 4 } as const;

/** What was seen where the function's code and its caches are. */
export interface Sight {
  /** What the elements of the array that an instruction reads are, as far as they were seen. */
  elements(instruction: Instruction): number;
  /** The offset in the cache of an instruction. */
  cacheOffset(instruction: Instruction): number;
}

export class Objects {
  readonly #registers: Registers;
  readonly #numbers: Numbers;
  readonly #code: Code;
  readonly #sight: Sight;
  readonly #address: number;
  readonly #target: number;
  readonly #end: number;
  slow!: Label;

  constructor(registers: Registers, numbers: Numbers, sight: Sight) {
    this.#registers = registers;
    this.#numbers = numbers;
    this.#code = registers.code;
    this.#sight = sight;
    this.#address = this.#code.local(I32);
    this.#target = this.#code.local(I32);
    this.#end = this.#code.local(I32);
  }

  /** Puts the address in a register with that tag into a local, or leaves. */
  #addressIn(register: number, tag: number): void {
    this.#registers.load(register);
    const code = this.#code;
    this.#registers.pushWord(register);
    code.i64(32n).op(OP.i64_shr_u, OP.i32_wrap_i64).i32(tag).op(OP.i32_ne).brIf(this.slow);
    this.#registers.pushWord(register);
    code.op(OP.i32_wrap_i64).set(this.#address);
  }

  #leaveUnlessKind(address: number, kind: number): void {
    this.#code.get(address).memory(OP.i32_load8_u, CELL_KIND).i32(kind).op(OP.i32_ne).brIf(this.slow);
  }

  // --- elements

  /** Puts the address of an element, less the head of the elements, into a local. The elements are dense, and it is no hole. */
  #element(object: number, key: number, isWritten: boolean): void {
    const code = this.#code;
    const address = this.#address;
    this.#numbers.asInt(key);
    this.#addressIn(object, VALUE_TAGS.OBJECT);
    code.get(address).memory(OP.i32_load, OBJECT_ELEMENTS).set(address);
    this.#leaveUnlessKind(address, KIND.ELEMENTS);
    this.#numbers.pushInt({ register: key });
    code.get(address).memory(OP.i32_load, ELEMENTS_LENGTH).op(OP.i32_ge_u).brIf(this.slow);
    // Frozen or sealed.
    if (isWritten) code.get(address).memory(OP.i32_load, 0).brIf(this.slow);
    code.get(address);
    this.#numbers.pushInt({ register: key });
    code.i32(3).op(OP.i32_shl, OP.i32_add).tee(address).memory(OP.i64_load, ELEMENTS_SIZE);
    code.tee(this.#registers.tempWord).i64(HOLE).op(OP.i64_eq).brIf(this.slow);
  }

  getElement(instruction: Instruction): void {
    const { a, b, c } = instruction;
    this.#element(b, c, false);
    this.#code.get(this.#registers.tempWord);
    this.#numbers.setWord(a, this.#sight.elements(instruction));
  }

  setElement({ a, b, c }: Instruction): void {
    this.#element(a, b, true);
    this.#code.get(this.#address);
    this.#registers.pushWord(c);
    this.#code.memory(OP.i64_store, ELEMENTS_SIZE);
  }

  // --- properties

  #cacheField(instruction: Instruction, field: number): void {
    const offset = CODE_SIZE + 8 * instruction.word + instruction.distance + field;
    this.#code.get(this.#registers.cell).memory(OP.i32_load, offset);
  }

  #leaveUnlessEpoch(instruction: Instruction): void {
    this.#cacheField(instruction, CACHE.EPOCH);
    this.#code.i32(0).memory(OP.i32_load, VM_WORD.epoch).op(OP.i32_ne).brIf(this.slow);
  }

  /** Leaves unless the cache is for the shape of the object, and of the tag that was seen. Pushes the offset without the tag. */
  #cached(instruction: Instruction, tag: number, mask: number): void {
    this.#cacheField(instruction, CACHE.OFFSET);
    this.#code.tee(this.#target).i32(mask).op(OP.i32_and).i32(tag).op(OP.i32_ne).brIf(this.slow);
    this.#code.get(this.#target).i32(tag).op(OP.i32_sub);
  }

  #leaveUnlessShape(instruction: Instruction, object: number): void {
    this.#addressIn(object, VALUE_TAGS.OBJECT);
    this.#code.get(this.#address).memory(OP.i32_load, 0);
    this.#cacheField(instruction, CACHE.SHAPE);
    this.#code.op(OP.i32_ne).brIf(this.slow);
  }

  getProperty(instruction: Instruction): void {
    const { a, b } = instruction;
    const code = this.#code;
    const tag = this.#sight.cacheOffset(instruction) & 7;
    this.#leaveUnlessShape(instruction, b);
    if (tag === TAG.LENGTH) {
      this.#cached(instruction, tag, 7);
      code.op(OP.drop).get(this.#address).memory(OP.i32_load, ARRAY_LENGTH).tee(this.#registers.tempInt);
      code.i32(0).op(OP.i32_lt_s).brIf(this.slow).get(this.#registers.tempInt);
      this.#numbers.setInt(a);
      return;
    }
    if (tag > TAG.LENGTH) code.br(this.slow);
    if (tag === TAG.HOLDER || tag === TAG.HOLDER_OUTER) this.#leaveUnlessEpoch(instruction);
    this.#cached(instruction, tag, 7);
    if (tag === TAG.HOLDER || tag === TAG.HOLDER_OUTER) this.#cacheField(instruction, CACHE.HOLDER);
    else code.get(this.#address);
    if (tag === TAG.OWN_OUTER || tag === TAG.HOLDER_OUTER) code.memory(OP.i32_load, OBJECT_SLOTS);
    code.op(OP.i32_add).memory(OP.i64_load, 0);
    this.#numbers.setWord(a, this.#registers.seen[a]!);
  }

  setProperty(instruction: Instruction): void {
    this.#leaveUnlessShape(instruction, instruction.a);
    this.#cached(instruction, TAG.OWN, 7);
    this.#code.get(this.#address).op(OP.i32_add);
    this.#registers.load(instruction.b);
    this.#registers.pushWord(instruction.b);
    this.#code.memory(OP.i64_store, 0);
  }

  /** Puts the address of a global's slot into a local, and its value into the temporary. */
  #global(instruction: Instruction): void {
    const code = this.#code;
    this.#cacheField(instruction, CACHE.SHAPE);
    code.op(OP.i32_eqz).brIf(this.slow);
    this.#cacheField(instruction, CACHE.HOLDER);
    code.tee(this.#address).memory(OP.i32_load, 0);
    this.#cacheField(instruction, CACHE.SHAPE);
    code.op(OP.i32_ne).brIf(this.slow);
    this.#leaveUnlessEpoch(instruction);
    const isOuter = this.#sight.cacheOffset(instruction) & 1;
    this.#cached(instruction, isOuter, 1);
    code.get(this.#address);
    if (isOuter) code.memory(OP.i32_load, OBJECT_SLOTS);
    code.op(OP.i32_add).tee(this.#address).memory(OP.i64_load, 0);
    code.tee(this.#registers.tempWord).i64(HOLE).op(OP.i64_eq).brIf(this.slow);
  }

  getGlobal(instruction: Instruction): void {
    this.#global(instruction);
    this.#code.get(this.#registers.tempWord);
    this.#numbers.setWord(instruction.a, this.#registers.seen[instruction.a]!);
  }

  setGlobal(instruction: Instruction): void {
    this.#global(instruction);
    this.#code.get(this.#address);
    this.#registers.load(instruction.a);
    this.#registers.pushWord(instruction.a);
    this.#code.memory(OP.i64_store, 0);
  }

  // --- environments

  #calleeEnvironment(): void {
    this.#code.get(this.#registers.fp).memory(OP.i32_load, 0).memory(OP.i32_load, FUNCTION_ENV).set(this.#address);
  }

  calleeEnvironment(to: number): void {
    const code = this.#code;
    this.#calleeEnvironment();
    code
      .i64(UNDEFINED)
      .get(this.#address)
      .op(OP.i64_extend_i32_u)
      .i64(BigInt(VALUE_TAGS.CELL) << 32n)
      .op(OP.i64_or);
    code.get(this.#address).op(OP.i32_eqz, OP.select);
    this.#numbers.setWord(to, EXPECT.OTHER);
  }

  /** Puts an environment into a local: in a register, or some parents above that of the function. */
  #environment(instruction: Instruction, isOuter: boolean): number {
    if (isOuter) {
      this.#calleeEnvironment();
      for (let i = 0; i < instruction.rawB; i++)
        this.#code.get(this.#address).memory(OP.i32_load, 0).set(this.#address);
    } else this.#addressIn(instruction.b, VALUE_TAGS.CELL);
    this.#leaveUnlessKind(this.#address, KIND.ENV);
    const offset = ENV_SIZE + 8 * instruction.rawC;
    this.#code.get(this.#address).memory(OP.i32_load, 4).i32(0xffffff).op(OP.i32_and);
    this.#code
      .i32(offset >>> 3)
      .op(OP.i32_le_u)
      .brIf(this.slow);
    return offset;
  }

  getSlot(instruction: Instruction, isOuter: boolean): void {
    const offset = this.#environment(instruction, isOuter);
    this.#code.get(this.#address).memory(OP.i64_load, offset);
    this.#numbers.setWord(instruction.a, this.#registers.seen[instruction.a]!);
  }

  setSlot(instruction: Instruction, isOuter: boolean): void {
    const offset = this.#environment(instruction, isOuter);
    this.#code.get(this.#address);
    this.#registers.load(instruction.a);
    this.#registers.pushWord(instruction.a);
    this.#code.memory(OP.i64_store, offset);
  }

  // --- calls

  /** Leaves at a safepoint when the fuel is spent: nothing has been taken then. */
  needFuel(): void {
    this.#code.get(this.#registers.fuel).i32(1).op(OP.i32_lt_s).brIf(this.slow);
  }

  /** Takes fuel, after all that could leave. */
  payFuel(units: number): void {
    const { fuel } = this.#registers;
    this.#code.get(fuel).i32(units).op(OP.i32_sub).set(fuel);
  }

  #goOn(): void {
    this.#code.i32(0).get(this.#registers.fuel).memory(OP.i32_store, VM_WORD.fuel);
    this.#code.i32(GO_ON).op(OP.return);
  }

  /** Leaves unless the callee is a function with code that the interpreter's loop would enter at once, and the stack has room. */
  #leaveUnlessCallable(area: number): void {
    const code = this.#code;
    this.#addressIn(area, VALUE_TAGS.OBJECT);
    this.#leaveUnlessKind(this.#address, KIND.FUNCTION);
    code.get(this.#address).memory(OP.i32_load, FUNCTION_CODE).tee(this.#target);
    code.memory(OP.i32_load, 0).brIf(this.slow);
    const csp = this.#address;
    code.i32(0).memory(OP.i32_load, VM_WORD.csp).i32(RECORD_SIZE).op(OP.i32_sub).set(csp);
    code.get(this.#registers.fp).get(this.#target).memory(OP.i32_load16_u, CODE_REGISTERS).i32(3).op(OP.i32_shl);
    code
      .op(OP.i32_add)
      .i32(8 * area + STACK_SLACK)
      .op(OP.i32_add)
      .get(csp)
      .op(OP.i32_gt_u)
      .brIf(this.slow);
    code.i32(0).memory(OP.i32_load, VM_WORD.stackEnd).get(csp).op(OP.i32_sub);
    code.i32(0).memory(OP.i32_load, VM_WORD.stackDepthLimit).i32(4).op(OP.i32_shl, OP.i32_gt_u).brIf(this.slow);
  }

  /** CALL and CALLU: lays the frame as the interpreter does, and goes on in it. */
  call({ op, a, b, rawC, word }: Instruction): void {
    const code = this.#code;
    const { fp, cell, tempInt } = this.#registers;
    const csp = this.#address;
    this.needFuel();
    this.#leaveUnlessCallable(b);
    this.#registers.flush(this.#registers.state, word);
    if (op === "CALLU")
      code
        .get(fp)
        .i64(UNDEFINED)
        .memory(OP.i64_store, 8 * (b + 1));
    this.payFuel(1);
    this.#clear(8 * (b + 2), rawC);
    code
      .get(csp)
      .get(cell)
      .i32(CODE_SIZE + 8 * (word + 1))
      .op(OP.i32_add)
      .memory(OP.i32_store, 0);
    code.get(csp).get(fp).memory(OP.i32_store, 4);
    const record = BigInt(a * 8) | (BigInt(RECORD_KINDS.CALL) << 16n) | (BigInt(rawC) << 32n);
    code.get(csp).i64(record).memory(OP.i64_store, RECORD_DESTINATION);
    code.i32(0).get(csp).memory(OP.i32_store, VM_WORD.csp);
    code
      .get(fp)
      .i32(8 * b)
      .op(OP.i32_add)
      .set(tempInt)
      .i32(0)
      .get(tempInt)
      .memory(OP.i32_store, VM_WORD.fp);
    code.i32(0).get(this.#target).i32(CODE_SIZE).op(OP.i32_add).memory(OP.i32_store, VM_WORD.pc);
    this.#goOn();
  }

  /** Sets the callee's absent parameters, and the registers that must not hold old values, to undefined. */
  #clear(first: number, count: number): void {
    const code = this.#code;
    const at = this.#registers.tempInt;
    const { fp } = this.#registers;
    code.get(this.#target).memory(OP.i32_load16_u, CODE_LIMITS).set(at);
    code
      .get(fp)
      .get(at)
      .get(this.#target)
      .memory(OP.i32_load16_u, CODE_REGISTERS + 2)
      .op(OP.i32_add)
      .i32(3);
    code.op(OP.i32_shl, OP.i32_add).i32(first).op(OP.i32_add).set(this.#end);
    code.get(fp).get(at).i32(count).get(at).i32(count).op(OP.i32_lt_u, OP.select).i32(3).op(OP.i32_shl, OP.i32_add);
    code.i32(first).op(OP.i32_add).set(at);
    const done = code.block();
    const again = code.loop();
    code.get(at).get(this.#end).op(OP.i32_ge_u).brIf(done);
    code.get(at).i64(UNDEFINED).memory(OP.i64_store, 0).get(at).i32(8).op(OP.i32_add).set(at).br(again);
    code.end().end();
  }

  /** RETURN and RETURNU to a frame that waits for the result of a call. */
  return({ op, a }: Instruction): void {
    const code = this.#code;
    const csp = this.#address;
    const frame = this.#target;
    code.i32(0).memory(OP.i32_load, VM_WORD.csp).tee(csp).memory(OP.i32_load8_u, RECORD_KIND_AT);
    code.i32(RECORD_KINDS.CALL).op(OP.i32_ne).brIf(this.slow);
    code.get(csp).memory(OP.i32_load, 4).tee(frame).get(csp).memory(OP.i32_load16_u, RECORD_DESTINATION).op(OP.i32_add);
    if (op === "RETURN") this.#registers.pushWord(a);
    else code.i64(UNDEFINED);
    code.memory(OP.i64_store, 0);
    code.i32(0).get(csp).memory(OP.i32_load, 0).memory(OP.i32_store, VM_WORD.pc);
    code.i32(0).get(frame).memory(OP.i32_store, VM_WORD.fp);
    code.i32(0).get(csp).i32(RECORD_SIZE).op(OP.i32_add).memory(OP.i32_store, VM_WORD.csp);
    this.#goOn();
  }

  /** Reads a form that a register can only have as a word. */
  wordOf(register: number): boolean {
    this.#registers.load(register);
    return this.#registers.state.form[register] === FORM.WORD;
  }
}
