// Owns the code that class definitions emit for decorators and auto-accessors. Must never run a decorator: ts/prelude/decorators.js does,
// once all elements of the class are evaluated. https://tc39.es/proposal-decorators/
//
// A class with decorators keeps a decoration (a record of the prelude) in a hidden binding. Its methods are not defined where they
// are written: they become elements of the decoration, which defines them in the order of the proposal.
//
//   HELPER d, beginDecoration(constructor, prototype, isDerived)
//   HELPER t, addElement(d, kind, flags, key, name, getter, setter, decorators)     each element; decorators and keys are values by now
//   HELPER fn, applyElement(d, index)                                               each element, by PHASES
//   HELPER constructor, applyDecorators(d, decorators of the class)                 may replace the constructor
//   HELPER t, runDecoration(d, receiver, which)                                     initialisers that decorators have added
//
// Bindings and not registers hold the records, because the synthetic functions for fields need them too.
import type { ESTree } from "meriyah";
import { decoratorsOf, isField, isMember, type ClassMember } from "../scope/class-bindings.ts";
import type { Binding, ClassInfo } from "../scope/model.ts";
import { Assignments } from "./assignments.ts";
import { METHOD_KIND, staticKey } from "./literals.ts";
import { SPECIAL, type Node } from "./state.ts";

/** Kinds of elements beyond those of METHOD_KIND, for addElement. */
const ELEMENT_KIND = { field: 3, accessor: 4 } as const;
/** Flags for addElement. */
const STATIC = 1;
const PRIVATE = 2;
/** Which initialisers runDecoration runs. */
export const INITIALIZERS = { methods: 0, statics: 1, class: 2 } as const;

/** The order in which decorators run; accessors count as methods. */
const PHASES = [
  { isField: false, isStatic: true },
  { isField: false, isStatic: false },
  { isField: true, isStatic: true },
  { isField: true, isStatic: false },
] as const;

export abstract class Decorations extends Assignments {
  /**
   * `dst` := an array of the decorators' functions, each followed by its `this`: `@a.b` is called as a method of `a`. Undefined if the
   * element has no decorators. They are evaluated here, in the order of the source, and called much later.
   */
  protected decoratorList(node: Node, dst: number): void {
    const decorators = decoratorsOf(node);
    if (decorators.length === 0) {
      this.loadUndefined(dst);
      return;
    }
    const mark = this.top;
    const list = this.reserve();
    this.NEWARR(list, decorators.length * 2);
    for (const { expression } of decorators) {
      const base = this.top;
      const hasThis = this.calleeInto(expression, base, false);
      this.top = base;
      this.reserveMany(2);
      if (!hasThis) this.LOADS(base + 1, SPECIAL.UNDEFINED);
      this.ARRPUSH(list, base);
      this.ARRPUSH(list, base + 1);
      this.top = base;
    }
    this.top = mark;
    this.move(dst, list);
  }

  /** Begins the decoration of the class whose constructor and prototype are in `pair` and `pair + 1`. */
  protected beginDecoration(info: ClassInfo, pair: number): void {
    const mark = this.top;
    const derived = this.reserve();
    this.LOADS(derived, info.derived ? SPECIAL.TRUE : SPECIAL.FALSE);
    this.helper("beginDecoration", derived, [pair, pair + 1, derived]);
    this.storeRaw(info.decoration!, derived);
    this.top = mark;
  }

  /** A member of a class with a decoration: its decorators are evaluated before its key, then it becomes an element. */
  protected decoratedMember(info: ClassInfo, element: ClassMember, pair: number): void {
    const mark = this.top;
    const decoration = this.reserve();
    const kind = this.reserve();
    const flags = this.reserve();
    const key = this.reserve();
    const name = this.reserve();
    const getter = this.reserve();
    const setter = this.reserve();
    const decorators = this.reserve();
    this.decoratorList(element, decorators);
    const keyNode = element.key as Node;
    const isPrivate = keyNode.type === "PrivateIdentifier";
    const known = isPrivate ? `#${keyNode.name}` : staticKey(keyNode, element.computed);
    if (isPrivate) this.loadPrivateName(keyNode, key);
    else if (known === null) this.computedKey(keyNode, key, this.placeOfClassKey(keyNode));
    else this.loadStaticKey(key, known);
    const record = info.records.get(element) ?? null;
    if (element.type === "PropertyDefinition") {
      const binding = info.elementBindings.get(element);
      if (binding !== undefined) this.storeRaw(binding, key);
      if (!isRecorded(info, element)) {
        this.top = mark;
        return;
      }
    }
    if (isPrivate) this.loadString(name, known!);
    else this.LOADS(name, SPECIAL.UNDEFINED);
    const home = element.static ? pair : pair + 1;
    this.LOADS(getter, SPECIAL.UNDEFINED);
    this.LOADS(setter, SPECIAL.UNDEFINED);
    if (element.type === "MethodDefinition") {
      this.methodClosure(element, known, home, key, getter);
    } else if (element.type === "AccessorProperty") {
      this.keepKey(info, element, key);
      this.accessorFunctions(info, element, isPrivate ? name : key, getter, setter);
    }
    this.LOADI(kind, elementKind(element));
    this.LOADI(flags, (element.static ? STATIC : 0) | (isPrivate ? PRIVATE : 0));
    this.loadRaw(info.decoration!, decoration);
    this.at(element);
    const result = this.touch(this.top);
    this.helper("addElement", result, [decoration, kind, flags, key, name, getter, setter, decorators]);
    // Functions of private elements are fetched from it when the decorators have run.
    for (const binding of [record, ...privateFunctions(info, element)]) {
      if (binding !== null) this.storeRaw(binding, result);
    }
    this.top = mark;
  }

  /** `fn` := the function of a method, getter or setter, with its name and home. DEFMETHOD, which sets both, is not used here. */
  private methodClosure(
    element: ESTree.MethodDefinition,
    known: string | null,
    home: number,
    key: number,
    fn: number,
  ): void {
    const kind = element.kind as "method" | "get" | "set";
    const name = known === null ? "" : kind === "method" ? known : `${kind} ${known}`;
    this.closure(element.value, fn, name, withoutDecorators(element));
    if (known === null) this.SETNAME(fn, key, METHOD_KIND[kind]);
    this.SETHOME(fn, home);
  }

  /**
   * `getter` and `setter` := the two functions of an auto-accessor, which read and write the private name that stores its value. `name`:
   * register of the property key, from which both take their names ("get x", "set x").
   */
  protected accessorFunctions(
    info: ClassInfo,
    element: ESTree.AccessorProperty,
    name: number,
    getter: number,
    setter: number,
  ): void {
    const mark = this.top;
    const storage = this.reserve();
    this.loadRaw(info.storages.get(element)!, storage);
    this.helper("accessorGetter", getter, [storage]);
    this.SETNAME(getter, name, METHOD_KIND.get);
    this.helper("accessorSetter", setter, [storage]);
    this.SETNAME(setter, name, METHOD_KIND.set);
    this.top = mark;
  }

  /** Keeps the key of an accessor whose first value is an anonymous function: its field initialiser names the function. */
  private keepKey(info: ClassInfo, element: ESTree.AccessorProperty, key: number): void {
    const binding = info.accessorKeys.get(element);
    if (binding !== undefined) this.storeRaw(binding, key);
  }

  /** An auto-accessor of a class without decorators: a getter and a setter over a private name, defined as methods. */
  protected plainAccessor(info: ClassInfo, element: ESTree.AccessorProperty, pair: number): void {
    const mark = this.top;
    const key = this.reserve();
    const getter = this.reserve();
    const setter = this.reserve();
    const keyNode = element.key as Node;
    const isPrivate = keyNode.type === "PrivateIdentifier";
    const known = isPrivate ? `#${keyNode.name}` : staticKey(keyNode, element.computed);
    if (known === null) this.computedKey(keyNode, key, this.placeOfClassKey(keyNode));
    else this.loadStaticKey(key, known);
    this.keepKey(info, element, key);
    this.at(element);
    this.accessorFunctions(info, element, key, getter, setter);
    if (isPrivate) {
      this.storeRaw(info.elementBindings.get(element)!, getter);
      this.storeRaw(info.setters.get(element)!, setter);
    } else {
      const home = element.static ? pair : pair + 1;
      this.DEFMETHOD(home, key, getter, METHOD_KIND.get);
      this.DEFMETHOD(home, key, setter, METHOD_KIND.set);
    }
    this.top = mark;
  }

  /**
   * Runs all decorators, in the order of the proposal; the constructor in `pair` is replaced by their result. Then the functions of private
   * elements are fetched, which decorators may have replaced as well. One HELPER per element: stacks show each decorator at its place.
   *
   * @param list register of the decorators of the class itself
   */
  protected applyDecorators(info: ClassInfo, node: Node, elements: readonly Node[], pair: number, list: number): void {
    const mark = this.top;
    const decoration = this.reserve();
    const which = this.reserve();
    const fn = this.reserve();
    this.loadRaw(info.decoration!, decoration);
    const added = elements.filter((element): element is ClassMember => isRecorded(info, element));
    for (const { isField, isStatic } of PHASES) {
      added.forEach((element, index) => {
        if ((element.type === "PropertyDefinition") !== isField || element.static !== isStatic) return;
        this.LOADI(which, index);
        this.at(decoratorsOf(element)[0] ?? element);
        this.helper("applyElement", fn, [decoration, which]);
      });
    }
    this.at(decoratorsOf(node)[0] ?? node);
    this.helper("applyDecorators", pair, [decoration, list]);
    for (const element of elements) {
      privateFunctions(info, element).forEach((binding, i) => {
        this.loadRaw(binding, fn);
        this.LOADI(which, i);
        this.helper("elementFunction", fn, [fn, which]);
        this.storeRaw(binding, fn);
      });
    }
    this.top = mark;
  }

  /** Runs the initialisers that decorators added. `receiver`: a register; `which`: one of INITIALIZERS. */
  protected runInitializers(info: ClassInfo, receiver: number, which: number): void {
    if (info.decoration === null) return;
    const mark = this.top;
    const decoration = this.reserve();
    const kind = this.reserve();
    this.loadRaw(info.decoration, decoration);
    this.LOADI(kind, which);
    this.helper("runDecoration", kind, [decoration, receiver, kind]);
    this.top = mark;
  }

  /** Passes the first value of a field or accessor of r1 through its decorators. Returns the register of the result. */
  protected initializeDecorated(record: Binding | null, value: number): number {
    if (record === null) return value;
    const result = this.reserve();
    this.loadRaw(record, result);
    this.helper("initializeElement", result, [result, 1, value]);
    return result;
  }

  /** Runs what decorators of a field or accessor want to run after r1 has it (addInitializer). */
  protected finishDecorated(record: Binding | null): void {
    if (record === null) return;
    const register = this.touch(this.top);
    this.loadRaw(record, register);
    const mark = this.top;
    this.top = register + 1;
    this.helper("finishElement", register, [register, 1]);
    this.top = mark;
  }
}

/** True if the decoration records the element: it does not record fields without decorators. */
function isRecorded(info: ClassInfo, element: Node): boolean {
  if (!isMember(element)) return false;
  if (element.type === "PropertyDefinition") return info.records.has(element);
  return element.type !== "MethodDefinition" || element.kind !== "constructor";
}

/** Number of the kind of an element, as ts/prelude/decorators.js reads it. */
function elementKind(element: ClassMember): number {
  if (isField(element)) return element.type === "AccessorProperty" ? ELEMENT_KIND.accessor : ELEMENT_KIND.field;
  return METHOD_KIND[element.kind as "method"];
}

/** Bindings with the functions of a private method or accessor: the getter, or the only one, comes first. */
function privateFunctions(info: ClassInfo, element: Node): Binding[] {
  if (element.type === "PropertyDefinition") return [];
  const first = info.elementBindings.get(element);
  const second = info.setters.get(element);
  return first === undefined ? [] : second === undefined ? [first] : [first, second];
}

/** The source of an element as its function shows it: without its decorators. */
export function withoutDecorators(element: ClassMember): Node {
  const decorators = decoratorsOf(element);
  if (decorators.length === 0) return element;
  return { ...element, start: decorators[decorators.length - 1]!.end! } as Node;
}
