// Owns the instructions that make and define things: literals, methods, classes, private names, environments, arguments,
// global declarations. Must never call guest code itself.
import {
  addressOf, boxBool, boxInt, boxObject, boxString, boxU32, HOLE, isCell, isInt, isNullish, isObject, isString, isSymbol, NULL, UNDEFINED,
  Value,
} from "../core/value";
import { lit, throwError, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_LENGTH, CODE_FLAGS, CODE_NAME, ELEMENTS_LENGTH, ENV_SIZE, FUNCTION_CODE, FUNCTION_FIELDS,
  FUNCTION_FUNCTION_FLAGS, FUNCTION_HOME, Kind, SHAPE_COUNT, SYMBOL_DESCRIPTION,
} from "../generated/kinds";
import { ErrorKind, FunctionFlag, LexicalMode, RecordKind, VM_CSP, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT } from "../generated/layout";
import { CACHE_HOLDER, CACHE_OFFSET, CACHE_SHAPE, codeParameters, codeRegisters, frameCode } from "../heap/code";
import { kindOf, sizeOf } from "../heap/memory";
import { recordArgumentCount } from "../heap/record";
import { denseLength, elementAt, elementsOf, isSparse, makeSparse, mapElement, newElements, setElements } from "../objects/elements";
import { IS_CLASS, isConstructorObject, materialize, needsMaterializeAll, newClosure } from "../objects/function";
import { ABSENT_PROPERTY, ACCESSOR_PROPERTY, DATA, FOUND_ATTRIBUTES, FOUND_SLOT, FOUND_VALUE, isPrivateName } from "../objects/lookup";
import { addProperty, arrayPush, ensureSlot, newArray, newObject, slotAddress } from "../objects/object";
import {
  addOwn, createDataProperty, defineHidden, defineOwn, deleteOwn, FULL_DATA, getOwn, HAS_CONFIGURABLE, HAS_ENUMERABLE, HAS_GET, HAS_SET, HAS_VALUE,
  lookup,
} from "../objects/property";
import {
  becomePrototype, changeAttributes, changePrototype, CONFIGURABLE, ENUMERABLE, inlineBase, inlineCapacity, isExtensible, isPrototype, PLAIN, shapeOf,
  UNIQUE, WRITABLE,
} from "../objects/shape";
import { numberToString, toStringPrimitive } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { substring } from "../strings/single-chars";
import { codeUnitAt, concat, lengthOf } from "../strings/string";
import { TAG_ADD } from "./access";
import { damaged } from "./action";
import { callPrelude1, callPrelude2, callPrelude3, callWithThis, callWithThis1 } from "./call";
import { keyText, valueText } from "./describe";
import { isEnvironment } from "./environment";
import { argumentsAddress } from "./frame";
import { atA, atC, cacheOf, fieldA, fieldB, fieldC, fieldX, regA, regB, regC } from "./operands";
import { afterSignal } from "./signal";

// --- literals ---------------------------------------------------------------------------------------------------------

/** The FUNCTION that a register holds; 0 for any other value. */
function functionIn(v: Value): usize {
  return isObject(v) && kindOf(addressOf(v)) == Kind.FUNCTION ? addressOf(v) : 0;
}

/** The object that a register holds; 0 for a proxy or any other value, on which no property can be defined directly. */
function definable(v: Value): usize {
  return isObject(v) && kindOf(addressOf(v)) != Kind.PROXY ? addressOf(v) : 0;
}

/** The array under construction (dense, without a gap at the end) that a register holds; 0 for any other value. */
export function openArray(v: Value): usize {
  if (!isObject(v) || kindOf(addressOf(v)) != Kind.ARRAY) return 0;
  // The compiler fills array literals from left to right; anything else in the register is the doing of a forged snapshot.
  const elements = elementsOf(addressOf(v));
  return !isSparse(elements) && denseLength(elements) == load<u32>(addressOf(v), ARRAY_LENGTH) ? addressOf(v) : 0;
}

/** ARRPUSH, ARRHOLE a: array */
export function arrPushSlow(v: Value, value: Value): i32 {
  const array = openArray(v);
  if (array == 0) return damaged();
  arrayPush(array, value);
  return 8;
}

/** SETHOME a: function, b: object */
export function setHomeSlow(pc: usize, fp: usize): i32 {
  const fn = functionIn(regA(pc, fp));
  const home = regB(pc, fp);
  if (fn == 0 || !isObject(home)) return damaged();
  store<u32>(fn, <u32>addressOf(home), FUNCTION_HOME);
  return 8;
}

/** SETFIELDS a: class, b: function */
export function setFieldsSlow(pc: usize, fp: usize): i32 {
  const fn = functionIn(regA(pc, fp));
  const fields = functionIn(regB(pc, fp));
  if (fn == 0 || fields == 0) return damaged();
  store<u32>(fn, <u32>fields, FUNCTION_FIELDS);
  return 8;
}

/**
 * DEFFIELD a: object, b: value, x: key | cache. https://tc39.es/ecma262/#sec-createdatapropertyorthrow. The cache remembers a transition:
 * {shape before, inline offset | TAG_ADD, shape after}. The loop takes it when the slot is inline; the object then moves to the second
 * shape and the slot is filled, in that order, with no allocation in between.
 */
export function defFieldSlow(pc: usize, fp: usize): i32 {
  const v = regA(pc, fp);
  const value = regB(pc, fp);
  const key = boxString(fieldX(pc));
  const cache = cacheOf(pc);
  if (!isObject(v)) return damaged();
  const object = addressOf(v);
  const before = shapeOf(object);
  // The hit of the loop needs the new slot to be inline. Here it may be outside, which can take memory. No epoch is looked at: defining a
  // property asks no prototype.
  if (<u32>before == load<u32>(cache, CACHE_SHAPE)) {
    const index = load<u32>(before, SHAPE_COUNT);
    ensureSlot(object, index);
    store<u32>(object, load<u32>(cache, CACHE_HOLDER));
    store<u64>(slotAddress(object, index), value);
    return 16;
  }
  if (kindOf(object) == Kind.PROXY) return callPrelude3(Prelude.createDataPropertyOrThrow, pc, fp, v, key, value, pc + 16, 0, RecordKind.DISCARD);
  // `{ a: 1, a: 2 }` defines a property that is there: nothing to cache, since the next literal begins without it.
  const absent = getOwn(object, key) == ABSENT_PROPERTY;
  if (!createDataProperty(object, key, value)) return cannotDefine(pc, fp, object, key);
  const after = shapeOf(object);
  // Natives of the base image share shapes, and a hit would not note that one of them changes.
  const kind = kindOf(object);
  if (absent && after != before && (load<u32>(after) & UNIQUE) == 0 && kind != Kind.FUNCTION && kind != Kind.NATIVE) {
    const slot = load<u32>(before, SHAPE_COUNT);
    // Offset 0 with TAG_ADD is below 8, so the loop leaves it to this function.
    const inline = slot < inlineCapacity(after) ? <i32>(inlineBase(after) + (<usize>slot << 3)) : 0;
    store<u32>(cache, <u32>before, CACHE_SHAPE);
    store<i32>(cache, inline | TAG_ADD, CACHE_OFFSET);
    store<u32>(cache, <u32>after, CACHE_HOLDER);
  }
  return 16;
}

function cannotDefine(pc: usize, fp: usize, object: usize, key: Value): i32 {
  const text = keyText(isInt(key) ? boxU32(<u32>key) : key);
  if (kindOf(object) == Kind.TYPEDARRAY || getOwn(object, key) != ABSENT_PROPERTY) return afterSignal(throwNamed(ErrorKind.TypeError, "Cannot redefine property: ", text, ""), pc, fp);
  return afterSignal(throwNamed(ErrorKind.TypeError, "Cannot define property ", text, ", object is not extensible"), pc, fp);
}

/** DEFELEM a: object, b: key, c: value */
export function defElemSlow(pc: usize, fp: usize): i32 {
  if (!isObject(regA(pc, fp))) return damaged();
  const object = addressOf(regA(pc, fp));
  const key = toPropertyKeyPrimitive(regB(pc, fp));
  if (kindOf(object) == Kind.PROXY) {
    return callPrelude3(Prelude.createDataPropertyOrThrow, pc, fp, regA(pc, fp), regB(pc, fp), regC(pc, fp), pc + 8, 0, RecordKind.DISCARD);
  }
  return createDataProperty(object, key, regC(pc, fp)) ? 8 : cannotDefine(pc, fp, object, key);
}

/**
 * DEFPROTO a: object, b: value. An object under construction is not a prototype yet, so the chain cannot lead back to it.
 * https://tc39.es/ecma262/#sec-__proto__-property-names-in-object-initializers: any other value than an object or null is ignored.
 */
export function defProtoSlow(pc: usize, fp: usize): i32 {
  const object = definable(regA(pc, fp));
  const value = regB(pc, fp);
  if (object == 0 || isPrototype(object) || value == boxObject(object)) return damaged();
  if (isObject(value)) changePrototype(object, addressOf(value));
  else if (value == NULL) changePrototype(object, 0);
  return 8;
}

/** A function's name, as SetFunctionName builds it. */
function functionName(key: Value, prefix: u32): usize {
  let text: usize;
  if (isSymbol(key)) {
    const description = load<u64>(addressOf(key), SYMBOL_DESCRIPTION);
    if (!isString(description)) text = atomAt(Atom.empty);
    else if (load<u32>(addressOf(key), 8) & SYMBOL_PRIVATE) text = privateText(key);
    else text = concat(concat(lit("["), addressOf(description)), lit("]"));
  } else text = isInt(key) ? numberToString(<f64>(<u32>key)) : addressOf(key);
  return prefix == 1 ? concat(atomAt(Atom.s_get20), text) : prefix == 2 ? concat(atomAt(Atom.s_set20), text) : text;
}

/** Sets the name of a function unless it is a class that defines its own. https://tc39.es/ecma262/#sec-setfunctionname */
function setFunctionName(fn: usize, key: Value, prefix: u32): void {
  if (kindOf(fn) != Kind.FUNCTION) return;
  const text = functionName(key, prefix);
  // The name that the code carries is the one that materializing will give it: most functions never need the property.
  if (needsMaterializeAll(fn) && load<u32>(<usize>load<u32>(fn, FUNCTION_CODE), CODE_NAME) == <u32>text) return;
  const name = boxString(atomAt(Atom.name));
  if (getOwn(fn, name) == DATA && isString(load<u64>(FOUND_VALUE)) && load<u64>(FOUND_VALUE) == boxString(atomAt(Atom.empty))) {
    defineHidden(fn, name, boxString(text), CONFIGURABLE);
  }
}

/** SETNAME a: function, b: key, c: prefix */
export function setNameSlow(pc: usize, fp: usize): void {
  const v = regA(pc, fp);
  if (isObject(v)) setFunctionName(addressOf(v), toPropertyKeyPrimitive(regB(pc, fp)), fieldC(pc));
}

function defineAccessor(object: usize, key: Value, fn: Value, setter: bool, enumerable: u32): bool {
  const flags = HAS_ENUMERABLE | HAS_CONFIGURABLE | CONFIGURABLE | enumerable;
  return setter ? defineOwn(object, key, flags | HAS_SET, UNDEFINED, UNDEFINED, fn) : defineOwn(object, key, flags | HAS_GET, UNDEFINED, fn, UNDEFINED);
}

/**
 * DEFMETHOD a: object, b: key, c: function, x: kind (0 method, 1 getter, 2 setter; + 4: enumerable).
 * https://tc39.es/ecma262/#sec-runtime-semantics-methoddefinitionevaluation. Methods of classes are not enumerable, those of object
 * literals are. A getter and a setter of one name come by two instructions, and end in one ACCESSOR cell.
 */
export function defMethodSlow(pc: usize, fp: usize): i32 {
  const object = definable(regA(pc, fp));
  const key = toPropertyKeyPrimitive(regB(pc, fp));
  const fn = regC(pc, fp);
  if (object == 0 || functionIn(fn) == 0) return damaged();
  const kind = load<u32>(pc, 8);
  const which = kind & 3;
  const enumerable: u32 = kind & 4 ? ENUMERABLE : 0;
  // `super` in the method starts from the prototype of this object, wherever the method is called from.
  store<u32>(addressOf(fn), <u32>object, FUNCTION_HOME);
  renameMethod(addressOf(fn), key, which);
  const done =
    which == 0
      ? defineOwn(object, key, FULL_DATA | WRITABLE | CONFIGURABLE | enumerable, fn, UNDEFINED, UNDEFINED)
      : defineAccessor(object, key, fn, which == 2, enumerable);
  return done ? 16 : afterSignal(throwNamed(ErrorKind.TypeError, "Cannot redefine property: ", keyText(isInt(key) ? boxU32(<u32>key) : key), ""), pc, fp);
}

function renameMethod(fn: usize, key: Value, prefix: u32): void {
  const code = <usize>load<u32>(fn, FUNCTION_CODE);
  if (prefix == 0 && isString(key) && load<u32>(code, CODE_NAME) == <u32>addressOf(key)) return;
  if (needsMaterializeAll(fn)) materialize(fn);
  defineHidden(fn, boxString(atomAt(Atom.name)), boxString(functionName(key, prefix)), CONFIGURABLE);
}

/**
 * OBJREST a: destination, b: source, c: keys, x: count. https://tc39.es/ecma262/#sec-copydataproperties with the keys that the pattern has
 * named already.
 */
export function objRestSlow(pc: usize, fp: usize): i32 {
  const keys = atC(pc, fp);
  const count = load<u32>(pc, 8);
  // The prelude gets the keys to leave out as an array: with getters in the source, copying calls the guest.
  const list = newArray(count);
  for (let i: u32 = 0; i < count; i++) arrayPush(list, load<u64>(keys + (<usize>i << 3)));
  return callPrelude2(Prelude.opObjectRest, pc, fp, regB(pc, fp), boxObject(list), pc + 16, fieldA(pc), RecordKind.CALL);
}

// --- private names ----------------------------------------------------------------------------------------------------

/**
 * `#name`. In a forged frame the key may be any value. A private name is a symbol that only compiled code can mention (SYMBOL_PRIVATE): its
 * properties live among the others of an object, and everything that lists keys skips them. The symbol is new for each evaluation of the
 * class, so two classes never share a member.
 *
 *   description   #count                     a field
 *                 #run class A               a method: after the first blank, what the receiver must be
 */
function privateText(key: Value): usize {
  if (!isPrivateName(key)) return atomAt(Atom.empty);
  const description = addressOf(load<u64>(addressOf(key), SYMBOL_DESCRIPTION));
  const end = endOfName(description);
  return end == lengthOf(description) ? description : substring(description, 0, end);
}

/** Where the name ends in the description of a private name. What follows a method's is what its receiver must be: `#m class A`. */
function endOfName(description: usize): i32 {
  const length = lengthOf(description);
  let i = 0;
  while (i < length && codeUnitAt(description, i) != 0x20) i++;
  return i;
}

/** The error of an object without the private name: of a method, what the receiver must be. */
function notDeclared(pc: usize, fp: usize, before: string, key: Value, after: string): i32 {
  if (isPrivateName(key)) {
    const description = addressOf(load<u64>(addressOf(key), SYMBOL_DESCRIPTION));
    const end = endOfName(description);
    const length = lengthOf(description);
    if (end < length) return afterSignal(throwNamed(ErrorKind.TypeError, "Receiver must be ", substring(description, end + 1, length), ""), pc, fp);
  }
  return privateError(pc, fp, before, key, after);
}

/** The error of private methods that an object has already. */
function methodsTwice(pc: usize, fp: usize, key: Value): i32 {
  let name = privateText(key);
  if (isPrivateName(key)) {
    const description = addressOf(load<u64>(addressOf(key), SYMBOL_DESCRIPTION));
    const length = lengthOf(description);
    let last = length;
    while (last > 0 && codeUnitAt(description, last - 1) != 0x20) last--;
    if (last > 0) name = substring(description, last, length);
  }
  return afterSignal(throwNamed(ErrorKind.TypeError, "Cannot initialize private methods of class ", name, " twice on the same object"), pc, fp);
}

function privateError(pc: usize, fp: usize, before: string, key: Value, after: string): i32 {
  return afterSignal(throwNamed(ErrorKind.TypeError, before, privateText(key), after), pc, fp);
}

/** The error of `#name in v` where v is not an object. */
function notSearchable(pc: usize, fp: usize, key: Value, v: Value): i32 {
  const text = concat(concat(lit("Cannot use 'in' operator to search for '"), privateText(key)), lit("' in "));
  return afterSignal(throwError(ErrorKind.TypeError, concat(text, valueText(v))), pc, fp);
}

/** The error of reading or writing a private name of undefined or null, worded as for any other name. */
function privateOfNothing(pc: usize, fp: usize, before: string, v: Value, doing: string, key: Value): i32 {
  const text = concat(concat(lit(before), toStringPrimitive(v)), concat(lit(doing), concat(privateText(key), lit("')"))));
  return afterSignal(throwError(ErrorKind.TypeError, text), pc, fp);
}

/** Looks up an own private property; primitives do not have any. In a forged frame the key may be any value. */
function findPrivate(v: Value, key: Value): i32 {
  return isObject(v) && isPrivateName(key) ? getOwn(addressOf(v), key) : ABSENT_PROPERTY;
}

/**
 * GETPRIV a: destination, b: object, c: key. https://tc39.es/ecma262/#sec-privateget. No prototype is asked: a private member is the
 * object's own, or it is an error.
 */
export function getPrivSlow(pc: usize, fp: usize): i32 {
  const v = regB(pc, fp);
  const key = regC(pc, fp);
  const state = findPrivate(v, key);
  const destination = fieldA(pc);
  if (state == DATA) {
    store<u64>(fp + <usize>destination, load<u64>(FOUND_VALUE));
    return 8;
  }
  if (state == ACCESSOR_PROPERTY) {
    const getter = load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER);
    if (getter == UNDEFINED) return privateError(pc, fp, "'", key, "' was defined without a getter");
    return callWithThis(getter, v, pc, fp, pc + 8, destination, RecordKind.CALL);
  }
  if (isNullish(v)) return privateOfNothing(pc, fp, "Cannot read properties of ", v, " (reading '", key);
  return notDeclared(pc, fp, "Cannot read private member ", key, " from an object whose class did not declare it");
}

/** SETPRIV a: object, b: key, c: value. https://tc39.es/ecma262/#sec-privateset */
export function setPrivSlow(pc: usize, fp: usize): i32 {
  const v = regA(pc, fp);
  const key = regB(pc, fp);
  const value = regC(pc, fp);
  const state = findPrivate(v, key);
  if (state == DATA) {
    if ((load<u32>(FOUND_ATTRIBUTES) & WRITABLE) == 0) return privateError(pc, fp, "Private method '", key, "' is not writable");
    store<u64>(slotAddress(addressOf(v), <u32>load<i32>(FOUND_SLOT)), value);
    return 8;
  }
  if (state == ACCESSOR_PROPERTY) {
    const setter = load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_SETTER);
    if (setter == UNDEFINED) return privateError(pc, fp, "'", key, "' was defined without a setter");
    return callWithThis1(setter, v, value, pc, fp, pc + 8, 0, RecordKind.DISCARD);
  }
  if (isNullish(v)) return privateOfNothing(pc, fp, "Cannot set properties of ", v, " (setting '", key);
  return notDeclared(pc, fp, "Cannot write private member ", key, " to an object whose class did not declare it");
}

/** DEFPRIV a: object, b: key, c: value. https://tc39.es/ecma262/#sec-privatefieldadd */
export function defPrivSlow(pc: usize, fp: usize): i32 {
  const v = regA(pc, fp);
  const key = regB(pc, fp);
  if (!isObject(v) || !isPrivateName(key)) return damaged();
  if (findPrivate(v, key) != ABSENT_PROPERTY) return privateError(pc, fp, "Cannot initialize ", key, " twice on the same object");
  // A static private member of a class: its shape must have the lazy properties before it grows by another.
  if (kindOf(addressOf(v)) == Kind.FUNCTION && needsMaterializeAll(addressOf(v))) materialize(addressOf(v));
  addProperty(addressOf(v), addressOf(key), regC(pc, fp), WRITABLE);
  return 8;
}

/** DEFPRIVM a: object, b: key, c: function, x: kind. https://tc39.es/ecma262/#sec-privatemethodoraccessoradd */
export function defPrivMethodSlow(pc: usize, fp: usize): i32 {
  const key = regB(pc, fp);
  const fn = regC(pc, fp);
  if (!isObject(regA(pc, fp)) || !isPrivateName(key) || functionIn(fn) == 0) return damaged();
  const object = addressOf(regA(pc, fp));
  const kind = load<u32>(pc, 8);
  const state = getOwn(object, key);
  store<u32>(addressOf(fn), load<u32>(addressOf(fn), FUNCTION_HOME) == 0 ? <u32>object : load<u32>(addressOf(fn), FUNCTION_HOME), FUNCTION_HOME);
  if (kind == 0) {
    if (state != ABSENT_PROPERTY) return methodsTwice(pc, fp, key);
    addProperty(object, addressOf(key), fn, 0);
    return 16;
  }
  if (state == ACCESSOR_PROPERTY) {
    const cell = addressOf(load<u64>(FOUND_VALUE));
    const at = kind == 1 ? ACCESSOR_GETTER : ACCESSOR_SETTER;
    if (load<u64>(cell + at) != UNDEFINED) return methodsTwice(pc, fp, key);
    store<u64>(cell + at, fn);
    return 16;
  }
  defineOwn(object, key, HAS_ENUMERABLE | HAS_CONFIGURABLE | (kind == 1 ? HAS_GET : HAS_SET), UNDEFINED, kind == 1 ? fn : UNDEFINED, kind == 2 ? fn : UNDEFINED);
  return 16;
}

// --- classes ----------------------------------------------------------------------------------------------------------

/**
 * NEWCLASS a: pair, b: parent, c: environment, x: function. https://tc39.es/ecma262/#sec-runtime-semantics-classdefinitionevaluation
 *
 *   pair, before   any, HOLE                    b = HOLE: no `extends`
 *         again    any, value of `prototype`    a getter or a proxy was asked by the prelude, whose result came into the second register
 *         after    constructor, prototype
 *
 * The instruction runs a second time in the middle case. Nothing is made before the parent has been found good, so nothing is made twice.
 */
export function newClassSlow(pc: usize, fp: usize): i32 {
  const pair = atA(pc, fp);
  const parent = regB(pc, fp);
  const env = regC(pc, fp);
  let protoParent = addressOf(intrinsic(Intrinsic.ObjectPrototype));
  let constructorParent: usize = 0;
  if (parent != HOLE) {
    if (parent == NULL) protoParent = 0;
    else {
      if (!isObject(parent) || !isConstructorObject(addressOf(parent))) {
        return afterSignal(throwNamed(ErrorKind.TypeError, "Class extends value ", valueText(parent), " is not a constructor or null"), pc, fp);
      }
      constructorParent = addressOf(parent);
      // Not the hole: the instruction runs for the second time, and guest code has read `prototype`.
      let value = load<u64>(pair, 8);
      if (value == HOLE) {
        const state = lookup(constructorParent, boxString(atomAt(Atom.prototype)));
        if (state > DATA) return callPrelude1(Prelude.opClassPrototype, pc, fp, parent, pc, fieldA(pc) + 8, RecordKind.CALL);
        value = state == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
      }
      if (value == NULL) protoParent = 0;
      else if (isObject(value)) protoParent = addressOf(value);
      else return afterSignal(throwNamed(ErrorKind.TypeError, "Class extends value does not have valid prototype property ", valueText(value), ""), pc, fp);
    }
  }
  const fn = newClosure(fieldX(pc), isCell(env) ? addressOf(env) : 0);
  store<u32>(fn, IS_CLASS, FUNCTION_FUNCTION_FLAGS);
  if (constructorParent != 0) changePrototype(fn, constructorParent);
  const proto = newObject(Kind.OBJECT, protoParent, 4);
  becomePrototype(proto);
  materialize(fn);
  addProperty(fn, atomAt(Atom.prototype), boxObject(proto), 0);
  addProperty(proto, atomAt(Atom.constructor), boxObject(fn), WRITABLE | CONFIGURABLE);
  store<u32>(fn, <u32>proto, FUNCTION_HOME);
  store<u64>(pair, boxObject(fn));
  store<u64>(pair, boxObject(proto), 8);
  return 16;
}

/**
 * RUNFIELDS a: this, b: class. https://tc39.es/ecma262/#sec-initializeinstanceelements: the compiler has put all field initialisers of the
 * class into one function.
 */
export function runFieldsSlow(pc: usize, fp: usize): i32 {
  const fn = functionIn(regB(pc, fp));
  if (fn == 0) return damaged();
  const fields = load<u32>(fn, FUNCTION_FIELDS);
  if (fields == 0) return 8;
  return callWithThis(boxObject(<usize>fields), regA(pc, fp), pc, fp, pc + 8, 0, RecordKind.DISCARD);
}

/**
 * CTORRESULT a: destination, b: value, c: this. https://tc39.es/ecma262/#sec-ecmascript-function-objects-construct-argumentslist-newtarget,
 * the last steps, for derived constructors.
 */
export function ctorResultSlow(pc: usize, fp: usize): i32 {
  const value = regB(pc, fp);
  const self = regC(pc, fp);
  let result = value;
  if (!isObject(value)) {
    if (value != UNDEFINED) return afterSignal(throwLiteral(ErrorKind.TypeError, "Derived constructors may only return object or undefined"), pc, fp);
    if (self == HOLE) return thisNotReady(pc, fp);
    result = self;
  }
  store<u64>(atA(pc, fp), result);
  return 8;
}
export function thisNotReady(pc: usize, fp: usize): i32 {
  return afterSignal(throwLiteral(ErrorKind.ReferenceError, "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"), pc, fp);
}

// --- prologue ---------------------------------------------------------------------------------------------------------

/** REST a: destination, b: start */
export function restArguments(pc: usize, fp: usize): void {
  const argc = recordArgumentCount(<usize>load<u32>(VM_CSP));
  const start = <i32>fieldB(pc);
  const count = argc > start ? argc - start : 0;
  const array = newArray(<u32>count);
  const from = argumentsAddress(fp);
  for (let i = 0; i < count; i++) arrayPush(array, load<u64>(from + (<usize>(start + i) << 3)));
  store<u64>(atA(pc, fp), boxObject(array));
}

/**
 * Makes the first elements alias the parameters: slot i of the environment in the register of operand b is parameter i, and gets its
 * value here. https://tc39.es/ecma262/#sec-createmappedargumentsobject
 */
function mapArguments(object: usize, pc: usize, fp: usize, argc: i32): void {
  const register = <usize>fieldB(pc);
  const code = frameCode(fp);
  const count = codeParameters(code);
  if (register == 0 || register >= codeRegisters(code)) return;
  const value = load<u64>(fp + (register << 3));
  // In a forged program that register may hold any value.
  if (!isEnvironment(value)) return;
  const env = addressOf(value);
  if (<usize>sizeOf(env) < ENV_SIZE + (<usize>count << 3)) return;
  memory.copy(env + ENV_SIZE, fp + 16, <usize>count << 3);
  if (argc > 0) makeSparse(object);
  for (let i = 0; i < argc && i < count; i++) mapElement(object, <u32>i, env, PLAIN);
}

/** ARGUMENTS a: destination, b: register of the environment. https://tc39.es/ecma262/#sec-createunmappedargumentsobject */
export function makeArguments(pc: usize, fp: usize): void {
  const argc = recordArgumentCount(<usize>load<u32>(VM_CSP));
  const object = newObject(Kind.ARGUMENTS, addressOf(intrinsic(Intrinsic.ObjectPrototype)), 3);
  const elements = newElements(<u32>argc);
  const from = argumentsAddress(fp);
  for (let i = 0; i < argc; i++) store<u64>(elementAt(elements, <u32>i), load<u64>(from + (<usize>i << 3)));
  store<u32>(elements, <u32>argc, ELEMENTS_LENGTH);
  setElements(object, elements);
  mapArguments(object, pc, fp, argc);
  addProperty(object, atomAt(Atom.length), boxInt(argc), WRITABLE | CONFIGURABLE);
  const flags = load<u32>(frameCode(fp), CODE_FLAGS);
  if (flags & FunctionFlag.STRICT || (flags & FunctionFlag.HAS_SIMPLE_PARAMETERS) == 0) {
    const thrower = intrinsic(Intrinsic.ThrowTypeError);
    defineOwn(object, boxString(atomAt(Atom.callee)), HAS_GET | HAS_SET | HAS_ENUMERABLE | HAS_CONFIGURABLE, UNDEFINED, thrower, thrower);
  } else addProperty(object, atomAt(Atom.callee), load<u64>(fp), WRITABLE | CONFIGURABLE);
  addProperty(object, addressOf(intrinsic(Intrinsic.Symbol_iterator)), intrinsic(Intrinsic.Array_prototype_values), WRITABLE | CONFIGURABLE);
  store<u64>(atA(pc, fp), boxObject(object));
}

// --- global declarations. https://tc39.es/ecma262/#sec-globaldeclarationinstantiation --------------------------------------

function redeclared(pc: usize, fp: usize, name: usize): i32 {
  return afterSignal(throwNamed(ErrorKind.SyntaxError, "Identifier '", name, "' has already been declared"), pc, fp);
}
function hasLexical(name: usize): bool {
  return getOwn(addressOf(load<u64>(VM_GLOBAL_LEXICAL)), boxString(name)) != ABSENT_PROPERTY;
}

/**
 * CHECKVAR, CHECKFN, CHECKLEX x: name. All checks of a script come before its first declaration: a script that clashes with another one
 * declares nothing at all. https://tc39.es/ecma262/#sec-candeclareglobalfunction, sec-candeclareglobalvar, sec-hasrestrictedglobalproperty
 */
export function checkGlobalSlow(pc: usize, fp: usize, which: i32): i32 {
  const name = fieldX(pc);
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  if (hasLexical(name)) return redeclared(pc, fp, name);
  const state = getOwn(global, boxString(name));
  const attributes = load<u32>(FOUND_ATTRIBUTES);
  if (which == 2) {
    if (state != ABSENT_PROPERTY && (attributes & CONFIGURABLE) == 0) return redeclared(pc, fp, name);
    return 16;
  }
  if (state == ABSENT_PROPERTY) {
    if (!isExtensible(global)) return afterSignal(throwNamed(ErrorKind.TypeError, "Cannot define global '", name, "', object is not extensible"), pc, fp);
  } else if (which == 1 && (attributes & CONFIGURABLE) == 0) {
    if (state != DATA || (attributes & (WRITABLE | ENUMERABLE)) != (WRITABLE | ENUMERABLE)) {
      return afterSignal(throwNamed(ErrorKind.TypeError, "Identifier '", name, "' cannot be declared as a function"), pc, fp);
    }
  }
  return 16;
}

/** DECLVAR x: name. https://tc39.es/ecma262/#sec-createglobalvarbinding */
export function declareVar(name: usize): void {
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  if (getOwn(global, boxString(name)) == ABSENT_PROPERTY && isExtensible(global)) addOwn(global, boxString(name), UNDEFINED, WRITABLE | ENUMERABLE);
}

/**
 * DECLFN a: function, x: name. https://tc39.es/ecma262/#sec-createglobalfunctionbinding: an existing property that cannot be reconfigured
 * keeps its attributes.
 */
export function declareFunction(name: usize, fn: Value): void {
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  const state = getOwn(global, boxString(name));
  if (state == ABSENT_PROPERTY || load<u32>(FOUND_ATTRIBUTES) & CONFIGURABLE) defineOwn(global, boxString(name), FULL_DATA | WRITABLE | ENUMERABLE, fn, UNDEFINED, UNDEFINED);
  else defineOwn(global, boxString(name), HAS_VALUE, fn, UNDEFINED, UNDEFINED);
}

/** DECLLEX a: how (LexicalMode), x: name: an uninitialised binding, or its removal */
export function declareLexical(name: usize, how: u32): void {
  const lexical = addressOf(load<u64>(VM_GLOBAL_LEXICAL));
  const attributes: u32 = how & LexicalMode.CONST ? CONFIGURABLE : WRITABLE | CONFIGURABLE;
  if (getOwn(lexical, boxString(name)) == ABSENT_PROPERTY) {
    if (how != LexicalMode.REMOVE) addProperty(lexical, name, HOLE, attributes);
    return;
  }
  if (how == LexicalMode.REMOVE) deleteOwn(lexical, boxString(name));
  // Without AGAIN, CHECKLEX of a compiled program has thrown already.
  if ((how & LexicalMode.AGAIN) == 0) return;
  const slot = <u32>load<i32>(FOUND_SLOT);
  // The new shape keeps inline caches, which trust that the binding is initialised, from hitting.
  changeAttributes(lexical, slot, attributes);
  store<u64>(slotAddress(lexical, slot), HOLE);
}

/** INITLEX a: value, x: name */
export function initializeLexical(name: usize, value: Value): void {
  const lexical = addressOf(load<u64>(VM_GLOBAL_LEXICAL));
  if (getOwn(lexical, boxString(name)) == DATA) store<u64>(slotAddress(lexical, <u32>load<i32>(FOUND_SLOT)), value);
}

/** PRIVIN a: destination, b: key, c: object */
export function privateInSlow(pc: usize, fp: usize): i32 {
  const v = regC(pc, fp);
  if (!isObject(v)) return notSearchable(pc, fp, regB(pc, fp), v);
  store<u64>(atA(pc, fp), boxBool(findPrivate(v, regB(pc, fp)) != ABSENT_PROPERTY));
  return 8;
}
