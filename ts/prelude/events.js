// Owns DOMException, events and abort signals. https://webidl.spec.whatwg.org/#idl-DOMException https://dom.spec.whatwg.org/#events
// https://dom.spec.whatwg.org/#aborting-ongoing-activities
//
// An event, a target, a signal and a controller are INTERNAL objects of classes 72 to 75. Slot 0 of an event is a record of its fields, slot 0 of a
// target or signal the list of its listeners, slot 1 of a signal its state, slot 0 of a controller its signal. Records are objects without a
// prototype that no guest sees. A list of listeners only grows; to remove from it, it is replaced, so that a dispatch goes on over the list it has.

// --- DOMException -----------------------------------------------------------------------------------------------------------------

/** The number that a name had before there were names, 0 if it had none. https://webidl.spec.whatwg.org/#dfn-error-names-table */
function legacyCodeOf(name) {
  switch (name) {
    case "IndexSizeError":
      return 1;
    case "HierarchyRequestError":
      return 3;
    case "WrongDocumentError":
      return 4;
    case "InvalidCharacterError":
      return 5;
    case "NoModificationAllowedError":
      return 7;
    case "NotFoundError":
      return 8;
    case "NotSupportedError":
      return 9;
    case "InUseAttributeError":
      return 10;
    case "InvalidStateError":
      return 11;
    case "SyntaxError":
      return 12;
    case "InvalidModificationError":
      return 13;
    case "NamespaceError":
      return 14;
    case "InvalidAccessError":
      return 15;
    case "TypeMismatchError":
      return 17;
    case "SecurityError":
      return 18;
    case "NetworkError":
      return 19;
    case "AbortError":
      return 20;
    case "URLMismatchError":
      return 21;
    case "QuotaExceededError":
      return 22;
    case "TimeoutError":
      return 23;
    case "InvalidNodeTypeError":
      return 24;
    case "DataCloneError":
      return 25;
    default:
      return 0;
  }
}

/** Its parts are hidden properties of its own, as those of an Error: so the host sees them too. */
function describeException(error, message, name) {
  $definePropertyOrThrow(error, "message", message, 5);
  $definePropertyOrThrow(error, "name", name, 5);
  $definePropertyOrThrow(error, "code", $legacyCodeOf(name), 5);
  return error;
}
function newDOMException(message, name) {
  return $describeException($newError($DOMExceptionPrototype), message, name);
}
function throwDOMException(message, name) {
  throw $newDOMException(message, name);
}

/** https://webidl.spec.whatwg.org/#dom-domexception-domexception; as in Node, an object in the place of the name has name and cause */
function dOMExceptionConstructor(message, name) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Class constructor DOMException cannot be invoked without 'new'");
  const error = $newError($getPrototypeFromConstructor(new.target, $DOMExceptionPrototype), new.target);
  const text = message === undefined ? "" : $toString(message);
  let own = name;
  if ($isObject(name)) {
    $installErrorCause(error, name);
    own = name.name;
  }
  return $describeException(error, text, own === undefined ? "Error" : $toString(own));
}

// --- Event ------------------------------------------------------------------------------------------------------------------------

function requireEvent(v) {
  if (!$isInternal(v, 72)) $throwTypeError("Illegal invocation");
  return $slot(v, 0);
}

/** A dictionary argument: an object, or undefined. https://webidl.spec.whatwg.org/#js-dictionary */
function dictionaryOf(v, what) {
  if (v === undefined || v === null) return undefined;
  if (!$isObject(v)) $throwTypeError('The "' + what + '" argument must be of type object');
  return v;
}

function eventRecord(type) {
  const record = $newObject(null);
  record.type = type;
  record.bubbles = false;
  record.cancelable = false;
  record.composed = false;
  record.target = null;
  record.currentTarget = null;
  record.phase = 0;
  record.isStopped = false;
  record.isStoppedNow = false;
  record.isCanceled = false;
  record.isPassive = false;
  record.isDispatching = false;
  record.isTrusted = false;
  record.time = $performanceTime();
  record.more = undefined;
  return record;
}

/** https://dom.spec.whatwg.org/#concept-event-constructor */
function constructEvent(newTarget, constructor, name, count, type, init) {
  if (newTarget === undefined) $throwTypeError("Class constructor " + name + " cannot be invoked without 'new'");
  if (count === 0) $throwTypeError('The "type" argument must be specified');
  const record = $eventRecord($toString(type));
  const given = $dictionaryOf(init, "eventInitDict");
  if (given !== undefined) {
    record.bubbles = !!given.bubbles;
    record.cancelable = !!given.cancelable;
    record.composed = !!given.composed;
  }
  record.more = $newObject(null);
  const event = $newInternal(72, $getPrototypeFromConstructor(newTarget, constructor.prototype), 1);
  $setSlot(event, 0, record);
  return event;
}

function eventConstructor(type, eventInitDict) {
  "use constructor";
  return $constructEvent(new.target, $eventConstructor, "Event", $argc(), type, eventInitDict);
}
function getEventPrototypeType() {
  return $requireEvent(this).type;
}
function getEventPrototypeTarget() {
  return $requireEvent(this).target;
}
function getEventPrototypeSrcElement() {
  return $requireEvent(this).target;
}
function getEventPrototypeCurrentTarget() {
  return $requireEvent(this).currentTarget;
}
function eventPrototypeComposedPath() {
  const current = $requireEvent(this).currentTarget;
  return current === null ? [] : [current];
}
function getEventPrototypeEventPhase() {
  return $requireEvent(this).phase;
}
function eventPrototypeStopPropagation() {
  $requireEvent(this).isStopped = true;
}
function getEventPrototypeCancelBubble() {
  return $requireEvent(this).isStopped;
}
function setEventPrototypeCancelBubble(v) {
  const record = $requireEvent(this);
  if (v) record.isStopped = true;
}
function eventPrototypeStopImmediatePropagation() {
  const record = $requireEvent(this);
  record.isStopped = true;
  record.isStoppedNow = true;
}
function getEventPrototypeBubbles() {
  return $requireEvent(this).bubbles;
}
function getEventPrototypeCancelable() {
  return $requireEvent(this).cancelable;
}
function cancelEvent(record) {
  if (record.cancelable && !record.isPassive) record.isCanceled = true;
}
function getEventPrototypeReturnValue() {
  return !$requireEvent(this).isCanceled;
}
function setEventPrototypeReturnValue(v) {
  const record = $requireEvent(this);
  if (!v) $cancelEvent(record);
}
function eventPrototypePreventDefault() {
  $cancelEvent($requireEvent(this));
}
function getEventPrototypeDefaultPrevented() {
  return $requireEvent(this).isCanceled;
}
function getEventPrototypeComposed() {
  return $requireEvent(this).composed;
}
function getEventPrototypeIsTrusted() {
  return $requireEvent(this).isTrusted;
}
function getEventPrototypeTimeStamp() {
  return $requireEvent(this).time;
}
/** https://dom.spec.whatwg.org/#concept-event-initialize */
function initializeEvent(event, count, type, bubbles, cancelable) {
  const record = $requireEvent(event);
  if (count === 0) $throwTypeError('The "type" argument must be specified');
  const text = $toString(type);
  if (record.isDispatching) return undefined;
  record.isStopped = false;
  record.isStoppedNow = false;
  record.isCanceled = false;
  record.isTrusted = false;
  record.target = null;
  record.type = text;
  record.bubbles = !!bubbles;
  record.cancelable = !!cancelable;
  return record;
}
function eventPrototypeInitEvent(type, bubbles, cancelable) {
  $initializeEvent(this, $argc(), type, bubbles, cancelable);
}

/** https://dom.spec.whatwg.org/#interface-customevent */
function customEventConstructor(type, eventInitDict) {
  "use constructor";
  const event = $constructEvent(new.target, $customEventConstructor, "CustomEvent", $argc(), type, eventInitDict);
  let detail = null;
  if ($isObject(eventInitDict)) {
    const given = eventInitDict.detail;
    if (given !== undefined) detail = given;
  }
  const more = $slot(event, 0).more;
  more.kind = "custom";
  more.detail = detail;
  return event;
}
/** What an event of that kind has besides the fields of all events. */
function requireMore(v, kind) {
  const more = $requireEvent(v).more;
  if (more === undefined || more.kind !== kind) $throwTypeError("Illegal invocation");
  return more;
}
function getCustomEventPrototypeDetail() {
  return $requireMore(this, "custom").detail;
}
function customEventPrototypeInitCustomEvent(type, bubbles, cancelable, detail) {
  const count = $argc();
  const more = $requireMore(this, "custom");
  if ($initializeEvent(this, count, type, bubbles, cancelable) === undefined) return;
  more.detail = detail === undefined ? null : detail;
}

/** https://html.spec.whatwg.org/multipage/webappapis.html#errorevent */
function errorEventConstructor(type, eventInitDict) {
  "use constructor";
  const event = $constructEvent(new.target, $errorEventConstructor, "ErrorEvent", $argc(), type, eventInitDict);
  const more = $slot(event, 0).more;
  more.kind = "error";
  more.message = "";
  more.filename = "";
  more.lineno = 0;
  more.colno = 0;
  more.error = undefined;
  if (!$isObject(eventInitDict)) return event;
  const column = eventInitDict.colno;
  if (column !== undefined) more.colno = $toNumber(column) >>> 0;
  more.error = eventInitDict.error;
  const filename = eventInitDict.filename;
  if (filename !== undefined) more.filename = $toString(filename);
  const line = eventInitDict.lineno;
  if (line !== undefined) more.lineno = $toNumber(line) >>> 0;
  const message = eventInitDict.message;
  if (message !== undefined) more.message = $toString(message);
  return event;
}
function getErrorEventPrototypeMessage() {
  return $requireMore(this, "error").message;
}
function getErrorEventPrototypeFilename() {
  return $requireMore(this, "error").filename;
}
function getErrorEventPrototypeLineno() {
  return $requireMore(this, "error").lineno;
}
function getErrorEventPrototypeColno() {
  return $requireMore(this, "error").colno;
}
function getErrorEventPrototypeError() {
  return $requireMore(this, "error").error;
}

/** https://html.spec.whatwg.org/multipage/webappapis.html#promiserejectionevent */
function promiseRejectionEventConstructor(type, eventInitDict) {
  "use constructor";
  const event = $constructEvent(
    new.target,
    $promiseRejectionEventConstructor,
    "PromiseRejectionEvent",
    $argc(),
    type,
    eventInitDict,
  );
  const promise = $isObject(eventInitDict) ? eventInitDict.promise : undefined;
  if (promise === undefined) $throwTypeError('The "eventInitDict.promise" argument must be specified');
  const more = $slot(event, 0).more;
  more.kind = "rejection";
  more.promise = promise;
  more.reason = eventInitDict.reason;
  return event;
}
function getPromiseRejectionEventPrototypePromise() {
  return $requireMore(this, "rejection").promise;
}
function getPromiseRejectionEventPrototypeReason() {
  return $requireMore(this, "rejection").reason;
}

// --- EventTarget ------------------------------------------------------------------------------------------------------------------

function requireTarget(v) {
  if (!$isInternal(v, 73) && !$isInternal(v, 74)) $throwTypeError("Illegal invocation");
}
/** https://dom.spec.whatwg.org/#dom-eventtarget-eventtarget */
function eventTargetConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Class constructor EventTarget cannot be invoked without 'new'");
  return $newInternal(73, $getPrototypeFromConstructor(new.target, $eventTargetConstructor.prototype), 1);
}

function newListener(type, callback, capture) {
  const listener = $newObject(null);
  listener.type = type;
  listener.callback = callback;
  listener.capture = capture;
  listener.isOnce = false;
  listener.isPassive = false;
  listener.isHandler = false;
  listener.isRemoved = false;
  return listener;
}
function findListener(target, type, callback, capture) {
  const list = $slot(target, 0);
  if (list === undefined) return undefined;
  for (let i = 0; i < list.length; i++) {
    const known = list[i];
    if (known.type === type && known.callback === callback && known.capture === capture && !known.isHandler)
      return known;
  }
  return undefined;
}
function appendListener(target, listener) {
  const list = $slot(target, 0);
  if (list === undefined) $setSlot(target, 0, [listener]);
  else $arrayAppend(list, listener);
}
function removeListener(target, listener) {
  if (listener.isRemoved) return;
  listener.isRemoved = true;
  const list = $slot(target, 0);
  const rest = $newArray(list.length);
  for (let i = 0; i < list.length; i++) if (list[i] !== listener) $arrayAppend(rest, list[i]);
  $setSlot(target, 0, rest);
}
function requireCallback(callback, count) {
  if (count < 2) $throwTypeError('The "type" and "listener" arguments must be specified');
  if (!$isObject(callback) && callback !== null && callback !== undefined)
    $throwTypeError('The "listener" argument must be an instance of EventListener');
}
/** https://dom.spec.whatwg.org/#concept-flatten-options */
function captureOf(options) {
  return $isObject(options) ? !!options.capture : !!options;
}

/** https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener */
function eventTargetPrototypeAddEventListener(type, callback, options) {
  // How many arguments there are is asked before anything is called, here and below: it is not known after a stop.
  const count = $argc();
  $requireTarget(this);
  $requireCallback(callback, count);
  const text = $toString(type);
  const listener = $newListener(text, callback, $captureOf(options));
  let signal;
  if ($isObject(options)) {
    listener.isOnce = !!options.once;
    listener.isPassive = !!options.passive;
    signal = options.signal;
    if (signal !== undefined && !$isInternal(signal, 74))
      $throwTypeError('The "options.signal" property must be an instance of AbortSignal');
  }
  if (callback === null || callback === undefined) return;
  if (signal !== undefined && $slot(signal, 1).isAborted) return;
  if ($findListener(this, text, callback, listener.capture) !== undefined) return;
  $appendListener(this, listener);
  if (signal === undefined) return;
  const step = $newObject(null);
  step.target = this;
  step.listener = listener;
  const state = $slot(signal, 1);
  if (state.steps === undefined) state.steps = [step];
  else $arrayAppend(state.steps, step);
}
/** https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener */
function eventTargetPrototypeRemoveEventListener(type, callback, options) {
  // How many arguments there are is asked before anything is called, here and below: it is not known after a stop.
  const count = $argc();
  $requireTarget(this);
  $requireCallback(callback, count);
  const text = $toString(type);
  const listener = $findListener(this, text, callback, $captureOf(options));
  if (listener !== undefined) $removeListener(this, listener);
}
/** https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent */
function eventTargetPrototypeDispatchEvent(event) {
  const count = $argc();
  $requireTarget(this);
  if (count === 0) $throwTypeError('The "event" argument must be specified');
  if (!$isInternal(event, 72)) $throwTypeError('The "event" argument must be an instance of Event');
  const record = $slot(event, 0);
  if (record.isDispatching) $throwDOMException("The event is already being dispatched", "InvalidStateError");
  record.isTrusted = false;
  return $dispatch(this, event, record);
}

/** https://dom.spec.whatwg.org/#concept-event-dispatch: a target has no parents here */
function dispatch(target, event, record) {
  record.isDispatching = true;
  record.target = target;
  record.currentTarget = target;
  record.phase = 2;
  $invokeListeners(target, event, record, true);
  $invokeListeners(target, event, record, false);
  record.phase = 0;
  record.currentTarget = null;
  record.isDispatching = false;
  record.isStopped = false;
  record.isStoppedNow = false;
  return !record.isCanceled;
}
/** https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke */
function invokeListeners(target, event, record, capture) {
  const list = $slot(target, 0);
  if (list === undefined || record.isStopped) return;
  const count = list.length;
  for (let i = 0; i < count; i++) {
    const listener = list[i];
    if (listener.isRemoved || listener.type !== record.type || listener.capture !== capture) continue;
    if (listener.isOnce) $removeListener(target, listener);
    record.isPassive = listener.isPassive;
    $callListener(target, event, record, listener);
    record.isPassive = false;
    if (record.isStoppedNow) return;
  }
}
/** What a listener throws is reported, and the others are called all the same. */
function callListener(target, event, record, listener) {
  const callback = listener.callback;
  try {
    if ($isCallable(callback)) {
      const result = $call(callback, target, event);
      if (listener.isHandler && result === false) $cancelEvent(record);
      return;
    }
    const handle = callback.handleEvent;
    if (!$isCallable(handle)) $throwTypeError("The listener has no function handleEvent");
    $call(handle, callback, event);
  } catch (e) {
    $reportException(e);
  }
}
/** An event of the platform's own. */
function fireEvent(target, type) {
  const event = $newInternal(72, $eventConstructor.prototype, 1);
  const record = $eventRecord(type);
  record.isTrusted = true;
  $setSlot(event, 0, record);
  $dispatch(target, event, record);
}

// --- AbortSignal ------------------------------------------------------------------------------------------------------------------

function newSignal() {
  const signal = $newInternal(74, $abortSignalConstructor.prototype, 2);
  const state = $newObject(null);
  state.isAborted = false;
  state.reason = undefined;
  state.steps = undefined;
  state.dependents = undefined;
  state.sources = undefined;
  state.handler = undefined;
  $setSlot(signal, 1, state);
  return signal;
}
function requireSignal(v) {
  if (!$isInternal(v, 74)) $throwTypeError("Illegal invocation");
  return $slot(v, 1);
}
function abortReason(reason) {
  return reason === undefined ? $newDOMException("This operation was aborted", "AbortError") : reason;
}
/** https://dom.spec.whatwg.org/#abortsignal-signal-abort */
function signalAbort(signal, reason) {
  const state = $slot(signal, 1);
  if (state.isAborted) return;
  state.isAborted = true;
  state.reason = $abortReason(reason);
  const dependents = state.dependents;
  const aborted = $newArray(0);
  if (dependents !== undefined) {
    for (let i = 0; i < dependents.length; i++) {
      const other = $slot(dependents[i], 1);
      if (other.isAborted) continue;
      other.isAborted = true;
      other.reason = state.reason;
      $arrayAppend(aborted, dependents[i]);
    }
    state.dependents = undefined;
  }
  $runAbortSteps(signal, state);
  for (let i = 0; i < aborted.length; i++) $runAbortSteps(aborted[i], $slot(aborted[i], 1));
}
/** https://dom.spec.whatwg.org/#run-the-abort-steps */
function runAbortSteps(signal, state) {
  const steps = state.steps;
  state.steps = undefined;
  state.sources = undefined;
  if (steps !== undefined) for (let i = 0; i < steps.length; i++) $removeListener(steps[i].target, steps[i].listener);
  $fireEvent(signal, "abort");
}

function abortSignalConstructor() {
  "use constructor";
  $throwTypeError("Illegal constructor");
}
/** https://dom.spec.whatwg.org/#dom-abortsignal-abort */
function abortSignalAbort(reason) {
  const signal = $newSignal();
  const state = $slot(signal, 1);
  state.isAborted = true;
  state.reason = $abortReason(reason);
  return signal;
}
/** https://dom.spec.whatwg.org/#dom-abortsignal-timeout; a program does not wait for it */
function abortSignalTimeout(milliseconds) {
  if ($argc() === 0) $throwTypeError('The "delay" argument must be specified');
  const n = $toNumber(milliseconds);
  if (!(n > -1 && n <= 9007199254740991)) $throwTypeError("The delay must be an integer from 0 to 9007199254740991");
  const signal = $newSignal();
  $armTimer(
    () => $signalAbort(signal, $newDOMException("The operation was aborted due to timeout", "TimeoutError")),
    $truncate(n),
    true,
    undefined,
  );
  return signal;
}
/** https://dom.spec.whatwg.org/#dom-abortsignal-any */
function abortSignalAny(signals) {
  if (!$isObject(signals)) $throwTypeError('The "signals" argument must be an iterable of AbortSignal');
  const list = $newArray(0);
  $opArrSpread(list, signals);
  for (let i = 0; i < list.length; i++)
    if (!$isInternal(list[i], 74)) $throwTypeError('The "signals" argument must be an iterable of AbortSignal');
  const result = $newSignal();
  const state = $slot(result, 1);
  for (let i = 0; i < list.length; i++) {
    const source = $slot(list[i], 1);
    if (!source.isAborted) continue;
    state.isAborted = true;
    state.reason = source.reason;
    return result;
  }
  state.sources = $newArray(list.length);
  for (let i = 0; i < list.length; i++) {
    const sources = $slot(list[i], 1).sources;
    if (sources === undefined) $dependOn(result, state, list[i]);
    else for (let j = 0; j < sources.length; j++) $dependOn(result, state, sources[j]);
  }
  return result;
}
function dependOn(signal, state, source) {
  for (let i = 0; i < state.sources.length; i++) if (state.sources[i] === source) return;
  $arrayAppend(state.sources, source);
  const other = $slot(source, 1);
  if (other.dependents === undefined) other.dependents = [signal];
  else $arrayAppend(other.dependents, signal);
}
function getAbortSignalPrototypeAborted() {
  return $requireSignal(this).isAborted;
}
function getAbortSignalPrototypeReason() {
  return $requireSignal(this).reason;
}
/** https://dom.spec.whatwg.org/#dom-abortsignal-throwifaborted */
function abortSignalPrototypeThrowIfAborted() {
  const state = $requireSignal(this);
  if (state.isAborted) throw state.reason;
}
function getAbortSignalPrototypeOnabort() {
  const handler = $requireSignal(this).handler;
  return handler === undefined ? null : handler.callback;
}
/** https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes */
function setAbortSignalPrototypeOnabort(v) {
  const state = $requireSignal(this);
  const known = state.handler;
  if (!$isObject(v)) {
    if (known === undefined) return;
    $removeListener(this, known);
    state.handler = undefined;
  } else if (known !== undefined) known.callback = v;
  else {
    const handler = $newListener("abort", v, false);
    handler.isHandler = true;
    state.handler = handler;
    $appendListener(this, handler);
  }
}

/** https://dom.spec.whatwg.org/#interface-abortcontroller */
function abortControllerConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Class constructor AbortController cannot be invoked without 'new'");
  const prototype = $getPrototypeFromConstructor(new.target, $abortControllerConstructor.prototype);
  const controller = $newInternal(75, prototype, 1);
  $setSlot(controller, 0, $newSignal());
  return controller;
}
function requireController(v) {
  if (!$isInternal(v, 75)) $throwTypeError("Illegal invocation");
  return $slot(v, 0);
}
function getAbortControllerPrototypeSignal() {
  return $requireController(this);
}
function abortControllerPrototypeAbort(reason) {
  $signalAbort($requireController(this), reason);
}
