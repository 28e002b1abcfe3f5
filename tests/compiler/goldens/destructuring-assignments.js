(function () {
  let a, b, o = {};
  [a, b] = [1, 2]; [a, b] = [b, a];
  ({ x: o.x, y: o["y"] = 3, ...o.rest } = { x: 4, z: 5 });
  [o.i, ...o.j] = "abc";
  ({ a, b } = { a: b, b: a });
  return [a, b, o];
})();
