(function () {
  let a = 0, b = 1, o = { n: null };
  a ||= 5; b &&= 6; o.n ??= 7; o.m ||= () => 1; a ??= 8;
  let f; f ??= function () {};
  return [a, b, o.n, o.m.name, f.name];
})();
