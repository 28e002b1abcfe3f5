// What the web's platform has everywhere: DOMException, events, abort signals, decoders, performance, crypto, tasks. What Node has too is
// compared with it; the rest is said here. All scripts are held anywhere (tests/support/held-anywhere.ts).

import { runInThisContext } from "node:vm";
import { describe, expect, it, test } from "vitest";
import { outputOf, testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "DOMException: name, message, code": `
    const all = ["IndexSizeError", "NotFoundError", "SyntaxError", "AbortError", "QuotaExceededError", "DataCloneError", "Other", undefined];
    all.map((name) => { const e = new DOMException("m", name); return [e.name, e.message, e.code, e instanceof Error, String(e), {}.toString.call(e)]; })`,
  "DOMException: constants, own and inherited": `
    [DOMException.ABORT_ERR, DOMException.prototype.DATA_CLONE_ERR, DOMException.INDEX_SIZE_ERR, DOMException.name, new DOMException().message,
      Object.keys(DOMException).length, Object.getPrototypeOf(DOMException.prototype) === Error.prototype, new DOMException("m", { name: "n", cause: 1 }).cause]`,
  "what throws one": `
    const names = [];
    for (const f of [() => atob("*"), () => btoa("\\u0100"), () => structuredClone(() => 1), () => structuredClone(Symbol()),
      () => crypto.getRandomValues(new Float64Array(1)), () => crypto.getRandomValues(new Uint8Array(65537))])
      try { f(); } catch (e) { names.push([e.name, e.code, e instanceof DOMException, e.constructor === DOMException]); }
    names`,
  "a subclass of EventTarget, and of Event": `
    class Bus extends EventTarget { #n = 0; constructor() { super(); this.addEventListener("up", () => this.#n++); } get n() { return this.#n; } }
    class Up extends Event { constructor() { super("up"); this.by = 2; } }
    const bus = new Bus(); let by;
    bus.addEventListener("up", (e) => { by = e.by; });
    bus.dispatchEvent(new Up()); bus.dispatchEvent(new Event("up"));
    [bus.n, by, bus instanceof EventTarget, new Up() instanceof Event, {}.toString.call(bus)]`,
  "abort: reason, event, once": `
    const c = new AbortController(), log = [];
    const { signal } = c;
    signal.onabort = function (e) { log.push("on", this === signal, e.type, e.isTrusted); };
    signal.addEventListener("abort", () => log.push("listener"));
    c.abort(); c.abort("again");
    const d = new AbortController(); d.abort("why");
    let thrown; try { d.signal.throwIfAborted(); } catch (e) { thrown = e; }
    [signal.aborted, signal.reason.name, signal.reason.code, signal.reason.message, log, d.signal.reason, thrown, signal === c.signal,
      AbortSignal.abort(5).reason, AbortSignal.abort().reason.name, new AbortController().signal.reason === undefined]`,
  "TextDecoder: other encodings": `
    const bytes = (...list) => new Uint8Array(list);
    const le = new TextDecoder("utf-16le"), be = new TextDecoder(" UTF-16BE\\n");
    const parts = new TextDecoder("utf-16le");
    [le.encoding, be.encoding, new TextDecoder("ucs-2").encoding, new TextDecoder("Latin1").encoding, new TextDecoder("ascii").encoding,
      le.decode(bytes(0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0, 0xde)), be.decode(bytes(0, 0x41, 0xd8, 0x3d, 0xde, 0)), be.decode(bytes(0xfe, 0xff, 0, 66)),
      le.decode(bytes(0, 0xdc, 0x41, 0)), le.decode(bytes(0x3d, 0xd8)), le.decode(bytes(65, 0, 66)), le.decode(bytes(0x3d, 0xd8, 1)),
      parts.decode(bytes(0x3d), { stream: true }), parts.decode(bytes(0xd8, 0), { stream: true }), parts.decode(bytes(0xde, 65, 0), { stream: true }), parts.decode(),
      new TextDecoder("utf-16le", { ignoreBOM: true }).decode(bytes(0xff, 0xfe, 65, 0)),
      new TextDecoder("windows-1252").decode(bytes(0x41, 0xe9))]`,
  "TextDecoder: fatal, and unknown labels": `
    const names = [];
    for (const f of [() => new TextDecoder("utf-16le", { fatal: true }).decode(new Uint8Array([0, 0xd8])), () => new TextDecoder("utf-16be", { fatal: true }).decode(new Uint8Array([65])),
      () => new TextDecoder("nothing"), () => new TextDecoder("utf-16 x"), () => new TextDecoder("\\u00a0utf-16"), () => new TextDecoder("\\vlatin1")])
      try { f(); names.push("fine"); } catch (e) { names.push(e.name); }
    names`,
};

/** Where Node 20 differs from the standards: what these say. */
const STANDARD: readonly (readonly [name: string, source: string, output: unknown])[] = [
  [
    "an event: what it is made of",
    `
    const e = new Event("a", { bubbles: 1, cancelable: true });
    const c = new CustomEvent("b", { detail: [1] });
    const before = [e.type, e.bubbles, e.cancelable, e.composed, e.target, e.currentTarget, e.eventPhase, e.defaultPrevented, e.returnValue, e.isTrusted];
    e.preventDefault();
    [before, e.defaultPrevented, e.returnValue, c.detail, c instanceof Event, new CustomEvent("x").detail, Event.AT_TARGET, e.BUBBLING_PHASE,
      {}.toString.call(c), typeof e.timeStamp, e.composedPath(), new Event("z").cancelBubble]`,
    [
      ["a", true, true, false, null, null, 0, false, true, false],
      true,
      false,
      [1],
      true,
      null,
      2,
      3,
      "[object CustomEvent]",
      "number",
      [],
      false,
    ],
  ],
  [
    "dispatch: order, capture, once, removed, added, stopped",
    `
    const t = new EventTarget(), log = [];
    const say = (what) => (e) => log.push(what + e.eventPhase);
    const bubble = say("bubble"), once = say("once");
    t.addEventListener("x", bubble); t.addEventListener("x", bubble);
    t.addEventListener("x", say("capture"), true);
    t.addEventListener("x", bubble, { capture: true });
    t.addEventListener("x", once, { once: true });
    t.addEventListener("x", () => { t.removeEventListener("x", late); t.addEventListener("x", say("new")); }, { once: true });
    const late = say("late");
    t.addEventListener("x", late);
    t.dispatchEvent(new Event("x")); log.push("-"); t.dispatchEvent(new Event("x")); log.push("-"); t.dispatchEvent(new Event("y"));
    const u = new EventTarget();
    u.addEventListener("x", (e) => { log.push("first"); e.stopImmediatePropagation(); });
    u.addEventListener("x", say("never"));
    u.dispatchEvent(new Event("x"));
    const v = new EventTarget();
    v.addEventListener("x", (e) => e.stopPropagation(), true); v.addEventListener("x", say("not"), true); v.addEventListener("x", say("nor"));
    v.dispatchEvent(new Event("x"));
    log`,
    ["capture2", "bubble2", "bubble2", "once2", "-", "capture2", "bubble2", "bubble2", "new2", "-", "first", "not2"],
  ],
  [
    "dispatch: what it gives, and what listeners are",
    `
    const t = new EventTarget(), log = [];
    const object = { handleEvent(e) { log.push(this === object, e.target === t, e.currentTarget === t, e.composedPath()[0] === t); } };
    t.addEventListener("x", object); t.addEventListener("x", null);
    t.addEventListener("x", function (e) { log.push(this === t); e.preventDefault(); });
    t.addEventListener("p", (e) => { e.preventDefault(); log.push(e.defaultPrevented); }, { passive: true });
    const e = new Event("x", { cancelable: true });
    [t.dispatchEvent(e), t.dispatchEvent(new Event("x")), t.dispatchEvent(new Event("p", { cancelable: true })), e.target === t, e.currentTarget, e.eventPhase, log]`,
    [false, true, true, true, null, 0, [true, true, true, true, true, true, true, true, true, true, false]],
  ],
  [
    "dispatch again, and while it is dispatched",
    `
    const t = new EventTarget(), log = [];
    const e = new Event("x");
    t.addEventListener("x", () => { try { t.dispatchEvent(e); } catch (error) { log.push(error.name); } });
    t.dispatchEvent(e); t.dispatchEvent(e);
    for (const f of [() => t.dispatchEvent({}), () => t.addEventListener("x"), () => t.addEventListener("x", 1), () => new Event(), () => EventTarget.prototype.dispatchEvent.call({}, e),
      () => t.addEventListener("x", () => 1, { signal: null }), () => EventTarget(), () => Event.prototype.type])
      try { f(); log.push("fine"); } catch (error) { log.push(error.name); }
    log`,
    [
      "InvalidStateError",
      "InvalidStateError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
    ],
  ],
  [
    "abort: handlers keep their place",
    `
    const { signal, ...rest } = { signal: new AbortController() }, log = [];
    const s = signal.signal;
    s.onabort = () => log.push("never"); s.addEventListener("abort", () => log.push("b")); s.onabort = () => log.push("a");
    const was = typeof s.onabort; signal.abort();
    s.onabort = 5; [log, was, s.onabort]`,
    [["a", "b"], "function", null],
  ],
  [
    "abort: any",
    `
    const a = new AbortController(), b = new AbortController(), log = [];
    const any = AbortSignal.any([a.signal, b.signal]), both = AbortSignal.any([any]);
    both.addEventListener("abort", () => log.push("both")); any.addEventListener("abort", () => log.push("any", both.aborted)); b.signal.addEventListener("abort", () => log.push("b", any.aborted));
    b.abort("x"); a.abort("y");
    [log, any.reason, both.reason, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1), b.signal]).reason]`,
    [["b", true, "any", true, "both"], "x", "x", false, 1],
  ],
  [
    "abort: listeners that a signal removes",
    `
    const t = new EventTarget(), c = new AbortController(); let n = 0;
    t.addEventListener("x", () => n++, { signal: c.signal }); t.addEventListener("x", () => n++, { signal: AbortSignal.abort() });
    t.dispatchEvent(new Event("x")); c.abort(); t.dispatchEvent(new Event("x"));
    const names = [];
    for (const f of [() => new AbortSignal(), () => AbortSignal.any(1), () => AbortSignal.any([{}]), () => AbortSignal.timeout(-1), () => AbortSignal.prototype.aborted])
      try { f(); } catch (e) { names.push(e.name); }
    [n, names]`,
    [1, ["TypeError", "TypeError", "TypeError", "TypeError", "TypeError"]],
  ],
  [
    "console has a prototype of its own",
    `
    const p = Object.getPrototypeOf(console);
    [p !== Object.prototype, Object.getPrototypeOf(p) === Object.prototype, Reflect.ownKeys(p).length]`,
    [true, true, 0],
  ],
];

describe("as in Node", () => {
  it.each(Object.entries(SCRIPTS))("%s", async (_name, source) => {
    expect(await outputOf(runtime, source)).toEqual(runInThisContext(`{${source}}`));
  });
});

describe("as the standards say", () => {
  it.each(STANDARD)("%s", async (_name, source, output) => {
    expect(await outputOf(runtime, source)).toEqual(output);
  });
});

describe("as decided here", () => {
  test("an error in a listener is reported, and the others are called", async () => {
    const source = `
      const t = new EventTarget(); const log = [];
      t.addEventListener("x", () => { throw new RangeError("no"); });
      t.addEventListener("x", {});
      t.addEventListener("x", () => log.push(1));
      reportError("plain");
      t.dispatchEvent(new Event("x")) && log.length`;
    const { output, stderr } = await runtime.compile(source, { filename: "main.js" }).run();
    expect(output).toBe(1);
    expect(stderr).toContain("Uncaught plain\nUncaught RangeError: no\n    at EventTarget.<anonymous> (main.js:3:");
    expect(stderr).toContain("Uncaught TypeError: The listener has no function handleEvent");
  });

  test("AbortSignal.timeout is a timer for which a program does not wait", async () => {
    const program = runtime.compile("AbortSignal.timeout(1e12); setTimeout(() => 1, 5); 7", { filename: "main.js" });
    const state = program.start({ now: 0 });
    if (state.status !== "suspended") throw new Error(state.status);
    expect(state.calls.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ["timer", 1e12],
      ["timer", 5],
    ]);
    const again = runtime.load(state.snapshot().dump()).restore();
    if (again.status !== "suspended") throw new Error(again.status);
    expect(again.resumeTimers(5)).toMatchObject({ status: "complete", output: 7 });
    expect(runtime.compile("AbortSignal.timeout(50); 8", { filename: "main.js" }).start()).toMatchObject({ output: 8 });
  });

  test("it fires in the program's time", async () => {
    const source = `
      const signal = AbortSignal.timeout(20);
      const seen = await new Promise((resolve) => { signal.onabort = () => resolve([signal.reason.name, signal.reason.message]); setTimeout(resolve, 1000, "late"); });
      [seen, performance.now()]`;
    const state = runtime.compile(source, { filename: "main.js" }).start({ now: 1000 });
    if (state.status !== "suspended") throw new Error(state.status);
    expect(state.resumeTimers(1020)).toMatchObject({
      calls: [{ kind: "timer" }],
    });
  });

  test("performance tells the program's time since it first asked", async () => {
    const source =
      "const a = performance.now(); await pause(); [a, performance.now(), performance.timeOrigin, performance.toJSON()]";
    const state = runtime.compile(source, { filename: "main.js", externals: ["pause"] }).start({ now: 5000 });
    if (state.status !== "suspended") throw new Error(state.status);
    expect(state.resume(1, { now: 5030 })).toMatchObject({ output: [1, 31, 4999, { timeOrigin: 4999 }] });
  });

  test("random bytes come from the seed", async () => {
    const source = `
      const ids = [crypto.randomUUID(), crypto.randomUUID()];
      const bytes = crypto.getRandomValues(new Uint8Array(5));
      [ids, [...bytes], crypto.getRandomValues(new BigUint64Array(1)).length, crypto.getRandomValues(new Int16Array(0)).length]`;
    const program = runtime.compile(source, { filename: "main.js" });
    const output = async (seed: number) => (await program.run({ seed })).output as [string[], number[], number, number];
    const first = await output(1);
    expect(await output(1)).toEqual(first);
    expect(await output(2)).not.toEqual(first);
    expect(new Set(first[0]).size).toBe(2);
    for (const id of first[0])
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first.slice(2)).toEqual([1, 0]);
  });

  test("windows-1252 and its labels", async () => {
    const source = `
      const all = new Uint8Array(256).map((_, i) => i);
      const text = new TextDecoder("iso-8859-1").decode(all);
      [text.length, text.slice(0x7f, 0xa1), text.charCodeAt(255), new TextDecoder("x-cp1252", { fatal: true }).decode(all.slice(0x80, 0x82))]`;
    expect(await outputOf(runtime, source)).toEqual([
      256,
      "\x7f€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ\xa0",
      255,
      "€\x81",
    ]);
  });

  test("names of the platform", async () => {
    expect(await outputOf(runtime, "[self === globalThis, navigator.userAgent, {}.toString.call(crypto)]")).toEqual([
      true,
      "Fermata",
      "[object Crypto]",
    ]);
  });

  test("immediates run in order, before timers, and can be cleared", async () => {
    const source = `
      const log = [];
      setTimeout(() => log.push("timer"), 1);
      setImmediate((a, b) => log.push(a + b), "x", 1);
      const id = setImmediate(() => log.push("never"));
      clearImmediate(id);
      setImmediate(() => queueMicrotask(() => log.push("micro")));
      setImmediate(() => log.push("last"));
      await new Promise((resolve) => setTimeout(resolve, 5));
      log`;
    expect(await outputOf(runtime, source)).toEqual(["x1", "micro", "last", "timer"]);
  });

  test("a clone of a DOMException is one, and a host sees its name", async () => {
    const source = `
      const e = structuredClone(new DOMException("m", "AbortError"));
      [e instanceof DOMException, e.name, e.code, e.message]`;
    expect(await outputOf(runtime, source)).toEqual([true, "AbortError", 20, "m"]);
    expect(
      thrownBy(() => runtime.compile("throw new DOMException('m', 'AbortError')", { filename: "a.js" }).start()),
    ).toMatchObject({ guestName: "AbortError", guestMessage: "m", line: 1, column: 7 });
  });
});
