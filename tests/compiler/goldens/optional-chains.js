const o = { a: { b() { return this.c; }, c: 1 }, n: null };
[o?.a?.b(), o.n?.x.y.z(1), o.x?.(), o?.["a"].c, (o?.a.b)(), delete o?.n, delete o.q?.r, o.a?.["c"] ?? 2];
