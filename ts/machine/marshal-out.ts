// Owns reading guest values from the transfer form (ts/defs/transfer.ts). Must never recurse, never let a guest's property name
// change a prototype, and never make anything but plain data and the language's own errors.

import { ERROR_FIELDS, PATH_STEPS, REFUSALS, TRANSFER_TAGS as TAG, VIEW_TYPES } from "../defs/transfer.ts";
import { InternalError, MarshalError } from "../errors.ts";
import { ERROR_KIND_NAMES as ERROR_KINDS } from "../generated/emit.ts";
import { propertyStep, REGEXP_FLAG_BITS } from "./marshal-in.ts";

const SLOTS = 0;
const INDEXED = 1;
const ARRAY = 2;
const MAP = 3;
const SET = 4;
const ERROR = 5;

interface Frame {
  mode: number;
  container: object;
  keys: readonly string[];
  index: number;
  count: number;
  /** Index of the element, or key of the map entry, that is being read. */
  key: unknown;
}

const ascii = new TextDecoder();
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
/** Characters of a text on their way. */
const PIECE = new Uint16Array(2048);
/** Cache of property names, which repeat from message to message: saves making and interning their strings again. */
const KEY_CACHE: string[] = Array.from({ length: 512 }, () => "");

/** Where there is a Buffer, it makes strings of Latin-1 faster than anything else can. */
const latin1Slice = (
  globalThis as { Buffer?: { prototype: { latin1Slice?: (this: Uint8Array, start: number, end: number) => string } } }
).Buffer?.prototype.latin1Slice;

/** A string of up to eight characters: one call makes it, where a loop would make one string per character. */
function shortText(b: Uint8Array, i: number, length: number): string {
  const make = String.fromCharCode;
  switch (length) {
    case 0:
      return "";
    case 1:
      return make(b[i]!);
    case 2:
      return make(b[i]!, b[i + 1]!);
    case 3:
      return make(b[i]!, b[i + 1]!, b[i + 2]!);
    case 4:
      return make(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
    case 5:
      return make(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!);
    case 6:
      return make(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!);
    case 7:
      return make(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!);
    default:
      return make(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!);
  }
}

const NO_KEYS: readonly string[] = [];

const REFUSED: Readonly<Record<number, string>> = {
  [REFUSALS.FUNCTION]: "a function",
  [REFUSALS.SYMBOL]: "a symbol",
  [REFUSALS.PROMISE]: "a promise (await it first)",
  [REFUSALS.PROXY]: "a proxy",
  [REFUSALS.ACCESSOR]: "a property with a getter or setter",
  [REFUSALS.PRIVATE]: "an instance with private fields",
  [REFUSALS.BIGINT]: "a BigInt",
  [REFUSALS.ITERATOR]: "a generator",
  [REFUSALS.WEAK]: "a weak collection or reference",
  [REFUSALS.WRAPPER]: "a wrapper object of a primitive",
  [REFUSALS.OTHER]: "an object of this kind",
  [REFUSALS.DETACHED]: "a detached or out-of-bounds buffer or view",
  [REFUSALS.LARGE]: "a value of that size (a crossing takes 64 MB)",
};

/**
 * Makes a BigInt of words, the lowest first. Halves are joined, since adding one word after the other to a long number copies it each time.
 */
function joinLimbs(view: DataView, at: number, count: number): bigint {
  if (count > 16) {
    const low = count >>> 1;
    return (joinLimbs(view, at + 4 * low, count - low) << BigInt(32 * low)) | joinLimbs(view, at, low);
  }
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(view.getUint32(at + 4 * i, true));
  return value;
}

/** Makes the host's error of the same kind for an error of the guest. */
function makeError(kind: number): Error {
  const name = ERROR_KINDS[kind] ?? "Error";
  const constructor = (globalThis as unknown as Record<string, unknown>)[name] as ErrorConstructor | undefined;
  // Without a trace of its own: the guest's stack takes its place.
  const limited = Error as { stackTraceLimit?: number };
  const limit = limited.stackTraceLimit;
  if (limit !== undefined) limited.stackTraceLimit = 0;
  try {
    if (name === "AggregateError") return new AggregateError([]);
    if (constructor !== undefined && name !== "SuppressedError") return new constructor();
    const error = new Error();
    setHidden(error, "name", name);
    return error;
  } finally {
    if (limit !== undefined) limited.stackTraceLimit = limit;
  }
}

/** Most elements for which an engine may make room at once, beside those that there are. */
const MAX_EMPTY = 16;
/** An index so far away that no engine makes room up to it. */
const FAR = 0x7fff_fff0;

/**
 * Makes an array of that length, to which `count` elements will come. A guest may have very many that are almost empty: an engine that is told
 * the length first makes room for all of it, one that is told an element far away does not.
 */
function sparseArray(length: number, count: number): unknown[] {
  const array: unknown[] = [];
  if (length > MAX_EMPTY + 2 * count) {
    array[FAR] = undefined;
    delete array[FAR];
  }
  array.length = length;
  return array;
}

/** The clock is looked at once for so many entries of a Map or Set, plus one. */
const LOOK = 1023;
/** What entries may take: much more than they do, unless their keys collide. */
const SLOW_MS = 300;
const SLOW_ENTRY_MS = 0.01;
const clock: { now(): number } = performance;

/** Bytes for which an engine may keep addresses because buffers could grow, for one value. */
const MAX_GROWTH = 8 * 2 ** 30;

/** Makes a buffer that can grow, or one of fixed size if the host does not support that. */
function resizableBuffer(length: number, most: number): ArrayBuffer {
  try {
    return new (ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer)(length, {
      maxByteLength: most,
    });
  } catch {
    return new ArrayBuffer(length);
  }
}

type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length?: number) => ArrayBufferView;

function makeView(name: string, buffer: ArrayBuffer, offset: number, length: number | undefined): ArrayBufferView {
  const constructor = (globalThis as unknown as Record<string, ViewConstructor | undefined>)[name];
  if (constructor !== undefined) return new constructor(buffer, offset, length);
  // A host without Float16Array gets the numbers.
  const halves = new Uint16Array(buffer, offset, length);
  return Float32Array.from(halves, (bits) => {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction / 2 ** 24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}

/** Makes a RegExp of the host; syntax that an older host does not know cannot cross. */
function makeRegExp(bits: number, source: string): RegExp {
  const flags = Object.keys(REGEXP_FLAG_BITS)
    .filter((flag) => (bits & REGEXP_FLAG_BITS[flag]!) !== 0)
    .join("");
  try {
    return new RegExp(source, flags);
  } catch {
    throw new MarshalError("", `the RegExp /${source}/${flags} cannot be made by this host`);
  }
}

function setHidden(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
}

/** Reads one value after another. */
export class MarshalReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  readonly #frames: Frame[] = [];
  #depth = 0;
  // New lists for each value: emptying one costs more.
  #objects: object[] = [];
  #shapes: (readonly string[])[] = [];
  /** When the clock was first looked at, NaN if it was not, and how many entries of Maps and Sets came since. */
  #since = NaN;
  #entries = 0;
  /** Sum of the sizes to which buffers may grow. */
  #growth = 0;

  #open(bytes: Uint8Array, view: DataView, at: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = at;
    this.#depth = 0;
    this.#objects = [];
    this.#shapes = [];
    this.#growth = 0;
    this.#since = NaN;
    this.#entries = 0;
  }

  /** Reads the value at byte `at`. */
  read(bytes: Uint8Array, view: DataView, at: number): unknown {
    this.#open(bytes, view, at);
    const root = this.#begin();
    while (this.#depth > 0) {
      const frame = this.#frames[this.#depth - 1]!;
      if (!this.#wantsMore(frame)) {
        frame.container = this.#shapes;
        frame.key = undefined;
        this.#depth--;
        continue;
      }
      this.#put(frame, this.#begin());
    }
    this.#objects = [];
    return root;
  }

  /** Reads why a value was refused. `root`: its name in paths. */
  readRefusal(bytes: Uint8Array, view: DataView, at: number, root: string): MarshalError {
    this.#open(bytes, view, at);
    const reason = this.#byte();
    const steps = this.#number();
    let path = root;
    for (let i = 0; i < steps; i++) {
      switch (this.#byte()) {
        case PATH_STEPS.PROPERTY:
          path += propertyStep(this.#key());
          break;
        case PATH_STEPS.INDEX:
          path += `[${this.#number()}]`;
          break;
        case PATH_STEPS.MAP_KEY:
          path += `<key ${this.#number()}>`;
          break;
        case PATH_STEPS.MAP_VALUE:
          path += `<value ${this.#number()}>`;
          break;
        default:
          path += `<member ${this.#number()}>`;
      }
    }
    return new MarshalError(path, `${REFUSED[reason] ?? "this value"} cannot cross to the host`);
  }

  // --- bytes

  #byte(): number {
    return this.#bytes[this.#at++]!;
  }

  #number(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++]!;
    if (byte < 128) return byte;
    let n = byte & 127;
    let shift = 7;
    do {
      byte = bytes[this.#at++]!;
      n |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return n >>> 0;
  }

  #latin1(length: number): string {
    const bytes = this.#bytes;
    const start = this.#at;
    this.#at += length;
    if (length < 9) return shortText(bytes, start, length);
    if (latin1Slice !== undefined) return latin1Slice.call(bytes, start, start + length);
    let text = "";
    for (let i = start; i < start + length; i += 4096) {
      text += String.fromCharCode(...bytes.subarray(i, Math.min(i + 4096, start + length)));
    }
    return text;
  }

  #ascii(length: number): string {
    if (length < 16 || latin1Slice !== undefined) return this.#latin1(length);
    const start = this.#at;
    this.#at += length;
    return ascii.decode(this.#bytes.subarray(start, start + length));
  }

  #utf16(length: number): string {
    const start = this.#at;
    this.#at += 2 * length;
    const units = this.#bytes.subarray(start, start + 2 * length);
    const view = this.#view;
    if (length > 64) {
      const text = utf16.decode(units);
      // The decoder replaces lone surrogates; a text without replacements is right.
      if (text.length === length && !text.includes("\ufffd")) return text;
    }
    // Piece by piece: joining single characters takes fifty times the room of the text.
    let text = "";
    for (let from = 0; from < length; from += PIECE.length) {
      const count = Math.min(PIECE.length, length - from);
      for (let i = 0; i < count; i++) PIECE[i] = view.getUint16(start + 2 * (from + i), true);
      text += String.fromCharCode(...PIECE.subarray(0, count));
    }
    return text;
  }

  #key(): string {
    const head = this.#number();
    const length = head >>> 2;
    if ((head & 3) === 2) return this.#utf16(length);
    if (length > 32) return this.#latin1(length);
    const bytes = this.#bytes;
    const start = this.#at;
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash, 31) + bytes[start + i]!;
    const slot = (hash ^ (hash >>> 9)) & 511;
    const known = KEY_CACHE[slot]!;
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === length) {
        this.#at = start + length;
        return known;
      }
    }
    return (KEY_CACHE[slot] = this.#latin1(length));
  }

  #shape(): readonly string[] {
    const n = this.#number();
    const known = this.#shapes[n];
    if (known !== undefined) return known;
    const count = this.#number();
    const keys: string[] = [];
    for (let i = 0; i < count; i++) keys.push(this.#key());
    this.#shapes.push(keys);
    return keys;
  }

  #bigint(): bigint {
    const negative = this.#byte() === 1;
    const count = this.#number();
    const value = joinLimbs(this.#view, this.#at, count);
    this.#at += 4 * count;
    return negative ? -value : value;
  }

  // --- values

  #push(mode: number, container: object, keys: readonly string[], count: number): void {
    const frame = this.#frames[this.#depth];
    if (frame === undefined) this.#frames.push({ mode, container, keys, index: 0, count, key: undefined });
    else {
      frame.mode = mode;
      frame.container = container;
      frame.keys = keys;
      frame.index = 0;
      frame.count = count;
    }
    this.#depth++;
  }

  #beginObject(object: object): object {
    this.#objects.push(object);
    const keys = this.#shape();
    if (keys.length > 0) this.#push(SLOTS, object, keys, keys.length);
    return object;
  }

  /** Reads a value. Of an object it reads only the head, and pushes a frame for the content. */
  #begin(): unknown {
    const tag = this.#byte();
    switch (tag) {
      case TAG.UNDEFINED:
        return undefined;
      case TAG.NULL:
        return null;
      case TAG.FALSE:
        return false;
      case TAG.TRUE:
        return true;
      case TAG.INT: {
        const n = this.#number();
        return (n >>> 1) ^ -(n & 1);
      }
      case TAG.DOUBLE:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case TAG.ASCII:
        return this.#ascii(this.#number());
      case TAG.LATIN1:
        return this.#latin1(this.#number());
      case TAG.UTF16:
        return this.#utf16(this.#number());
      case TAG.BIGINT:
        return this.#bigint();
      case TAG.REF:
        return this.#objects[this.#number()];
      case TAG.OBJECT:
        return this.#beginObject({});
      case TAG.NULL_OBJECT:
        return this.#beginObject(Object.create(null) as object);
      case TAG.INDEXED_OBJECT: {
        const object = this.#byte() === 1 ? (Object.create(null) as object) : {};
        return this.#beginIndexed(object, this.#number());
      }
      case TAG.SPARSE_ARRAY: {
        const length = this.#number();
        const count = this.#number();
        return this.#beginIndexed(sparseArray(length, count), count);
      }
      case TAG.ARRAY: {
        const length = this.#number();
        const array: unknown[] = [];
        this.#objects.push(array);
        if (length > 0) this.#push(ARRAY, array, NO_KEYS, length);
        return array;
      }
      default:
        return this.#beginBuiltIn(tag);
    }
  }

  /** Reads an object of a built-in class, after its tag; pushes a frame for its content. */
  #beginBuiltIn(tag: number): object {
    switch (tag) {
      case TAG.MAP: {
        const map = new Map();
        this.#objects.push(map);
        this.#push(MAP, map, NO_KEYS, this.#number() * 2);
        return map;
      }
      case TAG.SET: {
        const set = new Set();
        this.#objects.push(set);
        this.#push(SET, set, NO_KEYS, this.#number());
        return set;
      }
      case TAG.REGEXP: {
        const expression = makeRegExp(this.#number(), this.#key());
        this.#objects.push(expression);
        return expression;
      }
      case TAG.DATE: {
        const date = new Date(this.#view.getFloat64(this.#at, true));
        this.#at += 8;
        this.#objects.push(date);
        return date;
      }
      case TAG.ERROR: {
        const error = makeError(this.#byte());
        this.#objects.push(error);
        this.#push(ERROR, error, NO_KEYS, this.#byte());
        return error;
      }
      case TAG.ARRAY_BUFFER:
        return this.#buffer();
      case TAG.VIEW:
        return this.#viewOf();
      default:
        throw new InternalError(`unknown tag ${tag} in a value from the core`);
    }
  }

  /** Reads a buffer, after its tag. */
  #buffer(): ArrayBuffer {
    const length = this.#number();
    const most = this.#byte() === 1 ? this.#number() : -1;
    if (most > 0 && (this.#growth += most) > MAX_GROWTH)
      throw new MarshalError("", "buffers that can grow to more than 8 GiB together cannot cross to the host");
    const buffer = most < 0 ? new ArrayBuffer(length) : resizableBuffer(length, most);
    new Uint8Array(buffer).set(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    this.#objects.push(buffer);
    return buffer;
  }

  #viewOf(): ArrayBufferView {
    const name = VIEW_TYPES[this.#number()]!;
    const tracking = this.#byte() === 1;
    const offset = this.#number();
    const length = this.#number();
    const place = this.#objects.push(this.#objects) - 1;
    const buffer = this.#byte() === TAG.REF ? (this.#objects[this.#number()] as ArrayBuffer) : this.#buffer();
    const view = makeView(name, buffer, offset, tracking ? undefined : length);
    this.#objects[place] = view;
    return view;
  }

  #beginIndexed(container: object, count: number): object {
    this.#objects.push(container);
    this.#push(INDEXED, container, NO_KEYS, count);
    return container;
  }

  #wantsMore(frame: Frame): boolean {
    if (frame.mode === ERROR && frame.count !== ERROR_FIELDS.PROPERTIES) return frame.count !== 0;
    if (frame.mode === ARRAY && frame.index < frame.count && this.#bytes[this.#at] === TAG.HOLE) this.#skipHoles(frame);
    if (frame.mode !== ERROR && frame.index < frame.count) {
      if (frame.mode === INDEXED) frame.key = this.#number();
      return true;
    }
    if (frame.mode !== INDEXED && frame.mode !== ERROR) return false;
    const keys = this.#shape();
    frame.mode = SLOTS;
    frame.keys = keys;
    frame.index = 0;
    frame.count = keys.length;
    return keys.length > 0;
  }

  #skipHoles(frame: Frame): void {
    while (frame.index < frame.count && this.#bytes[this.#at] === TAG.HOLE) {
      this.#at++;
      frame.index++;
    }
    (frame.container as unknown[]).length = frame.index;
  }

  #put(frame: Frame, value: unknown): void {
    const i = frame.index++;
    switch (frame.mode) {
      case SLOTS: {
        const key = frame.keys[i]!;
        // An assignment would change the prototype.
        if (key === "__proto__") {
          Object.defineProperty(frame.container, key, { value, writable: true, enumerable: true, configurable: true });
        } else (frame.container as Record<string, unknown>)[key] = value;
        return;
      }
      case INDEXED:
        (frame.container as Record<number, unknown>)[frame.key as number] = value;
        return;
      case ARRAY:
        (frame.container as unknown[])[i] = value;
        return;
      case MAP:
        if ((i & 1) === 0) frame.key = value;
        else {
          (frame.container as Map<unknown, unknown>).set(frame.key, value);
          if ((i & LOOK) === LOOK) this.#lookAtClock();
        }
        return;
      case SET:
        (frame.container as Set<unknown>).add(value);
        if ((i & LOOK) === LOOK) this.#lookAtClock();
        return;
      default:
        this.#putField(frame, value);
    }
  }

  /**
   * Ends a crossing whose keys collide in the engine's tables: its hashes of numbers and BigInts are known to everyone, and a guest may choose
   * keys of which each is compared with all before it.
   */
  #lookAtClock(): void {
    const now = clock.now();
    if (this.#since !== this.#since) this.#since = now;
    this.#entries += LOOK;
    if (now - this.#since > SLOW_MS + this.#entries * SLOW_ENTRY_MS)
      throw new MarshalError("", "a Map or Set whose keys collide in the host's tables cannot cross to the host");
  }

  #putField(frame: Frame, value: unknown): void {
    const field = frame.count & -frame.count;
    frame.count &= ~field;
    const name =
      field === ERROR_FIELDS.MESSAGE
        ? "message"
        : field === ERROR_FIELDS.NAME
          ? "name"
          : field === ERROR_FIELDS.STACK
            ? "stack"
            : field === ERROR_FIELDS.CAUSE
              ? "cause"
              : "errors";
    setHidden(frame.container, name, value);
  }
}
