// Owns property access by instructions: filling inline caches, and every access that misses them. Must never call guest code
// itself: getters, setters and proxies are entered as frames.
//
//   inline cache   +0 shape · +4 offset | tag · +8 holder · +12 epoch
//   tag  0  own inline slot (offset from the object)            1  own outer slot (offset from the slots cell)
//        2  inline slot of holder                               3  outer slot of holder          (2, 3: epoch must match)
//        4  length of an array                                 5  length of a typed array: getter in an outer slot of holder
//        6  adds a property: holder is the new shape (epoch must match)
//   shape STRING_RECEIVER: the receiver is a primitive string whose property was found on a prototype (2, 3)
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxString, boxU32, isCell, isInt, isNullish, isObject, isString, isSymbol, RETRY,
  UNDEFINED, Value,
} from "../core/value";
import { lit, throwError, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_LENGTH, CODE_FLAGS, CODE_INSTANCE_CAPACITY, FUNCTION_HOME, Kind, SHAPE_COUNT, SHAPE_MAKER,
} from "../generated/kinds";
import { ErrorKind, FunctionFlag, RecordKind, VM_EPOCH, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT } from "../generated/layout";
import { CACHE_EPOCH, CACHE_HOLDER, CACHE_OFFSET, CACHE_SHAPE, frameCode } from "../heap/code";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { growthBytes } from "../objects/elements";
import { isBuiltin } from "../objects/function";
import {
  ABSENT_PROPERTY, ACCESSOR_PROPERTY, DATA, FOUND_ATTRIBUTES, FOUND_HOLDER, FOUND_SLOT, FOUND_VALUE, isFar, PROXY_PROPERTY,
} from "../objects/lookup";
import { ensureSlot, OBJECT_SLOTS, slotAddress } from "../objects/object";
import { prototypeOfPrimitive } from "../objects/primitive";
import {
  assign, CALL_ELEMENT, CALL_PROXY, CALL_SETTER, deleteOwn, DONE, getOwn, isLengthKey, isValidLength, lookup,
} from "../objects/property";
import { inlineBase, inlineCapacity, prototypeOf, shapeOf, UNIQUE, WRITABLE } from "../objects/shape";
import { touch } from "../objects/touched";
import { viewLength } from "../objects/typed";
import { toStringPrimitive, typeofAtom } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { substring } from "../strings/single-chars";
import { concat, lengthOf } from "../strings/string";
import { callPrelude2, callPrelude3, callPrelude4, callWithThis, callWithThis1 } from "./call";
import { cannotDestructure, keyText, notIterableValue, plainText, typeText, valueText } from "./describe";
import { atA, atB, cacheOf, fieldA, fieldX, regA, regB, regC } from "./operands";
import { afterSignal } from "./signal";
// What a cached offset means is in its low three bits, which are free because slots are multiples of 8. 0 is the hit that the loop tests
// for itself: an own inline slot. All others are told apart here, so that the loop has one test.
//
//   cache       shape      offset                  holder                 epoch
//   0           receiver   own inline slot         -                      -        own property: valid as long as the shape is
//   OWN_OUTER   receiver   own slot in SLOTS       -                      -        the same
//   HOLDER(…)   receiver   slot of the holder      the prototype          VM_EPOCH the epoch changes when any prototype does
//   LENGTH      receiver   -                       -                      -        the length of an array is a field, not a slot
//   ADD         before     -                       the shape after        VM_EPOCH a setter on a prototype would have to be called instead
//   STRING      1          slot of the holder      String.prototype       VM_EPOCH strings have no shape: 1 is no address of one
const TAG_OWN_OUTER: i32 = 1;
const TAG_HOLDER: i32 = 2;
const TAG_HOLDER_OUTER: i32 = 3;
const TAG_LENGTH: i32 = 4;
/** The length of a typed array, by the getter in an outer slot of the holder. */
const TAG_TYPED_LENGTH: i32 = 5;
/** A property that assigning adds: the object moves to the shape in `holder`. */
export const TAG_ADD: i32 = 6;
/** In place of a shape: the receiver was a string. */
const STRING_RECEIVER: u32 = 1;

/** Does an assignment that fails in the code at fp throw? */
function isStrict(fp: usize): bool {
  return (load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.STRICT) != 0;
}

/** Offset of a slot as inline caches hold it: from the object, or from its SLOTS cell with TAG_OWN_OUTER. */
function offsetOf(holder: usize, slot: u32): i32 {
  const shape = shapeOf(holder);
  const capacity = inlineCapacity(shape);
  return slot < capacity ? <i32>(inlineBase(shape) + (<usize>slot << 3)) : <i32>(8 + ((slot - capacity) << 3)) | TAG_OWN_OUTER;
}

/**
 * Fills an inline cache for the current epoch. Shape, offset and holder are raw words. The collector treats caches as weak and snapshots
 * leave them out, so a cache may be empty at any time, and no fuel may depend on whether it hits.
 */
function fill(cache: usize, shape: u32, offset: i32, holder: usize): void {
  store<u32>(cache, shape, CACHE_SHAPE);
  store<i32>(cache, offset, CACHE_OFFSET);
  store<u32>(cache, <u32>holder, CACHE_HOLDER);
  store<u32>(cache, load<u32>(VM_EPOCH), CACHE_EPOCH);
}

/**
 * The error of reading a property of undefined or null. https://tc39.es/ecma262/#sec-getvalue throws at ToObject; the words are those of
 * V8, with the names that the source has for the value.
 */
function cannotRead(pc: usize, fp: usize, v: Value, key: Value): i32 {
  const destructured = cannotDestructure(pc, fp, v, keyText(key));
  if (destructured != 0) return afterSignal(throwError(ErrorKind.TypeError, destructured), pc, fp);
  if (key == intrinsic(Intrinsic.Symbol_iterator)) return afterSignal(throwError(ErrorKind.TypeError, notIterableValue(v)), pc, fp);
  const before = concat(concat(lit("Cannot read properties of "), toStringPrimitive(v)), lit(" (reading '"));
  return afterSignal(throwError(ErrorKind.TypeError, concat(concat(before, keyText(key)), lit("')"))), pc, fp);
}
/** The error of assigning to a property of undefined or null. */
function cannotSet(pc: usize, fp: usize, v: Value, key: Value): i32 {
  const before = concat(concat(lit("Cannot set properties of "), toStringPrimitive(v)), lit(" (setting '"));
  return afterSignal(throwError(ErrorKind.TypeError, concat(concat(before, keyText(key)), lit("')"))), pc, fp);
}

/** As above, with any value as the key: an object whose text would take guest code is not named. */
export function cannotReadElement(pc: usize, fp: usize, v: Value, k: Value): i32 {
  const text = isObject(k) ? plainText(addressOf(k)) : 0;
  if (isObject(k) && text == 0) return afterSignal(throwError(ErrorKind.TypeError, concat(lit("Cannot read properties of "), toStringPrimitive(v))), pc, fp);
  return cannotRead(pc, fp, v, isObject(k) ? boxString(text) : k);
}
function cannotSetElement(pc: usize, fp: usize, v: Value, k: Value): i32 {
  const text = isObject(k) ? plainText(addressOf(k)) : 0;
  if (isObject(k) && text == 0) return afterSignal(throwError(ErrorKind.TypeError, concat(lit("Cannot set properties of "), toStringPrimitive(v))), pc, fp);
  return cannotSet(pc, fp, v, isObject(k) ? boxString(text) : k);
}

/**
 * Delivers the result of a lookup to a register; `bytes` is the length of the instruction. https://tc39.es/ecma262/#sec-ordinaryget. The
 * getter is called with the receiver, not with the object that holds it: `super.x` and reads of primitives depend on that. Its frame
 * returns past the instruction, so a read is never run twice.
 */
function deliverFound(state: i32, receiver: Value, key: Value, pc: usize, fp: usize, destination: u32, bytes: i32): i32 {
  if (state == DATA) {
    store<u64>(fp + <usize>destination, load<u64>(FOUND_VALUE));
    return bytes;
  }
  if (state == ABSENT_PROPERTY) {
    store<u64>(fp + <usize>destination, UNDEFINED);
    return bytes;
  }
  if (state == ACCESSOR_PROPERTY) {
    const getter = load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER);
    if (getter == UNDEFINED) {
      store<u64>(fp + <usize>destination, UNDEFINED);
      return bytes;
    }
    return callWithThis(getter, receiver, pc, fp, pc + bytes, destination, RecordKind.CALL);
  }
  // https://tc39.es/ecma262/#sec-proxy-object-internal-methods-and-internal-slots-get-p-receiver
  const proxy = boxObject(<usize>load<u32>(FOUND_HOLDER));
  return callPrelude3(Prelude.proxyGet, pc, fp, proxy, keyAsValue(key), receiver, pc + bytes, destination, RecordKind.CALL);
}

/** A property key as the guest sees it: integer keys become numbers. */
function keyAsValue(key: Value): Value {
  return isInt(key) ? boxU32(<u32>key) : key;
}

// --- GETPROP a: destination, b: object, x: key | cache -----------------------------------------------------------------

/**
 * All reads of a named property that the loop did not finish: the other kinds of cache hits first, strings next (they are the receivers
 * of most method calls on primitives), then the lookup, which fills the cache for the next time.
 */
export function getPropSlow(pc: usize, fp: usize): i32 {
  const v = regB(pc, fp);
  const name = fieldX(pc);
  const cache = cacheOf(pc);
  const destination = fieldA(pc);
  if (isObject(v)) {
    const object = addressOf(v);
    const shape = <u32>shapeOf(object);
    if (shape == load<u32>(cache, CACHE_SHAPE)) {
      const offset = load<i32>(cache, CACHE_OFFSET);
      const tag = offset & 7;
      if (tag == TAG_OWN_OUTER) {
        store<u64>(fp + <usize>destination, load<u64>(<usize>load<u32>(object, OBJECT_SLOTS) + <usize>(offset - TAG_OWN_OUTER)));
        return 16;
      }
      if (tag == TAG_LENGTH) {
        store<u64>(fp + <usize>destination, boxU32(load<u32>(object, ARRAY_LENGTH)));
        return 16;
      }
      // From here on the value is on a prototype: the cache holds only while no prototype has changed.
      if (load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
        const holder = <usize>load<u32>(cache, CACHE_HOLDER);
        if (tag == TAG_HOLDER) {
          store<u64>(fp + <usize>destination, load<u64>(holder + <usize>(offset - TAG_HOLDER)));
          return 16;
        }
        // The accessor is compared on each hit: a guest can replace it without changing the shape of the holder.
        if (tag == TAG_TYPED_LENGTH) {
          if (isTypedLength(load<u64>(<usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - TAG_TYPED_LENGTH)))) {
            store<u64>(fp + <usize>destination, boxU32(viewLength(object)));
            return 16;
          }
        } else if (tag == TAG_HOLDER_OUTER) {
          store<u64>(fp + <usize>destination, load<u64>(<usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - TAG_HOLDER_OUTER)));
          return 16;
        }
      }
    }
    return getPropMissSlow(pc, fp, object, name, cache, destination);
  }
  if (isString(v)) {
    if (<u32>name == <u32>atomAt(Atom.length)) {
      store<u64>(fp + <usize>destination, boxInt(lengthOf(addressOf(v))));
      return 16;
    }
    if (load<u32>(cache, CACHE_SHAPE) == STRING_RECEIVER && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
      const offset = load<i32>(cache, CACHE_OFFSET);
      const holder = <usize>load<u32>(cache, CACHE_HOLDER);
      const at = (offset & 7) == TAG_HOLDER ? holder + <usize>(offset - TAG_HOLDER) : <usize>load<u32>(holder, OBJECT_SLOTS) + <usize>(offset - TAG_HOLDER_OUTER);
      store<u64>(fp + <usize>destination, load<u64>(at));
      return 16;
    }
  }
  // A primitive has no own properties but those of strings (above): the search begins at its prototype, the getter sees the primitive.
  const proto = prototypeOfPrimitive(v);
  if (proto == 0) return cannotRead(pc, fp, v, boxString(name));
  const state = lookup(proto, boxString(name));
  if (state == DATA && isString(v) && load<i32>(FOUND_SLOT) >= 0) {
    const holder = <usize>load<u32>(FOUND_HOLDER);
    fill(cache, STRING_RECEIVER, offsetOf(holder, <u32>load<i32>(FOUND_SLOT)) | TAG_HOLDER, holder);
  }
  return deliverFound(state, v, boxString(name), pc, fp, destination, 16);
}

/** True for the original accessor `length` of typed arrays. */
function isTypedLength(accessor: Value): bool {
  if (!isCell(accessor) || kindOf(addressOf(accessor)) != Kind.ACCESSOR) return false;
  return isBuiltin(load<u64>(addressOf(accessor), ACCESSOR_GETTER), Prelude.getTypedArrayPrototypeLength);
}

/** A read for which the cache was wrong, or empty: looks the property up and remembers where it was. */
function getPropMissSlow(pc: usize, fp: usize, object: usize, name: usize, cache: usize, destination: u32): i32 {
  const key = boxString(name);
  const state = lookup(object, key);
  if (state == ACCESSOR_PROPERTY && kindOf(object) == Kind.TYPEDARRAY && isTypedLength(load<u64>(FOUND_VALUE))) {
    const slot = load<i32>(FOUND_SLOT);
    const holder = <usize>load<u32>(FOUND_HOLDER);
    if (slot >= <i32>inlineCapacity(shapeOf(holder))) fill(cache, <u32>shapeOf(object), (offsetOf(holder, <u32>slot) & ~7) | TAG_TYPED_LENGTH, holder);
    store<u64>(fp + <usize>destination, boxU32(viewLength(object)));
    return 16;
  }
  if (state == DATA) {
    const slot = load<i32>(FOUND_SLOT);
    const holder = <usize>load<u32>(FOUND_HOLDER);
    const shape = <u32>shapeOf(object);
    if (slot >= 0) {
      if (holder == object) fill(cache, shape, offsetOf(object, <u32>slot), 0);
      else fill(cache, shape, offsetOf(holder, <u32>slot) | TAG_HOLDER, holder);
        // Without a slot it is a virtual property; only the length of arrays is worth a cache.
    } else if (holder == object && kindOf(object) == Kind.ARRAY) fill(cache, shape, TAG_LENGTH, 0);
  }
  return deliverFound(state, boxObject(object), key, pc, fp, destination, 16);
}

// --- SETPROP a: object, b: value, x: key | cache -------------------------------------------------------------------------

/** All assignments to a named property that the loop did not finish. */
export function setPropSlow(pc: usize, fp: usize): i32 {
  const v = regA(pc, fp);
  const value = regB(pc, fp);
  const name = fieldX(pc);
  const cache = cacheOf(pc);
  if (isObject(v)) {
    const object = addressOf(v);
    const shape = shapeOf(object);
    if (<u32>shape == load<u32>(cache, CACHE_SHAPE)) {
      const offset = load<i32>(cache, CACHE_OFFSET);
      if ((offset & 7) == TAG_OWN_OUTER) {
        store<u64>(<usize>load<u32>(object, OBJECT_SLOTS) + <usize>(offset - TAG_OWN_OUTER), value);
        return 16;
      }
      if ((offset & 7) == TAG_ADD && load<u32>(cache, CACHE_EPOCH) == load<u32>(VM_EPOCH)) {
        const index = load<u32>(shape, SHAPE_COUNT);
        touch(object);
        // Room first: once the object has the new shape, every slot of it must exist.
        ensureSlot(object, index);
        store<u32>(object, load<u32>(cache, CACHE_HOLDER));
        store<u64>(slotAddress(object, index), value);
        return 16;
      }
    }
    return setPropMissSlow(pc, fp, object, boxString(name), value, cache);
  }
  return setOnPrimitive(pc, fp, v, boxString(name), value, 16);
}

/** An assignment for which the cache was wrong, or empty. */
function setPropMissSlow(pc: usize, fp: usize, object: usize, key: Value, value: Value, cache: usize): i32 {
  // ToNumber of the new length may call the guest.
  if (isLengthKey(object, key) && !isValidLength(value)) {
    return setLength(pc, fp, boxObject(object), value, 16);
  }
  const before = shapeOf(object);
  const kind = kindOf(object);
  const state = assign(object, key, value);
  if (state != DONE) return afterAssign(state, pc, fp, object, boxObject(object), key, value, 16);
  const after = shapeOf(object);
  if (after == before) {
    // The own property was overwritten, or a unique shape grew in place; either way look up its slot again.
    if (getOwn(object, key) == DATA && load<i32>(FOUND_SLOT) >= 0 && load<u32>(FOUND_ATTRIBUTES) & WRITABLE) {
      fill(cache, <u32>after, offsetOf(object, <u32>load<i32>(FOUND_SLOT)), 0);
    }
    // Adding is cached only if it always does the same: a function may first have to materialize `prototype` and the like, a unique shape
    // belongs to one object, and an object with very many properties is about to become a dictionary.
  } else if (kind != Kind.FUNCTION && (load<u32>(after) & UNIQUE) == 0 && !isFar(object)) {
    fill(cache, <u32>before, TAG_ADD, after);
    learnCapacity(after);
  }
  return 16;
}

/** If instances of a constructor outgrow their inline slots, later instances get more. */
function learnCapacity(shape: usize): void {
  const maker = <usize>load<u32>(shape, SHAPE_MAKER);
  if (maker == 0) return;
  const count = load<u32>(shape, SHAPE_COUNT);
  // Instances made from now on get this many inline slots, which costs memory for each of them: not for the sake of a few large ones.
  if (count > inlineCapacity(shape) && count <= 24 && load<u32>(maker, CODE_INSTANCE_CAPACITY) < count) {
    store<u32>(maker, count, CODE_INSTANCE_CAPACITY);
  }
}

/**
 * Goes on after an `assign` that did not return DONE: calls the setter, the proxy or the conversion, or throws.
 * https://tc39.es/ecma262/#sec-ordinarysetwithowndescriptor. Where no code can be called, the assignment fails: silent in sloppy code, a
 * TypeError in strict code.
 */
function afterAssign(state: i32, pc: usize, fp: usize, object: usize, receiver: Value, key: Value, value: Value, bytes: i32): i32 {
  if (state == CALL_SETTER) {
    const setter = load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_SETTER);
    if (setter != UNDEFINED) return callWithThis1(setter, receiver, value, pc, fp, pc + bytes, 0, RecordKind.DISCARD);
    if (!isStrict(fp)) return bytes;
    const text = concat(concat(lit("Cannot set property "), keyText(keyAsValue(key))), lit(" of "));
    return afterSignal(throwError(ErrorKind.TypeError, concat(concat(text, valueText(receiver)), lit(" which has only a getter"))), pc, fp);
  }
  if (state == CALL_PROXY) {
    const proxy = boxObject(<usize>load<u32>(FOUND_HOLDER));
    const id = isStrict(fp) ? Prelude.proxyAssign : Prelude.proxySet;
    return callPrelude4(id, pc, fp, proxy, keyAsValue(key), value, receiver, pc + bytes, 0, RecordKind.DISCARD);
  }
  if (state == CALL_ELEMENT) return callPrelude3(Prelude.setElement, pc, fp, receiver, keyAsValue(key), value, pc + bytes, 0, RecordKind.DISCARD);
  if (!isStrict(fp)) return bytes;
  if (getOwn(object, key) == ABSENT_PROPERTY && lookup(object, key) == ABSENT_PROPERTY) {
    const text = concat(concat(lit("Cannot add property "), keyText(keyAsValue(key))), lit(", object is not extensible"));
    return afterSignal(throwError(ErrorKind.TypeError, text), pc, fp);
  }
  const type = concat(lit("' of "), concat(typeText(boxObject(object)), lit(" '")));
  const text = concat(concat(lit("Cannot assign to read only property '"), keyText(keyAsValue(key))), type);
  return afterSignal(throwError(ErrorKind.TypeError, concat(concat(text, valueText(boxObject(object))), lit("'"))), pc, fp);
}

/**
 * `array.length = value` where the value must be converted first. https://tc39.es/ecma262/#sec-arraysetlength converts twice (ToUint32,
 * ToNumber), and either conversion may call the guest.
 */
function setLength(pc: usize, fp: usize, array: Value, value: Value, bytes: i32): i32 {
  if (isStrict(fp)) return callPrelude2(Prelude.opSetArrayLength, pc, fp, array, value, pc + bytes, 0, RecordKind.DISCARD);
  return callPrelude3(Prelude.opSetElemSloppy, pc, fp, array, boxString(atomAt(Atom.length)), value, pc + bytes, 0, RecordKind.DISCARD);
}

/** Assigns to a property of a primitive: only a setter or a proxy among its prototypes has an effect. */
function setOnPrimitive(pc: usize, fp: usize, v: Value, key: Value, value: Value, bytes: i32): i32 {
  const proto = prototypeOfPrimitive(v);
  if (proto == 0) return cannotSet(pc, fp, v, keyAsValue(key));
  const state = lookup(proto, key);
  if (state == ACCESSOR_PROPERTY || state == PROXY_PROPERTY) return afterAssign(state, pc, fp, proto, v, key, value, bytes);
  if (!isStrict(fp)) return bytes;
  const onPrimitive = concat(concat(concat(atomAt(typeofAtom(v)), lit(" '")), isSymbol(v) ? keyText(v) : toStringPrimitive(v)), lit("'"));
  const isOwn = isString(v) && (isInt(key) ? <u32>key < <u32>lengthOf(addressOf(v)) : addressOf(key) == atomAt(Atom.length));
  const text = concat(isOwn ? lit("Cannot assign to read only property '") : lit("Cannot create property '"), keyText(keyAsValue(key)));
  return afterSignal(throwError(ErrorKind.TypeError, concat(concat(text, isOwn ? lit("' of ") : lit("' on ")), onPrimitive)), pc, fp);
}

// --- GETELEM a: destination, b: object, c: key ----------------------------------------------------------------------------

export function getElemSlow(pc: usize, fp: usize): i32 {
  const v = regB(pc, fp);
  const k = regC(pc, fp);
  const destination = fieldA(pc);
  if (isString(v) && isInt(k)) {
    const s = addressOf(v);
    const index = asInt(k);
    if (<u32>index < <u32>lengthOf(s)) {
      store<u64>(fp + <usize>destination, boxString(substring(s, index, index + 1)));
      return 8;
    }
  }
  if (isNullish(v)) return cannotReadElement(pc, fp, v, k);
  if (isObject(k)) return callPrelude2(Prelude.opGetElem, pc, fp, v, k, pc + 8, destination, RecordKind.CALL);
  const key = toPropertyKeyPrimitive(k);
  if (isObject(v)) return deliverFound(lookup(addressOf(v), key), v, key, pc, fp, destination, 8);
  if (isString(v) && isString(key) && addressOf(key) == atomAt(Atom.length)) {
    store<u64>(fp + <usize>destination, boxInt(lengthOf(addressOf(v))));
    return 8;
  }
  if (isString(v) && isInt(key) && <u32>key < <u32>lengthOf(addressOf(v))) {
    store<u64>(fp + <usize>destination, boxString(substring(addressOf(v), <i32>key, <i32>key + 1)));
    return 8;
  }
  return deliverFound(lookup(prototypeOfPrimitive(v), key), v, key, pc, fp, destination, 8);
}

// --- SETELEM a: object, b: key, c: value ------------------------------------------------------------------------------------

export function setElemSlow(pc: usize, fp: usize): i32 {
  const v = regA(pc, fp);
  const k = regB(pc, fp);
  const value = regC(pc, fp);
  if (isNullish(v)) return cannotSetElement(pc, fp, v, k);
  if (isObject(k)) {
    const id = isStrict(fp) ? Prelude.opSetElem : Prelude.opSetElemSloppy;
    return callPrelude3(id, pc, fp, v, k, value, pc + 8, 0, RecordKind.DISCARD);
  }
  const key = toPropertyKeyPrimitive(k);
  if (!isObject(v)) return setOnPrimitive(pc, fp, v, key, value, 8);
  const object = addressOf(v);
  if (isInt(key)) {
    // `a[1e7] = 0` makes room that the guest chooses: it is reserved before the elements grow, and paid for by the size.
    const bytes = kindOf(object) == Kind.TYPEDARRAY ? 0 : growthBytes(object, <u32>key);
    if (bytes > 4096 && <u32>key < 0x4000000 && !reserve(bytes)) return afterSignal(RETRY, pc, fp);
    const state = assign(object, key, value);
    if (state != DONE) return afterAssign(state, pc, fp, object, v, key, value, 8);
    if (bytes != 0) chargeFuel(<i32>(bytes >> 7));
    return 8;
  } else if (isLengthKey(object, key) && !isValidLength(value)) {
    return setLength(pc, fp, v, value, 8);
  }
  const state = assign(object, key, value);
  return state == DONE ? 8 : afterAssign(state, pc, fp, object, v, key, value, 8);
}

/** DELELEM a: destination, b: object, c: key */
export function delElemSlow(pc: usize, fp: usize): i32 {
  const v = regB(pc, fp);
  const k = regC(pc, fp);
  const destination = fieldA(pc);
  if (isObject(k) || !isObject(v) || kindOf(addressOf(v)) == Kind.PROXY) {
    return callPrelude3(Prelude.opDeleteElem, pc, fp, v, k, isStrict(fp) ? 0xfffffff0_00000003 : 0xfffffff0_00000002, pc + 8, destination, RecordKind.CALL);
  }
  const key = toPropertyKeyPrimitive(k);
  if (deleteOwn(addressOf(v), key)) {
    store<u64>(fp + <usize>destination, 0xfffffff0_00000003);
    return 8;
  }
  if (isStrict(fp)) {
    const text = concat(concat(lit("Cannot delete property '"), keyText(keyAsValue(key))), lit("' of "));
    return afterSignal(throwError(ErrorKind.TypeError, concat(text, valueText(v))), pc, fp);
  }
  store<u64>(fp + <usize>destination, 0xfffffff0_00000002);
  return 8;
}

// --- super ----------------------------------------------------------------------------------------------------------------

/**
 * Home object of a function, or 0. [[HomeObject]], which DEFMETHOD and NEWCLASS set: `super` looks at the prototype that it has now, not at
 * the receiver. https://tc39.es/ecma262/#sec-makesuperpropertyreference
 */
function homeOf(fn: Value): usize {
  return isObject(fn) && kindOf(addressOf(fn)) == Kind.FUNCTION ? <usize>load<u32>(addressOf(fn), FUNCTION_HOME) : 0;
}

/** GETSUPER a: destination, b: group (function, key, this) */
export function getSuperSlow(pc: usize, fp: usize): i32 {
  const group = atB(pc, fp);
  const home = homeOf(load<u64>(group));
  const k = load<u64>(group, 8);
  const receiver = load<u64>(group, 16);
  const destination = fieldA(pc);
  if (home == 0 || isObject(k) || kindOf(home) == Kind.PROXY) {
    return callPrelude3(Prelude.opSuperGet, pc, fp, home == 0 ? UNDEFINED : boxObject(home), k, receiver, pc + 8, destination, RecordKind.CALL);
  }
  const proto = prototypeOf(home);
  const key = toPropertyKeyPrimitive(k);
  if (proto == 0) return cannotRead(pc, fp, 0xfffffff0_00000001, keyAsValue(key));
  return deliverFound(lookup(proto, key), receiver, key, pc, fp, destination, 8);
}

/** SETSUPER a: group (function, key, this, value) */
export function setSuperSlow(pc: usize, fp: usize): i32 {
  const group = atA(pc, fp);
  const home = homeOf(load<u64>(group));
  const name = isStrict(fp) ? Prelude.opSuperSet : Prelude.opSuperSetSloppy;
  return callPrelude4(name, pc, fp, home == 0 ? UNDEFINED : boxObject(home), load<u64>(group, 8), load<u64>(group, 16), load<u64>(group, 24), pc + 8, 0, RecordKind.DISCARD);
}

// --- globals ----------------------------------------------------------------------------------------------------------------

/**
 * GETGLOBAL / TYPEOFGLOBAL a: destination, x: key | cache. The cache's shape is that of the holder.
 * https://tc39.es/ecma262/#sec-global-environment-records-getbindingvalue-n-s: lexical bindings (`let`, `class`) come before properties of
 * the global object.
 */
export function getGlobalSlow(pc: usize, fp: usize, orUndefined: bool): i32 {
  const destination = fieldA(pc);
  const name = fieldX(pc);
  const cache = cacheOf(pc);
  const key = boxString(name);
  const lexical = addressOf(load<u64>(VM_GLOBAL_LEXICAL));
  if (getOwn(lexical, key) == DATA) {
    const value = load<u64>(FOUND_VALUE);
    if (value == 0xfffffff0_00000004) return afterSignal(throwNamed(ErrorKind.ReferenceError, "Cannot access '", name, "' before initialization"), pc, fp);
    fill(cache, <u32>shapeOf(lexical), offsetOf(lexical, <u32>load<i32>(FOUND_SLOT)), lexical);
    store<u64>(fp + <usize>destination, value);
    return 16;
  }
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  const state = lookup(global, key);
  if (state == DATA && <usize>load<u32>(FOUND_HOLDER) == global && load<i32>(FOUND_SLOT) >= 0) {
    fill(cache, <u32>shapeOf(global), offsetOf(global, <u32>load<i32>(FOUND_SLOT)), global);
  }
  if (state == ABSENT_PROPERTY && !orUndefined) return afterSignal(throwNamed(ErrorKind.ReferenceError, "", name, " is not defined"), pc, fp);
  return deliverFound(state, boxObject(global), key, pc, fp, destination, 16);
}

/** SETGLOBAL a: value, x: key | cache */
export function setGlobalSlow(pc: usize, fp: usize): i32 {
  const value = regA(pc, fp);
  const name = fieldX(pc);
  const cache = cacheOf(pc);
  const key = boxString(name);
  const lexical = addressOf(load<u64>(VM_GLOBAL_LEXICAL));
  if (getOwn(lexical, key) == DATA) {
    if (load<u64>(FOUND_VALUE) == 0xfffffff0_00000004) {
      return afterSignal(throwNamed(ErrorKind.ReferenceError, "Cannot access '", name, "' before initialization"), pc, fp);
    }
    if ((load<u32>(FOUND_ATTRIBUTES) & WRITABLE) == 0) return afterSignal(throwLiteral(ErrorKind.TypeError, "Assignment to constant variable."), pc, fp);
    fill(cache, <u32>shapeOf(lexical), offsetOf(lexical, <u32>load<i32>(FOUND_SLOT)), lexical);
    store<u64>(slotAddress(lexical, <u32>load<i32>(FOUND_SLOT)), value);
    return 16;
  }
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  const state = lookup(global, key);
  // https://tc39.es/ecma262/#sec-putvalue: only sloppy code makes a global by assigning to it.
  if (state == ABSENT_PROPERTY && isStrict(fp)) return afterSignal(throwNamed(ErrorKind.ReferenceError, "", name, " is not defined"), pc, fp);
  if (state == DATA && <usize>load<u32>(FOUND_HOLDER) == global && load<u32>(FOUND_ATTRIBUTES) & WRITABLE && load<i32>(FOUND_SLOT) >= 0) {
    fill(cache, <u32>shapeOf(global), offsetOf(global, <u32>load<i32>(FOUND_SLOT)), global);
  }
  const done = assign(global, key, value);
  return done == DONE ? 16 : afterAssign(done, pc, fp, global, boxObject(global), key, value, 16);
}

/**
 * DELGLOBAL a: destination, x: name. https://tc39.es/ecma262/#sec-global-environment-records-deletebinding-n: lexical bindings cannot be
 * deleted.
 */
export function deleteGlobalSlow(pc: usize, fp: usize): i32 {
  const key = boxString(fieldX(pc));
  const lexical = getOwn(addressOf(load<u64>(VM_GLOBAL_LEXICAL)), key) != ABSENT_PROPERTY;
  store<u64>(atA(pc, fp), boxBool(!lexical && deleteOwn(addressOf(load<u64>(VM_GLOBAL_OBJECT)), key)));
  return 16;
}
