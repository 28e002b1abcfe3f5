// What `inspect({ scopes: true })` shows: the variables of every function that is under way, without running anything.

import { beforeAll, describe, expect, it } from "vitest";
import type { Inspection, ScopedFrame, SuspendedState, ValuePreview } from "../../ts/index.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

function held(source: string, options: { step?: boolean; filename?: string } = {}): SuspendedState {
  const program = runtime.compile(source, {
    externals: { ask: "async", hold: "sync" },
    filename: "a.ts",
    step: true,
    ...options,
  });
  return program.start({ seed: 1, now: 0 }) as SuspendedState;
}

/** The variables of a frame as text: by sort, in order. */
function shown({ scopes }: ScopedFrame): Record<string, string> {
  return Object.fromEntries(
    (scopes ?? []).map(({ kind, function: of, variables }) => [
      of === undefined ? kind : `${kind} ${of}`.trim(),
      variables.map(({ name, value }) => `${name}=${value.text}`).join(" "),
    ]),
  );
}

/** The value of a variable in the innermost frame. */
function valueOf(inspection: Inspection, name: string): ValuePreview {
  return inspection.frames[0]!.scopes!.flatMap(({ variables }) => variables).find((one) => one.name === name)!.value;
}

const NESTED = `
class Board {
  #secret = "s";
  constructor(readonly size: number) {}
  each(visit: (row: number) => void) {
    const last = this.size;
    for (let row = 1; row <= last; row++) {
      const doubled = row * 2;
      visit(doubled);
    }
  }
}
let total = 10;
const board = new Board(2);
board.each((n) => {
  const sum = total + n;
  total = hold(sum);
  const later = 1;
});
`;

describe("the variables of a held program", () => {
  it("are those of every frame: locals, blocks, closures, globals and this", () => {
    const { frames } = held(NESTED).inspect({ scopes: true });
    expect(frames.map(({ function: name, line }) => [name, line])).toEqual([
      ["", 17],
      ["each", 9],
      ["", 15],
    ]);
    expect(shown(frames[0]!)).toEqual({ local: "n=2 sum=12", global: "total=10" });
    expect(frames[0]!.this).toBeUndefined();
    expect(shown(frames[1]!)["local"]).toBe("doubled=2 row=1 visit=ƒ last=2");
    expect(frames[1]!.this!.text).toBe(`Board { size: 2, #secret: "s" }`);
    expect(shown(frames[2]!)["local"]).toBe(`Board=class Board total=10 board=Board { size: 2, #secret: "s" }`);
  });

  it("of functions around are listed function by function, the top level last", () => {
    const { frames } = held(`
      let top = 1;
      function outer(a: number) {
        const b = a + 1;
        return function middle(c: number) {
          const unused = 0;
          return (d: number) => { const c = 9; return hold(a + b + c + d + top); };
        };
      }
      const run = outer(2)(3);
      run(4);`).inspect({ scopes: true });
    expect(frames[0]!.scopes!.map(({ kind, function: of }) => [kind, of])).toEqual([
      ["local", undefined],
      ["closure", "outer"],
      ["global", undefined],
    ]);
    expect(shown(frames[0]!)).toEqual({
      local: "d=4 c=9",
      "closure outer": "a=2 b=3",
      global: "top=1 outer=ƒ outer",
    });
  });

  it("of the top level are a module's where it is one, and each pass of a loop there has its own", () => {
    const module = held(`export let shared = 1; let own = 2; const look = () => hold(shared + own); look();`).inspect({
      scopes: true,
    });
    expect(shown(module.frames[0]!)).toEqual({ module: "shared=1 own=2" });
    const looks = held(
      `const looks: (() => number)[] = []; for (let i = 0; i < 3; i++) looks.push(() => hold(i)); looks[1]!();`,
    );
    const [inner] = looks.inspect({ scopes: true }).frames;
    expect(shown(inner!)).toEqual({ closure: "i=1" });
    // The body of a function is no top level.
    const body = runtime.compile("let n = 1; const f = () => hold(n); return f();", {
      type: "function-body",
      externals: { hold: "sync" },
    });
    const [arrow] = (body.start() as SuspendedState).inspect({ scopes: true }).frames;
    expect(shown(arrow!)).toEqual({ closure: "n=1" });
  });

  it("have this in arrow functions, of the function around that has it", () => {
    const frame = (source: string): ScopedFrame => held(source).inspect({ scopes: true }).frames[0]!;
    const self = (source: string): string | undefined => frame(source).this?.text;
    expect(self("class A { n = 1; go() { return [1].map((x) => () => hold(this.n + x))[0]!(); } } new A().go();")).toBe(
      "A { n: 1 }",
    );
    expect(self("class A { look = () => hold(this.n); n = 2; } new A().look();")).toBe("A { look: ƒ look, n: 2 }");
    expect(self("class A { static n = 3; static { (() => hold(this.n))(); } }")).toBe("class A");
    expect(
      self(
        `const call = (f: () => void) => f(); class B {} class A extends B { n = 4; constructor() { call(() => { super(); hold(this.n); }); } } new A();`,
      ),
    ).toBe("A { n: 4 }");
    expect(
      self(`class B {} class A extends B { constructor() { const f = () => this; hold(0); super(); f(); } } new A();`),
    ).toBeUndefined();
    expect(self("const f = () => hold(1); f();")).toBeUndefined();
    // One that does not use it itself finds what another has captured.
    expect(self("class A { go() { const other = () => this; (() => hold(0))(); return other; } } new A().go();")).toBe(
      "A",
    );
  });

  it("that are functions show what they have captured, and the this of arrow functions", () => {
    const state = held(`
      function makeCounter(start: number) { let n = start; const step = 2; return { next: () => (n += step), peek: () => n }; }
      class Owner { name = "o"; say = () => this.name; }
      const counter = makeCounter(5); counter.next();
      const { say } = new Owner();
      const plain = () => 1; const all = [counter.peek];
      hold(0);
      counter.next(); say(); plain(); all;`);
    const inspection = state.inspect({ scopes: true });
    const entries = (value: ValuePreview): [string, string][] =>
      (value.entries ?? []).map(({ key, value: v }) => [key, v.text]);
    const next = valueOf(inspection, "counter").entries!.find(({ key }) => key === "next")!.value;
    expect(next.text).toBe("ƒ next");
    expect(entries(next)).toEqual([["[[makeCounter]]", "{ n: 7, step: 2 }"]]);
    expect(entries(valueOf(inspection, "say"))).toEqual([["[[this]]", `Owner { name: "o", say: ƒ say }`]]);
    expect(valueOf(inspection, "plain")).not.toHaveProperty("entries");
    expect(entries(valueOf(inspection, "all").entries![0]!.value)).toEqual([["[[makeCounter]]", "{ n: 7, step: 2 }"]]);
  });

  it("are the same after dump and load, and change nothing", () => {
    const state = held(NESTED);
    const bytes = state.snapshot().dump({ elapsed: false });
    const snapshot = runtime.load(bytes);
    expect(snapshot.inspect({ scopes: true }).frames).toEqual(state.inspect({ scopes: true }).frames);
    expect(snapshot.restore()).toMatchObject({ status: "suspended" });
    expect(state.snapshot().dump({ elapsed: false })).toEqual(bytes);
    const again = state.resume(1) as SuspendedState;
    expect(shown(again.inspect({ scopes: true }).frames[0]!)).toEqual({ local: "n=4 sum=5", global: "total=1" });
  });

  it("are those of async functions that wait, with who waits for whom and for which call", () => {
    const state = held(`
      async function fetchOne(id: number) { const key = "k" + id; const got = await ask(key); return got; }
      async function all() { let sum = 0; for (const id of [7, 8]) sum += await fetchOne(id); return sum; }
      function* counter() { let n = 40; while (true) yield n++; }
      const numbers = counter(); numbers.next();
      const done = await all();
      numbers.next();`);
    const { frames, suspended } = state.inspect({ scopes: true });
    expect(frames).toEqual([]);
    const by = new Map(suspended!.map((frame) => [frame.function, frame]));
    const [inner, outer, main] = [by.get("fetchOne")!, by.get("all")!, by.get("")!];
    expect(inner).toMatchObject({ kind: "async", line: 2, call: state.calls[0].id });
    expect(shown(inner)["local"]).toBe(`id=7 key="k7"`);
    expect(suspended![inner.awaitedBy!]).toBe(outer);
    expect(shown(outer)["local"]).toBe("id=7 sum=0");
    expect(suspended![outer.awaitedBy!]).toBe(main);
    expect(main.call).toBeUndefined();
    expect(by.get("counter")).toMatchObject({ kind: "generator", line: 4 });
    expect(shown(by.get("counter")!)["local"]).toBe("n=41");
  });

  it("are shown by their parts, without calling anything of theirs", () => {
    const inspection = held(`
      let called = 0;
      class Trap { get value() { called++; return 1; } toString() { called++; return ""; } own = 1; }
      const list: unknown[] = [1, , "x"]; const map = new Map<unknown, unknown>([["k", { v: [1] }]]); const set = new Set([1]);
      const trap = Object.defineProperty(new Trap(), "extra", { get() { called++; return 2; }, enumerable: true });
      const cyclic: Record<string, unknown> = { list }; cyclic.self = cyclic;
      const date = new Date(0), regexp = /a+/gi, error = new RangeError("no"), big = -12345678901234567890n, zero = -0;
      const promise = Promise.resolve(3), bytes = new Uint8Array(4), symbol = Symbol("s"), text = "ab".repeat(300);
      const bare = Object.create(null); bare["a b"] = undefined;
      hold(called);`).inspect({ scopes: true });
    const text = (name: string): string => valueOf(inspection, name).text;
    expect(inspection.calls[0]!.args).toEqual([0]);
    expect(text("list")).toBe(`[1, "x"]`);
    expect(text("map")).toBe(`Map(1) { "k" => { v: [1] } }`);
    expect(text("set")).toBe("Set(1) { 1 }");
    expect(text("trap")).toBe("Trap { own: 1, extra: (get) }");
    expect([text("date"), text("regexp"), text("error")]).toEqual([
      "1970-01-01T00:00:00.000Z",
      "/a+/gi",
      "RangeError: no",
    ]);
    expect([text("big"), text("zero"), text("symbol")]).toEqual(["-12345678901234567890n", "-0", "Symbol(s)"]);
    expect([text("promise"), text("bytes")]).toEqual(["Promise (fulfilled)", "Uint8Array(4)"]);
    expect(text("bare")).toBe(`null prototype { "a b": undefined }`);
    expect(valueOf(inspection, "text")).toMatchObject({ type: "string", size: 600 });
    const cyclic = valueOf(inspection, "cyclic");
    expect(cyclic.entries!.find(({ key }) => key === "self")!.value.id).toBe(cyclic.id);
    expect(cyclic.entries!.find(({ key }) => key === "list")!.value.id).toBe(valueOf(inspection, "list").id);
    expect(inspection).not.toHaveProperty("suspended.0.call");
  });

  it("leave out what has no value: not declared yet, or of no use to the program that was not compiled for stepping", () => {
    const source = "const before = 1; const used = 2; hold(before); const after = used; after;";
    expect(shown(held(source).inspect({ scopes: true }).frames[0]!)["local"]).toBe("before=1 used=2");
    const bare = held(source, { step: false }).inspect({ scopes: true });
    expect(shown(bare.frames[0]!)["local"]).toBe("used=2");
  });

  it("are not known of code from strings, nor by a runtime without TypeScript", async () => {
    const state = held("const a: number = 1; hold(a); a;");
    const plain = await testRuntime({ typescript: false });
    const [frame] = plain.load(state.snapshot().dump()).inspect({ scopes: true }).frames;
    expect(frame).toMatchObject({ line: 1 });
    expect(frame).not.toHaveProperty("scopes");
  });

  it("takes options that it knows, and nothing else", () => {
    const state = held("hold(1)");
    expect(state.inspect()).not.toHaveProperty("suspended");
    expect(state.inspect().frames[0]).not.toHaveProperty("scopes");
    expect(() => state.inspect({ scope: true } as object)).toThrow(/scope.*scopes/s);
  });

  it("lists so many names, and no more, where each of many functions sees all of those around it", () => {
    const names = Array.from({ length: 2000 }, (_, i) => `v${i}`);
    const source = `function all() { ${names.map((name, i) => `let ${name} = ${i};`).join("")}
      function deep(n: number): number { if (n === 0) hold(${names.join("+")}); else deep(n - 1); return n; }
      const makers = []; for (let i = 0; i < 500; i++) makers.push(() => ${names.join("+")}); deep(150); return makers; } all();`;
    const { frames } = held(source).inspect({ scopes: true });
    const scopes = frames.flatMap((frame) => frame.scopes ?? []);
    const listed = scopes.reduce((sum, { variables }) => sum + variables.length, 0);
    expect(listed).toBeLessThan(40_000);
    expect(scopes.reduce((sum, { variables, more = 0 }) => sum + variables.length + more, 0)).toBeGreaterThan(300_000);
    expect(JSON.stringify(frames).length).toBeLessThan(8_000_000);
  });

  it("shows so much of a large state, and no more", () => {
    const snapshot = held(`const rows = []; for (let i = 0; i < 20000; i++) rows.push({ i, inner: { rows } });
      function deep(n: number): number { if (n === 0) hold(rows.length); else deep(n - 1); return n; } deep(3000);`).snapshot();
    const inspection = runtime.load(snapshot.dump(), { limits: { memoryBytes: 1e8 } }).inspect({ scopes: true });
    expect(inspection.frames.length).toBe(3002);
    expect(inspection.frames.filter(({ scopes }) => scopes !== undefined).length).toBe(200);
    expect(JSON.stringify(inspection.frames).length).toBeLessThan(8_000_000);
  });
});
