// Owns property access, calls in all their forms (methods, optional chains, spread, new, super, tagged templates, import)
// and the macros of the prelude. Must never assign.
//
// A call area is contiguous at the top of the registers: callee, this, arguments. Its parts are evaluated straight into
// place; a callee's object goes to the `this` slot first, so that a chain of method calls needs no moves. `x.y.z(1, x)`:
//
//   GETPROP area+1, x, "y"          the object of the call is its `this`
//   GETPROP area, area+1, "z"
//   LOADI area+2, 1; MOVE area+3, x
//   CALL dst, area…, 2              dst may be `area`: in `f().g()` it is the `this` slot of the next area
//
// The area becomes r0, r1, r2… of the callee, so a call copies nothing (docs/architecture.md, "A call area"). All registers from
// `area` on are given up: after the call they hold whatever the callee left there.
import type { ESTree } from "meriyah";
import { MAX_ARGUMENTS, MAX_REGISTERS } from "../../defs/limits.ts";
import { Label } from "../assembler.ts";
import { isDirectEval } from "../scope/find-evals.ts";
import { Literals, staticKey } from "./literals.ts";
import { ERROR, SPECIAL, arrayIndex, type Node } from "./state.ts";

/** Call areas end below it, so that calls within arguments have room as well; longer lists are passed as arrays. */
const MAX_AREA_REGISTER = MAX_REGISTERS - 2048;

function hasSpread(list: readonly Node[]): boolean {
  for (const argument of list) if (argument.type === "SpreadElement") return true;
  return false;
}

export abstract class Calls extends Literals {
  /** Where an optional chain goes when it meets undefined or null. */
  private chainExit: Label | null = null;

  // --- property reads

  /**
   * `dst` := a property read, https://tc39.es/ecma262/#sec-property-accessors-runtime-semantics-evaluation. The object is copied only if it
   * is a variable that a computed key may assign. `isBegun`: the object is evaluated, at `top`.
   *
   *   GETPROP dst, object, "name"           or GETELEM dst, object, key, also for array indices that are written out
   *   JNULLISH object, →chain exit          before it, where the link is `?.`
   */
  protected member(node: ESTree.MemberExpression, dst: number, isBegun: boolean): void {
    const mark = this.top;
    if (node.object.type === "Super") {
      const group = this.superGroup(node, 3);
      this.at(node.property);
      this.GETSUPER(this.touch(dst), group);
      this.top = mark;
      return;
    }
    const object = isBegun ? this.reserve() : this.operand(node.object, node.computed ? (node.property as Node) : null);
    if (node.optional) this.JNULLISH(object, this.chainExit!);
    this.readProperty(node, object, dst);
    this.top = mark;
  }

  /** `dst` := the property of `object` that the node names. */
  protected readProperty(node: ESTree.MemberExpression, object: number, dst: number): void {
    const mark = this.top;
    const property = node.property as Node;
    if (property.type === "PrivateIdentifier") {
      const key = this.privateOperand(property);
      this.pos = this.placeOfMember(node);
      this.GETPRIV(this.touch(dst), object, key);
      this.top = mark;
      return;
    }
    const name = staticKey(property, node.computed);
    if (name !== null && arrayIndex(name) < 0) {
      this.pos = this.placeOfMember(node);
      this.GETPROP(this.touch(dst), object, this.str(name));
      return;
    }
    let key: number;
    if (name === null) key = this.operand(property);
    else this.loadStaticKey((key = this.reserve()), name);
    this.pos = this.placeOfMember(node);
    this.GETELEM(this.touch(dst), object, key);
    this.top = mark;
  }

  override loadPrivateName(node: ESTree.PrivateIdentifier, dst: number): void {
    const binding = this.bindingAt(node.start!);
    if (binding === null) this.unit.fail(`Private name #${node.name} is not defined`, node);
    this.loadRaw(binding!, dst);
  }

  /** A new temporary with the private name. */
  protected privateOperand(node: ESTree.PrivateIdentifier): number {
    const register = this.reserve();
    this.loadPrivateName(node, register);
    return register;
  }

  /**
   * Group of GETSUPER or SETSUPER: function, key, this; and room for a value, if `size` is 4. The order is that of
   * https://tc39.es/ecma262/#sec-super-keyword-runtime-semantics-evaluation: `this` is checked first, then the key is evaluated, then the
   * base is found, through the home object of the function.
   */
  protected superGroup(node: ESTree.MemberExpression, size: number): number {
    const group = this.reserveMany(size);
    this.at(node.object as Node);
    this.loadThis(group + 2);
    const property = node.property as Node;
    const name = staticKey(property, node.computed);
    if (name !== null) this.loadStaticKey(group + 1, name);
    else this.expr(property, group + 1);
    this.loadCallee(group);
    return group;
  }

  // --- optional chains

  /**
   * An optional chain, https://tc39.es/ecma262/#sec-optional-chains. All its links share one exit:
   *
   *     JNULLISH a, →1; GETPROP t, a, "b"; JNULLISH t, →1; GETPROP dst, t, "c"; JMP →2      a?.b?.c
   *   1 LOADS dst, undefined
   *   2
   */
  protected chain(node: ESTree.ChainExpression, dst: number): void {
    this.chainTo(dst, SPECIAL.UNDEFINED, () => this.expr(node.expression, dst));
  }

  /** Emits `body`; if its chain ends early, `dst` gets a special value: undefined, or true for `delete a?.b`. */
  private chainTo(dst: number, special: number, body: () => void): void {
    const outer = this.chainExit;
    const exit = new Label();
    const end = new Label();
    this.chainExit = exit;
    body();
    this.chainExit = outer;
    this.JMP(end);
    this.emitLabel(exit);
    this.LOADS(this.touch(dst), special);
    this.emitLabel(end);
  }

  // --- calls

  /**
   * `dst` := a call, https://tc39.es/ecma262/#sec-function-calls-runtime-semantics-evaluation. `isBegun`: the callee is evaluated, at `top`,
   * or its object, above it.
   */
  protected call(node: ESTree.CallExpression, dst: number, isBegun: boolean): void {
    const callee = node.callee;
    if (callee.type === "Super") {
      this.superCall(node, dst);
      return;
    }
    const { prelude } = this.unit;
    if (
      prelude !== null &&
      callee.type === "Identifier" &&
      callee.name.startsWith("$") &&
      this.bindingAt(callee.start!) === null
    ) {
      if (this.preludeCall(node, callee.name.slice(1), dst)) return;
    }
    const mark = this.top;
    const base = mark;
    const hasThis = this.calleeInto(callee, base, isBegun);
    if (this.unit.allowEval && isDirectEval(node)) {
      this.directEval(node, base, hasThis, dst);
      this.top = mark;
      return;
    }
    if (node.optional) this.JNULLISH(base, this.chainExit!);
    this.arguments(node.arguments, base, hasThis ? -1 : SPECIAL.UNDEFINED, dst, node, callee);
    this.top = mark;
  }

  /**
   * A call of something named `eval`: if that is %eval%, code is evaluated in the scopes around the call (`evaluate`, names.ts), else it is
   * an ordinary call. Only run time knows, so both are emitted, after the arguments have been evaluated once:
   *
   *     HELPER source, isEval(callee); JF source, →1
   *     HELPER dst, evalDirect(first argument, description, environment); JMP →2
   *   1 CALL dst, area…, n
   *   2
   */
  private directEval(node: ESTree.CallExpression, base: number, hasThis: boolean, dst: number): void {
    const list = node.arguments as readonly Node[];
    const spread = this.passesArray(list, base, node);
    if (!hasThis) this.LOADS(this.touch(base + 1), SPECIAL.UNDEFINED);
    this.top = base;
    this.reserveMany(2);
    if (spread) {
      this.arrayLiteral(list, this.top, this.callPlace(node.callee));
      this.reserve();
    } else for (const argument of list) this.temp(argument);
    this.at(node.callee);
    const ordinary = new Label();
    const end = new Label();
    const source = this.reserve();
    this.ask("isEval", source, base);
    this.JF(source, ordinary);
    if (spread) {
      this.LOADI(source, 0);
      this.GETELEM(source, base + 2, source);
    } else if (list.length > 0) this.move(source, base + 2);
    else this.loadUndefined(source);
    this.evaluate(node, source, dst);
    this.JMP(end);
    this.emitLabel(ordinary);
    this.touch(dst);
    if (spread) this.CALLSPREAD(dst, base);
    else if (node === this.tail) {
      this.TAILCALL(dst, base, list.length);
      this.RETURN(dst);
    } else this.CALL(dst, base, list.length);
    this.emitLabel(end);
  }

  /**
   * Evaluates a callee into `base` (= top) and its `this` into base + 1. Returns false if it has no `this`: base + 1 then holds anything,
   * and CALLU passes undefined. `isBegun`: the callee is in `base` already, or, of a method, its object in base + 1.
   */
  protected calleeInto(callee: Node, base: number, isBegun: boolean): boolean {
    switch (callee.type) {
      case "MemberExpression":
        this.methodInto(callee, base, isBegun);
        return true;
      case "Identifier":
        if (this.objectsAt(callee) === undefined) break;
        this.namedCallee(callee, base);
        return true;
      case "ChainExpression":
        if (callee.expression.type === "MemberExpression") {
          this.chainedMethodInto(callee.expression, base);
          return true;
        }
        break;
      default:
    }
    if (!isBegun) this.expr(callee, base);
    this.touch(base + 1);
    return false;
  }

  /** `(a?.b)()`: the parentheses end the chain, but the call still gets `a` as its `this`. */
  private chainedMethodInto(node: ESTree.MemberExpression, base: number): void {
    this.chainTo(base, SPECIAL.UNDEFINED, () => this.methodInto(node, base, false));
  }

  /** Evaluates a method into `base` and its object into base + 1. `super.m()` finds m above its home object, but passes its own `this`. */
  private methodInto(node: ESTree.MemberExpression, base: number, isBegun: boolean): void {
    if (node.object.type === "Super") {
      this.top = base;
      this.reserveMany(2);
      const group = this.superGroup(node, 3);
      this.move(base + 1, group + 2);
      this.at(node.property);
      this.GETSUPER(base, group);
      this.top = base;
      return;
    }
    if (!isBegun) this.expr(node.object, base + 1);
    this.top = base;
    this.reserveMany(2);
    if (node.optional) this.JNULLISH(base + 1, this.chainExit!);
    this.readProperty(node, base + 1, base);
    this.top = base;
  }

  /**
   * Arguments and the call itself.
   *
   *   CALL dst, area…, n          base + 1 holds `this`
   *   CALLU dst, area…, n         no `this`; TAILCALL reads base + 1, so undefined is loaded for it
   *   CALLSPREAD dst, area…       a spread or a very long list: base + 2 holds an array of the arguments
   *
   * @param special the value for base + 1 if an instruction reads that register and nothing is in it yet; -1: it holds the `this` value
   * @param place the callee, whose place in the source stacks show
   */
  private arguments(list: readonly Node[], base: number, special: number, dst: number, node: Node, place: Node): void {
    this.top = base;
    this.reserveMany(2);
    const at = this.callPlace(place);
    if (this.passesArray(list, base, node)) {
      if (special >= 0) this.LOADS(base + 1, special);
      this.arrayLiteral(list, this.top, at);
      this.pos = at;
      this.CALLSPREAD(this.touch(dst), base);
      return;
    }
    for (const argument of list) this.temp(argument);
    this.touch(dst);
    if (node === this.tail) {
      if (special >= 0) this.LOADS(base + 1, special);
      this.pos = at;
      this.TAILCALL(dst, base, list.length);
      return;
    }
    this.pos = at;
    if (special >= 0) this.CALLU(dst, base, list.length);
    else this.CALL(dst, base, list.length);
  }

  /** True if the arguments are passed as an array: one is spread, or there are more than can be laid from `base` on. */
  private passesArray(list: readonly Node[], base: number, node: Node): boolean {
    if (hasSpread(list)) return true;
    if (list.length > MAX_ARGUMENTS)
      this.unit.fail(`Too many arguments in function call (only ${MAX_ARGUMENTS} allowed)`, node);
    return base + list.length > MAX_AREA_REGISTER;
  }

  /** `dst` := new callee(arguments). NEW takes new.target from the callee; NEWSPREAD takes undefined in base + 1 for it. */
  protected newExpression(node: ESTree.NewExpression, dst: number): void {
    const mark = this.top;
    const base = mark;
    this.expr(node.callee, base);
    this.top = base;
    this.reserveMany(2);
    if (this.passesArray(node.arguments, base, node)) {
      this.LOADS(base + 1, SPECIAL.UNDEFINED);
      this.arrayLiteral(node.arguments, this.top, node.start);
      this.at(node);
      this.NEWSPREAD(this.touch(dst), base);
    } else {
      for (const argument of node.arguments) this.temp(argument);
      this.at(node);
      this.NEW(this.touch(dst), base, node.arguments.length);
    }
    this.top = mark;
  }

  /**
   * `super(…)`: https://tc39.es/ecma262/#sec-super-keyword-runtime-semantics-evaluation.
   *
   *   MOVE area, callee; GETSUPERCTOR area, area     the parent is looked up when the call runs: a prototype may have changed
   *   MOVE area+1, new.target
   *   SUPERCALL area, area…, n                       then `bindThis`
   */
  private superCall(node: ESTree.CallExpression, dst: number): void {
    const mark = this.top;
    const base = this.reserveMany(2);
    this.loadCallee(base);
    this.GETSUPERCTOR(base, base);
    this.loadNewTarget(base + 1);
    if (this.passesArray(node.arguments, base, node)) {
      this.arrayLiteral(node.arguments, this.top, node.start);
      this.at(node);
      this.NEWSPREAD(base, base);
    } else {
      for (const argument of node.arguments) this.temp(argument);
      this.at(node);
      this.SUPERCALL(base, base, node.arguments.length);
    }
    this.top = base + 1;
    this.bindThis(base, node);
    this.move(dst, base);
    this.top = mark;
  }

  /** `dst` := tag`…`: a call of the tag with the template object and the substitutions, which are not converted to strings. */
  protected taggedTemplate(node: ESTree.TaggedTemplateExpression, dst: number, isBegun: boolean): void {
    const mark = this.top;
    const base = mark;
    const hasThis = this.calleeInto(node.tag, base, isBegun);
    this.top = base;
    this.reserveMany(2);
    const { expressions } = node.quasi;
    if (this.passesArray(expressions, base, node)) {
      this.taggedByArray(node, base, hasThis, dst);
      this.top = mark;
      return;
    }
    this.templateObject(node.quasi, this.reserve());
    for (const expression of expressions) this.temp(expression);
    const count = expressions.length + 1;
    if (node === this.tail && !hasThis) this.LOADS(base + 1, SPECIAL.UNDEFINED);
    // At the template, as in V8: messages find the words for the tag before it.
    this.at(node.quasi);
    this.touch(dst);
    if (node === this.tail) this.TAILCALL(dst, base, count);
    else if (hasThis) this.CALL(dst, base, count);
    else this.CALLU(dst, base, count);
    this.top = mark;
  }

  /** A tagged template with more values than a call area takes: they are passed as an array. */
  private taggedByArray(node: ESTree.TaggedTemplateExpression, base: number, hasThis: boolean, dst: number): void {
    const list = this.reserve();
    const value = this.reserve();
    this.NEWARR(list, node.quasi.expressions.length + 1);
    this.templateObject(node.quasi, value);
    this.ARRPUSH(list, value);
    for (const expression of node.quasi.expressions) {
      this.expr(expression, value);
      this.ARRPUSH(list, value);
    }
    if (!hasThis) this.LOADS(base + 1, SPECIAL.UNDEFINED);
    this.pos = this.callPlace(node.tag);
    this.CALLSPREAD(this.touch(dst), base);
  }

  /** `dst` := import(source, options): https://tc39.es/ecma262/#sec-evaluate-import-call. */
  protected importCall(node: ESTree.ImportExpression, dst: number): void {
    const mark = this.top;
    const specifier = this.operand(node.source, node.options ?? null);
    let options: number;
    if (node.options) options = this.operand(node.options);
    else this.LOADS((options = this.reserve()), SPECIAL.UNDEFINED);
    this.at(node);
    this.IMPORTCALL(this.touch(dst), specifier, options);
    this.top = mark;
  }

  // --- delete

  /**
   * `dst` := delete argument: https://tc39.es/ecma262/#sec-delete-operator-runtime-semantics-evaluation. Any other expression than a
   * reference is evaluated and gives true. `delete super.x` checks `this` and evaluates the key before it fails.
   */
  protected override deleteReference(argument: Node, dst: number): void {
    const mark = this.top;
    if (argument.type === "ChainExpression") {
      this.chainTo(dst, SPECIAL.TRUE, () => this.deleteReference(argument.expression, dst));
      return;
    }
    if (argument.type === "Identifier") {
      if (this.objectsAt(argument) === undefined) this.deleteBinding(argument, dst);
      else this.deleteName(argument, dst);
      return;
    }
    if (argument.type !== "MemberExpression") {
      this.discard(argument);
      this.LOADS(this.touch(dst), SPECIAL.TRUE);
      return;
    }
    if (argument.object.type === "Super") {
      this.thisRegister();
      if (argument.computed) this.discard(argument.property as Node);
      this.at(argument);
      this.THROWERROR(ERROR.REFERENCE, this.str("Unsupported reference to 'super'"));
      this.loadUndefined(dst);
      this.top = mark;
      return;
    }
    const property = argument.property as Node;
    const object = this.operand(argument.object, argument.computed ? property : null);
    if (argument.optional) this.JNULLISH(object, this.chainExit!);
    const name = staticKey(property, argument.computed);
    let key: number;
    if (name === null) key = this.operand(property);
    else this.loadStaticKey((key = this.reserve()), name);
    this.pos = this.placeAfter(argument.computed ? [argument.object, property] : [argument.object], property.start!);
    this.DELELEM(this.touch(dst), object, key);
    this.top = mark;
  }

  // --- prelude

  /**
   * `$name(…)` in the prelude. Macros become the instruction of their name, with the arguments as its operands; natives become CALLN.
   * Returns false if it is neither: then it is an intrinsic, called like any function.
   *
   *   $call(f, self, a)   CALL          $construct(f, newTarget, a)   SUPERCALL       $argc()   ARGC
   */
  private preludeCall(node: ESTree.CallExpression, name: string, dst: number): boolean {
    const mark = this.top;
    const list = node.arguments as readonly Node[];
    const area = (count: number): number => {
      if (list.length < count) this.unit.fail(`$${name} needs ${count} arguments`, node);
      if (hasSpread(list)) this.unit.fail(`$${name} takes no spread`, node);
      const base = this.top;
      for (const argument of list) this.temp(argument);
      this.at(node);
      this.touch(dst);
      return base;
    };
    switch (name) {
      case "argc":
        this.ARGC(this.touch(dst));
        return true;
      case "call": {
        const base = area(2);
        this.CALL(dst, base, list.length - 2);
        break;
      }
      case "construct": {
        const base = area(2);
        this.SUPERCALL(dst, base, list.length - 2);
        break;
      }
      case "callSpread": {
        const base = area(3);
        this.CALLSPREAD(dst, base);
        break;
      }
      case "constructSpread": {
        const base = area(3);
        this.NEWSPREAD(dst, base);
        break;
      }
      case "getPrivate": {
        const base = area(2);
        this.GETPRIV(dst, base, base + 1);
        break;
      }
      case "setPrivate": {
        const base = area(3);
        this.SETPRIV(base, base + 1, base + 2);
        break;
      }
      case "hasPrivate": {
        const base = area(2);
        this.PRIVIN(dst, base + 1, base);
        break;
      }
      default: {
        const native = this.unit.prelude!.natives.get(name);
        if (native === undefined) return false;
        const base = area(0);
        this.CALLN(dst, base, list.length, native);
      }
    }
    this.top = mark;
    return true;
  }
}
