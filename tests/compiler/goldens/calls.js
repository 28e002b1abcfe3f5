function f(a, b, c) { return [this && this.k, a, b, c]; }
const o = { k: 1, f, get g() { return f; }, n: { f, k: 2 } };
[o.f(1), o["f"](2), o.n.f(3, 4), (0, o.f)().length, o.g(...[5, 6]), f.call(o, 1), new Array(3).length, new Date(...[0]).getTime()];
