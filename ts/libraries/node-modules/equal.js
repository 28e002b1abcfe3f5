// Owns deep equality as Node means it, strict and loose.
// oxlint-disable unicorn/no-instanceof-builtins -- a program has one realm
// https://nodejs.org/api/assert.html#assertdeepstrictequalactual-expected-message

const tagOf = (value) => Object.prototype.toString.call(value);
const isObject = (value) => typeof value === "object" && value !== null;

/** Numbers, strings and the like. */
function samePrimitive(a, b, isStrict) {
  if (isStrict) return Object.is(a, b);
  // oxlint-disable-next-line eqeqeq -- what `==` is for
  return a == b || (Number.isNaN(a) && Number.isNaN(b));
}

function sameInside(a, b, isStrict, seen) {
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp) return String(a) === String(b) && a.lastIndex === b.lastIndex;
  if (a instanceof Error) return a.name === b.name && a.message === b.message;
  if (a instanceof Number || a instanceof String || a instanceof Boolean) return Object.is(a.valueOf(), b.valueOf());
  if (ArrayBuffer.isView(a)) return sameBytes(a, b, isStrict);
  if (a instanceof ArrayBuffer) return sameBytes(new Uint8Array(a), new Uint8Array(b), isStrict);
  if (a instanceof Set) return sameSet(a, b, isStrict, seen);
  if (a instanceof Map) return sameMap(a, b, isStrict, seen);
  return !(a instanceof WeakMap || a instanceof WeakSet || a instanceof Promise);
}

function sameBytes(a, b, isStrict) {
  if (a instanceof DataView)
    return sameBytes(
      new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
      new Uint8Array(b.buffer, b.byteOffset, b.byteLength),
      true,
    );
  return (
    a.length === b.length &&
    a.every((value, at) => (isStrict ? Object.is(value, b[at]) : value === b[at] || value !== value))
  );
}

function sameSet(a, b, isStrict, seen) {
  if (a.size !== b.size) return false;
  const rest = new Set(b);
  for (const value of a) {
    if (rest.delete(value)) continue;
    const found = [...rest].find((other) => same(value, other, isStrict, seen));
    if (found === undefined && !rest.has(undefined)) return false;
    rest.delete(found);
  }
  return true;
}

function sameMap(a, b, isStrict, seen) {
  if (a.size !== b.size) return false;
  const rest = new Map(b);
  for (const [key, value] of a) {
    let other = key;
    if (!rest.has(key)) {
      const found = [...rest].find(([one, its]) => same(key, one, isStrict, seen) && same(value, its, isStrict, seen));
      if (found === undefined) return false;
      [other] = found;
    }
    if (!same(value, rest.get(other), isStrict, seen)) return false;
    rest.delete(other);
  }
  return true;
}

function keysOf(object, isStrict) {
  const keys = Object.keys(object);
  if (!isStrict) return keys;
  const symbols = Object.getOwnPropertySymbols(object);
  return [...keys, ...symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(object, symbol))];
}

export function same(a, b, isStrict, seen = []) {
  if (a === b) return a !== 0 || !isStrict || Object.is(a, b);
  if (!isObject(a) || !isObject(b)) {
    if (typeof a === "function" || typeof b === "function" || isObject(a) !== isObject(b)) return false;
    return samePrimitive(a, b, isStrict);
  }
  if (isStrict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (seen.some(([x, y]) => x === a && y === b)) return true;
  const now = [...seen, [a, b]];
  if (!sameInside(a, b, isStrict, now)) return false;
  if (ArrayBuffer.isView(a)) return true;
  if (Array.isArray(a) && a.length !== b.length) return false;
  const keys = keysOf(a, isStrict);
  return (
    keys.length === keysOf(b, isStrict).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], isStrict, now))
  );
}
