(function () {
  const log = [];
  const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { log.push("closed"); return {}; } }; } };
  const [x] = it;
  try { const [y = (() => { throw "boom"; })(), z] = { [Symbol.iterator]() { return { next: () => ({ done: false }), return() { log.push("closed too"); return {}; } }; } }; } catch (e) { log.push(e); }
  return [x, log];
})();
