const { a, b: { c = 5, ...r1 }, ["d" + 1]: d, ...rest } = { a: 1, b: { x: 2 }, d1: 3, e: 4, f: 5 };
const [p, , q = 6, [s], ...t] = [1, 2, undefined, [7], 8, 9];
[a, c, r1, d, rest, p, q, s, t];
