(async () => {
  const log = [];
  const it = (n) => ({ [Symbol.asyncIterator]() { let i = 0; return { next: async () => ({ value: i++, done: i > 3 }), return: async () => { log.push("closed " + n); return {}; } }; } });
  for await (const x of it("break")) break;
  try { for await (const x of it("throw")) throw "e"; } catch (e) { log.push(e); }
  await (async () => { for await (const x of it("return")) return; })();
  for await (const x of [Promise.resolve(1), 2]) log.push(x);
  return log;
})();
