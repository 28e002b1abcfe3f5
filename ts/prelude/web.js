// Owns what the web's platform has everywhere besides events: performance, crypto, navigator, reportError, immediates. All of it is
// deterministic: time is the program's clock, random bytes come from the run's seed.

/** https://html.spec.whatwg.org/multipage/webappapis.html#report-the-exception: the program goes on */
function reportException(error) {
  $say(2, $formatLog(["Uncaught", error]));
}
/** https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror */
function globalThisReportError(error) {
  if ($argc() === 0) $throwTypeError('The "error" argument must be specified');
  $reportException(error);
}

/** A task without a delay. https://nodejs.org/api/timers.html#setimmediatecallback-args */
function globalThisSetImmediate(callback, ...args) {
  if (!$isCallable(callback))
    $throwTypeError('The "callback" argument must be of type function. Received ' + $describe(callback));
  return $armTimer(callback, 0, false, args.length === 0 ? undefined : args);
}
function globalThisClearImmediate(id) {
  if (typeof id === "number") $stopTimer(id);
}

// --- performance ------------------------------------------------------------------------------------------------------------------

/** Milliseconds since a millisecond before the program first asked for the time: never 0. https://w3c.github.io/hr-time/ */
function performanceTime() {
  return $clockNow() - $performanceOrigin();
}
function performanceOrigin() {
  const state = $PerformanceState;
  if (state.origin === undefined) state.origin = $clockNow() - 1;
  return state.origin;
}
function performanceConstructor() {
  "use constructor";
  $throwTypeError("Illegal constructor");
}
function performancePrototypeNow() {
  return $performanceTime();
}
function getPerformancePrototypeTimeOrigin() {
  return $performanceOrigin();
}
function performancePrototypeToJSON() {
  return { timeOrigin: $performanceOrigin() };
}

// --- crypto -----------------------------------------------------------------------------------------------------------------------

function cryptoConstructor() {
  "use constructor";
  $throwTypeError("Illegal constructor");
}
/** https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues */
function cryptoPrototypeGetRandomValues(array) {
  const type = $typedKind(array);
  if (type < 0 && !$isDataView(array)) $throwTypeError('The "array" argument must be an integer-type TypedArray');
  if (type < 0 || (type > 6 && type < 10))
    $throwDOMException("The data argument must be an integer-type TypedArray", "TypeMismatchError");
  const bytes = $viewOutOfBounds(array) ? 0 : $viewSize(array) * $sizeOfType(type);
  if (bytes > 65536)
    $throwDOMException(
      "The ArrayBufferView's byte length (" +
        bytes +
        ") exceeds the number of bytes of entropy available via this API (65536)",
      "QuotaExceededError",
    );
  if (bytes > 0) $fillRandom(array);
  return array;
}
/** https://w3c.github.io/webcrypto/#Crypto-method-randomUUID */
function cryptoPrototypeRandomUUID() {
  const bytes = $createTyped(1, $uint8ArrayConstructor.prototype, 16);
  $fillRandom(bytes);
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = $hexEncode(bytes);
  return (
    $stringSlice(hex, 0, 8) +
    "-" +
    $stringSlice(hex, 8, 12) +
    "-" +
    $stringSlice(hex, 12, 16) +
    "-" +
    $stringSlice(hex, 16, 20) +
    "-" +
    $stringSlice(hex, 20, 32)
  );
}

// --- navigator --------------------------------------------------------------------------------------------------------------------

function navigatorConstructor() {
  "use constructor";
  $throwTypeError("Illegal constructor");
}
/** Without a version: programs must not depend on where they run. */
function getNavigatorPrototypeUserAgent() {
  return "Fermata";
}
