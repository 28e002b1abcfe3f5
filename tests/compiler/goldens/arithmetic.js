var a = 7, b = 3;
function f(x, y) { return x + y * 2 - (x % 5) / y ** 2; }
[f(a, b), a & 1, 2 * a, a << 33, a >>> 2, -a, +a, ~a, 1 - a, "x" + 1, 6 * 7];
