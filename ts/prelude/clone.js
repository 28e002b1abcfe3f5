// Owns structuredClone. Must never clone what cannot cross: functions, symbols, promises, weak collections, proxies, iterators.
// https://html.spec.whatwg.org/multipage/structured-data.html#structured-cloning

function globalThisStructuredClone(value, options) {
  if ($argc() === 0) $throwTypeError("The value argument must be specified");
  const list = $newArray(0);
  if (options !== undefined && options !== null) {
    if (!$isObject(options)) $throwTypeError("The options argument must be either an object or undefined");
    const transfer = options.transfer;
    if (transfer !== undefined) $opArrSpread(list, transfer);
  }
  const memory = $createCollection(0, $MapPrototype);
  // A transferred buffer has its place already; the bytes move when everything else has been cloned.
  for (let i = 0; i < list.length; i++) {
    if ($isShared(list[i])) $throwNotCloneable("#<SharedArrayBuffer>");
    if (!$isBuffer(list[i])) $throwTypeError("Found invalid object in transferList");
    if ($tableHas(memory, list[i]))
      $throwDOMException("Transfer list contains duplicate ArrayBuffer", "DataCloneError");
    if ($bufferDetached(list[i])) $throwDetached();
    $tableSet(memory, list[i], $bufferPlaceholder(list[i], $arrayBufferConstructor.prototype));
  }
  const clone = $cloneValue(value, memory);
  for (let i = 0; i < list.length; i++) {
    if ($bufferDetached(list[i])) $throwDetached();
    $bufferMove($tableGet(memory, list[i]), list[i]);
  }
  return clone;
}

function throwNotCloneable(text) {
  $throwDOMException(text + " could not be cloned.", "DataCloneError");
}
function throwDetached() {
  $throwDOMException("An ArrayBuffer is detached and could not be cloned.", "DataCloneError");
}

function throwObjectNotCloneable(value) {
  const name = $inspectKind(value) === 11 ? null : $constructorName(value);
  $throwNotCloneable("#<" + (name === null ? "Object" : name) + ">");
}

// memory: Map from what was cloned to its clone.
function cloneValue(value, memory) {
  if (!$isObject(value)) {
    if (typeof value === "symbol") $throwNotCloneable($keyText(value));
    return value;
  }
  const known = $tableGet(memory, value);
  if (known !== $hole) return known;
  const kind = $inspectKind(value);
  switch (kind) {
    case 0:
    case 12:
      return $cloneProperties(value, $newObject($ObjectPrototype), memory);
    case 1:
      return $cloneProperties(value, $arrayCreate($arraySize(value)), memory);
    case 2:
      $throwNotCloneable($functionText(value));
      break;
    case 3:
      return $cloneError(value, memory);
    case 4:
      return $cloneMap(value, memory);
    case 5:
      return $cloneSet(value, memory);
    case 21: {
      const clone = $regExpInitialize($regExpAlloc($RegExpPrototype), $regExpPattern(value), $regExpFlags(value));
      $tableSet(memory, value, clone);
      return clone;
    }
    case 20: {
      const clone = $newDate($DatePrototype, $dateNumber(value));
      $tableSet(memory, value, clone);
      return clone;
    }
    case 10: {
      if ($wrapperKind(value) === 6) $throwNotCloneable("[object Symbol]");
      const clone = $toObject($wrapped(value));
      $tableSet(memory, value, clone);
      return clone;
    }
    case 24:
      return $cloneBuffer(value, memory);
    case 25:
    case 26:
      return $cloneView(value, kind, memory);
    default:
  }
  $throwObjectNotCloneable(value);
}

function cloneBuffer(value, memory) {
  // Only in one agent could both have the same bytes.
  if ($isShared(value)) $throwNotCloneable("#<SharedArrayBuffer>");
  if ($bufferDetached(value)) $throwDetached();
  const length = $bufferLength(value);
  const max = $bufferResizable(value) ? $bufferMax(value) : undefined;
  const clone = $createBuffer($arrayBufferConstructor.prototype, length, max);
  $bufferCopy(clone, value, 0, length);
  $tableSet(memory, value, clone);
  return clone;
}

function cloneView(value, kind, memory) {
  if ($viewOutOfBounds(value)) $throwDetached();
  const buffer = $cloneValue($viewBuffer(value), memory);
  const type = kind === 26 ? 12 : $typedKind(value);
  const prototype = kind === 26 ? $dataViewConstructor.prototype : $typedConstructorOf(type).prototype;
  const length = $viewTracks(value) ? undefined : $viewSize(value);
  const clone = $createView(type, prototype, buffer, $viewOffset(value), length);
  $tableSet(memory, value, clone);
  return clone;
}

// Own enumerable properties with string keys, in order; getters are called.
function cloneProperties(value, clone, memory) {
  $tableSet(memory, value, clone);
  const keys = $ownKeysOrdinary(value, 5);
  for (let i = 0; i < keys.length; i++) {
    const key = $toPropertyKey(keys[i]);
    // A getter may have removed it.
    if ($hasOwn(value, key)) $createDataPropertyOrThrow(clone, key, $cloneValue(value[key], memory));
  }
  return clone;
}

function cloneError(value, memory) {
  const name = value.name;
  if ($isPrototypeInChain($DOMExceptionPrototype, value)) {
    const exception = $newDOMException($toString(value.message), $toString(name));
    $tableSet(memory, value, exception);
    return exception;
  }
  let proto = $ErrorPrototype;
  if (name === "EvalError") proto = $EvalErrorPrototype;
  else if (name === "RangeError") proto = $RangeErrorPrototype;
  else if (name === "ReferenceError") proto = $ReferenceErrorPrototype;
  else if (name === "SyntaxError") proto = $SyntaxErrorPrototype;
  else if (name === "TypeError") proto = $TypeErrorPrototype;
  else if (name === "URIError") proto = $URIErrorPrototype;
  const clone = $newError(proto);
  $tableSet(memory, value, clone);
  const stack = $getOwnOrdinary(value, "stack");
  if (stack !== undefined && typeof stack[1] === "string") $definePropertyOrThrow(clone, "stack", stack[1], 5);
  const message = $getOwnOrdinary(value, "message");
  if (message !== undefined && message[2] === undefined)
    $definePropertyOrThrow(clone, "message", $toString(message[1]), 5);
  const cause = $getOwnOrdinary(value, "cause");
  if (cause !== undefined && cause[2] === undefined)
    $definePropertyOrThrow(clone, "cause", $cloneValue(cause[1], memory), 5);
  return clone;
}

// The entries as they are at first: cloning them may call getters that change the Map.
function cloneMap(value, memory) {
  const clone = $createCollection(0, $MapPrototype);
  $tableSet(memory, value, clone);
  const list = $newArray($tableSize(value) * 2);
  const steps = $newTableIterator(value);
  while (true) {
    const key = $tableStep(steps);
    if (key === $hole) break;
    $arrayAppend(list, key);
    $arrayAppend(list, $tableStepValue(steps));
  }
  for (let i = 0; i < list.length; i += 2) {
    const key = $cloneValue(list[i], memory);
    $tableSet(clone, key, $cloneValue(list[i + 1], memory));
  }
  return clone;
}

function cloneSet(value, memory) {
  const clone = $createCollection(1, $SetPrototype);
  $tableSet(memory, value, clone);
  const list = $tableKeys(value);
  for (let i = 0; i < list.length; i++) $tableSet(clone, $cloneValue(list[i], memory), undefined);
  return clone;
}
