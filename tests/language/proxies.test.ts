// Proxies against the host engine: each script is run by both, and what it reports must be the same.

import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "every trap, with what it is given": `
    const log = [];
    const handler = new Proxy({}, { get: (_, trap) => (...args) => { log.push(trap + " " + args.slice(1).map((a) => typeof a === "symbol" ? String(a) : typeof a === "string" ? a : typeof a)); return Reflect[trap](...args); } });
    const p = new Proxy({ a: 1, get g() { return this.a; } }, handler);
    p.a; p.g; p[0]; p[Symbol.iterator]; p.b = 1; p[1] = 2; "a" in p; delete p.b; Object.keys(p); Object.getPrototypeOf(p); Object.isExtensible(p);
    Object.defineProperty(p, "c", { value: 1 }); Object.getOwnPropertyDescriptor(p, "c"); Object.preventExtensions(p); ({ ...p }); Object.entries(p);
    log`,
  "calls and construction": `
    const seen = [];
    const f = new Proxy(function (a, b) { seen.push(this === undefined || this === globalThis ? "none" : typeof this, new.target === undefined); return a + b; }, {});
    class A { constructor(x) { this.x = x; this.t = new.target === PA; } }
    const PA = new Proxy(A, { construct(t, args, nt) { seen.push(args.length, nt === PA); return Reflect.construct(t, args, nt); } });
    class B extends PA { constructor() { super(7); this.y = 1; } }
    const bound = f.bind(null, 1);
    [f(1, 2), f.call({}, 1, 2), f.apply(3, [4, 5]), bound(9), new PA(5), new B(), new B() instanceof A, typeof PA, seen, [3, 1, 2].sort(new Proxy((a, b) => a - b, {}))]`,
  "prototype chains": `
    const log = [];
    const p = new Proxy({ base: 1 }, { get(t, k, r) { log.push("get " + String(k) + (r === o)); return t[k]; }, set(t, k, v, r) { log.push("set " + k + (r === o)); return Reflect.set(t, k, v, r); }, has(t, k) { log.push("has " + k); return k in t; } });
    const o = Object.create(p, { own: { value: 2, writable: true } });
    [o.base, o.own, o.missing, (o.made = 3), Object.keys(o), "other" in o, "own" in o, class { static s = Object.setPrototypeOf(this, p) && this.base }.s, log]`,
  invariants: `
    const frozen = Object.freeze({ a: 1 });
    const errors = [];
    const attempt = (f) => { try { errors.push(f()); } catch (e) { errors.push(e.constructor.name); } };
    attempt(() => new Proxy(frozen, { get: () => 2 }).a);
    attempt(() => new Proxy(frozen, { has: () => false }).a in frozen);
    attempt(() => "a" in new Proxy(frozen, { has: () => false }));
    attempt(() => delete new Proxy(frozen, { deleteProperty: () => true }).a);
    attempt(() => Object.keys(new Proxy(frozen, { ownKeys: () => ["b"] })));
    attempt(() => Object.keys(new Proxy({}, { ownKeys: () => ["b", "b"] })));
    attempt(() => Object.getPrototypeOf(new Proxy(frozen, { getPrototypeOf: () => Array.prototype })));
    attempt(() => Object.isExtensible(new Proxy({}, { isExtensible: () => false })));
    attempt(() => Object.defineProperty(new Proxy({}, { defineProperty: () => false }), "a", { value: 1 }));
    attempt(() => { "use strict"; new Proxy({}, { set: () => false }).a = 1; });
    attempt(() => Reflect.set(new Proxy({}, { set: () => false }), "a", 1));
    attempt(() => new (new Proxy(class {}, { construct: () => 1 }))());
    attempt(() => new (new Proxy(() => {}, {}))());
    attempt(() => new Proxy({}, {})());
    attempt(() => Proxy({}, {}));
    attempt(() => new Proxy(1, {}));
    attempt(() => new Proxy({}, { get: 1 }).x);
    errors`,
  "sloppy code ignores a refused assignment": `const p = new Proxy({}, { set: () => false, deleteProperty: () => false }); p.a = 1; [p.a === undefined, delete p.b]`,
  revoked: `
    const { proxy, revoke } = Proxy.revocable(function () {}, {});
    const out = [typeof proxy, revoke.length, revoke.name, revoke(), revoke(), typeof proxy];
    for (const f of [() => proxy.a, () => (proxy.a = 1), () => proxy(), () => new proxy(), () => Object.keys(proxy), () => Array.isArray(proxy), () => "a" in proxy, () => delete proxy.a]) try { f(); out.push("ran"); } catch (e) { out.push(e.name); }
    out`,
  "private names are the proxy's own": `
    class Base { constructor(o) { return o; } }
    class Stamp extends Base { #n = 1; static read(o) { return #n in o ? ++o.#n : "none"; } }
    const p = new Proxy({}, { get() { throw new Error("trap"); }, has() { throw new Error("trap"); } });
    const before = Stamp.read(p); new Stamp(p); [before, Stamp.read(p), Stamp.read(p)]`,
  "arrays and JSON": `
    const p = new Proxy([1, [2], { a: 3 }], {});
    p.push(4);
    [Array.isArray(p), p.length, JSON.stringify(p), JSON.stringify({ p }), [].concat(p, [5]), p.map((x) => typeof x), [...p].length, Object.prototype.toString.call(p), p.slice(1, 2), p.indexOf(4), Array.from(p).length, p.reverse()[0], JSON.stringify(JSON.parse('{"a":[1,2]}', (k, v) => Array.isArray(v) ? new Proxy(v, {}) : v))]`,
  "proxies of proxies": `let p = { a: 1 }; for (let i = 0; i < 50; i++) p = new Proxy(p, i % 2 ? { get: (t, k, r) => Reflect.get(t, k, r) } : {}); p.b = 2; [p.a, p.b, Object.keys(p), "a" in p]`,
  "class whose parent's prototype is an accessor": `
    const log = []; const P = new Proxy(class { hi() { return "hi"; } }, { get(t, k, r) { log.push(String(k)); return Reflect.get(t, k, r); } });
    const Bound = function () {}.bind(); Object.defineProperty(Bound, "prototype", { get() { log.push("getter"); return { deep: 1 }; } });
    class C extends P {} class D extends Bound {} let error; const N = function () {}.bind(); Object.defineProperty(N, "prototype", { get: () => 3 }); try { class E extends N {} } catch (e) { error = e.name; }
    [new C().hi(), D.prototype.deep, log, error]`,
};

describe("proxies, as the host engine has them", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_name, source) => {
    const { output } = runtime.compile(source, { filename: "script.js" }).start() as CompleteState;
    // In the global scope, sloppy.
    const expected: unknown = runInThisContext(`{${source}}`);
    expect(JSON.parse(JSON.stringify(output))).toEqual(JSON.parse(JSON.stringify(expected)));
  });
});
