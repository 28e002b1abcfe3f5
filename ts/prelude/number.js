// Owns the conversions of objects for Number and for the functions of the global object. Each native has deferred because an
// argument is an object: it is converted here, in order, and the guest-free half is asked again.
// https://tc39.es/ecma262/#sec-number-objects

/** https://tc39.es/ecma262/#sec-number-constructor-number-value */
function numberConstructor(value) {
  "use constructor";
  let n = 0;
  if ($argc() > 0) {
    n = $toNumeric(value);
    if (typeof n === "bigint") n = $bigIntToNumber(n);
  }
  if (new.target === undefined) return n;
  return $newWrapper($getPrototypeFromConstructor(new.target, $NumberPrototype), n);
}

/** https://tc39.es/ecma262/#sec-number.prototype.tostring */
function numberPrototypeToString(radix) {
  const x = $thisNumber(this);
  return $numberFormat(0, x, $toNumber(radix));
}
/** https://tc39.es/ecma262/#sec-number.prototype.tofixed */
function numberPrototypeToFixed(digits) {
  const x = $thisNumber(this);
  return $numberFormat(1, x, $toNumber(digits));
}
/** https://tc39.es/ecma262/#sec-number.prototype.toexponential */
function numberPrototypeToExponential(digits) {
  const x = $thisNumber(this);
  return $numberFormat(2, x, $toNumber(digits));
}
/** https://tc39.es/ecma262/#sec-number.prototype.toprecision */
function numberPrototypeToPrecision(digits) {
  const x = $thisNumber(this);
  return $numberFormat(3, x, $toNumber(digits));
}

// $globalText(which, …) are the natives of the same names for primitives.
function globalThisParseInt(text, radix) {
  text = $toString(text);
  return $globalText(0, text, $toNumber(radix));
}
function globalThisParseFloat(text) {
  return $globalText(1, $toString(text));
}
function globalThisDecodeURI(text) {
  return $globalText(2, $toString(text));
}
function globalThisDecodeURIComponent(text) {
  return $globalText(3, $toString(text));
}
function globalThisEncodeURI(text) {
  return $globalText(4, $toString(text));
}
function globalThisEncodeURIComponent(text) {
  return $globalText(5, $toString(text));
}
function globalThisEscape(text) {
  return $globalText(6, $toString(text));
}
function globalThisUnescape(text) {
  return $globalText(7, $toString(text));
}
function globalThisIsNaN(v) {
  const n = $toNumber(v);
  return n !== n;
}
function globalThisIsFinite(v) {
  const n = $toNumber(v);
  return n - n === 0;
}
