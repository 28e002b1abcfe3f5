[(function f(n) { return n ? n * f(n - 1) : 1; })(5), (function f() { f = 1; return typeof f; })(), (function f() { var f = 2; return f; })()];
