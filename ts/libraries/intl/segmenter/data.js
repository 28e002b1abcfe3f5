// Owns access to the properties of fermata-vm/intl-segmentation.

/** The library's data: `{ index, kinds, grapheme, word, sentence }`. */
export function segmentationData() {
  const data = $host.intlSegmentation;
  if (data === undefined)
    throw new RangeError(
      "Intl: boundaries are in the library fermata-vm/intl-segmentation, which a program has that mentions `Segmenter`",
    );
  return data;
}

/** The code point at a place; a surrogate alone is one. */
export function pointAt(text, at) {
  const first = text.charCodeAt(at);
  if (first < 0xd800 || first > 0xdbff) return first;
  const second = text.charCodeAt(at + 1);
  return second >= 0xdc00 && second <= 0xdfff ? ((first - 0xd800) << 10) + second - 0xdc00 + 0x10000 : first;
}

/** The number of a code point's property. `column`: one of the last three strings of the data. */
export function propertyOf({ index, kinds }, column, c) {
  const at = c >> 5;
  return at < index.length ? column.charCodeAt(kinds.charCodeAt((index.charCodeAt(at) << 5) + (c & 31))) : 0;
}
