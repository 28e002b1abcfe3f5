const log = [];
const o = { _v: 1, get v() { log.push("get"); return this._v; }, set v(x) { log.push("set"); this._v = x; } };
o.v++; o.v += 5; o.v ||= 1; ({ v: o.v } = { v: 9 });
[o._v, log];
