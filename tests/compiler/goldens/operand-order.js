function f(a) { return a + (a = 10) + a; }
function g(a) { var o = [a]; o[a = 0] = a + 5; return [o, a]; }
function h(x) { x = x++ + x; return x; }
[f(1), g(0), h(4)];
