// Owns what is done to a program image: operands, opcodes, handlers and heads changed, and whole stretches of code written at random, behind
// where the program stands. What comes out is encoded like any image; that it means anything is not asked for.

import type { FunctionImage, HandlerRange, Instruction, ProgramImage } from "../../../ts/compiler/image.ts";
import { CONSTANT } from "../../../ts/compiler/assembler.ts";
import { FN, OP, ROWS } from "../../../ts/generated/emit.ts";
import type { Random } from "../random.ts";

const TYPES: readonly (readonly string[])[] = ROWS.map(([, , types]) => (types === "" ? [] : types.split(",")));

interface Room {
  /** Most code should get by the first checks: everything it names is there. */
  readonly isFair: boolean;
  readonly random: Random;
  readonly image: ProgramImage;
  readonly fn: FunctionImage;
}

function anyRegister({ random, fn, isFair }: Room): number {
  const owner = 2 + fn.parameterCount;
  if (isFair)
    return random.chance(0.05)
      ? random.below(fn.registerCount)
      : Math.min(fn.registerCount - 1, 2 + random.below(fn.registerCount - 2));
  return random.weighted<() => number>([
    [20, () => random.below(fn.registerCount)],
    [1, () => 0],
    [1, () => owner],
    [1, () => fn.registerCount],
    [1, () => random.below(0x2000)],
    [6, () => Math.max(0, fn.registerCount - 1 - random.below(6))],
  ])();
}

const NUMBERS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 32, 255, 256, 4096, 8191, 0x7fff, 0xffff];

function anyOperand(room: Room, op: number, i: number, distance: number): number {
  const { random, image, fn } = room;
  switch (TYPES[op]![i]) {
    case "dst":
    case "src":
    case "rw":
    case "base":
    case "out":
    case "top":
      return anyRegister(room);
    case "u16":
      return room.isFair
        ? random.below(op === OP.DECLLEX ? 5 : op === OP.GETITER || op === OP.SETNAME ? 3 : 5)
        : random.chance(0.8)
          ? random.below(6)
          : random.pick(NUMBERS);
    case "i16":
      return room.isFair ? 1 + random.below(31) : random.pick([...NUMBERS.filter((n) => n < 0x8000), -1, -2, -0x8000]);
    case "i32":
      return random.chance(0.8) ? random.below(64) : random.below(0x1_0000_0000) | 0;
    case "jump16":
      return op === OP.LOOPT ? -random.below(8) : Math.min(0x7fff, distance);
    case "jump32":
      return op === OP.LOOP ? -random.below(8) : distance;
    case "jump":
      return distance;
    case "const":
      return random.below(Math.max(1, fn.constants.length));
    case "key":
    case "name":
      return random.below(Math.max(1, image.strings.length));
    case "fn":
      return random.below(image.functions.length);
    default:
      return room.isFair ? random.below(op === OP.HELPER ? 40 : op === OP.OBJREST ? 2 : 3) : random.pick(NUMBERS);
  }
}

const OF_GENERATORS = new Set<number>([OP.GENSTART, OP.YIELD, OP.YIELDRESULT]);
const OF_ASYNC = new Set<number>([OP.ASYNCSTART, OP.AWAIT, OP.ASYNCRETURN, OP.ASYNCTHROW]);
const OF_PROLOGUES = new Set<number>([OP.ARGUMENTS, OP.REST, OP.NEWTARGET, OP.ARGC]);

/** Any instruction, but rarely one that the linker would not have there. */
function anyOp({ random, fn }: Room): number {
  for (;;) {
    const op = random.below(ROWS.length);
    const isRefused =
      op === OP.GETTEMPLATE ||
      ROWS[op]![1].includes("P") ||
      OF_PROLOGUES.has(op) ||
      (OF_GENERATORS.has(op) && (fn.flags & FN.GENERATOR) === 0) ||
      (OF_ASYNC.has(op) && (fn.flags & FN.ASYNC) === 0);
    if (!isRefused || random.chance(0.01)) return op;
  }
}

/** Instructions that bring something to work on into a register. */
const MAKERS = [
  OP.LOADK,
  OP.LOADI,
  OP.LOADS,
  OP.NEWENV,
  OP.NEWOBJ,
  OP.NEWARR,
  OP.CLOSURE,
  OP.CALLEEENV,
  OP.NEWPRIV,
  OP.GETUP,
  OP.MOVE,
  OP.GETGLOBAL,
  OP.GETENV,
  OP.COPYENV,
];

function anyInstruction(room: Room, word: number, end: number): Instruction {
  const { random } = room;
  const op = random.chance(0.3) ? random.pick(MAKERS) : anyOp(room);
  const distance = 1 + random.below(Math.max(1, Math.min(12, end - word)));
  const operands = TYPES[op]!.map((_, i) => anyOperand(room, op, i, distance));
  return { word, op, operands: room.isFair ? fitted(room, op, operands) : operands };
}

/** Registers that groups take, about. */
function groupOf(op: number, operands: readonly number[]): number {
  if (op === OP.CALL || op === OP.CALLU || op === OP.NEW || op === OP.SUPERCALL || op === OP.TAILCALL)
    return 2 + operands[2]!;
  if (op === OP.HELPER || op === OP.CONCAT || op === OP.CALLN) return operands[2]!;
  return op === OP.SETSUPER ? 4 : 3;
}

/** What a generator keeps is where it belongs, groups lie behind it and within the frame. */
function fitted({ fn, random }: Room, op: number, given: readonly number[]): number[] {
  const operands = [...given];
  const owner = 2 + fn.parameterCount;
  const first = fn.flags & (FN.GENERATOR | FN.ASYNC) ? owner + 1 : 2;
  if (
    op === OP.CALL ||
    op === OP.CALLU ||
    op === OP.NEW ||
    op === OP.SUPERCALL ||
    op === OP.TAILCALL ||
    op === OP.HELPER ||
    op === OP.CONCAT
  )
    operands[2] = Math.max(0, Math.min(operands[2]!, fn.registerCount - first - 2));
  TYPES[op]!.forEach((type, i) => {
    if (type === "base" || type === "out" || type === "top") {
      const most = fn.registerCount - (type === "top" ? 0 : groupOf(op, operands));
      if (most >= first) operands[i] = first + random.below(most - first + 1);
    }
    if (type === "dst" && operands[i]! < first) operands[i] = Math.min(fn.registerCount - 1, first + random.below(6));
  });
  if (op === OP.YIELD || op === OP.AWAIT || op === OP.YIELDRESULT) operands[2] = owner;
  if (op === OP.ASYNCRETURN || op === OP.ASYNCTHROW) operands[1] = owner;
  if (op === OP.GENSTART || op === OP.ASYNCSTART) operands[0] = owner;
  return operands;
}

const sizeOf = (op: number): number => ROWS[op]![4];

/** The function with all from `word` on written anew, in as many words. */
function rewritten(room: Room, from: number): FunctionImage {
  const { random, fn } = room;
  const kept = fn.code.filter(({ word }) => word < from);
  const code: Instruction[] = [...kept];
  const last = kept.at(-1);
  let word = last === undefined ? 0 : last.word + sizeOf(last.op);
  const end = Math.max(fn.wordCount, word + 4 + random.below(24));
  while (word < end - 1) {
    const instruction = anyInstruction(room, word, end);
    if (word + sizeOf(instruction.op) > end - 1) {
      code.push({ word, op: OP.NOP, operands: [] });
      word++;
      continue;
    }
    code.push(instruction);
    word += sizeOf(instruction.op);
  }
  code.push({ word, op: OP.RETURNU, operands: [] });
  const wordCount = word + 1;
  const starts = new Set(code.map((instruction) => instruction.word));
  const handlers = fn.handlers.filter(
    (h) => starts.has(h.start) && starts.has(h.target) && (h.end === wordCount || starts.has(h.end)),
  );
  return {
    ...fn,
    code: code.map((one) => landing(one, starts, random)),
    wordCount,
    handlers: withHandler(room, handlers, [...starts]),
    positions: [0, 0],
  };
}

/** Jumps of the new code lead to instructions, mostly. */
function landing(instruction: Instruction, starts: ReadonlySet<number>, random: Random): Instruction {
  const at = TYPES[instruction.op]!.findIndex((type) => type.startsWith("jump"));
  if (at < 0 || random.chance(0.02)) return instruction;
  const operands = [...instruction.operands];
  const step = operands[at]! <= 0 ? -1 : 1;
  while (operands[at] !== 0 && !starts.has(instruction.word + operands[at]!) && Math.abs(operands[at]!) < 64)
    operands[at]! += step;
  return { ...instruction, operands };
}

function withHandler(
  { random, fn }: Room,
  handlers: readonly HandlerRange[],
  starts: readonly number[],
): HandlerRange[] {
  if (starts.length < 3 || random.chance(0.6)) return [...handlers];
  const [start, end, target] = [random.pick(starts), random.pick(starts), random.pick(starts)].sort((a, b) => a - b);
  if (start === end) return [...handlers];
  return [{ start: start!, end: end!, target: target!, register: random.below(fn.registerCount) }, ...handlers];
}

function changedInstruction(room: Room, instruction: Instruction): Instruction {
  const { random, fn } = room;
  const types = TYPES[instruction.op]!;
  if (types.length > 0 && random.chance(0.7)) {
    const i = random.below(types.length);
    const operands = [...instruction.operands];
    operands[i] = random.chance(0.3)
      ? operands[i]! + random.pick([-1, 1])
      : anyOperand(room, instruction.op, i, 1 + random.below(8));
    const isSigned = types[i] === "i16" || types[i] === "i32" || types[i]!.startsWith("jump");
    if (!isSigned) operands[i] = Math.max(0, operands[i]!);
    return { ...instruction, operands };
  }
  for (let tries = 0; tries < 20; tries++) {
    const other = anyInstruction(room, instruction.word, fn.wordCount);
    if (sizeOf(other.op) === sizeOf(instruction.op)) return other;
  }
  return instruction;
}

function changedHead(room: Room): FunctionImage {
  const { random, fn } = room;
  const change = (n: number): number =>
    Math.max(0, random.chance(0.5) ? n + random.below(5) - 2 : random.pick(NUMBERS));
  switch (random.below(6)) {
    case 0:
      return { ...fn, flags: fn.flags ^ (1 << random.below(13)) };
    case 1:
      return { ...fn, parameterCount: change(fn.parameterCount) };
    case 2:
      return { ...fn, registerCount: change(fn.registerCount) };
    case 3:
      return { ...fn, clearCount: change(fn.clearCount) };
    case 4:
      return { ...fn, length: change(fn.length) };
    default:
      return {
        ...fn,
        handlers: withHandler(
          room,
          fn.handlers,
          fn.code.map(({ word }) => word),
        ),
      };
  }
}

function changedHandlers({ random, fn }: Room): FunctionImage {
  const handlers = fn.handlers.map((handler) => ({ ...handler }));
  const handler = random.pick(handlers);
  const key = random.pick(["start", "end", "target", "register"] as const);
  handler[key] = Math.max(
    0,
    random.chance(0.3) ? random.below(Math.max(1, fn.wordCount)) : handler[key] + random.below(5) - 2,
  );
  return { ...fn, handlers };
}

function changedFunction(room: Room, from: number): FunctionImage {
  const { random, fn } = room;
  const how = random.below(10);
  if (how < 5) return rewritten(room, from);
  if (how === 5 && random.chance(0.3)) return changedHead(room);
  if (how === 6 && fn.handlers.length > 0) return changedHandlers(room);
  const code = [...fn.code];
  for (let times = 1 + random.below(4); times > 0; times--) {
    const later = code.findIndex(({ word }) => word >= from);
    const first = later < 0 ? 0 : later;
    const i = random.chance(0.8) ? first + random.below(Math.min(20, code.length - first)) : random.below(code.length);
    code[i] = changedInstruction(room, code[i]!);
  }
  return { ...fn, code };
}

/** There is always something to load. */
function withConstants(fn: FunctionImage, image: ProgramImage): FunctionImage {
  const string = image.strings.length > 0 ? [{ tag: CONSTANT.STRING, value: 0, template: null }] : [];
  return {
    ...fn,
    constants: [
      ...fn.constants,
      { tag: CONSTANT.INT, value: 1000, template: null },
      { tag: CONSTANT.DOUBLE, value: 5.5e-310, template: null },
      ...string,
    ],
  };
}

/** An image with one or more functions changed; `stands`: the frame that goes on first, whose function is changed most often. */
export function mutateCode(
  random: Random,
  image: ProgramImage,
  stands: { readonly position: number; readonly registers: number } | undefined,
): ProgramImage {
  const functions = [...image.functions];
  const running = functions.findIndex(
    (fn) =>
      stands !== undefined &&
      fn.registerCount === stands.registers &&
      fn.code.some(({ word }) => word === stands.position),
  );
  for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--) {
    const isRunning = running >= 0 && random.chance(0.7);
    const which = isRunning ? running : random.below(functions.length);
    const fn = functions[which]!;
    const at = isRunning ? fn.code.findIndex(({ word }) => word === stands!.position) : -1;
    const from = isRunning
      ? (fn.code[at + 1]?.word ?? fn.wordCount)
      : random.chance(0.5)
        ? random.below(Math.min(12, fn.wordCount))
        : 0;
    const room = { random, image, fn: withConstants(fn, image), isFair: random.chance(0.85) };
    functions[which] = changedFunction(room, from);
  }
  return { ...image, functions };
}
