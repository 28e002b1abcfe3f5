// Owns class definitions and the bodies of the synthetic functions that initialise fields. Must never run a static block as anything
// but part of the synthetic static function (statements.ts emits it).
// https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation
//
// `class C extends P { #x = 1; m() {} static s = 2 }`:
//
//   NEWENV env, …; NEWPRIV t, "#x"; SETENV t, env, slot             a class scope has private names, so it has an environment
//   GETGLOBAL pair, "P"; LOADS pair+1, hole                         the hole for a class without `extends`
//   NEWCLASS pair…, pair…, env, #constructor                        pair := constructor, prototype
//   DEFMETHOD pair+1, key, fn, 0                                    elements in the order of the source
//   CLOSURE t, env, #fields; SETHOME t, pair+1; SETFIELDS pair, t   runs for each instance (RUNFIELDS)
//   MOVE C, pair                                                    from here on the elements can see the class's name
//   CLOSURE t, env, #statics; SETHOME t, pair; CALL t, t…, 0        static fields and blocks, once, with the class as `this`
//
// Field initialisers are one function each for the instance and the static side, because `this` in them is the object, and `arguments`
// and `await` are not allowed. They share the environment of the class, where computed keys and private methods wait for them.
import type { ESTree } from "meriyah";
import { isField, isMember, type ClassNode } from "../scope/class-bindings.ts";
import type { Binding, ClassInfo, FunctionInfo } from "../scope/model.ts";
import { Decorations, INITIALIZERS } from "./decorations.ts";
import { METHOD_KIND, staticKey } from "./literals.ts";
import { SPECIAL, isAnonymousFunction, type Node } from "./state.ts";

/**
 * Description of a private name. For a method, the words that an error needs for a receiver of the wrong class follow
 * (assembly/interpreter/definitions.ts, privateText).
 */
function descriptionOf(name: string, { id, body }: ClassNode): string {
  const isNamed = (one: Node): boolean =>
    one.type === "MethodDefinition" && one.key?.type === "PrivateIdentifier" && `#${one.key.name}` === name;
  const method = (body.body as readonly Node[]).find(isNamed) as ESTree.MethodDefinition | undefined;
  if (method === undefined) return name;
  return `${name} ${method.static ? "" : "an instance of "}class ${id?.name ?? "anonymous"}`;
}

export abstract class Classes extends Decorations {
  /**
   * `dst` := the class.
   *
   * @param name the name that is known at compile time, "" if it is not known
   * @param keyRegister register of a name that only run time knows (`{ [k]: class {} }`), else -1
   */
  protected classDefinition(node: ClassNode, dst: number, name: string, keyRegister: number): void {
    const mark = this.top;
    const info = this.unit.analysis.classes.get(node)!;
    const elements = node.body.body as readonly Node[];
    const pair = this.reserveMany(2);
    let decorators = -1;
    if (info.decoration !== null) this.decoratorList(node, (decorators = this.reserve()));
    this.enterScope(info.scope);
    for (const binding of info.scope.bindings) {
      if (binding.kind !== "private") continue;
      const register = this.touch(this.top);
      this.NEWPRIV(register, this.str(descriptionOf(binding.name, node)));
      this.storeRaw(binding, register);
    }

    if (node.superClass) this.expr(node.superClass, pair);
    else this.LOADS(pair, SPECIAL.HOLE);
    this.LOADS(pair + 1, SPECIAL.HOLE);
    const constructorInfo = info.constructorNode === null ? null : this.unit.analysis.infos.get(info.constructorNode)!;
    const index = this.enqueue({
      info: constructorInfo,
      defaultOf: constructorInfo === null ? info : null,
      name,
      start: node.start!,
      end: node.end!,
    });
    const environment = this.currentEnvironment();
    this.at(node.superClass ?? node);
    this.NEWCLASS(pair, pair, environment, index);
    if (keyRegister >= 0) this.SETNAME(pair, keyRegister, 0);

    if (info.decoration !== null) this.beginDecoration(info, pair);
    for (const element of elements) this.classElement(element, pair, info);
    if (info.fields !== null) {
      const init = this.reserve();
      this.closureOfInfo(info.fields, init, name);
      this.SETHOME(init, pair + 1);
      this.SETFIELDS(pair, init);
      this.top = init;
    }
    // From here on, the class is the result of its decorators; but `super` in its elements refers to the original.
    let home = pair;
    if (info.decoration !== null) {
      if (info.statics !== null) this.MOVE((home = this.reserve()), pair);
      this.applyDecorators(info, node, elements, pair, decorators);
    }
    if (info.nameBinding !== null) this.storeRaw(info.nameBinding, pair);
    if (info.statics !== null) {
      const base = this.reserveMany(2);
      this.closureOfInfo(info.statics, base, name);
      this.SETHOME(base, home);
      this.move(base + 1, pair);
      this.at(node);
      this.CALL(base, base, 0);
      this.top = base;
    }
    this.runInitializers(info, pair, INITIALIZERS.class);
    this.leaveScope(info.scope);
    this.move(dst, pair);
    this.top = mark;
  }

  /**
   * One element, as far as it is evaluated with the class: https://tc39.es/ecma262/#sec-static-semantics-classelementevaluation. Public
   * methods are defined. Functions of private ones and keys that are computed go to hidden bindings, for the synthetic functions.
   */
  private classElement(element: Node, pair: number, info: ClassInfo): void {
    if (!isMember(element) || (element.type === "MethodDefinition" && element.kind === "constructor")) return;
    const mark = this.top;
    const binding = info.elementBindings.get(element) ?? null;
    if (info.decoration !== null) {
      this.decoratedMember(info, element, pair);
    } else if (element.type === "AccessorProperty") {
      this.plainAccessor(info, element, pair);
    } else if (element.type === "MethodDefinition") {
      const kind = element.kind as "method" | "get" | "set";
      const target = element.static ? pair : pair + 1;
      if (element.key!.type === "PrivateIdentifier") {
        const name = `#${element.key.name}`;
        const method = this.reserve();
        this.closure(element.value, method, kind === "method" ? name : `${kind} ${name}`, element);
        this.SETHOME(method, target);
        this.storeRaw(binding!, method);
      } else {
        this.defineMethod(target, element.key as Node, element.computed, element.value, kind, 0, element);
      }
    } else if (binding) {
      const key = this.reserve();
      this.computedKey(element.key as Node, key, this.placeOfClassKey(element.key as Node));
      this.storeRaw(binding, key);
    }
    this.top = mark;
  }

  /**
   * Body of the synthetic function for the instance fields of a class, or for its static elements, with the receiver in r1. Private methods
   * come first, so that every initialiser may call them: https://tc39.es/ecma262/#sec-initializeinstanceelements.
   */
  protected fieldInitializers(info: FunctionInfo): void {
    const node = info.node as ClassNode;
    const isStatic = info.kind === "statics";
    const classInfo = info.classInfo!;
    const elements = node.body.body as readonly Node[];
    for (const element of elements) {
      if (isMember(element) && element.static === isStatic) this.privateMethods(classInfo, element);
    }
    this.runInitializers(classInfo, 1, isStatic ? INITIALIZERS.statics : INITIALIZERS.methods);
    for (const element of elements) {
      if (element.type === "StaticBlock" && isStatic) {
        // The parser drops decorators there.
        if (this.unit.source[element.start!] === "@")
          this.unit.fail("Decorators are not valid on static blocks", element);
        this.staticBlock(element);
      } else if (isField(element) && element.static === isStatic) this.field(classInfo, element);
    }
  }

  /** Installs a private method on r1, or the two functions of a private auto-accessor. DEFPRIVM throws if it is there already. */
  private privateMethods(info: ClassInfo, element: Node): void {
    if (!isMember(element) || element.type === "PropertyDefinition" || element.key?.type !== "PrivateIdentifier")
      return;
    const isAccessor = element.type === "AccessorProperty";
    const mark = this.top;
    const key = this.privateOperand(element.key);
    const method = this.reserve();
    this.loadRaw(info.elementBindings.get(element)!, method);
    this.at(element);
    this.DEFPRIVM(1, key, method, isAccessor ? METHOD_KIND.get : METHOD_KIND[element.kind as "method"]);
    if (isAccessor) {
      this.loadRaw(info.setters.get(element)!, method);
      this.DEFPRIVM(1, key, method, METHOD_KIND.set);
    }
    this.top = mark;
  }

  protected abstract staticBlock(node: ESTree.StaticBlock): void;

  /**
   * Defines one field of r1: https://tc39.es/ecma262/#sec-definefield. A public field is defined (DEFFIELD, DEFELEM) and not assigned, so a
   * setter of the parent class does not see it. A computed key was converted when the class was made.
   */
  private field(info: ClassInfo, element: ESTree.PropertyDefinition | ESTree.AccessorProperty): void {
    const mark = this.top;
    const key = element.key as Node;
    const binding = info.elementBindings.get(element) ?? null;
    const record = info.records.get(element) ?? null;
    const name = staticKey(key, element.computed);
    const value = element.value as Node | null;
    if (element.type === "AccessorProperty") {
      const storage = this.reserve();
      this.loadRaw(info.storages.get(element)!, storage);
      const known = key.type === "PrivateIdentifier" ? `#${key.name}` : (name ?? "");
      const named = info.accessorKeys.get(element) ?? null;
      const first = named === null ? this.fieldValue(value, known) : this.valueNamedBy(value!, named);
      const register = this.initializeDecorated(record, first);
      this.at(element);
      this.DEFPRIV(1, storage, register);
    } else if (key.type === "PrivateIdentifier") {
      const keyRegister = this.privateOperand(key);
      const register = this.initializeDecorated(record, this.fieldValue(value, `#${key.name}`));
      this.at(value ?? element);
      this.DEFPRIV(1, keyRegister, register);
    } else if (binding !== null) {
      const keyRegister = this.reserve();
      this.loadRaw(binding, keyRegister);
      let register: number;
      if (value !== null && isAnonymousFunction(value))
        this.exprNamedBy(value, (register = this.reserve()), keyRegister, 0);
      else register = this.fieldValue(value, "");
      register = this.initializeDecorated(record, register);
      this.at(value ?? key);
      this.DEFELEM(1, keyRegister, register);
    } else {
      const register = this.initializeDecorated(record, this.fieldValue(value, name!));
      this.at(value ?? key);
      this.defineStatic(1, name!, register);
    }
    this.finishDecorated(record);
    this.top = mark;
  }

  /** A new temporary with an anonymous function that takes its name from a computed key. */
  private valueNamedBy(value: Node, key: Binding): number {
    const register = this.reserve();
    const keyRegister = this.reserve();
    this.loadRaw(key, keyRegister);
    this.exprNamedBy(value, register, keyRegister, 0);
    return register;
  }

  /** Register of the first value of a field, undefined without initialiser. `name`: for an anonymous function. */
  private fieldValue(value: Node | null, name: string): number {
    if (value === null) {
      const register = this.reserve();
      this.LOADS(register, SPECIAL.UNDEFINED);
      return register;
    }
    if (!isAnonymousFunction(value)) return this.operand(value);
    const register = this.reserve();
    this.exprNamed(value, register, name);
    return register;
  }
}
