// Owns the parts of Reflect that may call guest code: proxies, getters, keys to convert. https://tc39.es/ecma262/#sec-reflect-object

/** https://tc39.es/ecma262/#sec-reflect.apply */
function reflectApply(target, thisArg, args) {
  return $callSpread(target, thisArg, $createListFromArrayLike(args));
}

/** https://tc39.es/ecma262/#sec-reflect.construct */
function reflectConstruct(target, args, newTarget) {
  if (!$isConstructor(target)) $throwTypeError($describe(target) + " is not a constructor");
  if ($argc() < 3) newTarget = target;
  else if (!$isConstructor(newTarget)) $throwTypeError($describe(newTarget) + " is not a constructor");
  return $constructSpread(target, newTarget, $createListFromArrayLike(args));
}

/** https://tc39.es/ecma262/#sec-reflect.defineproperty */
function reflectDefineProperty(target, key, attributes) {
  if (!$isObject(target)) $throwTypeError("Reflect.defineProperty called on non-object");
  key = $toPropertyKey(key);
  return $defineOwnProperty(target, key, $toPropertyDescriptor(attributes));
}

/** https://tc39.es/ecma262/#sec-reflect.deleteproperty */
function reflectDeleteProperty(target, key) {
  if (!$isObject(target)) $throwTypeError("Reflect.deleteProperty called on non-object");
  return $deleteProperty(target, $toPropertyKey(key));
}

/** https://tc39.es/ecma262/#sec-reflect.get */
function reflectGet(target, key, receiver) {
  if ($argc() < 3) receiver = target;
  return $opGetReceiver(target, $toPropertyKey(key), receiver);
}

/** https://tc39.es/ecma262/#sec-reflect.getownpropertydescriptor */
function reflectGetOwnPropertyDescriptor(target, key) {
  if (!$isObject(target)) $throwTypeError("Reflect.getOwnPropertyDescriptor called on non-object");
  return $fromPropertyDescriptor($getOwnProperty(target, $toPropertyKey(key)));
}

/** https://tc39.es/ecma262/#sec-reflect.getprototypeof */
function reflectGetPrototypeOf(target) {
  return $getPrototypeOf(target);
}

/** https://tc39.es/ecma262/#sec-reflect.has */
function reflectHas(target, key) {
  return $hasProperty(target, $toPropertyKey(key));
}

/** https://tc39.es/ecma262/#sec-reflect.isextensible */
function reflectIsExtensible(target) {
  if (!$isObject(target)) $throwTypeError("Reflect.isExtensible called on non-object");
  return $isExtensible(target);
}

/** https://tc39.es/ecma262/#sec-reflect.ownkeys */
function reflectOwnKeys(target) {
  return $ownPropertyKeys(target);
}

/** https://tc39.es/ecma262/#sec-reflect.preventextensions */
function reflectPreventExtensions(target) {
  if (!$isObject(target)) $throwTypeError("Reflect.preventExtensions called on non-object");
  return $preventExtensions(target);
}

/** https://tc39.es/ecma262/#sec-reflect.set */
function reflectSet(target, key, value, receiver) {
  if ($argc() < 4) receiver = target;
  return $opSetReceiver(target, $toPropertyKey(key), value, receiver);
}

/** https://tc39.es/ecma262/#sec-reflect.setprototypeof */
function reflectSetPrototypeOf(target, prototype) {
  if (!$isObject(target)) $throwTypeError("Reflect.setPrototypeOf called on non-object");
  if (!$isObject(prototype) && prototype !== null)
    $throwTypeError("Object prototype may only be an Object or null: " + $describe(prototype));
  return $setPrototypeOf(target, prototype);
}
