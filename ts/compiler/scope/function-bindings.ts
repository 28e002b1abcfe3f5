// Owns what functions do in pass 1 of scope analysis: their scopes, parameters, bodies and hidden bindings. Must never visit a hoisted
// function before its scope closes (`close`, find-bindings.ts).
//
//   function f(a) { var b }           params: a, b                 one scope, as nothing could tell two apart
//   function f(a = () => b) { var b } params: a; body: b           the arrow must not see the variable b

import type { ESTree } from "meriyah";
import { PARAMETER_VARIABLES } from "./declarations.ts";
import { IN_BODY, IN_PARAMETERS } from "./find-evals.ts";
import { boundNames, labelledFunction } from "./hoist.ts";
import { type Binding, type FunctionInfo, type FunctionKind, NOT_YET, type Scope } from "./model.ts";
import { StatementBindings } from "./statement-bindings.ts";

type Node = ESTree.Node;

export abstract class FunctionBindings extends StatementBindings {
  readonly infos = new Map<Node, FunctionInfo>();
  /** Functions that contain direct eval calls, and where. */
  protected evals: ReadonlyMap<Node, number> = new Map();

  // --- functions

  /**
   * Visits a function of any kind, with its parameters and body: https://tc39.es/ecma262/#sec-functiondeclarationinstantiation. A function
   * expression is visited where it is written, a declaration when its scope closes.
   */
  visitFunction(
    node: ESTree.FunctionDeclaration | ESTree.FunctionExpression | ESTree.ArrowFunctionExpression,
    kind: FunctionKind,
  ): void {
    const outerFunc = this.func;
    const outerStrict = this.strict;
    const info = this.newFunction(kind, node);
    this.infos.set(node, info);
    if (kind === "arrow") info.classInfo = outerFunc.classInfo;
    const body = node.body!;
    const statements = body.type === "BlockStatement" ? body.body : null;
    // The directive makes the parameters strict too, though they come before it.
    if (!this.strict && statements !== null && hasUseStrict(statements)) this.strict = true;
    info.strict = this.strict;
    info.async = node.async;
    info.generator = "generator" in node && node.generator === true;
    this.func = info;

    const params = (info.params = info.body = this.open("params", null));
    const evals = info.strict ? 0 : (this.evals.get(node) ?? 0);
    for (const param of node.params) {
      if (param.type === "Identifier") continue;
      info.simpleParameters = false;
      if (hasExpression(param)) info.parameterExpressions = true;
    }
    if (info.parameterExpressions ? evals & IN_PARAMETERS : evals) {
      const variables = this.declareObject(params, "vars");
      if (info.parameterExpressions) variables.name = PARAMETER_VARIABLES;
    }
    // Without expressions no code runs between the parameters: all of them have their values when the body begins.
    const initTime = info.parameterExpressions ? NOT_YET : 0;
    for (let i = 0; i < node.params.length; i++) this.declareParameter(params, node.params[i]!, i, initTime);

    // https://tc39.es/ecma262/#sec-functiondeclarationinstantiation, step 28: parameters with expressions have a scope of their own, so that
    // closures in them do not see the variables of the body. Otherwise both share one, which costs nothing at run time.
    if (info.parameterExpressions) {
      this.declareFunctionName(node, info);
      for (const param of node.params) this.bind(param, null);
      if (statements !== null) {
        info.body = this.open("body", null);
        if (evals & IN_BODY) this.declareObject(info.body, "vars");
        this.functionBody(info, statements);
        this.close();
      } else {
        this.visit(body);
      }
    } else {
      if (statements !== null) {
        this.declareBody(info, statements);
        this.declareFunctionName(node, info);
        for (const param of node.params) this.bind(param, null);
        info.hasParameters = true;
        for (const statement of statements) this.visit(statement);
      } else {
        this.declareFunctionName(node, info);
        for (const param of node.params) this.bind(param, null);
        info.hasParameters = true;
        this.visit(body);
      }
    }
    this.close();
    this.func = outerFunc;
    this.strict = outerStrict;
  }

  /**
   * Declares the names of parameter number `index`. A plain name or one with a default is the argument itself; a pattern takes it apart.
   */
  private declareParameter(params: Scope, param: Node, index: number, initTime: number): void {
    const target = param.type === "AssignmentPattern" ? param.left : param;
    // Of duplicate names, the last one counts.
    if (target.type === "Identifier") this.ownParameter(params, target.name, initTime).argument = index;
    else this.declareParameters(params, target, initTime);
  }

  private declareParameters(params: Scope, pattern: Node, initTime: number): void {
    boundNames(pattern, (id) => this.ownParameter(params, id.name, initTime));
  }

  /** The binding of a parameter. It counts as holding any value: the caller decides. */
  private ownParameter(params: Scope, name: string, initTime: number): Binding {
    const known = this.own(params, name);
    // Sloppy code may name two parameters alike: there is one binding, and the last argument is its value.
    if (known !== null) return known;
    const binding = this.declare(params, name, "param", initTime);
    binding.primitive = false;
    return binding;
  }

  /** The body of a function with a parameter scope of its own. */
  private functionBody(info: FunctionInfo, statements: readonly Node[]): void {
    this.declareBody(info, statements);
    // `var x` of the body is another variable than the parameter x. It begins with the parameter's value, which may be anything.
    for (const binding of info.body.bindings) {
      if (
        binding.kind === "var" &&
        binding.name === "arguments" &&
        info.kind !== "arrow" &&
        this.own(info.params, "arguments") === null
      ) {
        if (info.argumentsBinding === null) this.hiddenArguments(info);
      }
      if (binding.kind === "var") binding.primitive = false;
    }
    for (const statement of statements) this.visit(statement);
  }

  /** `var arguments` in a body with a parameter scope of its own still starts as the arguments object. */
  private hiddenArguments(info: FunctionInfo): void {
    const known = info.params.bindings.find((b) => b.name === "arguments");
    info.argumentsBinding = known ?? this.declareHidden(info.params, "arguments", "arguments");
  }

  /** Declares all names of a body: `var` names, functions, lexical names. */
  private declareBody(info: FunctionInfo, statements: readonly Node[]): void {
    const scope = info.body;
    this.hoistInto(scope, statements, true);
    for (const statement of statements) {
      const plain = labelledFunction(statement) ?? statement;
      if (plain.type === "FunctionDeclaration") this.declareFunction(scope, plain);
      else this.declareLexical(scope, plain);
    }
  }

  /**
   * The name of a function expression, which only its own code sees. A parameter or variable of that name hides it, so it is declared only
   * where there is none: https://tc39.es/ecma262/#sec-runtime-semantics-instantiateordinaryfunctionexpression
   */
  private declareFunctionName(node: Node, info: FunctionInfo): void {
    if (node.type !== "FunctionExpression" || !node.id) return;
    if (this.own(info.params, node.id.name) !== null) return;
    info.nameBinding = this.declare(info.params, node.id.name, "fname", 0);
    info.nameBinding.primitive = false;
  }

  /** The synthetic functions of a class: opens the function, runs `elements`, closes it. */
  synthetic(
    kind: "fields" | "statics",
    node: ESTree.ClassDeclaration | ESTree.ClassExpression,
    elements: () => void,
  ): FunctionInfo {
    const outerFunc = this.func;
    const info = this.newFunction(kind, node);
    info.strict = true;
    this.func = info;
    info.params = info.body = this.open("params", null);
    elements();
    this.close();
    this.func = outerFunc;
    return info;
  }
}

/** True if the directives at the beginning include "use strict". */
export function hasUseStrict(statements: readonly Node[]): boolean {
  for (const statement of statements) {
    if (statement.type !== "ExpressionStatement" || statement.directive === undefined) return false;
    if (statement.directive === "use strict") return true;
  }
  return false;
}

/**
 * True if a parameter contains code that runs: a default or a computed key.
 * https://tc39.es/ecma262/#sec-static-semantics-containsexpression
 */
function hasExpression(pattern: Node): boolean {
  switch (pattern.type) {
    case "AssignmentPattern":
      return true;
    case "RestElement":
      return hasExpression(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.some((element) => element !== null && hasExpression(element));
    case "ObjectPattern":
      return pattern.properties.some((p) =>
        p.type === "RestElement" ? hasExpression(p.argument) : p.computed || hasExpression(p.value),
      );
    default:
      return false;
  }
}
