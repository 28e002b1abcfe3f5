// Owns the dispatch over expression nodes: into a register, as an operand, for effects, with a name. Must never emit more
// than a few instructions of its own.
//
//                 x + 1, x in r2            f(x), result wanted      x++ as a statement
//   expr          ADDI dst, r2, 1           CALLU dst, area…, 1      TONUMERIC dst, r2; INC r2, dst
//   operand       ADDI t, r2, 1; t          CALLU t, area…, 1; t     TONUMERIC t, r2; INC r2, t; t
//   discard       ADDI t, r2, 1             CALLU t, area…, 1        INC r2, r2
//
// An operand that is a plain local is its register itself, without an instruction. That is why binary operators, property reads
// and tests of a loop rarely move anything.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import type { Binding } from "../scope/model.ts";
import { calleeOf, innerLink, type Link } from "../scope/chains.ts";
import { Generators } from "./generators.ts";
import type { Node } from "./state.ts";

export abstract class Expressions extends Generators {
  /** Evaluates into `dst`. Frequent types come first: the host compares the type with one case after another. */
  override expr(node: Node, dst: number): void {
    this.payWhenLong();
    switch (node.type) {
      case "Identifier":
        this.loadIdentifier(node, dst);
        break;
      case "Literal":
        this.literal(node, dst);
        break;
      case "MemberExpression":
      case "CallExpression":
      case "TaggedTemplateExpression":
        this.chainLink(node, dst);
        break;
      case "BinaryExpression":
        this.binary(node, dst);
        break;
      case "LogicalExpression":
        this.logical(node, dst);
        break;
      case "AssignmentExpression": {
        const mark = this.top;
        const result = this.assignment(node);
        this.top = mark;
        this.move(dst, result);
        break;
      }
      case "UpdateExpression": {
        const mark = this.top;
        const result = this.update(node, true);
        this.top = mark;
        this.move(dst, result);
        break;
      }
      case "UnaryExpression":
        this.unary(node, dst);
        break;
      case "ConditionalExpression":
        this.conditional(node, dst);
        break;
      case "ThisExpression":
        this.at(node);
        this.loadThis(dst);
        break;
      case "FunctionExpression":
        this.closure(node, dst, node.id ? node.id.name : "", node);
        break;
      case "ArrowFunctionExpression":
        this.closure(node, dst, "", node);
        break;
      case "ObjectExpression":
        this.objectLiteral(node, dst);
        break;
      case "ArrayExpression":
        this.arrayLiteral(node.elements, dst);
        break;
      case "TemplateLiteral":
        this.template(node, dst);
        break;
      case "NewExpression":
        this.newExpression(node, dst);
        break;
      case "SequenceExpression": {
        const last = node.expressions.length - 1;
        for (let i = 0; i < last; i++) this.discard(this.inSequence(node, i));
        this.expr(this.inSequence(node, last), dst);
        break;
      }
      case "ChainExpression":
        this.chain(node, dst);
        break;
      case "AwaitExpression":
        this.awaitExpression(node, dst);
        break;
      case "YieldExpression":
        this.yieldExpression(node, dst);
        break;
      case "ClassExpression":
        this.classDefinition(node, dst, node.id ? node.id.name : "", -1);
        break;
      case "MetaProperty":
        if (node.meta.name === "new") this.loadNewTarget(this.touch(dst));
        else this.loadCell(this.unit.analysis.module!.metaCell, dst);
        break;
      case "ImportExpression":
        this.importCall(node, dst);
        break;
      default:
        this.unit.fail(`${node.type} is not supported`, node);
    }
  }

  /** A link of a chain of members and calls; the links inside it come first, without recursion. */
  private chainLink(node: Link, dst: number): void {
    const links: Link[] = [];
    const destinations: number[] = [];
    for (let inner = innerLink(node); inner !== null; inner = innerLink(node)) {
      links.push(node);
      destinations.push(dst);
      // The object of a method goes right into the `this` slot of the call area.
      const isObject = node.type !== "MemberExpression" && calleeOf(node).type === "MemberExpression";
      dst = isObject ? this.top + 1 : this.top;
      node = inner;
    }
    this.link(node, dst, false);
    for (let i = links.length - 1; i >= 0; i--) {
      this.payWhenLong();
      this.link(links[i]!, destinations[i]!, true);
    }
  }

  /** `isBegun`: what the link begins with is evaluated, at `top`, or above it if it is the object of a method. */
  private link(node: Link, dst: number, isBegun: boolean): void {
    if (node.type === "MemberExpression") this.member(node, dst, isBegun);
    else if (node.type === "CallExpression") this.call(node, dst, isBegun);
    else this.taggedTemplate(node, dst, isBegun);
  }

  /**
   * Evaluates to some register: that of a local if the node is one and neither `later` nor `later2`, which are evaluated before the use,
   * assigns it; else a new temporary. In `x + (x = 2)` the first x is copied, in `x + y` it is not.
   */
  override operand(node: Node, later: Node | null = null, later2: Node | null = null): number {
    switch (node.type) {
      case "Identifier": {
        const register = this.directRegister(node);
        if (register >= 0) {
          if (later === null && later2 === null) return register;
          const binding = this.bindingAt(node.start!)!;
          if ((later === null || !mayAssign(binding, later)) && (later2 === null || !mayAssign(binding, later2)))
            return register;
        }
        break;
      }
      case "ThisExpression":
        this.at(node);
        return this.thisRegister();
      case "AssignmentExpression":
        return this.steady(this.assignment(node), later, later2);
      case "UpdateExpression":
        return this.steady(this.update(node, true), later, later2);
      default:
        break;
    }
    return this.temp(node);
  }

  /** Copies a result that may be in a variable's register, unless `later` and `later2` are too simple to change it. */
  private steady(register: number, later: Node | null, later2: Node | null): number {
    if (register >= this.info.localsEnd || (isInert(later) && isInert(later2))) return register;
    const copy = this.reserve();
    this.MOVE(copy, register);
    return copy;
  }

  /** Evaluates for its effects only. Literals and functions have no effects; a name may throw, an operator may call guest code. */
  override discard(node: Node): void {
    const mark = this.top;
    switch (node.type) {
      case "AssignmentExpression":
        this.assignment(node);
        break;
      case "UpdateExpression":
        this.update(node, false);
        break;
      case "SequenceExpression":
        for (let i = 0; i < node.expressions.length; i++) this.discard(this.inSequence(node, i));
        break;
      case "Literal":
        if ("regex" in node) this.expr(node, this.top);
        break;
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        break;
      case "Identifier":
        // The read itself may throw.
        if (this.directRegister(node) < 0) this.expr(node, this.top);
        break;
      case "ConditionalExpression":
      case "LogicalExpression":
        this.discardBranch(node);
        break;
      case "UnaryExpression":
        if (node.operator === "void") this.discard(node.argument);
        else this.expr(node, this.top);
        break;
      default:
        this.expr(node, this.top);
    }
    this.top = mark;
  }

  /** A conditional or logical expression as a statement is an if statement: `a && f()` makes no value of a. */
  private discardBranch(node: ESTree.ConditionalExpression | ESTree.LogicalExpression): void {
    if (node.type === "LogicalExpression" && node.operator === "??") {
      this.expr(node, this.top);
      return;
    }
    const skip = new Label();
    if (node.type === "LogicalExpression") {
      this.jumpIf(node.left, skip, node.operator === "||");
      this.discard(node.right);
      this.emitLabel(skip);
      return;
    }
    this.jumpIf(node.test, skip, false);
    this.discard(node.consequent);
    const end = this.otherwise(skip);
    this.discard(node.alternate);
    this.emitLabel(end);
  }

  // --- names

  /** NamedEvaluation with a name that is known at compile time: https://tc39.es/ecma262/#sec-runtime-semantics-namedevaluation */
  override exprNamed(node: Node, dst: number, name: string): void {
    switch (node.type) {
      case "ArrowFunctionExpression":
        this.closure(node, dst, name, node);
        break;
      case "FunctionExpression":
        this.closure(node, dst, node.id ? node.id.name : name, node);
        break;
      case "ClassExpression":
        this.classDefinition(node, dst, node.id ? node.id.name : name, -1);
        break;
      default:
        this.expr(node, dst);
    }
  }

  /** NamedEvaluation with the property key in `keyRegister`: SETNAME, or for a class SETNAME before its static elements run. */
  override exprNamedBy(node: Node, dst: number, keyRegister: number, prefix: number): void {
    if (node.type === "ClassExpression") {
      this.classDefinition(node, dst, "", keyRegister);
      return;
    }
    this.closure(node, dst, "", node);
    this.SETNAME(dst, keyRegister, prefix);
  }
}

/** True for nodes that assign nothing and call nothing. */
function isInert(node: Node | null): boolean {
  return node === null || node.type === "Literal" || node.type === "Identifier" || node.type === "ThisExpression";
}

/**
 * True if evaluating `node` may assign a local that no closure captures: analysis has listed the source offsets of its assignments, and
 * one of them is within the node. A binary search: a large function asks for each operand.
 */
function mayAssign(binding: Binding, node: Node): boolean {
  const { writes } = binding;
  if (writes === null || (isInert(node) && node.type !== "Identifier")) return false;
  if (!binding.writesSorted) {
    writes.sort((a, b) => a - b);
    binding.writesSorted = true;
  }
  const start = node.start!;
  let low = 0;
  let high = writes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (writes[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < writes.length && writes[low]! < node.end!;
}
