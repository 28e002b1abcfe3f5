// Owns literals: objects, arrays, templates, regular expressions, and property keys as they are written in the source.
// Must never define classes (classes.ts), though methods of both share `defineMethod`.
import type { ESTree } from "meriyah";
import { UNCHARGED_BYTES } from "../../defs/limits.ts";
import { isConstantKey } from "../scope/class-bindings.ts";
import { Operators } from "./operators.ts";
import { SPECIAL, arrayIndex, isAnonymousFunction, type Node } from "./state.ts";

/** Kinds in DEFMETHOD and DEFPRIVM. */
export const METHOD_KIND = { method: 0, get: 1, set: 2 } as const;
/** Bit of DEFMETHOD: methods of object literals are enumerable, those of classes are not. */
const ENUMERABLE = 4;

/** The most parts of a template that are concatenated at once, each in a register. Longer templates take several CONCATs. */
const MAX_PARTS = 256;

/**
 * The property name of a key that is known at compile time, else null. `1` and `0x1` are "1", and so is the computed key `["1"]`; the
 * identifier in `[x]` is not known, but that in `x:` is. A BigInt key is its decimal text.
 */
export function staticKey(key: Node, computed: boolean): string | null {
  if (key.type === "Identifier") return computed ? null : key.name;
  if (key.type !== "Literal") return null;
  if ("bigint" in key && typeof key.bigint === "string") return computed ? null : BigInt(key.bigint).toString();
  if (typeof key.value === "string") return key.value;
  if (typeof key.value === "number") return String(key.value);
  return null;
}

export abstract class Literals extends Operators {
  // --- keys

  /** Loads a property key that is known at compile time: an integer for an array index, else a string. */
  loadStaticKey(dst: number, name: string): void {
    const index = arrayIndex(name);
    if (index >= 0) this.loadNumber(dst, index);
    else this.loadString(dst, name);
  }

  /**
   * Evaluates a computed key and makes it a property key. TOKEY runs here and not when the property is defined, because the specification
   * converts a key before it evaluates the value. `place`: where stacks show that: https://tc39.es/ecma262/#sec-object-initializer-runtime-semantics-evaluation.
   */
  computedKey(node: Node, dst: number, place: number): void {
    this.expr(node, dst);
    if (isConstantKey(node)) return;
    this.pos = place;
    this.TOKEY(dst, dst);
  }

  /** CreateDataProperty with a static name: DEFFIELD, or DEFELEM for an array index, which is no named property in the machine. */
  defineStatic(object: number, name: string, value: number): void {
    if (arrayIndex(name) < 0) {
      this.DEFFIELD(object, value, this.str(name));
      return;
    }
    const key = this.touch(Math.max(this.top, value + 1));
    this.loadStaticKey(key, name);
    this.DEFELEM(object, key, value);
  }

  // --- objects

  /**
   * `dst` := an object literal. For `{ a: 1, [k]: 2, ...e }`:
   *
   *   NEWOBJ object, 3                    room for all properties that are written out
   *   LOADI v, 1; DEFFIELD object, v, "a"
   *   TOKEY key, k; LOADI v, 2; DEFELEM object, key, v
   *   SPREADOBJ object, e
   *   MOVE dst, object                    only if dst is a variable that a property could read
   *
   * The object exists while its properties are evaluated: a program that is held in one of them resumes with those before it in place.
   */
  protected objectLiteral(node: ESTree.ObjectExpression, dst: number): void {
    const mark = this.top;
    // A local is assigned last: the properties evaluated before may read it, or fail.
    const object = dst < mark && dst !== this.takeFresh() ? this.reserve() : this.touch(dst);
    this.top = Math.max(this.top, object + 1);
    this.NEWOBJ(object, Math.min(node.properties.length, 0xffff));
    const inner = this.top;
    for (const property of node.properties) {
      if (property.type === "Property")
        this.inLiteral(property.value as Node, () => this.property(object, property, node));
      else {
        const { argument } = property as ESTree.SpreadElement;
        const source = this.operand(argument);
        this.pos = this.placeAfterOwn(argument);
        this.SPREADOBJ(object, source);
      }
      this.top = inner;
    }
    if (object !== dst) this.move(dst, object);
    this.top = mark;
  }

  /**
   * One property of a literal: https://tc39.es/ecma262/#sec-runtime-semantics-propertydefinitionevaluation. The key is evaluated before
   * the value, and the value gets its name from the key, which for a computed one only run time knows (SETNAME).
   */
  private property(object: number, property: ESTree.Property, literal: ESTree.ObjectExpression): void {
    const value = property.value as Node;
    if (property.method || property.kind !== "init") {
      this.defineMethod(
        object,
        property.key,
        property.computed,
        value,
        property.kind === "init" ? "method" : property.kind,
        ENUMERABLE,
        property,
        literal,
      );
      return;
    }
    const name = staticKey(property.key, property.computed);
    if (name === null) {
      const key = this.reserve();
      this.computedKey(property.key, key, this.placeOfObjectKey(literal, property));
      const register = isAnonymousFunction(value) ? this.reserve() : this.operand(value);
      if (isAnonymousFunction(value)) this.exprNamedBy(value, register, key, 0);
      this.at(property);
      this.DEFELEM(object, key, register);
      return;
    }
    if (name === "__proto__" && !property.computed && !property.shorthand) {
      const proto = this.operand(value);
      this.DEFPROTO(object, proto);
      return;
    }
    let register: number;
    if (isAnonymousFunction(value)) {
      register = this.reserve();
      this.exprNamed(value, register, name);
    } else {
      register = this.operand(value);
    }
    this.at(property);
    this.defineStatic(object, name, register);
  }

  /**
   * A method, getter or setter of a literal or class: https://tc39.es/ecma262/#sec-runtime-semantics-methoddefinitionevaluation.
   *
   *   CLOSURE fn, environment, #f; DEFFIELD object, fn, "name"         a method of a literal that does not use super
   *   LOADK key, "name"; CLOSURE fn, …; DEFMETHOD object, key, fn, kind   all others
   *
   * DEFMETHOD also sets the home object, where `super` in the method looks for its prototype.
   *
   * @param enumerable ENUMERABLE for literals, 0 for classes
   * @param place the node that the function shows as its source
   * @param literal the object literal whose method it is; null: that of a class
   */
  defineMethod(
    object: number,
    key: Node,
    computed: boolean,
    value: Node,
    kind: "method" | "get" | "set",
    enumerable: number,
    place: Node,
    literal: ESTree.ObjectExpression | null = null,
  ): void {
    const mark = this.top;
    const name = staticKey(key, computed);
    const info = this.unit.analysis.infos.get(value)!;
    if (name !== null && kind === "method" && enumerable !== 0 && !info.usesSuper && name !== "__proto__") {
      // No home object is needed, and the name is known, so a plain property is enough.
      const register = this.reserve();
      this.closure(value, register, name, place);
      this.at(place);
      this.defineStatic(object, name, register);
      this.top = mark;
      return;
    }
    const keyRegister = this.reserve();
    if (name === null)
      this.computedKey(
        key,
        keyRegister,
        literal === null ? this.placeOfClassKey(key) : this.placeOfObjectKey(literal, place),
      );
    else this.loadStaticKey(keyRegister, name);
    const register = this.reserve();
    this.closure(value, register, name === null ? "" : kind === "method" ? name : `${kind} ${name}`, place);
    this.at(place);
    this.DEFMETHOD(object, keyRegister, register, METHOD_KIND[kind] | enumerable);
    this.top = mark;
  }

  // --- arrays

  /**
   * `dst` := an array of the elements. A null element is a hole. `call`: the place of the call whose arguments these are; as in V8, a
   * spread is shown there if nothing else is spread or follows.
   *
   *   NEWARR array, count; ARRPUSH array, a; ARRSPREAD array, b; ARRHOLE array; MOVE dst, array
   */
  protected arrayLiteral(elements: readonly (Node | null)[], dst: number, call = -1): void {
    const mark = this.top;
    const array = dst < mark && dst !== this.takeFresh() ? this.reserve() : this.touch(dst);
    this.top = Math.max(this.top, array + 1);
    this.NEWARR(array, elements.length);
    const inner = this.top;
    const atCall =
      call >= 0 && elements.findIndex((element) => element?.type === "SpreadElement") === elements.length - 1;
    for (const element of elements) {
      if (element === null) {
        this.ARRHOLE(array);
      } else if (element.type === "SpreadElement") {
        const iterable = this.operand(element.argument);
        this.pos = atCall ? call : this.placeOfValue(element.argument);
        this.ARRSPREAD(array, iterable);
      } else {
        this.ARRPUSH(array, this.operand(element));
      }
      this.top = inner;
    }
    if (array !== dst) this.move(dst, array);
    this.top = mark;
  }

  // --- templates

  /**
   * `dst` := a template without tag, https://tc39.es/ecma262/#sec-template-literals-runtime-semantics-evaluation.
   *
   *   LOADK r, "x"; TOSTRING r+1, a; LOADK r+2, "y"; CONCAT dst, r…, 3
   *
   * A substitution is converted right after it is evaluated, before the next one is: TOSTRING may call guest code, CONCAT cannot.
   */
  protected template(node: ESTree.TemplateLiteral, dst: number): void {
    const { quasis, expressions } = node;
    if (expressions.length === 0) {
      this.loadString(dst, quasis[0]!.value.cooked ?? "");
      return;
    }
    const mark = this.top;
    const first = this.top;
    let count = 0;
    quasis.forEach((quasi, i) => {
      if (count >= MAX_PARTS) {
        this.at(node);
        this.CONCAT(first, first, count);
        this.top = first + 1;
        count = 1;
      }
      const text = quasi.value.cooked ?? "";
      if (text !== "") {
        this.loadString(this.reserve(), text);
        count++;
      }
      const expression = expressions[i];
      if (expression !== undefined) {
        const register = this.top;
        const source = this.operand(expression);
        this.top = register;
        this.reserve();
        this.pos = this.placeOfText(node, i);
        this.TOSTRING(register, source);
        count++;
      }
    });
    this.top = mark;
    this.touch(dst);
    this.at(node);
    if (count === 1) this.move(dst, first);
    else this.CONCAT(dst, first, count);
  }

  /**
   * `dst` := the array of strings that a tag receives: https://tc39.es/ecma262/#sec-gettemplateobject. It is made once for each place
   * in the source, so the constant keeps it. Pairs of the constant: cooked text + 1 (0: an invalid escape, undefined), raw text.
   */
  protected templateObject(quasi: ESTree.TemplateLiteral, dst: number): void {
    const strings: number[] = [];
    for (const { value } of quasi.quasis) {
      const cooked = value.cooked;
      strings.push(cooked === null || cooked === undefined ? 0 : this.str(cooked) + 1, this.str(value.raw));
    }
    this.GETTEMPLATE(this.touch(dst), this.templateConstant(strings));
  }

  // --- other literals

  /**
   * `dst` := the value of a literal. A regular expression is a new object each time its literal is evaluated, so it is no constant:
   * NEWREGEXP takes pattern and flags, which are compiled once.
   */
  protected literal(node: ESTree.Literal, dst: number): void {
    this.touch(dst);
    if ("regex" in node && node.regex) {
      const mark = this.top;
      const group = this.reserveMany(2);
      this.loadString(group, node.regex.pattern);
      this.loadString(group + 1, node.regex.flags);
      this.top = mark;
      this.at(node);
      this.NEWREGEXP(dst, group);
      return;
    }
    if ("bigint" in node && typeof node.bigint === "string") {
      this.loadBigInt(dst, BigInt(node.bigint));
      return;
    }
    const value = node.value;
    if (typeof value === "number") this.loadNumber(dst, value);
    else if (typeof value === "string") this.loadString(dst, value);
    else this.LOADS(dst, value === null ? SPECIAL.NULL : value === true ? SPECIAL.TRUE : SPECIAL.FALSE);
  }

  /**
   * Loads a BigInt. A small one is the cell of its constant, every time. A large one is a new cell each time, negated twice: whether two
   * large BigInts are one cell shows in the fuel of comparing them, and after loading the program has another cell than the values.
   */
  loadBigInt(dst: number, value: bigint): void {
    this.LOADK(dst, this.bigintConstant(this.str(value.toString())));
    if (value >> SMALL_BIGINT_BITS === 0n) return;
    this.NEG(dst, dst);
    this.NEG(dst, dst);
  }
}

const SMALL_BIGINT_BITS = BigInt(8 * UNCHARGED_BYTES);
