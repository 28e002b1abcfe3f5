// Owns loops. Must never emit the body itself otherwise than through `statement`.
//
// Loops are inverted, so that an iteration takes one jump. `for (let i = 0; i < 9; i++) body`:
//
//     LOADI i, 0
//     JMP →2
//   1 body
//     INC i, i                            `continue` comes here
//   2 LTI t, i, 9; LOOPT t, top, →1       fused by the linker
//
// for-of and for-in test at the top, where their instruction also leaves the loop:
//
//     GETITER g…, iterable, 0             FORIN g…, object
//   1 FORNEXT g…, x, →3                   FORINNEXT g…, x, →3
//     body
//     LOOP top, →1
//   2 ITERCLOSEQ g…; THROW e              the handler of the body; for-in has nothing to close
//   3
//
// LOOP and LOOPT are safepoints: they take fuel, and a program may be held there. `top` says which registers are dead by then.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import type { Scope } from "../scope/model.ts";
import type { JumpControl } from "./control-flow.ts";
import { disposalOf } from "../scope/hoist.ts";
import { Disposals } from "./disposal.ts";
import { ITERATION } from "./generators.ts";
import { literalTruth } from "./operators.ts";
import type { Node } from "./state.ts";

/** The place that stacks show for an iterator's step in the head of a loop: the target; for a declared pattern, its last bracket. */
function placeOfEach(left: Node): number {
  if (left.type === "MemberExpression") {
    const { computed, object, property } = left as ESTree.MemberExpression;
    return computed ? object.end! : property.start!;
  }
  if (left.type !== "VariableDeclaration") return left.start!;
  const { id } = left.declarations[0]!;
  return id.type === "Identifier" ? id.start! : id.end! - 1;
}

export abstract class Loops extends Disposals {
  /** Register of the completion value if it is wanted, else -1. */
  protected completion = -1;

  /** Emits a statement. `labels`: those in front of it. */
  protected abstract statement(node: Node, labels?: readonly string[]): void;

  /** A statement that has a completion value, but whose parts may not give one, starts it as undefined (UpdateEmpty). */
  protected startCompletion(): void {
    if (this.completion >= 0) this.loadUndefined(this.completion);
  }

  private loopControl(labels: readonly string[]): JumpControl & { continueLabel: Label } {
    return { kind: "jump", labels, breakLabel: new Label(), continueLabel: new Label(), plain: true };
  }

  /** https://tc39.es/ecma262/#sec-runtime-semantics-whileloopevaluation */
  protected whileStatement(node: ESTree.WhileStatement, labels: readonly string[]): void {
    this.testedLoop(node.test, null, node.body, labels, null);
  }

  /** https://tc39.es/ecma262/#sec-runtime-semantics-dowhileloopevaluation: the test comes last anyway, so no jump leads into the loop. */
  protected doWhileStatement(node: ESTree.DoWhileStatement, labels: readonly string[]): void {
    this.startCompletion();
    const loop = this.loopControl(labels);
    const body = this.here();
    this.controls.push(loop);
    this.statement(node.body);
    this.controls.pop();
    this.emitLabel(loop.continueLabel);
    this.whileBegun(node.test, body);
    this.emitLabel(loop.breakLabel);
  }

  /**
   * https://tc39.es/ecma262/#sec-runtime-semantics-forloopevaluation. If closures capture a `let` of the head, it lives in an environment,
   * which COPYENV replaces by a copy between two iterations: https://tc39.es/ecma262/#sec-createperiterationenvironment. Closures keep the
   * environment of their own iteration. A `const` of the head gets no copies: nothing could tell them apart.
   */
  protected forStatement(node: ESTree.ForStatement, labels: readonly string[]): void {
    const { init } = node;
    const lexical = init && init.type === "VariableDeclaration" && init.kind !== "var" ? init : null;
    const scope = lexical === null ? null : this.unit.analysis.scopes.get(node)!;
    if (scope !== null) this.enterScope(scope);
    this.disposing(lexical === null ? "none" : disposalOf([lexical]), () => {
      if (init) {
        if (init.type === "VariableDeclaration") this.variableDeclaration(init);
        else this.discardBegun(init, init.start!);
      }
      // The first copy of the specification is made only for closures of the head itself: no other code can tell it from the second.
      const copied = scope !== null && scope.envSize > 0 && lexical!.kind === "let" ? scope : null;
      if (copied !== null && copied.headCaptured) this.COPYENV(copied.envRegister, copied.envRegister);
      this.testedLoop(node.test ?? null, node.update ?? null, node.body, labels, copied);
    });
    if (scope !== null) this.leaveScope(scope);
  }

  protected abstract variableDeclaration(node: ESTree.VariableDeclaration): void;

  /** A part of a head that begins like a statement. */
  private discardBegun(node: Node, place: number): void {
    this.begins(node, place);
    this.discard(node);
  }

  private whileBegun(test: Node, body: Label): void {
    this.begins(test, this.placeOfValue(test));
    this.loopWhile(test, body);
  }

  /**
   * The loop of `while` and `for`, after its head. `test` null: endless. `copied`: the scope whose environment is copied for each
   * iteration, or null.
   */
  private testedLoop(
    test: Node | null,
    update: Node | null,
    body: Node,
    labels: readonly string[],
    copied: Scope | null,
  ): void {
    this.startCompletion();
    const loop = this.loopControl(labels);
    const endless = test === null || literalTruth(test) === true;
    const testLabel = new Label();
    // The test is at the end, so that an iteration takes one jump: the loop is entered there.
    if (!endless) this.JMP(testLabel);
    const head = this.here();
    this.controls.push(loop);
    this.statement(body);
    this.controls.pop();
    // The copy is made before the update, so that `i++` in the head changes the next iteration's variable, not that of this one's closures.
    this.emitLabel(loop.continueLabel);
    if (copied !== null) this.COPYENV(copied.envRegister, copied.envRegister);
    if (update !== null) this.discardBegun(update, this.placeOfValue(update));
    this.emitLabel(testLabel);
    if (endless) this.LOOP(this.top, head);
    else this.whileBegun(test!, head);
    this.emitLabel(loop.breakLabel);
  }

  // --- for-in, for-of, for-await

  /**
   * for-in, for-of and for-await: https://tc39.es/ecma262/#sec-for-in-and-for-of-statements-runtime-semantics-evaluation. The scope of a
   * lexical head is entered once for the right side, where its names are in their dead zone, and its environment is made anew for each
   * iteration (`bindTarget`).
   */
  protected forEachStatement(node: ESTree.ForInStatement | ESTree.ForOfStatement, labels: readonly string[]): void {
    const { left, right } = node;
    const declaration = left.type === "VariableDeclaration" ? left : null;
    const scope = declaration !== null && declaration.kind !== "var" ? this.unit.analysis.scopes.get(node)! : null;
    const mark = this.top;
    // The group of the iteration (assembly/interpreter/iterator-group.ts) stays reserved for as long as the loop runs.
    const group = this.reserveMany(3);
    if (declaration !== null && declaration.kind === "var") this.variableDeclaration(declaration);
    // The head sees the names too, in their dead zone.
    if (scope !== null) this.enterScope(scope);
    this.top = group;
    this.begins(right, this.placeOfValue(right));
    const iterable = this.operand(right);
    this.top = group + 3;
    this.pos = this.placeAfterBeginning(right);
    const loop = this.loopControl(labels);
    const target = declaration === null ? left : declaration.declarations[0]!.id;
    const init = scope !== null;
    if (node.type === "ForInStatement") this.forIn(node, group, iterable, loop, target, init, scope);
    else if (node.await) this.forAwait(node, group, iterable, loop, target, init, scope);
    else this.forOf(node, group, iterable, loop, target, init, scope);
    this.top = mark;
    if (scope !== null) this.leaveScope(scope);
  }

  /** Register that FORNEXT writes the next value to. `direct`: it is the target itself, and nothing more needs to be written. */
  private targetRegister(target: Node, init: boolean, scope: Scope | null): { register: number; direct: boolean } {
    if (target.type === "Identifier") {
      // A variable in a register takes the value directly, unless assigning to it must first be checked.
      if (!init) {
        const register = this.assignableRegister(target);
        if (register >= 0) return { register, direct: true };
      } else if (scope !== null) {
        const binding = this.bindingAt(target.start!);
        if (binding !== null && !binding.captured) return { register: this.touch(binding.register), direct: true };
      }
    }
    return { register: this.reserve(), direct: false };
  }

  /**
   * Makes the environment of this iteration, if closures capture its names, and writes the value to the target; `written`: where stacks show
   * that.
   */
  private bindTarget(
    place: { register: number; direct: boolean },
    target: Node,
    init: boolean,
    scope: Scope | null,
    written: number,
  ): void {
    if (scope !== null && scope.envSize > 0) this.newEnvironment(scope);
    // As in V8, a pattern that the head declares takes its value at its end.
    const at = init && target.type === "ArrayPattern" ? target.end! - 1 : written;
    if (!place.direct) this.destructure(target, place.register, init, at);
  }

  /** One turn of a for-of: binds the value; a resource is disposed of after the body. */
  private iteration(
    node: ESTree.ForOfStatement,
    group: number,
    place: { register: number; direct: boolean },
    target: Node,
    init: boolean,
    scope: Scope | null,
  ): void {
    const { left } = node;
    const disposal = left.type === "VariableDeclaration" ? disposalOf([left]) : "none";
    this.disposing(disposal, () => {
      if (left.type === "VariableDeclaration") {
        this.at(left);
        this.addResource(left.kind, place.register);
      }
      this.bindTarget(place, target, init, scope, this.placeOfTarget(target, null));
      if (disposal === "none") this.top = group + 3;
      this.statement(node.body);
    });
    this.top = group + 3;
  }

  /** The body of a for-in after its object is evaluated. Keys are strings, so the loop holds no resource that a `break` must close. */
  private forIn(
    node: ESTree.ForInStatement,
    group: number,
    object: number,
    loop: JumpControl,
    target: Node,
    init: boolean,
    scope: Scope | null,
  ): void {
    this.FORIN(group, object);
    this.startCompletion();
    const done = new Label();
    const head = this.here();
    const place = this.targetRegister(target, init, scope);
    this.pos = this.placeOfValue(node.right);
    this.FORINNEXT(group, place.register, done);
    this.bindTarget(place, target, init, scope, this.placeOfValue(target));
    this.top = group + 3;
    this.controls.push(loop);
    this.statement(node.body);
    this.controls.pop();
    this.emitLabel(loop.continueLabel!);
    this.LOOP(this.top, head);
    this.emitLabel(done);
    this.emitLabel(loop.breakLabel);
  }

  /**
   * The body of a for-of: https://tc39.es/ecma262/#sec-runtime-semantics-forin-div-ofbodyevaluation-lhs-stmt-iterator-lhskind-labelset. The
   * range of the handler begins at FORNEXT, which does no harm: when next() throws, it has set the state, and ITERCLOSEQ does nothing.
   */
  private forOf(
    node: ESTree.ForOfStatement,
    group: number,
    iterable: number,
    loop: JumpControl,
    target: Node,
    init: boolean,
    scope: Scope | null,
  ): void {
    this.GETITER(group, iterable, ITERATION.SYNC);
    this.startCompletion();
    const done = new Label();
    this.controls.push(loop);
    this.withIterator(group, false, loop, () => {
      const head = this.here();
      const place = this.targetRegister(target, init, scope);
      this.pos = placeOfEach(node.left);
      this.FORNEXT(group, place.register, done);
      this.iteration(node, group, place, target, init, scope);
      this.emitLabel(loop.continueLabel!);
      this.LOOP(this.top, head);
    });
    this.controls.pop();
    this.emitLabel(done);
    this.emitLabel(loop.breakLabel);
  }

  /**
   * The body of a for-await. Each step awaits, so next() is an ordinary call (`asyncNext`), outside the handler. Its result object needs a
   * temporary only until its value is read.
   */
  private forAwait(
    node: ESTree.ForOfStatement,
    group: number,
    iterable: number,
    loop: JumpControl,
    target: Node,
    init: boolean,
    scope: Scope | null,
  ): void {
    this.GETITER(group, iterable, ITERATION.ASYNC);
    this.startCompletion();
    const done = new Label();
    const head = this.here();
    const result = this.reserve();
    this.pos = placeOfEach(node.left);
    this.asyncNext(group, result, done);
    this.top = result;
    const place = this.targetRegister(target, init, scope);
    this.GETPROP(place.register, result, this.str("value"));
    this.controls.push(loop);
    this.withIterator(group, true, loop, () => {
      this.iteration(node, group, place, target, init, scope);
      this.emitLabel(loop.continueLabel!);
      this.LOOP(this.top, head);
    });
    this.controls.pop();
    this.emitLabel(done);
    this.emitLabel(loop.breakLabel);
    this.top = group + 3;
  }
}
