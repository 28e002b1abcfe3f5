// Owns reading and writing of bindings wherever scope analysis put them (register, environment, global), environments,
// closures, and `this` with its relatives. Must never resolve a name by itself: scope analysis has.
//
//   where the binding lives                   read                        written
//   register (not captured)                   the register itself         MOVE
//   environment of this function              GETENV dst, envRegister, s  SETENV
//   environment of a function around          GETUP dst, depth, slot      SETUP
//   cell of a module (shared with others)     GETUP; GETENV …, 0          GETUP; SETENV …, 0
//   global (offset has no reference)          GETGLOBAL dst, "name"       SETGLOBAL, or INITLEX by its declaration
//
// A read that may come too early is followed by CHECKTDZ, which throws if it finds the hole.
import type { ESTree } from "meriyah";
import { MAX_ENVIRONMENT_SLOTS } from "../../defs/limits.ts";
import { REF_CHECK, REF_DEAD, REF_READY, type Binding, type FunctionInfo, type Scope } from "../scope/model.ts";
import { hasNewTarget } from "../scope/resolver.ts";
import { DEFAULT_NAME } from "../scope/modules.ts";
import { LastPlaces } from "./last-places.ts";
import { ERROR, SPECIAL, type Node } from "./state.ts";

export abstract class Bindings extends LastPlaces {
  /** REF_READY, REF_CHECK or REF_DEAD: how sure scope analysis is that the binding is initialised there. */
  readinessAt(offset: number): number {
    return this.unit.analysis.refs[offset]! & 3;
  }

  // --- environments

  /** Register of the innermost environment made by this function; -1 if its open scopes have no environment. */
  private ownEnvironment(scope: Scope | null): number {
    for (let s = scope; s !== null && s.func === this.info; s = s.parent) {
      if (s.envSize > 0) return s.envRegister;
    }
    return -1;
  }

  /**
   * Register with the environment for a closure made here. Without an environment of its own, a function passes on the one it closed
   * over, through a scratch register: the next instruction must read it, before anything else takes `top`.
   */
  currentEnvironment(): number {
    const own = this.ownEnvironment(this.scope);
    if (own >= 0) return own;
    const register = this.touch(this.top);
    this.CALLEEENV(register);
    return register;
  }

  /**
   * How many environments lie between the one this function closed over and that of `scope`: the operand of GETUP and SETUP. Only
   * scopes with slots count, since only they made an environment.
   */
  private depthOf(scope: Scope): number {
    let depth = 0;
    for (let s = this.info.params.parent!; s !== scope; s = s.parent!) if (s.envSize > 0) depth++;
    return depth;
  }

  /**
   * Emits the environment of a scope. All its slots start as holes, which is the temporal dead zone of what lives there.
   *
   *   r := environment around it            (CALLEEENV r, where this function has not made one yet)
   *   NEWENV r, r, size
   */
  newEnvironment(scope: Scope): void {
    const parent = scope.parent === null ? -1 : this.ownEnvironment(scope.parent);
    const register = this.touch(scope.envRegister);
    if (scope.envSize > MAX_ENVIRONMENT_SLOTS) this.tooLarge("variables");
    if (parent < 0) this.CALLEEENV(register);
    this.NEWENV(register, parent < 0 ? register : parent, scope.envSize);
  }

  /** Clears the object of variables that direct eval adds to the function: it starts out undefined. */
  protected clearVariables(scope: Scope): void {
    const first = scope.bindings[0];
    if (first?.kind !== "vars") return;
    const register = this.touch(this.top);
    this.LOADS(register, SPECIAL.UNDEFINED);
    this.storeRaw(first, register);
  }

  /**
   * Makes the environment of a scope, if it has one, and its functions. A register starts as the hole only if analysis could not prove that
   * all its reads come after its initialisation (`needsHole`). Every other register may hold anything until then.
   */
  enterScope(scope: Scope): void {
    this.scope = scope;
    if (scope.envSize > 0) this.newEnvironment(scope);
    for (const binding of scope.bindings) {
      if (binding.needsHole && !binding.captured) this.LOADS(this.touch(binding.register), SPECIAL.HOLE);
    }
    this.instantiateFunctions(scope);
  }

  /** Registers of the scope are free from here on. Its environment needs no instruction: the collector finds it unused. */
  leaveScope(scope: Scope): void {
    this.scope = scope.parent!;
  }

  /**
   * Function declarations have their values when the scope is entered: https://tc39.es/ecma262/#sec-blockdeclarationinstantiation,
   * for bodies in https://tc39.es/ecma262/#sec-functiondeclarationinstantiation.
   */
  instantiateFunctions(scope: Scope): void {
    if (scope.functions === null) return;
    for (const node of scope.functions) {
      if (node.id === null) {
        this.closure(node, this.touch(this.top), "default", node);
        this.storeDefault(this.top);
        continue;
      }
      const binding = scope.named(node.id.name)[0]!;
      if (binding.captured) {
        const register = this.touch(this.top);
        this.closure(node, register, node.id.name, node);
        this.storeRaw(binding, register);
      } else {
        this.closure(node, binding.register, node.id.name, node);
      }
    }
  }

  // --- closures

  /**
   * `dst` := a new function over the current environment.
   *
   *   CALLEEENV tmp               unless this function has an environment of its own
   *   CLOSURE dst, environment, #index
   *
   * @param place the node whose source text the function shows: a method shows its key, which is not in its function node
   */
  closure(node: Node, dst: number, name: string, place: Node): void {
    const info = this.unit.analysis.infos.get(node)!;
    this.touch(dst);
    const index = this.enqueue({ info, defaultOf: null, name, start: place.start!, end: place.end! });
    this.CLOSURE(dst, this.currentEnvironment(), index);
  }

  /** `dst` := a synthetic function (fields or static elements of a class), which shows the source of its class. */
  closureOfInfo(info: FunctionInfo, dst: number, name: string): void {
    const node = info.node as Node;
    this.touch(dst);
    const index = this.enqueue({ info, defaultOf: null, name, start: node.start!, end: node.end! });
    this.CLOSURE(dst, this.currentEnvironment(), index);
  }

  // --- reading

  /** The register that an operand may name instead of a copy; -1 if the binding is elsewhere, or its read must be checked. */
  directRegister(node: ESTree.Identifier): number {
    const ref = this.unit.analysis.refs[node.start!]!;
    if (ref === 0 || (ref & 3) !== REF_READY) return -1;
    return this.unit.analysis.bindings[ref >>> 2]!.register;
  }

  /** `dst` := the binding, whatever its state: in its dead zone that is the hole, which must not reach a variable. */
  loadRaw(binding: Binding, dst: number): void {
    this.touch(dst);
    if (binding.cell >= 0) {
      this.loadCell(binding.cell, dst);
    } else if (!binding.captured) {
      if (binding.register !== dst) this.MOVE(dst, binding.register);
    } else if (binding.scope.func === this.info) {
      this.GETENV(dst, binding.scope.envRegister, binding.slot);
    } else {
      this.GETUP(dst, this.depthOf(binding.scope), binding.slot);
    }
  }

  /** The binding := `src`, with neither the check for its dead zone nor the one for constants. */
  storeRaw(binding: Binding, src: number): void {
    if (binding.cell >= 0) {
      this.storeCell(binding.cell, src);
    } else if (!binding.captured) {
      if (binding.register !== src) this.MOVE(this.touch(binding.register), src);
    } else if (binding.scope.func === this.info) {
      this.SETENV(src, binding.scope.envRegister, binding.slot);
    } else {
      this.SETUP(src, this.depthOf(binding.scope), binding.slot);
    }
  }

  // --- cells of a module

  /** Depth of the environment of cells, which is the outermost one of a module (scope/modules.ts). */
  private depthOfCells(): number {
    let scope = this.info.params;
    while (scope.parent !== null) scope = scope.parent;
    return this.depthOf(scope);
  }

  /** `dst` := the value in a cell. The slot holds the cell, an environment of one slot that importer and exporter share. */
  loadCell(cell: number, dst: number): void {
    this.touch(dst);
    this.GETUP(dst, this.depthOfCells(), cell);
    this.GETENV(dst, dst, 0);
  }

  // `src` may be a temporary at `top` that is not reserved: the scratch register is then the one after it.
  storeCell(cell: number, src: number): void {
    const register = this.touch(src < this.top ? this.top : src + 1);
    this.GETUP(register, this.depthOfCells(), cell);
    this.SETENV(src, register, 0);
  }

  /** Stores the value of an `export default` without a name. */
  protected storeDefault(src: number): void {
    this.storeCell(this.unit.analysis.module!.cellOf(DEFAULT_NAME), src);
  }

  /**
   * `dst` := the value of a name, GetValue of https://tc39.es/ecma262/#sec-getvalue.
   *
   *   captured, REF_CHECK:   GETUP tmp, depth, slot; CHECKTDZ tmp, "x"; MOVE dst, tmp
   *   REF_DEAD:              LOADS tmp, hole; CHECKTDZ tmp, "x"          it always throws, but only when it runs
   */
  loadIdentifier(node: ESTree.Identifier, dst: number): void {
    this.touch(dst);
    const offset = node.start!;
    const binding = this.bindingAt(offset);
    if (binding === null) {
      this.loadGlobal(node, dst);
      return;
    }
    const readiness = this.readinessAt(offset);
    if (readiness === REF_READY) {
      this.loadRaw(binding, dst);
      return;
    }
    this.pos = this.placeOfRead(node);
    if (readiness === REF_DEAD) {
      this.throwDead(binding);
    } else {
      // Checked before it reaches a register that may be visible.
      const register = binding.captured ? this.touch(dst < this.top ? this.top : dst) : binding.register;
      this.loadRaw(binding, register);
      this.CHECKTDZ(register, this.str(binding.name));
      this.move(dst, register);
    }
  }

  /** A name without a declaration in this program. In the prelude there is no global object: only `$names` are known. */
  private loadGlobal(node: ESTree.Identifier, dst: number): void {
    const { prelude } = this.unit;
    this.pos = this.placeOfRead(node);
    // These three can be neither written nor deleted nor shadowed by a script.
    if (node.name === "undefined") {
      this.LOADS(dst, SPECIAL.UNDEFINED);
    } else if (node.name === "NaN" || node.name === "Infinity") {
      this.loadNumber(dst, node.name === "NaN" ? NaN : Infinity);
    } else if (node.name === "$host" && this.unit.isLibrary) {
      this.helper("libraryHost", dst, []);
    } else if (prelude === null) {
      this.GETGLOBAL(dst, this.str(node.name));
    } else {
      this.preludeName(node, dst);
    }
  }

  private preludeName(node: ESTree.Identifier, dst: number): void {
    const name = node.name;
    if (name === "$hole") return this.LOADS(dst, SPECIAL.HOLE);
    const intrinsic = name.startsWith("$") ? this.unit.prelude!.intrinsics.get(name.slice(1)) : undefined;
    if (intrinsic === undefined) this.unit.fail(`'${name}' is not a name the prelude may use`, node);
    this.LOADINTR(dst, intrinsic!);
  }

  /** A ReferenceError at run time: code that is certain to fail may still be code that never runs. */
  private throwDead(binding: Binding): void {
    const register = this.touch(this.top);
    this.LOADS(register, SPECIAL.HOLE);
    this.CHECKTDZ(register, this.str(binding.name));
  }

  // --- writing

  /** First value of a declared name: no dead zone is checked, and a constant may be written. `src`: any register. */
  initializeIdentifier(node: ESTree.Identifier, src: number): void {
    const binding = this.bindingAt(node.start!);
    if (binding !== null) this.storeRaw(binding, src);
    else this.INITLEX(src, this.str(node.name));
  }

  /**
   * Assignment to a name, PutValue of https://tc39.es/ecma262/#sec-putvalue: first the dead zone, then constness, then the write.
   *
   * @param src the value, in any register; it is not changed
   * @param place where stacks show a failure
   */
  assignIdentifier(node: ESTree.Identifier, src: number, place = node.start!): void {
    const offset = node.start!;
    const binding = this.bindingAt(offset);
    if (binding === null) {
      if (this.unit.prelude !== null) this.unit.fail(`'${node.name}' is not declared`, node);
      this.pos = place;
      this.SETGLOBAL(src, this.str(node.name));
      return;
    }
    this.checkWritable(node, binding, src, place);
    if (this.isReadOnly(binding)) {
      if (this.refusesWrite(binding)) {
        this.pos = place;
        this.THROWCONST(this.str(binding.name));
      }
      return;
    }
    this.storeRaw(binding, src);
  }

  /** Throws if the binding is still in its dead zone. The scratch register is not `keep`, which holds the value to be assigned. */
  private checkWritable(node: ESTree.Identifier, binding: Binding, keep: number, place: number): void {
    // An import counts as initialised: the error is the assignment to it.
    if (binding.kind === "import") return;
    const readiness = this.readinessAt(node.start!);
    if (readiness === REF_DEAD) {
      this.pos = place;
      this.throwDead(binding);
    } else if (readiness === REF_CHECK) {
      this.pos = place;
      const register = binding.captured ? this.touch(keep < this.top ? this.top : keep + 1) : binding.register;
      this.loadRaw(binding, register);
      this.CHECKTDZ(register, this.str(binding.name));
    }
  }

  /** True if no assignment may change the binding. Its initialisation goes around this (`initializeIdentifier`). */
  isReadOnly(binding: Binding): boolean {
    return (
      binding.kind === "const" || binding.kind === "import" || binding.kind === "cname" || binding.kind === "fname"
    );
  }

  /** The name of a function expression ignores assignments in sloppy code. */
  private refusesWrite(binding: Binding): boolean {
    return binding.kind !== "fname" || this.info.strict;
  }

  /** The register of a plain local that may be assigned directly; -1 if it lives elsewhere or needs a check first. */
  assignableRegister(node: ESTree.Identifier): number {
    const ref = this.unit.analysis.refs[node.start!]!;
    if (ref === 0 || (ref & 3) !== REF_READY) return -1;
    const binding = this.unit.analysis.bindings[ref >>> 2]!;
    return binding.captured || this.isReadOnly(binding) ? -1 : binding.register;
  }

  // --- this and its relatives

  /**
   * Register of `this`: r1, or a new temporary with the pseudo-binding of the function around an arrow. In a derived constructor it is
   * the hole until super() has returned, and CHECKTHIS throws: https://tc39.es/ecma262/#sec-function-environment-records-getthisbinding.
   */
  thisRegister(): number {
    const owner = this.info.owner;
    const binding = owner.thisBinding;
    const derived = owner.kind === "derived";
    let register = 1;
    if (owner !== this.info || (derived && binding !== null)) {
      register = this.reserve();
      this.loadRaw(binding!, register);
    }
    if (derived) this.CHECKTHIS(register);
    return register;
  }

  /** `dst` := `this`, checked. */
  loadThis(dst: number): void {
    const mark = this.top;
    this.move(dst, this.thisRegister());
    this.top = mark;
  }

  /** `dst` := the running function that is not an arrow. `super` looks for its home object there. */
  loadCallee(dst: number): void {
    this.touch(dst);
    if (this.info.owner === this.info) this.MOVE(dst, 0);
    else this.loadRaw(this.info.owner.calleeBinding!, dst);
  }

  /** `dst` := new.target, which the prologue has put into a binding: the machine knows it only in the first instructions. */
  loadNewTarget(dst: number): void {
    const { owner } = this.info;
    if (hasNewTarget(owner)) this.loadRaw(owner.newTargetBinding!, dst);
    else this.loadUndefined(dst);
  }

  /**
   * After `super(…)`: binds `this` and runs the field initialisers, from step 7 on of
   * https://tc39.es/ecma262/#sec-super-keyword-runtime-semantics-evaluation. A second super() constructs, and only then fails.
   *
   *   JHOLE this, →1; THROWERROR ReferenceError
   * 1 MOVE this, value; RUNFIELDS value, callee
   */
  bindThis(value: number, node: Node): void {
    const owner = this.info.owner;
    const binding = owner.thisBinding;
    const mark = this.top;
    const current = binding === null ? 1 : this.reserve();
    if (binding !== null) this.loadRaw(binding, current);
    this.at(node);
    this.ifHole(current, () => this.THROWERROR(ERROR.REFERENCE, this.str("Super constructor may only be called once")));
    if (binding !== null) this.storeRaw(binding, value);
    else this.MOVE(1, value);
    if (owner.classInfo !== null && owner.classInfo.hasInstanceElements) {
      const callee = this.reserve();
      this.loadCallee(callee);
      this.at(node);
      this.RUNFIELDS(value, callee);
    }
    this.top = mark;
  }

  /** Runs `otherwise` unless the register holds the hole. */
  protected abstract ifHole(register: number, otherwise: () => void): void;
}
