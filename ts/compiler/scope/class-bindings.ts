// Owns the part of pass 1 that concerns classes: the scope with the inner name, private names, computed field keys and
// private methods, and the synthetic functions that initialise fields. Must never decide slots.
import type { ESTree } from "meriyah";
import type { Analyzer } from "./find-bindings.ts";
import { ClassInfo } from "./model.ts";

type ClassNode = ESTree.ClassDeclaration | ESTree.ClassExpression;

export function visitClass(analyzer: Analyzer, node: ClassNode): void {
  const outerStrict = analyzer.strict;
  const outerClass = analyzer.classInfo;
  analyzer.strict = true;
  const scope = analyzer.open("class", node);
  const elements = node.body.body as ESTree.Node[];

  let constructorNode: ESTree.FunctionExpression | null = null;
  for (const element of elements) {
    if (element.type === "MethodDefinition" && element.kind === "constructor") constructorNode = element.value;
  }
  const info = new ClassInfo(scope, constructorNode, node.superClass !== null);
  analyzer.classes.set(node, info);

  if (node.id) info.nameBinding = analyzer.declare(scope, node.id.name, "cname", Infinity);
  for (const element of elements) {
    if (
      (element.type === "MethodDefinition" || element.type === "PropertyDefinition") &&
      element.key?.type === "PrivateIdentifier"
    ) {
      const name = `#${element.key.name}`;
      // The synthetic functions use it, whoever else does.
      (analyzer.own(scope, name) ?? analyzer.declare(scope, name, "private", 0)).captured = true;
      analyzer.resolve(name, element.key.start!);
    }
  }

  // Heritage and computed keys run before the inner name is initialised and outside the class's functions.
  if (node.superClass) analyzer.visit(node.superClass);
  for (const element of elements) {
    if ((element.type === "MethodDefinition" || element.type === "PropertyDefinition") && element.computed)
      analyzer.visit(element.key!);
  }
  if (info.nameBinding !== null) {
    info.nameBinding.initTime = ++analyzer.clock;
    info.nameBinding.primitive = false;
  }

  analyzer.classInfo = info;
  for (const element of elements) {
    if (element.type === "MethodDefinition") {
      if (element.key?.type === "PrivateIdentifier") {
        const binding = analyzer.declareHidden(scope, `#${element.key.name}.${element.kind}`, "pmethod");
        binding.captured = true;
        info.elementBindings.set(element, binding);
        if (!element.static) info.hasInstanceElements = true;
      }
      analyzer.visitFunction(
        element.value,
        element.kind === "constructor" ? (info.derived ? "derived" : "constructor") : "method",
      );
    } else if (element.type === "PropertyDefinition") {
      if (!element.static) info.hasInstanceElements = true;
      if (element.computed && !isConstantKey(element.key as ESTree.Node)) {
        const binding = analyzer.declareHidden(scope, "%key", "fieldkey");
        binding.captured = true;
        info.elementBindings.set(element, binding);
      }
    }
  }
  if (info.hasInstanceElements) {
    info.fields = analyzer.synthetic("fields", node, () => {
      for (const element of elements) {
        if (element.type === "PropertyDefinition" && !element.static && element.value) analyzer.visit(element.value);
      }
    });
  }
  if (elements.some(isStaticElement)) {
    info.statics = analyzer.synthetic("statics", node, () => {
      for (const element of elements) {
        if (element.type === "PropertyDefinition" && element.static && element.value) analyzer.visit(element.value);
        else if (element.type === "StaticBlock") analyzer.staticBlock(element);
      }
    });
  }
  analyzer.classInfo = outerClass;
  analyzer.close();
  analyzer.strict = outerStrict;
}

/** Elements that run, or are installed on the constructor, when the class is made. */
export function isStaticElement(element: ESTree.Node): boolean {
  if (element.type === "StaticBlock") return true;
  if (element.type === "PropertyDefinition") return element.static;
  return element.type === "MethodDefinition" && element.static && element.key?.type === "PrivateIdentifier";
}

/** A computed key that needs no evaluation at class definition time. */
export function isConstantKey(key: ESTree.Node): boolean {
  return (
    key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number") && !("bigint" in key)
  );
}
