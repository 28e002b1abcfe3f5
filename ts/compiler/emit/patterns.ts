// Owns destructuring, in declarations, parameters and assignments, in the order of evaluation of the specification.
// Must never decide how a single target is written (bindings.ts, `Reference` here for members).
// https://tc39.es/ecma262/#sec-destructuring-binding-patterns, https://tc39.es/ecma262/#sec-destructuring-assignment
//
// `const [a, b = 1] = v`, where both names are registers:
//
//     GETITER g…, v, 0
//     ITERSTEP a, g…
//     ITERSTEP b, g…; JNOTUNDEF b, →1; LOADI b, 1
//   1 ITERCLOSE g…
//
// with a handler that closes the iterator quietly (`withIterator`), because the default could throw.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import { Calls } from "./calls.ts";
import { staticKey } from "./literals.ts";
import { arrayIndex, type Node } from "./state.ts";

/**
 * An evaluated member expression, ready to be read and written. Its registers are reserved: the caller of `reference` frees them.
 *
 * super: the group of GETSUPER and SETSUPER, which find the base when they run.
 * superBased: the base is found already, since something evaluated in between could change it.
 */
export type Reference =
  | { readonly kind: "named"; readonly object: number; readonly name: string; readonly node: ESTree.MemberExpression }
  | { readonly kind: "keyed"; readonly object: number; readonly key: number; readonly node: ESTree.MemberExpression }
  | {
      readonly kind: "private";
      readonly object: number;
      readonly key: ESTree.PrivateIdentifier;
      readonly node: ESTree.MemberExpression;
    }
  | { readonly kind: "super"; readonly group: number; readonly node: ESTree.MemberExpression }
  /** group: base, key, this; and room for a value, to be laid out as the group of `super` */
  | { readonly kind: "superBased"; readonly group: number; readonly node: ESTree.MemberExpression };

/** The most keys of a pattern with a rest that are kept in registers. */
const MAX_KEY_REGISTERS = 1024;

/** True if evaluating the node cannot change a prototype, because no guest code runs. */
function runsNothing(node: Node | null): boolean {
  switch (node?.type) {
    case undefined:
    case "Literal":
    case "Identifier":
    case "ThisExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return true;
    default:
      return false;
  }
}

/** What an element of a pattern writes to. */
function targetOf(element: Node): Node {
  return element.type === "AssignmentPattern" ? element.left : element;
}

export abstract class Patterns extends Calls {
  // --- member references

  /**
   * Evaluates object and key of a member expression: https://tc39.es/ecma262/#sec-property-accessors-runtime-semantics-evaluation.
   *
   * @param later evaluated before the reference is used: a variable that it may assign is copied first
   * @param twice the reference is read and then written, so an object as key must be converted once, after the check of its base:
   *   REQUIREOBJ object; TOKEY key, source
   */
  protected reference(node: ESTree.MemberExpression, later: Node | null, twice: boolean): Reference {
    const property = node.property as Node;
    if (node.object.type === "Super") {
      const group = this.superGroup(node, 4);
      const convertsOnce = twice && node.computed && !this.isPrimitive(property);
      if (!convertsOnce && runsNothing(later)) return { kind: "super", group, node };
      // The base is found before the key is converted and before the assigned value is evaluated.
      this.at(property);
      this.helper("superBase", group, [group]);
      if (convertsOnce) this.TOKEY(group + 1, group + 1);
      return { kind: "superBased", group, node };
    }
    const name = property.type === "PrivateIdentifier" ? null : staticKey(property, node.computed);
    const object = this.operand(node.object, later, name === null && node.computed ? property : null);
    if (property.type === "PrivateIdentifier") return { kind: "private", object, key: property, node };
    if (name !== null && arrayIndex(name) < 0) return { kind: "named", object, name, node };
    let key: number;
    if (name !== null) {
      this.loadStaticKey((key = this.reserve()), name);
    } else if (twice && !this.isPrimitive(property)) {
      key = this.reserve();
      this.top = key;
      const source = this.operand(property);
      this.top = key;
      this.reserve();
      this.pos = this.placeBeforeRead(node);
      // The conversion of the key comes after the check of the object.
      this.REQUIREOBJ(object);
      this.TOKEY(key, source);
    } else {
      key = this.operand(property, later);
    }
    return { kind: "keyed", object, key, node };
  }

  /** True if converting the node's value to a property key has no effects and may be done twice. */
  private isPrimitive(node: Node): boolean {
    switch (node.type) {
      case "Identifier": {
        const binding = this.bindingAt(node.start!);
        return binding !== null && binding.primitive && binding.kind !== "param" && this.objectsAt(node) === undefined;
      }
      case "BinaryExpression":
      case "UnaryExpression":
      case "UpdateExpression":
      case "TemplateLiteral":
        return true;
      case "Literal":
        return !("regex" in node);
      default:
        return false;
    }
  }

  /** `dst` := the value of a reference, GetValue. `dst` may be any register that is not part of the reference. */
  protected readReference(reference: Reference, dst: number): void {
    this.touch(dst);
    const mark = this.top;
    switch (reference.kind) {
      case "named":
        this.pos = this.placeBeforeRead(reference.node);
        this.GETPROP(dst, reference.object, this.str(reference.name));
        break;
      case "keyed":
        this.pos = this.placeBeforeRead(reference.node);
        this.GETELEM(dst, reference.object, reference.key);
        break;
      case "private": {
        this.top = Math.max(this.top, dst + 1);
        const key = this.privateOperand(reference.key);
        this.pos = this.placeOfPrivate(reference.node);
        this.GETPRIV(dst, reference.object, key);
        break;
      }
      case "super":
        this.at(reference.node.property);
        this.GETSUPER(dst, reference.group);
        break;
      case "superBased": {
        const { group } = reference;
        this.top = Math.max(this.top, dst + 1);
        this.at(reference.node.property);
        this.helper("superRead", dst, [group, group + 1, group + 2]);
        break;
      }
    }
    this.top = mark;
  }

  /** Assigns the value in a register, PutValue. `place`: where stacks show the write. */
  protected writeReference(reference: Reference, value: number, place: number): void {
    const mark = this.top;
    switch (reference.kind) {
      case "named":
        this.pos = place;
        this.SETPROP(reference.object, value, this.str(reference.name));
        break;
      case "keyed":
        this.pos = place;
        this.SETELEM(reference.object, reference.key, value);
        break;
      case "private": {
        this.top = Math.max(this.top, value + 1);
        const key = this.privateOperand(reference.key);
        this.pos = this.isPrivateMethod(reference.key) ? this.placeOfPrivate(reference.node) : place;
        this.SETPRIV(reference.object, key, value);
        break;
      }
      case "super":
        this.move(reference.group + 3, value);
        this.pos = place;
        this.SETSUPER(reference.group);
        break;
      case "superBased": {
        const { group } = reference;
        this.top = Math.max(this.top, value + 1);
        this.pos = place;
        const name = this.info.strict ? "superWrite" : "superWriteSloppy";
        this.helper(name, this.top, [group, group + 1, group + 2, value]);
        break;
      }
    }
    this.top = mark;
  }

  // --- patterns

  /**
   * Writes the value in a register below `top` to a target.
   *
   * @param init the target is declared here: it is initialised, else assigned
   * @param place where stacks show that a pattern cannot destructure the value
   */
  protected destructure(target: Node, value: number, init: boolean, place = target.start!): void {
    switch (target.type) {
      case "Identifier":
        if (init) this.initializeIdentifier(target, value);
        else this.assignIdentifier(target, value, place);
        break;
      case "ObjectPattern":
        this.objectPattern(target, value, init);
        break;
      case "ArrayPattern":
        this.arrayPattern(target, value, init, place);
        break;
      case "AssignmentPattern":
        this.element(target, init, place, (dst) => this.move(dst, value));
        break;
      case "MemberExpression": {
        const mark = this.top;
        this.writeReference(this.reference(target, null, false), value, place);
        this.top = mark;
        break;
      }
      case "CallExpression":
        // Web reality: `f() = 1` is an error only when it runs.
        this.discard(target);
        this.at(target);
        this.THROWERROR(4, this.str("Invalid left-hand side in assignment"));
        break;
      default:
        this.unit.fail("Invalid destructuring target", target);
    }
  }

  /**
   * One element of a pattern: target, default, and `fetch`, which emits the code that puts the value into a register. The order is that of
   * https://tc39.es/ecma262/#sec-runtime-semantics-iteratordestructuringassignmentevaluation: an assigned member or a name that an object
   * may have is evaluated first, then the value is fetched, then the default is evaluated, then the target is written.
   *
   * `place`: where stacks show that the value is read, which is also where it is taken apart or written if there is no default.
   *
   *   [o.p = 1] = v:    MOVE object, o; ITERSTEP r, g…; JNOTUNDEF r, →1; LOADI r, 1; 1 SETPROP object, r, "p"
   */
  protected element(node: Node, init: boolean, place: number, fetch: (dst: number) => void): void {
    const mark = this.top;
    let target = node;
    let initializer: Node | null = null;
    if (node.type === "AssignmentPattern") {
      target = node.left;
      initializer = node.right ?? null;
    }
    // A parenthesised target does not name a function.
    const name = target.type === "Identifier" && target.start === node.start ? target.name : null;
    const reference = !init && target.type === "MemberExpression" ? this.stableReference(target) : null;
    const named = !init && target.type === "Identifier" && this.objectsAt(target) !== undefined ? target : null;
    const object = named === null ? -1 : this.resolveName(named);
    const direct = target.type === "Identifier" ? this.directTarget(target, init, initializer !== null) : -1;
    const register = direct >= 0 ? direct : this.touch(this.top);
    fetch(register);
    if (direct < 0) this.reserve();
    if (initializer !== null) {
      const given = new Label();
      this.JNOTUNDEF(register, given);
      if (name !== null) this.exprNamed(initializer, register, name);
      else this.expr(initializer, register);
      this.emitLabel(given);
    }
    const last = initializer === null ? -1 : this.lastPlace(initializer);
    const taken = last < 0 ? place : last;
    if (reference !== null) this.writeReference(reference, register, taken);
    else if (named !== null) this.writeResolved(named, object, register, taken);
    else if (direct < 0) this.destructure(target, register, init, taken);
    this.top = mark;
  }

  /**
   * The register of a local that may receive the value of an element without a detour, else -1. A name that is initialised here cannot be
   * read by its default. An assigned one can, and so can a `var`: both keep their old value until the default is evaluated.
   */
  private directTarget(node: ESTree.Identifier, init: boolean, hasDefault: boolean): number {
    if (!init) return hasDefault ? -1 : this.assignableRegister(node);
    const binding = this.bindingAt(node.start!);
    if (binding === null || binding.captured) return -1;
    // A `var` keeps its old value while the default is evaluated.
    return hasDefault && binding.kind === "var" ? -1 : binding.register;
  }

  /** A reference whose registers nothing evaluated later can change: object and key are copied even if they are variables. */
  private stableReference(node: ESTree.MemberExpression): Reference {
    if (node.object.type === "Super") return this.reference(node, null, false);
    const property = node.property as Node;
    const object = this.temp(node.object);
    if (property.type === "PrivateIdentifier") return { kind: "private", object, key: property, node };
    const name = staticKey(property, node.computed);
    if (name !== null && arrayIndex(name) < 0) return { kind: "named", object, name, node };
    let key: number;
    if (name !== null) this.loadStaticKey((key = this.reserve()), name);
    else key = this.temp(property);
    return { kind: "keyed", object, key, node };
  }

  /**
   * An object pattern. For `const { a, ...r } = v`:
   *
   *   REQUIREOBJ v                 unless the first read below fails on undefined and null by itself
   *   LOADK k, "a"; GETPROP a, v, "a"
   *   OBJREST r, v, k…, 1          a copy without the keys in k…
   *
   * Keys are kept only for a rest. They are evaluated one after another, each before its value is read, and converted once.
   */
  private objectPattern(pattern: ESTree.ObjectPattern, value: number, init: boolean): void {
    const mark = this.top;
    const { properties } = pattern;
    const first = properties[0];
    if (!this.firstReadChecks(first, init)) {
      if (first === undefined || (first.type === "Property" && first.computed)) this.at(pattern);
      else
        this.pos = this.placeOfTarget(
          first.type === "RestElement" ? first.argument : targetOf(first.value as Node),
          null,
        );
      this.REQUIREOBJ(value);
    }
    const last = properties[properties.length - 1];
    const rest = last !== undefined && last.type === "RestElement" ? last : null;
    const keyCount = rest === null ? 0 : properties.length - 1;
    // Keys that the rest leaves out: in registers, or in an array.
    const asList = keyCount > MAX_KEY_REGISTERS;
    const keys = this.reserveMany(asList ? 1 : keyCount);
    if (asList) this.NEWARR(keys, keyCount);
    const keyRegister = (i: number): number => (rest === null || asList ? this.reserve() : keys + i);
    const inner = this.top;
    properties.forEach((property, i) => {
      if (property.type === "RestElement") return;
      const name = staticKey(property.key, property.computed);
      const target = targetOf(property.value as Node);
      let key = -1;
      if (name === null) {
        this.computedKey(property.key, (key = keyRegister(i)), this.placeOfPatternKey(target, property.key));
      } else if (rest !== null || arrayIndex(name) >= 0) {
        this.loadStaticKey((key = keyRegister(i)), name);
      }
      if (asList) this.ARRPUSH(keys, key);
      const place = this.placeOfTarget(target, name === null ? property.key : null);
      this.element(property.value as Node, init, place, (dst) => {
        this.pos = place;
        if (name !== null && arrayIndex(name) < 0) this.GETPROP(this.touch(dst), value, this.str(name));
        else this.GETELEM(this.touch(dst), value, key);
      });
      this.top = inner;
    });
    if (rest !== null) {
      const place = this.placeOfTarget(rest.argument, null);
      this.element(rest.argument, init, place, (dst) => {
        this.pos = place;
        if (asList) this.helper("opObjectRest", this.touch(dst), [value, keys]);
        else this.OBJREST(this.touch(dst), value, keys, keyCount);
      });
    }
    this.top = mark;
  }

  /**
   * True if the first property read itself fails on undefined and null, before anything else can happen. Then REQUIREOBJ is not emitted.
   * A computed key or a member as target would run guest code before that read.
   */
  private firstReadChecks(first: ESTree.ObjectPattern["properties"][number] | undefined, init: boolean): boolean {
    if (first === undefined || first.type === "RestElement" || first.computed) return false;
    if (init) return true;
    const value = first.value as Node;
    const target = value.type === "AssignmentPattern" ? value.left : value;
    return target.type === "Identifier" && this.objectsAt(target) === undefined;
  }

  /**
   * An array pattern over an iterator group, see the head of this file. An elision takes a step and drops its value. After a rest the
   * iterator is exhausted: nothing is left to close. https://tc39.es/ecma262/#sec-iteratorclose
   */
  private arrayPattern(pattern: ESTree.ArrayPattern, value: number, init: boolean, place: number): void {
    const mark = this.top;
    const group = this.reserveMany(3);
    this.pos = place;
    this.GETITER(group, value, 0);
    const { elements } = pattern;
    const last = elements.length > 0 ? elements[elements.length - 1]! : null;
    const rest = last !== null && last.type === "RestElement" ? last : null;
    const body = (): void => {
      for (const element of elements) {
        if (element === null) {
          this.pos = place;
          this.ITERSTEP(this.touch(this.top), group);
        } else if (element.type === "RestElement") {
          const at = this.placeOfRest(element);
          this.element(element.argument, init, at, (dst) => {
            this.pos = at;
            this.ITERREST(this.touch(dst), group);
          });
        } else {
          const at = this.placeOfTarget(targetOf(element), null);
          this.element(element, init, at, (dst) => {
            this.pos = at;
            this.ITERSTEP(this.touch(dst), group);
          });
        }
      }
    };
    // If only the iterator itself can fail, it need not be closed then.
    if (elements.every((element) => element === null || this.cannotFail(element, init))) body();
    else this.withIterator(group, false, null, body);
    if (rest === null) {
      const end = this.lastOfPattern(pattern);
      this.pos = end < 0 ? place : end;
      this.ITERCLOSE(group);
    }
    this.top = mark;
  }

  /** True if writing this element cannot throw: a plain name in a register, or one that is declared here and is not global. */
  private cannotFail(element: Node, init: boolean): boolean {
    const target = element.type === "RestElement" ? element.argument : element;
    if (target.type !== "Identifier") return false;
    if (init) return this.bindingAt(target.start!) !== null;
    return this.assignableRegister(target) >= 0;
  }
}
