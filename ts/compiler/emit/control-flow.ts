// Owns everything that leaves a statement early: break, continue, return and exceptions through finally blocks and open
// iterators, and the handler ranges that belong to them. Must never evaluate expressions.
//
// `controls` is the stack of constructs around the current place. A jump walks it outwards. Code that runs on the way
// (closing an iterator) must not be covered by handlers of constructs already left, so their ranges are cut open around it.
// A finally block is emitted once: a jump into it leaves a number in its `kind` register that says how to go on.
import { Label } from "../assembler.ts";
import { OP } from "../../generated/emit.ts";
import { Names } from "./names.ts";
import { SPECIAL, type Node } from "./state.ts";

/** An open range of words covered by a handler. */
export interface Region {
  start: number;
  readonly target: Label;
  readonly register: number;
}

export interface JumpControl {
  readonly kind: "jump";
  readonly labels: readonly string[];
  readonly breakLabel: Label;
  /** Null for a switch or a labelled block. */
  readonly continueLabel: Label | null;
  /** An unlabelled break stops here (loops and switches). */
  readonly plain: boolean;
}

interface RegionControl {
  readonly kind: "region";
  readonly region: Region;
}

export interface IteratorControl {
  readonly kind: "iterator";
  readonly region: Region;
  readonly group: number;
  readonly async: boolean;
  /** `continue` of this loop does not leave the iterator. */
  readonly loop: JumpControl | null;
}

export interface FinallyControl {
  readonly kind: "finally";
  readonly region: Region;
  readonly label: Label;
  readonly kindRegister: number;
  readonly valueRegister: number;
  /** Place of a return that goes through it; -1 if no return does. */
  returns: number;
  readonly jumps: { readonly target: JumpControl; readonly isContinue: boolean; readonly place: number }[];
}

export type Control = JumpControl | RegionControl | IteratorControl | FinallyControl;

/** Values of a finally block's kind register; jumps are numbered from the next value on. */
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

const FIRST_COMPARE = OP.LT;
const LAST_COMPARE = OP.SNEI;

export abstract class ControlFlow extends Names {
  protected controls: Control[] = [];

  /** False if control cannot come to the current place. */
  protected isReachable(): boolean {
    return !TERMINAL.has(this.lastOp());
  }

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

  /** True if nothing is to be done on the way out of all constructs around the current place. */
  protected leavesOnlyJumps(): boolean {
    for (const { kind } of this.controls) if (kind !== "jump") return false;
    return true;
  }

  // --- conditional jumps

  /**
   * The linker fuses a comparison with the jump that follows it and drops its result. Where the result is still needed, an
   * instruction must separate the two.
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

  /** Backward jump if truthy. `register` may be a temporary at or above `top`. */
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

  protected openRegion(target: Label, register: number): Region {
    this.touch(register);
    return { start: this.words, target, register };
  }

  protected closeRegion(region: Region): void {
    this.addHandler(region.start, region.target, region.register);
  }

  /** Runs `body` with exceptions going to `target`. */
  protected guarded(target: Label, register: number, body: () => void): void {
    const region = this.openRegion(target, register);
    this.controls.push({ kind: "region", region });
    body();
    this.controls.pop();
    this.closeRegion(region);
  }

  // --- iterators

  /**
   * Runs `body` with an open iterator: an exception closes it quietly, a jump out closes it. The caller closes it on the
   * normal way out, where that is due.
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

  private leaveIterator(control: IteratorControl): void {
    if (control.async) this.closeAsync(control.group);
    else this.ITERCLOSE(control.group);
  }

  // --- jumps

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

  /** Returns a value, given by its register below `top`; -1: undefined. */
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

  /** The return instruction of this kind of function. */
  protected abstract emitReturn(value: number): void;

  private cutRegion(region: Region, cut: Region[]): void {
    this.closeRegion(region);
    cut.push(region);
  }

  private resume(cut: readonly Region[]): void {
    for (const region of cut) region.start = this.words;
  }

  // --- finally

  /** `try { body } finally { finalizer }`; both emit code. */
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

  private unlessKind(kindRegister: number, kind: number, action: () => void): void {
    const next = new Label();
    const test = this.touch(this.top);
    this.SEQI(test, kindRegister, kind);
    this.JF(test, next);
    action();
    this.emitLabel(next);
  }
}
