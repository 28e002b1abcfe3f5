// Owns names that are looked for at run time before their binding is: in the objects of `with` statements, and among the variables
// that direct eval has added to a function. Must never touch a name that no such object can shadow.
//
// A name is resolved first, to an object or to the hole for its binding, and then read, written, deleted or called through that. So
// `with (o) x = f()` asks o for `x` before f runs, and assigns to what it found even if f deletes it. Reading `x` in `with (o)`:
//
//   MOVE object, o; HELPER found, withHas(o, "x"); JF found, →1        resolveName: one such step for each object around
//   JMP →2
// 1 LOADS object, hole
// 2 JHOLE object, →3; HELPER dst, scopeGet(object, "x", strict); JMP →4
// 3 GETGLOBAL dst, "x"                                                 or from wherever the binding lives
// 4
//
// Each of these steps may run guest code (proxies, getters, Symbol.unscopables), so helpers of the prelude take them, in frames.
import type { ESTree } from "meriyah";
import { HELPERS, type HelperName } from "../../defs/helpers.ts";
import { Label } from "../assembler.ts";
import { ScopeDescriber } from "../scope/eval-scopes.ts";
import type { Binding } from "../scope/model.ts";
import { Bindings } from "./bindings.ts";
import { SPECIAL } from "./state.ts";

/** An argument of a helper: a register, or something to load. */
type Argument = number | { readonly text: string } | { readonly truth: boolean };

/**
 * Lookups and descriptions are limited to this multiple of the source's length, plus a constant. Without a limit, a source of n names
 * in n nested `with` statements would make n² instructions.
 */
const MAX_LOOKUPS = 4;
const MAX_DESCRIBED = 64;

export abstract class Names extends Bindings {
  /** Describes the scopes around direct eval calls; it keeps what calls in one scope share. */
  private readonly describer = new ScopeDescriber();
  /** Lookups of a name in an object emitted so far. */
  private lookups = 0;
  /** Code units in descriptions so far. */
  private described = 0;
  /** Strings of the image from here on are in no description that was counted. */
  private firstUndescribed = 0;

  /** The objects that may have the name, innermost first; undefined: no object can shadow its binding. */
  objectsAt(node: ESTree.Identifier): readonly Binding[] | undefined {
    const { dynamics } = this.unit.analysis;
    return dynamics.size === 0 ? undefined : dynamics.get(node.start!);
  }

  /** `dst` := the result of a helper of the prelude. Its arguments are loaded into consecutive temporaries above `top`. */
  protected ask(name: HelperName, dst: number, ...list: readonly Argument[]): void {
    const mark = this.top;
    const base = this.reserveMany(list.length);
    list.forEach((argument, i) => {
      const register = base + i;
      if (typeof argument === "number") this.move(register, argument);
      else if ("text" in argument) this.loadString(register, argument.text);
      else this.LOADS(register, argument.truth ? SPECIAL.TRUE : SPECIAL.FALSE);
    });
    this.HELPER(this.touch(dst), base, list.length, HELPERS.indexOf(name));
    this.top = mark;
  }

  /** Loads one object into `register` and looks for the name in it; goes to `missing` if it is not there. */
  private lookIn(object: Binding, node: ESTree.Identifier, register: number, missing: Label): void {
    const { name } = node;
    // With nested objects, each of which may have the name, a short source could produce enormous code.
    if (++this.lookups > 1000 + MAX_LOOKUPS * this.unit.source.length)
      this.unit.fail("too many objects around names", node);
    this.loadRaw(object, register);
    if (object.kind === "vars") this.JUNDEF(register, missing);
    const found = this.touch(this.top);
    this.ask(object.kind === "with" ? "withHas" : "scopeHas", found, register, { text: name });
    this.JF(found, missing);
  }

  /**
   * Returns a new temporary with the object that has the name, or with the hole if the name means its binding: ResolveBinding, as far
   * as it happens at run time. https://tc39.es/ecma262/#sec-resolvebinding
   */
  protected resolveName(node: ESTree.Identifier): number {
    const register = this.reserve();
    const found = new Label();
    this.pos = this.placeOfRead(node);
    for (const object of this.objectsAt(node)!) {
      const missing = new Label();
      this.lookIn(object, node, register, missing);
      this.JMP(found);
      this.emitLabel(missing);
    }
    this.LOADS(register, SPECIAL.HOLE);
    this.emitLabel(found);
    return register;
  }

  /** Emits both ways to use a resolved name: `dynamic` for one found in an object, `plain` for its binding. JHOLE chooses. */
  private either(object: number, dynamic: () => void, plain: () => void): void {
    const binding = new Label();
    const end = new Label();
    this.JHOLE(object, binding);
    dynamic();
    this.JMP(end);
    this.emitLabel(binding);
    plain();
    this.emitLabel(end);
  }

  /** `dst` := the value of a name that `resolveName` has put into `object`. */
  protected readResolved(node: ESTree.Identifier, object: number, dst: number): void {
    this.either(
      object,
      () => {
        this.pos = this.placeOfRead(node);
        this.ask("scopeGet", dst, object, { text: node.name }, { truth: this.info.strict });
      },
      () => super.loadIdentifier(node, dst),
    );
  }

  /** Assigns `src` to a name that `resolveName` has put into `object`. */
  protected writeResolved(node: ESTree.Identifier, object: number, src: number, place: number): void {
    this.either(
      object,
      () => {
        this.pos = place;
        const result = this.touch(this.top);
        this.ask("scopeSet", result, object, { text: node.name }, src, { truth: this.info.strict });
      },
      () => super.assignIdentifier(node, src, place),
    );
  }

  // A layer above that only reads or writes a name need not know of such objects: these four overrides do.
  override loadIdentifier(node: ESTree.Identifier, dst: number): void {
    if (this.objectsAt(node) === undefined) {
      super.loadIdentifier(node, dst);
      return;
    }
    const mark = this.top;
    this.top = Math.max(mark, dst + 1);
    this.touch(this.top);
    this.readResolved(node, this.resolveName(node), dst);
    this.top = mark;
  }

  override assignIdentifier(node: ESTree.Identifier, src: number, place = node.start!): void {
    if (this.objectsAt(node) === undefined) {
      super.assignIdentifier(node, src, place);
      return;
    }
    const mark = this.top;
    this.top = Math.max(mark, src + 1);
    this.writeResolved(node, this.resolveName(node), src, place);
    this.top = mark;
  }

  override directRegister(node: ESTree.Identifier): number {
    return this.objectsAt(node) === undefined ? super.directRegister(node) : -1;
  }

  override assignableRegister(node: ESTree.Identifier): number {
    return this.objectsAt(node) === undefined ? super.assignableRegister(node) : -1;
  }

  /**
   * A callee that is such a name: the function goes to `base`, its `this` to `base + 1`. The object of a `with` becomes `this`
   * (WithBaseObject); the object of variables that eval has added does not, because it is no object of the guest's.
   */
  protected namedCallee(node: ESTree.Identifier, base: number): void {
    const mark = this.top;
    this.top = Math.max(mark, base + 2);
    this.touch(this.top);
    const done = new Label();
    this.pos = this.placeOfRead(node);
    for (const object of this.objectsAt(node)!) {
      const missing = new Label();
      this.lookIn(object, node, base + 1, missing);
      this.ask("scopeGet", base, base + 1, { text: node.name }, { truth: this.info.strict });
      if (object.kind === "vars") this.LOADS(base + 1, SPECIAL.UNDEFINED);
      this.JMP(done);
      this.emitLabel(missing);
    }
    super.loadIdentifier(node, base);
    this.LOADS(base + 1, SPECIAL.UNDEFINED);
    this.emitLabel(done);
    this.top = mark;
  }

  /** `dst` := the value for `typeof name`: undefined where the name does not exist, instead of a ReferenceError. */
  protected typeOfName(node: ESTree.Identifier, dst: number): void {
    const mark = this.top;
    const object = this.resolveName(node);
    this.either(
      object,
      () => {
        this.ask("scopeGet", dst, object, { text: node.name }, { truth: this.info.strict });
      },
      () => {
        if (this.bindingAt(node.start!) !== null) super.loadIdentifier(node, dst);
        else {
          this.at(node);
          this.TYPEOFGLOBAL(this.touch(dst), this.str(node.name));
        }
      },
    );
    this.top = mark;
  }

  /** `dst` := `delete name`, where an object may have the name. */
  protected deleteName(node: ESTree.Identifier, dst: number): void {
    const mark = this.top;
    const object = this.resolveName(node);
    this.either(
      object,
      () => this.ask("scopeDelete", dst, object, { text: node.name }),
      () => this.deleteBinding(node, dst),
    );
    this.top = mark;
  }

  /** `dst` := `delete name`: declared names cannot be deleted, global properties can. Only sloppy code parses this at all. */
  protected deleteBinding(node: ESTree.Identifier, dst: number): void {
    this.touch(dst);
    this.at(node);
    if (this.bindingAt(node.start!) !== null) this.LOADS(dst, SPECIAL.FALSE);
    else this.DELGLOBAL(dst, this.str(node.name));
  }

  // --- direct eval

  /**
   * `dst` := the result of a direct eval of the value in `source`: https://tc39.es/ecma262/#sec-performeval.
   *
   *   HELPER dst, evalDirect(source, description of the scopes, environment)
   *
   * Evaluated code is compiled as a function over `environment`. So every binding that it may name must live in environments: analysis
   * has captured them all (`hasEval`).
   */
  protected evaluate(node: ESTree.CallExpression, source: number, dst: number): void {
    const description = this.describer.describe(this.scope, this.info.strict);
    const index = this.str(description);
    if (index >= this.firstUndescribed) {
      this.firstUndescribed = index + 1;
      this.described += description.length;
      if (this.described > 100_000 + MAX_DESCRIBED * this.unit.source.length)
        this.unit.fail("too many names around calls of eval", node);
    }
    const environment = this.reserve();
    this.top = environment;
    const register = this.currentEnvironment();
    this.top = environment + 1;
    this.move(environment, register);
    this.ask("evalDirect", dst, source, { text: description }, environment);
    this.top = environment;
  }
}
