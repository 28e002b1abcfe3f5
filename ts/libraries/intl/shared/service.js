// Owns how the constructors of Intl are made and how their objects keep what is theirs: a private field that is put on any object, so
// that no program sees it. Must never be replaced by a WeakMap: a private field is smaller in a snapshot.

/** A constructor that returns what it gets, so that a class over it puts its fields on that. */
function Returned(object) {
  return object;
}

class Stamp extends Returned {
  #slots;

  constructor(object, slots) {
    super(object);
    this.#slots = slots;
  }

  static put(object, slots) {
    return new Stamp(object, slots);
  }

  static read(object) {
    return #slots in object ? object.#slots : undefined;
  }
}

const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/** Gives the object its slots, of which `kind` is the name of the service. */
export function setSlots(object, slots) {
  return Stamp.put(object, slots);
}

/** The slots of an object of that service, or undefined. */
export function findSlots(object, kind) {
  if (!isObject(object)) return undefined;
  const slots = Stamp.read(object);
  return slots !== undefined && slots.kind === kind ? slots : undefined;
}

/** The slots of `this`; a TypeError that names the method if it is no object of the service. */
export function slotsOf(object, kind, method) {
  const slots = findSlots(object, kind);
  if (slots === undefined)
    throw new TypeError(
      "Method Intl." + kind + ".prototype." + method + " called on incompatible receiver " + shown(object),
    );
  return slots;
}

function shown(value) {
  if (typeof value === "symbol") return value.toString();
  return isObject(value) ? (typeof value === "function" ? "function" : "#<Object>") : String(value);
}

/** An ordinary object whose prototype is that of `newTarget`. https://tc39.es/ecma262/#sec-ordinarycreatefromconstructor */
export function createFrom(newTarget, constructor) {
  const { prototype } = newTarget;
  return Object.create(isObject(prototype) ? prototype : intrinsicPrototypes.get(constructor));
}

const intrinsicPrototypes = new Map();

/** A property as those of builtins are: hidden from enumeration. */
export function define(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });
}

/** Copies methods and getters of an object literal, hidden from enumeration: such methods have a name and no `prototype`. */
export function defineAll(object, methods) {
  const keys = Reflect.ownKeys(methods);
  for (let i = 0; i < keys.length; i++) {
    const descriptor = Reflect.getOwnPropertyDescriptor(methods, keys[i]);
    descriptor.enumerable = false;
    Object.defineProperty(object, keys[i], descriptor);
  }
}

/** Installs a constructor in Intl: its prototype's methods, its static methods, and the tag that `toString` shows. */
export function defineService(intl, name, constructor, methods, statics) {
  const { prototype } = constructor;
  Object.defineProperty(constructor, "prototype", { writable: false });
  defineAll(prototype, methods);
  Object.defineProperty(prototype, Symbol.toStringTag, { value: "Intl." + name, configurable: true });
  defineAll(constructor, statics);
  intrinsicPrototypes.set(constructor, prototype);
  define(intl, name, constructor);
}

/** A function without a name, such as what `format` of NumberFormat returns: an arrow in an array has none. */
export function anonymous(list) {
  return list[0];
}

// --- objects made without `new` ------------------------------------------------------------------------------------

/** https://tc39.es/ecma402/#legacy-constructor */
const FALLBACK = Symbol("IntlLegacyConstructedSymbol");

/** NumberFormat and DateTimeFormat put a new formatter into the object on which they were called. */
export function chainFormat(receiver, newTarget, constructor, object) {
  if (newTarget !== undefined || !isObject(receiver) || !isInstance(constructor, receiver)) return object;
  Object.defineProperty(receiver, FALLBACK, { value: object, writable: false, enumerable: false, configurable: false });
  return receiver;
}

/** The formatter in such an object, or the object itself. */
export function unwrapFormat(object, kind, constructor) {
  return isObject(object) && findSlots(object, kind) === undefined && isInstance(constructor, object)
    ? object[FALLBACK]
    : object;
}

const isInstance = (constructor, object) =>
  Reflect.apply(Function.prototype[Symbol.hasInstance], constructor, [object]);
