function f(a, b) {
  if (a < b && b !== 3) return 1;
  if (!(a >= b) || a === 2) return 2;
  return a == null ? 3 : b === undefined ? 4 : 5;
}
[f(1, 2), f(1, 3), f(2, 1), f(null, undefined), f(9, undefined), f(9, 1)];
