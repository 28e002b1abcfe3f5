// Real work of well-known libraries: each program is a module whose default export answers plain data, or a promise of it. It is run
// in the machine and on the host. Must never read a clock or random numbers.

export interface LibraryProgram {
  readonly name: string;
  readonly source: string;
}

const program = (name: string, source: string): LibraryProgram => ({ name, source });

export const LIBRARY_PROGRAMS: readonly LibraryProgram[] = [
  program(
    "immer",
    `import { produce, enableMapSet, enablePatches, produceWithPatches, applyPatches, freeze, current } from "immer";
    enableMapSet(); enablePatches();
    export default () => {
      const base = { users: [{ name: "Ada", tags: new Set(["a"]) }, { name: "Bob", tags: new Set() }], index: new Map([["Ada", 0]]), deep: { a: { b: { c: 1 } } } };
      const next = produce(base, (d) => { d.users[1].name = "Bo"; d.users.push({ name: "Cy", tags: new Set(["x", "y"]) }); d.index.set("Bo", 1); d.users[0].tags.add("b"); d.deep.a.b.c++; delete d.deep.a.none; });
      const [third, patches, inverse] = produceWithPatches(next, (d) => { d.users.splice(0, 1); d.index.delete("Ada"); d.deep.a.b = { c: 9, list: [3, 1, 2].sort() }; });
      let error; try { next.users[0].name = "no"; } catch (e) { error = e.name; }
      return { base, next, third, patches, inverse, back: applyPatches(third, inverse), error, shared: next.deep !== base.deep && next.users[0] !== base.users[0], frozen: Object.isFrozen(third),
        reduced: Array.from({ length: 60 }, (_, i) => i).reduce(produce((d, i) => { d["k" + (i % 7)] = (d["k" + (i % 7)] ?? 0) + i; }), {}) };
    };`,
  ),
  program(
    "ramda",
    `import * as R from "ramda";
    export default () => {
      const people = R.range(0, 40).map((i) => ({ id: i, name: "p" + (i * 7 % 40), age: 20 + (i * 13) % 50, tags: R.times((n) => "t" + (n * i) % 5, i % 4) }));
      const byDecade = R.groupBy((p) => String(Math.floor(p.age / 10) * 10));
      const top = R.pipe(R.sortWith([R.descend(R.prop("age")), R.ascend(R.prop("name"))]), R.take(5), R.map(R.pick(["name", "age"])));
      const lens = R.lensPath(["a", 0, "b"]);
      return [R.map(R.length, byDecade(people)), top(people), R.countBy(R.identity, R.chain(R.prop("tags"), people)), R.over(lens, R.inc, { a: [{ b: 1 }], z: 2 }),
        R.transpose([[1, 2, 3], [4, 5], [6]]), R.uniqBy(Math.abs, [-1, 1, 2, -2, 3]), R.mergeDeepRight({ a: { b: 1, c: [1] } }, { a: { c: [2], d: 3 } }), R.splitEvery(3, R.range(1, 9)),
        R.aperture(2, [1, 2, 3, 4]), R.equals({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }), R.toPairs(R.invertObj({ a: "x", b: "y" })), R.xprod([1, 2], ["a", "b"]), R.scan(R.multiply, 1, [1, 2, 3, 4]),
        R.partition((n) => n % 2, [1, 2, 3, 4, 5]), R.zipWith((a, b) => a + b, [1, 2], [3, 4]), R.into([], R.compose(R.filter((n) => n > 2), R.map((n) => n * 2)), [1, 2, 3]), R.memoizeWith(String, (n) => n + 1)(4), R.evolve({ n: R.inc, o: { k: R.toUpper } }, { n: 1, o: { k: "x", z: 1 } })];
    };`,
  ),
  program(
    "rxjs",
    `import { from, of, interval, merge, concat, range, Subject, BehaviorSubject, combineLatest, zip, timer, throwError, firstValueFrom } from "rxjs";
    import { map, filter, take, toArray, scan, mergeMap, switchMap, concatMap, debounceTime, bufferCount, catchError, retry, distinctUntilChanged, groupBy, reduce, share, withLatestFrom, delay, takeUntil } from "rxjs/operators";
    export default async () => {
      const out = {};
      out.a = await firstValueFrom(range(1, 30).pipe(filter((n) => n % 3 === 0), map((n) => n * n), scan((a, n) => a + n, 0), bufferCount(4), toArray()));
      out.b = await firstValueFrom(from([3, 1, 2]).pipe(mergeMap((n) => timer(n * 10).pipe(map(() => n))), toArray()));
      out.c = await firstValueFrom(from([3, 1, 2]).pipe(concatMap((n) => of(n, n * 10).pipe(delay(n))), toArray()));
      let tries = 0;
      out.d = await firstValueFrom(throwError(() => new Error("x" + ++tries)).pipe(retry(2), catchError((e) => of(e.message, tries)), toArray()));
      const subject = new Subject(); const log = [];
      const shared = subject.pipe(distinctUntilChanged(), share());
      const one = shared.subscribe((v) => log.push("one" + v)); shared.subscribe({ next: (v) => log.push("two" + v), complete: () => log.push("done") });
      subject.next(1); subject.next(1); subject.next(2); one.unsubscribe(); subject.next(3); subject.complete();
      out.e = log;
      out.f = await firstValueFrom(from("mississippi").pipe(groupBy((c) => c), mergeMap((g) => g.pipe(reduce((n) => n + 1, 0), map((n) => g.key + n))), toArray()));
      const b = new BehaviorSubject(0);
      const seen = firstValueFrom(combineLatest([b, from([1, 2, 3])]).pipe(take(3), toArray())); b.next(5);
      out.g = await seen;
      out.h = await firstValueFrom(zip(interval(5), from(["a", "b", "c"])).pipe(toArray()));
      out.i = await firstValueFrom(concat(of(1), merge(timer(20).pipe(map(() => "late")), of("early")), of(9)).pipe(toArray()));
      out.j = await firstValueFrom(interval(10).pipe(switchMap((n) => of(n, n + 100)), takeUntil(timer(45)), toArray()));
      return out;
    };`,
  ),
  program(
    "big.js",
    `import Big from "big.js";
    export default () => {
      Big.DP = 60;
      let x = new Big(2), a = new Big(1), pi = new Big(0), f = new Big(1);
      for (let i = 0; i < 8; i++) x = x.plus(new Big(2).div(x)).div(2);
      for (let i = 0; i < 40; i++) { pi = pi.plus(f.times(new Big(4).div(8 * i + 1).minus(new Big(2).div(8 * i + 4)).minus(new Big(1).div(8 * i + 5)).minus(new Big(1).div(8 * i + 6)))); f = f.div(16); }
      for (let i = 2; i < 60; i++) a = a.times(i);
      return [x.toFixed(50), pi.toFixed(40), a.toString(), new Big("1e-7").toString(), new Big("123.456").round(1, 3).toString(), new Big(-3).pow(-3).toPrecision(20), new Big("99.995").toFixed(2), new Big(2).sqrt().eq(x), new Big("1e500").toExponential(3), [..."31415926"].map((d) => new Big(d).mod(3).toNumber()), JSON.stringify({ n: new Big("0.10") })];
    };`,
  ),
  program(
    "decimal.js",
    `import Decimal from "decimal.js";
    export default () => {
      const D = Decimal.clone({ precision: 50 });
      return [D.exp(1), D.ln(10), D.sin(1), D.atan2(1, 2), D.sqrt(2), D.cbrt(3), new D("0x1f.8p2"), new D(2).pow("0.3"), D.log2(1000), D.hypot(3, 4, 12), new D(355).div(113).toFraction(1000).map(String), new D("1234567.891").toSD(4), D.acosh(3), new D(255).toHexadecimal(), new D(0.1).plus(0.2), D.max(1, "3.5", 2), new D(-7).mod(3), new D("1e-400").times("1e400"), D.sum(...Array.from({ length: 30 }, (_, i) => 1 / (i + 1)))].map(String);
    };`,
  ),
  program(
    "parsimmon",
    `import P from "parsimmon";
    export default () => {
      const L = P.createLanguage({
        value: (r) => P.alt(r.object, r.array, r.string, r.nul, r.number).thru((p) => P.optWhitespace.then(p).skip(P.optWhitespace)),
        nul: () => P.alt(P.string("null").result(null), P.string("true").result(true), P.string("false").result(false)),
        string: () => P.string('"').then(P.noneOf('"').many().tie()).skip(P.string('"')),
        number: () => P.seq(P.string("-").fallback(""), P.digits, P.string(".").then(P.digits).fallback("")).map(([s, i, f]) => Number(s + i + (f ? "." + f : ""))),
        array: (r) => P.string("[").then(P.sepBy(r.value, P.string(","))).skip(P.string("]")),
        object: (r) => P.string("{").then(P.sepBy(P.seq(P.optWhitespace.then(r.string).skip(P.optWhitespace).skip(P.string(":")), r.value), P.string(","))).skip(P.string("}")).map((pairs) => Object.fromEntries(pairs)),
      });
      const data = { a: [1, 2, { b: null, c: "x y" }], d: -3.5, e: { f: [true, false, [], {}] } };
      const text = JSON.stringify(data, null, 1);
      return [L.value.tryParse(text), L.value.parse("[1, 2"), L.value.parse("{]"), P.formatError("[1, x]", L.value.parse("[1, x]")), L.value.parse('{"k": [' + "1,".repeat(40) + "2]}")];
    };`,
  ),
  program(
    "graphology",
    `import Graph, { DirectedGraph } from "graphology";
    export default () => {
      const g = new DirectedGraph();
      for (let i = 0; i < 40; i++) g.addNode("n" + i, { weight: (i * 37) % 11 });
      for (let i = 0; i < 40; i++) for (const k of [3, 7, 11]) g.mergeEdge("n" + i, "n" + ((i * k + 1) % 40), { cost: 1 + ((i * k) % 9) });
      const distance = { n0: 0 }; const open = ["n0"];
      while (open.length) { open.sort((a, b) => distance[a] - distance[b]); const n = open.shift(); g.forEachOutEdge(n, (e, attr, s, t) => { const d = distance[n] + attr.cost; if (!(distance[t] <= d)) { distance[t] = d; open.push(t); } }); }
      const events = []; g.on("nodeDropped", ({ key }) => events.push(key)); g.dropNode("n5"); g.dropEdge("n0", "n1");
      let error; try { g.addNode("n0"); } catch (e) { error = e.name + e.message; }
      const u = Graph.from(g.export()); const small = new Graph({ type: "undirected" }); small.mergeEdge("a", "b"); small.mergeEdge("b", "c");
      return [g.order, g.size, distance, events, error, g.reduceNodes((n, key, a) => n + a.weight, 0), u.degree("n7"), g.neighbors("n3").sort(), g.export().edges.length, small.hasEdge("b", "a"), [...small.nodeEntries()].map((e) => e.node), g.filterEdges((e, a) => a.cost > 7).length, g.inspect?.().size];
    };`,
  ),
  program(
    "d3-array",
    `import * as d3 from "d3-array";
    export default () => {
      const data = Array.from({ length: 120 }, (_, i) => ({ k: "abc"[i % 3], v: (i * 7919) % 101, w: i }));
      return [d3.extent(data, (d) => d.v), d3.median(data, (d) => d.v), d3.quantile([1, 2, 3, 4, 10], 0.3), d3.deviation(data, (d) => d.v), d3.bin().thresholds(8)(data.map((d) => d.v)).map((b) => [b.x0, b.x1, b.length]),
        d3.rollups(data, (v) => d3.sum(v, (d) => d.w), (d) => d.k, (d) => d.v % 2), [...d3.index(data.slice(0, 5), (d) => d.w)], d3.ticks(0, 1.7, 7), d3.nice(0.13, 9.7, 5), d3.bisector((d) => d.w).left(data, 50), d3.cross([1, 2], "ab"), d3.greatest(data, (d) => d.v), d3.leastIndex(data, (a, b) => a.v - b.v), d3.pairs([1, 2, 3]), d3.cumsum([1, 2, 3]).length, d3.union([1, 2], [2, 3]).size, d3.transpose([[1, 2], [3, 4]]), d3.group(data, (d) => d.k).get("b").length, d3.rank([3, 1, 2]).join(), d3.fsum([0.1, 0.2, 0.3]), d3.flatGroup(data.slice(0, 6), (d) => d.k)];
    };`,
  ),
  program(
    "d3-hierarchy",
    `import { hierarchy, tree, treemap, pack, partition, stratify, cluster } from "d3-hierarchy";
    export default () => {
      const make = (n, d) => ({ name: "n" + n + "." + d, value: (n * 31 + d) % 17 + 1, children: d < 3 ? Array.from({ length: (n + d) % 3 + 1 }, (_, i) => make(n * 3 + i, d + 1)) : undefined });
      const root = () => hierarchy(make(1, 0)).sum((d) => d.value).sort((a, b) => b.value - a.value || (a.data.name < b.data.name ? -1 : 1));
      const round = (x) => Math.round(x * 1e6) / 1e6;
      const t = tree().size([100, 50])(root()), m = treemap().size([200, 100]).padding(1)(root()), p = pack().size([100, 100])(root()), q = partition().size([10, 10])(root()), c = cluster().size([9, 9])(root());
      const s = stratify().id((d) => d.id).parentId((d) => d.up)([{ id: "a" }, { id: "b", up: "a" }, { id: "c", up: "b" }, { id: "d", up: "a" }]);
      return [t.descendants().map((n) => [n.data.name, round(n.x), round(n.y)]), m.leaves().map((n) => [round(n.x0), round(n.y0), round(n.x1), round(n.y1)]), p.descendants().map((n) => [round(n.x), round(n.y), round(n.r)]), q.leaves().map((n) => [round(n.x0), round(n.y1)]), c.leaves().map((n) => round(n.x)), s.descendants().map((n) => [n.id, n.depth, n.height]), root().path(root()).length, root().links().length];
    };`,
  ),
  program(
    "lodash",
    `import _ from "lodash";
    export default () => {
      const list = _.range(60).map((i) => ({ id: i, g: "g" + (i % 4), v: (i * 17) % 23, nested: { deep: [i, { x: i * 2 }] } }));
      return [_.chain(list).groupBy("g").mapValues((v) => _.sumBy(v, "v")).toPairs().orderBy([1], ["desc"]).value(), _.cloneDeep(list[3]), _.isEqual(_.cloneDeep(list), list), _.get(list, "[5].nested.deep[1].x"), _.set({}, "a.b[0].c", 1), _.merge({ a: [1, { b: 2 }] }, { a: [undefined, { c: 3 }] }), _.camelCase("Foo Bar--baz"), _.kebabCase("fooBarBaz"), _.debounce.length, _.words("hello big-world fooBar"), _.truncate("a long long long sentence", { length: 12 }), _.zipObjectDeep(["a.b", "a.c"], [1, 2]), _.partition(list, (x) => x.v > 11).map((x) => x.length), _.uniqWith([{ a: 1 }, { a: 1 }, { a: 2 }], _.isEqual), _.curry((a, b, c) => a + b + c)(1)(2)(3), _.flow([_.sortBy, _.head, _.toString])([3, 1, 2]), _.padStart("x", 5, "ab"), _.intersectionBy([2.1, 1.2], [2.3, 3.4], Math.floor), _.omit(list[1], ["nested.deep"]), _.escape("<a & b>"), _.startCase("--foo-bar--"), _.memoize((x) => x * 2)(4), _.flattenDeep([1, [2, [3, [4]]]]), _.toPath("a[0].b.c"), _.sortedUniq([1, 1, 2]), _.isPlainObject(Object.create(null)), _.invokeMap([[3, 1], [2]], "sort"), _.deburr("déjà vu"), _.mapKeys({ a: 1, b: 2 }, (v, k) => k + v)];
    };`,
  ),
  program(
    "zod",
    `import { z } from "zod";
    export default () => {
      const User = z.object({ name: z.string().min(2), age: z.number().int().positive().optional(), role: z.enum(["admin", "user"]).default("user"), tags: z.array(z.string()).max(3), address: z.object({ city: z.string(), zip: z.string().length(4) }).partial(), when: z.coerce.date().optional() });
      const Shape = z.discriminatedUnion("kind", [z.object({ kind: z.literal("circle"), r: z.number() }), z.object({ kind: z.literal("box"), w: z.number(), h: z.number() })]);
      const tree = z.lazy(() => z.object({ v: z.number(), kids: z.array(tree) }));
      const show = (r) => (r.success ? r.data : r.error.issues.map((i) => [i.code, i.path.join("."), i.message]));
      return [show(User.safeParse({ name: "Ada", tags: ["x"], address: {} })), show(User.safeParse({ name: "A", age: -1.5, role: "none", tags: [1, "b", "c", "d"], address: { zip: "12" } })), show(Shape.safeParse({ kind: "box", w: 1, h: 2 })), show(Shape.safeParse({ kind: "line" })), show(tree.safeParse({ v: 1, kids: [{ v: 2, kids: [] }, { v: "3", kids: [] }] })),
        show(z.string().transform((s) => s.length).pipe(z.number().min(3)).safeParse("ab")), show(z.record(z.string(), z.number()).safeParse({ a: 1, b: "2" })), show(z.union([z.string(), z.number().array()]).safeParse(true)), show(z.tuple([z.string(), z.number()]).rest(z.boolean()).safeParse(["a", 1, true, 0])), show(z.map(z.string(), z.set(z.number())).safeParse(new Map([["a", new Set([1, 2])]]))), show(z.number().refine((n) => n % 2 === 0, "even please").safeParse(3)), show(z.strictObject({ a: z.any() }).safeParse({ a: 1, b: 2 })), show(z.bigint().safeParse(5n)), show(User.safeParse({ name: "Bob", tags: [], address: { city: "Oslo", zip: "0150" }, when: "2026-11-24" }))];
    };`,
  ),
  program(
    "acorn, parsing its own source",
    `import { parse, tokenizer, version } from "acorn";
    import own from "text:acorn";
    export default () => {
      const count = {}; let sum = 0;
      const walk = (n) => { if (Array.isArray(n)) n.forEach(walk); else if (n && typeof n === "object" && typeof n.type === "string") { count[n.type] = (count[n.type] ?? 0) + 1; sum = (sum * 31 + n.start * 7 + n.end) % 1000003; for (const k of Object.keys(n)) if (k !== "type") walk(n[k]); } };
      walk(parse(own, { ecmaVersion: "latest", sourceType: "module" }));
      return [version, count, sum, own.length, [...tokenizer("let x = a ?? 0x1f; class A { #p = \`t\${1}\` }", { ecmaVersion: 2022 })].map((t) => [t.type.label, t.value])];
    };`,
  ),
  program(
    "sval, an interpreter inside the machine",
    `import Sval from "sval";
    export default () => {
      const interpreter = new Sval({ ecmaVer: 2019, sandBox: true });
      interpreter.run(\`
        class Queue { constructor() { this.items = []; } push(x) { this.items.push(x); return this; } get size() { return this.items.length; } }
        function* primes(max) { outer: for (let n = 2; n < max; n++) { for (let d = 2; d * d <= n; d++) if (n % d === 0) continue outer; yield n; } }
        const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
        const memo = new Map(); const q = new Queue(); for (const p of primes(60)) q.push(p);
        let caught; try { null.x; } catch (e) { caught = e instanceof TypeError; } finally { memo.set("finally", true); }
        const { a, ...rest } = { a: 1, b: 2, c: [3, ...q.items.slice(0, 3)] };
        exports.result = { fib: fib(12), primes: q.items, size: q.size, caught, a, rest, memo: [...memo], sorted: [5, 3, 9].sort((x, y) => x - y).map((x) => \\\`<\\\${x}>\\\`).join("") };
      \`);
      return interpreter.exports.result;
    };`,
  ),
  program(
    "mustache",
    `import Mustache from "mustache";
    export default () => [Mustache.render("{{#items}}{{name}}: {{{html}}} {{&html}} {{html}}{{#last}}.{{/last}}{{^last}}, {{/last}}{{/items}}{{! no }}{{>part}}", { items: [{ name: "a", html: "<b>" }, { name: "c", html: "&", last: true }], x: { y: { z: 5 } } }, { part: "[{{x.y.z}}]" }), Mustache.render("{{=<% %>=}}<%#f%>text<%/f%>", { f: () => (text, render) => render(text).toUpperCase() }), JSON.stringify(Mustache.parse("a{{#b}}c{{/b}}"))];`,
  ),
  program(
    "marked",
    `import { marked } from "marked";
    export default () => marked.parse("# Title *em*\\n\\nText with **bold**, \`code\` and [link](http://x.y \\"t\\").\\n\\n- one\\n- two\\n  - deep\\n\\n1. first\\n2. second\\n\\n> quote\\n> more\\n\\n\`\`\`js\\nlet x = 1 < 2;\\n\`\`\`\\n\\n| a | b |\\n|---|:-:|\\n| 1 | 2 |\\n\\n<div>html</div>\\n\\n~~gone~~ ![i](u)\\n\\n---\\n");`,
  ),
  program(
    "date-fns",
    `import { addMonths, differenceInCalendarDays, eachDayOfInterval, format, formatDistance, formatISO, getISOWeek, intervalToDuration, isWeekend, lastDayOfMonth, parse, parseISO, startOfWeek, endOfQuarter, addBusinessDays } from "date-fns";
    export default () => { const d = new Date(Date.UTC(2026, 10, 24, 9, 5, 7)); return [format(d, "yyyy-MM-dd HH:mm:ss EEEE do MMM, QQQ, 'week' I"), addMonths(new Date(2026, 0, 31), 1), differenceInCalendarDays(d, new Date(2026, 0, 1)), eachDayOfInterval({ start: new Date(2026, 1, 26), end: new Date(2026, 2, 2) }).map((x) => format(x, "d/M")), formatDistance(new Date(2026, 0, 1), d, { addSuffix: true }), formatISO(d), getISOWeek(d), intervalToDuration({ start: new Date(2020, 1, 29), end: d }), isWeekend(d), lastDayOfMonth(new Date(2028, 1, 3)), parse("24.11.2026 10:30", "dd.MM.yyyy HH:mm", d), parseISO("2026-W48-2"), startOfWeek(d, { weekStartsOn: 1 }), endOfQuarter(d), addBusinessDays(d, 9)]; };`,
  ),
  program(
    "dayjs",
    `import dayjs from "dayjs"; import utc from "dayjs/plugin/utc"; import duration from "dayjs/plugin/duration"; import relativeTime from "dayjs/plugin/relativeTime"; import customParse from "dayjs/plugin/customParseFormat"; import isoWeek from "dayjs/plugin/isoWeek";
    dayjs.extend(utc); dayjs.extend(duration); dayjs.extend(relativeTime); dayjs.extend(customParse); dayjs.extend(isoWeek);
    export default () => { const d = dayjs.utc("2026-11-24T09:05:07Z"); return [d.format(), d.format("dddd, MMMM D, YYYY h:mm A Z"), d.add(1, "month").startOf("week").toISOString(), d.diff(dayjs.utc("2026-01-01"), "week", true), d.to(dayjs.utc("2027-03-01")), dayjs.duration(100000000).humanize(), dayjs("24/11/2026", "DD/MM/YYYY", true).isValid(), dayjs("2026-13-45", "YYYY-MM-DD", true).isValid(), d.isoWeek(), d.endOf("year").valueOf(), d.isBefore("2026-12-01"), JSON.stringify({ d })]; };`,
  ),
  program(
    "typebox",
    `import { Type } from "@sinclair/typebox"; import { Value } from "@sinclair/typebox/value";
    export default () => { const T = Type.Object({ id: Type.Integer({ minimum: 1 }), name: Type.String({ minLength: 2 }), tags: Type.Array(Type.Union([Type.Literal("a"), Type.Literal("b")])), opt: Type.Optional(Type.Record(Type.String(), Type.Number())) }); const good = { id: 3, name: "Ada", tags: ["a", "b"], opt: { x: 1 } }, bad = { id: 0.5, name: "A", tags: ["c"], opt: { x: "1" } }; return [T, Value.Check(T, good), Value.Check(T, bad), [...Value.Errors(T, bad)].map((e) => [e.path, e.message]), Value.Create(T), Value.Convert(T, { id: "7", name: 12, tags: [] }), Value.Diff({ a: 1, b: [1, 2] }, { a: 2, b: [1, 3] }), Value.Hash(good), Value.Clone(good), Value.Equal(good, { ...good }), Value.Clean(Type.Object({ a: Type.Number() }, { additionalProperties: false }), { a: 1, z: 2 }), Value.Default(Type.Object({ a: Type.Number({ default: 5 }) }), {})]; };`,
  ),
];
