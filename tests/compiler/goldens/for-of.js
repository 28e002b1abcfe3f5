(function () {
  const out = [];
  for (const [k, v] of new Map([["a", 1]])) out.push(k, v);
  for (let x of [1, 2, 3]) { if (x === 2) continue; out.push(x); }
  for (var c of "héy") { if (c === "y") break; out.push(c); }
  return out;
})();
