(function () {
  var out = [];
  try { x; let x = 1; } catch (e) { out.push(e.name); }
  try { f(); let y = 1; function f() { return y; } } catch (e) { out.push(e.name); }
  let z = 1;
  function g() { return z; }
  out.push(g());
  switch (1) { case 0: let s = 1; break; case 1: try { s; } catch (e) { out.push(e.name); } }
  return out;
})();
