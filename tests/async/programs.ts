// Owns guest programs about the order of jobs. Each calls `log(…)` with primitives; what it logs must be what the host engine
// logs for the same text. Must never depend on time beyond the order of timers.

export interface AsyncProgram {
  readonly name: string;
  readonly source: string;
}

export const ASYNC_PROGRAMS: readonly AsyncProgram[] = [
  {
    name: "await takes one tick for values and native promises",
    source: `
      async function f(n, v) { log(n, 1); await v; log(n, 2); await v; log(n, 3); }
      f("a", 1); f("b", Promise.resolve(2)); f("c", null);
      Promise.resolve().then(() => log("t1")).then(() => log("t2")).then(() => log("t3"));
      log("sync");`,
  },
  {
    name: "await of a thenable takes more",
    source: `
      (async () => { log(await { then(r) { log("then"); r("x"); } }); })();
      Promise.resolve().then(() => log(1)).then(() => log(2)).then(() => log(3)).then(() => log(4));`,
  },
  {
    name: "return of a promise from an async function takes three ticks",
    source: `
      (async () => Promise.resolve("p"))().then((v) => log(v));
      (async () => "v")().then((v) => log(v));
      Promise.resolve().then(() => log(1)).then(() => log(2)).then(() => log(3)).then(() => log(4));`,
  },
  {
    name: "then returning a promise takes two more",
    source: `
      Promise.resolve().then(() => Promise.resolve("inner")).then(log);
      Promise.resolve().then(() => log(1)).then(() => log(2)).then(() => log(3)).then(() => log(4)).then(() => log(5));`,
  },
  {
    name: "rejections travel",
    source: `
      const p = Promise.reject(new Error("e"));
      p.then(() => log("no")).catch((e) => { log("caught", e.message); return 1; }).then((v) => log("after", v));
      p.then(null, (e) => { throw e.message + "!"; }).then(null, (s) => log(s));
      (async () => { try { await p; } catch (e) { log("await", e.message); } finally { log("finally"); } })();`,
  },
  {
    name: "finally keeps values and reasons",
    source: `
      Promise.resolve(1).finally(() => { log("f1"); return 99; }).then((v) => log("v", v));
      Promise.reject(2).finally(() => { log("f2"); }).catch((v) => log("r", v));
      Promise.resolve(3).finally(() => { throw 4; }).catch((v) => log("t", v));
      Promise.resolve(5).finally(() => new Promise((r) => queueMicrotask(r))).then((v) => log("w", v));
      Promise.resolve().then(() => log(1)).then(() => log(2)).then(() => log(3)).then(() => log(4)).then(() => log(5)).then(() => log(6));`,
  },
  {
    name: "combinators",
    source: `
      const wait = (n, v) => { let p = Promise.resolve(v); for (let i = 0; i < n; i++) p = p.then((x) => x); return p; };
      const fail = (n, v) => wait(n).then(() => { throw v; });
      Promise.all([wait(3, "a"), "b", wait(1, "c")]).then((v) => log("all", v.join()));
      Promise.all([]).then((v) => log("empty", v.length));
      Promise.all([wait(5), fail(1, "x")]).catch((e) => log("all rejects", e));
      Promise.allSettled([wait(1, "a"), fail(2, "b"), 3]).then((v) => log("settled", v.map((s) => s.status + ":" + ("value" in s ? s.value : s.reason)).join()));
      Promise.race([wait(4, "slow"), wait(2, "fast")]).then((v) => log("race", v));
      Promise.any([fail(1, "a"), wait(3, "ok")]).then((v) => log("any", v));
      Promise.any([fail(1, "a"), fail(2, "b")]).catch((e) => log("none", e.name, e.errors.join(), e.message));
      Promise.any([]).catch((e) => log("nothing", e.errors.length));`,
  },
  {
    name: "executors and resolvers",
    source: `
      const resolvers = () => { let resolve, reject; const promise = new Promise((a, b) => { resolve = a; reject = b; }); return { promise, resolve, reject }; };
      new Promise((resolve, reject) => { resolve(1); reject(2); throw 3; }).then((v) => log("v", v), (e) => log("e", e));
      new Promise(() => { throw 4; }).catch((e) => log("thrown", e));
      const w = resolvers(); w.promise.then((v) => log("w", v)); w.resolve(5); w.reject(6);
      const self = resolvers(); self.resolve(self.promise); self.promise.catch((e) => log(e.name));
      Promise.resolve(7).then(7).then((v) => log("through", v));
      const t = new Promise((r) => r({ get then() { throw "getter"; } })); t.catch((e) => log(e));
      log("sync");`,
  },
  {
    name: "subclasses and species",
    source: `
      class P extends Promise { constructor(f) { super(f); log("made"); } }
      const p = P.resolve(1); log(p instanceof P, P.resolve(p) === p, Promise.resolve(p) === p);
      const q = p.then((v) => { log("then", v); return v + 1; }); log(q instanceof P);
      q.finally(() => log("fin")).then((v) => log("end", v));
      (async () => { log("await", await p); })();
      class Q extends Promise { static get [Symbol.species]() { return Promise; } }
      log(Q.resolve(1).then(() => {}) instanceof Q);`,
  },
  {
    name: "generators",
    source: `
      function* g(a) { try { const x = yield a; log("got", x); const y = yield x * 2; log("got", y); return "end"; } finally { log("cleanup"); } }
      const show = (r) => log(r.value, r.done);
      let i = g(1); show(i.next("ignored")); show(i.next(21)); show(i.next("last")); show(i.next());
      i = g(2); show(i.next()); show(i.return("r")); show(i.next());
      i = g(3); i.next(); try { i.throw("t"); } catch (e) { log("thrown", e); } show(i.next());
      i = g(4); show(i.return("early")); show(i.next());
      i = g(5); try { i.throw("first"); } catch (e) { log(e); } show(i.next());
      function* inner() { try { const a = yield 1; log("inner", a); } catch (e) { log("inner caught", e); yield "c"; } return "ret"; }
      function* outer() { const r = yield* inner(); log("r", r); yield* [7, 8]; return "done"; }
      i = outer(); show(i.next()); show(i.throw("boom")); show(i.next()); show(i.next()); show(i.next()); show(i.next());
      function* self() { try { it.next(); } catch (e) { log(e.name); } yield 1; }
      const it = self(); show(it.next());
      log([...outer()].join(), Array.from(inner()).join());
      for (const v of g(9)) { log("loop", v); break; }
      const [d1] = g(10); log(d1);
      let sum = 0; for (const v of (function* () { for (let k = 0; k < 100; k++) yield k; })()) sum += v; log(sum);
      function* deep(n) { if (n > 0) { yield n; yield* deep(n - 1); } } log([...deep(20)].length);
      try { for (const v of (function* () { yield 1; throw "inside"; })()) log(v); } catch (e) { log(e); }`,
  },
  {
    name: "finally in generators",
    source: `
      function* g() { try { yield 1; } finally { yield "cleanup"; } }
      const show = (r) => log(r.value, r.done);
      let i = g(); show(i.next()); show(i.return("x")); show(i.next()); show(i.next());
      i = g(); i.next(); show(i.throw("e")); try { i.next(); } catch (e) { log(e); }
      function* h() { try { yield 1; } finally { return "override"; } }
      i = h(); i.next(); show(i.throw("lost"));
      i = h(); i.next(); show(i.return("lost"));`,
  },
  {
    name: "async generators",
    source: `
      async function* g() { try { log("start"); const x = yield 1; log("x", x); yield Promise.resolve(2); await null; yield 3; return Promise.resolve("r"); } finally { log("fin"); } }
      const show = (n) => (r) => log(n, r.value, r.done);
      const a = g(); a.next("i").then(show("n1")); a.next("j").then(show("n2")); a.next().then(show("n3")); a.next().then(show("n4")); a.next().then(show("n5"));
      (async () => { for await (const v of g()) log("loop", v); log("loop end"); })();
      (async () => { for await (const v of g()) { log("broken", v); break; } log("break end"); })();
      Promise.resolve().then(() => log(1)).then(() => log(2)).then(() => log(3)).then(() => log(4)).then(() => log(5)).then(() => log(6));`,
  },
  {
    name: "async generators: return and throw",
    source: `
      const show = (n) => [(r) => log(n, r.value, r.done), (e) => log(n, "rejected", e)];
      async function* g() { try { yield 1; yield 2; } catch (e) { log("caught", e); yield "c"; } finally { log("fin"); } }
      let a = g(); a.next().then(...show("a1")); a.return(Promise.resolve("ret")).then(...show("a2")); a.next().then(...show("a3"));
      a = g(); a.next().then(...show("b1")); a.throw("t").then(...show("b2")); a.next().then(...show("b3")); a.throw("u").then(...show("b4"));
      a = g(); a.return(Promise.reject("rej")).then(...show("c1")); a.next().then(...show("c2"));
      a = g(); a.throw("early").then(...show("d1")); a.next().then(...show("d2"));
      async function* f() { throw "body"; } a = f(); a.next().then(...show("e1")); a.next().then(...show("e2"));
      async function* r() { yield Promise.reject("yielded"); } a = r(); a.next().then(...show("f1")); a.next().then(...show("f2"));
      g().next.call({}).catch((e) => log(e.name));`,
  },
  {
    name: "async generators: yield*",
    source: `
      async function* inner() { const x = yield 1; log("x", x); try { yield 2; } finally { log("inner fin"); } return "ir"; }
      async function* outer() { const r = yield* inner(); log("r", r); yield* [10, Promise.resolve(11)]; }
      (async () => { for await (const v of outer()) log(v); log("end"); })();
      (async () => { const o = outer(); log((await o.next()).value); log((await o.next("s")).value); const r = await o.return("ret"); log(r.value, r.done); })();`,
  },
  {
    name: "for await over synchronous iterables",
    source: `
      (async () => {
        for await (const v of [1, Promise.resolve(2), 3]) log(v);
        try { for await (const v of [Promise.reject("r")]) log("no"); } catch (e) { log("caught", e); }
        const it = { [Symbol.iterator]() { let n = 0; return { next() { return { value: n++, done: false }; }, return() { log("closed"); return {}; } }; } };
        for await (const v of it) { if (v === 2) break; log(v); }
        try { for await (const v of it) throw "body"; } catch (e) { log(e); }
      })();
      Promise.resolve().then(() => log("t1")).then(() => log("t2")).then(() => log("t3")).then(() => log("t4")).then(() => log("t5"));`,
  },
  {
    name: "microtasks and timers",
    source: `
      setTimeout((a, b) => { log("t0", a, b); Promise.resolve().then(() => log("micro in t0")); queueMicrotask(() => log("queued in t0")); }, 0, "A", "B");
      setTimeout(() => log("t0b"), 0);
      setTimeout(() => log("t10"), 10); setTimeout(() => log("t5"), 5);
      const dead = setTimeout(() => log("never"), 1); clearTimeout(dead);
      let n = 0; const i = setInterval(() => { log("i", ++n); if (n === 3) clearInterval(i); }, 20);
      queueMicrotask(() => log("m1")); Promise.resolve().then(() => log("m2")); log("sync");
      const killed = setTimeout(() => log("killed"), 30); setTimeout(() => clearTimeout(killed), 29);`,
  },
  {
    name: "async functions everywhere",
    source: `
      class C { async m(x) { return x + (await this.k); } static async s() { throw new TypeError("s"); } k = Promise.resolve(1); }
      new C().m(1).then(log); C.s().catch((e) => log(e.name, e.message));
      const o = { async *g() { yield* [1, 2]; }, async ["computed"]() { return "c"; } };
      o.computed().then(log); (async () => { for await (const v of o.g()) log("g", v); })();
      (async (a, b = (() => { throw "param"; })()) => {})().catch(log);
      const nested = async (n) => (n === 0 ? 0 : 1 + (await nested(n - 1))); nested(30).then(log);
      (async function () { log(arguments.length, this === undefined || this === globalThis); })(1, 2, 3);
      (async () => { try { return await Promise.reject("x"); } catch (e) { return e + "y"; } finally { log("f"); } })().then(log);
      (async () => { for (let i = 0; i < 3; i++) { await null; log("i", i); } label: for (;;) { for (;;) { await 1; break label; } } log("out"); })();`,
  },
];
