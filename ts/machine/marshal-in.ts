// Owns writing host values in the transfer form (ts/defs/transfer.ts). Must never recurse, whatever the depth of a value. Must
// reject a value that it does not know, with the path to it, rather than drop part of it.

import { REGEXP_FLAGS } from "../defs/states.ts";
import { ERROR_FIELDS, TRANSFER_TAGS as TAG, VIEW_TYPES } from "../defs/transfer.ts";
import { MarshalError } from "../errors.ts";
import { ERROR_KIND_NAMES as ERROR_KINDS } from "../generated/emit.ts";
import { isPlainData } from "./plain-data.ts";

/** What a frame of the walk iterates over. */
const OBJECT = 0;
const INDEXED = 1;
const ARRAY = 2;
const MAP = 3;
const SET = 4;
const ERROR = 5;

interface Frame {
  mode: number;
  /** Keys of properties and of sparse elements. */
  keys: readonly string[];
  /** The values to be written; for a map, keys and values in turn. */
  values: readonly unknown[];
  index: number;
  /** Number of values in this mode; an array may change meanwhile. */
  count: number;
}

/** Properties of an error that cross only as fields. */
const ERROR_KEYS: ReadonlySet<string> = new Set(["message", "name", "stack", "cause", "errors"]);

/** A dense array longer than this would not fit a cell of the guest's heap. */
const MAX_DENSE = 1 << 23;
const MAX_STRING = (1 << 26) - 32;
/** This many objects are searched one by one. */
const MAX_INSPECTED = 16;
const NO_KEYS: readonly string[] = [];
/** Bits of the flags of a RegExp, by letter. */
export const REGEXP_FLAG_BITS: Readonly<Record<string, number>> = Object.fromEntries(Object.values(REGEXP_FLAGS));
const utf8 = new TextEncoder();

/** True if this own key is an array index as the language defines it. */
function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return false;
  const n = Number(key);
  return n >>> 0 === n && n !== 0xffff_ffff && String(n) === key;
}

/** What can be written as a name: `a.name`, and the names of inputs and externals. */
export const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** Returns a property step of a path, as written in code. */
export function propertyStep(key: string): string {
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function stepOf({ mode, keys, index }: Frame): string {
  const i = index - 1;
  switch (mode) {
    case OBJECT:
      return propertyStep(keys[i]!);
    case INDEXED:
      return `[${keys[i]!}]`;
    case ARRAY:
      return `[${i}]`;
    case MAP:
      return (i & 1) === 0 ? `<key ${i >> 1}>` : `<value ${i >> 1}>`;
    case SET:
      return `<member ${i}>`;
    default:
      return propertyStep(keys[i]!);
  }
}

/** Returns the class that a host object claims, whatever its realm. */
function brandOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Bytes that one buffer of the guest can hold. */
const MAX_BYTES = 0x7ffff00;
const MAX_BUFFER = 0xffffffff;

function isNodeBuffer(view: ArrayBufferView): boolean {
  const { Buffer: NodeBuffer } = globalThis as { Buffer?: { isBuffer(value: unknown): boolean } };
  return NodeBuffer?.isBuffer(view) === true;
}

/**
 * True if the view seems to track the length of its resizable buffer, because it reaches the end. There is no way to be sure
 * without changing the buffer.
 */
function reachesEnd(view: ArrayBufferView, size: number): boolean {
  return view.buffer.byteLength - (view.byteOffset + view.byteLength) < size;
}

const REFUSED_BRANDS: Readonly<Record<string, string>> = {
  Promise: "a promise (await it first)",
  SharedArrayBuffer: "a SharedArrayBuffer",
  WeakMap: "a WeakMap",
  WeakSet: "a WeakSet",
  WeakRef: "a WeakRef",
  Boolean: "a Boolean object",
  Number: "a Number object",
  String: "a String object",
  Symbol: "a Symbol object",
  BigInt: "a BigInt object",
  Arguments: "an arguments object",
};

/** Writes one value after another; one crossing at a time. */
export class MarshalWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #root = "";
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** Numbers of the objects met so far: the first objects in a list, the others in a map. */
  #first: object[] = [];
  readonly #objects = new Map<object, number>();
  #shapes: (readonly string[])[] = [];
  /** True while a value is being written: a host getter might start another crossing. */
  busy = false;

  /**
   * Writes `value`; the bytes are valid until the next call.
   *
   * @param root name of the value in paths
   * @throws MarshalError for a value that cannot enter a guest
   */
  write(value: unknown, root: string): Uint8Array {
    this.busy = true;
    try {
      this.#at = 0;
      this.#root = root;
      this.#depth = 0;
      this.#shapes = [];
      this.#value(value);
      while (this.#depth > 0) this.#step();
      return this.#bytes.subarray(0, this.#at);
    } finally {
      // Frames are kept for the next value, but not the objects they refer to.
      for (let i = 0; i < this.#depth; i++) this.#release(this.#frames[i]!);
      this.#depth = 0;
      this.#first = [];
      if (this.#objects.size > 0) this.#objects.clear();
      this.busy = false;
    }
  }

  // --- bytes

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    bigger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }

  #tagged(tag: number, n: number): void {
    if (this.#at + 6 > this.#bytes.length) this.#reserve(6);
    this.#bytes[this.#at++] = tag;
    this.#number(n);
  }

  /** Unsigned LEB128; the caller has reserved 5 bytes. */
  #number(n: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = n >>> 0;
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#at = at;
  }

  #byte(byte: number): void {
    if (this.#at === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#at++] = byte;
  }

  /** Characters below 256, one byte each; the largest of them, or more if one does not fit. */
  #latin1(text: string, at: number): number {
    const bytes = this.#bytes;
    let all = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bytes[at + i] = unit;
    }
    return all;
  }

  #utf16(text: string, at: number): void {
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bytes[at + 2 * i] = unit;
      bytes[at + 2 * i + 1] = unit >> 8;
    }
  }

  #string(text: string): void {
    const { length } = text;
    if (length > MAX_STRING) this.#refuse("a string longer than the guest can hold");
    this.#reserve(6 + 2 * length);
    const head = this.#at;
    this.#at++;
    this.#number(length);
    const start = this.#at;
    // The host's encoder pays off for long texts; equal lengths mean that all characters were ASCII.
    if (length > 64) {
      const { read, written } = utf8.encodeInto(text, this.#bytes.subarray(start, start + length));
      if (read === length && written === length) {
        this.#bytes[head] = TAG.ASCII;
        this.#at = start + length;
        return;
      }
    }
    const all = this.#latin1(text, start);
    if (all < 256) {
      this.#bytes[head] = all < 128 ? TAG.ASCII : TAG.LATIN1;
      this.#at = start + length;
      return;
    }
    this.#utf16(text, start);
    this.#bytes[head] = TAG.UTF16;
    this.#at = start + 2 * length;
  }

  #key(text: string): void {
    const { length } = text;
    if (length > MAX_STRING >> 2) this.#refuse("a property name longer than the guest can hold");
    this.#reserve(5 + 2 * length);
    const head = this.#at;
    this.#number(length << 2);
    const start = this.#at;
    const all = this.#latin1(text, start);
    let form = 0;
    if (all < 256) {
      this.#at = start + length;
      if (all > 127) form = 1;
    } else {
      form = 2;
      this.#utf16(text, start);
      this.#at = start + 2 * length;
    }
    this.#bytes[head]! |= form;
  }

  #bigint(value: bigint): void {
    const limbs: number[] = [];
    // By way of a text, since taking one word after the other from a long number copies it each time.
    const digits = value === 0n ? "" : (value < 0n ? -value : value).toString(16);
    for (let end = digits.length; end > 0; end -= 8) limbs.push(parseInt(digits.slice(Math.max(0, end - 8), end), 16));
    this.#reserve(7 + 4 * limbs.length);
    this.#bytes[this.#at++] = TAG.BIGINT;
    this.#bytes[this.#at++] = value < 0n ? 1 : 0;
    this.#number(limbs.length);
    for (const limb of limbs) {
      this.#view.setUint32(this.#at, limb, true);
      this.#at += 4;
    }
  }

  // --- values

  #refuse(what: string): never {
    let path = this.#root;
    for (let i = 0; i < this.#depth; i++) path += stepOf(this.#frames[i]!);
    throw new MarshalError(path, `${what} cannot cross into the guest`);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#numberValue(value);
        return;
      case "string":
        this.#string(value);
        return;
      case "boolean":
        this.#byte(value ? TAG.TRUE : TAG.FALSE);
        return;
      case "undefined":
        this.#byte(TAG.UNDEFINED);
        return;
      case "bigint":
        this.#bigint(value);
        return;
      case "object":
        if (value === null) this.#byte(TAG.NULL);
        else this.#object(value);
        return;
      case "function":
        this.#refuse("a function");
        break;
      default:
        this.#refuse("a symbol");
    }
  }

  #numberValue(value: number): void {
    const int = value | 0;
    if (int === value && (int !== 0 || 1 / value > 0)) {
      this.#tagged(TAG.INT, (int << 1) ^ (int >> 31));
      return;
    }
    this.#reserve(9);
    this.#bytes[this.#at] = TAG.DOUBLE;
    this.#view.setFloat64(this.#at + 1, value, true);
    this.#at += 9;
  }

  #push(mode: number, keys: readonly string[], values: readonly unknown[], count: number): void {
    const frame = this.#frames[this.#depth++];
    if (frame === undefined) {
      this.#frames.push({ mode, keys, values, index: 0, count });
      return;
    }
    frame.mode = mode;
    frame.keys = keys;
    frame.values = values;
    frame.index = 0;
    frame.count = count;
  }

  #release(frame: Frame): void {
    frame.keys = NO_KEYS;
    frame.values = NO_KEYS;
  }

  #object(value: object): void {
    const known = this.#numberOf(value);
    if (known >= 0) {
      this.#tagged(TAG.REF, known);
      return;
    }
    if (Array.isArray(value)) {
      this.#array(value);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      this.#plain(value, prototype === null);
      return;
    }
    this.#branded(value);
  }

  /** Returns the number of an object met before, or -1 after giving it the next number. */
  #numberOf(value: object): number {
    const first = this.#first;
    // A map needs a hash for every object, which costs more than searching a few.
    for (let i = 0; i < first.length; i++) if (first[i] === value) return i;
    if (first.length < MAX_INSPECTED) {
      first.push(value);
      return -1;
    }
    const known = this.#objects.get(value);
    if (known !== undefined) return known;
    this.#objects.set(value, MAX_INSPECTED + this.#objects.size);
    return -1;
  }

  #branded(value: object): void {
    if (value instanceof Error) {
      this.#error(value);
      return;
    }
    const brand = brandOf(value);
    switch (brand) {
      case "Object":
        // An instance of some class, or a plain object of another realm: its own properties.
        this.#plain(value, false);
        return;
      case "Error":
        this.#error(value as Error);
        return;
      case "RegExp":
        this.#regExp(value as RegExp);
        return;
      case "Date":
        this.#reserve(9);
        this.#bytes[this.#at] = TAG.DATE;
        this.#view.setFloat64(this.#at + 1, Date.prototype.getTime.call(value), true);
        this.#at += 9;
        return;
      case "Map": {
        const values: unknown[] = [];
        Map.prototype.forEach.call(value as Map<unknown, unknown>, (v: unknown, k: unknown) => values.push(k, v));
        this.#tagged(TAG.MAP, values.length >> 1);
        if (values.length > 0) this.#push(MAP, NO_KEYS, values, values.length);
        return;
      }
      case "Set": {
        const values: unknown[] = [];
        Set.prototype.forEach.call(value as Set<unknown>, (v: unknown) => values.push(v));
        this.#tagged(TAG.SET, values.length);
        if (values.length > 0) this.#push(SET, NO_KEYS, values, values.length);
        return;
      }
      case "ArrayBuffer":
        this.#buffer(value as ArrayBuffer);
        return;
      default:
        if (ArrayBuffer.isView(value)) this.#typed(value);
        else this.#refuse(REFUSED_BRANDS[brand] ?? `a host object (${brand})`);
    }
  }

  /** Its pattern and flags; a RegExp of the guest begins with lastIndex 0, as in structuredClone. */
  #regExp(value: RegExp): void {
    let bits = 0;
    for (const flag of value.flags) bits |= REGEXP_FLAG_BITS[flag] ?? this.#refuse(`a RegExp with the flag ${flag}`);
    this.#tagged(TAG.REGEXP, bits);
    this.#key(value.source);
  }

  #buffer(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    if ((buffer as { detached?: boolean }).detached === true) this.#refuse("a detached ArrayBuffer");
    if (byteLength > MAX_BYTES) this.#refuse("an ArrayBuffer larger than the guest can hold");
    const { resizable, maxByteLength } = buffer as { resizable?: boolean; maxByteLength?: number };
    this.#bufferOf(new Uint8Array(buffer), resizable === true ? maxByteLength! : -1);
  }

  /** Bytes as an ArrayBuffer of the guest; `most`: how large it may become, -1 if its size is fixed. */
  #bufferOf(bytes: Uint8Array, most: number): void {
    this.#tagged(TAG.ARRAY_BUFFER, bytes.length);
    this.#byte(most < 0 ? 0 : 1);
    this.#reserve(5 + bytes.length);
    if (most >= 0) this.#number(Math.min(most, MAX_BUFFER));
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #typed(view: ArrayBufferView): void {
    const name = brandOf(view);
    const type = (VIEW_TYPES as readonly string[]).indexOf(name);
    if (type < 0) this.#refuse(`a ${name}`);
    const { buffer } = view;
    if (brandOf(buffer) !== "ArrayBuffer") this.#refuse(`a ${name} of shared memory`);
    const size = (view as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    let offset = view.byteOffset;
    let tracking = false;
    // Node's buffers share a pool with others: only their own bytes are written.
    const pooled = isNodeBuffer(view);
    if (pooled) offset = 0;
    else if ((buffer as { resizable?: boolean }).resizable === true) tracking = reachesEnd(view, size);
    this.#tagged(TAG.VIEW, type);
    this.#byte(tracking ? 1 : 0);
    this.#reserve(10);
    this.#number(offset);
    this.#number(tracking ? 0 : view.byteLength / size);
    if (pooled) {
      // An object of the guest that the host does not have takes a number.
      this.#numberOf({});
      this.#bufferOf(new Uint8Array(buffer, view.byteOffset, view.byteLength), -1);
      return;
    }
    const known = this.#numberOf(buffer);
    if (known >= 0) this.#tagged(TAG.REF, known);
    else this.#buffer(buffer as ArrayBuffer);
  }

  /** Index keys come first in the order of own keys: how many there are. */
  #countIndices(keys: readonly string[]): number {
    let n = 0;
    while (n < keys.length && isIndex(keys[n]!)) n++;
    return n;
  }

  #plain(value: object, bare: boolean): void {
    const keys = Object.keys(value);
    const indices = keys.length > 0 && isIndex(keys[0]!) ? this.#countIndices(keys) : 0;
    if (indices > 0) {
      this.#tagged(TAG.INDEXED_OBJECT, bare ? 1 : 0);
      this.#reserve(5);
      this.#number(indices);
      this.#push(INDEXED, keys, Object.values(value), indices);
      return;
    }
    this.#byte(bare ? TAG.NULL_OBJECT : TAG.OBJECT);
    this.#shape(keys);
    if (keys.length > 0) this.#push(OBJECT, keys, Object.values(value), keys.length);
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    const keys = Object.keys(value);
    // Index keys come first and ascend: if the last of as many keys as there are elements is the last index, it is dense.
    const isDense = keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
    const indices = isDense ? length : this.#countIndices(keys);
    const named = keys.length > indices;
    if (!named && length - indices <= 1024 + indices && length <= MAX_DENSE) {
      this.#tagged(TAG.ARRAY, length);
      if (length > 0) this.#push(ARRAY, NO_KEYS, value, length);
      return;
    }
    if (indices > MAX_DENSE) this.#refuse("an array with more elements than the guest can hold");
    this.#tagged(TAG.SPARSE_ARRAY, length);
    this.#reserve(5);
    this.#number(indices);
    this.#push(INDEXED, keys, Object.values(value), indices);
  }

  #error(error: Error): void {
    let kind = 0;
    for (let i = 1; i < ERROR_KINDS.length; i++) {
      const constructor = (globalThis as unknown as Record<string, unknown>)[ERROR_KINDS[i]!];
      if (typeof constructor === "function" && error instanceof constructor) kind = i;
    }
    const { name } = error;
    // An error of another realm is not an instance of this realm's class, but is recognised by its name.
    if (kind === 0) kind = Math.max(0, (ERROR_KINDS as readonly string[]).indexOf(name));
    let fields = 0;
    const keys: string[] = [];
    const values: unknown[] = [];
    const add = (field: number, key: string, value: unknown): void => {
      fields |= field;
      keys.push(key);
      values.push(value);
    };
    if (error.message !== "") add(ERROR_FIELDS.MESSAGE, "message", String(error.message));
    if (typeof name === "string" && name !== ERROR_KINDS[kind]) add(ERROR_FIELDS.NAME, "name", name);
    if (Object.hasOwn(error, "cause")) add(ERROR_FIELDS.CAUSE, "cause", error.cause);
    if (Object.hasOwn(error, "errors")) add(ERROR_FIELDS.ERRORS, "errors", (error as AggregateError).errors);
    const count = values.length;
    for (const key of Object.keys(error)) {
      if (ERROR_KEYS.has(key) || isIndex(key)) continue;
      const { value, get } = Object.getOwnPropertyDescriptor(error, key)!;
      if (get === undefined && isPlainData(value)) add(ERROR_FIELDS.PROPERTIES, key, value);
    }
    this.#tagged(TAG.ERROR, kind);
    this.#byte(fields);
    if (values.length > 0) this.#push(ERROR, keys, values, count);
  }

  /** Number of a list of keys; those of records in a row are mostly those of the record before. */
  #shape(keys: readonly string[]): void {
    const shapes = this.#shapes;
    const oldest = Math.max(0, shapes.length - 8);
    for (let n = shapes.length - 1; n >= oldest; n--) {
      const other = shapes[n]!;
      if (other.length !== keys.length) continue;
      let i = 0;
      while (i < keys.length && keys[i] === other[i]) i++;
      if (i === keys.length) {
        this.#reserve(5);
        this.#number(n);
        return;
      }
    }
    this.#reserve(10);
    this.#number(shapes.length);
    this.#number(keys.length);
    shapes.push(keys);
    for (const key of keys) this.#key(key);
  }

  /** Writes values of the innermost frame, up to the next object in it or its end. */
  #step(): void {
    const depth = this.#depth;
    const frame = this.#frames[depth - 1]!;
    const { mode, values, count } = frame;
    while (frame.index < count) {
      const i = frame.index++;
      const value = values[i];
      if (mode === INDEXED) {
        this.#reserve(5);
        this.#number(Number(frame.keys[i]));
      } else if (mode === ARRAY && value === undefined && !Object.hasOwn(values, i)) {
        this.#byte(TAG.HOLE);
        continue;
      }
      this.#value(value);
      if (this.#depth > depth) return;
    }
    if (mode === INDEXED || (mode === ERROR && frame.keys.length > count)) {
      // The named properties come after the elements, or the fields of an error.
      const { keys } = frame;
      this.#shape(keys.slice(count));
      if (keys.length > count) {
        frame.mode = OBJECT;
        frame.count = keys.length;
        return;
      }
    }
    this.#release(frame);
    this.#depth--;
  }
}
