var out = [];
out.push((0, eval)("1; if (true) {}"), (0, eval)("2; do { 3; break; } while (0)"));
5;
l: { 6; break l; }
for (var i = 0; i < 2; i++) { i * 10; }
