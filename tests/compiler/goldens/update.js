function f(i, o) { var a = i++, b = ++i; o.n++; --o.n; var c = o.n--; o["k" + i]--; return [a, b, c, i, o]; }
f(1, { n: 5, k3: 1 });
