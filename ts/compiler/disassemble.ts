// Owns the text form of program images, printed from the table. Must never be needed to run one.
//
//   function #1 f [CONSTRUCTOR HAS_SIMPLE_PARAMETERS]              function f(x) { try { g() } catch (e) { h(e) } }
//     parameters 1, length 1, registers 7, clear 4, source 0+48
//        0  GETGLOBAL   r4, "g"                              ; 1:23
//        2  CALLU       r4, r4…, 0
//        3  JMP         →8
//        4: GETGLOBAL   r4, "h"                              ; 1:41
//        …
//     handler 0…3 → 4 in r3
//
// A line has the word, `:` if a jump or handler leads there, the instruction, and its place in the source if it has one of its own.
// `r4…` is the first register of a group, `top r4` the first dead one, `→9` the word that a jump leads to.
import { FN, ROWS, SPECIAL_VALUES } from "../generated/emit.ts";
import { CONSTANT, type Constant } from "./assembler.ts";
import { decodeImage, type FunctionImage, type Instruction, type ProgramImage } from "./image.ts";
import { Positions } from "./positions.ts";

const TYPES: readonly (readonly string[])[] = ROWS.map(([, , types]) => (types === "" ? [] : types.split(",")));
const NAMES: readonly (readonly string[])[] = ROWS.map(([, , , names]) => names.split(","));

export interface DisassembleOptions {
  /** Shows line:column after each instruction that has a position of its own. */
  source?: string;
}

/**
 * The text of all functions of an image.
 *
 * @throws ImageError if `image` is bytes that are no valid image
 */
export function disassemble(image: Uint8Array | ProgramImage, options: DisassembleOptions = {}): string {
  const program = image instanceof Uint8Array ? decodeImage(image) : image;
  const positions = options.source === undefined ? null : new Positions(options.source);
  return program.functions.map((fn, index) => printFunction(program, fn, index, positions)).join("\n");
}

/** Index and name of a function: `#1 f`, `#2` if it is anonymous. */
function functionTitle(program: ProgramImage, index: number): string {
  const fn = program.functions[index]!;
  return `#${index}${fn.name === 0 ? "" : ` ${program.strings[fn.name - 1]}`}`;
}

function printFunction(program: ProgramImage, fn: FunctionImage, index: number, positions: Positions | null): string {
  const flags = Object.entries(FN).flatMap(([name, bit]) => ((fn.flags & bit) !== 0 ? [name] : []));
  const lines = [
    `function ${functionTitle(program, index)} [${flags.join(" ")}]`,
    `  parameters ${fn.parameterCount}, length ${fn.length}, registers ${fn.registerCount}, clear ${fn.clearCount}, source ${fn.sourceStart}+${fn.sourceLength}`,
  ];
  const places = new Map<number, number>();
  for (let i = 0; i < fn.positions.length; i += 2) places.set(fn.positions[i]!, fn.positions[i + 1]!);
  const targets = new Set<number>();
  for (const instruction of fn.code) {
    TYPES[instruction.op]!.forEach((type, i) => {
      if (type.startsWith("jump")) targets.add(instruction.word + instruction.operands[i]!);
    });
  }
  for (const { target } of fn.handlers) targets.add(target);
  for (const instruction of fn.code) {
    const { word, op } = instruction;
    const mark = targets.has(word) ? ":" : " ";
    let text =
      `  ${String(word).padStart(4)}${mark} ${ROWS[op]![0].padEnd(11)} ${printOperands(program, fn, instruction)}`.trimEnd();
    const place = places.get(word);
    if (place !== undefined) {
      const shown = positions === null ? `@${place}` : `${positions.at(place).line}:${positions.at(place).column}`;
      text = `${text.padEnd(56)} ; ${shown}`;
    }
    lines.push(text);
  }
  for (const { start, end, target, register } of fn.handlers)
    lines.push(`  handler ${start}…${end} → ${target} in r${register}`);
  return `${lines.join("\n")}\n`;
}

/** The operands of an instruction, each in the form of its type. */
function printOperands(program: ProgramImage, fn: FunctionImage, instruction: Instruction): string {
  const { word, op, operands } = instruction;
  return TYPES[op]!.map((type, i) => {
    const operand = operands[i]!;
    switch (type) {
      case "dst":
      case "src":
      case "rw":
        return `r${operand}`;
      case "base":
      case "out":
        return `r${operand}…`;
      case "top":
        return `top r${operand}`;
      case "jump16":
      case "jump32":
      case "jump":
        return `→${word + operand}`;
      case "const":
        return printConstant(program, fn.constants[operand]!);
      case "key":
      case "name":
        return JSON.stringify(program.strings[operand]);
      case "fn":
        return functionTitle(program, operand);
      case "u16":
        return NAMES[op]![i] === "special" ? (SPECIAL_VALUES[operand] ?? `special ${operand}`) : `${operand}`;
      default:
        return `${operand}`;
    }
  }).join(", ");
}

/** A constant as a literal of its value would be written. */
function printConstant(program: ProgramImage, constant: Constant): string {
  switch (constant.tag) {
    case CONSTANT.STRING:
      return JSON.stringify(program.strings[constant.value]);
    case CONSTANT.BIGINT:
      return `${program.strings[constant.value]}n`;
    case CONSTANT.TEMPLATE:
      return `template(${constant
        .template!.filter((_, i) => i % 2 === 1)
        .map((index) => JSON.stringify(program.strings[index]))
        .join(", ")})`;
    case CONSTANT.SPECIAL:
      return SPECIAL_VALUES[constant.value]!;
    default:
      return Object.is(constant.value, -0) ? "-0" : String(constant.value);
  }
}
