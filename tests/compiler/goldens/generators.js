function* g(a, b = a * 2) { const x = yield a; try { yield x + b; } finally { yield "cleanup"; } return "end"; }
const i = g(1);
const j = g(5);
[i.next().value, i.next(10).value, i.next().value, i.next(), i.next(), j.next().value, j.next(1).value, j.return("bye"), j.next(), j.next()];
