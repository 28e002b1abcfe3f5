const o = { v: 1, f() { return [this.v, (() => this.v)(), (() => () => this.v)()()]; }, g: function () { return () => new.target; } };
[o.f(), o.g()()];
