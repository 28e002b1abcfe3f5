// Owns the translation of one linked function into one wasm module: its control flow, its entries and its exits. Must never run anything
// that it does not know: such an instruction is an exit, before which the interpreter goes on.
//
// Blocks and loops follow the order of the bytecode. A jump into the middle of a loop (the test of a `for` comes last), and a run that
// comes in at a safepoint, go to the head of the loop with the number of their target in a local, and the head sends them on.

import { CALLS, type Instruction, type LinkedFunction, type Loop } from "./bytecode.ts";
import { numberOf, Numbers, type Operand } from "./numbers.ts";
import { Objects, type Sight } from "./objects.ts";
import { EXPECT, FORM, HOLE, join, LEAVE, MISSED, NULL, Registers, restricted, State, UNDEFINED } from "./registers.ts";
import { Code, I32, type Label, moduleOf, OP } from "./wasm.ts";
import { CODE_SIZE } from "./bytecode.ts";
import { VM_WORD } from "../../../ts/generated/machine.ts";

/** What a function was seen to do. */
export interface Seen extends Sight {
  /** By register: what frames held (EXPECT). */
  readonly registers: Uint8Array;
  /** Words of instructions whose operands or results were too often not as they had been. */
  readonly generic: ReadonlySet<number>;
  /** Words at which registers were too often not as they had been. */
  readonly open: ReadonlySet<number>;
}

/** Part of the code that is emitted together: the whole function, or a loop. */
interface Region {
  readonly from: number;
  readonly end: number;
  readonly parent: Region | undefined;
  /** Where `br` goes for a word in this region. */
  readonly labels: Map<number, Label>;
  loop: Label | undefined;
}

const COMPARISONS = /^(LT|LE|GT|GE|EQ|NE|SEQ|SNE)(I?)$/;
const SUMS = /^(ADD|SUB)(I?)$/;
const BITWISE = /^(BITAND|BITOR|BITXOR|SHL|SHR|USHR)(I?)$/;
/** Instructions whose code never leaves. */
const SAFE: ReadonlySet<string> = new Set(["NOP", "LOADK", "LOADI", "LOADS", "MOVE", "JMP"]);
const PASSES = 12;

export class FunctionCompiler {
  readonly #linked: LinkedFunction;
  readonly #seen: Seen;
  readonly #code = new Code(3);
  readonly #registers: Registers;
  readonly #numbers: Numbers;
  readonly #objects: Objects;
  /** Number of the word to go on at, when a head of a loop is entered for the sake of something in it; 0: the head itself. */
  readonly #entering: number;
  readonly #condition: number;
  readonly #states = new Map<number, State>();
  readonly #loops: ReadonlyMap<number, Loop>;
  readonly #byWord: ReadonlyMap<number, Instruction>;
  /** Words that are entered by number. */
  readonly #numbered: number[];
  readonly #entered: Set<number>;
  readonly #around = new Map<number, readonly Loop[]>();
  #region!: Region;
  /** False after a jump, until the next place that is jumped to. */
  #isReachable = true;
  #isChanged = false;
  readonly #unhandled = new Map<number, string>();

  constructor(linked: LinkedFunction, seen: Seen) {
    this.#linked = linked;
    this.#seen = seen;
    this.#registers = new Registers(this.#code, linked, seen.registers);
    this.#numbers = new Numbers(this.#registers);
    this.#objects = new Objects(this.#registers, this.#numbers, seen);
    this.#entering = this.#code.local(I32);
    this.#condition = this.#code.local(I32);
    this.#loops = new Map(linked.loops.map((loop) => [loop.header, loop]));
    this.#byWord = new Map(linked.instructions.map((instruction) => [instruction.word, instruction]));
    this.#entered = new Set(linked.entries);
    this.#numbered = [...linked.leaders].filter((word) => word !== 0).sort((a, b) => a - b);
  }

  /** Returns the module, and the instructions that it leaves to the interpreter, by word. */
  compile(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly unhandled: ReadonlyMap<number, string> } {
    const code = this.#code;
    code.muted = true;
    for (const entry of this.#linked.entries) this.#meet(entry, new State(this.#linked.registers));
    for (let pass = 0; ; pass++) {
      if (pass === PASSES) throw new Error("the states of the registers do not settle");
      this.#isChanged = false;
      code.restart();
      this.#emit();
      if (!this.#isChanged) break;
    }
    code.muted = false;
    code.restart();
    this.#emit();
    return { bytes: moduleOf(code, 0, false), unhandled: this.#unhandled };
  }

  // --- states

  /** Adds a way by which `word` is reached. */
  #meet(word: number, state: State): void {
    const live = this.#linked.live.get(word)!;
    const known = this.#states.get(word);
    if (known === undefined) {
      this.#states.set(word, restricted(state, live));
      this.#isChanged = true;
    } else if (join(known, state, live, this.#seen.registers, this.#seen.open.has(word))) this.#isChanged = true;
  }

  /** Brings the registers into the forms that `word` has them in. What was not expected goes on there in the interpreter. */
  #arrive(word: number): void {
    const { state } = this.#registers;
    this.#meet(word, state);
    if (this.#code.muted) return;
    const to = this.#states.get(word)!;
    const live = this.#linked.live.get(word)!;
    const code = this.#code;
    const mayMiss = this.#registers.mayMiss(to, live);
    const arrived = mayMiss ? code.block() : undefined;
    const missed = mayMiss ? code.block() : { depth: 0 };
    live.forEach((bit, register) => {
      if (bit === 1 && to.form[register] !== FORM.FRAME) this.#registers.convert(register, to.form[register]!, missed);
    });
    if (arrived === undefined) return;
    code.br(arrived).end();
    this.#registers.leaveAt(word, state, MISSED);
    code.end();
  }

  // --- structure

  /** The regions that directly or indirectly contain `word`, the innermost first. A loop does not contain its own head. */
  #loopsAround(word: number): readonly Loop[] {
    let around = this.#around.get(word);
    if (around === undefined) {
      around = this.#linked.loops.filter(({ header, end }) => header < word && word < end).toReversed();
      this.#around.set(word, around);
    }
    return around;
  }

  #numberOf(word: number): number {
    return this.#numbered.indexOf(word) + 1;
  }

  #emit(): void {
    const code = this.#code;
    const { fuel } = this.#registers;
    code.i32(0).memory(OP.i32_load, VM_WORD.fuel).set(fuel);
    const root: Region = { from: 0, end: this.#linked.words, parent: undefined, labels: new Map(), loop: undefined };
    const start = code.block();
    const unknown = code.block();
    const entries = this.#linked.entries.map(() => code.block()).toReversed();
    const table = Array.from({ length: this.#linked.words }, (_, word) => {
      const index = this.#linked.entries.indexOf(word);
      return index < 0 ? unknown : entries[index]!;
    });
    code.get(2).brTable(table, unknown);
    for (const word of this.#linked.entries) {
      code.end();
      this.#registers.state = new State(this.#linked.registers);
      this.#arrive(word);
      code.i32(this.#numberOf(word)).set(this.#entering).br(start);
    }
    code.end().i32(LEAVE).op(OP.return).end();
    this.#isReachable = false;
    this.#emitRegion(root);
    code.op(0x00);
  }

  /** Words of a region to which something jumps, those of loops in it left out but for their heads. */
  #targetsIn({ from, end, loop }: Region): number[] {
    const depth = (word: number): number => this.#loopsAround(word).length;
    const own = loop === undefined ? 0 : depth(from) + 1;
    const isOwn = (word: number): boolean => depth(word) === own && (loop === undefined ? word >= from : word > from);
    const words = new Set(this.#numbered.filter((word) => word < end && isOwn(word)));
    for (const { header } of this.#linked.loops) if (header < end && isOwn(header)) words.add(header);
    if (loop === undefined) words.add(0);
    return [...words].sort((a, b) => a - b);
  }

  #emitRegion(region: Region): void {
    const code = this.#code;
    const outer = this.#region;
    this.#region = region;
    const targets = this.#targetsIn(region);
    for (const word of targets.toReversed()) region.labels.set(word, code.block());
    this.#sendOn(region, targets);
    let word = region.from;
    while (word < region.end) {
      if (region.labels.has(word)) {
        if (this.#isReachable) this.#arrive(word);
        code.end();
      }
      const loop = this.#loops.get(word);
      const isInner = loop !== undefined && (region.loop === undefined || word !== region.from);
      if (!isInner && (region.labels.has(word) || word === region.from)) this.#begin(word);
      if (isInner) {
        const inner: Region = { from: word, end: loop.end, parent: region, labels: new Map(), loop: code.loop() };
        this.#emitRegion(inner);
        code.end();
        word = loop.end;
        continue;
      }
      word += this.#emitInstruction(this.#byWord.get(word)!);
    }
    this.#region = outer;
  }

  /** Goes on at a place that was jumped to, if anything does. */
  #begin(word: number): void {
    const state = this.#states.get(word);
    this.#isReachable = state !== undefined;
    if (state === undefined) this.#code.op(0x00);
    else this.#registers.state = state.clone();
  }

  /** The head of a region: sends those on who came in for something in it. */
  #sendOn(region: Region, targets: readonly number[]): void {
    const code = this.#code;
    const isInside = (word: number): boolean => region.loop === undefined || (region.from < word && word < region.end);
    const entered = this.#numbered.filter((word) => isInside(word) && this.#entered.has(word));
    if (entered.length === 0) return;
    code.get(this.#entering).if();
    for (const word of entered) {
      const isDirect = targets.includes(word);
      const [around] = this.#loopsAround(word).filter(({ header }) => targets.includes(header));
      code.get(this.#entering).i32(this.#numberOf(word)).op(OP.i32_eq).if();
      if (isDirect) code.i32(0).set(this.#entering);
      code.br(region.labels.get(isDirect ? word : around!.header)!).end();
    }
    code.end();
    if (region.loop === undefined) code.br(region.labels.get(0)!);
  }

  /** Jumps from here, with the registers as that place has them. */
  #jump(word: number): void {
    this.#arrive(word);
    const code = this.#code;
    for (let region: Region | undefined = this.#region; region !== undefined; region = region.parent) {
      if (region.loop !== undefined && region.from === word) {
        code.br(region.loop);
        return;
      }
      const direct = region.labels.get(word);
      if (direct !== undefined) {
        code.br(direct);
        return;
      }
      const [around] = this.#loopsAround(word).filter(({ header }) => region!.labels.has(header));
      if (around !== undefined && !(region.loop !== undefined && region.from === around.header)) {
        this.#entered.add(word);
        code.i32(this.#numberOf(word)).set(this.#entering).br(region.labels.get(around.header)!);
        return;
      }
    }
    throw new Error(`no way to word ${word}`);
  }

  // --- instructions

  /** Writes one instruction; returns its length in words. */
  #emitInstruction(instruction: Instruction): number {
    const { word, words, target, op, fallsThrough } = instruction;
    if (!this.#isReachable) return words;
    const code = this.#code;
    const before = code.muted ? this.#registers.state : this.#registers.state.clone();
    const isSafe = SAFE.has(op);
    const done = isSafe ? undefined : code.block();
    const slow = isSafe ? { depth: 0 } : code.block();
    this.#numbers.slow = this.#objects.slow = slow;
    this.#numbers.isGeneric = this.#seen.generic.has(word);
    const isKnown = this.#operate(instruction);
    if (!isKnown) this.#unhandled.set(word, op);
    if (done !== undefined) {
      code.br(isKnown ? done : slow).end();
      this.#registers.leaveAt(word, before, LEAVE);
      code.end();
    }
    if (!isKnown || op === "RETURN" || op === "RETURNU" || CALLS.has(op)) {
      code.op(0x00);
      this.#isReachable = false;
      return words;
    }
    if (target !== undefined) this.#branch(target, fallsThrough);
    this.#isReachable = fallsThrough;
    return words;
  }

  #branch(target: number, isConditional: boolean): void {
    const code = this.#code;
    if (!isConditional) {
      this.#jump(target);
      return;
    }
    const state = this.#registers.state.clone();
    code.get(this.#condition).if();
    this.#jump(target);
    code.end();
    this.#registers.state = state;
  }

  /** Writes what an instruction does, but for its jump. False: the interpreter must do it. */
  #operate(instruction: Instruction): boolean {
    const { op, jump, a, b, c, immediate } = instruction;
    const right = (isImmediate: string | undefined): Operand =>
      isImmediate === "I" ? { value: immediate } : { register: c };
    const left: Operand = { register: b };
    const comparison = COMPARISONS.exec(op);
    if (comparison !== null) {
      if (jump === "LOOPT") this.#objects.needFuel();
      this.#numbers.compare(comparison[1]!, left, right(comparison[2]));
      if (jump === undefined) this.#numbers.setBoolean(a);
      else this.#setCondition(jump === "JF");
      if (jump === "LOOPT") this.#objects.payFuel(1);
      return true;
    }
    const sum = SUMS.exec(op);
    if (sum !== null) this.#numbers.sum(sum[1] as "ADD", a, left, right(sum[2]));
    else if (BITWISE.test(op)) {
      const [, name, isImmediate] = BITWISE.exec(op)!;
      this.#numbers.bits(name!, a, left, right(isImmediate));
    } else if (op === "MUL" || op === "MULI") this.#numbers.product(a, left, right(op[3]));
    else if (op === "DIV" || op === "DIVI") this.#numbers.quotient(a, left, right(op[3]));
    else if (op === "MOD" || op === "MODI") this.#numbers.remainder(a, left, right(op[3]));
    else if (op === "INC") this.#numbers.sum("ADD", a, left, { value: 1 });
    else if (op === "DEC") this.#numbers.sum("SUB", a, left, { value: 1 });
    else return this.#operateUnary(instruction);
    return true;
  }

  #setCondition(isNegated: boolean): void {
    if (isNegated) this.#code.op(OP.i32_eqz);
    this.#code.set(this.#condition);
  }

  #operateUnary(instruction: Instruction): boolean {
    const { op, a, b, wide, extension, rawB } = instruction;
    const numbers = this.#numbers;
    switch (op) {
      case "NOP":
      case "JMP":
        return true;
      case "LOADI":
        numbers.setConstant(a, wide, true);
        return true;
      case "LOADK": {
        const constant = numberOf(extension);
        if (constant !== undefined) numbers.setConstant(a, constant.value, constant.isInt);
        else {
          this.#code.get(this.#registers.cell).memory(OP.i64_load, CODE_SIZE + 8 * (instruction.word + 1));
          numbers.setWord(a, EXPECT.OTHER);
        }
        return true;
      }
      case "LOADS":
        this.#code.i64(UNDEFINED | BigInt(rawB));
        numbers.setWord(a, EXPECT.OTHER);
        return true;
      case "MOVE":
        numbers.move(a, b);
        return true;
      case "NEG":
        numbers.negative(a, b);
        return true;
      case "PLUS":
      case "TONUMERIC":
        numbers.resolve(b);
        numbers.move(a, b);
        return true;
      case "BITNOT":
        numbers.inverted(a, b);
        return true;
      case "NOT":
        numbers.truth(b);
        this.#code.op(OP.i32_eqz);
        numbers.setBoolean(a);
        return true;
      default:
        return this.#operateJump(instruction);
    }
  }

  #operateJump(instruction: Instruction): boolean {
    const { op, a, rawB } = instruction;
    const code = this.#code;
    switch (op) {
      case "JT":
      case "JF":
        this.#numbers.truth(a);
        this.#setCondition(op === "JF");
        return true;
      case "LOOPT":
        this.#objects.needFuel();
        this.#numbers.truth(a);
        this.#setCondition(false);
        this.#objects.payFuel(1);
        return true;
      case "LOOP":
      case "FUEL":
        this.#objects.needFuel();
        this.#objects.payFuel(op === "LOOP" ? 1 : rawB);
        return true;
      case "JNULLISH":
      case "JNOTNULLISH":
        this.#pushIs(a, NULL, 1n);
        this.#setCondition(op === "JNOTNULLISH");
        return true;
      case "JUNDEF":
      case "JNOTUNDEF":
        this.#pushIs(a, UNDEFINED, 0n);
        this.#setCondition(op === "JNOTUNDEF");
        return true;
      case "JHOLE":
        this.#pushIs(a, HOLE, 0n);
        this.#setCondition(false);
        return true;
      case "CHECKTDZ":
      case "CHECKTHIS":
        this.#pushIs(a, HOLE, 0n);
        code.brIf(this.#numbers.slow);
        return true;
      default:
        return this.#operateObject(instruction);
    }
  }

  /** Pushes 1 if a register holds that special value; `mask`: bits that do not count. */
  #pushIs(register: number, value: bigint, mask: bigint): void {
    if (!this.#objects.wordOf(register)) this.#code.i32(0);
    else this.#code.get(this.#registers.word(register)).i64(mask).op(OP.i64_or).i64(value).op(OP.i64_eq);
  }

  #operateObject(instruction: Instruction): boolean {
    const objects = this.#objects;
    switch (instruction.op) {
      case "GETELEM":
        objects.getElement(instruction);
        return true;
      case "SETELEM":
        objects.setElement(instruction);
        return true;
      case "GETPROP":
        objects.getProperty(instruction);
        return true;
      case "SETPROP":
        objects.setProperty(instruction);
        return true;
      case "GETGLOBAL":
        objects.getGlobal(instruction);
        return true;
      case "SETGLOBAL":
        objects.setGlobal(instruction);
        return true;
      case "CALLEEENV":
        objects.calleeEnvironment(instruction.a);
        return true;
      case "GETENV":
      case "GETUP":
        objects.getSlot(instruction, instruction.op === "GETUP");
        return true;
      case "SETENV":
      case "SETUP":
        objects.setSlot(instruction, instruction.op === "SETUP");
        return true;
      case "CALL":
      case "CALLU":
        objects.call(instruction);
        return true;
      case "RETURN":
      case "RETURNU":
        objects.return(instruction);
        return true;
      default:
        return false;
    }
  }
}
