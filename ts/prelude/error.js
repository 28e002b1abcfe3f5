// Owns the parts of the error constructors that may call guest code. https://tc39.es/ecma262/#sec-error-objects

/** https://tc39.es/ecma262/#sec-error-message; properties hidden: writable 1 and configurable 4 */
function createError(newTarget, prototype, message, options) {
  const error = $newError($getPrototypeFromConstructor(newTarget, prototype), newTarget);
  if (message !== undefined) $definePropertyOrThrow(error, "message", $toString(message), 5);
  $installErrorCause(error, options);
  return error;
}
/** https://tc39.es/ecma262/#sec-installerrorcause */
function installErrorCause(error, options) {
  if ($isObject(options) && $hasProperty(options, "cause")) $definePropertyOrThrow(error, "cause", options.cause, 5);
}

function errorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $ErrorPrototype, message, options);
}
function typeErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $TypeErrorPrototype, message, options);
}
function rangeErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $RangeErrorPrototype, message, options);
}
function syntaxErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $SyntaxErrorPrototype, message, options);
}
function referenceErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $ReferenceErrorPrototype, message, options);
}
function evalErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $EvalErrorPrototype, message, options);
}
function uRIErrorConstructor(message, options) {
  "use constructor";
  return $createError(new.target, $URIErrorPrototype, message, options);
}

/** https://tc39.es/ecma262/#sec-aggregate-error */
function aggregateErrorConstructor(errors, message, options) {
  "use constructor";
  const error = $newError($getPrototypeFromConstructor(new.target, $AggregateErrorPrototype), new.target);
  if (message !== undefined) $definePropertyOrThrow(error, "message", $toString(message), 5);
  $installErrorCause(error, options);
  const list = $newArray(0);
  $opArrSpread(list, errors);
  $definePropertyOrThrow(error, "errors", list, 5);
  return error;
}

/** https://tc39.es/ecma262/#sec-suppressederror */
function suppressedErrorConstructor(error, suppressed, message) {
  "use constructor";
  const result = $newError($getPrototypeFromConstructor(new.target, $SuppressedErrorPrototype), new.target);
  if (message !== undefined) $definePropertyOrThrow(result, "message", $toString(message), 5);
  $definePropertyOrThrow(result, "error", error, 5);
  $definePropertyOrThrow(result, "suppressed", suppressed, 5);
  return result;
}

/** https://v8.dev/docs/stack-trace-api */
function errorCaptureStackTrace(target, from) {
  if (!$isObject(target) || $isProxy(target)) $throwTypeError("invalid_argument");
  $definePropertyOrThrow(target, "stack", undefined, 5);
  $attachStack(target, from);
}

/**
 * `stack` is asked for the first time, and the guest has a say in it: by Error.prepareStackTrace, or because reading the name or the
 * message calls it. While it is asked, the stack has its usual text.
 */
function errorStackGet() {
  const holder = $waitingStack(this);
  if (holder === undefined) return undefined;
  const prepare = $Error.prepareStackTrace;
  if (typeof prepare === "function") {
    const sites = $callSites(holder);
    $settleStack(holder, $plainStack(holder));
    $settleStack(holder, $call(prepare, $Error, holder, sites));
  } else $settleStack(holder, $stackWith(holder, $stackHeader(holder)));
  return $plainStack(holder);
}
/** The first line of a stack. */
function stackHeader(error) {
  try {
    return $call($errorPrototypeToString, error);
  } catch {
    return "<error>";
  }
}
function errorStackSet(value) {
  if ($isObject(this) && !$isProxy(this)) $settleStack(this, value);
}

/** https://tc39.es/ecma262/#sec-error.prototype.tostring */
function errorPrototypeToString() {
  const o = this;
  let name = o.name;
  name = name === undefined ? "Error" : $toString(name);
  let message = o.message;
  message = message === undefined ? "" : $toString(message);
  if (name === "") return message;
  return message === "" ? name : name + ": " + message;
}
