// Owns guest programs that between them hold a cell of every kind while they can be stopped. Each ends in a value that can leave
// the guest; where it is stopped must not change that value.

export interface SnapshotProgram {
  readonly name: string;
  readonly source: string;
  /** Sync externals answer with `n * 10 + calls made`, async ones with an object. */
  readonly externals?: Readonly<Record<string, "sync" | "async">>;
  /** May it compile code from strings? */
  readonly allowEval?: boolean;
}

export const PROGRAMS: readonly SnapshotProgram[] = [
  {
    name: "numbers",
    source: `const list = [0, -0, 1, -1, 2147483647, -2147483648, 2147483648, 1.5, 9.99, 29.97, 0.1 + 0.2, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity, 1700000000000, 123456.789, 4503599627370497.5];
    let s = ""; for (let i = 0; i < list.length; i++) s += (Object.is(list[i], -0) ? "-0" : list[i]) + ";"; s`,
  },
  {
    name: "strings",
    source: `let flat = "abc", two = "h\\u00e9llo", wide = "\\u4e2d\\u6587\\ud83d\\ude00";
    let s = ""; for (let i = 0; i < 40; i++) { s += "part " + i + ","; if (i % 7 === 0) s = s + wide; }
    const long = s + s; const slice = long.slice(10, 200), small = long.slice(3, 40);
    let rope = "x".concat(long, long, slice); const key = {}; key[slice] = 1; key[small] = 2;
    let n = 0; for (const c of small) n++; let rev = ""; for (let i = 0; i < 12; i++) rev = long[i] + rev;
    [flat + two, wide.length, rope.length, n, rev, key[long.slice(10, 200)], Object.keys(key).length, long === s + s].join("|")`,
  },
  {
    name: "objects and shapes",
    source: `class Point { #secret; constructor(x, y) { this.x = x; this.y = y; this.#secret = x * y; } get area() { return this.#secret; } static of(n) { return new Point(n, n + 1); } set area(v) { this.#secret = v; } }
    class Point3 extends Point { z = 7; constructor(x) { super(x, 2); this.w = 1; } toString() { return "P3(" + this.area + ")"; } }
    const list = []; for (let i = 0; i < 10; i++) { list.push(i % 2 ? Point.of(i) : new Point3(i)); }
    const o = { a: 1, get b() { return this.a + 1; }, set b(v) { this.a = v; }, ["c" + 1]: 3, [Symbol.iterator]: null };
    delete o.c1; o.d = 4; Object.defineProperty(o, "hidden", { value: 5, enumerable: false }); o.b = 10;
    const frozen = Object.freeze({ p: [1, 2, Object.freeze([3])] }); const sealed = Object.seal([1, 2, 3]);
    const big = {}; for (let i = 0; i < 200; i++) big["k" + i] = i; for (let i = 0; i < 150; i++) delete big["k" + i];
    let t = 0; for (const p of list) { t += p.area; p.area = 1; } try { frozen.q = 1; "use strict"; } catch (e) {}
    sealed[0] = 9; try { delete sealed[1]; } catch (e) {}
    const nul = Object.create(null); nul.z = 1;
    [t, o.b, o.d, o.hidden, Object.keys(o).join(), Object.isFrozen(frozen), sealed.join(), Object.keys(big).length, big.k199, String(list[0]), "toString" in nul].join("|")`,
  },
  {
    name: "arrays",
    source: `const holey = [1, , 3]; const sparse = []; sparse[100000] = "far"; sparse[5] = "near";
    const odd = [1, 2, 3]; Object.defineProperty(odd, 1, { get() { return "got"; }, configurable: true, enumerable: true });
    const nested = [[1, [2, [3]]]]; nested.push(nested); const fixed = [1, 2]; Object.defineProperty(fixed, "length", { writable: false });
    let out = []; for (let i = 0; i < 5; i++) { out.push(holey[i % 3], sparse.length, odd[1], nested[1] === nested); }
    try { fixed.push(1); } catch (e) { out.push(e.name); } holey.length = 2; out.extra = "x";
    out.map((x) => String(x)).join() + "|" + (1 in holey) + sparse[100000] + sparse[5] + out.extra`,
  },
  {
    name: "buffers and views",
    source: `const b = new ArrayBuffer(12, { maxByteLength: 64 }); const all = new Uint8Array(b), words = new Uint16Array(b, 2, 3), view = new DataView(b, 4);
    const floats = new Float64Array([1.5, -0, NaN]); const big = new BigInt64Array(2); const gone = new ArrayBuffer(4); const of = new Int32Array(gone); gone.transfer(); words.tag = "w";
    let s = 0; for (let i = 0; i < 6; i++) { all[i] = i * 40; if (i === 3) b.resize(20); view.setFloat32(4, i / 3); big[i & 1] -= BigInt(i); s += all[i % all.length] + words[i % 3]; }
    const decoder = new TextDecoder(); let text = decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }); for (const v of words) s += v; text += decoder.decode(new Uint8Array([0xac]));
    [s, all.length, floats.join(), big.join(), of.length, view.byteLength, words.tag, text, all.toHex(), floats.map((v) => v * 2).sort().join()].join("|")`,
  },
  {
    name: "closures and environments",
    source: `function counter() { let n = 0; const api = { up: () => ++n, down() { return --n; }, get n() { return n; } }; return api; }
    const a = counter(), b = counter(); const fs = []; for (let i = 0; i < 5; i++) fs.push(() => i++ + a.up());
    let s = 0; for (let k = 0; k < 3; k++) for (const f of fs) s += f() * b.up(); function named() { return named.name + named.length; } 
    const bound = ((x, y, z) => x + y * 2 + z * 3).bind(null, 1, 2); const bb = bound.bind(null, 3); s + a.n + b.n + named() + bb() + bound.name`,
  },
  {
    name: "maps and sets",
    source: `const m = new Map([[1, "one"], ["1", "s"], [NaN, "nan"], [null, 0]]); const key = {}; m.set(key, m); const s = new Set([1, 2, 3, "x", key]);
    let out = []; const it = m.entries(); it.next(); m.delete("1"); for (let i = 0; i < 40; i++) { m.set("k" + i, i); if (i % 3 === 0) m.delete("k" + (i - 1)); }
    for (let i = 0; i < 6; i++) { const r = it.next(); out.push(r.done ? "end" : String(r.value[0] === key ? "key" : r.value[0])); }
    const si = s.values(); si.next(); s.clear(); s.add("after"); out.push(si.next().value); const w = new WeakMap(); const ws = new WeakSet(); w.set(key, "weak"); w.set(out, key); ws.add(out);
    for (const [k, v] of m) { if (typeof v === "number" && v > 35) out.push(k); } m.forEach((v, k) => { if (v === 39) out.push(k + "!"); });
    out.push(w.get(key), w.get(out) === key, ws.has(out), ws.has(key), m.size, m.get(NaN)); out.join()`,
  },
  {
    name: "generators",
    source: `function* inner(n) { try { for (let i = 0; i < n; i++) { const got = yield i; if (got) yield "got " + got; } } finally { yield "bye"; } return "r" + n; }
    function* outer() { const r = yield* inner(3); yield r; const o = { *m() { yield this.v; }, v: 9 }; yield* o.m(); }
    const g = outer(); const out = []; out.push(g.next().value, g.next("x").value, g.next().value); for (const v of g) out.push(v);
    const h = inner(5); h.next(); out.push(h.return("early").value, h.next().done); const e = inner(2); e.next(); try { e.throw(new Error("boom")); e.next(); } catch (x) { out.push(x.message); }
    const [p, q = 7, ...rest] = inner(4); out.push(p, q, rest.join("/")); out.join()`,
  },
  {
    name: "parameters of generators",
    source: `function* g([a = 1, , ...b], { c: { d = 2 } = {}, ...e } = { x: 3 }) { yield a; yield b.join("/"); return d + JSON.stringify(e); } class C { static *s(...r) { yield r.length + arguments.length; } async *a(x, y = x * 2) { yield x + y; } #p = function* (n = 5) { yield n; }; *m([u, v] = [7, 8]) { yield* this.#p(u); yield v; } }
    const out = []; const started = [g([, 0, 9, 8]), g("xyz", { c: { d: 4 }, z: 1 }), C.s(1, 2), new C().m()]; for (let i = 0; i < 3; i++) for (const it of started) { const { value, done } = it.next(); out.push(String(value) + done); }
    (async () => { for await (const v of new C().a(3)) out.push(v); return out.join(); })()`,
  },
  {
    name: "weak references",
    source: `const refs = [], kept = []; for (let i = 0; i < 6; i++) { const o = { i }; refs.push(new WeakRef(o)); if (i % 2) kept.push(o); } const seen = []; const look = () => seen.push(refs.map((r) => (r.deref() ? "x" : ".")).join(""));
    async function holds(o) { const local = new WeakRef(o); refs.push(local); await null; look(); o = null; await null; look(); return local.deref() === undefined; } look();
    (async () => { await null; look(); const ended = await holds({ i: 9 }); for (let i = 0; i < 3; i++) { await null; look(); } return seen.join() + ended + kept.length; })()`,
  },
  {
    name: "finalization registries",
    source: `const registries = [1, 2].map((n) => new FinalizationRegistry(() => n)); const token = {}; for (const r of registries) { r.register(token, 1, token); r.register({}, 2); }
    registries.map((r) => [r.unregister(token), r.unregister(token), r instanceof FinalizationRegistry]).join()`,
  },
  {
    name: "exceptions",
    source: `function f(n) { try { if (n === 0) throw new TypeError("deep"); return f(n - 1); } catch (e) { if (n % 2) throw e; e.note = (e.note || "") + n; throw e; } finally { log.push(n); } }
    const log = []; let caught; try { f(5); } catch (e) { caught = e; } const err = new Error("outer", { cause: caught });
    let fin = (() => { try { return "t"; } finally { log.push("fin"); } })(); try { null.x; } catch ({ name, message }) { log.push(name); } try { undefinedName; } catch (e) { log.push(e.message); }
    [caught.name, caught.note, err.cause === caught, fin, log.join("/"), typeof caught.stack].join("|")`,
  },
  {
    name: "guest code inside built-ins",
    source: `const calls = []; const o = { valueOf() { calls.push("v"); return 3; }, toString() { calls.push("s"); return "str"; }, get prop() { calls.push("g"); for (let i = 0; i < 2; i++) calls.push(i); return { [Symbol.toPrimitive](h) { calls.push(h); return 5; } }; }, set prop(v) { calls.push("set" + v); } };
    let r = o + 1; r += \`\${o}\`; r += o.prop * 2; o.prop = 8; if (o < 4) r += "lt"; r += [3, 1, 2].sort((a, b) => { calls.push("c"); return a - b; }).join();
    r += [1, 2, 3].map((x) => { for (let i = 0; i < x; i++); return x * 2; }).filter((x) => x > 2).reduce((a, b) => a + b); r += JSON.stringify({ toJSON() { return { k: [1, { toJSON: () => "t" }] }; } });
    const it = { i: 0, [Symbol.iterator]() { return this; }, next() { calls.push("n"); return { done: this.i++ >= 3, value: this.i }; }, return() { calls.push("r"); return {}; } };
    const [x1, x2] = it; it.i = 0; for (const v of it) { if (v === 2) break; } it.i = 0; r += [...it].join(); r += Math.max(...it, 1); const { a = (() => { calls.push("d"); return 1; })() } = {};
    const copy = { ...{ get z() { calls.push("z"); return 26; } } }; r + copy.z + calls.join("") + x1 + x2 + a`,
  },
  {
    name: "proxies and reflect",
    source: `const log = []; const target = { a: 1 }; const p = new Proxy(target, { get(t, k, r) { log.push("get " + String(k)); return Reflect.get(t, k, r); }, set(t, k, v, r) { log.push("set " + k); return Reflect.set(t, k, v, r); }, has(t, k) { for (let i = 0; i < 2; i++); log.push("has"); return k in t; }, ownKeys(t) { log.push("keys"); return Reflect.ownKeys(t); }, deleteProperty(t, k) { log.push("del"); return delete t[k]; }, getOwnPropertyDescriptor(t, k) { return Reflect.getOwnPropertyDescriptor(t, k); } });
    p.b = 2; const s = p.a + p.b + ("a" in p) + Object.keys(p).join(); delete p.a; const f = new Proxy(function () { return this; }, { apply(t, th, args) { log.push("apply"); return args.length; }, construct(t, args) { log.push("new"); return { n: args.length }; } });
    s + f(1, 2) + new f(1).n + log.join() + Reflect.apply(Math.max, null, [1, 3]) + JSON.stringify(p)`,
  },
  {
    name: "changes of built-ins",
    source: `Array.prototype.last = function () { return this[this.length - 1]; }; Object.prototype.tag = "T"; Math.answer = 42; delete Array.prototype.at; String.prototype.shout = function () { return this.toUpperCase() + "!"; };
    const oldPush = Array.prototype.push; let pushes = 0; Array.prototype.push = function (...a) { pushes++; return oldPush.apply(this, a); }; globalThis.fresh = [1]; globalThis[Symbol.for ? "symbolish" : "x"] = 1; Object.setPrototypeOf(Math, { inherited: "i" });
    Object.defineProperty(globalThis, "readonly", { get() { return "ro"; }, configurable: true }); Object.freeze(JSON); Array.prototype[Symbol.iterator] = Array.prototype[Symbol.iterator]; Array.prototype[2] = "elem";
    const out = []; for (let i = 0; i < 3; i++) out.push([i].last(), "a".shout()); out.push({}.tag, Math.answer, Math.inherited, typeof [].at, fresh.last(), readonly, Object.isFrozen(JSON), [0, 1, , 3][2]); out.join() + pushes`,
  },
  {
    name: "async",
    source: `const log = []; const sleep = (n) => { let p = Promise.resolve(n); for (let i = 0; i < n; i++) p = p.then((x) => x + 1); return p; };
    async function work(n) { try { log.push("s" + n); const v = await sleep(n); if (v > 5) throw new Error("v" + v); return v; } catch (e) { log.push(e.message); return -1; } finally { log.push("f" + n); } }
    async function* agen(n) { for (let i = 0; i < n; i++) { const x = yield await sleep(i); if (x) log.push(x); } return "end"; } class Thenable { then(ok) { ok("then"); } }
    (async () => { const all = await Promise.all([work(1), work(3), work(0), new Thenable()]); const race = await Promise.race([sleep(3), sleep(1)]); const settled = await Promise.allSettled([sleep(1), Promise.reject(2)]); let any = await Promise.any([Promise.reject(1), sleep(2)]);
      for await (const v of agen(4)) log.push("a" + v); for await (const v of [sleep(1), 5]) log.push("b" + v); const g = agen(2); const [n1, n2, n3] = await Promise.all([g.next(), g.next("in"), g.next()]); const h = agen(3); await h.next(); const ret = await h.return("q");
      globalThis.result = [all.join("/"), race, settled.map((s) => s.status).join("/"), any, n1.value, n2.value, n3.value, ret.value, log.join("")].join("|"); return result; })()`,
  },
  {
    name: "timers",
    source: `const log = []; const id = setInterval((x) => { log.push("i" + x); if (log.length > 4) { clearInterval(id); resolve(); } }, 10, "v"); let resolve; const done = new Promise((r) => (resolve = r)); setTimeout(() => log.push("t25"), 25); const dead = setTimeout(() => log.push("never"), 5); clearTimeout(dead); queueMicrotask(() => log.push("m"));
    (async () => { await done; return log.join(); })()`,
  },
  {
    name: "bigints",
    source: `let a = 1n, b = -1n; const big = 7n ** 90n, seen = new Map([[big, "big"]]); for (let i = 0n; i < 12n; i++) { [a, b] = [a * 31n + i, b - a]; seen.set(a, b); } const o = { valueOf() { for (let i = 0; i < 2; i++); return 3n; } };
    let t = 0n; for (const [k, v] of seen) t += typeof v === "bigint" ? k ^ v : 1n; [a, b, o + 1n, o * big, -o, t, seen.get(7n ** 90n), Object(5n) + o, big.toString(36), BigInt.asIntN(64, t), a > 10, a == "5"].join()`,
  },
  {
    name: "host calls inside traps",
    externals: { ask: "sync" },
    source: `const names = []; const handler = {}; for (const name of Reflect.ownKeys(Reflect)) if (typeof name === "string") handler[name] = function (...args) { names.push(name + ask(name)); return Reflect[name](...args); };
    class Target { static kind = "t"; constructor(n) { this.n = n; } hi() { return "hi" + ask("hi"); } } const p = new Proxy(new Target(1), handler); const F = new Proxy(Target, handler);
    p.x = 1; p["y" + ask("key")] = 2; const seen = ["x" in p, delete p.x, Object.keys(p).join(), p.hi(), new F(3).n, Object.getPrototypeOf(p) === Target.prototype, JSON.stringify(p), { ...p }.n];
    Object.defineProperty(p, "z", { value: ask("v"), configurable: true }); Object.setPrototypeOf(p, null); Object.freeze(p); const call = new Proxy((a, b) => a + b + ask("call"), handler); const { proxy, revoke } = Proxy.revocable({}, handler); proxy.q = 1; revoke(); try { proxy.q; } catch (e) { seen.push(e.message); }
    class Sub extends F { #own = ask("private"); get own() { return this.#own; } } const list = [3, 1, 2].sort(new Proxy((a, b) => a - b + 0 * ask("cmp"), {})); const child = Object.create(new Proxy({}, handler)); child.w = child.v;
    [...seen, call(1, 2), Object.isFrozen(p), new Sub(5).own, list.join(""), names.length, names.join(" ")].join("|")`,
  },
  {
    name: "host calls",
    externals: { ask: "sync", fetchIt: "async" },
    source: `const log = []; function twice(x) { return ask(x) + ask({ deep: [x] }); } const o = { get p() { return ask("getter"); }, toString() { return "s" + ask("toString"); } };
    const arr = [1, 2].map((x) => ask(x)); let cond = ask("c") > 3 ? "big" : "small"; if (!ask("d")) log.push("no"); const sum = 1 + twice(2) * (o.p + 1);
    (async () => { const p = [1, 2, 3].map((i) => fetchIt(i)); const first = await Promise.race(p); const rest = await Promise.all(p); try { await fetchIt("fail"); } catch (e) { log.push(e.message); } const s = \`\${o}\`; return [arr.join("/"), cond, sum, first.n, rest.map((r) => r.n).join("/"), s, log.join("/"), new (class { x = ask("field"); })().x].join("|"); })()`,
  },
  {
    name: "templates and tags",
    source: `const seen = []; function tag(strings, ...v) { seen.push(strings); return strings.raw.join("_") + v.join(); } function use(n) { return tag\`a\${n}b\\n\${n}c\`; } let s = ""; for (let i = 0; i < 4; i++) s += use(i); const w = new WeakMap([[seen[0], "kept"]]);
    for (let i = 0; i < 2; i++) s += tag\`x\${i}\`; s + (seen[0] === seen[3]) + (seen[4] === seen[5]) + (seen[0] === seen[4]) + Object.isFrozen(seen[0]) + w.get(seen[1]) + seen[0].raw[1]`,
  },
  {
    name: "symbols and wrappers",
    source: `const s = Symbol("desc"), t = Symbol(); const o = { [s]: 1, [t]: 2, [Symbol.toStringTag]: "Tagged" }; const list = [Object(1), Object("str"), Object(true), Object(s)]; let r = ""; for (const x of list) r += typeof x + typeof x.valueOf();
    function args() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s + arguments.length; } r + s.toString() + o[s] + o[t] + String(o) + Object.getOwnPropertySymbols(o).length + (Object(s) == s) + args(1, 2, 3) + list[1].length + list[1][2]`,
  },
  {
    name: "recursion",
    source: `function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } function depth(n) { return n === 0 ? 0 : 1 + depth(n - 1); } let over = 0; function forever() { over++; return forever() + 1; } let name; try { forever(); } catch (e) { name = e.name; } fib(8) + "," + depth(60) + "," + name + (over > 100)`,
  },
  {
    name: "switch, labels, loops",
    source: `let out = ""; outer: for (let i = 0; i < 6; i++) { for (const k in { a: 1, b: 2, c: 3 }) { switch (i % 3) { case 0: out += k; if (k === "b") continue outer; break; case 1: out += i; break outer; default: out += "?"; } } do { out += "."; } while (out.length < 3); } const o = { x: 1, y: 2, z: 3 }; for (const k in o) { delete o.y; out += k; } let i = 3; while (i-- > 0) out += i ?? "n"; out`,
  },
  {
    name: "growing arrays",
    source: `const byIndex = [], pushed = [], shrunk = []; for (let i = 0; i < 90; i++) { byIndex[i] = i; pushed.push(i * 1.5, "n" + i); if (i < 60) shrunk.push(i); else shrunk.pop(); }
    const literal = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]; for (let i = 0; i < 50; i++) literal[literal.length] = i; shrunk.length = 0; for (let i = 0; i < 40; i++) shrunk[i] = -i;
    const mapped = byIndex.map((x) => x + 1).filter((x) => x % 3); for (let i = 0; i < 40; i++) mapped.push(i); [byIndex.length, pushed.length, shrunk.length, literal.length, mapped.length, mapped[70]].join()`,
  },
  {
    name: "buffers and views",
    source: `const buffer = new ArrayBuffer(24, { maxByteLength: 64 }); const bytes = new Uint8Array(buffer), words = new Uint16Array(buffer, 4, 4), view = new DataView(buffer, 8);
    const kinds = [new Int8Array(3), new Uint8ClampedArray([300, -1, 1.5]), new Int32Array([1, -2]), new Float32Array([1.5, NaN]), new Float64Array([0.1, -0]), new BigInt64Array([-1n, 2n ** 62n]), new BigUint64Array(1), new Float16Array([1.5])];
    for (let i = 0; i < 24; i++) bytes[i] = i * 11; view.setFloat64(0, Math.PI); buffer.resize(40); let s = 0; for (const b of bytes) s += b;
    const moved = buffer.transfer(16); let gone; try { view.getInt8(0); } catch (e) { gone = e.name; } const sorted = new Float64Array([3, 1, 2]).sort((a, b) => (s++, b - a)); class Mine extends Uint8Array {} const mine = new Mine(4).map((_, i) => i * 2);
    [s, moved.byteLength, buffer.detached, bytes.length, words.length, gone, sorted.join(), mine instanceof Mine, mine.join(), kinds.map((k) => k.join()).join("|")].join(";")`,
  },
  {
    name: "regular expressions",
    source: `const date = /(?<year>\\d{4})-(?<month>\\d\\d)/dgu; const line = "2024-03 x 1999-12 y \\u{1f600} 2031-01"; let out = ""; let m; while ((m = date.exec(line)) !== null) out += m.groups.year + "@" + m.index + m.indices[1] + ",";
    let slow = "a".repeat(14) + "b"; const bad = /^(a+)+$/.test(slow); const sticky = /b/y; sticky.lastIndex = 14; class Mine extends RegExp { exec(s) { out += "!"; return super.exec(s); } }
    const words = line.split(/\\s+/).map((w) => w.replace(/(\\d)(\\d)/g, (all, a, b) => b + a)); for (const one of line.matchAll(/\\p{Lu}|[xy]|\\p{Emoji}/gu)) out += one[0]; out += new Mine("x|y", "g")[Symbol.replace](line, "<$&>");
    out + bad + sticky.test(slow) + words.join() + "\u00e9t\u00e9".replace(/\\u00c9/giu, "E") + /(?<=(\\d))x|(?<! )y/.source`,
  },
  {
    name: "dates",
    source: `const at = new Date(2026, 10, 24, 10, 30, 15, 250); const list = []; for (let i = 0; i < 6; i++) { const d = new Date(at); d.setMonth(i * 3, 31); d.setHours(i, 61); list.push(d.toISOString()); }
    class Day extends Date { get key() { return this.getFullYear() * 400 + this.getDate(); } } const day = new Day(0); const bad = new Date(NaN); list.join() + day.key + String(bad) + Date.parse("Tue, 24 Nov 2026 10:00:00 GMT") + at.toString() + JSON.stringify({ at }) + (new Date() - Date.now())`,
  },
  {
    name: "disposal and decorators",
    source: `const log = []; const resource = (n) => ({ [Symbol.dispose]() { log.push("-" + n); if (n === 2) throw new Error("late"); }, [Symbol.asyncDispose]: async () => { await null; log.push("~" + n); } });
    function twice(value, { kind, name }) { log.push(kind + name); return function (...a) { return 2 * value.apply(this, a); }; } class Sum { @twice add(a, b) { return a + b; } accessor held = 5; }
    function work() { using a = resource(1), b = resource(2); log.push("work"); throw new TypeError("early"); } async function main() { try { work(); } catch (e) { log.push(e.name, e.error.message, e.suppressed.message); } { await using c = resource(3); log.push("in"); } const stack = new DisposableStack(); stack.use(resource(4)); stack.defer(() => log.push("deferred")); stack.dispose(); return log.join() + new Sum().add(1, 2) + new Sum().held; } await main()`,
  },
  {
    name: "every kind of decorator",
    source: `const log = []; const see = (v, c) => { log.push(c.kind, String(c.name)); c.addInitializer(function () { log.push("i"); }); return c.kind === "field" ? (x) => x + 1 : c.kind === "accessor" ? { get() { return v.get.call(this) * 2; }, init: (x) => x + 3 } : undefined; };
    let made = 0; for (let i = 0; i < 3; i++) { @see class C { @see a = i; @see static b = 2; @see m() { return this.a; } @see get g() { return 4; } @see set g(v) { this.a = v; } @see accessor h = 5; @see #p = 6; @see #q() { return 7; } @see ["c" + i] = 8; all() { return [this.a, this.h, this.#p, this.#q(), this["c" + i], this.g].join(); } static meta = () => Object.keys(this[Symbol.metadata]).length; }
    const c = new C(); c.g = 9; made += C.b + C.meta(); log.push(c.all(), c.m()); } log.join() + made`,
  },
  {
    name: "a match that takes long",
    source: `const text = "a".repeat(8) + "b"; let out = ""; out += /^(?:(a+)+|(?<n>a*)*)$/u.test(text); out += text.replace(/(a|aa)+c|b/g, (m) => "<" + m + ">"); out += /(?=(a+)+c)|(?<=(a+)+)b/v.exec(text)[0]; out`,
  },
  {
    name: "with, mapped arguments, eval",
    allowEval: true,
    source: `var out = []; var scope = { x: 1, get y() { return this.x * 2; }, [Symbol.unscopables]: { hidden: true }, hidden: 9 }; var hidden = 0; with (scope) { for (var i = 0; i < 3; i++) { x += y; out.push(x, hidden); } var inner = function () { return x; }; }
    function mapped(a, b) { arguments[0] = a + 1; b = 7; out.push(a, arguments[1]); return arguments; } mapped(1, 2, 3)[2]; function direct(n) { var local = 3; eval("var made = local * n; local = made + 1"); return made + local; }
    out.push(inner(), direct(4), (0, eval)("typeof local"), new Function("a", "b", "return a ** b")(2, 5)); out.join()`,
  },
  {
    name: "with and code from strings",
    allowEval: true,
    source: `const env = { a: 1, get b() { return this.a++; } }; let out = []; with (env) { const f = () => b + a; out.push(f(), a = 5, typeof zz); }
    function g(n) { let local = n; eval("var added = local * 2; local++"); return [() => added++, () => eval("local + added")]; } const [up, both] = g(3); up(); out.push(both());
    const made = Function("x", "return [x, typeof out]"); const it = (0, eval)("(function* () { for (let i = 0; i < 3; i++) yield eval('i + 1'); })()"); it.next();
    class C { #p = 1; m() { return eval("this.#p += 1"); } } const c = new C(); c.m(); out.push(made(1).join(), it.next().value, c.m()); out.join("|")`,
  },
];
