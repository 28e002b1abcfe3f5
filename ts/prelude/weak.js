// Owns the halves of the weak collections that call guest code, WeakRef and FinalizationRegistry. Must never let a guest see when
// a collection happens.

// https://tc39.es/ecma262/#sec-weakmap-iterable
function weakMapConstructor(iterable) {
  "use constructor";
  const map = $createCollection(2, $getPrototypeFromConstructor(new.target, $WeakMapPrototype));
  if (iterable === undefined || iterable === null) return map;
  $addEntriesFromIterable(map, iterable, map.set);
  return map;
}

// https://tc39.es/ecma262/#sec-weakmap.prototype.getorinsertcomputed
function weakMapPrototypeGetOrInsertComputed(key, callback) {
  if (!$isCollection(this, 2))
    $throwTypeError("Method WeakMap.prototype.getOrInsertComputed called on incompatible receiver " + $describe(this));
  if (!$isWeakKey(key)) $throwTypeError("Invalid value used as weak map key: " + $describe(key));
  $requireCallable(callback);
  const known = $tableGet(this, key);
  if (known !== $hole) return known;
  const value = $call(callback, undefined, key);
  $weakSetEntry(this, key, value);
  return value;
}

// https://tc39.es/ecma262/#sec-weakset-iterable
function weakSetConstructor(iterable) {
  "use constructor";
  const set = $createCollection(3, $getPrototypeFromConstructor(new.target, $WeakSetPrototype));
  if (iterable === undefined || iterable === null) return set;
  $addValuesFromIterable(set, iterable, set.add);
  return set;
}

// https://tc39.es/ecma262/#sec-weak-ref-target
function weakRefConstructor(target) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor WeakRef requires 'new'");
  if (!$isWeakKey(target)) $throwTypeError("WeakRef: invalid target");
  return $createWeakRef(target, $getPrototypeFromConstructor(new.target, $WeakRefPrototype));
}

// INTERNAL class 22, slots: 0 cleanup callback · 1 WeakMap: token → true.
// https://tc39.es/ecma262/#sec-finalization-registry-cleanup-callback
function finalizationRegistryConstructor(cleanup) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor FinalizationRegistry requires 'new'");
  if (!$isCallable(cleanup)) $throwTypeError("FinalizationRegistry: cleanup must be callable");
  const registry = $newInternal(22, $getPrototypeFromConstructor(new.target, $FinalizationRegistryPrototype), 2);
  $setSlot(registry, 0, cleanup);
  $setSlot(registry, 1, $createCollection(2, $WeakMapPrototype));
  return registry;
}

// https://tc39.es/ecma262/#sec-finalization-registry.prototype.register
function finalizationRegistryPrototypeRegister(target, held, token) {
  if (!$isInternal(this, 22))
    $throwTypeError(
      "Method FinalizationRegistry.prototype.register called on incompatible receiver " + $describe(this),
    );
  if (!$isWeakKey(target)) $throwTypeError("FinalizationRegistry.prototype.register: invalid target");
  if ($sameValue(target, held))
    $throwTypeError("FinalizationRegistry.prototype.register: target and holdings must not be same");
  if ($isWeakKey(token)) $weakSetEntry($slot(this, 1), token, true);
  else if (token !== undefined) $throwTypeError("Invalid unregister token ('" + $describe(token) + "')");
}

// https://tc39.es/ecma262/#sec-finalization-registry.prototype.unregister
function finalizationRegistryPrototypeUnregister(token) {
  if (!$isInternal(this, 22))
    $throwTypeError(
      "Method FinalizationRegistry.prototype.unregister called on incompatible receiver " + $describe(this),
    );
  if (!$isWeakKey(token)) $throwTypeError("Invalid unregister token ('" + $describe(token) + "')");
  return $tableDelete($slot(this, 1), token);
}
