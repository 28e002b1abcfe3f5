// Owns the slow halves of operators: all operands but two numbers. Must never call guest code itself: objects (and symbols) go to
// the prelude, which converts them and applies the operator again.
//
//   operands                      who applies the operator
//   two numbers                   the loop; here only where it has no hit: EXP, MOD of a negative, bits of doubles
//   string + primitive            concatTo, by a rope wherever that is cheaper than copying
//   BigInt and primitive          interpreter/bigint.ts if both are BigInts, else a TypeError
//   other primitives              ToNumber here: it calls no guest code
//   an object or a symbol         the prelude function of the operator: ToPrimitive may call the guest, and a symbol throws there
//
// https://tc39.es/ecma262/#sec-applystringornumericbinaryoperator
import { compareBigInts, compareWithNumber } from "../bigint/bigint";
import { stringToBigInt } from "../bigint/digits";
import { mathPow, toInt32 } from "../core/math";
import {
  addressOf, asInt, boxBool, boxDoubleRaw, boxInt, boxNumber, boxString, boxU32, isBigInt, isInt, isNullish, isNumber, isObject, isString,
  isSymbol, RETRY, toDouble, Value,
} from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt, Prelude } from "../generated/intrinsics";
import { ErrorKind, RecordKind, VM_FP, VM_PC } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { chargeFuel, fuelLeft, reserve, setFuelLeft } from "../heap/memory";
import { isCallableObject } from "../objects/function";
import { looseEqualsPrimitive, remainderOf, strictEquals, toNumberPrimitive, toStringPrimitive, typeofAtom } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { canConcat, codeUnitAt, compare, concat, concatBytes, lengthOf, MAX_LENGTH } from "../strings/string";
import { damaged, RELOAD } from "./action";
import {
  addBigInts, addSmall, AND, bitwiseBigInts, divideBigInts, invertBigInt, multiplyBigInts, negateBigInt, OR, powerOfBigInt, shiftBigInt,
  XOR,
} from "./bigint";
import { branchTarget } from "./branch";
import { callPrelude1, callPrelude2 } from "./call";
import { atA, atB, fieldA, fieldC, regB, saveRegisters } from "./operands";
import { afterSignal } from "./signal";

/** True if converting the operand needs the prelude: it may call the guest, or it throws (symbols). */
// The two kinds for which ToPrimitive, ToNumber or ToString is observable: everything else converts without a trace.
// @ts-ignore: decorator
@inline
function needsGuest(v: Value): bool {
  return isObject(v) || isSymbol(v);
}

/** Concatenates two strings into a register. */
function concatTo(pc: usize, fp: usize, destination: usize, a: usize, b: usize, bytes: i32): i32 {
  if (!canConcat(lengthOf(a), lengthOf(b))) return afterSignal(throwLiteral(ErrorKind.RangeError, "Invalid string length"), pc, fp);
  // A concatenation that only makes a rope costs nothing worth mentioning; one that copies is priced before it is begun, because the guest
  // chooses its size.
  const cost = concatBytes(a, b);
  if (cost > 1024 && !reserve(cost)) return afterSignal(RETRY, pc, fp);
  chargeFuel(1);
  store<u64>(destination, boxString(concat(a, b)));
  return bytes;
}

/** ADD and ADDI, unless both operands are numbers. */
export function addSlow(pc: usize, fp: usize, l: Value, r: Value): i32 {
  // In the order of how often each is met. A string with a number, boolean, null or undefined needs no guest code: only objects (which may
  // have valueOf) and symbols (which throw) go to the prelude.
  const a = <usize>fieldA(pc);
  if (isString(l) && isString(r)) return concatTo(pc, fp, fp + a, addressOf(l), addressOf(r), 8);
  if (needsGuest(l) || needsGuest(r)) return callPrelude2(Prelude.opAdd, pc, fp, l, r, pc + 8, <u32>a, RecordKind.CALL);
  if (isString(l) || isString(r)) return concatTo(pc, fp, fp + a, toStringPrimitive(l), toStringPrimitive(r), 8);
  if (isBigInt(l) || isBigInt(r)) return bigIntSlow(pc, fp, Op.ADD, l, r);
  store<u64>(fp + a, boxDoubleRaw(toNumberPrimitive(l) + toNumberPrimitive(r)));
  return 8;
}

/** A binary operator with a BigInt and another primitive, which must be a BigInt too. */
function bigIntSlow(pc: usize, fp: usize, op: i32, l: Value, r: Value): i32 {
  // An error made here shows the position of the instruction.
  saveRegisters(pc, fp);
  // RETRY runs the instruction again after a collection: what was charged for this attempt must not be paid twice.
  const before = fuelLeft();
  const result = applyBigInt(op, l, r);
  if (result == RETRY) setFuelLeft(before);
  if (!isBigInt(result)) return afterSignal(result, pc, fp);
  chargeFuel(1);
  store<u64>(atA(pc, fp), result);
  return 8;
}

/** https://tc39.es/ecma262/#sec-applystringornumericbinaryoperator of BigInts */
function applyBigInt(op: i32, l: Value, r: Value): Value {
  if (!isBigInt(l) || !isBigInt(r)) {
    return throwLiteral(ErrorKind.TypeError, "Cannot mix BigInt and other types, use explicit conversions");
  }
  const a = addressOf(l);
  const b = addressOf(r);
  switch (op) {
    case Op.SUB: return addBigInts(a, b, true);
    case Op.MUL: return multiplyBigInts(a, b);
    case Op.DIV: return divideBigInts(a, b, false);
    case Op.MOD: return divideBigInts(a, b, true);
    case Op.EXP: return powerOfBigInt(a, b);
    case Op.BITAND: return bitwiseBigInts(a, b, AND);
    case Op.BITOR: return bitwiseBigInts(a, b, OR);
    case Op.BITXOR: return bitwiseBigInts(a, b, XOR);
    case Op.SHL: return shiftBigInt(a, b, false);
    case Op.SHR: return shiftBigInt(a, b, true);
    case Op.USHR: return throwLiteral(ErrorKind.TypeError, "BigInts have no unsigned right shift, use >> instead");
    default: return addBigInts(a, b, false);
  }
}

// The unary operators differ from the binary ones in one thing: + throws for a BigInt, while ++ and -- go on with BigInts.
/** NEG, PLUS, BITNOT, INC, DEC, TONUMERIC of a BigInt */
function applyUnaryBigInt(op: i32, v: Value): Value {
  switch (op) {
    case Op.NEG: return negateBigInt(addressOf(v));
    case Op.BITNOT: return invertBigInt(addressOf(v));
    case Op.INC: return addSmall(addressOf(v), 1);
    case Op.DEC: return addSmall(addressOf(v), -1);
    case Op.PLUS: return throwLiteral(ErrorKind.TypeError, "Cannot convert a BigInt value to a number");
    default: return v;
  }
}

/** The result of `op` for two numbers. */
function applyNumeric(op: i32, x: f64, y: f64): Value {
  switch (op) {
        // boxNumber where the result is often an integer, which later operations handle faster as an int32; the others stay doubles.
    case Op.SUB: return boxDoubleRaw(x - y);
    case Op.MUL: return boxDoubleRaw(x * y);
    case Op.DIV: return boxNumber(x / y);
    case Op.MOD: return boxNumber(remainderOf(x, y));
    case Op.EXP: return boxNumber(mathPow(x, y));
    case Op.BITAND: return boxInt(toInt32(x) & toInt32(y));
    case Op.BITOR: return boxInt(toInt32(x) | toInt32(y));
    case Op.BITXOR: return boxInt(toInt32(x) ^ toInt32(y));
    case Op.SHL: return boxInt(toInt32(x) << (toInt32(y) & 31));
    case Op.SHR: return boxInt(toInt32(x) >> (toInt32(y) & 31));
    case Op.USHR: return boxU32(<u32>toInt32(x) >> (<u32>toInt32(y) & 31));
    default: return boxDoubleRaw(x + y);
  }
}

function preludeOf(op: i32): i32 {
  switch (op) {
    case Op.SUB: return Prelude.opSub;
    case Op.MUL: return Prelude.opMul;
    case Op.DIV: return Prelude.opDiv;
    case Op.MOD: return Prelude.opMod;
    case Op.EXP: return Prelude.opExp;
    case Op.BITAND: return Prelude.opBitand;
    case Op.BITOR: return Prelude.opBitor;
    case Op.BITXOR: return Prelude.opBitxor;
    case Op.SHL: return Prelude.opShl;
    case Op.SHR: return Prelude.opShr;
    case Op.USHR: return Prelude.opUshr;
    case Op.LT: return Prelude.opLt;
    case Op.LE: return Prelude.opLe;
    case Op.GT: return Prelude.opGt;
    case Op.GE: return Prelude.opGe;
    case Op.EQ: return Prelude.opEq;
    case Op.NE: return Prelude.opNe;
    case Op.NEG: return Prelude.opNeg;
    case Op.PLUS: return Prelude.opPlus;
    case Op.BITNOT: return Prelude.opBitnot;
    case Op.INC: return Prelude.opInc;
    case Op.DEC: return Prelude.opDec;
    case Op.TONUMERIC: return Prelude.opToNumeric;
    default: return Prelude.opAdd;
  }
}

/** Any other binary operator, of any two values. */
export function numericSlow(pc: usize, fp: usize, op: i32, l: Value, r: Value): i32 {
  const a = <usize>fieldA(pc);
  // Two numbers come here when the loop has no fast path for them: an int with a double, a shift by a double, a remainder of negatives.
  if (isNumber(l) && isNumber(r)) {
    store<u64>(fp + a, applyNumeric(op, toDouble(l), toDouble(r)));
    return 8;
  }
  if (needsGuest(l) || needsGuest(r)) return callPrelude2(preludeOf(op), pc, fp, l, r, pc + 8, <u32>a, RecordKind.CALL);
  if (isBigInt(l) || isBigInt(r)) return bigIntSlow(pc, fp, op, l, r);
  store<u64>(fp + a, applyNumeric(op, toNumberPrimitive(l), toNumberPrimitive(r)));
  return 8;
}

/** NEG, PLUS, BITNOT, INC, DEC, TONUMERIC a: destination, b: source */
export function unarySlow(pc: usize, fp: usize, op: i32): i32 {
  const a = <usize>fieldA(pc);
  const v = regB(pc, fp);
  if (needsGuest(v)) return callPrelude1(preludeOf(op), pc, fp, v, pc + 8, <u32>a, RecordKind.CALL);
  if (isBigInt(v)) {
    saveRegisters(pc, fp);
    const before = fuelLeft();
    const outcome = applyUnaryBigInt(op, v);
    if (outcome == RETRY) setFuelLeft(before);
    else chargeFuel(1);
    if (!isBigInt(outcome)) return afterSignal(outcome, pc, fp);
    store<u64>(fp + a, outcome);
    return 8;
  }
  const x = toNumberPrimitive(v);
  let result: Value;
  switch (op) {
    case Op.NEG: result = boxNumber(-x); break;
    case Op.BITNOT: result = boxInt(~toInt32(x)); break;
    case Op.INC: result = boxNumber(x + 1); break;
    case Op.DEC: result = boxNumber(x - 1); break;
    default: result = boxNumber(x);
  }
  store<u64>(fp + a, result);
  return 8;
}

// --- comparisons: -1 everywhere means that the prelude must decide, because comparing may call the guest
/** Result of a relational operator on primitives: 0, 1, or -1 if guest code is needed. */
function comparePrimitives(op: i32, l: Value, r: Value): i32 {
  if (needsGuest(l) || needsGuest(r)) return -1;
  if (isString(l) && isString(r)) {
    const order = compare(addressOf(l), addressOf(r));
    return op == Op.LT ? <i32>(order < 0) : op == Op.LE ? <i32>(order <= 0) : op == Op.GT ? <i32>(order > 0) : <i32>(order >= 0);
  }
  if (isBigInt(l) || isBigInt(r)) return compareMixed(op, l, r);
  const x = toNumberPrimitive(l);
  const y = toNumberPrimitive(r);
  return op == Op.LT ? <i32>(x < y) : op == Op.LE ? <i32>(x <= y) : op == Op.GT ? <i32>(x > y) : <i32>(x >= y);
}

/** https://tc39.es/ecma262/#sec-islessthan where one or both are BigInts, the other any primitive. */
function compareMixed(op: i32, l: Value, r: Value): i32 {
  if (!isBigInt(l)) {
    // With the BigInt on the left there is half as much to tell apart.
    const swapped = op == Op.LT ? Op.GT : op == Op.LE ? Op.GE : op == Op.GT ? Op.LT : Op.LE;
    return compareMixed(swapped, r, l);
  }
  chargeFuel(1);
  const a = addressOf(l);
  let order: i32;
  if (isBigInt(r)) order = compareBigInts(a, addressOf(r));
  else if (isString(r)) {
    const other = stringToBigInt(addressOf(r));
    // A text that is not a BigInt is like NaN: every comparison with it is false.
    if (other == 0) return 0;
    // The text is too long for a BigInt, so its value is beyond that of any BigInt.
    order = other == 1 ? (codeUnitAt(addressOf(r), 0) == 45 ? 1 : -1) : compareBigInts(a, other);
  } else {
    const d = toNumberPrimitive(r);
    // NaN is neither smaller, nor larger, nor equal.
    if (d != d) return 0;
    order = compareWithNumber(a, d);
  }
  return op == Op.LT ? <i32>(order < 0) : op == Op.LE ? <i32>(order <= 0) : op == Op.GT ? <i32>(order > 0) : <i32>(order >= 0);
}

/** Result of == : 0, 1, or -1 if guest code is needed. */
function looseEquals(l: Value, r: Value): i32 {
  if (isObject(l) == isObject(r)) return isObject(l) ? <i32>(l == r) : <i32>looseEqualsPrimitive(l, r);
  // One is an object and the other is not: null and undefined equal no object (there is no document.all), anything else is compared with
  // what the object converts to.
  if (isNullish(l) || isNullish(r)) return 0;
  return -1;
}

/** Result of a comparison: 0, 1, or -1 if guest code is needed. */
function decide(op: i32, l: Value, r: Value): i32 {
  switch (op) {
    case Op.EQ: return looseEquals(l, r);
    case Op.NE: {
      const equal = looseEquals(l, r);
      return equal < 0 ? -1 : 1 - equal;
    }
    case Op.SEQ: return <i32>strictEquals(l, r);
    case Op.SNE: return <i32>!strictEquals(l, r);
    default: return comparePrimitives(op, l, r);
  }
}

/** A comparison whose result goes to a register. */
export function compareSlow(pc: usize, fp: usize, op: i32, l: Value, r: Value): i32 {
  const a = <usize>fieldA(pc);
  const result = decide(op, l, r);
  if (result < 0) return callPrelude2(preludeOf(op), pc, fp, l, r, pc + 8, <u32>a, RecordKind.CALL);
  store<u64>(fp + a, boxBool(result != 0));
  return 8;
}

/**
 * A fused comparison: the jump is the next word. https://tc39.es/ecma262/#sec-islessthan, sec-islooselyequal. If guest code decides, the
 * record of its frame has kind BRANCH and returns past both words: takeBranch looks back at the jump, so a snapshot taken in between needs
 * no more than the return address.
 */
export function branchSlow(pc: usize, fp: usize, op: i32, l: Value, r: Value): i32 {
  const result = decide(op, l, r);
  if (result < 0) return callPrelude2(preludeOf(op), pc, fp, l, r, pc + 16, 0, RecordKind.BRANCH);
  // The comparison is done, and with it its jump: the loop goes on at the target without looking at the jump instruction.
  store<u32>(VM_PC, <u32>branchTarget(pc + 8, result != 0));
  store<u32>(VM_FP, <u32>fp);
  return RELOAD;
}

/** TYPEOF */
export function typeofValue(v: Value): Value {
  if (isObject(v)) return boxString(atomAt(isCallableObject(addressOf(v)) ? Atom.function_ : Atom.object));
  return boxString(atomAt(typeofAtom(v)));
}

/** TOSTRING a, b */
export function toStringSlow(pc: usize, fp: usize): i32 {
  const a = <usize>fieldA(pc);
  const v = regB(pc, fp);
  if (needsGuest(v)) return callPrelude1(Prelude.opToString, pc, fp, v, pc + 8, <u32>a, RecordKind.CALL);
  store<u64>(fp + a, boxString(toStringPrimitive(v)));
  return 8;
}

/** TOKEY a, b: the key as a value that GETELEM understands without conversion */
export function toKeySlow(pc: usize, fp: usize): i32 {
  const a = <usize>fieldA(pc);
  const v = regB(pc, fp);
  if (isObject(v)) return callPrelude1(Prelude.opToKey, pc, fp, v, pc + 8, <u32>a, RecordKind.CALL);
  // Small integers are their own keys; everything else is converted once, so that the two accesses of `o[k] += 1` do not convert it twice.
  if (isInt(v) && asInt(v) >= 0) {
    store<u64>(fp + a, v);
    return 8;
  }
  const key = toPropertyKeyPrimitive(v);
  store<u64>(fp + a, isInt(key) ? boxU32(<u32>key) : key);
  return 8;
}

/**
 * CONCAT a: destination, b: first, c: count; all are strings. Template literals: TOSTRING has converted each part, so anything else in the
 * group comes from a forged frame. The total length is tested before the first rope is made, and the memory of the text and of the ropes on
 * the way is reserved at once.
 */
export function concatSlow(pc: usize, fp: usize): i32 {
  const first = atB(pc, fp);
  const count = <i32>fieldC(pc);
  let total: i64 = 0;
  for (let i = 0; i < count; i++) {
    const v = load<u64>(first + (<usize>i << 3));
    if (!isString(v)) return damaged();
    total += lengthOf(addressOf(v));
  }
  if (total > <i64>MAX_LENGTH) return afterSignal(throwLiteral(ErrorKind.RangeError, "Invalid string length"), pc, fp);
  if (total > 1024 && !reserve(<usize>total * 4)) return afterSignal(RETRY, pc, fp);
  let text = count == 0 ? atomAt(Atom.empty) : addressOf(load<u64>(first));
  for (let i = 1; i < count; i++) text = concat(text, addressOf(load<u64>(first + (<usize>i << 3))));
  store<u64>(atA(pc, fp), boxString(text));
  return 8;
}
