// Owns the place of each expression, as V8 has it: stacks show property reads and calls there, and uses of the value. Must never emit.
import type { ESTree } from "meriyah";
import { RESERVED_WORDS } from "../reserved-words.ts";
import { operandsOf } from "../scope/chains.ts";
import { wrappedPart } from "../scope/strict-parts.ts";
import { FunctionState, type Node } from "./state.ts";

/** The text allowed between a callee and its arguments. */
const BEFORE_ARGUMENTS = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n|\)|\?\.)*/y;
const OPTIONAL_DOT = /\?\.(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/y;
/** Nodes after which V8 shows a property read at its dot and not at its name. */
const CONTINUES: ReadonlySet<string> = new Set(["CallExpression", "ImportExpression"]);
const COMMENTS = /\/\*[^]*?\*\/|\/\/[^\n]*\n/g;

/** True for `(` and for the beginning of a template. */
function opensCall(unit: number): boolean {
  return unit === 40 || unit === 96;
}

/**
 * True if stacks show a call at the name of this method. V8 does not locate one at reserved words, `super` apart, or at private names.
 */
function isCallable(property: Node): boolean {
  return property.type === "Identifier" && (property.name === "super" || !RESERVED_WORDS.has(property.name));
}

export abstract class Places extends FunctionState {
  /** The place that stacks show for a property read, as in V8: its name or bracket; after a call or `?.`, the dot; of `?.x`, the `?.`. */
  protected placeOfMember(node: ESTree.MemberExpression): number {
    const property = node.property as Node;
    if (this.unit.prelude !== null) return property.start!;
    const { source } = this.unit;
    const place = this.afterOperand(node.object as Node);
    const isNamed = !node.computed || property.type === "PrivateIdentifier";
    if (isNamed) {
      const isDot = node.optional ? source[place] === "?" : source[place] === "." && this.isContinued(node);
      return isDot ? place : property.start!;
    }
    OPTIONAL_DOT.lastIndex = place;
    const bracket = node.optional ? place + (OPTIONAL_DOT.exec(source)?.[0].length ?? 0) : place;
    return source[bracket] === "[" ? bracket : property.start!;
  }

  /**
   * Links of chains, by whether a call or a `?.` comes before them, without parentheses around the chain up to it. Kept, because each link
   * of a chain asks for the one before it: without this, long chains would take quadratic time.
   */
  private readonly continued = new WeakMap<ESTree.MemberExpression, boolean>();

  /** True if the link continues a call or an optional chain. It fills `continued` for all links up to it. */
  private isContinued(link: ESTree.MemberExpression): boolean {
    const path: ESTree.MemberExpression[] = [];
    let found: boolean | undefined;
    for (let node = link; found === undefined;) {
      path.push(node);
      const object = node.object as Node;
      const between = this.unit.source.slice(object.end!, this.afterOperand(object)).replace(COMMENTS, "");
      if (between.includes(")")) found = false;
      else if (object.type !== "MemberExpression") found = CONTINUES.has(object.type);
      else found = object.optional || this.continued.get((node = object));
    }
    for (const node of path) this.continued.set(node, found);
    return found;
  }

  /** The place that stacks show for a use of the value of an expression, as in V8: where the expression itself may fail. */
  protected placeOfValue(node: Node): number {
    switch (node.type) {
      case "MemberExpression":
        return node.object.type === "Super" ? node.property.start! : this.placeOfMember(node);
      case "CallExpression":
        return this.placeOfCall(node);
      case "ChainExpression":
        return this.placeOfValue(node.expression);
      case "TaggedTemplateExpression":
        return node.quasi.start!;
      case "LogicalExpression":
        // A chain of one operator is where its first operand is.
        if (node.left.type === "LogicalExpression" && node.left.operator === node.operator)
          return this.placeOfValue(operandsOf(node.left)[0]!);
        // V8 takes the place of `??` after it has read it.
        if (node.operator === "??") return node.right.start!;
        return this.placeOfOperator(node, node.left as Node, node.operator);
      case "AssignmentExpression":
      case "BinaryExpression":
        return this.placeOfOperator(node, node.left as Node, node.operator);
      case "SequenceExpression":
        return this.placeOfValue(node.expressions.at(-1)!);
      case "UpdateExpression":
        return this.updateSign(node);
      default:
        return node.start!;
    }
  }

  private placeOfCall(node: ESTree.CallExpression): number {
    const part = wrappedPart(node);
    if (part !== undefined) return this.placeOfValue(part);
    return node.callee.type === "Super" ? node.start! : this.callPlace(node.callee);
  }

  /** The place that stacks show for the write of ++ or --: the sign, or the last word of the operand after it, perhaps a parenthesis. */
  protected updateSign(node: ESTree.UpdateExpression): number {
    const argument = node.argument as Node;
    if (!node.prefix) return this.placeOfOperator(node, argument, node.operator);
    if (node.end! > argument.end!) return node.end! - 1;
    if (argument.type !== "MemberExpression") return argument.start!;
    return argument.computed ? argument.end! - 1 : argument.property.start!;
  }

  /**
   * The place that stacks show for a call, as in V8: the called name, or the parenthesis after any other callee. Messages find
   * the words for the callee from there (ts/machine/expression-text.ts).
   */
  protected callPlace(callee: Node): number {
    const { source } = this.unit;
    const end = callee.end!;
    let place = end;
    let isClosed = false;
    if (!opensCall(source.charCodeAt(end))) {
      BEFORE_ARGUMENTS.lastIndex = end;
      const between = BEFORE_ARGUMENTS.exec(source)![0];
      place += between.length;
      if (!opensCall(source.charCodeAt(place))) return callee.start!;
      isClosed = /[)?]/.test(between.replace(COMMENTS, ""));
    }
    if (!isClosed && callee.type === "Identifier") return callee.start!;
    if (!isClosed && callee.type === "MemberExpression" && !callee.computed && isCallable(callee.property as Node))
      return callee.property.start!;
    return place;
  }
}
