// What cannot cross is refused with the path to it, and nothing of the guest's is run to find out.

import { describe, expect, it } from "vitest";
import { MarshalError, type CompleteState, type SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime({ typescript: false });
const identity = runtime.compile("value", { language: "javascript", inputs: ["value"] });

function refusedIn(value: unknown): string {
  const error = thrownBy(() => identity.start({ inputs: { value } }));
  expect(error).toBeInstanceOf(MarshalError);
  return (error as MarshalError).message;
}

function refusedOut(source: string): string {
  const state = runtime.compile(source, { language: "javascript" }).start() as CompleteState;
  const error = thrownBy(() => state.output);
  expect(error).toBeInstanceOf(MarshalError);
  return (error as MarshalError).message;
}

describe("into the guest", () => {
  it.each<[string, unknown, string]>([
    ["a function", () => 1, "inputs.value: a function"],
    ["a symbol", { a: Symbol("x") }, "inputs.value.a: a symbol"],
    ["a promise", [1, { b: Promise.resolve() }], "inputs.value[1].b: a promise"],
    ["a weak set", { "not a name": new WeakSet() }, 'inputs.value["not a name"]: a WeakSet'],
    ["shared memory", new Set([1, new SharedArrayBuffer(1)]), "inputs.value<member 1>: a SharedArrayBuffer"],
    [
      "a view of it",
      { bytes: new Uint8Array(new SharedArrayBuffer(2)) },
      "inputs.value.bytes: a Uint8Array of shared memory",
    ],
    ["a host object", new URL("https://x.example"), "inputs.value: a host object (URL)"],
    ["a cause", new Error("e", { cause: { f() {} } }), "inputs.value.cause.f: a function"],
    ["a sparse element", { 5: { x: [new WeakMap()] } }, "inputs.value[5].x[0]: a WeakMap"],
    ["a wrapper", [Object(5)], "inputs.value[0]: a Number object"],
  ])("%s", (_name, value, message) => {
    expect(refusedIn(value)).toContain(message);
  });

  it("a resume that is refused leaves the state as it was", () => {
    const state = runtime.compile("f()", { language: "javascript", externals: ["f"] }).start() as SuspendedState;
    expect(() => state.resume({ deep: [() => 1] })).toThrow("value.deep[0]: a function cannot cross into the guest");
    expect((state.resume("fine") as CompleteState).output).toBe("fine");
  });

  it("an array that changes while it is read is read as it was long", () => {
    const value: unknown[] = [1, 2, 3];
    Object.defineProperty(value, 0, { get: () => ((value.length = 1), "got"), enumerable: true, configurable: true });
    expect((identity.start({ inputs: { value } }) as CompleteState).output).toMatchObject({ length: 3 });
  });

  it("a getter of the host's may use the runtime itself", () => {
    const value = {
      a: 1,
      get b(): unknown {
        return (identity.start({ inputs: { value: { inner: [2] } } }) as CompleteState).output;
      },
      c: 3,
    };
    expect((identity.start({ inputs: { value } }) as CompleteState).output).toEqual({ a: 1, b: { inner: [2] }, c: 3 });
  });
});

describe("out of the guest", () => {
  it.each<[string, string, string]>([
    ["a function", "({ a: [1, 2, { b() {} }] })", "$.a[2].b: a function"],
    ["an arrow at the top", "() => 1", "$: a function"],
    ["a class", "[class {}]", "$[0]: a function"],
    ["a symbol", "[Symbol.iterator]", "$[0]: a symbol"],
    ["a promise", "[Promise.resolve(1)]", "$[0]: a promise"],
    ["a getter", "({ x: { get y() { throw 1 } } })", "$.x.y: a property with a getter or setter"],
    [
      "a getter at an index",
      "[Object.defineProperty([], 3, { get() {}, enumerable: true })]",
      "$[0][3]: a property with a getter",
    ],
    ["private fields", "class A { #p = 1 } ({ 'odd key': new A() })", '$["odd key"]: an instance with private fields'],
    ["a generator", "(function* () {})()", "$: a generator"],
    ["a weak map", "new Map([[1, 2], ['k', new WeakMap()]])", "$<value 1>: a weak collection"],
    ["a key of a map", "new Map([[1, 2], [() => 1, 3]])", "$<key 1>: a function"],
    ["a member of a set", "new Set([1, 2, Math.max])", "$<member 2>: a function"],
    ["a wrapper", "Object(1)", "$: a wrapper object"],
    ["a cause", "new Error('x', { cause: { deep: Symbol() } })", "$.cause.deep: a symbol"],
    ["a member of an AggregateError", "new AggregateError([1, () => 2])", "$.errors[1]: a function"],
    ["a sparse element", "const a = []; a[9999999] = { f: Math.abs }; a", "$[9999999].f: a function"],
  ])("%s", (_name, source, message) => {
    expect(refusedOut(source)).toContain(message);
  });

  it("runs no getter, toString or toJSON of the guest", () => {
    const source = `let ran = 0;
      const o = { toJSON() { ran++ }, get x() { ran++ } };
      const e = new Error("m"); Object.defineProperty(e, "message", { get() { ran++ } });
      globalThis.count = () => ran;
      [{ toString: null, a: 1 }, e]`;
    const session = runtime.session({ language: "javascript" });
    const first = session.start(source) as CompleteState;
    expect((first.output as unknown[])[0]).toEqual({ toString: null, a: 1 });
    expect((session.start("o") as CompleteState & { output: unknown }).status).toBe("complete");
    expect((session.start("count()") as CompleteState).output).toBe(0);
  });

  it("arguments that cannot cross fail in the guest, where they can be caught", async () => {
    const program = runtime.compile(
      `const out = [];
       try { out.push(await later({ cb: [() => 1] })) } catch (e) { out.push([e instanceof TypeError, e.message]) }
       try { out.push(now(1, Symbol())) } catch (e) { out.push([e instanceof TypeError, e.message]) }
       out.push(await later("ok"), now("ok"));
       out`,
      { language: "javascript", externals: { later: "async", now: "sync" } },
    );
    const expected = [
      [true, "args[0].cb[0]: a function cannot cross to the host"],
      [true, "args[1]: a symbol cannot cross to the host"],
      "ok",
      "ok",
    ];
    const echo = (value: unknown): unknown => value;
    expect((await program.run({ tools: { later: echo, now: echo } })).output).toEqual(expected);
    let state = program.start();
    while (state.status === "suspended") state = state.resume(state.calls[0]!.args[0]);
    expect((state as CompleteState).output).toEqual(expected);
  });

  it("an answer that cannot cross is an error in the guest", async () => {
    const program = runtime.compile(
      "const r = []; for (const f of [a, b]) try { await f() } catch (e) { r.push(e.message) } r",
      {
        language: "javascript",
        externals: { a: "async", b: "sync" },
      },
    );
    const bad = (): unknown => ({ x: () => 1 });
    const { output } = await program.run({ tools: { a: bad, b: bad } });
    expect(output).toEqual(Array.from({ length: 2 }, () => "value.x: a function cannot cross into the guest"));
  });
});
