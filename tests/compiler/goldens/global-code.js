var a = 1;
function f() { return a + b; }
var b = 2;
c = f();
if (c) { function inBlock() { return typeof inBlock; } }
[c, typeof missing, delete globalThis.c, inBlock()];
