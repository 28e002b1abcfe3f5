const x = 1;
function tag(s, ...v) { return [s, s.raw, v]; }
[`a${x}b${x + 1}`, `${x}`, ``, tag`q${x}\n`, tag`q` === tag`q`, ((t) => t() === t())(() => tag`z`[0])];
