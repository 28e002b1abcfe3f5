(function () {
  var free = 1, captured = 2;
  let block = 3;
  { let block = 4; var inner = () => block; }
  function get() { return captured++; }
  get();
  return [free, captured, block, inner()];
})();
