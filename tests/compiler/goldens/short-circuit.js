function f(a, b) { return [a && b, a || b, a ?? b, !a, a ? b : 0]; }
[f(0, 1), f(1, 0), f(null, 2), f("", "x")];
