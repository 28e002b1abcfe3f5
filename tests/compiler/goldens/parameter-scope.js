function f(a, g = () => a, h = (v) => { a = v; }) { var a = 5; h(8); return [a, g()]; }
f(1);
