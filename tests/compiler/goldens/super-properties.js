const base = { get v() { return this.n; }, m(x) { return [this.n, x]; }, set w(x) { this.seen = x; } };
const o = { __proto__: base, n: 5, m(x) { return super.m(x + 1); }, v2() { return super["v"]; }, w2(x) { super.w = x; super.fresh = x; const f = () => super.m; return [this.seen, this.fresh, f().name]; } };
[o.m(1), o.v2(), o.w2(3)];
