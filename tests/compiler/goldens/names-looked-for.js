// Logical assignment to names that are looked for in an object, texts between values, a function that evaluated code declares.
var o = { a: 0, b: null, c: 1 };
with (o) { a &&= 2; c &&= 7; b ??= 5; a ??= 9; c ||= 8; a ||= 3; }
[o, `${o.a}\t${o.b}\u0041`, (0, eval)("{ function late() { return 1; } } typeof late"), typeof late];
