// Owns previews of guest values, read from memory. Must never run anything, follow more than it was granted, or trust that a cell is of
// the kind that a guest's program made of it.

import { VALUE_TAGS } from "../defs/values.ts";
import { FN, SPECIAL_VALUES } from "../generated/emit.ts";
import * as at from "../generated/machine.ts";
import type { Machine, ValueBits } from "../machine/machine.ts";
import { REGEXP_FLAG_BITS } from "../machine/marshal-in.ts";
import { HOLE } from "./variables.ts";

const { KIND } = at;

/** What a value is. */
export type PreviewType =
  "undefined" | "null" | "boolean" | "number" | "bigint" | "string" | "symbol" | "function" | "object";

/** A value of the guest as it can be shown: its text, and its parts as far as there was room. */
export interface ValuePreview {
  readonly type: PreviewType;
  /** One line, as in a program: `"text"`, `[1, 2, …]`, `Ledger { … }`. At most about 100 characters. */
  readonly text: string;
  /** Of an object: its class, such as `"Array"` or `"Ledger"`. */
  readonly className?: string;
  /** Equal for two mentions of one object, within one inspection. */
  readonly id?: number;
  /** Elements of an array, entries of a Map or Set, characters of a string, bytes of a buffer. */
  readonly size?: number;
  /**
   * Properties, elements and entries; accessors are shown, never called. Of a function: what it has captured, as an object for each function
   * around it that declares some of it (`[[makeCounter]]`), and the `[[this]]` of an arrow function.
   */
  readonly entries?: readonly { readonly key: string; readonly value: ValuePreview }[];
  /** How many entries were left out. */
  readonly more?: number;
}

const MAX_TEXT = 200;
const MAX_LINE = 100;
const MAX_ENTRIES = 50;
const MAX_DEPTH = 4;
/** Deepest mention of a function whose captured variables are shown: those of one that another has captured are not. */
const MAX_FUNCTION_DEPTH = 1;
/** Most parts of a string that are looked at, and objects on a chain of prototypes. */
const MAX_STEPS = 500;
const MAX_PROTOTYPES = 10;
const ACCESSOR = 8;

/** Something that a function has captured: the variables of one function around it, or one value. */
export type Captured =
  | { readonly key: string; readonly variables: readonly { readonly name: string; readonly address: number }[] }
  | { readonly key: string; readonly address: number };

/** Finds what a function has captured. */
export type CapturedBy = (fn: number) => readonly Captured[];

/** Reads previews out of a machine, until `room` values have been shown. */
export class Previewer {
  readonly #machine: Machine;
  readonly #ids = new Map<number, number>();
  readonly #capturedBy: CapturedBy;
  #room: number;

  constructor(machine: Machine, room: number, capturedBy: CapturedBy = () => []) {
    this.#machine = machine;
    this.#room = room;
    this.#capturedBy = capturedBy;
  }

  word(address: number): number {
    return this.#machine.views.u32[address >>> 2] ?? 0;
  }

  bits(address: number): ValueBits {
    return { low: this.word(address), high: this.word(address + 4) };
  }

  kindOf(cell: number): number {
    return this.word(cell + 4) >>> 24;
  }

  /** Address of the object or cell in a value; 0 if it is neither. */
  addressOf({ low, high }: ValueBits): number {
    return high === VALUE_TAGS.OBJECT || high === VALUE_TAGS.CELL ? low : 0;
  }

  /** Preview of the value at an address. */
  preview(address: number, depth = 0): ValuePreview {
    return this.of(this.bits(address), depth);
  }

  of({ low, high }: ValueBits, depth = 0): ValuePreview {
    this.#room--;
    switch (high) {
      case VALUE_TAGS.INT:
        return { type: "number", text: String(low | 0) };
      case VALUE_TAGS.STRING:
        return this.#string(low);
      case VALUE_TAGS.OBJECT:
        return this.#object(low, depth);
      case VALUE_TAGS.SYMBOL:
        return { type: "symbol", text: this.#symbol(low) };
      case VALUE_TAGS.BIGINT:
        return { type: "bigint", text: this.#bigint(low) };
      case VALUE_TAGS.SPECIAL:
        return special(low);
      case VALUE_TAGS.CELL:
        return special(HOLE);
      default:
        return { type: "number", text: numberText(low, high) };
    }
  }

  // --- strings, symbols, big integers

  /** The first characters of a string, and whether there are more. */
  text(cell: number): { readonly text: string; readonly length: number } {
    const length = this.word(cell + at.STRING_LENGTH);
    let text = "";
    const work = [{ cell, from: 0, to: length }];
    for (let steps = 0; work.length > 0 && text.length < MAX_TEXT && steps < MAX_STEPS; steps++) {
      const part = work.pop()!;
      const kind = this.kindOf(part.cell);
      if (kind === KIND.ROPE) {
        const left = this.word(part.cell + at.ROPE_LEFT);
        const middle = this.word(left + at.STRING_LENGTH);
        if (part.to > middle)
          work.push({
            cell: this.word(part.cell + at.ROPE_RIGHT),
            from: Math.max(0, part.from - middle),
            to: part.to - middle,
          });
        if (part.from < middle) work.push({ cell: left, from: part.from, to: Math.min(part.to, middle) });
      } else if (kind === KIND.SLICE) {
        const start = this.word(part.cell + at.SLICE_START);
        work.push({ cell: this.word(part.cell + at.SLICE_BASE), from: start + part.from, to: start + part.to });
      } else if (kind === KIND.STRING || kind === KIND.STRBUF) {
        const first = part.cell + (kind === KIND.STRING ? at.STRING_SIZE : at.STRBUF_SIZE);
        const to = Math.min(part.to, part.from + MAX_TEXT - text.length);
        text += this.#units(first, (this.word(part.cell + at.STRING_FLAGS) & 1) !== 0, part.from, to);
      } else break;
    }
    return { text, length };
  }

  #units(first: number, isWide: boolean, from: number, to: number): string {
    const { u8, u16 } = this.#machine.views;
    const units = isWide
      ? u16.subarray((first >>> 1) + from, (first >>> 1) + to)
      : u8.subarray(first + from, first + to);
    return String.fromCharCode(...units);
  }

  #string(cell: number): ValuePreview {
    const { text, length } = this.text(cell);
    const line = JSON.stringify(text.slice(0, MAX_LINE));
    return { type: "string", text: text.length < length || text.length > MAX_LINE ? `${line}…` : line, size: length };
  }

  #symbol(cell: number): string {
    const { low, high } = this.bits(cell + at.SYMBOL_DESCRIPTION);
    const description = high === VALUE_TAGS.STRING ? this.text(low).text : "";
    return description.startsWith("#") ? description : `Symbol(${description})`;
  }

  #bigint(cell: number): string {
    const count = this.word(cell + at.BIGINT_LENGTH);
    if (count > 12) return `a BigInt of ${count * 32} bits`;
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(this.word(cell + at.BIGINT_SIZE + 4 * i));
    return `${(this.word(cell + at.BIGINT_SIGN) & 1) !== 0 ? "-" : ""}${value}n`;
  }

  // --- objects

  #idOf(object: number): number {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    this.#ids.set(object, this.#ids.size + 1);
    return this.#ids.size;
  }

  #object(object: number, depth: number): ValuePreview {
    const id = this.#idOf(object);
    const kind = this.kindOf(object);
    const called = this.#callable(object, kind);
    if (called !== undefined) {
      const entries = kind === KIND.FUNCTION && depth <= MAX_FUNCTION_DEPTH ? this.#captured(object, depth) : [];
      return { type: "function", text: called, id, ...(entries.length > 0 ? { entries } : {}) };
    }
    if (kind === KIND.PROXY) return { type: "object", text: "Proxy", className: "Proxy", id };
    const className = this.classOf(object, kind);
    const plain = this.#plainText(object, kind, className);
    const { size, list, total } = this.#parts(object, kind, depth);
    const text = plain ?? lineOf(className, kind, list, total, size);
    const more = total - list.length;
    return {
      type: "object",
      text,
      className,
      id,
      ...(size === undefined ? {} : { size }),
      ...(list.length > 0 ? { entries: list } : {}),
      ...(more > 0 ? { more } : {}),
    };
  }

  /** What a function has captured, as far as there is room. */
  #captured(fn: number, depth: number): Entry[] {
    if (this.#room <= 0) return [];
    return this.#capturedBy(fn).map((captured) => {
      const { key } = captured;
      if ("address" in captured) return { key, value: this.preview(captured.address, depth + 1) };
      const { variables } = captured;
      const list: Entry[] = [];
      for (const { name, address } of variables) {
        if (list.length >= MAX_ENTRIES || this.#room <= 0) break;
        // Deeper than what functions show of theirs.
        list.push({ key: name, value: this.preview(address, depth + MAX_FUNCTION_DEPTH + 1) });
      }
      const more = variables.length - list.length;
      const text = lineOf("Object", KIND.OBJECT, list, variables.length);
      return { key, value: { type: "object", text, entries: list, ...(more > 0 ? { more } : {}) } };
    });
  }

  /** Text of a function; undefined for other objects. */
  #callable(object: number, kind: number): string | undefined {
    if (kind === KIND.FUNCTION) {
      const code = this.word(object + at.FUNCTION_CODE);
      const name = this.nameOf(code);
      if ((this.word(code + at.CODE_FLAGS) & FN.CLASS_CONSTRUCTOR) !== 0) return `class ${name}`.trim();
      return `ƒ ${name}`.trim();
    }
    if (kind === KIND.EXTERNAL) return `ƒ ${this.text(this.word(object + at.EXTERNAL_NAME)).text}`;
    return kind === KIND.NATIVE || kind === KIND.BOUND ? "ƒ" : undefined;
  }

  /** Name of a function by its code. */
  nameOf(code: number): string {
    const name = this.word(code + at.CODE_NAME);
    return name === 0 ? "" : this.text(name).text;
  }

  /** The value of an own data property by its name; undefined if there is no such property. */
  own(object: number, name: string): ValueBits | undefined {
    for (const { key, attributes, address } of this.#properties(object, 4096)) {
      if (this.kindOf(key) === KIND.SYMBOL || (attributes & ACCESSOR) !== 0) continue;
      const { text, length } = this.text(key);
      if (length === name.length && text === name) return this.bits(address);
    }
    return undefined;
  }

  classOf(object: number, kind: number): string {
    const named = CLASSES.get(kind);
    let proto = this.word(this.word(object) + at.SHAPE_PROTO);
    if (proto === 0) return "null prototype";
    for (let i = 0; i < MAX_PROTOTYPES && proto !== 0; i++) {
      const made = this.own(proto, kind === KIND.ERROR ? "name" : "constructor");
      if (made !== undefined && made.high === VALUE_TAGS.STRING) return this.text(made.low).text;
      const maker = made === undefined ? 0 : this.addressOf(made);
      if (maker !== 0 && this.kindOf(maker) === KIND.FUNCTION) {
        const code = this.word(maker + at.FUNCTION_CODE);
        const name = this.nameOf(code);
        // Those of the prelude are named after what they make: promiseConstructor.
        if ((this.word(code + at.CODE_FLAGS) & FN.PRELUDE) !== 0)
          return name[0]!.toUpperCase() + name.slice(1).replace(/Constructor$/, "");
        if (name !== "") return name;
      }
      if (maker !== 0) break;
      proto = this.word(this.word(proto) + at.SHAPE_PROTO);
    }
    return named ?? "Object";
  }

  /** Text of objects that are shown by their content and not by their properties. */
  #plainText(object: number, kind: number, className: string): string | undefined {
    if (kind === KIND.DATE) {
      const { low, high } = this.bits(object + at.DATE_TIME);
      const time = high === VALUE_TAGS.INT ? low | 0 : doubleOf(low, high);
      return Number.isFinite(time) ? new Date(time).toISOString() : "Invalid Date";
    }
    if (kind === KIND.REGEXP) {
      const flags = this.word(object + at.REGEXP_REGEXP_FLAGS);
      const letters = Object.keys(REGEXP_FLAG_BITS).filter((letter) => (flags & REGEXP_FLAG_BITS[letter]!) !== 0);
      return `/${this.text(this.word(object + at.REGEXP_SOURCE)).text}/${letters.sort().join("")}`;
    }
    if (kind === KIND.ERROR) {
      const message = this.own(object, "message");
      return message?.high === VALUE_TAGS.STRING ? `${className}: ${this.text(message.low).text}` : className;
    }
    if (kind === KIND.PROMISE)
      return `Promise (${["pending", "fulfilled", "rejected"][this.word(object + at.PROMISE_PROMISE_STATE) & 3]})`;
    return undefined;
  }

  /** What an object consists of, as far as there is room: `total` counts all. */
  #parts(object: number, kind: number, depth: number): { size?: number; list: Entry[]; total: number } {
    const list: Entry[] = [];
    let total = 0;
    const isShallow = depth >= MAX_DEPTH;
    const show = (key: () => string, value: () => ValuePreview): void => {
      total++;
      if (!isShallow && list.length < MAX_ENTRIES && this.#room > 0) list.push({ key: key(), value: value() });
    };
    const size = this.#inner(object, kind, depth, show);
    const elements = this.word(object + 12);
    const unseen = elements === 0 ? 0 : this.#elements(elements, depth, show);
    total += unseen;
    for (const { key, attributes, address } of this.#properties(object, isShallow ? 0 : 4096)) {
      const isSymbol = this.kindOf(key) === KIND.SYMBOL;
      if (kind === KIND.ARRAY && !isSymbol && this.text(key).text === "length") continue;
      show(
        () => (isSymbol ? this.#symbol(key) : this.text(key).text),
        () => ((attributes & ACCESSOR) !== 0 ? { type: "object", text: "(get)" } : this.preview(address, depth + 1)),
      );
    }
    return size === undefined ? { list, total } : { size, list, total };
  }

  /** Content that is not in properties. Returns its size. */
  #inner(object: number, kind: number, depth: number, show: Show): number | undefined {
    if (kind === KIND.ARRAY) return this.word(object + at.ARRAY_LENGTH);
    if (kind === KIND.ARRAYBUFFER) return this.word(object + at.ARRAYBUFFER_BYTE_LENGTH);
    if (kind === KIND.TYPEDARRAY) return this.word(object + at.TYPEDARRAY_LENGTH);
    if (kind === KIND.PRIMITIVE)
      show(
        () => "[[value]]",
        () => this.preview(object + at.PRIMITIVE_PRIMITIVE, depth + 1),
      );
    if (kind === KIND.PROMISE && (this.word(object + at.PROMISE_PROMISE_STATE) & 3) !== 0)
      show(
        () => "[[result]]",
        () => this.preview(object + at.PROMISE_RESULT, depth + 1),
      );
    if (kind !== KIND.MAP && kind !== KIND.SET) return undefined;
    const table = this.word(object + at.MAP_TABLE);
    if (table === 0) return 0;
    const used = this.word(table + at.HASHTABLE_USED);
    let shown = 0;
    for (let i = this.word(table + at.HASHTABLE_FIRST); i < used && shown < MAX_ENTRIES && this.#room > 0; i++) {
      const entry = table + at.HASHTABLE_SIZE + 24 * i;
      const key = this.bits(entry);
      this.#room--;
      if (key.high === VALUE_TAGS.SPECIAL && key.low === HOLE) continue;
      const number = shown++;
      if (kind === KIND.SET)
        show(
          () => String(number),
          () => this.of(key, depth + 1),
        );
      else
        show(
          () => this.of(key, MAX_DEPTH).text,
          () => this.preview(entry + 8, depth + 1),
        );
    }
    return this.word(table + at.HASHTABLE_LIVE);
  }

  /** Shows elements; returns how many were not looked at. */
  #elements(cell: number, depth: number, show: Show): number {
    const isSparse = this.kindOf(cell) === KIND.SPARSE;
    const count = this.word(cell + (isSparse ? at.SPARSE_USED : at.ELEMENTS_LENGTH));
    const seen = Math.min(count, MAX_ENTRIES);
    for (let i = 0; i < seen; i++) {
      const place = isSparse ? cell + at.SPARSE_SIZE + 16 * i : cell + at.ELEMENTS_SIZE + 8 * i;
      const address = isSparse ? place + 8 : place;
      const { low, high } = this.bits(address);
      if (high === VALUE_TAGS.SPECIAL && low === HOLE) continue;
      const isCell = high === VALUE_TAGS.CELL;
      show(
        () => String(isSparse ? this.word(place) : i),
        () => (isCell ? { type: "object", text: "(get)" } : this.preview(address, depth + 1)),
      );
    }
    return count - seen;
  }

  /** The own properties of an object, in order: at most so many. */
  *#properties(object: number, most: number): Iterable<{ key: number; attributes: number; address: number }> {
    const shape = this.word(object);
    const table = this.word(shape + at.SHAPE_TABLE);
    if (table === 0) return;
    const layout = this.word(shape + at.SHAPE_LAYOUT);
    const base = layout & 0xffff;
    const inline = layout >>> 16;
    const slots = this.word(object + 8);
    const count = Math.min(this.word(shape + at.SHAPE_COUNT), most);
    for (let i = 0; i < count; i++) {
      const key = this.word(table + at.PROPTABLE_SIZE + 8 * i);
      if (key === 0) continue;
      const address = i < inline ? object + base + 8 * i : slots + at.SLOTS_SIZE + 8 * (i - inline);
      yield { key, attributes: this.word(table + at.PROPTABLE_SIZE + 8 * i + 4), address };
    }
  }
}

interface Entry {
  readonly key: string;
  readonly value: ValuePreview;
}
type Show = (key: () => string, value: () => ValuePreview) => void;

const CLASSES = new Map<number, string>([
  [KIND.ARRAY, "Array"],
  [KIND.ERROR, "Error"],
  [KIND.MAP, "Map"],
  [KIND.SET, "Set"],
  [KIND.WEAKMAP, "WeakMap"],
  [KIND.WEAKSET, "WeakSet"],
  [KIND.WEAKREF, "WeakRef"],
  [KIND.PROMISE, "Promise"],
  [KIND.GENERATOR, "Generator"],
  [KIND.ARGUMENTS, "Arguments"],
  [KIND.DATE, "Date"],
  [KIND.ARRAYBUFFER, "ArrayBuffer"],
  [KIND.TYPEDARRAY, "TypedArray"],
  [KIND.DATAVIEW, "DataView"],
  [KIND.REGEXP, "RegExp"],
  [KIND.GLOBAL, "globalThis"],
]);

function special(low: number): ValuePreview {
  const name = SPECIAL_VALUES[low];
  if (name === "undefined" || name === "null") return { type: name, text: name };
  if (name === "true" || name === "false") return { type: "boolean", text: name };
  // A hole, or what no guest sees.
  return { type: "undefined", text: "undefined" };
}

const scratch = new DataView(new ArrayBuffer(8));

function doubleOf(low: number, high: number): number {
  scratch.setUint32(0, low, true);
  scratch.setUint32(4, high, true);
  return scratch.getFloat64(0, true);
}

function numberText(low: number, high: number): string {
  const value = doubleOf(low, high);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** One line for an object: as much of it as fits. */
function lineOf(className: string, kind: number, list: readonly Entry[], total: number, size?: number): string {
  const isArray = kind === KIND.ARRAY;
  const isSet = kind === KIND.SET;
  const sized = size !== undefined && !isArray ? `${className}(${size})` : className;
  if (total === 0) return isArray ? (size === 0 ? "[]" : `[${size} holes]`) : className === "Object" ? "{}" : sized;
  const [open, close] = isArray ? ["[", "]"] : ["{ ", " }"];
  const head = isArray || className === "Object" ? "" : `${sized} `;
  const parts: string[] = [];
  let length = head.length;
  for (const { key, value } of list) {
    const inner = value.text.length > 40 ? shortened(value) : value.text;
    const isElement = isSet || (isArray && /^\d+$/.test(key));
    const part = isElement ? inner : kind === KIND.MAP ? `${key} => ${inner}` : `${keyText(key)}: ${inner}`;
    if (length + part.length > MAX_LINE) break;
    parts.push(part);
    length += part.length + 2;
  }
  if (parts.length < total) parts.push("…");
  return `${head}${open}${parts.join(", ")}${close}`;
}

/** A value in the line of another, where its own is too long. */
function shortened({ type, text, className, size }: ValuePreview): string {
  if (type !== "object") return `${text.slice(0, 39)}…`;
  return className === "Array" ? `Array(${size})` : `${className === "Object" ? "" : className}{…}`;
}

function keyText(key: string): string {
  return /^[#\w$]+$/.test(key) || key.startsWith("Symbol(") ? key : JSON.stringify(key);
}
