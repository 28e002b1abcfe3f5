function f(a) { var b = (a++, a * 2); for (var i = 0, j = 5; i < j; i++, j--); return [a, b, i, j]; }
f(1);
