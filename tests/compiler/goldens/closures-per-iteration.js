(function () {
  var fs = [];
  for (let i = 0, step = () => i; i < 3; i++) fs.push(() => [i, step()]);
  for (const k of [7, 8]) fs.push(() => k);
  for (let p in { a: 1, b: 2 }) fs.push(() => p);
  return fs.map((f) => f());
})();
