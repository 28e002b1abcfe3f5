// Owns the conversions of objects for Math. https://tc39.es/ecma262/#sec-math-object

function mathAbs(x) {
  return $mathUnary(0, $toNumber(x));
}
function mathCeil(x) {
  return $mathUnary(1, $toNumber(x));
}
function mathFloor(x) {
  return $mathUnary(2, $toNumber(x));
}
function mathRound(x) {
  return $mathUnary(3, $toNumber(x));
}
function mathSqrt(x) {
  return $mathUnary(4, $toNumber(x));
}
function mathTrunc(x) {
  return $mathUnary(5, $toNumber(x));
}
function mathClz32(x) {
  return $mathUnary(6, $toNumber(x));
}
function mathAcos(x) {
  return $mathUnary(7, $toNumber(x));
}
function mathAcosh(x) {
  return $mathUnary(8, $toNumber(x));
}
function mathAsin(x) {
  return $mathUnary(9, $toNumber(x));
}
function mathAsinh(x) {
  return $mathUnary(10, $toNumber(x));
}
function mathAtan(x) {
  return $mathUnary(11, $toNumber(x));
}
function mathAtanh(x) {
  return $mathUnary(12, $toNumber(x));
}
function mathCbrt(x) {
  return $mathUnary(13, $toNumber(x));
}
function mathCos(x) {
  return $mathUnary(14, $toNumber(x));
}
function mathCosh(x) {
  return $mathUnary(15, $toNumber(x));
}
function mathExp(x) {
  return $mathUnary(16, $toNumber(x));
}
function mathExpm1(x) {
  return $mathUnary(17, $toNumber(x));
}
function mathFround(x) {
  return $mathUnary(18, $toNumber(x));
}
function mathF16round(x) {
  return $mathUnary(19, $toNumber(x));
}
function mathLog(x) {
  return $mathUnary(20, $toNumber(x));
}
function mathLog1p(x) {
  return $mathUnary(21, $toNumber(x));
}
function mathLog10(x) {
  return $mathUnary(22, $toNumber(x));
}
function mathLog2(x) {
  return $mathUnary(23, $toNumber(x));
}
function mathSign(x) {
  return $mathUnary(24, $toNumber(x));
}
function mathSin(x) {
  return $mathUnary(25, $toNumber(x));
}
function mathSinh(x) {
  return $mathUnary(26, $toNumber(x));
}
function mathTan(x) {
  return $mathUnary(27, $toNumber(x));
}
function mathTanh(x) {
  return $mathUnary(28, $toNumber(x));
}
function mathAtan2(x, y) {
  x = $toNumber(x);
  return $mathBinary(0, x, $toNumber(y));
}
function mathPow(x, y) {
  x = $toNumber(x);
  return $mathBinary(1, x, $toNumber(y));
}
function mathImul(x, y) {
  x = $toNumber(x);
  return $mathBinary(2, x, $toNumber(y));
}
function mathMax(...values) {
  return $mathList(0, $toNumbers(values));
}
function mathMin(...values) {
  return $mathList(1, $toNumbers(values));
}
function mathHypot(...values) {
  return $mathList(2, $toNumbers(values));
}
/** Converts all arguments, in order. */
function toNumbers(values) {
  for (let i = 0; i < values.length; i++) values[i] = $toNumber(values[i]);
  return values;
}

/** https://tc39.es/ecma262/#sec-math.sumprecise */
function mathSumPrecise(items) {
  const iterator = $opGetIterator(items);
  const next = iterator.next;
  const list = $newArray(0);
  while (true) {
    const value = $iteratorStep(iterator, next);
    if (value === $hole) return $sumPrecise(list);
    if (typeof value !== "number") {
      $iteratorCloseQuietly(iterator);
      $throwTypeError($describe(value) + " is not a number");
    }
    $arrayAppend(list, value);
  }
}
