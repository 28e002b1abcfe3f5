// Owns whole functions: prologue (FunctionDeclarationInstantiation), body, epilogue, the function's head,
// and the queue through which nested functions are compiled. Must never emit the insides of a statement.
//
// The order of a prologue is fixed. Instructions that read what the caller left (surplus arguments, new.target) come before anything is
// written, and before the first safepoint:
//
//   ARGUMENTS r · REST r · NEWTARGET r        only what the body uses; NEWENV params before them if `arguments` shares the parameters
//   THISSLOPPY                                sloppy functions that use `this`
//   ASYNCSTART coroutine                      from here on, exceptions reject the promise (handler at the end)
//   RUNFIELDS r1, r0                          base class constructors: fields come before parameters
//   NEWENV params, SETENV …                   captured parameters, `this`, callee and new.target for arrows inside
//   JNOTUNDEF r2, →1; …; 1                    defaults and patterns
//   NEWENV body, CLOSURE …                    variables and function declarations
//   GENSTART generator                        the call of a generator returns here, when its parameters are bound
//
// https://tc39.es/ecma262/#sec-functiondeclarationinstantiation
import type { ESTree } from "meriyah";
import { LEXICAL_MODES } from "../../defs/layout.ts";
import { MAX_FUNCTION_WORDS, MAX_REGISTERS } from "../../defs/limits.ts";
import { FN } from "../../generated/emit.ts";
import type { CodeBuffer } from "../assembler.ts";
import { Label } from "../assembler.ts";
import type { FunctionHead } from "../image-builder.ts";
import type { Binding, ClassInfo, EvalCode, FunctionInfo } from "../scope/model.ts";
import type { Descriptor, ModuleInfo } from "../scope/modules.ts";
import { writesLate } from "./assignments.ts";
import { Statements } from "./statements.ts";
import { SPECIAL, type Node, type PendingFunction } from "./state.ts";

export class FunctionCompiler extends Statements {
  /**
   * Compiles the program and, in turn, every function it mentions. Function 0 is the program, or the descriptor of a module, whose code is
   * then function 1.
   *
   * @returns the names of the functions by index
   * @throws CompileError through `unit.fail`, and whatever `unit.check` throws when time has run out
   */
  compileAll(statements: readonly Node[], programEnd: number): string[] {
    const { program, module } = this.unit.analysis;
    if (module !== null) this.enqueue({ info: null, defaultOf: null, name: "", start: 0, end: programEnd });
    this.enqueue({ info: program, defaultOf: null, name: "", start: 0, end: programEnd });
    const names: string[] = [];
    for (let i = 0; i < this.queue.length; i++) {
      const pending = this.queue[i]!;
      this.unit.check();
      this.compileFunction(pending, statements);
      names.push(pending.name);
    }
    return names;
  }

  /** Compiles one function of the queue and adds it to the image. The state of the function before it is reset here. */
  private compileFunction(pending: PendingFunction, programStatements: readonly Node[]): void {
    this.resetCode();
    this.controls = [];
    this.completion = -1;
    this.fresh = -1;
    this.resources = -1;
    this.pending = pending;
    const { info } = pending;
    if (info === null) {
      if (pending.defaultOf === null) this.descriptor();
      else this.defaultConstructor(pending.defaultOf, pending.start);
    } else {
      this.info = info;
      this.scope = info.params;
      this.top = this.high = info.localsEnd;
      this.pos = pending.start;
      if (info.kind === "program") this.program(info, programStatements);
      else this.functionBody(info);
    }
    const head = this.head(pending);
    if (head.registerCount > MAX_REGISTERS) this.tooLarge("values in use at once");
    if (this.words > MAX_FUNCTION_WORDS) this.tooLarge("instructions");
    // Prelude functions never show a position.
    if (this.unit.prelude !== null) this.positionsLength = 0;
    this.unit.image.addFunction(head, this as CodeBuffer, this.unit.toSource);
  }

  /** Everything about the function but its code. Offsets of its source are those that Function.prototype.toString cuts out. */
  private head(pending: PendingFunction): FunctionHead {
    const { info } = pending;
    const { toSource } = this.unit;
    const isShown = this.unit.prelude === null;
    const start = isShown ? toSource(sourceStart(this.unit.source, pending)) : 0;
    const parameterCount = info === null ? 0 : info.parameterCount;
    return {
      flags:
        info !== null
          ? this.flags(info)
          : pending.defaultOf === null
            ? DESCRIPTOR_FLAGS
            : defaultConstructorFlags(pending.defaultOf),
      name: pending.name,
      parameterCount,
      length: info === null ? 0 : expectedArguments(info),
      registerCount: this.high,
      // Every register may lie below some safepoint's live top before it is written.
      clearCount: this.high - 2 - parameterCount,
      sourceStart: start,
      sourceLength: isShown ? Math.max(0, toSource(pending.end) - start) : 0,
    };
  }

  /** FUNCTION_FLAGS (ts/defs/opcodes.ts): what the machine must know to call or construct the function. */
  private flags(info: FunctionInfo): number {
    let flags = 0;
    if (info.strict) flags |= FN.STRICT;
    if (info.async) flags |= FN.ASYNC;
    if (info.generator) flags |= FN.GENERATOR;
    if (info.simpleParameters) flags |= FN.HAS_SIMPLE_PARAMETERS;
    if (this.unit.prelude !== null) flags |= FN.PRELUDE;
    switch (info.kind) {
      case "program":
        return flags | FN.PROGRAM | (info.isModule ? FN.ASYNC : 0);
      case "arrow":
        return flags | FN.ARROW;
      case "method":
        return flags | FN.METHOD;
      case "constructor":
        return flags | FN.CLASS_CONSTRUCTOR | FN.CONSTRUCTOR;
      case "derived":
        return flags | FN.CLASS_CONSTRUCTOR | FN.CONSTRUCTOR | FN.DERIVED;
      case "fields":
      case "statics":
        return flags | FN.METHOD | FN.FIELD_INITIALIZER;
      default:
        if (this.unit.prelude !== null) {
          return flags | (hasDirective(info.node as Node, "use constructor") ? FN.CONSTRUCTOR | FN.DERIVED : FN.METHOD);
        }
        return info.async || info.generator ? flags : flags | FN.CONSTRUCTOR;
    }
  }

  // --- program

  /** The body of function 0: a script, a REPL line, the body of an async function, evaluated code or the prelude. */
  private program(info: FunctionInfo, statements: readonly Node[]): void {
    const { analysis } = this.unit;
    if (analysis.module !== null) {
      this.moduleBody(analysis.module, info, statements);
      return;
    }
    const handler = this.startAsync(info);
    if (this.unit.prelude !== null) {
      for (const node of analysis.globalFunctions) this.enqueueDeclaration(node);
      for (const statement of statements) {
        if (
          statement.type !== "FunctionDeclaration" &&
          !(statement.type === "ExpressionStatement" && statement.directive !== undefined)
        ) {
          this.unit.fail("the prelude may only declare functions at its top level", statement);
        }
      }
      this.RETURNU();
      return;
    }
    if (this.unit.isFunction) {
      const { expression } = statements[0] as ESTree.ExpressionStatement;
      const register = this.touch(this.top);
      this.closure(expression, register, "anonymous", expression);
      this.emitReturn(register);
      return;
    }
    this.enterScope(info.params);
    this.initializeFunctionScope(info);
    this.pos = 0;
    if (analysis.evalCode === null) this.declareGlobals();
    else this.declareEvaluated(analysis.evalCode);
    if (this.unit.isFunctionBody) this.body(statements);
    else this.programStatements(statements);
    if (this.isReachable()) this.emitReturn(this.unit.isFunctionBody ? -1 : info.completionRegister);
    this.endAsync(handler);
  }

  /**
   * https://tc39.es/ecma262/#sec-globaldeclarationinstantiation: all checks come first, so that a script that conflicts declares nothing.
   *
   *   CHECKLEX, CHECKFN, CHECKVAR "name" …      then       DECLLEX · CLOSURE, DECLFN · DECLVAR
   *
   * Where names may be declared again (a REPL), there is nothing to check but what no script can declare, and lexical bindings give way to
   * functions and variables of their name (LEXICAL_MODES.REMOVE).
   */
  private declareGlobals(): void {
    const { analysis, mayRedeclare } = this.unit;
    const functions = lastOfEachName(analysis.globalFunctions);
    for (const { name } of analysis.globalLexicals) {
      if (!mayRedeclare || RESTRICTED.has(name)) this.CHECKLEX(this.str(name));
    }
    if (mayRedeclare) {
      for (const node of functions) this.DECLLEX(LEXICAL_MODES.REMOVE, this.str(node.id!.name));
      for (const name of analysis.globalVars) this.DECLLEX(LEXICAL_MODES.REMOVE, this.str(name));
    }
    for (const node of functions) this.CHECKFN(this.str(node.id!.name));
    for (const name of analysis.globalVars) this.CHECKVAR(this.str(name));
    const again = mayRedeclare ? LEXICAL_MODES.AGAIN : 0;
    for (const { name, isConst } of analysis.globalLexicals)
      this.DECLLEX((isConst ? LEXICAL_MODES.CONST : 0) | again, this.str(name));
    for (const node of functions) {
      const register = this.touch(this.top);
      this.closure(node, register, node.id!.name, node);
      this.DECLFN(register, this.str(node.id!.name));
    }
    for (const name of analysis.globalVars) this.DECLVAR(this.str(name));
  }

  /**
   * https://tc39.es/ecma262/#sec-evaldeclarationinstantiation, as far as conflicts were not found by the analysis. `target`: the code's own
   * scope (strict code: there is nothing to do), the global object, or the variables of the function around the eval.
   */
  private declareEvaluated({ target, variables, functions, optional }: EvalCode): void {
    if (target === "own") return;
    const last = [...new Map(functions.map((f) => [f.node.id!.name, f])).values()];
    const register = this.reserve();
    if (target !== "global") {
      for (const { node, binding } of last) {
        const { name } = node.id!;
        this.closure(node, register, name, node);
        if (binding === null) this.declareEvalFunction(target, name, register);
        else this.storeRaw(binding, register);
      }
      for (const name of variables) {
        this.loadRaw(target, register);
        this.ask("declareVariable", register, register, { text: name });
        this.storeRaw(target, register);
      }
      this.top = register;
      return;
    }
    const { globalVars } = this.unit.analysis;
    for (const name of [...last.map(({ node }) => node.id!.name), ...globalVars]) this.CHECKVAR(this.str(name));
    for (let i = last.length - 1; i >= 0; i--) this.CHECKFN(this.str(last[i]!.node.id!.name));
    for (const name of globalVars) this.ask("checkGlobalVariable", register, { text: name });
    for (const name of optional) {
      const skip = new Label();
      this.ask("canDeclareGlobal", register, { text: name });
      this.JF(register, skip);
      this.ask("declareGlobalVariable", register, { text: name });
      this.emitLabel(skip);
    }
    for (const { node } of last) {
      this.closure(node, register, node.id!.name, node);
      this.ask("declareGlobalFunction", register, { text: node.id!.name }, register);
    }
    for (const name of globalVars) this.ask("declareGlobalVariable", register, { text: name });
    this.top = register;
  }

  /**
   * A module: its declarations are instantiated when it is linked, then it waits until it is evaluated (StartModule in the core).
   * https://tc39.es/ecma262/#sec-source-text-module-record-initialize-environment
   *
   *   ASYNCSTART c; CLOSURE …, SETENV …          functions, so that modules in a cycle can call each other before they are evaluated
   *   LOADS t, hole; AWAIT t, t, c               the hole: nothing is awaited, the module is parked here
   *   …; RETURNU or ASYNCRETURN
   *
   * One function with a pause instead of two functions, because both parts share registers and environments.
   */
  private moduleBody(module: ModuleInfo, info: FunctionInfo, statements: readonly Node[]): void {
    this.ASYNCSTART(info.coroutineRegister);
    this.enterScope(info.params);
    this.initializeFunctionScope(info);
    const register = this.touch(this.top);
    this.LOADS(register, SPECIAL.HOLE);
    this.AWAIT(register, register, info.coroutineRegister);
    const handler = info.async ? { label: new Label(), start: this.words } : null;
    this.programStatements(statements);
    if (this.isReachable()) {
      if (module.completionCell >= 0) this.storeCell(module.completionCell, info.completionRegister);
      this.emitReturn(-1);
    }
    this.endAsync(handler);
  }

  /** Function 0 of a module: it returns nested arrays that describe the imports and exports (`describeModule`, scope/modules.ts). */
  private descriptor(): void {
    this.pos = 0;
    this.top = this.high = 2;
    const register = this.reserve();
    this.describe(this.unit.descriptor!, register);
    this.RETURN(register);
  }

  /** `dst` := a value of a descriptor, with its elements. */
  private describe(value: Descriptor, dst: number): void {
    if (typeof value === "number") this.loadNumber(dst, value);
    else if (typeof value === "string") this.loadString(dst, value);
    else if (value === null) this.LOADS(this.touch(dst), SPECIAL.NULL);
    else {
      this.NEWARR(this.touch(dst), Math.min(value.length, 64));
      const element = this.reserve();
      for (const one of value) {
        this.describe(one, element);
        this.ARRPUSH(dst, element);
      }
      this.top = element;
    }
  }

  /** Compiles a top-level function of the prelude, which no code makes a closure of: the base image does. */
  private enqueueDeclaration(node: Node): void {
    const info = this.unit.analysis.infos.get(node)!;
    const name = node.type === "FunctionDeclaration" ? node.id!.name : "";
    this.enqueue({ info, defaultOf: null, name, start: node.start!, end: node.end! });
  }

  // --- functions

  /** A function that is neither program nor default constructor: prologue in the order above, body, epilogue. */
  private functionBody(info: FunctionInfo): void {
    const node = info.node;
    if (info.kind === "fields" || info.kind === "statics") {
      this.enterScope(info.params);
      this.storePseudoBindings(info, -1);
      this.fieldInitializers(info);
      this.RETURNU();
      return;
    }
    if (!("params" in node)) throw new Error("not a function");
    // Instructions that read the caller's arguments come before anything is written.
    const last = node.params.at(-1);
    const rest = last?.type === "RestElement" ? last : null;
    const formalCount = node.params.length - (rest === null ? 0 : 1);
    let argumentsRegister = -1;
    if (info.argumentsBinding !== null) {
      argumentsRegister = info.argumentsBinding.captured ? this.reserve() : this.touch(info.argumentsBinding.register);
      if (info.mapsArguments) {
        this.scope = info.params;
        this.newEnvironment(info.params);
      }
      this.ARGUMENTS(argumentsRegister, info.mapsArguments ? info.params.envRegister : 0);
    }
    let restRegister = -1;
    if (rest !== null) {
      restRegister = this.plainRegister(rest.argument);
      if (restRegister < 0) restRegister = this.reserve();
      this.REST(restRegister, formalCount);
    }
    const surplus = formalCount > info.parameterCount ? this.reserve() : -1;
    if (surplus >= 0) {
      if (info.mapsArguments) this.tooLarge("parameters for an `arguments` object that shares them");
      this.REST(surplus, info.parameterCount);
    }
    const newTarget = info.newTargetBinding;
    let newTargetRegister = -1;
    if (newTarget !== null) {
      newTargetRegister = newTarget.captured ? this.reserve() : this.touch(newTarget.register);
      this.NEWTARGET(newTargetRegister);
    }
    if (info.kind !== "arrow" && info.usesThis && !info.strict) this.THISSLOPPY();
    const handler = info.generator ? null : this.startAsync(info);
    if (info.kind === "constructor" && info.classInfo!.hasInstanceElements) {
      this.at(node);
      this.RUNFIELDS(1, 0);
    }

    const { params } = info;
    this.scope = params;
    if (params.envSize > 0 && !info.mapsArguments) this.newEnvironment(params);
    this.clearVariables(params);
    this.storePseudoBindings(info, newTargetRegister);
    if (info.argumentsBinding !== null && info.argumentsBinding.captured)
      this.storeRaw(info.argumentsBinding, argumentsRegister);

    this.parameterPlace = -1;
    // ARGUMENTS has already stored the parameters that it shares.
    for (let i = 0; i < info.parameterCount && !info.mapsArguments; i++) this.parameter(node.params[i]!, 2 + i);
    if (surplus >= 0) this.surplusParameters(node.params.slice(info.parameterCount, formalCount), surplus);
    if (rest !== null && this.plainRegister(rest.argument) < 0) {
      this.destructure(rest.argument, restRegister, true, this.placeOfParameters());
    }
    this.top = info.localsEnd;

    if (info.body !== info.params) this.enterBody(info);
    else this.initializeFunctionScope(info);
    if (info.body === info.params) this.instantiateFunctions(params);
    if (info.generator) this.GENSTART(info.coroutineRegister);

    const body = node.body as Node;
    if (body.type === "BlockStatement") {
      this.body(body.body);
      if (info.kind === "derived") this.pos = this.pending.start;
      if (this.isReachable()) this.emitReturn(-1);
    } else {
      this.at(body);
      this.expressionBody(body);
    }
    this.endAsync(handler);
  }

  /** `x => value` returns its value, and may do so by a tail call. */
  private expressionBody(body: Node): void {
    this.begins(body, this.placeOfValue(body));
    this.returnExpression(body);
  }

  /** Register of a parameter that needs no further work once its value is in it, else -1. */
  private plainRegister(target: Node): number {
    if (target.type !== "Identifier") return -1;
    const binding = this.bindingAt(target.start!);
    return binding === null || binding.captured ? -1 : this.touch(binding.register);
  }

  /** The last place among the parameters so far; -1: nowhere. */
  private parameterPlace = -1;

  /** The place that stacks show for a parameter's pattern, as in V8: where the parameters begin; of an arrow function, where it begins. */
  private placeOfParameters(): number {
    if (this.parameterPlace >= 0) return this.parameterPlace;
    const node = this.info.node as ESTree.FunctionExpression;
    if ((node as ESTree.Node).type === "ArrowFunctionExpression") return node.start!;
    const place = this.unit.source.indexOf("(", node.id?.end ?? node.start!);
    return place < 0 ? node.start! : place;
  }

  /** Gives a parameter its value, which is in `register`: default, then pattern or binding. */
  private parameter(param: Node, register: number): void {
    if (param.type === "Identifier") {
      const binding = this.bindingAt(param.start!)!;
      // Of duplicate names only the last one counts.
      if (binding.captured) this.storeRaw(binding, register);
      return;
    }
    if (param.type === "AssignmentPattern") {
      const given = new Label();
      this.JNOTUNDEF(register, given);
      const name = param.left.type === "Identifier" ? param.left.name : "";
      if (name !== "") this.exprFresh(param.right!, register, name);
      else this.expr(param.right!, register);
      this.emitLabel(given);
      this.located(this.lastPlace(param.right!));
      if (param.left.type === "Identifier") {
        const binding = this.bindingAt(param.left.start!)!;
        if (binding.captured || binding.register !== register) this.storeRaw(binding, register);
        return;
      }
    }
    const pattern = param.type === "AssignmentPattern" ? param.left : param;
    this.destructure(pattern, register, true, this.placeOfParameters());
    this.located(this.lastOfPattern(pattern));
  }

  /** What V8 locates among the parameters is the place of the patterns after it. */
  private located(place: number): void {
    if (place >= 0) this.parameterPlace = place;
  }

  /**
   * Parameters without a register (`MAX_PARAMETER_REGISTERS`): their values are elements of an array, undefined where it ends. The array
   * gets the prototype null, or an index of Array.prototype could be seen there.
   */
  private surplusParameters(params: readonly Node[], values: number): void {
    const mark = this.top;
    const first = this.info.parameterCount;
    const value = this.reserve();
    this.LOADS(value, SPECIAL.NULL);
    this.DEFPROTO(values, value);
    const inner = this.reserve();
    params.forEach((param, i) => {
      this.at(param);
      this.loadNumber(inner, i);
      this.GETELEM(value, values, inner);
      this.top = inner;
      const binding = param.type === "Identifier" ? this.bindingAt(param.start!)! : null;
      if (binding === null || binding.captured) this.parameter(param, value);
      else if (binding.argument === first + i) this.storeRaw(binding, value);
    });
    this.top = mark;
  }

  /** Stores `this`, callee, own name and new.target where arrow functions inside find them. Other code reads r1 and r0. */
  private storePseudoBindings(info: FunctionInfo, newTargetRegister: number): void {
    // `this` of a derived constructor stays the hole until super() returns.
    if (info.kind !== "derived") this.storePseudoBinding(info.thisBinding, 1);
    this.storePseudoBinding(info.calleeBinding, 0);
    this.storePseudoBinding(info.nameBinding, 0);
    this.storePseudoBinding(info.newTargetBinding, newTargetRegister);
  }

  /** A binding that is not captured is its register already. */
  private storePseudoBinding(binding: Binding | null, register: number): void {
    if (binding !== null && binding.captured && register >= 0) this.storeRaw(binding, register);
  }

  /** Variables of the function's scope that live in its environment start as undefined. */
  private initializeFunctionScope(info: FunctionInfo): void {
    if (info.kind === "program") this.storePseudoBindings(info, -1);
    this.clearCapturedVars(info.body.bindings);
  }

  /** The body's own scope, if parameters have expressions: variables start with the parameters' values. */
  private enterBody(info: FunctionInfo): void {
    const { body, params } = info;
    this.scope = body;
    if (body.envSize > 0) this.newEnvironment(body);
    this.clearVariables(body);
    this.clearCapturedVars(body.bindings);
    for (const binding of body.bindings) {
      if (binding.kind !== "var") continue;
      const outer = params.named(binding.name).find(({ kind }) => kind === "param" || kind === "arguments");
      if (outer === undefined) continue;
      const register = this.touch(this.top);
      this.loadRaw(outer, register);
      this.storeRaw(binding, register);
    }
    this.instantiateFunctions(body);
  }

  // --- async

  /** Emits ASYNCSTART; the code that follows is covered by the returned handler. Null if the function is not async, or a generator. */
  private startAsync(info: FunctionInfo): { label: Label; start: number } | null {
    if (!info.async || info.generator) return null;
    this.ASYNCSTART(info.coroutineRegister);
    return { label: new Label(), start: this.words };
  }

  /** The end of an async function: an exception that nothing caught rejects its promise (ASYNCTHROW). */
  private endAsync(handler: { label: Label; start: number } | null): void {
    if (handler === null) return;
    const register = this.touch(this.info.localsEnd);
    this.addHandler(handler.start, handler.label, register);
    this.emitLabel(handler.label);
    this.ASYNCTHROW(register, this.info.coroutineRegister);
  }

  // --- default constructors

  /**
   * A class without a constructor: https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation. It passes its arguments
   * on as an array, without an iteration that the guest could see.
   *
   *   REST area+2, 0; NEWTARGET area+1; GETSUPERCTOR area, r0; NEWSPREAD area, area…; RUNFIELDS area, r0; RETURN area
   */
  private defaultConstructor(info: ClassInfo, start: number): void {
    this.top = this.high = 2;
    this.pos = start;
    if (!info.derived) {
      if (info.hasInstanceElements) this.RUNFIELDS(1, 0);
      this.RETURNU();
      return;
    }
    const base = this.reserveMany(3);
    this.REST(base + 2, 0);
    this.NEWTARGET(base + 1);
    this.GETSUPERCTOR(base, 0);
    this.NEWSPREAD(base, base);
    if (info.hasInstanceElements) this.RUNFIELDS(base, 0);
    this.RETURN(base);
  }

  protected override writesLateInto(value: Node): boolean {
    return writesLate(value);
  }
}

/** Global properties that every realm has and no script can declare. */
const RESTRICTED: ReadonlySet<string> = new Set(["undefined", "NaN", "Infinity"]);

/** Flags of function 0 of a module. */
const DESCRIPTOR_FLAGS = FN.STRICT | FN.HAS_SIMPLE_PARAMETERS | FN.MODULE;

function defaultConstructorFlags(info: ClassInfo): number {
  return FN.STRICT | FN.CLASS_CONSTRUCTOR | FN.CONSTRUCTOR | FN.HAS_SIMPLE_PARAMETERS | (info.derived ? FN.DERIVED : 0);
}

/** True if a function declaration has a directive: "use constructor" marks constructors of the prelude. */
function hasDirective(node: Node, directive: string): boolean {
  if (node.type !== "FunctionDeclaration" || !node.body) return false;
  return node.body.body.some(
    (statement) => statement.type === "ExpressionStatement" && statement.directive === directive,
  );
}

/** `length` of a function: parameters before the first with a default, rest excluded. */
function expectedArguments(info: FunctionInfo): number {
  const node = info.node;
  if (!("params" in node)) return 0;
  let count = 0;
  for (const param of node.params) {
    if (param.type === "AssignmentPattern" || param.type === "RestElement") break;
    count++;
  }
  return count;
}

/** Of functions with one name, only the last one is declared. The order is that of the names' first mention. */
function lastOfEachName<T extends { readonly id: { readonly name: string } | null }>(functions: readonly T[]): T[] {
  return [...new Map(functions.map((node) => [node.id!.name, node])).values()];
}

/** A static method shows its source without the word `static`. */
function sourceStart(source: string, pending: PendingFunction): number {
  let { start } = pending;
  if (pending.info?.kind !== "method") return start;
  // Decorators may precede it; `start` is then at the space after them.
  if (!isNameUnit(source.charCodeAt(start))) {
    const space = /^(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)+/.exec(source.slice(start, pending.end));
    if (space !== null) start += space[0].length;
  }
  if (!source.startsWith("static", start)) return start;
  const rest = /^static(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)+(?=[\w$#*[\\"'\u0080-\uffff])/.exec(
    source.slice(start, pending.end),
  );
  return rest === null ? start : start + rest[0].length;
}

/** Most methods begin with a letter. */
function isNameUnit(unit: number): boolean {
  return (unit | 32) >= 97 && (unit | 32) <= 122;
}
