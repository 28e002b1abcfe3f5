function outer(a) { function mid(b) { const c = a + b; return (d) => { a++; return a + b + c + d; }; } return mid(a * 2); }
const f = outer(1);
[f(1), f(1)];
