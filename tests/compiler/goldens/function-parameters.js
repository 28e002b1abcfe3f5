function f(a, b = a + 1, { c, d = c } = { c: 9 }, ...rest) { var a; return [a, b, c, d, rest]; }
[f(1), f(1, 2, { c: 3 }, 4, 5), f.length];
