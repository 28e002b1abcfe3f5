// Owns the static check of a decoded image beyond its format: registers within the frame, jumps and handlers on
// instructions, no way off the end, a position for whatever may throw. Must never run or link anything.
import { FN, OP, ROWS } from "../generated/emit.ts";
import { CONSTANT } from "./assembler.ts";
import { decodeImage, type FunctionImage, type Instruction, type ProgramImage } from "./image.ts";

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
const NAMES: readonly (readonly string[])[] = ROWS.map(([, , , names]) => names.split(","));
const BACKWARD: ReadonlySet<number> = new Set([OP.LOOP, OP.LOOPT]);

/** Registers of the group that a `base` or `out` operand begins. */
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

export function verifyImage(image: ProgramImage | Uint8Array): void {
  const program = image instanceof Uint8Array ? decodeImage(image) : image;
  program.functions.forEach((fn, index) => new FunctionVerifier(fn, index).run());
}

class FunctionVerifier {
  private readonly starts: Uint8Array;
  private readonly fn: FunctionImage;
  private readonly index: number;

  constructor(fn: FunctionImage, index: number) {
    this.fn = fn;
    this.index = index;
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
    for (const { start, end, target } of fn.handlers) {
      if (this.starts[start] !== 1 || (end !== fn.wordCount && this.starts[end] !== 1))
        this.fail("handler range cuts an instruction", start);
      if (this.starts[target] !== 1) this.fail("handler target is no instruction", target);
    }
    for (let i = 0; i < fn.positions.length; i += 2) {
      if (this.starts[fn.positions[i]!] !== 1) this.fail("position is at no instruction", fn.positions[i]!);
    }
  }

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
          if (operand >= fn.registerCount) this.fail(`${row[0]}: register r${operand} is out of range`, word);
          break;
        case "base":
        case "out":
          if (operand + groupSize(instruction) > fn.registerCount)
            this.fail(`${row[0]}: group at r${operand} is out of range`, word);
          break;
        case "top":
          if (operand > fn.registerCount || operand < 2 + fn.parameterCount)
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
        case "u16":
          this.number(instruction, NAMES[op]![i]!, operand);
          break;
        default:
      }
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

  private constant({ op, word }: Instruction, index: number): void {
    const constant = this.fn.constants[index];
    if (constant === undefined) this.fail("constant is out of range", word);
    if ((constant.tag === CONSTANT.TEMPLATE) !== (op === OP.GETTEMPLATE)) this.fail("constant of the wrong kind", word);
  }

  private number({ op, operands, word }: Instruction, name: string, operand: number): void {
    switch (name) {
      case "special":
        if (operand > 4) this.fail("unknown special value", word);
        break;
      case "kind":
        if (op === OP.GETITER && operand > 2) this.fail("unknown kind of iteration", word);
        if (op === OP.THROWERROR && operand > 8) this.fail("unknown kind of error", word);
        break;
      case "prefix":
      case "isConst":
        if (operand > 2) this.fail(`bad ${name}`, word);
        break;
      case "mapped":
        if (operand >= this.fn.registerCount) this.fail(`${ROWS[op]![0]}: register r${operand} is out of range`, word);
        break;
      default:
        if ((op === OP.DEFMETHOD && operands[3]! > 7) || (op === OP.DEFPRIVM && operands[3]! > 2))
          this.fail("bad kind", word);
    }
  }
}
