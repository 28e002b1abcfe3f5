function f(a) { return [arguments.length, arguments[1], (() => arguments[0])()]; }
function g(a, b = 2) { "x"; return arguments.length; }
[f(1, 2), g(1)];
