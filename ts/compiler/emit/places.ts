// Owns the places that stacks show for what fails without a sign of its own: property reads, calls, iterations, conversions. They are V8's.
// Must never emit.
//
// V8 locates an error at the last place that the code before it has set, in the order of the code and not of what ran:
//
//   for (const x of (a && b.c))        V8 shows c, where the right operand is read, also when `a` is iterated
import type { ESTree } from "meriyah";
import { RESERVED_WORDS } from "../reserved-words.ts";
import { FunctionState, type Node } from "./state.ts";

/** The text allowed between a callee and its arguments. */
const BEFORE_ARGUMENTS = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n|\)|\?\.)*/y;
const OPTIONAL_DOT = /\?\.(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*/y;
/** Nodes after which V8 shows a property read at its dot and not at its name. */
const CONTINUES: ReadonlySet<string> = new Set(["CallExpression", "ImportExpression"]);
/** Values that are not in the description of an object literal. */
function isDefinedAlone(value: Node): boolean {
  return (
    value.type === "FunctionExpression" ||
    value.type === "ArrowFunctionExpression" ||
    value.type === "ClassExpression" ||
    "regex" in value
  );
}

function staticName(key: ESTree.Node): unknown {
  return key.type === "Identifier" ? key.name : key.type === "Literal" ? key.value : undefined;
}

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
        return node.callee.type === "Super" ? node.start! : this.callPlace(node.callee);
      case "ChainExpression":
        return this.placeOfValue(node.expression);
      case "TaggedTemplateExpression":
        return node.quasi.start!;
      case "LogicalExpression":
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

  /** The place that stacks show for the write of ++ or --: the sign, or the last word of the operand after it, perhaps a parenthesis. */
  protected updateSign(node: ESTree.UpdateExpression): number {
    const argument = node.argument as Node;
    if (!node.prefix) return this.placeOfOperator(node, argument, node.operator);
    if (node.end! > argument.end!) return node.end! - 1;
    if (argument.type !== "MemberExpression") return argument.start!;
    return argument.computed ? argument.end! - 1 : argument.property.start!;
  }

  /**
   * The place of the last part of an expression that V8 locates, in the order of the code; -1: it locates no part. V8 shows an error of an
   * instruction without a place of its own there.
   */
  protected lastPlace(node: Node): number {
    if (this.unit.prelude !== null) return -1;
    switch (node.type) {
      case "Literal":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ThisExpression":
      case "MetaProperty":
        return -1;
      case "ClassExpression":
        return this.lastPlaceOfClass(node);
      case "ChainExpression":
        return this.lastPlace(node.expression);
      case "TemplateLiteral":
        return this.lastOf(node.expressions);
      case "ArrayExpression":
        return this.lastOf(node.elements);
      case "ObjectExpression":
        return this.lastOfProperties(node);
      case "SequenceExpression":
        return this.placeOfKey(node.expressions.at(-1)!);
      case "ConditionalExpression":
        if (node.test.type === "Literal") return this.lastPlace(node.test.value ? node.consequent : node.alternate);
        return this.lastOf([node.consequent, node.alternate]);
      case "LogicalExpression":
        // A variable that is only tested is not loaded.
        return this.lastOf([node.left.type === "Identifier" ? null : node.left, node.right]);
      case "UnaryExpression":
        return this.lastPlaceOfUnary(node);
      case "AssignmentExpression":
        return this.placeOfAssigned(node);
      default:
        return this.placeOfValue(node);
    }
  }

  private lastPlaceOfClass({ superClass, body }: ESTree.ClassExpression): number {
    const last = (body.body as Node[]).findLast((element) => "computed" in element && element.computed);
    if (last !== undefined && "key" in last) return this.placeOfKey(last.key as Node);
    return superClass === null ? -1 : this.lastPlace(superClass);
  }

  private placeOfAssigned(node: ESTree.AssignmentExpression): number {
    return node.left.type === "ObjectPattern" ? node.start! : this.placeOfValue(node);
  }

  private lastPlaceOfUnary({ operator, argument, start }: ESTree.UnaryExpression): number {
    if (operator === "delete" && argument.type === "MemberExpression") return this.lastPlace(argument.object);
    // A number with a sign is a literal to V8.
    if (argument.type === "Literal" && operator === "-") return -1;
    return operator === "void" || operator === "!" || operator === "typeof" ? this.lastPlace(argument) : start!;
  }

  private lastOfProperties({ properties }: ESTree.ObjectExpression): number {
    // What comes before the first computed key or spread is made in one piece, the rest property by property, each with its own place.
    const isComputed = (one: (typeof properties)[number]): boolean =>
      one.type === "SpreadElement" || ("computed" in one && one.computed);
    const first = properties.findIndex(isComputed);
    const whole = first < 0 ? properties.length : first;
    for (let i = properties.length - 1; i >= 0; i--) {
      const property = properties[i]!;
      if (property.type === "SpreadElement") return this.placeOfKey(property.argument);
      if (property.type !== "Property" || property.kind !== "init") continue;
      if (property.method) return property.start!;
      const value = property.value as Node;
      if (i >= whole || staticName(property.key) === "__proto__" || isDefinedAlone(value))
        return this.placeOfKey(value);
      const place = this.lastPlace(value);
      if (place >= 0) return place;
    }
    return -1;
  }

  private lastOf(nodes: readonly (Node | null)[]): number {
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      const place = node == null || node.type === "SpreadElement" ? -1 : this.lastPlace(node);
      if (place >= 0) return place;
    }
    return -1;
  }

  /** The place that stacks show where the value of an expression is iterated; `own`: where V8 locates no part of the expression. */
  protected placeOfIterated(node: Node, own: number): number {
    switch (node.type) {
      case "LogicalExpression":
      case "ConditionalExpression":
      case "ObjectExpression":
      case "ArrayExpression":
      case "TemplateLiteral": {
        const place = this.lastPlace(node);
        return place < 0 ? own : place;
      }
      case "Identifier":
      case "Literal":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ClassExpression":
      case "ThisExpression":
        return own;
      case "AssignmentExpression":
        return this.placeOfAssigned(node);
      case "SequenceExpression":
        return this.placeOfIterated(node.expressions.at(-1)!, this.placeOfValue(node));
      case "UnaryExpression":
        return "+-~".includes(node.operator) ? node.start! : own;
      default:
        return this.placeOfValue(node);
    }
  }

  /** The place that stacks show for a computed key, where its use has no place of its own. */
  protected placeOfKey(key: Node): number {
    const place = this.lastPlace(key);
    return place < 0 ? key.start! : place;
  }

  /** As lastPlace, of a pattern. */
  protected lastPlaceOfPattern(pattern: Node): number {
    switch (pattern.type) {
      case "AssignmentPattern": {
        const place = this.lastPlace(pattern.right!);
        return place < 0 ? this.lastPlaceOfPattern(pattern.left) : place;
      }
      case "RestElement":
        return pattern.start!;
      case "ArrayPattern": {
        const last = pattern.elements.findLast((element) => element !== null);
        return last == null ? -1 : this.lastPlaceOfPattern(last);
      }
      case "ObjectPattern": {
        const last = pattern.properties.at(-1);
        if (last === undefined) return pattern.start!;
        if (last.type === "RestElement") return this.lastPlaceOfPattern(last.argument);
        const place = last.computed ? this.lastPlace(last.key) : -1;
        return place < 0 ? this.lastPlaceOfPattern(last.value as Node) : place;
      }
      default:
        return pattern.start!;
    }
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
