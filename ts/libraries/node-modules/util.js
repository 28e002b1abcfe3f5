// Owns the module node:util. How values look is what console shows.
// https://nodejs.org/api/util.html

import { same } from "./equal.js";

const { TextDecoder, TextEncoder } = globalThis;

const custom = Symbol.for("nodejs.util.promisify.custom");

export const format = (...args) => $host.format(...args);
export const formatWithOptions = (_options, ...args) => $host.format(...args);

/** Options: `depth`; the others do not change what is shown. */
export function inspect(value, options = undefined, depth = undefined) {
  const given = typeof options === "object" && options !== null ? options.depth : depth;
  return $host.inspect(value, given === undefined ? 2 : (given ?? Infinity));
}
inspect.custom = Symbol.for("nodejs.util.inspect.custom");
inspect.defaultOptions = { depth: 2 };

function notAFunction(name) {
  return Object.assign(new TypeError(`The "${name}" argument must be of type function.`), {
    code: "ERR_INVALID_ARG_TYPE",
  });
}

export function promisify(original) {
  if (typeof original !== "function") throw notAFunction("original");
  if (original[custom] !== undefined) return original[custom];
  const promised = function (...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (error, value) => (error ? reject(error) : resolve(value))]);
    });
  };
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, custom, { value: promised, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

export function callbackify(original) {
  if (typeof original !== "function") throw notAFunction("original");
  return function (...args) {
    const callback = args.pop();
    if (typeof callback !== "function") throw notAFunction("last argument");
    Reflect.apply(original, this, args).then(
      // oxlint-disable-next-line promise/no-callback-in-promise -- what it is for
      (value) => queueMicrotask(() => callback(null, value)),
      (error) =>
        // oxlint-disable-next-line promise/no-callback-in-promise -- what it is for
        queueMicrotask(() => callback(error || new Error("Promise was rejected with a falsy value", { cause: error }))),
    );
  };
}

export function inherits(constructor, parent) {
  Object.defineProperty(constructor, "super_", { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

export function deprecate(original, message, code = undefined) {
  let isTold = false;
  return function (...args) {
    if (!isTold) console.warn(`${code === undefined ? "" : `[${code}] `}DeprecationWarning: ${message}`);
    isTold = true;
    return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
  };
}

export const debuglog = () => Object.assign(() => undefined, { enabled: false });
export const isDeepStrictEqual = (a, b) => same(a, b, true);
export const isArray = Array.isArray;
export const toUSVString = (text) => `${text}`.toWellFormed();
// oxlint-disable-next-line no-control-regex -- that is what it looks for
export const stripVTControlCharacters = (text) => text.replace(/\u001b\[[\d;]*[A-Za-z]/g, "");

const tagged = (tag) => (value) => Object.prototype.toString.call(value) === `[object ${tag}]`;
const typedTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const typed = (name) => (value) => ArrayBuffer.isView(value) && Reflect.apply(typedTag, value, []) === name;
const primitive = (constructor) => (value) => typeof value === "object" && value instanceof constructor;

export const types = {
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer,
  isArrayBuffer: (value) => value instanceof ArrayBuffer,
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isAsyncFunction: tagged("AsyncFunction"),
  isBigInt64Array: typed("BigInt64Array"),
  isBigUint64Array: typed("BigUint64Array"),
  isBooleanObject: primitive(Boolean),
  isBoxedPrimitive: (value) =>
    typeof value === "object" && [Number, String, Boolean, Symbol, BigInt].some((one) => value instanceof one),
  isDataView: (value) => value instanceof DataView,
  isDate: (value) => value instanceof Date,
  isFloat32Array: typed("Float32Array"),
  isFloat64Array: typed("Float64Array"),
  isGeneratorFunction: tagged("GeneratorFunction"),
  isGeneratorObject: tagged("Generator"),
  isInt16Array: typed("Int16Array"),
  isInt32Array: typed("Int32Array"),
  isInt8Array: typed("Int8Array"),
  isMap: (value) => value instanceof Map,
  isMapIterator: tagged("Map Iterator"),
  isNativeError: (value) => value instanceof Error,
  isNumberObject: primitive(Number),
  isPromise: (value) => value instanceof Promise,
  isRegExp: (value) => value instanceof RegExp,
  isSet: (value) => value instanceof Set,
  isSetIterator: tagged("Set Iterator"),
  isStringObject: primitive(String),
  isSymbolObject: primitive(Symbol),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint16Array: typed("Uint16Array"),
  isUint32Array: typed("Uint32Array"),
  isUint8Array: typed("Uint8Array"),
  isUint8ClampedArray: typed("Uint8ClampedArray"),
  isWeakMap: (value) => value instanceof WeakMap,
  isWeakSet: (value) => value instanceof WeakSet,
};

export { TextDecoder, TextEncoder };
export default {
  callbackify,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  inherits,
  inspect,
  isArray,
  isDeepStrictEqual,
  promisify,
  stripVTControlCharacters,
  TextDecoder,
  TextEncoder,
  toUSVString,
  types,
};
