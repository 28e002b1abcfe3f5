const k = "b";
const { a, [k]: b, 0: z, ...rest } = { a: 1, b: 2, c: 3, 0: 4, 1: 5 };
[a, b, z, rest];
