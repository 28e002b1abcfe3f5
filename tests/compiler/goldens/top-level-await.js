const x = await Promise.resolve(20);
let y = 0;
for await (const v of [1, Promise.resolve(2)]) y += v;
x + y;
