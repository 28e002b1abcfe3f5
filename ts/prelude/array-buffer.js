// Owns the halves of ArrayBuffer and DataView that may call guest code. https://tc39.es/ecma262/#sec-structured-data

function requireBuffer(v, name) {
  if (!$isBuffer(v) || $isShared(v))
    $throwTypeError("Method ArrayBuffer.prototype." + name + " called on incompatible receiver " + $describe(v));
}
function requireAttached(buffer, name) {
  if ($bufferDetached(buffer))
    $throwTypeError("Cannot perform ArrayBuffer.prototype." + name + " on a detached ArrayBuffer");
}

/** https://tc39.es/ecma262/#sec-getarraybuffermaxbytelengthoption */
function maxByteLengthOf(options, byteLength) {
  if (!$isObject(options)) return undefined;
  const given = options.maxByteLength;
  if (given === undefined) return undefined;
  const max = $toIndex(given, "Invalid array buffer max length");
  if (byteLength > max) $throwRangeError("Invalid array buffer max length");
  return max;
}

/** https://tc39.es/ecma262/#sec-arraybuffer-length */
function arrayBufferConstructor(length, options) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor ArrayBuffer requires 'new'");
  const byteLength = $toIndex(length, "Invalid array buffer length");
  const max = $maxByteLengthOf(options, byteLength);
  return $createBuffer($getPrototypeFromConstructor(new.target, $arrayBufferConstructor.prototype), byteLength, max);
}

/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.resize */
function arrayBufferPrototypeResize(newLength) {
  $requireBuffer(this, "resize");
  if (!$bufferResizable(this))
    $throwTypeError("Method ArrayBuffer.prototype.resize called on incompatible receiver " + $describe(this));
  const length = $toIndex(newLength, "ArrayBuffer.prototype.resize: Invalid length parameter");
  $requireAttached(this, "resize");
  $bufferResize(this, length);
}

/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.slice */
function arrayBufferPrototypeSlice(start, end) {
  $requireBuffer(this, "slice");
  $requireAttached(this, "slice");
  const length = $bufferLength(this);
  const first = $relativeIndex(start, length);
  const final = $relativeEnd(end, length);
  const size = final > first ? final - first : 0;
  const c = $speciesConstructor(this, $arrayBufferConstructor);
  const target = $construct(c, c, size);
  $requireBuffer(target, "slice");
  $requireAttached(target, "slice");
  if (target === this) $throwTypeError("ArrayBuffer subclass returned this from species constructor");
  if ($bufferLength(target) < size) $throwTypeError("Species constructor returned a too small ArrayBuffer");
  $requireAttached(this, "slice");
  const now = $bufferLength(this);
  if (first < now) $bufferCopy(target, this, first, size < now - first ? size : now - first);
  return target;
}

/** https://tc39.es/ecma262/#sec-arraybuffercopyanddetach */
function bufferCopyAndDetach(buffer, newLength, resizable, name) {
  $requireBuffer(buffer, name);
  const length = newLength === undefined ? $bufferLength(buffer) : $toIndex(newLength, "Invalid array buffer length");
  $requireAttached(buffer, name);
  return $bufferTransfer(buffer, length, $arrayBufferConstructor.prototype, resizable);
}
/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer */
function arrayBufferPrototypeTransfer(newLength) {
  return $bufferCopyAndDetach(this, newLength, true, "transfer");
}
/** https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfertofixedlength */
function arrayBufferPrototypeTransferToFixedLength(newLength) {
  return $bufferCopyAndDetach(this, newLength, false, "transferToFixedLength");
}

// --- DataView --------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-dataview-buffer-byteoffset-bytelength */
function dataViewConstructor(buffer, byteOffset, byteLength) {
  "use constructor";
  if (new.target === undefined) $throwTypeError("Constructor DataView requires 'new'");
  if (!$isBuffer(buffer)) $throwTypeError("First argument to DataView constructor must be an ArrayBuffer");
  const offset = $toIndex(byteOffset, "Start offset % is outside the bounds of the buffer");
  if ($bufferDetached(buffer)) $throwTypeError("Cannot perform DataView on a detached ArrayBuffer");
  let length = $bufferLength(buffer);
  if (offset > length) $throwRangeError("Start offset " + offset + " is outside the bounds of the buffer");
  const tracking = byteLength === undefined && $bufferResizable(buffer);
  if (byteLength === undefined) length -= offset;
  else {
    const wanted = $toIndex(byteLength, "Invalid DataView length %");
    if (offset + wanted > length) $throwRangeError("Invalid DataView length " + wanted);
    length = wanted;
  }
  const proto = $getPrototypeFromConstructor(new.target, $dataViewConstructor.prototype);
  if ($bufferDetached(buffer)) $throwTypeError("Cannot perform DataView on a detached ArrayBuffer");
  const now = $bufferLength(buffer);
  if (offset > now || (byteLength !== undefined && offset + length > now))
    $throwRangeError("Invalid DataView length " + length);
  if (byteLength === undefined && !tracking) length = now - offset;
  return $createView(12, proto, buffer, offset, tracking ? undefined : length);
}

function requireDataView(v, what, type) {
  if ($isDataView(v)) return;
  const array = $typedNameOf(type);
  const name = what + $stringSlice(array, 0, array.length - 5);
  $throwTypeError("Method DataView.prototype." + name + " called on incompatible receiver " + $describe(v));
}
/** https://tc39.es/ecma262/#sec-getviewvalue */
function dataViewGet(view, type, index, little) {
  $requireDataView(view, "get", type);
  return $viewGet(view, type, $toIndex(index, "Offset is outside the bounds of the DataView"), !!little);
}
/** https://tc39.es/ecma262/#sec-setviewvalue */
function dataViewSet(view, type, index, v, little) {
  $requireDataView(view, "set", type);
  const at = $toIndex(index, "Offset is outside the bounds of the DataView");
  v = type > 9 ? $toBigInt(v) : $toNumber(v);
  $viewSet(view, type, at, v, !!little);
}

function dataViewPrototypeGetInt8(index, little) {
  return $dataViewGet(this, 0, index, little);
}
function dataViewPrototypeSetInt8(index, v, little) {
  return $dataViewSet(this, 0, index, v, little);
}
function dataViewPrototypeGetUint8(index, little) {
  return $dataViewGet(this, 1, index, little);
}
function dataViewPrototypeSetUint8(index, v, little) {
  return $dataViewSet(this, 1, index, v, little);
}
function dataViewPrototypeGetInt16(index, little) {
  return $dataViewGet(this, 3, index, little);
}
function dataViewPrototypeSetInt16(index, v, little) {
  return $dataViewSet(this, 3, index, v, little);
}
function dataViewPrototypeGetUint16(index, little) {
  return $dataViewGet(this, 4, index, little);
}
function dataViewPrototypeSetUint16(index, v, little) {
  return $dataViewSet(this, 4, index, v, little);
}
function dataViewPrototypeGetInt32(index, little) {
  return $dataViewGet(this, 5, index, little);
}
function dataViewPrototypeSetInt32(index, v, little) {
  return $dataViewSet(this, 5, index, v, little);
}
function dataViewPrototypeGetUint32(index, little) {
  return $dataViewGet(this, 6, index, little);
}
function dataViewPrototypeSetUint32(index, v, little) {
  return $dataViewSet(this, 6, index, v, little);
}
function dataViewPrototypeGetFloat16(index, little) {
  return $dataViewGet(this, 7, index, little);
}
function dataViewPrototypeSetFloat16(index, v, little) {
  return $dataViewSet(this, 7, index, v, little);
}
function dataViewPrototypeGetFloat32(index, little) {
  return $dataViewGet(this, 8, index, little);
}
function dataViewPrototypeSetFloat32(index, v, little) {
  return $dataViewSet(this, 8, index, v, little);
}
function dataViewPrototypeGetFloat64(index, little) {
  return $dataViewGet(this, 9, index, little);
}
function dataViewPrototypeSetFloat64(index, v, little) {
  return $dataViewSet(this, 9, index, v, little);
}
function dataViewPrototypeGetBigInt64(index, little) {
  return $dataViewGet(this, 10, index, little);
}
function dataViewPrototypeSetBigInt64(index, v, little) {
  return $dataViewSet(this, 10, index, v, little);
}
function dataViewPrototypeGetBigUint64(index, little) {
  return $dataViewGet(this, 11, index, little);
}
function dataViewPrototypeSetBigUint64(index, v, little) {
  return $dataViewSet(this, 11, index, v, little);
}
