// Owns what Web IDL adds to plain classes: enumerable members, tags, conversions of arguments, iterators over pairs. Must never keep a
// list of what it has made.
// https://webidl.spec.whatwg.org/

/** Makes the members of a class enumerable, gives it its tag, and puts it on the global object. */
export function define(constructor, name) {
  enumerate(constructor.prototype, "constructor");
  enumerate(constructor, "length", "name", "prototype");
  tag(constructor.prototype, name);
  place(constructor, name);
}

/** Puts a class on the global object under its name, which the bundler may have changed. */
export function place(constructor, name) {
  if (constructor.name !== name) Object.defineProperty(constructor, "name", { value: name, configurable: true });
  Object.defineProperty(globalThis, name, {
    value: constructor,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

export function enumerate(object, ...except) {
  for (const key of Object.getOwnPropertyNames(object))
    if (!except.includes(key)) Object.defineProperty(object, key, { enumerable: true });
}

export function tag(object, name) {
  Object.defineProperty(object, Symbol.toStringTag, { value: name, configurable: true });
}

/** A function on the global object, as the Web platform has them: enumerable. */
export function defineFunction(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Refuses too few arguments as V8 does. */
export function need(count, given, what) {
  if (given >= count) return;
  const subject = what.startsWith("Failed") ? what : `Failed to execute ${what}`;
  throw new TypeError(`${subject}: ${count} argument${count === 1 ? "" : "s"} required, but only ${given} present.`);
}

/** https://webidl.spec.whatwg.org/#es-USVString; a symbol is a TypeError. */
export const usv = (value) => `${value}`.toWellFormed();

/** https://webidl.spec.whatwg.org/#es-ByteString */
export function byteString(value) {
  const text = `${value}`;
  for (let at = 0; at < text.length; at++)
    if (text.charCodeAt(at) > 255)
      throw new TypeError(
        `Cannot convert argument to a ByteString because the character at index ${at} has a value of ${text.charCodeAt(at)} which is greater than 255.`,
      );
  return text;
}

export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/** https://webidl.spec.whatwg.org/#es-dictionary: undefined and null are an empty one. */
export function dictionary(value, what) {
  if (value == null) return {};
  if (!isObject(value)) throw new TypeError(`${what}: The provided value is not an object.`);
  return value;
}

/** https://webidl.spec.whatwg.org/#es-record: the pairs of an object's own enumerable properties, the last of equal names. */
export function record(object, toKey, toValue) {
  const pairs = new Map();
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined || !descriptor.enumerable) continue;
    const name = toKey(key);
    pairs.set(name, toValue(object[key]));
  }
  return [...pairs];
}

/** https://webidl.spec.whatwg.org/#create-sequence-from-iterable, of pairs. */
export function pairs(object, method, toKey, toValue, what) {
  const list = [];
  for (const inner of iterate(object, method)) {
    if (!isObject(inner) || typeof inner[Symbol.iterator] !== "function")
      throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
    const pair = [...inner];
    if (pair.length !== 2) throw new TypeError(`${what}: Sequence initializer must only contain pair elements`);
    list.push([toKey(pair[0]), toValue(pair[1])]);
  }
  return list;
}

/** What an iterator method that was read already yields. */
export function iterate(object, method) {
  return { [Symbol.iterator]: () => Reflect.apply(method, object, []) };
}

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/**
 * Adds `entries`, `keys`, `values`, `forEach` and `@@iterator` to a class. `listOf` returns the pairs as they are now, or throws for an
 * object of another class.
 * https://webidl.spec.whatwg.org/#js-iterable
 */
export function iterable(constructor, name, listOf) {
  class PairIterator {
    #target;
    #kind;
    #index = 0;
    constructor(target, kind) {
      this.#target = target;
      this.#kind = kind;
    }
    next() {
      const pair = listOf(this.#target)[this.#index];
      if (pair === undefined) return { value: undefined, done: true };
      this.#index++;
      const [key, value] = pair;
      const result = this.#kind === "keys" ? key : this.#kind === "values" ? value : [key, value];
      return { value: result, done: false };
    }
  }
  const { prototype } = PairIterator;
  Reflect.deleteProperty(prototype, "constructor");
  Object.setPrototypeOf(prototype, IteratorPrototype);
  enumerate(prototype);
  tag(prototype, `${name} Iterator`);
  const methods = {
    entries() {
      listOf(this);
      return new PairIterator(this, "entries");
    },
    keys() {
      listOf(this);
      return new PairIterator(this, "keys");
    },
    values() {
      listOf(this);
      return new PairIterator(this, "values");
    },
    forEach(callback, thisArgument = undefined) {
      listOf(this);
      need(1, arguments.length, `'forEach' on '${name}'`);
      if (typeof callback !== "function")
        throw new TypeError(`Failed to execute 'forEach' on '${name}': parameter 1 is not of type 'Function'.`);
      for (let index = 0; index < listOf(this).length; index++) {
        const [key, value] = listOf(this)[index];
        Reflect.apply(callback, thisArgument, [value, key, this]);
      }
    },
  };
  for (const [key, value] of Object.entries(methods))
    Object.defineProperty(constructor.prototype, key, { value, writable: true, enumerable: true, configurable: true });
  Object.defineProperty(constructor.prototype, Symbol.iterator, {
    value: methods.entries,
    writable: true,
    configurable: true,
  });
}

/** An event handler attribute (`onmessage`) over `addEventListener`. */
export function handlerAttribute(constructor, type, onSet = () => {}) {
  const handlers = new WeakMap();
  Object.defineProperty(constructor.prototype, `on${type}`, {
    get: named(`get on${type}`, function () {
      return handlers.get(this)?.value ?? null;
    }),
    set: named(`set on${type}`, function (value) {
      const handler = handlers.get(this);
      const next = isObject(value) ? value : null;
      if (handler !== undefined) handler.value = next;
      else if (next !== null) {
        const made = { value: next };
        handlers.set(this, made);
        this.addEventListener(type, (event) => {
          if (typeof made.value === "function") Reflect.apply(made.value, this, [event]);
        });
      }
      onSet(this);
    }),
    enumerable: true,
    configurable: true,
  });
}

const named = (name, value) => Object.defineProperty(value, "name", { value: name });

/** The base of relative URLs: the address that the program itself has put at `location`, if it has. */
export function baseUrl() {
  const { location } = globalThis;
  return isObject(location) && typeof location.href === "string" ? location.href : undefined;
}
