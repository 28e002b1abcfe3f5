// Owns operators: arithmetic with its immediate forms, comparisons, conditions as jumps, constant folding of literals.
// Must never touch bindings beyond asking for operands.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import { operandsOf } from "../scope/chains.ts";
import { ControlFlow } from "./control-flow.ts";
import { numeric } from "./literal-values.ts";
import { SPECIAL, type Node } from "./state.ts";

/**
 * The number or string that an expression of literals always has; undefined for all other expressions. `depth`: how far down the
 * recursion is.
 *
 * Only numbers and strings fold: no operator on them calls guest code, and both can be constants of the image.
 */
export function constantOf(node: Node, depth = 0): number | string | undefined {
  switch (node.type) {
    case "Literal":
      return (typeof node.value === "number" || typeof node.value === "string") && !("bigint" in node)
        ? node.value
        : undefined;
    case "UnaryExpression": {
      if (node.operator !== "-" && node.operator !== "+") return undefined;
      const value = constantOf(node.argument, depth + 1);
      return typeof value !== "number" ? undefined : node.operator === "-" ? -value : value;
    }
    case "BinaryExpression": {
      // Deeper literals are not worth the time: folding asks for each operand of a chain again.
      if (depth > 20) return undefined;
      const right = constantOf(node.right, depth + 1);
      if (right === undefined) return undefined;
      const left = constantOf(node.left as Node, depth + 1);
      if (left === undefined) return undefined;
      return foldBinary(node.operator, left, right);
    }
    default:
      return undefined;
  }
}

/** `**` is not among them: engines may differ in its last bits. */
const FOLDED = new Set(["+", "-", "*", "/"]);

/** `left operator right`; undefined for operators that are not folded. */
function foldBinary(operator: string, left: number | string, right: number | string): number | string | undefined {
  if (typeof left === "string" && typeof right === "string") return operator === "+" ? left + right : undefined;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  return FOLDED.has(operator) ? numeric(operator, left, right)?.value : undefined;
}

/** True for numbers that fit the immediate field of an instruction, 16 bits signed. -0 does not: the field holds an integer. */
function isSmall(value: number | string | undefined): value is number {
  return (
    typeof value === "number" &&
    value >= -32768 &&
    value <= 32767 &&
    (value | 0) === value &&
    !(value === 0 && 1 / value < 0)
  );
}

/**
 * Operators that may have a literal on the left, with the operator they become when it moves to the right. `+` is not among them:
 * with a string on the right, the order of the operands shows. Nor are `==` and `!=`, which have no immediate form.
 */
const FLIPPED = new Map([
  ["*", "*"],
  ["&", "&"],
  ["|", "|"],
  ["^", "^"],
  ["<", ">"],
  ["<=", ">="],
  [">", "<"],
  [">=", "<="],
  ["===", "==="],
  ["!==", "!=="],
]);

const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!=", "===", "!=="]);

/** True if `flipped` emits the node: a small literal is on the left of an operator that can be turned round. */
function isFlippable(node: ESTree.BinaryExpression): boolean {
  return FLIPPED.has(node.operator) && isSmall(constantOf(node.left as Node));
}

/** An operation whose result is the left operand of the one around it, and that is emitted unchanged. */
function isLink(node: Node): node is ESTree.BinaryExpression {
  return node.type === "BinaryExpression" && constantOf(node) === undefined && !isFlippable(node);
}

/** True if the node becomes a comparison, whose value is a boolean and which fuses with a jump after it. */
function isComparison(node: Node): boolean {
  return node.type === "BinaryExpression" && COMPARISONS.has(node.operator);
}

export abstract class Operators extends ControlFlow {
  // --- binary

  /**
   * `dst` := left operator right, https://tc39.es/ecma262/#sec-evaluatestringornumericbinaryexpression. For `a + b * 2`:
   *
   *   MULI t, b, 2
   *   ADD dst, a, t          locals are operands as they are; literals of 16 bits are immediate
   */
  protected binary(node: ESTree.BinaryExpression, dst: number): void {
    const folded = constantOf(node);
    if (folded !== undefined) {
      if (typeof folded === "number") this.loadNumber(dst, folded);
      else this.loadString(dst, folded);
      return;
    }
    if (this.flipped(node, dst)) return;
    const mark = this.top;
    this.apply(node, dst, this.leftOperand(node));
    this.top = mark;
  }

  /**
   * Register of the left operand. `a + b + c + …` leans to the left, as deep as it is long: such a chain is walked in a loop, since a
   * source may well have ten thousand links. All links write to one temporary, `mark`.
   */
  private leftOperand(node: ESTree.BinaryExpression): number {
    const left = node.left as Node;
    if (left.type === "PrivateIdentifier") {
      const register = this.reserve();
      this.loadPrivateName(left, register);
      return register;
    }
    if (!isLink(left)) return this.operand(left, node.right);
    const mark = this.top;
    const links: ESTree.BinaryExpression[] = [left];
    let first = left;
    while (isLink(first.left as Node)) links.push((first = first.left as ESTree.BinaryExpression));
    let register = this.leftOperand(first);
    for (let i = links.length - 1; i >= 0; i--) {
      this.apply(links[i]!, mark, register);
      register = mark;
      this.top = mark;
      this.reserve();
    }
    return register;
  }

  /** `dst` := the private name value that `#x` refers to. */
  abstract loadPrivateName(node: ESTree.PrivateIdentifier, dst: number): void;

  /**
   * `2 * x` may be done as `x * 2`: a literal has no effects that could change places, and needs no register on the right. `1 < x`
   * becomes `x > 1`. Returns false if it emitted nothing.
   */
  private flipped(node: ESTree.BinaryExpression, dst: number): boolean {
    const operator = FLIPPED.get(node.operator);
    if (operator === undefined) return false;
    const value = constantOf(node.left as Node);
    if (!isSmall(value)) return false;
    const mark = this.top;
    const right = this.operand(node.right);
    this.top = mark;
    this.atSign(node);
    return this.immediate(operator, this.touch(dst), right, value);
  }

  /** Errors of an operator show its sign, as in V8: a long expression may have many operators in one line. */
  private atSign(node: ESTree.BinaryExpression): void {
    this.pos = this.placeOfOperator(node, node.left as Node, node.operator);
  }

  /** `dst` := `left` operator right side of the node, with the immediate form where there is one. */
  private apply(node: ESTree.BinaryExpression, dst: number, left: number): void {
    const value = constantOf(node.right);
    if (isSmall(value)) {
      this.atSign(node);
      this.touch(dst);
      if (this.immediate(node.operator, dst, left, value)) return;
    }
    const right = this.operand(node.right);
    this.atSign(node);
    this.touch(dst);
    if ((node.left as Node).type === "PrivateIdentifier") this.PRIVIN(dst, left, right);
    else this.operate(node.operator, dst, left, right);
  }

  /** Emits the immediate form and returns true, if the operator has one that takes `value`. */
  protected immediate(operator: string, dst: number, left: number, value: number): boolean {
    switch (operator) {
      case "+":
        this.ADDI(dst, left, value);
        return true;
      case "-":
        this.SUBI(dst, left, value);
        return true;
      case "*":
        this.MULI(dst, left, value);
        return true;
      case "/":
        if (value === 0) return false;
        this.DIVI(dst, left, value);
        return true;
      case "%":
        // The fast path of MODI has no test for a divisor that is zero or negative.
        if (value <= 0) return false;
        this.MODI(dst, left, value);
        return true;
      case "&":
        this.BITANDI(dst, left, value);
        return true;
      case "|":
        this.BITORI(dst, left, value);
        return true;
      case "^":
        this.BITXORI(dst, left, value);
        return true;
      case "<<":
        // A count that has to be masked goes the general way, as for the other two shifts.
        if (value < 0 || value > 31) return false;
        this.SHLI(dst, left, value);
        return true;
      case ">>":
        if (value < 0 || value > 31) return false;
        this.SHRI(dst, left, value);
        return true;
      case ">>>":
        if (value < 0 || value > 31) return false;
        this.USHRI(dst, left, value);
        return true;
      case "<":
        this.LTI(dst, left, value);
        return true;
      case "<=":
        this.LEI(dst, left, value);
        return true;
      case ">":
        this.GTI(dst, left, value);
        return true;
      case ">=":
        this.GEI(dst, left, value);
        return true;
      case "===":
        this.SEQI(dst, left, value);
        return true;
      case "!==":
        this.SNEI(dst, left, value);
        return true;
      default:
        return false;
    }
  }

  /** Emits the general form, all operands in registers. */
  protected operate(operator: string, dst: number, left: number, right: number): void {
    switch (operator) {
      case "+":
        return this.ADD(dst, left, right);
      case "-":
        return this.SUB(dst, left, right);
      case "*":
        return this.MUL(dst, left, right);
      case "/":
        return this.DIV(dst, left, right);
      case "%":
        return this.MOD(dst, left, right);
      case "**":
        return this.EXP(dst, left, right);
      case "&":
        return this.BITAND(dst, left, right);
      case "|":
        return this.BITOR(dst, left, right);
      case "^":
        return this.BITXOR(dst, left, right);
      case "<<":
        return this.SHL(dst, left, right);
      case ">>":
        return this.SHR(dst, left, right);
      case ">>>":
        return this.USHR(dst, left, right);
      case "<":
        return this.LT(dst, left, right);
      case "<=":
        return this.LE(dst, left, right);
      case ">":
        return this.GT(dst, left, right);
      case ">=":
        return this.GE(dst, left, right);
      case "==":
        return this.EQ(dst, left, right);
      case "!=":
        return this.NE(dst, left, right);
      case "===":
        return this.SEQ(dst, left, right);
      case "!==":
        return this.SNE(dst, left, right);
      case "instanceof":
        return this.INSTANCEOF(dst, left, right);
      case "in":
        return this.IN(dst, left, right);
      default:
        throw new Error(`unknown operator ${operator}`);
    }
  }

  // --- logical

  /**
   * `dst` := a && b, a || b or a ?? b, https://tc39.es/ecma262/#sec-binary-logical-operators-runtime-semantics-evaluation. Chains lean to
   * the left; they are walked without recursion.
   */
  protected logical(node: ESTree.LogicalExpression, dst: number): void {
    // The links of a chain all write to `dst`: each finds the value of the one before it there.
    const links = [node];
    let first = node;
    while (first.left.type === "LogicalExpression") links.push((first = first.left));
    for (let i = links.length - 1; i >= 0; i--) this.logicalLink(links[i]!, dst, links[i] !== first);
  }

  /**
   * One operator of a chain. `isEvaluated`: the left side is in `dst`. A left side that is a comparison is not a value at all where it
   * decides, since its jump is fused and says what it would have been:
   *
   *   a && b:        MOVE dst, a; JF dst, →1; MOVE dst, b; 1
   *   a < b && c:    LT t, a, b; JF t, →1; MOVE dst, c; JMP →2; 1 LOADS dst, false; 2
   */
  private logicalLink(node: ESTree.LogicalExpression, dst: number, isEvaluated: boolean): void {
    const end = new Label();
    const { left, right, operator } = node;
    if (operator !== "??" && isComparison(left)) {
      // The comparison fuses with its jump; its result is known where it is needed.
      const short = new Label();
      const isAnd = operator === "&&";
      this.jumpIf(left, short, !isAnd);
      this.expr(right, dst);
      this.JMP(end);
      this.emitLabel(short);
      this.LOADS(this.touch(dst), isAnd ? SPECIAL.FALSE : SPECIAL.TRUE);
      this.emitLabel(end);
      return;
    }
    if (!isEvaluated) this.expr(left, dst);
    // Fused with this jump, a comparison would lose its result, which is the value of the whole where the jump is taken.
    this.guardFusion(dst);
    if (operator === "&&") this.JF(dst, end);
    else if (operator === "||") this.JT(dst, end);
    else this.JNOTNULLISH(dst, end);
    this.expr(right, dst);
    this.emitLabel(end);
  }

  /**
   * `test ? a : b`, https://tc39.es/ecma262/#sec-conditional-operator-runtime-semantics-evaluation. `dst` may be a variable only if each
   * branch writes it last (`writesLate`).
   *
   *   JF test, →1; MOVE dst, a; JMP →2; 1 MOVE dst, b; 2
   */
  protected conditional(node: ESTree.ConditionalExpression, dst: number): void {
    const otherwise = new Label();
    const end = new Label();
    this.jumpIf(node.test, otherwise, false);
    this.expr(node.consequent, dst);
    this.jumpOver(end);
    this.emitLabel(otherwise);
    this.expr(node.alternate, dst);
    this.emitLabel(end);
  }

  // --- conditions

  /**
   * Jumps forward to `target` if the truth of the node is `when`, else falls through. Conditions never become booleans: `!` turns
   * `when` round, `&&` and `||` become jumps to one place.
   *
   *   if (a < b && !c) …:    LT t, a, b; JF t, →else; JT c, →else
   */
  jumpIf(node: Node, target: Label, when: boolean): void {
    switch (node.type) {
      case "UnaryExpression":
        if (node.operator === "!") {
          this.jumpIf(node.argument, target, !when);
          return;
        }
        break;
      case "LogicalExpression":
        if (node.operator === "??") break;
        this.jumpIfLogical(node, target, when);
        return;
      case "Literal": {
        const truth = literalTruth(node);
        if (truth !== undefined) {
          if (truth === when) this.JMP(target);
          return;
        }
        break;
      }
      case "SequenceExpression": {
        const last = node.expressions.length - 1;
        for (let i = 0; i < last; i++) this.discard(node.expressions[i]!);
        this.jumpIf(node.expressions[last]!, target, when);
        return;
      }
      case "BinaryExpression": {
        if (this.jumpIfNullish(node, target, when)) return;
        const register = this.top;
        this.binary(node, register);
        this.jumpWhen(register, target, when);
        return;
      }
      default:
        break;
    }
    const mark = this.top;
    const register = this.operand(node);
    if (register < mark) this.guardFusion(register);
    this.jumpWhen(register, target, when);
    this.top = mark;
  }

  /**
   * A chain of one operator. If every operand can decide for the jump (`&&` with a jump when false, `||` with a jump when true), each
   * jumps to `target`. Otherwise an operand that decides jumps over the rest, and only the last one jumps to `target`.
   */
  private jumpIfLogical(node: ESTree.LogicalExpression, target: Label, when: boolean): void {
    const operands = operandsOf(node);
    if ((node.operator === "&&") === !when) {
      for (const operand of operands) this.jumpIf(operand, target, when);
      return;
    }
    const skip = new Label();
    const last = operands.pop()!;
    for (const operand of operands) this.jumpIf(operand, skip, !when);
    this.jumpIf(last, target, when);
    this.emitLabel(skip);
  }

  /**
   * `x === undefined` and `x == null` have jumps of their own: JUNDEF, JNULLISH and their opposites. One of them
   * replaces a comparison and its jump, and never takes the slow path of EQ. Returns false if it emitted nothing.
   */
  private jumpIfNullish(node: ESTree.BinaryExpression, target: Label, when: boolean): boolean {
    const { operator, right } = node;
    const mark = this.top;
    const jumpsOnEqual = (operator === "===" || operator === "==") === when;
    if ((operator === "===" || operator === "!==") && this.isUndefined(right)) {
      const register = this.operand(node.left as Node);
      if (jumpsOnEqual) this.JUNDEF(register, target);
      else this.JNOTUNDEF(register, target);
    } else if (
      (operator === "==" || operator === "!=") &&
      (this.isUndefined(right) || (right.type === "Literal" && right.value === null && !("regex" in right)))
    ) {
      const register = this.operand(node.left as Node);
      if (jumpsOnEqual) this.JNULLISH(register, target);
      else this.JNOTNULLISH(register, target);
    } else {
      return false;
    }
    this.top = mark;
    return true;
  }

  /** True for the global name `undefined`, which nothing can change, and for `void 0`. */
  private isUndefined(node: Node): boolean {
    if (node.type === "Identifier")
      return node.name === "undefined" && this.bindingAt(node.start!) === null && this.objectsAt(node) === undefined;
    return node.type === "UnaryExpression" && node.operator === "void" && node.argument.type === "Literal";
  }

  /**
   * The test of a loop: jumps back to `body` while it is true. The back-edge itself is conditional (LOOPT) wherever the condition is in a
   * register, so an iteration takes one jump. LOOP and LOOPT are the only backward jumps: at them the machine takes fuel, and may be
   * held. For `while (a && b < c)`:
   *
   *   JF a, →exit; LT t, b, c; LOOPT t, top, →body
   *   exit
   */
  protected loopWhile(node: Node, body: Label): void {
    switch (node.type) {
      case "UnaryExpression":
        if (node.operator === "!") {
          const exit = new Label();
          this.jumpIf(node.argument, exit, true);
          this.LOOP(this.top, body);
          this.emitLabel(exit);
          return;
        }
        break;
      case "LogicalExpression":
        if (node.operator === "&&") {
          const exit = new Label();
          this.jumpIf(node.left, exit, false);
          this.loopWhile(node.right, body);
          this.emitLabel(exit);
          return;
        }
        if (node.operator === "||") {
          for (const operand of operandsOf(node)) this.loopWhile(operand, body);
          return;
        }
        break;
      case "Literal": {
        const truth = literalTruth(node);
        if (truth !== undefined) {
          if (truth) this.LOOP(this.top, body);
          return;
        }
        break;
      }
      case "BinaryExpression":
        this.binary(node, this.top);
        this.loopIf(this.top, body);
        return;
      default:
        break;
    }
    const mark = this.top;
    const register = this.operand(node);
    this.top = mark;
    if (register < mark) this.guardFusion(register);
    this.loopIf(register, body);
  }

  // --- unary

  /** `dst` := operator argument. `void`, `typeof` and `delete` look at their argument before it is a value. */
  protected unary(node: ESTree.UnaryExpression, dst: number): void {
    const folded = constantOf(node);
    if (typeof folded === "number") {
      this.loadNumber(dst, folded);
      return;
    }
    const mark = this.top;
    const argument = node.argument;
    switch (node.operator) {
      case "void":
        this.discard(argument);
        this.loadUndefined(dst);
        return;
      case "typeof":
        this.typeOf(argument, dst);
        return;
      case "delete":
        this.deleteReference(argument, dst);
        return;
      default:
    }
    const source = this.operand(argument);
    this.top = mark;
    this.touch(dst);
    this.at(node);
    switch (node.operator) {
      case "!":
        return this.NOT(dst, source);
      case "-":
        return this.NEG(dst, source);
      case "+":
        return this.PLUS(dst, source);
      case "~":
        return this.BITNOT(dst, source);
      default:
        this.unit.fail(`unknown operator ${node.operator}`, node);
    }
  }

  /**
   * https://tc39.es/ecma262/#sec-typeof-operator-runtime-semantics-evaluation: a global name that does not exist is "undefined" and not an
   * error (TYPEOFGLOBAL), but a declared one in its dead zone is an error.
   */
  private typeOf(argument: Node, dst: number): void {
    const mark = this.top;
    let source: number;
    if (argument.type === "Identifier" && this.objectsAt(argument) !== undefined) {
      source = this.reserve();
      this.typeOfName(argument, source);
    } else if (
      argument.type === "Identifier" &&
      this.unit.prelude === null &&
      this.bindingAt(argument.start!) === null
    ) {
      source = this.touch(this.top);
      this.at(argument);
      this.TYPEOFGLOBAL(source, this.str(argument.name));
    } else {
      source = this.operand(argument);
    }
    this.top = mark;
    this.TYPEOF(this.touch(dst), source);
  }

  /** `dst` := `delete argument`. */
  protected abstract deleteReference(argument: Node, dst: number): void;
}

/** Truth of a literal, undefined where it is not worth knowing. */
export function literalTruth(node: Node): boolean | undefined {
  if (node.type !== "Literal" || "regex" in node || "bigint" in node) return undefined;
  return Boolean(node.value);
}
