// Owns yield, yield*, await and the asynchronous iteration protocol written out as instructions. Must never drive a
// loop over them (loops.ts).
//
// GENSTART and ASYNCSTART put the generator or coroutine into `info.coroutineRegister`. Every YIELD and AWAIT names that register: the
// frame moves into its cell and back, so all registers survive, and a function that waits is nothing but that cell.
import type { ESTree } from "meriyah";
import { Label } from "../assembler.ts";
import { Classes } from "./classes.ts";
import { ERROR, SPECIAL } from "./state.ts";

const NOT_AN_OBJECT = "Iterator result";

/** Kinds in GETITER. */
export const ITERATION = { SYNC: 0, ASYNC: 1, SYNC_PLAIN: 2 } as const;

export abstract class Generators extends Classes {
  protected get isAsyncGenerator(): boolean {
    return this.info.async && this.info.generator;
  }

  /** `dst` := the settled value of `source`; a rejection is thrown at the AWAIT. https://tc39.es/ecma262/#await */
  protected awaitInto(dst: number, source: number): void {
    this.AWAIT(this.touch(dst), source, this.info.coroutineRegister);
  }

  /** `dst` := await argument. */
  protected awaitExpression(node: ESTree.AwaitExpression, dst: number): void {
    const mark = this.top;
    const source = this.operand(node.argument);
    this.at(node);
    this.awaitInto(dst, source);
    this.top = mark;
  }

  // --- yield

  /**
   * `dst` := yield argument. https://tc39.es/ecma262/#sec-generatoryield, https://tc39.es/ecma262/#sec-asyncgeneratoryield
   *
   *     AWAIT pair, value, generator      only in an async generator, which awaits what it yields
   *     YIELD pair…, value, generator     pair := value sent, mode; a throw() is thrown here
   *     JF pair+1, →1                     mode 0: next()
   *     RETURN pair                       mode 2: return(), through iterators and finally blocks around (`returnValue`)
   *   1 MOVE dst, pair
   */
  protected yieldExpression(node: ESTree.YieldExpression, dst: number): void {
    if (node.delegate) {
      this.yieldDelegate(node, dst);
      return;
    }
    const mark = this.top;
    const pair = this.reserveMany(2);
    this.top = pair;
    let value: number;
    if (node.argument) value = this.operand(node.argument);
    else this.LOADS((value = this.touch(pair)), SPECIAL.UNDEFINED);
    this.at(node);
    if (this.isAsyncGenerator) {
      this.awaitInto(pair, value);
      value = pair;
    }
    this.top = pair + 2;
    this.YIELD(pair, value, this.info.coroutineRegister);
    this.onReturn(pair);
    this.top = mark;
    this.move(dst, pair);
  }

  /** After a YIELD: a `return()` from outside acts like a return statement with that value, which an async generator awaits first. */
  private onReturn(pair: number): void {
    const resumed = new Label();
    this.JF(pair + 1, resumed);
    if (this.isAsyncGenerator) this.awaitInto(pair, pair);
    this.returnValue(pair);
    this.emitLabel(resumed);
  }

  // --- yield*

  /**
   * `dst` := yield* argument, https://tc39.es/ecma262/#sec-generator-function-definitions-runtime-semantics-evaluation. It is a loop over
   * the inner iterator, in the three registers of `group`. `received` holds the value from outside, `result` that of the inner
   * iterator:
   *
   *   next:    CALL result, next(received)                        next() from outside
   *   check:   CHECKOBJECT result; JT result.done, →done
   *   again:   YIELDRESULT received…, result, generator           the inner result object itself goes out, its value is not read
   *            JF mode: LOOP →next
   *            CALL result, return(received)                      return() from outside; no such method: RETURN received
   *            JT result.done: RETURN result.value; LOOP →again
   *   thrown:  CALL result, throw(received); LOOP →check          throw() from outside: the handler of the YIELDRESULT
   *   done:    GETPROP dst, result, "value"
   *
   * An async generator awaits each result and yields its value instead (YIELD): each of its own promises gets a new result object. `next`
   * is read once (GETITER), `return` and `throw` each time. GETITER gets no array fast path, since the guest can see each call of next().
   */
  private yieldDelegate(node: ESTree.YieldExpression, dst: number): void {
    const isAsync = this.isAsyncGenerator;
    const mark = this.top;
    const group = this.reserveMany(3);
    const received = this.reserveMany(2);
    const result = this.reserve();
    const test = this.touch(this.top);
    const iterable = this.operand(node.argument!);
    this.top = result + 1;
    this.pos = this.placeAfter([node.argument!], node.start!);
    this.GETITER(group, iterable, isAsync ? ITERATION.ASYNC : ITERATION.SYNC_PLAIN);
    this.loadUndefined(received);

    // The three ways to resume the inner iterator come together at `check`.
    const check = new Label();
    const done = new Label();
    const thrown = new Label();
    const next = this.here();
    // As in V8, the inner iterator is called where it was asked for, and its result is awaited at the place of the `yield`.
    this.callMethod(group + 1, group, received, result);
    if (isAsync) this.at(node);
    this.emitLabel(check);
    if (isAsync) this.awaitInto(result, result);
    this.CHECKOBJECT(result, this.str(NOT_AN_OBJECT));
    this.GETPROP(test, result, this.str("done"));
    this.JT(test, done);
    const again = this.here();
    // An exception of the inner iterator itself propagates: only one thrown in at the yield is passed on to it.
    if (isAsync) this.GETPROP(test, result, this.str("value"));
    this.guarded(thrown, received, () => {
      if (isAsync) {
        this.YIELD(received, test, this.info.coroutineRegister);
      } else {
        this.YIELDRESULT(received, result, this.info.coroutineRegister);
      }
      const returned = new Label();
      this.JT(received + 1, returned);
      this.LOOP(this.top, next);
      this.emitLabel(returned);
      if (isAsync) this.awaitInto(received, received);
    });

    // return()
    const method = this.reserve();
    const noReturn = new Label();
    const finished = new Label();
    this.GETPROP(method, group, this.str("return"));
    this.JNULLISH(method, noReturn);
    this.callMethod(method, group, received, result);
    if (isAsync) this.awaitInto(result, result);
    this.CHECKOBJECT(result, this.str(NOT_AN_OBJECT));
    this.GETPROP(test, result, this.str("done"));
    this.JT(test, finished);
    this.LOOP(this.top, again);
    this.emitLabel(finished);
    this.GETPROP(received, result, this.str("value"));
    this.returnValue(received);
    this.emitLabel(noReturn);
    if (isAsync) this.awaitInto(received, received);
    this.returnValue(received);

    // throw()
    this.emitLabel(thrown);
    const noThrow = new Label();
    this.GETPROP(method, group, this.str("throw"));
    this.JNULLISH(method, noThrow);
    this.callMethod(method, group, received, result);
    this.LOOP(this.top, check);
    this.emitLabel(noThrow);
    if (isAsync) this.closeAsync(group);
    else this.ITERCLOSE(group);
    this.THROWERROR(ERROR.TYPE, this.str("The iterator does not provide a 'throw' method."));

    this.emitLabel(done);
    this.top = mark;
    this.GETPROP(this.touch(dst), result, this.str("value"));
  }

  /** `result` := method.call(object, argument). The call area is laid above everything in use and freed at once. */
  private callMethod(method: number, object: number, argument: number, result: number): void {
    const base = this.reserveMany(3);
    this.MOVE(base, method);
    this.MOVE(base + 1, object);
    this.MOVE(base + 2, argument);
    this.CALL(result, base, 1);
    this.top = base;
  }

  // --- asynchronous iterators

  /**
   * One step of for-await: `result` := the awaited iterator result; jumps to `done` when it is the last one. An exception of the step
   * leaves the iterator alone, so the loop calls this outside of its handler.
   *
   *   CALL t, next(); AWAIT result, t; CHECKOBJECT result; GETPROP t, result, "done"; JT t, →done
   */
  protected asyncNext(group: number, result: number, done: Label): void {
    const base = this.reserveMany(2);
    this.MOVE(base, group + 1);
    this.MOVE(base + 1, group);
    this.CALL(base, base, 0);
    this.awaitInto(result, base);
    this.CHECKOBJECT(result, this.str(NOT_AN_OBJECT));
    this.GETPROP(base, result, this.str("done"));
    this.JT(base, done);
    this.top = base;
  }

  /**
   * AsyncIteratorClose with a normal, return or break completion: https://tc39.es/ecma262/#sec-asynciteratorclose. Unlike ITERCLOSE it is
   * written out, because it awaits: the frame has to be suspended by an instruction of its own.
   */
  protected override closeAsync(group: number): void {
    const base = this.reserveMany(2);
    const noMethod = new Label();
    this.GETPROP(base, group, this.str("return"));
    this.JNULLISH(base, noMethod);
    this.MOVE(base + 1, group);
    this.CALL(base, base, 0);
    this.awaitInto(base, base);
    this.CHECKOBJECT(base, this.str(NOT_AN_OBJECT));
    this.emitLabel(noMethod);
    this.top = base;
  }

  /** AsyncIteratorClose with a throw completion: errors of the closing are dropped, since the exception under way wins. */
  protected override closeAsyncQuietly(group: number): void {
    const base = this.reserveMany(3);
    const over = new Label();
    this.guarded(over, base + 2, () => {
      this.GETPROP(base, group, this.str("return"));
      this.JNULLISH(base, over);
      this.MOVE(base + 1, group);
      this.CALL(base, base, 0);
      this.awaitInto(base, base);
    });
    this.emitLabel(over);
    this.top = base;
  }
}
