// Owns class definitions: ClassDefinitionEvaluation and the bodies of the synthetic functions that initialise fields.
// Must never run a static block as anything but part of the synthetic static function (statements.ts emits it).
import type { ESTree } from "meriyah";
import { isStaticElement } from "../scope/class-bindings.ts";
import type { FunctionInfo } from "../scope/model.ts";
import { Assignments } from "./assignments.ts";
import { METHOD_KIND, staticKey } from "./literals.ts";
import { SPECIAL, isAnonymousFunction, type Node } from "./state.ts";

type ClassNode = ESTree.ClassDeclaration | ESTree.ClassExpression;

export abstract class Classes extends Assignments {
  /** `keyRegister` ≥ 0 holds a name that is only known at run time. */
  protected classDefinition(node: ClassNode, dst: number, name: string, keyRegister: number): void {
    const mark = this.top;
    const info = this.unit.analysis.classes.get(node)!;
    const elements = node.body.body as readonly Node[];
    const pair = this.reserveMany(2);
    this.enterScope(info.scope);
    for (const binding of info.scope.bindings) {
      if (binding.kind !== "private") continue;
      const register = this.touch(this.top);
      this.NEWPRIV(register, this.str(binding.name));
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

    for (const element of elements) this.classElement(element, pair, info.elementBindings.get(element) ?? null);
    if (info.nameBinding !== null) this.storeRaw(info.nameBinding, pair);
    if (info.fields !== null) {
      const init = this.reserve();
      this.closureOfInfo(info.fields, init, name);
      this.SETHOME(init, pair + 1);
      this.SETFIELDS(pair, init);
      this.top = init;
    }
    if (info.statics !== null) {
      const base = this.reserveMany(2);
      this.closureOfInfo(info.statics, base, name);
      this.SETHOME(base, pair);
      this.move(base + 1, pair);
      this.at(node);
      this.CALL(base, base, 0);
      this.top = base;
    }
    this.leaveScope(info.scope);
    this.move(dst, pair);
    this.top = mark;
  }

  private classElement(
    element: Node,
    pair: number,
    binding: ReturnType<FunctionInfo["scopes"][number]["bindings"]["at"]> | null,
  ): void {
    const mark = this.top;
    if (element.type === "MethodDefinition") {
      if (element.kind === "constructor") return;
      const target = element.static ? pair : pair + 1;
      if (element.key!.type === "PrivateIdentifier") {
        const name = `#${element.key.name}`;
        const method = this.reserve();
        this.closure(element.value, method, element.kind === "method" ? name : `${element.kind} ${name}`, element);
        this.SETHOME(method, target);
        this.storeRaw(binding!, method);
      } else {
        this.defineMethod(target, element.key as Node, element.computed, element.value, element.kind, 0, element);
      }
    } else if (element.type === "PropertyDefinition" && binding) {
      const key = this.reserve();
      this.computedKey(element.key as Node, key);
      this.storeRaw(binding, key);
    }
    this.top = mark;
  }

  /** Body of the synthetic function for the instance fields of a class, or for its static elements. */
  protected fieldInitializers(info: FunctionInfo): void {
    const node = info.node as ClassNode;
    const isStatic = info.kind === "statics";
    const bindings = info.classInfo!.elementBindings;
    const elements = node.body.body as readonly Node[];
    for (const element of elements) {
      if (
        element.type !== "MethodDefinition" ||
        element.key?.type !== "PrivateIdentifier" ||
        element.static !== isStatic
      )
        continue;
      const mark = this.top;
      const key = this.privateOperand(element.key);
      const method = this.reserve();
      this.loadRaw(bindings.get(element)!, method);
      this.at(element);
      this.DEFPRIVM(1, key, method, METHOD_KIND[element.kind as "method"]);
      this.top = mark;
    }
    for (const element of elements) {
      if (element.type === "StaticBlock" && isStatic) this.staticBlock(element);
      else if (element.type === "PropertyDefinition" && isStaticElement(element) === isStatic) this.field(element);
    }
  }

  protected abstract staticBlock(node: ESTree.StaticBlock): void;

  private field(element: ESTree.PropertyDefinition): void {
    const mark = this.top;
    const key = element.key as Node;
    const binding = this.unit.analysis.classes.get(this.info.node)!.elementBindings.get(element) ?? null;
    const name = staticKey(key, element.computed);
    const value = element.value as Node | null;
    if (key.type === "PrivateIdentifier") {
      const keyRegister = this.privateOperand(key);
      const register = this.fieldValue(value, `#${key.name}`);
      this.at(element);
      this.DEFPRIV(1, keyRegister, register);
    } else if (binding !== null) {
      const keyRegister = this.reserve();
      this.loadRaw(binding, keyRegister);
      let register: number;
      if (value !== null && isAnonymousFunction(value))
        this.exprNamedBy(value, (register = this.reserve()), keyRegister, 0);
      else register = this.fieldValue(value, "");
      this.at(element);
      this.DEFELEM(1, keyRegister, register);
    } else {
      const register = this.fieldValue(value, name!);
      this.at(element);
      this.defineStatic(1, name!, register);
    }
    this.top = mark;
  }

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
