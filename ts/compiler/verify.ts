// Owns the static check of a decoded image beyond its format: registers within the frame, jumps and handlers on
// instructions, no way off the end, a position for every instruction that may throw. Must never run or link anything.
//
// The machine has a verifier of its own (assembly/bytecode/verify.ts), on which its safety rests. This one says more in its errors. It
// is run on programs that come as bytes (ts/machine/program-bytes.ts), and in tests on all that the compiler emits.
import { FN, OP, ROWS } from "../generated/emit.ts";
import { CONSTANT } from "./assembler.ts";
import { decodeImage, type FunctionImage, type ImageRoom, type Instruction, type ProgramImage } from "./image.ts";

/** An instruction that no correct compiler emits. */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
  readonly functionIndex: number;
  readonly word: number;

  constructor(message: string, functionIndex: number, word: number) {
    super(`${message} (function ${functionIndex}, word ${word})`);
    this.functionIndex = functionIndex;
    this.word = word;
  }
}

const TYPES: readonly (readonly string[])[] = ROWS.map(([, , types]) => (types === "" ? [] : types.split(",")));
/**
 * What the interpreter assumes about each operand (CHECKS in ts/defs/opcodes.ts). The checks here prove every assumption that does
 * not depend on other instructions.
 */
const CHECKS: readonly (readonly string[])[] = ROWS.map(([, , , , , checks]) => checks.split(","));
const BACKWARD: ReadonlySet<number> = new Set([OP.LOOP, OP.LOOPT]);

/** How many registers the group of a `base` or `out` operand has: fixed by the opcode, or by a count among its operands. */
function groupSize(instruction: Instruction): number {
  const { op, operands } = instruction;
  switch (op) {
    case OP.CALL:
    case OP.CALLU:
    case OP.TAILCALL:
    case OP.NEW:
    case OP.SUPERCALL:
      return operands[2]! + 2;
    case OP.CALLN:
    case OP.HELPER:
      return operands[2]!;
    case OP.CONCAT:
      return operands[2]!;
    case OP.OBJREST:
      return operands[3]!;
    case OP.SETSUPER:
      return 4;
    case OP.NEWREGEXP:
    case OP.NEWCLASS:
    case OP.YIELD:
    case OP.YIELDRESULT:
      return 2;
    default:
      return 3; // iterators, spread calls, GETSUPER
  }
}

/** @throws VerifyError for the first fault, ImageError if bytes are no valid image */
export function verifyImage(image: ProgramImage | Uint8Array, room?: ImageRoom): void {
  const program = image instanceof Uint8Array ? decodeImage(image, room) : image;
  program.functions.forEach((fn, index) => new FunctionVerifier(fn, index).run());
}

/** Verifies one function. */
class FunctionVerifier {
  /** 1 for each word at which an instruction begins. */
  private readonly starts: Uint8Array;
  private readonly fn: FunctionImage;
  private readonly index: number;
  /** A generator or async function, whose object is in the register `owner` once it has started. */
  private readonly keepsItself: boolean;
  /** First register after the parameters. */
  private readonly owner: number;

  constructor(fn: FunctionImage, index: number) {
    this.fn = fn;
    this.index = index;
    this.keepsItself = (fn.flags & (FN.GENERATOR | FN.ASYNC)) !== 0;
    this.owner = 2 + fn.parameterCount;
    this.starts = new Uint8Array(fn.wordCount + 1);
    for (const { word } of fn.code) this.starts[word] = 1;
  }

  private fail(message: string, word: number): never {
    throw new VerifyError(message, this.index, word);
  }

  run(): void {
    const { fn } = this;
    if (fn.code.length === 0) this.fail("no code", 0);
    for (const instruction of fn.code) this.instruction(instruction);
    const last = fn.code[fn.code.length - 1]!;
    if (!ROWS[last.op]![1].includes("E") && last.op !== OP.LOOP) this.fail("control may fall off the end", last.word);
    for (const { start, end, target, register } of fn.handlers) {
      this.written(register, 1, "a handler", start);
      if (this.starts[start] !== 1 || (end !== fn.wordCount && this.starts[end] !== 1))
        this.fail("handler range cuts an instruction", start);
      if (this.starts[target] !== 1) this.fail("handler target is not an instruction", target);
    }
    for (let i = 0; i < fn.positions.length; i += 2) {
      if (this.starts[fn.positions[i]!] !== 1) this.fail("position is at no instruction", fn.positions[i]!);
    }
  }

  /** Checks one instruction: types of operands, their further checks, flags. */
  private instruction(instruction: Instruction): void {
    const { op, operands, word } = instruction;
    const row = ROWS[op]!;
    const { fn } = this;
    TYPES[op]!.forEach((type, i) => {
      const operand = operands[i]!;
      switch (type) {
        case "dst":
        case "src":
        case "rw":
          if (type !== "src") this.written(operand, 1, row[0], word);
          if (operand >= fn.registerCount) this.fail(`${row[0]}: register r${operand} is out of range`, word);
          break;
        case "base":
        case "out":
          if (operand + groupSize(instruction) > fn.registerCount)
            this.fail(`${row[0]}: group at r${operand} is out of range`, word);
          break;
        case "top":
          if (operand > fn.registerCount || operand < this.owner)
            this.fail(`${row[0]}: top r${operand} is out of range`, word);
          break;
        case "jump16":
        case "jump32":
        case "jump":
          this.jump(instruction, operand, type);
          break;
        case "const":
          this.constant(instruction, operand);
          break;
        default:
      }
      this.check(instruction, CHECKS[op]![i] ?? "", operand);
    });
    // Functions of the prelude never show where they are.
    if ((fn.flags & FN.PRELUDE) !== 0) return;
    if (row[1].includes("P")) this.fail(`${row[0]} is for the prelude only`, word);
    if (row[1].includes("T") && (fn.positions.length === 0 || fn.positions[0]! > word)) {
      this.fail(`${row[0]} has no position`, word);
    }
  }

  private jump({ op, word }: Instruction, distance: number, type: string): void {
    const target = word + distance;
    if (type === "jump16" && (distance < -32768 || distance > 32767)) this.fail("jump is too far", word);
    if (target < 0 || target >= this.fn.wordCount || this.starts[target] !== 1)
      this.fail("jump to no instruction", word);
    // Fuel is taken at back-edges: every backward jump must be one.
    if (BACKWARD.has(op) ? distance > 0 : distance <= 0) this.fail("jump in the wrong direction", word);
  }

  /** Template objects are made by GETTEMPLATE only; LOADK must not see one. */
  private constant({ op, word }: Instruction, index: number): void {
    const constant = this.fn.constants[index];
    if (constant === undefined) this.fail("constant is out of range", word);
    if ((constant.tag === CONSTANT.TEMPLATE) !== (op === OP.GETTEMPLATE)) this.fail("constant of the wrong kind", word);
  }

  /** Two registers must never be overwritten: r0, the running function, and `owner`, where a generator keeps itself. */
  private written(first: number, count: number, name: string, word: number): void {
    const isOwner = this.keepsItself && first <= this.owner && this.owner < first + count;
    const isStart = name === "GENSTART" || name === "ASYNCSTART";
    if (first === 0 || (isOwner && !isStart)) this.fail(`${name}: register r${first} must not be written`, word);
  }

  /** Checks the property that ts/defs/opcodes.ts demands of an operand. `check` "" and those of the instruction itself pass here. */
  private check(instruction: Instruction, check: string, operand: number): void {
    const { op, word } = instruction;
    const name = ROWS[op]![0];
    switch (check) {
      case "written":
      case "iterator":
        this.written(operand, groupSize(instruction), name, word);
        break;
      case "area":
        if (operand < (this.keepsItself ? this.owner + 1 : 1))
          this.fail(`${name}: no call can begin at r${operand}`, word);
        break;
      case "owner":
        if (operand !== this.owner) this.fail(`${name}: r${operand} is not where it keeps itself`, word);
        break;
      case "register":
        if (operand >= this.fn.registerCount) this.fail(`${name}: register r${operand} is out of range`, word);
        break;
      case "method":
        if (operand > 6 || (operand & 3) > 2) this.fail(`${name}: bad kind of method`, word);
        break;
      case "!=0":
      case ">0":
        if (check === ">0" ? operand <= 0 : operand === 0) this.fail(`${name}: bad number ${operand}`, word);
        break;
      default:
        if (check.startsWith("<=") && operand > Number(check.slice(2)))
          this.fail(`${name}: ${operand} is too large`, word);
    }
  }
}
