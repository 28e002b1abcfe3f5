(function (n) {
  var t = 0, i = 0;
  for (var k = 0; k < n; k++) t += k;
  while (i < n) { if (i === 2) { i++; continue; } t += i++; }
  do { t--; } while (t > 100 && t !== 50);
  for (;;) { if (t++ > 60) break; }
  return [t, i];
})(10);
