function f(n) { var a = 0, b = 1; for (var i = 0; i < n; i++) { a = (a + i * 3) | 0; b = (b ^ (a >>> 3)) & 0xffff; if ((i & 7) === 0) a = a - b; } return a + b; }
f(1000);
