// Owns how options are read. https://tc39.es/ecma402/#sec-abstract-operations-options

/** https://tc39.es/ecma402/#sec-coerceoptionstoobject */
export function coerceOptions(options) {
  if (options === undefined) return Object.create(null);
  if (options === null) throw new TypeError("Cannot convert undefined or null to object");
  return Object(options);
}

/** https://tc39.es/ecma402/#sec-getoptionsobject */
export function optionsObject(options) {
  if (options === undefined) return Object.create(null);
  if ((typeof options === "object" && options !== null) || typeof options === "function") return options;
  throw new TypeError("Incorrect options: an object is expected");
}

function refuse(value, name, where) {
  throw new RangeError("Value " + value + " out of range for " + where + " options property " + name);
}

/** An option that is a text, one of `values` if those are given. https://tc39.es/ecma402/#sec-getoption */
export function stringOption(options, name, values, otherwise, where = "Intl") {
  const value = options[name];
  if (value === undefined) return otherwise;
  const text = String(typeof value === "symbol" ? refuseSymbol() : value);
  if (values !== undefined && !values.includes(text)) refuse(text, name, where);
  return text;
}

function refuseSymbol() {
  throw new TypeError("Cannot convert a Symbol value to a string");
}

/** A text as the specification's ToString makes it: symbols are refused. */
export function toText(value) {
  return typeof value === "symbol" ? refuseSymbol() : String(value);
}

export function booleanOption(options, name, otherwise) {
  const value = options[name];
  return value === undefined ? otherwise : Boolean(value);
}

/** https://tc39.es/ecma402/#sec-defaultnumberoption */
export function defaultNumber(value, least, most, otherwise, name) {
  if (value === undefined) return otherwise;
  const number = Number(typeof value === "bigint" ? refuseBigInt() : value);
  if (!(number >= least && number <= most)) throw new RangeError(name + " value is out of range.");
  return Math.floor(number);
}

function refuseBigInt() {
  throw new TypeError("Cannot convert a BigInt value to a number");
}

/** https://tc39.es/ecma402/#sec-getnumberoption */
export function numberOption(options, name, least, most, otherwise) {
  return defaultNumber(options[name], least, most, otherwise, name);
}

/** Is the text made of parts of three to eight letters or digits, with hyphens between them? */
export function isType(text) {
  const parts = text.split("-");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part.length < 3 || part.length > 8) return false;
    for (let k = 0; k < part.length; k++) {
      const c = part[k];
      if (!((c >= "0" && c <= "9") || (c >= "a" && c <= "z") || (c >= "A" && c <= "Z"))) return false;
    }
  }
  return true;
}

/** An option that is the type of a Unicode extension, such as `numberingSystem`, in lower case. */
export function typeOption(options, name, where) {
  const text = stringOption(options, name, undefined, undefined, where);
  if (text === undefined) return undefined;
  if (!isType(text)) throw new RangeError("Invalid " + name + " : " + text);
  return text.toLowerCase();
}

export const MATCHERS = ["lookup", "best fit"];
