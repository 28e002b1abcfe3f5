// Owns the parts of Object and Object.prototype that may call guest code: getters, proxies, iterators, conversions.
// https://tc39.es/ecma262/#sec-object-objects

// --- descriptors ---------------------------------------------------------------------------------------------------

/** A descriptor of the prelude from an object. https://tc39.es/ecma262/#sec-topropertydescriptor */
function toPropertyDescriptor(o) {
  if (!$isObject(o)) $throwTypeError("Property description must be an object: " + $describe(o));
  let flags = 0;
  let value = undefined;
  let getter = undefined;
  let setter = undefined;
  if ($hasProperty(o, "enumerable")) flags |= o.enumerable ? 66 : 64;
  if ($hasProperty(o, "configurable")) flags |= o.configurable ? 132 : 128;
  if ($hasProperty(o, "value")) {
    value = o.value;
    flags |= 16;
  }
  if ($hasProperty(o, "writable")) flags |= o.writable ? 33 : 32;
  if ($hasProperty(o, "get")) {
    getter = o.get;
    if (getter !== undefined && !$isCallable(getter))
      $throwTypeError("Getter must be a function: " + $describe(getter));
    flags |= 256;
  }
  if ($hasProperty(o, "set")) {
    setter = o.set;
    if (setter !== undefined && !$isCallable(setter))
      $throwTypeError("Setter must be a function: " + $describe(setter));
    flags |= 512;
  }
  if ((flags & 768) !== 0 && (flags & 48) !== 0) {
    $throwTypeError(
      "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute, " + $describe(o),
    );
  }
  return [flags, value, getter, setter];
}

/** https://tc39.es/ecma262/#sec-frompropertydescriptor */
function fromPropertyDescriptor(d) {
  if (d === undefined) return undefined;
  const flags = d[0];
  const o = {};
  if ((flags & 16) !== 0) $createDataOrdinary(o, "value", d[1]);
  if ((flags & 32) !== 0) $createDataOrdinary(o, "writable", (flags & 1) !== 0);
  if ((flags & 256) !== 0) $createDataOrdinary(o, "get", d[2]);
  if ((flags & 512) !== 0) $createDataOrdinary(o, "set", d[3]);
  if ((flags & 64) !== 0) $createDataOrdinary(o, "enumerable", (flags & 2) !== 0);
  if ((flags & 128) !== 0) $createDataOrdinary(o, "configurable", (flags & 4) !== 0);
  return o;
}

/** DefinePropertyOrThrow with a descriptor of the prelude. https://tc39.es/ecma262/#sec-definepropertyorthrow */
function defineOrThrow(o, key, d) {
  if (!$defineOwnProperty(o, key, d)) $refuseDefinition(o, key);
}

// --- Object --------------------------------------------------------------------------------------------------------

/** Only where new.target's prototype takes guest code. https://tc39.es/ecma262/#sec-object-value */
function objectConstructor(value) {
  "use constructor";
  return $newObject($getPrototypeFromConstructor(new.target, $ObjectPrototype));
}

/** https://tc39.es/ecma262/#sec-object.assign */
function objectAssign(target, ...sources) {
  const to = $toObject(target);
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    if (source === undefined || source === null) continue;
    const from = $toObject(source);
    const keys = $ownPropertyKeys(from);
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k];
      const d = $getOwnProperty(from, key);
      if (d !== undefined && (d[0] & 2) !== 0) to[key] = from[key];
    }
  }
  return to;
}

/** https://tc39.es/ecma262/#sec-object.create */
function objectCreate(prototype, properties) {
  if (!$isObject(prototype) && prototype !== null)
    $throwTypeError("Object prototype may only be an Object or null: " + $describe(prototype));
  const o = $newObject(prototype);
  return properties === undefined ? o : $defineAll(o, properties);
}

/** https://tc39.es/ecma262/#sec-object.defineproperties */
function objectDefineProperties(o, properties) {
  if (!$isObject(o)) $throwTypeError("Object.defineProperties called on non-object");
  return $defineAll(o, properties);
}

/** https://tc39.es/ecma262/#sec-objectdefineproperties */
function defineAll(o, properties) {
  const from = $toObject(properties);
  const keys = $ownPropertyKeys(from);
  const names = $newArray(0);
  const descriptors = $newArray(0);
  for (let i = 0; i < keys.length; i++) {
    const own = $getOwnProperty(from, keys[i]);
    if (own !== undefined && (own[0] & 2) !== 0) {
      $arrayAppend(descriptors, $toPropertyDescriptor(from[keys[i]]));
      $arrayAppend(names, keys[i]);
    }
  }
  for (let i = 0; i < names.length; i++) $defineOrThrow(o, names[i], descriptors[i]);
  return o;
}

/** https://tc39.es/ecma262/#sec-object.defineproperty */
function objectDefineProperty(o, key, attributes) {
  if (!$isObject(o)) $throwTypeError("Object.defineProperty called on non-object");
  key = $toPropertyKey(key);
  $defineOrThrow(o, key, $toPropertyDescriptor(attributes));
  return o;
}

/** https://tc39.es/ecma262/#sec-object.entries */
function objectEntries(o) {
  return $enumerableOwn($toObject(o), true);
}
/** https://tc39.es/ecma262/#sec-object.values */
function objectValues(o) {
  return $enumerableOwn($toObject(o), false);
}
/** https://tc39.es/ecma262/#sec-enumerableownproperties */
function enumerableOwn(o, entries) {
  const keys = $ownPropertyKeys(o);
  const list = $newArray(0);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "symbol") continue;
    const d = $getOwnProperty(o, key);
    if (d === undefined || (d[0] & 2) === 0) continue;
    const value = o[key];
    $arrayAppend(list, entries ? [key, value] : value);
  }
  return list;
}
/** https://tc39.es/ecma262/#sec-object.keys */
function objectKeys(o) {
  o = $toObject(o);
  const keys = $ownPropertyKeys(o);
  const list = $newArray(0);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "symbol") continue;
    const d = $getOwnProperty(o, key);
    if (d !== undefined && (d[0] & 2) !== 0) $arrayAppend(list, key);
  }
  return list;
}

/** https://tc39.es/ecma262/#sec-object.fromentries */
function objectFromEntries(iterable) {
  if (iterable === undefined || iterable === null) $throwTypeError("undefined is not iterable");
  const o = {};
  const iterator = $opGetIterator(iterable);
  const next = iterator.next;
  while (true) {
    const item = $iteratorStep(iterator, next);
    if (item === $hole) return o;
    try {
      if (!$isObject(item)) $throwTypeError("Iterator value " + $describe(item) + " is not an entry object");
      const key = item[0];
      const value = item[1];
      $createDataOrdinary(o, $toPropertyKey(key), value);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
}

/** https://tc39.es/ecma262/#sec-object.getownpropertydescriptor */
function objectGetOwnPropertyDescriptor(o, key) {
  o = $toObject(o);
  return $fromPropertyDescriptor($getOwnProperty(o, $toPropertyKey(key)));
}
/** https://tc39.es/ecma262/#sec-object.getownpropertydescriptors */
function objectGetOwnPropertyDescriptors(o) {
  o = $toObject(o);
  const keys = $ownPropertyKeys(o);
  const all = {};
  for (let i = 0; i < keys.length; i++) {
    const d = $getOwnProperty(o, keys[i]);
    if (d !== undefined) $createDataOrdinary(all, keys[i], $fromPropertyDescriptor(d));
  }
  return all;
}
/** https://tc39.es/ecma262/#sec-getownpropertykeys */
function objectGetOwnPropertyNames(o) {
  return $filterKeys($ownPropertyKeys($toObject(o)), "string");
}
function objectGetOwnPropertySymbols(o) {
  return $filterKeys($ownPropertyKeys($toObject(o)), "symbol");
}
function filterKeys(keys, type) {
  const list = $newArray(0);
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === type) $arrayAppend(list, keys[i]);
  return list;
}

/** https://tc39.es/ecma262/#sec-object.getprototypeof */
function objectGetPrototypeOf(o) {
  return $getPrototypeOf($toObject(o));
}
/** https://tc39.es/ecma262/#sec-object.setprototypeof */
function objectSetPrototypeOf(o, prototype) {
  if (!$setPrototypeOf(o, prototype))
    $throwTypeError("'setPrototypeOf' on proxy: trap returned falsish for property 'undefined'");
  return o;
}

/** https://tc39.es/ecma262/#sec-object.groupby */
function objectGroupBy(items, callback) {
  if (items === undefined || items === null) $throwTypeError("Object.groupBy called on null or undefined");
  if (!$isCallable(callback)) $throwTypeError($typedText(callback) + " is not a function");
  const groups = $newObject(null);
  const iterator = $opGetIterator(items);
  const next = iterator.next;
  for (let k = 0; ; k++) {
    const value = $iteratorStep(iterator, next);
    if (value === $hole) return groups;
    try {
      const key = $toPropertyKey($call(callback, undefined, value, k));
      if ($hasOwnOrdinary(groups, key)) $arrayAppend(groups[key], value);
      else $createDataOrdinary(groups, key, [value]);
    } catch (error) {
      $iteratorCloseQuietly(iterator);
      throw error;
    }
  }
}

/** https://tc39.es/ecma262/#sec-object.hasown */
function objectHasOwn(o, key) {
  o = $toObject(o);
  return $hasOwn(o, $toPropertyKey(key));
}

/** https://tc39.es/ecma262/#sec-object.isextensible */
function objectIsExtensible(o) {
  return $isExtensible(o);
}
/** https://tc39.es/ecma262/#sec-object.preventextensions */
function objectPreventExtensions(o) {
  if (!$preventExtensions(o)) $throwTypeError("'preventExtensions' on proxy: trap returned falsish");
  return o;
}
/** https://tc39.es/ecma262/#sec-object.freeze; only for proxies */
function objectFreeze(o) {
  if (!$preventExtensions(o)) $throwTypeError("'preventExtensions' on proxy: trap returned falsish");
  const keys = $ownPropertyKeys(o);
  for (let i = 0; i < keys.length; i++) {
    const d = $getOwnProperty(o, keys[i]);
    if (d !== undefined)
      $defineOrThrow(o, keys[i], [(d[0] & 256) !== 0 ? 128 : 128 | 32, undefined, undefined, undefined]);
  }
  return o;
}
/** https://tc39.es/ecma262/#sec-object.seal; only for proxies */
function objectSeal(o) {
  if (!$preventExtensions(o)) $throwTypeError("'preventExtensions' on proxy: trap returned falsish");
  const keys = $ownPropertyKeys(o);
  for (let i = 0; i < keys.length; i++) $defineOrThrow(o, keys[i], [128, undefined, undefined, undefined]);
  return o;
}
/** https://tc39.es/ecma262/#sec-object.isfrozen; only for proxies */
function objectIsFrozen(o) {
  return $testIntegrity(o, true);
}
/** https://tc39.es/ecma262/#sec-object.issealed; only for proxies */
function objectIsSealed(o) {
  return $testIntegrity(o, false);
}
/** https://tc39.es/ecma262/#sec-testintegritylevel */
function testIntegrity(o, frozen) {
  if ($isExtensible(o)) return false;
  const keys = $ownPropertyKeys(o);
  for (let i = 0; i < keys.length; i++) {
    const d = $getOwnProperty(o, keys[i]);
    if (d === undefined) continue;
    if ((d[0] & 4) !== 0) return false;
    if (frozen && (d[0] & 256) === 0 && (d[0] & 1) !== 0) return false;
  }
  return true;
}

// --- Object.prototype ------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-object.prototype.hasownproperty */
function objectPrototypeHasOwnProperty(key) {
  key = $toPropertyKey(key);
  return $hasOwn($toObject(this), key);
}
/** https://tc39.es/ecma262/#sec-object.prototype.isprototypeof */
function objectPrototypeIsPrototypeOf(v) {
  if (!$isObject(v)) return false;
  return $isPrototypeInChain($toObject(this), v);
}
/** https://tc39.es/ecma262/#sec-object.prototype.propertyisenumerable */
function objectPrototypePropertyIsEnumerable(key) {
  key = $toPropertyKey(key);
  const d = $getOwnProperty($toObject(this), key);
  return d !== undefined && (d[0] & 2) !== 0;
}
/** https://tc39.es/ecma262/#sec-object.prototype.tolocalestring */
function objectPrototypeToLocaleString() {
  const self = this;
  return self.toString();
}
/** https://tc39.es/ecma262/#sec-object.prototype.tostring */
function objectPrototypeToString() {
  const o = $toObject(this);
  const builtin = $objectTag(o);
  const tag = o[$Symbol_toStringTag];
  return "[object " + (typeof tag === "string" ? tag : builtin) + "]";
}
/** https://tc39.es/ecma262/#sec-get-object.prototype.__proto__ */
function getObjectPrototype__proto__() {
  return $getPrototypeOf($toObject(this));
}
/** https://tc39.es/ecma262/#sec-set-object.prototype.__proto__ */
function setObjectPrototype__proto__(prototype) {
  if (!$setPrototypeOf(this, prototype)) $throwTypeError("Object prototype could not be set");
}
/** https://tc39.es/ecma262/#sec-object.prototype.__defineGetter__ */
function objectPrototype__defineGetter__(key, getter) {
  const o = $toObject(this);
  if (!$isCallable(getter)) $throwTypeError("Object.prototype.__defineGetter__: Expecting function");
  $defineOrThrow(o, $toPropertyKey(key), [64 | 128 | 256 | 6, undefined, getter, undefined]);
}
/** https://tc39.es/ecma262/#sec-object.prototype.__defineSetter__ */
function objectPrototype__defineSetter__(key, setter) {
  const o = $toObject(this);
  if (!$isCallable(setter)) $throwTypeError("Object.prototype.__defineSetter__: Expecting function");
  $defineOrThrow(o, $toPropertyKey(key), [64 | 128 | 512 | 6, undefined, undefined, setter]);
}
/** https://tc39.es/ecma262/#sec-object.prototype.__lookupGetter__ */
function objectPrototype__lookupGetter__(key) {
  let o = $toObject(this);
  key = $toPropertyKey(key);
  do {
    const d = $getOwnProperty(o, key);
    if (d !== undefined) return d[2];
    o = $getPrototypeOf(o);
  } while (o !== null);
  return undefined;
}
/** https://tc39.es/ecma262/#sec-object.prototype.__lookupSetter__ */
function objectPrototype__lookupSetter__(key) {
  let o = $toObject(this);
  key = $toPropertyKey(key);
  do {
    const d = $getOwnProperty(o, key);
    if (d !== undefined) return d[3];
    o = $getPrototypeOf(o);
  } while (o !== null);
  return undefined;
}
