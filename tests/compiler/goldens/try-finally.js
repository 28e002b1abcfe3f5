(function () {
  const log = [];
  function f(n) { try { log.push(n); if (n === 1) return "r"; if (n === 2) throw "t"; } catch (e) { return e; } finally { log.push("f"); if (n === 3) return "override"; } return "end"; }
  const r = [0, 1, 2, 3].map(f);
  l: for (var i = 0; i < 3; i++) { try { if (i === 1) continue; try { if (i === 2) break l; } finally { log.push("in" + i); } } finally { log.push("out" + i); } }
  return [r, log];
})();
