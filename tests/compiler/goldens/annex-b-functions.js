(function () {
  var before = typeof f;
  { function f() { return 1; } }
  if (true) function g() { return 2; }
  { let h = 1; { function h() {} } var kept = h; }
  switch (0) { case 0: function s() { return 3; } }
  return [before, f(), g(), kept, s()];
})();
