// Owns what turns bytes into text and back: base64 and hex of Uint8Array, atob and btoa, TextEncoder and TextDecoder.

function requireBytes(v) {
  if ($typedKind(v) !== 1) $throwTypeError("this is not a Uint8Array");
}
/** https://tc39.es/ecma262/#sec-getoptionsobject */
function optionsObject(options) {
  if (options === undefined) return $newObject(null);
  if (!$isObject(options)) $throwTypeError("options must be an object");
  return options;
}
/** True for the alphabet of URLs. */
function alphabetOption(options) {
  const alphabet = options.alphabet;
  if (alphabet === undefined || alphabet === "base64") return false;
  if (alphabet !== "base64url") $throwTypeError("alphabet must be 'base64' or 'base64url'");
  return true;
}
function chunkOption(options) {
  const handling = options.lastChunkHandling;
  if (handling === undefined || handling === "loose") return 0;
  if (handling === "strict") return 1;
  if (handling !== "stop-before-partial")
    $throwTypeError("lastChunkHandling must be 'loose', 'strict' or 'stop-before-partial'");
  return 2;
}
function requireText(v) {
  if (typeof v !== "string") $throwTypeError($describe(v) + " is not a string");
}

/** Decodes into bytes of their own. */
function bytesOfBase64(text, url, handling) {
  const room = $createTyped(1, $uint8ArrayConstructor.prototype, $truncate((text.length * 3) / 4) + 3);
  const done = $base64Decode(room, text, url, handling);
  if (!done[2]) return undefined;
  const buffer = $bufferTransfer($viewBuffer(room), done[1], $arrayBufferConstructor.prototype, false);
  return $createView(1, $uint8ArrayConstructor.prototype, buffer, 0, done[1]);
}

/** https://tc39.es/ecma262/#sec-uint8array.frombase64 */
function uint8ArrayFromBase64(text, options) {
  $requireText(text);
  const o = $optionsObject(options);
  const url = $alphabetOption(o);
  const bytes = $bytesOfBase64(text, url, $chunkOption(o));
  if (bytes === undefined) $throwSyntaxError("Invalid base64 string");
  return bytes;
}
/** https://tc39.es/ecma262/#sec-uint8array.fromhex */
function uint8ArrayFromHex(text) {
  $requireText(text);
  const bytes = $createTyped(1, $uint8ArrayConstructor.prototype, text.length >> 1);
  if (!$hexDecode(bytes, text)[2]) $throwSyntaxError("Invalid hex string");
  return bytes;
}
/** https://tc39.es/ecma262/#sec-uint8array.prototype.setfrombase64 */
function uint8ArrayPrototypeSetFromBase64(text, options) {
  $requireBytes(this);
  $requireText(text);
  const o = $optionsObject(options);
  const url = $alphabetOption(o);
  const handling = $chunkOption(o);
  $validateTyped(this);
  const done = $base64Decode(this, text, url, handling);
  if (!done[2]) $throwSyntaxError("Invalid base64 string");
  return { read: done[0], written: done[1] };
}
/** https://tc39.es/ecma262/#sec-uint8array.prototype.setfromhex */
function uint8ArrayPrototypeSetFromHex(text) {
  $requireBytes(this);
  $requireText(text);
  $validateTyped(this);
  const done = $hexDecode(this, text);
  if (!done[2]) $throwSyntaxError("Invalid hex string");
  return { read: done[0], written: done[1] };
}
/** https://tc39.es/ecma262/#sec-uint8array.prototype.tobase64 */
function uint8ArrayPrototypeToBase64(options) {
  $requireBytes(this);
  const o = $optionsObject(options);
  const url = $alphabetOption(o);
  const omitPadding = o.omitPadding;
  $validateTyped(this);
  return $base64Encode(this, url, !omitPadding);
}
/** https://tc39.es/ecma262/#sec-uint8array.prototype.tohex */
function uint8ArrayPrototypeToHex() {
  $requireBytes(this);
  $validateTyped(this);
  return $hexEncode(this);
}

// --- atob and btoa ----------------------------------------------------------------------------------------------------------------

function throwCharacter(text) {
  $throwDOMException(text, "InvalidCharacterError");
}

/** https://html.spec.whatwg.org/multipage/webappapis.html#dom-atob */
function globalThisAtob(data) {
  if ($argc() === 0) $throwTypeError('The "data" argument must be specified');
  const bytes = $bytesOfBase64($toString(data), false, 0);
  if (bytes === undefined) $throwCharacter("The string to be decoded is not correctly encoded.");
  return $latin1Decode(bytes);
}
/** https://html.spec.whatwg.org/multipage/webappapis.html#dom-btoa */
function globalThisBtoa(data) {
  if ($argc() === 0) $throwTypeError('The "data" argument must be specified');
  const text = $toString(data);
  const bytes = $createTyped(1, $uint8ArrayConstructor.prototype, text.length);
  if (!$latin1Encode(bytes, text)) $throwCharacter("Invalid character");
  return $base64Encode(bytes, false, true);
}

// --- TextEncoder and TextDecoder ----------------------------------------------------------------------------------------------------

/** https://encoding.spec.whatwg.org/#interface-textencoder */
function textEncoderConstructor() {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Class constructor TextEncoder cannot be invoked without 'new'");
  return $newInternal(70, $getPrototypeFromConstructor(new.target, $textEncoderConstructor.prototype), 0);
}
function requireEncoder(v) {
  if (!$isInternal(v, 70)) $throwTypeError('Value of "this" must be of type TextEncoder');
}
function getTextEncoderPrototypeEncoding() {
  $requireEncoder(this);
  return "utf-8";
}
function textEncoderPrototypeEncode(input) {
  $requireEncoder(this);
  const text = input === undefined ? "" : $toString(input);
  const bytes = $createTyped(1, $uint8ArrayConstructor.prototype, $utf8Size(text));
  $utf8Encode(bytes, text);
  return bytes;
}
function textEncoderPrototypeEncodeInto(source, destination) {
  $requireEncoder(this);
  const text = $toString(source);
  if ($typedKind(destination) !== 1) $throwTypeError('The "dest" argument must be an instance of Uint8Array');
  const done = $utf8EncodeInto(destination, text);
  return { read: done[0], written: done[1] };
}

/** Names of the encodings by number; UTF-8 is 0. */
function encodingName(number) {
  return number === 0 ? "utf-8" : number === 1 ? "utf-16le" : number === 2 ? "utf-16be" : "windows-1252";
}
/** A label as it is compared: without ASCII spaces around it, in ASCII lower case. */
function plainLabel(text) {
  let from = 0;
  let to = text.length;
  while (from < to && $isLabelSpace($stringCharCodeAt(text, from))) from++;
  while (to > from && $isLabelSpace($stringCharCodeAt(text, to - 1))) to--;
  return $stringToLowerCase($stringSlice(text, from, to));
}
function isLabelSpace(unit) {
  return unit === 32 || unit === 9 || unit === 10 || unit === 12 || unit === 13;
}
/** Number of the encoding with that label, -1 if there is none. https://encoding.spec.whatwg.org/#names-and-labels */
function encodingOf(text) {
  if ($isUtf8Label(text)) return 0;
  // No label is longer, and a long text would take long to compare.
  if (text.length > 64) return -1;
  switch ($plainLabel(text)) {
    case "csunicode":
    case "iso-10646-ucs-2":
    case "ucs-2":
    case "unicode":
    case "unicodefeff":
    case "utf-16":
    case "utf-16le":
      return 1;
    case "unicodefffe":
    case "utf-16be":
      return 2;
    case "ansi_x3.4-1968":
    case "ascii":
    case "cp1252":
    case "cp819":
    case "csisolatin1":
    case "ibm819":
    case "iso-8859-1":
    case "iso-ir-100":
    case "iso8859-1":
    case "iso88591":
    case "iso_8859-1":
    case "iso_8859-1:1987":
    case "l1":
    case "latin1":
    case "us-ascii":
    case "windows-1252":
    case "x-cp1252":
      return 3;
    default:
      return -1;
  }
}

/**
 * Slots: fatal; keep the byte order mark, for another encoding than UTF-8 twice its number plus that; bytes of an unfinished character; has
 * anything been decoded. https://encoding.spec.whatwg.org/#interface-textdecoder
 */
function textDecoderConstructor(label, options) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Class constructor TextDecoder cannot be invoked without 'new'");
  const name = label === undefined ? "utf-8" : $toString(label);
  let fatal = false;
  let keepsMark = false;
  if (options !== undefined && options !== null) {
    if (!$isObject(options)) $throwTypeError('The "options" argument must be of type object');
    fatal = !!options.fatal;
    keepsMark = !!options.ignoreBOM;
  }
  const encoding = $encodingOf(name);
  if (encoding < 0) $throwRangeError('The "' + name + '" encoding is not supported');
  const decoder = $newInternal(71, $getPrototypeFromConstructor(new.target, $textDecoderConstructor.prototype), 4);
  $setSlot(decoder, 0, fatal);
  $setSlot(decoder, 1, encoding === 0 ? keepsMark : 2 * encoding + (keepsMark ? 1 : 0));
  $setSlot(decoder, 3, false);
  return decoder;
}
function requireDecoder(v) {
  if (!$isInternal(v, 71)) $throwTypeError('Value of "this" must be of type TextDecoder');
}
function decoderEncoding(decoder) {
  const packed = $slot(decoder, 1);
  return typeof packed === "number" ? packed >> 1 : 0;
}
function keepsMark(decoder) {
  const packed = $slot(decoder, 1);
  return typeof packed === "number" ? (packed & 1) === 1 : packed;
}
function getTextDecoderPrototypeEncoding() {
  $requireDecoder(this);
  return $encodingName($decoderEncoding(this));
}
function getTextDecoderPrototypeFatal() {
  $requireDecoder(this);
  return $slot(this, 0);
}
function getTextDecoderPrototypeIgnoreBOM() {
  $requireDecoder(this);
  return $keepsMark(this);
}

/** The bytes that were left, then those of a buffer or view, as a Uint8Array. */
function bytesToDecode(input, left) {
  let buffer = input;
  let offset = 0;
  let length = 0;
  if (input !== undefined) {
    const type = $typedKind(input);
    if (type >= 0 || $isDataView(input)) {
      buffer = $viewBuffer(input);
      offset = $viewOffset(input);
      length = $viewSize(input) * (type < 0 ? 1 : $sizeOfType(type));
    } else if ($isBuffer(input)) length = $bufferLength(input);
    else $throwTypeError('The "input" argument must be an instance of ArrayBuffer or ArrayBufferView');
  }
  const prototype = $uint8ArrayConstructor.prototype;
  if (left === undefined)
    return length === 0 ? $createTyped(1, prototype, 0) : $createView(1, prototype, buffer, offset, length);
  const before = $viewSize(left);
  const all = $createTyped(1, prototype, before + length);
  $typedMove(all, 0, left, 0, before);
  if (length > 0) $typedMove(all, before, $createView(1, prototype, buffer, offset, length), 0, length);
  return all;
}

/** https://encoding.spec.whatwg.org/#dom-textdecoder-decode */
function textDecoderPrototypeDecode(input, options) {
  $requireDecoder(this);
  let stream = false;
  if (options !== undefined && options !== null) {
    if (!$isObject(options)) $throwTypeError('The "options" argument must be of type object');
    stream = !!options.stream;
  }
  const bytes = $bytesToDecode(input, $slot(this, 2));
  const encoding = $decoderEncoding(this);
  if (encoding === 3) return $windows1252Decode(bytes);
  const size = $viewSize(bytes);
  const rest = encoding === 0 ? (stream ? $utf8Incomplete(bytes) : 0) : $utf16Rest(bytes, size, stream, encoding === 2);
  const end = size - rest;
  let left;
  if (stream && rest > 0) {
    left = $createTyped(1, $uint8ArrayConstructor.prototype, rest);
    $typedMove(left, 0, bytes, end, rest);
  }
  const isBegun = $slot(this, 3);
  const start = isBegun || $keepsMark(this) ? 0 : $markLength(bytes, end, encoding);
  if ($slot(this, 0) && ((!stream && rest > 0) || !$isValidText(bytes, start, end, encoding))) {
    $setSlot(this, 2, undefined);
    $setSlot(this, 3, false);
    $throwTypeError("The encoded data was not valid for encoding " + $encodingName(encoding));
  }
  let text = encoding === 0 ? $utf8Decode(bytes, start, end) : $utf16Decode(bytes, start, end, encoding === 2);
  if (!stream && rest > 0) text += "\ufffd";
  $setSlot(this, 2, left);
  $setSlot(this, 3, stream && (isBegun || end > 0));
  return text;
}
/** Number of bytes at the end that are not decoded now: an odd one, and, if it or more may come, the first half of a pair before it. */
function utf16Rest(bytes, size, stream, big) {
  const odd = size & 1;
  const last = size - odd - (big ? 2 : 1);
  return (stream || odd === 1) && last >= 0 && (bytes[last] & 252) === 216 ? odd + 2 : odd;
}
/** Number of bytes of a byte order mark at the beginning. */
function markLength(bytes, end, encoding) {
  if (encoding === 0) return end >= 3 && bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191 ? 3 : 0;
  if (end < 2) return 0;
  return bytes[0] === (encoding === 1 ? 255 : 254) && bytes[1] === (encoding === 1 ? 254 : 255) ? 2 : 0;
}
function isValidText(bytes, start, end, encoding) {
  return encoding === 0 ? $utf8Valid(bytes, start, end) : $utf16Valid(bytes, start, end, encoding === 2);
}
