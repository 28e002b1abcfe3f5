// Owns the places that stacks show for what fails without a place of its own: iterations, conversions, reads before a change. They are
// V8's. Must never emit.
//
// V8 locates such an error at the last place that the code before it has set, in the order of the code and not of what ran:
//
//   for (const x of (a && b.c))        V8 shows c, where the right operand is read, also when `a` is iterated
//
// A statement sets its place when it begins. Until its first instruction nothing else can set one: a variable that is read first does not,
// one that is read later does. So it is in the head of a for-of, in the parts of a sequence after the first, and in computed keys of classes.
//
//   `${a}`;        V8 shows the statement
//   b = [`${a}`]   V8 shows a
//
// Here `isFirst` says that no instruction came before, and -1 that nothing in an expression sets a place.
import type { ESTree } from "meriyah";
import { literalOf } from "./literal-values.ts";
import { operandsOf } from "../scope/chains.ts";
import { wrappedPart } from "../scope/strict-parts.ts";
import { Places } from "./places.ts";
import type { Scope } from "../scope/model.ts";
import type { Node } from "./state.ts";

/** Parts of parts that are looked at for what comes first in a statement. */
const MAX_DEPTH = 64;

type Pattern = ESTree.ObjectPattern["properties"][number] | Node;

function staticName(key: ESTree.Node): unknown {
  return key.type === "Identifier" ? key.name : key.type === "Literal" ? key.value : undefined;
}

/** True for values that are part of the description of a literal: V8 does not evaluate them. */
function isDescribed(value: Node): boolean {
  switch (value.type) {
    case "ArrayExpression":
      return value.elements.every((element) => element === null || isDescribed(element as Node));
    case "ObjectExpression":
      return value.properties.every(
        (one) => one.type === "Property" && one.kind === "init" && !one.computed && isDescribed(one.value as Node),
      );
    default:
      return literalOf(value) !== undefined;
  }
}

/** The operands of a chain of one logical operator that V8 evaluates and that are no literals: it evaluates none after one that decides. */
function evaluatedOf(node: ESTree.LogicalExpression): Node[] {
  const { operator } = node;
  const operands = operandsOf(node);
  const last = operands.findIndex((operand) => {
    const literal = literalOf(operand);
    return literal !== undefined && decides(literal.value, operator);
  });
  return (last < 0 ? operands : operands.slice(0, last)).filter(
    (operand, i) =>
      literalOf(operand) === undefined && !(operator === "??" && i < operands.length - 1 && isUndefined(operand)),
  );
}

function isUndefined(node: Node): boolean {
  return node.type === "Identifier" && node.name === "undefined";
}

function decides(value: unknown, operator: ESTree.LogicalExpression["operator"]): boolean {
  return operator === "&&" ? !value : operator === "||" ? Boolean(value) : value !== null;
}

/** Target and default of a part of a pattern. */
function partsOf(part: Pattern): { target: Node; initial: Node | null } {
  const node = (part.type === "Property" ? part.value : part) as Node;
  return node.type === "AssignmentPattern"
    ? { target: node.left, initial: node.right ?? null }
    : { target: node, initial: null };
}

/** True if a class has private names, which are made before its parent is evaluated. */
function hasPrivateNames({ body }: ESTree.ClassBody): boolean {
  return (body as Node[]).some((element) => "key" in element && (element.key as Node).type === "PrivateIdentifier");
}

/** The part of an expression that is evaluated first; undefined if an instruction comes before each of its parts. */
function firstPart(node: Node): Node | undefined {
  switch (node.type) {
    case "SequenceExpression":
      return node.expressions[0];
    case "ConditionalExpression": {
      const known = literalOf(node.test);
      return known === undefined ? node.test : known.value ? node.consequent : node.alternate;
    }
    case "LogicalExpression":
      return evaluatedOf(node)[0];
    case "BinaryExpression":
      return node.left as Node;
    case "ClassExpression":
      return node.superClass === null || hasPrivateNames(node.body) ? undefined : node.superClass;
    case "ArrayExpression":
    case "ObjectExpression": {
      const first = node.type === "ArrayExpression" ? node.elements[0] : node.properties[0];
      return first?.type === "SpreadElement" ? first.argument : undefined;
    }
    case "UnaryExpression":
    case "UpdateExpression":
    case "AwaitExpression":
    case "YieldExpression":
      return node.argument ?? undefined;
    case "ChainExpression":
      return node.expression;
    case "MemberExpression":
      return node.object as Node;
    case "CallExpression":
    case "NewExpression":
      return node.callee;
    case "TaggedTemplateExpression":
      return node.tag;
    case "TemplateLiteral":
      return node.quasis[0]!.value.cooked === "" ? node.expressions[0] : undefined;
    case "AssignmentExpression":
      if (node.left.type === "MemberExpression") return node.left.object as Node;
      return node.operator === "=" ? node.right : (node.left as Node);
    default:
      return undefined;
  }
}

/** An expression that set a place when it began. */
interface Beginning {
  readonly node: Node;
  readonly place: number;
  /** A part of it may set another place before any instruction. */
  readonly yields: boolean;
  /** Its parts that are evaluated before any instruction, the outermost first; empty until they are asked for. */
  readonly firstParts: Node[];
}

export abstract class LastPlaces extends Places {
  // --- what begins with a place of its own

  private beginning: Beginning | null = null;

  /** A statement, or what is like one, begins with this expression. */
  protected begins(node: Node, place: number): void {
    this.beginning = { node, place, yields: false, firstParts: [] };
  }

  /** Emits the value of a property of an object literal, which has a place until a part of it sets another. */
  protected inLiteral(value: Node, emit: () => void): void {
    const outer = this.beginning;
    this.beginning = { node: value, place: this.placeOfValue(value), yields: true, firstParts: [] };
    emit();
    this.beginning = outer;
  }

  /** A part of a sequence, which is about to be emitted. */
  protected inSequence({ expressions }: ESTree.SequenceExpression, index: number): Node {
    const part = expressions[index]!;
    if (index > 0) this.begins(part, this.placeOfValue(part));
    return part;
  }

  /** A computed key of a class, which is about to be emitted: it begins like a statement. Returns where stacks show that it is converted. */
  protected placeOfClassKey(key: Node): number {
    this.begins(key, this.placeOfValue(key));
    return this.placeAfterBeginning(key);
  }

  /** What the expression is a part of, if no instruction comes before it there. */
  private begunBy(node: Node): Beginning | null {
    const { beginning } = this;
    if (beginning === null || node === beginning.node) return beginning;
    const { firstParts } = beginning;
    if (firstParts.length === 0) {
      let part: Node | undefined = beginning.node;
      for (; part !== undefined && firstParts.length < MAX_DEPTH; part = firstPart(part)) firstParts.push(part);
    }
    return firstParts.includes(node) ? beginning : null;
  }

  /** As begunBy, if no part of it sets a place before the first instruction. */
  private heldBy(node: Node): Beginning | null {
    const begun = this.begunBy(node);
    return begun?.yields === true ? null : begun;
  }

  /** The place that stacks show after these were evaluated, in this order; `own`: where none of them sets a place. */
  protected placeAfter(nodes: readonly Node[], own: number): number {
    if (this.unit.prelude !== null) return own;
    for (let i = nodes.length - 1; i > 0; i--) {
      const place = this.lastPlace(nodes[i]!);
      if (place >= 0) return place;
    }
    const place = this.lastPlace(nodes[0]!, this.heldBy(nodes[0]!) !== null);
    return place >= 0 ? place : (this.begunBy(nodes[0]!)?.place ?? own);
  }

  /** The place that stacks show for the read of a variable: the statement's, until an instruction of it has come. */
  protected placeOfRead(node: ESTree.Identifier): number {
    return (this.unit.prelude === null ? this.heldBy(node)?.place : undefined) ?? node.start!;
  }

  /** The place that stacks show after an expression that begins like a statement, at its own place. */
  protected placeAfterBeginning(node: Node, own = this.placeOfValue(node)): number {
    if (this.unit.prelude !== null) return node.start!;
    const place = this.lastPlace(node, true);
    return place < 0 ? own : place;
  }

  /** The place that stacks show for the operation of a compound assignment, of ++ and of --: it has none of its own. */
  protected placeOfChange(node: ESTree.AssignmentExpression | ESTree.UpdateExpression): number {
    const target = (node.type === "UpdateExpression" ? node.argument : node.left) as Node;
    const place = node.type === "UpdateExpression" ? -1 : this.lastPlace(node.right);
    if (place >= 0) return place;
    if (target.type === "MemberExpression") return this.placeBeforeRead(target);
    return (this.unit.prelude === null ? this.begunBy(node)?.place : undefined) ?? node.start!;
  }

  /** The place that stacks show after a member was evaluated in order to be changed, before it is read. */
  protected placeBeforeRead(node: ESTree.MemberExpression): number {
    const property = node.property as Node;
    if (node.object.type === "Super") return node.computed ? this.placeAfterOr(property) : property.start!;
    if (property.type === "PrivateIdentifier") return this.placeOfPrivate(node);
    const nodes = node.computed ? [node.object as Node, property] : [node.object as Node];
    return this.placeAfter(nodes, property.start!);
  }

  // --- private names

  /** Names of private methods and accessors of a class, which are asked for again and again. */
  private readonly privateMethodNames = new WeakMap<Scope, ReadonlySet<string>>();

  /** True if a private name is that of a method or accessor, so that the class of the object is tested before it is used. */
  protected isPrivateMethod({ name, start }: ESTree.PrivateIdentifier): boolean {
    const scope = this.bindingAt(start!)?.scope;
    if (scope === undefined) return false;
    let methods = this.privateMethodNames.get(scope);
    if (methods === undefined) {
      const hidden = scope.bindings.filter(({ kind }) => kind === "pmethod");
      methods = new Set(hidden.map((binding) => binding.name.slice(1, binding.name.lastIndexOf("."))));
      this.privateMethodNames.set(scope, methods);
    }
    return methods.has(name);
  }

  /**
   * The place that stacks show for a private member that is written, or read in order to be changed. V8 reads the name of a field like a
   * variable, which it locates where the word before it ends, at the dot; for a method or accessor it tests the object, at the name.
   */
  protected placeOfPrivate(node: ESTree.MemberExpression): number {
    const property = node.property as ESTree.PrivateIdentifier;
    if (this.unit.prelude !== null) return property.start!;
    return this.isPrivateMethod(property) ? this.placeOfMember(node) : this.afterOperand(node.object as Node);
  }

  private placeAfterOr(node: Node): number {
    const place = this.lastPlace(node);
    return place < 0 ? node.start! : place;
  }

  // --- the last place of an expression

  /**
   * The place of the last part of an expression that V8 locates, in the order of the code; -1: it locates no part. `isFirst`: no instruction
   * comes before the expression.
   */
  protected lastPlace(node: Node, isFirst = false): number {
    if (this.unit.prelude !== null || literalOf(node) !== undefined) return -1;
    switch (node.type) {
      case "Literal":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ThisExpression":
        return -1;
      case "Identifier":
        return isFirst ? -1 : node.start!;
      case "MetaProperty":
        return isFirst || node.meta.name === "import" ? -1 : node.start!;
      case "ClassExpression":
        return this.lastOfClass(node, isFirst);
      case "ChainExpression":
        return this.lastPlace(node.expression, isFirst);
      case "TemplateLiteral":
        return this.lastOfTemplate(node, node.expressions.length - 1, isFirst);
      case "ArrayExpression":
        return this.lastOfElements(node.elements as readonly (Node | null)[]);
      case "ObjectExpression":
        return this.lastOfProperties(node, node.properties.length, isFirst);
      case "SequenceExpression":
        return this.placeAfterBeginning(node.expressions.at(-1)!);
      case "ConditionalExpression":
        return this.lastOfConditional(node, isFirst);
      case "LogicalExpression":
        return this.lastOfLogical(node, isFirst);
      case "UnaryExpression":
        return this.lastOfUnary(node, isFirst);
      case "AssignmentExpression":
        return this.lastOfAssignment(node);
      case "CallExpression": {
        const part = wrappedPart(node);
        return part === undefined ? this.placeOfValue(node) : this.lastPlace(part, isFirst);
      }
      case "ImportExpression":
        return this.lastOf([node.source, node.options ?? null]);
      default:
        return this.placeOfValue(node);
    }
  }

  private lastOf(nodes: readonly (Node | null)[]): number {
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      const place = node == null ? -1 : this.lastPlace(node);
      if (place >= 0) return place;
    }
    return -1;
  }

  private lastOfElements(elements: readonly (Node | null)[]): number {
    for (let i = elements.length - 1; i >= 0; i--) {
      const element = elements[i] ?? null;
      if (element === null) continue;
      if (element.type === "SpreadElement") return this.placeOfValue(element.argument);
      const place = this.lastPlace(element);
      if (place >= 0) return place;
    }
    return -1;
  }

  /** The last place of a template up to an expression of it. V8 sets that of the template when it begins. */
  protected lastOfTemplate(
    { quasis, expressions, start }: ESTree.TemplateLiteral,
    last: number,
    isFirst: boolean,
  ): number {
    if (expressions.length === 0) return -1;
    for (let i = last; i >= 0; i--) {
      const place = this.lastPlace(expressions[i]!, isFirst && i === 0 && quasis[0]!.value.cooked === "");
      if (place >= 0) return place;
    }
    return isFirst ? -1 : start!;
  }

  /** The place that stacks show where an expression of a template becomes text. */
  protected placeOfText(node: ESTree.TemplateLiteral, index: number): number {
    if (this.unit.prelude !== null) return node.expressions[index]!.start!;
    const held = this.heldBy(node);
    const place = this.lastOfTemplate(node, index, held !== null);
    return place < 0 ? held!.place : place;
  }

  private lastOfConditional({ test, consequent, alternate }: ESTree.ConditionalExpression, isFirst: boolean): number {
    const known = literalOf(test);
    if (known !== undefined) return this.lastPlace(known.value ? consequent : alternate, isFirst);
    const place = this.lastOf([consequent, alternate]);
    return place < 0 ? this.lastPlace(test, isFirst) : place;
  }

  private lastOfLogical(node: ESTree.LogicalExpression, isFirst: boolean): number {
    const operands = evaluatedOf(node);
    for (let i = operands.length - 1; i >= 0; i--) {
      const place = this.lastPlace(operands[i]!, isFirst && i === 0);
      if (place >= 0) return place;
    }
    return -1;
  }

  private lastOfUnary({ operator, argument, start }: ESTree.UnaryExpression, isFirst: boolean): number {
    switch (operator) {
      case "typeof":
        return argument.type === "Identifier" ? -1 : this.lastPlace(argument, isFirst);
      case "!":
      case "void":
        return this.lastPlace(argument, isFirst);
      case "delete": {
        if (argument.type === "Identifier") return -1;
        const member = argument.type === "ChainExpression" ? argument.expression : argument;
        return member.type === "MemberExpression"
          ? this.lastOfTarget(member, isFirst)
          : this.lastPlace(argument, isFirst);
      }
      default:
        return start!;
    }
  }

  private lastOfAssignment(node: ESTree.AssignmentExpression): number {
    const { left, operator } = node;
    const place = left.type === "ObjectPattern" || left.type === "ArrayPattern" ? this.lastOfPattern(left) : -1;
    return place < 0 ? this.placeOfOperator(node, left as Node, operator) : place;
  }

  private lastOfClass({ superClass, body }: ESTree.ClassExpression, isFirst: boolean): number {
    const last = (body.body as Node[]).findLast((element) => "computed" in element && element.computed);
    if (last !== undefined && "key" in last) return this.placeAfterBeginning(last.key as Node);
    return superClass === null ? -1 : this.lastPlace(superClass, isFirst && !hasPrivateNames(body));
  }

  /** The last place of an object literal up to its property number `end`. */
  protected lastOfProperties({ properties }: ESTree.ObjectExpression, end: number, isFirst = false): number {
    // What comes before the first computed key or spread is made in one piece, the rest property by property, each with its own place.
    const isComputed = (one: (typeof properties)[number]): boolean =>
      one.type === "SpreadElement" || ("computed" in one && one.computed);
    // An object that begins with a spread begins as a copy: all after it comes property by property.
    const isCopy = properties[0]?.type === "SpreadElement";
    const first = properties.findIndex((one, i) => (i > 0 || !isCopy) && isComputed(one));
    const whole = first < 0 ? properties.length : first;
    for (let i = end - 1; i >= 0; i--) {
      const property = properties[i]!;
      if (property.type === "SpreadElement") {
        if (i === 0) return this.lastPlace(property.argument, isFirst);
        return this.placeAfterOwn(property.argument);
      }
      if (property.type !== "Property") continue;
      if (property.kind !== "init") {
        if (i >= whole) return property.start!;
        continue;
      }
      if (property.method) return property.start!;
      const value = property.value as Node;
      const isPrototype = !property.computed && !property.shorthand && staticName(property.key) === "__proto__";
      if (isPrototype && value.type === "Literal" && value.value === null && !("regex" in value)) continue;
      if (isPrototype || i >= whole || isCopy || !isDescribed(value)) return this.placeAfterOwn(value);
    }
    return -1;
  }

  /** The place after a value that sets its own place before it is evaluated. */
  protected placeAfterOwn(value: Node): number {
    const place = this.lastPlace(value);
    return place < 0 ? this.placeOfValue(value) : place;
  }

  /** The place that stacks show for the computed key of a property of an object literal. */
  protected placeOfObjectKey(node: ESTree.ObjectExpression, property: Node): number {
    const key = (property as ESTree.Property).key as Node;
    if (this.unit.prelude !== null) return key.start!;
    const place = this.lastPlace(key);
    if (place >= 0) return place;
    const before = this.lastOfProperties(node, node.properties.indexOf(property as ESTree.Property));
    return before < 0 ? key.start! : before;
  }

  // --- patterns

  /** As lastPlace, of a pattern, or of a part of one. V8 sets the place of a target before it evaluates anything of it. */
  protected lastOfPattern(part: Pattern): number {
    if (part.type === "RestElement") {
      const inner = this.lastOfPattern(part.argument);
      return inner < 0 || part.argument.type === "Identifier" ? this.placeOfRest(part) : inner;
    }
    if (part.type === "ArrayPattern") {
      const last = part.elements.findLast((element) => element !== null);
      return last == null ? -1 : this.lastOfPattern(last);
    }
    if (part.type === "ObjectPattern") {
      const last = part.properties.at(-1);
      if (last === undefined) return part.start!;
      return last.type === "RestElement" ? this.placeOfTarget(last.argument, null) : this.lastOfPattern(last);
    }
    const { target, initial } = partsOf(part);
    if (target.type === "ObjectPattern" || target.type === "ArrayPattern") {
      const inner = this.lastOfPattern(target);
      if (inner >= 0) return inner;
    }
    const place = initial === null ? -1 : this.lastPlace(initial);
    return place < 0 ? this.placeOfTarget(target, part.type === "Property" && part.computed ? part.key : null) : place;
  }

  /** The last place of the object and the key of a member that is a target; -1 for other targets. */
  private lastOfTarget(target: Node, isFirst = false): number {
    if (target.type !== "MemberExpression") return -1;
    const { object, property, computed } = target;
    if (property.type === "PrivateIdentifier") return this.placeOfPrivate(target);
    const place = computed ? this.lastPlace(property as Node) : -1;
    return place < 0 && object.type !== "Super" ? this.lastPlace(object as Node, isFirst) : place;
  }

  /**
   * The place that stacks show for a target of a pattern, once its object and key are evaluated: to read or take the value for it, and to
   * write it if it has no default. `key`: the computed key of the value.
   */
  protected placeOfTarget(target: Node, key: Node | null): number {
    if (this.unit.prelude !== null) return target.start!;
    const place = this.lastOfTarget(target);
    return place < 0 ? this.placeOfPatternKey(target, key) : place;
  }

  /** As placeOfTarget, of a rest. */
  protected placeOfRest({ argument, start }: ESTree.RestElement): number {
    const place = this.lastOfTarget(argument);
    return place < 0 ? start! : place;
  }

  /** The place that stacks show where the computed key of a target's value is converted. */
  protected placeOfPatternKey(target: Node, key: Node | null): number {
    const place = key === null ? -1 : this.lastPlace(key);
    return place < 0 ? this.placeOfValue(target) : place;
  }
}
