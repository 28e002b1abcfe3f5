(function () {
  const log = [];
  const p = (n) => ({ get [n]() { log.push("get " + n); return undefined; } });
  const key = (n) => { log.push("key " + n); return n; };
  const t = new Proxy({}, { set(_, k, v) { log.push("set " + k + "=" + v); return true; } });
  const target = (n) => { log.push("target " + n); return t; };
  ({ [key("a")]: target("t").x = (log.push("default"), 1) } = p("a"));
  [target("u").y = 2] = [];
  return log;
})();
