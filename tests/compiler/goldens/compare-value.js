function f(a, b) { var x = a < b; if (x) return x && b; return a > b || x; }
[f(1, 2), f(2, 1), f(1, 1)];
