// Owns how console shows ArrayBuffers and their views, as util.inspect of Node does. Must never call a getter.

function inspectBinary(c, value, kind, constructor) {
  if (kind === 25) {
    const size = $viewSize(value);
    const keys = $shownKeys(c, value, true);
    const name = $typedName(value);
    const open = $prefixOf(constructor, name, name, "(" + size + ")") + "[";
    return size === 0 && keys.length === 0 ? [open + "]", open, "]", keys, 0] : ["", open, "]", keys, 21];
  }
  const name = kind !== 24 ? "DataView" : $isShared(value) ? "SharedArrayBuffer" : "ArrayBuffer";
  return ["", $prefixOf(constructor, name, name, "") + "{", "}", $shownKeys(c, value, false), kind === 24 ? 22 : 23];
}

function listBinary(c, value, level, listing, output) {
  if (listing === 21) {
    const size = $viewSize(value);
    const shown = size < c[7] ? size : c[7];
    for (let i = 0; i < shown; i++) $arrayAppend(output, $formatPrimitive(c, value[i], false));
    if (size > shown) $arrayAppend(output, $moreItems(size - shown));
  } else if (listing === 22) {
    if ($bufferDetached(value)) $arrayAppend(output, "(detached)");
    else $arrayAppend(output, "[Uint8Contents]: <" + $spacedHex(value, c[7]) + ">");
    $arrayAppend(output, "byteLength: " + $bufferLength(value));
  } else {
    $arrayAppend(output, "byteLength: " + $viewSize(value));
    $arrayAppend(output, "byteOffset: " + $viewOffset(value));
    c[0] += 2;
    $arrayAppend(output, "buffer: " + $formatValue(c, $viewBuffer(value), level));
    c[0] -= 2;
  }
}

function spacedHex(buffer, most) {
  const length = $bufferLength(buffer);
  const shown = length < most ? length : most;
  const digits = $hexEncode($createView(1, $uint8ArrayConstructor.prototype, buffer, 0, shown));
  let text = "";
  for (let i = 0; i < shown; i++) text += (i > 0 ? " " : "") + $stringSlice(digits, 2 * i, 2 * i + 2);
  if (length > shown) text += " ... " + (length - shown) + " more byte" + (length - shown > 1 ? "s" : "");
  return text;
}
