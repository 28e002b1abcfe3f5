// Owns module namespace objects: proxies whose traps are the internal methods that the specification gives them. Their target has
// the exported names as properties that cannot be taken away; the values there are indices into the handler's list of bindings.
// https://tc39.es/ecma262/#sec-module-namespace-exotic-objects

/** https://tc39.es/ecma262/#sec-getmodulenamespace */
function moduleNamespace(record) {
  if (record.namespace !== undefined) return record.namespace;
  const all = $newArray(8);
  $exportedNames(record, all, $newObject(null), $newArray(2));
  const names = $newArray(all.length);
  const handler = $newObject($ModuleNamespaceTraps);
  handler.names = names;
  handler.bindings = $newArray(all.length);
  const sorted = $mergeSort(all, all.length, $compareTexts);
  const target = $newObject(null);
  for (let i = 0; i < sorted.length; i++) {
    const found = $resolveExport(record, sorted[i], $newArray(1));
    if (!$isObject(found)) continue;
    $defineOrdinary(target, $toPropertyKey(sorted[i]), 243, names.length, undefined, undefined);
    $arrayAppend(names, sorted[i]);
    $arrayAppend(handler.bindings, found);
  }
  $defineOrdinary(target, $Symbol_toStringTag, 240, "Module", undefined, undefined);
  $preventExtensionsOrdinary(target);
  record.namespace = $proxyCreate(target, handler);
  return record.namespace;
}

/** https://tc39.es/ecma262/#sec-getexportednames; known: the names so far; seen: records */
function exportedNames(record, names, known, seen) {
  for (let i = 0; i < seen.length; i++) if (seen[i] === record) return;
  const isOuter = seen.length === 0;
  $arrayAppend(seen, record);
  const own = $ownKeysOrdinary(record.exports, 1);
  for (let i = 0; i < own.length; i++) $addName(own[i], names, known, isOuter);
  for (let i = 0; i < record.indirect.length; i += 4) $addName(record.indirect[i], names, known, isOuter);
  for (let i = 0; i < record.stars.length; i++) $exportedNames(record.loaded[record.stars[i]], names, known, seen);
}

function addName(name, names, known, isOuter) {
  if (known[name] === true || (name === "default" && !isOuter)) return;
  known[name] = true;
  $arrayAppend(names, name);
}

/** The value of a binding of a namespace object. */
function namespaceValue(handler, index) {
  const binding = handler.bindings[index];
  if (binding[1] < 0) return $moduleNamespace(binding[0]);
  const value = $cellValue(binding[0].cells, binding[1]);
  if (value === $hole)
    $throwReferenceError("Cannot access '" + $keyText(handler.names[index]) + "' before initialization");
  return value;
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-get-p-receiver */
function moduleNamespaceTrapsGet(target, key) {
  if (!$hasOwnOrdinary(target, key)) return undefined;
  return typeof key === "symbol" ? target[key] : $namespaceValue(this, target[key]);
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-set-p-v-receiver */
function moduleNamespaceTrapsSet() {
  return false;
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-delete-p */
function moduleNamespaceTrapsDeleteProperty(target, key) {
  return !$hasOwnOrdinary(target, key);
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-getownproperty-p; the descriptor has no prototype, so that the guest's counts for nothing */
function moduleNamespaceTrapsGetOwnPropertyDescriptor(target, key) {
  if (!$hasOwnOrdinary(target, key)) return undefined;
  const isName = typeof key !== "symbol";
  const descriptor = $newObject(null);
  descriptor.value = isName ? $namespaceValue(this, target[key]) : target[key];
  descriptor.writable = isName;
  descriptor.enumerable = isName;
  descriptor.configurable = false;
  return descriptor;
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-defineownproperty-p-desc */
function moduleNamespaceTrapsDefineProperty(target, key, wanted) {
  if (!$hasOwnOrdinary(target, key)) return false;
  const isName = typeof key !== "symbol";
  const value = isName ? $namespaceValue(this, target[key]) : target[key];
  if ($hasOwnOrdinary(wanted, "configurable") && wanted.configurable) return false;
  if ($hasOwnOrdinary(wanted, "enumerable") && wanted.enumerable !== isName) return false;
  if ($hasOwnOrdinary(wanted, "get") || $hasOwnOrdinary(wanted, "set")) return false;
  if ($hasOwnOrdinary(wanted, "writable") && wanted.writable !== isName) return false;
  return !$hasOwnOrdinary(wanted, "value") || $sameValue(wanted.value, value);
}

/** https://tc39.es/ecma262/#sec-module-namespace-exotic-objects-ownpropertykeys */
function moduleNamespaceTrapsOwnKeys() {
  const keys = $copyRange(this.names, 0, this.names.length);
  $arrayAppend(keys, $Symbol_toStringTag);
  return keys;
}

/** Is it a namespace object? No guest can tell that it is a proxy. */
function isNamespace(o) {
  if (!$isProxy(o)) return false;
  const handler = $proxyHandler(o);
  return handler !== null && $prototypeOfOrdinary(handler) === $ModuleNamespaceTraps;
}

/** Placeholder of a binding that is shown before its module has come to it. */
function uninitialized() {}

/** A plain object with what a namespace object has now. */
function namespaceCopy(o) {
  const handler = $proxyHandler(o);
  const copy = $newObject(null);
  for (let i = 0; i < handler.names.length; i++) {
    const binding = handler.bindings[i];
    let value = binding[1] < 0 ? $moduleNamespace(binding[0]) : $cellValue(binding[0].cells, binding[1]);
    if (value === $hole) value = $uninitialized;
    $defineOrdinary(copy, $toPropertyKey(handler.names[i]), 247, value, undefined, undefined);
  }
  return copy;
}
