function f(...a) { return a; }
[f(...[1, 2], 3, ...new Set([4])), Math.max(...[1, 5, 3]), new Array(...[1, 2]).length, f(...""), [...f(1)]];
