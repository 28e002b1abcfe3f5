// Owns statements other than loops, and completion values of programs. Must never evaluate expressions itself.
//
// A completion value is what eval, a REPL or a script returns: that of the last statement that has one. While it is wanted, its register
// is in `completion`, and expression statements evaluate straight into it. Functions never want one.
//
//   1; if (v) 2; var w       LOADS r, undefined; GETGLOBAL t, "v"; JF t, →1; LOADI r, 2; 1 RETURN r
//
// https://tc39.es/ecma262/#sec-statement-semantics-runtime-semantics-evaluation
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import { disposalOf, hasLexical, labelledFunction, type Disposal } from "../scope/hoist.ts";
import type { JumpControl } from "./control-flow.ts";
import type { Binding } from "../scope/model.ts";
import { Loops } from "./loops.ts";
import { SPECIAL, type Node } from "./state.ts";
import { endsInCall } from "./tail-position.ts";

const NO_LABELS: readonly string[] = [];

/** Statements that set the completion value, whatever happens in them. A block does not: `1; {}` is 1, and `1; { 2 }` is 2. */
const PRODUCERS = new Set([
  "ExpressionStatement",
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "TryStatement",
  "WithStatement",
]);

export abstract class Statements extends Loops {
  /**
   * The statements of a program. Only those from the last producer on can give its completion value: the statements before it are emitted
   * as in a function. If that producer is an expression, the value needs no start either.
   */
  protected programStatements(statements: readonly Node[]): void {
    const wanted = this.info.completionRegister;
    let last = statements.length - 1;
    while (last >= 0 && !PRODUCERS.has(statements[last]!.type)) last--;
    this.completion = wanted;
    if (last < 0 || statements[last]!.type !== "ExpressionStatement") this.startCompletion();
    this.disposing(disposalOf(statements), () => {
      statements.forEach((statement, i) => {
        this.completion = i < last ? -1 : wanted;
        this.statement(statement);
      });
    });
  }

  /** Statements one after another; without declarations of resources. */
  protected statements(list: readonly Node[]): void {
    for (const statement of list) this.statement(statement);
  }

  /** A list of statements that makes up a scope: resources of its `using` declarations are disposed of at its end. */
  protected body(list: readonly Node[]): void {
    const disposal = disposalOf(list);
    if (disposal === "none") this.statements(list);
    else this.disposingBody(list, disposal);
  }

  /** Kept out of `body`: a closure there would cost a context for each list of statements. */
  private disposingBody(list: readonly Node[], disposal: Disposal): void {
    this.disposing(disposal, () => this.statements(list));
  }

  private beginStatement(node: Node): void {
    if (this.unit.step) this.stepTo(node);
    this.payWhenLong();
  }

  /** Emits a statement. Every statement begins and ends with the same `top`: its temporaries live in it alone. */
  protected override statement(node: Node, labels: readonly string[] = NO_LABELS): void {
    this.beginStatement(node);
    switch (node.type) {
      case "ExpressionStatement":
        this.begins(node.expression, node.start!);
        if (this.completion >= 0) this.expr(node.expression, this.completion);
        else this.discard(node.expression);
        break;
      case "VariableDeclaration":
        this.variableDeclaration(node);
        break;
      case "ReturnStatement":
        this.at(node);
        this.returnStatement(node.argument ?? null);
        break;
      case "IfStatement":
        this.ifStatement(node);
        break;
      case "BlockStatement":
        this.block(node, node.body);
        break;
      case "ForStatement":
        this.forStatement(node, labels);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        this.forEachStatement(node, labels);
        break;
      case "WhileStatement":
        this.whileStatement(node, labels);
        break;
      case "DoWhileStatement":
        this.doWhileStatement(node, labels);
        break;
      case "FunctionDeclaration":
        this.blockFunction(node);
        break;
      case "ClassDeclaration":
        this.classDeclaration(node);
        break;
      case "ThrowStatement": {
        const mark = this.top;
        this.begins(node.argument, node.start!);
        const value = this.operand(node.argument);
        this.at(node);
        this.THROW(value);
        this.top = mark;
        break;
      }
      case "TryStatement":
        this.tryStatement(node);
        break;
      case "SwitchStatement":
        this.switchStatement(node, labels);
        break;
      case "BreakStatement":
        this.at(node);
        this.jumpTo(this.findJump(node.label ? node.label.name : null, false, node), false);
        break;
      case "ContinueStatement":
        this.at(node);
        this.jumpTo(this.findJump(node.label ? node.label.name : null, true, node), true);
        break;
      case "LabeledStatement":
        this.labelled(node, labels);
        break;
      case "DebuggerStatement":
        this.NOP();
        break;
      case "EmptyStatement":
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        break;
      case "WithStatement":
        this.withStatement(node);
        break;
      case "ExportNamedDeclaration":
        if (node.declaration) this.statement(node.declaration);
        break;
      case "ExportDefaultDeclaration":
        this.exportDefault(node);
        break;
      default:
        this.unit.fail(`${node.type} is not supported`, node);
    }
  }

  /**
   * `with (o) body`: https://tc39.es/ecma262/#sec-with-statement-runtime-semantics-evaluation. The object is a binding of the scope, which
   * names in the body are looked for in (names.ts). It is converted once, by the helper.
   */
  private withStatement(node: ESTree.WithStatement): void {
    const mark = this.top;
    this.startCompletion();
    const scope = this.unit.analysis.scopes.get(node)!;
    const object = scope.bindings[0]!;
    this.begins(node.object, node.start!);
    const value = this.temp(node.object);
    this.pos = this.placeAfterBeginning(node.object, node.start!);
    this.ask("withObject", value, value);
    this.enterScope(scope);
    this.storeRaw(object, value);
    this.top = mark;
    this.statement(node.body);
    this.leaveScope(scope);
  }

  /**
   * STEP before a statement of a program that is compiled for stepping. No expression is half evaluated there. Statements that only contain
   * others take no step of their own.
   */
  private stepTo(node: Node): void {
    if (
      node.type === "BlockStatement" ||
      node.type === "FunctionDeclaration" ||
      node.type === "EmptyStatement" ||
      node.type === "LabeledStatement"
    )
      return;
    this.at(node);
    this.STEP(this.top);
  }

  // --- declarations

  /**
   * `var`, `let`, `const` and `using`: https://tc39.es/ecma262/#sec-let-and-const-declarations-runtime-semantics-evaluation. A value goes
   * straight to its variable's register wherever nothing can see the difference.
   */
  protected override variableDeclaration(node: ESTree.VariableDeclaration): void {
    const init = node.kind !== "var";
    for (const { id, init: value } of node.declarations) {
      const mark = this.top;
      if (value) this.begins(value, this.placeOfInitializer(id, value));
      if (node.kind === "using" || node.kind === "await using") {
        if (id.type === "Identifier" && value) this.initializeResource(node, id, value);
      } else if (!value) {
        if (init) this.initializeEmpty(id as ESTree.Identifier);
      } else if (id.type === "Identifier") {
        this.initializeName(id, value, init);
      } else {
        // The destructured value may be a variable that the pattern declares again, or assigns in a default.
        const register = init ? this.operand(value, id) : this.temp(value);
        this.destructure(id, register, init, this.placeOfInitializer(id, value));
      }
      this.top = mark;
    }
  }

  /** `using x = value`: the resource is added before x is initialised, as adding it may throw. */
  private initializeResource(node: ESTree.VariableDeclaration, id: ESTree.Identifier, value: Node): void {
    const register = this.namedOperand(value, id.name);
    this.pos = this.placeOfInitializer(id, value);
    this.addResource(node.kind, register);
    this.initializeIdentifier(id, register);
  }

  /** `let x;` is undefined from here on; before, it was in its dead zone. `var x;` does nothing and does not come here. */
  private initializeEmpty(id: ESTree.Identifier): void {
    const binding = this.bindingAt(id.start!);
    if (binding !== null && !binding.captured) {
      this.loadUndefined(binding.register);
      return;
    }
    const register = this.touch(this.top);
    this.LOADS(register, SPECIAL.UNDEFINED);
    this.initializeIdentifier(id, register);
  }

  /** `let x = value` (`init`), or the assignment in `var x = value`, which a `with` around may redirect. */
  private initializeName(id: ESTree.Identifier, value: Node, init: boolean): void {
    if (!init && this.objectsAt(id) !== undefined) {
      const object = this.resolveName(id);
      this.writeResolved(id, object, this.namedOperand(value, id.name), this.placeOfInitializer(id, value));
      return;
    }
    const binding = this.bindingAt(id.start!);
    if (init && binding !== null && !binding.captured) {
      this.exprFresh(value, this.touch(binding.register), id.name);
      return;
    }
    const register = init ? -1 : this.assignableRegister(id);
    if (register >= 0 && this.writesLateInto(value)) {
      this.exprNamed(value, this.touch(register), id.name);
      return;
    }
    const source = this.namedOperand(value, id.name);
    if (init) this.initializeIdentifier(id, source);
    else this.assignIdentifier(id, source);
  }

  protected abstract writesLateInto(value: Node): boolean;

  /** As `operand`, with a name for an anonymous function. */
  private namedOperand(value: Node, name: string): number {
    switch (value.type) {
      case "ArrowFunctionExpression":
      case "FunctionExpression":
      case "ClassExpression": {
        const register = this.top;
        this.exprNamed(value, register, name);
        return this.reserve();
      }
      default:
        return this.operand(value);
    }
  }

  /** A class declaration: its binding in the block is initialised here. `export default class {}` goes to its cell. */
  private classDeclaration(node: ESTree.ClassDeclaration): void {
    const register = this.top;
    const binding = node.id === null ? null : this.bindingAt(node.id.start!);
    if (binding !== null && !binding.captured) {
      this.classDefinition(node, this.touch(binding.register), node.id!.name, -1);
      return;
    }
    this.classDefinition(node, register, node.id === null ? "default" : node.id.name, -1);
    this.top = register;
    this.reserve();
    if (node.id !== null) this.initializeIdentifier(node.id, register);
    else this.storeDefault(register);
    this.top = register;
  }

  /** https://tc39.es/ecma262/#sec-exports-runtime-semantics-evaluation. A function was made when the module was instantiated. */
  private exportDefault(node: ESTree.ExportDefaultDeclaration): void {
    const declaration = node.declaration as Node;
    if (declaration.type === "FunctionDeclaration") return;
    if (declaration.type === "ClassDeclaration") this.classDeclaration(declaration);
    else {
      const register = this.top;
      this.exprNamed(declaration, register, "default");
      this.top = register;
      this.reserve();
      this.storeDefault(register);
      this.top = register;
    }
  }

  /**
   * Annex B: when control comes to a function declaration in a block, its value is also assigned to the variable outside.
   * https://tc39.es/ecma262/#sec-block-level-function-declarations-web-legacy-compatibility-semantics. The variable is a register or slot,
   * a global, or for evaluated code a variable that it adds to the function around it.
   */
  private blockFunction(node: ESTree.FunctionDeclaration): void {
    const target = this.unit.analysis.annexB.get(node);
    if (target === undefined) return;
    const inner = this.scope.named(node.id!.name)[0];
    if (inner === undefined) return;
    const mark = this.top;
    const register = this.reserve();
    this.loadRaw(inner, register);
    if (target !== null && target.kind === "vars") {
      this.declareEvalFunction(target, node.id!.name, register);
    } else if (target !== null) {
      this.storeRaw(target, register);
    } else if (this.unit.analysis.evalCode !== null) {
      const skip = new Label();
      const possible = this.touch(this.top);
      this.ask("canDeclareGlobal", possible, { text: node.id!.name });
      this.JF(possible, skip);
      this.SETGLOBAL(register, this.str(node.id!.name));
      this.emitLabel(skip);
    } else {
      this.at(node);
      this.SETGLOBAL(register, this.str(node.id!.name));
    }
    this.top = mark;
  }

  /** `variables` := `variables` with the function in `register`: evaluated code adds it to the function around the eval. */
  protected declareEvalFunction(variables: Binding, name: string, register: number): void {
    const object = this.reserve();
    this.loadRaw(variables, object);
    this.ask("declareFunction", object, object, { text: name }, register);
    this.storeRaw(variables, object);
    this.top = object;
  }

  // --- blocks and branches

  /** A block: it opens a scope only if it declares something lexically, https://tc39.es/ecma262/#sec-block-runtime-semantics-evaluation. */
  protected block(node: Node, statements: readonly Node[]): void {
    if (!hasLexical(statements)) {
      this.statements(statements);
      return;
    }
    const scope = this.unit.analysis.scopes.get(node)!;
    this.enterScope(scope);
    this.body(statements);
    this.leaveScope(scope);
  }

  /**
   * A static block: https://tc39.es/ecma262/#sec-runtime-semantics-evaluateclassstaticblockbody. It is a block of the synthetic static
   * function, but its `var`s are its own: they start as undefined here.
   */
  protected override staticBlock(node: ESTree.StaticBlock): void {
    const scope = this.unit.analysis.scopes.get(node)!;
    for (const binding of scope.bindings) {
      if (binding.kind === "var" && !binding.captured) this.loadUndefined(binding.register);
    }
    this.enterScope(scope);
    this.clearCapturedVars(scope.bindings);
    this.body(node.body);
    this.leaveScope(scope);
  }

  /** Captured variables start as undefined; slots of a new environment start as the hole. */
  protected clearCapturedVars(bindings: readonly Binding[]): void {
    let register = -1;
    for (const binding of bindings) {
      if (binding.kind !== "var" || !binding.captured) continue;
      if (register < 0) {
        register = this.touch(this.top);
        this.LOADS(register, SPECIAL.UNDEFINED);
      }
      this.storeRaw(binding, register);
    }
  }

  /** A sub-statement; a lone function declaration gets a block of its own. */
  private branch(node: Node): void {
    if (node.type !== "FunctionDeclaration") {
      this.statement(node);
      return;
    }
    const scope = this.unit.analysis.scopes.get(node)!;
    this.enterScope(scope);
    this.blockFunction(node);
    this.leaveScope(scope);
  }

  /**
   * https://tc39.es/ecma262/#sec-if-statement-runtime-semantics-evaluation: JF test, →1; consequent; JMP →2; 1 alternate; 2. `else if` after
   * `else if` is walked without recursion.
   */
  private ifStatement(node: ESTree.IfStatement): void {
    const ends: Label[] = [];
    for (let branch: ESTree.IfStatement | null = node; branch !== null;) {
      const { test, consequent, alternate }: ESTree.IfStatement = branch;
      this.startCompletion();
      const skip = new Label();
      this.begins(test, branch.start!);
      this.jumpIf(test, skip, false);
      this.branch(consequent);
      branch = null;
      if (!alternate) {
        this.emitLabel(skip);
        break;
      }
      ends.push(this.otherwise(skip));
      if (alternate.type !== "IfStatement") this.branch(alternate);
      else {
        branch = alternate;
        this.beginStatement(branch);
      }
    }
    for (const end of ends) this.emitLabel(end);
  }

  /**
   * https://tc39.es/ecma262/#sec-runtime-semantics-labelledevaluation. Loops and switches take the labels in front of them. Any other
   * statement can only be left by `break` with its label.
   */
  private labelled(node: ESTree.LabeledStatement, labels: readonly string[]): void {
    const own = [...labels, node.label.name];
    const { body } = node;
    switch (body.type) {
      case "LabeledStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "SwitchStatement":
        this.statement(body, own);
        break;
      case "FunctionDeclaration":
        this.blockFunction(labelledFunction(body)!);
        break;
      default: {
        const control: JumpControl = {
          kind: "jump",
          labels: own,
          breakLabel: new Label(),
          continueLabel: null,
          plain: false,
        };
        this.controls.push(control);
        this.statement(body);
        this.controls.pop();
        this.emitLabel(control.breakLabel);
      }
    }
  }

  /**
   * A switch: https://tc39.es/ecma262/#sec-runtime-semantics-caseblockevaluation. All tests come first, then all clauses, so that one
   * clause falls through into the next without a jump. A default clause is chosen last, wherever it is written.
   *
   *     SEQI t, value, 1; JT t, →1           case 1
   *     SEQ t, value, r; JT t, →2            case r
   *     JMP →3                               default, or the end
   *   1 …
   *   2 …
   *   3 …
   *
   * Tests may call guest code and assign the discriminant's variable, which is then copied first (`operand`).
   */
  private switchStatement(node: ESTree.SwitchStatement, labels: readonly string[]): void {
    this.startCompletion();
    const mark = this.top;
    this.begins(node.discriminant, node.start!);
    const value = this.operand(node.discriminant, node);
    const scope = this.unit.analysis.scopes.get(node) ?? null;
    if (scope !== null) this.enterScope(scope);
    const control: JumpControl = { kind: "jump", labels, breakLabel: new Label(), continueLabel: null, plain: true };
    const clauses = node.cases.map(() => new Label());
    node.cases.forEach((clause, i) => {
      if (clause.test) this.caseTest(value, clause.test, clauses[i]!);
    });
    const fallback = node.cases.findIndex((clause) => !clause.test);
    this.JMP(fallback < 0 ? control.breakLabel : clauses[fallback]!);
    this.top = mark;
    this.controls.push(control);
    node.cases.forEach((clause, i) => {
      this.emitLabel(clauses[i]!);
      this.statements(clause.consequent);
    });
    this.controls.pop();
    this.emitLabel(control.breakLabel);
    if (scope !== null) this.leaveScope(scope);
  }

  /** One test: SEQI for an integer of 16 bits, else SEQ. Both fuse with the jump. */
  private caseTest(value: number, test: Node, target: Label): void {
    const mark = this.top;
    if (
      test.type === "Literal" &&
      typeof test.value === "number" &&
      Object.is(test.value | 0, test.value) &&
      Math.abs(test.value) < 32768
    ) {
      this.SEQI(this.touch(mark), value, test.value);
    } else {
      const register = this.operand(test);
      this.SEQ(this.touch(mark), value, register);
    }
    this.JT(mark, target);
    this.top = mark;
  }

  // --- return

  /** `return`, or `return argument`. Only a return with nothing to do on its way out may end in a tail call. */
  private returnStatement(argument: Node | null): void {
    const mark = this.top;
    if (argument !== null) this.begins(argument, this.pos);
    if (argument === null) {
      this.returnValue(-1);
    } else if (this.leavesOnlyJumps()) {
      this.returnExpression(argument);
    } else {
      this.returnOperand(argument);
    }
    this.top = mark;
  }

  /**
   * Returns the value of the node; no finally block, iterator or handler is left by this return. In strict functions each call in tail
   * position (https://tc39.es/ecma262/#sec-tail-position-calls) becomes TAILCALL, RETURN: on a deep stack the callee gets this frame's
   * place, otherwise it is an ordinary call, and errors show the whole stack.
   */
  protected returnExpression(argument: Node): void {
    const mark = this.top;
    if (argument.type === "ConditionalExpression") {
      // Each side returns by itself.
      const otherwise = new Label();
      this.jumpIf(argument.test, otherwise, false);
      this.returnExpression(argument.consequent);
      this.emitLabel(otherwise);
      this.returnExpression(argument.alternate);
    } else if (this.canTailCall && argument.type === "SequenceExpression") {
      const last = argument.expressions.length - 1;
      for (let i = 0; i < last; i++) this.discard(this.inSequence(argument, i));
      this.returnExpression(this.inSequence(argument, last));
    } else if (this.canTailCall && argument.type === "LogicalExpression" && endsInCall(argument.right)) {
      const end = new Label();
      const value = this.temp(argument.left);
      this.guardFusion(value);
      if (argument.operator === "&&") this.JF(value, end);
      else if (argument.operator === "||") this.JT(value, end);
      else this.JNOTNULLISH(value, end);
      this.returnExpression(argument.right);
      this.emitLabel(end);
      this.at(argument);
      this.returnValue(value);
    } else {
      const outer = this.tail;
      if (this.canTailCall) this.tail = argument.type === "ChainExpression" ? argument.expression : argument;
      this.returnOperand(argument);
      this.tail = outer;
    }
    this.top = mark;
  }

  /**
   * True if calls in tail position may replace this frame: in strict functions that return the value unchanged. Constructors, async
   * functions and generators still do something with it.
   */
  private get canTailCall(): boolean {
    const { info } = this;
    if (!info.strict || info.async || info.generator || this.unit.prelude !== null) return false;
    return info.kind === "function" || info.kind === "arrow" || info.kind === "method";
  }

  /** Evaluates a value and returns it. An async generator awaits it first, even inside a try: a rejection is caught there. */
  private returnOperand(argument: Node): void {
    const mark = this.top;
    let value = this.operand(argument);
    if (this.isAsyncGenerator) {
      const awaited = value < mark ? this.reserve() : value;
      this.at(argument);
      this.awaitInto(awaited, value);
      value = awaited;
    }
    this.at(argument);
    this.returnValue(value);
    this.top = mark;
  }

  /**
   * The return of this kind of function; `value` < 0: undefined.
   *
   *   RETURN value, RETURNU                        most functions, generators, modules
   *   CTORRESULT r, value, this; RETURN r          derived constructors: an object, or `this` if it is bound
   *   ASYNCRETURN value, coroutine                 resolves the promise of the call
   */
  protected override emitReturn(value: number): void {
    const info = this.info;
    if (info.kind === "derived") {
      const mark = this.top;
      const result = this.reserve();
      const self = this.reserve();
      if (value < 0) this.LOADS(result, SPECIAL.UNDEFINED);
      if (info.thisBinding !== null) this.loadRaw(info.thisBinding, self);
      this.CTORRESULT(result, value < 0 ? result : value, info.thisBinding !== null ? self : 1);
      this.RETURN(result);
      this.top = mark;
    } else if (info.async && !info.generator) {
      let register = value;
      if (value < 0) this.LOADS((register = this.touch(this.top)), SPECIAL.UNDEFINED);
      this.ASYNCRETURN(register, info.coroutineRegister);
    } else if (value < 0) {
      this.RETURNU();
    } else {
      this.RETURN(value);
    }
  }

  // --- try

  /**
   * https://tc39.es/ecma262/#sec-try-statement-runtime-semantics-evaluation. A finalizer that ends normally keeps the completion value of
   * the block: it is saved, and put back after the finalizer has made its own.
   */
  private tryStatement(node: ESTree.TryStatement): void {
    this.startCompletion();
    const { finalizer } = node;
    if (!finalizer) {
      this.tryCatch(node);
      return;
    }
    this.withFinally(
      () => this.tryCatch(node),
      () => {
        const mark = this.top;
        const saved = this.completion >= 0 ? this.reserve() : -1;
        if (saved >= 0) {
          this.MOVE(saved, this.completion);
          this.startCompletion();
        }
        this.block(finalizer, finalizer.body);
        if (saved >= 0 && this.isReachable()) this.MOVE(this.completion, saved);
        this.top = mark;
      },
    );
  }

  /**
   * `try { … } catch (e) { … }`: https://tc39.es/ecma262/#sec-runtime-semantics-catchclauseevaluation
   *
   *     …                             handler → 1, exception in the register of e
   *     JMP →2
   *   1 …                             a pattern, or an e that closures capture, is written from a temporary first
   *   2
   */
  private tryCatch(node: ESTree.TryStatement): void {
    const { block, handler } = node;
    if (!handler) {
      this.block(block, block.body);
      return;
    }
    const mark = this.top;
    const scope = handler.param ? this.unit.analysis.scopes.get(handler)! : null;
    const param = handler.param ?? null;
    const plain = param !== null && param.type === "Identifier" ? this.bindingAt(param.start!) : null;
    const direct = plain !== null && !plain.captured;
    const exception = this.touch(direct ? plain.register : this.top);
    const label = new Label();
    const end = new Label();
    this.guarded(label, exception, () => this.block(block, block.body));
    this.jumpOver(end);
    this.emitLabel(label);
    this.startCompletion();
    if (!direct) this.reserve();
    if (scope !== null) this.enterScope(scope);
    if (param !== null && !direct) this.destructure(param, exception, true);
    this.top = mark;
    this.block(handler.body, handler.body.body);
    if (scope !== null) this.leaveScope(scope);
    this.emitLabel(end);
  }
}
