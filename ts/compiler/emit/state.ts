// Owns the state that every layer of the emitter needs: the function being compiled, its registers, its image. Must never emit
// semantics; the layers above do, each extending the one below:
//
//   Emitter (generated) < FunctionState < Places < LastPlaces < Bindings < Names < ControlFlow < Operators < Literals < Calls < Patterns < Assignments
//     < Decorations < Classes < Generators < Expressions < Disposals < Loops < Statements < FunctionCompiler
//
// Registers of a frame, and the numbers that describe them while a function is compiled:
//
//   r0 callee │ r1 this │ r2… parameters │ coroutine, completion value, locals │ temporaries in use │ scratch
//                                                                              ↑ info.localsEnd     ↑ top
//
// Temporaries behave as a stack: everything below `top` is taken. A method saves `top` in `mark`, reserves what it needs, and
// puts `mark` back, so it frees exactly what it took. `high` only grows: it is the size of the frame in the end.
//
// `expr(node, dst)` may be given a `dst` at or above `top`. Then all registers from `top` on, dst included, may be used as
// scratch before dst is finally written. The caller reserves dst afterwards, if it wants to keep it (`temp`).

import type { ESTree } from "meriyah";
import { MAX_UNPAID_WORDS, WORDS_PER_UNIT } from "../../defs/fuel.ts";
import { type HelperName, HELPERS } from "../../defs/helpers.ts";
import { Emitter } from "../../generated/emit.ts";
import type { ImageBuilder } from "../image-builder.ts";
import type { Analysis } from "../scope/analysis.ts";
import type { Binding, ClassInfo, FunctionInfo, Scope } from "../scope/model.ts";
import type { Descriptor } from "../scope/modules.ts";

export { isAnonymousFunction } from "../scope/hoist.ts";

export type Node = ESTree.Node;

/** The data that the functions of one image share. It is the same object for all of them and does not change. */
export interface Unit {
  readonly image: ImageBuilder;
  readonly analysis: Analysis;
  /** The text the tree was parsed from. */
  readonly source: string;
  /** From offsets in that text to offsets in the user's source. */
  readonly toSource: (offset: number) => number;
  readonly step: boolean;
  /** Throws when compiling takes too long. */
  readonly check: () => void;
  /** Calls of `eval` may be direct, so that scopes around them keep their names at run time. */
  readonly allowEval: boolean;
  /** The program is the text of one function, which is its result. */
  readonly isFunction: boolean;
  /** The program is the body of an async function: it returns its result, and what it declares is local. */
  readonly isFunctionBody: boolean;
  /** The code of a library, in which `$host` is what libraries share. */
  readonly isLibrary: boolean;
  /** Top-level let, const and class go to the global lexical record, where later scripts of the realm find them. */
  readonly persistent: boolean;
  /** Top-level names may have been declared by an earlier script (a REPL). */
  readonly mayRedeclare: boolean;
  /** For a module: the descriptor that its function 0 returns. */
  readonly descriptor: Descriptor | null;
  /** Set while ts/prelude is compiled: stable ids of natives and intrinsics by name, without the `$`. */
  readonly prelude: {
    readonly natives: ReadonlyMap<string, number>;
    readonly intrinsics: ReadonlyMap<string, number>;
  } | null;
  /** Throws a CompileError at the node. */
  readonly fail: (message: string, node: Node) => never;
}

/**
 * A function that was mentioned and is compiled when its turn comes. Its place in the queue is its index in the image. A queue
 * instead of recursion: one set of buffers (CodeBuffer) serves all functions, and nesting costs no host stack.
 */
export interface PendingFunction {
  readonly info: FunctionInfo | null;
  /** Class of a default constructor, which has no function in the tree. If both are null, it is the descriptor of a module. */
  readonly defaultOf: ClassInfo | null;
  readonly name: string;
  /** Range of its source, in offsets of the parsed text. */
  readonly start: number;
  readonly end: number;
}

// `y` flag: both match at lastIndex only, so that looking past a node never scans the rest of the source.
const SPACE = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/y;
const AFTER_OPERAND = /(?:\s|\)|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/y;

export abstract class FunctionState extends Emitter {
  readonly unit: Unit;
  readonly queue: PendingFunction[] = [];
  info!: FunctionInfo;
  scope!: Scope;
  /** The function being compiled, as it was queued. */
  protected pending!: PendingFunction;
  /** First register that is free. */
  top = 0;
  /** One more than the highest register mentioned. */
  high = 0;

  /** The call about to be emitted, if its result is returned at once and nothing is left to do (a tail call). */
  protected tail: Node | null = null;

  constructor(unit: Unit) {
    super();
    this.unit = unit;
  }

  // --- provided by the upper layers to the lower ones

  /** Evaluates into `dst`. */
  abstract expr(node: Node, dst: number): void;
  /**
   * Evaluates to some register: that of a local variable if nothing in `later` (evaluated before the use) assigns it,
   * else a new temporary.
   */
  abstract operand(node: Node, later?: Node | null, later2?: Node | null): number;
  /** Evaluates for its effects only. */
  abstract discard(node: Node): void;
  /** Evaluates into `dst`, giving an anonymous function or class that name. */
  abstract exprNamed(node: Node, dst: number, name: string): void;
  /** Evaluates an anonymous function or class whose name is the key in `keyRegister`. `prefix`: that of SETNAME. */
  abstract exprNamedBy(node: Node, dst: number, keyRegister: number, prefix: number): void;

  // --- registers

  reserve(): number {
    const register = this.top++;
    if (this.top > this.high) this.high = this.top;
    return register;
  }

  reserveMany(count: number): number {
    const first = this.top;
    this.top += count;
    if (this.top > this.high) this.high = this.top;
    return first;
  }

  /** Notes that a register at or above `top` is used as scratch: it must be in the frame, but is free again after its next use. */
  touch(register: number): number {
    if (register >= this.high) this.high = register + 1;
    return register;
  }

  /** Evaluates into a new temporary. */
  temp(node: Node): number {
    const register = this.top;
    this.expr(node, register);
    this.top = register;
    return this.reserve();
  }

  /**
   * A local that nothing can read before it is initialised: a literal may be built right in it, without a temporary and a MOVE.
   * Set only between `exprFresh` and the literal that takes it; -1 at all other times.
   */
  protected fresh = -1;

  protected takeFresh(): number {
    const fresh = this.fresh;
    this.fresh = -1;
    return fresh;
  }

  /** Evaluates the initial value of a register that nothing can read yet. */
  protected exprFresh(node: Node, dst: number, name: string): void {
    this.fresh = node.type === "ArrayExpression" || node.type === "ObjectExpression" ? dst : -1;
    this.exprNamed(node, dst, name);
  }

  // --- image

  /** Index of a text in the string table of the image. */
  str(text: string): number {
    return this.unit.image.string(text);
  }

  /** The instructions that follow belong to this node: stacks of errors show its place. */
  at(node: Node): void {
    this.pos = node.start!;
  }

  /** Refuses the function being compiled. `what`: the things of which it has more than the machine can number. */
  tooLarge(what: string): never {
    const { name, start } = this.pending;
    const shown = name === "" ? "" : ` '${name}'`;
    return this.unit.fail(
      `function is too large: it${shown} has too many ${what}; move a part of it into another function`,
      { start } as Node,
    );
  }

  /** The binding that the identifier at this source offset refers to; null: a global. */
  bindingAt(offset: number): Binding | null {
    const ref = this.unit.analysis.refs[offset]!;
    return ref === 0 ? null : this.unit.analysis.bindings[ref >>> 2]!;
  }

  /** The place that stacks show for an operator, as in V8: its sign, which comes after `operand`. */
  protected placeOfOperator(node: Node, operand: Node, operator: string): number {
    const place = this.afterOperand(operand);
    return this.unit.source.startsWith(operator, place) ? place : node.start!;
  }

  /** The next place after an operand and the spaces, comments and closing parentheses that follow it. */
  protected afterOperand(operand: Node): number {
    const end = operand.end!;
    AFTER_OPERAND.lastIndex = end;
    return end + AFTER_OPERAND.exec(this.unit.source)![0].length;
  }

  /** Where an initial value begins, with the parentheses around it: `(a, b)` in `x = (a, b)` begins at `(`, the node at `a`. */
  protected placeOfInitializer(id: Node, value: Node): number {
    const { source } = this.unit;
    const sign = this.afterOperand(id);
    if (source[sign] !== "=") return value.start!;
    SPACE.lastIndex = sign + 1;
    const place = SPACE.lastIndex + SPACE.exec(source)![0].length;
    return place < value.start! ? place : value.start!;
  }

  /** Adds a function to the queue and returns its index in the image. */
  enqueue(pending: PendingFunction): number {
    this.queue.push(pending);
    return this.queue.length - 1;
  }

  // --- fuel

  protected override payForWords(): void {
    // The operand `top` tells a collection which registers to forget; `high` forgets nothing.
    // No register is declared dead: some hold values that the current instruction is about to read.
    this.FUEL(this.high, Math.min(0xffff, Math.round(this.unpaid / WORDS_PER_UNIT)));
  }

  /** Charges for the straight-line code since the last safepoint once there is much of it. */
  protected payWhenLong(): void {
    if (this.unpaid >= MAX_UNPAID_WORDS) this.payForWords();
  }

  // --- small loads

  /** `dst` := a number. LOADI holds 32-bit integers in its own word; all others, -0 too, are constants. */
  loadNumber(dst: number, value: number): void {
    this.touch(dst);
    if ((value | 0) === value && !(value === 0 && 1 / value < 0)) this.LOADI(dst, value);
    else this.LOADK(dst, this.numberConstant(value));
  }

  loadString(dst: number, text: string): void {
    this.touch(dst);
    this.LOADK(dst, this.stringConstant(this.str(text)));
  }

  loadUndefined(dst: number): void {
    this.touch(dst);
    this.LOADS(dst, 0);
  }

  /** `dst` := helper(values of these registers). */
  helper(name: HelperName, dst: number, registers: readonly number[]): void {
    const mark = this.top;
    const base = this.reserveMany(registers.length);
    registers.forEach((register, i) => this.MOVE(base + i, register));
    this.HELPER(this.touch(dst), base, registers.length, HELPERS.indexOf(name));
    this.top = mark;
  }

  move(dst: number, src: number): void {
    this.touch(dst);
    if (dst !== src) this.MOVE(dst, src);
  }
}

/** Numbers in LOADS. */
export const SPECIAL = { UNDEFINED: 0, NULL: 1, FALSE: 2, TRUE: 3, HOLE: 4 } as const;

/** Native error kinds in THROWERROR. */
export const ERROR = { TYPE: 1, SYNTAX: 3, REFERENCE: 4 } as const;

/** The array index that a property name denotes; -1 if it is an ordinary name. */
export function arrayIndex(name: string): number {
  const length = name.length;
  if (length === 0 || length > 10) return -1;
  const first = name.charCodeAt(0);
  if (first < 48 || first > 57) return -1;
  const number = Number(name);
  return number >>> 0 === number && number < 4294967295 && String(number) === name ? number : -1;
}
