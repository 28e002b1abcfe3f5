// Owns the conversions of objects for BigInt. https://tc39.es/ecma262/#sec-bigint-objects

/** https://tc39.es/ecma262/#sec-bigint-constructor-number-value; reached with an object only */
function bigIntConstructor(value) {
  const primitive = $toPrimitive(value, "number");
  return $bigIntOf(primitive, true);
}

/** https://tc39.es/ecma262/#sec-tobigint */
function toBigInt(v) {
  return $bigIntOf($isObject(v) ? $toPrimitive(v, "number") : v, false);
}

/** https://tc39.es/ecma262/#sec-bigint.asintn */
function bigIntAsIntN(bits, bigint) {
  bits = $toIndex(bits, "Invalid value: not (convertible to) a safe integer");
  return $bigIntWrap($toBigInt(bigint), bits, true);
}

/** https://tc39.es/ecma262/#sec-bigint.asuintn */
function bigIntAsUintN(bits, bigint) {
  bits = $toIndex(bits, "Invalid value: not (convertible to) a safe integer");
  return $bigIntWrap($toBigInt(bigint), bits, false);
}

/** https://tc39.es/ecma262/#sec-bigint.prototype.tostring; reached with a radix that is an object */
function bigIntPrototypeToString(radix) {
  const x = $thisBigInt(this);
  return $bigIntFormat(x, $toNumber(radix));
}
