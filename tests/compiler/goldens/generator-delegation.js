function* inner() { try { const x = yield 1; return x; } catch (e) { yield "caught " + e; return "after"; } }
function* outer() { const r = yield* inner(); yield ["r", r]; yield* [7, 8]; }
const a = outer(), b = outer();
[a.next().value, a.next("v").value, [...a], b.next().value, b.throw("t").value, b.next().value, b.return("early")];
