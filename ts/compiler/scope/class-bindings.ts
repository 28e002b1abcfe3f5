// Owns the part of pass 1 that concerns classes: the scope with the inner name, private names, computed field keys and
// private methods, bindings for auto-accessors and decorators, and the synthetic functions that initialise fields. Must never decide slots.
//
//   class C extends P { #x = 1; [k()] = 2; #m() {} static s = 3 }
//
//   class env(4)
//     cname C                  the inner name, a constant; the outer C is another binding
//     private #x, private #m   private name values, made anew each time the class is evaluated (NEWPRIV)
//     fieldkey %key            the value of k(), for the field initialiser
//     pmethod #m.method        the function of #m, until RUNFIELDS installs it
//     fields, statics          synthetic functions inside the scope; P and k() are visited outside of them
//
// Names with % or a dot cannot be written in a program, so no identifier finds them.
import type { ESTree } from "meriyah";
import type { Declarations } from "./declarations.ts";
import { isAnonymousFunction } from "./hoist.ts";
import { ClassInfo, NOT_YET, type FunctionInfo, type FunctionKind } from "./model.ts";
import { strictPart } from "./strict-parts.ts";

type Node = ESTree.Node;
export type ClassNode = ESTree.ClassDeclaration | ESTree.ClassExpression;
/** Elements with a key. */
export type ClassMember = ESTree.MethodDefinition | ESTree.PropertyDefinition | ESTree.AccessorProperty;

/** What pass 1 (find-bindings.ts) provides for classes. An interface and not the class itself, which would import this file in a circle. */
export interface ClassAnalyzer extends Declarations {
  readonly classes: Map<Node, ClassInfo>;
  visit(node: Node): void;
  visitFunction(
    node: ESTree.FunctionDeclaration | ESTree.FunctionExpression | ESTree.ArrowFunctionExpression,
    kind: FunctionKind,
  ): void;
  synthetic(kind: "fields" | "statics", node: ClassNode, elements: () => void): FunctionInfo;
  staticBlock(node: ESTree.StaticBlock): void;
  close(): void;
}

const NO_DECORATORS: readonly ESTree.Decorator[] = [];

/**
 * Visits a class in the order of https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation: heritage and computed keys
 * while the inner name is in its dead zone, then it is initialised, then methods and initialisers, which run later.
 */
export function visitClass(analyzer: ClassAnalyzer, node: ClassNode): void {
  const outerStrict = analyzer.strict;
  const outerClass = analyzer.classInfo;
  analyzer.strict = true;
  // Decorators are evaluated outside the class: they see neither its inner name nor its private names.
  for (const decorator of decoratorsOf(node)) analyzer.visit(decorator.expression);
  const scope = analyzer.open("class", node);
  const elements = node.body.body as Node[];

  let constructorNode: ESTree.FunctionExpression | null = null;
  for (const element of elements) {
    if (element.type === "MethodDefinition" && element.kind === "constructor") constructorNode = element.value;
  }
  const info = new ClassInfo(scope, constructorNode, node.superClass !== null);
  analyzer.classes.set(node, info);

  if (node.id) info.nameBinding = analyzer.declare(scope, node.id.name, "cname", NOT_YET);
  for (const element of elements) {
    if (isMember(element) && element.key?.type === "PrivateIdentifier") {
      const name = `#${element.key.name}`;
      // Always captured: the synthetic functions use it.
      (analyzer.own(scope, name) ?? analyzer.declare(scope, name, "private", 0)).captured = true;
      analyzer.resolve(name, element.key.start!);
    }
  }

  if (!analyzer.func.strict) strictParts(node, elements);
  // Heritage, decorators and computed keys run before the inner name is initialised and outside the class's functions.
  if (node.superClass) analyzer.visit(node.superClass);
  for (const element of elements) {
    if (!isMember(element)) continue;
    for (const decorator of decoratorsOf(element)) analyzer.visit(decorator.expression);
    if (element.computed) analyzer.visit(element.key as Node);
  }
  if (info.nameBinding !== null) {
    info.nameBinding.initTime = ++analyzer.clock;
    info.nameBinding.primitive = false;
  }

  analyzer.classInfo = info;
  if (decoratorsOf(node).length > 0 || elements.some((element) => decoratorsOf(element).length > 0)) {
    info.decoration = hidden(analyzer, info, "%decoration", "fieldkey");
  }
  for (const element of elements) visitElement(analyzer, info, element);
  if (info.hasInstanceElements) {
    info.fields = analyzer.synthetic("fields", node, () => {
      for (const element of elements) {
        if (isField(element) && !element.static && element.value) analyzer.visit(element.value);
      }
    });
  }
  if (elements.some(isStaticElement)) {
    info.statics = analyzer.synthetic("statics", node, () => {
      for (const element of elements) {
        if (isField(element) && element.static && element.value) analyzer.visit(element.value);
        else if (element.type === "StaticBlock") analyzer.staticBlock(element);
      }
    });
  }
  analyzer.classInfo = outerClass;
  analyzer.close();
  analyzer.strict = outerStrict;
}

/** A class is strict, but its heritage and keys are emitted in the function around it, which may be sloppy (strict-parts.ts). */
function strictParts(node: ClassNode, elements: readonly Node[]): void {
  if (node.superClass) node.superClass = strictPart(node.superClass as ESTree.Expression);
  for (const element of elements) {
    if (isMember(element) && element.computed) element.key = strictPart(element.key as ESTree.Expression);
  }
}

/** Declares a hidden binding of the class scope. It is captured: the synthetic functions read it, and an environment keeps it for them. */
function hidden(analyzer: ClassAnalyzer, info: ClassInfo, name: string, kind: "private" | "pmethod" | "fieldkey") {
  const binding = analyzer.declareHidden(info.scope, name, kind);
  binding.captured = true;
  return binding;
}

/** Makes the hidden bindings of an element, and visits the function of a method. Values of fields are visited later (`synthetic`). */
function visitElement(analyzer: ClassAnalyzer, info: ClassInfo, element: Node): void {
  if (!isMember(element)) return;
  const { key } = element;
  const isPrivate = key?.type === "PrivateIdentifier";
  if (element.type === "MethodDefinition") {
    if (isPrivate) info.elementBindings.set(element, hidden(analyzer, info, `#${key.name}.${element.kind}`, "pmethod"));
    // The initialisers that its decorators add run when fields are initialised.
    if (!element.static && (isPrivate || decoratorsOf(element).length > 0)) info.hasInstanceElements = true;
    analyzer.visitFunction(
      element.value,
      element.kind === "constructor" ? (info.derived ? "derived" : "constructor") : "method",
    );
    return;
  }
  if (!element.static) info.hasInstanceElements = true;
  if (decoratorsOf(element).length > 0) info.records.set(element, hidden(analyzer, info, "%element", "fieldkey"));
  if (element.type === "AccessorProperty") {
    const name = isPrivate ? `#${key.name}` : key?.type === "Identifier" && !element.computed ? key.name : "accessor";
    info.storages.set(element, hidden(analyzer, info, name, "private"));
    if (isPrivate) {
      info.elementBindings.set(element, hidden(analyzer, info, `${name}.get`, "pmethod"));
      info.setters.set(element, hidden(analyzer, info, `${name}.set`, "pmethod"));
    } else if (
      element.computed &&
      !isConstantKey(key as Node) &&
      element.value !== null &&
      isAnonymousFunction(element.value)
    ) {
      info.accessorKeys.set(element, hidden(analyzer, info, "%key", "fieldkey"));
    }
  } else if (element.computed && !isConstantKey(key as Node)) {
    info.elementBindings.set(element, hidden(analyzer, info, "%key", "fieldkey"));
  }
}

/** True for elements with a key: all but static blocks. */
export function isMember(element: Node): element is ClassMember {
  return (
    element.type === "MethodDefinition" || element.type === "PropertyDefinition" || element.type === "AccessorProperty"
  );
}

/** Elements with an initialiser that runs for each instance, or once. */
export function isField(element: Node): element is ESTree.PropertyDefinition | ESTree.AccessorProperty {
  return element.type === "PropertyDefinition" || element.type === "AccessorProperty";
}

/** The decorators in front of a class or element, in the order of the source. */
export function decoratorsOf(node: Node): readonly ESTree.Decorator[] {
  return "decorators" in node && Array.isArray(node.decorators) ? node.decorators : NO_DECORATORS;
}

/** Elements that run, or are installed on the constructor, when the class is made. */
export function isStaticElement(element: Node): boolean {
  if (element.type === "StaticBlock") return true;
  if (isField(element)) return element.static;
  return (
    element.type === "MethodDefinition" &&
    element.static &&
    (element.key?.type === "PrivateIdentifier" || decoratorsOf(element).length > 0)
  );
}

/** A computed key that needs no evaluation at class definition time. */
export function isConstantKey(key: Node): boolean {
  return (
    key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number") && !("bigint" in key)
  );
}
