// Owns making, calling and constructing proxies, and the work that the interpreter hands over when it meets one. The other internal methods are in
// proxy-traps.js. https://tc39.es/ecma262/#sec-proxy-objects

/** https://tc39.es/ecma262/#sec-proxy.revocable */
function proxyRevocable(target, handler) {
  const proxy = $proxyCreate(target, handler);
  const result = $newObject($ObjectPrototype);
  result.proxy = proxy;
  result.revoke = $proxyRevoker($proxyRevokeThis, proxy);
  return result;
}

/** The target of revoking functions, which are bound to their proxy. */
function proxyRevokeThis() {
  $proxyRevoke(this);
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-call-thisargument-argumentslist */
function proxyCall(proxy, receiver, args) {
  const handler = $proxyHandlerOf(proxy, "apply");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "apply");
  return trap === undefined ? $callSpread(target, receiver, args) : $call(trap, handler, target, receiver, args);
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-construct-argumentslist-newtarget */
function proxyConstruct(proxy, newTarget, args) {
  const handler = $proxyHandlerOf(proxy, "construct");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "construct");
  if (trap === undefined) return $constructSpread(target, newTarget, args);
  const result = $call(trap, handler, target, args, newTarget);
  if (!$isObject(result))
    $throwTypeError("'construct' on proxy: trap returned non-object ('" + $describe(result) + "')");
  return result;
}

/** Assignment in strict code that met a proxy. */
function proxyAssign(proxy, key, value, receiver) {
  if ($proxySet(proxy, key, value, receiver)) return;
  if ($isNamespace(proxy)) {
    if (!$hasOwn(proxy, key)) $throwTypeError("Cannot add property " + $keyText(key) + ", object is not extensible");
    $throwTypeError("Cannot assign to read only property '" + $keyText(key) + "' of object '[object Module]'");
  }
  $throwTypeError("'set' on proxy: trap returned falsish for property '" + $keyText(key) + "'");
}

/** `prototype` of a class's parent, where finding it calls guest code. */
function opClassPrototype(parent) {
  const prototype = parent.prototype;
  if (!$isObject(prototype) && prototype !== null) {
    $throwTypeError("Class extends value does not have valid prototype property " + $describe(prototype));
  }
  return prototype;
}
