function f(x) { var y, z; y = z = x + 1; y += z *= 2; if ((z = y)) z -= (z = 1); return [x, y, z]; }
f(3);
