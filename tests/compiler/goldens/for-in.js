(function () {
  const out = [];
  for (const k in { a: 1, b: 2, __proto__: { c: 3 } }) out.push(k);
  for (var x in null) out.push("never");
  var o = {}; for (o.k in [7]) out.push(o.k);
  return out;
})();
