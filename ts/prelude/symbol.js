// Owns the parts of Symbol and Boolean that may call guest code. https://tc39.es/ecma262/#sec-symbol-objects

/** https://tc39.es/ecma262/#sec-symbol-description; without new only: the native has refused new */
function symbolConstructor(description) {
  "use constructor";
  return $makeSymbol($toString(description));
}

/** https://tc39.es/ecma262/#sec-symbol.for */
function symbolFor(key) {
  return $registeredSymbol($toString(key));
}

/** https://tc39.es/ecma262/#sec-boolean-constructor-boolean-value; where new.target's prototype takes guest code */
function booleanConstructor(value) {
  "use constructor";
  return $newWrapper($getPrototypeFromConstructor(new.target, $BooleanPrototype), !!value);
}
