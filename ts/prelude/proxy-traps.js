// Owns the internal methods of proxies: traps and the invariants that they must keep. Must never touch the target except
// through its own internal methods. https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots

/** The handler of a proxy that is not revoked. */
function proxyHandlerOf(proxy, trap) {
  const handler = $proxyHandler(proxy);
  if (handler === null) $throwTypeError("Cannot perform '" + trap + "' on a proxy that has been revoked");
  return handler;
}

/** A property key as a trap sees it. */
function trapKey(key) {
  return typeof key === "number" ? "" + key : key;
}

/** GetMethod of a handler. https://tc39.es/ecma262/#sec-getmethod */
function trapOf(handler, name) {
  const trap = handler[name];
  if (trap === undefined || trap === null) return undefined;
  if (!$isCallable(trap)) $refuseTrap(handler, name, trap);
  return trap;
}
function refuseTrap(handler, name, trap) {
  $throwTypeError(
    "'" +
      $describe(trap) +
      "' returned for property '" +
      name +
      "' of object '" +
      $describe(handler) +
      "' is not a function",
  );
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-getprototypeof */
function proxyGetPrototypeOf(proxy) {
  const handler = $proxyHandlerOf(proxy, "getPrototypeOf");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "getPrototypeOf");
  if (trap === undefined) return $getPrototypeOf(target);
  const prototype = $call(trap, handler, target);
  if (!$isObject(prototype) && prototype !== null)
    $throwTypeError("'getPrototypeOf' on proxy: trap returned neither object nor null");
  if ($isExtensible(target)) return prototype;
  if (prototype !== $getPrototypeOf(target)) {
    $throwTypeError(
      "'getPrototypeOf' on proxy: proxy target is non-extensible but the trap did not return its actual prototype",
    );
  }
  return prototype;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-setprototypeof-v */
function proxySetPrototypeOf(proxy, prototype) {
  const handler = $proxyHandlerOf(proxy, "setPrototypeOf");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "setPrototypeOf");
  if (trap === undefined) return $setPrototypeOf(target, prototype);
  if (!$call(trap, handler, target, prototype)) return false;
  if ($isExtensible(target)) return true;
  if (prototype !== $getPrototypeOf(target))
    $throwTypeError(
      "'setPrototypeOf' on proxy: trap returned truish for setting a new prototype on the non-extensible proxy target",
    );
  return true;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-isextensible */
function proxyIsExtensible(proxy) {
  const handler = $proxyHandlerOf(proxy, "isExtensible");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "isExtensible");
  if (trap === undefined) return $isExtensible(target);
  const result = !!$call(trap, handler, target);
  if (result !== $isExtensible(target))
    $throwTypeError(
      "'isExtensible' on proxy: trap result does not reflect extensibility of proxy target (which is '" +
        !result +
        "')",
    );
  return result;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-preventextensions */
function proxyPreventExtensions(proxy) {
  const handler = $proxyHandlerOf(proxy, "preventExtensions");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "preventExtensions");
  if (trap === undefined) return $preventExtensions(target);
  const result = !!$call(trap, handler, target);
  if (result && $isExtensible(target))
    $throwTypeError("'preventExtensions' on proxy: trap returned truish but the proxy target is extensible");
  return result;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-getownproperty-p */
function proxyGetOwnProperty(proxy, key) {
  const handler = $proxyHandlerOf(proxy, "getOwnPropertyDescriptor");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "getOwnPropertyDescriptor");
  if (trap === undefined) return $getOwnProperty(target, key);
  const result = $call(trap, handler, target, $trapKey(key));
  if (!$isObject(result) && result !== undefined) {
    $throwTypeError(
      "'getOwnPropertyDescriptor' on proxy: trap returned neither object nor undefined for property '" +
        $keyText(key) +
        "'",
    );
  }
  const own = $getOwnProperty(target, key);
  if (result === undefined) {
    if (own === undefined) return undefined;
    if ((own[0] & 4) === 0)
      $throwTypeError(
        "'getOwnPropertyDescriptor' on proxy: trap returned undefined for property '" +
          $keyText(key) +
          "' which is non-configurable in the proxy target",
      );
    if (!$isExtensible(target))
      $throwTypeError(
        "'getOwnPropertyDescriptor' on proxy: trap returned undefined for property '" +
          $keyText(key) +
          "' which exists in the non-extensible proxy target",
      );
    return undefined;
  }
  const extensible = $isExtensible(target);
  const d = $completeDescriptor($toPropertyDescriptor(result));
  if (!$isCompatibleDescriptor(extensible, d, own)) {
    $throwTypeError(
      "'getOwnPropertyDescriptor' on proxy: trap returned descriptor for property '" +
        $keyText(key) +
        "' that is incompatible with the existing property in the proxy target",
    );
  }
  if ((d[0] & 4) === 0) {
    if (own === undefined || (own[0] & 4) !== 0)
      $throwTypeError(
        "'getOwnPropertyDescriptor' on proxy: trap reported non-configurability for property '" +
          $keyText(key) +
          "' which is either non-existent or configurable in the proxy target",
      );
    if ((d[0] & 32) !== 0 && (d[0] & 1) === 0 && (own[0] & 1) !== 0) {
      $throwTypeError(
        "'getOwnPropertyDescriptor' on proxy: trap reported non-configurable and writable for property '" +
          $keyText(key) +
          "' which is non-configurable, non-writable in the proxy target",
      );
    }
  }
  return d;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-defineownproperty-p-desc */
function proxyDefineOwnProperty(proxy, key, d) {
  const handler = $proxyHandlerOf(proxy, "defineProperty");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "defineProperty");
  if (trap === undefined) return $defineOwnProperty(target, key, d);
  if (!$call(trap, handler, target, $trapKey(key), $fromPropertyDescriptor(d))) return false;
  const own = $getOwnProperty(target, key);
  const extensible = $isExtensible(target);
  const settingFixed = (d[0] & 128) !== 0 && (d[0] & 4) === 0;
  if (own === undefined) {
    if (!extensible)
      $throwTypeError(
        "'defineProperty' on proxy: trap returned truish for adding property '" +
          $keyText(key) +
          "'  to the non-extensible proxy target",
      );
    if (settingFixed)
      $throwTypeError(
        "'defineProperty' on proxy: trap returned truish for defining non-configurable property '" +
          $keyText(key) +
          "' which is either non-existent or configurable in the proxy target",
      );
    return true;
  }
  if (!$isCompatibleDescriptor(extensible, d, own))
    $throwTypeError(
      "'defineProperty' on proxy: trap returned truish for adding property '" +
        $keyText(key) +
        "' that is incompatible with the existing property in the proxy target",
    );
  if (settingFixed && (own[0] & 4) !== 0)
    $throwTypeError(
      "'defineProperty' on proxy: trap returned truish for defining non-configurable property '" +
        $keyText(key) +
        "' which is either non-existent or configurable in the proxy target",
    );
  if ((own[0] & 256) === 0 && (own[0] & 5) === 1 && (d[0] & 32) !== 0 && (d[0] & 1) === 0) {
    $throwTypeError(
      "'defineProperty' on proxy: trap returned truish for defining non-configurable property '" +
        $keyText(key) +
        "' which cannot be non-writable",
    );
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-hasproperty-p */
function proxyHas(proxy, key) {
  const handler = $proxyHandlerOf(proxy, "has");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "has");
  if (trap === undefined) return $hasProperty(target, key);
  const result = !!$call(trap, handler, target, $trapKey(key));
  if (!result) {
    const own = $getOwnProperty(target, key);
    if (own !== undefined) {
      if ((own[0] & 4) === 0)
        $throwTypeError(
          "'has' on proxy: trap returned falsish for property '" +
            $keyText(key) +
            "' which exists in the proxy target as non-configurable",
        );
      if (!$isExtensible(target))
        $throwTypeError(
          "'has' on proxy: trap returned falsish for property '" +
            $keyText(key) +
            "' but the proxy target is not extensible",
        );
    }
  }
  return result;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-get-p-receiver */
function proxyGet(proxy, key, receiver) {
  const handler = $proxyHandler(proxy) || $proxyHandlerOf(proxy, "get");
  const target = $proxyTarget(proxy);
  const trap = handler.get;
  if (trap === undefined || trap === null) return $opGetReceiver(target, key, receiver);
  if (!$isCallable(trap)) $refuseTrap(handler, "get", trap);
  const value = $call(trap, handler, target, typeof key === "number" ? "" + key : key, receiver);
  if ($isUnconstrained(target, key)) return value;
  const own = $getOwnProperty(target, key);
  if (own !== undefined && (own[0] & 4) === 0) {
    if ((own[0] & 256) === 0) {
      if ((own[0] & 1) === 0 && !$sameValue(value, own[1])) {
        $throwTypeError(
          "'get' on proxy: property '" +
            $keyText(key) +
            "' is a read-only and non-configurable data property on the proxy target but the proxy did not return its actual value (expected '" +
            $describe(own[1]) +
            "' but got '" +
            $describe(value) +
            "')",
        );
      }
    } else if (own[2] === undefined && value !== undefined) {
      $throwTypeError(
        "'get' on proxy: property '" +
          $keyText(key) +
          "' is a non-configurable accessor property on the proxy target and does not have a getter function, but the trap did not return 'undefined' (got '" +
          $describe(value) +
          "')",
      );
    }
  }
  return value;
}

/** true or false. https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-set-p-v-receiver */
function proxySet(proxy, key, value, receiver) {
  const handler = $proxyHandlerOf(proxy, "set");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "set");
  if (trap === undefined) return $opSetReceiver(target, key, value, receiver);
  if (!$call(trap, handler, target, $trapKey(key), value, receiver)) return false;
  if ($isUnconstrained(target, key)) return true;
  const own = $getOwnProperty(target, key);
  if (own !== undefined && (own[0] & 4) === 0) {
    if ((own[0] & 256) === 0) {
      if ((own[0] & 1) === 0 && !$sameValue(value, own[1])) {
        $throwTypeError(
          "'set' on proxy: trap returned truish for property '" +
            $keyText(key) +
            "' which exists in the proxy target as a non-configurable and non-writable data property with a different value",
        );
      }
    } else if (own[3] === undefined) {
      $throwTypeError(
        "'set' on proxy: trap returned truish for property '" +
          $keyText(key) +
          "' which exists in the proxy target as a non-configurable and non-writable accessor property without a setter",
      );
    }
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-delete-p */
function proxyDelete(proxy, key) {
  const handler = $proxyHandlerOf(proxy, "deleteProperty");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "deleteProperty");
  if (trap === undefined) return $deleteProperty(target, key);
  if (!$call(trap, handler, target, $trapKey(key))) return false;
  const own = $getOwnProperty(target, key);
  if (own === undefined) return true;
  if ((own[0] & 4) === 0)
    $throwTypeError(
      "'deleteProperty' on proxy: trap returned truish for property '" +
        $keyText(key) +
        "' which is non-configurable in the proxy target",
    );
  if (!$isExtensible(target))
    $throwTypeError(
      "'deleteProperty' on proxy: trap returned truish for property '" +
        $keyText(key) +
        "' but the proxy target is non-extensible",
    );
  return true;
}

/** https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-ownpropertykeys */
function proxyOwnKeys(proxy) {
  const handler = $proxyHandlerOf(proxy, "ownKeys");
  const target = $proxyTarget(proxy);
  const trap = $trapOf(handler, "ownKeys");
  if (trap === undefined) return $ownPropertyKeys(target);
  const answer = $call(trap, handler, target);
  if (!$isObject(answer)) $throwTypeError("CreateListFromArrayLike called on non-object");
  const length = $lengthOfArrayLike(answer);
  const keys = $newArray(length);
  const seen = $newObject(null);
  for (let i = 0; i < length; i++) {
    const key = answer[i];
    if (typeof key !== "string" && typeof key !== "symbol")
      $throwTypeError($describe(key) + " is not a valid property name");
    $arrayAppend(keys, key);
  }
  for (let i = 0; i < keys.length; i++) {
    if ($hasOwnOrdinary(seen, keys[i])) $throwTypeError("'ownKeys' on proxy: trap returned duplicate entries");
    seen[keys[i]] = true;
  }
  const extensible = $isExtensible(target);
  const own = $ownPropertyKeys(target);
  let fixed = false;
  let missing;
  // A key that was checked leaves `seen`; keys that remain at the end are new.
  let left = keys.length;
  const open = $newArray(0);
  for (let i = 0; i < own.length; i++) {
    const d = $getOwnProperty(target, own[i]);
    if (d !== undefined && (d[0] & 4) === 0) {
      fixed = true;
      if ($hasOwnOrdinary(seen, own[i])) {
        $deleteOrdinary(seen, own[i]);
        left--;
      } else if (missing === undefined) missing = own[i];
    } else $arrayAppend(open, own[i]);
  }
  if (extensible && !fixed) return keys;
  if (missing !== undefined)
    $throwTypeError("'ownKeys' on proxy: trap result did not include '" + $keyText(missing) + "'");
  if (extensible) return keys;
  for (let i = 0; i < open.length; i++) {
    if (!$hasOwnOrdinary(seen, open[i]))
      $throwTypeError("'ownKeys' on proxy: trap result did not include '" + $keyText(open[i]) + "'");
    $deleteOrdinary(seen, open[i]);
    left--;
  }
  if (left > 0) $throwTypeError("'ownKeys' on proxy: trap returned extra keys but proxy target is non-extensible");
  return keys;
}

/** CompletePropertyDescriptor of a fresh descriptor. https://tc39.es/ecma262/#sec-completepropertydescriptor */
function completeDescriptor(d) {
  d[0] |= (d[0] & 768) === 0 ? 16 | 32 | 64 | 128 : 64 | 128 | 256 | 512;
  return d;
}

/** https://tc39.es/ecma262/#sec-iscompatiblepropertydescriptor */
function isCompatibleDescriptor(extensible, d, own) {
  if (own === undefined) return extensible;
  if ((own[0] & 4) !== 0) return true;
  const flags = d[0];
  if ((flags & 132) === 132) return false;
  if ((flags & 64) !== 0 && (flags & 2) !== (own[0] & 2)) return false;
  const wasAccessor = (own[0] & 256) !== 0;
  if ((flags & 768) !== 0 && !wasAccessor) return false;
  if ((flags & 48) !== 0 && wasAccessor) return false;
  if (wasAccessor) {
    if ((flags & 256) !== 0 && d[2] !== own[2]) return false;
    return (flags & 512) === 0 || d[3] === own[3];
  }
  if ((own[0] & 1) !== 0) return true;
  if ((flags & 33) === 33) return false;
  return (flags & 16) === 0 || $sameValue(d[1], own[1]);
}
