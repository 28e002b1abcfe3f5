(function () {
  const log = [];
  const make = (n) => ({ [Symbol.iterator]() { let i = 0; return { next: () => ({ value: i, done: i++ > 3 }), return() { log.push("close " + n); return {}; } }; } });
  for (const x of make("break")) break;
  (function () { for (const x of make("return")) for (const y of make("inner")) return x; })();
  try { for (const x of make("throw")) throw 1; } catch {}
  a: for (const x of make("outer")) { for (const y of make("both")) continue a; }
  for (const x of make("none"));
  return log;
})();
