// Owns the order of the properties of builtin objects: V8's, which programs see that print `Reflect.ownKeys`. A key that is not in the
// list of its object comes after those that are, in the order of the rows; an object without a list has the order of its rows. The order is
// no part of snapshots, which name properties by their keys.

export const PROPERTY_ORDER: Readonly<Record<string, string>> = {
  globalThis:
    "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp " +
    "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math " +
    "ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array " +
    "Uint8ClampedArray Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect " +
    "FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite " +
    "isNaN console SuppressedError DisposableStack AsyncDisposableStack Float16Array",
  Array: "prototype isArray from fromAsync of [Symbol.species]",
  "Array.prototype":
    "constructor at concat copyWithin fill find findIndex findLast findLastIndex lastIndexOf pop push reverse shift " +
    "unshift slice sort splice includes indexOf join keys entries values forEach filter flat flatMap map every some " +
    "reduce reduceRight toReversed toSorted toSpliced with toLocaleString toString [Symbol.iterator] [Symbol.unscopables]",
  "String.prototype":
    "constructor anchor at big blink bold charAt charCodeAt codePointAt concat endsWith fontcolor fontsize fixed includes " +
    "indexOf isWellFormed italics lastIndexOf link localeCompare match matchAll normalize padEnd padStart repeat replace " +
    "replaceAll search slice small split strike sub substr substring sup startsWith toString toWellFormed trim trimStart " +
    "trimLeft trimEnd trimRight toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase valueOf [Symbol.iterator]",
  Symbol:
    "prototype for keyFor asyncIterator hasInstance isConcatSpreadable iterator match matchAll replace search species " +
    "split toPrimitive toStringTag unscopables dispose asyncDispose",
  "Date.prototype":
    "constructor toString toDateString toTimeString toISOString toUTCString toGMTString getDate setDate getDay " +
    "getFullYear setFullYear getHours setHours getMilliseconds setMilliseconds getMinutes setMinutes getMonth setMonth " +
    "getSeconds setSeconds getTime setTime getTimezoneOffset getUTCDate setUTCDate getUTCDay getUTCFullYear " +
    "setUTCFullYear getUTCHours setUTCHours getUTCMilliseconds setUTCMilliseconds getUTCMinutes setUTCMinutes getUTCMonth " +
    "setUTCMonth getUTCSeconds setUTCSeconds valueOf getYear setYear toJSON toLocaleString toLocaleDateString " +
    "toLocaleTimeString [Symbol.toPrimitive]",
  Promise: "prototype all allSettled any race resolve reject withResolvers try [Symbol.species]",
  "Promise.prototype": "constructor then catch finally [Symbol.toStringTag]",
  RegExp:
    "prototype input $_ lastMatch $& lastParen $+ leftContext $` rightContext $' $1 $2 $3 $4 $5 $6 $7 $8 $9 escape " +
    "[Symbol.species]",
  Error: "prototype captureStackTrace isError stackTraceLimit",
  JSON: "parse stringify rawJSON isRawJSON [Symbol.toStringTag]",
  Math:
    "abs acos acosh asin asinh atan atanh atan2 ceil cbrt expm1 clz32 cos cosh exp floor fround hypot imul log log1p log2 " +
    "log10 max min pow random round sign sin sinh sqrt tan tanh trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 f16round " +
    "[Symbol.toStringTag]",
  "ArrayBuffer.prototype":
    "constructor byteLength slice maxByteLength resizable resize transfer transferToFixedLength detached " +
    "[Symbol.toStringTag]",
  "TypedArray.prototype":
    "constructor buffer byteLength byteOffset length entries keys values at copyWithin every fill filter find findIndex " +
    "findLast findLastIndex forEach includes indexOf join lastIndexOf map reverse reduce reduceRight set slice some sort " +
    "subarray toReversed toSorted with toLocaleString toString [Symbol.toStringTag] [Symbol.iterator]",
  "DataView.prototype":
    "constructor buffer byteLength byteOffset getInt8 setInt8 getUint8 setUint8 getInt16 setInt16 getUint16 setUint16 " +
    "getInt32 setInt32 getUint32 setUint32 getFloat32 setFloat32 getFloat64 setFloat64 getBigInt64 setBigInt64 " +
    "getBigUint64 setBigUint64 getFloat16 setFloat16 [Symbol.toStringTag]",
  BigInt: "prototype asUintN asIntN",
  "Set.prototype":
    "constructor has add delete difference clear entries forEach intersection isSubsetOf isSupersetOf isDisjointFrom size " +
    "symmetricDifference union values keys [Symbol.toStringTag] [Symbol.iterator]",
  "Iterator.prototype":
    "constructor reduce toArray forEach some every find map filter take drop flatMap [Symbol.iterator] " +
    "[Symbol.toStringTag] [Symbol.dispose]",
  "DisposableStack.prototype":
    "constructor use dispose adopt defer move disposed [Symbol.dispose] [Symbol.toStringTag]",
  "AsyncDisposableStack.prototype":
    "constructor use disposeAsync adopt defer move disposed [Symbol.asyncDispose] [Symbol.toStringTag]",
  "Function.prototype": "constructor apply bind call toString [Symbol.hasInstance]",
  GeneratorFunctionPrototype: "prototype constructor [Symbol.toStringTag]",
  AsyncGeneratorFunctionPrototype: "prototype constructor [Symbol.toStringTag]",
};
