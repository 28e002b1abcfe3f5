// Owns assignment expressions of every kind, ++ and --. Must never evaluate a target twice.
//
// `assignment` returns the register that holds the value of the expression: often that of the variable itself, so that `x = a + b` is one
// ADD x, a, b. https://tc39.es/ecma262/#sec-assignment-operators-runtime-semantics-evaluation
//
//   o.p += 2        GETPROP v, o, "p"; ADDI v, v, 2; SETPROP o, v, "p"
//   o[k] += 2       REQUIREOBJ o; TOKEY key, k; GETELEM v, o, key; ADDI v, v, 2; SETELEM o, key, v
//   x ??= f()       JNOTNULLISH x, →1; CALLU x, …; 1
//   y = x++         TONUMERIC t, x; INC x, t; MOVE y, t
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import { constantOf } from "./operators.ts";
import { Patterns, type Reference } from "./patterns.ts";
import { ERROR, isAnonymousFunction, type Node } from "./state.ts";

/** Assignments in a row, from which on they are emitted without recursion. */
const LONG_ROW = 32;

export abstract class Assignments extends Patterns {
  /** Emits the assignment; the result is in the returned register: a local, or a temporary (reserved). */
  protected assignment(node: ESTree.AssignmentExpression): number {
    const { operator, left } = node;
    if (this.isLongRow(node)) return this.assignRow(node);
    if (left.type === "Identifier" && this.objectsAt(left) !== undefined) return this.assignResolved(node, left);
    if (operator === "=") return left.type === "Identifier" ? this.assignName(node, left) : this.assignTarget(node);
    if (operator === "&&=" || operator === "||=" || operator === "??=") return this.logicalAssignment(node);
    return this.compoundAssignment(node);
  }

  /** Can the assignment be part of a row that is emitted as one? */
  private mayBeInRow({ operator, left }: ESTree.AssignmentExpression): boolean {
    if (operator !== "=") return false;
    if (left.type === "MemberExpression") return left.object.type !== "Super";
    return left.type === "Identifier" && this.objectsAt(left) === undefined;
  }

  /** `x = y = z = …` of so many assignments that recursion would cost too much of the host's stack. */
  private isLongRow(node: ESTree.AssignmentExpression): boolean {
    let link = node;
    for (let count = 0; count < LONG_ROW; count++) {
      if (link.right.type !== "AssignmentExpression" || !this.mayBeInRow(link)) return false;
      link = link.right;
    }
    return true;
  }

  /** All targets of a row from the left, the value, and the writes from the right. */
  private assignRow(node: ESTree.AssignmentExpression): number {
    const mark = this.top;
    const links: { readonly link: ESTree.AssignmentExpression; readonly reference: Reference | null; known: number }[] =
      [];
    let right: Node = node;
    while (right.type === "AssignmentExpression" && this.mayBeInRow(right)) {
      const link: ESTree.AssignmentExpression = right;
      const { left } = link;
      right = link.right;
      if (left.type === "MemberExpression")
        links.push({ link, reference: this.reference(left, right, false), known: -1 });
      else {
        const name = left as ESTree.Identifier;
        links.push({
          link,
          reference: null,
          known: this.assignableRegister(name) < 0 ? this.noteUnknown(name, right) : -1,
        });
      }
    }
    const { link: last, reference } = links[links.length - 1]!;
    let value = this.top;
    if (reference !== null) value = this.operand(right);
    else {
      this.valueFor(last, last.left as ESTree.Identifier, value);
      this.reserve();
    }
    for (let i = links.length - 1; i >= 0; i--) {
      const { link, reference, known } = links[i]!;
      this.payWhenLong();
      if (reference !== null) this.writeReference(reference, value, this.sign(link));
      else this.writeName(link, value, known);
    }
    return this.settle(mark, value);
  }

  /** Writes a name. `known`: the register that says whether it was known before the value was evaluated, or -1. */
  private writeName(node: ESTree.AssignmentExpression, value: number, known: number): void {
    const left = node.left as ESTree.Identifier;
    const register = this.assignableRegister(left);
    if (register >= 0) {
      this.MOVE(register, value);
      return;
    }
    if (known >= 0) this.requireKnown(left, known);
    this.assignIdentifier(left, value, this.sign(node));
  }

  private requireKnown(left: ESTree.Identifier, known: number): void {
    const found = new Label();
    this.JT(known, found);
    this.at(left);
    this.THROWERROR(ERROR.REFERENCE, this.str(`${left.name} is not defined`));
    this.emitLabel(found);
  }

  /** The place that stacks show for the write of an assignment. */
  private sign(node: ESTree.AssignmentExpression): number {
    return this.placeOfOperator(node, node.left as Node, node.operator);
  }

  /** The value of an assignment, which gives an anonymous function the name of the variable. */
  private valueFor(node: ESTree.AssignmentExpression, left: ESTree.Identifier, dst: number): void {
    // A parenthesised target does not name the function.
    if (isAnonymousFunction(node.right) && node.start === left.start) this.exprNamed(node.right, dst, left.name);
    else this.expr(node.right, dst);
  }

  /**
   * An assignment to a name that is resolved at run time, before its value is evaluated (names.ts). The value is in the lowest temporary
   * at the end, and only that one stays reserved.
   */
  private assignResolved(node: ESTree.AssignmentExpression, left: ESTree.Identifier): number {
    const value = this.reserve();
    const object = this.resolveName(left);
    const end = new Label();
    const { operator } = node;
    if (operator === "=") {
      this.valueFor(node, left, this.touch(this.top));
      this.move(value, this.top);
    } else {
      this.readResolved(left, object, value);
      if (operator === "&&=") this.JF(value, end);
      else if (operator === "||=") this.JT(value, end);
      else if (operator === "??=") this.JNOTNULLISH(value, end);
      else this.arithmetic(node, operator.slice(0, -1), value, value, node.right);
      if (operator === "&&=" || operator === "||=" || operator === "??=") {
        this.valueFor(node, left, this.touch(this.top));
        this.move(value, this.top);
      }
    }
    this.writeResolved(left, object, value, this.sign(node));
    this.emitLabel(end);
    this.top = value + 1;
    return value;
  }

  /**
   * `x = …`. A plain local is written by the last instruction of its value where that is safe (`writesLate`); else the value is made in
   * a temporary, since the expression may read x again, or throw and must then leave x as it was.
   */
  private assignName(node: ESTree.AssignmentExpression, left: ESTree.Identifier): number {
    const register = this.assignableRegister(left);
    const { right } = node;
    if (register >= 0) {
      if (writesLate(right)) {
        this.valueFor(node, left, register);
      } else {
        const value = this.touch(this.top);
        this.valueFor(node, left, value);
        this.MOVE(register, value);
      }
      return register;
    }
    const known = this.noteUnknown(left, right);
    let value: number;
    if (isAnonymousFunction(right)) {
      value = this.top;
      this.valueFor(node, left, value);
      this.reserve();
    } else {
      value = this.operand(right);
    }
    if (known >= 0) {
      this.requireKnown(left, known);
      this.assignIdentifier(left, value, this.sign(node));
      this.move(known, value);
      this.top = known + 1;
      return known;
    }
    this.assignIdentifier(left, value, this.sign(node));
    return value;
  }

  /**
   * A strict assignment to a name that is unknown before its value is evaluated fails, even if that very value declares it: the reference
   * is resolved first. https://tc39.es/ecma262/#sec-putvalue
   *
   *   LOADK r, "x"; HELPER r, hasGlobal(r); … the value …; JT r, →1; THROWERROR ReferenceError; 1 SETGLOBAL value, "x"
   *
   * Returns the register that says whether the name is known; -1 if nothing can change in between, as for almost every assignment.
   */
  private noteUnknown(left: ESTree.Identifier, right: Node): number {
    const { analysis, prelude } = this.unit;
    if (!this.info.strict || prelude !== null || this.bindingAt(left.start!) !== null || declaresNothing(right))
      return -1;
    const { name } = left;
    // The program's own declarations cannot be deleted.
    if (analysis.globalLexicals.some((lexical) => lexical.name === name) || analysis.globalVars.includes(name))
      return -1;
    if (analysis.globalFunctions.some((node) => node.id!.name === name)) return -1;
    const register = this.reserve();
    this.loadString(register, name);
    this.at(left);
    this.helper("hasGlobal", register, [register]);
    return register;
  }

  /** `=` with a member or pattern on the left. The reference is evaluated before the value, a pattern's targets after it. */
  private assignTarget(node: ESTree.AssignmentExpression): number {
    const { left, right } = node;
    if (left.type === "MemberExpression") {
      const mark = this.top;
      const reference = this.reference(left, right, false);
      let value: number;
      if (reference.kind === "super") this.expr(right, (value = reference.group + 3));
      else value = this.operand(right);
      this.writeReference(reference, value, this.sign(node));
      return this.settle(mark, value);
    }
    if (left.type === "CallExpression") {
      this.destructure(left, this.top, false);
      return this.temp(right);
    }
    const value = this.operand(right, left);
    this.destructure(left, value, false, this.sign(node));
    return value;
  }

  /**
   * Frees the temporaries from `mark` on, except the result if it is one of them, and returns the result's register. The result is then
   * the last register taken, though there may be unused ones below it.
   */
  private settle(mark: number, value: number): number {
    if (value < mark) {
      this.top = mark;
      return value;
    }
    this.top = value + 1;
    return value;
  }

  /** `x op= …`: the old value is read before the right side is evaluated. `operand` copies it, if the right side may assign x. */
  private compoundAssignment(node: ESTree.AssignmentExpression): number {
    const operator = node.operator.slice(0, -1);
    const { left, right } = node;
    if (left.type === "Identifier") {
      const register = this.assignableRegister(left);
      if (register >= 0) {
        const mark = this.top;
        this.arithmetic(node, operator, register, this.operand(left, right), right);
        this.top = mark;
        return register;
      }
      const value = this.reserve();
      this.loadIdentifier(left, value);
      this.arithmetic(node, operator, value, value, right);
      this.assignIdentifier(left, value, this.sign(node));
      return value;
    }
    if (left.type !== "MemberExpression") {
      this.destructure(left, this.top, false);
      return this.temp(right);
    }
    const mark = this.top;
    const reference = this.reference(left, right, true);
    const value = this.reserve();
    this.readReference(reference, value);
    this.arithmetic(node, operator, value, value, right);
    this.writeReference(reference, value, this.sign(node));
    return this.settle(mark, value);
  }

  /** `dst` := `left` operator `right`, with the immediate form for small integers. `left` may be `dst`. */
  private arithmetic(
    node: ESTree.AssignmentExpression,
    operator: string,
    dst: number,
    left: number,
    right: Node,
  ): void {
    const mark = this.top;
    const value = constantOf(right);
    if (typeof value === "number" && value >= -32768 && value <= 32767 && Object.is(value | 0, value)) {
      this.pos = this.placeOfChange(node);
      if (this.immediate(operator, dst, left, value)) return;
    }
    const register = this.operand(right);
    this.pos = this.placeOfChange(node);
    this.operate(operator, dst, left, register);
    this.top = mark;
  }

  /**
   * `&&=`, `||=` and `??=`: https://tc39.es/ecma262/#sec-assignment-operators-runtime-semantics-evaluation. The target is written only
   * where the right side is evaluated, so setters and constants are untouched by `o.p ||= 1` with a true o.p. Its value is in one
   * register either way, since the jump skips to the end.
   */
  private logicalAssignment(node: ESTree.AssignmentExpression): number {
    const { left, right } = node;
    const end = new Label();
    const skip = (register: number): void => {
      this.guardFusion(register);
      if (node.operator === "&&=") this.JF(register, end);
      else if (node.operator === "||=") this.JT(register, end);
      else this.JNOTNULLISH(register, end);
    };
    if (left.type === "Identifier") {
      const register = this.assignableRegister(left);
      if (register >= 0) {
        skip(register);
        this.assignName(node, left);
        this.emitLabel(end);
        return register;
      }
      const value = this.top;
      this.loadIdentifier(left, value);
      this.reserve();
      skip(value);
      this.valueFor(node, left, value);
      this.assignIdentifier(left, value, this.sign(node));
      this.emitLabel(end);
      return value;
    }
    if (left.type !== "MemberExpression") {
      this.destructure(left, this.top, false);
      return this.temp(right);
    }
    const mark = this.top;
    const reference = this.reference(left, right, true);
    const value = this.reserve();
    this.readReference(reference, value);
    skip(value);
    this.expr(right, value);
    this.writeReference(reference, value, this.sign(node));
    this.emitLabel(end);
    return this.settle(mark, value);
  }

  // --- ++ and --

  /**
   * `++` and `--`: https://tc39.es/ecma262/#sec-update-expressions. `wanted`: the value of the expression is used. Only a postfix operator
   * whose value is wanted keeps the old value, which is ToNumeric of the operand and not the operand: "1"++ is 1.
   */
  protected update(node: ESTree.UpdateExpression, wanted: boolean): number {
    const { argument, prefix } = node;
    const old = wanted && !prefix;
    if (argument.type === "Identifier" && this.objectsAt(argument) !== undefined)
      return this.updateResolved(node, argument, old);
    if (argument.type === "Identifier") {
      const register = this.assignableRegister(argument);
      if (register >= 0) {
        if (!old) {
          this.pos = this.placeOfChange(node);
          this.step(node, register, register);
          return register;
        }
        const value = this.reserve();
        this.pos = this.placeOfChange(node);
        this.TONUMERIC(value, register);
        this.step(node, register, value);
        return value;
      }
      const value = this.reserve();
      this.loadIdentifier(argument, value);
      this.pos = this.placeOfChange(node);
      if (!old) {
        this.step(node, value, value);
        this.assignIdentifier(argument, value, this.updateSign(node));
        return value;
      }
      const next = this.reserve();
      this.TONUMERIC(value, value);
      this.step(node, next, value);
      this.assignIdentifier(argument, next, this.updateSign(node));
      this.top = value + 1;
      return value;
    }
    if (argument.type !== "MemberExpression") {
      this.destructure(argument as Node, this.top, false);
      return this.reserve();
    }
    const mark = this.top;
    const reference = this.reference(argument, null, true);
    const value = this.reserve();
    this.readReference(reference, value);
    this.pos = this.placeOfChange(node);
    if (!old) {
      this.step(node, value, value);
      this.writeReference(reference, value, this.updateSign(node));
    } else {
      const next = this.reserve();
      this.TONUMERIC(value, value);
      this.step(node, next, value);
      this.writeReference(reference, next, this.updateSign(node));
    }
    return this.settle(mark, value);
  }

  /** `++` or `--` of a name that is resolved at run time (names.ts). `old`: the value before is wanted. */
  private updateResolved(node: ESTree.UpdateExpression, name: ESTree.Identifier, old: boolean): number {
    const value = this.reserve();
    const object = this.resolveName(name);
    this.readResolved(name, object, value);
    this.pos = this.placeOfChange(node);
    const next = this.reserve();
    this.TONUMERIC(value, value);
    this.step(node, next, value);
    this.writeResolved(name, object, next, this.updateSign(node));
    if (!old) this.MOVE(value, next);
    this.top = value + 1;
    return value;
  }

  /** `dst` := `src` + 1 or - 1. INC and DEC also do it for BigInts, which an immediate 1 could not. */
  private step(node: ESTree.UpdateExpression, dst: number, src: number): void {
    if (node.operator === "++") this.INC(dst, src);
    else this.DEC(dst, src);
  }
}

/** True if evaluating the node certainly cannot create a global variable. */
function declaresNothing(node: Node): boolean {
  switch (node.type) {
    case "Literal":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ThisExpression":
      return true;
    case "TemplateLiteral":
      return node.expressions.length === 0;
    default:
      return false;
  }
}

/**
 * True if evaluating into a variable's own register writes it only at the very end: then the expression may read the old
 * value, and an exception leaves it as it was.
 */
export function writesLate(node: Node): boolean {
  switch (node.type) {
    case "ConditionalExpression":
      return writesLate(node.consequent) && writesLate(node.alternate);
    case "SequenceExpression":
      return writesLate(node.expressions[node.expressions.length - 1]!);
    case "LogicalExpression":
    case "UpdateExpression":
    case "ClassExpression":
      return false;
    default:
      return true;
  }
}
