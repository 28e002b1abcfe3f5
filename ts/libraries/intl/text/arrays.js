// Owns `toLocaleString` of Array and of typed arrays: their elements get the locales and the options.
// https://tc39.es/ecma402/#sup-array.prototype.tolocalestring

import { defineAll } from "../shared/service.js";
import { toText } from "../shared/options.js";

const TypedArray = Object.getPrototypeOf(Uint8Array);
const { get: typedLength } = Object.getOwnPropertyDescriptor(TypedArray.prototype, "length");
const { values } = TypedArray.prototype;

/** Arrays that are being written: one within itself is "", as in every engine. */
let open = [];

function joined(list, length, locales, options) {
  if (open.includes(list)) return "";
  const before = open;
  open = before.concat([list]);
  try {
    let text = "";
    for (let k = 0; k < length; k++) {
      if (k > 0) text += ",";
      const value = list[k];
      if (value !== undefined && value !== null) text += toText(value.toLocaleString(locales, options));
    }
    return text;
  } finally {
    open = before;
  }
}

export function installArrays() {
  const methods = (lengthOf) => ({
    toLocaleString(locales = undefined, options = undefined) {
      const list = Object(this ?? refuse());
      return joined(list, lengthOf(list), locales, options);
    },
  });
  const lengthOf = (list) => Math.min(Math.max(Math.trunc(Number(list.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
  defineAll(Array.prototype, methods(lengthOf));
  defineAll(TypedArray.prototype, {
    toLocaleString(locales = undefined, options = undefined) {
      // `values` refuses what is no typed array, and one whose buffer is detached.
      Reflect.apply(values, this, []);
      return joined(this, Reflect.apply(typedLength, this, []), locales, options);
    },
  });
}

function refuse() {
  throw new TypeError("Array.prototype.toLocaleString called on null or undefined");
}
