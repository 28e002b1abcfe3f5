// Owns everything that leaves a statement early: break, continue, return and exceptions through finally blocks and open
// iterators, and the handler ranges that belong to them. Must never evaluate expressions.
//
// `controls` is the stack of constructs around the current place. A jump walks it outwards, to the construct that it leaves:
//
//   controls of `l: for (const a of b) try { break l } finally { … }`, at the break
//     jump l          ← the target
//     iterator        ITERCLOSE on the way
//     finally         its block is run on the way
//
// Code that runs on the way (closing an iterator) must not be covered by handlers of constructs already left, so their ranges are
// cut open around it. A finally block is emitted once: a jump into it leaves a number in its `kind` register that says how to go on.
// https://tc39.es/ecma262/#sec-try-statement-runtime-semantics-evaluation
import { Label } from "../assembler.ts";
import { CAUGHT_WORDS } from "../../defs/fuel.ts";
import { OP } from "../../generated/emit.ts";
import { Names } from "./names.ts";
import { SPECIAL, type Node } from "./state.ts";

/** An open range of words covered by a handler. `start` moves past each piece that is cut out (`cutRegion`, `resume`). */
export interface Region {
  start: number;
  readonly target: Label;
  readonly register: number;
}

/** A statement that a `break` or `continue` may name. */
export interface JumpControl {
  readonly kind: "jump";
  readonly labels: readonly string[];
  readonly breakLabel: Label;
  /** Null for a switch or a labelled block. */
  readonly continueLabel: Label | null;
  /** An unlabelled break stops here (loops and switches). */
  readonly plain: boolean;
}

/** A try block with a catch clause, or any other code with a handler: it is left without further work. */
interface RegionControl {
  readonly kind: "region";
  readonly region: Region;
}

/** Code with an open iterator, which must be closed by whatever leaves it early. */
export interface IteratorControl {
  readonly kind: "iterator";
  readonly region: Region;
  /** First of the three registers of its iterator group. */
  readonly group: number;
  readonly async: boolean;
  /** `continue` of this loop does not leave the iterator. */
  readonly loop: JumpControl | null;
}

/** A block whose finalizer runs on every way out. */
export interface FinallyControl {
  readonly kind: "finally";
  readonly region: Region;
  readonly label: Label;
  /** How the finalizer was entered: NORMAL, THROWN, RETURNED or the number of a jump. */
  readonly kindRegister: number;
  /** The exception, or the value to return. */
  readonly valueRegister: number;
  /** Place of a return that goes through it; -1 if no return does. */
  returns: number;
  /** Jumps that go through it, in the order of their numbers. `place`: the source offset of the first such jump. */
  readonly jumps: { readonly target: JumpControl; readonly isContinue: boolean; readonly place: number }[];
}

export type Control = JumpControl | RegionControl | IteratorControl | FinallyControl;

/** Values of a finally block's kind register; jumps are numbered from FIRST_JUMP on. NORMAL is 0, so that JF finds it. */
const NORMAL = 0;
const THROWN = 1;
const RETURNED = 2;
const FIRST_JUMP = 3;

/** Instructions that nothing follows. */
const TERMINAL: ReadonlySet<number> = new Set([
  OP.JMP,
  OP.LOOP,
  OP.RETURN,
  OP.RETURNU,
  OP.THROW,
  OP.THROWCONST,
  OP.THROWERROR,
  OP.ASYNCRETURN,
  OP.ASYNCTHROW,
]);

// The opcodes of comparisons are consecutive (ts/defs/opcodes.ts, which is append-only).
const FIRST_COMPARE = OP.LT;
const LAST_COMPARE = OP.SNEI;

export abstract class ControlFlow extends Names {
  /** Constructs around the current place, outermost first. */
  protected controls: Control[] = [];

  /** False if control cannot come to the current place: the last instruction leaves for good, and no label is here. */
  protected isReachable(): boolean {
    return !TERMINAL.has(this.lastOp());
  }

  /** JMP to `target`, unless nothing comes here. */
  protected jumpOver(target: Label): void {
    if (this.isReachable()) this.JMP(target);
  }

  /** Between two branches: jumps to `skip` continue here; control from above goes to the returned label. */
  protected otherwise(skip: Label): Label {
    const end = new Label();
    this.jumpOver(end);
    this.emitLabel(skip);
    return end;
  }

  /** True if a return here is one instruction: no iterator, finally block or handler is around it. Only then may a call be a tail call. */
  protected leavesOnlyJumps(): boolean {
    for (const { kind } of this.controls) if (kind !== "jump") return false;
    return true;
  }

  // --- conditional jumps

  /**
   * The linker fuses a comparison with the jump that follows it (assembly/bytecode/fuse.ts) and drops its result. Where the result is
   * still needed, a NOP must separate the two. `register`: the one that the jump is about to test and later code reads.
   */
  protected guardFusion(register: number): void {
    const at = this.length - 6;
    if (at < 0) return;
    const op = this.code[at]!;
    if (op >= FIRST_COMPARE && op <= LAST_COMPARE && this.code[at + 1] === register) this.NOP();
  }

  protected jumpWhen(register: number, target: Label, when: boolean): void {
    if (when) this.JT(register, target);
    else this.JF(register, target);
  }

  /**
   * Backward jump if truthy. `register` may be a temporary at or above `top`: the operand `top` of LOOPT is then above it, or the
   * collection at this safepoint would forget the condition. A jump of more than 16 bits takes the long form:
   *
   *   LOOPT register, top, →target        or        JF register, →1; LOOP top, →target
   *                                               1
   */
  protected loopIf(register: number, target: Label): void {
    const top = register >= this.top ? register + 1 : this.top;
    if (this.words - target.word < 32000) {
      this.LOOPT(register, top, target);
    } else {
      const exit = new Label();
      this.JF(register, exit);
      this.LOOP(this.top, target);
      this.emitLabel(exit);
    }
  }

  protected override ifHole(register: number, otherwise: () => void): void {
    const hole = new Label();
    this.JHOLE(register, hole);
    otherwise();
    this.emitLabel(hole);
  }

  // --- regions

  /** Begins a range whose exceptions go to `target`. `register` receives the exception: nothing else may use it in the range. */
  protected openRegion(target: Label, register: number): Region {
    this.touch(register);
    return { start: this.words, target, register };
  }

  /** Ends the range here. Regions are closed inside out, as the first handler that covers a word is the one that is used. */
  protected closeRegion(region: Region): void {
    this.addHandler(region.start, region.target, region.register);
    // A throw meets no safepoint: code that catches it pays soon after.
    if (this.unit.prelude === null) region.target.unpaid += CAUGHT_WORDS;
  }

  /** Emits `body` with its exceptions going to `target`, which the caller places. `register` receives the exception. */
  protected guarded(target: Label, register: number, body: () => void): void {
    const region = this.openRegion(target, register);
    this.controls.push({ kind: "region", region });
    body();
    this.controls.pop();
    this.closeRegion(region);
  }

  // --- iterators

  /**
   * Emits `body` with an open iterator: an exception closes it quietly, a jump out closes it. The caller closes it on the normal way
   * out, where that is due. https://tc39.es/ecma262/#sec-iteratorclose
   *
   *     body                        handler → 1, exception in r
   *     JMP →2
   *   1 ITERCLOSEQ group; THROW r   the exception under way wins over one of the closing
   *   2
   *
   * ITERCLOSE and ITERCLOSEQ do nothing once the state in the group is true. So an exception of next() itself may come here too: the
   * step has set the state before it throws.
   *
   * @param loop the loop whose `continue` stays inside, or null
   */
  protected withIterator(group: number, isAsync: boolean, loop: JumpControl | null, body: () => void): void {
    const handler = new Label();
    const exception = this.touch(this.top);
    const region = this.openRegion(handler, exception);
    this.controls.push({ kind: "iterator", region, group, async: isAsync, loop });
    body();
    this.controls.pop();
    this.closeRegion(region);
    const over = new Label();
    this.jumpOver(over);
    this.emitLabel(handler);
    const mark = this.top;
    this.top = exception;
    this.reserve();
    if (isAsync) this.closeAsyncQuietly(group);
    else this.ITERCLOSEQ(group);
    this.THROW(exception);
    this.top = mark;
    this.emitLabel(over);
  }

  protected abstract closeAsync(group: number): void;
  protected abstract closeAsyncQuietly(group: number): void;

  /** Closes an iterator on the way of a jump or return, whose completion an exception of the closing replaces. */
  private leaveIterator(control: IteratorControl): void {
    if (control.async) this.closeAsync(control.group);
    else this.ITERCLOSE(control.group);
  }

  // --- jumps

  /** The construct that a `break` or `continue` leaves. Throws a CompileError if there is no such construct. */
  protected findJump(label: string | null, isContinue: boolean, node: Node): JumpControl {
    for (let i = this.controls.length - 1; i >= 0; i--) {
      const control = this.controls[i]!;
      if (control.kind !== "jump") continue;
      if (
        label !== null ? !control.labels.includes(label) : isContinue ? control.continueLabel === null : !control.plain
      )
        continue;
      if (isContinue && control.continueLabel === null) continue;
      return control;
    }
    if (!isContinue) return this.unit.fail("Illegal break statement", node);
    const why =
      label === null ? "no surrounding iteration statement" : `'${label}' does not denote an iteration statement`;
    return this.unit.fail(`Illegal continue statement: ${why}`, node);
  }

  /**
   * `break` or `continue`: leaves the constructs between here and `target`, then jumps. At the first finally block on the way it only
   * leaves a number: the rest of the way is emitted after the block, where `withFinally` calls this again from further out.
   *
   *   ITERCLOSE group              for each iterator on the way
   *   LOADI kind, 3 + index        if a finally block is on the way, else
   *   JMP →finalizer               JMP →target
   */
  protected jumpTo(target: JumpControl, isContinue: boolean): void {
    const cut: Region[] = [];
    const controls = this.controls;
    for (let i = controls.length - 1; controls[i] !== target; i--) {
      const control = controls[i]!;
      if (control.kind === "jump") continue;
      if (control.kind === "iterator" && isContinue && control.loop === target) continue;
      this.cutRegion(control.region, cut);
      if (control.kind === "iterator") {
        this.leaveIterator(control);
      } else if (control.kind === "finally") {
        let index = control.jumps.findIndex((jump) => jump.target === target && jump.isContinue === isContinue);
        if (index < 0) index = control.jumps.push({ target, isContinue, place: this.pos }) - 1;
        this.LOADI(control.kindRegister, FIRST_JUMP + index);
        this.JMP(control.label);
        this.resume(cut);
        return;
      }
    }
    this.JMP(isContinue ? target.continueLabel! : target.breakLabel);
    this.resume(cut);
  }

  /** As `jumpTo`, for a `return` of the value in a register below `top`; -1: undefined. The value waits in the finally block's register. */
  protected returnValue(value: number): void {
    const cut: Region[] = [];
    const controls = this.controls;
    for (let i = controls.length - 1; i >= 0; i--) {
      const control = controls[i]!;
      if (control.kind === "jump") continue;
      this.cutRegion(control.region, cut);
      if (control.kind === "iterator") {
        this.leaveIterator(control);
      } else if (control.kind === "finally") {
        control.returns = this.pos;
        if (value < 0) this.LOADS(control.valueRegister, SPECIAL.UNDEFINED);
        else this.move(control.valueRegister, value);
        this.LOADI(control.kindRegister, RETURNED);
        this.JMP(control.label);
        this.resume(cut);
        return;
      }
    }
    this.emitReturn(value);
    this.resume(cut);
  }

  /** Emits the return of this kind of function: RETURN, RETURNU, ASYNCRETURN, or CTORRESULT and RETURN. */
  protected abstract emitReturn(value: number): void;

  /** Ends the range of a construct that the current jump leaves. `resume` opens it again after the jump. */
  private cutRegion(region: Region, cut: Region[]): void {
    this.closeRegion(region);
    cut.push(region);
  }

  /** The code after a jump is inside its constructs again. */
  private resume(cut: readonly Region[]): void {
    for (const region of cut) region.start = this.words;
  }

  // --- finally

  /**
   * `try { body } finally { finalizer }`; both arguments emit code. For `try { return a } finally { f() }`:
   *
   *     LOADS value, undefined
   *     MOVE value, a; LOADI kind, 2; JMP →2      the return in the body         handler → 1, exception in value
   *   1 LOADI kind, 1
   *   2 …                                         the finalizer, once for all ways
   *     JF kind, →4                               NORMAL: goes on below
   *     SEQI t, kind, 2; JF t, →3; RETURN value   one such test for returns and for each jump target
   *   3 THROW value
   *   4
   *
   * Both are ordinary registers, so a program that is held in the finalizer still knows how it was entered.
   */
  protected withFinally(body: () => void, finalizer: (kindRegister: number, valueRegister: number) => void): void {
    const mark = this.top;
    const kindRegister = this.reserve();
    const valueRegister = this.reserve();
    const handler = new Label();
    const label = new Label();
    // The finalizer may read it whichever way it is reached.
    this.LOADS(valueRegister, SPECIAL.UNDEFINED);
    const region = this.openRegion(handler, valueRegister);
    const control: FinallyControl = {
      kind: "finally",
      region,
      label,
      kindRegister,
      valueRegister,
      returns: -1,
      jumps: [],
    };
    this.controls.push(control);
    body();
    this.controls.pop();
    this.closeRegion(region);
    if (this.isReachable()) {
      this.LOADI(kindRegister, NORMAL);
      this.JMP(label);
    }
    this.emitLabel(handler);
    this.LOADI(kindRegister, THROWN);
    this.emitLabel(label);
    finalizer(kindRegister, valueRegister);

    // Dispatches on how the block was entered.
    const end = new Label();
    this.JF(kindRegister, end);
    control.jumps.forEach(({ target, isContinue, place }, index) => {
      this.pos = place;
      this.unlessKind(kindRegister, FIRST_JUMP + index, () => this.jumpTo(target, isContinue));
    });
    if (control.returns >= 0) {
      this.pos = control.returns;
      this.unlessKind(kindRegister, RETURNED, () => this.returnValue(valueRegister));
    }
    this.THROW(valueRegister);
    this.emitLabel(end);
    this.top = mark;
  }

  /** Emits `action` for one value of the kind register; other values pass by. */
  private unlessKind(kindRegister: number, kind: number, action: () => void): void {
    const next = new Label();
    const test = this.touch(this.top);
    this.SEQI(test, kindRegister, kind);
    this.JF(test, next);
    action();
    this.emitLabel(next);
  }
}
