// Owns the strings and constants of an image: interning, template objects. Must never touch the place above the heap's top
// where a function is put together, except the table of its constants.
import { boxBigInt } from "../bigint/bigint";
import { stringToBigInt } from "../bigint/digits";
import { boxInt, boxNumber, boxObject, boxString, UNDEFINED, Value } from "../core/value";
import { LinkError, MAX_CELL_BYTES } from "../generated/exchange";
import { Atom, atomAt } from "../generated/intrinsics";
import { ARRAY_ARRAY_FLAGS, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_STRINGS, PROGRAM_TEMPLATES } from "../generated/kinds";
import { sizeOf } from "../heap/memory";
import { FROZEN, restrictElements } from "../objects/elements";
import { arrayPush, newArray } from "../objects/object";
import { defineHidden } from "../objects/property";
import { preventExtensions } from "../objects/shape";
import { intern, internLatin1 } from "../strings/atom";
import { MAX_LENGTH } from "../strings/cells";
import { newFromUtf16 } from "../strings/single-chars";
import { CONSTANT_COUNT, fail, newPointers, PROGRAM, STRING_COUNT, stringAt, STRINGS, TEMPLATE_NEXT } from "./link-state";
import { readByte, readBytes, readDouble, readFailed, readSigned, readUnsigned, remaining } from "./reader";

export function linkStrings(): bool {
  const count = readUnsigned();
  if (count > remaining()) return fail(LinkError.TRUNCATED);
  if ((<usize>count) << 2 > MAX_CELL_BYTES - 64) return fail(LinkError.SIZE);
  const list = newPointers(count);
  store<u32>(load<u32>(PROGRAM), <u32>list, PROGRAM_STRINGS);
  store<u32>(STRINGS, <u32>list);
  store<u32>(STRING_COUNT, count);
  for (let i: u32 = 0; i < count; i++) {
    const head = readUnsigned();
    const length = head >> 1;
    if (length > <u32>MAX_LENGTH) return fail(LinkError.STRING);
    const at = readBytes(head & 1 ? length << 1 : length);
    if (readFailed()) return fail(LinkError.TRUNCATED);
    const atom = head & 1 ? intern(newFromUtf16(at, <i32>length)) : internLatin1(at, <i32>length);
    store<u32>(list + POINTERS_SIZE + ((<usize>i) << 2), <u32>atom);
  }
  store<u32>(list, count, POINTERS_COUNT);
  return true;
}

function frozen(array: usize): void {
  restrictElements(array, FROZEN);
  store<u32>(array, load<u32>(array, ARRAY_ARRAY_FLAGS) | 1, ARRAY_ARRAY_FLAGS);
  preventExtensions(array);
}

/** Appends a template object to the program's list. */
function keepTemplate(template: usize): void {
  const program = <usize>load<u32>(PROGRAM);
  let list = <usize>load<u32>(program, PROGRAM_TEMPLATES);
  const count: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
  if (list == 0 || POINTERS_SIZE + ((<usize>(count + 1)) << 2) > sizeOf(list)) {
    const grown = newPointers(count == 0 ? 4 : count * 2);
    if (list != 0) memory.copy(grown + POINTERS_SIZE, list + POINTERS_SIZE, (<usize>count) << 2);
    store<u32>(program, <u32>grown, PROGRAM_TEMPLATES);
    list = grown;
  }
  store<u32>(list + POINTERS_SIZE + ((<usize>count) << 2), <u32>template);
  store<u32>(list, count + 1, POINTERS_COUNT);
}

/** https://tc39.es/ecma262/#sec-gettemplateobject */
function linkTemplate(): bool {
  const count = readUnsigned();
  if (count == 0 || count > remaining()) return fail(LinkError.CONSTANT);
  const cooked = newArray(count);
  const raw = newArray(count);
  for (let i: u32 = 0; i < count; i++) {
    const cookedIndex = readUnsigned();
    const rawIndex = readUnsigned();
    if (cookedIndex > load<u32>(STRING_COUNT) || rawIndex >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
    arrayPush(cooked, cookedIndex == 0 ? UNDEFINED : boxString(stringAt(cookedIndex - 1)));
    arrayPush(raw, boxString(stringAt(rawIndex)));
  }
  frozen(raw);
  defineHidden(cooked, boxString(atomAt(Atom.raw)), boxObject(raw), 0);
  frozen(cooked);
  keepTemplate(cooked);
  return true;
}

/** BigInts made while constants are checked, in the order in which they are read again. Nothing is collected in between. */
const BIGINTS: usize = memory.data(12, 8);
const BIGINT_COUNT: usize = BIGINTS + 4;
const BIGINT_NEXT: usize = BIGINTS + 8;

/** Forgets the BigInts of the previous program. */
export function resetBigInts(): void {
  store<u32>(BIGINTS, 0);
  store<u32>(BIGINT_COUNT, 0);
  store<u32>(BIGINT_NEXT, 0);
}

function linkBigInt(): bool {
  const index = readUnsigned();
  if (index >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
  const cell = stringToBigInt(stringAt(index));
  if (cell <= 1) return fail(LinkError.BIGINT);
  let list = <usize>load<u32>(BIGINTS);
  const count = load<u32>(BIGINT_COUNT);
  if (list == 0 || POINTERS_SIZE + ((<usize>(count + 1)) << 2) > sizeOf(list)) {
    const grown = newPointers(count == 0 ? 4 : count * 2);
    if (list != 0) memory.copy(grown + POINTERS_SIZE, list + POINTERS_SIZE, (<usize>count) << 2);
    store<u32>(BIGINTS, <u32>grown);
    list = grown;
  }
  store<u32>(list + POINTERS_SIZE + ((<usize>count) << 2), <u32>cell);
  store<u32>(BIGINT_COUNT, count + 1);
  return true;
}

function nextBigInt(): Value {
  readUnsigned();
  const n = load<u32>(BIGINT_NEXT);
  store<u32>(BIGINT_NEXT, n + 1);
  return boxBigInt(<usize>load<u32>(<usize>load<u32>(BIGINTS) + POINTERS_SIZE + ((<usize>n) << 2)));
}

/** Checks the constants of a function and makes the cells they need. */
export function checkConstants(): bool {
  const count = readUnsigned();
  if (count > remaining()) return fail(LinkError.TRUNCATED);
  store<u32>(CONSTANT_COUNT, count);
  for (let i: u32 = 0; i < count; i++) {
    const tag = readByte();
    if (tag == 0) readSigned();
    else if (tag == 1) readDouble();
    else if (tag == 2) {
      if (readUnsigned() >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
    } else if (tag == 3) {
      if (!linkTemplate()) return false;
    } else if (tag == 5) {
      if (readUnsigned() > 4) return fail(LinkError.CONSTANT);
    } else if (tag == 4) {
      if (!linkBigInt()) return false;
    } else return fail(LinkError.CONSTANT);
  }
  return !readFailed() || fail(LinkError.TRUNCATED);
}

/** Reads the next constant a second time, for the table. */
export function readConstant(): Value {
  const tag = readByte();
  if (tag == 0) return boxInt(readSigned());
  if (tag == 1) return boxNumber(readDouble());
  if (tag == 2) return boxString(stringAt(readUnsigned()));
  if (tag == 4) return nextBigInt();
  if (tag == 5) return UNDEFINED | (<u64>readUnsigned());
  const count = readUnsigned();
  for (let i: u32 = 0; i < count * 2; i++) readUnsigned();
  const n = load<u32>(TEMPLATE_NEXT);
  store<u32>(TEMPLATE_NEXT, n + 1);
  const list = <usize>load<u32>(load<u32>(PROGRAM), PROGRAM_TEMPLATES);
  return boxObject(<usize>load<u32>(list + POINTERS_SIZE + ((<usize>n) << 2)));
}
