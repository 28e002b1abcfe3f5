const k = "c", s = Symbol("s");
const o = { a: 1, "b c": 2, 3: 4, [k]: 5, get x() { return 6; }, set x(v) {}, m() { return 7; }, __proto__: { p: 8 }, ...{ q: 9 }, f: () => 1, [s]: function () {}, async am() {}, *gm() {} };
[Object.keys(o), o.x, o.m(), o.p, o.f.name, o[s].name, o.m.name];
