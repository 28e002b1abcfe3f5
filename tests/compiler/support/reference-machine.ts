// Owns a slow, obvious interpreter of portable bytecode on top of the host's own objects, to test the compiler without
// the real machine: differential tests against the host engine, and test262. Must be evaluated inside the realm it serves
// (its errors and intrinsics are that realm's) and must never be shipped.
import { OP, FN } from "../../../ts/generated/emit.ts";
import type { FunctionImage, Instruction, ProgramImage } from "../../../ts/compiler/image.ts";

/* oxlint-disable typescript/no-explicit-any -- guest values are anything */
type Value = any;
const HOLE: Value = { hole: true };
const SPECIALS = [undefined, null, false, true, HOLE];
const KINDS = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];

interface Environment {
  parent: Environment | undefined;
  slots: Value[];
}
interface Meta {
  code: Code;
  env: Environment | undefined;
  home: Value;
  fields: Value;
}
interface Code {
  image: FunctionImage;
  program: Program;
  index: Int32Array;
  templates: Map<number, Value>;
}
interface Program {
  image: ProgramImage;
  codes: Code[];
}
interface Frame {
  code: Code;
  regs: Value[];
  pc: number;
  args: Value[];
  newTarget: Value;
  env: Environment | undefined;
  generator: Value;
  coroutine: Coroutine | null;
  resumePair: number;
  suspendedAt: number;
}
interface Coroutine {
  promise: Promise<Value>;
  resolve: (v: Value) => void;
  reject: (e: Value) => void;
}
interface Request {
  kind: 0 | 1 | 2;
  value: Value;
  resolve: (v: Value) => void;
  reject: (e: Value) => void;
}
interface Generator {
  frame: Frame | null;
  state: "start" | "yield" | "running" | "done" | "draining";
  queue: Request[];
  isAsync: boolean;
}
class Private {
  description: string;
  members = new WeakMap<object, { kind: number; value?: Value; get?: Value; set?: Value }>();
  constructor(d: string) {
    this.description = d;
  }
}
const SUSPENDED = { suspended: true };

export function createMachine(global: Value): { run(image: ProgramImage): Value } {
  const lexical = new Map<string, { value: Value; isConst: boolean }>();
  const metas = new WeakMap<object, Meta>();
  const generators = new WeakMap<object, Generator>();
  const GeneratorFunction = Object.getPrototypeOf(function* () {});
  const AsyncFunction = Object.getPrototypeOf(async function () {});
  const AsyncGeneratorFunction = Object.getPrototypeOf(async function* () {});
  let fuel = 5_000_000;

  function hostAwait(value: Value, ok: (v: Value) => void, bad: (e: Value) => void): void {
    void (async () => {
      let result: Value;
      try {
        result = await value;
      } catch (error) {
        bad(error);
        return;
      }
      ok(result);
    })();
  }
  function hasLexical(name: string): boolean {
    return lexical.has(name);
  }
  function isObject(v: Value): boolean {
    return (typeof v === "object" && v !== null) || typeof v === "function";
  }
  function setProperty(object: Value, key: Value, value: Value, strict: boolean): void {
    if (object === undefined || object === null) throw new TypeError(`Cannot set property of ${object}`);
    if (!Reflect.set(Object(object), key, value, object) && strict)
      throw new TypeError(`Cannot assign to ${String(key)}`);
  }
  function toKey(v: Value): Value {
    if (typeof v === "symbol") return v;
    const o = Reflect.ownKeys({ [v]: 0 })[0]!;
    return o;
  }

  // --- functions
  function makeFunction(code: Code, env: Environment | undefined, isClass: boolean): Value {
    const { flags, length } = code.image;
    let fn: Value;
    const invoke = (self: Value, args: Value[], newTarget: Value): Value => call(fn, code, env, self, args, newTarget);
    if ((flags & FN.CONSTRUCTOR) !== 0) {
      fn = function (this: Value, ...args: Value[]): Value {
        if (new.target === undefined) {
          if (isClass) throw new TypeError("Class constructor cannot be invoked without 'new'");
          return invoke(this, args, undefined);
        }
        const derived = (flags & FN.DERIVED) !== 0;
        const result = invoke(derived ? HOLE : this, args, new.target);
        return isObject(result) ? result : this;
      };
    } else {
      fn = {
        m(this: Value, ...args: Value[]): Value {
          return invoke(this, args, undefined);
        },
      }.m;
    }
    const isGenerator = (flags & FN.GENERATOR) !== 0;
    const isAsync = (flags & FN.ASYNC) !== 0;
    if (isGenerator) {
      const proto = isAsync ? AsyncGeneratorFunction : GeneratorFunction;
      Object.setPrototypeOf(fn, proto);
      Object.defineProperty(fn, "prototype", { value: Object.create(proto.prototype), writable: true });
    } else if (isAsync) {
      Object.setPrototypeOf(fn, AsyncFunction);
    }
    const name = code.image.name === 0 ? "" : code.program.image.strings[code.image.name - 1]!;
    Object.defineProperty(fn, "length", { value: length, configurable: true });
    Object.defineProperty(fn, "name", { value: name, configurable: true });
    metas.set(fn, { code, env, home: undefined, fields: undefined });
    return fn;
  }

  function call(
    fn: Value,
    code: Code,
    env: Environment | undefined,
    self: Value,
    args: Value[],
    newTarget: Value,
  ): Value {
    const { image } = code;
    const regs: Value[] = Array.from({ length: image.registerCount }, () => ({ garbage: true }));
    regs[0] = fn;
    regs[1] = self;
    for (let i = 0; i < image.parameterCount; i++) regs[2 + i] = args[i];
    for (let i = 0; i < image.clearCount; i++) regs[2 + image.parameterCount + i] = undefined;
    const frame: Frame = {
      code,
      regs,
      pc: 0,
      args,
      newTarget,
      env,
      generator: null,
      coroutine: null,
      resumePair: -1,
      suspendedAt: 0,
    };
    const result = run(frame);
    return result === SUSPENDED ? frame.coroutine!.promise : result;
  }

  // --- generators
  function makeGenerator(frame: Frame): Value {
    const fn = frame.regs[0];
    const isAsync = (frame.code.image.flags & FN.ASYNC) !== 0;
    const fallback = (isAsync ? AsyncGeneratorFunction : GeneratorFunction).prototype;
    const object = Object.create(isObject(fn.prototype) ? fn.prototype : fallback);
    generators.set(object, { frame, state: "start", queue: [], isAsync });
    return object;
  }
  function resumeFrame(frame: Frame, kind: 0 | 1 | 2, value: Value): Value {
    if (kind === 1) {
      // A throw() happens at the YIELD, not behind it.
      frame.pc = frame.suspendedAt;
      return run(frame, { error: value });
    }
    if (frame.resumePair >= 0) {
      frame.regs[frame.resumePair] = value;
      frame.regs[frame.resumePair + 1] = kind;
    }
    return run(frame);
  }
  function drive(object: Value, kind: 0 | 1 | 2, value: Value): Value {
    const g = isObject(object) ? generators.get(object) : undefined;
    if (g === undefined || g.isAsync) throw new TypeError("not a generator");
    if (g.state === "running") throw new TypeError("generator is running");
    if (g.state === "start" && kind !== 0) g.state = "done";
    if (g.state === "done") {
      if (kind === 1) throw value;
      return { value: kind === 2 ? value : undefined, done: true };
    }
    const frame = g.frame!;
    if (g.state === "start") frame.resumePair = -1;
    g.state = "running";
    try {
      const result = resumeFrame(frame, kind, value);
      if (result instanceof Yielded) {
        g.state = "yield";
        return result.raw ? result.value : { value: result.value, done: false };
      }
      g.state = "done";
      return { value: result, done: true };
    } catch (error) {
      g.state = "done";
      throw error;
    }
  }
  class Yielded {
    value: Value;
    raw: boolean;
    constructor(value: Value, raw: boolean) {
      this.value = value;
      this.raw = raw;
    }
  }

  function settleFirst(g: Generator, kind: 0 | 1, value: Value, done: boolean): void {
    const request = g.queue.shift()!;
    if (kind === 1) request.reject(value);
    else request.resolve({ value, done });
  }
  function drain(g: Generator): void {
    g.state = "done";
    const request = g.queue[0];
    if (request === undefined) return;
    if (request.kind === 0) {
      settleFirst(g, 0, undefined, true);
      drain(g);
    } else if (request.kind === 1) {
      settleFirst(g, 1, request.value, true);
      drain(g);
    } else {
      g.state = "draining";
      hostAwait(
        request.value,
        (v) => {
          settleFirst(g, 0, v, true);
          drain(g);
        },
        (e) => {
          settleFirst(g, 1, e, true);
          drain(g);
        },
      );
    }
  }
  function step(g: Generator, run: () => Value): void {
    g.state = "running";
    let result: Value;
    try {
      result = run();
    } catch (error) {
      g.state = "done";
      settleFirst(g, 1, error, true);
      drain(g);
      return;
    }
    afterStep(g, result);
  }
  function afterStep(g: Generator, result: Value): void {
    if (result === SUSPENDED) return;
    if (result instanceof Yielded) {
      g.state = "yield";
      settleFirst(g, 0, result.value, false);
      if (g.queue.length > 0) pump(g);
    } else {
      settleFirst(g, 0, result, true);
      drain(g);
    }
  }
  function pump(g: Generator): void {
    const request = g.queue[0]!;
    if (g.state === "start" && request.kind !== 0) {
      drain(g);
      return;
    }
    const frame = g.frame!;
    if (g.state === "start") frame.resumePair = -1;
    step(g, () => resumeFrame(frame, request.kind, request.value));
  }
  function driveAsync(object: Value, kind: 0 | 1 | 2, value: Value): Value {
    return new Promise((resolve, reject) => {
      const g = isObject(object) ? generators.get(object) : undefined;
      if (g === undefined || !g.isAsync) {
        reject(new TypeError("not an async generator"));
        return;
      }
      g.queue.push({ kind, value, resolve, reject });
      if (g.queue.length > 1 || g.state === "running" || g.state === "draining") return;
      if (g.state === "done") drain(g);
      else pump(g);
    });
  }
  for (const [proto, driver] of [
    [GeneratorFunction.prototype, drive],
    [AsyncGeneratorFunction.prototype, driveAsync],
  ] as const) {
    const methods: Value = {
      next(v: Value) {
        return driver(this, 0, v);
      },
      return(v: Value) {
        return driver(this, 2, v);
      },
      throw(v: Value) {
        return driver(this, 1, v);
      },
    };
    for (const name of ["next", "return", "throw"])
      Object.defineProperty(proto, name, {
        value: methods[name],
        writable: true,
        configurable: true,
        enumerable: false,
      });
  }

  // --- iteration
  function getIterator(iterable: Value, kind: number): [Value, Value] {
    let method: Value;
    if (kind === 1) {
      method = iterable[Symbol.asyncIterator];
      if (method === undefined || method === null) {
        const sync = getIterator(iterable, 0);
        const wrapped = fromSync(sync[0], sync[1]);
        return [wrapped, wrapped.next];
      }
    } else {
      method = iterable[Symbol.iterator];
    }
    if (typeof method !== "function") throw new TypeError("not iterable");
    const iterator: Value = Reflect.apply(method, iterable, []);
    if (!isObject(iterator)) throw new TypeError("iterator is not an object");
    return [iterator, iterator.next];
  }
  function fromSync(iterator: Value, next: Value): Value {
    const settle = (result: Value, close: boolean): Value => {
      const done = Boolean(result.done);
      const value = result.value;
      return new Promise((resolve, reject) => {
        hostAwait(
          value,
          (v) => resolve({ value: v, done }),
          (e) => {
            if (!done && close)
              try {
                const r = iterator.return;
                if (r !== undefined && r !== null) Reflect.apply(r, iterator, []);
              } catch {
                /* the first error wins */
              }
            reject(e);
          },
        );
      });
    };
    const guarded = (f: () => Value): Value => {
      try {
        return f();
      } catch (e) {
        return Promise.reject(e);
      }
    };
    return {
      next: (...a: Value[]) =>
        guarded(() => {
          const r = Reflect.apply(next, iterator, a);
          if (!isObject(r)) throw new TypeError("not an object");
          return settle(r, true);
        }),
      return: (...a: Value[]) =>
        guarded(() => {
          const m = iterator.return;
          if (m === undefined || m === null) return Promise.resolve({ value: a[0], done: true });
          const r = Reflect.apply(m, iterator, a);
          if (!isObject(r)) throw new TypeError("not an object");
          return settle(r, false);
        }),
      throw: (...a: Value[]) =>
        guarded(() => {
          const m = iterator.throw;
          if (m === undefined || m === null) {
            const c = iterator.return;
            if (c !== undefined && c !== null) {
              const r = Reflect.apply(c, iterator, []);
              if (!isObject(r)) throw new TypeError("not an object");
            }
            throw new TypeError("no throw method");
          }
          const r = Reflect.apply(m, iterator, a);
          if (!isObject(r)) throw new TypeError("not an object");
          return settle(r, true);
        }),
    };
  }
  function iterate(r: Value[], g: number): { done: boolean; value: Value } {
    if (r[g + 2] === true) return { done: true, value: undefined };
    try {
      const result: Value = Reflect.apply(r[g + 1], r[g], []);
      if (!isObject(result)) throw new TypeError("iterator result is not an object");
      if (result.done) {
        r[g + 2] = true;
        return { done: true, value: undefined };
      }
      return { done: false, value: result.value };
    } catch (error) {
      r[g + 2] = true;
      throw error;
    }
  }
  function close(r: Value[], g: number): void {
    if (r[g + 2] === true) return;
    r[g + 2] = true;
    const method = r[g].return;
    if (method === undefined || method === null) return;
    const result = Reflect.apply(method, r[g], []);
    if (!isObject(result)) throw new TypeError("iterator result is not an object");
  }

  // --- the loop
  function run(frame: Frame, thrown: { error: Value } | null = null): Value {
    const { code, regs } = frame;
    let pending = thrown;
    for (;;) {
      try {
        if (pending !== null) {
          const { error } = pending;
          pending = null;
          throw error;
        }
        return execute(frame);
      } catch (error) {
        if (error === SUSPENDED) throw error;
        const word = frame.pc;
        const handler = code.image.handlers.find((h) => word >= h.start && word < h.end);
        if (handler === undefined) throw error;
        regs[handler.register] = error;
        frame.pc = handler.target;
      }
    }
  }

  function execute(frame: Frame): Value {
    const { code, regs: r } = frame;
    const { image, program } = code;
    const strict = (image.flags & FN.STRICT) !== 0;
    const strings = program.image.strings;
    const up = (depth: number): Value[] => {
      let e = frame.env!;
      for (let i = 0; i < depth; i++) e = e.parent!;
      return e.slots;
    };
    for (;;) {
      if (--fuel < 0) throw new Error("out of fuel");
      const ins: Instruction = image.code[code.index[frame.pc]!]!;
      const [a, b, c, d] = ins.operands as [number, number, number, number];
      const next = frame.pc + words(ins.op);
      switch (ins.op) {
        case OP.NOP:
          break;
        case OP.LOADK: {
          const k = image.constants[b]!;
          r[a] =
            k.tag === 2
              ? strings[k.value]
              : k.tag === 4
                ? BigInt(strings[k.value]!)
                : k.tag === 5
                  ? SPECIALS[k.value]
                  : k.value;
          break;
        }
        case OP.LOADI:
          r[a] = b;
          break;
        case OP.LOADS:
          r[a] = SPECIALS[b];
          break;
        case OP.MOVE:
          r[a] = r[b];
          break;
        case OP.NEWENV:
          r[a] = { parent: r[b], slots: Array.from({ length: c }, () => HOLE) };
          break;
        case OP.COPYENV:
          r[a] = { parent: r[b].parent, slots: r[b].slots.slice() };
          break;
        case OP.CALLEEENV:
          r[a] = frame.env;
          break;
        case OP.GETENV:
          r[a] = r[b].slots[c];
          break;
        case OP.SETENV:
          r[b].slots[c] = r[a];
          break;
        case OP.GETUP:
          r[a] = up(b)[c];
          break;
        case OP.SETUP:
          up(b)[c] = r[a];
          break;
        case OP.CHECKTDZ:
          if (r[a] === HOLE) throw new ReferenceError(`${strings[b]} is not initialised`);
          break;
        case OP.CHECKTHIS:
          if (r[a] === HOLE) throw new ReferenceError("this is not initialised");
          break;
        case OP.THROWCONST:
          throw new TypeError(`Assignment to constant ${strings[a]}`);
        case OP.THROWERROR:
          throw new KINDS[a]!(strings[b]);
        case OP.GETGLOBAL:
        case OP.TYPEOFGLOBAL: {
          const name = strings[b]!;
          const l = lexical.get(name);
          if (l !== undefined) {
            if (l.value === HOLE) throw new ReferenceError(name);
            r[a] = l.value;
          } else if (name in global) r[a] = global[name];
          else if (ins.op === OP.TYPEOFGLOBAL) r[a] = undefined;
          else throw new ReferenceError(`${name} is not defined`);
          break;
        }
        case OP.SETGLOBAL: {
          const name = strings[b]!;
          const l = lexical.get(name);
          if (l !== undefined) {
            if (l.value === HOLE) throw new ReferenceError(name);
            if (l.isConst) throw new TypeError(name);
            l.value = r[a];
          } else {
            if (strict && !(name in global)) throw new ReferenceError(`${name} is not defined`);
            setProperty(global, name, r[a], strict);
          }
          break;
        }
        case OP.CHECKVAR:
          if (hasLexical(strings[a]!)) throw new SyntaxError(strings[a]);
          break;
        case OP.CHECKFN: {
          if (hasLexical(strings[a]!)) throw new SyntaxError(strings[a]);
          const p = Object.getOwnPropertyDescriptor(global, strings[a]!);
          if (
            p === undefined
              ? !Object.isExtensible(global)
              : !p.configurable && !("value" in p && p.writable && p.enumerable)
          )
            throw new TypeError(strings[a]);
          break;
        }
        case OP.CHECKLEX: {
          const p = Object.getOwnPropertyDescriptor(global, strings[a]!);
          if (hasLexical(strings[a]!) || (p !== undefined && !p.configurable)) throw new SyntaxError(strings[a]);
          break;
        }
        case OP.DECLVAR:
          if (!Object.hasOwn(global, strings[a]!)) {
            if (!Object.isExtensible(global)) throw new TypeError(strings[a]);
            Object.defineProperty(global, strings[a]!, { value: undefined, writable: true, enumerable: true });
          }
          break;
        case OP.DECLFN: {
          const p = Object.getOwnPropertyDescriptor(global, strings[b]!);
          Object.defineProperty(
            global,
            strings[b]!,
            p === undefined || p.configurable
              ? { value: r[a], writable: true, enumerable: true, configurable: false }
              : { value: r[a] },
          );
          break;
        }
        case OP.DECLLEX:
          lexical.set(strings[b]!, { value: HOLE, isConst: (a & 1) !== 0 });
          break;
        case OP.INITLEX:
          lexical.get(strings[b]!)!.value = r[a];
          break;
        case OP.ADD:
          r[a] = r[b] + r[c];
          break;
        case OP.SUB:
          r[a] = r[b] - r[c];
          break;
        case OP.MUL:
          r[a] = r[b] * r[c];
          break;
        case OP.DIV:
          r[a] = r[b] / r[c];
          break;
        case OP.MOD:
          r[a] = r[b] % r[c];
          break;
        case OP.EXP:
          r[a] = r[b] ** r[c];
          break;
        case OP.BITAND:
          r[a] = r[b] & r[c];
          break;
        case OP.BITOR:
          r[a] = r[b] | r[c];
          break;
        case OP.BITXOR:
          r[a] = r[b] ^ r[c];
          break;
        case OP.SHL:
          r[a] = r[b] << r[c];
          break;
        case OP.SHR:
          r[a] = r[b] >> r[c];
          break;
        case OP.USHR:
          r[a] = r[b] >>> r[c];
          break;
        case OP.ADDI:
          r[a] = r[b] + (c as Value);
          break;
        case OP.SUBI:
          r[a] = r[b] - c;
          break;
        case OP.MULI:
          r[a] = r[b] * c;
          break;
        case OP.DIVI:
          r[a] = r[b] / c;
          break;
        case OP.MODI:
          r[a] = r[b] % c;
          break;
        case OP.BITANDI:
          r[a] = r[b] & c;
          break;
        case OP.BITORI:
          r[a] = r[b] | c;
          break;
        case OP.BITXORI:
          r[a] = r[b] ^ c;
          break;
        case OP.SHLI:
          r[a] = r[b] << c;
          break;
        case OP.SHRI:
          r[a] = r[b] >> c;
          break;
        case OP.USHRI:
          r[a] = r[b] >>> c;
          break;
        case OP.LT:
          r[a] = r[b] < r[c];
          break;
        case OP.LE:
          r[a] = r[b] <= r[c];
          break;
        case OP.GT:
          r[a] = r[b] > r[c];
          break;
        case OP.GE:
          r[a] = r[b] >= r[c];
          break;
        case OP.EQ:
          // oxlint-disable-next-line eqeqeq -- the operator itself
          r[a] = r[b] == r[c];
          break;
        case OP.NE:
          // oxlint-disable-next-line eqeqeq -- the operator itself
          r[a] = r[b] != r[c];
          break;
        case OP.SEQ:
          r[a] = r[b] === r[c];
          break;
        case OP.SNE:
          r[a] = r[b] !== r[c];
          break;
        case OP.LTI:
          r[a] = r[b] < c;
          break;
        case OP.LEI:
          r[a] = r[b] <= c;
          break;
        case OP.GTI:
          r[a] = r[b] > c;
          break;
        case OP.GEI:
          r[a] = r[b] >= c;
          break;
        case OP.SEQI:
          r[a] = r[b] === c;
          break;
        case OP.SNEI:
          r[a] = r[b] !== c;
          break;
        case OP.INSTANCEOF:
          r[a] = r[b] instanceof r[c];
          break;
        case OP.IN:
          r[a] = r[b] in r[c];
          break;
        case OP.PRIVIN:
          if (!isObject(r[c])) throw new TypeError("not an object");
          r[a] = (r[b] as Private).members.has(r[c]);
          break;
        case OP.NEG:
          r[a] = -r[b];
          break;
        case OP.PLUS:
          r[a] = +r[b];
          break;
        case OP.NOT:
          r[a] = !r[b];
          break;
        case OP.BITNOT:
          r[a] = ~r[b];
          break;
        case OP.TYPEOF:
          r[a] = typeof r[b];
          break;
        case OP.INC: {
          let v = r[b];
          v++;
          r[a] = v;
          break;
        }
        case OP.DEC: {
          let v = r[b];
          v--;
          r[a] = v;
          break;
        }
        case OP.TONUMERIC: {
          let v = r[b];
          r[a] = v++;
          break;
        }
        case OP.TOKEY:
          r[a] = toKey(r[b]);
          break;
        case OP.TOSTRING:
          r[a] = `${r[b]}`;
          break;
        case OP.CONCAT:
          r[a] = r.slice(b, b + c).join("");
          break;
        case OP.JMP:
          frame.pc += a;
          continue;
        case OP.JT:
          if (r[a]) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JF:
          if (!r[a]) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JNULLISH:
          if (r[a] === undefined || r[a] === null) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JNOTNULLISH:
          if (r[a] !== undefined && r[a] !== null) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JUNDEF:
          if (r[a] === undefined) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JNOTUNDEF:
          if (r[a] !== undefined) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.JHOLE:
          if (r[a] === HOLE) {
            frame.pc += b;
            continue;
          }
          break;
        case OP.LOOP:
          clearFrom(r, a);
          frame.pc += b;
          continue;
        case OP.LOOPT: {
          const t = r[a];
          clearFrom(r, b);
          if (t) {
            frame.pc += c;
            continue;
          }
          break;
        }
        case OP.GETPROP:
          r[a] = r[b][strings[c]!];
          break;
        case OP.SETPROP:
          setProperty(r[a], strings[c], r[b], strict);
          break;
        case OP.GETELEM:
          r[a] = r[b][r[c]];
          break;
        case OP.SETELEM: {
          if (r[a] === undefined || r[a] === null) throw new TypeError("Cannot set property");
          setProperty(r[a], toKey(r[b]), r[c], strict);
          break;
        }
        case OP.DELELEM: {
          if (r[b] === undefined || r[b] === null) throw new TypeError("Cannot delete property");
          const ok = Reflect.deleteProperty(Object(r[b]), toKey(r[c]));
          if (!ok && strict) throw new TypeError("Cannot delete property");
          r[a] = ok;
          break;
        }
        case OP.DELGLOBAL:
          r[a] = lexical.has(strings[b]!) ? false : Reflect.deleteProperty(global, strings[b]!);
          break;
        case OP.GETSUPER: {
          const proto = Object.getPrototypeOf(metas.get(r[b])!.home);
          if (proto === null) throw new TypeError("super has no prototype");
          r[a] = Reflect.get(proto, toKey(r[b + 1]), r[b + 2]);
          break;
        }
        case OP.SETSUPER: {
          const proto = Object.getPrototypeOf(metas.get(r[a])!.home);
          if (proto === null) throw new TypeError("super has no prototype");
          if (!Reflect.set(proto, toKey(r[a + 1]), r[a + 3], r[a + 2]) && strict) throw new TypeError("Cannot assign");
          break;
        }
        case OP.GETPRIV: {
          const m = isObject(r[b]) ? (r[c] as Private).members.get(r[b]) : undefined;
          if (m === undefined) throw new TypeError(`no ${(r[c] as Private).description}`);
          if (m.kind === 1 || m.kind === 2) {
            if (m.get === undefined) throw new TypeError("no getter");
            r[a] = Reflect.apply(m.get, r[b], []);
          } else r[a] = m.value;
          break;
        }
        case OP.SETPRIV: {
          const m = isObject(r[a]) ? (r[b] as Private).members.get(r[a]) : undefined;
          if (m === undefined) throw new TypeError(`no ${(r[b] as Private).description}`);
          if (m.kind === 1 || m.kind === 2) {
            if (m.set === undefined) throw new TypeError("no setter");
            Reflect.apply(m.set, r[a], [r[c]]);
          } else if (m.kind === 0) throw new TypeError("private method is not writable");
          else m.value = r[c];
          break;
        }
        case OP.DEFPRIV: {
          const { members } = r[b] as Private;
          if (members.has(r[a])) throw new TypeError("private field twice");
          members.set(r[a], { kind: -1, value: r[c] });
          break;
        }
        case OP.DEFPRIVM: {
          const { members } = r[b] as Private;
          const known = members.get(r[a]);
          if (d === 0) {
            if (known !== undefined) throw new TypeError("private method twice");
            members.set(r[a], { kind: 0, value: r[c] });
          } else {
            const m = known ?? { kind: d };
            if ((d === 1 ? m.get : m.set) !== undefined) throw new TypeError("private accessor twice");
            if (d === 1) m.get = r[c];
            else m.set = r[c];
            members.set(r[a], m);
          }
          break;
        }
        case OP.NEWPRIV:
          r[a] = new Private(strings[b]!);
          break;
        case OP.NEWOBJ:
          r[a] = {};
          break;
        case OP.NEWARR:
          r[a] = [];
          break;
        case OP.DEFFIELD:
        case OP.DEFELEM: {
          const key = ins.op === OP.DEFFIELD ? strings[c]! : r[b];
          const value = ins.op === OP.DEFFIELD ? r[b] : r[c];
          if (!Reflect.defineProperty(r[a], key, { value, writable: true, enumerable: true, configurable: true }))
            throw new TypeError("Cannot define property");
          break;
        }
        case OP.DEFPROTO:
          if (isObject(r[b]) || r[b] === null) Object.setPrototypeOf(r[a], r[b]);
          break;
        case OP.DEFMETHOD: {
          const key = r[b];
          const kind = d & 3;
          const enumerable = (d & 4) !== 0;
          const text =
            typeof key === "symbol" ? (key.description === undefined ? "" : `[${key.description}]`) : String(key);
          Object.defineProperty(r[c], "name", {
            value: (kind === 1 ? "get " : kind === 2 ? "set " : "") + text,
            configurable: true,
          });
          metas.get(r[c])!.home = r[a];
          const desc: Value = kind === 0 ? { value: r[c], writable: true } : kind === 1 ? { get: r[c] } : { set: r[c] };
          if (!Reflect.defineProperty(r[a], key, { ...desc, enumerable, configurable: true }))
            throw new TypeError("Cannot define method");
          break;
        }
        case OP.SETNAME: {
          const key = r[b];
          const text =
            typeof key === "symbol" ? (key.description === undefined ? "" : `[${key.description}]`) : String(key);
          Object.defineProperty(r[a], "name", { value: ["", "get ", "set "][c] + text, configurable: true });
          break;
        }
        case OP.ARRPUSH: {
          const arr = r[a];
          Object.defineProperty(arr, arr.length, { value: r[b], writable: true, enumerable: true, configurable: true });
          break;
        }
        case OP.ARRHOLE:
          r[a].length++;
          break;
        case OP.ARRSPREAD: {
          const arr = r[a];
          for (const v of r[b])
            Object.defineProperty(arr, arr.length, { value: v, writable: true, enumerable: true, configurable: true });
          break;
        }
        case OP.SPREADOBJ:
          copyData(r[a], r[b], []);
          break;
        case OP.OBJREST: {
          if (r[b] === undefined || r[b] === null) throw new TypeError("not an object");
          const o = {};
          copyData(o, r[b], r.slice(c, c + d));
          r[a] = o;
          break;
        }
        case OP.GETTEMPLATE: {
          let t = code.templates.get(frame.pc);
          if (t === undefined) {
            const list = image.constants[b]!.template!;
            t = [];
            const raw: string[] = [];
            for (let i = 0; i < list.length; i += 2) {
              t.push(list[i] === 0 ? undefined : strings[list[i]! - 1]);
              raw.push(strings[list[i + 1]!]!);
            }
            Object.defineProperty(t, "raw", { value: Object.freeze(raw) });
            Object.freeze(t);
            code.templates.set(frame.pc, t);
          }
          r[a] = t;
          break;
        }
        case OP.NEWREGEXP:
          r[a] = new RegExp(r[b], r[b + 1]);
          break;
        case OP.CALL:
        case OP.TAILCALL: {
          const v = Reflect.apply(callable(r[b]), r[b + 1], r.slice(b + 2, b + 2 + c));
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.CALLU: {
          const v = Reflect.apply(callable(r[b]), undefined, r.slice(b + 2, b + 2 + c));
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.NEW: {
          const v = Reflect.construct(constructor(r[b]), r.slice(b + 2, b + 2 + c));
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.SUPERCALL: {
          const v = Reflect.construct(constructor(r[b]), r.slice(b + 2, b + 2 + c), r[b + 1]);
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.CALLSPREAD: {
          const v = Reflect.apply(callable(r[b]), r[b + 1], r[b + 2]);
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.NEWSPREAD: {
          const v = Reflect.construct(constructor(r[b]), r[b + 2], r[b + 1] === undefined ? r[b] : r[b + 1]);
          clearFrom(r, b);
          r[a] = v;
          break;
        }
        case OP.GETSUPERCTOR:
          r[a] = Object.getPrototypeOf(r[b]);
          break;
        case OP.RETURN:
          return r[a];
        case OP.RETURNU:
          return undefined;
        case OP.CTORRESULT:
          if (isObject(r[b])) r[a] = r[b];
          else if (r[b] !== undefined) throw new TypeError("derived constructor returned a primitive");
          else if (r[c] === HOLE) throw new ReferenceError("this is not initialised");
          else r[a] = r[c];
          break;
        case OP.THISSLOPPY:
          r[1] = r[1] === undefined || r[1] === null ? global : Object(r[1]);
          break;
        case OP.ARGUMENTS:
          r[a] = makeArguments(frame, strict, b);
          break;
        case OP.REST:
          r[a] = frame.args.slice(b);
          break;
        case OP.NEWTARGET:
          r[a] = frame.newTarget;
          break;
        case OP.CLOSURE:
          r[a] = makeFunction(program.codes[c]!, r[b], false);
          break;
        case OP.NEWCLASS: {
          const parent = r[b];
          let proto: Value = Object.prototype;
          let ctorParent: Value = Function.prototype;
          if (parent === null) proto = null;
          else if (parent !== HOLE) {
            constructor(parent);
            proto = parent.prototype;
            if (proto !== null && !isObject(proto))
              throw new TypeError("Class extends value does not have valid prototype property");
            ctorParent = parent;
          }
          const prototype = Object.create(proto);
          const F = makeFunction(program.codes[d]!, r[c], true);
          Object.setPrototypeOf(F, ctorParent);
          Object.defineProperty(F, "prototype", {
            value: prototype,
            writable: false,
            enumerable: false,
            configurable: false,
          });
          Object.defineProperty(prototype, "constructor", {
            value: F,
            writable: true,
            enumerable: false,
            configurable: true,
          });
          metas.get(F)!.home = prototype;
          r[a] = F;
          r[a + 1] = prototype;
          break;
        }
        case OP.SETHOME:
          metas.get(r[a])!.home = r[b];
          break;
        case OP.SETFIELDS:
          metas.get(r[a])!.fields = r[b];
          break;
        case OP.RUNFIELDS: {
          const f = metas.get(r[b])!.fields;
          if (f !== undefined) Reflect.apply(f, r[a], []);
          break;
        }
        case OP.GETITER: {
          const [it, nx] = getIterator(r[b], c);
          r[a] = it;
          r[a + 1] = nx;
          r[a + 2] = undefined;
          break;
        }
        case OP.FORNEXT: {
          const s = iterate(r, a);
          if (s.done) {
            frame.pc += c;
            continue;
          }
          r[b] = s.value;
          break;
        }
        case OP.ITERSTEP:
          r[a] = iterate(r, b).value;
          break;
        case OP.ITERREST: {
          const out: Value[] = [];
          for (;;) {
            const s = iterate(r, b);
            if (s.done) break;
            Object.defineProperty(out, out.length, {
              value: s.value,
              writable: true,
              enumerable: true,
              configurable: true,
            });
          }
          r[a] = out;
          break;
        }
        case OP.ITERCLOSE:
          close(r, a);
          break;
        case OP.ITERCLOSEQ:
          try {
            close(r, a);
          } catch {
            /* an exception is under way */
          }
          break;
        case OP.FORIN: {
          if (r[b] !== undefined && r[b] !== null) r[a] = forInKeys(Object(r[b]));
          else r[a] = null;
          r[a + 1] = null;
          r[a + 2] = 0;
          break;
        }
        case OP.FORINNEXT: {
          let found: Value;
          const it = r[a];
          if (it !== null) {
            const s = it.next();
            if (!s.done) found = s.value;
          }
          if (found === undefined) {
            frame.pc += c;
            continue;
          }
          r[b] = found;
          break;
        }
        case OP.GENSTART: {
          const g = makeGenerator(frame);
          r[a] = g;
          frame.generator = g;
          frame.pc = next;
          return g;
        }
        case OP.YIELD:
        case OP.YIELDRESULT:
          frame.resumePair = a;
          frame.suspendedAt = ins.word;
          frame.pc = next;
          return new Yielded(r[b], ins.op === OP.YIELDRESULT);
        case OP.ASYNCSTART: {
          let resolve!: (v: Value) => void;
          let reject!: (e: Value) => void;
          const promise = new Promise<Value>((y, n) => {
            resolve = y;
            reject = n;
          });
          r[a] = frame.coroutine = { promise, resolve, reject };
          break;
        }
        case OP.AWAIT: {
          const generator = frame.generator === null ? null : generators.get(frame.generator)!;
          const resume = (kind: 0 | 1, v: Value): void => {
            const go = (): Value => {
              if (kind === 0) {
                r[a] = v;
                return run(frame);
              }
              frame.pc = ins.word;
              return run(frame, { error: v });
            };
            frame.pc = next;
            if (generator === null) {
              const result = go();
              void result;
            } else step(generator, go);
          };
          hostAwait(
            r[b],
            (v) => resume(0, v),
            (e) => resume(1, e),
          );
          return SUSPENDED;
        }
        case OP.ASYNCRETURN:
          frame.coroutine!.resolve(r[a]);
          return SUSPENDED;
        case OP.ASYNCTHROW:
          frame.coroutine!.reject(r[a]);
          return SUSPENDED;
        case OP.CHECKOBJECT:
          if (!isObject(r[a])) throw new TypeError(`${strings[b]} is not an object`);
          break;
        case OP.THROW:
          throw r[a];
        case OP.STEP:
        case OP.FUEL:
          break;
        case OP.REQUIREOBJ:
          if (r[a] === undefined || r[a] === null) throw new TypeError("Cannot destructure");
          break;
        case OP.IMPORTCALL: {
          const s = r[b];
          r[a] = new Promise((_y, n) => {
            try {
              n(new TypeError(`cannot import ${s}`));
            } catch (e) {
              n(e);
            }
          });
          break;
        }
        case OP.IMPORTMETA:
          r[a] = Object.create(null);
          break;
        default:
          throw new Error(`reference machine: opcode ${ins.op}`);
      }
      frame.pc = next;
    }
  }

  function clearFrom(r: Value[], top: number): void {
    // What a callee or a collection leaves behind must never be read.
    for (let i = top; i < r.length; i++) r[i] = GARBAGE;
  }
  const GARBAGE: Value = new Proxy(
    {},
    {
      get() {
        throw new Error("reference machine: dead register read");
      },
    },
  );
  function callable(f: Value): Value {
    if (typeof f !== "function") throw new TypeError("not a function");
    return f;
  }
  function constructor(f: Value): Value {
    if (typeof f !== "function") throw new TypeError("not a constructor");
    try {
      Reflect.construct(Object, [], f);
    } catch {
      throw new TypeError("not a constructor");
    }
    return f;
  }
  function copyData(target: Value, source: Value, excluded: Value[]): void {
    if (source === undefined || source === null) return;
    const from = Object(source);
    const skip = new Set(excluded.map((k) => (typeof k === "symbol" ? k : String(k))));
    for (const key of Reflect.ownKeys(from)) {
      if (skip.has(key)) continue;
      const p = Reflect.getOwnPropertyDescriptor(from, key);
      if (p !== undefined && p.enumerable)
        Object.defineProperty(target, key, { value: from[key], writable: true, enumerable: true, configurable: true });
    }
  }
  function forInKeys(o: Value): Value {
    const seen = new Set<string>();
    let object = o;
    let keys: Value[] = [];
    let i = 0;
    let started = false;
    return {
      next(): Value {
        for (;;) {
          if (!started) {
            if (object === null) return { done: true };
            keys = Reflect.ownKeys(object);
            i = 0;
            started = true;
          }
          while (i < keys.length) {
            const k = keys[i++];
            if (typeof k === "symbol") continue;
            const p = Reflect.getOwnPropertyDescriptor(object, k);
            if (p === undefined || seen.has(k)) continue;
            seen.add(k);
            if (p.enumerable) return { done: false, value: k };
          }
          object = Reflect.getPrototypeOf(object);
          started = false;
        }
      },
    };
  }
  function makeArguments(frame: Frame, strict: boolean, mapped: number): Value {
    const simple = (frame.code.image.flags & FN.HAS_SIMPLE_PARAMETERS) !== 0;
    const make = strict || !simple ? STRICT_ARGUMENTS : SLOPPY_ARGUMENTS;
    const args = Reflect.apply(make, undefined, frame.args);
    if (!strict && simple)
      Object.defineProperty(args, "callee", {
        value: frame.regs[0],
        writable: true,
        enumerable: false,
        configurable: true,
      });
    return mapped === 0 ? args : mapArguments(args, frame, frame.regs[mapped].slots);
  }
  /** Parameters live in the first slots; an element is one of them until it is deleted, made an accessor or read-only. */
  function mapArguments(args: Value, frame: Frame, slots: Value[]): Value {
    const count = frame.code.image.parameterCount;
    for (let i = 0; i < count; i++) slots[i] = frame.args[i];
    const shared = new Set(Array.from({ length: Math.min(count, frame.args.length) }, (_, i) => String(i)));
    const isShared = (key: PropertyKey): key is string => typeof key === "string" && shared.has(key);
    const refresh = (key: PropertyKey): void => {
      if (isShared(key)) args[key] = slots[Number(key)];
    };
    return new Proxy(args, {
      get(target, key, receiver) {
        refresh(key);
        return Reflect.get(target, key, receiver);
      },
      getOwnPropertyDescriptor(target, key) {
        refresh(key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      defineProperty(target, key, descriptor) {
        refresh(key);
        if (!Reflect.defineProperty(target, key, descriptor)) return false;
        if (!isShared(key)) return true;
        if ("value" in descriptor) slots[Number(key)] = descriptor.value;
        if ("get" in descriptor || "set" in descriptor || descriptor.writable === false) shared.delete(key);
        return true;
      },
      deleteProperty(target, key) {
        const done = Reflect.deleteProperty(target, key);
        if (done && isShared(key)) shared.delete(key);
        return done;
      },
    });
  }
  // oxlint-disable-next-line no-new-func -- a sloppy function cannot be written in a module
  const SLOPPY_ARGUMENTS = new Function("return arguments") as Value;
  // oxlint-disable-next-line prefer-rest-params
  const STRICT_ARGUMENTS = function (): Value {
    return arguments;
  };

  function load(image: ProgramImage): Program {
    const program: Program = { image, codes: [] };
    for (const fn of image.functions) {
      const index = new Int32Array(fn.wordCount);
      fn.code.forEach((ins, i) => {
        index[ins.word] = i;
      });
      program.codes.push({ image: fn, program, index, templates: new Map() });
    }
    return program;
  }
  return {
    run(image: ProgramImage): Value {
      fuel = 5_000_000;
      const program = load(image);
      const code = program.codes[0]!;
      return call(undefined, code, undefined, global, [], undefined);
    },
  };
}

const X_WORDS = new Set<number>();
export function setWords(rows: readonly (readonly [string, string, string, string, number])[]): void {
  rows.forEach((row, op) => {
    if (row[4] === 2) X_WORDS.add(op);
  });
}
function words(op: number): number {
  return X_WORDS.has(op) ? 2 : 1;
}
